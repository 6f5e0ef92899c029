//! From one notation to the other and back: nothing is lost.

use std::fs;
use std::path::{Path, PathBuf};

use ekiden::diag::Diagnostic;
use ekiden::source::FileId;
use ekiden::syntax::{Parsed, ast, dsl, print, yaml};

const LANGUAGE: &str = "en";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the DSL below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "ekiden") {
            found.push(path);
        }
    }
    found.sort();
}

fn clean(parsed: Parsed, text: &str) -> ast::File {
    let told: Vec<(&str, &Diagnostic)> =
        parsed.diagnostics.iter().map(|d| (&text[d.primary.span.range()], d)).collect();
    assert!(told.is_empty(), "{text}\n{told:#?}");
    parsed.file
}

/// YAML groups declarations by kind, so only their order within a kind is compared.
fn by_kind(file: &ast::File) -> Vec<&ast::Item> {
    let kind = |item: &ast::Item| match item {
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
    };
    let mut items: Vec<&ast::Item> = file.items.iter().collect();
    items.sort_by_key(|item| kind(item));
    items
}

/// Converts there and back in both directions, and compares trees and comments.
fn round_trip(text: &str, what: &str) {
    let tree = clean(dsl::parse(FileId(0), text), text);
    let printed = print::dsl(&tree);
    let again = clean(dsl::parse(FileId(0), &printed), &printed);
    assert_eq!(again.items, tree.items, "{what}: printed in the DSL\n{printed}");
    assert_eq!(said(&again), said(&tree), "{what}: comments in the DSL\n{printed}");

    let converted = print::yaml(&tree, LANGUAGE);
    let from_yaml = clean(yaml::parse(FileId(0), &converted), &converted);
    assert_eq!(by_kind(&from_yaml), by_kind(&tree), "{what}: converted to YAML\n{converted}");
    assert_eq!(sorted(&from_yaml), sorted(&tree), "{what}: comments in YAML\n{converted}");

    let back = print::dsl(&from_yaml);
    let back = clean(dsl::parse(FileId(0), &back), &back);
    assert_eq!(by_kind(&back), by_kind(&tree), "{what}: converted back");
    assert_eq!(sorted(&back), sorted(&tree), "{what}: comments converted back");

    let twice = print::yaml(&from_yaml, LANGUAGE);
    assert_eq!(twice, converted, "{what}: YAML printed twice");
}

fn sorted(file: &ast::File) -> Vec<&str> {
    let mut comments = said(file);
    comments.sort();
    comments
}

fn said(file: &ast::File) -> Vec<&str> {
    file.comments.iter().map(|comment| comment.text.as_str()).collect()
}

#[test]
fn the_examples_survive() {
    let mut files = Vec::new();
    sources(&root().join("examples"), &mut files);
    assert!(files.len() >= 8, "the examples are there");
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        round_trip(&text, &path.display().to_string());
    }
}

#[test]
fn every_construct_survives() {
    round_trip(include_str!("convert/everything.ekiden"), "everything.ekiden");
}

#[test]
fn awkward_texts_survive() {
    for text in [
        "yes",
        "no",
        "null",
        "~",
        "12:30",
        "1_000",
        "0x1f",
        "2026-01-01",
        "1e3",
        "- a",
        "a: b",
        "a #b",
        "#",
        "'",
        "\\\"",
        "\\\\",
        "{a}",
        "[a]",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "%",
        "@",
        "`",
        " a ",
        "a\\nb",
        "\\n",
        "a\\n  b\\n",
        "\\tx",
        "리드",
        "リード",
        "é",
        "🙂",
        "a,b",
        "?",
        "=",
        "<<",
        "---",
        "...",
        "true",
        "~~~",
        "a\\r\\nb",
        "on",
        "1",
        "1.5",
        "-",
        "\\u{feff}x",
        "\\u{2028}",
    ] {
        round_trip(&format!("team t \"{text}\" {{ mission \"{text}\" ko \"{text}\" }}"), text);
        round_trip(&format!("stage s {{ channels [\"{text}\", word] }}"), text);
    }
}

