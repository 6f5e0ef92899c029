//! Findings with their source, for a person at a terminal.
//!
//! This file alone knows miette, which draws the source and its underlines. Headline, story and
//! advice are written here. miette is given an [`Excerpt`], never the file: it would scan a file
//! from its start for every label, print a line of megabytes whole, and panic on a label far to
//! the right or past the end. An excerpt holds only the lines that are shown, clipped and clean.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, SourceSpan};

use super::place::Locator;
use super::text::{clean, one_line, wrap};
use super::{Paint, Style, counted};
use crate::diag::{Diagnostic, Safety};
use crate::source::{FileId, SourceFile, SourceMap, Span};

/// A label over more lines than this is drawn at its first line only.
const MOST_LINES: usize = 6;
/// Lines between two labels that are shown rather than left out.
const SMALL_GAP: usize = 2;
/// A line with more bytes than this is clipped to what surrounds its first label.
const LONG_LINE: usize = 400;
/// Characters kept before and after a place in a clipped line.
const BEFORE: usize = 60;
const AFTER: usize = 100;
/// Labels drawn beside the primary one; the rest are counted.
const MOST_LABELS: usize = 12;

/// Renders findings, separated by blank lines.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, style: Style) -> String {
    let paint = Paint { color: style.color };
    let theme =
        if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let drawer = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_links(false)
        .without_syntax_highlighting();
    let mut locator = Locator::new(sources);
    let mut out = String::new();
    for found in diagnostics {
        let head = format!("{}[{}]", found.level.word(), found.code);
        out.push_str(&paint.paint(Paint::level(found.level), &head));
        out.push_str(": ");
        out.push_str(&paint.paint(Paint::BOLD, &one_line(&found.message)));
        out.push('\n');
        for layer in layers(found, sources) {
            // A file that was not read has no line to show, and the headline names it.
            if layer.file.text().is_empty() && found.message.contains(layer.file.name()) {
                continue;
            }
            let excerpt = Excerpt::new(layer.file, &layer.marks, &mut locator);
            out.push_str(&draw(&drawer, &excerpt));
        }
        let unseen = found.labels.len().saturating_sub(MOST_LABELS);
        if unseen > 0 {
            out.push_str(&format!("  and {}\n", counted(unseen, "more place")));
        }
        let mut paragraph = |title: &str, text: &str| {
            let first = format!("  {title}: ");
            let wrapped = wrap(text, &first, style.width);
            out.push_str(&paint.paint(Paint::HELP, &format!("  {title}:")));
            out.push_str(&format!(" {wrapped}\n"));
        };
        if let Some(story) = &found.story {
            paragraph("story", story);
        }
        if let Some(help) = found.advice(sources) {
            paragraph("help", &help);
        }
        // Advice says what a fix would do, in better words.
        if let Some(fix) = found.fix.as_ref().filter(|_| found.help.is_none()) {
            let title = match fix.safety {
                Safety::Safe => "fix",
                Safety::Unsafe => "fix that changes the meaning",
                Safety::Display => "possible change",
            };
            paragraph(title, &fix.title);
        }
        out.push('\n');
    }
    out
}

/// Something to underline: where, what to say, and whether it is the primary place.
struct Mark {
    span: Span,
    message: String,
    primary: bool,
}

/// One drawing: a file and marks in it that do not overlap.
struct Layer<'a> {
    id: FileId,
    file: &'a SourceFile,
    marks: Vec<Mark>,
}

