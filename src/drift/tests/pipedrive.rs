//! Pipedrive: what an administrator does, and what is told of it.

use serde_json::{Value, json};

use super::{Pair, WHOLE, told};
use crate::drift::System;

/// A field that every deal has, one that is asked for on the way, one that is highlighted.
const RACE: &str = r#"
process race "Race" { currency EUR }
team t "Crew" { role r "Rower" }
record deal "Deal" {
  boat one of [four "Four", eight "Eight"] "Boat"
  course text "Course" required help "Where it goes"
  seat integer "Seat"
}
record person "Person" { age integer "Age" }
play call_back "Call back" { for stage open by r steps "1. Call." }
stage open "Open" { record deal entry owner r probability 10% collect [boat] limit 5d
  exit when { seat "Seat known" seat is present } advance to talk  lose to lost }
stage talk "Talk" { record deal owner r probability 40% advance to won lose to lost }
stage won "Won" { record deal owner r outcome won final }
stage lost "Lost" { record deal owner r outcome lost final }
"#;

fn pair() -> Pair {
    Pair::of(System::Pipedrive, RACE)
}

/// A file, what stands in it, what stands there instead, and what is told.
const CHANGES: &[(&str, &str, &str, &[&str])] = &[
    (
        "pipelines/deal",
        "true",
        "false",
        &[
            "values: pipeline \"Race: Deal\": counts probabilities false in Pipedrive, true in the process",
        ],
    ),
    (
        "stages/deal/001",
        "\"days_to_rotten\": 5",
        "\"days_to_rotten\": 9",
        &[
            "values: stage \"Open\" of the pipeline \"Race: Deal\": days until a deal rots 9 in Pipedrive, 5 in the process",
        ],
    ),
    (
        "stages/deal/001",
        "\"is_deal_rot_enabled\": true",
        "\"is_deal_rot_enabled\": false",
        &[
            "values: stage \"Open\" of the pipeline \"Race: Deal\": days until a deal rots never in Pipedrive, 5 in the process",
        ],
    ),
    (
        "stages/deal/002",
        "\"is_deal_rot_enabled\": false",
        "\"is_deal_rot_enabled\": true, \"days_to_rotten\": 30",
        &[
            "values: stage \"Talk\" of the pipeline \"Race: Deal\": days until a deal rots 30 in Pipedrive, never in the process",
        ],
    ),
    (
        "stages/deal/002",
        "40",
        "45",
        &[
            "values: stage \"Talk\" of the pipeline \"Race: Deal\": probability 45 in Pipedrive, 40 in the process",
        ],
    ),
    (
        "stages/deal/002",
        "\"Talk\"",
        "\"Chat\"",
        &[
            "texts: stage \"Talk\" of the pipeline \"Race: Deal\": name \"Chat\" in Pipedrive, \"Talk\" in the process",
        ],
    ),
    (
        "stages/deal/002",
        "\"name\"",
        "\"is_deleted\": true, \"name\"",
        &["records: stage \"Talk\" of the pipeline \"Race: Deal\" is deleted in Pipedrive"],
    ),
    (
        "stages/deal/002",
        "",
        "",
        &[
            // That the seat is asked for there is told with it.
            "records: stage \"Talk\" of the pipeline \"Race: Deal\" is missing in Pipedrive",
        ],
    ),
    (
        "fields/deals/boat",
        "\"enum\"",
        "\"set\"",
        &["records: field \"Boat\" of deals: type set in Pipedrive, enum in the process"],
    ),
    (
        "fields/deals/boat",
        "\"Four\"",
        "\"Quad\"",
        &[
            "records: option \"Four\" of the field \"Boat\" of deals is missing in Pipedrive",
            "records: option \"Quad\" of the field \"Boat\" of deals is in Pipedrive, not in the process",
        ],
    ),
    (
        "fields/deals/boat",
        "\"stage_ids\": [\n      \"{stage.open}\"",
        "\"stage_ids\": [\n      \"{stage.talk}\"",
        &[
            "values: field \"Boat\" of deals: highlighted in Talk in Pipedrive, in Open in the process",
        ],
    ),
    (
        "fields/deals/seat",
        "\"enabled\": true,\n    \"stage_ids\": [\n      \"{stage.talk}\"\n    ]",
        "\"enabled\": false",
        &["records: field \"Seat\" of deals: required no in Pipedrive, in Talk in the process"],
    ),
    (
        "fields/deals/seat",
        "\"enabled\": true,\n    \"stage_ids\": [\n      \"{stage.talk}\"\n    ]",
        "\"enabled\": true, \"stage_ids\": []",
        &[
            "records: field \"Seat\" of deals: required everywhere in Pipedrive, in Talk in the process",
        ],
    ),
    (
        "fields/deals/seat",
        "\"enabled\": true,\n    \"stage_ids\": [\n      \"{stage.talk}\"",
        "\"enabled\": true, \"statuses\": {\"{pipeline.deal}\": [\"won\"]}, \"stage_ids\": [\"{stage.talk}\"",
        &[
            "records: field \"Seat\" of deals: required in Talk, when won in Pipedrive, in Talk in the process",
        ],
    ),
    (
        "fields/deals/course",
        "\"Where it goes\"",
        "\"Anywhere\"",
        &[
            "texts: field \"Course\" of deals: description \"Anywhere\" in Pipedrive, \"Where it goes\" in the process",
        ],
    ),
    (
        "fields/deals/course",
        "",
        "",
        &["records: field \"Course\" of deals is missing in Pipedrive"],
    ),
    (
        "fields/persons/age",
        "\"Age\"",
        "\"Years\"",
        &["texts: field \"Age\" of persons: name \"Years\" in Pipedrive, \"Age\" in the process"],
    ),
    (
        "activity-types/call_back",
        "\"call\"",
        "\"task\"",
        &["values: activity type \"Call back\": picture task in Pipedrive, call in the process"],
    ),
];

