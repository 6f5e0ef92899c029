//! Rules of pipelines, what is left to people, and the script that sends the requests.

use std::collections::BTreeSet;

use super::*;

/// A race with a side step: `fix` is only gone back to, and a record may be lost anywhere.
const RACE: &str = r#"
process race "Race" { }
team t "Crew" { role r "Rower" role boss "Coach" }
record deal "Deal" { note text "Note" fee number "Fee" unique_key text "Key" unique }
stage open "Open" { record deal entry owner r advance to talk lose to lost limit 5d escalate to boss }
stage talk "Talk" { record deal owner r collect [note] exit when { fee "Fee known" fee is present } advance to offer lose to lost }
stage offer "Offer" { record deal owner r exit when { fine "Price is fine" confirm "The discount is fine" by boss }
                      advance to won recycle to talk lose to lost }
stage won "Won" { record deal owner r outcome won final }
stage lost "Lost" { record deal owner r outcome lost final }
score fit "Fit" of deal { fit +20 "Large" when fee > 100 fit +5 when note is present behavior +30 when event opened halves every 30d
  behavior -7 when event left expires after 90d cap fit at 20 weight fit 50% cap total at 100 grade hot "Hot" at least 30, warm "Warm" at least 10, cold "Cold" otherwise }
"#;

/// The rules of a pipeline, and its stages in order.
fn rules_of(output: &Output, object: &str, record: &str) -> (Value, Vec<String>) {
    let plan = json_of(output, "plan.json");
    let calls = plan["calls"].as_array().unwrap();
    let made = format!("pipelines/{object}/{record}.json");
    let call = calls.iter().find(|call| call["body"] == made.as_str()).unwrap();
    let saved = call["saves"].as_array().unwrap().iter();
    let stages =
        saved.filter_map(|save| save["placeholder"].as_str().unwrap().strip_prefix("stage."));
    let stages = stages.map(str::to_owned).collect();
    (json_of(output, &format!("pipeline-rules/{object}/{record}.json")), stages)
}

#[test]
fn rules_refuse_what_no_move_needs() {
    let output = emit("hubspot", &process(RACE), &[]);
    let (rules, stages) = rules_of(&output, "deals", "deal");
    assert_eq!(stages, ["open", "talk", "offer", "won", "lost"]);
    // From `offer` a record goes back; a record that is lost leaps over everything.
    assert_eq!(
        rules,
        json!({ "governanceValidationRules": {
            "noBackwardsMovementRule": { "enabledForAllStages": false,
                "pipelineStageIds": ["{stage.talk}", "{stage.won}", "{stage.lost}"] },
            "noSkippingStagesRule": { "enabledForAllStages": false, "pipelineStageIds": [] },
            "objectCreationRule": { "pipelineStageIds": ["{stage.open}"] },
        } })
    );
    let mut settings = crate::crm_support::settings(&[]);
    let span = ekiden::source::Span::start_of(ekiden::source::FileId(0));
    settings.values.insert(
        "closing_skips".to_owned(),
        ekiden::emit::Setting {
            key: span,
            value: ekiden::source::Spanned::new(ekiden::emit::SettingValue::Boolean(false), span),
        },
    );
    let race = process(RACE);
    let output = (crate::crm_support::target("hubspot").emit)(&ekiden::emit::Context {
        process: &race,
        languages: &race.languages,
        settings: &settings,
        others: &[],
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    });
    let (rules, _) = rules_of(&output, "deals", "deal");
    // Without them every stage can be kept: the rule is for all.
    assert_eq!(
        rules["governanceValidationRules"]["noSkippingStagesRule"],
        json!({ "enabledForAllStages": true, "pipelineStageIds": [] })
    );
}

/// Whether HubSpot lets a record go, by its description of the rules: the strictest reading, in which
/// closing a record skips stages, too.
fn lets(rules: &Value, stages: &[String], from: usize, to: usize) -> bool {
    let rules = &rules["governanceValidationRules"];
    let holds = |rule: &str, at: usize| {
        let rule = &rules[rule];
        let ids = rule["pipelineStageIds"].as_array().unwrap();
        rule["enabledForAllStages"] == true
            || ids.contains(&json!(format!("{{stage.{}}}", stages[at])))
    };
    match to < from {
        true => !holds("noBackwardsMovementRule", from),
        false => !(from + 1..to).any(|between| holds("noSkippingStagesRule", between)),
    }
}

