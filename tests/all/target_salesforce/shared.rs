//! Objects that hold records of others, too: which records the rules ask, judged by both formula
//! engines against tables made by hand.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::rules::{Rule, engines_agree, fields, rules, unasked};
use super::{at, read_by_every_tool};
use crate::crm_support::{emit, process, text};
use crate::target_ledger::ledger_of;

/// A won deal goes on as an account; the seats of one are kept in Salesforce's own field.
const ACCOUNTS: &str = r#"
process p { currency EUR }
team sales { role rep }
record deal { amount money at least 500 EUR  seats integer }
record customer from deal { staff integer at least 1  note text }
stage open "Open" { record deal owner rep entry probability 10%  collect [seats]
  exit when { sized "Seats are known" seats is present } advance to won  lose to lost }
stage won "Won" { record deal owner rep outcome won  advance to onboarding when amount is present }
stage lost "Lost" { record deal owner rep outcome lost final }
stage onboarding "Onboarding" { record customer owner rep  advance to live }
stage live "Live" { record customer owner rep  advance to onboarding  advance to gone }
stage gone "Gone" { record customer owner rep final }
"#;

const SETTINGS: &[(&str, &str)] =
    &[("objects.customer", "Account"), ("fields.customer.staff", "NumberOfEmployees")];

const TYPES: &[(&str, &str)] = &[
    ("$Permission.P_Bypass", "Checkbox"),
    ("RecordType.DeveloperName", "Text"),
    ("Stage__c", "Picklist"),
    ("StageName", "Picklist"),
    ("Status", "Picklist"),
    ("Amount", "Currency"),
    ("Reason__c", "Text"),
    ("School__c", "Text"),
    ("Kind__c", "Picklist"),
    ("Boss__c", "Text"),
    ("Vat__c", "Text"),
    ("NumberOfEmployees", "Number"),
    ("Opportunity__c", "Text"),
    ("Opportunity__r.RecordType.DeveloperName", "Text"),
    ("Opportunity__r.StageName", "Picklist"),
    ("Opportunity__r.Amount", "Currency"),
];

