//! Validation rules: their formulas, evaluated by two engines that are independent of each other,
//! against the native evaluator and against a table of moves made by hand.
//!
//! `EKIDEN_CONDITIONS` sets the number of conditions, `EKIDEN_SEED` chooses others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use ekiden::emit::Output;
use ekiden::logic::{Evaluator, RecordState, Value};
use ekiden::model::{Money, Process};
use jiff::ToSpan;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value as Json, json};

use super::ROOT;
use crate::crm_support::{WHOLE, check, emit, process, text};

/// A rule as it is written.
pub(super) struct Rule {
    pub(super) formula: String,
    pub(super) message: String,
}

/// The rules of an object by their names, as they come out of the XML.
pub(super) fn rules(output: &Output, object: &str) -> BTreeMap<String, Rule> {
    let folder = format!("{ROOT}/objects/{object}/validationRules/");
    let mut rules = BTreeMap::new();
    for artifact in &output.artifacts {
        let Some(file) = artifact.path.as_str().strip_prefix(&folder) else { continue };
        let xml = std::str::from_utf8(&artifact.contents).unwrap();
        let inner = |tag: &str| {
            let (_, rest) = xml.split_once(&format!("<{tag}>")).unwrap();
            let raw = rest.split_once(&format!("</{tag}>")).unwrap().0;
            let escapes =
                [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
            escapes.iter().fold(raw.to_owned(), |text, (from, to)| text.replace(from, to))
        };
        let name = file.strip_suffix(".validationRule-meta.xml").unwrap().to_owned();
        assert_eq!(inner("fullName"), name);
        let rule = Rule { formula: inner("errorConditionFormula"), message: inner("errorMessage") };
        rules.insert(name, rule);
    }
    rules
}

/// What the README says is not asked.
pub(super) fn unasked(output: &Output) -> Vec<&str> {
    let readme = text(output, "README.md");
    let Some((_, rest)) = readme.split_once("## What is not asked\n") else { return Vec::new() };
    let section = rest.split("\n## ").next().unwrap();
    section.lines().filter_map(|line| line.strip_prefix("- ")).collect()
}

/// Both engines must give the expected answers.
pub(super) fn engines_agree(formulas: &[Json]) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), serde_json::to_string(formulas).unwrap()).unwrap();
    check("salesforce-formulas.mjs", &[file.path()]);
}

/// The names that stand in a formula.
pub(super) fn fields<'a>(
    formula: &str,
    types: &[(&'a str, &'a str)],
) -> BTreeMap<&'a str, &'a str> {
    types.iter().copied().filter(|(name, _)| formula.contains(name)).collect()
}

pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, n: i64) -> i64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::try_from(n).unwrap()) as i64
    }

    pub(super) fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as i64)).unwrap()]
    }

    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }
}

const TEXTS: &[&str] = &["x", "X", "a'b", "\"q\"", "back\\slash", "é", "한국어"];

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

pub(super) fn condition(random: &mut Random, depth: u32) -> String {
    if depth > 0 && random.chance(55) {
        let a = condition(random, depth - 1);
        return match random.below(3) {
            0 => format!("not ({a})"),
            1 => format!("({a} and {})", condition(random, depth - 1)),
            _ => format!("({a} or {})", condition(random, depth - 1)),
        };
    }
    let op = random.of(&["=", "!=", "<", "<=", ">", ">="]);
    let eq = random.of(&["=", "!="]);
    let n = random.below(7) - 1;
    let exact = random.of(&["30m", "5h", "1d", "3d", "1w"]);
    let dates = random.of(&["1d", "3d", "2w", "1mo", "1q", "1y"]);
    let direction = random.of(&["next", "last"]);
    match random.below(27) {
        0 => format!("size {op} {n}"),
        1 => format!("level {op} {n}.5"),
        2 => format!("amount {op} {} EUR", n * 10),
        3 => format!("rate {op} {}%", n.abs() * 25),
        4 => format!("kind {eq} {}", random.of(&["a", "b", "c"])),
        5 => "kind in [a, b]".to_owned(),
        6 => format!("tags in [{}]", random.of(&["x", "y, z", "x, z"])),
        7 => {
            let field = random
                .of(&["size", "level", "amount", "kind", "tags", "boss", "due", "meeting", "note"]);
            format!("{field} is {}", random.of(&["present", "missing"]))
        }
        8 => format!("note {eq} {}", quoted(random.of(TEXTS))),
        9 => format!("note in [\"x\", {}]", quoted(random.of(&TEXTS[1..]))),
        10 => random.of(&["done", "done = false", "vip != true", "done = vip"]).to_owned(),
        11 => format!("due {op} 2026-03-{:02}", 6 + random.below(8)),
        12 => format!("due {op} today"),
        13 => format!("due within {direction} {dates}"),
        14 | 15 => format!("meeting within {direction} {exact}"),
        16 => format!("days since due {op} {n}"),
        17 => format!("weeks until due {op} {n}"),
        18 => format!("hours since meeting {op} {}", n * 9),
        19 => format!("days until meeting {op} {n}"),
        20 => format!("size * 2 + level {op} {n}"),
        21 => format!("amount / 4 {op} {n} EUR"),
        22 => format!("rate * amount {op} {} EUR", n * 10),
        23 => format!("level / (size - 2) {op} 0.5"),
        24 => format!("due + {dates} {op} 2026-03-{:02}", 6 + random.below(8)),
        25 => format!("meeting - {exact} {op} seen"),
        _ => format!("confirm \"{}\" by rep", random.of(&["It is real", "They said so"])),
    }
}

