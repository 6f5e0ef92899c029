//! Translations: what people read in other languages. An export holds an empty translation of
//! everything that can have one; those are passed over.

use crate::drift::part::{Kind, Part};
use crate::drift::table;
use crate::import::xml::Element;

use super::{Reader, STAGE_SETS};

impl Reader<'_> {
    /// An object, with its fields in the format of the Metadata API.
    pub(super) fn object_translation(&mut self, language: &str, root: &Element) {
        for child in &root.children {
            let named = |reader: &Self| Some((reader.object.clone(), child.child("name")?));
            match child.name.as_str() {
                "fields" => self.field_translation(language, child),
                "caseValues" => {
                    let plural = if child.is("plural", "true") { "plural" } else { "name" };
                    let said = format!("{plural} of the object {} in `{language}`", self.object);
                    // Where nouns have cases, a name has many forms.
                    let forms = ["article", "caseType", "possessive"];
                    let forms: Vec<&str> =
                        forms.iter().filter_map(|form| child.child(form)).collect();
                    let forms = forms.join("/");
                    let key = format!("{language}/{}/{plural}/{forms}", self.object);
                    let about = (Kind::Object, self.object.to_lowercase());
                    self.translated(key, said, about, child);
                }
                "recordTypes" => {
                    let Some((object, name)) = named(self) else { continue };
                    let said = format!("{object} record type `{name}` in `{language}`");
                    let key = format!("{language}/{object}/record type/{name}");
                    self.translated(key, said, (Kind::RecordType, self.key(name)), child);
                }
                "validationRules" => {
                    let Some((object, name)) = named(self) else { continue };
                    let said = format!("{object} validation rule `{name}` in `{language}`");
                    let key = format!("{language}/{object}/rule/{name}");
                    self.translated(key, said, (Kind::Rule, self.key(name)), child);
                }
                _ => {}
            }
        }
    }

    pub(super) fn field_translation(&mut self, language: &str, root: &Element) {
        let Some(name) = root.child("name") else { return };
        let object = self.object.clone();
        let field = (Kind::Field, self.key(name));
        let said = format!("{object} field `{name}` in `{language}`");
        self.translated(format!("{language}/{object}/field/{name}"), said, field.clone(), root);
        for value in root.children.iter().filter(|child| child.name == "picklistValues") {
            let Some(label) = value.child("masterLabel") else { continue };
            let said = format!("option \"{label}\" of {object} field `{name}` in `{language}`");
            let key = format!("{language}/{object}/field/{name}/value");
            self.translated_value(&key, label, said, field.clone(), value);
        }
    }

    pub(super) fn stage_translation(&mut self, language: &str, set: &str, root: &Element) {
        let known = STAGE_SETS.iter().find(|known| known.0 == set);
        let Some((_, object, word)) = known else { return };
        for value in root.children.iter().filter(|child| child.name == "valueTranslation") {
            let Some(label) = value.child("masterLabel") else { continue };
            let said = format!("{word} \"{label}\" in `{language}`");
            let about = (Kind::Stage, format!("{object}/{label}"));
            self.translated_value(&format!("{language}/{object}/stage"), label, said, about, value);
        }
    }

    /// A translation of a value: the case of its label counts, that of API names does not.
    fn translated_value(
        &mut self,
        within: &str,
        label: &str,
        said: String,
        about: (Kind, String),
        element: &Element,
    ) {
        let key = format!("{}/{label}", within.to_lowercase());
        self.translation(key, said, about, element);
    }

    fn translated(&mut self, key: String, said: String, about: (Kind, String), element: &Element) {
        self.translation(key.to_lowercase(), said, about, element);
    }

    fn translation(&mut self, key: String, said: String, about: (Kind, String), element: &Element) {
        // Of two values with one label Salesforce translates both, and tells neither from the other.
        if !self.seen.insert(key.clone()) {
            return;
        }
        let mut part = Part::new(Kind::Translation, key, said, self.place(element));
        part.about = Some(about);
        if table::TRANSLATION.iter().any(|property| super::fact(element, property).is_some()) {
            self.push(part, element, table::TRANSLATION);
        }
    }
}

/// What is translated and into which language: `Lead-ko`.
pub(super) fn parts(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once('-')
}
