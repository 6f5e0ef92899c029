//! Says a question in one language.

use rust_decimal::Decimal;
use serde::Serialize;

use super::{Ask, Question, Quizzes};
use crate::emit::handbook::Medium;
use crate::emit::handbook::prose::{one_line, plain};
use crate::emit::sentence::{Sentences, in_language};
use crate::emit::view::Facts;
use crate::logic::Value;
use crate::logic::prove::Witness;
use crate::model::{
    self, ConfirmationId, Duration, FieldId, Owner, Process, StageId, Text, TransitionId, Unit,
};

/// A question as it is shown. `ask` and `because` are finished, the rest is plain text.
#[derive(Debug, Serialize)]
pub(in crate::emit) struct Told {
    number: usize,
    ask: String,
    pub(super) plain_ask: String,
    pub(super) facts: Vec<Fact>,
    options: Vec<Choice>,
    right: usize,
    pub(super) answer: String,
    because: String,
    /// Where the answer is written.
    pub(super) href: String,
}

/// What is known of the record that is asked about.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Debug, Serialize)]
struct Choice {
    index: usize,
    /// The same, counted as people do.
    number: usize,
    words: String,
}

impl Quizzes {
    /// The quiz of a role in a language.
    pub(in crate::emit) fn tell(
        &self,
        process: &Process,
        facts: &Facts,
        role: &str,
        language: &str,
        medium: &dyn Medium,
    ) -> Vec<Told> {
        let sentences = Sentences::new(process, language);
        let teller = Teller { process, facts, medium, sentences, language };
        let questions = self.by_role.get(role).map_or(&[][..], Vec::as_slice);
        questions.iter().enumerate().map(|(index, it)| teller.question(index + 1, it)).collect()
    }
}

struct Teller<'t> {
    process: &'t Process,
    facts: &'t Facts,
    medium: &'t dyn Medium,
    sentences: Sentences<'t>,
    language: &'t str,
}

/// How a question is said: its words and what stands in their places, the record, the choices, why, and where it is written.
struct Said {
    ask: (&'static str, Vec<String>),
    facts: Vec<Fact>,
    choices: Vec<String>,
    because: String,
    href: String,
}

impl Teller<'_> {
    fn question(&self, number: usize, question: &Question) -> Told {
        let said = self.said(question);
        let (key, titles) = said.ask;
        let shown: Vec<String> = titles.iter().map(|title| self.medium.title(title)).collect();
        let options = said.choices.into_iter().enumerate();
        let options: Vec<Choice> =
            options.map(|(index, words)| Choice { index, number: index + 1, words }).collect();
        let answer = options.get(question.right).map_or_else(String::new, |it| it.words.clone());
        let more = self.medium.link(&self.phrase("read_more", &[]), &said.href);
        Told {
            number,
            ask: self.medium.question(self.phrase(key, &shown)),
            plain_ask: self.phrase(key, &titles),
            facts: said.facts,
            options,
            right: question.right,
            answer,
            because: format!("{} {more}", said.because),
            href: said.href,
        }
    }

