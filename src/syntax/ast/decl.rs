//! Every declaration but stages, scores and routes.

use jiff::civil;

use crate::source::{Span, Spanned};

use super::{Currency, Duration, Every, Expr, LabelText, Literal, Name, Path, Status, Text};

/// `waive dead-end "reason" until 2027-01-31`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waive {
    /// The rule.
    pub rule: Name,
    /// Why.
    pub reason: Text,
    /// The last day it holds.
    pub until: Option<Spanned<civil::Date>>,
    /// The whole waiver.
    pub span: Span,
}

/// `process the_model "The Model" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct ProcessDecl {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// `version "2026.1"`
    pub version: Option<Spanned<String>>,
    /// `effective 2026-12-01`
    pub effective: Option<Spanned<civil::Date>>,
    /// `currency JPY`
    pub currency: Option<Spanned<Currency>>,
    /// `timezone "Asia/Tokyo"`
    pub timezone: Option<Spanned<String>>,
    /// `calendar mon-fri 09:00-18:00 except [2026-01-01]`
    pub calendar: Option<CalendarDecl>,
    /// `languages [en, ko, ja]`; the first is the language of the untagged texts.
    pub languages: Vec<Name>,
    /// `about "…"`
    pub about: Option<Text>,
    /// `status draft`
    pub status: Option<Spanned<Status>>,
    /// `waive …`
    pub waivers: Vec<Waive>,
    /// Whether some part could not be read.
    pub broken: bool,
    /// The whole declaration.
    pub span: Span,
}

/// Working hours and holidays.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarDecl {
    /// The weekly hours; a day may occur more than once (a lunch break).
    pub hours: Vec<Hours>,
    /// Days on which nobody works.
    pub except: Vec<Spanned<civil::Date>>,
    /// The property.
    pub span: Span,
}

/// Working hours on some days of the week.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// The days, in the order written; ranges are expanded.
    pub days: Vec<civil::Weekday>,
    /// Start of work.
    pub from: Spanned<civil::Time>,
    /// End of work. Midnight at the end of the day is `24:00`, kept as `None`.
    pub to: Spanned<Option<civil::Time>>,
    /// Days and times.
    pub span: Span,
}

/// `team inside_sales "Inside Sales" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct TeamDecl {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// `mission "…"`
    pub mission: Option<Text>,
    /// `role sdr "…"`
    pub roles: Vec<RoleDecl>,
    /// `was [old]`
    pub was: Vec<Name>,
    /// `waive …`
    pub waivers: Vec<Waive>,
    /// Whether some part could not be read.
    pub broken: bool,
    /// The whole declaration.
    pub span: Span,
}

/// `role sdr "Sales development representative" headcount 4`
#[derive(Clone, Debug, PartialEq)]
pub struct RoleDecl {
    /// Its name, unique in the process.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// How many people.
    pub headcount: Option<Spanned<u32>>,
    /// `was [old]`
    pub was: Vec<Name>,
    /// The whole role.
    pub span: Span,
}

/// `record deal "Opportunity" from lead { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct RecordDecl {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// The record type it continues.
    pub from: Option<Name>,
    /// `about "…"`
    pub about: Option<Text>,
    /// The fields.
    pub fields: Vec<FieldDecl>,
    /// `was [old]`
    pub was: Vec<Name>,
    /// `waive …`
    pub waivers: Vec<Waive>,
    /// Whether some part could not be read.
    pub broken: bool,
    /// The whole declaration.
    pub span: Span,
}

