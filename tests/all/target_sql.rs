//! SQL schemas, run by real databases: what they hold, what they accept, and what they refuse.

mod bounds;
pub(crate) mod engine;
pub(crate) mod lakes;
pub(crate) mod logic;
mod numbers;
mod rental;
mod session;
mod settings;
mod strangers;
mod team_goals;

use std::time::Instant;

use ekiden::model::Process;

use crate::crm_support::{
    HOSTILE, WHOLE, chain, check, emit, example, process, root, text, told, written,
};
use engine::{Engine, engines, postgres};

const STORY: &str = include_str!("target_sql/story.ekiden");

const HISTORY: &str = "SELECT record, record_id, from_record, from_record_id, from_stage, \
     to_stage, transition FROM ekiden_stage_history ORDER BY id";

/// The schema, created in every database.
fn created(name: &str, process: &Process) -> [Engine; 3] {
    created_with(name, process, &[])
}

fn created_with(name: &str, process: &Process, settings: &[(&str, &str)]) -> [Engine; 3] {
    let output = emit("sql", process, settings);
    assert_eq!(told(&output.diagnostics), Vec::<String>::new());
    let engines = engines(name);
    for engine in &engines {
        engine.accepts(text(&output, &format!("{}/schema.sql", engine.dialect())));
    }
    engines
}

fn story(name: &str) -> [Engine; 3] {
    // It is about moves: what they ask for is left aside.
    created_with(name, &process(STORY), &[("conditions", "list")])
}

#[test]
fn examples_become_schemas() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        let example = example(name);
        for engine in created(name, &example) {
            let count = |table: &str| engine.lines(&format!("SELECT count(*) FROM ekiden_{table}"));
            assert_eq!(count("stage"), [example.stages.len().to_string()]);
            assert_eq!(count("transition"), [example.transitions.len().to_string()]);
            assert_eq!(count("criterion"), [example.criteria.len().to_string()]);
            assert_eq!(count("field"), [example.fields.len().to_string()]);
        }
    }
}

#[test]
fn the_process_can_be_asked_about() {
    for engine in created("whole", &process(WHOLE)) {
        let asked = |sql: &str| engine.lines(sql);
        assert_eq!(
            asked("SELECT name, version, currency, timezone, languages FROM ekiden_process"),
            ["relay 2026.1 JPY Asia/Tokyo en ko ja"]
        );
        assert_eq!(
            asked(
                "SELECT owner_team, owner_role, limit_iso, limit_minutes, target_iso, target_minutes, \
                 escalate_to_role FROM ekiden_stage WHERE name = 'mql'"
            ),
            ["sales sdr P2D 1080 PT4H 240 ae"]
        );
        assert_eq!(
            asked(
                "SELECT title, \"condition\", at_most FROM ekiden_transition WHERE name = 'mql_nurturing_2'"
            ),
            ["- reject_reason in [no_need, bad_timing] 3"]
        );
        assert_eq!(
            asked(
                "SELECT name, \"condition\", applies_if, evidence FROM ekiden_criterion \
                 WHERE stage = 'mql' AND name <> 'reached' ORDER BY ordinal"
            ),
            [
                "need need is present - buyer",
                "sized company_size between 10 and 5000 industry not in [other] -",
            ]
        );
        assert_eq!(
            asked(
                "SELECT translation FROM ekiden_translation \
                 WHERE kind = 'option' AND name = 'lead.industry.software' AND language = 'ko'"
            ),
            ["소프트웨어"]
        );
        assert_eq!(
            asked(
                "SELECT kind, old_name, new_name FROM ekiden_former_name \
                 WHERE ordinal <= 4 ORDER BY ordinal"
            ),
            [
                "team promotion marketing",
                "role bdr sdr",
                "option lead.industry.misc lead.industry.other",
                "field lead.contacted_at lead.touched_at",
            ]
        );
    }
}

