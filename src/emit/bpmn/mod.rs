//! The `bpmn` target: the process as BPMN 2.0 with its layout, to be read, drawn on and run.

mod columns;
mod graph;
mod layout;
mod ledger;
mod place;
mod tell;
mod write;

use super::crm::TARGET_LOSS;
use super::feel::Feel;
use super::sentence::Sentences;
use super::view::documents;
use super::{Artifact, Context, Output, Target};
use crate::diag::{Diagnostic, Level};

use graph::Graph;

/// The target.
pub(super) static TARGET: Target = Target {
    name: "bpmn",
    summary: "BPMN 2.0 with layout: pools, lanes, tasks, gateways and timers",
    settings: &[("languages", "the languages of the texts, instead of the first one")],
    default: false,
    systems: Some(ledger::systems),
    validate: |context| emit(context).diagnostics,
    emit,
};

fn emit(context: &Context<'_>) -> Output {
    let process = context.process;
    let mut output = Output::default();
    context.settings.reject_unknown("bpmn", &["languages"], &mut output.diagnostics);
    let documents = documents(context, "process.bpmn", &mut output.diagnostics);
    for (at, (language, path)) in documents.into_iter().enumerate() {
        let language = language.as_str();
        let feel = Feel::new(process);
        let graph = graph::graph(process, &feel, language);
        if graph.pools.is_empty() {
            return output;
        }
        let sentences = Sentences::new(process, language);
        let mut docs: Vec<String> =
            process.about.iter().map(|about| sentences.text(about).to_owned()).collect();
        docs.extend(
            feel.asked().into_iter().map(|(question, name)| format!("answers.{name}: {question}")),
        );
        let records: Vec<&str> =
            graph.pools.iter().map(|pool| process.records[pool.record].name.as_str()).collect();
        // The name of a folder may be no name in XML.
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let name: String = process.name.chars().map(plain).collect();
        let names = write::Names {
            name: &name,
            title: sentences.text(&process.title),
            docs: &docs,
            records: &records,
        };
        let text = write::document(&graph, &layout::layout(&graph), &names);
        output.artifacts.push(Artifact::text(path, text));
        if at == 0 {
            losses(context, &graph, &mut output.diagnostics);
        }
    }
    output
}

/// What an engine does not find out by itself, each at its place.
fn losses(context: &Context<'_>, graph: &Graph, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let level = if context.named { Level::Warning } else { Level::Note };
    for (id, questions) in &graph.asked {
        let transition = &process.transitions[*id];
        let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
        let questions: Vec<String> = questions.iter().map(|q| format!("`{q}`")).collect();
        let message = format!(
            "FEEL cannot say all of what the move from `{}` to `{}` asks: {}",
            from.name,
            to.name,
            questions.join(", ")
        );
        findings.push(
            Diagnostic::new(TARGET_LOSS, transition.span, message)
                .level(level)
                .help("the engine answers it in a variable; until then the move is closed"),
        );
    }
    for id in &graph.timeless {
        let stage = &process.stages[*id];
        let Some(limit) = &stage.limit else { continue };
        let message = format!("BPMN has no timer for the limit of `{}`", stage.name);
        findings.push(Diagnostic::new(TARGET_LOSS, limit.span, message).level(level).help(
            "a timer counts hours, days or months; the engine is asked in `limits` how long this one is",
        ));
    }
}
