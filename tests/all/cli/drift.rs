//! `ekiden drift`, against exports that are made of what was built.

use std::path::Path;

use serde_json::Value;

use super::sandbox::Sandbox;
use crate::crm_support::{check, root};
use crate::mutations::corpus;

/// A process unlike the examples: tickets of a support desk, and a pipeline of tenders.
const DESK: &str = "\
process desk \"Service desk\" { currency EUR }
team desk \"Desk\" { mission \"Help.\" role agent \"Agent\" role lead \"Lead\" }
record ticket \"Ticket\" { severity one of [low \"Low\", high \"High\"] cause text \"Cause\" help \"One word\" }
stage new \"New\" { record ticket owner agent entry from [mail] limit 5d collect [cause]
  exit when { known \"The cause is known\" cause is present }
  advance to solved }
stage solved \"Solved\" { record ticket owner agent outcome won final }
stage dropped \"Dropped\" { record ticket owner lead outcome lost final from any open of ticket }
";
const MANIFEST: &str = "targets:\n  salesforce:\n    objects: {ticket: Opportunity}\n  hubspot:\n    objects: {ticket: tickets}\n";

const STAGES: &str = "desk/build/salesforce/force-app/main/default/standardValueSets/OpportunityStage.standardValueSet-meta.xml";

fn desk() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("desk/p.ekiden", DESK).write("desk/ekiden.yaml", MANIFEST);
    sandbox.run(&["build", "desk"]).exits(0);
    sandbox
}

fn change(sandbox: &Sandbox, path: &str, from: &str, to: &str) {
    let text = sandbox.read(path);
    assert!(text.contains(from), "{text}");
    sandbox.write(path, text.replacen(from, to, 1));
}

#[test]
fn what_is_built_has_not_drifted() {
    for source in corpus::processes() {
        let sandbox = Sandbox::new();
        for (at, file) in source.files.iter().enumerate() {
            let ending = if file.yaml { "ekiden.yaml" } else { "ekiden" };
            sandbox.write(&format!("p/f{at:02}.{ending}"), &file.text);
        }
        sandbox.run(&["build", "p", "--target", "salesforce,hubspot,pipedrive"]).exits(0);
        for target in ["salesforce", "hubspot", "pipedrive"] {
            let export = format!("p/build/{target}");
            if !sandbox.path(&export).exists() {
                continue;
            }
            let run = sandbox.run(&["drift", "--target", target, "p", &export]).exits(0);
            assert_eq!(run.out, "", "{}", source.name);
            assert!(run.err.starts_with("no drift: "), "{}", run.err);
        }
    }
}

/// The library behind `sf project retrieve start` writes the export, in both formats.
#[test]
fn what_the_tools_of_salesforce_write_has_not_drifted() {
    for (name, text) in [("desk", DESK), ("whole", include_str!("../../crm/whole.ekiden"))] {
        let sandbox = Sandbox::new();
        sandbox.write("p/p.ekiden", text);
        if name == "desk" {
            sandbox.write("p/ekiden.yaml", MANIFEST);
        }
        sandbox.run(&["build", "p", "--target", "salesforce"]).exits(0);
        let export = sandbox.path("export");
        check("salesforce-retrieve.cjs", &[&sandbox.path("p/build/salesforce"), &export]);
        for format in ["export/mdapi", "export/source"] {
            let drift = ["drift", "-t", "salesforce", "p", format];
            assert_eq!(sandbox.run(&drift).exits(0).out, "", "{name} {format}");
        }
        let list = "export/mdapi/standardValueSets/OpportunityStage.standardValueSet";
        change(&sandbox, list, "<closed>true", "<closed>false");
        let run = sandbox.run(&["drift", "-t", "salesforce", "p", "export/mdapi"]).exits(1);
        assert!(run.err.starts_with("1 difference in "), "{}", run.err);
    }
}

