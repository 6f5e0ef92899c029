//! Time: now, the stay in the stage, clocks, windows, time since a field.

use rust_decimal::Decimal;

use crate::logic::{self, business, duration};
use crate::model::{
    Clock, CompareOp, Direction, Duration, ElapsedUnit, Expr, ExprKind, FieldId, Unit,
};

use super::dates::from_to;
use super::domain::{Domain, Intervals, Values};
use super::formula::{Compiler, mirrored};
use super::linear::Row;
use super::node::{Atom, Key, Node, Slot};
use super::ratio::Ratio;
use super::term::{Steps, Term};

const DAY: i128 = 24 * 60 * 60;

impl<'a> Compiler<'a> {
    /// The day of the question. Proofs hold on every day of these centuries.
    pub(super) fn today(&mut self) -> Slot {
        self.slot_with(Key::Today, |_| (span_of(-36_500, 365_000), true))
    }

    /// The moment of the question.
    pub(super) fn moment(&mut self) -> Slot {
        let day = 24 * 60 * 60;
        self.slot_with(Key::Now, |_| (span_of(-36_500 * day, 365_001 * day - 1), true))
    }

    /// The seconds the record has been in its stage.
    fn stay(&mut self) -> Slot {
        self.slot_with(Key::Stay, |_| (span_of(0, 30_000_000_000), true))
    }

