//! Finds questions. Where the prover cannot decide, nothing is asked.

use std::cmp::Ordering;

use super::dice::Dice;
use super::{Ask, MAX_CHOICES, MAX_QUESTIONS, Question, moment};
use crate::emit::handbook::fnv_1a;
use crate::emit::view::Facts;
use crate::logic::prove::{Answer, Formula, Prover, Witness};
use crate::logic::{Evaluator, RecordState, duration};
use crate::model::{
    Criterion, CriterionId, Duration, Expr, FieldId, NodeRef, Origin, Owner, Process, RoleId,
    ScoreId, StageId, TermId, TransitionId, TransitionKind,
};

/// The most stages, handoffs or words of one role that questions are looked for in.
const MAX_SOURCES: usize = 6;

/// The longest stay of a record that a question is about, in hours: ten years.
const LONGEST_STAY: i64 = 10 * 366 * 24;

/// The questions for a role.
pub(super) fn questions(process: &Process, facts: &Facts, role: RoleId) -> Vec<Question> {
    let version = process.version.as_deref().unwrap_or("");
    let seed = fnv_1a(&format!("{}\n{version}\n{}", process.name, process.roles[role].name));
    let mut asker =
        Asker { process, facts, prover: Prover::new(process, moment()), dice: Dice::new(seed) };
    let owners = [Owner::Role(role), Owner::Team(process.roles[role].team)];
    let stages = few(owners.iter().flat_map(|owner| facts.owned.get(*owner)).copied());
    let handoff = |index: &usize| facts.handoffs.get(*index).map(|fact| fact.transition);
    let lists = owners.iter().flat_map(|owner| {
        facts.taken.get(*owner).iter().chain(facts.given.get(*owner)).filter_map(handoff)
    });
    let handoffs = few(lists);
    let words = stages.iter().filter_map(|stage| facts.terms.get(&NodeRef::Stage(*stage)));
    let mut words = few(words.flatten().copied());
    if words.is_empty() {
        words = few(process.terms.ids());
    }
    let lineage: Vec<_> =
        stages.iter().flat_map(|stage| process.lineage(process.stages[*stage].record)).collect();
    let rates = |id: &ScoreId| lineage.contains(&process.scores[*id].record);
    let scores: Vec<ScoreId> = process.scores.ids().filter(rates).take(2).collect();

    // One of each kind in turn, so that a quiz is about everything.
    let mut kinds: Vec<Vec<Question>> = vec![
        stages.iter().filter_map(|stage| asker.exit(*stage)).collect(),
        stages.iter().filter_map(|stage| asker.way(*stage)).collect(),
        handoffs.iter().filter_map(|handoff| asker.takeover(*handoff)).collect(),
        scores.iter().filter_map(|score| asker.grade(*score)).collect(),
        handoffs.iter().filter_map(|handoff| asker.parcel(*handoff)).collect(),
        stages.iter().filter_map(|stage| asker.limit(*stage)).collect(),
        words.iter().filter_map(|term| asker.term(*term)).collect(),
    ];
    kinds.iter_mut().for_each(|kind| kind.reverse());
    let mut questions = Vec::new();
    while questions.len() < MAX_QUESTIONS && kinds.iter().any(|kind| !kind.is_empty()) {
        questions.extend(kinds.iter_mut().filter_map(Vec::pop));
    }
    questions.truncate(MAX_QUESTIONS);
    questions
}

/// The first few, each once.
fn few<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
        if kept.len() == MAX_SOURCES {
            break;
        }
    }
    kept
}

struct Asker<'a> {
    process: &'a Process,
    facts: &'a Facts,
    prover: Prover<'a>,
    dice: Dice,
}

impl<'a> Asker<'a> {
    fn record(&self, formula: &Formula<'a>) -> Option<Box<Witness>> {
        match self.prover.possible(formula) {
            // Nobody has seen such a record.
            Answer::Yes(witness) if is_ancient(&witness.state) => None,
            Answer::Yes(witness) => Some(witness),
            Answer::No | Answer::Unknown => None,
        }
    }

    /// The right choice and some wrong ones in any order, and where the right one stands.
    fn mixed<T>(&mut self, right: T, mut wrong: Vec<T>) -> Option<(Vec<T>, usize)> {
        self.dice.shuffle(&mut wrong);
        wrong.truncate(MAX_CHOICES - 1);
        if wrong.is_empty() {
            return None;
        }
        let at = self.dice.below(wrong.len() + 1);
        wrong.insert(at, right);
        Some((wrong, at))
    }

