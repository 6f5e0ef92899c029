//! `ping-pong`: two teams pass a record to and fro.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Level};
use crate::graph::Edge;
use crate::lint::{Check, Context, Family, Guard, Rule, story};
use crate::model::{Id, Origin, TransitionId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "ping-pong",
    family: Family::Flow,
    summary: "two teams that can pass a record to and fro without anything new",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/ping-pong.md"),
    check: Check::Process(check),
};

/// Two moves between stages of two teams, there and back. One at least sends the record *back*
/// (`recycle`) and nothing guards it; the other is guarded by facts at most, which are still true
/// when the record returns. A clock or a counter on either ends the game; where both ask for
/// facts, they may exclude each other, and nothing is said.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let mut between: FxHashMap<(usize, usize), Vec<TransitionId>> = FxHashMap::default();
    for (id, ..) in context.teams.handoffs() {
        let transition = &process.transitions[*id];
        let refusal = matches!(transition.origin, Origin::Refusal(_));
        if !refusal && context.guards.of(*id) < Guard::Time {
            let ends = (transition.from.index(), transition.to.index());
            between.entry(ends).or_default().push(*id);
        }
    }
    let mut told = FxHashSet::default();
    for (id, ..) in context.teams.handoffs() {
        let back = &process.transitions[*id];
        let free = back.kind == TransitionKind::Recycle && context.guards.of(*id) == Guard::Free;
        if !free || !context.may_hold_records(back.from) {
            continue;
        }
        let ends = (back.to.index(), back.from.index());
        let Some(there) = between.get(&ends).and_then(|moves| moves.first()).copied() else {
            continue;
        };
        let pair = (ends.0.min(ends.1), ends.0.max(ends.1));
        if told.insert(pair) {
            findings.push(finding(context, there, *id));
        }
    }
}

fn finding(context: &Context<'_>, there: TransitionId, back: TransitionId) -> Diagnostic {
    let process = context.process;
    let (first, second) = (&process.transitions[there], &process.transitions[back]);
    let team = |stage| process.stage_team(stage).map_or("", |id| process.teams[id].name.as_str());
    let (a, b) = (&process.stages[second.to].name, &process.stages[second.from].name);
    let moves =
        [(first.from, Edge::Move(there), first.to), (second.from, Edge::Move(back), second.to)];
    let still = match context.guards.of(there) {
        Guard::Free => "",
        _ => "; nothing has changed, so it may go again at once",
    };
    RULE.finding(
        second.span,
        format!("`{a}` and `{b}` can pass a record to and fro for ever"),
    )
    .reason(format!("`{}` sends it back without a reason, a wait or a bound", team(second.from)))
    .label(first.span, format!("and `{}` sends it again", team(first.from)))
    .story(format!(
        "{}, {}{still}",
        story::arrival(context, first.from),
        story::steps(process, &moves)
    ))
    .help("ask for a reason when it is sent back (`when … is present`), or bound it (`at most 2 times`, `after 14d`)")
}
