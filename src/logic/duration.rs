//! Lengths of time: added to dates and to each other, and put in order.

use std::cmp::Ordering;

use jiff::Span;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::model::{Calendar, Duration, Unit};

use super::business;

/// Durations of one family differ by a factor only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    /// `m`, `h`, `d`, `w`: in minutes.
    Exact,
    /// `mo`, `q`, `y`: in months.
    Calendar,
    /// Working minutes.
    Business,
}

/// A unit's family, and how many of the family's smallest unit it is.
fn measure(unit: Unit, calendar: &Calendar) -> (Family, i64) {
    match unit {
        Unit::Minute => (Family::Exact, 1),
        Unit::Hour => (Family::Exact, 60),
        Unit::Day => (Family::Exact, 24 * 60),
        Unit::Week => (Family::Exact, 7 * 24 * 60),
        Unit::Month => (Family::Calendar, 1),
        Unit::Quarter => (Family::Calendar, 3),
        Unit::Year => (Family::Calendar, 12),
        Unit::BusinessMinute => (Family::Business, 1),
        Unit::BusinessHour => (Family::Business, 60),
        Unit::BusinessDay => (Family::Business, i64::from(calendar.minutes_per_day())),
    }
}

fn in_smallest_unit(duration: Duration, calendar: &Calendar) -> Option<(Family, Decimal)> {
    let (family, factor) = measure(duration.unit, calendar);
    Some((family, duration.amount.checked_mul(Decimal::from(factor))?))
}

/// The same length the other way.
pub fn negate(duration: Duration) -> Duration {
    Duration { amount: -duration.amount, unit: duration.unit }
}

/// Both together, in the smaller of their units. `None` when they are of different families.
pub fn sum(a: Duration, b: Duration, calendar: &Calendar) -> Option<Duration> {
    let (family, factor_a) = measure(a.unit, calendar);
    let (other, factor_b) = measure(b.unit, calendar);
    if family != other {
        return None;
    }
    let (unit, factor) = if factor_a <= factor_b { (a.unit, factor_a) } else { (b.unit, factor_b) };
    let in_unit = |amount: Decimal, own: i64| {
        if own == factor {
            return Some(amount);
        }
        amount.checked_mul(Decimal::from(own))?.checked_div(Decimal::from(factor))
    };
    let amount = in_unit(a.amount, factor_a)?.checked_add(in_unit(b.amount, factor_b)?)?;
    Some(Duration { amount, unit })
}

/// The point in time `duration` after `from`, before it when the duration is negative. Months,
/// quarters and years keep the day of the month, or the last there is. `None` when the amount is
/// broken where whole ones are needed, when nobody ever works, or past the year 9999.
pub fn add(from: DateTime, duration: Duration, calendar: &Calendar) -> Option<DateTime> {
    let (family, amount) = in_smallest_unit(duration, calendar)?;
    match family {
        Family::Exact => {
            let span = Span::new().try_seconds(seconds(amount)?).ok()?;
            from.checked_add(span).ok()
        }
        Family::Calendar => from.checked_add(Span::new().try_months(whole(amount)?).ok()?).ok(),
        // A calendar without hours makes every business day nothing; nothing can be added there.
        Family::Business if calendar.minutes_per_day() == 0 => None,
        Family::Business => business::add_working_seconds(calendar, from, seconds(amount)?),
    }
}

/// The date `duration` after `from`, before it when the duration is negative. Only units of whole
/// days can be added to a date; `None` for others, and as for [`add`].
pub fn add_to_date(from: Date, duration: Duration, calendar: &Calendar) -> Option<Date> {
    let amount = whole(duration.amount)?;
    let span = match duration.unit {
        Unit::Day => Span::new().try_days(amount),
        Unit::Week => Span::new().try_weeks(amount),
        Unit::Month => Span::new().try_months(amount),
        Unit::Quarter => Span::new().try_months(amount.checked_mul(3)?),
        Unit::Year => Span::new().try_years(amount),
        Unit::BusinessDay => {
            return business::add_working_days(calendar, from, amount)
                .filter(|_| calendar.minutes_per_day() > 0);
        }
        Unit::Minute | Unit::Hour | Unit::BusinessMinute | Unit::BusinessHour => return None,
    };
    from.checked_add(span.ok()?).ok()
}

