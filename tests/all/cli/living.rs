//! Living with findings: the baseline, and fixes that the program makes itself.

use std::fs;

use super::sandbox::Sandbox;

/// Two findings of one stage, one of another.
const PROCESS: &str = "\
process p { }
team sales { }
record lead { email text }
stage inquiry { record lead  entry  advance to talk  lose to lost }
stage talk { record lead  owner sales  advance to won  lose to lost }
stage won { record lead  owner sales  outcome won  final }
stage lost { record lead  owner sales  outcome lost  recycle to inquiry after 90d at most 2 times }
";

const FILE: &str = "ekiden-baseline.json";

/// The findings, one line each, with everything but these rules allowed to change over time.
fn concise(sandbox: &Sandbox, args: &[&str]) -> (Vec<String>, String) {
    let mut all = vec!["check", "--format", "concise"];
    all.extend(args);
    let run = sandbox.run(&all);
    (run.out.lines().map(str::to_owned).collect(), run.err)
}

fn recorded() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", PROCESS);
    let (found, _) = concise(&sandbox, &[]);
    assert!(found.len() >= 3, "{found:?}");
    let run = sandbox.run(&["check", "--write-baseline"]).exits(0);
    assert!(
        run.err.starts_with(&format!("recorded {} findings in {FILE}\n", found.len())),
        "{}",
        run.err
    );
    assert_eq!(run.out, "");
    sandbox
}

#[test]
fn what_was_recorded_is_silent_and_what_is_new_counts() {
    let sandbox = recorded();
    let (found, said) = concise(&sandbox, &[]);
    assert_eq!(found, [""; 0]);
    assert!(
        said.contains("no findings in 1 file") && said.contains("silenced by the baseline"),
        "{said}"
    );
    let count = said.split(", ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let (all, said) = concise(&sandbox, &["--no-baseline"]);
    assert_eq!(all.len().to_string(), count);
    assert!(!said.contains("silenced"), "{said}");
    sandbox.run(&["check", "--deny", "unbounded-wait"]).exits(0);
    sandbox.run(&["check", "--deny", "unbounded-wait", "--no-baseline"]).exits(1);
    assert!(sandbox.run(&["build", "--target", "diagram"]).exits(0).err.contains("silenced"));

    // A stage more, with the same fault: it is its own.
    sandbox.write("more.ekiden", "stage idle { record lead  owner sales  from any open of lead  advance to won  lose to lost }");
    let (found, _) = concise(&sandbox, &[]);
    assert!(
        found.iter().any(|line| line.contains("[unbounded-wait]") && line.contains("idle")),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|line| line.contains("`talk`") && line.contains("[unbounded-wait]")),
        "{found:?}"
    );
}

#[test]
fn entries_survive_moves_layout_and_notation() {
    let sandbox = recorded();
    let before = sandbox.read(FILE);
    let lines: Vec<&str> = PROCESS.lines().rev().collect();
    sandbox.write(
        "p.ekiden",
        format!(
            "# moved\n\n\n{}\n",
            lines.join("\n\n").replace("record lead  ", "\n   record lead\n")
        ),
    );
    sandbox.run(&["fmt"]).exits(0);
    assert_eq!(concise(&sandbox, &[]).0, [""; 0]);
    sandbox.run(&["convert", "--write", "--to", "yaml", "."]).exits(0);
    assert_eq!(concise(&sandbox, &[]).0, [""; 0]);
    sandbox.run(&["check", "--write-baseline"]).exits(0);
    assert_eq!(sandbox.read(FILE), before, "the same findings give the same bytes");
}

