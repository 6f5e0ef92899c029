//! Working time: a table of all days, and arithmetic on it.
//!
//! The table tells for every day how much work lies before it and when the day's work begins and
//! ends. Working time between two points is then the difference of two look-ups, and no database
//! needs to walk from one to the other.

use jiff::civil::{Date, date};

use crate::model::Process;

use super::dialect::Dialect;
use super::lookups::{Last, Lookups};
use super::names::{Ident, Scope};
use super::reference;
use super::schema::{Column, ColumnType, Key, Table};
use super::writer::{Sql, What};

/// The days told. The first is a Monday, from which weekdays are counted.
const FIRST: Date = date(1990, 1, 1);
const LAST: Date = date(2069, 12, 31);

/// The calendar of the process, in a table.
pub(super) struct WorkTime<'a> {
    dialect: &'a dyn Dialect,
    table: Ident,
    /// The most working intervals that a day has.
    shifts: usize,
    process: &'a Process,
}

impl<'a> WorkTime<'a> {
    pub(super) fn new(dialect: &'a dyn Dialect, prefix: &str, process: &'a Process) -> Self {
        let table = reference::name(dialect, prefix, "calendar");
        let shifts = process.calendar.week.iter().map(Vec::len).max().unwrap_or(0).max(1);
        Self { dialect, table, shifts, process }
    }

    /// The table, its rows, and what finds them.
    pub(super) fn write(&self, sql: &mut Sql<'_>, prefix: &str, relations: &mut Scope) {
        sql.table(&self.table());
        let since = sql.mark();
        self.fill(sql, prefix);
        sql.made(since, || What::Rows(self.table.clone()));
        for column in ["worked_before", "workdays"] {
            let name = format!("{}_{column}_idx", self.table.raw());
            let name = relations.claim(self.dialect, &name);
            sql.index(&name, &self.table, &[&Ident::new(self.dialect, column)]);
        }
    }

    /// The table, empty.
    pub(super) fn table(&self) -> Table {
        let column = |name: &str, ty, comment: &str| {
            let mut column = Column::new(Ident::new(self.dialect, name), ty);
            column.required = true;
            column.comment = Some(comment.to_owned());
            column
        };
        let integer = |name: &str, comment: &str| column(name, ColumnType::Integer, comment);
        let mut columns = vec![
            column("day", ColumnType::Date, "in the time zone of the process"),
            integer("worked_before", "working seconds of all days before it, from the first on"),
            integer("worked", "working seconds of the day"),
            integer("workdays", "working days from the first on, this one included"),
            integer("is_workday", "1 or 0"),
        ];
        for shift in 1..=self.shifts {
            columns.push(integer(&format!("open_{shift}"), "seconds after midnight"));
            columns.push(integer(&format!("close_{shift}"), "seconds after midnight"));
        }
        Table {
            name: self.table.clone(),
            comment: format!("Every day from {FIRST} to {LAST}, and when people work on it"),
            columns,
            keys: vec![Key::Primary(vec![Ident::new(self.dialect, "day")])],
            rows: Vec::new(),
        }
    }

    /// The statement that fills the table.
    fn fill(&self, sql: &mut Sql<'_>, prefix: &str) {
        let table = self.table();
        let columns: Vec<String> =
            table.columns.iter().map(|column| column.name.to_string()).collect();
        sql.line(format_args!("INSERT INTO {} ({})", table.name, columns.join(", ")));
        for line in format!("{};", self.query(prefix)).lines() {
            sql.line(format_args!("{line}"));
        }
    }

    /// The rows of the table, with its columns in order.
    pub(super) fn query(&self, prefix: &str) -> String {
        let dialect = self.dialect;
        let holiday = reference::name(dialect, prefix, "holiday");
        let mut shifts = Vec::new();
        let mut hours = Vec::new();
        for shift in 0..self.shifts {
            for (what, edge) in [("open", true), ("close", false)] {
                let name = format!("{what}_{}", shift + 1);
                let of_day = |hours: &crate::model::WorkingHours| {
                    60 * if edge { hours.start } else { hours.end }
                };
                let value = self.by_weekday(|hours| i64::from(hours.get(shift).map_or(0, of_day)));
                hours.push(format!("{value} AS {name}"));
                shifts.push(name);
            }
        }
        let worked = self.by_weekday(|hours| {
            hours.iter().map(|hours| i64::from(hours.end.saturating_sub(hours.start)) * 60).sum()
        });
        let sign = "CASE WHEN worked > 0 THEN 1 ELSE 0 END";
        format!(
            "SELECT day, SUM(worked) OVER (ORDER BY day) - worked AS worked_before, worked,
    SUM({sign}) OVER (ORDER BY day) AS workdays, {sign} AS is_workday,
    {shifts}
FROM (SELECT day, {worked} AS worked,
    {hours}
FROM (SELECT d.day, {weekday} AS weekday,
    CASE WHEN h.holiday IS NULL THEN 0 ELSE 1 END AS is_off
FROM ({days}) AS d
LEFT JOIN {holiday} AS h ON h.holiday = d.day) AS w) AS t",
            shifts = shifts.join(", "),
            hours = hours.join(", "),
            weekday = dialect.modulo(&dialect.days_between(&dialect.date(FIRST), "d.day"), 7),
            days = dialect.days(FIRST, LAST),
        )
    }

