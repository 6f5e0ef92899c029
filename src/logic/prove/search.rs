//! The search for a record: alternatives are taken one after the other, what is the only way left is
//! taken at once, and what contradicts is given up.

use super::domain::{Domain, Interval, Values};
use super::events;
use super::formula::Question;
use super::linear::{self, Row, System, Verdict};
use super::node::{Atom, Had, Node, Slot};
use super::ratio::Ratio;

/// How many alternatives are tried before giving up.
const MOST_STEPS: u32 = 10_000;
/// How many alternatives are open at a time: a bound on the stack.
const DEEPEST: u32 = 300;

/// What is known of a part of the question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    /// It holds, whatever else is chosen.
    Holds,
    /// It contradicts what is chosen.
    Fails,
    Open,
}

/// What has been chosen so far, and how to take it back.
pub(super) struct Search<'q, 'a> {
    pub(super) question: &'q Question<'a>,
    pub(super) domains: Vec<Domain<'a>>,
    /// The facts of which something has been said.
    pub(super) touched: Vec<bool>,
    pub(super) rows: Vec<&'q Row>,
    pub(super) same: Vec<(Slot, Slot, bool)>,
    pub(super) had: Vec<&'q Had>,
    /// The linear constraints, solved, where a way has been followed to its end.
    pub(super) solved: Option<System>,
    /// The facts of which the question itself has spoken, once the rules of a score are gone into.
    pub(super) asked: Option<Vec<bool>>,
    undo: Vec<(Slot, Domain<'a>, bool)>,
    steps: u32,
    depth: u32,
    /// Some way was not followed to its end: that nothing was found proves nothing.
    pub(super) gave_up: bool,
}

/// A point to return to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    undo: usize,
    rows: usize,
    same: usize,
    had: usize,
}

/// Alternatives of which one must hold.
pub(super) type Pending<'q, 'a> = Vec<&'q [Node<'a>]>;

impl<'q, 'a> Search<'q, 'a> {
    pub(super) fn new(question: &'q Question<'a>) -> Self {
        Self {
            question,
            domains: question.variables.iter().map(|v| v.domain.clone()).collect(),
            touched: vec![false; question.variables.len()],
            rows: Vec::new(),
            same: Vec::new(),
            had: Vec::new(),
            solved: None,
            asked: None,
            undo: Vec::new(),
            steps: MOST_STEPS,
            depth: 0,
            gave_up: false,
        }
    }

    /// Whether `leaf` accepts one of the ways in which the question can hold.
    pub(super) fn run(&mut self, leaf: &mut dyn FnMut(&mut Self) -> bool) -> bool {
        let mut pending = Vec::new();
        let question = self.question;
        self.take(&question.root, &mut pending) && self.solve(pending, leaf)
    }

    /// Follows every way in which all of `pending` hold, until `leaf` accepts one.
    pub(super) fn solve(
        &mut self,
        mut pending: Pending<'q, 'a>,
        leaf: &mut dyn FnMut(&mut Self) -> bool,
    ) -> bool {
        if self.steps == 0 || self.depth > DEEPEST {
            self.gave_up = true;
            return false;
        }
        self.steps -= 1;
        let Some(next) = self.propagate(&mut pending) else { return false };
        let Some(next) = next else { return leaf(self) };
        let alternatives = pending.remove(next);
        for node in alternatives {
            if self.status(node) == Status::Fails {
                continue;
            }
            let mark = self.mark();
            let mut rest = pending.clone();
            self.depth += 1;
            let found = self.take(node, &mut rest) && self.solve(rest, leaf);
            self.depth -= 1;
            if found {
                return true;
            }
            self.restore(mark);
            if self.steps == 0 {
                self.gave_up = true;
                return false;
            }
        }
        false
    }

