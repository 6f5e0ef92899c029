//! `ekiden check`

use clap::Args;

use super::options::{Findings, Source};
use super::screen::{Screen, Stream};
use super::{Exit, Failure, pipeline};

const AFTER: &str = "\
Examples:
  ekiden check                               the process in this folder
  ekiden check sales                         the one in `sales`
  ekiden check draft.ekiden                  a process that is a single file
  ekiden check --format concise | grep mql   one line for each finding
  ekiden check --deny one-way-loss           a rule at error level
  ekiden check - < draft.ekiden              from standard input

Findings go to standard output, the summary to standard error.
`ekiden explain RULE` tells what a rule is for and how to mend what it finds.";

/// Find what is wrong with a process
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Check {
    #[command(flatten)]
    source: Source,

    #[command(flatten)]
    findings: Findings,
}

impl Check {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let mut checked = self.findings.check(&self.source)?;
        pipeline::validate_targets(&mut checked);
        let format = self.findings.format;
        screen.findings(&checked.diagnostics, &checked.project.sources, format, Stream::Data);
        let exit = Exit::findings(checked.has_errors());
        // The program ends here: taking a large process apart node by node would only make it wait.
        std::mem::forget(checked);
        Ok(exit)
    }
}