/// An average length in minutes, for putting durations in order where no exact answer exists:
/// a month is 30.4375 days, a quarter and a year three and twelve times that; a working minute is
/// as much longer than a minute as the week is longer than its working hours. `None` for working
/// time when nobody ever works, and on overflow.
pub fn average_minutes(duration: Duration, calendar: &Calendar) -> Option<Decimal> {
    let (family, amount) = in_smallest_unit(duration, calendar)?;
    match family {
        Family::Exact => Some(amount),
        Family::Calendar => amount.checked_mul(Decimal::from(MINUTES_PER_MONTH)),
        Family::Business => amount
            .checked_mul(Decimal::from(MINUTES_PER_WEEK))?
            .checked_div(Decimal::from(business::minutes_per_week(calendar))),
    }
}

const MINUTES_PER_WEEK: i64 = 7 * 24 * 60;
/// 30.4375 days: a twelfth of 365.25.
const MINUTES_PER_MONTH: i64 = 43_830;

/// How two durations stand to each other: exact within a family, by [`average_minutes`] across.
pub fn order(a: Duration, b: Duration, calendar: &Calendar) -> Option<Ordering> {
    let (family_a, amount_a) = in_smallest_unit(a, calendar)?;
    let (family_b, amount_b) = in_smallest_unit(b, calendar)?;
    if family_a == family_b {
        return Some(amount_a.cmp(&amount_b));
    }
    Some(average_minutes(a, calendar)?.cmp(&average_minutes(b, calendar)?))
}

/// Whether `a` is longer than `b` from whatever day they are counted; `None` when that depends on
/// the day, as it does for `1mo` and `30d`, or cannot be told.
pub fn certainly_longer(a: Duration, b: Duration, calendar: &Calendar) -> Option<bool> {
    let (family_a, amount_a) = in_smallest_unit(a, calendar)?;
    let (family_b, amount_b) = in_smallest_unit(b, calendar)?;
    if family_a == family_b {
        return Some(amount_a > amount_b);
    }
    let (least_a, most_a) = bounds(family_a, amount_a, calendar)?;
    let (least_b, most_b) = bounds(family_b, amount_b, calendar)?;
    if most_b.is_some_and(|most_b| least_a > most_b) {
        Some(true)
    } else if most_a.is_some_and(|most_a| most_a <= least_b) {
        Some(false)
    } else {
        None
    }
}

/// The fewest whole minutes of the clock that the duration can take, from whatever day it is counted.
pub fn least_minutes(duration: Duration, calendar: &Calendar) -> Option<i64> {
    let (family, amount) = in_smallest_unit(duration, calendar)?;
    bounds(family, amount, calendar).map(|(least, _)| least)
}

/// The most whole minutes of the clock that the duration can take, from whatever day it is counted.
pub fn most_minutes(duration: Duration, calendar: &Calendar) -> Option<i64> {
    let (family, amount) = in_smallest_unit(duration, calendar)?;
    bounds(family, amount, calendar)?.1
}

/// The duration as whole smallest units of the family that `of` belongs to, which differ from each
/// other by a factor only: minutes, months, or working minutes. `None` for one of another family.
pub fn units_like(duration: Duration, of: Duration, calendar: &Calendar) -> Option<i64> {
    let (family, amount) = in_smallest_unit(duration, calendar)?;
    let (other, _) = measure(of.unit, calendar);
    (family == other).then(|| amount.floor().to_i64()).flatten()
}

