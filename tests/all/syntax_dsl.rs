//! The DSL front end, from text to tree and findings.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests may fail loudly"
)]

use std::fmt::Write as _;
use std::path::Path;

use ekiden::diag::Diagnostic;
use ekiden::source::{FileId, SourceFile};
use ekiden::syntax::ast::{
    Category, Every, ExprKind, Item, Literal, Measure, Period, TransitionEnds,
};
use ekiden::syntax::dsl::{
    self,
    fragment::{Fragment, Offsets},
};
use proptest::prelude::*;

const EXCERPT: &str = include_str!("../ui/syntax/excerpt.ekiden");

/// Findings as plain text: place, rule, message, the underlined text, labels, help and fix.
fn render(source: &SourceFile, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for finding in diagnostics {
        let span = finding.primary.span;
        let at = source.line_column(span.start as usize);
        let _ = writeln!(out, "{}:{} {}: {}", at.line, at.column, finding.code, finding.message);
        let _ = writeln!(out, "    at `{}` {}", source.slice(span), finding.primary.message);
        for label in &finding.labels {
            let place = source.line_column(label.span.start as usize);
            let text = source.slice(label.span);
            let _ = writeln!(out, "    {}:{} `{text}` {}", place.line, place.column, label.message);
        }
        if let Some(help) = &finding.help {
            let _ = writeln!(out, "    help: {help}");
        }
        if let Some(fix) = &finding.fix {
            let mut mended = source.text().to_owned();
            for edit in fix.edits.iter().rev() {
                mended.replace_range(edit.span.range(), &edit.replacement);
            }
            let file = SourceFile::new("", mended);
            let line = file.line_text(at.line - 1).trim().to_owned();
            let _ = writeln!(out, "    fix: {} -> {line}", fix.title);
        }
    }
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Every file in `tests/ui/syntax` with its findings, as a snapshot beside it.
#[test]
fn messages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/syntax");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ekiden"))
        .collect();
    files.sort();
    assert!(files.len() > 5, "the folder is read");
    for path in files {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let source = SourceFile::new(&name, &*text);
        let parsed = dsl::parse(FileId(0), &text);
        let findings = render(&source, &parsed.diagnostics);
        insta::with_settings!({
            snapshot_path => &folder,
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name, format!("{text}\n----\n{findings}"));
        });
    }
}

#[test]
fn the_excerpt_of_the_language_page_parses_without_findings() {
    let parsed = dsl::parse(FileId(0), EXCERPT);
    assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    assert_eq!(parsed.file.items.len(), 21);
}

/// The words under a span.
fn under(text: &str, span: ekiden::source::Span) -> &str {
    &text[span.range()]
}

