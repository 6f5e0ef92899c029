//! From artifacts to files on disk.
//!
//! [`Plan::new`] compares what the targets gave with what the output folder holds; it changes
//! nothing. [`Plan::apply`] makes the folder equal to the plan, whole or not at all. A record of
//! the generated files and their hashes ([`RECORD`]) lies in the folder, so that a file that was
//! not generated, or was edited since, is never overwritten unasked, and one that is no longer
//! generated goes away.

#![expect(clippy::disallowed_methods, reason = "writing what was generated is its task")]

mod apply;
mod diff;
mod portable;
mod record;
mod survey;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::Artifact;
use record::Record;
use survey::Survey;

pub use diff::describe;
pub use record::RECORD;

/// What one target gave.
#[derive(Clone, Debug)]
pub struct Built {
    /// The target's name, which is also its folder.
    pub target: String,
    /// Its files.
    pub artifacts: Vec<Artifact>,
}

/// What is to happen to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is not there yet.
    Add,
    /// It holds something else.
    Change,
    /// It is no longer generated.
    Remove,
}

/// Whose the file that is there now is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody's, or generated and untouched since.
    Ours,
    /// Generated, and edited since.
    Edited,
    /// Not generated.
    Foreign,
}

/// One difference between the folder and what was generated.
#[derive(Clone, Debug)]
pub struct Change {
    /// The file, relative to the output folder.
    pub path: Utf8PathBuf,
    /// What is to happen to it.
    pub action: Action,
    /// Whose it is.
    pub standing: Standing,
    /// What it holds now; `None` when it is not there or is not a file.
    pub old: Option<Vec<u8>>,
    /// What it is to hold; `None` when it is to go.
    pub new: Option<Vec<u8>>,
}

/// Why the folder cannot be made equal to the plan. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A target gave a path that must not be written.
    #[error("target `{target}` gave the path `{path}`, which {reason}")]
    Path {
        /// The target.
        target: String,
        /// The path.
        path: Utf8PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The output folder is something else than a folder.
    #[error("`{0}` is not a folder")]
    NotAFolder(Utf8PathBuf),
    /// The record of generated files cannot be understood.
    #[error("`{path}` is damaged: {reason}")]
    Record {
        /// The record.
        path: Utf8PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Files that are not ours stand in the way.
    #[error("files are in the way that `ekiden build` must not touch")]
    Blocked {
        /// Files that were not generated.
        foreign: Vec<Utf8PathBuf>,
        /// Files that were generated and edited since.
        edited: Vec<Utf8PathBuf>,
    },
    /// The system said no.
    #[error("cannot {doing} `{path}`: {error}")]
    Io {
        /// What was being done, as in "write".
        doing: &'static str,
        /// To what.
        path: Utf8PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl Error {
    fn io(doing: &'static str, path: impl Into<Utf8PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Error::Io { doing, path, error }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Error::Path { .. } => None,
            Error::NotAFolder(_) => Some("choose another folder with `--out`".to_owned()),
            Error::Record { .. } => Some(
                "restore it, or delete it together with the generated files, and build again"
                    .to_owned(),
            ),
            Error::Blocked { foreign, .. } if !foreign.is_empty() => {
                Some("move these files away, or choose another folder with `--out`".to_owned())
            }
            Error::Blocked { .. } => {
                Some("undo the edits, or lose them with `--overwrite-edited`".to_owned())
            }
            Error::Io { .. } => None,
        }
    }
}

/// What has to happen to make an output folder equal to what was generated.
#[derive(Debug)]
pub struct Plan {
    folder: Utf8PathBuf,
    changes: Vec<Change>,
    record: Record,
    record_differs: bool,
}

impl Plan {
    /// Compares `built` with what is in `folder`, which need not exist. With `partial`, files of
    /// other targets stay as they are; without it they are no longer generated, and go.
    pub fn new(folder: &Utf8Path, built: &[Built], partial: bool) -> Result<Plan, Error> {
        let wanted = wanted(built)?;
        if let Some(standing) = folder.ancestors().find(|above| above.exists())
            && !standing.is_dir()
        {
            return Err(Error::NotAFolder(standing.to_owned()));
        }
        let before = Record::read(folder)?;
        let targets: BTreeSet<&str> = built.iter().map(|built| built.target.as_str()).collect();
        let in_scope = |path: &Utf8Path| {
            !partial || path.iter().next().is_some_and(|target| targets.contains(target))
        };

        let survey = Survey { folder, before: &before };
        let mut changes = Vec::new();
        for path in before.files.keys() {
            if in_scope(path) && !wanted.contains_key(path) {
                changes.extend(survey.stale(path)?);
            }
        }
        let going: BTreeSet<Utf8PathBuf> =
            changes.iter().map(|change: &Change| change.path.clone()).collect();
        for (path, contents) in &wanted {
            changes.extend(survey.wanted(path, contents, &going)?);
        }
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        changes.dedup_by(|a, b| a.path == b.path);

        let mut record = Record::default();
        record.files.extend(
            before.files.iter().filter(|(path, _)| !in_scope(path)).map(|(p, h)| (p.clone(), *h)),
        );
        record.files.extend(wanted.iter().map(|(path, bytes)| (path.clone(), record::hash(bytes))));
        let record_differs = record != before;
        Ok(Plan { folder: folder.to_owned(), changes, record, record_differs })
    }

    /// The differences, sorted by path. Empty when the folder is what would be generated.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Makes the folder equal to the plan. Everything is written beside its place first and then
    /// moved; when any of it fails, what was done is undone. With `overwrite_edited`, generated
    /// files that were edited since are not spared.
    pub fn apply(self, overwrite_edited: bool) -> Result<(), Error> {
        let blocked = |standing| {
            let changes = self.changes.iter().filter(|change| change.standing == standing);
            changes.map(|change| self.folder.join(&change.path)).collect::<Vec<_>>()
        };
        let foreign = blocked(Standing::Foreign);
        let edited = if overwrite_edited { Vec::new() } else { blocked(Standing::Edited) };
        if !foreign.is_empty() || !edited.is_empty() {
            return Err(Error::Blocked { foreign, edited });
        }
        if self.changes.is_empty() && !self.record_differs {
            return Ok(());
        }
        apply::apply(&self.folder, &self.changes, &self.record)
    }
}

/// The files that an earlier build wrote into a folder, relative to it. Empty when it left no record
/// there, or one that cannot be read.
pub fn generated(folder: &Utf8Path) -> BTreeSet<Utf8PathBuf> {
    Record::read(folder).map(|record| record.files.into_keys().collect()).unwrap_or_default()
}

/// All artifacts by their path in the output folder, each path checked.
fn wanted(built: &[Built]) -> Result<BTreeMap<Utf8PathBuf, &[u8]>, Error> {
    let mut wanted = BTreeMap::new();
    let mut names = portable::Names::default();
    for Built { target, artifacts } in built {
        for artifact in artifacts {
            let path = Utf8Path::new(target).join(&artifact.path);
            names.admit(&path, &artifact.path).map_err(|reason| Error::Path {
                target: target.clone(),
                path: artifact.path.clone(),
                reason,
            })?;
            wanted.insert(path, artifact.contents.as_slice());
        }
    }
    Ok(wanted)
}

#[cfg(test)]
#[path = "plan/tests.rs"]
mod tests;
