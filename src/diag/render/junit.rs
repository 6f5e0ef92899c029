//! A JUnit report, for dashboards that show test results.
//!
//! A file that was read is a suite, a finding in it a test case; a file without findings has one case
//! that passes. Errors are failures. Warnings and notes pass, and are told in `system-out`, so that a
//! dashboard is red exactly when `check` exits with 1.

use std::fmt::Write;

use super::message;
use super::place::{Locator, Place};
use super::text::one_line;
use crate::diag::{Diagnostic, Level};
use crate::source::{FileId, SourceMap};

/// Renders findings as one XML document, in the order given within each file.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut by_file: Vec<Vec<&Diagnostic>> = sources.iter().map(|_| Vec::new()).collect();
    let mut elsewhere = Vec::new();
    for found in diagnostics {
        match by_file.get_mut(found.primary.span.file.0 as usize) {
            Some(file) => file.push(found),
            None => elsewhere.push(found),
        }
    }
    let mut suites: Vec<(&str, Vec<&Diagnostic>)> = (0..)
        .zip(by_file)
        .map(|(id, found)| (sources.get(FileId(id)).map_or("", |file| file.name()), found))
        .collect();
    if !elsewhere.is_empty() {
        suites.push(("", elsewhere));
    }
    let cases: usize = suites.iter().map(|(_, found)| found.len().max(1)).sum();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "<testsuites name=\"ekiden\" tests=\"{cases}\" failures=\"{}\" errors=\"0\">",
        failures(diagnostics.iter())
    );
    let mut locator = Locator::new(sources);
    for (path, found) in suites {
        suite(&mut out, path, &found, sources, &mut locator);
    }
    out.push_str("</testsuites>\n");
    out
}

fn failures<'a>(found: impl Iterator<Item = &'a Diagnostic>) -> usize {
    found.filter(|found| found.level == Level::Error).count()
}

fn suite(
    out: &mut String,
    path: &str,
    found: &[&Diagnostic],
    sources: &SourceMap,
    locator: &mut Locator<'_>,
) {
    let name = escape(&one_line(path));
    let _ = writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" time=\"0\">",
        found.len().max(1),
        failures(found.iter().copied())
    );
    if found.is_empty() {
        let _ =
            writeln!(out, "    <testcase name=\"no findings\" classname=\"{name}\" time=\"0\"/>");
    }
    for found in found {
        let place = locator.locate(found.primary.span);
        case(out, &name, found, &message(found, sources), place);
    }
    out.push_str("  </testsuite>\n");
}

/// The name of a case holds no line, so that a dashboard knows it again after lines have moved.
fn case(out: &mut String, path: &str, found: &Diagnostic, text: &str, place: Place<'_>) {
    let (line, column) = (place.start.line, place.start.column);
    let headline = escape(&one_line(&found.message));
    let (level, rule) = (found.level.word(), found.code);
    let text = escape(text).replace("&#10;", "\n");
    let _ =
        writeln!(out, "    <testcase name=\"{rule}: {headline}\" classname=\"{path}\" time=\"0\">");
    let told = format!("{path}:{line}:{column}: {level}[{rule}] {text}");
    if found.level == Level::Error {
        let _ =
            writeln!(out, "      <failure type=\"{rule}\" message=\"{headline}\">{told}</failure>");
    } else {
        let _ = writeln!(out, "      <system-out>{told}</system-out>");
    }
    out.push_str("    </testcase>\n");
}

/// Text for an element or an attribute. What XML 1.0 cannot hold, not even escaped, becomes `�`.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::diag::{Diagnostic, Level, codes};
    use crate::source::{SourceFile, SourceMap, Span};

    #[test]
    fn errors_fail_and_the_rest_is_told() {
        let mut sources = SourceMap::new();
        let id = sources.add(SourceFile::new("a & b.ekiden", "one\n"));
        sources.add(SourceFile::new("c.ekiden", ""));
        let found = [
            Diagnostic::new(codes::INVALID_NAME, Span::new(id, 0, 1), "`<\u{1}>`\u{ffff} is bad")
                .help("two\nlines"),
            Diagnostic::new(codes::UNKNOWN_NAME, Span::new(id, 2, 3), "no \"e\"")
                .level(Level::Warning),
        ];
        let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"ekiden\" tests=\"3\" failures=\"1\" errors=\"0\">
  <testsuite name=\"a &amp; b.ekiden\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"0\">
    <testcase name=\"invalid-name: `&lt;␁&gt;`� is bad\" classname=\"a &amp; b.ekiden\" time=\"0\">
      <failure type=\"invalid-name\" message=\"`&lt;␁&gt;`� is bad\">a &amp; b.ekiden:1:1: error[invalid-name] `&lt;�&gt;`� is bad
help: two
lines</failure>
    </testcase>
    <testcase name=\"unknown-name: no &quot;e&quot;\" classname=\"a &amp; b.ekiden\" time=\"0\">
      <system-out>a &amp; b.ekiden:1:3: warning[unknown-name] no &quot;e&quot;</system-out>
    </testcase>
  </testsuite>
  <testsuite name=\"c.ekiden\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0\">
    <testcase name=\"no findings\" classname=\"c.ekiden\" time=\"0\"/>
  </testsuite>
</testsuites>
";
        assert_eq!(render(&found, &sources), expected);
    }
}
