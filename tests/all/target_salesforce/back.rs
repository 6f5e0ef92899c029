//! Records that are brought back from where they went on as others.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::rules::{Rule, rules, unasked};
use super::shared::{Save, refuse};
use crate::crm_support::{emit, process};
use crate::target_ledger::ledger_of;

/// A move into an earlier record type takes a record back to the one that it came from, which stands where
/// it went on.
#[test]
fn a_record_may_be_brought_back() {
    let source = r#"
process p { currency EUR languages [en, ko, ja] }
team sales { role rep }
record lead { company text }
record deal from lead { amount money }
record customer from deal { note text }
stage fresh "Fresh" { record lead owner rep entry advance to talk lose to unfit }
stage unfit "Unfit" { record lead owner rep outcome lost final }
stage nurture "Nurture" { record lead owner rep advance to talk }
stage talk "Talk" { record deal owner rep probability 10% advance to offer lose to lost }
stage offer "Offer" { record deal owner rep probability 50% advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won advance to live }
stage lost "Lost" { record deal owner rep outcome lost recycle to nurture }
stage live "Live" { record customer owner rep recycle to offer "Sell again" advance to gone }
stage gone "Gone" { record customer owner rep final }
"#;
    let process = process(source);
    let output = emit("salesforce", &process, &[]);
    let all = rules(&output, "Opportunity");
    let deal = |stage: &str| json!({ "RecordType.DeveloperName": "P_Deal", "RecordTypeId": "1", "StageName": stage, "Amount": null });
    let was = |stage: &str| Some(json!({ "StageName": stage }));
    let saves: Vec<Save<'_>> = vec![
        // The customer goes back to the deal, which stands in Won.
        (deal("Offer"), was("Won"), &[]),
        (deal("Talk"), was("Won"), &["P_Won_Moves"]),
        (deal("Lost"), was("Won"), &["P_Won_Moves"]),
        (deal("Talk"), was("Offer"), &["P_Offer_Moves"]),
        // A lost deal is a lead again; a converted lead nobody can edit, so that a new one is made.
        (deal("Talk"), was("Lost"), &["P_Lost_Moves"]),
    ];
    refuse(&all, &saves);
    assert_eq!(
        all["P_Lost_Moves"].message,
        "A record in “Lost” cannot move to another stage. To go on, create a new record: Lead in “Nurture”"
    );
    assert_eq!(
        all["P_Won_Moves"].message,
        "From “Won” a record can move to: “Offer”. To go on, create a new record: Customer in “Live”"
    );
    assert_eq!(
        rules(&output, "Lead")["P_Fresh_Moves"].message,
        "From “Fresh” a record can move to: “Unfit”. To go on, convert the lead: Deal in “Talk”"
    );
    // A new lead may begin where one is brought back to.
    let lead = rules(&output, "Lead");
    let is = |stage: &str| json!({ "RecordType.DeveloperName": "P_Lead", "RecordTypeId": "2", "Status": stage });
    let start = BTreeMap::from([(
        "P_Lead_Start".to_owned(),
        Rule { formula: lead["P_Lead_Start"].formula.clone(), message: String::new() },
    )]);
    refuse(&start, &[(is("Nurture"), None, &[]), (is("Unfit"), None, &["P_Lead_Start"])]);
    let ledger = ledger_of(&process, &[("salesforce", &[])]);
    let demands = ledger["demands"].as_array().unwrap();
    let won = demands.iter().find(|one| one["kind"] == "declared moves" && one["name"] == "won");
    assert_eq!(
        won.unwrap()["systems"]["Salesforce"],
        json!({ "hold": "enforced", "except": "holders of the custom permission `P_Bypass`, nor for records that are brought back to `offer`" })
    );
}

