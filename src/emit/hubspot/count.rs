//! Searches in HubSpot that count the records in flight: `total` in the answer is their number.
//!
//! A search is a list of groups, of which one must hold; a group is a list of filters, all of which
//! must. It knows no today: days are those around the day for which it is written.

use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use crate::diff::Query;
use crate::diff::flight::Ask;
use crate::emit::Context;
use crate::emit::crm::{
    Column, Columns, Day, Entered, Filter, Held, Holding, Test, asked, every, gone_on,
};
use crate::model::{CompareOp, FieldType, Process, RecordId};

use super::held::held;
use super::properties::Source;
use super::{Object, objects, slug};

/// The most groups of a search. These limits are those of HubSpot's guide to its search, "Search the CRM"; its changelog
/// of August 2024 promised more, ten in a group and 25 in all.
const GROUPS: usize = 5;
/// The most filters of a group.
const IN_GROUP: usize = 6;
/// The most filters of a search.
const FILTERS: usize = 18;

/// The searches in an account that was made from the process: for each question one, or why there is
/// none. `context` has the settings of this target.
pub(in crate::emit) fn count(
    context: &Context<'_>,
    asks: &[Result<&Ask, String>],
    today: Date,
) -> Vec<Result<Query, String>> {
    let process = context.process;
    let (objects, _) = objects(context, &slug(&process.name), &mut Vec::new());
    let counter = Counter { process, objects, held: held(context), today };
    let one = |ask: &Result<&Ask, String>| counter.query(ask.clone()?);
    asks.iter().map(one).collect()
}

struct Counter<'a> {
    process: &'a Process,
    objects: Vec<Object>,
    held: Vec<Held>,
    today: Date,
}

/// Filters that must all hold.
type Group = Vec<Value>;

