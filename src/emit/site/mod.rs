//! The `site` target: the handbook as a static site, in every language of the process.
//!
//! The view of the process is rendered by the templates under `templates/`, one a page; `html` makes
//! foreign text safe, `map` draws. Words, places and quizzes are those of every `handbook`. The site
//! is made of files only: no page asks a network for anything.

mod helpers;
mod html;
mod lives;
mod map;
mod nav;
mod pages;
mod places;
mod search;
mod words;
mod writer;

use super::handbook::{Held, Kept, Words, quiz};
use super::view::{Facts, build, changes, languages, silo_report};
use super::{Artifact, Context, Output, Target};
use crate::diag::Diagnostic;
use crate::diff::render::markdown::marks;
use crate::report::silos::silos;

pub(super) use helpers::names as helper_names;
pub(super) use html::{embed_alone as embed_html, escape as escape_html};
pub(super) use map::text as measure;
pub(super) use writer::SOURCES;

/// The `site` target.
pub(super) static TARGET: Target = Target {
    name: "site",
    summary: "the handbook as a static site: a map, playbooks, quizzes, search, print",
    settings: &[("languages", "the languages to write, instead of all of the process")],
    default: false,
    systems: None,
    validate: |context| choose(context).1,
    emit,
};

/// The languages to write, and what is wrong with the settings.
fn choose(context: &Context<'_>) -> (Vec<String>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    context.settings.reject_unknown("site", &["languages"], &mut findings);
    let languages = languages(context, &mut findings);
    (languages, findings)
}

fn emit(context: &Context<'_>) -> Output {
    let process = context.process;
    let (languages, diagnostics) = choose(context);
    let mut output = Output { artifacts: assets(), diagnostics };
    let facts = Facts::of(process);
    let silos = silos(process);
    let quizzes = quiz::quizzes(process, &facts);
    let held = Held::of(context);
    let kept = Kept::of(context);
    let marked = context.since.map(|since| {
        let [_, after] = marks(since.difference);
        after
    });
    let templates = context.templates.sources("site", SOURCES);
    let mut titles = Vec::new();
    for language in &languages {
        let view = build(process, &facts, language);
        titles.push(view.process.title);
        let report = silo_report(process, &facts, &silos, language);
        let changes = context.since.as_ref().map(|since| changes(since, language));
        let site = pages::Site {
            process,
            facts: &facts,
            view: &view,
            silos: &report,
            quizzes: &quizzes,
            held: held.as_ref(),
            kept: &kept,
            changes: changes.as_ref().zip(marked.as_ref()),
            tags: &languages,
            templates: &templates,
        };
        match site.write() {
            Ok(artifacts) => output.artifacts.extend(artifacts),
            Err(fault) => output.diagnostics.push(fault.diagnostic(process.span)),
        }
    }
    match pages::root(&languages, &titles, &templates) {
        Ok(artifact) => output.artifacts.push(artifact),
        Err(fault) => output.diagnostics.push(fault.diagnostic(process.span)),
    }
    output
}

/// The files that all pages share.
fn assets() -> Vec<Artifact> {
    vec![
        Artifact::text("assets/site.css", include_str!("assets/site.css")),
        Artifact::text("assets/site.js", include_str!("assets/site.js")),
        Artifact::text("assets/icon.svg", include_str!("assets/icon.svg")),
    ]
}

/// The words of the handbook and those of the site.
fn words_of(language: &str) -> Words {
    Words::with(language, [words::en::WORDS, words::ja::WORDS, words::ko::WORDS])
}
