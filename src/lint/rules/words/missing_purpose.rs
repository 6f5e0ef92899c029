//! `missing-purpose`: a stage that does not say what it is for, among others that do.

use crate::diag::{Diagnostic, Level};
use crate::lint::rules::words::missing_next;
use crate::lint::{Check, Context, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "missing-purpose",
    family: Family::Words,
    summary: "an open stage that does not say what it is for, where others do",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/missing-purpose.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let lacking =
        missing_next::among_others(context, |stage| process.stages[stage].purpose.is_some());
    for (stage, others) in lacking {
        let stage = &process.stages[stage];
        let message = format!("stage `{}` does not say what it is for", stage.name);
        findings.push(RULE.finding(stage.span, message).help(format!(
            "add `purpose \"…\"`, as {others} do: what the customer and we want to have when it ends"
        )));
    }
}
