//! What is wrong with a file, in plain words at its place; every fault in one run.

use std::fmt::Write as _;

use ekiden::diag::Diagnostic;

use super::{found, line, parse, stages};

#[test]
fn ten_faults_are_ten_findings() {
    let text = r#"
proces: {name: p}
stages:
  mql:
    ownr: sdr
    collect: {email: text}
    limit: 2 fortnights
    outcome: wonn
    exit:
      reached: {when: touched_at is present}
      need: {title: N, when: need is}
    advance: [{too: problem}]
    final: maybe
  Mql: {probability: 0.4}
"#;
    // What is wrong inside a clause is said as in the DSL.
    let clauses = ["2 fortnights", "need is}"].map(|clause| {
        let start = text.find(clause).unwrap();
        start..start + clause.len()
    });
    let inside = |finding: &Diagnostic| {
        let at = finding.primary.span.start as usize;
        clauses.iter().any(|clause| clause.contains(&at))
    };
    let (inside, others): (Vec<Diagnostic>, Vec<Diagnostic>) =
        parse(text).diagnostics.into_iter().partition(inside);
    assert_eq!(inside.len(), 2, "{inside:#?}");
    let others: Vec<String> = others.iter().map(|finding| line(text, finding)).collect();
    assert_eq!(
        others,
        [
            "unknown-property: a process file has no key `proces` @ proces",
            "unknown-property: a stage has no key `ownr` @ ownr",
            "syntax-error: `collect` must be a list of fields @ {email: text}",
            "unknown-name: unknown outcome `wonn` @ wonn",
            "missing-property: criterion `reached` has no `title` @ reached",
            "missing-property: this transition has no `to` @ {too: problem}",
            "unknown-property: a transition has no key `too` @ too",
            "invalid-literal: `maybe` is neither `true` nor `false` @ maybe",
            "invalid-name: `Mql` is not a name @ Mql",
            "invalid-literal: `0.4` is less than one percent @ 0.4",
        ]
    );
}

#[test]
fn a_syntax_error_is_told_in_plain_words_at_its_place() {
    for (text, expected) in [
        ("teams:\n\ta: {}\n", "YAML cannot be indented with tabs @ a"),
        ("teams:\r\n\ta: {}\r\n", "YAML cannot be indented with tabs @ a"),
        ("teams:\n  a: [x, y\n  b: z\n", "this `[` is never closed @ ["),
        ("teams:\n  a: {title: 1\n", "this `{` is never closed @ {"),
        ("teams: {a: {title: x]}\n", "`{` is closed by `]` @ {"),
        ("teams:\n  a: {title: \"x\n  b: {}\n", "this quote is never closed @ \""),
        ("teams:\n  a: {title: 'é\n", "this quote is never closed @ '"),
        ("teams:\n  a:\n    title: 'it's'\n", "something follows the closing quote @ s'"),
        ("teams:\n  a:\n    title: Learn: how\n", "a second `:` in one line @ :"),
        (
            "teams:\n  a:\n    title: x\n   was: y\n",
            "this line does not line up with the lines above @ was",
        ),
        ("teams:\n  a:\n    title: x\n      was: y\n", "this line cannot be a key here @ was"),
        ("teams:\n  a:\n    title x\n", "`a` must be a mapping @ title x"),
        ("teams:\n  a:\n    title: @x\n", "a text without quotes cannot begin with `@` @ @x"),
        ("teams:\n  a:\n    title: %x\n", "a text without quotes cannot begin with `%` @ %x"),
        ("teams:\n  a:\n    title: \"\\q\"\n", "an escape YAML does not know @ \"\\q\""),
        ("teams:\n  a: {title: x,, was: y}\n", "a value is missing here @ ,"),
        ("teams:\n  - a\n  b: {}\n", "a key stands where a list item is expected @ b"),
        ("teams: {a: {title: !x y}}\n", "the tag `!x` means nothing here @ !x"),
        ("teams: *lost\n", "no anchor `&lost` before this alias @ *lost"),
        ("{}\n}\n", "nothing is open that this bracket could close @ }"),
        ("- a\n- b\n", "the file must be a mapping @ - a"),
        ("what is this\n", "the file must be a mapping @ what is this"),
        ("? [a]\n: b\n", "a key must be a word @ [a]"),
        ("teams: {a: {title: x}, a: {}}\n", "`a` is given twice @ a"),
        (
            "goals: {g: {owner: a, shared_by: [b, c]}}\n",
            "`shared_by` cannot stand beside `owner` @ shared_by",
        ),
        ("teams: {a: {<<: {title: x}}}\n", "the merge key `<<` is not supported @ <<"),
    ] {
        let lines = found(text);
        assert_eq!(lines.len(), 1, "{text}: {lines:?}");
        assert!(lines[0].ends_with(&format!(": {expected}")), "{text}: {lines:?}");
    }
}

#[test]
fn each_document_has_its_own_syntax_error() {
    let text = "teams: {a: }\ngoals: c: d\n---\nteams: {b: }\n---\nteams: [\n---\nteams: {c: }\n";
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics.len(), 2);
    assert_eq!(parsed.file.items.len(), 3);
}

#[test]
fn what_an_error_hides_is_remembered_by_name() {
    let text =
        "stages:\n  a:\n    owner: [x\n    record: lead\n  b: {owner: y}\nteams:\n  sales:\n";
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics.len(), 1);
    assert!(stages(&parsed.file)[0].broken);
    for name in ["b", "sales"] {
        assert!(parsed.file.lost.iter().any(|lost| lost == name), "{:?}", parsed.file.lost);
    }
    // A misspelt section and a field that could not be read are not forgotten either.
    let text = "stage: {mql: {record: lead}}\nrecords: {lead: {fields: {mail: {type: [x]}}}}\n";
    let lost = parse(text).file.lost;
    for name in ["mql", "mail"] {
        assert!(lost.iter().any(|lost| lost == name), "{lost:?}");
    }
}

#[test]
fn every_duplicate_points_at_the_first() {
    let text = "teams:\n  a: {title: x, title: y}\n  b:\n  a:\n  a:\n";
    let findings = parse(text).diagnostics;
    let places: Vec<(usize, usize)> = findings
        .iter()
        .map(|f| (f.primary.span.start as usize, f.labels[0].span.start as usize))
        .collect();
    let first = text.find("a:").unwrap();
    let title = text.find("title").unwrap();
    let again: Vec<usize> = text.match_indices("\n  a:").map(|(at, _)| at + 3).collect();
    assert_eq!(
        places,
        [(text.rfind("title").unwrap(), title), (again[1], first), (again[2], first)]
    );
    // Many keys are searched by hash; the answer is the same.
    let mut text = "teams:\n".to_owned();
    for index in 0..100 {
        let _ = writeln!(text, "  t{}:", index % 50);
    }
    assert_eq!(parse(&text).diagnostics.len(), 50);
}

/// Who has never seen a mapping by name is shown one.
#[test]
fn a_list_in_place_of_names_is_told_what_to_write() {
    let text =
        "teams:\n  desk:\n    roles: [clerk]\nstages:\n  asked:\n    exit:\n      - guests > 0\n";
    let findings = super::parse(text).diagnostics;
    let told: Vec<String> = findings
        .iter()
        .map(|finding| format!("{} | {}", finding.message, finding.help.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(
        told,
        [
            "`roles` must be a mapping of roles by name | \
             write `roles: {ae: Account executive, sdr: {headcount: 4}}`, for instance",
            "`exit` must be a mapping of criteria by name | write \
             `exit: {reached: {title: We spoke, when: touched_at is present}}`, for instance",
        ]
    );
}