#[test]
fn no_rule_refuses_a_declared_move_and_the_ledger_tells_which_others_stay_open() {
    let mut all = vec![process(RACE), process(WHOLE), process(HOSTILE)];
    all.extend(["the_model", "salesforce_default", "hubspot_default"].map(example));
    all.extend((0..200).map(|seed| process(&tangle(seed))));
    let (mut declared, mut refused, mut enforced) = (0, 0, 0);
    for process in &all {
        let output = emit("hubspot", process, &[]);
        let ledger = json_of(&emit("ledger", process, &[]), "ledger.json");
        let held = |stage: &str| {
            let demands = ledger["demands"].as_array().unwrap();
            let of =
                demands.iter().find(|one| one["kind"] == "declared moves" && one["name"] == stage);
            of.unwrap()["systems"]["HubSpot"]["hold"] == "enforced"
        };
        let files = output.artifacts.iter().map(|artifact| artifact.path.as_str());
        for path in files.filter(|path| path.starts_with("pipeline-rules/")) {
            let parts: Vec<&str> = path.trim_end_matches(".json").split('/').collect();
            let (rules, stages) = rules_of(&output, parts[1], parts[2]);
            let moves: BTreeSet<(&str, &str)> = process
                .transitions
                .values()
                .map(|t| (process.stages[t.from].name.as_str(), process.stages[t.to].name.as_str()))
                .collect();
            for (from, name) in stages.iter().enumerate() {
                let mut open = 0;
                for (to, other) in stages.iter().enumerate().filter(|(to, _)| *to != from) {
                    let lets = lets(&rules, &stages, from, to);
                    if moves.contains(&(name.as_str(), other.as_str())) {
                        assert!(lets, "{name} to {other} in {path}: {rules:#}");
                        declared += 1;
                    } else if lets {
                        open += 1;
                    } else {
                        refused += 1;
                    }
                }
                assert_eq!(held(name), open == 0, "{name} in {path}: {rules:#}");
                enforced += usize::from(open == 0);
            }
        }
    }
    assert!(declared > 500 && refused > 300 && enforced > 100, "{declared} {refused} {enforced}");
}

/// A pipeline with moves in all directions, the same for the same number.
fn tangle(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let count = 2 + next(6);
    let mut text = "team t { role r }\nrecord deal { }\n".to_owned();
    for stage in 0..count {
        let entry = if stage == 0 { "entry" } else { "" };
        let mut ways = String::new();
        for to in (0..count).filter(|to| *to != stage) {
            let word = if to == stage + 1 { "advance" } else { "recycle" };
            if to == stage + 1 && next(4) > 0 || next(6) == 0 {
                ways.push_str(&format!(" {word} to s{to}"));
            }
        }
        if next(3) == 0 {
            ways.push_str(" lose to lost");
        }
        if next(3) == 0 || stage + 1 == count {
            ways.push_str(" advance to won");
        }
        text.push_str(&format!("stage s{stage} {{ record deal {entry} owner r{ways} }}\n"));
    }
    text.push_str("stage won { record deal owner r outcome won final }\nstage lost { record deal owner r outcome lost final }\n");
    text
}

#[test]
fn approvals_and_editors_are_those_of_the_manifest() {
    let settings = [("approvers.boss", "4711"), ("editors.r", "1001")];
    let output = emit("hubspot", &process(RACE), &settings);
    let (rules, _) = rules_of(&output, "deals", "deal");
    assert_eq!(
        rules["approvalStageRules"],
        json!([{ "pipelineStageId": "{stage.won}", "approverUserIds": ["4711"], "approvalMode": "ANY",
                 "approvalComment": "Price is fine" }])
    );
    let permissions = json_of(&output, "stage-permissions/deals/deal.json");
    assert_eq!(
        permissions["stages"][2],
        json!({ "pipelineStageId": "{stage.offer}", "permissionMode": "RESTRICTED", "teamIds": ["1001"] })
    );
    let readme = text(&output, "README.md");
    assert!(
        readme.contains("- Before Won, one of the users 4711 approve: Price is fine."),
        "{readme}"
    );
    let plan = json_of(&output, "plan.json");
    let calls = plan["calls"].as_array().unwrap();
    let last = calls.iter().rfind(|call| call["method"] == "PUT").unwrap();
    assert_eq!(
        (&last["method"], &last["path"]),
        (
            &json!("PUT"),
            &json!("/crm/pipelines-rules/2026-09/0-3/{pipeline.deal}/stage-edit-permissions")
        )
    );
}

