//! The syntax tree: what is written, in the order it is written, with the place of every part.
//!
//! Both notations give this tree, and both are printed from it. It is never changed after it was
//! built. Nothing in it is resolved: a name is a word, an expression may be ill typed, a stage may
//! lack its owner. `sema` gives it meaning.

mod decl;
mod expr;
mod score;
mod stage;
mod value;
mod without;

pub use decl::*;
pub use expr::*;
pub use score::*;
pub use stage::*;
pub use value::*;

use crate::source::{FileId, Span};

/// One file of a process.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Which file.
    pub id: FileId,
    /// The declarations, in source order.
    pub items: Vec<Item>,
    /// Every comment, in source order.
    pub comments: Vec<Comment>,
    /// Words at the head of regions that could not be read. Something may have been declared by
    /// these names, so nothing is said about a reference to them.
    pub lost: Vec<String>,
}

/// A comment, from its `#` to the end of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text after `#`, without the space that usually follows it and without trailing space.
    pub text: String,
    /// Whether it stands alone on its line.
    pub own_line: bool,
    /// Whether it stands behind the head of a block: a brace of the DSL, the colon of YAML.
    pub opens: bool,
    /// The comment with its `#`.
    pub span: Span,
}

/// A declaration.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `process`
    Process(ProcessDecl),
    /// `team`
    Team(TeamDecl),
    /// `record`
    Record(RecordDecl),
    /// `stage`
    Stage(Box<StageDecl>),
    /// `goal`
    Goal(GoalDecl),
    /// `feedback`
    Feedback(FeedbackDecl),
    /// `score`
    Score(ScoreDecl),
    /// `route`
    Route(RouteDecl),
    /// `term`
    Term(TermDecl),
    /// `play`
    Play(PlayDecl),
    /// `retired`
    Retired(RetiredDecl),
}

impl Item {
    /// The whole declaration.
    pub fn span(&self) -> Span {
        match self {
            Item::Process(d) => d.span,
            Item::Team(d) => d.span,
            Item::Record(d) => d.span,
            Item::Stage(d) => d.span,
            Item::Goal(d) => d.span,
            Item::Feedback(d) => d.span,
            Item::Score(d) => d.span,
            Item::Route(d) => d.span,
            Item::Term(d) => d.span,
            Item::Play(d) => d.span,
            Item::Retired(d) => d.span,
        }
    }

    /// Every name that it declares, its own and those of its parts, each with what was called so before.
    pub fn names(&self) -> Vec<(&Name, &[Name])> {
        let mut names: Vec<(&Name, &[Name])> = Vec::new();
        match self {
            Item::Team(d) => {
                names.push((&d.name, &d.was));
                names.extend(d.roles.iter().map(|role| (&role.name, role.was.as_slice())));
            }
            Item::Record(d) => {
                names.push((&d.name, &d.was));
                for field in &d.fields {
                    names.push((&field.name, &field.was));
                    if let FieldType::OneOf(options) | FieldType::ManyOf(options) = &field.ty.value
                    {
                        names.extend(options.iter().map(|of| (&of.name, of.was.as_slice())));
                    }
                }
            }
            Item::Stage(d) => {
                names.push((&d.name, &d.was));
                let criteria = d.exit.iter().chain(&d.enter);
                names.extend(criteria.map(|of| (&of.name, of.was.as_slice())));
            }
            Item::Goal(d) => names.push((&d.name, &d.was)),
            Item::Feedback(d) => names.push((&d.name, &d.was)),
            Item::Score(d) => names.push((&d.name, &d.was)),
            Item::Term(d) => names.push((&d.name, &d.was)),
            Item::Play(d) => names.push((&d.name, &d.was)),
            Item::Process(_) | Item::Route(_) | Item::Retired(_) => {}
        }
        names
    }
}
