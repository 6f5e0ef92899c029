//! Records in flight, counted in CRMs: what the queries let through, worked out by evaluators that
//! know nothing but the published meaning of SOQL and of a search in HubSpot, against the native
//! evaluator. What a blank field makes of a denied test is published for neither, so both readings
//! are tried and must give one answer.

mod search;
mod soql;

use std::collections::{BTreeMap, BTreeSet};

use ekiden::diff::{Difference, Query, Sources, diff};
use ekiden::emit::{self, Context, Settings};
use ekiden::lint::Levels;
use ekiden::logic::{Evaluator, RecordState, Value};
use ekiden::model::{FieldType, Money, Process};
use ekiden::source::SourceMap;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde_json::json;

use crate::crm_support::{check, process, settings};

const TODAY: Date = jiff::civil::date(2026, 3, 10);

/// What a CRM holds in a field.
#[derive(Clone, Debug, PartialEq)]
enum Held {
    Text(String),
    Number(Decimal),
    Ticked(bool),
    Day(Date),
    Moment(DateTime),
    Options(Vec<String>),
}

/// A record, by the names of the fields of the CRM; what is blank is not there.
type Row = BTreeMap<String, Held>;

/// The difference, with queries in a CRM.
fn counted<'a>(
    old: &'a Process,
    new: &'a Process,
    system: &str,
    of_crm: &Settings,
) -> Difference<'a> {
    let none = settings(&[]);
    let others = [("salesforce", of_crm), ("hubspot", of_crm)];
    let context = |process: &'a Process| Context {
        process,
        languages: &process.languages,
        settings: &none,
        others: &others,
        templates: &emit::NO_TEMPLATES,
        named: true,
        since: None,
    };
    let sources = Sources::new(&SourceMap::new(), &SourceMap::new());
    let mut difference = diff(old, new, &sources, &Levels::default(), TODAY);
    let flights = &difference.flights;
    let counts = emit::count(&context(old), &context(new), flights, Some(system), TODAY);
    difference.count(counts);
    difference
}

/// The queries, by which records they count.
fn queries<'d>(difference: &'d Difference<'_>) -> Vec<(&'d str, Result<&'d Query, &'d str>)> {
    let one = |count: &'d ekiden::diff::Count| count.query.as_ref().map_err(String::as_str);
    difference.flights.iter().map(|flight| (flight.what.as_str(), one(&flight.counts[0]))).collect()
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: i64) -> i64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::try_from(n).unwrap()) as i64
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as i64)).unwrap()]
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }
}

const TEXTS: &[&str] = &["x", "X", "a'b", "\"q\"", "back\\slash", "é", "한국어"];

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn condition(random: &mut Random, depth: u32) -> String {
    if depth > 0 && random.chance(50) {
        let a = condition(random, depth - 1);
        return match random.below(3) {
            0 => format!("not ({a})"),
            1 => format!("({a} and {})", condition(random, depth - 1)),
            _ => format!("({a} or {})", condition(random, depth - 1)),
        };
    }
    let op = random.of(&["=", "!=", "<", "<=", ">", ">="]);
    let eq = random.of(&["=", "!="]);
    let n = random.below(7) - 2;
    let exact = random.of(&["30m", "5h", "1d", "3d", "1w"]);
    let dates = random.of(&["1d", "3d", "2w", "1mo", "1q", "1y"]);
    let direction = random.of(&["next", "last"]);
    match random.below(30) {
        0 => format!("size {op} {n}"),
        1 => format!("level {op} {n}.5"),
        2 => format!("amount {op} {} EUR", n * 10),
        3 => format!("rate {op} {}%", n.abs() * 25),
        4 => format!("kind {eq} {}", random.of(&["a", "b", "c"])),
        5 => "kind in [a, b]".to_owned(),
        6 => format!("tags in [{}]", random.of(&["x", "y, z", "x, z"])),
        7 | 8 => {
            let fields =
                ["size", "level", "amount", "kind", "tags", "boss", "due", "meeting", "note"];
            format!("{} is {}", random.of(&fields), random.of(&["present", "missing"]))
        }
        9 => format!("note {eq} {}", quoted(random.of(TEXTS))),
        10 => format!("note in [\"x\", {}]", quoted(random.of(&TEXTS[1..]))),
        11 => random.of(&["done", "done = false", "vip != true", "done = vip"]).to_owned(),
        12 => format!("due {op} 2026-03-{:02}", 6 + random.below(8)),
        13 => format!("due {op} today"),
        14 => format!("due within {direction} {dates}"),
        15 => format!("meeting within {direction} {exact}"),
        16 => format!("days since due {op} {n}"),
        17 => format!("weeks until due {op} {n}"),
        18 => format!("hours since meeting {op} {}", n * 9),
        19 => format!("days until meeting {op} {n}"),
        20 => format!("size * 2 + level {op} {n}"),
        21 => format!("size {op} level"),
        22 => format!("due + {dates} {op} 2026-03-{:02}", 6 + random.below(8)),
        23 => format!("due {op} today - {dates}"),
        24 => format!("meeting {op} now + {exact}"),
        25 => format!("close_on {op} 2026-03-{:02}", 6 + random.below(8)),
        26 => format!("size between {} and {}", n.abs(), n.abs() + 2),
        27 => format!("close_on {op} today + 2d"),
        28 => format!("time in stage {} {exact}", random.of(&["<", ">", "<=", ">="])),
        _ => format!("size in [1, {}, 2]", n.abs() + 3),
    }
}

