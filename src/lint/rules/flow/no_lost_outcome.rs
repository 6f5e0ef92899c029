//! `no-lost-outcome`: a process in which nothing is ever lost.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::Outcome;

pub(crate) static RULE: Rule = Rule {
    name: "no-lost-outcome",
    family: Family::Flow,
    summary: "a process in which nothing can be lost",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/no-lost-outcome.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let is_lost = |outcome| outcome == Some(Outcome::Lost);
    if process.stages.is_empty()
        || context.any_unfinished()
        || process.stages.values().any(|stage| is_lost(stage.outcome))
    {
        return;
    }
    findings.push(
        RULE.finding(process.span, "no stage has `outcome lost`: nothing can be lost")
            .reason("what will not be bought stays open, and the win rate is always 100%")
            .help("add a stage with `outcome lost`, entered by `from any open of …` with a reason"),
    );
}