impl Counter<'_> {
    fn query(&self, ask: &Ask) -> Result<Query, String> {
        let object = self.objects.iter().find(|object| object.records.contains(&ask.record));
        let held = self.held.iter().find(|held| held.record == ask.record);
        let (Some(object), Some(held)) = (object, held) else {
            let name = &self.process.records[ask.record].name;
            return Err(format!("record type `{name}` has no object in HubSpot"));
        };
        let pipeline = object.pipelines.iter().find(|pipeline| pipeline.record == ask.record);
        let Some(pipeline) = pipeline else {
            return Err("records of this type stand in no stage".to_owned());
        };
        let field = if object.name == "deals" { "pipeline" } else { "hs_pipeline" };
        // The ids of stages tell the pipeline too.
        let mut first = vec![filter(field, "EQ", json!(pipeline.id))];
        if !ask.stages.is_empty() {
            let stages: Result<Vec<&str>, String> = ask
                .stages
                .iter()
                .map(|stage| {
                    let known = held.stages.iter().find(|(known, _)| known == stage);
                    known.map(|(_, id)| id.as_str()).ok_or_else(|| {
                        let name = &self.process.stages[*stage].name;
                        format!("stage `{name}` is not in the pipeline")
                    })
                })
                .collect();
            first = vec![listed(held.stage, "IN", &stages?)];
        }
        let asked = asked(self.process, &columns(self.process, object, ask.record), ask);
        let mut wider: Vec<String> = gone_on(self.process, ask)
            .into_iter()
            .filter(|(later, _)| !object.records.contains(later))
            .map(|(later, _)| {
                let name = &self.process.records[later].name;
                format!("those that have gone on as `{name}` are not told apart")
            })
            .collect();
        wider.extend(asked.wider);
        let (groups, is_cut) = self.groups(&asked.filter, first.len());
        if is_cut {
            wider.push(format!(
                "it asks more than a search can hold: {GROUPS} groups, {IN_GROUP} filters in each, {FILTERS} in all"
            ));
        }
        let groups: Vec<Value> = groups
            .into_iter()
            .map(|group| {
                let filters: Group = first.iter().cloned().chain(group).collect();
                json!({ "filters": filters })
            })
            .collect();
        let body = json!({ "filterGroups": groups, "limit": 1 });
        let request = format!("POST /crm/v3/objects/{}/search", object.name);
        Ok(Query { request: Some(request), text: format!("{body:#}"), wider })
    }

    /// The groups of a filter. While they are more than a search can hold, a part of what must hold
    /// together is left open: whether that was so comes second. `taken`: how many filters each
    /// group has besides.
    fn groups(&self, filter: &Filter, taken: usize) -> (Vec<Group>, bool) {
        let mut parts = match filter {
            Filter::Every(parts) => parts.clone(),
            filter => vec![filter.clone()],
        };
        let mut is_cut = false;
        loop {
            if let Some(groups) = self.alternatives(&every(parts.clone())).map(none_as_never)
                && groups.len() <= GROUPS
                && groups.iter().all(|group| group.len() + taken <= IN_GROUP)
                && groups.iter().map(|group| group.len() + taken).sum::<usize>() <= FILTERS
            {
                return (groups, is_cut);
            }
            is_cut = true;
            // The one that takes most room goes.
            let room = |part: &Filter| {
                let groups = self.alternatives(part);
                groups.map_or(usize::MAX, |groups| groups.iter().map(Vec::len).sum())
            };
            let largest = (0..parts.len()).max_by_key(|at| parts.get(*at).map(room));
            match largest {
                Some(at) => parts.remove(at),
                None => return (vec![Vec::new()], is_cut),
            };
        }
    }

    /// The filter as alternatives that some record can satisfy; `None` when they are by far too many.
    fn alternatives(&self, filter: &Filter) -> Option<Vec<Group>> {
        Some(match filter {
            Filter::All => vec![Vec::new()],
            Filter::Nothing => vec![vec![bare("hs_object_id", "NOT_HAS_PROPERTY")]],
            Filter::Any(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    all.extend(self.alternatives(part)?);
                }
                all
            }
            Filter::Every(parts) => {
                let mut all: Vec<Group> = vec![Vec::new()];
                for part in parts {
                    let each = self.alternatives(part)?;
                    if all.len() * each.len() > GROUPS {
                        return None;
                    }
                    let with = |before: &Group| {
                        let before = before.clone();
                        each.iter()
                            .map(move |group| {
                                let mut both = before.clone();
                                both.extend(group.iter().filter(|f| !before.contains(f)).cloned());
                                both
                            })
                            .collect::<Vec<Group>>()
                    };
                    all = all.iter().flat_map(with).filter_map(possible).collect();
                }
                all
            }
            Filter::Is(test) => self.test(test),
        })
    }

    fn test(&self, test: &Test) -> Vec<Group> {
        let one = |filter: Value| vec![vec![filter]];
        match test {
            Test::There(field, true) => one(bare(field, "HAS_PROPERTY")),
            Test::There(field, false) => one(bare(field, "NOT_HAS_PROPERTY")),
            Test::OneOf(field, values, is) => match values.as_slice() {
                [value] => one(filter(field, if *is { "EQ" } else { "NEQ" }, json!(value))),
                _ => one(listed(field, if *is { "IN" } else { "NOT_IN" }, values)),
            },
            Test::Holds(field, values, is) => {
                one(listed(field, if *is { "IN" } else { "NOT_IN" }, values))
            }
            Test::Ticked(field, true) => one(filter(field, "EQ", json!("true"))),
            // A box that nobody has touched has no value.
            Test::Ticked(field, false) => vec![
                vec![filter(field, "EQ", json!("false"))],
                vec![bare(field, "NOT_HAS_PROPERTY")],
            ],
            Test::Number(field, op, than) => {
                one(filter(field, operator(*op), json!(than.normalize().to_string())))
            }
            Test::Moment(field, op, at) => {
                one(filter(field, operator(*op), json!(self.moment(*at).to_string())))
            }
            Test::Day { field, moments, after, day } => {
                let day = match day {
                    Day::On(day) => Some(*day),
                    Day::Ahead(days) => {
                        let days = Span::new().try_days(*days).ok();
                        days.and_then(|days| self.today.checked_add(days).ok())
                    }
                };
                let Some(day) = day else { return one(bare(field, "HAS_PROPERTY")) };
                if *moments {
                    // The first moment of the next day.
                    let next = day.tomorrow().unwrap_or(day).to_datetime(Time::midnight());
                    let word = if *after { "GTE" } else { "LT" };
                    return one(filter(field, word, json!(self.moment(next).to_string())));
                }
                // A date is kept as midnight in UTC.
                let word = if *after { "GT" } else { "LTE" };
                let midnight = day.to_datetime(Time::midnight()).to_zoned(TimeZone::UTC);
                let midnight = midnight.map_or(0, |at| at.timestamp().as_millisecond());
                one(filter(field, word, json!(midnight.to_string())))
            }
        }
    }

    /// Milliseconds from the beginning of 1970.
    fn moment(&self, at: DateTime) -> i64 {
        let zone = TimeZone::get(&self.process.timezone).unwrap_or(TimeZone::UTC);
        at.to_zoned(zone).map_or(0, |at| at.timestamp().as_millisecond())
    }
}

