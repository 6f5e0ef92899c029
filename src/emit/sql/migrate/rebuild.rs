//! Tables made anew around their rows: for databases that cannot change what a table checks.

use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::ColumnType;
use crate::emit::sql::writer::{Sql, list};

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
        sql.line(format_args!("    SELECT name, seq FROM sqlite_sequence;"));
    }
    for (at, carried) in changed(plan) {
        let aside = aside(at);
        let bare = aside.trim_start_matches("temp.");
        let old = &carried.old.table.name;
        sql.gap();
        sql.line(format_args!("CREATE TEMPORARY TABLE {bare} AS SELECT * FROM main.{old};"));
        values::rename(sql, &aside, &carried.values, |renamed| &renamed.column.0);
    }
    sql.gap();
    for (_, carried) in changed(plan) {
        sql.line(format_args!("DROP TABLE main.{};", carried.old.table.name));
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
        let has_ids =
            new.table.columns.iter().any(|column| matches!(column.ty, ColumnType::Id { .. }));
        if has_ids {
            let (was, now) = (&old.table.name, &new.table.name);
            let [was, now] = [was, now].map(|name| sql.dialect.text(name.raw()));
            sql.line(format_args!("DELETE FROM sqlite_sequence WHERE name = {now};"));
            sql.line(format_args!("INSERT INTO sqlite_sequence (name, seq)"));
            sql.line(format_args!("SELECT {now}, seq FROM {IDS} WHERE name = {was};"));
        }
    }
    if changed(plan).next().is_some() {
        sql.gap();
        sql.line(format_args!("DROP TABLE {IDS};"));
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
