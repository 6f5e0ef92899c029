//! `two-writers`: one team fills in what another has filled in, without having been given it.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Level};
use crate::graph::{Edge, LifeLine};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{FieldId, Process, StageId, TeamId, TransitionId, TransitionKind};
use crate::source::Span;

pub(crate) static RULE: Rule = Rule {
    name: "two-writers",
    family: Family::Data,
    summary: "a field that two teams fill in, one after the other, and no handoff between them carries",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/two-writers.md"),
    check: Check::Process(check),
};

/// So many further fields are pointed at.
const MOST_LABELS: usize = 3;

/// One team fills it in, hands the record over with a parcel that holds other things, and the next
/// team fills it in again. Two teams that fill it in on different branches are no fault, nor is a
/// field that is handed over and then corrected; where nothing is said of what is handed over, or any
/// handoff between the two carries the field, nothing is said here either.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if process.draft || context.any_broken() {
        return;
    }
    // What one handoff leaves out is one finding.
    let mut by_handoff: Vec<(TransitionId, Vec<(FieldId, Twice)>)> = Vec::new();
    let mut places_of: FxHashMap<TransitionId, usize> = FxHashMap::default();
    for field in process.fields.ids() {
        let line = context.fields().of(field);
        let mut by_team: FxHashMap<TeamId, Vec<(StageId, Span)>> = FxHashMap::default();
        for (stage, span) in &line.collected {
            if let Some(team) = process.stage_team(*stage)
                && context.may_hold_records(*stage)
                && !closes(process, *stage, field)
            {
                by_team.entry(team).or_default().push((*stage, *span));
            }
        }
        if by_team.len() < 2 {
            continue;
        }
        // In the order of the teams, so that the same input gives the same bytes.
        let mut teams: Vec<(TeamId, Vec<(StageId, Span)>)> = by_team.into_iter().collect();
        teams.sort_unstable_by_key(|(team, _)| *team);
        let places: FxHashMap<StageId, Span> = line.collected.iter().copied().collect();
        let twice =
            teams.iter().find_map(|(team, stages)| second(context, line, &places, *team, stages));
        if let Some(twice) = twice {
            let handoff = twice.handoff;
            let at = *places_of.entry(handoff).or_insert(by_handoff.len());
            match by_handoff.get_mut(at) {
                Some((_, fields)) => fields.push((field, twice)),
                None => by_handoff.push((handoff, vec![(field, twice)])),
            }
        }
    }
    findings.extend(by_handoff.iter().filter_map(|(_, fields)| finding(context, fields)));
}

/// Whether the stage fills the field in to let records out of the stream, as the reason of a loss: then
/// it is not there when the record is handed on.
fn closes(process: &Process, stage: StageId, field: FieldId) -> bool {
    process.stages[stage].outgoing.iter().map(|id| &process.transitions[*id]).any(|transition| {
        transition.kind != TransitionKind::Advance
            && transition.when.as_ref().is_some_and(|when| when.fields().contains(&field))
    })
}

/// A field that is filled in twice.
struct Twice {
    first: (StageId, Span),
    handoff: TransitionId,
    second: (StageId, Span),
}

/// Where another team fills in what `team` has filled in, behind a handoff that leaves it out.
fn second(
    context: &Context<'_>,
    line: &LifeLine,
    places: &FxHashMap<StageId, Span>,
    team: TeamId,
    stages: &[(StageId, Span)],
) -> Option<Twice> {
    let process = context.process;
    let given: FxHashSet<(TeamId, TeamId)> =
        line.carried.iter().filter_map(|(id, _)| teams_of(context, *id)).collect();
    // Each stage with the first writer and the handoff that led there, if one did.
    let mut found: FxHashSet<StageId> = stages.iter().map(|(stage, _)| *stage).collect();
    let mut queue: VecDeque<_> =
        stages.iter().map(|(stage, span)| (*stage, (*stage, *span), None)).collect();
    while let Some((stage, first, handoff)) = queue.pop_front() {
        if let Some(handoff) = handoff
            && let Some(span) = places.get(&stage)
        {
            return Some(Twice { first, handoff, second: (stage, *span) });
        }
        for (next, edge) in context.stages.successors(stage) {
            let Edge::Move(id) = edge else { continue };
            let transition = &process.transitions[id];
            if transition.kind != TransitionKind::Advance {
                continue;
            }
            let over = match (teams_of(context, id), handoff) {
                (Some((from, to)), _) if from == to => handoff,
                (Some((from, to)), None) if from == team => {
                    let parcel = transition.handoff.as_ref().is_some_and(|h| !h.carries.is_empty());
                    let known = given.contains(&(from, to)) || given.contains(&(to, from));
                    if !parcel || known {
                        continue;
                    }
                    Some(id)
                }
                _ => continue,
            };
            if found.insert(next) {
                queue.push_back((next, first, over));
            }
        }
    }
    None
}

fn teams_of(context: &Context<'_>, id: TransitionId) -> Option<(TeamId, TeamId)> {
    let process = context.process;
    let transition = &process.transitions[id];
    Some((process.stage_team(transition.from)?, process.stage_team(transition.to)?))
}

/// One finding for all fields that one handoff leaves out.
fn finding(context: &Context<'_>, fields: &[(FieldId, Twice)]) -> Option<Diagnostic> {
    let process = context.process;
    let (_, twice) = fields.first()?;
    let names = || fields.iter().map(|(field, _)| process.fields[*field].name.as_str());
    let list = story::names(names());
    let team = |(stage, _): (StageId, Span)| {
        process.stage_team(stage).map_or("", |team| process.teams[team].name.as_str())
    };
    let (first, second) = (team(twice.first), team(twice.second));
    let handoff = &process.transitions[twice.handoff];
    let receiver = &process.stages[handoff.to].name;
    let it = if fields.len() == 1 { "it" } else { "them" };
    let carried: Vec<&str> = names().collect();
    let mut finding = RULE
        .finding(
            twice.second.1,
            format!("`{second}` fills in {list} again, which `{first}` has filled in and not handed over"),
        )
        .reason("overwrites what was there")
        .label(twice.first.1, format!("`{first}` fills it in here"))
        .label(handoff.span, format!("the handoff does not carry {it}"));
    for (_, other) in fields.iter().skip(1).take(MOST_LABELS) {
        finding = finding.label(other.second.1, "overwrites what was there, too");
    }
    Some(
        finding
            .story(format!(
                "{}, where `{first}` fills in {list}; it is handed over to `{receiver}` without {it}, and `{second}` asks anew",
                story::arrival(context, twice.first.0),
            ))
            .help(format!(
                "hand {it} over (`carries [{}]`) and let the second team correct {it}, or let one of the teams collect {it}",
                carried.join(", ")
            )),
    )
}
