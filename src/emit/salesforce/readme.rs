//! The README of the project: how to deploy it, what became of what, what is left to people.

use std::fmt::Write as _;

use indexmap::IndexSet;

use crate::emit::crm::{cell, code, currency_note, start_steps, unheard};
use crate::model::{Process, RecordId, ScoreId, StageId};

use super::choices::Choices;
use super::fields::unenforced;
use super::mapping::{Kind, MappedField, Mapping, Source};
use super::rules::{Rules, Unheld};
use super::scores::{Rated, Unrated};
use super::{Built, names};

pub(super) fn write(mapping: &Mapping<'_>, built: &[Built<'_>]) -> String {
    let process = mapping.process;
    let mut out = format!("# {} in Salesforce\n", cell(&process.title.value));
    out.push_str(
        "\nA project in Salesforce source format, made by Ekiden from the process. Change the process \
         and build again; changes made here are lost.\n",
    );
    if let Some(note) = currency_note(process) {
        let _ = writeln!(out, "\n{note}");
    }
    deploy(&mut out, built);
    objects(&mut out, process, built);
    for built in built {
        stages(&mut out, process, built);
        fields(&mut out, process, built);
    }
    rules(&mut out, mapping.choices, built);
    limits(&mut out, process, built);
    by_hand(&mut out, mapping, built);
    losses(&mut out, process, built);
    out
}

fn deploy(out: &mut String, built: &[Built<'_>]) {
    out.push_str(
        "\n## Deploy\n\n```sh\nsf project deploy validate --manifest manifest/package.xml --target-org ORG\n\
         sf project deploy start --manifest manifest/package.xml --target-org ORG\n```\n",
    );
    let sets: Vec<&str> = built
        .iter()
        .filter(|built| !built.stages.values.is_empty())
        .filter_map(|built| match built.object.kind {
            Kind::Lead => Some("lead status"),
            Kind::Opportunity => Some("opportunity stage"),
            Kind::Standard | Kind::Custom => None,
        })
        .collect();
    if !sets.is_empty() {
        let _ = writeln!(
            out,
            "\nA deployment replaces every {} of the org: values that are not listed below are \
             deactivated, for the other record types too. Records keep them.",
            sets.join(" and every ")
        );
    }
}

fn objects(out: &mut String, process: &Process, built: &[Built<'_>]) {
    out.push_str("\n## Record types\n\n| process | object | record type | stages in |\n| --- | --- | --- | --- |\n");
    for built in built {
        for record in &built.object.records {
            let names = built.record_types.iter().find(|(id, _)| id == record);
            let record_type = names.map_or("-".to_owned(), |(_, names)| code(&names.api));
            let _ = writeln!(
                out,
                "| {} | {} | {record_type} | {} |",
                record_name(process, *record),
                code(&built.object.name),
                code(built.object.stage_field())
            );
        }
    }
}

fn stages(out: &mut String, process: &Process, built: &Built<'_>) {
    if built.stages.values.is_empty() {
        return;
    }
    let object = built.object;
    let stored = match object.kind {
        Kind::Lead | Kind::Opportunity => "the label",
        Kind::Standard | Kind::Custom => "the name of the stage",
    };
    let _ = writeln!(
        out,
        "\n## Stages of {}\n\nThe value that {} stores is {stored}.\n\n\
         | stage | label | remarks |\n| --- | --- | --- |",
        code(&object.name),
        code(object.stage_field())
    );
    for value in &built.stages.values {
        let mut remarks = Vec::new();
        if value.default {
            remarks.push("default");
        }
        if value.converted {
            remarks.push("converted leads");
        }
        if value.stage.is_none() {
            remarks.push("added for Salesforce");
        }
        // The manifest may have it kept as something else.
        let usual = match (object.kind, value.stage) {
            (Kind::Standard | Kind::Custom, Some(stage)) => &process.stages[stage].name,
            _ => &value.label,
        };
        let kept = format!("stored as {}", code(&value.name));
        if value.name != *usual {
            remarks.push(&kept);
        }
        let stage = value.stage.map_or("-".to_owned(), |stage| code(&process.stages[stage].name));
        let remarks = if remarks.is_empty() { "-".to_owned() } else { remarks.join(", ") };
        let _ = writeln!(out, "| {stage} | {} | {remarks} |", cell(&value.label));
    }
}

fn fields(out: &mut String, process: &Process, built: &Built<'_>) {
    if built.object.fields.is_empty() && built.scores.fields.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n## Fields of {}\n\n| field | holds | remarks |\n| --- | --- | --- |",
        code(&built.object.name)
    );
    for field in &built.object.fields {
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            code(&field.name),
            holds(process, field.source),
            remarks(process, built, field)
        );
    }
    scores(out, process, built);
}

