//! Silences findings that somebody has accepted, at one place and for a time.

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, codes};
use crate::model::{Process, Waiver};
use crate::source::{FileId, Span};

use super::{explain, suggest};

/// Removes the waived findings and tells for each waiver whether it silenced one.
pub(super) fn apply(
    process: &Process,
    today: jiff::civil::Date,
    findings: &mut Vec<Diagnostic>,
) -> Vec<bool> {
    let waivers = &process.waivers;
    let mut used = vec![false; waivers.len()];
    let index = Index::holding(process, today);
    findings.retain(|finding| {
        let mut waived = false;
        for waiver in index.waivers_of(finding.code.name(), finding.primary.span) {
            waived = true;
            if let Some(used) = used.get_mut(waiver) {
                *used = true;
            }
        }
        !waived
    });
    used
}

/// Whether the waiver no longer holds. It holds through its last day.
pub(super) fn has_run_out(waiver: &Waiver, today: jiff::civil::Date) -> bool {
    waiver.until.is_some_and(|until| until < today)
}

/// Findings for waivers of rules that do not exist.
pub(super) fn unknown_rules(process: &Process) -> impl Iterator<Item = Diagnostic> + '_ {
    process.waivers.iter().filter(|waiver| explain(&waiver.rule.value).is_none()).map(|waiver| {
        let name = &waiver.rule.value;
        let message = format!("there is no rule `{name}` to waive");
        let finding = Diagnostic::new(codes::UNKNOWN_NAME, waiver.rule.span, message);
        match suggest(name) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("`ekiden rules` lists them all"),
        }
    })
}

type Place<'a> = (&'a str, FileId, u32);

/// Waivers by rule and place. Declarations do not overlap, so the last one that begins before a
/// place is the only one that can hold it.
pub(super) struct Index<'a> {
    everywhere: BTreeMap<&'a str, usize>,
    /// By rule, file and start of the declaration: the waiver, and where the declaration ends.
    scoped: BTreeMap<Place<'a>, (usize, u32)>,
}

impl<'a> Index<'a> {
    /// The waivers of a process that hold today.
    pub(super) fn holding(process: &'a Process, today: jiff::civil::Date) -> Self {
        Self::new(&process.waivers, |waiver| !has_run_out(waiver, today))
    }

    fn new(waivers: &'a [Waiver], holds: impl Fn(&Waiver) -> bool) -> Self {
        let mut index = Self { everywhere: BTreeMap::new(), scoped: BTreeMap::new() };
        for (at, waiver) in waivers.iter().enumerate().filter(|(_, waiver)| holds(waiver)) {
            // A rule that was misspelt is told once, as that; what it was to silence is not.
            let name = waiver.rule.value.as_str();
            let rule =
                explain(name).map(|rule| rule.name).or_else(|| suggest(name)).unwrap_or(name);
            // Of two for the same thing, the one that holds longer is needed, and the other is not.
            let outlasts = |other: usize| match (&waiver.until, waivers.get(other)) {
                (Some(until), Some(Waiver { until: Some(others), .. })) => until > others,
                (None, Some(Waiver { until: Some(_), .. })) => true,
                _ => false,
            };
            match waiver.scope {
                None => {
                    let held = index.everywhere.entry(rule).or_insert(at);
                    if outlasts(*held) {
                        *held = at;
                    }
                }
                Some(scope) => {
                    let held = index.scoped.entry((rule, scope.file, scope.start));
                    let held = held.or_insert((at, scope.end));
                    if outlasts(held.0) {
                        *held = (at, scope.end);
                    }
                }
            }
        }
        index
    }

    pub(super) fn waivers_of(&self, rule: &'a str, place: Span) -> impl Iterator<Item = usize> {
        let everywhere = self.everywhere.get(rule).into_iter().copied();
        let first = (rule, place.file, 0);
        let here = self
            .scoped
            .range(first..=(rule, place.file, place.start))
            .next_back()
            .filter(|(_, (_, end))| place.end <= *end)
            .map(|(_, (at, _))| *at);
        everywhere.chain(here)
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::Builder;
    use crate::lint::{Levels, check};
    use crate::source::Span;
    use jiff::civil::date;

    /// The rules that speak of a process with one dead end, waived as given.
    fn rules(rule: &str, scoped: bool, until: Option<&str>) -> Vec<&'static str> {
        let mut b = Builder::new();
        let stage = b.entry("stuck");
        b.process.stages[stage].draft = false;
        let body = b.process.stages[stage].body;
        let elsewhere = Span::new(body.file, 9_000, 9_999);
        b.waive(rule, Some(if scoped { body } else { elsewhere }), until);
        let findings = check(&b.process, date(2026, 6, 1), &Levels::default());
        let mut rules: Vec<&str> = findings.iter().map(|finding| finding.code.name()).collect();
        rules.retain(|rule| {
            rule.contains("dead") || rule.contains("waiver") || rule.contains("unknown")
        });
        rules
    }

    #[test]
    fn a_waiver_silences_its_rule_in_its_declaration_until_its_last_day() {
        assert_eq!(rules("dead-end", true, None), [""; 0]);
        assert_eq!(rules("dead-end", true, Some("2026-06-01")), [""; 0]);
        assert_eq!(rules("dead-end", true, Some("2026-05-31")), ["dead-end", "expired-waiver"]);
        assert_eq!(rules("dead-end", false, None), ["dead-end", "useless-waiver"]);
        assert_eq!(rules("ping-pong", true, None), ["dead-end", "useless-waiver"]);
        assert_eq!(rules("dead-edn", true, None), ["unknown-name"]);
    }

    #[test]
    fn a_waiver_of_a_rule_that_is_switched_off_is_not_useless() {
        let mut b = Builder::new();
        let stage = b.entry("stuck");
        let body = b.process.stages[stage].body;
        b.waive("dead-end", Some(body), None);
        let mut levels = Levels::default();
        assert_eq!(levels.set_on_command_line("dead-end", crate::diag::Level::Allow), Ok(()));
        let findings = check(&b.process, date(2026, 6, 1), &levels);
        assert!(findings.iter().all(|finding| finding.code.name() != "useless-waiver"));
    }
}
