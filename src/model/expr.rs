//! Expressions with names resolved and types known.
//!
//! **Two-valued logic.** Every boolean expression is true or false for every record. A value may
//! be missing; arithmetic with a missing value is missing, division by zero is missing, a
//! comparison, window or membership with a missing value is false, and a missing boolean field is
//! false. `not` turns false into true. Every backend must give the native evaluator's answer.

use jiff::civil;
use rust_decimal::Decimal;

use crate::source::Span;

use super::{
    ArithmeticOp, CompareOp, ConfirmationId, Direction, Duration, ElapsedUnit, FieldId, Money,
    ScoreId,
};

/// A typed expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The type of its value.
    pub ty: Type,
    /// Where it stands.
    pub span: Span,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Text.
    Text,
    /// A decimal number.
    Number,
    /// A whole number; usable wherever a number is.
    Integer,
    /// An amount in the currency of the process.
    Money,
    /// A percentage; `60%` is 60.
    Percent,
    /// True or false.
    Boolean,
    /// A calendar date.
    Date,
    /// A point in time.
    DateTime,
    /// A length of time.
    Duration,
    /// A person of the company.
    User,
    /// One option of the enumeration that this field declares.
    OneOf(FieldId),
    /// Several options of the enumeration that this field declares.
    ManyOf(FieldId),
}

/// The forms of a typed expression. Operand types are checked: see `docs/reference/expressions.md`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExprKind {
    /// A constant.
    Value(Value),
    /// A field of the record, or of a record it continues.
    Field(FieldId),
    /// The points of a score, now.
    Score(ScoreId),
    /// `not`
    Not(Box<Expr>),
    /// `-x` on number, integer, money, percent.
    Negate(Box<Expr>),
    /// All hold; two or more.
    And(Vec<Expr>),
    /// One holds; two or more.
    Or(Vec<Expr>),
    /// Both sides have the same type, or are number and integer.
    Compare(Box<Expr>, CompareOp, Box<Expr>),
    /// See the table in `docs/reference/expressions.md`.
    Arithmetic(Box<Expr>, ArithmeticOp, Box<Expr>),
    /// Equal to one of the constants; for `many of`, has one of them.
    In(Box<Expr>, Vec<Expr>),
    /// Both ends included.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `is present` (`true`) or `is missing` (`false`). An empty text and an empty `many of` are
    /// missing.
    Presence(Box<Expr>, bool),
    /// The score's grade is the one with this index in [`super::Score::grades`].
    IsGrade(ScoreId, usize),
    /// The date or datetime lies in the window that opens at `today` or `now`; ends included.
    Within(Box<Expr>, Direction, Duration),
    /// Whole and broken units between a date or datetime field and today or now, as a number;
    /// negative when the field lies on the other side.
    Elapsed {
        /// The unit counted.
        unit: ElapsedUnit,
        /// Working time only.
        business: bool,
        /// From the field to now; else from now to the field.
        since: bool,
        /// The field.
        field: FieldId,
    },
    /// How long the record has been in its stage: a duration.
    TimeInStage,
    /// The date in the time zone of the process.
    Today,
    /// The point in time.
    Now,
    /// The record has had at least so many such events, in the given time up to now.
    Event {
        /// The event's name.
        name: String,
        /// How many at least.
        at_least: u32,
        /// How far back.
        within: Option<Duration>,
    },
    /// A person has confirmed it.
    Confirmed(ConfirmationId),
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Text.
    Text(String),
    /// Number or integer, by the type of the expression.
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
    /// An option: the enumeration's field and the index of the option in it.
    Option(FieldId, usize),
}

impl Expr {
    /// Calls `visit` for this expression and every one in it, outside in, left to right.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        match &self.kind {
            ExprKind::Not(x)
            | ExprKind::Negate(x)
            | ExprKind::Presence(x, _)
            | ExprKind::Within(x, _, _) => {
                x.walk(visit);
            }
            ExprKind::And(all) | ExprKind::Or(all) => all.iter().for_each(|x| x.walk(visit)),
            ExprKind::Compare(a, _, b) | ExprKind::Arithmetic(a, _, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            ExprKind::In(x, list) => {
                x.walk(visit);
                list.iter().for_each(|x| x.walk(visit));
            }
            ExprKind::Between(x, low, high) => {
                x.walk(visit);
                low.walk(visit);
                high.walk(visit);
            }
            ExprKind::Value(_)
            | ExprKind::Field(_)
            | ExprKind::Score(_)
            | ExprKind::IsGrade(..)
            | ExprKind::Elapsed { .. }
            | ExprKind::TimeInStage
            | ExprKind::Today
            | ExprKind::Now
            | ExprKind::Event { .. }
            | ExprKind::Confirmed(_) => {}
        }
    }

    /// The fields it reads, in order, each once. Fields read through a score are not included.
    pub fn fields(&self) -> Vec<FieldId> {
        let mut fields = Vec::new();
        self.walk(&mut |expr| {
            let field = match expr.kind {
                ExprKind::Field(field) | ExprKind::Elapsed { field, .. } => field,
                _ => return,
            };
            if !fields.contains(&field) {
                fields.push(field);
            }
        });
        fields
    }
}
