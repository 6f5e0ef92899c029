//! What people read in the other languages of the process. Only what is translated is written: for
//! the rest Salesforce shows the text of its own language.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{NAME_NOT_PORTABLE, length, one_line, shortened};
use crate::emit::sentence::{in_language, primary_subtag};
use crate::emit::xml::Element;
use crate::model::{EnumOption, Process, RecordId, Text};
use crate::source::Span;

use super::Built;
use super::fields::{HELP_LENGTH, LABEL_LENGTH, VALUE_LENGTH};
use super::languages::Language;
use super::mapping::{Kind, MappedField, Mapping, Source};
use super::messages::{Teller, has};
use super::objects::{self, OBJECT_LABEL, RECORD_TYPE_LABEL};
use super::rules::MESSAGE;

/// The translations of one object into one language.
pub(super) struct Translated {
    /// The object and its rules and record types; none when only fields are translated.
    pub(super) object: Option<Element>,
    /// The name of each field, with its declaration.
    pub(super) fields: Vec<(String, Element, Option<Span>)>,
    /// The stages of leads and opportunities.
    pub(super) values: Option<Element>,
}

/// Translates what was built of an object.
pub(super) fn translations(
    mapping: &Mapping<'_>,
    built: &Built<'_>,
    language: &Language,
    findings: &mut Vec<Diagnostic>,
) -> Translated {
    let mut writer = Writer { mapping, built, language, findings };
    let fields = built.object.fields.iter().filter(|field| field.is_custom());
    let fields: Vec<_> = fields
        .filter_map(|field| {
            let element = writer.field(field)?;
            Some((field.name.clone(), element, field.place(mapping.process)))
        })
        .collect();
    let mut fields = fields;
    fields.extend(built.scores.fields.iter().filter_map(|field| {
        let score = &mapping.process.scores[field.score];
        if !has(&score.title, &language.tag) {
            return None;
        }
        let label = field.label(in_language(&score.title, &language.tag), &language.tag);
        let element = Element::new("CustomFieldTranslation").text("label", label);
        Some((field.name.clone(), element.text("name", &field.name), Some(score.span)))
    }));
    let tag = language.tag.as_str();
    let first = mapping.process.languages.first().map_or("en", String::as_str);
    if let Some((name, _)) = &built.overdue.field
        && super::overdue::word(tag) != super::overdue::word(first)
        && matches!(primary_subtag(tag), "en" | "ja" | "ko")
    {
        let name = format!("{name}__c");
        let element = Element::new("CustomFieldTranslation");
        let element = element.text("label", super::overdue::word(tag)).text("name", &name);
        fields.push((name, element, None));
    }
    Translated { object: writer.object(), fields, values: writer.values() }
}

struct Writer<'a, 'f> {
    mapping: &'a Mapping<'a>,
    built: &'a Built<'a>,
    language: &'a Language,
    findings: &'f mut Vec<Diagnostic>,
}

impl Writer<'_, '_> {
    fn process(&self) -> &Process {
        self.mapping.process
    }

    /// A text in the language, if it is translated; cut to what fits.
    fn said(&mut self, text: &Text, limit: usize, of: &str) -> Option<String> {
        let tag = self.language.tag.as_str();
        if !has(text, tag) {
            return None;
        }
        let said = one_line(in_language(text, tag));
        Some(self.fitting(&said, limit, text.span, of)).filter(|said| !said.is_empty())
    }

    fn fitting(&mut self, said: &str, limit: usize, span: Span, of: &str) -> String {
        if length(said) > limit {
            let tag = self.language.tag.as_str();
            let message = format!("the text of {of} in `{tag}` is cut in Salesforce");
            self.findings.push(
                Diagnostic::new(NAME_NOT_PORTABLE, span, message)
                    .level(Level::Warning)
                    .reason(format!("there it has at most {limit} characters"))
                    .help("shorten the translation"),
            );
        }
        shortened(said, limit)
    }

    fn field(&mut self, mapped: &MappedField) -> Option<Element> {
        let process = self.mapping.process;
        let (mut help, mut values) = (None, Vec::new());
        let label = match mapped.source {
            Source::Stage => {
                values = self.stages();
                stage_word(&self.language.tag).map(str::to_owned)
            }
            Source::Continues(record) => {
                let record = &process.records[record];
                self.said(&record.title, LABEL_LENGTH, &format!("record type `{}`", record.name))
            }
            Source::Field(id) => {
                let field = &process.fields[id];
                let of = format!("field `{}`", field.name);
                let text = field.help.as_ref();
                help = text
                    .and_then(|help| self.said(help, HELP_LENGTH, &format!("the help of {of}")));
                values = self.options(field.ty.options(), &field.name);
                self.said(&field.title, LABEL_LENGTH, &of)
            }
            Source::Confirmation(id) => {
                let text = &process.confirmations[id].text;
                help = self.said(text, HELP_LENGTH, "a confirmation");
                // Its label is cut in the first language as well.
                help.as_ref().map(|help| shortened(help, LABEL_LENGTH))
            }
        };
        if label.is_none() && help.is_none() && values.is_empty() {
            return None;
        }
        let mut element = Element::new("CustomFieldTranslation")
            .maybe("help", help)
            .maybe("label", label)
            .text("name", &mapped.name);
        for value in values {
            element.push(value);
        }
        Some(element)
    }

