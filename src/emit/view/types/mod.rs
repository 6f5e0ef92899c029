//! The shapes of the view.

mod calendar;
mod changes;
mod parts;
mod people;
mod silos;
mod stages;

use serde::Serialize;

pub use calendar::*;
pub use changes::*;
pub use parts::*;
pub use people::*;
pub use silos::*;
pub use stages::*;

/// A process in one language.
#[derive(Debug, Serialize)]
pub struct View<'a> {
    /// See [`super::VIEW_VERSION`].
    pub view_version: u32,
    /// BCP 47 tag of the language.
    pub language: &'a str,
    /// The process itself.
    pub process: ProcessView<'a>,
    /// When people work.
    pub calendar: CalendarView<'a>,
    /// Teams, in source order like everything below.
    pub teams: Vec<TeamView<'a>>,
    /// Roles of all teams.
    pub roles: Vec<RoleView<'a>>,
    /// Record types.
    pub records: Vec<RecordView<'a>>,
    /// Stages.
    pub stages: Vec<StageView<'a>>,
    /// Moves between teams.
    pub handoffs: Vec<HandoffView<'a>>,
    /// Feedback.
    pub feedback: Vec<FeedbackView<'a>>,
    /// Goals, by the stages they measure.
    pub goals: Vec<GoalView<'a>>,
    /// Scores.
    pub scores: Vec<ScoreView<'a>>,
    /// Routes.
    pub routes: Vec<RouteView<'a>>,
    /// The glossary, sorted by title.
    pub terms: Vec<TermView<'a>>,
    /// Plays.
    pub plays: Vec<PlayView<'a>>,
}

/// Something that has a place of its own in the documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ref<'a> {
    /// `stage`, `team`, `role`, `record`, `field`, `goal`, `handoff`, `feedback`, `score`, `route`,
    /// `term`, `play`.
    pub kind: &'static str,
    /// Its stable name; `record.field` for a field, the transition's key for a handoff, the
    /// stage's name for a route.
    pub name: String,
    /// What people call it.
    pub title: &'a str,
}

/// The process itself.
#[derive(Debug, Serialize)]
pub struct ProcessView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its version.
    pub version: Option<&'a str>,
    /// Markdown.
    pub about: Option<&'a str>,
    /// Still being written.
    pub draft: bool,
    /// How many stages.
    pub stage_count: usize,
    /// How many handoffs.
    pub handoff_count: usize,
    /// How many goals that more than one team shares.
    pub shared_goal_count: usize,
    /// The teams that share no goal with another one.
    pub teams_alone: Vec<Ref<'a>>,
    /// Whether there is more than one record type.
    pub several_records: bool,
}

/// An owner: a role and its team, or a team alone.
#[derive(Clone, Debug, Serialize)]
pub struct OwnerView<'a> {
    /// The role or team.
    pub who: Ref<'a>,
    /// The team, when `who` is a role.
    pub team: Option<Ref<'a>>,
}
