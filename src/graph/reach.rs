//! Breadth-first search that remembers how it got there.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::model::StageId;

use super::Edge;

/// Which stages a search reached, and a shortest way to each.
#[derive(Clone, Debug)]
pub struct Reach {
    /// By stage, and not one slot for every stage: many searches see a few stages only.
    arrivals: FxHashMap<StageId, Arrival>,
    order: Vec<StageId>,
}

/// How a search came to a stage.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The stage the way began in.
    pub origin: StageId,
    /// How many edges the way has.
    pub steps: u32,
    /// The last edge and the stage it left; `None` where the way begins.
    pub last: Option<(StageId, Edge)>,
}

impl Reach {
    /// Searches from `sources`. `next` gives the ways out of a stage; among shortest ways, the one
    /// given first is kept.
    pub(super) fn search<I>(
        sources: impl IntoIterator<Item = StageId>,
        next: impl Fn(StageId) -> I,
    ) -> Self
    where
        I: IntoIterator<Item = (StageId, Edge)>,
    {
        let mut reach = Self { arrivals: FxHashMap::default(), order: Vec::new() };
        let mut queue = VecDeque::new();
        for source in sources {
            if reach.visit(source, Arrival { origin: source, steps: 0, last: None }) {
                queue.push_back(source);
            }
        }
        while let Some(stage) = queue.pop_front() {
            let Some(here) = reach.arrival(stage) else { continue };
            for (target, edge) in next(stage) {
                let arrival = Arrival {
                    origin: here.origin,
                    steps: here.steps.saturating_add(1),
                    last: Some((stage, edge)),
                };
                if reach.visit(target, arrival) {
                    queue.push_back(target);
                }
            }
        }
        reach
    }

    fn visit(&mut self, stage: StageId, arrival: Arrival) -> bool {
        match self.arrivals.entry(stage) {
            Entry::Occupied(_) => false,
            Entry::Vacant(slot) => {
                slot.insert(arrival);
                self.order.push(stage);
                true
            }
        }
    }

    /// Whether the stage was reached.
    pub fn contains(&self, stage: StageId) -> bool {
        self.arrival(stage).is_some()
    }

    /// How it was reached, in one step.
    pub fn arrival(&self, stage: StageId) -> Option<Arrival> {
        self.arrivals.get(&stage).copied()
    }

    /// Every stage reached, nearest first.
    pub fn stages(&self) -> &[StageId] {
        &self.order
    }

    /// The last edges of the shortest way to `stage`, at most `most` of them, first to last. Long
    /// ways are told by their end, so that telling one costs the same everywhere.
    pub fn way(&self, stage: StageId, most: usize) -> Vec<(StageId, Edge, StageId)> {
        let mut way = Vec::new();
        let mut at = stage;
        while way.len() < most
            && let Some((from, edge)) = self.arrival(at).and_then(|arrival| arrival.last)
        {
            way.push((from, edge, at));
            at = from;
        }
        way.reverse();
        way
    }
}
