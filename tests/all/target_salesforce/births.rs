//! Rules for records that are made to continue others, judged by both formula engines against tables
//! made by hand.

use serde_json::{Value as Json, json};

use super::rules::{engines_agree, rules, unasked};
use crate::crm_support::{emit, process};

/// A tip becomes a trial, a trial a subscription; trials also begin on their own.
const CHAIN: &str = r#"
process p { currency EUR }
team sales { role rep }
record tip { region one of [coast, plain]  insured money  called_at datetime  sure boolean }
record trial from tip { tiles integer }
record sub from trial { fee money }
stage heard "Heard" {
  record tip  owner rep  entry  collect [region, insured, called_at, sure]
  exit when {
    called "We called" called_at is present
    coast  "The coast is worth it" insured >= 1000 EUR if region = coast
  }
  advance to proving when sure
  advance to short when region = plain
  recycle to asked
  lose to dropped
}
stage dropped "Dropped" { record tip  owner rep  outcome lost  recycle to heard }
stage asked "Asked" { record trial  owner rep  entry  advance to proving }
stage short "Short" { record trial  owner rep  entry  enter when { sized "It is measured" tiles is present }  advance to proving }
stage proving "Proving" {
  record trial  owner rep  collect [tiles]
  exit when { seen "Seen on three tiles" tiles >= 3 and region is present }
  advance to live
}
stage live "Live" { record sub  owner rep  outcome won final }
"#;

fn engine(name: &str, formula: &str, cases: &[(Json, bool)]) -> Json {
    let types = [
        ("$Permission.P_Bypass", "Checkbox"),
        ("Stage__c", "Picklist"),
        ("Tiles__c", "Number"),
        ("Tip__c", "Text"),
        ("Tip__r.Stage__c", "Picklist"),
        ("Tip__r.Region__c", "Picklist"),
        ("Tip__r.Insured__c", "Currency"),
        ("Tip__r.Called_At__c", "DateTime"),
        ("Tip__r.Sure__c", "Checkbox"),
        ("Trial__c", "Text"),
        ("Trial__r.Stage__c", "Picklist"),
        ("Trial__r.Tiles__c", "Number"),
        ("Trial__r.Region__c", "Picklist"),
    ];
    let named: serde_json::Map<String, Json> = types
        .iter()
        .filter(|(name, _)| formula.contains(name))
        .map(|(name, of)| ((*name).to_owned(), (*of).into()))
        .collect();
    let cases: Vec<Json> = cases
        .iter()
        .map(|(held, refused)| {
            let mut one = json!({ "values": held, "isNew": true, "expect": refused });
            // A record that is only edited.
            if held["edited"] == true {
                one["isNew"] = false.into();
                one["prior"] = json!({});
            }
            one["values"]["$Permission.P_Bypass"] = (held["bypass"] == true).into();
            one
        })
        .collect();
    json!({ "name": name, "formula": formula, "fields": named, "cases": cases })
}

#[test]
fn a_new_record_is_asked_for_what_its_move_asks() {
    let output = emit("salesforce", &process(CHAIN), &[]);
    let trial = rules(&output, "Trial__c");
    let names: Vec<&str> = trial.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "P_Asked_Moves",
            "P_Asked_Origin",
            "P_Heard_Exit_Called",
            "P_Heard_Exit_Coast",
            "P_Heard_To_Proving_When",
            "P_Heard_To_Short_When",
            "P_Proving_Moves",
            "P_Proving_Origin",
            "P_Short_Entry_Sized",
            "P_Short_Moves",
            "P_Short_Origin",
        ]
    );
    let called = |stage: &str, from: Json, at: Json| json!({ "Stage__c": stage, "Tip__c": "a01", "Tip__r.Stage__c": from, "Tip__r.Called_At__c": at });
    let at = || json!("2026-03-01T10:00:00Z");
    let with = |mut held: Json, key: &str| {
        held[key] = true.into();
        held
    };
    let coast = |region: Json, insured: Json| {
        json!({
            "Stage__c": "proving", "Tip__c": "a01", "Tip__r.Stage__c": "heard",
            "Tip__r.Region__c": region, "Tip__r.Insured__c": insured,
        })
    };
    let sure = |sure: bool| json!({ "Stage__c": "proving", "Tip__r.Stage__c": "heard", "Tip__r.Sure__c": sure });
    let origin = |stage: &str, tip: Json, from: Json| json!({ "Stage__c": stage, "Tip__c": tip, "Tip__r.Stage__c": from });
    let sized = |tip: Json, from: Json, tiles: Json| json!({ "Stage__c": "short", "Tip__c": tip, "Tip__r.Stage__c": from, "Tiles__c": tiles });
    let none = || Json::Null;
    let formulas = [
        engine(
            "called",
            &trial["P_Heard_Exit_Called"].formula,
            &[
                (called("proving", "heard".into(), at()), false),
                (called("proving", "heard".into(), none()), true),
                (with(called("proving", "heard".into(), none()), "bypass"), false),
                (with(called("proving", "heard".into(), none()), "edited"), false),
                // Sent back, and made without a tip: what advances ask is not asked.
                (called("short", "heard".into(), none()), true),
                (called("asked", "heard".into(), none()), false),
                (called("proving", none(), none()), false),
                (called("proving", "dropped".into(), none()), false),
            ],
        ),
        engine(
            "coast",
            &trial["P_Heard_Exit_Coast"].formula,
            &[
                (coast("coast".into(), 1000.into()), false),
                (coast("coast".into(), 999.into()), true),
                (coast("coast".into(), none()), true),
                (coast("plain".into(), none()), false),
                (coast(none(), none()), false),
            ],
        ),
        engine(
            "sure",
            &trial["P_Heard_To_Proving_When"].formula,
            &[(sure(true), false), (sure(false), true)],
        ),
        // A trial is proved only when its tip was heard: it does not begin there by itself.
        engine(
            "proving",
            &trial["P_Proving_Origin"].formula,
            &[
                (origin("proving", "a01".into(), "heard".into()), false),
                (origin("proving", "a01".into(), "dropped".into()), true),
                (origin("proving", none(), none()), true),
                (origin("asked", none(), none()), false),
            ],
        ),
        // It may be asked for by itself.
        engine(
            "asked",
            &trial["P_Asked_Origin"].formula,
            &[
                (origin("asked", none(), none()), false),
                (origin("asked", "a01".into(), "heard".into()), false),
                (origin("asked", "a01".into(), "dropped".into()), true),
            ],
        ),
        // What the stage asks of those who come, it does not ask of those who begin there.
        engine(
            "sized",
            &trial["P_Short_Entry_Sized"].formula,
            &[
                (sized("a01".into(), "heard".into(), 1.into()), false),
                (sized("a01".into(), "heard".into(), none()), true),
                (sized(none(), none(), none()), false),
            ],
        ),
    ];
    engines_agree(&formulas);
    assert_eq!(trial["P_Heard_Exit_Called"].message, "Heard: We called");
    assert_eq!(
        trial["P_Proving_Origin"].message,
        "To begin in “Proving”, link a record of “Tip” that is in: “Heard”"
    );
    assert_eq!(unasked(&output), Vec::<&str>::new());
}

