//! What the rules about data say, and above all what they do not say.

use ekiden::lint::{self, Levels};
use ekiden::source::{SourceFile, SourceMap};
use ekiden::{sema, syntax};

/// Two teams with a goal in common, two records, and three ends.
const BASE: &str = r#"
process p { currency JPY }
team inside { }
team field { }
goal together { shared by [inside, field]  measure balance of first }
record lead { email text required  need text  reason text  seen datetime  size number }
record deal from lead { amount money  budget money  signer text  renews_on date }
stage won  { record deal  owner field   outcome won   final }
stage lost { record lead  owner inside  outcome lost  final }
"#;

const OWN: [&str; 5] =
    ["unfilled-field", "filled-by-nobody", "unused-field", "two-writers", "handoff-mismatch"];

/// What the rules about data find, each with the text it underlines, sorted by place. Fields of the
/// base that a case does not use are no verdict on it.
fn verdicts(stages: &str) -> Vec<String> {
    let text = format!("{BASE}{stages}");
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text.clone()));
    let parsed = syntax::dsl::parse(file, &text);
    let mut findings = parsed.diagnostics;
    let analysis = sema::analyze(&[parsed.file], "p");
    findings.extend(analysis.diagnostics);
    assert!(findings.is_empty(), "{findings:?}\n{text}");
    let today = jiff::civil::date(2026, 6, 1);
    findings.extend(lint::check(&analysis.process, today, &Levels::default()));
    findings
        .iter()
        .filter(|d| OWN.contains(&d.code.name()) && d.code.name() != "unused-field")
        .map(|d| {
            let words: Vec<&str> =
                sources.slice(d.primary.span).split_whitespace().take(3).collect();
            format!("{} {}", d.code, words.join(" "))
        })
        .collect()
}

#[track_caller]
fn says(stages: &str, expected: &[&str]) {
    assert_eq!(verdicts(stages), expected, "{stages}");
}

