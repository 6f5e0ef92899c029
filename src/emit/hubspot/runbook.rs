//! What no call sets, as steps for people.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::emit::Context;
use crate::emit::crm::{TARGET_LOSS, asked_where, cell, start_steps};
use crate::emit::sentence::Sentences;
use crate::model::{FieldId, Process, RecordId, StageId, TransitionKind};

use super::choices::{Choices, LIFECYCLE};
use super::pipelines::Pipeline;
use super::{Object, bounds, scores};

/// The steps, as sentences in Markdown.
pub(super) fn steps(process: &Process, choices: &Choices, objects: &[Object]) -> Vec<String> {
    let mut steps = Vec::new();
    for record in process.records.ids() {
        if choices.objects.contains_key(&record) {
            // What people see of it in HubSpot.
            let mut pipelines = objects.iter().flat_map(|object| &object.pipelines);
            let pipeline = pipelines.find(|pipeline| pipeline.record == record);
            let Some(pipeline) = pipeline else { continue };
            asked_in(process, pipeline, &mut steps);
            limits(process, pipeline, &mut steps);
        }
    }
    let has = |stage: StageId| choices.objects.contains_key(&process.stages[stage].record);
    let with = |from, at| (has(from) && has(at)).then(String::new);
    steps.extend(start_steps(process, "a workflow", with));
    bounds::steps(process, objects, &mut steps);
    steps.extend(scores::steps(process, choices, objects));
    if !choices.lifecycle_stages.is_empty() {
        let labels: Vec<String> =
            choices.lifecycle_stages.iter().map(|label| format!("“{}”", cell(label))).collect();
        steps.push(format!(
            "Under Objects > Contacts > Lifecycle Stage, put {} where the order asks for it: HubSpot puts what is made last.",
            labels.join(", ")
        ));
    }
    for (stage, lifecycle) in &choices.lifecycle {
        let stage = &process.stages[*stage];
        steps.push(format!(
            "Let a workflow set the lifecycle stage of the contact and the company to `{}` when a record of “{}” enters “{}”.",
            cell(&lifecycle.value),
            cell(&process.records[stage.record].title.value),
            cell(&stage.title.value)
        ));
    }
    steps
}

/// What HubSpot calls conditional stage properties: they are asked for when a record is moved to the
/// stage. Those that every way there has asked for may be required; the others of the stages before are
/// shown, for not every way asks for them.
fn asked_in(process: &Process, pipeline: &Pipeline, steps: &mut Vec<String>) {
    let record = pipeline.record;
    let mut required: FxHashMap<StageId, Vec<FieldId>> = FxHashMap::default();
    for field in process.visible_fields(record) {
        let asked = asked_where(process, record, field);
        for stage in asked.stages.iter().chain(&asked.ends) {
            required.entry(*stage).or_default().push(field);
        }
    }
    let titles = |fields: &[FieldId]| {
        let mut titles: Vec<String> = Vec::new();
        for field in fields {
            let title = format!("“{}”", cell(&process.fields[*field].title.value));
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        titles.join(", ")
    };
    for built in &pipeline.stages {
        let stage = &built.stage;
        let required = required.get(stage).map_or(&[][..], Vec::as_slice);
        let mut shown = asked_before(process, record, *stage);
        shown.retain(|field| !required.contains(field));
        let asks = match (required, shown.as_slice()) {
            ([], []) => continue,
            (_, []) => format!("require: {}", titles(required)),
            ([], _) => format!("offer, but not require: {}", titles(&shown)),
            _ => format!(
                "require: {}; and offer, but not require: {}",
                titles(required),
                titles(&shown)
            ),
        };
        steps.push(format!(
            "In the settings of the pipeline “{}”, let the stage “{}” {asks}.",
            cell(&pipeline.label),
            cell(&built.label)
        ));
    }
}

/// What the stages before a stage fill in, and what their exit criteria read; at the end what is filled
/// in there, too.
fn asked_before(process: &Process, record: RecordId, stage: StageId) -> Vec<FieldId> {
    let ways = process.stages[stage].incoming.iter().map(|way| &process.transitions[*way]);
    let mut fields = Vec::new();
    // At the end it is filled in on arrival.
    let here = &process.stages[stage];
    if !here.is_open() {
        fields.extend(here.collect.iter().map(|field| field.value));
    }
    for way in ways.filter(|way| way.from != stage && way.kind == TransitionKind::Advance) {
        let from = &process.stages[way.from];
        if from.record != record {
            continue;
        }
        let read = from.exit.iter().flat_map(|id| process.criteria[*id].condition.fields());
        for field in from.collect.iter().map(|field| field.value).chain(read) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
    }
    fields
}

fn limits(process: &Process, pipeline: &Pipeline, steps: &mut Vec<String>) {
    let sentences = Sentences::new(process, "en");
    for built in &pipeline.stages {
        let stage = &process.stages[built.stage];
        let Some(limit) = &stage.limit else { continue };
        let owner = limit.escalate_to.or(stage.owner);
        let who = match owner {
            Some(owner) => format!("“{}”", cell(&process.owner_name(owner).1.value)),
            None => "its owner".to_owned(),
        };
        steps.push(format!(
            "Make a workflow that tells {who} when a record of the pipeline “{}” has been in “{}” for more than {}.",
            cell(&pipeline.label),
            cell(&built.label),
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
