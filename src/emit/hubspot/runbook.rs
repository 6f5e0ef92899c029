//! What no call sets, as steps for people.

use crate::diag::{Diagnostic, Level};
use crate::emit::Context;
use crate::emit::crm::{TARGET_LOSS, cell, journeys, start_steps};
use crate::emit::sentence::Sentences;
use crate::model::{Process, RecordId, StageId, TransitionKind};

use super::choices::{Choices, LIFECYCLE};
use super::{Object, bounds, scores};

/// The steps, as sentences in Markdown.
pub(super) fn steps(process: &Process, choices: &Choices, objects: &[Object]) -> Vec<String> {
    let mut steps = Vec::new();
    for (record, stages) in process.records.ids().zip(journeys(process)) {
        if choices.objects.contains_key(&record) {
            asked_in(process, record, &stages, &mut steps);
            limits(process, record, &stages, &mut steps);
        }
    }
    let has = |stage: StageId| choices.objects.contains_key(&process.stages[stage].record);
    let with = |from, at| (has(from) && has(at)).then(String::new);
    steps.extend(start_steps(process, "a workflow", with));
    bounds::steps(process, objects, &mut steps);
    steps.extend(scores::steps(process, choices, objects));
    for (stage, lifecycle) in &choices.lifecycle {
        let stage = &process.stages[*stage];
        steps.push(format!(
            "Let a workflow set the lifecycle stage of the contact and the company to `{}` when a record of “{}” enters “{}”.",
            lifecycle.value,
            cell(&process.records[stage.record].title.value),
            cell(&stage.title.value)
        ));
    }
    steps
}

/// The rule that HubSpot calls conditional stage properties.
fn asked_in(process: &Process, record: RecordId, stages: &[StageId], steps: &mut Vec<String>) {
    let title = cell(&process.records[record].title.value);
    for stage in stages {
        let fields = asked(process, *stage);
        if !fields.is_empty() {
            let stage = cell(&process.stages[*stage].title.value);
            steps.push(format!(
                "In the settings of the pipeline of “{title}”, let the stage “{stage}” ask for: {}.",
                fields.join(", ")
            ));
        }
    }
}

/// What a record must bring when it leaves a stage: the fields that are filled in there, and those
/// that its exit criteria read.
fn asked(process: &Process, stage: StageId) -> Vec<String> {
    let stage = &process.stages[stage];
    let read = stage.exit.iter().flat_map(|id| process.criteria[*id].condition.fields());
    let mut fields = Vec::new();
    for field in stage.collect.iter().map(|field| field.value).chain(read) {
        let title = cell(&process.fields[field].title.value);
        if !fields.contains(&title) {
            fields.push(title);
        }
    }
    fields
}

fn limits(process: &Process, record: RecordId, stages: &[StageId], steps: &mut Vec<String>) {
    let title = cell(&process.records[record].title.value);
    let sentences = Sentences::new(process, "en");
    for id in stages {
        let stage = &process.stages[*id];
        let Some(limit) = &stage.limit else { continue };
        let owner = limit.escalate_to.or(stage.owner);
        let who = match owner {
            Some(owner) => format!("“{}”", cell(&process.owner_name(owner).1.value)),
            None => "its owner".to_owned(),
        };
        steps.push(format!(
            "Make a workflow for “{title}” that tells {who} when a record has been in “{}” for more than {}.",
            cell(&stage.title.value),
            sentences.duration(limit.duration)
        ));
    }
}

/// A move that would set a contact back: HubSpot sets the lifecycle stage forward only.
pub(super) fn backwards(context: &Context<'_>, choices: &Choices) -> Vec<Diagnostic> {
    let process = context.process;
    let rank = |stage: StageId| {
        let (_, chosen) = choices.lifecycle.iter().find(|(of, _)| *of == stage)?;
        LIFECYCLE.iter().position(|known| *known == chosen.value)
    };
    let mut findings = Vec::new();
    for transition in process.transitions.values() {
        let ends = (rank(transition.from), rank(transition.to));
        let (Some(from), Some(to)) = ends else { continue };
        if transition.kind == TransitionKind::Advance && to < from {
            let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
            let message = format!(
                "the lifecycle stage of HubSpot stays when a record advances from `{}` to `{}`",
                from.name, to.name
            );
            let finding = Diagnostic::new(TARGET_LOSS, transition.span, message);
            findings.push(
                finding
                    .level(Level::Warning)
                    .reason("it is set forward only, and theirs goes back")
                    .help("let `lifecycle` in the manifest follow the order of the stages"),
            );
        }
    }
    findings
}