const FIELDS: &str = "
  note text  size integer  level number  amount money  rate percent
  kind one of [a, b, c]  tags many of [x, y, z]  boss user
  due date  close_on date  meeting datetime  done boolean  vip boolean";

/// A process that splits a stage by a condition, and the one before it.
fn split(condition: &str) -> (Process, Process) {
    let text = |demo: &str, way: &str| {
        format!(
            r#"process p "P" {{ currency EUR  timezone "UTC" }}
               team sales "Sales" {{ mission "Sell."  role rep "Seller" }}
               record deal "Deal" {{ {FIELDS} }}
               stage start "Start" {{ record deal owner rep entry from [web]  advance to won {way} }}
               {demo}
               stage won "Won" {{ record deal owner rep outcome won final }}"#
        )
    };
    let demo = r#"stage demo "Demo's end" { record deal owner rep advance to won }"#;
    let old = process(&text(demo, "recycle to demo"));
    let retired = format!("retired stage demo into won when {condition}, start");
    (old, process(&text(&retired, "")))
}

/// A record in the stage that is split: natively, and what it holds by the names of the process. A box
/// is ticked or not: one that nobody has touched is not.
fn record(random: &mut Random, process: &Process, now: DateTime) -> (RecordState, Row) {
    let mut state = RecordState::new(now);
    let mut held = Row::new();
    for (id, field) in process.fields.iter() {
        if !matches!(field.ty, FieldType::Boolean) && random.chance(25) {
            continue;
        }
        let options = |at: &[usize]| {
            let all = field.ty.options();
            at.iter().map(|at| all[*at].name.clone()).collect::<Vec<_>>()
        };
        let n = random.below(9) - 3;
        let number = Decimal::from(n);
        let (native, crm) = match field.name.as_str() {
            "note" => {
                let text = random.of(TEXTS).to_owned();
                (Value::Text(text.clone()), Held::Text(text))
            }
            "boss" => (Value::User("ann".to_owned()), Held::Text("005".to_owned())),
            "size" => (Value::Number(number), Held::Number(number)),
            "level" => {
                let half = number + Decimal::new(5, 1);
                (Value::Number(half), Held::Number(half))
            }
            "amount" => {
                let amount = number * Decimal::TEN;
                let currency = process.currency.unwrap();
                (Value::Money(Money { amount, currency }), Held::Number(amount))
            }
            "rate" => {
                let rate = Decimal::from(n.abs() * 25);
                (Value::Percent(rate), Held::Number(rate))
            }
            "kind" => {
                let at = usize::try_from(random.below(3)).unwrap();
                (Value::Option(id, at), Held::Text(options(&[at])[0].clone()))
            }
            "tags" => {
                let picked: Vec<usize> = (0..3).filter(|_| random.chance(40)).collect();
                if picked.is_empty() {
                    continue;
                }
                let held = Held::Options(options(&picked));
                (Value::Options(id, picked.into_iter().collect()), held)
            }
            "due" | "close_on" => {
                let far = if random.chance(30) { 40 } else { 1 };
                let day = now.date().saturating_add((n * far).days());
                (Value::Date(day), Held::Day(day))
            }
            "meeting" => {
                let at = now.saturating_add((random.below(400) - 200).hours());
                (Value::DateTime(at), Held::Moment(at))
            }
            _ => {
                let ticked = random.chance(50);
                (Value::Boolean(ticked), Held::Ticked(ticked))
            }
        };
        state.values.insert(id, native);
        held.insert(field.name.clone(), crm);
    }
    state.entered_stage_at = now.saturating_sub(random.below(200).hours());
    (state, held)
}

