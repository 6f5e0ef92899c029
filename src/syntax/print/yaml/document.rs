//! A small YAML document: mappings and lists with the place each entry came from.
//!
//! Written by hand rather than by a serialiser, because comments must find their place. Scalars
//! are quoted whenever a reader of YAML 1.1 or 1.2 could take them for anything but the text.

use crate::source::Span;

use super::super::lines::Line;

/// Columns a flow collection may take.
const WIDTH: usize = 100;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Written as it is: numbers, `true`.
    Raw(String),
    /// A text, quoted if it must be.
    Text(String),
    /// A list; short ones stand on one line.
    List(Vec<Node>),
    /// A mapping; short ones inside lists and of texts stand on one line.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Where in source it came from.
    pub(super) at: Option<Span>,
    pub(super) key: String,
    pub(super) value: Node,
    /// May stand on one line when it fits.
    pub(super) flow: bool,
}

impl Entry {
    pub(super) fn new(at: Option<Span>, key: impl Into<String>, value: Node) -> Self {
        Self { at, key: key.into(), value, flow: false }
    }

    #[must_use]
    pub(super) fn flow(mut self) -> Self {
        self.flow = true;
        self
    }
}

/// The entries as lines.
pub(super) fn entries(entries: &[Entry], depth: usize, lines: &mut Vec<Line>) {
    for entry in entries {
        let key = scalar(&entry.key, false);
        value(entry.at, &format!("{key}:"), &entry.value, entry.flow, depth, lines);
    }
}

fn value(
    at: Option<Span>,
    head: &str,
    node: &Node,
    flow: bool,
    depth: usize,
    lines: &mut Vec<Line>,
) {
    let room = WIDTH.saturating_sub(depth * 2 + width(head) + 1);
    match node {
        Node::Raw(text) => lines.push(Line::new(at, depth, format!("{head} {text}"))),
        Node::Text(text) if is_block(text) => {
            lines.push(Line { at, depth, text: format!("{head} |-"), inside: true });
            for line in text.lines() {
                lines.push(Line {
                    at: None,
                    depth: depth + 1,
                    text: line.to_owned(),
                    inside: true,
                });
            }
        }
        Node::Text(text) => {
            lines.push(Line::new(at, depth, format!("{head} {}", scalar(text, false))))
        }
        Node::List(items) if items.is_empty() => {
            lines.push(Line::new(at, depth, format!("{head} []")));
        }
        Node::Map(items) if items.is_empty() => {
            lines.push(Line::new(at, depth, format!("{head} {{}}")));
        }
        Node::List(items) => match in_flow(node).filter(|text| width(text) <= room) {
            Some(text) => lines.push(Line::new(at, depth, format!("{head} {text}"))),
            None => {
                lines.push(Line::new(at, depth, head));
                for item in items {
                    list_item(item, depth + 1, lines);
                }
            }
        },
        Node::Map(items) => match in_flow(node).filter(|text| flow && width(text) <= room) {
            Some(text) => lines.push(Line::new(at, depth, format!("{head} {text}"))),
            None => {
                lines.push(Line::new(at, depth, head));
                entries(items, depth + 1, lines);
            }
        },
    }
}

/// An item of a block list. The first line of a mapping stands behind the dash.
pub(super) fn list_item(node: &Node, depth: usize, lines: &mut Vec<Line>) {
    let flow = in_flow(node).filter(|text| width(text) + depth * 2 + 2 <= WIDTH);
    match (node, flow) {
        (_, Some(text)) => lines.push(Line::new(None, depth, format!("- {text}"))),
        (Node::Map(items), None) => {
            let first = lines.len();
            entries(items, depth + 1, lines);
            if let Some(line) = lines.get_mut(first) {
                line.text.insert_str(0, "- ");
                line.depth = depth;
            }
        }
        (other, None) => value(None, "-", other, false, depth, lines),
    }
}

/// The node on one line, unless it holds a text of several lines.
fn in_flow(node: &Node) -> Option<String> {
    match node {
        Node::Raw(text) => Some(text.clone()),
        Node::Text(text) if text.contains('\n') => None,
        Node::Text(text) => Some(scalar(text, true)),
        Node::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(in_flow).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Node::Map(items) => {
            let items: Option<Vec<String>> = items
                .iter()
                .map(|entry| {
                    Some(format!("{}: {}", scalar(&entry.key, true), in_flow(&entry.value)?))
                })
                .collect();
            Some(format!("{{{}}}", items?.join(", ")))
        }
    }
}

fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// A text of several lines that a literal block holds exactly.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && !text.ends_with('\n')
        && text.lines().all(|line| line.trim_end() == line)
        && text.chars().all(|c| c == '\n' || is_printable(c))
}

fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}')
}

/// A text on one line.
fn scalar(text: &str, flow: bool) -> String {
    if is_plain(text, flow) {
        return text.to_owned();
    }
    quoted(text)
}

/// A text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Whether every reader takes the bare text for itself. On the safe side: what merely might be
/// taken for a number, a date or a truth value, in YAML 1.1 or 1.2, is quoted.
fn is_plain(text: &str, flow: bool) -> bool {
    let lower = text.to_ascii_lowercase();
    let word = matches!(
        lower.as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "nan" | "inf"
    );
    let first = text.chars().next();
    let begins = first.is_some_and(|c| c.is_alphabetic() || c == '_');
    // A duration such as `30d`, a percentage, a date: text to every reader, as they end in letters
    // or are read as text by Ekiden whatever their type.
    let measure = first.is_some_and(|c| c.is_ascii_digit())
        && (lower.ends_with(|c: char| c.is_ascii_alphabetic()) || lower.ends_with('%'))
        && !lower.starts_with("0x")
        && !lower.starts_with("0o")
        && !lower.contains('e')
        || lower.contains(" business ") && begins | first.is_some_and(|c| c.is_ascii_digit());
    let inner = |c: char| {
        c.is_alphanumeric()
            || (!c.is_ascii() && is_printable(c) && !c.is_whitespace())
            || matches!(
                c,
                ' ' | '_' | '-' | '.' | '/' | '(' | ')' | '%' | '+' | '<' | '>' | '=' | '\''
            )
            || (!flow && matches!(c, ',' | ';' | '?' | '!' | '"'))
    };
    !word && (begins || measure) && text.chars().all(inner) && text.trim() == text
}
