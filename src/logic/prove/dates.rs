//! Dates and points in time as numbers: days and seconds since 1970.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Span};
use rust_decimal::prelude::ToPrimitive;

use crate::logic::value::to_second;

use super::domain::{End, Interval, Intervals};
use super::ratio::Ratio;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1970.
pub(super) fn days(date: Date) -> i64 {
    EPOCH.duration_until(date).as_hours() / 24
}

/// Whole seconds since 1970; what is below the second is dropped.
pub(super) fn seconds(at: DateTime) -> i64 {
    let midnight = EPOCH.at(0, 0, 0, 0);
    midnight.duration_until(to_second(at)).as_secs()
}

pub(super) fn date_of(days: Ratio) -> Option<Date> {
    let days = days.is_whole().then(|| days.num().to_i64()).flatten()?;
    EPOCH.checked_add(Span::new().try_days(days).ok()?).ok()
}

pub(super) fn moment_of(seconds: Ratio) -> Option<DateTime> {
    let seconds = seconds.is_whole().then(|| seconds.num().to_i64()).flatten()?;
    EPOCH.at(0, 0, 0, 0).checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// The whole numbers from the one to the other.
pub(super) fn from_to(low: i64, high: i64) -> Intervals {
    let end = |at: i64| Some(End { at: at.into(), closed: true });
    Intervals { pieces: vec![Interval { low: end(low), high: end(high) }] }
}

/// Every date a field can hold.
pub(super) fn every_date() -> Intervals {
    from_to(days(Date::MIN), days(Date::MAX))
}

/// Every point in time a field can hold.
pub(super) fn every_moment() -> Intervals {
    from_to(seconds(DateTime::MIN), seconds(DateTime::MAX))
}
