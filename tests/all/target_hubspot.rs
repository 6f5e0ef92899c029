//! HubSpot requests, read by the types of HubSpot's own client and held to its documented rules.

use ekiden::emit::Output;
use ekiden::model::Process;
use serde_json::{Value, json};

use crate::crm_support::{
    HOSTILE, WHOLE, chain, check, emit, example, process, text, told, underlined, written,
};

mod approvals;
mod bounds;
mod rules;
mod scores;
mod shared;
mod terraform;

fn read_by_every_tool(process: &Process, settings: &[(&str, &str)]) {
    let output = emit("hubspot", process, settings);
    let errors = told(&output.diagnostics).into_iter().filter(|line| line.starts_with("error"));
    assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new());
    let folder = written(&output);
    check("hubspot-types.cjs", &[folder.path()]);
    check("markdown-lint.mjs", &[folder.path()]);
}

fn json_of(output: &Output, path: &str) -> Value {
    serde_json::from_str(text(output, path)).unwrap()
}

#[test]
fn a_whole_process_is_read_by_every_tool() {
    let settings = [
        ("objects.customer", "p_customer"),
        ("approvers.ae", "123"),
        ("editors.ae", "1001"),
        ("lifecycle.won", "customer"),
    ];
    read_by_every_tool(&process(WHOLE), &settings);
}

#[test]
fn the_examples_are_read_by_every_tool() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        read_by_every_tool(&example(name), &[]);
    }
    read_by_every_tool(&example("the_model"), &[("objects.customer", "tickets")]);
}

#[test]
fn hostile_texts_are_read_by_every_tool() {
    read_by_every_tool(&process(HOSTILE), &[("objects.thing", "p_thing")]);
}

