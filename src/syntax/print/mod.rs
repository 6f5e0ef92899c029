//! From a syntax tree back to text, in either notation.
//!
//! Declarations and properties keep the order in which they were written; comments stay beside
//! what they were written beside.

mod clause;
mod dsl;
mod expr;
mod lines;
mod literal;
mod yaml;

pub use dsl::dsl;
pub use expr::expr;
pub use literal::{clock, duration, every, literal, quoted};
pub use yaml::yaml;
