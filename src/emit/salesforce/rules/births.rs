//! What is asked of a record as it is made to continue another: the move makes it, and what the move
//! asks of the earlier record is seen through the lookup.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::emit::crm::continues;
use crate::emit::enforcement::Demand;
use crate::emit::gates::Gate;
use crate::model::{Process, RecordId, StageId};

use super::super::formula::{Formulas, all, not, picked, text};
use super::super::mapping::{Kind, Mapping, Object, Source, base};
use super::super::messages::Message;
use super::super::{objects, stages};
use super::{Unasked, Writer, values};

/// How records begin in a stage.
#[derive(Debug, Default)]
pub(super) struct Origins {
    /// Whether one may begin without the record that its type continues.
    pub(super) alone: bool,
    /// Whether one comes here from what its type continues, or is started here.
    onward: bool,
    /// Whether moves lead back here from what its records go on as: there one stands already, unless it
    /// was a lead, of which a new one is made.
    back: bool,
    /// The stages that such an earlier record comes from.
    from: BTreeSet<StageId>,
}

impl Origins {
    /// Whether a new record may begin there.
    pub(super) fn may_begin(&self, kind: Kind) -> bool {
        self.alone || self.onward || self.back && kind == Kind::Lead
    }
}

/// Where the records of each type begin.
pub(super) fn begins(process: &Process) -> FxHashMap<RecordId, BTreeMap<StageId, Origins>> {
    let mut all: FxHashMap<RecordId, BTreeMap<StageId, Origins>> = FxHashMap::default();
    let mut come = |record: RecordId, at: StageId, from: StageId| {
        let origins = all.entry(record).or_default().entry(at).or_default();
        origins.from.insert(from);
        // A lookup leads to the record type that is continued, and to no other.
        let comes = process.stages[from].record;
        if continues(process, comes, record) {
            origins.back = true;
        } else {
            origins.onward = true;
            origins.alone |= process.records[record].from != Some(comes);
        }
    };
    for (id, stage) in process.stages.iter() {
        for (record, at) in &stage.starts {
            come(*record, *at, id);
        }
        for transition in &stage.incoming {
            let from = process.transitions[*transition].from;
            if process.stages[from].record != stage.record {
                come(stage.record, id, from);
            }
        }
    }
    for (id, stage) in process.stages.iter().filter(|(_, stage)| stage.entry.is_some()) {
        all.entry(stage.record).or_default().entry(id).or_default().alone = true;
    }
    all
}

/// The gate, for each record type that its moves make a record of.
pub(super) fn away(process: &Process, gate: &Gate) -> BTreeMap<RecordId, Gate> {
    let mut parts: BTreeMap<RecordId, Gate> = BTreeMap::new();
    let Some(from) = gate.from.first().map(|from| process.stages[*from].record) else {
        return parts;
    };
    for to in &gate.to {
        let record = process.stages[*to].record;
        if record != from {
            let part = parts.entry(record).or_insert_with(|| Gate {
                from: gate.from.clone(),
                to: Vec::new(),
                ask: gate.ask.clone(),
            });
            part.to.push(*to);
        }
    }
    parts
}

/// The record that a new one continues, as its object sees it.
pub(super) struct Earlier<'a> {
    pub(super) record: RecordId,
    /// The field that leads to it.
    lookup: &'a str,
    formulas: Formulas<'a>,
    /// The field of its stage, through the lookup.
    stage: String,
    values: FxHashMap<StageId, String>,
    /// That it is of this type, where its object holds several.
    is_of_type: Option<String>,
}

impl Earlier<'_> {
    /// That it is in one of these stages. False when the new record continues none.
    pub(super) fn is_in<'s>(&self, stages: impl IntoIterator<Item = &'s StageId>) -> String {
        let values = stages.into_iter().filter_map(|stage| self.values.get(stage));
        let is = picked(&self.stage, values.map(String::as_str));
        all(self.is_of_type.iter().cloned().chain([is]).collect())
    }
}

