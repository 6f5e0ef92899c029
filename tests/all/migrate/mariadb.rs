//! Migrations of MariaDB, where no script can be one transaction: one that stopped goes on, and what
//! it would lose is told before anything has changed.

use super::database::{catalogue, described, same};
use super::{HISTORY, ROWS, between, script, source};
use crate::crm_support::{emit, process, text};
use crate::target_sql::engine::{Engine, mariadb};

/// What a script says that finds its work done.
const DONE: &str = "this migration is done: the database is one of the present process already";

/// The statements that a client sends one by one, with the lines that tell it where they end.
fn statements(script: &str) -> Vec<String> {
    let (mut all, mut one, mut end) = (Vec::new(), String::new(), ";");
    for line in script.lines() {
        one.push_str(line);
        one.push('\n');
        match line {
            "DELIMITER //" => end = "//",
            "DELIMITER ;" => end = ";",
            _ => {}
        }
        if end == ";" && line.ends_with(';') {
            all.push(std::mem::take(&mut one));
        }
    }
    all
}

/// No statement of MariaDB's that creates something can be undone.
#[test]
fn a_script_that_stopped_goes_on_where_it_was() {
    for name in ["retired_stage", "renamed_record"] {
        let old = process(&source("old.ekiden"));
        let new = process(&source(&format!("{name}/new.ekiden")));
        let migration = between(&old, &new);
        let (before, after) = (emit("sql", &old, &[]), emit("sql", &new, &[]));
        let fresh = mariadb(&format!("migrate_stopped_{name}_fresh"));
        fresh.accepts(text(&after, "mariadb/schema.sql"));
        let once = mariadb(&format!("migrate_stopped_{name}_once"));
        let script = script(&migration, &once);
        let tables = ["lead", "deal", "lead_topics", "ekiden_event"];
        let data = |engine: &Engine| -> Vec<String> {
            let names = tables.map(|table| match (name, table) {
                ("renamed_record", "lead") => "prospect",
                ("renamed_record", "lead_topics") => "prospect_topics",
                _ => table,
            });
            let of = |table: &str| engine.lines(&format!("SELECT * FROM {table} ORDER BY 1, 2"));
            names.iter().flat_map(|table| of(table)).chain(engine.lines(HISTORY)).collect()
        };
        let filled = |engine: &Engine| {
            engine.accepts(text(&before, "mariadb/schema.sql"));
            // At one time, so that rows can be compared.
            engine.accepts("SET timestamp = 1767600000");
            engine.accepts(ROWS);
        };
        filled(&once);
        once.accepts(script);
        let all = statements(script);
        // The last three statements set the session back; the one before them ends the migration.
        let end = all.len() - 3;
        assert!(all[end - 1].contains("DROP TABLE ekiden_migration"), "{}", all[end - 1]);
        let stops = [end / 4, end * 3 / 4, end - 3, end - 2, end - 1, end, end + 2];
        // The end is the same for both.
        let stops = if name == "retired_stage" { &stops[..] } else { &stops[..2] };
        for (step, at) in stops.iter().copied().enumerate() {
            let engine = mariadb(&format!("migrate_stopped_{name}_{step}"));
            filled(&engine);
            let part: String = all.iter().take(at).cloned().collect();
            engine.accepts(&part);
            if step == 0 {
                // The copies are this script's: another one would take them for its own.
                let other = between(&old, &process(&source("added_field/new.ekiden")));
                let told = "another migration was stopped half-way";
                let was = engine.lines("SHOW TABLES");
                engine.refuses(self::script(&other, &engine), &[told]);
                assert_eq!(engine.lines("SHOW TABLES"), was);
                engine.accepts("SET timestamp = 1767600000");
            }
            if at < end {
                engine.accepts(script);
            } else {
                engine.refuses(script, &[DONE, "nothing was changed"]);
            }
            let what = format!("{name} stopped after {at} of {} statements", all.len());
            same(&what, &engine, &catalogue(&engine), &catalogue(&fresh));
            same(&what, &engine, &described(&engine), &described(&fresh));
            assert_eq!(data(&engine), data(&once), "{what}");
        }
        // The server itself may stop between two tables that one statement drops.
        if script.contains("DROP TABLE ekiden_migration, ekiden_migration_moving;") {
            once.accepts("CREATE TABLE ekiden_migration_moving (x INT)");
            once.refuses(script, &[DONE]);
            same(name, &once, &catalogue(&once), &catalogue(&fresh));
        }
    }
}

