//! Texts in several languages.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::syntax::dsl::is_hidden;
use crate::syntax::print::quoted;

/// The tags of other languages and the text in each, in the order of the tags.
pub(crate) type Said = Vec<(String, String)>;

/// What a text is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Of {
    /// The title of the record type.
    Record,
    /// The title of the stage that has this title.
    Stage(String),
    /// The title of the field of this name.
    Field(String),
    /// The help of the field of this name.
    Help(String),
    /// The text of the criterion that has this text.
    Criterion(String),
}

/// The translations of an import.
#[derive(Debug, Default)]
pub(crate) struct Translations {
    /// By the place of the pipeline.
    texts: FxHashMap<(usize, Of), Said>,
    /// The languages that occur.
    pub(crate) languages: BTreeSet<String>,
}

impl Translations {
    /// Takes the translations of a text.
    pub(crate) fn add(&mut self, pipeline: usize, of: Of, said: &Said) {
        if said.is_empty() {
            return;
        }
        self.languages(said);
        self.texts.insert((pipeline, of), said.clone());
    }

    /// Takes note of the languages of texts that stand elsewhere.
    pub(crate) fn languages(&mut self, said: &Said) {
        self.languages.extend(said.iter().map(|(tag, _)| tag.clone()));
    }

    /// The text in quotes, and its translations behind it.
    pub(crate) fn quoted(&self, text: &str, pipeline: usize, of: Of) -> String {
        let said = self.texts.get(&(pipeline, of));
        titled(text, said.map_or(&[][..], Vec::as_slice))
    }
}

/// The text in quotes, and its translations behind it.
pub(crate) fn titled(text: &str, said: &[(String, String)]) -> String {
    let mut out = quoted(text);
    for (tag, other) in said {
        let other: String = other.chars().filter(|letter| !is_hidden(*letter)).collect();
        out.push_str(&format!(" {tag} {}", quoted(&other)));
    }
    out
}
