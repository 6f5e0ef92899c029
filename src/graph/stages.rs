//! Stages and the moves between them.

use std::sync::OnceLock;

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{EdgeFiltered, EdgeRef};

use crate::model::{Id, Process, StageId, TransitionId};

use super::Reach;
use super::dominators::immediate_dominators;

/// A way from one stage to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The record moves. Moves expanded from `from any open of` and the ways of refused records
    /// are moves like any other.
    Move(TransitionId),
    /// Entering the stage creates another record, which begins in the target.
    Starts,
}

/// The graph of stages. Node indices are stage indices.
#[derive(Debug)]
pub struct StageGraph {
    graph: DiGraph<StageId, Edge>,
    entries: Vec<StageId>,
    from_entries: Reach,
    gates: OnceLock<Vec<Option<usize>>>,
}

impl StageGraph {
    /// The graph of a process.
    pub fn new(process: &Process) -> Self {
        let mut graph = DiGraph::with_capacity(process.stages.len(), process.transitions.len());
        for id in process.stages.ids() {
            graph.add_node(id);
        }
        for (id, stage) in process.stages.iter() {
            // petgraph gives the edge added last first: adding them backwards keeps source order.
            for (_, target) in stage.starts.iter().rev() {
                graph.add_edge(node(id), node(*target), Edge::Starts);
            }
            for transition in stage.outgoing.iter().rev() {
                let target = process.transitions[*transition].to;
                graph.add_edge(node(id), node(target), Edge::Move(*transition));
            }
        }
        let is_entry = |id: &StageId| process.stages[*id].entry.is_some();
        let entries: Vec<StageId> = process.stages.ids().filter(is_entry).collect();
        let from_entries =
            Reach::search(entries.iter().copied(), |stage| successors(&graph, stage));
        Self { graph, entries, from_entries, gates: OnceLock::new() }
    }

    /// The stages in which records come into the process, in source order.
    pub fn entries(&self) -> &[StageId] {
        &self.entries
    }

    /// What can be reached from the entries, by moves and by records that others start.
    pub fn from_entries(&self) -> &Reach {
        &self.from_entries
    }

    /// The ways out of a stage, in source order.
    pub fn successors(&self, stage: StageId) -> impl Iterator<Item = (StageId, Edge)> {
        successors(&self.graph, stage)
    }

    /// The ways into a stage. Their order is fixed, but not that of the source.
    pub fn predecessors(&self, stage: StageId) -> impl Iterator<Item = (StageId, Edge)> {
        self.graph
            .edges_directed(node(stage), Direction::Incoming)
            .map(|edge| (StageId::from_index(edge.source().index()), *edge.weight()))
    }

    /// What can be reached from `sources` by those ways that `passes` lets through.
    pub fn reach(
        &self,
        sources: impl IntoIterator<Item = StageId>,
        passes: impl Fn(StageId, Edge, StageId) -> bool,
    ) -> Reach {
        Reach::search(sources, |stage| {
            let passes = &passes;
            self.successors(stage).filter(move |(to, edge)| passes(stage, *edge, *to))
        })
    }

    /// From where one of `targets` can be reached by those ways that `passes` lets through. The
    /// ways remembered run backwards, from the target.
    pub fn reach_back(
        &self,
        targets: impl IntoIterator<Item = StageId>,
        passes: impl Fn(StageId, Edge, StageId) -> bool,
    ) -> Reach {
        Reach::search(targets, |stage| {
            let passes = &passes;
            self.predecessors(stage).filter(move |(from, edge)| passes(*from, *edge, stage))
        })
    }

    /// The strongly connected components of the graph that only has the ways `passes` lets through.
    /// Stages of a component in source order, components by their first stage.
    pub fn components(&self, passes: impl Fn(StageId, Edge, StageId) -> bool) -> Vec<Vec<StageId>> {
        let filtered =
            EdgeFiltered::from_fn(&self.graph, |edge: petgraph::graph::EdgeReference<'_, Edge>| {
                passes(stage(edge.source()), *edge.weight(), stage(edge.target()))
            });
        let mut components: Vec<Vec<StageId>> = kosaraju_scc(&filtered)
            .into_iter()
            .map(|nodes| {
                let mut stages: Vec<StageId> = nodes.into_iter().map(stage).collect();
                stages.sort_unstable();
                stages
            })
            .collect();
        components.sort_unstable();
        components
    }

    /// The stage that every way from an entry to `stage` passes last, other than itself. `None`
    /// when there is none, or when the stage cannot be reached.
    pub fn gate(&self, stage: StageId) -> Option<StageId> {
        let gates = self.gates.get_or_init(|| {
            // One virtual entry before all real ones gives the root that dominance needs.
            let root = self.graph.node_count();
            let is_entry = self.is_entry();
            let entries = |from: usize| {
                let all = (from == root).then_some(self.entries.as_slice());
                all.into_iter().flatten().map(|entry| entry.index())
            };
            let ways = |of: usize, direction: Direction| {
                let next = self.graph.neighbors_directed(NodeIndex::new(of), direction);
                next.map(NodeIndex::index)
            };
            immediate_dominators(
                root + 1,
                root,
                |of| entries(of).chain(ways(of, Direction::Outgoing)),
                |of| {
                    let begins = is_entry.get(of) == Some(&true);
                    begins.then_some(root).into_iter().chain(ways(of, Direction::Incoming))
                },
            )
        });
        let gate = gates.get(stage.index()).copied().flatten()?;
        (gate < self.graph.node_count()).then(|| StageId::from_index(gate))
    }

    fn is_entry(&self) -> Vec<bool> {
        let mut is_entry = vec![false; self.graph.node_count()];
        for entry in &self.entries {
            if let Some(is) = is_entry.get_mut(entry.index()) {
                *is = true;
            }
        }
        is_entry
    }
}