    /// A number for every weekday, and zero on holidays.
    fn by_weekday(&self, of: impl Fn(&[crate::model::WorkingHours]) -> i64) -> String {
        let mut cases = String::new();
        for (weekday, hours) in self.process.calendar.week.iter().enumerate() {
            let number = of(hours);
            if number != 0 {
                cases.push_str(&format!(" WHEN weekday = {weekday} THEN {number}"));
            }
        }
        if cases.is_empty() {
            return "0".to_owned();
        }
        format!("CASE WHEN is_off = 1 THEN 0{cases} ELSE 0 END")
    }

    /// The working seconds from the first day to a local point in time.
    pub(super) fn until(&self, lookups: &Lookups, local: &str) -> String {
        let Self { dialect, table, shifts, .. } = self;
        let day = dialect.date_of(local);
        let second = dialect.second_of_day(local);
        lookups.row(
            table,
            |c| format!("{c}.day = {day}"),
            |c| {
                let mut sum = format!("{c}.worked_before");
                for shift in 1..=*shifts {
                    let done = dialect.least(&second, &format!("{c}.close_{shift}"));
                    let done = dialect.greatest(&format!("{done} - {c}.open_{shift}"), "0");
                    sum.push_str(&format!(" + {done}"));
                }
                format!("({sum})")
            },
        )
    }

    /// Working seconds from one local point in time to another.
    pub(super) fn between(&self, lookups: &Lookups, from: &str, to: &str) -> String {
        format!("({} - {})", self.until(lookups, to), self.until(lookups, from))
    }

    /// The working days up to and including a date.
    pub(super) fn days_until(&self, lookups: &Lookups, day: &str) -> String {
        lookups.row(&self.table, |c| format!("{c}.day = {day}"), |c| format!("{c}.workdays"))
    }

    /// The working days before a date, without it.
    pub(super) fn days_before(&self, lookups: &Lookups, day: &str) -> String {
        lookups.row(
            &self.table,
            |c| format!("{c}.day = {day}"),
            |c| format!("({c}.workdays - {c}.is_workday)"),
        )
    }

    /// The date so many working days after another, or before it; not zero.
    pub(super) fn add_days(&self, lookups: &Lookups, day: &str, days: i64) -> String {
        let number = if days > 0 {
            format!("{} + {days}", self.days_until(lookups, day))
        } else {
            format!("{} + {}", self.days_before(lookups, day), days + 1)
        };
        lookups.row(
            &self.table,
            |c| format!("{c}.is_workday = 1 AND {c}.workdays = {number}"),
            |c| format!("{c}.day"),
        )
    }

    /// The local point in time so many working seconds after another: the earliest; or before it:
    /// the latest; not zero.
    pub(super) fn add_seconds(&self, lookups: &Lookups, local: &str, seconds: i64) -> String {
        self.dialect.with("since", local, &|since| {
            let aim = format!("({} + {seconds})", self.until(lookups, since));
            self.dialect.with("aim", &aim, &|aim| self.worked_up_to(lookups, aim, seconds > 0))
        })
    }

    /// The local point in time until which so many seconds were worked since the calendar begins:
    /// forwards the first such, backwards the last.
    fn worked_up_to(&self, lookups: &Lookups, aim: &str, forwards: bool) -> String {
        let Self { dialect, table, shifts, .. } = self;
        let (from, to) = if forwards { ("<", "<=") } else { ("<=", "<") };
        let on = |c: &str| {
            let end = format!("{c}.worked_before + {c}.worked");
            format!("{c}.worked_before {from} {aim} AND {aim} {to} {end}")
        };
        // The last day with work that begins before the aim is the one within which the aim lies.
        let last =
            Last { table, key: "worked_before", below: from, bound: aim, when: "worked > 0" };
        lookups.last_row(&last, on, |c| {
            // Forwards, the first shift by whose end the aim is reached; backwards, the last one
            // from whose beginning it can be.
            let length = |shift: usize| format!("({c}.close_{shift} - {c}.open_{shift})");
            let mut cases = String::new();
            let mut passed = String::new();
            let order: Vec<usize> =
                if forwards { (1..=*shifts).collect() } else { (1..=*shifts).rev().collect() };
            let left = if forwards {
                format!("({aim} - {c}.worked_before)")
            } else {
                format!("({c}.worked_before + {c}.worked - {aim})")
            };
            for shift in order {
                let rest = format!("({left}{passed})");
                let found = if forwards {
                    format!("{c}.open_{shift} + {rest}")
                } else {
                    format!("{c}.close_{shift} - {rest}")
                };
                cases.push_str(&format!(" WHEN {rest} <= {} THEN {found}", length(shift)));
                passed.push_str(&format!(" - {}", length(shift)));
            }
            dialect.add_seconds(&dialect.midnight(&format!("{c}.day")), &format!("CASE{cases} END"))
        })
    }
}
