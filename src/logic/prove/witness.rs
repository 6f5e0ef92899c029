//! A record found by a proof, and how it is told.

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use rustc_hash::FxHashSet;

use crate::logic::{RecordState, Value};
use crate::model::{self, ConfirmationId, Duration, Expr, ExprKind, FieldId, Process, Text, Unit};

use super::node::Key;

/// A record that satisfies what was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// What is known of it. Fields that do not matter to the question are missing.
    pub state: RecordState,
    matters: Matters,
}

/// What of a record matters to the question.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Matters {
    /// In the order of declaration.
    pub(super) fields: Vec<FieldId>,
    pub(super) confirmations: Vec<ConfirmationId>,
    pub(super) events: Vec<String>,
    /// The time in the stage.
    pub(super) stay: bool,
    /// The day of the question.
    pub(super) today: bool,
}

/// Something that is known of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The title of the field, the words of the confirmation, the name of the event; none for the
    /// record itself.
    pub name: Option<Text>,
    /// What is known.
    pub value: KnownValue,
}

/// What is known, as plain data for any language.
#[derive(Clone, Debug, PartialEq)]
pub enum KnownValue {
    /// A field has no value.
    Missing,
    /// A field has a value, whatever it is.
    Present,
    /// The value of a field.
    Is(model::Value),
    /// The titles of the chosen options.
    Options(Vec<Text>),
    /// Whether it is confirmed.
    Confirmed(bool),
    /// When an event happened, in order; never, when there is none.
    Times(Vec<DateTime>),
    /// How long the record has been in its stage; none when it has just come.
    Stay(Option<Duration>),
    /// The day of the question.
    Today(Date),
}

impl Witness {
    pub(super) fn new(state: RecordState, matters: Matters) -> Self {
        Self { state, matters }
    }

    /// The same record without a field's value, a confirmation or the events of a name; `None` when there
    /// is nothing to leave out.
    pub(super) fn without(&self, key: Key<'_>) -> Option<Self> {
        let mut shorter = self.clone();
        match key {
            Key::Field(field) => {
                shorter.state.values.remove(&field)?;
                shorter.matters.fields.retain(|other| *other != field);
            }
            Key::Confirmed(id) => {
                shorter.state.confirmations.remove(&id).then_some(())?;
                shorter.matters.confirmations.retain(|other| *other != id);
            }
            Key::Events(name) => {
                shorter.state.events.retain(|(event, _)| event != name);
                shorter.matters.events.retain(|event| event != name);
            }
            _ => return None,
        }
        Some(shorter)
    }