/// Groups the labels of a finding into drawings: by file, the primary one first, and within a file
/// so that no two marks of a drawing overlap, because miette would push the second aside. Labels
/// at the very same place become one.
fn layers<'a>(found: &Diagnostic, sources: &'a SourceMap) -> Vec<Layer<'a>> {
    let mut layers: Vec<Layer<'a>> = Vec::new();
    let primary = std::iter::once((&found.primary, true));
    let others = found.labels.iter().take(MOST_LABELS).map(|label| (label, false));
    for (label, primary) in primary.chain(others) {
        let span = label.span;
        let Some(file) = sources.get(span.file) else { continue };
        let message = one_line(&label.message);
        let twin = layers
            .iter_mut()
            .flat_map(|layer| &mut layer.marks)
            .find(|mark| mark.span.key() == span.key());
        if let Some(twin) = twin {
            if !twin.message.is_empty() && !message.is_empty() {
                twin.message.push_str("; ");
            }
            twin.message.push_str(&message);
            continue;
        }
        let mark = Mark { span, message, primary };
        let room = layers.iter_mut().find(|layer| {
            layer.id == span.file && layer.marks.iter().all(|other| apart(other.span, span))
        });
        match room {
            Some(layer) => layer.marks.push(mark),
            None => layers.push(Layer { id: span.file, file, marks: vec![mark] }),
        }
    }
    layers
}

/// Whether two spans of one file share no character; an empty one stands on the character after it.
fn apart(a: Span, b: Span) -> bool {
    let end = |span: Span| span.end.max(span.start.saturating_add(1));
    end(a) <= b.start || end(b) <= a.start
}

/// Draws one excerpt. miette starts with a headline of its own, which is dropped.
fn draw(drawer: &GraphicalReportHandler, excerpt: &Excerpt) -> String {
    let mut drawn = String::new();
    if drawer.render_report(&mut drawn, excerpt).is_err() {
        return String::new();
    }
    drawn.split_once('\n').map_or(String::new(), |(_, rest)| rest.to_owned())
}

/// The lines of a file that are shown, as one text, and what is underlined in it.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    lines: Vec<Line>,
    marks: Vec<Placed>,
}

/// A line of an excerpt.
#[derive(Debug)]
struct Line {
    /// Its index in the file.
    index: usize,
    /// The bytes of the file that are shown.
    shown: std::ops::Range<usize>,
    /// Where the line starts in the excerpt.
    start: usize,
    /// Where what is shown starts in the excerpt, after an ellipsis if there is one.
    content: usize,
}

/// A mark in an excerpt: bytes of the excerpt, and the real place of its start.
#[derive(Debug)]
struct Placed {
    start: usize,
    length: usize,
    line: usize,
    column: usize,
    message: Option<String>,
    primary: bool,
}

impl Excerpt {
    fn new(file: &SourceFile, marks: &[Mark], locator: &mut Locator<'_>) -> Self {
        let mut excerpt = Excerpt {
            name: one_line(file.name()),
            text: String::new(),
            lines: Vec::new(),
            marks: Vec::new(),
        };
        let bounded: Vec<(usize, usize)> =
            marks.iter().map(|mark| bounds(file, mark.span)).collect();
        let mut wanted: Vec<(usize, usize)> = Vec::new();
        for (start, end) in &bounded {
            let last = file.line_index((*end).max(*start + 1) - 1);
            wanted.extend((file.line_index(*start)..=last).map(|line| (line, *start)));
            wanted.push((last, *end));
        }
        wanted.sort_unstable();
        for (line, center) in wanted {
            let after = excerpt.lines.last().map_or(line, |last| last.index + 1);
            if line < after {
                continue;
            }
            let from = if line - after <= SMALL_GAP { after } else { line };
            for index in from..=line {
                excerpt.push(file, index, center);
            }
        }
        for (mark, (start, end)) in marks.iter().zip(bounded) {
            let place = locator.locate(mark.span);
            let from = excerpt.place(file, start, start);
            let to = excerpt.place(file, end.max(start + 1) - 1, end);
            excerpt.marks.push(Placed {
                start: from,
                length: to.saturating_sub(from),
                line: place.start.line,
                column: place.start.column,
                message: Some(mark.message.clone()).filter(|message| !message.is_empty()),
                primary: mark.primary,
            });
        }
        excerpt
    }