#[test]
fn what_no_call_sets_is_a_step_for_people() {
    let output = emit("hubspot", &process(RACE), &[("lifecycle.won", "customer")]);
    let readme = text(&output, "README.md");
    let steps: Vec<&str> = readme.lines().filter(|line| line.starts_with("- [ ] ")).collect();
    assert_eq!(
        steps,
        [
            "- [ ] 1. In the settings of the pipeline “Race: Deal”, let the stage “Offer” require: “Fee”; and offer, but not require: “Note”.",
            "- [ ] 2. Make a workflow that tells “Coach” when a record of the pipeline “Race: Deal” has been in “Open” for more than 5 days.",
            "- [ ] 3. Under Marketing > Lead Scoring, look through the draft “Fit” of deals and turn it on. \
             Points that halve fade in a straight line there: after twice the time they are gone, where the process leaves a quarter. \
             Its editor shows whole points: see what became of 2.5.",
            "- [ ] 4. In the score “Fit”, add to a group of engagement that loses 50% of its points every 30 days: +30 if the event “Opened” has happened. \
             No request says this: `events` in the manifest does not name the event of HubSpot.",
            "- [ ] 5. In the score “Fit”, add to a group of engagement: -7 if the event “Left” has happened, only for events of the last 90 days. \
             No request says this: `events` in the manifest does not name the event of HubSpot.",
            "- [ ] 6. Make a segment “Fit: Hot” of deals whose score “Fit” is at least 30.",
            "- [ ] 7. Make a segment “Fit: Warm” of deals whose score “Fit” is at least 10 and less than 30.",
            "- [ ] 8. Make a segment “Fit: Cold” of deals whose score “Fit” is less than 10.",
            "- [ ] 9. Let a workflow set the lifecycle stage of the contact and the company to `customer` when a record of “Deal” enters “Won”.",
        ]
    );
}

#[test]
fn lifecycle_stages_are_made() {
    let settings = [("lifecycle_stages", "Design partner"), ("lifecycle.won", "Design partner")];
    let output = emit("hubspot", &process(RACE), &settings);
    let told = told(&output.diagnostics);
    assert!(!told.iter().any(|line| line.contains("lifecycle")), "{told:#?}");
    assert_eq!(
        json_of(&output, "lifecycle-stages/contacts/1_design_partner.json"),
        json!({ "label": "Design partner", "displayOrder": 8, "metadata": { "isClosed": "false" } })
    );
    let plan = json_of(&output, "plan.json");
    let call = plan["calls"]
        .as_array()
        .unwrap()
        .iter()
        .find(|call| call["makes"] == "lifecycle stage Design partner");
    let call = call.unwrap();
    assert_eq!(call["path"], "/crm/pipelines/2026-03/contacts/contacts-lifecycle-pipeline/stages");
    let readme = text(&output, "README.md");
    for step in [
        "Under Objects > Contacts > Lifecycle Stage, put “Design partner” where the order asks for it",
        "Let a workflow set the lifecycle stage of the contact and the company to `Design partner` when",
    ] {
        assert!(readme.contains(step), "{readme}");
    }
    read_by_every_tool(&process(RACE), &settings);
    let near = [("lifecycle_stages", "Design partner"), ("lifecycle.won", "Design partners")];
    let found = emit("hubspot", &process(RACE), &near).diagnostics;
    let mut help = found.iter().filter_map(|found| found.help.as_deref());
    assert!(help.any(|help| help == "did you mean `Design partner`?"), "{found:#?}");
    for (label, said) in [
        (
            "Marketing Qualified Lead",
            "HubSpot ships the lifecycle stage `Marketing Qualified Lead`",
        ),
        ("42", "`42` is no label of a lifecycle stage"),
        ("…", "a lifecycle stage needs a label"),
    ] {
        let found = self::told(
            &emit("hubspot", &process(RACE), &[("lifecycle_stages", label)]).diagnostics,
        );
        assert!(found.iter().any(|line| line.contains(said)), "{said}: {found:#?}");
    }
}