#[test]
fn drift_is_told_with_both_places_and_what_to_do() {
    let sandbox = desk();
    change(&sandbox, STAGES, "<probability>0<", "<probability>40<");
    let rule = "desk/build/salesforce/force-app/main/default/objects/Opportunity/validationRules";
    std::fs::remove_file(sandbox.path(rule).join("Desk_New_Exit_Known.validationRule-meta.xml"))
        .unwrap();
    let run = sandbox.run(&["drift", "-t", "salesforce", "desk", "desk/build/salesforce"]).exits(1);
    let expected = format!(
        "Records can go wrong
  · Opportunity validation rule `Desk_New_Exit_Known` is missing in Salesforce
      desk/p.ekiden:5

Values differ
  · Opportunity stage \"New\": probability 40 in Salesforce, 0 in the process
      {STAGES}:10
      desk/p.ekiden:4

What to do
    1 × deploy what `ekiden build --target salesforce` writes; or take it out of the process
    1 × deploy what `ekiden build --target salesforce` writes; or say in the process what Salesforce
        holds
"
    );
    assert_eq!(run.out, expected);
    assert!(run.err.starts_with("2 differences in "), "{}", run.err);
    assert!(run.err.ends_with(": 1 where records can go wrong, 1 of values\n"), "{}", run.err);
    // The process of the folder one stands in, and its parts of the export alone.
    let mut command = sandbox.command(&["drift", "-t", "salesforce", "build/salesforce/force-app"]);
    let run = super::sandbox::finish(command.current_dir(sandbox.path("desk"))).exits(1);
    assert!(run.out.contains("\n      p.ekiden:5\n"), "{}", run.out);
}

#[test]
fn answers_of_hubspot_may_be_files_a_folder_or_standard_input() {
    let sandbox = desk();
    let pipeline = "desk/build/hubspot/pipelines/tickets/ticket.json";
    let severity = "desk/build/hubspot/properties/tickets/severity.json";
    change(&sandbox, pipeline, "\"OPEN\"", "\"CLOSED\"");
    let folder = sandbox.run(&["drift", "-t", "hubspot", "desk", "desk/build/hubspot"]).exits(1);
    let line = "stage \"New\" of the pipeline \"Service desk: Ticket\" of tickets: ticket state CLOSED in HubSpot, OPEN in the process";
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat(&folder.out).contains(line), "{}", folder.out);
    assert!(folder.out.contains("ticket.json /stages/0"), "{}", folder.out);
    let several = sandbox.run(&["drift", "-t", "hubspot", "desk", pipeline, severity]).exits(1);
    assert!(flat(&several.out).contains(line), "{}", several.out);
    let input = sandbox.read(pipeline);
    let run = sandbox.run_with_input(&["drift", "-t", "hubspot", "desk", "-"], &input).exits(1);
    assert!(flat(&run.out).contains(line), "{}", run.out);
    assert!(
        flat(&run.out)
            .contains("not compared, for the export does not hold it: the properties of tickets"),
        "{}",
        run.out
    );
    let object = ["drift", "-t", "hubspot", "desk", "-", "--object", "tickets"];
    sandbox.run_with_input(&object, &input).exits(1);
    let run = sandbox
        .run_with_input(&["drift", "-t", "hubspot", "desk", "-", "--object", "deals"], &input);
    assert!(run.exits(2).err.contains("puts nothing into `deals`"));
}

/// A deal desk in Pipedrive, and what somebody changed there.
#[test]
fn answers_of_pipedrive_are_compared() {
    let sandbox = Sandbox::new();
    sandbox.write("desk/p.ekiden", DESK.replace("ticket", "deal"));
    sandbox.run(&["build", "desk", "--target", "pipedrive"]).exits(0);
    let answers = serde_json::json!({
        "pipelines": { "success": true, "data": [{ "id": 3, "name": "Service desk: Ticket", "is_deal_probability_enabled": false }] },
        "stages": { "success": true, "data": [
            { "id": 31, "order_nr": 1, "name": "New", "pipeline_id": 3, "is_deal_rot_enabled": true, "days_to_rotten": 9 }] },
        "dealFields": { "success": true, "data": [
            { "field_code": "a".repeat(40), "field_name": "Severity", "field_type": "enum", "is_custom_field": true,
              "options": [{ "id": 1, "label": "Low" }, { "id": 2, "label": "High" }] }] },
    });
    sandbox.write("answers.json", answers.to_string());
    let drift = ["drift", "-t", "pipedrive", "desk", "answers.json"];
    let run = sandbox.run(&drift).exits(1);
    let flat = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("field \"Cause\" of deals is missing in Pipedrive"), "{}", run.out);
    assert!(flat.contains("stage \"New\" of the pipeline \"Service desk: Ticket\": days until a deal rots 9 in Pipedrive, 5 in the process answers.json /stages/data/0 desk/p.ekiden:4"), "{}", run.out);
    assert!(flat.contains("change it in Pipedrive by hand"), "{}", run.out);
    let json = [&drift[..], &["--format", "json"]].concat();
    sandbox.write("kept.json", sandbox.run(&json).exits(1).out);
    let schema = root().join("schemas/drift.schema.json");
    check("json-schema.mjs", &[&schema, Path::new(&sandbox.path("kept.json"))]);
    let object = [&drift[..], &["--object", "deals"]].concat();
    assert!(sandbox.run(&object).exits(2).err.contains("is for answers of HubSpot"));
    sandbox.write("empty/a.txt", "x");
    let run = sandbox.run(&["drift", "-t", "pipedrive", "desk", "empty"]).exits(2);
    assert!(run.err.contains("holds no answers of Pipedrive"), "{}", run.err);
}

