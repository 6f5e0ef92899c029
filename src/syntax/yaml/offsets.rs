//! Where each byte of a decoded scalar stands in the file.
//!
//! A scalar may be folded over lines, indented and escaped; a finding inside the expression it
//! holds must still underline the characters as written.

use crate::source::Span;
use crate::syntax::dsl::fragment::Offsets;

use super::tree::{NodeRef, Scalar, Style};

/// The offsets of the value of a scalar node.
pub(super) fn offsets(node: NodeRef<'_>, scalar: &Scalar<'_>) -> Offsets {
    let span = node.target().span();
    let text = node.tree.text;
    let (start, end) = (span.start as usize, span.end as usize);
    let (start, end) = match scalar.style {
        Style::SingleQuoted | Style::DoubleQuoted => (start + 1, end.saturating_sub(1)),
        _ => (start, end),
    };
    let source = text.get(start..end).unwrap_or("");
    if source == scalar.value {
        return Offsets::Shift(u32::try_from(start).unwrap_or(u32::MAX));
    }
    Offsets::Table(align(source, start, scalar))
}

/// The place of the bytes `from..to` of a scalar's value.
pub(super) fn span_within(node: NodeRef<'_>, offsets: &Offsets, from: usize, to: usize) -> Span {
    let file = node.span().file;
    match offsets {
        Offsets::Shift(by) => Span::new(file, *by as usize + from, *by as usize + to),
        Offsets::Table(table) => {
            let at = |index: usize| {
                table.get(index).or(table.last()).map_or(0, |offset| *offset as usize)
            };
            Span::new(file, at(from), at(to))
        }
    }
}

/// Walks source and value side by side. The value is what the parser made of the source, so at
/// each step only one reading is possible: the same character, an escape, or a line break that
/// became a space, line feeds, or nothing.
fn align(source: &str, start: usize, scalar: &Scalar<'_>) -> Vec<u32> {
    let mut walk = Walk { source, start, at: 0, scalar, value: 0, table: Vec::new() };
    walk.table.reserve(scalar.value.len() + 1);
    while walk.value < scalar.value.len() && walk.at < source.len() {
        if !walk.step() {
            break;
        }
    }
    // One past the end; and, should the walk have lost its way, the rest too.
    let last = walk.at.min(source.len());
    while walk.table.len() <= scalar.value.len() {
        walk.push(last);
    }
    walk.table
}

struct Walk<'a> {
    source: &'a str,
    start: usize,
    at: usize,
    scalar: &'a Scalar<'a>,
    value: usize,
    table: Vec<u32>,
}

impl Walk<'_> {
    fn push(&mut self, at: usize) {
        self.table.push(u32::try_from(self.start + at).unwrap_or(u32::MAX));
    }

    fn step(&mut self) -> bool {
        let rest = self.source.get(self.at..).unwrap_or("");
        let Some(next) = rest.chars().next() else { return false };
        let style = self.scalar.style;
        match style {
            Style::DoubleQuoted if next == '\\' => return self.escape(rest),
            Style::SingleQuoted if rest.starts_with("''") => return self.take(2, "'"),
            _ => {}
        }
        let block = matches!(style, Style::Literal | Style::Folded);
        // In a flow scalar the blanks around a line break belong to it; in a block they are text.
        let blanks =
            if block { 0 } else { rest.len() - rest.trim_start_matches([' ', '\t']).len() };
        let after = rest.get(blanks..).unwrap_or("");
        if after.starts_with('\n') || after.starts_with("\r\n") {
            self.line_break(blanks, block);
            return true;
        }
        let mut buffer = [0; 4];
        self.take(next.len_utf8(), next.encode_utf8(&mut buffer))
    }

    /// The source's next `len` bytes stand for `decoded`.
    fn take(&mut self, len: usize, decoded: &str) -> bool {
        if !self.scalar.value.get(self.value..).is_some_and(|rest| rest.starts_with(decoded)) {
            return false;
        }
        for index in 0..decoded.len() {
            // Bytes of one character as written keep their own places.
            self.push(if len == decoded.len() { self.at + index } else { self.at });
        }
        self.at += len;
        self.value += decoded.len();
        true
    }

    /// One or more line breaks with the indentation that follows.
    fn line_break(&mut self, blanks: usize, block: bool) {
        let place = self.at + blanks;
        let mut at = place;
        let mut count = 0;
        loop {
            let rest = self.source.get(at..).unwrap_or("");
            let Some(after) = rest.strip_prefix('\n').or_else(|| rest.strip_prefix("\r\n")) else {
                break;
            };
            count += 1;
            let indent = after.len() - after.trim_start_matches([' ', '\t']).len();
            let indent = if block {
                let spaces = after.len() - after.trim_start_matches(' ').len();
                spaces.min(self.scalar.indent as usize)
            } else {
                indent
            };
            at += rest.len() - after.len() + indent;
        }
        self.at = at;
        let rest = self.scalar.value.get(self.value..).unwrap_or("");
        let feeds = rest.len() - rest.trim_start_matches('\n').len();
        let taken = if feeds > 0 { feeds.min(count) } else { usize::from(rest.starts_with(' ')) };
        for _ in 0..taken {
            self.push(place);
        }
        self.value += taken;
    }

    /// An escape of a double-quoted scalar.
    fn escape(&mut self, rest: &str) -> bool {
        let Some(kind) = rest.chars().nth(1) else { return false };
        if kind == '\n' || kind == '\r' {
            // An escaped line break is nothing, and so is the indentation after it; empty lines
            // in between are line feeds.
            self.at += 1;
            let before = self.value;
            let rest = self.source.get(self.at..).unwrap_or("");
            let next = rest.trim_start_matches(['\r', '\n', ' ', '\t']);
            let breaks = rest.len() - next.len();
            let count = rest.get(..breaks).map_or(0, |gap| gap.matches('\n').count());
            let value = self.scalar.value.get(self.value..).unwrap_or("");
            let feeds = value.len() - value.trim_start_matches('\n').len();
            for _ in 0..feeds.min(count.saturating_sub(1)) {
                self.push(self.at);
                self.value += 1;
            }
            self.at += breaks;
            return self.value >= before;
        }
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let mut len = 1 + kind.len_utf8() + digits;
        let Some(decoded) = self.scalar.value.get(self.value..).and_then(|v| v.chars().next())
        else {
            return false;
        };
        // A character beyond the basic plane may be written as two `\u` escapes.
        if kind == 'u' && decoded.len_utf8() == 4 {
            len = 12;
        }
        for _ in 0..decoded.len_utf8() {
            self.push(self.at);
        }
        self.at += len;
        self.value += decoded.len_utf8();
        true
    }
}