#[test]
fn one_change_is_told_and_nothing_else() {
    for (path, from, to, expected) in CHANGES {
        let mut pair = pair();
        pair.change(path, from, to);
        let mut lines = told(&pair.report());
        lines.sort();
        assert_eq!(lines, *expected, "{path}: {from} to {to}");
    }
}

/// Every value of every body that is built: another one is told, or names another thing.
#[test]
fn nothing_that_is_built_is_passed_over() {
    let mut count = 0;
    for whole in [
        Pair::with(
            System::Pipedrive,
            WHOLE,
            &[("objects.lead", "deals"), ("objects.customer", "organizations")],
        ),
        pair(),
    ] {
        for (at, (path, text)) in whole.files.iter().enumerate() {
            for (number, line) in text.lines().enumerate() {
                let (key, value) = match line.split_once("\": ") {
                    Some((key, value)) => (format!("{key}\": "), value),
                    None if line.trim_start().starts_with('"') => {
                        (String::new(), line.trim_start())
                    }
                    None => continue,
                };
                let (value, comma) = value.strip_suffix(',').map_or((value, ""), |v| (v, ","));
                let other = match value {
                    "true" => "false".to_owned(),
                    "false" => "true".to_owned(),
                    "[" | "{" | "[]" => continue,
                    _ if key.contains("pipeline_id\"") => continue,
                    value => match value.parse::<u32>() {
                        Ok(number) => (number + 1).to_string(),
                        Err(_) => format!("{}x\"", value.strip_suffix('"').unwrap()),
                    },
                };
                let lines = text.lines().enumerate().map(|(n, line)| match n == number {
                    true => format!("{key}{other}{comma}"),
                    false => line.to_owned(),
                });
                let mut changed = whole.clone();
                changed.files[at].1 = lines.collect::<Vec<_>>().join("\n");
                // A stage that rots without days does not; a switch that is on needs its list.
                let off = key.contains("is_deal_rot_enabled") && other == "true";
                let found = told(&changed.report());
                assert!(!found.is_empty() || off, "{path}:{} {line}", number + 1);
                count += 1;
            }
        }
    }
    assert!(count > 120, "{count}");
}

