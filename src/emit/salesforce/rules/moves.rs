//! Which moves there are: every change of a stage into one that no move leads to is refused.

use indexmap::IndexSet;

use crate::emit::crm::continues;
use crate::emit::enforcement::Demand;
use crate::model::{RecordId, StageId};

use super::super::formula::not;
use super::super::mapping::Kind;
use super::super::messages::Message;
use super::Writer;

impl Writer<'_> {
    /// Every change of a stage into one that no move leads to.
    pub(super) fn moves(&mut self, record: RecordId, stage: StageId) {
        let process = self.mapping.process;
        let mut targets: IndexSet<StageId> = IndexSet::new();
        let mut values: IndexSet<&str> = IndexSet::new();
        // Where it goes on as a record of another type.
        let mut away: IndexSet<StageId> = IndexSet::new();
        for transition in &process.stages[stage].outgoing {
            let to = process.transitions[*transition].to;
            match self.arrivals(stage, to) {
                Ok(arrivals) => {
                    values.extend(arrivals);
                    targets.insert(to);
                }
                Err(_) => {
                    away.insert(to);
                }
            }
        }
        let back = self.returns(record, stage);
        values.extend(back.iter().filter_map(|to| self.value(*to)));
        let back: Vec<StageId> = back.into_iter().filter(|to| targets.insert(*to)).collect();
        if !back.is_empty() {
            self.out.brought_back.insert(stage, back);
        }
        let own = self.value(stage);
        // A stage that may be blank can be left for none at all.
        if !self.built.may_lack_stage()
            && self.values_of(record).all(|value| values.contains(value) || own == Some(value))
        {
            self.out.free.push(Demand::Moves(stage));
            return;
        }
        let mut parts = self.scope(record);
        parts.extend(self.comes_from(&[stage]));
        parts.push(not(&self.is(values)));
        let message =
            Message::Moves(stage, targets.into_iter().collect(), away.into_iter().collect());
        let name = format!("{}_Moves", process.stages[stage].name);
        let about = format!("Moves from stage `{}`", process.stages[stage].name);
        self.push(&name, Demand::Moves(stage), about, parts, message);
    }

    /// Where a record is brought back to from this stage: it stands where it went on as a record of
    /// another object, until a move of that one leads back. A converted lead is not brought back, for
    /// Salesforce lets nobody edit it: there a new one is made.
    fn returns(&self, record: RecordId, stage: StageId) -> Vec<StageId> {
        let process = self.mapping.process;
        let object = |stage: StageId| self.mapping.object_of(process.stages[stage].record);
        let here = self.built.object;
        let elsewhere = |other: StageId| {
            object(other).is_none_or(|object| {
                let converts = here.kind == Kind::Lead && object.kind == Kind::Opportunity;
                object.name != here.name && !converts
            })
        };
        // What goes back itself from here has not gone on.
        let goes_on =
            |to: StageId| elsewhere(to) && continues(process, process.stages[to].record, record);
        let mut outgoing = process.stages[stage].outgoing.iter();
        if !outgoing.any(|way| goes_on(process.transitions[*way].to)) {
            return Vec::new();
        }
        let leads_back = |to: &StageId| {
            let mut incoming = process.stages[*to].incoming.iter();
            incoming.any(|way| {
                let from = process.transitions[*way].from;
                elsewhere(from) && continues(process, process.stages[from].record, record)
            })
        };
        let stages = self.mapping.stages_of(record).iter().copied();
        stages.filter(|to| *to != stage && leads_back(to)).collect()
    }
}
