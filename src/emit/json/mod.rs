//! The whole model as JSON, for programs of one's own.
//!
//! Every key is always there: what the process does not say is `null` or an empty list. Things
//! are referred to by name; fields as `record.field`. Places in the source are left out, so that
//! moving a declaration changes nothing.

mod expr;
mod knowledge;
mod people;
mod stage;
mod value;

pub(crate) use value::text;

use serde_json::{Value as Json, json};

use crate::diag::Diagnostic;
use crate::emit::{Artifact, Context, Output, Target};
use crate::model::Process;

/// The target.
pub(super) static TARGET: Target = Target {
    name: "json",
    summary: "the whole process as one JSON file, with its JSON Schema",
    settings: &[],
    default: true,
    systems: None,
    validate,
    emit,
};

/// The JSON Schema of `process.json`.
const SCHEMA: &str = include_str!("../../../schemas/model.schema.json");

/// Counts changes that break readers: a key gone, or with another meaning.
const FORMAT_VERSION: u32 = 1;

fn validate(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    context.settings.reject_unknown("json", &[], &mut findings);
    findings
}

fn emit(context: &Context<'_>) -> Output {
    let document = document(context.process);
    let artifacts = vec![
        Artifact::text("process.json", format!("{document:#}\n")),
        Artifact::text("process.schema.json", SCHEMA),
    ];
    Output { artifacts, diagnostics: validate(context) }
}

fn document(process: &Process) -> Json {
    let p = process;
    let keys = stage::Keys::of(p);
    let transitions =
        p.transitions.iter().map(|(id, move_)| stage::transition(p, &keys, id, move_));
    json!({
        "$schema": "process.schema.json",
        "format": "ekiden-process",
        "format_version": FORMAT_VERSION,
        "process": people::process(p),
        "teams": p.teams.values().map(|team| people::team(p, team)).collect::<Json>(),
        "records": p.records.values().map(|record| people::record(p, record)).collect::<Json>(),
        "stages": p.stages.values().map(|stage| stage::stage(p, &keys, stage)).collect::<Json>(),
        "transitions": transitions.collect::<Json>(),
        "confirmations": p.confirmations.values().map(|c| stage::confirmation(p, c)).collect::<Json>(),
        "goals": p.goals.values().map(|goal| people::goal(p, goal)).collect::<Json>(),
        "feedback": p.feedback.values().map(|feedback| people::feedback(p, feedback)).collect::<Json>(),
        "scores": p.scores.values().map(|score| knowledge::score(p, score)).collect::<Json>(),
        "routes": p.routes.values().map(|route| knowledge::route(p, route)).collect::<Json>(),
        "terms": p.terms.values().map(|term| knowledge::term(p, term)).collect::<Json>(),
        "plays": p.plays.values().map(|play| knowledge::play(p, play)).collect::<Json>(),
        "retired": p.retired.iter().map(|retired| knowledge::retired(p, retired)).collect::<Json>(),
        "waivers": knowledge::waivers(p),
    })
}
