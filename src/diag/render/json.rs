//! Findings for programs.
//!
//! One object: `version`, `findings`, `summary`. Lines and columns count from 1, columns in
//! characters (Unicode scalar values); `offset` and `end_offset` count bytes of UTF-8 from 0, after
//! a byte-order mark if the file has one. `end_…` is one past the last character. Keys that do not
//! apply are `null`, never left out. `version` grows when a key is removed or changes its meaning;
//! new keys may come at any time.

use std::borrow::Cow;

use serde::Serialize;

use super::Summary;
use super::place::{Locator, Place};
use crate::diag::{Diagnostic, Level, Safety};
use crate::source::{SourceMap, Span};

/// The version of the form.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    findings: Vec<Finding<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    level: Level,
    message: &'a str,
    #[serde(flatten)]
    place: Range<'a>,
    reason: Option<&'a str>,
    labels: Vec<Label<'a>>,
    story: Option<&'a str>,
    help: Option<Cow<'a, str>>,
    fix: Option<Fix<'a>>,
}

#[derive(Serialize)]
struct Range<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    offset: usize,
    end_offset: usize,
}

#[derive(Serialize)]
struct Label<'a> {
    #[serde(flatten)]
    place: Range<'a>,
    message: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    safety: Safety,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    place: Range<'a>,
    replacement: &'a str,
}

impl<'a> From<Place<'a>> for Range<'a> {
    fn from(place: Place<'a>) -> Self {
        Self {
            path: place.path,
            line: place.start.line,
            column: place.start.column,
            end_line: place.end.line,
            end_column: place.end.column,
            offset: place.offset,
            end_offset: place.end_offset,
        }
    }
}

/// Renders findings as one indented JSON object with a line break at its end. `files` is the number
/// of files that were read.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, files: usize) -> String {
    // Labels and edits are located apart, so that they do not disturb counting on from one
    // finding to the next.
    let mut primary = Locator::new(sources);
    let mut other = Locator::new(sources);
    let mut aside = |span: Span| Range::from(other.locate(span));
    let findings = diagnostics
        .iter()
        .map(|found| Finding {
            rule: found.code.name(),
            level: found.level,
            message: &found.message,
            place: primary.locate(found.primary.span).into(),
            reason: Some(found.primary.message.as_str()).filter(|reason| !reason.is_empty()),
            labels: found
                .labels
                .iter()
                .map(|label| Label { place: aside(label.span), message: &label.message })
                .collect(),
            story: found.story.as_deref(),
            help: found.advice(sources),
            fix: found.fix.as_ref().map(|fix| Fix {
                title: &fix.title,
                safety: fix.safety,
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| Edit { place: aside(edit.span), replacement: &edit.replacement })
                    .collect(),
            }),
        })
        .collect();
    let report = Report { version: VERSION, findings, summary: Summary::of(diagnostics, files) };
    // Strings and numbers alone: there is nothing in it that cannot be written.
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}
