//! The process itself as tables and rows: stages, moves, criteria, people, goals, words.
//!
//! Whatever has a name of its own is referred to by that name; it stays the same as long as the
//! process calls the thing so.

mod goals;
mod head;
mod people;
mod records;
mod scores;
mod stages;
mod transitions;
mod words;

use jiff::civil;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::model::{Duration, Owner, Process, Text, Unit};

use super::dialect::Dialect;
use super::names::{Ident, Scope};
use super::records::RecordTable;
use super::schema::{Cell, Check, Column, ColumnType, Key, Table};
use super::writer::texts;

/// The tables, without prefix, in the order in which they are created: what is referred to comes
/// first. `stage_history` and the view `move` are not described here but kept by triggers.
pub(super) const NAMES: &[&str] = &[
    "process",
    "working_hours",
    "holiday",
    "team",
    "role",
    "record",
    "field",
    "option",
    "confirmation",
    "stage",
    "stage_label",
    "stage_support",
    "stage_collect",
    "stage_start",
    "transition",
    "transition_carry",
    "criterion",
    "goal",
    "goal_owner",
    "feedback",
    "feedback_party",
    "score",
    "score_rule",
    "grade",
    "route",
    "term",
    "term_also",
    "term_see",
    "play",
    "play_stage",
    "play_owner",
    "former_name",
    "translation",
    "stage_history",
    "move",
    "event",
    "calendar",
    "zone_offset",
    "clock",
    "violation",
];

/// A table that describes the process.
pub(super) fn name(dialect: &dyn Dialect, prefix: &str, table: &str) -> Ident {
    Ident::new(dialect, &format!("{prefix}{table}"))
}

/// Every table that describes the process, with its rows, in an order in which they can be filled.
pub(super) fn tables(
    dialect: &dyn Dialect,
    prefix: &str,
    process: &Process,
    languages: &[String],
    records: &[RecordTable<'_>],
) -> Vec<Table> {
    let mut builder = Builder {
        dialect,
        prefix,
        process,
        languages,
        tables: Vec::new(),
        translations: Vec::new(),
    };
    builder.head();
    builder.people();
    builder.records(records);
    builder.stages();
    builder.transitions();
    builder.goals();
    builder.scores();
    builder.words();
    builder.translations();
    builder.tables
}

struct Builder<'a> {
    dialect: &'a dyn Dialect,
    prefix: &'a str,
    process: &'a Process,
    languages: &'a [String],
    tables: Vec<Table>,
    translations: Vec<Vec<Cell>>,
}

/// A column of a table that describes the process.
struct Spec {
    name: String,
    ty: ColumnType,
    required: bool,
    /// A table whose `name` it holds.
    refers: Option<&'static str>,
    one_of: &'static [&'static str],
    about: Option<&'static str>,
}

impl Spec {
    fn required(mut self) -> Self {
        self.required = true;
        self
    }

    fn refers(mut self, table: &'static str) -> Self {
        self.refers = Some(table);
        self
    }

    fn one_of(mut self, words: &'static [&'static str]) -> Self {
        self.one_of = words;
        self
    }

    fn about(mut self, about: &'static str) -> Self {
        self.about = Some(about);
        self
    }
}

fn column(name: impl Into<String>, ty: ColumnType) -> Spec {
    Spec { name: name.into(), ty, required: false, refers: None, one_of: &[], about: None }
}

fn text(name: &str) -> Spec {
    column(name, ColumnType::Text)
}

fn integer(name: &str) -> Spec {
    column(name, ColumnType::Integer)
}

fn decimal(name: &str) -> Spec {
    column(name, ColumnType::Decimal)
}

fn boolean(name: &str) -> Spec {
    column(name, ColumnType::Boolean).required()
}

fn ordinal() -> Spec {
    integer("ordinal").required()
}

/// A team, and the role in it when one is named.
fn owner(name: &str) -> [Spec; 2] {
    [
        column(format!("{name}_team"), ColumnType::Text).refers("team"),
        column(format!("{name}_role"), ColumnType::Text).refers("role"),
    ]
}

/// A length of time.
fn duration(name: &str) -> [Spec; 3] {
    [
        column(format!("{name}_iso"), ColumnType::Text)
            .about("ISO 8601 duration; a day of working time is written P1D too"),
        column(format!("{name}_minutes"), ColumnType::Integer)
            .about("roughly: a month counts as 30 days, a quarter as 91, a year as 365"),
        column(format!("{name}_is_working_time"), ColumnType::Boolean)
            .about("whether only working hours count"),
    ]
}

