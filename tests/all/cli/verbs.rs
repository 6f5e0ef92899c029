//! Every verb: help, formats, colours, streams.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use super::sandbox::{Sandbox, finish};

/// A process with one fault: the stage names a team that is not declared, by a slip.
const FAULTY: &str = "\
team marketing \"Marketing\" {}
record lead \"Lead\" {}
stage inquiry \"Inquiry\" { record lead entry from [web] owner markteing final }
";

#[test]
fn every_verb_explains_itself_with_an_example() {
    let sandbox = Sandbox::new();
    let command = ekiden::cli::command();
    let verbs: Vec<&str> = command
        .get_subcommands()
        .filter(|verb| !verb.is_hide_set())
        .map(clap::Command::get_name)
        .filter(|name| *name != "help")
        .collect();
    assert!(verbs.len() >= 10, "{verbs:?}");
    for verb in verbs {
        let help = sandbox.run(&[verb, "--help"]).exits(0);
        assert!(help.out.contains("Example"), "{verb}: {}", help.out);
        assert!(help.out.contains(&format!("ekiden {verb}")), "{verb}: {}", help.out);
        let long = help.out.lines().find(|line| line.chars().count() > 100);
        assert_eq!(long, None, "{verb}");
    }
    assert!(sandbox.run(&["--help"]).exits(0).out.contains("ekiden init sales"));
    assert!(sandbox.run(&["--version"]).exits(0).out.starts_with("ekiden "));
}