    /// Takes what is the only way left, until nothing is. Gives the alternatives to try next, if any;
    /// the outer `None` is a contradiction.
    fn propagate(&mut self, pending: &mut Pending<'q, 'a>) -> Option<Option<usize>> {
        loop {
            let mut least: Option<(usize, usize)> = None;
            let mut taken = false;
            let mut at = 0;
            while let Some(alternatives) = pending.get(at).copied() {
                let mut open = 0;
                let mut last = None;
                let mut holds = false;
                for node in alternatives {
                    match self.status(node) {
                        Status::Holds => {
                            holds = true;
                            break;
                        }
                        Status::Fails => {}
                        Status::Open => {
                            open += 1;
                            last = Some(node);
                        }
                    }
                }
                if holds {
                    pending.remove(at);
                    continue;
                }
                match (open, last) {
                    (1, Some(only)) => {
                        pending.remove(at);
                        if !self.take(only, pending) {
                            return None;
                        }
                        taken = true;
                    }
                    (0, _) | (_, None) => return None,
                    _ => {
                        if least.is_none_or(|(_, fewest)| open < fewest) {
                            least = Some((at, open));
                        }
                        at += 1;
                    }
                }
            }
            if !taken {
                self.spend(self.rows.len().saturating_mul(self.rows.len()) / 16);
                self.solved = None;
                if !self.rows.is_empty() {
                    match self.numbers() {
                        Verdict::Infeasible => return None,
                        Verdict::Feasible(system) => self.solved = Some(system),
                        Verdict::Unknown => {}
                    }
                }
                return Some(least.map(|(at, _)| at));
            }
        }
    }

    /// Says that something is so; `false` when it contradicts what is chosen.
    pub(super) fn take(&mut self, node: &'q Node<'a>, pending: &mut Pending<'q, 'a>) -> bool {
        match node {
            Node::True => true,
            Node::False => false,
            Node::All(all) => all.iter().all(|node| self.take(node, pending)),
            Node::Any(any) => {
                pending.push(any);
                true
            }
            Node::Atom(atom) => self.take_atom(atom),
        }
    }

    fn take_atom(&mut self, atom: &'q Atom<'a>) -> bool {
        match atom {
            Atom::Is(slot, domain) => self.narrow(*slot, domain),
            Atom::Linear(row) => {
                for (slot, _) in &row.terms {
                    self.touch(*slot);
                }
                self.rows.push(row);
                true
            }
            Atom::Same(a, b, equal) => {
                self.touch(*a);
                self.touch(*b);
                let fits = !self.same.contains(&(*a, *b, !*equal));
                self.same.push((*a, *b, *equal));
                fits
            }
            Atom::Had(had) => {
                self.touch(had.slot);
                let calendar = &self.question.process.calendar;
                let fits = self.had.iter().all(|other| !events::contradict(had, other, calendar));
                self.had.push(had);
                fits
            }
        }
    }

    /// Takes steps from those that may still be made.
    pub(super) fn spend(&mut self, steps: usize) {
        self.steps = self.steps.saturating_sub(u32::try_from(steps).unwrap_or(u32::MAX));
    }

    fn touch(&mut self, slot: Slot) {
        if let Some(touched) = self.touched.get_mut(slot)
            && !*touched
            && let Some(domain) = self.domains.get(slot)
        {
            self.undo.push((slot, domain.clone(), false));
            *touched = true;
        }
    }

