//! HubSpot: what an administrator does, and what is told of it.

use serde_json::{Value, json};

use super::{Pair, WHOLE, told};
use crate::drift::System;

fn pair() -> Pair {
    Pair::of(System::Hubspot, WHOLE)
}

const DEAL: &str = "pipelines/deals";
const INDUSTRY: &str = "properties/leads/industry";
const SIZE: &str = "property-rules/leads/company_size.MIN_NUMBER";

/// A file, what stands in it, what stands there instead, and what is told.
const CHANGES: &[(&str, &str, &str, &[&str])] = &[
    (
        DEAL,
        "\"label\": \"Won\"",
        "\"label\": \"Gewonnen\"",
        &[
            "texts: stage \"Won\" of the pipeline \"The relay: Opportunity\" of deals: label \"Gewonnen\" in HubSpot, \"Won\" in the process",
        ],
    ),
    (
        DEAL,
        "\"0.4\"",
        "\"0.5\"",
        &[
            "values: stage \"3. Evaluation & selection\" of the pipeline \"The relay: Opportunity\" of deals: probability 0.5 in HubSpot, 0.4 in the process",
        ],
    ),
    (
        DEAL,
        "\"isClosed\": \"true\"",
        "\"isClosed\": \"false\"",
        &[
            "records: stage \"Won\" of the pipeline \"The relay: Opportunity\" of deals: closed false in HubSpot, true in the process",
        ],
    ),
    (
        DEAL,
        "\"stageId\": \"relay_lost\",",
        "\"stageId\": \"relay_lost\", \"archived\": true,",
        &[
            "records: stage \"Lost\" of the pipeline \"The relay: Opportunity\" of deals is archived in HubSpot",
        ],
    ),
    (
        DEAL,
        "\"stages\": [",
        "\"stages\": [{\"id\": \"77\", \"label\": \"Pilot\", \"displayOrder\": 9, \"metadata\": {}},",
        &[
            "records: stage \"Pilot\" of the pipeline \"The relay: Opportunity\" of deals is in HubSpot, not in the process",
        ],
    ),
    (
        DEAL,
        "\"displayOrder\": 2",
        "\"displayOrder\": 0",
        &[
            "values: pipeline \"The relay: Opportunity\" of deals: another order of stages [Lost, Won | Won, Lost]",
        ],
    ),
    (
        DEAL,
        "The relay: Opportunity",
        "Sales",
        &[
            "texts: pipeline \"The relay: Opportunity\" of deals: label \"Sales\" in HubSpot, \"The relay: Opportunity\" in the process",
        ],
    ),
    (
        DEAL,
        "\"pipelineId\": \"relay_deal\",",
        "\"id\": \"relay_deal\", \"archived\": true,",
        &["records: pipeline \"The relay: Opportunity\" of deals is archived in HubSpot"],
    ),
    (
        SIZE,
        "\"1\"",
        "\"5\"",
        &[
            "records: rule MIN_NUMBER of the property `company_size` of leads: value 5 in HubSpot, 1 in the process",
        ],
    ),
    (
        SIZE,
        "",
        "",
        &["records: rule MIN_NUMBER of the property `company_size` of leads is missing in HubSpot"],
    ),
    (
        // Without the property nothing is said of its rules.
        "properties/leads/company_size",
        "",
        "",
        &["records: property `company_size` of leads is missing in HubSpot"],
    ),
    (
        INDUSTRY,
        "\"type\": \"enumeration\"",
        "\"type\": \"string\"",
        &[
            "records: property `industry` of leads: type string in HubSpot, enumeration in the process",
        ],
    ),
    (
        INDUSTRY,
        "\"fieldType\": \"select\"",
        "\"fieldType\": \"radio\"",
        &["values: property `industry` of leads: form radio in HubSpot, select in the process"],
    ),
    (
        INDUSTRY,
        "\"groupName\": \"relay\"",
        "\"groupName\": \"leadinformation\"",
        &[
            "values: property `industry` of leads: group leadinformation in HubSpot, relay in the process",
        ],
    ),
    (
        INDUSTRY,
        "\"label\": \"Industry\"",
        "\"label\": \"Branch\"",
        &[
            "texts: property `industry` of leads: label \"Branch\" in HubSpot, \"Industry\" in the process",
        ],
    ),
    (
        INDUSTRY,
        "\"value\": \"other\"",
        "\"value\": \"rest\"",
        &[
            "records: option \"rest\" of the property `industry` of leads is in HubSpot, not in the process: \"other\", which is missing, has the same label",
            "records: option \"other\" of the property `industry` of leads is missing in HubSpot",
        ],
    ),
    (
        INDUSTRY,
        "\"hidden\": false",
        "\"hidden\": true",
        &["records: option \"software\" of the property `industry` of leads is hidden in HubSpot"],
    ),
    (
        INDUSTRY,
        "\"label\": \"Finance\"",
        "\"label\": \"Money\"",
        &[
            "texts: option \"finance\" of the property `industry` of leads: label \"Money\" in HubSpot, \"Finance\" in the process",
        ],
    ),
    (
        INDUSTRY,
        "\"displayOrder\": 0",
        "\"displayOrder\": 7",
        &[
            "values: property `industry` of leads: another order of options [Finance, Other, Software | Software, Finance, Other]",
        ],
    ),
    (INDUSTRY, "", "", &["records: property `industry` of leads is missing in HubSpot"]),
    (
        INDUSTRY,
        "\"name\": \"industry\",",
        "\"name\": \"industry\", \"archived\": true,",
        &["records: property `industry` of leads is archived in HubSpot"],
    ),
    (
        "properties/leads/email",
        "\"hasUniqueValue\": true",
        "\"hasUniqueValue\": false",
        &["records: property `email` of leads: unique false in HubSpot, true in the process"],
    ),
    (
        "properties/deals/discount",
        "\"showCurrencySymbol\": true",
        "\"showCurrencySymbol\": false",
        &[
            "values: property `discount` of deals: currency symbol false in HubSpot, true in the process",
        ],
    ),
    (
        "properties/leads/email",
        "Where we write to",
        "Private",
        &[
            "texts: property `email` of leads: description \"Private\" in HubSpot, \"Where we write to\" in the process",
        ],
    ),
    (
        "property-groups/leads",
        "\"label\": \"The relay\"",
        "\"label\": \"Relay\"",
        &[
            "texts: property group `relay` of leads: label \"Relay\" in HubSpot, \"The relay\" in the process",
        ],
    ),
];

