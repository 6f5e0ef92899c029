//! `single-point`: one person stands between every record and the win.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Level};
use crate::graph::{divided_points, single_points};
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

/// One finding for each person, at the first stage: of several in a row, or of several side by side.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if context.any_unfinished() {
        return;
    }
    let mut of_role: IndexMap<RoleId, Vec<StageId>> = IndexMap::new();
    for (stage, role) in single_points(process, &context.stages) {
        of_role.entry(role).or_default().push(stage);
    }
    let in_a_row = of_role.into_iter().map(|(role, stages)| (role, stages, true));
    let side_by_side = divided_points(process, &context.stages);
    let side_by_side = side_by_side.into_iter().map(|(role, stages)| (role, stages, false));
    for (role, stages, each) in in_a_row.chain(side_by_side) {
        let Some((first, others)) = stages.split_first() else { continue };
        let (name, stage) = (&process.roles[role].name, &process.stages[*first]);
        let reason = match each {
            true => format!("every record on its way to a win waits here for `{name}`"),
            false => {
                format!("every record on its way to a win waits for `{name}`, here or elsewhere")
            }
        };
        let mut finding = RULE
            .finding(stage.span, format!("when the one `{name}` is away, nothing can be won"))
            .reason(reason)
            .label(process.roles[role].span, "one person")
            .story(format!(
                "{}, and stays there as long as `{name}` is away: nobody helps in the stage, and nobody else hears of it",
                story::arrival(context, *first)
            ))
            .help("let somebody stand in, `support […]`, or hear of it in time, `limit … escalate to …`");
        for other in others.iter().take(3) {
            let words = if each { "and here" } else { "or here" };
            finding = finding.label(process.stages[*other].span, words);
        }
        findings.push(finding);
    }
}