/// A second run would copy rows again, and rename what bears its new name.
#[test]
fn a_script_that_has_ended_says_so() {
    let old = process(&source("old.ekiden"));
    let before = emit("sql", &old, &[]);
    // A table comes, code changes only, values only, a column goes, types change only.
    for name in ["new_record", "new_stage", "renamed_option", "retired_field", "wider"] {
        let migration = between(&old, &process(&source(&format!("{name}/new.ekiden"))));
        let engine = mariadb(&format!("migrate_ended_{name}"));
        engine.accepts(text(&before, "mariadb/schema.sql"));
        engine.accepts(ROWS);
        engine.accepts(script(&migration, &engine));
        let rows = || engine.lines("SELECT * FROM lead ORDER BY id");
        let was = (catalogue(&engine), rows());
        engine.refuses(script(&migration, &engine), &[DONE, "nothing was changed"]);
        same(name, &engine, &catalogue(&engine), &was.0);
        assert_eq!(rows(), was.1);
    }
}

/// Where no table has more columns or rows than before, only the values of rows tell the two apart.
#[test]
fn a_script_that_has_not_run_is_not_done() {
    let before = source("old.ekiden");
    for (name, was, now) in [
        ("bound", "at most 1000", "at most 2000"),
        ("title", "  need   text", "  need   text \"Their need\""),
    ] {
        assert_eq!(before.matches(was).count(), 1, "{was}");
        let (old, new) = (process(&before), process(&before.replace(was, now)));
        let migration = between(&old, &new);
        let engine = mariadb(&format!("migrate_not_run_{name}"));
        engine.accepts(text(&emit("sql", &old, &[]), "mariadb/schema.sql"));
        engine.accepts(ROWS);
        engine.accepts(script(&migration, &engine));
        let fresh = mariadb(&format!("migrate_not_run_{name}_fresh"));
        fresh.accepts(text(&emit("sql", &new, &[]), "mariadb/schema.sql"));
        same(name, &engine, &catalogue(&engine), &catalogue(&fresh));
        same(name, &engine, &described(&engine), &described(&fresh));
        engine.refuses(script(&migration, &engine), &[DONE]);
    }
}

/// What fails while tables are copied leaves the old schema whole and at work, with the copies beside
/// it; once these are dropped, nothing is left of it, and the script that does not fail goes through.
#[test]
fn a_failure_leaves_the_old_schema_whole() {
    let (old, new) = (process(&source("old.ekiden")), process(&source("wider/new.ekiden")));
    let migration = between(&old, &new);
    let engine = mariadb("migrate_refused_row");
    engine.accepts(text(&emit("sql", &old, &[]), "mariadb/schema.sql"));
    engine.accepts(ROWS);
    let was = catalogue(&engine);
    let rows = || engine.lines("SELECT * FROM lead ORDER BY id");
    let before = rows();
    let end = "INSERT INTO ekiden_migration VALUES (1,";
    let broken = script(&migration, &engine).replace(end, &format!("SELECT no_such_thing; {end}"));
    engine.refuses(&broken, &["Unknown column 'no_such_thing'"]);
    assert_eq!(rows(), before);
    let copies = engine.lines("SHOW TABLES LIKE 'ekiden\\_migration%'");
    assert_eq!(copies, ["ekiden_migration", "ekiden_migration_0"]);
    engine.refuses("UPDATE lead SET size = 2000 WHERE id = 1", &["(size) must be at most 1000"]);
    engine.refuses("UPDATE deal SET stage = 'talk'", &["no move"]);
    engine.accepts("DROP TABLE ekiden_migration, ekiden_migration_0");
    same("catalogue", &engine, &catalogue(&engine), &was);
    engine.refuses(&broken, &["Unknown column 'no_such_thing'"]);
    engine.accepts(script(&migration, &engine));
    let fresh = mariadb("migrate_refused_row_fresh");
    fresh.accepts(text(&emit("sql", &new, &[]), "mariadb/schema.sql"));
    same("catalogue", &engine, &catalogue(&engine), &catalogue(&fresh));
    assert_eq!(engine.lines("SELECT size FROM lead ORDER BY id"), ["5", "1000", "-"]);
}

/// What somebody has put on a table that stays is kept, and so is what refers to one that is made
/// anew under its name.
#[test]
fn what_is_not_in_the_way_stays() {
    let old = process(&source("old.ekiden"));
    let migration = between(&old, &process(&source("retired_stage/new.ekiden")));
    let engine = mariadb("migrate_mine");
    engine.accepts(text(&emit("sql", &old, &[]), "mariadb/schema.sql"));
    engine.accepts(ROWS);
    engine.accepts(
        "CREATE INDEX mine ON lead (size); \
         CREATE TABLE visit (deal_id BIGINT, FOREIGN KEY (deal_id) REFERENCES deal (id)) ENGINE = InnoDB; \
         INSERT INTO visit VALUES (1)",
    );
    engine.accepts(script(&migration, &engine));
    let mine = "SELECT DISTINCT index_name FROM information_schema.statistics \
         WHERE table_schema = DATABASE() AND index_name = 'mine'";
    assert_eq!(engine.lines(mine), ["mine"]);
    engine.refuses("INSERT INTO visit VALUES (99)", &["foreign key constraint fails"]);
    engine.accepts("INSERT INTO visit VALUES (1)");
}

