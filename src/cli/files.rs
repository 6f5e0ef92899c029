//! Writing single files, whole or not at all.

use std::fs;
use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};

use super::Failure;
use crate::project;

/// Replaces a file, or creates it. Readers see the old text or the new one, never a part; links
/// stay links and permissions stay as they are.
pub(super) fn replace(path: &Utf8Path, bytes: &[u8]) -> Result<(), Failure> {
    let place = path.canonicalize_utf8().unwrap_or_else(|_| path.to_owned());
    let attempt = || {
        let mut new = beside(&place)?;
        new.write_all(bytes)?;
        match fs::metadata(&place) {
            Ok(old) => fs::set_permissions(new.path(), old.permissions())?,
            Err(_) => open_to_all(&new)?,
        }
        new.persist(&place).map_err(|error| error.error)?;
        Ok(())
    };
    attempt().map_err(|error: std::io::Error| cannot("write", path, &error))
}

/// Replaces files that are there: all of them, or none. One that may not be written is left alone,
/// even where its folder would allow to put another in its place.
pub(super) fn replace_all(files: &[(&Utf8Path, Vec<u8>)]) -> Result<(), Failure> {
    let mut ready = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        let place = path.canonicalize_utf8().unwrap_or_else(|_| path.to_path_buf());
        let prepare = || {
            let permissions = fs::metadata(&place)?.permissions();
            if permissions.readonly() {
                return Err(std::io::Error::other("it is read-only"));
            }
            let old = fs::read(&place)?;
            let mut new = beside(&place)?;
            new.write_all(bytes)?;
            fs::set_permissions(new.path(), permissions)?;
            Ok((new, old))
        };
        let (new, old) = prepare().map_err(|error| cannot("write", path, &error))?;
        ready.push((path, place, new, old));
    }
    let mut done: Vec<(Utf8PathBuf, Vec<u8>)> = Vec::new();
    for (path, place, new, old) in ready {
        if let Err(error) = new.persist(&place) {
            for (place, old) in done {
                let _ = replace(&place, &old);
            }
            return Err(cannot("write", path, &error.error));
        }
        done.push((place, old));
    }
    Ok(())
}

/// Creates files that must not be there yet: all of them, or none.
pub(super) fn create(files: &[(Utf8PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    for (at, (path, bytes)) in files.iter().enumerate() {
        let attempt = || {
            let mut new = beside(path)?;
            new.write_all(bytes)?;
            open_to_all(&new)?;
            new.persist_noclobber(path).map_err(|error| error.error)?;
            Ok(())
        };
        if let Err(error) = attempt() {
            for (done, _) in files.iter().take(at) {
                let _ = fs::remove_file(done);
            }
            return Err(cannot("write", path, &error));
        }
    }
    Ok(())
}

/// Removes a file.
pub(super) fn remove(path: &Utf8Path) -> Result<(), Failure> {
    fs::remove_file(path).map_err(|error| cannot("remove", path, &error))
}

/// Creates a folder and those above it.
pub(super) fn create_folder(path: &Utf8Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| cannot("create", path, &error))
}

fn beside(path: &Utf8Path) -> std::io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_str().is_empty());
    tempfile::Builder::new().prefix(".ekiden-").tempfile_in(folder.unwrap_or(Utf8Path::new(".")))
}

/// A temporary file can be read by its owner alone; one that is meant to stay, by everybody.
fn open_to_all(file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

fn cannot(doing: &str, path: &Utf8Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot {doing} `{path}`: {}", project::reason(error)))
}
