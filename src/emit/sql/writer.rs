//! SQL as text, line by line.

use std::fmt;
use std::ops::Range;

use super::dialect::Dialect;
use super::names::Ident;
use super::schema::{Cell, Check, Column, Key, Table, View};

/// SQL being written. Names come in as [`Ident`], texts through [`Dialect::text`]: what reaches a
/// line is quoted already.
pub(super) struct Sql<'d> {
    out: String,
    depth: usize,
    pub(super) dialect: &'d dyn Dialect,
    /// What was written so far, when somebody wants to know.
    made: Option<Vec<Made>>,
}

/// A stretch of what was written that is no code.
pub(super) struct Made {
    pub(super) what: What,
    /// Its bytes.
    pub(super) at: Range<usize>,
}

/// What a stretch is. Everything else creates views, functions and triggers.
pub(super) enum What {
    /// It creates a table.
    Table(Table),
    /// It creates an index on this table.
    Index { name: Ident, table: Ident },
    /// It fills this table.
    Rows(Ident),
    /// It begins the file, ends it, or is a heading.
    Frame,
    /// Nothing: triggers follow, before which rows can be changed freely.
    Guards,
}

/// Rows in one `INSERT`: long enough to be fast, short enough for every server's limits.
const ROWS: usize = 500;

impl<'d> Sql<'d> {
    pub(super) fn new(dialect: &'d dyn Dialect) -> Self {
        Self { out: String::new(), depth: 0, dialect, made: None }
    }

    /// A writer that remembers where tables, indexes and rows stand.
    pub(super) fn remembering(dialect: &'d dyn Dialect) -> Self {
        Self { made: Some(Vec::new()), ..Self::new(dialect) }
    }

    /// Where the next line will stand.
    pub(super) fn mark(&self) -> usize {
        self.out.len()
    }

    /// Remembers what was written since a mark.
    pub(super) fn made(&mut self, since: usize, what: impl FnOnce() -> What) {
        let at = since..self.out.len();
        if let Some(made) = &mut self.made {
            made.push(Made { what: what(), at });
        }
    }

    /// The text, and what was remembered of it.
    pub(super) fn into_parts(self) -> (String, Vec<Made>) {
        (self.out, self.made.unwrap_or_default())
    }

    /// One line, at the present depth.
    pub(super) fn line(&mut self, line: fmt::Arguments<'_>) {
        for _ in 0..self.depth {
            self.out.push_str("    ");
        }
        // Writing to a string cannot fail.
        let _ = fmt::Write::write_fmt(&mut self.out, line);
        self.out.push('\n');
    }

    /// Lines that were written before.
    pub(super) fn lines(&mut self, lines: &str) {
        self.out.push_str(lines);
    }

