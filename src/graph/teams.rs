//! Teams, the records they hand to each other, and the goals they share.

use petgraph::unionfind::UnionFind;

use crate::model::{GoalId, Id, Process, TeamId, Transition, TransitionId, TransitionKind};

use super::cut::cut_vertices;

/// Which team hands records to which.
#[derive(Clone, Debug)]
pub struct TeamGraph {
    handoffs: Vec<(TransitionId, TeamId, TeamId)>,
    owners: Vec<bool>,
    workers: Vec<bool>,
}

impl TeamGraph {
    /// The graph of a process.
    pub fn new(process: &Process) -> Self {
        let mut owners = vec![false; process.teams.len()];
        let mut workers = owners.clone();
        for (id, stage) in process.stages.iter() {
            let Some(team) = process.stage_team(id) else { continue };
            for (list, holds) in [(&mut owners, true), (&mut workers, stage.is_open())] {
                if let Some(slot) = list.get_mut(team.index()) {
                    *slot |= holds;
                }
            }
        }
        let handoffs = process
            .transitions
            .iter()
            .filter_map(|(id, transition)| {
                let from = process.stage_team(transition.from)?;
                let to = process.stage_team(transition.to)?;
                (from != to).then_some((id, from, to))
            })
            .collect();
        Self { handoffs, owners, workers }
    }

    /// Every move on which the owning team changes: the move, the sender, the receiver; in the
    /// order of the transitions.
    pub fn handoffs(&self) -> &[(TransitionId, TeamId, TeamId)] {
        &self.handoffs
    }

    /// Whether the team owns a stage, itself or through a role.
    pub fn owns_a_stage(&self, team: TeamId) -> bool {
        self.owners.get(team.index()).copied().unwrap_or(false)
    }

    /// Whether the team owns a stage in which work goes on.
    pub fn works(&self, team: TeamId) -> bool {
        self.workers.get(team.index()).copied().unwrap_or(false)
    }
}

/// Whether a move brings a record back with something new: something is carried, or somebody had to
/// note a reason for it, here or on the way into the stage it comes from.
pub fn tells_why(process: &Process, transition: &Transition) -> bool {
    let carries = transition.handoff.as_ref().is_some_and(|terms| !terms.carries.is_empty());
    let sender = &process.stages[transition.from];
    let noted = !sender.is_open()
        && !sender.incoming.is_empty()
        && sender.incoming.iter().all(|id| process.transitions[*id].when.is_some());
    transition.kind != TransitionKind::Advance && (carries || transition.when.is_some() || noted)
}

/// Which teams share goals, directly and through others.
#[derive(Clone, Debug)]
pub struct SharedGoals {
    /// The goals of each team, in ascending order.
    of_team: Vec<Vec<GoalId>>,
    /// The teams of each goal, in ascending order.
    teams: Vec<Vec<TeamId>>,
    connected: UnionFind<usize>,
}

impl SharedGoals {
    /// The shared goals of a process. A role shares a goal for its team.
    pub fn new(process: &Process) -> Self {
        let mut of_team: Vec<Vec<GoalId>> = vec![Vec::new(); process.teams.len()];
        let mut connected = UnionFind::new(process.teams.len());
        let mut teams_of = Vec::with_capacity(process.goals.len());
        for (id, goal) in process.goals.iter() {
            let mut sharers: Vec<TeamId> =
                goal.shared_by.iter().map(|owner| process.team_of(owner.value)).collect();
            sharers.sort_unstable();
            sharers.dedup();
            teams_of.push(sharers);
            let mut teams = goal.shared_by.iter().map(|owner| process.team_of(owner.value).index());
            let first = teams.clone().next();
            for team in teams.by_ref() {
                if let Some(goals) = of_team.get_mut(team)
                    && goals.last() != Some(&id)
                {
                    goals.push(id);
                }
                if let Some(first) = first {
                    connected.union(first, team);
                }
            }
        }
        Self { of_team, teams: teams_of, connected }
    }

