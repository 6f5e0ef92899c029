//! Dates, moments and lengths of time in FEEL.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::model::{
    Clock, CompareOp, Direction, Duration, ElapsedUnit, Expr, ExprKind, FieldType, Type, Unit,
    Value,
};

use super::{CLOCK, EVENTS, Feel, Uncarried, Written, quoted, symbol};

pub(super) fn today() -> String {
    format!("date({CLOCK}.now)")
}

/// A length of time as ISO 8601 writes it, unless it is working time or broken.
pub(in crate::emit) fn iso(time: Duration, on_date: bool) -> Written {
    let whole = |factor: i64| {
        let amount = time.amount.checked_mul(Decimal::from(factor)).ok_or(Uncarried)?;
        amount.to_i64().filter(|n| amount.is_integer() && *n >= 0).ok_or(Uncarried)
    };
    Ok(match time.unit {
        Unit::Minute | Unit::Hour if on_date => return Err(Uncarried),
        Unit::Minute => format!("PT{}M", whole(1)?),
        Unit::Hour => match whole(1) {
            Ok(hours) => format!("PT{hours}H"),
            Err(Uncarried) => format!("PT{}M", whole(60)?),
        },
        Unit::Day | Unit::Week => {
            let days = if time.unit == Unit::Week { 7 } else { 1 };
            match whole(days) {
                Ok(days) if !on_date || time.amount.is_integer() => format!("P{days}D"),
                Err(Uncarried) if !on_date => format!("PT{}M", whole(days * 24 * 60)?),
                _ => return Err(Uncarried),
            }
        }
        Unit::Month => format!("P{}M", whole(1)?),
        Unit::Quarter => format!("P{}M", whole(3)?),
        Unit::Year => match whole(1) {
            Ok(years) => format!("P{years}Y"),
            Err(Uncarried) => format!("P{}M", whole(12)?),
        },
        Unit::BusinessMinute | Unit::BusinessHour | Unit::BusinessDay => return Err(Uncarried),
    })
}

/// A length of time as FEEL writes it.
pub(in crate::emit) fn length(time: Duration, on_date: bool) -> Written {
    Ok(format!("duration(\"{}\")", iso(time, on_date)?))
}

pub(super) fn turned(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq => CompareOp::Eq,
        CompareOp::Ne => CompareOp::Ne,
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
    }
}

impl Feel<'_> {
    /// How the time in the stage, or since or until a field, stands to a constant.
    pub(super) fn compare_time(
        &self,
        a: &Expr,
        op: CompareOp,
        b: &Expr,
    ) -> Result<Option<String>, Uncarried> {
        Ok(Some(match (&a.kind, &b.kind) {
            (ExprKind::TimeInStage, ExprKind::Value(Value::Duration(time))) => {
                let then = format!("{CLOCK}.entered + {}", length(*time, false)?);
                format!("{CLOCK}.now {} {then}", symbol(op))
            }
            (ExprKind::Elapsed { .. }, ExprKind::Value(Value::Number(n))) => {
                self.compare_elapsed(a, op, *n)?
            }
            (ExprKind::Value(_), ExprKind::TimeInStage | ExprKind::Elapsed { .. }) => {
                return self.compare_time(b, turned(op), a);
            }
            (ExprKind::TimeInStage | ExprKind::Elapsed { .. }, _)
            | (_, ExprKind::TimeInStage | ExprKind::Elapsed { .. }) => return Err(Uncarried),
            _ => return Ok(None),
        }))
    }

    /// `days since seen > 4` is `seen < now - 4 days`.
    fn compare_elapsed(&self, elapsed: &Expr, op: CompareOp, number: Decimal) -> Written {
        let ExprKind::Elapsed { unit, business: false, since, field } = &elapsed.kind else {
            return Err(Uncarried);
        };
        let is_date = matches!(self.process.fields[*field].ty, FieldType::Date);
        let unit = match unit {
            // Between dates, whole days are counted.
            ElapsedUnit::Minutes | ElapsedUnit::Hours if is_date => return Err(Uncarried),
            ElapsedUnit::Minutes => Unit::Minute,
            ElapsedUnit::Hours => Unit::Hour,
            ElapsedUnit::Days => Unit::Day,
            ElapsedUnit::Weeks => Unit::Week,
        };
        let time = length(Duration { amount: number.abs(), unit }, is_date)?;
        let now = if is_date { today() } else { format!("{CLOCK}.now") };
        let negative = number.is_sign_negative() && !number.is_zero();
        let name = self.names.field(self.process, *field);
        // A missing date is no date: FEEL finds that it differs from every other.
        let guard =
            if op == CompareOp::Ne { format!("{name} != null and ") } else { String::new() };
        let (sign, op) = if *since {
            (if negative { "+" } else { "-" }, turned(op))
        } else {
            (if negative { "-" } else { "+" }, op)
        };
        let text = format!("{guard}{name} {} {now} {sign} {time}", symbol(op));
        Ok(if guard.is_empty() { text } else { format!("({text})") })
    }

    pub(super) fn window(&self, x: &Expr, direction: Direction, window: Duration) -> Written {
        let is_date = x.ty == Type::Date;
        let (value, length) = (self.value(x)?, length(window, is_date)?);
        let now = if is_date { today() } else { format!("{CLOCK}.now") };
        Ok(match direction {
            Direction::Next => format!("{value} >= {now} and {value} <= {now} + {length}"),
            Direction::Last => format!("{value} >= {now} - {length} and {value} <= {now}"),
        })
    }

    pub(super) fn had(&self, name: &str, at_least: u32, window: Option<Duration>) -> Written {
        let mut filter = format!("type = {} and at <= {CLOCK}.now", quoted(name));
        if let Some(window) = window {
            filter.push_str(&format!(" and at >= {CLOCK}.now - {}", length(window, false)?));
        }
        Ok(format!("count({EVENTS}[{filter}]) >= {at_least}"))
    }

    /// Whether a clock has struck.
    pub(super) fn struck(&self, clock: &Clock) -> Written {
        let Some(field) = clock.before else {
            let length = length(clock.duration, false)?;
            return Ok(format!("{CLOCK}.now >= {CLOCK}.entered + {length}"));
        };
        let is_date = matches!(self.process.fields[field].ty, FieldType::Date);
        let length = length(clock.duration, is_date)?;
        let now = if is_date { today() } else { format!("{CLOCK}.now") };
        Ok(format!("{now} >= {} - {length}", self.names.field(self.process, field)))
    }
}
