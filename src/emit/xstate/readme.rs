//! `README.md`: how a program runs the machines.

use std::fmt::Write as _;

use crate::emit::crm::{cell, code};
use crate::model::Process;

use super::Names;
use super::guards::Guards;
use super::machine::Machine;

pub(super) fn readme(
    process: &Process,
    names: &Names,
    machines: &[Machine],
    guards: &Guards,
    language: &str,
) -> String {
    let mut out = format!(
        "# {}: state machines\n\nCompiled by Ekiden for XState 5 (`npm install xstate`). Change the process, not these files.\n",
        cell(process.title.get(language))
    );
    if let Some(machine) = machines.first() {
        let _ = write!(
            out,
            "\n```js\nimport {{ begin, missing }} from './index.mjs';\n\n\
             const record = begin('{}').start();\n\
             record.on('escalate', ({{ stage, to }}) => console.log(stage, to));\n",
            machine.name
        );
        let first = machine.beginnings.first().map(|id| &process.stages[*id]);
        if let Some(way) = first.and_then(|stage| stage.outgoing.first()) {
            let event = names.event(process, *way);
            let _ = write!(
                out,
                "\nconst wish = {{ type: '{event}' }};\n\
                 const {{ context }} = record.getSnapshot();\n\
                 if (record.getSnapshot().can(wish)) record.send(wish);\n\
                 else console.log(missing('{}', context));\n",
                names.key(*way)
            );
        }
        out.push_str("```\n");
    }
    out.push_str("\n| machine | begins in | stages |\n| --- | --- | --- |\n");
    for machine in machines {
        let listed = |ids: &[crate::model::StageId]| {
            let names = ids.iter().map(|id| code(&process.stages[*id].name));
            names.collect::<Vec<_>>().join(", ")
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            code(&machine.name),
            listed(&machine.beginnings),
            listed(&machine.stages)
        );
    }
    if !guards.asked.is_empty() {
        out.push_str(
            "\n## What your program answers\n\nThese moves stay closed until `{ type: 'record.answer', answers: { … } }` \
             says `true` or `false` for each question.\n\n| move | questions |\n| --- | --- |\n",
        );
        for (id, questions) in &guards.asked {
            let questions: Vec<String> =
                questions.iter().map(|question| code(question).replace('|', "\\|")).collect();
            let _ = writeln!(out, "| {} | {} |", code(names.key(*id)), questions.join(", "));
        }
    }
    out
}
