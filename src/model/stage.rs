//! Stages: what happens in them, what guards them, and the moves between them.

use rust_decimal::Decimal;

use crate::source::{Span, Spanned};

use super::{
    CriterionId, Duration, Expr, FieldId, Forecast, Outcome, Owner, RecordId, StageId, Text,
    TransitionId, TransitionKind,
};

/// A word or text where either will do.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The word, when it is one.
    pub name: Option<String>,
    /// What people see.
    pub title: Text,
}

/// A stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// What is in it.
    pub record: RecordId,
    /// Records come into the process here, from these sources.
    pub entry: Option<Vec<Label>>,
    /// Who is responsible. The first, when the source names several.
    pub owner: Option<Owner>,
    /// Every owner the source names, with its place.
    pub owners: Vec<Spanned<Owner>>,
    /// Who helps.
    pub support: Vec<Owner>,
    /// What it is for.
    pub purpose: Option<Text>,
    /// What to do next.
    pub next: Option<Text>,
    /// By which channels.
    pub channels: Vec<Label>,
    /// With which content.
    pub content: Vec<Label>,
    /// The fields its owner fills in.
    pub collect: Vec<Spanned<FieldId>>,
    /// How long a record may stay.
    pub limit: Option<Limit>,
    /// Guards every `advance` out of it.
    pub exit: Vec<CriterionId>,
    /// Guards every move into it by `advance`.
    pub enter: Vec<CriterionId>,
    /// Moves out of it, in source order; those from `from any open of` and refusals last.
    pub outgoing: Vec<TransitionId>,
    /// Moves into it.
    pub incoming: Vec<TransitionId>,
    /// Its milestone.
    pub outcome: Option<Outcome>,
    /// Meant to have no way out.
    pub is_final: bool,
    /// `40` for `40%`.
    pub probability: Option<Spanned<Decimal>>,
    /// How it counts in the forecast. The first, when the source names several categories.
    pub forecast: Option<Forecast>,
    /// Every forecast category the source names, with its place.
    pub forecasts: Vec<Spanned<Forecast>>,
    /// Records of other types that entering it creates, and the stage they start in.
    pub starts: Vec<(RecordId, StageId)>,
    /// Still being written.
    pub draft: bool,
    /// Earlier names.
    pub was: Vec<String>,
    /// Some part could not be read: do not speak of what is missing.
    pub broken: bool,
    /// Where its name stands.
    pub span: Span,
    /// The whole declaration.
    pub body: Span,
}

impl Stage {
    /// Whether work goes on in it: it has no outcome.
    pub fn is_open(&self) -> bool {
        self.outcome.is_none()
    }

    /// Whether nobody has to act in it: the end of the line.
    pub fn is_at_rest(&self) -> bool {
        self.is_final || self.outgoing.is_empty()
    }
}

/// How long a record may stay in a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// The longest stay.
    pub duration: Duration,
    /// The stay one aims at.
    pub target: Option<Duration>,
    /// Who hears of it when the limit has passed.
    pub escalate_to: Option<Owner>,
    /// The property.
    pub span: Span,
}

/// An exit or entry criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Its name, unique in its list.
    pub name: String,
    /// What a person reads.
    pub title: Text,
    /// Its stage.
    pub stage: StageId,
    /// Exit or entry.
    pub side: Side,
    /// What must hold.
    pub condition: Expr,
    /// Only for such records.
    pub applies: Option<Expr>,
    /// Whose word it rests on: `buyer`, `seller`, or another.
    pub evidence: Option<String>,
    /// Earlier names.
    pub was: Vec<String>,
    /// The whole criterion.
    pub span: Span,
}

impl Criterion {
    /// What it asks for, and when it asks.
    pub fn conditions(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.condition).chain(&self.applies)
    }
}

/// On which side of a stage a criterion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// `exit when`
    Exit,
    /// `enter when`
    Enter,
}

/// A move that is allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// Its kind.
    pub kind: TransitionKind,
    /// The stage it leaves.
    pub from: StageId,
    /// The stage it enters.
    pub to: StageId,
    /// What the move is called.
    pub title: Option<Text>,
    /// What must hold.
    pub when: Option<Expr>,
    /// When it opens.
    pub after: Option<Clock>,
    /// How often one record may take it.
    pub at_most: Option<u32>,
    /// The terms between two teams.
    pub handoff: Option<Handoff>,
    /// How it came to be.
    pub origin: Origin,
    /// Where it is declared.
    pub span: Span,
}

/// How a transition came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Written in the stage it leaves.
    Declared,
    /// Expanded from `from any open of`, written in the stage it enters.
    AnyOpen,
    /// The way of a record that the receiver refuses: `accept … else` of this handoff.
    Refusal(TransitionId),
}

/// When a transition opens.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// The length of time.
    pub duration: Duration,
    /// Count backwards from this date or datetime field; else forwards from entering the stage.
    pub before: Option<FieldId>,
    /// Where it stands.
    pub span: Span,
}

/// The terms of a handoff.
#[derive(Clone, Debug, PartialEq)]
pub struct Handoff {
    /// The receiver acts in this time.
    pub within: Option<Duration>,
    /// What is handed over.
    pub carries: Vec<Spanned<FieldId>>,
    /// When the receiver takes the record.
    pub accept: Option<Acceptance>,
    /// The terms in source.
    pub span: Span,
}

/// When the receiver takes the record, and where it goes otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptance {
    /// The terms.
    pub when: Expr,
    /// The way of a refused record; it stays with the sender when there is none.
    pub otherwise: Option<TransitionId>,
}

/// What a person confirms. Each is kept with the record as true or false.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirmation {
    /// A name for columns and fields, unique in its record type: `confirmed_evaluation_champion`.
    pub key: String,
    /// What is confirmed.
    pub text: Text,
    /// By whom; the owner of the stage when not said.
    pub by: Option<Owner>,
    /// On which record type.
    pub record: RecordId,
    /// Where it stands.
    pub span: Span,
}
