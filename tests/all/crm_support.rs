//! What the tests of the CRM and JSON targets share: compiling text, settings, running the tools.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test helper fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

use ekiden::diag::{Diagnostic, Level};
use ekiden::emit::{Context, Output, Setting, SettingValue, Settings, TARGETS, Target};
use ekiden::model::Process;
use ekiden::sema;
use ekiden::source::{FileId, SourceFile, SourceMap, Span, Spanned};
use ekiden::syntax::dsl;

/// Every construct at least once.
pub(crate) const WHOLE: &str = include_str!("../crm/whole.ekiden");

/// The process that a text declares; it must be free of errors.
pub(crate) fn process(text: &str) -> Process {
    processes(&[("process.ekiden", text)])
}

/// The process of several files.
pub(crate) fn processes(files: &[(&str, &str)]) -> Process {
    let mut sources = SourceMap::new();
    let mut trees = Vec::new();
    let mut findings = Vec::new();
    for (name, text) in files {
        let id = sources.add(SourceFile::new(*name, *text));
        let parsed = dsl::parse(id, text);
        findings.extend(parsed.diagnostics);
        trees.push(parsed.file);
    }
    let analysis = sema::analyze(&trees, "process");
    findings.extend(analysis.diagnostics);
    findings.retain(|finding| finding.level == Level::Error);
    let told: Vec<String> = findings
        .iter()
        .map(|f| format!("{:?}: {}", sources.locate(f.primary.span), f.message))
        .collect();
    assert!(told.is_empty(), "{told:#?}");
    analysis.process
}

/// The process of a folder of examples, all files read.
pub(crate) fn example(name: &str) -> Process {
    let root = root().join("examples").join(name);
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let texts: Vec<(String, String)> = paths
        .iter()
        .map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap()))
        .collect();
    let files: Vec<(&str, &str)> =
        texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    processes(&files)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "ekiden") {
            paths.push(path);
        }
    }
}

/// Settings as the manifest would give them: `("objects.deal", "Opportunity")`.
pub(crate) fn settings(pairs: &[(&str, &str)]) -> Settings {
    let span = Span::start_of(FileId(0));
    let setting = |value| Setting { key: span, value: Spanned::new(value, span) };
    let mut all = Settings::default();
    for (path, value) in pairs {
        let text = setting(SettingValue::Text((*value).to_owned()));
        match path.split_once('.') {
            None => {
                all.values.insert((*path).to_owned(), text);
            }
            Some((name, key)) => {
                let map = all
                    .values
                    .entry(name.to_owned())
                    .or_insert_with(|| setting(SettingValue::Map(Settings::default())));
                let SettingValue::Map(map) = &mut map.value.value else { panic!("{name}") };
                map.values.insert(key.to_owned(), text);
            }
        }
    }
    all
}

/// The target of this name.
pub(crate) fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|known| known.name == name).unwrap()
}

/// What a target gives for a process.
pub(crate) fn emit(target: &str, process: &Process, pairs: &[(&str, &str)]) -> Output {
    let target = self::target(target);
    let settings = settings(pairs);
    let languages = &process.languages;
    (target.emit)(&Context {
        process,
        languages,
        settings: &settings,
        others: &[],
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    })
}

/// The findings as `level[code]: message`.
pub(crate) fn told(findings: &[Diagnostic]) -> Vec<String> {
    let told = |f: &Diagnostic| format!("{}[{}]: {}", f.level.word(), f.code, f.message);
    findings.iter().map(told).collect()
}

/// The text of one artifact.
pub(crate) fn text<'a>(output: &'a Output, path: &str) -> &'a str {
    let found = output.artifacts.iter().find(|artifact| artifact.path == path);
    let Some(artifact) = found else {
        let paths: Vec<&str> = output.artifacts.iter().map(|a| a.path.as_str()).collect();
        panic!("no `{path}` among {paths:#?}");
    };
    std::str::from_utf8(&artifact.contents).unwrap()
}

/// Writes the artifacts into a new folder, which is removed when the value is dropped.
pub(crate) fn written(output: &Output) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for artifact in &output.artifacts {
        let path = folder.path().join(&artifact.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(!path.exists(), "{} is there twice", artifact.path);
        std::fs::write(path, &artifact.contents).unwrap();
    }
    folder
}

/// Runs one of `tests/tools/node`; it must accept what it is given.
pub(crate) fn check(tool: &str, paths: &[&Path]) {
    let script = root().join("tests/tools/node").join(tool);
    let ran = Command::new("node").arg(&script).args(paths).output();
    let Ok(ran) = ran else { panic!("no Node.js: run tests/setup") };
    let stdout = String::from_utf8_lossy(&ran.stdout);
    let stderr = String::from_utf8_lossy(&ran.stderr);
    let faults: Vec<&str> = stdout.lines().filter(|line| !line.starts_with("ok ")).collect();
    let hint = "if it cannot run, run tests/setup";
    assert!(ran.status.success(), "{tool} ({hint}):\n{}\n{stderr}", faults.join("\n"));
    assert!(stdout.lines().any(|line| line.starts_with("ok ")), "{tool} checked nothing");
}

/// The folder of the package.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// For each finding: its message, and the text it underlines in `source`, the only file.
pub(crate) fn underlined<'a>(
    source: &'a str,
    findings: &'a [Diagnostic],
) -> Vec<(&'a str, &'a str)> {
    let text = |f: &'a Diagnostic| source.get(f.primary.span.range()).unwrap_or("");
    findings.iter().map(|f| (f.message.as_str(), text(f))).collect()
}

/// Titles that try to break out of whatever holds them.
pub(crate) const HOSTILE: &str = r#"
process hostile "'; drop table leads; --" { languages [ko, en] currency KRW }
team t "<script>alert(1)</script>" { role r "]]> & <!-- \"quoted\" 'single'" }
record lead "리드 | `code` **bold** [link](x)" {
  email   text "a|b\n\tc" help "<b>\"help\" & 'more'</b>\n- item"
  select  one of [null "NULL; --", order "a;b", group "%2F../..\\", user "🙂 e\u{301}"]
  index   many of [table "한국어", row "日本語"]
  id      text "Id"
  name    text "Name"
}
record deal "{{deal}} ${x} %s" from lead { stage text "Stage" amount money "=1+1" }
record thing "'; drop table" from deal { owner user "Owner" }
stage new "1. <script>'; drop table`s`</script>" { record lead entry from web owner r
  purpose "]]>\n\n# heading" advance to select }
stage select "한국어만 있는 단계" { record lead owner r advance to open }
stage open "100% & \"more\" / \\ %2F .. ; | rtl" { record deal owner r probability 10%
  exit when { ok "ok" confirm "They said: \"yes, <b>we do</b>\" ; really & truly, in the presence of witnesses" by r }
  advance to won }
stage won "🏆 Won" { record deal owner r outcome won probability 100% advance to in }
stage lost "—" { record deal owner r outcome lost from any open of deal }
stage in "in" { record thing owner r final }
"#;

/// A chain of `count` stages of one record type.
pub(crate) fn chain(record: &str, count: usize) -> String {
    let mut text = format!("team t {{ role r }}\nrecord {record} {{ email text }}\n");
    for at in 0..count {
        let entry = if at == 0 { "entry from web" } else { "" };
        let next = if at + 1 < count { format!("advance to s{}", at + 1) } else { "final".into() };
        text.push_str(&format!(
            "stage s{at} \"Stage {at}\" {{ record {record} owner r probability 50% {entry} {next} }}\n"
        ));
    }
    text
}
