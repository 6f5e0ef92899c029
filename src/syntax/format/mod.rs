//! The formatter: one layout for every file, whatever its author's habits.
//!
//! It works on the concrete pairs of the grammar, so nothing that is written can be lost: words
//! and texts are copied, only the white space between them is made new. Line breaks have no
//! meaning in the language, so a declaration that fits in [`WIDTH`] columns is one line, and a
//! longer one is broken where its clauses begin. What the author groups by blank lines stays
//! grouped, and is aligned group by group; a block whose first item stands beside its `{` stays on
//! one line while it fits.

mod layout;
mod lines;
mod tokens;
mod tree;

use crate::diag::{Diagnostic, Level, codes};
use crate::source::{FileId, Span};

use super::dsl;

/// The longest line the formatter writes, unless a single text is longer.
pub const WIDTH: usize = 100;

/// Formats a file of the DSL.
///
/// Line ends become `\n`. Formatting twice gives the same as formatting once.
///
/// # Errors
///
/// The findings at error level of a file that cannot be read whole: it is not touched.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let parsed = dsl::parse(file, text);
    let errors: Vec<Diagnostic> =
        parsed.diagnostics.into_iter().filter(|d| d.level == Level::Error).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let internal = || {
        vec![
            Diagnostic::new(
                codes::SYNTAX_ERROR,
                Span::start_of(file),
                "this file cannot be formatted without a change of meaning",
            )
            .help("this is a fault of the formatter: the file is left as it is; please report it"),
        ]
    };
    let tree = tree::read(text).ok_or_else(internal)?;
    let formatted = layout::print(&tree);
    // Trust, but verify: the layout must say what the source said, comment by comment.
    let again = dsl::parse(file, &formatted);
    let comments = |file: &super::ast::File| -> Vec<String> {
        file.comments.iter().map(|comment| comment.text.clone()).collect()
    };
    let unchanged =
        again.file.items == parsed.file.items && comments(&again.file) == comments(&parsed.file);
    if unchanged { Ok(formatted) } else { Err(internal()) }
}
