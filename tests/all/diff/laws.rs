//! What holds of every difference: none between a process and itself, however it is written; taken
//! back, it is the opposite.

use ekiden::diff::{Kind, Part, render};
use ekiden::model::Process;
use ekiden::sema;
use ekiden::source::FileId;
use ekiden::syntax::{ast, dsl, print, yaml};

use crate::mutations::corpus::{self, Source};
use crate::mutations::meaning;

use super::{changes, read, told};

fn trees(source: &Source) -> Vec<ast::File> {
    let files = source.files.iter().enumerate();
    files.map(|(at, file)| file.parse(FileId(u32::try_from(at).unwrap())).file).collect()
}

fn process(trees: &[ast::File]) -> Process {
    sema::analyze(trees, "process").process
}

#[track_caller]
fn is_empty(old: &Process, new: &Process, what: &str) {
    let difference = changes(old, new);
    let shown: Vec<_> = difference
        .changes
        .iter()
        .map(|change| (change.kind, change.said(old, new), change.aspect, &change.old, &change.new))
        .collect();
    assert!(shown.is_empty(), "{what}: {shown:#?}");
    assert_eq!(render::summary(&difference), "no changes");
}

#[test]
fn a_process_has_not_changed_from_itself() {
    assert!(corpus::processes().len() >= 8);
    for source in corpus::processes() {
        let one = process(&trees(source));
        is_empty(&one, &one, &source.name);
    }
}

#[test]
fn order_is_no_change() {
    for source in corpus::processes() {
        let forward = trees(source);
        let mut backward = forward.clone();
        backward.reverse();
        for file in &mut backward {
            file.items.reverse();
        }
        is_empty(&process(&forward), &process(&backward), &source.name);
    }
}

#[test]
fn notation_is_no_change() {
    let mut count = 0;
    for source in corpus::processes() {
        let forward = trees(source);
        let language = process(&forward).languages.first().cloned().unwrap();
        let other: Vec<ast::File> = forward
            .iter()
            .map(|file| {
                let parsed = yaml::parse(FileId(0), &print::yaml(file, &language));
                assert!(parsed.diagnostics.is_empty(), "{}", source.name);
                parsed.file
            })
            .collect();
        count += 1;
        is_empty(&process(&forward), &process(&other), &source.name);
        let again: Vec<ast::File> =
            forward.iter().map(|file| dsl::parse(FileId(0), &print::dsl(file)).file).collect();
        is_empty(&process(&forward), &process(&again), &source.name);
    }
    assert!(count >= 8);
}

/// What a change is, without the names it is told by. What a condition lets through depends on
/// the scores that it reads, and those are taken as the later process defines them.
fn kinds(old: &Process, new: &Process, back: bool) -> Vec<(String, Kind)> {
    let difference = changes(old, new);
    let rated = difference.changes.iter().any(|change| {
        let part = change.part.new.or(change.part.old);
        matches!(part, Some(Part::Score(_) | Part::Grade(..) | Part::Points(..)))
    });
    let mut all: Vec<(String, Kind)> = difference
        .changes
        .iter()
        .filter(|change| change.kind != Kind::Unmatched)
        .map(|change| {
            let part = change.part.new.or(change.part.old).unwrap();
            let word = part.word(if change.part.new.is_some() { new } else { old });
            let kind = match change.kind {
                Kind::Retired | Kind::Merged => Kind::Removed,
                Kind::Tightened | Kind::Loosened | Kind::Shifted | Kind::Reworded if rated => {
                    Kind::Changed
                }
                kind => kind,
            };
            let kind = if back { kind.reversed() } else { kind };
            (format!("{word} {:?}", change.aspect), kind)
        })
        .collect();
    all.sort_by_key(|(what, kind)| (what.clone(), *kind));
    all
}

/// Processes are changed at random; what the change is one way, it is not the other way.
#[test]
fn a_change_taken_back_is_its_opposite() {
    let (mut compared, mut changed) = (0, 0);
    for seed in 0..60u32 {
        let source = &corpus::processes()[seed as usize % corpus::processes().len()];
        let mix = |n: u32| seed.wrapping_mul(2_654_435_761).wrapping_add(n.wrapping_mul(40_503));
        let mutant = meaning::mutate(
            std::slice::from_ref(source),
            seed,
            &[(mix(1), mix(2), mix(3), mix(4)), (mix(5), mix(6), mix(7), mix(8))],
        );
        let (one, other) = (process(&trees(source)), process(&trees(&mutant)));
        if one.broken || other.broken {
            continue;
        }
        compared += 1;
        let forward = kinds(&one, &other, false);
        changed += usize::from(!forward.is_empty());
        assert_eq!(forward, kinds(&other, &one, true), "{}, seed {seed}\n{mutant}", source.name);
    }
    assert!(compared > 30 && changed > 15, "{changed} of {compared} changed");
}

/// The formatter lays out a file; that changes nothing, and says nothing.
#[test]
fn nothing_is_said_of_nothing() {
    let one = read(
        "team sales { } record lead { size number }\nstage a { record lead entry owner sales }",
    );
    let other = read(
        "# A comment.\nstage a { owner sales  record lead  entry }\n\nrecord lead { size number }\nteam sales { }",
    );
    assert_eq!(told(&one, &other), "");
}
