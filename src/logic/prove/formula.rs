//! Conditions in the form that is searched: negations at the facts, everything else `all` and `any`.

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use crate::logic::duration;
use crate::model::{
    Calendar, Clock, CompareOp, ConfirmationId, Duration, Expr, ExprKind, FieldId, FieldType,
    Process, ScoreId, TransitionKind, Type, Value,
};

use super::Formula;
use super::domain::{Choice, Domain, Few, Intervals, Values};
use super::linear::Row;
use super::scores::ScoreRules;
use super::term;

/// A fact about the record: the index of its variable.
pub(super) type Slot = usize;

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key<'a> {
    Field(FieldId),
    Confirmed(ConfirmationId),
    Score(ScoreId),
    /// The events of one name. They have no domain; see [`Atom::Had`].
    Events(&'a str),
    /// Days since 1970.
    Today,
    /// Seconds since 1970.
    Now,
    /// Seconds in the stage.
    Stay,
    /// Where a date or point in time is moved to by a length that is not always the same; for the
    /// stay, how long that length is, counted from the entry.
    Moved(Slot, Duration),
    /// Working time from a date or point in time to now, in days or seconds; for the stay, in it.
    Worked(Slot),
    /// The value of an expression nothing is known of.
    Some(&'a Expr),
    /// The truth of a condition nothing is known of.
    Claim(&'a Expr),
    /// Whether the record has a grade of which nothing is known.
    Grade(ScoreId, usize),
    /// Whether a clock of which nothing is known has struck.
    Clock(&'a Clock),
}

/// A fact and what it may be before anything is asked.
#[derive(Clone, Debug)]
pub(super) struct Variable<'a> {
    pub(super) key: Key<'a>,
    pub(super) domain: Domain<'a>,
    /// Only whole numbers.
    pub(super) whole: bool,
}

/// One thing that must be so.
#[derive(Clone, Debug)]
pub(super) enum Atom<'a> {
    /// The fact is one of these.
    Is(Slot, Domain<'a>),
    /// The numbers stand so to each other.
    Linear(Row),
    /// Two texts, both present, are equal or not.
    Same(Slot, Slot, bool),
    /// The record has had so many events, or has not.
    Had(Had),
}

/// So many events of a name within a time up to now, or fewer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Had {
    pub(super) slot: Slot,
    pub(super) at_least: u32,
    pub(super) within: Option<Duration>,
    pub(super) yes: bool,
}

/// A condition without negations.
#[derive(Clone, Debug)]
pub(super) enum Node<'a> {
    True,
    False,
    Atom(Atom<'a>),
    All(Vec<Node<'a>>),
    Any(Vec<Node<'a>>),
}

impl<'a> Node<'a> {
    pub(super) fn truth(is: bool) -> Self {
        if is { Node::True } else { Node::False }
    }

    pub(super) fn all(nodes: impl IntoIterator<Item = Node<'a>>) -> Self {
        let mut kept = Vec::new();
        for node in nodes {
            match node {
                Node::True => {}
                Node::False => return Node::False,
                Node::All(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Node::True,
            1 => kept.pop().unwrap_or(Node::True),
            _ => Node::All(kept),
        }
    }

    pub(super) fn any(nodes: impl IntoIterator<Item = Node<'a>>) -> Self {
        let mut kept = Vec::new();
        for node in nodes {
            match node {
                Node::False => {}
                Node::True => return Node::True,
                Node::Any(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Node::False,
            1 => kept.pop().unwrap_or(Node::False),
            _ => Node::Any(kept),
        }
    }

    /// All of them, or, turned round, one.
    pub(super) fn join(all: bool, nodes: impl IntoIterator<Item = Node<'a>>) -> Self {
        if all { Node::all(nodes) } else { Node::any(nodes) }
    }
}

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

    fn passes(&mut self, id: crate::model::CriterionId, yes: bool) -> Node<'a> {
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

    fn truth(&self, slot: Slot, yes: bool, missing: bool) -> Node<'a> {
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

    /// The variable of a field, with what its declaration says of it.
    pub(super) fn field(&mut self, id: FieldId) -> Slot {
        self.slot_with(Key::Field(id), |compiler| {
            let field = &compiler.process.fields[id];
            let mut whole = false;
            let values = match &field.ty {
                FieldType::Text | FieldType::User => {
                    Values::Texts(Few { keys: vec![], only: false })
                }
                FieldType::Boolean => Values::Truth { yes: true, no: true },
                FieldType::OneOf(options) => {
                    Values::Options(Few { keys: vec![], only: false }, options.len())
                }
                FieldType::ManyOf(options) => Values::Many(Choice::any(options.len())),
                FieldType::Number | FieldType::Money | FieldType::Percent => {
                    Values::Numbers(Intervals::all())
                }
                FieldType::Integer => {
                    whole = true;
                    Values::Numbers(Intervals::all())
                }
                FieldType::Date => {
                    whole = true;
                    Values::Numbers(term::every_date())
                }
                FieldType::DateTime => {
                    whole = true;
                    Values::Numbers(term::every_moment())
                }
            };
            let mut domain = Domain { missing: !field.required, values };
            let bounds = [(CompareOp::Ge, &field.at_least), (CompareOp::Le, &field.at_most)];
            for (op, bound) in bounds {
                let number = bound.as_ref().and_then(|bound| compiler.number_of(bound));
                if let (Some(number), Values::Numbers(set)) = (number, &domain.values) {
                    domain.values = Values::Numbers(set.intersect(&Intervals::that(op, number)));
                }
            }
            if let Values::Numbers(set) = &domain.values
                && whole
            {
                domain.values = Values::Numbers(set.clone().whole());
            }
            (domain, whole)
        })
    }

    fn domain(&self, slot: Slot) -> Option<&Domain<'a>> {
        self.variables.get(slot).map(|variable| &variable.domain)
    }

    /// That a fact is there.
    pub(super) fn present(&self, slot: Slot) -> Node<'a> {
        match self.variables.get(slot) {
            // Asked of a required field too: a record shows a value only where one is asked for.
            Some(Variable { key: Key::Field(_) | Key::Some(_), domain, .. }) => {
                self.is(slot, Domain { missing: false, values: domain.values.all_like() })
            }
            _ => Node::True,
        }
    }

    /// That it is not.
    pub(super) fn missing(&self, slot: Slot) -> Node<'a> {
        match self.domain(slot) {
            Some(domain) if domain.missing => {
                self.is(slot, Domain { missing: true, values: domain.values.none_like() })
            }
            _ => Node::False,
        }
    }

    /// That a number is in a set, or not; missing, it is not.
    pub(super) fn number_is(&self, slot: Slot, set: &Intervals, yes: bool) -> Node<'a> {
        let Some(variable) = self.variables.get(slot) else { return Node::False };
        let mut set = if yes { set.clone() } else { set.complement() };
        if variable.whole {
            set = set.whole();
        }
        self.is(slot, Domain { missing: !yes, values: Values::Numbers(set) })
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

    /// That a field of several options has one of these.
    fn has_one(&mut self, field: FieldId, asked: &[usize], yes: bool) -> Node<'a> {
        let of = self.process.fields[field].ty.options().len();
        let slot = self.field(field);
        let is = |missing, must: Vec<usize>, never: Vec<usize>| {
            let choice = Choice { must, never, of, none: of == 0 };
            Node::Atom(Atom::Is(slot, Domain { missing, values: Values::Many(choice) }))
        };
        if yes {
            return Node::any(asked.iter().map(|option| is(false, vec![*option], vec![])));
        }
        let mut never = asked.to_vec();
        never.sort_unstable();
        never.dedup();
        is(true, vec![], never)
    }

    /// That a field is one of these constants; `None` when it must be compared one by one.
    fn field_in(
        &mut self,
        field: FieldId,
        ty: Type,
        list: &'a [Expr],
        yes: bool,
    ) -> Option<Node<'a>> {
        match ty {
            Type::Number
            | Type::Integer
            | Type::Money
            | Type::Percent
            | Type::Date
            | Type::DateTime => {
                let mut points = Vec::with_capacity(list.len());
                for item in list {
                    let ExprKind::Value(value) = &item.kind else { return None };
                    points.push(self.number_of(value)?);
                }
                let slot = self.field(field);
                Some(self.number_is(slot, &Intervals::points(points), yes))
            }
            Type::Text | Type::User => {
                let mut keys = Vec::with_capacity(list.len());
                for item in list {
                    let ExprKind::Value(Value::Text(text)) = &item.kind else { return None };
                    if !text.is_empty() && !keys.contains(&text.as_str()) {
                        keys.push(text.as_str());
                    }
                }
                let values = Values::Texts(Few { keys, only: yes });
                let slot = self.field(field);
                Some(self.is(slot, Domain { missing: !yes, values }))
            }
            Type::OneOf(_) => {
                let mut keys = Vec::with_capacity(list.len());
                for item in list {
                    let ExprKind::Value(Value::Option(owner, option)) = item.kind else {
                        return None;
                    };
                    if owner == field && !keys.contains(&option) {
                        keys.push(option);
                    }
                }
                let of = self.process.fields[field].ty.options().len();
                let slot = self.field(field);
                let values = Values::Options(Few { keys, only: yes }, of);
                Some(self.is(slot, Domain { missing: !yes, values }))
            }
            _ => None,
        }
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
            (Type::OneOf(_), _) | (_, Type::OneOf(_)) => self.claim(whole, yes),
            _ => self.compare_numbers(whole, a, op, b, yes),
        }
    }

    fn field_against(
        &mut self,
        whole: &'a Expr,
        field: FieldId,
        ty: Type,
        op: CompareOp,
        value: &'a Value,
        yes: bool,
    ) -> Node<'a> {
        let equal = match op {
            CompareOp::Eq => Some(true),
            CompareOp::Ne => Some(false),
            _ => None,
        };
        match (ty, value) {
            (Type::Boolean, Value::Boolean(constant)) => {
                let Some(equal) = equal else { return self.claim(whole, yes) };
                let slot = self.field(field);
                self.truth(slot, (*constant == equal) == yes, !yes)
            }
            (Type::Text | Type::User, Value::Text(text)) => {
                let Some(equal) = equal else { return self.claim(whole, yes) };
                if text.is_empty() {
                    return Node::truth(!yes);
                }
                let few = Few { keys: vec![text.as_str()], only: equal == yes };
                let slot = self.field(field);
                self.is(slot, Domain { missing: !yes, values: Values::Texts(few) })
            }
            (Type::OneOf(of), Value::Option(owner, option)) if of == field && *owner == field => {
                let Some(equal) = equal else { return self.claim(whole, yes) };
                let count = self.process.fields[field].ty.options().len();
                let few = Few { keys: vec![*option], only: equal == yes };
                let slot = self.field(field);
                self.is(slot, Domain { missing: !yes, values: Values::Options(few, count) })
            }
            (
                Type::Number
                | Type::Integer
                | Type::Money
                | Type::Percent
                | Type::Date
                | Type::DateTime,
                _,
            ) => {
                let Some(number) = self.number_of(value) else { return self.claim(whole, yes) };
                let slot = self.field(field);
                self.number_is(slot, &Intervals::that(op, number), yes)
            }
            _ => self.claim(whole, yes),
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

    /// A constant as a number: days for dates, seconds for points in time.
    pub(super) fn number_of(&self, value: &Value) -> Option<Decimal> {
        term::number(self.process, value)
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
