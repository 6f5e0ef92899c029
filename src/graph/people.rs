//! Who has a hand in a stage, and who alone does.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{
    CriterionId, Expr, ExprKind, Id, Outcome, Owner, Process, RoleId, RouteTarget, StageId, TeamId,
};

use super::StageGraph;

/// By stage, the teams with a hand in it: who owns it, helps, hears when it is late, confirms, plays,
/// or is given its records. A team may be listed more than once.
pub fn hands(process: &Process) -> Vec<Vec<TeamId>> {
    let mut hands: Vec<Vec<TeamId>> = Vec::with_capacity(process.stages.len());
    let confirms = |list: &[CriterionId], teams: &mut Vec<TeamId>| {
        for id in list {
            let criterion = &process.criteria[*id];
            for expr in std::iter::once(&criterion.condition).chain(&criterion.applies) {
                confirmers(process, expr, teams);
            }
        }
    };
    for stage in process.stages.values() {
        let named = stage.owner.iter().chain(&stage.support).copied();
        let told = stage.limit.iter().filter_map(|limit| limit.escalate_to);
        let mut teams: Vec<TeamId> = named.chain(told).map(|o| process.team_of(o)).collect();
        confirms(&stage.exit, &mut teams);
        confirms(&stage.enter, &mut teams);
        hands.push(teams);
    }
    let mut add = |stage: StageId, owner: Owner| {
        if let Some(teams) = hands.get_mut(stage.index()) {
            teams.push(process.team_of(owner));
        }
    };
    for play in process.plays.values() {
        for stage in &play.stages {
            play.by.iter().for_each(|owner| add(*stage, *owner));
        }
    }
    for route in process.routes.values() {
        let targets = route.cases.iter().map(|case| &case.to).chain(&route.otherwise);
        targets.filter_map(|target| target.owner).for_each(|owner| add(route.stage, owner));
    }
    hands
}

fn confirmers(process: &Process, expr: &Expr, teams: &mut Vec<TeamId>) {
    expr.walk(&mut |expr| {
        if let ExprKind::Confirmed(id) = expr.kind
            && let Some(by) = process.confirmations[id].by
        {
            teams.push(process.team_of(by));
        }
    });
}

/// The open stages that every record on its way to any win must pass and that one person alone answers
/// for: a role of one person, whom nobody supports, of whose delay nobody else hears, and whose records go
/// to nobody else. In the order in which records pass them. Silent where one person does everything: that is a
/// firm of one, and it knows.
pub fn single_points(process: &Process, graph: &StageGraph) -> Vec<(StageId, RoleId)> {
    let Some(alone) = Alone::new(process) else { return Vec::new() };
    let gates = gates_of_wins(process, graph);
    gates.into_iter().filter_map(|stage| Some((stage, alone.at(stage)?))).collect()
}

/// People of whom there is one, and who alone answer for stages of which every record on its way to any
/// win must pass one or another, though each of them can be passed by: large contracts here, small ones
/// there. Of each person the stages where records come first. Those of [`single_points`] are left out.
pub fn divided_points(process: &Process, graph: &StageGraph) -> Vec<(RoleId, Vec<StageId>)> {
    let Some(alone) = Alone::new(process) else { return Vec::new() };
    let mut of_role: FxHashMap<RoleId, Vec<StageId>> = FxHashMap::default();
    for stage in process.stages.ids() {
        if let Some(role) = alone.at(stage) {
            of_role.entry(role).or_default().push(stage);
        }
    }
    for gate in gates_of_wins(process, graph) {
        if let Some(role) = alone.at(gate) {
            of_role.remove(&role);
        }
    }
    let is_won = |stage: &StageId| process.stages[*stage].outcome == Some(Outcome::Won);
    let wins: Vec<StageId> = graph.from_entries().stages().iter().copied().filter(is_won).collect();
    if wins.is_empty() {
        return Vec::new();
    }
    let to_wins = graph.reach_back(wins.iter().copied(), |_, _, _| true);
    let mut points: Vec<(RoleId, Vec<StageId>)> =
        of_role.into_iter().filter(|(_, stages)| stages.len() > 1).collect();
    points.sort_by_key(|(role, _)| role.index());
    // Each person is a walk through the whole process.
    points.truncate(MOST_PEOPLE);
    points.retain_mut(|(role, stages)| {
        let is_theirs = |stage: StageId| alone.at(stage) == Some(*role);
        let entries = graph.entries().iter().copied();
        let around = graph.reach(entries, |from, _, _| !is_theirs(from));
        stages.retain(|stage| around.contains(*stage) && to_wins.contains(*stage));
        stages.len() > 1 && !wins.iter().any(|won| around.contains(*won))
    });
    points
}

