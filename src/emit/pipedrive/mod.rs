//! Pipedrive: the bodies of the requests that create pipelines, stages, fields and activity types,
//! and the plan in which order to send them.

mod choices;
mod fields;
mod held;
mod ledger;
mod pipelines;
mod plan;
mod readme;

use serde_json::{Value, json};

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{Access, TARGET_LOSS, borrowed_fields, journeys, one_line, script};
use crate::emit::{Artifact, Context, Output, Target};
use crate::model::{Id, Process, RecordId};

use choices::{Choices, Object};
use fields::{FieldWriter, Fields};
use pipelines::Pipeline;
use plan::{Call, Plan};

pub(super) use held::held;

/// The target.
pub(super) static TARGET: Target = Target {
    name: "pipedrive",
    summary: "Pipedrive requests: pipelines, stages, fields, and the order in which to send them",
    settings: choices::SETTINGS,
    default: false,
    systems: Some(ledger::systems),
    validate,
    emit,
};

fn validate(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    build(context, &mut findings);
    findings
}

/// What the process becomes.
struct Built {
    choices: Choices,
    pipelines: Vec<Pipeline>,
    fields: Fields,
    /// Record types without an object.
    left_out: Vec<RecordId>,
}

fn build(context: &Context<'_>, findings: &mut Vec<Diagnostic>) -> Built {
    let process = context.process;
    let choices = choices::read(context, findings);
    let mut pipelines = Vec::new();
    let mut left_out = Vec::new();
    for (record, stages) in process.records.ids().zip(journeys(process)) {
        match choices.objects.get(&record) {
            Some(Object::Deals) => {
                pipelines.extend(pipelines::pipeline(process, &choices, record, &stages, findings));
            }
            Some(object) => no_pipeline(process, record, *object, &stages, findings),
            None => {
                left_out.push(record);
                let declared = &process.records[record];
                let message = format!(
                    "record type `{}` has no object in Pipedrive and is left out",
                    declared.name
                );
                let help = format!("set `objects: {{{}: deals}}` in the manifest", declared.name);
                let finding = Diagnostic::new(TARGET_LOSS, declared.span, message);
                findings.push(finding.level(Level::Warning).help(help));
            }
        }
    }
    let borrowed = borrowed_fields(process);
    let mut fields = Fields::default();
    let mut writer = FieldWriter { process, choices: &choices, pipelines: &pipelines, findings };
    for record in process.records.ids() {
        let Some(object) = choices.objects.get(&record) else { continue };
        let borrowed = borrowed.get(record.index());
        for field in process.visible_fields(record) {
            let home = process.fields[field].record;
            let kept = choices.objects.get(&home).map(|of| of.fields());
            // Leads and deals share their fields; elsewhere, what is used here is copied.
            if kept == Some(object.fields()) || borrowed.is_some_and(|set| set.contains(&field)) {
                writer.field(&mut fields, record, *object, field);
            }
        }
        for (id, confirmation) in process.confirmations.iter() {
            if confirmation.record == record {
                writer.confirmation(&mut fields, *object, id);
            }
        }
    }
    Built { pipelines, fields, left_out, choices }
}

/// Stages of what has no pipeline there.
fn no_pipeline(
    process: &Process,
    record: RecordId,
    object: Object,
    stages: &[crate::model::StageId],
    findings: &mut Vec<Diagnostic>,
) {
    if stages.is_empty() {
        return;
    }
    let declared = &process.records[record];
    let message = format!(
        "the stages of `{}` are lost: {} have no pipeline in Pipedrive",
        declared.name,
        object.word()
    );
    let help = format!("set `objects: {{{}: deals}}` in the manifest to keep them", declared.name);
    let finding = Diagnostic::new(TARGET_LOSS, declared.span, message);
    findings.push(finding.level(Level::Warning).help(help));
}

fn emit(context: &Context<'_>) -> Output {
    let mut findings = Vec::new();
    let process = context.process;
    let built = build(context, &mut findings);
    let mut artifacts = Vec::new();
    let mut plan = Plan::default();
    for pipeline in &built.pipelines {
        let record = &process.records[pipeline.record];
        let path = format!("pipelines/{}.json", record.name);
        artifacts.push(Artifact::text(&path, json(&pipeline.body())).made_of(Some(record.span)));
        plan.call(Call {
            makes: format!("pipeline {}", record.name),
            path: "/api/v2/pipelines",
            body: path,
            uses: &[],
            saves: format!("pipeline.{}", record.name),
        });
        for (at, stage) in pipeline.stages.iter().enumerate() {
            let declared = &process.stages[stage.stage];
            let path = format!("stages/{}/{:03}-{}.json", record.name, at + 1, declared.name);
            let (body, uses) = stage.body(&record.name);
            artifacts.push(Artifact::text(&path, json(&body)).made_of(Some(declared.span)));
            plan.call(Call {
                makes: format!("stage {} of the pipeline {}", declared.name, record.name),
                path: "/api/v2/stages",
                body: path,
                uses: &uses,
                saves: format!("stage.{}", declared.name),
            });
        }
    }
    for field in built.fields.all.iter().filter(|field| field.is_new()) {
        let folder = field.object.fields();
        let path = format!("fields/{folder}/{}.json", field.key);
        let (body, uses) = field.body(process, &built.pipelines);
        artifacts.push(Artifact::text(&path, json(&body)).made_of(Some(field.span(process))));
        plan.call(Call {
            makes: format!("field {} of {folder}", field.key),
            path: field.object.path(),
            body: path,
            uses: &uses,
            saves: format!("field.{folder}.{}", field.key),
        });
    }
    for play in process.plays.values().filter(|_| built.choices.activities) {
        let name = match one_line(&play.title.value) {
            title if title.is_empty() => play.name.clone(),
            title => title,
        };
        let path = format!("activity-types/{}.json", play.name);
        let body = json!({ "name": name, "icon_key": icon(&name) });
        artifacts.push(Artifact::text(&path, json(&body)).made_of(Some(play.span)));
        plan.call(Call {
            makes: format!("activity type {}", play.name),
            path: "/v1/activityTypes",
            body: path,
            uses: &[],
            saves: format!("activity.{}", play.name),
        });
    }
    if artifacts.is_empty() {
        // A plan of no requests is no plan.
        return Output { artifacts, diagnostics: findings };
    }
    artifacts.push(Artifact::text("plan.json", json(&plan.write())));
    artifacts.push(Artifact::text("send.sh", script(&ACCESS)));
    artifacts.push(Artifact::text("README.md", readme::write(process, &built)));
    Output { artifacts, diagnostics: findings }
}

/// How requests are signed.
const ACCESS: Access =
    Access { system: "Pipedrive", token: "PIPEDRIVE_TOKEN", header: "x-api-token: %s" };

/// The picture of an activity type, by the words of its title.
fn icon(title: &str) -> &'static str {
    let title = title.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| title.contains(word));
    match () {
        () if has(&["call", "phone", "전화", "電話"]) => "call",
        () if has(&["mail", "메일", "メール"]) => "email",
        () if has(&["demo", "present", "데모", "デモ"]) => "presentation",
        () if has(&["meet", "visit", "미팅", "회의", "商談", "訪問"]) => "meeting",
        () => "task",
    }
}

fn json(value: &Value) -> String {
    format!("{value:#}\n")
}
