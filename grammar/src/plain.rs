//! The parser that `build.rs` writes: it tells what is there, and not what was expected.

use std::rc::Rc;

use crate::Rule;
use crate::pairs::{Node, Pairs};

// One function for each rule.
#[allow(
    clippy::all,
    clippy::pedantic,
    non_snake_case,
    unused_parens,
    reason = "written by a program"
)]
mod rules {
    use super::{Parser, Rule};

    include!(concat!(env!("OUT_DIR"), "/rules.rs"));
}

/// How deep rules may nest in themselves: the parser needs stack for every level.
const MAX_DEPTH: usize = 1000;

/// Room is made for so many pairs at once: for those of a text of usual length, no more than there are
/// bytes for, since of a long text only the beginning may be read.
const ROOM: usize = 4096;

/// What [`Parser::peek`] gives at the end of the text.
const END: u16 = 256;

/// Parses a text by a rule that no other rule uses. The rule must tell where the text ends, if it
/// is to be read whole. `None` if the text does not follow it, or is nested too deeply to be read.
pub fn read(rule: Rule, text: &str) -> Option<Pairs<'_>> {
    // Places are kept in four bytes.
    u32::try_from(text.len()).ok()?;
    let mut parser = Parser {
        text,
        bytes: text.as_bytes(),
        at: 0,
        nodes: Vec::with_capacity(ROOM.min(text.len() / 4)),
        depth: 0,
        is_too_deep: false,
    };
    let follows = rules::entry(&mut parser, rule);
    (follows && !parser.is_too_deep).then(|| Pairs::all(Rc::new(parser.nodes), text))
}

/// A place to come back to.
#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    nodes: usize,
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    nodes: Vec<Node>,
    depth: usize,
    is_too_deep: bool,
}

impl Parser<'_> {
    #[inline]
    fn peek(&self) -> u16 {
        self.bytes.get(self.at).map_or(END, |byte| u16::from(*byte))
    }

    #[inline]
    fn mark(&self) -> Mark {
        Mark { at: self.at, nodes: self.nodes.len() }
    }

    /// Goes back. It is the end of what did not match, so it says so.
    #[inline]
    fn back(&mut self, mark: Mark) -> bool {
        self.at = mark.at;
        self.nodes.truncate(mark.nodes);
        false
    }

    /// What `inside` matches, as a pair.
    #[inline]
    fn pair(&mut self, rule: Rule, inside: impl FnOnce(&mut Self) -> bool) -> bool {
        let index = self.nodes.len();
        // `read` has seen that places fit.
        let start = self.at as u32;
        self.nodes.push(Node { rule, start, end: start, next: 0 });
        if !inside(self) {
            self.nodes.truncate(index);
            return false;
        }
        let (end, next) = (self.at as u32, self.nodes.len() as u32);
        if let Some(node) = self.nodes.get_mut(index) {
            node.end = end;
            node.next = next;
        }
        true
    }

    /// What may nest in itself.
    fn nested(&mut self, inside: impl FnOnce(&mut Self) -> bool) -> bool {
        if self.depth == MAX_DEPTH {
            self.is_too_deep = true;
        }
        if self.is_too_deep {
            return false;
        }
        self.depth += 1;
        let found = inside(self);
        self.depth -= 1;
        found
    }

    /// The white space between two parts; there may be none.
    #[inline]
    fn space(&mut self) -> bool {
        while rules::token_WHITESPACE(self) {}
        true
    }

    #[inline]
    fn byte(&mut self, byte: u8) -> bool {
        self.byte_is(|next| next == byte)
    }

    #[inline]
    fn byte_is(&mut self, is: impl FnOnce(u8) -> bool) -> bool {
        let found = self.bytes.get(self.at).is_some_and(|byte| is(*byte));
        self.at += usize::from(found);
        found
    }

    /// Goes on by a byte that was seen.
    #[inline]
    fn skip_byte(&mut self) -> bool {
        self.at += 1;
        true
    }

    #[inline]
    fn text(&mut self, text: &str) -> bool {
        let found = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(text.as_bytes()));
        if found {
            self.at += text.len();
        }
        found
    }

    #[inline]
    fn is_at_start(&self) -> bool {
        self.at == 0
    }

    #[inline]
    fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    #[inline]
    fn any(&mut self) -> bool {
        self.letter(|_| true, |_| true)
    }

    #[inline]
    fn starts_word(&mut self) -> bool {
        self.letter(|byte| byte.is_ascii_alphabetic(), pest::unicode::XID_START)
    }

    #[inline]
    fn continues_word(&mut self) -> bool {
        self.letter(
            |byte| byte.is_ascii_alphanumeric() || byte == b'_',
            pest::unicode::XID_CONTINUE,
        )
    }

    /// A character: of ASCII, or another.
    #[inline]
    fn letter(&mut self, ascii: impl FnOnce(u8) -> bool, other: impl FnOnce(char) -> bool) -> bool {
        let Some(byte) = self.bytes.get(self.at) else { return false };
        if byte.is_ascii() {
            let found = ascii(*byte);
            self.at += usize::from(found);
            return found;
        }
        let next = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        let Some(letter) = next.filter(|letter| other(*letter)) else { return false };
        self.at += letter.len_utf8();
        true
    }

    /// Goes on to the nearest of these texts, or to the end.
    fn until(&mut self, texts: &[&str]) -> bool {
        let found = |at: &usize| {
            let rest = self.bytes.get(*at..).unwrap_or(&[]);
            texts.iter().any(|text| rest.starts_with(text.as_bytes()))
        };
        // Where a text begins, a character begins.
        self.at = (self.at..self.bytes.len()).find(found).unwrap_or(self.bytes.len());
        true
    }
}
