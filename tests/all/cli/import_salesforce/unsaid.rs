//! Moves of which no rule speaks.

use super::{Org, STAGES};

const ALL: &str = "no rule says where records go from 3 stages: moves back, and those that leap over a stage, are possible there";

#[test]
fn what_an_org_allows_and_the_draft_does_not_is_told() {
    let org = Org::new(STAGES);
    org.imported(&[]);
    let stages = org.0.read("p/stages.ekiden");
    for (name, to) in
        [("discovery", "proposal"), ("proposal", "negotiation"), ("negotiation", "closed_won")]
    {
        let stage = stages.split(&format!("stage {name} ")).nth(1).unwrap();
        let stage = stage.split("\nstage ").next().unwrap();
        assert_eq!(stage.matches(" to ").count(), 1, "{stage}");
        assert!(stage.contains(&format!("advance to {to}\n")), "{stage}");
    }
    let report = org.report();
    assert_eq!(report.matches(ALL).count(), 1, "{report}");
    // That they may be lost from everywhere is a guess as well.
    assert!(guessed(&report).contains("any open record may move to `Closed Lost`"), "{report}");
    // What was built says every move: nothing is left open.
    org.comes_back(&[]);
    let again = org.0.read("again/IMPORT.md");
    assert!(!again.contains("no rule says where"), "{again}");
}

fn guessed(report: &str) -> &str {
    let (_, rest) = report.split_once("## Guessed").unwrap();
    rest.split("\n## ").next().unwrap()
}

/// A stage has a way out, also where the next one is refused, and the one behind it.
#[test]
fn a_refused_stage_is_leapt_over() {
    let org = Org::new(STAGES);
    let refuses = |from: &str, to: &str| {
        format!("AND(ISPICKVAL(PRIORVALUE(StageName), \"{from}\"), ISPICKVAL(StageName, \"{to}\"))")
    };
    org.rule("Opportunity", "No_Proposal", &refuses("Discovery", "Proposal"), "Negotiate at once");
    org.rule("Opportunity", "No_Loss", &refuses("Proposal", "Closed Lost"), "A proposal stands");
    org.imported(&[]);
    let stages = org.0.read("p/stages.ekiden");
    let of = |name: &str| {
        let stage = stages.split(&format!("stage {name} ")).nth(1).unwrap();
        stage.split("\nstage ").next().unwrap().to_owned()
    };
    assert!(of("discovery").contains("advance to negotiation"), "{stages}");
    assert!(!of("discovery").contains("proposal"), "{stages}");
    assert!(!of("proposal").contains("closed_lost"), "{stages}");
    let report = org.report();
    for wanted in [
        "a rule refuses the move from `Discovery` to `Proposal`: there is none",
        "a rule refuses the move from `Proposal` to `Closed Lost`: there is none",
        "`Discovery` moves on to `Negotiation`",
        "records in `Discovery`, `Negotiation` may move to `Closed Lost`",
        ALL,
    ] {
        assert!(report.contains(wanted), "{wanted}: {report}");
    }
}
