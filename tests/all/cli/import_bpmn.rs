//! `ekiden import` of BPMN: what is built comes back, what others draw is read, what is broken is
//! refused.

use std::collections::BTreeSet;

use ekiden::model::Process;

use super::sandbox::Sandbox;
use crate::crm_support::{emit, example, processes, text};

/// The stages with the titles of their owners' teams, and the moves.
fn shape(process: &Process) -> (BTreeSet<String>, BTreeSet<String>) {
    let stages = process.stages.iter().map(|(id, stage)| {
        let team = process.stage_team(id).map(|team| process.teams[team].title.value.as_str());
        format!("{}: {} of {}", stage.name, stage.title.value, team.unwrap_or("nobody"))
    });
    let moves = process
        .transitions
        .values()
        .map(|way| format!("{} → {}", process.stages[way.from].name, process.stages[way.to].name));
    (stages.collect(), moves.collect())
}

fn imported(xml: impl AsRef<[u8]>) -> (Sandbox, Process) {
    let sandbox = Sandbox::new();
    sandbox.write("drawn.bpmn", xml);
    sandbox.run(&["import", "drawn.bpmn", "-o", "p"]).exits(0);
    sandbox.run(&["fmt", "--check", "p"]).exits(0);
    sandbox.run(&["check", "p"]).exits(0);
    let files = ["p/process.ekiden", "p/stages.ekiden"].map(|name| (name, sandbox.read(name)));
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let process = processes(&files);
    (sandbox, process)
}

#[test]
fn what_is_built_comes_back_with_its_stages_moves_and_owners() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        let process = example(name);
        let output = emit("bpmn", &process, &[]);
        let (_, back) = imported(text(&output, "process.bpmn"));
        assert_eq!(shape(&process), shape(&back), "{name}");
        assert_eq!(limits(&process), limits(&back), "{name}");
        // What comes back is built again, and comes back as it is.
        let again = emit("bpmn", &back, &[]);
        let (_, again) = imported(text(&again, "process.bpmn"));
        assert_eq!(shape(&back), shape(&again), "{name}");
        assert_eq!(limits(&back), limits(&again), "{name}");
    }
}

/// How long a record may stay in each stage, where there is a limit that a timer can count.
fn limits(process: &Process) -> BTreeSet<String> {
    let of = |stage: &ekiden::model::Stage| {
        // A stage that nothing leads out of is an end, where nobody waits.
        let ends = stage.outcome.is_some() && stage.outgoing.is_empty();
        let limit = stage.limit.as_ref().filter(|_| !ends)?;
        Some(format!("{} {}", stage.name, limit.duration))
    };
    process.stages.values().filter_map(of).collect()
}

/// A task with its timer and its way back, as it was once built: without a frame.
#[test]
fn a_task_that_is_led_back_to_itself_keeps_its_limit() {
    let xml = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <process id="Process_lead">
    <startEvent id="Start_lead"/><sequenceFlow id="a" sourceRef="Start_lead" targetRef="Join_offer"/>
    <exclusiveGateway id="Join_offer"/><sequenceFlow id="Flow_into_offer" sourceRef="Join_offer" targetRef="Stage_offer"/>
    <userTask id="Stage_offer" name="Send offer"/>
    <boundaryEvent id="Limit_offer" name="2 business days" cancelActivity="false" attachedToRef="Stage_offer">
      <timerEventDefinition id="e"><timeDuration>limits.offer</timeDuration></timerEventDefinition></boundaryEvent>
    <endEvent id="Told_offer" name="Tell Seller"/><sequenceFlow id="t" sourceRef="Limit_offer" targetRef="Told_offer"/>
    <exclusiveGateway id="Choice_offer" name="Next?" default="Stay_offer"/>
    <sequenceFlow id="Flow_out_offer" sourceRef="Stage_offer" targetRef="Choice_offer"/>
    <sequenceFlow id="Stay_offer" name="Not yet" sourceRef="Choice_offer" targetRef="Join_offer"/>
    <sequenceFlow id="Flow_offer_won" name="Won" sourceRef="Choice_offer" targetRef="Stage_won"><conditionExpression>lead.price &gt; 0</conditionExpression></sequenceFlow>
    <endEvent id="Stage_won" name="Won"/>
  </process>
</definitions>"#;
    let (_, process) = imported(xml);
    assert_eq!(Vec::from_iter(shape(&process).1), ["offer → won"]);
    assert_eq!(Vec::from_iter(limits(&process)), ["offer 2 business days"]);
}

