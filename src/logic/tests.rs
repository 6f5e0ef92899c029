//! Evaluation over hand-built expressions. `tests/all/logic.rs` does the same from source.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use jiff::civil::{DateTime, date, datetime};
use rust_decimal::Decimal;

use super::{Evaluator, RecordState, Value};
use crate::lint::testing::{Builder, expr};
use crate::model::*;
use crate::source::{FileId, Span};

/// Monday.
const NOW: DateTime = datetime(2026, 1, 12, 10, 0, 0, 0);

fn number(n: i64) -> Expr {
    expr(ExprKind::Value(crate::model::Value::Number(Decimal::from(n))), Type::Number)
}

fn length(amount: i64, unit: Unit) -> Duration {
    Duration { amount: Decimal::from(amount), unit }
}

fn compare(a: Expr, op: CompareOp, b: Expr) -> Expr {
    expr(ExprKind::Compare(Box::new(a), op, Box::new(b)), Type::Boolean)
}

fn not(x: Expr) -> Expr {
    expr(ExprKind::Not(Box::new(x)), Type::Boolean)
}

fn field(id: FieldId, ty: Type) -> Expr {
    expr(ExprKind::Field(id), ty)
}

#[test]
fn every_comparison_with_a_missing_value_is_false_and_its_negation_true() {
    let mut builder = Builder::new();
    let size = builder.field("size", FieldType::Number);
    let state = RecordState::new(NOW);
    let evaluator = Evaluator::new(&builder.process, &state);
    for op in [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Ge] {
        let comparison = compare(field(size, Type::Number), op, number(5));
        assert!(!evaluator.holds(&comparison), "{op:?}");
        assert!(evaluator.holds(&not(comparison)), "{op:?}");
    }
    let sum = expr(
        ExprKind::Arithmetic(
            Box::new(field(size, Type::Number)),
            ArithmeticOp::Add,
            Box::new(number(1)),
        ),
        Type::Number,
    );
    assert_eq!(evaluator.value(&sum), None);
    let missing = expr(ExprKind::Presence(Box::new(sum), false), Type::Boolean);
    assert!(evaluator.holds(&missing));
}

#[test]
fn empty_texts_and_no_options_are_missing() {
    let mut builder = Builder::new();
    let need = builder.field("need", FieldType::Text);
    let options = builder.options(&["a", "b"]);
    let wants = builder.field("wants", FieldType::ManyOf(options));
    let mut state = RecordState::new(NOW);
    state.values.insert(need, Value::Text(String::new()));
    state.values.insert(wants, Value::Options(wants, [].into()));
    let present = |id, ty| expr(ExprKind::Presence(Box::new(field(id, ty)), true), Type::Boolean);
    let evaluator = Evaluator::new(&builder.process, &state);
    assert!(!evaluator.holds(&present(need, Type::Text)));
    assert!(!evaluator.holds(&present(wants, Type::ManyOf(wants))));
    state.values.insert(wants, Value::Options(wants, [1].into()));
    let evaluator = Evaluator::new(&builder.process, &state);
    assert!(evaluator.holds(&present(wants, Type::ManyOf(wants))));
    let option = |index| {
        expr(ExprKind::Value(crate::model::Value::Option(wants, index)), Type::OneOf(wants))
    };
    let has = |index| {
        let list = vec![option(index)];
        let wants = field(wants, Type::ManyOf(wants));
        expr(ExprKind::In(Box::new(wants), list), Type::Boolean)
    };
    assert!(evaluator.holds(&has(1)) && !evaluator.holds(&has(0)));
}

#[test]
fn a_missing_boolean_is_false() {
    let mut builder = Builder::new();
    let flag = builder.field("flag", FieldType::Boolean);
    let state = RecordState::new(NOW);
    let evaluator = Evaluator::new(&builder.process, &state);
    assert!(!evaluator.holds(&field(flag, Type::Boolean)));
    assert!(evaluator.holds(&not(field(flag, Type::Boolean))));
    let constant = expr(ExprKind::Value(crate::model::Value::Boolean(false)), Type::Boolean);
    let is_false = compare(field(flag, Type::Boolean), CompareOp::Eq, constant);
    assert!(!evaluator.holds(&is_false));
}

