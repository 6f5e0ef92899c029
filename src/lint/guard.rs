//! What stands in the way of a move.

use crate::model::{
    CriterionId, Expr, ExprKind, Id, Process, StageId, TransitionId, TransitionKind,
};

/// What stands in the way of a move, from nothing at all up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Guard {
    /// Nothing: any record may take it at any time, as often as it likes.
    Free,
    /// Facts about the record. Once true, they are true again when the record comes back.
    Facts,
    /// A clock, a counter, or a condition that changes with time. Also anything that could not be
    /// read or is still being written.
    Time,
}

/// The guards of all moves of a process.
#[derive(Debug)]
pub(crate) struct Guards {
    of: Vec<Guard>,
    /// Whether a move opens by the mere passing of time.
    strikes: Vec<bool>,
}

impl Guards {
    /// Judges every move. `unfinished` tells the stages of which nothing missing may be said.
    pub(crate) fn new(process: &Process, unfinished: impl Fn(StageId) -> bool) -> Self {
        // Criteria are judged once per stage, not once per move.
        let criteria = |list: &[CriterionId]| {
            list.iter()
                .map(|id| {
                    let criterion = &process.criteria[*id];
                    of_expr(&criterion.condition)
                        .max(criterion.applies.as_ref().map_or(Guard::Free, of_expr))
                })
                .max()
                .unwrap_or(Guard::Free)
        };
        let exit: Vec<Guard> = process.stages.values().map(|s| criteria(&s.exit)).collect();
        let enter: Vec<Guard> = process.stages.values().map(|s| criteria(&s.enter)).collect();
        let at = |list: &[Guard], stage: StageId| {
            list.get(stage.index()).copied().unwrap_or(Guard::Time)
        };
        let mut of = Vec::with_capacity(process.transitions.len());
        let mut strikes = Vec::with_capacity(process.transitions.len());
        for transition in process.transitions.values() {
            let mut conditions = transition.when.as_ref().map_or(Guard::Free, of_expr);
            if transition.kind == TransitionKind::Advance {
                conditions =
                    conditions.max(at(&exit, transition.from)).max(at(&enter, transition.to));
            }
            let accept = transition.handoff.as_ref().and_then(|handoff| handoff.accept.as_ref());
            if let Some(accept) = accept {
                conditions = conditions.max(of_expr(&accept.when));
            }
            let when_strikes = transition.when.as_ref().is_some_and(changes_by_itself);
            strikes.push(transition.after.is_some() || when_strikes);
            let bounded = transition.after.is_some() || transition.at_most.is_some();
            let unknown = unfinished(transition.from) || unfinished(transition.to);
            of.push(if bounded || unknown { Guard::Time } else { conditions });
        }
        Self { of, strikes }
    }

    /// What stands in the way of a move.
    pub(crate) fn of(&self, transition: TransitionId) -> Guard {
        self.of.get(transition.index()).copied().unwrap_or(Guard::Time)
    }

    /// Whether the move may open though nobody does anything: it has a clock, or a condition that
    /// the mere passing of time can make true. Criteria are no clock: they only stand in the way.
    pub(crate) fn strikes(&self, transition: TransitionId) -> bool {
        self.strikes.get(transition.index()).copied().unwrap_or(true)
    }
}

/// Whether some part of a condition changes though nobody does anything. Points decay, and events
/// fall out of their window; an event as such does not happen by itself.
fn changes_by_itself(condition: &Expr) -> bool {
    let mut changes = false;
    condition.walk(&mut |expr| {
        changes |= matches!(
            expr.kind,
            ExprKind::Today
                | ExprKind::Now
                | ExprKind::TimeInStage
                | ExprKind::Elapsed { .. }
                | ExprKind::Within(..)
                | ExprKind::Event { within: Some(_), .. }
                | ExprKind::Score(_)
                | ExprKind::IsGrade(..)
        );
    });
    changes
}

/// Whether a condition changes with time, or is a matter of facts. An event is something new: the
/// record does not come back with it.
fn of_expr(condition: &Expr) -> Guard {
    let mut guard = if changes_by_itself(condition) { Guard::Time } else { Guard::Facts };
    condition.walk(&mut |expr| {
        if matches!(expr.kind, ExprKind::Event { .. }) {
            guard = Guard::Time;
        }
    });
    guard
}
