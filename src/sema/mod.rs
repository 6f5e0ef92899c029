//! From syntax trees to a process: names, then records, then everything that refers to them.
//!
//! Every fault is reported once, where it is. What cannot be understood is left out of the model
//! and marked (`broken`), so that nothing is said about it again further down.

pub(crate) mod currency;
mod lower;
mod names;
mod types;

pub(crate) use types::value_type;

use crate::diag::{Diagnostic, sort_and_dedup};
use crate::model::Process;
use crate::syntax::ast;

/// What [`analyze`] found out.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The process, without the parts that could not be understood.
    pub process: Process,
    /// The findings, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Gives the declarations of all files of a process their meaning.
///
/// `fallback_name` is the process's name when no file declares one; anything in it that a name
/// cannot hold becomes `_`.
pub fn analyze(files: &[ast::File], fallback_name: &str) -> Analysis {
    let mut diagnostics = Vec::new();
    let names = names::Names::collect(files, &mut diagnostics);
    let process = lower::lower(&names, fallback_name, &mut diagnostics);
    sort_and_dedup(&mut diagnostics);
    Analysis { process, diagnostics }
}
