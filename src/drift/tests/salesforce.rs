//! Salesforce: what an administrator does, and what is told of it.

use super::{Pair, WHOLE, told};
use crate::drift::System;

fn pair() -> Pair {
    Pair::of(System::Salesforce, WHOLE)
}

const STAGES: &str = "OpportunityStage";
const SIGNER: &str = "Relay_Evaluation_Exit_Signer";
const INDUSTRY: &str = "Lead/fields/Industry__c";

/// A file, what stands in it, what stands there instead, and what is told.
const CHANGES: &[(&str, &str, &str, &[&str])] = &[
    // Rules.
    (
        SIGNER,
        "",
        "",
        &[
            "records: Opportunity validation rule `Relay_Evaluation_Exit_Signer` is missing in Salesforce",
        ],
    ),
    (
        SIGNER,
        "<active>true",
        "<active>false",
        &[
            "records: Opportunity validation rule `Relay_Evaluation_Exit_Signer` is not active in Salesforce",
        ],
    ),
    (
        SIGNER,
        "3000000",
        "30000000",
        &[
            "records: Opportunity validation rule `Relay_Evaluation_Exit_Signer`: not the same formula […) ) , Amount >= 30000000 ) ) , NOT ( ISBLANK ( Decision_Maker__c ) ) ) ) ) | …) ) , Amount >= 3000000 ) ) , NOT ( ISBLANK ( Decision_Maker__c ) ) ) ) )]",
        ],
    ),
    (
        SIGNER,
        "We met who signs",
        "Ask first",
        &[
            "texts: Opportunity validation rule `Relay_Evaluation_Exit_Signer`: message \"3. Evaluation & selection: Ask first\" in Salesforce, \"3. Evaluation & selection: We met who signs\" in the process",
        ],
    ),
    (
        SIGNER,
        "<errorDisplayField>StageName",
        "<errorDisplayField>Amount",
        &[
            "values: Opportunity validation rule `Relay_Evaluation_Exit_Signer`: field of the message Amount in Salesforce, StageName in the process",
        ],
    ),
    (
        SIGNER,
        "    <errorDisplayField>StageName</errorDisplayField>\n",
        "",
        &[
            "values: Opportunity validation rule `Relay_Evaluation_Exit_Signer`: field of the message is not set in Salesforce, StageName in the process",
        ],
    ),
    // Stages.
    (
        STAGES,
        "<probability>40",
        "<probability>55",
        &[
            "values: Opportunity stage \"3. Evaluation & selection\": probability 55 in Salesforce, 40 in the process",
        ],
    ),
    (
        STAGES,
        "<forecastCategory>BestCase",
        "<forecastCategory>Pipeline",
        &[
            "values: Opportunity stage \"3. Evaluation & selection\": forecast category Pipeline in Salesforce, BestCase in the process",
        ],
    ),
    (
        STAGES,
        "<label>Won",
        "<label>Gewonnen",
        &[
            "texts: Opportunity stage \"Won\": label \"Gewonnen\" in Salesforce, \"Won\" in the process",
        ],
    ),
    (
        STAGES,
        "<won>true",
        "<won>false",
        &["records: Opportunity stage \"Won\": won false in Salesforce, true in the process"],
    ),
    (
        STAGES,
        "<closed>true",
        "<closed>false",
        &["records: Opportunity stage \"Won\": closed false in Salesforce, true in the process"],
    ),
    (
        STAGES,
        "<default>false",
        "<default>true",
        &[
            "values: Opportunity stage \"3. Evaluation & selection\": default true in Salesforce, false in the process",
        ],
    ),
    (
        STAGES,
        "<label>Lost</label>",
        "<label>Lost</label><isActive>false</isActive>",
        &["records: Opportunity stage \"Lost\" is not active in Salesforce"],
    ),
    (
        STAGES,
        "</StandardValueSet>",
        "<standardValue><fullName>Pilot</fullName></standardValue></StandardValueSet>",
        &["records: Opportunity stage \"Pilot\" is in Salesforce, not in the process"],
    ),
    (
        STAGES,
        "<fullName>Lost</fullName>",
        "<fullName>Gone</fullName>",
        &[
            "records: Opportunity stage \"Gone\" is in Salesforce, not in the process: \"Lost\", which is missing, has the same label",
            "records: Opportunity stage \"Lost\" is missing in Salesforce",
        ],
    ),
    (
        STAGES,
        "<sorted>false",
        "<sorted>true",
        &[
            "values: list of the stages of Opportunity: sorted by name true in Salesforce, false in the process",
        ],
    ),
    (STAGES, "", "", &["records: list of the stages of Opportunity is missing in Salesforce"]),
    (
        "LeadStatus",
        "<converted>true",
        "<converted>false",
        &["records: Lead status \"Converted\": converted false in Salesforce, true in the process"],
    ),
    // Sales processes and record types.
    (
        "Relay Deal.business",
        "<fullName>Lost</fullName>",
        "<fullName>Pilot</fullName>",
        &[
            "records: stage \"Pilot\" of the sales process `Relay Deal` is in Salesforce, not in the process",
            "records: stage \"Lost\" of the sales process `Relay Deal` is missing in Salesforce",
        ],
    ),
    (
        "Relay Deal.business",
        "<isActive>true",
        "<isActive>false",
        &["records: Opportunity sales process `Relay Deal` is not active in Salesforce"],
    ),
    (
        "Relay_Deal.recordType",
        "<active>true",
        "<active>false",
        &["records: Opportunity record type `Relay_Deal` is not active in Salesforce"],
    ),
    (
        "Relay_Deal.recordType",
        "<businessProcess>Relay Deal",
        "<businessProcess>Other",
        &[
            "records: Opportunity record type `Relay_Deal`: sales process Other in Salesforce, Relay Deal in the process",
        ],
    ),
    (
        "Relay_Deal.recordType",
        "",
        "",
        &["records: Opportunity record type `Relay_Deal` is missing in Salesforce"],
    ),
    (
        "Relay_Deal.recordType",
        "<fullName>price</fullName>",
        "<fullName>quality</fullName>",
        &[
            "records: option \"quality\" of `Lost_Reason__c` in the record type `Relay_Deal` is in Salesforce, not in the process",
            "records: option \"price\" of `Lost_Reason__c` in the record type `Relay_Deal` is missing in Salesforce",
        ],
    ),
    // Fields.
    (INDUSTRY, "", "", &["records: Lead field `Industry__c` is missing in Salesforce"]),
    (
        INDUSTRY,
        "<type>Picklist",
        "<type>Text",
        &["records: Lead field `Industry__c`: type Text in Salesforce, Picklist in the process"],
    ),
    (
        INDUSTRY,
        "<required>false",
        "<required>true",
        &["records: Lead field `Industry__c`: required true in Salesforce, false in the process"],
    ),
    (
        INDUSTRY,
        "<restricted>true",
        "<restricted>false",
        &[
            "records: Lead field `Industry__c`: restricted to its options false in Salesforce, true in the process",
        ],
    ),
    (
        INDUSTRY,
        "<trackHistory>true",
        "<trackHistory>false",
        &["values: Lead field `Industry__c`: history false in Salesforce, true in the process"],
    ),
    (
        INDUSTRY,
        "    <trackHistory>true</trackHistory>\n",
        "",
        &["values: Lead field `Industry__c`: history false in Salesforce, true in the process"],
    ),
    (
        INDUSTRY,
        "<label>Finance",
        "<label>Money",
        &[
            "texts: option \"finance\" of Lead field `Industry__c`: label \"Money\" in Salesforce, \"Finance\" in the process",
        ],
    ),
    (
        INDUSTRY,
        "<label>Finance</label>",
        "<label>Finance</label><isActive>false</isActive>",
        &["records: option \"finance\" of Lead field `Industry__c` is not active in Salesforce"],
    ),
    (
        INDUSTRY,
        "<fullName>other</fullName>",
        "<fullName>rest</fullName>",
        &[
            "records: option \"rest\" of Lead field `Industry__c` is in Salesforce, not in the process: \"other\", which is missing, has the same label",
            "records: option \"other\" of Lead field `Industry__c` is missing in Salesforce",
        ],
    ),
    (
        "Customer__c/fields/Need__c",
        "<length>255",
        "<length>80",
        &["values: Customer__c field `Need__c`: length 80 in Salesforce, 255 in the process"],
    ),
    (
        "Opportunity/fields/Discount__c",
        "<scale>0",
        "<scale>2",
        &["values: Opportunity field `Discount__c`: decimals 2 in Salesforce, 0 in the process"],
    ),
    (
        "Opportunity/fields/Champion__c",
        "<referenceTo>User",
        "<referenceTo>Contact",
        &[
            "records: Opportunity field `Champion__c`: object it refers to Contact in Salesforce, User in the process",
        ],
    ),
    (
        "Opportunity/fields/Confirmed",
        "<inlineHelpText>The",
        "<inlineHelpText>A",
        &[
            "texts: Opportunity field `Confirmed_Evaluation_Champion__c`: not the same help text [\"A champion will defend us internally, against every doubt of their own procurement\" | \"The champion will defend us internally, against every doubt of their own procurement\"]",
        ],
    ),
    // Objects, paths, permissions.
    (
        "Customer__c.object",
        "<sharingModel>ReadWrite",
        "<sharingModel>Private",
        &[
            "values: object `Customer__c`: sharing model Private in Salesforce, ReadWrite in the process",
        ],
    ),
    (
        "Opportunity.object",
        "<enableHistory>true",
        "<enableHistory>false",
        &["values: object `Opportunity`: history false in Salesforce, true in the process"],
    ),
    (
        "Relay_Deal.path",
        "<active>true",
        "<active>false",
        &["values: path of the Opportunity record type `Relay_Deal` is not active in Salesforce"],
    ),
    (
        "Relay_Deal.path",
        "<fieldNames>Amount</fieldNames>",
        "",
        &[
            "values: step \"3. Evaluation & selection\" of the path of the Opportunity record type `Relay_Deal`: not the same fields [Decision_Maker__c, CloseDate, Lost_Reason__c, Company_Size__c | Amount, Decision_Maker__c, CloseDate, Lost_Reason__c, Company_Size__c]",
        ],
    ),
    (
        "Relay_Deal.path",
        "who signs",
        "them",
        &[
            "texts: step \"3. Evaluation & selection\" of the path of the Opportunity record type `Relay_Deal`: guidance We met them The champion defends us Fits in Salesforce, We met who signs The champion defends us Fits in the process",
        ],
    ),
    (
        "Relay.permissionset",
        "<editable>true",
        "<editable>false",
        &[
            "records: permission set `Relay`, field `Customer__c.Amount__c`: editable false in Salesforce, true in the process",
        ],
    ),
    (
        "Relay_Bypass.permissionset",
        "<enabled>true",
        "<enabled>false",
        &[
            "records: permission set `Relay_Bypass`, permission `Relay_Bypass`: enabled false in Salesforce, true in the process",
        ],
    ),
    (
        "Relay_Bypass.customPermission",
        "",
        "",
        &["values: custom permission `Relay_Bypass` is missing in Salesforce"],
    ),
];

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
        matches!(metadata, "fields" | "validationRules" | "recordTypes" | "businessProcesses")
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
    assert_eq!(none, [("validation_rule", 20)]);
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
