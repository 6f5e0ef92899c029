//! `no-path-to-won`: records that can never be won.

use crate::diag::{Diagnostic, Level};
use crate::graph::Edge;
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Id, Outcome, RecordId, StageId};

use super::dead_end;

pub(crate) static RULE: Rule = Rule {
    name: "no-path-to-won",
    family: Family::Flow,
    summary: "records that begin where no way leads to a win",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/no-path-to-won.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let graph = &context.stages;
    let won: Vec<StageId> = process
        .stages
        .iter()
        .filter(|(_, stage)| stage.outcome == Some(Outcome::Won))
        .map(|(id, _)| id)
        .collect();
    if won.is_empty() {
        nothing_is_won(context, findings);
        return;
    }
    let is_move = |_, edge, _| edge != Edge::Starts;
    // A dead end is told as that: mended, it may lead to a win.
    let unfinished = process
        .stages
        .ids()
        .filter(|id| context.is_unfinished(*id) || dead_end::is_dead_end(context, *id));
    let can_win = graph.reach_back(won.iter().copied().chain(unfinished), is_move);
    // Existing customers come in behind the win: they were won before there was a process.
    let behind = graph.reach(won.iter().copied(), is_move);
    let ends = process
        .stages
        .iter()
        .filter(|(_, stage)| !stage.is_open() || stage.is_final || stage.outgoing.is_empty());
    let to_an_end = graph.reach_back(ends.map(|(id, _)| id), is_move);
    let mut sold = vec![false; process.records.len()];
    for stage in &won {
        if let Some(slot) = sold.get_mut(family(context, process.stages[*stage].record).index()) {
            *slot = true;
        }
    }
    let begun = graph
        .from_entries()
        .stages()
        .iter()
        .flat_map(|stage| process.stages[*stage].starts.iter().map(|(_, target)| *target));
    let mut sources: Vec<StageId> = graph.entries().iter().copied().chain(begun).collect();
    sources.sort_unstable();
    sources.dedup();
    for id in sources {
        let stage = &process.stages[id];
        // Some records are not sold at all: a ticket, an onboarding project.
        let is_sold = sold.get(family(context, stage.record).index()).copied().unwrap_or(false);
        let begins_open = stage.is_open() && !stage.is_final;
        if !begins_open || !is_sold || can_win.contains(id) || behind.contains(id) {
            continue;
        }
        // Without an end it is a trap, which is worse.
        if !to_an_end.contains(id) {
            continue;
        }
        findings.push(
            RULE.finding(stage.span, format!("what begins at `{}` can never be won", stage.name))
                .reason("no way leads from here to a stage with `outcome won`")
                .story(format!(
                    "{}, and that is the best that can happen to it",
                    story::onwards(context, id, &to_an_end)
                ))
                .help(format!(
                    "let a stage on the way move on towards {}",
                    story::names(won.iter().map(|id| process.stages[*id].name.as_str()))
                )),
        );
    }
}

/// The record type in which a line of types that continue each other begins.
fn family(context: &Context<'_>, record: RecordId) -> RecordId {
    context.process.lineage(record).last().unwrap_or(record)
}

fn nothing_is_won(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if process.stages.is_empty() || context.any_unfinished() {
        return;
    }
    let ends = context.stages.from_entries().stages().iter().copied().find(|id| {
        let stage = &process.stages[*id];
        !stage.is_open() || stage.is_final
    });
    let mut finding = RULE
        .finding(process.span, "no stage has `outcome won`: nothing can be won")
        .reason("no win is counted, so there is no win rate and no forecast");
    if let Some(end) = ends {
        finding = finding
            .story(format!("{}, and is counted nowhere as won", story::arrival(context, end)));
    }
    findings.push(finding.help("say `outcome won` in the stage where the customer has said yes"));
}
