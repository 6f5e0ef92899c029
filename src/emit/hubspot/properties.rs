//! Properties: what HubSpot keeps of a record.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{NAME_NOT_PORTABLE, TARGET_LOSS, labels, one_line};
use crate::model::{ConfirmationId, EnumOption, Field, FieldId, FieldType, Process, RecordId};

use super::choices::{Choices, is_property};
use super::object;

/// The properties of one object.
#[derive(Debug, Default)]
pub(super) struct Properties {
    /// In the order of the process.
    pub(super) all: Vec<Property>,
    by_name: FxHashMap<String, usize>,
    by_label: FxHashMap<String, usize>,
}

/// A property.
#[derive(Debug)]
pub(super) struct Property {
    /// The internal name.
    pub(super) name: String,
    /// What it holds.
    pub(super) source: Source,
    /// The fields of other record types that it holds as well.
    pub(super) shared: Vec<FieldId>,
    /// The body of the request that creates it; none for a property that is there already.
    pub(super) body: Option<Value>,
}

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A field of the process.
    Field(FieldId),
    /// What a person confirms.
    Confirmation(ConfirmationId),
}

/// What is common to all properties of an object.
pub(super) struct PropertyWriter<'a, 'f> {
    pub(super) process: &'a Process,
    pub(super) choices: &'a Choices,
    pub(super) object: &'a str,
    pub(super) group: &'a str,
    pub(super) findings: &'f mut Vec<Diagnostic>,
}

impl PropertyWriter<'_, '_> {
    /// Adds the field as the record type sees it.
    pub(super) fn field(&mut self, properties: &mut Properties, record: RecordId, id: FieldId) {
        let field = &self.process.fields[id];
        if let Some(chosen) = self.choices.properties.get(&(record, id)) {
            properties.there_already(chosen, id);
            return;
        }
        match shipped(self.object, &field.name) {
            Some(Shipped { name, holds: Some(holds) }) if holds(&field.ty) => {
                if matches!(field.ty, FieldType::OneOf(_)) {
                    self.options_lost(field, name);
                }
                properties.there_already(name, id);
                return;
            }
            Some(shipped) if shipped.name == field.name => {
                self.taken(record, field, shipped.name);
                return;
            }
            _ if field.name.starts_with("hs_") || !is_property(&field.name) => {
                self.unfit(record, field);
                return;
            }
            _ => {}
        }
        if let Some(other) = properties.named(&field.name) {
            // Two record types of one object may share a property, if it means the same in both.
            let same = match other.source {
                Source::Field(other) => other == id || self.process.fields[other].ty == field.ty,
                Source::Confirmation(_) => false,
            };
            if !same {
                self.twice(&field.name, field, other.source);
            } else if other.source != Source::Field(id) && !other.shared.contains(&id) {
                properties.share(&field.name, id);
            }
            return;
        }
        let label = properties.label(&one_line(&field.title.value), &field.name);
        let body = self.body(field, &label);
        properties.push(Property::new(&field.name, Source::Field(id), Some(body)));
    }

    /// Adds a field for a score of this object, if it is not there. The record type stands in front:
    /// HubSpot has many properties of its own on contacts and companies.
    pub(super) fn scored(&mut self, properties: &mut Properties, id: FieldId) {
        let field = &self.process.fields[id];
        let home = &self.process.records[field.record];
        if let Some(chosen) = self.choices.scored.get(&id) {
            match properties.named(chosen) {
                // One that is made for another field.
                Some(other) if other.body.is_some() && other.source != Source::Field(id) => {
                    self.twice(chosen, field, other.source);
                }
                _ => properties.there_already(chosen, id),
            }
            return;
        }
        if properties.holding(id).is_some() {
            return;
        }
        let name = format!("{}_{}", home.name, field.name);
        if name.starts_with("hs_") || !is_property(&name) {
            self.unfit_scored(field, &name);
            return;
        }
        if let Some(other) = properties.named(&name) {
            self.twice(&name, field, other.source);
            return;
        }
        let title = format!("{} ({})", one_line(&field.title.value), one_line(&home.title.value));
        let label = properties.label(&title, &name);
        let mut body = self.body(field, &label);
        if let Value::Object(body) = &mut body {
            body.insert("name".to_owned(), json!(name));
            // Two records may belong to one contact.
            body.shift_remove("hasUniqueValue");
        }
        properties.push(Property::new(&name, Source::Field(id), Some(body)));
    }

