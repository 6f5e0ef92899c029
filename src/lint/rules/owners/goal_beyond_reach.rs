//! `goal-beyond-reach`: a number for people who cannot move it.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Level};
use crate::graph::{Between, Edge, Reach, hands};
use crate::lint::{Check, Context, Family, Rule, goals, story};
use crate::model::{Goal, GoalId, Id, Measure, StageId, TeamId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "goal-beyond-reach",
    family: Family::Owners,
    summary: "a goal for a team that has no part in what it measures",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/goal-beyond-reach.md"),
    check: Check::Process(check),
};

/// How many stages are looked at to learn where the records of a team go.
const LEAST_BUDGET: usize = 200_000;

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if goals::are_unfinished(context) || context.any_unfinished() {
        return;
    }
    let mut parts = Parts::new(context);
    for (id, goal) in process.goals.iter() {
        let Some((from, to)) =
            goal.measure.as_ref().and_then(|measure| goals::ends(process, measure))
        else {
            continue;
        };
        let sharers = context.goals.teams(id);
        let owned = [from, to].iter().all(|stage| process.stages[*stage].owner.is_some());
        if sharers.is_empty() || !owned {
            continue;
        }
        // The ends first: they answer nearly every question, and cost nothing.
        let far_from = |parts: &Parts<'_>, stages: &[StageId]| -> Vec<TeamId> {
            let far = |team: &&TeamId| !stages.iter().any(|stage| parts.is_near(**team, *stage));
            sharers.iter().filter(far).copied().collect()
        };
        if far_from(&parts, &[from, to]).is_empty() {
            continue;
        }
        let Some(mut stages) = parts.between.stages(from, to) else { return };
        if let Some(Measure::Coverage { entering, .. }) = goal.measure {
            stages.extend(process.covering_stages(entering));
        }
        let far = far_from(&parts, &stages);
        // Whoever tells those who make the number what is wrong with it, takes part.
        let quiet: Vec<TeamId> =
            far.into_iter().filter(|team| !parts.tells(*team, &stages)).collect();
        if quiet.len() == sharers.len() {
            // What comes in from outside may be brought by people who own no stage: demand is made
            // before the process begins.
            let outside = |team: &TeamId| !context.teams.owns_a_stage(*team);
            if process.stages[from].entry.is_some() && quiet.iter().any(outside) {
                continue;
            }
            findings.push(of_nobody(context, id, from, to));
            continue;
        }
        // A team without any stage may lead the others: that is a part as well.
        for team in quiet.into_iter().filter(|team| context.teams.owns_a_stage(*team)) {
            match parts.sends_to(team, &stages) {
                Some(true) => {}
                Some(false) => findings.push(of_one(context, goal, team, from, to)),
                None => return,
            }
        }
    }
}

/// Which teams have a part in which stages.
struct Parts<'c> {
    context: &'c Context<'c>,
    between: Between<'c>,
    /// By stage, in ascending order: who works in it, helps, confirms, plays, hears of it, and who
    /// owns the stages right before and right behind it.
    near: Vec<Vec<TeamId>>,
    tells: FxHashSet<(TeamId, TeamId)>,
    ahead: FxHashMap<TeamId, Reach>,
    budget: usize,
}

impl<'c> Parts<'c> {
    fn new(context: &'c Context<'c>) -> Self {
        let process = context.process;
        let mut near = hands(process);
        for transition in process.transitions.values() {
            // Who keeps what is lost has no part in the winning.
            if transition.kind == TransitionKind::Lose {
                continue;
            }
            for (at, other) in [(transition.from, transition.to), (transition.to, transition.from)]
            {
                if let Some(team) = process.stage_team(other)
                    && let Some(list) = near.get_mut(at.index())
                {
                    list.push(team);
                }
            }
        }
        for list in &mut near {
            list.sort_unstable();
            list.dedup();
        }
        let mut tells = FxHashSet::default();
        for feedback in process.feedback.values() {
            for from in &feedback.from {
                let to = feedback.to.iter();
                tells.extend(to.map(|to| (process.team_of(*from), process.team_of(*to))));
            }
        }
        Self {
            context,
            between: Between::new(&context.stages, process.stages.len()),
            near,
            tells,
            ahead: FxHashMap::default(),
            budget: LEAST_BUDGET,
        }
    }

    fn is_near(&self, team: TeamId, stage: StageId) -> bool {
        self.near.get(stage.index()).is_some_and(|teams| teams.binary_search(&team).is_ok())
    }

    /// Whether the team gives feedback to one that owns some of the stages.
    fn tells(&self, team: TeamId, stages: &[StageId]) -> bool {
        let owners = stages.iter().filter_map(|stage| self.context.process.stage_team(*stage));
        owners.into_iter().any(|owner| self.tells.contains(&(team, owner)))
    }

    /// Whether records of the team's stages go on to one of these, or are lost to it: what it does then shows in
    /// the number. `None` when that is too much to look at.
    fn sends_to(&mut self, team: TeamId, stages: &[StageId]) -> Option<bool> {
        let process = self.context.process;
        if !self.ahead.contains_key(&team) {
            let own = process.stages.ids().filter(|id| process.stage_team(*id) == Some(team));
            let reach = self.context.stages.reach(own, |_, edge, _| match edge {
                Edge::Move(id) => process.transitions[id].kind != TransitionKind::Recycle,
                Edge::Starts => true,
            });
            self.budget = self.budget.checked_sub(process.stages.len())?;
            self.ahead.insert(team, reach);
        }
        let reach = self.ahead.get(&team)?;
        Some(stages.iter().any(|stage| reach.contains(*stage)))
    }
}

/// "on the way from `a` to `b`", "in `a`".
fn place(context: &Context<'_>, from: StageId, to: StageId) -> String {
    let name = |stage: StageId| &context.process.stages[stage].name;
    match from == to {
        true => format!("in `{}`", name(from)),
        false => format!("on the way from `{}` to `{}`", name(from), name(to)),
    }
}

fn of_nobody(context: &Context<'_>, id: GoalId, from: StageId, to: StageId) -> Diagnostic {
    let process = context.process;
    let goal = &process.goals[id];
    let teams = context.goals.teams(id);
    let names = story::names(teams.iter().map(|team| process.teams[*team].name.as_str()));
    let verb = if teams.len() == 1 { "has" } else { "have" };
    let maker = [from, to].into_iter().find_map(|stage| process.stage_team(stage));
    let maker = maker.map_or("…", |team| process.teams[team].name.as_str());
    RULE.finding(goal.span, format!("nobody who makes `{}` answers for it", goal.name))
        .reason(format!("{names} {verb} no part {}", place(context, from, to)))
        .label(process.stages[from].span, format!("`{maker}` works here"))
        .help(format!("let those share it who do the work: `shared by [{maker}, …]`"))
}

fn of_one(
    context: &Context<'_>,
    goal: &Goal,
    team: TeamId,
    from: StageId,
    to: StageId,
) -> Diagnostic {
    let process = context.process;
    let name = &process.teams[team].name;
    let named = goal.shared_by.iter().find(|owner| process.team_of(owner.value) == team);
    let span = named.map_or(goal.span, |owner| owner.span);
    RULE.finding(span, format!("`{name}` shares `{}`, and can do nothing for it", goal.name))
        .reason(format!("has no part {}, nor before it", place(context, from, to)))
        .label(process.teams[team].span, "owns and supports other stages only")
        .help(format!(
            "let it take part, `support [{name}]` or `feedback`, or give it a number it can move"
        ))
}
