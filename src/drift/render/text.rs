//! For a person at a terminal: the worst first, then what to do.

use crate::diag::render::{Paint, Style, one_line, wrap};
use crate::drift::part::Weight;
use crate::drift::{Report, advice};
use crate::source::SourceMap;

use super::{Line, beside, lines, say, say_none};

/// Differences that are shown under one heading; a person reads no more at once, and `--format json`
/// has them all.
const MOST: usize = 100;

/// Renders a report; nothing when there is nothing to say.
pub(crate) fn render(report: &Report, sources: &SourceMap, style: Style) -> String {
    let paint = Paint::new(style);
    let mut out = String::new();
    let mut advices: indexmap::IndexMap<String, usize> = indexmap::IndexMap::new();
    let heading = |out: &mut String, title: &str| {
        let gap = if out.is_empty() { "" } else { "\n" };
        out.push_str(&format!("{gap}{}\n", paint.paint(Paint::BOLD, title)));
    };
    let paragraph = |out: &mut String, first: &str, text: &str| {
        out.push_str(&format!("{first}{}\n", wrap(text, first, style.width)));
    };
    for weight in Weight::ALL {
        let all = lines(report, weight);
        if all.is_empty() {
            continue;
        }
        heading(&mut out, weight.title());
        for drift in report.compared.drifts.iter().filter(|drift| drift.weight == weight) {
            *advices.entry(advice(report.system, drift)).or_default() += 1;
        }
        for line in all.iter().take(MOST) {
            let drift = match line {
                Line::One(drift) => drift,
                Line::None(kind, count) => {
                    paragraph(&mut out, "  · ", &say_none(report, *kind, *count));
                    continue;
                }
            };
            let (line, values) = say(report, drift);
            paragraph(&mut out, "  · ", &line);
            if let Some((crm, process)) = values {
                let name = report.system.name();
                paragraph(&mut out, &format!("      {name:<10}  "), &crm);
                paragraph(&mut out, "      process     ", &process);
            }
            let mut places = Vec::new();
            places.extend(drift.export.as_ref().map(ToString::to_string));
            places.extend(drift.source.map(|span| {
                let (path, at) = sources.locate(span);
                format!("{path}:{}", at.line)
            }));
            // A line for each: a path may be long, and is not broken.
            for place in places {
                out.push_str(&format!("      {}\n", one_line(&place)));
            }
        }
        if all.len() > MOST {
            let rest = all.len() - MOST;
            paragraph(&mut out, "  · ", &format!("{rest} more: `--format json` has them all"));
        }
    }
    if !advices.is_empty() {
        heading(&mut out, "What to do");
        for (advice, count) in advices {
            paragraph(&mut out, &format!("  {count:>3} × "), &advice);
        }
    }
    let told = beside(report);
    if !told.is_empty() {
        heading(&mut out, "Beside");
        for line in told {
            paragraph(&mut out, "  · ", &line);
        }
    }
    out
}
