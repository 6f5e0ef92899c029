//! What is underlined: names, declarations, and parts of conditions in every style of scalar.

use ekiden::syntax::ast::{Expr, ExprKind, Item};
use proptest::prelude::*;

use super::{clean, parse, stages, under};

#[test]
fn names_and_declarations_have_their_own_places() {
    let text = "stages:\n  \"mql\":\n    record: 'lead'\n    collect: [a.b, c]\n  x:\n";
    let file = clean(text);
    let stage = stages(&file)[0];
    assert_eq!(under(text, stage.name.span), "mql");
    assert_eq!(under(text, stage.record.as_ref().unwrap().span), "lead");
    assert_eq!(under(text, stage.collect[0].span), "a.b");
    assert_eq!(under(text, stage.collect[0].parts[1].span), "b");
    assert_eq!(under(text, stage.span), "\"mql\":\n    record: 'lead'\n    collect: [a.b, c]");
}

/// The path `éclair_x` inside a condition in every style of scalar, with multi-byte text, escapes
/// and folds before it.
#[test]
fn a_place_inside_an_expression_is_exact_in_every_style() {
    for (name, when) in [
        ("plain", "name = \"日本\" and wanted > 1"),
        ("plain folded", "name = \"日本\"\n          and\n\n          wanted > 1"),
        ("single", "'name = \"it''s 日本\" and wanted > 1'"),
        ("single folded", "'name = \"it''s 日\n          本\" and\n          wanted > 1'"),
        ("double", r#""name = \"日\u672c\x20\U0001F600\" and wanted > 1""#),
        ("double surrogates", r#""name = \"\ud83d\ude00\" and wanted > 1""#),
        (
            "double folded",
            "\"name = \\\"日\\\"  \n          and \\\n          wanted \\\n\n          > 1\"",
        ),
        ("literal", "|\n          name = \"日本\"\n\n            and wanted > 1\n"),
        ("literal kept", "|2+\n            name = \"日本\"\n            and wanted > 1\n\n"),
        (
            "folded",
            ">-\n          name = \"日本\"\n          and\n\n              wanted\n          > 1\n",
        ),
        ("crlf", "|\r\n          name = \"日本\"\r\n          and wanted > 1\r\n"),
    ] {
        let text = format!(
            "stages:\n  s:\n    title: 최고\n    exit:\n      c:\n        title: é\n        when: {when}\n"
        );
        let file = clean(&text);
        let condition = &stages(&file)[0].exit[0].condition;
        let ExprKind::And(parts) = &condition.kind else { panic!("{name}: {condition:?}") };
        let ExprKind::Compare(left, op, right) = &parts[1].kind else { panic!("{name}") };
        assert_eq!(under(&text, left.span), "wanted", "{name}");
        assert_eq!(under(&text, op.span), ">", "{name}");
        assert_eq!(under(&text, right.span), "1", "{name}");
        let ExprKind::Compare(first, ..) = &parts[0].kind else { panic!("{name}") };
        assert_eq!(under(&text, first.span), "name", "{name}");
    }
}

/// What the fault is, the DSL's own tests tell; here it is only where.
#[test]
fn a_fault_inside_an_expression_lies_in_its_scalar() {
    for (text, scalar) in [
        (
            "stages: {s: {advance: {to: b, when: \"n = \\\"\\u00e9\\\" and and x\"}}}\n",
            "n = \\\"\\u00e9\\\" and and x",
        ),
        (
            "stages:\n  s:\n    limit: >\n      최고 2\n      fortnights\n",
            "최고 2\n      fortnights",
        ),
        // The key stands for the clause's first words, which are not in the text.
        ("goals: {g: {target: {at_least: 'sixty'}}}\n", "sixty"),
        ("stages: {s: {from_any_open: deal when x >}}\n", "deal when x >"),
        ("stages: {s: {advance: {to: b, handoff: {accept: x >}}}}\n", "x >"),
    ] {
        let parsed = parse(text);
        assert!(!parsed.diagnostics.is_empty(), "{text}");
        let start = text.find(scalar).unwrap();
        for finding in &parsed.diagnostics {
            let span = finding.primary.span.range();
            assert!(start <= span.start && span.end <= start + scalar.len(), "{text}: {finding:?}");
            assert!(text.get(span).is_some(), "{text}: {finding:?}");
        }
        let broken = parsed.file.items.iter().all(|item| match item {
            Item::Stage(stage) => stage.broken,
            Item::Goal(goal) => goal.broken,
            _ => false,
        });
        assert!(broken, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// However a condition is quoted, folded and indented, its parts stand where they are written.
    #[test]
    fn every_place_in_a_scalar_is_exact(
        style in 0..5_usize,
        words in proptest::collection::vec("q[a-z]{1,4}|\"(é|日|it's|a b|😀){0,3}\"", 2..8),
        gaps in proptest::collection::vec(0..4_usize, 8),
        crlf in any::<bool>(),
    ) {
        let gap = |index: usize| match gaps[index % gaps.len()] {
            0 | 1 => " ",
            2 => "\n      ",
            _ => "\n\n      ",
        };
        let joined = |escape: &dyn Fn(&str) -> String| {
            let mut text = format!("x = {}", escape(&words[0]));
            for (index, word) in words.iter().enumerate().skip(1) {
                text.push_str(gap(index));
                text.push_str("and");
                text.push_str(gap(index + 1));
                text.push_str(&format!("x = {}", escape(word)));
            }
            text
        };
        let plain: &dyn Fn(&str) -> String = &str::to_owned;
        let scalar = match style {
            0 => joined(plain),
            1 => format!("'{}'", joined(&|word| word.replace('\'', "''"))),
            2 => format!("\"{}\"", joined(&|word| word.replace('"', "\\\"").replace('é', "\\u00e9").replace('😀', "\\ud83d\\ude00"))),
            3 => format!("|\n      {}", joined(plain)),
            _ => format!(">-\n      {}", joined(plain)),
        };
        let mut text = format!("plays:\n  p:\n    when: {scalar}\n    by: z\n");
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let parsed = parse(&text);
        prop_assert_eq!(&parsed.diagnostics, &[], "{}", text);
        let Item::Play(play) = &parsed.file.items[0] else { panic!("{text}") };
        let mut parts: Vec<&Expr> = Vec::new();
        match &play.when.as_ref().unwrap().kind {
            ExprKind::And(all) => parts.extend(all),
            _ => panic!("{text}"),
        }
        prop_assert_eq!(parts.len(), words.len());
        for (part, word) in parts.into_iter().zip(&words) {
            let ExprKind::Compare(left, op, right) = &part.kind else { panic!("{text}") };
            prop_assert_eq!(under(&text, left.span), "x");
            prop_assert_eq!(under(&text, op.span.to(op.span)), "=");
            let written = under(&text, right.span);
            let undone = written
                .replace("''", "'")
                .replace("\\u00e9", "é")
                .replace("\\ud83d\\ude00", "😀")
                .replace("\\\"", "\"");
            prop_assert_eq!(&undone, word, "{}", text);
        }
    }
}
