//! Time limits of stages, and limits of Salesforce.

use serde_json::json;

use super::rules::engines_agree;
use super::scores::formula;
use super::{at, elements, read_by_every_tool};
use crate::crm_support::{emit, process, text, told};

const LIMITED: &str = r#"
process p { currency EUR languages [en, ko] }
team t { role r }
record lead "Lead" { }
record deal "Deal" from lead { amount money }
record customer "Customer" from deal { }
stage new "New" { record lead entry owner r limit 90m  advance to open  lose to nope }
stage nope "No" { record lead owner r outcome lost final }
stage open "Open" { record deal owner r probability 20% limit 5d  advance to far }
stage far "Far" { record deal owner r probability 50% limit 3 business days  advance to won  lose to lost }
stage won "Won" { record deal owner r outcome won advance to live }
stage lost "Lost" { record deal owner r outcome lost final }
stage live "Live" { record customer owner r limit 1w  lose to gone }
stage gone "Gone" { record customer owner r outcome lost final }
"#;

#[test]
fn who_is_past_a_limit_for_sure_is_listed() {
    let process = process(LIMITED);
    let settings = [("objects.customer", "Account")];
    read_by_every_tool(&process, &[]);
    read_by_every_tool(&process, &settings);
    let output = emit("salesforce", &process, &[]);
    let field = formula(&output, "Lead/fields/P_Past_Limit__c");
    assert_eq!(
        field,
        "AND(RecordType.DeveloperName = \"P_Lead\", AND(ISPICKVAL(Status, \"New\"), \
         ROUND((NOW() - LastModifiedDate) * 86400, 0) > 5400))"
    );
    let case = |stage: &str, changed: &str, record_type: &str, expect: bool| {
        json!({
            "values": { "Status": stage, "LastModifiedDate": changed, "RecordType.DeveloperName": record_type },
            "now": "2026-03-10T15:30:00Z", "expect": expect,
        })
    };
    engines_agree(&[json!({
        "name": "past", "formula": field,
        "fields": { "Status": "Picklist", "LastModifiedDate": "DateTime", "RecordType.DeveloperName": "Text" },
        "cases": [
            case("New", "2026-03-10T14:00:00Z", "P_Lead", false),
            case("New", "2026-03-10T13:59:59Z", "P_Lead", true),
            case("New", "2026-03-10T13:59:59Z", "Other", false),
            case("No", "2026-01-01T00:00:00Z", "P_Lead", false),
        ],
    })]);
    let list = at(&output, "objects/Opportunity/listViews/P_Past_Limit.listView");
    assert_eq!(elements(&list, "filters"), ["field=P_Past_Limit__c operation=equals value=1"]);
    assert!(list.contains("<label>Untouched past the limit</label>"), "{list}");
    let korean = at(&output, "objectTranslations/Customer__c-ko/P_Past_Limit__c.fieldTranslation");
    assert!(korean.contains("<label>기한이 지나도록 변경 없음</label>"), "{korean}");
    let readme = text(&output, "README.md");
    for wanted in [
        "- The list `P_Past_Limit` of `Opportunity` has the records that nobody has touched for longer than the limit of their stage: `open`.",
        "- `far`: it counts working time",
        "- The list `P_Past_Limit` of `Customer__c`",
    ] {
        assert!(readme.contains(wanted), "{wanted}: {readme}");
    }
    let output = emit("salesforce", &process, &settings);
    assert!(text(&output, "README.md").contains("- `live`: lists of this object are made by hand"));
}

#[test]
fn a_process_without_limits_has_no_list() {
    let source = LIMITED
        .replace("limit 90m", "")
        .replace("limit 5d", "")
        .replace("limit 3 business days", "")
        .replace("limit 1w", "");
    let output = emit("salesforce", &process(&source), &[]);
    let paths: Vec<&str> = output.artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    assert!(!paths.iter().any(|path| path.contains("Past_Limit")), "{paths:?}");
    assert!(!text(&output, "README.md").contains("## Time limits"));
}

#[test]
fn what_an_edition_does_not_allow_is_told() {
    // Each stage has one rule for its moves; the record type one for its beginning.
    let stages: String = (0..105)
        .map(|n| {
            format!(
                "stage s{n} {{ record customer owner rep {} advance to s{} }}\n",
                if n == 0 { "entry" } else { "" },
                n + 1
            )
        })
        .collect();
    let fields: String = (0..30).map(|n| format!("f{n} text\n")).collect();
    let source = format!(
        "process p {{ }} team sales {{ role rep }} record customer {{ {fields} }}\n{stages}\
         stage s105 {{ record customer owner rep final }}"
    );
    let process = process(&source);
    let found = |edition: &str| {
        let output = emit("salesforce", &process, &[("edition", edition)]);
        let told = told(&output.diagnostics);
        told.into_iter().filter(|line| line.contains("Edition")).collect::<Vec<_>>()
    };
    assert_eq!(
        found("enterprise"),
        [
            "warning[target-loss]: `Customer__c` gets 107 validation rules, Enterprise Edition allows 100 active ones on an object"
        ]
    );
    assert_eq!(found("unlimited"), Vec::<String>::new());
    assert_eq!(
        found("starter"),
        [
            "warning[target-loss]: `Customer__c` gets 107 validation rules, Starter Edition allows 20 active ones on an object",
            "warning[target-loss]: `Customer__c` gets 31 custom fields, Starter Edition allows 25 of them on an object",
        ]
    );
    let output = emit("salesforce", &process, &[("edition", "unlimitd")]);
    assert!(
        told(&output.diagnostics).contains(
            &"error[invalid-manifest]: `unlimitd` is no edition of Salesforce".to_owned()
        )
    );
}
