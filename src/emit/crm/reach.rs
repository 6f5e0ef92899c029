//! How far a moment lies from another, in days, as far as a CRM can tell.

use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::model::{CompareOp, Duration, Type, Unit};

use super::filter::{Day, Filter, Test, any, every};

/// A distance in days, forward; of months only the bounds are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    least: Decimal,
    most: Decimal,
}

impl Reach {
    /// No distance.
    pub(super) const NONE: Self = Self { least: Decimal::ZERO, most: Decimal::ZERO };

    /// So many of a unit, of which `per.1` are `per.0` days.
    pub(super) fn of(many: Decimal, per: (i64, i64)) -> Option<Self> {
        let days = many.checked_mul(Decimal::from(per.0))?.checked_div(Decimal::from(per.1))?;
        Some(Self { least: days, most: days })
    }

    /// As far backward.
    pub(super) fn back(self) -> Self {
        Self { least: -self.most, most: -self.least }
    }

    /// The distance, less another.
    pub(super) fn minus(self, other: Self) -> Option<Self> {
        let least = self.least.checked_sub(other.most)?;
        Some(Self { least, most: self.most.checked_sub(other.least)? })
    }

    /// Whether it is known to the moment.
    pub(super) fn is_exact(self) -> bool {
        self.least == self.most
    }

    /// How a field that stands for days compares with a day so far from today.
    pub(super) fn of_days(self, field: &str, moments: bool, op: CompareOp) -> Filter {
        self.days(Place { field, moments, from: None }, op)
    }

    /// How it compares with a day so far from another.
    pub(super) fn from(self, day: Date, field: &str, moments: bool, op: CompareOp) -> Filter {
        self.days(Place { field, moments, from: Some(day) }, op)
    }

    /// How a field that holds points in time compares with one so far from now: whatever lies
    /// beyond that within the same day is let through.
    pub(super) fn of_moments(self, field: &str, op: CompareOp) -> Filter {
        let place = Place { field, moments: true, from: None };
        let until = || place.until(self.most.ceil());
        let from = || place.after(before(self.least.floor()));
        match op {
            CompareOp::Lt | CompareOp::Le => until(),
            CompareOp::Gt | CompareOp::Ge => from(),
            CompareOp::Eq => every(vec![from(), until()]),
            CompareOp::Ne => place.there(),
        }
    }

    fn days(self, place: Place<'_>, op: CompareOp) -> Filter {
        let (least, most) = (self.least, self.most);
        let until = || place.until(most.floor());
        let from = || place.after(before(least.ceil()));
        let whole = most.is_integer();
        match op {
            CompareOp::Lt => place.until(before(most.ceil())),
            CompareOp::Le => until(),
            CompareOp::Gt => place.after(least.floor()),
            CompareOp::Ge => from(),
            // No day lies half-way through a day.
            CompareOp::Eq if self.is_exact() && !whole => Filter::Nothing,
            CompareOp::Eq => every(vec![from(), until()]),
            CompareOp::Ne if self.is_exact() && whole => {
                let before = place.until(before(most));
                every(vec![place.there(), any(vec![before, place.after(most)])])
            }
            CompareOp::Ne => place.there(),
        }
    }
}

/// A field, and the day from which days are counted: this one, or the one on which it is asked.
#[derive(Clone, Copy)]
struct Place<'a> {
    field: &'a str,
    moments: bool,
    from: Option<Date>,
}

impl Place<'_> {
    fn until(self, days: Decimal) -> Filter {
        self.side(days, false)
    }

    fn after(self, days: Decimal) -> Filter {
        self.side(days, true)
    }

    fn there(self) -> Filter {
        Filter::Is(Test::There(self.field.to_owned(), true))
    }

    fn side(self, days: Decimal, after: bool) -> Filter {
        let day = days.to_i64().and_then(|days| match self.from {
            None => Some(Day::Ahead(days)),
            Some(date) => {
                let days = Span::new().try_days(days).ok()?;
                Some(Day::On(date.checked_add(days).ok()?))
            }
        });
        // Beyond the end of all calendars nothing is left out.
        let Some(day) = day else { return self.there() };
        let Self { field, moments, .. } = self;
        Filter::Is(Test::Day { field: field.to_owned(), moments, after, day })
    }
}

/// The day before. The first of all has none.
fn before(days: Decimal) -> Decimal {
    days.checked_sub(Decimal::ONE).unwrap_or(days)
}

/// A length of time in days; `None` for working time.
pub(super) fn days_of(length: Duration) -> Option<Reach> {
    let of = |per| Reach::of(length.amount, per);
    let months = |least: i64, most: i64| {
        let (least, most) = (of((least, 1))?.least, of((most, 1))?.least);
        Some(Reach { least: least.min(most), most: most.max(least) })
    };
    match length.unit {
        Unit::Minute => of((1, 24 * 60)),
        Unit::Hour => of((1, 24)),
        Unit::Day => of((1, 1)),
        Unit::Week => of((7, 1)),
        Unit::Month => months(28, 31),
        Unit::Quarter => months(89, 92),
        Unit::Year => months(365, 366),
        Unit::BusinessMinute | Unit::BusinessHour | Unit::BusinessDay => None,
    }
}

/// Whether a value of the type can be moved by the length: what cannot is missing.
pub(super) fn can_move(ty: &Type, length: Duration) -> bool {
    let whole = length.amount.is_integer();
    match length.unit {
        Unit::Day | Unit::Week | Unit::BusinessDay => whole || *ty != Type::Date,
        Unit::Month | Unit::Quarter | Unit::Year => whole,
        Unit::Minute | Unit::Hour | Unit::BusinessMinute | Unit::BusinessHour => *ty != Type::Date,
    }
}

/// The comparison with its sides exchanged.
pub(super) fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq | CompareOp::Ne => op,
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
    }
}

/// The comparison that holds of two values when this one does not.
pub(super) fn negated(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq => CompareOp::Ne,
        CompareOp::Ne => CompareOp::Eq,
        CompareOp::Lt => CompareOp::Ge,
        CompareOp::Le => CompareOp::Gt,
        CompareOp::Gt => CompareOp::Le,
        CompareOp::Ge => CompareOp::Lt,
    }
}
