//! How much each rule's findings weigh: default, preset, manifest, command line; the later wins.

use std::fmt;

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level, codes};
use crate::source::Spanned;

use super::{Check, RULES, Rule, explain, suggest};

/// A named set of levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// Only what cannot run as written: rules that are errors by default.
    Correctness,
    /// Every rule at its default level.
    #[default]
    Recommended,
    /// Every rule one level up: notes warn, warnings are errors.
    Strict,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Preset; 3] = [Preset::Correctness, Preset::Recommended, Preset::Strict];

    /// The word in the manifest.
    pub fn word(self) -> &'static str {
        match self {
            Preset::Correctness => "correctness",
            Preset::Recommended => "recommended",
            Preset::Strict => "strict",
        }
    }

    /// The preset with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.word() == word)
    }

    fn level(self, default: Level) -> Level {
        match (self, default) {
            (Preset::Correctness, Level::Error) => Level::Error,
            (Preset::Correctness, _) => Level::Allow,
            (Preset::Recommended, _) => default,
            (Preset::Strict, Level::Note) => Level::Warning,
            (Preset::Strict, Level::Warning) => Level::Error,
            (Preset::Strict, other) => other,
        }
    }
}

/// The levels of all rules. The default is [`Preset::Recommended`] and nothing else.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    preset: Preset,
    manifest: FxHashMap<&'static str, Level>,
    command_line: FxHashMap<&'static str, Level>,
    /// What the manifest says wrong.
    problems: Vec<Diagnostic>,
}

/// A level that cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LevelError {
    /// There is no such rule; perhaps the other was meant.
    UnknownRule(String, Option<&'static str>),
    /// The rule guards the reading of the source, and is always an error.
    AlwaysError(&'static str),
}

impl fmt::Display for LevelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LevelError::UnknownRule(name, _) => write!(f, "there is no rule `{name}`"),
            LevelError::AlwaysError(name) => write!(f, "`{name}` cannot be lowered"),
        }
    }
}

impl std::error::Error for LevelError {}

impl LevelError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            LevelError::UnknownRule(_, Some(near)) => format!("did you mean `{near}`?"),
            LevelError::UnknownRule(_, None) => "`ekiden rules` lists them all".to_owned(),
            LevelError::AlwaysError(_) => {
                "a source that cannot be understood has no process to check".to_owned()
            }
        }
    }
}

impl Levels {
    /// Chooses the preset below everything else.
    #[must_use]
    pub fn preset(mut self, preset: Preset) -> Self {
        self.preset = preset;
        self
    }

    /// Sets a level as the manifest does. A name that no rule bears becomes a finding of
    /// [`super::check`], at its place.
    pub fn set_in_manifest(&mut self, rule: &Spanned<String>, level: Level) {
        match settable(&rule.value, level) {
            Ok(rule) => {
                self.manifest.insert(rule.name, level);
            }
            Err(error) => {
                let code = match error {
                    LevelError::UnknownRule(..) => codes::UNKNOWN_NAME,
                    LevelError::AlwaysError(_) => codes::INVALID_MANIFEST,
                };
                let finding = Diagnostic::new(code, rule.span, error.to_string());
                self.problems.push(finding.help(error.help()));
            }
        }
    }

    /// Sets a level as `--deny`, `--warn` and `--allow` do; of two for one rule the later wins.
    pub fn set_on_command_line(&mut self, rule: &str, level: Level) -> Result<(), LevelError> {
        self.command_line.insert(settable(rule, level)?.name, level);
        Ok(())
    }

    /// The level of a rule's findings.
    pub fn of(&self, rule: &Rule) -> Level {
        let set = self.command_line.get(rule.name).or_else(|| self.manifest.get(rule.name));
        match (set, &rule.check) {
            (_, Check::FrontEnd) => Level::Error,
            (Some(level), _) => *level,
            (None, _) => self.preset.level(rule.level),
        }
    }

    /// The level that the manifest or the command line sets for a rule, if one does.
    pub(super) fn configured(&self, rule: &str) -> Option<Level> {
        self.command_line.get(rule).or_else(|| self.manifest.get(rule)).copied()
    }

    /// The level of every rule, by name.
    pub(super) fn by_name(&self) -> FxHashMap<&'static str, Level> {
        RULES.iter().map(|rule| (rule.name, self.of(rule))).collect()
    }

    /// What the manifest says wrong about levels.
    pub(super) fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }
}

fn settable(name: &str, level: Level) -> Result<&'static Rule, LevelError> {
    let Some(rule) = explain(name) else {
        return Err(LevelError::UnknownRule(name.to_owned(), suggest(name)));
    };
    if matches!(rule.check, Check::FrontEnd) && level != Level::Error {
        return Err(LevelError::AlwaysError(rule.name));
    }
    Ok(rule)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use crate::source::{FileId, Span};

    fn spanned(name: &str) -> Spanned<String> {
        Spanned::new(name.to_owned(), Span::start_of(FileId(0)))
    }

    fn level(levels: &Levels, name: &str) -> Level {
        levels.of(explain(name).unwrap())
    }

    #[test]
    fn the_later_wins() {
        let mut levels = Levels::default();
        assert_eq!(level(&levels, "dead-end"), Level::Error);
        assert_eq!(level(&levels, "one-way-loss"), Level::Warning);
        levels = levels.preset(Preset::Strict);
        assert_eq!(level(&levels, "one-way-loss"), Level::Error);
        levels = levels.preset(Preset::Correctness);
        assert_eq!(level(&levels, "one-way-loss"), Level::Allow);
        assert_eq!(level(&levels, "dead-end"), Level::Error);
        levels.set_in_manifest(&spanned("one-way-loss"), Level::Note);
        assert_eq!(level(&levels, "one-way-loss"), Level::Note);
        levels.set_on_command_line("one-way-loss", Level::Error).unwrap();
        assert_eq!(level(&levels, "one-way-loss"), Level::Error);
        assert!(levels.problems().is_empty());
    }

    #[test]
    fn reading_is_never_lowered_and_slips_are_named() {
        let mut levels = Levels::default();
        assert_eq!(
            levels.set_on_command_line("syntax-error", Level::Warning),
            Err(LevelError::AlwaysError("syntax-error"))
        );
        assert_eq!(levels.set_on_command_line("syntax-error", Level::Error), Ok(()));
        let error = levels.set_on_command_line("dead-ends", Level::Allow).unwrap_err();
        assert_eq!(error.to_string(), "there is no rule `dead-ends`");
        assert_eq!(error.help(), "did you mean `dead-end`?");
        levels.set_in_manifest(&spanned("ping-pnog"), Level::Allow);
        let helps: Vec<_> = levels.problems().iter().map(|p| p.help.as_deref()).collect();
        assert_eq!(helps, [Some("did you mean `ping-pong`?")]);
    }
}
