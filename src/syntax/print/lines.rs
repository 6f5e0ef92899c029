//! Lines that know where in source they came from, so that comments find their place.

use crate::source::Span;
use crate::syntax::ast::Comment;

/// A line of output.
pub(super) struct Line {
    /// Where in source it came from; `None` for braces, blank lines and the inside of texts.
    pub(super) at: Option<Span>,
    pub(super) depth: usize,
    pub(super) text: String,
    /// It is part of a text of several lines: nothing may be put behind or above it.
    pub(super) inside: bool,
}

impl Line {
    pub(super) fn new(at: Option<Span>, depth: usize, text: impl Into<String>) -> Self {
        Self { at, depth, text: text.into(), inside: false }
    }
}

/// The lines as text, with the comments among them.
///
/// A comment that stood alone goes above the first line that came from behind it; one that stood
/// beside something goes behind the last line that came from before it, and one that stood behind
/// the head of a block behind that head.
pub(super) fn with_comments<'c>(
    lines: &[Line],
    comments: impl IntoIterator<Item = &'c Comment>,
) -> String {
    let mut out = String::new();
    let mut comments = comments.into_iter().peekable();
    // For each line, where the next one that has a place came from.
    let mut next = u32::MAX;
    let mut limits: Vec<u32> = Vec::with_capacity(lines.len());
    for line in lines.iter().rev() {
        limits.push(next);
        next = line.at.map_or(next, |at| at.start);
    }
    limits.reverse();
    for (line, limit) in lines.iter().zip(limits) {
        let is_head = !line.inside && line.text.ends_with([':', '{']);
        if let Some(at) = line.at {
            // The head of a list of criteria has the place of the first.
            let is_its_own = |c: &Comment| is_head && c.opens && at.start == limit;
            let is_above = |c: &&Comment| c.span.start < at.start && !is_its_own(c);
            while let Some(comment) = comments.next_if(is_above) {
                indented(&mut out, line.depth, &said(comment));
            }
        }
        indented(&mut out, line.depth, &line.text);
        if is_head && let Some(comment) = comments.next_if(|c| c.opens && c.span.start < limit) {
            out.pop();
            out.push_str("  ");
            out.push_str(&said(comment));
            out.push('\n');
            continue;
        }
        if line.inside || line.at.is_none() {
            continue;
        }
        while let Some(comment) =
            comments.next_if(|c| !c.own_line && !c.opens && c.span.start < limit)
        {
            out.pop();
            out.push_str("  ");
            out.push_str(&said(comment));
            out.push('\n');
            // A second one cannot stand behind the first.
            if comments.peek().is_some_and(|c| !c.own_line && c.span.start < limit) {
                break;
            }
        }
    }
    for comment in comments {
        indented(&mut out, 0, &said(comment));
    }
    out
}

fn said(comment: &Comment) -> String {
    if comment.text.is_empty() { "#".to_owned() } else { format!("# {}", comment.text) }
}

fn indented(out: &mut String, depth: usize, text: &str) {
    if !text.is_empty() {
        out.extend(std::iter::repeat_n(' ', depth * 2));
        out.push_str(text);
    }
    out.push('\n');
}
