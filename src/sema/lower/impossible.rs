//! Values that are well written and that nothing can have or meet.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, codes};
use crate::logic::duration::certainly_longer;
use crate::model::{Duration, Every, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast;

use super::Lowering;

impl Lowering<'_, '_> {
    /// A finding for a value that makes no sense where it stands.
    pub(in crate::sema) fn impossible(&mut self, span: Span, message: String, help: &str) {
        self.findings.push(Diagnostic::new(codes::INVALID_LITERAL, span, message).help(help));
    }

    /// A clock that strikes as it starts is none.
    pub(in crate::sema) fn check_clock(&mut self, duration: Spanned<Duration>, help: &str) {
        if duration.value.amount.is_zero() {
            self.impossible(duration.span, format!("`{}` is no time at all", duration.value), help);
        }
    }

    /// A rhythm of no length never comes to its end.
    pub(super) fn check_every(&mut self, every: Option<Spanned<Every>>) {
        if let Some(Spanned { value: Every::Duration(value), span }) = every {
            self.check_clock(Spanned::new(value, span), "say how often, such as `every 1w`");
        }
    }

    /// The longest stay, and the stay one aims at.
    pub(super) fn check_limit(&mut self, limit: &ast::Limit) {
        let help = "say how long a record may stay, such as `limit 5d`, or remove the limit";
        self.check_clock(limit.duration, help);
        let Some(target) = limit.target else { return };
        let longer = certainly_longer(target.value, limit.duration.value, &self.process.calendar);
        if longer == Some(true) {
            let finding = Diagnostic::new(
                codes::INVALID_LITERAL,
                target.span,
                format!(
                    "the target `{}` is longer than the limit `{}`",
                    target.value, limit.duration.value
                ),
            )
            .label(limit.duration.span, "the limit")
            .help("aim at less than the limit allows, or exchange the two");
            self.findings.push(finding);
        } else {
            self.check_clock(
                target,
                "say in what time a record should move on, or remove the target",
            );
        }
    }

    /// Bounds that leave no value between them.
    pub(super) fn check_bounds(
        &mut self,
        low: Option<(&Value, Span)>,
        high: Option<(&Value, Span)>,
    ) {
        let (Some((low, low_span)), Some((high, high_span))) = (low, high) else { return };
        if !self.is_above(low, high) {
            return;
        }
        let finding = Diagnostic::new(
            codes::INVALID_LITERAL,
            high_span,
            "no value is at least the one bound and at most the other",
        )
        .reason("the greatest value")
        .label(low_span, "the least value is above it")
        .help("exchange the two");
        self.findings.push(finding);
    }

    /// Whether a constant certainly lies above another of its type.
    pub(in crate::sema) fn is_above(&self, a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Number(a), Value::Number(b)) | (Value::Percent(a), Value::Percent(b)) => a > b,
            (Value::Money(a), Value::Money(b)) => a.currency == b.currency && a.amount > b.amount,
            (Value::Date(a), Value::Date(b)) => a > b,
            (Value::DateTime(a), Value::DateTime(b)) => a > b,
            (Value::Duration(a), Value::Duration(b)) => {
                certainly_longer(*a, *b, &self.process.calendar) == Some(true)
            }
            _ => false,
        }
    }

    /// Weights share out the whole.
    pub(super) fn check_weights(&mut self, weights: &[ast::WeightDecl]) {
        let mut whole = true;
        for weight in weights {
            if weight.percent.value > Decimal::ONE_HUNDRED || weight.percent.value.is_zero() {
                self.impossible(
                    weight.percent.span,
                    format!("`{}%` is no share of a score", weight.percent.value),
                    "a weight is more than 0% and at most 100%",
                );
                whole = false;
            }
        }
        let ([first, second], true) = (weights, whole) else { return };
        let sum = first.percent.value + second.percent.value;
        if first.category != second.category && sum != Decimal::ONE_HUNDRED {
            let finding = Diagnostic::new(
                codes::INVALID_LITERAL,
                second.percent.span,
                format!("the weights come to {}%, not to 100%", sum.normalize()),
            )
            .label(first.percent.span, "the other weight")
            .help("let the weights of `fit` and `behavior` come to 100%");
            self.findings.push(finding);
        }
    }

    /// Grades are tried in source order, and the first that is reached is taken: a later one that
    /// asks for as much is never reached.
    pub(super) fn check_grades(&mut self, grades: &[ast::GradeDecl]) {
        let mut least: Option<(&ast::GradeDecl, Option<Decimal>)> = None;
        for grade in grades {
            let at_least = grade.at_least.map(|least| least.value);
            let hidden_by = least.filter(|(_, bar)| match (bar, at_least) {
                (None, _) => true,
                (Some(bar), Some(at_least)) => at_least >= *bar,
                (Some(_), None) => false,
            });
            match hidden_by {
                // A second `otherwise` has a finding of its own.
                Some((_, None)) if at_least.is_none() => {}
                Some((first, _)) => {
                    let finding = Diagnostic::new(
                        codes::INVALID_LITERAL,
                        grade.at_least.map_or(grade.name.span, |least| least.span),
                        format!("no record ever gets the grade `{}`", grade.name),
                    )
                    .reason("who reaches this has the other grade already")
                    .label(first.name.span, "taken before it")
                    .help("order grades from the highest to the lowest, `otherwise` last");
                    self.findings.push(finding);
                }
                None => least = Some((grade, at_least)),
            }
        }
    }
}
