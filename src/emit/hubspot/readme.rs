//! The README: how to send the requests, what became of what, what is left to people.

use std::fmt::Write as _;

use crate::emit::crm::{cell, code, currency_note, unheard};
use crate::model::{Process, RecordId};

use super::choices::Choices;
use super::properties::{Source, is_keyed};
use super::rules::rules;
use super::scores::{self, Scoring};
use super::terraform::PROVIDER;
use super::{Object, bounds, runbook};

pub(super) fn write(
    process: &Process,
    choices: &Choices,
    objects: &[Object],
    left_out: &[RecordId],
) -> String {
    let mut out = format!("# {} in HubSpot\n", cell(&process.title.value));
    out.push_str(
        "\nThe bodies of the requests that create the pipelines and properties of the process, made by \
         Ekiden. Change the process and build again; changes made here are lost.\n",
    );
    if let Some(note) = currency_note(process) {
        let _ = writeln!(out, "\n{note}");
    }
    apply(&mut out, objects);
    terraform(&mut out);
    for object in objects {
        pipelines(&mut out, process, choices, object);
        properties(&mut out, process, object);
    }
    scored(&mut out, process, choices, objects);
    by_hand(&mut out, process, choices, objects);
    losses(&mut out, process, left_out);
    out
}

fn apply(out: &mut String, objects: &[Object]) {
    out.push_str(
        "\n## Send\n\n`plan.json` lists the requests in the order in which to send them. `send.sh` sends them with `curl` and `jq`:\n\n\
         ```sh\n\
         HUBSPOT_TOKEN=… sh send.sh\n\
         ```\n\n\
         It notes in `sent.json` what was sent and the ids that HubSpot answered. After a failure it goes on where it stopped. \
         A property or group that exists already is changed with the method and path under `if_exists`, \
         without the keys under `omit`. Change an existing pipeline stage by stage: replacing it whole \
         would take settings of the account away. To set the rules of a pipeline that is there, write its ids into `sent.json`, \
         under `values`; its rules, approvals among them, are replaced whole.\n",
    );
    let custom: Vec<String> = objects
        .iter()
        .filter(|object| object.name.starts_with("p_") || object.name.starts_with("2-"))
        .map(|object| code(&object.name))
        .collect();
    if !custom.is_empty() {
        let _ = writeln!(out, "\nCreate the custom object {} first.", custom.join(" and "));
    }
}

fn terraform(out: &mut String) {
    let (provider, version) = PROVIDER;
    let _ = writeln!(
        out,
        "\n## Or Terraform\n\n`terraform/main.tf.json` makes the same groups, properties and pipelines with the provider \
         {} ({}), which is not HubSpot's own. It does not know rules, scores, lifecycle stages, nor that a number is shown as money: `send.sh` sends these \
         afterwards, with the ids that Terraform tells.\n\n\
         ```sh\n\
         cd terraform\n\
         export HUBSPOT_ACCESS_TOKEN=…\n\
         terraform init\n\
         terraform apply\n\
         terraform output -json sent > ../sent.json\n\
         cd ..\n\
         HUBSPOT_TOKEN=… sh send.sh\n\
         ```\n\n\
         Keep its state where you keep that of others: take the folder as a module.",
        code(provider),
        code(version)
    );
}

fn scored(out: &mut String, process: &Process, choices: &Choices, objects: &[Object]) {
    let drafted = scores::scorings(process, choices, objects);
    let drafted: Vec<&Scoring> = drafted.iter().filter(|one| one.body.is_some()).collect();
    for scoring in &drafted {
        let title = cell(&process.scores[scoring.score].title.value);
        let _ = writeln!(out, "\n## Score “{title}” of {}\n", code(&scoring.object));
        for line in scores::table(process, scoring) {
            let _ = writeln!(out, "{line}");
        }
    }
    if !drafted.is_empty() {
        out.push_str(
            "\nThe last requests draft these scores, and turn nothing on. They need a subscription with lead scoring and a token \
             with the scope `mh-lead-scoring-edit`; HubSpot calls the interface a beta. A score whose id stands in `sent.json` is \
             left as it is: change it by hand, or delete it and the id.\n",
        );
    }
}

fn by_hand(out: &mut String, process: &Process, choices: &Choices, objects: &[Object]) {
    let steps = runbook::steps(process, choices, objects);
    if steps.is_empty() {
        return;
    }
    out.push_str("\n## By hand\n\nWhat no request sets. Tick what is done.\n\n");
    for (at, step) in steps.iter().enumerate() {
        let _ = writeln!(out, "- [ ] {}. {step}", at + 1);
    }
}