/// `company_size number "Employees" at least 1`
#[derive(Clone, Debug, PartialEq)]
pub struct FieldDecl {
    /// Its name, unique in its record and the records that one continues.
    pub name: Name,
    /// Its type.
    pub ty: Spanned<FieldType>,
    /// Its title.
    pub title: Option<Text>,
    /// `at least 1`
    pub at_least: Option<Spanned<Literal>>,
    /// `at most 100`
    pub at_most: Option<Spanned<Literal>>,
    /// `required`: never missing, from the first stage on.
    pub required: Option<Span>,
    /// `unique`: no two records share a value.
    pub unique: Option<Span>,
    /// `help "…"`: shown beside the field.
    pub help: Option<Text>,
    /// `was [old]`
    pub was: Vec<Name>,
    /// The whole field.
    pub span: Span,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldType {
    /// `text`
    Text,
    /// `number`: decimal.
    Number,
    /// `integer`
    Integer,
    /// `money`: an amount in the currency of the process.
    Money,
    /// `percent`: `60%` is stored as 60.
    Percent,
    /// `boolean`
    Boolean,
    /// `date`
    Date,
    /// `datetime`
    DateTime,
    /// `user`: a person of the company.
    User,
    /// `one of [a, b]`
    OneOf(Vec<OptionDecl>),
    /// `many of [a, b]`
    ManyOf(Vec<OptionDecl>),
}

impl FieldType {
    /// The scalar type with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "text" => Self::Text,
            "number" => Self::Number,
            "integer" => Self::Integer,
            "money" => Self::Money,
            "percent" => Self::Percent,
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            "user" => Self::User,
            _ => return None,
        })
    }

    /// The words in source, without the options.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Money => "money",
            Self::Percent => "percent",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::User => "user",
            Self::OneOf(_) => "one of",
            Self::ManyOf(_) => "many of",
        }
    }
}

/// `no_need "No need" ko "니즈 없음"`
#[derive(Clone, Debug, PartialEq)]
pub struct OptionDecl {
    /// The stored value.
    pub name: Name,
    /// What people see.
    pub title: Option<Text>,
    /// `was [old]`
    pub was: Vec<Name>,
}

/// `goal accepted_leads "Leads that sales accepts" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct GoalDecl {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// `shared by [marketing, inside_sales]`; `owner x` is a goal of one.
    pub shared_by: Vec<Name>,
    /// `measure …`
    pub measure: Option<Spanned<Measure>>,
    /// `target …`
    pub target: Option<TargetDecl>,
    /// `why "…"`
    pub why: Option<Text>,
    /// `was [old]`
    pub was: Vec<Name>,
    /// `waive …`
    pub waivers: Vec<Waive>,
    /// Whether some part could not be read.
    pub broken: bool,
    /// The whole declaration.
    pub span: Span,
}

/// What a goal measures.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// `conversion from mql to problem within 14d`: a percentage.
    Conversion {
        /// The cohort enters here.
        from: Name,
        /// And should reach this.
        to: Name,
        /// In this time.
        within: Option<Spanned<Duration>>,
    },
    /// `entries into mql when …`: a number per period.
    Entries {
        /// The stage entered.
        into: Name,
        /// Only such records.
        when: Option<Expr>,
    },
    /// `balance of mql`: records in the stage now.
    Balance {
        /// The stage.
        of: Name,
    },
    /// `median time from mql to won`: a duration.
    Cycle {
        /// How single times become one; the median when not said.
        statistic: Option<Statistic>,
        /// Entering this stage starts the clock.
        from: Name,
        /// Entering this one stops it.
        to: Name,
    },
    /// `p90 time in mql`: a duration.
    Dwell {
        /// How single times become one; the median when not said.
        statistic: Option<Statistic>,
        /// The stage.
        stage: Name,
    },
    /// `sum of amount entering won when …`
    Sum {
        /// The number or money field.
        field: Path,
        /// The stage entered.
        entering: Name,
        /// Only such records.
        when: Option<Expr>,
    },
    /// `share of won when …`: of the records that enter, the percentage that satisfy.
    Share {
        /// The stage entered.
        of: Name,
        /// The condition.
        when: Expr,
    },
    /// `coverage of revenue by amount`: open value over the target of a goal that sums.
    Coverage {
        /// That goal.
        goal: Name,
        /// The field that says what an open record is worth.
        by: Path,
    },
}

/// How single times become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Statistic {
    /// The middle one.
    Median,
    /// The mean.
    Average,
    /// Nine of ten are at most this.
    P90,
}

impl Statistic {
    /// The word in source.
    pub fn word(self) -> &'static str {
        match self {
            Statistic::Median => "median",
            Statistic::Average => "average",
            Statistic::P90 => "p90",
        }
    }
}

