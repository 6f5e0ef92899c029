//! Scores: what a draft says, and that it gives the points of the process.

use std::fmt::Write as _;

use ekiden::logic::Evaluator;
use jiff::civil::{DateTime, date};
use jiff::{Span, Timestamp};
use serde_json::{Map, Value, json};

use super::{json_of, read_by_every_tool};
use crate::crm_support::{WHOLE, emit, process, text, told};
use crate::feel_support::variables;
use crate::target_sql::logic::{HEAD, NOW, Random, case, condition};

const STAGES: &str = "stage a { record lead owner sales entry  advance to b }\nstage b { record lead owner sales outcome won }\n";

#[test]
fn a_score_is_drafted_with_its_groups() {
    let settings = [("events.webinar_attended", "4-68559"), ("events.unsubscribed", "4-666289")];
    let output = emit("hubspot", &process(WHOLE), &settings);
    // 20 points of fit weigh 40%; its cap, 35 of which 40% are 14, is out of reach.
    assert_eq!(
        json_of(&output, "scores/contacts/interest.json"),
        json!({
            "name": "Interest",
            "objectTypeId": "0-1",
            "allowedGroupTypes": ["FIT", "INTENT"],
            "maxScorePerCategory": 100,
            "groupConfigs": [
                { "groupName": "Fit", "groupCategory": "FIT", "ruleConfigurations": [
                    { "enabled": true, "configuration": { "calculation": {
                        "type": "CONDITIONAL", "value": 8,
                        "whereCondition": { "type": "COMPOSITE", "operator": "AND", "conditions": [
                            { "type": "SINGLE", "property": "lead_company_size", "operation": {
                                "operationType": "NUMBER", "operator": "IS_GREATER_THAN_OR_EQUAL_TO",
                                "includeObjectsWithNoValueSet": false, "value": 100 } } ] } } } } ] },
                { "groupName": "Behavior, halves every 30 days", "groupCategory": "INTENT",
                  "groupDecay": { "decayIntervalDays": 30, "percentToDecayPerInterval": 50 },
                  "ruleConfigurations": [
                    { "enabled": true, "maxValue": 25, "configuration": { "calculation": {
                        "type": "MULTI_UE", "eventCalculators": [
                            { "eventTypeId": "4-68559",
                              "recordCalculation": { "type": "CONSTANT", "value": 25 } } ] } } } ] },
                { "groupName": "Behavior", "groupCategory": "INTENT", "ruleConfigurations": [
                    { "enabled": true, "minValue": -10, "configuration": { "calculation": {
                        "type": "MULTI_UE", "eventCalculators": [
                            { "eventTypeId": "4-666289",
                              "recordCalculation": { "type": "CONSTANT", "value": -10 },
                              "eventTimeframe": { "eventFilterOperation": since("Asia/Tokyo", json!({ "years": -1 })) } } ] } } } ] },
            ],
        })
    );
    // What it reads stands on the contact, too.
    let property = json_of(&output, "properties/contacts/lead_company_size.json");
    assert_eq!(property["name"], "lead_company_size");
    assert_eq!(property["label"], "Employees (Lead)");
    let plan = json_of(&output, "plan.json");
    let last = plan["calls"].as_array().unwrap().last().unwrap();
    assert_eq!(last["path"], "/marketing/lead-scoring/2027-03-beta/scores");
    assert_eq!(last["saves"], json!([{ "placeholder": "score.interest", "header": "Location" }]));
    read_by_every_tool(&process(WHOLE), &settings);
}

fn since(zone: &str, offset: Value) -> Value {
    let point = json!({ "timeType": "INDEXED", "timezoneSource": "CUSTOM", "zoneId": zone,
                        "indexReference": { "referenceType": "NOW" } });
    let mut from = point.clone();
    from["offset"] = offset;
    json!({ "operationType": "TIME_RANGED", "type": "TIME_RANGED", "operator": "IS_BETWEEN",
            "includeObjectsWithNoValueSet": false, "lowerBoundEndpointBehavior": "INCLUSIVE",
            "upperBoundEndpointBehavior": "INCLUSIVE", "propertyParser": "VALUE",
            "lowerBoundTimePoint": from, "upperBoundTimePoint": point })
}

