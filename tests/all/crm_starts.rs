//! Records that entering a stage starts: no system makes them by itself, and each says so.

use serde_json::{Value as Json, json};

use crate::crm_support::{check, emit, process, root, text, written};
use crate::target_ledger::ledger_of;

const VISITS: &str = r#"
process p "P" { currency EUR }
team sales "Sales" { role rep "Rep" }
record deal "Deal" { amount money }
record visit "Visit" from deal { done_on date }
record audit "Audit" { note text }
stage open "Open" { record deal owner rep entry probability 10% advance to contract lose to lost }
stage contract "Contract" { record deal owner rep outcome won final  starts visit at planned  starts audit at ordered }
stage lost "Lost" { record deal owner rep outcome lost final }
stage planned "Visit planned" { record visit owner rep limit 30d advance to done }
stage done "Visited" { record visit owner rep outcome won final }
stage ordered "Ordered" { record audit owner rep advance to over }
stage over "Over" { record audit owner rep outcome won final }
"#;

const HUBSPOT: &[(&str, &str)] = &[("objects.visit", "p_visit"), ("objects.audit", "p_audit")];
const PIPEDRIVE: &[(&str, &str)] = &[("objects.visit", "deals"), ("objects.audit", "deals")];

fn steps(ledger: &Json, system: &str) -> Vec<String> {
    let all = ledger["byHand"][system].as_array().unwrap().iter();
    let all = all.map(|step| step.as_str().unwrap().to_owned());
    all.filter(|step| step.contains("that creates a record")).collect()
}

#[test]
fn who_makes_a_record_that_a_stage_starts_is_told() {
    let process = process(VISITS);
    let none: &[(&str, &str)] = &[];
    for (target, system, settings, maker) in [
        ("salesforce", "Salesforce", none, "a flow"),
        ("hubspot", "HubSpot", HUBSPOT, "a workflow"),
        ("pipedrive", "Pipedrive", PIPEDRIVE, "an automation"),
    ] {
        let ledger = ledger_of(&process, &[(target, settings)]);
        let demands = ledger["demands"].as_array().unwrap();
        let of = |name: &str| {
            let found = demands.iter().find(|one| one["name"] == name).unwrap();
            assert_eq!(found["kind"], "new record");
            found["systems"][system].clone()
        };
        let why = format!("{maker} makes the record, which is a step by hand");
        for name in ["contract → planned", "contract → ordered"] {
            assert_eq!(of(name), json!({ "hold": "documented", "why": why }));
        }
        // The lookup to the deal is what a visit has of it; an audit continues none.
        let with =
            if target == "salesforce" { ", with `Opportunity__c` leading to it" } else { "" };
        let expected = [
            format!(
                "Make {maker} that creates a record of “Visit” in “Visit planned” when a record of “Deal” enters “Contract”{with}."
            ),
            format!(
                "Make {maker} that creates a record of “Audit” in “Ordered” when a record of “Deal” enters “Contract”."
            ),
        ];
        assert_eq!(steps(&ledger, system), expected);
        let output = emit(target, &process, settings);
        let readme = text(&output, "README.md");
        for step in &expected {
            assert!(readme.contains(step.as_str()), "{step}: {readme}");
        }
        let line = "- records that entering a stage starts (2): nothing makes them by itself";
        assert!(readme.contains(line), "{readme}");
    }
}

/// A record type that a system does not keep has no step there, but it is told.
#[test]
fn what_a_system_does_not_keep_has_no_step() {
    let process = process(VISITS);
    let ledger = ledger_of(&process, &[("hubspot", &[("objects.audit", "p_audit")])]);
    assert_eq!(
        steps(&ledger, "HubSpot"),
        [
            "Make a workflow that creates a record of “Audit” in “Ordered” when a record of “Deal” enters “Contract”."
        ]
    );
    let output = emit("hubspot", &process, &[("objects.audit", "p_audit")]);
    assert!(text(&output, "README.md").contains("- records that entering a stage starts (2): "));
}

#[test]
fn the_ledger_of_others_says_it_too() {
    let process = process(VISITS);
    let none: &[(&str, &str)] = &[];
    let others =
        [("sql", none), ("bpmn", none), ("xstate", none), ("salesforce", none), ("dmn", none)];
    let ledger = ledger_of(&process, &others);
    let demands = ledger["demands"].as_array().unwrap();
    let found = demands.iter().find(|one| one["name"] == "contract → planned").unwrap();
    let words: Vec<(&str, &str)> = found["systems"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(system, hold)| (system.as_str(), hold["hold"].as_str().unwrap()))
        .collect();
    let of = |system: &str| words.iter().find(|(of, _)| *of == system).map(|(_, word)| *word);
    assert_eq!(of("PostgreSQL"), Some("documented"));
    assert_eq!(of("XState"), Some("documented"));
    assert_eq!(of("BPMN"), Some("shown"));
    let output = emit("ledger", &process, &[]);
    let folder = written(&output);
    let schema = root().join("schemas/ledger.schema.json");
    check("json-schema.mjs", &[&schema, &folder.path().join("ledger.json")]);
}