/// The fields that are computed, as rows of the table of fields.
fn scores(out: &mut String, process: &Process, built: &Built<'_>) {
    if let Some((name, _)) = &built.overdue.field {
        let name = code(&format!("{name}__c"));
        let _ = writeln!(
            out,
            "| {name} | whether nobody has touched the record for longer than the limit of its stage | computed by a formula |"
        );
    }
    for field in &built.scores.fields {
        let score = code(&process.scores[field.score].name);
        let what = match field.rated {
            Rated::Points => format!("the points of the score {score}"),
            Rated::Grade => format!("the grade of the score {score}"),
            Rated::Category(category) => {
                format!("the points of the score {score} for {}", category.word())
            }
        };
        let _ = writeln!(out, "| {} | {what} | computed by a formula |", code(&field.name));
    }
}

/// Which time limits are listed where, and which are not.
fn limits(out: &mut String, process: &Process, built: &[Built<'_>]) {
    let limited =
        |built: &&Built<'_>| !built.overdue.listed.is_empty() || !built.overdue.unlisted.is_empty();
    if !built.iter().any(|built| limited(&built)) {
        return;
    }
    out.push_str("\n## Time limits\n\n");
    for built in built.iter().filter(limited) {
        let stages = |stages: &mut dyn Iterator<Item = StageId>| {
            let names = stages.map(|stage| code(&process.stages[stage].name));
            names.collect::<Vec<_>>().join(", ")
        };
        if let Some((name, _)) = &built.overdue.field {
            let _ = writeln!(
                out,
                "- The list {} of {} has the records that nobody has touched for longer than the limit of their stage: {}. \
                 Others may be in their stage for longer: Salesforce does not keep when they came.",
                code(name),
                code(&built.object.name),
                stages(&mut built.overdue.listed.iter().copied())
            );
        }
        for (stage, why) in &built.overdue.unlisted {
            let _ = writeln!(out, "- {}: {why}", code(&process.stages[*stage].name));
        }
    }
}

fn holds(process: &Process, source: Source) -> String {
    match source {
        Source::Stage => "the stage".to_owned(),
        Source::Continues(record) => format!("the {} it continues", record_name(process, record)),
        Source::Field(id) => {
            let field = &process.fields[id];
            code(&format!("{}.{}", process.records[field.record].name, field.name))
        }
        Source::Confirmation(id) => cell(&process.confirmations[id].text.value),
    }
}

fn remarks(process: &Process, built: &Built<'_>, field: &MappedField) -> String {
    let mut remarks = Vec::new();
    if !field.is_custom() {
        remarks.push("standard field, used as it is".to_owned());
    }
    if let Source::Field(id) = field.source {
        let declared = &process.fields[id];
        if !built.object.records.contains(&declared.record) {
            remarks.push("a copy, because it is used here".to_owned());
        }
        if let Some(lost) = unenforced(declared) {
            remarks.push(format!("does not enforce {lost}"));
        }
    }
    if remarks.is_empty() { "-".to_owned() } else { remarks.join("; ") }
}

fn rules(out: &mut String, choices: &Choices, built: &[Built<'_>]) {
    let all: Vec<&Rules> = built.iter().map(|built| &built.rules).collect();
    if all.iter().all(|rules| rules.rules.is_empty()) {
        return;
    }
    let _ = writeln!(
        out,
        "\n## Validation rules\n\nThey refuse what the process does not allow, whoever saves and however: people, imports, other \
         systems. Who has the custom permission {} is not stopped; the permission set of the same name gives it. The date of \
         today is that of the user\'s time zone.\n\n| object | rules |\n| --- | --- |",
        code(&choices.bypass)
    );
    for built in built.iter().filter(|built| !built.rules.rules.is_empty()) {
        let _ = writeln!(out, "| {} | {} |", code(&built.object.name), built.rules.rules.len());
    }
    if built.iter().any(|built| !built.record_types.is_empty() && !built.rules.rules.is_empty()) {
        out.push_str(
            "\nRules of record types ask the records that have them. Who gives a record another record type makes it \
             one of that type, and is asked what is asked of a new one.\n",
        );
    }
    for built in built.iter().filter(|built| built.may_lack_stage()) {
        let _ = writeln!(
            out,
            "\nA record of {0} whose {1} is blank is none of the process, and no rule asks it: the org has others of \
             them. It is asked what is asked of a new one when somebody fills in {1}.",
            code(&built.object.name),
            code(built.object.stage_field())
        );
    }
}

fn by_hand(out: &mut String, mapping: &Mapping<'_>, built: &[Built<'_>]) {
    out.push_str("\n## What is left to do in Setup\n\nTick what is done.\n\n");
    for (at, step) in steps(mapping, built).iter().enumerate() {
        let _ = writeln!(out, "- [ ] {}. {step}", at + 1);
    }
}

/// What no file of the project can set, one sentence for each step.
pub(super) fn steps(mapping: &Mapping<'_>, built: &[Built<'_>]) -> Vec<String> {
    let users = code(&names::users(mapping.process));
    let mut steps = vec![
        format!("Assign the permission set {users} to the people who work with the process."),
        "Put the new fields on the page layouts.".to_owned(),
    ];
    if built.iter().any(|built| built.has_paths) {
        let step = "Turn on paths (Path Settings), and put the component on the record pages.";
        steps.push(step.to_owned());
    }
    if built.iter().any(|built| built.object.kind == Kind::Lead && !built.rules.rules.is_empty()) {
        let step = "Turn on validation for converted leads (Lead Settings), or nothing is asked when a lead is converted.";
        steps.push(step.to_owned());
    }
    for built in built.iter().filter(|built| built.may_lack_stage()) {
        let records: Vec<String> = built
            .stages
            .by_record
            .iter()
            .map(|(record, _)| record_name(mapping.process, *record))
            .collect();
        let lookups =
            built.object.fields.iter().filter(|field| matches!(field.source, Source::Continues(_)));
        let lookups: Vec<String> = lookups.map(|field| code(&field.name)).collect();
        let with = if lookups.is_empty() {
            String::new()
        } else {
            format!(", together with {}", lookups.join(", "))
        };
        steps.push(format!(
            "Let people or a flow fill in {} of {} when a record becomes {}{with}: no stage is given by itself, so that \
             other records of the org stay out of the process.",
            code(built.object.stage_field()),
            code(&built.object.name),
            records.join(" or ")
        ));
    }
    steps.extend(start_steps(mapping.process, "a flow", |from, at| looked_up(mapping, from, at)));
    for built in built {
        let scores: IndexSet<ScoreId> =
            built.scores.unrated.iter().map(|unrated| unrated.score).collect();
        for score in scores {
            let there = built.scores.fields.iter().filter(|field| field.score == score);
            let there: Vec<String> = there.map(|field| code(&field.name)).collect();
            let part = if there.is_empty() {
                String::new()
            } else {
                format!(" Salesforce computes a part of it, in {}.", there.join(", "))
            };
            steps.push(format!(
                "Let the system that counts events rate the score {} on {}, and bring its grade where people need it.{part}",
                code(&mapping.process.scores[score].name),
                code(&built.object.name)
            ));
        }
    }
    let languages = &mapping.choices.languages;
    if !languages.is_empty() {
        let codes: Vec<String> = languages.iter().map(|language| code(language.code)).collect();
        steps.push(format!(
            "Before you deploy: turn on translation (Translation Language Settings) and add the languages {}. \
             The texts themselves are for an org whose own language is {}.",
            codes.join(", "),
            code(mapping.process.languages.first().map_or("en", String::as_str))
        ));
    }
    let copies = |kind| Some(built.iter().find(|built| built.object.kind == kind)?.object);
    if let (Some(lead), Some(opportunity)) = (copies(Kind::Lead), copies(Kind::Opportunity)) {
        let pairs: Vec<String> = opportunity
            .fields
            .iter()
            .filter(|field| matches!(field.source, Source::Field(_)))
            .filter_map(|to| Some((lead.fields.iter().find(|from| from.source == to.source)?, to)))
            .map(|(from, to)| {
                let from = code(&format!("Lead.{}", from.name));
                format!("{from} to {}", code(&format!("Opportunity.{}", to.name)))
            })
            .collect();
        if !pairs.is_empty() {
            steps.push(format!(
                "Map these lead fields, so that a conversion takes them along: {}.",
                pairs.join(", ")
            ));
        }
    }
    steps
}

