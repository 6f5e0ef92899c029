//! The enforcement ledger: nothing that the process asks is missing, and what is said of a system is so.

use ekiden::model::Process;
use serde_json::Value as Json;

use ekiden::emit::Context;

use crate::crm_support::{
    HOSTILE, WHOLE, check, emit, example, process, root, settings, target, text, written,
};

/// The ledger as data, held against its schema.
fn ledger(process: &Process) -> Json {
    let output = emit("ledger", process, &[]);
    let folder = written(&output);
    let schema = root().join("schemas/ledger.schema.json");
    check("json-schema.mjs", &[&schema, &folder.path().join("ledger.json")]);
    check("markdown-lint.mjs", &[folder.path()]);
    serde_json::from_str(text(&output, "ledger.json")).unwrap()
}

/// The ledger of some targets with their settings.
pub(crate) fn ledger_of(process: &Process, others: &[(&str, &[(&str, &str)])]) -> Json {
    let (target, none) = (target("ledger"), settings(&[]));
    let others: Vec<_> = others.iter().map(|(name, pairs)| (*name, settings(pairs))).collect();
    let others: Vec<_> = others.iter().map(|(name, settings)| (*name, settings)).collect();
    let output = (target.emit)(&Context {
        process,
        languages: &process.languages,
        settings: &none,
        others: &others,
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    });
    serde_json::from_str(text(&output, "ledger.json")).unwrap()
}

/// The lines of a ledger: what, of what, and a word for each system.
fn lines(ledger: &Json) -> Vec<String> {
    let demands = ledger["demands"].as_array().unwrap();
    let line = |demand: &Json| {
        let systems = demand["systems"].as_object().unwrap();
        let words: Vec<String> = systems
            .iter()
            .map(|(system, hold)| format!("{system} {}", hold["hold"].as_str().unwrap()))
            .collect();
        let (kind, name) = (demand["kind"].as_str().unwrap(), demand["name"].as_str().unwrap());
        format!("{kind} {name}: {}", words.join(", "))
    };
    demands.iter().map(line).collect()
}

const SMALL: &str = r#"
process p { currency EUR }
team sales { role rep }
record deal { amount money at least 0 EUR  code text required unique }
stage open "Open" { record deal owner rep entry  limit 5d  collect [amount]
  exit when { big "Big enough" amount > 10 EUR  called "They called" event call }
  advance to won  lose to lost when amount is missing }
stage won "Won" { record deal owner rep outcome won final }
stage lost "Lost" { record deal owner rep outcome lost  recycle to open after 30d at most 2 times }
"#;

/// A history does not tell which of two moves was made: tried with SQLite, the first can be made any
/// number of times.
#[test]
fn a_move_beside_one_without_a_number_is_not_counted() {
    let beside = |more: &str| {
        let text = SMALL.replace("at most 2 times", &format!("at most 2 times{more}"));
        let found = lines(&ledger(&process(&text)));
        let mut found = found.iter().filter(|line| line.starts_with("how often lost → open"));
        found.next().unwrap().clone()
    };
    assert!(beside("").contains("SQLite enforced"), "{}", beside(""));
    let free = beside(" recycle to open \"Again\" when amount is missing");
    for database in ["PostgreSQL", "SQLite", "MariaDB"] {
        assert!(free.contains(&format!("{database} documented")), "{free}");
    }
    let counted = beside(" recycle to open \"Again\" when amount is missing at most 3 times");
    assert!(counted.contains("SQLite enforced"), "{counted}");
}

#[test]
fn each_system_is_told_as_it_is() {
    let ledger = ledger(&process(SMALL));
    let all = |postgres: &str, salesforce: &str| {
        format!(
            "PostgreSQL {postgres}, SQLite {postgres}, MariaDB {postgres}, Salesforce {salesforce}, HubSpot documented"
        )
    };
    // HubSpot knows an order of stages; it keeps values unique.
    let kept = |postgres: &str, salesforce: &str| {
        all(postgres, salesforce).replace("HubSpot documented", "HubSpot enforced")
    };
    let expected = [
        ("beginnings deal", kept("enforced", "enforced")),
        ("exit criterion open.big", all("enforced", "enforced")),
        // Salesforce has no events; the path shows the criterion.
        ("exit criterion open.called", all("enforced", "shown")),
        ("condition open → lost", all("enforced", "enforced")),
        ("declared moves open", kept("enforced", "enforced")),
        ("limit open", all("listed", "documented")),
        ("declared moves won", all("enforced", "enforced")),
        ("clock lost → open", all("enforced", "documented")),
        ("declared moves lost", all("enforced", "enforced")),
        ("how often lost → open", all("enforced", "documented")),
        ("required deal.code", all("enforced", "enforced")),
        ("unique deal.code", kept("enforced", "enforced")),
        // On deals it is HubSpot's own.
        ("bounds deal.amount", all("enforced", "enforced")),
    ];
    let mut expected: Vec<String> =
        expected.iter().map(|(what, systems)| format!("{what}: {systems}")).collect();
    let mut found = lines(&ledger);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let of = |name: &str| {
        let demands = ledger["demands"].as_array().unwrap();
        demands.iter().find(|demand| demand["name"] == name).unwrap()["systems"]["Salesforce"]
            .clone()
    };
    assert_eq!(of("open.big")["except"], "holders of the custom permission `P_Bypass`");
    assert_eq!(of("lost → open")["why"], "it asks how long the record has been in its stage");
    let by_hand = &ledger["byHand"];
    assert!(by_hand["Salesforce"].as_array().unwrap().len() >= 3, "{by_hand:#}");
    assert_eq!(
        by_hand["HubSpot"][0],
        "In the settings of the pipeline “P: Deal”, let the stage “Won” offer, but not require: “Amount”."
    );
}

