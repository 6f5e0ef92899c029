//! SQL schemas, run by real databases: what they hold, what they accept, and what they refuse.

mod bounds;
pub(crate) mod engine;
pub(crate) mod lakes;
pub(crate) mod logic;
mod moves;
mod names;
mod numbers;
mod rental;
mod session;
mod settings;
mod strangers;
mod team_goals;
mod times;

use std::time::Instant;

use ekiden::model::Process;

use crate::crm_support::{
    HOSTILE, WHOLE, chain, check, emit, example, process, root, text, told, written,
};
use engine::{Engine, engines};

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
