//! Custom fields.

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{NAME_NOT_PORTABLE, length, minor_units, one_line, shortened};
use crate::emit::xml::Element;
use crate::model::{EnumOption, Field, FieldType, Text, Value};
use crate::source::Span;

use super::mapping::{Kind, MappedField, Mapping, Object, Source, base};
use super::names;
use super::stages::StageValue;

pub(super) const LABEL_LENGTH: usize = 40;
pub(super) const DESCRIPTION_LENGTH: usize = 1000;
pub(super) const HELP_LENGTH: usize = 255;
pub(super) const VALUE_LENGTH: usize = 255;
const PICKLIST_VALUES: usize = 1000;
/// Digits of a number, those after the point included.
pub(super) const PRECISION: u32 = 18;

/// The parts of a `CustomField`, one for each element; written in Salesforce's order.
#[derive(Default)]
struct Parts {
    default_value: Option<&'static str>,
    delete_constraint: Option<&'static str>,
    length: Option<usize>,
    precision: Option<u32>,
    reference_to: Option<String>,
    relationship_label: Option<String>,
    relationship_name: Option<String>,
    scale: Option<u32>,
    kind: &'static str,
    value_set: Option<Element>,
    visible_lines: Option<usize>,
    /// Whether Salesforce lets a field of this type be required.
    can_be_required: bool,
}

/// What is common to all fields of an object.
pub(super) struct FieldWriter<'a, 'f> {
    pub(super) mapping: &'a Mapping<'a>,
    pub(super) object: &'a Object,
    pub(super) stages: &'a [StageValue],
    pub(super) findings: &'f mut Vec<Diagnostic>,
}

impl FieldWriter<'_, '_> {
    /// The field as metadata. `history`: whether old values are kept.
    pub(super) fn write(&mut self, mapped: &MappedField, history: bool) -> Element {
        let process = self.mapping.process;
        match mapped.source {
            Source::Stage => {
                let parts = Parts {
                    kind: "Picklist",
                    value_set: Some(stage_values(self.stages)),
                    ..Parts::default()
                };
                let required = is_required(self.mapping, self.object, mapped);
                let about = format!("The stage of the process {}", process.name);
                element(mapped, "Stage".to_owned(), about, None, parts, (required, false), history)
            }
            Source::Continues(record) => {
                let target = self.mapping.object_of(record).map_or("User", |object| &object.name);
                let target = target.to_owned();
                let record = &process.records[record];
                let label = shortened(&one_line(&record.title.value), LABEL_LENGTH);
                let parts =
                    Parts { delete_constraint: Some("SetNull"), ..self.lookup(mapped, target) };
                let about = format!("The {} that this record continues", record.name);
                element(mapped, label, about, None, parts, (false, false), history)
            }
            Source::Field(id) => self.field(mapped, &process.fields[id], history),
            Source::Confirmation(id) => {
                let confirmation = &process.confirmations[id];
                let text = one_line(&confirmation.text.value);
                let label = shortened(&text, LABEL_LENGTH);
                let about = match confirmation.by {
                    Some(owner) => format!("Confirmed by {}", process.owner_name(owner).0),
                    None => "Confirmed by the owner of the stage".to_owned(),
                };
                let help = Some(shortened(&text, HELP_LENGTH));
                element(mapped, label, about, help, checkbox(), (false, false), history)
            }
        }
    }

    fn field(&mut self, mapped: &MappedField, field: &Field, history: bool) -> Element {
        let process = self.mapping.process;
        let record = &process.records[field.record].name;
        let title = one_line(&field.title.value);
        let label = self.label(&title, field);
        let about = if label == title { String::new() } else { format!("{title}. ") };
        let about = format!("{about}Field {record}.{} of the process {}", field.name, process.name);
        let help = field.help.as_ref().map(|text| self.help(text, field));
        let parts = self.parts(mapped, field);
        let own = self.object.records.contains(&field.record);
        let unique = own
            && field.unique
            && matches!(field.ty, FieldType::Text | FieldType::Number | FieldType::Integer);
        let required = is_required(self.mapping, self.object, mapped);
        element(mapped, label, about, help, parts, (required, unique), history)
    }

