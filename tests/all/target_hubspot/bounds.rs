//! Rules of properties: what is beyond the bounds of a field is refused.

use serde_json::json;

use crate::crm_support::{emit, process, text, told};

use super::{json_of, read_by_every_tool};

/// Every type that has bounds; one field that HubSpot has already, one that two record types share,
/// one that is copied.
const BOUNDED: &str = r#"
process clinic "Clinic" { currency EUR timezone "Asia/Tokyo" }
team desk "Desk" { role nurse "Nurse" }
record lead "Referral" { age integer "Age" at least 0 at most 130 }
record deal "Treatment" from lead {
  amount   money "Price" at least 50 EUR
  sessions number "Sessions" at most 12.50
  share    percent "Own share" at least 5% at most 12.5%
  starts   date "First day" at least 2026-01-01
  seen_at  datetime "Seen" at most 2026-06-30T18:00
  dose     number "Dose" at least 1 at most 5
  level    number "Level" at least 1 at most 5
}
record repeat "Repeat" { dose number "Dose" at least 2 at most 9  level number "Level" at most 5 }
stage asked "Asked" { record lead entry owner nurse probability 10% collect [age] advance to open }
stage open "Open" { record deal owner nurse probability 50% exit when { old "Old enough" age >= 18 }
  advance to done lose to gone }
stage done "Done" { record deal owner nurse outcome won final }
stage gone "Gone" { record deal owner nurse outcome lost final }
stage again "Again" { record repeat entry owner nurse probability 50% advance to twice lose to never }
stage twice "Twice" { record repeat owner nurse outcome won final }
stage never "Never" { record repeat owner nurse outcome lost final }
"#;

const SETTINGS: &[(&str, &str)] = &[("objects.repeat", "deals"), ("objects.lead", "appointments")];

#[test]
fn bounds_are_rules_of_the_properties() {
    let bounded = process(BOUNDED);
    let output = emit("hubspot", &bounded, SETTINGS);
    let errors = told(&output.diagnostics).into_iter().filter(|line| line.starts_with("error"));
    assert_eq!(errors.count(), 0);
    let rules = output.artifacts.iter().filter_map(|artifact| {
        let path = artifact.path.as_str();
        let name = path.strip_prefix("property-rules/")?.strip_suffix(".json")?;
        let body = json_of(&output, path);
        assert_eq!(body.as_object().unwrap().len(), 1);
        let [argument] = &body["ruleArguments"].as_array().unwrap()[..] else { panic!("{body}") };
        Some(format!("{name} {}", argument.as_str().unwrap()))
    });
    let mut rules: Vec<String> = rules.collect();
    rules.sort();
    let mut expected = [
        "appointments/age.DECIMAL 0",
        "appointments/age.MAX_NUMBER 130",
        "appointments/age.MIN_NUMBER 0",
        // A copy of it.
        "deals/age.DECIMAL 0",
        "deals/age.MAX_NUMBER 130",
        "deals/age.MIN_NUMBER 0",
        // The wider of two: from 1 to 5, and from 2 to 9.
        "deals/dose.MAX_NUMBER 9",
        "deals/dose.MIN_NUMBER 1",
        // One of two has no least value.
        "deals/level.MAX_NUMBER 5",
        // 18:00 in Tokyo is 09:00 UTC.
        "deals/seen_at.END_DATETIME 1782810000000",
        "deals/sessions.MAX_NUMBER 12.5",
        "deals/share.MAX_NUMBER 12.5",
        "deals/share.MIN_NUMBER 5",
        // Midnight UTC.
        "deals/starts.START_DATE 1767225600000",
    ];
    expected.sort_unstable();
    assert_eq!(rules, expected);
    read_by_every_tool(&bounded, SETTINGS);
}

#[test]
fn objects_have_the_numbers_of_the_interface() {
    let output = emit("hubspot", &process(BOUNDED), SETTINGS);
    let plan = json_of(&output, "plan.json");
    let calls = plan["calls"].as_array().unwrap();
    let paths: Vec<&str> = calls
        .iter()
        .filter_map(|call| call["path"].as_str()?.strip_prefix("/crm/property-validations/"))
        .collect();
    assert_eq!(paths.len(), 14);
    assert!(paths.contains(&"2026-03/0-421/age/rule-type/MIN_NUMBER"), "{paths:?}");
    assert!(paths.contains(&"2026-03/0-3/dose/rule-type/MAX_NUMBER"), "{paths:?}");
}

#[test]
fn the_rule_of_a_property_that_is_there_is_a_step_by_hand() {
    let output = emit("hubspot", &process(BOUNDED), SETTINGS);
    let readme = text(&output, "README.md");
    let step = "In the settings of the property `amount` of `deals`, add a rule for “Price”: at least 50. It holds for all records of the object.";
    assert!(readme.contains(step), "{readme}");
    assert!(
        readme.contains("| `dose` | `deal.dose`, `repeat.dose` | at least 1, at most 9 |"),
        "{readme}"
    );
    assert!(readme.contains("HubSpot's own, used as it is; without its bounds |"), "{readme}");
}

#[test]
fn the_ledger_tells_which_bounds_are_held() {
    let ledger = crate::target_ledger::ledger_of(&process(BOUNDED), &[("hubspot", SETTINGS)]);
    let of = |name: &str| {
        let demands = ledger["demands"].as_array().unwrap();
        let is = |one: &&serde_json::Value| one["name"] == name && one["kind"] == "bounds";
        demands.iter().find(is).unwrap()["systems"]["HubSpot"].clone()
    };
    let except = "workflows, and forms made in the older editor";
    for name in ["lead.age", "deal.share", "deal.starts", "deal.seen_at", "repeat.level"] {
        assert_eq!(of(name), json!({ "hold": "enforced", "except": except }), "{name}");
    }
    for (name, why) in [
        (
            "deal.amount",
            "`amount` is a property that HubSpot has already: its rule is a step by hand",
        ),
        ("deal.dose", "`dose` is the property of another record type, too, whose bounds are wider"),
        (
            "deal.level",
            "`level` is the property of another record type, too, whose bounds are wider",
        ),
    ] {
        assert_eq!(of(name), json!({ "hold": "documented", "why": why }), "{name}");
    }
}
