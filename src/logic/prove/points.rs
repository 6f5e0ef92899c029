//! Which points of a score the choices made so far leave possible, and by which rules.

use rust_decimal::Decimal;
use rustc_hash::FxHashSet;

use crate::logic::RecordState;
use crate::model::Category;

use super::domain::{End, Interval, Intervals, Values};
use super::formula::Slot;
use super::record::Numbers;
use super::scores::{Rule, ScoreRules};
use super::search::{Pending, Search};
use super::witness::Witness;

/// How many sums of several groups are kept apart.
const MOST_SUMS: usize = 4_096;
/// How many combinations of sums are looked at.
const MOST_COMBINATIONS: usize = 200_000;
/// How many ways to the points asked for are tried.
const MOST_PLANS: usize = 12;
/// Rules with facts in common are looked at together up to so many.
const LARGEST_GROUP: usize = 40;

/// Points between two bounds, of which these are the most natural.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Points {
    low: i64,
    high: i64,
    pick: i64,
}

/// The points of both categories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Sum {
    fit: Points,
    behavior: Points,
}

/// Points that some record has, and which rules give them.
#[derive(Clone, Debug, Default)]
struct Way {
    sum: Sum,
    /// The rules that hold and those that do not.
    rules: Vec<(usize, bool)>,
    /// Only the bounds are known.
    vague: bool,
}

impl Points {
    fn plus(self, other: Self) -> Self {
        Points {
            low: self.low.saturating_add(other.low),
            high: self.high.saturating_add(other.high),
            pick: self.pick.saturating_add(other.pick),
        }
    }
}

impl Sum {
    fn plus(self, other: Self) -> Self {
        Sum { fit: self.fit.plus(other.fit), behavior: self.behavior.plus(other.behavior) }
    }

    fn of(rule: &Rule<'_>) -> Self {
        let all = rule.points;
        let (low, high) = if rule.decays { (all.min(0), all.max(0)) } else { (all, all) };
        let points = Points { low, high, pick: all };
        match rule.category {
            Category::Fit => Sum { fit: points, ..Sum::default() },
            Category::Behavior => Sum { behavior: points, ..Sum::default() },
        }
    }
}

impl<'q, 'a> Search<'q, 'a> {
    /// A record with these choices and the points they ask for, which the native evaluator confirms.
    pub(super) fn witness_with_points(
        &mut self,
        confirm: &dyn Fn(&RecordState) -> bool,
    ) -> Option<Witness> {
        let asked: Vec<&'q ScoreRules<'a>> = self
            .question
            .scores
            .iter()
            .filter(|rules| self.touched.get(rules.slot) == Some(&true))
            .collect();
        if !asked.is_empty() && matches!(self.choose_numbers(0), Numbers::None) {
            return None;
        }
        self.asked = (!asked.is_empty()).then(|| self.touched.clone());
        self.witness_for(&asked, confirm)
    }

    fn witness_for(
        &mut self,
        asked: &[&'q ScoreRules<'a>],
        confirm: &dyn Fn(&RecordState) -> bool,
    ) -> Option<Witness> {
        let Some((score, rest)) = asked.split_first() else { return self.witness(confirm) };
        let plans = self.plans(score)?;
        for plan in plans {
            let mark = self.mark();
            let mut pending: Pending<'q, 'a> = Vec::new();
            let fits = plan.iter().all(|(index, holds)| {
                score.rules.get(*index).is_none_or(|rule| {
                    self.take(if *holds { &rule.yes } else { &rule.no }, &mut pending)
                })
            });
            let mut found = None;
            if fits {
                self.solve(pending, &mut |search| {
                    found = search.witness_for(rest, confirm);
                    found.is_some()
                });
            }
            if found.is_some() {
                return found;
            }
            self.restore(mark);
        }
        // Some points of the set looked possible.
        self.gave_up = true;
        None
    }