/// A label that gets a name in it takes none that another stage has.
#[test]
fn stages_of_one_title_have_labels_of_their_own() {
    let source = r#"
team t { role r }
record deal { }
stage a "Demo" { record deal entry owner r advance to b limit 3d }
stage b "demo" { record deal owner r advance to c limit 3d }
stage c "Demo (b)" { record deal owner r advance to won }
stage won "Won" { record deal owner r outcome won final }
"#;
    let output = emit("hubspot", &process(source), &[]);
    let pipeline = json_of(&output, "pipelines/deals/deal.json");
    let labels: Vec<&str> = pipeline["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| stage["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["Demo", "demo (b) *", "Demo (b)", "Won"]);
    // Steps call them as HubSpot does.
    let readme = text(&output, "README.md");
    assert!(
        readme.contains("has been in “Demo” for")
            && readme.contains("has been in “demo (b) \\*” for"),
        "{readme}"
    );
}

#[test]
fn wrong_ids_and_lifecycle_stages_are_found() {
    let settings = [
        ("lifecycle.won", "custommer"),
        ("lifecycle.wonn", "customer"),
        ("lifecycle.open", "opportunity"),
        ("lifecycle.talk", "lead"),
        ("approvers.bos", "1"),
        ("editors.r", "team one"),
    ];
    let output = emit("hubspot", &process(RACE), &settings);
    let found: Vec<String> = output
        .diagnostics
        .iter()
        .filter(|f| f.code.name() == "invalid-manifest" || f.message.contains("lifecycle"))
        .map(|f| format!("{}; {}", f.message, f.help.clone().unwrap_or_default()))
        .collect();
    assert_eq!(
        found,
        [
            "there is no stage `wonn`; did you mean `won`?",
            "`custommer` is no lifecycle stage of HubSpot; did you mean `customer`?",
            "there is no role or team `bos`; did you mean `boss`?",
            "`team one` is no id of a team of HubSpot; ids are numbers, such as `12345`",
            "the lifecycle stage of HubSpot stays when a record advances from `open` to `talk`; let `lifecycle` in the manifest follow the order of the stages",
        ]
    );
}

#[test]
fn the_script_sends_everything_once_and_goes_on_where_it_stopped() {
    let output = emit("hubspot", &process(RACE), &[("editors.r", "1001")]);
    let folder = written(&output);
    let bin = tempfile::tempdir().unwrap();
    // A stand-in for curl: it notes what it was given, has one property already, fails once, and
    // answers a pipeline with ids of its own.
    let curl = r#"#!/bin/sh
cat >/dev/null
while [ $# -gt 0 ]; do
  case $1 in
    --request) method=$2; shift ;;
    --data) body=${2#@}; shift ;;
    --output) out=$2; shift ;;
    --dump-header) headers=$2; shift ;;
    http*) url=$1 ;;
  esac
  shift
