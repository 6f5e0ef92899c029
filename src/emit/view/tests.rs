//! What the view says about a small process.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::source::FileId;
use crate::{sema, syntax};

const SMALL: &str = r#"
process p "P" { currency JPY languages [en, ko] }
team first "First" { role a "A" role b "B" }
team second "Second" { role c "C" }
team third "Third" {}
record lead "Lead" ko "리드" { need text meeting date reason text }
record deal "Deal" from lead { amount money }

stage closed "Closed" { record deal owner c outcome lost final
  from any open of deal when reason is present }
stage offer "Offer" { record deal owner c collect [amount]
  enter when { meets "They meet" meeting is present } }
stage talk "Talk" { record lead owner a collect [need, meeting, reason] limit 5d escalate to b
  exit when { heard "Heard" need is present  sure "Sure" confirm "It is real" }
  advance to offer "Offer" handoff within 1d carries [need] accept when need is present else recycle to pool
  recycle to pool after 3d }
stage call "Call" { record lead owner a entry from [web] advance to talk }
stage pool "Pool" { record lead owner first advance to talk "Warm again" }

goal g1 "G1" { shared by [first, c] measure conversion from talk to offer }
goal g2 "G2" { shared by [first] measure sum of amount entering offer }
route offer "R" { when amount > 1 JPY to c otherwise desk }
score s "S" of lead { fit +1 when need is present  grade good at least 1, bad otherwise }
term t "T" { means "…" see [talk, a] }
play q "Q" { for stage talk by a steps "1. x" }
feedback f "F" { from [c] to [first] every 1w }
"#;

fn process(text: &str) -> Process {
    let parsed = syntax::dsl::parse(FileId(0), text);
    assert_eq!(parsed.diagnostics, vec![]);
    let analysis = sema::analyze(&[parsed.file], "p");
    assert_eq!(analysis.diagnostics, vec![]);
    analysis.process
}

