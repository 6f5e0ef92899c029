//! Waivers: in every declaration, in both notations, and with findings in other files.

use ekiden::diag::Diagnostic;
use ekiden::lint::{self, Levels};
use ekiden::source::FileId;
use ekiden::{project::Notation, project::parse, sema};

/// The rules that speak, when each text is a file of one process.
fn rules(files: &[(Notation, &str)], deny: &[&str]) -> Vec<&'static str> {
    let mut trees = Vec::new();
    for (index, (notation, text)) in files.iter().enumerate() {
        let (tree, faults) = parse(*notation, FileId(u32::try_from(index).unwrap()), text);
        assert_eq!(faults, [], "{text}");
        trees.push(tree);
    }
    let analysis = sema::analyze(&trees, "p");
    assert_eq!(analysis.diagnostics, [], "{files:?}");
    let today = jiff::civil::date(2026, 6, 1);
    let mut levels = Levels::default();
    for rule in deny {
        levels.set_on_command_line(rule, ekiden::diag::Level::Error).unwrap();
    }
    let found: Vec<Diagnostic> = lint::check(&analysis.process, today, &levels);
    found.iter().map(|found| found.code.name()).collect()
}

/// One declaration of each kind with a waiver that silences nothing: that it is told at all shows
/// that the waiver is read, and that it knows where it stands.
#[test]
fn a_waiver_may_stand_in_every_declaration() {
    let waive = "waive silo \"x\"";
    let dsl = format!(
        "process p {{ {waive} }}
         team sales {{ {waive} }}
         record lead {{ {waive}  email text  age number }}
         stage inquiry {{ record lead  entry  owner sales  limit 5d  advance to won  lose to lost  {waive} }}
         stage won {{ record lead  owner sales  outcome won  final  {waive} }}
         stage lost {{ record lead  owner sales  outcome lost  final }}
         goal g {{ owner sales  measure balance of inquiry  target at most 9  {waive} }}
         team ops {{ }}
         goal h {{ shared by [sales, ops]  measure share of won when age > 1  target at least 9% }}
         feedback f {{ from sales to ops every 1w  {waive} }}
         score s of lead {{ fit +9 when age > 3  grade hot at least 9, cold otherwise  {waive} }}
         route inquiry {{ otherwise sales  {waive} }}
         term t {{ means \"x\" see [inquiry]  {waive} }}
         play y {{ for stage inquiry  steps \"x\"  {waive} }}"
    );
    let count = dsl.matches("waive").count();
    let tree = parse(Notation::Dsl, FileId(0), &dsl).0;
    let yaml = ekiden::syntax::print::yaml(&tree, "en");
    for (notation, text) in [(Notation::Dsl, dsl.as_str()), (Notation::Yaml, yaml.as_str())] {
        let found = rules(&[(notation, text)], &[]);
        let useless = found.iter().filter(|rule| **rule == "useless-waiver").count();
        assert_eq!(useless, count, "{found:?}\n{text}");
    }
}

#[test]
fn a_waiver_reaches_its_declaration_and_that_of_the_process_every_file() {
    let stage = |waiver: &str| {
        format!(
            "stage inquiry {{ record lead  entry  owner sales  advance to won  lose to lost {waiver} }}"
        )
    };
    let rest = "team sales { }  record lead { email text }
         stage won { record lead  owner sales  outcome won  final }
         stage lost { record lead  owner sales  outcome lost  final }";
    let rule = "unbounded-wait";
    let found = |files: &[(Notation, &str)]| {
        rules(files, &[])
            .into_iter()
            .filter(|r| *r == rule || r.contains("waiver"))
            .collect::<Vec<_>>()
    };
    let dsl = Notation::Dsl;
    assert_eq!(found(&[(dsl, &stage("")), (dsl, rest)]), [rule]);
    let waived = stage("waive unbounded-wait \"x\" until 2026-12-31");
    assert_eq!(found(&[(dsl, &waived), (dsl, rest)]), [""; 0]);
    // The whole process, told from another file, in the other notation.
    let everywhere = "process: {name: p, waive: [{rule: unbounded-wait, reason: x}]}";
    assert_eq!(found(&[(dsl, &stage("")), (dsl, rest), (Notation::Yaml, everywhere)]), [""; 0]);
    // In another declaration it silences nothing.
    let elsewhere = rest.replace("won  final", "won  final  waive unbounded-wait \"x\"");
    assert_eq!(found(&[(dsl, &stage("")), (dsl, &elsewhere)]), [rule, "useless-waiver"]);
    let run_out = stage("waive unbounded-wait \"x\" until 2026-05-31");
    assert_eq!(found(&[(dsl, &run_out), (dsl, rest)]), [rule, "expired-waiver"]);
}

/// A finding about a stage whose place is elsewhere, here the goal that counts it, is waived where
/// it is found.
#[test]
fn a_finding_is_waived_where_it_is_found() {
    let base = "team sales { }  record lead { email text }
         stage inquiry { record lead  entry  owner sales  limit 5d  advance to talk  advance to won  lose to lost }
         stage talk { record lead  owner sales  limit 5d  advance to won  lose to lost }
         stage won { record lead  owner sales  outcome won  final }
         stage lost { record lead  owner sales  outcome lost  final }";
    let goal = |waiver: &str| {
        format!(
            "goal g {{ owner sales  measure entries into talk  target at least 9 every month {waiver} }}"
        )
    };
    let found = |files: &[(Notation, &str)]| {
        let of = |rule: &&'static str| *rule == "skippable-measure" || rule.contains("waiver");
        rules(files, &[]).into_iter().filter(of).collect::<Vec<_>>()
    };
    let dsl = Notation::Dsl;
    assert_eq!(found(&[(dsl, base), (dsl, &goal(""))]), ["skippable-measure"]);
    let waived = goal("waive skippable-measure \"x\"");
    assert_eq!(found(&[(dsl, base), (dsl, &waived)]), [""; 0]);
    assert_eq!(found(&[(dsl, &waived), (dsl, base)]), [""; 0]);
}
