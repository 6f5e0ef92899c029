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
    // The move to it goes with it: its records are stuck, which the rules find, only the goal still
    // names it, and a role whose team owned it has nothing to do.
    assert_eq!(
        found(&sandbox, "won", 1),
        ["1 no-path-to-won", "4 dead-end", "9 unknown-name", "2 idle-team"]
    );
    let run = sandbox.run(&["what-if", "remove", "won", "p.ekiden"]).exits(1);
    assert!(run.err.contains("without stage `won` and the move to it:"), "{}", run.err);
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

#[test]
fn what_names_a_stage_goes_with_it_and_is_told() {
    let sandbox = Sandbox::new();
    // With all that may name a stage: its route, an exception.
    sandbox.write(
        "p.ekiden",
        "team sales { role ae }\n\
         record lead { email text }\n\
         stage new { record lead  owner ae  entry  advance to talk  advance to won }\n\
         stage talk { record lead  owner ae  advance to won }\n\
         stage won { record lead  owner ae  outcome won  final }\n\
         stage lost { record lead  owner ae  outcome lost  final  lose from any open of lead except [talk] }\n\
         route talk { otherwise ae }\n",
    );
    let run = sandbox.run(&["what-if", "remove", "stage:talk", "p.ekiden"]);
    assert!(!run.out.contains("unknown-name"), "{}", run.out);
    assert!(run.err.contains("without stage `talk`, the move to it and its route"), "{}", run.err);
}

#[test]
fn an_earlier_name_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", PROCESS.replace("email text ", "email text was [mail] "));
    let run = sandbox.run(&["what-if", "remove", "mail", "p.ekiden"]).exits(2);
    assert!(run.err.contains("field `lead.email` is what was called `mail`"), "{}", run.err);
    let run = sandbox.run(&["why", "mail", "p.ekiden"]).exits(0);
    assert!(run.err.contains("field `lead.email` is what was called `mail`"), "{}", run.err);
    assert!(run.out.starts_with("field `lead.email`"), "{}", run.out);
    let run = sandbox.run(&["why", "lead.mail", "p.ekiden"]).exits(0);
    assert!(run.out.starts_with("field `lead.email`"), "{}", run.out);
    // Not one of another record type.
    sandbox.run(&["why", "deal.mail", "p.ekiden"]).exits(2);
    sandbox.write("p.ekiden", format!("{PROCESS}retired stage demo into won since 2026-01-31\n"));
    let run = sandbox.run(&["why", "demo", "p.ekiden"]).exits(2);
    let help = "the stage is retired since 2026-01-31, and goes on as `won`";
    assert!(run.err.contains(help), "{}", run.err);
}

#[test]
fn who_names_it_is_told_and_what_the_rules_find_then() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "p.ekiden",
        "team sales { role ae  role lead_of_sales }\n\
         record lead { email text  kind one of [a, b] }\n\
         record deal from lead { amount money }\n\
         stage new { record lead  owner ae  entry  collect [email, kind]\n\
         limit 5d escalate to lead_of_sales\n\
         exit when { known \"Known\" email is present }\n\
         advance to open when kind = a  lose to lost }\n\
         stage open { record deal  owner ae  limit 5d  advance to won  lose to gone }\n\
         stage won { record deal  owner sales  outcome won  final }\n\
         stage lost { record lead  owner sales  outcome lost  final }\n\
         stage gone { record deal  owner sales  outcome lost  final }\n\
         route open { when amount > 5 EUR to ae  otherwise ae }\n\
         score rank of deal { fit +5 when amount > 5 EUR }\n",
    );
    sandbox.write("ekiden.yaml", "{}\n");
    sandbox
        .write("p.ekiden", format!("process p {{ currency EUR }}\n{}", sandbox.read("p.ekiden")));
    let told =
        |name: &str| sandbox.run(&["what-if", "remove", name, "p.ekiden", "--format", "concise"]);
    let run = told("email");
    assert_eq!(
        run.out.lines().filter(|line| line.contains("unknown-name")).collect::<Vec<_>>(),
        [
            "p.ekiden:5:52: error[unknown-name] stage `new` names `email`",
            "p.ekiden:7:27: error[unknown-name] exit criterion `known` of `new` names `email`",
        ]
    );
    // Nobody has misspelt a name.
    assert!(!sandbox.run(&["what-if", "remove", "email", "p.ekiden"]).out.contains("did you mean"));
    let run = told("kind");
    assert!(run.out.contains("the move from `new` to `open` names `kind`"), "{}", run.out);
    // A role: a stage has no owner then.
    let run = told("ae");
    for line in [
        "error[unknown-name] stage `new` names `ae`",
        "warning[no-owner] nobody owns `new`",
        "warning[no-owner] nobody owns `open`",
    ] {
        assert!(run.out.contains(line), "{line}\n{}", run.out);
    }
    let run = told("lead_of_sales");
    assert!(run.out.contains("stage `new` names `lead_of_sales`"), "{}", run.out);
    // A record type goes with its stages, what leads to them, and its scores.
    let run = told("deal");
    assert!(
        run.err
            .starts_with("without record `deal`, its 3 stages, the move to them and their route:"),
        "{}",
        run.err
    );
    assert!(!run.out.contains("unknown-name"), "{}", run.out);
    assert!(run.out.contains("[no-path-to-won]"), "{}", run.out);
}

/// Without the role its name is that of a queue: no fault, and nobody works it.
#[test]
fn a_route_to_a_role_that_goes_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("ekiden.yaml", "{}\n");
    sandbox.write(
        "p.ekiden",
        format!("{PROCESS}route new {{ when kind = a to idle otherwise ae }}\n"),
    );
    let arguments = ["what-if", "remove", "idle", "p.ekiden", "--format", "concise"];
    let run = sandbox.run(&arguments).exits(0);
    assert!(run.out.contains("the route of `new` gives records to `idle`"), "{}", run.out);
}
