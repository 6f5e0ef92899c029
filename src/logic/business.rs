//! Working time: the hours and days of the process's calendar.
//!
//! Long stretches are crossed week by week with the holidays taken out, so that no function here
//! walks through a century day by day: the cost is that of the holidays passed, plus a week.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, Unit};

use crate::model::Calendar;

/// Working seconds from `from` to `to`; negative when `to` is the earlier.
pub fn working_seconds(calendar: &Calendar, from: DateTime, to: DateTime) -> i64 {
    if to < from {
        return -working_seconds(calendar, to, from);
    }
    let week = Week::seconds(calendar);
    let whole = week.sum(from.date(), to.date());
    whole + seconds_before(calendar, to) - seconds_before(calendar, from)
}

/// The point in time `seconds` of work after `from`; before it when `seconds` is negative. Zero
/// gives `from` itself. Forwards the earliest such point, backwards the latest. `None` when the
/// calendar has no working hours or the result lies outside the calendar of the world.
pub fn add_working_seconds(calendar: &Calendar, from: DateTime, seconds: i64) -> Option<DateTime> {
    if seconds == 0 {
        return Some(from);
    }
    let week = Week::seconds(calendar);
    // Counted from midnight, so that only whole days are sought.
    let done = seconds_before(calendar, from);
    if seconds > 0 {
        let (day, left) = week.seek_forward(from.date(), done.checked_add(seconds)?)?;
        at_forward(calendar, day, left)
    } else {
        let after = week.of(from.date()) - done;
        let (day, left) = week.seek_backward(from.date(), after.checked_sub(seconds)?)?;
        at_backward(calendar, day, left)
    }
}

/// Working days after `from`, up to and including `to`; negative when `to` is the earlier.
pub fn working_days(calendar: &Calendar, from: Date, to: Date) -> i64 {
    if to < from {
        return -working_days(calendar, to, from);
    }
    let week = Week::days(calendar);
    // Moves the half-open range one day on: (from, to] instead of [from, to).
    week.sum(from, to) - week.of(from) + week.of(to)
}

/// The date `days` working days after `from`; before it when `days` is negative. Zero gives `from`
/// itself. `None` when the calendar has no working hours or the result lies outside the calendar
/// of the world.
pub fn add_working_days(calendar: &Calendar, from: Date, days: i64) -> Option<Date> {
    let week = Week::days(calendar);
    if days == 0 {
        Some(from)
    } else if days > 0 {
        week.seek_forward(from.tomorrow().ok()?, days).map(|(day, _)| day)
    } else {
        week.seek_backward(from.yesterday().ok()?, days.checked_neg()?).map(|(day, _)| day)
    }
}

/// Working minutes of a week without holidays.
pub fn minutes_per_week(calendar: &Calendar) -> i64 {
    calendar.week.iter().flatten().map(|h| i64::from(h.end.saturating_sub(h.start))).sum()
}

/// What each day is worth: working seconds, or one for a working day.
struct Week<'a> {
    calendar: &'a Calendar,
    worth: [i64; 7],
    total: i64,
}

impl<'a> Week<'a> {
    fn seconds(calendar: &'a Calendar) -> Self {
        Self::new(calendar, |minutes| minutes * 60)
    }

    fn days(calendar: &'a Calendar) -> Self {
        Self::new(calendar, |minutes| i64::from(minutes > 0))
    }

    fn new(calendar: &'a Calendar, worth: fn(i64) -> i64) -> Self {
        let worth = calendar.week.each_ref().map(|hours| {
            worth(hours.iter().map(|h| i64::from(h.end.saturating_sub(h.start))).sum())
        });
        Self { calendar, worth, total: worth.iter().sum() }
    }

    /// What a date would be worth if it were no holiday.
    fn regular(&self, date: Date) -> i64 {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.worth.get(day).copied().unwrap_or(0)
    }

    fn of(&self, date: Date) -> i64 {
        if self.calendar.holidays.contains(&date) { 0 } else { self.regular(date) }
    }

    /// What the days from `from` up to, not including, `to` are worth.
    fn sum(&self, from: Date, to: Date) -> i64 {
        if to <= from {
            return 0;
        }
        let days = from.until((Unit::Day, to)).map_or(0, |span| i64::from(span.get_days()));
        let mut sum = (days / 7).saturating_mul(self.total);
        let first = usize::try_from(from.weekday().to_monday_zero_offset()).unwrap_or(0);
        let rest = usize::try_from(days % 7).unwrap_or(0);
        sum += self.worth.iter().cycle().skip(first).take(rest).sum::<i64>();
        let holidays = self.calendar.holidays.range(from..to);
        sum - holidays.map(|date| self.regular(*date)).sum::<i64>()
    }

