//! Settings that choose something for a record type or a field.

use crate::diag::{Diagnostic, closest, codes};
use crate::emit::Context;
use crate::model::{FieldId, Owner, Process, RecordId, ScoreId, StageId};
use crate::source::{Span, Spanned};

/// A setting that maps names of record types to texts.
pub(in crate::emit) fn per_record(
    context: &Context<'_>,
    setting: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<(RecordId, Spanned<String>)> {
    let Some(map) = context.settings.map(setting, findings) else { return Vec::new() };
    let mut chosen = Vec::new();
    for (name, entry) in &map.values {
        let record = record_named(context.process, name, entry.key, findings);
        if let (Some(record), Some(value)) = (record, map.text(name, findings)) {
            chosen.push((record, value));
        }
    }
    chosen
}

/// A setting that maps fields, as seen from a record type (`deal.amount`), to texts.
pub(in crate::emit) fn per_field(
    context: &Context<'_>,
    setting: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<((RecordId, FieldId), Spanned<String>)> {
    let process = context.process;
    let mut chosen = Vec::new();
    let Some(map) = context.settings.map(setting, findings) else { return chosen };
    for (path, entry) in &map.values {
        let Some((record, field)) = path.split_once('.') else {
            let message = format!("`{path}` names no field");
            let help = "write the record type and the field: `deal.amount`";
            findings.push(Diagnostic::new(codes::INVALID_MANIFEST, entry.key, message).help(help));
            continue;
        };
        let Some(record) = record_named(process, record, entry.key, findings) else { continue };
        let visible = process.visible_fields(record);
        let Some(id) = visible.iter().find(|id| process.fields[**id].name == field) else {
            let record = &process.records[record].name;
            let message = format!("record type `{record}` has no field `{field}`");
            let candidates = visible.iter().map(|id| process.fields[*id].name.as_str());
            findings.push(unknown(entry.key, message, closest(field, candidates)));
            continue;
        };
        if let Some(value) = map.text(path, findings) {
            chosen.push(((record, *id), value));
        }
    }
    chosen
}

/// A setting that maps names of stages to texts.
pub(in crate::emit) fn per_stage(
    context: &Context<'_>,
    setting: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<(StageId, Spanned<String>)> {
    let process = context.process;
    let Some(map) = context.settings.map(setting, findings) else { return Vec::new() };
    let mut chosen = Vec::new();
    for (name, entry) in &map.values {
        let Some(stage) = process.stage_named(name) else {
            let names = process.stages.values().map(|stage| stage.name.as_str());
            let message = format!("there is no stage `{name}`");
            findings.push(unknown(entry.key, message, closest(name, names)));
            continue;
        };
        chosen.extend(map.text(name, findings).map(|value| (stage, value)));
    }
    chosen
}

/// A setting that maps names of scores to texts.
pub(in crate::emit) fn per_score(
    context: &Context<'_>,
    setting: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<(ScoreId, Spanned<String>)> {
    let scores = &context.process.scores;
    let Some(map) = context.settings.map(setting, findings) else { return Vec::new() };
    let mut chosen = Vec::new();
    for (name, entry) in &map.values {
        let Some((score, _)) = scores.iter().find(|(_, score)| score.name == *name) else {
            let names = scores.values().map(|score| score.name.as_str());
            let message = format!("there is no score `{name}`");
            findings.push(unknown(entry.key, message, closest(name, names)));
            continue;
        };
        chosen.extend(map.text(name, findings).map(|value| (score, value)));
    }
    chosen
}

/// A setting that maps names of events to texts.
pub(in crate::emit) fn per_event(
    context: &Context<'_>,
    setting: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<(String, Spanned<String>)> {
    let Some(map) = context.settings.map(setting, findings) else { return Vec::new() };
    let events = context.process.events();
    let mut chosen = Vec::new();
    for (name, entry) in &map.values {
        if !events.contains(name.as_str()) {
            let message = format!("no condition asks for the event `{name}`");
            findings.push(unknown(entry.key, message, closest(name, events.iter().copied())));
            continue;
        }
        chosen.extend(map.text(name, findings).map(|value| (name.clone(), value)));
    }
    chosen
}

/// A setting that maps names of roles and teams to a text or several.
pub(in crate::emit) fn per_owner(
    context: &Context<'_>,
    setting: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<(Owner, Vec<Spanned<String>>)> {
    let process = context.process;
    let Some(map) = context.settings.map(setting, findings) else { return Vec::new() };
    let roles = process.roles.iter().map(|(id, role)| (role.name.as_str(), Owner::Role(id)));
    let teams = process.teams.iter().map(|(id, team)| (team.name.as_str(), Owner::Team(id)));
    let owners: Vec<(&str, Owner)> = roles.chain(teams).collect();
    let mut chosen = Vec::new();
    for (name, entry) in &map.values {
        let Some((_, owner)) = owners.iter().find(|(known, _)| known == name) else {
            let message = format!("there is no role or team `{name}`");
            let names = owners.iter().map(|(known, _)| *known);
            findings.push(unknown(entry.key, message, closest(name, names)));
            continue;
        };
        chosen.extend(map.texts(name, findings).map(|values| (*owner, values)));
    }
    chosen
}

/// Ids of a system, which are numbers; others are told.
pub(in crate::emit) fn ids(
    values: Vec<Spanned<String>>,
    what: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let mut ids = Vec::new();
    for value in values {
        let digits = !value.value.is_empty() && value.value.chars().all(|c| c.is_ascii_digit());
        if digits && value.value.len() <= 20 {
            ids.push(value.value);
            continue;
        }
        let message = format!("`{}` is no id of {what}", value.value);
        let finding = Diagnostic::new(codes::INVALID_MANIFEST, value.span, message);
        findings.push(finding.help("ids are numbers, such as `12345`"));
    }
    ids
}

fn record_named(
    process: &Process,
    name: &str,
    span: Span,
    findings: &mut Vec<Diagnostic>,
) -> Option<RecordId> {
    let found = process.records.iter().find(|(_, record)| record.name == name);
    if let Some((id, _)) = found {
        return Some(id);
    }
    let candidates = process.records.values().map(|record| record.name.as_str());
    let message = format!("there is no record type `{name}`");
    findings.push(unknown(span, message, closest(name, candidates)));
    None
}

fn unknown(span: Span, message: String, near: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::new(codes::INVALID_MANIFEST, span, message);
    match near {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding,
    }
}
