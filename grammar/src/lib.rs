//! The parser that pest generates from `ekiden.pest`.
//!
//! A crate of its own because the generated code takes the compiler longer than much of what people
//! wrote: here it is compiled once, and not again with every change to what uses it.

/// The generated parser.
#[derive(pest_derive::Parser)]
#[grammar = "ekiden.pest"]
pub struct Grammar;
