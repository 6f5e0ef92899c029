//! Scores, routes, the glossary, plays, what was, and what is accepted.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::model::{
    Category, Grade, NodeRef, Play, Points, Process, Retired, Route, RouteCase, RouteTarget, Score,
    Term, Waiver,
};
use crate::source::{FileId, Span};

use super::expr::{expr, maybe_expr};
use super::value::{decimal, labels, maybe_duration, maybe_owner, maybe_text, node, owners, text};

/// A score.
pub(super) fn score(process: &Process, score: &Score) -> Json {
    let points = |points: &Points| {
        json!({
            "category": points.category.word(),
            "points": decimal(points.points),
            "title": maybe_text(process, points.title.as_ref()),
            "when": expr(process, &points.when),
            "halves_every": maybe_duration(points.halves_every),
            "expires_after": maybe_duration(points.expires_after),
        })
    };
    let grade = |grade: &Grade| {
        json!({
            "name": grade.name,
            "title": text(process, &grade.title),
            "at_least": grade.at_least.map(decimal),
        })
    };
    let by_category = |list: &[(Category, rust_decimal::Decimal)], key: &str| {
        let entry = |(category, number): &(Category, _)| json!({ "category": category.word(), key: decimal(*number) });
        list.iter().map(entry).collect::<Json>()
    };
    json!({
        "name": score.name,
        "title": text(process, &score.title),
        "record": process.records[score.record].name,
        "points": score.points.iter().map(points).collect::<Json>(),
        "caps": by_category(&score.caps, "points"),
        "total_cap": score.total_cap.map(decimal),
        "weights": by_category(&score.weights, "percent"),
        "grades": score.grades.iter().map(grade).collect::<Json>(),
        "about": maybe_text(process, score.about.as_ref()),
        "was": score.was,
    })
}

/// Who gets the records that enter a stage.
pub(super) fn route(process: &Process, route: &Route) -> Json {
    let target = |target: &RouteTarget| {
        json!({
            "name": target.name,
            "title": text(process, &target.title),
            "owner": maybe_owner(process, target.owner),
        })
    };
    let case =
        |case: &RouteCase| json!({ "when": expr(process, &case.when), "to": target(&case.to) });
    json!({
        "stage": process.stages[route.stage].name,
        "title": text(process, &route.title),
        "cases": route.cases.iter().map(case).collect::<Json>(),
        "otherwise": route.otherwise.as_ref().map(target),
    })
}

/// A word of the glossary.
pub(super) fn term(process: &Process, term: &Term) -> Json {
    json!({
        "name": term.name,
        "title": text(process, &term.title),
        "means": maybe_text(process, term.means.as_ref()),
        "see": term.see.iter().map(|see| node(process, *see)).collect::<Json>(),
        "also": labels(process, &term.also),
        "was": term.was,
    })
}

/// How something is done.
pub(super) fn play(process: &Process, play: &Play) -> Json {
    json!({
        "name": play.name,
        "title": text(process, &play.title),
        "stages": play.stages.iter().map(|id| process.stages[*id].name.clone()).collect::<Json>(),
        "by": owners(process, play.by.iter().copied()),
        "when": maybe_expr(process, play.when.as_ref()),
        "steps": maybe_text(process, play.steps.as_ref()),
        "about": maybe_text(process, play.about.as_ref()),
        "was": play.was,
    })
}

/// Something that is no more.
pub(super) fn retired(process: &Process, retired: &Retired) -> Json {
    let into = retired.into.iter().map(|(successor, when)| {
        json!({ "to": node(process, *successor), "when": maybe_expr(process, when.as_ref()) })
    });
    json!({
        "kind": retired.kind.word(),
        "name": retired.name,
        "into": into.collect::<Json>(),
        "since": retired.since.map(|date| date.to_string()),
    })
}

/// The findings that somebody has accepted.
pub(super) fn waivers(process: &Process) -> Json {
    let declarations =
        if process.waivers.is_empty() { BTreeMap::new() } else { declarations(process) };
    let waiver = |waiver: &Waiver| {
        json!({
            "rule": waiver.rule.value,
            "reason": text(process, &waiver.reason),
            "until": waiver.until.map(|date| date.to_string()),
            "in": waiver.scope.and_then(|scope| declared_in(&declarations, scope)),
        })
    };
    process.waivers.iter().map(waiver).collect()
}

/// Every declaration by the place of its name.
fn declarations(process: &Process) -> BTreeMap<(FileId, u32), Json> {
    let mut all = BTreeMap::new();
    let mut add = |span: Span, json: Json| all.insert((span.file, span.start), json);
    for (id, team) in process.teams.iter() {
        add(team.span, node(process, NodeRef::Team(id)));
    }
    for (id, record) in process.records.iter() {
        add(record.span, node(process, NodeRef::Record(id)));
    }
    for (id, stage) in process.stages.iter() {
        add(stage.span, node(process, NodeRef::Stage(id)));
    }
    for (id, goal) in process.goals.iter() {
        add(goal.span, node(process, NodeRef::Goal(id)));
    }
    for (id, feedback) in process.feedback.iter() {
        add(feedback.span, node(process, NodeRef::Feedback(id)));
    }
    for (id, score) in process.scores.iter() {
        add(score.span, node(process, NodeRef::Score(id)));
    }
    for route in process.routes.values() {
        add(route.span, json!({ "kind": "route", "name": process.stages[route.stage].name }));
    }
    for (id, term) in process.terms.iter() {
        add(term.span, node(process, NodeRef::Term(id)));
    }
    for (id, play) in process.plays.iter() {
        add(play.span, node(process, NodeRef::Play(id)));
    }
    all
}

/// The declaration with this extent: the first whose name lies in it.
fn declared_in(declarations: &BTreeMap<(FileId, u32), Json>, scope: Span) -> Option<Json> {
    let mut inside = declarations.range((scope.file, scope.start)..(scope.file, scope.end));
    inside.next().map(|(_, declaration)| declaration.clone())
}