fn names(refs: &[Ref<'_>]) -> Vec<String> {
    refs.iter().map(|one| format!("{}:{}", one.kind, one.name)).collect()
}

fn stage<'v, 'a>(view: &'v View<'a>, name: &str) -> &'v StageView<'a> {
    view.stages.iter().find(|stage| stage.name == name).unwrap()
}

#[test]
fn stages_are_read_from_where_records_come_in() {
    let process = process(SMALL);
    let order: Vec<&str> =
        reading_order(&process).iter().map(|id| process.stages[*id].name.as_str()).collect();
    assert_eq!(order, ["call", "talk", "pool", "offer", "closed"]);
}

#[test]
fn a_handoff_is_listed_once_with_its_terms() {
    let process = process(SMALL);
    let facts = Facts::of(&process);
    let view = build(&process, &facts, "en");
    // The way of a refused record back to the pool is no handoff of its own, and within the team.
    let keys: Vec<&str> = view.handoffs.iter().map(|handoff| handoff.key).collect();
    assert_eq!(keys, ["talk_offer"]);
    let handoff = view.handoffs.first().unwrap();
    assert_eq!(handoff.within.as_deref(), Some("1 day"));
    assert_eq!(names(&handoff.carries), ["field:lead.need"]);
    assert_eq!(handoff.accept.as_deref(), Some("Need is filled in"));
    assert_eq!(handoff.otherwise.as_ref().unwrap().name, "pool");
    assert_eq!(handoff.guarantees, ["Heard", "Sure"]);
    assert_eq!(names(&handoff.shared_goals), ["goal:g1"]);
    assert!(!handoff.lacks_goal);
    // The move is called what the stage is called: nothing to repeat.
    assert_eq!(handoff.heading, "Talk → Offer");
}

#[test]
fn what_comes_from_any_open_stage_is_one_arrival() {
    let process = process(SMALL);
    let facts = Facts::of(&process);
    let view = build(&process, &facts, "en");
    let arrivals = &stage(&view, "closed").arrivals;
    assert_eq!(arrivals.len(), 1);
    let any = arrivals.first().unwrap().any_open.as_ref().unwrap();
    assert_eq!(any.record.name, "deal");
    assert_eq!(any.except, vec![]);
}

#[test]
fn a_field_knows_who_fills_it_and_who_needs_it() {
    let process = process(SMALL);
    let facts = Facts::of(&process);
    let view = build(&process, &facts, "en");
    let fields = view.records.iter().flat_map(|record| &record.fields);
    let life: Vec<(String, Vec<String>, Vec<String>)> = fields
        .map(|field| (field.field.name.clone(), names(&field.filled_in), names(&field.needed_by)))
        .collect();
    let expected = [
        ("lead.need", vec!["stage:talk"], vec!["stage:talk", "stage:offer", "score:s"]),
        ("lead.meeting", vec!["stage:talk"], vec!["stage:offer"]),
        ("lead.reason", vec!["stage:talk"], vec!["stage:closed"]),
        ("deal.amount", vec!["stage:offer"], vec!["route:offer", "goal:g2"]),
    ];
    for ((name, filled, needed), (expected, by, for_what)) in life.iter().zip(expected) {
        assert_eq!(name, expected);
        assert_eq!(*filled, by, "{name}");
        assert_eq!(*needed, for_what, "{name}");
    }
}

#[test]
fn a_role_has_a_playbook() {
    let process = process(SMALL);
    let facts = Facts::of(&process);
    let view = build(&process, &facts, "en");
    let role = view.roles.first().unwrap();
    assert_eq!(
        role.stages.iter().map(|s| s.stage.name.as_str()).collect::<Vec<_>>(),
        ["call", "talk"]
    );
    assert_eq!(
        role.team_stages.iter().map(|s| s.stage.name.as_str()).collect::<Vec<_>>(),
        ["pool"]
    );
    let inbox: Vec<_> = role.day.inbox.iter().map(|inbox| inbox.stage.name.as_str()).collect();
    assert_eq!(inbox, ["call", "talk", "pool"]);
    assert_eq!(role.day.inbox.get(1).unwrap().limit.as_deref(), Some("5 days"));
    assert_eq!(role.day.confirms.iter().map(|c| c.text).collect::<Vec<_>>(), ["It is real"]);
    assert_eq!(role.given.len(), 1);
    assert_eq!(role.goals.iter().map(|g| g.goal.name.as_str()).collect::<Vec<_>>(), ["g1", "g2"]);
    assert_eq!(role.plays.len(), 1);
    assert_eq!(role.terms.len(), 1);
    // The other role of the team owns nothing, and is told when `talk` is late.
    let other = view.roles.get(1).unwrap();
    assert_eq!(other.stages.len(), 0);
    assert_eq!(other.day.escalations.len(), 1);
}

/// What is addressed to a team is done by people: each of its roles reads it, and so does the page of
/// the team. A goal of one role is not that of another.
#[test]
fn what_a_team_has_to_do_reaches_its_roles() {
    let process = process(
        r#"process p "P" { currency JPY }
        team first "First" { role a "A" role b "B" }
        team second "Second" { role c "C" }
        team alone "Alone" {}
        record lead "Lead" { need text }
        record visit "Visit" from lead { }
        stage call "Call" { record lead owner alone entry from [web] advance to talk handoff within 1d carries [need] }
        stage talk "Talk" { record lead owner first collect [need] support [second]
          exit when { sure "Sure" confirm "It is real"  room "Room" confirm "It is booked" by second }
          advance to won handoff within 2d  lose to lost }
        stage won "Won" { record lead owner c outcome won final limit 5d escalate to first  starts visit at planned }
        stage lost "Lost" { record lead owner c outcome lost final }
        stage planned "Planned" { record visit owner second limit 5d advance to done }
        stage done "Done" { record visit owner second outcome won final }
        route talk "R" { when need is present to first otherwise desk }
        goal g1 "G1" { shared by [a, c] measure conversion from talk to won }
        goal g2 "G2" { shared by [first, second] measure entries into won }"#,
    );
    let facts = Facts::of(&process);
    let view = build(&process, &facts, "en");
    let told = |day: &DayView<'_>| {
        let briefs = |stages: &[StageBrief<'_>]| {
            stages.iter().map(|brief| brief.stage.name.to_string()).collect::<Vec<_>>().join(" ")
        };
        [
            day.inbox.iter().map(|it| it.stage.name.to_string()).collect::<Vec<_>>().join(" "),
            day.fills.iter().map(|it| it.stage.name.to_string()).collect::<Vec<_>>().join(" "),
            briefs(&day.supports),
            briefs(&day.escalations),
            day.confirms.iter().map(|it| it.text).collect::<Vec<_>>().join(" "),
            day.routed.iter().map(|it| it.name.to_string()).collect::<Vec<_>>().join(" "),
            day.starts.iter().map(|it| it.stage.name.to_string()).collect::<Vec<_>>().join(" "),
        ]
    };
    let role = |name: &str| view.roles.iter().find(|role| role.name == name).unwrap();
    let team = |name: &str| view.teams.iter().find(|team| team.name == name).unwrap();
    let first = ["talk", "talk", "", "won", "It is real", "talk", ""];
    assert_eq!(told(&role("a").day), first);
    assert_eq!(told(&role("b").day), first);
    assert_eq!(told(&team("first").day), first);
    assert_eq!(
        told(&role("c").day),
        ["won lost planned done", "", "talk", "", "It is booked", "", "won"]
    );
    assert_eq!(told(&team("alone").day), ["call", "", "", "", "", "", ""]);
    let goals =
        |name: &str| role(name).goals.iter().map(|it| it.goal.name.to_string()).collect::<Vec<_>>();
    assert_eq!(goals("a"), ["g1", "g2"]);
    assert_eq!(goals("b"), ["g2"]);
    let given =
        |name: &str| role(name).given.iter().map(|it| it.to.name.to_string()).collect::<Vec<_>>();
    assert_eq!(given("b"), ["won", "lost"]);
}