#[test]
fn spans_cover_exactly_what_was_written() {
    let text = "stage mql \"MQL\" ko \"리드\"  # title\n{ # first\n  limit 2 business days # why\n    \
        target 4h   # then\n  entry from [web , event]  # sources\n  exit when { a \"A\" (x + 1) * 2 > 3 # c\n }\n  \
        advance to b when not (a = 1 or b in [x, y]) handoff within 1d # late\n  }  # end\n\n";
    let parsed = dsl::parse(FileId(0), text);
    assert_eq!(parsed.diagnostics, []);
    let [Item::Stage(stage)] = parsed.file.items.as_slice() else { panic!("one stage") };
    assert!(under(text, stage.span).starts_with("stage mql"));
    assert!(under(text, stage.span).ends_with("# late\n  }"));
    assert_eq!(under(text, stage.name.span), "mql");
    assert_eq!(under(text, stage.title.as_ref().unwrap().span), "\"MQL\" ko \"리드\"");
    let limit = stage.limit.as_ref().unwrap();
    assert_eq!(under(text, limit.span), "limit 2 business days # why\n    target 4h");
    assert_eq!(under(text, limit.duration.span), "2 business days");
    assert_eq!(under(text, limit.target.unwrap().span), "4h");
    assert_eq!(under(text, stage.entry.as_ref().unwrap().span), "entry from [web , event]");
    let criterion = &stage.exit[0];
    assert_eq!(under(text, criterion.span), "a \"A\" (x + 1) * 2 > 3");
    assert_eq!(under(text, criterion.condition.span), "(x + 1) * 2 > 3");
    let ExprKind::Compare(left, op, right) = &criterion.condition.kind else { panic!() };
    assert_eq!(under(text, left.span), "(x + 1) * 2");
    assert_eq!(under(text, op.span), ">");
    assert_eq!(under(text, right.span), "3");
    let ExprKind::Arithmetic(sum, ..) = &left.kind else { panic!() };
    assert_eq!(under(text, sum.span), "x + 1");
    let advance = &stage.transitions[0];
    assert_eq!(
        under(text, advance.span),
        "advance to b when not (a = 1 or b in [x, y]) handoff within 1d"
    );
    assert_eq!(under(text, advance.when[0].span), "not (a = 1 or b in [x, y])");
    let ExprKind::Not(inner) = &advance.when[0].kind else { panic!() };
    assert_eq!(under(text, inner.span), "a = 1 or b in [x, y]");
    assert_eq!(under(text, advance.handoff.as_ref().unwrap().span), "handoff within 1d");

    let comments: Vec<_> =
        parsed.file.comments.iter().map(|c| (c.text.as_str(), c.own_line)).collect();
    let words = ["title", "first", "why", "then", "sources", "c", "late", "end"];
    assert_eq!(comments, words.map(|word| (word, false)));
}

#[test]
fn all_comments_are_found_and_nothing_else() {
    let text = "# one\r\n  #two  \nteam t \"# not\" { # three\n mission \"\"\"\n# not\n\"\"\" # four\n \
        rubbish # five\n}\n)( # six\n#";
    let parsed = dsl::parse(FileId(0), text);
    let found: Vec<_> = parsed
        .file
        .comments
        .iter()
        .map(|c| (c.text.as_str(), c.own_line, under(text, c.span)))
        .collect();
    assert_eq!(
        found,
        [
            ("one", true, "# one"),
            ("two", true, "#two"),
            ("three", false, "# three"),
            ("four", false, "# four"),
            ("five", false, "# five"),
            ("six", false, "# six"),
            ("", true, "#"),
        ]
    );
}

#[test]
fn line_ends_do_not_matter() {
    let unix = dsl::parse(FileId(0), EXCERPT);
    let windows = dsl::parse(FileId(0), &EXCERPT.replace('\n', "\r\n"));
    assert_eq!(windows.diagnostics, []);
    assert_eq!(unix.file, windows.file);
}

#[test]
fn values_are_read_as_written() {
    let text = r#"
process p { calendar sat-mon 09:00-24:00, [wed, fri] 8:30-12:00 }
score s of r { behaviour -2.50 when event e at least 2 times within last 30d and deal.x is not present }
stage a {
  exit when { one "1" a = "x" }  owner x  owner [y, z]
  exit when { two "2" - b < 1_000.50 JPY }
  recycle to b at most 3 times  from any open of deal except [a] when lost is present
}
"#;
    let parsed = dsl::parse(FileId(0), text);
    assert_eq!(parsed.diagnostics, []);
    let [Item::Process(process), Item::Score(score), Item::Stage(stage)] =
        parsed.file.items.as_slice()
    else {
        panic!("three declarations")
    };
    let calendar = process.calendar.as_ref().unwrap();
    use jiff::civil::Weekday::*;
    assert_eq!(calendar.hours[0].days, [Saturday, Sunday, Monday]);
    assert_eq!(calendar.hours[0].to.value, None);
    assert_eq!(calendar.hours[1].days, [Wednesday, Friday]);
    assert_eq!(score.points[0].points.value.to_string(), "-2.5");
    assert_eq!(score.points[0].category, Category::Behavior);
    assert_eq!(stage.exit.len(), 2, "criteria of both blocks");
    assert_eq!(stage.owners.len(), 3);
    let ExprKind::Compare(left, _, right) = &stage.exit[1].condition.kind else { panic!() };
    assert!(matches!(left.kind, ExprKind::Negate(_)));
    let ExprKind::Literal(Literal::Money(money)) = &right.kind else { panic!() };
    assert_eq!((money.amount.to_string(), money.currency.code()), ("1000.5".to_owned(), "JPY"));
    assert_eq!(stage.transitions[0].at_most.unwrap().value, 3);
    assert!(
        matches!(&stage.transitions[1].ends, TransitionEnds::FromAnyOpen { except, .. } if except.len() == 1)
    );
}