/// What leads from a record that a stage starts to the one that entered it.
fn looked_up(mapping: &Mapping<'_>, from: StageId, at: StageId) -> Option<String> {
    let process = mapping.process;
    let (earlier, record) = (process.stages[from].record, process.stages[at].record);
    let object = mapping.object_of(record)?;
    let continues = process.records[record].from == Some(earlier);
    let source = Source::Continues(earlier);
    let lookup = object.fields.iter().find(|field| continues && field.source == source);
    Some(
        lookup.map_or(String::new(), |field| format!(", with {} leading to it", code(&field.name))),
    )
}

/// What the process says and this project does not do. A count of nothing is not mentioned.
fn losses(out: &mut String, process: &Process, built: &[Built<'_>]) {
    // What moves to several objects ask may be told by each of them.
    let unasked = built.iter().flat_map(|built| &built.rules.unasked);
    let unasked: IndexSet<String> =
        unasked.map(|Unheld { what, why, .. }| format!("- {what}: {why}\n")).collect();
    if !unasked.is_empty() {
        out.push_str("\n## What is not asked\n\nA record can be moved without these:\n\n");
        out.extend(unasked);
    }
    let no_room: Vec<&String> = built.iter().flat_map(|built| &built.no_room).collect();
    if !no_room.is_empty() {
        out.push_str("\n## What paths do not show\n\nThey have no room for these:\n\n");
        for line in no_room {
            let _ = writeln!(out, "- {line}");
        }
    }
    let unrated: Vec<_> = built.iter().flat_map(|built| &built.scores.unrated).collect();
    if !unrated.is_empty() {
        out.push_str("\n## What is not rated\n\nSalesforce does not compute these:\n\n");
        for Unrated { score, what, why } in unrated {
            let score = code(&process.scores[*score].name);
            let _ = writeln!(out, "- score {score}, {what}: {why}");
        }
    }
    let counts =
        unheard(process, &["entry and exit criteria", "moves", "scores", "time limits of stages"]);
    if counts.is_empty() {
        return;
    }
    out.push_str("\n## What Salesforce does not know\n\nThe process also has the following, which this project does not carry:\n\n");
    for line in counts {
        let _ = writeln!(out, "- {line}");
    }
}

fn record_name(process: &Process, record: RecordId) -> String {
    code(&process.records[record].name)
}
