//! Scores: the bodies of the requests that draft them, and what they leave to people.
//!
//! HubSpot scores contacts, companies and deals. A score has groups of fit, whose rules ask for
//! properties, and groups of engagement, whose rules ask for events and may fade. The form is that of
//! its API description, version 2027-03-beta ("Marketing Lead Scoring").

mod conditions;
mod steps;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use crate::emit::crm::{Columns, one_line};
use crate::emit::sentence::Sentences;
use crate::logic::duration::average_minutes;
use crate::model::{Category, Duration, ExprKind, FieldId, Points, Process, Score, ScoreId, Unit};

use super::choices::Choices;
use super::{Object, count, object};

pub(super) use steps::{steps, table};

/// The limits that HubSpot offers for a score, of which it takes the least that suffices.
const LIMITS: [i64; 4] = [100, 500, 1_000, 10_000];

/// A score as HubSpot can keep it.
#[derive(Debug)]
pub(super) struct Scoring {
    /// The score.
    pub(super) score: ScoreId,
    /// The object whose records it rates: `contacts`.
    pub(super) object: String,
    /// The body of the request that drafts it; none when no rule can be said.
    pub(super) body: Option<Value>,
    /// What people add to the draft.
    pub(super) left: Vec<Left>,
    /// The limit of a group that no request carries, by its category: people set it with the group.
    limits: Vec<(Category, Decimal)>,
}

/// A part of a score that no request carries.
#[derive(Debug)]
pub(super) enum Left {
    /// The rule at this place of the score, and why.
    Rule(usize, String),
    /// What holds down the points of several groups together: a category, or all.
    Cap(Option<Category>, Decimal),
    /// More points than HubSpot counts.
    Limit,
}

/// The objects whose records are scored.
pub(super) const SCORED: &[&str] = &["contacts", "companies", "deals"];

/// The object whose records a score rates: the one that was chosen, or contacts for those that HubSpot
/// does not score, such as leads. None, when it knows nothing of the record type.
pub(super) fn scored<'c>(process: &Process, choices: &'c Choices, id: ScoreId) -> Option<&'c str> {
    if let Some(chosen) = choices.scores.get(&id) {
        return Some(chosen);
    }
    let kept = choices.objects.get(&process.scores[id].record)?;
    Some(if kept == "deals" { "deals" } else { "contacts" })
}

/// The scores of the objects.
pub(super) fn scorings(process: &Process, choices: &Choices, objects: &[Object]) -> Vec<Scoring> {
    let one = |id: ScoreId| {
        let name = scored(process, choices, id)?;
        let object = objects.iter().find(|object| object.name == name);
        let nothing = Object::named(name);
        let mut columns =
            count::columns(process, object.unwrap_or(&nothing), process.scores[id].record);
        (columns.excludes, columns.entered) = (true, None);
        Some(Writer { process, choices, columns, score: &process.scores[id] }.write(id, name))
    };
    process.scores.ids().filter(|id| !process.scores[*id].broken).filter_map(one).collect()
}

/// The weighted points of a rule: HubSpot has no weights.
fn weighed(score: &Score, category: Category, points: Decimal) -> Decimal {
    match of(&score.weights, category) {
        Some(weight) => (points * weight / Decimal::ONE_HUNDRED).normalize(),
        None => points.normalize(),
    }
}

fn of(pairs: &[(Category, Decimal)], category: Category) -> Option<Decimal> {
    pairs.iter().find(|(of, _)| *of == category).map(|(_, value)| *value)
}

/// The most that a category holds its points to, weighted.
fn cap(score: &Score, category: Category) -> Option<Decimal> {
    of(&score.caps, category).map(|cap| weighed(score, category, cap))
}