/// The fewest and most minutes of the clock that an amount of a family's smallest unit can take.
fn bounds(family: Family, amount: Decimal, calendar: &Calendar) -> Option<(i64, Option<i64>)> {
    // A negative length has no use as a limit or a clock: say nothing of it.
    if amount.is_sign_negative() {
        return None;
    }
    let least = amount.floor().to_i64()?;
    let most = amount.ceil().to_i64()?;
    match family {
        Family::Exact => Some((least, Some(most))),
        Family::Calendar => {
            let (shortest, longest) = days_of_months(least)?;
            Some((shortest.checked_mul(24 * 60)?, longest.checked_mul(24 * 60)))
        }
        Family::Business => {
            let week = business::minutes_per_week(calendar);
            if week == 0 || least == 0 {
                return None;
            }
            // Any seven days hold at most a week's working minutes, and exactly that many when
            // no holiday falls on them; each holiday spoils at most one of the weeks counted.
            let full = (least - 1) / week;
            let shortest = full.checked_mul(MINUTES_PER_WEEK)? + (least - full * week);
            let holidays = i64::try_from(calendar.holidays.len()).ok()?;
            let weeks = (most - 1) / week + 1;
            let longest = weeks.checked_add(holidays)?.checked_mul(MINUTES_PER_WEEK);
            Some((shortest, longest))
        }
    }
}

/// The fewest and most days that so many months in a row can have. Sound, and exact up to a year.
pub(super) fn days_of_months(months: i64) -> Option<(i64, i64)> {
    const SHORTEST: [i64; 12] = [0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334];
    const LONGEST: [i64; 12] = [0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337];
    let years = months / 12;
    let rest = usize::try_from(months % 12).ok()?;
    let days = years.checked_mul(365)?;
    let fewest_leaps = (years / 4 - years / 100 - 1).max(0);
    let most_leaps = if years == 0 { 0 } else { (years + 3) / 4 };
    Some((days + fewest_leaps + SHORTEST.get(rest)?, days + most_leaps + LONGEST.get(rest)?))
}

/// Seconds in so many minutes; `None` when they are not whole.
fn seconds(minutes: Decimal) -> Option<i64> {
    whole(minutes.checked_mul(Decimal::from(60))?)
}

