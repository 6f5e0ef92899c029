//! What the manifest chooses: objects, existing fields, names of pipelines.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, closest, codes};
use crate::emit::Context;
use crate::emit::crm::{per_field, per_record};
use crate::model::{FieldId, RecordId};

/// Name and meaning of each setting.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    ("objects", "what holds each record type: `{customer: deals, account: organizations}`"),
    ("fields", "the key of the existing field that holds a field: `{deal.amount: value}`"),
    ("pipelines", "the name of the pipeline of a record type: `{deal: Sales}`"),
    ("activities", "`false` if plays do not become activity types"),
];

/// What Pipedrive keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    /// They alone have pipelines.
    Deals,
    /// They have the fields of deals, and no stages.
    Leads,
    /// Contact persons.
    Persons,
    /// Companies.
    Organizations,
}

const OBJECTS: &[Object] = &[Object::Deals, Object::Leads, Object::Persons, Object::Organizations];

impl Object {
    /// The word of the manifest.
    pub(super) fn word(self) -> &'static str {
        match self {
            Object::Deals => "deals",
            Object::Leads => "leads",
            Object::Persons => "persons",
            Object::Organizations => "organizations",
        }
    }

    /// Whose fields it has.
    pub(super) fn fields(self) -> &'static str {
        match self {
            Object::Deals | Object::Leads => "deals",
            other => other.word(),
        }
    }

    /// The path of the request that makes a field of it.
    pub(super) fn path(self) -> &'static str {
        match self {
            Object::Deals | Object::Leads => "/api/v2/dealFields",
            Object::Persons => "/api/v2/personFields",
            Object::Organizations => "/api/v2/organizationFields",
        }
    }
}

/// The settings, read and checked.
#[derive(Debug)]
pub(super) struct Choices {
    /// The object of a record type.
    pub(super) objects: FxHashMap<RecordId, Object>,
    /// The key of the existing field that holds a field of a record type.
    pub(super) fields: FxHashMap<(RecordId, FieldId), String>,
    /// The name of a pipeline.
    pub(super) pipelines: FxHashMap<RecordId, String>,
    /// Whether plays become activity types.
    pub(super) activities: bool,
}

/// Reads the settings. Record types with usual names get their objects; the others get none.
pub(super) fn read(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> Choices {
    let known: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    context.settings.reject_unknown("pipedrive", &known, findings);
    let mut objects = FxHashMap::default();
    for (id, record) in context.process.records.iter() {
        match record.name.as_str() {
            "deal" | "opportunity" => objects.insert(id, Object::Deals),
            "lead" => objects.insert(id, Object::Leads),
            "person" | "contact" => objects.insert(id, Object::Persons),
            "organization" | "company" | "account" => objects.insert(id, Object::Organizations),
            _ => None,
        };
    }
    for (record, chosen) in per_record(context, "objects", findings) {
        if let Some(object) = OBJECTS.iter().find(|object| object.word() == chosen.value) {
            objects.insert(record, *object);
            continue;
        }
        let words: Vec<&str> = OBJECTS.iter().map(|object| object.word()).collect();
        let help = match closest(&chosen.value, words.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of {}", words.join(", ")),
        };
        let message = format!("`{}` is no object of Pipedrive", chosen.value);
        findings.push(Diagnostic::new(codes::INVALID_MANIFEST, chosen.span, message).help(help));
    }
    let mut fields = FxHashMap::default();
    for (field, key) in per_field(context, "fields", findings) {
        if is_key(&key.value) {
            fields.insert(field, key.value);
            continue;
        }
        let message = format!("`{}` is no key of a field", key.value);
        let help =
            "give the key of an existing field: `value`, or the 40 characters of one of yours";
        findings.push(Diagnostic::new(codes::INVALID_MANIFEST, key.span, message).help(help));
    }
    let pipelines = per_record(context, "pipelines", findings);
    let pipelines = pipelines.into_iter().map(|(record, name)| (record, name.value)).collect();
    let activities = context.settings.boolean("activities", findings).unwrap_or(true);
    Choices { objects, fields, pipelines, activities }
}

/// Lower-case letters, digits and underscores.
fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= 100
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
