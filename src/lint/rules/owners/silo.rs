//! `silo`: teams that no chain of shared goals connects.

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, goals, story};
use crate::model::TeamId;

pub(crate) static RULE: Rule = Rule {
    name: "silo",
    family: Family::Owners,
    summary: "teams that no chain of shared goals connects with the others",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/silo.md"),
    check: Check::Process(check),
};

/// One finding for each group of teams beside the largest.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    // Without any goal there is nothing to be connected by: `handoff-without-shared-goal` says where
    // goals are wanted. A goal that could not be read may connect anything.
    if process.draft || process.goals.is_empty() || process.goals.values().any(|goal| goal.broken) {
        return;
    }
    if context.any_broken() {
        return;
    }
    let mut groups: BTreeMap<usize, Vec<TeamId>> = BTreeMap::new();
    // Of a team that takes part in no goal at all, `unmeasured-team` tells.
    let meant =
        |team: &TeamId| context.teams.owns_a_stage(*team) && !goals::is_unmeasured(context, *team);
    for team in process.teams.ids().filter(meant) {
        groups.entry(context.goals.group(team)).or_default().push(team);
    }
    let mut groups: Vec<Vec<TeamId>> = groups.into_values().collect();
    groups.sort_by_key(|teams| (std::cmp::Reverse(teams.len()), teams.first().copied()));
    let Some((main, others)) = groups.split_first() else { return };
    let names = |teams: &[TeamId]| {
        story::names(teams.iter().map(|team| process.teams[*team].name.as_str()))
    };
    for group in others {
        let Some(first) = group.first() else { continue };
        let verb = if group.len() == 1 { "shares" } else { "share" };
        let mut finding = RULE
            .finding(
                process.teams[*first].span,
                format!(
                    "{} {verb} no goal with {}, not even through others",
                    names(group),
                    names(main)
                ),
            )
            .reason("can succeed while the rest fails")
            .help("let them reach something together: a `goal` that is `shared by` one of each");
        for other in group.iter().skip(1).take(3) {
            finding = finding.label(process.teams[*other].span, "in the same silo");
        }
        findings.push(finding);
    }
}
