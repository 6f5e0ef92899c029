//! The parts of a process.

use crate::source::Span;

use super::arena::ids;
use super::{
    Arena, Calendar, Confirmation, Criterion, Currency, Feedback, Forecast, Goal, NodeRef, Play,
    Retired, Route, Score, Stage, Term, Text, Transition, Value, Waiver,
};

ids! {
    /// Identifies a [`Team`].
    TeamId "team";
    /// Identifies a [`Role`].
    RoleId "role";
    /// Identifies a [`Record`].
    RecordId "record";
    /// Identifies a [`Field`].
    FieldId "field";
    /// Identifies a [`Stage`].
    StageId "stage";
    /// Identifies a [`Criterion`].
    CriterionId "criterion";
    /// Identifies a [`Transition`].
    TransitionId "transition";
    /// Identifies a [`Confirmation`].
    ConfirmationId "confirmation";
    /// Identifies a [`Goal`].
    GoalId "goal";
    /// Identifies a [`Feedback`].
    FeedbackId "feedback";
    /// Identifies a [`Score`].
    ScoreId "score";
    /// Identifies a [`Route`].
    RouteId "route";
    /// Identifies a [`Term`].
    TermId "term";
    /// Identifies a [`Play`].
    PlayId "play";
}

/// A whole process.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// Its name; the folder's or file's when no `process` is declared.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// `version "2026.1"`
    pub version: Option<String>,
    /// `effective 2026-12-01`: the day from which people work by it.
    pub effective: Option<jiff::civil::Date>,
    /// The currency of every money field and amount.
    pub currency: Option<Currency>,
    /// IANA name; `UTC` when not declared.
    pub timezone: String,
    /// Working hours.
    pub calendar: Calendar,
    /// Language tags, the one of untranslated texts first. Never empty; `en` when not declared.
    pub languages: Vec<String>,
    /// What it is about.
    pub about: Option<Text>,
    /// Still being written.
    pub draft: bool,
    /// Some declaration could not be read at all: do not speak of what is missing.
    pub broken: bool,
    /// The `process` declaration's name, or the start of the first file.
    pub span: Span,
    /// Teams.
    pub teams: Arena<TeamId, Team>,
    /// Roles of all teams.
    pub roles: Arena<RoleId, Role>,
    /// Record types, those continued before those that continue them.
    pub records: Arena<RecordId, Record>,
    /// Fields of all records.
    pub fields: Arena<FieldId, Field>,
    /// Stages, in source order.
    pub stages: Arena<StageId, Stage>,
    /// Criteria of all stages.
    pub criteria: Arena<CriterionId, Criterion>,
    /// All moves that are allowed, `from any open of` expanded.
    pub transitions: Arena<TransitionId, Transition>,
    /// What people confirm.
    pub confirmations: Arena<ConfirmationId, Confirmation>,
    /// Goals.
    pub goals: Arena<GoalId, Goal>,
    /// Feedback.
    pub feedback: Arena<FeedbackId, Feedback>,
    /// Scores.
    pub scores: Arena<ScoreId, Score>,
    /// Routes.
    pub routes: Arena<RouteId, Route>,
    /// The glossary.
    pub terms: Arena<TermId, Term>,
    /// Plays.
    pub plays: Arena<PlayId, Play>,
    /// What was, and where it went.
    pub retired: Vec<Retired>,
    /// Findings that somebody has accepted.
    pub waivers: Vec<Waiver>,
}

/// A team.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// What it is for.
    pub mission: Option<Text>,
    /// Its roles.
    pub roles: Vec<RoleId>,
    /// Earlier names.
    pub was: Vec<String>,
    /// Some part could not be read: do not speak of what is missing.
    pub broken: bool,
    /// Where its name stands.
    pub span: Span,
}

/// A role in a team.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Its name, unique in the process.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Its team.
    pub team: TeamId,
    /// How many people.
    pub headcount: Option<u32>,
    /// Earlier names.
    pub was: Vec<String>,
    /// Where its name stands.
    pub span: Span,
}

/// Who is responsible: a team as a whole, or a role in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// A team.
    Team(TeamId),
    /// A role.
    Role(RoleId),
}

/// A record type: what moves through the stages.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// The record type it continues.
    pub from: Option<RecordId>,
    /// What it is about.
    pub about: Option<Text>,
    /// Its own fields, without those of the record it continues.
    pub fields: Vec<FieldId>,
    /// Earlier names.
    pub was: Vec<String>,
    /// Some part could not be read.
    pub broken: bool,
    /// Where its name stands.
    pub span: Span,
}

