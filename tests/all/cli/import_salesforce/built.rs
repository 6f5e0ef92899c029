//! Other formats, languages, and what a build writes.

use std::fs;
use std::path::Path;

use super::{Org, STAGES};
use crate::cli::sandbox::Sandbox;

/// Objects in one file each, as the older format has them.
#[test]
fn the_older_format_is_read() {
    let org = Org::new(STAGES);
    let inside = "<fields><fullName>Scope__c</fullName><label>Scope</label><type>Text</type></fields>\n\
        <validationRules><fullName>Scope</fullName><active>true</active>\
        <errorConditionFormula>AND(ISPICKVAL(StageName, \"Proposal\"), ISBLANK(Scope__c))</errorConditionFormula>\
        <errorMessage>The scope.</errorMessage></validationRules>";
    org.file("objects/Opportunity.object", "CustomObject", inside);
    org.imported(&[]);
    assert_eq!(org.stage("proposal")[2], "scope \"The scope.\" scope is present");
}

#[test]
fn titles_tell_the_language() {
    let japanese = [
        ("初回訪問", "open", 10),
        ("見積もり", "open", 50),
        ("受注", "won", 100),
        ("失注", "lost", 0),
    ];
    let org = Org::new(&japanese);
    org.leads(&[("新規", false), ("変換済み", true)]);
    org.imported(&[]);
    let process = org.0.read("p/process.ekiden");
    assert!(process.contains("languages [ja]"), "{process}");
    assert!(process.contains("\"取り込んだプロセス\""), "{process}");
    assert!(org.report().contains("most titles are Japanese"), "{}", org.report());
    org.0.run(&["build", "p", "--target", "docs"]).exits(0);
    let book = org.0.list("p/build/docs");
    let text: String =
        book.iter().map(|path| org.0.read(&format!("p/build/docs/{path}"))).collect();
    assert!(text.contains("見積もり") && text.contains("ステージ"), "{text}");

    let korean =
        [("첫 미팅", "open", 10), ("견적", "open", 50), ("수주", "won", 100), ("실주", "lost", 0)];
    let org = Org::new(&korean);
    org.imported(&[]);
    assert!(org.0.read("p/process.ekiden").contains("languages [ko]"));

    // Somebody knows better.
    let org = Org::new(&[("商谈", "open", 10), ("成交", "won", 100)]);
    org.imported(&["--language", "zh"]);
    assert!(org.0.read("p/process.ekiden").contains("languages [zh]"));
    let org = Org::new(STAGES);
    org.imported(&[]);
    assert!(!org.0.read("p/process.ekiden").contains("languages"));
}

/// An org in English with translations into Korean and Brazilian Portuguese, some of them empty, as
/// Salesforce exports them.
fn translated() -> Org {
    let org = Org::new(STAGES);
    org.field("Opportunity", "Scope__c", "Text", "<inlineHelpText>What we do</inlineHelpText>");
    org.field("Opportunity", "Kind__c", "Picklist", &super::picklist(&["New", "Old"]));
    org.rule(
        "Opportunity",
        "Scope",
        "AND(ISCHANGED(StageName), ISPICKVAL(PRIORVALUE(StageName), \"Discovery\"), \
         NOT(ISPICKVAL(StageName, \"Closed Lost\")), \
         OR(ISBLANK(Scope__c), ISPICKVAL(Kind__c, \"Old\")))",
        "Discovery: The scope is known",
    );
    org.file(
        "standardValueSetTranslations/OpportunityStage-ko.standardValueSetTranslation-meta.xml",
        "StandardValueSetTranslation",
        "<valueTranslation><masterLabel>Discovery</masterLabel><translation>첫 미팅</translation></valueTranslation>\
         <valueTranslation><masterLabel>Proposal</masterLabel><translation><!-- Proposal --></translation></valueTranslation>",
    );
    org.file(
        "objectTranslations/Opportunity-ko/Opportunity-ko.objectTranslation-meta.xml",
        "CustomObjectTranslation",
        "<caseValues><plural>false</plural><value><!-- 영업 기회 --></value></caseValues>\
         <validationRules><errorMessage>첫 미팅: 범위를 안다</errorMessage><name>Scope</name></validationRules>",
    );
    org.file(
        "objectTranslations/Opportunity-ko/Scope__c.fieldTranslation-meta.xml",
        "CustomFieldTranslation",
        "<help>하는 일</help><label>범위</label><name>Scope__c</name>",
    );
    // The older format has the fields in the file of the object.
    org.file(
        "objectTranslations/Opportunity-pt_BR.objectTranslation",
        "CustomObjectTranslation",
        "<fields><label><!-- Scope --></label><name>Scope__c</name></fields>\
         <fields><name>Kind__c</name><picklistValues><masterLabel>New</masterLabel><translation>Novo</translation>\
         </picklistValues></fields>",
    );
    org
}

