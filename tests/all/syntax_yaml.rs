//! The YAML front end, from text to tree and findings.

mod faults;
mod hostile;
mod places;
mod schema;

use ekiden::diag::Diagnostic;
use ekiden::source::{FileId, Span};
use ekiden::syntax::ast::{self, Item, StageDecl, TransitionKind};
use ekiden::syntax::{Parsed, dsl, yaml};

const EXCERPT: &str = include_str!("../ui/yaml/excerpt.ekiden.yaml");

fn parse(text: &str) -> Parsed {
    yaml::parse(FileId(0), text)
}

/// Parses a text in which nothing is wrong.
fn clean(text: &str) -> ast::File {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    parsed.file
}

fn under(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap()
}

/// A finding as `rule: message @ underlined text`.
fn line(text: &str, finding: &Diagnostic) -> String {
    format!("{}: {} @ {}", finding.code, finding.message, under(text, finding.primary.span))
}

fn found(text: &str) -> Vec<String> {
    parse(text).diagnostics.iter().map(|finding| line(text, finding)).collect()
}

fn stages(file: &ast::File) -> Vec<&StageDecl> {
    file.items
        .iter()
        .filter_map(|item| match item {
            Item::Stage(stage) => Some(stage.as_ref()),
            _ => None,
        })
        .collect()
}

#[test]
fn the_excerpt_gives_the_same_tree_in_both_notations() {
    let yaml = clean(EXCERPT);
    let dsl = dsl::parse(FileId(0), include_str!("../ui/syntax/excerpt.ekiden")).file;
    assert_eq!(yaml.items.len(), dsl.items.len());
    for (yaml, dsl) in yaml.items.iter().zip(&dsl.items) {
        assert_eq!(yaml, dsl);
    }
}

#[test]
fn a_title_in_several_languages_stands_for_a_role_or_an_option() {
    let short = clean(concat!(
        "teams: {sales: {roles: {ae: {en: Seller, ko: 영업}}}}\n",
        "records: {deal: {fields: {size: {one_of: {big: {en: Big, ko: 대}, small: {}}}}}}\n",
    ));
    let long = clean(concat!(
        "teams: {sales: {roles: {ae: {title: {en: Seller, ko: 영업}}}}}\n",
        "records: {deal: {fields: {size: {one_of: {big: {title: {en: Big, ko: 대}}, small: {}}}}}}\n",
    ));
    assert_eq!(short, long);
    // Beside a key of the role, a language is one that it does not have.
    assert_eq!(
        found("teams: {sales: {roles: {ae: {headcount: 2, ko: 영업}}}}\n"),
        ["unknown-property: a role has no key `ko` @ ko"]
    );
}

#[test]
fn the_stage_of_the_language_page_reads_without_findings() {
    let file = clean(
        r#"stages:
  mql:
    title: {en: Marketing-qualified lead, ko: 마케팅 검증 리드}
    record: lead
    owner: sdr
    collect: [need, meeting_at, touched_at, reject_reason]
    limit: 2 business days target 4 business hours escalate to manager
    exit:
      reached: {title: We spoke with the person, when: touched_at is present}
      need:    {title: The need is in their own words, when: need is present, evidence: buyer}
    advance:
      - to: problem
        handoff: {within: 4 business hours, carries: [need, meeting_at], accept: {when: meeting_at is present, else: nurturing}}
    recycle:
      - {to: nurturing, when: "reject_reason in [no_need, bad_timing]", at_most: 3}
      - {to: nurturing, after: 30d}
"#,
    );
    let stage = stages(&file)[0];
    let title = stage.title.as_ref().unwrap();
    assert_eq!(title.value, "Marketing-qualified lead");
    assert_eq!(title.translations.len(), 1);
    assert_eq!(title.translations[0].language.text, "ko");
    assert_eq!(title.translations[0].value, "마케팅 검증 리드");
    let accept = stage.transitions[0].handoff.as_ref().unwrap().accept.as_ref().unwrap();
    let otherwise = accept.otherwise.as_ref().unwrap();
    assert_eq!((otherwise.kind, otherwise.to.text.as_str()), (None, "nurturing"));
}

