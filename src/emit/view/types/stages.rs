//! The shape of a stage and of the moves in and out of it.

use serde::Serialize;

use super::{GoalBrief, OwnerView, PlayBrief, Ref};

/// A stage.
#[derive(Debug, Serialize)]
pub struct StageView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its record type.
    pub record: Ref<'a>,
    /// Still being written.
    pub draft: bool,
    /// What it is for, Markdown.
    pub purpose: Option<&'a str>,
    /// What to do next, Markdown.
    pub next: Option<&'a str>,
    /// Who answers for it.
    pub owner: Option<OwnerView<'a>>,
    /// Who helps.
    pub support: Vec<Ref<'a>>,
    /// Whether records come into the process here.
    pub is_entry: bool,
    /// Where they come from.
    pub sources: Vec<&'a str>,
    /// Moves into it from other stages, and records that other stages start here.
    pub arrivals: Vec<ArrivalView<'a>>,
    /// Some of them come from another team.
    pub receives_handoffs: bool,
    /// What must hold before a record may enter.
    pub enter: Vec<CriterionView<'a>>,
    /// What must hold before a record may move on.
    pub exit: Vec<CriterionView<'a>>,
    /// What its owner fills in.
    pub collect: Vec<FillView<'a>>,
    /// By which channels.
    pub channels: Vec<&'a str>,
    /// With which content.
    pub content: Vec<&'a str>,
    /// The longest stay.
    pub limit: Option<LimitView<'a>>,
    /// Whether a clock of the stage runs in business time.
    pub in_business_time: bool,
    /// Moves out of it.
    pub moves: Vec<MoveView<'a>>,
    /// Some of them lead to another team.
    pub gives_handoffs: bool,
    /// `40%`
    pub probability: Option<String>,
    /// `omitted`, `pipeline`, `best_case`, `most_likely`, `commit` or `closed`.
    pub forecast: Option<&'static str>,
    /// `won`, `lost` or `void`.
    pub outcome: Option<&'static str>,
    /// Meant to have no way out.
    pub is_final: bool,
    /// What entering it creates.
    pub starts: Vec<StartView<'a>>,
    /// Who gets the records that enter.
    pub route: Option<Ref<'a>>,
    /// How work is done in it.
    pub plays: Vec<PlayBrief<'a>>,
    /// Goals that measure it.
    pub goals: Vec<GoalBrief<'a>>,
    /// Words that belong to it.
    pub terms: Vec<Ref<'a>>,
}

/// A record that a stage creates.
#[derive(Debug, Serialize)]
pub struct StartView<'a> {
    /// The record type.
    pub record: Ref<'a>,
    /// Where it starts.
    pub stage: Ref<'a>,
}

/// A move into a stage, or many declared as one.
#[derive(Clone, Debug, Serialize)]
pub struct ArrivalView<'a> {
    /// `advance`, `recycle` or `lose`; `start` of a new record that the other stage starts.
    pub kind: &'static str,
    /// It is a new record that the other stage starts.
    pub is_new: bool,
    /// The stage it comes from; none when it comes from any open one.
    pub from: Option<Ref<'a>>,
    /// Set when it comes from any open stage of a record type.
    pub any_open: Option<AnyOpenView<'a>>,
    /// Who sends it.
    pub sender: Option<Ref<'a>>,
    /// What the move is called.
    pub title: Option<&'a str>,
    /// What must hold beside the criteria, as a sentence.
    pub when: Option<String>,
    /// When it opens: `After 30 days in this stage`.
    pub after: Option<String>,
    /// The handoff it is.
    pub handoff: Option<Ref<'a>>,
    /// The receiver acts in this time: `4 business hours`.
    pub within: Option<String>,
    /// What comes with it.
    pub carries: Vec<Ref<'a>>,
    /// It was refused by the receiver of this handoff.
    pub refused: Option<Ref<'a>>,
}

/// Any open stage of a record type.
#[derive(Clone, Debug, Serialize)]
pub struct AnyOpenView<'a> {
    /// The record type.
    pub record: Ref<'a>,
    /// The open stages it does not come from.
    pub except: Vec<Ref<'a>>,
}

/// An exit or entry criterion.
#[derive(Clone, Debug, Serialize)]
pub struct CriterionView<'a> {
    /// Its name.
    pub name: &'a str,
    /// What a person reads.
    pub title: &'a str,
    /// What must hold, as a sentence.
    pub sentence: String,
    /// Only `if …`.
    pub applies: Option<String>,
    /// Whose word it rests on.
    pub evidence: Option<String>,
    /// It rests on the buyer's word.
    pub by_buyer: bool,
    /// It rests on the seller's word.
    pub by_seller: bool,
}

/// A field that is filled in somewhere.
#[derive(Clone, Debug, Serialize)]
pub struct FillView<'a> {
    /// The field.
    pub field: Ref<'a>,
    /// Its type.
    pub ty: TypeView<'a>,
    /// Shown beside it.
    pub help: Option<&'a str>,
    /// Who reads it; the first few.
    pub needed_by: Vec<Ref<'a>>,
    /// How many more read it.
    pub needed_by_more: usize,
}

/// The type of a field.
#[derive(Clone, Debug, Serialize)]
pub struct TypeView<'a> {
    /// `text`, `number`, `integer`, `money`, `percent`, `boolean`, `date`, `datetime`, `user`,
    /// `one_of`, `many_of`.
    pub kind: &'static str,
    /// The currency of money.
    pub currency: Option<&'a str>,
    /// The options of an enumeration.
    pub options: Vec<&'a str>,
    /// The least value.
    pub at_least: Option<String>,
    /// The greatest value.
    pub at_most: Option<String>,
    /// Never empty.
    pub required: bool,
    /// No two records share a value.
    pub unique: bool,
}

/// How long a record may stay.
#[derive(Clone, Debug, Serialize)]
pub struct LimitView<'a> {
    /// The longest stay: `2 business days`.
    pub longest: String,
    /// The stay one aims at.
    pub target: Option<String>,
    /// Who hears of it when the limit has passed.
    pub escalate_to: Option<Ref<'a>>,
}

/// A move out of a stage.
#[derive(Clone, Debug, Serialize)]
pub struct MoveView<'a> {
    /// `advance`, `recycle` or `lose`.
    pub kind: &'static str,
    /// The stage it enters.
    pub to: Ref<'a>,
    /// What the move is called.
    pub title: Option<&'a str>,
    /// All exit criteria of this stage must hold.
    pub exit_criteria: bool,
    /// All entry criteria of the next stage must hold.
    pub enter_criteria: bool,
    /// What else must hold, as a sentence.
    pub when: Option<String>,
    /// When it opens: `After 30 days in this stage`.
    pub after: Option<String>,
    /// How often one record may take it.
    pub at_most: Option<u32>,
    /// The handoff it is.
    pub handoff: Option<Ref<'a>>,
    /// Who receives the record, when that is another team.
    pub receiver: Option<Ref<'a>>,
    /// The receiver acts in this time.
    pub within: Option<String>,
    /// It is where a record goes that the receiver of this handoff refuses.
    pub refused: Option<Ref<'a>>,
    /// Nothing but the owner's decision is asked for.
    pub is_free: bool,
}
