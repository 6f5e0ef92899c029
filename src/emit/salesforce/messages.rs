//! What people are told whom a rule refuses, in any language of the process: what they can do, or what
//! is missing.

mod words;

use indexmap::IndexMap;

use crate::emit::crm::one_line;
use crate::emit::gates::Ask;
use crate::emit::sentence::{Sentences, in_language, primary_subtag};
use crate::model::{
    CompareOp, Expr, ExprKind, FieldId, Process, RecordId, StageId, Text, Transition, TransitionId,
    TransitionKind, Type, Value,
};
use crate::sema::value_type;

use words::words;

/// A message that has not been said in a language yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// What a gate asks.
    Gate(Ask),
    /// Where a record can move to from a stage, and how it goes on as one of another type.
    Moves(StageId, Vec<StageId>, Vec<(Onward, StageId)>),
    /// Where a record begins: a new one, one that gets the record type, or its first stage.
    Start(Vec<StageId>),
    /// In which stages the records are that one which begins in a stage continues.
    Origin(StageId, Vec<StageId>),
    /// Between which values a field lies.
    Bounds(FieldId),
    /// That a field is filled in.
    Required(FieldId),
}

/// What people do for a record to go on as one of another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Onward {
    /// They convert the lead.
    Converted,
    /// They make another record.
    New,
    /// They change the record type and the stage by one save.
    Retyped,
    /// They move the record that this one continues.
    Earlier,
}

const ONWARD: [Onward; 4] = [Onward::Converted, Onward::Retyped, Onward::New, Onward::Earlier];

/// Says messages in one language.
pub(super) struct Teller<'a> {
    process: &'a Process,
    language: &'a str,
    sentences: Sentences<'a>,
}

impl<'a> Teller<'a> {
    /// In `language`, a language of the process.
    pub(super) fn new(process: &'a Process, language: &'a str) -> Self {
        Self { process, language, sentences: Sentences::new(process, language) }
    }

    /// In the first language of the process.
    pub(super) fn first(process: &'a Process) -> Self {
        Self::new(process, process.languages.first().map_or("en", String::as_str))
    }

    /// The message, on one line.
    pub(super) fn say(&self, message: &Message) -> String {
        let words = words(self.language);
        one_line(&match message {
            Message::Gate(ask) => self.gate(ask),
            Message::Moves(from, to, away) => {
                let mut said = (words.moves)(&self.title(*from), &self.titles(to));
                for how in ONWARD {
                    let there: Vec<StageId> =
                        away.iter().filter(|(by, _)| *by == how).map(|(_, to)| *to).collect();
                    if !there.is_empty() {
                        said.push_str(&words.onward(how, &self.by_record(&there)));
                    }
                }
                said
            }
            Message::Bounds(id) => (words.bounds)(&self.bounds(*id)),
            Message::Required(id) => {
                let field = &self.process.fields[*id];
                (words.fill)(self.sentences.text(&field.title))
            }
            Message::Start(stages) => match stages.first() {
                Some(first) => (words.start)(&self.record(*first), &self.titles(stages)),
                None => String::new(),
            },
            Message::Origin(stage, from) => {
                let earlier = from.first().map(|first| self.record(*first)).unwrap_or_default();
                (words.origin)(&self.title(*stage), &earlier, &self.titles(from))
            }
        })
    }

    /// The titles of the stages, each in quotes: titles have commas of their own.
    fn titles(&self, stages: &[StageId]) -> String {
        let words = words(self.language);
        let titles = stages.iter().map(|stage| (words.quoted)(&self.title(*stage)));
        titles.collect::<Vec<_>>().join(words.comma)
    }

    /// The title of the record type of a stage.
    fn record(&self, stage: StageId) -> String {
        let record = self.process.stages[stage].record;
        one_line(self.sentences.text(&self.process.records[record].title))
    }

    /// The stages behind the titles of their record types.
    fn by_record(&self, stages: &[StageId]) -> String {
        let words = words(self.language);
        let mut groups: IndexMap<RecordId, Vec<StageId>> = IndexMap::new();
        for stage in stages {
            groups.entry(self.process.stages[*stage].record).or_default().push(*stage);
        }
        let groups = groups.values().filter_map(|stages| {
            let record = self.record(*stages.first()?);
            Some((words.group)(&record, &self.titles(stages)))
        });
        groups.collect::<Vec<_>>().join(words.comma)
    }

