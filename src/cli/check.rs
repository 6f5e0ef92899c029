//! `ekiden check`

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use super::fix::{self, Wish};
use super::options::{Findings, Format, Source};
use super::pipeline::Checked;
use super::screen::{Screen, Stream, read_from};
use super::{Exit, Failure, baseline, pipeline};
use crate::diag::Level;
use crate::diag::render::Summary;
use crate::emit::report;
use crate::emit::view::{Facts, silo_report};
use crate::report::silos::silos;

const AFTER: &str = "\
Examples:
  ekiden check                               the process in this folder
  ekiden check sales                         the one in `sales`
  ekiden check draft.ekiden                  a process that is a single file
  ekiden check --format concise | grep mql   one line for each finding
  ekiden check --deny one-way-loss           a rule at error level
  ekiden check - < draft.ekiden              from standard input
  ekiden check --report silos                what holds the teams together, in numbers
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

    /// Print a report instead of findings; `--format json` gives it as JSON
    #[arg(
        long,
        value_enum,
        value_name = "REPORT",
        conflicts_with_all = ["fix", "write_baseline"]
    )]
    report: Option<Report>,

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

/// What can be told of a process besides its faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Report {
    /// Teams, the boundaries between them, and what would close the gaps
    Silos,
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
        if let Some(Report::Silos) = self.report {
            return print_silos(checked, format, screen);
        }
        screen.findings(&checked.diagnostics, &checked.project.sources, format, Stream::Data);
        if checked.half_read && !format.is_document() {
            screen.talk("the rules are checked when the text can be read");
        }
        let exit = Exit::findings(checked.has_errors());
        // The program ends here: taking a large process apart node by node would only make it wait.
        std::mem::forget(checked);
        Ok(exit)
    }
}

/// The report on standard output; on standard error the errors if there are any, else a summary of
/// what `check` finds.
fn print_silos(mut checked: Checked, format: Format, screen: &mut Screen) -> Result<Exit, Failure> {
    if format.is_document() && format != Format::Json {
        let failure = Failure::new("a report has no such format");
        return Err(failure.help("it is text, or with `--format json` JSON"));
    }
    if let Some(process) = &checked.process {
        let facts = Facts::of(process);
        let language = process.languages.first().map_or("en", String::as_str);
        let report = silo_report(process, &facts, &silos(process), language);
        let text = match format {
            // Strings and numbers alone: there is nothing in it that cannot be written.
            Format::Json => {
                format!("{}\n", serde_json::to_string_pretty(&report).unwrap_or_default())
            }
            _ => report::silos(&report),
        };
        screen.data(&text);
    }
    let has_errors = checked.has_errors();
    if has_errors {
        checked.diagnostics.retain(|finding| finding.level == Level::Error);
        let sources = &checked.project.sources;
        screen.findings(&checked.diagnostics, sources, Format::Full, Stream::Talk);
    } else if format != Format::Json {
        let files = read_from(&checked.project.sources);
        screen.talk(&Summary::of(&checked.diagnostics, files).line());
    }
    Ok(Exit::findings(has_errors))
}
