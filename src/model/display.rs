//! Expressions written as source.

use super::{ArithmeticOp, CompareOp, Direction, Expr, ExprKind, FieldId, Process, Text, Value};

/// How tightly a form binds; an operand that binds less than its place asks for gets parentheses.
/// The order is that of the grammar.
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

impl Process {
    /// The expression as it would be written in the DSL, with as few parentheses as possible. Read
    /// again in a stage that sees the same fields, it gives the same expression.
    ///
    /// Recurses as deep as the expression, which the parser bounds.
    pub fn expr_source(&self, expr: &Expr) -> String {
        let mut out = String::new();
        self.write(expr, Binding::Or, &mut out);
        out
    }

    /// A value as it would be written in the DSL.
    pub fn value_source(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => quoted(text),
            Value::Number(n) => n.to_string(),
            Value::Money(money) => format!("{} {}", money.amount, money.currency),
            Value::Percent(n) => format!("{n}%"),
            Value::Boolean(value) => value.to_string(),
            Value::Date(date) => date.to_string(),
            Value::DateTime(at) if at.second() == 0 => at.strftime("%Y-%m-%dT%H:%M").to_string(),
            Value::DateTime(at) => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            Value::Duration(duration) => duration.to_string(),
            Value::Option(field, index) => {
                let options = self.fields[*field].ty.options();
                options.get(*index).map_or_else(String::new, |option| option.name.clone())
            }
        }
    }

    fn write(&self, expr: &Expr, place: Binding, out: &mut String) {
        let parentheses = binding(expr) < place;
        if parentheses {
            out.push('(');
        }
        self.write_bare(expr, out);
        if parentheses {
            out.push(')');
        }
    }

    fn write_bare(&self, expr: &Expr, out: &mut String) {
        match &expr.kind {
            ExprKind::Value(value) => out.push_str(&self.value_source(value)),
            ExprKind::Field(field) => out.push_str(&self.field_source(*field)),
            ExprKind::Score(score) => out.push_str(&self.scores[*score].name),
            ExprKind::Not(operand) => self.write_not(operand, out),
            ExprKind::Negate(operand) => {
                out.push('-');
                self.write(operand, Binding::Unary, out);
            }
            ExprKind::And(operands) => self.write_list(operands, " and ", Binding::Not, out),
            ExprKind::Or(operands) => self.write_list(operands, " or ", Binding::And, out),
            ExprKind::Compare(left, op, right) => {
                self.write(left, Binding::Sum, out);
                out.push_str(&spaced(CompareOp::symbol(*op)));
                self.write(right, Binding::Sum, out);
            }
            ExprKind::Arithmetic(left, op, right) => {
                // Left-associative: `a - (b - c)` keeps its parentheses, `(a - b) - c` needs none.
                let (own, next) = match op {
                    ArithmeticOp::Add | ArithmeticOp::Sub => (Binding::Sum, Binding::Product),
                    ArithmeticOp::Mul | ArithmeticOp::Div => (Binding::Product, Binding::Unary),
                };
                self.write(left, own, out);
                out.push_str(&spaced(op.symbol()));
                self.write(right, next, out);
            }
            ExprKind::In(..) | ExprKind::Between(..) | ExprKind::IsGrade(..) => {
                self.write_predicate(expr, "", out);
            }
            ExprKind::Presence(operand, present) => {
                self.write(operand, Binding::Sum, out);
                out.push_str(if *present { " is present" } else { " is missing" });
            }
            ExprKind::Within(operand, direction, duration) => {
                self.write(operand, Binding::Sum, out);
                let direction = match direction {
                    Direction::Next => "next",
                    Direction::Last => "last",
                };
                out.push_str(&format!(" within {direction} {duration}"));
            }
            ExprKind::Elapsed { unit, business, since, field } => {
                let business = if *business { "business " } else { "" };
                let way = if *since { "since" } else { "until" };
                let field = self.field_source(*field);
                out.push_str(&format!("{business}{} {way} {field}", unit.word()));
            }
            ExprKind::TimeInStage => out.push_str("time in stage"),
            ExprKind::Today => out.push_str("today"),
            ExprKind::Now => out.push_str("now"),
            ExprKind::Event { name, at_least, within } => {
                out.push_str(&format!("event {name}"));
                if *at_least != 1 {
                    out.push_str(&format!(" at least {at_least} times"));
                }
                if let Some(within) = within {
                    out.push_str(&format!(" within {within}"));
                }
            }
            ExprKind::Confirmed(id) => {
                let confirmation = &self.confirmations[*id];
                out.push_str(&format!("confirm {}", text_source(&confirmation.text)));
                if let Some(by) = confirmation.by {
                    out.push_str(&format!(" by {}", self.owner_name(by).0));
                }
            }
        }
    }

    /// `not x`, or `x not in […]` where the language has a form of its own.
    fn write_not(&self, operand: &Expr, out: &mut String) {
        match operand.kind {
            ExprKind::In(..) | ExprKind::Between(..) | ExprKind::IsGrade(..) => {
                self.write_predicate(operand, "not ", out);
            }
            _ => {
                out.push_str("not ");
                self.write(operand, Binding::Not, out);
            }
        }
    }

    fn write_predicate(&self, expr: &Expr, not: &str, out: &mut String) {
        match &expr.kind {
            ExprKind::In(operand, options) => {
                self.write(operand, Binding::Sum, out);
                out.push_str(&format!(" {not}in ["));
                self.write_list(options, ", ", Binding::Sum, out);
                out.push(']');
            }
            ExprKind::Between(operand, low, high) => {
                self.write(operand, Binding::Sum, out);
                out.push_str(&format!(" {not}between "));
                self.write(low, Binding::Sum, out);
                out.push_str(" and ");
                self.write(high, Binding::Sum, out);
            }
            ExprKind::IsGrade(score, grade) => {
                let score = &self.scores[*score];
                let grade = score.grades.get(*grade).map_or("", |grade| &grade.name);
                out.push_str(&format!("{} is {not}{grade}", score.name));
            }
            _ => self.write_bare(expr, out),
        }
    }

    fn write_list(&self, items: &[Expr], separator: &str, place: Binding, out: &mut String) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                out.push_str(separator);
            }
            self.write(item, place, out);
        }
    }

    /// The name alone, which is unique in all records that see it; with its record where the name
    /// alone would be read as something else.
    fn field_source(&self, id: FieldId) -> String {
        const TAKEN: &[&str] = &[
            "and", "or", "not", "in", "is", "between", "within", "true", "false", "today", "now",
            "time", "event", "confirm", "business", "minutes", "hours", "days", "weeks",
        ];
        let field = &self.fields[id];
        if TAKEN.contains(&field.name.as_str()) {
            format!("{}.{}", self.records[field.record].name, field.name)
        } else {
            field.name.clone()
        }
    }
}

