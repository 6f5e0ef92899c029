//! Tables changed in place: for databases that can.

use crate::emit::sql::dialect::Dialect;
use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::{Check, Column, ColumnType, Key, Table};
use crate::emit::sql::writer::{Sql, key_clause};

use super::carried::{Carried, Plan};
use super::values;

/// The longest name that PostgreSQL keeps whole. Those it makes up itself are cut beyond that, in
/// a way of its own.
const LONGEST: usize = 63;

/// Takes away the references between the tables: rows can then be replaced in any order.
pub(super) fn drop_references(sql: &mut Sql<'_>, plan: &Plan<'_>) {
    let kept = plan.old.tables.iter().filter(|table| !table.is_of_process);
    let names: Vec<String> = kept
        .map(|table| format!("{}::regclass", sql.dialect.text(&table.table.name.to_string())))
        .collect();
    if names.is_empty() {
        return;
    }
    sql.gap();
    sql.comment("References are made again at the end. The database has named them itself.");
    sql.line(format_args!("DO $migration$"));
    sql.line(format_args!("DECLARE"));
    sql.line(format_args!("    _key record;"));
    sql.line(format_args!("BEGIN"));
    sql.indented(|sql| {
        sql.line(format_args!("FOR _key IN"));
        sql.indented(|sql| {
            sql.line(format_args!(
                "SELECT c.conrelid::regclass AS relation, c.conname AS name FROM pg_constraint AS c"
            ));
            sql.line(format_args!("WHERE c.contype = 'f' AND c.conrelid IN ("));
            sql.line(format_args!("    {}", names.join(", ")));
            sql.line(format_args!(")"));
        });
        sql.line(format_args!("LOOP"));
        sql.line(format_args!(
            "    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', _key.relation, _key.name);"
        ));
        sql.line(format_args!("END LOOP;"));
    });
    sql.line(format_args!("END"));
    sql.line(format_args!("$migration$;"));
}

/// Makes the references of the tables that are kept again.
pub(super) fn add_references(sql: &mut Sql<'_>, plan: &Plan<'_>) {
    sql.gap();
    for Carried { new, .. } in &plan.carried {
        let table = &new.table;
        for column in &table.columns {
            if let Some((other, to)) = &column.references {
                sql.line(format_args!(
                    "ALTER TABLE {} ADD FOREIGN KEY ({}) REFERENCES {other} ({to});",
                    table.name, column.name
                ));
            }
        }
        for key in &table.keys {
            let refers = matches!(key, Key::Foreign { .. } | Key::Cascade { .. });
            if let Some(clause) = key_clause(sql.dialect, key).filter(|_| refers) {
                sql.line(format_args!("ALTER TABLE {} ADD {clause};", table.name));
            }
        }
    }
}

/// Changes a table, with its rows in it.
pub(super) fn alter(sql: &mut Sql<'_>, plan: &Plan<'_>, carried: &Carried<'_>) {
    let Carried { old, new, columns, .. } = carried;
    let (old, new) = (&old.table, &new.table);
    if !carried.is_changed {
        values::rename(sql, &new.name.to_string(), &carried.values, |renamed| &renamed.column.1);
        return;
    }
    let then = |name: &Ident| {
        let (was, _) = columns.iter().find(|(_, now)| now == name)?;
        old.columns.iter().find(|column| column.name == *was)
    };
    sql.gap();
    sql.comment(&format!("----- {} -----", new.name.raw()));
    let (dropped, added) = constraints(sql.dialect, old, new, &then);
    for name in dropped {
        sql.line(format_args!("ALTER TABLE {} DROP CONSTRAINT {name};", old.name));
    }
    let (before, after) = (plan.old.indexes_of(&old.name), plan.new.indexes_of(&new.name));
    for index in before.iter().filter(|index| !after.contains(index)) {
        sql.line(format_args!("DROP INDEX {};", index.name));
    }
    for column in &old.columns {
        if !columns.iter().any(|(was, _)| *was == column.name) {
            sql.line(format_args!("ALTER TABLE {} DROP COLUMN {};", old.name, column.name));
        }
    }
    rename(sql, old, new, columns);
    for column in &new.columns {
        match then(&column.name) {
            None => add(sql, new, column),
            Some(then) => retype(sql, new, then, column),
        }
    }
    values::rename(sql, &new.name.to_string(), &carried.values, |renamed| &renamed.column.1);
    for constraint in added {
        sql.line(format_args!("ALTER TABLE {} ADD {constraint};", new.name));
    }
    for index in after.iter().filter(|index| !before.contains(index)) {
        sql.line(format_args!("{}", index.create.trim_end()));
    }
    comments(sql, old, new, &then);
}

