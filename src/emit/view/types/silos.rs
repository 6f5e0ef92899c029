//! The shapes of the silo report.

use serde::Serialize;

use super::Ref;
use crate::report::silos::Score;

/// What a process says about its silos, in one language.
#[derive(Debug, Serialize)]
pub struct SiloReport<'a> {
    /// Changes when a field is renamed, removed or given another meaning.
    pub version: u32,
    /// BCP 47 tag of the language of titles and phrases.
    pub language: &'a str,
    /// The process's title.
    pub process: &'a str,
    /// The mean of all boundaries, 0 to 100; none where no team hands over to another.
    pub number: Option<u32>,
    /// The teams and their roles.
    pub teams: Vec<SiloTeam<'a>>,
    /// The boundaries, the weakest first.
    pub boundaries: Vec<SiloBoundary<'a>>,
    /// Moves between teams that are no `advance`.
    pub other_moves: Vec<SiloOtherMoves<'a>>,
    /// The boundaries against which nothing flows, neither knowledge nor records with a reason.
    pub one_way: Vec<SiloPair<'a>>,
    /// The fields that one team fills in and no other reads.
    pub own_fields: Vec<SiloFields<'a>>,
    /// The people whom every record must pass, and for whom nobody stands in.
    pub people: Vec<SiloPerson<'a>>,
    /// The teams through which alone the shared goals connect some others.
    pub bridges: Vec<Ref<'a>>,
}

/// A team in the graph.
#[derive(Debug, Serialize)]
pub struct SiloTeam<'a> {
    /// The team.
    pub team: Ref<'a>,
    /// Its roles.
    pub roles: Vec<SiloRole<'a>>,
    /// How many goals it shares with other teams.
    pub shared_goals: usize,
}

/// A role in the graph.
#[derive(Debug, Serialize)]
pub struct SiloRole<'a> {
    /// The role.
    pub role: Ref<'a>,
    /// How many people.
    pub headcount: Option<u32>,
}

/// A boundary between two teams.
#[derive(Debug, Serialize)]
pub struct SiloBoundary<'a> {
    /// Who hands over.
    pub from: Ref<'a>,
    /// Who takes.
    pub to: Ref<'a>,
    /// The two, unique on a page.
    pub heading: String,
    /// Its points, 0 to 100.
    pub number: u32,
    /// The points by part, each 0 to 20.
    pub parts: Score,
    /// Every `advance` between the two.
    pub handoffs: Vec<SiloHandoff<'a>>,
    /// The goals they share.
    pub goals: Vec<Ref<'a>>,
    /// What the taker tells the giver.
    pub feedback: Vec<SiloFeedback<'a>>,
    /// Whether records come back to the giver with a reason.
    pub returns: bool,
    /// What would close it.
    pub gaps: Vec<SiloGap<'a>>,
}

/// A handoff at a boundary.
#[derive(Debug, Serialize)]
pub struct SiloHandoff<'a> {
    /// Leads to its place on the page of handoffs.
    pub handoff: Ref<'a>,
    /// The stage the record leaves.
    pub from: Ref<'a>,
    /// The stage it enters.
    pub to: Ref<'a>,
    /// Whether a clock starts.
    pub clock: bool,
    /// The receiver acts in this time.
    pub within: Option<String>,
    /// The longest stay in the stage that receives.
    pub limit: Option<String>,
    /// What is carried.
    pub carries: Vec<Ref<'a>>,
    /// When the receiver takes it, as a sentence.
    pub accept: Option<String>,
    /// What the receiver asks for on entry, as people read it.
    pub enter: Vec<&'a str>,
}

/// Feedback across a boundary.
#[derive(Debug, Serialize)]
pub struct SiloFeedback<'a> {
    /// The feedback.
    pub feedback: Ref<'a>,
    /// How often.
    pub every: Option<String>,
}

/// Something that is missing at a boundary.
#[derive(Debug, Serialize)]
pub struct SiloGap<'a> {
    /// `clock`, `parcel`, `terms`, `goal` or `feedback`.
    pub part: &'static str,
    /// How many points closing it brings.
    pub points: u32,
    /// Who has to agree to it first: the receiver of a clock, of terms; the sender of a parcel.
    pub team: Ref<'a>,
    /// The other team.
    pub other: Ref<'a>,
    /// The stage the handoff leaves; none for goals and feedback.
    pub stage: Option<Ref<'a>>,
    /// What to write, in Ekiden's notation.
    pub clause: String,
}

/// Moves from one team to another that are no `advance`.
#[derive(Debug, Serialize)]
pub struct SiloOtherMoves<'a> {
    /// Who sends.
    pub from: Ref<'a>,
    /// Who gets.
    pub to: Ref<'a>,
    /// How many moves.
    pub moves: usize,
    /// How many of them are under a clock: their own, or the limit of the stage they enter.
    pub clocks: usize,
    /// How many of them carry something.
    pub parcels: usize,
}

/// Two teams.
#[derive(Debug, Serialize)]
pub struct SiloPair<'a> {
    /// The one.
    pub from: Ref<'a>,
    /// The other.
    pub to: Ref<'a>,
}

/// What one team alone sees.
#[derive(Debug, Serialize)]
pub struct SiloFields<'a> {
    /// The team.
    pub team: Ref<'a>,
    /// The fields.
    pub fields: Vec<Ref<'a>>,
}

/// A person whom every record must pass.
#[derive(Debug, Serialize)]
pub struct SiloPerson<'a> {
    /// The role.
    pub role: Ref<'a>,
    /// The stages.
    pub stages: Vec<Ref<'a>>,
}
