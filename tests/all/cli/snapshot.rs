//! `ekiden snapshot`, and what reads one.

use super::diff::{OLD, new};
use super::sandbox::Sandbox;

fn kept() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("sales/sub/stages.ekiden", OLD);
    sandbox.write("sales/ekiden.yaml", "lints: {limit-shortened: error}\n");
    let run = sandbox.run(&["snapshot", "sales", "-o", "one.json"]).exits(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", "wrote one.json\n"));
    sandbox
}

#[test]
fn a_snapshot_is_the_process() {
    let sandbox = kept();
    let json = super::formats::fits(&sandbox, "snapshot", &sandbox.read("one.json"));
    assert_eq!(json["format"], "ekiden-snapshot");
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["tool_version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(json["name"], "sales");
    assert_eq!(json["manifest"], "lints: {limit-shortened: error}\n");
    assert_eq!(json["files"], serde_json::json!([{"path": "sub/stages.ekiden", "text": OLD}]));
    // However the folder is named, the bytes are the same.
    let absolute = sandbox.path("sales");
    for path in ["./sales", "sales/", "sales/../sales", absolute.to_str().unwrap()] {
        let run = sandbox.run(&["snapshot", path]).exits(0);
        assert_eq!(run.out, sandbox.read("one.json"), "{path}");
    }
    let mut here = sandbox.command(&["snapshot"]);
    let run = super::sandbox::finish(here.current_dir(sandbox.path("sales")));
    assert_eq!(run.out, sandbox.read("one.json"));
    // A file by itself, and standard input.
    let run = sandbox.run(&["snapshot", "sales/sub/stages.ekiden"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["files"][0]["path"], "stages.ekiden");
    assert!(json["manifest"].is_null());
    let run = sandbox.run_with_input(&["snapshot", "-"], OLD).exits(0);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["files"][0]["path"], "process.ekiden");
}

#[test]
fn diff_and_migrate_read_it() {
    let sandbox = kept();
    for (old, new) in [("one.json", "sales"), ("sales", "one.json"), ("one.json", "one.json")] {
        let run = sandbox.run(&["diff", old, new]).exits(0);
        assert_eq!((run.out.as_str(), run.err.as_str()), ("", "no changes\n"));
    }
    sandbox.write("sales/sub/stages.ekiden", new());
    // 5d became 2d, which the manifest holds for an error.
    let run = sandbox.run(&["diff", "one.json", "sales", "--format", "json"]).exits(1);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["summary"]["changes"], 2);
    let change = &json["changes"][0];
    assert_eq!(change["place"]["old"]["path"], "one.json:sub/stages.ekiden");
    assert_eq!(change["place"]["old"]["line"], 4);
    // The manifest in the snapshot is that of the new process here.
    sandbox.write("sales/ekiden.yaml", "");
    sandbox.run(&["snapshot", "sales", "-o", "two.json"]).exits(0);
    sandbox.run(&["diff", "one.json", "two.json"]).exits(0);
    let from = |from: &str| {
        sandbox.run(&[
            "migrate",
            "sales",
            "--preset",
            "correctness",
            "--from",
            from,
            "--dialect",
            "sqlite",
        ])
    };
    let script = from("one.json").exits(0).out;
    assert!(script.contains("\"phone\"") || script.contains("phone"), "{script}");
    assert_eq!(from("two.json").exits(0).out, "");
}

