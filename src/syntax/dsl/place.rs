//! From bytes of the text that pest reads to bytes of the file.

use std::ops::Range;

use crate::source::{FileId, Span};

use super::fragment::Offsets;

/// Where a piece of text lies in its file, and which parts of it are comments.
#[derive(Clone, Copy)]
pub(super) struct Places<'t> {
    /// The file.
    pub(super) file: FileId,
    /// From bytes of the text to bytes of the file.
    pub(super) offsets: &'t Offsets,
    /// The comments of the text, or of more than the text, in order.
    pub(super) comments: &'t [Range<usize>],
    /// The parts that were blanked because parentheses nest too deeply in them, in order, by the
    /// same bytes as `comments`.
    pub(super) blanked: &'t [Range<usize>],
    /// How far the text is shifted against the bytes of `comments`.
    pub(super) shift: usize,
}

impl Places<'_> {
    /// The span of bytes `start..end` of the text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, self.offsets.at(start), self.offsets.at(end))
    }

    /// The end of `start..end` without white space and comments at its end.
    pub(super) fn trim(&self, text: &str, start: usize, mut end: usize) -> usize {
        let bytes = text.as_bytes();
        let is_space = |at: usize| {
            bytes.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        };
        loop {
            let before = end;
            while end > start && is_space(end - 1) {
                end -= 1;
            }
            // A comment runs to the end of its line, so one can only end here if a line does.
            let ends_line = bytes.get(end).is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
            if (ends_line || before != end)
                && let Some(comment) = self.comment_ending(end + self.shift)
                && comment >= start + self.shift
            {
                end = comment - self.shift;
                continue;
            }
            return end;
        }
    }

    /// Whether the byte at `start` lies in a blanked part.
    pub(super) fn is_blanked(&self, start: usize) -> bool {
        let at = start + self.shift;
        let after = self.blanked.partition_point(|part| part.start <= at);
        after
            .checked_sub(1)
            .and_then(|last| self.blanked.get(last))
            .is_some_and(|part| at < part.end)
    }

    /// The start of the comment whose text, less white space, ends at `end`.
    fn comment_ending(&self, end: usize) -> Option<usize> {
        let after = self.comments.partition_point(|comment| comment.start < end);
        let comment = self.comments.get(after.checked_sub(1)?)?;
        (comment.end >= end).then_some(comment.start)
    }
}