pub(super) fn process_with(conditions: &[String]) -> Process {
    let mut text = String::from(
        r#"process p { currency EUR  timezone "UTC" }
         team sales { role rep }
         record deal {
           note text  size integer  level number  amount money  rate percent
           kind one of [a, b, c]  tags many of [x, y, z]  boss user
           due date  meeting datetime  seen datetime  done boolean  vip boolean
         }
         stage won { record deal owner sales outcome won final }
         stage a { record deal owner sales entry  advance to won
           exit when {
"#,
    );
    for (at, condition) in conditions.iter().enumerate() {
        writeln!(text, "c{at} \"Condition {at}\" {condition}").unwrap();
    }
    text.push_str("} }");
    process(&text)
}

pub(super) const NOW: &str = "2026-03-10T15:30:00";

/// The types by API name, for the engines. The keys of confirmations are added.
pub(super) const TYPES: &[(&str, &str)] = &[
    ("$Permission.P_Bypass", "Checkbox"),
    ("RecordType.DeveloperName", "Text"),
    ("StageName", "Picklist"),
    ("Note__c", "Text"),
    ("Size__c", "Number"),
    ("Level__c", "Number"),
    ("Amount", "Currency"),
    ("Rate__c", "Percent"),
    ("Kind__c", "Picklist"),
    ("Tags__c", "MultiselectPicklist"),
    ("Boss__c", "Text"),
    ("Due__c", "Date"),
    ("Meeting__c", "DateTime"),
    ("Seen__c", "DateTime"),
    ("Done__c", "Checkbox"),
    ("Vip__c", "Checkbox"),
];

/// A random record, natively and as Salesforce holds it.
pub(super) fn record(
    random: &mut Random,
    process: &Process,
    full: bool,
) -> (RecordState, Map<String, Json>) {
    let now: DateTime = NOW.parse().unwrap();
    let mut state = RecordState::new(now);
    let mut held = Map::new();
    held.insert("$Permission.P_Bypass".to_owned(), false.into());
    held.insert("RecordType.DeveloperName".to_owned(), "P_Deal".into());
    held.insert("StageName".to_owned(), "Won".into());
    for (id, field) in process.fields.iter() {
        let api = match field.name.as_str() {
            "amount" => "Amount".to_owned(),
            name => format!("{}{}__c", name[..1].to_uppercase(), &name[1..]),
        };
        // A checkbox is never blank.
        if !full && !matches!(field.name.as_str(), "done" | "vip") && random.chance(30) {
            held.insert(api, Json::Null);
            continue;
        }
        let plain = |number: Decimal| json!(number.to_f64().unwrap());
        let (value, json) = match field.name.as_str() {
            "note" => {
                let text = random.of(TEXTS);
                (Value::Text(text.to_owned()), json!(text))
            }
            "boss" => (Value::User("005".to_owned()), json!("005")),
            "size" => {
                let n = Decimal::from(random.below(8));
                (Value::Number(n), plain(n))
            }
            "level" => {
                let n = Decimal::new((random.below(16) - 4) * 5, 1);
                (Value::Number(n), plain(n))
            }
            "amount" => {
                let amount = Decimal::from(random.below(8) * 10);
                (Value::Money(Money { amount, currency: process.currency.unwrap() }), plain(amount))
            }
            "rate" => {
                let n = Decimal::from(random.below(5) * 25);
                (Value::Percent(n), plain(n))
            }
            "kind" => {
                let index = usize::try_from(random.below(3)).unwrap();
                (Value::Option(id, index), json!(["a", "b", "c"][index]))
            }
            "tags" => {
                let mut chosen: BTreeSet<usize> = (0..3).filter(|_| random.chance(50)).collect();
                if full {
                    chosen.insert(0);
                }
                let names: Vec<&str> = chosen.iter().map(|at| ["x", "y", "z"][*at]).collect();
                let json = if names.is_empty() { Json::Null } else { json!(names.join(";")) };
                (Value::Options(id, chosen), json)
            }
            "due" => {
                let day = now.date().checked_add((random.below(41) - 20).days()).unwrap();
                (Value::Date(day), json!(day.to_string()))
            }
            "meeting" | "seen" => {
                let span = match random.below(3) {
                    0 => (random.below(49) - 24).hours(),
                    1 => (random.below(21) - 10).days(),
                    _ => (random.below(200_000) - 100_000).seconds(),
                };
                let at = now.checked_add(span).unwrap();
                (Value::DateTime(at), json!(format!("{at}Z")))
            }
            "done" | "vip" => {
                let yes = random.chance(50);
                (Value::Boolean(yes), yes.into())
            }
            other => panic!("{other}"),
        };
        held.insert(api, json);
        state.values.insert(id, value);
    }
    for (id, confirmation) in process.confirmations.iter() {
        let yes = random.chance(50);
        if yes {
            state.confirmations.insert(id);
        }
        held.insert(confirmation_name(&confirmation.key), yes.into());
    }
    (state, held)
}

fn confirmation_name(key: &str) -> String {
    let part = |part: &str| format!("{}{}", part[..1].to_uppercase(), &part[1..]);
    let parts: Vec<String> = key.split('_').filter(|p| !p.is_empty()).map(part).collect();
    format!("{}__c", parts.join("_"))
}

pub(super) fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn conditions_mean_the_same_in_salesforce() {
    let mut random = Random(from_environment("EKIDEN_SEED", 7));
    let count = from_environment("EKIDEN_CONDITIONS", 120);
    let conditions: Vec<String> = (0..count).map(|_| condition(&mut random, 2)).collect();
    let process = process_with(&conditions);
    let output = emit("salesforce", &process, &[]);
    assert_eq!(unasked(&output), Vec::<&str>::new());
    let rules = rules(&output, "Opportunity");
    let keys: Vec<String> =
        process.confirmations.values().map(|one| confirmation_name(&one.key)).collect();
    let mut types = TYPES.to_vec();
    types.extend(keys.iter().map(|key| (key.as_str(), "Checkbox")));
    let mut formulas = Vec::new();
    let (mut refused, mut asked) = (0, 0);
    for (_, criterion) in process.criteria.iter() {
        let at: usize = criterion.name[1..].parse().unwrap();
        let name = format!("P_A_Exit_C{at}");
        // What always holds needs no rule.
        let Some(rule) = rules.get(&name) else {
            assert!(conditions[at].contains("vip") || conditions[at].contains("done"), "{name}");
            continue;
        };
        let mut cases = Vec::new();
        for case in 0..10 {
            let (state, held) = record(&mut random, &process, case < 4);
            let expected = !Evaluator::new(&process, &state).holds(&criterion.condition);
            refused += usize::from(expected);
            asked += 1;
            cases.push(json!({
                "values": held, "prior": { "StageName": "A" }, "now": format!("{NOW}Z"), "expect": expected,
            }));
        }
        formulas.push(json!({
            "name": format!("{name}: {}", conditions[at]),
            "formula": rule.formula,
            "fields": fields(&rule.formula, &types),
            "cases": cases,
        }));
    }
    assert!(formulas.len() as u64 > count * 9 / 10);
    assert!(refused > asked / 4 && refused < asked * 3 / 4, "{refused} of {asked}");
    engines_agree(&formulas);
}

/// Two record types on one object, one of which can be left to the other.
const TWO: &str = r#"
process p { currency EUR }
team sales { role rep }
record deal { amount money  ok boolean }
record renewal from deal { reason text }
stage first "First" { record deal owner rep entry  advance to second  lose to lost }
stage second "Second" { record deal owner rep  advance to won when ok  recycle to first }
stage won "Won" { record deal owner rep outcome won  advance to due }
stage lost "Lost" { record deal owner rep outcome lost final }
stage due "Due" { record renewal owner rep  enter when { why "A reason" reason is present }  advance to kept }
stage kept "Kept" { record renewal owner rep outcome won final }
"#;

#[test]
fn moves_are_those_of_the_process() {
    let settings = [("objects.renewal", "Opportunity")];
    let output = emit("salesforce", &process(TWO), &settings);
    let rules = rules(&output, "Opportunity");
    let names: Vec<&str> = rules.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "P_Deal_Start",
            "P_Due_Entry_Why",
            // A renewal may go to every stage of its own, and not to one of deals.
            "P_Due_Moves",
            "P_First_Moves",
            "P_Kept_Moves",
            "P_Lost_Moves",
            "P_Renewal_Start",
            "P_Second_Moves",
            "P_Second_To_Won_When",
            "P_Won_Moves",
        ]
    );
    // By hand: what the process above declares.
    let deal = ["First", "Second", "Won", "Lost"];
    let declared = [
        ("First", &["Second", "Lost"][..]),
        ("Second", &["Won", "First"]),
        ("Won", &[]),
        ("Lost", &[]),
    ];
    let held = |value: &str, record_type: &str, bypass: bool| {
        json!({
            "StageName": value, "RecordType.DeveloperName": record_type,
            "$Permission.P_Bypass": bypass, "Ok__c": false, "Reason__c": "x",
        })
    };
    let types: &[(&str, &str)] = &[
        ("$Permission.P_Bypass", "Checkbox"),
        ("RecordType.DeveloperName", "Text"),
        ("StageName", "Picklist"),
        ("Ok__c", "Checkbox"),
        ("Reason__c", "Text"),
    ];
    let formula = |name: &str, cases: Vec<Json>| {
        let formula = &rules[name].formula;
        json!({ "name": name, "formula": formula, "fields": fields(formula, types), "cases": cases })
    };
    let mut formulas = Vec::new();
    for (from, targets) in declared {
        let mut cases = Vec::new();
        for prior in deal {
            for to in deal {
                for (record_type, bypass, new) in [
                    ("P_Deal", false, false),
                    ("P_Renewal", false, false),
                    ("P_Deal", true, false),
                    ("P_Deal", false, true),
                ] {
                    let expected = prior == from
                        && to != from
                        && !targets.contains(&to)
                        && record_type == "P_Deal"
                        && !bypass
                        && !new;
                    cases.push(json!({
                        "values": held(to, record_type, bypass), "prior": { "StageName": prior },
                        "isNew": new, "expect": expected,
                    }));
                }
            }
        }
        formulas.push(formula(&format!("P_{from}_Moves"), cases));
    }
    let start = deal.map(
        |to| json!({ "values": held(to, "P_Deal", false), "isNew": true, "expect": to != "First" }),
    );
    formulas.push(formula("P_Deal_Start", start.to_vec()));
    let changed = json!({ "values": held("Won", "P_Deal", false), "prior": { "StageName": "First" }, "expect": false });
    formulas.push(formula("P_Deal_Start", vec![changed]));
    let mut won = held("Won", "P_Deal", false);
    let refused = json!({ "values": won, "prior": { "StageName": "Second" }, "expect": true });
    won["Ok__c"] = true.into();
    let passed = json!({ "values": won, "prior": { "StageName": "Second" }, "expect": false });
    formulas.push(formula("P_Second_To_Won_When", vec![refused, passed]));
    // A renewal is made when a deal is won: what it asks of those who enter is asked of the new record.
    let mut due = held("Due", "P_Renewal", false);
    let passed = json!({ "values": due, "isNew": true, "expect": false });
    due["Reason__c"] = Json::Null;
    let refused = json!({ "values": due, "isNew": true, "expect": true });
    let edited = json!({ "values": due, "expect": false });
    formulas.push(formula("P_Due_Entry_Why", vec![passed, refused, edited]));
    engines_agree(&formulas);

    assert_eq!(
        rules["P_First_Moves"].message,
        "From “First” a record can move to: “Second”, “Lost”"
    );
    assert_eq!(
        rules["P_Won_Moves"].message,
        "A record in “Won” cannot move to another stage. To go on, change record type and stage together: Renewal in “Due”"
    );
    assert_eq!(
        rules["P_Deal_Start"].message,
        "Choose a stage in which records of “Deal” begin: “First”"
    );
    assert_eq!(rules["P_Second_To_Won_When"].message, "Second → Won: only if Ok is yes");
}

