//! What two record types on one object of HubSpot have in common.

use serde_json::json;

use super::json_of;
use crate::crm_support::{emit, process, text, told};
use crate::target_ledger::ledger_of;

/// A process of which deals and renewals are both deals of HubSpot. The amount is one field of both;
/// each has its own date of close, and both are kept in `closedate`.
const TWO: &str = r#"
process p "P" { currency EUR }
team sales { role rep }
record deal "Deal" { amount money "Yearly fee" at least 500 EUR  close_on date "Close" at least 2026-01-01 at most 2027-12-31 }
record renewal "Renewal" from deal { close_date date "Renewed" at least 2026-06-01  months integer }
stage open "Open" { record deal owner rep entry probability 10% collect [amount] advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won  advance to due }
stage lost "Lost" { record deal owner rep outcome lost final }
stage due "Due" { record renewal owner rep probability 10% collect [amount] advance to kept lose to gone }
stage kept "Kept" { record renewal owner rep outcome won final }
stage gone "Gone" { record renewal owner rep outcome lost final }
"#;

#[test]
fn a_property_of_two_record_types_is_told_once() {
    let process = process(TWO);
    let settings = [("objects.renewal", "deals")];
    let output = emit("hubspot", &process, &settings);
    let readme = text(&output, "README.md");
    let lines = |start: &str| -> Vec<&str> {
        readme.lines().filter(|line| line.starts_with(start)).collect()
    };
    assert_eq!(
        lines("| `amount` |"),
        ["| `amount` | `deal.amount` | HubSpot's own, used as it is; without its bounds |"]
    );
    assert_eq!(
        lines("| `closedate` |"),
        [
            "| `closedate` | `deal.close_on`, `renewal.close_date` | HubSpot's own, used as it is; without its bounds |"
        ]
    );
    let rules: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.split_once("In the settings of the property ").map(|(_, it)| it))
        .collect();
    // What either of them may hold must pass: no last day is that of both.
    assert_eq!(
        rules,
        [
            "`amount` of `deals`, add a rule for “Yearly fee”: at least 500. It holds for all records of the object.",
            "`closedate` of `deals`, add a rule for “Close” and “Renewed”: at least 2026-01-01. It holds for all records of the object.",
        ]
    );
    let ledger = ledger_of(&process, &[("hubspot", &settings)]);
    let why = |name: &str| {
        let demands = ledger["demands"].as_array().unwrap();
        let found = demands.iter().find(|one| one["name"] == name).unwrap();
        found["systems"]["HubSpot"]["why"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        why("deal.amount"),
        "`amount` is a property that HubSpot has already: its rule is a step by hand"
    );
    assert_eq!(
        why("renewal.close_date"),
        "`closedate` is the property of another record type, too, whose bounds are wider"
    );
}

const LONG: &str = "A process whose title is far too long for the label of a pipeline";

#[test]
fn two_pipelines_need_two_labels() {
    let of = |settings: &[(&str, &str)]| {
        let source = TWO.replace("process p \"P\"", &format!("process p \"{LONG}\""));
        let mut settings = settings.to_vec();
        if !settings.iter().any(|(key, _)| *key == "objects.renewal") {
            settings.push(("objects.renewal", "deals"));
        }
        let output = emit("hubspot", &process(&source), &settings);
        let about = |line: &&String| line.contains("label");
        let help = output.diagnostics.iter().filter_map(|found| found.help.clone());
        (
            told(&output.diagnostics).iter().filter(about).cloned().collect::<Vec<_>>(),
            help.filter(|help| help.contains("pipelines")).collect::<Vec<_>>(),
        )
    };
    let (found, help) = of(&[]);
    assert_eq!(
        found,
        [
            "warning[name-not-portable]: the label of the pipeline of `deal` is cut in HubSpot",
            "warning[name-not-portable]: the label of the pipeline of `renewal` is cut in HubSpot",
        ]
    );
    // Who does what the help says gets two labels.
    assert_eq!(
        help,
        [
            "set `pipelines: {deal: Deal}` in the manifest, or another short label that no other pipeline of deals has",
            "set `pipelines: {renewal: Renewal}` in the manifest, or another short label that no other pipeline of deals has",
        ]
    );
    // The process gives way, for the record types tell them apart.
    let source = TWO.replace("process p \"P\"", &format!("process p \"{LONG}\""));
    let output = emit("hubspot", &process(&source), &[("objects.renewal", "deals")]);
    let label =
        |name: &str| json_of(&output, &format!("pipelines/deals/{name}.json"))["label"].clone();
    assert_eq!(
        (label("deal"), label("renewal")),
        (json!("A process whose title is far…: Deal"), json!("A process whose title is…: Renewal"))
    );
    // Record types of one title are told by their names.
    let source = TWO.replace("process p \"P\"", &format!("process p \"{LONG}\""));
    let source = source.replace("record deal \"Deal\"", "record deal \"Sales\"");
    let source = source.replace("record renewal \"Renewal\"", "record renewal \"sales\"");
    assert_eq!(
        source.to_lowercase().matches("\"sales\"").count(),
        2 + TWO.to_lowercase().matches("\"sales\"").count()
    );
    let output = emit("hubspot", &process(&source), &[("objects.renewal", "deals")]);
    let help: Vec<&str> =
        output.diagnostics.iter().filter_map(|found| found.help.as_deref()).collect();
    for wanted in ["set `pipelines: {deal: deal}`", "set `pipelines: {renewal: renewal}`"] {
        assert!(help.iter().any(|help| help.starts_with(wanted)), "{wanted}: {help:?}");
    }
    let chosen = [("pipelines.deal", "Deal"), ("pipelines.renewal", "Renewal")];
    assert_eq!(of(&chosen), (Vec::new(), Vec::new()));
    let (found, _) = of(&[("pipelines.deal", "Sales"), ("pipelines.renewal", "sales")]);
    assert_eq!(
        found,
        [
            "error[name-not-portable]: the pipelines of `deal` and `renewal` have one label in HubSpot: sales"
        ]
    );
    // Another object has its own pipelines.
    let (found, _) = of(&[
        ("pipelines.deal", "Sales"),
        ("pipelines.renewal", "Sales"),
        ("objects.renewal", "tickets"),
    ]);
    assert_eq!(found, Vec::<String>::new());
}
