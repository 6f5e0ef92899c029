//! What has changed, as values: the renderers say it in words.

use super::reason::Reason;
use crate::diag::{Diagnostic, Fix};
use crate::model::{
    Clock, ConfirmationId, CriterionId, Duration, Every, Expr, FeedbackId, FieldId, GoalId,
    Measure, Origin, Owner, PlayId, Process, RecordId, RoleId, RouteId, ScoreId, Side, StageId,
    Target, TeamId, TermId, Text, TransitionId, TransitionKind, Value,
};
use crate::source::Span;

/// Something of the old process, of the new one, or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides<T> {
    /// In the old process.
    pub old: Option<T>,
    /// In the new process.
    pub new: Option<T>,
}

impl<T: Copy> Sides<T> {
    /// On both sides.
    pub(super) fn both(old: T, new: T) -> Self {
        Self { old: Some(old), new: Some(new) }
    }

    /// What is gone.
    pub(super) fn old(old: T) -> Self {
        Self { old: Some(old), new: None }
    }

    /// What is new.
    pub(super) fn new(new: T) -> Self {
        Self { old: None, new: Some(new) }
    }
}

/// Who is hurt when a change is not prepared, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Records that are under way.
    Records,
    /// Rows and columns.
    Data,
    /// What CRMs know by a name that cannot be changed there.
    Config,
    /// Numbers that somebody reads.
    Reports,
    /// Those who work by the process.
    People,
    /// Nobody: it only reads differently.
    Nobody,
}

impl Who {
    /// Everybody, in this order.
    pub const ALL: [Who; 6] =
        [Who::Records, Who::Data, Who::Config, Who::Reports, Who::People, Who::Nobody];

    /// The word in JSON, and the folder of the rules.
    pub fn word(self) -> &'static str {
        match self {
            Who::Records => "records",
            Who::Data => "data",
            Who::Config => "config",
            Who::Reports => "reports",
            Who::People => "people",
            Who::Nobody => "nobody",
        }
    }

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Who::Records => "Records in flight",
            Who::Data => "Stored data",
            Who::Config => "CRM configuration",
            Who::Reports => "Reports",
            Who::People => "People",
            Who::Nobody => "Words only",
        }
    }
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is gone.
    Removed,
    /// It is gone, and the process says where what was in it goes.
    Retired,
    /// It has become part of something else.
    Merged,
    /// Records that were let through are not any more.
    Tightened,
    /// Some records are let through that were not, and some are not that were.
    Shifted,
    /// Less time than before.
    Shortened,
    /// A higher number.
    Raised,
    /// A lower number.
    Lowered,
    /// Something else than before.
    Changed,
    /// It is called otherwise.
    Renamed,
    /// More time than before.
    Lengthened,
    /// Records are let through that were not.
    Loosened,
    /// It is new.
    Added,
    /// Other words for the same.
    Reworded,
    /// A hint that matches nothing.
    Unmatched,
}

impl Kind {
    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Removed => "removed",
            Kind::Retired => "retired",
            Kind::Merged => "merged",
            Kind::Tightened => "tightened",
            Kind::Shifted => "shifted",
            Kind::Shortened => "shortened",
            Kind::Raised => "raised",
            Kind::Lowered => "lowered",
            Kind::Changed => "changed",
            Kind::Renamed => "renamed",
            Kind::Lengthened => "lengthened",
            Kind::Loosened => "loosened",
            Kind::Added => "added",
            Kind::Reworded => "reworded",
            Kind::Unmatched => "unmatched",
        }
    }

    /// The kind of the change that takes this one back. What is retired comes back as something new.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Kind::Removed | Kind::Retired | Kind::Merged => Kind::Added,
            Kind::Added => Kind::Removed,
            Kind::Tightened => Kind::Loosened,
            Kind::Loosened => Kind::Tightened,
            Kind::Shortened => Kind::Lengthened,
            Kind::Lengthened => Kind::Shortened,
            Kind::Raised => Kind::Lowered,
            Kind::Lowered => Kind::Raised,
            same => same,
        }
    }
}

