//! Record types: fields that only some of them require, and rules about a change of the record type.

use super::{Org, STAGES};

const TWO: &str = r#"
process p "P" { currency EUR }
team sales "Sales" { role ae "AE" }
record deal "Deal" { why text "Why" required  tags many of [x, y] "Tags" required  amount money "Amount" }
record renewal "Renewal" { amount money "Amount" }
stage a "Discovery" { record deal owner ae entry collect [why, tags, amount] limit 5d advance to won lose to lost }
stage won "Won" { record deal owner ae outcome won final }
stage lost "Lost" { record deal owner ae outcome lost final }
stage r1 "Renewal due" { record renewal owner ae entry collect [amount] limit 5d advance to r2 }
stage r2 "Renewed" { record renewal owner ae outcome won final }
"#;

/// A field of one of two record types is required by a rule, whatever its type, and comes back.
#[test]
fn what_one_record_type_requires_comes_back() {
    let org = Org::new(STAGES);
    org.0.write("o/p.ekiden", TWO);
    org.0.write(
        "o/ekiden.yaml",
        "targets:\n  salesforce: {objects: {deal: Opportunity, renewal: Opportunity}}\n",
    );
    org.0.run(&["build", "o"]).exits(0);
    org.0.run(&["import", "o/build/salesforce", "-o", "p", "--currency", "EUR"]).exits(0);
    let process = org.0.read("p/process.ekiden");
    let flat = process.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("\"Why\" required"), "{process}");
    assert!(flat.contains("\"Tags\" required"), "{process}");
    org.comes_back(&["--currency", "EUR"]);
}

#[test]
fn a_rule_about_a_change_of_the_record_type_is_told_as_that() {
    let org = Org::new(STAGES);
    let only_first = "AND(ISCHANGED(RecordTypeId), NOT(ISPICKVAL(StageName, \"Discovery\")))";
    org.rule("Opportunity", "Only_First", only_first, "Change it in Discovery");
    // What is asked of new records, too, says where those begin.
    let joins =
        "AND(OR(ISNEW(), ISCHANGED(RecordTypeId)), NOT(ISPICKVAL(StageName, \"Discovery\")))";
    org.rule("Opportunity", "Begin", joins, "Begin in Discovery");
    // A part is about moves, another about the type.
    let both = "OR(AND(ISCHANGED(StageName), ISPICKVAL(StageName, \"Negotiation\"), ISBLANK(Amount)), \
        AND(ISCHANGED(RecordTypeId), ISBLANK(NextStep)))";
    org.rule("Opportunity", "Both", both, "Fill it in");
    // No change of it is asked.
    let within = "AND(ISCHANGED(StageName), NOT(ISCHANGED(RecordTypeId)), ISPICKVAL(StageName, \"Proposal\"), ISBLANK(NextStep))";
    org.rule("Opportunity", "Within", within, "What next?");
    org.imported(&["--currency", "EUR"]);
    let report = org.report();
    let why = "it asks whether a record gets another record type, which is no move here";
    assert!(report.contains(&format!("the rule `Only_First`: {why}")), "{report}");
    assert!(report.contains(&format!("a part of the rule `Both`: {why}")), "{report}");
    assert!(!report.contains(&format!("`Begin`: {why}")), "{report}");
    assert!(!report.contains(&format!("`Within`: {why}")), "{report}");
    assert!(!report.contains("it refuses nothing that the stages here allow"), "{report}");
}
