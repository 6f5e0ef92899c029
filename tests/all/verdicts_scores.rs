//! What the rules about scores and routes say, and above all what they do not say.

use ekiden::lint::{self, Levels};
use ekiden::source::{SourceFile, SourceMap};
use ekiden::{sema, syntax};

/// A record and a way to win; scores and routes are added.
const BASE: &str = r#"
process p { currency EUR }
team sales { role rep  role lead }
record lead {
  size    integer at least 1
  turnover money
  field   one of [software, finance, trade]
  email   text
  country text
}
stage inquiry { record lead  entry  owner sales  limit 5d
                collect [size, turnover, field, email, country]
                advance to won when s is hot  lose to lost }
stage won  { record lead  owner sales  outcome won   final }
stage lost { record lead  owner sales  outcome lost  final }
"#;

/// A score that every case of a route needs, so that `inquiry` can be read.
const SCORE: &str =
    "score s of lead { fit +20 when size >= 100  grade hot at least 20, cold otherwise }\n";

/// The rules of the family that find something in the base with this added, each with the text it
/// underlines, sorted by place.
fn verdicts(added: &str) -> Vec<String> {
    verdicts_of(&format!("{BASE}{added}"))
}

fn verdicts_of(text: &str) -> Vec<String> {
    let text = text.to_owned();
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text.clone()));
    let parsed = syntax::dsl::parse(file, &text);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let analysis = sema::analyze(&[parsed.file], "p");
    assert!(analysis.diagnostics.is_empty(), "{:?}", analysis.diagnostics);
    let today = jiff::civil::date(2026, 6, 1);
    let findings = lint::check(&analysis.process, today, &Levels::default());
    let scores =
        |name: &str| lint::explain(name).is_some_and(|rule| rule.family == lint::Family::Scores);
    findings
        .iter()
        .filter(|finding| scores(finding.code.name()))
        .map(|finding| {
            let words: Vec<&str> = sources.slice(finding.primary.span).split_whitespace().collect();
            format!("{} {}", finding.code, words.join(" "))
        })
        .collect()
}

#[track_caller]
fn score(rules: &str, expected: &[&str]) {
    assert_eq!(verdicts(&format!("score s of lead {{ {rules} }}")), expected, "{rules}");
}

#[track_caller]
fn route(cases: &str, expected: &[&str]) {
    assert_eq!(verdicts(&format!("{SCORE}route inquiry {{ {cases} }}")), expected, "{cases}");
}

#[test]
fn a_sound_score_is_left_alone() {
    score(
        "fit +20 when size >= 500  fit +10 when size between 100 and 499  fit +10 when field = software
         behavior +25 when event pricing_viewed at least 2 times halves every 14d
         behavior +20 when event webinar_attended expires after 60d
         behavior -20 when event unsubscribed
         cap fit at 30  cap behavior at 60  cap total at 80
         grade hot at least 60, warm at least 30, cold otherwise",
        &[],
    );
}

#[test]
fn tiers_add_up_and_are_no_bands() {
    score(
        "fit +10 when size >= 100  fit +10 when size >= 500  fit +10 when size >= 1000
         grade hot at least 20, cold otherwise",
        &[],
    );
    score(
        "fit +10 when size between 1 and 1000  fit +10 when size between 10 and 100
         grade hot at least 20, cold otherwise",
        &[],
    );
}

#[test]
fn bands_that_join_are_sound_however_their_ends_are_written() {
    for bands in [
        "fit +5 when size between 1 and 9  fit +10 when size between 10 and 100  fit +20 when size > 100",
        "fit +5 when size < 10  fit +10 when size >= 10 and size < 100  fit +20 when size >= 100",
        "fit +5 when size >= 1 and size <= 9  fit +10 when size > 9 and size <= 100  fit +20 when 100 < size",
        // Bands of two fields, and of two categories, have nothing to do with each other.
        "fit +10 when size between 1 and 10  fit +10 when turnover between 10 EUR and 100 EUR
         fit +20 when size between 11 and 99",
        "fit +10 when size between 1 and 10  behavior +20 when size between 10 and 100",
        // A wide hole is meant: companies in between are nobody's customers.
        "fit +10 when size between 1 and 10  fit +20 when size between 500 and 1000",
    ] {
        score(&format!("{bands} grade hot at least 20, cold otherwise"), &[]);
    }
}