#[test]
fn one_change_is_told_and_nothing_else() {
    for (path, from, to, expected) in CHANGES {
        let mut pair = pair();
        pair.change(path, from, to);
        assert_eq!(told(&pair.report()), *expected, "{path}: {from} to {to}");
    }
}

/// `{stage.won}` as the id that the body of the pipeline asks for.
fn with_ids(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once("\"{stage.") {
        Some((head, tail)) => format!("{head}\"relay_{}", tail.replacen('}', "", 1)),
        None => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What HubSpot answers, from the bodies that were sent: everything of a kind and an object in one.
fn answers(pair: &mut Pair, change: impl Fn(&mut Value)) {
    let mut all: std::collections::BTreeMap<String, Vec<Value>> = std::collections::BTreeMap::new();
    for (path, text) in &pair.files {
        let (folder, record) = path.rsplit_once('/').unwrap();
        let folder = folder.replace('/', "-").replace("property-rules", "property-validations");
        // Rules name stages by the ids of the account, and tell which pipeline they are of.
        let named = with_ids(text);
        let mut value: Value = serde_json::from_str(&named).unwrap();
        if path.starts_with("pipeline-rules/") {
            let id = format!("relay_{}", record.trim_end_matches(".json"));
            value.as_object_mut().unwrap().insert("pipelineId".to_owned(), json!(id));
        }
        if let Some((property, kind)) =
            record.strip_suffix(".json").and_then(|name| name.split_once('.'))
        {
            // An answer has all rules of a property together.
            let mut rule = value;
            rule["ruleType"] = json!(kind);
            rule["shouldApplyNormalization"] = json!(false);
            let all = all.entry(format!("{folder}.json")).or_default();
            match all.iter_mut().find(|one| one["propertyName"] == property) {
                Some(one) => one["propertyValidationRules"].as_array_mut().unwrap().push(rule),
                None => {
                    all.push(json!({ "propertyName": property, "propertyValidationRules": [rule] }))
                }
            }
            continue;
        }
        change(&mut value);
        all.entry(format!("{folder}.json")).or_default().push(value);
    }
    pair.files = all
        .into_iter()
        .map(|(path, results)| (path, json!({ "results": results }).to_string()))
        .collect();
}

#[test]
fn answers_with_all_that_hubspot_adds_are_no_drift() {
    let mut pair = pair();
    answers(&mut pair, |value| {
        let map = value.as_object_mut().unwrap();
        for (key, value) in [
            ("createdAt", json!("2026-01-01T00:00:00Z")),
            ("archived", json!(false)),
            ("hidden", json!(false)),
            ("calculated", json!(false)),
            ("formField", json!(true)),
            ("modificationMetadata", json!({ "archivable": true })),
        ] {
            map.insert(key.to_owned(), value);
        }
        map.entry("options").or_insert(json!([]));
        map.entry("description").or_insert(json!(""));
        if map.contains_key("governanceValidationRules") {
            map.remove("options");
            return;
        }
        if let Some(id) = map.remove("pipelineId") {
            map.insert("id".to_owned(), id);
            map.remove("options");
        }
        for stage in map.get_mut("stages").and_then(Value::as_array_mut).into_iter().flatten() {
            let stage = stage.as_object_mut().unwrap();
            let id = stage.remove("stageId").unwrap();
            stage.insert("id".to_owned(), id);
            stage.insert("writePermissions".to_owned(), json!("CRM_PERMISSIONS_ENFORCEMENT"));
            // Places in the order have gaps after a stage was removed.
            let at = stage.get("displayOrder").and_then(Value::as_i64).unwrap();
            stage.insert("displayOrder".to_owned(), json!(at * 10 + 3));
        }
    });
    // Rules name stages by the identifiers of the account. Four of the files are about what a score of
    // contacts reads, and the score itself.
    assert_eq!(pair.files.len(), 14);
    // What `send.sh` keeps is no answer.
    pair.files.push(("sent.json".to_owned(), json!({ "done": [], "values": {} }).to_string()));
    let report = pair.report();
    assert_eq!((told(&report), report.unread), (Vec::new(), Vec::new()));
}

/// A rule of which the process says nothing refuses what it allows; one of another property is no
/// business of it.
#[test]
fn rules_of_properties_are_compared_one_by_one() {
    let mut pair = pair();
    let rule = |kind: &str, value: &str| json!({ "ruleType": kind, "ruleArguments": [value] });
    let all = json!({ "results": [
        { "propertyName": "discount", "propertyValidationRules": [
            rule("MIN_NUMBER", "0.00"), rule("MAX_NUMBER", "10") ] },
        { "propertyName": "amount", "propertyValidationRules": [rule("MIN_NUMBER", "5")] },
    ] });
    pair.files.retain(|(path, _)| !path.starts_with("property-rules/deals/"));
    pair.files.push(("property-validations-deals.json".to_owned(), all.to_string()));
    let extra = "records: rule MAX_NUMBER of the property `discount` of deals is in HubSpot, not in the process";
    let found = told(&pair.report());
    assert!(found.contains(&extra.to_owned()), "{found:?}");
    assert!(
        found.iter().all(|line| line == extra || line.ends_with("is missing in HubSpot")),
        "{found:?}"
    );
    assert!(!found.iter().any(|line| line.contains("`amount`")), "{found:?}");
    // No rule at all is an answer, too.
    pair.files.pop();
    pair.files.push(("property-validations-deals.json".to_owned(), "{\"results\": []}".to_owned()));
    let found = told(&pair.report());
    assert!(
        found.iter().any(|line| line.contains("rule MIN_NUMBER of the property `discount`")),
        "{found:?}"
    );
    // None was asked for.
    pair.files.pop();
    let report = pair.report();
    assert_eq!(told(&report), Vec::<String>::new());
    assert_eq!(report.unread, ["the rules of properties of deals"]);
    // That of one property does not tell which.
    let one = json!({ "results": [rule("MIN_NUMBER", "0")] });
    pair.files.push(("validations-deals.json".to_owned(), one.to_string()));
    let refused = pair.refused();
    assert!(refused.starts_with("has rules of a property, and does not tell which: `validations-deals.json`; save the answer for the whole object"), "{refused}");
}

#[test]
fn a_million_stages_are_refused_at_once() {
    let mut pair = pair();
    let stage = |at: usize| format!("{{\"id\":\"{at}\",\"label\":\"{at}\"}}");
    let stages: Vec<String> = (0..1_000_000).map(stage).collect();
    let text = format!("{{\"id\":\"x\",\"label\":\"X\",\"stages\":[{}]}}", stages.join(","));
    pair.files = vec![("pipelines-deals.json".to_owned(), text)];
    let refused = pair.refused();
    assert!(refused.starts_with("holds more than 200000 things"), "{refused}");
}

#[test]
fn identifiers_of_hubspot_are_matched_by_label() {
    let mut pair = pair();
    for (from, to) in [
        ("relay_deal", "default"),
        ("relay_evaluation", "91"),
        ("relay_won", "92"),
        ("relay_lost", "93"),
    ] {
        pair.change(DEAL, from, to);
    }
    assert_eq!(told(&pair.report()), Vec::<String>::new());
    pair.change(DEAL, "\"0.4\"", "\"0.7\"");
    assert_eq!(told(&pair.report()).len(), 1);
}

#[test]
fn what_the_process_says_nothing_of_is_counted_and_what_was_not_asked_is_told() {
    let mut pair = pair();
    pair.change("properties/leads", "", "").change("property-groups", "", "");
    pair.files.push((
        "pipelines/deals/other.json".to_owned(),
        json!({ "results": [{ "id": "x", "label": "Partners", "stages": [{ "id": "y", "label": "Z" }] }] }).to_string(),
    ));
    let report = pair.report();
    assert_eq!(told(&report), Vec::<String>::new());
    let beside: Vec<_> = report.compared.beside.iter().map(|(kind, n)| (kind.word(), *n)).collect();
    assert_eq!(beside, [("pipeline", 1)]);
    assert_eq!(
        report.unread,
        [
            "the properties of leads",
            "the property groups of contacts",
            "the property groups of deals",
            "the property groups of leads"
        ]
    );
    // An answer without anything in it is one.
    pair.files.push(("properties-leads.json".to_owned(), "{\"results\": []}".to_owned()));
    let lines = told(&pair.report());
    assert!(
        lines.len() == 11
            && lines.iter().all(|line| line.ends_with("of leads is missing in HubSpot")),
        "{lines:#?}"
    );
}

#[test]
fn broken_and_foreign_answers_are_refused() {
    let with = |text: &str| {
        let mut pair = pair();
        pair.files = vec![("deals.json".to_owned(), text.to_owned())];
        pair.refused()
    };
    assert!(with("{\"results\": [").contains("it is no JSON"));
    assert!(with("").contains("is empty"));
    assert!(with("<html>").contains("it is no JSON"));
    assert!(with("[1, 2]").contains("holds neither pipelines nor properties"));
    assert!(with("{\"results\": 3}").contains("holds neither pipelines nor properties"));
    assert!(
        with("{\"results\": [{\"id\": \"1\", \"properties\": {}}]}").contains("neither pipelines")
    );
    assert!(
        with("{\"status\": \"error\", \"message\": \"bad token\"}")
            .contains("an error of HubSpot: `bad token`")
    );
    assert!(
        with("{\"results\": [], \"paging\": {\"next\": {\"after\": \"1\"}}}")
            .contains("one page of several")
    );
    assert!(with("{\"results\": []}").contains("its name does not tell what of"));
    assert!(with("{\"label\": \"x\", \"stages\": 1}").contains("holds neither"));
    assert!(with(&"[".repeat(100_000)).contains("it is no JSON"));
    let one = "{\"id\": \"a\", \"label\": \"a\", \"stages\": []}";
    assert!(with(&format!("[{one}, {one}]")).contains("says twice"));
    let option = |n: usize| format!("{{\"value\": \"{n}\", \"label\": \"x\"}}");
    let options: Vec<String> = (0..250_000).map(option).collect();
    let many = format!(
        "{{\"name\": \"n\", \"fieldType\": \"select\", \"options\": [{}]}}",
        options.join(",")
    );
    assert!(with(&many).contains("looks like an export of records"));
    let mut pair = pair();
    pair.files = vec![("answer.json".to_owned(), one.to_owned())];
    assert!(
        pair.refused().contains("does not tell whether it is about `contacts`, `deals`, `leads`")
    );
}
