//! The two parsers of the grammar: what the plain one reads, and what pest reads by the same rules.

use std::fs;
use std::path::Path;

use ekiden_grammar::{Grammar, Rule, read};
use pest::Parser;
use proptest::prelude::*;

const EXCERPT: &str = include_str!("../ui/syntax/excerpt.ekiden");
const EVERYTHING: &str = include_str!("convert/everything.ekiden");
const FAULTS: &str = include_str!("../ui/syntax/ten_faults.ekiden");

/// A pair: how deep it lies, its rule, its place.
type Row = (usize, Rule, usize, usize);

fn by_pest(rule: Rule, text: &str) -> Option<Vec<Row>> {
    fn add(pairs: pest::iterators::Pairs<'_, Rule>, depth: usize, rows: &mut Vec<Row>) {
        for pair in pairs {
            let span = pair.as_span();
            rows.push((depth, pair.as_rule(), span.start(), span.end()));
            add(pair.into_inner(), depth + 1, rows);
        }
    }
    let mut rows = Vec::new();
    add(Grammar::parse(rule, text).ok()?, 0, &mut rows);
    Some(rows)
}

fn plainly(rule: Rule, text: &str) -> Option<Vec<Row>> {
    fn add(pairs: ekiden_grammar::Pairs<'_>, depth: usize, rows: &mut Vec<Row>) {
        for pair in pairs {
            let span = pair.as_span();
            rows.push((depth, pair.as_rule(), span.start(), span.end()));
            add(pair.into_inner(), depth + 1, rows);
        }
    }
    let mut rows = Vec::new();
    add(read(rule, text)?, 0, &mut rows);
    Some(rows)
}

#[track_caller]
fn assert_same(rule: Rule, text: &str) {
    let (pest, plain) = (by_pest(rule, text), plainly(rule, text));
    if pest == plain {
        return;
    }
    let (Some(pest), Some(plain)) = (&pest, &plain) else {
        panic!("{rule:?}: {} of {} read it: {text}", "one", "two parsers");
    };
    let at = pest.iter().zip(plain).position(|(pest, plain)| pest != plain);
    let at = at.unwrap_or(pest.len().min(plain.len()));
    panic!("{rule:?}: pest {:?}, plain {:?} in: {text}", pest.get(at), plain.get(at));
}

/// Every text in the folder that could hold declarations: of files, and in pages.
fn texts(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension().and_then(|extension| extension.to_str()) {
            _ if path.is_dir() => texts(&path, found),
            Some("ekiden" | "md") => found.push(fs::read_to_string(&path).unwrap()),
            _ => {}
        }
    }
}

#[test]
fn the_parsers_agree_on_every_file_there_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in ["examples", "tests/ui", "tests/all", "docs"] {
        texts(&root.join(folder), &mut all);
    }
    assert!(all.len() > 150, "{} texts", all.len());
    for text in &all {
        assert_same(Rule::file, text);
        // A page of Markdown is read as one bad region. Its blocks may be sound.
        for block in text.split("```ekiden").skip(1) {
            let block = block.split_once('\n').map_or("", |(_, rest)| rest);
            assert_same(Rule::file, block.split("```").next().unwrap());
        }
    }
}

#[test]
fn the_parsers_agree_on_single_values() {
    let values = [
        "5d",
        "3 business days",
        "2.5mo",
        "5 d",
        "30d before x.y",
        "60%",
        "6 0%",
        "1_000.5 EUR",
        "1000 EURO",
        "-5",
        "+ 5",
        "2026-01-31",
        "2026-01-31T09:00",
        "2026-1-31",
        "[mon, tue] 9:00-17:00",
        "mon-fri 09:00-17:30, sat 10:00-12:00 except [2026-12-25]",
        "a and b",
        "a and and",
        "not not a > 1",
        "a.b - -3 * (c / 2) >= 4 EUR or d in [\"x\", \"y\"]",
        "a is not present",
        "a is grade_b",
        "x between 1 and 2",
        "days since seen <= 14",
        "business hours until due > 2",
        "event opened at least 2 times within last 30d",
        "confirm \"Sure?\" by manager",
        "time in stage > 5d",
        "a < b < c",
        "(((((a)))))",
        "((a)",
        "日本 > 3",
        "",
        " ",
        "a-b",
        "my-stage",
        "x \"T\" ko \"제목\"",
        "one of [a \"A\", b was [c]] \"Title\" required help \"h\"",
        "text required text",
        "at least 5% every month",
        "conversion from a to b within 1y",
        "p90 time in x",
        "within 4 business hours carries [a, b.c] accept when x > 1 else recycle to y",
        "\"\"\"long\nü\"\"\"",
        "\"a\\u{1F600}\"",
        "\"a\\",
        "mql when a = 1, sql",
        "every 2w",
        "fit +5 \"T\" when a halves every 3mo",
        "a \"A\" at least 80, b otherwise",
        "stage x at y",
        "# no",
        "when a > 1 to b",
        "retired stage a.b since 2026-01-01",
    ];
    let rules = [
        Rule::only_expr,
        Rule::only_duration,
        Rule::only_limit,
        Rule::only_clock,
        Rule::only_path,
        Rule::only_name,
        Rule::only_bound,
        Rule::only_date,
        Rule::only_percent,
        Rule::only_calendar,
        Rule::only_hours,
        Rule::only_handoff,
        Rule::only_field,
        Rule::only_field_type,
        Rule::only_transition,
        Rule::only_incoming,
        Rule::only_measure,
        Rule::only_target,
        Rule::only_every,
        Rule::only_points,
        Rule::only_grades,
        Rule::only_route_case,
        Rule::only_starts,
        Rule::only_successors,
        Rule::one_process,
        Rule::one_team,
        Rule::one_record,
        Rule::one_stage,
        Rule::one_criterion,
        Rule::one_goal,
        Rule::one_feedback,
        Rule::one_score,
        Rule::one_route,
        Rule::one_term,
        Rule::one_play,
        Rule::one_head,
        Rule::body_stage,
        Rule::body_record,
        Rule::body_goal,
        Rule::next_head,
    ];
    let mut read_by_some = 0;
    for value in values {
        for rule in rules {
            assert_same(rule, value);
            read_by_some += usize::from(read(rule, value).is_some());
        }
    }
    assert!(read_by_some > 40, "{read_by_some}");
}

#[test]
fn what_nests_too_deeply_is_given_up() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(read(Rule::only_expr, &nested(64)).is_some());
    assert!(read(Rule::only_expr, &nested(100_000)).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_parsers_agree_on_broken_files(
        which in 0_usize..3,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..24), 1..6),
    ) {
        let mut text = [EXCERPT, EVERYTHING, FAULTS][which].to_owned();
        for (place, length, what) in cuts {
            let at = place.index(text.len());
            let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let end = (at + length.index(12)).min(text.len());
            let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap();
            let put = [
                "", "}", "{", "\"", "#", "[", "]", "x", "stage z {", "(", ")", "\"\"\"", "retired ", ";", "\n", "\\", " not ",
                " 5d ", " when ", " and ", "ü", "\u{feff}", ".", "-",
            ];
            text.replace_range(at..end, put[what]);
        }
        assert_same(Rule::file, &text);
    }
}
