//! What a CRM calls stages and fields, and where its exports keep records and their history.

use serde_json::{Map, Value, json};

use super::choices::Loader;
use super::dialect::JINJA;
use crate::emit::crm::{Held, Origin, context_of};
use crate::emit::sql::names::Ident;
use crate::emit::sql::records::RecordTable;
use crate::emit::sql::schema::{Cell, Column, ColumnType, Table};
use crate::emit::{Context, hubspot, salesforce};
use crate::model::{Id, Process};

/// Where both CRMs keep what the process speaks of, as their targets write it.
pub(super) struct Crms {
    salesforce: Vec<Held>,
    hubspot: Vec<Held>,
}

impl Crms {
    /// With the settings that the manifest gives those targets.
    pub(super) fn of(context: &Context<'_>) -> Self {
        Self {
            salesforce: salesforce::held(&context_of(context, "salesforce")),
            hubspot: hubspot::held(&context_of(context, "hubspot")),
        }
    }

    /// The values that stand for stages.
    pub(super) fn values(&self, process: &Process) -> Table {
        let column = |name: &str, comment: &str| {
            let mut column = Column::new(Ident::new(JINJA, name), ColumnType::Text);
            column.required = true;
            column.comment = Some(comment.to_owned());
            column
        };
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for (crm, all) in [("salesforce", &self.salesforce), ("hubspot", &self.hubspot)] {
            for held in all {
                let record = process.records[held.record].name.as_str();
                for (stage, value) in &held.stages {
                    let stage = process.stages[*stage].name.as_str();
                    rows.push(vec![crm.into(), record.into(), value.as_str().into(), stage.into()]);
                }
                for value in &held.others {
                    rows.push(vec![crm.into(), record.into(), value.as_str().into(), Cell::Null]);
                }
            }
        }
        let mut stage = column("stage", "the stage; none where a record is in none any more");
        stage.required = false;
        Table {
            name: Ident::new(JINJA, "ekiden_crm_value"),
            comment: "What a CRM stores for each stage, as Ekiden's targets write it; change it where yours stores something else".to_owned(),
            columns: vec![
                column("crm", "salesforce or hubspot"),
                column("record", "the record type"),
                column("value", "what the CRM stores"),
                stage,
            ],
            keys: Vec::new(),
            rows,
        }
    }

