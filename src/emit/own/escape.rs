//! How a text is written into each kind of file, so that it stays the text it is.

use crate::emit::docs;
use crate::emit::handbook::prose::one_line;
use crate::emit::site;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Format {
    Html,
    Xml,
    Markdown,
    Csv,
    Tsv,
    Json,
    Sql,
    Slack,
    Plain,
}

/// Every kind with its word in the manifest, and the endings of files that are of it.
pub(super) const FORMATS: &[(&str, Format, &[&str])] = &[
    ("html", Format::Html, &["html", "htm", "xhtml"]),
    ("xml", Format::Xml, &["xml", "svg"]),
    ("markdown", Format::Markdown, &["md", "markdown"]),
    ("csv", Format::Csv, &["csv"]),
    ("tsv", Format::Tsv, &["tsv"]),
    ("json", Format::Json, &["json", "yaml", "yml"]),
    ("sql", Format::Sql, &["sql"]),
    ("slack", Format::Slack, &["slack"]),
    ("plain", Format::Plain, &["txt", "text"]),
];

impl Format {
    /// The kind of files with this ending.
    pub(super) fn of_ending(ending: &str) -> Option<Self> {
        let is = |(_, _, endings): &&(&str, Format, &[&str])| {
            endings.iter().any(|known| ending.eq_ignore_ascii_case(known))
        };
        FORMATS.iter().find(is).map(|(_, format, _)| *format)
    }

    /// The kind that the manifest calls so.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        FORMATS.iter().find(|(known, ..)| *known == word).map(|(_, format, _)| *format)
    }

    /// How a text becomes a part of such a file.
    pub(super) fn escape(self) -> fn(&str) -> String {
        match self {
            Format::Html => site::escape_html,
            Format::Xml => xml,
            Format::Markdown => docs::escape_markdown,
            Format::Csv => csv,
            Format::Tsv => tsv,
            Format::Json => json,
            Format::Sql => sql,
            Format::Slack => slack,
            Format::Plain => one_line,
        }
    }
}

/// Text of an element or a quoted attribute; line breaks stay. XML has no way to write most control
/// characters.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A whole cell, in quotes. A text that a table program would take for a formula begins with an
/// apostrophe.
fn csv(text: &str) -> String {
    format!("\"{}\"", guarded(text).replace('"', "\"\""))
}

/// A whole cell, which cannot hold a tab or a line break.
fn tsv(text: &str) -> String {
    guarded(&one_line(text))
}

fn guarded(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// A whole string, in quotes; YAML reads it the same.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A whole literal of standard SQL, in quotes.
fn sql(text: &str) -> String {
    format!("'{}'", text.replace('\0', " ").replace('\'', "''"))
}

/// The three signs that Slack asks to be escaped.
fn slack(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_escapes_what_is_special_there_and_nothing_else() {
        let text = "<b> \"a\" & 'b' | c\nd";
        let of = |format: Format| (format.escape())(text);
        assert_eq!(of(Format::Html), "&lt;b&gt; &quot;a&quot; &amp; &#39;b&#39; | c d");
        assert_eq!(of(Format::Xml), "&lt;b&gt; &quot;a&quot; &amp; &apos;b&apos; | c\nd");
        assert_eq!(of(Format::Markdown), "\\<b> \"a\" & 'b' \\| c d");
        assert_eq!(of(Format::Csv), "\"<b> \"\"a\"\" & 'b' | c\nd\"");
        assert_eq!(of(Format::Tsv), "<b> \"a\" & 'b' | c d");
        assert_eq!(of(Format::Json), r#""<b> \"a\" & 'b' | c\nd""#);
        assert_eq!(of(Format::Sql), "'<b> \"a\" & ''b'' | c\nd'");
        assert_eq!(of(Format::Slack), "&lt;b&gt; \"a\" &amp; 'b' | c d");
        assert_eq!(of(Format::Plain), "<b> \"a\" & 'b' | c d");
    }

    #[test]
    fn formulas_are_text_in_tables() {
        for text in ["=1+1", "+1", "-1", "@x"] {
            assert_eq!(csv(text), format!("\"'{text}\""));
            assert_eq!(tsv(text), format!("'{text}"));
        }
    }
}
