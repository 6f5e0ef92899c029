//! PostgreSQL: comments on everything, guards in PL/pgSQL.

mod bounds;
mod gates;
mod guards;

use jiff::{Timestamp, civil};

use super::{Changes, Dialect, Notes, Period};
use crate::emit::sql::bounds::Bounds;
use crate::emit::sql::choices::Choices;
use crate::emit::sql::gates::Gates;
use crate::emit::sql::moves::Moves;
use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::ColumnType;
use crate::emit::sql::writer::Sql;
use crate::emit::sql::zone::Zone;

pub(super) struct Postgres;

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn title(&self) -> &'static str {
        "PostgreSQL"
    }

    fn by_default(&self) -> bool {
        true
    }

    fn date(&self, date: civil::Date) -> String {
        format!("DATE '{date}'")
    }

    fn instant(&self, instant: Timestamp) -> String {
        format!("TIMESTAMPTZ '{}'", instant.strftime("%Y-%m-%d %H:%M:%S+00"))
    }

    fn now(&self) -> &'static str {
        "now()"
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let word = match ty {
            ColumnType::Id { sequence, key } => {
                let sequence = sequence
                    .as_ref()
                    .map_or(String::new(), |name| format!(" (SEQUENCE NAME {name})"));
                let key = key.as_ref().map_or(String::new(), |name| format!(" CONSTRAINT {name}"));
                return format!("bigint GENERATED ALWAYS AS IDENTITY{sequence}{key} PRIMARY KEY");
            }
            ColumnType::Reference | ColumnType::Integer => "bigint",
            ColumnType::Text | ColumnType::Name(_) => "text",
            // Without a scale: rounding is not for the database to decide.
            ColumnType::Decimal => "numeric",
            ColumnType::Boolean => "boolean",
            ColumnType::Date => "date",
            ColumnType::Instant => "timestamptz",
        };
        word.to_owned()
    }

    fn has_comment_statement(&self) -> bool {
        true
    }

    fn truth(&self, condition: &str) -> String {
        format!("({condition}) IS TRUE")
    }

    fn number(&self, value: &str) -> String {
        format!("CAST({value} AS numeric)")
    }

    fn half_to_the(&self, exponent: &str) -> String {
        format!("POWER(CAST(0.5 AS numeric), {exponent})")
    }

    fn local(&self, instant: &str, zone: &Zone) -> String {
        let zone = self.text(zone.name());
        format!("DATE_TRUNC('second', {instant} AT TIME ZONE {zone})")
    }

    fn local_constant(&self, at: civil::DateTime) -> String {
        format!("TIMESTAMP '{}'", at.strftime("%Y-%m-%d %H:%M:%S"))
    }

    /// Else each expression is copied to every place that reads it, and those of `stay` are read ten times.
    fn apart(&self) -> &'static str {
        "OFFSET 0"
    }

    fn date_of(&self, local: &str) -> String {
        format!("CAST({local} AS date)")
    }

    fn second_of_day(&self, local: &str) -> String {
        format!("CAST(EXTRACT(EPOCH FROM CAST({local} AS time)) AS integer)")
    }

    fn seconds_between(&self, from: &str, to: &str) -> String {
        format!("CAST(FLOOR(EXTRACT(EPOCH FROM {to} - {from})) AS bigint)")
    }

    fn add_seconds(&self, local: &str, seconds: &str) -> String {
        format!("({local} + ({seconds}) * INTERVAL '1 second')")
    }

    fn add_months(&self, local: &str, months: i64) -> String {
        format!("({local} + INTERVAL '{months} months')")
    }

    fn days_between(&self, from: &str, to: &str) -> String {
        format!("({to} - {from})")
    }

    fn add_days(&self, date: &str, days: &str) -> String {
        format!("({date} + CAST({days} AS integer))")
    }

    fn add_date_months(&self, date: &str, months: i64) -> String {
        format!("CAST({date} + INTERVAL '{months} months' AS date)")
    }

    fn period_start(&self, date: &str, period: Period) -> String {
        let period = match period {
            Period::Day => return date.to_owned(),
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        };
        format!("CAST(DATE_TRUNC('{period}', {date}) AS date)")
    }

    fn days(&self, first: civil::Date, last: civil::Date) -> String {
        format!(
            "SELECT CAST(d AS date) AS day FROM generate_series(TIMESTAMP '{first}', TIMESTAMP '{last}', INTERVAL '1 day') AS d"
        )
    }

    fn begin(&self, sql: &mut Sql<'_>, choices: &Choices) {
        sql.line(format_args!("BEGIN;"));
        sql.gap();
        sql.comment("How the texts below are to be read, whatever the session's settings.");
        sql.line(format_args!("SET LOCAL client_encoding = 'UTF8';"));
        sql.line(format_args!("SET LOCAL standard_conforming_strings = on;"));
        if let Some(schema) = &choices.schema {
            let schema = Ident::new(sql.dialect, schema);
            sql.gap();
            sql.line(format_args!("CREATE SCHEMA IF NOT EXISTS {schema};"));
            sql.line(format_args!("SET LOCAL search_path = {schema};"));
        }
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
        Changes::Alter
    }

    fn notes(&self) -> Notes {
        Notes {
            versions: "12 and later",
            run: "psql -v ON_ERROR_STOP=1 -f schema.sql",
            remarks: &[
                "Numbers, percentages and amounts of money are `numeric`: exact, and never rounded by the database.",
                "Refusals are errors of class `check_violation` (23514); their hint tells what would have been allowed. The history refuses changes with `restrict_violation` (23001).",
                "The functions keep the search path that was set when they were created, so it does not matter which one a later session has.",
            ],
            load: "`ALTER TABLE … DISABLE TRIGGER USER`, load, and `ENABLE TRIGGER USER` again.",
        }
    }
}
