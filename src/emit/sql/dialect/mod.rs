//! What differs between databases. A dialect is one folder; what it does not say is as most
//! databases have it.

mod postgres;
mod sqlite;

use jiff::{Timestamp, civil};

use super::choices::Choices;
use super::moves::Moves;
use super::names::Ident;
use super::schema::ColumnType;
use super::writer::Sql;

/// Every dialect, in the order in which they are written. Adding one is one line here and one
/// folder; the words it reserves go into `words.rs`.
pub(super) static ALL: &[&'static dyn Dialect] = &[POSTGRES, SQLITE];

/// PostgreSQL 12 and later.
pub(super) const POSTGRES: &dyn Dialect = &postgres::Postgres;

/// SQLite 3.37 and later.
pub(super) const SQLITE: &dyn Dialect = &sqlite::Sqlite;

/// A database's way of saying things.
pub(super) trait Dialect: Sync {
    /// Its name in the manifest, and its folder.
    fn name(&self) -> &'static str;

    /// Its name for people.
    fn title(&self) -> &'static str;

    /// How many bytes a name may have. The least of all dialects, so that names are the same in
    /// each.
    fn longest_name(&self) -> usize {
        63
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
    fn type_check(&self, _ty: &ColumnType, _column: &Ident) -> Option<String> {
        None
    }

    /// What follows the closing parenthesis of a table.
    fn table_suffix(&self) -> &'static str {
        ""
    }

    /// Whether tables and columns are explained by `COMMENT ON`; else by comments in the text.
    fn has_comment_statement(&self) -> bool {
        false
    }

    /// From the first line to where tables can be created.
    fn begin(&self, sql: &mut Sql<'_>, choices: &Choices);

    /// After the last table.
    fn end(&self, sql: &mut Sql<'_>) {
        sql.gap();
        sql.line(format_args!("COMMIT;"));
    }

    /// What keeps the history and refuses moves that are not declared.
    fn guards(&self, sql: &mut Sql<'_>, moves: &Moves);

    /// How to run the file, and what this database cannot do, as Markdown for the README.
    fn notes(&self) -> Notes;
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
