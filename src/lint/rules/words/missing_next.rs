//! `missing-next`: a stage that does not say what to do, among others that do.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::StageId;

pub(crate) static RULE: Rule = Rule {
    name: "missing-next",
    family: Family::Words,
    summary: "an open stage that does not say what to do, where others do",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/missing-next.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    // A play says what to do, and at greater length.
    let played: FxHashSet<StageId> =
        process.plays.values().flat_map(|play| play.stages.iter().copied()).collect();
    let lacking = among_others(context, |stage| {
        process.stages[stage].next.is_some() || played.contains(&stage)
    });
    for (stage, others) in lacking {
        let stage = &process.stages[stage];
        let message = format!("stage `{}` does not say what to do next", stage.name);
        let help = format!("add `next \"…\"`, as {others} do, or a `play` for it");
        findings.push(RULE.finding(stage.span, message).help(help));
    }
}

/// The open stages that lack what at least half of them have, and two or more; each with words for
/// the others. Stages that are not finished are not counted.
pub(super) fn among_others(
    context: &Context<'_>,
    has: impl Fn(StageId) -> bool,
) -> Vec<(StageId, String)> {
    let process = context.process;
    let open = process.stages.iter().filter(|(_, stage)| stage.is_open()).map(|(id, _)| id);
    let open = open.filter(|stage| !context.is_unfinished(*stage));
    let (with, without): (Vec<StageId>, Vec<StageId>) = open.partition(|stage| has(*stage));
    if with.len() < 2 || with.len() < without.len() {
        return Vec::new();
    }
    let others = format!("{} of {} open stages", with.len(), with.len() + without.len());
    without.into_iter().map(|stage| (stage, others.clone())).collect()
}