    fn label(&mut self, title: &str, field: &Field) -> String {
        let title = match title {
            "" => &Text::from_name(&field.name, field.span).value,
            title => title,
        };
        // A title made from a name is too long only when the name is, which has been said.
        if length(title) > LABEL_LENGTH && !field.title.derived {
            let reason = format!("a label has at most {LABEL_LENGTH} characters");
            self.cut(&field.name, "title", field.title.span, reason);
        }
        shortened(title, LABEL_LENGTH)
    }

    fn help(&mut self, text: &Text, field: &Field) -> String {
        let help = one_line(&text.value);
        if length(&help) > HELP_LENGTH {
            let reason = format!("a help text has at most {HELP_LENGTH} characters");
            self.cut(&field.name, "help text", text.span, reason);
        }
        shortened(&help, HELP_LENGTH)
    }

    fn cut(&mut self, field: &str, what: &str, span: Span, reason: String) {
        let message = format!("the {what} of field `{field}` is cut in Salesforce");
        self.findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, span, message)
                .level(Level::Warning)
                .reason(reason)
                .help("shorten it"),
        );
    }

    fn parts(&mut self, mapped: &MappedField, field: &Field) -> Parts {
        let process = self.mapping.process;
        let number = |kind, scale| Parts {
            kind,
            precision: Some(PRECISION),
            scale: Some(scale),
            can_be_required: true,
            ..Parts::default()
        };
        let plain = |kind| Parts { kind, can_be_required: true, ..Parts::default() };
        match &field.ty {
            FieldType::Number => number("Number", decimals(field)),
            FieldType::Integer => number("Number", 0),
            FieldType::Money => number("Currency", process.currency.map_or(2, minor_units)),
            FieldType::Percent => number("Percent", decimals(field)),
            FieldType::Boolean => checkbox(),
            FieldType::Date => plain("Date"),
            FieldType::DateTime => plain("DateTime"),
            FieldType::User => self.lookup(mapped, "User".to_owned()),
            FieldType::OneOf(options) if !options.is_empty() => {
                Parts { value_set: Some(self.options(field, options)), ..plain("Picklist") }
            }
            FieldType::ManyOf(options) if !options.is_empty() => Parts {
                value_set: Some(self.options(field, options)),
                visible_lines: Some(options.len().clamp(3, 10)),
                ..plain("MultiselectPicklist")
            },
            FieldType::Text | FieldType::OneOf(_) | FieldType::ManyOf(_) => {
                Parts { length: Some(255), ..plain("Text") }
            }
        }
    }

    /// A lookup; the name by which the other object reaches back is unique there.
    fn lookup(&self, mapped: &MappedField, target: String) -> Parts {
        let object = base(&self.object.name);
        let field = base(&mapped.name);
        Parts {
            kind: "Lookup",
            reference_to: Some(target),
            relationship_label: Some(names::cut(
                &names::plural(&object.replace('_', " "), true),
                LABEL_LENGTH,
            )),
            relationship_name: Some(names::cut(&format!("{object}_{field}"), 40)),
            ..Parts::default()
        }
    }

    fn options(&mut self, field: &Field, options: &[EnumOption]) -> Element {
        if let Some(first) = options.get(PICKLIST_VALUES) {
            let message =
                format!("field `{}` has more options than Salesforce can hold", field.name);
            let reason = format!("a picklist has at most {PICKLIST_VALUES} values");
            let finding = Diagnostic::new(NAME_NOT_PORTABLE, first.span, message).reason(reason);
            self.findings.push(finding.help("keep the list in an object of its own"));
        }
        let mut seen = rustc_hash::FxHashMap::default();
        let mut definition = Element::new("valueSetDefinition").flag("sorted", false);
        for option in options {
            let title = one_line(&option.title.value);
            if length(&title) > VALUE_LENGTH {
                let reason = format!("a value has at most {VALUE_LENGTH} characters");
                self.cut(
                    &field.name,
                    &format!("option `{}`", option.name),
                    option.title.span,
                    reason,
                );
            }
            if let Some(other) = seen.insert(title.to_lowercase(), option) {
                let other: &EnumOption = other;
                let message = format!(
                    "options `{}` and `{}` of field `{}` have one title",
                    other.name, option.name, field.name
                );
                self.findings.push(
                    Diagnostic::new(NAME_NOT_PORTABLE, option.title.span, message)
                        .level(Level::Warning)
                        .label(other.title.span, "the other one")
                        .help("give one of them another title: people cannot tell them apart"),
                );
            }
            definition.push(value(&option.name, false, &shortened(&title, VALUE_LENGTH)));
        }
        Element::new("valueSet").flag("restricted", true).child(definition)
    }
}

