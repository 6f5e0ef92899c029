//! The manifest, from text to settings and findings.

use ekiden::diag::{Diagnostic, Level};
use ekiden::emit::SettingValue;
use ekiden::project::Manifest;
use ekiden::source::FileId;

fn clean(text: &str) -> Manifest {
    let (manifest, findings) = Manifest::parse(FileId(0), text);
    assert_eq!(findings, [], "{text}");
    manifest
}

/// Each finding as `message @ underlined text`, and its help.
fn found(text: &str) -> Vec<(String, Option<String>)> {
    let one = |finding: Diagnostic| {
        assert!(finding.primary.span.end as usize <= text.len());
        let place = text.get(finding.primary.span.range()).unwrap();
        (format!("{}: {} @ {place}", finding.code, finding.message), finding.help)
    };
    Manifest::parse(FileId(0), text).1.into_iter().map(one).collect()
}

#[test]
fn everything_a_manifest_can_say_is_read() {
    let text = r#"# What we build
output: "../dist"
languages: [en, ja]
targets:
  docs:
  sql:
    dialect: [postgres, sqlite]
    schema: 'true'
    drop: true
    types: {money: 'numeric(18, 2)'}
    note:
  hubspot: false
  json: true
lints:
  preset: strict
  silo: note
  dead-end: allow
"#;
    let manifest = clean(text);
    assert_eq!(manifest.output(), "../dist");
    let output = manifest.output.as_ref().unwrap();
    assert_eq!(text.get(output.span.range()), Some("../dist"));
    let languages: Vec<&str> = manifest.languages.iter().map(|l| l.value.as_str()).collect();
    assert_eq!(languages, ["en", "ja"]);
    let targets = manifest.targets.as_ref().unwrap();
    let names: Vec<&str> = targets.keys().map(String::as_str).collect();
    assert_eq!(names, ["docs", "sql", "json"]);
    let (place, sql) = &targets["sql"];
    assert_eq!(text.get(place.range()), Some("sql"));
    let mut findings = Vec::new();
    let dialects = sql.texts("dialect", &mut findings).unwrap();
    assert_eq!(text.get(dialects[1].span.range()), Some("sqlite"));
    assert_eq!(sql.text("schema", &mut findings).unwrap().value, "true");
    assert_eq!(sql.boolean("drop", &mut findings), Some(true));
    let types = sql.map("types", &mut findings).unwrap();
    assert_eq!(types.text("money", &mut findings).unwrap().value, "numeric(18, 2)");
    assert_eq!(sql.values["note"].value.value, SettingValue::Null);
    assert_eq!(findings, []);
    assert_eq!(manifest.preset.as_ref().unwrap().value, "strict");
    let lints: Vec<(&str, Level)> =
        manifest.lints.iter().map(|(rule, level)| (rule.value.as_str(), level.value)).collect();
    assert_eq!(lints, [("silo", Level::Note), ("dead-end", Level::Allow)]);
}

#[test]
fn an_empty_manifest_is_that_of_a_process_without_one() {
    for text in ["", "# nothing\n", "{}\n", "---\n"] {
        let manifest = clean(text);
        assert_eq!(manifest, Manifest::default());
        assert_eq!(manifest.output(), "build");
    }
    // No targets is not the same as silence about them.
    assert_eq!(clean("targets: {}").targets.map(|targets| targets.len()), Some(0));
    assert_eq!(clean("targets: []").targets.map(|targets| targets.len()), Some(0));
}

#[test]
fn targets_may_be_listed() {
    let names = |text: &str| -> Vec<String> { clean(text).targets.unwrap().into_keys().collect() };
    assert_eq!(names("targets: [sql, docs]"), ["sql", "docs"]);
    assert_eq!(names("targets: docs"), ["docs"]);
}

#[test]
fn every_fault_of_a_manifest_is_found_at_its_place() {
    let text = "outptu: x\nlanguages: [en, english]\ntargets: [docs, sql, docs, {a: b}]\nlints:\n  preset: strct\n  dead-end: off\n  no-owner: [x]\nbase: x\noutput: [a]\n";
    let help = |text: &str| Some(text.to_owned());
    assert_eq!(
        found(text),
        [
            ("invalid-manifest: the manifest has no key `outptu` @ outptu".to_owned(), help("did you mean `output`?")),
            (
                "invalid-manifest: `english` is not a language @ english".to_owned(),
                help("write `en` for English")
            ),
            ("invalid-manifest: target `docs` is listed twice @ docs".to_owned(), None),
            ("invalid-manifest: an item of this list must be the name of a target @ {a: b}".to_owned(), None),
            (
                "invalid-manifest: unknown preset `strct` @ strct".to_owned(),
                help("did you mean `strict`?")
            ),
            (
                "invalid-manifest: unknown level `off` @ off".to_owned(),
                help("write `allow`, `note`, `warning` or `error`")
            ),
            (
                "invalid-manifest: the level of `no-owner` must be `allow`, `note`, `warning` or `error` @ [x]".to_owned(),
                None
            ),
            ("invalid-manifest: the manifest has no key `base` @ base".to_owned(), help("its keys are `output`, `languages`, `targets`, `lints`, `baseline` and `since`")),
            ("invalid-manifest: `output` must be a folder @ [a]".to_owned(), None),
        ]
    );
}

#[test]
fn what_is_no_manifest_at_all_is_told() {
    for (text, expected) in [
        ("- docs\n", "invalid-manifest: the manifest must be a mapping @ - docs"),
        ("docs\n", "invalid-manifest: the manifest must be a mapping @ docs"),
        (
            "targets: {sql: [x]}\n",
            "invalid-manifest: the settings of `sql` must be a mapping @ [x]",
        ),
        (
            "output: a\n---\noutput: b\n",
            "invalid-manifest: a manifest is one YAML document @ output: b",
        ),
        ("output: a\noutput: b\n", "duplicate-property: `output` is given twice @ output"),
        ("output: [a\n", "syntax-error: this `[` is never closed @ ["),
        ("output: ''\n", "invalid-manifest: this path is empty @ ''"),
        ("output:\n", "invalid-manifest: `output` has no value @ output"),
    ] {
        let lines = found(text);
        assert_eq!(lines.len(), 1, "{text}: {lines:?}");
        assert_eq!(lines[0].0, expected, "{text}");
    }
}

#[test]
fn deep_and_multiplying_settings_end() {
    let deep = format!("targets: {{sql: {}}}", "{a: ".repeat(5_000));
    assert_eq!(found(&deep).len(), 1);
    let mut text = "targets:\n  a0: &a0 {x: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}\n".to_owned();
    for level in 1..9 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("  a{level}: &a{level} {{x: [{items}]}}\n"));
    }
    let lines = found(&text);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].0.contains("more than a million values"), "{lines:?}");
}
