//! Expressions.

use crate::diag::{Diagnostic, Edit, Safety, codes};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    ArithmeticOp, CompareOp, Direction, ElapsedUnit, Expr, ExprKind, Literal, Name,
};

use super::builder::Builder;
use super::parser::{Pair, Rule, part};
use super::slips::{foreign_date, hyphened};

/// The tallest expression that is built. Every later pass, and dropping the tree, walks an
/// expression recursively; this bounds the stack they need.
const MAX_HEIGHT: usize = 256;

/// An expression and the height of its tree.
struct Built {
    expr: Expr,
    height: usize,
}

/// Words that mean something in expressions, so that no field or option can be read by them.
const EXPRESSION_WORDS: &[&str] =
    &["and", "between", "false", "in", "is", "not", "now", "or", "today", "true", "within"];

/// The finding for the name of a field or an option that no expression could speak of.
pub(in crate::syntax) fn unspeakable(name: &Name) -> Option<Diagnostic> {
    let word = name.text.as_str();
    EXPRESSION_WORDS.contains(&word).then(|| {
        let fact = format!("`{word}` has a meaning in expressions");
        Diagnostic::new(codes::INVALID_NAME, name.span, fact)
            .reason("no condition could speak of it by this name")
            .help("give it another name, and keep the word as its title")
    })
}

