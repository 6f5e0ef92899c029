//! What a condition tells about fields being present, without knowing anything else of the record.

use crate::model::{CriterionId, Expr, ExprKind, FieldId, Process, Value};

/// Conditions that read more fields are not searched for what they guarantee.
const MOST_FIELDS: usize = 100;

/// What becomes of a condition when the fields for which `missing` holds have no value: true or
/// false for every such record, or `None` when it depends on more.
pub fn truth(expr: &Expr, missing: &impl Fn(FieldId) -> bool) -> Option<bool> {
    match &expr.kind {
        ExprKind::Value(Value::Boolean(value)) => Some(*value),
        ExprKind::Not(operand) => truth(operand, missing).map(|value| !value),
        ExprKind::And(operands) => all(operands, missing, true),
        ExprKind::Or(operands) => all(operands, missing, false),
        ExprKind::Presence(operand, present) => is_missing(operand, missing).then_some(!*present),
        ExprKind::Compare(a, _, b) => false_if(is_missing(a, missing) || is_missing(b, missing)),
        ExprKind::In(operand, _) | ExprKind::Within(operand, ..) => {
            false_if(is_missing(operand, missing))
        }
        ExprKind::Between(operand, low, high) => {
            false_if([operand, low, high].into_iter().any(|part| is_missing(part, missing)))
        }
        // A missing boolean is false.
        ExprKind::Field(field) => false_if(missing(*field)),
        _ => None,
    }
}

/// Whether records pass a criterion that lack these fields.
pub fn passes(
    process: &Process,
    criterion: CriterionId,
    missing: &impl Fn(FieldId) -> bool,
) -> Option<bool> {
    let criterion = &process.criteria[criterion];
    let applies = criterion.applies.as_ref().map_or(Some(true), |expr| truth(expr, missing));
    match (applies, truth(&criterion.condition, missing)) {
        (Some(false), _) | (_, Some(true)) => Some(true),
        (Some(true), Some(false)) => Some(false),
        _ => None,
    }
}

/// The fields that every record has for which the condition holds.
pub fn guaranteed(expr: &Expr) -> Vec<FieldId> {
    let mut fields = expr.fields();
    fields.truncate(MOST_FIELDS);
    fields.retain(|field| truth(expr, &|other| other == *field) == Some(false));
    fields
}

/// The fields that every record has that passes the criterion.
pub fn guaranteed_by(process: &Process, criterion: CriterionId) -> Vec<FieldId> {
    let mut fields = process.criteria[criterion].condition.fields();
    fields.truncate(MOST_FIELDS);
    fields.retain(|field| passes(process, criterion, &|other| other == *field) == Some(false));
    fields
}

/// Conjunction (`and`) or disjunction of all operands.
fn all(operands: &[Expr], missing: &impl Fn(FieldId) -> bool, and: bool) -> Option<bool> {
    let mut known = true;
    for operand in operands {
        match truth(operand, missing) {
            Some(value) if value != and => return Some(value),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(and)
}

/// A comparison with a missing value is false.
fn false_if(missing: bool) -> Option<bool> {
    missing.then_some(false)
}

/// Whether a value is missing as soon as these fields are.
fn is_missing(value: &Expr, missing: &impl Fn(FieldId) -> bool) -> bool {
    match &value.kind {
        ExprKind::Field(field) | ExprKind::Elapsed { field, .. } => missing(*field),
        ExprKind::Negate(operand) => is_missing(operand, missing),
        ExprKind::Arithmetic(a, _, b) => is_missing(a, missing) || is_missing(b, missing),
        _ => false,
    }
}