#[test]
fn what_is_mended_makes_the_baseline_stale() {
    let sandbox = recorded();
    sandbox.write(
        "p.ekiden",
        PROCESS.replace("owner sales  advance", "owner sales  limit 5d  advance"),
    );
    let (found, _) = concise(&sandbox, &[]);
    let [only] = found.as_slice() else { panic!("{found:?}") };
    assert!(only.starts_with(&format!("{FILE}:")), "{only}");
    assert!(
        only.contains("warning[baseline-stale] a finding of the baseline is found no more"),
        "{only}"
    );
    let run = sandbox.run(&["check"]).exits(0);
    assert!(run.out.contains("`unbounded-wait` in `stage talk`"), "{}", run.out);
    // A rule that is off finds nothing, and a fault of the source hides what is there.
    assert_eq!(concise(&sandbox, &["--allow", "unbounded-wait"]).0, [""; 0]);
    assert_eq!(concise(&sandbox, &["--allow", "baseline-stale"]).0, [""; 0]);
    sandbox.write("more.ekiden", "stage broken { record lead  advance to nowhere }");
    let (found, _) = concise(&sandbox, &[]);
    assert!(!found.iter().any(|line| line.contains("baseline-stale")), "{found:?}");
    fs::remove_file(sandbox.path("more.ekiden")).unwrap();
    sandbox.run(&["check", "--write-baseline"]).exits(0);
    assert_eq!(concise(&sandbox, &[]).0, [""; 0]);
}

#[test]
fn a_baseline_with_nothing_in_it_goes() {
    let sandbox = Sandbox::with_process();
    let run = sandbox.run(&["check", "--write-baseline"]).exits(0);
    assert!(run.err.starts_with("nothing to record\n"), "{}", run.err);
    sandbox.write(FILE, "{\"kind\": \"ekiden-baseline\", \"version\": 1, \"findings\": []}");
    let run = sandbox.run(&["check", "--write-baseline"]).exits(0);
    assert!(
        run.err.starts_with("nothing to record: removed ekiden-baseline.json\n"),
        "{}",
        run.err
    );
    assert!(!sandbox.path(FILE).exists());
    // One that the manifest names has to be there.
    sandbox.write("ekiden.yaml", "baseline: known.json\n");
    let run = sandbox.run(&["check"]).exits(1);
    assert!(run.out.contains("there is no baseline `known.json`"), "{}", run.out);
    sandbox.run(&["check", "--no-baseline"]).exits(0);
    let run = sandbox.run(&["check", "--write-baseline"]).exits(0);
    assert!(run.err.starts_with("recorded 0 findings in known.json\n"), "{}", run.err);
    sandbox.run(&["check"]).exits(0);
}

#[test]
fn a_damaged_or_foreign_file_is_told_and_never_replaced() {
    let sandbox = recorded();
    let whole = sandbox.read(FILE);
    sandbox.write(FILE, whole.replacen("\"rule\"", "<<<<<<< ours\n\"rule\"", 1));
    let run = sandbox.run(&["check", "--format", "concise"]).exits(1);
    let error = run.out.lines().find(|line| line.contains("invalid-baseline")).unwrap();
    assert!(error.starts_with(&format!("{FILE}:")), "{error}");
    assert_eq!(run.out.matches("invalid-baseline").count(), 1, "{}", run.out);
    sandbox.run(&["check", "--write-baseline"]).exits(0);
    assert_eq!(sandbox.read(FILE), whole);

    sandbox.write("package.json", "{\"name\": \"x\"}");
    let run = sandbox.run(&["check", "--baseline", "package.json"]).exits(1);
    assert!(run.out.contains("this file is not a baseline of ekiden"), "{}", run.out);
    let run = sandbox.run(&["check", "--write-baseline=package.json"]).exits(2);
    assert!(run.err.contains("it was not touched"), "{}", run.err);
    assert_eq!(sandbox.read("package.json"), "{\"name\": \"x\"}");
    let run = sandbox.run(&["check", "--write-baseline=p.ekiden"]).exits(2);
    assert!(run.err.contains("named as a file of a process"), "{}", run.err);
    assert_eq!(sandbox.read("p.ekiden"), PROCESS);
    sandbox.run(&["check", "--baseline", "nowhere.json"]).exits(2);
    sandbox.write("bad.json", b"\xff\xfe");
    sandbox.run(&["check", "--baseline", "bad.json"]).exits(2);
}

#[test]
fn a_process_that_cannot_be_understood_is_not_recorded() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", PROCESS.replace("advance to won", "advance to wno"));
    let run = sandbox.run(&["check", "--write-baseline"]).exits(1);
    assert!(run.err.contains("nothing was recorded"), "{}", run.err);
    assert!(!sandbox.path(FILE).exists());
    // An error of a rule may be recorded: the process can be understood.
    sandbox.write("p.ekiden", PROCESS.replace("advance to won  lose to lost", ""));
    sandbox.run(&["check"]).exits(1);
    sandbox.run(&["check", "--write-baseline"]).exits(0);
    assert!(sandbox.read(FILE).contains("dead-end"));
    sandbox.run(&["check"]).exits(0);
}

