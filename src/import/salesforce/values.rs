//! Values of formulas: numbers, amounts, dates, and what is computed of them.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::model::CompareOp;

use super::super::report::code;
use super::condition::{STAGE, turned};
use super::fields::{Fields, Kind};
use super::formula::{Node, Op};

/// A value. Fields are known by their API names.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Field(String),
    Number(Decimal),
    /// An amount in the currency of the process.
    Money(Decimal),
    /// `60` for 60%.
    Percent(Decimal),
    Text(String),
    /// In the notation of the language.
    Date(String),
    Today,
    Now,
    /// A date or point in time, so many seconds later.
    Moved(Box<Value>, Decimal),
    /// From a field to now, or from now to it, counted in so many seconds; of a date in days.
    Elapsed {
        field: String,
        since: bool,
        seconds: Decimal,
        days: bool,
    },
    Arithmetic(Box<Value>, char, Box<Value>),
}

/// A value and its type.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Valued {
    pub(super) value: Value,
    pub(super) kind: Kind,
}

const DAY: i64 = 86_400;

impl Value {
    /// Every field it reads.
    pub(super) fn fields(&self) -> Vec<&str> {
        match self {
            Value::Field(api) | Value::Elapsed { field: api, .. } => vec![api],
            Value::Moved(x, _) => x.fields(),
            Value::Arithmetic(a, _, b) => {
                let mut all = a.fields();
                all.extend(b.fields());
                all
            }
            _ => Vec::new(),
        }
    }
}

fn of(value: Value, kind: Kind) -> Valued {
    Valued { value, kind }
}

/// The value of a formula; or why it is not understood.
pub(super) fn value(node: &Node, fields: &Fields) -> Result<Valued, String> {
    match node {
        Node::Number(number) => Ok(of(Value::Number(*number), Kind::Number)),
        Node::Field(name) => {
            let field = fields.named(name)?;
            match &field.kind {
                kind @ (Kind::Number
                | Kind::Integer
                | Kind::Money
                | Kind::Percent
                | Kind::Date
                | Kind::DateTime) => Ok(of(Value::Field(field.api.clone()), kind.clone())),
                Kind::Text | Kind::OneOf | Kind::ManyOf | Kind::Boolean | Kind::User => {
                    Err(format!("it compares {}, which is no number and no date", code(name)))
                }
                Kind::Other(_) => Err(field.unread()),
            }
        }
        Node::Call(name, parts) => match (name.as_str(), parts.as_slice()) {
            ("TODAY", []) => Ok(of(Value::Today, Kind::Date)),
            ("NOW", []) => Ok(of(Value::Now, Kind::DateTime)),
            ("DATE", [Node::Number(year), Node::Number(month), Node::Number(day)]) => {
                date(*year, *month, *day)
            }
            ("DATETIMEVALUE", [Node::Text(text)]) => datetime(text),
            ("ROUND", [inner, Node::Number(digits)]) if digits.is_zero() => rounded(inner, fields),
            ("PRIORVALUE", _) => Err("it asks what a field was before".to_owned()),
            (name, _) => Err(format!("the function {} is not read", code(name))),
        },
        Node::Binary(op, a, b) => arithmetic(*op, a, b, fields),
        Node::Text(text) => Err(format!("it computes with the text {}", code(text))),
        Node::Bool(_) => Err("a condition stands where a value is wanted".to_owned()),
        Node::Picked(_) => Err(STAGE.to_owned()),
    }
}

fn date(year: Decimal, month: Decimal, day: Decimal) -> Result<Valued, String> {
    let read = (|| jiff::civil::Date::new(year.to_i16()?, month.to_i8()?, day.to_i8()?).ok())();
    match read.filter(|_| [year, month, day].iter().all(Decimal::is_integer)) {
        Some(date) => Ok(of(Value::Date(date.to_string()), Kind::Date)),
        None => Err(format!("there is no day {day} in month {month} of {year}")),
    }
}

/// A point in time, which Salesforce takes in UTC; that is the time zone of a process that names none.
fn datetime(text: &str) -> Result<Valued, String> {
    let read: Option<jiff::civil::DateTime> = text.trim().replacen(' ', "T", 1).parse().ok();
    match read {
        Some(at) => {
            Ok(of(Value::Date(at.strftime("%Y-%m-%dT%H:%M:%S").to_string()), Kind::DateTime))
        }
        None => Err(format!("{} is no point in time", code(text))),
    }
}

