//! What is still possible for one fact about a record: sets of values, each perhaps with "missing".

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::model::CompareOp;

/// What a fact may be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Domain<'a> {
    /// It may be missing.
    pub(super) missing: bool,
    /// Or one of these.
    pub(super) values: Values<'a>,
}

/// A set of values of one type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values<'a> {
    /// Numbers, amounts, percentages, days, seconds.
    Numbers(Intervals),
    /// Texts and people.
    Texts(Few<&'a str>),
    /// One option of so many.
    Options(Few<usize>, usize),
    /// True, false.
    Truth { yes: bool, no: bool },
    /// Several options.
    Many(Choice),
}

/// These only, or all but these.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Few<T> {
    pub(super) keys: Vec<T>,
    pub(super) only: bool,
}

/// Sets of options of a field that holds several: those that have all of `must`, none of `never`, and
/// at least one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    pub(super) must: Vec<usize>,
    pub(super) never: Vec<usize>,
    /// How many options there are.
    pub(super) of: usize,
    /// No set at all.
    pub(super) none: bool,
}

impl<'a> Domain<'a> {
    pub(super) fn is_empty(&self) -> bool {
        !self.missing && self.values.is_empty()
    }

    pub(super) fn intersect(&self, other: &Self) -> Self {
        let missing = self.missing && other.missing;
        Domain { missing, values: self.values.intersect(&other.values) }
    }

    /// Whether nothing is in both.
    pub(super) fn is_disjoint(&self, other: &Self) -> bool {
        if self.missing && other.missing {
            return false;
        }
        match (&self.values, &other.values) {
            (Values::Numbers(a), Values::Numbers(b)) => a.is_disjoint(b),
            (a, b) => a.intersect(b).is_empty(),
        }
    }

    /// Whether it is known to be part of the other.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        (!self.missing || other.missing) && self.values.is_within(&other.values)
    }
}

impl Values<'_> {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Values::Numbers(set) => set.pieces.is_empty(),
            Values::Texts(few) => few.only && few.keys.is_empty(),
            Values::Options(few, of) if few.only => few.keys.is_empty() || *of == 0,
            Values::Options(few, of) => few.keys.len() >= *of,
            Values::Truth { yes, no } => !yes && !no,
            Values::Many(choice) => choice.none,
        }
    }

    /// Every value of the type.
    pub(super) fn all_like(&self) -> Self {
        match self {
            Values::Numbers(_) => Values::Numbers(Intervals::all()),
            Values::Texts(_) => Values::Texts(Few { keys: vec![], only: false }),
            Values::Options(_, of) => Values::Options(Few { keys: vec![], only: false }, *of),
            Values::Truth { .. } => Values::Truth { yes: true, no: true },
            Values::Many(choice) => Values::Many(Choice::any(choice.of)),
        }
    }

    /// No value of the type.
    pub(super) fn none_like(&self) -> Self {
        match self {
            Values::Numbers(_) => Values::Numbers(Intervals::none()),
            Values::Texts(_) => Values::Texts(Few { keys: vec![], only: true }),
            Values::Options(_, of) => Values::Options(Few { keys: vec![], only: true }, *of),
            Values::Truth { .. } => Values::Truth { yes: false, no: false },
            Values::Many(choice) => Values::Many(Choice { none: true, ..Choice::any(choice.of) }),
        }
    }

    fn intersect(&self, other: &Self) -> Self {
        match (self, other) {
            (Values::Numbers(a), Values::Numbers(b)) => Values::Numbers(a.intersect(b)),
            (Values::Texts(a), Values::Texts(b)) => Values::Texts(a.intersect(b)),
            (Values::Options(a, of), Values::Options(b, _)) => Values::Options(a.intersect(b), *of),
            (Values::Truth { yes, no }, Values::Truth { yes: y, no: n }) => {
                Values::Truth { yes: *yes && *y, no: *no && *n }
            }
            (Values::Many(a), Values::Many(b)) => Values::Many(a.intersect(b)),
            // Never asked: a fact has one type.
            _ => self.clone(),
        }
    }

    fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Values::Numbers(a), Values::Numbers(b)) => a.is_within(b),
            (Values::Texts(a), Values::Texts(b)) => a.is_within(b),
            (Values::Options(a, _), Values::Options(b, _)) => a.is_within(b),
            (Values::Truth { yes, no }, Values::Truth { yes: y, no: n }) => {
                (!yes || *y) && (!no || *n)
            }
            (Values::Many(a), Values::Many(b)) => {
                a.none
                    || (!b.none
                        && b.must.iter().all(|x| a.must.contains(x))
                        && b.never.iter().all(|x| a.never.contains(x)))
            }
            _ => false,
        }
    }
}

