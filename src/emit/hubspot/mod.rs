//! HubSpot: the bodies of the requests that create pipelines and properties, and the plan in which
//! order to send them.

mod approvals;
mod bounds;
mod choices;
mod count;
mod held;
mod ledger;
mod pipelines;
mod plan;
mod properties;
mod readme;
mod rules;
mod runbook;
mod scores;
mod terraform;

use serde_json::Value;

use crate::diag::{Diagnostic, Level};
use crate::emit::crm::{Access, TARGET_LOSS, Use, borrowed_fields, journeys, one_line, script};
use crate::emit::{Artifact, Context, Output, Target};
use crate::model::{ConfirmationId, Id, Process, RecordId};

use pipelines::Pipeline;
use plan::Plan;
use properties::{Properties, PropertyWriter, Source};

pub(super) use count::count;
pub(super) use held::held;

/// The target.
pub(super) static TARGET: Target = Target {
    name: "hubspot",
    summary: "HubSpot requests: pipelines, their rules, properties, and the order in which to send them",
    settings: choices::SETTINGS,
    default: true,
    systems: Some(ledger::systems),
    validate,
    emit,
};

fn validate(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    objects(context, &slug(&context.process.name), &mut findings);
    findings.extend(runbook::backwards(context, &choices::read(context, &mut Vec::new())));
    findings
}

fn emit(context: &Context<'_>) -> Output {
    let mut findings = Vec::new();
    let process = context.process;
    let prefix = slug(&process.name);
    let (objects, left_out) = objects(context, &prefix, &mut findings);

    let mut artifacts = Vec::new();
    let mut plan = Plan::default();
    for object in &objects {
        write_properties(process, object, &prefix, &mut plan, &mut artifacts);
    }
    for object in &objects {
        for (order, pipeline) in object.pipelines.iter().enumerate() {
            let name = &process.records[pipeline.record].name;
            let path = format!("pipelines/{}/{name}.json", object.name);
            let origin = Some(process.records[pipeline.record].span);
            let body = json(&pipeline.body(order));
            artifacts.push(Artifact::text(&path, body).made_of(origin));
            plan.pipeline(process, pipeline, path);
        }
    }
    let choices = choices::read(context, &mut Vec::new());
    findings.extend(runbook::backwards(context, &choices));
    for object in &objects {
        for pipeline in &object.pipelines {
            write_rules(process, &choices, pipeline, &mut plan, &mut artifacts);
            if let Some(rules) = rules::rules(process, &choices, pipeline) {
                approvals::told(process, &rules.unapproved, &mut findings);
            }
        }
    }
    for (at, label) in choices.lifecycle_stages.iter().enumerate() {
        // Behind those that HubSpot ships, until people put them where they belong.
        let body = serde_json::json!({
            "label": label,
            "displayOrder": choices::LIFECYCLE.len() + at,
            "metadata": { "isClosed": "false" },
        });
        let path = format!("lifecycle-stages/contacts/{}_{}.json", at + 1, slug(label));
        artifacts.push(Artifact::text(&path, json(&body)));
        plan.lifecycle_stage(label, path);
    }
    for scoring in scores::scorings(process, &choices, &objects) {
        let score = &process.scores[scoring.score];
        let Some(body) = &scoring.body else { continue };
        let path = format!("scores/{}/{}.json", scoring.object, score.name);
        artifacts.push(Artifact::text(&path, json(body)).made_of(Some(score.span)));
        plan.score(&score.name, &scoring.object, path);
    }
    if artifacts.is_empty() {
        // A plan of no requests is no plan.
        return Output { artifacts, diagnostics: findings };
    }
    artifacts.push(Artifact::text("plan.json", json(&plan.write())));
    artifacts.push(Artifact::text("send.sh", script(&ACCESS)));
    let terraform = terraform::configuration(process, &objects, &prefix);
    artifacts.push(Artifact::text("terraform/main.tf.json", json(&terraform)));
    let readme = readme::write(process, &choices, &objects, &left_out);
    artifacts.push(Artifact::text("README.md", readme));
    Output { artifacts, diagnostics: findings }
}

/// How requests are signed.
const ACCESS: Access =
    Access { system: "HubSpot", token: "HUBSPOT_TOKEN", header: "Authorization: Bearer %s" };

/// The rules of a pipeline that has been made, and who edits its stages.
fn write_rules(
    process: &Process,
    choices: &choices::Choices,
    pipeline: &Pipeline,
    plan: &mut Plan,
    artifacts: &mut Vec<Artifact>,
) {
    let type_id = rules::type_id(&pipeline.object);
    let (Some(type_id), Some(rules)) = (type_id, rules::rules(process, choices, pipeline)) else {
        return;
    };
    let record = &process.records[pipeline.record];
    let mut write = |folder: &str, end: &str, what: &str, (body, uses): (Value, Vec<Use>)| {
        let path = format!("{folder}/{}/{}.json", pipeline.object, record.name);
        artifacts.push(Artifact::text(&path, json(&body)).made_of(Some(record.span)));
        plan.set(process, pipeline, (type_id, end, what), path, &uses);
    };
    if !rules.is_empty() {
        write("pipeline-rules", "", "rules", rules.body(process, pipeline));
    }
    if rules.has_editors() {
        let body = rules.permissions(process, pipeline);
        write("stage-permissions", "/stage-edit-permissions", "edit permissions", body);
    }
}

/// An object of HubSpot and what the process puts into it.
struct Object {
    name: String,
    records: Vec<RecordId>,
    properties: Properties,
    pipelines: Vec<Pipeline>,
}

impl Object {
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            records: Vec::new(),
            properties: Properties::default(),
            pipelines: Vec::new(),
        }
    }
}

