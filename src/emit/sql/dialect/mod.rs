//! What differs between databases. A dialect is one file or folder; what it does not say is as most
//! databases have it.

mod bigquery;
mod clickhouse;
mod duckdb;
mod mariadb;
mod postgres;
mod snowflake;
mod spark;
mod sqlite;

use std::fmt::Display;

use jiff::{Timestamp, civil};

use super::bounds::Bounds;
use super::choices::Choices;
use super::gates::Gates;
use super::moves::Moves;
use super::names::Ident;
use super::schema::{ColumnType, Table};
use super::writer::Sql;
use super::zone::Zone;

/// Every dialect, in the order in which they are written. Adding one is one line here and one
/// file; the words it reserves go into `words.rs`.
pub(super) static ALL: &[&'static dyn Dialect] = &[
    POSTGRES,
    SQLITE,
    MARIADB,
    &duckdb::DuckDb,
    &clickhouse::ClickHouse,
    &spark::SPARK,
    &spark::DATABRICKS,
    &snowflake::Snowflake,
    &bigquery::BigQuery,
];

/// PostgreSQL 12 and later.
pub(super) const POSTGRES: &dyn Dialect = &postgres::Postgres;

/// SQLite 3.37 and later.
pub(super) const SQLITE: &dyn Dialect = &sqlite::Sqlite;

/// MariaDB 10.6 and later.
pub(super) const MARIADB: &dyn Dialect = &mariadb::Mariadb;

/// A database's way of saying things.
pub(super) trait Dialect: Sync {
    /// Its name in the manifest, and its folder.
    fn name(&self) -> &'static str;

    /// Its name for people.
    fn title(&self) -> &'static str;

    /// Whether it is written where the manifest names no dialects.
    fn by_default(&self) -> bool {
        false
    }

    /// How many bytes a name may have. The least of all dialects, so that names are the same in
    /// each.
    fn longest_name(&self) -> usize {
        63
    }

    /// How many columns a table may have.
    fn most_columns(&self) -> usize {
        1600
    }

    /// What stands around a quoted name.
    fn name_quote(&self) -> char {
        '"'
    }

    /// A text between quotes. No database stores U+0000 in a text; it becomes U+FFFD.
    fn text(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''").replace('\0', "\u{fffd}"))
    }

