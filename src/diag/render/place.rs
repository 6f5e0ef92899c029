//! Places as renderers show them.

use crate::source::{FileId, LineColumn, SourceMap, Span};

/// A span in the units people and programs use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// The name of the file, as shown to people.
    pub(super) path: &'a str,
    /// Where it starts.
    pub(super) start: LineColumn,
    /// One past where it ends.
    pub(super) end: LineColumn,
    /// First byte.
    pub(super) offset: usize,
    /// One past the last byte.
    pub(super) end_offset: usize,
}

/// Turns spans into places. Findings come sorted, so the column of one is counted on from the one
/// before it on the same line: a file that is one very long line is not counted anew each time.
pub(super) struct Locator<'a> {
    sources: &'a SourceMap,
    last: Option<(FileId, usize, usize, usize)>,
}

impl<'a> Locator<'a> {
    /// Locates in `sources`.
    pub(super) fn new(sources: &'a SourceMap) -> Self {
        Self { sources, last: None }
    }

    /// The place of a span, brought within its file.
    pub(super) fn locate(&mut self, span: Span) -> Place<'a> {
        let Some(file) = self.sources.get(span.file) else {
            let origin = LineColumn { line: 1, column: 1 };
            return Place { path: "", start: origin, end: origin, offset: 0, end_offset: 0 };
        };
        let text = file.text();
        let offset = text.floor_char_boundary(span.start as usize);
        let end_offset = text.floor_char_boundary(span.end as usize).max(offset);
        let characters =
            |from: usize, to: usize| text.get(from..to).map_or(0, |part| part.chars().count());

        let line = file.line_index(offset);
        let line_start = file.line_range(line).start;
        let (from, counted) = match self.last {
            Some((id, at_line, at, column))
                if id == span.file && at_line == line && at <= offset =>
            {
                (at, column)
            }
            _ => (line_start, 1),
        };
        let start = LineColumn { line: line + 1, column: counted + characters(from, offset) };
        self.last = Some((span.file, line, offset, start.column));

        let end_line = file.line_index(end_offset);
        let column = if end_line == line {
            start.column + characters(offset, end_offset)
        } else {
            1 + characters(file.line_range(end_line).start, end_offset)
        };
        let end = LineColumn { line: end_line + 1, column };
        Place { path: file.name(), start, end, offset, end_offset }
    }
}

#[cfg(test)]
mod tests {
    use super::Locator;
    use crate::source::{LineColumn, SourceFile, SourceMap, Span};

    #[test]
    fn columns_are_characters_and_counting_on_changes_nothing() {
        let mut sources = SourceMap::new();
        let id = sources.add(SourceFile::new("a.ekiden", "é = 漢字\nb\n"));
        let mut locator = Locator::new(&sources);
        let mut at = |start, end| {
            let place = locator.locate(Span::new(id, start, end));
            let pair = |p: LineColumn| (p.line, p.column);
            (pair(place.start), pair(place.end))
        };
        assert_eq!(at(0, 2), ((1, 1), (1, 2)));
        assert_eq!(at(3, 4), ((1, 3), (1, 4)));
        assert_eq!(at(5, 11), ((1, 5), (1, 7)));
        assert_eq!(at(0, 13), ((1, 1), (2, 2)));
        assert_eq!(at(99, 200), ((3, 1), (3, 1)));
        assert_eq!(at(6, 7), ((1, 5), (1, 5)), "inside a character");
    }
}