/// The named constraints to drop, and those to add. One that is written as before stays.
fn constraints<'o>(
    dialect: &dyn Dialect,
    old: &Table,
    new: &Table,
    then: &impl Fn(&Ident) -> Option<&'o Column>,
) -> (Vec<String>, Vec<String>) {
    let said = |columns: &[Column], keys: &[Key]| {
        let mut all: Vec<(String, String)> = Vec::new();
        for column in columns {
            for Check { name, condition, .. } in &column.checks {
                let clause = format!("CONSTRAINT {name} CHECK ({condition})");
                all.push((name.to_string(), clause));
            }
        }
        for key in keys {
            if let Key::Unique(name, _) = key {
                all.extend(key_clause(dialect, key).map(|clause| (name.to_string(), clause)));
            }
        }
        all
    };
    let (before, after) = (said(&old.columns, &old.keys), said(&new.columns, &new.keys));
    // What is said of a column that has another type or another name is said anew.
    let moved = |clause: &(String, String)| {
        new.columns.iter().any(|column| {
            let names = |check: &Check| check.name.to_string() == clause.0;
            let was = then(&column.name);
            column.checks.iter().any(names)
                && was.is_none_or(|was| was.ty != column.ty || was.name != column.name)
        })
    };
    let stays = |clause: &&(String, String)| {
        before.contains(clause) && after.contains(clause) && !moved(clause)
    };
    let dropped = before.iter().filter(|clause| !stays(clause)).map(|(name, _)| name.clone());
    let added = after.iter().filter(|clause| !stays(clause)).map(|(_, clause)| clause.clone());
    (dropped.collect(), added.collect())
}

fn rename(sql: &mut Sql<'_>, old: &Table, new: &Table, columns: &[(Ident, Ident)]) {
    let renamed: Vec<&(Ident, Ident)> = columns.iter().filter(|(was, now)| was != now).collect();
    // A new name that is an old one of another column must wait until that is renamed.
    let waits = renamed.iter().any(|(_, now)| columns.iter().any(|(was, _)| was == now));
    for (at, (was, now)) in renamed.iter().enumerate() {
        let line = format!("ALTER TABLE {} RENAME COLUMN {was} TO", old.name);
        if waits {
            sql.line(format_args!("{line} ekiden_migration_{at};"));
        } else {
            sql.line(format_args!("{line} {now};"));
        }
    }
    if waits {
        for (at, (_, now)) in renamed.iter().enumerate() {
            sql.line(format_args!(
                "ALTER TABLE {} RENAME COLUMN ekiden_migration_{at} TO {now};",
                old.name
            ));
        }
    }
    if old.name != new.name {
        sql.line(format_args!("ALTER TABLE {} RENAME TO {};", old.name, new.name));
    }
    if let (Some(was), Some(now)) = (sequence(old), sequence(new))
        && was != now
    {
        sql.line(format_args!("ALTER SEQUENCE {was} RENAME TO {now};"));
    }
    let (was, now) = (key(sql, old), key(sql, new));
    if was != now && [&was, &now].iter().all(|name| name.raw().len() <= LONGEST) {
        sql.line(format_args!("ALTER TABLE {} RENAME CONSTRAINT {was} TO {now};", new.name));
    }
}

/// The sequence behind the ids of a table.
fn sequence(table: &Table) -> Option<String> {
    table.columns.iter().find_map(|column| match &column.ty {
        ColumnType::Id { sequence: Some(name), .. } => Some(name.to_string()),
        ColumnType::Id { sequence: None, .. } => {
            Some(format!("{}_{}_seq", table.name.raw(), column.name.raw()))
        }
        _ => None,
    })
}

/// The name of the primary key.
fn key(sql: &Sql<'_>, table: &Table) -> Ident {
    let given = table.columns.iter().find_map(|column| match &column.ty {
        ColumnType::Id { key, .. } => key.clone(),
        _ => None,
    });
    given.unwrap_or_else(|| Ident::new(sql.dialect, &format!("{}_pkey", table.name.raw())))
}

fn add(sql: &mut Sql<'_>, table: &Table, column: &Column) {
    let mut definition = format!("{} {}", column.name, sql.dialect.column_type(&column.ty));
    if column.required {
        definition.push_str(" NOT NULL");
    }
    if let Some(default) = &column.default {
        definition.push_str(&format!(" DEFAULT {default}"));
    }
    sql.line(format_args!("ALTER TABLE {} ADD COLUMN {definition};", table.name));
}

fn retype(sql: &mut Sql<'_>, table: &Table, was: &Column, now: &Column) {
    if matches!(now.ty, ColumnType::Id { .. }) {
        return;
    }
    let mut changes = Vec::new();
    if was.ty != now.ty {
        changes.push(format!("TYPE {}", sql.dialect.column_type(&now.ty)));
    }
    match (was.required, now.required) {
        (true, false) => changes.push("DROP NOT NULL".to_owned()),
        (false, true) => changes.push("SET NOT NULL".to_owned()),
        _ => {}
    }
    if was.default != now.default {
        changes.push(match &now.default {
            Some(default) => format!("SET DEFAULT {default}"),
            None => "DROP DEFAULT".to_owned(),
        });
    }
    for change in changes {
        sql.line(format_args!("ALTER TABLE {} ALTER COLUMN {} {change};", table.name, now.name));
    }
}

fn comments<'o>(
    sql: &mut Sql<'_>,
    old: &Table,
    new: &Table,
    then: &impl Fn(&Ident) -> Option<&'o Column>,
) {
    if old.comment != new.comment {
        let text = sql.dialect.text(&new.comment);
        sql.line(format_args!("COMMENT ON TABLE {} IS {text};", new.name));
    }
    for column in &new.columns {
        let was = then(&column.name).and_then(|column| column.comment.as_ref());
        if was != column.comment.as_ref() {
            let text = column.comment.as_ref().map_or("NULL".to_owned(), |c| sql.dialect.text(c));
            sql.line(format_args!("COMMENT ON COLUMN {}.{} IS {text};", new.name, column.name));
        }
    }
}