    /// Where an export of Salesforce holds what, for the variable that tells it.
    pub(super) fn salesforce(
        &self,
        process: &Process,
        tables: &[RecordTable<'_>],
        loader: Loader,
    ) -> Value {
        let all = self.salesforce.iter().map(|held| {
            let object = held.object.as_str();
            let mut row = json!({
                "table": loader.name(object),
                "id": loader.name("Id"),
                "deleted": loader.name("IsDeleted"),
            });
            add(&mut row, "active", loader.active().map(Value::from));
            if let Some(kind) = &held.apart {
                add(&mut row, "only", Some(json!({
                    "by": loader.name("RecordTypeId"), "table": loader.name("RecordType"),
                    "id": loader.name("Id"), "name": loader.name("DeveloperName"), "value": kind,
                })));
            }
            add(&mut row, "columns", Some(columns(held, tables, |name| loader.name(name))));
            let mut reader = match held.stages.is_empty() {
                true => json!({ "record": process.records[held.record].name }),
                false => salesforce_history(process, held, loader),
            };
            add(&mut reader, "row", Some(row));
            let continues = held.origin.as_ref().map(|origin| {
                let (table, id, from) = match origin {
                    Origin::Same => (object, "Id", "Id"),
                    Origin::Lookup(field) => (object, "Id", field.as_str()),
                    Origin::Converted { object, field } => (object.as_str(), *field, "Id"),
                };
                link(process, held, [table, id, from].map(|name| loader.name(name)))
            });
            add(&mut reader, "continues", continues.flatten());
            reader
        });
        all.collect()
    }

    /// Where an export of HubSpot holds what, for the variable that tells it.
    pub(super) fn hubspot(
        &self,
        process: &Process,
        tables: &[RecordTable<'_>],
        loader: Loader,
    ) -> Value {
        let all = self.hubspot.iter().map(|held| {
            let (table, id) = loader.hubspot_object(&held.object);
            let property = |name: &str| loader.hubspot_property(name);
            let mut row = json!({ "table": table, "id": id, "deleted": loader.hubspot_deleted() });
            add(&mut row, "active", loader.active().map(Value::from));
            add(&mut row, "columns", Some(columns(held, tables, property)));
            let mut reader = json!({ "record": process.records[held.record].name });
            if let Some(history) = loader.hubspot_history(&held.object) {
                for (key, value) in [
                    ("table", history.table),
                    ("id", history.id),
                    ("field", history.field),
                    ("property", held.stage),
                    ("value", "value"),
                    ("at", history.at),
                ] {
                    add(&mut reader, key, Some(value.into()).filter(|_| !held.stages.is_empty()));
                }
            } else if !held.stages.is_empty() {
                add(&mut reader, "table", Some(table.as_str().into()));
                add(&mut reader, "id", Some(id.as_str().into()));
                add(&mut reader, "entered", Some(property("hs_v2_date_entered_").into()));
                let stages = held.stages.iter().map(|(_, value)| value.as_str());
                add(&mut reader, "stages", Some(stages.collect()));
            }
            add(&mut reader, "row", Some(row));
            let continues = match held.origin {
                Some(Origin::Same) => link(process, held, [table, id.clone(), id]),
                _ => self.associated(process, held, loader),
            };
            add(&mut reader, "continues", continues);
            reader
        });
        all.collect()
    }

    /// Where a tool may land the associations of a record of HubSpot with the one that it continues. What is
    /// there depends on the objects and on the version of the tool: the first of them that exists is read.
    fn associated(&self, process: &Process, held: &Held, loader: Loader) -> Option<Value> {
        let from = process.records[held.record].from?;
        let earlier = self.hubspot.iter().find(|earlier| earlier.record == from)?;
        let places = loader.hubspot_associations(&held.object, &earlier.object).map(|place| {
            let mut told = json!({ "table": place.table, "id": place.id, "from": place.from });
            add(&mut told, "list", place.list.map(Value::from));
            told
        });
        Some(json!({ "record": process.records[from].name, "places": Vec::from(places) }))
    }
}

/// The history that Salesforce keeps: of opportunities by itself, of others once the tracking of the
/// field is on.
fn salesforce_history(process: &Process, held: &Held, loader: Loader) -> Value {
    let record = &process.records[held.record].name;
    let object = held.object.as_str();
    let name = |name: &str| loader.name(name);
    if object == "Opportunity" {
        return json!({
            "record": record, "table": name("OpportunityHistory"), "id": name("OpportunityId"),
            "value": name("StageName"), "at": name("CreatedDate"),
        });
    }
    let (table, id) = match object.strip_suffix("__c") {
        Some(base) => (format!("{base}__History"), "ParentId".to_owned()),
        None => (format!("{object}History"), format!("{object}Id")),
    };
    json!({
        "record": record, "table": name(&table), "id": name(&id),
        "field": name("Field"), "property": held.stage,
        "old": name("OldValue"), "value": name("NewValue"), "at": name("CreatedDate"),
        "began": {
            "table": name(object), "id": name("Id"), "value": name(held.stage),
            "at": name("CreatedDate"),
        },
    })
}

/// From the columns of a record's table to those of the export.
fn columns(held: &Held, tables: &[RecordTable<'_>], name: impl Fn(&str) -> String) -> Value {
    let mut columns = Map::new();
    let Some(table) = tables.get(held.record.index()) else { return columns.into() };
    for column in &table.fields {
        if let Some((_, field)) = held.fields.iter().find(|(id, _)| *id == column.field) {
            columns.insert(column.name.raw().to_owned(), name(field).into());
        }
    }
    for (confirmation, column) in &table.confirmations {
        if let Some((_, field)) = held.confirmations.iter().find(|(id, _)| id == confirmation) {
            columns.insert(column.raw().to_owned(), name(field).into());
        }
    }
    columns.into()
}

/// Where a record is told to continue another.
fn link(process: &Process, held: &Held, [table, id, from]: [String; 3]) -> Option<Value> {
    let earlier = &process.records[process.records[held.record].from?].name;
    Some(json!({ "record": earlier, "table": table, "id": id, "from": from }))
}

fn add(to: &mut Value, key: &str, value: Option<Value>) {
    if let (Some(map), Some(value)) = (to.as_object_mut(), value) {
        map.insert(key.to_owned(), value);
    }
}
