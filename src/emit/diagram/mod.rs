//! The `diagram` target: the stages and the teams as pictures, in Mermaid and DOT.

mod arrows;
mod dot;
mod mermaid;

pub(crate) use mermaid::label;

use super::sentence::Sentences;
use super::view::{Facts, languages};
use super::{Artifact, Context, Output, Target};
use crate::diag::Diagnostic;
use crate::model::Process;

/// The `diagram` target.
pub static TARGET: Target = Target {
    name: "diagram",
    summary: "the stages and the teams as Mermaid and Graphviz DOT diagrams",
    settings: &[("languages", "the languages of the labels, instead of the first one")],
    default: true,
    systems: None,
    validate: |context| choose(context).1,
    emit,
};

/// The languages to write, and what is wrong with the settings.
fn choose(context: &Context<'_>) -> (Vec<String>, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    context.settings.reject_unknown("diagram", &["languages"], &mut findings);
    let mut languages = languages(context, &mut findings);
    if !context.settings.values.contains_key("languages") {
        languages.truncate(1);
    }
    (languages, findings)
}

fn emit(context: &Context<'_>) -> Output {
    let (languages, diagnostics) = choose(context);
    let mut output = Output { artifacts: Vec::new(), diagnostics };
    let process = context.process;
    let facts = Facts::of(process);
    for language in &languages {
        let path = |file: &str| match languages.len() {
            1 => file.to_owned(),
            _ => format!("{language}/{file}"),
        };
        output.artifacts.extend([
            Artifact::text(path("stages.mmd"), mermaid(process, language)),
            Artifact::text(path("stages.dot"), dot(process, language)),
            Artifact::text(path("teams.mmd"), teams_mermaid(process, &facts, language, true)),
            Artifact::text(path("teams.dot"), teams_dot(process, &facts, language)),
        ]);
    }
    output
}

/// The stages as a Mermaid flowchart, with titles in `language`.
pub fn mermaid(process: &Process, language: &str) -> String {
    let sentences = Sentences::new(process, language);
    mermaid::stages(process, &arrows::between_stages(process, &sentences), &sentences)
}

/// The stages as a Graphviz digraph, with titles in `language`.
pub fn dot(process: &Process, language: &str) -> String {
    let sentences = Sentences::new(process, language);
    dot::stages(process, &arrows::between_stages(process, &sentences), &sentences)
}

/// The teams and the handoffs between them as a Mermaid flowchart; with `goals`, also the goals
/// they share.
pub fn teams_mermaid(process: &Process, facts: &Facts, language: &str, goals: bool) -> String {
    let sentences = Sentences::new(process, language);
    mermaid::teams(process, &arrows::between_teams(process, facts, &sentences, goals), &sentences)
}

/// The teams, the handoffs between them and the goals they share as a Graphviz digraph.
pub fn teams_dot(process: &Process, facts: &Facts, language: &str) -> String {
    let sentences = Sentences::new(process, language);
    dot::teams(process, &arrows::between_teams(process, facts, &sentences, true), &sentences)
}

/// How many characters of a label are shown.
const MAX_LABEL: usize = 80;

/// A label on one line, cut where it would be too long to draw.
fn short(label: &str) -> String {
    let words = label.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_LABEL) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or("")),
        None => line,
    }
}

#[cfg(test)]
mod tests;
