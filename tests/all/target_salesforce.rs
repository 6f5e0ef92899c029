//! Salesforce projects, read by the library that `sf` deploys with, by the types of the Metadata
//! API, and by a check of names that cross files.

mod back;
mod births;
mod bounds;
mod honest;
mod imported;
mod limits;
mod long;
mod rules;
mod scores;
mod shared;
mod texts;
mod translations;

use ekiden::model::Process;

use crate::crm_support::{
    HOSTILE, WHOLE, chain, check, emit, example, process, text, told, underlined, written,
};

const ROOT: &str = "force-app/main/default";

/// The target must have no errors, and every tool must read what it gives.
fn read_by_every_tool(process: &Process, settings: &[(&str, &str)]) {
    let output = emit("salesforce", process, settings);
    let errors = told(&output.diagnostics).into_iter().filter(|line| line.starts_with("error"));
    assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new());
    let folder = written(&output);
    for tool in ["salesforce-structure.cjs", "salesforce-convert.cjs", "salesforce-xref.mjs"] {
        check(tool, &[folder.path()]);
    }
    check("markdown-lint.mjs", &[folder.path()]);
}

/// The elements of that name in the XML, as `a=1 b=2`, in order.
fn elements(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let inner = xml.split(&open).skip(1).filter_map(|rest| rest.split(&close).next());
    let line = |line: &str| {
        let (name, rest) = line.trim().strip_prefix('<')?.split_once('>')?;
        Some(format!("{name}={}", rest.split("</").next()?))
    };
    inner.map(|body| body.lines().filter_map(line).collect::<Vec<_>>().join(" ")).collect()
}

fn at(output: &ekiden::emit::Output, path: &str) -> String {
    text(output, &format!("{ROOT}/{path}-meta.xml")).to_owned()
}

#[test]
fn a_whole_process_is_read_by_every_tool() {
    read_by_every_tool(&process(WHOLE), &[]);
}

#[test]
fn the_examples_are_read_by_every_tool() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        read_by_every_tool(&example(name), &[]);
    }
}

#[test]
fn hostile_texts_are_read_by_every_tool() {
    let settings =
        [("fields.deal.stage", "Deal_Stage__c"), ("fields.thing.stage", "Deal_Stage__c")];
    read_by_every_tool(&process(HOSTILE), &settings);
}

#[test]
fn stages_of_opportunities_and_leads_have_the_values_salesforce_wants() {
    let output = emit("salesforce", &process(WHOLE), &[]);
    let stages = at(&output, "standardValueSets/OpportunityStage.standardValueSet");
    assert_eq!(
        elements(&stages, "standardValue"),
        [
            "fullName=3. Evaluation &amp; selection default=false label=3. Evaluation &amp; selection \
             closed=false forecastCategory=BestCase probability=40 won=false",
            "fullName=Won default=false label=Won closed=true forecastCategory=Closed probability=100 won=true",
            "fullName=Lost default=false label=Lost closed=true forecastCategory=Omitted probability=0 won=false",
        ]
    );
    let statuses = at(&output, "standardValueSets/LeadStatus.standardValueSet");
    assert_eq!(
        elements(&statuses, "standardValue"),
        [
            "fullName=Inquiry default=true label=Inquiry converted=false",
            "fullName=Qualified lead default=false label=Qualified lead converted=false",
            "fullName=Nurturing default=false label=Nurturing converted=false",
            "fullName=Not a fit default=false label=Not a fit converted=false",
            "fullName=Converted default=false label=Converted converted=true",
        ]
    );
}

