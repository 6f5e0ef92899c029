//! `ekiden build`

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::earlier;
use super::options::{Findings, Format, Source};
use super::pipeline::{self, Checked, Choice};
use super::screen::{Screen, Stream};
use super::{Exit, Failure};
use crate::diag::render::counted;
use crate::emit::plan::{self, Built, Plan};
use crate::project;

/// Lines of a difference that `--check` shows for one file.
const LINES: usize = 20;

const AFTER: &str = "\
Examples:
  ekiden build                          the process in this folder, into `build`
  ekiden build sales --out site         another folder for what is generated
  ekiden build --target docs,sql        some of the targets; files of others stay
  ekiden build --since v1.2             with a page of what has changed since that tag
  ekiden build --check                  fail when what is on disk is out of date

Nothing is written when there are errors. Files are replaced together or not at
all, and only those that `ekiden build` itself has written: a foreign file in the
way, or a generated one that was edited, stops the build.";

/// Check a process and write what it compiles to
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Build {
    #[command(flatten)]
    source: Source,

    /// The output folder; by default `output` of the manifest, else `build` beside it
    #[arg(long, short, value_name = "DIR")]
    out: Option<Utf8PathBuf>,

    /// Build only these targets and leave the files of others as they are
    #[arg(long, short, value_name = "TARGET", value_delimiter = ',')]
    target: Vec<String>,

    /// Tell in documents what has changed since this version: a folder, a file, a snapshot, or a git
    /// revision such as `v1.2`; by default that of the manifest, if it names one
    #[arg(long, value_name = "OLD")]
    since: Option<String>,

    /// Write nothing; print what differs from what is on disk and exit with 1 if anything does
    #[arg(long)]
    check: bool,

    /// Replace generated files even if they were edited since
    #[arg(long)]
    overwrite_edited: bool,

    #[command(flatten)]
    findings: Findings,
}

impl Build {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let mut checked = self.findings.check(&self.source)?;
        let named = self.named(&checked)?;
        let earlier = match checked.has_errors() {
            true => None,
            false => {
                let (since, path) = (self.since.as_deref(), &self.source.path);
                earlier::earlier(since, path, &mut checked, &named, screen)?
            }
        };
        let built = match checked.has_errors() {
            true => Vec::new(),
            false => pipeline::compile(&mut checked, &named, earlier.as_ref()),
        };
        checked.judge_baseline(false);
        screen.silenced(checked.silenced());
        let format = self.findings.format;
        if !checked.diagnostics.is_empty() || checked.silenced() > 0 || format.is_document() {
            let sources = &checked.project.sources;
            screen.findings(&checked.diagnostics, sources, format, Stream::Data);
        }
        if checked.has_errors() {
            screen.talk("nothing was written");
            return Ok(Exit::Findings);
        }
        let folder = self.folder(&checked);
        self.spare_sources(&folder, &checked)?;
        let plan = Plan::new(&folder, &built, !named.is_empty()).map_err(failure)?;
        if self.check {
            return Ok(compare(&folder, &plan, format, screen));
        }
        let lines: Vec<String> =
            built.iter().map(|built| line(built, &folder, plan.changes())).collect();
        plan.apply(self.overwrite_edited).map_err(failure)?;
        for line in lines {
            screen.talk(&line);
        }
        Ok(Exit::Clean)
    }

    /// The targets that were asked for: those of the program, and those of the manifest's own.
    fn named(&self, checked: &Checked) -> Result<Choice, Failure> {
        let mut choice = Choice::default();
        for name in &self.target {
            let own =
                checked.project.manifest.targets.iter().flatten().any(|(own, (_, settings))| {
                    own == name && settings.values.contains_key("templates")
                });
            match pipeline::target(name) {
                Some(target) if choice.built_in.iter().all(|other| other.name != target.name) => {
                    choice.built_in.push(target);
                }
                None if own && !choice.own.contains(name) => choice.own.push(name.clone()),
                None if !own => {
                    let failure = Failure::new(format!("there is no target `{name}`"));
                    return Err(failure.help(pipeline::target_help(name)));
                }
                _ => {}
            }
        }
        Ok(choice)
    }

    /// Refuses an output folder that would hide files of a process from every later run.
    fn spare_sources(&self, folder: &Utf8Path, checked: &Checked) -> Result<(), Failure> {
        let root = (self.source.path != "-").then_some(checked.project.root.as_path());
        let Some(found) = project::overlap(root, folder) else { return Ok(()) };
        let refused = Failure::new(format!("cannot build into `{folder}`: it {}", found.reason()));
        Err(refused.help("give what is generated a folder of its own: `--out build`"))
    }

    fn folder(&self, checked: &Checked) -> Utf8PathBuf {
        let project = &checked.project;
        let folder =
            self.out.clone().unwrap_or_else(|| project.base.join(project.manifest.output()));
        match folder.strip_prefix(".") {
            Ok(short) if !short.as_str().is_empty() => short.to_owned(),
            _ => folder,
        }
    }
}

/// `docs: 12 files in build/docs, 3 changed`
fn line(built: &Built, folder: &Utf8Path, changes: &[plan::Change]) -> String {
    let target = &built.target;
    if built.artifacts.is_empty() {
        return format!("{target}: nothing to write");
    }
    let changed = changes.iter().filter(|change| change.path.starts_with(target)).count();
    let files = counted(built.artifacts.len(), "file");
    let place = folder.join(target);
    let changed = if changed == 0 { "unchanged".to_owned() } else { format!("{changed} changed") };
    format!("{target}: {files} in {place}, {changed}")
}

fn compare(folder: &Utf8Path, plan: &Plan, format: Format, screen: &mut Screen) -> Exit {
    // For programs, standard output holds the findings and nothing else.
    let changes = plan.changes();
    for change in changes {
        let said = plan::describe(folder, change, LINES);
        if format.for_programs() {
            screen.talk(said.trim_end());
        } else {
            screen.data(&said);
        }
    }
    screen.talk(&match changes.len() {
        0 => format!("{folder} is up to date"),
        differing => {
            let differing = counted(differing, "difference");
            format!("{differing} in {folder}: run `ekiden build` to bring it up to date")
        }
    });
    Exit::findings(!changes.is_empty())
}

fn failure(error: plan::Error) -> Failure {
    let mut failure = Failure::new(error.to_string());
    failure.help = error.help();
    if let plan::Error::Blocked { foreign, edited } = error {
        failure.list.extend(foreign.iter().map(|path| format!("{path}: not generated by ekiden")));
        failure
            .list
            .extend(edited.iter().map(|path| format!("{path}: edited since it was generated")));
    }
    failure
}