/// A save: what the record holds, what it held (none: it is new), and which of the rules refuse it.
pub(super) type Save<'a> = (Json, Option<Json>, &'a [&'a str]);

/// Each rule must refuse the saves that name it, and no other.
pub(super) fn refuse(rules: &BTreeMap<String, Rule>, saves: &[Save<'_>]) {
    for (_, _, refused) in saves {
        assert!(refused.iter().all(|name| rules.contains_key(*name)), "{:?}", rules.keys());
    }
    let formulas: Vec<Json> = rules
        .iter()
        .map(|(name, rule)| {
            let cases: Vec<Json> = saves
                .iter()
                .map(|(held, prior, refused)| {
                    let mut values: Map<String, Json> =
                        json!({ "$Permission.P_Bypass": false }).as_object().unwrap().clone();
                    values.extend(held.as_object().unwrap().clone());
                    json!({
                        "values": values, "prior": prior.clone().unwrap_or(json!({})),
                        "isNew": prior.is_none(), "expect": refused.contains(&name.as_str()),
                    })
                })
                .collect();
            json!({ "name": name, "formula": rule.formula, "fields": fields(&rule.formula, TYPES), "cases": cases })
        })
        .collect();
    engines_agree(&formulas);
}

#[test]
fn accounts_of_the_org_are_left_alone() {
    let process = process(ACCOUNTS);
    read_by_every_tool(&process, SETTINGS);
    let output = emit("salesforce", &process, SETTINGS);
    let account = rules(&output, "Account");
    let names: Vec<&str> = account.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "P_Customer_Staff_Bounds",
            "P_Customer_Start",
            "P_Gone_Moves",
            "P_Live_Moves",
            "P_Onboarding_Moves",
            "P_Onboarding_Origin",
            "P_Won_To_Onboarding_When",
        ]
    );
    // Of an account: its stage, its staff, and the deal that it continues.
    let one = |stage: Json, staff: Json, deal: Option<(&str, Json)>| {
        let mut held = json!({
            "Stage__c": stage, "NumberOfEmployees": staff, "Opportunity__c": null,
            "Opportunity__r.RecordType.DeveloperName": null, "Opportunity__r.StageName": null,
            "Opportunity__r.Amount": null,
        });
        if let Some((stage, amount)) = deal {
            held["Opportunity__c"] = "006".into();
            held["Opportunity__r.RecordType.DeveloperName"] = "P_Deal".into();
            held["Opportunity__r.StageName"] = stage.into();
            held["Opportunity__r.Amount"] = amount;
        }
        held
    };
    let none = || Json::Null;
    let won = || Some(("Won", json!(900)));
    let was = |stage: Json| Some(json!({ "Stage__c": stage }));
    let saves: Vec<Save<'_>> = vec![
        // A prospect, as people make it and as the conversion of a lead does; and edited later.
        (one(none(), none(), None), None, &[]),
        (one(none(), json!(0), None), None, &[]),
        (one(none(), json!(0), None), Some(json!({ "NumberOfEmployees": 7 })), &[]),
        // A customer from the start.
        (one("onboarding".into(), json!(3), won()), None, &[]),
        (one("onboarding".into(), none(), None), None, &["P_Onboarding_Origin"]),
        (
            one("onboarding".into(), none(), Some(("Open", json!(900)))),
            None,
            &["P_Onboarding_Origin"],
        ),
        (
            one("onboarding".into(), none(), Some(("Won", none()))),
            None,
            &["P_Won_To_Onboarding_When"],
        ),
        (one("live".into(), none(), won()), None, &["P_Customer_Start"]),
        (one("onboarding".into(), json!(0), won()), None, &["P_Customer_Staff_Bounds"]),
        // A prospect that becomes a customer is asked the same.
        (one("onboarding".into(), json!(3), won()), was(none()), &[]),
        (one("onboarding".into(), json!(3), None), was(none()), &["P_Onboarding_Origin"]),
        (
            one("onboarding".into(), json!(3), Some(("Won", none()))),
            was(none()),
            &["P_Won_To_Onboarding_When"],
        ),
        (one("live".into(), json!(3), won()), was(none()), &["P_Customer_Start"]),
        (one("onboarding".into(), json!(0), won()), was(none()), &["P_Customer_Staff_Bounds"]),
        // A customer moves as the process says, and stays one.
        (one("live".into(), json!(3), None), was("onboarding".into()), &[]),
        (one("gone".into(), json!(3), None), was("onboarding".into()), &["P_Onboarding_Moves"]),
        (one(none(), json!(3), None), was("onboarding".into()), &["P_Onboarding_Moves"]),
        // All other stages may follow this one; none may not.
        (one("gone".into(), json!(3), None), was("live".into()), &[]),
        (one(none(), json!(3), None), was("live".into()), &["P_Live_Moves"]),
        (
            one("live".into(), json!(0), None),
            Some(json!({ "NumberOfEmployees": 7 })),
            &["P_Customer_Staff_Bounds"],
        ),
        (one("live".into(), json!(0), None), Some(json!({})), &[]),
    ];
    refuse(&account, &saves);
    // No account gets a stage that nobody gave it.
    let stage = at(&output, "objects/Account/fields/Stage__c.field");
    assert!(!stage.contains("<default>true</default>"), "{stage}");
    let readme = text(&output, "README.md");
    for said in [
        "A record of `Account` whose `Stage__c` is blank is none of the process, and no rule asks it",
        "Let people or a flow fill in `Stage__c` of `Account` when a record becomes `customer`, together with `Opportunity__c`",
    ] {
        assert!(readme.contains(said), "{said}: {readme}");
    }
    let ledger = ledger_of(&process, &[("salesforce", SETTINGS)]);
    let of = |kind: &str, name: &str| {
        let demands = ledger["demands"].as_array().unwrap();
        let found = demands.iter().find(|one| one["kind"] == kind && one["name"] == name);
        found.unwrap()["systems"]["Salesforce"].clone()
    };
    assert_eq!(
        of("declared moves", "onboarding"),
        json!({ "hold": "enforced", "except": "holders of the custom permission `P_Bypass`, nor for records of `Account` whose `Stage__c` is blank" })
    );
    assert_eq!(
        of("declared moves", "won"),
        json!({ "hold": "enforced", "except": "holders of the custom permission `P_Bypass`" })
    );
}