/// Clauses spread out, beside the same as the DSL writes it.
#[test]
fn spread_out_and_written_out_are_the_same() {
    let wrap = |body: &str| format!("stages: {{a: {{{body}}}}}");
    for (spread, written) in [
        ("limit: {duration: 2d, target: 4h, escalate_to: m}", "limit: 2d target 4h escalate to m"),
        ("limit: {duration: {business_days: 2}}", "limit: 2 business days"),
        ("limit: {business_days: 2}", "limit: 2 business days"),
        ("advance: {to: b, after: {duration: 3d, before: due}}", "advance: b after 3d before due"),
        ("advance: {to: b, after: {weeks: 2}}", "advance: b after 2w"),
        ("advance: {to: b, title: T, at_most: 2}", "advance: 'b \"T\" at most 2 times'"),
        (
            "advance: {to: b, when: [x is present, y > 1]}",
            "advance: b when x is present when y > 1",
        ),
        (
            "advance: {to: b, when: {all: [x is present, {any: [y > 1, {not: z < 2}]}]}}",
            "advance: b when x is present and (y > 1 or not z < 2)",
        ),
        ("advance: {to: b, handoff: {}}", "advance: b handoff"),
        ("advance: {to: b, handoff: true}", "advance: b handoff"),
        (
            "advance: {to: b, handoff: {within: 1d, carries: x, accept: when y > 1 else lose to c}}",
            "advance: b handoff within 1d carries x accept when y > 1 else lose to c",
        ),
        (
            "advance: {to: b, handoff: {accept: {when: y > 1, else: {to: c, kind: lose}}}}",
            "advance: b handoff accept when y > 1 else lose to c",
        ),
        ("advance: {to: b, handoff: {accept: y > 1}}", "advance: b handoff accept when y > 1"),
        (
            "from_any_open: {of: d, except: [x, y], kind: lose}",
            "from_any_open: 'lose from any open of d except [x, y]'",
        ),
        ("from_any_open: [{of: d, when: x > 1}]", "from_any_open: of d when x > 1"),
        ("from_any_open: d after 1d", "from_any_open: any open of d after 1d"),
        ("starts: {record: r, at: s}", "starts: [r at s]"),
        ("entry: true", "entry: []"),
        ("entry: {from: web}", "entry: [web]"),
        ("owner: x", "owner: [x]"),
        ("final: false", "support: []"),
        ("probability: 40", "probability: 40%"),
        ("transitions: [{advance: b}, {recycle: c after 1d}]", "advance: b, recycle: c after 1d"),
        (
            "transitions: [{lose: b, when: x > 1}, {from_any_open: d, after: 1d}]",
            "lose: b when x > 1, from_any_open: d after 1d",
        ),
    ] {
        let (spread, written) = (wrap(spread), wrap(written));
        assert_eq!(clean(&spread).items, clean(&written).items, "{spread}");
    }
    for (spread, written) in [
        (
            "measure: {conversion: {from: a, to: b, within: 14d}}",
            "measure: conversion from a to b within 14d",
        ),
        ("measure: {entries: {into: a, when: x > 1}}", "measure: entries into a when x > 1"),
        ("measure: {balance: {of: a}}", "measure: balance of a"),
        ("measure: {cycle: {from: a, to: b, statistic: p90}}", "measure: p90 time from a to b"),
        ("measure: {dwell: {in: a}}", "measure: time in a"),
        ("measure: {sum: {of: d.amount, entering: w}}", "measure: sum of d.amount entering w"),
        ("measure: {share: {of: w, when: x > 1}}", "measure: share of w when x > 1"),
        ("measure: {coverage: {of: g, by: d.amount}}", "measure: coverage of g by d.amount"),
        ("target: {at_least: 60%, every: quarter}", "target: at least 60% every quarter"),
        ("target: {at_most: 30d, every: {weeks: 2}}", "target: at most 30d every 2w"),
        ("target: {at_least: 5_000 JPY}", "target: at least 5_000 JPY"),
        ("owner: sales", "shared_by: [sales]"),
    ] {
        let wrap = |body: &str| format!("goals: {{g: {{{body}}}}}");
        assert_eq!(clean(&wrap(spread)).items, clean(&wrap(written)).items, "{spread}");
    }
    for (spread, written) in [
        ("{type: text, title: T, required: true, unique: true}", "text \"T\" required unique"),
        (
            "{type: number, at_least: 1, at_most: 10, help: H}",
            "number at least 1 at most 10 help \"H\"",
        ),
        ("{many_of: {a: A, b: {was: c}, d: }}", "'many of [a \"A\", b was [c], d]'"),
        ("{type: {one_of: [a]}, was: b}", "'one of [a] was [b]'"),
        ("{type: number at least 1, title: T}", "number \"T\" at least 1"),
    ] {
        let wrap = |body: &str| format!("records: {{r: {{fields: {{f: {body}}}}}}}");
        assert_eq!(clean(&wrap(spread)).items, clean(&wrap(written)).items, "{spread}");
    }
    for (spread, written) in [
        (
            "fit: [{points: -5, title: T, when: x > 1, expires_after: 9d}]",
            "fit: '-5 \"T\" when x > 1 expires after 9d'",
        ),
        ("points: [{category: behavior, points: 1, when: event e}]", "behavior: +1 when event e"),
        (
            "points: [fit +1 when x > 1, behavior +2 when event e]",
            "fit: +1 when x > 1, behavior: +2 when event e",
        ),
        (
            "grade: {a: {title: A, at_least: 5}, b: otherwise}",
            "grade: 'a \"A\" at least 5, b otherwise'",
        ),
    ] {
        let wrap = |body: &str| format!("scores: {{s: {{of: r, {body}}}}}");
        assert_eq!(clean(&wrap(spread)).items, clean(&wrap(written)).items, "{spread}");
    }
    for (spread, written) in [
        (
            "process: {name: p, calendar: {hours: [mon-thu 09:00-18:00, fri 09:00-16:00], except: 2026-01-01}}",
            "process: {name: p, calendar: 'mon-thu 09:00-18:00, fri 09:00-16:00 except [2026-01-01]'}",
        ),
        (
            "retired: {stage: s, into: [{to: a, when: x > 1}, b]}",
            "retired: [{stage: s, into: 'a when x > 1, b'}]",
        ),
        ("routes: {s: {otherwise: {to: t}}}", "routes: {s: {otherwise: t}}"),
    ] {
        assert_eq!(clean(spread).items, clean(written).items, "{spread}");
    }
}