    /// Leaves only these values of a fact.
    pub(super) fn narrow(&mut self, slot: Slot, to: &Domain<'a>) -> bool {
        let (Some(domain), Some(touched)) =
            (self.domains.get_mut(slot), self.touched.get_mut(slot))
        else {
            return false;
        };
        let narrower = domain.intersect(to);
        let empty = narrower.is_empty();
        self.undo.push((slot, std::mem::replace(domain, narrower), *touched));
        *touched = true;
        !empty
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            undo: self.undo.len(),
            rows: self.rows.len(),
            same: self.same.len(),
            had: self.had.len(),
        }
    }

    pub(super) fn restore(&mut self, mark: Mark) {
        while self.undo.len() > mark.undo {
            let Some((slot, domain, was_touched)) = self.undo.pop() else { break };
            if let Some(place) = self.domains.get_mut(slot) {
                *place = domain;
            }
            if let Some(touched) = self.touched.get_mut(slot) {
                *touched = was_touched;
            }
        }
        self.rows.truncate(mark.rows);
        self.same.truncate(mark.same);
        self.had.truncate(mark.had);
    }

    fn status(&self, node: &Node<'a>) -> Status {
        match node {
            Node::True => Status::Holds,
            Node::False => Status::Fails,
            Node::All(all) => {
                let mut status = Status::Holds;
                for node in all {
                    match self.status(node) {
                        Status::Fails => return Status::Fails,
                        Status::Open => status = Status::Open,
                        Status::Holds => {}
                    }
                }
                status
            }
            Node::Any(any) => {
                let mut status = Status::Fails;
                for node in any {
                    match self.status(node) {
                        Status::Holds => return Status::Holds,
                        Status::Open => status = Status::Open,
                        Status::Fails => {}
                    }
                }
                status
            }
            Node::Atom(atom) => self.status_of(atom),
        }
    }

    fn status_of(&self, atom: &Atom<'a>) -> Status {
        match atom {
            Atom::Is(slot, asked) => {
                let Some(domain) = self.domains.get(*slot) else { return Status::Open };
                if domain.is_disjoint(asked) {
                    Status::Fails
                } else if domain.is_within(asked) && self.touched.get(*slot) == Some(&true) {
                    Status::Holds
                } else {
                    Status::Open
                }
            }
            Atom::Linear(row) => {
                if self.rows.contains(&row) {
                    Status::Holds
                } else {
                    Status::Open
                }
            }
            Atom::Same(a, b, equal) => {
                if self.same.contains(&(*a, *b, *equal)) {
                    Status::Holds
                } else if self.same.contains(&(*a, *b, !*equal)) {
                    Status::Fails
                } else {
                    Status::Open
                }
            }
            Atom::Had(had) => {
                let calendar = &self.question.process.calendar;
                if self.had.iter().any(|other| events::contradict(had, other, calendar)) {
                    return Status::Fails;
                }
                let opposite = Had { yes: !had.yes, ..*had };
                let follows =
                    self.had.iter().any(|other| events::contradict(&opposite, other, calendar));
                if follows { Status::Holds } else { Status::Open }
            }
        }
    }

    /// Decides the linear constraints, with each number between its least and greatest value.
    pub(super) fn numbers(&self) -> Verdict {
        self.numbers_within(&[])
    }

    /// The same with some numbers held to a part of what they may be.
    pub(super) fn numbers_within(&self, held: &[(Slot, Interval)]) -> Verdict {
        let order = self.numeric_slots();
        let mut rows: Vec<Row> = self.rows.iter().map(|row| (*row).clone()).collect();
        for slot in &order {
            let interval = match held.iter().rev().find(|(s, _)| s == slot) {
                Some((_, interval)) => Some(*interval),
                None => match self.domains.get(*slot).map(|domain| &domain.values) {
                    Some(Values::Numbers(set)) => set.hull(),
                    _ => None,
                },
            };
            let Some(interval) = interval else { return Verdict::Unknown };
            for (end, sign) in [(interval.low, -1), (interval.high, 1)] {
                let Some(end) = end else { continue };
                let at = Ratio::from(end.at);
                let row = at
                    .mul(Ratio::whole(-sign))
                    .and_then(|at| Row::new(&[(*slot, Ratio::whole(sign))], at, !end.closed));
                let Some(row) = row else { return Verdict::Unknown };
                rows.push(row);
            }
        }
        let whole =
            |slot: Slot| self.question.variables.get(slot).is_some_and(|variable| variable.whole);
        linear::solve(rows, &order, &whole)
    }

    /// The numbers in linear constraints, in the order of elimination: what can be chosen last comes
    /// first.
    fn numeric_slots(&self) -> Vec<Slot> {
        let mut slots: Vec<Slot> = Vec::new();
        for row in &self.rows {
            for (slot, _) in &row.terms {
                if !slots.contains(slot) {
                    slots.push(*slot);
                }
            }
        }
        slots.sort_by_key(|slot| std::cmp::Reverse(self.choosing_order(*slot)));
        slots
    }
}