/// An object of the process's own has none but its records: there a stage is given.
#[test]
fn an_object_of_its_own_gives_a_stage() {
    let output = emit("salesforce", &process(ACCOUNTS), &[]);
    let stage = at(&output, "objects/Customer__c/fields/Stage__c.field");
    assert!(stage.contains("<default>true</default>"), "{stage}");
    let rules = rules(&output, "Customer__c");
    assert!(rules["P_Customer_Start"].formula.contains("\n  ISNEW(),\n"));
}

#[test]
fn bounds_are_for_the_record_types_that_have_the_field() {
    let more = r#"
record renewal from deal { months integer at most 36 }
stage due "Due" { record renewal owner rep entry probability 10%  collect [amount] advance to kept }
stage kept "Won" { record renewal owner rep outcome won final }
"#;
    let source = ACCOUNTS.replace("at least 500 EUR ", "at least 500 EUR at most 9000 EUR ") + more;
    let settings = [("objects.renewal", "Opportunity")];
    let output = emit("salesforce", &process(&source), &settings);
    let all = rules(&output, "Opportunity");
    let rules = [("P_Deal_Amount_Bounds", &all["P_Deal_Amount_Bounds"])];
    let rules = rules.into_iter().map(|(name, rule)| {
        (name.to_owned(), Rule { formula: rule.formula.clone(), message: String::new() })
    });
    let of = |record_type: &str, id: &str, amount: Json| json!({ "RecordType.DeveloperName": record_type, "RecordTypeId": id, "Amount": amount });
    let beyond = &["P_Deal_Amount_Bounds"][..];
    let saves: Vec<Save<'_>> = vec![
        (of("P_Deal", "1", json!(499)), None, beyond),
        (of("P_Deal", "1", json!(500)), None, &[]),
        (of("P_Deal", "1", json!(9001)), Some(json!({ "Amount": 1000 })), beyond),
        // A renewal has the amount of the deal it continues.
        (of("P_Renewal", "2", json!(499)), None, beyond),
        // Another process, another department.
        (of("Donation", "3", json!(5)), None, &[]),
        (of("Donation", "3", json!(5)), Some(json!({ "Amount": 1000 })), &[]),
        // It is asked once it is a deal.
        (of("P_Deal", "1", json!(5)), Some(json!({ "RecordTypeId": "3" })), beyond),
        (of("P_Deal", "1", json!(5)), Some(json!({})), &[]),
    ];
    refuse(&rules.collect(), &saves);
}

/// Where nothing tells the records of the process, Salesforce's own field is not touched; one of our
/// own is.
#[test]
fn what_nothing_tells_apart_is_not_asked() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record company { staff integer at least 1  desks integer at least 2 }
record deal from company { note text }
stage open "Open" { record deal owner rep entry probability 10% advance to won }
stage won "Won" { record deal owner rep outcome won final }
"#;
    let settings = [("objects.company", "Account"), ("fields.company.staff", "NumberOfEmployees")];
    let process = process(source);
    let output = emit("salesforce", &process, &settings);
    let names: Vec<String> = rules(&output, "Account").into_keys().collect();
    assert_eq!(names, ["P_Company_Desks_Bounds"]);
    let why = "nothing tells the records it is for from others of `Account`";
    assert_eq!(unasked(&output), [format!("Bounds of field `company.staff`: {why}")]);
    let ledger = ledger_of(&process, &[("salesforce", &settings)]);
    let demands = ledger["demands"].as_array().unwrap();
    let staff = demands.iter().find(|one| one["name"] == "company.staff").unwrap();
    assert_eq!(staff["systems"]["Salesforce"], json!({ "hold": "documented", "why": why }));
}

/// Two record types on one object have a stage of one title: a won deal goes on as an upgrade.
#[test]
fn a_record_may_go_on_as_another_record_type() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record deal { ok boolean }
record upgrade from deal { reason text }
stage open "Open" { record deal owner rep entry probability 10% advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won  advance to visit }
stage lost "Lost" { record deal owner rep outcome lost final }
stage visit "Visit" { record upgrade owner rep probability 10%
  enter when { why "A reason" reason is present } advance to offer }
