//! Tests of dates, of points in time, and of how long a record has been in its stage.

use crate::logic;
use crate::model::{
    ArithmeticOp, CompareOp, ElapsedUnit, Expr, ExprKind, FieldId, FieldType, Value,
};

use super::super::reach::{Reach, can_move, days_of, mirrored, negated};
use super::{
    Column, Filter, Filters, Holding, Test, WORKING_TIME, any, constant, every, number,
    reads_nothing,
};

const MONTHS: &str = "a month is taken for 28 to 31 days";

/// What a time is counted from.
enum Base {
    Field(FieldId),
    Now,
    Known(logic::Value),
    Missing,
}

impl Filters<'_> {
    /// How much time lies between a field and now.
    pub(super) fn elapsed(
        &mut self,
        (unit, since, field): (ElapsedUnit, bool, FieldId),
        op: CompareOp,
        than: &Expr,
        holds: bool,
    ) -> Filter {
        let Some(many) = self.known(than).as_ref().and_then(number) else {
            return constant(!holds);
        };
        let days = self.process.fields[field].ty == FieldType::Date;
        let per_day = match unit {
            ElapsedUnit::Minutes | ElapsedUnit::Hours if days => return constant(!holds),
            ElapsedUnit::Minutes => (1, 24 * 60),
            ElapsedUnit::Hours => (1, 24),
            ElapsedUnit::Days => (1, 1),
            ElapsedUnit::Weeks => (7, 1),
        };
        let reach = Reach::of(many, per_day);
        let Some(reach) = reach else { return self.calculates() };
        if since {
            self.against_now(field, mirrored(op), reach.back(), holds)
        } else {
            self.against_now(field, op, reach, holds)
        }
    }

    /// How a field stands to a moment that lies so far from now.
    pub(super) fn against_now(
        &mut self,
        id: FieldId,
        op: CompareOp,
        reach: Reach,
        holds: bool,
    ) -> Filter {
        let days = self.process.fields[id].ty == FieldType::Date;
        let Column { name, holds: column } = match self.column(id) {
            Ok(column) => column,
            Err(open) => return open,
        };
        let moments = match column {
            Holding::Day => false,
            Holding::Moment => true,
            Holding::Opaque(why) => return self.open(why),
            _ => return self.calculates(),
        };
        let op = if holds { op } else { negated(op) };
        let filter = if days {
            if !reach.is_exact() {
                self.open(MONTHS);
            }
            reach.of_days(&name, moments, op)
        } else {
            self.whole_days();
            reach.of_moments(&name, op)
        };
        if holds {
            return filter;
        }
        any(vec![Filter::Is(Test::There(name, false)), filter])
    }

    fn whole_days(&mut self) {
        let language = self.columns.language;
        self.open(format!("{language} counts from today in whole days"));
    }

    /// How long a record has been in its stage.
    pub(super) fn stay(&mut self, a: &Expr, op: CompareOp, b: &Expr, holds: bool) -> Filter {
        let (op, length) = match (&a.kind, &b.kind) {
            (ExprKind::TimeInStage, ExprKind::Value(Value::Duration(length))) => (op, *length),
            (ExprKind::Value(Value::Duration(length)), ExprKind::TimeInStage) => {
                (mirrored(op), *length)
            }
            _ => return self.open("it compares lengths of time"),
        };
        let Some(entered) = self.columns.entered.clone() else {
            let (language, object) = (self.columns.language, &self.columns.object);
            let why =
                format!("{language} cannot ask how long a record of `{object}` is in its stage");
            return self.open(why);
        };
        let Some(reach) = days_of(length) else { return self.open(WORKING_TIME) };
        let op = if holds { op } else { negated(op) };
        self.whole_days();
        let reach = reach.back();
        let filter = reach.of_moments(&entered.field, mirrored(op));
        let Some(otherwise) = entered.otherwise else { return filter };
        let blank = Filter::Is(Test::There(entered.field, false));
        any(vec![filter, every(vec![blank, reach.of_moments(&otherwise, mirrored(op))])])
    }

    /// How two dates or points in time stand to each other.
    pub(super) fn time(&mut self, a: &Expr, op: CompareOp, b: &Expr, holds: bool) -> Filter {
        let (left, right) = (self.moved(a), self.moved(b));
        let (Some((first, moved)), Some((second, by))) = (left, right) else {
            return self.open(WORKING_TIME);
        };
        // What is left of the moving stands on the right.
        let Some(reach) = by.minus(moved) else { return self.calculates() };
        match (first, second) {
            (Base::Field(_), Base::Field(_)) => self.open("it compares two fields"),
            (Base::Field(field), Base::Now) => self.against_now(field, op, reach, holds),
            (Base::Now, Base::Field(field)) => {
                self.against_now(field, mirrored(op), reach.back(), holds)
            }
            (Base::Field(field), Base::Known(value)) => {
                self.against(field, op, &value, reach, holds)
            }
            (Base::Known(value), Base::Field(field)) => {
                self.against(field, mirrored(op), &value, reach.back(), holds)
            }
            (Base::Missing, _) | (_, Base::Missing) => constant(!holds),
            _ => self.open("it asks which day it is"),
        }
    }

    /// What a date or a point in time is counted from, and how far it is moved; `None` for working
    /// time.
    fn moved(&self, expr: &Expr) -> Option<(Base, Reach)> {
        if reads_nothing(expr) {
            let base = self.known(expr).map_or(Base::Missing, Base::Known);
            return Some((base, Reach::NONE));
        }
        Some(match &expr.kind {
            ExprKind::Field(id) => (Base::Field(*id), Reach::NONE),
            ExprKind::Today | ExprKind::Now => (Base::Now, Reach::NONE),
            ExprKind::Arithmetic(x, op @ (ArithmeticOp::Add | ArithmeticOp::Sub), by) => {
                let (base, reach) = self.moved(x)?;
                let ExprKind::Value(Value::Duration(by)) = by.kind else { return None };
                if !can_move(&x.ty, by) {
                    return Some((Base::Missing, Reach::NONE));
                }
                let by = days_of(by)?;
                (
                    base,
                    if *op == ArithmeticOp::Sub {
                        reach.minus(by)?
                    } else {
                        reach.minus(by.back())?
                    },
                )
            }
            _ => return None,
        })
    }

    /// How a field stands to a known day or point in time, moved.
    fn against(
        &mut self,
        id: FieldId,
        op: CompareOp,
        value: &logic::Value,
        reach: Reach,
        holds: bool,
    ) -> Filter {
        let Column { name, holds: column } = match self.column(id) {
            Ok(column) => column,
            Err(open) => return open,
        };
        if let Holding::Opaque(why) = column {
            return self.open(why);
        }
        let op = if holds { op } else { negated(op) };
        let filter = match value {
            logic::Value::Date(date) => {
                if !reach.is_exact() {
                    self.open(MONTHS);
                }
                reach.from(*date, &name, column == Holding::Moment, op)
            }
            logic::Value::DateTime(at) if reach == Reach::NONE => {
                let test = Filter::Is(Test::Moment(name.clone(), op, *at));
                let there = Filter::Is(Test::There(name.clone(), true));
                if op == CompareOp::Ne { every(vec![there, test]) } else { test }
            }
            _ => return self.calculates(),
        };
        if holds {
            return filter;
        }
        any(vec![Filter::Is(Test::There(name, false)), filter])
    }
}