#[test]
fn one_story_is_the_same_history_everywhere() {
    for engine in story("one_story") {
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('a@b.c', 'inquiry')");
        let to = |stage: &str| format!("UPDATE lead SET stage = '{stage}' WHERE id = 1");
        for stage in ["mql", "nurturing", "mql", "nurturing", "mql"] {
            engine.accepts(&to(stage));
        }
        // Twice it went back for want of size: that is as often as it may.
        engine.refuses(&to("nurturing"), &["lead: ", "may be"]);
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')");
        engine.refuses(&to("nurturing"), &["set stage_left_at to null"]);
        let back = "UPDATE lead SET stage = 'nurturing', stage_left_at = NULL WHERE id = 1";
        engine.refuses(back, &["lead: ", "back"]);
        engine.accepts("UPDATE deal SET stage = 'lost'");
        engine.accepts(back);
        // From nurturing to nurturing: only the time tells.
        engine.accepts("UPDATE lead SET stage_entered_at = '2030-01-01T00:00:00Z'");
        engine.accepts(&to("mql"));
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')");
        engine.accepts("UPDATE deal SET stage = 'won' WHERE id = 2");
        engine.accepts("INSERT INTO customer (deal_id, stage) VALUES (2, 'onboarding')");
        // Started, not continued: the customer stays where it is.
        engine.accepts("INSERT INTO renewal (customer_id, stage) VALUES (1, 'due')");
        engine.accepts("UPDATE customer SET stage = 'steady'");
        engine.accepts("UPDATE customer SET stage = 'churned'");
        engine.accepts(back);

        assert_eq!(
            engine.lines(HISTORY),
            [
                "lead 1 - - - inquiry -",
                "lead 1 lead 1 inquiry mql inquiry_mql",
                "lead 1 lead 1 mql nurturing mql_nurturing",
                "lead 1 lead 1 nurturing mql nurturing_mql",
                "lead 1 lead 1 mql nurturing mql_nurturing",
                "lead 1 lead 1 nurturing mql nurturing_mql",
                "deal 1 lead 1 mql problem mql_problem",
                "deal 1 deal 1 problem lost problem_lost",
                // Two transitions lead from lost to nurturing: which one it was is not known.
                "lead 1 deal 1 lost nurturing -",
                "lead 1 lead 1 nurturing nurturing nurturing_nurturing",
                "lead 1 lead 1 nurturing mql nurturing_mql",
                "deal 2 lead 1 mql problem mql_problem",
                "deal 2 deal 2 problem won problem_won",
                "customer 1 deal 2 won onboarding won_onboarding",
                "renewal 1 - - - due -",
                "customer 1 customer 1 onboarding steady onboarding_steady",
                "customer 1 customer 1 steady churned steady_churned",
                "lead 1 customer 1 churned nurturing churned_nurturing",
            ]
        );
        // Whoever continues a deal continues the lead of that deal, and so on.
        assert_eq!(engine.lines("SELECT customer_id, deal_id, lead_id FROM renewal"), ["1 2 1"]);
        // Where everything stands now.
        let place =
            "SELECT stage, CASE WHEN stage_left_at IS NULL THEN 'here' ELSE 'left' END FROM";
        assert_eq!(engine.lines(&format!("{place} lead")), ["nurturing here"]);
        assert_eq!(engine.lines(&format!("{place} deal ORDER BY id")), ["lost left", "won left"]);
        assert_eq!(engine.lines(&format!("{place} customer")), ["churned left"]);
        // Row and history tell the same time.
        let apart = "SELECT count(*) FROM lead AS l WHERE l.stage_entered_at <> (SELECT h.entered_at \
             FROM ekiden_stage_history AS h WHERE h.record = 'lead' ORDER BY h.id DESC LIMIT 1)";
        assert_eq!(engine.lines(apart), ["0"]);
    }
}

#[test]
fn a_move_that_is_counted_across_records_is_refused_when_used_up() {
    for engine in story("counted") {
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('a@b.c', 'inquiry')");
        let round = "UPDATE lead SET stage = 'mql' WHERE id = 1;
             INSERT INTO deal (lead_id, stage) VALUES (1, 'problem');
             UPDATE deal SET stage = 'won' WHERE stage = 'problem';
             CREATE TEMPORARY TABLE latest AS SELECT max(id) AS id FROM deal;
             INSERT INTO customer (deal_id, stage) SELECT id, 'onboarding' FROM latest;
             DROP TABLE latest;
             UPDATE customer SET stage = 'churned' WHERE stage = 'onboarding';";
        let back = "UPDATE lead SET stage = 'nurturing', stage_left_at = NULL WHERE id = 1";
        engine.accepts(round);
        engine.accepts(back);
        engine.accepts(round);
        // Another customer, but the same lead.
        engine.refuses(back, &["lead: ", "may be"]);
    }
}

#[test]
fn a_record_comes_back_from_one_that_it_started() {
    for engine in story("started") {
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('a@b.c', 'inquiry')");
        engine.accepts("UPDATE lead SET stage = 'mql'");
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')");
        engine.accepts("UPDATE deal SET stage = 'won'");
        engine.accepts("INSERT INTO customer (deal_id, stage) VALUES (1, 'onboarding')");
        engine.accepts("UPDATE customer SET stage = 'steady'");
        engine.accepts("INSERT INTO renewal (customer_id, stage) VALUES (1, 'due'), (1, 'due')");
        engine.accepts("UPDATE renewal SET stage = 'renewed' WHERE id = 1");
        engine.accepts("UPDATE customer SET stage = 'churned'");
        // The customer itself may move so, and its own move comes first.
        assert_eq!(
            engine.lines(HISTORY).last().unwrap(),
            "customer 1 customer 1 steady churned steady_churned"
        );
    }
}

