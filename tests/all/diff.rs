//! What has changed between two processes.

mod conditions;
mod laws;
mod renames;
mod renamings;
mod told;
mod verdicts;
mod ways;

use ekiden::diff::{Difference, Sources, diff};
use ekiden::lint::Levels;
use ekiden::model::Process;
use ekiden::source::{FileId, SourceFile, SourceMap};
use ekiden::{sema, syntax};

/// The day of the comparison.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 24);

/// A process and its source.
pub(crate) struct Read {
    process: Process,
    sources: SourceMap,
}

/// Reads a process that must be sound as far as names and types go.
#[track_caller]
fn read(text: &str) -> Read {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("p.ekiden", text));
    assert_eq!(file, FileId(0));
    let parsed = syntax::dsl::parse(file, text);
    let analysis = sema::analyze(&[parsed.file], "p");
    let found: Vec<_> = parsed.diagnostics.into_iter().chain(analysis.diagnostics).collect();
    assert!(found.is_empty(), "{text}\n{found:#?}");
    Read { process: analysis.process, sources }
}

/// Everything that has changed, in words.
fn told(old: &Read, new: &Read) -> String {
    let sources = Sources::new(&old.sources, &new.sources);
    let difference = compare(&old.process, &new.process, &sources);
    ekiden::diff::render::text::render(&difference, &sources, Default::default())
}

fn compare<'a>(old: &'a Process, new: &'a Process, sources: &Sources) -> Difference<'a> {
    diff(old, new, sources, &Levels::default(), TODAY)
}

/// The changes of two processes whose sources do not matter.
fn changes<'a>(old: &'a Process, new: &'a Process) -> Difference<'a> {
    compare(old, new, &Sources::new(&SourceMap::new(), &SourceMap::new()))
}