#[test]
fn a_pipeline_has_the_stages_in_the_order_of_the_journey() {
    let output = emit("hubspot", &process(WHOLE), &[]);
    assert_eq!(
        json_of(&output, "pipelines/deals/deal.json"),
        json!({
            "pipelineId": "relay_deal",
            "label": "The relay: Opportunity",
            "displayOrder": 0,
            "stages": [
                { "stageId": "relay_evaluation", "label": "3. Evaluation & selection", "displayOrder": 0,
                  "metadata": { "probability": "0.4", "isClosed": "false" } },
                { "stageId": "relay_won", "label": "Won", "displayOrder": 1,
                  "metadata": { "probability": "1.0", "isClosed": "true" } },
                { "stageId": "relay_lost", "label": "Lost", "displayOrder": 2,
                  "metadata": { "probability": "0.0", "isClosed": "true" } },
            ],
        })
    );
    let leads = json_of(&output, "pipelines/leads/lead.json");
    let ids: Vec<&str> = leads["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["stageId"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["relay_inquiry", "relay_mql", "relay_nurturing", "relay_disqualified"]);
}

#[test]
fn stages_in_a_circle_and_beside_the_way_keep_their_place() {
    // Source order is that of nobody's journey; `b` and `c` form a circle.
    let source = r#"
team t { role r }
record deal { }
stage lost  { record deal owner r outcome lost final }
stage won   { record deal owner r outcome won final }
stage idle  { record deal owner r advance to c }
stage short { record deal entry owner r advance to d }
stage d     { record deal owner r advance to won lose to lost }
stage c     { record deal owner r advance to b advance to d }
stage b     { record deal owner r advance to c recycle to idle }
stage a     { record deal entry owner r advance to b }
"#;
    let output = emit("hubspot", &process(source), &[]);
    let deals = json_of(&output, "pipelines/deals/deal.json");
    let labels: Vec<&str> =
        deals["stages"].as_array().unwrap().iter().map(|s| s["label"].as_str().unwrap()).collect();
    // `a` and `b` have more ahead than `short`; `c` comes after `b`, by which a record reaches it.
    assert_eq!(labels, ["A", "B", "Short", "C", "D", "Idle", "Won", "Lost"]);
}

#[test]
fn properties_have_the_types_of_the_process() {
    let output = emit("hubspot", &process(WHOLE), &[("fields.lead.company_size", "numemployees")]);
    let kind = |path: &str| {
        let body = json_of(&output, &format!("properties/{path}.json"));
        format!("{}/{}", body["type"].as_str().unwrap(), body["fieldType"].as_str().unwrap())
    };
    for (path, expected) in [
        ("leads/need", "string/text"),
        ("leads/fit_index", "number/number"),
        ("leads/budget_share", "number/number"),
        ("leads/opted_in", "bool/booleancheckbox"),
        ("leads/touched_at", "datetime/date"),
        ("leads/industry", "enumeration/select"),
        ("leads/interests", "enumeration/checkbox"),
        ("deals/champion", "string/text"),
        ("deals/confirmed_evaluation_champion", "bool/booleancheckbox"),
    ] {
        assert_eq!(kind(path), expected, "{path}");
    }
    assert_eq!(
        json_of(&output, "properties/deals/discount.json")["showCurrencySymbol"],
        json!(true)
    );
    let email = json_of(&output, "properties/leads/email.json");
    assert_eq!(
        (&email["hasUniqueValue"], &email["description"]),
        (&json!(true), &json!("Where we write to"))
    );
    let there = |path: &str| output.artifacts.iter().any(|artifact| artifact.path == path);
    // HubSpot's own, chosen or recognised.
    assert!(!there("properties/leads/company_size.json"));
    assert!(!there("properties/deals/amount.json"));
    assert!(!there("properties/deals/close_on.json"));
}

#[test]
fn the_plan_sends_groups_before_properties_before_pipelines_before_rules() {
    let output = emit("hubspot", &process(WHOLE), &[("objects.customer", "p_customer")]);
    let plan = json_of(&output, "plan.json");
    let calls = plan["calls"].as_array().unwrap();
    let rank = |call: &Value| match call["body"].as_str().unwrap().split('/').collect::<Vec<_>>()[..]
    {
        ["property-groups", object, _] => (0, object.to_owned()),
        ["properties" | "property-rules", object, _] => (0, object.to_owned()),
        ["pipelines", object, _] => (1, object.to_owned()),
        ["pipeline-rules", object, _] => (2, object.to_owned()),
        ["scores", object, _] => (3, object.to_owned()),
        _ => unreachable!("{call}"),
    };
    assert!(calls.windows(2).all(|pair| rank(&pair[0]).0 <= rank(&pair[1]).0));
    let mut groups = std::collections::BTreeSet::new();
    let mut known = std::collections::BTreeSet::new();
    let mut properties = std::collections::BTreeSet::new();
    let mut used = 0;
    for call in calls {
        let (place, object) = rank(call);
        let body = json_of(&output, call["body"].as_str().unwrap());
        let path = call["path"].as_str().unwrap();
        if path.ends_with("/groups") {
            assert_eq!(path, format!("/crm/properties/2026-03/{object}/groups"));
            groups.insert((object, body["name"].clone().to_string()));
        } else if path.starts_with("/crm/property-validations/") {
            // The property is there, and the interface calls objects by number.
            let (_, rest) = path.split_once("2026-03/").unwrap();
            let [number, name, "rule-type", kind] = rest.split('/').collect::<Vec<_>>()[..] else {
                panic!("{path}")
            };
            let expected = match object.as_str() {
                "contacts" => "0-1",
                "deals" => "0-3",
                "leads" => "0-136",
                custom => custom,
            };
            assert_eq!(number, expected);
            assert!(properties.contains(&(object.clone(), name.to_owned())), "{path}");
            let file = format!("property-rules/{object}/{name}.{kind}.json");
            assert_eq!(call["body"], file);
        } else if path.starts_with("/crm/properties/") {
            properties.insert((object.clone(), body["name"].as_str().unwrap().to_owned()));
            assert!(groups.contains(&(object, body["groupName"].to_string())), "{path}");
        } else if place == 2 {
            let (_, id) = path.split_once('{').unwrap();
            assert!(known.contains(id.trim_end_matches('}')), "{path}");
        } else if place == 3 {
            assert_eq!(path, "/marketing/lead-scoring/2027-03-beta/scores");
        } else {
            assert_eq!(path, format!("/crm/pipelines/2026-03/{object}"));
        }
        // What stands in a body was in an answer before, and stands where the plan says.
        for one in call["uses"].as_array().unwrap() {
            let placeholder = one["placeholder"].as_str().unwrap();
            assert!(known.contains(placeholder), "{placeholder}");
            let there = body.pointer(one["pointer"].as_str().unwrap()).unwrap();
            assert_eq!(there, &json!(format!("{{{placeholder}}}")));
            used += 1;
        }
        let saves = call["saves"].as_array().unwrap().iter();
        known.extend(saves.map(|save| save["placeholder"].as_str().unwrap().to_owned()));
    }
    assert!(used > 5, "{used}");
    // Every body is sent once.
    let is_body = |path: &str| path.contains('/') && !path.starts_with("terraform/");
    let bodies = output.artifacts.iter().filter(|a| is_body(a.path.as_str())).count();
    assert_eq!(calls.len(), bodies);
    let mut saves = calls.iter().flat_map(|call| call["saves"].as_array().unwrap());
    let evaluation = saves.find(|save| save["placeholder"] == "stage.evaluation").unwrap();
    assert_eq!(evaluation["pointer"], "/stages/0/id");
}

#[test]
fn what_hubspot_cannot_hold_is_found_at_its_place() {
    let source = r#"
process p "Sales of the whole company, everywhere" { currency EUR }
team t { role r }
record deal { dealtype text  amount text  hs_x text  colour one of [red "Red", crimson "red"] }
record customer from deal { since date }
stage open "Open" { record deal entry owner r probability 15% advance to again }
stage again "OPEN" { record deal owner r probability 20% advance to late }
stage late { record deal owner r advance to sure }
stage sure { record deal owner r probability 100% advance to won }
stage won "Won" { record deal owner r outcome won probability 90% advance to live }
stage live { record customer owner r final }
"#;
    let output = emit("hubspot", &process(source), &[]);
    let mut found = underlined(source, &output.diagnostics);
    found.sort_unstable();
    let mut expected = vec![
        ("record type `customer` has no object in HubSpot and is left out", "customer"),
        ("HubSpot has a property `dealtype` of its own on deals", "dealtype"),
        ("HubSpot has a property `amount` of its own on deals", "amount"),
        ("field `hs_x` cannot be a property of HubSpot", "hs_x"),
        (
            "options `red` and `crimson` of field `colour` have one title, HubSpot needs two",
            "\"red\"",
        ),
        ("`deal` has no lost stage in the pipeline of deals in HubSpot", "deal"),
        ("the label of the pipeline of `deal` is cut in HubSpot", "deal"),
        ("`open` has probability 15%, HubSpot gets 20%", "open"),
        ("stages `open` and `again` have one title, HubSpot needs two", "\"OPEN\""),
        ("`late` has no probability, HubSpot gets 10%", "late"),
        ("`sure` has probability 100%, HubSpot gets 90%", "sure"),
        ("`won` has probability 90%, HubSpot gets 100%", "won"),
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
    let readme = text(&output, "README.md");
    assert!(readme.contains(
        "- record type `customer`, its stages and its fields: it has no object in HubSpot"
    ));
}

#[test]
fn wrong_settings_are_found() {
    let settings =
        [("objects.customer", "deal"), ("fields.deal.amount", "Amount"), ("pipeline", "x")];
    let output = emit("hubspot", &process(WHOLE), &settings);
    let found: Vec<(String, String)> = output
        .diagnostics
        .iter()
        .filter(|f| f.code.name() == "invalid-manifest")
        .map(|f| (f.message.clone(), f.help.clone().unwrap_or_default()))
        .collect();
    let pair = |message: &str, help: &str| (message.to_owned(), help.to_owned());
    assert_eq!(
        found,
        [
            pair("target `hubspot` has no setting `pipeline`", "did you mean `pipelines`?"),
            pair("`deal` is no object with pipelines", "did you mean `deals`?"),
            pair(
                "`Amount` is no name of a property",
                "give the internal name of an existing property: `closedate`"
            ),
        ]
    );
}

#[test]
fn a_pipeline_of_leads_is_shorter_than_one_of_deals() {
    let has = |record, count| {
        let output = emit("hubspot", &process(&chain(record, count)), &[]);
        told(&output.diagnostics)
            .iter()
            .filter(|line| line.contains("more than a pipeline"))
            .count()
    };
    assert_eq!((has("lead", 30), has("lead", 31)), (0, 1));
    assert_eq!((has("deal", 100), has("deal", 101)), (0, 1));
}

#[test]
fn thousands_of_stages_are_written_in_no_time() {
    let process = process(&chain("deal", 2_000));
    let started = std::time::Instant::now();
    emit("hubspot", &process, &[]);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