/// Answers of version 2 of the interface, from the bodies that were sent.
fn answers(pair: &mut Pair) {
    let number = |text: &str| match text {
        "{pipeline.deal}" => json!(5),
        "{stage.open}" => json!(51),
        "{stage.talk}" => json!(52),
        other => json!(other),
    };
    fn ids(value: &mut Value, number: &dyn Fn(&str) -> Value) {
        match value {
            Value::String(text) => *value = number(text),
            Value::Array(all) => all.iter_mut().for_each(|one| ids(one, number)),
            Value::Object(map) => map.values_mut().for_each(|one| ids(one, number)),
            _ => {}
        }
    }
    let mut lists: std::collections::BTreeMap<&str, Vec<Value>> = std::collections::BTreeMap::new();
    for (path, text) in &pair.files {
        let mut value: Value = serde_json::from_str(text).unwrap();
        ids(&mut value, &number);
        let map = value.as_object_mut().unwrap();
        let (list, id) = match path.as_str() {
            path if path.starts_with("pipelines/") => ("pipelines", json!(5)),
            path if path.ends_with("001-open.json") => ("stages", json!(51)),
            path if path.starts_with("stages/") => ("stages", json!(52)),
            path if path.contains("fields/deals/") => ("dealFields", Value::Null),
            path if path.contains("fields/persons/") => ("personFields", Value::Null),
            _ => ("activityTypes", json!(9)),
        };
        map.insert("is_deleted".to_owned(), json!(false));
        if id.is_null() {
            let label = map["field_name"].as_str().unwrap();
            let code =
                format!("{:0>40}", label.bytes().map(|b| format!("{b:x}")).collect::<String>());
            map.insert("field_code".to_owned(), json!(code));
            map.insert("is_custom_field".to_owned(), json!(true));
            let options = map.get_mut("options").and_then(Value::as_array_mut);
            for (at, option) in options.into_iter().flatten().enumerate() {
                option.as_object_mut().unwrap().insert("id".to_owned(), json!(at));
            }
        } else {
            map.insert("id".to_owned(), id);
        }
        lists.entry(list).or_default().push(value);
    }
    let fields = lists.get_mut("dealFields").unwrap();
    fields.push(json!({ "field_code": "title", "field_name": "Title", "field_type": "varchar", "is_custom_field": false }));
    fields.push(json!({ "field_code": "a".repeat(40), "field_name": "Theirs", "field_type": "text", "is_custom_field": true }));
    lists.get_mut("stages").unwrap().push(json!({ "id": 99, "name": "Other", "pipeline_id": 6 }));
    lists.get_mut("pipelines").unwrap().push(json!({ "id": 6, "name": "Partners" }));
    pair.files = lists
        .into_iter()
        .map(|(name, all)| {
            let answer =
                json!({ "success": true, "data": all, "additional_data": { "next_cursor": null } });
            (format!("{name}.json"), answer.to_string())
        })
        .collect();
}

#[test]
fn answers_are_matched_by_name_and_what_is_not_ours_is_left() {
    let mut pair = pair();
    answers(&mut pair);
    let report = pair.report();
    assert_eq!((told(&report), &report.unread), (Vec::new(), &Vec::new()));
    let beside: Vec<_> = report.compared.beside.iter().map(|(kind, n)| (kind.word(), *n)).collect();
    assert_eq!(beside, [("pipeline", 1), ("field", 1)]);
    pair.change("dealFields", "[52]", "[51,52,99]");
    assert_eq!(
        told(&pair.report()),
        [
            "records: field \"Seat\" of deals: required everywhere in Pipedrive, in Talk in the process"
        ]
    );
}

/// Without what the script noted a stage of another name is another stage; with it, it was renamed.
#[test]
fn what_was_noted_when_it_was_sent_tells_what_was_renamed() {
    let mut pair = pair();
    answers(&mut pair);
    pair.change("stages.json", "\"Talk\"", "\"Chat\"");
    assert_eq!(told(&pair.report()).len(), 2, "{:?}", told(&pair.report()));
    let sent =
        json!({ "done": [], "values": { "pipeline.deal": 5, "stage.open": 51, "stage.talk": 52 } });
    pair.files.push(("sent.json".to_owned(), sent.to_string()));
    assert_eq!(
        told(&pair.report()),
        [
            "texts: stage \"Talk\" of the pipeline \"Race: Deal\": name \"Chat\" in Pipedrive, \"Talk\" in the process"
        ]
    );
}

/// A stage that was deleted, and made again with the same name.
#[test]
fn what_was_deleted_and_made_again_is_there() {
    let mut pair = pair();
    answers(&mut pair);
    let gone = json!({ "id": 50, "name": "Talk", "pipeline_id": 5, "is_deleted": true });
    let stages = format!("\"data\":[{gone},");
    pair.change("stages.json", "\"data\":[", &stages);
    let sent =
        json!({ "done": [], "values": { "pipeline.deal": 5, "stage.open": 51, "stage.talk": 50 } });
    pair.files.push(("sent.json".to_owned(), sent.to_string()));
    assert_eq!(told(&pair.report()), Vec::<String>::new());
}

/// The script of a build sends nothing twice: it cannot mend a field that lacks an option.
#[test]
fn what_is_missing_is_made_in_a_way_that_works() {
    let advice = |part: &str, from: &str, to: &str| {
        let mut pair = pair();
        pair.change(part, from, to);
        let drifts = pair.report().compared.drifts;
        let missing =
            drifts.iter().filter(|drift| drift.what == crate::drift::compare::What::Missing);
        missing.map(|drift| crate::drift::advice(System::Pipedrive, drift)).collect::<Vec<_>>()
    };
    assert_eq!(
        advice("fields/deals/boat", "\"Four\"", "\"Quad\""),
        ["add it to its field in Pipedrive by hand; or take it out of the process"]
    );
    assert_eq!(
        advice("fields/deals/course", "", ""),
        [
            "make it in Pipedrive by hand and write its id into `sent.json`, or run `send.sh` beside that file if it was never sent; or take it out of the process"
        ]
    );
}

