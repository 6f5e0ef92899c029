//! Values: a function and a trigger for each table that does not take them all. The function is
//! called for a row only that will be refused.

use super::guards::function;
use crate::emit::sql::bounds::{Bound, Bounds};
use crate::emit::sql::writer::Sql;

pub(super) fn write(sql: &mut Sql<'_>, bounds: &Bounds) {
    let Bounds { table, insert: name, checks, .. } = bounds;
    function(sql, name, |sql| {
        sql.line(format_args!("BEGIN"));
        sql.indented(|sql| {
            for Bound { column, constraint, condition, message } in checks {
                let named = sql.dialect.text(column.raw());
                let (message, kind) = match constraint {
                    Some(constraint) => (
                        format!(
                            "{} || left(NEW.{column}::text, 100) || '\"'",
                            sql.dialect.text(&format!("{message}; given: \""))
                        ),
                        format!(
                            "ERRCODE = 'check_violation', CONSTRAINT = {}",
                            sql.dialect.text(constraint.raw())
                        ),
                    ),
                    None => {
                        (sql.dialect.text(message), "ERRCODE = 'not_null_violation'".to_owned())
                    }
                };
                sql.line(format_args!("IF NOT ({condition}) THEN"));
                sql.indented(|sql| {
                    sql.line(format_args!("RAISE EXCEPTION USING"));
                    sql.line(format_args!("    MESSAGE = {message},"));
                    sql.line(format_args!("    SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,"));
                    sql.line(format_args!("    COLUMN = {named}, {kind};"));
                });
                sql.line(format_args!("END IF;"));
            }
            sql.line(format_args!("RETURN NEW;"));
        });
        sql.line(format_args!("END"));
    });
    sql.line(format_args!("CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table}"));
    sql.line(format_args!("    FOR EACH ROW WHEN (NOT ("));
    for (at, bound) in checks.iter().enumerate() {
        let and = if at == 0 { "" } else { "AND " };
        sql.line(format_args!("        {and}{}", bound.condition));
    }
    sql.line(format_args!("    )) EXECUTE FUNCTION {name}();"));
}
