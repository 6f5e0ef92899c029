//! Scores: which points a record can have.

use crate::model::{Expr, ScoreId};

use super::domain::{Domain, Intervals, Values};
use super::formula::{Compiler, Key, Node, Slot};

/// The rules of a score, as they are searched.
pub(super) struct ScoreRules<'a> {
    pub(super) slot: Slot,
    pub(super) rules: Vec<Node<'a>>,
}

impl<'a> Compiler<'a> {
    pub(super) fn score_slot(&mut self, _score: ScoreId) -> Option<Slot> {
        None
    }

    pub(super) fn score_is(
        &mut self,
        whole: &'a Expr,
        _score: ScoreId,
        _set: &Intervals,
        yes: bool,
    ) -> Node<'a> {
        self.claim(whole, yes)
    }

    pub(super) fn grade(
        &mut self,
        score: ScoreId,
        grade: usize,
        yes: bool,
        whole: Option<&'a Expr>,
    ) -> Node<'a> {
        if let Some(whole) = whole {
            return self.claim(whole, yes);
        }
        let any = Domain { missing: false, values: Values::Truth { yes: true, no: true } };
        let slot = self.slot_with(Key::Grade(score, grade), |_| (any, false));
        self.is(slot, Domain { missing: false, values: Values::Truth { yes, no: !yes } })
    }
}
