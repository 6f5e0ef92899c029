//! Rules of pipelines of HubSpot: who moves what, who approves, who edits.

use serde_json::json;

use super::{Pair, told};
use crate::drift::System;

const RACE: &str = r#"
process race "Race" { currency EUR }
team crew "Crew" { role r "Rower" role boss "Boss" }
record deal "Deal" { fee money "Fee" }
stage open "Open" { record deal entry owner r probability 10% advance to talk }
stage talk "Talk" { record deal owner r probability 40% advance to offer recycle to open }
stage offer "Offer" { record deal owner boss probability 80%
  exit when { fine "Price is fine" confirm "The price is fine" by boss } advance to won  lose to lost }
stage won "Won" { record deal owner r outcome won final }
stage lost "Lost" { record deal owner r outcome lost final }
"#;

const RULES: &str = "pipeline-rules/deals";
const EDITORS: &str = "stage-permissions/deals";

fn pair() -> Pair {
    Pair::with(System::Hubspot, RACE, &[("approvers.boss", "4711"), ("editors.boss", "1001")])
}

#[test]
fn what_is_built_has_not_drifted() {
    let report = pair().report();
    assert_eq!((told(&report), report.unread), (Vec::new(), Vec::new()));
}

#[test]
fn one_change_is_told_and_nothing_else() {
    for (path, from, to, expected) in [
        (
            RULES,
            "\"noBackwardsMovementRule\": {\n      \"enabledForAllStages\": false",
            "\"noBackwardsMovementRule\": {\n      \"enabledForAllStages\": true",
            "records: rules of the pipeline \"Race: Deal\" of deals: stages that no record goes back from all in HubSpot, Lost, Offer, Won in the process",
        ),
        (
            RULES,
            "\"objectCreationRule\": {\n      \"pipelineStageIds\": [\n        \"{stage.open}\"\n      ]",
            "\"objectCreationRule\": {\n      \"pipelineStageIds\": []",
            "records: rules of the pipeline \"Race: Deal\" of deals: stages where records begin all in HubSpot, Open in the process",
        ),
        (
            RULES,
            "\"4711\"",
            "\"4711\", \"9\"",
            "records: approval of stage \"Won\" of the pipeline \"Race: Deal\" of deals: approvers 4711, 9 in HubSpot, 4711 in the process",
        ),
        (
            RULES,
            "\"ANY\"",
            "\"ALL\"",
            "records: approval of stage \"Won\" of the pipeline \"Race: Deal\" of deals: how many of them ALL in HubSpot, ANY in the process",
        ),
        (
            RULES,
            "\"approvalMode\"",
            "\"conditionalApprovalFilterBranch\": {\"filters\": []}, \"approvalMode\"",
            "records: approval of stage \"Won\" of the pipeline \"Race: Deal\" of deals: asked for under a condition only true in HubSpot, false in the process",
        ),
        (
            RULES,
            "\"pipelineStageId\": \"{stage.won}\"",
            "\"pipelineStageId\": \"{stage.offer}\"",
            "records: approval of stage \"Offer\" of the pipeline \"Race: Deal\" of deals is in HubSpot, not in the process",
        ),
        (
            RULES,
            "Price is fine",
            "Ask Kim",
            "texts: approval of stage \"Won\" of the pipeline \"Race: Deal\" of deals: comment \"Ask Kim\" in HubSpot, \"Price is fine\" in the process",
        ),
        (
            EDITORS,
            "\"1001\"",
            "\"1002\"",
            "records: editing in stage \"Offer\" of the pipeline \"Race: Deal\" of deals: who edits team 1002 in HubSpot, team 1001 in the process",
        ),
        (
            EDITORS,
            "\"RESTRICTED\"",
            "\"OPEN\"",
            "records: editing in stage \"Offer\" of the pipeline \"Race: Deal\" of deals: who edits everybody in HubSpot, team 1001 in the process",
        ),
        (
            EDITORS,
            "\"OPEN\"",
            "\"RESTRICTED\", \"superAdmin\": true",
            "records: editing in stage \"Open\" of the pipeline \"Race: Deal\" of deals: who edits super admins in HubSpot, everybody in the process",
        ),
    ] {
        let mut pair = pair();
        pair.change(path, from, to);
        let lines = told(&pair.report());
        assert!(lines.iter().any(|line| line == expected), "{path}: {from} to {to}: {lines:#?}");
        // What is approved elsewhere is missing where it belongs, too.
        assert_eq!(
            lines.len(),
            1 + usize::from(expected.contains("not in the process")),
            "{lines:#?}"
        );
    }
}

