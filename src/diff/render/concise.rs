//! One line a change: `path:line:column: level[rule] message`, or `path:line:column: change …` for
//! what breaks nothing.

use super::say::{facts, headline};
use crate::diag::render::{Style, concise, one_line};
use crate::diff::{Difference, Sources};

/// Renders a difference, every finding and every other change on a line.
pub fn render(difference: &Difference<'_>, sources: &Sources, style: Style) -> String {
    let mut out = String::new();
    for change in &difference.changes {
        if !change.breaks.is_empty() {
            out.push_str(&concise::render(&change.breaks, sources.map(), style));
            continue;
        }
        let place = change.place.new.or_else(|| change.place.old.map(|span| sources.old(span)));
        let (file, at) = sources.map().locate(place.unwrap_or(difference.new.span));
        let mut line = headline(difference, change);
        if let Some(told) = facts(difference, change).short() {
            line = format!("{line}: {told}");
        }
        let (file, line) = (one_line(file), one_line(&line));
        out.push_str(&format!("{file}:{}:{}: change {line}\n", at.line, at.column));
    }
    out
}
