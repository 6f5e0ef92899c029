//! Conditions in the form that is searched: negations at the facts, everything else `all` and `any`.

use jiff::civil::DateTime;

use crate::logic::duration;
use crate::model::{
    Calendar, CompareOp, CriterionId, Duration, Expr, ExprKind, Process, TransitionKind, Type,
    Value,
};

use super::Formula;
use super::domain::{Domain, Values};
use super::node::{Atom, Had, Key, Node, Slot, Variable};
use super::scores::ScoreRules;

/// A question in the form that is searched.
pub(super) struct Question<'a> {
    pub(super) process: &'a Process,
    /// The moment at which witnesses live.
    pub(super) now: DateTime,
    pub(super) variables: Vec<Variable<'a>>,
    /// What is asked, and what always holds.
    pub(super) root: Node<'a>,
    pub(super) scores: Vec<ScoreRules<'a>>,
}

/// Puts conditions into the form that is searched.
pub(super) struct Compiler<'a> {
    pub(super) process: &'a Process,
    pub(super) now: DateTime,
    pub(super) variables: Vec<Variable<'a>>,
    pub(super) scores: Vec<ScoreRules<'a>>,
}

impl<'a> Question<'a> {
    pub(super) fn new(process: &'a Process, now: DateTime, formula: &Formula<'a>) -> Self {
        let mut compiler =
            Compiler { process, now, variables: Vec::with_capacity(8), scores: Vec::new() };
        let root = compiler.formula(formula, true);
        let root = match compiler.today_is_now() {
            Some(facts) => Node::all([root, facts]),
            None => root,
        };
        let Compiler { variables, scores, .. } = compiler;
        Question { process, now, variables, root, scores }
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn calendar(&self) -> &'a Calendar {
        &self.process.calendar
    }

    pub(super) fn slot_of(&self, key: Key<'a>) -> Option<Slot> {
        self.variables.iter().position(|variable| variable.key == key)
    }