/// More people than these are not asked about.
const MOST_PEOPLE: usize = 64;

/// Who answers for an open stage alone.
struct Alone<'p> {
    process: &'p Process,
    /// By stage with a route, whether it gives records to somebody else than its owner.
    routed: FxHashMap<StageId, bool>,
}

impl<'p> Alone<'p> {
    /// `None` in a firm of one.
    fn new(process: &'p Process) -> Option<Self> {
        let owners: FxHashSet<Owner> = process
            .stages
            .values()
            .filter(|stage| stage.is_open())
            .filter_map(|stage| stage.owner)
            .map(|owner| one_person(process, owner).map_or(owner, Owner::Role))
            .collect();
        if owners.len() < 2 {
            return None;
        }
        let routed = process
            .routes
            .values()
            .map(|route| {
                let mut targets = route.cases.iter().map(|case| &case.to).chain(&route.otherwise);
                let owner = process.stages[route.stage].owner;
                let other = |target: &RouteTarget| target.owner.is_none() || target.owner != owner;
                (route.stage, targets.any(other))
            })
            .collect();
        Some(Self { process, routed })
    }

    fn at(&self, stage: StageId) -> Option<RoleId> {
        let of = &self.process.stages[stage];
        let role = of.owner.and_then(|owner| one_person(self.process, owner))?;
        let is_other = |owner: Owner| one_person(self.process, owner) != Some(role);
        let helped = of.support.iter().any(|owner| is_other(*owner));
        let told = of.limit.as_ref().and_then(|limit| limit.escalate_to).is_some_and(is_other);
        let shared = self.routed.get(&stage) == Some(&true);
        (of.is_open() && !helped && !told && !shared).then_some(role)
    }
}

/// The role behind an owner, when it is known to be one person: a role of one, or a team that has no
/// other role.
fn one_person(process: &Process, owner: Owner) -> Option<RoleId> {
    let role = match owner {
        Owner::Role(role) => role,
        Owner::Team(team) => match process.teams[team].roles.as_slice() {
            [only] => *only,
            _ => return None,
        },
    };
    (process.roles[role].headcount == Some(1)).then_some(role)
}

/// The stages that every way from an entry to any win passes, from the first on.
fn gates_of_wins(process: &Process, graph: &StageGraph) -> Vec<StageId> {
    let mut wins = process.stages.iter().filter_map(|(id, stage)| {
        let reached = graph.from_entries().contains(id);
        (stage.outcome == Some(Outcome::Won) && reached).then_some(id)
    });
    let Some(first) = wins.next() else { return Vec::new() };
    let mut gates: Vec<StageId> =
        std::iter::successors(Some(first), |stage| graph.gate(*stage)).collect();
    gates.reverse();
    // How many of the first win's gates the ways to a stage have in common with those to it.
    let mut common: FxHashMap<StageId, usize> =
        gates.iter().enumerate().map(|(place, stage)| (*stage, place + 1)).collect();
    for win in wins {
        let mut passed = Vec::new();
        let mut at = Some(win);
        let shared = loop {
            let Some(stage) = at else { break 0 };
            if let Some(shared) = common.get(&stage) {
                break *shared;
            }
            passed.push(stage);
            at = graph.gate(stage);
        };
        // Each stage is walked through once, however many wins there are.
        common.extend(passed.into_iter().map(|stage| (stage, shared)));
        gates.truncate(shared);
    }
    gates
}
