//! What targets find: `check` and `build` agree, and a process without a manifest is left in peace.

use std::fs;

use ekiden::emit::{Context, Settings, TARGETS};

use super::sandbox::Sandbox;
use crate::crm_support::{HOSTILE, WHOLE, example, process};

const BARE: &str = "\
team t \"Team\" { role r \"Role\" }
stage a \"A\" { record widget entry from [web] owner r purpose \"Begin.\" limit 1w advance to b }
stage b \"B\" { record widget owner r purpose \"End.\" outcome won final }
";

#[test]
fn validating_finds_what_compiling_finds() {
    let settings = Settings::default();
    for process in [
        process(WHOLE),
        process(HOSTILE),
        example("the_model"),
        example("salesforce_default"),
        example("hubspot_default"),
    ] {
        for target in TARGETS {
            for named in [true, false] {
                let languages = &process.languages;
                let context = Context {
                    process: &process,
                    languages,
                    settings: &settings,
                    others: &[],
                    templates: &ekiden::emit::NO_TEMPLATES,
                    named,
                    since: None,
                };
                let compiled = (target.emit)(&context).diagnostics;
                assert_eq!((target.validate)(&context), compiled, "{}", target.name);
            }
        }
    }
}

#[test]
fn check_finds_wrong_settings_of_targets_as_build_does() {
    let sandbox = Sandbox::with_process();
    for (settings, at, said) in [
        ("sql: {dialect: mysql}", "dialect", "target `sql` has no setting `dialect`"),
        ("sql: {dialects: [mysql]}", "mysql", "`mysql`"),
        ("salesforce: {history: 99}", "99", "`99` fields cannot keep their history"),
        ("salesforce: {objects: {deal: Oportunity}}", "Oportunity", "`Oportunity` is no object"),
        ("hubspot: {objects: {daal: deals}}", "daal", "`daal`"),
        ("hubspot: {fields: {deal.amuont: amount}}", "deal.amuont", "amuont"),
        ("docs: {language: en}", "language", "target `docs` has no setting `language`"),
        ("diagram: {languages: [x_y]}", "x_y", "`x_y` is not the tag of a language"),
        ("json: {pretty: true}", "pretty", "target `json` has no setting `pretty`"),
    ] {
        sandbox.write("ekiden.yaml", format!("targets:\n  {settings}\n"));
        let check = sandbox.run(&["check", "--format", "concise"]).exits(1);
        let column = 3 + settings.find(at).unwrap();
        let start = format!("ekiden.yaml:2:{column}: error[invalid-manifest] ");
        assert!(check.out.starts_with(&start) && check.out.contains(said), "{}", check.out);
        let build = sandbox.run(&["build", "--format", "concise"]).exits(1);
        assert_eq!(check.out, build.out, "{settings}");
    }
    assert!(!sandbox.path("build").exists());
}

#[test]
fn check_finds_names_that_a_configured_target_cannot_hold() {
    let sandbox = Sandbox::with_process();
    let process = sandbox.read("process.ekiden");
    sandbox
        .write("process.ekiden", process.replace("  signed_on ", "  hs_code text\n  signed_on "));
    let said = |sandbox: &Sandbox| sandbox.run(&["check", "--format", "concise"]);
    assert!(!said(&sandbox).exits(0).out.contains("name-not-portable"), "no target is named");
    sandbox.write("ekiden.yaml", "targets: [hubspot]\n");
    let run = said(&sandbox).exits(1);
    assert!(run.out.contains("error[name-not-portable] field `hs_code` cannot be"), "{}", run.out);
    assert_eq!(run.out, sandbox.run(&["build", "--format", "concise"]).exits(1).out);
}

#[test]
fn the_manifests_of_the_book_and_of_init_hold_for_a_real_process() {
    let sandbox = Sandbox::with_process();
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/manifest.md");
    let page = fs::read_to_string(page).unwrap();
    let mut manifests: Vec<String> = page
        .split("```yaml,manifest\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect();
    assert!(manifests.len() >= 2);
    // What `init` writes as a comment is meant to be used.
    let template = sandbox.read("ekiden.yaml");
    let suggested = template.replace("# lints:\n#   ", "lints:\n  ");
    assert_ne!(suggested, template);
    manifests.push(suggested);
    for manifest in manifests {
        sandbox.write("ekiden.yaml", &manifest);
        for verb in ["check", "build"] {
            let run = sandbox.run(&[verb, "--format", "concise"]).exits(0);
            assert_eq!(run.out, "", "{manifest}");
        }
    }
}

#[test]
fn a_crm_that_nobody_asked_for_says_little_and_writes_nothing_empty() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", format!("record widget \"Widget\" {{}}\n{BARE}"));
    let run = sandbox.run(&["build", "p.ekiden", "--format", "concise"]).exits(0);
    let about: Vec<&str> = run.out.lines().filter(|line| line.contains("HubSpot")).collect();
    let said = "p.ekiden:1:8: note[target-loss] record type `widget` has no object in HubSpot and is left out";
    assert_eq!(about, [said]);
    assert!(run.err.contains("hubspot: nothing to write"), "{}", run.err);
    assert!(!sandbox.path("build/hubspot").exists());

    let many =
        "record widget \"Widget\" {}\nrecord gadget \"Gadget\" {}\nrecord gizmo \"Gizmo\" {}\n";
    sandbox.write("p.ekiden", format!("{many}{BARE}"));
    let lines = |args: &[&str]| -> Vec<String> {
        let run = sandbox.run(&[&["build", "p.ekiden", "--format", "concise"], args].concat());
        let lines = run.exits(0).out;
        lines.lines().filter(|line| line.contains("HubSpot")).map(str::to_owned).collect()
    };
    assert_eq!(
        lines(&[]),
        [
            "p.ekiden:1:8: note[target-loss] 3 record types, `widget` among them, have no object in HubSpot and are left out"
        ]
    );
    assert!(lines(&["--allow", "target-loss"]).is_empty());
    let asked = lines(&["--target", "hubspot"]);
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert!(asked.iter().all(|line| line.contains("warning[target-loss]")), "{asked:?}");
}

#[test]
fn deals_that_cannot_be_closed_in_a_crm_are_told() {
    let sandbox = Sandbox::with_process();
    let stages = sandbox.read("stages.ekiden");
    let without = |outcome: &str| {
        let stages = stages.replace(&format!("  outcome {outcome}\n"), "");
        // A stage without an outcome is none to lose a record to.
        if outcome == "lost" { stages.replace("lose to", "recycle to") } else { stages }
    };
    let told = |stages: String| -> Vec<String> {
        sandbox.write("stages.ekiden", stages);
        let args = ["build", "--target", "salesforce,hubspot", "--format", "concise"];
        let run = sandbox.run(&[&args[..], &["--check"]].concat());
        let lines = run.out.lines().filter(|line| line.contains("target-loss"));
        lines.filter_map(|line| line.split("] ").nth(1)).map(str::to_owned).collect()
    };
    assert_eq!(told(stages.clone()), Vec::<String>::new());
    let (won, lost) = (told(without("won")), told(without("lost")));
    for (found, outcome) in [(won, "won"), (lost, "lost")] {
        for place in
            ["the pipeline of deals in HubSpot", "the sales process of opportunities in Salesforce"]
        {
            let said = format!("`deal` has no {outcome} stage in {place}");
            assert!(found.contains(&said), "{found:?}");
        }
    }
}