/// The columns of a table: single ones and groups.
macro_rules! columns {
    ($($part:expr),* $(,)?) => {{
        let mut all: Vec<$crate::emit::sql::reference::Spec> = Vec::new();
        $(all.extend($part);)*
        all
    }};
}
use columns;

/// A single column, where groups may stand too.
impl IntoIterator for Spec {
    type Item = Spec;
    type IntoIter = std::iter::Once<Spec>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(self)
    }
}

impl Builder<'_> {
    fn ident(&self, raw: &str) -> Ident {
        Ident::new(self.dialect, raw)
    }

    fn table_name(&self, table: &str) -> Ident {
        name(self.dialect, self.prefix, table)
    }

    /// Adds a table. `primary` names the columns of its key.
    fn table(
        &mut self,
        name: &'static str,
        comment: &str,
        specs: Vec<Spec>,
        primary: &[&str],
        rows: Vec<Vec<Cell>>,
    ) {
        let mut checks = Scope::default();
        let mut columns: Vec<Column> =
            specs.into_iter().map(|spec| self.column(name, spec, &mut checks)).collect();
        for column in &mut columns {
            if primary.contains(&column.name.raw()) || column.references.is_some() {
                known_by(column);
            }
        }
        let keys = vec![Key::Primary(primary.iter().map(|column| self.ident(column)).collect())];
        let name = self.table_name(name);
        self.tables.push(Table { name, comment: comment.to_owned(), columns, keys, rows });
    }

    /// Adds a key to the table added last: a field is known by its record and its name.
    fn refers_to_field(&mut self, record: &str, field: &str) {
        let key = Key::Foreign {
            columns: vec![self.ident(record), self.ident(field)],
            table: self.table_name("field"),
            to: vec![self.ident("record"), self.ident("name")],
        };
        if let Some(table) = self.tables.last_mut() {
            for column in &mut table.columns {
                if [record, field].contains(&column.name.raw()) {
                    known_by(column);
                }
            }
            table.keys.push(key);
        }
    }

    fn column(&self, table: &str, spec: Spec, checks: &mut Scope) -> Column {
        let name = self.ident(&spec.name);
        let mut column = Column::new(name.clone(), spec.ty.clone());
        column.required = spec.required;
        column.references = spec.refers.map(|to| (self.table_name(to), self.ident("name")));
        column.comment = spec.about.map(str::to_owned);
        let mut check = |wanted: String, condition: String| {
            let name = checks.claim(self.dialect, &wanted);
            column.checks.push(Check { name, condition, told: None });
        };
        let stem = format!("{}{table}_{}", self.prefix, spec.name);
        if let Some(condition) = self.dialect.type_check(&spec.ty, &name) {
            check(format!("{stem}_type"), condition);
        }
        if !spec.one_of.is_empty() {
            let words = texts(self.dialect, spec.one_of.iter().copied());
            check(format!("{stem}_known"), format!("{name} IN ({words})"));
        }
        column
    }

    /// A text for people; its translations are kept under `kind`, `key` and `attribute`.
    fn say(&mut self, kind: &str, key: &str, attribute: &str, text: &Text) -> Cell {
        for (language, translation) in &text.translations {
            if !self.languages.contains(language) {
                continue;
            }
            let row = [kind, key, attribute, language, translation].map(Cell::from);
            self.translations.push(row.into());
        }
        Cell::Text(text.value.clone())
    }

    fn say_maybe(&mut self, kind: &str, key: &str, attribute: &str, text: Option<&Text>) -> Cell {
        text.map_or(Cell::Null, |text| self.say(kind, key, attribute, text))
    }

    /// The cells of [`owner`].
    fn owner(&self, owner: Option<Owner>) -> [Cell; 2] {
        let Some(owner) = owner else { return [Cell::Null, Cell::Null] };
        let team = self.process.teams[self.process.team_of(owner)].name.as_str();
        match owner {
            Owner::Team(_) => [team.into(), Cell::Null],
            Owner::Role(role) => [team.into(), self.process.roles[role].name.as_str().into()],
        }
    }

    /// The cells of [`duration`].
    fn duration(&self, duration: Option<&Duration>) -> [Cell; 3] {
        let Some(duration) = duration else { return [Cell::Null, Cell::Null, Cell::Null] };
        let minutes = minutes(duration, self.process.calendar.minutes_per_day());
        [
            iso(duration).into(),
            minutes.and_then(|minutes| minutes.round().to_i64()).into(),
            duration.unit.is_business().into(),
        ]
    }

    fn translations(&mut self) {
        let specs = columns![
            // Four in one key: together as long as three names.
            column("kind", ColumnType::Name(64)).required().about("the table, without its prefix"),
            column("name", ColumnType::Name(576))
                .required()
                .about("the key of the row, its parts joined by dots"),
            column("attribute", ColumnType::Name(64)).required().about("the column"),
            column("language", ColumnType::Name(64)).required(),
            text("translation").required(),
        ];
        let rows = std::mem::take(&mut self.translations);
        self.table(
            "translation",
            "Texts in the other languages of the process",
            specs,
            &["kind", "name", "attribute", "language"],
            rows,
        );
    }
}

