//! `ekiden import` of Pipedrive: answers of both versions of its interface, and what is built.

use super::sandbox::Sandbox;

/// Answers of version 2, in one file.
const SECOND: &str = r#"{
  "pipelines": { "success": true, "data": [
    { "id": 7, "name": "New business", "order_nr": 1, "is_deleted": false, "is_deal_probability_enabled": true },
    { "id": 8, "name": "Old", "order_nr": 2, "is_deleted": true, "is_deal_probability_enabled": false } ] },
  "stages": { "success": true, "data": [
    { "id": 72, "order_nr": 2, "name": "Offer", "is_deleted": false, "deal_probability": 60, "pipeline_id": 7, "is_deal_rot_enabled": true, "days_to_rotten": 14 },
    { "id": 71, "order_nr": 1, "name": "Call", "is_deleted": false, "deal_probability": 10, "pipeline_id": 7, "is_deal_rot_enabled": false, "days_to_rotten": 3 },
    { "id": 73, "order_nr": 3, "name": "Gone", "is_deleted": true, "deal_probability": 90, "pipeline_id": 7, "is_deal_rot_enabled": false, "days_to_rotten": null } ],
    "additional_data": { "next_cursor": null } },
  "dealFields": { "success": true, "data": [
    { "field_code": "title", "field_name": "Title", "field_type": "varchar", "is_custom_field": false },
    { "field_code": "1111111111111111111111111111111111111111", "field_name": "Budget", "field_type": "monetary", "is_custom_field": true,
      "required_fields": { "enabled": true, "stage_ids": [72], "statuses": { "7": ["won", "lost"] } } },
    { "field_code": "2222222222222222222222222222222222222222", "field_name": "Tier", "field_type": "enum", "is_custom_field": true,
      "options": [ { "id": 1, "label": "Small" }, { "id": 2, "label": "Größer, \"XL\"" } ],
      "important_fields": { "enabled": true, "stage_ids": [71] }, "required_fields": { "enabled": true, "stage_ids": [] } },
    { "field_code": "3333333333333333333333333333333333333333", "field_name": "Signed?", "field_type": "enum", "is_custom_field": true,
      "options": [ { "id": 3, "label": "Yes" }, { "id": 4, "label": "No" } ] },
    { "field_code": "4444444444444444444444444444444444444444", "field_name": "Reseller", "field_type": "org", "is_custom_field": true },
    { "field_code": "5555555555555555555555555555555555555555", "field_name": "Tier", "field_type": "set", "is_custom_field": true,
      "options": [ { "id": 5, "label": "A" }, { "id": 6, "label": "a" } ], "description": "Which \"parts\"" },
    { "field_code": "6666666666666666666666666666666666666666", "field_name": "Amount", "field_type": "monetary", "is_custom_field": true,
      "required_fields": { "enabled": true, "stage_ids": [71] } } ] }
}"#;

#[track_caller]
fn sound(sandbox: &Sandbox, folder: &str) {
    sandbox.run(&["fmt", "--check", folder]).exits(0);
    sandbox.run(&["check", folder]).exits(0);
}

/// The lines of a file, with single spaces.
fn lines(sandbox: &Sandbox, file: &str) -> Vec<String> {
    let text = sandbox.read(file);
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty() && line != "}").collect()
}

/// Builds what was imported, and imports it once more.
#[track_caller]
fn comes_back(sandbox: &Sandbox, options: &[&str]) {
    sandbox.run(&["build", "p", "--target", "pipedrive"]).exits(0);
    let mut args = vec!["import", "p/build/pipedrive", "--from", "pipedrive", "-o", "q"];
    args.extend(options);
    sandbox.run(&args).exits(0);
    sound(sandbox, "q");
    for file in ["process.ekiden", "stages.ekiden", "ekiden.yaml"] {
        let (first, second) =
            (sandbox.read(&format!("p/{file}")), sandbox.read(&format!("q/{file}")));
        assert_eq!(first, second, "{file}");
    }
}

