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
            "mend_oil: Mend & oil of Workshop",
            "not_worth_it: Not worth it of nobody",
            "take_in: Take in of Front desk",
            "won: Won of nobody",
        ]
    );
    let moves: Vec<&str> = moves.iter().map(String::as_str).collect();
    assert_eq!(
        moves,
        [
            "call → won",
            "mend_oil → call",
            "mend_oil → take_in",
            "take_in → mend_oil",
            "take_in → not_worth_it",
        ]
    );
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
    assert!(text.contains("advance to lease_in_force") && text.contains("outcome won"), "{text}");
    let report = sandbox.read("p/IMPORT.md");
    for told in [
        "| line 12 | `Lease in force` is won: of the ends it is the only one that is not lost or void |",
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
        [
            "call → send_offer \"\" 48h",
            "send_offer → call \"Let it rest\" 14d",
            "send_offer → won \"\" "
        ]
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
        ["check: Check of nobody", "send_offer: Send offer of nobody", "won: Won of nobody"];
    assert_eq!(stages, expected);
    assert_eq!(Vec::from_iter(moves), ["check → won", "send_offer → check"]);
    assert_eq!(Vec::from_iter(limits(&process)), ["send_offer 3d"]);
    let report = sandbox.read("p/IMPORT.md");
    for told in [
        "| line 8 | the condition of a flow, `price > 0`: write it behind `when` |",
        "| line 12 | what happens inside `Check`: `Ask the bank` |",
    ] {
        assert!(report.contains(told), "{told} in {report}");
    }
}

/// Imports what a build has written, builds it and imports it once more: the files are the same, to the
/// letter. The first of them.
#[track_caller]
fn there_and_back(source: &str) -> Sandbox {
    let process = processes(&[("p.ekiden", source)]);
    let (first, back) = imported(text(&emit("bpmn", &process, &[]), "process.bpmn"));
    let (second, _) = imported(text(&emit("bpmn", &back, &[]), "process.bpmn"));
    for file in ["p/process.ekiden", "p/stages.ekiden", "p/ekiden.yaml"] {
        assert_eq!(first.read(file), second.read(file), "{file}");
    }
    first
}

#[test]
fn a_record_that_a_stage_starts_is_no_move() {
    let source = r#"process lease "Lease" { }
team desk "Desk" { role clerk "Clerk" }
record machine "Machine" { }
record need "Need" { }
stage asked "Asked" { record need entry owner clerk advance to bought lose to gone }
stage bought "Bought" { record need outcome won starts machine at runs }
stage gone "Gone away" { record need outcome lost }
stage runs "Runs" { record machine owner clerk limit 1y starts need at asked advance to scrapped }
stage scrapped "Scrapped" { record machine outcome void }
"#;
    let sandbox = there_and_back(source);
    let text = sandbox.read("p/stages.ekiden").replace("starts  ", "starts ");
    assert_eq!(text.matches("starts need at asked").count(), 1, "{text}");
    assert_eq!(text.matches("starts machine at runs").count(), 1, "{text}");
    assert!(!text.contains("recycle") && !text.contains("to runs"), "{text}");
    // `Gone away` and `Bought` do not say by their titles how they end.
    let outcomes: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix("outcome ")).collect();
    assert_eq!(outcomes, ["void", "won", "lost"]);
    let head = sandbox.read("p/process.ekiden");
    assert!(head.contains("record machine \"Machine\" { }") && !head.contains("Nobody"), "{head}");
    let report = sandbox.read("p/IMPORT.md");
    let told = "`Runs` starts a new record at `Asked`: it sends a message there and goes on itself";
    assert!(report.contains(told), "{report}");
}

#[test]
fn limits_and_ends_come_back_from_other_languages() {
    let source = r#"process lease "リース" { languages [ja] }
team desk "窓口" { role clerk "係" }
record deal "案件" { }
stage asked "相談" { record deal entry owner clerk limit 3 business days advance to sent lose to gone }
stage sent "見積" { record deal owner clerk limit 2w recycle to asked advance to bought lose to gone }
stage bought "契約" { record deal owner clerk outcome won recycle to asked after 1y }
stage gone "終了済" { record deal owner clerk outcome lost }
"#;
    let text = there_and_back(source).read("p/stages.ekiden");
    let lines: Vec<String> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    // Two weeks are fourteen days, as the timer has them.
    for line in ["limit 3 business days", "limit 14d", "outcome won", "outcome lost"] {
        assert!(lines.iter().any(|found| found == line), "{line}: {text}");
    }
    assert!(lines.contains(&"stage bought \"契約\" {".to_owned()), "{text}");
}

/// A small gift: one way, one end.
const GIFT: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"><process id="gift">
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
  <task id="a" name="Ask"/><sequenceFlow id="f2" sourceRef="a" targetRef="e"/>
  <endEvent id="e" name="Paid"/>
