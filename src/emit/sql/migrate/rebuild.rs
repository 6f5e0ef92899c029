//! Tables made anew around their rows: for databases that cannot change what a table checks.
//!
//! SQLite counts the ids of a table in a row of its own; DuckDB counts them in a sequence, which is made
//! anew with its table and begins at 1.

use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::{ColumnType, Table};
use crate::emit::sql::writer::{Sql, list, sequence};

use super::carried::{Carried, Plan};
use super::values;

/// The table that remembers which ids were given out.
const IDS: &str = "temp.ekiden_migration_ids";

/// The table whose only purpose is to be refused a row.
const CHECK: &str = "temp.ekiden_migration_check";

/// Where the rows of a table wait.
fn aside(at: usize) -> String {
    format!("temp.ekiden_migration_{at}")
}

/// A table of the schema that cannot be mistaken for a temporary one.
fn lasting(sql: &Sql<'_>, name: &Ident) -> String {
    // The schema of a DuckDB database is not always called `main`.
    let prefix = if sql.dialect.has_sequences() { "" } else { "main." };
    format!("{prefix}{name}")
}

/// The tables to make anew, numbered.
fn changed<'p, 'a>(plan: &'p Plan<'a>) -> impl Iterator<Item = (usize, &'p Carried<'a>)> {
    plan.carried.iter().enumerate().filter(|(_, carried)| carried.is_changed)
}

/// Puts the rows of every table that changes aside, and drops the tables.
pub(super) fn set_aside(sql: &mut Sql<'_>, plan: &Plan<'_>) {
    if changed(plan).next().is_some() {
        sql.gap();
        sql.comment("An id is given out once, also when its row is gone.");
        sql.line(format_args!("CREATE TEMPORARY TABLE ekiden_migration_ids AS"));
        sql.line(format_args!(
            "    SELECT {};",
            if sql.dialect.has_sequences() {
                "sequence_name AS name, COALESCE(last_value, 0) AS seq FROM duckdb_sequences() \
                 WHERE database_name = current_database() AND schema_name = current_schema()"
            } else {
                "name, seq FROM sqlite_sequence"
            }
        ));
    }
    for (at, carried) in changed(plan) {
        let aside = aside(at);
        let bare = aside.trim_start_matches("temp.");
        let old = &carried.old.table.name;
        sql.gap();
        let kept = lasting(sql, old);
        sql.line(format_args!("CREATE TEMPORARY TABLE {bare} AS SELECT * FROM {kept};"));
        values::rename(sql, &aside, &carried.values, |renamed| &renamed.column.0);
    }
    sql.gap();
    for (_, carried) in changed(plan) {
        let old = &carried.old.table;
        let kept = lasting(sql, &old.name);
        sql.line(format_args!("DROP TABLE {kept};"));
        drop_sequence(sql, old);
    }
    for carried in plan.carried.iter().filter(|carried| !carried.is_changed) {
        let name = carried.new.table.name.to_string();
        values::rename(sql, &name, &carried.values, |renamed| &renamed.column.1);
    }
}

/// Makes the tables anew and brings the rows back.
pub(super) fn bring_back(sql: &mut Sql<'_>, plan: &Plan<'_>) {
    for (_, carried) in changed(plan) {
        sql.gap();
        sql.lines(&carried.new.create);
        for index in plan.new.indexes_of(&carried.new.table.name) {
            sql.lines(&index.create);
        }
    }
    for (at, carried) in changed(plan) {
        let Carried { old, new, columns, .. } = carried;
        let names = |side: fn(&(Ident, Ident)) -> &Ident| {
            list(&columns.iter().map(side).collect::<Vec<_>>())
        };
        sql.gap();
        sql.line(format_args!("INSERT INTO {} ({})", new.table.name, names(|(_, now)| now)));
        sql.line(format_args!(
            "SELECT {} FROM {} ORDER BY rowid;",
            names(|(was, _)| was),
            aside(at)
        ));
        sql.line(format_args!("DROP TABLE {};", aside(at)));
        go_on_counting(sql, &old.table, &new.table);
    }
    if changed(plan).next().is_some() {
        sql.gap();
        sql.line(format_args!("DROP TABLE {IDS};"));
    }
}

/// Drops what counts the ids of a table that is gone.
pub(super) fn drop_sequence(sql: &mut Sql<'_>, table: &Table) {
    if let Some(sequence) = sequence(sql.dialect, table) {
        sql.line(format_args!("DROP SEQUENCE {sequence};"));
    }
}

/// Lets the new table count its ids on from where the old one has come.
fn go_on_counting(sql: &mut Sql<'_>, old: &Table, new: &Table) {
    if !new.columns.iter().any(|column| matches!(column.ty, ColumnType::Id { .. })) {
        return;
    }
    match (sequence(sql.dialect, old), sequence(sql.dialect, new)) {
        (Some(was), Some(now)) => {
            // A sequence can neither be set nor begin at a value that is asked for: it is counted up.
            let [was, now] = [was, now].map(|name| sql.dialect.text(name.raw()));
            sql.line(format_args!("UPDATE {IDS} SET seq = ("));
            sql.line(format_args!("    SELECT count(nextval({now})) FROM range((SELECT max(seq) FROM {IDS} WHERE name = {was}))"));
            sql.line(format_args!(") WHERE name = {was};"));
        }
        _ => {
            let [was, now] = [old, new].map(|table| sql.dialect.text(table.name.raw()));
            sql.line(format_args!("DELETE FROM sqlite_sequence WHERE name = {now};"));
            sql.line(format_args!("INSERT INTO sqlite_sequence (name, seq)"));
            sql.line(format_args!("SELECT {now}, seq FROM {IDS} WHERE name = {was};"));
        }
    }
}

/// Refuses the whole when a reference leads nowhere.
pub(super) fn check_references(sql: &mut Sql<'_>) {
    let bare = CHECK.trim_start_matches("temp.");
    sql.gap();
    sql.comment("A reference that leads nowhere stops everything here.");
    sql.line(format_args!(
        "CREATE TEMPORARY TABLE {bare} (reference TEXT CONSTRAINT reference_leads_nowhere CHECK (reference IS NULL));"
    ));
    sql.line(format_args!("INSERT INTO {CHECK} SELECT \"table\" FROM pragma_foreign_key_check;"));
    sql.line(format_args!("DROP TABLE {CHECK};"));
}
