//! `ekiden check`

use camino::Utf8PathBuf;
use clap::Args;

use super::fix::{self, Wish};
use super::options::{Findings, Source};
use super::screen::{Screen, Stream};
use super::{Exit, Failure, baseline, pipeline};

const AFTER: &str = "\
Examples:
  ekiden check                               the process in this folder
  ekiden check sales                         the one in `sales`
  ekiden check draft.ekiden                  a process that is a single file
  ekiden check --format concise | grep mql   one line for each finding
  ekiden check --deny one-way-loss           a rule at error level
  ekiden check - < draft.ekiden              from standard input
  ekiden check --fix --diff                  what the safe fixes would change
  ekiden check --fix                         change it
  ekiden check --write-baseline              record what is found: only new findings count

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

    /// Record today's findings, so that only new ones count from now on; by default in the file
    /// that is read (see `--baseline`)
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        conflicts_with_all = ["no_baseline", "fix"]
    )]
    write_baseline: Option<Option<Utf8PathBuf>>,

    /// Apply the fixes that keep the meaning, until there are none
    #[arg(long)]
    fix: bool,

    /// With `--fix`: also those that change the meaning, as it was probably meant
    #[arg(long, requires = "fix")]
    r#unsafe: bool,

    /// With `--fix`: change nothing; print what would change and exit with 1 if anything would
    #[arg(long, requires = "fix")]
    diff: bool,
}

impl Check {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        if self.fix {
            let wish = Wish { changing: self.r#unsafe, diff: self.diff };
            return fix::run(&self.findings, &self.source, wish, screen);
        }
        let checked = match &self.write_baseline {
            Some(file) => {
                baseline::record_findings(&self.findings, &self.source, file.as_deref(), screen)?
            }
            None => {
                let mut checked = self.findings.check(&self.source)?;
                pipeline::validate_targets(&mut checked);
                checked.judge_baseline(true);
                checked
            }
        };
        screen.silenced(checked.silenced());
        let format = self.findings.format;
        screen.findings(&checked.diagnostics, &checked.project.sources, format, Stream::Data);
        Ok(Exit::findings(checked.has_errors()))
    }
}
