//! `shadowed-transition`: a move that another one always comes before.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::graph::Edge;
use crate::lint::conditions::facts;
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::duration;
use crate::logic::prove::Formula;
use crate::model::{Origin, StageId, Text, Transition, TransitionId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "shadowed-transition",
    family: Family::Criteria,
    summary: "a move that can never be the one taken, because another is open whenever it is",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/shadowed-transition.md"),
    check: Check::Process(check),
};

/// A stage with more moves to one target than this is compared as far as here.
const MOST_WAYS: usize = 24;

fn check<'a>(context: &Context<'a>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for stage in process.stages.values() {
        let declared: Vec<TransitionId> = stage
            .outgoing
            .iter()
            .copied()
            .filter(|id| process.transitions[*id].origin == Origin::Declared)
            .collect();
        let mut alike: FxHashMap<(TransitionKind, StageId), Vec<TransitionId>> =
            FxHashMap::default();
        for id in &declared {
            let way = &process.transitions[*id];
            let ways = alike.entry((way.kind, way.to)).or_default();
            if ways.len() < MOST_WAYS {
                ways.push(*id);
            }
        }
        let timer = first_timer(context, &declared);
        for id in &declared {
            let way = &process.transitions[*id];
            let beside = alike.get(&(way.kind, way.to)).map_or(&[][..], Vec::as_slice);
            // Of two that are open for the same records, the one written later is too much.
            let before = beside.iter().copied().find(|other| {
                shadows(context, *other, *id) && (other < id || !shadows(context, *id, *other))
            });
            if let Some(other) = before {
                findings.push(behind_another(context, *id, other));
            } else if let Some(timer) = timer.filter(|timer| timer != id)
                // Where they lead to different stages, `timer-after-limit` speaks of it.
                && process.transitions[timer].to == way.to
                && strikes_later(context, timer, *id)
            {
                findings.push(behind_a_timer(context, *id, timer));
            }
        }
    }
}

/// Whether `wide`, which leads to the same stage, is open whenever `narrow` is, and nothing tells the
/// two apart for those who read or count them.
fn shadows<'a>(context: &Context<'a>, wide: TransitionId, narrow: TransitionId) -> bool {
    let process = context.process;
    if wide == narrow {
        return false;
    }
    let (one, other) = (&process.transitions[wide], &process.transitions[narrow]);
    // What a person may do at any time, a clock does by itself.
    if other.after.is_some() && one.after.is_none() {
        return false;
    }
    // A bounded move is used up, and then the other is all there is.
    let used_up = one.at_most.is_some() && one.at_most != other.at_most;
    if used_up
        || !same_words(one.title.as_ref(), other.title.as_ref())
        || one.handoff != other.handoff
    {
        return false;
    }
    if one.when == other.when && one.after == other.after {
        // Declared twice word for word, it is told when the source is read.
        return one.at_most != other.at_most;
    }
    if one.when.is_none() && one.after.is_none() {
        return true;
    }
    // A condition on other facts is implied by an impossible one only, which is told elsewhere.
    let (Some(of_one), Some(of_other)) = (&one.when, &other.when) else {
        return one.when.is_none() && open_implies(context, narrow, wide);
    };
    !facts(of_one).is_disjoint(&facts(of_other)) && open_implies(context, narrow, wide)
}

fn open_implies<'a>(context: &Context<'a>, narrow: TransitionId, wide: TransitionId) -> bool {
    !context.conditions().never_open(narrow)
        && context.prover.follows(Formula::Open(narrow), Formula::Open(wide))
}

fn same_words(one: Option<&Text>, other: Option<&Text>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.value == other.value,
        // A name of its own for a part of the records is a reason to be.
        (None, Some(_)) => false,
        _ => true,
    }
}

/// The way that every record goes when it has stayed long enough: a clock and nothing else, back
/// into the loop or to a loss, as often as need be. Of several, the first to strike.
fn first_timer(context: &Context<'_>, ways: &[TransitionId]) -> Option<TransitionId> {
    let process = context.process;
    ways.iter()
        .copied()
        .filter(|id| {
            let way = &process.transitions[*id];
            let bare = way.when.is_none() && way.at_most.is_none();
            bare && way.kind != TransitionKind::Advance && from_entry(way)
        })
        .reduce(|first, next| if strikes_later(context, first, next) { first } else { next })
}

fn from_entry(way: &Transition) -> bool {
    way.after.as_ref().is_some_and(|clock| clock.before.is_none())
}

/// Whether the second clock strikes only when the first has struck, and strictly later.
fn strikes_later(context: &Context<'_>, first: TransitionId, second: TransitionId) -> bool {
    let process = context.process;
    let (one, other) = (&process.transitions[first], &process.transitions[second]);
    let (Some(sooner), Some(later)) = (&one.after, &other.after) else { return false };
    let clocks = from_entry(one) && from_entry(other) && other.kind != TransitionKind::Advance;
    if !clocks {
        return false;
    }
    duration::certainly_longer(later.duration, sooner.duration, &process.calendar) == Some(true)
}

fn behind_another(context: &Context<'_>, id: TransitionId, other: TransitionId) -> Diagnostic {
    let process = context.process;
    let (way, wide) = (&process.transitions[id], &process.transitions[other]);
    let ends = story::ends(process, id);
    RULE.finding(way.span, format!("this move from {ends} adds nothing to another"))
        .reason("nothing changes when this is left out")
        .label(wide.span, "whenever it is open, so is this one, which leads to the same stage")
        .help("leave it out, or correct the condition of one of them")
}

fn behind_a_timer(context: &Context<'_>, id: TransitionId, timer: TransitionId) -> Diagnostic {
    let process = context.process;
    let (way, first) = (&process.transitions[id], &process.transitions[timer]);
    let length = |way: &Transition| {
        way.after.as_ref().map_or_else(String::new, |clock| clock.duration.to_string())
    };
    let (from, to) = (&process.stages[way.from].name, &process.stages[way.to].name);
    RULE.finding(
        way.span,
        format!("no record is in `{from}` long enough to go to `{to}` after {}", length(way)),
    )
    .reason(format!("opens after {}", length(way)))
    .label(first.span, format!("every record leaves after {}", length(first)))
    .story(format!(
        "{}, {} after {}, and is gone when the other clock strikes",
        story::arrival(context, way.from),
        story::step(process, way.from, Edge::Move(timer), first.to),
        length(first)
    ))
    .help("let the shorter wait be for some records only (`when …`), or leave the longer one out")
}