#[test]
fn answers_of_the_second_version_become_a_process_and_come_back() {
    let sandbox = Sandbox::new();
    sandbox.write("pipedrive.json", SECOND);
    sandbox.run(&["import", "pipedrive.json", "-o", "p", "--currency", "EUR"]).exits(0);
    sound(&sandbox, "p");
    assert_eq!(
        lines(&sandbox, "p/stages.ekiden"),
        [
            "# Deal",
            "stage call \"Call\" {",
            "record deal",
            "entry",
            "probability 10%",
            "collect [tier]",
            "advance to offer",
            "stage offer \"Offer\" {",
            "record deal",
            "limit 14d",
            "probability 60%",
            "enter when {",
            "budget \"Budget is filled in\" budget is present",
            "advance to won",
            "stage won \"Won\" {",
            "record deal",
            "outcome won",
            "enter when {",
            "budget \"Budget is filled in\" budget is present",
            "stage lost \"Lost\" {",
            "record deal",
            "outcome lost",
            "from any open of deal",
        ]
    );
    let process = lines(&sandbox, "p/process.ekiden");
    for line in [
        "budget money \"Budget\"",
        "tier one of [small \"Small\", groesser_xl \"Größer, \\\"XL\\\"\"] \"Tier\" required",
        "signed boolean \"Signed?\"",
        "reseller text \"Reseller\"",
        "tier_2 many of [a \"A\"] \"Tier 2\" help \"Which \\\"parts\\\"\"",
        "amount_2 money \"Amount\"",
    ] {
        assert!(process.iter().any(|found| found == line), "{line}: {process:#?}");
    }
    let report = sandbox.read("p/IMPORT.md");
    for line in [
        "the pipeline `Old` is deleted",
        "the stage `Gone` is deleted",
        "`Budget` is asked for when a deal is `lost`",
        "`Reseller` is of the type `org`: it is a text",
        "the option `a` stands twice",
        "`Tier` is the name of 2 fields: this one is `Tier 2`",
        "`Amount` is asked for in `Call`, where deals begin",
        "1 are Pipedrive's own",
    ] {
        assert!(report.contains(line), "{line}: {report}");
    }
    comes_back(&sandbox, &["--currency", "EUR"]);
}

#[test]
fn answers_of_the_first_version_in_a_folder_become_a_process_and_come_back() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "answers/stages.json",
        r#"{ "success": true, "data": [
          { "id": 1, "order_nr": 1, "name": "리드", "active_flag": true, "deal_probability": 100, "pipeline_id": 1, "rotten_flag": true, "rotten_days": 5, "pipeline_name": "Sales" },
          { "id": 2, "order_nr": 2, "name": "Won", "active_flag": true, "deal_probability": 100, "pipeline_id": 1, "rotten_flag": false, "rotten_days": null, "pipeline_name": "Sales" },
          { "id": 3, "order_nr": 1, "name": "Ask", "active_flag": true, "deal_probability": 50, "pipeline_id": 2, "rotten_flag": true, "rotten_days": -2, "pipeline_name": "Partners" },
          { "id": 4, "order_nr": 2, "name": "Agree", "active_flag": true, "deal_probability": 700, "pipeline_id": 2, "rotten_flag": false, "rotten_days": null, "pipeline_name": "Partners" } ],
          "additional_data": { "pagination": { "more_items_in_collection": true } } }"#,
    );
    sandbox.write(
        "answers/pipelines.json",
        r#"{ "success": true, "data": [
          { "id": 1, "name": "Sales", "order_nr": 0, "active": true, "deal_probability": 0 } ] }"#,
    );
    sandbox.write(
        "answers/dealFields.json",
        r#"{ "success": true, "data": [
          { "id": 9, "key": "value", "name": "Value", "field_type": "monetary", "edit_flag": false },
          { "id": 10, "key": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "name": "Cost", "field_type": "monetary", "edit_flag": true, "mandatory_flag": true },
          { "id": 11, "key": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "name": "Contract", "field_type": "varchar", "edit_flag": true, "mandatory_flag": { "status": "=won" } } ] }"#,
    );
    sandbox.run(&["import", "answers", "--from", "pipedrive", "-o", "p"]).exits(0);
    sound(&sandbox, "p");
    let stages = lines(&sandbox, "p/stages.ekiden");
    for line in ["limit 5d", "probability 50%", "stage ask \"Ask\" {"] {
        assert!(stages.iter().any(|found| found == line), "{line}: {stages:#?}");
    }
    assert!(!stages.iter().any(|line| line == "probability 100%"), "{stages:#?}");
    let report = sandbox.read("p/IMPORT.md");
    for line in [
        "the pipeline `2` is not in the input: it is called `Partners`",
        "`-2` is no number of days",
        "`700` is no probability between 0 and 100",
        "the answer has more pages",
        "`Cost` is a number: say the currency",
        "`Contract` is required in some stages, as the older API tells it",
    ] {
        assert!(report.contains(line), "{line}: {report}");
    }
    comes_back(&sandbox, &[]);
}

