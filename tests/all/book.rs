//! The book is true: every code block of the README and of `docs/` is read, checked or run.
//!
//! | block | must |
//! | --- | --- |
//! | `ekiden`, `yaml` | be a whole process without errors |
//! | `ekiden,fragment`, `yaml,fragment` | follow the grammar; names need not exist |
//! | `yaml,manifest` | be a manifest without findings |
//! | `json` | be JSON |
//! | `console` | print what it shows: `$` lines are run, `...` stands for any lines |
//! | `ekiden,file=NAME` | nothing itself: the file is there for the `console` blocks behind it |
//! | `yaml,github-workflow`, `yaml,gitlab-ci`, `yaml,pre-commit` | be what those programs read: see `cli::ci` |
//! | `text`, `findings` | nothing, or what the page's own test asks |
//!
//! `sh` blocks are for commands that set up a machine; `tests/run` is one of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ekiden::diag::{Diagnostic, Level};
use ekiden::project::Manifest;
use ekiden::source::FileId;
use ekiden::syntax::{Parsed, dsl, yaml};
use ekiden::{lint, sema};

pub(crate) struct Block {
    page: String,
    line: usize,
    pub(crate) kind: String,
    pub(crate) text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// Every fenced block of the book.
pub(crate) fn blocks() -> Vec<Block> {
    let mut found = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    pages(&root().join("docs"), &mut found);
    found.sort();
    let mut blocks = Vec::new();
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        let page = path.strip_prefix(root()).unwrap().display().to_string();
        let mut open: Option<Block> = None;
        for (index, line) in text.lines().enumerate() {
            match (&mut open, line.strip_prefix("```")) {
                (None, Some(kind)) => {
                    open = Some(Block {
                        page: page.clone(),
                        line: index + 1,
                        kind: kind.trim().to_owned(),
                        text: String::new(),
                    });
                }
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (Some(block), None) => {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{page}: a block is not closed");
    }
    blocks
}

/// The errors of a block, as text.
fn errors(block: &Block, findings: &[Diagnostic]) -> Vec<String> {
    findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| {
            let at = block.text.get(finding.primary.span.range()).unwrap_or("");
            format!("[{}] `{at}` {}", finding.code, finding.message)
        })
        .collect()
}

fn check(block: &Block, parsed: Parsed, whole: bool) -> Vec<String> {
    let mut findings = parsed.diagnostics;
    if whole {
        let analysis = sema::analyze(&[parsed.file], "page");
        findings.extend(analysis.diagnostics);
        let today = jiff::civil::date(2026, 11, 23);
        findings.extend(lint::check(&analysis.process, today, &lint::Levels::default()));
    }
    errors(block, &findings)
}

#[test]
fn processes_and_manifests_of_the_book_are_sound() {
    let mut faults = Vec::new();
    let mut count = 0;
    for block in blocks() {
        // Pages of rules have failing examples, and a test of their own.
        if block.page.starts_with("docs/rules/") {
            continue;
        }
        let file = FileId(0);
        let wrong = match block.kind.as_str() {
            "ekiden" => check(&block, dsl::parse(file, &block.text), true),
            "ekiden,fragment" => check(&block, dsl::parse(file, &block.text), false),
            "yaml" => check(&block, yaml::parse(file, &block.text), true),
            "yaml,fragment" => check(&block, yaml::parse(file, &block.text), false),
            "yaml,manifest" => {
                let (_, findings) = Manifest::parse(file, &block.text);
                errors(&block, &findings)
            }
            "json" => match serde_json::from_str::<serde_json::Value>(&block.text) {
                Ok(_) => Vec::new(),
                Err(error) => vec![error.to_string()],
            },
            "console" | "text" | "sh" | "sql" => continue,
            // Read by the programs they are for.
            "yaml,github-workflow" | "yaml,gitlab-ci" | "yaml,pre-commit" => continue,
            file if file.starts_with("ekiden,file=") => continue,
            other => vec![format!("what is `{other}`?")],
        };
        count += 1;
        if !wrong.is_empty() {
            faults.push(format!("{}:{}: {}", block.page, block.line, wrong.join("\n    ")));
        }
    }
    assert!(count > 10, "the book has examples");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn commands_of_the_book_print_what_it_shows() {
    let mut faults = Vec::new();
    let mut count = 0;
    let mut page = String::new();
    let mut scene = tempfile::tempdir().unwrap();
    for block in blocks() {
        if page != block.page {
            page.clone_from(&block.page);
            scene = tempfile::tempdir().unwrap();
        }
        if let Some(name) = block.kind.strip_prefix("ekiden,file=") {
            let path = scene.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &block.text).unwrap();
            continue;
        }
        if block.kind != "console" || !block.text.starts_with("$ ") {
            continue;
        }
        copy(&root().join("examples"), &scene.path().join("examples"));
        let mut commands: Vec<(String, Vec<&str>)> = Vec::new();
        for line in block.text.lines() {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.to_owned(), Vec::new())),
                (None, Some((_, output))) => output.push(line),
                (None, None) => {}
            }
        }
        for (command, expected) in commands {
            count += 1;
            let printed = run(scene.path(), &command);
            if !matches_shown(&printed, &expected) {
                let place = format!("{}:{}", block.page, block.line);
                faults.push(format!(
                    "{place}: $ {command}\n{printed}\n--- the page shows\n{}",
                    expected.join("\n")
                ));
            }
        }
    }
    assert!(count > 0, "the book has commands");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// Runs a command as the reader would, with `ekiden` on the path.
fn run(folder: &Path, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_ekiden"));
    let mut path = std::ffi::OsString::from(program.parent().unwrap());
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("{{ {command}\n}} 2>&1"))
        .current_dir(folder)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env("EKIDEN_TODAY", "2026-11-23")
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Whether the output is what is shown, where `...` stands for any number of lines.
fn matches_shown(printed: &str, shown: &[&str]) -> bool {
    fn rest(printed: &[&str], shown: &[&str]) -> bool {
        match (printed, shown) {
            (_, ["..."]) => true,
            ([], []) => true,
            (_, ["...", more @ ..]) => (0..=printed.len()).any(|skip| rest(&printed[skip..], more)),
            ([line, printed @ ..], [expected, shown @ ..]) => {
                line.trim_end() == expected.trim_end() && rest(printed, shown)
            }
            _ => false,
        }
    }
    let lines = |text: &'_ [&'_ str]| -> Vec<String> {
        let mut lines: Vec<String> = text.iter().map(|line| line.trim_end().to_owned()).collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    };
    let printed: Vec<&str> = printed.lines().collect();
    let (printed, shown) = (lines(&printed), lines(shown));
    let printed: Vec<&str> = printed.iter().map(String::as_str).collect();
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    rest(&printed, &shown)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
