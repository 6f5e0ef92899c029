//! Linear constraints between numbers, decided by elimination (Fourier and Motzkin): one variable after
//! the other is replaced by what its lower bounds say of its upper bounds.

use super::node::Slot;
use super::ratio::{Ratio, gcd};

/// `sum of factor * number + constant <= 0`, or `< 0`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) terms: Vec<(Slot, i128)>,
    pub(super) constant: i128,
    pub(super) strict: bool,
}

/// More rows are more than anybody writes: give up.
const MOST_ROWS: usize = 400;

/// What elimination finds.
pub(super) enum Verdict {
    /// No numbers satisfy all rows.
    Infeasible,
    /// Some do, or would if whole numbers were not asked for.
    Feasible(System),
    /// Too many rows or too large numbers.
    Unknown,
}

/// The rows by the variable that was eliminated with them, in order of elimination.
pub(super) struct System {
    steps: Vec<(Slot, Vec<Row>)>,
}

/// An end of what a variable may be, and whether the end itself belongs to it.
pub(super) type Limit = Option<(Ratio, bool)>;

impl Row {
    /// `sum + constant <= 0` with fractions; `None` when the numbers get too large.
    pub(super) fn new(terms: &[(Slot, Ratio)], constant: Ratio, strict: bool) -> Option<Self> {
        if constant.is_whole() && terms.iter().all(|(_, factor)| factor.is_whole()) {
            // The rule, and nothing to divide by.
            let terms = terms.iter().map(|(slot, factor)| (*slot, factor.num())).collect();
            return Some(Row { terms, constant: constant.num(), strict });
        }
        let mut scale = constant.den();
        for (_, factor) in terms {
            scale = (scale / gcd(scale, factor.den())).checked_mul(factor.den())?;
        }
        let whole = |x: Ratio| x.num().checked_mul(scale / x.den());
        let mut scaled = Vec::with_capacity(terms.len());
        for (slot, factor) in terms {
            scaled.push((*slot, whole(*factor)?));
        }
        Some(Row { terms: scaled, constant: whole(constant)?, strict })
    }

    /// The row that holds when this one does not.
    pub(super) fn negated(&self) -> Self {
        let terms =
            self.terms.iter().map(|(slot, factor)| (*slot, factor.saturating_neg())).collect();
        Row { terms, constant: self.constant.saturating_neg(), strict: !self.strict }
    }

    fn factor(&self, slot: Slot) -> i128 {
        self.terms.iter().find(|(s, _)| *s == slot).map_or(0, |(_, factor)| *factor)
    }

    /// Divided by what all its numbers share; rounded where only whole numbers count.
    fn tightened(mut self, is_whole: &impl Fn(Slot) -> bool) -> Option<Self> {
        let mut shared = self.terms.iter().fold(0, |shared, (_, f)| gcd(shared, *f));
        if shared == 0 {
            return Some(self);
        }
        if self.terms.iter().all(|(slot, _)| is_whole(*slot)) {
            if self.strict {
                self.constant = self.constant.checked_add(1)?;
                self.strict = false;
            }
            if shared == 1 {
                return Some(self);
            }
            self.constant = Ratio::new(self.constant, shared)?.ceil()?;
        } else if shared == 1 {
            return Some(self);
        } else {
            shared = gcd(shared, self.constant);
            self.constant /= shared;
        }
        for (_, factor) in &mut self.terms {
            *factor /= shared;
        }
        Some(self)
    }

    /// Without variables: whether it holds.
    fn is_true(&self) -> bool {
        if self.strict { self.constant < 0 } else { self.constant <= 0 }
    }

    /// `a * self + b * other`, without the variable whose factors cancel.
    fn combined(&self, a: i128, other: &Row, b: i128, without: Slot) -> Option<Self> {
        let mut terms: Vec<(Slot, i128)> = Vec::with_capacity(self.terms.len() + other.terms.len());
        for (row, by) in [(self, a), (other, b)] {
            for (slot, factor) in row.terms.iter().filter(|(slot, _)| *slot != without) {
                let more = factor.checked_mul(by)?;
                match terms.iter_mut().find(|(s, _)| s == slot) {
                    Some((_, sum)) => *sum = sum.checked_add(more)?,
                    None => terms.push((*slot, more)),
                }
            }
        }
        terms.retain(|(_, factor)| *factor != 0);
        let constant = self.constant.checked_mul(a)?.checked_add(other.constant.checked_mul(b)?)?;
        Some(Row { terms, constant, strict: self.strict || other.strict })
    }
}

/// Decides the rows, eliminating the variables in this order.
pub(super) fn solve(rows: Vec<Row>, order: &[Slot], is_whole: &impl Fn(Slot) -> bool) -> Verdict {
    let mut left = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(row) = row.tightened(is_whole) else { return Verdict::Unknown };
        left.push(row);
    }
    let mut steps = Vec::with_capacity(order.len());
    for &slot in order {
        let (with, mut next): (Vec<Row>, Vec<Row>) =
            left.into_iter().partition(|row| row.factor(slot) != 0);
        for low in with.iter().filter(|row| row.factor(slot) < 0) {
            for high in with.iter().filter(|row| row.factor(slot) > 0) {
                let (a, b) = (high.factor(slot), -low.factor(slot));
                let shared = gcd(a, b);
                let row = low
                    .combined(a / shared, high, b / shared, slot)
                    .and_then(|row| row.tightened(is_whole));
                let Some(row) = row else { return Verdict::Unknown };
                if row.terms.is_empty() {
                    if !row.is_true() {
                        return Verdict::Infeasible;
                    }
                } else if !next.contains(&row) {
                    next.push(row);
                }
            }
        }
        if next.len() > MOST_ROWS {
            return Verdict::Unknown;
        }
        steps.push((slot, with));
        left = next;
    }
    // Rows without variables from the start.
    if left.iter().any(|row| row.terms.is_empty() && !row.is_true()) {
        return Verdict::Infeasible;
    }
    Verdict::Feasible(System { steps })
}

impl System {
    /// The variables in the order in which values can be chosen: the last eliminated first.
    pub(super) fn slots(&self) -> Vec<Slot> {
        self.steps.iter().rev().map(|(slot, _)| *slot).collect()
    }

    /// What a variable may be once all variables before it have these values. `None` when the numbers
    /// get too large.
    pub(super) fn limits(&self, of: Slot, chosen: &[(Slot, Ratio)]) -> Option<(Limit, Limit)> {
        let (mut low, mut high): (Limit, Limit) = (None, None);
        let rows = self.steps.iter().find(|(slot, _)| *slot == of).map(|(_, rows)| rows)?;
        for row in rows {
            let mut rest = Ratio::whole(row.constant);
            for (slot, factor) in row.terms.iter().filter(|(slot, _)| *slot != of) {
                let (_, value) = chosen.iter().find(|(s, _)| s == slot)?;
                rest = rest.add(value.mul(Ratio::whole(*factor))?)?;
            }
            let factor = row.factor(of);
            let at = rest.negated()?.div(Ratio::whole(factor))?;
            let end = (at, !row.strict);
            let limit = if factor > 0 { &mut high } else { &mut low };
            let tighter = match limit {
                None => true,
                Some((old, closed)) => {
                    let order = at.compare(*old)?;
                    let inside = if factor > 0 { order.is_lt() } else { order.is_gt() };
                    inside || (order.is_eq() && *closed && row.strict)
                }
            };
            if tighter {
                *limit = Some(end);
            }
        }
        Some((low, high))
    }
}