#[test]
fn time_in_stage_is_compared_exactly() {
    let builder = Builder::new();
    let mut state = RecordState::new(NOW);
    let longer = |amount, unit| {
        let length = crate::model::Value::Duration(length(amount, unit));
        compare(
            expr(ExprKind::TimeInStage, Type::Duration),
            CompareOp::Gt,
            expr(ExprKind::Value(length), Type::Duration),
        )
    };
    // Friday 17:00: one working hour on Friday, one on Monday.
    state.entered_stage_at = datetime(2026, 1, 9, 17, 0, 0, 0);
    let evaluator = Evaluator::new(&builder.process, &state);
    assert!(evaluator.holds(&longer(2, Unit::Day)));
    assert!(!evaluator.holds(&longer(3, Unit::Day)));
    assert!(evaluator.holds(&longer(119, Unit::BusinessMinute)));
    assert!(!evaluator.holds(&longer(2, Unit::BusinessHour)));
    // From 11 February, a month is 28 days: no average is asked.
    let mut state = RecordState::new(datetime(2026, 3, 11, 10, 0, 1, 0));
    state.entered_stage_at = datetime(2026, 2, 11, 10, 0, 0, 0);
    let evaluator = Evaluator::new(&builder.process, &state);
    assert!(evaluator.holds(&longer(1, Unit::Month)));
    assert!(evaluator.holds(&longer(28, Unit::Day)));
    assert!(!evaluator.holds(&longer(29, Unit::Day)));
}

#[test]
fn windows_include_both_ends() {
    let mut builder = Builder::new();
    let meeting = builder.field("meeting", FieldType::DateTime);
    let close = builder.field("close", FieldType::Date);
    let within = |id, ty, direction, window| {
        expr(ExprKind::Within(Box::new(field(id, ty)), direction, window), Type::Boolean)
    };
    let holds = |values: &[(FieldId, Value)], condition: &Expr| {
        let mut state = RecordState::new(NOW);
        state.values.extend(values.iter().cloned());
        Evaluator::new(&builder.process, &state).holds(condition)
    };
    let next = within(meeting, Type::DateTime, Direction::Next, length(1, Unit::Week));
    let at = |d| [(meeting, Value::DateTime(d))];
    assert!(holds(&at(NOW), &next));
    assert!(holds(&at(datetime(2026, 1, 19, 10, 0, 0, 0)), &next));
    assert!(!holds(&at(datetime(2026, 1, 19, 10, 0, 1, 0)), &next));
    assert!(!holds(&at(datetime(2026, 1, 12, 9, 59, 59, 0)), &next));
    assert!(!holds(&[], &next));
    let last = within(close, Type::Date, Direction::Last, length(1, Unit::BusinessDay));
    let on = |d| [(close, Value::Date(d))];
    assert!(holds(&on(date(2026, 1, 9)), &last));
    assert!(holds(&on(date(2026, 1, 12)), &last));
    assert!(!holds(&on(date(2026, 1, 8)), &last));
    assert!(!holds(&on(date(2026, 1, 13)), &last));
    // Hours have no meaning for a date: the comparison is with something missing.
    let hours = within(close, Type::Date, Direction::Next, length(4, Unit::Hour));
    assert!(!holds(&on(date(2026, 1, 12)), &hours));
}

#[test]
fn elapsed_time_is_broken_for_points_and_whole_for_dates() {
    let mut builder = Builder::new();
    let touched = builder.field("touched", FieldType::DateTime);
    let renews = builder.field("renews", FieldType::Date);
    let mut state = RecordState::new(NOW);
    state.values.insert(touched, Value::DateTime(datetime(2026, 1, 9, 16, 0, 0, 0)));
    state.values.insert(renews, Value::Date(date(2026, 1, 9)));
    let evaluator = Evaluator::new(&builder.process, &state);
    let elapsed = |unit, business, since, field| {
        let kind = ExprKind::Elapsed { unit, business, since, field };
        let value = evaluator.value(&expr(kind, Type::Number));
        let Some(Value::Number(number)) = value else { return format!("{value:?}") };
        number.normalize().to_string()
    };
    assert_eq!(elapsed(ElapsedUnit::Days, false, true, touched), "2.75");
    assert_eq!(elapsed(ElapsedUnit::Hours, false, false, touched), "-66");
    // Friday 16:00 to 18:00 and Monday 9:00 to 10:00.
    assert_eq!(elapsed(ElapsedUnit::Hours, true, true, touched), "3");
    assert_eq!(elapsed(ElapsedUnit::Days, false, true, renews), "3");
    assert_eq!(elapsed(ElapsedUnit::Days, true, true, renews), "1");
    assert_eq!(elapsed(ElapsedUnit::Hours, true, true, renews), "None");
}

#[test]
fn events_are_counted_up_to_now() {
    let builder = Builder::new();
    let mut state = RecordState::new(NOW);
    for (day, hour) in [(1, 9), (12, 9), (12, 11)] {
        state.events.push(("viewed".to_owned(), datetime(2026, 1, day, hour, 0, 0, 0)));
    }
    state.events.push(("other".to_owned(), NOW));
    let evaluator = Evaluator::new(&builder.process, &state);
    let had = |at_least, within| {
        let kind = ExprKind::Event { name: "viewed".to_owned(), at_least, within };
        evaluator.holds(&expr(kind, Type::Boolean))
    };
    assert!(had(2, None) && !had(3, None));
    assert!(had(1, Some(length(1, Unit::Day))) && !had(2, Some(length(1, Unit::Day))));
    assert!(had(2, Some(length(265, Unit::Hour))) && !had(2, Some(length(264, Unit::Hour))));
}