    /// The message, if this language has words for it: a criterion has them when its text is
    /// translated; what is put together of conditions and titles, when Ekiden speaks the language.
    pub(super) fn translated(&self, message: &Message) -> Option<String> {
        let there = match message {
            Message::Gate(Ask::Criterion(id)) => {
                has(&self.process.criteria[*id].title, self.language)
            }
            _ => matches!(primary_subtag(self.language), "en" | "ja" | "ko"),
        };
        there.then(|| self.say(message))
    }

    /// Said as a condition is.
    fn bounds(&self, id: FieldId) -> String {
        let field = &self.process.fields[id];
        let ty = value_type(id, &field.ty);
        let expr = |kind, ty| Expr { kind, ty, span: field.span };
        let side = |bound: &Value, op| {
            let sides = (expr(ExprKind::Field(id), ty), expr(ExprKind::Value(bound.clone()), ty));
            expr(ExprKind::Compare(Box::new(sides.0), op, Box::new(sides.1)), Type::Boolean)
        };
        let condition = match (&field.at_least, &field.at_most) {
            (Some(least), Some(most)) => {
                let value = |bound: &Value| Box::new(expr(ExprKind::Value(bound.clone()), ty));
                let of = Box::new(expr(ExprKind::Field(id), ty));
                expr(ExprKind::Between(of, value(least), value(most)), Type::Boolean)
            }
            (Some(least), None) => side(least, CompareOp::Ge),
            (None, Some(most)) => side(most, CompareOp::Le),
            (None, None) => return String::new(),
        };
        self.sentences.sentence(&condition)
    }

    fn title(&self, stage: StageId) -> String {
        one_line(self.sentences.text(&self.process.stages[stage].title))
    }

    fn gate(&self, ask: &Ask) -> String {
        let process = self.process;
        let ends = |id: TransitionId| {
            let transition = &process.transitions[id];
            format!("{} → {}", self.title(transition.from), self.title(transition.to))
        };
        match ask {
            Ask::Criterion(id) => {
                let criterion = &process.criteria[*id];
                let title = one_line(self.sentences.text(&criterion.title));
                format!("{}: {title}", self.title(criterion.stage))
            }
            Ask::When(id) | Ask::After(id) => format!("{}: {}", ends(*id), self.asked(*id)),
            Ask::OneOf(ways) => {
                let asked: Vec<String> = ways.iter().map(|way| self.open(*way)).collect();
                let first = ways.first().map(|way| ends(*way)).unwrap_or_default();
                format!("{first}: {}", self.sentences.choice(&asked))
            }
        }
    }

    /// What a transition asks for, its criteria among it: of several ways each says all that opens it.
    fn open(&self, id: TransitionId) -> String {
        let transition = &self.process.transitions[id];
        let (from, to) =
            (&self.process.stages[transition.from], &self.process.stages[transition.to]);
        let here = if from.record == to.record { to.enter.as_slice() } else { &[] };
        let criteria = from.exit.iter().chain(here);
        let criteria = criteria.filter(|_| transition.kind == TransitionKind::Advance);
        let titles =
            criteria.map(|id| one_line(self.sentences.text(&self.process.criteria[*id].title)));
        self.told(transition, titles.collect())
    }

    /// What the condition and the clock of a transition ask for.
    fn asked(&self, id: TransitionId) -> String {
        let (words, transition) = (words(self.language), &self.process.transitions[id]);
        let when = transition.when.as_ref();
        let when = when.map(|when| (words.only_if)(&self.sentences.condition(when)));
        let after = transition.after.as_ref();
        let after = after.map(|clock| (words.only_from)(&self.sentences.clock(clock)));
        self.sentences.list(&when.into_iter().chain(after).collect::<Vec<_>>())
    }

    fn told(&self, transition: &Transition, mut parts: Vec<String>) -> String {
        parts.extend(transition.when.as_ref().map(|when| self.sentences.condition(when)));
        parts.extend(transition.after.as_ref().map(|clock| self.sentences.clock(clock)));
        if parts.is_empty() {
            parts.push(self.title(transition.to));
        }
        self.sentences.list(&parts)
    }
}

/// That a field is filled in, or that it is not.
pub(super) fn filled(process: &Process, id: FieldId, present: bool) -> Expr {
    let field = &process.fields[id];
    let of = Expr { kind: ExprKind::Field(id), ty: value_type(id, &field.ty), span: field.span };
    let kind = ExprKind::Presence(Box::new(of), present);
    Expr { kind, ty: Type::Boolean, span: field.span }
}

/// Whether a text is translated into the language.
pub(super) fn has(text: &Text, language: &str) -> bool {
    in_language(text, language) != text.value
}
