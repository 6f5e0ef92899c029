//! What a CRM calls stages, and where its exports keep their history.

use serde_json::{Value, json};

use super::dialect::JINJA;
use crate::emit::crm::one_line;
use crate::emit::hubspot::slug;
use crate::emit::sql::names::Ident;
use crate::emit::sql::schema::{Cell, Column, ColumnType, Table};
use crate::model::{Process, Record, RecordId, Stage, Text};

/// The values that stand for stages: those that the targets `salesforce` and `hubspot` write.
pub(super) fn values(process: &Process) -> Table {
    let column = |name: &str, comment: &str| {
        let mut column = Column::new(Ident::new(JINJA, name), ColumnType::Text);
        column.required = true;
        column.comment = Some(comment.to_owned());
        column
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for stage in process.stages.values() {
        let record = &process.records[stage.record];
        let title = match object(record) {
            Some(_) => label(stage),
            // Custom objects store the name and show the title.
            None => stage.name.clone(),
        };
        for (crm, value) in [("salesforce", title), ("hubspot", hubspot_id(process, stage))] {
            rows.push(vec![
                crm.into(),
                record.name.as_str().into(),
                value.into(),
                stage.name.as_str().into(),
            ]);
        }
    }
    Table {
        name: Ident::new(JINJA, "ekiden_crm_value"),
        comment: "What a CRM stores for each stage, as Ekiden's targets write it; change it where yours stores something else".to_owned(),
        columns: vec![
            column("crm", "salesforce or hubspot"),
            column("record", "the record type"),
            column("value", "what the CRM stores"),
            column("stage", "the stage"),
        ],
        keys: Vec::new(),
        rows,
    }
}

/// Where the history of Salesforce lies, as exports name it.
pub(super) fn salesforce(process: &Process) -> Value {
    let mut readers = Vec::new();
    for (_, record) in moving(process) {
        readers.push(match object(record) {
            Some("lead") => json!({
                "record": record.name, "table": "lead_history", "id": "lead_id",
                "field": "field", "property": "Status",
                "old": "old_value", "value": "new_value", "at": "created_date",
                "began": { "table": "lead", "id": "id", "value": "status", "at": "created_date" },
            }),
            Some(_) => json!({
                "record": record.name, "table": "opportunity_field_history", "id": "opportunity_id",
                "field": "field", "property": "StageName",
                "old": "old_value", "value": "new_value", "at": "created_date",
                "began": { "table": "opportunity", "id": "id", "value": "stage_name", "at": "created_date" },
            }),
            None => continue,
        });
    }
    readers.into()
}

/// Where the history of HubSpot lies, as exports name it.
pub(super) fn hubspot(process: &Process) -> Value {
    let mut readers = Vec::new();
    for (id, record) in moving(process) {
        let Some(object) = object(record) else { continue };
        let name = if object == "lead" { "lead" } else { "deal" };
        let stages: Vec<String> = process
            .stages_of(id)
            .map(|stage| hubspot_id(process, &process.stages[stage]))
            .collect();
        readers.push(json!({
            "record": record.name, "table": name, "id": format!("{name}_id"),
            "entered": "hs_v2_date_entered_", "stages": stages,
        }));
    }
    readers.into()
}

/// The record types that are in stages.
fn moving(process: &Process) -> impl Iterator<Item = (RecordId, &Record)> {
    process.records.iter().filter(move |(id, _)| process.stages_of(*id).next().is_some())
}

/// The standard object that both CRMs have for a record type of this name.
fn object(record: &Record) -> Option<&'static str> {
    match record.name.as_str() {
        "lead" => Some("lead"),
        "deal" | "opportunity" => Some("opportunity"),
        _ => None,
    }
}

fn label(stage: &Stage) -> String {
    match one_line(&stage.title.value) {
        label if label.is_empty() => Text::from_name(&stage.name, stage.span).value,
        label => label,
    }
}

fn hubspot_id(process: &Process, stage: &Stage) -> String {
    format!("{}_{}", slug(&process.name), stage.name)
}
