//! The DSL front end: text to syntax tree.
//!
//! | step | file | takes | gives |
//! | --- | --- | --- | --- |
//! | look over | `split.rs` | text | comments, pieces that can be parsed in parallel |
//! | parse | `parser.rs`, `grammar/ekiden.pest` | a piece | pairs |
//! | build | `file.rs` and one file a family | pairs | declarations |
//! | explain | `recovery.rs` in blocks, `heads.rs` outside of them | bad regions | findings |
//!
//! `fragment.rs` does the same for the scalars of the YAML notation that hold an expression or a
//! clause.

mod blocks;
pub(super) mod builder;
mod expected;
pub(in crate::syntax) mod explain;
pub(super) mod expr;
mod file;
pub mod fragment;
mod goal;
mod heads;
mod literals;
pub(super) mod parser;
mod place;
mod process;
mod record;
mod recovery;
mod score;
mod slips;
pub(super) mod split;
mod stage;
pub(super) mod strings;
mod term;
mod tokens;

pub(crate) use strings::is_hidden;

use std::ops::Range;

use rayon::prelude::*;

use crate::diag::{Diagnostic, Level, sort_and_dedup};
use crate::source::{FileId, Span};
use crate::syntax::Parsed;
use crate::syntax::ast::{Comment, File, Item};

use builder::Builder;
use fragment::Offsets;
use parser::Rule;
use place::Places;
use split::{Scan, scan};

/// Reads a file in the DSL. Spans are byte offsets in `text`.
///
/// Whatever the text is, this gives a tree and findings; it never fails.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let scan = scan(text);
    let blanked = scan.blank(text);
    let pieces = scan.usual_pieces(&blanked);
    let (items, mut diagnostics) = parse_pieces(file, &blanked, &scan, &pieces);
    sort_and_dedup(&mut diagnostics);
    let comments = comments(file, text, &scan);
    Parsed {
        file: File { id: file, items, comments, lost: lost_words(text, &diagnostics) },
        diagnostics,
    }
}

/// Where a text that begins with a declaration of the DSL begins with it. No mapping of YAML does.
pub(super) fn is_dsl(file: FileId, text: &str) -> Option<Span> {
    let start = split::first_word(text)?;
    let rest = text.get(start..)?;
    let head = rest.get(..split::line_end(rest, 0))?.trim_end();
    let line = split::is_head(rest, 0) && (head.contains('{') || !head.contains(':'));
    line.then(|| Span::new(file, start, start + head.len()))
}

/// The words on the lines of findings: something may have been declared there by one of them.
fn lost_words(text: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
    let mut lost = Vec::new();
    let mut read_to = 0;
    for finding in diagnostics.iter().filter(|finding| finding.level == Level::Error) {
        let range = finding.primary.span.range();
        let start =
            text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let rest = text.get(range.start..).unwrap_or("");
        let end = range.start + rest.find('\n').unwrap_or(rest.len());
        // Findings are sorted: a line with several is read once.
        let line = text.get(start.max(read_to)..end).unwrap_or("");
        read_to = read_to.max(end);
        let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        lost.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
    }
    lost
}

/// Parses the pieces, in parallel when there are several, and joins what they give in order.
fn parse_pieces(
    file: FileId,
    text: &str,
    scan: &Scan,
    pieces: &[Range<usize>],
) -> (Vec<Item>, Vec<Diagnostic>) {
    let read = |piece: &Range<usize>| parse_piece(file, text, scan, piece.clone());
    let parsed: Vec<(Vec<Item>, Vec<Diagnostic>)> = match pieces {
        [only] => vec![read(only)],
        _ => pieces.par_iter().map(read).collect(),
    };
    let mut items = Vec::new();
    let mut diagnostics = Vec::new();
    for (more_items, more_diagnostics) in parsed {
        items.extend(more_items);
        diagnostics.extend(more_diagnostics);
    }
    (items, diagnostics)
}

fn parse_piece(
    file: FileId,
    text: &str,
    scan: &Scan,
    piece: Range<usize>,
) -> (Vec<Item>, Vec<Diagnostic>) {
    let shift = piece.start;
    let slice = text.get(piece).unwrap_or("");
    let offsets = Offsets::Shift(u32::try_from(shift).unwrap_or(u32::MAX));
    let places =
        Places { file, offsets: &offsets, comments: &scan.comments, blanked: &scan.deep, shift };
    let mut builder = Builder::new(slice, places);
    // The grammar has a place for every text; what it gives up on is nested too deeply for the
    // stack.
    let items = match parser::read(Rule::file, slice) {
        Some(pairs) => pairs.flat_map(|pair| builder.file_items(pair)).collect(),
        None => {
            let start = slice.len() - slice.trim_start().len();
            let first = slice.chars().next().map_or(0, char::len_utf8);
            let span = builder.place(start, (start + first).min(slice.len()));
            builder.report_too_deep(span);
            Vec::new()
        }
    };
    (items, builder.diagnostics)
}

fn comments(file: FileId, text: &str, scan: &Scan) -> Vec<Comment> {
    let mut comments = Vec::with_capacity(scan.comments.len());
    for range in &scan.comments {
        let raw = text.get(range.clone()).unwrap_or("").trim_end();
        let body = raw.strip_prefix('#').unwrap_or(raw);
        let before = text.get(..range.start).unwrap_or("");
        let own_line = before.trim_end_matches([' ', '\t']).ends_with(['\n', '\r'])
            || before.trim_matches([' ', '\t']).is_empty();
        comments.push(Comment {
            text: body.strip_prefix(' ').unwrap_or(body).to_owned(),
            own_line,
            opens: before.trim_end_matches([' ', '\t']).ends_with('{'),
            span: Span::new(file, range.start, range.start + raw.len()),
        });
    }
    comments
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EXCERPT: &str = include_str!("../../../tests/ui/syntax/excerpt.ekiden");

    /// What is read from `text` in pieces of at least `least` bytes, with all spans.
    fn read(text: &str, least: usize) -> (usize, String) {
        let scan = scan(text);
        let blanked = scan.blank(text);
        let pieces = scan.pieces(&blanked, least);
        let (items, diagnostics) = parse_pieces(FileId(0), &blanked, &scan, &pieces);
        (pieces.len(), format!("{items:#?}{diagnostics:#?}"))
    }

    #[test]
    fn pieces_give_what_the_whole_gives() {
        let (one, whole) = read(EXCERPT, usize::MAX);
        let (many, pieces) = read(EXCERPT, 1);
        assert_eq!(one, 1);
        // Every declaration but `retired`, which has no braces, can be cut off.
        assert!(many > 15, "{many} pieces");
        assert!(whole == pieces);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn pieces_of_broken_files_give_what_the_whole_gives(
            cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..12), 1..4),
        ) {
            let mut text = EXCERPT.to_owned();
            for (place, length, what) in cuts {
                let at = place.index(text.len());
                let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
                let end = (at + length.index(8)).min(text.len());
                let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap();
                let put = ["", "}", "{", "\"", "#", "[", "x", "stage z {", "(", "\"\"\"", "retired ", ";"];
                text.replace_range(at..end, put[what]);
            }
            let (_, whole) = read(&text, usize::MAX);
            let (_, pieces) = read(&text, 1);
            prop_assert!(whole == pieces, "{}\n----\n{}\n----\n{}", text, whole, pieces);
        }
    }
}