#[test]
fn a_process_that_collects_nothing_does_not_speak_of_data() {
    says(
        "stage first { record lead  entry  owner inside  limit 5d
           exit when { need \"Need\" need is present }  advance to talk  lose to lost }
         stage talk { record deal  owner field  limit 9d
           enter when { firm \"Firm\" amount > 0 JPY }  advance to won }",
        &[],
    );
}

#[test]
fn a_form_may_bring_what_nobody_collects() {
    let entry = |collect: &str| {
        verdicts(&format!(
            "stage first {{ record lead  entry from [web]  owner inside  limit 5d  {collect}
               exit when {{ need \"Need\" need is present }}  advance to talk  lose to lost }}
             stage talk {{ record lead  owner inside  limit 9d  collect [size]  advance to won }}"
        ))
    };
    assert_eq!(entry(""), [""; 0]);
    assert_eq!(entry("collect [reason]"), ["filled-by-nobody need"]);
    assert_eq!(entry("collect [reason, need]"), [""; 0]);
    assert_eq!(entry("collect [reason]  status draft"), [""; 0]);
}

#[test]
fn what_is_required_is_always_there() {
    says(
        "stage first { record lead  entry  owner inside  limit 5d  collect [need]
           exit when { mail \"Mail\" email is present }  advance to won  lose to lost }",
        &[],
    );
}

/// A first stage that collects `need`, one that collects `amount`, and something in the first.
fn early(stage: &str) -> Vec<String> {
    verdicts(&format!(
        "stage first {{ record deal  entry  owner field  limit 5d  collect [need]
           {stage}  lose to lost after 90d }}
         stage talk {{ record deal  owner field  limit 9d  collect [amount, signer]  advance to won }}"
    ))
}

#[test]
fn only_what_cannot_come_out_otherwise_is_asked_in_vain() {
    let exit =
        |condition: &str| early(&format!("exit when {{ c \"C\" {condition} }}  advance to talk"));
    assert_eq!(exit("amount > 0 JPY"), ["unfilled-field amount"]);
    assert_eq!(exit("need is present and amount is present"), ["unfilled-field amount"]);
    assert_eq!(exit("not (amount is missing)"), ["unfilled-field amount"]);
    assert_eq!(exit("amount is present or signer is present"), ["unfilled-field amount"]);
    assert_eq!(exit("need is present if amount > 0 JPY"), ["unfilled-field amount"]);
    for sound in [
        "amount is missing",
        "need is present or amount > 0 JPY",
        "not amount > 5_000_000 JPY",
        "need is present if amount is missing",
        "need is present if need = \"x\" or amount > 5 JPY",
    ] {
        assert_eq!(exit(sound), [""; 0], "{sound}");
    }
}

#[test]
fn a_move_or_a_clock_that_never_opens() {
    assert_eq!(
        early("advance to talk  advance to won when amount > 0 JPY"),
        ["unfilled-field amount"]
    );
    assert_eq!(early("advance to talk when amount is missing"), [""; 0]);
    says(
        "stage first { record deal  entry  owner field  limit 5d  collect [need]
           advance to talk  lose to lost after 5d before renews_on }
         stage talk { record deal  owner field  limit 9d  collect [renews_on]  advance to won }",
        &["unfilled-field 5d before renews_on"],
    );
}

#[test]
fn an_exit_without_a_way_on_guards_nothing() {
    assert_eq!(early("exit when { c \"C\" amount > 0 JPY }  recycle to talk"), [""; 0]);
}

#[test]
fn a_move_from_every_stage_need_open_in_one_only() {
    let lost = |first: &str, talk: &str| {
        verdicts(&format!(
            "stage first {{ record deal  entry  owner field  limit 5d  collect [need{first}]  advance to talk }}
             stage talk {{ record deal  owner field  limit 9d  collect [signer{talk}]  advance to won }}
             stage late {{ record deal  owner field  limit 9d  collect [reason]
               entry from [partner]  advance to won }}
             stage gone {{ record deal  owner field  outcome lost  final
               from any open of deal except [late] when reason is present }}"
        ))
    };
    assert_eq!(lost("", ", reason"), [""; 0]);
    assert_eq!(lost(", reason", ""), [""; 0]);
    assert_eq!(lost("", ""), ["unfilled-field reason"]);
}

#[test]
fn the_first_to_ask_is_told_and_not_those_behind_it() {
    says(
        "stage first { record deal  entry  owner field  limit 5d  collect [need]
           exit when { c \"C\" amount > 0 JPY }  advance to second  lose to lost after 9d }
         stage second { record deal  owner field  limit 5d  collect [need]
           exit when { c \"C\" amount > 5 JPY }  advance to talk }
         stage talk { record deal  owner field  limit 9d  collect [amount]  advance to won }",
        &["unfilled-field amount"],
    );
}

#[test]
fn a_record_that_comes_round_again_has_the_field() {
    says(
        "stage first { record deal  entry  owner field  limit 5d  collect [need]
           advance to talk  advance to won when amount > 0 JPY  lose to lost after 90d }
         stage talk { record deal  owner field  limit 9d  collect [amount]
           recycle to first after 9d  advance to won }",
        &[],
    );
}

/// Two ways to `offer`, which asks for `budget`; only one leads past where it is collected.
fn two_ways(fast: &str, offer: &str) -> Vec<String> {
    verdicts(&format!(
        "stage first {{ record deal  entry  owner field  limit 5d  collect [need]
           advance to talk  advance to fast when size < 5  lose to lost after 9d }}
         stage talk {{ record deal  owner field  limit 9d  collect [budget, size]  advance to offer }}
         stage fast {{ record deal  owner field  limit 9d  collect [signer, size{fast}]  advance to offer }}
         stage offer {{ record deal  owner field  limit 9d  collect [signer]  {offer} }}"
    ))
}

#[test]
fn a_way_on_which_nobody_fills_it_in() {
    let exit = "exit when { b \"Budget\" budget > 0 JPY }  advance to won";
    assert_eq!(
        two_ways("", exit),
        ["unfilled-field size", "unfilled-field budget"],
        "`size` is not known in `first` either"
    );
    let told = |fast: &str, offer: &str| {
        let mut told = two_ways(fast, offer);
        told.retain(|verdict| !verdict.ends_with(" size"));
        told
    };
    assert_eq!(told(", budget", exit), [""; 0]);
    for sound in [
        // Only some records need it, or it decides which way they go.
        "exit when { b \"Budget\" budget > 0 JPY if size > 5 }  advance to won",
        "advance to won when budget > 0 JPY  advance to won when budget is missing after 9d",
        // What lacks it is sent back for it.
        "exit when { b \"Budget\" budget > 0 JPY }  advance to won  recycle to talk after 9d",
        "exit when { b \"Budget\" budget > 0 JPY }  advance to won  lose to lost when budget is missing",
    ] {
        assert_eq!(told("", sound), [""; 0], "{sound}");
    }
}

#[test]
fn the_story_of_a_detour_leads_past_nobody_who_fills_it_in() {
    let text = format!(
        "{BASE}stage first {{ record deal  entry  owner field  limit 5d  collect [size]
           advance to talk  advance to fast when size < 5  lose to lost after 9d }}
         stage talk {{ record deal  owner field  limit 9d  collect [budget]  advance to offer }}
         stage fast {{ record deal  owner field  limit 9d  collect [signer]  advance to offer }}
         stage offer {{ record deal  owner field  limit 9d  collect [signer]
           exit when {{ b \"Budget\" budget > 0 JPY }}  advance to won }}"
    );
    let file = SourceMap::new().add(SourceFile::new("p.ekiden", text.clone()));
    let analysis = sema::analyze(&[syntax::dsl::parse(file, &text).file], "p");
    let today = jiff::civil::date(2026, 6, 1);
    let found = lint::check(&analysis.process, today, &Levels::default());
    let stories: Vec<&str> = found
        .iter()
        .filter(|d| d.code.name() == "unfilled-field")
        .filter_map(|d| d.story.as_deref())
        .collect();
    assert_eq!(
        stories,
        ["a deal enters at `first`, advances to `fast` (`size < 5`), advances to `offer`, \
          and cannot advance: nobody on its way fills in `budget`"]
    );
}

#[test]
fn who_comes_in_halfway_may_bring_what_the_stages_before_find_out() {
    says(
        "stage first { record deal  entry  owner field  limit 5d  collect [need]  advance to talk }
         stage talk { record deal  owner field  limit 9d  collect [budget]  advance to offer }
         stage offer { record deal  entry from [partner]  owner field  limit 9d  collect [signer]
           exit when { b \"Budget\" budget > 0 JPY }  advance to won  lose to lost after 9d }",
        &[],
    );
}

#[test]
fn a_score_may_ask_for_what_nobody_knows_yet() {
    let asks = |when: &str, rules: &str, grade: u32| {
        verdicts(&format!(
            "stage first  {{ record lead  entry  owner inside  limit 5d  collect [need]
               advance to second when {when}  lose to lost }}
             stage second {{ record lead  owner inside  limit 5d  collect [size]
               exit when {{ n \"Large\" size > 3 }}  advance to talk  lose to lost }}
             stage talk {{ record deal  owner field  limit 9d  advance to won }}
             score interest of lead {{ fit +20 when size > 3  {rules}  grade hot at least {grade}, cold otherwise }}"
        ))
    };
    assert_eq!(asks("interest is hot", "", 20), ["unfilled-field interest is hot"]);
    assert_eq!(asks("interest >= 20", "", 20), ["unfilled-field interest >= 20"]);
    assert_eq!(
        asks("interest > 9", "fit +9 when need is present", 20),
        ["unfilled-field interest > 9"]
    );
    assert_eq!(
        asks("need is present and interest is hot", "fit +10 when need is present", 30),
        ["unfilled-field interest is hot"]
    );
    // What else gives points is enough, or decides as well; and what nobody reaches is told as that.
    for (when, rules, grade) in [
        ("interest is hot", "fit +20 when need is present", 20),
        ("interest is hot", "behavior +20 when event call", 20),
        ("interest is hot", "fit +20 when size is missing", 20),
        ("interest is hot or need is present", "", 20),
        ("interest is cold", "", 20),
        ("interest < 20", "", 20),
        ("interest is hot", "", 50),
    ] {
        assert_eq!(asks(when, rules, grade), [""; 0], "{when} {rules} {grade}");
    }
}

#[test]
fn a_criterion_for_some_holds_up_only_these() {
    let enter = |condition: &str| {
        early(&format!(
            "advance to late  advance to talk }}
             stage late {{ record deal  owner field  limit 9d  collect [budget, need]
               enter when {{ c \"C\" {condition} }}  advance to won"
        ))
    };
    assert_eq!(enter("amount > 0 JPY if need is present"), ["unfilled-field amount"]);
    assert_eq!(enter("need is present if amount > 0 JPY"), ["unfilled-field amount"]);
    assert_eq!(enter("need is present if amount is missing"), [""; 0]);
    assert_eq!(enter("need is present or amount > 0 JPY"), [""; 0]);
}

#[test]
fn ways_back_and_a_parking_place_are_no_detours() {
    says(
        "stage first { record deal  entry  owner field  limit 5d  collect [need]  advance to talk }
         stage talk { record deal  owner field  limit 9d  collect [budget]  advance to offer }
         stage offer { record deal  owner field  limit 9d  collect [signer]
           exit when { b \"Budget\" budget > 0 JPY }  advance to won }
         stage parked { record deal  owner field  limit 90d  from any open of deal
           advance to talk  advance to offer  lose to lost after 90d }",
        &[],
    );
}

#[test]
fn a_lead_keeps_its_fields_as_a_deal_and_a_deal_loses_its_own_as_a_lead() {
    says(
        "stage first { record lead  entry  owner field  limit 5d  collect [need, seen]  advance to talk }
         stage talk { record deal  owner field  limit 9d  collect [amount]
           exit when { n \"Need\" need is present  s \"Seen\" days since seen < 30 }
           advance to won  recycle to first after 90d }",
        &[],
    );
    says(
        "stage first { record lead  entry  owner field  limit 5d  collect [need]  advance to talk }
         stage talk { record deal  owner field  limit 9d  collect [signer]
           exit when { a \"Amount\" amount > 0 JPY }
           advance to close  recycle to first after 90d }
         stage close { record deal  owner field  limit 9d  collect [amount]
           advance to won  recycle to first after 90d }",
        &["unfilled-field amount"],
    );
}

#[test]
fn a_record_that_another_starts_brings_what_both_know() {
    let renewal = |of: &str, collect: &str| {
        verdicts(&format!(
            "record renewal {of} {{ due date  terms text }}
             stage first {{ record deal  entry  owner field  limit 5d  collect [signer, amount]  advance to sold  lose to lost }}
             stage sold  {{ record deal  owner field  outcome won  final  starts renewal at open }}
             stage open {{ record renewal  owner field  limit 30d  {collect}
               exit when {{ c \"Known\" due is present and terms is present }}
               advance to renewed  lose to churned }}
             stage renewed {{ record renewal  owner field  outcome won  final }}
             stage churned {{ record renewal  owner field  outcome lost  final }}"
        ))
    };
    // What is started may come with anything, until it says what is filled in.
    assert_eq!(renewal("", ""), [""; 0]);
    assert_eq!(renewal("", "collect [due]"), ["filled-by-nobody terms"]);
    assert_eq!(renewal("from deal", "collect [due, terms]"), [""; 0]);
}

#[test]
fn a_route_asks_when_records_come_in() {
    let route = |first: &str, mql: &str, entry: &str| {
        verdicts(&format!(
            "route mql {{ when size >= 500 to inside  otherwise field }}
             stage first {{ record lead  entry  owner inside  limit 5d  collect [need{first}]  advance to mql }}
             stage mql {{ record lead  {entry}  owner inside  limit 9d  collect [reason{mql}]  advance to won  lose to lost }}"
        ))
    };
    assert_eq!(route(", size", "", ""), [""; 0]);
    assert_eq!(route("", ", size", ""), ["unfilled-field size"]);
    assert_eq!(route("", ", size", "entry"), [""; 0]);
    assert_eq!(route("", "", ""), ["filled-by-nobody size"]);
}

#[test]
fn a_score_that_nobody_feeds() {
    let score = |collect: &str| {
        verdicts(&format!(
            "score fit of lead {{ fit +20 when size >= 100  grade good at least 10, bad otherwise }}
             stage first {{ record lead  entry  owner inside  limit 5d  collect [need{collect}]
               advance to won when fit is good  lose to lost after 9d }}"
        ))
    };
    assert_eq!(score(""), ["filled-by-nobody size"]);
    assert_eq!(score(", size"), [""; 0]);
    // Filled in later, it counts when the record comes back: no fault of the score.
    says(
        "score fit of lead { fit +20 when size >= 100  grade good at least 10, bad otherwise }
         stage first { record lead  entry  owner inside  limit 5d  collect [need]
           advance to talk when fit is bad  lose to lost after 9d }
         stage talk { record lead  owner inside  limit 5d  collect [size]  advance to won }",
        &[],
    );
}

/// `first` of one team hands over to `talk` of another.
fn handoff(collect: &str, terms: &str, talk: &str) -> Vec<String> {
    verdicts(&format!(
        "stage first {{ record lead  entry  owner inside  limit 5d  collect [{collect}]
           advance to talk handoff within 1d {terms}  lose to lost }}
         stage talk {{ record deal  owner field  limit 9d  {talk}  advance to late }}
         stage late {{ record deal  owner field  limit 9d  collect [budget, size]  advance to won }}"
    ))
}

#[test]
fn a_receiver_asks_for_what_the_sender_cannot_have() {
    let mismatch = ["handoff-mismatch advance to talk"];
    // Collected by the receiver, too late; by nobody at all; by neither of the two.
    assert_eq!(
        handoff("need", "", "collect [amount]  enter when { a \"A\" amount > 0 JPY }"),
        mismatch
    );
    assert_eq!(
        handoff("need", "", "collect [signer]  enter when { a \"A\" amount > 0 JPY }"),
        mismatch
    );
    assert_eq!(handoff("need", "accept when size > 5", "collect [signer]"), mismatch);
    assert_eq!(handoff("need", "", "collect [signer]  exit when { s \"S\" size > 5 }"), mismatch);
    assert_eq!(
        handoff("need", "carries [need, size]", "collect [signer]"),
        ["handoff-mismatch size"]
    );
    for (collect, terms, talk) in [
        ("need, size", "accept when size > 5", "collect [signer]"),
        ("need, size", "carries [size]", "collect [signer]  exit when { s \"S\" size > 5 }"),
        // The receiver judges what may be missing.
        ("need, seen", "accept when need is present or size > 5", "collect [signer]"),
        (
            "need, seen",
            "accept when seen within next 30d else recycle to first",
            "collect [signer]",
        ),
        ("need", "accept when email is present", "collect [signer]"),
        ("need", "accept when size is missing", "collect [signer]"),
        ("need", "", "collect [amount]  exit when { a \"A\" amount > 0 JPY }"),
        ("need", "", "collect [amount]  enter when { a \"A\" amount is missing }"),
    ] {
        assert_eq!(handoff(collect, terms, talk), [""; 0], "{collect} {terms} {talk}");
    }
}

#[test]
fn a_gap_at_a_handoff_is_told_once() {
    assert_eq!(
        handoff(
            "need",
            "carries [size] accept when size > 5",
            "collect [signer]  exit when { s \"S\" size > 5 }  enter when { e \"E\" size > 1 }"
        ),
        ["handoff-mismatch advance to talk"]
    );
}

#[test]
fn a_second_writer_needs_a_parcel_without_the_field() {
    let writers = |terms: &str, second: &str| {
        handoff("need, seen", terms, &format!("collect [signer{second}]"))
    };
    assert_eq!(writers("carries [need]", ", seen"), ["two-writers seen"]);
    assert_eq!(writers("carries [need, seen]", ", seen"), [""; 0]);
    assert_eq!(writers("", ", seen"), [""; 0]);
    assert_eq!(writers("carries [need]", ""), [""; 0]);
    // Two branches.
    says(
        "stage first { record lead  entry  owner inside  limit 5d  collect [need]
           advance to talk handoff within 1d carries [need]  lose to lost }
         stage other { record lead  entry  owner field  limit 5d  collect [seen]  advance to talk }
         stage side { record lead  entry  owner inside  limit 5d  collect [seen]
           lose to lost }
         stage talk { record deal  owner field  limit 9d  collect [budget]  advance to won }",
        &[],
    );
}

#[test]
fn what_is_unfinished_or_cannot_be_reached_is_not_blamed() {
    // A draft may collect anything that its record has.
    says(
        "stage first { record lead  entry  owner inside  limit 5d  status draft  advance to talk }
         stage talk { record deal  owner inside  limit 9d  collect [signer]
           exit when { a \"A\" amount > 0 JPY  n \"N\" need is present }  advance to won }
         stage late { record deal  owner inside  limit 9d  collect [need]  entry  advance to won }",
        &["filled-by-nobody amount"],
    );
    // That `late` is never reached is told as such.
    says(
        "stage first { record lead  entry  owner inside  limit 5d  collect [need]  advance to talk }
         stage talk { record deal  owner inside  limit 9d  collect [signer]
           exit when { a \"A\" amount > 0 JPY }  advance to won }
         stage late { record deal  owner inside  limit 9d  collect [amount]  advance to talk }",
        &[],
    );
}

#[test]
fn a_field_that_is_mentioned_is_used() {
    let unused = |rest: &str| {
        let text = format!(
            "record deal {{ need text  fax text  id text unique }}
             stage first {{ record deal  entry  {rest}  advance to won }}
             stage won {{ record deal  outcome won  final }}"
        );
        let file = SourceMap::new().add(SourceFile::new("p.ekiden", text.clone()));
        let analysis = sema::analyze(&[syntax::dsl::parse(file, &text).file], "p");
        let today = jiff::civil::date(2026, 6, 1);
        lint::check(&analysis.process, today, &Levels::default())
            .iter()
            .filter(|d| d.code.name() == "unused-field")
            .count()
    };
    assert_eq!(unused("collect [need]"), 1);
    for sound in [
        "",
        "collect [need, fax]",
        "collect [need]  lose to won when fax is missing",
        "collect [need]  status draft",
    ] {
        assert_eq!(unused(sound), 0, "{sound}");
    }
}
