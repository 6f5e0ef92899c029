//! SQLite: strict tables, booleans as 0 and 1, dates as text.

mod guards;

use jiff::{Timestamp, civil};

use super::{Dialect, Notes};
use crate::emit::sql::choices::Choices;
use crate::emit::sql::moves::Moves;
use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::ColumnType;
use crate::emit::sql::writer::Sql;

pub(super) struct Sqlite;

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn title(&self) -> &'static str {
        "SQLite"
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "1" } else { "0" }
    }

    fn date(&self, date: civil::Date) -> String {
        format!("'{date}'")
    }

    fn instant(&self, instant: Timestamp) -> String {
        format!("'{}'", instant.strftime("%Y-%m-%dT%H:%M:%SZ"))
    }

    fn now(&self) -> &'static str {
        "(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"
    }

    fn column_type(&self, ty: &ColumnType) -> String {
        let word = match ty {
            // Without AUTOINCREMENT the id of a deleted row is given out again, and its history
            // with it.
            ColumnType::Id { .. } => "INTEGER PRIMARY KEY AUTOINCREMENT",
            ColumnType::Reference | ColumnType::Integer | ColumnType::Boolean => "INTEGER",
            ColumnType::Decimal => "REAL",
            ColumnType::Text | ColumnType::Date | ColumnType::Instant => "TEXT",
        };
        word.to_owned()
    }

    fn type_check(&self, ty: &ColumnType, column: &Ident) -> Option<String> {
        match ty {
            ColumnType::Boolean => Some(format!("{column} IN (0, 1)")),
            // A date that does not exist comes back as another: 30 February as 2 March.
            ColumnType::Date => Some(format!("date({column}) IS {column}")),
            ColumnType::Instant => {
                Some(format!("strftime('%Y-%m-%dT%H:%M:%SZ', {column}) IS {column}"))
            }
            _ => None,
        }
    }

    fn table_suffix(&self) -> &'static str {
        " STRICT"
    }

    fn begin(&self, sql: &mut Sql<'_>, _choices: &Choices) {
        sql.comment(
            "SQLite checks references only where it is told so: every connection must do this.",
        );
        sql.line(format_args!("PRAGMA foreign_keys = ON;"));
        sql.gap();
        sql.line(format_args!("BEGIN;"));
    }

    fn guards(&self, sql: &mut Sql<'_>, moves: &Moves<'_>) {
        guards::write(sql, moves);
    }

    fn notes(&self) -> Notes {
        Notes {
            versions: "3.37 and later",
            run: "sqlite3 -bail sales.db < schema.sql",
            remarks: &[
                "Every connection must switch references on: `PRAGMA foreign_keys = ON`. Without it, SQLite does not check them.",
                "Dates are text: `2026-04-01`. Points in time are text in UTC, to the second: `2026-04-01T09:00:00Z`. Booleans are 0 and 1. Numbers, percentages and amounts of money are `REAL`, exact to 15 digits.",
                "Refusals name the stage a record is in and where it may go from there, not the stage that was asked for: before version 3.47, SQLite knows only fixed messages.",
            ],
            load: "drop the table's two triggers ending in `_after_insert` and `_after_update`, load, and create them again from `schema.sql`.",
        }
    }
}
