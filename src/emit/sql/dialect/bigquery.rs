//! BigQuery: nothing is enforced but `NOT NULL`, and a join needs an equality.

use jiff::{Timestamp, civil};

use super::{Checks, Dialect, Notes, Period, escaped};
use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::ColumnType;
use crate::emit::sql::zone::Zone;

pub(super) struct BigQuery;

impl Dialect for BigQuery {
    fn name(&self) -> &'static str {
        "bigquery"
    }

    fn title(&self) -> &'static str {
        "BigQuery"
    }

    fn name_quote(&self) -> char {
        '`'
    }

    fn text(&self, text: &str) -> String {
        // A text between single quotes is one line.
        escaped(text).replace('\n', "\\n").replace('\r', "\\r")
    }

    fn enforces(&self) -> bool {
        false
    }

    fn date(&self, date: civil::Date) -> String {
        format!("DATE '{date}'")
    }

    fn instant(&self, instant: Timestamp) -> String {
        format!("TIMESTAMP '{}'", instant.strftime("%Y-%m-%d %H:%M:%S+00"))
    }

    fn now(&self) -> &'static str {
        "CURRENT_TIMESTAMP()"
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let word = match ty {
            ColumnType::Id { .. } | ColumnType::Reference | ColumnType::Integer => "INT64",
            ColumnType::Text | ColumnType::Name(_) => "STRING",
            ColumnType::Decimal => "NUMERIC",
            ColumnType::Boolean => "BOOL",
            ColumnType::Date => "DATE",
            ColumnType::Instant => "TIMESTAMP",
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

    fn joins_by_range(&self) -> bool {
        false
    }

    fn is_exact(&self) -> bool {
        false
    }

    fn table_comment(&self, text: &str) -> Option<String> {
        Some(format!("OPTIONS (description = {})", self.text(text)))
    }

    fn column_comment(&self, text: &str) -> Option<String> {
        Some(format!("OPTIONS (description = {})", self.text(text)))
    }

    fn number(&self, value: &str) -> String {
        format!("CAST({value} AS FLOAT64)")
    }

    fn local(&self, instant: &str, zone: &Zone) -> String {
        let zone = self.text(zone.name());
        format!("DATETIME_TRUNC(DATETIME({instant}, {zone}), SECOND)")
    }

    fn local_constant(&self, at: civil::DateTime) -> String {
        format!("DATETIME '{}'", at.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn midnight(&self, date: &str) -> String {
        format!("CAST({date} AS DATETIME)")
    }

    fn modulo(&self, value: &str, by: u32) -> String {
        format!("MOD({value}, {by})")
    }

    fn date_of(&self, local: &str) -> String {
        format!("CAST({local} AS DATE)")
    }

    fn second_of_day(&self, local: &str) -> String {
        format!("TIME_DIFF(CAST({local} AS TIME), TIME '00:00:00', SECOND)")
    }

    fn seconds_between(&self, from: &str, to: &str) -> String {
        // The cast makes a point in time one in UTC, and leaves a local one as it is.
        format!("DATETIME_DIFF(CAST({to} AS DATETIME), CAST({from} AS DATETIME), SECOND)")
    }

    fn add_seconds(&self, local: &str, seconds: &str) -> String {
        format!("DATETIME_ADD({local}, INTERVAL ({seconds}) SECOND)")
    }

    fn add_months(&self, local: &str, months: i64) -> String {
        format!("DATETIME_ADD({local}, INTERVAL {months} MONTH)")
    }

    fn days_between(&self, from: &str, to: &str) -> String {
        format!("DATE_DIFF({to}, {from}, DAY)")
    }

    fn add_days(&self, date: &str, days: &str) -> String {
        format!("DATE_ADD({date}, INTERVAL ({days}) DAY)")
    }

    fn add_date_months(&self, date: &str, months: i64) -> String {
        format!("DATE_ADD({date}, INTERVAL {months} MONTH)")
    }

    fn period_start(&self, date: &str, period: Period) -> String {
        let period = match period {
            Period::Day => return date.to_owned(),
            Period::Week => "WEEK(MONDAY)",
            Period::Month => "MONTH",
            Period::Quarter => "QUARTER",
            Period::Year => "YEAR",
        };
        format!("DATE_TRUNC({date}, {period})")
    }

    fn days(&self, first: civil::Date, last: civil::Date) -> String {
        format!("SELECT day FROM UNNEST(GENERATE_DATE_ARRAY(DATE '{first}', DATE '{last}')) AS day")
    }

    fn is_run(&self) -> bool {
        false
    }

    fn stop(&self, when: &str, told: &str) -> String {
        format!("SELECT IF({when}, ERROR({}), 'ok');", self.text(told))
    }

    fn replaces(&self) -> bool {
        true
    }

    fn notes(&self) -> Notes {
        Notes {
            versions: "GoogleSQL",
            run: "bq query --use_legacy_sql=false --dataset_id=sales < schema.sql",
            remarks: &[
                "BigQuery has no triggers, no conditions on values, no unique fields and no ids of its own. Keys and references are not declared either: BigQuery would not enforce them, but trust them when it plans a query.",
                "Columns have no defaults: whoever loads records gives every column that must be there.",
                "There is no transaction: tables cannot be created in one. When a statement fails, the tables before it are there.",
                "Points in time are `TIMESTAMP`. Numbers, percentages and amounts of money are `NUMERIC`: a tenth digit after the point is rounded away. Arithmetic is done in `FLOAT64`.",
                "The file was checked against the grammar of BigQuery; it was not run there.",
            ],
            load: "insert them with an id, their stage and the time they entered it, and their moves into the history.",
        }
    }
}
