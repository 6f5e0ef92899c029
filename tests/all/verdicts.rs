//! What the rules over the finished model say, and above all what they do not say.

use ekiden::lint::{self, Levels};
use ekiden::source::{SourceFile, SourceMap};
use ekiden::{sema, syntax};

/// Two teams with a goal in common, a record, and three ends.
const BASE: &str = r#"
process p { currency JPY }
team inside { }
team field { }
goal together { shared by [inside, field]  measure balance of first }
record lead { need text  reason text  seen datetime  size number }
record deal from lead { amount money  renews_on date }
stage won  { record deal  owner field   outcome won   final }
stage lost { record lead  owner inside  outcome lost  final }
stage void { record lead  owner inside  outcome void  from any open of lead }
"#;

/// That a case does not use every end of the base is no verdict on it.
const UNUSED_ENDS: [&str; 4] = [
    "unreachable-stage won",
    "unreachable-stage lost",
    "unreachable-stage void",
    "wrong-kind from any open of lead",
];

/// Rules of other files' tests; what they say of these cases is no matter here.
const ELSEWHERE: [&str; 7] = [
    "blind-handoff",
    "no-way-back",
    "lonely-goal",
    "unmeasured-stage",
    "idle-team",
    "goal-beyond-reach",
    "single-point",
];

/// The rules that find something, each with the text it underlines, sorted by place.
fn verdicts(stages: &str) -> Vec<String> {
    let text = format!("{BASE}{stages}");
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text.clone()));
    let parsed = syntax::dsl::parse(file, &text);
    let mut findings = parsed.diagnostics;
    let analysis = sema::analyze(&[parsed.file], "p");
    findings.extend(analysis.diagnostics);
    let today = jiff::civil::date(2026, 6, 1);
    findings.extend(lint::check(&analysis.process, today, &Levels::default()));
    findings
        .iter()
        .filter(|d| !ELSEWHERE.contains(&d.code.name()))
        .map(|d| {
            let words: Vec<&str> = sources.slice(d.primary.span).split_whitespace().collect();
            format!("{} {}", d.code, words.join(" "))
        })
        .filter(|verdict| !UNUSED_ENDS.contains(&verdict.as_str()))
        .collect()
}

#[track_caller]
fn says(stages: &str, expected: &[&str]) {
    assert_eq!(verdicts(stages), expected, "{stages}");
}

#[test]
fn a_sound_process_is_left_alone() {
    says(
        "stage first { record lead  entry  owner inside  limit 5d
           advance to talk handoff within 1d  lose to lost }
         stage talk  { record deal  owner field  limit 30d  advance to won }",
        &[],
    );
}

#[test]
fn any_way_out_is_a_way_out() {
    for way in [
        "lose to lost when need is present and need is missing",
        "lose to lost after 30d",
        "lose to lost at most 1 times",
        "advance to won handoff within 1d accept when amount > 0 JPY else recycle to talk",
    ] {
        says(
            &format!(
                "stage first {{ record lead  entry  owner inside  limit 5d  advance to talk handoff within 1d }}
                 stage talk  {{ record deal  owner inside  limit 30d  {way} }}"
            )
            .replace("advance to talk handoff within 1d", "advance to talk"),
            match way {
                _ if way.contains("won") => &[],
                // That it never opens is another finding.
                _ if way.contains("missing") => {
                    &["no-path-to-won first", "impossible-criterion need is present"]
                }
                _ => &["no-path-to-won first"],
            },
        );
    }
}

#[test]
fn a_move_from_any_open_stage_is_a_way_out_and_a_way_in() {
    says(
        "stage first { record lead  entry  owner inside  limit 5d  advance to talk }
         stage talk  { record deal  owner inside  limit 30d }
         stage gone  { record deal  owner inside  outcome lost  final
                       from any open of deal when reason is present }
         stage yes   { record deal  owner inside  outcome won  final  from any open of deal }",
        &[],
    );
}

