//! MariaDB: texts compared byte for byte, times in UTC, guards in triggers. What it writes is read by
//! MySQL too where that takes nothing away.

mod bounds;
mod gates;
mod guards;

use std::fmt::Display;

use jiff::{Timestamp, civil};

use super::{Changes, Checks, Dialect, Notes, Period};
use crate::emit::sql::bounds::Bounds;
use crate::emit::sql::choices::Choices;
use crate::emit::sql::gates::Gates;
use crate::emit::sql::moves::Moves;
use crate::emit::sql::names::{Ident, Scope};
use crate::emit::sql::schema::{ColumnType, Table};
use crate::emit::sql::writer::Sql;
use crate::emit::sql::zone::Zone;

pub(super) struct Mariadb;

/// Two texts are the same when their bytes are: blanks at the end count, and so does the case.
const COLLATION: &str = "utf8mb4_nopad_bin";

/// How the text of the schema is read. Views and checks are kept as text that is read again without
/// `NO_BACKSLASH_ESCAPES`, so it is not here, and texts double their backslashes.
const MODE: &str = "ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,\
     ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

impl Dialect for Mariadb {
    fn name(&self) -> &'static str {
        "mariadb"
    }

    fn title(&self) -> &'static str {
        "MariaDB"
    }

    fn by_default(&self) -> bool {
        true
    }

    fn longest_name(&self) -> usize {
        // InnoDB names the references of a table after it: `…_ibfk_12`.
        54
    }

    fn most_columns(&self) -> usize {
        // InnoDB's limit is 1017; a unique text takes two.
        1000
    }

    fn text(&self, text: &str) -> String {
        let text = text.replace('\\', "\\\\").replace('\'', "''").replace('\0', "\u{fffd}");
        format!("'{text}'")
    }

    fn date(&self, date: civil::Date) -> String {
        format!("DATE '{date}'")
    }

    fn instant(&self, instant: Timestamp) -> String {
        format!("TIMESTAMP '{}'", instant.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn now(&self) -> &'static str {
        "(UTC_TIMESTAMP())"
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let word = match ty {
            ColumnType::Id { .. } => "BIGINT AUTO_INCREMENT PRIMARY KEY",
            ColumnType::Reference | ColumnType::Integer => "BIGINT",
            ColumnType::Text => "LONGTEXT",
            ColumnType::Name(length) => return format!("VARCHAR({length})"),
            ColumnType::Decimal => "DECIMAL(38, 9)",
            ColumnType::Boolean => "BOOLEAN",
            ColumnType::Date => "DATE",
            // `TIMESTAMP` ends in 2038, and is told by the clock of the session.
            ColumnType::Instant => "DATETIME",
        };
        word.to_owned()
    }

    fn type_check(&self, ty: &ColumnType, column: &dyn Display) -> Option<String> {
        (*ty == ColumnType::Boolean).then(|| format!("{column} IN (0, 1)"))
    }

    fn table_suffix(&self, _table: &Table) -> String {
        " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin".to_owned()
    }

    fn checks(&self) -> Checks {
        Checks::OfTable
    }

    fn refers_apart(&self) -> bool {
        // MySQL reads a reference beside its column and forgets it.
        true
    }

    fn table_comment(&self, text: &str) -> Option<String> {
        // As long as the comment of a column may be.
        Some(format!("COMMENT {}", self.text(&shortened(text, 1024))))
    }

    fn column_comment(&self, text: &str) -> Option<String> {
        self.table_comment(text)
    }

    fn unique_text(&self, index: &Ident, table: &Ident, column: &Ident) -> Option<String> {
        // No field has such a name.
        let value = Scope::default().claim(self, &format!("{}$", index.raw()));
        let ColumnType::Name(length) = ColumnType::UNIQUE else { return None };
        Some(format!(
            "-- An index cannot leave rows out; the column it is on turns empty texts into null.\n\
             ALTER TABLE {table} ADD COLUMN {value} VARCHAR({length}) GENERATED ALWAYS AS (NULLIF({column}, '')) VIRTUAL INVISIBLE,\n    \
             ADD CONSTRAINT {index} UNIQUE ({value});"
        ))
    }

    fn number(&self, value: &str) -> String {
        format!("CAST({value} AS DECIMAL(38, 9))")
    }

    fn has_functions(&self) -> bool {
        // A view with subqueries among its columns is never merged into what asks for it.
        true
    }

    fn function(&self, name: &Ident, argument: &str, query: &str) -> String {
        format!(
            "CREATE FUNCTION {name}({argument} BIGINT) RETURNS DECIMAL(38, 9) READS SQL DATA\nRETURN ({query});"
        )
    }

    fn half_to_the(&self, exponent: &str) -> String {
        format!("CAST(POWER(0.5, {exponent}) AS DECIMAL(38, 18))")
    }

    fn local(&self, instant: &str, zone: &Zone) -> String {
        format!("DATE_ADD({instant}, INTERVAL {} SECOND)", zone.offset_of(instant))
    }

    fn local_constant(&self, at: civil::DateTime) -> String {
        format!("TIMESTAMP '{}'", at.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn midnight(&self, date: &str) -> String {
        format!("CAST({date} AS DATETIME)")
    }

    fn knows_zones(&self) -> bool {
        // Only where its time zone tables have been loaded.
        false
    }

    fn date_of(&self, local: &str) -> String {
        format!("CAST({local} AS DATE)")
    }

    fn second_of_day(&self, local: &str) -> String {
        format!("TIME_TO_SEC({local})")
    }

    fn seconds_between(&self, from: &str, to: &str) -> String {
        format!("TIMESTAMPDIFF(SECOND, {from}, {to})")
    }

    fn add_seconds(&self, local: &str, seconds: &str) -> String {
        format!("DATE_ADD({local}, INTERVAL ({seconds}) SECOND)")
    }

    fn add_months(&self, local: &str, months: i64) -> String {
        format!("DATE_ADD({local}, INTERVAL {months} MONTH)")
    }

    fn days_between(&self, from: &str, to: &str) -> String {
        format!("DATEDIFF({to}, {from})")
    }

    fn add_days(&self, date: &str, days: &str) -> String {
        format!("DATE_ADD({date}, INTERVAL ({days}) DAY)")
    }

    fn add_date_months(&self, date: &str, months: i64) -> String {
        format!("DATE_ADD({date}, INTERVAL {months} MONTH)")
    }

    fn period_start(&self, date: &str, period: Period) -> String {
        let year = format!("MAKEDATE(YEAR({date}), 1)");
        match period {
            Period::Day => date.to_owned(),
            Period::Week => format!("DATE_SUB({date}, INTERVAL WEEKDAY({date}) DAY)"),
            Period::Month => format!("DATE_SUB({date}, INTERVAL DAYOFMONTH({date}) - 1 DAY)"),
            Period::Quarter => format!("DATE_ADD({year}, INTERVAL QUARTER({date}) * 3 - 3 MONTH)"),
            Period::Year => year,
        }
    }

    fn days(&self, first: civil::Date, last: civil::Date) -> String {
        // A recursion ends after 1000 steps; two of 256 count 179 years.
        let span = last.since(first).map_or(0, |span| span.get_days());
        format!(
            "WITH RECURSIVE k(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM k WHERE n < 255) \
             SELECT DATE_ADD(DATE '{first}', INTERVAL a.n * 256 + b.n DAY) AS day \
             FROM k AS a CROSS JOIN k AS b WHERE a.n * 256 + b.n <= {span}"
        )
    }

    fn is_atomic(&self) -> bool {
        // A statement that creates something ends the transaction before it.
        false
    }

    fn begin(&self, sql: &mut Sql<'_>, _choices: &Choices) {
        sql.comment("How what follows is to be read, whatever the session's settings.");
        sql.line(format_args!("SET @ekiden_sql_mode = @@SESSION.sql_mode;"));
        sql.line(format_args!("SET SESSION sql_mode = '{MODE}';"));
        sql.line(format_args!("SET NAMES utf8mb4 COLLATE {COLLATION};"));
        sql.comment(
            "A table of hundreds of texts is created although no row could fill all of them.",
        );
        sql.line(format_args!("SET SESSION innodb_strict_mode = OFF;"));
    }

    fn end(&self, sql: &mut Sql<'_>) {
        sql.gap();
        sql.line(format_args!("SET SESSION sql_mode = @ekiden_sql_mode;"));
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
        Changes::Swap
    }

    fn notes(&self) -> Notes {
        Notes {
            versions: "10.6 and later",
            run: "mariadb sales < schema.sql",
            remarks: &[
                "Points in time are `DATETIME` in UTC, to the second: `'2026-04-01 09:00:00'`. Numbers, percentages and amounts of money are `DECIMAL(38, 9)`: exact, with nine decimals; further ones are rounded.",
                "Texts are compared byte for byte, with blanks at the end. Names have at most 255 characters, unique texts 768.",
                "Sessions must be strict, as they are unless told otherwise: `sql_mode` with `STRICT_TRANS_TABLES`. Without it, MariaDB makes wrong values fit. Names between double quotes need `ANSI_QUOTES` as well; else write them between backticks.",
                "Refusals are errors of SQLSTATE 45000; their message also tells what would have been allowed, and is cut where it would be too long for MariaDB.",
                "A statement cannot move records and read, in the same breath, the tables of records that go on or come back by it: `INSERT INTO deal … SELECT … FROM lead` is refused with error 1442. Read first, then write.",
                "`TRUNCATE` and `DROP` ask no trigger: programs should not have the right to either.",
                "MySQL 8 reads the file once `utf8mb4_nopad_bin` is replaced by `utf8mb4_0900_bin`, and names that only MySQL reserves, such as `lead`, `rank` and `groups`, are put between quotes. It cannot raise messages of more than 128 characters and then says so instead.",
            ],
            load: "drop the triggers of the table, load, and create them again from `schema.sql`.",
        }
    }
}

/// The beginning of a text: at most so many characters.
fn shortened(text: &str, longest: usize) -> String {
    if text.chars().nth(longest).is_none() {
        return text.to_owned();
    }
    text.chars().take(longest.saturating_sub(1)).chain(['…']).collect()
}