</process></definitions>"#;

#[test]
fn the_only_end_is_where_all_is_well() {
    let outcome = |xml: &str| {
        let (sandbox, process) = imported(xml);
        let stage = process.stages.values().find(|stage| stage.title.value == "Paid").unwrap();
        let report = sandbox.read("p/IMPORT.md");
        let why = report.lines().find(|line| line.contains("`Paid` is ")).unwrap();
        let why = why.split("`Paid` is ").nth(1).unwrap().trim_end_matches(" |").to_owned();
        (format!("{:?} {}", stage.outcome.unwrap(), stage.name), why)
    };
    let is = |outcome: &str, why: &str| (outcome.to_owned(), why.to_owned());
    assert_eq!(outcome(GIFT), is("Won paid", "won: it is the only end"));
    // One that is void by its name is none where all is well.
    let more = |end: &str| {
        let more =
            format!("{end}<sequenceFlow id=\"f3\" sourceRef=\"a\" targetRef=\"x\"/></process>");
        GIFT.replace("</process>", &more)
    };
    assert_eq!(
        outcome(&more("<endEvent id=\"x\" name=\"Cancelled\"/>")),
        is("Won paid", "won: of the ends it is the only one that is not lost or void")
    );
    // Beside an end without a name nobody knows which is the good one.
    for end in ["<endEvent id=\"x\"/>", "<endEvent id=\"x\" name=\"Handed on\"/>"] {
        assert_eq!(
            outcome(&more(end)),
            is("Void paid", "void: it ends, neither won nor lost by its name")
        );
    }
}