    /// May this record leave the stage? It passes all exit criteria, or all but one.
    fn exit(&mut self, stage: StageId) -> Option<Question> {
        let process = self.process;
        let criteria =
            distinct(&process.stages[stage].exit, |id| process.criteria[*id].title.value.as_str());
        let broken = self.dice.below(criteria.len() + 1).checked_sub(1);
        let broken = broken.and_then(|index| criteria.get(index)).copied();
        let formula = process.stages[stage].exit.iter().map(|id| match Some(*id) == broken {
            true => Formula::Passes(*id).negated(),
            false => Formula::Passes(*id),
        });
        if criteria.is_empty() {
            return None;
        }
        let record = self.record(&Formula::All(formula.collect()))?;
        let evaluator = Evaluator::new(process, &record.state);
        let wrong = criteria.iter().copied().filter(|id| evaluator.passes(*id)).map(Some);
        let mut wrong: Vec<Option<CriterionId>> = wrong.collect();
        wrong.extend(broken.is_some().then_some(None));
        let (choices, right) = self.mixed(broken, wrong)?;
        let asked = criteria.iter().map(|id| &process.criteria[*id]);
        let record = record.told_whole(asked.flat_map(Criterion::conditions));
        Some(Question { ask: Ask::Exit { stage, record, choices }, right })
    }

    /// Where may this record go? One way is open, or none.
    fn way(&mut self, stage: StageId) -> Option<Question> {
        let process = self.process;
        let moves = &process.stages[stage].outgoing;
        let to = |id: &TransitionId| process.transitions[*id].to;
        // What the receiver refuses is for the receiver to say.
        let is_own =
            |id: &&TransitionId| !matches!(process.transitions[**id].origin, Origin::Refusal(_));
        let mut targets: Vec<StageId> = Vec::new();
        for target in moves.iter().filter(is_own).map(to) {
            if !targets.contains(&target) && target != stage {
                targets.push(target);
            }
        }
        let mut wanted: Vec<Option<StageId>> = targets.iter().copied().map(Some).collect();
        wanted.push(None);
        self.dice.shuffle(&mut wanted);
        for right in wanted.into_iter().take(3) {
            let is_right = |id: &TransitionId| Some(to(id)) == right;
            let mut all: Vec<Formula<'a>> = Vec::new();
            for id in moves {
                if !is_right(id) {
                    all.push(Formula::Open(*id).negated());
                }
            }
            if right.is_some() {
                // Whether one that is open a number of times was taken so often, the question does not say.
                let is_always = |id: &&TransitionId| process.transitions[**id].at_most.is_none();
                let ways = moves.iter().filter(|id| is_right(id) && is_own(id) && is_always(id));
                all.push(Formula::Any(ways.map(|id| Formula::Open(*id)).collect()));
            }
            let Some(record) = self.record(&Formula::All(all)) else { continue };
            let wrong = targets.iter().copied().map(Some).chain([None]);
            let wrong = wrong.filter(|choice| *choice != right).collect();
            let (choices, right) = self.mixed(right, wrong)?;
            let asked = moves.iter().flat_map(|id| self.asked_by(*id));
            let record = record.told_whole(asked);
            return Some(Question { ask: Ask::Way { stage, record, choices }, right });
        }
        None
    }

