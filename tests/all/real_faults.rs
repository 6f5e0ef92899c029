//! Real processes, each sound; realistic faults put into them, which are found; and changes that look like
//! faults and are none, about which nothing is said. `tests/real_faults/README.md` tells of each.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ekiden::diag::{Diagnostic, sort_and_dedup};
use ekiden::lint::{self, Levels};
use ekiden::source::{SourceFile, SourceMap};
use ekiden::{sema, syntax};

/// A change of a process and what is to be said of it.
struct Case {
    faulty: bool,
    title: String,
    /// Rule, and text on the line it points at.
    finds: Vec<(String, String)>,
    /// Old and new text. White space counts as one blank.
    edits: Vec<(String, String)>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real_faults")
}

/// Every process, by name: its text and its cases.
fn processes() -> Vec<(String, String, Vec<Case>)> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ekiden"))
        .collect();
    found.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let cases = std::fs::read_to_string(path.with_extension("cases")).unwrap();
        (name, text, parse(&cases))
    };
    found.into_iter().map(read).collect()
}

fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut before = ' ';
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(head) = line.strip_prefix("## ") {
            let (kind, title) = head.split_once(' ').unwrap();
            assert!(matches!(kind, "faulty" | "sound"), "{line}");
            let title = title.to_owned();
            cases.push(Case { faulty: kind == "faulty", title, finds: vec![], edits: vec![] });
            continue;
        }
        let case = cases.last_mut().unwrap();
        if let Some(found) = line.strip_prefix("finds: ") {
            let (rule, place) = found.split_once(" at `").unwrap();
            case.finds.push((rule.to_owned(), place.strip_suffix('`').unwrap().to_owned()));
        } else if let Some(old) = line.strip_prefix("- ") {
            if before != '-' {
                case.edits.push((String::new(), String::new()));
            }
            case.edits.last_mut().unwrap().0 += &format!("{old}\n");
            before = '-';
        } else if before != ' ' && line.starts_with([' ', '+']) {
            let (old, new) = case.edits.last_mut().unwrap();
            let more = format!("{}\n", line.get(1..).unwrap());
            if line.starts_with('+') || before == '+' {
                before = '+';
                *new += &more;
            } else {
                *old += &more;
            }
        } else {
            assert!(line.starts_with("why: "), "{line}");
            before = ' ';
        }
    }
    cases
}

/// The only place of `old` in `text`, however either is broken into lines.
fn place(text: &str, old: &str) -> std::ops::Range<usize> {
    let words: Vec<&str> = old.split_whitespace().collect();
    let starts = text.match_indices(words[0]).map(|(at, _)| at);
    let end = |start: usize| {
        let mut at = start;
        for word in &words {
            at += text[at..].len() - text[at..].trim_start().len();
            at = text[at..].starts_with(word).then(|| at + word.len())?;
        }
        Some(at)
    };
    let found: Vec<_> = starts.filter_map(|start| Some(start..end(start)?)).collect();
    assert_eq!(found.len(), 1, "`{}` stands {} times", words.join(" "), found.len());
    found[0].clone()
}

/// The findings at the recommended preset: rule, and the line it points at.
fn findings(text: &str) -> Vec<(String, String)> {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("process.ekiden", text));
    let parsed = syntax::dsl::parse(file, text);
    let mut findings: Vec<Diagnostic> = parsed.diagnostics;
    let analysis = sema::analyze(&[parsed.file], "process");
    findings.extend(analysis.diagnostics);
    let today = jiff::civil::date(2026, 11, 24);
    findings.extend(lint::check(&analysis.process, today, &Levels::default()));
    sort_and_dedup(&mut findings);
    let source = sources.get(file).unwrap();
    findings
        .iter()
        .map(|found| {
            let line = source.line_index(found.primary.span.start as usize);
            let line = source.line_text(line).trim();
            (found.code.name().to_owned(), format!("{line}   — {}", found.message))
        })
        .collect()
}

fn told(findings: &[(String, String)]) -> String {
    findings.iter().fold(String::new(), |mut told, (rule, line)| {
        let _ = writeln!(told, "    {rule}: {line}");
        told
    })
}

#[test]
fn every_process_is_sound_as_it_stands() {
    let mut wrong = String::new();
    for (name, text, _) in processes() {
        let found = findings(&text);
        if !found.is_empty() {
            let _ = write!(wrong, "{name}\n{}", told(&found));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_fault_is_found_and_nothing_else() {
    let mut wrong = String::new();
    for (name, text, cases) in processes() {
        for case in cases {
            let mut changed = text.clone();
            for (old, new) in &case.edits {
                changed.replace_range(place(&changed, old), new.trim_end());
            }
            let found = findings(&changed);
            let mut open: Vec<_> = case.finds.iter().collect();
            let unexpected = found.iter().any(|(rule, line)| {
                let at =
                    open.iter().position(|(r, text)| r == rule && line.contains(text.as_str()));
                at.map(|at| open.remove(at)).is_none()
            });
            if unexpected || !open.is_empty() {
                let (title, finds) = (&case.title, &case.finds);
                let _ = write!(
                    wrong,
                    "{name}: {title}\n  expected\n{}  found\n{}",
                    told(finds),
                    told(&found)
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn there_are_thirty_of_each_and_the_page_tells_of_them() {
    let page = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let (mut faulty, mut sound) = (0, 0);
    for (name, text, cases) in processes() {
        assert!(page.contains(&format!("{name}.ekiden")), "{name} is missing on the page");
        let formatted = syntax::format::format(ekiden::source::FileId(0), &text).unwrap();
        assert_eq!(formatted, text, "{name} is not laid out: ekiden fmt tests/real_faults");
        for case in cases {
            assert_eq!(case.faulty, !case.finds.is_empty(), "{}", case.title);
            assert!(!case.edits.is_empty(), "{}", case.title);
            let title = &case.title;
            assert!(page.contains(title.as_str()), "`{title}` is missing on the page");
            *(if case.faulty { &mut faulty } else { &mut sound }) += 1;
        }
    }
    assert!(faulty >= 30 && sound >= 30, "{faulty} faults, {sound} sound variations");
}
