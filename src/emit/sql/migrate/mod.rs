//! Scripts that turn a database made from one process into that of another, with its rows kept.
//!
//! Both schemas are written and taken apart (`parts`). What each part of the old process is in the
//! new one is told by names and `was` (`diff::pair`); what would be lost is refused (`judge`). The
//! rest is four steps: drop the code, change the tables that hold records (`alter`, `rebuild`),
//! replace the rows that describe the process, and create the code again. In between, records in
//! retired stages go on (`moving`). Where nothing undoes a statement, tables are copied first, and
//! the copies take their place (`swap`), or all is made anew from them (`copies`).

mod alter;
mod asked;
mod carried;
mod check;
mod code;
mod copies;
mod judge;
mod moving;
mod parts;
mod rebuild;
mod swap;
mod values;

use crate::diag::{Diagnostic, Level};
use crate::diff::pair::Pairs;
use crate::emit::crm::one_line;
use crate::emit::{Artifact, Context};

use super::choices::{self, Choices};
use super::dialect::{ALL, Changes, Dialect};
use super::names::Ident;
use super::reference;
use super::writer::Sql;
use carried::Plan;
use code::Kind;
use judge::{Change, refuse};
use moving::{How, Moving};
use parts::{Filled, Parts};

/// What a migration is: scripts, and what was found.
#[derive(Clone, Debug, Default)]
pub struct Migration {
    /// `postgres.sql`, …: one for each dialect in which something changes. Empty when there are
    /// errors.
    pub scripts: Vec<Artifact>,
    /// What would be lost, at error level, and what one should know.
    pub diagnostics: Vec<Diagnostic>,
}

/// The dialects that migrations are written for.
pub fn dialects() -> Vec<&'static str> {
    ALL.iter().map(|dialect| dialect.name()).collect()
}

/// The migration from one process to another. Both must be free of errors; each context holds the
/// settings of target `sql`. `named` are dialects; when empty, those of the settings.
pub fn migrate(old: &Context<'_>, new: &Context<'_>, named: &[String]) -> Migration {
    let mut diagnostics = Vec::new();
    // What is wrong with the settings of the old process was found when that was built.
    let before = choices::read(old, &mut Vec::new());
    let after = choices::read(new, &mut diagnostics);
    for (what, was, now) in [
        ("prefix", Some(&before.prefix), Some(&after.prefix)),
        ("schema", before.schema.as_ref(), after.schema.as_ref()),
    ] {
        if was != now {
            let said =
                |value: Option<&String>| value.map_or("none".to_owned(), |v| format!("`{v}`"));
            let message = format!(
                "setting `{what}` of target `sql` was {} and is {}: tables are not moved",
                said(was),
                said(now)
            );
            let help = "keep the setting, or rename the tables by hand before";
            diagnostics.push(refuse(new.process.span, message, help));
        }
    }
    let pairs = Pairs::of(old.process, new.process);
    let change = Change { old: old.process, new: new.process, pairs: &pairs };
    let asked = ALL.iter().copied().filter(|dialect| {
        if named.is_empty() {
            after.dialects.iter().any(|other| other.name() == dialect.name())
        } else {
            named.iter().any(|name| name == dialect.name())
        }
    });
    let mut scripts = Vec::new();
    for (at, dialect) in asked.enumerate() {
        let parts = (Parts::of(dialect, old, &before), Parts::of(dialect, new, &after));
        if at == 0 {
            diagnostics.extend(change.judge(&parts.0.records, &parts.1.records));
        }
        let prefix = &after.prefix;
        let moving = moving::moving(&change, &parts.0, &parts.1, prefix, &mut diagnostics);
        let plan = Plan::of(&change, &parts.0, &parts.1, prefix);
        let script =
            Script { dialect, plan: &plan, moving: &moving, choices: &after, change: &change };
        if !script.is_empty() {
            diagnostics.extend(script.changed_kinds());
            scripts.push(Artifact::text(
                format!("{}.sql", dialect.name()),
                swap::marked(script.write()),
            ));
        }
    }
    if diagnostics.iter().any(|found| found.level == Level::Error) {
        scripts.clear();
    }
    Migration { scripts, diagnostics }
}

/// What the first lines say where a script is no transaction.
const SWAPPED: &str = "Make a copy of the database first.\n\
     This is no transaction: MariaDB commits whenever a table is created. Nobody else may write while it runs.\n\
     What can be refused is refused before anything is changed. If it stops, run the same script again: it\n\
     goes on from where it was.";

/// A migration in one dialect.
struct Script<'a> {
    dialect: &'static dyn Dialect,
    plan: &'a Plan<'a>,
    moving: &'a [Moving],
    choices: &'a Choices,
    change: &'a Change<'a>,
}

