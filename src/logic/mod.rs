//! What expressions mean: values, working time, durations, evaluation.
//!
//! The meaning is written down in `docs/reference/expressions.md`. Every backend that compiles
//! expressions must give the answers of [`Evaluator`].

pub mod bounds;
pub mod business;
pub mod duration;
mod eval;
pub mod prove;
mod score;
#[cfg(test)]
mod tests;
mod value;

pub use eval::{Evaluator, RecordState};
pub use value::Value;
