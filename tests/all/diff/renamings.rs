//! Names are changed at random, and the new process says what they were. The renamings that the
//! difference tells, made in the old process, leave no difference.

use std::collections::{BTreeMap, BTreeSet};

use ekiden::diff::{Aspect, Kind, Part};
use ekiden::model::Process;
use ekiden::sema;
use ekiden::source::FileId;
use ekiden::syntax::{ast, dsl, print};

use crate::mutations::corpus;

use super::changes;

/// The text with other words for some; what stands in quotes and comments stays.
fn reworded(text: &str, words: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let length = if let Some(long) = rest.strip_prefix("\"\"\"") {
            long.find("\"\"\"").unwrap() + 6
        } else if c == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.unwrap() + 2
        } else if c == '#' {
            rest.find('\n').unwrap_or(rest.len())
        } else if word(c) {
            rest.find(|c| !word(c)).unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        out.push_str(words.get(token).map_or(token, String::as_str));
        rest = after;
    }
    out
}

fn parsed(texts: &[String]) -> Option<Vec<ast::File>> {
    let mut files = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let parsed = dsl::parse(FileId(u32::try_from(at).unwrap()), text);
        if !parsed.diagnostics.is_empty() {
            return None;
        }
        files.push(parsed.file);
    }
    Some(files)
}

/// Every declaration that has a place for earlier names.
fn each(files: &mut [ast::File], visit: &mut dyn FnMut(&ast::Name, &mut Vec<ast::Name>)) {
    for item in files.iter_mut().flat_map(|file| &mut file.items) {
        match item {
            ast::Item::Team(team) => {
                visit(&team.name, &mut team.was);
                team.roles.iter_mut().for_each(|role| visit(&role.name, &mut role.was));
            }
            ast::Item::Record(record) => {
                visit(&record.name, &mut record.was);
                for field in &mut record.fields {
                    visit(&field.name, &mut field.was);
                    if let ast::FieldType::OneOf(options) | ast::FieldType::ManyOf(options) =
                        &mut field.ty.value
                    {
                        options.iter_mut().for_each(|option| visit(&option.name, &mut option.was));
                    }
                }
            }
            ast::Item::Stage(stage) => {
                visit(&stage.name, &mut stage.was);
                let all = stage.exit.iter_mut().chain(&mut stage.enter);
                all.for_each(|criterion| visit(&criterion.name, &mut criterion.was));
            }
            ast::Item::Goal(goal) => visit(&goal.name, &mut goal.was),
            ast::Item::Feedback(feedback) => visit(&feedback.name, &mut feedback.was),
            ast::Item::Score(score) => visit(&score.name, &mut score.was),
            ast::Item::Term(term) => visit(&term.name, &mut term.was),
            ast::Item::Play(play) => visit(&play.name, &mut play.was),
            _ => {}
        }
    }
}

fn process(files: &[ast::File]) -> Process {
    sema::analyze(files, "process").process
}

#[test]
fn renamings_that_are_told_leave_no_difference() {
    let (mut compared, mut renamed) = (0, 0);
    let mut kinds: BTreeSet<&'static str> = BTreeSet::new();
    for seed in 0..150usize {
        let source = &corpus::processes()[seed % corpus::processes().len()];
        let texts: Vec<String> = source
            .files
            .iter()
            .enumerate()
            .map(|(at, file)| print::dsl(&file.parse(FileId(u32::try_from(at).unwrap())).file))
            .collect();
        let Some(mut before) = parsed(&texts) else { continue };
        let mut names: Vec<String> = Vec::new();
        each(&mut before, &mut |name, _| names.push(name.text.clone()));
        names.sort();
        names.dedup();
        // Three of them, far from each other.
        let step = 7 + seed / 3;
        let chosen: BTreeMap<String, String> = (0..3)
            .map(|n| names[(seed * 13 + n * step) % names.len()].clone())
            .map(|name| (name.clone(), format!("{name}_zz")))
            .collect();
        let now: Vec<String> = texts.iter().map(|text| reworded(text, &chosen)).collect();
        // A name that is a word of the language, too, cannot be changed so.
        let Some(mut after) = parsed(&now) else { continue };
        let mut hinted = BTreeSet::new();
        each(&mut after, &mut |name, was| {
            if let Some(old) = name.text.strip_suffix("_zz")
                && chosen.contains_key(old)
            {
                was.push(ast::Name::new(old, name.span));
                hinted.insert(old.to_owned());
            }
        });
        let (old, new) = (process(&before), process(&after));
        if old.broken || new.broken {
            continue;
        }
        let difference = changes(&old, &new);
        let mut told: BTreeMap<String, String> = BTreeMap::new();
        for change in &difference.changes {
            let whole = change.aspect == Aspect::Whole;
            let (Some(was), Some(is)) = (change.part.old, change.part.new) else { continue };
            if whole && change.kind == Kind::Renamed {
                told.insert(was.name(&old), is.name(&new));
                kinds.insert(was.word(&old));
            }
        }
        // Each that bears a hint is told, and by the right name.
        for name in &hinted {
            assert_eq!(told.get(name), Some(&format!("{name}_zz")), "{}, {seed}", source.name);
        }
        let gone = difference.changes.iter().filter(|change| {
            let part = change.part.new.or(change.part.old);
            let is_named = matches!(
                part,
                Some(
                    Part::Team(_)
                        | Part::Role(_)
                        | Part::Record(_)
                        | Part::Field(_)
                        | Part::Option(..)
                        | Part::Stage(_)
                        | Part::Criterion(_)
                        | Part::Goal(_)
                )
            );
            let is_whole = change.aspect == Aspect::Whole;
            is_named && is_whole && matches!(change.kind, Kind::Added | Kind::Removed)
        });
        let gone: Vec<String> = gone.map(|change| change.said(&old, &new)).collect();
        assert!(gone.is_empty(), "{}, {seed}: {gone:?}", source.name);
        // The same in the old process: nothing is left but hints that have nothing to say.
        let made: Vec<String> = texts.iter().map(|text| reworded(text, &told)).collect();
        let made = process(&parsed(&made).unwrap());
        let left = changes(&made, &new);
        let left: Vec<String> = left
            .changes
            .iter()
            .filter(|change| change.kind != Kind::Unmatched)
            .map(|change| format!("{:?} {}", change.kind, change.said(&made, &new)))
            .collect();
        assert!(left.is_empty(), "{}, {seed}, {told:?}: {left:#?}", source.name);
        compared += 1;
        renamed += told.len();
    }
    assert!(compared > 40 && renamed > 80, "{renamed} in {compared}");
    for kind in ["stage", "field", "option", "team", "exit criterion"] {
        assert!(kinds.contains(kind), "{kind} in {kinds:?}");
    }
}
