//! Values of two processes, compared.

use std::cmp::Ordering;

use crate::logic::duration;
use crate::model::{Calendar, Duration, FieldType, Value};

/// Whether a bound leaves out what it did not before. `beyond` is how a narrower one compares:
/// `Greater` for `at least`, `Less` for `at most`.
pub(crate) fn narrows(was: Option<&Value>, now: Option<&Value>, beyond: Ordering) -> bool {
    let (Some(was), Some(now)) = (was, now) else { return now.is_some() };
    order(was, now).unwrap_or(beyond) == beyond
}

/// Whether every value of a type is one of another, and means the same.
pub(crate) fn keeps(was: &FieldType, now: &FieldType) -> bool {
    match (was, now) {
        (FieldType::OneOf(_), FieldType::OneOf(_))
        | (FieldType::ManyOf(_), FieldType::ManyOf(_)) => true,
        (
            FieldType::Text | FieldType::User | FieldType::OneOf(_),
            FieldType::Text | FieldType::User,
        )
        | (FieldType::Integer, FieldType::Number) => true,
        (FieldType::OneOf(_) | FieldType::ManyOf(_), _)
        | (_, FieldType::OneOf(_) | FieldType::ManyOf(_)) => false,
        (was, now) => was == now,
    }
}

/// How the new value compares with the old one; `None` when they cannot be compared.
pub(super) fn order(was: &Value, now: &Value) -> Option<Ordering> {
    Some(match (was, now) {
        (Value::Number(a), Value::Number(b)) | (Value::Percent(a), Value::Percent(b)) => b.cmp(a),
        (Value::Money(a), Value::Money(b)) => b.amount.cmp(&a.amount),
        (Value::Date(a), Value::Date(b)) => b.cmp(a),
        (Value::DateTime(a), Value::DateTime(b)) => b.cmp(a),
        (a, b) if a == b => Ordering::Equal,
        _ => return None,
    })
}

/// How the new length of time compares with the old one, by the calendar of the new process; equal
/// only when they are the same length on every day.
pub(super) fn order_of_durations(
    was: Duration,
    now: Duration,
    calendar: &Calendar,
) -> Option<Ordering> {
    let order = duration::order(now, was, calendar)?;
    let same = was == now || duration::units_like(now, was, calendar).is_some();
    (order != Ordering::Equal || same).then_some(order)
}
