//! Approvals: only where the process asks for one each time that HubSpot would.

use serde_json::json;

use super::json_of;
use crate::crm_support::{emit, process, text};
use crate::target_ledger::ledger_of;

/// Orders are entered from offers that the head agreed to; `EXTRA` is another way, `IF` a condition.
const ORDERS: &str = r#"
process p "P" { currency EUR }
team sales { role rep "Rep" role head "Head" }
record deal "Deal" { amount money "Amount" }
stage talk "Talk" { record deal owner rep entry probability 10% collect [amount] advance to offer EXTRA lose to lost }
stage offer "Offer" { record deal owner rep probability 50%
  exit when { ok "Discount agreed" confirm "The head agreed to the discount" by head IF }
  advance to order lose to lost BACK }
stage order "Order" { record deal owner rep probability 90% BEGIN advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won final }
stage lost "Lost" { record deal owner rep outcome lost final }
"#;

const SETTINGS: &[(&str, &str)] = &[("approvers.head", "11"), ("approvers.rep", "12")];

fn orders(extra: &str, condition: &str, back: &str, begin: &str) -> String {
    let source = ORDERS.replace("EXTRA", extra).replace("IF", condition);
    source.replace("BACK", back).replace("BEGIN", begin)
}

/// The approvals, and what is told of those that are none.
fn approved(source: &str) -> (serde_json::Value, Vec<String>) {
    let output = emit("hubspot", &process(source), SETTINGS);
    let rules = json_of(&output, "pipeline-rules/deals/deal.json");
    let messages = output.diagnostics.iter().map(|found| found.message.clone());
    let told = messages.filter(|message| message.contains("approve")).collect();
    (rules["approvalStageRules"].clone(), told)
}

#[test]
fn an_approval_stops_only_what_asks_for_it() {
    let one = json!([{ "pipelineStageId": "{stage.order}", "approverUserIds": ["11"], "approvalMode": "ANY",
        "approvalComment": "Discount agreed" }]);
    // `approvers` of those who confirm nothing is told already.
    let nothing = "`approvers` of `rep` have no effect: `rep` nowhere confirms an exit criterion of a stage of deals";
    assert_eq!(approved(&orders("", "", "", "")), (one, vec![nothing.to_owned()]));
    let why = "HubSpot asks nobody to approve `offer.ok`: an approval would also stop moves that do not ask for it";
    let none = (serde_json::Value::Null, vec![nothing.to_owned(), why.to_owned()]);
    for (extra, condition, back, begin) in [
        // Repeat orders, and those that leap over the stage.
        ("advance to order \"Repeat\"", "", "", ""),
        ("advance to won \"At once\"", "", "", ""),
        ("", "if amount > 5000 EUR", "", ""),
        // A recycle asks no exit criterion.
        ("", "", "recycle to order \"Again\" when amount is missing", ""),
        ("", "", "", "entry"),
    ] {
        let found = approved(&orders(extra, condition, back, begin));
        assert_eq!(found, none, "{extra} {condition} {back} {begin}");
    }
    let source = orders("advance to order \"Repeat\"", "", "", "");
    let readme_of = emit("hubspot", &process(&source), SETTINGS);
    let readme = text(&readme_of, "README.md");
    let line = "- Nobody approves “Discount agreed”: an approval would also stop moves that do not ask for it.";
    assert!(readme.contains(line), "{readme}");
    let ledger = ledger_of(&process(&source), &[("hubspot", SETTINGS)]);
    let demands = ledger["demands"].as_array().unwrap();
    let ok = demands.iter().find(|one| one["name"] == "offer.ok").unwrap();
    assert_eq!(
        ok["systems"]["HubSpot"],
        json!({ "hold": "documented", "why": "an approval would also stop moves that do not ask for it" })
    );
}

/// Two stages that both ask the same people give one approval; if they ask others, none.
#[test]
fn ways_that_ask_the_same_people_have_one_approval() {
    let source = |by: &str| {
        let talk = format!(
            "advance to order \"Repeat\" exit when {{ good \"Price agreed\" confirm \"The price is good\" by {by} }}"
        );
        // What is asked in `talk` is asked of the way to `offer`, too.
        orders(&talk, "", "", "").replace("advance to offer advance", "advance").replace(
            "stage offer \"Offer\" { record deal owner rep",
            "stage offer \"Offer\" { record deal owner rep entry",
        )
    };
    let (rules, _) = approved(&source("head"));
    assert_eq!(
        rules,
        json!([{ "pipelineStageId": "{stage.order}", "approverUserIds": ["11"], "approvalMode": "ANY",
            "approvalComment": "Price agreed; Discount agreed" }])
    );
    let (rules, told) = approved(&source("rep"));
    assert_eq!(rules, serde_json::Value::Null);
    assert_eq!(told.len(), 2, "{told:?}");
}

