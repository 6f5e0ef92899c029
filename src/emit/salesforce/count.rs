//! Queries in SOQL that count the records in flight.
//!
//! A blank field is asked for before whatever a denied test would make of it, so that nothing hangs
//! on how `!=` and `NOT` treat it. `OR` and `AND` are never mixed without parentheses.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::diff::Query;
use crate::diff::flight::Ask;
use crate::emit::Context;
use crate::emit::crm::{
    Column, Columns, Day, Entered, Filter, Held, Holding, Origin, Test, asked, gone_on,
};
use crate::model::{CompareOp, FieldType, Process};

use super::held::held;
use super::mapping::{self, Kind, Mapping, Object, Source};
use super::{choices, objects};

/// The queries for an org that was made from the process: for each question one, or why there is
/// none. `context` has the settings of this target.
pub(in crate::emit) fn count(
    context: &Context<'_>,
    asks: &[Result<&Ask, String>],
) -> Vec<Result<Query, String>> {
    let choices = choices::read(context, &mut Vec::new());
    let mapping = mapping::map(context.process, &choices, &mut Vec::new());
    let counter = Counter { process: context.process, mapping: &mapping, held: held(context) };
    let one = |ask: &Result<&Ask, String>| counter.query(ask.clone()?);
    asks.iter().map(one).collect()
}

struct Counter<'a> {
    process: &'a Process,
    mapping: &'a Mapping<'a>,
    held: Vec<Held>,
}

