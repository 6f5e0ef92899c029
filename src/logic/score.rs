//! The points and the grade of a record.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::model::{Category, Duration, ExprKind, Points, ScoreId, Unit};

use super::value::share;
use super::{Evaluator, business, duration};

impl Evaluator<'_> {
    /// The index of the grade a record has: the first, in source order, whose threshold its points
    /// reach. `None` when it reaches none.
    pub fn grade(&self, score: ScoreId) -> Option<usize> {
        let points = self.score(score)?;
        let grades = &self.process().scores[score].grades;
        grades.iter().position(|grade| grade.at_least.is_none_or(|least| points >= least))
    }

    /// The points, computed anew; [`Evaluator::score`] remembers them.
    pub(super) fn compute_score(&self, id: ScoreId) -> Option<Decimal> {
        let score = &self.process().scores[id];
        let mut sums = [(Category::Fit, Decimal::ZERO), (Category::Behavior, Decimal::ZERO)];
        for rule in &score.points {
            if !self.holds(&rule.when) {
                continue;
            }
            let points = self.points_now(rule)?;
            for (category, sum) in &mut sums {
                if *category == rule.category {
                    *sum = sum.checked_add(points)?;
                }
            }
        }
        let mut total = Decimal::ZERO;
        for (category, mut sum) in sums {
            let of_category = |list: &[(Category, Decimal)]| {
                list.iter().find(|(c, _)| *c == category).map(|(_, value)| *value)
            };
            if let Some(cap) = of_category(&score.caps) {
                sum = sum.min(cap);
            }
            if let Some(weight) = of_category(&score.weights) {
                sum = share(weight, sum)?;
            }
            total = total.checked_add(sum)?;
        }
        Some(score.total_cap.map_or(total, |cap| total.min(cap)))
    }

    /// What is left of a rule's points.
    fn points_now(&self, rule: &Points) -> Option<Decimal> {
        if rule.halves_every.is_none() && rule.expires_after.is_none() {
            return Some(rule.points);
        }
        let Some(since) = self.last_event(rule) else { return Some(rule.points) };
        if let Some(life) = rule.expires_after
            && self.age(since, life)? > self.length(life)?
        {
            return Some(Decimal::ZERO);
        }
        let Some(half_life) = rule.halves_every else { return Some(rule.points) };
        let age = self.age(since, half_life)?;
        if age.is_zero() {
            return Some(rule.points);
        }
        let length = self.length(half_life)?;
        if length <= Decimal::ZERO {
            return Some(Decimal::ZERO);
        }
        let left = half_to_the(age.checked_div(length)?)?;
        let points = rule.points.checked_mul(left)?;
        Some(points.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero))
    }

    /// When the record last had an event that the rule's condition names.
    fn last_event(&self, rule: &Points) -> Option<jiff::civil::DateTime> {
        let state = self.state();
        let mut last = None;
        rule.when.walk(&mut |expr| {
            let ExprKind::Event { name, .. } = &expr.kind else { return };
            let own = state.events.iter().filter(|(event, at)| event == name && *at <= state.now);
            last = last.max(own.map(|(_, at)| *at).max());
        });
        last
    }

    /// Minutes from `since` to now, of the clock or of work as the unit asks.
    fn age(&self, since: jiff::civil::DateTime, like: Duration) -> Option<Decimal> {
        let now = self.state().now;
        let seconds = if like.unit.is_business() {
            business::working_seconds(&self.process().calendar, since, now)
        } else {
            since.duration_until(now).as_secs()
        };
        Decimal::from(seconds).checked_div(Decimal::from(60))
    }

    /// The minutes of a decay's duration, of the clock or of work as its unit asks.
    fn length(&self, of: Duration) -> Option<Decimal> {
        let calendar = &self.process().calendar;
        let minutes = match of.unit {
            Unit::BusinessMinute => 1,
            Unit::BusinessHour => 60,
            Unit::BusinessDay => i64::from(calendar.minutes_per_day()),
            _ => return duration::average_minutes(of, calendar),
        };
        of.amount.checked_mul(Decimal::from(minutes))
    }
}

/// `0.5 ^ x` for `x` from zero up. Computed in decimals, so that every machine gives the same digits.
fn half_to_the(x: Decimal) -> Option<Decimal> {
    /// The natural logarithm of two.
    const LN_2: Decimal = Decimal::from_parts(2_860_148_159, 2_180_329_217, 375_755_839, false, 28);
    let halvings = x.floor();
    // 0.5^90 is below the 28th decimal place.
    let Some(halvings) = halvings.to_u32().filter(|n| *n <= 90) else { return Some(Decimal::ZERO) };
    let exponent = x.fract().checked_mul(LN_2)?;
    let mut term = Decimal::ONE;
    let mut sum = Decimal::ONE;
    for n in 1..=27 {
        term = term.checked_mul(-exponent)?.checked_div(Decimal::from(n))?;
        sum = sum.checked_add(term)?;
    }
    for _ in 0..halvings {
        sum = sum.checked_div(Decimal::TWO)?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn powers_of_a_half() {
        let power = |x: &str| half_to_the(x.parse().unwrap()).unwrap().round_dp(20).normalize();
        assert_eq!(power("0").to_string(), "1");
        assert_eq!(power("1").to_string(), "0.5");
        assert_eq!(power("3").to_string(), "0.125");
        // By Python's decimal module with 40 digits.
        assert_eq!(power("0.5").to_string(), "0.7071067811865475244");
        assert_eq!(power("0.1").to_string(), "0.93303299153680741598");
        assert_eq!(power("1.75").to_string(), "0.29730177875068026668");
        assert_eq!(power("5000"), Decimal::ZERO);
    }
}
