//! A quick look over the text before it is parsed: its comments, where it can be cut into pieces
//! that are parsed in parallel, and where parentheses nest too deeply to be parsed at all.

use std::borrow::Cow;
use std::ops::Range;

use super::blocks::{DECLARATION_WORDS, RESERVED_WORDS};
use super::parser::{Rule, read};

/// Pieces are at least this long, in bytes: starting the parser costs little against reading this. In
/// shorter ones more findings would be told of a text that is hardly a process.
const PIECE: usize = 64 * 1024;

/// How deep parentheses may nest. The parser needs stack for every level.
const MAX_NESTING: usize = 64;

/// What the look over a text found.
#[derive(Debug, Default)]
pub(in crate::syntax) struct Scan {
    /// The comments, from `#` to the end of the line, in order.
    pub(in crate::syntax) comments: Vec<Range<usize>>,
    /// Outermost parentheses, with all that is in them, that nest too deeply; in order.
    pub(super) deep: Vec<Range<usize>>,
    /// One past each `}` that ends a block at the outermost level. Empty when braces or quotes do
    /// not balance: only the grammar can tell what belongs together then.
    ends: Vec<usize>,
}

/// Looks over `text` once, by the lexical rules of the grammar.
pub(in crate::syntax) fn scan(text: &str) -> Scan {
    let bytes = text.as_bytes();
    let mut found = Scan::default();
    let mut balanced = true;
    let mut braces = 0_usize;
    let mut parentheses = Parentheses::default();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'"' => {
                let (end, closed) = string_end(text, start);
                at = end;
                balanced &= closed;
            }
            b'#' => {
                at = comment_end(text, start);
                found.comments.push(start..at);
            }
            b'(' => parentheses.open(start),
            b')' => parentheses.close(at, &mut found.deep),
            b'{' => {
                parentheses.end(start, &mut found.deep);
                braces += 1;
            }
            b'}' => {
                parentheses.end(start, &mut found.deep);
                balanced &= braces > 0;
                braces = braces.saturating_sub(1);
                if braces == 0 {
                    found.ends.push(at);
                }
            }
            _ => {}
        }
    }
    parentheses.end(bytes.len(), &mut found.deep);
    if !balanced || braces > 0 {
        found.ends.clear();
    }
    found
}

/// How deep the parentheses are that the scan is in.
#[derive(Default)]
struct Parentheses {
    first: usize,
    depth: usize,
    deepest: usize,
}

impl Parentheses {
    fn open(&mut self, at: usize) {
        if self.depth == 0 {
            self.first = at;
            self.deepest = 0;
        }
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    fn close(&mut self, end: usize, deep: &mut Vec<Range<usize>>) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            self.end(end, deep);
        }
    }

    /// Forgets parentheses that are still open: they cannot reach over a brace.
    fn end(&mut self, end: usize, deep: &mut Vec<Range<usize>>) {
        if self.deepest > MAX_NESTING {
            deep.push(self.first..end);
        }
        *self = Self::default();
    }
}

/// One past the string that begins at `start`, and whether it is closed. One that is not ends with
/// its line.
pub(super) fn string_end(text: &str, start: usize) -> (usize, bool) {
    let rest = text.get(start..).unwrap_or("");
    if let Some(inner) = rest.strip_prefix("\"\"\"") {
        return match inner.find("\"\"\"") {
            Some(length) => (start + length + 6, true),
            None => (line_end(text, start), false),
        };
    }
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return (at + 1, true),
            b'\n' => return (at, false),
            b'\\' if bytes.get(at + 1) != Some(&b'\n') => at += 2,
            _ => at += 1,
        }
    }
    (bytes.len(), false)
}

/// The end of the line that holds the byte at `start`, without its line break.
pub(super) fn line_end(text: &str, start: usize) -> usize {
    let rest = text.as_bytes().get(start..).unwrap_or(&[]);
    rest.iter().position(|byte| *byte == b'\n').map_or(text.len(), |length| start + length)
}

/// One past the comment that begins at `start`: the end of its line, where a carriage return alone
/// ends a line too.
pub(super) fn comment_end(text: &str, start: usize) -> usize {
    let rest = text.as_bytes().get(start..).unwrap_or(&[]);
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    end.map_or(text.len(), |length| start + length)
}

impl Scan {
    /// The text as the grammar wants it: blanks stand for comments, a `0` for what nests too deeply,
    /// and all else keeps its place.
    pub(in crate::syntax) fn blank<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.deep.is_empty() && self.comments.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut blanked = String::with_capacity(text.len());
        let mut done = 0;
        let mut deep = self.deep.iter().peekable();
        let mut comments = self.comments.iter().peekable();
        loop {
            let is_deep = match (deep.peek(), comments.peek()) {
                (Some(part), Some(comment)) => part.start < comment.start,
                (part, _) => part.is_some(),
            };
            let next = if is_deep { deep.next() } else { comments.next() };
            let Some(part) = next else { break };
            // Comments in what nests too deeply are gone with it.
            if part.start < done {
                continue;
            }
            blanked.push_str(text.get(done..part.start).unwrap_or(""));
            let length = part.len();
            if is_deep {
                blanked.push_str("(0");
                blanked.extend(std::iter::repeat_n(' ', length.saturating_sub(3)));
                blanked.push(')');
            } else {
                blanked.extend(std::iter::repeat_n(' ', length));
            }
            done = part.end;
        }
        blanked.push_str(text.get(done..).unwrap_or(""));
        Cow::Owned(blanked)
    }

    /// Where to cut `text` so that the pieces can be parsed on their own: always before the head
    /// of a declaration, where a bad region would end as well, so that the pieces give what the
    /// whole would give.
    pub(super) fn pieces(&self, text: &str, least: usize) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut start = 0;
        for end in &self.ends {
            if *end >= start + least && *end < text.len() && is_head(text, *end) {
                pieces.push(start..*end);
                start = *end;
            }
        }
        pieces.push(start..text.len());
        pieces
    }

    /// [`Scan::pieces`] of the usual length.
    pub(super) fn usual_pieces(&self, text: &str) -> Vec<Range<usize>> {
        self.pieces(text, PIECE)
    }
}

/// Where the first word of `text` begins, behind white space and comments.
pub(super) fn first_word(text: &str) -> Option<usize> {
    let mut head = text.trim_start_matches([' ', '\t', '\r', '\n']);
    while head.starts_with('#') {
        head = head.get(comment_end(head, 0)..).unwrap_or("");
        head = head.trim_start_matches([' ', '\t', '\r', '\n']);
    }
    (!head.is_empty()).then_some(text.len() - head.len())
}

/// Whether a declaration begins at `start`, behind white space and comments.
pub(super) fn is_head(text: &str, start: usize) -> bool {
    let rest = text.get(start..).unwrap_or("");
    let head = rest.get(first_word(rest).unwrap_or(rest.len())..).unwrap_or("");
    // The parser decides; but asking it where no declaration can begin would take time for every
    // brace of a strange file.
    let length = head.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(head.len());
    let word = head.get(..length).unwrap_or("");
    (DECLARATION_WORDS.contains(&word) || RESERVED_WORDS.contains(&word))
        && read(Rule::next_head, head).is_some()
}
