//! What must hold for a record to move from stage to stage, before any target says it in its own
//! words: the one reading of criteria and conditions that databases and CRMs enforce.

use indexmap::IndexMap;

use crate::model::{CriterionId, Process, Side, StageId, TransitionId, TransitionKind};

/// One thing that must hold for some moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gate {
    /// The stages that are left; one, except for what a stage asks of those who enter.
    pub(super) from: Vec<StageId>,
    /// The stages that are entered.
    pub(super) to: Vec<StageId>,
    /// What must hold.
    pub(super) ask: Ask,
}

/// What must hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ask {
    /// An exit criterion of the stage that is left, or an entry criterion of the one entered.
    Criterion(CriterionId),
    /// The condition of the only transition between two stages.
    When(TransitionId),
    /// The clock of the only transition between two stages.
    After(TransitionId),
    /// One of several transitions between the same two stages must be open.
    OneOf(Vec<TransitionId>),
}

impl Gate {
    /// Whether it is the stage entered that asks, not the one left.
    pub(super) fn enters(&self, process: &Process) -> bool {
        match self.ask {
            Ask::Criterion(id) => process.criteria[id].side == Side::Enter,
            Ask::When(_) | Ask::After(_) | Ask::OneOf(_) => false,
        }
    }
}

/// Every gate: by the stage that is left, in the order of the source; then what stages ask of those
/// who enter. A pair of stages that one transition joins is asked part by part, so that a refusal
/// tells what is missing; where several join them, one of them must be open.
pub(super) fn gates(process: &Process) -> Vec<Gate> {
    let mut gates = Vec::new();
    let mut sources: IndexMap<StageId, Vec<StageId>> = IndexMap::new();
    for (id, stage) in process.stages.iter() {
        let mut targets: IndexMap<StageId, Vec<TransitionId>> = IndexMap::new();
        for transition in &stage.outgoing {
            let to = process.transitions[*transition].to;
            // Nothing is asked of a record that is sent back to where it is: it never moves.
            if to == id {
                continue;
            }
            targets.entry(to).or_default().push(*transition);
        }
        let advances: Vec<StageId> = targets
            .iter()
            .filter(|(_, ways)| match ways.as_slice() {
                [only] => process.transitions[*only].kind == TransitionKind::Advance,
                _ => false,
            })
            .map(|(to, _)| *to)
            .collect();
        for to in &advances {
            sources.entry(*to).or_default().push(id);
        }
        if !advances.is_empty() {
            gates.extend(stage.exit.iter().map(|criterion| Gate {
                from: vec![id],
                to: advances.clone(),
                ask: Ask::Criterion(*criterion),
            }));
        }
        for (to, ways) in targets {
            let mut add = |ask| gates.push(Gate { from: vec![id], to: vec![to], ask });
            match ways.as_slice() {
                [only] => {
                    let transition = &process.transitions[*only];
                    if transition.when.is_some() {
                        add(Ask::When(*only));
                    }
                    if transition.after.is_some() {
                        add(Ask::After(*only));
                    }
                }
                _ => add(Ask::OneOf(ways)),
            }
        }
    }
    for (to, from) in sources {
        gates.extend(process.stages[to].enter.iter().map(|criterion| Gate {
            from: from.clone(),
            to: vec![to],
            ask: Ask::Criterion(*criterion),
        }));
    }
    gates
}