    pub(super) fn slot_with(
        &mut self,
        key: Key<'a>,
        make: impl FnOnce(&mut Self) -> (Domain<'a>, bool),
    ) -> Slot {
        if let Some(slot) = self.slot_of(key) {
            return slot;
        }
        let (domain, whole) = make(self);
        self.variables.push(Variable { key, domain, whole });
        self.variables.len() - 1
    }

    pub(super) fn formula(&mut self, formula: &Formula<'a>, yes: bool) -> Node<'a> {
        match formula {
            Formula::True => Node::truth(yes),
            Formula::Holds(expr) => self.holds(expr, yes),
            Formula::Passes(id) => self.passes(*id, yes),
            Formula::Open(id) => {
                let process = self.process;
                let transition = &process.transitions[*id];
                let mut nodes = Vec::new();
                nodes.extend(transition.when.as_ref().map(|when| self.holds(when, yes)));
                nodes.extend(transition.after.as_ref().map(|clock| self.struck(clock, yes)));
                if transition.kind == TransitionKind::Advance {
                    let exit = &process.stages[transition.from].exit;
                    let enter = &process.stages[transition.to].enter;
                    for criterion in exit.iter().chain(enter) {
                        nodes.push(self.passes(*criterion, yes));
                    }
                }
                Node::join(yes, nodes)
            }
            Formula::Struck(clock) => self.struck(clock, yes),
            Formula::Present(field) => {
                let slot = self.field(*field);
                if yes { self.present(slot) } else { self.missing(slot) }
            }
            Formula::Grade(score, grade) => self.grade(*score, *grade, yes, None),
            Formula::Not(inner) => self.formula(inner, !yes),
            Formula::All(all) => {
                let nodes: Vec<_> = all.iter().map(|x| self.formula(x, yes)).collect();
                Node::join(yes, nodes)
            }
            Formula::Any(any) => {
                let nodes: Vec<_> = any.iter().map(|x| self.formula(x, yes)).collect();
                Node::join(!yes, nodes)
            }
        }
    }

    fn passes(&mut self, id: CriterionId, yes: bool) -> Node<'a> {
        let criterion = &self.process.criteria[id];
        let condition = self.holds(&criterion.condition, yes);
        match &criterion.applies {
            None => condition,
            Some(only) => {
                let other = self.holds(only, !yes);
                Node::join(!yes, [other, condition])
            }
        }
    }

    pub(super) fn holds(&mut self, expr: &'a Expr, yes: bool) -> Node<'a> {
        match &expr.kind {
            ExprKind::Not(x) => self.holds(x, !yes),
            ExprKind::And(all) => {
                let nodes: Vec<_> = all.iter().map(|x| self.holds(x, yes)).collect();
                Node::join(yes, nodes)
            }
            ExprKind::Or(any) => {
                let nodes: Vec<_> = any.iter().map(|x| self.holds(x, yes)).collect();
                Node::join(!yes, nodes)
            }
            ExprKind::Compare(a, op, b) => self.compare(expr, a, *op, b, yes),
            ExprKind::Between(x, low, high) => self.between(expr, x, low, high, yes),
            ExprKind::In(x, list) => self.is_in(expr, x, list, yes),
            ExprKind::Presence(x, present) => self.presence(expr, x, *present == yes),
            ExprKind::IsGrade(score, grade) => self.grade(*score, *grade, yes, Some(expr)),
            ExprKind::Within(x, direction, window) => {
                self.within(expr, x, *direction, *window, yes)
            }
            ExprKind::Event { name, at_least, within } => self.had(name, *at_least, *within, yes),
            ExprKind::Confirmed(id) => {
                let all = Domain { missing: false, values: Values::Truth { yes: true, no: true } };
                let slot = self.slot_with(Key::Confirmed(*id), |_| (all, false));
                self.truth(slot, yes, false)
            }
            ExprKind::Value(value) => Node::truth((*value == Value::Boolean(true)) == yes),
            ExprKind::Field(field) if expr.ty == Type::Boolean => {
                let slot = self.field(*field);
                self.truth(slot, yes, !yes)
            }
            _ => self.claim(expr, yes),
        }
    }

    pub(super) fn truth(&self, slot: Slot, yes: bool, missing: bool) -> Node<'a> {
        self.is(slot, Domain { missing, values: Values::Truth { yes, no: !yes } })
    }

    /// That a fact is one of these.
    pub(super) fn is(&self, slot: Slot, domain: Domain<'a>) -> Node<'a> {
        Node::Atom(Atom::Is(slot, domain))
    }

    /// A condition nothing is known of, true or false.
    pub(super) fn claim(&mut self, expr: &'a Expr, yes: bool) -> Node<'a> {
        let all = Domain { missing: false, values: Values::Truth { yes: true, no: true } };
        let slot = self.slot_with(Key::Claim(expr), |_| (all, false));
        self.truth(slot, yes, false)
    }

    fn presence(&mut self, whole: &'a Expr, x: &'a Expr, present: bool) -> Node<'a> {
        match x.kind {
            ExprKind::Field(field) => {
                let slot = self.field(field);
                if present { self.present(slot) } else { self.missing(slot) }
            }
            _ => {
                let yes = matches!(whole.kind, ExprKind::Presence(_, is) if is == present);
                self.claim(whole, yes)
            }
        }
    }

    fn is_in(&mut self, whole: &'a Expr, x: &'a Expr, list: &'a [Expr], yes: bool) -> Node<'a> {
        if let (ExprKind::Field(field), Type::ManyOf(of)) = (&x.kind, x.ty) {
            let mut asked = Vec::new();
            for item in list {
                let ExprKind::Value(Value::Option(owner, option)) = item.kind else {
                    return self.claim(whole, yes);
                };
                if owner == *field && of == *field {
                    asked.push(option);
                }
            }
            return self.has_one(*field, &asked, yes);
        }
        if let ExprKind::Field(field) = x.kind
            && let Some(node) = self.field_in(field, x.ty, list, yes)
        {
            return node;
        }
        let nodes: Vec<_> =
            list.iter().map(|item| self.compare(whole, x, CompareOp::Eq, item, yes)).collect();
        Node::join(!yes, nodes)
    }

    pub(super) fn compare(
        &mut self,
        whole: &'a Expr,
        a: &'a Expr,
        op: CompareOp,
        b: &'a Expr,
        yes: bool,
    ) -> Node<'a> {
        // The frequent case: a field and a constant, of any type.
        if let (ExprKind::Field(field), ExprKind::Value(value)) = (&a.kind, &b.kind) {
            return self.field_against(whole, *field, a.ty, op, value, yes);
        }
        if let (ExprKind::Value(value), ExprKind::Field(field)) = (&a.kind, &b.kind) {
            return self.field_against(whole, *field, b.ty, mirrored(op), value, yes);
        }
        match (a.ty, b.ty) {
            (Type::Boolean, Type::Boolean) => self.compare_truth(whole, a, op, b, yes),
            (Type::Text | Type::User, Type::Text | Type::User) => {
                self.compare_texts(whole, a, op, b, yes)
            }
            (Type::OneOf(f), Type::OneOf(g)) if f == g && a.kind == b.kind => {
                let slot = match a.kind {
                    ExprKind::Field(field) => self.field(field),
                    _ => return self.claim(whole, yes),
                };
                let holds = matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge);
                match (holds, yes) {
                    (true, true) => self.present(slot),
                    (true, false) => self.missing(slot),
                    (false, _) => Node::truth(!yes),
                }
            }
            (Type::OneOf(_), _) | (_, Type::OneOf(_)) => match (&a.kind, &b.kind) {
                (ExprKind::Field(f), ExprKind::Field(g)) => {
                    self.compare_options(whole, *f, op, *g, yes)
                }
                _ => self.claim(whole, yes),
            },
            _ => self.compare_numbers(whole, a, op, b, yes),
        }
    }

    /// Two conditions, or fields, of which both are true or both false.
    fn compare_truth(
        &mut self,
        whole: &'a Expr,
        a: &'a Expr,
        op: CompareOp,
        b: &'a Expr,
        yes: bool,
    ) -> Node<'a> {
        let equal = match op {
            CompareOp::Eq => true,
            CompareOp::Ne => false,
            _ => return self.claim(whole, yes),
        };
        let mut cases = Vec::with_capacity(2);
        for first in [true, false] {
            let nodes = [self.is_truth(a, first, yes), self.is_truth(b, first == equal, yes)];
            cases.push(Node::join(yes, nodes));
        }
        Node::join(!yes, cases)
    }

