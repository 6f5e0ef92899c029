//! What findings look like. The drawings are checked by eye once and written here by hand.

use ekiden::diag::render::{Style, concise, full, json};
use ekiden::diag::{Diagnostic, Edit, Level, Safety, codes};
use ekiden::source::{FileId, SourceFile, SourceMap, Span};

/// A map of one file.
fn one(name: &str, text: &str) -> (SourceMap, FileId) {
    let mut sources = SourceMap::new();
    let id = sources.add(SourceFile::new(name, text));
    (sources, id)
}

/// The span of the first occurrence of `part`.
fn at(sources: &SourceMap, file: FileId, part: &str) -> Span {
    let start = sources.get(file).unwrap().text().find(part).unwrap();
    Span::new(file, start, start + part.len())
}

fn draw(found: &[Diagnostic], sources: &SourceMap) -> String {
    full::render(found, sources, Style { color: false, width: 60 })
}

const TEXT: &str = "\
stage mql {
  advance to problem  handoff within 4 business hours
}

# Later.
stage problem {
  owner ae
  enter when { amount_known amount > 0 JPY }
}
";

#[test]
fn a_finding_is_headline_source_story_and_advice() {
    let (sources, file) = one("the_model/stages.ekiden", TEXT);
    let found = Diagnostic::new(
        codes::UNKNOWN_NAME,
        at(&sources, file, "advance to problem"),
        "`problem` needs `amount`, which nobody fills",
    )
    .reason("this hands over nothing")
    .label(at(&sources, file, "amount > 0 JPY"), "needed here")
    .story("a lead in `mql` is handed over; its `amount` is missing and stays missing")
    .help("collect `amount` in `mql`");
    let expected = "\
error[unknown-name]: `problem` needs `amount`, which nobody fills
   ╭─[the_model/stages.ekiden:2:3]
 2 │   advance to problem  handoff within 4 business hours
   ·   ─────────┬────────
   ·            ╰── this hands over nothing
   ╰────
   ╭─[the_model/stages.ekiden:8:29]
 8 │   enter when { amount_known amount > 0 JPY }
   ·                             ───────┬──────
   ·                                    ╰── needed here
   ╰────
  story: a lead in `mql` is handed over; its `amount` is
         missing and stays missing
  help: collect `amount` in `mql`

";
    assert_eq!(draw(&[found], &sources), expected);
}

#[test]
fn labels_in_two_files_and_on_one_place() {
    let (mut sources, first) = one("a.ekiden", "team x\nteam y\nteam z\n");
    let second = sources.add(SourceFile::new("b.ekiden.yaml", "teams:\n  x: {}\n"));
    let found = Diagnostic::new(codes::DUPLICATE_NAME, at(&sources, second, "x"), "`x` twice")
        .reason("again here")
        .label(at(&sources, second, "x"), "in YAML")
        .label(at(&sources, first, "x"), "first here")
        .label(at(&sources, first, "team x"), "the whole of it")
        .label(at(&sources, first, "z"), "");
    let expected = "\
error[duplicate-name]: `x` twice
   ╭─[b.ekiden.yaml:2:3]
 2 │   x: {}
   ·   ┬
   ·   ╰── again here; in YAML
   ╰────
   ╭─[a.ekiden:1:6]
 1 │ team x
   ·      ┬
   ·      ╰── first here
 2 │ team y
 3 │ team z
   ·      ─
   ╰────
   ╭─[a.ekiden:1:1]
 1 │ team x
   · ───┬──
   ·    ╰── the whole of it
   ╰────

";
    assert_eq!(draw(&[found], &sources), expected);
}

#[test]
fn a_span_over_lines_is_drawn_and_a_long_one_only_where_it_starts() {
    let (sources, file) = one("a.ekiden", TEXT);
    let short =
        Diagnostic::new(codes::SYNTAX_ERROR, Span::new(file, 0, 13), "two lines").reason("both");
    let drawn = draw(&[short], &sources);
    assert!(drawn.contains("╭─▶ stage mql {"), "{drawn}");
    assert!(drawn.contains("both"), "{drawn}");
    let whole = Diagnostic::new(codes::SYNTAX_ERROR, Span::new(file, 0, TEXT.len()), "all of it");
    let drawn = draw(&[whole], &sources);
    assert_eq!(
        drawn,
        "error[syntax-error]: all of it\n   ╭─[a.ekiden:1:1]\n 1 │ stage mql {\n   · ───────────\n   ╰────\n\n"
    );
}