stage offer "Offer" { record upgrade owner rep probability 20%
  enter when { again "A reason still" reason is present } advance to done lose to gone }
stage done "Won" { record upgrade owner rep outcome won final }
stage gone "Lost" { record upgrade owner rep outcome lost  recycle to offer }
"#;
    let settings = [("objects.upgrade", "Opportunity")];
    let output = emit("salesforce", &process(source), &settings);
    let all = rules(&output, "Opportunity");
    let of = |upgrade: bool, stage: &str, reason: Json| {
        let (name, id) = if upgrade { ("P_Upgrade", "2") } else { ("P_Deal", "1") };
        json!({ "RecordType.DeveloperName": name, "RecordTypeId": id, "StageName": stage, "Reason__c": reason })
    };
    let was = |stage: &str, id: &str| Some(json!({ "StageName": stage, "RecordTypeId": id }));
    let x = || json!("x");
    let saves: Vec<Save<'_>> = vec![
        // Declared: from won to visit, in one save.
        (of(true, "Visit", x()), was("Won", "1"), &[]),
        (of(true, "Visit", Json::Null), was("Won", "1"), &["P_Visit_Entry_Why"]),
        // No upgrade begins elsewhere, by whatever way it becomes one.
        (of(true, "Offer", x()), was("Won", "1"), &["P_Upgrade_Start"]),
        (of(true, "Offer", x()), was("Lost", "1"), &["P_Upgrade_Start"]),
        (of(true, "Won", x()), Some(json!({ "RecordTypeId": "1" })), &["P_Upgrade_Start"]),
        (of(true, "Offer", x()), None, &["P_Upgrade_Start"]),
        // Its own moves are those of the process.
        (of(true, "Offer", x()), was("Visit", "2"), &[]),
        (of(true, "Offer", Json::Null), was("Visit", "2"), &["P_Offer_Entry_Again"]),
        (of(true, "Visit", x()), was("Won", "2"), &["P_Done_Moves"]),
        (of(false, "Open", x()), was("Won", "1"), &["P_Won_Moves"]),
        // Back to a deal is no other way.
        (of(false, "Won", x()), was("Offer", "2"), &["P_Deal_Start"]),
    ];
    refuse(&all, &saves);
}

/// Two record types of one object that every org has: who changes one into the other keeps its stage.
#[test]
fn a_change_of_record_type_takes_no_stage_away() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record customer { tier text }
record partner { level text }
stage fresh "Fresh" { record customer owner rep entry advance to live }
stage live "Live" { record customer owner rep final }
stage known "Known" { record partner owner rep entry advance to busy }
stage busy "Busy" { record partner owner rep entry final }
"#;
    let settings = [("objects.customer", "Account"), ("objects.partner", "Account")];
    let process = process(source);
    read_by_every_tool(&process, &settings);
    let output = emit("salesforce", &process, &settings);
    let all = rules(&output, "Account");
    let of = |partner: bool, stage: Json| {
        let (name, id) = if partner { ("P_Partner", "2") } else { ("P_Customer", "1") };
        json!({ "RecordType.DeveloperName": name, "RecordTypeId": id, "Stage__c": stage })
    };
    let was = |stage: Json, id: &str| Some(json!({ "Stage__c": stage, "RecordTypeId": id }));
    let none = || Json::Null;
    let saves: Vec<Save<'_>> = vec![
        // A customer leaves the process by no change of its record type, also where partners begin anywhere.
        (of(true, none()), was("live".into(), "1"), &["P_Partner_Start"]),
        (of(false, none()), was("busy".into(), "2"), &["P_Customer_Start"]),
        (of(true, "known".into()), was("live".into(), "1"), &[]),
        (of(false, "live".into()), was("busy".into(), "2"), &["P_Customer_Start"]),
        // An account that is none of the process stays that.
        (of(true, none()), was(none(), "1"), &[]),
        (of(true, none()), None, &[]),
        (of(false, none()), None, &[]),
        (of(false, "fresh".into()), was(none(), "2"), &[]),
        (of(false, none()), was("fresh".into(), "1"), &["P_Fresh_Moves"]),
    ];
    refuse(&all, &saves);
}