#[test]
fn the_data_follows_its_schema_and_says_the_same() {
    let sandbox = desk();
    let json = |arguments: &[&str], code: i32| -> Value {
        let run = sandbox.run(&[&["drift", "--format", "json"], arguments].concat()).exits(code);
        assert_eq!(run.err, "");
        sandbox.write("kept.json", &run.out);
        let schema = root().join("schemas/drift.schema.json");
        check("json-schema.mjs", &[&schema, Path::new(&sandbox.path("kept.json"))]);
        serde_json::from_str(&run.out).unwrap()
    };
    let salesforce = ["-t", "salesforce", "desk", "desk/build/salesforce"];
    let none = json(&salesforce, 0);
    assert_eq!(none["drifts"], serde_json::json!([]));
    change(&sandbox, STAGES, "<label>Solved", "<label>Closed");
    let list = sandbox.read(STAGES);
    let (head, tail) = list.split_once("    <standardValue>").unwrap();
    let extra = "<standardValue><fullName>Parked</fullName></standardValue>";
    sandbox.write(STAGES, format!("{head}{extra}\n    <standardValue>{tail}"));
    let report = json(&salesforce, 1);
    assert_eq!(report["summary"]["drifts"], 2);
    let drift = &report["drifts"][0];
    assert_eq!((drift["what"].as_str(), drift["kind"].as_str()), (Some("extra"), Some("stage")));
    assert_eq!(drift["place"]["process"], Value::Null);
    let drift = &report["drifts"][1];
    assert_eq!(drift["weight"], "texts");
    assert_eq!(drift["property"], "label");
    assert_eq!((&drift["crm"], &drift["process"]), (&"Closed".into(), &"Solved".into()));
    assert_eq!(drift["place"]["process"]["line"], 7);
    // Half of an export: what is missing is told, and that there is none at all.
    let half = "desk/build/salesforce/force-app/main/default/standardValueSets";
    let report = json(&["-t", "salesforce", "desk", half], 1);
    assert!(report["none_in_export"].as_array().unwrap().len() > 3);
    assert_eq!(report["not_compared"].as_array().unwrap().len(), 1);
    let hubspot = ["-t", "hubspot", "desk", "desk/build/hubspot/pipelines"];
    // Properties, their groups, and the rules of the pipeline.
    assert_eq!(json(&hubspot, 0)["not_compared"].as_array().unwrap().len(), 3);
}

#[test]
fn an_issue_has_a_body_only_when_there_is_drift() {
    let sandbox = desk();
    let markdown =
        ["drift", "-t", "salesforce", "desk", "desk/build/salesforce", "--format", "markdown"];
    assert_eq!(sandbox.run(&markdown).exits(0).out, "");
    change(&sandbox, STAGES, "<label>Solved", "<label>*Closed* | @all &lt;b&gt;");
    let run = sandbox.run(&markdown).exits(1);
    let start = "## Salesforce is not what Service desk says\n\n1 difference in ";
    assert!(run.out.starts_with(start), "{}", run.out);
    assert!(
        run.out.contains("label \"\\*Closed\\* \\| \\@all &lt;b>\" in Salesforce"),
        "{}",
        run.out
    );
    assert!(run.out.contains("  * source: `desk/p.ekiden:7`\n"), "{}", run.out);
    sandbox.write("lint/issue.md", format!("# Issue\n\n{}", run.out));
    check("markdown-lint.mjs", &[&sandbox.path("lint")]);
}

