//! Migrations, run by real databases: what comes out is what the new process would have made, and
//! the rows are still there.

mod duckdb;

use std::collections::BTreeSet;

use ekiden::diag::Level;
use ekiden::emit::{Context, Migration, Settings, migrate};
use ekiden::model::Process;

use crate::crm_support::{emit, example, process, root, settings, text};
use crate::target_sql::engine::{Engine, engines, mariadb};

const ROWS: &str = include_str!("../migrate/rows.sql");

/// A query, and what it gives after the migration.
type Expected<'a> = (&'a str, &'a [&'a str]);

const HISTORY: &str = "SELECT record, record_id, from_record, from_record_id, from_stage, \
     to_stage, transition FROM ekiden_stage_history ORDER BY id";

fn source(name: &str) -> String {
    std::fs::read_to_string(root().join("tests/migrate").join(name)).unwrap()
}

fn context<'a>(process: &'a Process, settings: &'a Settings) -> Context<'a> {
    Context {
        process,
        languages: &process.languages,
        settings,
        others: &[],
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    }
}

fn between(old: &Process, new: &Process) -> Migration {
    let none = settings(&[]);
    let dialects = ["postgres", "sqlite", "mariadb"].map(str::to_owned);
    migrate(&context(old, &none), &context(new, &none), &dialects)
}

fn script<'a>(migration: &'a Migration, engine: &Engine) -> &'a str {
    let path = format!("{}.sql", engine.dialect());
    let found = migration.scripts.iter().find(|script| script.path == path);
    let found = found.unwrap_or_else(|| panic!("no {path}: {:?}", migration.diagnostics));
    std::str::from_utf8(&found.contents).unwrap()
}

/// Everything the database knows of itself. Columns are told by name: those that are added stand
/// behind the others.
fn catalogue(engine: &Engine) -> Vec<String> {
    let queries: &[&str] = match engine {
        Engine::Sqlite(_) => &[
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
            "SELECT name FROM sqlite_temp_schema",
        ],
        Engine::Postgres(_) => &[
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, \
               pg_get_expr(d.adbin, d.adrelid), a.attidentity, col_description(c.oid, a.attnum) \
             FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid \
             LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum \
             WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped \
               AND c.relkind <> 'i' \
             ORDER BY 1, 2",
            "SELECT relname, relkind, obj_description(oid, 'pg_class') FROM pg_class \
             WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
            "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE connamespace = 'public'::regnamespace ORDER BY 1::text, 2",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
            "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1",
            "SELECT tgrelid::regclass, tgname, pg_get_triggerdef(oid) FROM pg_trigger \
             WHERE NOT tgisinternal ORDER BY 1::text, 2",
            "SELECT proname, pg_get_functiondef(oid) FROM pg_proc \
             WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
        ],
        // The name of the database stands in views.
        Engine::Mariadb(_) => &[
            "SELECT table_name, table_type, engine, table_collation, table_comment \
             FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1",
            "SELECT table_name, ordinal_position, column_name, column_type, collation_name, \
               is_nullable, column_default, extra, column_comment, generation_expression \
             FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1, 2",
            "SELECT table_name, constraint_name, check_clause \
             FROM information_schema.check_constraints \
             WHERE constraint_schema = DATABASE() ORDER BY 1, 2",
            "SELECT k.table_name, k.constraint_name, k.ordinal_position, k.column_name, \
               k.referenced_table_name, k.referenced_column_name, r.delete_rule, r.update_rule \
             FROM information_schema.key_column_usage AS k \
             LEFT JOIN information_schema.referential_constraints AS r \
               ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name \
               AND r.constraint_name = k.constraint_name \
             WHERE k.table_schema = DATABASE() ORDER BY 1, 2, 3",
            "SELECT table_name, index_name, seq_in_index, column_name, non_unique \
             FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1, 2, 3",
            "SELECT table_name, REPLACE(view_definition, CONCAT('`', DATABASE(), '`.'), '') \
             FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY 1",
            "SELECT event_object_table, trigger_name, action_timing, event_manipulation, \
               action_statement FROM information_schema.triggers \
             WHERE trigger_schema = DATABASE() ORDER BY 1, 2",
            "SELECT routine_name, dtd_identifier, routine_definition \
             FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1",
        ],
    };
    queries.iter().flat_map(|sql| engine.lines(sql)).collect()
}

