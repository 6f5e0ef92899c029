//! What a rule is.

use crate::diag::{Code, Diagnostic, Level};
use crate::diff::{Change, Comparison, Who};
use crate::source::Span;

use super::Context;

/// A rule: what it is called, how much its findings weigh, where it is explained, how it is checked.
#[derive(Debug)]
pub struct Rule {
    /// The name, in kebab case; it names the fault, so that `allow dead-end` reads right.
    pub name: &'static str,
    /// The family it is listed under.
    pub family: Family,
    /// What it finds, on one line.
    pub summary: &'static str,
    /// The level of its findings, when nothing else is configured.
    pub level: Level,
    /// Its page, Markdown.
    pub page: &'static str,
    /// How it is checked.
    pub check: Check,
}

/// How a rule is checked. Rules cannot be written outside of this crate.
pub enum Check {
    /// While the source is read and understood; always an error.
    FrontEnd,
    /// On the finished model.
    Process(ProcessCheck),
    /// While a target is compiled, by `build`: what it cannot carry over.
    Target,
    /// When every other rule has spoken: for each waiver, whether it silenced something.
    Waivers(WaiversCheck),
    /// When the findings are compared with a baseline.
    Baseline,
    /// On each change between two processes, by `diff`; who is hurt by what it finds.
    Change(Who, ChangeCheck),
}

/// Looks at a process and adds what it finds.
pub(crate) type ProcessCheck = fn(&Context<'_>, &mut Vec<Diagnostic>);
/// Looks at the waivers of a process and adds what it finds.
pub(crate) type WaiversCheck = fn(&Context<'_>, &[bool], &mut Vec<Diagnostic>);

/// Looks at a change and says what it breaks.
pub(crate) type ChangeCheck = fn(&Comparison<'_>, &Change<'_>) -> Option<Diagnostic>;

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Check::FrontEnd => "FrontEnd",
            Check::Process(_) => "Process",
            Check::Target => "Target",
            Check::Waivers(_) => "Waivers",
            Check::Baseline => "Baseline",
            Check::Change(..) => "Change",
        })
    }
}

impl Rule {
    /// The code its findings bear.
    pub const fn code(&self) -> Code {
        Code::new(self.name)
    }

    /// A finding of this rule, at its default level.
    pub(crate) fn finding(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.code(), span, message).level(self.level)
    }
}

/// What rules are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Whether the text can be read.
    Source,
    /// Whether names lead somewhere.
    Names,
    /// Whether values fit together.
    Types,
    /// Whether records get through.
    Flow,
    /// Whether criteria decide.
    Criteria,
    /// Whether data is there when it is read.
    Data,
    /// Whether somebody is responsible, and teams pull together.
    Owners,
    /// Whether clocks and numbers agree.
    Time,
    /// Whether scores and routes are whole.
    Scores,
    /// Whether the words are clear.
    Words,
    /// Whether a target can carry what the process says.
    Targets,
    /// Whether what was accepted for now is still true.
    Living,
    /// Whether a change of the process hurts somebody.
    Change,
}

impl Family {
    /// Every family, in the order of the book.
    pub const ALL: [Family; 13] = [
        Family::Source,
        Family::Names,
        Family::Types,
        Family::Flow,
        Family::Criteria,
        Family::Data,
        Family::Owners,
        Family::Time,
        Family::Scores,
        Family::Words,
        Family::Targets,
        Family::Living,
        Family::Change,
    ];

    /// The word shown to people, and the folder its rules are in; those of changes are in `diff::rules`.
    pub fn word(self) -> &'static str {
        match self {
            Family::Source => "source",
            Family::Names => "names",
            Family::Types => "types",
            Family::Flow => "flow",
            Family::Criteria => "criteria",
            Family::Data => "data",
            Family::Owners => "owners",
            Family::Time => "time",
            Family::Scores => "scores",
            Family::Words => "words",
            Family::Targets => "targets",
            Family::Living => "living",
            Family::Change => "change",
        }
    }
}
