//! `idle-team`: people who are declared, and for whom there is nothing to do.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Owner, Process, RoleId, RouteTarget};

pub(crate) static RULE: Rule = Rule {
    name: "idle-team",
    family: Family::Owners,
    summary: "a team or role that owns, supports, shares and tells nothing",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/idle-team.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    // Whatever is still missing or could not be read may be just the work of this team.
    if context.any_unfinished() || parts_are_broken(process) || process.stages.is_empty() {
        return;
    }
    let busy = busy(process);
    for (id, team) in process.teams.iter().filter(|(_, team)| !team.broken) {
        let as_a_whole = busy.contains(&Owner::Team(id));
        let idle: Vec<RoleId> =
            team.roles.iter().copied().filter(|role| !busy.contains(&Owner::Role(*role))).collect();
        if !as_a_whole && idle.len() == team.roles.len() {
            findings.push(
                RULE.finding(team.span, format!("`{}` has nothing to do", team.name))
                    .reason("owns and supports no stage, shares no goal, tells and hears nothing")
                    .help("give it a part, `owner`, `support`, `shared by`, or leave it out"),
            );
        } else if !as_a_whole && let Some(first) = idle.first() {
            // What a team does as a whole, each of its roles does.
            let names = story::names(idle.iter().map(|role| process.roles[*role].name.as_str()));
            let verb = if idle.len() == 1 { "has" } else { "have" };
            findings.push(
                RULE.finding(process.roles[*first].span, format!("{names} {verb} nothing to do"))
                    .reason(format!("all that `{}` does, other roles of it do", team.name))
                    .help(
                        "give the role a part, `owner`, `support`, `escalate to`, or leave it out",
                    ),
            );
        }
    }
}

fn parts_are_broken(process: &Process) -> bool {
    process.goals.values().any(|goal| goal.broken)
        || process.feedback.values().any(|feedback| feedback.broken)
        || process.routes.values().any(|route| route.broken)
        || process.plays.values().any(|play| play.broken)
}

/// Everybody whom something names, wherever that is.
fn busy(process: &Process) -> FxHashSet<Owner> {
    let mut busy = FxHashSet::default();
    for stage in process.stages.values() {
        busy.extend(stage.owners.iter().map(|owner| owner.value));
        busy.extend(stage.support.iter().copied());
        busy.extend(stage.limit.iter().filter_map(|limit| limit.escalate_to));
    }
    busy.extend(process.goals.values().flat_map(|goal| &goal.shared_by).map(|owner| owner.value));
    for feedback in process.feedback.values() {
        busy.extend(feedback.from.iter().chain(&feedback.to).copied());
    }
    for route in process.routes.values() {
        let targets = route.cases.iter().map(|case| &case.to).chain(&route.otherwise);
        busy.extend(targets.filter_map(|target: &RouteTarget| target.owner));
    }
    busy.extend(process.plays.values().flat_map(|play| play.by.iter().copied()));
    busy.extend(process.confirmations.values().filter_map(|confirmation| confirmation.by));
    busy
}