#[test]
fn the_first_text_is_the_main_one_unless_the_file_tells_its_languages() {
    let title = |file: &ast::File| {
        let title = stages(file)[0].title.clone().unwrap();
        let others: Vec<String> =
            title.translations.iter().map(|t| format!("{}={}", t.language, t.value)).collect();
        (title.value, others.join(" "))
    };
    let stage = "stages: {s: {title: {ko: 나, en: A, ja: あ}}}\n";
    assert_eq!(title(&clean(stage)), ("나".to_owned(), "en=A ja=あ".to_owned()));
    let with = format!("{stage}process: {{name: p, languages: [en, ko]}}\n");
    assert_eq!(title(&clean(&with)), ("A".to_owned(), "ko=나 ja=あ".to_owned()));
}

#[test]
fn words_that_older_yaml_took_for_truth_values_are_texts() {
    let file = clean("stages: {s: {title: {no: Av, en: off}, channels: [on, 'on', No Show, y]}}");
    let stage = stages(&file)[0];
    assert_eq!(stage.title.as_ref().unwrap().value, "Av");
    let words: Vec<bool> =
        stage.channels.iter().map(|label| matches!(label, ast::LabelText::Word(_))).collect();
    assert_eq!(words, [true, false, false, true]);
}

#[test]
fn transitions_keep_the_order_of_their_keys() {
    let file = clean("stages: {s: {lose: [a, b], advance: c, from_any_open: d}}");
    let kinds: Vec<Option<TransitionKind>> =
        stages(&file)[0].transitions.iter().map(|t| t.kind).collect();
    let lose = Some(TransitionKind::Lose);
    assert_eq!(kinds, [lose, lose, Some(TransitionKind::Advance), None]);
}

