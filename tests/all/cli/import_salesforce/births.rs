//! Rules of records that continue others.

use crate::cli::sandbox::Sandbox;

const PROCESS: &str = r#"
process p "P" { currency EUR timezone "UTC" }
team t "T" { role r "R" }
record deal "Deal" { x integer "X" }
record order "Order" from deal { q integer "Q" zed text "Zed" }
stage s1 "S1" { record deal owner r entry from [web] probability 10% limit 5d
  exit when { xs "X there" x is present } advance to s2 advance to o1 lose to lost }
stage s2 "S2" { record deal owner r probability 40% limit 5d advance to o1 lose to lost }
stage lost "Lost" { record deal owner r outcome lost final }
stage o1 "O1" { record order owner r limit 5d exit when { zed "Z" zed is present } advance to won }
stage won "Won" { record order owner r outcome won final }
"#;

/// What is asked of the new record only when the earlier one is in a certain stage is no criterion of all.
#[test]
fn what_is_asked_of_both_records_is_told() {
    let sandbox = Sandbox::new();
    sandbox.write("p/p.ekiden", PROCESS);
    sandbox.write("p/ekiden.yaml", "targets:\n  salesforce:\n    objects: {order: Order__c}\n");
    sandbox.run(&["build", "p", "--target", "salesforce"]).exits(0);
    let behind = "AND(ISNEW(), ISPICKVAL(Stage__c, &quot;o1&quot;), ";
    for (name, asked) in [
        ("Here", "ISPICKVAL(Opportunity__r.StageName, &quot;S1&quot;), Q__c &lt; 5)"),
        (
            "Each",
            "IF(ISPICKVAL(Opportunity__r.StageName, &quot;S1&quot;), Q__c &lt; 5, Q__c &lt; 10))",
        ),
    ] {
        sandbox.write(
            &format!(
                "p/build/salesforce/force-app/main/default/objects/Order__c/validationRules/{name}.validationRule-meta.xml"
            ),
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <ValidationRule xmlns=\"http://soap.sforce.com/2006/04/metadata\"><fullName>{name}</fullName>\
                 <active>true</active><errorConditionFormula>{behind}{asked}</errorConditionFormula>\
                 <errorMessage>No.</errorMessage></ValidationRule>\n"
            ),
        );
    }
    sandbox.run(&["import", "p/build/salesforce", "-o", "q", "--currency", "EUR"]).exits(0);
    let report = sandbox.read("q/IMPORT.md");
    for name in ["Here", "Each"] {
        let told = format!(
            "the rule `{name}`: it asks this record and the one that it continues together"
        );
        assert!(report.contains(&told), "{report}");
    }
    assert!(!sandbox.read("q/stages.ekiden").contains("q <"));
}
