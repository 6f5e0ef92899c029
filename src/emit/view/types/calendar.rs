use serde::Serialize;

/// When people work, and what business time is worth.
#[derive(Debug, Serialize)]
pub struct CalendarView<'a> {
    /// IANA name of the time zone.
    pub timezone: &'a str,
    /// Whether the process says its hours; otherwise they are those that are assumed.
    pub declared: bool,
    /// The week from Monday; neighbouring days with the same hours are one row.
    pub week: Vec<WeekView>,
    /// What one business day is worth: `8 hours`.
    pub day: String,
    /// Whether the working days differ in length: then the longest is what one is worth.
    pub uneven: bool,
    /// The days off by year.
    pub years: Vec<YearView>,
}

/// Days of the week with the same hours.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct WeekView {
    /// The first day, 1 for Monday to 7 for Sunday.
    pub first: usize,
    /// The last day; none when it is the first.
    pub last: Option<usize>,
    /// The working hours, breaks between them: `09:00–12:00`. Empty when nobody works.
    pub hours: Vec<String>,
}

/// The days off of a year.
#[derive(Debug, Serialize)]
pub struct YearView {
    /// The year.
    pub year: i16,
    /// Its days off in order.
    pub days: Vec<DayOffView>,
}

/// A day on which nobody works.
#[derive(Debug, Serialize)]
pub struct DayOffView {
    /// `2026-01-01`
    pub date: String,
    /// 1 for Monday to 7 for Sunday.
    pub weekday: i8,
}
