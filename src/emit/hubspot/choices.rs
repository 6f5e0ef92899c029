//! What the manifest chooses: objects, existing properties, pipeline labels.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, closest, codes};
use crate::emit::Context;
use crate::emit::crm::{per_field, per_record};
use crate::model::{FieldId, RecordId};

/// Name and meaning of each setting.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    ("objects", "the object that holds each record type: `{deal: deals, customer: p_customer}`"),
    ("fields", "the existing property that holds a field: `{deal.amount: amount}`"),
    ("pipelines", "the label of the pipeline of a record type: `{deal: Sales}`"),
];

/// Objects that HubSpot ships with pipelines.
const OBJECTS: &[&str] =
    &["deals", "tickets", "leads", "appointments", "courses", "listings", "orders", "services"];

/// The settings, read and checked.
#[derive(Debug)]
pub(super) struct Choices {
    /// The object of a record type.
    pub(super) objects: FxHashMap<RecordId, String>,
    /// The existing property that holds a field of a record type.
    pub(super) properties: FxHashMap<(RecordId, FieldId), String>,
    /// The label of a pipeline.
    pub(super) pipelines: FxHashMap<RecordId, String>,
}

/// Reads the settings. Record types without a chosen object get one by their name: `lead` and
/// `deal`; the others get none.
pub(super) fn read(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> Choices {
    let known: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    context.settings.reject_unknown("hubspot", &known, findings);

    let mut objects = FxHashMap::default();
    for (id, record) in context.process.records.iter() {
        match record.name.as_str() {
            "lead" => objects.insert(id, "leads".to_owned()),
            "deal" | "opportunity" => objects.insert(id, "deals".to_owned()),
            "ticket" => objects.insert(id, "tickets".to_owned()),
            _ => None,
        };
    }
    for (record, object) in per_record(context, "objects", findings) {
        if is_object(&object.value) {
            objects.insert(record, object.value);
            continue;
        }
        let message = format!("`{}` is no object with pipelines", object.value);
        let help = match closest(&object.value, OBJECTS.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "use one of {}, or a custom object such as `p_customer`",
                OBJECTS.join(", ")
            ),
        };
        findings.push(Diagnostic::new(codes::INVALID_MANIFEST, object.span, message).help(help));
    }

    let mut properties = FxHashMap::default();
    for (field, property) in per_field(context, "fields", findings) {
        if is_property(&property.value) {
            properties.insert(field, property.value);
            continue;
        }
        let message = format!("`{}` is no name of a property", property.value);
        let help = "give the internal name of an existing property: `closedate`";
        findings.push(Diagnostic::new(codes::INVALID_MANIFEST, property.span, message).help(help));
    }

    let pipelines = per_record(context, "pipelines", findings);
    let pipelines = pipelines.into_iter().map(|(record, label)| (record, label.value)).collect();
    Choices { objects, properties, pipelines }
}

/// A shipped object, a custom one by its name (`p_customer`) or by its id (`2-1234567`).
fn is_object(name: &str) -> bool {
    let custom = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic())
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let digits = |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit());
    OBJECTS.contains(&name)
        || name.strip_prefix("p_").is_some_and(custom)
        || name.strip_prefix("2-").is_some_and(digits)
}

/// A letter, then lower-case letters, digits and underscores, at most 100 in all.
pub(super) fn is_property(name: &str) -> bool {
    name.len() <= 100
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
