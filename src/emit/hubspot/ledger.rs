//! How strictly HubSpot holds people to the process, for the ledger, and what its settings can do by
//! hand: no call sets which properties a stage asks for.

use rustc_hash::FxHashMap;

use crate::emit::Context;
use crate::emit::crm::{cell, journeys};
use crate::emit::enforcement::System;
use crate::model::{Process, StageId};

/// The account.
pub(super) fn systems(context: &Context<'_>) -> Vec<System> {
    let process = context.process;
    let stages = journeys(process);
    let mut by_hand = Vec::new();
    for (record, stages) in process.records.values().zip(&stages) {
        let title = cell(&record.title.value);
        for stage in stages {
            let fields = asked(process, *stage);
            if !fields.is_empty() {
                let stage = cell(&process.stages[*stage].title.value);
                by_hand.push(format!(
                    "In the settings of the pipeline of “{title}”, let the stage “{stage}” ask for: {}.",
                    fields.join(", ")
                ));
            }
        }
    }
    vec![System {
        title: "HubSpot",
        holds: FxHashMap::default(),
        otherwise: "HubSpot is given pipelines and properties only",
        by_hand,
    }]
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