const DRAWN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x">
  <collaboration id="c">
    <participant id="p1" name="Repair" processRef="repair"/>
    <participant id="p2" name="Customer"/>
  </collaboration>
  <process id="repair">
    <laneSet id="l"><lane id="l1" name="Front desk"><flowNodeRef>take</flowNodeRef><flowNodeRef>call</flowNodeRef></lane>
      <lane id="l2" name="Workshop"><flowNodeRef>mend</flowNodeRef></lane></laneSet>
    <startEvent id="s" name="Bicycle comes in"/>
    <task id="take" name="Take in"><documentation>Write down what is broken.</documentation></task>
    <exclusiveGateway id="g1" name="Worth it?" default="f4"/>
    <serviceTask id="mend" name="Mend &amp; oil"/>
    <boundaryEvent id="b1" name="Five days" attachedToRef="mend" cancelActivity="false">
      <timerEventDefinition id="t1"><timeDuration xsi:type="tFormalExpression">P5D</timeDuration></timerEventDefinition></boundaryEvent>
    <endEvent id="e0" name="Master is told"/>
    <boundaryEvent id="b2" name="Part is missing" attachedToRef="mend"><errorEventDefinition id="er"/></boundaryEvent>
    <parallelGateway id="g2"/>
    <userTask id="call" name="Call"/>
    <intermediateCatchEvent id="w" name="Customer answers"/>
    <endEvent id="won" name="Won"/>
    <endEvent id="no" name="Not worth it"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="take"/>
    <sequenceFlow id="f2" sourceRef="take" targetRef="g1"/>
    <sequenceFlow id="f3" sourceRef="g1" targetRef="mend"><conditionExpression xsi:type="tFormalExpression">price &lt; 100</conditionExpression></sequenceFlow>
    <sequenceFlow id="f4" name="Too dear" sourceRef="g1" targetRef="no"/>
    <sequenceFlow id="f5" sourceRef="mend" targetRef="g2"/>
    <sequenceFlow id="f6" sourceRef="g2" targetRef="call"/>
    <sequenceFlow id="f7" sourceRef="b1" targetRef="e0"/>
    <sequenceFlow id="f8" sourceRef="b2" targetRef="take"/>
    <sequenceFlow id="f9" sourceRef="call" targetRef="w"/>
    <sequenceFlow id="f10" sourceRef="w" targetRef="won"/>
    <sequenceFlow id="f11" sourceRef="call" targetRef="gone"/>
  </process>
</definitions>
"#;

#[test]
fn what_others_draw_is_read_and_told() {
    let (sandbox, process) = imported(DRAWN);
    let (stages, moves) = shape(&process);
    let stages: Vec<&str> = stages.iter().map(String::as_str).collect();
    assert_eq!(
        stages,
        [
            "call: Call of Front desk",
            "mend: Mend & oil of Workshop",
            "no: Not worth it of nobody",
            "take: Take in of Front desk",
            "won: Won of nobody",
        ]
    );
    let moves: Vec<&str> = moves.iter().map(String::as_str).collect();
    assert_eq!(moves, ["call → won", "mend → call", "mend → take", "take → mend", "take → no"]);
    let text = sandbox.read("p/stages.ekiden");
    for says in [
        "entry",
        "Write down what is broken.",
        "5d",
        "\"Part is missing\"",
        "\"Too dear\"",
        "\"price < 100\"",
        "outcome won",
        "outcome void",
    ] {
        assert!(text.contains(says), "{says} in {text}");
    }
    let report = sandbox.read("p/IMPORT.md");
    for told in [
        "| line 5 | the pool `Customer` has no process |",
        "| line 14 | what is done beside the work: `Master is told` |",
        "| line 20 | an event on a way: `Customer answers` |",
        "| line 25 | the condition of a flow, `price < 100`: write it behind `when` |",
        "| line 33 | a flow from `call` to `gone`: one is not there |",
        "| line 22 | `Not worth it` is void: it ends, neither won nor lost by its name |",
    ] {
        assert!(report.contains(told), "{told} in {report}");
    }
}

