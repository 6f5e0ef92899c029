//! Tables made anew beside the old ones, whose place they then take: for databases where each
//! statement that creates something ends the transaction.
//!
//! First everything is copied; whatever the database may refuse, it refuses here, and the old schema
//! is still whole. Then the old tables go, and the copies get their names. How far the script has
//! come is written down, so that it goes on from there when it is run again.

use crate::emit::handbook::fnv_1a;
use crate::emit::sql::dialect::{Changes, Dialect};
use crate::emit::sql::names::Ident;
use crate::emit::sql::reference;
use crate::emit::sql::schema::ColumnType;
use crate::emit::sql::writer::{Sql, list, texts};

use super::Script;
use super::carried::{Carried, Renamed};
use super::moving::{self, How};
use super::parts::Index;

/// How far which script has come: 1 when all is copied, 2 when the old tables are gone.
pub(super) const STEP: &str = "ekiden_migration";

/// Stands for what tells a script from every other one, until the script is written.
pub(super) const SCRIPT: &str = "ekiden-script-0000";

/// The script with what tells it from others: of its text.
pub(super) fn marked(script: String) -> String {
    let mark = format!("{:016x}", fnv_1a(&script));
    script.replace(SCRIPT, &mark)
}

/// The table that waits to take the place of another.
pub(super) fn aside(sql: &Sql<'_>, at: usize) -> Ident {
    Ident::new(sql.dialect, &format!("{STEP}_{at}"))
}