#[test]
fn what_the_process_does_not_allow_is_refused() {
    for engine in story("refused") {
        let dialect = engine.dialect();
        // In SQLite, the message of a trigger cannot name the stage that was asked for.
        let told = |sqlite: &'static str, others: &'static [&'static str]| -> Vec<&'static str> {
            if dialect == "sqlite" { vec![sqlite] } else { others.to_vec() }
        };
        // What a database says by itself, it says in its own words.
        let own =
            |sqlite: &'static str, postgres: &'static str, mariadb: &'static str| match dialect {
                "sqlite" => [sqlite],
                "postgres" => [postgres],
                _ => [mariadb],
            };
        engine.accepts(
            "INSERT INTO lead (email, stage, boss, size, due, seen) \
             VALUES ('a@b.c', 'inquiry', '', 5, '2026-04-01', '2026-01-01T08:00:00Z')",
        );
        engine.accepts("INSERT INTO lead (email, stage, boss) VALUES ('x@y.z', 'inquiry', '')");

        // Moves.
        engine.refuses(
            "UPDATE lead SET stage = 'nurturing' WHERE id = 1",
            &told(
                "lead: this move is not declared; from stage \"inquiry\" a record may go to: \"mql\", \"disqualified\"",
                &[
                    "lead: no move from stage \"inquiry\" to \"nurturing\" is declared",
                    "from stage \"inquiry\" a record may go to: \"mql\", \"disqualified\"",
                ],
            ),
        );
        engine.refuses(
            "INSERT INTO lead (email, stage) VALUES ('c', 'mql')",
            &[
                "lead: ",
                "a record that continues no other by a declared move begins in: \"inquiry\"",
            ],
        );
        engine.refuses(
            "INSERT INTO deal (stage) VALUES ('problem')",
            &["records of this type begin by continuing another, by a declared move: \
                 give in lead_id the id of a lead that is now in \"mql\""],
        );
        engine.refuses(
            "INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')",
            &told(
                "begin by continuing another",
                &["no move from stage \"inquiry\" of its lead to \"problem\" is declared"],
            ),
        );
        engine.refuses(
            "INSERT INTO deal (lead_id, stage) VALUES (99, 'problem')",
            &told("deal: ", &["foreign key"]),
        );
        engine.refuses("UPDATE lead SET stage_entered_at = '2001-01-01T00:00:00Z'", &["lead: "]);
        engine.accepts("UPDATE lead SET stage = 'disqualified' WHERE id = 2");
        engine.refuses("UPDATE lead SET stage = 'inquiry' WHERE id = 2", &["may go to: nowhere"]);

        // Values.
        let set = |what: &str| format!("UPDATE lead SET {what} WHERE id = 1");
        for (value, words) in [
            ("kind = 'medium'", "(kind) must be one of: "),
            ("size = 0", "(size) must be at least 1"),
            ("size = 1001", "(size) must be at most 1000"),
            ("due = '2020-02-28'", "(due) must be at least 2020-02-29"),
            ("seen = '2026-01-01T07:59:59Z'", "(seen) must be at least 2026-01-01T"),
            ("share = 100.5", "(share) must be at most 100%"),
            ("index_ = 0.1", "(index) must be at least 0"),
            ("email = ''", "(email) must not be empty"),
        ] {
            let value = value.replace("index_", "\"index\"");
            engine.refuses(&set(&value), &[words]);
        }
        engine.refuses(&set("email = NULL"), &["(email) must be given"]);
        engine.refuses(&set("email = 'x@y.z'"), &told("UNIQUE", &["lead_email_key"]));
        let many = own("cannot store TEXT", "bigint", "Incorrect integer value");
        engine.refuses(&set("size = 'many'"), &many);
        let date = own("must be a day that exists", "out of range", "Incorrect date value");
        engine.refuses(&set("due = '2026-02-30'"), &date);
        let time = own("must be a time in UTC", "invalid input", "Incorrect datetime value");
        engine.refuses(&set("seen = 'tomorrow-ish'"), &time);
        engine.refuses(&set("done = 2"), &own("must be 0 or 1", "boolean", "must be 0 or 1"));
        engine.accepts(&set("kind = 'large', size = 1000, share = 100, boss = 'ae@b.c'"));
        engine.accepts("INSERT INTO lead_topics VALUES (1, 'price'), (1, 'speed')");
        engine.refuses("INSERT INTO lead_topics VALUES (2, 'looks')", &["must be one of: "]);
        engine.refuses(
            "INSERT INTO lead_topics VALUES (1, 'price')",
            &own("UNIQUE", "duplicate key", "Duplicate entry"),
        );
        assert_eq!(engine.lines("SELECT count(*) FROM lead WHERE confirmed_inquiry_sure"), ["0"]);

        // What has happened stays.
        let before = engine.lines(HISTORY);
        let kept = &["the history of stages is only ever added to"];
        engine.refuses("UPDATE ekiden_stage_history SET to_stage = 'won'", kept);
        engine.refuses("DELETE FROM ekiden_stage_history", kept);
        let replace = |verb: &str| {
            format!(
                "{verb} INTO ekiden_stage_history (id, record, record_id, to_stage, entered_at) \
                 VALUES (1, 'lead', 1, 'mql', '2026-01-01T00:00:00Z')"
            )
        };
        match dialect {
            "sqlite" => engine.refuses(&replace("INSERT OR REPLACE"), kept),
            // No trigger of MariaDB is asked about TRUNCATE.
            "mariadb" => engine.refuses(&replace("REPLACE"), kept),
            _ => engine.refuses("TRUNCATE ekiden_stage_history CASCADE", kept),
        }
        let id = "the id of a record never changes";
        engine.refuses(&set("id = 7"), &own(id, "\"id\"", id));
        assert_eq!(engine.lines(HISTORY), before);
        assert_eq!(before.len(), 3);
    }
}

