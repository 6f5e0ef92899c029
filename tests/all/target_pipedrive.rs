//! Pipedrive requests, read by the types of Pipedrive's own client and held to its documented rules.

use std::collections::BTreeSet;

use ekiden::emit::Output;
use ekiden::model::Process;
use serde_json::{Value, json};

use crate::crm_support::{
    HOSTILE, WHOLE, chain, check, emit, example, process, text, told, underlined, written,
};

fn read_by_every_tool(process: &Process, settings: &[(&str, &str)]) {
    let output = emit("pipedrive", process, settings);
    let errors = told(&output.diagnostics).into_iter().filter(|line| line.starts_with("error"));
    assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new());
    let folder = written(&output);
    check("pipedrive-types.cjs", &[folder.path()]);
    check("markdown-lint.mjs", &[folder.path()]);
}

fn json_of(output: &Output, path: &str) -> Value {
    serde_json::from_str(text(output, path)).unwrap()
}

#[test]
fn processes_are_read_by_every_tool() {
    read_by_every_tool(
        &process(WHOLE),
        &[("objects.customer", "deals"), ("objects.lead", "deals")],
    );
    read_by_every_tool(&process(WHOLE), &[("objects.customer", "organizations")]);
    read_by_every_tool(&process(RACE), &[]);
    read_by_every_tool(&process(HOSTILE), &[("objects.thing", "deals")]);
    read_by_every_tool(&process(&chain("deal", 300)), &[]);
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        read_by_every_tool(&example(name), &[]);
    }
}

/// A field is asked for on the way, on every way, on one of two ways, and at the end.
const RACE: &str = r#"
process race "Race" { currency EUR }
team t "Crew" { role r "Rower" }
record deal "Deal" {
  amount money "Price"
  boat one of [four "Four", eight "Eight"] "Boat"
  course text "Course" required
  seat integer "Seat" help "From the bow"
  fast boolean "Fast?"
  lost_reason one of [rain "Rain", crab "Caught a crab"] "Why lost"
  note text "Note"
}
stage open "Open" { record deal entry owner r probability 10% collect [boat] limit 5d
  exit when { boat "Boat known" boat is present } advance to talk  lose to lost when lost_reason is present }
stage talk "Talk" { record deal owner r probability 40% limit 2 business days
  exit when { seat "Seat known" seat is present and note is present } advance to race recycle to open lose to sunk }
stage race "Race day" { record deal owner r probability 80.5%
  exit when { fast "Fast enough" fast  sure "We are sure" confirm "All are well" } advance to won advance to talk lose to lost when lost_reason is present }
stage won "Won" { record deal owner r outcome won final }
stage lost "Lost" { record deal owner r outcome lost final }
stage sunk "Sunk" { record deal owner r outcome void final }
play call "Call the cox" { for stage open by r steps "1. Call." }
"#;

#[test]
fn a_pipeline_has_the_open_stages_with_probabilities_and_days() {
    let output = emit("pipedrive", &process(RACE), &[]);
    assert_eq!(
        json_of(&output, "pipelines/deal.json"),
        json!({ "name": "Race: Deal", "is_deal_probability_enabled": true })
    );
    let stages: Vec<Value> = ["001-open", "002-talk", "003-race"]
        .iter()
        .map(|name| json_of(&output, &format!("stages/deal/{name}.json")))
        .collect();
    assert_eq!(
        stages,
        [
            json!({ "name": "Open", "pipeline_id": "{pipeline.deal}", "deal_probability": 10, "is_deal_rot_enabled": true, "days_to_rotten": 5 }),
            // Two working days of five in a week are 2.8 days.
            json!({ "name": "Talk", "pipeline_id": "{pipeline.deal}", "deal_probability": 40, "is_deal_rot_enabled": true, "days_to_rotten": 3 }),
            json!({ "name": "Race day", "pipeline_id": "{pipeline.deal}", "deal_probability": 81, "is_deal_rot_enabled": false }),
        ]
    );
    let there = |path: &str| output.artifacts.iter().any(|artifact| artifact.path == path);
    assert!(!there("stages/deal/004-won.json"));
    assert_eq!(
        json_of(&output, "activity-types/call.json"),
        json!({ "name": "Call the cox", "icon_key": "call" })
    );
    // Pipedrive's own.
    assert!(!there("fields/deals/amount.json") && !there("fields/deals/lost_reason.json"));
}

