//! Pipelines: one for each record type that has an object and stages.

use rust_decimal::{Decimal, RoundingStrategy};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{NAME_NOT_PORTABLE, TARGET_LOSS, endless, length, one_line, shortened};
use crate::model::{Outcome, Process, Record, RecordId, Stage, StageId, Text};

use super::choices::Choices;
use super::object;

/// The longest label of a pipeline, as an earlier version of the interface documents it.
const PIPELINE_LABEL: usize = 36;
/// Objects whose pipelines have at most 30 stages; the others have 100.
const SHORT: &[&str] = &["leads", "appointments", "courses", "listings", "orders", "services"];

/// A pipeline.
#[derive(Debug)]
pub(super) struct Pipeline {
    /// Whose stages it has.
    pub(super) record: RecordId,
    /// `deals`
    pub(super) object: String,
    /// `the_model_deal`
    pub(super) id: String,
    /// What people see.
    pub(super) label: String,
    /// In order.
    pub(super) stages: Vec<PipelineStage>,
}

/// A stage of a pipeline.
#[derive(Debug)]
pub(super) struct PipelineStage {
    /// The stage.
    pub(super) stage: StageId,
    /// `the_model_won`
    pub(super) id: String,
    /// What people see.
    pub(super) label: String,
    /// `0.4`, for deals.
    pub(super) probability: Option<String>,
    /// Whether work on it has ended.
    pub(super) closed: bool,
}

/// Builds the pipeline of a record type; none when it has no stages.
pub(super) fn pipeline(
    process: &Process,
    choices: &Choices,
    prefix: &str,
    (record, object): (RecordId, &str),
    stages: &[StageId],
    findings: &mut Vec<Diagnostic>,
) -> Option<Pipeline> {
    if stages.is_empty() {
        return None;
    }
    let mut builder = Builder { process, object, findings };
    let label = builder.pipeline_label(choices, record);
    builder.limit(stages);
    if object == "deals" {
        let stages = stages.iter().map(|stage| &process.stages[*stage]);
        let place = "the pipeline of deals in HubSpot";
        builder.findings.extend(endless(&process.records[record], stages, place));
    }
    // Titles first: a label with a name in it takes none away.
    let labels: Vec<String> = stages.iter().map(|id| builder.label(&process.stages[*id])).collect();
    let mut first: FxHashMap<String, StageId> = FxHashMap::default();
    for (id, label) in stages.iter().zip(&labels) {
        first.entry(label.to_lowercase()).or_insert(*id);
    }
    let mut taken: FxHashSet<String> = first.keys().cloned().collect();
    let mut built = Vec::new();
    for (id, mut label) in stages.iter().zip(labels) {
        let stage = &process.stages[*id];
        if let Some(other) = first.get(&label.to_lowercase()).filter(|other| *other != id) {
            builder.findings.push(duplicate(stage, &process.stages[*other]));
            label = format!("{label} ({})", stage.name);
            while !taken.insert(label.to_lowercase()) {
                label.push_str(" *");
            }
        }
        built.push(PipelineStage {
            stage: *id,
            id: format!("{prefix}_{}", stage.name),
            label,
            probability: (object == "deals").then(|| builder.probability(stage)),
            closed: stage.outcome.is_some(),
        });
    }
    let id = format!("{prefix}_{}", process.records[record].name);
    Some(Pipeline { record, object: object.to_owned(), id, label, stages: built })
}

struct Builder<'a, 'f> {
    process: &'a Process,
    object: &'a str,
    findings: &'f mut Vec<Diagnostic>,
}

impl Builder<'_, '_> {
    /// The label of a pipeline. What is chosen for it in place of one that is cut must not be the label
    /// of another one.
    fn pipeline_label(&mut self, choices: &Choices, record: RecordId) -> String {
        let declared = &self.process.records[record];
        let label = match choices.pipelines.get(&record) {
            Some(label) => one_line(label),
            None => {
                let record = one_line(&declared.title.value);
                let whole = format!("{}: {record}", one_line(&self.process.title.value));
                // The record type tells pipelines apart: the process gives way.
                match PIPELINE_LABEL.checked_sub(length(&record) + 2) {
                    Some(room @ 4..) if length(&whole) > PIPELINE_LABEL => {
                        self.cut(declared);
                        let process = shortened(&one_line(&self.process.title.value), room);
                        return format!("{process}: {record}");
                    }
                    _ => whole,
                }
            }
        };
        if length(&label) > PIPELINE_LABEL {
            self.cut(declared);
        }
        shortened(&label, PIPELINE_LABEL)
    }