impl<'a> Writer<'a> {
    /// What the moves that make records of a type ask. Those of a lead are asked when it is converted.
    pub(super) fn births(
        &mut self,
        gates: &[Gate],
        record: RecordId,
        earlier: Option<&Earlier<'_>>,
    ) {
        for gate in gates.iter().filter(|gate| !self.is_converted(gate)).collect::<Vec<_>>() {
            let comes = gate.from.first().map(|from| self.process().stages[*from].record);
            let earlier = earlier.filter(|earlier| Some(earlier.record) == comes);
            let leads_back = comes
                .is_some_and(|comes| comes != record && continues(self.process(), comes, record));
            if leads_back {
                let rule = self.asked_back(gate, record);
                self.take(gate, rule);
                continue;
            }
            let rule = earlier.ok_or(Unasked::NewRecord).and_then(|earlier| {
                let mut scene = vec![self.joins()];
                scene.push(self.is(gate.to.iter().filter_map(|to| self.value(*to))));
                scene.push(earlier.is_in(&gate.from));
                self.refusal(gate, record, &earlier.formulas, Ok(scene))
            });
            self.take(gate, rule);
        }
    }

    /// That new records continue one from where a move leads to them.
    pub(super) fn descents(&mut self, begins: &BTreeMap<StageId, Origins>, earlier: &Earlier<'_>) {
        for (stage, origins) in begins {
            self.descent(*stage, origins, earlier);
        }
    }

    fn is_converted(&self, gate: &Gate) -> bool {
        let object = |stage: &StageId| {
            self.mapping.object_of(self.process().stages[*stage].record).map(|object| object.kind)
        };
        gate.from.first().and_then(object) == Some(Kind::Lead)
            && gate.to.first().and_then(object) == Some(Kind::Opportunity)
    }

    /// Records that come into a stage from where no move leads to it.
    fn descent(&mut self, stage: StageId, origins: &Origins, earlier: &Earlier<'_>) {
        let process = self.mapping.process;
        let declared = &process.stages[stage];
        let from = |id: &&StageId| process.stages[**id].record == earlier.record;
        let from: Vec<StageId> = origins.from.iter().filter(from).copied().collect();
        if from.is_empty() {
            return;
        }
        let mut parts = self.scope(declared.record);
        parts.push(self.joins());
        parts.push(self.is(self.value(stage)));
        if origins.alone || origins.back && self.built.object.kind == Kind::Lead {
            parts.push(not(&format!("ISBLANK({})", earlier.lookup)));
        }
        parts.push(not(&earlier.is_in(&from)));
        let about = format!("Where records in stage `{}` come from", declared.name);
        let name = format!("{}_Origin", declared.name);
        let message = Message::Origin(stage, from);
        self.push(&name, Demand::Start(declared.record), about, parts, message);
    }

    /// None when the record type continues none of another object, or Salesforce itself links them.
    pub(super) fn earlier(&self, record: RecordId) -> Option<Earlier<'a>> {
        let process = self.mapping.process;
        let from = process.records[record].from?;
        let source = Source::Continues(from);
        let lookup = self.built.object.fields.iter().find(|field| field.source == source)?;
        let object = self.mapping.object_of(from)?;
        let relation = format!("{}__r.", base(&lookup.name));
        // What is wrong with them is told where the object itself is written.
        let mut told = Vec::new();
        let built = stages::values(self.mapping, object, &mut told);
        let values = values(self.mapping, &built).into_iter();
        let is_of_type = is_of_type(self.mapping, object, from, &relation);
        Some(Earlier {
            record: from,
            lookup: &lookup.name,
            stage: format!("{relation}{}", object.stage_field()),
            values: values.map(|(stage, value)| (stage, value.to_owned())).collect(),
            is_of_type,
            formulas: Formulas::through(self.mapping, object, relation),
        })
    }
}

fn is_of_type(
    mapping: &Mapping<'_>,
    object: &Object,
    record: RecordId,
    relation: &str,
) -> Option<String> {
    object.has_record_types().then(|| {
        let mut told = Vec::new();
        let names = objects::record_type_names(mapping.process, mapping.choices, record, &mut told);
        format!("{relation}RecordType.DeveloperName = {}", text(&names.api))
    })
}
