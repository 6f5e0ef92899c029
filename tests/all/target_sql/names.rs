//! Texts and names that SQL would read otherwise: keywords, system names, names that are too long.

use super::engine::postgres;
use super::{HISTORY, created, created_with};
use crate::crm_support::{HOSTILE, process};

/// The library in these tests is newer than what most machines have. The page tells what these
/// cannot read: a score that decays.
#[test]
fn hostile_texts_stay_texts() {
    let hostile = process(HOSTILE);
    for engine in created_with("hostile_texts", &hostile, &[("conditions", "list")]) {
        for stage in hostile.stages.values() {
            let sql = format!("SELECT title FROM ekiden_stage WHERE name = '{}'", stage.name);
            assert_eq!(engine.rows(&sql), [[stage.title.value.clone()]]);
        }
        assert_eq!(
            engine.rows("SELECT help FROM ekiden_field WHERE name = 'email'"),
            [["<b>\"help\" & 'more'</b>\n- item"]]
        );
        engine.accepts("INSERT INTO lead (email, stage, \"select\") VALUES ('a', 'new', 'null')");
        engine.accepts("UPDATE lead SET stage = 'select'");
        engine.accepts("INSERT INTO deal (lead_id, ekiden_stage) VALUES (1, 'open')");
        engine.accepts("UPDATE deal SET ekiden_stage = 'won', stage = 'a text of theirs'");
        engine.accepts("INSERT INTO thing (deal_id, stage) VALUES (1, 'in')");
        assert_eq!(engine.lines(HISTORY).len(), 5);
    }
}

/// A process whose names are all keywords, system names, too long, or those of other things.
pub(super) fn hostile_names(words: &[String]) -> String {
    let mut source = String::from("process p { currency USD }\nteam t { role r }\n");
    let mut record = |name: &str, rest: &str| source.push_str(&format!("record {name} {rest}\n"));
    let fields: Vec<String> = words.iter().map(|word| format!("{word} text")).collect();
    record("order", &format!("{{ {} }}", fields.join("\n")));
    let long = "x".repeat(80);
    record(
        "user",
        &format!(
            "from order {{ {long}_a text unique {long}_b many of [end] unique  oid text  xmin text  rowid text  order_id_ text }}"
        ),
    );
    record(
        "ekiden_stage",
        "from user { stage_entered_at date  stage_left_at date  ekiden_stage_left_at date }",
    );
    for name in [
        "pg_class",
        "sqlite_master",
        "lead_pkey",
        "lead_id_seq",
        "lead_tags",
        "text",
        "date",
        "new",
        "old",
    ] {
        record(name, "{ id_ text }");
    }
    record("lead", "{ tags many of [a, b] }");
    record(&long, "{ id text  stage one of [begin, end] required unique }");
    source.push_str(&format!(
        "stage select {{ record order entry advance to table }}
         stage table {{ record order advance to from advance to select at most 1 times }}
         stage from {{ record user advance to {long} recycle to table at most 2 times }}
         stage {long} {{ record ekiden_stage outcome won recycle to select }}
         stage into {{ record {long} entry advance to then }}
         stage then {{ record {long} final }}
         stage loop {{ record pg_class entry final }}"
    ));
    source
}

#[test]
pub(super) fn hostile_names_stay_names() {
    let asked = postgres("keywords");
    let mut words = asked.lines("SELECT word FROM pg_get_keywords() ORDER BY word");
    assert!(words.len() > 400);
    // Those of SQLite that PostgreSQL does not have, and names of columns and variables here.
    let more = "abort attach autoincrement conflict database detach exclusive fail glob indexed pragma query \
         raise regexp reindex rename vacuum virtual id stage tg_op found loop strict while";
    words.extend(more.split(' ').map(str::to_owned));
    words.sort();
    words.dedup();
    // The words of expressions, which no field can be called by.
    let operators =
        ["and", "or", "not", "in", "is", "between", "within", "true", "false", "today", "now"];
    words.retain(|word| !operators.contains(&word.as_str()));
    // Words that begin another item of a record.
    words.retain(|word| !["about", "was", "waive"].contains(&word.as_str()));
    let process = process(&hostile_names(&words));
    let long = "x".repeat(80);
    for engine in created("hostile_names", &process) {
        engine.accepts("INSERT INTO \"order\" (ekiden_stage) VALUES ('select')");
        engine.accepts("UPDATE \"order\" SET ekiden_stage = 'table'");
        engine.accepts("UPDATE \"order\" SET ekiden_stage = 'select', \"end\" = 'x', stage = 'y'");
        engine.accepts("UPDATE \"order\" SET ekiden_stage = 'table'");
        engine.refuses("UPDATE \"order\" SET ekiden_stage = 'select'", &["order: ", "may be"]);
        let id = engine
            .lines("SELECT column_name FROM ekiden_field WHERE record = 'order' AND name = 'id'");
        assert_eq!(id, ["id"]);
        engine.accepts("INSERT INTO \"user\" (order_id, stage) VALUES (1, 'from')");
        let table = "SELECT table_name FROM ekiden_record WHERE name =";
        assert_eq!(engine.lines(&format!("{table} 'ekiden_stage'")), ["record_ekiden_stage"]);
        // MariaDB names the references of a table after it.
        let longest = if engine.dialect() == "mariadb" { 54 } else { 63 };
        let columns = engine.lines(
            "SELECT column_name FROM ekiden_field WHERE record = 'user' AND name <> 'oid' ORDER BY ordinal",
        );
        assert_eq!(columns[0].len(), longest);
        assert_ne!(columns[0], columns[1]);
        assert_eq!(columns[2], "xmin_2");
        engine.accepts(&format!(
            "INSERT INTO record_ekiden_stage (user_id, stage, stage_left_at) VALUES (1, '{long}', '2026-01-01')"
        ));
        let table = &engine.lines(&format!("{table} '{long}'"))[0];
        assert_eq!(table.len(), longest);
        engine.accepts(&format!(
            "INSERT INTO {table} (ekiden_stage, stage) VALUES ('into', 'begin')"
        ));
        engine.accepts(&format!("UPDATE {table} SET ekiden_stage = 'then', stage = 'end'"));
        engine.accepts("INSERT INTO record_pg_class (stage) VALUES ('loop')");
        assert_eq!(engine.lines("SELECT count(*) FROM ekiden_stage_history"), ["9"]);
    }
}