    /// Ways to points that are asked for, by the rules that hold and those that do not; `None` when
    /// there is none.
    fn plans(&mut self, score: &'q ScoreRules<'a>) -> Option<Vec<Vec<(usize, bool)>>> {
        let asked = match self.domains.get(score.slot).map(|domain| &domain.values) {
            Some(Values::Numbers(set)) => set.clone(),
            _ => return None,
        };
        let mut groups: [Vec<Vec<Way>>; 3] = Default::default();
        for group in self.groups(score) {
            let ways = self.ways(score, &group);
            if ways.is_empty() {
                return None;
            }
            let no_fit = ways.iter().all(|way| way.sum.fit == Points::default());
            let no_behavior = ways.iter().all(|way| way.sum.behavior == Points::default());
            let [fit, behavior, mixed] = &mut groups;
            let list = match (no_fit, no_behavior) {
                (_, true) => fit,
                (true, false) => behavior,
                (false, false) => mixed,
            };
            list.push(ways);
        }
        let [fit, behavior, mixed] = groups.map(|ways| added(&ways));
        let mut plans = Vec::new();
        let mut possible = Vec::new();
        let mut left = MOST_COMBINATIONS;
        'all: for m in &mixed {
            for f in &fit {
                for b in &behavior {
                    if left == 0 || plans.len() >= MOST_PLANS {
                        break 'all;
                    }
                    left -= 1;
                    let sum = m.sum.plus(f.sum).plus(b.sum);
                    let Some((low, high, pick)) = score.total(sum) else {
                        left = 0;
                        break 'all;
                    };
                    let list = if asked.contains(pick) {
                        &mut plans
                    } else if meets(&asked, low, high) {
                        &mut possible
                    } else {
                        continue;
                    };
                    if list.len() < MOST_PLANS {
                        let all = [m, f, b].into_iter().flat_map(|way| way.rules.iter().copied());
                        list.push(all.collect());
                    }
                }
            }
        }
        if plans.is_empty() && possible.is_empty() && left > 0 {
            return None;
        }
        plans.append(&mut possible);
        Some(plans)
    }

    /// The rules that have facts in common, directly or by others.
    fn groups(&self, score: &ScoreRules<'_>) -> Vec<Vec<usize>> {
        let mut groups: Vec<(Vec<Slot>, Vec<usize>)> = Vec::new();
        for (index, rule) in score.rules.iter().enumerate() {
            let mut slots = rule.slots.clone();
            // Facts that are bound to each other count as one.
            let mut bound: Vec<Slot> = Vec::new();
            for slot in &slots {
                for row in self.rows.iter().filter(|row| row.terms.iter().any(|(s, _)| s == slot)) {
                    bound.extend(row.terms.iter().map(|(s, _)| *s).filter(|s| !self.is_time(*s)));
                }
                for (a, b, _) in self.same.iter().filter(|(a, b, _)| a == slot || b == slot) {
                    bound.extend([*a, *b]);
                }
            }
            slots.extend(bound);
            let mut rules = vec![index];
            let (joined, mut apart): (Vec<_>, Vec<_>) = groups
                .into_iter()
                .partition(|(others, _)| others.iter().any(|slot| slots.contains(slot)));
            for (others, indices) in joined {
                slots.extend(others);
                rules.extend(indices);
            }
            rules.sort_unstable();
            apart.push((slots, rules));
            groups = apart;
        }
        groups.into_iter().map(|(_, rules)| rules).collect()
    }

    fn is_time(&self, slot: Slot) -> bool {
        use super::formula::Key;
        let key = self.question.variables.get(slot).map(|variable| variable.key);
        matches!(key, Some(Key::Today | Key::Now))
    }

    /// The sums that the rules of a group can have together.
    fn ways(&mut self, score: &'q ScoreRules<'a>, group: &[usize]) -> Vec<Way> {
        let mut found = Vec::new();
        let gave_up_before = std::mem::replace(&mut self.gave_up, false);
        if group.len() > LARGEST_GROUP {
            self.gave_up = true;
        } else {
            self.choose_rules(score, group, &mut Way::default(), Vec::new(), &mut found);
        }
        if self.gave_up {
            // Not all were seen: at the worst every rule holds or does not, as one likes.
            let mut bounds = Way { vague: true, ..Way::default() };
            for rule in group.iter().filter_map(|index| score.rules.get(*index)) {
                let own = Sum::of(rule);
                let reach = |p: Points| Points { low: p.low.min(0), high: p.high.max(0), pick: 0 };
                let own = Sum { fit: reach(own.fit), behavior: reach(own.behavior) };
                bounds.sum = bounds.sum.plus(own);
            }
            found.push(bounds);
        }
        self.gave_up = gave_up_before;
        found
    }

    fn choose_rules(
        &mut self,
        score: &'q ScoreRules<'a>,
        left: &[usize],
        way: &mut Way,
        pending: Pending<'q, 'a>,
        found: &mut Vec<Way>,
    ) {
        let Some((index, rest)) = left.split_first() else {
            if found.iter().any(|known| known.sum == way.sum) {
                return;
            }
            let mark = self.mark();
            let possible = self
                .solve(pending, &mut |search| !matches!(search.choose_numbers(0), Numbers::None));
            self.restore(mark);
            if possible {
                found.push(way.clone());
            }
            return;
        };
        let Some(rule) = score.rules.get(*index) else { return };
        for holds in [true, false] {
            let mark = self.mark();
            let mut rest_pending = pending.clone();
            if self.take(if holds { &rule.yes } else { &rule.no }, &mut rest_pending) {
                let before = way.sum;
                if holds {
                    way.sum = way.sum.plus(Sum::of(rule));
                }
                way.rules.push((*index, holds));
                self.choose_rules(score, rest, way, rest_pending, found);
                way.rules.pop();
                way.sum = before;
            }
            self.restore(mark);
            if self.gave_up {
                return;
            }
        }
    }
}

