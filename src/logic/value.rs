//! Values of a record, and what arithmetic and order make of them.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::civil;
use rust_decimal::Decimal;

use crate::model::{self, ArithmeticOp, Calendar, Duration, FieldId, Money};

use super::duration;

/// A value that is there. A missing one is `None` wherever a value may be missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text. An empty one counts as missing.
    Text(String),
    /// A person, by whatever identifies people where the record lives.
    User(String),
    /// Number or integer.
    Number(Decimal),
    /// An amount.
    Money(Money),
    /// `60` for `60%`.
    Percent(Decimal),
    /// True or false.
    Boolean(bool),
    /// A date.
    Date(civil::Date),
    /// A point in time, in the time zone of the process.
    DateTime(civil::DateTime),
    /// A length of time.
    Duration(Duration),
    /// One option: the enumeration's field and the index of the option in it.
    Option(FieldId, usize),
    /// Several options. None at all counts as missing.
    Options(FieldId, BTreeSet<usize>),
}

impl From<&model::Value> for Value {
    fn from(value: &model::Value) -> Self {
        match value {
            model::Value::Text(text) => Value::Text(text.clone()),
            model::Value::Number(number) => Value::Number(*number),
            model::Value::Money(money) => Value::Money(*money),
            model::Value::Percent(percent) => Value::Percent(*percent),
            model::Value::Boolean(boolean) => Value::Boolean(*boolean),
            model::Value::Date(date) => Value::Date(*date),
            model::Value::DateTime(datetime) => Value::DateTime(*datetime),
            model::Value::Duration(duration) => Value::Duration(*duration),
            model::Value::Option(field, index) => Value::Option(*field, *index),
        }
    }
}

impl Value {
    /// The value, or `None` when it counts as missing: an empty text, no option at all.
    pub fn present(self) -> Option<Self> {
        match &self {
            Value::Text(text) if text.is_empty() => None,
            Value::User(user) if user.is_empty() => None,
            Value::Options(_, options) if options.is_empty() => None,
            _ => Some(self),
        }
    }