#[test]
fn what_targets_find_is_recorded_too() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", PROCESS.replace("advance to won  lose to lost", "probability 5%"));
    sandbox.write("ekiden.yaml", "targets: [hubspot, salesforce]\n");
    sandbox.run(&["check", "--write-baseline"]).exits(0);
    assert_eq!(concise(&sandbox, &[]).0, [""; 0]);
}

#[test]
fn a_file_alone_and_standard_input_need_a_name() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", PROCESS);
    let run = sandbox.run(&["check", "--write-baseline", "p.ekiden"]).exits(2);
    assert!(run.err.contains("--write-baseline=FILE"), "{}", run.err);
    sandbox.run(&["check", "--write-baseline=known.json", "p.ekiden"]).exits(0);
    assert_eq!(concise(&sandbox, &["--baseline", "known.json", "p.ekiden"]).0, [""; 0]);
    assert!(!concise(&sandbox, &["p.ekiden"]).0.is_empty());
    let args = ["check", "--format", "concise", "--baseline", "known.json", "-"];
    assert_eq!(sandbox.run_with_input(&args, PROCESS).exits(0).out, "");
}

/// A process with a repetition, a waiver too many, and a slip of the finger.
const FAULTY: &str = "\
process p { }
team sales { }
record lead { email text }
stage inquiry {
  record lead
  entry
  owner sales
  limit 5d
  limit 5d
  advance to won
  lose to lsot
  waive dead-end \"not yet\"
}
stage won { record lead  owner sales  outcome won  final }
stage lost { record lead  owner sales  outcome lost  recycle to inquiry after 90d at most 2 times }
";

#[test]
fn safe_fixes_are_made_until_there_are_none() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", FAULTY);
    let run = sandbox.run(&["check", "--fix", "--diff"]).exits(1);
    assert!(run.out.contains("\n-  limit 5d\n"), "{}", run.out);
    assert!(
        run.err.contains("1 would be fixed, 1 remains; `--unsafe` has a fix for 1"),
        "{}",
        run.err
    );
    assert_eq!(sandbox.read("p.ekiden"), FAULTY);

    let run = sandbox.run(&["check", "--fix"]).exits(1);
    assert!(run.err.contains("1 fixed, 1 remains"), "{}", run.err);
    let fixed = FAULTY.replacen("  limit 5d\n", "", 1);
    assert_eq!(sandbox.read("p.ekiden"), fixed);

    // The slip hid that the waiver is useless.
    let run = sandbox.run(&["check", "--fix", "--unsafe"]).exits(0);
    assert!(run.err.contains("2 fixed, 0 remain"), "{}", run.err);
    let fixed = fixed.replace("lsot", "lost").replace("  waive dead-end \"not yet\"\n", "");
    assert_eq!(sandbox.read("p.ekiden"), fixed);
    let run = sandbox.run(&["check", "--fix", "--unsafe"]).exits(0);
    assert!(run.err.contains("0 fixed, 0 remain"), "{}", run.err);
}

/// What was laid out by `ekiden fmt` is so afterwards, wherever on its line something was removed.
#[test]
fn what_is_mended_is_laid_out() {
    let waiver = "waive dead-end \"not yet\"";
    let tidy = FAULTY.replace("lsot", "lost").replacen("  limit 5d\n", "", 1);
    let sandbox = Sandbox::new();
    for (old, new) in [
        // Before a comment, on one line with others, and before the brace.
        ("outcome lost  recycle", &*format!("outcome lost  {waiver}  recycle")),
        ("at most 2 times }", &*format!("at most 2 times  {waiver} }}")),
        ("outcome won  final }", &*format!("outcome won  final  {waiver} }} # the end")),
    ] {
        let text = tidy.replace(&format!("  {waiver}\n"), "").replacen(old, new, 1);
        sandbox.write("p.ekiden", &text);
        sandbox.run(&["fmt", "p.ekiden"]).exits(0);
        let run = sandbox.run(&["check", "--fix"]).exits(0);
        assert!(run.err.contains("1 fixed, 0 remain"), "{new}: {}", run.err);
        sandbox.run(&["fmt", "--check", "p.ekiden"]).exits(0);
        assert!(!sandbox.read("p.ekiden").contains("waive"));
    }
    // Whoever lays out by hand keeps the layout, without a gap.
    let by_hand = tidy.replace(&format!("  {waiver}\n"), "").replacen(
        "outcome won  final }",
        &format!("outcome won    final  {waiver}  }}"),
        1,
    );
    sandbox.write("p.ekiden", &by_hand);
    sandbox.run(&["check", "--fix"]).exits(0);
    assert_eq!(sandbox.read("p.ekiden"), by_hand.replace(&format!("  {waiver}"), ""));
}

