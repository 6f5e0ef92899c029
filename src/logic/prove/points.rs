//! Which points of a score the choices made so far leave possible, and by which rules.

use rust_decimal::Decimal;

use crate::logic::RecordState;
use crate::model::Category;

use super::domain::{End, Interval, Intervals, Values};
use super::node::{Key, Slot};
use super::numbers::Numbers;
use super::scores::ScoreRules;
use super::search::{Pending, Search};
use super::sums::{Added, Points, Sum, Way};
use super::witness::Witness;

/// How many combinations of sums are looked at.
const MOST_COMBINATIONS: usize = 200_000;
/// How many ways to the points asked for are tried.
const MOST_PLANS: usize = 12;
/// Rules with facts in common are looked at together up to so many.
const LARGEST_GROUP: usize = 64;
/// How many choices of such rules are made.
const MOST_CHOICES: u32 = 5_000;

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
        let [fit, behavior, mixed] = groups.each_ref().map(|groups| Added::new(groups));
        let mut plans = Vec::new();
        let mut possible = Vec::new();
        let mut left = MOST_COMBINATIONS;
        'all: for (of_mixed, m) in mixed.sums().iter().enumerate() {
            for (of_fit, f) in fit.sums().iter().enumerate() {
                for (of_behavior, b) in behavior.sums().iter().enumerate() {
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
                        let mut rules = mixed.rules(of_mixed);
                        rules.extend(fit.rules(of_fit));
                        rules.extend(behavior.rules(of_behavior));
                        list.push(rules);
                    }
                }
            }
        }
        // Much work for one way to hold leaves less for the others.
        self.spend(MOST_COMBINATIONS.saturating_sub(left) / 64);
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
        let key = self.question.variables.get(slot).map(|variable| variable.key);
        matches!(key, Some(Key::Today | Key::Now))
    }

    /// The sums that the rules of a group can have together.
    fn ways(&mut self, score: &'q ScoreRules<'a>, group: &[usize]) -> Vec<Way> {
        let mut found = Vec::new();
        let gave_up_before = std::mem::replace(&mut self.gave_up, false);
        // Where not all can be seen, those with many rules that hold come first, then those with few.
        for first in [true, false] {
            let mut choice = Choice { score, first, left: MOST_CHOICES, found: &mut found };
            self.gave_up = group.len() > LARGEST_GROUP;
            if !self.gave_up {
                self.choose_rules(&mut choice, group, &mut Way::default(), Vec::new());
            }
            if !self.gave_up {
                break;
            }
        }
        if self.gave_up {
            // Not all were seen: at the worst every rule holds or does not, as one likes.
            let mut bounds = Way::default();
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
        choice: &mut Choice<'q, 'a, '_>,
        rules: &[usize],
        way: &mut Way,
        pending: Pending<'q, 'a>,
    ) {
        if choice.left == 0 {
            self.gave_up = true;
            return;
        }
        choice.left -= 1;
        let Some((index, rest)) = rules.split_first() else {
            if choice.found.iter().any(|known| known.sum == way.sum) {
                return;
            }
            let mark = self.mark();
            let possible = self
                .solve(pending, &mut |search| !matches!(search.choose_numbers(0), Numbers::None));
            self.restore(mark);
            if possible {
                choice.found.push(way.clone());
            }
            return;
        };
        let Some(rule) = choice.score.rules.get(*index) else { return };
        for holds in [choice.first, !choice.first] {
            let mark = self.mark();
            let mut rest_pending = pending.clone();
            if self.take(if holds { &rule.yes } else { &rule.no }, &mut rest_pending) {
                let before = way.sum;
                if holds {
                    way.sum = way.sum.plus(Sum::of(rule));
                }
                way.rules.push((*index, holds));
                self.choose_rules(choice, rest, way, rest_pending);
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

/// The rules of a group being chosen.
struct Choice<'q, 'a, 'f> {
    score: &'q ScoreRules<'a>,
    /// Whether a rule is first taken to hold, or not to hold.
    first: bool,
    /// How many choices may still be made.
    left: u32,
    found: &'f mut Vec<Way>,
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
