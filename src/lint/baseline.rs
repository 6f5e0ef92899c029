//! The baseline: findings of a process as it was found, which are known and not counted.
//!
//! An entry names its rule, what it is about and what was said. It fits a finding that agrees in all
//! three, numbers aside: a process may be laid out anew, reordered, spread over other files or
//! turned into the other notation, and a clock may be changed from 30 to 40 days. What is called otherwise
//! now, and says so with `was`, is known by its earlier name.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Code, Diagnostic, Level};
use crate::model::Process;
use crate::source::Span;
use crate::syntax::ast::{File, Item};

use super::places::Places;
use super::rules::baseline_stale;
use super::{Check, Family, Levels, explain};

/// The places of stale entries that are shown; the number of all is told.
const MOST_SHOWN: usize = 20;

/// A finding that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// What it is about: `stage mql / advance to problem`.
    pub at: String,
    /// The rule.
    pub rule: String,
    /// What was said when it was recorded.
    pub message: String,
    /// How many such findings there are.
    pub count: u32,
}

type Key = (String, String, String);

impl Entry {
    fn key(&self) -> Key {
        (self.rule.clone(), self.at.clone(), without_numbers(&self.message))
    }
}

/// Whether findings of a rule can be recorded: not when they keep the source from being understood,
/// and not when they are about what was accepted before.
pub fn is_recordable(code: Code) -> bool {
    explain(code.name())
        .is_some_and(|rule| !matches!(rule.check, Check::FrontEnd) && rule.family != Family::Living)
}

/// The entries for these findings, sorted by what they are about. What cannot be recorded is left
/// out.
pub fn record(findings: &[Diagnostic], files: &[File]) -> Vec<Entry> {
    let places = Places::new(files);
    let mut known: FxHashMap<Key, usize> = FxHashMap::default();
    let mut entries: Vec<Entry> = Vec::new();
    for finding in findings.iter().filter(|finding| is_recordable(finding.code)) {
        let entry = Entry {
            at: places.path(finding.primary.span),
            rule: finding.code.name().to_owned(),
            message: finding.message.chars().map(writable).collect(),
            count: 1,
        };
        let index = *known.entry(entry.key()).or_insert(entries.len());
        match entries.get_mut(index) {
            Some(same) => same.count = same.count.saturating_add(1),
            None => entries.push(entry),
        }
    }
    entries.sort();
    entries
}

/// A baseline in use: it is used up by the findings it silences.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The entries, each with its place in the file.
    entries: Vec<(Entry, Span)>,
    /// What each entry is known by, by the names of today.
    keys: Vec<Key>,
    places: Places,
    left: FxHashMap<Key, u32>,
    silenced: usize,
}

impl Baseline {
    /// A baseline for the process that these files declare.
    pub fn new(entries: Vec<(Entry, Span)>, files: &[File]) -> Self {
        let renames = Renames::of(files);
        let keys: Vec<Key> = entries.iter().map(|(entry, _)| renames.key(entry)).collect();
        let mut left: FxHashMap<Key, u32> = FxHashMap::default();
        for ((entry, _), key) in entries.iter().zip(&keys) {
            let count = left.entry(key.clone()).or_insert(0);
            *count = count.saturating_add(entry.count);
        }
        Self { entries, keys, places: Places::new(files), left, silenced: 0 }
    }

    /// The same baseline, unused, for files that were changed.
    #[must_use]
    pub fn renewed(&self, files: &[File]) -> Self {
        Self::new(self.entries.clone(), files)
    }

    /// Removes the findings that are known.
    pub fn silence(&mut self, findings: &mut Vec<Diagnostic>) {
        findings.retain(|finding| !(is_recordable(finding.code) && self.takes(finding)));
    }

    fn takes(&mut self, finding: &Diagnostic) -> bool {
        let key = (
            finding.code.name().to_owned(),
            self.places.path(finding.primary.span),
            without_numbers(&finding.message),
        );
        let Some(left) = self.left.get_mut(&key).filter(|left| **left > 0) else { return false };
        *left -= 1;
        self.silenced += 1;
        true
    }

    /// How many findings were silenced.
    pub fn silenced(&self) -> usize {
        self.silenced
    }