#[test]
fn no_span_panics_and_each_is_drawn() {
    for text in ["", "\n", "a", "é\r\n漢", "a\r\n\r\n", "\u{1b}[31m\tx\n"] {
        let (sources, file) = one("a", text);
        for start in 0..12 {
            for end in start..13 {
                let found = Diagnostic::new(codes::SYNTAX_ERROR, Span::new(file, start, end), "m")
                    .reason("mark")
                    .label(Span::new(file, end, end), "there");
                let drawn = draw(&[found], &sources);
                assert!(drawn.contains("── mark"), "{text:?} {start}..{end}\n{drawn}");
                assert!(!drawn.contains('\u{1b}'), "{text:?}");
            }
        }
    }
    let (sources, file) = one("a", "x");
    let far = Span { file, start: u32::MAX, end: u32::MAX };
    let elsewhere = Span { file: FileId(7), start: 0, end: 1 };
    let found = Diagnostic::new(codes::SYNTAX_ERROR, far, "m").label(elsewhere, "nowhere");
    assert!(draw(std::slice::from_ref(&found), &sources).contains("a:1:2"));
    assert_eq!(
        concise::render(&[found], &sources, Style::default()),
        "a:1:2: error[syntax-error] m\n"
    );
}

#[test]
fn a_line_of_megabytes_is_clipped_and_its_column_is_true() {
    let text = format!("{}WRONG{}\nnext", "é".repeat(1_000_000), "x".repeat(1_000_000));
    let (sources, file) = one("a", &text);
    let found = Diagnostic::new(codes::SYNTAX_ERROR, at(&sources, file, "WRONG"), "m")
        .reason("here")
        .label(at(&sources, file, "next"), "and there");
    let drawn = draw(&[found], &sources);
    assert!(drawn.len() < 2_000, "{}", drawn.len());
    assert!(drawn.contains("[a:1:1000001]"), "{drawn}");
    assert!(drawn.contains(&format!("…{}WRONG{}…", "é".repeat(60), "x".repeat(95))), "{drawn}");
    let line = |part: &str| drawn.lines().find(|line| line.contains(part)).unwrap();
    let column = |line: &str, part: &str| line[..line.find(part).unwrap()].chars().count();
    assert_eq!(column(line("──┬──"), "──┬──"), column(line("WRONG"), "WRONG"));
}

#[test]
fn many_labels_are_counted_not_drawn() {
    let (sources, file) = one("a", &"stage x\n".repeat(100));
    let mut found = Diagnostic::new(codes::SYNTAX_ERROR, Span::new(file, 0, 5), "m");
    for line in 1..=50 {
        found = found.label(Span::new(file, line * 8, line * 8 + 5), "and here");
    }
    let drawn = draw(&[found], &sources);
    assert_eq!(drawn.matches("and here").count(), 12);
    assert!(drawn.contains("  and 38 more places\n"), "{drawn}");
}

#[test]
fn colour_is_only_added() {
    let (sources, file) = one("a.ekiden", TEXT);
    let found = Diagnostic::new(codes::UNKNOWN_NAME, at(&sources, file, "ae"), "no role `ae`")
        .level(Level::Warning)
        .reason("here")
        .help("declare it");
    let plain = draw(std::slice::from_ref(&found), &sources);
    let colored = full::render(&[found], &sources, Style { color: true, width: 60 });
    assert!(colored.starts_with("\u{1b}[1;33mwarning[unknown-name]\u{1b}[0m: "), "{colored:?}");
    let mut stripped = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
}

#[test]
fn json_holds_everything_in_a_fixed_form() {
    let (sources, file) = one("a.ekiden", "team é x\nstage y\n");
    let bad = at(&sources, file, "é");
    let found = Diagnostic::new(codes::INVALID_NAME, bad, "`é` is not a name")
        .reason("here")
        .label(at(&sources, file, "stage y"), "there")
        .story("a story")
        .help("write `e`")
        .fix("rename", Safety::Unsafe, vec![Edit { span: bad, replacement: "e".into() }]);
    let bare =
        Diagnostic::new(codes::UNKNOWN_NAME, at(&sources, file, "y"), "no `y`").level(Level::Note);
    let text = json::render(&[found, bare], &sources, 1);
    let expected = serde_json::json!({
        "version": 1,
        "findings": [
            {
                "rule": "invalid-name", "level": "error", "message": "`é` is not a name",
                "path": "a.ekiden", "line": 1, "column": 6, "end_line": 1, "end_column": 7,
                "offset": 5, "end_offset": 7,
                "reason": "here",
                "labels": [{
                    "path": "a.ekiden", "line": 2, "column": 1, "end_line": 2, "end_column": 8,
                    "offset": 10, "end_offset": 17, "message": "there"
                }],
                "story": "a story", "help": "write `e`",
                "fix": {
                    "title": "rename", "safety": "unsafe",
                    "edits": [{
                        "path": "a.ekiden", "line": 1, "column": 6, "end_line": 1,
                        "end_column": 7, "offset": 5, "end_offset": 7, "replacement": "e"
                    }]
                }
            },
            {
                "rule": "unknown-name", "level": "note", "message": "no `y`",
                "path": "a.ekiden", "line": 2, "column": 7, "end_line": 2, "end_column": 8,
                "offset": 16, "end_offset": 17,
                "reason": null, "labels": [], "story": null, "help": null, "fix": null
            }
        ],
        "summary": {"errors": 1, "warnings": 0, "notes": 1, "files": 1}
    });
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), expected);
    assert!(text.ends_with("}\n"));
}