fn successors(
    graph: &DiGraph<StageId, Edge>,
    stage: StageId,
) -> impl Iterator<Item = (StageId, Edge)> {
    graph.edges(node(stage)).map(|edge| (self::stage(edge.target()), *edge.weight()))
}

fn node(stage: StageId) -> NodeIndex {
    NodeIndex::new(stage.index())
}

fn stage(node: NodeIndex) -> StageId {
    StageId::from_index(node.index())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use crate::lint::testing::Builder;
    use crate::model::Outcome;

    #[test]
    fn the_way_written_first_is_told_among_the_shortest() {
        let mut b = Builder::new();
        let (start, left, right) = (b.entry("start"), b.stage("left"), b.stage("right"));
        let end = b.outcome("end", Outcome::Won);
        let first = b.advance(start, right);
        b.advance(start, left);
        b.advance(left, end);
        let second = b.advance(right, end);
        let graph = StageGraph::new(&b.process);
        let way = graph.from_entries().way(end, 9);
        assert_eq!(way, [(start, Edge::Move(first), right), (right, Edge::Move(second), end)]);
        assert_eq!(graph.from_entries().arrival(end).unwrap().origin, start);
        assert_eq!(graph.from_entries().way(end, 1), [(right, Edge::Move(second), end)]);
    }

    #[test]
    fn records_that_others_start_are_reached() {
        let mut b = Builder::new();
        let (start, other) = (b.entry("start"), b.stage("other"));
        let lead = b.lead;
        b.process.stages[start].starts.push((lead, other));
        let alone = b.stage("alone");
        let graph = StageGraph::new(&b.process);
        assert!(graph.from_entries().contains(other));
        assert!(!graph.from_entries().contains(alone));
    }

    #[test]
    fn components_see_only_the_ways_that_pass() {
        let mut b = Builder::new();
        let (a, c, d) = (b.entry("a"), b.stage("c"), b.stage("d"));
        b.advance(a, c);
        b.recycle(c, a);
        b.advance(c, d);
        let closing = b.recycle(d, c);
        let graph = StageGraph::new(&b.process);
        assert_eq!(graph.components(|_, _, _| true), [vec![a, c, d]]);
        let without = |_, edge, _| edge != Edge::Move(closing);
        assert_eq!(graph.components(without), [vec![a, c], vec![d]]);
    }

    #[test]
    fn gates_are_passed_on_every_way() {
        let mut b = Builder::new();
        let (web, event) = (b.entry("web"), b.entry("event"));
        let (mql, fast, slow) = (b.stage("mql"), b.stage("fast"), b.stage("slow"));
        let won = b.outcome("won", Outcome::Won);
        for (from, to) in
            [(web, mql), (event, mql), (mql, fast), (mql, slow), (fast, won), (slow, won)]
        {
            b.advance(from, to);
        }
        let graph = StageGraph::new(&b.process);
        assert_eq!(graph.gate(won), Some(mql));
        assert_eq!(graph.gate(mql), None);
        assert_eq!(graph.gate(fast), Some(mql));
    }

    #[test]
    fn long_chains_do_not_overflow_the_stack() {
        let mut b = Builder::new();
        let mut last = b.entry("s0");
        let first = last;
        for n in 1..100_000 {
            let next = b.stage(&format!("s{n}"));
            b.advance(last, next);
            last = next;
        }
        b.recycle(last, first);
        let graph = StageGraph::new(&b.process);
        assert_eq!(graph.components(|_, _, _| true).len(), 1);
        assert_eq!(graph.from_entries().stages().len(), 100_000);
        assert_eq!(graph.gate(last).unwrap().index(), 99_998);
    }
}