    /// Lines one level deeper.
    pub(super) fn indented(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A comment for the reader. A control character could end it early and is left out.
    pub(super) fn comment(&mut self, text: &str) {
        for line in text.lines() {
            let line: String = line.chars().filter(|c| !c.is_control()).collect();
            self.line(format_args!("-- {}", line.trim_end()));
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// `CREATE TABLE`, and what is said about the table and its columns.
    pub(super) fn table(&mut self, table: &Table) {
        let since = self.mark();
        self.create_table(table);
        self.made(since, || What::Table(table.clone()));
    }

    fn create_table(&mut self, table: &Table) {
        let inline = !self.dialect.has_comment_statement();
        self.gap();
        if inline {
            self.comment(&table.comment);
        }
        self.line(format_args!("CREATE TABLE {} (", table.name));
        self.indented(|sql| {
            let last = table.columns.len() + table.keys.len();
            let mut at = 0;
            let mut end = || {
                at += 1;
                if at == last { "" } else { "," }
            };
            for column in &table.columns {
                if inline && let Some(comment) = &column.comment {
                    sql.comment(comment);
                }
                let definition = definition(sql.dialect, column);
                sql.line(format_args!("{definition}{}", end()));
            }
            for key in &table.keys {
                let key = key_clause(key);
                sql.line(format_args!("{key}{}", end()));
            }
        });
        self.line(format_args!("){};", self.dialect.table_suffix()));
        if inline {
            return;
        }
        let text = self.dialect.text(&table.comment);
        self.line(format_args!("COMMENT ON TABLE {} IS {text};", table.name));
        for column in &table.columns {
            if let Some(comment) = &column.comment {
                let text = self.dialect.text(comment);
                self.line(format_args!(
                    "COMMENT ON COLUMN {}.{} IS {text};",
                    table.name, column.name
                ));
            }
        }
    }

    /// The rows of a table.
    pub(super) fn rows(&mut self, table: &Table) {
        let since = self.mark();
        let names: Vec<String> = table.columns.iter().map(|c| c.name.to_string()).collect();
        let names = names.join(", ");
        for chunk in table.rows.chunks(ROWS) {
            self.line(format_args!("INSERT INTO {} ({names}) VALUES", table.name));
            let last = chunk.len();
            self.indented(|sql| {
                for (at, row) in chunk.iter().enumerate() {
                    let cells: Vec<String> =
                        row.iter().map(|cell| value(sql.dialect, cell)).collect();
                    let end = if at + 1 == last { ";" } else { "," };
                    sql.line(format_args!("({}){end}", cells.join(", ")));
                }
            });
        }
        self.made(since, || What::Rows(table.name.clone()));
    }

    /// `CREATE VIEW`, and what is said about it.
    pub(super) fn view(&mut self, view: &View) {
        self.gap();
        if !self.dialect.has_comment_statement() {
            self.comment(&view.comment);
            for (column, about) in &view.columns {
                self.comment(&format!("{column}: {about}"));
            }
        }
        self.line(format_args!("CREATE VIEW {} AS", view.name));
        let mut lines = view.query.lines().peekable();
        while let Some(line) = lines.next() {
            let end = if lines.peek().is_none() { ";" } else { "" };
            self.line(format_args!("{line}{end}"));
        }
        if !self.dialect.has_comment_statement() {
            return;
        }
        let text = self.dialect.text(&view.comment);
        self.line(format_args!("COMMENT ON VIEW {} IS {text};", view.name));
        for (column, about) in &view.columns {
            let text = self.dialect.text(about);
            self.line(format_args!("COMMENT ON COLUMN {}.{column} IS {text};", view.name));
        }
    }

    /// `CREATE INDEX`
    pub(super) fn index(&mut self, name: &Ident, table: &Ident, columns: &[&Ident]) {
        let columns = list(columns);
        self.index_line(name, table, format_args!("CREATE INDEX {name} ON {table} ({columns});"));
    }

    /// An index of some other kind.
    pub(super) fn index_line(&mut self, name: &Ident, table: &Ident, line: fmt::Arguments<'_>) {
        let since = self.mark();
        self.line(line);
        self.made(since, || What::Index { name: name.clone(), table: table.clone() });
    }
}

/// Names with commas between them.
pub(super) fn list(names: &[&Ident]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Texts with commas between them, quoted.
pub(super) fn texts<'t>(dialect: &dyn Dialect, all: impl IntoIterator<Item = &'t str>) -> String {
    all.into_iter().map(|text| dialect.text(text)).collect::<Vec<_>>().join(", ")
}

/// A value as it stands in SQL.
pub(super) fn value(dialect: &dyn Dialect, cell: &Cell) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Text(text) => dialect.text(text),
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(number) => number.normalize().to_string(),
        Cell::Boolean(value) => dialect.boolean(*value).to_owned(),
        Cell::Date(date) => dialect.date(*date),
        Cell::Instant(instant) => dialect.instant(*instant),
    }
}

fn definition(dialect: &dyn Dialect, column: &Column) -> String {
    let mut out = format!("{} {}", column.name, dialect.column_type(&column.ty));
    if column.required {
        out.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        out.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some((table, target)) = &column.references {
        out.push_str(&format!(" REFERENCES {table} ({target})"));
    }
    for Check { name, condition } in &column.checks {
        out.push_str(&format!(" CONSTRAINT {name} CHECK ({condition})"));
    }
    out
}

pub(super) fn key_clause(key: &Key) -> String {
    let columns = |all: &[Ident]| list(&all.iter().collect::<Vec<_>>());
    match key {
        Key::Primary(all) => format!("PRIMARY KEY ({})", columns(all)),
        Key::Unique(name, all) => format!("CONSTRAINT {name} UNIQUE ({})", columns(all)),
        Key::Foreign { columns: from, table, to } => {
            format!("FOREIGN KEY ({}) REFERENCES {table} ({})", columns(from), columns(to))
        }
        Key::Cascade { column, table, to } => {
            format!("FOREIGN KEY ({column}) REFERENCES {table} ({to}) ON DELETE CASCADE")
        }
    }
}
