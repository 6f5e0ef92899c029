//! `two-owners`: work that is everybody's.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "two-owners",
    family: Family::Owners,
    summary: "a stage with more than one owner",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/two-owners.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for stage in process.stages.values() {
        let Some(first) = stage.owners.first() else { continue };
        let Some(second) = stage.owners.iter().find(|owner| owner.value != first.value) else {
            continue;
        };
        let (one, other) = (process.owner_name(first.value).0, process.owner_name(second.value).0);
        findings.push(
            RULE.finding(
                second.span,
                format!("`{}` has two owners, `{one}` and `{other}`", stage.name),
            )
            .reason("a second owner")
            .label(first.span, "the first owner")
            .help(format!("keep the one who answers for the record, and let the other help: `support [{other}]`")),
        );
    }
}