    /// From `date` on, that day included: the first day by whose end `amount` is reached, and how
    /// much of it falls on that day.
    fn seek_forward(&self, mut date: Date, mut amount: i64) -> Option<(Date, i64)> {
        if self.total == 0 {
            return None;
        }
        loop {
            let weeks = (amount - 1) / self.total;
            if weeks == 0 {
                break;
            }
            let next = date.checked_add(Span::new().try_weeks(weeks).ok()?).ok()?;
            amount -= self.sum(date, next);
            date = next;
        }
        loop {
            let worth = self.of(date);
            if worth >= amount {
                return Some((date, amount));
            }
            amount -= worth;
            date = date.tomorrow().ok()?;
        }
    }

    /// From `date` back, that day included: the mirror image of `seek_forward`.
    fn seek_backward(&self, mut date: Date, mut amount: i64) -> Option<(Date, i64)> {
        if self.total == 0 {
            return None;
        }
        loop {
            let weeks = (amount - 1) / self.total;
            if weeks == 0 {
                break;
            }
            let next = date.checked_sub(Span::new().try_weeks(weeks).ok()?).ok()?;
            // The half-open range (next, date], written with inclusive starts.
            amount -= self.sum(next, date) - self.of(next) + self.of(date);
            date = next;
        }
        loop {
            let worth = self.of(date);
            if worth >= amount {
                return Some((date, amount));
            }
            amount -= worth;
            date = date.yesterday().ok()?;
        }
    }
}

/// Working seconds of the day of `at` that have passed by then.
fn seconds_before(calendar: &Calendar, at: DateTime) -> i64 {
    let time = at.time();
    let now = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60;
    let now = now + i64::from(time.second());
    calendar
        .hours_on(at.date())
        .iter()
        .map(|hours| {
            let (start, end) = (i64::from(hours.start) * 60, i64::from(hours.end) * 60);
            (now.min(end) - start).max(0)
        })
        .sum()
}

/// The first point of `day` at which `left` working seconds of it have passed.
fn at_forward(calendar: &Calendar, day: Date, mut left: i64) -> Option<DateTime> {
    for hours in calendar.hours_on(day) {
        let (start, end) = (i64::from(hours.start) * 60, i64::from(hours.end) * 60);
        if left <= end - start {
            return midnight_plus(day, start + left);
        }
        left -= end - start;
    }
    None
}

/// The last point of `day` at which `left` working seconds of it are still to come.
fn at_backward(calendar: &Calendar, day: Date, mut left: i64) -> Option<DateTime> {
    for hours in calendar.hours_on(day).iter().rev() {
        let (start, end) = (i64::from(hours.start) * 60, i64::from(hours.end) * 60);
        if left <= end - start {
            return midnight_plus(day, end - left);
        }
        left -= end - start;
    }
    None
}