#[test]
fn marks_and_line_ends_stay_in_both_notations() {
    for name in ["p.ekiden", "p.ekiden.yaml"] {
        let sandbox = Sandbox::new();
        sandbox.write("p.ekiden", FAULTY.replace("lsot", "lost").replacen("  limit 5d\n", "", 1));
        if name != "p.ekiden" {
            sandbox.run(&["convert", "--write", "--to", "yaml", "p.ekiden"]).exits(0);
        }
        let text = sandbox.read(name);
        sandbox.write(name, format!("\u{feff}{}", text.replace('\n', "\r\n")));
        let run = sandbox.run(&["check", "--fix"]).exits(0);
        assert!(run.err.contains("1 fixed, 0 remain"), "{name} {}", run.err);
        let expected: Vec<&str> = text.lines().filter(|line| !line.contains("waive")).collect();
        assert_eq!(sandbox.read(name), format!("\u{feff}{}\r\n", expected.join("\r\n")), "{name}");
    }
}

#[test]
fn what_is_called_otherwise_is_known_by_its_earlier_name() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", PROCESS).write("ekiden.yaml", "baseline: known.json\n");
    sandbox.run(&["check", "--write-baseline"]).exits(0);
    let renamed = PROCESS
        .replace("stage talk {", "stage meeting { was [talk] ")
        .replace("advance to talk", "advance to meeting");
    sandbox.write("p.ekiden", &renamed);
    let run = sandbox.run(&["check", "--format", "concise"]).exits(0);
    assert_eq!(run.out, "");
    // Without `was` it is another stage, and the known findings are of one that is gone.
    sandbox.write("p.ekiden", renamed.replace("was [talk] ", ""));
    let out = sandbox.run(&["check", "--format", "concise"]).out;
    assert!(out.contains("`meeting`") && out.contains("[baseline-stale]"), "{out}");
}

#[test]
fn no_fix_gives_one_name_to_two_things() {
    let sandbox = Sandbox::new();
    let process = "team sales { }\nrecord lead { Size integer  size number  Phone text }\n\
                   stage a { record lead  entry  owner sales  limit 5d  collect [Size, size, Phone]\n\
                   advance to won when Size > 3 and size > 2 and phone is present  lose to Lost }\n\
                   stage won { record lead  owner sales  outcome won  final }\n\
                   stage lost { record lead  owner sales  outcome lost  final }\n";
    sandbox.write("p.ekiden", process);
    sandbox.run(&["check", "--fix"]).exits(1);
    // Only one thing is called `phone`, and `Lost` is nothing but a slip.
    let fixed = process.replace("Phone", "phone").replace("Lost", "lost");
    assert_eq!(sandbox.read("p.ekiden"), fixed);
    sandbox.run(&["check", "--fix", "--unsafe"]).exits(1);
    assert_eq!(sandbox.read("p.ekiden"), fixed);
}

/// Quotes of a word processor end where they end, whatever stands behind them on the line; what may be a
/// difference is no name to be mended without being asked.
#[test]
fn what_is_fixed_means_what_was_meant() {
    let sandbox = Sandbox::new();
    let process = "team sales { mission “Sell.” role ae }\nrecord lead { Size-Class integer  need text }\n\
                   stage a { record lead  entry  owner ae  limit 5d  collect [need]\n\
                   purpose “Learn what they need.” exit when { n \"Need\" need is present }\n\
                   advance to won when Size-Class > 2  lose to lost }\n\
                   stage won { record lead  owner ae  outcome won  final }\n\
                   stage lost { record lead  owner ae  outcome lost  final }\n";
    sandbox.write("p.ekiden", process);
    sandbox.run(&["check", "--fix"]).exits(1);
    let fixed = process
        .replace("“Sell.”", "\"Sell.\"")
        .replace("“Learn what they need.”", "\"Learn what they need.\"");
    assert_eq!(sandbox.read("p.ekiden"), fixed);
}

