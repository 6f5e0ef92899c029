//! Texts and their languages.

use crate::diag::{Diagnostic, closest, codes};
use crate::model::{Label, Text};
use crate::source::Span;
use crate::syntax::ast::{self, LabelText, Name};
use crate::syntax::habits;

use super::Lowering;

impl Lowering<'_, '_> {
    pub(in crate::sema) fn text(&mut self, text: &ast::Text) -> Text {
        let mut translations: Vec<(String, String)> = Vec::with_capacity(text.translations.len());
        for translation in &text.translations {
            let tag = &translation.language;
            if translations.iter().any(|(known, _)| *known == tag.text) {
                self.findings.push(Diagnostic::new(
                    codes::DUPLICATE_PROPERTY,
                    tag.span,
                    format!("two translations into `{tag}`"),
                ));
                continue;
            }
            if !self.used_languages.contains_key(&tag.text) {
                self.used_languages.insert(tag.text.clone(), tag.span);
            }
            translations.push((tag.text.clone(), translation.value.clone()));
        }
        let value = self.in_first_language(text.value.clone(), &mut translations);
        Text { value, translations, derived: false, span: text.span }
    }

    /// In YAML a text is a mapping whose first key need not be the first language of a process
    /// that another file declares. The untagged text is then in the one language left.
    fn in_first_language(&self, value: String, translations: &mut Vec<(String, String)>) -> String {
        let declared = self.names.process.map_or(&[][..], |process| &process.languages);
        let tagged = |tag: &str, all: &[(String, String)]| all.iter().position(|(t, _)| t == tag);
        let main = declared.first().and_then(|first| tagged(&first.text, translations));
        let mut left = declared.iter().filter(|name| tagged(&name.text, translations).is_none());
        let (Some(main), Some(language), None) = (main, left.next(), left.next()) else {
            return value;
        };
        let (_, first) = translations.remove(main);
        translations.insert(0, (language.text.clone(), value));
        first
    }

    pub(super) fn maybe_text(&mut self, text: Option<&ast::Text>) -> Option<Text> {
        text.map(|text| self.text(text))
    }

    /// The title, or one made from the name.
    pub(super) fn title(&mut self, title: Option<&ast::Text>, name: &Name) -> Text {
        match title {
            Some(title) => self.text(title),
            None => Text::from_name(&name.text, name.span),
        }
    }

    pub(super) fn labels(&mut self, labels: &[LabelText]) -> Vec<Label> {
        labels
            .iter()
            .map(|label| match label {
                LabelText::Word(name) => Label {
                    name: Some(name.text.clone()),
                    title: Text::from_name(&name.text, name.span),
                },
                LabelText::Titled(name, title) => {
                    Label { name: Some(name.text.clone()), title: self.text(title) }
                }
                LabelText::Text(text) => Label { name: None, title: self.text(text) },
            })
            .collect()
    }

    /// Sets the languages of the process, or checks that texts keep to those it declares.
    pub(super) fn check_languages(&mut self) {
        let written = self.names.process.map_or(&[][..], |process| &process.languages);
        let mut tags: Vec<(&str, Span)> =
            written.iter().map(|name| (name.text.as_str(), name.span)).collect();
        for (tag, span) in &self.used_languages {
            if !written.iter().any(|name| name.text == *tag) {
                tags.push((tag, *span));
            }
        }
        let countries: Vec<Diagnostic> =
            tags.iter().filter_map(|(tag, span)| country(tag, *span)).collect();
        self.findings.extend(countries);
        // Nothing more is said of a language that was meant otherwise.
        let is_meant = |tag: &String| habits::language(tag).is_none();
        if self.process.languages.iter().any(is_meant) {
            self.process.languages.retain(is_meant);
        }
        if written.is_empty() {
            for tag in self.used_languages.keys() {
                if !self.process.languages.contains(tag) && habits::language(tag).is_none() {
                    self.process.languages.push(tag.clone());
                }
            }
            return;
        }
        for (tag, span) in &self.used_languages {
            if self.process.languages.contains(tag) || habits::language(tag).is_some() {
                continue;
            }
            let known = self.process.languages.iter().map(String::as_str);
            let help = match closest(tag, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add `{tag}` to `languages` of the process"),
            };
            self.findings.push(
                Diagnostic::new(
                    codes::UNKNOWN_NAME,
                    *span,
                    format!("`{tag}` is not a language of this process"),
                )
                .help(help),
            );
        }
    }
}

/// The finding for a language that is called by its country.
fn country(tag: &str, span: Span) -> Option<Diagnostic> {
    let meant = habits::language(tag)?;
    let fact = match meant.own_region {
        None if tag.contains('-') => format!("`{tag}` is not the tag of a language"),
        None => format!("`{tag}` is a country and no language"),
        Some(_) => format!("`{tag}` is hardly the language that is meant"),
    };
    let mut help = format!("write `{}` for {}, here and with each text", meant.code, meant.name);
    if let Some((own, region)) = meant.own_region {
        help.push_str(&format!("; for {own} write `{region}`"));
    }
    Some(Diagnostic::new(codes::INVALID_LITERAL, span, fact).help(help))
}
