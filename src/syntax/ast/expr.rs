//! Expressions, before names are resolved and types known.

use crate::source::{Span, Spanned};

use super::{Duration, Literal, Name, Path, Text};

/// An expression and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, without parentheses around it.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A value.
    Literal(Literal),
    /// A field, an option of an enumeration, or a score: `amount`, `deal.amount`, `software`.
    Path(Path),
    /// `not x`
    Not(Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `a and b and c`; two or more.
    And(Vec<Expr>),
    /// `a or b or c`; two or more.
    Or(Vec<Expr>),
    /// `a <= b`
    Compare(Box<Expr>, Spanned<CompareOp>, Box<Expr>),
    /// `a + b`
    Arithmetic(Box<Expr>, Spanned<ArithmeticOp>, Box<Expr>),
    /// `a in [b, c]`. `not in` is a [`ExprKind::Not`] around it.
    In(Box<Expr>, Vec<Expr>),
    /// `a between b and c`, both ends included.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `a is present`; `false` for `is missing`.
    Presence(Box<Expr>, bool),
    /// `interest is hot`
    IsGrade(Box<Expr>, Name),
    /// `meeting_at within next 7d`
    Within(Box<Expr>, Direction, Spanned<Duration>),
    /// `days since touched_at`, `business hours until meeting_at`: a number.
    Elapsed {
        /// The unit counted.
        unit: ElapsedUnit,
        /// Working time only.
        business: bool,
        /// `since` counts from the field to now, `until` from now to the field.
        since: bool,
        /// The date or datetime field.
        field: Path,
    },
    /// `time in stage`: how long the record has been in its stage.
    TimeInStage,
    /// `today`
    Today,
    /// `now`
    Now,
    /// `event pricing_viewed at least 2 times within 30d`
    Event {
        /// The event.
        name: Name,
        /// How often at least; once when not said.
        at_least: Option<Spanned<u32>>,
        /// How long back; since the record began when not said.
        within: Option<Spanned<Duration>>,
    },
    /// `confirm "The champion will defend us" by ae`: what only a person can judge.
    Confirm {
        /// What is confirmed.
        text: Text,
        /// By whom; the stage's owner when not said.
        by: Option<Name>,
    },
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CompareOp {
    /// The operator in source.
    pub fn symbol(self) -> &'static str {
        match self {
            CompareOp::Eq => "=",
            CompareOp::Ne => "!=",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        }
    }
}

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
}

impl ArithmeticOp {
    /// The operator in source.
    pub fn symbol(self) -> &'static str {
        match self {
            ArithmeticOp::Add => "+",
            ArithmeticOp::Sub => "-",
            ArithmeticOp::Mul => "*",
            ArithmeticOp::Div => "/",
        }
    }
}

/// Which way a window opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `within next 7d`: from now to then.
    Next,
    /// `within last 7d`: from then to now.
    Last,
}

/// The unit that `… since` and `… until` count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElapsedUnit {
    /// `minutes since`
    Minutes,
    /// `hours since`
    Hours,
    /// `days since`
    Days,
    /// `weeks since`
    Weeks,
}

impl ElapsedUnit {
    /// The word in source.
    pub fn word(self) -> &'static str {
        match self {
            ElapsedUnit::Minutes => "minutes",
            ElapsedUnit::Hours => "hours",
            ElapsedUnit::Days => "days",
            ElapsedUnit::Weeks => "weeks",
        }
    }
}