#[test]
fn translations_come_along() {
    let org = translated();
    org.imported(&[]);
    let process = org.0.read("p/process.ekiden");
    for wanted in [
        "languages [en, ko, pt-BR]",
        "text \"Scope\" ko \"범위\" help \"What we do\" ko \"하는 일\"",
        "\"New\" pt-BR \"Novo\"",
    ] {
        let process = process.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(process.contains(wanted), "{wanted}: {process}");
    }
    let stages = org.0.read("p/stages.ekiden");
    assert!(stages.contains("stage discovery \"Discovery\" ko \"첫 미팅\" {"), "{stages}");
    assert!(stages.contains("\"The scope is known\" ko \"범위를 안다\""), "{stages}");
    // What is not translated there is not here.
    assert!(stages.contains("stage proposal \"Proposal\" {"), "{stages}");
    org.comes_back(&[]);
    // A translation that is built is the one that was read.
    let built = "p/build/salesforce/force-app/main/default";
    let stage = org.0.read(&format!(
        "{built}/standardValueSetTranslations/OpportunityStage-ko.standardValueSetTranslation-meta.xml"
    ));
    assert!(stage.contains("<translation>첫 미팅</translation>"), "{stage}");
    let rules = org.0.read(&format!(
        "{built}/objectTranslations/Opportunity-ko/Opportunity-ko.objectTranslation-meta.xml"
    ));
    assert!(rules.contains("<errorMessage>첫 미팅: 범위를 안다</errorMessage>"), "{rules}");
}

/// What an org in Korean says in Korean is no translation; English is one there.
#[test]
fn the_language_of_the_org_is_no_translation() {
    let org = Org::new(&[("첫 미팅", "open", 10), ("수주", "won", 100), ("실주", "lost", 0)]);
    for (code, said) in [("ko", "처음"), ("en_US", "Discovery")] {
        let path = format!(
            "standardValueSetTranslations/OpportunityStage-{code}.standardValueSetTranslation-meta.xml"
        );
        let value = format!(
            "<valueTranslation><masterLabel>첫 미팅</masterLabel><translation>{said}</translation></valueTranslation>"
        );
        org.file(&path, "StandardValueSetTranslation", &value);
    }
    org.imported(&[]);
    assert!(org.0.read("p/process.ekiden").contains("languages [ko, en]"));
    let stages = org.0.read("p/stages.ekiden");
    assert!(stages.contains("\"첫 미팅\" en \"Discovery\" {"), "{stages}");
    org.comes_back(&[]);
}

#[test]
fn broken_translations_are_told() {
    let org = Org::new(STAGES);
    let path = "objectTranslations/Opportunity-ko/Opportunity-ko.objectTranslation-meta.xml";
    org.file(path, "CustomField", "<fullName>x</fullName>");
    let run = org.0.run(&["import", "src", "-o", "p"]).exits(2);
    assert!(run.err.contains("holds `CustomField`, not `CustomObjectTranslation`"), "{}", run.err);
    assert_eq!(org.0.list("p"), Vec::<String>::new());
}

#[test]
fn options_are_checked() {
    let org = Org::new(STAGES);
    for (option, value, says) in [
        ("--currency", "euro", "like `USD`"),
        ("--language", "Japanese", "like `ja`"),
        ("--object", "Deals!", "`deals`"),
    ] {
        let run = org.0.run(&["import", "src", "-o", "p", option, value]).exits(2);
        assert!(run.err.contains(says), "{}", run.err);
    }
    let run = org.0.run(&["import", "src", "-o", "p", "--currency", "XYZ"]).exits(2);
    assert!(run.err.contains("no currency has the code `XYZ`"), "{}", run.err);
    assert_eq!(org.0.list("p"), Vec::<String>::new());
}

pub(super) fn copied(from: &Path, sandbox: &Sandbox, to: &str) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if name == "build" {
            continue;
        }
        let to = format!("{to}/{name}");
        if entry.file_type().unwrap().is_dir() {
            copied(&entry.path(), sandbox, &to);
        } else {
            sandbox.write(&to, fs::read(entry.path()).unwrap());
        }
    }
}

/// Built, imported, built and imported: the second process is the first, to the letter.
#[test]
fn what_is_built_comes_back() {
    for (example, currency) in [("the_model", "JPY"), ("salesforce_default", "USD")] {
        let sandbox = Sandbox::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
        copied(&root, &sandbox, "source");
        sandbox.run(&["build", "source", "--target", "salesforce"]).exits(0);
        let import = |from: &str, to: &str| {
            sandbox.run(&["import", from, "-o", to, "--currency", currency]).exits(0);
        };
        import("source/build/salesforce", "p");
        sandbox.run(&["fmt", "--check", "p"]).exits(0);
        sandbox.run(&["check", "p"]).exits(0);
        let report = sandbox.read("p/IMPORT.md");
        // Every rule of our own is understood.
        let rules = dropped(&report).lines().filter(|line| line.contains("the rule `"));
        assert_eq!(rules.collect::<Vec<_>>(), Vec::<&str>::new());
        let org = Org(sandbox);
        org.comes_back(&["--currency", currency]);
    }
}

