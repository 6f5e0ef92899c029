//! Records at random, and every expression of a process asked about them.

use ekiden::logic::{Evaluator, RecordState, Value};
use ekiden::model::{Currency, Expr, ExprKind, FieldType, Id, Measure, Money, Process, Type};
use jiff::civil::{DateTime, date, datetime};
use rust_decimal::Decimal;

/// Numbers without a pattern, the same for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u32) -> Self {
        Dice(u64::from(seed) | 1 << 40)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }

    fn number(&mut self) -> Decimal {
        match self.below(8) {
            0 => Decimal::MAX,
            1 => Decimal::MIN,
            2 => Decimal::ZERO,
            3 => Decimal::new(1, 28),
            4 => Decimal::new(-1, 0),
            _ => Decimal::new(i64::try_from(self.below(1_000_000)).unwrap(), 2),
        }
    }

    fn moment(&mut self) -> DateTime {
        match self.below(8) {
            0 => DateTime::MIN,
            1 => DateTime::MAX,
            2 => datetime(2026, 2, 28, 23, 59, 59, 999_999_999),
            _ => {
                let day = i32::try_from(self.below(1_000)).unwrap() - 500;
                let hour = i64::try_from(self.below(24)).unwrap();
                let span = jiff::Span::new().days(day).hours(hour);
                datetime(2026, 6, 1, 9, 0, 0, 0).checked_add(span).unwrap()
            }
        }
    }
}

/// Everything in a process that is true or false of a record, or a number.
pub(crate) fn expressions(process: &Process) -> Vec<&Expr> {
    let mut all: Vec<&Expr> = Vec::new();
    for criterion in process.criteria.values() {
        all.push(&criterion.condition);
        all.extend(&criterion.applies);
    }
    for transition in process.transitions.values() {
        all.extend(&transition.when);
        let accept = transition.handoff.as_ref().and_then(|handoff| handoff.accept.as_ref());
        all.extend(accept.map(|accept| &accept.when));
    }
    for goal in process.goals.values() {
        match &goal.measure {
            Some(Measure::Entries { when, .. } | Measure::Sum { when, .. }) => all.extend(when),
            Some(Measure::Share { when, .. }) => all.push(when),
            _ => {}
        }
    }
    for score in process.scores.values() {
        all.extend(score.points.iter().map(|points| &points.when));
    }
    for route in process.routes.values() {
        all.extend(route.cases.iter().map(|case| &case.when));
    }
    for play in process.plays.values() {
        all.extend(&play.when);
    }
    for retired in &process.retired {
        all.extend(retired.into.iter().filter_map(|(_, when)| when.as_ref()));
    }
    all
}

fn record(process: &Process, dice: &mut Dice) -> RecordState {
    let now = match dice.below(6) {
        0 => dice.moment(),
        _ => datetime(2026, 6, 1, 10, 30, 0, 0),
    };
    let mut state = RecordState::new(now);
    state.entered_stage_at = dice.moment();
    for (id, field) in process.fields.iter() {
        if dice.below(4) == 0 {
            continue;
        }
        let currency = process.currency.or(Currency::new("JPY")).unwrap();
        let value = match &field.ty {
            FieldType::Text => {
                Value::Text(["", "a", "A", "ann@example.com", "日本"][dice.below(5)].into())
            }
            FieldType::User => Value::User(["", "ann"][dice.below(2)].into()),
            FieldType::Number => Value::Number(dice.number()),
            FieldType::Integer => Value::Number(dice.number().trunc()),
            FieldType::Percent => Value::Percent(dice.number()),
            FieldType::Money => Value::Money(Money { amount: dice.number(), currency }),
            FieldType::Boolean => Value::Boolean(dice.below(2) == 0),
            FieldType::Date => Value::Date(match dice.below(3) {
                0 => dice.moment().date(),
                _ => date(2026, 6, i8::try_from(1 + dice.below(28)).unwrap()),
            }),
            FieldType::DateTime => Value::DateTime(dice.moment()),
            FieldType::OneOf(options) => Value::Option(id, dice.below(options.len())),
            FieldType::ManyOf(options) => {
                let chosen = (0..options.len()).filter(|_| dice.below(2) == 0).collect();
                Value::Options(id, chosen)
            }
        };
        state.values.insert(id, value);
    }
    for confirmation in process.confirmations.ids() {
        if dice.below(2) == 0 {
            state.confirmations.insert(confirmation);
        }
    }
    for expr in expressions(process) {
        expr.walk(&mut |expr| {
            if let ExprKind::Event { name, .. } = &expr.kind
                && state.events.len() < 50
            {
                for _ in 0..dice.below(3) {
                    state.events.push((name.clone(), dice.moment()));
                }
            }
        });
    }
    state
}

/// Asks every expression about records; what the reference says of all of them must be so.
pub(crate) fn evaluate(process: &Process, seed: u32) {
    let mut dice = Dice::new(seed);
    let all = expressions(process);
    for _ in 0..3 {
        let state = record(process, &mut dice);
        let evaluator = Evaluator::new(process, &state);
        for expr in &all {
            expr.walk(&mut |expr| {
                assert!(expr.ty != Type::Boolean || evaluator.holds(expr) == evaluator.holds(expr));
                if let ExprKind::Not(inside) = &expr.kind {
                    assert_ne!(evaluator.holds(expr), evaluator.holds(inside), "{expr:?}");
                }
                if let ExprKind::Presence(value, present) = &expr.kind {
                    assert_eq!(evaluator.holds(expr), evaluator.value(value).is_some() == *present);
                }
                if let Some(value) = evaluator.value(expr) {
                    let _ = value.clone().negate();
                    assert!(value.present().is_some(), "{expr:?} is there and is not");
                }
            });
        }
        for id in process.transitions.ids() {
            let open = evaluator.is_open(id);
            let transition = &process.transitions[id];
            let when = transition.when.as_ref().is_none_or(|when| evaluator.holds(when));
            assert!(!open || when, "open although its condition fails");
        }
        for (id, score) in process.scores.iter() {
            let _ = evaluator.score(id);
            assert!(evaluator.grade(id).is_none_or(|grade| grade < score.grades.len()));
        }
    }
    for expr in all {
        assert!(!process.expr_source(expr).is_empty());
    }
    assert!(process.stages.ids().all(|id| id.index() < process.stages.len()));
}