#[test]
fn a_lead_is_asked_when_it_is_converted() {
    let output = emit("salesforce", &process(WHOLE), &[]);
    let rules = rules(&output, "Lead");
    assert_eq!(
        rules["Relay_Mql_Exit_Need"].formula,
        "AND(\n  NOT($Permission.Relay_Bypass),\n  RecordType.DeveloperName = \"Relay_Lead\",\n  \
         ISCHANGED(Status),\n  NOT(ISCHANGED(RecordTypeId)),\n  ISPICKVAL(PRIORVALUE(Status), \"Qualified lead\"),\n  \
         ISPICKVAL(Status, \"Converted\"),\n  ISBLANK(Need__c)\n)"
    );
    assert_eq!(rules["Relay_Mql_Exit_Need"].message, "Qualified lead: Need known");
    let told = unasked(&output);
    assert!(
        told.contains(&"exit criterion `reached` of stage `mql`: it asks for events"),
        "{told:#?}"
    );
    assert!(
        told.contains(
            &"clock of the move from `inquiry` to `nurturing`: it asks how long the record has been in its stage"
        ),
        "{told:#?}"
    );
}

/// Two ways lead to one status: what one of them asks must not be asked of the other.
#[test]
fn a_lead_that_may_go_two_ways_is_asked_for_one_of_them() {
    let source = r#"
        process p { currency EUR }
        team sales { role rep }
        record lead { size integer }
        record deal from lead { note text }
        stage new "New" { record lead owner rep entry  advance to large when size >= 100
          advance to small when size < 100 }
        stage large "Large" { record deal owner rep  advance to won }
        stage small "Small" { record deal owner rep  advance to won }
        stage won "Won" { record deal owner rep outcome won final }
    "#;
    let output = emit("salesforce", &process(source), &[]);
    let rules = rules(&output, "Lead");
    let types: &[(&str, &str)] = &[
        ("$Permission.P_Bypass", "Checkbox"),
        ("RecordType.DeveloperName", "Text"),
        ("Status", "Picklist"),
        ("Size__c", "Number"),
    ];
    let mut formulas = Vec::new();
    for name in ["P_New_To_Large_When", "P_New_To_Small_When"] {
        let formula = &rules[name].formula;
        let cases = [(Json::from(5), false), (Json::from(500), false), (Json::Null, true)];
        let cases = cases.map(|(size, refused)| {
            json!({
                "values": { "Status": "Converted", "RecordType.DeveloperName": "P_Lead",
                    "$Permission.P_Bypass": false, "Size__c": size },
                "prior": { "Status": "New" }, "expect": refused,
            })
        });
        formulas.push(json!({
            "name": name, "formula": formula, "fields": fields(formula, types), "cases": cases,
        }));
    }
    engines_agree(&formulas);
}

#[test]
fn messages_are_in_the_language_of_the_process() {
    for (language, expected) in [
        (
            "ko",
            [
                "“First”에서 옮길 수 있는 단계: “Second”, “Lost”",
                "“Won”에서는 다른 단계로 옮길 수 없습니다. 계속하려면 레코드 유형과 단계를 함께 바꾸세요: Renewal의 “Due”",
                "“Deal” 레코드를 시작할 수 있는 단계를 고르세요: “First”",
            ],
        ),
        (
            "ja",
            [
                "「First」から移せるステージ: 「Second」、「Lost」",
                "「Won」から他のステージには移せません。先へ進めるには、レコードタイプとステージを同時に変更してください: Renewalの「Due」",
                "「Deal」のレコードを始められるステージを選んでください: 「First」",
            ],
        ),
    ] {
        let source =
            TWO.replacen("currency EUR", &format!("currency EUR languages [{language}]"), 1);
        let settings = [("objects.renewal", "Opportunity")];
        let output = emit("salesforce", &process(&source), &settings);
        let rules = rules(&output, "Opportunity");
        let said = ["P_First_Moves", "P_Won_Moves", "P_Deal_Start"];
        assert_eq!(said.map(|name| rules[name].message.as_str()), expected);
    }
}
