//! Ranges of one value: conditions such as `size between 1 and 10`, `size >= 100`,
//! `size > 10 and size <= 100` or `days since touched_at < 7`, which people write as bands of a table.

use jiff::civil::{self, Date};
use rust_decimal::Decimal;

use crate::model::{
    CompareOp, ElapsedUnit, Expr, ExprKind, FieldId, FieldType, Process, Type, Value,
};

/// What a band is a range of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Axis {
    /// A number, an amount, a percentage or a date of the record.
    Field(FieldId),
    /// `days since touched_at`
    Elapsed { unit: ElapsedUnit, business: bool, since: bool, field: FieldId },
}

impl Axis {
    fn of(expr: &Expr) -> Option<Self> {
        match expr.kind {
            ExprKind::Field(field) => Some(Self::Field(field)),
            ExprKind::Elapsed { unit, business, since, field } => {
                Some(Self::Elapsed { unit, business, since, field })
            }
            _ => None,
        }
    }

    pub(crate) fn field(self) -> FieldId {
        match self {
            Self::Field(field) | Self::Elapsed { field, .. } => field,
        }
    }

    /// Whether there is nothing between two neighbouring whole numbers: dates are counted by days.
    fn is_whole(self, process: &Process) -> bool {
        let ty = &process.fields[self.field()].ty;
        match self {
            Self::Field(_) => matches!(ty, FieldType::Integer | FieldType::Date),
            Self::Elapsed { unit, .. } => {
                unit == ElapsedUnit::Days && matches!(ty, FieldType::Date)
            }
        }
    }

    /// What people call it: `size`, or `days since touched_at`.
    pub(crate) fn name(self, process: &Process) -> String {
        match self {
            Self::Field(field) => process.fields[field].name.clone(),
            Self::Elapsed { unit, business, since, field } => {
                let kind = ExprKind::Elapsed { unit, business, since, field };
                let span = process.fields[field].span;
                process.expr_source(&Expr { kind, ty: Type::Number, span })
            }
        }
    }

    /// One of its values as people write it.
    pub(crate) fn shown(self, process: &Process, value: Decimal) -> String {
        let value = value.normalize();
        let Self::Field(field) = self else { return value.to_string() };
        match (&process.fields[field].ty, process.currency) {
            (FieldType::Money, Some(currency)) => {
                process.value_source(&Value::Money(crate::model::Money { amount: value, currency }))
            }
            (FieldType::Percent, _) => format!("{value}%"),
            (FieldType::Date, _) => match date(value) {
                Some(date) => process.value_source(&Value::Date(date)),
                None => value.to_string(),
            },
            _ => value.to_string(),
        }
    }
}

/// The day from which dates are counted.
const EPOCH: Date = civil::date(1970, 1, 1);

fn days(date: Date) -> Option<Decimal> {
    EPOCH.until((jiff::Unit::Day, date)).ok().map(|span| Decimal::from(span.get_days()))
}

fn date(days: Decimal) -> Option<Date> {
    let days = i64::try_from(days).ok()?;
    EPOCH.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The values for which a condition holds, when it is a single range of numbers, money, percentages
/// or dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Band {
    pub(crate) axis: Axis,
    /// The least value and whether it is one of them; `None` when there is no end.
    pub(crate) low: Option<(Decimal, bool)>,
    /// The greatest value and whether it is one of them.
    pub(crate) high: Option<(Decimal, bool)>,
}

impl Band {
    /// The range that a condition asks for, if that is all it does.
    pub(crate) fn of(condition: &Expr) -> Option<Self> {
        match &condition.kind {
            ExprKind::Compare(left, op, right) => match (Axis::of(left), Axis::of(right)) {
                (Some(axis), _) => Self::compared(axis, *op, number(right)?),
                (_, Some(axis)) => Self::compared(axis, turned(*op), number(left)?),
                _ => None,
            },
            ExprKind::Between(value, low, high) => {
                let axis = Axis::of(value)?;
                let (low, high) = (number(low)?, number(high)?);
                Some(Self { axis, low: Some((low, true)), high: Some((high, true)) })
            }
            ExprKind::And(both) => {
                let [first, second] = both.as_slice() else { return None };
                let (first, second) = (Self::of(first)?, Self::of(second)?);
                match (first.low, first.high, second.low, second.high) {
                    (low, None, None, high) | (None, high, low, None)
                        if first.axis == second.axis && low.is_some() && high.is_some() =>
                    {
                        Some(Self { axis: first.axis, low, high })
                    }
                    _ => None,
                }
            }
            _ => None,
        }
        .filter(|band| !band.is_empty())
    }

