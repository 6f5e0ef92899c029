//! Salesforce: what an administrator does, and what is told of it.

mod changes;

use super::{Pair, WHOLE, told};
use crate::drift::System;
use changes::{CHANGES, INDUSTRY, SIGNER, STAGES};

fn pair() -> Pair {
    Pair::of(System::Salesforce, WHOLE)
}

#[test]
fn one_change_is_told_and_nothing_else() {
    for (path, from, to, expected) in CHANGES {
        let mut pair = pair();
        pair.change(path, from, to);
        assert_eq!(told(&pair.report()), *expected, "{path}: {from} to {to}");
    }
}

#[test]
fn another_order_is_told_by_what_is_shown() {
    let mut pair = pair();
    let (won, lost) = ("<fullName>Won</fullName>", "<fullName>Lost</fullName>");
    // The whole values change places: first their names, then what else they have.
    let swapped = |text: &str| {
        let blocks: Vec<&str> = text.split("    <standardValue>\n").collect();
        let [head, open, won, lost] = blocks.as_slice() else { panic!("{text}") };
        let (lost, tail) = lost.split_once("</StandardValueSet>").unwrap();
        let mark = "    <standardValue>\n";
        format!("{head}{mark}{open}{mark}{lost}{mark}{won}</StandardValueSet>{tail}")
    };
    let file = pair.files.iter_mut().find(|(path, _)| path.contains(STAGES)).unwrap();
    assert!(file.1.find(won) < file.1.find(lost));
    file.1 = swapped(&file.1);
    assert!(file.1.find(won) > file.1.find(lost));
    assert_eq!(
        told(&pair.report()),
        [
            "values: list of the stages of Opportunity: another order of stages [Lost, Won | Won, Lost]"
        ]
    );
}

/// A file, what stands in it, and what means the same.
const SAME: &[(&str, &str, &str)] = &[
    (SIGNER, "AND(\n  NOT($Permission", "/* who may */ and ( not( $Permission"),
    (SIGNER, "Amount &gt;= 3000000", "Amount\r\n>= 3000000.00"),
    (SIGNER, "<description>Exit", "<description>\n   Exit"),
    (STAGES, "<probability>40<", "<probability>40.0<"),
    (
        STAGES,
        "<label>Won</label>",
        "<label>Won</label>\n<isActive>true</isActive><color>red</color>",
    ),
    (STAGES, "        <won>false</won>\n", ""),
    (
        STAGES,
        "</StandardValueSet>",
        "<standardValue><fullName>Old</fullName><isActive>false</isActive></standardValue></StandardValueSet>",
    ),
    ("Relay Deal.business", "3. Evaluation &amp; selection", "3%2E Evaluation %26 selection"),
    (
        "Relay_Deal.recordType",
        "</RecordType>",
        "<picklistValues><picklist>LeadSource</picklist><values><fullName>Web</fullName><default>false</default></values></picklistValues></RecordType>",
    ),
    (
        INDUSTRY,
        "    <required>false</required>\n",
        "<externalId>false</externalId><trackTrending>false</trackTrending>",
    ),
    (INDUSTRY, "<type>Picklist", "<inlineHelpText>of their own</inlineHelpText><type>Picklist"),
    (
        "Relay_Deal.path",
        "&lt;ul&gt;&lt;li&gt;We met who signs",
        "&lt;ul class=&quot;x&quot;&gt;&lt;li&gt;&lt;b&gt;We met&lt;/b&gt;&amp;nbsp;who signs",
    ),
    (
        "Relay.permissionset",
        "</PermissionSet>",
        "<userPermissions><enabled>true</enabled><name>ApiEnabled</name></userPermissions></PermissionSet>",
    ),
    (
        "Customer__c.object",
        "<label>Customer</label>",
        "<allowInChatterGroups>false</allowInChatterGroups><label>Customer</label>",
    ),
];

#[test]
fn what_means_the_same_is_no_drift() {
    for (path, from, to) in SAME {
        let mut pair = pair();
        pair.change(path, from, to);
        let report = pair.report();
        assert_eq!(told(&report), Vec::<String>::new(), "{path}: {from} to {to}");
    }
}

fn xml(kind: &str, inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{kind} xmlns=\"http://soap.sforce.com/2006/04/metadata\">{inner}</{kind}>"
    )
}