#[test]
fn alternatives_are_rules_of_which_never_two_hold() {
    let source = r#"
team t { role r }
record deal { size integer  kind one of [a, b, c] }
score s of deal { fit +5 when size >= 10 or kind = a }
stage x { record deal entry owner r advance to y }
stage y { record deal owner r outcome won final }
"#;
    let output = emit("hubspot", &process(source), &[]);
    let body = json_of(&output, "scores/deals/s.json");
    let rules = body["groupConfigs"][0]["ruleConfigurations"].as_array().unwrap();
    let asked = |rule: &Value| -> Vec<String> {
        let calculation = &rule["configuration"]["calculation"];
        assert_eq!(calculation["value"], 5);
        let conditions = calculation["whereCondition"]["conditions"].as_array().unwrap();
        let one = |one: &Value| {
            let of = &one["operation"];
            let than = if of["values"].is_null() { &of["value"] } else { &of["values"] };
            format!(
                "{} {} {than}",
                one["property"].as_str().unwrap(),
                of["operator"].as_str().unwrap()
            )
        };
        conditions.iter().map(one).collect()
    };
    // `kind` counts where `size` is not filled in, or too small.
    assert_eq!(
        rules.iter().map(asked).collect::<Vec<_>>(),
        [
            vec!["size IS_GREATER_THAN_OR_EQUAL_TO 10"],
            vec!["size IS_UNKNOWN null", r#"kind IS_ANY_OF ["a"]"#],
            vec!["size IS_LESS_THAN 10", r#"kind IS_ANY_OF ["a"]"#],
        ]
    );
}

/// Conditions and records made at random: the draft, read as HubSpot describes it, gives the points
/// that the process gives, unless a step says that a rule is left out.
#[test]
fn drafts_give_the_points_of_the_process() {
    let mut random = Random(11);
    let mut source = HEAD.to_owned();
    source.push_str(STAGES);
    let mut count = 0;
    while count < 400 {
        let condition = condition(&mut random, 2);
        let other = ["heat", "stage", "event"].iter().any(|word| condition.contains(word));
        if other || repeats(&condition) {
            continue;
        }
        writeln!(source, "score c{count} of lead {{ fit +3 when {condition} }}").unwrap();
        count += 1;
    }
    let process = process(&source);
    let output = emit("hubspot", &process, &[]);
    let errors = told(&output.diagnostics).into_iter().filter(|line| line.starts_with("error"));
    assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new());
    let readme = text(&output, "README.md");
    let now: Timestamp = NOW.parse().unwrap();
    let states: Vec<_> = (1..=40).map(|id| case(&mut random, &process, id, now).state).collect();
    let (mut drafted, mut several, mut held) = (0, 0, 0);
    for (id, score) in process.scores.iter().filter(|(_, score)| score.name.starts_with('c')) {
        let path = format!("scores/contacts/{}.json", score.name);
        let made = output.artifacts.iter().any(|artifact| artifact.path == path);
        assert_eq!(made, readme.contains(&format!("## Score “{}”", score.title.value)), "{path}");
        if !made {
            continue;
        }
        drafted += 1;
        let body = json_of(&output, &path);
        several += usize::from(rules(&body).count() > 1);
        for state in &states {
            let expected = Evaluator::new(&process, state).score(id).unwrap_or_default();
            let record = properties(&variables(&process, state));
            let events = Vec::new();
            let points = points(&body, &Scored { record, events, now: state.now });
            let condition = process.expr_source(&score.points[0].when);
            assert_eq!(json!(points), json!(number(expected)), "{condition}\n{body:#}\n{state:?}");
            held += usize::from(points != 0.0);
        }
    }
    assert!(drafted > 80 && several > 15 && held > 1000, "{drafted} {several} {held}");
}

/// Whether a list has a value twice, which is a fault.
fn repeats(condition: &str) -> bool {
    condition.split('[').skip(1).any(|rest| {
        let all: Vec<&str> = rest.split(']').next().unwrap().split(',').map(str::trim).collect();
        let once: std::collections::BTreeSet<_> = all.iter().collect();
        once.len() < all.len()
    })
}

#[test]
fn drafts_count_events_as_the_process_does() {
    let source = HEAD.to_owned()
        + STAGES
        + "score s of lead {
             behavior +7 when event viewed
             behavior -2 when event clicked within 10d
             behavior +11 when event viewed at least 2 times
             behavior +13 when event clicked at least 3 times within 3w
             behavior +17 when event viewed expires after 5d
             cap behavior at 40
           }";
    let process = process(&source);
    let settings = [("events.viewed", "4-96000"), ("events.clicked", "6-1")];
    let output = emit("hubspot", &process, &settings);
    let body = json_of(&output, "scores/contacts/s.json");
    assert_eq!(body["groupConfigs"][0]["maxValue"], 40);
    assert_eq!(rules(&body).count(), 5);
    let (id, _) = process.scores.iter().find(|(_, score)| score.name == "s").unwrap();
    let mut random = Random(5);
    let now: Timestamp = NOW.parse().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for at in 1..=300 {
        let mut state = case(&mut random, &process, at, now).state;
        // Around each end.
        for (event, minutes) in
            [("viewed", 5 * 1440), ("clicked", 10 * 1440), ("clicked", 21 * 1440)]
        {
            for beside in [-1, 0, 1] {
                if random.below(3) == 0 {
                    let span = Span::new().minutes(-(minutes + beside));
                    state.events.push((event.to_owned(), state.now.checked_add(span).unwrap()));
                }
            }
        }
        let expected = Evaluator::new(&process, &state).score(id).unwrap_or_default();
        let events = state.events.iter().filter_map(|(name, at)| match name.as_str() {
            "viewed" => Some(("4-96000".to_owned(), *at)),
            "clicked" => Some(("6-1".to_owned(), *at)),
            _ => None,
        });
        let scored = Scored { record: Map::new(), events: events.collect(), now: state.now };
        let points = points(&body, &scored);
        assert_eq!(json!(points), json!(number(expected)), "{body:#}\n{:?}", state.events);
        seen.insert(points as i64);
    }
    assert!(seen.len() > 8 && seen.contains(&40), "{seen:?}");
}

