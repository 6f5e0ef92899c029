//! Applies fixes to texts.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::source::{FileId, SourceMap};

use super::{Edit, Fix};

/// Replacements in several files that do not get in each other's way.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// By file and first byte: one past the last byte, and the new text.
    edits: BTreeMap<(FileId, usize), (usize, String)>,
}

impl Patch {
    /// Takes a fix in, whole, unless one of its edits meets an edit that is in already. What is
    /// removed takes its line, or its comma, with it.
    pub fn add(&mut self, fix: &Fix, sources: &SourceMap) -> bool {
        let mut taken: Vec<(FileId, usize)> = Vec::new();
        for edit in &fix.edits {
            let text = sources.get(edit.span.file).map_or("", |file| file.text());
            let range = widened(text, edit);
            let fits = text.get(range.clone()).is_some() && self.is_free(edit.span.file, &range);
            if !fits {
                for key in taken {
                    self.edits.remove(&key);
                }
                return false;
            }
            let key = (edit.span.file, range.start);
            let replacement = with_line_ends_of(text, &edit.replacement);
            self.edits.insert(key, (range.end, replacement));
            taken.push(key);
        }
        !taken.is_empty()
    }

    /// Whether nothing that is in touches these bytes.
    fn is_free(&self, file: FileId, range: &Range<usize>) -> bool {
        let before = self.edits.range(..=(file, range.start)).next_back();
        let clear_before = before.is_none_or(|((other, start), (end, _))| {
            *other != file || (*end <= range.start && *start < range.start)
        });
        let after = self.edits.range((file, range.start)..).next();
        clear_before
            && after.is_none_or(|((other, start), _)| {
                *other != file || (range.end <= *start && range.start < *start)
            })
    }

    /// The new texts of the files that change.
    pub fn apply(&self, sources: &SourceMap) -> FxHashMap<FileId, String> {
        let mut texts: FxHashMap<FileId, String> = FxHashMap::default();
        for ((file, _), _) in self.edits.iter() {
            texts.entry(*file).or_default();
        }
        for (file, new) in &mut texts {
            let old = sources.get(*file).map_or("", |file| file.text());
            let mut at = 0;
            for ((_, start), (end, replacement)) in
                self.edits.range((*file, 0)..=(*file, usize::MAX))
            {
                new.push_str(old.get(at..*start).unwrap_or(""));
                new.push_str(replacement);
                at = *end;
            }
            new.push_str(old.get(at..).unwrap_or(""));
        }
        texts
    }
}

/// The bytes an edit replaces. What is removed from a list takes a comma with it, and what is
/// removed from a line of its own the line; a key whose list is empty then goes as well.
fn widened(text: &str, edit: &Edit) -> Range<usize> {
    let range = edit.span.range();
    if !edit.replacement.is_empty() || range.is_empty() || text.get(range.clone()).is_none() {
        return range;
    }
    let range = without_comma(text, range);
    without_blanks(text, whole_lines(text, range))
}

/// Between other words of a line: with the blanks before, or behind where the line begins with it, so
/// that no two gaps stand side by side.
fn without_blanks(text: &str, range: Range<usize>) -> Range<usize> {
    let is_blank = |c: char| c == ' ' || c == '\t';
    let removed = text.get(range.clone()).unwrap_or("");
    let after = text.get(range.end..).unwrap_or("");
    if removed.trim().is_empty() || removed.contains('\n') || !after.starts_with(is_blank) {
        return range;
    }
    let before = text.get(..range.start).unwrap_or("");
    let words = before.trim_end_matches(is_blank);
    if words.is_empty() || words.ends_with('\n') {
        return range.start..text.len() - after.trim_start_matches(is_blank).len();
    }
    words.len()..range.end
}

/// In `[a, b]`: with the comma behind, else with the one before, else with the brackets when they
/// are all that is left of the line's value.
fn without_comma(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text.get(..range.start).unwrap_or("").trim_end();
    let after = text.get(range.end..).unwrap_or("");
    let gap = after.len() - after.trim_start().len();
    let after = after.trim_start();
    if !before.ends_with(['[', ',']) || !after.starts_with([',', ']']) {
        return range;
    }
    if let Some(rest) = after.strip_prefix(',') {
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        return range.start..range.end + gap + 1 + spaces;
    }
    if before.ends_with(',') {
        return before.len() - 1..range.end;
    }
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let head = text.get(line..before.len() - 1).unwrap_or("");
    if is_key(head) { line..range.end + gap + 1 } else { range }
}

