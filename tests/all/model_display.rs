//! Expressions printed as source: the same expression when read again, and no parenthesis too many.

use ekiden::model::Expr;

use crate::crm_support::{WHOLE, example, process};

/// A process with one exit criterion per condition, and the conditions it understood.
fn conditions(sources: &[String]) -> (ekiden::model::Process, Vec<Expr>) {
    let criteria: String =
        sources.iter().enumerate().map(|(at, source)| format!("c{at} \"t\" {source}\n")).collect();
    let text = format!(
        r#"
process p {{ currency JPY languages [en, ko] }}
team t {{ role r }}
record lead {{
  a number b number c number m money p percent t text ok boolean no boolean
  d date at datetime time number
  e one of [x, y, other] f many of [x, y]
}}
score s of lead {{ fit +1 when a > 1 grade hot at least 1, cold otherwise }}
stage one {{ record lead entry owner r exit when {{ {criteria} }} }}
"#
    );
    let process = process(&text);
    let all = process.criteria.values().map(|criterion| criterion.condition.clone()).collect();
    (process, all)
}

#[test]
fn parentheses_stand_only_where_they_are_needed() {
    let pairs = [
        ("(a > 1)", "a > 1"),
        ("((a + b) + c) > 1", "a + b + c > 1"),
        ("a + (b + c) > 1", "a + (b + c) > 1"),
        ("a - (b - c) > 1", "a - (b - c) > 1"),
        ("(a * b) + c > 1", "a * b + c > 1"),
        ("a * (b + c) > 1", "a * (b + c) > 1"),
        ("a / (b * c) > 1", "a / (b * c) > 1"),
        ("-(a + b) > 1", "-(a + b) > 1"),
        ("a - -b > -1", "a - -b > -1"),
        ("(ok and no) or ok", "ok and no or ok"),
        ("ok and (no or ok)", "ok and (no or ok)"),
        ("not (ok and no)", "not (ok and no)"),
        ("not (a > 1)", "not a > 1"),
        ("(not ok) and no", "not ok and no"),
        ("not not ok", "not not ok"),
        ("not (e in [x, y])", "e not in [x, y]"),
        ("e not in [x]", "e not in [x]"),
        ("not (a between 1 and 2)", "a not between 1 and 2"),
        ("not (s is hot)", "s is not hot"),
        ("s is not cold", "s is not cold"),
        ("t is not present", "t is missing"),
        ("a between b + 1 and (c * 2)", "a between b + 1 and c * 2"),
        ("(a > 1) = ok", "(a > 1) = ok"),
        ("m * 2 > 1_000 JPY", "m * 2 > 1000 JPY"),
        ("p >= 12.5%", "p >= 12.5%"),
        (r#"t = "a \"b\" \\ c\n""#, r#"t = "a \"b\" \\ c\n""#),
        ("lead.time > 1", "lead.time > 1"),
        ("d = 2026-04-01", "d = 2026-04-01"),
        ("at > 2026-04-01T09:30", "at > 2026-04-01T09:30"),
        ("at < now", "at < now"),
        ("at within last 7d", "at within last 7d"),
        ("business hours since at > 4", "business hours since at > 4"),
        ("days until d < 3", "days until d < 3"),
        ("time in stage > 2 business days", "time in stage > 2 business days"),
        ("event clicked at least 1 time", "event clicked"),
        (
            "event clicked at least 2 times within last 30d",
            "event clicked at least 2 times within 30d",
        ),
        (r#"confirm "Really" ko "정말" by r or ok"#, r#"confirm "Really" ko "정말" by r or ok"#),
        ("f in [x] and e = other", "f in [x] and e = other"),
    ];
    let sources: Vec<String> = pairs.iter().map(|(source, _)| (*source).to_owned()).collect();
    let (process, conditions) = conditions(&sources);
    let printed: Vec<String> = conditions.iter().map(|expr| process.expr_source(expr)).collect();
    let expected: Vec<&str> = pairs.iter().map(|(_, expected)| *expected).collect();
    assert_eq!(printed, expected);
    let (again, reread) = self::conditions(&printed);
    assert_eq!(reread.len(), conditions.len());
    for ((a, b), source) in conditions.iter().zip(&reread).zip(&printed) {
        assert_eq!(a.kind, b.kind, "{source}");
    }
    assert_eq!(again.criteria.len(), process.criteria.len());
}

#[test]
fn the_conditions_of_real_processes_are_read_again_as_they_were() {
    for process in [process(WHOLE), example("the_model")] {
        for criterion in process.criteria.values() {
            let printed = process.expr_source(&criterion.condition);
            let fragment = ekiden::syntax::dsl::fragment::Fragment {
                file: ekiden::source::FileId(0),
                text: &printed,
                offsets: ekiden::syntax::dsl::fragment::Offsets::Shift(0),
            };
            let mut findings = Vec::new();
            assert!(
                ekiden::syntax::dsl::fragment::expr(&fragment, &mut findings).is_some(),
                "{printed}"
            );
            assert!(findings.is_empty(), "{printed}: {findings:?}");
        }
    }
}