impl ScoreRules<'_> {
    /// The points in all, from the sums of the categories: the least, the most, the most natural.
    /// `None` when they are too many.
    fn total(&self, sum: Sum) -> Option<(Decimal, Decimal, Decimal)> {
        let of = |category: Category, points: i64| -> Option<Decimal> {
            let mut value = Decimal::try_new(points, self.scale).ok()?;
            let find = |list: &[(Category, Decimal)]| {
                list.iter().find(|(c, _)| *c == category).map(|(_, value)| *value)
            };
            if let Some(cap) = find(&self.score.caps) {
                value = value.min(cap);
            }
            if let Some(weight) = find(&self.score.weights) {
                value = weight.checked_mul(value)?.checked_div(Decimal::ONE_HUNDRED)?;
            }
            Some(value)
        };
        let (fit, behavior) = (sum.fit, sum.behavior);
        let ends = |category: Category, points: Points| {
            let (a, b) = (of(category, points.low)?, of(category, points.high)?);
            Some((a.min(b), a.max(b), of(category, points.pick)?))
        };
        let f = ends(Category::Fit, fit)?;
        let b = ends(Category::Behavior, behavior)?;
        let held = |x: Decimal| self.score.total_cap.map_or(x, |cap| x.min(cap));
        Some((
            held(f.0.checked_add(b.0)?),
            held(f.1.checked_add(b.1)?),
            held(f.2.checked_add(b.2)?),
        ))
    }
}

/// Whether some number from the one to the other is in the set.
fn meets(set: &Intervals, low: Decimal, high: Decimal) -> bool {
    let end = |at| Some(End { at, closed: true });
    !set.is_disjoint(&Intervals { pieces: vec![Interval { low: end(low), high: end(high) }] })
}

/// The sums of groups that have nothing in common: one way of each.
fn added(groups: &[Vec<Way>]) -> Vec<Way> {
    let mut sums = vec![Way::default()];
    for ways in groups {
        let mut next: Vec<Way> = Vec::with_capacity(sums.len().saturating_mul(ways.len()));
        let mut seen: FxHashSet<Sum> = FxHashSet::default();
        let too_many = sums.len().saturating_mul(ways.len()) > MOST_SUMS * 16;
        for sum in &sums {
            for way in ways {
                let both = sum.sum.plus(way.sum);
                if seen.insert(both) {
                    let mut rules = sum.rules.clone();
                    rules.extend(way.rules.iter().copied());
                    next.push(Way { sum: both, rules, vague: sum.vague || way.vague });
                }
            }
            if too_many && next.len() > MOST_SUMS {
                break;
            }
        }
        if next.len() > MOST_SUMS {
            next = reduced(next, &sums, ways);
        }
        sums = next;
    }
    sums
}

/// The ways with the most and the least points, and one that stands for all the others.
fn reduced(mut all: Vec<Way>, sums: &[Way], ways: &[Way]) -> Vec<Way> {
    let hull = |list: &[Way], of: fn(&Sum) -> Points| Points {
        low: list.iter().map(|way| of(&way.sum).low).min().unwrap_or(0),
        high: list.iter().map(|way| of(&way.sum).high).max().unwrap_or(0),
        pick: 0,
    };
    let fit = |sum: &Sum| sum.fit;
    let behavior = |sum: &Sum| sum.behavior;
    let bounds = Sum {
        fit: hull(sums, fit).plus(hull(ways, fit)),
        behavior: hull(sums, behavior).plus(hull(ways, behavior)),
    };
    all.sort_by_key(|way| way.sum.fit.pick.saturating_add(way.sum.behavior.pick));
    let half = MOST_SUMS / 4;
    let upper = all.split_off(all.len().saturating_sub(half).max(half.min(all.len())));
    all.truncate(half);
    all.extend(upper);
    all.push(Way { sum: bounds, rules: Vec::new(), vague: true });
    all
}
