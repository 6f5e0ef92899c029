//! `endless-recycle`: a loop without clock, counter or condition.

use crate::diag::{Diagnostic, Level};
use crate::graph::Edge;
use crate::lint::{Check, Context, Family, Guard, Rule, story};
use crate::model::{Id, StageId, TransitionId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "endless-recycle",
    family: Family::Flow,
    summary: "a loop that a record can run round for ever, unasked and uncounted",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/endless-recycle.md"),
    check: Check::Process(check),
};

/// A loop of moves that nothing guards, with a `recycle` among them. One finding for each knot of
/// such loops, with its shortest loop through the first `recycle`.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let graph = &context.stages;
    let is_free = |edge| matches!(edge, Edge::Move(id) if context.guards.of(id) == Guard::Free);
    let free_recycles: Vec<TransitionId> = process
        .transitions
        .iter()
        .filter(|(id, t)| t.kind == TransitionKind::Recycle && is_free(Edge::Move(*id)))
        .filter(|(_, t)| context.may_hold_records(t.from))
        .map(|(id, _)| id)
        .collect();
    if free_recycles.is_empty() {
        return;
    }
    let components = graph.components(|_, edge, _| is_free(edge));
    let mut component_of = vec![0; process.stages.len()];
    for (index, component) in components.iter().enumerate() {
        for stage in component {
            if let Some(slot) = component_of.get_mut(stage.index()) {
                *slot = index;
            }
        }
    }
    let of = |stage: StageId| component_of.get(stage.index()).copied().unwrap_or(0);
    let mut told = vec![false; components.len()];
    for id in free_recycles {
        let recycle = &process.transitions[id];
        let index = of(recycle.from);
        if index != of(recycle.to) || told.get(index).copied().unwrap_or(true) {
            continue;
        }
        if between_teams(context, components.get(index).map_or(&[], Vec::as_slice)) {
            continue;
        }
        if let Some(told) = told.get_mut(index) {
            *told = true;
        }
        let around = graph.reach([recycle.to], |from, edge, to| {
            is_free(edge) && of(from) == index && of(to) == index
        });
        let from = &process.stages[recycle.from].name;
        findings.push(
            RULE.finding(recycle.span, format!("a record can be recycled from `{from}` for ever"))
                .reason("nothing asks why, waits, or counts")
                .story(format!(
                    "{}, {}, and so on, as often as anybody likes",
                    story::arrival(context, recycle.to),
                    story::round(context, &around, recycle.to, (recycle.from, Edge::Move(id)))
                ))
                .help("give the move a reason (`when …`), a wait (`after 30d`) or a bound (`at most 3 times`)"),
        );
    }
}

/// Two stages of two teams that pass a record to and fro: `ping-pong` speaks of them.
fn between_teams(context: &Context<'_>, component: &[StageId]) -> bool {
    let [a, b] = component else { return false };
    match (context.process.stage_team(*a), context.process.stage_team(*b)) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    }
}
