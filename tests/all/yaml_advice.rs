//! Advice at a finding in a YAML file is written as YAML is.
//!
//! The judges are the two parsers: what stands between backticks must be no statement of the DSL, and
//! what has a colon must be one of YAML.

use std::fmt::Write as _;

use ekiden::diag::Diagnostic;
use ekiden::lint::{self, Check, Levels, RULES};
use ekiden::source::{FileId, SourceFile, SourceMap};
use ekiden::syntax::print;
use ekiden::{sema, syntax};

/// Places in the DSL where a statement may stand.
const DSL: [&str; 10] = [
    "@",
    "process p { @ }",
    "team a { @ }",
    "record a { @ }",
    "stage a { @ }",
    "stage a { advance to b @ }",
    "goal a { @ }",
    "score a of b { fit +1 when c @ }",
    "score a of b { @ }",
    "term a { @ }",
];

/// Places in YAML where a key may stand.
const YAML: [&str; 15] = [
    "{@}",
    "terms: {a: {@}}",
    "process: {@}",
    "teams: {a: {@}}",
    "records: {a: {fields: {b: {type: text, @}}}}",
    "records: {a: {@}}",
    "stages: {a: {@}}",
    "stages: {a: {exit: {@}}}",
    "stages: {a: {advance: [{to: b, @}]}}",
    "stages: {a: {advance: [{to: b, handoff: {@}}]}}",
    "goals: {a: {@}}",
    "scores: {a: {of: b, @}}",
    "scores: {a: {of: b, grade: {c: 1, @}}}",
    "scores: {a: {of: b, fit: [{points: 1, when: c, @}]}}",
    "routes: {a: {@}}",
];

fn reads_as_dsl(code: &str) -> bool {
    DSL.iter().any(|place| {
        let text = place.replace('@', code);
        syntax::dsl::parse(FileId(0), &text).diagnostics.is_empty()
    })
}

fn reads_as_yaml(code: &str) -> bool {
    // A mapping is a text in several languages.
    let text = code.starts_with('{').then_some("process: {name: p, about: @}");
    YAML.iter().chain(&text).any(|place| {
        let text = place.replace('@', code);
        syntax::yaml::parse(FileId(0), &text).diagnostics.is_empty()
    })
}

/// What stands between backticks, with something in the place of what is left open.
fn codes(advice: &str) -> Vec<String> {
    let filled = |code: &str| {
        let mut code = code.replace("\"…\"", "\"x\"").replace("interest …", "interest is hot");
        for time in ["limit ", "limit: ", "after ", "after: "] {
            code = code.replace(&format!("{time}…"), &format!("{time}5d"));
        }
        code.replace("handoff …", "handoff within 5d")
            .replace("within: …", "within: 5d")
            .replace('…', "x")
    };
    advice.split('`').skip(1).step_by(2).map(filled).collect()
}

/// What is found in a process that was written in the DSL and is kept in YAML.
fn findings(dsl: &str) -> (SourceMap, Vec<Diagnostic>) {
    let tree = syntax::dsl::parse(FileId(0), dsl).file;
    let mut sources = SourceMap::new();
    let text = print::yaml(&tree, "en");
    let file = sources.add(SourceFile::new("p.ekiden.yaml", text.as_str()));
    let parsed = syntax::yaml::parse(file, &text);
    let mut found = parsed.diagnostics;
    let analysis = sema::analyze(&[parsed.file], "p");
    found.extend(analysis.diagnostics);
    let today = jiff::civil::date(2026, 6, 1);
    found.extend(lint::check(&analysis.process, today, &Levels::default()));
    (sources, found)
}

#[test]
fn rules_tell_those_who_write_yaml_what_to_write_in_yaml() {
    let (mut wrong, mut keys) = (String::new(), 0);
    for rule in RULES.iter().filter(|rule| matches!(rule.check, Check::Process(_))) {
        let fails = rule.page.split("## Fails").nth(1).expect("a section");
        let example = fails.split("```ekiden\n").nth(1).and_then(|text| text.split("```").next());
        let (sources, found) = findings(example.expect("an example"));
        for finding in found {
            let Some(advice) = finding.advice(&sources) else { continue };
            for code in codes(&advice) {
                // The end of a condition is the same in both notations.
                let is_condition = code.starts_with(['<', '>', '=']) || code.starts_with("in ");
                let is_statement = code.contains(' ') && !is_condition && reads_as_dsl(&code);
                let is_key = code.contains(": ");
                keys += usize::from(is_key);
                if is_statement || (is_key && !reads_as_yaml(&code)) {
                    let _ = writeln!(wrong, "{}: `{code}` in: {advice}", finding.code);
                }
            }
        }
    }
    assert_eq!(wrong, "");
    assert!(keys > 40, "{keys}");
}

/// The judges can judge.
#[test]
fn statements_and_keys_are_told_apart() {
    for dsl in ["shared by [x]", "recycle to x after 30d", "entry from [x]", "halves every 30d"] {
        assert!(reads_as_dsl(dsl) && !reads_as_yaml(dsl), "{dsl}");
    }
    for yaml in
        ["shared_by: [x]", "recycle: x after 30d", "entry: {from: [x]}", "halves_every: 30d"]
    {
        assert!(reads_as_yaml(yaml) && !reads_as_dsl(yaml), "{yaml}");
    }
}

#[track_caller]
fn advice(dsl: &str, rule: &str) -> String {
    let (sources, found) = findings(dsl);
    let of = found.iter().find(|finding| finding.code.name() == rule);
    let of = of.unwrap_or_else(|| panic!("no {rule} in {found:?}"));
    of.advice(&sources).expect("advice").into_owned()
}

#[test]
fn advice_of_older_rules() {
    let process = "team sales { }
        record lead { email text }
        stage inquiry { record lead  owner sales  limit 5d  advance to won  lose to lost }
        stage won  { record lead  owner sales  outcome won  final }
        stage lost { record lead  owner sales  outcome lost  final }";
    assert_eq!(
        advice(process, "no-entry"),
        "say in `inquiry`, to which no move leads, where records come from: `entry: {from: […]}`"
    );
    let texts = "process p { languages [en, ja] }
        record lead \"Lead\" ja \"リード\" { }
        stage inquiry \"Inquiry\" ja \"問い合わせ\" { record lead  purpose \"Learn who they are.\" }";
    assert_eq!(
        advice(texts, "missing-translation"),
        "write the translation with the text: `{en: …, ja: …}`"
    );
}
