//! Expressions: as source, and as a tree.

use serde_json::{Map, Value as Json, json};

use crate::model::{Direction, Expr, ExprKind, Process, Type};

use super::value::{duration, field_ref, maybe_duration, value};

/// An expression.
pub(super) fn expr(process: &Process, expr: &Expr) -> Json {
    json!({ "source": process.expr_source(expr), "tree": tree(process, expr) })
}

/// An expression, or `null`.
pub(super) fn maybe_expr(process: &Process, value: Option<&Expr>) -> Json {
    value.map_or(Json::Null, |value| expr(process, value))
}

/// Recurses as deep as the expression, which the parser bounds; what needs stack is kept out of it.
fn tree(process: &Process, expr: &Expr) -> Json {
    let mut map = node(process, expr);
    for (key, operands) in operands(expr) {
        let value = match operands {
            Operands::One(expr) => tree(process, expr),
            Operands::Many(all) => all.iter().map(|expr| tree(process, expr)).collect(),
        };
        map.insert(key.to_owned(), value);
    }
    Json::Object(map)
}

enum Operands<'a> {
    One(&'a Expr),
    Many(&'a [Expr]),
}

fn operands(expr: &Expr) -> Vec<(&'static str, Operands<'_>)> {
    use Operands::{Many, One};
    match &expr.kind {
        ExprKind::Not(x)
        | ExprKind::Negate(x)
        | ExprKind::Presence(x, _)
        | ExprKind::Within(x, _, _) => vec![("operand", One(x))],
        ExprKind::And(all) | ExprKind::Or(all) => vec![("operands", Many(all))],
        ExprKind::Compare(left, _, right) | ExprKind::Arithmetic(left, _, right) => {
            vec![("left", One(left)), ("right", One(right))]
        }
        ExprKind::In(x, options) => vec![("operand", One(x)), ("options", Many(options))],
        ExprKind::Between(x, low, high) => {
            vec![("operand", One(x)), ("low", One(low)), ("high", One(high))]
        }
        ExprKind::Value(_)
        | ExprKind::Field(_)
        | ExprKind::Score(_)
        | ExprKind::IsGrade(..)
        | ExprKind::Elapsed { .. }
        | ExprKind::TimeInStage
        | ExprKind::Today
        | ExprKind::Now
        | ExprKind::Event { .. }
        | ExprKind::Confirmed(_) => Vec::new(),
    }
}

/// The node without its operands.
fn node(process: &Process, expr: &Expr) -> Map<String, Json> {
    let (kind, entries) = match &expr.kind {
        ExprKind::Value(constant) => ("value", vec![("value", value(process, constant))]),
        ExprKind::Field(field) => ("field", vec![("field", json!(field_ref(process, *field)))]),
        ExprKind::Score(score) => ("score", vec![("score", json!(process.scores[*score].name))]),
        ExprKind::Not(_) => ("not", vec![]),
        ExprKind::Negate(_) => ("negate", vec![]),
        ExprKind::And(_) => ("and", vec![]),
        ExprKind::Or(_) => ("or", vec![]),
        ExprKind::Compare(_, op, _) => ("compare", vec![("operator", json!(op.symbol()))]),
        ExprKind::Arithmetic(_, op, _) => ("arithmetic", vec![("operator", json!(op.symbol()))]),
        ExprKind::In(..) => ("in", vec![]),
        ExprKind::Between(..) => ("between", vec![]),
        ExprKind::Presence(_, present) => ("presence", vec![("present", json!(present))]),
        ExprKind::IsGrade(score, grade) => {
            let score = &process.scores[*score];
            let grade = score.grades.get(*grade).map(|grade| &grade.name);
            ("grade", vec![("score", json!(score.name)), ("grade", json!(grade))])
        }
        ExprKind::Within(_, direction, time) => {
            let direction = match direction {
                Direction::Next => "next",
                Direction::Last => "last",
            };
            ("within", vec![("direction", json!(direction)), ("duration", duration(*time))])
        }
        ExprKind::Elapsed { unit, business, since, field } => (
            "elapsed",
            vec![
                ("unit", json!(unit.word())),
                ("business", json!(business)),
                ("direction", json!(if *since { "since" } else { "until" })),
                ("field", json!(field_ref(process, *field))),
            ],
        ),
        ExprKind::TimeInStage => ("time_in_stage", vec![]),
        ExprKind::Today => ("today", vec![]),
        ExprKind::Now => ("now", vec![]),
        ExprKind::Event { name, at_least, within } => (
            "event",
            vec![
                ("event", json!(name)),
                ("at_least", json!(at_least)),
                ("within", maybe_duration(*within)),
            ],
        ),
        ExprKind::Confirmed(id) => {
            let confirmation = &process.confirmations[*id];
            let record = &process.records[confirmation.record].name;
            (
                "confirmed",
                vec![("record", json!(record)), ("confirmation", json!(confirmation.key))],
            )
        }
    };
    let head = [("kind", json!(kind)), ("type", json!(type_word(expr.ty)))];
    head.into_iter().chain(entries).map(|(key, value)| (key.to_owned(), value)).collect()
}

fn type_word(ty: Type) -> &'static str {
    match ty {
        Type::Text => "text",
        Type::Number => "number",
        Type::Integer => "integer",
        Type::Money => "money",
        Type::Percent => "percent",
        Type::Boolean => "boolean",
        Type::Date => "date",
        Type::DateTime => "datetime",
        Type::Duration => "duration",
        Type::User => "user",
        Type::OneOf(_) => "one_of",
        Type::ManyOf(_) => "many_of",
    }
}
