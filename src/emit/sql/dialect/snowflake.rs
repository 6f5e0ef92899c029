//! Snowflake: keys are declared, and nothing but `NOT NULL` is enforced.

use jiff::{Timestamp, civil};

use super::{Checks, Dialect, Notes, Period, escaped};
use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::ColumnType;
use crate::emit::sql::zone::Zone;

pub(super) struct Snowflake;

/// What makes a column's values ids that the database gives.
const COUNTED: &str = "AUTOINCREMENT";

impl Dialect for Snowflake {
    fn name(&self) -> &'static str {
        "snowflake"
    }

    fn title(&self) -> &'static str {
        "Snowflake"
    }

    fn text(&self, text: &str) -> String {
        escaped(text)
    }

    fn enforces(&self) -> bool {
        false
    }

    fn date(&self, date: civil::Date) -> String {
        format!("DATE '{date}'")
    }

    fn instant(&self, instant: Timestamp) -> String {
        format!("TO_TIMESTAMP_NTZ('{}')", instant.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn now(&self) -> &'static str {
        "SYSDATE()"
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let word = match ty {
            ColumnType::Id { .. } => return format!("NUMBER(38, 0) {COUNTED} PRIMARY KEY"),
            ColumnType::Reference | ColumnType::Integer => "NUMBER(38, 0)",
            ColumnType::Text | ColumnType::Name(_) => "VARCHAR",
            ColumnType::Decimal => "NUMBER(38, 9)",
            ColumnType::Boolean => "BOOLEAN",
            ColumnType::Date => "DATE",
            // In UTC, whatever the account takes `TIMESTAMP` for.
            ColumnType::Instant => "TIMESTAMP_NTZ",
        };
        word.to_owned()
    }

    fn checks(&self) -> Checks {
        Checks::None
    }

    fn has_indexes(&self) -> bool {
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

    fn table_comment(&self, text: &str) -> Option<String> {
        Some(format!("COMMENT = {}", self.text(text)))
    }

    fn column_comment(&self, text: &str) -> Option<String> {
        Some(format!("COMMENT {}", self.text(text)))
    }

    fn number(&self, value: &str) -> String {
        format!("CAST({value} AS DOUBLE)")
    }

    fn local(&self, instant: &str, zone: &Zone) -> String {
        let zone = self.text(zone.name());
        format!("DATE_TRUNC('second', CONVERT_TIMEZONE('UTC', {zone}, {instant}))")
    }

    fn local_constant(&self, at: civil::DateTime) -> String {
        format!("TO_TIMESTAMP_NTZ('{}')", at.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn midnight(&self, date: &str) -> String {
        format!("CAST({date} AS TIMESTAMP_NTZ)")
    }

    fn date_of(&self, local: &str) -> String {
        format!("CAST({local} AS DATE)")
    }

    fn second_of_day(&self, local: &str) -> String {
        format!("DATEDIFF('second', CAST('00:00:00' AS TIME), CAST({local} AS TIME))")
    }

    fn seconds_between(&self, from: &str, to: &str) -> String {
        format!("DATEDIFF('second', {from}, {to})")
    }

    fn add_seconds(&self, local: &str, seconds: &str) -> String {
        format!("DATEADD('second', {seconds}, {local})")
    }

    fn add_months(&self, local: &str, months: i64) -> String {
        // `ADD_MONTHS` would make the last day of a month the last of another.
        format!("DATEADD('month', {months}, {local})")
    }

    fn days_between(&self, from: &str, to: &str) -> String {
        format!("DATEDIFF('day', {from}, {to})")
    }

    fn add_days(&self, date: &str, days: &str) -> String {
        format!("DATEADD('day', {days}, {date})")
    }

    fn add_date_months(&self, date: &str, months: i64) -> String {
        format!("DATEADD('month', {months}, {date})")
    }

    fn period_start(&self, date: &str, period: Period) -> String {
        let period = match period {
            Period::Day => return date.to_owned(),
            // Where a week begins is a setting of the session for `DATE_TRUNC`.
            Period::Week => return format!("DATEADD('day', 1 - DAYOFWEEKISO({date}), {date})"),
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        };
        format!("DATE_TRUNC('{period}', {date})")
    }

    fn days(&self, first: civil::Date, last: civil::Date) -> String {
        let count = first.until(last).map_or(0, |span| span.get_days()) + 1;
        format!(
            "SELECT DATEADD('day', ROW_NUMBER() OVER (ORDER BY SEQ4()) - 1, DATE '{first}') AS day FROM TABLE(GENERATOR(ROWCOUNT => {count}))"
        )
    }

    fn is_run(&self) -> bool {
        false
    }

    fn stop(&self, when: &str, told: &str) -> String {
        // Nothing but a script can raise an error: what is told is the number that it is not.
        format!("SELECT TO_NUMBER(CASE WHEN {when} THEN {} ELSE '0' END);", self.text(told))
    }

    fn replaces(&self) -> bool {
        true
    }

    fn create_counting(&self, create: &str, ids: &str) -> Option<String> {
        // Where ids begin is a constant of the statement, which is therefore written by another.
        let create = self.text(create.trim().trim_end_matches(';')).replace("$$", "$\\u0024");
        let counting = format!("{COUNTED} START ' || first_id || ' INCREMENT 1");
        let create = create.replacen(COUNTED, &counting, 1);
        Some(format!(
            "EXECUTE IMMEDIATE $$\n\
             DECLARE\n    first_id INTEGER;\n    statement VARCHAR;\n\
             BEGIN\n    SELECT COALESCE(MAX(n), 0) + 1 INTO :first_id FROM ({ids}) AS q;\n    statement := {create};\n    \
             EXECUTE IMMEDIATE :statement;\n\
             END;\n$$;\n"
        ))
    }

    fn notes(&self) -> Notes {
        Notes {
            versions: "of 2025 and later",
            run: "snow sql --enable-templating NONE -f schema.sql",
            remarks: &[
                "Snowflake has no triggers and no conditions on values. Primary keys, unique fields and references are declared, for programs to read; Snowflake does not enforce them.",
                "Names without quotes are capitals to Snowflake; those in quotes are words of some database, and small. Write each as the file does.",
                "There is no transaction: every statement that creates something ends one. When a statement fails, the tables before it are there.",
                "Points in time are `TIMESTAMP_NTZ` in UTC. Numbers, percentages and amounts of money are `NUMBER(38, 9)`: a tenth digit after the point is rounded away. Arithmetic is done in `DOUBLE`.",
                "The file was checked against the grammar of Snowflake; it was not run there.",
            ],
            load: "insert them with an id, their stage and the time they entered it, and their moves into the history.",
        }
    }
}
