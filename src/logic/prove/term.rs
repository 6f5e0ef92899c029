//! Numbers: what is calculated from the record, as sums of facts with factors.

use rust_decimal::Decimal;

use crate::logic::{self, duration};
use crate::model::{
    ArithmeticOp, CompareOp, Duration, Expr, ExprKind, FieldId, Process, Type, Value,
};

use super::dates::{days, every_date, every_moment, seconds};
use super::domain::{Domain, Intervals, Values};
use super::formula::{Compiler, mirrored};
use super::linear::Row;
use super::node::{Atom, Key, Node, Slot};
use super::ratio::Ratio;

/// The width of what rounding may add to or take from a number, `1 / this`.
const ROUNDING: i128 = 1_000_000_000;

/// A sum of facts with factors, and what must be so for it to have a value.
#[derive(Clone, Debug, Default)]
pub(super) struct Term<'a> {
    pub(super) terms: Vec<(Slot, Ratio)>,
    pub(super) constant: Ratio,
    /// The facts that must be there.
    pub(super) needs: Vec<Slot>,
    /// What must hold besides for it to have a value: a date before the year 10000.
    pub(super) guards: Vec<Row>,
    /// What holds whenever it has a value.
    pub(super) facts: Vec<Node<'a>>,
    /// How many of its operations round.
    pub(super) roundings: u32,
}

impl Default for Ratio {
    fn default() -> Self {
        Ratio::ZERO
    }
}

impl<'a> Term<'a> {
    pub(super) fn constant(number: Ratio) -> Self {
        Term { constant: number, ..Term::default() }
    }

    pub(super) fn fact(slot: Slot) -> Self {
        Term { terms: vec![(slot, Ratio::ONE)], needs: vec![slot], ..Term::default() }
    }

    pub(super) fn scaled(mut self, by: Ratio) -> Option<Self> {
        for (_, factor) in &mut self.terms {
            *factor = factor.mul(by)?;
        }
        self.terms.retain(|(_, factor)| !factor.is_zero());
        self.constant = self.constant.mul(by)?;
        Some(self)
    }

    pub(super) fn plus(mut self, other: Term<'a>) -> Option<Self> {
        for (slot, factor) in other.terms {
            match self.terms.iter_mut().find(|(s, _)| *s == slot) {
                Some((_, sum)) => *sum = sum.add(factor)?,
                None => self.terms.push((slot, factor)),
            }
        }
        self.terms.retain(|(_, factor)| !factor.is_zero());
        self.constant = self.constant.add(other.constant)?;
        self.needs.extend(
            other.needs.into_iter().filter(|slot| !self.needs.contains(slot)).collect::<Vec<_>>(),
        );
        self.guards.extend(other.guards);
        self.facts.extend(other.facts);
        self.roundings = self.roundings.saturating_add(other.roundings);
        Some(self)
    }

    pub(super) fn minus(self, other: Term<'a>) -> Option<Self> {
        self.plus(other.scaled(Ratio::whole(-1))?)
    }

    /// The row `self <= 0`, or `< 0`; `upwards`: `self >= 0`, `> 0`.
    pub(super) fn row(&self, upwards: bool, strict: bool) -> Option<Row> {
        let sign = Ratio::whole(if upwards { -1 } else { 1 });
        let mut terms = Vec::with_capacity(self.terms.len());
        for (slot, factor) in &self.terms {
            terms.push((*slot, factor.mul(sign)?));
        }
        let mut constant = self.constant.mul(sign)?;
        let mut strict = strict;
        // One rounding keeps order; what is calculated further may be off by a little.
        if self.roundings > 1 {
            constant = constant.sub(Ratio::new(1, ROUNDING)?)?;
            strict = false;
        }
        Row::new(&terms, constant, strict)
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn compare_numbers(
        &mut self,
        whole: &'a Expr,
        a: &'a Expr,
        op: CompareOp,
        b: &'a Expr,
        yes: bool,
    ) -> Node<'a> {
        if matches!(a.kind, ExprKind::TimeInStage) || matches!(b.kind, ExprKind::TimeInStage) {
            return self.compare_stay(whole, a, op, b, yes);
        }
        if let (Some(a), Some(b)) = (self.folded(a), self.folded(b)) {
            let order = a.zip(b).and_then(|(a, b)| a.order(&b, self.calendar()));
            return Node::truth(order.is_some_and(|order| stands(op, order)) == yes);
        }
        if let (ExprKind::Score(score), Some(Some(logic::Value::Number(n)))) =
            (&a.kind, self.folded(b))
        {
            return self.score_is(whole, *score, &Intervals::that(op, n), yes);
        }
        if let (Some(Some(logic::Value::Number(n))), ExprKind::Score(score)) =
            (self.folded(a), &b.kind)
        {
            return self.score_is(whole, *score, &Intervals::that(mirrored(op), n), yes);
        }
        if a.ty == Type::Duration || b.ty == Type::Duration {
            return self.claim(whole, yes);
        }
        if family(a.ty) != family(b.ty) {
            return self.claim(whole, yes);
        }
        let difference = (|| self.term(a)?.minus(self.term(b)?))();
        match difference {
            Some(difference) => self.against_zero(whole, difference, op, yes),
            None => self.claim(whole, yes),
        }
    }