impl Counter<'_> {
    fn query(&self, ask: &Ask) -> Result<Query, String> {
        let held = self.held.iter().find(|held| held.record == ask.record);
        let object = self.mapping.object_of(ask.record);
        let (Some(held), Some(object)) = (held, object) else {
            return Err("Salesforce does not keep records of this type".to_owned());
        };
        if held.stages.is_empty() {
            return Err("records of this type stand in no stage".to_owned());
        }
        let mut parts = Vec::new();
        if object.has_record_types() {
            let choices = self.mapping.choices;
            let names =
                objects::record_type_names(self.process, choices, ask.record, &mut Vec::new());
            parts.push(format!("RecordType.DeveloperName = {}", text(&names.api)));
        }
        if !ask.stages.is_empty() {
            parts.push(format!("{} IN ({})", held.stage, self.stages(held, ask)?));
        } else if object.kind == Kind::Standard {
            // Others of the org have no stage.
            parts.push(format!("{} != null", held.stage));
        }
        let mut wider = self.left(object, ask, &mut parts);
        let columns = self.columns(object, ask);
        let filter = asked(self.process, &columns, ask);
        match filter.filter {
            Filter::All => {}
            Filter::Every(all) => parts.extend(all.iter().map(|part| self.said(part))),
            filter => parts.push(self.said(&filter)),
        }
        wider.extend(filter.wider);
        let mut lines = vec![format!("SELECT COUNT() FROM {}", object.name)];
        for (at, part) in parts.iter().enumerate() {
            lines.push(format!("{} {part}", if at == 0 { "WHERE" } else { "  AND" }));
        }
        Ok(Query { request: None, text: lines.join("\n"), wider })
    }

    fn stages(&self, held: &Held, ask: &Ask) -> Result<String, String> {
        let value = |stage| {
            let found = held.stages.iter().find(|(known, _)| *known == stage);
            found.map(|(_, value)| text(value)).ok_or_else(|| {
                let name = &self.process.stages[stage].name;
                format!("stage `{name}` has no value in Salesforce")
            })
        };
        let values: Result<Vec<String>, String> = ask.stages.iter().map(|id| value(*id)).collect();
        Ok(values?.join(", "))
    }

    /// Leaves out what went on as another record, and tells of what it cannot leave out.
    fn left(&self, object: &Object, ask: &Ask, parts: &mut Vec<String>) -> Vec<String> {
        let mut wider = Vec::new();
        for (later, for_good) in gone_on(self.process, ask) {
            let held = self.held.iter().find(|held| held.record == later);
            let continues = self.process.records[later].from == Some(ask.record);
            let origin = held
                .filter(|_| continues)
                .and_then(|held| held.origin.as_ref().map(|origin| (held.object.as_str(), origin)));
            match origin {
                // The record itself stands elsewhere then.
                Some((_, Origin::Same)) => {}
                Some((_, Origin::Converted { .. })) => parts.push("IsConverted = false".to_owned()),
                Some((name, Origin::Lookup(field))) if for_good => parts
                    .push(format!("Id NOT IN (SELECT {field} FROM {name} WHERE {field} != null)")),
                _ if held.is_some_and(|held| held.object == object.name) => {}
                _ => wider.push(format!(
                    "those that have gone on as `{}` are not told apart",
                    self.process.records[later].name
                )),
            }
        }
        wider
    }

    fn columns(&self, object: &Object, ask: &Ask) -> Columns {
        let mut fields = FxHashMap::default();
        for id in self.process.visible_fields(ask.record) {
            let Some(field) = object.holding(self.process, Source::Field(id)) else { continue };
            let holds = match self.process.fields[id].ty {
                // The only text of a standard object that is longer than a filter takes.
                FieldType::Text if field.name == "Description" => {
                    Holding::Unasked("SOQL cannot ask for a long text")
                }
                FieldType::User => Holding::Opaque("Salesforce knows people by their ids"),
                ref ty => Holding::of(ty),
            };
            fields.insert(id, Column { name: field.name.clone(), holds });
        }
        let confirmed = self.process.confirmations.ids().filter_map(|id| {
            let field = object.holding(self.process, Source::Confirmation(id))?;
            Some((id, field.name.clone()))
        });
        let entered = (object.kind == Kind::Opportunity).then(|| Entered {
            field: "LastStageChangeDate".to_owned(),
            otherwise: Some("CreatedDate".to_owned()),
        });
        Columns {
            language: "SOQL",
            object: object.name.clone(),
            fields,
            confirmations: confirmed.collect(),
            entered,
            excludes: true,
        }
    }

    /// A filter that can stand beside others with `AND`.
    fn said(&self, filter: &Filter) -> String {
        let joined = |parts: &[Filter], word: &str| {
            let parts: Vec<String> = parts.iter().map(|part| self.said(part)).collect();
            format!("({})", parts.join(word))
        };
        match filter {
            Filter::All => "Id != null".to_owned(),
            Filter::Nothing => "Id = null".to_owned(),
            Filter::Every(parts) => joined(parts, " AND "),
            Filter::Any(parts) => joined(parts, " OR "),
            Filter::Is(test) => self.test(test),
        }
    }

    fn test(&self, test: &Test) -> String {
        let list = |values: &[String]| {
            let values: Vec<String> = values.iter().map(|value| text(value)).collect();
            values.join(", ")
        };
        match test {
            Test::There(field, there) => {
                format!("{field} {} null", if *there { "!=" } else { "=" })
            }
            Test::OneOf(field, values, is) => match values.as_slice() {
                [value] => format!("{field} {} {}", if *is { "=" } else { "!=" }, text(value)),
                _ => format!("{field} {} ({})", if *is { "IN" } else { "NOT IN" }, list(values)),
            },
            Test::Holds(field, values, holds) => {
                let word = if *holds { "INCLUDES" } else { "EXCLUDES" };
                format!("{field} {word} ({})", list(values))
            }
            Test::Ticked(field, is) => format!("{field} = {is}"),
            Test::Number(field, op, than) => format!("{field} {} {}", sign(*op), number(*than)),
            Test::Moment(field, op, at) => {
                let zone = TimeZone::get(&self.process.timezone).unwrap_or(TimeZone::UTC);
                let utc = at.to_zoned(zone).map(|at| at.with_time_zone(TimeZone::UTC).datetime());
                let utc = utc.unwrap_or(*at);
                format!("{field} {} {}", sign(*op), utc.strftime("%Y-%m-%dT%H:%M:%SZ"))
            }
            Test::Day { field, after, day, .. } => {
                format!("{field} {} {}", if *after { ">" } else { "<=" }, day_said(*day))
            }
        }
    }
}

/// A day: what compares with it compares with its end when it comes after, or not.
fn day_said(day: Day) -> String {
    match day {
        Day::Ahead(0) => "TODAY".to_owned(),
        // It ends with the last of these days.
        Day::Ahead(days) if days > 0 => format!("NEXT_N_DAYS:{days}"),
        Day::Ahead(days) => format!("N_DAYS_AGO:{}", days.unsigned_abs()),
        Day::On(date) => date.to_string(),
    }
}

fn sign(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Ne => "!=",
        op => op.symbol(),
    }
}

fn number(number: Decimal) -> String {
    number.normalize().to_string()
}

/// A text in quotes.
fn text(said: &str) -> String {
    let mut out = String::from("'");
    for c in said.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}
