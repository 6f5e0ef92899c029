//! What the manifest chooses: objects, field names, record types.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, closest, codes};
use crate::emit::crm::{length, one_line, per_field, per_record, per_stage};
use crate::emit::{Context, Settings};
use crate::model::{FieldId, RecordId, StageId};
use crate::source::{Span, Spanned};

use super::languages::{self, Language};
use super::limits::{self, Edition};
use super::names::{self, RECORD_TYPE_NAME};
use super::stages::VALUE_LENGTH;

/// Name and meaning of each setting.
pub(super) const SETTINGS: &[(&str, &str)] = &[
    ("objects", "the object that holds each record type: `{deal: Opportunity, customer: Account}`"),
    ("fields", "the API name of a field: `{deal.amount: Amount, lead.need: Pain__c}`"),
    (
        "record_types",
        "the API name of the Salesforce record type for a record: `{deal: New_Business}`",
    ),
    (
        "business_processes",
        "the name of the sales process or lead process of a record: `{deal: Commercial Lines}`",
    ),
    ("stages", "the value that a stage is kept as: `{bound: Closed Won}`; its title is the label"),
    ("converted_status", "the lead status that a converted lead gets; `Converted`"),
    ("order", "how stages stand: `journey`, or `source` as they are written; `journey`"),
    ("bypass", "the custom permission whose holders no validation rule stops; `PROCESS_Bypass`"),
    ("history", "how many fields of each object keep their history, 0 to 20; 20"),
    ("edition", "the edition of the org, which limits rules and fields; `enterprise`"),
    ("api_version", "the version of the Metadata API; `64.0`"),
];

/// The standard objects that may hold records; those without a stage field of their own get
/// `Stage__c`.
const STANDARD_OBJECTS: &[&str] =
    &["Lead", "Opportunity", "Account", "Contact", "Contract", "Asset", "Case", "Order", "Quote"];

/// The settings, read and checked.
#[derive(Debug)]
pub(super) struct Choices {
    /// The object of a record type.
    pub(super) objects: FxHashMap<RecordId, Spanned<String>>,
    /// The API name of a field on the object of a record type.
    pub(super) fields: FxHashMap<(RecordId, FieldId), Spanned<String>>,
    /// The API name of the record type.
    pub(super) record_types: FxHashMap<RecordId, String>,
    /// The name of the business process.
    pub(super) business_processes: FxHashMap<RecordId, String>,
    /// The value that a stage is kept as.
    pub(super) stages: FxHashMap<StageId, String>,
    /// The lead status of a converted lead.
    pub(super) converted_status: Option<Spanned<String>>,
    /// Whether stages stand as they are written, not in the order of the journey.
    pub(super) as_written: bool,
    /// The custom permission whose holders no validation rule stops.
    pub(super) bypass: String,
    /// How many fields of an object keep their history.
    pub(super) history: usize,
    /// What the org allows.
    pub(super) edition: &'static Edition,
    /// `64.0`
    pub(super) api_version: String,
    /// The languages that texts are translated into.
    pub(super) languages: Vec<Language>,
}

/// Reads the settings.
pub(super) fn read(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> Choices {
    let known: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    context.settings.reject_unknown("salesforce", &known, findings);
    Choices {
        objects: objects(context, findings),
        fields: fields(context, findings),
        record_types: record_types(context, findings),
        business_processes: business_processes(context, findings),
        stages: stages(context, findings),
        converted_status: context.settings.text("converted_status", findings),
        as_written: as_written(context.settings, findings),
        bypass: bypass(context, findings),
        history: history(context.settings, findings),
        edition: edition(context.settings, findings),
        api_version: api_version(context.settings, findings),
        languages: languages::others(context.process, context.languages, findings),
    }
}

fn objects(
    context: &Context<'_>,
    findings: &mut Vec<Diagnostic>,
) -> FxHashMap<RecordId, Spanned<String>> {
    let mut chosen = FxHashMap::default();
    for (record, object) in per_record(context, "objects", findings) {
        if names::is_custom(&object.value) || STANDARD_OBJECTS.contains(&object.value.as_str()) {
            chosen.insert(record, object);
            continue;
        }
        let message = format!("`{}` is no object that can hold stages", object.value);
        let help = match closest(&object.value, STANDARD_OBJECTS.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "use one of {}, or a custom object such as `Customer__c`",
                STANDARD_OBJECTS.join(", ")
            ),
        };
        findings.push(wrong(object.span, message, help));
    }
    chosen
}

fn record_types(
    context: &Context<'_>,
    findings: &mut Vec<Diagnostic>,
) -> FxHashMap<RecordId, String> {
    let mut chosen = FxHashMap::default();
    for (record, name) in per_record(context, "record_types", findings) {
        if names::is_api_name(&name.value, RECORD_TYPE_NAME) {
            chosen.insert(record, name.value);
        } else {
            let message = format!("`{}` is no API name of a record type", name.value);
            let help = "use letters, digits and single underscores: `New_Business`";
            findings.push(wrong(name.span, message, help));
        }
    }
    chosen
}

