//! Teams, the records they hand to each other, and the goals they share.

use petgraph::unionfind::UnionFind;

use crate::model::{GoalId, Id, Process, TeamId, TransitionId};

/// Which team hands records to which.
#[derive(Clone, Debug)]
pub struct TeamGraph {
    handoffs: Vec<(TransitionId, TeamId, TeamId)>,
    owners: Vec<bool>,
}

impl TeamGraph {
    /// The graph of a process.
    pub fn new(process: &Process) -> Self {
        let mut owners = vec![false; process.teams.len()];
        for id in process.stages.ids() {
            if let Some(team) = process.stage_team(id)
                && let Some(owns) = owners.get_mut(team.index())
            {
                *owns = true;
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
        Self { handoffs, owners }
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
}

/// Which teams share goals, directly and through others.
#[derive(Clone, Debug)]
pub struct SharedGoals {
    /// The goals of each team, in ascending order.
    of_team: Vec<Vec<GoalId>>,
    connected: UnionFind<usize>,
}

impl SharedGoals {
    /// The shared goals of a process. A role shares a goal for its team.
    pub fn new(process: &Process) -> Self {
        let mut of_team: Vec<Vec<GoalId>> = vec![Vec::new(); process.teams.len()];
        let mut connected = UnionFind::new(process.teams.len());
        for (id, goal) in process.goals.iter() {
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
        Self { of_team, connected }
    }

    /// Whether some goal is shared by both teams.
    pub fn direct(&self, a: TeamId, b: TeamId) -> bool {
        let (Some(a), Some(b)) = (self.of_team.get(a.index()), self.of_team.get(b.index())) else {
            return false;
        };
        let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        few.iter().any(|goal| many.binary_search(goal).is_ok())
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
