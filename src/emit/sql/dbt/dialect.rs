//! The words of a database, left to macros that dbt runs.

use jiff::{Timestamp, civil};

use super::jinja::{self, QUOTE, call, call_with_text};
use crate::emit::sql::choices::Choices;
use crate::emit::sql::dialect::{Dialect, Notes, Period};
use crate::emit::sql::moves::Moves;
use crate::emit::sql::schema::ColumnType;
use crate::emit::sql::writer::Sql;
use crate::emit::sql::zone::Zone;

/// SQL for every database that the macros know.
pub(super) const JINJA: &dyn Dialect = &Jinja;

struct Jinja;

/// What the macro `ekiden_type` calls a type.
pub(super) fn kind(ty: &ColumnType) -> &'static str {
    match ty {
        ColumnType::Integer => "integer",
        ColumnType::Decimal => "decimal",
        ColumnType::Boolean => "boolean",
        ColumnType::Date => "date",
        ColumnType::Instant => "instant",
        // Ids too: those of a CRM are texts.
        _ => "text",
    }
}

impl Dialect for Jinja {
    fn name(&self) -> &'static str {
        "dbt"
    }

    fn title(&self) -> &'static str {
        "dbt"
    }

    /// Shorter than the least of all databases: models have a beginning of their own.
    fn longest_name(&self) -> usize {
        56
    }

    fn name_quote(&self) -> char {
        QUOTE
    }

    fn text(&self, text: &str) -> String {
        let special = |c: char| {
            c.is_control() || matches!(c, '\'' | '\\' | '{' | '}' | '\u{e000}'..='\u{f8ff}')
        };
        if text.contains(special) {
            // How a quote is written within quotes differs, and Jinja would see its own signs.
            return call_with_text("ekiden_text", &text.replace('\0', "\u{fffd}"));
        }
        format!("'{text}'")
    }

    fn date(&self, date: civil::Date) -> String {
        format!("CAST('{date}' AS date)")
    }

    fn instant(&self, instant: Timestamp) -> String {
        let at = instant.strftime("'%Y-%m-%d %H:%M:%S'").to_string();
        call("ekiden_cast", &[&at, "instant"])
    }

    /// Points in time have no zone here: they are in UTC.
    fn now(&self) -> &'static str {
        "\u{e001}ekiden_now()\u{e002}"
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        call("ekiden_type", &[kind(ty)])
    }

    fn enforces(&self) -> bool {
        false
    }

    fn correlates(&self) -> bool {
        false
    }

    fn is_exact(&self) -> bool {
        false
    }

    fn number(&self, value: &str) -> String {
        call("ekiden_number", &[value])
    }

    fn half_to_the(&self, exponent: &str) -> String {
        call("ekiden_half_to_the", &[exponent])
    }

    fn local(&self, instant: &str, zone: &Zone) -> String {
        call("ekiden_local", &[instant, zone.name()])
    }

    fn local_constant(&self, at: civil::DateTime) -> String {
        let at = at.strftime("'%Y-%m-%d %H:%M:%S'").to_string();
        call("ekiden_cast", &[&at, "instant"])
    }

    fn midnight(&self, date: &str) -> String {
        call("ekiden_cast", &[date, "instant"])
    }

    fn modulo(&self, value: &str, by: u32) -> String {
        format!("MOD({value}, {by})")
    }

    fn date_of(&self, local: &str) -> String {
        format!("CAST({local} AS date)")
    }

    fn second_of_day(&self, local: &str) -> String {
        call("ekiden_second_of_day", &[local])
    }

    fn seconds_between(&self, from: &str, to: &str) -> String {
        call("ekiden_seconds_between", &[from, to])
    }

    fn add_seconds(&self, local: &str, seconds: &str) -> String {
        call("ekiden_add_seconds", &[local, seconds])
    }

    fn add_months(&self, local: &str, months: i64) -> String {
        call("ekiden_add_months", &[local, &months.to_string()])
    }

    fn days_between(&self, from: &str, to: &str) -> String {
        call("ekiden_days_between", &[from, to])
    }

    fn add_days(&self, date: &str, days: &str) -> String {
        call("ekiden_add_days", &[date, days])
    }

    fn add_date_months(&self, date: &str, months: i64) -> String {
        call("ekiden_add_date_months", &[date, &months.to_string()])
    }

    fn period_start(&self, date: &str, period: Period) -> String {
        let period = match period {
            Period::Day => return date.to_owned(),
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        };
        call("ekiden_period_start", &[date, period])
    }

    fn days(&self, first: civil::Date, last: civil::Date) -> String {
        call("ekiden_days", &[&first.to_string(), &last.to_string()])
    }

    fn begin(&self, _sql: &mut Sql<'_>, _choices: &Choices) {}

    fn guards(&self, _sql: &mut Sql<'_>, _moves: &Moves<'_>) {}

    fn notes(&self) -> Notes {
        Notes { versions: "1.10 and later", run: "dbt build", remarks: &[], load: "" }
    }
}

/// A column of a table as a staging model gives it.
pub(super) fn staged(value: &str, ty: &ColumnType) -> String {
    match ty {
        ColumnType::Instant => jinja::call("ekiden_utc", &[value]),
        ty => jinja::call("ekiden_cast", &[value, kind(ty)]),
    }
}