#[test]
fn the_reference_names_every_verb_and_flag() {
    let root = env!("CARGO_MANIFEST_DIR");
    let page = fs::read_to_string(format!("{root}/docs/reference/cli.md")).unwrap();
    let mut missing = Vec::new();
    for verb in ekiden::cli::command().get_subcommands() {
        let name = verb.get_name();
        if verb.is_hide_set() || name == "help" {
            continue;
        }
        let heading = format!("\n## `ekiden {name}`");
        let Some(start) = page.find(&heading) else {
            missing.push(name.to_owned());
            continue;
        };
        let section = &page[start + heading.len()..];
        let section = &section[..section.find("\n## `").unwrap_or(section.len())];
        let common = &page[..page.find("\n## `").unwrap()];
        for flag in verb.get_arguments().filter(|flag| !flag.is_hide_set()) {
            if let Some(long) = flag.get_long() {
                let flag = format!("`--{long}");
                if long != "help" && !section.contains(&flag) && !common.contains(&flag) {
                    missing.push(format!("{name} {flag}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "docs/reference/cli.md says nothing of {missing:?}");
}

#[test]
fn what_cannot_be_done_exits_with_2() {
    let sandbox = Sandbox::with_process();
    for (args, said) in [
        (&["chekc"][..], "check"),
        (&["check", "--no-such-flag"], "--no-such-flag"),
        (&["check", "proces.ekiden"], "did you mean `process.ekiden`?"),
        (&["check", "--deny", "dead-ends"], "did you mean `dead-end`?"),
        (&["check", "--preset", "strickt"], "correctness, recommended, strict"),
        (&["build", "--target", "no_such_target"], "there is no target `no_such_target`"),
        (&["explain", "dead-ends"], "did you mean `dead-end`?"),
        (&["explain", "quite-another-thing"], "`ekiden rules` lists them all"),
        (&["check", "--manifest", "other.yaml"], "`other.yaml` does not exist"),
    ] {
        let run = sandbox.run(args).exits(2);
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
        assert_eq!(run.out, "", "{args:?}");
    }
}

#[test]
fn findings_go_out_and_the_summary_beside_them() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", FAULTY);
    let full = sandbox.run(&["check", "p.ekiden"]).exits(1);
    assert!(full.out.contains("error[unknown-name]: "), "{}", full.out);
    assert!(full.out.contains("╭─[p.ekiden:3:"), "{}", full.out);
    assert!(full.out.contains("did you mean `marketing`?"), "{}", full.out);
    assert!(full.err.contains("1 error"), "{}", full.err);
    assert!(full.err.trim_end().ends_with("in 1 file"), "{}", full.err);

    let concise = sandbox.run(&["check", "p.ekiden", "--format", "concise"]).exits(1);
    let column = FAULTY.lines().nth(2).unwrap().find("markteing").unwrap() + 1;
    let start = format!("p.ekiden:3:{column}: error[unknown-name] ");
    assert!(concise.out.lines().any(|line| line.starts_with(&start)), "{}", concise.out);
    assert_eq!(concise.err, full.err);

    let json = sandbox.run(&["check", "p.ekiden", "--format", "json"]).exits(1);
    let value: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(value["version"], 1);
    let found = value["findings"].as_array().unwrap();
    let found = found.iter().find(|found| found["rule"] == "unknown-name").unwrap();
    assert_eq!((&found["line"], &found["column"]), (&Value::from(3), &Value::from(column)));
    assert_eq!(value["summary"]["files"], 1);
    assert_eq!(json.err, "");
}

#[test]
fn a_clean_process_says_so_and_no_more() {
    let sandbox = Sandbox::with_process();
    let run = sandbox.run(&["check"]).exits(0);
    assert_eq!(run.out, "");
    assert_eq!(run.err, "no findings in 3 files\n");
    assert_eq!(sandbox.run(&["check", "--preset", "strict"]).exits(0).out, "");
    assert_eq!(sandbox.run(&["build"]).exits(0).out, "", "nor has any target a complaint");
    sandbox.run(&["fmt", "--check"]).exits(0);
}

#[test]
fn the_manifest_is_checked_too() {
    let sandbox = Sandbox::with_process();
    let text = "targets: [dosc]\nlanguages: [en]\nlints: {dead-ends: note}\n";
    sandbox.write("ekiden.yaml", text);
    let run = sandbox.run(&["check", "--format", "concise"]).exits(1);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(
        lines,
        [
            "ekiden.yaml:1:11: error[invalid-manifest] there is no target `dosc`",
            "ekiden.yaml:3:9: error[unknown-name] there is no rule `dead-ends`",
        ]
    );
    let run = sandbox.run(&["check"]).exits(1);
    assert!(run.out.contains("did you mean `docs`?"), "{}", run.out);
}

#[test]
fn standard_input_is_a_process_in_either_notation() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with_input(&["check", "-", "--format", "concise"], FAULTY).exits(1);
    assert!(run.out.starts_with("<stdin>:3:"), "{}", run.out);
    let args = ["check", "-", "--stdin-name", "x.ekiden.yaml", "--format", "concise"];
    let run = sandbox.run_with_input(&args, "teams:\n  marketing: {no_such_key: 1}\n").exits(1);
    assert!(run.out.contains("x.ekiden.yaml:2:15: error[unknown-property]"), "{}", run.out);
}

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", FAULTY);
    let escapes = |args: &[&str], variable: &[(&str, &str)]| {
        let mut command = sandbox.command(args);
        command.envs(variable.iter().copied());
        let run = finish(&mut command).exits(1);
        run.out.contains('\u{1b}')
    };
    assert!(!escapes(&["check", "p.ekiden"], &[]));
    assert!(escapes(&["check", "p.ekiden", "--color", "always"], &[]));
    assert!(escapes(&["--color", "always", "check", "p.ekiden"], &[("NO_COLOR", "1")]));
    assert!(escapes(&["check", "p.ekiden"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!escapes(&["check", "p.ekiden"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!escapes(&["check", "p.ekiden", "--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    let json = ["check", "p.ekiden", "--format", "json", "--color", "always"];
    assert!(!escapes(&json, &[]));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let sandbox = Sandbox::new();
    let mut child = sandbox
        .command(&["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", FAULTY);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = sandbox.command(&["check", "p.ekiden"]);
    let child = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("cannot write to standard output: no space left on device"), "{said}");
}

#[test]
fn levels_are_set_by_flags_and_the_last_one_wins() {
    let sandbox = Sandbox::new();
    // Lost leads are not used again, which is no error by default.
    let process = Sandbox::with_process().read("process.ekiden");
    let stages = Sandbox::with_process().read("stages.ekiden");
    let stages = stages.replace("recycle to inquiry after 90d at most 3 times", "");
    sandbox.write("process.ekiden", process).write("stages.ekiden", stages);
    let level = |flags: &[&str]| {
        let run = sandbox.run(&[&["check", "--format", "json"], flags].concat());
        let value: Value = serde_json::from_str(&run.out).unwrap();
        let found = value["findings"].as_array().unwrap().clone();
        let found = found.into_iter().find(|found| found["rule"] == "one-way-loss");
        (run.code, found.map_or(String::new(), |found| found["level"].as_str().unwrap().to_owned()))
    };
    let pair = |code: i32, level: &str| (code, level.to_owned());
    assert_eq!(level(&[]), pair(0, "warning"));
    assert_eq!(level(&["--deny", "one-way-loss"]), pair(1, "error"));
    assert_eq!(level(&["--deny", "one-way-loss", "--allow", "one-way-loss"]), pair(0, ""));
    assert_eq!(level(&["--allow", "one-way-loss", "--deny", "one-way-loss"]), pair(1, "error"));
    assert_eq!(level(&["--preset", "strict"]), pair(1, "error"));
    assert_eq!(level(&["--preset", "correctness"]), pair(0, ""));
    sandbox.write("ekiden.yaml", "lints:\n  preset: strict\n  one-way-loss: note\n");
    assert_eq!(level(&[]), pair(0, "note"));
    assert_eq!(level(&["--deny", "one-way-loss"]), pair(1, "error"));
}

#[test]
fn init_refuses_to_overwrite() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["init", "sales"]).exits(0);
    assert_eq!(run.out, "");
    assert!(run.err.contains("ekiden check sales"), "{}", run.err);
    assert_eq!(sandbox.list("sales"), ["ekiden.yaml", "process.ekiden", "stages.ekiden"]);
    sandbox.write("sales/stages.ekiden", "# mine\n");
    let run = sandbox.run(&["init", "sales"]).exits(2);
    assert!(run.err.contains("`sales` already holds a process"), "{}", run.err);
    assert_eq!(sandbox.read("sales/stages.ekiden"), "# mine\n");

    sandbox.write("other/ekiden.yaml", "output: x\n");
    let run = sandbox.run(&["init", "other"]).exits(2);
    assert!(run.err.contains("cannot write `other/ekiden.yaml`: file exists"), "{}", run.err);
    assert_eq!(sandbox.list("other"), ["ekiden.yaml"], "nothing half-written");
    assert_eq!(sandbox.read("other/ekiden.yaml"), "output: x\n");
    sandbox.write("file", "");
    sandbox.run(&["init", "file/x"]).exits(2);
}

#[cfg(unix)]
#[test]
fn what_init_says_next_can_be_pasted_into_a_shell() {
    for name in ["1 x", "it's", "$HOME", "plain-2", "営業", "a;b", "~"] {
        let sandbox = Sandbox::new();
        let run = sandbox.run(&["init", name]).exits(0);
        let command = run.err.split("next: `").nth(1).unwrap().split("`, then").next().unwrap();
        let program = env!("CARGO_BIN_EXE_ekiden");
        let line = command.replacen("ekiden", &format!("'{program}'"), 1);
        let mut shell = std::process::Command::new("sh");
        let run = finish(shell.args(["-c", &line]).current_dir(sandbox.path(""))).exits(0);
        assert!(run.err.contains("no findings in 3 files"), "{name}: {}", run.err);
    }
    let run = Sandbox::new().run(&["init", "plain-2"]).exits(0);
    assert!(run.err.ends_with("next: `ekiden check plain-2`, then `ekiden build plain-2`\n"));
}

#[test]
fn rules_are_listed_and_each_is_explained() {
    let sandbox = Sandbox::new();
    let table = sandbox.run(&["rules"]).exits(0).out;
    let json = sandbox.run(&["rules", "--format", "json"]).exits(0).out;
    let value: Value = serde_json::from_str(&json).unwrap();
    let rules = value["rules"].as_array().unwrap();
    assert!(!rules.is_empty());
    for rule in rules {
        let name = rule["name"].as_str().unwrap();
        assert!(table.contains(&format!("  {name} ")), "{name}");
        let file = rule["page"].as_str().unwrap();
        let kept =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/").to_owned() + file);
        assert_eq!(kept.unwrap().lines().next(), Some(format!("# {name}").as_str()));
        assert!(["error", "warning", "note", "allow"].contains(&rule["level"].as_str().unwrap()));
        assert!(
            table.contains(&format!("\n{}\n", rule["family"].as_str().unwrap()))
                || table.starts_with("source\n")
        );
        assert!(["safe", "unsafe"].contains(&rule["fix"].as_str().unwrap_or("safe")), "{rule}");
        let page = sandbox.run(&["explain", name]).exits(0).out;
        assert!(page.contains(name), "{name}: {page}");
    }
}

#[test]
fn completions_and_man_pages_are_written() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.run(&["completions", shell]).exits(0).out;
        assert!(script.contains("explain"), "{shell}");
    }
    sandbox.run(&["man", "share/man1"]).exits(0);
    let pages = sandbox.list("share/man1");
    assert!(pages.contains(&"ekiden.1".to_owned()) && pages.contains(&"ekiden-build.1".to_owned()));
    assert!(sandbox.read("share/man1/ekiden-build.1").contains("overwrite"), "{pages:?}");
    sandbox.run(&["man", "share/man1"]).exits(0);
    assert_eq!(sandbox.list("share/man1"), pages);
}

#[test]
fn the_map_is_drawn_in_both_languages() {
    let sandbox = Sandbox::with_process();
    let mermaid = sandbox.run(&["graph"]).exits(0);
    assert!(mermaid.out.contains("flowchart"), "{}", mermaid.out);
    assert!(mermaid.out.contains("Proposal"), "{}", mermaid.out);
    assert_eq!(mermaid.err, "");
    let dot = sandbox.run(&["graph", "--format", "dot"]).exits(0).out;
    assert!(dot.starts_with("digraph") && dot.contains("Proposal"), "{dot}");
    sandbox.write("p.ekiden", FAULTY);
    let run = sandbox.run(&["graph", "p.ekiden"]).exits(0);
    assert!(run.out.contains("flowchart") && run.out.contains("Inquiry"), "{}", run.out);
    assert!(run.err.contains("markteing"), "{}", run.err);
    sandbox.write("p.ekiden", "team x \"X\" { nonsense!! }\n");
    let run = sandbox.run(&["graph", "p.ekiden"]).exits(1);
    assert_eq!(run.out, "");
}

#[test]
fn everything_the_compiler_knows_can_be_printed() {
    let sandbox = Sandbox::with_process();
    assert!(sandbox.run(&["debug", "ast"]).exits(0).out.contains("StageDecl"));
    assert!(sandbox.run(&["debug", "model"]).exits(0).out.contains("Process {"));
    let graph = sandbox.run(&["debug", "graph"]).exits(0).out;
    assert!(graph.contains("Advance qualified"), "{graph}");
}

#[test]
fn a_report_takes_the_place_of_findings() {
    let sandbox = Sandbox::with_process();
    let text = sandbox.run(&["check", "--report", "silos"]).exits(0);
    assert!(text.out.starts_with("Silo report: Sales\n"), "{}", text.out);
    assert!(text.err.contains("no findings in "), "{}", text.err);
    let json = sandbox.run(&["check", "--report", "silos", "--format", "json"]).exits(0);
    let report: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(report["process"], "Sales");
    assert!(json.err.is_empty(), "{}", json.err);
    sandbox.run(&["check", "--report", "cellars"]).exits(2);
}

#[test]
fn errors_are_told_beside_a_report() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", FAULTY);
    let run = sandbox.run(&["check", "--report", "silos", "p.ekiden"]).exits(1);
    assert!(run.out.contains("there is no boundary to look at"), "{}", run.out);
    assert!(run.err.contains("did you mean `marketing`?"), "{}", run.err);
    // What cannot be read has no report.
    sandbox.write("q.ekiden", [0xff, 0xfe, 0x00]);
    let run = sandbox.run(&["check", "--report", "silos", "q.ekiden"]).exits(1);
    assert!(run.out.is_empty() && run.err.contains("error"), "{} {}", run.out, run.err);
}
