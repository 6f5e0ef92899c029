//! Conditions as JavaScript over the functions of `runtime.mjs`.

use std::cell::RefCell;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rustc_hash::FxHashMap;

use crate::logic::duration::average_minutes;
use crate::model::{
    ArithmeticOp, Clock, CompareOp, Direction, Duration, ElapsedUnit, Expr, ExprKind, FieldId,
    FieldType, Money, Process, Score, ScoreId, Type, Unit, Value,
};

/// What has no form in JavaScript here; the condition around it is asked of the program.
pub(super) struct Uncarried;

type Js = Result<String, Uncarried>;

/// Compiles the conditions of one process, and keeps what it could not.
pub(super) struct Compiler<'a> {
    pub(super) process: &'a Process,
    /// The conditions that the program answers, in its own words.
    asked: RefCell<Vec<String>>,
    /// Whether all of a score can be computed. One that reads itself cannot.
    scores: RefCell<FxHashMap<ScoreId, bool>>,
}

/// A JavaScript string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn dec(number: Decimal) -> String {
    format!("dec(\"{}\")", number.normalize())
}

impl<'a> Compiler<'a> {
    pub(super) fn new(process: &'a Process) -> Self {
        Self { process, asked: RefCell::default(), scores: RefCell::default() }
    }

    /// Compiles something, and tells what the program is asked for it.
    pub(super) fn asking<T>(&self, compile: impl FnOnce() -> T) -> (T, Vec<String>) {
        let before = self.asked.take();
        let made = compile();
        (made, self.asked.replace(before))
    }

