//! What is aimed at, told, rated and written down: goals, feedback, scores, routes, the glossary,
//! plays, what is retired, and waivers.

use jiff::civil;
use rust_decimal::Decimal;

use crate::source::{Span, Spanned};

use super::{
    Category, Duration, Every, Expr, FeedbackId, FieldId, GoalId, Label, Owner, PlayId, RecordId,
    RetiredKind, RoleId, ScoreId, StageId, Statistic, TeamId, TermId, Text, Value,
};

/// A goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Who reaches it together.
    pub shared_by: Vec<Spanned<Owner>>,
    /// What it measures.
    pub measure: Option<Measure>,
    /// The target.
    pub target: Option<Target>,
    /// Why.
    pub why: Option<Text>,
    /// Earlier names.
    pub was: Vec<String>,
    /// Some part could not be read.
    pub broken: bool,
    /// Where its name stands.
    pub span: Span,
}

/// What a goal measures; see `syntax::ast::Measure` for each form in source.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// Percentage of the records that enter `from` and reach `to` in time.
    Conversion {
        /// The cohort enters here.
        from: StageId,
        /// And should reach this.
        to: StageId,
        /// In this time.
        within: Option<Duration>,
    },
    /// Records that enter, per period.
    Entries {
        /// The stage entered.
        into: StageId,
        /// Only such records.
        when: Option<Expr>,
    },
    /// Records in the stage now.
    Balance {
        /// The stage.
        of: StageId,
    },
    /// Time from entering one stage to entering another.
    Cycle {
        /// How single times become one.
        statistic: Statistic,
        /// Starts the clock.
        from: StageId,
        /// Stops it.
        to: StageId,
    },
    /// Time in one stage.
    Dwell {
        /// How single times become one.
        statistic: Statistic,
        /// The stage.
        stage: StageId,
    },
    /// Sum of a field over the records that enter.
    Sum {
        /// A number, integer or money field.
        field: FieldId,
        /// The stage entered.
        entering: StageId,
        /// Only such records.
        when: Option<Expr>,
    },
    /// Percentage of the records that enter and satisfy the condition.
    Share {
        /// The stage entered.
        of: StageId,
        /// The condition.
        when: Expr,
    },
    /// What the open records of a record type are worth, as a multiple of the target of a goal that
    /// sums a field over the records entering a stage of that type. Records in stages that are forecast
    /// as `omitted` do not count; see [`super::Process::covering_stages`].
    Coverage {
        /// The goal that is to be covered.
        goal: GoalId,
        /// What an open record is worth: a number, integer or money field.
        by: FieldId,
        /// The stage that goal sums over.
        entering: StageId,
    },
}

/// The target of a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// `at least`, or `at most`.
    pub at_least: bool,
    /// Number, percent, money or duration, as the measure asks.
    pub value: Value,
    /// How often it is measured.
    pub every: Option<Every>,
    /// Where it stands.
    pub span: Span,
}

/// Knowledge that flows against the stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Who speaks.
    pub from: Vec<Owner>,
    /// Who listens.
    pub to: Vec<Owner>,
    /// How often.
    pub every: Option<Every>,
    /// What about.
    pub about: Option<Text>,
    /// Earlier names.
    pub was: Vec<String>,
    /// Some part could not be read.
    pub broken: bool,
    /// Where its name stands.
    pub span: Span,
}

/// A score. Its value is the sum over the categories of their points, each category first held to
/// its cap, then multiplied by its weight if it has one, the sum held to the total cap.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// The record type it rates.
    pub record: RecordId,
    /// The rules that give points.
    pub points: Vec<Points>,
    /// The most points of a category.
    pub caps: Vec<(Category, Decimal)>,
    /// The most points in all.
    pub total_cap: Option<Decimal>,
    /// The weight of a category, `40` for `40%`.
    pub weights: Vec<(Category, Decimal)>,
    /// The grades in source order; a record has the first whose threshold its points reach.
    pub grades: Vec<Grade>,
    /// What it is about.
    pub about: Option<Text>,
    /// Earlier names.
    pub was: Vec<String>,
    /// Some part could not be read.
    pub broken: bool,
    /// Where its name stands.
    pub span: Span,
}