#[test]
fn one_fault_does_not_hide_the_rest() {
    let parsed = dsl::parse(
        FileId(0),
        "stag mql \"M\" of { owner sdr }\nstage b { owner x ; recycle to a when x = }",
    );
    assert_eq!(parsed.diagnostics.len(), 3, "{:#?}", parsed.diagnostics);
    let [Item::Stage(mql), Item::Stage(b)] = parsed.file.items.as_slice() else { panic!() };
    assert!(mql.broken && b.broken);
    assert_eq!((mql.name.text.as_str(), mql.owners.len()), ("mql", 1));
    assert_eq!(b.owners.len(), 1);
    // The transition is there, its condition is not.
    assert_eq!((b.transitions.len(), b.transitions[0].when.len()), (1, 0));
}

/// Every span of every finding lies in the text, on borders of characters.
fn assert_sound(text: &str) {
    let parsed = dsl::parse(FileId(0), text);
    let sound = |span: ekiden::source::Span| text.get(span.range()).is_some();
    for finding in &parsed.diagnostics {
        assert!(sound(finding.primary.span), "{finding:#?}");
        assert!(finding.labels.iter().all(|label| sound(label.span)), "{finding:#?}");
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        assert!(edits.clone().all(|edit| sound(edit.span)), "{finding:#?}");
        assert!(!finding.message.contains('\n'), "{finding:#?}");
    }
    for comment in &parsed.file.comments {
        assert!(under(text, comment.span).starts_with('#'));
    }
    for item in &parsed.file.items {
        assert!(sound(item.span()));
    }
}

#[test]
fn hostile_texts_are_survived() {
    let length = 40_000;
    for text in [
        "",
        " \n\t",
        "#",
        "# only\n# comments",
        "\0\0 stage \0 { \0 }",
        "\u{feff}stage a { }",
        "}",
        "\"",
        "\"\"\"",
        "stage",
        "stage a",
        "stage a {",
        "リ",
    ] {
        assert_sound(text);
    }
    for (repeated, is_silent) in [
        ("{", false),
        ("}", false),
        ("(", false),
        (")", false),
        ("[", false),
        ("\"", false),
        ("\"\"\"\"", false),
        ("#", true),
        (" ", true),
        ("a", false),
        ("a ", false),
        ("1", false),
        ("{}", false),
        ("\0", false),
        ("リ", false),
        ("stage a { x } ", false),
        ("stage a { ", false),
        ("x {\n", false),
        ("stage a { exit when { ", false),
        ("= \n", false),
        ("\"x\" ", false),
        ("retired stage ", false),
        ("stage ", false),
        ("\\", false),
    ] {
        let text = repeated.repeat(length / repeated.len());
        let start = std::time::Instant::now();
        let parsed = dsl::parse(FileId(0), &text);
        let took = start.elapsed();
        assert_eq!(parsed.diagnostics.is_empty(), is_silent, "{repeated:?}");
        assert!(took.as_secs() < 60, "{repeated:?} took {took:?}");
    }
}

#[test]
fn deep_nesting_is_one_finding_and_costs_nothing_else() {
    for (open, close) in [("(", ")"), ("not ", ""), ("-", ""), ("1 + ", ""), ("((", ") + 1)")] {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let text = format!(
            "stage a {{ owner x advance to b when {deep} = 1 recycle to c }} stage d {{ limt 2d }}"
        );
        let parsed = dsl::parse(FileId(0), &text);
        let messages: Vec<&str> = parsed.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(
            messages,
            ["the expression is nested too deeply", "unknown property `limt` in a stage"],
            "{open}"
        );
        assert_eq!(parsed.file.items.len(), 2);
    }
    // As deep as one may nest.
    let fine = format!("{}x{} = 1", "(".repeat(64), ")".repeat(64));
    let parsed = dsl::parse(FileId(0), &format!("stage a {{ advance to b when {fine} }}"));
    assert_eq!(parsed.diagnostics, []);
}