#[test]
fn bands_that_share_an_end_or_miss_a_value_are_found() {
    score(
        "fit +5 when size <= 10  fit +10 when size between 10 and 100  fit +20 when size > 100
         grade hot at least 20, cold otherwise",
        &["band-overlap fit +10 when size between 10 and 100"],
    );
    score(
        "fit +5 when turnover between 0 EUR and 1_000 EUR  fit +20 when turnover between 1_000 EUR and 9_000 EUR
         grade hot at least 20, cold otherwise",
        &["band-overlap fit +20 when turnover between 1_000 EUR and 9_000 EUR"],
    );
    score(
        "fit +5 when size between 1 and 9  fit +10 when size between 11 and 100  fit +20 when size > 100
         grade hot at least 20, cold otherwise",
        &["band-gap fit +10 when size between 11 and 100"],
    );
    // The least size is 1.
    score(
        "fit +10 when size between 2 and 10  fit +20 when size > 10
         grade hot at least 20, cold otherwise",
        &["band-gap fit +10 when size between 2 and 10"],
    );
}

/// Bands of days, and of what has passed since one.
#[test]
fn bands_of_dates_and_of_the_time_since() {
    let of = |bands: &str, told: &[&str]| {
        let base = BASE.replace("country text", "country text  founded date  seen_at datetime");
        let rules = format!("score s of lead {{ {bands} grade hot at least 5, cold otherwise }}");
        let found = verdicts_of(&format!("{base}{rules}"));
        assert_eq!(found, told, "{bands}");
    };
    of(
        "fit +5 when founded between 2001-01-01 and 2010-01-01  fit +9 when founded between 2010-01-01 and 2020-12-31",
        &["band-overlap fit +9 when founded between 2010-01-01 and 2020-12-31"],
    );
    // The last day of a month is left out: of days there are none between.
    of(
        "fit +5 when founded between 2001-01-01 and 2009-12-30  fit +9 when founded between 2010-01-01 and 2020-12-31",
        &["band-gap fit +9 when founded between 2010-01-01 and 2020-12-31"],
    );
    of(
        "fit +5 when founded between 2001-01-01 and 2009-12-31  fit +9 when founded between 2010-01-01 and 2020-12-31",
        &[],
    );
    of(
        "fit +9 when founded < 2010-01-01  fit +5 when founded >= 2010-01-01 and founded < 2020-01-01",
        &[],
    );
    of(
        "behavior +9 when days since seen_at <= 7  behavior +5 when days since seen_at between 7 and 30",
        &["band-overlap behavior +5 when days since seen_at between 7 and 30"],
    );
    of(
        "behavior +9 when days since seen_at < 7  behavior +5 when days since seen_at >= 7 and days since seen_at < 30",
        &[],
    );
    // Weeks are not days, and the time until is not the time since.
    of(
        "behavior +9 when days since seen_at <= 7  behavior +5 when weeks since seen_at between 7 and 30
         behavior +3 when days until seen_at between 7 and 30",
        &[],
    );
}

#[test]
fn one_of_several_events_decides_alone() {
    let grades = "grade hot at least 60, warm at least 20, cold otherwise";
    let both = "behavior +60 when event a or event b halves every 9d";
    score(
        &format!("fit +20 when size > 10  {both} {grades}"),
        &[&format!("one-action-grade {both}")],
    );
    // Either the size or the event: the event is enough.
    let either = "behavior +60 when size > 10 or event a halves every 9d";
    score(
        &format!("fit +20 when size > 10  {either} {grades}"),
        &[&format!("one-action-grade {either}")],
    );
    score(
        &format!(
            "fit +20 when size > 10  behavior +60 when event a and event b halves every 9d {grades}"
        ),
        &[],
    );
    // 40 and 20 of one event are 60; of another they are not.
    let first = "behavior +40 when event a or event b halves every 9d";
    score(
        &format!("{first}  behavior +20 when event b or event c halves every 9d {grades}"),
        &[&format!("one-action-grade {first}")],
    );
    score(&format!("{first}  behavior +20 when event c halves every 9d {grades}"), &[]);
}

