//! Types of expressions: names become fields, options, grades and scores; every operation is
//! checked against `docs/reference/expressions.md`.

mod compare;
mod describe;
mod operand;
mod thousands;
mod time;

pub(crate) use describe::value_type;

use crate::diag::{Diagnostic, codes};
use crate::model::{Expr, ExprKind, RecordId, Type};
use crate::source::Span;
use crate::syntax::ast;

use super::lower::Lowering;

/// Where an expression stands: what it can read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'s> {
    /// The record type whose fields, and whose forebears' fields, can be read. `None` when the
    /// stage's record could not be understood: then nothing is said about names.
    pub(super) record: Option<RecordId>,
    /// Names a confirmation that stands here: `evaluation_champion`.
    pub(super) place: &'s str,
    /// Whether scores can be read: not inside a score.
    pub(super) scores: bool,
}

impl<'s> Scope<'s> {
    pub(super) fn of(record: Option<RecordId>, place: &'s str) -> Self {
        Self { record, place, scores: true }
    }
}

/// How deep expressions may nest: beyond what anyone writes, within what every consumer of the
/// model can walk by recursion.
const DEPTH_LIMIT: usize = 128;

impl Lowering<'_, '_> {
    /// A condition: an expression that is true or false.
    pub(super) fn condition(&mut self, expr: &ast::Expr, scope: Scope<'_>) -> Option<Expr> {
        let typed = self.expr(expr, scope, 0)?;
        self.expect_boolean(typed)
    }

    /// Several conditions that must all hold.
    pub(super) fn conditions(&mut self, all: &[ast::Expr], scope: Scope<'_>) -> Option<Expr> {
        let typed: Vec<Expr> = all.iter().filter_map(|expr| self.condition(expr, scope)).collect();
        if typed.len() < all.len() { None } else { conjunction(typed) }
    }

    fn expect_boolean(&mut self, typed: Expr) -> Option<Expr> {
        if typed.ty == Type::Boolean {
            return Some(typed);
        }
        let what = self.describe(typed.ty);
        let mut finding = Diagnostic::new(
            codes::TYPE_MISMATCH,
            typed.span,
            format!("expected a condition, found {what}"),
        );
        if matches!(typed.kind, ExprKind::Field(_) | ExprKind::Score(_)) {
            finding = finding.help("compare it with something, or ask whether it `is present`");
        }
        self.findings.push(finding);
        None
    }

