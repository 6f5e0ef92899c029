//! `clock-conflict`: two clocks that start with the same event, and cannot both be kept.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::graph::Edge;
use crate::lint::clock::opening;
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::duration::{certainly_longer, order};
use crate::logic::prove::{Answer, Formula};
use crate::model::{Duration, StageId, TransitionId, TransitionKind};
use crate::source::Span;

pub(crate) static RULE: Rule = Rule {
    name: "clock-conflict",
    family: Family::Time,
    summary: "two clocks on one event that contradict each other",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/clock-conflict.md"),
    check: Check::Process(check),
};

/// More moves between the same two stages are not compared with each other.
const MOST_PARALLEL: usize = 8;

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let mut promised: FxHashMap<(StageId, StageId), Vec<(TransitionId, Duration)>> =
        FxHashMap::default();
    let mut order_of_pairs = Vec::new();
    for (id, transition) in process.transitions.iter() {
        let Some(terms) = &transition.handoff else { continue };
        let Some(within) = terms.within else { continue };
        findings.extend(against_the_receiver(context, id, within, terms.span));
        let pair = (transition.from, transition.to);
        let moves = promised.entry(pair).or_default();
        if moves.is_empty() {
            order_of_pairs.push(pair);
        }
        moves.push((id, within));
    }
    for pair in order_of_pairs {
        let Some(moves) = promised.get(&pair).filter(|moves| moves.len() <= MOST_PARALLEL) else {
            continue;
        };
        for (index, first) in moves.iter().enumerate() {
            let rest = moves.iter().skip(index + 1);
            findings.extend(rest.filter_map(|second| two_promises(context, *first, *second)));
        }
    }
}

/// The handoff's clock runs from the moment in which the record enters the stage, and so do those of
/// the stage. Whoever takes the whole time of the handoff has broken a shorter one.
fn against_the_receiver(
    context: &Context<'_>,
    id: TransitionId,
    within: Duration,
    terms: Span,
) -> Option<Diagnostic> {
    let process = context.process;
    let transition = &process.transitions[id];
    let stage = &process.stages[transition.to];
    if stage.broken || !context.may_hold_records(transition.from) {
        return None;
    }
    let longer = |other: Duration| certainly_longer(within, other, &process.calendar) == Some(true);
    let name = &stage.name;
    let mut rival = None;
    if let Some(limit) = &stage.limit {
        // The target is for records on their way forward; those that come back may be in less haste.
        let forward = transition.kind == TransitionKind::Advance;
        let target = limit.target.filter(|target| forward && longer(*target));
        // A target past the limit is told by itself.
        if longer(limit.duration) {
            let what = format!("`{name}` is to be left within {}", limit.duration);
            rival =
                Some((limit.span, what, format!("after {} its limit has passed", limit.duration)));
        } else if let Some(target) = target {
            let what = format!("`{name}` aims to be left within {target}");
            rival = Some((limit.span, what, format!("after {target} its target has passed")));
        }
    }
    let early = stage.outgoing.iter().filter_map(|out| Some((*out, opening(process, *out)?)));
    let early = early.filter(|(_, clock)| clock.takes_all && longer(clock.wait)).min_by(
        |(_, a), (_, b)| {
            order(a.wait, b.wait, &process.calendar).unwrap_or(std::cmp::Ordering::Equal)
        },
    );
    if let (None, Some((out, clock))) = (&rival, early) {
        let way = &process.transitions[out];
        let to = &process.stages[way.to].name;
        let what = format!("takes every record to `{to}` after {}", clock.wait);
        let step = story::step(process, way.from, Edge::Move(out), way.to);
        rival = Some((clock.span, what, format!("after {} it {step}", clock.wait)));
    }
    let (place, what, first) = rival?;
    let receiver = process.stage_team(transition.to).map_or_else(
        || "the receiver".to_owned(),
        |team| format!("`{}`", process.teams[team].name),
    );
    let finding = RULE
        .finding(terms, format!("the handoff from {} allows more time than the stage has", story::ends(process, id)))
        .reason(format!("{receiver} may take {within}"))
        .label(place, what)
        .story(format!(
            "{} and is handed over to `{name}`; {first}, while {receiver} may wait until {within} are over",
            story::arrival(context, transition.from)
        ));
    Some(finding.help(
        "decide which of the two holds: let the handoff ask for less time than the stage allows",
    ))
}

/// Two handoffs between the same stages promise different times, and some record may take either. A move
/// with terms of its own is none that another one makes needless.
fn two_promises(
    context: &Context<'_>,
    first: (TransitionId, Duration),
    second: (TransitionId, Duration),
) -> Option<Diagnostic> {
    let process = context.process;
    let (one, other) = (&process.transitions[first.0], &process.transitions[second.0]);
    let calendar = &process.calendar;
    let differ = certainly_longer(first.1, second.1, calendar) == Some(true)
        || certainly_longer(second.1, first.1, calendar) == Some(true);
    // Work that goes forward and work that comes back are different events.
    let advances = one.kind == TransitionKind::Advance && other.kind == TransitionKind::Advance;
    if !differ || !advances || context.is_unfinished(one.from) || context.is_unfinished(one.to) {
        return None;
    }
    let both = context.prover.overlap(Formula::Open(first.0), Formula::Open(second.0));
    let Answer::Yes(witness) = both else { return None };
    let told = witness.tell(process);
    let such = if told.is_empty() { String::new() } else { format!(" where {told}") };
    let terms = |transition: &crate::model::Transition| {
        transition.handoff.as_ref().map_or(transition.span, |handoff| handoff.span)
    };
    let finding = RULE
        .finding(
            terms(other),
            format!("two handoffs from {} promise different times", story::ends(process, second.0)),
        )
        .reason(format!("{} here", second.1))
        .label(terms(one), format!("{} here", first.1))
        .story(format!(
            "{}{such}; it may be handed over by either, and is due after {} or after {}",
            story::arrival(context, one.from),
            first.1,
            second.1
        ));
    Some(finding.help("tell them apart by their conditions, or promise one time"))
}
