//! The shapes of handoffs, goals, records, scores, routes, words and plays.

use serde::Serialize;

use super::{AnyOpenView, OwnerView, Ref, TypeView};

/// A handoff as a contract.
#[derive(Debug, Serialize)]
pub struct HandoffView<'a> {
    /// Its stable name.
    pub key: &'a str,
    /// A title of its own, unique on the page.
    pub heading: String,
    /// What the move is called.
    pub title: Option<&'a str>,
    /// `advance`, `recycle` or `lose`.
    pub kind: &'static str,
    /// The stage the record leaves; none when it may be any open one.
    pub from: Option<Ref<'a>>,
    /// Set when it may be any open stage of a record type.
    pub any_open: Option<AnyOpenView<'a>>,
    /// The stage it enters.
    pub to: Ref<'a>,
    /// The teams that give.
    pub givers: Vec<Ref<'a>>,
    /// Who answers for the stage the record leaves.
    pub sender: Option<OwnerView<'a>>,
    /// The team that takes.
    pub taker: Ref<'a>,
    /// Who answers for the stage it enters.
    pub receiver: Option<OwnerView<'a>>,
    /// The receiver acts in this time.
    pub within: Option<String>,
    /// How long it may stay in the stage that it enters: the clock where the handoff has none.
    pub limit: Option<String>,
    /// It enters a stage in which nobody has to act: no clock is needed.
    pub ends: bool,
    /// What is handed over.
    pub carries: Vec<Ref<'a>>,
    /// When the receiver takes the record, as a sentence.
    pub accept: Option<String>,
    /// Where a refused record goes.
    pub otherwise: Option<Ref<'a>>,
    /// What the sender guarantees: the titles of the exit criteria.
    pub guarantees: Vec<&'a str>,
    /// Goals that giver and taker share.
    pub shared_goals: Vec<Ref<'a>>,
    /// One of the givers shares no goal with the taker.
    pub lacks_goal: bool,
}

/// A goal.
#[derive(Debug, Serialize)]
pub struct GoalView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its title, unique on the page.
    pub heading: String,
    /// Who reaches it.
    pub owners: Vec<Ref<'a>>,
    /// More than one team reaches it.
    pub shared: bool,
    /// What it measures, as a phrase.
    pub measure: Option<String>,
    /// The target, as a phrase.
    pub target: Option<String>,
    /// Why, Markdown.
    pub why: Option<&'a str>,
    /// The stages it measures.
    pub stages: Vec<Ref<'a>>,
}

/// Feedback.
#[derive(Clone, Debug, Serialize)]
pub struct FeedbackView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its title, unique on the page.
    pub heading: String,
    /// Who speaks.
    pub from: Vec<Ref<'a>>,
    /// Who listens.
    pub to: Vec<Ref<'a>>,
    /// How often: `every week`.
    pub every: Option<String>,
    /// What about, Markdown.
    pub about: Option<&'a str>,
}

/// A record type.
#[derive(Debug, Serialize)]
pub struct RecordView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its title, unique on the page.
    pub heading: String,
    /// What it is about, Markdown.
    pub about: Option<&'a str>,
    /// The record type it continues.
    pub from: Option<Ref<'a>>,
    /// The record types that continue it.
    pub continued_by: Vec<Ref<'a>>,
    /// Its fields.
    pub fields: Vec<FieldView<'a>>,
}

/// A field of a record type.
#[derive(Debug, Serialize)]
pub struct FieldView<'a> {
    /// The field.
    pub field: Ref<'a>,
    /// Its type.
    pub ty: TypeView<'a>,
    /// Shown beside it.
    pub help: Option<&'a str>,
    /// The stages whose owner fills it in; the first few.
    pub filled_in: Vec<Ref<'a>>,
    /// How many more.
    pub filled_in_more: usize,
    /// Who reads it; the first few.
    pub needed_by: Vec<Ref<'a>>,
    /// How many more.
    pub needed_by_more: usize,
}

/// A score.
#[derive(Debug, Serialize)]
pub struct ScoreView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its title, unique on the page.
    pub heading: String,
    /// What it is about, Markdown.
    pub about: Option<&'a str>,
    /// The record type it rates.
    pub record: Ref<'a>,
    /// The rules that give points.
    pub points: Vec<PointsView<'a>>,
    /// What a category counts for.
    pub categories: Vec<CategoryView>,
    /// The most points in all.
    pub total_cap: Option<String>,
    /// The grades, best first as in source.
    pub grades: Vec<GradeView<'a>>,
}

/// A rule that gives points.
#[derive(Debug, Serialize)]
pub struct PointsView<'a> {
    /// `fit` or `behavior`.
    pub category: &'static str,
    /// `+20`
    pub points: String,
    /// What it is called.
    pub title: Option<&'a str>,
    /// For which records, as a sentence.
    pub when: String,
    /// They halve in this time.
    pub halves: Option<String>,
    /// They are gone after this time.
    pub expires: Option<String>,
}

/// The cap and weight of a category.
#[derive(Debug, Serialize)]
pub struct CategoryView {
    /// `fit` or `behavior`.
    pub category: &'static str,
    /// The most points.
    pub cap: Option<String>,
    /// `40%`
    pub weight: Option<String>,
}

/// A grade.
#[derive(Debug, Serialize)]
pub struct GradeView<'a> {
    /// What people see.
    pub title: &'a str,
    /// The least score; none for all others.
    pub at_least: Option<String>,
}

/// A route.
#[derive(Debug, Serialize)]
pub struct RouteView<'a> {
    /// The stage entered.
    pub stage: Ref<'a>,
    /// Its title.
    pub title: &'a str,
    /// Its title, unique on the page.
    pub heading: String,
    /// The cases; the first that holds decides.
    pub cases: Vec<RouteCaseView<'a>>,
    /// When none holds.
    pub otherwise: Option<RouteTargetView<'a>>,
}

/// A case of a route.
#[derive(Debug, Serialize)]
pub struct RouteCaseView<'a> {
    /// For which records, as a sentence.
    pub when: String,
    /// Who gets them.
    pub to: RouteTargetView<'a>,
}

/// Who gets a record.
#[derive(Debug, Serialize)]
pub struct RouteTargetView<'a> {
    /// The role or team; none for a queue of its own.
    pub owner: Option<Ref<'a>>,
    /// What people call it.
    pub title: &'a str,
}

/// A word of the glossary.
#[derive(Debug, Serialize)]
pub struct TermView<'a> {
    /// Its name.
    pub name: &'a str,
    /// The word.
    pub title: &'a str,
    /// The word, unique on the page.
    pub heading: String,
    /// What it means, Markdown.
    pub means: Option<&'a str>,
    /// Other words for the same thing.
    pub also: Vec<&'a str>,
    /// What to look at.
    pub see: Vec<Ref<'a>>,
}

/// A play.
#[derive(Debug, Serialize)]
pub struct PlayView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its title, unique on the page.
    pub heading: String,
    /// In which stages.
    pub stages: Vec<Ref<'a>>,
    /// By whom.
    pub by: Vec<Ref<'a>>,
    /// For which records, as a sentence.
    pub when: Option<String>,
    /// What it is about, Markdown.
    pub about: Option<&'a str>,
    /// The steps, Markdown.
    pub steps: Option<&'a str>,
}