/// The rows that describe the process.
fn described(engine: &Engine) -> Vec<String> {
    let tables = match engine {
        Engine::Sqlite(_) => "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1",
        Engine::Postgres(_) => {
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        }
        Engine::Mariadb(_) => {
            "SELECT table_name FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY 1"
        }
    };
    let mut rows = Vec::new();
    for table in engine.lines(tables) {
        if table.starts_with("ekiden_")
            && table != "ekiden_stage_history"
            && table != "ekiden_event"
            && table != "ekiden_handoff_answer"
        {
            let mut lines = engine.lines(&format!("SELECT * FROM {table}"));
            lines.sort();
            rows.extend(lines.into_iter().map(|line| format!("{table}: {line}")));
        }
    }
    rows
}

/// Says where two lists first differ: whole ones would fill the screen.
#[track_caller]
fn same(what: &str, engine: &Engine, found: &[String], wanted: &[String]) {
    let (there, due): (BTreeSet<&String>, BTreeSet<&String>) =
        (found.iter().collect(), wanted.iter().collect());
    if let Some(line) = there.difference(&due).next() {
        panic!("{what}, {}: should not be there: {line}", engine.dialect());
    }
    if let Some(line) = due.difference(&there).next() {
        panic!("{what}, {}: is missing: {line}", engine.dialect());
    }
    assert_eq!(found.len(), wanted.len(), "{what}, {}", engine.dialect());
}

/// Makes a database from the old process, fills it, migrates it, and compares it with one that is
/// made from the new process. Gives the migrated ones.
fn migrated(name: &str, warnings: &[&str], expected: &[Expected<'_>]) -> [Engine; 3] {
    migrated_with("", name, warnings, expected)
}

/// The same, with more rows.
fn migrated_with(
    more: &str,
    name: &str,
    warnings: &[&str],
    expected: &[Expected<'_>],
) -> [Engine; 3] {
    let (old, new) =
        (process(&source("old.ekiden")), process(&source(&format!("{name}/new.ekiden"))));
    let migration = between(&old, &new);
    let told: Vec<&str> = migration.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(told, warnings);
    let (before, after) = (emit("sql", &old, &[]), emit("sql", &new, &[]));
    let used = engines(&format!("migrate_{name}"));
    for (engine, fresh) in used.iter().zip(engines(&format!("migrate_{name}_fresh"))) {
        let schema = format!("{}/schema.sql", engine.dialect());
        engine.accepts(text(&before, &schema));
        engine.accepts(ROWS);
        engine.accepts(more);
        engine.accepts(script(&migration, engine));
        fresh.accepts(text(&after, &schema));
        same("catalogue", engine, &catalogue(engine), &catalogue(&fresh));
        same("rows of the process", engine, &described(engine), &described(&fresh));
        for (sql, lines) in expected {
            assert_eq!(engine.lines(sql), *lines, "{}: {sql}", engine.dialect());
        }
    }
    used
}

/// The history of the rows in `rows.sql`, with other names.
fn history(lead: &str, inquiry: &str) -> Vec<String> {
    [
        format!("{lead} 1 - - - {inquiry} -"),
        format!("{lead} 2 - - - {inquiry} -"),
        format!("{lead} 3 - - - {inquiry} -"),
        format!("{lead} 2 {lead} 2 {inquiry} nurturing {inquiry}_nurturing"),
        format!("deal 1 {lead} 1 {inquiry} talk {inquiry}_talk"),
        "deal 1 deal 1 talk offer talk_offer".to_owned(),
        format!("{lead} 4 - - - {inquiry} -"),
    ]
    .into()
}

#[test]
fn from_a_process_to_itself_there_is_nothing_to_do() {
    for process in [process(&source("old.ekiden")), example("the_model")] {
        let migration = between(&process, &process);
        assert_eq!(migration.scripts.len() + migration.diagnostics.len(), 0);
    }
}

#[test]
fn other_words_and_goals_change_no_record() {
    let rows: Expected<'_> = (
        "SELECT id, email, need, size, source, stage FROM lead ORDER BY id",
        &[
            "1 ann@x.example less work 5 web inquiry",
            "2 bob@x.example - 1000 event nurturing",
            "3 cyd@x.example  - - inquiry",
        ],
    );
    for engine in migrated("words", &[], &[rows]) {
        assert_eq!(engine.lines(HISTORY), history("lead", "inquiry"));
        engine.accepts("UPDATE deal SET stage = 'won'");
    }
}

#[test]
fn a_field_is_added() {
    let rows: Expected<'_> = (
        "SELECT id, email, phone, stage FROM lead ORDER BY id",
        &["1 ann@x.example - inquiry", "2 bob@x.example - nurturing", "3 cyd@x.example - inquiry"],
    );
    for engine in migrated("added_field", &[], &[rows]) {
        engine.accepts("UPDATE lead SET phone = '1' WHERE id = 1");
        engine.refuses("UPDATE lead SET phone = '1' WHERE id = 2", &["phone"]);
        engine.accepts("INSERT INTO deal_tags VALUES (1, 'big')");
        // The id of the row that was deleted is not given out again.
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('e', 'inquiry')");
        assert_eq!(engine.lines("SELECT max(id) FROM lead"), ["5"]);
    }
}