#[test]
fn drafts_are_not_blamed_for_what_they_lack() {
    says(
        "stage first { record lead  entry  owner inside  limit 5d  advance to talk  lose to lost }
         stage talk  { record deal  status draft }
         stage idea  { record deal  status draft  advance to won }",
        &[],
    );
    says("stage first { record lead  status draft }", &[]);
    // What a draft will lead to is not lost.
    says(
        "stage first { record lead  entry  owner inside  limit 5d  advance to talk  lose to lost }
         stage talk  { record deal  status draft }
         stage terms { record deal  owner field  limit 30d  advance to won  lose to lost }",
        &[],
    );
    // That it may be lost like any other is no way that it declares.
    says(
        "stage first { record lead  entry  owner inside  limit 5d  advance to talk  lose to lost }
         stage talk  { record deal  status draft }
         stage terms { record deal  owner field  limit 30d  advance to won }
         stage away  { record deal  owner field  outcome lost  final  from any open of deal when amount is present }",
        &[],
    );
}

#[test]
fn what_could_not_be_read_is_not_blamed_either() {
    // The slip is told once; the stage may lead anywhere, and nothing seems unreachable.
    says(
        "stage first { record lead  entry  owner inside  limit 5d  advance to tlak  lose to lost }
         stage talk  { record deal  owner field  limit 30d  advance to won }",
        &["unknown-name tlak"],
    );
    says(
        "stage first { record lead  entry  owner insde  limit 5d  advance to won }",
        &["unknown-name insde"],
    );
}

#[test]
fn a_record_that_another_starts_begins_there() {
    says(
        "record renewal { due date }
         stage first  { record lead  entry  owner inside  limit 5d  advance to sold  lose to lost }
         stage sold   { record deal  owner inside  outcome won  final  starts renewal at due_soon }
         stage due_soon { record renewal  owner inside  limit 30d  advance to renewed  lose to churned }
         stage renewed  { record renewal  owner inside  outcome won  final }
         stage churned  { record renewal  owner inside  outcome lost  final }",
        &[],
    );
    // What is started is sold by itself, and can be trapped by itself.
    says(
        "record renewal { due date }
         stage first  { record lead  entry  owner inside  limit 5d  advance to sold  lose to lost }
         stage sold   { record deal  owner inside  outcome won  final  starts renewal at due_soon }
         stage due_soon { record renewal  owner inside  limit 30d  lose to churned }
         stage renewed  { record renewal  owner inside  outcome won  final  entry }
         stage churned  { record renewal  owner inside  outcome lost  final }",
        &["no-path-to-won due_soon"],
    );
}

#[test]
fn a_ticket_is_not_sold_and_a_customer_need_not_be_won_again() {
    says(
        "record ticket { what text }
         stage first  { record lead  entry  owner inside  limit 5d  advance to sold  lose to lost }
         stage sold   { record deal  owner inside  outcome won  advance to usage }
         stage usage  { record deal  entry from [migration]  owner inside  limit 1y  advance to ended }
         stage ended  { record deal  owner inside  final }
         stage open_ticket { record ticket  entry  owner inside  limit 5d  advance to solved }
         stage solved { record ticket  owner inside  final }",
        &[],
    );
}

#[test]
fn customers_who_circle_after_the_win_are_in_no_trap() {
    says(
        "stage first   { record lead  entry  owner inside  limit 5d  advance to sold  lose to lost }
         stage sold    { record deal  owner inside  outcome won  advance to usage }
         stage usage   { record deal  owner inside  limit 1y  advance to renewal }
         stage renewal { record deal  owner inside  limit 90d  advance to usage }",
        &[],
    );
}

#[test]
fn a_trap_is_told_where_one_falls_in() {
    says(
        "stage first { record lead  entry  owner field  limit 5d  advance to won  recycle to one }
         stage one   { record lead  owner inside  limit 5d  advance to two }
         stage two   { record lead  owner inside  limit 5d  advance to three }
         stage three { record lead  owner inside  limit 5d  recycle to two after 5d }"
            .replace(
                "owner inside  limit 5d  advance to won",
                "owner field  limit 5d  advance to won",
            )
            .as_str(),
        // `void` is open to every lead.
        &[],
    );
    says(
        "record other { x text }
         stage first { record other  entry  owner inside  limit 5d  advance to one }
         stage one   { record other  owner inside  limit 5d  advance to two }
         stage two   { record other  owner inside  limit 5d  recycle to one after 5d }",
        &["trap one"],
    );
}

