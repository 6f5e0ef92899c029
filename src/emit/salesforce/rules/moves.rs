//! Which moves there are: every change of a stage into one that no move leads to is refused.

use indexmap::IndexSet;

use crate::emit::crm::brought_back;
use crate::emit::enforcement::Demand;
use crate::model::{RecordId, StageId};

use super::super::mapping::Kind;
use super::super::messages::{Message, Onward};
use super::Writer;
use super::split::Part;

impl Writer<'_> {
    /// Every change of a stage into one that no move leads to.
    pub(super) fn moves(&mut self, record: RecordId, stage: StageId) {
        let process = self.mapping.process;
        let mut targets: IndexSet<StageId> = IndexSet::new();
        let mut values: IndexSet<&str> = IndexSet::new();
        // Where it goes on as a record of another type.
        let mut away: IndexSet<(Onward, StageId)> = IndexSet::new();
        for transition in &process.stages[stage].outgoing {
            let to = process.transitions[*transition].to;
            match self.arrivals(stage, to) {
                Ok(arrivals) => {
                    values.extend(arrivals);
                    if process.stages[to].record == record {
                        targets.insert(to);
                    } else {
                        away.insert((Onward::Converted, to));
                    }
                }
                Err(_) => {
                    away.insert((self.onward(record, process.stages[to].record), to));
                }
            }
        }
        let own = self.value(stage);
        // A stage that may be blank can be left for none at all, and each for whatever value the field has:
        // those of another record type, and of a converted lead, are out of reach on screens only. Where every value is open only because
        // records are brought back, the rule stays: those are no moves of the process.
        if !self.built.may_lack_stage()
            && self.values_here().all(|value| values.contains(value) || own == Some(value))
        {
            self.out.free.push(Demand::Moves(stage));
            return;
        }
        let mut back = self.returns(record, stage, |_| true);
        back.retain(|to| self.value(*to).is_some_and(|value| !values.contains(value)));
        targets.extend(back.iter().copied());
        let mut scene = self.scope(record);
        scene.extend(self.comes_from(&[stage]));
        let brought: IndexSet<&str> = back.iter().filter_map(|to| self.value(*to)).collect();
        if !back.is_empty() {
            self.out.brought_back.insert(stage, back);
        }
        let message =
            Message::Moves(stage, targets.into_iter().collect(), away.into_iter().collect());
        let declared = &process.stages[stage].name;
        let name = format!("{declared}_Moves");
        let refused = self.refused(&scene, &values, &brought);
        let count = refused.len();
        for (at, Part { parts, brings_back }) in refused.into_iter().enumerate() {
            // The last part alone lets go what is brought back, and the description says so: whoever reads
            // the rule, such as the import, tells by that what the process declares.
            let also = if brings_back { ", also of records that are brought back," } else { "" };
            let ends = self.ends(stage);
            let mut about = format!("Moves{also} from stage `{declared}`{ends}");
            let mut name = name.clone();
            if count > 1 {
                about = format!("{about} (part {} of {count})", at + 1);
                name = format!("{name}_{}", at + 1);
            } else if !ends.is_empty() {
                about.push(',');
            }
            self.push(&name, Demand::Moves(stage), about, parts, message.clone());
        }
    }

    /// How a stage ends, where the object itself does not hold it: so much of the process would be lost
    /// for whoever reads it there.
    fn ends(&self, stage: StageId) -> String {
        match self.process().stages[stage].outcome {
            Some(outcome) if self.built.object.kind != Kind::Opportunity => {
                format!(", which is {}", outcome.word())
            }
            _ => String::new(),
        }
    }

    /// What people do for a record to go on as one of another type.
    fn onward(&self, record: RecordId, to: RecordId) -> Onward {
        let process = self.mapping.process;
        let kind = |record: RecordId| self.mapping.object_of(record).map(|object| object.kind);
        if self.mapping.object_of(to).is_some_and(|object| object.name == self.built.object.name) {
            return Onward::Retyped;
        }
        // Nobody can edit a lead that was converted: there a new one is made.
        let chain = std::iter::successors(Some(record), |at| process.records[*at].from);
        let next =
            chain.take(process.records.len()).find(|at| process.records[*at].from == Some(to));
        match next {
            Some(next) if !converts(kind(to), kind(next)) => Onward::Earlier,
            _ => Onward::New,
        }
    }

    /// Where a record is brought back to from this stage: it stands where it went on as a record of
    /// another object, until a move of that one leads back. A converted lead is not brought back, for
    /// Salesforce lets nobody edit it: there a new one is made.
    fn returns(
        &self,
        record: RecordId,
        stage: StageId,
        by: impl Fn(StageId) -> bool,
    ) -> Vec<StageId> {
        let process = self.mapping.process;
        let object = |stage: StageId| self.mapping.object_of(process.stages[stage].record);
        let here = self.built.object;
        let elsewhere = |_: StageId, other: StageId| {
            object(other).is_none_or(|object| {
                object.name != here.name && !converts(Some(here.kind), Some(object.kind))
            })
        };
        brought_back(process, stage, self.mapping.stages_of(record), elsewhere, by)
    }

    /// The stages in which a record stands that moves from one of `by` bring back to `to`; without those
    /// that move there themselves.
    pub(super) fn stands_for(&self, to: StageId, by: &[StageId]) -> Vec<StageId> {
        let process = self.mapping.process;
        let record = process.stages[to].record;
        let moves = |stage: StageId| {
            let mut outgoing = process.stages[stage].outgoing.iter();
            outgoing.any(|way| process.transitions[*way].to == to)
        };
        let stages = self.mapping.stages_of(record).iter().copied();
        let back = stages.filter(|stage| !moves(*stage));
        back.filter(|stage| self.returns(record, *stage, |from| by.contains(&from)).contains(&to))
            .collect()
    }
}

/// Whether a record of one object becomes one of the other by the conversion of a lead.
fn converts(from: Option<Kind>, to: Option<Kind>) -> bool {
    from == Some(Kind::Lead) && to == Some(Kind::Opportunity)
}