/// A part of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The process as a whole.
    Process,
    /// A team.
    Team(TeamId),
    /// A role.
    Role(RoleId),
    /// A record type.
    Record(RecordId),
    /// A field.
    Field(FieldId),
    /// An option of a field, by its index.
    Option(FieldId, usize),
    /// A stage.
    Stage(StageId),
    /// A criterion.
    Criterion(CriterionId),
    /// A move; of those that `from any open of` gives, the first.
    Move(TransitionId),
    /// Something that people confirm.
    Confirmation(ConfirmationId),
    /// A goal.
    Goal(GoalId),
    /// Feedback.
    Feedback(FeedbackId),
    /// A score.
    Score(ScoreId),
    /// A grade of a score, by its index.
    Grade(ScoreId, usize),
    /// A rule of a score that gives points, by its index.
    Points(ScoreId, usize),
    /// A route.
    Route(RouteId),
    /// A term.
    Term(TermId),
    /// A play.
    Play(PlayId),
    /// A waiver, by its index.
    Waiver(usize),
    /// A declaration of something that is no more, by its index.
    Retired(usize),
}

impl Part {
    /// The word for what it is.
    pub fn word(self, process: &Process) -> &'static str {
        match self {
            Part::Process => "process",
            Part::Team(_) => "team",
            Part::Role(_) => "role",
            Part::Record(_) => "record",
            Part::Field(_) => "field",
            Part::Option(..) => "option",
            Part::Stage(_) => "stage",
            Part::Criterion(id) => match process.criteria[id].side {
                Side::Exit => "exit criterion",
                Side::Enter => "entry criterion",
            },
            Part::Move(_) => "move",
            Part::Confirmation(_) => "confirmation",
            Part::Goal(_) => "goal",
            Part::Feedback(_) => "feedback",
            Part::Score(_) => "score",
            Part::Grade(..) => "grade",
            Part::Points(..) => "points",
            Part::Route(_) => "route",
            Part::Term(_) => "term",
            Part::Play(_) => "play",
            Part::Waiver(_) => "waiver",
            Part::Retired(_) => "retired",
        }
    }

    /// A name that is unique among parts of its kind: `lead.email`, `mql.meeting`, `mql advance problem`.
    pub fn key(self, process: &Process) -> String {
        match self {
            Part::Process => process.name.clone(),
            Part::Team(id) => process.teams[id].name.clone(),
            Part::Role(id) => process.roles[id].name.clone(),
            Part::Record(id) => process.records[id].name.clone(),
            Part::Field(id) => {
                let field = &process.fields[id];
                format!("{}.{}", process.records[field.record].name, field.name)
            }
            Part::Option(field, at) => {
                let option = process.fields[field].ty.options().get(at);
                let name = option.map_or("", |option| option.name.as_str());
                format!("{}.{name}", Part::Field(field).key(process))
            }
            Part::Stage(id) => process.stages[id].name.clone(),
            Part::Criterion(id) => {
                let criterion = &process.criteria[id];
                format!("{}.{}", process.stages[criterion.stage].name, criterion.name)
            }
            Part::Move(id) => {
                let transition = &process.transitions[id];
                let to = &process.stages[transition.to].name;
                let from = match transition.origin {
                    Origin::AnyOpen => "any",
                    _ => &process.stages[transition.from].name,
                };
                format!("{from} {} {to}", transition.kind.word())
            }
            Part::Confirmation(id) => process.confirmations[id].key.clone(),
            Part::Goal(id) => process.goals[id].name.clone(),
            Part::Feedback(id) => process.feedback[id].name.clone(),
            Part::Score(id) => process.scores[id].name.clone(),
            Part::Grade(score, at) => {
                let score = &process.scores[score];
                let name = score.grades.get(at).map_or("", |grade| grade.name.as_str());
                format!("{}.{name}", score.name)
            }
            Part::Points(score, at) => {
                let score = &process.scores[score];
                let when = score.points.get(at).map(|points| process.expr_source(&points.when));
                format!("{} {}", score.name, when.unwrap_or_default())
            }
            Part::Route(id) => process.stages[process.routes[id].stage].name.clone(),
            Part::Term(id) => process.terms[id].name.clone(),
            Part::Play(id) => process.plays[id].name.clone(),
            Part::Waiver(at) => {
                process.waivers.get(at).map_or_else(String::new, |waiver| waiver.rule.value.clone())
            }
            Part::Retired(at) => {
                process.retired.get(at).map_or_else(String::new, |retired| retired.name.clone())
            }
        }
    }

    /// Its own name, or what tells it apart when it has none.
    pub fn name(self, process: &Process) -> String {
        match self {
            Part::Field(id) => process.fields[id].name.clone(),
            Part::Criterion(id) => process.criteria[id].name.clone(),
            Part::Option(field, at) => {
                let option = process.fields[field].ty.options().get(at);
                option.map_or_else(String::new, |option| option.name.clone())
            }
            // A route bears the name of its stage, and follows it.
            Part::Route(_) => String::new(),
            _ => self.key(process),
        }
    }

    /// Its earlier names.
    pub fn was(self, process: &Process) -> &[String] {
        match self {
            Part::Team(id) => &process.teams[id].was,
            Part::Role(id) => &process.roles[id].was,
            Part::Record(id) => &process.records[id].was,
            Part::Field(id) => &process.fields[id].was,
            Part::Option(field, at) => {
                process.fields[field].ty.options().get(at).map_or(&[], |option| &option.was)
            }
            Part::Stage(id) => &process.stages[id].was,
            Part::Criterion(id) => &process.criteria[id].was,
            Part::Goal(id) => &process.goals[id].was,
            Part::Feedback(id) => &process.feedback[id].was,
            Part::Score(id) => &process.scores[id].was,
            Part::Term(id) => &process.terms[id].was,
            Part::Play(id) => &process.plays[id].was,
            _ => &[],
        }
    }

    /// How a sentence in English names it: "stage `mql`", "exit criterion `meeting` of `mql`".
    pub fn said(self, process: &Process) -> String {
        let word = self.word(process);
        match self {
            Part::Process => "the process".to_owned(),
            Part::Option(field, at) => {
                let option = process.fields[field].ty.options().get(at);
                let name = option.map_or("", |option| option.name.as_str());
                format!("option `{name}` of `{}`", Part::Field(field).key(process))
            }
            Part::Criterion(id) => {
                let criterion = &process.criteria[id];
                let stage = &process.stages[criterion.stage].name;
                format!("{word} `{}` of `{stage}`", criterion.name)
            }
            Part::Move(id) => {
                let transition = &process.transitions[id];
                let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
                let verb = match transition.kind {
                    TransitionKind::Advance => "advancing",
                    TransitionKind::Recycle => "recycling",
                    TransitionKind::Lose => "losing",
                };
                match transition.origin {
                    Origin::AnyOpen => {
                        let record = &process.records[from.record].name;
                        format!("{verb} from any open stage of `{record}` to `{}`", to.name)
                    }
                    _ => format!("{verb} from `{}` to `{}`", from.name, to.name),
                }
            }
            Part::Confirmation(id) => {
                format!("confirmation \"{}\"", process.confirmations[id].text.value)
            }
            Part::Grade(score, at) => {
                let score = &process.scores[score];
                let name = score.grades.get(at).map_or("", |grade| grade.name.as_str());
                format!("grade `{name}` of score `{}`", score.name)
            }
            Part::Points(score, at) => {
                let score = &process.scores[score];
                match score.points.get(at) {
                    Some(points) => format!(
                        "points of score `{}` for `{}`",
                        score.name,
                        process.expr_source(&points.when)
                    ),
                    None => format!("points of score `{}`", score.name),
                }
            }
            Part::Route(_) => format!("the route of `{}`", self.key(process)),
            Part::Waiver(_) => format!("a waiver of `{}`", self.key(process)),
            _ => format!("{word} `{}`", self.key(process)),
        }
    }

    /// What people call it, if they do.
    pub fn title(self, process: &Process) -> Option<&Text> {
        Some(match self {
            Part::Process => &process.title,
            Part::Team(id) => &process.teams[id].title,
            Part::Role(id) => &process.roles[id].title,
            Part::Record(id) => &process.records[id].title,
            Part::Field(id) => &process.fields[id].title,
            Part::Option(field, at) => &process.fields[field].ty.options().get(at)?.title,
            Part::Stage(id) => &process.stages[id].title,
            Part::Criterion(id) => &process.criteria[id].title,
            Part::Move(id) => process.transitions[id].title.as_ref()?,
            Part::Confirmation(id) => &process.confirmations[id].text,
            Part::Goal(id) => &process.goals[id].title,
            Part::Feedback(id) => &process.feedback[id].title,
            Part::Score(id) => &process.scores[id].title,
            Part::Grade(score, at) => &process.scores[score].grades.get(at)?.title,
            Part::Points(score, at) => process.scores[score].points.get(at)?.title.as_ref()?,
            Part::Route(id) => &process.routes[id].title,
            Part::Term(id) => &process.terms[id].title,
            Part::Play(id) => &process.plays[id].title,
            Part::Waiver(_) | Part::Retired(_) => return None,
        })
    }

    /// Where it stands.
    pub fn span(self, process: &Process) -> Span {
        let found = match self {
            Part::Process => None,
            Part::Team(id) => Some(process.teams[id].span),
            Part::Role(id) => Some(process.roles[id].span),
            Part::Record(id) => Some(process.records[id].span),
            Part::Field(id) => Some(process.fields[id].span),
            Part::Option(field, at) => {
                process.fields[field].ty.options().get(at).map(|option| option.span)
            }
            Part::Stage(id) => Some(process.stages[id].span),
            Part::Criterion(id) => Some(process.criteria[id].span),
            Part::Move(id) => Some(process.transitions[id].span),
            Part::Confirmation(id) => Some(process.confirmations[id].span),
            Part::Goal(id) => Some(process.goals[id].span),
            Part::Feedback(id) => Some(process.feedback[id].span),
            Part::Score(id) => Some(process.scores[id].span),
            Part::Grade(score, at) => process.scores[score].grades.get(at).map(|grade| grade.span),
            Part::Points(score, at) => process.scores[score].points.get(at).map(|p| p.span),
            Part::Route(id) => Some(process.routes[id].span),
            Part::Term(id) => Some(process.terms[id].span),
            Part::Play(id) => Some(process.plays[id].span),
            Part::Waiver(at) => process.waivers.get(at).map(|waiver| waiver.span),
            Part::Retired(at) => process.retired.get(at).map(|retired| retired.span),
        };
        found.unwrap_or(process.span)
    }
}