/// `target at least 60% every quarter`
#[derive(Clone, Debug, PartialEq)]
pub struct TargetDecl {
    /// `at least`, or `at most`.
    pub at_least: bool,
    /// The value: number, percent, money or duration.
    pub value: Spanned<Literal>,
    /// How often it is measured.
    pub every: Option<Spanned<Every>>,
    /// The terms.
    pub span: Span,
}

/// `feedback market_voice "What the market says" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct FeedbackDecl {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// Who speaks.
    pub from: Vec<Name>,
    /// Who listens.
    pub to: Vec<Name>,
    /// How often.
    pub every: Option<Spanned<Every>>,
    /// `about "…"`
    pub about: Option<Text>,
    /// `was [old]`
    pub was: Vec<Name>,
    /// `waive …`
    pub waivers: Vec<Waive>,
    /// Whether some part could not be read.
    pub broken: bool,
    /// The whole declaration.
    pub span: Span,
}

/// `term mql "MQL" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct TermDecl {
    /// Its name.
    pub name: Name,
    /// The word as people write it.
    pub title: Option<Text>,
    /// `means "…"`
    pub means: Option<Text>,
    /// `see [mql]`: anything that has a name.
    pub see: Vec<Name>,
    /// `also ["Qualified lead"]`: other words for the same thing.
    pub also: Vec<LabelText>,
    /// `was [old]`
    pub was: Vec<Name>,
    /// `waive …`
    pub waivers: Vec<Waive>,
    /// Whether some part could not be read.
    pub broken: bool,
    /// The whole declaration.
    pub span: Span,
}

/// `play discovery_call "Discovery call" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct PlayDecl {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// `for stage mql`
    pub stages: Vec<Name>,
    /// `by sdr`
    pub by: Vec<Name>,
    /// `when …`: only for such records.
    pub when: Option<Expr>,
    /// `steps """…"""`, Markdown.
    pub steps: Option<Text>,
    /// `about "…"`
    pub about: Option<Text>,
    /// `was [old]`
    pub was: Vec<Name>,
    /// `waive …`
    pub waivers: Vec<Waive>,
    /// Whether some part could not be read.
    pub broken: bool,
    /// The whole declaration.
    pub span: Span,
}

/// `retired stage demo_booked into evaluation since 2026-10-01`
#[derive(Clone, Debug, PartialEq)]
pub struct RetiredDecl {
    /// What it was.
    pub kind: Spanned<RetiredKind>,
    /// Its old name; `record.field` for a field.
    pub name: Path,
    /// Where what was in it goes.
    pub into: Vec<Successor>,
    /// Since when.
    pub since: Option<Spanned<civil::Date>>,
    /// The whole declaration.
    pub span: Span,
}

/// What can be retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RetiredKind {
    /// A stage.
    Stage,
    /// A record type.
    Record,
    /// A field.
    Field,
    /// A team.
    Team,
    /// A role.
    Role,
    /// A goal.
    Goal,
    /// A term.
    Term,
    /// A play.
    Play,
    /// A score.
    Score,
}

impl RetiredKind {
    /// All kinds.
    pub const ALL: [RetiredKind; 9] = [
        RetiredKind::Stage,
        RetiredKind::Record,
        RetiredKind::Field,
        RetiredKind::Team,
        RetiredKind::Role,
        RetiredKind::Goal,
        RetiredKind::Term,
        RetiredKind::Play,
        RetiredKind::Score,
    ];

    /// The word in source.
    pub fn word(self) -> &'static str {
        match self {
            RetiredKind::Stage => "stage",
            RetiredKind::Record => "record",
            RetiredKind::Field => "field",
            RetiredKind::Team => "team",
            RetiredKind::Role => "role",
            RetiredKind::Goal => "goal",
            RetiredKind::Term => "term",
            RetiredKind::Play => "play",
            RetiredKind::Score => "score",
        }
    }
}

/// `evaluation when amount is present`
#[derive(Clone, Debug, PartialEq)]
pub struct Successor {
    /// The new place.
    pub to: Path,
    /// Only for such records; the others go to the next successor.
    pub when: Option<Expr>,
}
