//! `ekiden snapshot`

use camino::Utf8PathBuf;
use clap::Args;

use super::options::{Format, Source};
use super::screen::{Screen, Stream};
use super::{Exit, Failure, files, pipeline};
use crate::emit::TEMPLATES;
use crate::project;

const AFTER: &str = "\
Examples:
  ekiden snapshot sales -o sales-2026.1.json    keep the process as it is today
  ekiden diff sales-2026.1.json sales           what has changed since
  ekiden migrate sales --from sales-2026.1.json --dialect postgres

A snapshot holds the files of the process, its manifest and its templates, word for word.
Where there is a git repository, its revisions do the same without a file.";

/// Write a process into one file, to compare with later
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Snapshot {
    #[command(flatten)]
    source: Source,

    /// The file, named `*.json`; by default standard output. An older snapshot is replaced
    #[arg(long, short, value_name = "FILE")]
    out: Option<Utf8PathBuf>,
}

impl Snapshot {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        if let Some(out) = self.out.as_deref().filter(|out| out.extension() != Some("json")) {
            return Err(Failure::new(format!("`{out}` is not named as a snapshot is"))
                .help(format!("name it `{}`", out.with_extension("json"))));
        }
        if self.source.is_snapshot() {
            let message = format!("`{}` is a snapshot already", self.source.path);
            return Err(Failure::new(message).help("name a folder or a file of a process"));
        }
        let mut project = self.source.load()?;
        // A single file has no templates, here as elsewhere.
        if self.source.path.is_dir() || self.source.manifest.is_some() {
            project.read_templates(TEMPLATES);
        }
        let checked = pipeline::understand(project);
        if checked.has_errors() || checked.process.is_none() {
            let sources = &checked.project.sources;
            screen.findings(&checked.diagnostics, sources, Format::Full, Stream::Talk);
            screen.talk("nothing was written");
            return Ok(Exit::Findings);
        }
        let manifest = self.source.manifest.as_deref();
        let text = project::snapshot(&checked.project, &self.source.path, manifest)?;
        let Some(out) = &self.out else {
            screen.data(&text);
            return Ok(Exit::Clean);
        };
        if out.exists() {
            // Only what is certainly a snapshot, and not one of a later version, is replaced.
            project::load_snapshot(out).map_err(|error| {
                Failure::new(format!("`{out}` is not replaced: {error}"))
                    .help("name another file, or remove this one")
            })?;
            files::replace(out, text.as_bytes())?;
        } else {
            files::create(&[(out.clone(), text.into_bytes())])?;
        }
        screen.talk(&format!("wrote {out}"));
        Ok(Exit::Clean)
    }
}