    fn options(&mut self, options: &[EnumOption], field: &str) -> Vec<Element> {
        let mut values = Values::new("picklistValues");
        for option in options {
            let of = format!("option `{}` of field `{field}`", option.name);
            if let Some(said) = self.said(&option.title, VALUE_LENGTH, &of) {
                values.add(&shortened(&one_line(&option.title.value), VALUE_LENGTH), said);
            }
        }
        values.elements
    }

    /// The stages of an object that keeps them in a field of its own.
    fn stages(&mut self) -> Vec<Element> {
        self.stage_values("picklistValues")
    }

    /// The stages of leads and opportunities.
    fn values(&mut self) -> Option<Element> {
        if !matches!(self.built.object.kind, Kind::Lead | Kind::Opportunity) {
            return None;
        }
        let values = self.stage_values("valueTranslation");
        let mut set = Element::new("StandardValueSetTranslation");
        let is_empty = values.is_empty();
        values.into_iter().for_each(|value| set.push(value));
        (!is_empty).then_some(set)
    }

    fn stage_values(&mut self, element: &'static str) -> Vec<Element> {
        let process = self.mapping.process;
        let mut values = Values::new(element);
        for value in &self.built.stages.values {
            let Some(stage) = value.stage.map(|stage| &process.stages[stage]) else { continue };
            let of = format!("stage `{}`", stage.name);
            if let Some(said) = self.said(&stage.title, VALUE_LENGTH, &of) {
                values.add(&value.label, said);
            }
        }
        values.elements
    }

    /// The object itself, its record types and its rules.
    fn object(&mut self) -> Option<Element> {
        let mut element = Element::new("CustomObjectTranslation");
        let mut parts = Vec::new();
        parts.extend(self.name());
        parts.extend(self.record_types());
        parts.extend(self.rules());
        let is_empty = parts.is_empty();
        parts.into_iter().for_each(|part| element.push(part));
        (!is_empty).then_some(element)
    }

    /// The name of an object of our own, in languages whose nouns have one form: of the others the
    /// process does not know the plural, the gender and the cases.
    fn name(&mut self) -> Option<Element> {
        let object = self.built.object;
        if object.kind != Kind::Custom || !self.language.has_one_form() {
            return None;
        }
        let record = &self.mapping.process.records[*object.records.first()?];
        let said =
            self.said(&record.title, OBJECT_LABEL, &format!("record type `{}`", record.name))?;
        Some(Element::new("caseValues").flag("plural", false).text("value", said))
    }

    fn record_types(&mut self) -> Vec<Element> {
        let mut types: Vec<(&str, RecordId)> =
            self.built.record_types.iter().map(|(id, names)| (names.api.as_str(), *id)).collect();
        types.sort_unstable();
        let mut elements = Vec::new();
        for (api, record) in types {
            let process = self.mapping.process;
            let declared = &process.records[record];
            // A name that the manifest chooses has no translation.
            let is_chosen = self.mapping.choices.record_types.contains_key(&record);
            let (tag, of) =
                (self.language.tag.as_str(), format!("record type `{}`", declared.name));
            if is_chosen || !has(&process.title, tag) && !has(&declared.title, tag) {
                continue;
            }
            let label = objects::record_type_label(process, record, &|text| in_language(text, tag));
            let label = self.fitting(&label, RECORD_TYPE_LABEL, declared.title.span, &of);
            let about = declared.about.as_ref();
            let about = about.and_then(|about| self.said(about, 255, &of));
            let element = Element::new("recordTypes").maybe("description", about);
            elements.push(element.text("label", label).text("name", api));
        }
        elements
    }

    fn rules(&mut self) -> Vec<Element> {
        let process = self.process();
        let teller = Teller::new(process, &self.language.tag);
        let mut rules: Vec<_> = self.built.rules.rules.iter().collect();
        rules.sort_by(|a, b| a.name.cmp(&b.name));
        let said = rules.into_iter().filter_map(|rule| {
            // Conditions in words are cut in the first language as well, and nobody wrote them.
            let message = shortened(&teller.translated(&rule.message)?, MESSAGE);
            let element = Element::new("validationRules").text("errorMessage", message);
            Some(element.text("name", &rule.name))
        });
        said.collect()
    }
}

/// Translations of values. Salesforce knows a value by its label, so two of one label are one.
struct Values {
    element: &'static str,
    known: FxHashSet<String>,
    elements: Vec<Element>,
}

impl Values {
    fn new(element: &'static str) -> Self {
        Self { element, known: FxHashSet::default(), elements: Vec::new() }
    }

    fn add(&mut self, label: &str, said: String) {
        if !self.known.insert(label.to_owned()) {
            return;
        }
        let element = Element::new(self.element).text("masterLabel", label);
        self.elements.push(element.text("translation", said));
    }
}

/// The label of the stage field, which Ekiden gives.
fn stage_word(language: &str) -> Option<&'static str> {
    Some(match primary_subtag(language) {
        "ko" => "단계",
        "ja" => "ステージ",
        _ => return None,
    })
}
