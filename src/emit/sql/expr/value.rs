//! Values: constants, columns, arithmetic.

use rust_decimal::Decimal;

use crate::model::{ArithmeticOp, Expr, ExprKind, FieldId, FieldType, RecordId, Type, Value};

use super::{Said, Subject};
use crate::emit::sql::names::Ident;
use crate::emit::sql::records::FieldColumn;

/// A missing value.
pub(super) const MISSING: &str = "NULL";

impl<'a> Subject<'a> {
    /// A value; null when it is missing. Not for durations.
    pub(in crate::emit::sql) fn value(&self, expr: &Expr) -> Said {
        Ok(match &expr.kind {
            ExprKind::Value(value) => self.constant(value),
            ExprKind::Field(field) => self.field(*field),
            ExprKind::Score(score) => self.score(*score)?,
            ExprKind::Negate(x) => format!("(- {})", self.value(x)?),
            ExprKind::Arithmetic(a, op, b) => self.arithmetic(a, *op, b)?,
            ExprKind::Elapsed { unit, business, since, field } => {
                self.elapsed(*unit, *business, *since, *field)
            }
            ExprKind::Today => self.today(),
            ExprKind::Now => self.local_now(),
            ExprKind::TimeInStage => MISSING.to_owned(),
            ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Compare(..)
            | ExprKind::In(..)
            | ExprKind::Between(..)
            | ExprKind::Presence(..)
            | ExprKind::IsGrade(..)
            | ExprKind::Within(..)
            | ExprKind::Event { .. }
            | ExprKind::Confirmed(_) => self.condition(expr)?,
        })
    }

    fn constant(&self, value: &Value) -> String {
        let dialect = self.dialect();
        match value {
            Value::Text(text) if text.is_empty() => MISSING.to_owned(),
            Value::Text(text) => dialect.text(text),
            Value::Number(number) | Value::Percent(number) => self.decimal(*number),
            Value::Money(money) => self.decimal(money.amount),
            Value::Boolean(value) => dialect.boolean(*value).to_owned(),
            Value::Date(date) => dialect.date(*date),
            Value::DateTime(at) => dialect.local_constant(*at),
            Value::Duration(_) => MISSING.to_owned(),
            Value::Option(field, index) => dialect.text(self.option(*field, *index)),
        }
    }

    pub(super) fn decimal(&self, number: Decimal) -> String {
        let number = number.normalize();
        // A sign may not meet another: `--` begins a comment.
        if number.is_sign_negative() { format!("({number})") } else { number.to_string() }
    }

    /// A field of the record or of one it continues.
    pub(super) fn field(&self, field: FieldId) -> String {
        let of = &self.world.process.fields[field];
        let Some(column) = self.column(field) else { return MISSING.to_owned() };
        let dialect = self.dialect();
        let present = |value: String| match of.ty {
            // An empty text is a missing one.
            FieldType::Text | FieldType::User => format!("NULLIF({value}, '')"),
            FieldType::DateTime => dialect.local(&value, self.world.zone),
            _ => value,
        };
        self.read(of.record, &column.name, present).unwrap_or_else(|| MISSING.to_owned())
    }

    pub(super) fn column(&self, field: FieldId) -> Option<&'a FieldColumn> {
        let table = self.table(self.world.process.fields[field].record)?;
        table.fields.iter().find(|column| column.field == field)
    }

    /// A column of a record, from the row at hand or by the record's id.
    pub(in crate::emit::sql) fn read(
        &self,
        record: RecordId,
        column: &Ident,
        present: impl Fn(String) -> String,
    ) -> Option<String> {
        if let Some((of, row)) = &self.row
            && *of == record
        {
            return Some(present(format!("{row}.{column}")));
        }
        let (table, id) = (self.table(record)?, self.id_of(record)?);
        Some(self.lookups.row(
            &table.name,
            |other| format!("{other}.{} = {id}", table.id),
            |other| present(format!("{other}.{column}")),
        ))
    }

    fn arithmetic(&self, a: &Expr, op: ArithmeticOp, b: &Expr) -> Said {
        if matches!(a.ty, Type::Date | Type::DateTime) {
            return self.moved(a, op, b);
        }
        if a.ty == Type::Duration || b.ty == Type::Duration {
            return Ok(MISSING.to_owned());
        }
        let dialect = self.dialect();
        let (left, right) = (dialect.number(&self.value(a)?), dialect.number(&self.value(b)?));
        Ok(match op {
            ArithmeticOp::Add => format!("({left} + {right})"),
            ArithmeticOp::Sub => format!("({left} - {right})"),
            ArithmeticOp::Mul if a.ty == Type::Percent || b.ty == Type::Percent => {
                format!("({left} * {right} / 100)")
            }
            ArithmeticOp::Mul => format!("({left} * {right})"),
            ArithmeticOp::Div => format!("({left} / NULLIF({right}, 0))"),
        })
    }
}
