//! Objects of our own, and record types.

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{NAME_NOT_PORTABLE, length, one_line, shortened};
use crate::emit::xml::Element;
use crate::model::{FieldType, Process, RecordId, Text};

use super::choices::Choices;
use super::mapping::{Kind, Object, Source};
use super::names::{self, RECORD_TYPE_NAME};

pub(super) const OBJECT_LABEL: usize = 40;
pub(super) const RECORD_TYPE_LABEL: usize = 80;
/// Of a record type and a business process.
const DESCRIPTION: usize = 255;

/// The object's own file: all of it for an object of our own; for a standard one only that it keeps
/// the history of fields.
pub(super) fn object(
    process: &Process,
    object: &Object,
    history: bool,
    findings: &mut Vec<Diagnostic>,
) -> Option<Element> {
    if object.kind != Kind::Custom {
        return history.then(|| Element::new("CustomObject").flag("enableHistory", true));
    }
    let record = &process.records[*object.records.first()?];
    let title = one_line(&record.title.value);
    let english = process.languages.first().is_some_and(|language| language.starts_with("en"));
    let plural = names::plural(&title, english);
    if length(&plural) > OBJECT_LABEL {
        let message = format!("the title of record type `{}` is cut in Salesforce", record.name);
        findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, record.title.span, message)
                .level(Level::Warning)
                .reason(format!("the label of an object has at most {OBJECT_LABEL} characters"))
                .help("shorten the title"),
        );
    }
    let name_field = Element::new("nameField")
        .text("label", shortened(&format!("{title} name"), OBJECT_LABEL))
        .text("type", "Text");
    Some(
        Element::new("CustomObject")
            .text("deploymentStatus", "Deployed")
            .text("description", about(process, *object.records.first()?, 1000))
            .flag("enableActivities", true)
            .flag("enableHistory", history)
            .flag("enableReports", true)
            .flag("enableSearch", true)
            .text("label", shortened(&title, OBJECT_LABEL))
            .child(name_field)
            .text("pluralLabel", shortened(&plural, OBJECT_LABEL))
            .text("sharingModel", "ReadWrite"),
    )
}

/// The names of a Salesforce record type and its business process.
#[derive(Debug)]
pub(super) struct RecordTypeNames {
    /// `New_Business`
    pub(super) api: String,
    /// `New Business`: the name of the business process.
    pub(super) process: String,
    /// What people see.
    pub(super) label: String,
    /// What it is about.
    pub(super) description: String,
}

/// Names a record type: as chosen; else after the process and the record type, so that two
/// processes can live in one org.
pub(super) fn record_type_names(
    process: &Process,
    choices: &Choices,
    record: RecordId,
    findings: &mut Vec<Diagnostic>,
) -> RecordTypeNames {
    let declared = &process.records[record];
    let description = about(process, record, DESCRIPTION);
    let called = choices.business_processes.get(&record).cloned();
    if let Some(chosen) = choices.record_types.get(&record) {
        let spaced = chosen.replace('_', " ");
        return RecordTypeNames {
            api: chosen.clone(),
            process: called.unwrap_or_else(|| spaced.clone()),
            label: spaced,
            description,
        };
    }
    let full = format!("{}_{}", names::api_name(&process.name), names::api_name(&declared.name));
    let api = names::cut(&full, RECORD_TYPE_NAME);
    let title = record_type_label(process, record, &|text| &text.value);
    if api.len() < full.len() || length(&title) > RECORD_TYPE_LABEL {
        let message =
            format!("the Salesforce record type of `{}` gets a name that is cut", declared.name);
        findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, declared.span, message)
                .level(Level::Warning)
                .reason(format!("name and label have at most {RECORD_TYPE_LABEL} characters"))
                .help(format!(
                    "set `record_types: {{{}: New_Business}}` in the manifest",
                    declared.name
                )),
        );
    }
    let label = shortened(&title, RECORD_TYPE_LABEL);
    let called = called.unwrap_or_else(|| api.replace('_', " "));
    RecordTypeNames { process: called, api, label, description }
}

/// What people see of a record type whose name the manifest does not choose.
pub(super) fn record_type_label(
    process: &Process,
    record: RecordId,
    said: &dyn for<'t> Fn(&'t Text) -> &'t str,
) -> String {
    let title = &process.records[record].title;
    format!("{}: {}", one_line(said(&process.title)), one_line(said(title)))
}

/// A record type with the values of every custom picklist it uses: values that a record type does
/// not name cannot be chosen in it.
pub(super) fn record_type(
    process: &Process,
    object: &Object,
    record: RecordId,
    names: &RecordTypeNames,
    stages: &[(String, bool)],
) -> Element {
    let mut element = Element::new("RecordType").text("fullName", &names.api).flag("active", true);
    if matches!(object.kind, Kind::Lead | Kind::Opportunity) {
        element = element.text("businessProcess", &names.process);
    }
    element = element.text("description", &names.description).text("label", &names.label);
    let mut lists: Vec<(&str, Vec<(&str, bool)>)> = Vec::new();
    for field in object.fields.iter().filter(|f| f.is_custom() && f.records.contains(&record)) {
        let values: Vec<(&str, bool)> = match field.source {
            Source::Stage => {
                stages.iter().map(|(name, default)| (name.as_str(), *default)).collect()
            }
            Source::Field(id) => match &process.fields[id].ty {
                FieldType::OneOf(options) | FieldType::ManyOf(options) => {
                    options.iter().map(|option| (option.name.as_str(), false)).collect()
                }
                _ => continue,
            },
            Source::Continues(_) | Source::Confirmation(_) => continue,
        };
        if !values.is_empty() {
            lists.push((&field.name, values));
        }
    }
    lists.sort_by_key(|(name, _)| *name);
    for (name, values) in lists {
        let mut list = Element::new("picklistValues").text("picklist", name);
        for (value, default) in values {
            list.push(Element::new("values").text("fullName", value).flag("default", default));
        }
        element.push(list);
    }
    element
}

fn about(process: &Process, record: RecordId, limit: usize) -> String {
    let record = &process.records[record];
    match &record.about {
        Some(about) => shortened(&one_line(&about.value), limit),
        None => shortened(
            &format!("Records of type {} in the process {}", record.name, process.name),
            limit,
        ),
    }
}