/// A stage whose only way on leaves the pipeline: no approval stands anywhere.
#[test]
fn without_a_later_stage_there_is_no_approval_and_the_reason_is_told() {
    let source = r#"
process p "P" { currency EUR }
team sales { role rep "Rep" role head "Head" }
record deal "Deal" { amount money "Amount" }
record customer "Customer" from deal { seats integer }
stage talk "Talk" { record deal owner rep entry probability 10% collect [amount] advance to order lose to lost }
stage order "Order" { record deal owner rep probability 90%
  exit when { ok "Discount agreed" confirm "The head agreed to the discount" by head }
  advance to live lose to lost }
stage lost "Lost" { record deal owner rep outcome lost final }
stage live "Live" { record customer owner rep final }
"#;
    let settings = [("approvers.head", "11")];
    let why = "an approval stands before a later stage of the pipeline, and no move that asks for it leads to one";
    let output = emit("hubspot", &process(source), &settings);
    let rules = json_of(&output, "pipeline-rules/deals/deal.json");
    assert_eq!(rules["approvalStageRules"], serde_json::Value::Null);
    let found = output.diagnostics.iter().find(|found| found.message.contains("approve")).unwrap();
    assert_eq!(found.message, format!("HubSpot asks nobody to approve `order.ok`: {why}"));
    // No change of the moves of deals would give one.
    assert_eq!(found.help.as_deref(), Some("leave its approval to people"));
    let readme = text(&output, "README.md");
    assert!(readme.contains(&format!("- Nobody approves “Discount agreed”: {why}.")), "{readme}");
    let ledger = ledger_of(&process(source), &[("hubspot", &settings)]);
    let demands = ledger["demands"].as_array().unwrap();
    let ok = demands.iter().find(|one| one["name"] == "order.ok").unwrap();
    assert_eq!(ok["systems"]["HubSpot"], json!({ "hold": "documented", "why": why }));
}

/// A way that leads back has no approval; the one that goes on has.
#[test]
fn an_approval_stands_before_the_nearest_later_stage() {
    let source = r#"
process p { currency EUR }
team sales { role rep role head }
record deal { amount money }
stage a "A" { record deal owner rep entry probability 10% advance to c lose to lost
  exit when { oka "Price agreed" confirm "The head agreed to the price" by head } }
stage z "Z" { record deal owner rep entry probability 15% advance to b lose to lost }
stage b "B" { record deal owner rep probability 20%
  exit when { ok "Discount agreed" confirm "The head agreed to the discount" by head }
  advance to z "Again" when amount is missing  advance to c when amount is present  lose to lost }
stage c "C" { record deal owner rep probability 50% advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won final }
stage lost "Lost" { record deal owner rep outcome lost final }
"#;
    let before = |stage: &str, text: &str| {
        json!({ "pipelineStageId": format!("{{stage.{stage}}}"), "approverUserIds": ["11"],
            "approvalMode": "ANY", "approvalComment": text })
    };
    let nothing = "`approvers` of `rep` have no effect: `rep` nowhere confirms an exit criterion of a stage of deals".to_owned();
    // The same people are asked on both ways to C.
    let (rules, told) = approved(source);
    assert_eq!(rules, json!([before("c", "Price agreed; Discount agreed")]));
    assert_eq!(told, std::slice::from_ref(&nothing));
    // B alone is confirmed.
    let price =
        "exit when { oka \"Price agreed\" confirm \"The head agreed to the price\" by head }";
    let alone = source.replace(price, "").replace("10% advance to c", "10% advance to z");
    assert_eq!(alone.matches("confirm").count(), 1);
    let (rules, told) = approved(&alone);
    assert_eq!(rules, json!([before("c", "Discount agreed")]));
    assert_eq!(told, std::slice::from_ref(&nothing));
    // Nothing comes in at Z: then Z and B stand behind C, and the approval before C asks for both.
    let (rules, told) =
        approved(&source.replace("rep entry probability 15%", "rep probability 15%"));
    assert_eq!(rules, json!([before("c", "Price agreed; Discount agreed")]));
    assert_eq!(told, [nothing]);
}