/// The answers of an account that chose its own ids, as the reference of the interface shows them.
#[test]
fn answers_about_rules_name_stages_by_their_own_ids() {
    let mut pair = pair();
    let stage = |id: &str, label: &str, at: u32, closed: bool, probability: &str| {
        json!({ "id": id, "label": label, "displayOrder": at,
                "metadata": { "isClosed": closed.to_string(), "probability": probability } })
    };
    let stages = json!([
        stage("11", "Open", 0, false, "0.1"),
        stage("12", "Talk", 1, false, "0.4"),
        stage("13", "Offer", 2, false, "0.8"),
        stage("14", "Won", 3, true, "1.0"),
        stage("15", "Lost", 4, true, "0.0"),
    ]);
    pair.files.retain(|(path, _)| path.starts_with("propert"));
    let pipeline = json!({ "results": [{ "id": "77", "label": "Race: Deal", "stages": stages }] });
    pair.files.push(("pipelines-deals.json".to_owned(), pipeline.to_string()));
    let report = pair.report();
    assert_eq!(told(&report), Vec::<String>::new());
    assert_eq!(
        report.unread,
        [
            "the rules of the pipeline \"Race: Deal\" of deals",
            "who edits in the stages of the pipeline \"Race: Deal\" of deals"
        ]
    );
    let rules = json!({
        "id": "0-3-77", "objectTypeId": "0-3", "pipelineId": "77",
        "governanceValidationRules": {
            "noBackwardsMovementRule": { "enabledForAllStages": false, "pipelineStageIds": ["15", "13", "14"] },
            "noSkippingStagesRule": { "enabledForAllStages": false, "pipelineStageIds": ["12", "13"] },
            "objectCreationRule": { "pipelineStageIds": ["11"] },
        },
        "approvalStageRules": [{ "pipelineStageId": "14", "approverUserIds": ["4711"], "approvalMode": "ANY", "approvalComment": "Price is fine" }],
        "createdAt": "2026-01-15T10:30:00.000Z", "updatedAt": "2026-06-01T14:22:00.000Z",
    });
    let open = |id: &str| json!({ "pipelineStageId": id, "label": "x", "permissionMode": "OPEN", "teamIds": [], "userIds": [], "superAdmin": false });
    let editors = json!({
        "id": "0-3-77", "objectTypeId": "0-3", "pipelineId": "77",
        "stages": [open("11"), open("12"),
            { "pipelineStageId": "13", "label": "Offer", "permissionMode": "RESTRICTED", "teamIds": ["1001"], "userIds": [], "superAdmin": false },
            open("14"), open("15")],
    });
    pair.files.push(("rules.json".to_owned(), rules.to_string()));
    pair.files.push(("editors.json".to_owned(), editors.to_string()));
    let report = pair.report();
    assert_eq!((told(&report), &report.unread), (Vec::new(), &Vec::new()));
    // The older name, beside the present one without a value.
    let mut one = rules.clone();
    let approval = one["approvalStageRules"][0].clone();
    one["approvalStageRules"] = serde_json::Value::Null;
    one["approvalStage"] = approval;
    pair.change("rules.json", &rules.to_string(), &one.to_string());
    assert_eq!(told(&pair.report()), Vec::<String>::new());
    pair.change("rules.json", "\"4711\"", "\"9\"");
    assert_eq!(told(&pair.report()).len(), 1, "{:?}", told(&pair.report()));
    pair.change("rules.json", "\"9\"", "\"4711\"");
    // The rules of another pipeline are the business of others.
    let other = rules.to_string().replace("\"77\"", "\"78\"");
    pair.files.push(("rules-78.json".to_owned(), other));
    let report = pair.report();
    assert_eq!(told(&report), Vec::<String>::new());
    assert_eq!(report.compared.beside.len(), 1);
    pair.change("rules.json", "\"12\",\"13\"", "\"13\"");
    assert_eq!(
        told(&pair.report()),
        [
            "records: rules of the pipeline \"Race: Deal\" of deals: stages that no record skips Offer in HubSpot, Offer, Talk in the process"
        ]
    );
}
