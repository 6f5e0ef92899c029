//! `volume-only-goal`: the factory of cheap leads.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, goals, story};
use crate::model::{GoalId, Id, Measure, Process, TeamId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "volume-only-goal",
    family: Family::Owners,
    summary: "a team that hands over and is measured by quantity alone",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/volume-only-goal.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if goals::are_unfinished(context) {
        return;
    }
    let told = goals::marks(process, goals::conflicts(context).iter().map(|c| c.sender));
    let receivers = receivers(context);
    for team in process.teams.ids() {
        let all = context.goals.of(team);
        let Some(first) = all.first() else { continue };
        // Whoever hands nothing over floods nobody.
        let Some(receiver) = receivers.get(&team) else { continue };
        let counts = |goal: &GoalId| {
            let goal = &process.goals[*goal];
            goals::is_volume(process, goal)
                && !goal.measure.as_ref().is_some_and(|m| is_accepted(process, m, team))
        };
        let told = told.get(team.index()) == Some(&true);
        if told || !all.iter().all(counts) {
            continue;
        }
        let goal = &process.goals[*first];
        let Some((stage, _)) =
            goal.measure.as_ref().and_then(|measure| goals::ends(process, measure))
        else {
            continue;
        };
        let (name, taker) = (&process.teams[team].name, &process.teams[*receiver].name);
        let mut finding = RULE
            .finding(goal.span, format!("`{name}` is measured by quantity alone"))
            .reason(format!("counts what enters `{}`, and not what becomes of it", process.stages[stage].name))
            .story(format!(
                "{} that nobody can use enters `{}`: it counts for `{name}`, and is work for `{taker}`",
                story::a_record(process, stage),
                process.stages[stage].name
            ))
            .help(format!(
                "add a number from further down and share it: `shared by [{name}, {taker}]` with `conversion from {} to …`",
                process.stages[stage].name
            ));
        for other in all.iter().skip(1).take(3) {
            finding = finding.label(process.goals[*other].span, "this counts, too");
        }
        findings.push(finding);
    }
}

/// The team that each team hands records over to first.
fn receivers(context: &Context<'_>) -> FxHashMap<TeamId, TeamId> {
    let mut receivers = FxHashMap::default();
    for (id, from, to) in context.teams.handoffs() {
        if context.process.transitions[*id].kind == TransitionKind::Advance {
            receivers.entry(*from).or_insert(*to);
        }
    }
    receivers
}

/// Whether what is counted has been accepted by another team: every handoff into the stage has terms of
/// acceptance, so that a bad record does not count.
fn is_accepted(process: &Process, measure: &Measure, team: TeamId) -> bool {
    let Some((stage, _)) = goals::ends(process, measure) else { return false };
    if process.stage_team(stage).is_none_or(|owner| owner == team) {
        return false;
    }
    let mut moves = process.stages[stage]
        .incoming
        .iter()
        .map(|id| &process.transitions[*id])
        .filter(|transition| transition.kind == TransitionKind::Advance)
        .peekable();
    moves.peek().is_some()
        && moves.all(|transition| {
            transition.handoff.as_ref().is_some_and(|terms| terms.accept.is_some())
        })
}
