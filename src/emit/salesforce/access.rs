//! Who may see and do what: a permission set for the people who work with the process, and a custom
//! permission for those whom its rules do not stop.

use crate::emit::crm::{one_line, shortened};
use crate::emit::xml::Element;
use crate::model::Process;

use super::Built;
use super::fields::is_required;
use super::mapping::{Kind, Mapping};

const LABEL: usize = 80;
const DESCRIPTION: usize = 255;

/// Everything that the project adds, for those who work with it. A field that everyone must fill is
/// open to everyone, and Salesforce refuses permissions for it.
pub(super) fn users(mapping: &Mapping<'_>, built: &[Built<'_>]) -> Element {
    let process = mapping.process;
    let mut set = Element::new("PermissionSet").text(
        "description",
        shortened(&format!("Fields and record types of the process {}", process.name), DESCRIPTION),
    );
    // Whether people may change it: what a formula computes nobody can.
    let mut fields: Vec<(String, bool)> = Vec::new();
    for built in built {
        let custom = built.object.fields.iter().filter(|field| field.is_custom());
        fields.extend(
            custom
                .filter(|field| !is_required(mapping, built.object, field))
                .map(|field| (format!("{}.{}", built.object.name, field.name), true)),
        );
        let overdue = built.overdue.field.iter();
        fields.extend(overdue.map(|(name, _)| (format!("{}.{name}__c", built.object.name), false)));
        let scores = built.scores.fields.iter();
        fields.extend(scores.map(|field| (format!("{}.{}", built.object.name, field.name), false)));
    }
    fields.sort();
    for (field, editable) in fields {
        set.push(
            Element::new("fieldPermissions")
                .flag("editable", editable)
                .text("field", field)
                .flag("readable", true),
        );
    }
    set = set.flag("hasActivationRequired", false).text("label", label(process, ""));
    let mut objects: Vec<&str> = built
        .iter()
        .filter(|built| built.object.kind == Kind::Custom)
        .map(|built| built.object.name.as_str())
        .collect();
    objects.sort_unstable();
    for object in objects {
        set.push(
            Element::new("objectPermissions")
                .flag("allowCreate", true)
                .flag("allowDelete", false)
                .flag("allowEdit", true)
                .flag("allowRead", true)
                .flag("modifyAllRecords", false)
                .text("object", object)
                .flag("viewAllRecords", false),
        );
    }
    let mut types: Vec<String> = Vec::new();
    for built in built {
        let names = built.record_types.iter();
        types.extend(names.map(|(_, names)| format!("{}.{}", built.object.name, names.api)));
    }
    types.sort();
    for name in types {
        set.push(
            Element::new("recordTypeVisibilities").text("recordType", name).flag("visible", true),
        );
    }
    set
}

/// The custom permission.
pub(super) fn bypass(process: &Process) -> Element {
    let about = format!(
        "The validation rules of the process {} do not stop its holders: for \
        imports and repairs",
        process.name
    );
    Element::new("CustomPermission")
        .text("description", shortened(&about, DESCRIPTION))
        .flag("isLicensed", false)
        .text("label", label(process, ": bypass"))
}

/// The permission set that gives it.
pub(super) fn bypassers(process: &Process, permission: &str) -> Element {
    let about = format!("Not stopped by the validation rules of the process {}", process.name);
    Element::new("PermissionSet")
        .child(Element::new("customPermissions").flag("enabled", true).text("name", permission))
        .text("description", shortened(&about, DESCRIPTION))
        .flag("hasActivationRequired", false)
        .text("label", label(process, ": bypass"))
}

fn label(process: &Process, suffix: &str) -> String {
    let room = LABEL - suffix.chars().count();
    format!("{}{suffix}", shortened(&one_line(&process.title.value), room))
}