    /// Adds a confirmation: a box to tick.
    pub(super) fn confirmation(&mut self, properties: &mut Properties, id: ConfirmationId) {
        let confirmation = &self.process.confirmations[id];
        let name = match is_property(&confirmation.key) {
            true => confirmation.key.clone(),
            false => confirmation
                .key
                .chars()
                .take(90)
                .chain(format!("_{}", properties.all.len()).chars())
                .collect(),
        };
        if let Some(other) = properties.named(&name) {
            if let Source::Field(other) = other.source {
                let field = &self.process.fields[other];
                let message = format!(
                    "field `{}` and a confirmation would be one property in HubSpot",
                    field.name
                );
                let finding = Diagnostic::new(NAME_NOT_PORTABLE, field.span, message);
                self.findings.push(
                    finding.label(confirmation.span, "the confirmation").help("rename the field"),
                );
            }
            return;
        }
        let label = properties.label(&one_line(&confirmation.text.value), &name);
        let by = match confirmation.by {
            Some(owner) => {
                format!("Confirmed by {}.", one_line(&self.process.owner_name(owner).1.value))
            }
            None => "Confirmed by the owner of the stage.".to_owned(),
        };
        let body = json!({
            "name": name,
            "label": label,
            "groupName": self.group,
            "type": "bool",
            "fieldType": "booleancheckbox",
            "description": by,
            "options": yes_and_no(),
        });
        properties.push(Property::new(&name, Source::Confirmation(id), Some(body)));
    }

    fn body(&mut self, field: &Field, label: &str) -> Value {
        let (kind, form) = match &field.ty {
            FieldType::Text | FieldType::User => ("string", "text"),
            FieldType::Number | FieldType::Integer | FieldType::Money | FieldType::Percent => {
                ("number", "number")
            }
            FieldType::Boolean => ("bool", "booleancheckbox"),
            FieldType::Date => ("date", "date"),
            FieldType::DateTime => ("datetime", "date"),
            FieldType::OneOf(options) if options.is_empty() => ("string", "text"),
            FieldType::ManyOf(options) if options.is_empty() => ("string", "text"),
            FieldType::OneOf(_) => ("enumeration", "select"),
            FieldType::ManyOf(_) => ("enumeration", "checkbox"),
        };
        let options = match &field.ty {
            FieldType::Boolean => Some(yes_and_no()),
            FieldType::OneOf(options) | FieldType::ManyOf(options) if !options.is_empty() => {
                Some(self.options(field, options))
            }
            _ => None,
        };
        let unique = field.unique && is_keyed(&field.ty);
        let money = field.ty == FieldType::Money;
        object([
            ("name", Some(json!(field.name))),
            ("label", Some(json!(label))),
            ("groupName", Some(json!(self.group))),
            ("type", Some(json!(kind))),
            ("fieldType", Some(json!(form))),
            ("description", description(field).map(|text| json!(text))),
            ("hasUniqueValue", unique.then(|| json!(true))),
            ("showCurrencySymbol", money.then(|| json!(true))),
            ("options", options),
        ])
    }

    fn options(&mut self, field: &Field, options: &[EnumOption]) -> Value {
        let labels = labels("HubSpot", field, options, self.findings);
        let one = |(order, (label, option)): (usize, (String, &EnumOption))| {
            json!({
                "label": label,
                "value": option.name,
                "displayOrder": order,
                "hidden": false,
            })
        };
        labels.into_iter().enumerate().map(one).collect()
    }

    fn options_lost(&mut self, field: &Field, shipped: &str) {
        let message = format!(
            "the options of field `{}` are lost: HubSpot keeps `{shipped}` as free text",
            field.name
        );
        self.findings.push(
            Diagnostic::new(TARGET_LOSS, field.span, message)
                .level(Level::Note)
                .help("give the field another name to keep its options"),
        );
    }

    fn taken(&mut self, record: RecordId, field: &Field, shipped: &str) {
        let message = format!("HubSpot has a property `{shipped}` of its own on {}", self.object);
        let record = &self.process.records[record].name;
        self.findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, field.span, message)
                .reason(format!("field `{}` would be it, but is of another type", field.name))
                .help(format!(
                    "rename the field, or set `fields: {{{record}.{}: {shipped}}}` in the manifest if it is the same thing",
                    field.name
                )),
        );
    }

    fn unfit(&mut self, record: RecordId, field: &Field) {
        let message = format!("field `{}` cannot be a property of HubSpot", field.name);
        let record = &self.process.records[record].name;
        self.findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, field.span, message)
                .reason("names have at most 100 characters, and those with `hs_` are HubSpot's own")
                .help(format!(
                    "rename the field, or set `fields: {{{record}.{}: property}}` in the manifest",
                    field.name
                )),
        );
    }

    fn unfit_scored(&mut self, field: &Field, name: &str) {
        let message = format!("`{name}` cannot be a property of HubSpot");
        let record = &self.process.records[field.record].name;
        self.findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, field.span, message)
                .reason("names have at most 100 characters, and those with `hs_` are HubSpot's own")
                .help(format!(
                    "rename the field, or set `score_fields: {{{record}.{}: property}}` in the manifest",
                    field.name
                )),
        );
    }

    fn twice(&mut self, name: &str, field: &Field, other: Source) {
        let message = format!("two fields would be the property `{name}` of {}", self.object);
        let mut finding = Diagnostic::new(NAME_NOT_PORTABLE, field.span, message);
        if let Source::Field(other) = other {
            finding = finding.label(self.process.fields[other].span, "the other one");
        }
        self.findings.push(finding.help("give one of them another name, or both the same type"));
    }
}

