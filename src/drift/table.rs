//! Which properties of a CRM are compared, how bad it is when one differs, and what holds when
//! an export does not say it. A property that the process does not set is never compared.

use super::part::Form::{Flag, Formula, Marked, Names, Number, Text, Word};
use super::part::Property;
use super::part::Weight::{Records, Texts, Values};
use super::part::{Form, Weight};

const fn row(key: &'static str, word: &'static str, weight: Weight, form: Form) -> Property {
    // The CRM leaves out what is false, or writes it: both mean the same.
    let absent = if matches!(form, Flag) { Some("false") } else { None };
    Property { key, word, weight, form, absent }
}

/// The list of values of a stage field.
pub(super) static STAGE_SET: &[Property] = &[row("sorted", "sorted by name", Values, Flag)];

/// A value of it.
pub(super) static STAGE: &[Property] = &[
    row("closed", "closed", Records, Flag),
    row("won", "won", Records, Flag),
    row("converted", "converted", Records, Flag),
    row("forecastCategory", "forecast category", Values, Word),
    row("probability", "probability", Values, Number),
    row("default", "default", Values, Flag),
    row("label", "label", Texts, Text),
    row("description", "description", Texts, Text),
];

/// A sales process.
pub(super) static SALES_PROCESS: &[Property] = &[row("description", "description", Texts, Text)];

/// A stage in a sales process, or a value in a record type.
pub(super) static CHOICE: &[Property] = &[row("default", "default", Values, Flag)];

/// A record type.
pub(super) static RECORD_TYPE: &[Property] = &[
    row("businessProcess", "sales process", Records, Word),
    row("label", "label", Texts, Text),
    row("description", "description", Texts, Text),
];

/// An object.
pub(super) static OBJECT: &[Property] = &[
    row("deploymentStatus", "deployment status", Records, Word),
    row("sharingModel", "sharing model", Values, Word),
    row("enableHistory", "history", Values, Flag),
    row("enableActivities", "activities", Values, Flag),
    row("enableReports", "reports", Values, Flag),
    row("enableSearch", "search", Values, Flag),
    row("nameField/type", "type of the name", Values, Word),
    row("nameField/label", "label of the name", Texts, Text),
    row("label", "label", Texts, Text),
    row("pluralLabel", "plural label", Texts, Text),
    row("description", "description", Texts, Text),
];

/// A custom field.
pub(super) static FIELD: &[Property] = &[
    row("type", "type", Records, Word),
    row("required", "required", Records, Flag),
    row("unique", "unique", Records, Flag),
    row("referenceTo", "object it refers to", Records, Word),
    row("formula", "formula", Records, Formula),
    row("formulaTreatBlanksAs", "what a formula takes blanks for", Records, Word),
    row("valueSet/restricted", "restricted to its options", Records, Flag),
    row("length", "length", Values, Number),
    row("precision", "digits", Values, Number),
    row("scale", "decimals", Values, Number),
    row("defaultValue", "default", Values, Word),
    row("deleteConstraint", "what deleting does", Values, Word),
    row("trackHistory", "history", Values, Flag),
    row("valueSet/valueSetDefinition/sorted", "sorted by name", Values, Flag),
    row("visibleLines", "visible lines", Values, Number),
    row("relationshipName", "relationship name", Values, Word),
    row("relationshipLabel", "relationship label", Texts, Text),
    row("label", "label", Texts, Text),
    row("inlineHelpText", "help text", Texts, Text),
    row("description", "description", Texts, Text),
];

/// Where a picklist has its values from.
pub(super) static VALUES_FROM: Property = row("valueSet", "list of options", Records, Word);

/// A value of a custom picklist.
pub(super) static OPTION: &[Property] =
    &[row("default", "default", Values, Flag), row("label", "label", Texts, Text)];

/// A validation rule.
pub(super) static RULE: &[Property] = &[
    row("errorConditionFormula", "formula", Records, Formula),
    row("errorDisplayField", "field of the message", Values, Word),
    row("errorMessage", "message", Texts, Text),
    row("description", "description", Texts, Text),
];

/// A path.
pub(super) static PATH: &[Property] =
    &[row("fieldName", "field", Records, Word), row("masterLabel", "label", Texts, Text)];

/// A step of it.
pub(super) static STEP: &[Property] =
    &[row("fieldNames", "fields", Values, Names), row("info", "guidance", Texts, Marked)];

/// A permission set.
pub(super) static PERMISSION_SET: &[Property] = &[
    row("hasActivationRequired", "must be activated in the session", Records, Flag),
    row("label", "label", Texts, Text),
    row("description", "description", Texts, Text),
];

/// What it permits: the element, the child that names what, and what people call it.
pub(super) static PERMISSIONS: &[(&str, &str, &str)] = &[
    ("fieldPermissions", "field", "field"),
    ("objectPermissions", "object", "object"),
    ("recordTypeVisibilities", "recordType", "record type"),
    ("customPermissions", "name", "permission"),
];