fn binding(expr: &Expr) -> Binding {
    match &expr.kind {
        ExprKind::Or(_) => Binding::Or,
        ExprKind::And(_) => Binding::And,
        ExprKind::Not(operand) => match operand.kind {
            ExprKind::In(..) | ExprKind::Between(..) | ExprKind::IsGrade(..) => Binding::Comparison,
            _ => Binding::Not,
        },
        ExprKind::Compare(..)
        | ExprKind::In(..)
        | ExprKind::Between(..)
        | ExprKind::Presence(..)
        | ExprKind::IsGrade(..)
        | ExprKind::Within(..) => Binding::Comparison,
        ExprKind::Arithmetic(_, ArithmeticOp::Add | ArithmeticOp::Sub, _) => Binding::Sum,
        ExprKind::Arithmetic(_, ArithmeticOp::Mul | ArithmeticOp::Div, _) => Binding::Product,
        ExprKind::Negate(_) => Binding::Unary,
        ExprKind::Value(value) if is_negative(value) => Binding::Unary,
        _ => Binding::Primary,
    }
}

fn is_negative(value: &Value) -> bool {
    match value {
        Value::Number(n) | Value::Percent(n) => n.is_sign_negative(),
        Value::Money(money) => money.amount.is_sign_negative(),
        Value::Duration(duration) => duration.amount.is_sign_negative(),
        _ => false,
    }
}

fn spaced(symbol: &str) -> String {
    format!(" {symbol} ")
}

fn text_source(text: &Text) -> String {
    let mut out = quoted(&text.value);
    for (language, translation) in &text.translations {
        out.push_str(&format!(" {language} {}", quoted(translation)));
    }
    out
}

/// A text between quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
