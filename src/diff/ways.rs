//! The moves between two stages, taken together: who can still go from the one to the other is not
//! kept back because one move among them is written otherwise, or is part of another now.

use crate::model::{Origin, Process, StageId, Transition, TransitionId};

use super::condition::{Verdict, Way, guard};
use super::{Comparison, Kind};

/// Nobody writes more moves between the same two stages than this; more are looked at one by one.
const MOST: usize = 32;

impl Comparison<'_> {
    /// How what a move asks for has changed, beside the other moves between its stages. Without `was`
    /// it has come, without `now` it is gone. `None` where nothing has changed, or a stage is gone.
    pub(super) fn compare_move(
        &self,
        was: Option<TransitionId>,
        now: Option<TransitionId>,
    ) -> Option<Verdict> {
        let (from, to) = self.ends(was, now)?;
        let olds = between(self.old, from.0, to.0).filter(|id| Some(*id) != was);
        let news = between(self.new, from.1, to.1).filter(|id| Some(*id) != now);
        let (lost, came) =
            (was.map(|id| &self.old.transitions[id]), now.map(|id| &self.new.transitions[id]));
        let olds = olds.filter(|id| in_place(&self.old.transitions[*id], came.or(lost)));
        let news = news.filter(|id| in_place(&self.new.transitions[*id], lost.or(came)));
        let old = Way {
            own: was.map(|id| guard(self.old, id)),
            others: olds.take(MOST).map(|id| guard(self.old, id)).collect(),
        };
        let new = Way {
            own: now.map(|id| guard(self.new, id)),
            others: news.take(MOST).map(|id| guard(self.new, id)).collect(),
        };
        let record = self.new.stages[from.1].record;
        self.common.compare_ways(&old, &new, record)
    }

    /// Whether everybody who could make a move that is gone can still go its way, by other moves.
    /// `from any open of` is a move from many stages.
    pub(super) fn is_replaced(&self, gone: TransitionId) -> bool {
        let mut all = self.alike(gone, true).peekable();
        all.peek().is_some()
            && all.all(|id| {
                let verdict = self.compare_move(Some(id), None);
                verdict.is_some_and(|verdict| verdict.kind == Kind::Reworded)
            })
    }

    /// Whether other moves lead from where a move that is on both sides begins to where it ends.
    pub(super) fn has_others(&self, was: TransitionId, now: TransitionId) -> bool {
        // One that stands for moves from many stages has no stage of its own to begin in.
        let origins = [self.old.transitions[was].origin, self.new.transitions[now].origin];
        if origins.contains(&Origin::AnyOpen) {
            return false;
        }
        let Some((from, to)) = self.ends(Some(was), Some(now)) else { return false };
        let counts = [
            between(self.old, from.0, to.0).take(MOST + 1).count(),
            between(self.new, from.1, to.1).take(MOST + 1).count(),
        ];
        counts.iter().any(|count| *count > 1) && counts.iter().all(|count| *count <= MOST)
    }

    /// Whether everybody who can make a move that came could go its way before, by other moves. One of
    /// another kind is no word for the same: it asks for other criteria, and is counted otherwise.
    pub(super) fn is_replacement(&self, came: TransitionId) -> bool {
        let mut all = self.alike(came, false).peekable();
        all.peek().is_some()
            && all.all(|id| {
                let verdict = self.compare_move(None, Some(id));
                verdict.is_some_and(|verdict| verdict.kind == Kind::Reworded)
                    && self.ends(None, Some(id)).is_some_and(|(from, to)| {
                        is_among(self.old, from.0, to.0, &self.new.transitions[id])
                    })
            })
    }

    /// Whether a move of the kind of one that is gone leads where it led.
    pub(super) fn is_same_kind_left(&self, gone: TransitionId) -> bool {
        self.alike(gone, true).all(|id| {
            self.ends(Some(id), None).is_some_and(|(from, to)| {
                is_among(self.new, from.1, to.1, &self.old.transitions[id])
            })
        })
    }

    /// Whether records wait that could go at once, or as often as they came back: a move that came
    /// stands in the place of one from any open stage, and is open later, or less often.
    pub(super) fn is_later(&self, came: TransitionId) -> bool {
        let Some(was) = self.displaced(came) else { return false };
        let (old, new) = (&self.old.transitions[was], &self.new.transitions[came]);
        !in_place(new, Some(old))
            && self
                .compare_move(Some(was), None)
                .is_some_and(|verdict| verdict.kind != Kind::Reworded)
    }

    /// A move of the old process, from any open stage, in whose place stands one that came: a stage
    /// that declares a move to the same stage keeps its own.
    pub(super) fn displaced(&self, came: TransitionId) -> Option<TransitionId> {
        let now = &self.new.transitions[came];
        if now.origin != Origin::Declared {
            return None;
        }
        let (from, to) = (self.pairs.stages.old_of(now.from)?, self.pairs.stages.old_of(now.to)?);
        let any = |id: &TransitionId| self.old.transitions[*id].origin == Origin::AnyOpen;
        between(self.old, from, to).find(any)
    }

    /// Whether any move, also one of refused records, leads from a stage to where one of the old process
    /// is now.
    pub(crate) fn is_led_to(&self, from: StageId, to: StageId) -> bool {
        let Some(to) = self.pairs.stages.new_of(to) else { return false };
        let mut ways = self.new.stages[from].outgoing.iter();
        ways.any(|id| self.new.transitions[*id].to == to)
    }

    /// The moves for which one stands, between stages that are on both sides.
    fn alike(&self, id: TransitionId, is_old: bool) -> impl Iterator<Item = TransitionId> {
        let process = if is_old { self.old } else { self.new };
        let of = &process.transitions[id];
        let all: Vec<TransitionId> = match of.origin {
            Origin::AnyOpen => {
                let incoming = process.stages[of.to].incoming.iter().copied();
                incoming
                    .filter(|other| {
                        let other = &process.transitions[*other];
                        other.origin == Origin::AnyOpen && other.span.key() == of.span.key()
                    })
                    .collect()
            }
            _ => vec![id],
        };
        all.into_iter().filter(move |id| {
            let (was, now) = if is_old { (Some(*id), None) } else { (None, Some(*id)) };
            self.ends(was, now).is_some()
        })
    }

    /// Where a move begins and ends, on both sides.
    fn ends(
        &self,
        was: Option<TransitionId>,
        now: Option<TransitionId>,
    ) -> Option<((StageId, StageId), (StageId, StageId))> {
        let stages = &self.pairs.stages;
        if let Some(id) = was {
            let of = &self.old.transitions[id];
            let ends = (stages.new_of(of.from)?, stages.new_of(of.to)?);
            return Some(((of.from, ends.0), (of.to, ends.1)));
        }
        let of = &self.new.transitions[now?];
        Some(((stages.old_of(of.from)?, of.from), (stages.old_of(of.to)?, of.to)))
    }
}

/// Whether a move is open whenever another would be, but for what the two ask for.
fn in_place(one: &Transition, other: Option<&Transition>) -> bool {
    let Some(other) = other else { return false };
    let as_soon = match (&one.after, &other.after) {
        (None, _) => true,
        // Days before a date are counted by a field, which the two sides may call otherwise.
        (Some(a), Some(b)) => a.before.is_none() && b.before.is_none() && a.duration == b.duration,
        (Some(_), None) => false,
    };
    let as_often = match (one.at_most, other.at_most) {
        (None, _) => true,
        (Some(a), Some(b)) => a >= b,
        (Some(_), None) => false,
    };
    as_soon && as_often
}

/// Whether a move of the same kind leads from the one stage to the other.
fn is_among(process: &Process, from: StageId, to: StageId, of: &Transition) -> bool {
    between(process, from, to).any(|id| process.transitions[id].kind == of.kind)
}

/// The moves from one stage to another that people can make.
fn between(process: &Process, from: StageId, to: StageId) -> impl Iterator<Item = TransitionId> {
    process.stages[from].outgoing.iter().copied().filter(move |id| {
        let of = &process.transitions[*id];
        of.to == to && !matches!(of.origin, Origin::Refusal(_))
    })
}