/// A text by which rows are known is a name.
fn known_by(column: &mut Column) {
    if column.ty == ColumnType::Text {
        column.ty = ColumnType::NAME;
    }
}

/// Numbers from one, as cells.
fn ordinals() -> impl Iterator<Item = Cell> {
    (1_i64..).map(Cell::Integer)
}

/// Cells and groups of cells, in a row.
macro_rules! row {
    ($($part:expr),* $(,)?) => {{
        let mut all: Vec<$crate::emit::sql::schema::Cell> = Vec::new();
        $(all.extend($crate::emit::sql::reference::IntoCells::cells($part));)*
        all
    }};
}
use row;

/// What may stand in a row: a cell, something that becomes one, or a group of them.
trait IntoCells {
    fn cells(self) -> Vec<Cell>;
}

macro_rules! into_cells {
    ($($ty:ty),* $(,)?) => {$(
        impl IntoCells for $ty {
            fn cells(self) -> Vec<Cell> {
                vec![self.into()]
            }
        }
    )*};
}
into_cells!(&str, String, bool, i64, u32, usize, Decimal, civil::Date, Cell);

impl<T: Into<Cell>> IntoCells for Option<T> {
    fn cells(self) -> Vec<Cell> {
        vec![self.into()]
    }
}

impl<const N: usize> IntoCells for [Cell; N] {
    fn cells(self) -> Vec<Cell> {
        self.into()
    }
}

/// How long it is in minutes: of working time for business units, else of any. `None` beyond what
/// a decimal holds.
fn minutes(duration: &Duration, minutes_per_business_day: u32) -> Option<Decimal> {
    let unit = match duration.unit {
        Unit::Minute | Unit::BusinessMinute => 1,
        Unit::Hour | Unit::BusinessHour => 60,
        Unit::Day => 1440,
        Unit::Week => 7 * 1440,
        Unit::Month => 30 * 1440,
        Unit::Quarter => 91 * 1440,
        Unit::Year => 365 * 1440,
        Unit::BusinessDay => minutes_per_business_day,
    };
    duration.amount.checked_mul(Decimal::from(unit))
}

/// The duration as ISO 8601 writes it.
fn iso(duration: &Duration) -> String {
    let amount = duration.amount.normalize();
    match duration.unit {
        Unit::Minute | Unit::BusinessMinute => format!("PT{amount}M"),
        Unit::Hour | Unit::BusinessHour => format!("PT{amount}H"),
        Unit::Day | Unit::BusinessDay => format!("P{amount}D"),
        Unit::Week => format!("P{amount}W"),
        Unit::Month => format!("P{amount}M"),
        Unit::Quarter => {
            let months = amount.checked_mul(Decimal::from(3)).unwrap_or(amount);
            format!("P{months}M")
        }
        Unit::Year => format!("P{amount}Y"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Decimal, Duration, Unit, iso, minutes};

    fn duration(amount: &str, unit: Unit) -> Duration {
        Duration { amount: Decimal::from_str_exact(amount).unwrap_or_default(), unit }
    }

    #[test]
    fn durations_become_minutes_and_iso_8601() {
        let cases = [
            ("30", Unit::Minute, "PT30M", 30),
            ("4", Unit::BusinessHour, "PT4H", 240),
            ("2", Unit::Week, "P2W", 20_160),
            ("2", Unit::Quarter, "P6M", 262_080),
            ("0.5", Unit::BusinessDay, "P0.5D", 270),
        ];
        for (amount, unit, written, length) in cases {
            let duration = duration(amount, unit);
            assert_eq!(iso(&duration), written);
            assert_eq!(minutes(&duration, 540), Some(Decimal::from(length)));
        }
        assert_eq!(minutes(&Duration { amount: Decimal::MAX, unit: Unit::Year }, 540), None);
    }
}