impl Property {
    fn new(name: &str, source: Source, body: Option<Value>) -> Self {
        Self { name: name.to_owned(), source, shared: Vec::new(), body }
    }
}

impl Properties {
    /// The property that holds a field.
    pub(super) fn holding(&self, id: FieldId) -> Option<&Property> {
        let held = |property: &&Property| {
            property.source == Source::Field(id) || property.shared.contains(&id)
        };
        self.all.iter().find(held)
    }

    /// A property that HubSpot has already holds the field. It may hold those of several record types.
    fn there_already(&mut self, name: &str, id: FieldId) {
        let at = self.by_name.get(name).copied();
        match at.and_then(|at| self.all.get_mut(at)).filter(|property| property.body.is_none()) {
            Some(known) if known.source == Source::Field(id) || known.shared.contains(&id) => {}
            Some(known) => known.shared.push(id),
            None => self.push(Property::new(name, Source::Field(id), None)),
        }
    }

    /// Another field is held by the property of this name.
    fn share(&mut self, name: &str, field: FieldId) {
        let at = self.by_name.get(name).copied();
        if let Some(property) = at.and_then(|at| self.all.get_mut(at)) {
            property.shared.push(field);
        }
    }

    fn named(&self, name: &str) -> Option<&Property> {
        self.by_name.get(name).and_then(|at| self.all.get(*at))
    }

    fn push(&mut self, property: Property) {
        let at = self.all.len();
        self.by_name.entry(property.name.clone()).or_insert(at);
        self.all.push(property);
    }

    /// A label that no other property of the object has: HubSpot tells people apart by nothing else.
    fn label(&mut self, title: &str, name: &str) -> String {
        let mut label = if title.is_empty() { name.to_owned() } else { title.to_owned() };
        if self.by_label.contains_key(&label.to_lowercase()) {
            label = format!("{label} ({name})");
        }
        self.by_label.insert(label.to_lowercase(), self.all.len());
        label
    }
}

fn description(field: &Field) -> Option<String> {
    let unit = match field.ty {
        FieldType::Percent => Some("In percent: 60 means 60%."),
        FieldType::User => Some("The name or e-mail address of a colleague."),
        _ => None,
    };
    let help = field.help.as_ref().map(|text| one_line(&text.value));
    match (help, unit) {
        (Some(help), Some(unit)) => Some(format!("{help} {unit}")),
        (help, unit) => help.or(unit.map(str::to_owned)),
    }
}

fn yes_and_no() -> Value {
    json!([
        { "label": "Yes", "value": "true", "displayOrder": 0, "hidden": false },
        { "label": "No", "value": "false", "displayOrder": 1, "hidden": false },
    ])
}

/// Whether HubSpot can keep values of this type unique.
pub(super) fn is_keyed(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Text | FieldType::Number | FieldType::Integer)
}

/// A property that HubSpot ships, and which fields of that name it can hold.
struct Shipped {
    name: &'static str,
    holds: Option<fn(&FieldType) -> bool>,
}

fn shipped(object: &str, field: &str) -> Option<Shipped> {
    let text: fn(&FieldType) -> bool = |ty| matches!(ty, FieldType::Text);
    let words: fn(&FieldType) -> bool = |ty| matches!(ty, FieldType::Text | FieldType::OneOf(_));
    let money: fn(&FieldType) -> bool = |ty| matches!(ty, FieldType::Money);
    let date: fn(&FieldType) -> bool = |ty| matches!(ty, FieldType::Date | FieldType::DateTime);
    let (name, holds) = match (object, field) {
        ("deals", "amount") => ("amount", Some(money)),
        ("deals", "close_date" | "close_on" | "closedate") => ("closedate", Some(date)),
        ("deals", "description") => ("description", Some(text)),
        ("deals", "closed_lost_reason") => ("closed_lost_reason", Some(words)),
        ("deals", "closed_won_reason") => ("closed_won_reason", Some(words)),
        ("deals", "dealname") => ("dealname", Some(text)),
        ("deals", "dealtype") => ("dealtype", None),
        ("deals", "dealstage") => ("dealstage", None),
        ("deals" | "tickets", "pipeline") => ("pipeline", None),
        ("tickets", "subject") => ("subject", Some(text)),
        ("tickets", "content") => ("content", Some(text)),
        (_, "createdate") => ("createdate", None),
        (_, "hubspot_owner_id") => ("hubspot_owner_id", None),
        _ => return None,
    };
    Some(Shipped { name, holds })
}
