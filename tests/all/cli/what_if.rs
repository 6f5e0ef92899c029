//! `ekiden what-if`

use super::sandbox::Sandbox;

const PROCESS: &str = "\
process p { currency EUR }
team sales { role ae role idle }
record lead { email text  kind one of [a, b] }
stage new { record lead  owner ae  entry  collect [email, kind]
  exit when { known \"Known\" email is present }
  advance to won when kind = a
}
stage won { record lead  owner sales  outcome won  final }
goal wins { shared by [sales]  measure conversion from new to won within 30d  target at least 20% every quarter }
";

/// The lines and codes that are found anew, as `4 unknown-name`.
fn found(sandbox: &Sandbox, name: &str, code: i32) -> Vec<String> {
    let arguments = ["what-if", "remove", name, "p.ekiden", "--format", "concise"];
    let run = sandbox.run(&arguments).exits(code);
    let line = |line: &str| {
        let (place, rest) = line.split_once(": ").unwrap();
        let at = place.split(':').nth(1).unwrap();
        let code = rest.split_once('[').unwrap().1.split_once(']').unwrap().0;
        format!("{at} {code}")
    };
    run.out.lines().map(line).collect()
}

#[test]
fn what_leans_on_a_part_breaks_without_it() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", PROCESS);
    assert_eq!(found(&sandbox, "email", 1), ["4 unknown-name", "5 unknown-name"]);
    assert_eq!(found(&sandbox, "a", 1), ["6 unknown-name"]);
    let without_won = found(&sandbox, "won", 1);
    assert!(without_won.contains(&"6 unknown-name".to_owned()), "{without_won:?}");
    assert!(without_won.contains(&"9 unknown-name".to_owned()), "{without_won:?}");
    let without_sales = found(&sandbox, "sales", 1);
    assert!(without_sales.contains(&"4 unknown-name".to_owned()), "{without_sales:?}");
    assert!(without_sales.contains(&"8 unknown-name".to_owned()), "{without_sales:?}");
    // Nothing is changed.
    assert_eq!(sandbox.read("p.ekiden"), PROCESS);
}

#[test]
fn what_nobody_needs_can_go() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", PROCESS);
    let run = sandbox.run(&["what-if", "remove", "idle", "p.ekiden"]).exits(0);
    assert_eq!(
        (run.out.as_str(), run.err.as_str()),
        ("", "without role `idle` nothing new is found\n")
    );
}

#[test]
fn names_are_looked_up_with_care() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", PROCESS.replace("role idle", "role email"));
    let run = sandbox.run(&["what-if", "remove", "emial", "p.ekiden"]).exits(2);
    assert!(run.err.contains("did you mean `email`?"), "{}", run.err);
    // The whole name of a role; of the field, only the last part.
    let run = sandbox.run(&["what-if", "remove", "email", "p.ekiden"]).exits(0);
    assert!(run.err.contains("without role `email`"), "{}", run.err);
    assert_eq!(found(&sandbox, "lead.email", 1), ["4 unknown-name", "5 unknown-name"]);
    // A term bears the name of a stage: its kind tells which is meant.
    sandbox.write("p.ekiden", format!("{PROCESS}term new {{ means \"A start.\" }}\n"));
    let run = sandbox.run(&["what-if", "remove", "new", "p.ekiden"]).exits(2);
    assert!(run.err.contains("say which: `stage:new`, `term:new`"), "{}", run.err);
    assert_eq!(found(&sandbox, "term:new", 0), Vec::<String>::new());
    assert!(found(&sandbox, "stage:new", 1).contains(&"9 wrong-kind".to_owned()));
    assert_eq!(found(&sandbox, "criterion:known", 0), Vec::<String>::new());
    sandbox.run(&["what-if", "remove", "goal:new", "p.ekiden"]).exits(2);
    sandbox.write("broken.ekiden", "stage {");
    sandbox.run(&["what-if", "remove", "email", "broken.ekiden"]).exits(2);
}