fn fragment(text: &str) -> Fragment<'_> {
    Fragment { file: FileId(0), text, offsets: Offsets::Shift(0) }
}

#[test]
fn fragments_give_their_constructs() {
    use dsl::fragment;
    let mut found = Vec::new();
    let f = self::fragment;
    assert_eq!(
        fragment::duration(&f(" 2 business days "), &mut found).unwrap().value.to_string(),
        "2 business days"
    );
    assert_eq!(
        fragment::limit(&f("2d target 4h escalate to m"), &mut found)
            .unwrap()
            .escalate_to
            .unwrap()
            .text,
        "m"
    );
    assert!(fragment::clock(&f("120d before renews_on"), &mut found).unwrap().before.is_some());
    assert_eq!(fragment::path(&f("deal.amount"), &mut found).unwrap().dotted(), "deal.amount");
    assert_eq!(fragment::name(&f("sdr"), &mut found).unwrap().text, "sdr");
    assert!(
        matches!(fragment::bound(&f("-5 JPY"), &mut found).unwrap().value, Literal::Money(m) if m.amount.to_string() == "-5")
    );
    assert_eq!(
        fragment::date(&f("2026-04-01"), &mut found).unwrap().value.to_string(),
        "2026-04-01"
    );
    assert_eq!(fragment::percent(&f("40%"), &mut found).unwrap().value.to_string(), "40");
    assert_eq!(
        fragment::calendar(&f("mon-fri 09:00-18:00 except [2026-01-01]"), &mut found)
            .unwrap()
            .except
            .len(),
        1
    );
    assert_eq!(
        fragment::handoff(&f("within 1d carries [a, b]"), &mut found).unwrap().carries.len(),
        2
    );
    assert_eq!(
        fragment::field(&f("number \"Employees\" at least 1"), &mut found).unwrap().ty.value.word(),
        "number"
    );
    let transition =
        fragment::transition(&f("nurturing when x = 1 after 30d"), &mut found).unwrap();
    assert_eq!(
        (transition.kind, transition.when.len(), transition.after.is_some()),
        (None, 1, true)
    );
    assert!(fragment::incoming(&f("any open of deal when x is present"), &mut found).is_some());
    assert!(matches!(
        fragment::measure(&f("p90 time in mql"), &mut found).unwrap().value,
        Measure::Dwell { .. }
    ));
    assert!(!fragment::target(&f("at most 14d every month"), &mut found).unwrap().at_least);
    assert_eq!(
        fragment::every(&f("quarter"), &mut found).unwrap().value,
        Every::Period(Period::Quarter)
    );
    assert_eq!(
        fragment::grades(&f("hot at least 60, cold otherwise"), &mut found).unwrap().len(),
        2
    );
    assert_eq!(fragment::route_case(&f("when a = 1 to b"), &mut found).unwrap().to.name.text, "b");
    assert_eq!(fragment::starts(&f("renewal at open"), &mut found).unwrap().at.text, "open");
    assert_eq!(fragment::successors(&f("a when x = 1, b"), &mut found).unwrap().len(), 2);
    assert_eq!(
        fragment::points(&f("behavior +5 when event e"), &mut found).unwrap().category,
        Category::Behavior
    );
    assert_eq!(
        fragment::points(&f("+5 when event e"), &mut found).unwrap().category,
        Category::Fit
    );
    assert!(matches!(
        fragment::expr(&f("a = 1 and b = 2"), &mut found).unwrap().kind,
        ExprKind::And(_)
    ));
    assert_eq!(found, []);
}

