//! What people are told whom a rule refuses, in any language of the process.

use crate::emit::crm::one_line;
use crate::emit::gates::Ask;
use crate::emit::sentence::{Sentences, in_language, primary_subtag};
use crate::model::{
    CompareOp, Expr, ExprKind, FieldId, Process, StageId, Text, Transition, TransitionId,
    TransitionKind, Type, Value,
};
use crate::sema::value_type;

/// A message that has not been said in a language yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// What a gate asks.
    Gate(Ask),
    /// Where a record can move to from a stage, and where it goes on as one of another type.
    Moves(StageId, Vec<StageId>, Vec<StageId>),
    /// Where a new record begins.
    Start(Vec<StageId>),
    /// In which stages the records are that a new one in a stage continues.
    Origin(StageId, Vec<StageId>),
    /// Between which values a field lies.
    Bounds(FieldId),
    /// That a field is filled in.
    Required(FieldId),
}

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
        let titles = |stages: &[StageId]| {
            stages.iter().map(|stage| self.title(*stage)).collect::<Vec<_>>().join(", ")
        };
        one_line(&match message {
            Message::Gate(ask) => self.gate(ask),
            Message::Moves(from, to, away) => {
                words(self.language).moves(&self.title(*from), &titles(to), &titles(away))
            }
            Message::Bounds(id) => self.bounds(*id),
            Message::Required(id) => self.sentences.sentence(&filled(self.process, *id, true)),
            Message::Start(stages) => words(self.language).start(&titles(stages)),
            Message::Origin(stage, from) => {
                words(self.language).origin(&self.title(*stage), &titles(from))
            }
        })
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
            Ask::When(id) | Ask::After(id) => {
                format!("{}: {}", ends(*id), self.asked(*id))
            }
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
        self.told(&self.process.transitions[id], Vec::new())
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

/// The few words of messages that the process does not have.
struct Words {
    from: fn(&str) -> String,
    stays: fn(&str) -> String,
    onward: &'static str,
    begins: &'static str,
    origin: fn(&str) -> String,
}

impl Words {
    fn moves(&self, from: &str, to: &str, away: &str) -> String {
        let here =
            if to.is_empty() { (self.stays)(from) } else { format!("{}: {to}", (self.from)(from)) };
        if away.is_empty() { here } else { format!("{here}{}: {away}", self.onward) }
    }

    fn start(&self, stages: &str) -> String {
        format!("{}: {stages}", self.begins)
    }

    fn origin(&self, stage: &str, from: &str) -> String {
        format!("{}: {from}", (self.origin)(stage))
    }
}

fn words(language: &str) -> Words {
    match primary_subtag(language) {
        "ko" => Words {
            from: |stage| format!("“{stage}”에서 옮길 수 있는 단계"),
            stays: |stage| format!("“{stage}”에서는 다른 단계로 옮길 수 없습니다"),
            onward: "; 다른 유형의 레코드로 이어지는 단계",
            begins: "새 레코드를 시작할 수 있는 단계",
            origin: |stage| format!("“{stage}”의 새 레코드가 이어받을 수 있는 이전 레코드의 단계"),
        },
        "ja" => Words {
            from: |stage| format!("「{stage}」から移せるステージ"),
            stays: |stage| format!("「{stage}」から他のステージには移せません"),
            onward: "。別の種類のレコードとして進むステージ",
            begins: "新しいレコードを始められるステージ",
            origin: |stage| {
                format!("「{stage}」の新しいレコードが引き継げる、前のレコードのステージ")
            },
        },
        _ => Words {
            from: |stage| format!("From \u{201c}{stage}\u{201d} a record can move to"),
            stays: |stage| format!("A record in \u{201c}{stage}\u{201d} stays there"),
            onward: "; as another type of record it goes on in",
            begins: "A new record begins in",
            origin: |stage| {
                format!("A new record in \u{201c}{stage}\u{201d} continues one that is in")
            },
        },
    }
}