/// A tip becomes a trial, a trial a subscription; trials also begin on their own.
const CHAIN: &str = r#"
process chain "Chain" { currency EUR languages [en, ko] }
team sales "Sales" { role rep "Rep" }
record tip "Tip" { region one of [coast "Coast", plain "Plain"] "Region"  insured money "Insured" at least 0 EUR  called_at datetime "Called"  sure boolean "Sure" }
record trial "Trial" from tip { tiles integer "Tiles" at least 1 at most 900 }
record sub "Subscription" from trial { fee money "Fee" }
stage heard "Heard" ko "들음" {
  record tip  owner rep  entry  collect [region, insured, called_at, sure]
  exit when {
    called "We called" ko "전화했다" called_at is present
    coast  "The coast is worth it" insured >= 1000 EUR if region = coast
  }
  advance to proving when sure
  advance to short when region = plain
  recycle to asked
  recycle to waiting
  lose to dropped
}
stage waiting "Waiting" { record tip  owner rep  recycle to heard }
stage dropped "Dropped" { record tip  owner rep  outcome lost final }
stage asked "Asked" { record trial  owner rep  entry  advance to proving }
stage short "Short" { record trial  owner rep  entry  enter when { sized "It is measured" tiles is present }  advance to proving }
stage proving "Proving" {
  record trial  owner rep  collect [tiles]
  exit when { seen "Seen on three tiles" tiles >= 3 and region is present }
  advance to live
}
stage live "Live" { record sub  owner rep  outcome won final }
"#;

/// What a move into another object asks is asked there of the new record, and read back as what it was.
#[test]
fn records_that_continue_others_come_back() {
    let sandbox = Sandbox::new();
    sandbox.write("source/p.ekiden", CHAIN);
    sandbox.run(&["build", "source", "--target", "salesforce"]).exits(0);
    sandbox.run(&["import", "source/build/salesforce", "-o", "p", "--currency", "EUR"]).exits(0);
    sandbox.run(&["fmt", "--check", "p"]).exits(0);
    sandbox.run(&["check", "p"]).exits(0);
    let report = sandbox.read("p/IMPORT.md");
    assert!(!dropped(&report).contains("the rule `"), "{}", dropped(&report));
    let org = Org(sandbox);
    let heard = org.stage("heard").join("\n");
    for wanted in [
        "called \"We called\" ko \"전화했다\" called_at is present",
        "coast \"The coast is worth it\" insured >= 1000 EUR if region = coast",
        "advance to proving when sure",
        "advance to short when region = plain",
        "recycle to asked",
        "recycle to waiting",
        "lose to dropped",
    ] {
        assert!(heard.contains(wanted), "{wanted}: {heard}");
    }
    let proving = org.stage("proving").join("\n");
    assert!(proving.contains("tiles >= 3 and region is present"), "{proving}");
    assert!(proving.contains("advance to live"), "{proving}");
    let short = org.stage("short").join("\n");
    assert!(short.contains("sized \"It is measured\" tiles is present"), "{short}");
    let process = org.0.read("p/process.ekiden");
    let flat = process.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("\"Tiles\" at least 1 at most 900"), "{process}");
    assert!(flat.contains("\"Insured\" at least 0 EUR"), "{process}");
    org.comes_back(&["--currency", "EUR"]);
}

pub(super) fn dropped(report: &str) -> &str {
    let (_, rest) = report.split_once("## Dropped").unwrap();
    rest.split("\n## ").next().unwrap()
}

/// Likewise every pipeline of HubSpot.
#[test]
fn pipelines_of_hubspot_come_back() {
    for example in ["the_model", "hubspot_default"] {
        let sandbox = Sandbox::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example);
        copied(&root, &sandbox, "source");
        sandbox.run(&["build", "source", "--target", "hubspot"]).exits(0);
        let built = sandbox.list("source/build/hubspot/pipelines");
        assert!(built.len() > 1, "{built:?}");
        for (at, file) in built.iter().enumerate() {
            let (first, second) = (format!("p{at}"), format!("q{at}"));
            let file = format!("source/build/hubspot/pipelines/{file}");
            sandbox.run(&["import", &file, "-o", &first]).exits(0);
            sandbox.run(&["build", &first, "--target", "hubspot"]).exits(0);
            let again = sandbox.list(&format!("{first}/build/hubspot/pipelines"));
            let again = format!("{first}/build/hubspot/pipelines/{}", again[0]);
            sandbox.run(&["import", &again, "-o", &second]).exits(0);
            for name in ["process.ekiden", "stages.ekiden", "ekiden.yaml"] {
                let read = |folder: &str| sandbox.read(&format!("{folder}/{name}"));
                assert_eq!(read(&second), read(&first), "{file} {name}");
            }
        }
    }
}
