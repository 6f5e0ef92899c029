//! What lies between two stages.

use std::collections::VecDeque;

use crate::model::{Id, StageId};

use super::StageGraph;

/// How many ways are looked at before no further question is answered, at least. Thousands of goals over
/// thousands of stages would make a square of it; no real process comes near.
const LEAST_BUDGET: usize = 400_000;

/// Finds the stages on the ways from one stage to another, as long as its budget lasts.
#[derive(Debug)]
pub struct Between<'g> {
    graph: &'g StageGraph,
    /// In which question a stage was last reached, forwards and backwards.
    forwards: Vec<u32>,
    backwards: Vec<u32>,
    question: u32,
    budget: usize,
}

impl<'g> Between<'g> {
    /// For a graph of so many stages.
    pub fn new(graph: &'g StageGraph, stages: usize) -> Self {
        Self {
            graph,
            forwards: vec![0; stages],
            backwards: vec![0; stages],
            question: 0,
            budget: LEAST_BUDGET,
        }
    }

    /// Every stage on a way from `from` to `to` that passes neither of them in between, both ends
    /// included; ways of every kind count. `None` when the budget is used up.
    pub fn stages(&mut self, from: StageId, to: StageId) -> Option<Vec<StageId>> {
        if from == to {
            return Some(vec![from]);
        }
        self.question = self.question.checked_add(1)?;
        let mut queue = VecDeque::from([from]);
        visit(&mut self.forwards, from, self.question);
        while let Some(stage) = queue.pop_front() {
            if stage == to {
                continue;
            }
            for (next, _) in self.graph.successors(stage) {
                self.budget = self.budget.checked_sub(1)?;
                if visit(&mut self.forwards, next, self.question) {
                    queue.push_back(next);
                }
            }
        }
        let mut between = vec![from, to];
        visit(&mut self.backwards, from, self.question);
        visit(&mut self.backwards, to, self.question);
        queue.push_back(to);
        while let Some(stage) = queue.pop_front() {
            for (before, _) in self.graph.predecessors(stage) {
                self.budget = self.budget.checked_sub(1)?;
                let ahead = self.forwards.get(before.index()) == Some(&self.question);
                if ahead && visit(&mut self.backwards, before, self.question) {
                    between.push(before);
                    queue.push_back(before);
                }
            }
        }
        Some(between)
    }
}

/// Marks a stage; whether it had not been reached in this question.
fn visit(marks: &mut [u32], stage: StageId, question: u32) -> bool {
    marks.get_mut(stage.index()).is_some_and(|mark| std::mem::replace(mark, question) != question)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::Builder;

    #[test]
    fn what_lies_between_is_on_a_way_and_not_beyond_the_ends() {
        let mut b = Builder::new();
        let [a, c, d, e, side, late] =
            ["a", "c", "d", "e", "side", "late"].map(|name| b.stage(name));
        for (from, to) in [(a, c), (c, d), (a, side), (side, d), (d, e), (e, late)] {
            b.advance(from, to);
        }
        b.recycle(e, c);
        b.recycle(late, a);
        let graph = StageGraph::new(&b.process);
        let mut between = Between::new(&graph, b.process.stages.len());
        let sorted = |stages: Option<Vec<StageId>>| {
            let mut stages = stages.unwrap_or_default();
            stages.sort_unstable();
            stages
        };
        assert_eq!(sorted(between.stages(a, d)), [a, c, d, side]);
        assert_eq!(sorted(between.stages(d, late)), [d, e, late]);
        assert_eq!(sorted(between.stages(c, c)), [c]);
    }
}