#[test]
fn of_several_events_each_has_to_fade() {
    let told = |rule: &str| {
        score(
            &format!("fit +20 when size > 10  {rule}  grade hot at least 20, cold otherwise"),
            &[&format!("no-decay {rule}")],
        );
    };
    let silent = |rule: &str| {
        score(
            &format!("fit +20 when size > 10  {rule}  grade hot at least 20, cold otherwise"),
            &[],
        );
    };
    told("behavior +9 when event a or event b");
    told("behavior +9 when event a within 30d or event b");
    told("behavior +9 when (event a or event b within 9d) and size > 10");
    silent("behavior +9 when event a within 30d or event b within 9d");
    silent("behavior +9 when event a and event b within 9d");
    silent("behavior +9 when event a or event b halves every 9d");
    // What did not happen is nothing that somebody did once.
    silent("behavior +9 when not event unsubscribed");
}

#[test]
fn the_same_condition_written_otherwise() {
    let twice = |first: &str, second: &str| {
        score(
            &format!(
                "fit +20 when {first}  fit +10 when {second}  grade hot at least 20, cold otherwise"
            ),
            &[&format!("dominated-rule fit +10 when {second}")],
        );
    };
    let apart = |first: &str, second: &str| {
        score(
            &format!(
                "fit +20 when {first}  fit +10 when {second}  grade hot at least 20, cold otherwise"
            ),
            &[],
        );
    };
    twice("size >= 10", "size > 9");
    twice("size between 10 and 20", "size > 9 and size < 21");
    twice("field in [software, trade]", "field = software or field = trade");
    twice("field in [software, trade]", "field in [trade, software]");
    twice("size >= 10 and field = trade", "field = trade and size is present and not size < 10");
    // Of a size that is not known, it is not below ten.
    apart("size >= 10 and field = trade", "field = trade and not size < 10");
    // What is missing is not unlike anything either.
    twice("field != trade", "field in [software, finance]");
    // Between 9 and 10 euros there are others.
    apart("turnover >= 10 EUR", "turnover > 9 EUR");
    apart("size >= 10", "size > 10");
}

#[test]
fn grades_are_reached_by_what_can_be_had_together() {
    // 20 and 20 exclude each other: 40 is never reached, though both are below the cap.
    score(
        "fit +20 when field = software  fit +20 when field = finance
         grade hot at least 40, warm at least 20, cold otherwise",
        &["unreachable-grade hot"],
    );
    score(
        "fit +20 when field = software  fit +20 when size > 10
         grade hot at least 40, warm at least 20, cold otherwise",
        &[],
    );
    // Weighted, 100 fit points are 40.
    score(
        "fit +100 when size > 10  behavior +50 when event a halves every 9d
         weight fit 40%  weight behavior 60%
         grade hot at least 71, warm at least 20, cold otherwise",
        &["unreachable-grade hot"],
    );
    // Nobody has less than nothing here.
    score(
        "fit +20 when size > 10  grade hot at least 20, warm at least 0, cold otherwise",
        &["unreachable-grade cold"],
    );
    score(
        "fit +20 when size > 10  fit -10 when field = trade
         grade hot at least 20, warm at least 0, cold otherwise",
        &[],
    );
}