    /// The teams that reach a goal together, each once, in ascending order. A role stands for its
    /// team.
    pub fn teams(&self, goal: GoalId) -> &[TeamId] {
        self.teams.get(goal.index()).map_or(&[], Vec::as_slice)
    }

    /// The goals a team takes part in, its own and the shared ones, in ascending order.
    pub fn of(&self, team: TeamId) -> &[GoalId] {
        self.of_team.get(team.index()).map_or(&[], Vec::as_slice)
    }

    /// The teams without which the chain of shared goals breaks: through them alone some other
    /// teams are connected.
    pub fn bridges(&self) -> Vec<TeamId> {
        // Teams first, then the goals that more than one of them shares.
        let count = self.of_team.len();
        let mut ways = vec![Vec::new(); count];
        for teams in self.teams.iter().filter(|teams| teams.len() > 1) {
            let goal = ways.len();
            for team in teams {
                if let Some(list) = ways.get_mut(team.index()) {
                    list.push(goal);
                }
            }
            ways.push(teams.iter().map(|team| team.index()).collect());
        }
        let cuts = cut_vertices(&ways);
        cuts.into_iter().filter(|cut| *cut < count).map(TeamId::from_index).collect()
    }

    /// Whether some goal is shared by both teams.
    pub fn direct(&self, a: TeamId, b: TeamId) -> bool {
        let (Some(a), Some(b)) = (self.of_team.get(a.index()), self.of_team.get(b.index())) else {
            return false;
        };
        let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        few.iter().any(|goal| many.binary_search(goal).is_ok())
    }

    /// The goals that both teams share, in ascending order.
    pub fn common(&self, a: TeamId, b: TeamId) -> Vec<GoalId> {
        let (a, b) = (self.of(a), self.of(b));
        let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        few.iter().copied().filter(|goal| many.binary_search(goal).is_ok()).collect()
    }

    /// A number that two teams have in common exactly when a chain of shared goals connects them.
    pub fn group(&self, team: TeamId) -> usize {
        self.connected.find(team.index())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::Builder;

    #[test]
    fn goals_connect_teams_in_chains() {
        let mut b = Builder::new();
        let teams = ["marketing", "inside", "field", "success"].map(|name| b.team(name));
        let [marketing, inside, field, success] = teams;
        b.goal("one", &[marketing, inside]);
        b.goal("two", &[inside, field]);
        b.goal("alone", &[success]);
        let goals = SharedGoals::new(&b.process);
        assert!(goals.direct(marketing, inside) && goals.direct(field, inside));
        assert!(!goals.direct(marketing, field) && !goals.direct(success, field));
        assert_eq!(goals.group(marketing), goals.group(field));
        assert_ne!(goals.group(marketing), goals.group(success));
        assert_eq!(goals.teams(GoalId::from_index(1)), [inside, field]);
        assert_eq!(goals.of(inside).len(), 2);
        assert_eq!(goals.bridges(), [inside]);
    }

    #[test]
    fn a_team_beside_others_is_no_bridge() {
        let mut b = Builder::new();
        let teams = ["marketing", "inside", "field"].map(|name| b.team(name));
        b.goal("all", &teams);
        b.goal("two", &teams[..2]);
        assert_eq!(SharedGoals::new(&b.process).bridges(), []);
    }

    #[test]
    fn a_handoff_is_where_the_team_changes() {
        let mut b = Builder::new();
        let (marketing, sales) = (b.team("marketing"), b.team("sales"));
        let idle = b.team("idle");
        let (a, c, d) = (b.entry("a"), b.stage("c"), b.stage("d"));
        b.own(a, marketing);
        b.own(c, marketing);
        b.own(d, sales);
        b.advance(a, c);
        let handoff = b.advance(c, d);
        let graph = TeamGraph::new(&b.process);
        assert_eq!(graph.handoffs(), [(handoff, marketing, sales)]);
        assert!(graph.owns_a_stage(sales) && !graph.owns_a_stage(idle));
    }
}