#[test]
fn a_comparison_that_fails_exits_with_2() {
    let sandbox = desk();
    sandbox.write("empty/readme.txt", "nothing").write("notes/a.json", "{\"a\": 1}");
    sandbox.write(
        "cut/standardValueSets/OpportunityStage.standardValueSet",
        "<StandardValueSet><standardValue>",
    );
    sandbox.write("wide/pipelines-tickets.json", b"\xff\xfe{\0}\0");
    sandbox.write("zip/unpackaged.zip", "PK");
    sandbox.write("bad/p.ekiden", "stage { ");
    sandbox
        .write("other/p.ekiden", DESK)
        .write("other/ekiden.yaml", "targets: {salesforce: {objects: {ticket: Nothing Here}}}\n");
    sandbox.write("lone/p.ekiden", DESK.replace("ticket", "parcel"));
    for (arguments, said, help) in [
        (&["salesforce", "desk", "missing"][..], "the export `missing` does not exist", ""),
        (
            &["salesforce", "desk", "empty"],
            "the export `empty` holds nothing of Salesforce",
            "sf project retrieve start",
        ),
        (
            &["salesforce", "desk", "notes"],
            "the export `notes` holds nothing of Salesforce",
            "manifest/package.xml",
        ),
        (
            &["hubspot", "desk", "empty"],
            "the export `empty` holds no answers of HubSpot",
            "GET /crm/v3/pipelines",
        ),
        (
            &["hubspot", "desk", "notes"],
            "holds neither pipelines nor properties: `notes/a.json`",
            "save the answers",
        ),
        (
            &["salesforce", "desk", "cut"],
            "`standardValue` is never closed; the file is cut",
            "retrieve it once more",
        ),
        (&["hubspot", "desk", "wide"], "`wide/pipelines-tickets.json` is not UTF-8 text", "UTF-16"),
        (&["salesforce", "desk", "zip/unpackaged.zip"], "is packed", "unpack it"),
        (&["salesforce", "desk", "desk/p.ekiden"], "holds nothing of Salesforce", ""),
        (
            &["salesforce", "bad", "empty"],
            "the process of `bad` cannot be understood",
            "ekiden check",
        ),
        (&["salesforce", "nowhere", "empty"], "nowhere", ""),
        (
            &["salesforce", "other", "empty"],
            "`other` cannot be built for Salesforce",
            "ekiden build",
        ),
        (&["hubspot", "lone", "empty"], "`lone` puts nothing into HubSpot", "`objects`"),
        (
            &["salesforce", "desk", "empty", "--object", "deals"],
            "`--object deals` is for answers of HubSpot",
            "",
        ),
        (
            &["hubspot", "notes/a.json", "desk/build/hubspot/plan.json"],
            "no snapshot",
            "write `.` before them",
        ),
    ] {
        let run = sandbox.run(&[&["drift", "--target"], arguments].concat()).exits(2);
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(run.err.contains(said) && run.err.contains(help), "{arguments:?}: {}", run.err);
        assert!(!run.err.contains("fault of ekiden"), "{}", run.err);
    }
    sandbox.run(&["drift", "desk", "desk/build/salesforce"]).exits(2);
    sandbox.run(&["drift", "--target", "docs", "desk", "desk/build/docs"]).exits(2);
}

#[test]
fn what_an_export_holds_cannot_steer_the_terminal() {
    let sandbox = desk();
    change(&sandbox, STAGES, "<label>Solved", "<label>\u{1b}]0;x\u{7}\u{202e}Solved");
    let run = sandbox.run(&["drift", "-t", "salesforce", "desk", "desk/build/salesforce"]).exits(1);
    assert!(!run.out.contains('\u{1b}') && !run.out.contains('\u{202e}'), "{}", run.out);
}

#[test]
fn nothing_is_written() {
    let sandbox = desk();
    let before = sandbox.list(".");
    sandbox.run(&["drift", "-t", "salesforce", "desk", "desk/build/salesforce"]).exits(0);
    assert_eq!(sandbox.list("."), before);
}

/// What was built of an earlier process names its stages by what they were called there.
#[test]
fn a_stage_that_the_process_no_longer_has_is_told_by_its_title() {
    let sandbox = Sandbox::new();
    let process = |name: &str, title: &str| {
        format!(
            "process dock \"Dock\" {{ currency EUR }}\nteam t {{ role r }}\n\
             record deal {{ fee money }}\n\
             stage open \"Open\" {{ record deal entry owner r advance to talk lose to lost }}\n\
             stage talk \"Talk\" {{ record deal owner r advance to {name} recycle to open }}\n\
             stage {name} \"{title}\" {{ record deal owner r advance to won lose to lost }}\n\
             stage won \"Won\" {{ record deal owner r outcome won final }}\n\
             stage lost \"Lost\" {{ record deal owner r outcome lost final }}\n"
        )
    };
    sandbox.write("p/p.ekiden", process("parked", "Parked outside"));
    sandbox.run(&["build", "p", "-t", "hubspot", "-o", "out"]).exits(0);
    std::fs::remove_file(sandbox.path("out/hubspot/plan.json")).unwrap();
    sandbox.write("p/p.ekiden", process("moored", "Moored"));
    let run = sandbox.run(&["drift", "p", "-t", "hubspot", "out/hubspot"]).exits(1);
    assert!(!run.out.contains("{stage."), "{}", run.out);
    let told = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("Parked outside"), "{told}");
    assert!(told.contains("rules of the pipeline"), "{told}");
}
