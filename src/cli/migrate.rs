//! `ekiden migrate`

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;

use super::options::{Findings, Format, Source};
use super::pipeline::{self, Checked};
use super::screen::{Screen, Stream};
use super::{Exit, Failure, files};
use crate::emit::{Migration, migrate, migration_dialects};
use crate::project;

const AFTER: &str = "\
Examples:
  ekiden migrate --from HEAD~1 --dialect postgres      since the last commit
  ekiden migrate sales --from v2026.1 --out migration  since a tag, a file for each database
  ekiden migrate --from v2026.1.json --dialect sqlite  since a snapshot
  ekiden migrate --from ../sales-before --dialect sqlite | sqlite3 -bail sales.db

The script turns a database that was made from the earlier process by target `sql`
into one of the present process and keeps its rows. What would lose rows or values is
an error, unless the process says where they go by `was` and `retired`.";

/// Write the SQL that brings a database from an earlier process to this one
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Migrate {
    #[command(flatten)]
    source: Source,

    /// The earlier process: a folder, a file, a snapshot, or a git revision of this one, such as `HEAD~1`
    #[arg(long, value_name = "WHAT")]
    from: String,

    /// The databases to write for; by default those of the manifest
    #[arg(long, value_name = "DIALECT", value_delimiter = ',')]
    dialect: Vec<String>,

    /// The folder for the scripts, one for each database; by default standard output
    #[arg(long, short, value_name = "DIR")]
    out: Option<Utf8PathBuf>,

    #[command(flatten)]
    findings: Findings,
}

impl Migrate {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        self.check_dialects()?;
        let earlier = self.earlier(screen)?;
        let mut checked = self.findings.check(&self.source)?;
        checked.judge_baseline(false);
        screen.silenced(checked.silenced());
        if checked.has_errors() {
            self.tell(&checked, screen);
            screen.talk("nothing was written");
            return Ok(Exit::Findings);
        }
        let Migration { scripts, diagnostics } =
            pipeline::between(&earlier, &checked, |old, new| migrate(old, new, &self.dialect));
        let refused = pipeline::has_errors(&diagnostics);
        // Only what a migration is about: the rest is for `check`.
        checked.diagnostics = diagnostics;
        if !checked.diagnostics.is_empty() || self.findings.format.is_document() {
            self.tell(&checked, screen);
        }
        if refused {
            screen.talk("nothing was written");
            return Ok(Exit::Findings);
        }
        if scripts.is_empty() {
            // What is changed in databases that no migrations are written for has been told.
            screen.talk(match checked.diagnostics.as_slice() {
                [] => "nothing to do: both processes make the same database",
                _ => "nothing was written",
            });
            return Ok(Exit::Clean);
        }
        let Some(folder) = &self.out else {
            let [script] = scripts.as_slice() else {
                return Err(Failure::new("several databases need a file each")
                    .help("name one, such as `--dialect postgres`, or a folder, such as `--out migration`"));
            };
            screen.data(&String::from_utf8_lossy(&script.contents));
            return Ok(Exit::Clean);
        };
        files::create_folder(folder)?;
        let scripts: Vec<(Utf8PathBuf, Vec<u8>)> =
            scripts.into_iter().map(|script| (folder.join(script.path), script.contents)).collect();
        files::create(&scripts)?;
        for (path, _) in &scripts {
            screen.talk(&format!("wrote {path}"));
        }
        Ok(Exit::Clean)
    }

    fn check_dialects(&self) -> Result<(), Failure> {
        let known = migration_dialects();
        for name in &self.dialect {
            if !known.contains(&name.as_str()) {
                let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                let message = format!("migrations are not written for `{name}`");
                let help = format!("they are written for {}", known.join(", "));
                return Err(Failure::new(message).help(help));
            }
        }
        Ok(())
    }

    /// The earlier process. It was built once, so that only what keeps it from being understood
    /// speaks against it.
    fn earlier(&self, screen: &mut Screen) -> Result<Checked, Failure> {
        let path = Utf8Path::new(&self.from);
        let project = if path.exists() {
            project::load(path)?
        } else {
            project::load_revision(&self.source.path, &self.from)?
        };
        let earlier = pipeline::understand(project);
        if earlier.has_errors() || earlier.process.is_none() {
            let sources = &earlier.project.sources;
            screen.findings(&earlier.diagnostics, sources, Format::Full, Stream::Talk);
            return Err(Failure::new(format!(
                "the process of `{}` cannot be understood",
                self.from
            ))
            .help("give a revision at which it was free of errors"));
        }
        Ok(earlier)
    }

    /// Findings go to standard error where standard output is for the script.
    fn tell(&self, checked: &Checked, screen: &mut Screen) {
        let format = self.findings.format;
        let stream = if self.out.is_some() { Stream::Data } else { Stream::Talk };
        screen.findings(&checked.diagnostics, &checked.project.sources, format, stream);
    }
}
