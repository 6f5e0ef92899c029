//! What a document can say about a process: the one contract between the model and the templates.
//!
//! [`Facts`] are derived once from the model, in linear time, and hold for every language. A
//! [`View`] is built from them for one language: titles and texts are in that language, conditions
//! are sentences, and everything that refers to something else is a [`Ref`]. Texts are plain and
//! unescaped; escaping is the template's business.

mod build;
mod calendar;
mod changes;
mod facts;
mod languages;
mod parts;
mod people;
mod silos;
mod types;

use crate::model::Process;

pub use changes::changes;
pub use facts::{AnyOpen, Facts, HandoffFact, Need, reading_order};
pub(crate) use languages::documents;
pub use languages::languages;
pub use silos::silo_report;
pub use types::*;

/// Changes when a field of the view is renamed, removed or given another meaning.
pub const VIEW_VERSION: u32 = 1;

/// Builds the view of `process` in `language`, a BCP 47 tag.
pub fn build<'a>(process: &'a Process, facts: &'a Facts, language: &'a str) -> View<'a> {
    build::Builder::new(process, facts, language).view()
}

#[cfg(test)]
mod tests;
