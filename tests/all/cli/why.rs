//! `ekiden why`

use super::sandbox::Sandbox;

const PROCESS: &str = "\
process p { currency EUR }
team sales { role ae }
record lead { email text  kind one of [a, b] }
stage new { record lead  owner ae  entry  collect [email, kind]
  exit when { known \"Known\" email is present }
  advance to won when kind = a
}
stage won { record lead  owner sales  outcome won  final }
goal wins { shared by [sales]  measure conversion from new to won within 30d  target at least 20% every quarter }
";

#[test]
fn what_leans_on_what() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", PROCESS);
    let told = |name: &str| sandbox.run(&["why", name, "p.ekiden"]).exits(0).out;
    assert_eq!(
        told("email"),
        "field `lead.email`  (p.ekiden:3)\n  \
           filled in at\n    stage `new`  (p.ekiden:4)\n  \
           read by\n    exit criterion `known` of `new`  (p.ekiden:5)\n"
    );
    assert_eq!(
        told("new.known"),
        "exit criterion `known` of `new` \"Known\"  (p.ekiden:5)\n  \
           asked for by\n    advancing from `new` to `won`  (p.ekiden:6)\n"
    );
    assert!(told("a").contains("  named by\n    advancing from `new` to `won`"), "{}", told("a"));
    assert!(
        told("won").contains("  measured by\n    goal `wins`  (p.ekiden:9)"),
        "{}",
        told("won")
    );
    assert!(told("ae").contains("  owns\n    stage `new`"), "{}", told("ae"));
    let run = sandbox.run(&["why", "emial", "p.ekiden"]).exits(2);
    assert!(
        run.err.contains("nothing called `emial`") && run.err.contains("did you mean `email`?")
    );
    let run = sandbox.run(&["why", "known", "p.ekiden", "--format", "json"]).exits(0);
    let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let lean = &answer["parts"][0]["leans"][0];
    assert_eq!((&lean["how"], &lean["name"]), (&"asked for by".into(), &"new advance won".into()));
}

/// What a goal covers with is read by it, and a record may be begun by a stage.
#[test]
fn coverage_and_what_a_stage_starts_are_leaned_on() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "p.ekiden",
        "process p { currency EUR }
team sales { role ae }
record deal { fee money  sum money }
record visit from deal { }
stage open { record deal  owner ae  entry  collect [fee, sum]  advance to won }
stage won { record deal  owner ae  outcome won  final  starts visit at planned }
stage planned { record visit  owner ae }
goal revenue { owner sales  measure sum of sum entering won  target at least 900 EUR every quarter }
goal cover { owner sales  measure coverage of revenue by fee  target at least 3 every quarter }
",
    );
    let told = |name: &str| sandbox.run(&["why", name, "p.ekiden"]).exits(0).out;
    assert!(told("fee").contains("  measured by\n    goal `cover`"), "{}", told("fee"));
    assert!(told("visit").contains("  started by\n    stage `won`"), "{}", told("visit"));
}