    /// What binds the day to the moment, when both are asked for.
    pub(super) fn today_is_now(&self) -> Option<Node<'a>> {
        let (today, now) = (self.slot_of(Key::Today)?, self.slot_of(Key::Now)?);
        let midnight = |today_factor: i128, constant: i128| {
            Node::Atom(Atom::Linear(Row {
                terms: vec![(today, today_factor * DAY), (now, -today_factor)],
                constant,
                strict: false,
            }))
        };
        Some(Node::all([midnight(1, 0), midnight(-1, -(DAY - 1))]))
    }

    /// How far a duration moves a date or point in time; `None` when nothing is known of it.
    pub(super) fn steps(&self, length: Duration, is_date: bool) -> Option<Steps> {
        let back = length.amount.is_sign_negative() && !length.amount.is_zero();
        let size = if back { duration::negate(length) } else { length };
        let per_day = Ratio::whole(if is_date { 1 } else { DAY });
        let amount = Ratio::from(size.amount);
        let whole = amount.is_whole().then(|| i64::try_from(amount.num()).ok()).flatten();
        let turned = |x: Ratio| if back { x.negated() } else { Some(x) };
        let about = |low: i64, high: i64| {
            let (low, high) = (Ratio::from(low).mul(per_day)?, Ratio::from(high).mul(per_day)?);
            let (low, high) = (turned(low)?, turned(high)?);
            Some(if back { Steps::About(high, low) } else { Steps::About(low, high) })
        };
        let exactly = |unit_seconds: i128| {
            let unit = Ratio::whole(unit_seconds);
            let unit = if is_date { unit.div(Ratio::whole(DAY))? } else { unit };
            let steps = amount.mul(unit)?;
            (steps.is_whole()).then_some(Steps::Exactly(turned(steps)?))
        };
        let months = |per_unit: i64| {
            let months = match whole {
                Some(whole) => whole.checked_mul(per_unit)?,
                // Half a year is six months for a point in time; for a date it is nothing.
                None => {
                    let months = amount.mul(Ratio::from(per_unit))?;
                    let whole = !is_date && months.is_whole();
                    whole.then(|| i64::try_from(months.num()).ok()).flatten()?
                }
            };
            let (low, high) = duration::days_of_months(months)?;
            about(low, high)
        };
        match size.unit {
            Unit::Minute if !is_date => exactly(60),
            Unit::Hour if !is_date => exactly(60 * 60),
            Unit::Day => exactly(DAY),
            Unit::Week => exactly(7 * DAY),
            Unit::Month => months(1),
            Unit::Quarter => months(3),
            Unit::Year => months(12),
            Unit::BusinessDay if is_date => {
                let days = whole?;
                let free = i64::try_from(self.calendar().holidays.len()).ok()?;
                if business::minutes_per_week(self.calendar()) == 0 || days == 0 {
                    return None;
                }
                // At least one working day a week that is not spoilt by a holiday.
                about(days, days.checked_add(free)?.checked_mul(7)?.checked_add(7)?)
            }
            _ => None,
        }
    }

    pub(super) fn compare_stay(
        &mut self,
        whole: &'a Expr,
        a: &'a Expr,
        op: CompareOp,
        b: &'a Expr,
        yes: bool,
    ) -> Node<'a> {
        let stays = |x: &Expr| matches!(x.kind, ExprKind::TimeInStage);
        if stays(a) && stays(b) {
            let equal = matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge);
            return Node::truth(equal == yes);
        }
        let (length, op) = if stays(a) { (b, op) } else { (a, mirrored(op)) };
        match self.folded(length) {
            Some(Some(logic::Value::Duration(length))) => {
                self.stay_against(length, op, yes).unwrap_or_else(|| self.claim(whole, yes))
            }
            Some(_) => Node::truth(!yes),
            None => self.claim(whole, yes),
        }
    }

    /// That the stay stands so to a length.
    fn stay_against(&mut self, length: Duration, op: CompareOp, yes: bool) -> Option<Node<'a>> {
        if length.amount.is_sign_negative() {
            return None;
        }
        if length.unit.is_business() {
            let seconds = self.working_seconds(length)?;
            let worked = self.worked_stay()?;
            let claim = self.number_is(worked.0, &Intervals::that(op, seconds), yes);
            return Some(Node::all([claim, worked.1]));
        }
        let stay = self.stay();
        match self.steps(length, false)? {
            Steps::Exactly(seconds) => {
                let term = Term::fact(stay).minus(Term::constant(seconds))?;
                self.sign(term, op, yes)
            }
            Steps::About(low, high) => {
                let slot = self.slot_with(Key::Moved(stay, length), |_| {
                    (Domain { missing: false, values: Values::Numbers(Intervals::all()) }, true)
                });
                let over = Term::fact(slot).minus(Term::constant(high))?.row(false, false)?;
                let under = Term::fact(slot).minus(Term::constant(low))?.row(true, false)?;
                let mut term = Term::fact(stay).minus(Term::fact(slot))?;
                term.facts.extend([over, under].map(|row| Node::Atom(Atom::Linear(row))));
                self.sign(term, op, yes)
            }
        }
    }

    /// A working length in seconds.
    fn working_seconds(&self, length: Duration) -> Option<Decimal> {
        let zero = Duration { amount: Decimal::ZERO, unit: Unit::BusinessMinute };
        let minutes = duration::sum(zero, length, self.calendar())?.amount;
        minutes.checked_mul(Decimal::from(60))
    }

    /// The working seconds in the stage, and that they are no more than all its seconds.
    fn worked_stay(&mut self) -> Option<(Slot, Node<'a>)> {
        let stay = self.stay();
        let slot = self.slot_with(Key::Worked(stay), |_| (span_of(0, 30_000_000_000), true));
        let row = Term::fact(slot).minus(Term::fact(stay))?.row(false, false)?;
        Some((slot, Node::Atom(Atom::Linear(row))))
    }

    pub(super) fn struck(&mut self, clock: &'a Clock, yes: bool) -> Node<'a> {
        let node = match clock.before {
            None => self.struck_forward(clock.duration, yes),
            Some(field) => self.struck_before(field, clock.duration, yes),
        };
        // A clock is known by its duration; nothing else is shared between two.
        node.unwrap_or_else(|| {
            let any = Domain { missing: false, values: Values::Truth { yes: true, no: true } };
            let key = Key::Clock(clock);
            let slot = self.slot_with(key, |_| (any, false));
            let values = Values::Truth { yes, no: !yes };
            self.is(slot, Domain { missing: false, values })
        })
    }

    fn struck_forward(&mut self, length: Duration, yes: bool) -> Option<Node<'a>> {
        if duration::add(self.now, length, self.calendar()).is_none() {
            return Some(Node::truth(!yes));
        }
        if length.amount.is_zero() {
            return Some(Node::truth(yes));
        }
        self.stay_against(length, CompareOp::Ge, yes)
    }

    fn struck_before(&mut self, field: FieldId, length: Duration, yes: bool) -> Option<Node<'a>> {
        let is_date = self.is_date(field)?;
        let back = duration::negate(length);
        if !self.can_move(back, is_date) {
            return Some(Node::truth(!yes));
        }
        let from = Term::fact(self.field(field));
        let at = self.moved(from, back, is_date)?;
        let now = if is_date { self.today() } else { self.moment() };
        self.sign(at.minus(Term::fact(now))?, CompareOp::Le, yes)
    }

    /// Whether dates, or points in time, can be moved by this at all.
    fn can_move(&self, length: Duration, is_date: bool) -> bool {
        if is_date {
            duration::add_to_date(self.now.date(), length, self.calendar()).is_some()
        } else {
            duration::add(self.now, length, self.calendar()).is_some()
        }
    }

    pub(super) fn within(
        &mut self,
        whole: &'a Expr,
        x: &'a Expr,
        direction: Direction,
        window: Duration,
        yes: bool,
    ) -> Node<'a> {
        let is_date = match x.ty {
            crate::model::Type::Date => true,
            crate::model::Type::DateTime => false,
            _ => return self.claim(whole, yes),
        };
        let (reach, next) = match direction {
            Direction::Next => (window, true),
            Direction::Last => (duration::negate(window), false),
        };
        if window.amount.is_sign_negative() {
            return self.claim(whole, yes);
        }
        if !self.can_move(reach, is_date) {
            return Node::truth(!yes);
        }
        let nodes = (|| {
            let now = Term::fact(if is_date { self.today() } else { self.moment() });
            let mut far = self.moved(now.clone(), reach, is_date)?;
            // Windows that reach beyond the years of proofs are left to the native evaluator.
            far.guards.clear();
            let at = self.term(x)?;
            let near = at.clone().minus(now)?;
            let far = at.minus(far)?;
            let (first, second) =
                if next { (CompareOp::Ge, CompareOp::Le) } else { (CompareOp::Le, CompareOp::Ge) };
            Some([self.sign(near, first, yes)?, self.sign(far, second, yes)?])
        })();
        match nodes {
            Some(nodes) => Node::join(yes, nodes),
            None => self.claim(whole, yes),
        }
    }

    /// Units from a field to now.
    pub(super) fn elapsed(
        &mut self,
        unit: ElapsedUnit,
        business: bool,
        field: FieldId,
    ) -> Option<Term<'a>> {
        let is_date = self.is_date(field)?;
        let at = self.field(field);
        if business {
            let per_unit = match unit {
                ElapsedUnit::Days if is_date => 1,
                _ if is_date => return None,
                ElapsedUnit::Minutes => 60,
                ElapsedUnit::Hours => 60 * 60,
                ElapsedUnit::Days => i128::from(self.calendar().minutes_per_day()) * 60,
                ElapsedUnit::Weeks => return None,
            };
            if per_unit == 0 {
                return None;
            }
            let reach = 300_000_000_000;
            let slot = self.slot_with(Key::Worked(at), |_| (span_of(-reach, reach), true));
            let now = if is_date { self.today() } else { self.moment() };
            let mut term = Term::fact(slot);
            term.facts.push(self.no_more_than_time(slot, at, now)?);
            term.needs.push(at);
            return divided(term, per_unit);
        }
        let now = if is_date { self.today() } else { self.moment() };
        let passed = Term::fact(now).minus(Term::fact(at))?;
        let per_unit = match (unit, is_date) {
            (ElapsedUnit::Days, true) => 1,
            (ElapsedUnit::Weeks, true) => 7,
            (_, true) => return None,
            (ElapsedUnit::Minutes, false) => 60,
            (ElapsedUnit::Hours, false) => 60 * 60,
            (ElapsedUnit::Days, false) => DAY,
            (ElapsedUnit::Weeks, false) => 7 * DAY,
        };
        divided(passed, per_unit)
    }

    /// Working time runs as time does, only slower.
    fn no_more_than_time(&self, worked: Slot, at: Slot, now: Slot) -> Option<Node<'a>> {
        let passed = Term::fact(now).minus(Term::fact(at))?;
        let slower = Term::fact(worked).minus(passed)?;
        let worked = Term::fact(worked);
        let row = |term: &Term<'a>, up| Some(Node::Atom(Atom::Linear(term.row(up, false)?)));
        let past = Node::all([row(&slower, false)?, row(&worked, true)?]);
        let future = Node::all([row(&slower, true)?, row(&worked, false)?]);
        Some(Node::any([past, future]))
    }
}

/// A sum in larger units.
fn divided(mut term: Term<'_>, per_unit: i128) -> Option<Term<'_>> {
    let per_unit = Ratio::whole(per_unit);
    if !per_unit.divides_decimals() {
        term.roundings += 1;
    }
    term.scaled(Ratio::ONE.div(per_unit)?)
}

/// A fact that is always there, with whole numbers from the one to the other.
fn span_of<'a>(low: i64, high: i64) -> Domain<'a> {
    Domain { missing: false, values: Values::Numbers(from_to(low, high)) }
}
