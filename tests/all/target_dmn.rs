//! DMN, read by dmn-moddle and its schema, and evaluated by feelin: every decision about random
//! records is that of the native evaluator.

use std::fmt::Write as _;

use ekiden::emit::Output;
use ekiden::logic::{Evaluator, RecordState};
use ekiden::model::{Duration, Expr, ExprKind, Process, Score, Unit};
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use crate::crm_support::{WHOLE, check, emit, example, process, text, told, written};
use crate::feel_support::{decided, variables};
use crate::target_sql::logic::{HEAD, NOW, Random, case, condition};
use crate::target_xstate::record;

fn run(output: &Output, cases: &[Json]) {
    let folder = written(output);
    let file = folder.path().join("cases.json");
    std::fs::write(&file, serde_json::to_string(cases).unwrap()).unwrap();
    check("dmn-run.mjs", &[&folder.path().join("decisions.dmn"), &file]);
}

/// Whether a table gives other points: they halve, and some are not of now; or they expire after
/// months, which are counted otherwise.
fn differs(score: &Score, fresh: bool) -> bool {
    score.points.iter().any(|rule| {
        let months = |time: Duration| matches!(time.unit, Unit::Month | Unit::Quarter | Unit::Year);
        (!fresh && rule.halves_every.is_some()) || rule.expires_after.is_some_and(months)
    })
}

/// Whether a condition reads a score of which a table gives other points.
fn reads_one(process: &Process, when: &Expr, fresh: bool) -> bool {
    let mut reads = false;
    when.walk(&mut |expr| {
        if let ExprKind::Score(id) | ExprKind::IsGrade(id, _) = &expr.kind {
            reads |= differs(&process.scores[*id], fresh);
        }
    });
    reads
}

/// What the evaluator decides about a record.
fn expected(process: &Process, state: &RecordState) -> Map<String, Json> {
    let fresh = state.events.iter().all(|(_, at)| *at == state.now);
    let mut all = decided(process, state);
    for score in process.scores.values() {
        if differs(score, fresh) {
            all.remove(&score.name);
            all.remove(&format!("{}_grade", score.name));
        }
    }
    let evaluator = Evaluator::new(process, state);
    for route in process.routes.values() {
        if route.cases.iter().any(|case| reads_one(process, &case.when, fresh)) {
            continue;
        }
        let case = route.cases.iter().find(|case| evaluator.holds(&case.when)).map(|case| &case.to);
        let to = case.or(route.otherwise.as_ref()).map(|to| to.name.clone());
        all.insert(format!("assign_{}", process.stages[route.stage].name), json!(to));
    }
    all
}

fn compare(process: &Process, count: usize) {
    let output = emit("dmn", process, &[]);
    let mut random = Random(23);
    let mut seen = std::collections::BTreeSet::new();
    let mut cases = Vec::new();
    for stage in process.stages.ids() {
        for at in 0..count {
            let mut state = record(&mut random, process, stage);
            if at % 2 == 0 {
                let now = state.now;
                state.events.iter_mut().for_each(|(_, at)| *at = now);
            }
            let expect = expected(process, &state);
            seen.extend(expect.iter().map(|(name, value)| format!("{name}={value}")));
            cases.push(json!({ "variables": variables(process, &state), "expect": expect }));
        }
    }
    assert!(seen.len() > 2, "{seen:?}");
    run(&output, &cases);
}

#[test]
fn tables_decide_about_the_records_of_the_examples_as_the_evaluator_does() {
    compare(&example("the_model"), 20);
}

#[test]
fn tables_hold_every_construct() {
    compare(&process(WHOLE), 10);
}

