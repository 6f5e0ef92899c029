//! The `stage` declaration: criteria, transitions, handoffs.

use rust_decimal::Decimal;

use crate::source::{Span, Spanned};

use super::{Clock, Duration, Expr, LabelText, Name, Path, Text, Waive};

/// `stage mql "Marketing-qualified lead" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct StageDecl {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// `record lead`
    pub record: Option<Name>,
    /// `entry from [web, event]`
    pub entry: Option<Entry>,
    /// `owner sdr`; more than one is a fault that a rule names.
    pub owners: Vec<Name>,
    /// `support [marketing]`
    pub support: Vec<Name>,
    /// `purpose "…"`
    pub purpose: Option<Text>,
    /// `next "…"`
    pub next: Option<Text>,
    /// `channels [website, "Trade fair"]`
    pub channels: Vec<LabelText>,
    /// `content ["Comparison guide"]`
    pub content: Vec<LabelText>,
    /// `collect [email, need]`
    pub collect: Vec<Path>,
    /// `limit 2 business days target 4 business hours escalate to manager`
    pub limit: Option<Limit>,
    /// `exit when { … }`
    pub exit: Vec<Criterion>,
    /// `enter when { … }`
    pub enter: Vec<Criterion>,
    /// `advance to`, `recycle to`, `lose to` and `from any open of`, in source order.
    pub transitions: Vec<TransitionDecl>,
    /// `outcome won`
    pub outcome: Option<Spanned<Outcome>>,
    /// `final`
    pub is_final: Option<Span>,
    /// `probability 40%`, kept as `40`.
    pub probability: Option<Spanned<Decimal>>,
    /// `forecast best_case`; more than one is read, so that a rule can speak of it.
    pub forecast: Vec<Spanned<Forecast>>,
    /// `starts renewal at open`
    pub starts: Vec<Starts>,
    /// `status draft`
    pub status: Option<Spanned<Status>>,
    /// `was [demo_done]`
    pub was: Vec<Name>,
    /// `waive …`
    pub waivers: Vec<Waive>,
    /// Whether some part could not be read: rules that speak of what is missing stay silent.
    pub broken: bool,
    /// The whole declaration.
    pub span: Span,
}

/// Where records come into the process.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The sources; may be empty.
    pub sources: Vec<LabelText>,
    /// The property.
    pub span: Span,
}

/// How long a record may stay, by when it should have moved, and who hears of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// The longest stay.
    pub duration: Spanned<Duration>,
    /// The stay one aims at.
    pub target: Option<Spanned<Duration>>,
    /// The role or team told when the limit has passed.
    pub escalate_to: Option<Name>,
    /// The property.
    pub span: Span,
}

/// One exit or entry criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Its name, unique in its list.
    pub name: Name,
    /// What a person reads.
    pub title: Text,
    /// What must hold.
    pub condition: Expr,
    /// `if`: only for such records.
    pub applies: Option<Expr>,
    /// `evidence buyer`
    pub evidence: Option<Name>,
    /// `was [old]`
    pub was: Vec<Name>,
    /// The whole criterion.
    pub span: Span,
}

/// The kind of a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TransitionKind {
    /// Forward.
    Advance,
    /// Back into the loop.
    Recycle,
    /// To a lost or void outcome.
    Lose,
}

impl TransitionKind {
    /// The keyword.
    pub fn word(self) -> &'static str {
        match self {
            TransitionKind::Advance => "advance",
            TransitionKind::Recycle => "recycle",
            TransitionKind::Lose => "lose",
        }
    }
}

/// One way out of a stage, or into it from many.
#[derive(Clone, Debug, PartialEq)]
pub struct TransitionDecl {
    /// Its kind; `None` for `from any open of`, where it may follow from the outcome.
    pub kind: Option<TransitionKind>,
    /// The other end.
    pub ends: TransitionEnds,
    /// What the move is called, for people.
    pub title: Option<Text>,
    /// `when …`; several are joined by `and`.
    pub when: Vec<Expr>,
    /// `after 30d`
    pub after: Option<Clock>,
    /// `at most 3 times`
    pub at_most: Option<Spanned<u32>>,
    /// `handoff …`
    pub handoff: Option<HandoffDecl>,
    /// The whole transition.
    pub span: Span,
}

/// What a transition joins.
#[derive(Clone, Debug, PartialEq)]
pub enum TransitionEnds {
    /// From this stage to the named one.
    To(Name),
    /// From every open stage of a record, but some, to this stage.
    FromAnyOpen {
        /// The record type.
        record: Name,
        /// `except [a, b]`
        except: Vec<Name>,
    },
}

/// The terms of a handoff.
#[derive(Clone, Debug, PartialEq)]
pub struct HandoffDecl {
    /// `within 4 business hours`
    pub within: Option<Spanned<Duration>>,
    /// `carries [need, meeting_at]`
    pub carries: Vec<Path>,
    /// `accept when … else recycle to nurturing`
    pub accept: Option<Accept>,
    /// From `handoff` to the last term.
    pub span: Span,
}

/// When the receiver takes the record, and where it goes otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Accept {
    /// The terms.
    pub when: Expr,
    /// Where a refused record goes; it stays with the sender when not said.
    pub otherwise: Option<AcceptElse>,
}

/// Where a refused record goes.
#[derive(Clone, Debug, PartialEq)]
pub struct AcceptElse {
    /// How it goes there; `recycle` when not said.
    pub kind: Option<TransitionKind>,
    /// The stage.
    pub to: Name,
}

/// `starts renewal at open`: entering the stage creates a record of another type.
#[derive(Clone, Debug, PartialEq)]
pub struct Starts {
    /// The record type.
    pub record: Name,
    /// The stage it starts in.
    pub at: Name,
}

/// A milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Success.
    Won,
    /// Failure.
    Lost,
    /// Neither: a duplicate, cancelled by the customer.
    Void,
}

impl Outcome {
    /// The word in source.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Won => "won",
            Outcome::Lost => "lost",
            Outcome::Void => "void",
        }
    }

    /// The outcome with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Outcome::Won, Outcome::Lost, Outcome::Void].into_iter().find(|o| o.word() == word)
    }
}

/// How a stage counts in the forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Forecast {
    /// Not forecast.
    Omitted,
    /// Open, not yet likely.
    Pipeline,
    /// Possible if all goes well.
    BestCase,
    /// More likely than not.
    MostLikely,
    /// Promised.
    Commit,
    /// Done.
    Closed,
}

impl Forecast {
    /// All categories, least certain first.
    pub const ALL: [Forecast; 6] = [
        Forecast::Omitted,
        Forecast::Pipeline,
        Forecast::BestCase,
        Forecast::MostLikely,
        Forecast::Commit,
        Forecast::Closed,
    ];

    /// The word in source.
    pub fn word(self) -> &'static str {
        match self {
            Forecast::Omitted => "omitted",
            Forecast::Pipeline => "pipeline",
            Forecast::BestCase => "best_case",
            Forecast::MostLikely => "most_likely",
            Forecast::Commit => "commit",
            Forecast::Closed => "closed",
        }
    }

    /// The category with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.word() == word)
    }
}

/// How far along a process or a stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Being written.
    Draft,
    /// In use.
    Active,
}

impl Status {
    /// The word in source.
    pub fn word(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Active => "active",
        }
    }

    /// The status with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Status::Draft, Status::Active].into_iter().find(|s| s.word() == word)
    }
}
