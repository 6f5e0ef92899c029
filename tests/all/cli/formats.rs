//! Findings for programs: each format is read by the tool it is meant for, and all say the same.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::sandbox::{Run, Sandbox};

/// What every format must say of a finding: level, rule, file, line.
type Facts = (String, String, String, u64);

/// Findings at every level, with labels, stories and fixes, over several files; texts and paths that
/// every format has to escape.
const FAULTY: [(&str, &str); 3] = [
    (
        "sales & more/리드 100%.ekiden",
        "process p { currency JPY }
team inside \"A <b> & \\\"c\\\", 100%: ok\" { }
team field { }
record lead { email text  size number }
record deal from lead { amount money }
stage first { record lead  entry  owner inside  limit 5d
  advance to talk when email = 5
  advance to tlak }
",
    ),
    (
        "sales & more/b.ekiden",
        "stage talk { record deal  owner field
  advance to won when amount > 0 JPY }
stage won  { record deal  owner field  outcome won  final }
stage lost { record lead  owner [inside, field]  outcome lost  final }
stage island { record lead  owner inside  limit 5d  advance to talk }
",
    ),
    ("c.ekiden", "term quiet { means \"Nothing is wrong here.\" }\n"),
];

fn faulty() -> Sandbox {
    let sandbox = Sandbox::new();
    for (path, text) in FAULTY {
        sandbox.write(path, text);
    }
    sandbox
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn check(sandbox: &Sandbox, format: &str, more: &[&str]) -> Run {
    let mut args = vec!["check", "--format", format];
    args.extend(more);
    sandbox.run(&args)
}

/// Writes what a format gives into a file for a tool to read.
fn keep(sandbox: &Sandbox, name: &str, text: &str) -> PathBuf {
    sandbox.write(name, text);
    sandbox.path(name)
}

/// Runs a tool that must be content, and gives what it prints.
#[track_caller]
fn tool(program: &str, arguments: &[&Path]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}; run tests/setup"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{program} {arguments:?}\n{out}{err}");
    out
}

#[track_caller]
fn node(script: &str, arguments: &[&Path]) -> String {
    let script = root().join("tests/tools/node").join(script);
    tool("node", &[&[script.as_path()], arguments].concat())
}

#[track_caller]
fn valid_sarif(sandbox: &Sandbox, text: &str) -> Value {
    node("sarif-schema.mjs", &[&keep(sandbox, "kept/x.sarif", text)]);
    serde_json::from_str(text).unwrap()
}

#[track_caller]
fn valid_junit(sandbox: &Sandbox, text: &str) {
    let schema = root().join("tests/tools/xsd/jenkins-junit.xsd");
    let report = keep(sandbox, "kept/x.xml", text);
    tool("xmllint", &[Path::new("--noout"), Path::new("--schema"), &schema, &report]);
}

#[track_caller]
fn valid_json(sandbox: &Sandbox, text: &str) -> Value {
    fits(sandbox, "findings", text)
}

/// A document that fits one of the published schemas.
#[track_caller]
pub(super) fn fits(sandbox: &Sandbox, schema: &str, text: &str) -> Value {
    let schema = root().join(format!("schemas/{schema}.schema.json"));
    node("json-schema.mjs", &[&schema, &keep(sandbox, "kept/x.json", text)]);
    serde_json::from_str(text).unwrap()
}

fn facts_of_json(report: &Value) -> Vec<Facts> {
    let word = |found: &Value, key: &str| found[key].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    let fact = |f: &Value| {
        (word(f, "level"), word(f, "rule"), word(f, "path"), f["line"].as_u64().unwrap())
    };
    findings.iter().map(fact).collect()
}

/// What sarif-tools reads, percent-encoding undone.
fn facts_of_sarif(file: &Path) -> Vec<Facts> {
    let python = root().join("target/test-tools/venv/bin/python");
    let script = root().join("tests/tools/python/sarif-read.py");
    let line = tool(python.to_str().unwrap(), &[&script, file]);
    let read: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(read["tools"], serde_json::json!(["ekiden"]));
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let fact = |record: &Value| {
        let line = record[3].as_u64().or_else(|| record[3].as_str()?.parse().ok());
        (word(&record[0]), word(&record[1]), decode(&word(&record[2])), line.unwrap())
    };
    read["records"].as_array().unwrap().iter().map(fact).collect()
}

