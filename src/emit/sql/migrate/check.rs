//! What a script that is no transaction asks before it changes anything: whether it has been run
//! already, and whether the database is the one it was written for.

use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::Table;
use crate::emit::sql::writer::{Sql, texts};

use super::code::Kind;
use super::swap::{STEP, on};
use super::{Plan, Script, moving};

/// The empty table to compare another with: first the process as it is now, then each table as the
/// earlier process made it.
const MODEL: &str = "ekiden_migration_was";

/// What a table has of its own kind, by what it is rather than by its name: the database names some
/// of it itself. Kind, and a query of name and `what`, in which `{of}` says of which table.
const OWN: [(&str, &str); 5] = [
    (
        "index",
        "SELECT s.index_name AS name, CONCAT_WS('/', MIN(s.non_unique), MIN(s.index_type), GROUP_CONCAT(CONCAT_WS(':', s.column_name, s.sub_part) ORDER BY s.seq_in_index)) AS what \
         FROM information_schema.statistics AS s WHERE s.table_schema = DATABASE() AND s.table_name = {of} GROUP BY s.index_name",
    ),
    (
        "check",
        "SELECT s.constraint_name AS name, s.check_clause AS what \
         FROM information_schema.check_constraints AS s WHERE s.constraint_schema = DATABASE() AND s.table_name = {of}",
    ),
    (
        "generated column",
        "SELECT s.column_name AS name, s.column_name AS what \
         FROM information_schema.columns AS s WHERE s.table_schema = DATABASE() AND s.table_name = {of} AND s.is_generated <> 'NEVER'",
    ),
    (
        "foreign key",
        "SELECT s.constraint_name AS name, CONCAT_WS('/', MIN(r.delete_rule), MIN(r.update_rule), GROUP_CONCAT(CONCAT_WS(':', s.column_name, s.referenced_table_name, s.referenced_column_name) ORDER BY s.ordinal_position)) AS what \
         FROM information_schema.key_column_usage AS s JOIN information_schema.referential_constraints AS r \
         ON r.constraint_schema = s.constraint_schema AND r.table_name = s.table_name AND r.constraint_name = s.constraint_name \
         WHERE s.table_schema = DATABASE() AND s.table_name = {of} AND s.referenced_table_name IS NOT NULL GROUP BY s.constraint_name",
    ),
    (
        "partition",
        "SELECT s.partition_name AS name, s.partition_name AS what \
         FROM information_schema.partitions AS s WHERE s.table_schema = DATABASE() AND s.table_name = {of} AND s.partition_name IS NOT NULL",
    ),
];

