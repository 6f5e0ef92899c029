//! Evaluates expressions for one record, here and now.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;

use jiff::civil::DateTime;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{
    Clock, CompareOp, ConfirmationId, CriterionId, Direction, Duration, ElapsedUnit, Expr,
    ExprKind, FieldId, Process, ScoreId, TransitionId, TransitionKind, Unit,
};

use super::value::{self, Value};
use super::{business, duration};

/// What is known of one record at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordState {
    /// The fields that have a value. An empty text counts as none.
    pub values: FxHashMap<FieldId, Value>,
    /// What people have confirmed.
    pub confirmations: FxHashSet<ConfirmationId>,
    /// Everything that happened to it: the event's name and when, in any order.
    pub events: Vec<(String, DateTime)>,
    /// When it came into the stage it is in.
    pub entered_stage_at: DateTime,
    /// The moment of the question, in the time zone of the process.
    pub now: DateTime,
}

impl RecordState {
    /// A record about which nothing is known, and which has just come into its stage.
    pub fn new(now: DateTime) -> Self {
        Self {
            values: FxHashMap::default(),
            confirmations: FxHashSet::default(),
            events: Vec::new(),
            entered_stage_at: now,
            now,
        }
    }
}

/// Answers questions about one record. Scores are computed once and remembered.
#[derive(Debug)]
pub struct Evaluator<'a> {
    process: &'a Process,
    state: &'a RecordState,
    scores: RefCell<FxHashMap<ScoreId, Option<Decimal>>>,
    /// Scores being computed, one inside the other.
    depth: Cell<u32>,
}

/// Scores nested deeper are missing: a bound on the stack that no real process meets.
const DEEPEST_SCORE: u32 = 32;

impl<'a> Evaluator<'a> {
    /// An evaluator for a record of this process.
    pub fn new(process: &'a Process, state: &'a RecordState) -> Self {
        Self { process, state, scores: RefCell::default(), depth: Cell::new(0) }
    }