/// A comment in a block of YAML, beside its last value or on a line of its own, stands before the
/// brace that YAML does not have.
#[test]
fn comments_stay_in_their_block() {
    let text = "process:\n  name: p\n  status: draft # not yet\nstages:\n  a:\n    owner: x # boss\n    # end of a\n  # before b\n  b:\n    \
        exit:\n      c: {title: C, when: y is present} # why\n# outside\n";
    let parsed = clean(yaml::parse(FileId(0), text), text);
    assert_eq!(
        print::dsl(&parsed),
        "process p {\n  status draft  # not yet\n}\n\nstage a {\n  owner x  # boss\n  # end of a\n}\n\n# before b\nstage b {\n  \
         exit when {\n    c \"C\" y is present  # why\n  }\n}\n# outside\n"
    );
}

/// One team alone owns a goal, several share it, in whatever way the list was written.
#[test]
fn a_goal_of_one_team_has_an_owner() {
    let text = "goal g \"G\" { owner sales }\n\ngoal h \"H\" { shared by [sales, marketing] }\n";
    let tree = clean(dsl::parse(FileId(0), text), text);
    assert!(print::dsl(&tree).contains("owner sales"), "{}", print::dsl(&tree));
    let converted = print::yaml(&tree, LANGUAGE);
    assert!(converted.contains("owner: sales\n"), "{converted}");
    assert!(converted.contains("shared_by: [sales, marketing]\n"), "{converted}");
    round_trip(text, "goals");
}

/// Large numbers keep marks between their thousands; a plain number of YAML has none.
#[test]
fn thousands_are_marked() {
    let text = "record r { n number at least 10_000 at most 1_000_000 }\n\nstage s { record r exit when { a \"A\" n > 12_345.5 and m >= 5_000_000 JPY and n < 9999 } }\n";
    let tree = clean(dsl::parse(FileId(0), text), text);
    let printed = print::dsl(&tree);
    for number in ["at least 10_000 at most 1_000_000", "12_345.5", "5_000_000 JPY", "< 9999"] {
        assert!(printed.contains(number), "{printed}");
    }
    let converted = print::yaml(&tree, LANGUAGE);
    assert!(converted.contains("at_least: 10000"), "{converted}");
    assert!(converted.contains("5_000_000 JPY"), "{converted}");
    round_trip(text, "numbers");
}

/// A comment behind the brace of a declaration is one on all of it.
#[test]
fn a_comment_behind_a_brace_stays_beside_the_name() {
    let text = "process p \"P\" { # first\n  status draft\n}\nrecord d \"D\" from b { # second\n  x text # x\n}\n\
        stage s \"S\" { # third\n  # alone\n  record d\n  exit when { # fourth\n    c \"C\" x is present\n  }\n}\n\
        score h \"H\" of d { # fifth\n  cap fit at 5\n}\nteam t \"T\" { # sixth\n}\n";
    let parsed = clean(dsl::parse(FileId(0), text), text);
    let yaml = print::yaml(&parsed, LANGUAGE);
    for line in [
        "process:  # first",
        "  d:  # second",
        "      x: text  # x",
        "  s:  # third",
        "    # alone\n    record: d",
        "    exit:  # fourth",
        "  h:  # fifth",
        "  t:  # sixth",
    ] {
        assert!(
            yaml.lines().any(|of| of == line) || yaml.contains(&format!("{line}\n")),
            "{line}\n{yaml}"
        );
    }
    // And back.
    let back = print::dsl(&clean(yaml::parse(FileId(0), &yaml), &yaml));
    for line in
        ["process p \"P\" {  # first", "stage s \"S\" {  # third", "  exit when {  # fourth"]
    {
        assert!(back.lines().any(|of| of == line), "{line}\n{back}");
    }
}