#[test]
fn fields_are_asked_for_where_every_way_in_has_asked() {
    let output = emit("pipedrive", &process(RACE), &[]);
    let field = |name: &str| json_of(&output, &format!("fields/deals/{name}.json"));
    assert_eq!(
        field("boat"),
        json!({ "field_name": "Boat", "field_type": "enum", "options": [{ "label": "Four" }, { "label": "Eight" }],
            "important_fields": { "enabled": true, "stage_ids": ["{stage.open}"] },
            // Into `talk` come deals from `open`, which asks, and from `race`, where it was asked before.
            "required_fields": { "enabled": true, "stage_ids": ["{stage.talk}"] } })
    );
    assert_eq!(
        field("seat"),
        json!({ "field_name": "Seat", "field_type": "double", "description": "From the bow",
            "important_fields": { "enabled": true, "stage_ids": ["{stage.talk}"] },
            "required_fields": { "enabled": true, "stage_ids": ["{stage.race}"] } })
    );
    assert_eq!(
        field("course"),
        json!({ "field_name": "Course", "field_type": "varchar",
            "required_fields": { "enabled": true, "stage_ids": ["{stage.open}", "{stage.talk}", "{stage.race}"] } })
    );
    assert_eq!(
        field("fast"),
        json!({ "field_name": "Fast?", "field_type": "enum", "options": [{ "label": "Yes" }, { "label": "No" }],
            "important_fields": { "enabled": true, "stage_ids": ["{stage.race}"] } })
    );
    assert_eq!(
        field("confirmed_race_sure")["options"],
        json!([{ "label": "Yes" }, { "label": "No" }])
    );
}

#[test]
fn no_field_is_asked_for_where_a_declared_way_does_not_ask() {
    // Another way into `talk` that asks for nothing, then an entry there, then another type of record.
    let asked = |source: &str| {
        let output = emit("pipedrive", &process(source), &[]);
        json_of(&output, "fields/deals/boat.json").get("required_fields").cloned()
    };
    assert!(asked(RACE).is_some());
    assert_eq!(
        asked(&RACE.replace("recycle to open lose to sunk", "lose to sunk").replace(
            "advance to talk  lose to lost when",
            "advance to talk recycle to race lose to lost when"
        )),
        None
    );
    assert_eq!(
        asked(&RACE.replace(
            "stage talk \"Talk\" { record deal",
            "stage talk \"Talk\" { record deal entry"
        )),
        None
    );
    assert_eq!(
        asked(&RACE.replace(
            "boat \"Boat known\" boat is present",
            "boat \"Boat known\" boat is present if fast"
        )),
        None
    );
    assert_eq!(asked(&RACE.replace("boat is present }", "boat is present or fast }")), None);
}

/// The same rule, found by walking: every way of up to seven moves from a beginning, with a deal that
/// has a field only if it was asked for.
#[test]
fn a_deal_that_keeps_to_the_process_is_never_stopped() {
    let mut asked = 0;
    for seed in 0..300 {
        let source = tangle(seed);
        let process = process(&source);
        let output = emit("pipedrive", &process, &[]);
        let body = json_of(&output, "fields/deals/key.json");
        let stages = body["required_fields"]["stage_ids"].as_array().cloned().unwrap_or_default();
        let asks: BTreeSet<String> = stages
            .iter()
            .map(|id| {
                id.as_str()
                    .unwrap()
                    .trim_matches(['{', '}'])
                    .trim_start_matches("stage.")
                    .to_owned()
            })
            .collect();
        asked += asks.len();
        let mut at: BTreeSet<(String, bool)> = process
            .stages
            .values()
            .filter(|stage| stage.entry.is_some())
            .map(|stage| (stage.name.clone(), false))
            .collect();
        for _ in 0..20 {
            let mut next = at.clone();
            for (name, has) in &at {
                let (from, stage) =
                    process.stages.iter().find(|(_, stage)| stage.name == *name).unwrap();
                for way in process.transitions.values().filter(|way| way.from == from) {
                    let gate = way.kind == ekiden::model::TransitionKind::Advance
                        && !stage.exit.is_empty();
                    next.insert((process.stages[way.to].name.clone(), *has || gate));
                }
            }
            at = next;
        }
        let stopped: Vec<_> = at.iter().filter(|(name, has)| !has && asks.contains(name)).collect();
        assert!(stopped.is_empty(), "{stopped:?}\n{source}");
    }
    assert!(asked > 150, "{asked}");
}

fn tangle(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let count = 2 + next(6);
    let mut text = "team t { role r }\nrecord deal { key text }\n".to_owned();
    for stage in 0..count {
        let entry = if stage == 0 || next(8) == 0 { "entry" } else { "" };
        let exit = if next(2) == 0 { "exit when { known \"Known\" key is present }" } else { "" };
        let mut ways = format!(" advance to s{}", stage + 1);
        for to in (0..=count).filter(|to| *to != stage && *to != stage + 1) {
            if next(5) == 0 {
                let word = if next(2) == 0 { "advance" } else { "recycle" };
                ways.push_str(&format!(" {word} to s{to}"));
            }
        }
        text.push_str(&format!("stage s{stage} {{ record deal {entry} owner r {exit}{ways} }}\n"));
    }
    text.push_str(&format!("stage s{count} {{ record deal owner r advance to won }}\n"));
    text.push_str("stage won { record deal owner r outcome won final }\n");
    text
}