    /// How two values of one type stand to each other; `None` when they cannot be compared.
    /// `calendar` orders working time against other time.
    pub fn order(&self, other: &Value, calendar: &Calendar) -> Option<Ordering> {
        match (self, other) {
            (Value::Text(a), Value::Text(b)) | (Value::User(a), Value::User(b)) => Some(a.cmp(b)),
            // A person is compared with the text that identifies them.
            (Value::User(a), Value::Text(b)) | (Value::Text(a), Value::User(b)) => Some(a.cmp(b)),
            (Value::Number(a), Value::Number(b)) | (Value::Percent(a), Value::Percent(b)) => {
                Some(a.cmp(b))
            }
            (Value::Money(a), Value::Money(b)) if a.currency == b.currency => {
                Some(a.amount.cmp(&b.amount))
            }
            (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
            (Value::DateTime(a), Value::DateTime(b)) => Some(to_second(*a).cmp(&to_second(*b))),
            (Value::Duration(a), Value::Duration(b)) => duration::order(*a, *b, calendar),
            // Fields meet only when they declare the same options in the same order.
            (Value::Option(_, a), Value::Option(_, b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// `left op right`, by the table in `docs/reference/expressions.md`; missing for every other
    /// combination, on overflow and on division by zero.
    pub fn arithmetic(
        left: Value,
        op: ArithmeticOp,
        right: Value,
        calendar: &Calendar,
    ) -> Option<Value> {
        use ArithmeticOp::{Add, Div, Mul, Sub};
        use Value::{Date, DateTime, Duration, Number, Percent};
        match (left, op, right) {
            (Number(a), _, Number(b)) => decimal(a, op, b).map(Number),
            (Percent(a), Add | Sub, Percent(b)) => decimal(a, op, b).map(Percent),
            (Percent(p), Mul, Number(n)) | (Number(n), Mul, Percent(p)) => share(p, n).map(Number),
            (Percent(p), Mul, Value::Money(m)) | (Value::Money(m), Mul, Percent(p)) => {
                share(p, m.amount).map(|amount| money(amount, m))
            }
            (Value::Money(a), Add | Sub, Value::Money(b)) if a.currency == b.currency => {
                decimal(a.amount, op, b.amount).map(|amount| money(amount, a))
            }
            (Value::Money(a), Div, Value::Money(b)) if a.currency == b.currency => {
                decimal(a.amount, op, b.amount).map(Number)
            }
            (Value::Money(m), Mul | Div, Number(n)) => {
                decimal(m.amount, op, n).map(|amount| money(amount, m))
            }
            (Number(n), Mul, Value::Money(m)) => {
                decimal(n, op, m.amount).map(|amount| money(amount, m))
            }
            (Date(date), Add, Duration(d)) => duration::add_to_date(date, d, calendar).map(Date),
            (Date(date), Sub, Duration(d)) => {
                duration::add_to_date(date, duration::negate(d), calendar).map(Date)
            }
            (DateTime(at), Add, Duration(d)) => duration::add(at, d, calendar).map(DateTime),
            (DateTime(at), Sub, Duration(d)) => {
                duration::add(at, duration::negate(d), calendar).map(DateTime)
            }
            (Duration(a), Add, Duration(b)) => duration::sum(a, b, calendar).map(Duration),
            (Duration(a), Sub, Duration(b)) => {
                duration::sum(a, duration::negate(b), calendar).map(Duration)
            }
            _ => None,
        }
    }

    /// `-value`
    pub fn negate(self) -> Option<Value> {
        match self {
            Value::Number(n) => Some(Value::Number(-n)),
            Value::Percent(p) => Some(Value::Percent(-p)),
            Value::Money(m) => Some(money(-m.amount, m)),
            _ => None,
        }
    }
}

/// Drops what is below the second: no backend keeps more.
pub(super) fn to_second(at: civil::DateTime) -> civil::DateTime {
    at.with().subsec_nanosecond(0).build().unwrap_or(at)
}

fn decimal(a: Decimal, op: ArithmeticOp, b: Decimal) -> Option<Decimal> {
    match op {
        ArithmeticOp::Add => a.checked_add(b),
        ArithmeticOp::Sub => a.checked_sub(b),
        ArithmeticOp::Mul => a.checked_mul(b),
        ArithmeticOp::Div => a.checked_div(b),
    }
}

/// So many per cent of a number.
pub(super) fn share(percent: Decimal, of: Decimal) -> Option<Decimal> {
    percent.checked_mul(of)?.checked_div(Decimal::ONE_HUNDRED)
}

fn money(amount: Decimal, like: Money) -> Value {
    Value::Money(Money { amount, currency: like.currency })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use crate::model::{Currency, Unit};
    use jiff::civil::date;

    fn number(n: i64) -> Value {
        Value::Number(Decimal::from(n))
    }

    fn yen(n: i64) -> Value {
        Value::Money(Money { amount: Decimal::from(n), currency: Currency::new("JPY").unwrap() })
    }

    fn percent(n: i64) -> Value {
        Value::Percent(Decimal::from(n))
    }

    fn calculate(a: Value, op: ArithmeticOp, b: Value) -> Option<Value> {
        Value::arithmetic(a, op, b, &Calendar::default())
    }

    #[test]
    fn money_meets_numbers_by_multiplication_and_division_only() {
        use ArithmeticOp::{Add, Div, Mul, Sub};
        assert_eq!(calculate(yen(100), Add, yen(50)), Some(yen(150)));
        assert_eq!(calculate(yen(100), Mul, number(3)), Some(yen(300)));
        assert_eq!(calculate(number(3), Mul, yen(100)), Some(yen(300)));
        assert_eq!(calculate(yen(100), Div, number(4)), Some(yen(25)));
        assert_eq!(calculate(yen(100), Div, yen(25)), Some(number(4)));
        assert_eq!(calculate(percent(60), Mul, yen(500)), Some(yen(300)));
        assert_eq!(calculate(percent(60), Mul, number(50)), Some(number(30)));
        assert_eq!(calculate(percent(60), Sub, percent(50)), Some(percent(10)));
        assert_eq!(calculate(yen(100), Add, number(3)), None);
        assert_eq!(calculate(number(3), Div, yen(100)), None);
        assert_eq!(calculate(percent(60), Add, number(1)), None);
        assert_eq!(calculate(yen(1), Mul, yen(1)), None);
    }

    #[test]
    fn another_currency_is_never_the_same_money() {
        let euro =
            Value::Money(Money { amount: Decimal::ONE, currency: Currency::new("EUR").unwrap() });
        assert_eq!(calculate(yen(1), ArithmeticOp::Add, euro.clone()), None);
        assert_eq!(yen(1).order(&euro, &Calendar::default()), None);
    }

    #[test]
    fn overflow_and_division_by_zero_are_missing() {
        let max = Value::Number(Decimal::MAX);
        assert_eq!(calculate(max.clone(), ArithmeticOp::Add, max.clone()), None);
        assert_eq!(calculate(max.clone(), ArithmeticOp::Mul, number(2)), None);
        assert_eq!(calculate(number(1), ArithmeticOp::Div, number(0)), None);
        assert_eq!(calculate(yen(1), ArithmeticOp::Div, yen(0)), None);
    }

    #[test]
    fn dates_take_durations_and_nothing_else() {
        let day = Value::Date(date(2026, 1, 31));
        let month = Value::Duration(Duration { amount: Decimal::ONE, unit: Unit::Month });
        let hour = Value::Duration(Duration { amount: Decimal::ONE, unit: Unit::Hour });
        assert_eq!(
            calculate(day.clone(), ArithmeticOp::Add, month),
            Some(Value::Date(date(2026, 2, 28)))
        );
        assert_eq!(calculate(day.clone(), ArithmeticOp::Add, hour), None);
        assert_eq!(calculate(day.clone(), ArithmeticOp::Sub, day.clone()), None);
        assert_eq!(calculate(day, ArithmeticOp::Add, number(1)), None);
    }
}
