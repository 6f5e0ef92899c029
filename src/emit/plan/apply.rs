//! Makes the changes of a plan: all of them, or none.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use super::record::{RECORD, Record};
use super::{Change, Error};

/// Applies changes to a folder. New files are first written to a hidden folder beside their places,
/// where a full disk or a lack of rights shows; then they are moved. If a move fails, those before
/// it are undone.
pub(super) fn apply(folder: &Utf8Path, changes: &[Change], record: &Record) -> Result<(), Error> {
    let mut journal = Journal::default();
    let result = run(folder, changes, record, &mut journal);
    if result.is_err() {
        journal.undo();
    }
    result
}

fn run(
    folder: &Utf8Path,
    changes: &[Change],
    record: &Record,
    journal: &mut Journal,
) -> Result<(), Error> {
    journal.create_folders(folder)?;
    let stage = journal.stage_in(folder)?;

    let text = record.text();
    let new_files = changes
        .iter()
        .filter_map(|change| Some((change.path.as_path(), change.new.as_deref()?)))
        .chain([(Utf8Path::new(RECORD), text.as_bytes())]);
    let mut staged: Vec<(Utf8PathBuf, Utf8PathBuf)> = Vec::new();
    for (number, (path, contents)) in new_files.enumerate() {
        let place = folder.join(path);
        let temporary = stage.join(format!("new-{number}"));
        fs::write(&temporary, contents).map_err(Error::io("write", &place))?;
        staged.push((temporary, place));
    }

    // Removals come first: a file that goes may be in the way of a folder that comes, and on some
    // systems stands under the same name but for case.
    for (number, change) in changes.iter().filter(|change| change.new.is_none()).enumerate() {
        let place = folder.join(&change.path);
        journal.take_away(&place, stage.join(format!("gone-{number}")))?;
        journal.remove_empty_folders(folder, &place);
    }
    for (number, (temporary, place)) in staged.iter().enumerate() {
        journal.put(temporary, place, &stage.join(format!("old-{number}")))?;
    }
    Ok(())
}

/// What was done, in order, so that it can be undone. It owns the folder with the new and the
/// replaced files, which goes when the journal does.
#[derive(Default)]
struct Journal {
    done: Vec<Step>,
    staging: Option<tempfile::TempDir>,
    /// How many steps were done before the staging folder was made.
    before_staging: usize,
}

enum Step {
    FolderCreated(Utf8PathBuf),
    FolderRemoved(Utf8PathBuf),
    TakenAway { place: Utf8PathBuf, backup: Utf8PathBuf },
    Put { place: Utf8PathBuf, backup: Option<Utf8PathBuf> },
}

impl Journal {
    fn stage_in(&mut self, folder: &Utf8Path) -> Result<Utf8PathBuf, Error> {
        let staging = tempfile::Builder::new()
            .prefix(".ekiden-")
            .tempdir_in(folder)
            .map_err(Error::io("write into", folder))?;
        let name = staging.path().file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stage = folder.join(name);
        self.staging = Some(staging);
        self.before_staging = self.done.len();
        Ok(stage)
    }

    /// Creates a folder and those above it that are missing.
    fn create_folders(&mut self, folder: &Utf8Path) -> Result<(), Error> {
        let missing: Vec<&Utf8Path> = folder
            .ancestors()
            .take_while(|above| !above.as_str().is_empty() && !above.exists())
            .collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder).map_err(Error::io("create", folder))?;
            self.done.push(Step::FolderCreated(folder.to_owned()));
        }
        Ok(())
    }

    fn take_away(&mut self, place: &Utf8Path, backup: Utf8PathBuf) -> Result<(), Error> {
        fs::rename(place, &backup).map_err(Error::io("remove", place))?;
        self.done.push(Step::TakenAway { place: place.to_owned(), backup });
        Ok(())
    }

    /// Removes the folders above `place` that are now empty, up to the output folder, which stays.
    fn remove_empty_folders(&mut self, output: &Utf8Path, place: &Utf8Path) {
        let above = place.ancestors().skip(1).take_while(|above| *above != output);
        for folder in above {
            if fs::remove_dir(folder).is_err() {
                return;
            }
            self.done.push(Step::FolderRemoved(folder.to_owned()));
        }
    }

    /// Moves a new file to its place. What stood there is kept as `backup`; readers see either.
    fn put(&mut self, new: &Utf8Path, place: &Utf8Path, backup: &Utf8Path) -> Result<(), Error> {
        if let Some(above) = place.parent() {
            self.create_folders(above)?;
        }
        let standing = fs::symlink_metadata(place);
        let backup = standing.is_ok_and(|found| found.is_file()).then(|| backup.to_owned());
        if let Some(backup) = &backup {
            fs::hard_link(place, backup)
                .or_else(|_| fs::copy(place, backup).map(|_| ()))
                .map_err(Error::io("keep a copy of", place))?;
        }
        fs::rename(new, place).map_err(Error::io("replace", place))?;
        self.done.push(Step::Put { place: place.to_owned(), backup });
        Ok(())
    }

    /// Undoes every step, the last one first. A step that cannot be undone does not keep the
    /// others from it; the error that led here is the one that is reported.
    fn undo(mut self) {
        while let Some(step) = self.done.pop() {
            if self.done.len() < self.before_staging {
                // It lies in the folder that is about to be removed.
                self.staging = None;
            }
            let _ = match step {
                Step::FolderCreated(folder) => fs::remove_dir(folder),
                Step::FolderRemoved(folder) => fs::create_dir(folder),
                Step::TakenAway { place, backup } => fs::rename(backup, place),
                Step::Put { place, backup: Some(backup) } => fs::rename(backup, place),
                Step::Put { place, backup: None } => fs::remove_file(place),
            };
        }
    }
}