#[test]
fn what_is_broken_or_hostile_is_refused() {
    let refused = |xml: &str| {
        let sandbox = Sandbox::new();
        sandbox.write("x.bpmn", xml);
        let run = sandbox.run(&["import", "x.bpmn", "-o", "p"]).exits(2);
        assert_eq!(sandbox.list("p"), Vec::<String>::new());
        assert!(run.err.contains("help: "), "{}", run.err);
        run.err.lines().next().unwrap_or("").to_owned()
    };
    let cases = [
        ("", "is empty"),
        ("no XML at all", "there is no element"),
        ("<html/>", "is no diagram of BPMN: it holds `html`"),
        ("<definitions><process id=\"p\"/></definitions>", "holds no stages"),
        ("<definitions>\n<process id=\"p\">\n<task id=\"a\"", "cannot be read"),
        ("<definitions>\n<process id=\"p\">", "line 2: `process` is never closed; the file is cut"),
        ("<definitions>\n<task a=\"&x;\"/></definitions>", "line 2"),
        (
            "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><definitions/>",
            "a document type is not allowed here",
        ),
    ];
    for (xml, says) in cases {
        let told = refused(xml);
        assert!(told.contains(says), "{says} in {told}");
        assert!(!told.contains("``"), "{told}");
    }
    let many: String =
        (0..1_001).map(|at| format!("<task id=\"t{at}\" name=\"T{at}\"/>")).collect();
    let told = refused(&format!("<definitions><process id=\"p\">{many}</process></definitions>"));
    assert!(told.contains("holds more than 1000 stages"), "{told}");
    let deep = "<a>".repeat(100_000);
    assert!(refused(&format!("<definitions>{deep}")).contains("nested too deep"));
}

#[test]
fn gateways_in_a_circle_come_to_an_end() {
    let xml = r#"<definitions><process id="p"><startEvent id="s"/><task id="a" name="A"/><task id="b" name="B"/>
      <exclusiveGateway id="g"/><exclusiveGateway id="h"/>
      <sequenceFlow id="1" sourceRef="s" targetRef="a"/><sequenceFlow id="2" sourceRef="a" targetRef="g"/>
      <sequenceFlow id="3" sourceRef="g" targetRef="h"/><sequenceFlow id="4" sourceRef="h" targetRef="g"/>
      <sequenceFlow id="5" sourceRef="h" targetRef="b"/></process></definitions>"#;
    let (_, process) = imported(xml);
    assert_eq!(shape(&process).1.iter().collect::<Vec<_>>(), ["a → b"]);
}

#[test]
fn timers_notes_and_the_good_end_are_not_lost() {
    let xml = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <process id="lease">
    <startEvent id="s"/><sequenceFlow id="f0" sourceRef="s" targetRef="offer"/>
    <task id="offer" name="Send offer"><documentation>Say what it costs.

Never by phone.</documentation></task>
    <boundaryEvent id="b" name="too late" attachedToRef="offer"><timerEventDefinition><timeDuration>P30D</timeDuration></timerEventDefinition></boundaryEvent>
    <boundaryEvent id="c" name="at some time" attachedToRef="offer"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></boundaryEvent>
    <sequenceFlow id="f1" sourceRef="b" targetRef="lost"/>
    <sequenceFlow id="f2" sourceRef="c" targetRef="lost"/>
    <sequenceFlow id="f3" sourceRef="offer" targetRef="signed"/>
    <endEvent id="signed" name="Lease in force"/>
    <endEvent id="lost" name="Lost"/>
    <textAnnotation id="t"><text>Ask legal
      about long leases</text></textAnnotation>
  </process>
</definitions>"#;
    let (sandbox, process) = imported(xml);
    let clocks: Vec<String> = process
        .transitions
        .values()
        .filter_map(|way| {
            Some(format!("{} {}", way.title.as_ref()?.value, way.after.as_ref()?.duration))
        })
        .collect();
    assert_eq!(clocks, ["too late 30d"]);
    let text = sandbox.read("p/stages.ekiden");
    assert!(text.contains("advance to signed") && text.contains("outcome won"), "{text}");
    let report = sandbox.read("p/IMPORT.md");
    for told in [
        "| line 12 | `Lease in force` is won: of the ends it is the only one that is not lost |",
        "| line 8 | when the timer `at some time` strikes |",
        "| line 4 | what the documentation of `Send offer` says further |",
        "| line 14 | `textAnnotation`: `Ask legal about long leases` |",
    ] {
        assert!(report.contains(told), "{told} in {report}");
    }
    // With two such ends nobody knows which is the good one.
    let two = xml.replace(
        "<endEvent id=\"lost\"",
        "<endEvent id=\"x\" name=\"Handed on\"/><endEvent id=\"lost\"",
    );
    let (sandbox, _) = imported(&two);
    let report = sandbox.read("p/IMPORT.md");
    assert!(report.contains("`Lease in force` is void"), "{report}");
}

/// A file that says it is UTF-16 is read by its mark.
#[test]
fn a_diagram_in_utf_16_is_read() {
    let text = DRAWN.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (_, wide) = imported([b"\xff\xfe", &units[..]].concat());
    let (_, plain) = imported(DRAWN);
    assert_eq!(shape(&wide), shape(&plain));
}

