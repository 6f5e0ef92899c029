//! Staging: one model for each operational table, in front of an example or of tables of yours.

use serde_json::{Map, Value, json};

use super::dialect::{JINJA, staged};
use super::exported::{self, Told};
use super::jinja::{MODEL, inert, model_name, reference, template};
use crate::emit::Artifact;
use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::{Column, ColumnType, Table};

/// An operational table, with what its staging model is to check.
pub(super) struct Staged {
    pub(super) table: Table,
    /// The column that no two rows share.
    pub(super) key: Option<String>,
    /// Columns that hold one of these values.
    pub(super) known: Vec<(String, Vec<String>)>,
    /// The team whose it is.
    pub(super) group: Option<String>,
    /// What the export of a CRM tells of it.
    pub(super) told: Told,
}

impl Staged {
    fn name(&self) -> String {
        format!("stg_{}", self.table.name.raw())
    }

    /// The model.
    pub(super) fn model(&self) -> Artifact {
        let raw = self.table.name.raw();
        let select =
            self.columns(|column| staged(&format!("r.{}", column.name), &self.staged_type(column)));
        let select = template(&select);
        let crm = exported::model(self);
        let sql = format!(
            "{{% if ekiden_reads_crm() -%}}\n{crm}\n{{%- else -%}}\nSELECT\n{select}\nFROM {{{{ ekiden_input(\"{raw}\") }}}} AS r\n{{%- endif %}}\n"
        );
        Artifact::text(format!("models/staging/{}.sql", self.name()), sql)
    }

    /// A value for each column.
    pub(super) fn columns(&self, value: impl Fn(&Column) -> String) -> String {
        let columns = self.table.columns.iter();
        let each = columns.map(|column| format!("    {} AS {}", value(column), column.name));
        each.collect::<Vec<_>>().join(",\n")
    }

    /// Ids of records are texts, as those of a CRM; moves are numbered in order.
    pub(super) fn staged_type(&self, column: &Column) -> ColumnType {
        let table = self.table.name.raw();
        let counts = matches!(
            (table, column.name.raw()),
            ("ekiden_stage_history", "id") | ("ekiden_handoff_answer", "move")
        );
        if counts { ColumnType::Integer } else { column.ty.clone() }
    }

    /// What dbt is told of the model.
    pub(super) fn properties(&self) -> Value {
        let mut said = Map::new();
        said.insert("name".to_owned(), self.name().into());
        said.insert("description".to_owned(), inert(&self.table.comment).into());
        if let Some(group) = &self.group {
            said.insert("config".to_owned(), json!({ "group": group }));
        }
        let columns: Vec<Value> =
            self.table.columns.iter().map(|column| self.column(column)).collect();
        said.insert("columns".to_owned(), columns.into());
        Value::Object(said)
    }

    fn column(&self, column: &Column) -> Value {
        let name = column.name.raw();
        let mut said = description(column);
        if column.name.to_string() != name {
            said.insert("quote".to_owned(), true.into());
        }
        let mut tests: Vec<Value> = Vec::new();
        let is_key = self.key.as_deref() == Some(name);
        let is_told = self.told.always(column);
        if is_key || is_told {
            tests.push("not_null".into());
        } else if column.required {
            let enabled = "{{ var('ekiden_source') in ['example', 'tables'] }}";
            tests.push(json!({ "not_null": { "config": { "enabled": enabled } } }));
        }
        if is_key {
            tests.push("unique".into());
        }
        if let Some((_, values)) = self.known.iter().find(|(of, _)| of == name) {
            tests.push(json!({ "accepted_values": {
                "arguments": { "values": values },
                "config": { "severity": severity() },
            } }));
        }
        if let Some((table, field)) = &column.references
            && self.known.iter().all(|(of, _)| of != name)
        {
            let to = reference(&referred(table));
            let arguments = json!({ "to": to, "field": field.raw() });
            tests.push(json!({ "relationships": {
                "arguments": arguments,
                "config": { "severity": severity() },
            } }));
        }
        if !tests.is_empty() {
            said.insert("data_tests".to_owned(), tests.into());
        }
        Value::Object(said)
    }

    /// What dbt is told of the table itself.
    pub(super) fn source(&self) -> Value {
        let columns: Vec<Value> =
            self.table.columns.iter().map(|column| Value::Object(description(column))).collect();
        json!({
            "name": self.table.name.raw(),
            "description": inert(&self.table.comment),
            "columns": columns,
        })
    }
}

/// A CRM holds what people type and what other systems leave behind: there it is told, and stops
/// nothing.
fn severity() -> &'static str {
    "{{ 'error' if var('ekiden_source') in ['example', 'tables'] else 'warn' }}"
}

fn description(column: &Column) -> Map<String, Value> {
    let mut said = Map::new();
    said.insert("name".to_owned(), column.name.raw().into());
    if let Some(comment) = &column.comment {
        said.insert("description".to_owned(), inert(comment).into());
    }
    said
}

/// The model in front of a table that another refers to.
fn referred(table: &Ident) -> String {
    match table.raw().strip_prefix(MODEL) {
        Some(_) => model_name(table.raw()),
        None if table.raw().starts_with("ekiden_") => model_name(table.raw()),
        None => format!("stg_{}", table.raw()),
    }
}

/// The table of events.
pub(super) fn events() -> Table {
    let column = |name: &str, ty, comment: &str| {
        let mut column = Column::new(Ident::new(JINJA, name), ty);
        column.required = true;
        column.comment = Some(comment.to_owned());
        column
    };
    let id = ColumnType::Id { sequence: None, key: None };
    Table {
        name: Ident::new(JINJA, "ekiden_event"),
        comment: "What happened to records: visits, replies, meetings".to_owned(),
        columns: vec![
            column("id", id, "A number that no two events share"),
            column("record", ColumnType::Text, "The record type"),
            column("record_id", ColumnType::Reference, "The id in the table of the record type"),
            column("name", ColumnType::Text, "As the process calls it: `webinar_attended`"),
            column("occurred_at", ColumnType::Instant, "When, in UTC"),
        ],
        keys: Vec::new(),
        rows: Vec::new(),
    }
}
