//! Values for numbers that depend on each other.

use jiff::civil::DateTime;

use crate::logic::{business, duration};
use crate::model::{Duration, FieldType};

use super::dates;
use super::domain::{Interval, Values};
use super::linear::{Limit, System, Verdict};
use super::node::{Key, Slot};
use super::pick;
use super::ratio::Ratio;
use super::search::Search;

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

impl Search<'_, '_> {
    /// Whether a number is chosen before (smaller) or after another. Whole numbers come first: the
    /// others fit in between.
    pub(super) fn choosing_order(&self, slot: Slot) -> (u8, bool, Slot) {
        let variable = self.question.variables.get(slot);
        let key = variable.map(|variable| variable.key);
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
        (order, variable.is_some_and(|variable| !variable.whole), slot)
    }

    /// Values for the numbers in linear constraints.
    pub(super) fn choose_numbers(&self, style: u32) -> Numbers {
        self.choose_numbers_of(None, style)
    }

    /// The same when the constraints have just been solved.
    pub(super) fn choose_numbers_of(&self, solved: Option<System>, style: u32) -> Numbers {
        if self.rows.is_empty() {
            return Numbers::Some(Vec::new());
        }
        let mut left = MOST_PARTS;
        self.choose_parts(solved, &mut Vec::new(), style, &mut left)
    }

    /// The same with some numbers held to a part of their set. Of the others, those whose sets have
    /// several parts are held to one after the other.
    fn choose_parts(
        &self,
        solved: Option<System>,
        held: &mut Vec<(Slot, Interval)>,
        style: u32,
        left: &mut u32,
    ) -> Numbers {
        let verdict = match solved {
            Some(system) => Verdict::Feasible(system),
            None => self.numbers_within(held),
        };
        let system = match verdict {
            Verdict::Unknown => return Numbers::Unknown,
            Verdict::Infeasible => return Numbers::None,
            Verdict::Feasible(system) => system,
        };
        let free = |slot: &Slot| held.iter().all(|(s, _)| s != slot);
        let slots = system.slots();
        let set_of = |slot: Slot| match self.domains.get(slot).map(|domain| &domain.values) {
            Some(Values::Numbers(set)) => Some(set),
            _ => None,
        };
        let mut split = slots.iter().copied().filter(free).find_map(|slot| {
            let pieces = &set_of(slot)?.pieces;
            (pieces.len() > 1).then(|| (slot, pieces.clone()))
        });
        if split.is_none() {
            let mut tries = MOST_TRIES;
            let mut chosen = Vec::new();
            if self.choose_values(&system, &slots, &mut chosen, style, &mut tries) {
                return Numbers::Some(chosen);
            }
            // Broken numbers would fit, or others were tried than fit: a few whole ones can all be tried.
            split = slots.iter().copied().filter(free).find_map(|slot| {
                let whole = self.question.variables.get(slot)?.whole;
                let points = pick::few_whole(set_of(slot)?.hull()?).filter(|_| whole)?;
                Some((slot, points))
            });
        }
        let Some((slot, parts)) = split else { return Numbers::Unknown };
        let mut unknown = false;
        for part in parts {
            if *left == 0 {
                return Numbers::Unknown;
            }
            *left -= 1;
            held.push((slot, part));
            let numbers = self.choose_parts(None, held, style, left);
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
                let today = dates::days(now.date());
                let now = if variable.key == Key::Today { today } else { dates::seconds(now) };
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
            FieldType::Date => Some(Ratio::from(dates::days(now.date()))),
            FieldType::DateTime => Some(Ratio::from(dates::seconds(now))),
            _ => None,
        }
    }

    pub(super) fn is_date(&self, slot: Slot) -> bool {
        match self.question.variables.get(slot).map(|variable| variable.key) {
            Some(Key::Today) => true,
            Some(Key::Field(field)) => {
                matches!(self.question.process.fields[field].ty, FieldType::Date)
            }
            _ => false,
        }
    }

    pub(super) fn now_of(&self, chosen: &Chosen) -> DateTime {
        let find = |key| {
            let slot = self.question.variables.iter().position(|v| v.key == key)?;
            value_of(chosen, slot)
        };
        let now = self.question.now;
        if let Some(at) = find(Key::Now).and_then(dates::moment_of) {
            return at;
        }
        match find(Key::Today).and_then(dates::date_of) {
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
            return Some(Ratio::from(dates::seconds(end) - dates::seconds(entered)));
        }
        if self.is_date(base) {
            let to = duration::add_to_date(dates::date_of(value)?, length, calendar)?;
            return Some(Ratio::from(dates::days(to)));
        }
        let to = duration::add(dates::moment_of(value)?, length, calendar)?;
        Some(Ratio::from(dates::seconds(to)))
    }

    pub(super) fn entered(&self, chosen: &Chosen, stay: Ratio) -> Option<DateTime> {
        let now = Ratio::from(dates::seconds(self.now_of(chosen)));
        dates::moment_of(now.sub(stay)?)
    }

    /// The value from which just so much working time has passed as has been chosen.
    pub(super) fn worked_from(&self, slot: Slot, chosen: &Chosen) -> Option<Ratio> {
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
            return Some(Ratio::from(dates::days(date)));
        }
        let at = business::add_working_seconds(calendar, now, back)?;
        if variables.get(slot).map(|v| v.key) == Some(Key::Stay) {
            return Some(Ratio::from(dates::seconds(now) - dates::seconds(at)));
        }
        Some(Ratio::from(dates::seconds(at)))
    }
}

pub(super) fn value_of(chosen: &Chosen, slot: Slot) -> Option<Ratio> {
    chosen.iter().find(|(s, _)| *s == slot).map(|(_, value)| *value)
}
