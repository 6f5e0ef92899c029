//! `no-entry`: no record can come into the process.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "no-entry",
    family: Family::Flow,
    summary: "a process that no record can come into",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/no-entry.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if !context.stages.entries().is_empty() || context.any_broken() || process.draft {
        return;
    }
    if process.stages.is_empty() {
        findings.push(
            RULE.finding(process.span, "no stage is declared: no record can come into the process")
                .help("declare the first one: `stage inquiry { entry … }`, or say `status draft` in the `process`"),
        );
        return;
    }
    // A draft that nothing leads to yet may well become the entry.
    let undecided = |id| context.is_unfinished(id) && process.stages[id].incoming.is_empty();
    if process.stages.ids().any(undecided) {
        return;
    }
    let finding = RULE
        .finding(process.span, "no stage is an entry: no record can come into the process")
        .reason("none of its stages says `entry`");
    let mut first_stages =
        process.stages.values().filter(|stage| stage.incoming.is_empty() && stage.is_open());
    let help = match (first_stages.next(), first_stages.next()) {
        (Some(first), None) => {
            format!(
                "say in `{}`, to which no move leads, where records come from: `entry from […]`",
                first.name
            )
        }
        _ => "say in the stage where records come in: `entry from […]`".to_owned(),
    };
    findings.push(finding.help(help));
}