/// `ROUND((a - b) * 86400, 0)`: the seconds between two points in time.
fn rounded(inner: &Node, fields: &Fields) -> Result<Valued, String> {
    let unread =
        || Err("the function `ROUND` is read for seconds between points in time only".to_owned());
    let Node::Binary(Op::Mul, difference, per_day) = inner else { return unread() };
    if **per_day != Node::Number(Decimal::from(DAY)) {
        return unread();
    }
    let Node::Binary(Op::Sub, a, b) = difference.as_ref() else { return unread() };
    let (a, b) = (value(a, fields)?, value(b, fields)?);
    if a.kind != Kind::DateTime || b.kind != Kind::DateTime {
        return unread();
    }
    match between(&a.value, &b.value, Decimal::ONE, false) {
        Some(elapsed) => Ok(of(elapsed, Kind::Number)),
        // Compared with zero it is a comparison of the two; told apart there.
        None => {
            Ok(of(Value::Arithmetic(Box::new(a.value), '-', Box::new(b.value)), Kind::DateTime))
        }
    }
}

/// The time between now and a field, counted in so many seconds.
fn between(a: &Value, b: &Value, seconds: Decimal, days: bool) -> Option<Value> {
    match (a, b) {
        (Value::Now | Value::Today, Value::Field(field)) => {
            Some(Value::Elapsed { field: field.clone(), since: true, seconds, days })
        }
        (Value::Field(field), Value::Now | Value::Today) => {
            Some(Value::Elapsed { field: field.clone(), since: false, seconds, days })
        }
        _ => None,
    }
}

fn arithmetic(op: Op, a: &Node, b: &Node, fields: &Fields) -> Result<Valued, String> {
    let (a, b) = (value(a, fields)?, value(b, fields)?);
    let sign = match op {
        Op::Add => '+',
        Op::Sub => '-',
        Op::Mul => '*',
        Op::Div => '/',
        _ => return Err("a condition stands where a value is wanted".to_owned()),
    };
    let unread = || {
        Err("it computes with values of types that the language does not compute with".to_owned())
    };
    let day = Decimal::from(DAY);
    match (&a.kind, sign, &b.kind) {
        (Kind::Date, '-', Kind::Date) => match between(&a.value, &b.value, day, true) {
            Some(elapsed) => Ok(of(elapsed, Kind::Number)),
            None => Err("it subtracts two dates, neither of which is today".to_owned()),
        },
        (Kind::DateTime, '-', Kind::DateTime) => match between(&a.value, &b.value, day, false) {
            Some(elapsed) => Ok(of(elapsed, Kind::Number)),
            None => Err("it subtracts two points in time, neither of which is now".to_owned()),
        },
        (Kind::Date | Kind::DateTime, '+' | '-', _) => {
            let by = match &b.value {
                Value::Number(days) => days.checked_mul(day),
                // Own formulas add seconds as `seconds / 86400`, which stands here as it is written.
                Value::Arithmetic(seconds, '/', per) => match (seconds.as_ref(), per.as_ref()) {
                    (Value::Number(seconds), Value::Number(per)) if *per == day => Some(*seconds),
                    _ => None,
                },
                _ => None,
            };
            let Some(by) = by else { return unread() };
            let by = if sign == '-' { -by } else { by };
            if a.kind == Kind::Date && !(by % day).is_zero() {
                return Err("it adds a part of a day to a date".to_owned());
            }
            Ok(of(Value::Moved(Box::new(a.value), by), a.kind))
        }
        (Kind::Number, '/', Kind::Number) => match (&a.value, &b.value) {
            (Value::Elapsed { field, since, seconds, days }, Value::Number(by)) => {
                let (field, since, days) = (field.clone(), *since, *days);
                let Some(seconds) = seconds.checked_mul(*by) else { return unread() };
                Ok(of(Value::Elapsed { field, since, seconds, days }, Kind::Number))
            }
            _ => plain(a, sign, b),
        },
        _ => plain(a, sign, b),
    }
}