#[test]
fn faults_in_fragments_point_into_the_file() {
    // In the file: `when: "a = \"x\" && b"`, the scalar beginning at byte 7.
    let file = r#"when: "a = \"x\" && b""#;
    let text = r#"a = "x" && b"#;
    let table = vec![7, 8, 9, 10, 11, 13, 14, 16, 17, 18, 19, 20, 21];
    let fragment = Fragment { file: FileId(0), text, offsets: Offsets::Table(table) };
    let mut found = Vec::new();
    assert!(dsl::fragment::expr(&fragment, &mut found).is_none());
    let [finding] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(under(file, finding.primary.span), "&&");
    assert_eq!(finding.message, "`&&` is written `and` here");

    for (text, message) in [
        ("", "the condition is missing"),
        ("  # nothing", "the condition is missing"),
        ("a = ", "expected a value after `=`"),
        ("a = 1 b = 2", "unexpected `b`"),
        ("a < b < c", "comparisons cannot be chained"),
    ] {
        let mut found = Vec::new();
        assert!(dsl::fragment::expr(&self::fragment(text), &mut found).is_none());
        assert_eq!(
            found.iter().map(|d| d.message.as_str()).collect::<Vec<_>>(),
            [message],
            "{text}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn no_mutation_of_a_file_makes_spans_unsound(
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..3),
            1..6,
        ),
        strange in "[\\PC\n]{0,6}",
    ) {
        let mut text = EXCERPT.to_owned();
        let border = |text: &str, at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        for (a, b, c, kind) in edits {
            let start = border(&text, a.index(text.len()));
            let end = border(&text, (start + b.index(40)).min(text.len())).max(start);
            let copied = border(&text, c.index(text.len()));
            let copied_end = border(&text, (copied + b.index(40)).min(text.len())).max(copied);
            let piece = match kind {
                0 => String::new(),
                1 => strange.clone(),
                _ => text[copied..copied_end].to_owned(),
            };
            text.replace_range(start..end, &piece);
        }
        assert_sound(&text);
    }

    #[test]
    fn no_text_at_all_makes_spans_unsound(text in "[\\PC\n]{0,200}") {
        assert_sound(&text);
    }
}

/// What nobody sees is not carried into documents and databases.
#[test]
fn hidden_characters_in_texts_are_reported() {
    for (hidden, shown) in [
        ("\0", "U+0000"),
        ("\u{1b}", "U+001B"),
        ("\u{9b}", "U+009B"),
        ("\u{202e}", "U+202E"),
        ("\u{2066}", "U+2066"),
        (r"\u{0}", "U+0000"),
        (r"\u{202a}", "U+202A"),
    ] {
        let text = format!("team t \"a{hidden}b\" {{}}");
        let parsed = dsl::parse(FileId(0), &text);
        let [finding] = parsed.diagnostics.as_slice() else { panic!("{:#?}", parsed.diagnostics) };
        assert_eq!(finding.code.to_string(), "invalid-literal");
        assert!(finding.message.ends_with(shown), "{}", finding.message);
        assert_eq!(under(&text, finding.primary.span), hidden);
    }
    for plain in ["\t", r"\n", r"\t\r", "\u{feff}", "\u{200d}"] {
        let text = format!("team t \"a{plain}b\" {{}}");
        assert_eq!(dsl::parse(FileId(0), &text).diagnostics, [], "{plain:?}");
    }
}

#[test]
fn a_goal_is_owned_or_shared_and_not_both() {
    let text = "goal g { shared by [a, b]  owner c  owner d }";
    let diagnostics = dsl::parse(FileId(0), text).diagnostics;
    let found: Vec<(&str, &str)> = diagnostics
        .iter()
        .map(|finding| (finding.message.as_str(), under(text, finding.primary.span)))
        .collect();
    assert_eq!(
        found,
        [
            ("`owner` cannot stand beside `shared by`", "owner c"),
            ("`owner` cannot stand beside `shared by`", "owner d"),
        ]
    );
    let twice = "goal g { owner c  owner d }";
    assert_eq!(dsl::parse(FileId(0), twice).diagnostics.len(), 1);
}
