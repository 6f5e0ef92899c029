//! Parts that several declarations share: texts, lists of names, waivers.

use crate::source::Span;
use crate::syntax::ast::{self, LabelText, Name};

use super::super::clause::label_span;
use super::document::{Entry, Node, quoted};

/// The entries of a declaration, put in any order, taken in the order of the source.
pub(super) struct Body<'l> {
    entries: Vec<Entry>,
    language: &'l str,
}

impl<'l> Body<'l> {
    pub(super) fn new(language: &'l str) -> Self {
        Self { entries: Vec::new(), language }
    }

    pub(super) fn put(&mut self, at: Span, key: &str, value: Node) {
        self.entries.push(Entry::new(Some(at), key, value));
    }

    /// Puts a mapping that may stand on one line.
    pub(super) fn put_flow(&mut self, at: Span, key: &str, value: Node) {
        self.entries.push(Entry::new(Some(at), key, value).flow());
    }

    pub(super) fn word(&mut self, key: &str, name: &Name) {
        self.put(name.span, key, word(&name.text));
    }

    pub(super) fn text(&mut self, key: &str, text: Option<&ast::Text>) {
        if let Some(text) = text {
            self.put_flow(text.span, key, title(text, self.language));
        }
    }

    pub(super) fn names(&mut self, key: &str, list: &[Name]) {
        if let Some(first) = list.first() {
            self.put(first.span, key, names(list));
        }
    }

    pub(super) fn labels(&mut self, key: &str, list: &[LabelText]) {
        if let Some(first) = list.first() {
            self.put(label_span(first), key, labels(list, self.language));
        }
    }

    pub(super) fn waivers(&mut self, waivers: &[ast::Waive]) {
        let Some(first) = waivers.first() else { return };
        let list = waivers
            .iter()
            .map(|waive| {
                let mut entries = vec![
                    Entry::new(None, "rule", word(&waive.rule.text)),
                    Entry::new(None, "reason", title(&waive.reason, self.language)),
                ];
                if let Some(until) = waive.until {
                    entries.push(Entry::new(None, "until", Node::Raw(until.value.to_string())));
                }
                Node::Map(entries)
            })
            .collect();
        self.put(first.span, "waive", Node::List(list));
    }

    pub(super) fn sorted(mut self) -> Vec<Entry> {
        self.entries.sort_by_key(|entry| entry.at.map(|at| at.start));
        self.entries
    }
}

/// A text: alone, or by language when it is translated.
pub(super) fn title(text: &ast::Text, language: &str) -> Node {
    if text.translations.is_empty() {
        return Node::Text(text.value.clone());
    }
    let main = Entry::new(None, language, Node::Text(text.value.clone()));
    let others = text.translations.iter().map(|translation| {
        Entry::new(None, &translation.language.text, Node::Text(translation.value.clone()))
    });
    Node::Map(std::iter::once(main).chain(others).collect())
}

pub(super) fn title_entry(text: Option<&ast::Text>, language: &str) -> Option<Entry> {
    text.map(|text| Entry::new(Some(text.span), "title", title(text, language)).flow())
}

/// A name.
pub(super) fn word(name: &str) -> Node {
    Node::Text(name.to_owned())
}

/// A number.
pub(super) fn raw(number: impl std::fmt::Display) -> Node {
    Node::Raw(number.to_string())
}

pub(super) fn names(list: &[Name]) -> Node {
    match list {
        [one] => word(&one.text),
        many => Node::List(many.iter().map(|name| word(&name.text)).collect()),
    }
}

pub(super) fn labels(list: &[LabelText], language: &str) -> Node {
    let nodes = list
        .iter()
        .map(|label| match label {
            // Quotes tell a text from a word.
            LabelText::Word(name) => raw(&name.text),
            LabelText::Titled(name, of) => Node::Map(vec![
                Entry::new(None, "name", word(&name.text)),
                Entry::new(None, "title", title(of, language)),
            ]),
            LabelText::Text(text) if text.translations.is_empty() => raw(quoted(&text.value)),
            LabelText::Text(text) => title(text, language),
        })
        .collect();
    Node::List(nodes)
}