    fn said(&self, question: &Question) -> Said {
        let process = self.process;
        match &question.ask {
            Ask::Exit { stage, record, choices } => {
                let broken = choices.get(question.right).copied().flatten();
                let choice = |choice: &Option<model::CriterionId>| match choice {
                    None => self.phrase("answer_all", &[]),
                    Some(id) => {
                        let title = self.text(&process.criteria[*id].title);
                        self.phrase("answer_lacks", &[title])
                    }
                };
                Said {
                    ask: ("ask_exit", vec![self.stage(*stage)]),
                    facts: self.record(record),
                    choices: choices.iter().map(choice).collect(),
                    because: match broken {
                        None => self.phrase("because_all", &[]),
                        Some(id) => {
                            let criterion = &process.criteria[id];
                            let sentence = self.sentences.sentence(&criterion.condition);
                            let title = self.text(&criterion.title);
                            self.phrase(
                                "because_criterion",
                                &[self.escape(&title), self.escape(&sentence)],
                            )
                        }
                    },
                    href: self.section(*stage, "exit"),
                }
            }
            Ask::Way { stage, record, choices } => {
                let right = choices.get(question.right).copied().flatten();
                let choice = |choice: &Option<StageId>| match choice {
                    None => self.phrase("answer_stays", &[]),
                    Some(to) => self.stage(*to),
                };
                Said {
                    ask: ("ask_way", vec![self.stage(*stage)]),
                    facts: self.record(record),
                    choices: choices.iter().map(choice).collect(),
                    because: match right {
                        None => self.phrase("because_stays", &[]),
                        Some(to) => self.phrase("because_way", &[self.escape(&self.stage(to))]),
                    },
                    href: self.section(*stage, "moves"),
                }
            }
            Ask::Takeover { handoff, choices } => {
                let (from, to) = self.ends(*handoff);
                let choice = |(owner, within): &(Owner, Duration)| {
                    let who = self.text(process.owner_name(*owner).1);
                    let separator = self.phrase("list_separator", &[]);
                    format!("{who}{separator}{}", self.sentences.within(*within))
                };
                Said {
                    ask: ("ask_takeover", vec![from, to]),
                    facts: Vec::new(),
                    choices: choices.iter().map(choice).collect(),
                    because: self.phrase("because_handoff", &[]),
                    href: self.handoff(*handoff),
                }
            }
            Ask::Parcel { handoff, choices } => {
                let (from, to) = self.ends(*handoff);
                let parcel = process.transitions[*handoff].handoff.as_ref();
                let carried = parcel.map_or(&[][..], |handoff| &handoff.carries);
                let carried: Vec<String> =
                    carried.iter().map(|field| self.field(field.value)).collect();
                let carried = carried.join(&self.phrase("list_separator", &[]));
                Said {
                    ask: ("ask_parcel", vec![from, to]),
                    facts: Vec::new(),
                    choices: choices.iter().map(|field| self.field(*field)).collect(),
                    because: self.phrase("because_parcel", &[self.escape(&carried)]),
                    href: self.handoff(*handoff),
                }
            }
            Ask::Grade { score, record, choices } => {
                let score = &process.scores[*score];
                let choice = |index: &usize| {
                    let grade = score.grades.get(*index);
                    grade.map_or_else(String::new, |grade| self.text(&grade.title))
                };
                Said {
                    ask: ("ask_grade", vec![self.text(&score.title)]),
                    facts: self.record(record),
                    choices: choices.iter().map(choice).collect(),
                    because: self.phrase("because_grade", &[]),
                    href: self.medium.address("score", &score.name),
                }
            }
            Ask::Term { term, choices } => {
                let choice = |id: &model::TermId| {
                    let means = process.terms[*id].means.as_ref();
                    means.map_or_else(String::new, |text| plain(&self.text(text)))
                };
                Said {
                    ask: ("ask_term", vec![self.text(&process.terms[*term].title)]),
                    facts: Vec::new(),
                    choices: choices.iter().map(choice).collect(),
                    because: self.phrase("because_term", &[]),
                    href: self.medium.address("term", &process.terms[*term].name),
                }
            }
            Ask::Limit { stage, choices } => Said {
                ask: ("ask_limit", vec![self.stage(*stage)]),
                facts: Vec::new(),
                choices: choices.iter().map(|limit| self.sentences.duration(*limit)).collect(),
                because: self.phrase("because_limit", &[]),
                href: self.address(*stage),
            },
        }
    }