/// The objects, and the record types that have none.
fn objects(
    context: &Context<'_>,
    prefix: &str,
    findings: &mut Vec<Diagnostic>,
) -> (Vec<Object>, Vec<RecordId>) {
    let process = context.process;
    let choices = &choices::read(context, findings);
    let mut objects: Vec<Object> = Vec::new();
    let mut left_out = Vec::new();
    for id in process.records.ids() {
        let Some(name) = choices.objects.get(&id) else {
            left_out.push(id);
            continue;
        };
        match objects.iter_mut().find(|object| object.name == *name) {
            Some(object) => object.records.push(id),
            None => objects.push(Object { records: vec![id], ..Object::named(name) }),
        }
    }
    report_left_out(context, &left_out, findings);
    for name in scores::SCORED {
        if objects.iter().all(|object| object.name != *name)
            && scores::rating(process, choices, name)
                .iter()
                .any(|id| !scores::fields_read(&process.scores[*id]).is_empty())
        {
            objects.push(Object::named(name));
        }
    }
    let (stages, confirmations) = (journeys(process), confirmations(process));
    let borrowed = borrowed_fields(process);
    for object in &mut objects {
        let mut writer = PropertyWriter {
            process,
            choices,
            object: &object.name,
            group: prefix,
            findings: &mut *findings,
        };
        for record in &object.records {
            let borrowed = borrowed.get(record.index());
            for field in process.visible_fields(*record) {
                let home = process.fields[field].record;
                if object.records.contains(&home)
                    || borrowed.is_some_and(|set| set.contains(&field))
                {
                    writer.field(&mut object.properties, *record, field);
                }
            }
            for confirmation in confirmations.get(record.index()).into_iter().flatten() {
                writer.confirmation(&mut object.properties, *confirmation);
            }
        }
        for score in scores::rating(process, choices, &object.name) {
            for field in scores::fields_read(&process.scores[score]) {
                writer.scored(&mut object.properties, field);
            }
        }
        for record in &object.records {
            let stages = stages.get(record.index()).map_or(&[][..], Vec::as_slice);
            let target = (*record, object.name.as_str());
            object
                .pipelines
                .extend(pipelines::pipeline(process, choices, prefix, target, stages, findings));
        }
        pipelines::alike(process, &object.pipelines, findings);
    }
    (objects, left_out)
}

/// Tells of record types without an object: each to those who asked for the target, all in one note
/// to those who get it by default and may not use HubSpot at all.
fn report_left_out(context: &Context<'_>, left_out: &[RecordId], findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let help = |name: &str| format!("set `objects: {{{name}: p_{name}}}` in the manifest");
    if let (false, [first, _, ..]) = (context.named, left_out) {
        let first = &process.records[*first];
        let message = format!(
            "{} record types, `{}` among them, have no object in HubSpot and are left out",
            left_out.len(),
            first.name
        );
        let finding = Diagnostic::new(TARGET_LOSS, first.span, message).level(Level::Note);
        findings.push(finding.help(help(&first.name)));
        return;
    }
    let level = if context.named { Level::Warning } else { Level::Note };
    for id in left_out {
        let record = &process.records[*id];
        let message =
            format!("record type `{}` has no object in HubSpot and is left out", record.name);
        let finding = Diagnostic::new(TARGET_LOSS, record.span, message).level(level);
        findings.push(finding.help(help(&record.name)));
    }
}

fn confirmations(process: &Process) -> Vec<Vec<ConfirmationId>> {
    let mut confirmations = vec![Vec::new(); process.records.len()];
    for (id, confirmation) in process.confirmations.iter() {
        if let Some(list) = confirmations.get_mut(confirmation.record.index()) {
            list.push(id);
        }
    }
    confirmations
}

fn write_properties(
    process: &Process,
    object: &Object,
    group: &str,
    plan: &mut Plan,
    artifacts: &mut Vec<Artifact>,
) {
    let bodies = || object.properties.all.iter().filter_map(|p| Some((p, p.body.as_ref()?)));
    if bodies().next().is_none() {
        return;
    }
    let label = match one_line(&process.title.value) {
        title if title.is_empty() => group.to_owned(),
        title => title,
    };
    let path = format!("property-groups/{}/{group}.json", object.name);
    let body = serde_json::json!({ "name": group, "label": label, "displayOrder": -1 });
    artifacts.push(Artifact::text(&path, json(&body)));
    plan.group(&object.name, group, path);
    for (property, body) in bodies() {
        let name = &property.name;
        let origin = match property.source {
            Source::Field(id) => process.fields[id].span,
            Source::Confirmation(id) => process.confirmations[id].span,
        };
        let path = format!("properties/{}/{name}.json", object.name);
        artifacts.push(Artifact::text(&path, json(body)).made_of(Some(origin)));
        plan.property(&object.name, name, path);
    }
    for (property, _) in bodies() {
        let Source::Field(id) = property.source else { continue };
        for rule in bounds::rules(process, property) {
            let path =
                format!("property-rules/{}/{}.{}.json", object.name, property.name, rule.kind);
            let body = json(&rule.body());
            artifacts.push(Artifact::text(&path, body).made_of(Some(process.fields[id].span)));
            plan.property_rule(&object.name, &property.name, rule.kind, path);
        }
    }
}

fn json(value: &Value) -> String {
    format!("{value:#}\n")
}

/// A JSON object of the entries that have a value.
fn object<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    let there = entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(there.collect())
}

/// A name for ids: lower-case letters, digits and underscores, a letter first. A process without a
/// declared name bears that of its folder, which may hold anything.
pub(super) fn slug(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    match parts.collect::<Vec<_>>().join("_") {
        slug if slug.is_empty() => "process".to_owned(),
        slug if slug.starts_with(|c: char| c.is_ascii_digit()) => format!("p{slug}"),
        slug => slug,
    }
}