    fn cut(&mut self, declared: &Record) {
        let message = format!("the label of the pipeline of `{}` is cut in HubSpot", declared.name);
        self.findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, declared.span, message)
                .level(Level::Warning)
                .reason(format!("a label has at most {PIPELINE_LABEL} characters"))
                .help(format!(
                    "set `pipelines: {{{}: {}}}` in the manifest, or another short label that no other pipeline of {} has",
                    declared.name,
                    own_label(self.process, declared),
                    self.object
                )),
        );
    }

    fn limit(&mut self, stages: &[StageId]) {
        let limit = if SHORT.contains(&self.object) { 30 } else { 100 };
        let Some(first) = stages.get(limit) else { return };
        let message =
            format!("{} stages are more than a pipeline of HubSpot can hold", stages.len());
        self.findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, self.process.stages[*first].span, message)
                .reason(format!("a pipeline of {} has at most {limit}", self.object))
                .help("split the record type, or leave the target `hubspot` out"),
        );
    }

    fn label(&mut self, stage: &Stage) -> String {
        match one_line(&stage.title.value) {
            label if label.is_empty() => Text::from_name(&stage.name, stage.span).value,
            label => label,
        }
    }

    /// A probability in steps of a tenth. HubSpot reads 0.0 as lost and 1.0 as won, so an open
    /// stage stays between the two.
    fn probability(&mut self, stage: &Stage) -> String {
        let (tenths, help) = match stage.outcome {
            Some(Outcome::Won) => (Decimal::TEN, "there a won stage has 100%"),
            Some(Outcome::Lost | Outcome::Void) => {
                (Decimal::ZERO, "there a closed stage that is not won has 0%")
            }
            None => {
                let percent = stage.probability.map_or(Decimal::ZERO, |percent| percent.value);
                let tenths = percent / Decimal::TEN;
                let whole =
                    tenths.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
                let nine = Decimal::from(9);
                (
                    whole.clamp(Decimal::ONE, nine),
                    "there an open stage has 10% to 90%, in steps of 10%",
                )
            }
        };
        let percent = tenths * Decimal::TEN;
        let message = match stage.probability.map(|percent| percent.value) {
            Some(declared) if declared == percent => None,
            None if stage.outcome.is_some() => None,
            Some(declared) => Some(format!(
                "`{}` has probability {declared}%, HubSpot gets {percent}%",
                stage.name
            )),
            None => Some(format!("`{}` has no probability, HubSpot gets {percent}%", stage.name)),
        };
        if let Some(message) = message {
            let finding = Diagnostic::new(TARGET_LOSS, stage.span, message).level(Level::Warning);
            self.findings.push(finding.help(help));
        }
        format!("{:.1}", tenths / Decimal::TEN)
    }
}

/// A short label that tells the record type: its title as it goes into a setting, or its name where
/// another record type has that title, too.
fn own_label(process: &Process, record: &Record) -> String {
    let title = one_line(&record.title.value);
    let is_plain = title.chars().all(|c| c.is_alphanumeric() || c == ' ') && !title.is_empty();
    let same =
        |other: &&Record| one_line(&other.title.value).to_lowercase() == title.to_lowercase();
    let is_own = process.records.values().filter(same).count() == 1;
    let fits = is_plain && is_own && length(&title) <= PIPELINE_LABEL;
    if fits { title } else { record.name.clone() }
}

/// Pipelines of one object whose labels are the same: HubSpot takes a label once.
pub(super) fn alike(process: &Process, pipelines: &[Pipeline], findings: &mut Vec<Diagnostic>) {
    let mut seen: FxHashMap<String, RecordId> = FxHashMap::default();
    for pipeline in pipelines {
        let other = *seen.entry(pipeline.label.to_lowercase()).or_insert(pipeline.record);
        if other == pipeline.record {
            continue;
        }
        let (record, other) = (&process.records[pipeline.record], &process.records[other]);
        let message = format!(
            "the pipelines of `{}` and `{}` have one label in HubSpot: {}",
            other.name, record.name, pipeline.label
        );
        findings.push(
            Diagnostic::new(NAME_NOT_PORTABLE, record.span, message)
                .label(other.span, "the other one")
                .reason(format!("a label is that of one pipeline of {} only", pipeline.object))
                .help(format!(
                    "give each its own with `pipelines: {{{}: …, {}: …}}` in the manifest; upper and lower case count as the same",
                    other.name, record.name
                )),
        );
    }
}

fn duplicate(stage: &Stage, other: &Stage) -> Diagnostic {
    let message =
        format!("stages `{}` and `{}` have one title, HubSpot needs two", other.name, stage.name);
    Diagnostic::new(NAME_NOT_PORTABLE, stage.title.span, message)
        .level(Level::Warning)
        .reason(format!("the label of `{0}` gets its name: “… ({0})”", stage.name))
        .label(other.title.span, "the other one")
        .help("give one of them another title; upper and lower case count as the same")
}

impl Pipeline {
    /// The body of the request that creates it. `order`: its place among the pipelines of its
    /// object, from 0.
    pub(super) fn body(&self, order: usize) -> Value {
        let stages: Vec<Value> = self
            .stages
            .iter()
            .enumerate()
            .map(|(order, stage)| {
                let state = if stage.closed { "CLOSED" } else { "OPEN" };
                // Values of metadata are texts, whatever they mean.
                let metadata = object([
                    (
                        "probability",
                        stage.probability.as_ref().map(|probability| json!(probability)),
                    ),
                    ("ticketState", (self.object == "tickets").then(|| json!(state))),
                    ("isClosed", Some(json!(stage.closed.to_string()))),
                ]);
                json!({
                    "stageId": stage.id,
                    "label": stage.label,
                    "displayOrder": order,
                    "metadata": metadata,
                })
            })
            .collect();
        json!({ "pipelineId": self.id, "label": self.label, "displayOrder": order, "stages": stages })
    }
}