/// How a query did.
#[derive(Default)]
struct Score {
    exact: usize,
    wider: usize,
    counted: usize,
    passed: usize,
}

/// Asks every query of random records. `row` gives a record as the CRM holds it, `lets_through`
/// evaluates a query.
fn agree(
    system: &str,
    seed: u64,
    row: &dyn Fn(&mut Random, &RecordState, &Row) -> Row,
    lets_through: &dyn Fn(&Query, &Row, DateTime, bool) -> bool,
) -> Score {
    let mut random = Random(seed);
    let none = settings(&[]);
    let mut score = Score::default();
    for _ in 0..400 {
        let source = condition(&mut random, 3);
        let (old, new) = split(&source);
        let when = new.retired[0].into[0].1.as_ref().unwrap();
        let difference = counted(&old, &new, system, &none);
        let all = queries(&difference);
        assert_eq!(all.len(), 3, "{all:#?}");
        let [into, rest] = [1, 2].map(|at| all[at].1.unwrap());
        for query in [into, rest] {
            if query.wider.is_empty() {
                score.exact += 1;
            } else {
                score.wider += 1;
            }
        }
        for _ in 0..25 {
            let hours = random.below(24);
            let now = TODAY.at(i8::try_from(hours).unwrap(), 30, 0, 0);
            let (state, held) = record(&mut random, &new, now);
            let here = random.chance(80);
            let mut crm = row(&mut random, &state, &held);
            if !here {
                crm = crm
                    .into_iter()
                    .map(|(name, value)| match value {
                        Held::Text(stage) if stage == "Demo's end" || stage == "p_demo" => {
                            (name, Held::Text("elsewhere".to_owned()))
                        }
                        value => (name, value),
                    })
                    .collect();
            }
            let holds = Evaluator::new(&new, &state).holds(when);
            for (query, expected) in [(into, holds && here), (rest, !holds && here)] {
                let found = lets_through(query, &crm, now, true);
                let other = lets_through(query, &crm, now, false);
                let told =
                    || format!("{source}\n{}\n{:?}\n{crm:#?}\n{now}", query.text, query.wider);
                assert_eq!(found, other, "it hangs on how blank fields are denied: {}", told());
                assert!(found || !expected, "it leaves out a record: {}", told());
                assert!(
                    expected || !found || !query.wider.is_empty(),
                    "a record too many: {}",
                    told()
                );
                assert!(here || !found, "a record of another stage: {}", told());
                score.counted += usize::from(expected);
                score.passed += usize::from(found);
            }
        }
    }
    score
}

#[test]
fn soql_lets_through_what_the_native_evaluator_does() {
    let row = |random: &mut Random, state: &RecordState, held: &Row| {
        let api = |name: &str| match name {
            "amount" => "Amount".to_owned(),
            "close_on" => "CloseDate".to_owned(),
            name => format!("{}{}__c", name[..1].to_uppercase(), &name[1..]),
        };
        let mut row: Row = held.iter().map(|(name, value)| (api(name), value.clone())).collect();
        row.insert("Id".to_owned(), Held::Text("006".to_owned()));
        row.insert("StageName".to_owned(), Held::Text("Demo's end".to_owned()));
        row.insert("RecordType.DeveloperName".to_owned(), Held::Text("P_Deal".to_owned()));
        let entered = Held::Moment(state.entered_stage_at);
        if random.chance(50) {
            row.insert("LastStageChangeDate".to_owned(), entered);
        } else {
            row.insert("CreatedDate".to_owned(), entered);
        }
        row
    };
    let score = agree("salesforce", 7, &row, &|query, row, now, blank| {
        soql::lets_through(&query.text, row, now, blank)
    });
    assert!(score.exact > 150 && score.wider > 100, "{} exact", score.exact);
    assert!(score.passed * 10 < score.counted * 18, "{} for {}", score.passed, score.counted);
}

