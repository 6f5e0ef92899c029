//! The shapes of teams and roles, and of what stands in their lists.

use serde::Serialize;

use super::{AnyOpenView, ArrivalView, Ref, StartView};

/// A goal in a list.
#[derive(Clone, Debug, Serialize)]
pub struct GoalBrief<'a> {
    /// The goal.
    pub goal: Ref<'a>,
    /// What it measures, as a phrase.
    pub measure: Option<String>,
    /// The target, as a phrase.
    pub target: Option<String>,
    /// Who else reaches it.
    pub with: Vec<Ref<'a>>,
}

/// A stage in the list of somebody's stages.
#[derive(Clone, Debug, Serialize)]
pub struct StageBrief<'a> {
    /// The stage.
    pub stage: Ref<'a>,
    /// Who answers for it.
    pub owner: Option<Ref<'a>>,
    /// What it is for, Markdown.
    pub purpose: Option<&'a str>,
    /// The longest stay.
    pub limit: Option<String>,
}

/// A team.
#[derive(Debug, Serialize)]
pub struct TeamView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// What it is for, Markdown.
    pub mission: Option<&'a str>,
    /// Its roles.
    pub roles: Vec<TeamRoleView<'a>>,
    /// The stages it or one of its roles answers for.
    pub stages: Vec<StageBrief<'a>>,
    /// Handoffs it takes.
    pub taken: Vec<HandoffBrief<'a>>,
    /// Handoffs it gives.
    pub given: Vec<HandoffBrief<'a>>,
    /// Its goals.
    pub goals: Vec<GoalBrief<'a>>,
    /// None of them is shared with another team.
    pub is_alone: bool,
    /// Feedback it gives.
    pub spoken: Vec<FeedbackBrief<'a>>,
    /// Feedback it gets.
    pub heard: Vec<FeedbackBrief<'a>>,
    /// Plays of the team as a whole.
    pub plays: Vec<PlayBrief<'a>>,
    /// The work of the team as a whole, which is that of each of its roles, too.
    #[serde(flatten)]
    pub day: DayView<'a>,
}

/// A role in the list of its team.
#[derive(Debug, Serialize)]
pub struct TeamRoleView<'a> {
    /// The role.
    pub role: Ref<'a>,
    /// How many people.
    pub headcount: Option<u32>,
    /// The stages it answers for; the first few.
    pub stages: Vec<Ref<'a>>,
    /// How many more.
    pub more: usize,
}

/// A handoff in a list.
#[derive(Clone, Debug, Serialize)]
pub struct HandoffBrief<'a> {
    /// The handoff.
    pub handoff: Ref<'a>,
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
    /// The teams on the other side.
    pub partners: Vec<Ref<'a>>,
    /// The receiver acts in this time.
    pub within: Option<String>,
    /// What is handed over.
    pub carries: Vec<Ref<'a>>,
    /// When the receiver takes the record, as a sentence.
    pub accept: Option<String>,
}

/// Feedback in a list.
#[derive(Clone, Debug, Serialize)]
pub struct FeedbackBrief<'a> {
    /// The feedback.
    pub feedback: Ref<'a>,
    /// Who is on the other side.
    pub partners: Vec<Ref<'a>>,
    /// How often.
    pub every: Option<String>,
}

/// A role: the playbook of a person.
#[derive(Debug, Serialize)]
pub struct RoleView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its team.
    pub team: Ref<'a>,
    /// What the team is for, Markdown.
    pub mission: Option<&'a str>,
    /// How many people.
    pub headcount: Option<u32>,
    /// The stages it answers for.
    pub stages: Vec<StageBrief<'a>>,
    /// The stages its whole team answers for; the first few.
    pub team_stages: Vec<StageBrief<'a>>,
    /// How many more.
    pub team_stages_more: usize,
    /// Handoffs that it or its whole team gives; of these the first few.
    pub given: Vec<HandoffBrief<'a>>,
    /// How many more.
    pub given_more: usize,
    /// How it is measured: its own goals and those of its whole team; the first few.
    pub goals: Vec<GoalBrief<'a>>,
    /// How many more.
    pub goals_more: usize,
    /// Its plays and those of its team; the first few.
    pub plays: Vec<PlayBrief<'a>>,
    /// How many more.
    pub plays_more: usize,
    /// Feedback it gives.
    pub spoken: Vec<FeedbackBrief<'a>>,
    /// Feedback it gets.
    pub heard: Vec<FeedbackBrief<'a>>,
    /// Its words.
    pub terms: Vec<TermBrief<'a>>,
    /// What it works on from day to day.
    #[serde(flatten)]
    pub day: DayView<'a>,
}

/// The work of a day: of a role and of its whole team, or of a team as a whole.
#[derive(Debug, Serialize)]
pub struct DayView<'a> {
    /// Whether a clock of the stages it answers for, helps in or is told about runs in business
    /// time.
    pub in_business_time: bool,
    /// What reaches the stages it answers for.
    pub inbox: Vec<InboxView<'a>>,
    /// What it fills in.
    pub fills: Vec<RoleFillView<'a>>,
    /// The records that are created when one enters its stages.
    pub starts: Vec<StageStartsView<'a>>,
    /// The stages it helps in.
    pub supports: Vec<StageBrief<'a>>,
    /// The stages whose missed limits it hears of.
    pub escalations: Vec<StageBrief<'a>>,
    /// What it confirms.
    pub confirms: Vec<ConfirmView<'a>>,
    /// The stages whose records a route gives to it.
    pub routed: Vec<Ref<'a>>,
    /// How many stages and confirmations of its whole team are left out here.
    pub more: usize,
}

/// What is created when a record enters a stage, for the one who answers for it.
#[derive(Debug, Serialize)]
pub struct StageStartsView<'a> {
    /// The stage.
    pub stage: Ref<'a>,
    /// The new records.
    pub starts: Vec<StartView<'a>>,
}

/// What reaches a stage, for the one who answers for it.
#[derive(Debug, Serialize)]
pub struct InboxView<'a> {
    /// The stage.
    pub stage: Ref<'a>,
    /// New records come from these sources.
    pub sources: Vec<&'a str>,
    /// New records come in here.
    pub is_entry: bool,
    /// They come from other stages, each with the clock of its own handoff; the first few.
    pub arrivals: Vec<ArrivalView<'a>>,
    /// How many more.
    pub more: usize,
    /// The stay one aims at.
    pub target: Option<String>,
    /// The longest stay.
    pub limit: Option<String>,
}

/// What a role fills in, for one stage.
#[derive(Debug, Serialize)]
pub struct RoleFillView<'a> {
    /// The stage.
    pub stage: Ref<'a>,
    /// The fields.
    pub fields: Vec<Ref<'a>>,
}

/// What a role confirms.
#[derive(Debug, Serialize)]
pub struct ConfirmView<'a> {
    /// The text.
    pub text: &'a str,
    /// Where.
    pub stage: Option<Ref<'a>>,
}

/// A play in a list.
#[derive(Clone, Debug, Serialize)]
pub struct PlayBrief<'a> {
    /// The play.
    pub play: Ref<'a>,
    /// Who plays it.
    pub by: Vec<Ref<'a>>,
    /// In which stages; the first few.
    pub stages: Vec<Ref<'a>>,
    /// What it is about, Markdown.
    pub about: Option<&'a str>,
}

/// A word in a list.
#[derive(Clone, Debug, Serialize)]
pub struct TermBrief<'a> {
    /// The word.
    pub term: Ref<'a>,
    /// What it means, Markdown.
    pub means: Option<&'a str>,
}