/// Names are made of titles. Only what a build has written bears its own name.
#[test]
fn identifiers_of_a_drawing_are_no_names() {
    let names = |xml: &str| {
        let (_, process) = imported(xml);
        process.stages.values().map(|stage| stage.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(GIFT), ["ask", "paid"]);
    let built = GIFT.replace("\"a\"", "\"Stage_first_call\"");
    assert_eq!(names(&built), ["first_call", "paid"]);
    // That begins likewise, and is none of ours.
    assert_eq!(names(&GIFT.replace("\"a\"", "\"Stage_First Call\"")), ["ask", "paid"]);
    // A title in another script: what somebody has called it, not what a tool has made up.
    let japanese = GIFT.replace("\"Ask\"", "\"依頼\"");
    assert_eq!(names(&japanese.replace("\"a\"", "\"request\"")), ["request", "paid"]);
    for id in ["Activity_0k3x9ab", "sid-9F1C", "_7a1c"] {
        assert_eq!(names(&japanese.replace("\"a\"", &format!("\"{id}\""))), ["stage_1", "paid"]);
    }
}

/// A drawing has no order but that in which somebody drew it.
#[test]
fn a_move_leads_back_where_the_record_has_been() {
    let xml = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"><process id="p">
  <endEvent id="Event_1" name="Won"/>
  <task id="t3" name="Sign"/><task id="t2" name="Offer"/><task id="t1" name="Ask"/>
  <startEvent id="s"/>
  <sequenceFlow id="f5" sourceRef="t3" targetRef="t2"/><sequenceFlow id="f4" sourceRef="t3" targetRef="Event_1"/>
  <sequenceFlow id="f3" sourceRef="t2" targetRef="t3"/><sequenceFlow id="f2" sourceRef="t1" targetRef="t2"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="t1"/>
</process></definitions>"#;
    let (sandbox, process) = imported(xml);
    let names: Vec<&str> = process.stages.values().map(|stage| stage.name.as_str()).collect();
    assert_eq!(names, ["ask", "offer", "sign", "won"]);
    let text = sandbox.read("p/stages.ekiden");
    let moves: Vec<&str> =
        text.lines().map(str::trim).filter(|line| line.contains(" to ")).collect();
    assert_eq!(
        moves,
        ["advance to offer", "advance to sign", "recycle to offer", "advance to won"]
    );
}

/// What somebody draws with bpmn.io: a pool with lanes, a customer without a process, gateways, a timer
/// beside the work, two ends, a subprocess; elements in the order in which they were drawn.
const SOLAR: &str = r#"<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="Definitions_1m2x0q5">
  <bpmn:collaboration id="Collaboration_0q1y7sd">
    <bpmn:participant id="Participant_1f9gk0c" name="Solar installation" processRef="Process_0y0n5fk" />
    <bpmn:participant id="Participant_0u2k4na" name="Customer" />
    <bpmn:messageFlow id="Flow_0a1b2c3" name="Quote" sourceRef="Activity_1quote7" targetRef="Participant_0u2k4na" />
  </bpmn:collaboration>
  <bpmn:process id="Process_0y0n5fk">
    <bpmn:laneSet id="LaneSet_1s0f3q8">
      <bpmn:lane id="Lane_0p1q2r3" name="Sales"><bpmn:flowNodeRef>Activity_0ab1cd2</bpmn:flowNodeRef><bpmn:flowNodeRef>Activity_1quote7</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="Lane_0p1q2r5" name="Crew"><bpmn:flowNodeRef>Activity_0instal</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="StartEvent_1" name="Enquiry received"><bpmn:messageEventDefinition id="M_1" /></bpmn:startEvent>
    <bpmn:endEvent id="Event_0running" name="System in operation" />
    <bpmn:endEvent id="Event_1declin" name="Enquiry declined" />
    <bpmn:subProcess id="Activity_0instal" name="Install system">
      <bpmn:task id="Activity_0mount1" name="Mount panels" /><bpmn:task id="Activity_0wire01" name="Connect to grid" />
    </bpmn:subProcess>
    <bpmn:userTask id="Activity_1quote7" name="Send quote" />
    <bpmn:boundaryEvent id="Event_0timer1" name="No answer" cancelActivity="false" attachedToRef="Activity_1quote7">
      <bpmn:timerEventDefinition id="T_1"><bpmn:timeDuration>P14D</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:sendTask id="Activity_0remind" name="Remind customer" />
    <bpmn:task id="Activity_0ab1cd2" name="Qualify&#10;enquiry" />
    <bpmn:exclusiveGateway id="Gateway_1fit0xx" name="Roof suitable?" /><bpmn:exclusiveGateway id="Gateway_0accept" name="Accepted?" />
    <bpmn:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Activity_0ab1cd2" />
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Activity_0ab1cd2" targetRef="Gateway_1fit0xx" />
    <bpmn:sequenceFlow id="Flow_3" name="Yes" sourceRef="Gateway_1fit0xx" targetRef="Activity_1quote7" />
    <bpmn:sequenceFlow id="Flow_4" name="No" sourceRef="Gateway_1fit0xx" targetRef="Event_1declin" />
    <bpmn:sequenceFlow id="Flow_6" sourceRef="Activity_1quote7" targetRef="Gateway_0accept" />
    <bpmn:sequenceFlow id="Flow_7" name="Yes" sourceRef="Gateway_0accept" targetRef="Activity_0instal" />
    <bpmn:sequenceFlow id="Flow_8" sourceRef="Activity_0instal" targetRef="Event_0running" />
    <bpmn:sequenceFlow id="Flow_9" name="No" sourceRef="Gateway_0accept" targetRef="Event_1declin" />
    <bpmn:sequenceFlow id="Flow_10" name="Roof changed" sourceRef="Gateway_0accept" targetRef="Activity_0ab1cd2" />
    <bpmn:sequenceFlow id="Flow_t" sourceRef="Event_0timer1" targetRef="Activity_0remind" />
  </bpmn:process>
</bpmn:definitions>"#;

#[test]
fn a_diagram_of_a_company_is_read_as_it_is_meant() {
    let (sandbox, _) = imported(SOLAR);
    let text = sandbox.read("p/stages.ekiden");
    let lines: Vec<String> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let lines: Vec<&str> =
        lines.iter().map(String::as_str).filter(|line| !matches!(*line, "" | "}")).collect();
    assert_eq!(
        lines,
        [
            "# Solar installation",
            "stage qualify_enquiry \"Qualify enquiry\" {",
            "record solar_installation",
            "entry",
            "owner sales",
            "advance to send_quote \"Yes\"",
            "lose to enquiry_declined \"No\"",
            "stage send_quote \"Send quote\" {",
            "record solar_installation",
            "owner sales",
            "limit 14d",
            "advance to install_system \"Yes\"",
            "lose to enquiry_declined \"No\"",
            "recycle to qualify_enquiry \"Roof changed\"",
            "stage install_system \"Install system\" {",
            "record solar_installation",
            "owner crew",
            "advance to system_in_operation",
            "stage system_in_operation \"System in operation\" {",
            "record solar_installation",
            "outcome won",
            "stage enquiry_declined \"Enquiry declined\" {",
            "record solar_installation",
            "outcome lost",
        ]
    );
    let report = sandbox.read("p/IMPORT.md");
    for told in [
        "| line 4 | the pool `Customer` has no process |",
        "| line 5 | the message `Quote`: one of its ends is no work or event of a pool |",
        "| line 14 | `Enquiry declined` is lost, by its name |",
        "| line 13 | `System in operation` is won: of the ends it is the only one that is not lost or void |",
        "| line 15 | what happens inside `Install system`: `Mount panels`, `Connect to grid` |",
        "| line 19 | what is done beside the work: `Remind customer` |",
    ] {
        assert!(report.contains(told), "{told} in {report}");
    }
}
