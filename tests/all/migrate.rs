//! Migrations, run by real databases: what comes out is what the new process would have made, and
//! the rows are still there.

mod copies;
mod database;
mod duckdb;
mod mariadb;
mod refused;

use ekiden::emit::{Context, Migration, Settings, migrate};
use ekiden::model::Process;

use crate::crm_support::{emit, example, process, root, settings, text};
use crate::target_sql::engine::{Engine, engines};
use database::{catalogue, described, same};

const ROWS: &str = include_str!("../migrate/rows.sql");

/// A second deal in the stage that is retired.
const ANOTHER: &str =
    "UPDATE lead SET confirmed_inquiry_sure = NOT confirmed_inquiry_sure WHERE id = 3;
    INSERT INTO deal (lead_id, amount, stage) VALUES (3, 10, 'talk');
    UPDATE deal SET stage = 'offer' WHERE id = 2;";

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
    let rows: [Expected<'_>; 2] = [
        ("SELECT id, stage FROM deal ORDER BY id", &["1 terms", "2 talk"]),
        (
            "SELECT record_id, from_stage, to_stage, transition FROM ekiden_stage_history \
             WHERE id > 9 ORDER BY id",
            &["1 offer terms -", "2 offer talk -"],
        ),
    ];
    for engine in migrated_with(ANOTHER, "retired_stage", &[], &rows) {
        let told = "SELECT count(*) FROM deal AS d JOIN ekiden_stage_history AS h \
             ON h.id > 9 AND h.record_id = d.id AND h.entered_at = d.stage_entered_at";
        assert_eq!(engine.lines(told), ["2"]);
        assert_eq!(engine.lines("SELECT count(*) FROM ekiden_violation"), ["0"]);
        engine.accepts("UPDATE deal SET stage = 'won' WHERE id = 1");
    }
}

/// Whoever is in the stage has at least this amount, or has not: nobody else is left.
#[test]
fn conditions_that_take_every_record_need_no_last_stage() {
    let old = process(&source("old.ekiden"));
    let proved = source("retired_stage/new.ekiden");
    let last = ", talk since";
    assert_eq!(proved.matches(last).count(), 1);
    let new = process(&proved.replace(last, ", talk when not amount >= 5_000 EUR since"));
    let migration = between(&old, &new);
    assert_eq!(migration.diagnostics.len(), 0, "{:?}", migration.diagnostics);
    let before = emit("sql", &old, &[]);
    for engine in engines("migrate_proved") {
        engine.accepts(text(&before, &format!("{}/schema.sql", engine.dialect())));
        engine.accepts(ROWS);
        engine.accepts(ANOTHER);
        engine.accepts(script(&migration, &engine));
        assert_eq!(engine.lines("SELECT id, stage FROM deal ORDER BY id"), ["1 terms", "2 talk"]);
    }
    // Who has no amount is left out.
    let new = process(&proved.replace(last, ", talk when amount < 5_000 EUR since"));
    assert_eq!(between(&old, &new).scripts.len(), 0);
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
fn all_of_it_comes_at_once() {
    let rows: [Expected<'_>; 3] = [
        (
            "SELECT id, pain, source, stage FROM prospect ORDER BY id",
            &["1 less work site request", "2 - event nurturing", "3  - request"],
        ),
        (
            "SELECT prospect_id, themes FROM prospect_themes ORDER BY 1, 2",
            &["1 cost", "1 speed", "2 speed"],
        ),
        ("SELECT id, prospect_id, stage FROM deal ORDER BY id", &["1 1 terms", "2 3 talk"]),
    ];
    migrated_with(ANOTHER, "together", &[], &rows);
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