/// Numbers are kept with two decimals, or with as many as the bounds of the field have.
fn decimals(field: &Field) -> u32 {
    let scale = |value: &Option<Value>| match value {
        Some(Value::Number(n) | Value::Percent(n)) => n.normalize().scale(),
        _ => 0,
    };
    scale(&field.at_least).max(scale(&field.at_most)).clamp(2, PRECISION - 2)
}

fn checkbox() -> Parts {
    Parts { kind: "Checkbox", default_value: Some("false"), ..Parts::default() }
}

fn stage_values(stages: &[StageValue]) -> Element {
    let mut definition = Element::new("valueSetDefinition").flag("sorted", false);
    for stage in stages {
        definition.push(value(&stage.name, stage.default, &stage.label));
    }
    Element::new("valueSet").flag("restricted", true).child(definition)
}

fn value(name: &str, default: bool, label: &str) -> Element {
    Element::new("value").text("fullName", name).flag("default", default).text("label", label)
}

fn element(
    mapped: &MappedField,
    label: String,
    about: String,
    help: Option<String>,
    parts: Parts,
    (required, unique): (bool, bool),
    history: bool,
) -> Element {
    let number = |n: Option<u32>| n.map(|n| n.to_string());
    let is_stage = mapped.source == Source::Stage;
    let mut element = Element::new("CustomField")
        .text("fullName", &mapped.name)
        .maybe("defaultValue", parts.default_value.map(str::to_owned))
        .maybe("deleteConstraint", parts.delete_constraint.map(str::to_owned))
        .text("description", shortened(&about, DESCRIPTION_LENGTH))
        .maybe("inlineHelpText", help)
        .text("label", label)
        .maybe("length", parts.length.map(|n| n.to_string()))
        .maybe("precision", number(parts.precision))
        .maybe("referenceTo", parts.reference_to)
        .maybe("relationshipLabel", parts.relationship_label)
        .maybe("relationshipName", parts.relationship_name);
    if parts.can_be_required || is_stage {
        element = element.flag("required", required);
    }
    element = element
        .maybe("scale", number(parts.scale))
        .flag("trackHistory", history)
        .text("type", parts.kind);
    if unique {
        element = element.flag("unique", true);
    }
    if let Some(set) = parts.value_set {
        element.push(set);
    }
    element.maybe("visibleLines", parts.visible_lines.map(|n| n.to_string()))
}

/// Whether nobody can save a record of the object without the field: only where all its records are
/// of the one record type. Elsewhere a rule asks it of those.
pub(super) fn is_required(mapping: &Mapping<'_>, object: &Object, mapped: &MappedField) -> bool {
    match mapped.source {
        Source::Stage => object.kind == Kind::Custom,
        Source::Continues(_) | Source::Confirmation(_) => false,
        Source::Field(id) => {
            let field = &mapping.process.fields[id];
            // A copy on another object is filled when the record is handed over, not before.
            let is_for_all = object.kind == Kind::Custom && object.records == [field.record];
            is_for_all
                && field.required
                && !matches!(field.ty, FieldType::Boolean | FieldType::User)
        }
    }
}

/// What Salesforce keeps less strictly than the process says of a field, in words.
pub(super) fn unenforced(field: &Field) -> Option<&'static str> {
    let keeps = matches!(field.ty, FieldType::Text | FieldType::Number | FieldType::Integer);
    (field.unique && !keeps).then_some("that its value is unique")
}