#[test]
fn what_a_record_continues_stays() {
    for engine in story("links") {
        for email in ["a", "b"] {
            engine
                .accepts(&format!("INSERT INTO lead (email, stage) VALUES ('{email}', 'inquiry')"));
        }
        engine.accepts("UPDATE lead SET stage = 'mql'");
        engine.accepts("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')");
        engine.refuses("UPDATE deal SET lead_id = 2", &["what a record continues never changes"]);
        engine.accepts("UPDATE deal SET stage = 'won'");
        engine.refuses(
            "INSERT INTO customer (deal_id, lead_id, stage) VALUES (1, 2, 'onboarding')",
            &["what a record continues never changes"],
        );
        engine
            .accepts("INSERT INTO customer (deal_id, lead_id, stage) VALUES (1, 1, 'onboarding')");
        // A lead that has gone on as a deal cannot do so again before it is back.
        let gone = "deal: the lead in lead_id has gone on as another record already";
        engine.refuses("INSERT INTO deal (lead_id, stage) VALUES (1, 'problem')", &[gone]);
        // One that is where it may not be continued is told so.
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('c', 'inquiry')");
        let Err(told) = engine.run("INSERT INTO deal (lead_id, stage) VALUES (3, 'problem')")
        else {
            panic!("{}", engine.dialect());
        };
        assert!(!told.contains("gone on"), "{told}");
    }
}

#[test]
fn what_must_be_missing_is_said_so() {
    let small = process(
        "process small \"Small\" { currency EUR }
         team sales { role ae }
         record lead { blocker text  note text }
         stage open_ { record lead owner ae entry advance to won when not blocker is present and not (note is missing) }
         stage won { record lead owner ae outcome won final }",
    );
    for engine in created("missing", &small) {
        engine.accepts("INSERT INTO lead (blocker, stage) VALUES ('law', 'open_')");
        engine.refuses(
            "UPDATE lead SET stage = 'won'",
            &["is open only when blocker is missing and note is present"],
        );
        engine.accepts("UPDATE lead SET blocker = NULL, note = 'x'");
        engine.accepts("UPDATE lead SET stage = 'won'");
    }
}

#[test]
fn a_program_that_replays_the_past_gives_the_times() {
    for engine in story("replay") {
        engine.accepts(
            "INSERT INTO lead (email, stage, stage_entered_at) VALUES ('a', 'inquiry', '2026-01-05T10:00:00Z')",
        );
        engine.accepts("UPDATE lead SET stage = 'mql', stage_entered_at = '2026-01-07T11:30:00Z'");
        let times = match engine.dialect() {
            "sqlite" => "SELECT entered_at FROM ekiden_stage_history ORDER BY id",
            "mariadb" => {
                "SELECT DATE_FORMAT(entered_at, '%Y-%m-%dT%H:%i:%sZ') FROM ekiden_stage_history ORDER BY id"
            }
            _ => {
                "SELECT to_char(entered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') \
                 FROM ekiden_stage_history ORDER BY id"
            }
        };
        assert_eq!(engine.lines(times), ["2026-01-05T10:00:00Z", "2026-01-07T11:30:00Z"]);
    }
}

