//! Rules that say between which values a field lies.

use super::{Org, STAGES};

#[test]
fn rules_about_values_become_bounds_and_come_back() {
    let org = Org::new(STAGES);
    org.field("Opportunity", "Share__c", "Percent", "<precision>5</precision><scale>2</scale>");
    org.field("Opportunity", "Visits__c", "Number", "<precision>5</precision><scale>0</scale>");
    org.field("Opportunity", "Begins__c", "Date", "");
    // At every save, in either order, and with a blank that is asked for.
    org.rule("Opportunity", "Share", "OR(Share__c > 0.125, 0.05 > Share__c)", "From 5% to 12.5%");
    org.rule("Opportunity", "Visits", "AND(NOT(ISBLANK(Visits__c)), Visits__c > 7)", "At most 7");
    org.rule(
        "Opportunity",
        "Begins",
        "AND(OR(ISNEW(), ISCHANGED(Begins__c)), Begins__c < DATE(2026, 1, 1))",
        "From 2026 on",
    );
    org.imported(&["--currency", "EUR"]);
    let process = org.0.read("p/process.ekiden");
    let flat = process.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        "share percent \"Share\" at least 5% at most 12.5%",
        "visits integer \"Visits\" at most 7",
        "begins date \"Begins\" at least 2026-01-01",
    ] {
        assert!(flat.contains(wanted), "{wanted}: {process}");
    }
    let report = org.report();
    assert!(report.contains("says between which values `Share__c` lies"), "{report}");
    assert!(!report.contains("the rule `Visits`: it"), "{report}");
    org.comes_back(&["--currency", "EUR"]);
}

/// What has no bound of the language: a bound that is not itself allowed, another field, today, a second one.
#[test]
fn what_is_no_bound_is_told() {
    let org = Org::new(STAGES);
    for name in ["A__c", "B__c", "C__c"] {
        org.field("Opportunity", name, "Number", "<precision>5</precision><scale>0</scale>");
    }
    org.field("Opportunity", "D__c", "Date", "");
    for name in ["E__c", "F__c"] {
        org.field("Opportunity", name, "Number", "<precision>5</precision><scale>0</scale>");
    }
    org.rule("Opportunity", "Half", "E__c < 0.5", "Half a one");
    org.rule("Opportunity", "Cross_1", "F__c < 10", "At least 10");
    org.rule("Opportunity", "Cross_2", "F__c > 5", "At most 5");
    org.rule("Opportunity", "Open_End", "A__c >= 5", "Less than 5");
    org.rule("Opportunity", "Other", "A__c > B__c", "Not more than B");
    org.rule("Opportunity", "Changed", "AND(ISCHANGED(B__c), A__c > 5)", "When B changes");
    org.rule("Opportunity", "Today", "D__c < TODAY()", "Not in the past");
    org.rule("Opportunity", "Twice_1", "C__c > 5", "At most 5");
    org.rule("Opportunity", "Twice_2", "C__c > 7", "At most 7");
    org.imported(&["--currency", "EUR"]);
    let report = org.report();
    for rule in ["Half", "Cross_2", "Open_End", "Other", "Changed", "Today", "Twice_2"] {
        assert!(report.contains(&format!("the rule `{rule}`: it")), "{rule}: {report}");
    }
    let process = org.0.read("p/process.ekiden");
    assert_eq!(process.matches("at most").count(), 1, "{process}");
}
