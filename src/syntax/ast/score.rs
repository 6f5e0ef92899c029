//! Scores and routes: how records are rated, and who gets which.

use rust_decimal::Decimal;

use crate::source::{Span, Spanned};

use super::{Duration, Expr, Name, Text, Waive};

/// `score interest "Interest" of lead { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreDecl {
    /// Its name; used in expressions like a field.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// The record it rates.
    pub of: Name,
    /// `fit +20 when …`
    pub points: Vec<PointsDecl>,
    /// `cap fit at 35`
    pub caps: Vec<CapDecl>,
    /// `weight fit 40%`
    pub weights: Vec<WeightDecl>,
    /// `grade hot at least 60, warm at least 30, cold otherwise`
    pub grades: Vec<GradeDecl>,
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

/// What a score rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// Who they are.
    Fit,
    /// What they do.
    Behavior,
}

impl Category {
    /// The word in source.
    pub fn word(self) -> &'static str {
        match self {
            Category::Fit => "fit",
            Category::Behavior => "behavior",
        }
    }
}

/// `behavior +25 when event webinar_attended halves every 30d`
#[derive(Clone, Debug, PartialEq)]
pub struct PointsDecl {
    /// What it rates.
    pub category: Category,
    /// The points, possibly negative.
    pub points: Spanned<Decimal>,
    /// What it is called.
    pub title: Option<Text>,
    /// For which records.
    pub when: Expr,
    /// The points halve in this time.
    pub halves_every: Option<Spanned<Duration>>,
    /// The points are gone after this time.
    pub expires_after: Option<Spanned<Duration>>,
    /// The whole rule.
    pub span: Span,
}

/// `cap fit at 35`
#[derive(Clone, Debug, PartialEq)]
pub struct CapDecl {
    /// The category; `None` for `cap total at`.
    pub category: Option<Category>,
    /// The most points that count.
    pub at: Spanned<Decimal>,
    /// The whole property.
    pub span: Span,
}

/// `weight fit 40%`
#[derive(Clone, Debug, PartialEq)]
pub struct WeightDecl {
    /// The category.
    pub category: Category,
    /// Its weight, `40` for `40%`.
    pub percent: Spanned<Decimal>,
    /// The whole property.
    pub span: Span,
}

/// `hot at least 60`, `cold otherwise`
#[derive(Clone, Debug, PartialEq)]
pub struct GradeDecl {
    /// The grade.
    pub name: Name,
    /// What people see.
    pub title: Option<Text>,
    /// The least score; `None` for `otherwise`.
    pub at_least: Option<Spanned<Decimal>>,
}

/// `route mql "Assignment of leads" { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct RouteDecl {
    /// The stage whose records are routed as they enter it.
    pub stage: Name,
    /// Its title.
    pub title: Option<Text>,
    /// `when … to …`
    pub cases: Vec<RouteCase>,
    /// `otherwise triage`
    pub otherwise: Option<RouteTarget>,
    /// `was [old]`
    pub was: Vec<Name>,
    /// `waive …`
    pub waivers: Vec<Waive>,
    /// Whether some part could not be read.
    pub broken: bool,
    /// The whole declaration.
    pub span: Span,
}

/// `when company_size >= 500 to enterprise_pool`
#[derive(Clone, Debug, PartialEq)]
pub struct RouteCase {
    /// For which records.
    pub when: Expr,
    /// To whom.
    pub to: RouteTarget,
    /// The whole case.
    pub span: Span,
}

/// Who gets the record: a role, a team, or else the name of a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteTarget {
    /// The name.
    pub name: Name,
    /// What people see.
    pub title: Option<Text>,
}