impl Script<'_> {
    /// Refuses a database that is not the one the script was written for: another copy would leave
    /// out what the script does not know.
    pub(super) fn check(&self, sql: &mut Sql<'_>) {
        self.check_done(sql);
        let dialect = sql.dialect;
        let plan = self.plan;
        let tables = "information_schema.tables AS t WHERE t.table_schema = DATABASE()";
        let columns = "information_schema.columns AS c WHERE c.table_schema = DATABASE()";
        for (_, carried) in self.swapped() {
            let old = &carried.old.table;
            let name = dialect.text(old.name.raw());
            let known = texts(dialect, old.columns.iter().map(|column| column.name.raw()));
            let count = old.columns.len();
            let of_it = format!("{columns} AND c.table_name = {name} AND c.is_generated = 'NEVER'");
            let bad = format!(
                "(SELECT COUNT(*) FROM {of_it}) <> {count} OR (SELECT COUNT(*) FROM {of_it} AND c.column_name IN ({known})) <> {count}"
            );
            let told = format!(
                "table {} has not the columns that the earlier process gave it; nothing was changed",
                old.name.raw()
            );
            refuse(sql, &bad, &dialect.text(&told));
        }
        for name in self.left() {
            let told = format!("there is no table {}; nothing was changed", name.raw());
            let name = dialect.text(name.raw());
            let bad = format!("NOT EXISTS (SELECT 1 FROM {tables} AND t.table_name = {name})");
            refuse(sql, &bad, &dialect.text(&told));
        }
        let was_there = |name: &Ident| plan.old.table(name).is_some();
        let renamed = plan.carried.iter().map(|carried| &carried.new.table.name);
        for name in self.added().into_iter().chain(renamed).filter(|name| !was_there(name)) {
            let told = format!(
                "there is a table {} already, which this script would create; nothing was changed",
                name.raw()
            );
            let name = dialect.text(name.raw());
            let bad = format!("EXISTS (SELECT 1 FROM {tables} AND t.table_name = {name})");
            refuse(sql, &bad, &dialect.text(&told));
        }
        self.check_names(sql);
        self.check_own(sql);
    }

    /// Says that all is done, to whoever runs the script again. Rows that the two processes write in
    /// different ways tell which of them the database is described by.
    fn check_done(&self, sql: &mut Sql<'_>) {
        let dialect = sql.dialect;
        let Plan { old, new, .. } = self.plan;
        let told_apart = new.tables.iter().filter(|now| {
            let was = old.table(&now.table.name);
            now.is_of_process && was.is_some_and(|w| w.create == now.create && w.rows != now.rows)
        });
        let Some(told_apart) = told_apart.min_by_key(|now| now.rows.len()) else { return };
        let model = Ident::new(dialect, MODEL);
        let name = &told_apart.table.name;
        sql.comment("Whether all of it is done already.");
        sql.line(format_args!("CREATE OR REPLACE TEMPORARY TABLE {model} LIKE {name};"));
        sql.rows(&Table { name: model.clone(), ..told_apart.table.clone() });
        let mut same = vec![
            format!("(SELECT COUNT(*) FROM {name}) = {}", told_apart.table.rows.len()),
            // MariaDB forgets the columns of what stands in `EXISTS`, and with them the difference.
            format!(
                "(SELECT COUNT(*) FROM (SELECT * FROM {name} EXCEPT SELECT * FROM {model}) AS d) = 0"
            ),
        ];
        let swapped = self.swapped();
        let changed = swapped.iter().map(|(_, carried)| &carried.new.table.name);
        for table in changed.chain(self.added()).filter_map(|name| new.table(name)) {
            let columns = texts(dialect, table.table.columns.iter().map(|c| c.name.raw()));
            let count = table.table.columns.len();
            let name = dialect.text(table.table.name.raw());
            same.push(format!(
                "(SELECT COUNT(*) FROM information_schema.columns AS c WHERE c.table_schema = DATABASE() AND c.table_name = {name} AND c.column_name IN ({columns})) = {count}"
            ));
        }
        sql.line(format_args!("SET _is_done = {};", same.join(" AND ")));
        sql.line(format_args!("DROP TEMPORARY TABLE {model};"));
        sql.line(format_args!("IF _is_done THEN"));
        sql.indented(|sql| {
            // Left behind where the database itself stopped at the very end.
            if let Some(list) = moving::table(self.moving) {
                sql.line(format_args!("DROP TABLE IF EXISTS {list};"));
            }
            let told = "this migration is done: the database is one of the present process already; nothing was changed";
            stop(sql, &dialect.text(told));
        });
        sql.line(format_args!("END IF;"));
    }

    /// Refuses what somebody has put on a table that is made anew: it would go with the table. Tells
    /// all of it at once.
    fn check_own(&self, sql: &mut Sql<'_>) {
        let dialect = sql.dialect;
        let swapped = self.swapped();
        let old = self.plan.old;
        let model = Ident::new(dialect, MODEL);
        let triggers = old.things.iter().filter(|thing| thing.kind == Kind::Trigger);
        let triggers: Vec<String> = triggers.map(|thing| thing.name.replace('"', "")).collect();
        let triggers = texts(dialect, triggers.iter().map(String::as_str));
        let triggers = if triggers.is_empty() { "''".to_owned() } else { triggers };
        sql.comment("What somebody else has put on a table goes with it.");
        sql.line(format_args!("SET _told = NULL;"));
        for (_, carried) in &swapped {
            let table = &carried.old.table;
            let name = dialect.text(table.name.raw());
            sql.line(format_args!("DROP TABLE IF EXISTS {model};"));
            sql.table(&Table { name: model.clone(), ..table.clone() });
            for index in old.indexes_of(&table.name) {
                sql.lines(&on(index, &table.name, &model));
            }
            let mut own = vec![format!(
                "SELECT CONCAT('trigger ', t.trigger_name, ' on ', {name}) AS thing FROM information_schema.triggers AS t WHERE t.trigger_schema = DATABASE() AND t.event_object_table = {name} AND t.trigger_name NOT IN ({triggers})"
            )];
            own.extend(OWN.iter().map(|(kind, query)| {
                let there = query.replace("{of}", &name);
                let due = query.replace("{of}", &dialect.text(MODEL));
                format!(
                    "SELECT CONCAT('{kind} ', h.name, ' on ', {name}) AS thing FROM ({there}) AS h WHERE h.what NOT IN (SELECT d.what FROM ({due}) AS d)"
                )
            }));
            sql.line(format_args!("SET _told = CONCAT_WS(', ', NULLIF(_told, ''),"));
            sql.line(format_args!(
                "    (SELECT GROUP_CONCAT(o.thing ORDER BY o.thing SEPARATOR ', ') FROM ("
            ));
            sql.indented(|sql| {
                sql.indented(|sql| sql.lines(&own.join("\nUNION ALL\n")));
            });
            sql.line(format_args!("    ) AS o));"));
            sql.line(format_args!("DROP TABLE {model};"));
        }
        self.check_references(sql);
        let told = format!("LEFT(CONCAT({}, _told), 400)", dialect.text("nothing was changed: this is not of the process and would be lost; drop it, and create it again afterwards: "));
        refuse(sql, "_told <> ''", &told);
    }

    /// Adds what refers to a table whose name goes, from a table that is not of the process.
    fn check_references(&self, sql: &mut Sql<'_>) {
        let dialect = sql.dialect;
        let old = self.plan.old;
        let renamed = self.plan.carried.iter().filter(|c| c.old.table.name != c.new.table.name);
        let renamed = renamed.map(|carried| &carried.old.table.name);
        let going: Vec<&str> = renamed.chain(self.left()).map(Ident::raw).collect();
        if going.is_empty() {
            return;
        }
        let going = texts(dialect, going);
        let ours = texts(dialect, old.tables.iter().map(|table| table.table.name.raw()));
        sql.line(format_args!("SET _told = CONCAT_WS(', ', NULLIF(_told, ''),"));
        sql.line(format_args!("    (SELECT GROUP_CONCAT(CONCAT('foreign key ', r.constraint_name, ' on ', r.table_name) ORDER BY r.table_name, r.constraint_name SEPARATOR ', ')"));
        sql.line(format_args!("    FROM information_schema.referential_constraints AS r WHERE r.constraint_schema = DATABASE()"));
        sql.line(format_args!(
            "    AND r.referenced_table_name IN ({going}) AND r.table_name NOT IN ({ours})));"
        ));
    }

    /// Refuses a database that has something by a name which only the new process gives: it would be
    /// dropped for what the script creates.
    fn check_names(&self, sql: &mut Sql<'_>) {
        let dialect = sql.dialect;
        let Plan { old, new, .. } = self.plan;
        let was_there = |name: &str| old.things.iter().any(|thing| thing.name == name);
        let of_kind = |kind: Kind| -> Vec<String> {
            let things = new.things.iter().filter(|thing| thing.kind == kind);
            let names = things.map(|thing| thing.name.as_str()).filter(|name| !was_there(name));
            names.map(|name| name.replace('"', "")).collect()
        };
        let mut relations = of_kind(Kind::View);
        let of_process = new.tables.iter().filter(|table| table.is_of_process);
        let names = of_process.map(|table| &table.table.name);
        relations.extend(
            names.filter(|name| old.table(name).is_none()).map(|name| name.raw().to_owned()),
        );
        for (names, place, name, schema) in [
            (relations, "tables", "table_name", "table_schema"),
            (of_kind(Kind::Function), "routines", "routine_name", "routine_schema"),
            (of_kind(Kind::Trigger), "triggers", "trigger_name", "trigger_schema"),
        ] {
            if names.is_empty() {
                continue;
            }
            let names = texts(dialect, names.iter().map(String::as_str));
            sql.line(format_args!(
                "SET _told = (SELECT MIN(t.{name}) FROM information_schema.{place} AS t WHERE t.{schema} = DATABASE() AND t.{name} IN ({names}));"
            ));
            let told = "CONCAT('there is ', _told, ' already, which this script would create; nothing was changed')";
            refuse(sql, "_told IS NOT NULL", told);
        }
    }
}

/// Ends the script before anything has changed, where something is bad.
fn refuse(sql: &mut Sql<'_>, bad: &str, told: &str) {
    sql.line(format_args!("IF {bad} THEN"));
    sql.indented(|sql| stop(sql, told));
    sql.line(format_args!("END IF;"));
}

/// Ends the script before anything has changed.
fn stop(sql: &mut Sql<'_>, told: &str) {
    sql.line(format_args!("DROP TABLE {STEP};"));
    sql.line(format_args!("SET _told = {told};"));
    sql.line(format_args!("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = _told;"));
}
