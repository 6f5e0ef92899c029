//! The manifest: what a build has to know so that it gives what was read.

use std::fmt::Write as _;

use super::super::{Kept, Pipeline, Settings};
use super::Record;

pub(super) fn manifest(
    pipelines: &[Pipeline],
    records: &[Record],
    settings: Option<&Settings>,
    process: &str,
    target: &str,
    stages: &[Vec<String>],
) -> String {
    let mut out = "# What `ekiden build` writes, into `build`.\noutput: build\n".to_owned();
    let objects: Vec<(&Record, &Pipeline, &str)> = records
        .iter()
        .zip(pipelines)
        .filter_map(|(record, pipeline)| {
            pipeline.object.as_deref().map(|object| (record, pipeline, object))
        })
        .collect();
    if let Some(settings) = settings {
        salesforce(&mut out, settings, records, process, stages);
        return out;
    }
    if objects.is_empty() {
        return out;
    }
    // The labels are what the system knows the pipelines by.
    let _ = writeln!(out, "targets:\n  docs:\n  diagram:\n  json:\n  {target}:\n    objects:");
    for (record, _, object) in &objects {
        let _ = writeln!(out, "      {}: {object}", record.name);
    }
    out.push_str("    pipelines:\n");
    for (record, pipeline, _) in &objects {
        // A text in quotes of JSON is one of YAML too.
        let label = serde_json::Value::from(pipeline.title.as_str());
        let _ = writeln!(out, "      {}: {label}", record.name);
    }
    out
}

fn capital(part: &str) -> String {
    let mut letters = part.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// The names that Salesforce knows everything by, so that a build gives them back.
fn salesforce(
    out: &mut String,
    settings: &Settings,
    records: &[Record],
    process: &str,
    stages: &[Vec<String>],
) {
    out.push_str("targets:\n  docs:\n  diagram:\n  json:\n  salesforce:\n");
    let name = |at: &usize| records.get(*at).map_or("", |record| record.name.as_str());
    out.push_str("    objects:\n");
    for (at, object) in &settings.objects {
        let _ = writeln!(out, "      {}: {object}", name(at));
    }
    if !settings.record_types.is_empty() {
        out.push_str("    record_types:\n");
    }
    for (at, record_type) in &settings.record_types {
        let _ = writeln!(out, "      {}: {record_type}", name(at));
    }
    if !settings.processes.is_empty() {
        out.push_str("    business_processes:\n");
    }
    for (at, name_there) in &settings.processes {
        let text = serde_json::Value::from(name_there.as_str());
        let _ = writeln!(out, "      {}: {text}", name(at));
    }
    let kept = kept(settings, stages);
    if !kept.is_empty() {
        out.push_str("    stages:\n");
    }
    for (stage, value) in kept {
        let _ = writeln!(out, "      {stage}: {}", serde_json::Value::from(value));
    }
    if !settings.fields.is_empty() {
        out.push_str("    fields:\n");
    }
    for (at, field, api) in &settings.fields {
        let _ = writeln!(out, "      {}.{field}: {api}", name(at));
    }
    out.push_str("    # As they stand in Salesforce.\n    order: source\n");
    // A build calls it so by itself.
    let usual: Vec<String> = process.split('_').map(capital).collect();
    let usual = format!("{}_Bypass", usual.join("_"));
    let bypass = settings.bypass.as_ref().filter(|bypass| **bypass != usual);
    for (key, text) in [("converted_status", settings.converted.as_ref()), ("bypass", bypass)] {
        if let Some(text) = text {
            // A text in quotes of JSON is one of YAML too.
            let _ = writeln!(out, "    {key}: {}", serde_json::Value::from(text.as_str()));
        }
    }
}

/// The stages that are kept as another value than a build gives them by itself. Where several record types of
/// an object share a value, it is called as the first of them calls it.
fn kept<'s>(settings: &'s Settings, names: &'s [Vec<String>]) -> Vec<(&'s str, &'s str)> {
    let object = |at: usize| settings.objects.iter().find(|(of, _)| *of == at).map(|(_, o)| o);
    let name = |at: usize, stage: usize| Some(names.get(at)?.get(stage)?.as_str());
    let is_alike = |one: &Kept| {
        let same = |other: &&Kept| {
            other.value == one.value && object(other.pipeline) == object(one.pipeline)
        };
        let first = settings.stages.iter().find(same);
        let called = first.and_then(|first| name(first.pipeline, first.stage));
        !one.by_title && called == Some(one.value.as_str())
    };
    let other = settings.stages.iter().filter(|kept| !is_alike(kept));
    other.filter_map(|kept| Some((name(kept.pipeline, kept.stage)?, kept.value.as_str()))).collect()
}