    /// `term op 0`
    pub(super) fn against_zero(
        &mut self,
        whole: &'a Expr,
        term: Term<'a>,
        op: CompareOp,
        yes: bool,
    ) -> Node<'a> {
        self.sign(term, op, yes).unwrap_or_else(|| self.claim(whole, yes))
    }

    /// `term op 0`; `None` when its numbers get too large.
    pub(super) fn sign(&self, term: Term<'a>, op: CompareOp, yes: bool) -> Option<Node<'a>> {
        // A single number against a constant needs no elimination.
        if let ([(slot, factor)], [need]) = (term.terms.as_slice(), term.needs.as_slice())
            && slot == need
            && term.guards.is_empty()
            && term.facts.is_empty()
            && term.roundings <= 1
            && let Some(bound) = exact(term.constant.negated()?.div(*factor)?)
        {
            let op = if factor.is_negative() { mirrored(op) } else { op };
            return Some(self.number_is(*slot, &Intervals::that(op, bound), yes));
        }
        let op = if yes { op } else { negated(op) };
        let claim = if term.terms.is_empty() {
            let order = term.constant.compare(Ratio::ZERO)?;
            // What cancels in theory may differ by a rounding.
            Node::truth(stands(op, order) || term.roundings > 1)
        } else {
            let row = |upwards, strict| -> Option<Node<'a>> {
                Some(Node::Atom(Atom::Linear(term.row(upwards, strict)?)))
            };
            match op {
                CompareOp::Lt => row(false, true)?,
                CompareOp::Le => row(false, false)?,
                CompareOp::Gt => row(true, true)?,
                CompareOp::Ge => row(true, false)?,
                CompareOp::Eq => Node::all([row(false, false)?, row(true, false)?]),
                CompareOp::Ne => Node::any([row(false, true)?, row(true, true)?]),
            }
        };
        let guard = |row: &Row| Node::Atom(Atom::Linear(row.clone()));
        let present: Vec<Node<'a>> = term.needs.iter().map(|slot| self.present(*slot)).collect();
        let outside: Vec<Node<'a>> = term
            .guards
            .iter()
            .map(|row| Node::all(present.iter().cloned().chain([guard(&row.negated())])))
            .collect();
        let known = Node::all(
            present
                .into_iter()
                .chain(term.guards.iter().map(guard))
                .chain([claim])
                .chain(term.facts),
        );
        if yes {
            return Some(known);
        }
        let gone = term.needs.iter().map(|slot| self.missing(*slot));
        Some(Node::any(gone.chain([known]).chain(outside)))
    }

    /// An expression as a sum; `None` when it is no number, or its numbers get too large.
    pub(super) fn term(&mut self, expr: &'a Expr) -> Option<Term<'a>> {
        match &expr.kind {
            ExprKind::Value(value) => Some(Term::constant(self.number_of(value)?.into())),
            ExprKind::Field(field) => {
                let slot = self.field(*field);
                let numbers = |d: &Domain<'_>| matches!(d.values, Values::Numbers(_));
                self.variables.get(slot).filter(|v| numbers(&v.domain)).map(|_| Term::fact(slot))
            }
            ExprKind::Negate(x) => self.term(x)?.scaled(Ratio::whole(-1)),
            ExprKind::Arithmetic(a, op, b) => self.arithmetic(expr, a, *op, b),
            ExprKind::Elapsed { unit, business, since, field } => {
                let term = self.elapsed(*unit, *business, *field)?;
                if *since { Some(term) } else { term.scaled(Ratio::whole(-1)) }
            }
            ExprKind::Today => Some(Term::fact(self.today())),
            ExprKind::Now => Some(Term::fact(self.moment())),
            _ => None,
        }
    }

    fn arithmetic(
        &mut self,
        whole: &'a Expr,
        a: &'a Expr,
        op: ArithmeticOp,
        b: &'a Expr,
    ) -> Option<Term<'a>> {
        if matches!(whole.ty, Type::Date | Type::DateTime) {
            let Some(Some(logic::Value::Duration(length))) = self.folded(b) else { return None };
            let length = if op == ArithmeticOp::Sub { duration::negate(length) } else { length };
            let from = self.term(a)?;
            return self.moved(from, length, whole.ty == Type::Date);
        }
        let percent = a.ty == Type::Percent || b.ty == Type::Percent;
        let (left, right) = (self.term(a)?, self.term(b)?);
        match op {
            ArithmeticOp::Add => left.plus(right),
            ArithmeticOp::Sub => left.minus(right),
            ArithmeticOp::Mul => {
                let (mut term, by) = match (left.terms.is_empty(), right.terms.is_empty()) {
                    (_, true) if right.needs.is_empty() => (left, right.constant),
                    (true, _) if left.needs.is_empty() => (right, left.constant),
                    _ => return Some(self.unknown(whole, left, right)),
                };
                // A product of what was rounded is rounded once more.
                if term.roundings > 0 {
                    term.roundings += 1;
                }
                let by = if percent { by.div(Ratio::whole(100))? } else { by };
                term.scaled(by)
            }
            ArithmeticOp::Div => {
                if !right.terms.is_empty() || !right.needs.is_empty() || right.constant.is_zero() {
                    return Some(self.unknown(whole, left, right));
                }
                let mut term = left;
                if !right.constant.divides_decimals() || term.roundings > 0 {
                    term.roundings += 1;
                }
                term.scaled(Ratio::ONE.div(right.constant)?)
            }
        }
    }

    /// A product or quotient of facts: any number, or missing.
    fn unknown(&mut self, whole: &'a Expr, left: Term<'a>, right: Term<'a>) -> Term<'a> {
        let slot = self.slot_with(Key::Some(whole), |_| {
            (Domain { missing: true, values: Values::Numbers(Intervals::all()) }, false)
        });
        let mut term = Term::fact(slot);
        for part in [left, right] {
            term.needs.extend(part.needs);
            term.guards.extend(part.guards);
            term.facts.extend(part.facts);
        }
        term
    }

    /// The value of an expression that reads nothing; the inner `None` when it is missing.
    pub(super) fn folded(&self, expr: &Expr) -> Option<Option<logic::Value>> {
        match &expr.kind {
            ExprKind::Value(value) => Some(logic::Value::from(value).present()),
            ExprKind::Negate(x) => Some(self.folded(x)?.and_then(logic::Value::negate)),
            ExprKind::Arithmetic(a, op, b) => {
                let (a, b) = (self.folded(a)?, self.folded(b)?);
                let both = a.zip(b);
                Some(both.and_then(|(a, b)| logic::Value::arithmetic(a, *op, b, self.calendar())))
            }
            _ => None,
        }
    }

    pub(super) fn between(
        &mut self,
        whole: &'a Expr,
        x: &'a Expr,
        low: &'a Expr,
        high: &'a Expr,
        yes: bool,
    ) -> Node<'a> {
        if let (ExprKind::Field(field), ExprKind::Value(least), ExprKind::Value(most)) =
            (&x.kind, &low.kind, &high.kind)
            && let Some(set) = self.set_between(x.ty, least, most)
        {
            let slot = self.field(*field);
            return self.number_is(slot, &set, yes);
        }
        let nodes = [
            self.compare(whole, x, CompareOp::Ge, low, yes),
            self.compare(whole, x, CompareOp::Le, high, yes),
        ];
        Node::join(yes, nodes)
    }

    fn set_between(&self, ty: Type, least: &Value, most: &Value) -> Option<Intervals> {
        if !matches!(
            ty,
            Type::Number
                | Type::Integer
                | Type::Money
                | Type::Percent
                | Type::Date
                | Type::DateTime
        ) {
            return None;
        }
        let (low, high) = (self.number_of(least)?, self.number_of(most)?);
        let from = Intervals::that(CompareOp::Ge, low);
        Some(from.intersect(&Intervals::that(CompareOp::Le, high)))
    }

    /// The dates of a field, or its points in time.
    pub(super) fn is_date(&self, field: FieldId) -> Option<bool> {
        match self.process.fields[field].ty {
            crate::model::FieldType::Date => Some(true),
            crate::model::FieldType::DateTime => Some(false),
            _ => None,
        }
    }

    /// Where a date or point in time, given as a sum, is moved to.
    pub(super) fn moved(
        &mut self,
        from: Term<'a>,
        length: Duration,
        is_date: bool,
    ) -> Option<Term<'a>> {
        match self.steps(length, is_date)? {
            Steps::Exactly(steps) => {
                let mut to = from.plus(Term::constant(steps))?;
                let reach = if is_date { every_date() } else { every_moment() };
                let reach = reach.hull()?;
                let end = if steps.is_negative() { reach.low } else { reach.high };
                let beyond = to.clone().minus(Term::constant(end?.at.into()))?;
                to.guards.push(beyond.row(steps.is_negative(), false)?);
                Some(to)
            }
            Steps::About(low, high) => {
                // Only a fact itself is moved so: where a sum goes is anybody's guess.
                let ([(slot, factor)], true) = (from.terms.as_slice(), from.constant.is_zero())
                else {
                    return None;
                };
                if *factor != Ratio::ONE {
                    return None;
                }
                let to = self.slot_with(Key::Moved(*slot, length), |_| {
                    (Domain { missing: false, values: Values::Numbers(Intervals::all()) }, true)
                });
                let mut term = Term::fact(to);
                let way = Term::fact(to).minus(from.clone())?;
                let over = way.clone().minus(Term::constant(high))?.row(false, false)?;
                let under = way.minus(Term::constant(low))?.row(true, false)?;
                term.facts.extend([over, under].map(|row| Node::Atom(Atom::Linear(row))));
                let reach = if is_date { every_date() } else { every_moment() };
                let reach = reach.hull()?;
                let back = low.is_negative();
                let end = if back { reach.low } else { reach.high };
                let beyond = Term::fact(to).minus(Term::constant(end?.at.into()))?;
                term.guards.push(beyond.row(back, false)?);
                term.needs.extend(from.needs);
                term.facts.extend(from.facts);
                term.guards.extend(from.guards);
                Some(term)
            }
        }
    }
}