    /// A condition: always true or false.
    pub(super) fn holds(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Not(x) => format!("!({})", self.holds(x)),
            ExprKind::And(all) => self.joined(all, " && "),
            ExprKind::Or(all) => self.joined(all, " || "),
            ExprKind::Confirmed(id) => {
                format!("c.confirmed[{}] === true", quoted(&self.process.confirmations[*id].key))
            }
            _ => self.simple(expr).unwrap_or_else(|Uncarried| self.ask(expr)),
        }
    }

    fn joined(&self, all: &[Expr], with: &str) -> String {
        let parts: Vec<String> = all.iter().map(|x| self.holds(x)).collect();
        format!("({})", parts.join(with))
    }

    fn ask(&self, expr: &Expr) -> String {
        let question = self.process.expr_source(expr);
        let call = format!("answer(c, {})", quoted(&question));
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&question) {
            asked.push(question);
        }
        call
    }

    fn simple(&self, expr: &Expr) -> Js {
        match &expr.kind {
            ExprKind::Compare(a, op, b) => Ok(format!("{}({})", word(*op), self.order(a, b)?)),
            ExprKind::Between(x, low, high) => {
                Ok(format!("(le({}) && le({}))", self.order(low, x)?, self.order(x, high)?))
            }
            ExprKind::In(x, options) => self.is_in(x, options),
            ExprKind::Presence(x, present) => {
                let op = if *present { "!==" } else { "===" };
                Ok(format!("({}) {op} null", self.value(x)?))
            }
            ExprKind::IsGrade(id, grade) => {
                let score = self.score(*id)?;
                let bounds = score.grades.iter().map(|grade| {
                    grade.at_least.map_or("null".to_owned(), |least| format!("\"{least}\""))
                });
                let name = quoted(&score.name);
                Ok(format!("grade(scores[{name}](c), {}) === {grade}", list(bounds)))
            }
            ExprKind::Within(x, direction, window) => {
                let sign = match direction {
                    Direction::Next => 1,
                    Direction::Last => -1,
                };
                let length = length(*window, sign, x.ty == Type::Date)?;
                Ok(format!("within(c, {}, {length})", self.value(x)?))
            }
            ExprKind::Event { name, at_least, within } => {
                let window = match within {
                    Some(window) => length(*window, -1, false)?,
                    None => "null".to_owned(),
                };
                Ok(format!("had(c, {}, {at_least}, {window})", quoted(name)))
            }
            ExprKind::Value(_) | ExprKind::Field(_) => {
                Ok(format!("({}) === true", self.value(expr)?))
            }
            // What else is no condition is never true.
            _ => Ok("false".to_owned()),
        }
    }

    fn is_in(&self, x: &Expr, options: &[Expr]) -> Js {
        if let Type::ManyOf(_) = x.ty {
            let names: Result<Vec<String>, Uncarried> = options
                .iter()
                .map(|option| match option.kind {
                    ExprKind::Value(Value::Option(field, at)) => self.option_name(field, at),
                    _ => Err(Uncarried),
                })
                .collect();
            return Ok(format!("hasOneOf({}, {})", self.value(x)?, list(names?.into_iter())));
        }
        let each: Result<Vec<String>, Uncarried> =
            options.iter().map(|option| Ok(format!("eq({})", self.order(x, option)?))).collect();
        let each = each?;
        Ok(if each.is_empty() { "false".to_owned() } else { format!("({})", each.join(" || ")) })
    }

    fn option_name(&self, field: FieldId, at: usize) -> Js {
        let option = self.process.fields[field].ty.options().get(at).ok_or(Uncarried)?;
        Ok(quoted(&option.name))
    }

    /// How two values stand to each other.
    fn order(&self, a: &Expr, b: &Expr) -> Js {
        match (&a.kind, &b.kind) {
            (ExprKind::TimeInStage, ExprKind::Value(Value::Duration(time))) => {
                return Ok(format!("stay(c, {})", length(*time, 1, false)?));
            }
            (ExprKind::Value(Value::Duration(time)), ExprKind::TimeInStage) => {
                return Ok(format!("turned(stay(c, {}))", length(*time, 1, false)?));
            }
            _ => {}
        }
        let with = match (a.ty, b.ty) {
            (a, b) if is_number(a) && is_number(b) => "numbers",
            (Type::Text | Type::User, Type::Text | Type::User) => "texts",
            (Type::Boolean, Type::Boolean)
            | (Type::Date, Type::Date)
            | (Type::DateTime, Type::DateTime)
            | (Type::OneOf(_), Type::OneOf(_)) => "plain",
            _ => return Err(Uncarried),
        };
        Ok(format!("{with}({}, {})", self.value(a)?, self.value(b)?))
    }

    /// A value, or `null`.
    fn value(&self, expr: &Expr) -> Js {
        match &expr.kind {
            ExprKind::Value(constant) => self.constant(constant),
            ExprKind::Field(field) => Ok(self.field(*field)),
            ExprKind::Score(id) => Ok(format!("scores[{}](c)", quoted(&self.score(*id)?.name))),
            ExprKind::Negate(x) => Ok(format!("neg({})", self.value(x)?)),
            ExprKind::Arithmetic(a, op, b) => self.arithmetic(a, *op, b),
            ExprKind::Elapsed { unit, business: false, since, field } => {
                let seconds = match unit {
                    ElapsedUnit::Minutes => 60,
                    ElapsedUnit::Hours => 60 * 60,
                    ElapsedUnit::Days => 24 * 60 * 60,
                    ElapsedUnit::Weeks => 7 * 24 * 60 * 60,
                };
                let is_date = matches!(self.process.fields[*field].ty, FieldType::Date);
                // Between dates, whole days are counted.
                if is_date && matches!(unit, ElapsedUnit::Minutes | ElapsedUnit::Hours) {
                    return Ok("null".to_owned());
                }
                let elapsed = format!("elapsed(c, {}, {seconds})", self.field(*field));
                Ok(if *since { elapsed } else { format!("neg({elapsed})") })
            }
            ExprKind::Elapsed { .. } | ExprKind::TimeInStage => Err(Uncarried),
            ExprKind::Today => Ok("today(c)".to_owned()),
            ExprKind::Now => Ok("c.now".to_owned()),
            _ => Ok(self.holds(expr)),
        }
    }

    fn constant(&self, constant: &Value) -> Js {
        Ok(match constant {
            Value::Text(text) if text.is_empty() => "null".to_owned(),
            Value::Text(text) => quoted(text),
            Value::Number(number) | Value::Percent(number) => dec(*number),
            Value::Money(Money { amount, currency }) => {
                // Fields hold the currency of the process.
                if Some(*currency) != self.process.currency {
                    return Err(Uncarried);
                }
                dec(*amount)
            }
            Value::Boolean(value) => value.to_string(),
            Value::Date(date) => quoted(&date.to_string()),
            Value::DateTime(at) => quoted(&at.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
            Value::Option(_, at) => at.to_string(),
            Value::Duration(_) => return Err(Uncarried),
        })
    }

    /// The value of a field, read and checked.
    pub(super) fn field(&self, id: FieldId) -> String {
        let field = &self.process.fields[id];
        let place = format!(
            "c, {}, {}",
            quoted(&self.process.records[field.record].name),
            quoted(&field.name)
        );
        let reader = match &field.ty {
            FieldType::Text | FieldType::User => "text",
            FieldType::Number | FieldType::Integer | FieldType::Money | FieldType::Percent => {
                "number"
            }
            FieldType::Boolean => "flag",
            FieldType::Date => "date",
            FieldType::DateTime => "moment",
            FieldType::OneOf(options) | FieldType::ManyOf(options) => {
                let names = list(options.iter().map(|option| quoted(&option.name)));
                let is_one = matches!(field.ty, FieldType::OneOf(_));
                let reader = if is_one { "place" } else { "several" };
                return format!("{reader}({place}, {names})");
            }
        };
        format!("{reader}({place})")
    }

    fn arithmetic(&self, a: &Expr, op: ArithmeticOp, b: &Expr) -> Js {
        if let (Type::Date | Type::DateTime, ExprKind::Value(Value::Duration(time))) =
            (a.ty, &b.kind)
        {
            let sign = match op {
                ArithmeticOp::Add => 1,
                ArithmeticOp::Sub => -1,
                ArithmeticOp::Mul | ArithmeticOp::Div => return Err(Uncarried),
            };
            let length = length(*time, sign, a.ty == Type::Date)?;
            return Ok(format!("plus({}, {length})", self.value(a)?));
        }
        if !is_number(a.ty) || !is_number(b.ty) {
            return Err(Uncarried);
        }
        let (left, right) = (self.value(a)?, self.value(b)?);
        let word = match op {
            ArithmeticOp::Add => "add",
            ArithmeticOp::Sub => "sub",
            ArithmeticOp::Div => "div",
            ArithmeticOp::Mul if a.ty == Type::Percent || b.ty == Type::Percent => "share",
            ArithmeticOp::Mul => "mul",
        };
        Ok(format!("{word}({left}, {right})"))
    }

    /// The score, when all of it can be computed.
    fn score(&self, id: ScoreId) -> Result<&'a Score, Uncarried> {
        let score = &self.process.scores[id];
        let known = self.scores.borrow().get(&id).copied();
        let can = known.unwrap_or_else(|| {
            self.scores.borrow_mut().insert(id, false);
            let can = self.rules(score).is_ok();
            self.scores.borrow_mut().insert(id, can);
            can
        });
        if can { Ok(score) } else { Err(Uncarried) }
    }

    /// The rules of a score as a list.
    fn rules(&self, score: &Score) -> Js {
        let rules: Result<Vec<String>, Uncarried> = score
            .points
            .iter()
            .map(|rule| {
                let seconds = |time: Option<Duration>| match time {
                    None => Ok("null".to_owned()),
                    Some(time) if time.unit.is_business() => Err(Uncarried),
                    Some(time) => average_minutes(time, &self.process.calendar)
                        .and_then(|minutes| minutes.checked_mul(Decimal::from(60)))
                        .map(|seconds| seconds.normalize().to_string())
                        .ok_or(Uncarried),
                };
                let (halves, expires) = (seconds(rule.halves_every)?, seconds(rule.expires_after)?);
                let mut events = Vec::new();
                if rule.halves_every.is_some() || rule.expires_after.is_some() {
                    rule.when.walk(&mut |expr| {
                        if let ExprKind::Event { name, .. } = &expr.kind {
                            events.push(quoted(name));
                        }
                    });
                }
                // What its conditions ask is told where the score itself is compiled.
                let (when, asked) = self.asking(|| self.holds(&rule.when));
                if !asked.is_empty() {
                    return Err(Uncarried);
                }
                Ok(format!(
                    "\n      {{ category: \"{}\", points: \"{}\", events: {}, halves: {halves}, \
                     expires: {expires}, when: (c) => {when} }}",
                    rule.category.word(),
                    rule.points,
                    list(events.into_iter()),
                ))
            })
            .collect();
        Ok(rules?.join(","))
    }

    /// The function that computes a score, unless a part of it cannot be computed.
    pub(super) fn score_function(&self, id: ScoreId) -> Option<String> {
        let score = self.score(id).ok()?;
        let rules = self.rules(score).ok()?;
        let table = |pairs: &[(crate::model::Category, Decimal)]| {
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(category, number)| format!("{}: \"{number}\"", category.word()))
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        };
        let cap = score.total_cap.map_or("null".to_owned(), |cap| format!("\"{cap}\""));
        Some(format!(
            "  {}: (c) => score(c, {{\n    rules: [{rules},\n    ],\n    caps: {},\n    \
             weights: {},\n    cap: {cap},\n  }}),\n",
            quoted(&score.name),
            table(&score.caps),
            table(&score.weights),
        ))
    }

    /// Whether a clock has struck; `question` is how it is asked of the program.
    pub(super) fn struck(&self, clock: &Clock, question: &str) -> String {
        let from_field = clock.before.map(|field| &self.process.fields[field].ty);
        let is_date = matches!(from_field, Some(FieldType::Date));
        let sign = if clock.before.is_some() { -1 } else { 1 };
        match length(clock.duration, sign, is_date) {
            Ok(length) => match clock.before {
                Some(field) => format!("struck(c, {}, {length})", self.field(field)),
                None => format!("struck(c, c.enteredAt, {length})"),
            },
            Err(Uncarried) => {
                self.asked.borrow_mut().push(question.to_owned());
                format!("answer(c, {})", quoted(question))
            }
        }
    }
}

