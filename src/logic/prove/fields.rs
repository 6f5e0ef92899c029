//! Facts about single fields: what their declaration says, and what conditions ask.

use rust_decimal::Decimal;

use crate::model::{CompareOp, Expr, ExprKind, FieldId, FieldType, Type, Value};

use super::dates;
use super::domain::{Choice, Domain, Few, Intervals, Values};
use super::formula::Compiler;
use super::node::{Atom, Key, Node, Slot, Variable};
use super::term;

/// Fields with more options than this are not compared option by option.
const MOST_OPTIONS: usize = 32;

impl<'a> Compiler<'a> {
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
                    Values::Numbers(dates::every_date())
                }
                FieldType::DateTime => {
                    whole = true;
                    Values::Numbers(dates::every_moment())
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

    /// That a field of several options has one of these.
    pub(super) fn has_one(&mut self, field: FieldId, asked: &[usize], yes: bool) -> Node<'a> {
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
    pub(super) fn field_in(
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

    pub(super) fn field_against(
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

    /// Two fields that declare the same options: one case for each of these.
    pub(super) fn compare_options(
        &mut self,
        whole: &'a Expr,
        a: FieldId,
        op: CompareOp,
        b: FieldId,
        yes: bool,
    ) -> Node<'a> {
        let equal = match op {
            CompareOp::Eq => true,
            CompareOp::Ne => false,
            _ => return self.claim(whole, yes),
        };
        let [of, of_other] = [a, b].map(|field| self.process.fields[field].ty.options().len());
        if of != of_other || of > MOST_OPTIONS {
            return self.claim(whole, yes);
        }
        let (a, b) = (self.field(a), self.field(b));
        let is = |slot, option, only| {
            let values = Values::Options(Few { keys: vec![option], only }, of);
            self.is(slot, Domain { missing: false, values })
        };
        let cases =
            (0..of).map(|option| Node::all([is(a, option, true), is(b, option, equal == yes)]));
        let known = Node::any(cases);
        if yes { known } else { Node::any([self.missing(a), self.missing(b), known]) }
    }

    /// A constant as a number: days for dates, seconds for points in time.
    pub(super) fn number_of(&self, value: &Value) -> Option<Decimal> {
        term::number(self.process, value)
    }
}
