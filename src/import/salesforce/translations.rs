//! What people read in other languages: the files of translations, by what they are of.

use std::collections::BTreeMap;

use super::super::report::{Report, code};
use super::super::translated::Said;
use super::fields::{Fields, one_line};
use super::{Element, Place};
use crate::diag::render::counted;
use crate::emit::salesforce_language;

/// Every translation of a source folder. Objects, fields and rules are known by their API names in
/// small letters, values by their labels.
#[derive(Debug, Default)]
pub(super) struct Texts {
    names: BTreeMap<String, Said>,
    labels: BTreeMap<(String, String), Said>,
    helps: BTreeMap<(String, String), Said>,
    options: BTreeMap<(String, String, String), Said>,
    /// By the value set, or by the object that has the stages.
    stages: BTreeMap<(String, String), Said>,
    rules: BTreeMap<(String, String), Said>,
    record_types: usize,
}

/// Adds a text, if there is one: of what is not translated an export has an empty element.
fn add(to: &mut Said, tag: &str, text: Option<&str>) {
    let Some(text) = text.map(one_line).filter(|text| !text.is_empty()) else { return };
    if to.iter().all(|(known, _)| known != tag) {
        to.push((tag.to_owned(), text));
        to.sort();
    }
}

impl Texts {
    /// Takes a file. What it is of and the language are told by its name: `Lead-ko`.
    pub(super) fn take(&mut self, place: &Place, root: &Element) {
        let folder = || place.path.rsplit(['/', '\\']).nth(1);
        let name = match root.name.as_str() {
            "CustomFieldTranslation" => folder(),
            _ => place.stem(),
        };
        let Some((of, language)) = name.and_then(|name| name.rsplit_once('-')) else { return };
        let tag = salesforce_language(language);
        match root.name.as_str() {
            "CustomFieldTranslation" => self.field(of, &tag, root),
            "CustomObjectTranslation" => self.object(of, &tag, root),
            _ => {
                for value in root.children.iter().filter(|value| value.name == "valueTranslation") {
                    let label = value.child("masterLabel").map(one_line).unwrap_or_default();
                    let said = self.stages.entry((of.to_owned(), label)).or_default();
                    add(said, &tag, value.child("translation"));
                }
            }
        }
    }

    fn object(&mut self, object: &str, tag: &str, root: &Element) {
        for child in &root.children {
            match child.name.as_str() {
                "fields" => self.field(object, tag, child),
                // The form that stands alone, where nouns have several.
                "caseValues" if !child.is("plural", "true") => {
                    let said = self.names.entry(object.to_owned()).or_default();
                    add(said, tag, child.child("value"));
                }
                "validationRules" => {
                    let name = child.child("name").unwrap_or_default().to_lowercase();
                    let said = self.rules.entry((object.to_owned(), name)).or_default();
                    add(said, tag, child.child("errorMessage"));
                }
                "recordTypes" => self.record_types += 1,
                _ => {}
            }
        }
    }

    fn field(&mut self, object: &str, tag: &str, root: &Element) {
        let name = root.child("name").unwrap_or_default().to_lowercase();
        let key = (object.to_owned(), name.clone());
        add(self.labels.entry(key.clone()).or_default(), tag, root.child("label"));
        add(self.helps.entry(key).or_default(), tag, root.child("help"));
        for value in root.children.iter().filter(|child| child.name == "picklistValues") {
            let label = value.child("masterLabel").map(one_line).unwrap_or_default();
            let key = (object.to_owned(), name.clone(), label);
            add(self.options.entry(key).or_default(), tag, value.child("translation"));
        }
    }

    /// Forgets the language that the other texts are in.
    pub(super) fn forget(&mut self, tag: &str) {
        let all = self.names.values_mut().chain(self.labels.values_mut());
        let all = all.chain(self.helps.values_mut()).chain(self.options.values_mut());
        for said in all.chain(self.stages.values_mut()).chain(self.rules.values_mut()) {
            said.retain(|(known, _)| known != tag);
        }
    }

    /// Gives the fields of an object their texts. `set` is the value set of a field, if it has one.
    pub(super) fn translate(&self, object: &str, fields: &mut Fields) {
        for field in &mut fields.0 {
            let name = field.api.to_lowercase();
            let key = (object.to_owned(), name.clone());
            field.labels = self.labels.get(&key).cloned().unwrap_or_default();
            field.helps = self.helps.get(&key).cloned().unwrap_or_default();
            for option in &mut field.options {
                let key = (object.to_owned(), name.clone(), option.label.clone());
                let own = self.options.get(&key);
                option.labels.extend(own.into_iter().flatten().cloned());
                option.labels.sort();
                option.labels.dedup_by(|a, b| a.0 == b.0);
            }
        }
    }

    /// The texts of a value of a set.
    pub(super) fn value(&self, set: &str, label: &str) -> Said {
        self.stages.get(&(set.to_owned(), label.to_owned())).cloned().unwrap_or_default()
    }

    /// The texts of a stage.
    pub(super) fn stage(&self, object: &str, label: &str) -> Said {
        match object {
            "Lead" => self.value("LeadStatus", label),
            "Opportunity" => self.value("OpportunityStage", label),
            object => {
                let key = (object.to_owned(), "stage__c".to_owned(), label.to_owned());
                self.options.get(&key).cloned().unwrap_or_default()
            }
        }
    }

    /// The texts of the name of an object.
    pub(super) fn name(&self, object: &str) -> Said {
        self.names.get(object).cloned().unwrap_or_default()
    }

    /// The messages of a rule.
    pub(super) fn rule(&self, object: &str, rule: &str) -> Said {
        self.rules.get(&(object.to_owned(), rule.to_lowercase())).cloned().unwrap_or_default()
    }

    /// Tells what is not read.
    pub(super) fn tell(&self, report: &mut Report) {
        if self.record_types > 0 {
            let text = format!(
                "{} of the labels of record types: {} is what a build calls them by",
                counted(self.record_types, "translation"),
                code("record_types")
            );
            report.dropped("the whole", text);
        }
    }
}
