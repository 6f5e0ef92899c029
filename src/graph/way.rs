//! Ways measured in time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use crate::model::StageId;

use super::{Edge, StageGraph};

/// The cheapest way known to each stage: what it costs, and its last edge.
type Best = FxHashMap<StageId, (u64, Option<(StageId, Edge)>)>;

/// A way from one stage to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What it costs in all.
    pub cost: u64,
    /// Its edges, first to last.
    pub steps: Vec<(StageId, Edge, StageId)>,
}

impl StageGraph {
    /// The way from `from` to `to` that costs least. `cost` is what one edge costs. Each edge looked
    /// at takes one from `budget`; `None` when that is used up, or when there is no way.
    pub fn cheapest(
        &self,
        from: StageId,
        to: StageId,
        cost: impl Fn(StageId, Edge, StageId) -> u64,
        budget: &mut usize,
    ) -> Option<Way> {
        let mut best = Best::default();
        let mut queue = BinaryHeap::from([Reverse((0, from))]);
        best.insert(from, (0, None));
        while let Some(Reverse((so_far, stage))) = queue.pop() {
            if stage == to {
                return Some(Way { cost: so_far, steps: trace(&best, to) });
            }
            if best.get(&stage).is_some_and(|(known, _)| *known < so_far) {
                continue;
            }
            for (next, edge) in self.successors(stage) {
                *budget = budget.checked_sub(1)?;
                let total = so_far.saturating_add(cost(stage, edge, next));
                if best.get(&next).is_none_or(|(known, _)| total < *known) {
                    best.insert(next, (total, Some((stage, edge))));
                    queue.push(Reverse((total, next)));
                }
            }
        }
        None
    }
}

fn trace(best: &Best, to: StageId) -> Vec<(StageId, Edge, StageId)> {
    let mut steps = Vec::new();
    let mut at = to;
    while let Some((_, Some((from, edge)))) = best.get(&at) {
        steps.push((*from, *edge, at));
        at = *from;
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use crate::lint::testing::Builder;
    use crate::model::Id;

    #[test]
    fn the_cheapest_way_may_have_more_steps() {
        let mut b = Builder::new();
        let [a, slow, one, two, end] = ["a", "slow", "one", "two", "end"].map(|name| b.stage(name));
        for (from, to) in [(a, slow), (slow, end), (a, one), (one, two), (two, end), (one, a)] {
            b.advance(from, to);
        }
        let graph = StageGraph::new(&b.process);
        let cost = |from: StageId, _, _| if from.index() == 1 { 9 } else { 2 };
        let mut budget = 100;
        let way = graph.cheapest(a, end, cost, &mut budget).unwrap();
        assert_eq!(way.cost, 6);
        assert_eq!(way.steps.iter().map(|(from, ..)| *from).collect::<Vec<_>>(), [a, one, two]);
        assert!(budget < 100);
        assert_eq!(graph.cheapest(a, end, cost, &mut 2), None);
        assert_eq!(graph.cheapest(end, a, cost, &mut 100), None);
    }
}