fn whole(amount: Decimal) -> Option<i64> {
    if amount.is_integer() { amount.to_i64() } else { None }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use jiff::civil::{date, datetime};

    fn d(text: &str) -> Duration {
        let (amount, unit) = text.split_once(' ').unwrap();
        let unit = match unit {
            "m" => Unit::Minute,
            "h" => Unit::Hour,
            "d" => Unit::Day,
            "w" => Unit::Week,
            "mo" => Unit::Month,
            "q" => Unit::Quarter,
            "y" => Unit::Year,
            "bm" => Unit::BusinessMinute,
            "bh" => Unit::BusinessHour,
            _ => Unit::BusinessDay,
        };
        Duration { amount: amount.parse().unwrap(), unit }
    }

    #[test]
    fn the_end_of_a_month_holds() {
        let calendar = Calendar::default();
        let add = |from: Date, text: &str| add_to_date(from, d(text), &calendar);
        assert_eq!(add(date(2026, 1, 31), "1 mo"), Some(date(2026, 2, 28)));
        assert_eq!(add(date(2024, 2, 29), "1 y"), Some(date(2025, 2, 28)));
        assert_eq!(add(date(2026, 3, 31), "-1 mo"), Some(date(2026, 2, 28)));
        assert_eq!(add(date(2026, 1, 31), "1 q"), Some(date(2026, 4, 30)));
        assert_eq!(add(date(2026, 1, 9), "1 bd"), Some(date(2026, 1, 12)));
        assert_eq!(add(date(2026, 1, 9), "0.5 bd"), None);
        assert_eq!(add(date(2026, 1, 9), "4 h"), None);
        assert_eq!(add(date(9999, 12, 31), "1 d"), None);
    }

    #[test]
    fn points_in_time_take_every_unit() {
        let calendar = Calendar::default();
        let friday = datetime(2026, 1, 9, 17, 0, 0, 0);
        let add = |text: &str| super::add(friday, d(text), &calendar).unwrap();
        assert_eq!(add("2 bh"), datetime(2026, 1, 12, 10, 0, 0, 0));
        assert_eq!(add("0.5 bd"), datetime(2026, 1, 12, 12, 30, 0, 0));
        assert_eq!(add("90 m"), datetime(2026, 1, 9, 18, 30, 0, 0));
        assert_eq!(add("1 w"), datetime(2026, 1, 16, 17, 0, 0, 0));
        assert_eq!(add("1 mo"), datetime(2026, 2, 9, 17, 0, 0, 0));
        assert_eq!(add("-1 y"), datetime(2025, 1, 9, 17, 0, 0, 0));
    }

    #[test]
    fn sums_stay_in_their_family() {
        let calendar = Calendar::default();
        let sum = |a: &str, b: &str| super::sum(d(a), d(b), &calendar);
        assert_eq!(sum("1 d", "6 h"), Some(d("30 h")));
        assert_eq!(sum("1 y", "1 q"), Some(d("5 q")));
        assert_eq!(sum("1 bd", "30 bm"), Some(d("570 bm")));
        assert_eq!(sum("1 mo", "1 d"), None);
        assert_eq!(sum("1 d", "1 bd"), None);
    }

    #[test]
    fn order_is_exact_within_a_family_and_average_across() {
        let calendar = Calendar::default();
        let order = |a: &str, b: &str| super::order(d(a), d(b), &calendar).unwrap();
        assert_eq!(order("24 h", "1 d"), Ordering::Equal);
        assert_eq!(order("12 mo", "1 y"), Ordering::Equal);
        assert_eq!(order("1 mo", "30 d"), Ordering::Greater);
        assert_eq!(order("1 mo", "31 d"), Ordering::Less);
        // 5 business days are a week.
        assert_eq!(order("5 bd", "1 w"), Ordering::Equal);
        assert_eq!(order("1 bd", "1 d"), Ordering::Greater);
    }

    #[test]
    fn what_depends_on_the_day_is_not_certain() {
        let calendar = Calendar::default();
        let longer = |a: &str, b: &str| certainly_longer(d(a), d(b), &calendar);
        assert_eq!(longer("1 mo", "30 d"), None);
        assert_eq!(longer("1 mo", "27 d"), Some(true));
        assert_eq!(longer("1 mo", "28 d"), None);
        assert_eq!(longer("1 mo", "31 d"), Some(false));
        assert_eq!(longer("366 d", "1 y"), None);
        assert_eq!(longer("367 d", "1 y"), Some(true));
        assert_eq!(longer("12 mo", "1 y"), Some(false));
        assert_eq!(longer("2 bd", "1 h"), Some(true));
        assert_eq!(longer("2 bd", "1 w"), Some(false));
        assert_eq!(longer("2 bd", "1 d"), None);
        assert_eq!(longer("1 w", "1 bd"), None);
        assert_eq!(longer("8 d", "1 bd"), Some(true));
    }

    #[test]
    fn the_bounds_of_months_hold_from_every_day() {
        let calendar = Calendar::default();
        for months in 1..=60 {
            let (shortest, longest) = days_of_months(months).unwrap();
            let mut seen = (i64::MAX, 0);
            for start in 0..1461 {
                let from = date(2023, 1, 1).checked_add(Span::new().days(start)).unwrap();
                let amount = Decimal::from(months);
                let to = add_to_date(from, Duration { amount, unit: Unit::Month }, &calendar);
                let days = i64::from((to.unwrap() - from).get_days());
                seen = (seen.0.min(days), seen.1.max(days));
            }
            assert!(shortest <= seen.0 && seen.1 <= longest, "{months}: {seen:?}");
            if months < 12 {
                assert_eq!((shortest, longest), seen, "{months}");
            }
        }
    }
}
