//! The constructs that the YAML notation writes as the DSL does: an expression, a duration or a
//! clause in a scalar.

use crate::diag::{Diagnostic, codes};
use crate::source::{FileId, Span, Spanned};
use crate::syntax::ast;

use super::builder::Builder;
use super::explain::explain_fragment;
use super::parser::{self, Pair, Rule};
use super::place::Places;
use super::split::scan;

/// A piece of text that holds one construct of the DSL, and where it lies in its file.
#[derive(Clone, Debug)]
pub struct Fragment<'a> {
    /// The file.
    pub file: FileId,
    /// The text, after the notation around it was undone: quotes, escapes, folded lines.
    pub text: &'a str,
    /// Where the bytes of `text` lie in the file.
    pub offsets: Offsets,
}

/// From bytes of a text to bytes of the file that holds it.
#[derive(Clone, Debug)]
pub enum Offsets {
    /// The text stands in the file as it is, this many bytes after the start.
    Shift(u32),
    /// For each byte of the text, and one past its end, its offset in the file.
    Table(Vec<u32>),
}

impl Offsets {
    /// The offset in the file of byte `at` of the text; past the end, that of the end.
    pub fn at(&self, at: usize) -> usize {
        match self {
            Offsets::Shift(shift) => at + *shift as usize,
            Offsets::Table(table) => {
                table.get(at).or(table.last()).map_or(0, |offset| *offset as usize)
            }
        }
    }
}

/// Parses a fragment and builds from its pairs.
fn read<T>(
    fragment: &Fragment<'_>,
    rule: Rule,
    what: &str,
    diagnostics: &mut Vec<Diagnostic>,
    build: impl FnOnce(&mut Builder<'_>, Vec<Pair<'_>>, Span) -> Option<T>,
) -> Option<T> {
    let scan = scan(fragment.text);
    let text = scan.blank(fragment.text);
    let places = Places {
        file: fragment.file,
        offsets: &fragment.offsets,
        comments: &scan.comments,
        blanked: &scan.deep,
        shift: 0,
    };
    let end = places.trim(&text, 0, text.len());
    let start = end.min(text.len() - text.trim_start().len());
    let span = places.span(start, end);
    if start == end {
        let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, format!("{what} is missing"));
        diagnostics.push(finding.reason("this is empty"));
        return None;
    }
    let mut builder = Builder::new(&text, places);
    let built = match parser::read(rule, &text) {
        Some(pairs) => {
            let pairs = pairs.filter(|pair| pair.as_rule() != Rule::EOI).collect();
            build(&mut builder, pairs, span)
        }
        None => {
            explain_fragment(&mut builder, rule);
            None
        }
    };
    diagnostics.append(&mut builder.diagnostics);
    built
}

/// For each construct: a function that reads it from the whole of a fragment.
macro_rules! readers {
    ($($(#[$doc:meta])* $name:ident -> $result:ty, $rule:ident, $what:literal, $build:expr;)*) => {
        $(
            $(#[$doc])*
            ///
            /// Gives `None` and at least one finding when the text is no such thing.
            pub fn $name(
                fragment: &Fragment<'_>,
                diagnostics: &mut Vec<Diagnostic>,
            ) -> Option<$result> {
                read(fragment, Rule::$rule, $what, diagnostics, $build)
            }
        )*
    };
}

readers! {
    /// `amount > 0 JPY`
    expr -> ast::Expr, only_expr, "the condition", |b, mut p, _| b.expr(p.pop()?);
    /// `2 business days`
    duration -> Spanned<ast::Duration>, only_duration, "the duration", |b, mut p, _| b.duration(p.pop()?);
    /// `2 business days target 4 business hours escalate to manager`
    limit -> ast::Limit, only_limit, "the limit", |b, mut p, _| b.limit_terms(p.pop()?);
    /// `30d`, `120d before renews_on`
    clock -> ast::Clock, only_clock, "the duration", |b, mut p, _| b.clock(p.pop()?);
    /// `deal.amount`
    path -> ast::Path, only_path, "the field", |b, mut p, _| Some(b.path(p.pop()?));
    /// `inside_sales`
    name -> ast::Name, only_name, "the name", |b, mut p, _| Some(b.name(&p.pop()?));
    /// `0`, `-5`, `2026-04-01`, `5_000 JPY`
    bound -> Spanned<ast::Literal>, only_bound, "the bound", |b, mut p, _| b.bound(p.pop()?);
    /// `2026-04-01`
    date -> Spanned<jiff::civil::Date>, only_date, "the date", |b, mut p, _| b.date(&p.pop()?);
    /// `40%`, as 40
    percent -> Spanned<rust_decimal::Decimal>, only_percent, "the percentage", |b, mut p, _| b.number(&p.pop()?);
    /// `mon-fri 09:00-18:00 except [2026-01-01]`
    calendar -> ast::CalendarDecl, only_calendar, "the calendar", |b, p, span| Some(b.calendar(p.into_iter(), span));
    /// `within 4 business hours carries [need] accept when …`
    handoff -> ast::HandoffDecl, only_handoff, "the handoff", |b, mut p, _| Some(b.handoff_terms(p.pop()?));
    /// `number "Employees" at least 1`: a field without its name, which the caller puts in.
    field -> ast::FieldDecl, only_field, "the type of the field", |b, p, span| b.field(p.into_iter()).map(|field| ast::FieldDecl { span, ..field });
    /// `nurturing when … after 30d`: a transition whose `kind` the caller puts in.
    transition -> ast::TransitionDecl, only_transition, "the transition", |b, p, span| b.transition(p.into_iter(), None, span);
    /// `any open of deal when lost_reason is present`
    incoming -> ast::TransitionDecl, only_incoming, "the transition", |b, p, span| b.incoming(p.into_iter(), span);
    /// `conversion from mql to problem within 14d`
    measure -> Spanned<ast::Measure>, only_measure, "the measure", |b, mut p, _| b.measure_terms(p.pop()?);
    /// `at least 60% every quarter`
    target -> ast::TargetDecl, only_target, "the target", |b, mut p, _| b.target_terms(p.pop()?);
    /// `quarter`, `2w`: the part behind `every`
    every -> Spanned<ast::Every>, only_every, "the period", |b, mut p, _| b.every(p.pop()?);
    /// `hot at least 60, warm at least 30, cold otherwise`
    grades -> Vec<ast::GradeDecl>, only_grades, "the grades", |b, mut p, _| Some(b.grade_terms(p.pop()?));
    /// `when company_size >= 500 to enterprise_pool`
    route_case -> ast::RouteCase, only_route_case, "the route", |b, mut p, _| b.route_case(p.pop()?);
    /// `renewal at open`
    starts -> ast::Starts, only_starts, "the record", |b, p, _| b.starts(p.into_iter());
    /// `evaluation when amount is present, inquiry`
    successors -> Vec<ast::Successor>, only_successors, "the successor", |b, p, _| Some(b.successors(p.into_iter()));
    /// `fit +20 when company_size >= 100`; without the category, it is `fit`, and the caller may
    /// put in another.
    points -> ast::PointsDecl, only_points, "the points", |b, mut p, span| {
        let terms = p.pop()?;
        let category = p.pop().map_or(ast::Category::Fit, |word| super::score::category_of(word.as_str()));
        b.points_terms(terms, category).map(|points| ast::PointsDecl { span, ..points })
    };
}
