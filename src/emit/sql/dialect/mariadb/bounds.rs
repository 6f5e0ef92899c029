//! Values: two triggers for each table that does not take them all.

use super::COLLATION;
use super::guards::{MESSAGE, literal, trigger};
use crate::emit::sql::bounds::{Bound, Bounds};
use crate::emit::sql::writer::Sql;

pub(super) fn write(sql: &mut Sql<'_>, bounds: &Bounds) {
    let Bounds { table, insert, update, checks } = bounds;
    for (name, event) in [(insert, "BEFORE INSERT"), (update, "BEFORE UPDATE")] {
        sql.gap();
        trigger(sql, name, event, table, |sql| {
            sql.line(format_args!(
                "DECLARE _told LONGTEXT CHARACTER SET utf8mb4 COLLATE {COLLATION};"
            ));
            for Bound { column, condition, message, .. } in checks {
                let message = literal(sql, &format!("{message}; given: \""));
                sql.line(format_args!("IF NOT ({condition}) THEN"));
                sql.indented(|sql| {
                    // More is too long for a message, in characters of several bytes as well.
                    sql.line(format_args!(
                        "SET _told = LEFT(CONCAT({message}, LEFT(NEW.{column}, 100), '\"'), {MESSAGE});"
                    ));
                    sql.line(format_args!("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = _told;"));
                });
                sql.line(format_args!("END IF;"));
            }
        });
    }
}