#[test]
fn conditions_mean_the_same_in_feel() {
    let mut random = Random(7);
    let mut source = HEAD.replace("5 business hours", "5h");
    source.push_str("stage a { record lead owner sales entry  advance to b }\nstage b { record lead owner sales outcome won }\n");
    let mut count = 0;
    while count < 120 {
        let condition = condition(&mut random, 2);
        if condition.contains("business") || condition.contains("heat") {
            continue;
        }
        writeln!(source, "score c{count} of lead {{ fit +1 when {condition} }}").unwrap();
        count += 1;
    }
    let process = process(&source);
    let output = emit("dmn", &process, &[]);
    let asked: Vec<String> = told(&output.diagnostics);
    let now: Timestamp = NOW.parse().unwrap();
    let mut held = 0;
    let cases: Vec<Json> = (1..=40)
        .map(|id| {
            let state = case(&mut random, &process, id, now).state;
            let mut expect = decided(&process, &state);
            expect.retain(|name, _| {
                name.starts_with('c') && !asked.iter().any(|f| f.contains(&format!("`{name}_fit`")))
            });
            held += expect.values().filter(|points| **points == json!(1.0)).count();
            json!({ "variables": variables(&process, &state), "expect": expect })
        })
        .collect();
    assert!(asked.len() < 20, "{asked:#?}");
    assert!(held > 500, "{held} hold");
    run(&output, &cases);
}

#[test]
fn what_a_table_cannot_hold_is_told() {
    let source = r#"
        team t { role r }  record d { seen datetime  size integer }
        score heat of d {
          fit +5.5 "Large" when size >= 50
          fit +1 when business days since seen < 3
          behavior +10 when event viewed halves every 7d
          behavior -4 when event left expires after 30d
          behavior +3 when event met expires after 2 business days
          cap fit at 6  weight behavior 50%  cap total at 12
          grade hot at least 8, cold otherwise
        }
        stage a { record d  owner r  entry  final }
    "#;
    let output = emit("dmn", &process(source), &[]);
    assert_eq!(
        told(&output.diagnostics),
        [
            "warning[target-loss]: FEEL cannot say all of what `heat_fit` asks: `business days since seen < 3`",
            "warning[target-loss]: points that halve are given in full by `heat_behavior`",
            "warning[target-loss]: FEEL cannot say all of what `heat_behavior` asks: `expires after 2 business days`",
        ]
    );
    let xml = text(&output, "decisions.dmn");
    assert!(
        xml.contains(
            "<text>min(min((if heat_fit = null then 0 else heat_fit), 6) + \
         (if heat_behavior = null then 0 else heat_behavior) * 50 / 100, 12)</text>"
        ),
        "{xml}"
    );
    let variables = |size: i64, events: Json| {
        json!({
            "d": { "size": size, "seen": null }, "events": events, "answers": {},
            "clock": { "now": { "@time": "2026-03-31T10:00:00" } },
        })
    };
    let viewed = json!({ "type": "viewed", "at": { "@time": "2026-03-30T10:00:00" } });
    let left =
        |day: &str| json!({ "type": "left", "at": { "@time": format!("2026-03-{day}T10:00:00") } });
    run(
        &output,
        &[
            json!({ "variables": variables(49, json!([])), "expect": { "heat": 0, "heat_grade": "cold" } }),
            json!({ "variables": variables(50, json!([viewed.clone()])), "expect": { "heat": 10.5, "heat_grade": "hot" } }),
            // Thirty days later to the second it still counts.
            json!({ "variables": variables(50, json!([viewed.clone(), left("01")])), "expect": { "heat": 8.5 } }),
            json!({ "variables": variables(50, json!([viewed, { "type": "left", "at": { "@time": "2026-03-01T09:59:59" } }])), "expect": { "heat": 10.5 } }),
        ],
    );
}

#[test]
fn a_process_without_scores_and_routes_gives_nothing() {
    let output = emit(
        "dmn",
        &process("team t { role r } record d { x text } stage a { record d owner r entry final }"),
        &[],
    );
    assert!(output.artifacts.is_empty());
    assert_eq!(
        told(&output.diagnostics),
        [
            "warning[target-loss]: the process has no scores and no routes: there is nothing to decide"
        ]
    );
}