#[test]
fn of_two_waivers_the_one_that_ends_first_is_useless() {
    let sandbox = Sandbox::new();
    let waivers = "stage talk { record lead\n  waive unbounded-wait \"one\" until 2090-01-01\n\
                   waive unbounded-wait \"two\" until 2091-01-01\n";
    let process = PROCESS.replace("stage talk { record lead", waivers);
    sandbox.write("p.ekiden", process);
    let out = sandbox.run(&["check", "p.ekiden", "--format", "concise"]).out;
    let told: Vec<&str> = out.lines().filter(|line| line.contains("waiver]")).collect();
    assert!(told.len() == 1 && told[0].starts_with("p.ekiden:6:"), "{out}");
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with_input(&["check", "--fix", "--unsafe", "-"], FAULTY).exits(0);
    assert!(run.out.starts_with("process p { }\n") && !run.out.contains("lsot"), "{}", run.out);
    assert!(!run.out.contains("waive") && run.out.matches("limit").count() == 1, "{}", run.out);
    assert!(run.err.contains("3 fixed, 0 remain"), "{}", run.err);
}

#[test]
fn a_file_that_may_not_be_written_is_left_and_the_others_with_it() {
    let sandbox = Sandbox::new();
    let (head, tail) = FAULTY.split_at(FAULTY.find("stage won").unwrap());
    let tail = tail.replace("outcome won  final", "outcome won  final  final");
    sandbox.write("a.ekiden", head).write("b.ekiden", &tail);
    let path = sandbox.path("b.ekiden");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let run = sandbox.run(&["check", "--fix"]).exits(2);
    assert!(run.err.contains("cannot write `b.ekiden`: it is read-only"), "{}", run.err);
    assert_eq!((sandbox.read("a.ekiden").as_str(), sandbox.read("b.ekiden")), (head, tail));
    assert_eq!(sandbox.list("").len(), 2, "{:?}", sandbox.list(""));
}

#[test]
fn only_the_fixes_that_are_shown_are_made() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", FAULTY.replace("lsot", "lost").replacen("  limit 5d\n", "", 1));
    let run = sandbox.run(&["check", "--fix", "--allow", "useless-waiver"]).exits(0);
    assert!(run.err.contains("0 fixed, 0 remain"), "{}", run.err);
    assert!(sandbox.read("p.ekiden").contains("waive"));
    // An expired waiver may only have to be agreed on anew.
    sandbox.write(
        "p.ekiden",
        sandbox.read("p.ekiden").replace("\"not yet\"", "\"not yet\" until 2026-01-01"),
    );
    let run = sandbox.run(&["check", "--fix"]).exits(0);
    assert!(run.err.contains("0 fixed, 1 remains; `--unsafe` has a fix for 1"), "{}", run.err);
    sandbox.run(&["check", "--fix", "--unsafe"]).exits(0);
    assert!(!sandbox.read("p.ekiden").contains("waive"));
}

#[test]
fn flags_that_exclude_each_other_are_refused() {
    let sandbox = Sandbox::with_process();
    for args in [
        &["check", "--unsafe"][..],
        &["check", "--diff"],
        &["check", "--fix", "--write-baseline"],
        &["check", "--no-baseline", "--write-baseline"],
        &["check", "--no-baseline", "--baseline", "x"],
    ] {
        sandbox.run(args).exits(2);
    }
}

/// The baseline is no file of the process, whoever counts.
#[test]
fn files_are_counted_the_same_with_a_baseline_and_without() {
    let sandbox = recorded();
    let counted = |args: &[&str]| {
        let err = sandbox.run(args).err;
        err.lines().find(|line| line.contains(" in 1 file")).map(str::to_owned)
    };
    for args in [
        &["check"][..],
        &["check", "--no-baseline"],
        &["check", "--write-baseline"],
        &["check", "--report", "silos"],
    ] {
        assert!(counted(args).is_some(), "{args:?}: {}", sandbox.run(args).err);
    }
    let json = sandbox.run(&["check", "--format", "json"]).out;
    assert!(json.contains("\"files\": 1"), "{json}");
}
