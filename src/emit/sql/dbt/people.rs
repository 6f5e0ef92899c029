//! What dbt tells people: groups, exposures, pages, tests and metrics.

use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::jinja::{inert, reference};
use crate::emit::crm::one_line;
use crate::model::{Process, StageId, Unit};

/// Teams as groups of models.
pub(super) fn groups(process: &Process) -> Value {
    let group = |team: &crate::model::Team| json!({ "name": team.name, "owner": { "name": one_line(&team.title.value) } });
    json!({ "version": 2, "groups": process.teams.values().map(group).collect::<Vec<_>>() })
}

/// The handbook and the goals, and the models they rest on. `has_goals` tells whether goals are
/// measured.
pub(super) fn exposures(process: &Process, goals_in: Option<&str>) -> Value {
    let owner = |name: &str| json!({ "name": inert(&one_line(name)) });
    let mut all = vec![json!({
        "name": "handbook",
        "label": inert(&one_line(&process.title.value)),
        "type": "application",
        "maturity": "high",
        "description": "The handbook that Ekiden writes from the same process.",
        "owner": owner(&process.title.value),
        "depends_on": [reference("ekiden_stage"), reference("ekiden_transition")],
    })];
    for goal in process.goals.values() {
        let Some(rests_on) = goals_in else { break };
        let owner_name = goal
            .shared_by
            .first()
            .map_or(&process.title, |owner| process.owner_name(owner.value).1);
        let why = goal.why.as_ref().map_or(&goal.title, |why| why);
        all.push(json!({
            "name": format!("goal_{}", goal.name),
            "label": inert(&one_line(&goal.title.value)),
            "type": "dashboard",
            "maturity": "medium",
            "description": inert(&why.value),
            "owner": owner(&owner_name.value),
            "depends_on": [reference(rests_on)],
        }));
    }
    json!({ "version": 2, "exposures": all })
}

/// The first page of the documentation: what the process is about, and its stages.
pub(super) fn overview(process: &Process) -> String {
    let mut out =
        format!("{{% docs __overview__ %}}\n# {}\n\n", inert(&one_line(&process.title.value)));
    if let Some(about) = &process.about {
        out.push_str(&format!("{}\n\n", inert(&about.value)));
    }
    for stage in process.stages.values() {
        out.push_str(&format!(
            "## {} (`{}`)\n\n",
            inert(&one_line(&stage.title.value)),
            stage.name
        ));
        if let Some(purpose) = &stage.purpose {
            out.push_str(&format!("{}\n\n", inert(&purpose.value)));
        }
    }
    out.push_str("{% enddocs %}\n");
    out
}

