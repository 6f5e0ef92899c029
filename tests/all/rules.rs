//! The pages of the rules: their examples run, and registry, files, pages and index agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ekiden::diag::{Diagnostic, Level, Safety, codes, sort_and_dedup};
use ekiden::diff::{Sources, Who, diff};
use ekiden::lint::{self, Check, Family, Levels, RULES, Rule};
use ekiden::source::{SourceFile, SourceMap};
use ekiden::{sema, syntax};

/// Rules whose fault is not in a process: an example of theirs is no process either.
const WITHOUT_EXAMPLES: [&str; 8] = [
    "unreadable-file",
    "invalid-manifest",
    "invalid-baseline",
    "name-not-portable",
    "target-loss",
    "broken-template",
    "unused-template",
    "baseline-stale",
];

/// The day on which the examples are checked.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 6, 1);

/// A fenced block of a page: its language and its text.
struct Block<'a> {
    section: &'a str,
    language: &'a str,
    text: String,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let (mut section, mut inside) = ("", false);
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                blocks.push(Block { section, language, text: String::new() });
            }
        } else if inside && let Some(block) = blocks.last_mut() {
            block.text.push_str(line);
            block.text.push('\n');
        } else if let Some(heading) = line.strip_prefix("## ") {
            section = heading;
        }
    }
    blocks
}

/// Everything the compiler says about one source.
fn findings(text: &str) -> (SourceMap, Vec<Diagnostic>) {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("example.ekiden", text));
    let parsed = syntax::dsl::parse(file, text);
    let mut findings = parsed.diagnostics;
    let analysis = sema::analyze(&[parsed.file], "example");
    findings.extend(analysis.diagnostics);
    findings.extend(lint::check(&analysis.process, TODAY, &Levels::default()));
    sort_and_dedup(&mut findings);
    (sources, findings)
}

/// What breaks between the two sources of an example.
fn broken(before: &str, after: &str) -> (SourceMap, Vec<Diagnostic>) {
    let read = |name: &str, text: &str| {
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new(name, text));
        let parsed = syntax::dsl::parse(file, text);
        let analysis = sema::analyze(&[parsed.file], "example");
        let found: Vec<Diagnostic> =
            parsed.diagnostics.into_iter().chain(analysis.diagnostics).collect();
        assert!(found.is_empty(), "{}{text}", shown(&sources, &found));
        (sources, analysis.process)
    };
    let ((old_sources, old), (new_sources, new)) =
        (read("before.ekiden", before), read("after.ekiden", after));
    let sources = Sources::new(&old_sources, &new_sources);
    let difference = diff(&old, &new, &sources, &Levels::default(), TODAY);
    let mut found: Vec<Diagnostic> =
        difference.changes.into_iter().flat_map(|change| change.breaks).collect();
    sort_and_dedup(&mut found);
    (sources.map().clone(), found)
}

/// One line a finding, as pages show them, and the story of the record below it.
fn shown(sources: &SourceMap, findings: &[Diagnostic]) -> String {
    let mut shown = String::new();
    for finding in findings {
        let place = sources.locate(finding.primary.span).1;
        let (line, column, level) = (place.line, place.column, finding.level.word());
        let _ = writeln!(shown, "{line}:{column} {level}[{}] {}", finding.code, finding.message);
        if let Some(story) = &finding.story {
            let _ = writeln!(shown, "  {story}");
        }
    }
    shown
}

fn only(rule: &Rule, findings: &[Diagnostic]) -> Vec<Diagnostic> {
    findings.iter().filter(|finding| finding.code == rule.code()).cloned().collect()
}

