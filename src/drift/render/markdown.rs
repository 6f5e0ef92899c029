//! For an issue or a comment: a list under each heading; nothing when there is no drift.

use crate::drift::part::Weight;
use crate::drift::{Report, advice};
use crate::source::SourceMap;

use super::{Line, beside, lines, say, say_none, summary};

/// Differences that are listed under one heading: the body of an issue has a limit.
const MOST: usize = 100;

/// Renders a report.
pub(crate) fn render(report: &Report, title: &str, sources: &SourceMap) -> String {
    if !report.has_drift() {
        return String::new();
    }
    let name = report.system.name();
    let mut out = format!("## {name} is not what {} says\n\n{}.\n", plain(title), summary(report));
    for weight in Weight::ALL {
        let all = lines(report, weight);
        if all.is_empty() {
            continue;
        }
        out.push_str(&format!("\n### {}\n\n", weight.title()));
        for line in all.iter().take(MOST) {
            let drift = match line {
                Line::One(drift) => drift,
                Line::None(kind, count) => {
                    out.push_str(&format!("* {}\n", plain(&say_none(report, *kind, *count))));
                    continue;
                }
            };
            let (line, values) = say(report, drift);
            out.push_str(&format!("* {}\n", plain(&line)));
            if let Some((crm, process)) = values {
                out.push_str(&format!("  * {name}: {}\n", code(&crm)));
                out.push_str(&format!("  * process: {}\n", code(&process)));
            }
            if let Some(place) = &drift.export {
                out.push_str(&format!("  * export: {}\n", code(&place.to_string())));
            }
            if let Some(span) = drift.source {
                let (path, at) = sources.locate(span);
                out.push_str(&format!("  * source: {}\n", code(&format!("{path}:{}", at.line))));
            }
            out.push_str(&format!("  * {}\n", plain(&advice(report.system, drift))));
        }
        if all.len() > MOST {
            out.push_str(&format!("* {} more\n", all.len() - MOST));
        }
    }
    let told = beside(report);
    if !told.is_empty() {
        out.push_str("\n### Beside\n\n");
        for line in told {
            out.push_str(&format!("* {}\n", plain(&line)));
        }
    }
    out
}

/// The text without a meaning of its own in Markdown; code spans stay.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    // A stray mark would open a span that never ends.
    let spans = text.matches('`').count() / 2 * 2;
    let mut seen = 0;
    for c in text.chars() {
        match c {
            '`' if seen < spans => {
                seen += 1;
                in_code = !in_code;
                out.push(c);
            }
            '<' if !in_code => out.push_str("&lt;"),
            '&' if !in_code => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '@' if !in_code => {
                out.extend(['\\', c]);
            }
            _ => out.push(c),
        }
    }
    out
}

/// The text as a code span.
fn code(text: &str) -> String {
    format!("`{}`", crate::diag::render::one_line(text).replace('`', "'"))
}
