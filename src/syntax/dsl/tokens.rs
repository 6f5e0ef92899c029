//! The words and signs of a region that could not be parsed, for saying what is wrong with it.

use std::ops::Range;

use super::split::{comment_end, string_end};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or keyword, in any script.
    Word,
    /// Digits and what is glued to them: `40`, `2d`, `2026-04-01`, `09:00`, `60%`.
    Number,
    /// A text in quotes.
    Text,
    /// A text whose closing quotes are missing.
    Unclosed,
    /// A sign, or a run of signs that other languages write as one operator.
    Sign,
}

/// A token and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Its bytes in the text.
    pub(super) at: Range<usize>,
}

impl Token {
    /// The characters of the token.
    pub(super) fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.at.clone()).unwrap_or("")
    }
}

/// Signs that are one operator somewhere.
const SIGNS: &[&str] = &[
    "===", "!==", "<=>", "==", "!=", "<>", "<=", ">=", "=>", "=<", "&&", "||", "//", "--", "->",
    ":=",
];

/// The tokens of `range`, without white space and comments.
pub(super) fn tokens(text: &str, range: Range<usize>) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let rest = text.get(at..range.end).unwrap_or("");
        let Some(first) = rest.chars().next() else { break };
        let start = at;
        let kind = if matches!(first, ' ' | '\t' | '\r' | '\n') {
            at += first.len_utf8();
            continue;
        } else if first == '#' {
            at = comment_end(text, start).min(range.end);
            continue;
        } else if first == '"' {
            let (end, closed) = string_end(text, start);
            at = end.min(range.end);
            if closed { Kind::Text } else { Kind::Unclosed }
        } else if first.is_ascii_digit() {
            at += number_length(rest);
            Kind::Number
        } else if is_word(first) {
            at += rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            Kind::Word
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            at += sign.map_or(first.len_utf8(), |sign| sign.len());
            Kind::Sign
        };
        found.push(Token { kind, at: start..at });
    }
    found
}

/// Whether `letter` may stand in a word.
pub(super) fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

/// Length of the number at the start of `text`, with what is glued to it.
fn number_length(text: &str) -> usize {
    let mut length = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let more = letters.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        let inside =
            is_word(letter) || letter == '%' || (matches!(letter, '.' | ':' | '-' | '/') && more);
        if !inside {
            break;
        }
        length = at + letter.len_utf8();
    }
    length
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn glues_what_people_read_as_one() {
        let text = "advance 2026-04-01 40% 2d && \"a b\" リード=>x # end\n;";
        let words: Vec<&str> = tokens(text, 0..text.len()).iter().map(|t| t.of(text)).collect();
        assert_eq!(
            words,
            ["advance", "2026-04-01", "40%", "2d", "&&", "\"a b\"", "リード", "=>", "x", ";"]
        );
    }
}