/// What of a part has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The whole of it: it came, went, or changed its name.
    Whole,
    /// A property, by the word of the language.
    Of(&'static str),
}

impl Aspect {
    /// The word, if it is a property.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Aspect::Whole => None,
            Aspect::Of(word) => Some(word),
        }
    }
}

/// What something was, or is. Each side is read in its own process.
#[derive(Clone, Debug)]
pub enum Fact<'a> {
    /// A name, a word of the language.
    Name(String),
    /// Names that only this side has, of a list whose order says nothing.
    Names(Vec<String>),
    /// A number, a date: the same in every language.
    Plain(String),
    /// A text for people.
    Text(&'a Text),
    /// Some translations of a text: language and text.
    Translations(Vec<(&'a str, &'a str)>),
    /// A condition.
    Condition(&'a Expr),
    /// A criterion: what must hold, and for which records only.
    Criterion(&'a Expr, Option<&'a Expr>),
    /// A length of time.
    Duration(Duration),
    /// A clock.
    Clock(&'a Clock),
    /// How often.
    Every(Every),
    /// A constant.
    Value(&'a Value),
    /// Who.
    Owner(Owner),
    /// What a goal measures.
    Measure(&'a Measure),
    /// What a goal aims at.
    Target(&'a Target),
}

/// One thing that has changed.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// What kind of change it is.
    pub kind: Kind,
    /// The part.
    pub part: Sides<Part>,
    /// What of it.
    pub aspect: Aspect,
    /// What it was.
    pub old: Option<Fact<'a>>,
    /// What it is.
    pub new: Option<Fact<'a>>,
    /// Where it stood, in the sources of the old process, and stands, in those of the new.
    pub place: Sides<Span>,
    /// Who must prepare for it.
    pub who: Who,
    /// Why it is said to be so: the story of a record, or what cannot be told.
    pub reason: Option<Reason>,
    /// Who works with it, in the new process.
    pub concerns: Vec<Owner>,
    /// What it breaks, at settled levels. Places are in the sources of both, see
    /// [`super::Sources`].
    pub breaks: Vec<Diagnostic>,
    /// What to write if the part is only called otherwise now, where no finding says so.
    pub rename: Option<Fix>,
    /// What the part, which is gone, may be called now: a part of the new process.
    pub maybe: Option<Part>,
    /// Whether it is told by another change, which asks whether a part is only called otherwise now:
    /// the part that came, and the moves to both.
    pub with_another: bool,
}

impl Change<'_> {
    /// The name in the new process, or else in the old one.
    pub fn said(&self, old: &Process, new: &Process) -> String {
        match (self.part.new, self.part.old) {
            (Some(part), _) => part.said(new),
            (None, Some(part)) => part.said(old),
            (None, None) => String::new(),
        }
    }
}