impl Builder<'_> {
    /// An expression; `None`, and a finding, when some part of it has no meaning.
    pub(super) fn expr(&mut self, pair: Pair<'_>) -> Option<Expr> {
        self.too_deep = false;
        self.or(pair).map(|built| built.expr)
    }

    /// The expression of a clause such as `when …`.
    pub(super) fn expr_of(&mut self, clause: Pair<'_>) -> Option<Expr> {
        part(clause, Rule::expr).and_then(|expr| self.expr(expr))
    }

    fn or(&mut self, pair: Pair<'_>) -> Option<Built> {
        let span = self.span(&pair);
        self.joined(pair, Rule::and_expr, span, ExprKind::Or, Self::and)
    }

    fn and(&mut self, pair: Pair<'_>) -> Option<Built> {
        let span = self.span(&pair);
        self.joined(pair, Rule::not_expr, span, ExprKind::And, Self::not)
    }

    /// Operands joined by `and`, or by `or`. All are built, so that every fault is found.
    fn joined(
        &mut self,
        pair: Pair<'_>,
        wanted: Rule,
        span: Span,
        kind: fn(Vec<Expr>) -> ExprKind,
        build: fn(&mut Self, Pair<'_>) -> Option<Built>,
    ) -> Option<Built> {
        let mut operands = pair.into_inner().filter(|part| part.as_rule() == wanted);
        let first = build(self, operands.next()?);
        let mut second = operands.next();
        if second.is_none() {
            return first;
        }
        let mut height = first.as_ref().map_or(0, |built| built.height);
        let mut whole = first.is_some();
        let mut all: Vec<Expr> = first.map(|built| built.expr).into_iter().collect();
        while let Some(next) = second {
            match build(self, next) {
                Some(built) => {
                    height = height.max(built.height);
                    all.push(built.expr);
                }
                None => whole = false,
            }
            second = operands.next();
        }
        if !whole {
            return None;
        }
        self.node(kind(all), span, height)
    }

    fn not(&mut self, pair: Pair<'_>) -> Option<Built> {
        let end = self.span(&pair);
        let mut negations = Vec::new();
        let mut built = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::negation => negations.push(self.span(&part)),
                _ => built = self.comparison(part),
            }
        }
        let mut built = built?;
        for negation in negations.into_iter().rev() {
            let kind = ExprKind::Not(Box::new(built.expr));
            built = self.node(kind, negation.to(end), built.height)?;
        }
        Some(built)
    }

    fn comparison(&mut self, pair: Pair<'_>) -> Option<Built> {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let left = self.sum(inner.next()?);
        let Some(predicate) = inner.next() else { return left };
        if let Some(second) = inner.next() {
            // The operands in between are read, so that faults in them are not hidden.
            let second = self.span(&second);
            self.fault(
                Diagnostic::new(codes::SYNTAX_ERROR, second, "comparisons cannot be chained")
                    .reason("compares the result of the comparison before it")
                    .help("join two comparisons with `and`: `0 < amount and amount < 100`"),
            );
            return None;
        }
        self.predicate(left, predicate, span)
    }

    fn predicate(&mut self, left: Option<Built>, pair: Pair<'_>, span: Span) -> Option<Built> {
        let rule = pair.as_rule();
        let negated = part(pair.clone(), Rule::negation).is_some();
        let inner = pair.into_inner();
        let (kind, height) = match rule {
            Rule::compare => {
                let mut op = None;
                let mut right = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::compare_op => op = Some(self.compare_op(&part)),
                        _ => right = self.sum(part),
                    }
                }
                let (left, right) = (left?, right?);
                let height = left.height.max(right.height);
                (ExprKind::Compare(Box::new(left.expr), op?, Box::new(right.expr)), height)
            }
            Rule::membership => {
                let mut whole = true;
                let mut members = Vec::new();
                let mut height = 0;
                let sums = inner.filter(|part| part.as_rule() == Rule::sum);
                self.check_commas(sums.clone());
                for part in sums {
                    match self.sum(part) {
                        Some(member) => {
                            height = height.max(member.height);
                            members.push(member.expr);
                        }
                        None => whole = false,
                    }
                }
                let left = left?;
                if !whole {
                    return None;
                }
                (ExprKind::In(Box::new(left.expr), members), height.max(left.height))
            }
            Rule::between => {
                let ends: Vec<Option<Built>> = inner
                    .filter(|part| part.as_rule() == Rule::sum)
                    .map(|part| self.sum(part))
                    .collect();
                let mut ends = ends.into_iter();
                let (left, low, high) = (left?, ends.next()??, ends.next()??);
                let height = left.height.max(low.height).max(high.height);
                let [value, low, high] = [left.expr, low.expr, high.expr].map(Box::new);
                (ExprKind::Between(value, low, high), height)
            }
            Rule::presence => {
                let present = inner.last()?.as_rule() == Rule::kw_present;
                let left = left?;
                let kind = ExprKind::Presence(Box::new(left.expr), present != negated);
                return self.node(kind, span, left.height);
            }
            Rule::grade => {
                let name = inner
                    .filter(|part| part.as_rule() == Rule::name)
                    .map(|part| self.name(&part))
                    .next()?;
                let left = left?;
                (ExprKind::IsGrade(Box::new(left.expr), name), left.height)
            }
            _ => {
                let mut direction = Direction::Next;
                let mut duration = None;
                for part in inner {
                    match part.as_rule() {
                        Rule::kw_last => direction = Direction::Last,
                        Rule::duration => duration = self.duration(part),
                        _ => {}
                    }
                }
                let left = left?;
                (ExprKind::Within(Box::new(left.expr), direction, duration?), left.height)
            }
        };
        let built = self.node(kind, span, height)?;
        if !negated {
            return Some(built);
        }
        self.node(ExprKind::Not(Box::new(built.expr)), span, built.height)
    }

    /// A comparison operator. `==` and `<>` are understood, and reported with a fix.
    fn compare_op(&mut self, pair: &Pair<'_>) -> Spanned<CompareOp> {
        let span = self.span(pair);
        let written = pair.as_str();
        let op = match written {
            "!=" | "<>" => CompareOp::Ne,
            "<" => CompareOp::Lt,
            "<=" => CompareOp::Le,
            ">" => CompareOp::Gt,
            ">=" => CompareOp::Ge,
            _ => CompareOp::Eq,
        };
        if written != op.symbol() {
            self.diagnostics.push(misspelt(span, written, op.symbol()));
        }
        Spanned::new(op, span)
    }

    fn sum(&mut self, pair: Pair<'_>) -> Option<Built> {
        self.chain(pair, Self::product)
    }

    fn product(&mut self, pair: Pair<'_>) -> Option<Built> {
        self.chain(pair, Self::unary)
    }

    /// `a + b - c`: binds to the left.
    fn chain(
        &mut self,
        pair: Pair<'_>,
        build: fn(&mut Self, Pair<'_>) -> Option<Built>,
    ) -> Option<Built> {
        let start = self.span(&pair);
        let (first, last) = (pair.as_span().start(), pair.as_span().end());
        let mut inner = pair.into_inner();
        let one = inner.next()?;
        if let Some(finding) = hyphened(self, first, self.trimmed(first, last)) {
            self.fault(finding);
            return None;
        }
        let mut left = build(self, one);
        while let (Some(op), Some(right)) = (inner.next(), inner.next()) {
            let symbol = match op.as_str() {
                "+" => ArithmeticOp::Add,
                "-" => ArithmeticOp::Sub,
                "*" => ArithmeticOp::Mul,
                _ => ArithmeticOp::Div,
            };
            if matches!(symbol, ArithmeticOp::Div | ArithmeticOp::Sub) {
                // `2026/04/01` is no division, and `2026-4-1` no subtraction.
                let end = self.trimmed(first, last);
                if let Some(finding) = foreign_date(self, first, end) {
                    self.fault(finding);
                    return None;
                }
            }
            let op = Spanned::new(symbol, self.span(&op));
            let end = self.span(&right);
            let span = Span { end: end.end, ..start };
            let right = build(self, right);
            let (Some(a), Some(b)) = (left.take(), right) else { continue };
            let height = a.height.max(b.height);
            left = self.node(
                ExprKind::Arithmetic(Box::new(a.expr), op, Box::new(b.expr)),
                span,
                height,
            );
        }
        left
    }

    fn unary(&mut self, pair: Pair<'_>) -> Option<Built> {
        let end = self.span(&pair);
        let mut signs = Vec::new();
        let mut built = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::minus => signs.push(self.span(&part)),
                _ => built = self.primary(part),
            }
        }
        let mut built = built?;
        for sign in signs.into_iter().rev() {
            let kind = ExprKind::Negate(Box::new(built.expr));
            built = self.node(kind, sign.to(end), built.height)?;
        }
        Some(built)
    }

    fn primary(&mut self, pair: Pair<'_>) -> Option<Built> {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            // Where parentheses nest too deeply, the text was blanked before it was parsed: this
            // recursion is bounded.
            Rule::expr if self.is_blanked(pair.as_span().start()) => {
                self.report_too_deep(span);
                return None;
            }
            Rule::expr => return self.or(pair),
            Rule::string => ExprKind::Literal(Literal::Text(self.quoted(&pair))),
            Rule::kw_true => ExprKind::Literal(Literal::Boolean(true)),
            Rule::kw_false => ExprKind::Literal(Literal::Boolean(false)),
            Rule::kw_today => ExprKind::Today,
            Rule::kw_now => ExprKind::Now,
            Rule::time_in_stage => ExprKind::TimeInStage,
            Rule::elapsed => self.elapsed(pair)?,
            Rule::event => self.event(pair)?,
            Rule::confirm => self.confirm(pair)?,
            Rule::operand => ExprKind::Path(self.path(pair.into_inner().next()?)),
            _ => ExprKind::Literal(self.literal(pair)?.value),
        };
        self.node(kind, span, 0)
    }

    fn elapsed(&mut self, pair: Pair<'_>) -> Option<ExprKind> {
        let mut unit = ElapsedUnit::Days;
        let (mut business, mut since) = (false, true);
        let mut field = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::kw_business => business = true,
                Rule::kw_until => since = false,
                Rule::elapsed_unit => {
                    unit = match part.as_str() {
                        "minutes" => ElapsedUnit::Minutes,
                        "hours" => ElapsedUnit::Hours,
                        "weeks" => ElapsedUnit::Weeks,
                        _ => ElapsedUnit::Days,
                    }
                }
                Rule::path => field = Some(self.path(part)),
                _ => {}
            }
        }
        Some(ExprKind::Elapsed { unit, business, since, field: field? })
    }

    fn event(&mut self, pair: Pair<'_>) -> Option<ExprKind> {
        let (mut name, mut at_least, mut within) = (None, None, None);
        let mut whole = true;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                Rule::number => {
                    at_least = self.count(&part);
                    whole &= at_least.is_some();
                }
                Rule::duration => {
                    within = self.duration(part);
                    whole &= within.is_some();
                }
                _ => {}
            }
        }
        whole.then_some(ExprKind::Event { name: name?, at_least, within })
    }

    fn confirm(&mut self, pair: Pair<'_>) -> Option<ExprKind> {
        let (mut text, mut by) = (None, None);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::text => text = Some(self.text(part)),
                Rule::name => by = Some(self.name(&part)),
                _ => {}
            }
        }
        Some(ExprKind::Confirm { text: text?, by })
    }

    /// An expression over parts of the given height, unless it becomes too tall.
    fn node(&mut self, kind: ExprKind, span: Span, height: usize) -> Option<Built> {
        let height = height + 1;
        if height <= MAX_HEIGHT {
            return Some(Built { expr: Expr { kind, span }, height });
        }
        self.report_too_deep(span);
        None
    }

    /// Reports, once, an expression that is nested too deeply.
    pub(super) fn report_too_deep(&mut self, span: Span) {
        self.broken = true;
        if !std::mem::replace(&mut self.too_deep, true) {
            self.fault(too_deep(span));
        }
    }
}

/// The finding for an expression that is nested too deeply.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(codes::SYNTAX_ERROR, span, "the expression is nested too deeply")
        .help("split it over several criteria")
}

/// The finding for an operator that other languages spell differently.
pub(super) fn misspelt(span: Span, written: &str, right: &str) -> Diagnostic {
    Diagnostic::new(codes::SYNTAX_ERROR, span, format!("`{written}` is written `{right}` here"))
        .help(format!("write `{right}`"))
        .fix(
            format!("replace `{written}` by `{right}`"),
            Safety::Safe,
            vec![Edit { span, replacement: right.to_owned() }],
        )
}
