//! Every answer is asked of the native evaluator once more.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::logic::{Evaluator, RecordState, duration};
use crate::{project, sema};

fn process(path: &str) -> Process {
    let project = project::load(camino::Utf8Path::new(path)).unwrap();
    sema::analyze(&project.files, &project.name).process
}

/// Whether some move into the stage is open for a record.
fn leads(process: &Process, stage: StageId, to: StageId, state: &RecordState) -> bool {
    let evaluator = Evaluator::new(process, state);
    let moves = &process.stages[stage].outgoing;
    moves.iter().any(|id| process.transitions[*id].to == to && evaluator.is_open(*id))
}

/// Checks that the right choice is right and every other one wrong.
fn check(process: &Process, question: &Question) {
    let right = question.right;
    let others = |count: usize| {
        assert!((2..=MAX_CHOICES).contains(&count) && right < count);
        (0..count).filter(move |index| *index != right)
    };
    match &question.ask {
        Ask::Exit { stage, record, choices } => {
            let evaluator = Evaluator::new(process, &record.state);
            let failing: Vec<CriterionId> = process.stages[*stage]
                .exit
                .iter()
                .copied()
                .filter(|id| !evaluator.passes(*id))
                .collect();
            assert_eq!(failing, choices[right].into_iter().collect::<Vec<_>>());
            for other in others(choices.len()) {
                assert!(choices[other].map_or(!failing.is_empty(), |id| evaluator.passes(id)));
            }
        }
        Ask::Way { stage, record, choices } => {
            let open = |to: StageId| leads(process, *stage, to, &record.state);
            let any = process.stages[*stage].outgoing.iter();
            let any = any.filter(|id| Evaluator::new(process, &record.state).is_open(**id)).count();
            assert!(choices[right].map_or(any == 0, open));
            // The record does not tell how often a move was made.
            assert!(choices[right].is_none_or(|to| {
                process.stages[*stage].outgoing.iter().any(|id| {
                    let way = &process.transitions[*id];
                    way.to == to && way.at_most.is_none()
                })
            }));
            for other in others(choices.len()) {
                assert!(choices[other].map_or(any > 0, |to| !open(to)));
            }
        }
        Ask::Grade { score, record, choices } => {
            let grade = Evaluator::new(process, &record.state).grade(*score);
            assert_eq!(grade, Some(choices[right]));
            // What is missing decides, too.
            let read = process.scores[*score].points.iter().flat_map(|points| points.when.fields());
            assert!(read.into_iter().all(|field| record.fields().contains(&field)));
            for other in others(choices.len()) {
                assert_ne!(grade, Some(choices[other]));
            }
        }
        Ask::Takeover { handoff, choices } => {
            let transition = &process.transitions[*handoff];
            let within = transition.handoff.as_ref().unwrap().within.unwrap();
            assert_eq!(choices[right], (process.stages[transition.to].owner.unwrap(), within));
            for other in others(choices.len()) {
                let (owner, time) = choices[other];
                let order = duration::order(time, within, &process.calendar);
                let same_team =
                    process.team_of(owner) == process.stage_team(transition.to).unwrap();
                assert!(!same_team || order.is_some_and(|order| order.is_ne()));
            }
        }
        Ask::Parcel { handoff, choices } => {
            let carries = &process.transitions[*handoff].handoff.as_ref().unwrap().carries;
            let carried = |index: usize| carries.iter().any(|field| field.value == choices[index]);
            assert!(carried(right));
            assert!(others(choices.len()).all(|other| !carried(other)));
        }
        Ask::Term { term, choices } => {
            assert_eq!(choices[right], *term);
            let means = |id: TermId| &process.terms[id].means.as_ref().unwrap().value;
            assert!(others(choices.len()).all(|other| means(choices[other]) != means(*term)));
        }
        Ask::Limit { stage, choices } => {
            let limit = process.stages[*stage].limit.as_ref().unwrap().duration;
            assert_eq!(choices[right], limit);
            for other in others(choices.len()) {
                assert!(duration::order(choices[other], limit, &process.calendar).unwrap().is_ne());
            }
        }
    }
}

#[test]
fn every_answer_is_right_and_no_other_one_is() {
    let mut kinds = std::collections::BTreeSet::new();
    for example in ["the_model", "salesforce_default", "hubspot_default"] {
        let process = process(&format!("{}/examples/{example}", env!("CARGO_MANIFEST_DIR")));
        let quizzes = quizzes(&process, &Facts::of(&process));
        for questions in quizzes.by_role.values() {
            assert!(questions.len() <= MAX_QUESTIONS);
            for question in questions {
                check(&process, question);
                let name = format!("{:?}", question.ask);
                kinds.insert(name.split([' ', '{']).next().unwrap_or_default().to_owned());
            }
        }
        if example == "the_model" {
            assert!(process.roles.values().all(|role| quizzes.has(&role.name)));
        }
    }
    let all = ["Exit", "Grade", "Limit", "Parcel", "Takeover", "Term", "Way"];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all);
}
