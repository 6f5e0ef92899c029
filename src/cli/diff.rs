//! `ekiden diff`

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};

use super::options::{Format, Weights};
use super::pipeline::{self, Checked};
use super::screen::{Screen, Stream};
use super::{Exit, Failure, renames};
use crate::diag::Diagnostic;
use crate::diff::{self, Difference, Sources, render};
use crate::emit;
use crate::project::{self, Project};

const AFTER: &str = "\
Examples:
  ekiden diff HEAD                       what you have changed since the last commit
  ekiden diff --against main             what this branch changes
  ekiden diff --against main sales       the same of the process in `sales`
  ekiden diff ../sales-before sales      two folders
  ekiden diff v2026.1 v2026.2            two revisions of the process in this folder
  ekiden diff HEAD --format markdown     a comment for a pull request
  ekiden diff HEAD --count sql:sqlite    with queries that count the records in flight
  ekiden diff v2026.1.json sales         since a snapshot was taken
  ekiden diff HEAD --fix --unsafe        what looks renamed is: write `was [old]`
  ekiden diff HEAD --fix --unsafe --diff the same, but only show it

Formatting, order, notation and comments are no change. Conditions are compared by what
they let through. What would hurt somebody is judged by rules: `ekiden explain RULE`.
Exit status: 0 nothing breaks; 1 something breaks at error level; 2 the command failed.";

/// Tell what has changed between two processes, and whom it hurts
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Diff {
    /// The earlier process: a folder, a file, a snapshot, or a git revision such as `HEAD~1`
    #[arg(value_name = "OLD", required_unless_present = "against")]
    old: Option<String>,

    /// The later process, given likewise; by default the folder
    #[arg(value_name = "NEW")]
    new: Option<String>,

    /// The git revision to compare with; what is named besides is the process
    #[arg(long, value_name = "REVISION")]
    against: Option<String>,

    /// How the difference is printed
    #[arg(long, value_enum, default_value_t = Shape::Full)]
    format: Shape,

    /// The system for which queries that count records in flight are written: `sql:postgres` or
    /// another database, `salesforce`, `hubspot`; by default what the manifest has something made
    /// for
    #[arg(long, value_name = "SYSTEM")]
    count: Option<String>,

    /// Apply fixes to the later process, and compare then; it must lie on disk
    #[arg(long)]
    fix: bool,

    /// With `--fix`: take what looks renamed as renamed; there are no other fixes
    #[arg(long, requires = "fix")]
    r#unsafe: bool,

    /// With `--fix --unsafe`: change nothing; print what would change and exit with 1 if anything
    /// would
    #[arg(long, requires = "unsafe")]
    diff: bool,

    #[command(flatten)]
    weights: Weights,
}

/// How a difference is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// Grouped by who is hurt, with reasons and advice
    Full,
    /// One line each: `path:line:column: level[rule] message`
    Concise,
    /// One JSON object, described by schemas/diff.schema.json
    Json,
    /// One comment for a pull request; nothing when nothing has changed
    Markdown,
    /// What breaks, as SARIF 2.1.0
    Sarif,
    /// What breaks, as annotations of GitHub Actions
    Github,
    /// What breaks, as a JUnit report
    Junit,
}

/// The folder when no process is named.
const HERE: &str = ".";

