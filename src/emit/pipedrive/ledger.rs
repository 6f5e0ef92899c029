//! How strictly Pipedrive holds people to the process, for the ledger, and what is left to people.

use rustc_hash::FxHashMap;

use crate::emit::Context;
use crate::emit::crm::{cell, only_wants, start_holds, start_steps};
use crate::emit::enforcement::{Demand, Hold, System};
use crate::emit::gates::{Ask, gates};
use crate::model::{FieldId, Id, Outcome, Process, Side, StageId};

use super::choices::Object;
use super::fields::{PipedriveField, Source};
use super::{Built, build};

/// For whom a field that is asked for is not.
const EXCEPT: &str = "its API, imports and automations: only the screens of Pipedrive ask";

/// Whether Pipedrive keeps the records of a stage.
fn is_kept(process: &Process, built: &Built, stage: StageId) -> bool {
    let object = built.choices.objects.get(&process.stages[stage].record);
    matches!(object, Some(Object::Deals | Object::Leads))
}

/// The account.
pub(super) fn systems(context: &Context<'_>) -> Vec<System> {
    // What is wrong has been told by the target itself.
    let built = build(context, &mut Vec::new());
    let process = context.process;
    let is_kept = |stage: StageId| is_kept(process, &built, stage);
    let mut holds: FxHashMap<Demand, Hold> =
        start_holds(process, "an automation", is_kept).into_iter().collect();
    for gate in gates(process) {
        if let Ask::Criterion(id) = gate.ask {
            let hold = criterion(process, &built, id, &gate.to);
            holds.insert(Demand::Gate(gate.ask), hold);
        }
    }
    for pipeline in &built.pipelines {
        for stage in &pipeline.stages {
            if stage.rotten.is_some() {
                holds.insert(Demand::Limit(stage.stage), Hold::Shown);
            }
            let why = "deals can go from any stage of Pipedrive to any other";
            holds.insert(Demand::Moves(stage.stage), Hold::Documented(why.to_owned()));
        }
    }
    for (id, declared) in process.fields.iter().filter(|(_, field)| field.required) {
        let Some(home) = built.choices.objects.get(&declared.record) else { continue };
        let holds_it = |field: &&PipedriveField| {
            field.key == declared.name && field.object.fields() == home.fields() && field.is_new()
        };
        let Some(field) = built.fields.all.iter().find(holds_it) else { continue };
        let of_pipeline =
            built.pipelines.iter().find(|pipeline| pipeline.record == declared.record);
        let in_all = of_pipeline.is_some_and(|pipeline| {
            let mut stages = pipeline.stages.iter();
            stages.all(|stage| field.is_asked(declared.record, stage.stage, process))
        });
        let hold = match field.is_required() || in_all {
            true => Hold::Enforced { except: Some(EXCEPT.to_owned()) },
            false => Hold::Documented("deals that do not have it would be asked for it".to_owned()),
        };
        holds.insert(Demand::Required(id), hold);
    }
    vec![System {
        title: "Pipedrive",
        holds,
        otherwise: "Pipedrive is given pipelines, stages and fields only",
        by_hand: steps(process, &built),
    }]
}

/// The criteria that requests let Pipedrive ask for, by their names.
pub(super) fn asked(process: &Process, built: &Built) -> Vec<String> {
    let mut all = Vec::new();
    for gate in gates(process) {
        if let Ask::Criterion(id) = gate.ask
            && matches!(criterion(process, built, id, &gate.to), Hold::Enforced { .. })
        {
            let criterion = &process.criteria[id];
            all.push(format!("{}.{}", process.stages[criterion.stage].name, criterion.name));
        }
    }
    all
}

