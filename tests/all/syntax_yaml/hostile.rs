//! Files that nobody would write on purpose, or only on purpose.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use ekiden::project::Manifest;
use ekiden::source::FileId;
use proptest::prelude::*;

use super::{EXCERPT, clean, found, parse};

fn quick(text: &str) -> Vec<String> {
    let start = Instant::now();
    let lines = found(text);
    let taken = start.elapsed();
    assert!(taken < Duration::from_secs(60), "{taken:?}");
    lines
}

#[test]
fn anchors_that_multiply_are_one_finding() {
    let mut text = "stages:\n  a0: &a0 {owner: [x, x, x, x, x, x, x, x, x, x]}\n".to_owned();
    for level in 1..12 {
        let item = format!("*a{}", level - 1);
        let items = vec![item; 10].join(", ");
        let _ = writeln!(text, "  a{level}: &a{level} {{owner: [{items}]}}");
    }
    let exploded: Vec<String> =
        quick(&text).into_iter().filter(|line| line.contains("million")).collect();
    assert_eq!(exploded.len(), 1, "{exploded:?}");
}

#[test]
fn an_alias_to_itself_is_a_finding() {
    for text in ["teams: &a {b: *a}\n", "teams: {a: &x {waive: [*x]}}\n"] {
        let lines = quick(text);
        assert!(lines[0].contains("inside the value it stands for"), "{lines:?}");
    }
}

#[test]
fn deep_nesting_is_a_finding() {
    for text in [
        format!("teams: {}", "[".repeat(10_000)),
        format!("teams: {}", "{a: ".repeat(10_000)),
        format!(
            "teams:\n{}",
            (1..1_500).map(|n| format!("{}a:\n", " ".repeat(n))).collect::<String>()
        ),
        format!("teams: {}x", "- ".repeat(10_000)),
    ] {
        let lines = quick(&text);
        assert!(!lines.is_empty() && lines.len() < 3, "{lines:?}");
    }
    let text = format!(
        "stages: {{a: {{advance: {{to: b, when: {}x{}}}}}}}",
        "[".repeat(90),
        "]".repeat(90)
    );
    assert_eq!(quick(&text), [] as [String; 0]);
}

#[test]
fn files_that_say_nothing_are_empty() {
    for text in ["", "\n\n", "# only\n# comments\n", "---\n...\n", "{}", "~\n", "\u{feff}"] {
        assert_eq!(clean(text).items, []);
    }
}

#[test]
fn line_ends_do_not_matter() {
    let other = EXCERPT.replace('\n', "\r\n");
    assert_eq!(clean(&other).items, clean(EXCERPT).items);
}

#[test]
fn a_large_file_is_read_in_time() {
    let mut text = "stages:\n".to_owned();
    let mut count = 0;
    while text.len() < 500_000 {
        let _ = write!(
            text,
            "  s{count}:\n    title: 단계 {count}\n    record: lead\n    owner: sdr\n    limit: 2 business days\n    exit:\n      c: {{title: T, when: amount > 0 JPY}}\n    advance: s{} when email is present\n",
            count + 1
        );
        count += 1;
    }
    let start = Instant::now();
    let file = clean(&text);
    assert_eq!(file.items.len(), count);
    // A test binary is not optimised; anything quadratic would take hours.
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
}

#[test]
fn one_long_line_and_many_keys_are_read_in_time() {
    let items: Vec<String> = (0..50_000).map(|n| format!("t{n}: {{title: T}}")).collect();
    assert_eq!(clean(&format!("teams: {{{}}}", items.join(", "))).items.len(), 50_000);
    let comments = "# comment\n".repeat(100_000);
    assert_eq!(clean(&format!("teams:\n{comments}  a:\n")).comments.len(), 100_000);
    assert_eq!(quick(&"---\nteams: b: c\n".repeat(2_000)).len(), 2_000);
}

/// What an editor's slip or a hostile file may put anywhere.
const SCRAPS: &[&str] = &[
    "",
    " ",
    "\n",
    "\t",
    ":",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    "\"",
    "\\",
    "#",
    " #",
    "|\n",
    ">\n",
    "&a ",
    "*a",
    "!t ",
    "---\n",
    "...\n",
    "%",
    "@",
    "~",
    "<<: ",
    "? ",
    "日本",
    "\u{1F600}",
    "\u{feff}",
    "\r\n",
    "\u{0}",
    "true",
    "999999999999999999999",
    "2026-99-99",
    "when ",
    "to: ",
    "\\u00",
    "''",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whatever is done to the excerpt, reading it ends, with every span on whole characters.
    #[test]
    fn no_change_to_the_excerpt_makes_it_panic(
        edits in proptest::collection::vec((0..10_000_usize, 0..12_usize, 0..SCRAPS.len()), 1..6),
    ) {
        let mut text = EXCERPT.to_owned();
        for (at, len, scrap) in edits {
            let floor = |mut at: usize| {
                while !text.is_char_boundary(at) { at -= 1; }
                at
            };
            let start = floor(at % text.len().max(1));
            let end = floor((start + len).min(text.len())).max(start);
            text.replace_range(start..end, SCRAPS[scrap]);
        }
        let parsed = parse(&text);
        for finding in &parsed.diagnostics {
            prop_assert!(text.get(finding.primary.span.range()).is_some(), "{finding:?}");
        }
        for item in &parsed.file.items {
            prop_assert!(text.get(item.span().range()).is_some());
        }
        let (_, findings) = Manifest::parse(FileId(0), &text);
        for finding in findings {
            prop_assert!(text.get(finding.primary.span.range()).is_some(), "{finding:?}");
        }
    }
}
