//! What the text between quotes stands for: escapes, common indentation.

use std::ops::Range;

/// An escape that stands for no character, or for one that no text may hold.
pub(super) struct BadEscape {
    /// Its bytes in the text between the quotes.
    pub(super) at: Range<usize>,
    /// The character that no text may hold.
    pub(super) hidden: Option<char>,
}

/// The value of a text with its quotes; escapes that mean nothing are left out.
pub(super) fn string_value(raw: &str) -> String {
    let long = raw.strip_prefix("\"\"\"").and_then(|raw| raw.strip_suffix("\"\"\""));
    match long {
        Some(inner) => dedent(inner),
        None => unescape(raw.get(1..raw.len().saturating_sub(1)).unwrap_or("")).0,
    }
}

/// Whether `letter` is a control character (tabs and line breaks aside) or turns the direction of
/// writing: nobody sees it, and no system that the text goes to is sure to take it.
pub(crate) fn is_hidden(letter: char) -> bool {
    (letter.is_control() && !matches!(letter, '\n' | '\t' | '\r'))
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What is said about a character that [`is_hidden`].
pub(in crate::syntax) fn hidden_fact(letter: char) -> String {
    let what = if letter.is_control() {
        "a control character"
    } else {
        "a character that turns the direction of writing"
    };
    format!("the text holds {what}, U+{:04X}", u32::from(letter))
}

/// The value of the text between two quotes.
pub(super) fn unescape(inner: &str) -> (String, Vec<BadEscape>) {
    if !inner.contains('\\') {
        return (inner.to_owned(), Vec::new());
    }
    let mut value = String::with_capacity(inner.len());
    let mut faults = Vec::new();
    let mut rest = inner.char_indices();
    while let Some((at, letter)) = rest.next() {
        if letter != '\\' {
            value.push(letter);
            continue;
        }
        let Some((escape_at, escape)) = rest.next() else { break };
        match escape {
            '"' | '\\' => value.push(escape),
            'n' => value.push('\n'),
            't' => value.push('\t'),
            'r' => value.push('\r'),
            'u' => {
                let hex: String = rest
                    .as_str()
                    .strip_prefix('{')
                    .and_then(|tail| tail.split_once('}'))
                    .map(|(hex, _)| hex.to_owned())
                    .unwrap_or_default();
                let code = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32);
                let length = if hex.is_empty() { 0 } else { hex.chars().count() + 2 };
                for _ in 0..length {
                    rest.next();
                }
                match code {
                    Some(letter) if !is_hidden(letter) => value.push(letter),
                    hidden => faults.push(BadEscape { at: at..rest.offset(), hidden }),
                }
            }
            _ => {
                let at = at..escape_at + escape.len_utf8();
                faults.push(BadEscape { at, hidden: None });
            }
        }
    }
    (value, faults)
}

/// The value of the text between two `"""`: without the line break after the opening quotes,
/// without the line break and white space before the closing ones when they stand on a line of
/// their own, and without the indentation that all lines share. Line breaks become `\n`.
pub(super) fn dedent(inner: &str) -> String {
    if !inner.contains('\n') {
        return inner.to_owned();
    }
    let blank = |line: &str| line.trim_matches([' ', '\t', '\r']).is_empty();
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let lines: Vec<&str> =
        inner.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
    let (first, rest) = match lines.split_first() {
        Some((first, rest)) => (*first, rest),
        None => return String::new(),
    };
    let (last, middle) = match rest.split_last() {
        Some((last, middle)) => (*last, middle),
        None => return first.to_owned(),
    };
    let common = middle
        .iter()
        .copied()
        .chain([last])
        .filter(|line| !blank(line))
        .map(indentation)
        .min()
        .unwrap_or(0);
    let mut value = String::with_capacity(inner.len());
    if !blank(first) {
        value.push_str(first);
        value.push('\n');
    }
    for line in middle {
        if !blank(line) {
            value.push_str(line.get(common..).unwrap_or(""));
        }
        value.push('\n');
    }
    if blank(last) {
        value.pop();
    } else {
        value.push_str(last.get(common..).unwrap_or(""));
    }
    value
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests may fail loudly")]
mod tests {
    use super::{dedent, unescape};

    #[test]
    fn escapes_give_their_characters() {
        let (value, faults) = unescape(r#"say \"hi\"\n\ttab \\ \u{30ea}"#);
        assert_eq!(value, "say \"hi\"\n\ttab \\ リ");
        assert!(faults.is_empty());
    }

    #[test]
    fn unknown_escapes_are_found_where_they_stand() {
        let inner = r"a\d é\u{d800} \u12";
        let (_, faults) = unescape(inner);
        let found: Vec<&str> = faults.iter().map(|fault| &inner[fault.at.clone()]).collect();
        assert_eq!(found, [r"\d", r"\u{d800}", r"\u"]);
    }

    #[test]
    fn long_texts_lose_common_indentation_only() {
        assert_eq!(dedent("one line"), "one line");
        assert_eq!(dedent("\n    # Head\n\n      code\n    end\n  "), "# Head\n\n  code\nend");
        assert_eq!(dedent("first\n  second\n   third"), "first\nsecond\n third");
        assert_eq!(dedent("\r\n  a\r\n  b\r\n"), "a\nb");
        assert_eq!(dedent("\n  a\n \t\n  b"), "a\n\nb");
    }
}
