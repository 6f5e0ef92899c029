//! Scores: which points a record can have. The rules of a score are put into groups that have no fact
//! in common; of each group the sums that some record has are found by search, and the sums of all
//! groups are added up.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::model::{Category, CompareOp, Expr, ExprKind, Score, ScoreId};

use super::domain::{Domain, Intervals, Values};
use super::formula::Compiler;
use super::node::{Atom, Key, Node, Slot};

/// The rules of a score, as they are searched.
pub(super) struct ScoreRules<'a> {
    pub(super) slot: Slot,
    pub(super) score: &'a Score,
    pub(super) rules: Vec<Rule<'a>>,
    /// Points are counted in `1 / 10^scale`.
    pub(super) scale: u32,
}

/// A rule that gives points, as it is searched.
pub(super) struct Rule<'a> {
    pub(super) yes: Node<'a>,
    pub(super) no: Node<'a>,
    pub(super) slots: Vec<Slot>,
    pub(super) points: i64,
    pub(super) category: Category,
    /// The points get fewer with time.
    pub(super) decays: bool,
}

/// Points beyond this are not looked into.
const MOST_POINTS: i64 = 1_000_000_000_000;
/// More decimal places are more than anybody writes.
const FINEST: u32 = 6;

impl<'a> Compiler<'a> {
    /// The variable of a score; `None` when it is not of the kind that is looked into.
    fn score_slot(&mut self, id: ScoreId) -> Option<Slot> {
        if let Some(slot) = self.slot_of(Key::Score(id)) {
            return Some(slot);
        }
        let score = &self.process.scores[id];
        let scale = score.points.iter().map(|rule| rule.points.normalize().scale()).max();
        let scale = scale.unwrap_or(0);
        let modest = |x: &Decimal| x.abs() < Decimal::from(MOST_POINTS) && x.scale() <= FINEST;
        let factors = score.caps.iter().chain(&score.weights).map(|(_, value)| value);
        if score.broken
            || scale > FINEST
            || !factors.chain(&score.total_cap).all(modest)
            || score.points.iter().any(|rule| reads_scores(&rule.when))
        {
            return None;
        }
        let ten = Decimal::from(10_u64.checked_pow(scale)?);
        let mut rules = Vec::with_capacity(score.points.len());
        for rule in &score.points {
            let points = rule.points.checked_mul(ten)?.to_i64()?;
            if points.abs() > MOST_POINTS {
                return None;
            }
            let (yes, no) = (self.holds(&rule.when, true), self.holds(&rule.when, false));
            let mut slots = Vec::new();
            self.slots_in(&yes, &mut slots);
            self.slots_in(&no, &mut slots);
            let timed = rule.halves_every.is_some() || rule.expires_after.is_some();
            let decays = timed && names_events(&rule.when);
            rules.push(Rule { yes, no, slots, points, category: rule.category, decays });
        }
        let any = Domain { missing: false, values: Values::Numbers(Intervals::all()) };
        let slot = self.slot_with(Key::Score(id), |_| (any, false));
        self.scores.push(ScoreRules { slot, score, rules, scale });
        Some(slot)
    }

    /// The facts a condition is about; not the time of the question, which all have in common.
    fn slots_in(&self, node: &Node<'a>, slots: &mut Vec<Slot>) {
        let mut add = |slot: Slot| {
            let key = self.variables.get(slot).map(|variable| variable.key);
            if !matches!(key, Some(Key::Today | Key::Now)) && !slots.contains(&slot) {
                slots.push(slot);
            }
        };
        match node {
            Node::True | Node::False => {}
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter().for_each(|node| self.slots_in(node, slots));
            }
            Node::Atom(Atom::Is(slot, _)) => add(*slot),
            Node::Atom(Atom::Had(had)) => add(had.slot),
            Node::Atom(Atom::Same(a, b, _)) => [*a, *b].into_iter().for_each(add),
            Node::Atom(Atom::Linear(row)) => row.terms.iter().for_each(|(slot, _)| add(*slot)),
        }
    }

    /// That the points of a score are in a set.
    pub(super) fn score_is(
        &mut self,
        whole: &'a Expr,
        score: ScoreId,
        set: &Intervals,
        yes: bool,
    ) -> Node<'a> {
        match self.score_slot(score) {
            Some(slot) => self.number_is(slot, set, yes),
            None => self.claim(whole, yes),
        }
    }

    /// That the record has a grade; `whole` is the condition that asks.
    pub(super) fn grade(
        &mut self,
        score: ScoreId,
        grade: usize,
        yes: bool,
        whole: Option<&'a Expr>,
    ) -> Node<'a> {
        let grades = &self.process.scores[score].grades;
        let reaching = |at_least: Option<Decimal>| {
            at_least.map_or_else(Intervals::all, |least| Intervals::that(CompareOp::Ge, least))
        };
        let Some(own) = grades.get(grade) else { return Node::truth(!yes) };
        let mut set = reaching(own.at_least);
        for earlier in grades.iter().take(grade) {
            set = set.intersect(&reaching(earlier.at_least).complement());
        }
        if let Some(slot) = self.score_slot(score) {
            return self.number_is(slot, &set, yes);
        }
        if let Some(whole) = whole {
            return self.claim(whole, yes);
        }
        let any = Domain { missing: false, values: Values::Truth { yes: true, no: true } };
        let slot = self.slot_with(Key::Grade(score, grade), |_| (any, false));
        self.is(slot, Domain { missing: false, values: Values::Truth { yes, no: !yes } })
    }
}

fn reads_scores(condition: &Expr) -> bool {
    reads(condition, |kind| matches!(kind, ExprKind::Score(_) | ExprKind::IsGrade(..)))
}

fn names_events(condition: &Expr) -> bool {
    reads(condition, |kind| matches!(kind, ExprKind::Event { .. }))
}

fn reads(condition: &Expr, what: impl Fn(&ExprKind) -> bool) -> bool {
    let mut found = false;
    condition.walk(&mut |expr| found |= what(&expr.kind));
    found
}
