//! `single-point`: one person stands between every record and the win.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Level};
use crate::graph::single_points;
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{RoleId, StageId};

pub(crate) static RULE: Rule = Rule {
    name: "single-point",
    family: Family::Owners,
    summary: "one person whom every record must pass, and for whom nobody stands in",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/single-point.md"),
    check: Check::Process(check),
};

/// One finding for each person, at the first stage.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if context.any_unfinished() {
        return;
    }
    let mut of_role: IndexMap<RoleId, Vec<StageId>> = IndexMap::new();
    for (stage, role) in single_points(process, &context.stages) {
        of_role.entry(role).or_default().push(stage);
    }
    for (role, stages) in of_role {
        let Some((first, others)) = stages.split_first() else { continue };
        let (name, stage) = (&process.roles[role].name, &process.stages[*first]);
        let mut finding = RULE
            .finding(stage.span, format!("when the one `{name}` is away, nothing can be won"))
            .reason(format!("every record on its way to a win waits here for `{name}`"))
            .label(process.roles[role].span, "one person")
            .story(format!(
                "{}, and stays there as long as `{name}` is away: nobody helps in the stage, and nobody else hears of it",
                story::arrival(context, *first)
            ))
            .help("let somebody stand in, `support […]`, or hear of it in time, `limit … escalate to …`");
        for other in others.iter().take(3) {
            finding = finding.label(process.stages[*other].span, "and here");
        }
        findings.push(finding);
    }
}
