//! Stages and processes whose names in Salesforce are not those that people read.

use std::fmt::Write;

use super::{Org, STAGES, picklist};
use crate::cli::import_salesforce::built::dropped;

/// The won stage was renamed in Setup, which changes its label only; so was the sales process.
fn renamed() -> Org {
    let org = Org::new(STAGES);
    let path = "src/main/default/standardValueSets/OpportunityStage.standardValueSet-meta.xml";
    let values = org.0.read(path).replace("<label>Closed Won</label>", "<label>Bound</label>");
    org.0.write(path, values);
    let mut all = String::new();
    for (value, ..) in STAGES {
        write!(all, "<values><fullName>{value}</fullName><default>false</default></values>")
            .unwrap();
    }
    org.file(
        "objects/Opportunity/businessProcesses/Commercial Lines.businessProcess-meta.xml",
        "BusinessProcess",
        &format!("<fullName>Commercial Lines</fullName><isActive>true</isActive>{all}"),
    );
    org.file(
        "objects/Opportunity/recordTypes/Commercial.recordType-meta.xml",
        "RecordType",
        "<fullName>Commercial</fullName><active>true</active><label>Commercial business</label>\
         <businessProcess>Commercial Lines</businessProcess>",
    );
    org.field("Opportunity", "Policy__c", "Text", "<required>true</required>");
    org.rule(
        "Opportunity",
        "Policy",
        "AND(ISPICKVAL(StageName, \"Closed Won\"), ISBLANK(Amount))",
        "The amount.",
    );
    org.file(
        "standardValueSetTranslations/OpportunityStage-ko.standardValueSetTranslation-meta.xml",
        "StandardValueSetTranslation",
        "<valueTranslation><masterLabel>Bound</masterLabel><translation>체결</translation></valueTranslation>",
    );
    org
}

#[test]
fn a_stage_keeps_its_value_and_a_process_its_name() {
    let org = renamed();
    org.imported(&[]);
    let manifest = org.0.read("p/ekiden.yaml");
    assert!(manifest.contains("    stages:\n      bound: \"Closed Won\"\n"), "{manifest}");
    let processes = "    business_processes:\n      opportunity: \"Commercial Lines\"\n";
    assert!(manifest.contains(processes), "{manifest}");
    assert!(org.stage("bound").contains(&"outcome won".to_owned()));
    org.comes_back(&[]);
    let root = "p/build/salesforce/force-app/main/default";
    let read = |path: &str| org.0.read(&format!("{root}/{path}-meta.xml"));
    let set = read("standardValueSets/OpportunityStage.standardValueSet");
    let set: String = set.split_whitespace().collect();
    assert!(set.contains("<fullName>ClosedWon</fullName>"), "{set}");
    assert!(set.contains("<label>Bound</label>"), "{set}");
    let process = read("objects/Opportunity/businessProcesses/Commercial Lines.businessProcess");
    assert!(process.contains("<fullName>Closed Won</fullName>"), "{process}");
    let record_type = read("objects/Opportunity/recordTypes/Commercial.recordType");
    let named = "<businessProcess>Commercial Lines</businessProcess>";
    assert!(record_type.contains(named), "{record_type}");
    let translation =
        read("standardValueSetTranslations/OpportunityStage-ko.standardValueSetTranslation");
    assert!(translation.contains("<masterLabel>Bound</masterLabel>"), "{translation}");
    // No file knows the label as a value.
    let mut rules = String::new();
    for file in org.0.list(root) {
        let text = org.0.read(&format!("{root}/{file}"));
        assert!(!text.contains("<fullName>Bound<"), "{file}: {text}");
        assert!(
            !text.contains("\"Bound\"") && !text.contains("&quot;Bound&quot;"),
            "{file}: {text}"
        );
        assert!(!text.contains("<picklistValueName>Bound<"), "{file}: {text}");
        if file.contains("/validationRules/") {
            rules.push_str(&text);
        }
    }
    assert!(
        rules.contains("&quot;Closed Won&quot;") || rules.contains("\"Closed Won\""),
        "{rules}"
    );
    let readme = org.0.read("p/build/salesforce/README.md");
    assert!(readme.contains("| `bound` | Bound | stored as `Closed Won` |"), "{readme}");
    // The org has not lost what the process names.
    let drift = org.0.run(&["drift", "-t", "salesforce", "p", "src"]);
    for known in ["`Commercial Lines` is missing", "`Closed Won` is missing", "`Bound`"] {
        assert!(!drift.out.contains(known), "{}", drift.out);
    }
}

/// What no setting can hold is told.
#[test]
fn labels_and_what_all_records_need_are_told() {
    let org = renamed();
    org.imported(&[]);
    let report = org.report();
    let report = dropped(&report);
    let label = "the label `Commercial business` of the record type `Commercial`: a build gives it the label `Commercial`";
    assert!(report.contains(label), "{report}");
    let required =
        "`Policy__c` is required of all records of `Opportunity`, of whatever record type";
    assert!(report.contains(required), "{report}");
    assert!(!report.contains("Commercial Lines"), "{report}");
}

/// A value of an object of one's own that is no name of the language.
#[test]
fn values_of_other_objects_are_kept() {
    let org = Org::new(STAGES);
    org.field("Policy__c", "Stage__c", "Picklist", &picklist(&["in_force", "Not Renewed", "Rést"]));
    org.imported(&[]);
    let manifest = org.0.read("p/ekiden.yaml");
    let wanted = "    stages:\n      not_renewed: \"Not Renewed\"\n      rest: \"Rést\"\n";
    assert!(manifest.contains(wanted), "{manifest}");
    assert!(org.stage("rest").contains(&"final".to_owned()));
    assert!(
        org.report().contains("`Rést` is the last stage: nothing follows it"),
        "{}",
        org.report()
    );
    org.comes_back(&[]);
    let field = org.0.read(
        "p/build/salesforce/force-app/main/default/objects/Policy__c/fields/Stage__c.field-meta.xml",
    );
    for value in ["in_force", "Not Renewed", "Rést"] {
        assert!(field.contains(&format!("<fullName>{value}</fullName>")), "{field}");
    }
}

/// The name of a process is that of a file: one that cannot be written as it is, is told.
#[test]
fn a_process_with_an_unusual_name_is_told() {
    let org = Org::new(STAGES);
    org.file(
        "objects/Opportunity/businessProcesses/Sales %26 Service.businessProcess-meta.xml",
        "BusinessProcess",
        "<fullName>Sales %26 Service</fullName><isActive>true</isActive>\
         <values><fullName>Discovery</fullName></values><values><fullName>Closed Won</fullName></values>",
    );
    org.imported(&[]);
    let report = org.report();
    let wanted =
        "the name of the process `Sales & Service`: a build makes one called like the record type";
    assert!(dropped(&report).contains(wanted), "{report}");
    assert!(!org.0.read("p/ekiden.yaml").contains("business_processes"));
    org.0.run(&["build", "p", "--target", "salesforce"]).exits(0);
}
