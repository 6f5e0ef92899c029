//! `unreachable-stage`: no record ever gets there.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Id, Origin, RecordId, StageId, TransitionId};

use super::dead_end;

pub(crate) static RULE: Rule = Rule {
    name: "unreachable-stage",
    family: Family::Flow,
    summary: "a stage that no record can get to",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/unreachable-stage.md"),
    check: Check::Process(check),
};

/// One finding for each region without a way in, at its first stage: to give each of its stages
/// one would tell the same fault many times.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let graph = &context.stages;
    // Without entries nothing is reachable, and `no-entry` says so; a stage that could not be read
    // may lead anywhere.
    if graph.entries().is_empty() || context.any_broken() || process.draft {
        return;
    }
    // A draft may get its way in later; what it leads to is then reachable.
    let drafts = process.stages.iter().filter(|(_, stage)| stage.draft).map(|(id, _)| id);
    let reached = graph.reach(graph.entries().iter().copied().chain(drafts), |_, _, _| true);
    if reached.stages().len() == process.stages.len() {
        return;
    }
    let lost = |stage: StageId| !reached.contains(stage);
    // A dead end is told as that: mended, it may lead to any stage of its line of records. So may a
    // draft, which has not got its moves yet.
    let line = |stage: StageId| process.lineage(process.stages[stage].record).last();
    let may_lead_on = |id: &StageId| {
        let stage = &process.stages[*id];
        let is_declared = |id: &TransitionId| process.transitions[*id].origin == Origin::Declared;
        dead_end::is_dead_end(context, *id)
            || stage.draft && !stage.outgoing.iter().any(is_declared)
    };
    let mendable: FxHashSet<Option<RecordId>> =
        process.stages.ids().filter(may_lead_on).map(line).collect();
    let components = graph.components(|from, _, to| lost(from) && lost(to));
    let mut component_of = vec![0; process.stages.len()];
    for (index, component) in components.iter().enumerate() {
        for stage in component {
            if let Some(slot) = component_of.get_mut(stage.index()) {
                *slot = index;
            }
        }
    }
    for (index, component) in components.iter().enumerate() {
        let Some(first) = component.first().copied().filter(|stage| lost(*stage)) else { continue };
        let entered_from_elsewhere = component.iter().any(|stage| {
            graph
                .predecessors(*stage)
                .any(|(from, _)| component_of.get(from.index()) != Some(&index))
        });
        let may_follow = component.iter().any(|stage| mendable.contains(&line(*stage)));
        if !entered_from_elsewhere && !may_follow {
            findings.push(finding(context, first, component));
        }
    }
}

fn finding(context: &Context<'_>, first: StageId, component: &[StageId]) -> Diagnostic {
    let process = context.process;
    let stage = &process.stages[first];
    let name = |id: &StageId| process.stages[*id].name.as_str();
    let entries = context.stages.entries();
    let reason = match component {
        [_] if stage.incoming.is_empty() => "no move leads here, and it is no entry".to_owned(),
        [_] => "the only move that leads here leaves it".to_owned(),
        [_, other] => format!("only {} leads here", story::names([name(other)])),
        [_, others @ ..] => format!("only {} lead here", story::names(others.iter().map(name))),
        [] => String::new(),
    };
    let mut finding =
        RULE.finding(stage.span, format!("no record ever gets to `{}`", stage.name)).reason(reason);
    let start = story::names(entries.iter().map(name));
    let count = context.stages.from_entries().stages().len();
    finding = finding.story(format!(
        "records enter at {start} and can get to {count} of {}, but no way leads to `{}`",
        stages(process.stages.len()),
        stage.name
    ));
    finding.help(format!(
        "let a stage move records to `{0}`, say `entry` in it, or remove it with `retired stage {0} into …`",
        stage.name
    ))
}

fn stages(count: usize) -> String {
    if count == 1 { "1 stage".to_owned() } else { format!("{count} stages") }
}
