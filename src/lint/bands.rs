//! Ranges of one field: conditions such as `size between 1 and 10`, `size >= 100` or
//! `size > 10 and size <= 100`, which people write as bands of a table.

use rust_decimal::Decimal;

use crate::model::{CompareOp, Expr, ExprKind, FieldId, FieldType, Process, Value};

/// The values of a field for which a condition holds, when it is a single range of numbers, money
/// or percentages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Band {
    pub(crate) field: FieldId,
    /// The least value and whether it is one of them; `None` when there is no end.
    pub(crate) low: Option<(Decimal, bool)>,
    /// The greatest value and whether it is one of them.
    pub(crate) high: Option<(Decimal, bool)>,
}

impl Band {
    /// The range that a condition asks for, if that is all it does.
    pub(crate) fn of(condition: &Expr) -> Option<Self> {
        match &condition.kind {
            ExprKind::Compare(left, op, right) => match (&left.kind, &right.kind) {
                (ExprKind::Field(field), _) => Self::compared(*field, *op, number(right)?),
                (_, ExprKind::Field(field)) => Self::compared(*field, turned(*op), number(left)?),
                _ => None,
            },
            ExprKind::Between(field, low, high) => {
                let ExprKind::Field(field) = field.kind else { return None };
                let (low, high) = (number(low)?, number(high)?);
                Some(Self { field, low: Some((low, true)), high: Some((high, true)) })
            }
            ExprKind::And(both) => {
                let [first, second] = both.as_slice() else { return None };
                let (first, second) = (Self::of(first)?, Self::of(second)?);
                match (first.low, first.high, second.low, second.high) {
                    (low, None, None, high) | (None, high, low, None)
                        if first.field == second.field && low.is_some() && high.is_some() =>
                    {
                        Some(Self { field: first.field, low, high })
                    }
                    _ => None,
                }
            }
            _ => None,
        }
        .filter(|band| !band.is_empty())
    }

    fn compared(field: FieldId, op: CompareOp, at: Decimal) -> Option<Self> {
        let (low, high) = match op {
            CompareOp::Lt => (None, Some((at, false))),
            CompareOp::Le => (None, Some((at, true))),
            CompareOp::Gt => (Some((at, false)), None),
            CompareOp::Ge => (Some((at, true)), None),
            CompareOp::Eq => (Some((at, true)), Some((at, true))),
            CompareOp::Ne => return None,
        };
        Some(Self { field, low, high })
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
        let common = Band { field: self.field, low, high };
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
            let integer = matches!(process.fields[self.field].ty, FieldType::Integer);
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
    let integer = matches!(process.fields[first.field].ty, FieldType::Integer);
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