done
jq -c --arg method "$method" --arg url "$url" '{$method, $url, body: .}' "$body" >>"$LOG"
: >"$out"
case "$method $url" in
  "POST"*/pipelines/*)
    if [ ! -e "$LOG.failed" ]; then touch "$LOG.failed"; echo '{"message":"try later"}' >"$out"; printf 503; exit; fi
    jq '{id: "77", stages: [.stages[] | {id: ("9" + (.displayOrder | tostring))}]}' "$body" >"$out"; printf 201 ;;
  "POST"*/lead-scoring/*) printf 'HTTP/2 201\r\nlocation: %s/8811\r\n\r\n' "$url" >"$headers"; printf 201 ;;
  "POST"*/properties/*/deals) if [ "$(jq -r .name "$body")" = fee ]; then printf 409; else printf 201; fi ;;
  *) printf 200 ;;
esac
"#;
    let path = bin.path().join("curl");
    std::fs::write(&path, curl).unwrap();
    let made = std::process::Command::new("chmod").arg("+x").arg(&path).status().unwrap();
    assert!(made.success());
    let log = bin.path().join("log");
    let run = |token: Option<&str>| {
        let mut command = std::process::Command::new("sh");
        let paths = format!("{}:{}", bin.path().display(), std::env::var("PATH").unwrap());
        command.arg(folder.path().join("send.sh")).env("PATH", paths).env("LOG", &log);
        command.env_remove("HUBSPOT_TOKEN");
        if let Some(token) = token {
            command.env("HUBSPOT_TOKEN", token);
        }
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (fine, said) = run(None);
    assert!(!fine && said.contains("holds no token"), "{said}");
    let (fine, said) = run(Some("secret"));
    assert!(!fine && said.contains("HubSpot answers 503") && said.contains("try later"), "{said}");
    let before = std::fs::read_to_string(&log).unwrap().lines().count();
    let (fine, said) = run(Some("secret"));
    assert!(fine, "{said}");
    let sent = std::fs::read_to_string(&log).unwrap();
    let sent: Vec<Value> = sent.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // The second run begins with the request that failed.
    assert_eq!(sent[before]["body"]["pipelineId"], "race_deal");
    let rules =
        sent.iter().find(|one| one["body"].get("governanceValidationRules").is_some()).unwrap();
    assert_eq!(rules["url"], "https://api.hubapi.com/crm/pipelines-rules/2026-09/0-3/77");
    assert_eq!(
        rules["body"]["governanceValidationRules"]["objectCreationRule"]["pipelineStageIds"],
        json!(["90"])
    );
    // The id of a score stands in a header.
    let noted = std::fs::read_to_string(folder.path().join("sent.json")).unwrap();
    let noted: Value = serde_json::from_str(&noted).unwrap();
    assert_eq!(
        (&noted["values"]["score.fit"], &noted["values"]["pipeline.deal"]),
        (&json!("8811"), &json!("77"))
    );
    // `fee` was there: it is changed, without what is decided once.
    let changed = sent.iter().find(|one| one["method"] == "PATCH").unwrap();
    assert_eq!(changed["url"], "https://api.hubapi.com/crm/properties/2026-03/deals/fee");
    assert_eq!(changed["body"].get("name"), None);
    let (fine, said) = run(Some("secret"));
    assert!(fine, "{said}");
    let again = std::fs::read_to_string(&log).unwrap().lines().count();
    assert_eq!(again, sent.len(), "nothing is sent twice");
}

#[test]
fn settings_for_deals_alone_are_told_where_there_are_none() {
    let tickets = RACE.replace("record deal", "record ticket").replace("of deal", "of ticket");
    let settings = [("approvers.r", "4711"), ("editors.r", "1001")];
    let found = |text: &str, settings: &[(&str, &str)]| -> Vec<String> {
        let output = emit("hubspot", &process(text), settings);
        let messages = output.diagnostics.into_iter().map(|found| found.message);
        messages.filter(|message| message.contains("has no effect")).collect()
    };
    assert_eq!(
        found(&tickets, &settings),
        [
            "`approvers` has no effect: no record type with stages becomes deals",
            "`editors` has no effect: no record type with stages becomes deals"
        ]
    );
    assert_eq!(found(RACE, &settings), Vec::<String>::new());
    assert_eq!(found(&tickets, &[]), Vec::<String>::new());
}

/// Somebody who owns no stage of deals edits none alone, and who confirms nothing approves nothing.
#[test]
fn settings_for_those_who_have_no_part_in_deals_are_told() {
    let source = r#"
team sales { role rep role boss }
team care { role nurse }
record deal { }
record visit from deal { }
stage open { record deal entry owner rep exit when { ok "Fine" confirm "It is fine" by boss } advance to won lose to lost }
stage won { record deal owner rep outcome won advance to seen }
stage lost { record deal owner rep outcome lost final }
stage seen { record visit owner nurse final }
"#;
    let settings = [
        ("objects.visit", "p_visit"),
        ("approvers.boss", "1"),
        ("approvers.rep", "2"),
        ("editors.rep", "3"),
        ("editors.nurse", "4"),
        ("editors.boss", "5"),
    ];
    let output = emit("hubspot", &process(source), &settings);
    let messages = output.diagnostics.into_iter().map(|found| found.message);
    let found: Vec<String> = messages.filter(|message| message.contains("no effect")).collect();
    assert_eq!(
        found,
        [
            "`approvers` of `rep` have no effect: `rep` nowhere confirms an exit criterion of a stage of deals",
            "`editors` of `nurse` have no effect: `nurse` nowhere owns a stage of deals",
            "`editors` of `boss` have no effect: `boss` nowhere owns a stage of deals",
        ]
    );
}

/// A lost deal takes its lead back into the loop: the lead stands where it became a deal.
#[test]
fn a_record_that_went_on_may_be_brought_back() {
    let source = r#"
team sales { role rep }
record lead { }
record deal from lead { why text }
stage nurture "Nurture" { record lead owner rep entry advance to talk }
stage talk "Talk" { record lead owner rep advance to offer lose to unfit }
stage unfit "Not a fit" { record lead owner rep outcome lost final }
stage offer "Offer" { record deal owner rep probability 10% advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won final }
stage lost "Lost" { record deal owner rep outcome lost BACK }
"#;
    let back = |way: &str| {
        let output = emit("hubspot", &process(&source.replace("BACK", way)), &[]);
        let (rules, stages) = rules_of(&output, "leads", "lead");
        assert_eq!(stages, ["nurture", "talk", "unfit"]);
        rules["governanceValidationRules"]["noBackwardsMovementRule"].clone()
    };
    assert_eq!(back("final"), json!({ "enabledForAllStages": true, "pipelineStageIds": [] }));
    assert_eq!(
        back("recycle to nurture after 90d"),
        json!({ "enabledForAllStages": false, "pipelineStageIds": ["{stage.unfit}"] })
    );
}

/// A lost deal that becomes a lead again has not gone on, so that a customer brings none back from there.
#[test]
fn what_goes_back_itself_lets_nothing_back() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record lead { }
record deal from lead { why text }
record customer from deal { }
stage nurture "Nurture" { record lead owner rep entry advance to talk }
stage talk "Talk" { record deal owner rep probability 10% advance to offer lose to lost }
stage offer "Offer" { record deal owner rep probability 20% advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won  advance to live }
stage lost "Lost" { record deal owner rep outcome lost  recycle to nurture }
stage live "Live" { record customer owner rep recycle to talk "Sell again" advance to gone }
stage gone "Gone" { record customer owner rep final }
"#;
    let output = emit("hubspot", &process(source), &[]);
    let (rules, stages) = rules_of(&output, "deals", "deal");
    assert_eq!(stages, ["talk", "offer", "won", "lost"]);
    // Only from Won, where the deal became a customer.
    assert_eq!(
        rules["governanceValidationRules"]["noBackwardsMovementRule"],
        json!({ "enabledForAllStages": false, "pipelineStageIds": ["{stage.offer}", "{stage.lost}"] })
    );
}

/// Two ways on, and only one of the two types leads back: it brings back what went on as it, from where
/// that did.
#[test]
fn only_what_a_record_went_on_as_brings_it_back() {
    let source = r#"
process p { currency EUR }
team sales { role rep }
record deal { amount money }
record customer from deal { note text }
record member from customer { }
record trial from deal { memo text }
stage talk "Talk" { record deal owner rep entry probability 10% advance to demo lose to lost }
stage demo "Demo" { record deal owner rep probability 20% advance to offer TRIAL lose to lost }
stage offer "Offer" { record deal owner rep probability 50% advance to won lose to lost }
stage won "Won" { record deal owner rep outcome won advance to live }
stage lost "Lost" { record deal owner rep outcome lost final }
stage live "Live" { record customer owner rep advance to joined }
stage joined "Joined" { record member owner rep MEMBER }
stage pilot "Pilot" { record trial owner rep ENTRY recycle to talk "Talk again" when memo is present advance to piloted }
stage piloted "Piloted" { record trial owner rep final }
"#;
    let no_way_back = |trial: &str, entry: &str, member: &str| {
        let source = source.replace("TRIAL", trial).replace("ENTRY", entry);
        let output = emit("hubspot", &process(&source.replace("MEMBER", member)), &[]);
        let (rules, stages) = rules_of(&output, "deals", "deal");
        assert_eq!(stages, ["talk", "demo", "offer", "won", "lost"]);
        rules["governanceValidationRules"]["noBackwardsMovementRule"]["pipelineStageIds"].clone()
    };
    let pilot = "advance to pilot \"Pilot\"";
    // A trial goes back from Demo, a customer from nowhere.
    assert_eq!(
        no_way_back(pilot, "", "final"),
        json!(["{stage.offer}", "{stage.won}", "{stage.lost}"])
    );
    // Nothing goes on as a trial.
    assert_eq!(no_way_back("", "entry", "final"), json!([]));
    // What continues the customer brings back what went on as the customer.
    assert_eq!(
        no_way_back("", "entry", "recycle to demo"),
        json!(["{stage.demo}", "{stage.offer}", "{stage.lost}"])
    );
}
