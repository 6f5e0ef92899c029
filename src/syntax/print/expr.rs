//! Expressions as they are written, with the fewest parentheses that keep their meaning.

use crate::syntax::ast::{ArithmeticOp, Direction, Expr, ExprKind};

use super::literal::{duration, literal, text};

/// How tightly the forms of an expression bind; a tighter one needs no parentheses in a looser.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Unary,
    Primary,
}

/// The expression in source form.
pub fn expr(expr: &Expr) -> String {
    at(expr, Binding::Or)
}

fn at(expr: &Expr, least: Binding) -> String {
    let (text, binding) = form(expr);
    if binding < least { format!("({text})") } else { text }
}

fn form(expr: &Expr) -> (String, Binding) {
    let list = |parts: &[Expr], joint: &str, least: Binding| {
        let parts: Vec<String> = parts.iter().map(|part| at(part, least)).collect();
        parts.join(joint)
    };
    match &expr.kind {
        ExprKind::Literal(value) => {
            let negative =
                matches!(value, crate::syntax::ast::Literal::Number(n) if n.is_sign_negative());
            (literal(value), if negative { Binding::Unary } else { Binding::Primary })
        }
        ExprKind::Path(path) => (path.dotted(), Binding::Primary),
        ExprKind::Not(inner) => (not(inner), not_binding(inner)),
        ExprKind::Negate(inner) => (format!("-{}", at(inner, Binding::Unary)), Binding::Unary),
        ExprKind::And(parts) => (list(parts, " and ", Binding::Not), Binding::And),
        ExprKind::Or(parts) => (list(parts, " or ", Binding::And), Binding::Or),
        ExprKind::Compare(left, op, right) => (
            format!("{} {} {}", at(left, Binding::Sum), op.value.symbol(), at(right, Binding::Sum)),
            Binding::Comparison,
        ),
        ExprKind::Arithmetic(left, op, right) => {
            let (own, tighter) = match op.value {
                ArithmeticOp::Add | ArithmeticOp::Sub => (Binding::Sum, Binding::Product),
                ArithmeticOp::Mul | ArithmeticOp::Div => (Binding::Product, Binding::Unary),
            };
            (format!("{} {} {}", at(left, own), op.value.symbol(), at(right, tighter)), own)
        }
        ExprKind::In(value, members) => (membership(value, members, ""), Binding::Comparison),
        ExprKind::Between(value, low, high) => (between(value, low, high, ""), Binding::Comparison),
        ExprKind::Presence(value, present) => {
            let word = if *present { "present" } else { "missing" };
            (format!("{} is {word}", at(value, Binding::Sum)), Binding::Comparison)
        }
        ExprKind::IsGrade(value, grade) => {
            (format!("{} is {grade}", at(value, Binding::Sum)), Binding::Comparison)
        }
        ExprKind::Within(value, direction, length) => {
            let word = match direction {
                Direction::Next => "next",
                Direction::Last => "last",
            };
            (
                format!("{} within {word} {}", at(value, Binding::Sum), duration(&length.value)),
                Binding::Comparison,
            )
        }
        ExprKind::Elapsed { unit, business, since, field } => (
            format!(
                "{}{} {} {}",
                if *business { "business " } else { "" },
                unit.word(),
                if *since { "since" } else { "until" },
                field.dotted()
            ),
            Binding::Primary,
        ),
        ExprKind::TimeInStage => ("time in stage".to_owned(), Binding::Primary),
        ExprKind::Today => ("today".to_owned(), Binding::Primary),
        ExprKind::Now => ("now".to_owned(), Binding::Primary),
        ExprKind::Event { name, at_least, within } => {
            let mut out = format!("event {name}");
            if let Some(count) = at_least {
                let times = if count.value == 1 { "time" } else { "times" };
                out.push_str(&format!(" at least {} {times}", count.value));
            }
            if let Some(length) = within {
                out.push_str(&format!(" within {}", duration(&length.value)));
            }
            (out, Binding::Primary)
        }
        ExprKind::Confirm { text: what, by } => {
            let by = by.as_ref().map_or_else(String::new, |name| format!(" by {name}"));
            (format!("confirm {}{by}", text(what, 0)), Binding::Primary)
        }
    }
}

/// `not` stands inside `not in`, `not between` and `is not`, before everything else.
fn not(inner: &Expr) -> String {
    match &inner.kind {
        ExprKind::In(value, members) => membership(value, members, "not "),
        ExprKind::Between(value, low, high) => between(value, low, high, "not "),
        ExprKind::IsGrade(value, grade) => format!("{} is not {grade}", at(value, Binding::Sum)),
        _ => format!("not {}", at(inner, Binding::Not)),
    }
}

fn not_binding(inner: &Expr) -> Binding {
    match inner.kind {
        ExprKind::In(..) | ExprKind::Between(..) | ExprKind::IsGrade(..) => Binding::Comparison,
        _ => Binding::Not,
    }
}

fn membership(value: &Expr, members: &[Expr], not: &str) -> String {
    let members: Vec<String> = members.iter().map(|member| at(member, Binding::Sum)).collect();
    format!("{} {not}in [{}]", at(value, Binding::Sum), members.join(", "))
}

fn between(value: &Expr, low: &Expr, high: &Expr, not: &str) -> String {
    let [value, low, high] = [value, low, high].map(|part| at(part, Binding::Sum));
    format!("{value} {not}between {low} and {high}")
}