fn criterion(
    process: &Process,
    built: &Built,
    id: crate::model::CriterionId,
    to: &[StageId],
) -> Hold {
    let criterion = &process.criteria[id];
    let stage = &process.stages[criterion.stage];
    let field = |id: FieldId| {
        built.fields.all.iter().find(|field| {
            let same = process.fields[id].name == field.key && field.object.fields() == "deals";
            same && matches!(field.source, Source::Field(_))
        })
    };
    let has_pipeline = built.pipelines.iter().any(|pipeline| pipeline.record == stage.record);
    if !has_pipeline {
        return Hold::Documented("the stages of the record type are not in Pipedrive".to_owned());
    }
    if let (Some(fields), None) = (only_wants(&criterion.condition), &criterion.applies) {
        let is_asked = |at: &StageId| {
            fields.iter().all(|id| {
                let record = process.stages[*at].record;
                field(*id).is_some_and(|field| field.is_asked(record, *at, process))
            })
        };
        if to.iter().all(is_asked) {
            return Hold::Enforced { except: Some(EXCEPT.to_owned()) };
        }
    }
    let read = criterion.condition.fields();
    let lit = |id: &FieldId| {
        field(*id).is_some_and(|f| f.is_new() && f.important.contains(&criterion.stage))
    };
    if criterion.side == Side::Exit && !read.is_empty() && read.iter().all(lit) {
        return Hold::Shown;
    }
    Hold::Documented("Pipedrive can ask that a field is filled, and for nothing else".to_owned())
}

/// What no request sets, as sentences in Markdown.
pub(super) fn steps(process: &Process, built: &Built) -> Vec<String> {
    let mut steps = Vec::new();
    let mut reasons: Vec<String> = Vec::new();
    let mut add = |title: &str| {
        let title = cell(title);
        if !title.is_empty() && !reasons.contains(&title) {
            reasons.push(title);
        }
    };
    for field in &built.fields.all {
        if let (Some("lost_reason"), Source::Field(id)) = (field.existing.as_deref(), field.source)
        {
            for option in process.fields[id].ty.options() {
                add(&option.title.value);
            }
        }
    }
    for pipeline in &built.pipelines {
        let ends: Vec<StageId> = process
            .stages_of(pipeline.record)
            .filter(|id| matches!(process.stages[*id].outcome, Some(Outcome::Lost | Outcome::Void)))
            .collect();
        // One end is what `lost` means; several are told apart by the reason.
        if ends.len() > 1 {
            ends.iter().for_each(|id| add(&process.stages[*id].title.value));
        }
    }
    if !reasons.is_empty() {
        steps.push(format!("Under Company settings > Lost reasons, add: {}.", reasons.join(", ")));
    }
    for field in &built.fields.all {
        let title = || match field.source {
            Source::Field(id) => cell(&process.fields[id].title.value),
            Source::Confirmation(id) => cell(&process.confirmations[id].text.value),
        };
        let nowhere = field.places.iter().all(|(_, asked)| asked.stages.is_empty());
        for (record, asked) in &field.places {
            let by_hand = field.existing.is_some() || (nowhere && !field.is_required());
            let stages = asked.stages.iter().map(|id| cell(&process.stages[*id].title.value));
            let mut places: Vec<String> = stages.map(|title| format!("in “{title}”")).collect();
            places.extend(asked.won.then(|| "when a deal is won".to_owned()));
            places.extend(asked.lost.then(|| "when a deal is lost".to_owned()));
            if by_hand && !places.is_empty() {
                steps.push(format!(
                    "Under Company settings > Data fields, let “{}” be required {}, in the pipeline of “{}”.",
                    title(),
                    places.join(", "),
                    cell(&process.records[*record].title.value)
                ));
            }
        }
    }
    let has = |stage: StageId| is_kept(process, built, stage);
    let with = |from, at| (has(from) && has(at)).then(String::new);
    steps.extend(start_steps(process, "an automation", with));
    let mut leads = process.records.ids().collect::<Vec<_>>();
    leads.sort_by_key(|id| id.index());
    for id in leads {
        if built.choices.objects.get(&id) == Some(&Object::Leads) {
            let stages: Vec<String> = process
                .stages_of(id)
                .filter(|stage| process.stages[*stage].is_open())
                .map(|stage| cell(&process.stages[stage].title.value))
                .collect();
            if !stages.is_empty() {
                steps.push(format!(
                    "In the Leads Inbox, make a label for each stage of “{}”: {}.",
                    cell(&process.records[id].title.value),
                    stages.join(", ")
                ));
            }
        }
    }
    steps
}