    /// The finding that some entries are found no more, when every finding has been silenced that
    /// is to be. `targets` tells whether those of targets are among them. Nothing is said while part
    /// of the process is a draft or could not be read, nor of rules that are switched off.
    pub fn stale(
        &mut self,
        process: &Process,
        levels: &Levels,
        targets: bool,
    ) -> Option<Diagnostic> {
        let level = levels.of(&baseline_stale::RULE);
        let unfinished = |stage: &crate::model::Stage| stage.draft || stage.broken;
        let open = process.draft || process.broken || process.stages.values().any(unfinished);
        if open || level == Level::Allow {
            return None;
        }
        let mut stale: Vec<(&Entry, Span, u32)> = Vec::new();
        for ((entry, span), key) in self.entries.iter().zip(&self.keys) {
            let rule = explain(&entry.rule);
            let silent = rule.is_some_and(|rule| {
                levels.of(rule) == Level::Allow || (matches!(rule.check, Check::Target) && !targets)
            });
            let Some(left) = self.left.get_mut(key).filter(|_| !silent) else { continue };
            let gone = entry.count.min(*left);
            *left -= gone;
            if gone > 0 {
                stale.push((entry, *span, gone));
            }
        }
        let (first, rest) = stale.split_first()?;
        let all: u64 = stale.iter().map(|(.., gone)| u64::from(*gone)).sum();
        let message = match all {
            1 => "a finding of the baseline is found no more".to_owned(),
            all => format!("{all} findings of the baseline are found no more"),
        };
        let mut finding = Diagnostic::new(baseline_stale::RULE.code(), first.1, message)
            .level(level)
            .reason(shown(first.0, first.2))
            .help("write it anew: `ekiden check --write-baseline`");
        for (entry, span, gone) in rest.iter().take(MOST_SHOWN - 1) {
            finding = finding.label(*span, shown(entry, *gone));
        }
        Some(finding)
    }
}

/// The names of today by earlier ones that nothing bears any more.
struct Renames<'f>(FxHashMap<&'f str, &'f str>);

impl<'f> Renames<'f> {
    fn of(files: &'f [File]) -> Self {
        let mut renames: FxHashMap<&str, &str> = FxHashMap::default();
        let mut borne: FxHashSet<&str> = FxHashSet::default();
        for (name, was) in files.iter().flat_map(|file| &file.items).flat_map(Item::names) {
            borne.insert(name.text.as_str());
            for earlier in was {
                renames.entry(earlier.text.as_str()).or_insert(name.text.as_str());
            }
        }
        renames.retain(|earlier, _| !borne.contains(earlier));
        Self(renames)
    }

    /// What an entry is known by. Names stand in its place behind the word that says what they are
    /// names of, and in its message between backticks.
    fn key(&self, entry: &Entry) -> Key {
        let (rule, at, message) = entry.key();
        if self.0.is_empty() {
            return (rule, at, message);
        }
        let parts = at.split(" / ").map(|part| match part.split_once(' ') {
            Some((what, name)) => format!("{what} {}", self.renamed(name)),
            None => part.to_owned(),
        });
        let at = parts.collect::<Vec<_>>().join(" / ");
        let quoted = message.split('`').enumerate().map(|(index, part)| match index % 2 {
            0 => part.to_owned(),
            _ => self.renamed(part),
        });
        (rule, at, quoted.collect::<Vec<_>>().join("`"))
    }

    /// A text with the names of today.
    fn renamed(&self, text: &str) -> String {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let same = |c: char| is_name(c) != is_name(first);
            let (word, behind) = rest.split_at(rest.find(same).unwrap_or(rest.len()));
            out.push_str(self.0.get(word).unwrap_or(&word));
            rest = behind;
        }
        out
    }
}

fn shown(entry: &Entry, gone: u32) -> String {
    let Entry { rule, at, count, .. } = entry;
    let all = *count;
    if gone < all {
        format!("`{rule}` in `{at}`: {gone} of {all}")
    } else {
        format!("`{rule}` in `{at}`")
    }
}

/// A character as a file can hold it: messages quote what people write, and control characters, which
/// YAML and JSON do not read back, become blanks.
fn writable(c: char) -> char {
    if c.is_control() { ' ' } else { c }
}

/// A message with `#` for every number; digits in a name stay.
fn without_numbers(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut before: Option<char> = None;
    let mut in_number = false;
    for c in message.chars().map(writable) {
        let starts = c.is_ascii_digit() && !before.is_some_and(|b| b.is_alphanumeric() || b == '_');
        let goes_on = in_number && (c.is_ascii_digit() || matches!(c, '_' | '.' | ','));
        if starts && !in_number {
            out.push('#');
        } else if !goes_on {
            out.push(c);
        }
        in_number = starts || goes_on;
        before = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::without_numbers;

    #[test]
    fn numbers_may_change_and_names_may_not() {
        assert_eq!(without_numbers("`mql` waits 30d, not 14 days"), "`mql` waits #d, not # days");
        assert_eq!(without_numbers("1_000.5 JPY"), "# JPY");
        assert_eq!(without_numbers("`stage_2` to `s1`"), "`stage_2` to `s1`");
    }
}