#[test]
fn what_the_process_says_nothing_of_is_counted() {
    let mut pair = pair();
    let mut add = |path: &str, kind: &str, inner: &str| {
        pair.files.push((format!("force-app/{path}-meta.xml"), xml(kind, inner)));
    };
    add(
        "objects/Opportunity/fields/Amount.field",
        "CustomField",
        "<fullName>Amount</fullName><trackHistory>true</trackHistory>",
    );
    add(
        "objects/Opportunity/fields/Region__c.field",
        "CustomField",
        "<fullName>Region__c</fullName><type>Text</type>",
    );
    add(
        "objects/Opportunity/validationRules/Own.validationRule",
        "ValidationRule",
        "<fullName>Own</fullName><active>true</active>",
    );
    add(
        "objects/Opportunity/recordTypes/Partner.recordType",
        "RecordType",
        "<fullName>Partner</fullName><active>true</active>",
    );
    add("permissionsets/Other.permissionset", "PermissionSet", "<label>Other</label>");
    let report = pair.report();
    assert_eq!(told(&report), Vec::<String>::new());
    let beside: Vec<_> =
        report.compared.beside.iter().map(|(kind, count)| (kind.word(), *count)).collect();
    assert_eq!(
        beside,
        [("validation_rule", 1), ("field", 2), ("record_type", 1), ("permission_set", 1)]
    );
}

#[test]
fn a_stage_of_another_sales_process_is_no_drift_and_is_told() {
    let mut pair = pair();
    pair.change(
        STAGES,
        "</StandardValueSet>",
        "<standardValue><fullName>Pilot</fullName></standardValue></StandardValueSet>",
    );
    let path = "objects/Opportunity/businessProcesses/Partners.businessProcess-meta.xml".to_owned();
    let inner = "<fullName>Partners</fullName><isActive>true</isActive><values><fullName>Pilot</fullName></values>";
    pair.files.push((path, xml("BusinessProcess", inner)));
    let report = pair.report();
    assert_eq!(told(&report), Vec::<String>::new());
    assert_eq!(report.compared.others, ["Pilot"]);
}

#[test]
fn a_global_value_set_is_told_and_its_options_are_not() {
    let mut pair = pair();
    let file = pair.files.iter_mut().find(|(path, _)| path.contains(INDUSTRY)).unwrap();
    let (head, rest) = file.1.split_once("<valueSet>").unwrap();
    let (_, tail) = rest.split_once("</valueSet>").unwrap();
    file.1 = format!(
        "{head}<valueSet><restricted>true</restricted><valueSetName>Branches</valueSetName></valueSet>{tail}"
    );
    assert_eq!(
        told(&pair.report()),
        [
            "records: Lead field `Industry__c`: list of options the global value set Branches in Salesforce, of its own in the process"
        ]
    );
}

/// The same in the format of the Metadata API: one file for everything of an object.
#[test]
fn one_file_of_an_object_is_the_same() {
    let mut pair = pair();
    let folder = |metadata: &str| {
        matches!(
            metadata,
            "fields" | "validationRules" | "recordTypes" | "businessProcesses" | "listViews"
        )
    };
    let mut whole = Vec::new();
    for object in ["Lead", "Opportunity", "Customer__c"] {
        let mut inner = String::new();
        for (path, text) in &pair.files {
            let parts: Vec<&str> = path.split('/').collect();
            let at = parts.iter().position(|part| *part == "objects");
            let Some([of, rest @ ..]) = at.and_then(|at| parts.get(at + 1..)) else { continue };
            if *of != object {
                continue;
            }
            let body = text.split_once("metadata\">").unwrap().1.rsplit_once("</").unwrap().0;
            match rest {
                [kind, _] if folder(kind) => inner.push_str(&format!("<{kind}>{body}</{kind}>")),
                _ => inner.push_str(body),
            }
        }
        whole.push((format!("src/objects/{object}.object"), xml("CustomObject", &inner)));
    }
    pair.files.retain(|(path, _)| !path.contains("/objects/"));
    for (path, _) in &mut pair.files {
        *path = path.strip_suffix("-meta.xml").unwrap().to_owned();
    }
    pair.files.extend(whole);
    let report = pair.report();
    assert_eq!(told(&report), Vec::<String>::new());
    pair.change("Opportunity.object", "3000000", "1");
    assert_eq!(told(&pair.report()).len(), 1);
}

#[test]
fn what_is_not_retrieved_at_all_is_said() {
    let mut pair = pair();
    pair.change("/validationRules/", "", "").change("Lead.object", "", "");
    let report = pair.report();
    assert!(told(&report).iter().all(|line| line.contains("validation rule")));
    let none: Vec<_> = report.compared.none.iter().map(|(kind, n)| (kind.word(), *n)).collect();
    assert_eq!(none, [("validation_rule", 26)]);
    assert_eq!(report.unread, ["the settings of the object `Lead`"]);
    // An object of our own takes with it what belongs to it.
    pair.change("/Customer__c/", "", "");
    let lines = told(&pair.report());
    let of: Vec<_> = lines.iter().filter(|line| line.contains("Customer__c")).collect();
    assert_eq!(of, ["records: object `Customer__c` is missing in Salesforce"]);
}

