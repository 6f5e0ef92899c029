//! The process, resolved and typed: what the rules read and the targets compile.
//!
//! Built once by `sema`, never changed. Everything is reached by typed ids; lists are in source
//! order (files by name, then position), so that every output is deterministic.

mod arena;
mod calendar;
mod display;
mod events;
mod expr;
mod goal;
mod keys;
mod process;
mod stage;
mod text;

pub use arena::{Arena, Id};
pub use calendar::{Calendar, WorkingHours};
pub use expr::{Expr, ExprKind, Type, Value};
pub use goal::*;
pub use process::*;
pub use stage::*;
pub use text::Text;

pub use crate::syntax::ast::{
    ArithmeticOp, Category, CompareOp, Currency, Direction, Duration, ElapsedUnit, Every, Forecast,
    Money, Outcome, Period, RetiredKind, Statistic, TransitionKind, Unit,
};