/// How far a duration moves a date (in days) or a point in time (in seconds).
pub(super) enum Steps {
    Exactly(Ratio),
    /// From the one to the other, depending on the day.
    About(Ratio, Ratio),
}

pub(super) fn stands(op: CompareOp, order: std::cmp::Ordering) -> bool {
    match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}

fn negated(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq => CompareOp::Ne,
        CompareOp::Ne => CompareOp::Eq,
        CompareOp::Lt => CompareOp::Ge,
        CompareOp::Le => CompareOp::Gt,
        CompareOp::Gt => CompareOp::Le,
        CompareOp::Ge => CompareOp::Lt,
    }
}

/// Types whose values are compared with each other.
fn family(ty: Type) -> Type {
    if ty == Type::Integer { Type::Number } else { ty }
}

/// The decimal that is exactly this fraction.
fn exact(x: Ratio) -> Option<Decimal> {
    x.to_decimal().filter(|decimal| Ratio::from(*decimal) == x)
}

/// A constant as a number: days for dates, seconds for points in time.
pub(super) fn number(process: &Process, value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(n) | Value::Percent(n) => Some(*n),
        Value::Money(money) if Some(money.currency) == process.currency => Some(money.amount),
        Value::Date(date) => Some(Decimal::from(days(*date))),
        Value::DateTime(at) => Some(Decimal::from(seconds(*at))),
        _ => None,
    }
}
