//! Annotations of GitHub Actions: one workflow command a finding, which GitHub shows at the lines of
//! a pull request.
//!
//! Commands are escaped and their properties ordered as `@actions/core` does it. Columns are left out
//! where a finding spans several lines, because GitHub takes columns for one line only.

use std::fmt::Write;

use super::message;
use super::place::Locator;
use super::text::clean;
use crate::diag::{Diagnostic, Level};
use crate::source::SourceMap;

/// Renders findings in the order given, one a line. GitHub shows the first ten errors, warnings and
/// notices of each step; the log holds all of them.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut locator = Locator::new(sources);
    let mut out = String::new();
    for found in diagnostics {
        let command = match found.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note | Level::Allow => "notice",
        };
        let place = locator.locate(found.primary.span);
        let (start, end) = (place.start, place.end);
        let title = property(&format!("ekiden ({})", found.code));
        // Writing to a string cannot fail.
        let _ = write!(out, "::{command} title={title}");
        if !place.path.is_empty() {
            let _ = write!(out, ",file={}", property(place.path));
        }
        let _ = write!(out, ",line={},endLine={}", start.line, end.line);
        if start.line == end.line {
            let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
        }
        let text = message(found, sources);
        let _ = writeln!(out, "::{}", data(&clean_lines(&text)));
    }
    out
}

/// Nothing that steers the log; line breaks are escaped later.
fn clean_lines(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::diag::{Diagnostic, Level, codes};
    use crate::source::{SourceFile, SourceMap, Span};

    #[test]
    fn a_finding_is_one_escaped_command() {
        let mut sources = SourceMap::new();
        let id = sources.add(SourceFile::new("a,b/100%: x.ekiden", "one\ntwo\n"));
        let found = [
            Diagnostic::new(codes::INVALID_NAME, Span::new(id, 4, 7), "50% of `two`, or: none")
                .help("write\r\nless"),
            Diagnostic::new(codes::UNKNOWN_NAME, Span::new(id, 0, 5), "two lines")
                .level(Level::Note),
        ];
        assert_eq!(
            render(&found, &sources),
            "::error title=ekiden (invalid-name),file=a%2Cb/100%25%3A x.ekiden,line=2,endLine=2,\
             col=1,endColumn=4::50%25 of `two`, or: none%0Ahelp: write%0Aless\n\
             ::notice title=ekiden (unknown-name),file=a%2Cb/100%25%3A x.ekiden,line=1,endLine=2\
             ::two lines\n"
        );
    }
}
