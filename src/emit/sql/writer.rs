//! SQL as text, line by line.

use std::fmt;
use std::ops::Range;

use super::dialect::{Checks, Dialect};
use super::names::Ident;
use super::schema::{Cell, Check, Column, ColumnType, Key, Table, View};

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
        self.gap();
        self.create_table("CREATE TABLE", table);
        self.made(since, || What::Table(table.clone()));
    }

    /// A table, by words of its own instead of `CREATE TABLE`.
    pub(super) fn create_table(&mut self, create: &str, table: &Table) {
        let dialect = self.dialect;
        let stated = dialect.has_comment_statement();
        // Comments in the text, where nothing better explains.
        let told = dialect.table_comment(&table.comment);
        if !stated && told.is_none() {
            self.comment(&table.comment);
        }
        if let Some(sequence) = sequence(dialect, table) {
            self.line(format_args!("CREATE SEQUENCE {sequence};"));
        }
        self.line(format_args!("{create} {} (", table.name));
        self.indented(|sql| {
            let mut parts: Vec<(Option<&str>, String)> = Vec::new();
            for column in &table.columns {
                let comment = column
                    .comment
                    .as_deref()
                    .filter(|comment| !stated && dialect.column_comment(comment).is_none());
                parts.push((comment, definition(dialect, table, column)));
            }
            if dialect.checks() == Checks::OfTable {
                let checks = table.columns.iter().flat_map(|column| &column.checks);
                parts.extend(checks.map(|check| (None, check_clause(dialect, check))));
            }
            if dialect.refers_apart() {
                let references = table.columns.iter().filter_map(|column| {
                    let (other, target) = column.references.as_ref()?;
                    let name = &column.name;
                    Some(format!("FOREIGN KEY ({name}) REFERENCES {other} ({target})"))
                });
                parts.extend(references.map(|reference| (None, reference)));
            }
            let keys = table.keys.iter().filter_map(|key| key_clause(dialect, key));
            parts.extend(keys.map(|key| (None, key)));
            let last = parts.len();
            for (at, (comment, part)) in parts.into_iter().enumerate() {
                if let Some(comment) = comment {
                    sql.comment(comment);
                }
                let end = if at + 1 == last { "" } else { "," };
                sql.line(format_args!("{part}{end}"));
            }
        });
        let told = told.map_or(String::new(), |told| format!(" {told}"));
        self.line(format_args!("){}{told};", dialect.table_suffix(table)));
        if !stated {
            return;
        }
        let text = dialect.text(&table.comment);
        self.line(format_args!("COMMENT ON TABLE {} IS {text};", table.name));
        for column in &table.columns {
            if let Some(comment) = &column.comment {
                let text = dialect.text(comment);
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
        self.create_view(&view.name, &view.query);
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

    /// `CREATE VIEW` of a query of several lines.
    pub(super) fn create_view(&mut self, name: &Ident, query: &str) {
        let (before, after) = self.dialect.around_view();
        self.line(format_args!("CREATE VIEW {name} AS"));
        if !before.is_empty() {
            self.line(format_args!("{before}"));
        }
        // As it is: a line may end within a text.
        let query = query.trim_end_matches('\n');
        if after.is_empty() {
            self.line(format_args!("{query};"));
        } else {
            self.line(format_args!("{query}\n{after};"));
        }
    }

    /// `CREATE INDEX`, where the database has any.
    pub(super) fn index(&mut self, name: &Ident, table: &Ident, columns: &[&Ident]) {
        if !self.dialect.has_indexes() {
            return;
        }
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

fn definition(dialect: &dyn Dialect, table: &Table, column: &Column) -> String {
    // A declared key is never null without saying so.
    let required = column.required || (!dialect.has_keys() && is_key(table, column));
    let mut ty = dialect.column_type(&column.ty);
    if !required && !matches!(column.ty, ColumnType::Id { .. }) {
        ty = dialect.nullable(ty);
    }
    let mut out = format!("{} {ty}", column.name);
    if required {
        out.push_str(" NOT NULL");
    }
    if let Some(default) = column.default.as_ref().filter(|_| dialect.has_defaults()) {
        out.push_str(&format!(" DEFAULT {default}"));
    }
    if let ColumnType::Id { .. } = column.ty
        && let Some(sequence) = sequence(dialect, table)
    {
        let sequence = dialect.text(&sequence.to_string());
        out.push_str(&format!(" DEFAULT nextval({sequence}) PRIMARY KEY"));
    }
    let references = column.references.as_ref().filter(|_| dialect.has_references());
    if let Some((table, target)) = references.filter(|_| !dialect.refers_apart()) {
        out.push_str(&format!(" REFERENCES {table} ({target})"));
    }
    if dialect.checks() == Checks::OfColumns {
        for check in &column.checks {
            out.push_str(&format!(" {}", check_clause(dialect, check)));
        }
    }
    if let Some(told) = column.comment.as_ref().and_then(|text| dialect.column_comment(text)) {
        out.push_str(&format!(" {told}"));
    }
    out
}

/// Whether a column is part of what a row is known by.
pub(super) fn is_key(table: &Table, column: &Column) -> bool {
    matches!(column.ty, ColumnType::Id { .. })
        || table.keys.iter().any(|key| match key {
            Key::Primary(all) => all.contains(&column.name),
            Key::Unique(..) | Key::Foreign { .. } | Key::Cascade { .. } => false,
        })
}

/// The sequence from which a table takes its ids, where the database has them so.
pub(super) fn sequence(dialect: &dyn Dialect, table: &Table) -> Option<Ident> {
    if !dialect.has_sequences() {
        return None;
    }
    table.columns.iter().find_map(|column| match &column.ty {
        ColumnType::Id { sequence: Some(name), .. } => Some(name.clone()),
        ColumnType::Id { sequence: None, .. } => {
            let usual = format!("{}_{}_seq", table.name.raw(), column.name.raw());
            Some(Ident::new(dialect, &usual))
        }
        _ => None,
    })
}

fn check_clause(dialect: &dyn Dialect, check: &Check) -> String {
    format!("CONSTRAINT {} {}", check.name, dialect.check(&check.condition))
}

/// A key in the definition of a table; `None` where the database declares no such keys.
pub(super) fn key_clause(dialect: &dyn Dialect, key: &Key) -> Option<String> {
    let columns = |all: &[Ident]| list(&all.iter().collect::<Vec<_>>());
    let is_declared = match key {
        Key::Primary(_) | Key::Unique(..) => dialect.has_keys(),
        Key::Foreign { .. } | Key::Cascade { .. } => dialect.has_references(),
    };
    is_declared.then(|| match key {
        Key::Primary(all) => format!("PRIMARY KEY ({})", columns(all)),
        Key::Unique(name, all) => format!("CONSTRAINT {name} UNIQUE ({})", columns(all)),
        Key::Foreign { columns: from, table, to } => {
            format!("FOREIGN KEY ({}) REFERENCES {table} ({})", columns(from), columns(to))
        }
        Key::Cascade { column, table, to } => {
            format!("FOREIGN KEY ({column}) REFERENCES {table} ({to}) ON DELETE CASCADE")
        }
    })
}