impl Diff {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let (old, new) = self.ends()?;
        let system = self.system()?;
        if self.fix {
            renames::writable(&new)?;
        }
        // A revision is one of the process that the other end names, if it names one.
        let place = |other: &str| {
            let other = Utf8Path::new(other);
            // A snapshot tells nothing of where its process lies.
            let is_place = other.exists() && !project::is_snapshot(other);
            if is_place { other.to_owned() } else { Utf8PathBuf::from(HERE) }
        };
        let old = understood(load(&old, &place(&new), self.against.is_some())?, &old, screen)?;
        let new = understood(load(&new, &place(HERE), false)?, &new, screen)?;
        let (new, renamed) = if self.fix && self.r#unsafe {
            let show = self.diff.then_some(&mut *screen);
            renames::apply(new, show, |new| {
                let sources = pipeline::sources(&old.project, new);
                let difference = self.compare(&old, new, &sources)?;
                let fixes = difference.iter().flat_map(renames::fixes);
                Ok(fixes.cloned().collect())
            })?
        } else {
            (new, 0)
        };
        if self.diff {
            screen.talk(&format!("{renamed} would be fixed"));
            return Ok(Exit::findings(renamed > 0));
        }
        let sources = pipeline::sources(&old.project, &new);
        let Some(mut difference) = self.compare(&old, &new, &sources)? else {
            return Ok(Exit::Findings);
        };
        let flights = &difference.flights;
        let today = self.today(&new);
        let counts =
            pipeline::between(&old, &new, |old, new| emit::count(old, new, flights, system, today));
        difference.count(counts);
        self.print(&difference, &sources, screen);
        if self.fix {
            let left = renames::fixes(&difference).count();
            let more = if left > 0 && !self.r#unsafe {
                format!("; `--unsafe` has a fix for {left}")
            } else {
                String::new()
            };
            screen.talk(&format!("{renamed} fixed{more}"));
        }
        Ok(Exit::findings(difference.is_breaking()))
    }

    /// The difference of two processes that were understood.
    fn compare<'c>(
        &self,
        old: &'c Checked,
        new: &'c Checked,
        sources: &Sources,
    ) -> Result<Option<Difference<'c>>, Failure> {
        let (Some(before), Some(after)) = (&old.process, &new.process) else { return Ok(None) };
        let levels = self.weights.levels()?;
        let levels = pipeline::all_levels(&new.project.manifest, levels, self.weights.preset);
        Ok(Some(diff::diff(before, after, sources, &levels, self.today(new))))
    }

    /// The day on which it is asked, in the time zone of the later process.
    fn today(&self, new: &Checked) -> jiff::civil::Date {
        let clock = |process| pipeline::clock(process);
        self.weights.today.or(new.process.as_ref().map(clock)).unwrap_or_default()
    }

    /// The system that was named.
    fn system(&self) -> Result<Option<&str>, Failure> {
        let Some(named) = &self.count else { return Ok(None) };
        let known = emit::counting();
        if known.contains(named) {
            return Ok(Some(named));
        }
        let message = format!("records in flight cannot be counted for `{named}`");
        let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        let help = format!("queries are written for {}", known.join(", "));
        Err(Failure::new(message).help(help))
    }

    /// What is compared with what.
    fn ends(&self) -> Result<(String, String), Failure> {
        let here = || HERE.to_owned();
        match (&self.against, &self.old, &self.new) {
            (Some(_), Some(_), Some(_)) => Err(Failure::new(
                "`--against` names what is compared with: of two processes one is too many",
            )
            .help("write `ekiden diff OLD NEW`, or `ekiden diff --against REVISION PROCESS`")),
            (Some(revision), process, None) => {
                Ok((revision.clone(), process.clone().unwrap_or_else(here)))
            }
            (None, Some(old), new) => Ok((old.clone(), new.clone().unwrap_or_else(here))),
            // The parser asks for one of them.
            (_, None, _) => Err(Failure::new("there is nothing to compare with")),
        }
    }

    fn print(&self, difference: &Difference<'_>, sources: &Sources, screen: &mut Screen) {
        let mut finding = |format: Format| {
            let breaks: Vec<Diagnostic> =
                difference.changes.iter().flat_map(|change| change.breaks.clone()).collect();
            screen.findings(&breaks, sources.map(), format, Stream::Data);
        };
        match self.format {
            Shape::Sarif => return finding(Format::Sarif),
            Shape::Github => return finding(Format::Github),
            Shape::Junit => return finding(Format::Junit),
            Shape::Json => return screen.data(&render::json::render(difference, sources)),
            Shape::Markdown => return screen.data(&render::markdown::render(difference, sources)),
            Shape::Full => {
                let style = screen.style();
                screen.data(&render::text::render(difference, sources, style));
                // Queries are long: a person at a terminal asks for them.
                if self.count.is_some() {
                    screen.data(&render::text::flights(difference, style));
                }
            }
            Shape::Concise => {
                screen.data(&render::concise::render(difference, sources, screen.style()));
            }
        }
        screen.talk(&render::summary(difference));
    }
}

/// A folder, file or snapshot, or else a revision of the process at `place`.
fn load(what: &str, place: &Utf8Path, is_revision: bool) -> Result<Project, Failure> {
    let path = Utf8Path::new(what);
    if path.exists() && !is_revision {
        return Ok(project::load(path)?);
    }
    let loaded = project::load_revision(place, what);
    // What lies on disk is meant, and `--against` looks for it in git only.
    if loaded.is_err() && path.exists() && !project::has_revision(place, what) {
        let is = if path.is_dir() { "folder" } else { "file" };
        let message = format!("`{what}` is a {is}, and no revision that git knows");
        return Err(Failure::new(message).help(format!(
            "two paths are compared without `--against`: `ekiden diff {what} {place}`"
        )));
    }
    Ok(loaded?)
}

/// The process, if it can be understood. Its other faults are for `check`.
pub(super) fn understood(
    project: Project,
    what: &str,
    screen: &mut Screen,
) -> Result<Checked, Failure> {
    let checked = pipeline::understand(project);
    if checked.has_errors() || checked.process.is_none() {
        let sources = &checked.project.sources;
        screen.findings(&checked.diagnostics, sources, Format::Full, Stream::Talk);
        let message = format!("the process of `{what}` cannot be understood");
        return Err(Failure::new(message)
            .help("only sound sources can be compared: mend it, or choose another revision"));
    }
    Ok(checked)
}