#[test]
fn fields_have_the_types_of_the_process() {
    let output = emit("salesforce", &process(WHOLE), &[]);
    let field = |path: &str| {
        let xml = at(&output, &format!("objects/{path}.field"));
        let wanted = [
            "type",
            "length",
            "precision",
            "scale",
            "required",
            "unique",
            "referenceTo",
            "defaultValue",
        ];
        let inner = |name: &&str| {
            let value = xml.split(&format!("<{name}>")).nth(1)?.split('<').next()?;
            Some(format!("{name}={value}"))
        };
        wanted.iter().filter_map(inner).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        field("Lead/fields/Company_Size__c"),
        "type=Number precision=18 scale=0 required=false"
    );
    // Its bound, 0.125, has three decimals.
    assert_eq!(
        field("Lead/fields/Fit_Index__c"),
        "type=Number precision=18 scale=3 required=false"
    );
    assert_eq!(field("Lead/fields/Need__c"), "type=Text length=255 required=false");
    assert_eq!(field("Lead/fields/Touched_At__c"), "type=DateTime required=false");
    assert_eq!(field("Lead/fields/Opted_In__c"), "type=Checkbox defaultValue=false");
    assert_eq!(
        field("Lead/fields/Budget_Share__c"),
        "type=Percent precision=18 scale=2 required=false"
    );
    // The yen has no minor unit.
    assert_eq!(
        field("Opportunity/fields/Discount__c"),
        "type=Currency precision=18 scale=0 required=false"
    );
    assert_eq!(field("Opportunity/fields/Champion__c"), "type=Lookup referenceTo=User");
    assert_eq!(field("Customer__c/fields/Opportunity__c"), "type=Lookup referenceTo=Opportunity");
    assert_eq!(
        field("Opportunity/fields/Confirmed_Evaluation_Champion__c"),
        "type=Checkbox defaultValue=false"
    );
    let paths: Vec<&str> = output.artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    let has = |name: &str| paths.iter().any(|path| path.ends_with(name));
    // Standard fields are used as they are.
    assert!(!has("Lead/fields/Email__c.field-meta.xml"));
    assert!(!has("Opportunity/fields/Amount__c.field-meta.xml"));
    // Read or received by the deal, so copied; touched only by the lead, so not.
    assert!(has("Opportunity/fields/Company_Size__c.field-meta.xml"));
    assert!(!has("Opportunity/fields/Touched_At__c.field-meta.xml"));
}

#[test]
fn the_manifest_chooses_objects_names_and_history() {
    let settings = [
        ("objects.customer", "Account"),
        ("objects.deal", "Opportunity"),
        ("fields.lead.need", "Pain__c"),
        ("fields.deal.decision_maker", "Signer__c"),
        ("record_types.deal", "New_Business"),
        ("converted_status", "Qualified lead"),
        ("history", "1"),
        ("api_version", "62.0"),
    ];
    let process = process(WHOLE);
    read_by_every_tool(&process, &settings);
    let output = emit("salesforce", &process, &settings);
    let tracked = |path: &str| at(&output, path).contains("<trackHistory>true</trackHistory>");
    assert!(tracked("objects/Lead/fields/Company_Size__c.field"));
    assert!(!tracked("objects/Lead/fields/Industry__c.field"));
    // An account exists already: it gets a stage that nobody is forced to fill.
    assert!(
        at(&output, "objects/Account/fields/Stage__c.field").contains("<required>false</required>")
    );
    assert!(at(&output, "objects/Lead/fields/Pain__c.field").contains("<label>The problem"));
    assert!(at(&output, "objects/Opportunity/fields/Signer__c.field").contains("Who signs"));
    let record_type = at(&output, "objects/Opportunity/recordTypes/New_Business.recordType");
    assert!(record_type.contains("<businessProcess>New Business</businessProcess>"));
    let statuses = at(&output, "standardValueSets/LeadStatus.standardValueSet");
    let converted: Vec<String> = elements(&statuses, "standardValue")
        .into_iter()
        .filter(|v| v.contains("converted=true"))
        .collect();
    assert_eq!(
        converted,
        ["fullName=Qualified lead default=false label=Qualified lead converted=true"]
    );
    assert!(text(&output, "manifest/package.xml").contains("<version>62.0</version>"));
}