/// A rule that gives points.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// What it rates.
    pub category: Category,
    /// How many, possibly negative.
    pub points: Decimal,
    /// What it is called.
    pub title: Option<Text>,
    /// For which records.
    pub when: Expr,
    /// They halve in this time, counted from the last event the condition names.
    pub halves_every: Option<Duration>,
    /// They are gone after this time, counted from the last event the condition names.
    pub expires_after: Option<Duration>,
    /// Where it stands.
    pub span: Span,
}

/// A grade.
#[derive(Clone, Debug, PartialEq)]
pub struct Grade {
    /// Its name.
    pub name: String,
    /// What people see.
    pub title: Text,
    /// The least score; `None` for `otherwise`.
    pub at_least: Option<Decimal>,
    /// Where it stands.
    pub span: Span,
}

/// Who gets the records that enter a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The stage entered.
    pub stage: StageId,
    /// Its title.
    pub title: Text,
    /// The cases, in source order; the first that holds decides.
    pub cases: Vec<RouteCase>,
    /// When none holds.
    pub otherwise: Option<RouteTarget>,
    /// Some part could not be read.
    pub broken: bool,
    /// Where its stage's name stands.
    pub span: Span,
}

/// One case of a route.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteCase {
    /// For which records.
    pub when: Expr,
    /// Who gets them.
    pub to: RouteTarget,
    /// Where it stands.
    pub span: Span,
}

/// Who gets a record.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteTarget {
    /// The name.
    pub name: String,
    /// What people see.
    pub title: Text,
    /// The role or team of that name; a queue of its own when there is none.
    pub owner: Option<Owner>,
    /// Where it stands.
    pub span: Span,
}

/// A word of the glossary.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Its name.
    pub name: String,
    /// The word as people write it.
    pub title: Text,
    /// What it means.
    pub means: Option<Text>,
    /// What to look at.
    pub see: Vec<NodeRef>,
    /// Other words for the same thing.
    pub also: Vec<Label>,
    /// Earlier names.
    pub was: Vec<String>,
    /// Some part could not be read.
    pub broken: bool,
    /// Where its name stands.
    pub span: Span,
}

/// Anything that has a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeRef {
    /// A team.
    Team(TeamId),
    /// A role.
    Role(RoleId),
    /// A record type.
    Record(RecordId),
    /// A field.
    Field(FieldId),
    /// A stage.
    Stage(StageId),
    /// A goal.
    Goal(GoalId),
    /// Feedback.
    Feedback(FeedbackId),
    /// A score.
    Score(ScoreId),
    /// A term.
    Term(TermId),
    /// A play.
    Play(PlayId),
}

/// How something is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Play {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// In which stages.
    pub stages: Vec<StageId>,
    /// By whom.
    pub by: Vec<Owner>,
    /// For which records.
    pub when: Option<Expr>,
    /// The steps, Markdown.
    pub steps: Option<Text>,
    /// What it is about.
    pub about: Option<Text>,
    /// Earlier names.
    pub was: Vec<String>,
    /// Some part could not be read.
    pub broken: bool,
    /// Where its name stands.
    pub span: Span,
}

/// Something that is no more.
#[derive(Clone, Debug, PartialEq)]
pub struct Retired {
    /// What it was.
    pub kind: RetiredKind,
    /// Its name; `record.field` for a field.
    pub name: String,
    /// Where what was in it goes: the first whose condition holds.
    pub into: Vec<(NodeRef, Option<Expr>)>,
    /// Since when.
    pub since: Option<civil::Date>,
    /// Where its name stands.
    pub span: Span,
}

/// A finding that somebody has accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiver {
    /// The rule.
    pub rule: Spanned<String>,
    /// Why.
    pub reason: Text,
    /// The last day it holds.
    pub until: Option<civil::Date>,
    /// The declaration it stands in: silences findings whose first place lies in it. `None`, in
    /// `process`, silences the rule everywhere.
    pub scope: Option<Span>,
    /// The whole waiver.
    pub span: Span,
}
