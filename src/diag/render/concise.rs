//! One line a finding: `path:line:column: level[rule] message`.

use std::fmt::Write;

use super::place::Locator;
use super::text::one_line;
use super::{Paint, Style};
use crate::diag::Diagnostic;
use crate::source::SourceMap;

/// Renders findings, one a line, each with its line break. Lines and columns count from 1, columns
/// in characters.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, style: Style) -> String {
    let paint = Paint { color: style.color };
    let mut locator = Locator::new(sources);
    let mut out = String::new();
    for found in diagnostics {
        let place = locator.locate(found.primary.span);
        let head = format!("{}[{}]", found.level.word(), found.code);
        let head = paint.paint(Paint::level(found.level), &head);
        let (line, column) = (place.start.line, place.start.column);
        let path = one_line(place.path);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{path}:{line}:{column}: {head} {}", one_line(&found.message));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::diag::render::Style;
    use crate::diag::{Diagnostic, Level, codes};
    use crate::source::{SourceFile, SourceMap, Span};

    #[test]
    fn one_line_says_where_what_and_by_which_rule() {
        let mut sources = SourceMap::new();
        let id = sources.add(SourceFile::new("a.ekiden", "team é x\nstage y\n"));
        let found = [
            Diagnostic::new(codes::INVALID_NAME, Span::new(id, 5, 7), "`é` is not a name")
                .help("never shown here"),
            Diagnostic::new(codes::UNKNOWN_NAME, Span::new(id, 16, 17), "no stage\n`y`")
                .level(Level::Warning),
        ];
        let plain = render(&found, &sources, Style::default());
        assert_eq!(
            plain,
            "a.ekiden:1:6: error[invalid-name] `é` is not a name\n\
             a.ekiden:2:7: warning[unknown-name] no stage `y`\n"
        );
        let colored = render(&found, &sources, Style { color: true, width: 80 });
        assert!(colored.contains("\x1b[1;31merror[invalid-name]\x1b[0m "), "{colored:?}");
    }
}
