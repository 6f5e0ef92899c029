//! Findings: one type for every fault the compiler can report, and several renderers for it.
//!
//! A [`Diagnostic`] names its rule, states the fact, gives the reason at its labels and the
//! advice in `help`. Messages are lower case, one line, without a full stop, with the user's words
//! in backticks.

pub mod apply;
pub mod codes;
pub mod render;
mod suggest;
mod yaml;

use std::borrow::Cow;

use crate::source::{SourceMap, Span};
pub use codes::Code;
pub use suggest::{Letters, closest};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule is switched off.
    Allow,
    /// A matter of taste or completeness.
    Note,
    /// Will hurt someone.
    Warning,
    /// The process cannot run as written; `check` exits with 1 and `build` writes nothing.
    Error,
}

impl Level {
    /// The word shown to people and used in the manifest.
    pub fn word(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// A place and what is to be said about it. The message may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The characters to underline.
    pub span: Span,
    /// What is said at them.
    pub message: String,
}

/// How far a fix can be trusted, the most trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Safety {
    /// Keeps the meaning, or restores what was plainly meant.
    Safe,
    /// Changes the meaning; applied only on demand.
    Unsafe,
    /// Only shown.
    Display,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The text to replace; empty to insert.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

/// A proposed change that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, in a few words.
    pub title: String,
    /// How far it can be trusted.
    pub safety: Safety,
    /// The replacements; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub code: Code,
    /// Its weight, after levels were applied.
    pub level: Level,
    /// The fact, on one line.
    pub message: String,
    /// Where it is.
    pub primary: Label,
    /// The other places that matter.
    pub labels: Vec<Label>,
    /// The short story of a record that shows the fault, in the order things happen.
    pub story: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// A change that mends it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding at error level; `check` lowers or raises it by the configured levels.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            level: Level::Error,
            message: message.into(),
            primary: Label { span, message: String::new() },
            labels: Vec::new(),
            story: None,
            help: None,
            fix: None,
        }
    }

    /// Sets the level.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Says something at the primary place.
    #[must_use]
    pub fn reason(mut self, message: impl Into<String>) -> Self {
        self.primary.message = message.into();
        self
    }

    /// Points at another place.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Tells the story of a record.
    #[must_use]
    pub fn story(mut self, story: impl Into<String>) -> Self {
        self.story = Some(story.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What to do, in the notation of the file that the finding is in. What could not be read is a
    /// matter of its notation already: there advice is told as it is.
    pub fn advice(&self, sources: &SourceMap) -> Option<Cow<'_, str>> {
        let help = self.help.as_deref()?;
        let in_yaml = sources.get(self.primary.span.file).is_some_and(|file| file.is_yaml());
        Some(match in_yaml && self.code != codes::SYNTAX_ERROR {
            true => yaml::for_yaml(help),
            false => Cow::Borrowed(yaml::for_dsl(help)),
        })
    }

    /// Proposes a change.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, safety: Safety, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { title: title.into(), safety, edits });
        self
    }
}

/// Sorts by place, then rule, and removes exact repetitions (same rule, place and message).
pub fn sort_and_dedup(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (a.primary.span.key(), a.code.name(), &a.message).cmp(&(
            b.primary.span.key(),
            b.code.name(),
            &b.message,
        ))
    });
    diagnostics.dedup_by(|a, b| {
        a.code == b.code && a.primary.span.key() == b.primary.span.key() && a.message == b.message
    });
}
