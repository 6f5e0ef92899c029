//! Moves. They have no names: a move is the one of its kind between the same stages, and of several
//! the one that asks the same, or else the one in the same place among them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diff::Comparison;
use crate::diff::change::{Aspect, Fact, Kind, Part, Sides, Who};
use crate::diff::pair::Both;
use crate::model::{Clock, Handoff, Origin, Process, StageId, TransitionId, TransitionKind};

use super::Ledger;

/// What moves are told apart by; `None` is any open stage.
type Ends = (Option<StageId>, StageId);

pub(super) fn moves(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    for id in both.moves.removed() {
        let transition = &both.old.transitions[id];
        // What goes with its stage is part of that.
        let Some(from) = both.pairs.stages.new_of(transition.from) else { continue };
        // Where one stage has become part of the other, nobody has to move.
        let is_within = transition.from != transition.to
            && both.pairs.stages.new_of(transition.to) == Some(from);
        if is_within {
            continue;
        }
        let was = transition.when.as_ref().map(Fact::Condition);
        let (who, kind) = match both.is_replaced(id) {
            // Whoever could make it goes the same way by another one.
            true if both.is_same_kind_left(id) => (Who::Nobody, Kind::Merged),
            true => (Who::People, Kind::Merged),
            false => (Who::Records, Kind::Removed),
        };
        ledger.about(Sides::old(Part::Move(id))).add(who, kind, Aspect::Whole, was, None);
    }
    for (was, now) in both.moves.kept() {
        kept(ledger, was, now);
    }
    for id in both.moves.added() {
        let transition = &both.new.transitions[id];
        if both.pairs.stages.old_of(transition.from).is_none() {
            continue;
        }
        let now = transition.when.as_ref().map(Fact::Condition);
        let who = if both.is_replacement(id) { Who::Nobody } else { Who::People };
        let reason = both.guard(id).and_then(|verdict| verdict.reason.clone());
        let mut about = ledger.about(Sides::new(Part::Move(id)));
        about.explained(who, Kind::Added, Aspect::Whole, (None, now), reason);
    }
}

fn kept(ledger: &mut Ledger<'_, '_>, was: TransitionId, now: TransitionId) {
    let both = ledger.both;
    let (old, new) = (&both.old.transitions[was], &both.new.transitions[now]);
    let record = both.new.stages[new.from].record;
    let mut about = ledger.about(Sides::both(Part::Move(was), Part::Move(now)));
    let kind = |kind: TransitionKind| Fact::Name(kind.word().to_owned());
    about.fact(Who::Records, "kind", Some(old.kind), Some(new.kind), kind);
    about.text(Who::Nobody, "title", old.title.as_ref(), new.title.as_ref());
    if both.has_others(was, now) && old.when != new.when {
        // Whom this move lets through says little beside the others.
        let (kind, reason) = match both.guard(now) {
            Some(verdict) => (verdict.kind, verdict.reason.clone()),
            None => (Kind::Reworded, None),
        };
        if both.common.compare(old.when.as_ref(), new.when.as_ref(), record).is_some() {
            let facts =
                (old.when.as_ref().map(Fact::Condition), new.when.as_ref().map(Fact::Condition));
            let who = super::who_of(kind, Who::Records);
            about.explained(who, kind, Aspect::Of("when"), facts, reason);
        }
    } else {
        about.condition(Who::Records, "when", old.when.as_ref(), new.when.as_ref(), record);
    }
    if let (Origin::AnyOpen, Origin::AnyOpen) = (old.origin, new.origin) {
        exceptions(&mut about, was, now);
    }
    clock(&mut about, old.after.as_ref(), new.after.as_ref());
    let times = |n: u32| Fact::Plain(n.to_string());
    about.fact(Who::Records, "at most", old.at_most, new.at_most, times);
    let (given, gives) = (old.handoff.as_ref(), new.handoff.as_ref());
    let within = |handoff: Option<&Handoff>| handoff.and_then(|handoff| handoff.within);
    about.duration([Who::People; 2], "within", within(given), within(gives));
    let carries = |handoff: Option<&Handoff>| {
        let fields = handoff.into_iter().flat_map(|handoff| &handoff.carries);
        fields.map(|field| field.value).collect::<Vec<_>>()
    };
    about.fields(Who::People, "carries", carries(given), carries(gives));
    let (accepted, accepts) = (
        given.and_then(|handoff| handoff.accept.as_ref()),
        gives.and_then(|handoff| handoff.accept.as_ref()),
    );
    let terms = (accepted.map(|accept| &accept.when), accepts.map(|accept| &accept.when));
    about.condition(Who::People, "accept", terms.0, terms.1, record);
    // Where the refused go.
    let back =
        |process: &Process, id: Option<TransitionId>| id.map(|id| process.transitions[id].to);
    let (before, after) = (
        back(both.old, accepted.and_then(|accept| accept.otherwise)),
        back(both.new, accepts.and_then(|accept| accept.otherwise)),
    );
    if before.map(|stage| both.pairs.stages.new_of(stage)) != after.map(Some) {
        let say = |process: &Process, id: Option<StageId>| {
            id.map(|id| Fact::Name(process.stages[id].name.clone()))
        };
        let (was, now) = (say(both.old, before), say(both.new, after));
        let kind = super::came_or_went(was.is_some(), now.is_some());
        // Records that wait for an answer are in flight.
        let is_lost = after.is_none()
            && accepts.is_some()
            && before.is_some_and(|to| !both.is_led_to(new.from, to));
        let who = if is_lost { Who::Records } else { Who::People };
        about.add(who, kind, Aspect::Of("else"), was, now);
    }
}

