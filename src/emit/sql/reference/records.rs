//! Record types, fields, options, confirmations: a dictionary of the tables that hold records.

use super::{Builder, boolean, columns, ordinal, ordinals, owner, row, text};
use crate::emit::sql::records::RecordTable;
use crate::model::{FieldType, Id};

impl Builder<'_> {
    pub(super) fn records(&mut self, tables: &[RecordTable<'_>]) {
        self.record_types(tables);
        self.fields(tables);
        self.options();
        self.confirmations(tables);
    }

    fn record_types(&mut self, tables: &[RecordTable<'_>]) {
        let process = self.process;
        let specs = columns![
            text("name").required(),
            text("title").required(),
            text("continues").refers("record").about("the record type it continues"),
            text("about"),
            text("table_name").required(),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(tables.len());
        for (ordinal, table) in ordinals().zip(tables) {
            let record = &process.records[table.record];
            rows.push(row![
                record.name.as_str(),
                self.say("record", &record.name, "title", &record.title),
                record.from.map(|from| process.records[from].name.as_str()),
                self.say_maybe("record", &record.name, "about", record.about.as_ref()),
                table.name.raw(),
                ordinal,
            ]);
        }
        self.table("record", "Record types", specs, &["name"], rows);
    }

    fn fields(&mut self, tables: &[RecordTable<'_>]) {
        let process = self.process;
        let specs = columns![
            text("record").required().refers("record"),
            text("name").required(),
            text("title").required(),
            text("type").required().about("as the language calls it"),
            boolean("is_required"),
            boolean("is_unique"),
            text("at_least"),
            text("at_most"),
            text("help"),
            text("table_name").required(),
            text("column_name").required(),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(process.fields.len());
        for table in tables {
            let record = table.title;
            for (ordinal, column) in ordinals().zip(&table.fields) {
                let field = &process.fields[column.field];
                let key = format!("{record}.{}", field.name);
                rows.push(row![
                    record,
                    field.name.as_str(),
                    self.say("field", &key, "title", &field.title),
                    type_word(&field.ty),
                    field.required,
                    field.unique,
                    field.at_least.as_ref().map(|value| process.value_source(value)),
                    field.at_most.as_ref().map(|value| process.value_source(value)),
                    self.say_maybe("field", &key, "help", field.help.as_ref()),
                    column.many.as_ref().map_or(&table.name, |many| &many.table).raw(),
                    column.name.raw(),
                    ordinal,
                ]);
            }
        }
        self.table("field", "Fields, and where they are kept", specs, &["record", "name"], rows);
    }

    fn options(&mut self) {
        let process = self.process;
        let specs = columns![
            text("record").required(),
            text("field").required(),
            text("name").required().about("the stored value"),
            text("title").required(),
            ordinal(),
        ];
        let mut rows = Vec::new();
        for field in process.fields.values() {
            let record = process.records[field.record].name.as_str();
            for (ordinal, option) in ordinals().zip(field.ty.options()) {
                let key = format!("{record}.{}.{}", field.name, option.name);
                rows.push(row![
                    record,
                    field.name.as_str(),
                    option.name.as_str(),
                    self.say("option", &key, "title", &option.title),
                    ordinal,
                ]);
            }
        }
        let key = &["record", "field", "name"];
        self.table("option", "Options of enumerations", specs, key, rows);
        self.refers_to_field("record", "field");
    }

    fn confirmations(&mut self, tables: &[RecordTable<'_>]) {
        let process = self.process;
        let specs = columns![
            text("record").required().refers("record"),
            text("name").required(),
            text("question").required().about("what is confirmed"),
            owner("by"),
            text("column_name").required(),
            ordinal(),
        ];
        let mut rows = Vec::with_capacity(process.confirmations.len());
        for table in tables {
            for (id, column) in &table.confirmations {
                let confirmation = &process.confirmations[*id];
                let key = format!("{}.{}", table.title, confirmation.key);
                rows.push(row![
                    table.title,
                    confirmation.key.as_str(),
                    self.say("confirmation", &key, "question", &confirmation.text),
                    self.owner(confirmation.by),
                    column.raw(),
                    id.index() + 1,
                ]);
            }
        }
        let key = &["record", "name"];
        self.table("confirmation", "What a person confirms on a record", specs, key, rows);
    }
}

/// The word in source.
fn type_word(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Text => "text",
        FieldType::Number => "number",
        FieldType::Integer => "integer",
        FieldType::Money => "money",
        FieldType::Percent => "percent",
        FieldType::Boolean => "boolean",
        FieldType::Date => "date",
        FieldType::DateTime => "datetime",
        FieldType::User => "user",
        FieldType::OneOf(_) => "one of",
        FieldType::ManyOf(_) => "many of",
    }
}
