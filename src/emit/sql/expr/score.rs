//! The points and the grade of a record.

use rust_decimal::Decimal;

use crate::logic::duration;
use crate::model::{Category, Duration, ExprKind, Id, Points, Score, ScoreId, Unit};

use super::{Said, Subject};
use crate::emit::sql::expr::value::MISSING;
use crate::emit::sql::lookups::Sum;
use crate::emit::sql::names::Ident;

impl Subject<'_> {
    /// The points of a score, from its view or the function of that name: spelt out wherever a grade
    /// is asked for, they would bury the question, and be too deep for some parsers.
    pub(in crate::emit::sql) fn score(&self, id: ScoreId) -> Said {
        let view = self.world.scores.get(id.index());
        let record = self.id_of(self.world.process.scores[id].record);
        let (Some(view), Some(record)) = (view, record) else { return Ok(MISSING.to_owned()) };
        if self.dialect().has_functions() {
            return Ok(format!("{view}({record})"));
        }
        Ok(self.lookups.row(
            view,
            |score| format!("{score}.record_id = {record}"),
            |score| format!("{score}.points"),
        ))
    }

    /// The points of a score, out of what its rules give, all spelt out.
    pub(in crate::emit::sql) fn score_points(&self, id: ScoreId) -> Said {
        let score = &self.world.process.scores[id];
        self.capped(score, &|category| {
            let rules = score.points.iter().filter(|rule| rule.category == category);
            let given: Vec<String> =
                rules.map(|rule| self.points(rule)).collect::<Result<_, _>>()?;
            Ok(format!("({})", given.join(" + ")))
        })
    }

    /// The points of a score, out of the view that tells what its rules give. Far less deep than all
    /// rules spelt out, for which the parser of SQLite 3.40 has no room.
    pub(in crate::emit::sql) fn score_points_from(&self, id: ScoreId, given: &Ident) -> Said {
        let score = &self.world.process.scores[id];
        let dialect = self.dialect();
        let record = self.id_of(score.record).unwrap_or_else(|| MISSING.to_owned());
        self.capped(score, &|category| {
            let sum = self.lookups.sum(&Sum {
                table: given,
                key: "record_id",
                id: &record,
                when: &format!("category = {}", dialect.text(category.word())),
                of: "SUM(points)",
            });
            Ok(format!("COALESCE({sum}, {})", dialect.number("0")))
        })
    }

    /// What caps and weights leave of the points of each category that has rules.
    fn capped(&self, score: &Score, sum_of: &dyn Fn(Category) -> Said) -> Said {
        let dialect = self.dialect();
        let mut total = Vec::new();
        for category in [Category::Fit, Category::Behavior] {
            if score.points.iter().all(|rule| rule.category != category) {
                continue;
            }
            let mut sum = sum_of(category)?;
            let of_category = |list: &[(Category, Decimal)]| {
                list.iter().find(|(of, _)| *of == category).map(|(_, value)| *value)
            };
            if let Some(cap) = of_category(&score.caps) {
                sum = dialect.least(&sum, &dialect.number(&self.decimal(cap)));
            }
            if let Some(weight) = of_category(&score.weights) {
                sum = format!("({} * {} / 100)", dialect.number(&sum), self.decimal(weight));
            }
            total.push(sum);
        }
        if total.is_empty() {
            total.push(dialect.number("0"));
        }
        let total = total.join(" + ");
        Ok(match score.total_cap {
            Some(cap) => dialect.least(&format!("({total})"), &dialect.number(&self.decimal(cap))),
            None => format!("({total})"),
        })
    }

    /// What a rule gives the record now.
    pub(in crate::emit::sql) fn points(&self, rule: &Points) -> Said {
        let dialect = self.dialect();
        let when = self.condition(&rule.when)?;
        let full = dialect.number(&self.decimal(rule.points));
        let left = self.points_left(rule, &full).unwrap_or(full);
        Ok(format!("CASE WHEN {when} THEN {left} ELSE {} END", dialect.number("0")))
    }

    /// What decay leaves of a rule's points; nothing when they do not decay.
    fn points_left(&self, rule: &Points, full: &str) -> Option<String> {
        rule.halves_every.or(rule.expires_after)?;
        let mut names = Vec::new();
        rule.when.walk(&mut |expr| {
            if let ExprKind::Event { name, .. } = &expr.kind
                && !names.contains(&name.as_str())
            {
                names.push(name.as_str());
            }
        });
        if names.is_empty() {
            return None;
        }
        let dialect = self.dialect();
        let last = self.events(&names, &format!("MAX({})", self.event_at()), None)?;
        let lengths = (
            rule.expires_after.map(|life| (life.unit, self.minutes(life))),
            rule.halves_every.map(|half| (half.unit, self.minutes(half))),
        );
        let zero = dialect.number("0");
        let left = |last: &str, now: &str| {
            let mut cases = format!("WHEN {last} IS NULL THEN {full}");
            if let Some((unit, length)) = lengths.0 {
                let length = length.map_or(MISSING.to_owned(), |length| self.decimal(length));
                let age = self.age(last, now, unit);
                cases.push_str(&format!(" WHEN {age} > {length} THEN {zero}"));
            }
            let rest = match lengths.1 {
                None => full.to_owned(),
                Some((unit, Some(length))) if length > Decimal::ZERO => {
                    let age = self.age(last, now, unit);
                    let left = dialect.half_to_the(&format!("({age} / {})", self.decimal(length)));
                    dialect.round(&format!("({full} * {left})"), 6)
                }
                Some(_) => zero.clone(),
            };
            format!("CASE {cases} ELSE {rest} END")
        };
        let now = self.local_now();
        let at = |last: &str| dialect.with("now", &now, &|now| left(last, now));
        Some(dialect.with("last", &last, &at))
    }

    /// Minutes from one local point in time to another, of the clock or of work.
    fn age(&self, since: &str, now: &str, unit: Unit) -> String {
        let seconds = if unit.is_business() {
            self.world.work.between(self.lookups, since, now)
        } else {
            self.dialect().seconds_between(since, now)
        };
        format!("({} / 60)", self.dialect().number(&seconds))
    }

    /// The minutes of a decay's duration, of the clock or of work as its unit asks.
    fn minutes(&self, of: Duration) -> Option<Decimal> {
        let calendar = &self.world.process.calendar;
        let minutes = match of.unit {
            Unit::BusinessMinute => 1,
            Unit::BusinessHour => 60,
            Unit::BusinessDay => i64::from(calendar.minutes_per_day()),
            _ => return duration::average_minutes(of, calendar),
        };
        of.amount.checked_mul(Decimal::from(minutes))
    }

    /// Whether the points of a score reach this grade and none before it.
    pub(super) fn is_grade(&self, id: ScoreId, grade: usize) -> Said {
        let grades = &self.world.process.scores[id].grades;
        let Some(own) = grades.get(grade) else { return Ok(self.never()) };
        let before = grades.get(..grade).unwrap_or_default();
        if before.iter().any(|grade| grade.at_least.is_none()) {
            // Every record has a grade told before this one.
            return Ok(self.never());
        }
        let mut points = self.score(id)?;
        if !self.dialect().is_exact() {
            points = self.dialect().round(&points, super::BINARY_DECIMALS);
        }
        let least = own.at_least.map(|least| format!("{points} >= {}", self.decimal(least)));
        let ceiling = before.iter().filter_map(|grade| grade.at_least).min();
        let below = ceiling.map(|most| format!("{points} < {}", self.decimal(most)));
        let parts: Vec<String> = least.into_iter().chain(below).collect();
        if parts.is_empty() {
            return Ok(format!("({points} IS NOT NULL)"));
        }
        Ok(self.dialect().truth(&format!("({})", parts.join(" AND "))))
    }
}
