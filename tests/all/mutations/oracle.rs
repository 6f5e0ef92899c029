//! Looks at a process as every part of the compiler does, and says how far it came.

use std::collections::BTreeSet;

use ekiden::diag::{Diagnostic, Level, codes};
use ekiden::emit::{Artifact, Context, Settings, TARGETS};
use ekiden::lint::{self, Levels, RULES};
use ekiden::model::Process;
use ekiden::source::{FileId, SourceFile, SourceMap};
use ekiden::syntax::{Parsed, ast, dsl, format, print, yaml};
use ekiden::{diag::render, sema};

use super::corpus::Source;
use super::records;

/// How far a process came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reached {
    /// Some part could not be read.
    Findings,
    /// Everything was read, not everything was understood or is sound.
    Model,
    /// It was compiled.
    Targets,
}

/// Everything at once. Whatever is wrong is a panic.
pub(crate) fn examine(source: &Source, seed: u32) -> Reached {
    let mut sources = SourceMap::new();
    let mut trees = Vec::new();
    let mut findings = Vec::new();
    for (n, file) in source.files.iter().enumerate() {
        let name = if file.yaml { format!("{n}.ekiden.yaml") } else { format!("{n}.ekiden") };
        let id = sources.add(SourceFile::new(name, file.text.clone()));
        let parsed = file.parse(id);
        let again = file.parse(id);
        let shown = format!("{parsed:?}");
        assert!(shown == format!("{again:?}"), "read twice, understood in two ways");
        every_span(&shown, &sources);
        if parsed.diagnostics.is_empty() {
            rewritten(&parsed, &file.text, file.yaml);
        } else {
            // Text that is broken is formatted by nobody, and printing its tree still ends.
            if !file.yaml && parsed.diagnostics.iter().any(|d| d.level == Level::Error) {
                assert!(format::format(id, &file.text).is_err());
            }
            let _ = print::dsl(&parsed.file);
            let _ = print::yaml(&parsed.file, "en");
        }
        findings.extend(parsed.diagnostics);
        trees.push(parsed.file);
    }
    let read = findings.is_empty();

    let analysis = sema::analyze(&trees, "process");
    let again = sema::analyze(&trees, "process");
    assert!(analysis.process == again.process, "analysed twice, understood in two ways");
    same(&analysis.diagnostics, &again.diagnostics);
    findings.extend(analysis.diagnostics);
    let process = analysis.process;
    every_span(&format!("{process:?}"), &sources);

    let today = jiff::civil::date(2026, 6, 1);
    let rules = lint::check(&process, today, &Levels::default());
    same(&rules, &lint::check(&process, today, &Levels::default()));
    findings.extend(rules);
    told(&findings, &sources);
    records::evaluate(&process, seed);

    if findings.iter().any(|finding| finding.level == Level::Error) {
        return if read { Reached::Model } else { Reached::Findings };
    }
    compiled(&process, &sources);
    Reached::Targets
}

fn same(one: &[Diagnostic], two: &[Diagnostic]) {
    assert!(format!("{one:?}") == format!("{two:?}"), "{one:#?}\n{two:#?}");
}

/// Every place in what is printed for debugging, `file:start..end`, lies on whole characters.
fn every_span(shown: &str, sources: &SourceMap) {
    let bytes = shown.as_bytes();
    let digits = |mut at: usize| {
        let start = at;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        (shown[start..at].parse::<usize>().ok(), at)
    };
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at += 1;
                while bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            b'0'..=b'9' => {
                let (Some(file), next) = digits(at) else {
                    at = digits(at).1;
                    continue;
                };
                at = next;
                if bytes.get(at) != Some(&b':') {
                    continue;
                }
                let (Some(start), next) = digits(at + 1) else { continue };
                if bytes.get(next..next + 2) != Some(b"..") {
                    continue;
                }
                let (Some(end), next) = digits(next + 2) else { continue };
                at = next;
                let text = sources.get(FileId(u32::try_from(file).unwrap())).map(SourceFile::text);
                let fits = text.is_none_or(|text| text.get(start..end).is_some());
                // Without any file there is nowhere to point to.
                assert!(fits, "{file}:{start}..{end} does not fit: {}", around(shown, at));
            }
            _ => at += 1,
        }
    }
}

fn around(shown: &str, at: usize) -> String {
    let letters: Vec<char> = shown[..at].chars().rev().take(300).collect();
    letters.into_iter().rev().collect()
}

/// Findings say something, by a name that can be looked up, and all renderers can show them.
fn told(findings: &[Diagnostic], sources: &SourceMap) {
    for finding in findings {
        let rule = finding.code.name();
        assert!(RULES.iter().any(|known| known.name == rule), "no rule is called {rule}");
        let message = &finding.message;
        assert!(!message.trim().is_empty(), "{finding:?}");
        assert!(!message.contains('\n') && !message.ends_with('.'), "{finding:?}");
        for span in finding.labels.iter().map(|label| label.span).chain([finding.primary.span]) {
            let file = sources.get(span.file).expect("findings point at files that exist");
            assert!(file.text().get(span.range()).is_some(), "{finding:?}");
        }
        for edit in finding.fix.iter().flat_map(|fix| &fix.edits) {
            let file = sources.get(edit.span.file).unwrap();
            assert!(file.text().get(edit.span.range()).is_some(), "{finding:?}");
        }
    }
    for (color, width) in [(false, 100), (true, 100), (true, 1)] {
        let style = render::Style { color, width };
        let full = render::full::render(findings, sources, style);
        let concise = render::concise::render(findings, sources, style);
        for finding in findings {
            let rule = finding.code.name();
            assert!(full.contains(rule) && concise.contains(rule), "{rule} is not shown");
        }
        assert!(concise.lines().count() >= findings.len(), "one line a finding");
        assert!(color || !concise.contains('\u{1b}'), "colour or control where none is asked for");
        assert!(color || !full.contains('\u{1b}'), "colour or control where none is asked for");
    }
    let json = render::json::render(findings, sources, sources.iter().count());
    let value: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert!(value.is_object() || value.is_array());
}

