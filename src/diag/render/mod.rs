//! Findings as people and programs read them: one renderer a file.
//!
//! Each renderer takes findings in the order they are to be shown, with their levels settled, and
//! gives text; none of them prints. They differ in what they are for: [`full`] teaches a person at
//! a terminal, [`concise`] is one line a finding for logs and `grep`, [`json`] is for programs,
//! [`sarif`], [`github`] and [`junit`] are for the services that show findings where people work.

pub mod concise;
pub mod full;
pub mod github;
pub mod json;
pub mod junit;
mod place;
mod rule;
pub mod sarif;
mod text;

pub(crate) use text::{one_line, wrap};

use super::{Diagnostic, Level};
use crate::source::SourceMap;
pub use rule::{RuleInfo, RuleLookup};

/// How the renderers for people draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours are used.
    pub color: bool,
    /// The width, in columns, at which paragraphs are wrapped. Source text is never wrapped.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}

/// How many findings of each level there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Findings at error level.
    pub errors: usize,
    /// Findings at warning level.
    pub warnings: usize,
    /// Findings at note level.
    pub notes: usize,
    /// Files that were read, whether or not anything was found in them.
    pub files: usize,
}

impl Summary {
    /// Counts. `files` is the number of files that were read.
    pub fn of(diagnostics: &[Diagnostic], files: usize) -> Self {
        let count = |level| diagnostics.iter().filter(|found| found.level == level).count();
        Self {
            errors: count(Level::Error),
            warnings: count(Level::Warning),
            notes: count(Level::Note),
            files,
        }
    }

    /// One line for people: `2 errors, 1 warning in 3 files`.
    pub fn line(&self) -> String {
        let levels = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let found: Vec<String> = levels
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| counted(count, word))
            .collect();
        let found = if found.is_empty() { "no findings".to_owned() } else { found.join(", ") };
        format!("{found} in {}", counted(self.files, "file"))
    }
}

/// `1 file`, `2 files`: a count and its noun, for nouns whose plural ends in `s`.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Everything that a finding says, a line each: the fact, the reason, the story, the advice.
fn message(found: &Diagnostic, sources: &SourceMap) -> String {
    let mut text = found.message.clone();
    let reason = Some(found.primary.message.as_str()).filter(|reason| !reason.is_empty());
    let help = found.advice(sources);
    let parts = [("", reason), ("story: ", found.story.as_deref()), ("help: ", help.as_deref())];
    for (head, part) in parts {
        if let Some(part) = part {
            text.push('\n');
            text.push_str(head);
            text.push_str(&part.replace("\r\n", "\n"));
        }
    }
    text
}

/// ANSI escape sequences, or nothing when colours are off.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    color: bool,
}

impl Paint {
    pub(crate) const BOLD: &str = "\x1b[1m";
    const HELP: &str = "\x1b[1;36m";

    pub(crate) fn new(style: Style) -> Self {
        Self { color: style.color }
    }

    pub(crate) fn level(level: Level) -> &'static str {
        match level {
            Level::Error => "\x1b[1;31m",
            Level::Warning => "\x1b[1;33m",
            Level::Note | Level::Allow => "\x1b[1;36m",
        }
    }

    pub(crate) fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("{code}{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::Summary;

    #[test]
    fn a_summary_names_only_what_there_is() {
        let line =
            |errors, warnings, notes, files| Summary { errors, warnings, notes, files }.line();
        assert_eq!(line(2, 1, 0, 3), "2 errors, 1 warning in 3 files");
        assert_eq!(line(0, 0, 1, 1), "1 note in 1 file");
        assert_eq!(line(0, 0, 0, 0), "no findings in 0 files");
    }
}