/// `  waive:` and nothing else.
fn is_key(line: &str) -> bool {
    let name = line.trim().strip_suffix(':');
    name.is_some_and(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
    })
}

/// With the line breaks, when nothing else stands on the lines.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.get(..range.start).unwrap_or("").rfind('\n').map_or(0, |at| at + 1);
    let head = text.get(start..range.start).unwrap_or("");
    let rest = text.get(range.end..).unwrap_or("");
    let (tail, end) = match rest.find('\n') {
        Some(at) => (rest.get(..at).unwrap_or(""), range.end + at + 1),
        None => (rest, text.len()),
    };
    if !tail.trim().is_empty() {
        return range;
    }
    let bare = head.trim();
    if !bare.is_empty() && bare != "-" {
        // The end of a line: without the space before it.
        return range.start - (head.len() - head.trim_end().len())..range.end;
    }
    let start = if bare == "-" { with_key(text, start, end, indent(head)) } else { start };
    start..end
}

/// The start of the line of a YAML key when the item between `start` and `end`, whose dash stands
/// at `column`, is the only one of its list.
fn with_key(text: &str, start: usize, end: usize, column: usize) -> usize {
    let before = text.get(..start).unwrap_or("");
    let trimmed = before.trim_end_matches(['\n', '\r']);
    let line = trimmed.rfind('\n').map_or(0, |at| at + 1);
    let above = trimmed.get(line..).unwrap_or("");
    let below = text.get(end..).and_then(|rest| rest.lines().find(|line| !line.trim().is_empty()));
    let last =
        below.is_none_or(|below| indent(below) < column || !below.trim_start().starts_with('-'));
    if is_key(above) && indent(above) <= column && last { line } else { start }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// A replacement with the line ends that most lines of the text have.
fn with_line_ends_of(text: &str, replacement: &str) -> String {
    if !replacement.contains('\n') {
        return replacement.to_owned();
    }
    let all = text.matches('\n').count();
    let replacement = replacement.replace("\r\n", "\n");
    if text.matches("\r\n").count() * 2 <= all {
        return replacement;
    }
    replacement.replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::Patch;
    use crate::diag::{Edit, Fix, Safety};
    use crate::source::{SourceFile, SourceMap, Span};

    /// What is left when each of the words is removed.
    fn without(text: &str, words: &[&str]) -> String {
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new("p", text));
        let mut patch = Patch::default();
        for word in words {
            let start = text.find(word).unwrap_or_default();
            let span = Span::new(file, start, start + word.len());
            let edits = vec![Edit { span, replacement: String::new() }];
            patch.add(&Fix { title: String::new(), safety: Safety::Safe, edits }, &sources);
        }
        patch.apply(&sources).remove(&file).unwrap_or_default()
    }

    #[test]
    fn what_is_removed_leaves_no_gap() {
        assert_eq!(without("a\n  waive x\nb\n", &["waive x"]), "a\nb\n");
        assert_eq!(without("a\r\n  waive x\r\nb\r\n", &["waive x"]), "a\r\nb\r\n");
        assert_eq!(without("stage a { final  waive x }", &["waive x"]), "stage a { final }");
        assert_eq!(without("final  waive x\n}", &["waive x"]), "final\n}");
        assert_eq!(without("final  waive x  # why\n}", &["waive x"]), "final  # why\n}");
        assert_eq!(without("  waive x  final\n", &["waive x"]), "  final\n");
        assert_eq!(without("a  waive x  b", &["waive x"]), "a  b");
        // Where no gap is behind, the one before separates.
        assert_eq!(without("a > €5", &["€"]), "a > 5");
        assert_eq!(without("[a, b, c]", &["b"]), "[a, c]");
        assert_eq!(without("[a, b]", &["b"]), "[a]");
        assert_eq!(without("x:\n  waive: [{r: a}]\n  b: 1\n", &["{r: a}"]), "x:\n  b: 1\n");
        assert_eq!(without("x:\n  waive:\n    - r: a\n  b: 1\n", &["r: a"]), "x:\n  b: 1\n");
        assert_eq!(
            without("waive:\n  - r: a\n    s: b\n  - r: c\n", &["r: a\n    s: b"]),
            "waive:\n  - r: c\n"
        );
    }

    #[test]
    fn of_two_fixes_that_meet_one_waits() {
        assert_eq!(without("[a, b]", &["a", "b"]), "[b]");
        assert_eq!(without("one two three", &["two", "wo t"]), "one three");
    }
}