#[test]
fn two_record_types_share_an_object_when_their_stages_agree() {
    let source = r#"
process p { currency EUR }
team t { role r }
record deal "Deal" { amount money  reason one of [price, time] }
record renewal "Renewal" { amount money  months integer }
stage open "Open" { record deal entry owner r probability 20% advance to won }
stage won "Won" { record deal owner r outcome won probability 100% final }
stage due "Due" { record renewal entry owner r probability 60% advance to kept }
stage kept "Won" { record renewal owner r outcome won probability 100% final }
"#;
    let settings = [("objects.renewal", "Opportunity")];
    let process = process(source);
    read_by_every_tool(&process, &settings);
    let output = emit("salesforce", &process, &settings);
    let stages = at(&output, "standardValueSets/OpportunityStage.standardValueSet");
    let labels: Vec<&str> =
        stages.split("<label>").skip(1).filter_map(|s| s.split('<').next()).collect();
    assert_eq!(labels, ["Open", "Due", "Won"]);
    let renewal = at(&output, "objects/Opportunity/businessProcesses/P Renewal.businessProcess");
    assert_eq!(
        elements(&renewal, "values"),
        ["fullName=Due default=false", "fullName=Won default=false"]
    );

    // Kept as another value, the stage is so for both, and no other stage can be.
    let kept = |more: &[(&'static str, &'static str)]| {
        let mut all = settings.to_vec();
        all.extend(more);
        emit("salesforce", &process, &all)
    };
    let output = kept(&[
        ("stages.won", "Closed Won"),
        ("stages.kept", "Closed Won"),
        ("business_processes.renewal", "Renewals"),
    ]);
    assert_eq!(output.diagnostics.len(), kept(&[]).diagnostics.len());
    let stages = at(&output, "standardValueSets/OpportunityStage.standardValueSet");
    assert!(
        elements(&stages, "standardValue")[2]
            .starts_with("fullName=Closed Won default=false label=Won ")
    );
    let renewal = at(&output, "objects/Opportunity/businessProcesses/Renewals.businessProcess");
    assert_eq!(
        elements(&renewal, "values"),
        ["fullName=Due default=false", "fullName=Closed Won default=false"]
    );
    let record_type = at(&output, "objects/Opportunity/recordTypes/P_Renewal.recordType");
    assert!(record_type.contains("<businessProcess>Renewals</businessProcess>"), "{record_type}");
    let found = |more: &[(&'static str, &'static str)]| told(&kept(more).diagnostics).join("\n");
    let two = found(&[("stages.won", "Closed Won"), ("stages.kept", "Renewed")]);
    assert!(
        two.contains("stages `won` and `kept` are one value in Salesforce, but not alike"),
        "{two}"
    );
    let one = found(&[("stages.due", "open")]);
    let wanted =
        "stages `open` and `due` with different titles would both be kept as `open` in Salesforce";
    assert!(one.contains(wanted), "{one}");
    let same = found(&[("business_processes.renewal", "P Deal")]);
    assert!(same.contains("two business processes would be `P Deal`"), "{same}");

    let apart = source.replace(
        "outcome won probability 100% final }\nstage due",
        "outcome lost final }\nstage due",
    );
    let output = emit("salesforce", &crate::crm_support::process(&apart), &settings);
    assert_eq!(
        underlined(&apart, &output.diagnostics),
        [
            ("`deal` has no won stage in the sales process of opportunities in Salesforce", "deal"),
            ("stages `won` and `kept` are one value in Salesforce, but not alike", "\"Won\""),
            (
                "`renewal` has no lost stage in the sales process of opportunities in Salesforce",
                "renewal"
            ),
        ]
    );
}