#[test]
fn an_event_that_decides_alone_is_told_of_scores_with_several_grades() {
    score(
        "fit +20 when size > 10  behavior +60 when event a halves every 9d
         grade hot at least 60, warm at least 20, cold otherwise",
        &["one-action-grade behavior +60 when event a halves every 9d"],
    );
    // Between two grades there is a switch, and several events are several actions.
    score(
        "fit +20 when size > 10  behavior +60 when event a halves every 9d
         grade hot at least 60, cold otherwise",
        &[],
    );
    score(
        "fit +20 when size > 10  behavior +60 when event a at least 3 times halves every 9d
         grade hot at least 60, warm at least 20, cold otherwise",
        &[],
    );
}

#[test]
fn points_that_make_up_for_others_are_not_idle() {
    score(
        "fit +50 when size >= 100  fit -20 when field = trade  cap fit at 30
         grade hot at least 20, cold otherwise",
        &[],
    );
    score(
        "fit +30 when size >= 100  fit +10 when field = software  cap fit at 30
         grade hot at least 20, cold otherwise",
        &[],
    );
    score(
        "fit +30 when size >= 100  fit +30 when size >= 100  grade hot at least 20, cold otherwise",
        &["dominated-rule fit +30 when size >= 100"],
    );
    score(
        "fit +20 when size >= 100  fit +10 when size < 1  grade hot at least 20, cold otherwise",
        &["idle-points fit +10 when size < 1"],
    );
}

#[test]
fn a_sound_route_is_left_alone() {
    for cases in [
        "when size >= 500 to a  when size < 500 to b  otherwise lead",
        // Ordered from the narrowest to the widest.
        "when size >= 500 to a  when size >= 100 to b  when size >= 1 to c  otherwise lead",
        // Priorities over different fields.
        "when field = software to a  when size >= 500 to b  otherwise lead",
        "when field = software to a  when field in [finance, trade] to b  otherwise lead",
        // Whatever is known, somebody has it.
        "when size >= 500 to a  when size < 500 or size is missing to b",
        "when email is present to a  when email is missing to b",
    ] {
        route(cases, &[]);
    }
}

#[test]
fn gaps_overlaps_and_dead_cases_are_found() {
    route("when size >= 500 to a  when size < 100 to b", &["route-gap inquiry"]);
    route("when size >= 500 to a  when size < 500 to b", &["no-fallback inquiry"]);
    route("when field = software to a  when field = finance to b", &["route-gap inquiry"]);
    route(
        "when size < 200 to a  when size >= 100 to b  otherwise lead",
        &["route-overlap when size >= 100 to b"],
    );
    route(
        "when size < 200 to a  when size >= 200 to b  when size = 200 to c  otherwise lead",
        &["dead-route when size = 200 to c"],
    );
    route(
        "when size > 5 and size < 5 to a  otherwise lead",
        &["dead-route when size > 5 and size < 5 to a"],
    );
}

#[test]
fn what_the_way_into_a_stage_makes_sure_of_is_not_missing() {
    let desk = |exit: &str, enter: &str, cases: &str| {
        verdicts(&format!(
            "{SCORE}stage first {{ record lead  entry  owner sales  limit 5d
                                   collect [size]  {exit}  advance to desk }}
             stage desk {{ record lead  owner sales  limit 5d  {enter}  advance to talk }}
             stage talk {{ record lead  owner sales  limit 5d  advance to won }}
             route talk {{ {cases} }}"
        ))
    };
    let whole = "when size >= 500 to a  when size < 500 to b";
    assert_eq!(desk("", "", whole), ["no-fallback talk"]);
    // Asked for two stages before, or by the stage before.
    assert_eq!(desk("exit when { known \"Size known\" size is present }", "", whole), [""; 0]);
    assert_eq!(desk("", "exit when { known \"Size known\" size is present }", whole), [""; 0]);
    // The stage takes large companies only.
    let large = "exit when { large \"Large\" size >= 100 }";
    let tables = "when size >= 500 to a  when size between 100 and 499 to b";
    assert_eq!(desk("", large, tables), [""; 0]);
    assert_eq!(desk("", "", tables), ["route-gap talk"]);
}