fn score_of(builder: &mut Builder, points: Vec<Points>) -> ScoreId {
    let (title, record) = (builder.text("interest"), builder.lead);
    let span = builder.span();
    let grade = |name: &str, at_least: Option<i64>| Grade {
        name: name.to_owned(),
        title: Text::from_name(name, span),
        at_least: at_least.map(Decimal::from),
        span,
    };
    builder.process.scores.push(Score {
        name: "interest".to_owned(),
        title,
        record,
        points,
        caps: vec![],
        total_cap: None,
        weights: vec![],
        grades: vec![grade("hot", Some(60)), grade("warm", Some(30)), grade("cold", None)],
        about: None,
        was: vec![],
        broken: false,
        span,
    })
}

fn rule(category: Category, points: i64, when: Expr) -> Points {
    Points {
        category,
        points: Decimal::from(points),
        title: None,
        when,
        halves_every: None,
        expires_after: None,
        span: Span::start_of(FileId(0)),
    }
}

fn always() -> Expr {
    expr(ExprKind::Value(crate::model::Value::Boolean(true)), Type::Boolean)
}

fn event(name: &str) -> Expr {
    expr(ExprKind::Event { name: name.to_owned(), at_least: 1, within: None }, Type::Boolean)
}

#[test]
fn scores_are_capped_weighted_and_graded() {
    let mut builder = Builder::new();
    let score = score_of(
        &mut builder,
        vec![
            rule(Category::Fit, 30, always()),
            rule(Category::Fit, 20, always()),
            rule(Category::Behavior, 50, always()),
            rule(Category::Behavior, 99, not(always())),
        ],
    );
    builder.process.scores[score].caps = vec![(Category::Fit, Decimal::from(40))];
    builder.process.scores[score].weights = vec![(Category::Behavior, Decimal::from(50))];
    let state = RecordState::new(NOW);
    {
        let evaluator = Evaluator::new(&builder.process, &state);
        assert_eq!(evaluator.score(score), Some(Decimal::from(65)));
        assert_eq!(evaluator.grade(score), Some(0));
    }
    builder.process.scores[score].total_cap = Some(Decimal::from(59));
    let evaluator = Evaluator::new(&builder.process, &state);
    assert_eq!(evaluator.score(score), Some(Decimal::from(59)));
    assert_eq!(evaluator.grade(score), Some(1));
}

#[test]
fn points_halve_and_expire_from_the_last_event() {
    let mut builder = Builder::new();
    let halving = Points {
        halves_every: Some(length(7, Unit::Day)),
        ..rule(Category::Behavior, 40, event("viewed"))
    };
    let expiring = Points {
        expires_after: Some(length(7, Unit::Day)),
        ..rule(Category::Fit, 1, event("viewed"))
    };
    let steady =
        Points { halves_every: Some(length(7, Unit::Day)), ..rule(Category::Fit, 100, always()) };
    let score = score_of(&mut builder, vec![halving, expiring, steady]);
    let points = |last: DateTime| {
        let mut state = RecordState::new(NOW);
        state.events.push(("viewed".to_owned(), datetime(2025, 1, 1, 0, 0, 0, 0)));
        state.events.push(("viewed".to_owned(), last));
        Evaluator::new(&builder.process, &state).score(score).unwrap().normalize().to_string()
    };
    assert_eq!(points(NOW), "141");
    assert_eq!(points(datetime(2026, 1, 5, 10, 0, 0, 0)), "121");
    assert_eq!(points(datetime(2026, 1, 5, 9, 59, 59, 0)), "119.999977");
    assert_eq!(points(datetime(2025, 12, 29, 10, 0, 0, 0)), "110");
}

#[test]
fn a_score_that_reads_itself_is_missing_there() {
    let mut builder = Builder::new();
    let own = ScoreId::from_index(0);
    let is_cold = expr(ExprKind::IsGrade(own, 2), Type::Boolean);
    let score = score_of(&mut builder, vec![rule(Category::Fit, 70, not(is_cold))]);
    let state = RecordState::new(NOW);
    let evaluator = Evaluator::new(&builder.process, &state);
    assert_eq!(evaluator.score(score), Some(Decimal::from(70)));
}

#[test]
fn a_chain_of_scores_deeper_than_the_bound_does_not_overflow() {
    let mut builder = Builder::new();
    for next in 1..=20_000 {
        let reads_next = expr(ExprKind::IsGrade(ScoreId::from_index(next), 2), Type::Boolean);
        score_of(&mut builder, vec![rule(Category::Fit, 70, reads_next)]);
    }
    score_of(&mut builder, vec![]);
    let state = RecordState::new(NOW);
    let evaluator = Evaluator::new(&builder.process, &state);
    assert!(evaluator.score(ScoreId::from_index(0)).is_some());
}