/// How far.
pub(super) static PERMISSION: &[Property] = &[
    row("enabled", "enabled", Records, Flag),
    row("visible", "visible", Records, Flag),
    row("readable", "readable", Records, Flag),
    row("editable", "editable", Records, Flag),
    row("allowRead", "read", Records, Flag),
    row("allowCreate", "create", Records, Flag),
    row("allowEdit", "edit", Records, Flag),
    row("allowDelete", "delete", Records, Flag),
    row("viewAllRecords", "view all records", Records, Flag),
    row("modifyAllRecords", "modify all records", Records, Flag),
];

/// A custom permission.
pub(super) static CUSTOM_PERMISSION: &[Property] = &[
    row("isLicensed", "licensed", Values, Flag),
    row("label", "label", Texts, Text),
    row("description", "description", Texts, Text),
];

/// A list view.
pub(super) static LIST: &[Property] = &[
    row("filterScope", "whose records", Values, Word),
    row("filters/field", "filter", Values, Word),
    row("filters/operation", "operation of the filter", Values, Word),
    row("filters/value", "value of the filter", Values, Word),
    row("columns", "columns", Values, Names),
    row("label", "label", Texts, Text),
];

/// What people read of something in another language; of its name, in the forms of its nouns.
pub(super) static TRANSLATION: &[Property] = &[
    row("value", "name", Texts, Text),
    row("label", "label", Texts, Text),
    row("translation", "text", Texts, Text),
    row("help", "help text", Texts, Text),
    row("errorMessage", "message", Texts, Text),
    row("description", "description", Texts, Text),
];

/// A pipeline of HubSpot.
pub(super) static PIPELINE: &[Property] = &[row("label", "label", Texts, Text)];

/// A stage of one.
pub(super) static PIPELINE_STAGE: &[Property] = &[
    row("metadata/isClosed", "closed", Records, Flag),
    row("metadata/ticketState", "ticket state", Records, Word),
    row("metadata/probability", "probability", Values, Number),
    row("label", "label", Texts, Text),
];

/// A property of HubSpot.
pub(super) static PROPERTY: &[Property] = &[
    row("type", "type", Records, Word),
    row("hasUniqueValue", "unique", Records, Flag),
    row("fieldType", "form", Values, Word),
    row("groupName", "group", Values, Word),
    row("showCurrencySymbol", "currency symbol", Values, Flag),
    row("label", "label", Texts, Text),
    row("description", "description", Texts, Text),
];

/// A rule about its values: a number, a point in time, or words.
pub(super) static PROPERTY_RULE: &[Property] = &[row("ruleArguments", "value", Records, Number)];

/// An option of one.
pub(super) static PROPERTY_OPTION: &[Property] = &[row("label", "label", Texts, Text)];

/// A group of properties.
pub(super) static GROUP: &[Property] = &[row("label", "label", Texts, Text)];

/// The rules of a pipeline of HubSpot.
pub(super) static PIPELINE_RULES: &[Property] = &[
    row("noBackwardsMovementRule", "stages that no record goes back from", Records, Names),
    row("noSkippingStagesRule", "stages that no record skips", Records, Names),
    row("objectCreationRule", "stages where records begin", Records, Names),
];

/// Who approves that a record enters a stage.
pub(super) static APPROVAL: &[Property] = &[
    row("approverUserIds", "approvers", Records, Names),
    row("approvalMode", "how many of them", Records, Word),
    row("conditionalApprovalFilterBranch", "asked for under a condition only", Records, Flag),
    row("approvalComment", "comment", Texts, Text),
];

/// Who edits records in a stage.
pub(super) static EDITORS: &[Property] = &[row("permissionMode", "who edits", Records, Names)];

/// A pipeline of Pipedrive.
pub(super) static PIPEDRIVE_PIPELINE: &[Property] = &[
    row("is_deal_probability_enabled", "counts probabilities", Values, Flag),
    row("name", "name", Texts, Text),
];

/// A stage of it.
pub(super) static PIPEDRIVE_STAGE: &[Property] = &[
    row("deal_probability", "probability", Values, Number),
    row("days_to_rotten", "days until a deal rots", Values, Number),
    row("name", "name", Texts, Text),
];

/// A field of Pipedrive.
pub(super) static PIPEDRIVE_FIELD: &[Property] = &[
    row("field_type", "type", Records, Word),
    row("required_fields", "required", Records, Names),
    row("important_fields", "highlighted", Values, Names),
    row("ui_visibility", "pipelines that show it", Values, Names),
    row("field_name", "name", Texts, Text),
    row("description", "description", Texts, Text),
];

/// A type of activity.
pub(super) static ACTIVITY_TYPE: &[Property] =
    &[row("icon_key", "picture", Values, Word), row("name", "name", Texts, Text)];
