//! What can be proved about conditions: whether any record satisfies them, whether every record
//! does, whether one implies another, whether two meet.
//!
//! Every question is reduced to one: *is there a record for which this formula holds?* A yes comes
//! with such a record, and the native evaluator has confirmed it. A no is a proof. Everything else,
//! what is undecidable as well as what would take too long, is [`Answer::Unknown`], and whoever asked
//! says nothing.

mod dates;
mod domain;
mod events;
mod fields;
mod formula;
mod linear;
mod node;
mod numbers;
mod pick;
mod points;
mod ratio;
mod record;
mod scores;
mod search;
mod sums;
mod term;
mod texts;
mod time;
mod witness;

use jiff::civil::DateTime;

use crate::logic::{Evaluator, RecordState};
use crate::model::{Clock, CriterionId, Expr, FieldId, Process, ScoreId, StageId, TransitionId};

use formula::Question;
use search::Search;
pub use witness::{Known, KnownValue, Witness};

/// A condition over one record, put together from those of the process.
#[derive(Clone, Debug)]
pub enum Formula<'a> {
    /// Every record.
    True,
    /// The records for which a condition of the process holds.
    Holds(&'a Expr),
    /// The records that a criterion lets pass: it does not apply to them, or holds.
    Passes(CriterionId),
    /// The records in the stage it leaves for which a transition is open; see
    /// [`super::Evaluator::is_open`].
    Open(TransitionId),
    /// The records for which a clock has struck.
    Struck(&'a Clock),
    /// The records in which a field has a value.
    Present(FieldId),
    /// The records with this grade, the index in [`crate::model::Score::grades`].
    Grade(ScoreId, usize),
    /// The others.
    Not(Box<Formula<'a>>),
    /// All hold.
    All(Vec<Formula<'a>>),
    /// One holds.
    Any(Vec<Formula<'a>>),
}

/// Whether some record satisfies a formula.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Yes: such a record. The native evaluator has confirmed it.
    Yes(Box<Witness>),
    /// No record does.
    No,
    /// It cannot be told, or not in reasonable time.
    Unknown,
}

/// Whether a claim about all records is true.
#[derive(Clone, Debug)]
pub enum Proof {
    /// It is.
    Proved,
    /// It is not: a record against it.
    Refuted(Box<Witness>),
    /// It cannot be told.
    Unknown,
}

/// Answers questions about the conditions of one process.
#[derive(Debug)]
pub struct Prover<'a> {
    process: &'a Process,
    now: DateTime,
}

impl<'a> Prover<'a> {
    /// A prover for a process. Its witnesses live at the moment `now`, in the time zone of the process;
    /// its proofs hold at any.
    pub fn new(process: &'a Process, now: DateTime) -> Self {
        Self { process, now }
    }

    /// The process asked about.
    pub fn process(&self) -> &'a Process {
        self.process
    }

    /// Whether there is a record for which the formula holds. Records respect what their fields
    /// declare: type, options, `at least`, `at most`, `required`.
    pub fn possible(&self, formula: &Formula<'a>) -> Answer {
        let question = Question::new(self.process, self.now, formula);
        let mut search = Search::new(&question);
        let mut found = None;
        search.run(&mut |search| {
            found = search.witness_with_points(&|state| self.holds(formula, state));
            found.is_some()
        });
        match found {
            Some(witness) => Answer::Yes(Box::new(witness)),
            None if search.gave_up => Answer::Unknown,
            None => Answer::No,
        }
    }

    /// Whether it is proved that no record satisfies the formula. This is [`Answer::No`], sooner: most
    /// conditions are sound, and a record that nobody wants to see need not be made.
    pub fn is_impossible(&self, formula: &Formula<'a>) -> bool {
        self.is_left_open(formula) == Some(false)
    }

    /// Whether the search has ended at a record that may satisfy the formula: then nothing that such a
    /// record satisfies, too, is impossible. One such question may spare many.
    pub fn may_hold(&self, formula: &Formula<'a>) -> bool {
        self.is_left_open(formula) == Some(true)
    }

    /// `None` when the search gave up.
    fn is_left_open(&self, formula: &Formula<'a>) -> Option<bool> {
        let question = Question::new(self.process, self.now, formula);
        let mut search = Search::new(&question);
        let found =
            search.run(&mut |search| search.is_left_open(&|state| self.holds(formula, state)));
        (found || !search.gave_up).then_some(found)
    }

    /// Whether it is proved that every record satisfies the formula: [`Proof::Proved`].
    pub fn is_certain(&self, formula: Formula<'a>) -> bool {
        self.is_impossible(&formula.negated())
    }

    /// Whether it is proved that every record of the first is one of the second.
    pub fn follows(&self, first: Formula<'a>, second: Formula<'a>) -> bool {
        self.is_certain(Formula::Any(vec![first.negated(), second]))
    }

    /// Whether the formula holds for a record: the native evaluator's answer.
    pub fn holds(&self, formula: &Formula<'_>, state: &RecordState) -> bool {
        confirm(formula, &Evaluator::new(self.process, state))
    }

    /// Whether the formula holds for every record.
    pub fn always(&self, formula: Formula<'a>) -> Proof {
        match self.possible(&formula.negated()) {
            Answer::No => Proof::Proved,
            Answer::Yes(witness) => Proof::Refuted(witness),
            Answer::Unknown => Proof::Unknown,
        }
    }

    /// Whether every record of the first is one of the second.
    pub fn implies(&self, first: Formula<'a>, second: Formula<'a>) -> Proof {
        self.always(Formula::Any(vec![first.negated(), second]))
    }

    /// Whether some record satisfies both.
    pub fn overlap(&self, first: Formula<'a>, second: Formula<'a>) -> Answer {
        self.possible(&Formula::All(vec![first, second]))
    }

    /// Whether some record satisfies none of them.
    pub fn gap(&self, all: Vec<Formula<'a>>) -> Answer {
        self.possible(&Formula::Any(all).negated())
    }

    /// All exit criteria of a stage pass.
    pub fn exit_of(&self, stage: StageId) -> Formula<'a> {
        passes(&self.process.stages[stage].exit)
    }

    /// All entry criteria of a stage pass.
    pub fn enter_of(&self, stage: StageId) -> Formula<'a> {
        passes(&self.process.stages[stage].enter)
    }
}

fn confirm(formula: &Formula<'_>, evaluator: &Evaluator<'_>) -> bool {
    match formula {
        Formula::True => true,
        Formula::Holds(expr) => evaluator.holds(expr),
        Formula::Passes(criterion) => evaluator.passes(*criterion),
        Formula::Open(transition) => evaluator.is_open(*transition),
        Formula::Struck(clock) => evaluator.has_struck(clock),
        Formula::Present(field) => evaluator.has(*field),
        Formula::Grade(score, grade) => evaluator.grade(*score) == Some(*grade),
        Formula::Not(inner) => !confirm(inner, evaluator),
        Formula::All(all) => all.iter().all(|x| confirm(x, evaluator)),
        Formula::Any(any) => any.iter().any(|x| confirm(x, evaluator)),
    }
}

fn passes<'a>(criteria: &[CriterionId]) -> Formula<'a> {
    Formula::All(criteria.iter().map(|id| Formula::Passes(*id)).collect())
}

impl<'a> Formula<'a> {
    /// The records for which it does not hold.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Formula::Not(inner) => *inner,
            other => Formula::Not(Box::new(other)),
        }
    }
}

impl<'a> From<&'a Expr> for Formula<'a> {
    fn from(expr: &'a Expr) -> Self {
        Formula::Holds(expr)
    }
}