/// A field of a record type.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name, unique in its record and those it continues.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Its record.
    pub record: RecordId,
    /// Its type.
    pub ty: FieldType,
    /// The least value.
    pub at_least: Option<Value>,
    /// The greatest value.
    pub at_most: Option<Value>,
    /// Never missing.
    pub required: bool,
    /// No two records share a value.
    pub unique: bool,
    /// Shown beside the field.
    pub help: Option<Text>,
    /// Earlier names.
    pub was: Vec<String>,
    /// Where its name stands.
    pub span: Span,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldType {
    /// Text.
    Text,
    /// A decimal number.
    Number,
    /// A whole number.
    Integer,
    /// An amount in the currency of the process.
    Money,
    /// A percentage; `60%` is stored as 60.
    Percent,
    /// True or false.
    Boolean,
    /// A calendar date.
    Date,
    /// A point in time.
    DateTime,
    /// A person of the company.
    User,
    /// One of the options.
    OneOf(Vec<EnumOption>),
    /// Any number of the options.
    ManyOf(Vec<EnumOption>),
}

impl FieldType {
    /// The options of an enumeration; empty for every other type.
    pub fn options(&self) -> &[EnumOption] {
        match self {
            FieldType::OneOf(options) | FieldType::ManyOf(options) => options,
            _ => &[],
        }
    }
}

/// An option of an enumeration.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumOption {
    /// The stored value.
    pub name: String,
    /// What people see.
    pub title: Text,
    /// Earlier names.
    pub was: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

impl Process {
    /// The team of an owner.
    pub fn team_of(&self, owner: Owner) -> TeamId {
        match owner {
            Owner::Team(team) => team,
            Owner::Role(role) => self.roles[role].team,
        }
    }

    /// Name and title of an owner.
    pub fn owner_name(&self, owner: Owner) -> (&str, &Text) {
        match owner {
            Owner::Team(team) => (&self.teams[team].name, &self.teams[team].title),
            Owner::Role(role) => (&self.roles[role].name, &self.roles[role].title),
        }
    }

    /// The team that owns a stage.
    pub fn stage_team(&self, stage: StageId) -> Option<TeamId> {
        self.stages[stage].owner.map(|owner| self.team_of(owner))
    }

    /// Whether the move goes from one team to another.
    pub fn is_handoff(&self, transition: TransitionId) -> bool {
        let transition = &self.transitions[transition];
        match (self.stage_team(transition.from), self.stage_team(transition.to)) {
            (Some(from), Some(to)) => from != to,
            _ => false,
        }
    }

    /// A record type and those it continues, the given one first.
    pub fn lineage(&self, record: RecordId) -> impl Iterator<Item = RecordId> {
        std::iter::successors(Some(record), |id| self.records[*id].from)
    }

    /// Whether something is known of every record of this type: a field that it must have.
    pub fn always_known(&self, record: RecordId) -> bool {
        self.visible_fields(record).iter().any(|field| self.fields[*field].required)
    }

    /// The fields a stage of this record type can read: those of the records it continues first.
    pub fn visible_fields(&self, record: RecordId) -> Vec<FieldId> {
        let mut lineage: Vec<RecordId> = self.lineage(record).collect();
        lineage.reverse();
        lineage.iter().flat_map(|id| self.records[*id].fields.iter().copied()).collect()
    }

    /// The stages of a record type, in source order.
    pub fn stages_of(&self, record: RecordId) -> impl Iterator<Item = StageId> {
        self.stages.iter().filter(move |(_, stage)| stage.record == record).map(|(id, _)| id)
    }

    /// The open stages whose records cover a goal that sums over `entering`, in source order: those of
    /// its record type that are not left out of the forecast.
    pub fn covering_stages(&self, entering: StageId) -> impl Iterator<Item = StageId> {
        self.stages.ids().filter(move |id| self.covers(*id, entering))
    }

    /// Whether the records of a stage cover a goal that sums over `entering`.
    pub fn covers(&self, stage: StageId, entering: StageId) -> bool {
        let stage = &self.stages[stage];
        stage.record == self.stages[entering].record
            && stage.is_open()
            && stage.forecast != Some(Forecast::Omitted)
    }

    /// The stage with this name.
    pub fn stage_named(&self, name: &str) -> Option<StageId> {
        self.stages.iter().find(|(_, stage)| stage.name == name).map(|(id, _)| id)
    }

    /// Name and title of anything that has a name.
    pub fn node_name(&self, node: NodeRef) -> (&str, &Text) {
        match node {
            NodeRef::Team(id) => (&self.teams[id].name, &self.teams[id].title),
            NodeRef::Role(id) => (&self.roles[id].name, &self.roles[id].title),
            NodeRef::Record(id) => (&self.records[id].name, &self.records[id].title),
            NodeRef::Field(id) => (&self.fields[id].name, &self.fields[id].title),
            NodeRef::Stage(id) => (&self.stages[id].name, &self.stages[id].title),
            NodeRef::Goal(id) => (&self.goals[id].name, &self.goals[id].title),
            NodeRef::Feedback(id) => (&self.feedback[id].name, &self.feedback[id].title),
            NodeRef::Score(id) => (&self.scores[id].name, &self.scores[id].title),
            NodeRef::Term(id) => (&self.terms[id].name, &self.terms[id].title),
            NodeRef::Play(id) => (&self.plays[id].name, &self.plays[id].title),
        }
    }
}
