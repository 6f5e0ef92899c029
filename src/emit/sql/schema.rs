//! Tables and rows, before a dialect writes them.

use jiff::{Timestamp, civil};
use rust_decimal::Decimal;

use super::names::Ident;

/// A table and what is in it from the start.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: Ident,
    /// What it holds, for people.
    pub(super) comment: String,
    pub(super) columns: Vec<Column>,
    pub(super) keys: Vec<Key>,
    /// A cell for each column.
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: Ident,
    pub(super) ty: ColumnType,
    pub(super) required: bool,
    /// SQL.
    pub(super) default: Option<String>,
    pub(super) checks: Vec<Check>,
    /// What is said when a required value is missing, where a database would give the column's name only.
    pub(super) told_missing: Option<Told>,
    /// Table and column.
    pub(super) references: Option<(Ident, Ident)>,
    pub(super) comment: Option<String>,
}

impl Column {
    pub(super) fn new(name: Ident, ty: ColumnType) -> Self {
        Self {
            name,
            ty,
            required: false,
            default: None,
            checks: Vec::new(),
            told_missing: None,
            references: None,
            comment: None,
        }
    }
}

/// The type of a column, which each dialect has its own word for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ColumnType {
    /// The number the database gives a row, never twice; the primary key. With the name of its
    /// sequence and of its key, where the usual ones are taken.
    Id {
        sequence: Option<Ident>,
        key: Option<Ident>,
    },
    /// The id of another row.
    Reference,
    Text,
    /// A text by which rows are known, told apart or found: of at most so many characters in
    /// databases that cannot index longer ones.
    Name(u16),
    Integer,
    Decimal,
    Boolean,
    Date,
    /// A point in time.
    Instant,
}

impl ColumnType {
    /// A name that the process gives. Three of them fit into one key of every database.
    pub(super) const NAME: Self = Self::Name(255);

    /// A text that no two records may have in common.
    pub(super) const UNIQUE: Self = Self::Name(768);
}

/// A view.
#[derive(Debug)]
pub(super) struct View {
    pub(super) name: Ident,
    /// What it tells, for people.
    pub(super) comment: String,
    /// The columns in order, and what each holds.
    pub(super) columns: Vec<(&'static str, &'static str)>,
    /// SQL, of several lines.
    pub(super) query: String,
}

/// What must hold for a value.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) name: Ident,
    /// SQL.
    pub(super) condition: String,
    /// What is said when it does not, where a constraint would give its name only.
    pub(super) told: Option<Told>,
}

/// A refusal in words.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// The condition over `NEW`, a row that is about to be stored.
    pub(super) condition: String,
    /// What must hold, for people.
    pub(super) message: String,
}

/// What must hold for several columns.
#[derive(Clone, Debug)]
pub(super) enum Key {
    Primary(Vec<Ident>),
    Unique(Ident, Vec<Ident>),
    Foreign {
        columns: Vec<Ident>,
        table: Ident,
        to: Vec<Ident>,
    },
    /// A row that goes with the row it belongs to.
    Cascade {
        column: Ident,
        table: Ident,
        to: Ident,
    },
}

/// A value in a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Text(String),
    Integer(i64),
    Decimal(Decimal),
    Boolean(bool),
    Date(civil::Date),
    Instant(Timestamp),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Cell::Boolean(value)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Cell::Integer(number)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Cell::Integer(i64::from(number))
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Self {
        Cell::Decimal(number)
    }
}

impl From<Timestamp> for Cell {
    fn from(instant: Timestamp) -> Self {
        Cell::Instant(instant)
    }
}

impl From<civil::Date> for Cell {
    fn from(date: civil::Date) -> Self {
        Cell::Date(date)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null, Into::into)
    }
}
