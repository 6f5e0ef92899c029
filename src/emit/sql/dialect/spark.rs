//! Spark, and Databricks, which speaks its language: files as tables, without keys and defaults.

use jiff::{Timestamp, civil};

use super::{Checks, Dialect, Notes, Period, escaped};
use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::{ColumnType, Table};
use crate::emit::sql::zone::Zone;

/// Spark with tables of Parquet files.
pub(super) const SPARK: Spark = Spark { name: "spark", title: "Spark", storage: "parquet" };

/// Databricks, with tables of Delta Lake.
pub(super) const DATABRICKS: Spark =
    Spark { name: "databricks", title: "Databricks", storage: "delta" };

pub(super) struct Spark {
    name: &'static str,
    title: &'static str,
    storage: &'static str,
}

impl Dialect for Spark {
    fn name(&self) -> &'static str {
        self.name
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn name_quote(&self) -> char {
        '`'
    }

    fn text(&self, text: &str) -> String {
        // In `${…}` it would put the value of a setting, even within a text.
        escaped(text).replace("${", "\\u0024{")
    }

    fn enforces(&self) -> bool {
        false
    }

    fn date(&self, date: civil::Date) -> String {
        format!("DATE '{date}'")
    }

    fn instant(&self, instant: Timestamp) -> String {
        format!("TIMESTAMP_NTZ '{}'", instant.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn now(&self) -> &'static str {
        "(TIMESTAMP_NTZ '1970-01-01 00:00:00' + unix_seconds(current_timestamp()) * INTERVAL '1' SECOND)"
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let word = match ty {
            ColumnType::Id { .. } | ColumnType::Reference | ColumnType::Integer => "BIGINT",
            ColumnType::Text | ColumnType::Name(_) => "STRING",
            ColumnType::Decimal => "DECIMAL(38, 9)",
            ColumnType::Boolean => "BOOLEAN",
            ColumnType::Date => "DATE",
            // In UTC. What is called `TIMESTAMP` changes its day and hour with the session.
            ColumnType::Instant => "TIMESTAMP_NTZ",
        };
        word.to_owned()
    }

    fn checks(&self) -> Checks {
        Checks::None
    }

    fn has_keys(&self) -> bool {
        false
    }

    fn has_references(&self) -> bool {
        false
    }

    fn has_indexes(&self) -> bool {
        false
    }

    fn has_defaults(&self) -> bool {
        false
    }

    fn is_atomic(&self) -> bool {
        false
    }

    fn unique_text(&self, _index: &Ident, _table: &Ident, _column: &Ident) -> Option<String> {
        None
    }

    fn correlates(&self) -> bool {
        false
    }

    fn is_exact(&self) -> bool {
        false
    }

    fn table_suffix(&self, _table: &Table) -> String {
        format!(" USING {}", self.storage)
    }

    fn table_comment(&self, text: &str) -> Option<String> {
        Some(format!("COMMENT {}", self.text(text)))
    }

    fn column_comment(&self, text: &str) -> Option<String> {
        Some(format!("COMMENT {}", self.text(text)))
    }

    fn number(&self, value: &str) -> String {
        format!("CAST({value} AS DOUBLE)")
    }

    fn local(&self, instant: &str, zone: &Zone) -> String {
        let zone = self.text(zone.name());
        // `date_trunc` would give a point in time of the session's zone.
        let epoch = "TIMESTAMP_NTZ '1970-01-01 00:00:00'";
        let seconds =
            self.seconds_between(epoch, &format!("CONVERT_TIMEZONE('UTC', {zone}, {instant})"));
        self.add_seconds(epoch, &seconds)
    }

    fn local_constant(&self, at: civil::DateTime) -> String {
        format!("TIMESTAMP_NTZ '{}'", at.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn midnight(&self, date: &str) -> String {
        format!("CAST({date} AS TIMESTAMP_NTZ)")
    }

    fn date_of(&self, local: &str) -> String {
        format!("CAST({local} AS DATE)")
    }

    fn second_of_day(&self, local: &str) -> String {
        let epoch = "TIMESTAMP_NTZ '1970-01-01 00:00:00'";
        format!("PMOD({}, 86400)", self.seconds_between(epoch, local))
    }

    fn seconds_between(&self, from: &str, to: &str) -> String {
        // `timestampdiff` would count in the session's zone, with its hours left out and put in.
        format!("(({to} - {from}) DIV INTERVAL '1' SECOND)")
    }

    fn add_seconds(&self, local: &str, seconds: &str) -> String {
        format!("({local} + ({seconds}) * INTERVAL '1' SECOND)")
    }

    fn add_months(&self, local: &str, months: i64) -> String {
        format!("({local} + INTERVAL '{months}' MONTH)")
    }

    fn days_between(&self, from: &str, to: &str) -> String {
        format!("DATEDIFF({to}, {from})")
    }

    fn add_days(&self, date: &str, days: &str) -> String {
        format!("DATE_ADD({date}, CAST({days} AS INT))")
    }

    fn add_date_months(&self, date: &str, months: i64) -> String {
        format!("ADD_MONTHS({date}, {months})")
    }

    fn period_start(&self, date: &str, period: Period) -> String {
        let period = match period {
            Period::Day => return date.to_owned(),
            Period::Week => "WEEK",
            Period::Month => "MONTH",
            Period::Quarter => "QUARTER",
            Period::Year => "YEAR",
        };
        format!("TRUNC({date}, '{period}')")
    }

    fn days(&self, first: civil::Date, last: civil::Date) -> String {
        format!("SELECT EXPLODE(SEQUENCE(DATE '{first}', DATE '{last}', INTERVAL '1' DAY)) AS day")
    }

    fn is_run(&self) -> bool {
        self.name == SPARK.name
    }

    fn stop(&self, when: &str, told: &str) -> String {
        format!("SELECT CASE WHEN {when} THEN raise_error({}) ELSE 'ok' END;", self.text(told))
    }

    fn replaces(&self) -> bool {
        // Tables of plain files are replaced by none of Spark's own catalogs.
        self.storage == DATABRICKS.storage
    }

    fn notes(&self) -> Notes {
        if self.name == "databricks" {
            return Notes {
                versions: "Runtime 13.3 and later",
                run: "databricks sql < schema.sql",
                remarks: &[
                    NOTHING_REFUSED,
                    "Keys are not declared either: Databricks would not check them, but trust them when it plans a query.",
                    NO_TRANSACTION,
                    TYPES,
                    "The file was checked against the grammar of Databricks; it was not run there.",
                ],
                load: LOAD,
            };
        }
        Notes {
            versions: "3.5 and later; the tests of Ekiden run 4.3",
            run: "spark-sql -f schema.sql",
            remarks: &[NOTHING_REFUSED, NO_TRANSACTION, TYPES],
            load: LOAD,
        }
    }
}

const NOTHING_REFUSED: &str = "Nothing that the process says is enforced: tables of files have no triggers, no conditions on values, no unique keys, no references, no defaults and no ids of their own.";

const NO_TRANSACTION: &str =
    "There is no transaction: when a statement fails, the tables before it are there.";

const TYPES: &str = "Points in time are `TIMESTAMP_NTZ` in UTC: `TIMESTAMP` would change its day and hour with the zone of the session. Numbers, percentages and amounts of money are `DECIMAL(38, 9)`: a tenth digit after the point is rounded away. Arithmetic is done in `DOUBLE`.";

const LOAD: &str = "insert them with an id, their stage and the time they entered it, and their moves into the history; every column that must be there has to be given.";
