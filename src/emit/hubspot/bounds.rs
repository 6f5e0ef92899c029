//! Rules of properties: which values HubSpot refuses, because they are beyond the bounds of a field.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};

use crate::emit::crm::{cell, code};
use crate::emit::enforcement::{Demand, Hold};
use crate::model::{Field, FieldId, FieldType, Process, Value};

use super::Object;
use super::properties::{Property, Source};

/// Where HubSpot does not ask for rules of properties.
const EXCEPT: &str = "workflows, and forms made in the older editor";

/// The rule of how many decimals a number has.
const DECIMAL: &str = "DECIMAL";

/// A rule of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// `MIN_NUMBER`
    pub(super) kind: &'static str,
    /// What it is measured by: a number, or a point in time in milliseconds.
    argument: String,
    /// `at least 5`
    said: String,
}

impl Rule {
    /// The body of the request that sets it.
    pub(super) fn body(&self) -> Json {
        json!({ "ruleArguments": [self.argument] })
    }
}

/// How the interface for rules of properties calls an object.
pub(super) fn type_id(object: &str) -> &str {
    match object {
        "contacts" => "0-1",
        "companies" => "0-2",
        "deals" => "0-3",
        "tickets" => "0-5",
        "leads" => "0-136",
        "appointments" => "0-421",
        "courses" => "0-410",
        "listings" => "0-420",
        "orders" => "0-123",
        "services" => "0-162",
        custom => custom,
    }
}

/// The rules of a property that is created. Several record types may share it: then only what is
/// beyond the bounds of all of them is refused.
pub(super) fn rules(process: &Process, property: &Property) -> Vec<Rule> {
    if property.body.is_some() { widest(process, property) } else { Vec::new() }
}

/// What lies within the bounds of every field that the property holds.
fn widest(process: &Process, property: &Property) -> Vec<Rule> {
    let Source::Field(first) = property.source else { return Vec::new() };
    let fields = || std::iter::once(first).chain(property.shared.iter().copied());
    let fields = || fields().map(|id| &process.fields[id]);
    let widest = |of: fn(&Field) -> Option<&Value>, sign: i64| {
        let all: Option<Vec<&Value>> = fields().map(of).collect();
        let number =
            |value: &&Value| measure(process, value).map(|number| number * Decimal::from(sign));
        all?.into_iter().min_by_key(number)
    };
    let mut rules = Vec::new();
    let is_whole = fields().all(|field| field.ty == FieldType::Integer);
    if let Some(least) = widest(|field| field.at_least.as_ref(), 1) {
        rules.extend(rule(process, least, true));
    }
    if let Some(most) = widest(|field| field.at_most.as_ref(), -1) {
        rules.extend(rule(process, most, false));
    }
    if is_whole {
        let said = "without decimals".to_owned();
        rules.push(Rule { kind: DECIMAL, argument: "0".to_owned(), said });
    }
    rules
}

/// A bound as HubSpot measures it.
fn measure(process: &Process, value: &Value) -> Option<Decimal> {
    let milliseconds = |at: jiff::Zoned| Decimal::from(at.timestamp().as_millisecond());
    match value {
        Value::Number(number) | Value::Percent(number) => Some(*number),
        Value::Money(money) => Some(money.amount),
        // HubSpot keeps a day as the midnight, in UTC, that it begins with.
        Value::Date(day) => {
            let midnight = day.to_datetime(Time::midnight()).to_zoned(TimeZone::UTC);
            midnight.ok().map(milliseconds)
        }
        Value::DateTime(at) => {
            let zone = TimeZone::get(&process.timezone).unwrap_or(TimeZone::UTC);
            at.to_zoned(zone).ok().map(milliseconds)
        }
        Value::Text(_) | Value::Boolean(_) | Value::Duration(_) | Value::Option(..) => None,
    }
}

fn rule(process: &Process, bound: &Value, is_least: bool) -> Option<Rule> {
    let kind = match (bound, is_least) {
        (Value::Date(_), true) => "START_DATE",
        (Value::Date(_), false) => "END_DATE",
        (Value::DateTime(_), true) => "START_DATETIME",
        (Value::DateTime(_), false) => "END_DATETIME",
        (_, true) => "MIN_NUMBER",
        (_, false) => "MAX_NUMBER",
    };
    let argument = measure(process, bound)?.normalize().to_string();
    let said = match bound {
        Value::Date(day) => day.to_string(),
        Value::DateTime(at) => format!("{at} ({})", process.timezone),
        _ => argument.clone(),
    };
    let word = if is_least { "at least" } else { "at most" };
    Some(Rule { kind, argument, said: format!("{word} {said}") })
}

fn has_bounds(field: &Field) -> bool {
    field.at_least.is_some() || field.at_most.is_some()
}

/// What the table of properties says of one.
pub(super) fn remark(process: &Process, property: &Property) -> Option<String> {
    let rules = rules(process, property);
    if !rules.is_empty() {
        return Some(rules.iter().map(|rule| rule.said.as_str()).collect::<Vec<_>>().join(", "));
    }
    let Source::Field(id) = property.source else { return None };
    has_bounds(&process.fields[id]).then(|| "without its bounds".to_owned())
}

/// Properties that HubSpot has already hold the values of other processes, too: their rules are for
/// people to decide.
pub(super) fn steps(process: &Process, objects: &[Object], steps: &mut Vec<String>) {
    for object in objects {
        for property in object.properties.all.iter().filter(|property| property.body.is_none()) {
            let Source::Field(first) = property.source else { continue };
            let mut titles: Vec<String> = Vec::new();
            for id in std::iter::once(first).chain(property.shared.iter().copied()) {
                let title = format!("“{}”", cell(&process.fields[id].title.value));
                if !titles.contains(&title) {
                    titles.push(title);
                }
            }
            let rules = widest(process, property).into_iter().filter(|rule| rule.kind != DECIMAL);
            let said: Vec<String> = rules.map(|rule| rule.said).collect();
            if !said.is_empty() {
                steps.push(format!(
                    "In the settings of the property {} of {}, add a rule for {}: {}. It holds for all records of the object.",
                    code(&property.name),
                    code(&object.name),
                    titles.join(" and "),
                    said.join(", "),
                ));
            }
        }
    }
}

/// How strictly the bounds of fields are held to.
pub(super) fn holds(process: &Process, object: &Object, holds: &mut FxHashMap<Demand, Hold>) {
    for property in &object.properties.all {
        let Source::Field(first) = property.source else { continue };
        let found = widest(process, property);
        let own = |id: &FieldId| object.records.contains(&process.fields[*id].record);
        for id in std::iter::once(first).chain(property.shared.iter().copied()).filter(own) {
            let field = &process.fields[id];
            if !has_bounds(field) {
                continue;
            }
            let sides = [(&field.at_least, true), (&field.at_most, false)];
            let mut asked = sides
                .into_iter()
                .filter_map(|(bound, is_least)| rule(process, bound.as_ref()?, is_least));
            let hold = match () {
                () if asked.all(|rule| found.contains(&rule)) => match &property.body {
                    Some(_) => Hold::Enforced { except: Some(EXCEPT.to_owned()) },
                    None => Hold::Documented(format!(
                        "`{}` is a property that HubSpot has already: its rule is a step by hand",
                        property.name
                    )),
                },
                () => Hold::Documented(format!(
                    "`{}` is the property of another record type, too, whose bounds are wider",
                    property.name
                )),
            };
            holds.insert(Demand::Bounds(id), hold);
        }
    }
}
