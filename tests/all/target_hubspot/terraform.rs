//! The configuration for Terraform: what the provider's documentation allows, references that lead
//! somewhere, texts that stay texts.

use std::collections::BTreeMap;

use ekiden::model::Process;
use serde_json::{Value, json};

use crate::crm_support::{HOSTILE, WHOLE, check, emit, example, process, root, written};

use super::json_of;

const FILE: &str = "terraform/main.tf.json";

/// Reads a template of Terraform: what it says, and the references in it. Written after the HCL
/// syntax specification, apart from the code under test.
fn read(template: &str) -> (String, Vec<String>) {
    let (mut said, mut references) = (String::new(), Vec::new());
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        let escape = rest.strip_prefix("$${").map(|rest| ("${", rest));
        if let Some((text, after)) = escape.or(rest.strip_prefix("%%{").map(|rest| ("%{", rest))) {
            said.push_str(text);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("${") {
            let (inner, after) = after.split_once('}').expect("a template that is closed");
            match inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
                Some(literal) => {
                    assert!(!literal.contains(['"', '\\', '{']), "{template}");
                    said.push_str(literal);
                }
                None => references.push(inner.to_owned()),
            }
            rest = after;
        } else {
            assert!(!rest.starts_with("%{"), "a directive in {template}");
            said.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    (said, references)
}

/// Every text of the configuration, read; every reference must lead to something that is there.
fn checked(process: &Process, settings: &[(&str, &str)]) -> Value {
    let output = emit("hubspot", process, settings);
    let whole = json_of(&output, FILE);
    let folder = written(&output);
    check(
        "json-schema.mjs",
        &[&root().join("tests/crm/terraform-hubspot.schema.json"), &folder.path().join(FILE)],
    );
    let resources = &whole["resource"];
    let mut leads = |value: &Value| {
        let (_, references) = read(value.as_str().unwrap());
        for reference in references {
            let (address, attribute) = reference.rsplit_once('.').unwrap();
            let mut parts = address.splitn(3, '.');
            let of = &resources[parts.next().unwrap()][parts.next().unwrap()];
            assert!(of.is_object(), "{reference}");
            match (parts.next(), attribute) {
                (None, "name" | "pipeline_id") => {}
                (Some(stage), "stage_id") => {
                    let at = stage.strip_prefix("stages[").unwrap().strip_suffix(']').unwrap();
                    assert!(of["stages"][at.parse::<usize>().unwrap()].is_object(), "{reference}");
                }
                _ => panic!("{reference}"),
            }
        }
    };
    each(&whole, &mut leads);
    // It says what the bodies of the requests say.
    let mut bodies: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for artifact in &output.artifacts {
        let path = artifact.path.as_str();
        if let Some((kind, _)) = path.split_once('/').filter(|_| path != FILE) {
            bodies.entry(kind).or_default().push(json_of(&output, path));
        }
    }
    let said = |value: &Value| read(value.as_str().unwrap()).0;
    for (kind, resource) in [
        ("property-groups", "hubspot_property_group"),
        ("properties", "hubspot_property"),
        ("pipelines", "hubspot_pipeline"),
    ] {
        let labels = |all: Vec<&Value>, said: &dyn Fn(&Value) -> String| {
            let inner = |one: &Value| {
                let list = one.get("stages").or(one.get("options")).and_then(Value::as_array);
                let labels: Vec<String> =
                    list.into_iter().flatten().map(|one| said(&one["label"])).collect();
                (said(&one["label"]), one.get("description").map(said), labels)
            };
            let mut labels: Vec<_> = all.into_iter().map(inner).collect();
            labels.sort();
            labels
        };
        let theirs = resources[resource].as_object().into_iter().flat_map(|map| map.values());
        let ours = bodies.get(kind).into_iter().flatten();
        let plain = |value: &Value| value.as_str().unwrap().to_owned();
        assert_eq!(labels(theirs.collect(), &said), labels(ours.collect(), &plain), "{kind}");
    }
    whole
}

fn each(value: &Value, visit: &mut dyn FnMut(&Value)) {
    match value {
        Value::String(_) => visit(value),
        Value::Array(all) => all.iter().for_each(|one| each(one, visit)),
        Value::Object(map) => map.values().for_each(|one| each(one, visit)),
        _ => {}
    }
}

#[test]
fn every_configuration_is_one_of_the_provider() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        checked(&example(name), &[]);
    }
    checked(&example("the_model"), &[("objects.customer", "tickets")]);
    checked(&process(WHOLE), &[("objects.customer", "2-1234567")]);
    checked(&process(HOSTILE), &[("objects.thing", "p_thing")]);
}

#[test]
fn a_pipeline_has_its_stages_and_tells_their_ids() {
    let whole = checked(&process(WHOLE), &[]);
    assert_eq!(
        whole["resource"]["hubspot_pipeline"]["deals_deal"],
        json!({
            "object_type": "deals",
            "label": "The relay: Opportunity",
            "display_order": 0,
            "stages": [
                { "stage_id": "relay_evaluation", "label": "3. Evaluation & selection", "display_order": 0,
                  "metadata": { "probability": "0.4" } },
                { "stage_id": "relay_won", "label": "Won", "display_order": 1,
                  "metadata": { "probability": "1.0" } },
                { "stage_id": "relay_lost", "label": "Lost", "display_order": 2,
                  "metadata": { "probability": "0.0" } },
            ],
        })
    );
    // What `send.sh` keeps in `sent.json`.
    let sent = &whole["output"]["sent"]["value"];
    assert_eq!(sent["done"], json!([]));
    assert_eq!(sent["values"]["pipeline.deal"], "${hubspot_pipeline.deals_deal.pipeline_id}");
    assert_eq!(sent["values"]["stage.won"], "${hubspot_pipeline.deals_deal.stages[1].stage_id}");
    let plan = json_of(&emit("hubspot", &process(WHOLE), &[]), "plan.json");
    let saves =
        plan["calls"].as_array().unwrap().iter().flat_map(|call| call["saves"].as_array().unwrap());
    // Scores are not made by Terraform.
    let saves = saves.map(|save| save["placeholder"].as_str().unwrap());
    let mut names: Vec<&str> = saves.filter(|name| !name.starts_with("score.")).collect();
    names.sort_unstable();
    let mut told: Vec<&String> = sent["values"].as_object().unwrap().keys().collect();
    told.sort_unstable();
    assert_eq!(told, names);
}

/// Names are made of objects and fields, and stay apart where the two could be cut elsewhere.
#[test]
fn resources_have_names_of_their_own() {
    let source = r#"
team t { role r }
record one { b_c text "${b}"  d one of [x "$${x}", y "%{ if true }", z "100%{"] "$%${d}" }
record two { c text "Zwei" }
stage a { record one entry owner r advance to b }
stage b { record one owner r final }
stage c { record two entry owner r final }
"#;
    let settings = [("objects.one", "p_a"), ("objects.two", "p_a_b")];
    let whole = checked(&process(source), &settings);
    let names: Vec<&String> =
        whole["resource"]["hubspot_property"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["p_a_b_c", "p_a_d", "p_a_b_c_2"]);
    let property = &whole["resource"]["hubspot_property"]["p_a_d"];
    assert_eq!(property["label"], "${\"$%$\"}{d}");
    assert_eq!(property["options"][0]["label"], "${\"$$\"}{x}");
    assert_eq!(property["options"][1]["label"], "%%{ if true }");
    assert_eq!(property["options"][2]["label"], "100%%{");
}
