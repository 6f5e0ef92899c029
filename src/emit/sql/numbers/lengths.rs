//! Lengths of time, as goals name them.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::emit::sql::lookups::Lookups;
use crate::model::{Duration, Unit};

use super::Numbers;

/// A length of time, in the smallest unit of its kind.
#[derive(Clone, Copy)]
pub(super) enum Length {
    Seconds(i64),
    Months(i64),
    Work(i64),
}

impl Length {
    pub(super) fn of(numbers: &Numbers<'_>, duration: Duration) -> Option<Self> {
        let day = i64::from(numbers.process().calendar.minutes_per_day()) * 60;
        let times = |factor: i64| duration.amount.checked_mul(Decimal::from(factor))?.to_i64();
        Some(match duration.unit {
            Unit::Minute => Length::Seconds(times(60)?),
            Unit::Hour => Length::Seconds(times(60 * 60)?),
            Unit::Day => Length::Seconds(times(24 * 60 * 60)?),
            Unit::Week => Length::Seconds(times(7 * 24 * 60 * 60)?),
            Unit::Month => Length::Months(times(1)?),
            Unit::Quarter => Length::Months(times(3)?),
            Unit::Year => Length::Months(times(12)?),
            Unit::BusinessMinute => Length::Work(times(60)?),
            Unit::BusinessHour => Length::Work(times(60 * 60)?),
            Unit::BusinessDay => Length::Work(times(day)?),
        })
    }

    /// Whether no more than that lies between two points in time, each in UTC and as clocks on the wall
    /// show it: hours are exact, also where these are set back or forth; months and working time go by
    /// the wall.
    pub(super) fn holds(
        self,
        numbers: &Numbers<'_>,
        lookups: &Lookups,
        (exact_from, exact_to): (&str, &str),
        (from, to): (&str, &str),
    ) -> String {
        let dialect = numbers.dialect();
        match self {
            Length::Seconds(most) => {
                format!("{} <= {most}", dialect.seconds_between(exact_from, exact_to))
            }
            Length::Months(most) => format!("{to} <= {}", dialect.add_months(from, most)),
            Length::Work(most) => {
                format!("{} <= {most}", numbers.world.work.between(lookups, from, to))
            }
        }
    }

    /// Whether at least that lies between two local points in time, whatever was done to the clocks in
    /// between: where they are set at all, hours wait for one more.
    pub(super) fn has_passed(
        self,
        numbers: &Numbers<'_>,
        lookups: &Lookups,
        from: &str,
        to: &str,
    ) -> String {
        let dialect = numbers.dialect();
        match self {
            Length::Seconds(least) => {
                let set = if numbers.world.zone.is_set_forth_and_back() { 60 * 60 } else { 0 };
                format!("{} >= {}", dialect.seconds_between(from, to), least + set)
            }
            Length::Months(least) => format!("{} <= {to}", dialect.add_months(from, least)),
            Length::Work(least) => {
                format!("{} >= {least}", numbers.world.work.between(lookups, from, to))
            }
        }
    }
}