#[test]
fn failing_examples_fail_as_the_page_says_and_mended_ones_pass() {
    let mut wrong = String::new();
    for rule in RULES.iter().filter(|rule| !WITHOUT_EXAMPLES.contains(&rule.name)) {
        let blocks = blocks(rule.page);
        let is_of_change = matches!(rule.check, Check::Change(..));
        let of = |section: &str, language: &str| {
            let mut found =
                blocks.iter().filter(|b| b.section == section && b.language == language);
            let text = found.next().map(|block| block.text.as_str());
            assert!(text.is_some(), "{}: no ```{language} block under `{section}`", rule.name);
            text.unwrap_or_default()
        };
        // A rule about changes is shown by two sources; what came before may be the same twice.
        let before = if is_of_change { of("Fails", "ekiden,before") } else { "" };
        let (sources, found) = match is_of_change {
            true => broken(before, of("Fails", "ekiden")),
            false => findings(of("Fails", "ekiden")),
        };
        let actual = shown(&sources, &only(rule, &found));
        let expected = of("Fails", "findings");
        if actual != expected || actual.is_empty() {
            let _ = writeln!(
                wrong,
                "{}: expected\n{expected}found\n{actual}all findings\n{}",
                rule.name,
                shown(&sources, &found)
            );
        }
        for block in blocks.iter().filter(|b| b.section == "Passes" && b.language == "ekiden") {
            let (sources, mut found) = match is_of_change {
                true => broken(before, &block.text),
                false => findings(&block.text),
            };
            // A change that mends one thing may well hurt another.
            if is_of_change {
                found.retain(|f| f.code == rule.code());
            }
            // What shows no stage at all is an excerpt of a process that has some.
            if !block.text.lines().any(|line| line.starts_with("stage ")) {
                found.retain(|f| f.code.name() != "no-entry");
            }
            let bad: Vec<Diagnostic> = found
                .into_iter()
                .filter(|f| f.code == rule.code() || f.level == Level::Error)
                .collect();
            if !bad.is_empty() {
                let _ = writeln!(wrong, "{}: mended, still\n{}", rule.name, shown(&sources, &bad));
            }
        }
        of("Passes", "ekiden");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn rules_with_fixes_are_listed_as_such() {
    let mut wrong = String::new();
    for rule in RULES {
        for block in blocks(rule.page).iter().filter(|block| block.section == "Fails") {
            let found = only(rule, &findings(&block.text).1);
            let safety = found.iter().filter_map(|found| found.fix.as_ref()).map(|fix| fix.safety);
            let shown = safety.filter(|safety| *safety != Safety::Display).min();
            let listed = rule.fix();
            let told = shown.is_none() || listed.is_some_and(|listed| Some(listed) <= shown);
            if !told {
                let _ = writeln!(wrong, "{}: {shown:?}", rule.name);
            }
        }
    }
    assert!(wrong.is_empty(), "list them in src/lint/fixes.rs\n{wrong}");
}

/// The list of rules follows it.
const LACKING: &str = "**What a draft may lack.** On a draft these rules are silent: ";

/// What the page of the language says a draft may lack is what the rules do not ask of one. To write
/// the list anew: `EKIDEN_WRITE_BOOK=1 cargo test --test all drafts`.
#[test]
fn drafts_may_lack_what_the_book_says() {
    let path = root().join("docs/reference/language.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let section = page.split("\n## Drafts\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let listed: BTreeSet<&str> = section.split('`').skip(1).step_by(2).collect();
    let mut silent = BTreeSet::new();
    let mut all = BTreeSet::new();
    let of_processes = RULES.iter().filter(|rule| !matches!(rule.check, Check::Change(..)));
    for rule in of_processes.filter(|rule| !WITHOUT_EXAMPLES.contains(&rule.name)) {
        all.insert(rule.name);
        let blocks = blocks(rule.page);
        let fails = blocks.iter().find(|b| b.section == "Fails" && b.language == "ekiden");
        let text = &fails.unwrap().text;
        let draft = match text.find("\nprocess ").or(text.starts_with("process ").then_some(0)) {
            Some(at) => {
                let brace = at + text[at..].find('{').unwrap() + 1;
                format!("{} status draft {}", &text[..brace], &text[brace..])
            }
            None => format!("{text}\nprocess example {{ status draft }}\n"),
        };
        if only(rule, &findings(&draft).1).is_empty() {
            silent.insert(rule.name);
        }
    }
    let listed: BTreeSet<&str> = listed.into_iter().filter(|name| all.contains(name)).collect();
    let said: Vec<String> = silent.iter().map(|name| format!("`{name}`")).collect();
    let said = said.join(", ");
    if std::env::var_os("EKIDEN_WRITE_BOOK").is_some() {
        let (head, tail) = page.split_once(LACKING).unwrap();
        let tail = tail.split_once(".\n").unwrap().1;
        std::fs::write(&path, format!("{head}{LACKING}{said}.\n{tail}")).unwrap();
        return;
    }
    assert_eq!(listed, silent, "the section should list\n{said}");
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the files in a folder with this extension, without it.
fn stems(folder: &Path, extension: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is part of the source");
    entries
        .filter_map(|entry| {
            let path = entry.expect("readable").path();
            let matches = path.extension().is_some_and(|e| e == extension);
            matches.then(|| path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
        })
        .collect()
}

#[test]
fn registry_files_and_pages_agree() {
    let registry: BTreeSet<String> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(registry.len(), RULES.len(), "a rule is listed twice");

    let mut pages = stems(&root().join("docs/rules"), "md");
    assert!(pages.remove("README"));
    assert_eq!(registry, pages, "rules and pages");

    let mut files = BTreeSet::new();
    for family in Family::ALL {
        let folder = root().join("src/lint/rules").join(family.word());
        let mut own = match family {
            // In folders by who is hurt.
            Family::Change => Who::ALL
                .map(|who| root().join("src/diff/rules").join(who.word()))
                .iter()
                .filter(|folder| folder.exists())
                .flat_map(|folder| stems(folder, "rs"))
                .collect(),
            _ if folder.exists() => stems(&folder, "rs"),
            _ => continue,
        };
        assert!(own.remove("mod"));
        let named: BTreeSet<String> = own.iter().map(|stem| stem.replace('_', "-")).collect();
        let of_family: BTreeSet<String> = RULES
            .iter()
            .filter(|rule| rule.family == family)
            .map(|rule| rule.name.to_owned())
            .collect();
        assert_eq!(named, of_family, "rules and files of family {}", family.word());
        files.extend(named);
    }
    assert_eq!(registry, files, "rules and files");
}

#[test]
fn every_code_of_the_front_end_is_a_rule() {
    let codes: BTreeSet<&str> = codes::ALL.iter().map(|code| code.name()).collect();
    let rules: BTreeSet<&str> = RULES
        .iter()
        .filter(|rule| matches!(rule.check, Check::FrontEnd))
        .map(|rule| rule.name)
        .collect();
    assert_eq!(codes, rules);
}

#[test]
fn every_code_of_the_targets_is_a_rule() {
    let codes: BTreeSet<&str> = codes::OF_TARGETS.iter().map(|code| code.name()).collect();
    let rules: BTreeSet<&str> = RULES
        .iter()
        .filter(|rule| matches!(rule.check, Check::Target))
        .map(|rule| rule.name)
        .collect();
    assert_eq!(codes, rules);
}

#[test]
fn pages_are_built_alike() {
    for rule in RULES {
        let lines: Vec<&str> = rule.page.lines().collect();
        assert_eq!(lines.first().copied(), Some(format!("# {}", rule.name).as_str()));
        let headings: Vec<&str> =
            rule.page.lines().filter(|line| line.starts_with('#')).skip(1).collect();
        let expected = if WITHOUT_EXAMPLES.contains(&rule.name) {
            vec!["## Why it matters", "## How to fix it"]
        } else {
            vec!["## Why it matters", "## Fails", "## Passes", "## How to fix it"]
        };
        // Headings inside of examples are comments of the DSL.
        let headings: Vec<&str> = headings.into_iter().filter(|h| h.starts_with("## ")).collect();
        assert_eq!(headings, expected, "{}", rule.name);
        assert!(rule.page.ends_with('\n') && !rule.page.contains("\n\n\n"), "{}", rule.name);
    }
}

#[test]
fn the_index_lists_every_rule() {
    let mut expected = String::from(
        "# Rules\n\n\
         Every rule has a page: what it finds, why it matters, an example that fails, the same mended,\n\
         and how to fix it. `ekiden explain RULE` shows the page. Levels are set in the manifest and by\n\
         `--deny`, `--warn` and `--allow`; rules about source, names and types are always errors.\n",
    );
    for family in Family::ALL {
        let rules: Vec<&&Rule> = RULES.iter().filter(|rule| rule.family == family).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = write!(
            expected,
            "\n## {}\n\n| rule | level | finds |\n| --- | --- | --- |\n",
            family.word()
        );
        for rule in rules {
            let (name, level) = (rule.name, rule.level.word());
            let _ = writeln!(expected, "| [`{name}`]({name}.md) | {level} | {} |", rule.summary);
        }
    }
    let path = root().join("docs/rules/README.md");
    let actual = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(actual, expected, "docs/rules/README.md should be\n{expected}");
}

#[test]
fn rules_describe_themselves_alike() {
    let mut seen = BTreeMap::new();
    for rule in RULES {
        let summary = rule.summary;
        assert!(summary.starts_with(|c: char| c.is_lowercase()) && !summary.ends_with('.'));
        assert_eq!(seen.insert(summary, rule.name), None, "two rules with one summary");
        let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(rule.name.chars().all(kebab), "{}", rule.name);
        assert_eq!(lint::explain(rule.name).map(|found| found.name), Some(rule.name));
    }
    assert!(lint::explain("no-such-rule").is_none());
}

/// Every example of the repository, whole.
fn example(name: &str) -> (SourceMap, Vec<Diagnostic>) {
    let mut sources = SourceMap::new();
    let mut files = Vec::new();
    let mut findings = Vec::new();
    let mut folders = vec![root().join("examples").join(name)];
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the example is part of the source") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "ekiden") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("readable");
        let shown = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().into_owned();
        let file = sources.add(SourceFile::new(shown, text.clone()));
        let parsed = syntax::dsl::parse(file, &text);
        findings.extend(parsed.diagnostics);
        files.push(parsed.file);
    }
    let analysis = sema::analyze(&files, name);
    findings.extend(analysis.diagnostics);
    findings.extend(lint::check(&analysis.process, TODAY, &Levels::default()));
    sort_and_dedup(&mut findings);
    (sources, findings)
}

#[test]
fn the_examples_have_no_errors() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        let (sources, findings) = example(name);
        let errors: Vec<Diagnostic> =
            findings.into_iter().filter(|finding| finding.level == Level::Error).collect();
        assert!(errors.is_empty(), "{name}\n{}", shown(&sources, &errors));
    }
}