#[test]
fn an_upsert_is_no_move_unless_it_moves() {
    for engine in story("upsert") {
        let upsert = |stage: &str| {
            let known = match engine.dialect() {
                "mariadb" => "ON DUPLICATE KEY UPDATE stage = VALUES(stage)",
                _ => "ON CONFLICT (email) WHERE email <> '' DO UPDATE SET stage = excluded.stage",
            };
            format!("INSERT INTO lead (email, stage) VALUES ('a', '{stage}') {known}")
        };
        for stage in ["inquiry", "inquiry", "mql"] {
            engine.accepts(&upsert(stage));
        }
        engine.refuses(&upsert("disqualified"), &["lead: "]);
        assert_eq!(
            engine.lines("SELECT from_stage, to_stage FROM ekiden_stage_history ORDER BY id"),
            ["- inquiry", "inquiry mql"]
        );
    }
}

#[test]
fn sqlite_guards_hold_with_recursive_triggers_too() {
    let [engine, ..] = story("recursive");
    engine.accepts("PRAGMA recursive_triggers = ON");
    engine.accepts("INSERT INTO lead (email, stage) VALUES ('a', 'inquiry')");
    engine.accepts("UPDATE lead SET stage = 'mql'");
    engine
        .accepts("UPDATE lead SET stage = 'nurturing', stage_entered_at = '2030-01-01T00:00:00Z'");
    assert_eq!(engine.lines(HISTORY).len(), 3);
}

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
fn hostile_names(words: &[String]) -> String {
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
fn hostile_names_stay_names() {
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

#[test]
fn a_process_without_anything_is_a_schema() {
    for engine in created("nothing", &process("process p { }")) {
        assert_eq!(engine.lines("SELECT name FROM ekiden_process"), ["p"]);
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let story = process(STORY);
    for engine in created("second", &story) {
        engine.accepts("INSERT INTO lead (email, stage) VALUES ('a', 'inquiry')");
        let output = emit("sql", &story, &[]);
        let again = text(&output, &format!("{}/schema.sql", engine.dialect()));
        engine.refuses(again, &["already exists"]);
        assert_eq!(engine.lines("SELECT count(*) FROM ekiden_stage_history"), ["1"]);
    }
}

#[test]
fn long_processes_are_compiled_quickly_and_run() {
    let long = process(&chain("lead", 2_000));
    let start = Instant::now();
    let output = emit("sql", &long, &[]);
    let took = start.elapsed();
    // Far from what it takes, and far below what a square of it would.
    assert!(took.as_secs() < 20, "{took:?}");
    for engine in engines("long") {
        engine.accepts(text(&output, &format!("{}/schema.sql", engine.dialect())));
        engine.accepts("INSERT INTO lead (stage) VALUES ('s0')");
        engine.accepts("UPDATE lead SET stage = 's1'");
        engine.refuses("UPDATE lead SET stage = 's1999'", &["from stage \"s1\"", "\"s2\""]);
    }
}

#[test]
fn readmes_are_good_markdown_and_schemas_the_same_every_time() {
    for process in [process(HOSTILE), example("the_model")] {
        let output = emit("sql", &process, &[]);
        assert_eq!(output.artifacts, emit("sql", &process, &[]).artifacts);
        check("markdown-lint.mjs", &[written(&output).path()]);
    }
}

#[test]
fn the_page_is_true() {
    let page = std::fs::read_to_string(root().join("docs/targets/sql.md")).unwrap();
    let blocks = |kind: &str| -> Vec<&str> {
        let fence = format!("```{kind}\n");
        page.split(&fence).skip(1).map(|part| part.split("```").next().unwrap()).collect()
    };
    for engine in created("page", &process(blocks("ekiden")[0])) {
        for sql in blocks("sql") {
            engine.accepts(sql);
        }
        assert_eq!(
            engine.lines("SELECT to_stage FROM ekiden_stage_history ORDER BY id"),
            ["inquiry", "nurturing", "inquiry", "talk", "lost", "nurturing"]
        );
        if engine.dialect() == "postgres" {
            for example in blocks("text")[0].split("\n\n") {
                let (sql, told) = example.split_once('\n').unwrap();
                engine.refuses(sql, &told.lines().collect::<Vec<_>>());
            }
        }
    }
}