#[test]
fn what_is_built_of_a_process_is_read_and_comes_back() {
    let sandbox = Sandbox::new();
    let output = crate::crm_support::emit(
        "pipedrive",
        &crate::crm_support::example("the_model"),
        &[("objects.lead", "deals"), ("objects.customer", "persons")],
    );
    for artifact in &output.artifacts {
        sandbox.write(&format!("built/{}", artifact.path), &artifact.contents);
    }
    sandbox.run(&["import", "built", "--from", "pipedrive", "-o", "p"]).exits(0);
    sound(&sandbox, "p");
    comes_back(&sandbox, &[]);
}

#[test]
fn broken_answers_are_refused_with_a_reason() {
    for (text, reason) in [
        ("{", "is no JSON"),
        ("", "is empty"),
        ("\0", "line 1 holds a zero byte"),
        ("[]", "holds no stages of Pipedrive"),
        ("7", "holds neither pipelines nor stages"),
        (
            "{\"success\": false, \"error\": \"unauthorized\"}",
            "is an error of Pipedrive: `unauthorized`",
        ),
        ("{\"success\": true, \"data\": null}", "holds no stages of Pipedrive"),
        ("{\"success\": true, \"data\": [1]}", "holds neither pipelines nor stages"),
        (
            "{\"success\": true, \"data\": [{\"id\": 1, \"title\": \"A deal\"}]}",
            "holds neither pipelines",
        ),
        ("[[[[[[[[[[]]]]]]]]]]", "holds neither pipelines"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("a.json", text);
        let run = sandbox.run(&["import", "a.json", "--from", "pipedrive", "-o", "p"]).exits(2);
        assert!(run.err.contains(reason), "{text}: {}", run.err);
        assert!(run.err.contains("help: "), "{}", run.err);
        assert_eq!(sandbox.list("p"), Vec::<String>::new());
    }
    let many: Vec<String> =
        (0..1_001).map(|n| format!("{{\"id\":{n},\"name\":\"S{n}\",\"pipeline_id\":1}}")).collect();
    let sandbox = Sandbox::new();
    sandbox.write("a.json", format!("{{\"success\":true,\"data\":[{}]}}", many.join(",")));
    let run = sandbox.run(&["import", "a.json", "-o", "p"]).exits(2);
    assert!(run.err.contains("holds more than 1000 stages"), "{}", run.err);
}

/// What Pipedrive keeps of a deleted field is no field, in either version of its interface.
#[test]
fn what_is_deleted_is_not_taken_over() {
    let first = r#"{
      "pipelines": {"success": true, "data": [{"id": 1, "name": "P", "active": true}]},
      "stages": {"success": true, "data": [
        {"id": 2, "name": "Call", "pipeline_id": 1, "active_flag": true, "rotten_flag": true, "rotten_days": 9},
        {"id": 3, "name": "Cancelled", "pipeline_id": 1, "active_flag": true, "rotten_flag": false, "rotten_days": 4}]},
      "dealFields": {"success": true, "data": [
        {"key": "1111111111111111111111111111111111111111", "name": "Kept", "field_type": "varchar", "active_flag": true},
        {"key": "2222222222222222222222222222222222222222", "name": "Dropped", "field_type": "varchar", "active_flag": false},
        {"field_code": "3333333333333333333333333333333333333333", "field_name": "Gone", "field_type": "varchar", "is_custom_field": true, "is_deleted": true}]}
    }"#;
    let sandbox = Sandbox::new();
    sandbox.write("pipedrive.json", first);
    sandbox.run(&["import", "pipedrive.json", "-o", "p"]).exits(0);
    sound(&sandbox, "p");
    let process = sandbox.read("p/process.ekiden");
    assert!(process.contains("\"Kept\""), "{process}");
    assert!(!process.contains("Dropped") && !process.contains("Gone"), "{process}");
    let report = sandbox.read("p/IMPORT.md");
    for line in
        ["the field `Dropped` is deleted", "the field `Gone` is deleted", "`Cancelled` sounds void"]
    {
        assert!(report.contains(line), "{line}\n{report}");
    }
    let stages = sandbox.read("p/stages.ekiden");
    assert!(stages.contains("9d") && !stages.contains("4d"), "{stages}");
}