/// Where the team that takes has open stages itself, nothing is handed over from these.
#[test]
fn a_handoff_from_any_open_stage_is_one_of_other_teams() {
    let process = process(
        r#"process p "P" { currency JPY }
        team field "Field" { role agent "Agent" }
        team service "Service" { role host "Host" }
        record offer "Offer" { why text }
        stage quote "Quote" { record offer owner agent entry collect [why] advance to pilot }
        stage pilot "Pilot" { record offer owner host advance to won }
        stage won "Won" { record offer owner host outcome won final }
        stage dropped "Dropped" { record offer owner field outcome lost final from any open of offer when why is present }"#,
    );
    let facts = Facts::of(&process);
    let view = build(&process, &facts, "en");
    let host = view.roles.iter().find(|role| role.name == "host").unwrap();
    let excepted: Vec<_> = host
        .given
        .iter()
        .filter_map(|it| it.any_open.as_ref())
        .map(|any| names(&any.except))
        .collect();
    assert_eq!(excepted, [["stage:quote"]]);
}

#[test]
fn teams_without_a_shared_goal_are_named() {
    let process = process(SMALL);
    let facts = Facts::of(&process);
    let view = build(&process, &facts, "en");
    assert_eq!(names(&view.process.teams_alone), ["team:third"]);
    assert_eq!(view.process.shared_goal_count, 1);
    assert_eq!(view.process.handoff_count, 1);
}

#[test]
fn a_text_without_a_translation_is_shown_in_the_first_language() {
    let process = process(SMALL);
    let facts = Facts::of(&process);
    let view = build(&process, &facts, "ko");
    assert_eq!(view.records.iter().map(|r| r.title).collect::<Vec<_>>(), ["리드", "Deal"]);
}

#[test]
fn the_view_is_one_serialisable_value() {
    let process = process(SMALL);
    let facts = Facts::of(&process);
    let value = serde_json::to_value(build(&process, &facts, "en")).unwrap();
    assert_eq!(value.get("view_version").unwrap(), VIEW_VERSION);
    assert_eq!(value.pointer("/stages/0/name").unwrap(), "closed");
}

#[test]
fn goals_stand_in_the_order_of_the_stages_they_measure() {
    let text = SMALL.replace(
        "goal g1",
        "goal late \"Late\" { shared by [c] measure share of closed when reason is present }\n\
         goal early \"Early\" { shared by [first] measure conversion from call to talk }\ngoal g1",
    );
    let process = process(&text);
    let facts = Facts::of(&process);
    let view = build(&process, &facts, "en");
    let goals: Vec<&str> = view.goals.iter().map(|goal| goal.name).collect();
    assert_eq!(goals, ["early", "g1", "g2", "late"]);
    let role = view.roles.first().unwrap();
    let goals: Vec<&str> = role.goals.iter().map(|goal| goal.goal.name.as_str()).collect();
    assert_eq!(goals, ["early", "g1", "g2"]);
    assert_eq!(names(&view.handoffs.first().unwrap().shared_goals), ["goal:g1"]);
}