    fn compared(axis: Axis, op: CompareOp, at: Decimal) -> Option<Self> {
        let (low, high) = match op {
            CompareOp::Lt => (None, Some((at, false))),
            CompareOp::Le => (None, Some((at, true))),
            CompareOp::Gt => (Some((at, false)), None),
            CompareOp::Ge => (Some((at, true)), None),
            CompareOp::Eq => (Some((at, true)), Some((at, true))),
            CompareOp::Ne => return None,
        };
        Some(Self { axis, low, high })
    }

    fn is_empty(&self) -> bool {
        let (Some((low, has_low)), Some((high, has_high))) = (self.low, self.high) else {
            return false;
        };
        low > high || (low == high && !(has_low && has_high))
    }

    /// Whether both ends are told.
    pub(crate) fn is_closed(&self) -> bool {
        self.low.is_some() && self.high.is_some()
    }

    /// Whether every value of `other` is one of this band's.
    pub(crate) fn contains(&self, other: &Band) -> bool {
        let starts_before = match (self.low, other.low) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((a, has_a)), Some((b, has_b))) => a < b || (a == b && (has_a || !has_b)),
        };
        let ends_behind = match (self.high, other.high) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((a, has_a)), Some((b, has_b))) => a > b || (a == b && (has_a || !has_b)),
        };
        starts_before && ends_behind
    }

    /// What two bands have in common, if anything. Values between whole numbers count, for all but
    /// whole-number fields.
    pub(crate) fn common(&self, other: &Band, process: &Process) -> Option<Band> {
        let low = match (self.low, other.low) {
            (Some(a), Some(b)) => Some(if (a.0, !a.1) >= (b.0, !b.1) { a } else { b }),
            (a, b) => a.or(b),
        };
        let high = match (self.high, other.high) {
            (Some(a), Some(b)) => Some(if (a.0, a.1) <= (b.0, b.1) { a } else { b }),
            (a, b) => a.or(b),
        };
        let common = Band { axis: self.axis, low, high };
        (!common.is_empty() && common.some_value(process).is_some()).then_some(common)
    }

    /// A value in the band: a whole number when there is one, else the middle. `None` when a
    /// whole-number field has none.
    pub(crate) fn some_value(&self, process: &Process) -> Option<Decimal> {
        let whole = match (self.low, self.high) {
            (None, None) => Some(Decimal::ZERO),
            (Some((low, true)), _) if low.fract().is_zero() => Some(low),
            (Some((low, _)), _) => low.floor().checked_add(Decimal::ONE),
            (None, Some((high, true))) if high.fract().is_zero() => Some(high),
            (None, Some((high, _))) => high.ceil().checked_sub(Decimal::ONE),
        };
        let within = |value: &Decimal| match self.high {
            Some((high, true)) => *value <= high,
            Some((high, false)) => *value < high,
            None => true,
        };
        whole.filter(within).or_else(|| {
            let integer = self.axis.is_whole(process);
            let ((low, _), (high, _)) = (self.low?, self.high?);
            (!integer).then(|| low.checked_add(high)?.checked_div(Decimal::TWO)).flatten()
        })
    }
}

/// What lies between the end of one band and the start of the next: the first value and the last one.
/// `None` when they touch or overlap, or when nothing lies there that is as round as the ends are:
/// between `10` and `11` people see no hole, nor between `0.1` and `0.2`.
pub(crate) fn hole(first: &Band, second: &Band, process: &Process) -> Option<(Decimal, Decimal)> {
    let (mut high, mut low) = (first.high?, second.low?);
    let integer = first.axis.is_whole(process);
    let digits = match integer {
        true => 0,
        false => high.0.normalize().scale().max(low.0.normalize().scale()),
    };
    if integer {
        // `< 2.5` ends with 2, and `> 2.5` begins with 3.
        high = (high.0.floor(), high.1 || !high.0.fract().is_zero());
        low = (low.0.ceil(), low.1 || !low.0.fract().is_zero());
    }
    let grain = Decimal::try_new(1, digits).ok()?;
    let missing = if high.1 { high.0.checked_add(grain)? } else { high.0 };
    let last = if low.1 { low.0.checked_sub(grain)? } else { low.0 };
    (missing <= last).then_some((missing, last))
}

fn number(expr: &Expr) -> Option<Decimal> {
    match &expr.kind {
        ExprKind::Value(Value::Number(number) | Value::Percent(number)) => Some(*number),
        ExprKind::Value(Value::Money(money)) => Some(money.amount),
        ExprKind::Value(Value::Date(date)) => days(*date),
        ExprKind::Negate(inner) => number(inner).map(|number| -number),
        _ => None,
    }
}

/// The comparison that says the same with its sides exchanged.
pub(crate) fn turned(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}