/// The rules of a category, by the way in which their points fade.
fn groups(score: &Score, category: Category) -> Vec<(Option<Duration>, Vec<usize>)> {
    let mut groups: Vec<(Option<Duration>, Vec<usize>)> = Vec::new();
    for (at, rule) in score.points.iter().enumerate().filter(|(_, rule)| rule.category == category)
    {
        match groups.iter_mut().find(|(half, _)| *half == rule.halves_every) {
            Some((_, rules)) => rules.push(at),
            None => groups.push((rule.halves_every, vec![at])),
        }
    }
    groups
}

/// The most and the least that the rules of a category give, before its cap.
fn reach(score: &Score, category: Category) -> (Decimal, Decimal) {
    let rules = score.points.iter().filter(|rule| rule.category == category);
    rules.map(|rule| weighed(score, category, rule.points)).fold(
        (Decimal::ZERO, Decimal::ZERO),
        |(most, least), points| {
            (most + points.max(Decimal::ZERO), least + points.min(Decimal::ZERO))
        },
    )
}

/// How HubSpot calls a category.
fn kind(category: Category) -> &'static str {
    match category {
        Category::Fit => "FIT",
        Category::Behavior => "INTENT",
    }
}

const CATEGORIES: [Category; 2] = [Category::Fit, Category::Behavior];

struct Writer<'a> {
    process: &'a Process,
    choices: &'a Choices,
    columns: Columns,
    score: &'a Score,
}

