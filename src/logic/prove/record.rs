//! From what has been chosen to a record: values for every fact that matters.

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use crate::logic::{self, RecordState};
use crate::model::{FieldId, FieldType, Money};

use super::dates;
use super::domain::{Domain, Values};
use super::events;
use super::node::{Had, Key, Slot};
use super::numbers::{Chosen, Numbers, value_of};
use super::pick;
use super::ratio::Ratio;
use super::search::Search;
use super::witness::{Matters, Witness};

/// How many ways are tried to make a record of the same choices.
pub(super) const STYLES: u32 = 5;

impl<'a> Search<'_, 'a> {
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

    /// Whether what has been chosen is no proof that there is no such record: there is one, or it
    /// cannot be told.
    pub(super) fn is_left_open(&mut self, confirm: &dyn Fn(&RecordState) -> bool) -> bool {
        let solved = self.solved.take();
        let asks_for_points =
            self.question.scores.iter().any(|rules| self.touched.get(rules.slot) == Some(&true));
        // Whatever becomes of it, a record of these numbers is found, or searched for in vain.
        let has_numbers = !asks_for_points
            && self.same.is_empty()
            && matches!(self.choose_numbers_of(solved, 0), Numbers::Some(_));
        has_numbers || self.witness_with_points(confirm).is_some()
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
                        dates::moment_of(Ratio::from(dates::seconds(now)).sub(stay)?)?;
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
            let today = Decimal::from(dates::days(now.date()));
            let now = if variable.key == Key::Today { today } else { dates::seconds(now).into() };
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

/// Today or now as a number, for fields that hold dates and points in time.
fn declared_now(ty: &FieldType, now: DateTime) -> Option<Decimal> {
    match ty {
        FieldType::Date => Some(dates::days(now.date()).into()),
        FieldType::DateTime => Some(dates::seconds(now).into()),
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
        FieldType::Date => logic::Value::Date(dates::date_of(number)?),
        FieldType::DateTime => logic::Value::DateTime(dates::moment_of(number)?),
        _ => logic::Value::Number(number.to_decimal()?),
    })
}