/// The rules of a pipeline, in words.
fn rules_of(out: &mut String, process: &Process, choices: &Choices, pipeline: &super::Pipeline) {
    let Some(rules) = rules(process, choices, pipeline) else {
        let object = code(&pipeline.object);
        let _ = writeln!(
            out,
            "\nPipelines of {object} have no rules: a record can go from any stage to any other."
        );
        return;
    };
    let list = |stages: &[usize]| {
        let there = stages.iter().filter_map(|at| pipeline.stages.get(*at));
        there.map(|stage| cell(&stage.label)).collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    for (stages, what) in [
        (&rules.no_way_back, "No record goes back from"),
        (&rules.no_leap, "No record skips"),
        (&rules.begins, "Records begin in"),
    ] {
        if !stages.is_empty() {
            lines.push(format!("{what}: {}.", list(stages)));
        }
    }
    for approval in &rules.approvals {
        let who = if approval.all { "all of" } else { "one of" };
        lines.push(format!(
            "Before {}, {who} the users {} approve: {}.",
            list(&[approval.stage]),
            approval.users.join(", "),
            cell(&approval.text)
        ));
    }
    for one in &rules.unapproved {
        let title = cell(&process.criteria[one.criterion].title.value);
        lines.push(format!("Nobody approves “{title}”: {}.", one.why()));
    }
    for (at, teams) in rules.editors.iter().enumerate().filter(|(_, teams)| !teams.is_empty()) {
        lines.push(format!("Only the teams {} edit records in {}.", teams.join(", "), list(&[at])));
    }
    if !lines.is_empty() {
        out.push('\n');
    }
    for line in lines {
        let _ = writeln!(out, "- {line}");
    }
}

fn pipelines(out: &mut String, process: &Process, choices: &Choices, object: &Object) {
    for pipeline in &object.pipelines {
        let record = code(&process.records[pipeline.record].name);
        let _ = writeln!(
            out,
            "\n## Pipeline of {record}: {} on {}\n\n| stage | label | probability | closed |\n| --- | --- | --- | --- |",
            cell(&pipeline.label),
            code(&pipeline.object)
        );
        for stage in &pipeline.stages {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                code(&stage.id),
                cell(&stage.label),
                stage.probability.as_deref().unwrap_or("-"),
                if stage.closed { "yes" } else { "no" }
            );
        }
        rules_of(out, process, choices, pipeline);
    }
}

fn properties(out: &mut String, process: &Process, object: &Object) {
    if object.properties.all.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n## Properties of {}\n\n| property | holds | remarks |\n| --- | --- | --- |",
        code(&object.name)
    );
    for property in &object.properties.all {
        let mut remarks: Vec<String> = Vec::new();
        let mut remark = |text: &str| remarks.push(text.to_owned());
        if property.body.is_none() && object.records.is_empty() {
            remark("the account's own, used as it is");
        } else if property.body.is_none() {
            remark("HubSpot's own, used as it is");
        }
        let holds = match property.source {
            Source::Field(id) => {
                let field = &process.fields[id];
                if !object.records.contains(&field.record) && property.body.is_some() {
                    remark("a copy, because it is used here");
                }
                if field.required {
                    remark("HubSpot lets it be empty");
                }
                bounds::remark(process, property).iter().for_each(|text| remark(text));
                if field.unique && !is_keyed(&field.ty) {
                    remark("HubSpot lets values repeat");
                }
                let all = std::iter::once(id).chain(property.shared.iter().copied());
                let names = all.map(|id| {
                    let field = &process.fields[id];
                    code(&format!("{}.{}", process.records[field.record].name, field.name))
                });
                names.collect::<Vec<_>>().join(", ")
            }
            Source::Confirmation(id) => cell(&process.confirmations[id].text.value),
        };
        let remarks = if remarks.is_empty() { "-".to_owned() } else { remarks.join("; ") };
        let _ = writeln!(out, "| {} | {holds} | {remarks} |", code(&property.name));
    }
}

/// What the process says and these requests do not do.
fn losses(out: &mut String, process: &Process, left_out: &[RecordId]) {
    let counts = unheard(process, &["scores", "time limits of stages", "moves"]);
    if counts.is_empty() && left_out.is_empty() {
        return;
    }
    out.push_str("\n## What HubSpot does not know\n\nThe process also has the following, which these requests do not carry:\n\n");
    for record in left_out {
        let record = code(&process.records[*record].name);
        let _ = writeln!(
            out,
            "- record type {record}, its stages and its fields: it has no object in HubSpot"
        );
    }
    for line in counts {
        let _ = writeln!(out, "- {line}");
    }
}
