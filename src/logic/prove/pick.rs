//! Values a person would choose as an example: at the boundary where there is one, else round.

use rust_decimal::Decimal;

use super::domain::{End, Few, Interval, Intervals};
use super::linear::Limit;
use super::ratio::Ratio;

/// A number of the set.
pub(super) fn number(set: &Intervals, whole: bool, style: u32) -> Option<Decimal> {
    let pieces = set.pieces.iter();
    let mut found = None;
    for piece in pieces {
        let (low, high) = (limit(piece.low), limit(piece.high));
        let picked = between(low, high, whole, style)
            .into_iter()
            .filter_map(Ratio::to_decimal)
            .find(|x| piece.contains(*x));
        // Negative amounts are rarely meant when others will do.
        if let Some(picked) = picked {
            if !picked.is_sign_negative() {
                return Some(picked);
            }
            found = found.or(Some(picked));
        }
    }
    found
}

/// The number of the set that is nearest to this one.
pub(super) fn nearest(set: &Intervals, to: &Option<Decimal>) -> Option<Decimal> {
    let to = (*to)?;
    let near = |piece: &Interval| {
        if piece.contains(to) {
            return Some(to);
        }
        let ends = [piece.low, piece.high].into_iter().flatten();
        ends.filter(|end| end.closed).map(|end| end.at).min_by_key(|at| (*at - to).abs())
    };
    set.pieces.iter().filter_map(near).min_by_key(|at| (*at - to).abs())
}

/// The whole numbers of an interval with closed ends one by one, when they are few.
pub(super) fn few_whole(of: Interval) -> Option<Vec<Interval>> {
    let (low, high) = (Ratio::from(of.low?.at).ceil()?, Ratio::from(of.high?.at).floor());
    if high.checked_sub(low)? >= 16 {
        return None;
    }
    let point = |n: i128| {
        let end = Some(End { at: Ratio::whole(n).to_decimal()?, closed: true });
        Some(Interval { low: end, high: end })
    };
    (low..=high).map(point).collect()
}

fn limit(end: Option<End>) -> Limit {
    end.map(|end| (Ratio::from(end.at), end.closed))
}

pub(super) fn lies_between(x: Ratio, low: Limit, high: Limit) -> bool {
    let above = low.is_none_or(|(at, closed)| {
        x.compare(at).is_some_and(|order| order.is_gt() || (closed && order.is_eq()))
    });
    above
        && high.is_none_or(|(at, closed)| {
            x.compare(at).is_some_and(|order| order.is_lt() || (closed && order.is_eq()))
        })
}

/// Numbers between two limits, the best example first.
pub(super) fn between(low: Limit, high: Limit, whole: bool, style: u32) -> Vec<Ratio> {
    let mut list = Vec::with_capacity(8);
    let shifted = |at: Ratio, by: i128| at.floor().checked_add(by).map(Ratio::whole);
    let from_low =
        low.map(
            |(at, closed)| {
                if closed && (!whole || at.is_whole()) { Some(at) } else { shifted(at, 1) }
            },
        );
    let from_high = high.map(|(at, closed)| {
        let floor = shifted(at, 0);
        if closed && !whole {
            Some(at)
        } else if at.is_whole() && !closed {
            rounded_below(at)
        } else {
            floor
        }
    });
    let just_below = high.and_then(|(at, _)| at.ceil()?.checked_sub(1).map(Ratio::whole));
    match (from_low, from_high) {
        (None, None) => list.extend([10, 1, 0, -1, 1_000_000].map(|x| Some(Ratio::whole(x)))),
        (Some(low), None) => {
            let far = low.and_then(|low| low.add(Ratio::whole(low.num().abs().max(100))));
            list.extend([
                low,
                low.and_then(|x| shifted(x, 1)),
                low.and_then(|x| shifted(x, 100)),
                far,
            ]);
            list.push(far.and_then(|x| x.mul(Ratio::whole(1_000))));
        }
        (None, Some(high)) => {
            list.extend([high, just_below]);
            list.push(high.and_then(|x| x.sub(Ratio::whole(x.num().abs().max(100)))));
        }
        (Some(low), Some(high)) => list.extend([low, high, just_below]),
    }
    if let (Some((low, _)), Some((high, _))) = (low, high) {
        let half = low.add(high).and_then(|sum| sum.div(Ratio::whole(2)));
        list.push(half.map(|half| Ratio::whole(half.floor())));
        if !whole {
            list.push(half);
            let quarter = half.and_then(|half| low.add(half)?.div(Ratio::whole(2)));
            list.push(quarter);
        }
    } else if !whole {
        let half = Ratio::new(1, 2);
        list.push(low.and_then(|(low, _)| low.add(half?)));
        list.push(high.and_then(|(high, _)| high.sub(half?)));
    }
    let mut kept: Vec<Ratio> = Vec::with_capacity(list.len());
    for value in list.into_iter().flatten() {
        if lies_between(value, low, high) && (!whole || value.is_whole()) && !kept.contains(&value)
        {
            kept.push(value);
        }
    }
    let turns = style as usize;
    if !kept.is_empty() {
        let by = turns % kept.len();
        kept.rotate_left(by);
    }
    kept
}

/// A round number just below a whole one: 74 below 75, 2 000 000 below 3 000 000.
fn rounded_below(at: Ratio) -> Option<Ratio> {
    let whole = at.num();
    let mut step: i128 = 1;
    while step.checked_mul(10_000)? <= whole && whole % (step * 10) == 0 {
        step *= 10;
    }
    whole.checked_sub(step).map(Ratio::whole)
}

/// Texts that say nothing in particular.
pub(super) fn texts() -> impl Iterator<Item = String> {
    let first = ["something".to_owned(), "something else".to_owned()];
    first.into_iter().chain((3..100).map(|n| format!("text {n}")))
}

/// A text that is none of these.
pub(super) fn text(not: &Few<&str>) -> String {
    texts().find(|text| not.contains(&text.as_str())).unwrap_or_default()
}
