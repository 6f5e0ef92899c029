//! The process itself, teams, records, goals, feedback.

use serde_json::{Map, Value as Json, json};

use crate::model::{
    Calendar, EnumOption, Feedback, Field, Goal, Measure, Process, Record, Role, Target, Team,
};

use super::expr::{expr, maybe_expr};
use super::value::{
    every, field_ref, field_type, maybe_duration, maybe_text, maybe_value, owners, text, value,
};

/// What holds for the whole process.
pub(super) fn process(process: &Process) -> Json {
    json!({
        "name": process.name,
        "title": text(process, &process.title),
        "version": process.version,
        "effective": process.effective.map(|day| day.to_string()),
        "about": maybe_text(process, process.about.as_ref()),
        "currency": process.currency.as_ref().map(|currency| currency.code()),
        "timezone": process.timezone,
        "languages": process.languages,
        "calendar": calendar(&process.calendar),
        "draft": process.draft,
    })
}

fn calendar(calendar: &Calendar) -> Json {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let week: Map<String, Json> = DAYS
        .iter()
        .zip(&calendar.week)
        .map(|(day, hours)| {
            let hours =
                hours.iter().map(|h| json!({ "start": clock(h.start), "end": clock(h.end) }));
            ((*day).to_owned(), hours.collect())
        })
        .collect();
    let holidays = calendar.holidays.iter().map(|day| json!(day.to_string()));
    json!({ "declared": calendar.declared, "week": week, "holidays": holidays.collect::<Json>() })
}

/// A team with its roles.
pub(super) fn team(process: &Process, team: &Team) -> Json {
    let role = |role: &Role| {
        json!({
            "name": role.name,
            "title": text(process, &role.title),
            "headcount": role.headcount,
            "was": role.was,
        })
    };
    json!({
        "name": team.name,
        "title": text(process, &team.title),
        "mission": maybe_text(process, team.mission.as_ref()),
        "roles": team.roles.iter().map(|id| role(&process.roles[*id])).collect::<Json>(),
        "was": team.was,
    })
}

/// A record type with its own fields.
pub(super) fn record(process: &Process, record: &Record) -> Json {
    json!({
        "name": record.name,
        "title": text(process, &record.title),
        "from": record.from.map(|from| &process.records[from].name),
        "about": maybe_text(process, record.about.as_ref()),
        "fields": record.fields.iter().map(|id| field(process, &process.fields[*id])).collect::<Json>(),
        "was": record.was,
    })
}

fn field(process: &Process, field: &Field) -> Json {
    let option = |option: &EnumOption| json!({ "name": option.name, "title": text(process, &option.title), "was": option.was });
    json!({
        "name": field.name,
        "title": text(process, &field.title),
        "type": field_type(field),
        "options": field.ty.options().iter().map(option).collect::<Json>(),
        "at_least": maybe_value(process, field.at_least.as_ref()),
        "at_most": maybe_value(process, field.at_most.as_ref()),
        "required": field.required,
        "unique": field.unique,
        "help": maybe_text(process, field.help.as_ref()),
        "was": field.was,
    })
}

/// A goal.
pub(super) fn goal(process: &Process, goal: &Goal) -> Json {
    let target = |target: &Target| {
        json!({
            "bound": if target.at_least { "at_least" } else { "at_most" },
            "value": value(process, &target.value),
            "every": every(target.every),
        })
    };
    json!({
        "name": goal.name,
        "title": text(process, &goal.title),
        "shared_by": owners(process, goal.shared_by.iter().map(|owner| owner.value)),
        "measure": goal.measure.as_ref().map(|goal| measure(process, goal)),
        "target": goal.target.as_ref().map(target),
        "why": maybe_text(process, goal.why.as_ref()),
        "was": goal.was,
    })
}

fn measure(process: &Process, measure: &Measure) -> Json {
    let stage = |id: &crate::model::StageId| &process.stages[*id].name;
    match measure {
        Measure::Conversion { from, to, within } => json!({
            "kind": "conversion", "from": stage(from), "to": stage(to), "within": maybe_duration(*within),
        }),
        Measure::Entries { into, when } => json!({
            "kind": "entries", "into": stage(into), "when": maybe_expr(process, when.as_ref()),
        }),
        Measure::Balance { of } => json!({ "kind": "balance", "of": stage(of) }),
        Measure::Cycle { statistic, from, to } => json!({
            "kind": "cycle", "statistic": statistic.word(), "from": stage(from), "to": stage(to),
        }),
        Measure::Dwell { statistic, stage: of } => json!({
            "kind": "dwell", "statistic": statistic.word(), "stage": stage(of),
        }),
        Measure::Sum { field, entering, when } => json!({
            "kind": "sum",
            "field": field_ref(process, *field),
            "entering": stage(entering),
            "when": maybe_expr(process, when.as_ref()),
        }),
        Measure::Share { of, when } => json!({
            "kind": "share", "of": stage(of), "when": expr(process, when),
        }),
        Measure::Coverage { goal, by, entering } => json!({
            "kind": "coverage",
            "of": process.goals[*goal].name,
            "by": field_ref(process, *by),
            "entering": stage(entering),
        }),
    }
}

/// Knowledge that flows against the stream.
pub(super) fn feedback(process: &Process, feedback: &Feedback) -> Json {
    json!({
        "name": feedback.name,
        "title": text(process, &feedback.title),
        "from": owners(process, feedback.from.iter().copied()),
        "to": owners(process, feedback.to.iter().copied()),
        "every": every(feedback.every),
        "about": maybe_text(process, feedback.about.as_ref()),
        "was": feedback.was,
    })
}