#[test]
fn what_a_draft_cannot_say_is_a_step() {
    let source = r#"
team t { role r }
record lead { size integer  seen datetime  vip boolean  name text }
score s "Heat" of lead {
  fit +10 when size >= 50
  fit +1 when days since seen < 3
  fit +2 "Known" when event viewed
  behavior +3 when vip
  behavior +20 when event viewed halves every 6h
  behavior +30 when event viewed halves every 30d expires after 90d
  behavior +40 when event viewed and event clicked
  behavior +50 when event clicked
  cap behavior at 60
  cap total at 65
}
score reach of lead {
  behavior +20 when event written  behavior +10 when event called halves every 30d
  cap behavior at 25  weight behavior 50%
}
stage x { record lead entry owner r advance to y }
stage y { record lead owner r outcome won final }
"#;
    let output = emit("hubspot", &process(source), &[("events.viewed", "4-96000")]);
    let readme = text(&output, "README.md");
    let steps: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("- [ ]") && line.contains("score") && line.contains("Heat"))
        .map(|line| line.split_once(". ").unwrap().1)
        .collect();
    let says = |part: &str| steps.iter().any(|step| step.contains(part));
    for part in [
        "add to a group of fit: +1 if less than 3 days have passed since Seen. No request says this: HubSpot counts from today in whole days.",
        "add to a group of fit: +2 “Known” if the event “Viewed” has happened. No request says this: groups of fit ask for properties, not for events.",
        "add to a group of engagement: +3 if Vip is yes. No request says this: groups of engagement ask for events, not for properties.",
        "No request says this: HubSpot lets points fade by days, one at least.",
        "No request says this: where points fade, HubSpot takes no time within which.",
        "No request says this: it asks for more than that one event happened.",
        "+50 if the event “Clicked” has happened. No request says this: `events` in the manifest does not name the event of HubSpot.",
        "counts at most 60 points of the groups of engagement together",
        "counts at most 65 points of all groups together",
    ] {
        assert!(says(part), "{part}\n{steps:#?}");
    }
    // A score of which nothing can be said is no request.
    assert!(!output.artifacts.iter().any(|one| one.path == "scores/contacts/reach.json"));
    for part in [
        ". Under Marketing > Lead Scoring, make a score “Reach” of contacts.",
        ". In the score “Reach”, add a group of engagement, limited to 12.5 points, together with the other groups of it: +10 if the event “Written” has happened.",
    ] {
        assert!(readme.contains(part), "{part}\n{readme}");
    }
}

/// The limit of a group that nobody drafts goes with the group, and what a deal is scored by is copied there.
#[test]
fn what_is_left_of_a_score_is_left_whole() {
    let source = r#"
team t { role r }
record lead { size integer }
record deal from lead { fee number }
score s "Heat" of lead {
  fit +10 when size >= 50
  behavior +25 when event webinar  behavior +15 when event demo  cap behavior at 30
}
score q "Quality" of deal { fit +20 when size >= 100 }
stage x { record lead entry owner r advance to y }
stage y { record deal owner r advance to z }
stage z { record deal owner r outcome won final }
"#;
    let output = emit("hubspot", &process(source), &[]);
    let readme = text(&output, "README.md");
    for step in [
        "In the score “Heat”, add to a group of engagement, limited to 30 points: +25 if the event “Webinar” has happened; +15 if",
        "Make a workflow for “Lead” that copies what a score reads to the deal when it changes: `lead_size`.",
        "Make a workflow for “Lead” that copies what a score reads to the contact when it changes: `lead_size`.",
    ] {
        assert!(readme.contains(step), "{step}\n{readme}");
    }
}

