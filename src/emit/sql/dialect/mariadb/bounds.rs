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
            for Bound { column, constraint, condition, message } in checks {
                // More is too long for a message, in characters of several bytes as well.
                let told = match constraint {
                    Some(_) => format!(
                        "CONCAT({}, LEFT(NEW.{column}, 100), '\"')",
                        literal(sql, &format!("{message}; given: \""))
                    ),
                    None => literal(sql, message),
                };
                sql.line(format_args!("IF NOT ({condition}) THEN"));
                sql.indented(|sql| {
                    sql.line(format_args!("SET _told = LEFT({told}, {MESSAGE});"));
                    sql.line(format_args!("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = _told;"));
                });
                sql.line(format_args!("END IF;"));
            }
        });
    }
}
