//! ClickHouse: tables sorted by their key, which nothing makes unique, and joins that need to be
//! told to give nulls.

use jiff::{Timestamp, civil};

use super::{Checks, Dialect, Notes, Period, escaped};
use crate::emit::sql::choices::Choices;
use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::{ColumnType, Table};
use crate::emit::sql::writer::{Sql, is_key, list};
use crate::emit::sql::zone::Zone;

pub(super) struct ClickHouse;

impl Dialect for ClickHouse {
    fn name(&self) -> &'static str {
        "clickhouse"
    }

    fn title(&self) -> &'static str {
        "ClickHouse"
    }

    fn name_quote(&self) -> char {
        '`'
    }

    fn text(&self, text: &str) -> String {
        escaped(text)
    }

    fn enforces(&self) -> bool {
        false
    }

    fn date(&self, date: civil::Date) -> String {
        format!("toDate32('{date}')")
    }

    fn instant(&self, instant: Timestamp) -> String {
        format!("toDateTime64('{}', 0, 'UTC')", instant.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn now(&self) -> &'static str {
        "now64(0, 'UTC')"
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let word = match ty {
            ColumnType::Id { .. } | ColumnType::Reference | ColumnType::Integer => "Int64",
            ColumnType::Text | ColumnType::Name(_) => "String",
            ColumnType::Decimal => "Decimal(38, 9)",
            ColumnType::Boolean => "Bool",
            // `Date` and `DateTime` begin in 1970.
            ColumnType::Date => "Date32",
            ColumnType::Instant => "DateTime64(0, 'UTC')",
        };
        word.to_owned()
    }

    fn nullable(&self, ty: String) -> String {
        format!("Nullable({ty})")
    }

    fn or_null(&self, value: &str) -> String {
        // `LAG` of what is never null begins with 1970.
        format!("toNullable({value})")
    }

    fn checks(&self) -> Checks {
        Checks::OfTable
    }

    fn check(&self, condition: &str) -> String {
        // What is unknown would be an error.
        format!("CHECK (ifNull({condition}, true))")
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

    fn table_suffix(&self, table: &Table) -> String {
        let key: Vec<&Ident> = table
            .columns
            .iter()
            .filter(|column| is_key(table, column))
            .map(|column| &column.name)
            .collect();
        format!(" ENGINE = MergeTree ORDER BY ({})", list(&key))
    }

    fn table_comment(&self, text: &str) -> Option<String> {
        Some(format!("COMMENT {}", self.text(text)))
    }

    fn column_comment(&self, text: &str) -> Option<String> {
        Some(format!("COMMENT {}", self.text(text)))
    }

    fn around_view(&self) -> (&'static str, &'static str) {
        // A view keeps these, whatever the session of its reader says. They stand outside a query
        // of several parts, where they hold for all of it.
        (
            "SELECT * FROM (",
            ") SETTINGS join_use_nulls = 1, aggregate_functions_null_for_empty = 1, prefer_column_name_to_alias = 1",
        )
    }

    fn truth(&self, condition: &str) -> String {
        format!("ifNull({condition}, false)")
    }

    fn number(&self, value: &str) -> String {
        format!("toFloat64({value})")
    }

    fn round(&self, value: &str, decimals: u32) -> String {
        // Its own `round` takes the halves of binary fractions to the even neighbour.
        let scale = format!("1{}", "0".repeat(usize::try_from(decimals).unwrap_or_default()));
        let number = self.number(value);
        format!("(sign({number}) * floor(abs({number}) * {scale} + 0.5) / {scale})")
    }

    fn local(&self, instant: &str, zone: &Zone) -> String {
        let zone = self.text(zone.name());
        // Still called UTC, so that nothing else is added.
        format!("addSeconds({instant}, timezoneOffset(toTimeZone({instant}, {zone})))")
    }

    fn local_constant(&self, at: civil::DateTime) -> String {
        format!("toDateTime64('{}', 0, 'UTC')", at.strftime("%Y-%m-%d %H:%M:%S"))
    }

    fn midnight(&self, date: &str) -> String {
        format!("toDateTime64({date}, 0, 'UTC')")
    }

    fn date_of(&self, local: &str) -> String {
        format!("toDate32({local})")
    }

    fn second_of_day(&self, local: &str) -> String {
        format!("toInt64(positiveModulo(toUnixTimestamp64Second({local}), 86400))")
    }

    fn seconds_between(&self, from: &str, to: &str) -> String {
        format!("dateDiff('second', {from}, {to})")
    }

    fn add_seconds(&self, local: &str, seconds: &str) -> String {
        format!("addSeconds({local}, {seconds})")
    }

    fn add_months(&self, local: &str, months: i64) -> String {
        format!("addMonths({local}, {months})")
    }

    fn days_between(&self, from: &str, to: &str) -> String {
        format!("dateDiff('day', {from}, {to})")
    }

    fn add_days(&self, date: &str, days: &str) -> String {
        format!("addDays({date}, {days})")
    }

    fn add_date_months(&self, date: &str, months: i64) -> String {
        format!("addMonths({date}, {months})")
    }

    fn period_start(&self, date: &str, period: Period) -> String {
        // `toMonday` and its kin give a `Date`, which begins in 1970.
        match period {
            Period::Day => date.to_owned(),
            Period::Week => format!("addDays({date}, 1 - toDayOfWeek({date}))"),
            Period::Month => format!("addDays({date}, 1 - toDayOfMonth({date}))"),
            Period::Quarter => format!(
                "addMonths(addDays({date}, 1 - toDayOfMonth({date})), - ((toMonth({date}) - 1) % 3))"
            ),
            Period::Year => format!("addDays({date}, 1 - toDayOfYear({date}))"),
        }
    }

    fn days(&self, first: civil::Date, last: civil::Date) -> String {
        let count = first.until(last).map_or(0, |span| span.get_days()) + 1;
        format!("SELECT addDays(toDate32('{first}'), number) AS day FROM numbers({count})")
    }

    fn begin(&self, sql: &mut Sql<'_>, _choices: &Choices) {
        sql.comment("What a join does not find is null, not zero.");
        sql.line(format_args!("SET join_use_nulls = 1;"));
    }

    fn stop(&self, when: &str, told: &str) -> String {
        format!("SELECT throwIf({when}, {});", self.text(told))
    }

    fn own(&self, tables: &str) -> Option<(String, &'static str)> {
        let here = "database = currentDatabase()";
        let all = [
            format!(
                "system.tables WHERE {here} AND name IN ({tables}) AND notEmpty(dependencies_table)"
            ),
            format!(
                "system.columns WHERE {here} AND table IN ({tables}) AND default_kind IN ('MATERIALIZED', 'ALIAS', 'EPHEMERAL')"
            ),
            format!("system.data_skipping_indices WHERE {here} AND table IN ({tables})"),
            format!("system.projections WHERE {here} AND table IN ({tables})"),
        ];
        let all = all.map(|of| format!("(SELECT COUNT(*) FROM {of})"));
        let what = "a materialized view, a computed column, an index or a projection";
        Some((format!("{} > 0", all.join(" + ")), what))
    }

    fn notes(&self) -> Notes {
        Notes {
            versions: "25.3 and later",
            run: "clickhouse-client --multiquery < schema.sql",
            remarks: &[
                "ClickHouse has no triggers that refuse, no unique keys and no references: of what the process says, only the conditions on values are enforced, and only for rows that are inserted.",
                "It gives no ids: whoever loads records gives them.",
                "There is no transaction: when a statement fails, the tables before it are there.",
                "Points in time are `DateTime64(0, 'UTC')`, dates `Date32` (1900 to 2299). Numbers, percentages and amounts of money are `Decimal(38, 9)`: a tenth digit after the point is cut off. Arithmetic is done in `Float64`.",
                "The views bring the settings with them that their joins need.",
            ],
            load: "insert them with an id, their stage and the time they entered it, and their moves into the history.",
        }
    }
}
