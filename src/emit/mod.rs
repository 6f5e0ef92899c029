//! Compiles a process into files.
//!
//! A [`Target`] is a pure function from the model to [`Artifact`]s. It never touches the disk:
//! `plan` writes, compares and protects what is already there.

mod bpmn;
mod count;
mod crm;
pub mod diagram;
mod dmn;
pub mod docs;
mod enforcement;
mod feel;
mod gates;
mod handbook;
mod hubspot;
pub(crate) mod json;
mod ledger;
pub mod own;
mod pipedrive;
pub mod plan;
pub mod report;
mod salesforce;
pub mod sentence;
mod settings;
mod site;
mod sql;
pub mod template;
pub mod view;
mod xml;
mod xstate;

use camino::Utf8PathBuf;

use crate::diag::Diagnostic;
use crate::diff::Difference;
use crate::model::{CompareOp, Process};
use crate::source::Span;
use template::user::{TemplateSet, UserTemplates};

pub use count::{count, counting};
pub(crate) use salesforce::tag_of as salesforce_language;
pub(crate) use salesforce::{is_process_name, known_by_title};
pub(crate) use settings::homes_of;
pub use settings::{Setting, SettingValue, Settings};
pub use sql::{Migration, migrate, migration_dialects};

/// One file a target produces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Relative to the target's own folder, with forward slashes.
    pub path: Utf8PathBuf,
    /// What is in it. Text ends with a newline.
    pub contents: Vec<u8>,
    /// The declaration it is made of, if it is made of one.
    pub origin: Option<Span>,
}

impl Artifact {
    /// A text file.
    pub fn text(path: impl Into<Utf8PathBuf>, contents: impl Into<String>) -> Self {
        Self { path: path.into(), contents: contents.into().into_bytes(), origin: None }
    }

    /// The file, made of a declaration.
    #[must_use]
    fn made_of(self, origin: Option<Span>) -> Self {
        Self { origin, ..self }
    }
}

/// What a target is given.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The process, checked: without findings at error level.
    pub process: &'a Process,
    /// The languages of the documents: those of the manifest, else those of the process.
    pub languages: &'a [String],
    /// The target's own settings from the manifest.
    pub settings: &'a Settings,
    /// The targets that the manifest names, with their settings.
    pub others: &'a [(&'a str, &'a Settings)],
    /// The templates of the project.
    pub templates: &'a UserTemplates,
    /// Whether somebody asked for this target: the manifest or the command line names it. Else it
    /// is built because it is built by default.
    pub named: bool,
    /// The earlier version that documents tell the changes since, if one was given.
    pub since: Option<Since<'a>>,
}

/// An earlier version of a process, and what has changed since.
#[derive(Clone, Copy, Debug)]
pub struct Since<'a> {
    /// What has changed.
    pub difference: &'a Difference<'a>,
    /// The tag it bears.
    pub tag: Option<&'a str>,
    /// The day it was made, as `2026-01-31`.
    pub date: Option<&'a str>,
}

/// The targets that tell what has changed.
pub const TELL_CHANGES: &[&str] = &["docs", "site"];

/// What a target gives: files, and what it cannot carry over as findings.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The files, in any order; paths are unique.
    pub artifacts: Vec<Artifact>,
    /// Wrong settings, names the target cannot hold, losses. An error means that nothing is written.
    pub diagnostics: Vec<Diagnostic>,
}

/// A kind of output.
pub struct Target {
    /// The name: of `--target`, of the manifest key and of the output folder.
    pub name: &'static str,
    /// One line for `--help`.
    pub summary: &'static str,
    /// The settings it understands: name and what it means.
    pub settings: &'static [(&'static str, &'static str)],
    /// Whether it is built when the manifest names no targets.
    pub default: bool,
    /// The systems it makes, as far as they hold people to the process.
    systems: Option<enforcement::Systems>,
    /// The findings that compiling gives, without the files: cheap enough for every check.
    pub validate: fn(&Context<'_>) -> Vec<Diagnostic>,
    /// Compiles.
    pub emit: fn(&Context<'_>) -> Output,
}

/// A comparison, as SQL and the formulas of Salesforce write it.
fn operator(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "=",
        CompareOp::Ne => "<>",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}

/// The templates of a project that has none.
pub static NO_TEMPLATES: UserTemplates = UserTemplates::NONE;

/// The targets whose templates a project can replace.
pub static TEMPLATES: &[TemplateSet] = &[
    TemplateSet { target: "docs", sources: docs::SOURCES, helpers: docs::helper_names },
    TemplateSet { target: "site", sources: site::SOURCES, helpers: site::helper_names },
];

/// Every target, in the order of `--help`. Adding one is one line here, one folder and one page.
#[rustfmt::skip] // One a line: two people who add one each do not meet.
pub static TARGETS: &[&Target] = &[
    &docs::TARGET,
    &site::TARGET,
    &diagram::TARGET,
    &sql::TARGET,
    &sql::dbt::TARGET,
    &salesforce::TARGET,
    &hubspot::TARGET,
    &pipedrive::TARGET,
    &json::TARGET,
    &ledger::TARGET,
    &xstate::TARGET,
    &bpmn::TARGET,
    &dmn::TARGET,
];