/// Two ways on, and only one of the two types leads back: it brings back what went on as it.
#[test]
fn only_what_a_record_went_on_as_brings_it_back() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record deal { amount money }
record customer from deal { note text }
record member from customer { }
record trial from deal { memo text }
stage talk "Talk" { record deal owner rep entry probability 10% advance to demo lose to lost }
stage demo "Demo" { record deal owner rep probability 20% advance to offer advance to pilot "Pilot" lose to lost }
stage offer "Offer" { record deal owner rep probability 50% advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won advance to live }
stage lost "Lost" { record deal owner rep outcome lost final }
stage live "Live" { record customer owner rep advance to joined }
stage joined "Joined" { record member owner rep MEMBER }
stage pilot "Pilot" { record trial owner rep recycle to talk "Talk again" when memo is present advance to piloted }
stage piloted "Piloted" { record trial owner rep final }
"#;
    let deal = |stage: &str| json!({ "RecordType.DeveloperName": "P_Deal", "RecordTypeId": "1", "StageName": stage, "Amount": null });
    let was = |stage: &str| Some(json!({ "StageName": stage }));
    let alone = process(&source.replace("MEMBER", "final"));
    let all = rules(&emit("salesforce", &alone, &[]), "Opportunity");
    // A trial goes back from Demo, where the deal became one; a customer from nowhere.
    let saves: Vec<Save<'_>> = vec![
        (deal("Talk"), was("Demo"), &[]),
        (deal("Won"), was("Demo"), &["P_Demo_Moves"]),
        (deal("Talk"), was("Won"), &["P_Won_Moves"]),
        (deal("Demo"), was("Won"), &["P_Won_Moves"]),
    ];
    refuse(&all, &saves);
    assert_eq!(
        all["P_Won_Moves"].message,
        "A record in “Won” cannot move to another stage. To go on, create a new record: Customer in “Live”"
    );
    // A member continues the customer that the deal became.
    let member = process(&source.replace("MEMBER", "recycle to demo"));
    let all = rules(&emit("salesforce", &member, &[]), "Opportunity");
    let saves: Vec<Save<'_>> = vec![
        (deal("Demo"), was("Won"), &[]),
        (deal("Talk"), was("Won"), &["P_Won_Moves"]),
        (deal("Talk"), was("Demo"), &[]),
    ];
    refuse(&all, &saves);
}

/// A customer leads back to every other stage of its deal: nothing is refused, and the ledger says for whom.
#[test]
fn where_records_are_brought_back_to_every_stage_the_rule_stays() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record deal { amount money }
record customer from deal { note text }
stage talk "Talk" { record deal owner rep entry probability 10% advance to offer lose to lost }
stage offer "Offer" { record deal owner rep probability 50% advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won advance to live }
stage lost "Lost" { record deal owner rep outcome lost final }
stage live "Live" { record customer owner rep collect [note] advance to gone
  recycle to offer when note is present  recycle to talk after 30d  lose to lost when note is missing }
stage gone "Gone" { record customer owner rep final }
"#;
    let process = process(source);
    let output = emit("salesforce", &process, &[]);
    let deal = |stage: &str| json!({ "RecordType.DeveloperName": "P_Deal", "RecordTypeId": "1", "StageName": stage, "Amount": null });
    let was = || Some(json!({ "StageName": "Won" }));
    let saves: Vec<Save<'_>> = vec![
        (deal("Talk"), was(), &[]),
        (deal("Offer"), was(), &[]),
        (deal("Lost"), was(), &[]),
        // A stage that the process has not, as another program may write it.
        (deal("Elsewhere"), was(), &["P_Won_Moves"]),
    ];
    refuse(&rules(&output, "Opportunity"), &saves);
    let ledger = ledger_of(&process, &[("salesforce", &[])]);
    let demands = ledger["demands"].as_array().unwrap();
    let won = demands.iter().find(|one| one["kind"] == "declared moves" && one["name"] == "won");
    assert_eq!(
        won.unwrap()["systems"]["Salesforce"],
        json!({ "hold": "enforced", "except": "holders of the custom permission `P_Bypass`, nor for records that are brought back to `talk`, `offer`, `lost`" })
    );
}

/// Who is advanced back is asked what is asked of all that advance there; what only the record that went
/// on knows is not asked, for no lookup leads to it.
#[test]
fn what_is_advanced_back_meets_the_entry_criteria() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record deal { amount money }
record customer from deal { note text }
stage talk "Talk" { record deal owner rep entry probability 10% advance to offer lose to lost }
stage offer "Offer" { record deal owner rep probability 50% enter when { firm "Firm" amount > 0 EUR } advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won advance to live }
stage lost "Lost" { record deal owner rep outcome lost final }
stage live "Live" { record customer owner rep collect [note] exit when { noted "Noted" note is present }
  BACK to offer "Sell again" when note is present  advance to gone }
stage gone "Gone" { record customer owner rep final }
"#;
    let deal = |amount: Json| json!({ "RecordType.DeveloperName": "P_Deal", "RecordTypeId": "1", "StageName": "Offer", "Amount": amount });
    let was = |stage: &str| Some(json!({ "StageName": stage }));
    for (back, asked) in [("advance", &["P_Offer_Entry_Firm"][..]), ("recycle", &[])] {
        let process = process(&source.replace("BACK", back));
        let output = emit("salesforce", &process, &[]);
        let saves: Vec<Save<'_>> = vec![
            (deal(Json::Null), was("Won"), asked),
            (deal(5.into()), was("Won"), &[]),
            (deal(Json::Null), was("Talk"), &["P_Offer_Entry_Firm"]),
        ];
        refuse(&rules(&output, "Opportunity"), &saves);
        let of_move = "condition of the move from `live` to `offer`: the move leads back to a record that has no lookup to this one";
        assert!(unasked(&output).contains(&of_move), "{:?}", unasked(&output));
    }
}