/// What is built of a snapshot is what is built of the folder, by its own templates.
#[test]
fn templates_go_along() {
    let sandbox = kept();
    let logo = b"\x89PNG\r\n\x1a\n\x00\xff";
    sandbox
        .write("sales/ekiden.yaml", "targets:\n  docs:\n  pages: {templates: templates/pages}\n");
    sandbox.write("sales/templates/docs/team.hbs", "# Ours: {{heading it.title}}\n{{> mine it}}\n");
    sandbox.write("sales/templates/docs/_mine.hbs", "{{text name}}\n");
    sandbox.write("sales/templates/pages/[stage].md.hbs", "{{it.title}}\n");
    sandbox.write("sales/templates/pages/img/logo.png", logo);
    sandbox.write("sales/templates/pages/note.txt", "as it is\n");
    sandbox.run(&["snapshot", "sales", "-o", "two.json"]).exits(0);
    let json = super::formats::fits(&sandbox, "snapshot", &sandbox.read("two.json"));
    let held: Vec<(&str, &str)> = json["templates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["target"].as_str().unwrap(), it["path"].as_str().unwrap()))
        .collect();
    assert_eq!(
        held,
        [
            ("docs", "_mine.hbs"),
            ("docs", "team.hbs"),
            ("pages", "[stage].md.hbs"),
            ("pages", "img/logo.png"),
            ("pages", "note.txt"),
        ]
    );
    assert_eq!(json["templates"][3]["bytes"], "89504e470d0a1a0a00ff");
    sandbox.run(&["build", "sales", "--out", "one"]).exits(0);
    sandbox.run(&["build", "two.json", "--out", "two"]).exits(0);
    let run = sandbox.run(&["build", "two.json", "--out", "one", "--check"]).exits(0);
    assert!(run.err.ends_with("one is up to date\n"), "{}", run.err);
    assert_eq!(std::fs::read(sandbox.path("two/pages/img/logo.png")).unwrap(), logo);
    assert!(sandbox.read("two/docs/en/teams/sales.md").starts_with("# Ours: "));
    // Faults are told at their place in the snapshot.
    sandbox.write("sales/templates/docs/team.hbs", "# {{heading it.titel}}\n{{> mine it}}\n");
    sandbox.run(&["snapshot", "sales", "-o", "two.json"]).exits(0);
    let run = sandbox.run(&["build", "two.json", "--format", "concise"]).exits(1);
    let place = "two.json:templates/docs/team.hbs:1:13: error[broken-template]";
    assert!(run.out.contains(place), "{}", run.out);
    for (bad, good) in [("../_mine.hbs", "_mine.hbs"), ("", "note.txt")] {
        let text = sandbox.read("two.json").replace(&format!("\"{good}\""), &format!("\"{bad}\""));
        sandbox.write("bad.json", text);
        let run = sandbox.run(&["check", "bad.json"]).exits(2);
        assert!(run.err.contains("is no path of a template"), "{}", run.err);
    }
    let text = sandbox.read("two.json").replace("89504e", "89504");
    sandbox.write("bad.json", text);
    let run = sandbox.run(&["check", "bad.json"]).exits(2);
    assert!(run.err.contains("the bytes of `img/logo.png` are not pairs of digits"), "{}", run.err);
}

#[test]
fn nothing_foreign_is_replaced_or_read() {
    let sandbox = kept();
    let write = |file: &str, code| sandbox.run(&["snapshot", "sales", "-o", file]).exits(code).err;
    write("one.json", 0);
    let good = sandbox.read("one.json");
    let later = good.replace("\"format_version\": 1", "\"format_version\": 2");
    let deep = "[".repeat(100_000);
    for (bad, said) in [
        ("{\"mine\": 1}", "its `format` is not `ekiden-snapshot`"),
        ("", "is no snapshot"),
        ("[1]", "is no snapshot"),
        (deep.as_str(), "is no snapshot"),
        (&good[..good.len() / 2], "is no snapshot"),
        (later.as_str(), "is a snapshot of format 2; this ekiden reads up to 1"),
        (&good.replace("sub/", "../"), "`../stages.ekiden` is no path of a process file"),
        (&good.replace("sub/stages", "/etc/stages"), "is no path of a process file"),
        (&good.replace("stages.ekiden", "stages.txt"), "is no path of a process file"),
        (&good.replace("\"name\": \"sales\"", "\"name\": \"a b\""), "`a b` is no name"),
        (&good.replace("\"files\"", "\"flies\""), "missing field `files`"),
    ] {
        sandbox.write("bad.json", bad);
        let run = sandbox.run(&["diff", "bad.json", "sales"]).exits(2);
        assert!(run.err.contains(said), "{said}: {}", run.err);
        assert!(run.err.contains("help: "), "{}", run.err);
        assert!(write("bad.json", 2).contains("is not replaced"));
        assert_eq!(sandbox.read("bad.json"), bad);
    }
    assert!(write("sales/sub/stages.ekiden", 2).contains("is not named as a snapshot is"));
    assert!(write("no/folder.json", 2).contains("cannot write"));
    sandbox.write("sales/sub/stages.ekiden", "stage a { record nothing }");
    let run = sandbox.run(&["snapshot", "sales", "-o", "one.json"]).exits(1);
    assert!(run.err.ends_with("nothing was written\n"), "{}", run.err);
    assert_eq!(sandbox.read("one.json"), good);
}

/// A snapshot stands wherever a process is only read, and is refused where it would be changed.
#[test]
fn a_snapshot_is_read_and_not_changed() {
    let sandbox = kept();
    let told = |arguments: &[&str]| {
        let run = sandbox.run(arguments);
        (run.out.replace("one.json:", "sales/"), run.err.replace("one.json:", "sales/"))
    };
    let pairs: [&[&str]; 4] = [
        &["check", "--format", "concise", "PROCESS"],
        &["why", "lead.need", "PROCESS"],
        &["what-if", "remove", "lead.need", "PROCESS"],
        &["graph", "PROCESS"],
    ];
    for arguments in pairs {
        let with = |path| arguments.iter().map(move |a| if *a == "PROCESS" { path } else { *a });
        let (of, from): (Vec<&str>, Vec<&str>) =
            (with("sales").collect(), with("one.json").collect());
        assert_eq!(told(&of), told(&from), "{arguments:?}");
        assert!(!told(&from).0.is_empty() || arguments[0] == "check", "{arguments:?}");
    }
    sandbox.run(&["build", "one.json", "--target", "json", "--out", "built"]).exits(0);
    assert!(sandbox.read("built/json/process.json").contains("\"small\""));
    let before = sandbox.read("one.json");
    for (arguments, said) in [
        (&["check", "--fix", "one.json"][..], "`--fix` cannot change `one.json`: it is a snapshot"),
        (&["fmt", "one.json"], "one.json"),
        (&["snapshot", "one.json", "-o", "two.json"], "`one.json` is a snapshot already"),
        (&["check", "--manifest", "sales/ekiden.yaml", "one.json"], "holds its own manifest"),
    ] {
        let run = sandbox.run(arguments).exits(2);
        assert!(run.err.contains(said), "{}", run.err);
        assert_eq!(sandbox.read("one.json"), before);
    }
}
