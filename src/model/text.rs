//! Texts for people, in the languages of the process.

use crate::source::Span;

/// A text and its translations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// In the first language of the process.
    pub value: String,
    /// Language tag and text, in source order.
    pub translations: Vec<(String, String)>,
    /// Whether it was made from a name, because the source gives no title.
    pub derived: bool,
    /// Where it stands, or the name it was made from.
    pub span: Span,
}

impl Text {
    /// A title made from a name: `inside_sales` gives `Inside sales`.
    pub fn from_name(name: &str, span: Span) -> Self {
        let spaced = name.replace('_', " ");
        let mut chars = spaced.chars();
        let value = chars.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(chars).collect::<String>()
        });
        Self { value, translations: Vec::new(), derived: true, span }
    }

    /// The text in `language`, or in the first language when there is no translation.
    pub fn get(&self, language: &str) -> &str {
        self.translation(language).unwrap_or(&self.value)
    }

    /// The translation into `language`, if the source gives one.
    pub fn translation(&self, language: &str) -> Option<&str> {
        self.translations.iter().find(|(tag, _)| tag == language).map(|(_, text)| text.as_str())
    }
}