/// What a move back asks of fields that the earlier record has, that one is asked as it is brought back.
#[test]
fn what_a_move_back_asks_is_asked_where_the_earlier_record_knows() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record deal { amount money }
record customer from deal { note text }
stage talk "Talk" { record deal owner rep entry probability 10% advance to offer lose to lost }
stage offer "Offer" { record deal owner rep probability 50% advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won advance to live }
stage lost "Lost" { record deal owner rep outcome lost final }
stage live "Live" { record customer owner rep collect [note]
  exit when { paid "It is paid" amount is present  noted "Noted" note is present }
  advance to offer "Sell again" when amount > 1000 EUR  recycle to talk when note is present  advance to gone }
stage gone "Gone" { record customer owner rep final MORE }
"#;
    let deal = |stage: &str, amount: Json| json!({ "RecordType.DeveloperName": "P_Deal", "RecordTypeId": "1", "StageName": stage, "Amount": amount });
    let was = |stage: &str| Some(json!({ "StageName": stage }));
    let once = process(&source.replace("MORE", ""));
    let output = emit("salesforce", &once, &[]);
    let all = rules(&output, "Opportunity");
    let when = "P_Live_To_Offer_When";
    let both = [when, "P_Live_Exit_Paid"];
    let saves: Vec<Save<'_>> = vec![
        (deal("Offer", Json::Null), was("Won"), &both),
        (deal("Offer", 1000.into()), was("Won"), &both[..1]),
        (deal("Offer", 1001.into()), was("Won"), &[]),
        // A move of its own asks nothing of the kind, nor does another move back.
        (deal("Offer", Json::Null), was("Talk"), &[]),
        (deal("Talk", Json::Null), was("Won"), &[]),
    ];
    refuse(&all, &saves);
    assert_eq!(all[when].message, "Live → Offer: only if Amount is more than 1,000 EUR");
    // What only the customer has, the deal is not asked; a criterion of which a part is not asked is told.
    let reason = "the move leads back to a record that has no lookup to this one";
    let told = [
        format!("exit criterion `noted` of stage `live`: {reason}"),
        format!("condition of the move from `live` to `talk`: {reason}"),
    ];
    assert_eq!(unasked(&output), told);
    let ledger = ledger_of(&once, &[("salesforce", &[])]);
    let demands = ledger["demands"].as_array().unwrap();
    let holds: Vec<&str> = demands
        .iter()
        .filter(|one| one["kind"] == "condition")
        .map(|one| one["systems"]["Salesforce"]["hold"].as_str().unwrap())
        .collect();
    assert_eq!(holds, ["enforced", "documented"], "{demands:#?}");
    // Two moves lead back to one stage: the deal does not know which of them it was.
    let twice =
        process(&source.replace("MORE", "recycle to offer").replace("final recycle", "recycle"));
    let output = emit("salesforce", &twice, &[]);
    assert_eq!(
        rules(&output, "Customer__c")["P_Gone_Moves"].message,
        "A record in “Gone” cannot move to another stage. To go back, move the earlier record: Deal in “Offer”"
    );
    assert!(!rules(&output, "Opportunity").contains_key(when));
    let others = "condition of the move from `live` to `offer`: other moves lead back to that stage, too, and the record does not know which one";
    assert!(unasked(&output).contains(&others), "{:?}", unasked(&output));
}

/// A later record that fills a field in anew is asked about its own, of which the earlier one knows nothing.
#[test]
fn what_a_later_record_fills_in_is_not_asked_of_the_earlier_one() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record deal { amount money }
record customer from deal { }
stage offer "Offer" { record deal owner rep entry probability 50% collect [amount] advance to won }
stage won "Won" { record deal owner rep outcome won advance to active }
stage active "Active" { record customer owner rep COLLECT recycle to offer when amount > 100 EUR advance to done }
stage done "Done" { record customer owner rep outcome won final }
"#;
    let of = |collect: &str| {
        let process = process(&source.replace("COLLECT", collect));
        let all = rules(&emit("salesforce", &process, &[]), "Opportunity");
        let ledger = ledger_of(&process, &[("salesforce", &[])]);
        let demands = ledger["demands"].as_array().unwrap();
        let way = demands.iter().find(|one| one["name"] == "active → offer").unwrap();
        let hold = way["systems"]["Salesforce"]["hold"].as_str().unwrap().to_owned();
        (all.contains_key("P_Active_To_Offer_When"), hold)
    };
    assert_eq!(of(""), (true, "enforced".to_owned()));
    assert_eq!(of("collect [amount]"), (false, "documented".to_owned()));
}
