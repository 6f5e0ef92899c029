//! A schema taken apart: its tables, indexes and rows, and the code that stands on them.

use crate::emit::sql::choices::Choices;
use crate::emit::sql::dialect::Dialect;
use crate::emit::sql::moves::Crossings;
use crate::emit::sql::names::Ident;
use crate::emit::sql::records::RecordTable;
use crate::emit::sql::reference;
use crate::emit::sql::schema::Table;
use crate::emit::sql::writer::{Made, Sql, What};
use crate::emit::{Context, sql};

use super::code::{self, Thing};

/// A schema as data.
pub(super) struct Parts<'a> {
    pub(super) dialect: &'static dyn Dialect,
    pub(super) records: Vec<RecordTable<'a>>,
    /// All tables, what is referred to first.
    pub(super) tables: Vec<Filled>,
    pub(super) indexes: Vec<Index>,
    /// Code that only reads: views.
    pub(super) views: String,
    /// Code that may refuse what is written, and what comes after it.
    pub(super) guards: String,
    /// The names that this code gives, in the order in which it does.
    pub(super) things: Vec<Thing>,
    /// Everything that was written between the beginning and the end.
    pub(super) whole: String,
}

/// A table, how it is created, and how it is filled.
pub(super) struct Filled {
    pub(super) table: Table,
    /// Whether all its rows come from the process.
    pub(super) is_of_process: bool,
    pub(super) create: String,
    pub(super) rows: String,
}

/// An index and how it is created.
#[derive(PartialEq)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) table: String,
    pub(super) create: String,
}

impl<'a> Parts<'a> {
    /// The schema that the target writes for a process.
    pub(super) fn of(
        dialect: &'static dyn Dialect,
        context: &Context<'a>,
        choices: &Choices,
    ) -> Self {
        let crossings = Crossings::of(context.process);
        let mut written = Sql::remembering(dialect);
        let (records, _) = sql::write_schema(&mut written, context, choices, &crossings);
        let (text, made) = written.into_parts();
        let of_process: Vec<Ident> = reference::NAMES
            .iter()
            .filter(|name| !matches!(**name, "stage_history" | "event"))
            .map(|name| reference::name(dialect, &choices.prefix, name))
            .collect();
        let mut parts = Self {
            dialect,
            records,
            tables: Vec::new(),
            indexes: Vec::new(),
            views: String::new(),
            guards: String::new(),
            things: Vec::new(),
            whole: String::new(),
        };
        let mut at = 0;
        let mut guarded = false;
        for Made { what, at: range } in made {
            let code = text.get(at..range.start).unwrap_or_default();
            let stretch = text.get(range.clone()).unwrap_or_default();
            at = range.end;
            let out = if guarded { &mut parts.guards } else { &mut parts.views };
            out.push_str(code);
            parts.whole.push_str(code);
            if !matches!(what, What::Frame) {
                parts.whole.push_str(stretch);
            }
            match what {
                What::Table(table) => {
                    let is_of_process = of_process.contains(&table.name);
                    let create = stretch.to_owned();
                    parts.tables.push(Filled { table, is_of_process, create, rows: String::new() });
                }
                What::Index { name, table } => parts.indexes.push(Index {
                    name: name.to_string(),
                    table: table.to_string(),
                    create: stretch.to_owned(),
                }),
                What::Rows(name) => {
                    if let Some(filled) = parts.tables.iter_mut().find(|t| t.table.name == name) {
                        filled.rows.push_str(stretch);
                    }
                }
                What::Guards => guarded = true,
                What::Frame => {}
            }
        }
        let escapes = dialect.text("'").contains('\\');
        parts.things = code::things(&parts.views, escapes);
        parts.things.extend(code::things(&parts.guards, escapes));
        parts
    }

    /// The table of this name.
    pub(super) fn table(&self, name: &Ident) -> Option<&Filled> {
        self.tables.iter().find(|made| made.table.name == *name)
    }

    /// How the indexes of a table are created.
    pub(super) fn indexes_of(&self, name: &Ident) -> Vec<&Index> {
        let name = name.to_string();
        self.indexes.iter().filter(|index| index.table == name).collect()
    }
}
