//! Windows and counted time.

use crate::diag::{Diagnostic, codes};
use crate::model::{Direction, Duration, ElapsedUnit, Expr, ExprKind, FieldId, FieldType, Type};
use crate::source::{Span, Spanned};
use crate::syntax::ast;

use super::super::lower::Lowering;
use super::Scope;
use super::compare::is_clock;

impl Lowering<'_, '_> {
    pub(super) fn within(
        &mut self,
        value: Expr,
        direction: Direction,
        duration: Spanned<Duration>,
        span: Span,
    ) -> Option<Expr> {
        match value.ty {
            Type::DateTime => {}
            Type::Date if is_clock(duration.value.unit) => {
                self.no_time_of_day(duration.span, &format!("`{}`", duration.value));
                return None;
            }
            Type::Date => {}
            other => {
                let what = self.describe(other);
                self.findings.push(Diagnostic::new(
                    codes::TYPE_MISMATCH,
                    value.span,
                    format!("expected a date or a point in time, found {what}"),
                ));
                return None;
            }
        }
        let kind = ExprKind::Within(Box::new(value), direction, duration.value);
        Some(Expr { kind, ty: Type::Boolean, span })
    }

    pub(super) fn elapsed(
        &mut self,
        unit: ElapsedUnit,
        business: bool,
        since: bool,
        path: &ast::Path,
        scope: Scope<'_>,
        span: Span,
    ) -> Option<Expr> {
        let field = self.time_field(path, scope)?;
        let is_date = self.process.fields[field].ty == FieldType::Date;
        if is_date && matches!(unit, ElapsedUnit::Minutes | ElapsedUnit::Hours) {
            self.no_time_of_day(span, unit.word());
            return None;
        }
        if business && unit == ElapsedUnit::Weeks {
            self.findings.push(
                Diagnostic::new(codes::UNIT_MISMATCH, span, "there are no business weeks")
                    .help("count `business days`"),
            );
            return None;
        }
        let kind = ExprKind::Elapsed { unit, business, since, field };
        Some(Expr { kind, ty: Type::Number, span })
    }

    /// A date or datetime field; a finding when it is none.
    pub(in crate::sema) fn time_field(
        &mut self,
        path: &ast::Path,
        scope: Scope<'_>,
    ) -> Option<FieldId> {
        let field = self.field_at(path, scope.record)?;
        if matches!(self.process.fields[field].ty, FieldType::Date | FieldType::DateTime) {
            return Some(field);
        }
        let declared = self.process.fields[field].span;
        self.findings.push(
            Diagnostic::new(
                codes::TYPE_MISMATCH,
                path.span,
                format!("`{}` is neither a date nor a point in time", path.dotted()),
            )
            .label(declared, "declared here"),
        );
        None
    }

    pub(super) fn no_time_of_day(&mut self, span: Span, unit: &str) {
        self.findings.push(
            Diagnostic::new(
                codes::UNIT_MISMATCH,
                span,
                format!("a date has no time of day to count {unit} from"),
            )
            .help("count days, or make the field a `datetime`"),
        );
    }
}