    pub(super) fn process(&self) -> &'a Process {
        self.process
    }

    pub(super) fn state(&self) -> &'a RecordState {
        self.state
    }

    /// Whether a condition holds. A missing boolean is false, as is anything that is no condition.
    pub fn holds(&self, condition: &Expr) -> bool {
        match &condition.kind {
            ExprKind::Not(x) => !self.holds(x),
            ExprKind::And(all) => all.iter().all(|x| self.holds(x)),
            ExprKind::Or(any) => any.iter().any(|x| self.holds(x)),
            ExprKind::Compare(a, op, b) => {
                self.order(a, b).is_some_and(|order| compares(*op, order))
            }
            ExprKind::In(x, list) => self.is_in(x, list),
            ExprKind::Between(x, low, high) => {
                self.order(low, x).is_some_and(Ordering::is_le)
                    && self.order(x, high).is_some_and(Ordering::is_le)
            }
            ExprKind::Presence(x, present) => self.value(x).is_some() == *present,
            ExprKind::IsGrade(score, grade) => self.grade(*score) == Some(*grade),
            ExprKind::Within(x, direction, window) => self.is_within(x, *direction, *window),
            ExprKind::Event { name, at_least, within } => self.had(name, *at_least, *within),
            ExprKind::Confirmed(what) => self.state.confirmations.contains(what),
            ExprKind::Value(_)
            | ExprKind::Field(_)
            | ExprKind::Score(_)
            | ExprKind::Negate(_)
            | ExprKind::Arithmetic(..)
            | ExprKind::Elapsed { .. }
            | ExprKind::TimeInStage
            | ExprKind::Today
            | ExprKind::Now => self.value(condition) == Some(Value::Boolean(true)),
        }
    }

    /// The value of an expression, `None` when it is missing.
    pub fn value(&self, expr: &Expr) -> Option<Value> {
        let calendar = &self.process.calendar;
        match &expr.kind {
            ExprKind::Value(constant) => Value::from(constant).present(),
            ExprKind::Field(field) => self.state.values.get(field).cloned()?.present(),
            ExprKind::Score(score) => self.score(*score).map(Value::Number),
            ExprKind::Negate(x) => self.value(x)?.negate(),
            ExprKind::Arithmetic(a, op, b) => {
                Value::arithmetic(self.value(a)?, *op, self.value(b)?, calendar)
            }
            ExprKind::Elapsed { unit, business, since, field } => {
                let elapsed = self.elapsed(*unit, *business, *field)?;
                Some(Value::Number(if *since { elapsed } else { -elapsed }))
            }
            ExprKind::TimeInStage => {
                let stay = self.state.entered_stage_at.duration_until(self.state.now).as_secs();
                let amount = Decimal::from(stay).checked_div(Decimal::from(60))?;
                Some(Value::Duration(Duration { amount, unit: Unit::Minute }))
            }
            ExprKind::Today => Some(Value::Date(self.state.now.date())),
            ExprKind::Now => Some(Value::DateTime(self.state.now)),
            // Conditions are never missing.
            ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Compare(..)
            | ExprKind::In(..)
            | ExprKind::Between(..)
            | ExprKind::Presence(..)
            | ExprKind::IsGrade(..)
            | ExprKind::Within(..)
            | ExprKind::Event { .. }
            | ExprKind::Confirmed(_) => Some(Value::Boolean(self.holds(expr))),
        }
    }

    /// Whether a field has a value.
    pub fn has(&self, field: FieldId) -> bool {
        self.state.values.get(&field).is_some_and(|value| value.clone().present().is_some())
    }

    /// The points of a score; `None` when they are too many to hold, or the score reads itself.
    pub fn score(&self, score: ScoreId) -> Option<Decimal> {
        if let Some(known) = self.scores.borrow().get(&score) {
            return *known;
        }
        if self.depth.get() >= DEEPEST_SCORE {
            return None;
        }
        // Found again while it is being computed, it is missing.
        self.scores.borrow_mut().insert(score, None);
        self.depth.set(self.depth.get() + 1);
        let points = self.compute_score(score);
        self.depth.set(self.depth.get() - 1);
        self.scores.borrow_mut().insert(score, points);
        points
    }

    /// Whether a criterion lets the record pass: it does not apply to it, or holds.
    pub fn passes(&self, criterion: CriterionId) -> bool {
        let criterion = &self.process.criteria[criterion];
        let applies = criterion.applies.as_ref().is_none_or(|only| self.holds(only));
        !applies || self.holds(&criterion.condition)
    }

    /// Whether a clock has struck.
    pub fn has_struck(&self, clock: &Clock) -> bool {
        let calendar = &self.process.calendar;
        let from_entry = |entered| duration::add(entered, clock.duration, calendar);
        let struck = match clock.before {
            None => from_entry(self.state.entered_stage_at).map(|at| at <= self.state.now),
            Some(field) => {
                let back = duration::negate(clock.duration);
                match self.state.values.get(&field) {
                    Some(Value::Date(date)) => duration::add_to_date(*date, back, calendar)
                        .map(|date| date <= self.state.now.date()),
                    Some(Value::DateTime(at)) => {
                        duration::add(*at, back, calendar).map(|at| at <= self.state.now)
                    }
                    _ => None,
                }
            }
        };
        struck.unwrap_or(false)
    }

    /// Whether a transition is open for the record, which is in the stage it leaves: its `when`
    /// holds, its clock has struck, and for `advance` every exit criterion of the stage and every
    /// entry criterion of the target passes. How often the record took it is not asked.
    pub fn is_open(&self, transition: TransitionId) -> bool {
        let transition = &self.process.transitions[transition];
        let criteria_pass = || {
            let exit = &self.process.stages[transition.from].exit;
            let enter = &self.process.stages[transition.to].enter;
            exit.iter().chain(enter).all(|criterion| self.passes(*criterion))
        };
        transition.when.as_ref().is_none_or(|when| self.holds(when))
            && transition.after.as_ref().is_none_or(|clock| self.has_struck(clock))
            && (transition.kind != TransitionKind::Advance || criteria_pass())
    }

    /// How two operands stand to each other; `None` when one is missing.
    fn order(&self, a: &Expr, b: &Expr) -> Option<Ordering> {
        match (&a.kind, &b.kind) {
            (ExprKind::TimeInStage, ExprKind::TimeInStage) => Some(Ordering::Equal),
            (ExprKind::TimeInStage, _) => self.stay_against(b),
            (_, ExprKind::TimeInStage) => self.stay_against(a).map(Ordering::reverse),
            _ => self.value(a)?.order(&self.value(b)?, &self.process.calendar),
        }
    }

    /// How the time in the stage stands to a duration. Exact for every unit, as no average is.
    fn stay_against(&self, length: &Expr) -> Option<Ordering> {
        let Value::Duration(length) = self.value(length)? else { return None };
        let calendar = &self.process.calendar;
        let (entered, now) = (self.state.entered_stage_at, self.state.now);
        if length.unit.is_business() {
            let zero = Duration { amount: Decimal::ZERO, unit: Unit::BusinessMinute };
            let length = duration::sum(zero, length, calendar)?.amount;
            let stay = Decimal::from(business::working_seconds(calendar, entered, now));
            return Some(stay.cmp(&length.checked_mul(Decimal::from(60))?));
        }
        let end = duration::add(entered, length, calendar)?;
        Some(value::to_second(now).cmp(&value::to_second(end)))
    }

    fn is_in(&self, x: &Expr, list: &[Expr]) -> bool {
        if let Some(Value::Options(field, options)) = self.value(x) {
            return list.iter().any(|item| match self.value(item) {
                Some(Value::Option(of, index)) => of == field && options.contains(&index),
                _ => false,
            });
        }
        list.iter().any(|item| self.order(x, item) == Some(Ordering::Equal))
    }

    fn is_within(&self, x: &Expr, direction: Direction, window: Duration) -> bool {
        let calendar = &self.process.calendar;
        let reach = match direction {
            Direction::Next => window,
            Direction::Last => duration::negate(window),
        };
        let now = self.state.now;
        let inside = match self.value(x) {
            Some(Value::Date(date)) => duration::add_to_date(now.date(), reach, calendar)
                .map(|far| lies_between(&date, &now.date(), &far)),
            Some(Value::DateTime(at)) => {
                let [at, now] = [at, now].map(value::to_second);
                duration::add(now, reach, calendar).map(|far| lies_between(&at, &now, &far))
            }
            _ => None,
        };
        inside.unwrap_or(false)
    }

    fn had(&self, name: &str, at_least: u32, within: Option<Duration>) -> bool {
        let now = value::to_second(self.state.now);
        let from = match within {
            None => DateTime::MIN,
            Some(window) => {
                let back = duration::add(now, duration::negate(window), &self.process.calendar);
                let Some(from) = back else { return false };
                from
            }
        };
        let counts = |(event, at): &&(String, DateTime)| {
            event == name && (from..=now).contains(&value::to_second(*at))
        };
        let times = self.state.events.iter().filter(counts).count();
        u32::try_from(times).unwrap_or(u32::MAX) >= at_least
    }

    /// Units from a field to now.
    fn elapsed(&self, unit: ElapsedUnit, business: bool, field: FieldId) -> Option<Decimal> {
        let calendar = &self.process.calendar;
        let now = self.state.now;
        let at = match self.state.values.get(&field)? {
            Value::DateTime(at) => value::to_second(*at),
            // Between dates, days are counted, not measured.
            Value::Date(date) => {
                let days = if business {
                    business::working_days(calendar, *date, now.date())
                } else {
                    i64::from(date.until((jiff::Unit::Day, now.date())).ok()?.get_days())
                };
                return match unit {
                    ElapsedUnit::Days => Some(Decimal::from(days)),
                    ElapsedUnit::Weeks if !business => {
                        Decimal::from(days).checked_div(Decimal::from(7))
                    }
                    _ => None,
                };
            }
            _ => return None,
        };
        let seconds_per_unit = match unit {
            ElapsedUnit::Minutes => 60,
            ElapsedUnit::Hours => 60 * 60,
            ElapsedUnit::Days if business => i64::from(calendar.minutes_per_day()) * 60,
            ElapsedUnit::Days => 24 * 60 * 60,
            ElapsedUnit::Weeks if business => return None,
            ElapsedUnit::Weeks => 7 * 24 * 60 * 60,
        };
        let seconds = if business {
            business::working_seconds(calendar, at, now)
        } else {
            at.duration_until(value::to_second(now)).as_secs()
        };
        Decimal::from(seconds).checked_div(Decimal::from(seconds_per_unit))
    }
}

/// Whether `x` lies between `a` and `b`, whichever comes first; both ends included.
fn lies_between<T: Ord>(x: &T, a: &T, b: &T) -> bool {
    (a <= x && x <= b) || (b <= x && x <= a)
}

fn compares(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}
