//! From what has been chosen to a record: values for every fact that matters.

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use crate::logic::{self, RecordState, business, duration};
use crate::model::{Duration, FieldId, FieldType, Money};

use super::domain::{Domain, Interval, Values};
use super::events;
use super::formula::{Had, Key, Slot};
use super::linear::{Limit, System, Verdict};
use super::pick;
use super::ratio::Ratio;
use super::search::Search;
use super::term;
use super::witness::{Matters, Witness};

/// How many ways are tried to make a record of the same choices.
pub(super) const STYLES: u32 = 5;
/// How many combinations of the parts of sets are looked into.
const MOST_PARTS: u32 = 64;
/// How many values are tried for numbers that depend on each other.
const MOST_TRIES: u32 = 200;

/// Values of the numbers in linear constraints.
pub(super) type Chosen = Vec<(Slot, Ratio)>;

/// What became of the search for numbers.
pub(super) enum Numbers {
    /// There are none.
    None,
    /// These.
    Some(Chosen),
    /// There may be.
    Unknown,
}

impl<'a> Search<'_, 'a> {
    /// Whether a number is chosen before (smaller) or after another.
    pub(super) fn choosing_order(&self, slot: Slot) -> (u8, Slot) {
        let key = self.question.variables.get(slot).map(|variable| variable.key);
        let order = match key {
            Some(Key::Today | Key::Now) => 0,
            Some(Key::Moved(base, _)) => match self.question.variables.get(base).map(|v| v.key) {
                Some(Key::Today | Key::Now) => 1,
                _ => 5,
            },
            Some(Key::Worked(_)) => 2,
            Some(Key::Stay) => 3,
            Some(Key::Some(_)) => 6,
            _ => 4,
        };
        (order, slot)
    }

    /// A record of what has been chosen that the native evaluator confirms. When there is none though
    /// nothing contradicts, the search has given up on something.
    pub(super) fn witness(&mut self, confirm: &dyn Fn(&RecordState) -> bool) -> Option<Witness> {
        let texts = if self.same.is_empty() { Vec::new() } else { self.choose_texts()? };
        for style in 0..STYLES {
            match self.choose_numbers(style) {
                Numbers::None => return None,
                Numbers::Unknown => {}
                Numbers::Some(chosen) => {
                    let record = self.record(&chosen, &texts, style);
                    if let Some(mut witness) = record.filter(|witness| confirm(&witness.state)) {
                        self.shorten(&mut witness, confirm);
                        return Some(witness);
                    }
                }
            }
        }
        self.gave_up = true;
        None
    }

    /// Leaves out what only the rules of a score have asked for, and which changes nothing.
    fn shorten(&self, witness: &mut Witness, confirm: &dyn Fn(&RecordState) -> bool) {
        let Some(asked) = &self.asked else { return };
        for (slot, variable) in self.question.variables.iter().enumerate() {
            if self.touched.get(slot) != Some(&true) || asked.get(slot) == Some(&true) {
                continue;
            }
            // A required field keeps its value.
            if matches!(variable.key, Key::Field(_)) && !variable.domain.missing {
                continue;
            }
            if let Some(shorter) = witness.without(variable.key)
                && confirm(&shorter.state)
            {
                *witness = shorter;
            }
        }
    }

    /// Values for the numbers in linear constraints.
    pub(super) fn choose_numbers(&self, style: u32) -> Numbers {
        if self.rows.is_empty() {
            return Numbers::Some(Vec::new());
        }
        let mut left = MOST_PARTS;
        self.choose_parts(&mut Vec::new(), style, &mut left)
    }

    /// The same with some numbers held to a part of their set. Of the others, those whose sets have
    /// several parts are held to one after the other.
    fn choose_parts(
        &self,
        held: &mut Vec<(Slot, Interval)>,
        style: u32,
        left: &mut u32,
    ) -> Numbers {
        let system = match self.numbers_within(held) {
            Verdict::Unknown => return Numbers::Unknown,
            Verdict::Infeasible => return Numbers::None,
            Verdict::Feasible(system) => system,
        };
        let parts = |slot: Slot| match self.domains.get(slot).map(|domain| &domain.values) {
            Some(Values::Numbers(set)) if set.pieces.len() > 1 => Some(set.pieces.as_slice()),
            _ => None,
        };
        let split = system
            .slots()
            .into_iter()
            .filter(|slot| held.iter().all(|(s, _)| s != slot))
            .find_map(|slot| parts(slot).map(|parts| (slot, parts)));
        let Some((slot, parts)) = split else {
            let mut tries = MOST_TRIES;
            let mut chosen = Vec::new();
            let slots = system.slots();
            if self.choose_values(&system, &slots, &mut chosen, style, &mut tries) {
                return Numbers::Some(chosen);
            }
            return Numbers::Unknown;
        };
        let mut unknown = false;
        for part in parts {
            if *left == 0 {
                return Numbers::Unknown;
            }
            *left -= 1;
            held.push((slot, *part));
            let numbers = self.choose_parts(held, style, left);
            held.pop();
            match numbers {
                Numbers::Some(chosen) => return Numbers::Some(chosen),
                Numbers::Unknown => unknown = true,
                Numbers::None => {}
            }
        }
        if unknown { Numbers::Unknown } else { Numbers::None }
    }

    fn choose_values(
        &self,
        system: &System,
        slots: &[Slot],
        chosen: &mut Chosen,
        style: u32,
        tries: &mut u32,
    ) -> bool {
        let Some((slot, rest)) = slots.split_first() else { return true };
        let Some((low, high)) = system.limits(*slot, chosen) else { return false };
        for value in self.candidates(*slot, low, high, chosen, style) {
            if *tries == 0 {
                return false;
            }
            *tries -= 1;
            chosen.push((*slot, value));
            if self.choose_values(system, rest, chosen, style, tries) {
                return true;
            }
            chosen.pop();
        }
        false
    }

    fn candidates(
        &self,
        slot: Slot,
        low: Limit,
        high: Limit,
        chosen: &Chosen,
        style: u32,
    ) -> Vec<Ratio> {
        let Some(variable) = self.question.variables.get(slot) else { return Vec::new() };
        let inside = |value: &Ratio| pick::lies_between(*value, low, high);
        match variable.key {
            Key::Moved(base, length) => {
                return self.moved_to(base, length, chosen).into_iter().filter(inside).collect();
            }
            Key::Today | Key::Now => {
                let now = self.question.now;
                let today = term::days(now.date());
                let now = if variable.key == Key::Today { today } else { term::seconds(now) };
                let first = Some(Ratio::from(now)).filter(inside);
                return first.into_iter().chain(pick::between(low, high, true, style)).collect();
            }
            _ => {}
        }
        let worked = self.worked_from(slot, chosen).filter(inside);
        // Today, or the day nearest to it.
        let near = self.near_now(slot).filter(|_| style == 0).map(|now| {
            let beyond = [low, high].into_iter().flatten().map(|(end, _)| end);
            std::iter::once(now).chain(beyond).filter(inside).min_by_key(|day| {
                day.sub(now).map_or(i128::MAX, |away| away.floor().saturating_abs())
            })
        });
        let near = near.flatten();
        worked
            .into_iter()
            .chain(near)
            .chain(pick::between(low, high, variable.whole, style))
            .collect()
    }

    /// Today, or now, for fields that hold such: the most natural value where nothing forbids it.
    fn near_now(&self, slot: Slot) -> Option<Ratio> {
        let variable = self.question.variables.get(slot)?;
        let Key::Field(field) = variable.key else { return None };
        let now = self.question.now;
        match self.question.process.fields[field].ty {
            FieldType::Date => Some(Ratio::from(term::days(now.date()))),
            FieldType::DateTime => Some(Ratio::from(term::seconds(now))),
            _ => None,
        }
    }

    fn is_date(&self, slot: Slot) -> bool {
        match self.question.variables.get(slot).map(|variable| variable.key) {
            Some(Key::Today) => true,
            Some(Key::Field(field)) => {
                matches!(self.question.process.fields[field].ty, FieldType::Date)
            }
            _ => false,
        }
    }

    fn now_of(&self, chosen: &Chosen) -> DateTime {
        let find = |key| {
            let slot = self.question.variables.iter().position(|v| v.key == key)?;
            value_of(chosen, slot)
        };
        let now = self.question.now;
        if let Some(at) = find(Key::Now).and_then(term::moment_of) {
            return at;
        }
        match find(Key::Today).and_then(term::date_of) {
            Some(date) if date != now.date() => date.at(12, 0, 0, 0),
            _ => now,
        }
    }

    /// Where a length really leads from a value that has been chosen.
    fn moved_to(&self, base: Slot, length: Duration, chosen: &Chosen) -> Option<Ratio> {
        let calendar = &self.question.process.calendar;
        let value = value_of(chosen, base)?;
        if self.question.variables.get(base).map(|v| v.key) == Some(Key::Stay) {
            let entered = self.entered(chosen, value)?;
            let end = duration::add(entered, length, calendar)?;
            return Some(Ratio::from(term::seconds(end) - term::seconds(entered)));
        }
        if self.is_date(base) {
            let to = duration::add_to_date(term::date_of(value)?, length, calendar)?;
            return Some(Ratio::from(term::days(to)));
        }
        let to = duration::add(term::moment_of(value)?, length, calendar)?;
        Some(Ratio::from(term::seconds(to)))
    }

    fn entered(&self, chosen: &Chosen, stay: Ratio) -> Option<DateTime> {
        let now = Ratio::from(term::seconds(self.now_of(chosen)));
        term::moment_of(now.sub(stay)?)
    }

    /// The value from which just so much working time has passed as has been chosen.
    fn worked_from(&self, slot: Slot, chosen: &Chosen) -> Option<Ratio> {
        let variables = &self.question.variables;
        let worked = variables.iter().position(|v| v.key == Key::Worked(slot))?;
        let worked = value_of(chosen, worked).or_else(|| {
            let Values::Numbers(set) = &self.domains.get(worked)?.values else { return None };
            let touched = self.touched.get(worked) == Some(&true);
            touched.then(|| pick::number(set, true, 0)).flatten().map(Ratio::from)
        })?;
        let back = i64::try_from(worked.num()).ok()?.checked_neg()?;
        let calendar = &self.question.process.calendar;
        let now = self.now_of(chosen);
        if self.is_date(slot) {
            let date = business::add_working_days(calendar, now.date(), back)?;
            return Some(Ratio::from(term::days(date)));
        }
        let at = business::add_working_seconds(calendar, now, back)?;
        if variables.get(slot).map(|v| v.key) == Some(Key::Stay) {
            return Some(Ratio::from(term::seconds(now) - term::seconds(at)));
        }
        Some(Ratio::from(term::seconds(at)))
    }

    /// A record of what has been chosen, in one of several styles.
    pub(super) fn record(
        &self,
        chosen: &Chosen,
        texts: &[(Slot, String)],
        style: u32,
    ) -> Option<Witness> {
        let now = self.now_from_domains(chosen);
        let mut state = RecordState::new(now);
        let mut matters = Matters::default();
        for (slot, variable) in self.question.variables.iter().enumerate() {
            if self.touched.get(slot) != Some(&true) {
                continue;
            }
            let domain = self.domains.get(slot)?;
            // What only keeps points away is worth no word when it is not there.
            let told = self.asked.as_ref().is_none_or(|asked| asked.get(slot) == Some(&true));
            match variable.key {
                Key::Field(field) => {
                    let number = value_of(chosen, slot)
                        .or_else(|| self.worked_from(slot, chosen).filter(|_| style == 0));
                    let value = self.value(field, domain, number, style);
                    if told || value.is_some() {
                        matters.fields.push(field);
                    }
                    state.values.extend(value.map(|value| (field, value)));
                }
                Key::Confirmed(id) => {
                    let yes = matches!(domain.values, Values::Truth { yes: true, .. });
                    if told || yes {
                        matters.confirmations.push(id);
                    }
                    state.confirmations.extend(yes.then_some(id));
                }
                Key::Events(name) => {
                    let claims: Vec<Had> =
                        self.had.iter().filter(|h| h.slot == slot).map(|h| **h).collect();
                    let calendar = &self.question.process.calendar;
                    let times = events::times(&claims, now, calendar, style % 2 == 1)?;
                    if told || !times.is_empty() {
                        matters.events.push(name.to_owned());
                    }
                    state.events.extend(times.into_iter().map(|at| (name.to_owned(), at)));
                }
                Key::Stay => {
                    matters.stay = true;
                    let stay = value_of(chosen, slot).or_else(|| {
                        let worked = self.worked_from(slot, chosen);
                        let Values::Numbers(set) = &domain.values else { return None };
                        worked.or_else(|| pick::number(set, true, style).map(Ratio::from))
                    })?;
                    state.entered_stage_at =
                        term::moment_of(Ratio::from(term::seconds(now)).sub(stay)?)?;
                }
                _ => {}
            }
        }
        for (slot, text) in texts {
            let Some(Key::Field(field)) = self.question.variables.get(*slot).map(|v| v.key) else {
                continue;
            };
            let is_user = matches!(self.question.process.fields[field].ty, FieldType::User);
            let text = text.clone();
            let value = if is_user { logic::Value::User(text) } else { logic::Value::Text(text) };
            state.values.insert(field, value);
        }
        matters.today = now.date() != self.question.now.date();
        matters.fields.sort_unstable();
        matters.confirmations.sort_unstable();
        Some(Witness::new(state, matters))
    }

    fn now_from_domains(&self, chosen: &Chosen) -> DateTime {
        let mut all = chosen.clone();
        for (slot, variable) in self.question.variables.iter().enumerate() {
            if !matches!(variable.key, Key::Today | Key::Now)
                || value_of(chosen, slot).is_some()
                || self.touched.get(slot) != Some(&true)
            {
                continue;
            }
            let Some(Values::Numbers(set)) = self.domains.get(slot).map(|d| &d.values) else {
                continue;
            };
            let now = self.question.now;
            let today = Decimal::from(term::days(now.date()));
            let now = if variable.key == Key::Today { today } else { term::seconds(now).into() };
            let value = Some(now).filter(|now| set.contains(*now));
            let value = value.or_else(|| pick::number(set, true, 0));
            all.extend(value.map(|value| (slot, Ratio::from(value))));
        }
        self.now_of(&all)
    }

    /// A value for a field.
    fn value(
        &self,
        field: FieldId,
        domain: &Domain<'a>,
        number: Option<Ratio>,
        style: u32,
    ) -> Option<logic::Value> {
        let process = self.question.process;
        let declared = &process.fields[field].ty;
        // Where nothing and something are equally right, something is told more clearly; but what
        // text it could be is anybody's guess.
        let vague = match &domain.values {
            Values::Texts(few) => !few.only,
            Values::Many(_) => true,
            _ => false,
        };
        if domain.missing && (style == 2 || vague || domain.values.is_empty()) {
            return None;
        }
        match &domain.values {
            Values::Numbers(set) => {
                let number = match number {
                    Some(number) => number,
                    None => {
                        let whole = !matches!(
                            declared,
                            FieldType::Number | FieldType::Money | FieldType::Percent
                        );
                        let now = pick::nearest(set, &declared_now(declared, self.question.now));
                        let near = now.filter(|_| style == 0);
                        near.or_else(|| pick::number(set, whole, style)).map(Ratio::from)?
                    }
                };
                number_value(declared, number, process.currency)
            }
            Values::Texts(few) => {
                let text = if few.only { (*few.keys.first()?).to_owned() } else { pick::text(few) };
                Some(match declared {
                    FieldType::User => logic::Value::User(text),
                    _ => logic::Value::Text(text),
                })
            }
            Values::Options(few, of) => {
                (0..*of).find(|x| few.contains(x)).map(|x| logic::Value::Option(field, x))
            }
            Values::Truth { yes, .. } => Some(logic::Value::Boolean(*yes)),
            Values::Many(choice) => {
                let mut set: std::collections::BTreeSet<usize> =
                    choice.must.iter().copied().collect();
                if set.is_empty() {
                    set.extend((0..choice.of).find(|x| !choice.never.contains(x)));
                }
                Some(logic::Value::Options(field, set))
            }
        }
    }
}

fn value_of(chosen: &Chosen, slot: Slot) -> Option<Ratio> {
    chosen.iter().find(|(s, _)| *s == slot).map(|(_, value)| *value)
}

/// Today or now as a number, for fields that hold dates and points in time.
fn declared_now(ty: &FieldType, now: DateTime) -> Option<Decimal> {
    match ty {
        FieldType::Date => Some(term::days(now.date()).into()),
        FieldType::DateTime => Some(term::seconds(now).into()),
        _ => None,
    }
}

fn number_value(
    ty: &FieldType,
    number: Ratio,
    currency: Option<crate::model::Currency>,
) -> Option<logic::Value> {
    Some(match ty {
        FieldType::Money => {
            logic::Value::Money(Money { amount: number.to_decimal()?, currency: currency? })
        }
        FieldType::Percent => logic::Value::Percent(number.to_decimal()?),
        FieldType::Date => logic::Value::Date(term::date_of(number)?),
        FieldType::DateTime => logic::Value::DateTime(term::moment_of(number)?),
        _ => logic::Value::Number(number.to_decimal()?),
    })
}