    /// The same record, of which everything matters that the conditions read: what is missing decides,
    /// too, and who is asked about the record must be told of it.
    #[must_use]
    pub fn told_whole<'e>(
        mut self: Box<Self>,
        conditions: impl IntoIterator<Item = &'e Expr>,
    ) -> Box<Self> {
        let Matters { fields, confirmations, events, stay, .. } = &mut self.matters;
        for condition in conditions {
            condition.walk(&mut |expr| match &expr.kind {
                ExprKind::Field(id) => fields.push(*id),
                ExprKind::Elapsed { field, .. } => fields.push(*field),
                ExprKind::Confirmed(id) => confirmations.push(*id),
                ExprKind::Event { name, .. } => events.push(name.clone()),
                ExprKind::TimeInStage => *stay = true,
                _ => {}
            });
        }
        fields.sort_unstable();
        fields.dedup();
        confirmations.sort_unstable();
        confirmations.dedup();
        let mut seen = FxHashSet::default();
        events.retain(|event| seen.insert(event.clone()));
        self
    }

    /// The fields that matter, missing or not, in the order of declaration.
    pub fn fields(&self) -> &[FieldId] {
        &self.matters.fields
    }

    /// The confirmations that matter, given or not.
    pub fn confirmations(&self) -> &[ConfirmationId] {
        &self.matters.confirmations
    }

    /// The events that matter, whether the record had any or none.
    pub fn events(&self) -> &[String] {
        &self.matters.events
    }

    /// Whether it matters how long the record has been in its stage.
    pub fn stay_matters(&self) -> bool {
        self.matters.stay
    }

    /// Whether a field's text stands for any text at all.
    pub fn is_any_text(&self, field: FieldId) -> bool {
        match self.state.values.get(&field) {
            Some(Value::Text(text) | Value::User(text)) => {
                super::pick::texts().any(|vague| vague == *text)
            }
            _ => false,
        }
    }

    /// What matters about it, in the words of the source and a fixed order: "`company_size` is 70 and
    /// `email` is missing". Empty when nothing matters.
    pub fn tell(&self, process: &Process) -> String {
        let mut parts = Vec::new();
        for field in &self.matters.fields {
            parts.push(self.tell_field(process, *field));
        }
        for id in &self.matters.confirmations {
            let is = if self.state.confirmations.contains(id) { "is" } else { "is not" };
            parts.push(format!("`{}` {is} confirmed", process.confirmations[*id].text.value));
        }
        for name in &self.matters.events {
            parts.push(self.tell_events(name));
        }
        if self.matters.stay {
            let time = length(self.state.entered_stage_at, self.state.now);
            parts.push(match time {
                Some(time) => format!("it has been in the stage for {time}"),
                None => "it has just come into the stage".to_owned(),
            });
        }
        if self.matters.today {
            parts.push(format!("today is {}", self.state.now.date()));
        }
        joined(&parts)
    }

    /// Which of its fields matter, as [`Self::tell`] says it.
    pub fn tell_fields(&self, process: &Process) -> String {
        let fields = self.matters.fields.iter();
        let parts: Vec<String> = fields.map(|field| self.tell_field(process, *field)).collect();
        joined(&parts)
    }

    /// What matters about it, in the order of [`Self::tell`], for those who say it in another language.
    pub fn known(&self, process: &Process) -> Vec<Known> {
        let mut all = Vec::new();
        let mut add = |name: Option<Text>, value| all.push(Known { name, value });
        for id in &self.matters.fields {
            let field = &process.fields[*id];
            add(Some(field.title.clone()), self.known_field(process, *id));
        }
        for id in &self.matters.confirmations {
            let given = self.state.confirmations.contains(id);
            add(Some(process.confirmations[*id].text.clone()), KnownValue::Confirmed(given));
        }
        for name in &self.matters.events {
            let events = self.state.events.iter().filter(|(event, _)| event == name);
            let mut times: Vec<DateTime> = events.map(|(_, at)| *at).collect();
            times.sort_unstable();
            let title = process.event_title(name, process.span);
            add(Some(title), KnownValue::Times(times));
        }
        if self.matters.stay {
            let RecordState { entered_stage_at, now, .. } = self.state;
            add(None, KnownValue::Stay(stay(entered_stage_at, now)));
        }
        if self.matters.today {
            add(None, KnownValue::Today(self.state.now.date()));
        }
        all
    }

    fn known_field(&self, process: &Process, field: FieldId) -> KnownValue {
        let Some(value) = self.state.values.get(&field) else { return KnownValue::Missing };
        let titles = |indices: &[usize]| {
            let options = process.fields[field].ty.options();
            let titles = indices.iter().filter_map(|at| Some(options.get(*at)?.title.clone()));
            KnownValue::Options(titles.collect())
        };
        KnownValue::Is(match value.clone() {
            Value::Text(_) | Value::User(_) if self.is_any_text(field) => {
                return KnownValue::Present;
            }
            Value::Option(_, index) => return titles(&[index]),
            Value::Options(_, all) => return titles(&all.iter().copied().collect::<Vec<_>>()),
            Value::Text(text) | Value::User(text) => model::Value::Text(text),
            Value::Number(number) => model::Value::Number(number.normalize()),
            Value::Percent(percent) => model::Value::Percent(percent.normalize()),
            Value::Money(money) => {
                model::Value::Money(model::Money { amount: money.amount.normalize(), ..money })
            }
            Value::Boolean(is) => model::Value::Boolean(is),
            Value::Date(date) => model::Value::Date(date),
            Value::DateTime(at) => model::Value::DateTime(at),
            Value::Duration(length) => model::Value::Duration(length),
        })
    }

    fn tell_field(&self, process: &Process, field: FieldId) -> String {
        let name = &process.fields[field].name;
        let option = |index: &usize| {
            let options = process.fields[field].ty.options();
            options.get(*index).map_or("", |option| option.name.as_str())
        };
        let source = |value: model::Value| process.value_source(&value);
        let value = match self.state.values.get(&field) {
            None => return format!("`{name}` is missing"),
            Some(Value::Text(_) | Value::User(_)) if self.is_any_text(field) => {
                return format!("`{name}` is present");
            }
            Some(Value::Text(text) | Value::User(text)) => source(model::Value::Text(text.clone())),
            Some(Value::Options(_, options)) => {
                let names: Vec<String> =
                    options.iter().map(|index| format!("`{}`", option(index))).collect();
                return format!("`{name}` has {}", joined(&names));
            }
            Some(Value::Option(_, index)) => format!("`{}`", option(index)),
            Some(Value::Number(n)) => source(model::Value::Number(n.normalize())),
            Some(Value::Percent(n)) => source(model::Value::Percent(n.normalize())),
            Some(Value::Money(money)) => {
                let amount = money.amount.normalize();
                source(model::Value::Money(model::Money { amount, ..*money }))
            }
            Some(Value::Boolean(is)) => source(model::Value::Boolean(*is)),
            Some(Value::Date(date)) => source(model::Value::Date(*date)),
            Some(Value::DateTime(at)) => source(model::Value::DateTime(*at)),
            Some(Value::Duration(length)) => source(model::Value::Duration(*length)),
        };
        format!("`{name}` is {value}")
    }

    /// "one `webinar_attended` 3 days ago", "no `webinar_attended`"
    fn tell_events(&self, name: &str) -> String {
        let mut times: Vec<DateTime> = self
            .state
            .events
            .iter()
            .filter(|(event, _)| event == name)
            .map(|(_, at)| *at)
            .collect();
        times.sort_unstable();
        times.reverse();
        if times.is_empty() {
            return format!("no `{name}`");
        }
        let mut groups: Vec<(DateTime, usize)> = Vec::new();
        for at in times {
            match groups.last_mut() {
                Some((last, count)) if *last == at => *count += 1,
                _ => groups.push((at, 1)),
            }
        }
        let told: Vec<String> = groups
            .iter()
            .map(|(at, count)| {
                let ago = length(*at, self.state.now);
                let ago = ago.map_or_else(|| "just now".to_owned(), |ago| format!("{ago} ago"));
                let count = if *count == 1 { "one".to_owned() } else { count.to_string() };
                format!("{count} `{name}` {ago}")
            })
            .collect();
        joined(&told)
    }
}

/// The time in a stage in its largest unit that is whole; `None` when there is none.
fn stay(from: DateTime, to: DateTime) -> Option<Duration> {
    let seconds = from.duration_until(to).as_secs();
    let units = [(86_400, Unit::Day), (3_600, Unit::Hour), (60, Unit::Minute)];
    let whole = units.into_iter().find(|(size, _)| seconds % size == 0);
    let (size, unit) = whole.unwrap_or((60, Unit::Minute));
    let amount = seconds / size;
    (amount != 0).then(|| Duration { amount: Decimal::from(amount), unit })
}

/// A stretch of time in its largest unit that is whole; `None` when there is none.
fn length(from: DateTime, to: DateTime) -> Option<String> {
    let seconds = from.duration_until(to).as_secs();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (size, unit) = units.into_iter().find(|(size, _)| seconds % size == 0)?;
    let count = seconds / size;
    match count {
        0 => None,
        1 => Some(format!("1 {unit}")),
        _ => Some(format!("{count} {unit}s")),
    }
}

/// "a", "a and b", "a, b and c"
fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
