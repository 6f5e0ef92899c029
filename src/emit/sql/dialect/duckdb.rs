//! DuckDB: an analytical database in one file. It knows conditions and keys, and no triggers.

use jiff::{Timestamp, civil};

use super::{Changes, Dialect, Notes, Period};
use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::ColumnType;
use crate::emit::sql::zone::Zone;

pub(super) struct DuckDb;

impl Dialect for DuckDb {
    fn name(&self) -> &'static str {
        "duckdb"
    }

    fn title(&self) -> &'static str {
        "DuckDB"
    }

    fn enforces(&self) -> bool {
        false
    }

    fn date(&self, date: civil::Date) -> String {
        format!("DATE '{date}'")
    }

    fn instant(&self, instant: Timestamp) -> String {
        format!("TIMESTAMP '{}'", instant.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn now(&self) -> &'static str {
        "(now() AT TIME ZONE 'UTC')"
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let word = match ty {
            ColumnType::Id { .. } | ColumnType::Reference | ColumnType::Integer => "BIGINT",
            ColumnType::Text | ColumnType::Name(_) => "VARCHAR",
            ColumnType::Decimal => "DECIMAL(38, 9)",
            ColumnType::Boolean => "BOOLEAN",
            ColumnType::Date => "DATE",
            // In UTC: with a zone of its own, its meaning would be the session's.
            ColumnType::Instant => "TIMESTAMP",
        };
        word.to_owned()
    }

    fn has_references(&self) -> bool {
        // An update may be a deletion and an insertion there, and is refused as soon as another
        // row refers to the one updated.
        false
    }

    fn has_indexes(&self) -> bool {
        // It scans columns instead, and updates of indexed ones are limited as those of keys.
        false
    }

    fn has_sequences(&self) -> bool {
        true
    }

    fn unique_text(&self, index: &Ident, table: &Ident, column: &Ident) -> Option<String> {
        // There are no partial indexes; several nulls are no duplicates.
        Some(format!("CREATE UNIQUE INDEX {index} ON {table} (NULLIF({column}, ''));"))
    }

    fn is_exact(&self) -> bool {
        false
    }

    fn has_comment_statement(&self) -> bool {
        true
    }

    fn number(&self, value: &str) -> String {
        format!("CAST({value} AS DOUBLE)")
    }

    fn local(&self, instant: &str, zone: &Zone) -> String {
        let zone = self.text(zone.name());
        format!("DATE_TRUNC('second', {instant} AT TIME ZONE 'UTC' AT TIME ZONE {zone})")
    }

    fn local_constant(&self, at: civil::DateTime) -> String {
        format!("TIMESTAMP '{}'", at.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn date_of(&self, local: &str) -> String {
        format!("CAST({local} AS DATE)")
    }

    fn second_of_day(&self, local: &str) -> String {
        format!("DATE_DIFF('second', TIME '00:00:00', CAST({local} AS TIME))")
    }

    fn seconds_between(&self, from: &str, to: &str) -> String {
        format!("DATE_DIFF('second', {from}, {to})")
    }

    fn add_seconds(&self, local: &str, seconds: &str) -> String {
        format!("({local} + TO_SECONDS(CAST({seconds} AS BIGINT)))")
    }

    fn add_months(&self, local: &str, months: i64) -> String {
        format!("({local} + INTERVAL '{months} months')")
    }

    fn days_between(&self, from: &str, to: &str) -> String {
        format!("DATE_DIFF('day', {from}, {to})")
    }

    fn add_days(&self, date: &str, days: &str) -> String {
        format!("({date} + CAST({days} AS INTEGER))")
    }

    fn add_date_months(&self, date: &str, months: i64) -> String {
        format!("CAST({date} + INTERVAL '{months} months' AS DATE)")
    }

    fn period_start(&self, date: &str, period: Period) -> String {
        let period = match period {
            Period::Day => return date.to_owned(),
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        };
        format!("CAST(DATE_TRUNC('{period}', {date}) AS DATE)")
    }

    fn days(&self, first: civil::Date, last: civil::Date) -> String {
        format!(
            "SELECT CAST(s.d AS DATE) AS day FROM generate_series(TIMESTAMP '{first}', TIMESTAMP '{last}', INTERVAL '1 day') AS s(d)"
        )
    }

    fn changes(&self) -> Changes {
        // A column with a condition cannot be added, nor one changed that an index or a view stands on.
        Changes::Rebuild
    }

    fn notes(&self) -> Notes {
        Notes {
            versions: "1.2 and later",
            run: "duckdb -bail sales.duckdb < schema.sql",
            remarks: &[
                "DuckDB has no triggers for rows: nothing keeps the history, and a move that the process does not declare is not refused.",
                "Conditions on values, primary keys and unique fields are enforced. References are not declared: DuckDB refuses to update a row that another refers to.",
                "Points in time are `TIMESTAMP` in UTC. Numbers, percentages and amounts of money are `DECIMAL(38, 9)`: a tenth digit after the point is rounded away. Arithmetic is done in `DOUBLE`.",
                "Zones of time need the extension `icu`, which is part of the usual builds.",
            ],
            load: "insert them with their stage and the time they entered it, and their moves into the history. Ids that are given are not known to the sequence that makes new ones.",
        }
    }
}
