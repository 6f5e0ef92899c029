//! Fields that Pipedrive would require of deals that do not have them.

use serde_json::{Value as Json, json};

use crate::crm_support::{emit, process, text};
use crate::target_ledger::ledger_of;

const TWO: &str = r#"
process p "P" { currency EUR }
team sales { role rep }
record lead "Lead" { practice text "Practice" required }
record deal "Deal" from lead { school text "School" required }
record renewal "Renewal" from deal { months integer "Months" required }
stage new "New" { record lead owner rep entry advance to open lose to unfit }
stage unfit "Unfit" { record lead owner rep outcome lost final }
stage open "Open" { record deal owner rep advance to offer lose to lost }
stage offer "Offer" { record deal owner rep advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won  advance to due }
stage lost "Lost" { record deal owner rep outcome lost final }
stage due "Due" { record renewal owner rep advance to kept lose to gone }
stage kept "Kept" { record renewal owner rep outcome won final }
stage gone "Gone" { record renewal owner rep outcome lost final }
"#;

#[test]
fn what_one_pipeline_requires_no_other_does() {
    let process = process(TWO);
    let settings = [("objects.renewal", "deals")];
    let output = emit("pipedrive", &process, &settings);
    let required = |name: &str| -> Json {
        let body: Json =
            serde_json::from_str(text(&output, &format!("fields/deals/{name}.json"))).unwrap();
        body["required_fields"].clone()
    };
    let stages = |stages: &[&str]| json!({ "enabled": true, "stage_ids": stages });
    assert_eq!(required("school"), stages(&["{stage.open}", "{stage.offer}"]));
    assert_eq!(required("months"), stages(&["{stage.due}"]));
    // A lead has the fields of deals, and no stages.
    assert_eq!(required("practice"), Json::Null);
    let ledger = ledger_of(&process, &[("pipedrive", &settings)]);
    let of = |name: &str| {
        let demands = ledger["demands"].as_array().unwrap();
        let found = demands.iter().find(|one| one["name"] == name && one["kind"] == "required");
        found.unwrap()["systems"]["Pipedrive"]["hold"].clone()
    };
    assert_eq!(of("deal.school"), "enforced");
    assert_eq!(of("renewal.months"), "enforced");
    assert_eq!(of("lead.practice"), "documented");
    // What both require is required in the stages of both.
    let both = TWO.replace(
        "record renewal \"Renewal\" from deal {",
        "record renewal \"Renewal\" { school text \"School\" required",
    );
    let both = both
        .replace("outcome won  advance to due", "outcome won final")
        .replace("owner rep advance to kept", "owner rep entry advance to kept");
    let output_of_both = emit("pipedrive", &crate::crm_support::process(&both), &settings);
    let body: Json =
        serde_json::from_str(text(&output_of_both, "fields/deals/school.json")).unwrap();
    assert_eq!(body["required_fields"], stages(&["{stage.open}", "{stage.offer}", "{stage.due}"]));
}

/// The account may have other pipelines, and its leads have the fields of deals.
#[test]
fn the_only_pipeline_of_a_process_requires_nothing_of_other_deals() {
    let output = emit("pipedrive", &process(TWO), &[]);
    let body = |name: &str| -> Json {
        serde_json::from_str(text(&output, &format!("fields/deals/{name}.json"))).unwrap()
    };
    let expected = json!({ "enabled": true, "stage_ids": ["{stage.open}", "{stage.offer}"] });
    assert_eq!(body("school")["required_fields"], expected);
    assert_eq!(body("practice")["required_fields"], Json::Null);
}
