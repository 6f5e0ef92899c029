//! Records that are brought back: a rule of a build lets them go, and that is no move of the process.

use crate::cli::sandbox::Sandbox;

const PROCESS: &str = r#"
process p "P" { currency EUR timezone "UTC" }
team t "T" { role r "R" }
record deal "Deal" { amount money "Amount" }
record customer "Customer" from deal { note text "Note" }
stage talk "Talk" { record deal owner r entry from [web] probability 10% limit 5d advance to offer lose to lost }
stage offer "Offer" { record deal owner r probability 50% limit 5d advance to won lose to lost }
stage won "Won" { record deal owner r outcome won advance to live }
stage lost "Lost" { record deal owner r outcome lost final }
stage live "Live" { record customer owner r collect [note] limit 5d advance to gone BACK }
stage gone "Gone" { record customer owner r final }
"#;

const WON: &str = "p/build/salesforce/force-app/main/default/objects/Opportunity/validationRules/P_Won_Moves.validationRule-meta.xml";

/// The stage that is won as it is imported, and the lines of the report about its rule.
fn imported(sandbox: &Sandbox) -> (String, Vec<String>) {
    sandbox.run(&["import", "p/build/salesforce", "-o", "q", "--currency", "EUR"]).exits(0);
    let stages = sandbox.read("q/stages.ekiden");
    let won = stages.split("stage ").find(|stage| stage.starts_with("won ")).unwrap().to_owned();
    let report = sandbox.read("q/IMPORT.md");
    let of_rule = report.lines().filter(|line| line.contains("`P_Won_Moves`"));
    (won, of_rule.map(str::to_owned).collect())
}

#[test]
fn what_is_brought_back_is_no_move_of_the_process() {
    for (back, to) in [
        ("recycle to offer after 30d", "`Offer`"),
        // Every stage but its own: then the rule lets every move go.
        (
            "recycle to offer when note is present recycle to talk after 30d lose to lost when note is missing",
            "`Talk`, `Offer`, `Lost`",
        ),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("p/p.ekiden", PROCESS.replace("BACK", back));
        sandbox.run(&["build", "p", "--target", "salesforce"]).exits(0);
        let (won, told) = imported(&sandbox);
        for word in ["recycle", "to talk", "to offer", "to lost"] {
            assert!(!won.contains(word), "{back}: {won}");
        }
        let lost = format!(
            "the rule `P_Won_Moves` also lets go what is brought back to {to}: that is a move of the record which this one went on as, and the source does not say from which of its stages"
        );
        assert_eq!(told.iter().filter(|line| line.contains(&lost)).count(), 1, "{told:?}");
    }
}

/// Somebody has added to the rule: nothing says any more which part is about records brought back.
#[test]
fn a_rule_that_was_changed_is_read_as_it_is() {
    let sandbox = Sandbox::new();
    sandbox.write("p/p.ekiden", PROCESS.replace("BACK", "recycle to offer after 30d"));
    sandbox.run(&["build", "p", "--target", "salesforce"]).exits(0);
    let rule = sandbox.read(WON);
    let changed =
        rule.replace("\n)</error", ",\n  NOT(ISPICKVAL(LeadSource, &quot;Web&quot;))\n)</error");
    assert_ne!(rule, changed);
    sandbox.write(WON, changed);
    let (won, told) = imported(&sandbox);
    assert!(won.contains("to offer"), "{won}");
    assert!(!told.iter().any(|line| line.contains("brought back")), "{told:?}");
}

/// What such a move asks of the record that is brought back is none of its own moves either.
#[test]
fn what_is_asked_of_those_brought_back_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("p/p.ekiden", PROCESS.replace("BACK", "recycle to offer when amount > 1000 EUR"));
    sandbox.run(&["build", "p", "--target", "salesforce"]).exits(0);
    let (won, _) = imported(&sandbox);
    assert!(!won.contains("to offer"), "{won}");
    let report = sandbox.read("q/IMPORT.md");
    let told = "the rule `P_Live_To_Offer_When`: it asks a record that is brought back from where it went on as another one, which is no move here";
    assert_eq!(report.lines().filter(|line| line.contains(told)).count(), 1, "{report}");
}