#[test]
fn a_renamed_field_keeps_its_values() {
    let rows: [Expected<'_>; 2] = [
        ("SELECT id, pain FROM lead ORDER BY id", &["1 less work", "2 -", "3 "]),
        (
            "SELECT lead_id, themes FROM lead_themes ORDER BY 1, 2",
            &["1 price", "1 speed", "2 speed"],
        ),
    ];
    for engine in migrated("renamed_field", &[], &rows) {
        engine.refuses("INSERT INTO lead_themes VALUES (3, 'looks')", &["must be one of: "]);
    }
}

#[test]
fn a_renamed_stage_keeps_its_records_and_their_past() {
    let rows: [Expected<'_>; 2] = [
        ("SELECT id, stage FROM lead ORDER BY id", &["1 request", "2 nurturing", "3 request"]),
        ("SELECT count(*) FROM ekiden_violation", &["0"]),
    ];
    for engine in migrated("renamed_stage", &[], &rows) {
        assert_eq!(engine.lines(HISTORY), history("lead", "request"));
        let sure = "SELECT id FROM lead WHERE confirmed_request_sure";
        assert_eq!(engine.lines(sure), ["1"]);
        // The one time counts that it was called otherwise: twice is as often as it may.
        engine.accepts("UPDATE lead SET stage = 'request' WHERE id = 2");
        engine.accepts("UPDATE lead SET stage = 'nurturing' WHERE id = 2");
        engine.accepts("UPDATE lead SET stage = 'request' WHERE id = 2");
        engine.refuses("UPDATE lead SET stage = 'nurturing' WHERE id = 2", &["may be"]);
    }
}

#[test]
fn a_renamed_record_keeps_its_rows_and_what_continues_it() {
    let rows: [Expected<'_>; 3] = [
        (
            "SELECT id, email FROM prospect ORDER BY id",
            &["1 ann@x.example", "2 bob@x.example", "3 cyd@x.example"],
        ),
        ("SELECT id, prospect_id, stage FROM deal", &["1 1 offer"]),
        ("SELECT record, record_id, name FROM ekiden_event", &["prospect 1 visit"]),
    ];
    for engine in migrated("renamed_record", &[], &rows) {
        assert_eq!(engine.lines(HISTORY), history("prospect", "inquiry"));
        engine.accepts("INSERT INTO prospect (email, stage) VALUES ('e', 'inquiry')");
        assert_eq!(engine.lines("SELECT max(id) FROM prospect"), ["5"]);
        engine.accepts("UPDATE deal SET stage = 'lost'");
        engine
            .accepts("UPDATE prospect SET stage = 'nurturing', stage_left_at = NULL WHERE id = 1");
    }
}

#[test]
fn renamed_options_are_renamed_in_rows() {
    let rows: [Expected<'_>; 2] = [
        ("SELECT id, source FROM lead ORDER BY id", &["1 site", "2 event", "3 -"]),
        (
            "SELECT lead_id, topics FROM lead_topics ORDER BY 1, 2",
            &["1 cost", "1 speed", "2 speed"],
        ),
    ];
    for engine in migrated("renamed_option", &[], &rows) {
        engine.accepts("UPDATE lead SET source = 'partner' WHERE id = 1");
        engine
            .refuses("UPDATE lead SET source = 'web' WHERE id = 1", &["(source) must be one of: "]);
    }
}

#[test]
fn records_leave_a_retired_stage_by_its_conditions() {
    let another =
        "UPDATE lead SET confirmed_inquiry_sure = NOT confirmed_inquiry_sure WHERE id = 3;
         INSERT INTO deal (lead_id, amount, stage) VALUES (3, 10, 'talk');
         UPDATE deal SET stage = 'offer' WHERE id = 2;";
    let rows: [Expected<'_>; 2] = [
        ("SELECT id, stage FROM deal ORDER BY id", &["1 terms", "2 talk"]),
        (
            "SELECT record_id, from_stage, to_stage, transition FROM ekiden_stage_history \
             WHERE id > 9 ORDER BY id",
            &["1 offer terms -", "2 offer talk -"],
        ),
    ];
    for engine in migrated_with(another, "retired_stage", &[], &rows) {
        let told = "SELECT count(*) FROM deal AS d JOIN ekiden_stage_history AS h \
             ON h.id > 9 AND h.record_id = d.id AND h.entered_at = d.stage_entered_at";
        assert_eq!(engine.lines(told), ["2"]);
        assert_eq!(engine.lines("SELECT count(*) FROM ekiden_violation"), ["0"]);
        engine.accepts("UPDATE deal SET stage = 'won' WHERE id = 1");
    }
}