/// What a copy would leave out, or be in the way of, is told before anything has changed.
#[test]
fn another_database_than_the_earlier_one_is_refused_whole() {
    let old = process(&source("old.ekiden"));
    let before = emit("sql", &old, &[]);
    let cases = [
        ("added_field", "ALTER TABLE lead ADD COLUMN mine INT", "has not the columns"),
        (
            "added_field",
            "CREATE TRIGGER mine AFTER DELETE ON lead FOR EACH ROW SET @gone = 1",
            "would be lost; drop it, and create it again afterwards: trigger mine on lead",
        ),
        ("added_field", "CREATE INDEX mine ON lead (size)", ": index mine on lead"),
        ("added_field", "CREATE UNIQUE INDEX mine ON lead (email(9))", ": index mine on lead"),
        (
            "wider",
            "ALTER TABLE lead ADD CONSTRAINT mine CHECK (size <> 13)",
            ": check mine on lead",
        ),
        (
            "renamed_stage",
            "ALTER TABLE lead ADD COLUMN mine BIGINT AS (size * 2) VIRTUAL",
            ": generated column mine on lead",
        ),
        (
            "retired_stage",
            "CREATE TABLE shop (id BIGINT PRIMARY KEY) ENGINE = InnoDB; SET foreign_key_checks = OFF; \
             ALTER TABLE deal ADD CONSTRAINT mine FOREIGN KEY (id) REFERENCES shop (id); SET foreign_key_checks = ON",
            ": foreign key mine on deal",
        ),
        (
            // One of the process refers to the same, and takes no row along.
            "retired_stage",
            "ALTER TABLE deal ADD CONSTRAINT mine FOREIGN KEY (lead_id) REFERENCES lead (id) ON DELETE CASCADE",
            ": foreign key mine on deal",
        ),
        (
            "retired_stage",
            "ALTER TABLE deal ADD CONSTRAINT mine FOREIGN KEY (lead_id) REFERENCES lead (id) ON UPDATE CASCADE",
            ": foreign key mine on deal",
        ),
        (
            // What has partitions is referred to by nothing.
            "renamed_stage",
            "ALTER TABLE ekiden_handoff_answer DROP FOREIGN KEY ekiden_handoff_answer_ibfk_1; \
             ALTER TABLE ekiden_stage_history PARTITION BY HASH (id) PARTITIONS 2",
            ": partition p0 on ekiden_stage_history, partition p1 on ekiden_stage_history",
        ),
        (
            "renamed_record",
            "CREATE TABLE visit (lead_id BIGINT, CONSTRAINT mine FOREIGN KEY (lead_id) REFERENCES lead (id)) ENGINE = InnoDB; \
             CREATE INDEX mine ON lead (size); CREATE INDEX a ON deal (amount, lead_id)",
            ": index mine on lead, index a on deal, foreign key mine on visit",
        ),
        ("new_record", "CREATE TABLE customer (x INT)", "there is a table customer already"),
        ("renamed_record", "CREATE TABLE prospect (x INT)", "there is a table prospect already"),
        (
            "new_record",
            "CREATE VIEW ekiden_at_care AS SELECT 1 AS x",
            "there is ekiden_at_care already",
        ),
        (
            "new_record",
            "CREATE TRIGGER ekiden_customer_before_insert AFTER DELETE ON lead FOR EACH ROW SET @gone = 1",
            "there is ekiden_customer_before_insert already",
        ),
    ];
    for (at, (name, edit, told)) in cases.into_iter().enumerate() {
        let migration = between(&old, &process(&source(&format!("{name}/new.ekiden"))));
        let engine = mariadb(&format!("migrate_other_{at}"));
        engine.accepts(text(&before, "mariadb/schema.sql"));
        engine.accepts(ROWS);
        engine.accepts(edit);
        let was = (catalogue(&engine), engine.lines("SELECT * FROM lead ORDER BY id"));
        engine.refuses(script(&migration, &engine), &[told, "nothing was changed"]);
        same(name, &engine, &catalogue(&engine), &was.0);
        assert_eq!(engine.lines("SELECT * FROM lead ORDER BY id"), was.1);
    }
}
