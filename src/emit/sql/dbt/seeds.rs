//! Tables whose rows come with the project: CSV files and what dbt must know to load them.

use serde_json::{Map, Value, json};

use super::jinja::inert;
use crate::emit::Artifact;
use crate::emit::sql::schema::{Cell, ColumnType, Table};

/// The file of a table's rows.
pub(super) fn file(name: &str, table: &Table) -> Artifact {
    let mut out = String::new();
    let names = table.columns.iter().map(|column| field(column.name.raw()));
    out.push_str(&names.collect::<Vec<_>>().join(","));
    out.push('\n');
    for row in &table.rows {
        let cells = row.iter().map(cell);
        out.push_str(&cells.collect::<Vec<_>>().join(","));
        out.push('\n');
    }
    Artifact::text(format!("seeds/{name}.csv"), out)
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) => {
            field(&text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}"))
        }
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(number) => number.normalize().to_string(),
        Cell::Boolean(value) => value.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Instant(instant) => instant.strftime("%Y-%m-%d %H:%M:%S").to_string(),
    }
}

/// A text as CSV has it, between quotes where a reader could take it for something else.
fn field(text: &str) -> String {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '@' | ' '))
        && text.trim() == text;
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

/// What dbt must know of a seed: types, because it would guess them from the rows, which may be
/// none.
pub(super) fn properties(name: &str, table: &Table, tests: bool) -> Value {
    let mut types = Map::new();
    let mut quoted = false;
    let mut columns = Vec::new();
    for column in &table.columns {
        types.insert(column.name.raw().to_owned(), seed_type(&column.ty).into());
        quoted = quoted || column.name.to_string() != column.name.raw();
        let mut said = Map::new();
        said.insert("name".to_owned(), column.name.raw().into());
        if let Some(comment) = &column.comment {
            said.insert("description".to_owned(), inert(comment).into());
        }
        if tests && column.name.raw() == "name" {
            said.insert("data_tests".to_owned(), json!(["not_null", "unique"]));
        }
        columns.push(Value::Object(said));
    }
    json!({
        "name": name,
        "description": inert(&table.comment),
        "config": { "quote_columns": quoted, "column_types": types },
        "columns": columns,
    })
}

/// A type of a column, by the database that dbt writes to.
fn seed_type(ty: &ColumnType) -> &'static str {
    match ty {
        ColumnType::Id { .. } | ColumnType::Reference | ColumnType::Integer => {
            "{{ 'int64' if target.type == 'bigquery' else 'bigint' }}"
        }
        ColumnType::Decimal => "{{ 'numeric' if target.type == 'bigquery' else 'decimal(38, 9)' }}",
        ColumnType::Boolean => "boolean",
        ColumnType::Date => "date",
        ColumnType::Instant => "{{ 'datetime' if target.type == 'bigquery' else 'timestamp' }}",
        _ => "{{ 'string' if target.type in ['bigquery', 'databricks', 'spark'] else 'varchar' }}",
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        assert_eq!(field("a b"), "a b");
        assert_eq!(field(" a"), "\" a\"");
        assert_eq!(field("say \"hi\",\nnow"), "\"say \"\"hi\"\",\nnow\"");
    }
}
