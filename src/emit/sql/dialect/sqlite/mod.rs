//! SQLite: strict tables, booleans as 0 and 1, dates as text.

mod bounds;
mod gates;
mod guards;

use std::fmt::Display;

use jiff::{Timestamp, civil};

use super::{Changes, Dialect, Notes, Period};
use crate::emit::sql::bounds::Bounds;
use crate::emit::sql::choices::Choices;
use crate::emit::sql::gates::Gates;
use crate::emit::sql::moves::Moves;
use crate::emit::sql::schema::{ColumnType, Table};
use crate::emit::sql::writer::Sql;
use crate::emit::sql::zone::Zone;

pub(super) struct Sqlite;

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn title(&self) -> &'static str {
        "SQLite"
    }

    fn by_default(&self) -> bool {
        true
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "1" } else { "0" }
    }

    fn date(&self, date: civil::Date) -> String {
        format!("'{date}'")
    }

    fn instant(&self, instant: Timestamp) -> String {
        format!("'{}'", instant.strftime("%Y-%m-%dT%H:%M:%SZ"))
    }

    fn now(&self) -> &'static str {
        "(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let word = match ty {
            // Without AUTOINCREMENT the id of a deleted row is given out again, and its history
            // with it.
            ColumnType::Id { .. } => "INTEGER PRIMARY KEY AUTOINCREMENT",
            ColumnType::Reference | ColumnType::Integer | ColumnType::Boolean => "INTEGER",
            ColumnType::Decimal => "REAL",
            ColumnType::Text | ColumnType::Name(_) | ColumnType::Date | ColumnType::Instant => {
                "TEXT"
            }
        };
        word.to_owned()
    }

    fn type_check(&self, ty: &ColumnType, column: &dyn Display) -> Option<String> {
        match ty {
            ColumnType::Boolean => Some(format!("{column} IN (0, 1)")),
            // A date that does not exist comes back as another, 30 February as 2 March: in older
            // builds only where something is added to it.
            ColumnType::Date => Some(format!("date({column}, '+0 days') IS {column}")),
            ColumnType::Instant => {
                Some(format!("strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '+0 days') IS {column}"))
            }
            _ => None,
        }
    }

    fn table_suffix(&self, _table: &Table) -> String {
        " STRICT".to_owned()
    }

    fn is_exact(&self) -> bool {
        false
    }

    fn number(&self, value: &str) -> String {
        format!("CAST({value} AS REAL)")
    }

    fn with(&self, name: &str, value: &str, of: &dyn Fn(&str) -> String) -> String {
        // The parser of many builds has room for expressions of a certain depth only: what has a
        // name does not add its own.
        let of_it = of(&format!("_{name}.{name}"));
        format!("(SELECT {of_it} FROM (SELECT {value} AS {name}) AS _{name})")
    }

    fn half_to_the(&self, exponent: &str) -> String {
        // Many builds of SQLite have neither POWER nor EXP. Whole halvings are shifts; the rest is a
        // series, exact to eleven digits: the powers of -ln 2 over the factorials.
        const SERIES: [&str; 12] = [
            "- 0.69314718055994531",
            "+ 0.24022650695910071",
            "- 0.05550410866482158",
            "+ 0.00961812910762848",
            "- 0.00133335581464284",
            "+ 0.00015403530393381",
            "- 0.00001525273380406",
            "+ 0.00000132154867901",
            "- 0.00000010178086009",
            "+ 0.00000000705491162",
            "- 0.00000000044455383",
            "+ 0.00000000002567843",
        ];
        let mut power = String::new();
        let mut sum = "1.0".to_owned();
        for factor in SERIES {
            power.push_str(" * h.f");
            sum.push_str(&format!(" {factor}{power}"));
        }
        format!(
            "(SELECT CASE WHEN h.n > 60 THEN 0.0 ELSE ({sum}) / (1 << h.n) END \
             FROM (SELECT CAST(g.x AS INTEGER) AS n, g.x - CAST(g.x AS INTEGER) AS f \
             FROM (SELECT {exponent} AS x) AS g) AS h)"
        )
    }

    fn least(&self, a: &str, b: &str) -> String {
        format!("MIN({a}, {b})")
    }

    fn greatest(&self, a: &str, b: &str) -> String {
        format!("MAX({a}, {b})")
    }

    fn local(&self, instant: &str, zone: &Zone) -> String {
        let offset = zone.offset_of(instant);
        format!("STRFTIME('%Y-%m-%dT%H:%M:%S', {instant}, {offset} || ' seconds')")
    }

    fn local_constant(&self, at: civil::DateTime) -> String {
        format!("'{}'", at.strftime("%Y-%m-%dT%H:%M:%S"))
    }

    fn knows_zones(&self) -> bool {
        false
    }

    fn midnight(&self, date: &str) -> String {
        format!("({date} || 'T00:00:00')")
    }

    fn date_of(&self, local: &str) -> String {
        format!("DATE({local})")
    }

    fn second_of_day(&self, local: &str) -> String {
        format!("(STRFTIME('%s', {local}) - STRFTIME('%s', DATE({local})))")
    }

    fn seconds_between(&self, from: &str, to: &str) -> String {
        format!("(STRFTIME('%s', {to}) - STRFTIME('%s', {from}))")
    }

    fn add_seconds(&self, local: &str, seconds: &str) -> String {
        format!("STRFTIME('%Y-%m-%dT%H:%M:%S', {local}, ({seconds}) || ' seconds')")
    }

    fn add_months(&self, local: &str, months: i64) -> String {
        // The day is that of the date, the time stays as it is.
        let date = self.add_date_months(&self.date_of(local), months);
        format!("({date} || SUBSTR({local}, 11))")
    }

    fn days_between(&self, from: &str, to: &str) -> String {
        format!("CAST(JULIANDAY({to}) - JULIANDAY({from}) AS INTEGER)")
    }

    fn add_days(&self, date: &str, days: &str) -> String {
        format!("DATE({date}, ({days}) || ' days')")
    }

    fn add_date_months(&self, date: &str, months: i64) -> String {
        // SQLite carries 31 February over into March; the last day of the month comes before that.
        let last = months + 1;
        format!(
            "MIN(DATE({date}, '{months} months'), DATE({date}, 'start of month', '{last} months', '-1 day'))"
        )
    }

    fn period_start(&self, date: &str, period: Period) -> String {
        match period {
            Period::Day => date.to_owned(),
            Period::Week => format!("DATE({date}, '-6 days', 'weekday 1')"),
            Period::Month => format!("DATE({date}, 'start of month')"),
            Period::Quarter => format!(
                "DATE({date}, 'start of month', -((STRFTIME('%m', {date}) - 1) % 3) || ' months')"
            ),
            Period::Year => format!("DATE({date}, 'start of year')"),
        }
    }

    fn days(&self, first: civil::Date, last: civil::Date) -> String {
        format!(
            "WITH RECURSIVE d(day) AS (SELECT '{first}' UNION ALL SELECT DATE(day, '1 day') FROM d WHERE day < '{last}') SELECT day FROM d"
        )
    }

    fn begin(&self, sql: &mut Sql<'_>, _choices: &Choices) {
        sql.comment(
            "SQLite checks references only where it is told so: every connection must do this.",
        );
        sql.line(format_args!("PRAGMA foreign_keys = ON;"));
        sql.gap();
        sql.line(format_args!("BEGIN;"));
    }

    fn guards(&self, sql: &mut Sql<'_>, moves: &Moves<'_>) {
        guards::write(sql, moves);
    }

    fn bounds(&self, sql: &mut Sql<'_>, bounds: &Bounds) {
        bounds::write(sql, bounds);
    }

    fn gates(&self, sql: &mut Sql<'_>, gates: &Gates) {
        gates::write(sql, gates);
    }

    fn changes(&self) -> Changes {
        Changes::Rebuild
    }

    fn notes(&self) -> Notes {
        Notes {
            versions: "3.37 and later",
            run: "sqlite3 -bail sales.db < schema.sql",
            remarks: &[
                "Every connection must switch references on: `PRAGMA foreign_keys = ON`. Without it, SQLite does not check them.",
                "Dates are text: `2026-04-01`. Points in time are text in UTC, to the second: `2026-04-01T09:00:00Z`. Booleans are 0 and 1. Numbers, percentages and amounts of money are `REAL`, exact to 15 digits.",
                "Refusals name the stage a record is in and where it may go from there, not the stage that was asked for: before version 3.47, SQLite knows only fixed messages.",
            ],
            load: "drop the table's two triggers ending in `_after_insert` and `_after_update`, load, and create them again from `schema.sql`.",
        }
    }
}