#[test]
fn one_guard_on_the_loop_is_enough() {
    let nurture = |there: &str, back: &str| {
        verdicts(&format!(
            "stage first {{ record lead  entry  owner inside  limit 5d  advance to won handoff within 1d  recycle to pool {there} }}
             stage pool  {{ record lead  owner inside  limit 90d  advance to first {back}  lose to lost }}"
        ))
    };
    assert_eq!(nurture("", ""), ["endless-recycle recycle to pool"]);
    for (there, back) in [
        ("when reason is present", ""),
        ("after 5d", ""),
        ("at most 3 times", ""),
        ("", "when seen within last 7d"),
        ("", "after 90d"),
    ] {
        assert_eq!(nurture(there, back), [""; 0], "{there} {back}");
    }
}

#[test]
fn an_exit_criterion_guards_the_loop_too() {
    says(
        "stage first { record lead  entry  owner inside  limit 5d  advance to won handoff within 1d  recycle to pool }
         stage pool  { record lead  owner inside  limit 90d  advance to first  lose to lost
                       exit when { again \"They wrote again\" need is present } }",
        &[],
    );
}

#[test]
fn ping_pong_needs_a_free_way_back_and_nothing_new_on_the_way_there() {
    let game = |there: &str, back: &str| {
        verdicts(&format!(
            "stage first {{ record lead  entry  owner inside  limit 5d  advance to talk handoff within 1d {there}  lose to lost }}
             stage talk  {{ record lead  owner field  limit 90d  advance to won  {back} }}"
        ))
    };
    assert_eq!(game("", "recycle to first"), ["ping-pong recycle to first"]);
    assert_eq!(game("when need is present", "recycle to first"), ["ping-pong recycle to first"]);
    for (there, back) in [
        ("", "recycle to first when reason is present at most 2 times"),
        ("", "recycle to first after 14d"),
        ("at most 2 times", "recycle to first"),
        ("when seen within last 7d", "recycle to first"),
        ("when event replied", "recycle to first"),
        // Both ask for facts: they may exclude each other.
        ("when need is present", "recycle to first when need is missing"),
        ("", "advance to first"),
    ] {
        assert_eq!(game(there, back), [""; 0], "{there} | {back}");
    }
}

#[test]
fn anything_that_time_changes_bounds_the_wait() {
    let wait = |way: &str| {
        verdicts(&format!(
            "stage first {{ record lead  entry  owner field  advance to won  {way} }}"
        ))
    };
    assert_eq!(wait(""), ["unbounded-wait first"]);
    assert_eq!(wait("lose to lost when reason is present"), ["unbounded-wait first"]);
    assert_eq!(wait("lose to lost when event unsubscribed"), ["unbounded-wait first"]);
    for way in [
        "lose to lost after 90d",
        "lose to lost when time in stage > 90d",
        "lose to lost when days since seen > 30",
        "lose to lost when not event visited within 30d",
    ] {
        assert_eq!(wait(way), [""; 0], "{way}");
    }
}

#[test]
fn a_jump_with_a_condition_is_a_branch() {
    let jump = |measure: &str, way: &str| {
        verdicts(&format!(
            "goal g {{ shared by [inside, field]  measure {measure} }}
             stage first {{ record lead  entry  owner inside  limit 5d  advance to demo  advance to offer {way}  lose to lost }}
             stage demo  {{ record lead  owner inside  limit 5d  advance to offer }}
             stage offer {{ record lead  owner field   limit 5d  advance to won }}"
        ))
    };
    assert_eq!(jump("conversion from first to demo", ""), ["skippable-measure g"]);
    assert_eq!(jump("entries into demo", ""), ["skippable-measure g"]);
    for (measure, way) in [
        ("conversion from first to demo", "when size < 10"),
        ("conversion from first to offer", ""),
        ("entries into demo when size > 10", ""),
        ("median time in demo", ""),
        ("balance of demo", ""),
    ] {
        assert_eq!(jump(measure, way), [""; 0], "{measure} {way}");
    }
}

#[test]
fn the_receivers_limit_is_a_clock_and_a_pool_needs_none() {
    says(
        "stage first { record lead  entry  owner inside  limit 5d  advance to talk  lose to lost }
         stage talk  { record lead  owner field  limit 9d  advance to won  recycle to pool after 9d }
         stage pool  { record lead  owner inside  advance to first after 30d }",
        &[],
    );
}

#[test]
fn ends_have_no_owner_and_no_clock() {
    says(
        "stage first { record lead  entry  owner inside  limit 5d  advance to won  lose to gone }
         stage gone  { record lead  outcome lost  final }",
        &[],
    );
}

#[test]
fn a_role_owns_for_its_team() {
    says(
        "team success { role csm }
         stage first { record lead  entry  owner inside  limit 5d  advance to use  advance to won  lose to lost }
         stage use   { record lead  owner csm  limit 5d  final }",
        &["unmeasured-team success"],
    );
}

#[test]
fn a_move_does_what_it_is_called() {
    let to = |way: &str| {
        verdicts(&format!(
            "stage first {{ record lead  entry  owner inside  limit 5d  advance to talk }}
             stage talk  {{ record lead  owner inside  limit 5d  advance to won handoff within 1d  {way} }}
             stage idea  {{ record lead  owner inside  status draft }}"
        ))
        .into_iter()
        .filter(|verdict| !verdict.starts_with("unreachable-stage"))
        .collect::<Vec<String>>()
    };
    for wrong in
        ["lose to won", "lose to first", "advance to lost", "recycle to won", "recycle to lost"]
    {
        assert_eq!(to(wrong), [format!("wrong-move {wrong}")], "{wrong}");
    }
    for right in [
        "lose to lost",
        "lose to void",
        "lose to idea",
        "recycle to first after 5d",
        "advance to idea",
    ] {
        assert_eq!(to(right), [""; 0], "{right}");
    }
}

#[test]
fn a_wrong_move_from_any_open_stage_is_one_finding_and_a_refused_record_is_lost() {
    says(
        "stage first { record lead  entry  owner inside  limit 5d  advance to talk }
         stage talk  { record deal  owner inside  limit 5d  advance to done accept }
         stage done  { record deal  owner inside  outcome won  final  lose from any open of deal }
         stage done2 { record deal  owner inside  outcome won  final  lose from any open of lead }"
            .replace(
                "advance to done accept",
                "advance to won handoff within 1d accept when amount > 0 JPY else lost",
            )
            .as_str(),
        &["wrong-move lose from any open of deal", "wrong-move lose from any open of lead"],
    );
}

#[test]
fn a_step_on_the_spot_needs_a_reason() {
    let step = |way: &str| {
        verdicts(&format!(
            "stage first {{ record lead  entry  owner field  limit 5d  advance to won  {way} }}"
        ))
    };
    assert_eq!(step("advance to first"), ["self-advance advance to first"]);
    for way in ["when need is present", "after 3d", "at most 3 times"] {
        assert_eq!(step(&format!("advance to first {way}")), [""; 0], "{way}");
    }
    says(
        "record other { x text }
         stage first { record other  entry  owner field  limit 5d  advance to first }",
        &["dead-end first"],
    );
}

#[test]
fn a_dead_end_explains_what_lies_behind_it() {
    let lines = |middle: &str| {
        verdicts(&format!(
            "stage first {{ record lead  entry  owner inside  limit 5d  advance to talk }}
             stage talk  {{ record deal  owner inside  limit 5d  {middle} }}
             stage offer {{ record deal  owner inside  limit 5d  advance to sold }}
             stage sold  {{ record deal  owner inside  outcome won  final }}"
        ))
    };
    assert_eq!(lines("advance to offer"), [""; 0]);
    assert_eq!(lines(""), ["dead-end talk"]);
    // What another line of records lacks is another fault.
    assert_eq!(
        verdicts(
            "record ticket { x text }
             stage first { record lead  entry  owner field  limit 5d  advance to won  lose to lost }
             stage asked { record ticket  entry  owner field  limit 5d }
             stage offer { record deal  owner field  limit 5d  advance to won }"
        ),
        ["dead-end asked", "unreachable-stage offer"]
    );
}

#[test]
fn a_process_without_any_stage_has_no_entry() {
    let text = "process p { }\nteam a { }\n";
    let parsed = syntax::dsl::parse(SourceMap::new().add(SourceFile::new("p.ekiden", text)), text);
    let analysis = sema::analyze(&[parsed.file], "p");
    let today = jiff::civil::date(2026, 6, 1);
    let found = lint::check(&analysis.process, today, &Levels::default());
    let messages: Vec<&str> = found.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(messages, ["no stage is declared: no record can come into the process"]);
}
