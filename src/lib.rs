//! Ekiden: the sales process as code.
//!
//! A process is written once, in a small language or in YAML; this crate reads it, proves that it
//! can be run, and compiles it. Data flows one way:
//!
//! | stage | takes | gives |
//! | --- | --- | --- |
//! | [`source`] | bytes | [`source::SourceMap`] |
//! | [`syntax`] | text | [`syntax::ast::File`] |
//! | [`sema`] | syntax trees | [`model::Process`] |
//! | [`lint`] | the model | [`diag::Diagnostic`]s |
//! | [`report`] | the model | an answer to one question |
//! | [`diff`] | two models | what has changed, and whom it hurts |
//! | [`emit`] | the model | files |
//! | `drift` | what is emitted, an export of a CRM | where they differ |
//! | `embed` | the model, a Markdown file | the file with its marked regions filled |
//!
//! The way back is `import`: from what other systems hold to files of a process.
//!
//! Only [`project`] and [`cli`] touch the outer world; `clippy.toml` sees to that.

pub mod cli;
pub mod diag;
pub mod diff;
mod drift;
mod embed;
pub mod emit;
pub mod graph;
mod import;
pub mod lint;
pub mod logic;
pub mod model;
pub mod project;
pub mod report;
pub mod sema;
pub mod source;
pub mod syntax;