impl<T: Copy + PartialEq> Few<T> {
    pub(super) fn contains(&self, key: &T) -> bool {
        self.keys.contains(key) == self.only
    }

    fn intersect(&self, other: &Self) -> Self {
        let kept = |list: &Self, by: &Self| {
            let keys = list.keys.iter().filter(|key| by.contains(key)).copied().collect();
            Few { keys, only: true }
        };
        match (self.only, other.only) {
            (true, _) => kept(self, other),
            (false, true) => kept(other, self),
            (false, false) => {
                let mut keys = self.keys.clone();
                keys.extend(other.keys.iter().filter(|key| !self.keys.contains(key)));
                Few { keys, only: false }
            }
        }
    }

    fn is_within(&self, other: &Self) -> bool {
        if self.only {
            self.keys.iter().all(|key| other.contains(key))
        } else {
            !other.only && other.keys.iter().all(|key| self.keys.contains(key))
        }
    }
}

impl Choice {
    pub(super) fn any(of: usize) -> Self {
        Choice { must: vec![], never: vec![], of, none: of == 0 }
    }

    fn intersect(&self, other: &Self) -> Self {
        let union = |a: &[usize], b: &[usize]| {
            let mut all = a.to_vec();
            all.extend(b.iter().filter(|x| !a.contains(x)));
            all
        };
        let must = union(&self.must, &other.must);
        let never = union(&self.never, &other.never);
        let contradicts = must.iter().any(|x| never.contains(x)) || never.len() >= self.of;
        Choice { none: self.none || other.none || contradicts, must, never, of: self.of }
    }
}

/// One end of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct End {
    pub(super) at: Decimal,
    /// The end itself belongs to it.
    pub(super) closed: bool,
}

/// The numbers between two ends; `None` is without end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    pub(super) low: Option<End>,
    pub(super) high: Option<End>,
}

/// Intervals in ascending order, none empty, no two with a number in common.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Intervals {
    pub(super) pieces: Vec<Interval>,
}

impl Interval {
    pub(super) fn contains(&self, x: Decimal) -> bool {
        let above = self.low.is_none_or(|e| x > e.at || (e.closed && x == e.at));
        above && self.high.is_none_or(|e| x < e.at || (e.closed && x == e.at))
    }

    fn meet(&self, other: &Self) -> Option<Self> {
        let low = match (self.low, other.low) {
            (Some(a), Some(b)) => Some(if low_order(a, b).is_ge() { a } else { b }),
            (a, b) => a.or(b),
        };
        let high = match (self.high, other.high) {
            (Some(a), Some(b)) => Some(if high_order(a, b).is_le() { a } else { b }),
            (a, b) => a.or(b),
        };
        if let (Some(low), Some(high)) = (low, high)
            && (low.at > high.at || (low.at == high.at && !(low.closed && high.closed)))
        {
            return None;
        }
        Some(Interval { low, high })
    }

    /// Which of two ends later.
    fn end_order(&self, other: &Self) -> Ordering {
        match (self.high, other.high) {
            (Some(a), Some(b)) => high_order(a, b),
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
        }
    }