#[test]
fn what_answers_nothing_of_the_process_is_no_agreement() {
    let mut pair = pair();
    let empty = json!({ "success": true, "data": null });
    pair.files = vec![("stages.json".to_owned(), empty.to_string())];
    assert!(pair.refused().starts_with("answers nothing that can be compared: "));
}

#[test]
fn what_was_not_asked_is_not_missing_and_what_is_empty_is() {
    let mut pair = pair();
    pair.files.retain(|(path, _)| path.starts_with("pipelines/") || path.starts_with("stages/"));
    let report = pair.report();
    assert_eq!(told(&report), Vec::<String>::new());
    assert_eq!(
        report.unread,
        ["the fields of deals", "the fields of persons", "the activity types"]
    );
    pair.files
        .push(("personFields.json".to_owned(), "{\"success\": true, \"data\": null}".to_owned()));
    assert_eq!(told(&pair.report()), ["records: field \"Age\" of persons is missing in Pipedrive"]);
    // Version 1 names the pipeline with each of its stages.
    let stages = json!([
        { "id": 2, "order_nr": 2, "name": "Talk", "active_flag": true, "deal_probability": 40, "pipeline_id": 1, "rotten_flag": false, "rotten_days": null, "pipeline_name": "Race: Deal" },
        { "id": 1, "order_nr": 1, "name": "Open", "active_flag": true, "deal_probability": 10, "pipeline_id": 1, "rotten_flag": true, "rotten_days": 5, "pipeline_name": "Race: Deal" },
    ]);
    pair.files =
        vec![("stages.json".to_owned(), json!({ "success": true, "data": stages }).to_string())];
    assert_eq!(told(&pair.report()), Vec::<String>::new());
    pair.change("stages", "\"order_nr\":1", "\"order_nr\":3");
    assert_eq!(
        told(&pair.report()),
        ["values: pipeline \"Race: Deal\": another order of stages [Talk, Open | Open, Talk]"]
    );
}

/// A field that is asked for only at the end is set by hand, so that nothing is said of it.
#[test]
fn what_is_left_to_people_is_no_drift() {
    let mut pair = pair();
    let ends = "\"statuses\": {\"{pipeline.deal}\": [\"won\"]}";
    pair.change(
        "fields/deals/boat",
        "\"field_name\"",
        &format!(
            "\"required_fields\": {{\"enabled\": true, \"stage_ids\": [], {ends}}}, \"field_name\""
        ),
    );
    assert_eq!(told(&pair.report()), Vec::<String>::new());
}

#[test]
fn broken_and_foreign_answers_are_refused() {
    let with = |text: &str| {
        let mut pair = pair();
        pair.files = vec![("x.json".to_owned(), text.to_owned())];
        pair.refused()
    };
    assert!(with("{\"data\": [").contains("it is no JSON"));
    assert!(with("").contains("is empty"));
    assert!(with(&"[".repeat(100_000)).contains("it is no JSON"));
    assert!(with("[[[[[[1]]]]]]").contains("holds neither pipelines nor stages nor fields"));
    assert!(with("{\"success\": true, \"data\": 3}").contains("holds neither pipelines"));
    assert!(
        with("{\"success\": false, \"error\": \"no token\"}")
            .contains("an error of Pipedrive: `no token`")
    );
    assert!(with("{\"success\": true, \"data\": []}").contains("its name does not tell what of"));
    let more = "{\"success\": true, \"data\": [], \"additional_data\": {\"next_cursor\": \"x\"}}";
    assert!(with(more).contains("one page of several"));
    let orphan =
        "{\"success\": true, \"data\": [{\"id\": 1, \"name\": \"A\", \"pipeline_id\": 3}]}";
    assert!(with(orphan).contains("stage of the pipeline 3, which is not in it"));
    assert!(with("{\"done\": [], \"values\": {}}").contains("holds nothing of Pipedrive"));
    let one = "{\"id\": 1, \"name\": \"Sales\"}";
    assert!(with(&format!("[{one}, {one}]")).contains("says twice"));
    let options: Vec<String> = (0..250_000).map(|n| format!("{{\"label\": \"{n}\"}}")).collect();
    let many = format!(
        "{{\"field_name\": \"n\", \"field_type\": \"enum\", \"options\": [{}]}}",
        options.join(",")
    );
    assert!(with(&many).contains("looks like an export of records"));
}
