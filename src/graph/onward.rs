//! Stages in the order in which records go through them.

use std::collections::VecDeque;

use crate::model::{Id, StageId};

use super::{Edge, StageGraph};

/// The ways that lead onward only. Ways among stages that one can go round in are left out: there,
/// none is before the other.
#[derive(Clone, Debug)]
pub struct Onward {
    /// Every stage, behind all those that lead to it.
    order: Vec<StageId>,
    /// By stage, those that lead to it directly.
    before: Vec<Vec<StageId>>,
}

impl Onward {
    /// The onward ways among those that `passes` lets through.
    pub fn new(stages: &StageGraph, passes: impl Fn(StageId, Edge, StageId) -> bool) -> Self {
        let components = stages.components(&passes);
        let count: usize = components.iter().map(Vec::len).sum();
        let mut round = vec![usize::MAX; count];
        for (number, component) in components.iter().enumerate() {
            for stage in component {
                if let Some(slot) = round.get_mut(stage.index()) {
                    *slot = number;
                }
            }
        }
        let round_of = |stage: StageId| round.get(stage.index()).copied();
        let onward = |from: StageId| {
            stages
                .successors(from)
                .filter(|(to, edge)| passes(from, *edge, *to) && round_of(from) != round_of(*to))
                .map(|(to, _)| to)
                .collect::<Vec<StageId>>()
        };
        let mut before = vec![Vec::new(); count];
        for from in (0..count).map(StageId::from_index) {
            for to in onward(from) {
                if let Some(list) = before.get_mut(to.index()) {
                    list.push(from);
                }
            }
        }
        let mut waits: Vec<usize> = before.iter().map(Vec::len).collect();
        let mut queue: VecDeque<StageId> = (0..count)
            .filter(|index| waits.get(*index) == Some(&0))
            .map(StageId::from_index)
            .collect();
        let mut order = Vec::with_capacity(count);
        while let Some(stage) = queue.pop_front() {
            order.push(stage);
            for to in onward(stage) {
                if let Some(waits) = waits.get_mut(to.index()) {
                    *waits -= 1;
                    if *waits == 0 {
                        queue.push_back(to);
                    }
                }
            }
        }
        Self { order, before }
    }

    /// For every stage in order, the greatest value among the nearest stages before it that have
    /// one: on each way back, the first.
    pub fn greatest_before<T: PartialOrd + Copy>(
        &self,
        own: impl Fn(StageId) -> Option<T>,
    ) -> Vec<(StageId, T, StageId)> {
        let mut carried: Vec<Option<(T, StageId)>> = vec![None; self.before.len()];
        let mut greatest = Vec::new();
        for stage in &self.order {
            let mut best: Option<(T, StageId)> = None;
            for from in self.before.get(stage.index()).into_iter().flatten() {
                let known = match own(*from) {
                    Some(value) => Some((value, *from)),
                    None => carried.get(from.index()).copied().flatten(),
                };
                let Some((value, origin)) = known else { continue };
                if best.is_none_or(|(best, _)| value > best) {
                    best = Some((value, origin));
                }
            }
            if let Some(slot) = carried.get_mut(stage.index()) {
                *slot = best;
            }
            greatest.extend(best.map(|(value, origin)| (*stage, value, origin)));
        }
        greatest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::Builder;

    #[test]
    fn the_nearest_value_on_every_way_counts() {
        let mut b = Builder::new();
        let names = ["a", "b", "c", "d", "e"];
        let [a, silent, other, d, back] = names.map(|name| b.stage(name));
        for (from, to) in [(a, silent), (silent, d), (a, other), (other, d), (d, back), (back, d)] {
            b.advance(from, to);
        }
        let value = |stage: StageId| match stage.index() {
            0 => Some(40),
            2 => Some(20),
            4 => Some(90),
            _ => None,
        };
        let graph = StageGraph::new(&b.process);
        let onward = Onward::new(&graph, |_, _, _| true);
        // `d` and `e` go round in a circle: neither is before the other.
        let before = onward.greatest_before(value);
        assert_eq!(before, [(silent, 40, a), (other, 40, a), (d, 40, a)]);
    }
}