fn decode(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn facts_of_github(out: &str) -> Vec<Facts> {
    let fact = |line: &str| {
        let (head, _) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (command, properties) = head.split_once(' ').unwrap();
        let property = |name: &str| {
            let of = |pair: &str| pair.strip_prefix(name)?.strip_prefix('=').map(str::to_owned);
            properties.split(',').find_map(of).unwrap()
        };
        let level = if command == "notice" { "note" } else { command };
        let title = property("title");
        let rule = title.trim_start_matches("ekiden (").trim_end_matches(')');
        let line = property("line").parse().unwrap();
        (level.to_owned(), rule.to_owned(), decode(&property("file")), line)
    };
    out.lines().map(fact).collect()
}

/// Cases of a report that tell a finding: `path:line:column: level[rule] …` stands in each.
fn facts_of_junit(text: &str) -> Vec<Facts> {
    let mut facts = Vec::new();
    for line in text.lines() {
        let Some((_, told)) = line
            .split_once("<failure ")
            .and_then(|(_, rest)| rest.split_once('>'))
            .or_else(|| line.split_once("<system-out>"))
        else {
            continue;
        };
        let (place, rest) = told.split_once(": ").unwrap();
        let (level, rest) = rest.split_once('[').unwrap();
        let (rule, _) = rest.split_once(']').unwrap();
        let mut parts = place.rsplitn(3, ':');
        let (_, line) = (parts.next().unwrap(), parts.next().unwrap());
        let path = parts.next().unwrap().replace("&amp;", "&");
        facts.push((level.to_owned(), rule.to_owned(), path, line.parse().unwrap()));
    }
    facts
}

#[test]
fn all_formats_hold_the_same_findings() {
    let sandbox = faulty();
    // A note among them, and a warning raised: levels are those that were configured.
    let levels = ["--warn", "silo", "--deny", "unbounded-wait"];
    let json = check(&sandbox, "json", &levels).exits(1);
    let expected = facts_of_json(&valid_json(&sandbox, &json.out));
    assert!(expected.len() > 5, "{expected:#?}");
    for part in ["error", "warning"] {
        assert!(expected.iter().any(|(level, ..)| level == part), "no {part}: {expected:#?}");
    }

    let sarif = check(&sandbox, "sarif", &levels).exits(1);
    assert_eq!(sarif.err, "");
    valid_sarif(&sandbox, &sarif.out);
    let mut read = facts_of_sarif(&sandbox.path("kept/x.sarif"));
    let mut sorted = expected.clone();
    // The tool sorts what it reads by weight.
    read.sort();
    sorted.sort();
    assert_eq!(read, sorted);

    let github = check(&sandbox, "github", &levels).exits(1);
    assert_eq!(facts_of_github(&github.out), expected);

    let junit = check(&sandbox, "junit", &levels).exits(1);
    assert_eq!(junit.err, "");
    valid_junit(&sandbox, &junit.out);
    assert_eq!(facts_of_junit(&junit.out), expected);
}

#[test]
fn annotations_are_those_that_the_toolkit_writes() {
    let sandbox = faulty();
    let json = check(&sandbox, "json", &[]).exits(1);
    let findings = keep(&sandbox, "kept/x.json", &json.out);
    let github = check(&sandbox, "github", &[]).exits(1);
    assert_eq!(github.out, node("github-annotations.mjs", &[&findings]));
    assert!(github.out.contains("%0Ahelp: ") && github.out.contains("100%25"), "{}", github.out);
}

#[test]
fn sarif_says_what_a_rule_is_for_and_how_to_mend() {
    let sandbox = faulty();
    let log = valid_sarif(&sandbox, &check(&sandbox, "sarif", &[]).exits(1).out);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        let page = ekiden::lint::explain(rule["id"].as_str().unwrap()).unwrap().page;
        assert_eq!(rule["help"]["markdown"], page);
        assert!(rule["shortDescription"]["text"].as_str().unwrap().ends_with('.'));
    }
    let results = run["results"].as_array().unwrap();
    let of = |rule: &str| results.iter().find(|result| result["ruleId"] == rule).unwrap();
    let slip = of("unknown-name");
    let change = &slip["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "talk");
    let place = &slip["locations"][0]["physicalLocation"];
    assert_eq!(change["replacements"][0]["deletedRegion"], place["region"]);
    let uri = "sales%20%26%20more/%EB%A6%AC%EB%93%9C%20100%25.ekiden";
    assert_eq!(place["artifactLocation"]["uri"], uri);
    assert!(results.iter().any(|result| result["relatedLocations"].is_array()));
}

#[test]
fn fingerprints_survive_lines_that_move() {
    let sandbox = faulty();
    let prints = || {
        let log: Value = serde_json::from_str(&check(&sandbox, "sarif", &[]).out).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        let mut prints: Vec<String> = results
            .iter()
            .map(|result| result["partialFingerprints"]["ekidenFinding/v1"].to_string())
            .collect();
        prints.sort();
        prints
    };
    let before = prints();
    for (path, text) in FAULTY {
        sandbox.write(path, format!("# A line more.\n\n{text}"));
    }
    assert_eq!(prints(), before);
    let mut unique = before.clone();
    unique.dedup();
    assert_eq!(unique, before, "two findings of one fingerprint");
}

/// Whatever is wrong with the source, every document is whole.
#[test]
fn broken_sources_give_valid_documents() {
    let sources: [(&str, &[u8]); 5] = [
        ("p.ekiden", b""),
        ("p.ekiden", b"team x \"X\" {}\nteam caf\xe9 {}\n"),
        ("p.ekiden", b"stage { {{ \x00\x01\x1b[31m\n\xef\xbf\xbf }"),
        ("p.ekiden", "team x { mission \"\u{feff}\u{202e}\u{85}\" }\nnonsense \u{1}".as_bytes()),
        ("p.ekiden.yaml", b"stages: [\n  - {a: b\n"),
    ];
    for (name, bytes) in sources {
        let sandbox = Sandbox::new();
        sandbox.write(name, bytes);
        let found = facts_of_json(&valid_json(&sandbox, &check(&sandbox, "json", &[name]).out));
        let sarif = check(&sandbox, "sarif", &[name]);
        valid_sarif(&sandbox, &sarif.out);
        assert_eq!(facts_of_sarif(&sandbox.path("kept/x.sarif")).len(), found.len());
        let junit = check(&sandbox, "junit", &[name]);
        valid_junit(&sandbox, &junit.out);
        assert_eq!(facts_of_junit(&junit.out), found, "{}", junit.out);
        let github = check(&sandbox, "github", &[name]);
        assert_eq!(facts_of_github(&github.out), found, "{}", github.out);
    }
}

#[test]
fn a_clean_process_gives_empty_documents() {
    let sandbox = Sandbox::with_process();
    let log = valid_sarif(&sandbox, &check(&sandbox, "sarif", &[]).exits(0).out);
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    let junit = check(&sandbox, "junit", &[]).exits(0).out;
    valid_junit(&sandbox, &junit);
    assert!(junit.contains("failures=\"0\"") && junit.contains("no findings"), "{junit}");
    assert_eq!(check(&sandbox, "github", &[]).exits(0).out, "");
    valid_json(&sandbox, &check(&sandbox, "json", &[]).exits(0).out);
}

#[test]
fn standard_input_and_absolute_paths_have_a_uri() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with_input(&["check", "-", "--format", "sarif"], "nonsense");
    let log = valid_sarif(&sandbox, &run.out);
    assert_eq!(log["runs"][0]["artifacts"][0]["location"]["uri"], "%3Cstdin%3E");
    sandbox.write("a b.ekiden", "nonsense");
    let path = sandbox.path("a b.ekiden");
    let log = valid_sarif(&sandbox, &check(&sandbox, "sarif", &[path.to_str().unwrap()]).out);
    let uri = log["runs"][0]["artifacts"][0]["location"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("file:///") && uri.ends_with("/a%20b.ekiden"), "{uri}");
}

/// With a format for programs, `build` keeps its talk for standard error.
#[test]
fn build_prints_the_document_and_nothing_else() {
    for more in [&[][..], &["--check"]] {
        let sandbox = Sandbox::with_process();
        let build = |format: &str| {
            let mut args = vec!["build", "--format", format];
            args.extend(more);
            sandbox.run(&args)
        };
        valid_sarif(&sandbox, &build("sarif").out);
        valid_junit(&sandbox, &build("junit").out);
        valid_json(&sandbox, &build("json").out);
        assert_eq!(build("github").out, "");
    }
    let sandbox = faulty();
    let run = sandbox.run(&["build", "--format", "sarif"]).exits(1);
    valid_sarif(&sandbox, &run.out);
    assert_eq!(run.err, "nothing was written\n");
}
