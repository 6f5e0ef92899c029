//! The YAML notation.
//!
//! | step | file |
//! | --- | --- |
//! | text to a tree with the place of every key and value | `tree`, `build`, `errors` |
//! | from a decoded scalar back to its characters in the file | `offsets` |
//! | which keys there are | `table` |
//! | the tree checked against them, single values read | `reader`, `values` |
//! | declarations | `lower` |
//! | the JSON Schema of the notation | `schema` |

mod build;
mod errors;
mod lower;
mod offsets;
pub(crate) mod reader;
mod schema;
pub(crate) mod table;
mod tree;
pub(crate) mod values;

use crate::diag::{Diagnostic, codes};
use crate::source::FileId;

use super::Parsed;
use super::ast::File;
use super::dsl;

pub(crate) use schema::document;
pub use schema::schema;
pub use tree::{Kind, Mapping, NodeId, NodeRef, Scalar, Style, Tree};

/// Reads a `*.ekiden.yaml` file. Every fault is a finding, and whatever could be understood is in
/// the tree.
pub fn parse(file: FileId, text: &str) -> Parsed {
    if let Some(span) = dsl::is_dsl(file, text) {
        let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, "this is the DSL, not YAML")
            .help("a file in the DSL has a name that ends with `.ekiden` alone");
        let file = File { id: file, items: Vec::new(), comments: Vec::new(), lost: Vec::new() };
        return Parsed { file, diagnostics: vec![finding] };
    }
    let mut diagnostics = Vec::new();
    let tree = Tree::read(file, text, &mut diagnostics);
    let (file, findings) = lower::lower(&tree);
    // Behind a fault of YAML itself, keys and values may be taken for something else.
    let faults = diagnostics.iter().filter(|found| found.code == codes::SYNTAX_ERROR);
    let broken = faults.map(|fault| fault.primary.span.start).min();
    let is_sure = |found: &Diagnostic| broken.is_none_or(|at| found.primary.span.start < at);
    diagnostics.extend(findings.into_iter().filter(is_sure));
    diagnostics.sort_by_key(|finding| finding.primary.span.key());
    Parsed { file, diagnostics }
}

#[cfg(test)]
mod tests;