/// Stages that are on both sides, and that `from any open of` leaves out on one of them only. What
/// came or went tells by itself that there are more ways or less.
fn exceptions(about: &mut super::About<'_, '_, '_>, was: TransitionId, now: TransitionId) {
    let both = about.both();
    let (before, after) = (sources(both.old, was), sources(both.new, now));
    // A stage that declares such a move itself keeps its own: that is told by itself.
    let spared = |process: &Process, id: TransitionId, from: StageId| {
        let to = process.transitions[id].to;
        let stage = &process.stages[from];
        let mut own = stage.outgoing.iter().map(|id| &process.transitions[*id]);
        let own = own.any(|other| other.to == to && other.origin == Origin::Declared);
        stage.is_open() && !own
    };
    let kept: Vec<(StageId, StageId)> = both
        .pairs
        .stages
        .kept()
        .filter(|(from, _)| spared(both.old, was, *from))
        .filter(|(_, from)| spared(both.new, now, *from))
        .collect();
    let name = |id: StageId| both.new.stages[id].name.clone();
    let listed = |of: &dyn Fn(bool, bool) -> bool| {
        let names: Vec<String> = kept
            .iter()
            .filter(|(was, now)| of(before.contains(was), after.contains(now)))
            .map(|(_, now)| name(*now))
            .collect();
        (!names.is_empty()).then_some(Fact::Names(names))
    };
    let (lost, gained) = (listed(&|was, is| !was && is), listed(&|was, is| was && !is));
    if lost.is_some() || gained.is_some() {
        about.add(Who::Records, Kind::Changed, Aspect::Of("exceptions"), lost, gained);
    }
}

/// The stages from which a move of `from any open of` leads.
fn sources(process: &Process, id: TransitionId) -> FxHashSet<StageId> {
    let of = &process.transitions[id];
    process.stages[of.to]
        .incoming
        .iter()
        .map(|id| &process.transitions[*id])
        .filter(|other| other.origin == Origin::AnyOpen && other.span.key() == of.span.key())
        .map(|other| other.from)
        .collect()
}

fn clock<'a>(about: &mut super::About<'_, 'a, '_>, old: Option<&'a Clock>, new: Option<&'a Clock>) {
    let same_day = |was: &Clock, now: &Clock| {
        was.before.map(|field| about.both().pairs.fields.new_of(field)) == now.before.map(Some)
    };
    if let (Some(was), Some(now)) = (old, new)
        && same_day(was, now)
    {
        return about.duration([Who::People; 2], "after", Some(was.duration), Some(now.duration));
    }
    if old.is_none() && new.is_none() {
        return;
    }
    let kind = super::came_or_went(old.is_some(), new.is_some());
    let (was, now) = (old.map(Fact::Clock), new.map(Fact::Clock));
    about.add(Who::People, kind, Aspect::Of("after"), was, now);
}

/// Pairs the moves of two processes. Of those that `from any open of` gives, the first stands for
/// all; ways of refused records are part of their handoff.
pub(in crate::diff) fn pair(both: &Comparison<'_>) -> Both<TransitionId> {
    let (old, new) = (declared(both.old), declared(both.new));
    let ends_now = |id: TransitionId| -> Option<Ends> {
        let transition = &both.old.transitions[id];
        let to = both.pairs.stages.new_of(transition.to)?;
        match transition.origin {
            Origin::AnyOpen => Some((None, to)),
            _ => Some((Some(both.pairs.stages.new_of(transition.from)?), to)),
        }
    };
    let mut free: FxHashMap<Ends, Vec<TransitionId>> = FxHashMap::default();
    for id in &new {
        let transition = &both.new.transitions[*id];
        let from = (transition.origin != Origin::AnyOpen).then_some(transition.from);
        free.entry((from, transition.to)).or_default().push(*id);
    }
    let kind = |was: TransitionId, now: TransitionId| {
        both.old.transitions[was].kind == both.new.transitions[now].kind
    };
    let same = |was: TransitionId, now: TransitionId| {
        let (old, new) = (&both.old.transitions[was], &both.new.transitions[now]);
        let record = both.new.stages[new.from].record;
        kind(was, now)
            && old.title == new.title
            && (old.when == new.when
                || both.common.compare(old.when.as_ref(), new.when.as_ref(), record).is_none())
    };
    let titled = |was: TransitionId, now: TransitionId| {
        let (old, new) = (&both.old.transitions[was], &both.new.transitions[now]);
        kind(was, now) && old.title.is_some() && old.title == new.title
    };
    let any = |_: TransitionId, _: TransitionId| true;
    let passes: [&dyn Fn(TransitionId, TransitionId) -> bool; 4] = [&same, &titled, &kind, &any];
    let mut pairs: Vec<(TransitionId, TransitionId)> = Vec::new();
    let mut left = old.clone();
    for fits in passes {
        left.retain(|was| {
            let Some(all) = ends_now(*was).and_then(|ends| free.get_mut(&ends)) else {
                return true;
            };
            let Some(at) = all.iter().position(|now| fits(*was, *now)) else { return true };
            pairs.push((*was, all.remove(at)));
            false
        });
    }
    Both::of(old, new, pairs)
}

/// The moves that are written, in order.
fn declared(process: &Process) -> Vec<TransitionId> {
    let mut seen = FxHashSet::default();
    process
        .transitions
        .iter()
        .filter(|(_, transition)| match transition.origin {
            Origin::Declared => true,
            Origin::AnyOpen => seen.insert((transition.to, transition.span.key())),
            Origin::Refusal(_) => false,
        })
        .map(|(id, _)| id)
        .collect()
}