/// What filters can ask of a record type that an object keeps.
pub(super) fn columns(process: &Process, object: &Object, record: RecordId) -> Columns {
    let of = |source| object.properties.all.iter().find(|of| of.source == source);
    let mut fields = FxHashMap::default();
    for id in process.visible_fields(record) {
        let field = &process.fields[id];
        let Some(property) = object.properties.holding(id) else { continue };
        let holds = match (&field.ty, property.name.as_str()) {
            (FieldType::Date, "closedate") => Holding::Moment,
            (FieldType::OneOf(options) | FieldType::ManyOf(options), _)
                if property.body.is_none() && !options.is_empty() =>
            {
                Holding::Opaque("what a property that was there calls its options is not known")
            }
            (ty, _) => Holding::of(ty),
        };
        fields.insert(id, Column { name: property.name.clone(), holds });
    }
    let confirmed = process.confirmations.ids();
    let confirmations =
        confirmed.filter_map(|id| Some((id, of(Source::Confirmation(id))?.name.clone())));
    // HubSpot keeps it for every record that stands in a pipeline.
    let entered =
        Some(Entered { field: "hs_v2_date_entered_current_stage".to_owned(), otherwise: None });
    Columns {
        language: "HubSpot",
        object: object.name.clone(),
        fields,
        confirmations: confirmations.collect(),
        entered,
        excludes: false,
    }
}

/// When there is no alternative, one that never holds.
fn none_as_never(groups: Vec<Group>) -> Vec<Group> {
    if groups.is_empty() { vec![vec![bare("hs_object_id", "NOT_HAS_PROPERTY")]] } else { groups }
}

/// The group without what it need not ask; `None` when no record can satisfy it.
fn possible(group: Group) -> Option<Group> {
    let part = |filter: &Value, key: &str| filter.get(key).cloned().unwrap_or_default();
    let of = |filter: &Value| (part(filter, "propertyName"), part(filter, "operator"));
    let opposite =
        |a: &str, b: &str| [("EQ", "NEQ"), ("GT", "LTE"), ("GTE", "LT")].contains(&(a, b));
    let mut kept = Vec::new();
    for filter in &group {
        let (property, operator) = of(filter);
        let mut asks_more = false;
        for other in group.iter().filter(|other| *other != filter) {
            let (other_property, other_operator) = of(other);
            if property != other_property {
                continue;
            }
            // Of a blank property nothing else holds.
            if operator == "NOT_HAS_PROPERTY" {
                return None;
            }
            let same = part(filter, "value") == part(other, "value");
            let (a, b) = (operator.as_str()?, other_operator.as_str()?);
            if same && opposite(a, b) {
                return None;
            }
            asks_more |= !matches!(b, "NEQ" | "NOT_IN");
        }
        if !(operator == "HAS_PROPERTY" && asks_more) {
            kept.push(filter.clone());
        }
    }
    Some(kept)
}

fn operator(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "EQ",
        CompareOp::Ne => "NEQ",
        CompareOp::Lt => "LT",
        CompareOp::Le => "LTE",
        CompareOp::Gt => "GT",
        CompareOp::Ge => "GTE",
    }
}

fn bare(field: &str, operator: &str) -> Value {
    json!({ "propertyName": field, "operator": operator })
}

fn filter(field: &str, operator: &str, value: Value) -> Value {
    json!({ "propertyName": field, "operator": operator, "value": value })
}

fn listed<T: AsRef<str>>(field: &str, operator: &str, values: &[T]) -> Value {
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    json!({ "propertyName": field, "operator": operator, "values": values })
}
