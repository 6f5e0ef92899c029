//! When people work.

use std::collections::BTreeSet;

use jiff::civil;

/// Working hours and holidays, in the time zone of the process.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// For each weekday from Monday: the working intervals, sorted, not overlapping.
    pub week: [Vec<WorkingHours>; 7],
    /// Days on which nobody works.
    pub holidays: BTreeSet<civil::Date>,
    /// Whether the source gives a calendar; otherwise Monday to Friday, 09:00 to 18:00.
    pub declared: bool,
}

/// A working interval of one day, in minutes after midnight: `540..1080` is 09:00 to 18:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkingHours {
    /// First minute of work.
    pub start: u32,
    /// First minute after work; 1440 is midnight.
    pub end: u32,
}

impl Default for Calendar {
    fn default() -> Self {
        let day = vec![WorkingHours { start: 9 * 60, end: 18 * 60 }];
        Self {
            week: [day.clone(), day.clone(), day.clone(), day.clone(), day, vec![], vec![]],
            holidays: BTreeSet::new(),
            declared: false,
        }
    }
}

impl Calendar {
    /// The working intervals of a date; none on a holiday.
    pub fn hours_on(&self, date: civil::Date) -> &[WorkingHours] {
        if self.holidays.contains(&date) {
            return &[];
        }
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        self.week.get(day).map_or(&[], Vec::as_slice)
    }

    /// The working minutes of the longest day of the week: what one business day is worth.
    pub fn minutes_per_day(&self) -> u32 {
        let minutes = |day: &Vec<WorkingHours>| day.iter().map(|h| h.end - h.start).sum::<u32>();
        self.week.iter().map(minutes).max().unwrap_or(0)
    }
}
