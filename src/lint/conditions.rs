//! What is known of the conditions of a process: what they read, and which moves can never open.

use std::collections::BTreeSet;

use jiff::civil;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::logic::prove::{Formula, Prover};
use crate::logic::{Evaluator, RecordState};
use crate::model::{
    ConfirmationId, Expr, ExprKind, FieldId, Process, ScoreId, StageId, TransitionId,
    TransitionKind,
};
use crate::source::FileId;

/// Something that a condition reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Fact<'a> {
    /// A field of the record.
    Field(FieldId),
    /// The points or the grade of a score.
    Score(ScoreId),
    /// Whether and how often something happened.
    Event(&'a str),
    /// What a person has confirmed.
    Confirmation(ConfirmationId),
    /// The date, the hour, or the time in the stage.
    Time,
}

/// Everything that a condition reads. Of a score its name only, not what it is made of.
pub(crate) fn facts(condition: &Expr) -> BTreeSet<Fact<'_>> {
    let mut facts = BTreeSet::new();
    condition.walk(&mut |expr| {
        let fact = match &expr.kind {
            ExprKind::Field(field) => Fact::Field(*field),
            ExprKind::Score(score) | ExprKind::IsGrade(score, _) => Fact::Score(*score),
            ExprKind::Event { name, within, .. } => {
                if within.is_some() {
                    facts.insert(Fact::Time);
                }
                Fact::Event(name)
            }
            ExprKind::Confirmed(id) => Fact::Confirmation(*id),
            ExprKind::Elapsed { field, .. } => {
                facts.insert(Fact::Field(*field));
                Fact::Time
            }
            ExprKind::Within(..) | ExprKind::TimeInStage | ExprKind::Today | ExprKind::Now => {
                Fact::Time
            }
            _ => return,
        };
        facts.insert(fact);
    });
    facts
}

/// The conditions that must all hold for this one to hold; itself, when it is no `and`.
pub(crate) fn terms(condition: &Expr) -> Vec<&Expr> {
    match &condition.kind {
        ExprKind::And(all) => all.iter().flat_map(terms).collect(),
        _ => vec![condition],
    }
}

/// The truth of a condition that reads nothing of the record and no clock, such as `true` or `1 = 2`.
pub(crate) fn constant(process: &Process, condition: &Expr) -> Option<bool> {
    facts(condition).is_empty().then(|| {
        let state = RecordState::new(civil::date(2026, 1, 1).at(12, 0, 0, 0));
        Evaluator::new(process, &state).holds(condition)
    })
}

/// Which moves can never open, whatever is known of the record.
#[derive(Debug)]
pub(crate) struct Conditions {
    never_open: FxHashSet<TransitionId>,
}

impl Conditions {
    /// Asks for every move with a condition. Moves that were made from one `from any open of` and
    /// need no criteria are asked about once.
    pub(crate) fn new<'a>(process: &'a Process, prover: &Prover<'a>) -> Self {
        let mut known: FxHashMap<(FileId, u32, u32), bool> = FxHashMap::default();
        let mut never_open = FxHashSet::default();
        for (id, transition) in process.transitions.iter() {
            let guarded = transition.kind == TransitionKind::Advance
                && has_criteria(process, transition.from, transition.to);
            if transition.when.is_none() && !guarded {
                continue;
            }
            let ask = || prover.is_impossible(&Formula::Open(id));
            let never = if guarded {
                ask()
            } else {
                *known.entry(transition.span.key()).or_insert_with(ask)
            };
            if never {
                never_open.insert(id);
            }
        }
        Self { never_open }
    }

    /// Whether it is proved that the move is open for no record.
    pub(crate) fn never_open(&self, transition: TransitionId) -> bool {
        self.never_open.contains(&transition)
    }
}

fn has_criteria(process: &Process, from: StageId, to: StageId) -> bool {
    !process.stages[from].exit.is_empty() || !process.stages[to].enter.is_empty()
}
