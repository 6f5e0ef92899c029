//! Events: which claims about their number contradict each other, and when they could have happened.

use jiff::civil::DateTime;

use crate::logic::duration;
use crate::model::{Calendar, Duration};

use super::node::Had;

/// Whether two claims cannot both be true: there were so many in a time, and fewer in a longer one.
pub(super) fn contradict(a: &Had, b: &Had, calendar: &Calendar) -> bool {
    let (many, few) = if a.yes { (a, b) } else { (b, a) };
    many.slot == few.slot
        && many.yes
        && !few.yes
        && many.at_least >= few.at_least
        && is_part(many.within, few.within, calendar)
}

/// Whether a window lies in another, whatever the day.
fn is_part(inner: Option<Duration>, outer: Option<Duration>, calendar: &Calendar) -> bool {
    match (inner, outer) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) if a == b => true,
        (Some(a), Some(b)) => duration::certainly_longer(a, b, calendar) == Some(false),
    }
}

/// When the events of one name happened, so that all claims about them are true if they can be.
/// `old`: as long ago as they may.
pub(super) fn times(
    claims: &[Had],
    now: DateTime,
    calendar: &Calendar,
    old: bool,
) -> Option<Vec<DateTime>> {
    let start = |within: Option<Duration>| match within {
        None => Some(DateTime::MIN),
        Some(window) => duration::add(now, duration::negate(window), calendar),
    };
    let mut asked = Vec::new();
    let mut kept_free = Vec::new();
    for claim in claims {
        let from = start(claim.within)?;
        if claim.yes {
            asked.push((from, claim.at_least))
        } else {
            kept_free.push((from, claim.at_least))
        }
    }
    // The shortest window first: its events count in the longer ones too.
    asked.sort_by_key(|(from, _)| std::cmp::Reverse(*from));
    let mut times: Vec<DateTime> = Vec::new();
    for (from, at_least) in asked {
        let there = times.iter().filter(|at| **at >= from).count();
        let there = u32::try_from(there).unwrap_or(u32::MAX);
        // Where the windows begin that must not fill up, an event lies before.
        let free_from = kept_free.iter().map(|(from, _)| *from).filter(|f| *f > from).min();
        let at = place(from, free_from, now, calendar, old)?;
        times.extend((there..at_least.min(there.saturating_add(1_000))).map(|_| at));
    }
    times.sort_unstable();
    Some(times)
}

/// A moment from `from` on and before `until`, humanely far from now.
fn place(
    from: DateTime,
    until: Option<DateTime>,
    now: DateTime,
    calendar: &Calendar,
    old: bool,
) -> Option<DateTime> {
    let days_ago = |days: i64| {
        let day = Duration { amount: (-days).into(), unit: crate::model::Unit::Day };
        duration::add(now, day, calendar)
    };
    let fits = |at: &DateTime| *at >= from && until.is_none_or(|until| *at < until);
    if !old {
        let near = [1, 2, 3, 5, 8, 10, 15, 20, 31, 45, 62, 91, 120, 184, 366, 731, 1_100];
        if let Some(at) = near.into_iter().filter_map(days_ago).find(fits) {
            return Some(at);
        }
        if let Some(at) = Some(now).filter(fits) {
            return Some(at);
        }
    }
    if from == DateTime::MIN { days_ago(3_653).filter(fits).or(Some(from)) } else { Some(from) }
}