#[test]
fn settings_of_scores_are_checked() {
    let source = r#"
team t { role r }
record lead { mail text "E-mail"  size integer }
record guest { size integer }
score s of lead { fit +10 when size >= 50 and mail is present  behavior +5 when event seen }
score g of guest { fit +10 when size >= 5 }
stage x { record lead entry owner r advance to y }
stage y { record lead owner r outcome won final }
stage z { record guest entry owner r final }
"#;
    let settings = [
        ("scores.s", "leads"),
        ("scores.gg", "contacts"),
        ("scores.g", "deals"),
        ("score_fields.lead.mai", "email"),
        ("events.see", "4-96000"),
        ("events.seen", "page_visited"),
    ];
    let found: Vec<String> = told(&emit("hubspot", &process(source), &settings).diagnostics);
    for part in [
        "HubSpot does not score `leads`",
        "there is no score `gg`",
        "score `g` is of `guest`, which does not become a deal",
        "record type `lead` has no field `mai`",
        "no condition asks for the event `see`",
        "`page_visited` is no id of an event of HubSpot",
    ] {
        assert!(found.iter().any(|line| line.contains(part)), "{part}\n{found:#?}");
    }
    // A property that is made for one field is not that of another.
    let settings = [("score_fields.lead.mail", "lead_size")];
    let found = told(&emit("hubspot", &process(source), &settings).diagnostics);
    assert!(
        found
            .iter()
            .any(|line| line.contains("two fields would be the property `lead_size` of contacts")),
        "{found:#?}"
    );
    // A record type that HubSpot knows nothing of is scored where the manifest says so.
    let settings = [("scores.g", "companies"), ("score_fields.lead.mail", "email")];
    let output = emit("hubspot", &process(source), &settings);
    let there = |path: &str| output.artifacts.iter().any(|artifact| artifact.path == path);
    assert!(there("scores/companies/g.json") && there("properties/companies/guest_size.json"));
    assert!(there("properties/contacts/lead_size.json"));
    assert!(!there("properties/contacts/lead_mail.json"));
    let body = json_of(&output, "scores/contacts/s.json");
    assert!(body.to_string().contains(r#""property":"email""#), "{body:#}");
    let output = emit("hubspot", &process(source), &[]);
    let made = output.artifacts.iter().filter(|one| one.path.starts_with("scores/"));
    assert_eq!(
        made.map(|one| one.path.to_string()).collect::<Vec<_>>(),
        ["scores/contacts/s.json"]
    );
}

/// Alternatives in alternatives end: those that are too many are a step.
#[test]
fn nested_alternatives_end() {
    let mut nested = "size > 1".to_owned();
    for n in 2..30 {
        nested = format!("size > {n} or (size < {n} and ({nested}))");
    }
    let source = format!(
        "team t {{ role r }}\nrecord deal {{ size integer }}\nscore s of deal {{ fit +5 when {nested} }}\n\
         stage x {{ record deal entry owner r advance to y }}\nstage y {{ record deal owner r outcome won final }}\n"
    );
    let output = emit("hubspot", &process(&source), &[]);
    assert!(!output.artifacts.iter().any(|one| one.path == "scores/deals/s.json"));
}

// --- Drafts, read as HubSpot describes them --------------------------------------------------------

/// What is scored.
struct Scored {
    record: Map<String, Value>,
    events: Vec<(String, DateTime)>,
    now: DateTime,
}

/// The values of the fields, under the names of the properties of contacts.
fn properties(variables: &Map<String, Value>) -> Map<String, Value> {
    let mut all = Map::new();
    for record in ["lead", "person"] {
        for (name, value) in variables[record].as_object().unwrap() {
            if !value.is_null() && value != &json!([]) && value != &json!("") {
                all.insert(format!("{record}_{name}"), value.clone());
            }
        }
    }
    all
}

fn rules(body: &Value) -> impl Iterator<Item = &Value> {
    let groups = body["groupConfigs"].as_array().unwrap().iter();
    groups.flat_map(|group| group["ruleConfigurations"].as_array().unwrap())
}

fn number(value: rust_decimal::Decimal) -> f64 {
    value.to_string().parse().unwrap()
}

/// All groups together: each is held to its limits, as each of its rules is.
fn points(body: &Value, scored: &Scored) -> f64 {
    let held = |points: f64, of: &Value| {
        let most = of["maxValue"].as_f64().unwrap_or(f64::MAX);
        points.min(most).max(of["minValue"].as_f64().unwrap_or(f64::MIN))
    };
    let group = |group: &Value| {
        let rules = group["ruleConfigurations"].as_array().unwrap().iter();
        let rule =
            |rule: &Value| held(calculated(&rule["configuration"]["calculation"], scored), rule);
        held(rules.map(rule).sum(), group)
    };
    body["groupConfigs"].as_array().unwrap().iter().map(group).sum()
}

fn calculated(calculation: &Value, scored: &Scored) -> f64 {
    match calculation["type"].as_str().unwrap() {
        "CONSTANT" => calculation["value"].as_f64().unwrap(),
        "CONDITIONAL" => {
            let conditions = calculation["whereCondition"]["conditions"].as_array().unwrap();
            let all = conditions.iter().all(|one| holds(one, &scored.record));
            if all { calculation["value"].as_f64().unwrap() } else { 0.0 }
        }
        "MULTI_UE" => calculation["eventCalculators"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| events(one, scored))
            .sum(),
        other => unreachable!("{other}"),
    }
}

/// The points of each event, or those of the range in which their number lies.
fn events(entry: &Value, scored: &Scored) -> f64 {
    let from = match &entry["eventTimeframe"] {
        Value::Null => DateTime::MIN,
        frame => {
            let offset = &frame["eventFilterOperation"]["lowerBoundTimePoint"]["offset"];
            let of = |key: &str| offset[key].as_i64().unwrap_or(0);
            let span = Span::new().days(of("days")).weeks(of("weeks")).years(of("years"));
            scored.now.checked_add(span).unwrap()
        }
    };
    let of = scored.events.iter().filter(|(name, at)| {
        json!(name) == entry["eventTypeId"] && *at >= from && *at <= scored.now
    });
    let count = of.count() as i64;
    match &entry["eventFrequencyCriteria"] {
        Value::Null => count as f64 * entry["recordCalculation"]["value"].as_f64().unwrap(),
        criteria => {
            let range = &criteria["ranges"][0];
            assert_eq!(range["type"], "AT_LEAST");
            let reached = count >= range["from"].as_i64().unwrap();
            if reached { range["value"].as_f64().unwrap() } else { 0.0 }
        }
    }
}

fn holds(condition: &Value, record: &Map<String, Value>) -> bool {
    let operation = &condition["operation"];
    let operator = operation["operator"].as_str().unwrap();
    let blank = operation["includeObjectsWithNoValueSet"].as_bool().unwrap();
    let Some(value) = record.get(condition["property"].as_str().unwrap()) else { return blank };
    let sides = || (value.as_f64().unwrap(), operation["value"].as_f64().unwrap());
    match (operation["operationType"].as_str().unwrap(), operator) {
        ("ALL_PROPERTY", _) => operator == "IS_KNOWN",
        ("BOOL", "IS_EQUAL_TO") => value == &operation["value"],
        ("ENUMERATION", _) => {
            let values = operation["values"].as_array().unwrap();
            let any = match value {
                Value::Array(all) => all.iter().any(|one| values.contains(one)),
                one => values.contains(one),
            };
            any == (operator == "IS_ANY_OF")
        }
        ("NUMBER", _) => {
            let (a, b) = sides();
            match operator {
                "IS_EQUAL_TO" => a == b,
                "IS_NOT_EQUAL_TO" => a != b,
                "IS_LESS_THAN" => a < b,
                "IS_LESS_THAN_OR_EQUAL_TO" => a <= b,
                "IS_GREATER_THAN" => a > b,
                "IS_GREATER_THAN_OR_EQUAL_TO" => a >= b,
                _ => unreachable!("{operator}"),
            }
        }
        ("TIME_POINT", _) => {
            let point = &operation["timePoint"];
            let of = |key: &str| i8::try_from(point[key].as_i64().unwrap()).unwrap();
            let at = date(point["year"].as_i64().unwrap() as i16, of("month"), of("day")).at(
                of("hour"),
                of("minute"),
                of("second"),
                i32::try_from(point["millisecond"].as_i64().unwrap()).unwrap() * 1_000_000,
            );
            // A date is kept as its midnight in UTC.
            let (value, zone): (DateTime, &str) = match (&value["@date"], &value["@time"]) {
                (Value::String(day), _) => (format!("{day}T00:00:00").parse().unwrap(), "UTC"),
                (_, at) => (at.as_str().unwrap().parse().unwrap(), "America/New_York"),
            };
            assert_eq!(point["zoneId"], zone);
            if operator == "IS_AFTER" { value > at } else { value < at }
        }
        other => unreachable!("{other:?}"),
    }
}
