//! What a process asks of records and of people, and how strictly a system holds them to it: the
//! words in which targets answer, and the ledger is written.

use rustc_hash::FxHashMap;

use crate::model::{FieldId, Id, Origin, Process, RecordId, StageId, TransitionId};
use crate::source::Span;

use super::Context;
use super::gates::{Ask, gates};

/// One thing that a process asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Demand {
    /// A criterion, a condition or a clock of moves.
    Gate(Ask),
    /// A record leaves the stage for those only to which a move leads.
    Moves(StageId),
    /// Records of the type begin in no other stage.
    Start(RecordId),
    /// A record that enters the first stage starts another one, in the second.
    Starts(StageId, StageId),
    /// A move is made only so often.
    AtMost(TransitionId),
    /// A record stays no longer.
    Limit(StageId),
    /// The receiver answers in time.
    Handoff(TransitionId),
    /// A field is never missing.
    Required(FieldId),
    /// No two records share a value.
    Unique(FieldId),
    /// A value lies between bounds.
    Bounds(FieldId),
}

impl Demand {
    /// The declaration that asks it.
    pub(super) fn place(&self, process: &Process) -> Option<Span> {
        let of_move = |id: &TransitionId| process.transitions[*id].span;
        Some(match self {
            Demand::Gate(Ask::Criterion(id)) => process.criteria[*id].span,
            Demand::Gate(Ask::When(id) | Ask::After(id)) => of_move(id),
            Demand::Gate(Ask::OneOf(ids)) => of_move(ids.first()?),
            Demand::AtMost(id) | Demand::Handoff(id) => of_move(id),
            Demand::Moves(id) | Demand::Limit(id) | Demand::Starts(id, _) => {
                process.stages[*id].span
            }
            Demand::Start(id) => process.records[*id].span,
            Demand::Required(id) | Demand::Unique(id) | Demand::Bounds(id) => {
                process.fields[*id].span
            }
        })
    }
}

/// How a system holds people to it, from the strictest to none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// What is against it is refused; `except` tells for whom it is not.
    Enforced { except: Option<String> },
    /// Whoever runs the file refuses what is against it; `asks` are the questions that have no form in
    /// the file and are answered from outside.
    Executed { asks: Vec<String> },
    /// It is shown where people work.
    Shown,
    /// What was against it is told afterwards.
    Listed,
    /// Only the handbook says it; why.
    Documented(String),
}

impl Hold {
    /// The word in tables and in data.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Hold::Enforced { .. } => "enforced",
            Hold::Executed { .. } => "executed",
            Hold::Shown => "shown",
            Hold::Listed => "listed",
            Hold::Documented(_) => "documented",
        }
    }
}

/// A system that is made from the process.
#[derive(Debug)]
pub(super) struct System {
    /// `PostgreSQL`, `Salesforce`
    pub(super) title: &'static str,
    /// What is known of each demand.
    pub(super) holds: FxHashMap<Demand, Hold>,
    /// Why the others are documented only, as the end of a sentence.
    pub(super) otherwise: &'static str,
    /// What people have to set up there by hand, as sentences in Markdown.
    pub(super) by_hand: Vec<String>,
}

/// The systems that are files: they hold nobody to anything until something runs them.
const MODELS: &[&str] = &["BPMN", "DMN", "XState"];

impl System {
    /// Whether it is a file that something else runs, and nothing that people work in.
    pub(super) fn is_model(&self) -> bool {
        MODELS.contains(&self.title)
    }

    pub(super) fn hold(&self, demand: &Demand) -> Hold {
        let known = self.holds.get(demand).cloned();
        known.unwrap_or_else(|| Hold::Documented(self.otherwise.to_owned()))
    }
}

/// The systems that a target makes.
pub(super) type Systems = fn(&Context<'_>) -> Vec<System>;

/// Everything that a process asks, in the order of its stages, then of its fields.
pub(super) fn demands(process: &Process) -> Vec<Demand> {
    let mut of_stage: Vec<Vec<Demand>> = vec![Vec::new(); process.stages.len()];
    for gate in gates(process) {
        let stages = if gate.enters(process) { &gate.to } else { &gate.from };
        if let Some(list) = stages.first().and_then(|stage| of_stage.get_mut(stage.index())) {
            list.push(Demand::Gate(gate.ask));
        }
    }
    let mut demands = Vec::new();
    for record in process.records.ids() {
        if process.stages_of(record).any(|stage| process.stages[stage].entry.is_some()) {
            demands.push(Demand::Start(record));
        }
    }
    for ((id, stage), gates) in process.stages.iter().zip(of_stage) {
        demands.extend(gates);
        demands.push(Demand::Moves(id));
        if stage.limit.is_some() {
            demands.push(Demand::Limit(id));
        }
        demands.extend(stage.starts.iter().map(|(_, at)| Demand::Starts(id, *at)));
        for way in &stage.outgoing {
            let transition = &process.transitions[*way];
            if matches!(transition.origin, Origin::Refusal(_)) {
                continue;
            }
            if transition.at_most.is_some() {
                demands.push(Demand::AtMost(*way));
            }
            // Without a clock nothing is late.
            if transition.handoff.as_ref().is_some_and(|handoff| handoff.within.is_some()) {
                demands.push(Demand::Handoff(*way));
            }
        }
    }
    for (id, field) in process.fields.iter() {
        if field.required {
            demands.push(Demand::Required(id));
        }
        if field.unique {
            demands.push(Demand::Unique(id));
        }
        if field.at_least.is_some() || field.at_most.is_some() {
            demands.push(Demand::Bounds(id));
        }
    }
    demands
}

/// What a demand is, for people: `exit criterion`, and its name with the place it belongs to.
pub(super) fn told(process: &Process, demand: &Demand) -> (&'static str, String) {
    let ends = |id: TransitionId| {
        let transition = &process.transitions[id];
        let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
        format!("{} → {}", from.name, to.name)
    };
    let field = |id: FieldId| {
        let field = &process.fields[id];
        format!("{}.{}", process.records[field.record].name, field.name)
    };
    match demand {
        Demand::Gate(Ask::Criterion(id)) => {
            let criterion = &process.criteria[*id];
            let kind = match criterion.side {
                crate::model::Side::Exit => "exit criterion",
                crate::model::Side::Enter => "entry criterion",
            };
            (kind, format!("{}.{}", process.stages[criterion.stage].name, criterion.name))
        }
        Demand::Gate(Ask::When(id)) => ("condition", ends(*id)),
        Demand::Gate(Ask::After(id)) => ("clock", ends(*id)),
        Demand::Gate(Ask::OneOf(ways)) => {
            ("conditions", ways.first().map(|way| ends(*way)).unwrap_or_default())
        }
        Demand::Moves(id) => ("declared moves", process.stages[*id].name.clone()),
        Demand::Start(id) => ("beginnings", process.records[*id].name.clone()),
        Demand::Starts(id, at) => {
            let stages = &process.stages;
            ("new record", format!("{} → {}", stages[*id].name, stages[*at].name))
        }
        Demand::AtMost(id) => ("how often", ends(*id)),
        Demand::Limit(id) => ("limit", process.stages[*id].name.clone()),
        Demand::Handoff(id) => ("handoff", ends(*id)),
        Demand::Required(id) => ("required", field(*id)),
        Demand::Unique(id) => ("unique", field(*id)),
        Demand::Bounds(id) => ("bounds", field(*id)),
    }
}