/// A timer that is waited for on the way counts from where the record stands.
#[test]
fn a_timer_on_a_way_says_after_how_long_it_opens() {
    let xml = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <process id="lease">
    <startEvent id="s"/><sequenceFlow id="f0" sourceRef="s" targetRef="offer"/>
    <userTask id="offer" name="Send offer"/>
    <exclusiveGateway id="g"/><sequenceFlow id="f1" sourceRef="offer" targetRef="g"/>
    <sequenceFlow id="f2" sourceRef="g" targetRef="signed"/>
    <intermediateCatchEvent id="t" name="Let it rest"><timerEventDefinition><timeDuration>P14D</timeDuration></timerEventDefinition></intermediateCatchEvent>
    <sequenceFlow id="f3" sourceRef="g" targetRef="t"/><sequenceFlow id="f4" sourceRef="t" targetRef="call"/>
    <userTask id="call" name="Call"/>
    <intermediateCatchEvent id="u" name="2 days"><timerEventDefinition><timeDuration>PT48H</timeDuration></timerEventDefinition></intermediateCatchEvent>
    <intermediateCatchEvent id="v" name="2 weeks"><timerEventDefinition><timeDuration>P2W</timeDuration></timerEventDefinition></intermediateCatchEvent>
    <sequenceFlow id="f5" sourceRef="call" targetRef="u"/><sequenceFlow id="f6" sourceRef="u" targetRef="v"/>
    <sequenceFlow id="f7" sourceRef="v" targetRef="offer"/>
    <endEvent id="signed" name="Won"/>
  </process>
</definitions>"#;
    let (sandbox, process) = imported(xml);
    let mut ways: Vec<String> = process
        .transitions
        .values()
        .map(|way| {
            let (from, to) = (&process.stages[way.from].name, &process.stages[way.to].name);
            let title = way.title.as_ref().map_or("", |title| title.value.as_str());
            let after =
                way.after.as_ref().map_or(String::new(), |after| after.duration.to_string());
            format!("{from} → {to} {title:?} {after}")
        })
        .collect();
    ways.sort();
    assert_eq!(
        ways,
        ["call → offer \"\" 48h", "offer → call \"Let it rest\" 14d", "offer → signed \"\" ",]
    );
    let report = sandbox.read("p/IMPORT.md");
    assert!(!report.contains("Let it rest"), "{report}");
    // One move waits once.
    assert!(report.contains("| line 11 | an event on a way: `2 weeks` |"), "{report}");
}

/// A frame around one task holds its limit and the way back to it; it is no stage of its own.
#[test]
fn a_task_in_a_frame_without_a_name_is_the_stage() {
    let xml = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <process id="lease">
    <startEvent id="s"/><sequenceFlow id="f0" sourceRef="s" targetRef="frame"/>
    <subProcess id="frame">
      <startEvent id="in"/><userTask id="offer" name="Send offer"/><exclusiveGateway id="g" default="i3"/><endEvent id="out"/>
      <sequenceFlow id="i1" sourceRef="in" targetRef="offer"/><sequenceFlow id="i2" sourceRef="offer" targetRef="g"/>
      <sequenceFlow id="i3" sourceRef="g" targetRef="offer"/>
      <sequenceFlow id="i4" sourceRef="g" targetRef="out"><conditionExpression>price &gt; 0</conditionExpression></sequenceFlow>
    </subProcess>
    <boundaryEvent id="b" attachedToRef="frame" cancelActivity="false"><timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent>
    <sequenceFlow id="f3" sourceRef="frame" targetRef="check"/>
    <subProcess id="check" name="Check"><userTask id="inner" name="Ask the bank"/></subProcess>
    <sequenceFlow id="f4" sourceRef="check" targetRef="signed"/>
    <endEvent id="signed" name="Won"/>
  </process>
</definitions>"#;
    let (sandbox, process) = imported(xml);
    let (stages, moves) = shape(&process);
    let stages: Vec<&str> = stages.iter().map(String::as_str).collect();
    let expected =
        ["check: Check of nobody", "offer: Send offer of nobody", "signed: Won of nobody"];
    assert_eq!(stages, expected);
    assert_eq!(Vec::from_iter(moves), ["check → signed", "offer → check"]);
    assert_eq!(Vec::from_iter(limits(&process)), ["offer 3d"]);
    let report = sandbox.read("p/IMPORT.md");
    for told in [
        "| line 8 | the condition of a flow, `price > 0`: write it behind `when` |",
        "| line 12 | what happens inside `Check` |",
    ] {
        assert!(report.contains(told), "{told} in {report}");
    }
}
