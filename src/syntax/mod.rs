//! From text to syntax tree and back: two notations, one tree.

pub mod ast;
pub mod dsl;
pub mod format;
pub(crate) mod habits;
pub mod print;
pub mod yaml;

use crate::diag::Diagnostic;

/// What reading one file gives: its tree, and what was wrong with it.
///
/// The tree is always there. Declarations that could not be read at all are left out of it; those
/// that lost a part have `broken` set.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree.
    pub file: ast::File,
    /// The findings, in source order.
    pub diagnostics: Vec<Diagnostic>,
}