/// Salesforce can require a field of all records of an object only; so a rule asks those that must have it.
#[test]
fn what_is_required_is_asked_of_its_record_type() {
    let source = r#"
process p { currency EUR languages [en, ja, ko] }
team sales { role rep }
record deal { school text "School" ko "학교" required  kind one of [a "A", b "B"] required  sure boolean required  boss user required  amount money required }
record renewal from deal { months integer }
record customer from renewal { vat text "VAT" required }
record site from customer { place text required  head user "Head" required }
stage open "Open" { record deal owner rep entry probability 10% advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won  advance to due }
stage lost "Lost" { record deal owner rep outcome lost final }
stage due "Due" { record renewal owner rep probability 10% advance to kept lose to gone }
stage kept "Kept" { record renewal owner rep outcome won  advance to live }
stage gone "Gone" { record renewal owner rep outcome lost final }
stage live "Live" { record customer owner rep advance to built }
stage built "Built" { record site owner rep final }
"#;
    let settings = [("objects.renewal", "Opportunity"), ("objects.customer", "Account")];
    let process = process(source);
    read_by_every_tool(&process, &settings);
    let output = emit("salesforce", &process, &settings);
    let required = |object: &str| -> BTreeMap<String, Rule> {
        rules(&output, object).into_iter().filter(|(name, _)| name.ends_with("_Required")).collect()
    };
    let deal = required("Opportunity");
    let names: Vec<&str> = deal.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "P_Deal_Amount_Required",
            "P_Deal_Boss_Required",
            "P_Deal_Kind_Required",
            "P_Deal_School_Required"
        ]
    );
    assert_eq!(deal["P_Deal_School_Required"].message, "Fill in “School”");
    let of = |record_type: &str, blank: Option<&str>| {
        let mut held = json!({
            "RecordType.DeveloperName": record_type, "School__c": "x", "Kind__c": "a", "Boss__c": "005", "Amount": 1,
        });
        if let Some(blank) = blank {
            held[blank] = Json::Null;
        }
        held
    };
    let saves: Vec<Save<'_>> = vec![
        (of("P_Deal", None), None, &[]),
        (of("P_Deal", Some("School__c")), None, &["P_Deal_School_Required"]),
        (of("P_Deal", Some("Kind__c")), None, &["P_Deal_Kind_Required"]),
        (of("P_Deal", Some("Boss__c")), None, &["P_Deal_Boss_Required"]),
        (of("P_Deal", Some("Amount")), Some(json!({})), &["P_Deal_Amount_Required"]),
        // A renewal has no school of its own, and a donation none at all.
        (of("P_Renewal", Some("School__c")), None, &[]),
        (of("Donation", Some("School__c")), None, &[]),
    ];
    refuse(&deal, &saves);
    let customer = required("Account");
    let saves: Vec<Save<'_>> = vec![
        (json!({ "Stage__c": "live", "Vat__c": null }), None, &["P_Customer_Vat_Required"]),
        (json!({ "Stage__c": "live", "Vat__c": "x" }), None, &[]),
        (json!({ "Stage__c": null, "Vat__c": null }), None, &[]),
    ];
    refuse(&customer, &saves);
    // Only a record type that has its object to itself requires it there; a lookup cannot be required.
    let site = required("Site__c");
    assert_eq!(site.keys().collect::<Vec<_>>(), ["P_Site_Head_Required"]);
    let is_required = |path: &str| at(&output, path).contains("<required>true</required>");
    assert!(is_required("objects/Site__c/fields/Place__c.field"));
    assert!(!is_required("objects/Opportunity/fields/School__c.field"));
    assert!(!is_required("objects/Account/fields/Vat__c.field"));
    let korean = at(&output, "objectTranslations/Opportunity-ko/Opportunity-ko.objectTranslation");
    assert!(korean.contains("<name>P_Deal_School_Required</name>"), "{korean}");
}