impl Script<'_> {
    /// Whether both schemas are the same.
    fn is_empty(&self) -> bool {
        let Plan { old, new, .. } = self.plan;
        old.whole == new.whole && self.moving.is_empty()
    }

    /// Whether anything but rows of the process is different.
    fn changes_code(&self) -> bool {
        let Plan { old, new, carried, .. } = self.plan;
        let same = |a: &Filled, b: &Filled| a.table.name == b.table.name && a.create == b.create;
        let tables = old.tables.len() == new.tables.len()
            && old.tables.iter().zip(&new.tables).all(|(a, b)| same(a, b));
        old.views != new.views
            || old.guards != new.guards
            || !tables
            || old.indexes != new.indexes
            || carried.iter().any(|carried| carried.is_changed || !carried.values.is_empty())
    }

    fn write(&self) -> String {
        let mut sql = Sql::new(self.dialect);
        let new = self.plan.new;
        if self.dialect.changes() == Changes::Copy {
            self.copies(&mut sql);
            return sql.finish();
        }
        self.begin(&mut sql);
        let code = self.changes_code();
        if self.dialect.changes() == Changes::Swap {
            if code || !self.moving.is_empty() {
                self.swap(&mut sql);
            } else {
                self.describe_at_once(&mut sql);
            }
            self.end(&mut sql);
            return sql.finish();
        }
        moving::remember(&mut sql, self.moving);
        if code {
            self.drop_code(&mut sql);
        }
        self.tables(&mut sql);
        if code {
            sql.gap();
            sql.comment("----- Views -----");
            sql.lines(&new.views);
            let history = reference::name(self.dialect, &self.choices.prefix, "stage_history");
            moving::write(&mut sql, self.moving, &history, How::Apart);
            moving::forget(&mut sql, self.moving);
            sql.gap();
            sql.comment("----- Guards and numbers -----");
            sql.lines(&new.guards);
        }
        self.end(&mut sql);
        sql.finish()
    }

    fn begin(&self, sql: &mut Sql<'_>) {
        let name = &self.change.new.name;
        let title = one_line(&self.change.new.title.value);
        let how = match self.dialect.changes() {
            Changes::Swap => SWAPPED,
            _ => "Everything is changed, or nothing. Make a copy of the database first.",
        };
        sql.comment(&format!(
            "Generated by Ekiden: turns a database of an earlier process `{name}` ({title}) into one of the\n\
             present. {} {}. {how}",
            self.dialect.title(),
            self.dialect.notes().versions,
        ));
        sql.gap();
        match self.dialect.changes() {
            Changes::Rebuild if self.dialect.has_references() => {
                sql.comment("Tables are dropped and made anew: nothing may go with them.");
                sql.line(format_args!("PRAGMA foreign_keys = OFF;"));
                sql.gap();
                sql.line(format_args!("BEGIN IMMEDIATE;"));
            }
            Changes::Swap => {
                self.dialect.begin(sql, self.choices);
                sql.comment("Tables are dropped and made anew: nothing may go with them.");
                sql.line(format_args!(
                    "SET @ekiden_foreign_key_checks = COALESCE(@ekiden_foreign_key_checks, @@SESSION.foreign_key_checks);"
                ));
                sql.line(format_args!("SET SESSION foreign_key_checks = OFF;"));
            }
            Changes::Alter | Changes::Rebuild | Changes::Copy => {
                self.dialect.begin(sql, self.choices);
            }
        }
    }

    fn end(&self, sql: &mut Sql<'_>) {
        if self.dialect.changes() == Changes::Swap {
            sql.gap();
            sql.line(format_args!("SET SESSION foreign_key_checks = @ekiden_foreign_key_checks;"));
            sql.line(format_args!("SET @ekiden_foreign_key_checks = NULL;"));
            self.dialect.end(sql);
        } else if self.dialect.changes() == Changes::Rebuild && self.dialect.has_references() {
            rebuild::check_references(sql);
            self.dialect.end(sql);
            sql.gap();
            sql.line(format_args!("PRAGMA foreign_keys = ON;"));
        } else {
            self.dialect.end(sql);
        }
    }

    /// Drops views, triggers and functions, the last made first. A database made by an earlier Ekiden
    /// may lack some of them.
    fn drop_code(&self, sql: &mut Sql<'_>) {
        sql.gap();
        sql.comment("----- Views, triggers and functions are made again below -----");
        for thing in self.plan.old.things.iter().rev() {
            let name = &thing.name;
            match (thing.kind, &thing.on) {
                (Kind::View, _) => sql.line(format_args!("DROP VIEW IF EXISTS {name};")),
                (Kind::Function, _) => sql.line(format_args!("DROP FUNCTION IF EXISTS {name};")),
                (Kind::Trigger, Some(on)) if self.dialect.changes() == Changes::Alter => {
                    sql.line(format_args!("DROP TRIGGER IF EXISTS {name} ON {on};"));
                }
                (Kind::Trigger, _) => sql.line(format_args!("DROP TRIGGER IF EXISTS {name};")),
            }
        }
    }

    fn tables(&self, sql: &mut Sql<'_>) {
        let Plan { old, new, carried, gone } = self.plan;
        let in_place = self.dialect.changes() == Changes::Alter;
        if in_place {
            alter::drop_references(sql, self.plan);
        }
        let is_carried = |name: &Ident| carried.iter().any(|c| c.old.table.name == *name);
        let left: Vec<&Filled> = old
            .tables
            .iter()
            .filter(|table| !table.is_of_process && !is_carried(&table.table.name))
            .collect();
        if !gone.is_empty() {
            let events = reference::name(self.dialect, &self.choices.prefix, "event");
            let gone = super::writer::texts(self.dialect, gone.iter().map(String::as_str));
            sql.gap();
            sql.line(format_args!("DELETE FROM {events} WHERE record IN ({gone});"));
        }
        sql.gap();
        for Filled { table, .. } in left.into_iter().rev() {
            sql.line(format_args!("DROP TABLE {};", table.name));
            if !in_place {
                rebuild::drop_sequence(sql, table);
            }
        }
        if in_place {
            for carried in carried {
                alter::alter(sql, self.plan, carried);
            }
        } else {
            rebuild::set_aside(sql, self.plan);
        }
        self.describe(sql);
        let is_new = |table: &&Filled| {
            let goes_on = carried.iter().any(|c| c.new.table.name == table.table.name);
            !table.is_of_process && !goes_on
        };
        for table in new.tables.iter().filter(is_new) {
            self.create(sql, table);
        }
        if in_place {
            alter::add_references(sql, self.plan);
        } else {
            rebuild::bring_back(sql, self.plan);
        }
    }

    /// Replaces the rows that describe the process.
    fn describe(&self, sql: &mut Sql<'_>) {
        let Plan { old, new, .. } = self.plan;
        // Where nothing refers to them they are made anew: rows that go and come in one transaction
        // may be taken for doubles there.
        let refers = self.dialect.has_references();
        let same = |table: &Filled| {
            refers && new.table(&table.table.name).is_some_and(|now| now.create == table.create)
        };
        // The days of the calendar are many, and nothing refers to them.
        let holidays = reference::name(self.dialect, &self.choices.prefix, "holiday");
        let rows = |parts: &Parts<'_>| parts.table(&holidays).map(|table| table.rows.clone());
        let keeps_holidays = rows(old) == rows(new);
        let calendar = reference::name(self.dialect, &self.choices.prefix, "calendar");
        let offsets = reference::name(self.dialect, &self.choices.prefix, "zone_offset");
        let stays = |table: &Filled| {
            let name = &table.table.name;
            let (Some(was), Some(now)) = (old.table(name), new.table(name)) else { return false };
            let is_long = *name == offsets || (*name == calendar && keeps_holidays);
            is_long && was.create == now.create && was.rows == now.rows
        };
        sql.gap();
        sql.comment("----- The process -----");
        // What may be run again finds some of it done.
        let swaps = self.dialect.changes() == Changes::Swap;
        let if_exists = if swaps { "IF EXISTS " } else { "" };
        let of_process = |table: &&Filled| table.is_of_process && !stays(table);
        for table in old.tables.iter().rev().filter(of_process) {
            let name = &table.table.name;
            if same(table) {
                sql.line(format_args!("DELETE FROM {name};"));
            } else {
                sql.line(format_args!("DROP TABLE {if_exists}{name};"));
            }
        }
        sql.gap();
        let comes =
            |table: &&Filled| swaps && of_process(table) && old.table(&table.table.name).is_none();
        for table in new.tables.iter().rev().filter(comes) {
            sql.line(format_args!("DROP TABLE IF EXISTS {};", table.table.name));
        }
        for table in new.tables.iter().filter(of_process) {
            if old.table(&table.table.name).is_some_and(same) {
                sql.lines(&table.rows);
            } else {
                self.create(sql, table);
            }
        }
    }

    /// Creates a table with its rows and indexes.
    fn create(&self, sql: &mut Sql<'_>, table: &Filled) {
        sql.lines(&table.create);
        sql.lines(&table.rows);
        for index in self.plan.new.indexes_of(&table.table.name) {
            sql.lines(&index.create);
        }
    }
}