#[test]
fn a_retired_field_goes_with_its_values() {
    for engine in migrated("retired_field", &[], &[]) {
        assert_eq!(engine.lines("SELECT count(*) FROM lead"), ["3"]);
    }
}

#[test]
fn wider_types_and_bounds_keep_every_value() {
    let rows: Expected<'_> =
        ("SELECT id, size, source FROM lead ORDER BY id", &["1 5 web", "2 1000 event", "3 - -"]);
    for engine in migrated("wider", &[], &[rows]) {
        engine
            .accepts("UPDATE lead SET size = 0.5, source = 'a friend', email = NULL WHERE id = 3");
        // What refuses beyond the new bounds says so in words.
        engine.refuses("UPDATE lead SET size = 2000.5", &["(size) must be at most 2000"]);
    }
}

/// A database may have been made before there were these.
#[test]
fn code_that_is_not_there_need_not_be_dropped() {
    let (old, new) = (process(&source("old.ekiden")), process(&source("wider/new.ekiden")));
    let migration = between(&old, &new);
    let (before, after) = (emit("sql", &old, &[]), emit("sql", &new, &[]));
    let used = engines("migrate_lacking");
    for (engine, fresh) in used.iter().zip(engines("migrate_lacking_fresh")) {
        let schema = format!("{}/schema.sql", engine.dialect());
        engine.accepts(text(&before, &schema));
        engine.accepts(ROWS);
        engine.accepts("DROP VIEW ekiden_team_goal_summary");
        engine.accepts(match engine {
            Engine::Sqlite(_) | Engine::Mariadb(_) => "DROP TRIGGER ekiden_lead_values_insert",
            Engine::Postgres(_) => "DROP TRIGGER ekiden_lead_values_insert ON lead; DROP FUNCTION ekiden_lead_values_insert",
        });
        engine.accepts(script(&migration, engine));
        fresh.accepts(text(&after, &schema));
        same("catalogue", engine, &catalogue(engine), &catalogue(&fresh));
    }
}

#[test]
fn new_stages_teams_and_moves_come() {
    for engine in migrated("new_stage", &[], &[]) {
        engine.accepts("UPDATE lead SET stage = 'inquiry' WHERE id = 2");
        engine.accepts(
            "UPDATE lead SET confirmed_inquiry_sure = NOT confirmed_inquiry_sure WHERE id = 2",
        );
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (2, 'talk')");
        engine.accepts("UPDATE deal SET stage = 'check' WHERE id = 2");
    }
}

#[test]
fn what_was_confirmed_goes_with_a_warning() {
    let warning = "what was confirmed as \"They are who they say\" goes: nothing in `lead` asks for it any more";
    for engine in migrated("removed_criterion", &[warning], &[]) {
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (3, 'talk')");
    }
}

#[test]
fn a_record_type_comes() {
    for engine in migrated("new_record", &[], &[]) {
        engine.accepts("UPDATE deal SET stage = 'won'");
        engine.accepts("INSERT INTO customer (deal_id, stage) VALUES (1, 'care')");
        assert_eq!(engine.lines("SELECT lead_id FROM customer"), ["1"]);
    }
}

#[test]
fn a_field_may_take_the_name_of_a_column() {
    let rows: Expected<'_> = (
        "SELECT id, stage, ekiden_stage FROM lead ORDER BY id",
        &["1 - inquiry", "2 - nurturing", "3 - inquiry"],
    );
    migrated("name_taken", &[], &[rows]);
}

#[test]
fn a_failure_changes_nothing() {
    let (old, new) = (process(&source("old.ekiden")), process(&source("wider/new.ekiden")));
    let migration = between(&old, &new);
    let before = emit("sql", &old, &[]);
    // MariaDB has another test.
    for engine in engines("migrate_failure").into_iter().take(2) {
        engine.accepts(text(&before, &format!("{}/schema.sql", engine.dialect())));
        engine.accepts(ROWS);
        let was = catalogue(&engine);
        // Somebody has built something on a view.
        engine
            .accepts("CREATE VIEW mine AS SELECT * FROM ekiden_move; CREATE TABLE lead_2 (x text)");
        let broken =
            script(&migration, &engine).replace("COMMIT;", "SELECT no_such_thing; COMMIT;");
        assert!(engine.run(&broken).is_err());
        engine.accepts("DROP VIEW mine; DROP TABLE lead_2");
        same("catalogue", &engine, &catalogue(&engine), &was);
    }
}

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
        let steps = 2;
        for step in 0..steps {
            let at = (all.len() - 2) * (2 * step + 1) / (2 * steps);
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
            engine.accepts(script);
            let what = format!("{name} stopped after {at} of {} statements", all.len());
            same(&what, &engine, &catalogue(&engine), &catalogue(&fresh));
            same(&what, &engine, &described(&engine), &described(&fresh));
            assert_eq!(data(&engine), data(&once), "{what}");
        }
    }
}