impl Script<'_> {
    /// The tables to make anew, numbered. Values are renamed on the way.
    pub(super) fn swapped(&self) -> Vec<(usize, &Carried<'_>)> {
        let [events, history] = ["event", "stage_history"]
            .map(|name| reference::name(self.dialect, &self.choices.prefix, name));
        let copies = self.dialect.changes() == Changes::Copy;
        // What refers to a table that is made anew forgets it, unless it is made anew behind it.
        let all = copies && self.dialect.has_references() && self.changes_code();
        let is_swapped = |carried: &&Carried<'_>| {
            let name = &carried.old.table.name;
            let loses_rows = !self.plan.gone.is_empty() && *name == events;
            let gets_rows = copies && !self.moving.is_empty() && *name == history;
            all || carried.is_changed || !carried.values.is_empty() || loses_rows || gets_rows
        };
        self.plan.carried.iter().filter(is_swapped).enumerate().collect()
    }

    /// The tables of records that are no more.
    pub(super) fn left(&self) -> Vec<&Ident> {
        let plan = self.plan;
        let is_carried = |name: &Ident| plan.carried.iter().any(|c| c.old.table.name == *name);
        let all = plan.old.tables.iter().filter(|table| !table.is_of_process);
        all.map(|table| &table.table.name).filter(|name| !is_carried(name)).collect()
    }

    /// The tables of records that there were none of.
    pub(super) fn added(&self) -> Vec<&Ident> {
        let plan = self.plan;
        let goes_on = |name: &Ident| plan.carried.iter().any(|c| c.new.table.name == *name);
        let all = plan.new.tables.iter().filter(|table| !table.is_of_process);
        all.map(|table| &table.table.name).filter(|name| !goes_on(name)).collect()
    }

    /// The whole script, where rows of the process are all that changes: a transaction.
    pub(super) fn describe_at_once(&self, sql: &mut Sql<'_>) {
        sql.gap();
        sql.line(format_args!("START TRANSACTION;"));
        self.describe(sql);
        sql.gap();
        sql.line(format_args!("COMMIT;"));
    }

    /// The whole script between its first lines and its last.
    pub(super) fn swap(&self, sql: &mut Sql<'_>) {
        let new = self.plan.new;
        sql.gap();
        sql.comment("----- Copies: the old schema stays whole until all of them are made -----");
        block(sql, |sql| {
            for variable in ["_next BIGINT", "_told TEXT", "_is_done BOOLEAN"] {
                sql.line(format_args!("DECLARE {variable};"));
            }
            sql.line(format_args!(
                "CREATE TABLE IF NOT EXISTS {STEP} (step INT NOT NULL, script CHAR(16) NOT NULL);"
            ));
            // Its copies are of other tables.
            sql.line(format_args!(
                "IF EXISTS (SELECT 1 FROM {STEP} WHERE script <> '{SCRIPT}') THEN"
            ));
            sql.line(format_args!(
                "    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'another migration was stopped half-way: run its script again to the end first; this one has changed nothing';"
            ));
            sql.line(format_args!("END IF;"));
            sql.line(format_args!("IF NOT EXISTS (SELECT 1 FROM {STEP}) THEN"));
            sql.indented(|sql| {
                self.check(sql);
                for (at, carried) in self.swapped() {
                    self.copy(sql, at, carried);
                }
                moving::remember_on_disk(sql, self.moving);
                sql.line(format_args!("INSERT INTO {STEP} VALUES (1, '{SCRIPT}');"));
            });
            sql.line(format_args!("END IF;"));
        });
        sql.gap();
        sql.comment("----- From here on, until the last line, nothing is refused -----");
        let mut things = self.plan.old.things.clone();
        things.extend(new.things.iter().filter(|t| !self.plan.old.things.contains(t)).cloned());
        for thing in things.iter().rev() {
            let (name, kind) = (&thing.name, thing.kind.word());
            sql.line(format_args!("DROP {kind} IF EXISTS {name};"));
        }
        sql.gap();
        sql.comment("----- The copies take the place of the old tables -----");
        block(sql, |sql| {
            sql.line(format_args!("IF NOT EXISTS (SELECT 1 FROM {STEP} WHERE step = 2) THEN"));
            sql.indented(|sql| {
                let swapped = self.swapped();
                let olds = swapped.iter().map(|(_, carried)| &carried.old.table.name);
                for name in self.left().into_iter().rev().chain(olds) {
                    sql.line(format_args!("DROP TABLE IF EXISTS {name};"));
                }
                sql.line(format_args!("INSERT INTO {STEP} VALUES (2, '{SCRIPT}');"));
            });
            sql.line(format_args!("END IF;"));
        });
        for (at, carried) in self.swapped() {
            let (aside, name) = (aside(sql, at), &carried.new.table.name);
            sql.line(format_args!("RENAME TABLE IF EXISTS {aside} TO {name};"));
        }
        self.describe(sql);
        let added = self.added();
        for name in added.iter().rev() {
            sql.line(format_args!("DROP TABLE IF EXISTS {name};"));
        }
        for table in new.tables.iter().filter(|table| added.contains(&&table.table.name)) {
            self.create(sql, table);
        }
        sql.gap();
        sql.comment("----- Views -----");
        sql.lines(&new.views);
        let history = reference::name(self.dialect, &self.choices.prefix, "stage_history");
        moving::write(sql, self.moving, &history, How::Joined);
        sql.gap();
        sql.comment("----- Guards and numbers -----");
        sql.lines(&new.guards);
        sql.gap();
        // At once: whoever starts again without the list of records would look for it.
        let list = moving::table(self.moving).map_or(String::new(), |table| format!(", {table}"));
        sql.line(format_args!("DROP TABLE {STEP}{list};"));
    }

    /// Which rows of a table are kept: no events of what is no more.
    pub(super) fn kept(&self, table: &Ident) -> String {
        let events = reference::name(self.dialect, &self.choices.prefix, "event");
        let gone = texts(self.dialect, self.plan.gone.iter().map(String::as_str));
        if *table == events && !gone.is_empty() {
            let record = Ident::new(self.dialect, "record");
            format!(" WHERE {record} NOT IN ({gone})")
        } else {
            String::new()
        }
    }

    /// Makes the copy of a table, with its rows as they are called now.
    fn copy(&self, sql: &mut Sql<'_>, at: usize, carried: &Carried<'_>) {
        let Carried { old, new, columns, values, .. } = carried;
        let dialect = sql.dialect;
        let aside = aside(sql, at);
        let mut table = new.table.clone();
        table.name = aside.clone();
        sql.line(format_args!("DROP TABLE IF EXISTS {aside};"));
        sql.table(&table);
        let now: Vec<&Ident> = columns.iter().map(|(_, now)| now).collect();
        let was: Vec<String> =
            columns.iter().map(|(was, _)| renamed(dialect, was, values)).collect();
        let name = &old.table.name;
        sql.line(format_args!("INSERT INTO {aside} ({})", list(&now)));
        let kept = self.kept(name);
        sql.line(format_args!("SELECT {} FROM {name}{kept};", was.join(", ")));
        for index in self.plan.new.indexes_of(&new.table.name) {
            sql.lines(&on(index, &new.table.name, &aside));
        }
        let has_ids =
            new.table.columns.iter().any(|column| matches!(column.ty, ColumnType::Id { .. }));
        if has_ids {
            let name = dialect.text(name.raw());
            sql.comment("An id is given out once, also when its row is gone.");
            sql.line(format_args!(
                "SET _next = (SELECT t.auto_increment FROM information_schema.tables AS t"
            ));
            sql.line(format_args!(
                "    WHERE t.table_schema = DATABASE() AND t.table_name = {name});"
            ));
            sql.line(format_args!("IF _next IS NOT NULL THEN"));
            sql.line(format_args!(
                "    EXECUTE IMMEDIATE CONCAT('ALTER TABLE {aside} AUTO_INCREMENT = ', _next);"
            ));
            sql.line(format_args!("END IF;"));
        }
    }
}

/// A column by its old name, with its values as they are called now.
pub(super) fn renamed(dialect: &dyn Dialect, column: &Ident, values: &[Renamed]) -> String {
    let Some(Renamed { names, .. }) = values.iter().find(|renamed| renamed.column.0 == *column)
    else {
        return column.to_string();
    };
    let when = names
        .iter()
        .map(|(was, now)| format!("WHEN {} THEN {}", dialect.text(was), dialect.text(now)));
    format!("CASE {column} {} ELSE {column} END", when.collect::<Vec<_>>().join(" "))
}

/// How an index is created, on a table of another name: it stands there once.
pub(super) fn on(index: &Index, table: &Ident, other: &Ident) -> String {
    let said = [format!(" ON {table} ("), format!("ALTER TABLE {table} ")];
    let found = said.iter().find(|said| index.create.contains(said.as_str()));
    let Some(said) = found else { return index.create.clone() };
    index.create.replacen(said, &said.replace(&table.to_string(), &other.to_string()), 1)
}

/// Statements that depend on each other: the client sends them as one.
fn block(sql: &mut Sql<'_>, body: impl FnOnce(&mut Sql<'_>)) {
    sql.line(format_args!("DELIMITER //"));
    sql.line(format_args!("BEGIN NOT ATOMIC"));
    sql.indented(body);
    sql.line(format_args!("END //"));
    sql.line(format_args!("DELIMITER ;"));
}