#[test]
fn comments_are_kept_with_their_places() {
    let text = "# one\r\nstages: # two\n  a:\n    # drei é \n    owner: x\n";
    let comments = clean(text).comments;
    let seen: Vec<(&str, bool, &str)> =
        comments.iter().map(|c| (c.text.as_str(), c.own_line, under(text, c.span))).collect();
    assert_eq!(
        seen,
        [("one", true, "# one"), ("two", false, "# two"), ("drei é", true, "# drei é")]
    );
}

#[test]
fn several_documents_are_one_file() {
    let file = clean("teams: {a: }\n---\nteams: {b: }\n...\n---\n# nothing\n");
    assert_eq!(file.items.len(), 2);
}

#[test]
fn an_alias_stands_for_what_it_names() {
    let text = "stages:\n  a: {exit: &done {x: {title: T, when: f is present}}}\n  b: {exit: *done, owner: &o z}\n  c: {owner: *o}\n";
    let file = clean(text);
    let stages = stages(&file);
    assert_eq!(stages[0].exit, stages[1].exit);
    assert_eq!(stages[2].owners[0].text, "z");
}

#[test]
fn hidden_characters_in_texts_are_reported() {
    for (text, at) in [
        ("teams: {t: {title: \"a\\0b\"}}", "\\0"),
        ("teams: {t: {title: \"a\\x1bb\"}}", "\\x1b"),
        ("teams:\n  t:\n    title: a\u{202e}b\n", "\u{202e}"),
        ("teams:\n  t:\n    title: {en: a, ko: \"\\u2066\"}\n", "\\u2066"),
    ] {
        let parsed = parse(text);
        let [finding] = parsed.diagnostics.as_slice() else { panic!("{:#?}", parsed.diagnostics) };
        assert_eq!(finding.code.to_string(), "invalid-literal");
        assert_eq!(under(text, finding.primary.span), at);
    }
}

#[test]
fn faults_are_named_as_what_they_are() {
    let cases = [
        (
            "stages:\n  a:\n    owner: {x: 1}\n",
            "syntax-error",
            "{x: 1}",
            "`owner` must be a team or role",
        ),
        ("stages:\n  bad name: {}\n", "invalid-name", "bad name", "`bad name` is not a name"),
        (
            "stages:\n  a:\n    owner: x\n\tlimit: 1d\n",
            "syntax-error",
            "\t",
            "YAML cannot be indented with tabs",
        ),
        (
            "# c\nstage a \"A\" {\n  owner x\n}\n",
            "syntax-error",
            "stage a \"A\" {",
            "this is the DSL, not YAML",
        ),
        (
            "records: {r: {fields: {today: date}}}",
            "invalid-name",
            "today",
            "`today` has a meaning in expressions",
        ),
        (
            "records: {r: {fields: {f: {one_of: [or]}}}}",
            "invalid-name",
            "or",
            "`or` has a meaning in expressions",
        ),
    ];
    for (text, code, at, message) in cases {
        let parsed = parse(text);
        let Some(finding) = parsed.diagnostics.first() else { panic!("{text}: no finding") };
        assert_eq!((finding.code.to_string().as_str(), finding.message.as_str()), (code, message));
        assert_eq!(under(text, finding.primary.span), at);
    }
}
