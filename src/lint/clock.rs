//! The wait before a move can open.

use crate::model::{
    CompareOp, Duration, Expr, ExprKind, Process, TransitionId, TransitionKind, Value,
};
use crate::source::Span;

/// The least time a record spends in its stage before a move opens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening {
    /// That time, counted from entering the stage.
    pub(crate) wait: Duration,
    /// Where it stands: the duration of `after`, or the comparison with `time in stage`.
    pub(crate) span: Span,
    /// Whether it stands in an `after`, and not in a condition.
    pub(crate) is_after: bool,
    /// Whether the clock is all there is: whatever the record looks like, the move opens, and takes
    /// the record away. An `advance after` is no such thing: it is a least wait for work that people do.
    pub(crate) takes_all: bool,
}

/// When the move opens, if a clock that counts from entering the stage has a say in it.
pub(crate) fn opening(process: &Process, id: TransitionId) -> Option<Opening> {
    let transition = &process.transitions[id];
    let conditions = conditions(transition.when.as_ref());
    let spent =
        conditions.iter().find_map(|condition| Some((time_spent(condition)?, condition.span)));
    let clock = transition.after.as_ref().filter(|clock| clock.before.is_none());
    let (wait, span) = match (clock, spent) {
        (Some(clock), _) => (clock.duration, clock.span),
        // A clock that counts back from a date says nothing about the stay.
        (None, Some(spent)) if transition.after.is_none() => spent,
        _ => return None,
    };
    let accept = transition.handoff.as_ref().and_then(|handoff| handoff.accept.as_ref());
    let bare = match clock {
        Some(_) => transition.when.is_none(),
        None => conditions.len() == 1,
    };
    let takes_all = bare
        && accept.is_none()
        && transition.at_most.is_none()
        && transition.kind != TransitionKind::Advance;
    Some(Opening { wait, span, is_after: clock.is_some(), takes_all })
}

/// What must hold, one by one.
fn conditions(when: Option<&Expr>) -> Vec<&Expr> {
    match when.map(|when| (&when.kind, when)) {
        Some((ExprKind::And(all), _)) => all.iter().collect(),
        Some((_, when)) => vec![when],
        None => Vec::new(),
    }
}

/// `time in stage > 10d`: 10 days.
fn time_spent(condition: &Expr) -> Option<Duration> {
    let ExprKind::Compare(left, op, right) = &condition.kind else { return None };
    match (&left.kind, op, &right.kind) {
        (
            ExprKind::TimeInStage,
            CompareOp::Gt | CompareOp::Ge,
            ExprKind::Value(Value::Duration(wait)),
        )
        | (
            ExprKind::Value(Value::Duration(wait)),
            CompareOp::Lt | CompareOp::Le,
            ExprKind::TimeInStage,
        ) => Some(*wait),
        _ => None,
    }
}