impl Writer<'_> {
    fn write(&self, id: ScoreId, object: &str) -> Scoring {
        let mut left = Vec::new();
        let (mut configs, mut limits) = (Vec::new(), Vec::new());
        let caps = self.caps(&mut left);
        for (category, cap) in CATEGORIES.into_iter().zip(caps) {
            for (half, rules) in groups(self.score, category) {
                match self.group(category, half, &rules, cap, &mut left) {
                    Some(config) => configs.push(config),
                    None => limits.extend(cap.map(|cap| (category, cap))),
                }
            }
        }
        // Those, too, of which people add the groups.
        let has =
            |category: &Category| self.score.points.iter().any(|one| one.category == *category);
        let categories: Vec<&str> = CATEGORIES.into_iter().filter(has).map(kind).collect();
        let most = CATEGORIES.into_iter().flat_map(|category| {
            let (most, least) = reach(self.score, category);
            [most, -least]
        });
        let most = most.max().unwrap_or_default();
        let limit = LIMITS.into_iter().find(|limit| most <= Decimal::from(*limit));
        if limit.is_none() {
            left.push(Left::Limit);
        }
        let body = (!configs.is_empty()).then(|| {
            json!({
                "name": one_line(&self.score.title.value),
                "objectTypeId": super::bounds::type_id(object),
                "allowedGroupTypes": categories,
                "maxScorePerCategory": limit.unwrap_or(10_000),
                "groupConfigs": configs,
            })
        });
        Scoring { score: id, object: object.to_owned(), body, left, limits }
    }

    /// The limit of the one group of each category. What it would take to hold several groups down
    /// together is left; what is out of reach is none.
    fn caps(&self, left: &mut Vec<Left>) -> [Option<Decimal>; 2] {
        let score = self.score;
        let mut total = Decimal::ZERO;
        let mut caps = CATEGORIES.map(|category| {
            let (most, _) = reach(score, category);
            let cap = cap(score, category).filter(|cap| *cap < most);
            total += cap.unwrap_or(most);
            if cap.is_some() && groups(score, category).len() > 1 {
                left.extend(cap.map(|cap| Left::Cap(Some(category), cap)));
                return None;
            }
            cap
        });
        if let Some(cap) = score.total_cap.filter(|cap| *cap < total) {
            let [fit, behavior] = CATEGORIES.map(|category| groups(score, category).len());
            match (fit, behavior, &mut caps) {
                (1, 0, [own, _]) | (0, 1, [_, own]) => *own = Some(cap.normalize()),
                _ => left.push(Left::Cap(None, cap.normalize())),
            }
        }
        caps
    }

    /// The rules of a category that fade alike, as far as they can be said.
    fn group(
        &self,
        category: Category,
        half: Option<Duration>,
        rules: &[usize],
        cap: Option<Decimal>,
        left: &mut Vec<Left>,
    ) -> Option<Value> {
        let decay = match half.map(|half| whole_days(self.process, half)) {
            None => None,
            Some(Some(days)) => {
                Some(json!({ "decayIntervalDays": days, "percentToDecayPerInterval": 50 }))
            }
            Some(None) => {
                let why = "HubSpot lets points fade by days, one at least".to_owned();
                left.extend(rules.iter().map(|at| Left::Rule(*at, why.clone())));
                return None;
            }
        };
        let mut configurations = Vec::new();
        for at in rules {
            let Some(rule) = self.score.points.get(*at) else { continue };
            match self.rule(category, rule) {
                Ok(calculations) => configurations.extend(calculations),
                Err(why) => left.push(Left::Rule(*at, why)),
            }
        }
        if configurations.is_empty() {
            return None;
        }
        Some(object([
            ("groupName", Some(json!(self.group_name(category, half)))),
            ("groupCategory", Some(json!(kind(category)))),
            ("maxValue", cap.map(number)),
            ("groupDecay", decay),
            ("ruleConfigurations", Some(Value::Array(configurations))),
        ]))
    }

    fn group_name(&self, category: Category, half: Option<Duration>) -> String {
        let name = match category {
            Category::Fit => "Fit",
            Category::Behavior => "Behavior",
        };
        match half {
            Some(half) => {
                let half = Sentences::new(self.process, "en").duration(half);
                format!("{name}, halves every {half}")
            }
            None => name.to_owned(),
        }
    }

    /// The rules of HubSpot that together give the points of one, or why there are none.
    fn rule(&self, category: Category, rule: &Points) -> Result<Vec<Value>, String> {
        let points = weighed(self.score, category, rule.points);
        let mut asks_events = false;
        rule.when.walk(&mut |part| asks_events |= matches!(part.kind, ExprKind::Event { .. }));
        let configured = |calculation: Value, bounds: [Option<Value>; 2]| {
            let [least, most] = bounds;
            object([
                ("enabled", Some(json!(true))),
                ("minValue", least),
                ("maxValue", most),
                ("configuration", Some(json!({ "calculation": calculation }))),
            ])
        };
        match (category, asks_events) {
            (Category::Behavior, true) => {
                let (entry, is_often) = self.event(rule, points)?;
                let calculation = json!({ "type": "MULTI_UE", "eventCalculators": [entry] });
                // The points count once, however many events there are. A rule that asks how often
                // takes no bounds.
                let held = |is: bool| (is && !is_often).then(|| number(points));
                let bounds = [held(points < Decimal::ZERO), held(points > Decimal::ZERO)];
                Ok(vec![configured(calculation, bounds)])
            }
            (Category::Behavior, false) => {
                Err("groups of engagement ask for events, not for properties".to_owned())
            }
            (Category::Fit, true) => {
                Err("groups of fit ask for properties, not for events".to_owned())
            }
            (Category::Fit, false) => {
                let cases = conditions::cases(self.process, &self.columns, &rule.when)?;
                let one = |case: Vec<Value>| {
                    let calculation = if case.is_empty() {
                        json!({ "type": "CONSTANT", "value": number(points) })
                    } else {
                        json!({
                            "type": "CONDITIONAL",
                            "value": number(points),
                            "whereCondition": { "type": "COMPOSITE", "operator": "AND", "conditions": case },
                        })
                    };
                    configured(calculation, [None, None])
                };
                Ok(cases.into_iter().map(one).collect())
            }
        }
    }

    /// The points for an event, and whether it must have been several times.
    fn event(&self, rule: &Points, points: Decimal) -> Result<(Value, bool), String> {
        let ExprKind::Event { name, at_least, within } = &rule.when.kind else {
            return Err("it asks for more than that one event happened".to_owned());
        };
        let Some(type_id) = self.choices.events.get(name) else {
            return Err("`events` in the manifest does not name the event of HubSpot".to_owned());
        };
        let window = match (within, rule.expires_after) {
            (window, None) => *window,
            (None, Some(after)) if *at_least == 1 => Some(after),
            (None, Some(_)) => {
                return Err("the points expire by the last of several events".to_owned());
            }
            (Some(_), Some(_)) => {
                return Err("it has a time for the event and one for its points".to_owned());
            }
        };
        if window.is_some() && rule.halves_every.is_some() {
            return Err("where points fade, HubSpot takes no time within which".to_owned());
        }
        let timeframe = match window {
            Some(window) => {
                let offset = offset(window).ok_or_else(|| "it counts working time".to_owned())?;
                Some(json!({ "eventFilterOperation": self.since(&offset) }))
            }
            None => None,
        };
        let is_often = *at_least > 1;
        let often = is_often.then(|| {
            let range = json!({ "type": "AT_LEAST", "from": at_least, "value": number(points) });
            json!({ "type": "BETWEEN", "ranges": [range] })
        });
        let entry = object([
            ("eventTypeId", Some(json!(type_id))),
            ("recordCalculation", Some(json!({ "type": "CONSTANT", "value": number(points) }))),
            ("eventFrequencyCriteria", often),
            ("eventTimeframe", timeframe),
        ]);
        Ok((entry, is_often))
    }

    /// From so long ago to now, as the guide to the filters of lists has it.
    fn since(&self, offset: &Value) -> Value {
        let zone = &self.process.timezone;
        let point = |offset: Option<&Value>| {
            object([
                ("timeType", Some(json!("INDEXED"))),
                ("timezoneSource", Some(json!("CUSTOM"))),
                ("zoneId", Some(json!(zone))),
                ("indexReference", Some(json!({ "referenceType": "NOW" }))),
                ("offset", offset.cloned()),
            ])
        };
        json!({
            "operationType": "TIME_RANGED",
            "type": "TIME_RANGED",
            "operator": "IS_BETWEEN",
            "includeObjectsWithNoValueSet": false,
            "lowerBoundEndpointBehavior": "INCLUSIVE",
            "upperBoundEndpointBehavior": "INCLUSIVE",
            "propertyParser": "VALUE",
            "lowerBoundTimePoint": point(Some(offset)),
            "upperBoundTimePoint": point(None),
        })
    }
}

