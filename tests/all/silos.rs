//! The silo report: the numbers are those that the book promises, and what it advises closes the gaps.

use ekiden::emit::report;
use ekiden::emit::view::{Facts, silo_report};
use ekiden::model::Process;
use ekiden::report::silos::{Silos, share, silos};

use crate::target_docs::{emit, example, process};

/// Two teams, two handoffs; `{0}` to `{3}` are the terms of the first, of the second, entry criteria of the
/// receiver, and whatever else.
fn two_teams(first: &str, second: &str, enter: &str, more: &str) -> Process {
    process(&format!(
        "team one \"One\" {{ }} team two \"Two\" {{ role rep headcount 3 }}
         record lead {{ need text  why text }}
         stage a {{ record lead  entry  owner one  limit 5d  advance to c {first}  lose to lost }}
         stage b {{ record lead  entry  owner one  limit 5d  advance to c {second}  lose to lost }}
         stage c {{ record lead  owner rep  {enter}  advance to won  lose to lost after 90d }}
         stage won  {{ record lead  owner rep  outcome won   final }}
         stage lost {{ record lead  owner one  outcome lost  final }}
         {more}"
    ))
}

/// Clock, parcel, terms, goal, feedback of the only boundary.
fn parts(process: &Process) -> [u32; 5] {
    let silos = silos(process);
    assert_eq!(silos.boundaries.len(), 1);
    let score = silos.boundaries[0].score;
    assert_eq!(silos.number, Some(score.total()));
    [score.clock, score.parcel, score.terms, score.goal, score.feedback]
}

fn shown(process: &Process, silos: &Silos) -> String {
    let facts = Facts::of(process);
    report::silos(&silo_report(process, &facts, silos, "en"))
}

#[test]
fn each_part_is_worth_what_the_book_says() {
    let bare = |first: &str, second: &str| parts(&two_teams(first, second, "", ""));
    assert_eq!(bare("", ""), [0, 0, 0, 0, 0]);
    assert_eq!(bare("handoff within 1d", ""), [10, 0, 0, 0, 0]);
    assert_eq!(bare("handoff within 1d", "handoff within 1d carries [need]"), [20, 10, 0, 0, 0]);
    assert_eq!(bare("handoff accept when need is present", ""), [0, 0, 10, 0, 10]);
    assert_eq!(parts(&two_teams("", "", "limit 5d", "")), [20, 0, 0, 0, 0]);
    let enter = "enter when { n \"N\" need is present }";
    assert_eq!(parts(&two_teams("", "", enter, "")), [0, 0, 20, 0, 0]);
    let goal = "goal g { shared by [one, rep]  measure conversion from a to c }";
    assert_eq!(parts(&two_teams("", "", "", goal)), [0, 0, 0, 20, 0]);
    let alone = "goal g { owner rep  measure conversion from c to won }";
    assert_eq!(parts(&two_teams("", "", "", alone)), [0, 0, 0, 0, 0]);
    let told = "feedback f { from rep  to [one] }";
    assert_eq!(parts(&two_teams("", "", "", told)), [0, 0, 0, 0, 20]);
    let wrong_way = "feedback f { from one  to [rep] }";
    assert_eq!(parts(&two_teams("", "", "", wrong_way)), [0, 0, 0, 0, 0]);
    assert_eq!(parts(&two_teams("", "", "recycle to a when why is present", "")), [0, 0, 0, 0, 10]);
    assert_eq!(parts(&two_teams("", "", "recycle to a after 90d", "")), [0, 0, 0, 0, 0]);
}

#[test]
fn shares_are_rounded_and_add_up() {
    assert_eq!((share(0, 3), share(1, 3), share(2, 3), share(3, 3)), (0, 7, 13, 20));
    assert_eq!(share(0, 0), 0);
    for of in 1..50 {
        assert_eq!(share(of, of), 20);
    }
}

