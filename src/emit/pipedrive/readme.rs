//! The README: how to send the requests, what became of what, what is left to people.

use std::fmt::Write as _;

use crate::diag::render::counted;
use crate::emit::crm::{cell, code, currency_note, unheard};
use crate::model::{Outcome, Process};

use super::Built;
use super::fields::Source;
use super::ledger::{asked, steps};

pub(super) fn write(process: &Process, built: &Built) -> String {
    let mut out = format!("# {} in Pipedrive\n", cell(&process.title.value));
    out.push_str(
        "\nThe bodies of the requests that create the pipelines, stages and fields of the process, made by \
         Ekiden. Change the process and build again; changes made here are lost.\n",
    );
    if let Some(note) = currency_note(process) {
        let _ = writeln!(out, "\n{note}");
    }
    out.push_str(
        "\n## Send\n\n`plan.json` lists the requests in the order in which to send them. `send.sh` sends them with `curl` and `jq`:\n\n\
         ```sh\n\
         PIPEDRIVE_TOKEN=… sh send.sh\n\
         ```\n\n\
         It notes in `sent.json` what was sent and the ids that Pipedrive answered. After a failure it goes on where it stopped. \
         Pipedrive makes a thing twice when it is asked twice: keep `sent.json`. Of what the account has already, write the id into it, \
         under `values`: what has an id there is not sent. A stage or field that has changed is changed there by hand.\n",
    );
    for pipeline in &built.pipelines {
        let record = code(&process.records[pipeline.record].name);
        let _ = writeln!(
            out,
            "\n## Pipeline of {record}: {}\n\n| stage | name | probability | rotten after |\n| --- | --- | --- | --- |",
            cell(&pipeline.name)
        );
        for stage in &pipeline.stages {
            let percent = stage.probability.map_or("-".to_owned(), |percent| format!("{percent}%"));
            let rotten = stage.rotten.map_or("-".to_owned(), |days| counted(days as usize, "day"));
            let name = code(&process.stages[stage.stage].name);
            let _ = writeln!(out, "| {name} | {} | {percent} | {rotten} |", cell(&stage.name));
        }
        let ends: Vec<String> = process
            .stages_of(pipeline.record)
            .filter_map(|id| {
                let stage = &process.stages[id];
                let status = match stage.outcome? {
                    Outcome::Won => "won",
                    Outcome::Lost | Outcome::Void => "lost",
                };
                Some(format!("{} is {status}", code(&stage.name)))
            })
            .collect();
        if !ends.is_empty() {
            let _ = writeln!(out, "\nThe ends are no stages there: {}.", ends.join(", "));
        }
    }
    fields(&mut out, process, built);
    let steps = steps(process, built);
    if !steps.is_empty() {
        out.push_str("\n## By hand\n\nWhat no request sets. Tick what is done.\n\n");
        for (at, step) in steps.iter().enumerate() {
            let _ = writeln!(out, "- [ ] {}. {step}", at + 1);
        }
    }
    losses(&mut out, process, built);
    out
}

fn fields(out: &mut String, process: &Process, built: &Built) {
    for object in ["deals", "persons", "organizations"] {
        let of: Vec<_> =
            built.fields.all.iter().filter(|field| field.object.fields() == object).collect();
        if of.is_empty() {
            continue;
        }
        let _ = writeln!(
            out,
            "\n## Fields of {object}\n\n| field | holds | required | remarks |\n| --- | --- | --- | --- |"
        );
        for field in of {
            let holds = match field.source {
                Source::Field(id) => {
                    let field = &process.fields[id];
                    code(&format!("{}.{}", process.records[field.record].name, field.name))
                }
                Source::Confirmation(id) => cell(&process.confirmations[id].text.value),
            };
            let stages: Vec<String> = field
                .places
                .iter()
                .flat_map(|(_, asked)| &asked.stages)
                .map(|id| cell(&process.stages[*id].title.value))
                .collect();
            let required = match () {
                () if !field.is_new() => "-".to_owned(),
                () if field.is_required() => "everywhere".to_owned(),
                () if stages.is_empty() => "-".to_owned(),
                () => stages.join(", "),
            };
            let remark = match &field.existing {
                Some(key) => format!("Pipedrive's own {}, used as it is", code(key)),
                None => "-".to_owned(),
            };
            let _ = writeln!(out, "| {} | {holds} | {required} | {remark} |", code(&field.key));
        }
    }
}

/// What the process says and these requests do not do.
fn losses(out: &mut String, process: &Process, built: &Built) {
    let told: &[&str] = if built.choices.activities {
        &["plays", "time limits of stages"]
    } else {
        &["time limits of stages"]
    };
    let counts = unheard(process, told);
    if counts.is_empty() && built.left_out.is_empty() {
        return;
    }
    out.push_str("\n## What Pipedrive does not know\n\nThe process also has the following, which these requests do not carry:\n\n");
    for record in &built.left_out {
        let record = code(&process.records[*record].name);
        let _ = writeln!(
            out,
            "- record type {record}, its stages and its fields: it has no object in Pipedrive"
        );
    }
    for line in counts {
        let _ = writeln!(out, "- {line}");
    }
    let asked: Vec<String> = asked(process, built).iter().map(|name| code(name)).collect();
    if !asked.is_empty() {
        let _ = writeln!(
            out,
            "\nOf these criteria Pipedrive asks for some, because the fields they want are required where a deal arrives: {}.",
            asked.join(", ")
        );
    }
}
