//! The `xstate` target: the process as state machines that a program runs with XState.

mod expr;
mod guards;
mod ledger;
mod machine;
mod readme;

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::crm::TARGET_LOSS;
use super::{Artifact, Context, Output, Target};
use crate::diag::{Diagnostic, Level};
use crate::model::{Id as _, Origin, Process, TransitionId};

/// The target.
pub(super) static TARGET: Target = Target {
    name: "xstate",
    summary: "state machines for XState 5, with guards that mean what the process means",
    settings: &[],
    default: false,
    systems: Some(ledger::systems),
    validate: |context| emit(context).diagnostics,
    emit,
};

const RUNTIME: &str = include_str!("runtime.mjs");
const MACHINES: &str = include_str!("machines.mjs");

/// What moves and their events are called.
struct Names(Vec<String>);

impl Names {
    fn of(process: &Process) -> Self {
        Self(process.transition_keys().into_iter().map(|(_, key)| key).collect())
    }

    fn key(&self, id: TransitionId) -> &str {
        self.0.get(id.index()).map_or("", String::as_str)
    }

    /// The event that asks for the move. Several moves of one kind between the same stages share it.
    fn event(&self, process: &Process, id: TransitionId) -> String {
        let transition = &process.transitions[id];
        let kind = match transition.origin {
            Origin::Refusal(_) => "refuse",
            Origin::Declared | Origin::AnyOpen => transition.kind.word(),
        };
        format!("{kind}.{}", process.stages[transition.to].name)
    }
}

fn emit(context: &Context<'_>) -> Output {
    let process = context.process;
    let mut diagnostics = Vec::new();
    context.settings.reject_unknown("xstate", &[], &mut diagnostics);
    let names = Names::of(process);
    let language = context.languages.first().map_or("en", String::as_str);
    let guards = guards::guards(process, &names, language);
    losses(context, &guards, &mut diagnostics);

    let machines = machine::machines(process);
    let mut artifacts = vec![
        Artifact::text("runtime.mjs", RUNTIME),
        Artifact::text("guards.mjs", guards.text.as_str()),
        Artifact::text("README.md", readme::readme(process, &names, &machines, &guards, language)),
    ];
    let mut index = String::from(
        "// The process as machines of XState 5, compiled by Ekiden. Do not edit.\n\
         import { assign, createActor, emit, setup } from 'xstate';\n\
         import { delays, faults, guards, timezone } from './guards.mjs';\n\
         import { clock, local, wall } from './runtime.mjs';\n\n\
         export { criteria, faults, guards, isOpen, missing, moves, scores, timezone } from './guards.mjs';\n\
         export { clock };\n\nexport const configs = {\n",
    );
    let mut beginnings = serde_json::Map::new();
    for machine in &machines {
        let config = machine::config(process, &names, machine);
        let _ = writeln!(index, "  {}: {config:#},", expr::quoted(&machine.name));
        artifacts.push(Artifact::text(format!("{}.json", machine.name), format!("{config:#}\n")));
        let stages = machine.beginnings.iter().map(|id| process.stages[*id].name.as_str());
        beginnings.insert(machine.name.clone(), stages.collect::<Json>());
    }
    let _ = write!(
        index,
        "}};\n\n/** Where records begin. */\nexport const beginnings = {:#};\n{MACHINES}",
        json!(beginnings)
    );
    artifacts.push(Artifact::text("index.mjs", index));
    Output { artifacts, diagnostics }
}

/// What the machines do not do by themselves, each at its place.
fn losses(context: &Context<'_>, guards: &guards::Guards, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let level = if context.named { Level::Warning } else { Level::Note };
    for (id, questions) in &guards.asked {
        let transition = &process.transitions[*id];
        let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
        let message = format!(
            "XState cannot compute all of what the move from `{}` to `{}` asks: {}",
            from.name,
            to.name,
            questions.iter().map(|q| format!("`{q}`")).collect::<Vec<_>>().join(", ")
        );
        findings.push(
            Diagnostic::new(TARGET_LOSS, transition.span, message).level(level).help(
                "the program that runs the machine answers it; until then the move is closed",
            ),
        );
    }
    for stage in process.stages.values() {
        if let Some(limit) = &stage.limit
            && expr::length(limit.duration, 1, false).is_err()
        {
            let message = format!("XState has no timer for the limit of `{}`", stage.name);
            findings.push(
                Diagnostic::new(TARGET_LOSS, limit.span, message).level(level).help(
                    "a timer counts hours, days or months; watch working time in your program",
                ),
            );
        }
    }
}
