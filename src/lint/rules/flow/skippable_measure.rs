//! `skippable-measure`: a goal counts a stage that records can jump.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Level};
use crate::graph::Edge;
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Goal, Measure, StageId, TransitionId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "skippable-measure",
    family: Family::Flow,
    summary: "a goal that counts entries into a stage which records can jump",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/skippable-measure.md"),
    check: Check::Process(check),
};

/// How many stages a jump may lead past. A bound, so that thousands of goals over thousands of
/// stages stay cheap; no real jump comes near it.
const LONGEST_JUMP: usize = 50;

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let mut jumps = FxHashMap::default();
    for goal in context.process.goals.values().filter(|goal| !goal.broken) {
        if let Some(stage) = counted(goal)
            && !context.is_unfinished(stage)
            && let Some(jump) = *jumps.entry(stage).or_insert_with(|| jump_over(context, stage))
        {
            findings.push(finding(context, goal, stage, jump));
        }
    }
}

/// The stage whose entries the goal counts, if it counts all of them. A goal with a condition of its
/// own has chosen its records, and averages say nothing of records that are not there.
fn counted(goal: &Goal) -> Option<StageId> {
    match goal.measure.as_ref()? {
        Measure::Conversion { to, .. } | Measure::Cycle { to, .. } => Some(*to),
        Measure::Entries { into, when: None } => Some(*into),
        Measure::Sum { entering, when: None, .. } => Some(*entering),
        Measure::Entries { .. }
        | Measure::Sum { .. }
        | Measure::Balance { .. }
        | Measure::Dwell { .. }
        | Measure::Share { .. }
        | Measure::Coverage { .. } => None,
    }
}

/// An `advance` that leads from a stage before `stage` to one behind it: the stage before has an
/// `advance` into it as well, from it the other can be reached forwards, and no way forwards leads
/// from there back.
fn jump_over(context: &Context<'_>, stage: StageId) -> Option<TransitionId> {
    let process = context.process;
    let advances = |id: &TransitionId| process.transitions[*id].kind == TransitionKind::Advance;
    let into = process.stages[stage].incoming.iter().copied().filter(advances);
    let mut candidates: Vec<TransitionId> = into
        .map(|id| process.transitions[id].from)
        .filter(|from| *from != stage && context.may_hold_records(*from))
        .flat_map(|from| process.stages[from].outgoing.iter().copied().filter(advances))
        .filter(|id| {
            let other = &process.transitions[*id];
            // A way with a condition of its own is a branch that somebody has decided on.
            let open = other.when.is_none() && other.after.is_none();
            open && other.to != stage && other.to != other.from
        })
        .take(LONGEST_JUMP)
        .collect();
    candidates.sort_unstable();
    candidates.into_iter().find(|id| {
        let target = process.transitions[*id].to;
        leads_forwards(context, stage, target) && !leads_forwards(context, target, stage)
    })
}

/// Whether a record can advance from one stage to the other, among the nearest stages.
fn leads_forwards(context: &Context<'_>, from: StageId, to: StageId) -> bool {
    let process = context.process;
    let mut found = FxHashSet::from_iter([from]);
    let mut queue = VecDeque::from([from]);
    while let Some(stage) = queue.pop_front() {
        for (next, edge) in context.stages.successors(stage) {
            let advances = matches!(edge, Edge::Move(id)
                if process.transitions[id].kind == TransitionKind::Advance);
            if !advances {
                continue;
            }
            if next == to {
                return true;
            }
            if found.len() < LONGEST_JUMP && found.insert(next) {
                queue.push_back(next);
            }
        }
    }
    false
}

fn finding(context: &Context<'_>, goal: &Goal, stage: StageId, jump: TransitionId) -> Diagnostic {
    let process = context.process;
    let (measured, transition) = (&process.stages[stage].name, &process.transitions[jump]);
    let step = story::step(process, transition.from, Edge::Move(jump), transition.to);
    RULE.finding(
        goal.span,
        format!("`{}` counts entries into `{measured}`, which records can jump", goal.name),
    )
    .reason(format!("measured at `{measured}`"))
    .label(transition.span, format!("this move leads past `{measured}`"))
    .story(format!(
        "{}, {step}, and has never been in `{measured}`: the goal does not see it",
        story::arrival(context, transition.from)
    ))
    .help(format!(
        "measure a stage that every record passes, or let the move lead through `{measured}`"
    ))
}