    /// `true` or `false`
    fn boolean(&self, value: bool) -> &'static str {
        if value { "TRUE" } else { "FALSE" }
    }

    /// A date.
    fn date(&self, date: civil::Date) -> String;

    /// A point in time.
    fn instant(&self, instant: Timestamp) -> String;

    /// The present, as the default of a column.
    fn now(&self) -> &'static str;

    /// The type of a column, with what makes it a key.
    fn column_type(&self, ty: &ColumnType) -> String;

    /// What a value of this type must satisfy because the column's type does not say it.
    fn type_check(&self, _ty: &ColumnType, _column: &dyn Display) -> Option<String> {
        None
    }

    /// Whether the database refuses what the process does not allow. Else a view lists what is
    /// against it.
    fn enforces(&self) -> bool {
        true
    }

    /// Where the conditions on the values of a column are declared.
    fn checks(&self) -> Checks {
        Checks::OfColumns
    }

    /// `CHECK`, for a condition that holds when it is unknown.
    fn check(&self, condition: &str) -> String {
        format!("CHECK ({condition})")
    }

    /// Whether primary and unique keys are declared.
    fn has_keys(&self) -> bool {
        true
    }

    /// Whether it is declared that a value must be that of another row.
    fn has_references(&self) -> bool {
        true
    }

    /// Whether there are indexes, for speed.
    fn has_indexes(&self) -> bool {
        true
    }

    /// Whether a column may have a default.
    fn has_defaults(&self) -> bool {
        true
    }

    /// Whether ids come from sequences that are created before the table.
    fn has_sequences(&self) -> bool {
        false
    }

    /// Whether the file is one transaction.
    fn is_atomic(&self) -> bool {
        true
    }

    /// What makes the texts of a column differ from each other; empty ones are missing ones, and
    /// may be many. `None` where nothing does.
    fn unique_text(&self, index: &Ident, table: &Ident, column: &Ident) -> Option<String> {
        Some(format!("CREATE UNIQUE INDEX {index} ON {table} ({column}) WHERE {column} <> '';"))
    }

    /// The type of a column that may be empty.
    fn nullable(&self, ty: String) -> String {
        ty
    }

    /// A value that is missing where a function finds no row to take it from.
    fn or_null(&self, value: &str) -> String {
        value.to_owned()
    }

    /// Whether the points of a record are told by a function. For databases that work out a view for
    /// all records even when one is asked for.
    fn has_functions(&self) -> bool {
        false
    }

    /// Creates a function that tells the value of a query of one row; the query names the argument.
    /// Nothing where the database [has none](Self::has_functions).
    fn function(&self, _name: &Ident, _argument: &str, _query: &str) -> String {
        String::new()
    }

    /// Whether a subquery may speak of the row outside it wherever a value may stand. Else the
    /// same is said by joins.
    fn correlates(&self) -> bool {
        true
    }

    /// Whether numbers with a fraction are decimals through all arithmetic. Else they are binary
    /// fractions, and results are compared to six decimals.
    fn is_exact(&self) -> bool {
        true
    }

    /// What follows the closing parenthesis of a table.
    fn table_suffix(&self, _table: &Table) -> String {
        String::new()
    }

    /// What stands before and after the query of a view.
    fn around_view(&self) -> (&'static str, &'static str) {
        ("", "")
    }

    /// Whether what a column refers to follows the columns; else it is said with the column.
    fn refers_apart(&self) -> bool {
        false
    }

    /// Whether tables and columns are explained by `COMMENT ON`; else where they are created.
    fn has_comment_statement(&self) -> bool {
        false
    }

    /// What explains a table, after its suffix; `None` where only comments in the text do.
    fn table_comment(&self, _text: &str) -> Option<String> {
        None
    }

    /// What explains a column, after its definition; `None` where only comments in the text do.
    fn column_comment(&self, _text: &str) -> Option<String> {
        None
    }

    /// A condition that is never unknown: what is unknown is false.
    fn truth(&self, condition: &str) -> String {
        format!("COALESCE({condition}, {})", self.boolean(false))
    }

    /// A value as a number that arithmetic does not round to whole ones.
    fn number(&self, value: &str) -> String;

    /// `x` rounded to so many decimals, halves away from zero.
    fn round(&self, value: &str, decimals: u32) -> String {
        format!("ROUND({value}, {decimals})")
    }

    /// A value in which another stands many times: `of` writes it from what stands for the other.
    fn with(&self, _name: &str, value: &str, of: &dyn Fn(&str) -> String) -> String {
        of(value)
    }

    /// Half to the power of `x`, a number.
    fn half_to_the(&self, exponent: &str) -> String {
        format!("POWER(0.5, {exponent})")
    }

    /// The smaller of two values that are there.
    fn least(&self, a: &str, b: &str) -> String {
        format!("LEAST({a}, {b})")
    }

    /// The greater of two values that are there.
    fn greatest(&self, a: &str, b: &str) -> String {
        format!("GREATEST({a}, {b})")
    }

    /// A point in time, by the clock of a time zone, to the second. Below, *local* is a value of
    /// that kind, which no other zone is ever applied to.
    fn local(&self, instant: &str, zone: &Zone) -> String;

    /// A constant of that kind.
    fn local_constant(&self, at: civil::DateTime) -> String;

    /// The local point in time at which a date begins.
    fn midnight(&self, date: &str) -> String {
        format!("CAST({date} AS timestamp)")
    }

    /// What is left of an integer from zero up after division by another.
    fn modulo(&self, value: &str, by: u32) -> String {
        format!("(({value}) % {by})")
    }

    /// What ends a query whose columns are computed once, however often they are read by the next one.
    fn apart(&self) -> &'static str {
        ""
    }

    /// Whether a join may ask for a range, without any equality.
    fn joins_by_range(&self) -> bool {
        true
    }

    /// Whether points in time can be moved to a zone by its name. Else offsets are written down in
    /// a table.
    fn knows_zones(&self) -> bool {
        true
    }

    /// The date of a local point in time.
    fn date_of(&self, local: &str) -> String;

    /// The seconds since midnight of a local point in time, an integer.
    fn second_of_day(&self, local: &str) -> String;

    /// Whole seconds from one point in time to another, an integer; both local, or neither.
    fn seconds_between(&self, from: &str, to: &str) -> String;

    /// A local point in time so many seconds later; `seconds` is an integer expression.
    fn add_seconds(&self, local: &str, seconds: &str) -> String;

    /// A local point in time so many months later: the same day of the month, or the last there is.
    fn add_months(&self, local: &str, months: i64) -> String;

    /// Whole days from one date to another, an integer.
    fn days_between(&self, from: &str, to: &str) -> String;

    /// A date so many days later; `days` is an integer expression.
    fn add_days(&self, date: &str, days: &str) -> String;

    /// A date so many months later: the same day of the month, or the last there is.
    fn add_date_months(&self, date: &str, months: i64) -> String;

    /// The first day of the period in which a date lies; weeks begin on Monday.
    fn period_start(&self, date: &str, period: Period) -> String;

    /// A query of every date from the first to the last, in a column named `day`.
    fn days(&self, first: civil::Date, last: civil::Date) -> String;

    /// From the first line to where tables can be created.
    fn begin(&self, sql: &mut Sql<'_>, _choices: &Choices) {
        if self.is_atomic() {
            sql.line(format_args!("BEGIN;"));
        }
    }

    /// After the last table.
    fn end(&self, sql: &mut Sql<'_>) {
        if !self.is_atomic() {
            return;
        }
        sql.gap();
        sql.line(format_args!("COMMIT;"));
    }

    /// What keeps the history and refuses moves that are not declared.
    fn guards(&self, _sql: &mut Sql<'_>, _moves: &Moves<'_>) {}

    /// What refuses values in words.
    fn bounds(&self, _sql: &mut Sql<'_>, _bounds: &Bounds) {}

    /// What refuses moves whose conditions do not hold.
    fn gates(&self, _sql: &mut Sql<'_>, _gates: &Gates) {}

    /// How tables with rows in them are changed.
    fn changes(&self) -> Changes {
        Changes::Copy
    }

    /// Whether what is written is run by the tests, and not only read by a grammar.
    fn is_run(&self) -> bool {
        true
    }

    /// A query that fails with these words when a condition holds. For [`Changes::Copy`].
    fn stop(&self, _when: &str, _told: &str) -> String {
        String::new()
    }

    /// Whether `CREATE OR REPLACE TABLE` puts a table in the place of another.
    fn replaces(&self) -> bool {
        false
    }

    /// Whether somebody has put something of their own on one of these tables that goes with it: a
    /// condition, and what it is, for people.
    fn own(&self, _tables: &str) -> Option<(String, &'static str)> {
        None
    }

    /// Creates a table whose ids go on behind those that a query gives, in a column `n`; `None` where
    /// the database gives no ids. For [`Changes::Copy`].
    fn create_counting(&self, _create: &str, _ids: &str) -> Option<String> {
        None
    }

    /// How to run the file, and what this database cannot do, as Markdown for the README.
    fn notes(&self) -> Notes;
}

/// Where conditions on values stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checks {
    /// In the definition of the column.
    OfColumns,
    /// After all columns.
    OfTable,
    /// Nowhere: the database has none.
    None,
}

/// A way to change tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changes {
    /// In place, by `ALTER TABLE`.
    Alter,
    /// By a new table around the rows of the old one.
    Rebuild,
    /// By a copy that takes the place of the old one, where nothing undoes a statement.
    Swap,
    /// By copies from which all tables are made anew, where nothing undoes a statement and no
    /// statement asks for another.
    Copy,
}

/// A text between quotes, where a backslash begins an escape.
fn escaped(text: &str) -> String {
    let text = text.replace('\0', "\u{fffd}").replace('\\', "\\\\").replace('\'', "\\'");
    format!("'{text}'")
}

/// A stretch of the calendar that numbers are told for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// What the README says about a dialect.
pub(super) struct Notes {
    /// The versions it is written for.
    pub(super) versions: &'static str,
    /// A command.
    pub(super) run: &'static str,
    /// Paragraphs.
    pub(super) remarks: &'static [&'static str],
    /// How to load records that are in the middle of the process.
    pub(super) load: &'static str,
}
