//! `ekiden what-if`

use clap::{Args, Subcommand};
use rustc_hash::FxHashSet;

use super::options::{Findings, Source};
use super::screen::{Screen, Stream};
use super::why::wanted;
use super::{Exit, Failure};
use crate::diag::Diagnostic;
use crate::diff::Part;
use crate::model::Process;

const AFTER: &str = "\
Examples:
  ekiden what-if remove email            what would be found without the field of that name
  ekiden what-if remove mql sales        without the stage `mql` of the process in `sales`
  ekiden what-if remove mql.meeting      without a criterion
  ekiden what-if remove sdr              without a role
  ekiden what-if remove term:mql         without the term, which bears the name of a stage

Nothing is changed. Only what would be found anew is told; the exit code is 1 when an error is among it.
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
        // Places stay what they were: the texts are the same, only what was read from them is not.
        let key =
            |found: &Diagnostic| (found.code, found.primary.span.key(), found.message.clone());
        let known: FxHashSet<_> = before.diagnostics.iter().map(key).collect();
        let mut project = before.project;
        let mut removed = false;
        for file in project.files.iter_mut().filter(|file| file.id == place.file) {
            if let Some(without) = file.without(place) {
                *file = without;
                removed = true;
            }
        }
        if !removed {
            return Err(Failure::new(format!("{said} cannot be left out by itself")));
        }
        let baseline = remove.findings.read_baseline(&remove.source, &mut project)?;
        let mut after = remove.findings.check_against(project, baseline)?;
        after.diagnostics.retain(|found| !known.contains(&key(found)));
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
