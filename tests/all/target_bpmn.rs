//! BPMN, read by bpmn-moddle, its schema and bpmnlint, measured, and run by bpmn-engine: the token
//! stands where the native evaluator says.

use std::fmt::Write as _;

use ekiden::emit::Output;
use ekiden::logic::{Evaluator, RecordState};
use ekiden::model::{Id, Process, Stage, StageId};
use serde_json::{Map, Value as Json, json};

use crate::crm_support::{HOSTILE, WHOLE, check, emit, example, process, text, told, written};
use crate::feel_support::{decided, variables};
use crate::target_sql::logic::Random;
use crate::target_xstate::record;

fn read(output: &Output) {
    check("bpmn-check.mjs", &[written(output).path()]);
}

#[test]
fn examples_are_read_by_the_tools_and_drawn_without_a_fault() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        read(&emit("bpmn", &example(name), &[]));
    }
}

#[test]
fn every_construct_and_hostile_texts_are_read() {
    read(&emit("bpmn", &process(WHOLE), &[]));
    read(&emit("bpmn", &process(HOSTILE), &[]));
}

/// Sixty stages of three record types and five teams, with moves this way and that.
fn large() -> String {
    let mut random = Random(5);
    let mut source = String::from("process large { languages [ko] currency KRW }\n");
    for team in 0..5 {
        let title = if team == 3 {
            "아주 긴 이름을 가진 고객 성공 및 갱신 관리 담당 팀"
        } else {
            "팀"
        };
        writeln!(source, "team t{team} \"{title} {team}\" {{ role r{team} }}").unwrap();
    }
    source.push_str(
        "record a { x number }\nrecord b from a { y number }\nrecord c from b { z number }\n",
    );
    for at in 0..60 {
        let (kind, first) = (["a", "b", "c"][at / 20], at / 20 * 20);
        let title = match at % 7 {
            0 => "가나다라마바사아자차카타파하".repeat(4),
            1 => "Unbreakablewordthatislongerthananyboxcouldpossiblybeanywhere".to_owned(),
            _ => format!("단계 {at} 확인"),
        };
        write!(source, "stage s{at} \"{title}\" {{ record {kind}  owner r{}", random.below(5))
            .unwrap();
        if at == 0 || at == 3 {
            source.push_str("  entry from \"웹사이트에서 들어온 문의\"");
        }
        if random.chance(40) {
            source.push_str("  limit 180 business days");
        }
        source.push('\n');
        if at % 20 == 19 {
            source.push_str("  outcome lost\n  from any open of ");
            writeln!(source, "{kind} when x > 3 }}").unwrap();
            continue;
        }
        writeln!(source, "  advance to s{} when x > {at}", at + 1).unwrap();
        let mut led_to = Vec::new();
        for _ in 0..random.below(4) {
            let to = if random.chance(80) {
                first + random.below(20) as usize
            } else {
                random.below(60) as usize
            };
            if to % 20 != 19 && to != at && to != at + 1 && !led_to.contains(&to) {
                led_to.push(to);
                let name = if random.chance(30) {
                    " \"다음 분기에 다시 연락하기로 약속한 고객\""
                } else {
                    ""
                };
                writeln!(source, "  recycle to s{to}{name} when x < {to}").unwrap();
            }
        }
        source.push_str("}\n");
    }
    source
}

#[test]
fn sixty_stages_with_long_titles_lie_beside_each_other() {
    read(&emit("bpmn", &process(&large()), &[]));
}

#[test]
fn titles_are_in_the_first_language() {
    let process = example("the_model");
    let output = emit("bpmn", &process, &[]);
    assert_eq!(output.artifacts.len(), 1);
    assert!(
        text(&output, "process.bpmn")
            .contains("name=\"1. More than a lead, less than an opportunity\"")
    );
}