    /// That the value of a boolean expression is there and is this, or that it is not so.
    fn is_truth(&mut self, expr: &'a Expr, value: bool, yes: bool) -> Node<'a> {
        match expr.kind {
            ExprKind::Field(field) => {
                let slot = self.field(field);
                self.truth(slot, value == yes, !yes)
            }
            _ => self.holds(expr, value == yes),
        }
    }

    fn compare_texts(
        &mut self,
        whole: &'a Expr,
        a: &'a Expr,
        op: CompareOp,
        b: &'a Expr,
        yes: bool,
    ) -> Node<'a> {
        let equal = match op {
            CompareOp::Eq => true,
            CompareOp::Ne => false,
            _ => return self.claim(whole, yes),
        };
        let (ExprKind::Field(f), ExprKind::Field(g)) = (&a.kind, &b.kind) else {
            return self.claim(whole, yes);
        };
        let (f, g) = (self.field(*f), self.field(*g));
        if f == g {
            return match (equal, yes) {
                (true, true) => self.present(f),
                (true, false) => self.missing(f),
                (false, _) => Node::truth(!yes),
            };
        }
        let both = [self.present(f), self.present(g)];
        let same = Node::Atom(Atom::Same(f, g, equal == yes));
        let known = Node::all(both.into_iter().chain([same]));
        if yes { known } else { Node::any([self.missing(f), self.missing(g), known]) }
    }

    fn had(
        &mut self,
        name: &'a str,
        at_least: u32,
        within: Option<Duration>,
        yes: bool,
    ) -> Node<'a> {
        // A window that cannot be counted back from now holds nothing: it is broken where whole units
        // are needed, or nobody ever works.
        let from = |window| duration::add(self.now, duration::negate(window), self.calendar());
        if within.is_some_and(|window| from(window).is_none()) {
            return Node::truth(!yes);
        }
        if at_least == 0 {
            return Node::truth(yes);
        }
        let any = Domain { missing: false, values: Values::Truth { yes: true, no: true } };
        let slot = self.slot_with(Key::Events(name), |_| (any, false));
        Node::Atom(Atom::Had(Had { slot, at_least, within, yes }))
    }
}

/// `a op b` is `b mirrored(op) a`.
pub(super) fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq | CompareOp::Ne => op,
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
    }
}
