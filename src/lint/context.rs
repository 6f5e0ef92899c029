//! What every rule is given: the process and its graphs, built once. Rules run side by side: what
//! several of them need is built by the first that asks.

use std::sync::OnceLock;

use jiff::civil;

use crate::graph::{Assign, LifeLines, SharedGoals, StageGraph, TeamGraph};
use crate::logic::prove::Prover;
use crate::model::{Process, StageId};

use super::conditions::Conditions;
use super::guard::Guards;
use super::needs::{self, Gap};

/// A process under examination.
#[derive(Debug)]
pub struct Context<'a> {
    pub(crate) process: &'a Process,
    pub(crate) today: civil::Date,
    pub(crate) stages: StageGraph,
    pub(crate) teams: TeamGraph,
    pub(crate) goals: SharedGoals,
    pub(crate) guards: Guards,
    pub(crate) prover: Prover<'a>,
    fields: OnceLock<LifeLines>,
    assign: OnceLock<Assign>,
    gaps: OnceLock<Vec<Gap>>,
    conditions: OnceLock<Conditions>,
    any_broken: bool,
}

impl<'a> Context<'a> {
    /// Builds the graphs of a process.
    pub(crate) fn new(process: &'a Process, today: civil::Date) -> Self {
        Self {
            process,
            today,
            stages: StageGraph::new(process),
            teams: TeamGraph::new(process),
            goals: SharedGoals::new(process),
            guards: Guards::new(process, |stage| is_unfinished(process, stage)),
            prover: Prover::new(process, today.at(12, 0, 0, 0)),
            fields: OnceLock::new(),
            assign: OnceLock::new(),
            gaps: OnceLock::new(),
            conditions: OnceLock::new(),
            any_broken: process.broken || process.stages.values().any(|stage| stage.broken),
        }
    }

    /// Who fills in each field, what reads it and which handoffs carry it.
    pub(crate) fn fields(&self) -> &LifeLines {
        self.fields.get_or_init(|| LifeLines::new(self.process))
    }

    /// Which fields records have in each stage.
    pub(crate) fn assign(&self) -> &Assign {
        self.assign.get_or_init(|| {
            Assign::new(self.process, &self.stages, |stage| self.is_unfinished(stage))
        })
    }

    /// The fields that something asks for in vain, and which rule speaks of each.
    pub(crate) fn gaps(&self) -> &[Gap] {
        self.gaps.get_or_init(|| needs::gaps(self))
    }

    /// Which moves can never open.
    pub(crate) fn conditions(&self) -> &Conditions {
        self.conditions.get_or_init(|| Conditions::new(self.process, &self.prover))
    }

    /// Whether nothing may be said of what the stage lacks: it is still being written, or some part
    /// of it could not be read.
    pub(crate) fn is_unfinished(&self, stage: StageId) -> bool {
        is_unfinished(self.process, stage)
    }

    /// Whether some stage could not be read whole: it may lead anywhere.
    pub(crate) fn any_broken(&self) -> bool {
        self.any_broken
    }

    /// Whether some stage may yet get what the process lacks.
    pub(crate) fn any_unfinished(&self) -> bool {
        self.process.draft
            || self.process.broken
            || self.process.stages.ids().any(|stage| self.is_unfinished(stage))
    }

    /// Whether a record can be in the stage, as far as is known. Without entries, or with a stage that
    /// could not be read, it may be in any.
    pub(crate) fn may_hold_records(&self, stage: StageId) -> bool {
        self.any_broken
            || self.stages.entries().is_empty()
            || self.stages.from_entries().contains(stage)
    }
}

fn is_unfinished(process: &Process, stage: StageId) -> bool {
    let of = &process.stages[stage];
    process.draft || of.draft || of.broken
}
