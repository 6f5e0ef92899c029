//! A quiz for each role, made from the process by the prover.
//!
//! A question is about a record that the prover has found, or about a fact of the model; its answer is confirmed by
//! the native evaluator, and every other choice is certainly wrong. Which questions are asked depends on the
//! name and version of the process and the role alone, so that the same input gives the same quiz.

mod ask;
mod csv;
mod dice;
mod tell;
#[cfg(test)]
mod tests;

use jiff::civil::{DateTime, date};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::emit::view::{Facts, RoleView};
use crate::logic::prove::Witness;
use crate::model::{
    CriterionId, Duration, FieldId, Owner, Process, ScoreId, StageId, TermId, TransitionId,
};

pub(in crate::emit) use csv::csv;
pub(in crate::emit) use tell::Told;

/// The most questions of a quiz.
const MAX_QUESTIONS: usize = 12;

/// The most choices of a question.
const MAX_CHOICES: usize = 4;

/// The moment at which the records of all questions live: a Monday morning.
fn moment() -> DateTime {
    date(2026, 3, 2).at(10, 0, 0, 0)
}

/// A quiz as its page shows it.
#[derive(Serialize)]
pub(in crate::emit) struct QuizPage<'v, 'a> {
    pub(in crate::emit) role: &'v RoleView<'a>,
    /// The file of the flash cards.
    pub(in crate::emit) csv: String,
    pub(in crate::emit) questions: &'v [Told],
}

/// The quizzes of a process by role.
#[derive(Debug)]
pub(in crate::emit) struct Quizzes {
    by_role: FxHashMap<String, Vec<Question>>,
}

impl Quizzes {
    /// Whether there is anything to ask this role.
    pub(in crate::emit) fn has(&self, role: &str) -> bool {
        self.by_role.contains_key(role)
    }
}

/// A question, in no language yet.
#[derive(Debug)]
pub(super) struct Question {
    ask: Ask,
    /// The index of the right choice.
    right: usize,
}

/// What is asked, and the choices.
#[derive(Debug)]
enum Ask {
    /// Whether a record may leave its stage: yes, or which exit criterion holds it back.
    Exit { stage: StageId, record: Box<Witness>, choices: Vec<Option<CriterionId>> },
    /// Where a record may go; none: it stays.
    Way { stage: StageId, record: Box<Witness>, choices: Vec<Option<StageId>> },
    /// Who takes a record over, and by when they act.
    Takeover { handoff: TransitionId, choices: Vec<(Owner, Duration)> },
    /// What must be handed over.
    Parcel { handoff: TransitionId, choices: Vec<FieldId> },
    /// Which grade a record has.
    Grade { score: ScoreId, record: Box<Witness>, choices: Vec<usize> },
    /// What a word means.
    Term { term: TermId, choices: Vec<TermId> },
    /// How long a record may stay.
    Limit { stage: StageId, choices: Vec<Duration> },
}

/// The quizzes of all roles.
pub(in crate::emit) fn quizzes(process: &Process, facts: &Facts) -> Quizzes {
    let roles: Vec<_> = process.roles.ids().collect();
    let made = roles.par_iter().filter_map(|role| {
        let questions = ask::questions(process, facts, *role);
        (!questions.is_empty()).then(|| (process.roles[*role].name.clone(), questions))
    });
    Quizzes { by_role: made.collect::<Vec<_>>().into_iter().collect() }
}