#[test]
fn an_object_of_which_only_parts_were_retrieved_is_there() {
    let unread = ["the settings of the object `Customer__c`"];
    // A file that holds nothing of the object, as Salesforce's own tools write it.
    let mut pair = pair();
    let empty = xml("CustomObject", "");
    for (path, text) in &mut pair.files {
        if path.contains("Customer__c.object") {
            *text = empty.clone();
        }
    }
    let report = pair.report();
    assert_eq!(
        (told(&report).len(), report.unread.as_slice()),
        (0, &unread.map(str::to_owned)[..])
    );
    // And none at all.
    pair.change("Customer__c.object", "", "");
    let report = pair.report();
    assert_eq!(
        (told(&report).len(), report.unread.as_slice()),
        (0, &unread.map(str::to_owned)[..])
    );
    pair.change("Customer__c/fields/Need__c", "", "");
    assert_eq!(
        told(&pair.report()),
        ["records: Customer__c field `Need__c` is missing in Salesforce"]
    );
}

#[test]
fn broken_and_hostile_exports_are_refused() {
    let with = |path: &str, text: &str| {
        let mut pair = pair();
        let file = pair.files.iter_mut().find(|(found, _)| found.contains(path)).unwrap();
        file.1 = text.to_owned();
        pair.refused()
    };
    let cut = "<CustomField><fullName>Industry__c</fullName><valueSet>";
    assert!(with(INDUSTRY, cut).contains("`valueSet` is never closed; the file is cut"));
    let bomb =
        "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><CustomField>&b;</CustomField>";
    assert!(with(INDUSTRY, bomb).contains("a document type is not allowed here"));
    assert!(
        with(INDUSTRY, "<CustomField>&b;</CustomField>").contains("the entity `b` is not known")
    );
    assert!(with(INDUSTRY, "{\"results\": []}").contains("cannot be read"));
    assert!(with(INDUSTRY, "").contains("is empty"));
    assert!(with(INDUSTRY, "a\0b").contains("zero byte"));
    assert!(with(INDUSTRY, "<Layout/>").contains("holds `Layout`, not `CustomField`"));
    let latin = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><CustomField/>";
    assert!(with(INDUSTRY, latin).contains("not UTF-8"));
    let deep = "<CustomField>".repeat(1000);
    assert!(with(INDUSTRY, &deep).contains("nested too deep"));
    let many = format!("<CustomField>{}</CustomField>", "<a/>".repeat(1_000_000));
    assert!(with(INDUSTRY, &many).contains("more than 500000 elements"));
    let value = "<standardValue><fullName>x</fullName></standardValue>";
    let many = format!("<StandardValueSet>{}</StandardValueSet>", value.repeat(240_000));
    assert!(with(STAGES, &many).contains("looks like an export of records"));
    let twice = format!("<StandardValueSet>{}</StandardValueSet>", value.repeat(2));
    assert!(with(STAGES, &twice).contains("says twice what the Opportunity stage \"x\" is"));
    let mut nothing = pair();
    nothing.files.clear();
    assert!(nothing.refused().contains("holds nothing of Salesforce"));
}

#[test]
fn a_translation_that_was_changed_is_told() {
    let stages = "standardValueSetTranslations/LeadStatus-ko";
    for (path, from, to, found) in [
        (
            stages,
            "<translation>문의",
            "<translation>질문",
            "texts: Lead status \"Inquiry\" in `ko`: text \"질문\" in Salesforce, \"문의\" in the process",
        ),
        (
            stages,
            "<translation>문의</translation>",
            "<translation><!-- Inquiry --></translation>",
            "texts: Lead status \"Inquiry\" in `ko` is missing in Salesforce",
        ),
        (
            "Lead-ko/Industry__c.fieldTranslation",
            "소프트웨어",
            "SW",
            "texts: option \"Software\" of Lead field `Industry__c` in `ko`: text \"SW\" in Salesforce, \"소프트웨어\" in the process",
        ),
    ] {
        assert_eq!(told(&pair().change(path, from, to).report()), [found], "{path} {from}");
    }
    // An export has an empty translation of everything, and forms of names that only cases need.
    let mut whole = pair();
    let more = "<fields><label><!-- x --></label><name>Other__c</name></fields>\
        <caseValues><article>Definite</article><plural>false</plural><value>die Spur</value></caseValues>\
        <caseValues><article>None</article><plural>false</plural><value>Spur</value></caseValues>";
    let german = xml("CustomObjectTranslation", more);
    let path =
        "force-app/main/default/objectTranslations/Lead-de/Lead-de.objectTranslation-meta.xml";
    whole.files.push((path.to_owned(), german));
    let report = whole.report();
    assert_eq!(told(&report), Vec::<String>::new());
    assert_eq!(report.compared.beside, [(crate::drift::part::Kind::Translation, 2)]);
}