    /// Adds a line, clipped to what surrounds `center` when it is long.
    fn push(&mut self, file: &SourceFile, index: usize, center: usize) {
        let line = file.line_range(index);
        let mut shown = line.clone();
        if line.len() > LONG_LINE {
            let center = file.text().floor_char_boundary(center.clamp(line.start, line.end));
            let before = file.text().get(line.start..center).unwrap_or("");
            let after = file.text().get(center..line.end).unwrap_or("");
            let back = before.char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at);
            let ahead = after.char_indices().nth(AFTER).map_or(after.len(), |(at, _)| at);
            shown = line.start + back..center + ahead;
        }
        let start = self.text.len();
        self.text.push_str(if shown.start > line.start { "…" } else { "" });
        let content = self.text.len();
        self.text.push_str(&clean(file.text().get(shown.clone()).unwrap_or("")));
        self.text.push_str(if shown.end < line.end { "…" } else { "" });
        // Every line ends with a break, the last one too: miette does not draw a mark at the end
        // of a text that does not.
        self.text.push('\n');
        self.lines.push(Line { index, shown, start, content });
    }

    /// Where `offset` of the file is in the excerpt, on the line that holds byte `on`.
    fn place(&self, file: &SourceFile, on: usize, offset: usize) -> usize {
        let index = file.line_index(on);
        let Ok(at) = self.lines.binary_search_by_key(&index, |line| line.index) else { return 0 };
        self.lines.get(at).map_or(0, |line| {
            let offset = offset.clamp(line.shown.start, line.shown.end);
            let before = file.text().get(line.shown.start..offset).unwrap_or("");
            line.content + clean(before).len()
        })
    }

    /// The run of neighbouring lines that holds byte `at` of the excerpt: its first and one past
    /// its last line.
    fn run(&self, at: usize) -> (usize, usize) {
        let here = self.lines.partition_point(|line| line.start <= at).saturating_sub(1);
        let neighbours = |pair: &[Line]| matches!(pair, [a, b] if a.index + 1 == b.index);
        let mut first = here;
        while first > 0 && self.lines.get(first - 1..=first).is_some_and(neighbours) {
            first -= 1;
        }
        let mut end = here + 1;
        while self.lines.get(end - 1..=end).is_some_and(neighbours) {
            end += 1;
        }
        (first, end)
    }
}

/// The bytes of a span that are underlined: within the file, at character boundaries, and its
/// first line only when there are too many.
fn bounds(file: &SourceFile, span: Span) -> (usize, usize) {
    let text = file.text();
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary((span.end as usize).min(text.len())).max(start);
    let first = file.line_index(start);
    // The break at the end of a line is shown as part of that line, which ends before it.
    let start = start.min(file.line_range(first).end);
    if file.line_index(end) - first > MOST_LINES {
        return (start, file.line_range(first).end.max(start));
    }
    (start, end)
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        context_after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, miette::MietteError> {
        let (first, end) = self.run(span.offset());
        let run_start = self.lines.get(first).map_or(0, |line| line.start);
        let run_end = self.lines.get(end).map_or(self.text.len(), |line| line.start);
        if span.offset() + span.len() > run_end {
            // miette asks whether two marks fit one drawing; those of different runs do not.
            return Err(miette::MietteError::OutOfBounds);
        }
        let bytes = self.text.as_bytes().get(run_start..run_end).unwrap_or_default();
        // It asks without context only to learn the line and column of a mark.
        let mark = self.marks.iter().find(|mark| mark.start == span.offset());
        let (line, column) = match mark {
            Some(mark) if context_before == 0 && context_after == 0 => {
                (mark.line - 1, mark.column - 1)
            }
            _ => (self.lines.get(first).map_or(0, |line| line.index), 0),
        };
        Ok(Box::new(miette::MietteSpanContents::new_named(
            self.name.clone(),
            bytes,
            (run_start, run_end - run_start).into(),
            line,
            column,
            end - first,
        )))
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Excerpt {}

impl miette::Diagnostic for Excerpt {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.marks.iter().map(|mark| {
            let span = SourceSpan::from((mark.start, mark.length));
            if mark.primary {
                LabeledSpan::new_primary_with_span(mark.message.clone(), span)
            } else {
                LabeledSpan::new_with_span(mark.message.clone(), span)
            }
        })))
    }
}