fn business_processes(
    context: &Context<'_>,
    findings: &mut Vec<Diagnostic>,
) -> FxHashMap<RecordId, String> {
    let mut chosen = FxHashMap::default();
    for (record, name) in per_record(context, "business_processes", findings) {
        if names::is_process_name(&name.value) {
            chosen.insert(record, name.value);
        } else {
            let message = format!("`{}` is no name of a business process", name.value);
            let help = "use at most 80 letters, digits, blanks, `_` and `-`: `Commercial Lines`";
            findings.push(wrong(name.span, message, help));
        }
    }
    chosen
}

fn stages(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> FxHashMap<StageId, String> {
    let mut chosen = FxHashMap::default();
    for (stage, name) in per_stage(context, "stages", findings) {
        let wanted = one_line(&name.value);
        if (1..=VALUE_LENGTH).contains(&length(&wanted)) {
            chosen.insert(stage, wanted);
        } else {
            let message = "the value of a stage has 1 to 255 characters there";
            findings.push(wrong(name.span, message, "write its API name as it stands in Setup"));
        }
    }
    chosen
}

fn fields(
    context: &Context<'_>,
    findings: &mut Vec<Diagnostic>,
) -> FxHashMap<(RecordId, FieldId), Spanned<String>> {
    let mut chosen = FxHashMap::default();
    for (field, name) in per_field(context, "fields", findings) {
        if names::is_custom(&name.value) || names::is_standard(&name.value) {
            chosen.insert(field, name);
        } else {
            let message = format!("`{}` is no API name of a field", name.value);
            let help = "use a standard field such as `CloseDate`, or a custom one such as `Company_Size__c`";
            findings.push(wrong(name.span, message, help));
        }
    }
    chosen
}

fn as_written(settings: &Settings, findings: &mut Vec<Diagnostic>) -> bool {
    let Some(text) = settings.text("order", findings) else { return false };
    if !matches!(text.value.as_str(), "journey" | "source") {
        let message = format!("`{}` is no order of stages", text.value);
        findings.push(wrong(text.span, message, "write `journey` or `source`"));
    }
    text.value == "source"
}

fn bypass(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> String {
    if let Some(text) = context.settings.text("bypass", findings) {
        let users = names::users(context.process);
        if text.value.eq_ignore_ascii_case(&users) {
            // Its permission set would replace the one for the people who work with the process.
            let message = format!("the permission set `{users}` is that of the process");
            let help = format!("give another name: `{users}_Bypass`");
            findings.push(wrong(text.span, message, help));
            return text.value;
        }
        if names::is_api_name(&text.value, RECORD_TYPE_NAME) {
            return text.value;
        }
        let message = format!("`{}` is no API name of a custom permission", text.value);
        let help = "use letters, digits and single underscores: `Bypass_Sales_Rules`";
        findings.push(wrong(text.span, message, help));
    }
    let name = names::api_name(&context.process.name);
    format!("{}_Bypass", names::cut_unique(&name, RECORD_TYPE_NAME - "_Bypass".len()))
}

fn history(settings: &Settings, findings: &mut Vec<Diagnostic>) -> usize {
    let Some(text) = settings.text("history", findings) else { return 20 };
    match text.value.parse::<usize>() {
        Ok(count) if count <= 20 => count,
        _ => {
            let message = format!("`{}` fields cannot keep their history", text.value);
            findings.push(wrong(text.span, message, "give a number from 0 to 20"));
            20
        }
    }
}

fn edition(settings: &Settings, findings: &mut Vec<Diagnostic>) -> &'static Edition {
    let Some(text) = settings.text("edition", findings) else { return limits::USUAL };
    if let Some(edition) = limits::edition(&text.value) {
        return edition;
    }
    let names: Vec<&str> = limits::EDITIONS.iter().map(|edition| edition.name).collect();
    let message = format!("`{}` is no edition of Salesforce", text.value);
    let help = match closest(&text.value, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of {}", names.join(", ")),
    };
    findings.push(wrong(text.span, message, help));
    limits::USUAL
}

fn api_version(settings: &Settings, findings: &mut Vec<Diagnostic>) -> String {
    let default = "64.0".to_owned();
    let Some(text) = settings.text("api_version", findings) else { return default };
    let major = text.value.strip_suffix(".0").unwrap_or_default();
    if major.len() == 2 && major.parse::<u8>().is_ok_and(|major| major >= 45) {
        return text.value;
    }
    let message = format!("`{}` is no version of the Metadata API", text.value);
    findings.push(wrong(text.span, message, "write it like `64.0`"));
    default
}

fn wrong(span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::new(codes::INVALID_MANIFEST, span, message).help(help)
}
