//! Sums of points: those of the rules of one group, and of several groups together.

use rustc_hash::FxHashSet;

use crate::model::Category;

use super::scores::Rule;

/// How many sums of several groups are kept apart.
const MOST_SUMS: usize = 4_096;
/// Points between two bounds, of which these are the most natural.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Points {
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) pick: i64,
}

/// The points of both categories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Sum {
    pub(super) fit: Points,
    pub(super) behavior: Points,
}

/// Points that some record has, and which rules give them; without rules, the bounds of points.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    pub(super) sum: Sum,
    /// The rules that hold and those that do not.
    pub(super) rules: Vec<(usize, bool)>,
}

impl Points {
    pub(super) fn plus(self, other: Self) -> Self {
        Points {
            low: self.low.saturating_add(other.low),
            high: self.high.saturating_add(other.high),
            pick: self.pick.saturating_add(other.pick),
        }
    }
}

impl Sum {
    pub(super) fn plus(self, other: Self) -> Self {
        Sum { fit: self.fit.plus(other.fit), behavior: self.behavior.plus(other.behavior) }
    }

    pub(super) fn of(rule: &Rule<'_>) -> Self {
        let all = rule.points;
        let (low, high) = if rule.decays { (all.min(0), all.max(0)) } else { (all, all) };
        let points = Points { low, high, pick: all };
        match rule.category {
            Category::Fit => Sum { fit: points, ..Sum::default() },
            Category::Behavior => Sum { behavior: points, ..Sum::default() },
        }
    }
}

/// The sums of groups that have nothing in common: one way of each.
pub(super) struct Added<'w> {
    groups: &'w [Vec<Way>],
    /// For the first group, the first two, and so on.
    layers: Vec<Vec<Step>>,
}

/// A sum, and how it comes from one of the groups before.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) sum: Sum,
    before: usize,
    way: usize,
}

/// No group comes before, or only the bounds are known.
const NOWHERE: usize = usize::MAX;

impl<'w> Added<'w> {
    pub(super) fn new(groups: &'w [Vec<Way>]) -> Self {
        let mut layers = vec![vec![Step { sum: Sum::default(), before: NOWHERE, way: NOWHERE }]];
        for ways in groups {
            let sums = layers.last().map_or(&[] as &[Step], Vec::as_slice);
            let mut next: Vec<Step> = Vec::with_capacity(sums.len());
            let mut seen: FxHashSet<Sum> = FxHashSet::default();
            for (before, step) in sums.iter().enumerate() {
                for (way, own) in ways.iter().enumerate() {
                    let sum = step.sum.plus(own.sum);
                    if seen.insert(sum) {
                        next.push(Step { sum, before, way });
                    }
                }
            }
            if next.len() > MOST_SUMS {
                next = reduced(next);
            }
            layers.push(next);
        }
        Self { groups, layers }
    }

    pub(super) fn sums(&self) -> &[Step] {
        self.layers.last().map_or(&[], Vec::as_slice)
    }

    /// The rules that give a sum, as far as they are known.
    pub(super) fn rules(&self, mut at: usize) -> Vec<(usize, bool)> {
        let mut rules = Vec::new();
        for (layer, ways) in self.layers.iter().skip(1).zip(self.groups).rev() {
            let Some(step) = layer.get(at) else { break };
            rules.extend(ways.get(step.way).into_iter().flat_map(|way| way.rules.iter().copied()));
            at = step.before;
        }
        rules
    }
}

/// Those with the most and the least points, and one with the bounds of all.
fn reduced(mut all: Vec<Step>) -> Vec<Step> {
    let hull = |of: fn(&Sum) -> Points| Points {
        low: all.iter().map(|step| of(&step.sum).low).min().unwrap_or(0),
        high: all.iter().map(|step| of(&step.sum).high).max().unwrap_or(0),
        pick: 0,
    };
    let sum = Sum { fit: hull(|sum| sum.fit), behavior: hull(|sum| sum.behavior) };
    all.sort_by_key(|step| step.sum.fit.pick.saturating_add(step.sum.behavior.pick));
    let half = MOST_SUMS / 4;
    let upper = all.split_off(all.len().saturating_sub(half).max(half));
    all.truncate(half);
    all.extend(upper);
    all.push(Step { sum, before: NOWHERE, way: NOWHERE });
    all
}