fn kind(item: &ast::Item) -> usize {
    match item {
        ast::Item::Process(_) => 0,
        ast::Item::Team(_) => 1,
        ast::Item::Record(_) => 2,
        ast::Item::Stage(_) => 3,
        ast::Item::Goal(_) => 4,
        ast::Item::Feedback(_) => 5,
        ast::Item::Score(_) => 6,
        ast::Item::Route(_) => 7,
        ast::Item::Term(_) => 8,
        ast::Item::Play(_) => 9,
        ast::Item::Retired(_) => 10,
    }
}

fn by_kind(file: &ast::File) -> Vec<&ast::Item> {
    let mut items: Vec<&ast::Item> = file.items.iter().collect();
    items.sort_by_key(|item| kind(item));
    items
}

fn comments(file: &ast::File) -> Vec<&str> {
    let mut comments: Vec<&str> = file.comments.iter().map(|c| c.text.as_str()).collect();
    comments.sort_unstable();
    comments
}

fn clean(parsed: Parsed, text: &str, what: &str) -> ast::File {
    let told: Vec<String> = parsed
        .diagnostics
        .iter()
        .map(|d| format!("{:?} {}", text.get(d.primary.span.range()), d.message))
        .collect();
    assert!(told.is_empty(), "{what}: {told:#?}\n{text}");
    parsed.file
}

/// A file that can be read is formatted and converted, there and back, without loss.
fn rewritten(parsed: &Parsed, text: &str, is_yaml: bool) {
    let (id, tree) = (FileId(0), &parsed.file);
    if !is_yaml {
        let formatted = format::format(id, text).unwrap_or_else(|f| panic!("not formatted: {f:?}"));
        assert_eq!(format::format(id, &formatted).as_ref(), Ok(&formatted), "formatted twice");
        let again = clean(dsl::parse(id, &formatted), &formatted, "formatted");
        assert_eq!(again.items, tree.items, "formatted\n{formatted}");
        assert_eq!(comments(&again), comments(tree), "formatted\n{formatted}");
    }
    let in_dsl = print::dsl(tree);
    let again = clean(dsl::parse(id, &in_dsl), &in_dsl, "printed in the DSL");
    assert_eq!(again.items, tree.items, "printed in the DSL\n{in_dsl}");
    assert_eq!(comments(&again), comments(tree), "comments in the DSL\n{in_dsl}");

    // In YAML a name is a key, and a key is there once.
    let twice = |d: &Diagnostic| d.code == codes::DUPLICATE_NAME;
    if sema::analyze(std::slice::from_ref(tree), "process").diagnostics.iter().any(twice) {
        return;
    }
    let language = tree.items.iter().find_map(|item| match item {
        ast::Item::Process(process) => process.languages.first().map(|name| name.text.as_str()),
        _ => None,
    });
    let language = language.unwrap_or("en");
    let in_yaml = print::yaml(tree, language);
    let again = clean(yaml::parse(id, &in_yaml), &in_yaml, "printed in YAML");
    assert_eq!(by_kind(&again), by_kind(tree), "printed in YAML\n{in_yaml}");
    assert_eq!(comments(&again), comments(tree), "comments in YAML\n{in_yaml}");
    // A comment may settle one word further on, where it stays.
    if tree.comments.is_empty() {
        assert_eq!(print::yaml(&again, language), in_yaml, "printed in YAML twice");
    }
}

/// Every target, with its default settings.
pub(crate) fn compiled(process: &Process, sources: &SourceMap) {
    let settings = Settings::default();
    let context = Context {
        process,
        languages: &process.languages,
        settings: &settings,
        others: &[],
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    };
    for target in TARGETS {
        let output = (target.emit)(&context);
        let again = (target.emit)(&context);
        assert_eq!(output.artifacts, again.artifacts, "{} built twice", target.name);
        same(&output.diagnostics, &again.diagnostics);
        told(&output.diagnostics, sources);
        let mut paths = BTreeSet::new();
        for artifact in &output.artifacts {
            written(target.name, artifact);
            // Half of the world's disks do not tell upper case from lower.
            let path = artifact.path.as_str().to_lowercase();
            assert!(paths.insert(path), "{}: {} twice", target.name, artifact.path);
        }
    }
}

fn written(target: &str, artifact: &Artifact) {
    let path = artifact.path.as_str();
    let what = format!("{target}: {path:?}");
    assert!(!path.is_empty() && !path.starts_with('/') && !path.contains('\\'), "{what}");
    assert!(path.split('/').all(|part| !part.is_empty() && part != "." && part != ".."), "{what}");
    assert!(path.split('/').all(|part| part.len() <= 255), "{what}");
    let text = std::str::from_utf8(&artifact.contents).expect("targets write text");
    assert!(text.ends_with('\n'), "{what} ends without a line break");
    match artifact.path.extension() {
        Some("json") => {
            let value: Result<serde_json::Value, _> = serde_json::from_str(text);
            assert!(value.is_ok(), "{what}: {value:?}\n{text}");
        }
        Some("xml") => {
            let mut reader = quick_xml::Reader::from_str(text);
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break,
                    Ok(_) => {}
                    Err(error) => panic!("{what}: {error}\n{text}"),
                }
            }
            // XML 1.0 has no place for these, however they are written.
            let bad = |c: char| c < ' ' && !matches!(c, '\n' | '\t' | '\r');
            assert!(!text.contains(bad), "{what}: control characters");
        }
        _ => {}
    }
}