#[test]
fn the_ledger_and_the_steps_tell_the_rest() {
    let race = process(RACE);
    let pipedrive = ekiden::emit::Settings::default();
    let ledger = crate::crm_support::target("ledger");
    let none = ekiden::emit::Settings::default();
    let output = (ledger.emit)(&ekiden::emit::Context {
        process: &race,
        languages: &race.languages,
        settings: &none,
        others: &[("pipedrive", &pipedrive), ("ledger", &none)],
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    });
    let ledger = json_of(&output, "ledger.json");
    let lines: Vec<String> = ledger["demands"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|demand| demand["kind"] != "declared moves")
        .map(|demand| {
            let word = |key: &str| demand[key].as_str().unwrap().to_owned();
            let hold = demand["systems"]["Pipedrive"]["hold"].as_str().unwrap();
            format!("{} {}: {hold}", word("kind"), word("name"))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "beginnings deal: documented",
            "exit criterion open.boat: enforced",
            "condition open → lost: documented",
            "limit open: shown",
            "exit criterion talk.seat: enforced",
            "limit talk: shown",
            "exit criterion race.fast: shown",
            "exit criterion race.sure: documented",
            "condition race → lost: documented",
            "required deal.course: enforced",
        ]
    );
    let steps: Vec<&str> = ledger["byHand"]["Pipedrive"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s.as_str().unwrap())
        .collect();
    assert_eq!(
        steps,
        ["Under Company settings > Lost reasons, add: Rain, Caught a crab, Lost, Sunk."]
    );
}

#[test]
fn what_pipedrive_cannot_hold_is_found_at_its_place() {
    let source = r#"
team t { role r }
record lead { }
record deal from lead { at datetime  key text unique  colour one of [red "Red", crimson "red"] }
record thing { }
stage in "In" { record lead entry owner r advance to open }
stage open "Open" { record deal owner r probability 15.5% limit 4h advance to again }
stage again "OPEN" { record deal owner r advance to won }
stage won "Won" { record deal owner r outcome won final }
stage odd "Odd" { record thing entry owner r final }
"#;
    let output = emit("pipedrive", &process(source), &[]);
    let mut found = underlined(source, &output.diagnostics);
    found.sort_unstable();
    let mut expected = vec![
        ("the stages of `lead` are lost: leads have no pipeline in Pipedrive", "lead"),
        ("record type `thing` has no object in Pipedrive and is left out", "thing"),
        ("`open` has probability 15.5%, Pipedrive gets 16%", "open"),
        ("`again` has no probability, Pipedrive counts 100%", "again"),
        ("the limit of `open` is 1 day in Pipedrive", "limit 4h"),
        ("stages `open` and `again` have one title in Pipedrive", "\"OPEN\""),
        ("field `at` is a day without its time in Pipedrive", "at"),
        ("values of field `key` may repeat in Pipedrive", "key"),
        (
            "options `red` and `crimson` of field `colour` have one title, Pipedrive needs two",
            "\"red\"",
        ),
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn wrong_settings_are_found() {
    let settings = [
        ("objects.customer", "deal"),
        ("objects.lead", "carts"),
        ("fields.deal.amount", "Value"),
        ("pipeline", "x"),
    ];
    let output = emit("pipedrive", &process(WHOLE), &settings);
    let found: Vec<(String, String)> = output
        .diagnostics
        .iter()
        .filter(|f| f.code.name() == "invalid-manifest")
        .map(|f| (f.message.clone(), f.help.clone().unwrap_or_default()))
        .collect();
    let pair = |message: &str, help: &str| (message.to_owned(), help.to_owned());
    assert_eq!(
        found,
        [
            pair("target `pipedrive` has no setting `pipeline`", "did you mean `pipelines`?"),
            pair("`deal` is no object of Pipedrive", "did you mean `deals`?"),
            pair(
                "`carts` is no object of Pipedrive",
                "use one of deals, leads, persons, organizations"
            ),
            pair(
                "`Value` is no key of a field",
                "give the key of an existing field: `value`, or the 40 characters of one of yours"
            ),
        ]
    );
}

#[test]
fn thousands_of_stages_are_written_in_no_time() {
    let process = process(&chain("deal", 2_000));
    let started = std::time::Instant::now();
    emit("pipedrive", &process, &[]);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn the_readme_names_the_criteria_that_required_fields_ask_for() {
    let output = emit("pipedrive", &process(RACE), &[]);
    let readme = text(&output, "README.md");
    let line = readme.lines().find(|line| line.starts_with("Of these criteria")).unwrap();
    assert_eq!(
        line,
        "Of these criteria Pipedrive asks for some, because the fields they want are required where a deal arrives: `open.boat`, `talk.seat`."
    );
}
