//! `ekiden what-if`

use clap::{Args, Subcommand};
use rustc_hash::FxHashSet;

use super::options::{Findings, Source};
use super::screen::{Screen, Stream};
use super::why::wanted;
use super::{Exit, Failure, pipeline};
use crate::diag::{Code, Diagnostic};
use crate::diff::Part;
use crate::model::Process;
use crate::source::{FileId, Span};
use crate::syntax::ast::File;

const AFTER: &str = "\
Examples:
  ekiden what-if remove email            what would be found without the field of that name
  ekiden what-if remove mql sales        without the stage `mql` of the process in `sales`
  ekiden what-if remove mql.meeting      without a criterion
  ekiden what-if remove sdr              without a role
  ekiden what-if remove term:mql         without the term, which bears the name of a stage

Nothing is changed. Only what would be found anew is told; the exit code is 1 when an error is among it.
With a stage go the moves to it and its route. What else names the part is told, for it would
not be understood any more, and what the rules find without it.
`ekiden why` tells what leans on something, found or not.";

/// Tell what would break if something went, and change nothing
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct WhatIf {
    #[command(subcommand)]
    change: Change,
}

#[derive(Debug, Subcommand)]
enum Change {
    /// Leave out a declaration, a role, a field, an option or a criterion
    Remove(Remove),
}

/// Leave out a declaration, a role, a field, an option or a criterion
#[derive(Debug, Args)]
struct Remove {
    /// The name: `mql`, `lead.email`, `mql.meeting`, `term:mql`
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    source: Source,

    #[command(flatten)]
    findings: Findings,
}

impl WhatIf {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let Change::Remove(remove) = self.change;
        let before = remove.findings.check(&remove.source)?;
        let Some(process) = &before.process else {
            screen.findings(
                &before.diagnostics,
                &before.project.sources,
                remove.findings.format,
                Stream::Talk,
            );
            return Ok(Exit::Findings);
        };
        let part = only(process, &remove.name)?;
        let (said, place) = (part.said(process), part.span(process));
        let stage = match part {
            Part::Stage(_) => Some(part.name(process)),
            _ => None,
        };
        let mut known: FxHashSet<Key> = before.diagnostics.iter().map(key).collect();
        let mut project = before.project;
        let baseline = remove.findings.read_baseline(&remove.source, &mut project)?;
        let mut left = project.clone();
        let mut removed = false;
        for file in left.files.iter_mut().filter(|file| file.id == place.file) {
            if let Some(without) = file.without(place) {
                *file = without;
                removed = true;
            }
        }
        if !removed {
            return Err(Failure::new(format!("{said} cannot be left out by itself")));
        }
        let said = match stage {
            Some(stage) => with_stage(&mut left.files, &stage, &said),
            None => said,
        };
        let mut after = remove.findings.check_against(left.clone(), baseline.clone())?;
        after.diagnostics.retain(|found| !known.contains(&key(found)));
        // What names the part hides what the rules would find. So they are asked without it, too; what
        // is found because that is missing, and not the part, is found with the part as well.
        let faults = after.diagnostics.iter().filter(|found| pipeline::is_of_source(found));
        let places: Vec<Span> = faults.map(|found| found.primary.span).collect();
        if after.process.is_none() && drop_around(&mut left.files, &places) {
            drop_around(&mut project.files, &places);
            let with_it = remove.findings.check_against(project, baseline.clone())?;
            known.extend(with_it.diagnostics.iter().chain(&after.diagnostics).map(key));
            let further = remove.findings.check_against(left, baseline)?.diagnostics;
            after
                .diagnostics
                .extend(further.into_iter().filter(|found| !known.contains(&key(found))));
        }
        if after.diagnostics.is_empty() {
            screen.talk(&format!("without {said} nothing new is found"));
            return Ok(Exit::Clean);
        }
        screen.talk(&format!("without {said}:"));
        let (found, sources) = (&after.diagnostics, &after.project.sources);
        screen.findings(found, sources, remove.findings.format, Stream::Data);
        Ok(Exit::findings(after.has_errors()))
    }
}

/// What a finding is known by. Places stay what they were: the texts are the same, only what was read
/// from them is not.
type Key = (Code, (FileId, u32, u32), String);

fn key(found: &Diagnostic) -> Key {
    (found.code, found.primary.span.key(), found.message.clone())
}

/// Leaves out what goes with a stage, and says so.
fn with_stage(files: &mut [File], stage: &str, said: &str) -> String {
    let (mut moves, mut routes) = (0usize, 0usize);
    for file in files {
        let [of_moves, of_routes] = file.drop_with_stage(stage);
        moves += of_moves;
        routes += of_routes;
    }
    let moves = match moves {
        0 => None,
        1 => Some("the move to it".to_owned()),
        several => Some(format!("the {several} moves to it")),
    };
    let route = (routes > 0).then(|| "its route".to_owned());
    match (moves, route) {
        (Some(moves), Some(route)) => format!("{said}, {moves} and {route}"),
        (Some(one), None) | (None, Some(one)) => format!("{said} and {one}"),
        (None, None) => said.to_owned(),
    }
}

fn drop_around(files: &mut [File], places: &[Span]) -> bool {
    // Of every file, also behind the first that has something.
    files.iter_mut().filter_map(|file| file.drop_around(places).then_some(())).count() > 0
}

/// The part of this name, when only one has it.
fn only(process: &Process, name: &str) -> Result<Part, Failure> {
    let parts = wanted(process, name)?;
    let whole: Vec<Part> = parts.iter().copied().filter(|part| part.key(process) == name).collect();
    match (whole.as_slice(), parts.as_slice()) {
        ([part], _) | (_, [part]) => Ok(*part),
        (_, several) => {
            let keys = || several.iter().map(|part| part.key(process));
            // A stage and the term that explains it bear one name.
            let alike = keys().collect::<FxHashSet<_>>().len() < several.len();
            let kind = |part: &Part| match part {
                _ if !alike => String::new(),
                Part::Criterion(_) => "criterion:".to_owned(),
                part => format!("{}:", part.word(process)),
            };
            let keys: Vec<String> = several
                .iter()
                .zip(keys())
                .map(|(part, key)| format!("`{}{key}`", kind(part)))
                .collect();
            let failure = Failure::new(format!("several parts are called `{name}`"));
            Err(failure.help(format!("say which: {}", keys.join(", "))))
        }
    }
}