    /// Types an expression. `None` after a finding, here or where its parts were lost.
    fn expr(&mut self, expr: &ast::Expr, scope: Scope<'_>, depth: usize) -> Option<Expr> {
        if depth > DEPTH_LIMIT {
            self.findings.push(
                Diagnostic::new(
                    codes::SYNTAX_ERROR,
                    expr.span,
                    "this expression is nested too deep",
                )
                .help("split it into several criteria"),
            );
            return None;
        }
        let depth = depth + 1;
        let span = expr.span;
        let boolean = |kind| Some(Expr { kind, ty: Type::Boolean, span });
        match &expr.kind {
            ast::ExprKind::Literal(literal) => self.literal(literal, span),
            ast::ExprKind::Path(path) => self.path(path, scope),
            ast::ExprKind::Not(inner) => {
                let inner = self.expr(inner, scope, depth)?;
                let inner = self.expect_boolean(inner)?;
                boolean(ExprKind::Not(Box::new(inner)))
            }
            ast::ExprKind::Negate(inner) => {
                let inner = self.expr(inner, scope, depth)?;
                self.negate(inner, span)
            }
            ast::ExprKind::And(parts) => {
                let parts = self.all_conditions(parts, scope, depth)?;
                boolean(ExprKind::And(parts))
            }
            ast::ExprKind::Or(parts) => {
                if let Some(finding) = self.options_joined(parts, scope) {
                    self.findings.push(finding);
                    return None;
                }
                let parts = self.all_conditions(parts, scope, depth)?;
                boolean(ExprKind::Or(parts))
            }
            ast::ExprKind::Compare(left, op, right) => {
                let (left, right) = self.pair(left, right, scope, depth)?;
                self.compare(left, op.value, right, span)
            }
            ast::ExprKind::Arithmetic(left, op, right) => {
                let left = self.expr(left, scope, depth);
                let right = self.expr(right, scope, depth);
                self.arithmetic(left?, *op, right?, span)
            }
            ast::ExprKind::In(value, list) => {
                let value = self.expr(value, scope, depth)?;
                self.membership(value, list, scope, depth, span)
            }
            ast::ExprKind::Between(value, low, high) => {
                let value = self.expr(value, scope, depth);
                let low = self.expr(low, scope, depth);
                let high = self.expr(high, scope, depth);
                self.between(value?, low?, high?, span)
            }
            ast::ExprKind::Presence(value, present) => {
                let value = self.expr(value, scope, depth)?;
                if !matches!(value.kind, ExprKind::Field(_)) {
                    self.findings.push(
                        Diagnostic::new(
                            codes::TYPE_MISMATCH,
                            value.span,
                            "only a field can be present or missing",
                        )
                        .help("ask about the fields it is made of"),
                    );
                    return None;
                }
                boolean(ExprKind::Presence(Box::new(value), *present))
            }
            ast::ExprKind::IsGrade(value, grade) => self.is_grade(value, grade, scope, depth, span),
            ast::ExprKind::Within(value, direction, duration) => {
                let value = self.expr(value, scope, depth)?;
                self.within(value, *direction, *duration, span)
            }
            ast::ExprKind::Elapsed { unit, business, since, field } => {
                self.elapsed(*unit, *business, *since, field, scope, span)
            }
            ast::ExprKind::TimeInStage => {
                Some(Expr { kind: ExprKind::TimeInStage, ty: Type::Duration, span })
            }
            ast::ExprKind::Today => Some(Expr { kind: ExprKind::Today, ty: Type::Date, span }),
            ast::ExprKind::Now => Some(Expr { kind: ExprKind::Now, ty: Type::DateTime, span }),
            ast::ExprKind::Event { name, at_least, within } => {
                if let Some(always) = at_least.filter(|count| count.value == 0) {
                    let message = format!("any record has had `{name}` at least 0 times");
                    let help = "ask for one at least, or that there is none: `not event …`";
                    self.impossible(always.span, message, help);
                }
                if let Some(within) = within {
                    self.check_clock(*within, "say how far back to look, such as `within 30d`");
                }
                boolean(ExprKind::Event {
                    name: name.text.clone(),
                    at_least: at_least.map_or(1, |count| count.value),
                    within: within.map(|duration| duration.value),
                })
            }
            ast::ExprKind::Confirm { text, by } => self.confirm(text, by.as_ref(), scope, span),
        }
    }

    fn all_conditions(
        &mut self,
        parts: &[ast::Expr],
        scope: Scope<'_>,
        depth: usize,
    ) -> Option<Vec<Expr>> {
        // Every part is typed even after one failed: each fault is told in one run.
        let mut typed = Vec::with_capacity(parts.len());
        let mut whole = true;
        for part in parts {
            let part = self.expr(part, scope, depth).and_then(|part| self.expect_boolean(part));
            match part {
                Some(part) => typed.push(part),
                None => whole = false,
            }
        }
        whole.then_some(typed)
    }
}

/// `and` of all, as flat as it can be; `None` for none.
pub(super) fn conjunction(mut parts: Vec<Expr>) -> Option<Expr> {
    let first = parts.first()?.span;
    if parts.len() == 1 {
        return parts.pop();
    }
    let span: Span = parts.last().map_or(first, |last| first.to(last.span));
    Some(Expr { kind: ExprKind::And(parts), ty: Type::Boolean, span })
}