#[test]
fn what_would_close_the_gaps_brings_all_that_is_missing() {
    for (first, second, more) in [
        ("", "", ""),
        ("handoff within 1d", "", "feedback f { from two to [one] }"),
        ("handoff within 1d carries [need]", "handoff accept when need is present", ""),
    ] {
        let process = two_teams(first, second, "", more);
        let (facts, silos) = (Facts::of(&process), silos(&process));
        let report = silo_report(&process, &facts, &silos, "en");
        for boundary in &report.boundaries {
            let points: u32 = boundary.gaps.iter().map(|gap| gap.points).sum();
            assert_eq!(boundary.number + points, 100, "{first} {second} {more}");
        }
    }
}

/// The clauses of the report, written into the process, close every gap.
#[test]
fn its_advice_is_the_language() {
    let bare = two_teams("", "", "", "");
    let text = shown(&bare, &silos(&bare));
    for clause in [
        "in stage a: advance to c … handoff within 4 business hours",
        "in stage b: advance to c … handoff carries [need, why]",
        "in stage a: advance to c … handoff accept when need is present",
        "goal … { shared by [one, two]  measure conversion from a to c }",
        "feedback … { from two  to [one]  every 1w }",
    ] {
        assert!(text.contains(clause), "{text}");
    }
    let terms = "handoff within 4 business hours carries [need, why] accept when need is present";
    let more = "goal g { shared by [one, two]  measure conversion from a to c }
                feedback f { from two  to [one]  every 1w }";
    let closed = two_teams(terms, terms, "", more);
    assert_eq!(parts(&closed), [20; 5]);
    let text = shown(&closed, &silos(&closed));
    assert!(text.contains("Nothing is missing at any boundary."), "{text}");
}

#[test]
fn the_weakest_boundary_stands_first() {
    let process = process(
        "team one { } team two { } team three { }
         record lead { need text }
         stage a { record lead  entry  owner one  limit 5d  advance to b handoff within 1d carries [need]  lose to lost }
         stage b { record lead  owner two  limit 5d  advance to c }
         stage c { record lead  owner three  advance to won }
         stage won  { record lead  owner three  outcome won   final }
         stage lost { record lead  owner one    outcome lost  final }",
    );
    let silos = silos(&process);
    let numbers: Vec<u32> = silos.boundaries.iter().map(|b| b.score.total()).collect();
    assert_eq!(numbers, [0, 40]);
    assert_eq!(silos.number, Some(20));
    assert!(silos.boundaries.iter().all(|boundary| boundary.is_one_way()));
}

#[test]
fn fields_that_others_read_carry_or_are_measured_by_are_not_of_one_team() {
    let own = |terms: &str, more: &str| -> Vec<String> {
        let process = process(&format!(
            "team one {{ }} team two {{ }}
             record lead {{ need text  note text  size number }}
             stage a {{ record lead  entry  owner one  limit 5d  collect [need, note, size]
               advance to b handoff within 1d {terms}  lose to lost }}
             stage b {{ record lead  owner two  limit 5d  advance to won }}
             stage won  {{ record lead  owner two  outcome won   final }}
             stage lost {{ record lead  owner one  outcome lost  final }}
             {more}"
        ));
        let own = silos(&process).own_fields;
        let fields = own.iter().flat_map(|(_, fields)| fields);
        fields.map(|field| process.fields[*field].name.clone()).collect()
    };
    assert_eq!(own("", ""), ["need", "note", "size"]);
    assert_eq!(own("carries [need]", ""), ["note", "size"]);
    assert_eq!(own("accept when size > 5", ""), ["need", "note"]);
    let score =
        "score s \"S\" of lead { fit +5 when size > 5  grade hot at least 5, cold otherwise }";
    assert_eq!(own("", score), ["need", "note"]);
    let goal = "goal g { shared by [one, two]  measure sum of size entering won }";
    assert_eq!(own("", goal), ["need", "note"]);
}

#[test]
fn single_points_are_people_and_bridges() {
    let process = process(
        "team one { role a1 headcount 3 } team two { role b1 headcount 1 } team three { role c1 headcount 3 }
         record lead { need text }
         goal g { shared by [one, two]    measure conversion from a to b }
         goal h { shared by [two, three]  measure conversion from b to c }
         stage a { record lead  entry  owner a1  limit 5d  advance to b  lose to lost }
         stage b { record lead  owner b1  limit 5d  advance to c }
         stage c { record lead  owner c1  limit 5d  advance to won }
         stage won  { record lead  owner c1  outcome won   final }
         stage lost { record lead  owner a1  outcome lost  final }",
    );
    let text = shown(&process, &silos(&process));
    assert!(text.contains("Single points         B1, in B\n"), "{text}");
    assert!(text.contains("Two, through which alone shared goals connect the others\n"), "{text}");
}

