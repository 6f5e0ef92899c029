//! Values: two triggers for each table that does not take them all.

use crate::emit::sql::bounds::{Bound, Bounds};
use crate::emit::sql::writer::{Sql, list};

/// How many conditions one statement asks for: many builds have room for so many values only.
const MOST: usize = 100;

pub(super) fn write(sql: &mut Sql<'_>, bounds: &Bounds) {
    let Bounds { table, insert, update, checks } = bounds;
    let mut columns: Vec<_> = checks.iter().map(|bound| &bound.column).collect();
    columns.dedup();
    let columns = list(&columns);
    let events =
        [(insert, "BEFORE INSERT".to_owned()), (update, format!("BEFORE UPDATE OF {columns}"))];
    for (name, event) in events {
        sql.gap();
        sql.line(format_args!("CREATE TRIGGER {name} {event} ON {table}"));
        sql.line(format_args!("BEGIN"));
        sql.indented(|sql| {
            for some in checks.chunks(MOST) {
                sql.line(format_args!("SELECT CASE"));
                sql.indented(|sql| {
                    for Bound { condition, message, .. } in some {
                        let message = sql.dialect.text(message);
                        sql.line(format_args!(
                            "WHEN NOT ({condition}) THEN RAISE(ABORT, {message})"
                        ));
                    }
                });
                sql.line(format_args!("END;"));
            }
        });
        sql.line(format_args!("END;"));
    }
}