#[test]
fn searches_let_through_what_the_native_evaluator_does() {
    let row = |random: &mut Random, state: &RecordState, held: &Row| {
        let mut row = Row::new();
        for (name, value) in held {
            // A box that nobody has touched has no value there.
            if *value == Held::Ticked(false) && random.chance(50) {
                continue;
            }
            // HubSpot ships a point in time for the close of a deal.
            let (name, value) = match (name.as_str(), value) {
                ("close_on", Held::Day(day)) => {
                    let hour = i8::try_from(random.below(24)).unwrap();
                    ("closedate", Held::Moment(day.at(hour, 0, 0, 0)))
                }
                (name, value) => (name, value.clone()),
            };
            row.insert(name.to_owned(), value);
        }
        row.insert("hs_object_id".to_owned(), Held::Text("1".to_owned()));
        row.insert("dealstage".to_owned(), Held::Text("p_demo".to_owned()));
        row.insert("pipeline".to_owned(), Held::Text("p_deal".to_owned()));
        let entered = Held::Moment(state.entered_stage_at);
        row.insert("hs_v2_date_entered_current_stage".to_owned(), entered);
        row
    };
    let bodies = std::cell::RefCell::new(BTreeSet::new());
    let score = agree("hubspot", 11, &row, &|query, row, _, blank| {
        assert_eq!(query.request.as_deref(), Some("POST /crm/v3/objects/deals/search"));
        bodies.borrow_mut().insert(query.text.clone());
        search::lets_through(&query.text, row, blank)
    });
    assert!(score.exact > 120 && score.wider > 100, "{} exact", score.exact);
    // HubSpot's own client knows such bodies.
    let folder = tempfile::tempdir().unwrap();
    let deals = folder.path().join("searches/deals");
    std::fs::create_dir_all(&deals).unwrap();
    for (at, body) in bodies.into_inner().into_iter().take(200).enumerate() {
        std::fs::write(deals.join(format!("search_{at}.json")), body).unwrap();
    }
    check("hubspot-types.cjs", &[folder.path()]);
    assert!(score.passed * 10 < score.counted * 18, "{} for {}", score.passed, score.counted);
}

/// A process with two record types in Salesforce's own objects and one in an object of our own.
const CHAIN: &str = r#"
process p "P" { currency EUR  timezone "Europe/Berlin" }
team sales "Sales" { mission "Sell."  role rep "Seller" }
record lead "Lead" { need text "Need" }
record deal "Deal" from lead {
  amount money "Amount"
  seen datetime "Seen"
  signs text "Who signs"
  tags many of [x, y]
}
record customer "Customer" from deal { seats integer "Seats" }
stage new "New" { record lead owner rep entry from [web]  advance to talk when need is present }
stage talk "Let's talk" {
  record deal owner rep  limit 5d
  exit when { firm "It is firm" amount > 0 EUR }
  advance to live
  lose to lost
}
stage live "Live" { record customer owner rep outcome won final }
stage lost "Lost" { record deal owner rep outcome lost final }
"#;

fn told(old: &str, new: &str, system: &str, pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let (old, new) = (process(old), process(new));
    let difference = counted(&old, &new, system, &settings(pairs));
    let one = |(what, query): (&str, Result<&Query, &str>)| {
        let query = query.map_or_else(str::to_owned, |query| {
            format!("{}\n{}", query.text, query.wider.join("; ")).trim_end().to_owned()
        });
        (what.to_owned(), query)
    };
    queries(&difference).into_iter().map(one).collect()
}

#[test]
fn a_query_in_soql_is_as_people_would_write_it() {
    let old = CHAIN;
    let new = old
        .replace("limit 5d", "limit 3d")
        .replace("amount > 0 EUR", "amount > 100 EUR and signs = \"Ann\" and tags in [x]")
        .replace("need is present", "need is present and need != \"x\"");
    let all = told(old, &new, "salesforce", &[("record_types.deal", "New_Business")]);
    let gone_on = "Id NOT IN (SELECT Opportunity__c FROM Customer__c WHERE Opportunity__c != null)";
    let expected = [
        (
            "records that have been in `talk` for more than 3d",
            format!(
                "SELECT COUNT() FROM Opportunity\nWHERE RecordType.DeveloperName = 'New_Business'\n  AND StageName IN ('Let\\'s talk')\n  AND {gone_on}\n  \
                 AND (LastStageChangeDate <= N_DAYS_AGO:3 OR (LastStageChangeDate = null AND CreatedDate <= N_DAYS_AGO:3))\n\
                 SOQL counts from today in whole days"
            ),
        ),
        // Both moves make another record: what they ask of the earlier one is counted. "ann" is not
        // "Ann", and no filter can tell the two apart.
        (
            "records kept back by",
            "SELECT COUNT() FROM Lead\nWHERE RecordType.DeveloperName = 'P_Lead'\n  AND Status IN ('New')\n  AND IsConverted = false\n  \
             AND Need__c != null\n  AND (Need__c = null OR Need__c = 'x')\n\
             texts are compared there without regard to capitals"
                .to_owned(),
        ),
        (
            "records kept back by",
            format!(
                "SELECT COUNT() FROM Opportunity\nWHERE RecordType.DeveloperName = 'New_Business'\n  AND StageName IN ('Let\\'s talk')\n  AND {gone_on}\n  \
                 AND Amount > 0\n  AND (Amount = null OR Amount <= 100 OR Signs__c = null OR Signs__c != null OR Tags__c = null OR Tags__c EXCLUDES ('x'))\n\
                 texts are compared there without regard to capitals"
            ),
        ),
    ];
    assert_eq!(all.len(), expected.len(), "{all:#?}");
    for ((what, query), (start, expected)) in all.iter().zip(&expected) {
        assert!(what.starts_with(start), "{what}");
        assert_eq!(query, expected);
    }
}

