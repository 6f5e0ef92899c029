//! Values that are called otherwise now.

use crate::emit::sql::names::Ident;
use crate::emit::sql::writer::{Sql, texts};

use super::carried::Renamed;

/// Writes the new names into the rows of a table, all of a column at once: two that change places
/// must not become one.
pub(super) fn rename(
    sql: &mut Sql<'_>,
    table: &str,
    values: &[Renamed],
    column: impl Fn(&Renamed) -> &Ident,
) {
    let dialect = sql.dialect;
    for renamed in values {
        let column = column(renamed);
        sql.line(format_args!("UPDATE {table} SET {column} = CASE {column}"));
        sql.indented(|sql| {
            for (was, now) in &renamed.names {
                sql.line(format_args!("WHEN {} THEN {}", dialect.text(was), dialect.text(now)));
            }
        });
        let old = texts(dialect, renamed.names.iter().map(|(was, _)| was.as_str()));
        sql.line(format_args!("END WHERE {column} IN ({old});"));
    }
}