fn midnight_plus(day: Date, seconds: i64) -> Option<DateTime> {
    day.to_datetime(Time::midnight()).checked_add(Span::new().try_seconds(seconds).ok()?).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use crate::model::WorkingHours;
    use jiff::civil::{date, datetime};

    const HOUR: i64 = 3600;

    /// Monday to Friday 09:00 to 12:00 and 13:00 to 17:00, Saturday 10:00 to 12:00; Monday
    /// 2026-01-12 is a holiday.
    fn shifts() -> Calendar {
        let hours = |start: u32, end: u32| WorkingHours { start: start * 60, end: end * 60 };
        let day = vec![hours(9, 12), hours(13, 17)];
        Calendar {
            week: [
                day.clone(),
                day.clone(),
                day.clone(),
                day.clone(),
                day,
                vec![hours(10, 12)],
                vec![],
            ],
            holidays: [date(2026, 1, 12)].into(),
            declared: true,
        }
    }

    #[test]
    fn counts_working_time_across_nights_weekends_and_holidays() {
        let calendar = shifts();
        // 2026-01-08 is a Thursday. 16:00-17:00, Friday 7 h, Saturday 2 h, holiday, Tuesday 9-10.
        let from = datetime(2026, 1, 8, 16, 0, 0, 0);
        let to = datetime(2026, 1, 13, 10, 0, 0, 0);
        assert_eq!(working_seconds(&calendar, from, to), 11 * HOUR);
        assert_eq!(working_seconds(&calendar, to, from), -11 * HOUR);
        // Lunch does not count.
        let noon = datetime(2026, 1, 8, 11, 30, 0, 0);
        assert_eq!(working_seconds(&calendar, noon, datetime(2026, 1, 8, 13, 30, 0, 0)), HOUR);
        assert_eq!(working_seconds(&calendar, noon, noon), 0);
    }

    #[test]
    fn adds_working_time() {
        let calendar = shifts();
        let friday = datetime(2026, 1, 9, 16, 0, 0, 0);
        let add = |hours: i64| add_working_seconds(&calendar, friday, hours * HOUR).unwrap();
        assert_eq!(add(1), datetime(2026, 1, 9, 17, 0, 0, 0));
        assert_eq!(add(2), datetime(2026, 1, 10, 11, 0, 0, 0));
        assert_eq!(add(4), datetime(2026, 1, 13, 10, 0, 0, 0));
        assert_eq!(add(0), friday);
        assert_eq!(add(-3), datetime(2026, 1, 9, 13, 0, 0, 0));
        assert_eq!(add(-4), datetime(2026, 1, 9, 11, 0, 0, 0));
        assert_eq!(add(-6), datetime(2026, 1, 9, 9, 0, 0, 0));
        assert_eq!(add(-7), datetime(2026, 1, 8, 16, 0, 0, 0));
    }

    #[test]
    fn starting_outside_working_hours_waits_for_them() {
        let calendar = shifts();
        let sunday = datetime(2026, 1, 11, 15, 0, 0, 0);
        let add = |hours: i64| add_working_seconds(&calendar, sunday, hours * HOUR).unwrap();
        assert_eq!(add(1), datetime(2026, 1, 13, 10, 0, 0, 0));
        assert_eq!(add(-1), datetime(2026, 1, 10, 11, 0, 0, 0));
    }

    #[test]
    fn whole_working_days() {
        let calendar = shifts();
        let friday = date(2026, 1, 9);
        let add = |days: i64| add_working_days(&calendar, friday, days).unwrap();
        assert_eq!(add(0), friday);
        assert_eq!(add(1), date(2026, 1, 10));
        assert_eq!(add(2), date(2026, 1, 13));
        assert_eq!(add(-1), date(2026, 1, 8));
        assert_eq!(working_days(&calendar, friday, date(2026, 1, 13)), 2);
        assert_eq!(working_days(&calendar, date(2026, 1, 13), friday), -2);
        assert_eq!(working_days(&calendar, friday, friday), 0);
    }

    #[test]
    fn jumps_agree_with_counting() {
        let calendar = shifts();
        let from = datetime(2025, 12, 3, 14, 20, 30, 0);
        for step in 0..400 {
            let seconds = step * 5_003;
            let later = add_working_seconds(&calendar, from, seconds).unwrap();
            assert_eq!(working_seconds(&calendar, from, later), seconds);
            let earlier = add_working_seconds(&calendar, from, -seconds).unwrap();
            assert_eq!(working_seconds(&calendar, earlier, from), seconds);
            let day = add_working_days(&calendar, from.date(), step).unwrap();
            assert_eq!(working_days(&calendar, from.date(), day), step);
            let day = add_working_days(&calendar, from.date(), -step).unwrap();
            assert_eq!(working_days(&calendar, from.date(), day), -step);
        }
    }

    #[test]
    fn centuries_are_crossed_at_once_and_the_end_of_time_is_none() {
        let calendar = Calendar::default();
        // 2600 weeks of 45 hours from a Monday morning, and one second.
        let monday = datetime(2026, 1, 5, 9, 0, 0, 0);
        let later = add_working_seconds(&calendar, monday, 2600 * 45 * HOUR + 1).unwrap();
        assert_eq!(later, datetime(2075, 11, 4, 9, 0, 1, 0));
        assert_eq!(add_working_seconds(&calendar, monday, i64::MAX / 2), None);
        assert_eq!(add_working_days(&calendar, date(9999, 12, 31), 1), None);
    }

    #[test]
    fn nobody_works() {
        let calendar =
            Calendar { week: std::array::from_fn(|_| Vec::new()), ..Calendar::default() };
        let at = datetime(2026, 1, 5, 9, 0, 0, 0);
        assert_eq!(add_working_seconds(&calendar, at, 60), None);
        assert_eq!(add_working_days(&calendar, at.date(), 1), None);
        assert_eq!(working_seconds(&calendar, at, datetime(2027, 1, 5, 9, 0, 0, 0)), 0);
    }
}