#[test]
fn what_feel_cannot_say_and_no_timer_counts_is_told() {
    let source = r#"
        team t { role r }  record d { seen datetime }
        stage a { record d  owner r  entry  limit 2 business days
          advance to b when business hours since seen > 4 }
        stage b { record d  owner r  outcome won }
    "#;
    let output = emit("bpmn", &process(source), &[]);
    assert_eq!(
        told(&output.diagnostics),
        [
            "warning[target-loss]: FEEL cannot say all of what the move from `a` to `b` asks: \
             `business hours since seen > 4`",
            "warning[target-loss]: BPMN has no timer for the limit of `a`",
        ]
    );
    let xml = text(&output, "process.bpmn");
    assert!(
        xml.contains("answers.q_business_hours_since_seen_4: business hours since seen &gt; 4")
    );
    assert!(
        xml.contains(">answers.q_business_hours_since_seen_4 = true</bpmn:conditionExpression>")
    );
    read(&output);
}

/// Walks through a process: what is chosen, what is known then, and where the record stands after.
fn story(process: &Process, keys: &[String], random: &mut Random) -> (Json, usize) {
    let entries: Vec<StageId> = process
        .stages
        .iter()
        .filter(|(_, stage)| stage.entry.is_some())
        .map(|(id, _)| id)
        .collect();
    let mut at = entries[usize::try_from(random.below(entries.len() as i64)).unwrap()];
    let begin = process.stages[at].name.clone();
    let mut steps = Vec::new();
    let mut moved = 0;
    for _ in 0..10 {
        let stage = &process.stages[at];
        if stage.outgoing.is_empty() {
            break;
        }
        // Most records are held back: look for one that is not, and now and then take one that is.
        let mut found = None;
        let held = random.chance(25);
        for _ in 0..60 {
            let mut state = record(random, process, at);
            // Events are of now: what FEEL gives for a score is not asked here.
            state.events.clear();
            let way =
                stage.outgoing[usize::try_from(random.below(stage.outgoing.len() as i64)).unwrap()];
            let open = Evaluator::new(process, &state).is_open(way);
            found = Some((state, way, open));
            if open != held {
                break;
            }
        }
        let (state, way, open) = found.unwrap();
        let to = if open { process.transitions[way].to } else { at };
        let mut known = variables(process, &state);
        known.extend(decided(process, &state));
        known.insert("answers".to_owned(), answers(process, stage, &state));
        steps.push(json!({
            "at": stage.name, "move": keys[Id::index(way)],
            "variables": known, "to": process.stages[to].name,
        }));
        moved += usize::from(to != at);
        at = to;
    }
    (json!({ "begin": begin, "steps": steps }), moved)
}

/// What the engine answers: whether clocks that count working time have struck.
fn answers(process: &Process, stage: &Stage, state: &RecordState) -> Json {
    let evaluator = Evaluator::new(process, state);
    let mut answers = Map::new();
    for way in &stage.outgoing {
        if let Some(clock) = &process.transitions[*way].after {
            let name = format!("q_after {}", clock.duration).replace(' ', "_");
            answers.insert(name, json!(evaluator.has_struck(clock)));
        }
    }
    Json::Object(answers)
}

fn run(process: &Process, stories: usize) -> usize {
    let output = emit("bpmn", process, &[]);
    let keys: Vec<String> = process.transition_keys().into_iter().map(|(_, key)| key).collect();
    let mut random = Random(3);
    let mut moved = 0;
    let all: Vec<Json> = (0..stories)
        .map(|_| {
            let (story, count) = story(process, &keys, &mut random);
            moved += count;
            story
        })
        .collect();
    let folder = written(&output);
    let file = folder.path().join("stories.json");
    std::fs::write(&file, serde_json::to_string(&all).unwrap()).unwrap();
    check("bpmn-run.mjs", &[&folder.path().join("process.bpmn"), &file]);
    moved
}

#[test]
fn an_engine_moves_the_token_as_the_evaluator_says() {
    // Most random records of the first are held back by its criteria.
    for (name, stories, least) in
        [("the_model", 10, 5), ("salesforce_default", 8, 15), ("hubspot_default", 8, 15)]
    {
        let moved = run(&example(name), stories);
        assert!(moved > least, "{name}: {moved} moves");
    }
}
