//! What the ledger calls enforced is, and what it leaves open is told.

use serde_json::{Value as Json, json};

use super::rules::{engines_agree, fields, rules, unasked};
use crate::crm_support::{emit, process};
use crate::target_ledger::ledger_of;

const AGENCY: &str = r#"
process agency { currency EUR }
team desk { role agent role partner }
record lead { size integer  major boolean }
record deal from lead { fee money }
stage inquiry { record lead owner agent entry  advance to pool  advance to met  lose to unfit }
stage pool    { record lead owner agent  advance to inquiry  advance to met  lose to unfit }
stage met     { record lead owner agent
                exit when { budget "Budget is there" confirm "They have the budget" by partner }
                advance to small when size < 10  advance to large when major }
stage unfit   { record lead owner agent outcome lost final }
stage small   { record deal owner agent  advance to won }
stage large   { record deal owner agent  advance to won }
stage won     { record deal owner agent outcome won final }
"#;

fn hold(process: &ekiden::model::Process, settings: &[(&str, &str)], name: &str) -> Json {
    let ledger = ledger_of(process, &[("salesforce", settings)]);
    let demands = ledger["demands"].as_array().unwrap();
    let found: Vec<&Json> = demands.iter().filter(|demand| demand["name"] == name).collect();
    let names: Vec<&Json> = demands.iter().map(|demand| &demand["name"]).collect();
    assert!(!found.is_empty(), "{name}: {names:?}");
    found[0]["systems"]["Salesforce"].clone()
}

/// A lead that may go to every stage of its own may not be converted all the same.
#[test]
fn a_conversion_that_no_move_makes_is_refused() {
    let process = process(AGENCY);
    let rules = rules(&emit("salesforce", &process, &[]), "Lead");
    let formula = &rules["Agency_Inquiry_Moves"].formula;
    let types = [
        ("$Permission.Agency_Bypass", "Checkbox"),
        ("RecordType.DeveloperName", "Text"),
        ("Status", "Picklist"),
    ];
    let case = |to: &str, expect: bool| {
        json!({
            "values": { "Status": to, "RecordType.DeveloperName": "Agency_Lead", "$Permission.Agency_Bypass": false },
            "prior": { "Status": "Inquiry" }, "expect": expect,
        })
    };
    engines_agree(&[json!({
        "name": "Moves", "formula": formula, "fields": fields(formula, &types),
        "cases": [case("Pool", false), case("Met", false), case("Unfit", false), case("Converted", true)],
    })]);
}

/// A conversion is one save for all ways: what each of them asks for alone, nothing can ask.
#[test]
fn conditions_of_several_conversions_are_not_enforced() {
    let open = AGENCY.replace("advance to small when size < 10", "advance to small");
    for (source, why) in [
        (
            AGENCY,
            "a conversion does not tell into which stage it leads: only that one of the conditions of those ways holds is asked",
        ),
        (
            &open,
            "a conversion does not tell into which stage it leads, and one of those ways asks for nothing",
        ),
    ] {
        let process = process(source);
        let found = hold(&process, &[], "met → large");
        assert_eq!(found["hold"], "documented", "{found}");
        assert_eq!(found["why"], why);
        let output = emit("salesforce", &process, &[]);
        let line = format!("condition of the move from `met` to `large`: {why}");
        assert!(unasked(&output).contains(&line.as_str()), "{:#?}", unasked(&output));
        assert_eq!(
            rules(&output, "Lead").contains_key("Agency_Met_To_Large_When"),
            source == AGENCY
        );
    }
    // One way alone is asked.
    let one = AGENCY.replace("advance to small when size < 10", "");
    assert_eq!(hold(&process(&one), &[], "met → large")["hold"], "enforced");
}

#[test]
fn who_ticks_a_box_is_not_asked() {
    let found = hold(&process(AGENCY), &[], "met.budget");
    assert_eq!(
        found["except"],
        "holders of the custom permission `Agency_Bypass`, nor is it asked whether `partner` ticks the box"
    );
}

/// What two objects hold has the exceptions of both.
#[test]
fn the_worst_of_two_objects_is_told() {
    let source = r#"
process works { }
team crew { role foreman }
record client { size integer at least 1 }
record job from client { }
stage known { record client owner foreman entry collect [size] advance to begun }
stage begun { record job owner foreman exit when { big "Big" size > 3 } advance to done }
stage done  { record job owner foreman outcome won final }
"#;
    let settings = [("objects.client", "Account"), ("objects.job", "Job__c")];
    let found = hold(&process(source), &settings, "client.size");
    let except = found["except"].as_str().unwrap();
    assert!(
        except.starts_with("holders of the custom permission `Works_Bypass`, nor for records of `Account` whose `Stage__c` is blank"),
        "{except}"
    );
}

/// Two processes of one org whose names begin alike do not overwrite each other's rules.
#[test]
fn a_long_name_of_the_process_gives_way_in_the_names_of_rules() {
    let names = |name: &str| -> Vec<String> {
        let long = AGENCY.replace("process agency", &format!("process {name}"));
        let rules = rules(&emit("salesforce", &process(&long), &[]), "Lead");
        assert!(rules.keys().all(|name| name.len() <= 40), "{:#?}", rules.keys());
        rules.keys().cloned().collect()
    };
    let devices = names("university_hospital_medical_devices");
    for name in ["University_Hospit_Inquiry_Moves_", "University_Hosp_Met_Exit_Budget_"] {
        assert!(devices.iter().any(|one| one.starts_with(name)), "{devices:#?}");
    }
    let drugs = names("university_hospital_medical_drugs");
    assert!(!devices.iter().any(|name| drugs.contains(name)), "{devices:#?} {drugs:#?}");
}
