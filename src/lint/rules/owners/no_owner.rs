//! `no-owner`: work that is nobody's.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "no-owner",
    family: Family::Owners,
    summary: "an open stage that nobody owns",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/no-owner.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let mut ownerless = process.stages.iter().filter(|(id, stage)| {
        let work_goes_on = stage.is_open() && !stage.is_final;
        work_goes_on && stage.owners.is_empty() && !context.is_unfinished(*id)
    });
    if process.teams.is_empty() {
        // One cause, one finding.
        if ownerless.next().is_some() {
            findings.push(
                RULE.finding(process.span, "no team is declared, so no stage has an owner")
                    .reason("nobody is responsible for any record")
                    .help("declare who does the work, `team sales { }`, and say `owner sales` in the stages"),
            );
        }
        return;
    }
    for (_, stage) in ownerless {
        findings.push(
            RULE.finding(stage.span, format!("nobody owns `{}`", stage.name))
                .reason("no `owner`")
                .help(match stage.support.as_slice() {
                    [] => "say which team or role is responsible for its records: `owner …`"
                        .to_owned(),
                    [first, ..] => format!(
                        "`{}` helps here; say who is responsible: `owner …`",
                        process.owner_name(*first).0
                    ),
                }),
        );
    }
}