/// Files that something else runs are told of when the manifest names them.
fn of_models(process: &Process) -> Json {
    let (target, settings) = (target("ledger"), settings(&[]));
    let output = (target.emit)(&Context {
        process,
        languages: &process.languages,
        settings: &settings,
        others: &[
            ("bpmn", &settings),
            ("dmn", &settings),
            ("xstate", &settings),
            ("ledger", &settings),
        ],
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    });
    let folder = written(&output);
    let schema = root().join("schemas/ledger.schema.json");
    check("json-schema.mjs", &[&schema, &folder.path().join("ledger.json")]);
    check("markdown-lint.mjs", &[folder.path()]);
    serde_json::from_str(text(&output, "ledger.json")).unwrap()
}

#[test]
fn diagrams_and_machines_are_told_as_they_are() {
    let both = |word: &str| format!("XState {word}, BPMN {word}");
    let expected = [
        ("beginnings deal", both("executed")),
        ("exit criterion open.big", both("executed")),
        ("exit criterion open.called", both("executed")),
        ("condition open → lost", both("executed")),
        ("declared moves open", both("executed")),
        ("limit open", both("listed")),
        ("declared moves won", both("executed")),
        ("clock lost → open", both("executed")),
        ("declared moves lost", both("executed")),
        ("how often lost → open", both("executed")),
        ("bounds deal.amount", both("documented")),
        ("required deal.code", both("documented")),
        ("unique deal.code", both("documented")),
    ];
    let expected: Vec<String> =
        expected.iter().map(|(what, systems)| format!("{what}: {systems}")).collect();
    let ledger = of_models(&process(SMALL));
    assert_eq!(lines(&ledger), expected);
    // What has no form in the file is asked from outside, and a limit in working time has no timer.
    let busy = SMALL
        .replace("limit 5d", "limit 2 business days")
        .replace("amount is missing", "amount is missing and time in stage > 4 business hours")
        .replace("advance to won ", "advance to won handoff within 1d ");
    let ledger = of_models(&process(&busy));
    let of = |name: &str, system: &str| {
        let demands = ledger["demands"].as_array().unwrap();
        demands.iter().find(|demand| demand["name"] == name).unwrap()["systems"][system].clone()
    };
    for system in ["BPMN", "XState"] {
        let asks = of("open → lost", system)["asks"].as_array().unwrap().clone();
        assert!(
            asks.len() == 1 && asks[0].as_str().unwrap().contains("business hours"),
            "{asks:?}"
        );
        assert!(of("open.big", system).get("asks").is_none());
    }
    let words: Vec<String> = lines(&ledger)
        .into_iter()
        .filter(|line| line.starts_with("limit") || line.starts_with("handoff"))
        .collect();
    assert_eq!(
        words,
        [
            "limit open: XState documented, BPMN listed",
            "handoff open → won: XState documented, BPMN shown"
        ]
    );
    assert!(
        ledger["byHand"]["XState"][0].as_str().unwrap().contains("business hours"),
        "{ledger:#}"
    );
}

#[test]
fn tables_hold_nobody_to_anything() {
    let ledger = of_models(&example("the_model"));
    let demands = ledger["demands"].as_array().unwrap();
    assert!(demands.iter().all(|demand| demand["systems"]["DMN"]["hold"] == "documented"));
    assert!(demands.iter().any(|demand| demand["systems"]["BPMN"]["hold"] == "executed"));
}

#[test]
fn every_process_has_a_ledger() {
    for process in [process(WHOLE), process(HOSTILE), example("the_model")] {
        let ledger = ledger(&process);
        let demands = ledger["demands"].as_array().unwrap();
        let of = |kind: &str| demands.iter().filter(|demand| demand["kind"] == kind).count();
        let criteria = of("exit criterion") + of("entry criterion");
        // Criteria that no move asks for are none of its business.
        assert!(criteria <= process.criteria.len() && criteria * 10 >= process.criteria.len() * 9);
        assert_eq!(of("declared moves"), process.stages.len());
        let limits = process.stages.values().filter(|stage| stage.limit.is_some()).count();
        assert_eq!(of("limit"), limits);
    }
}
