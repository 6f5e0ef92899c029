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
        // Of one value they say different things, of another the same to begin with.
        let step = |value: &str, info: &str| {
            format!(
                "<pathAssistantSteps><info>{info}</info><picklistValueName>{value}</picklistValueName></pathAssistantSteps>"
            )
        };
        let inside = format!(
            "<active>true</active><entityName>Opportunity</entityName><fieldName>StageName</fieldName>{}{}\
             <recordTypeName>{name}</recordTypeName>",
            step(
                "Closed Won",
                &format!("&lt;p&gt;The contract is signed.&lt;/p&gt;&lt;p&gt;{text}&lt;/p&gt;")
            ),
            step("Negotiation", &format!("&lt;p&gt;{text}&lt;/p&gt;")),
        );
        let path = format!("pathAssistants/{name}.pathAssistant-meta.xml");
        org.file(&path, "PathAssistant", &inside);
    }
    org.imported(&[]);
    // A value has one description, so that what two paths say of it is no purpose.
    assert!(org.stage("negotiation").contains(&"next \"Win it.\"".to_owned()));
    assert!(org.stage("negotiation_2").contains(&"next \"Keep it.\"".to_owned()));
    for (stage, next) in [("closed_won", "Win it."), ("closed_won_2", "Keep it.")] {
        let lines = org.stage(stage);
        for line in ["purpose \"The contract is signed.\"", &format!("next \"{next}\"")] {
            assert!(lines.contains(&line.to_owned()), "{line}: {lines:?}");
        }
    }
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
        "2 record types of `Visit__c` have the same stages: they are one pipeline here, and rules for one of them are not used",
        "the rule `Note`: it asks for the record type, and none is known here",
    ] {
        assert!(report.contains(told), "{told}\n{report}");
    }
}

/// The values of a picklist that a record type has.
fn stages(values: &[&str]) -> String {
    let value = |value: &&str| {
        format!("<values><fullName>{value}</fullName><default>false</default></values>")
    };
    let values: String = values.iter().map(value).collect();
    format!("<picklistValues><picklist>Stage__c</picklist>{values}</picklistValues>")
}

/// Accounts of businesses and of partners have stages of their own, one of which they share.
#[test]
fn record_types_with_stages_of_their_own_are_pipelines() {
    let org = Org::new(STAGES);
    let all = picklist(&["Prospect", "Known", "Live", "Lost", "Fax"]);
    org.field("Account", "Stage__c", "Picklist", &all);
    org.field("Account", "Tier__c", "Text", "<length>20</length>");
    record_type(&org, "Account", "Partner", &stages(&["Known", "Live"]));
    record_type(&org, "Account", "Business", &stages(&["Prospect", "Live", "Lost"]));
    record_type(&org, "Account", "Household", "");
    let rule = |name: &str, record_type: &str, rest: &str| {
        let formula = format!("AND(RecordType.DeveloperName = \"{record_type}\", {rest})");
        org.rule("Account", name, &formula, "No.");
    };
    // Only businesses need a tier; only partners cannot go back.
    rule("Tier", "Business", "ISPICKVAL(Stage__c, \"Live\"), ISBLANK(Tier__c)");
    rule("Back", "Partner", "ISCHANGED(Stage__c), ISPICKVAL(PRIORVALUE(Stage__c), \"Live\")");
    org.imported(&[]);
    let lines = |stage: &str| org.stage(stage).join("; ");
    assert!(lines("prospect").contains("advance to live"), "{}", lines("prospect"));
    assert!(lines("live").contains("tier is present"), "{}", lines("live"));
    assert!(lines("lost").contains("from any open of business"), "{}", lines("lost"));
    assert!(lines("known").contains("advance to live_2"), "{}", lines("known"));
    assert!(!lines("live_2").contains(" to "), "{}", lines("live_2"));
    assert!(!lines("live_2").contains("tier"), "{}", lines("live_2"));
    let report = org.report();
    for told in [
        "the record types of `Account` have stages of their own: each is a pipeline; stages that they share are written once for each",
        "the record type `Household` of `Account` has no value of `Stage__c`: its records are in no pipeline",
        "`Fax` is a value that no record type has",
    ] {
        assert_eq!(report.matches(told).count(), 1, "{told}\n{report}");
    }
    assert!(!report.contains("| the rule `Tier`: "), "{report}");
    let manifest = org.0.read("p/ekiden.yaml");
    for line in ["business: Business", "partner: Partner", "business: Account", "partner: Account"]
    {
        assert!(manifest.contains(line), "{line}: {manifest}");
    }
    org.comes_back(&[]);
}