fn is_number(ty: Type) -> bool {
    matches!(ty, Type::Number | Type::Integer | Type::Money | Type::Percent)
}

fn word(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "eq",
        CompareOp::Ne => "ne",
        CompareOp::Lt => "lt",
        CompareOp::Le => "le",
        CompareOp::Gt => "gt",
        CompareOp::Ge => "ge",
    }
}

/// A length of time for `plus`, unless it is working time or broken.
pub(super) fn length(time: Duration, sign: i64, on_date: bool) -> Js {
    let (unit, factor) = match time.unit {
        Unit::Minute | Unit::Hour if on_date => return Err(Uncarried),
        Unit::Minute => ("seconds", 60),
        Unit::Hour => ("seconds", 60 * 60),
        Unit::Day => ("seconds", 24 * 60 * 60),
        Unit::Week => ("seconds", 7 * 24 * 60 * 60),
        Unit::Month => ("months", 1),
        Unit::Quarter => ("months", 3),
        Unit::Year => ("months", 12),
        Unit::BusinessMinute | Unit::BusinessHour | Unit::BusinessDay => return Err(Uncarried),
    };
    let amount = time.amount.checked_mul(Decimal::from(factor * sign)).ok_or(Uncarried)?;
    let is_whole = amount.is_integer() && (!on_date || time.amount.is_integer());
    let amount = amount.to_i64().filter(|_| is_whole).ok_or(Uncarried)?;
    Ok(format!("{{ {unit}: {amount} }}"))
}