    /// What is known of a record, in the words of the process.
    fn record(&self, record: &Witness) -> Vec<Fact> {
        let process = self.process;
        let mut dated = record.stay_matters() || !record.events().is_empty();
        let mut facts = Vec::new();
        let mut add = |name: String, value: String| facts.push(Fact { name, value });
        for field in record.fields() {
            let value = record.state.values.get(field);
            dated |= matches!(value, Some(Value::Date(_) | Value::DateTime(_)));
            let told = match value {
                None => self.phrase("value_missing", &[]),
                Some(_) if record.is_any_text(*field) => self.phrase("value_present", &[]),
                Some(value) => self.value(value),
            };
            add(self.field(*field), told);
        }
        for id in record.confirmations() {
            let given = record.state.confirmations.contains(id);
            let key = if given { "value_confirmed" } else { "value_unconfirmed" };
            add(self.confirmation(*id), self.phrase(key, &[]));
        }
        for event in record.events() {
            let times = record.state.events.iter().filter(|(name, _)| name == event);
            let mut times: Vec<String> =
                times.map(|(_, at)| at.strftime("%Y-%m-%d %H:%M").to_string()).collect();
            times.sort();
            let told = match times.is_empty() {
                true => self.phrase("value_never", &[]),
                false => times.join(&self.phrase("list_separator", &[])),
            };
            add(self.text(&process.event_title(event, process.span)), told);
        }
        if record.stay_matters() {
            let stay = record.state.entered_stage_at.duration_until(record.state.now).as_secs();
            let sizes = [(86_400, Unit::Day), (3_600, Unit::Hour), (60, Unit::Minute)];
            let whole = sizes.into_iter().find(|(size, _)| stay % size == 0);
            let (size, unit) = whole.unwrap_or((60, Unit::Minute));
            let stay = Duration { amount: Decimal::from(stay / size), unit };
            add(self.phrase("in_stage_for", &[]), self.sentences.duration(stay));
        }
        if dated || record.state.now != super::moment() {
            let now = record.state.now.strftime("%Y-%m-%d %H:%M").to_string();
            add(self.phrase("now_is", &[]), now);
        }
        facts
    }

    fn value(&self, value: &Value) -> String {
        let constant = match value.clone() {
            Value::Text(text) | Value::User(text) => return text,
            Value::Number(number) => model::Value::Number(number.normalize()),
            Value::Money(money) => {
                model::Value::Money(model::Money { amount: money.amount.normalize(), ..money })
            }
            Value::Percent(percent) => model::Value::Percent(percent.normalize()),
            Value::Boolean(is) => model::Value::Boolean(is),
            Value::Date(date) => model::Value::Date(date),
            Value::DateTime(at) => model::Value::DateTime(at),
            Value::Duration(length) => model::Value::Duration(length),
            Value::Option(field, index) => return self.option(field, index),
            Value::Options(field, all) => {
                let all: Vec<String> = all.iter().map(|index| self.option(field, *index)).collect();
                return all.join(&self.phrase("list_separator", &[]));
            }
        };
        self.sentences.value(&constant)
    }

    fn option(&self, field: FieldId, index: usize) -> String {
        let option = self.process.fields[field].ty.options().get(index);
        option.map_or_else(String::new, |option| self.text(&option.title))
    }

    fn confirmation(&self, id: ConfirmationId) -> String {
        self.text(&self.process.confirmations[id].text)
    }

    fn text(&self, text: &Text) -> String {
        one_line(in_language(text, self.language))
    }

    fn stage(&self, stage: StageId) -> String {
        self.text(&self.process.stages[stage].title)
    }

    fn field(&self, field: FieldId) -> String {
        self.text(&self.process.fields[field].title)
    }

    fn ends(&self, handoff: TransitionId) -> (String, String) {
        let transition = &self.process.transitions[handoff];
        (self.stage(transition.from), self.stage(transition.to))
    }

    fn address(&self, stage: StageId) -> String {
        self.medium.address("stage", &self.process.stages[stage].name)
    }

    fn section(&self, stage: StageId, id: &str) -> String {
        self.medium.section(&self.process.stages[stage].name, id)
    }

    fn handoff(&self, handoff: TransitionId) -> String {
        let key = self.facts.keys.get(&self.facts.leader_of(handoff));
        self.medium.address("handoff", key.map_or("", String::as_str))
    }

    fn phrase(&self, key: &str, arguments: &[String]) -> String {
        self.medium.phrase(key, arguments)
    }

    fn escape(&self, text: &str) -> String {
        self.medium.escape(text)
    }
}