/// Days, rounded, months by their average length; none of less than one day and of working time.
fn whole_days(process: &Process, duration: Duration) -> Option<i64> {
    if duration.unit.is_business() {
        return None;
    }
    let minutes = average_minutes(duration, &process.calendar)?;
    let days = minutes.checked_div(Decimal::from(24 * 60))?.round();
    days.to_i64().filter(|days| *days >= 1)
}

/// As far back, as an offset of HubSpot; none for working time.
fn offset(duration: Duration) -> Option<Value> {
    let amount = duration.amount.to_i64()?.checked_neg()?;
    let key = match duration.unit {
        Unit::Minute => "minutes",
        Unit::Hour => "hours",
        Unit::Day => "days",
        Unit::Week => "weeks",
        Unit::Month => "months",
        Unit::Quarter => "quarters",
        Unit::Year => "years",
        Unit::BusinessMinute | Unit::BusinessHour | Unit::BusinessDay => return None,
    };
    Some(json!({ key: amount }))
}

/// A number of JSON.
fn number(value: Decimal) -> Value {
    serde_json::from_str(&value.normalize().to_string()).unwrap_or(Value::Null)
}

/// The fields that a score reads.
pub(super) fn fields_read(score: &Score) -> Vec<FieldId> {
    let mut fields = Vec::new();
    for field in score.points.iter().flat_map(|rule| rule.when.fields()) {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

/// The scores that rate the records of an object.
pub(super) fn rating(process: &Process, choices: &Choices, object: &str) -> Vec<ScoreId> {
    process.scores.ids().filter(|id| scored(process, choices, *id) == Some(object)).collect()
}