#[test]
fn a_draft_may_have_gaps() {
    let draft = BASE.replace("currency EUR", "currency EUR  status draft");
    assert_ne!(draft, BASE);
    let cases = "route inquiry { when size >= 500 to a } ";
    assert_eq!(verdicts_of(&format!("{draft}{SCORE}{cases}")), [""; 0]);
    let grades = "score s of lead { fit +20 when size >= 100  fit +10 when size >= 10
           grade hot at least 30, warm at least 10 }";
    assert_eq!(verdicts_of(&format!("{draft}{grades}")), [""; 0]);
}

#[test]
fn a_single_grade_is_a_flag() {
    score("fit +20 when size >= 100  grade hot at least 20", &[]);
    score(
        "fit +20 when size >= 100  fit +10 when size >= 10  grade hot at least 30, warm at least 10",
        &["grade-gap warm"],
    );
}

#[test]
fn a_table_may_have_a_line_that_is_worth_nothing() {
    score(
        "fit +20 when size >= 100  fit +0 when size < 100  grade hot at least 20, cold otherwise",
        &[],
    );
    score(
        "fit +20 when size >= 100  fit +0 when email is present  grade hot at least 20, cold otherwise",
        &["idle-points fit +0 when email is present"],
    );
}

#[test]
fn points_that_halve_stay_at_the_cap_for_longer() {
    let points = |fading: &str| {
        format!(
            "fit +20 when size > 10  behavior +40 when event a {fading}  cap behavior at 30
             grade hot at least 50, cold otherwise"
        )
    };
    score(&points("halves every 14d"), &[]);
    score(
        &points("expires after 90d"),
        &["idle-points behavior +40 when event a expires after 90d"],
    );
}

/// What a record must have is known of every one: there is none of which nothing is known.
#[test]
fn a_score_of_what_is_always_known() {
    let of = |rules: &str| {
        let base = BASE.replace("size    integer at least 1", "size integer required at least 1");
        verdicts_of(&format!("{base}score s of lead {{ {rules} }}"))
    };
    let least = "fit +10 when size >= 1  fit +20 when size > 100";
    assert_eq!(of(&format!("{least}  grade hot at least 30, warm at least 10")), [""; 0]);
    // Of ten points and of thirty, none is below ten, and none between eleven and thirty.
    assert_eq!(
        of(&format!("{least}  grade hot at least 30, warm at least 10, cold otherwise")),
        ["unreachable-grade cold"]
    );
    assert_eq!(
        of(&format!("{least}  grade hot at least 30, warm at least 11, cold otherwise")),
        ["unreachable-grade warm"]
    );
    assert_eq!(of(&format!("{least}  grade hot at least 30, warm at least 11")).len(), 2);
    let one = |fit: &str| {
        of(&format!(
            "{fit}  behavior +40 when event webinar within 30d  grade hot at least 40, warm at least 10, cold otherwise"
        ))
    };
    let told = ["one-action-grade behavior +40 when event webinar within 30d"];
    let all = one("fit -20 when size is missing  fit +12 when email is present");
    // That the size is never missing is told as well.
    assert_eq!(all, ["idle-points fit -20 when size is missing", told[0]]);
    let away = "fit +10 when size >= 100  fit -30 when size < 100  fit -20 when size >= 1";
    assert_eq!(one(away), ["unreachable-grade hot"]);
}

#[test]
fn bands_of_parts_of_one() {
    let of = |bands: &str| {
        score(&format!("{bands}  grade hot at least 5, cold otherwise"), &[]);
    };
    let told = |bands: &str, rule: &str| {
        score(&format!("{bands}  grade hot at least 5, cold otherwise"), &[rule]);
    };
    let low = "fit +5 when turnover <= 0.1 EUR";
    let high = "fit +20 when turnover > 0.7 EUR";
    of(&format!("{low}  fit +10 when turnover >= 0.2 EUR and turnover <= 0.7 EUR  {high}"));
    told(
        &format!("{low}  fit +10 when turnover >= 0.5 EUR and turnover <= 0.7 EUR  {high}"),
        "band-gap fit +10 when turnover >= 0.5 EUR and turnover <= 0.7 EUR",
    );
}