#[test]
fn what_a_record_has_from_an_earlier_one_is_seen_through_it() {
    let output = emit("salesforce", &process(CHAIN), &[]);
    let sub = rules(&output, "Sub__c");
    let held = |tiles: Json, region: Json| {
        json!({
            "Stage__c": "live", "Trial__c": "a02", "Trial__r.Stage__c": "proving",
            "Trial__r.Tiles__c": tiles, "Trial__r.Region__c": region,
        })
    };
    engines_agree(&[engine(
        "seen",
        &sub["P_Proving_Exit_Seen"].formula,
        &[
            (held(3.into(), "coast".into()), false),
            (held(2.into(), "coast".into()), true),
            (held(3.into(), Json::Null), true),
            (held(Json::Null, "plain".into()), true),
        ],
    )]);
}

/// An object that holds several record types tells them apart; one object has no lookup to itself.
#[test]
fn the_earlier_record_is_of_the_right_type() {
    let settings = [("objects.sub", "Trial__c")];
    let output = emit("salesforce", &process(CHAIN), &settings);
    let trial = rules(&output, "Trial__c");
    assert!(!trial.contains_key("P_Proving_Exit_Seen"));
    assert_eq!(
        unasked(&output),
        ["exit criterion `seen` of stage `proving`: the move makes a new record"]
    );
    let settings = [("objects.trial", "Tip__c")];
    let output = emit("salesforce", &process(CHAIN), &settings);
    let formula = &rules(&output, "Sub__c")["P_Proving_Exit_Seen"].formula;
    assert!(formula.contains("Tip__r.RecordType.DeveloperName = \"P_Trial\""), "{formula}");
    assert!(formula.contains("Tip__r.Tiles__c >= 3"), "{formula}");
}

/// Who is brought back to a stage stands already: a new record there is one from where moves lead to it.
#[test]
fn a_move_back_lets_no_new_record_begin() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record person { wealth one of [low, high] }
record gift from person { sum money }
record plan from gift { note text }
stage seen "Seen" { record person owner rep entry
  exit when { talk "We talked" wealth is present }
  advance to asked when wealth = high }
stage asked "Asked" { record gift owner rep advance to given }
stage given "Given" { record gift owner rep advance to planned }
stage planned "Planned" { record plan owner rep recycle to asked  recycle to given  advance to done }
stage done "Done" { record plan owner rep outcome won final }
"#;
    let settings =
        [("objects.person", "Person__c"), ("objects.gift", "Gift__c"), ("objects.plan", "Plan__c")];
    let all = rules(&emit("salesforce", &process(source), &settings), "Gift__c");
    let fields = [
        ("$Permission.P_Bypass", "Checkbox"),
        ("Stage__c", "Picklist"),
        ("Person__c", "Text"),
        ("Person__r.Stage__c", "Picklist"),
        ("Person__r.Wealth__c", "Picklist"),
    ];
    let new = |stage: &str, person: Json, at: &str, refused: bool| {
        json!({
            "values": { "$Permission.P_Bypass": false, "Stage__c": stage, "Person__c": person,
                        "Person__r.Stage__c": at, "Person__r.Wealth__c": "high" },
            "isNew": true, "expect": refused,
        })
    };
    let judge = |name: &str, cases: Vec<Json>| {
        let formula = &all[name].formula;
        json!({ "name": name, "formula": formula, "fields": super::rules::fields(formula, &fields), "cases": cases })
    };
    engines_agree(&[
        judge(
            "P_Asked_Origin",
            vec![
                new("asked", json!("1"), "seen", false),
                new("asked", json!("1"), "elsewhere", true),
                new("asked", Json::Null, "", true),
            ],
        ),
        judge(
            "P_Gift_Start",
            vec![new("asked", json!("1"), "seen", false), new("given", Json::Null, "", true)],
        ),
    ]);
}
