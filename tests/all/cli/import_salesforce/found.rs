//! An org that Ekiden never made: what it has and the process does not is told, each time.

use super::{Org, STAGES, picklist};

fn process(org: &Org, name: &str, values: &[&str]) {
    let value = |(at, title): (usize, &&str)| {
        format!("<values><fullName>{title}</fullName><default>{}</default></values>", at == 0)
    };
    let values: String = values.iter().enumerate().map(value).collect();
    let path = format!("objects/Opportunity/businessProcesses/{name}.businessProcess-meta.xml");
    let inside = format!("<fullName>{name}</fullName><isActive>true</isActive>{values}");
    org.file(&path, "BusinessProcess", &inside);
}

fn record_type(org: &Org, object: &str, name: &str, more: &str) {
    let path = format!("objects/{object}/recordTypes/{name}.recordType-meta.xml");
    let inside =
        format!("<fullName>{name}</fullName><active>true</active><label>{name}</label>{more}");
    org.file(&path, "RecordType", &inside);
}

fn of(process: &str, reasons: &[&str]) -> String {
    let value = |value: &&str| {
        format!("<values><fullName>{value}</fullName><default>false</default></values>")
    };
    let values: String = reasons.iter().map(value).collect();
    format!(
        "<businessProcess>{process}</businessProcess><picklistValues><picklist>Reason__c</picklist>{values}</picklistValues>"
    )
}

#[test]
fn two_processes_of_one_object_are_told_apart() {
    let org = Org::new(&[
        ("Discovery", "open", 20),
        ("Unused", "open", 40),
        ("Negotiation", "open", 80),
        ("Renewal Due", "open", 50),
        ("Closed Won", "won", 100),
        ("Closed Lost", "lost", 0),
    ]);
    process(&org, "New", &["Discovery", "Negotiation", "Closed Won", "Closed Lost"]);
    // Records begin in a value that stands behind another.
    process(&org, "Again", &["Renewal Due", "Negotiation", "Closed Won", "Closed Lost"]);
    record_type(&org, "Opportunity", "New_Business", &of("New", &["Price", "Rival"]));
    record_type(&org, "Opportunity", "Renewal", &of("Again", &["Price"]));
    let reasons = picklist(&["Price", "Rival", "Fax"]).replace(
        "<value><fullName>Fax</fullName>",
        "<value><fullName>Fax</fullName><isActive>false</isActive>",
    );
    org.field("Opportunity", "Reason__c", "Picklist", &reasons);
    org.field("Opportunity", "ns__Score__c", "Number", "<scale>0</scale>");
    org.rule(
        "Opportunity",
        "Reason",
        "AND(ISPICKVAL(StageName, \"Closed Lost\"), ISBLANK(TEXT(Reason__c)))",
        "Why?",
    );
    org.rule(
        "Opportunity",
        "Score",
        "AND(ISPICKVAL(StageName, \"Negotiation\"), ISBLANK(ns__Score__c))",
        "Which score?",
    );
    for (name, text) in [("New_Business", "Win it."), ("Renewal", "Keep it.")] {
        let inside = format!(
            "<active>true</active><entityName>Opportunity</entityName><fieldName>StageName</fieldName>\
             <pathAssistantSteps><info>&lt;p&gt;{text}&lt;/p&gt;</info><picklistValueName>Negotiation</picklistValueName>\
             </pathAssistantSteps><recordTypeName>{name}</recordTypeName>"
        );
        let path = format!("pathAssistants/{name}.pathAssistant-meta.xml");
        org.file(&path, "PathAssistant", &inside);
    }
    org.imported(&[]);
    // A value has one description, so that what two paths say of it is no purpose.
    assert!(org.stage("negotiation").contains(&"next \"Win it.\"".to_owned()));
    assert!(org.stage("negotiation_2").contains(&"next \"Keep it.\"".to_owned()));
    let moves = |stage: &str| {
        let lines = org.stage(stage).into_iter();
        lines.filter(|line| line.contains(" to ") || line == "entry").collect::<Vec<_>>()
    };
    // The record types are in the order of their names, whatever those of the processes are.
    assert_eq!(moves("renewal_due"), ["entry", "advance to negotiation_2"]);
    assert_eq!(moves("negotiation_2"), ["advance to closed_won_2"]);
    assert_eq!(moves("discovery"), ["entry", "advance to negotiation"]);
    // The way from the first stage is an advance, so that nothing has to be silenced.
    assert!(!org.0.list("p").iter().any(|file| file.contains("baseline")));
    let report = org.report();
    for told in [
        "| `Unused` is a value that no process has |",
        "| records of `Renewal` have only these values of `Reason__c`: `Price` |",
        "| values of `Reason__c` that are not active: `Fax` |",
        "| `ns__Score__c` cannot be a name in the manifest: a build makes a field of its own instead |",
    ] {
        assert_eq!(report.matches(told).count(), 1, "{told}\n{report}");
    }
    assert!(!report.contains("records of `New Business` have only"), "{report}");
    org.comes_back(&[]);
}

#[test]
fn a_converted_lead_says_where_it_goes_on() {
    let org = Org::new(STAGES);
    org.leads(&[("New", false), ("Closed - Converted", true)]);
    org.imported(&[]);
    let report = org.report();
    for told in [
        "`Closed - Converted` is where records go on as `Opportunity`",
        "`Closed - Converted` is void: what is converted is neither won nor lost yet",
    ] {
        assert_eq!(report.matches(told).count(), 1, "{told}\n{report}");
    }
}

/// The record type of another object is known where there is one only.
#[test]
fn rules_for_the_only_record_type_of_an_object_are_read() {
    let org = Org::new(STAGES);
    org.field("Visit__c", "Stage__c", "Picklist", &picklist(&["Planned", "Done"]));
    org.field("Visit__c", "Note__c", "Text", "<length>20</length>");
    org.rule(
        "Visit__c",
        "Note",
        "AND(RecordType.DeveloperName = \"On_Site\", ISPICKVAL(Stage__c, \"Done\"), ISBLANK(Note__c))",
        "What was said?",
    );
    record_type(&org, "Visit__c", "On_Site", "");
    org.imported(&[]);
    assert!(org.stage("done").join("\n").contains("note \"What was said?\" note is present"));
    // Of two it stays open which one a visit has.
    record_type(&org, "Visit__c", "Remote", "");
    org.0.run(&["import", "src", "-o", "q"]).exits(0);
    let report = org.0.read("q/IMPORT.md");
    for told in [
        "2 record types of `Visit__c` are one here, and rules for one of them are not used",
        "the rule `Note`: it asks for the record type, and none is known here",
    ] {
        assert!(report.contains(told), "{told}\n{report}");
    }
}