    /// The conditions of a move, and of an advance the criteria on both sides.
    fn asked_by(&self, id: TransitionId) -> impl Iterator<Item = &'a Expr> {
        let process = self.process;
        let transition = &process.transitions[id];
        let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
        let criteria: &[&'a [CriterionId]] = match transition.kind {
            TransitionKind::Advance => &[&from.exit, &to.enter],
            _ => &[],
        };
        let criteria: Vec<CriterionId> = criteria.iter().copied().flatten().copied().collect();
        let criteria = criteria.into_iter().flat_map(|id| process.criteria[id].conditions());
        transition.when.iter().chain(criteria)
    }

    /// Who takes over, and within what time?
    fn takeover(&mut self, handoff: TransitionId) -> Option<Question> {
        let right = self.terms(handoff)?;
        let mut wrong: Vec<(Owner, Duration)> = Vec::new();
        for fact in &self.facts.handoffs {
            let Some((owner, within)) = self.terms(fact.transition) else { continue };
            // The same time with another team, or another time with the same one.
            for choice in [(owner, right.1), (right.0, within)] {
                let differs = self.process.team_of(choice.0) != self.process.team_of(right.0)
                    || self.differ(choice.1, right.1);
                if differs && !wrong.contains(&choice) {
                    wrong.push(choice);
                }
            }
            if wrong.len() >= 4 * MAX_CHOICES {
                break;
            }
        }
        let (choices, right) = self.mixed(right, wrong)?;
        Some(Question { ask: Ask::Takeover { handoff, choices }, right })
    }

    /// Who receives, and how fast they act.
    fn terms(&self, handoff: TransitionId) -> Option<(Owner, Duration)> {
        let transition = &self.process.transitions[handoff];
        let within = transition.handoff.as_ref()?.within?;
        Some((self.process.stages[transition.to].owner?, within))
    }

    fn differ(&self, one: Duration, other: Duration) -> bool {
        let order = duration::order(one, other, &self.process.calendar);
        order.is_some_and(|order| order != Ordering::Equal)
    }

    /// Which of these must be handed over?
    fn parcel(&mut self, handoff: TransitionId) -> Option<Question> {
        let process = self.process;
        let transition = &process.transitions[handoff];
        let carried: Vec<FieldId> =
            transition.handoff.as_ref()?.carries.iter().map(|field| field.value).collect();
        let right = *carried.get(self.dice.below(carried.len()))?;
        let fields = process.visible_fields(process.stages[transition.from].record);
        let title = |id: FieldId| process.fields[id].title.value.as_str();
        let wrong = fields.into_iter().filter(|id| {
            !carried.contains(id) && carried.iter().all(|known| title(*known) != title(*id))
        });
        let wrong = distinct(&wrong.collect::<Vec<_>>(), |id| title(*id));
        let (choices, right) = self.mixed(right, wrong)?;
        Some(Question { ask: Ask::Parcel { handoff, choices }, right })
    }

    /// Which grade has this record?
    fn grade(&mut self, score: ScoreId) -> Option<Question> {
        let process = self.process;
        let grades = &process.scores[score].grades;
        let mut wanted: Vec<usize> = (0..grades.len()).collect();
        self.dice.shuffle(&mut wanted);
        for right in wanted {
            let Some(record) = self.record(&Formula::Grade(score, right)) else { continue };
            let title = |index: &usize| grades.get(*index).map_or("", |grade| &grade.title.value);
            let wrong = (0..grades.len()).filter(|other| title(other) != title(&right)).collect();
            let (choices, right) = self.mixed(right, wrong)?;
            let points = process.scores[score].points.iter();
            let record = record.told_whole(points.map(|points| &points.when));
            return Some(Question { ask: Ask::Grade { score, record, choices }, right });
        }
        None
    }

    /// What does this word mean?
    fn term(&mut self, term: TermId) -> Option<Question> {
        let process = self.process;
        let means = |id: TermId| {
            process.terms[id].means.as_ref().map(|text| text.value.trim()).filter(|m| !m.is_empty())
        };
        let right = means(term)?;
        let others = process.terms.ids().filter(|id| means(*id).is_some_and(|m| m != right));
        let others: Vec<TermId> = others.collect();
        let others = distinct(&others, |id| means(*id).unwrap_or(""));
        let (choices, right) = self.mixed(term, others)?;
        Some(Question { ask: Ask::Term { term, choices }, right })
    }

    /// How long may a record stay?
    fn limit(&mut self, stage: StageId) -> Option<Question> {
        let right = self.process.stages[stage].limit.as_ref()?.duration;
        let mut wrong: Vec<Duration> = Vec::new();
        let near = self.facts.rank(stage).saturating_sub(MAX_SOURCES);
        for id in self.facts.order.iter().skip(near).take(4 * MAX_SOURCES) {
            let Some(limit) = &self.process.stages[*id].limit else { continue };
            let known = |known: &Duration| !self.differ(*known, limit.duration);
            if self.differ(limit.duration, right) && !wrong.iter().any(known) {
                wrong.push(limit.duration);
            }
        }
        let (choices, right) = self.mixed(right, wrong)?;
        Some(Question { ask: Ask::Limit { stage, choices }, right })
    }
}

/// Whether a record has been in its stage for many years.
fn is_ancient(state: &RecordState) -> bool {
    state.now.duration_since(state.entered_stage_at).as_hours() > LONGEST_STAY
}

/// Those whose text nobody before has.
fn distinct<'t, T: Copy>(items: &[T], text: impl Fn(&T) -> &'t str) -> Vec<T> {
    let mut seen = rustc_hash::FxHashSet::default();
    items.iter().copied().filter(|item| seen.insert(text(item))).collect()
}
