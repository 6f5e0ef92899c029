//! Runs all rules over a process.

use jiff::civil;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level, sort_and_dedup};
use crate::model::Process;

use super::rule::ProcessCheck;
use super::{Check, Context, Levels, RULES, Rule, waivers};

/// Every finding about a process, sorted by place. `today` decides which waivers still hold. The
/// findings of the front end are not repeated.
pub fn check(process: &Process, today: civil::Date, levels: &Levels) -> Vec<Diagnostic> {
    let context = Context::new(process, today);
    let by_name = levels.by_name();
    let level = |name: &str| by_name.get(name).copied().unwrap_or(Level::Error);

    let mut findings = side_by_side(&context, |rule| level(rule.name) > Level::Allow);
    let waived = waivers::apply(process, today, &mut findings);
    for rule in RULES {
        if let Check::Waivers(check) = rule.check
            && level(rule.name) > Level::Allow
        {
            // A waiver of a rule that is switched off is neither used nor useless; one of a rule
            // that targets raise is used, or not, when they are built.
            let settled: Vec<bool> = waived
                .iter()
                .zip(&process.waivers)
                .map(|(used, waiver)| {
                    let rule = &waiver.rule.value;
                    *used || level(rule) == Level::Allow || is_raised_elsewhere(rule)
                })
                .collect();
            check(&context, &settled, &mut findings);
        }
    }
    for finding in &mut findings {
        finding.level = level(finding.code.name());
    }
    findings.extend(check_settings(process, levels));
    sort_and_dedup(&mut findings);
    findings
}

/// What is wrong with waivers and levels by themselves: rules that are called otherwise.
pub fn check_settings(process: &Process, levels: &Levels) -> Vec<Diagnostic> {
    let mut findings: Vec<Diagnostic> = waivers::unknown_rules(process).collect();
    findings.extend(levels.problems().iter().cloned());
    findings
}

/// What the rules that are on find in the process, in the order of the rules.
fn side_by_side(context: &Context<'_>, is_on: impl Fn(&Rule) -> bool) -> Vec<Diagnostic> {
    let checks: Vec<ProcessCheck> = RULES
        .iter()
        .filter_map(|rule| match rule.check {
            Check::Process(check) if is_on(rule) => Some(check),
            _ => None,
        })
        .collect();
    // A rule takes from nothing to a tenth of the time: each is dealt out by itself.
    let found: Vec<Vec<Diagnostic>> = checks
        .par_iter()
        .with_max_len(1)
        .map(|check| {
            let mut findings = Vec::new();
            check(context, &mut findings);
            findings
        })
        .collect();
    found.into_iter().flatten().collect()
}

/// Applies waivers and levels to what targets have found.
pub fn settle_target_findings(
    process: &Process,
    today: civil::Date,
    levels: &Levels,
    findings: &mut Vec<Diagnostic>,
) {
    waivers::apply(process, today, findings);
    for finding in findings.iter_mut() {
        // A target may say that its finding weighs less than usual; what is configured wins.
        if let Some(level) = levels.configured(finding.code.name()) {
            finding.level = level;
        }
    }
    findings.retain(|finding| finding.level > Level::Allow);
}

fn is_raised_elsewhere(rule: &str) -> bool {
    super::explain(rule).is_some_and(|rule| matches!(rule.check, Check::Target | Check::Change(..)))
}

/// Applies waivers and levels to what comparisons find, one finding at a time.
pub(crate) struct Settling<'a> {
    waivers: waivers::Index<'a>,
    levels: FxHashMap<&'static str, Level>,
}

impl<'a> Settling<'a> {
    pub(crate) fn new(process: &'a Process, today: civil::Date, levels: &Levels) -> Self {
        Self { waivers: waivers::Index::holding(process, today), levels: levels.by_name() }
    }

    /// Gives the finding its level and tells whether it counts.
    pub(crate) fn settle(&self, finding: &mut Diagnostic) -> bool {
        let name = finding.code.name();
        finding.level = self.levels.get(name).copied().unwrap_or(finding.level);
        let waived = self.waivers.waivers_of(name, finding.primary.span).next().is_some();
        finding.level > Level::Allow && !waived
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::Builder;
    use crate::model::{Outcome, StageId};

    /// Everything at once that could make a rule look at all stages for each stage: a long chain of two
    /// teams with loops, goals, waivers and a finding or more at every stage.
    fn large(stages: usize) -> Builder {
        let mut b = Builder::new();
        let teams = [b.team("one"), b.team("two")];
        let won = b.outcome("won", Outcome::Won);
        let mut chain: Vec<StageId> = vec![b.entry("s0")];
        for n in 1..stages {
            chain.push(b.stage(&format!("s{n}")));
        }
        for (n, pair) in chain.windows(2).enumerate() {
            let [from, to] = pair else { continue };
            b.own(*from, if n % 3 == 0 { teams[0] } else { teams[1] });
            b.advance(*from, *to);
            b.recycle(*to, *from);
            let goal = b.goal("g", &teams[..1]);
            b.process.goals[goal].measure =
                Some(crate::model::Measure::Conversion { from: *from, to: *to, within: None });
            let body = b.process.stages[*from].body;
            b.waive("dead-end", Some(body), None);
        }
        for (from, to) in chain.iter().zip(chain.iter().skip(2)) {
            b.advance(*from, *to);
        }
        if let Some(last) = chain.last() {
            b.advance(*last, won);
        }
        b
    }

    /// Were any rule quadratic, this would run for hours.
    #[test]
    fn large_processes_are_checked_in_linear_time() {
        let stages = 20_000;
        let b = large(stages);
        let findings = check(&b.process, jiff::civil::date(2026, 1, 1), &Levels::default());
        let count = |rule: &str| findings.iter().filter(|f| f.code.name() == rule).count();
        // Every stage waits without a limit; every stage but the first two can be jumped.
        assert_eq!(count("unbounded-wait"), stages);
        assert_eq!(count("skippable-measure"), stages - 2);
        assert_eq!(count("useless-waiver"), stages - 1);
        // One knot of loops, one ping-pong wherever the team changes.
        assert_eq!(count("endless-recycle"), 1);
        assert_eq!(count("ping-pong"), (stages - 1) * 2 / 3);
    }
}
