//! The `docs` target: a handbook in Markdown, in every language of the process.
//!
//! The view of the process is rendered by the templates under `templates/`, one a page; `markdown`
//! makes foreign text safe. Words and places are those of every `handbook`.

mod blocks;
mod helpers;
mod markdown;
mod pages;
mod writer;

pub(crate) use blocks::{BY_NAME, Handbook, Volume, WHOLE};
pub(super) use helpers::names as helper_names;
pub(super) use markdown::{embed as embed_markdown, escape as escape_markdown};
pub(super) use pages::SOURCES;

use super::handbook::{Held, Kept, quiz};
use super::view::{Facts, build, languages, silo_report};
use super::{Context, Output, Target};
use crate::diag::Diagnostic;
use crate::report::silos::silos;

/// The `docs` target.
pub static TARGET: Target = Target {
    name: "docs",
    summary: "a handbook in Markdown: stages, teams, roles, handoffs, goals, fields, glossary",
    settings: &[("languages", "the languages to write, instead of all of the process")],
    default: true,
    systems: None,
    validate: |context| choose(context).1,
    emit,
};

/// The languages to write, and what is wrong with the settings.
fn choose(context: &Context<'_>) -> (Vec<String>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    context.settings.reject_unknown("docs", &["languages"], &mut findings);
    let languages = languages(context, &mut findings);
    (languages, findings)
}

fn emit(context: &Context<'_>) -> Output {
    let (languages, diagnostics) = choose(context);
    let mut output = Output { artifacts: Vec::new(), diagnostics };
    let facts = Facts::of(context.process);
    let silos = silos(context.process);
    let quizzes = quiz::quizzes(context.process, &facts);
    let held = Held::of(context);
    let kept = Kept::of(context);
    let sources = context.templates.sources("docs", SOURCES);
    let mut titles = Vec::new();
    for language in &languages {
        let view = build(context.process, &facts, language);
        titles.push(view.process.title);
        let report = silo_report(context.process, &facts, &silos, language);
        match pages::write(&pages::Book {
            process: context.process,
            facts: &facts,
            view: &view,
            silos: &report,
            quizzes: &quizzes,
            since: context.since.as_ref(),
            held: held.as_ref(),
            kept: &kept,
            tags: &languages,
            sources: &sources,
        }) {
            Ok(artifacts) => output.artifacts.extend(artifacts),
            Err(fault) => output.diagnostics.push(fault.diagnostic(context.process.span)),
        }
    }
    match pages::index(&languages, &titles, &sources) {
        Ok(artifact) => output.artifacts.push(artifact),
        Err(fault) => output.diagnostics.push(fault.diagnostic(context.process.span)),
    }
    output
}