#[test]
fn a_process_of_one_team_has_no_boundary() {
    let process = process(
        "team us { }
         record lead { need text }
         stage a { record lead  entry  owner us  limit 5d  advance to won  lose to lost }
         stage won  { record lead  owner us  outcome won   final }
         stage lost { record lead  owner us  outcome lost  final }",
    );
    let silos = silos(&process);
    assert_eq!(silos.number, None);
    let text = shown(&process, &silos);
    assert!(text.contains("there is no boundary"), "{text}");
    let pages = emit("docs", &process).artifacts;
    assert!(!pages.iter().any(|page| page.path.ends_with("silos.md")));
}

#[test]
fn wide_and_long_titles_keep_the_table_straight() {
    let process = process(
        "team one \"Red team\" { } team two \"아주 아주 긴 이름을 가진 고객 성공 팀과 그 친구들\" { }
         record lead { need text }
         stage a { record lead  entry  owner one  limit 5d  advance to b  lose to lost }
         stage b { record lead  owner two  limit 5d  advance to won }
         stage won  { record lead  owner two  outcome won   final }
         stage lost { record lead  owner one  outcome lost  final }",
    );
    let text = shown(&process, &silos(&process));
    // Wide letters take two columns: the numbers still stand below their heads.
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("Red team  아주")).collect();
    assert_eq!(
        rows,
        ["Red team  아주 아주 긴 이름을 가진 고…      20     20       0      0     0         0"]
    );
}

#[test]
fn the_examples_are_whole_at_every_boundary() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        assert_eq!(silos(&example(name)).number, Some(100), "{name}");
    }
}

#[test]
fn the_handbook_has_it_in_every_language() {
    let pages = emit("docs", &example("the_model")).artifacts;
    for language in ["en", "ko", "ja"] {
        let page = pages.iter().find(|page| page.path == format!("{language}/silos.md"));
        let text = String::from_utf8(page.expect("a page").contents.clone()).unwrap();
        assert!(text.contains("| 100 | 20 | 20 | 20 | 20 | 20 |"), "{text}");
        assert!(!text.contains("{{"), "{text}");
    }
}

#[test]
fn it_is_json_when_asked() {
    let process = two_teams("", "", "", "");
    let (facts, silos) = (Facts::of(&process), silos(&process));
    let json = serde_json::to_value(silo_report(&process, &facts, &silos, "en")).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["number"], 0);
    assert_eq!(json["boundaries"][0]["from"]["name"], "one");
    assert_eq!(json["boundaries"][0]["gaps"].as_array().unwrap().len(), 8);
    assert_eq!(json["one_way"].as_array().unwrap().len(), 1);
}

/// What is filled in later is no news for who takes over: nothing can be carried that nobody knows yet.
#[test]
fn only_what_is_known_by_then_can_be_carried() {
    let process = process(
        "team one \"One\" { } team two \"Two\" { } team three \"Three\" { }
         record lead { later text  need text  why text }
         record deal from lead { sum number  size number }
         stage a { record lead  entry  owner one  collect [need]  advance to b }
         stage b { record lead  owner two  advance to c }
         stage c { record lead  owner three  collect [later, why]  advance to d }
         stage d { record deal  owner one  advance to e }
         stage e { record deal  owner two  collect [sum, size]  advance to won }
         stage won { record deal  owner two  outcome won  final }",
    );
    let text = shown(&process, &silos(&process));
    assert!(text.contains("in stage b: advance to c … handoff carries [need]"), "{text}");
    // Of what the deal has nothing is known yet; of its lead all is.
    assert!(
        text.contains("in stage d: advance to e … handoff carries [later, need, why]"),
        "{text}"
    );
    assert!(text.contains("in stage c: advance to d … handoff carries [later, why]"), "{text}");
}