    fn is_within(&self, other: &Self) -> bool {
        let low = match (self.low, other.low) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => low_order(a, b).is_ge(),
        };
        low && match (self.high, other.high) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => high_order(a, b).is_le(),
        }
    }

    /// The whole numbers in it, with ends that belong to it.
    fn whole(self) -> Option<Self> {
        let low = self.low.map(|end| {
            let at = end.at.ceil();
            let at =
                if !end.closed && at == end.at { at.checked_add(Decimal::ONE) } else { Some(at) };
            at.map_or(end, |at| End { at, closed: true })
        });
        let high = self.high.map(|end| {
            let at = end.at.floor();
            let at =
                if !end.closed && at == end.at { at.checked_sub(Decimal::ONE) } else { Some(at) };
            at.map_or(end, |at| End { at, closed: true })
        });
        Interval { low, high }.meet(&Interval { low: None, high: None })
    }
}

/// Of two lower ends, which begins later.
fn low_order(a: End, b: End) -> Ordering {
    a.at.cmp(&b.at).then(b.closed.cmp(&a.closed))
}

/// Of two upper ends, which ends later.
fn high_order(a: End, b: End) -> Ordering {
    a.at.cmp(&b.at).then(a.closed.cmp(&b.closed))
}

impl Intervals {
    pub(super) fn all() -> Self {
        Self { pieces: vec![Interval { low: None, high: None }] }
    }

    pub(super) fn none() -> Self {
        Self { pieces: vec![] }
    }

    /// The numbers that stand so to `x`.
    pub(super) fn that(op: CompareOp, x: Decimal) -> Self {
        let end = |closed| Some(End { at: x, closed });
        let piece = |low, high| Interval { low, high };
        let pieces = match op {
            CompareOp::Eq => vec![piece(end(true), end(true))],
            CompareOp::Ne => vec![piece(None, end(false)), piece(end(false), None)],
            CompareOp::Lt => vec![piece(None, end(false))],
            CompareOp::Le => vec![piece(None, end(true))],
            CompareOp::Gt => vec![piece(end(false), None)],
            CompareOp::Ge => vec![piece(end(true), None)],
        };
        Self { pieces }
    }

    /// Exactly these numbers.
    pub(super) fn points(mut of: Vec<Decimal>) -> Self {
        of.sort_unstable();
        of.dedup();
        let point = |at| Some(End { at, closed: true });
        let pieces = of.into_iter().map(|x| Interval { low: point(x), high: point(x) }).collect();
        Self { pieces }
    }

    /// All other numbers.
    pub(super) fn complement(&self) -> Self {
        let mut pieces = Vec::new();
        let other = |end: End| End { at: end.at, closed: !end.closed };
        let mut low = None;
        let mut open = true;
        for piece in &self.pieces {
            if let Some(end) = piece.low {
                let gap = Interval { low, high: Some(other(end)) };
                pieces.extend(gap.meet(&Interval { low: None, high: None }));
            }
            low = piece.high.map(other);
            open = piece.high.is_some();
        }
        if open {
            pieces.push(Interval { low, high: None });
        }
        Self { pieces }
    }

    pub(super) fn intersect(&self, other: &Self) -> Self {
        let mut pieces = Vec::new();
        let (mut mine, mut others) = (self.pieces.iter(), other.pieces.iter());
        let (mut a, mut b) = (mine.next(), others.next());
        while let (Some(one), Some(two)) = (a, b) {
            pieces.extend(one.meet(two));
            // What ends first meets nothing that follows.
            match one.end_order(two) {
                Ordering::Less => a = mine.next(),
                Ordering::Greater => b = others.next(),
                Ordering::Equal => (a, b) = (mine.next(), others.next()),
            }
        }
        Self { pieces }
    }

    pub(super) fn is_disjoint(&self, other: &Self) -> bool {
        self.pieces.iter().all(|a| other.pieces.iter().all(|b| a.meet(b).is_none()))
    }