#[test]
fn what_salesforce_cannot_hold_is_found_at_its_place() {
    let long = "x".repeat(41);
    let title = "long ".repeat(60);
    let source = format!(
        r#"
process p {{ currency EUR }}
team t {{ role r }}
record deal {{
  a_b   text
  a__b  text
  {long} text
  note  text "A title that is longer than forty characters can be"
}}
record customer from deal {{ stage text }}
stage open "Open" {{ record deal entry owner r probability 12.5% advance to again }}
stage again "OPEN" {{ record deal owner r forecast closed probability 20% advance to won }}
stage far "{title}" {{ record deal owner r advance to won }}
stage won "Won" {{ record deal owner r outcome won probability 90% forecast commit advance to live }}
stage live {{ record customer owner r final }}
"#
    );
    let output = emit("salesforce", &process(&source), &[]);
    let mut found = underlined(&source, &output.diagnostics);
    found.sort_unstable();
    let cut = format!(
        "field `{long}` has a longer name than Salesforce allows and becomes `X{}__c`",
        "x".repeat(39)
    );
    let quoted = format!("\"{title}\"");
    let mut expected = vec![
        (
            "field `a__b` and field `a_b` would both be `A_B__c` on `Opportunity` in Salesforce",
            "a__b",
        ),
        (cut.as_str(), long.as_str()),
        (
            "the title of field `note` is cut in Salesforce",
            "\"A title that is longer than forty characters can be\"",
        ),
        (
            "field `stage` and the stage would both be `Stage__c` on `Customer__c` in Salesforce",
            "stage",
        ),
        ("`open` has probability 12.5%, Salesforce gets 13%", "open"),
        (
            "stages `open` and `again` have one title, which is their identity in Salesforce",
            "\"OPEN\"",
        ),
        ("`again` is forecast as `closed`, Salesforce gets `commit`", "again"),
        ("`deal` has no lost stage in the sales process of opportunities in Salesforce", "deal"),
        ("stage `far` has a longer title than Salesforce can hold", quoted.as_str()),
        ("`far` has no probability, Salesforce gets 0%", "far"),
        ("`won` has probability 90%, Salesforce gets 100%", "won"),
        ("`won` is forecast as `commit`, Salesforce gets `closed`", "won"),
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn wrong_settings_are_found() {
    let settings = [
        ("objects.deel", "Opportunity"),
        ("objects.deal", "Oportunity"),
        ("fields.deal.amont", "Amount"),
        ("fields.amount", "Amount"),
        ("record_types.deal", "New Business"),
        ("business_processes.deal", "Sales/Service"),
        ("stages.wonn", "Closed Won"),
        ("stages.won", " "),
        ("bypass", "relay"),
        ("history", "21"),
        ("api_version", "64"),
        ("object", "x"),
    ];
    let output = emit("salesforce", &process(WHOLE), &settings);
    let help: Vec<String> = output
        .diagnostics
        .iter()
        .map(|f| format!("{}; {}", f.message, f.help.clone().unwrap_or_default()))
        .collect();
    assert_eq!(
        help,
        [
            "target `salesforce` has no setting `object`; did you mean `objects`?",
            "there is no record type `deel`; did you mean `deal`?",
            "`Oportunity` is no object that can hold stages; did you mean `Opportunity`?",
            "record type `deal` has no field `amont`; did you mean `amount`?",
            "`amount` names no field; write the record type and the field: `deal.amount`",
            "`New Business` is no API name of a record type; use letters, digits and single underscores: `New_Business`",
            "`Sales/Service` is no name of a business process; use at most 80 letters, digits, blanks, `_` and `-`: `Commercial Lines`",
            "there is no stage `wonn`; did you mean `won`?",
            "the value of a stage has 1 to 255 characters there; write its API name as it stands in Setup",
            "the permission set `Relay` is that of the process; give another name: `Relay_Bypass`",
            "`21` fields cannot keep their history; give a number from 0 to 20",
            "`64` is no version of the Metadata API; write it like `64.0`",
        ]
    );
    assert!(output.diagnostics.iter().all(|finding| finding.code.name() == "invalid-manifest"));
}

#[test]
fn a_hundred_stages_are_allowed_and_no_more() {
    let limit = "more than Salesforce can hold";
    let has = |count| {
        let output = emit("salesforce", &process(&chain("deal", count)), &[]);
        told(&output.diagnostics).iter().filter(|line| line.contains(limit)).count()
    };
    assert_eq!((has(100), has(101)), (0, 1));
}

#[test]
fn thousands_of_stages_are_written_in_no_time() {
    let process = process(&chain("customer", 2_000));
    let started = std::time::Instant::now();
    let output = emit("salesforce", &process, &[]);
    assert_eq!(
        told(&output.diagnostics),
        [
            "error[name-not-portable]: 2000 stages are more than Salesforce can hold",
            "warning[target-loss]: `Customer__c` gets 2001 validation rules, Enterprise Edition allows 100 active ones on an object",
        ]
    );
    // Quadratic work would take many times as long, even on a slow machine.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn the_same_process_gives_the_same_bytes() {
    let process = example("the_model");
    assert_eq!(
        emit("salesforce", &process, &[]).artifacts,
        emit("salesforce", &process, &[]).artifacts
    );
}
