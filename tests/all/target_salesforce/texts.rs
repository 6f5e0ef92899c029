//! How rules are called, what they say, and what stands beside them.

use super::rules::{process_with, rules, unasked};
use crate::crm_support::{WHOLE, emit, process};

#[test]
fn a_formula_that_is_too_long_is_not_asked() {
    let conditions =
        [(0..200).map(|n| format!("note = \"text {n}\"")).collect::<Vec<_>>().join(" or ")];
    let output = emit("salesforce", &process_with(&conditions), &[]);
    assert!(!rules(&output, "Opportunity").contains_key("P_A_Exit_C0"));
    assert_eq!(
        unasked(&output),
        [
            "exit criterion `c0` of stage `a`: its formula has more than 3900 characters or 4000 bytes"
        ]
    );
}

#[test]
fn paths_and_permissions_name_what_is_there() {
    let output = emit("salesforce", &process(WHOLE), &[]);
    let path = super::at(&output, "pathAssistants/Relay_Lead.pathAssistant");
    assert_eq!(
        super::elements(&path, "pathAssistantSteps"),
        [
            "fieldNames=Email fieldNames=Company_Size__c fieldNames=Industry__c \
             info=&lt;p&gt;Learn who they are.&lt;/p&gt; picklistValueName=Inquiry",
            "fieldNames=Need__c fieldNames=Meeting_At__c fieldNames=Touched_At__c fieldNames=Reject_Reason__c \
             fieldNames=Company_Size__c info=&lt;p&gt;Call within the hour.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;We spoke&lt;/li&gt;\
             &lt;li&gt;Need known&lt;/li&gt;&lt;li&gt;Size known&lt;/li&gt;&lt;/ul&gt; picklistValueName=Qualified lead",
        ]
    );
    let users = super::at(&output, "permissionsets/Relay.permissionset");
    assert!(users.contains("<field>Lead.Need__c</field>"), "{users}");
    // Everyone must fill it, so everyone may.
    assert!(!users.contains("Customer__c.Stage__c"), "{users}");
    let bypass = super::at(&output, "permissionsets/Relay_Bypass.permissionset");
    assert_eq!(super::elements(&bypass, "customPermissions"), ["enabled=true name=Relay_Bypass"]);
    super::at(&output, "customPermissions/Relay_Bypass.customPermission");
}

#[test]
fn nothing_is_asked_of_a_record_that_stays_where_it_is() {
    let text = r#"process p { }
        team sales { role rep }
        record deal { note text  size integer }
        stage won { record deal owner sales outcome won final }
        stage a { record deal owner sales entry
          advance to won when note is present
          recycle to a when size > 3
        }
    "#;
    let output = emit("salesforce", &process(text), &[]);
    let rules = rules(&output, "Opportunity");
    let names: Vec<&str> = rules.keys().map(String::as_str).collect();
    assert_eq!(names, ["P_A_To_Won_When", "P_Deal_Start", "P_Won_Moves"]);
    assert_eq!(unasked(&output), Vec::<&str>::new());
}

#[test]
fn rules_with_names_that_meet_are_told_apart() {
    // The moves out of `a_exit`, and the criterion `moves` of those who leave `a`.
    let text = r#"process p { }
        team sales { role rep }
        record deal { note text }
        stage won { record deal owner sales outcome won final }
        stage a_exit { record deal owner sales advance to won }
        stage a { record deal owner sales entry
          exit when { moves "It moves" note is present }
          advance to a_exit
        }
    "#;
    let output = emit("salesforce", &process(text), &[]);
    let rules = rules(&output, "Opportunity");
    let messages: Vec<(&str, &str)> = rules
        .iter()
        .filter(|(name, _)| name.starts_with("P_A_Exit_Moves"))
        .map(|(name, rule)| (name.as_str(), rule.message.as_str()))
        .collect();
    let [(first, criterion), (second, moves)] = messages.as_slice() else {
        panic!("{messages:?}");
    };
    assert_eq!((*first, *criterion), ("P_A_Exit_Moves", "A: It moves"));
    let mark = second.strip_prefix("P_A_Exit_Moves_").unwrap();
    assert!(mark.len() == 8 && mark.chars().all(|c| c.is_ascii_hexdigit()), "{second}");
    assert_eq!(*moves, "From \u{201c}A exit\u{201d} a record can move to: “Won”");
}

#[test]
fn what_several_parts_guard_is_asked_once() {
    let conditions = ["size between 2 and 5 and (size != 4 and note is present)".to_owned()];
    let output = emit("salesforce", &process_with(&conditions), &[]);
    let formula = &rules(&output, "Opportunity")["P_A_Exit_C0"].formula;
    assert_eq!(formula.matches("ISBLANK(Size__c)").count(), 1, "{formula}");
    assert_eq!(formula.matches("AND(").count(), 2, "{formula}");
}

/// Of several ways between two stages each says all that opens it, in the languages of the process.
#[test]
fn each_of_several_ways_says_what_opens_it() {
    let source = r#"
process p { languages [en, ko] }
team sales { role rep }
record plan { need text "Need" ko "필요"  due date "Due" }
stage live "Live" { record plan owner rep entry exit when { dated "Date known" ko "날짜를 안다" due is present }
  advance to renewal  recycle to renewal "Early talk" when need is present }
stage renewal "Renewal" { record plan owner rep final enter when { ready "Ready to talk" ko "이야기할 준비가 됐다" due > today } }
"#;
    let output = emit("salesforce", &process(source), &[]);
    let rules = super::rules::rules(&output, "Plan__c");
    let said = &rules["P_Live_To_Renewal_Open"].message;
    assert!(said.starts_with("Live → Renewal: "), "{said}");
    for part in ["Date known", "Ready to talk", "Need is filled in"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let korean = super::at(&output, "objectTranslations/Plan__c-ko/Plan__c-ko.objectTranslation");
    assert!(korean.contains("날짜를 안다"), "{korean}");
}