/// Arithmetic of numbers and amounts, as the language has it.
fn plain(a: Valued, sign: char, b: Valued) -> Result<Valued, String> {
    let unread = || {
        Err("it computes with values of types that the language does not compute with".to_owned())
    };
    let number = |kind: &Kind| matches!(kind, Kind::Number | Kind::Integer);
    let constant = |x: &Value| matches!(x, Value::Number(_));
    let (mut left, mut right) = (a.value, b.value);
    if [&left, &right].iter().any(|x| matches!(x, Value::Elapsed { .. })) {
        return unread();
    }
    // A number beside an amount that is added to it is an amount.
    let as_money = |x: &mut Value| {
        if let Value::Number(number) = x {
            *x = Value::Money(*number);
        }
    };
    let kind = match (&a.kind, sign, &b.kind) {
        // Dividing by what may be zero is an error there, and a missing value here.
        (_, '/', _) if !matches!(&right, Value::Number(by) if !by.is_zero()) => return unread(),
        (x, _, y) if number(x) && number(y) => Kind::Number,
        (Kind::Money, '+' | '-', Kind::Money) => Kind::Money,
        (Kind::Money, '+' | '-', y) if number(y) && constant(&right) => {
            as_money(&mut right);
            Kind::Money
        }
        (x, '+' | '-', Kind::Money) if number(x) && constant(&left) => {
            as_money(&mut left);
            Kind::Money
        }
        (Kind::Money, '*' | '/', y) if number(y) => Kind::Money,
        (x, '*', Kind::Money) if number(x) => Kind::Money,
        (Kind::Money, '*', Kind::Percent) | (Kind::Percent, '*', Kind::Money) => Kind::Money,
        (Kind::Percent, '*', y) if number(y) => Kind::Number,
        (x, '*', Kind::Percent) if number(x) => Kind::Number,
        _ => return unread(),
    };
    Ok(of(Value::Arithmetic(Box::new(left), sign, Box::new(right)), kind))
}

/// A comparison that the language has; constants take the type of the other side.
pub(super) fn compared(
    a: Valued,
    op: CompareOp,
    b: Valued,
) -> Result<(Value, CompareOp, Value), String> {
    // `ROUND((a - b) * 86400, 0) > 0` compares two points in time.
    if let (Value::Arithmetic(x, '-', y), Kind::DateTime, Value::Number(zero)) =
        (&a.value, &a.kind, &b.value)
    {
        return if zero.is_zero() {
            Ok(((**x).clone(), op, (**y).clone()))
        } else {
            Err("it compares the time between two fields".to_owned())
        };
    }
    let number = |kind: &Kind| matches!(kind, Kind::Number | Kind::Integer);
    let odd_unit = |x: &Value, other: &Value| {
        let usual = [60, 3_600, DAY, 7 * DAY].map(Decimal::from);
        matches!(x, Value::Elapsed { seconds, .. } if !usual.contains(seconds))
            && !matches!(other, Value::Number(_))
    };
    if odd_unit(&a.value, &b.value) || odd_unit(&b.value, &a.value) {
        return Err("it compares a time in an unusual unit".to_owned());
    }
    match (&a.kind, &b.kind) {
        (x, y) if x == y || number(x) && number(y) => match (&a.value, &b.value) {
            (Value::Number(_), _) => Ok((b.value, turned(op), a.value)),
            _ => Ok((a.value, op, b.value)),
        },
        (kind @ (Kind::Money | Kind::Percent), y) if number(y) => match b.value {
            Value::Number(number) => Ok((a.value, op, typed(kind, number)?)),
            _ => Err("it compares values of different types".to_owned()),
        },
        (x, kind @ (Kind::Money | Kind::Percent)) if number(x) => match a.value {
            Value::Number(number) => Ok((b.value, turned(op), typed(kind, number)?)),
            _ => Err("it compares values of different types".to_owned()),
        },
        _ => Err("it compares values of different types".to_owned()),
    }
}

/// A formula sees 60% as 0.6.
fn typed(kind: &Kind, number: Decimal) -> Result<Value, String> {
    Ok(match kind {
        Kind::Percent => Value::Percent(
            number
                .checked_mul(Decimal::ONE_HUNDRED)
                .ok_or_else(|| format!("{number} is too large for a percentage"))?,
        ),
        _ => Value::Money(number),
    })
}