/// Unit tests: every declared move is accepted, one that is not declared is found; a stay of a
/// second more than the limit is over it.
pub(super) fn unit_tests(process: &Process, measures_stays: bool) -> Option<Value> {
    let name = |id: StageId| process.stages[id].name.as_str();
    let mut pairs: Vec<(&str, &str)> =
        process.transitions.values().map(|way| (name(way.from), name(way.to))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut tests = Vec::new();
    let stages = || process.stages.values().map(|stage| stage.name.as_str());
    let wrong = stages()
        .flat_map(|from| stages().map(move |to| (from, to)))
        .find(|pair| pairs.binary_search(pair).is_err());
    if let (Some(wrong), false) = (wrong, pairs.is_empty()) {
        let row = |(id, (from, to)): (usize, &(&str, &str))| json!({ "id": id, "record_id": "1", "from_stage": from, "to_stage": to });
        let rows: Vec<Value> = (1..).zip(pairs.iter().chain([&wrong])).map(row).collect();
        // Without rows dbt would take those of the seed, and an empty cell of a number for a text.
        let declared: Vec<Value> =
            pairs.iter().map(|(from, to)| json!({ "from_stage": from, "to_stage": to })).collect();
        tests.push(json!({
            "name": "declared_moves",
            "description": "Of all moves only the one that the process does not declare is found.",
            "model": "ekiden_undeclared_move",
            "given": [
                { "input": reference("stg_ekiden_stage_history"), "rows": rows },
                { "input": reference("ekiden_transition"), "rows": declared },
            ],
            "expect": { "rows": [{ "from_stage": wrong.0, "to_stage": wrong.1 }] },
        }));
    }
    if measures_stays {
        tests.extend(limits(process));
    }
    (!tests.is_empty()).then(|| json!({ "version": 2, "unit_tests": tests }))
}

/// Two visits of every stage with a limit in hours of the clock: one that just keeps it, and one
/// that is a second too long.
fn limits(process: &Process) -> Option<Value> {
    let begin = jiff::civil::date(2025, 1, 6).at(9, 0, 0, 0);
    let (mut given, mut expected, mut stages) = (Vec::new(), Vec::new(), Vec::new());
    let mut number = 0_i64;
    for stage in process.stages.values() {
        let Some(limit) = &stage.limit else { continue };
        let hours = match limit.duration.unit {
            Unit::Minute => 60,
            Unit::Hour => 3600,
            Unit::Day => 86_400,
            Unit::Week => 604_800,
            _ => continue,
        };
        let seconds = limit.duration.amount.checked_mul(hours.into()).and_then(|s| s.to_i64());
        let Some(seconds) = seconds.filter(|seconds| seconds % 60 == 0) else { continue };
        stages.push(json!({
            "name": stage.name, "limit_minutes": seconds / 60,
            "limit_is_working_time": false, "target_is_working_time": false,
        }));
        for (more, is_over) in [(0, 0), (1, 1)] {
            let Ok(end) = begin.checked_add(jiff::SignedDuration::from_secs(seconds + more)) else {
                continue;
            };
            let root = number.to_string();
            for (step, at, flag) in [(1, begin, is_over), (2, end, 0)] {
                number += 1;
                given.push(json!({
                    "move": number, "root_record": "x", "root_id": root, "step": step,
                    "record": "x", "record_id": root, "from_record": "x", "from_record_id": root,
                    "to_stage": stage.name,
                    "entered_at": at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                }));
                // The second visit lasts until the moment of the clock, which comes before it.
                expected.push(json!({ "move": number, "is_over_limit": flag }));
            }
        }
    }
    (!given.is_empty()).then(|| {
        json!({
            "name": "limits",
            "description": "A stay that is as long as the limit keeps it; a second more is over it.",
            "model": "ekiden_stay",
            "given": [
                { "input": reference("ekiden_journey"), "rows": given },
                { "input": reference("ekiden_clock"), "rows": [{ "now": "2025-01-06 09:00:00" }] },
                { "input": reference("ekiden_stage"), "rows": stages },
                { "input": reference("ekiden_calendar"), "rows": [] },
            ],
            "expect": { "rows": expected },
        })
    })
}

/// Semantic models and metrics, in the older form: dbt 1.11 reads no other, and 1.12 reads it too.
pub(super) fn metrics() -> Value {
    let measure = |name: &str, agg: &str, expr: &str, about: &str| json!({ "name": name, "agg": agg, "expr": expr, "description": about });
    let metric = |name: &str, label: &str, about: &str| {
        json!({
            "name": name, "label": label, "description": about, "type": "simple",
            "type_params": { "measure": { "name": format!("{name}_measure") } },
        })
    };
    let word = |name: &str| json!({ "name": name, "type": "categorical" });
    json!({
        "version": 2,
        "semantic_models": [{
            "name": "stays",
            "description": "Every visit of a stage.",
            "model": reference("ekiden_stay"),
            "defaults": { "agg_time_dimension": "entered_at" },
            "entities": [{ "name": "stay", "type": "primary", "expr": "move" }],
            "dimensions": [
                { "name": "entered_at", "type": "time", "type_params": { "time_granularity": "day" } },
                word("stage"), word("record"), word("from_stage"), word("to_stage"), word("left_kind"),
            ],
            "measures": [
                measure("visits_measure", "count", "move", "Visits of stages."),
                measure("hours_measure", "average", "seconds / 3600.0", "Hours in a stage."),
                measure("over_limit_measure", "sum", "is_over_limit", "Visits that were longer than they may be."),
            ],
        }],
        "metrics": [
            metric("visits", "Visits of stages", "How many visits began."),
            metric("hours", "Hours in a stage", "How long a visit lasted, on average."),
            metric("over_limit", "Visits over the limit", "How many visits were longer than they may be."),
            {
                "name": "over_limit_share",
                "label": "Share of visits over the limit",
                "description": "Of all visits.",
                "type": "ratio",
                "type_params": { "numerator": "over_limit", "denominator": "visits" },
            },
        ],
    })
}
