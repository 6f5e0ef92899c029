//! The `dmn` target: scores, grades and routes as decision tables with FEEL.

mod ledger;
mod model;
mod write;

use super::crm::TARGET_LOSS;
use super::sentence::Sentences;
use super::view::documents;
use super::{Artifact, Context, Output, Target};
use crate::diag::{Diagnostic, Level};

use model::{Builder, Loss};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "dmn",
    summary: "DMN 1.3: scores, grades and assignment as decision tables",
    settings: &[("languages", "the languages of the texts, instead of the first one")],
    default: false,
    systems: Some(ledger::systems),
    validate: |context| emit(context).diagnostics,
    emit,
};

fn emit(context: &Context<'_>) -> Output {
    let process = context.process;
    let mut output = Output::default();
    context.settings.reject_unknown("dmn", &["languages"], &mut output.diagnostics);
    let documents = documents(context, "decisions.dmn", &mut output.diagnostics);
    // The name of a folder may be no name in XML.
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = process.name.chars().map(plain).collect();
    for (at, (language, path)) in documents.into_iter().enumerate() {
        let language = language.as_str();
        let mut builder = Builder::new(process, language);
        builder.build();
        if builder.decisions.is_empty() {
            let message = "the process has no scores and no routes: there is nothing to decide";
            output.diagnostics.push(
                Diagnostic::new(TARGET_LOSS, process.span, message)
                    .level(if context.named { Level::Warning } else { Level::Note })
                    .help("leave out the target `dmn`, or declare a `score` or a `route`"),
            );
            return output;
        }
        let title = Sentences::new(process, language).text(&process.title).to_owned();
        let text = write::document(&builder, &name, &title);
        output.artifacts.push(Artifact::text(path, text));
        if at == 0 {
            losses(context, &builder.losses, &mut output.diagnostics);
        }
    }
    output
}

/// What the tables do not say, each at its place.
fn losses(context: &Context<'_>, losses: &[Loss], findings: &mut Vec<Diagnostic>) {
    let level = if context.named { Level::Warning } else { Level::Note };
    for loss in losses {
        findings.push(match loss {
            Loss::Asked(span, decision, questions) => {
                let questions: Vec<String> = questions.iter().map(|q| format!("`{q}`")).collect();
                let message = format!(
                    "FEEL cannot say all of what `{decision}` asks: {}",
                    questions.join(", ")
                );
                Diagnostic::new(TARGET_LOSS, *span, message)
                    .level(level)
                    .help("whoever runs the table answers it; without an answer it does not hold")
            }
            Loss::Halves(span, decision) => {
                let message = format!("points that halve are given in full by `{decision}`");
                Diagnostic::new(TARGET_LOSS, *span, message)
                    .level(level)
                    .help("a table adds up whole points; keep to SQL or to a CRM for the rest")
            }
        });
    }
}
