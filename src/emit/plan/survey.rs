//! Looks at what is on disk, and changes nothing.

use std::collections::BTreeSet;
use std::{fs, io};

use camino::{Utf8Path, Utf8PathBuf};

use super::record::{self, Record};
use super::{Action, Change, Error, Standing};

/// Compares single files with what is in the output folder.
pub(super) struct Survey<'a> {
    /// The output folder.
    pub(super) folder: &'a Utf8Path,
    /// What was generated the last time.
    pub(super) before: &'a Record,
}

impl Survey<'_> {
    /// What is to happen to a file of the record that is no longer generated.
    pub(super) fn stale(&self, path: &Utf8Path) -> Result<Option<Change>, Error> {
        // What a link or a folder has taken the place of is not the file we wrote, and stays.
        if barrier(self.folder, path)?.is_some() {
            return Ok(None);
        }
        let Found::File(old) = look(&self.folder.join(path))? else { return Ok(None) };
        let standing = self.standing(path, &old);
        let path = path.to_owned();
        Ok(Some(Change { path, action: Action::Remove, standing, old: Some(old), new: None }))
    }

    /// What is to happen to a file that is generated. `going` are the files about to be removed,
    /// which may stand in its way.
    pub(super) fn wanted(
        &self,
        path: &Utf8Path,
        contents: &[u8],
        going: &BTreeSet<Utf8PathBuf>,
    ) -> Result<Option<Change>, Error> {
        let change = |path: &Utf8Path, action, standing, old| {
            let (path, new) = (path.to_owned(), Some(contents.to_owned()));
            Ok(Some(Change { path, action, standing, old, new }))
        };
        if let Some(barrier) = barrier(self.folder, path)? {
            return if going.contains(&barrier) {
                change(path, Action::Add, Standing::Ours, None)
            } else {
                change(&barrier, Action::Change, Standing::Foreign, None)
            };
        }
        match look(&self.folder.join(path))? {
            Found::Nothing => change(path, Action::Add, Standing::Ours, None),
            Found::File(old) if record::same(&old, contents) => Ok(None),
            Found::File(old) => change(path, Action::Change, self.standing(path, &old), Some(old)),
            Found::Folder if self.holds_only(path, going)? => {
                change(path, Action::Add, Standing::Ours, None)
            }
            Found::Folder | Found::Other => change(path, Action::Change, Standing::Foreign, None),
        }
    }

    fn standing(&self, path: &Utf8Path, bytes: &[u8]) -> Standing {
        match self.before.files.get(path) {
            None => Standing::Foreign,
            Some(hash) if record::matches(*hash, bytes) => Standing::Ours,
            Some(_) => Standing::Edited,
        }
    }

    /// Whether a folder holds files of `going` and nothing else.
    fn holds_only(&self, folder: &Utf8Path, going: &BTreeSet<Utf8PathBuf>) -> Result<bool, Error> {
        let mut waiting = vec![folder.to_owned()];
        while let Some(folder) = waiting.pop() {
            let full = self.folder.join(&folder);
            for entry in full.read_dir_utf8().map_err(Error::io("list", &full))? {
                let entry = entry.map_err(Error::io("list", &full))?;
                let path = folder.join(entry.file_name());
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => waiting.push(path),
                    _ if going.contains(&path) => {}
                    _ => return Ok(false),
                }
            }
        }
        Ok(true)
    }
}

/// What is at a path.
enum Found {
    Nothing,
    File(Vec<u8>),
    Folder,
    /// A link, a device.
    Other,
}

fn look(path: &Utf8Path) -> Result<Found, Error> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => {
            fs::read(path).map(Found::File).map_err(Error::io("read", path))
        }
        Ok(found) if found.is_dir() => Ok(Found::Folder),
        Ok(_) => Ok(Found::Other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) => Err(Error::io("look at", path)(error)),
    }
}

/// The first thing on the way from the output folder to `path` that is not a folder: a file, or a
/// link, which is never followed because it may lead out.
fn barrier(folder: &Utf8Path, path: &Utf8Path) -> Result<Option<Utf8PathBuf>, Error> {
    let mut way: Vec<&Utf8Path> = path.ancestors().skip(1).collect();
    while let Some(above) = way.pop() {
        if above.as_str().is_empty() {
            continue;
        }
        let full = folder.join(above);
        match fs::symlink_metadata(&full) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Ok(Some(above.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("look at", full)(error)),
        }
    }
    Ok(None)
}
