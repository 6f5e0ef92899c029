//! Lists of stages that are long: what Salesforce takes no formula of is told in several.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::read_by_every_tool;
use super::rules::{engines_agree, fields, rules, unasked};
use crate::crm_support::{emit, process};

const TYPES: &[(&str, &str)] = &[
    ("$Permission.P_Bypass", "Checkbox"),
    ("RecordType.DeveloperName", "Text"),
    ("StageName", "Picklist"),
    ("Amount", "Currency"),
];

/// The titles of these stages, of lengths that differ.
fn titles(count: usize, most: usize) -> Vec<String> {
    let title = |n: usize| format!("「S」 \"{n}\" x{}", "x".repeat(n * 7 % most));
    (0..count).map(title).collect()
}

/// Records go from the hub to each of these stages but every tenth, and back.
fn hub(titles: &[String], more: &str) -> String {
    let mut source = String::from(
        "process p { currency EUR }\nteam sales { role rep }\nrecord deal { amount money }\n",
    );
    let named = |n: usize| format!("  recycle to s{n}\n");
    let ways: String = (0..titles.len()).filter(|n| n % 10 != 3).map(named).collect();
    writeln!(source, "stage hub \"Hub\" {{ record deal owner rep entry  advance to won\n{ways}}}")
        .unwrap();
    for (n, title) in titles.iter().enumerate() {
        let title = title.replace('"', "\\\"");
        writeln!(source, "stage s{n} \"{title}\" {{ record deal owner rep advance to hub }}")
            .unwrap();
    }
    source + more
}

const WON: &str = "stage won \"Won\" { record deal owner rep outcome won final }\n";

fn case(from: &str, to: &Json, expect: bool) -> Json {
    json!({
        "values": { "StageName": to, "RecordType.DeveloperName": "P_Deal", "$Permission.P_Bypass": false, "Amount": null },
        "prior": { "StageName": from }, "expect": expect,
    })
}

/// One rule or several, they refuse the same: every value that no move leads to, also one that no stage has.
#[test]
fn what_does_not_fit_is_refused_by_several_rules() {
    for (most, parts, table) in [(20, 1, false), (60, 1, true), (200, 2, true)] {
        let titles = titles(if table { 60 } else { 10 }, most);
        let process = process(&hub(&titles, WON));
        read_by_every_tool(&process, &[]);
        let output = emit("salesforce", &process, &[]);
        assert_eq!(unasked(&output), Vec::<&str>::new());
        let all = rules(&output, "Opportunity");
        let own: Vec<_> = all.iter().filter(|(name, _)| name.starts_with("P_Hub_Moves")).collect();
        let names: Vec<&str> = own.iter().map(|(name, _)| name.as_str()).collect();
        match parts {
            1 => assert_eq!(names, ["P_Hub_Moves"]),
            _ => assert_eq!(names, ["P_Hub_Moves_1", "P_Hub_Moves_2"]),
        }
        for (_, rule) in &own {
            assert!(rule.formula.len() <= 4000, "{}", rule.formula);
            assert_eq!(rule.formula.contains("CASE(StageName, "), table, "{}", rule.formula);
            assert!(rule.message.starts_with("From “Hub” a record can move to: "));
        }
        let mut cases: Vec<Json> = Vec::new();
        for (n, title) in titles.iter().enumerate() {
            cases.push(case("Hub", &json!(title), n % 10 == 3));
            cases.push(case(title, &json!("Hub"), false));
        }
        cases.push(case("Hub", &json!("Won"), false));
        cases.push(case("Hub", &json!("Hub"), false));
        cases.push(case("Hub", &json!("Elsewhere"), true));
        cases.push(case("Hub", &json!("e".repeat(250)), true));
        cases.push(case("Hub", &Json::Null, true));
        let formulas: Vec<&str> = own.iter().map(|(_, rule)| rule.formula.as_str()).collect();
        let formula = match formulas.as_slice() {
            [one] => (*one).to_owned(),
            several => format!("OR({})", several.join(", ")),
        };
        engines_agree(&[json!({
            "name": "Hub", "formula": formula, "fields": fields(&formula, TYPES), "cases": cases,
        })]);
    }
}

/// What is asked of those who come from many stages is asked by one rule.
#[test]
fn a_criterion_behind_many_stages_is_asked() {
    let titles = titles(60, 30);
    let hub = hub(&titles, WON).replacen(
        "entry ",
        "entry enter when { firm \"Firm\" amount > 0 EUR }",
        1,
    );
    let output = emit("salesforce", &process(&hub), &[]);
    let all = rules(&output, "Opportunity");
    let formula = &all["P_Hub_Entry_Firm"].formula;
    assert!(formula.contains("CASE(PRIORVALUE(StageName), "), "{formula}");
    let mut cases: Vec<Json> =
        titles.iter().map(|title| case(title, &json!("Hub"), true)).collect();
    cases.push(case("Won", &json!("Hub"), false));
    cases.push(case(&titles[0], &json!(titles[1]), false));
    engines_agree(&[json!({
        "name": "Firm", "formula": formula, "fields": fields(formula, TYPES), "cases": cases,
    })]);
}

/// Titles of one length cannot be told apart by it: then the rule is left out, and told.
#[test]
fn what_fits_in_no_way_is_told() {
    let titles: Vec<String> = (10..90).map(|n| format!("{n}{}", "x".repeat(80))).collect();
    let output = emit("salesforce", &process(&hub(&titles, WON)), &[]);
    assert!(rules(&output, "Opportunity").keys().all(|name| !name.starts_with("P_Hub_Moves")));
    assert_eq!(
        unasked(&output),
        ["Moves from stage `hub`: its formula has more than 3900 characters or 4000 bytes"]
    );
}
