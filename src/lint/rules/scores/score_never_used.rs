//! `score-never-used`: a score that decides nothing.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::{Expr, ExprKind, Measure, NodeRef, Process, ScoreId};

pub(crate) static RULE: Rule = Rule {
    name: "score-never-used",
    family: Family::Scores,
    summary: "a score that no condition, goal, route, term or play refers to",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/score-never-used.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    // What could not be read may be what uses it.
    if process.scores.is_empty() || context.any_unfinished() {
        return;
    }
    let used = used(process);
    for (id, score) in process.scores.iter() {
        if !score.broken && !used.contains(&id) {
            findings.push(
                RULE.finding(score.span, format!("nothing uses the score `{}`", score.name))
                    .reason("changes no record's way")
                    .help(format!(
                        "ask for it where it shall count, such as `advance to … when {} …`, or drop it",
                        score.name
                    )),
            );
        }
    }
}

/// The scores that something refers to.
fn used(process: &Process) -> FxHashSet<ScoreId> {
    let mut used = FxHashSet::default();
    let mut read = |condition: &Expr| {
        condition.walk(&mut |expr| {
            if let ExprKind::Score(id) | ExprKind::IsGrade(id, _) = expr.kind {
                used.insert(id);
            }
        });
    };
    for criterion in process.criteria.values() {
        read(&criterion.condition);
        criterion.applies.iter().for_each(&mut read);
    }
    for transition in process.transitions.values() {
        transition.when.iter().for_each(&mut read);
        let accept = transition.handoff.as_ref().and_then(|handoff| handoff.accept.as_ref());
        accept.iter().for_each(|accept| read(&accept.when));
    }
    for goal in process.goals.values() {
        match &goal.measure {
            Some(Measure::Entries { when, .. } | Measure::Sum { when, .. }) => {
                when.iter().for_each(&mut read);
            }
            Some(Measure::Share { when, .. }) => read(when),
            _ => {}
        }
    }
    for route in process.routes.values() {
        route.cases.iter().for_each(|case| read(&case.when));
    }
    process.plays.values().filter_map(|play| play.when.as_ref()).for_each(&mut read);
    let successors = process.retired.iter().flat_map(|retired| &retired.into);
    successors.filter_map(|(_, when)| when.as_ref()).for_each(&mut read);
    for term in process.terms.values() {
        for see in &term.see {
            if let NodeRef::Score(id) = see {
                used.insert(*id);
            }
        }
    }
    used
}