    fn is_within(&self, other: &Self) -> bool {
        self.pieces.iter().all(|a| other.pieces.iter().any(|b| a.is_within(b)))
    }

    pub(super) fn contains(&self, x: Decimal) -> bool {
        self.pieces.iter().any(|piece| piece.contains(x))
    }

    /// The whole numbers among them.
    pub(super) fn whole(self) -> Self {
        Self { pieces: self.pieces.into_iter().filter_map(Interval::whole).collect() }
    }

    /// From the least to the greatest.
    pub(super) fn hull(&self) -> Option<Interval> {
        let (first, last) = (self.pieces.first()?, self.pieces.last()?);
        Some(Interval { low: first.low, high: last.high })
    }
}

#[cfg(test)]
#[expect(clippy::panic, reason = "tests may fail loudly")]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::{Domain, Intervals, Values};
    use crate::logic::prove::node::{Atom, Node};
    use crate::model::CompareOp;

    const OPS: [CompareOp; 6] =
        [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge];

    /// Sets with gaps, and whether each half of the line belongs to them, as told without intervals.
    fn set(of: &[(usize, i64, bool)]) -> (Intervals, Vec<bool>) {
        let mut set = Intervals::all();
        let mut held = vec![true; 41];
        for (op, at, other) in of {
            let op = OPS.get(*op).copied().unwrap_or(CompareOp::Eq);
            let that = Intervals::that(op, Decimal::from(*at));
            set = set.intersect(&if *other { that.complement() } else { that });
            for (x, held) in halves().zip(&mut held) {
                *held &= stands(op, x.cmp(&Decimal::from(*at))) != *other;
            }
        }
        (set, held)
    }

    fn stands(op: CompareOp, order: Ordering) -> bool {
        match op {
            CompareOp::Eq => order.is_eq(),
            CompareOp::Ne => order.is_ne(),
            CompareOp::Lt => order.is_lt(),
            CompareOp::Le => order.is_le(),
            CompareOp::Gt => order.is_gt(),
            CompareOp::Ge => order.is_ge(),
        }
    }

    fn halves() -> impl Iterator<Item = Decimal> {
        (-20..=20).map(|half| Decimal::new(half * 5, 1))
    }

    proptest! {
        #[test]
        fn an_intersection_holds_what_both_hold(
            one in prop::collection::vec((0_usize..6, -8_i64..8, any::<bool>()), 0..12),
            two in prop::collection::vec((0_usize..6, -8_i64..8, any::<bool>()), 0..12),
        ) {
            let ((a, in_a), (b, in_b)) = (set(&one), set(&two));
            let both = a.intersect(&b);
            for (x, (in_a, in_b)) in halves().zip(in_a.iter().zip(&in_b)) {
                prop_assert_eq!(a.contains(x), *in_a);
                prop_assert_eq!(both.contains(x), *in_a && *in_b);
            }
            prop_assert_eq!(both.pieces.is_empty(), a.is_disjoint(&b));
        }
    }

    #[test]
    fn thousands_of_values_of_one_number_are_one_fact() {
        let is_not = |slot, x: i64| {
            let values = Values::Numbers(Intervals::that(CompareOp::Ne, Decimal::from(x)));
            Node::Atom(Atom::Is(slot, Domain { missing: false, values }))
        };
        let all = (0..5000).map(|x| is_not(usize::try_from(x % 2).unwrap_or(0), x));
        let Node::All(all) = Node::all(all) else { panic!("two facts") };
        let facts = all.iter().map(|node| match node {
            Node::Atom(Atom::Is(slot, Domain { values: Values::Numbers(set), .. })) => {
                (*slot, set.pieces.len(), set.contains(Decimal::from(4998)))
            }
            other => panic!("{other:?}"),
        });
        // 2500 numbers are left out of each.
        assert_eq!(facts.collect::<Vec<_>>(), [(0, 2501, false), (1, 2501, true)]);
    }
}
