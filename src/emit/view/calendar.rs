//! Builds the view: working hours, days off, and who has to know them.

use rust_decimal::Decimal;

use crate::model::{Duration, Stage, StageId, Unit, WorkingHours};

use super::build::Builder;
use super::types::{CalendarView, DayOffView, WeekView, YearView};

impl<'a> Builder<'a> {
    pub(super) fn calendar(&self) -> CalendarView<'a> {
        let process = self.process;
        let calendar = &process.calendar;
        let mut week: Vec<WeekView> = Vec::new();
        for (day, hours) in (1..).zip(&calendar.week) {
            let hours: Vec<String> = hours.iter().map(interval).collect();
            match week.last_mut() {
                Some(row) if row.hours == hours => row.last = Some(day),
                _ => week.push(WeekView { first: day, last: None, hours }),
            }
        }
        let mut years: Vec<YearView> = Vec::new();
        for date in &calendar.holidays {
            let weekday = date.weekday().to_monday_one_offset();
            let day = DayOffView { date: date.to_string(), weekday };
            match years.last_mut() {
                Some(year) if year.year == date.year() => year.days.push(day),
                _ => years.push(YearView { year: date.year(), days: vec![day] }),
            }
        }
        let minutes = calendar.minutes_per_day();
        let lengths = calendar.week.iter().map(|day| day.iter().map(|h| h.end - h.start).sum());
        CalendarView {
            timezone: &process.timezone,
            declared: calendar.declared,
            week,
            day: self.working_time(minutes),
            uneven: lengths.into_iter().any(|length: u32| length != 0 && length != minutes),
            years,
        }
    }

    /// Minutes as people say them: hours, where a quarter of one is the smallest part.
    fn working_time(&self, minutes: u32) -> String {
        let (amount, unit) = match minutes % 15 {
            0 => (Decimal::from(minutes) / Decimal::from(60), Unit::Hour),
            _ => (Decimal::from(minutes), Unit::Minute),
        };
        self.sentences.duration(Duration { amount, unit })
    }

    /// Whether a clock of the stage runs in business time: its limit, a handoff into it or out of
    /// it, a move that opens after a while.
    pub(super) fn in_business_time(&self, id: StageId) -> bool {
        let stage: &Stage = &self.process.stages[id];
        let limit = stage.limit.iter().flat_map(|limit| [Some(limit.duration), limit.target]);
        let moves = stage.incoming.iter().chain(&stage.outgoing).flat_map(|id| {
            let transition = &self.process.transitions[*id];
            let handoff = transition.handoff.as_ref().and_then(|handoff| handoff.within);
            [handoff, transition.after.as_ref().map(|clock| clock.duration)]
        });
        limit.chain(moves).flatten().any(is_business)
    }
}

fn is_business(duration: Duration) -> bool {
    matches!(duration.unit, Unit::BusinessMinute | Unit::BusinessHour | Unit::BusinessDay)
}

fn interval(hours: &WorkingHours) -> String {
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{}–{}", clock(hours.start), clock(hours.end))
}