/// The guard of a move within one record type, in both systems. Noon in Berlin in winter is 11 in
/// UTC: 1772362800 seconds.
#[test]
fn what_holds_a_record_back() {
    let old = CHAIN
        .replace("  lose to lost", "  advance to wait when amount is present\n  lose to lost")
        + "stage wait \"Wait\" { record deal owner rep  lose to lost  advance to live }\n";
    let new = old.replace(
        "advance to wait when amount is present",
        "advance to wait when amount is present and not (tags in [x, y]) and seen < 2026-03-01T12:00",
    );
    let all = told(&old, &new, "salesforce", &[]);
    let [(what, query)] = all.as_slice() else { panic!("{all:#?}") };
    assert!(what.starts_with("records kept back by"), "{what}");
    assert_eq!(
        query,
        "SELECT COUNT() FROM Opportunity\n\
         WHERE RecordType.DeveloperName = 'P_Deal'\n  \
         AND StageName IN ('Let\\'s talk')\n  \
         AND Id NOT IN (SELECT Opportunity__c FROM Customer__c WHERE Opportunity__c != null)\n  \
         AND Amount != null\n  \
         AND Amount > 0\n  \
         AND (Amount = null OR Tags__c INCLUDES ('x', 'y') OR Seen__c = null OR Seen__c >= 2026-03-01T11:00:00Z OR Amount <= 0)"
    );
    let all = told(&old, &new, "hubspot", &[("objects.customer", "p_customer")]);
    let (body, wider) = all[0].1.split_once("\n}").unwrap();
    let body: serde_json::Value = serde_json::from_str(&format!("{body}\n}}")).unwrap();
    assert_eq!(wider.trim(), "those that have gone on as `customer` are not told apart");
    // What cannot be is not asked: an amount above 0 is neither blank nor at most 0.
    let before = [
        json!({ "propertyName": "dealstage", "operator": "IN", "values": ["p_talk"] }),
        json!({ "propertyName": "amount", "operator": "GT", "value": "0" }),
    ];
    let group = |last: serde_json::Value| json!({ "filters": [before[0], before[1], last] });
    assert_eq!(
        body["filterGroups"],
        json!([
            group(json!({ "propertyName": "tags", "operator": "IN", "values": ["x", "y"] })),
            group(json!({ "propertyName": "seen", "operator": "NOT_HAS_PROPERTY" })),
            group(json!({ "propertyName": "seen", "operator": "GTE", "value": "1772362800000" })),
        ])
    );
}

#[test]
fn what_a_crm_does_not_keep_is_told() {
    let old = CHAIN;
    let new = old.replace("seats integer \"Seats\"", "seats integer \"Seats\" required");
    let said = &told(old, &new, "hubspot", &[])[0].1;
    assert_eq!(said, "record type `customer` has no object in HubSpot");
    let said = &told(old, &new, "salesforce", &[])[0].1;
    assert_eq!(said, "SELECT COUNT() FROM Customer__c\nWHERE Seats__c = null");
}

/// An account without a stage is none of the process: it is not counted as one that lacks a field.
#[test]
fn accounts_of_others_are_not_counted() {
    let old = CHAIN.replace("from deal { seats", "from deal { vat text  seats");
    let new = old.replace("vat text ", "vat text required ");
    let query = |objects: &str| {
        let all = told(&old, &new, "salesforce", &[("objects.customer", objects)]);
        let found = all.into_iter().map(|(_, query)| query).find(|query| query.contains("Vat__c"));
        found.unwrap()
    };
    assert_eq!(
        query("Account"),
        "SELECT COUNT() FROM Account\nWHERE Stage__c != null\n  AND Vat__c = null"
    );
    assert_eq!(query("Customer__c"), "SELECT COUNT() FROM Customer__c\nWHERE Vat__c = null");
}
