//! What a script of [copies](super::copies) asks before it copies anything, by queries that fail: a
//! database need have no catalogue that can be asked.

use crate::emit::sql::names::Ident;
use crate::emit::sql::reference;
use crate::emit::sql::schema::{Cell, Column, ColumnType, Key, Table};
use crate::emit::sql::writer::{Sql, list, texts};

use super::Script;
use super::code::Kind;
use super::copies::{mark, plain};
use super::swap::{SCRIPT, STEP};

/// The tables by whose keys an earlier process is known.
const KNOWN_BY: [&str; 5] = ["record", "field", "option", "stage", "transition"];

/// The only column of what keeps a name free.
const RESERVED: &str = "ekiden_migration";

impl Script<'_> {
    /// Everything that part 1 asks.
    pub(super) fn ask(&self, sql: &mut Sql<'_>) {
        let dialect = sql.dialect;
        sql.comment("Whether part 2 has begun: then the copies are all there is.");
        let mark = mark(sql, 1);
        sql.create_table("CREATE TABLE IF NOT EXISTS", &mark);
        let begun = |whose: &str| {
            format!(
                "(SELECT COUNT(*) FROM {STEP} WHERE step = 2 AND script {whose} '{SCRIPT}') > 0"
            )
        };
        let told = "part 2 of this migration has begun: run part 2 again, from its heading to the end of the script; nothing was changed";
        sql.line(format_args!("{}", dialect.stop(&begun("="), told)));
        let told = "another migration was stopped in its part 2: run part 2 of its script to the end first; nothing was changed";
        sql.line(format_args!("{}", dialect.stop(&begun("<>"), told)));
        self.put(sql, &mark);
        sql.gap();
        sql.comment("Whether the database is described by the earlier process.");
        for name in KNOWN_BY {
            self.ask_names(sql, &reference::name(dialect, &self.choices.prefix, name));
        }
        sql.gap();
        sql.comment(
            "Whether each table has the columns that the earlier process gave it, in their order.\n\
             A query that fails here tells of a column that is missing, or of their number.",
        );
        let swapped = self.swapped();
        for (_, carried) in &swapped {
            self.ask_columns(sql, &carried.old.table);
        }
        for name in self.left() {
            if let Some(left) = self.plan.old.table(name) {
                self.ask_columns(sql, &left.table);
            }
        }
        let copied = swapped.iter().map(|(_, carried)| carried.old.table.name.raw());
        let described = self.described_anew().into_iter().map(|table| table.table.name.raw());
        let left = self.left().into_iter().map(Ident::raw);
        let anew = texts(dialect, copied.chain(left).chain(described));
        if let Some((own, what)) = dialect.own(&anew).filter(|_| !anew.is_empty()) {
            let told = format!(
                "somebody has put {what} of their own on a table that is made anew: it would be lost, or filled twice; drop it, and create it again afterwards; nothing was changed"
            );
            sql.gap();
            sql.comment("Whether anything would go with a table.");
            sql.line(format_args!("{}", dialect.stop(&own, &told)));
        }
        self.reserve(sql);
    }

    /// Refuses a database in which other things are described than in the earlier process.
    fn ask_names(&self, sql: &mut Sql<'_>, name: &Ident) {
        let dialect = sql.dialect;
        let Some(table) = self.plan.old.table(name) else { return };
        let table = &table.table;
        let Some(Key::Primary(key)) = table.keys.iter().find(|key| matches!(key, Key::Primary(_)))
        else {
            return;
        };
        let places = table.columns.iter().enumerate().filter(|(_, c)| key.contains(&c.name));
        let places: Vec<usize> = places.map(|(place, _)| place).collect();
        let mut names: Vec<String> = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            let cells = places.iter().filter_map(|place| match row.get(*place) {
                Some(Cell::Text(text)) => Some(text.as_str()),
                _ => None,
            });
            names.push(cells.collect::<Vec<_>>().join("."));
        }
        let columns = places.iter().filter_map(|place| table.columns.get(*place));
        let columns: Vec<String> = columns.map(|column| column.name.to_string()).collect();
        let known = match columns.as_slice() {
            [column] => column.clone(),
            _ => format!("CONCAT({})", columns.join(", '.', ")),
        };
        let mut other = format!("(SELECT COUNT(*) FROM {name}) <> {}", names.len());
        if !names.is_empty() {
            let all = texts(dialect, names.iter().map(String::as_str));
            other.push_str(&format!(
                " OR (SELECT COUNT(*) FROM {name} WHERE {known} IN ({all})) <> {}",
                names.len()
            ));
        }
        let told = format!(
            "table {} does not describe the earlier process: this database was made from another one, or this migration is done; nothing was changed",
            name.raw()
        );
        sql.line(format_args!("{}", dialect.stop(&other, &told)));
    }

    fn ask_columns(&self, sql: &mut Sql<'_>, table: &Table) {
        let name = &table.name;
        let columns: Vec<&Ident> = table.columns.iter().map(|column| &column.name).collect();
        sql.line(format_args!("SELECT COUNT(*) FROM ("));
        sql.line(format_args!("    SELECT * FROM {name} WHERE 1 = 0"));
        sql.line(format_args!("    UNION ALL SELECT {} FROM {name} WHERE 1 = 0", list(&columns)));
        sql.line(format_args!(") AS t;"));
    }

    /// Keeps names free that only the new process gives: what somebody else has put there must not be
    /// dropped for what part 2 makes. It has no such column, and the query fails.
    fn reserve(&self, sql: &mut Sql<'_>) {
        let dialect = sql.dialect;
        let (old, new) = (self.plan.old, self.plan.new);
        let was_view = |name: &str| old.things.iter().any(|thing| thing.name == name);
        let tables = new.tables.iter().map(|table| &table.table.name);
        let tables: Vec<&Ident> = tables.filter(|name| old.table(name).is_none()).collect();
        let views = new.things.iter().filter(|thing| thing.kind == Kind::View);
        let views: Vec<&str> =
            views.map(|thing| thing.name.as_str()).filter(|name| !was_view(name)).collect();
        if tables.is_empty() && views.is_empty() {
            return;
        }
        sql.gap();
        sql.comment(&format!(
            "Whether names are free that this script gives. Where `{RESERVED}` is no column, there is something\n\
             of that name already: call it otherwise. Nothing was changed."
        ));
        for name in tables {
            let column = Column::new(Ident::new(dialect, RESERVED), ColumnType::Boolean);
            let table = plain(name.clone(), "Keeps its name free for a migration", vec![column]);
            sql.create_table("CREATE TABLE IF NOT EXISTS", &table);
            sql.line(format_args!("SELECT COUNT({RESERVED}) FROM {name};"));
        }
        for name in views {
            sql.line(format_args!(
                "CREATE VIEW IF NOT EXISTS {name} AS SELECT {} AS {RESERVED};",
                dialect.boolean(true)
            ));
            sql.line(format_args!("SELECT COUNT({RESERVED}) FROM {name};"));
        }
    }

    /// What part 2 asks: whether part 1 has come to its end.
    pub(super) fn ask_for_copies(&self, sql: &mut Sql<'_>) {
        let made =
            format!("(SELECT COUNT(*) FROM {STEP} WHERE step = 1 AND script = '{SCRIPT}') = 0");
        let told = "part 1 of this migration has not come to its end: run the script from its beginning; nothing was changed";
        sql.line(format_args!("{}", sql.dialect.stop(&made, told)));
    }
}
