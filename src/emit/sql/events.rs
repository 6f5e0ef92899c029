//! What happened to records: the table of events, and for each record type a view of those that
//! count for it.

use super::names::{Ident, Scope};
use super::records::RecordTable;
use super::reference;
use super::schema::{Check, Column, ColumnType, Table};
use super::writer::Sql;

/// The table, its index, and the views.
pub(super) fn write(
    sql: &mut Sql<'_>,
    prefix: &str,
    event: &Ident,
    records: &[RecordTable<'_>],
    relations: &mut Scope,
) {
    let table = table(sql, prefix, event, relations);
    sql.table(&table);
    let ident = |raw: &str| Ident::new(sql.dialect, raw);
    let [record, record_id, name, at] = ["record", "record_id", "name", "occurred_at"].map(ident);
    let index = relations.claim(sql.dialect, &format!("{}_record_idx", event.raw()));
    sql.index(&index, event, &[&record, &record_id, &name, &at]);
    for table in records {
        sql.gap();
        let of = one_of(table);
        sql.comment(&format!("What happened to each {}{of}.", table.title));
        let title = sql.dialect.text(table.title);
        let mut query = format!(
            "SELECT e.record_id, e.name, e.occurred_at\nFROM {event} AS e WHERE e.record = {title}"
        );
        for (earlier, link) in &table.links {
            let Some(earlier) = records.get(crate::model::Id::index(*earlier)) else { continue };
            let title = sql.dialect.text(earlier.title);
            query.push_str(&format!(
                "\nUNION ALL\nSELECT r.{}, e.name, e.occurred_at\n\
                 FROM {event} AS e JOIN {} AS r ON r.{link} = e.record_id\nWHERE e.record = {title}",
                table.id, table.name
            ));
        }
        sql.create_view(&table.events, &query);
    }
}

fn one_of(table: &RecordTable<'_>) -> &'static str {
    if table.links.is_empty() { "" } else { ", and to what it continues" }
}

fn table(sql: &Sql<'_>, prefix: &str, event: &Ident, relations: &mut Scope) -> Table {
    let dialect = sql.dialect;
    let ident = |raw: &str| Ident::new(dialect, raw);
    let implied = |relations: &mut Scope, ending: &str| {
        let usual = format!("{}_{ending}", event.raw());
        let given = relations.claim(dialect, &usual);
        (given.raw() != usual).then_some(given)
    };
    let sequence = implied(relations, "id_seq");
    let key = implied(relations, "pkey");
    let required = |name: &str, ty| {
        let mut column = Column::new(ident(name), ty);
        column.required = true;
        column
    };
    let mut record = required("record", ColumnType::NAME);
    record.references = Some((reference::name(dialect, prefix, "record"), ident("name")));
    let mut record_id = required("record_id", ColumnType::Reference);
    record_id.comment = Some("The id in the table of the record type".to_owned());
    let mut name = required("name", ColumnType::NAME);
    name.comment = Some("As the process calls it: `webinar_attended`".to_owned());
    let mut at = required("occurred_at", ColumnType::Instant);
    if let Some(condition) = dialect.type_check(&at.ty, &at.name) {
        let name = ident(&format!("{prefix}event_occurred_at_type"));
        at.checks.push(Check { name, condition, told: None });
    }
    let id = Column::new(ident("id"), ColumnType::Id { sequence, key });
    Table {
        name: event.clone(),
        comment: "What happened to records: visits, replies, meetings".to_owned(),
        columns: vec![id, record, record_id, name, at],
        keys: Vec::new(),
        rows: Vec::new(),
    }
}
