//! `unmeasured-team`: a leg of the race that nobody clocks.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, goals, story};
use crate::model::{Id, StageId, TeamId};

pub(crate) static RULE: Rule = Rule {
    name: "unmeasured-team",
    family: Family::Owners,
    summary: "a team that works on records and answers for no number",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/unmeasured-team.md"),
    check: Check::Process(check),
};

/// What follows from it, `silo` and `handoff-without-shared-goal`, is not told again; nor is what
/// `lonely-goal` has told, where a number of the team exists that another has to itself.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if goals::are_unfinished(context) {
        return;
    }
    let mut works: FxHashMap<TeamId, Vec<StageId>> = FxHashMap::default();
    for (id, _) in process.stages.iter().filter(|(_, stage)| stage.is_open()) {
        if let Some(team) = process.stage_team(id) {
            works.entry(team).or_default().push(id);
        }
    }
    let lonely = process.goals.ids().filter_map(|goal| goals::lonely(context, goal));
    let told = goals::marks(process, lonely.map(|(_, other)| other));
    for (team, of) in process.teams.iter() {
        let Some(stages) = works.get(&team) else { continue };
        if told.get(team.index()) == Some(&true) {
            continue;
        }
        let unfinished = of.broken || stages.iter().any(|stage| context.is_unfinished(*stage));
        if unfinished || !goals::is_unmeasured(context, team) {
            continue;
        }
        let names = story::names(stages.iter().map(|stage| process.stages[*stage].name.as_str()));
        findings.push(
            RULE.finding(of.span, format!("`{}` takes part in no goal", of.name))
                .reason(format!("works in {names}, and no number says how well"))
                .help("let it share a goal with the team before or behind it: `shared by […]`"),
        );
    }
}