/// What a copy would leave out, or be in the way of, is told before anything has changed.
#[test]
fn another_database_than_the_earlier_one_is_refused_whole() {
    let old = process(&source("old.ekiden"));
    let before = emit("sql", &old, &[]);
    let cases = [
        ("added_field", "ALTER TABLE lead ADD COLUMN mine INT", "has not the columns"),
        ("added_field", "", "table lead has not the columns"),
        (
            "added_field",
            "CREATE TRIGGER mine AFTER DELETE ON lead FOR EACH ROW SET @gone = 1",
            "trigger mine is not of the process and would be lost",
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
        if at == 1 {
            // A second run finds what the first one made.
            engine.accepts(script(&migration, &engine));
            engine.accepts("UPDATE lead SET phone = '1' WHERE id = 1");
        } else {
            engine.accepts(edit);
        }
        let was = (catalogue(&engine), engine.lines("SELECT * FROM lead ORDER BY id"));
        engine.refuses(script(&migration, &engine), &[told, "nothing was changed"]);
        same(name, &engine, &catalogue(&engine), &was.0);
        assert_eq!(engine.lines("SELECT * FROM lead ORDER BY id"), was.1);
    }
}

#[test]
fn what_would_be_lost_is_refused() {
    let old = source("old.ekiden");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("  need   text\n", "")], "field `lead.need` is gone, and its values would be lost"),
        (
            &[("[web, event]", "[web]")],
            "option `event` of field `source` is gone, but rows may use it",
        ),
        (
            &[("[price, speed]", "[all was [price, speed]]")],
            "two options of field `topics` would become `all`",
        ),
        (
            &[("need   text", "need   text required")],
            "field `need` is required now, but rows may miss it",
        ),
        (
            &[("need   text", "need   text unique")],
            "field `need` is unique now, but rows may share a value",
        ),
        (
            &[("need   text", "need   date")],
            "field `need` has another type, which cannot hold every value",
        ),
        (
            &[("at most 1000", "at most 999")],
            "field `size` has narrower bounds, which rows may be beyond",
        ),
        (
            &[("at least 1 at", "at least 2 at")],
            "field `size` has narrower bounds, which rows may be beyond",
        ),
        (
            &[("  need   text\n", "  need   text\n  vat text required\n")],
            "field `vat` is required, and no row has it",
        ),
        (
            &[
                (
                    "stage offer { record deal  owner ae  limit 30d  advance to won  lose to lost }\n",
                    "",
                ),
                ("advance to offer", "advance to won"),
            ],
            "stage `offer` is gone, but rows may be in it",
        ),
        (
            &[
                (
                    "stage offer { record deal  owner ae  limit 30d  advance to won  lose to lost }\n",
                    "retired stage offer into talk when amount > 1 EUR since 2026-01-01\n",
                ),
                ("advance to offer", "advance to won"),
            ],
            "stage `offer` is retired, but not every row in it has a stage to go on in",
        ),
        (
            &[
                (
                    "stage offer { record deal  owner ae  limit 30d  advance to won  lose to lost }\n",
                    "retired stage offer into inquiry since 2026-01-01\n",
                ),
                ("advance to offer", "advance to won"),
            ],
            "rows in stage `offer` cannot go on in a stage of another record type",
        ),
    ];
    let before = process(&old);
    for (edits, message) in cases {
        let mut new = old.clone();
        for (was, now) in *edits {
            assert!(new.contains(was), "{was}");
            new = new.replace(was, now);
        }
        let migration = between(&before, &process(&new));
        assert_eq!(migration.scripts.len(), 0, "{message}");
        let told: Vec<&str> = migration
            .diagnostics
            .iter()
            .filter(|found| found.level == Level::Error && found.help.is_some())
            .map(|found| found.message.as_str())
            .collect();
        assert!(matches!(told.as_slice(), [only] if only.contains(message)), "{message}: {told:?}");
    }
}
