//! Which files belong to a process.
//!
//! In a folder: every `*.ekiden` and `*.ekiden.yaml` at any depth, sorted by path. Left out are
//! hidden files and folders, the output folder, any folder that `ekiden build` has written, and
//! links that lead in a circle. `.gitignore` has no say: what is checked must not depend on what
//! somebody does not want to commit.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use ignore::WalkBuilder;

use super::output::{sources, told};
use super::{Error, Notation, reason};
use crate::diag::closest;
use crate::emit::plan::RECORD;

/// The name of the manifest.
pub const MANIFEST: &str = "ekiden.yaml";

/// What a path that was given is.
pub(super) enum Kind {
    Folder,
    File(Notation),
}

/// Something found in a folder.
#[derive(Debug)]
pub(super) struct Entry {
    /// Where it is.
    pub(super) path: PathBuf,
    /// The name shown to people.
    pub(super) name: String,
    /// What it is.
    pub(super) what: What,
}

/// What something found in a folder is.
#[derive(Debug)]
pub(super) enum What {
    /// A file of the process.
    File(Notation),
    /// Something to be told about.
    Odd(Odd),
}

/// Something in a folder that is probably not what was meant.
#[derive(Debug)]
pub(super) struct Odd {
    /// The end of a sentence that starts with its name.
    pub(super) message: String,
    /// What to do.
    pub(super) help: String,
    /// Whether it is about a manifest.
    pub(super) manifest: bool,
}

impl Entry {
    /// A file that was given by name.
    pub(super) fn file(path: &Utf8Path, notation: Notation) -> Self {
        let path = path.as_std_path().to_owned();
        Self { name: display(&path), path, what: What::File(notation) }
    }
}

/// What a given path is, or why it cannot be a process.
pub(super) fn kind(path: &Utf8Path) -> Result<Kind, Error> {
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing(path)),
        Err(error) => return Err(Error::new(format!("cannot read `{path}`: {}", reason(&error)))),
    };
    if found.is_dir() {
        return Ok(Kind::Folder);
    }
    let name = path.file_name().unwrap_or_default();
    if let Some(notation) = Notation::of(name) {
        return Ok(Kind::File(notation));
    }
    if name == MANIFEST {
        let folder = path.parent().filter(|folder| !folder.as_str().is_empty());
        let folder = folder.unwrap_or(Utf8Path::new("."));
        return Err(Error::new(format!("`{path}` is a manifest, not a process"))
            .help(format!("give the folder it lies in: `{folder}`")));
    }
    let error = Error::new(format!("`{path}` is not named as a process is"));
    Err(match path.extension() {
        Some("yaml" | "yml") => {
            error.help(format!("rename it to `{}`", path.with_extension("ekiden.yaml")))
        }
        _ => error.help("a process is a folder, or a file named `*.ekiden` or `*.ekiden.yaml`"),
    })
}

/// The error for a path where nothing is, with the nearest name beside it.
pub(super) fn missing(path: &Utf8Path) -> Error {
    let error = Error::new(format!("`{path}` does not exist"));
    let folder = match path.parent() {
        Some(parent) if !parent.as_str().is_empty() => parent,
        _ => Utf8Path::new("."),
    };
    let mut names: Vec<String> = folder
        .read_dir_utf8()
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_owned()).collect())
        .unwrap_or_default();
    names.sort_unstable();
    match closest(path.file_name().unwrap_or_default(), names.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{}`?", path.with_file_name(near))),
        None => error,
    }
}

/// The files of the process in `root`, sorted by name. `output` is the output folder.
pub(super) fn files(root: &Utf8Path, output: &Utf8Path) -> Result<Vec<Entry>, Error> {
    let (root_path, output) = (root.as_std_path().to_owned(), output.as_std_path().to_owned());
    let own = root_path.clone();
    let left_out: Arc<Mutex<Vec<LeftOut>>> = Arc::default();
    let leaving = Arc::clone(&left_out);
    let walk = WalkBuilder::new(&root_path)
        .standard_filters(false)
        .hidden(true)
        .follow_links(true)
        .filter_entry(move |entry| {
            let path = entry.path();
            let is_output = path == output;
            if path == own || !(is_output || path.join(RECORD).is_file()) {
                return true;
            }
            let folder = LeftOut { path: path.to_owned(), is_output };
            leaving.lock().unwrap_or_else(PoisonError::into_inner).push(folder);
            false
        })
        .build();
    let mut entries = Vec::new();
    for step in walk {
        match step {
            Ok(entry) => {
                let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                let file = entry.file_type().is_some_and(|kind| kind.is_file());
                if entry.depth() > 0 && (file || folder) {
                    let path = entry.into_path();
                    let what = judge(&path, folder, &root_path);
                    entries.extend(what.map(|what| Entry { name: display(&path), path, what }));
                }
            }
            Err(error) => entries.extend(unreadable(&error, root)?),
        }
    }
    let left_out = std::mem::take(&mut *left_out.lock().unwrap_or_else(PoisonError::into_inner));
    entries.extend(left_out.into_iter().filter_map(LeftOut::odd));
    entries.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    // A file that links lead to twice is read once.
    let mut seen = BTreeSet::new();
    entries.retain(|entry| match fs::canonicalize(&entry.path) {
        Ok(real) => seen.insert(real),
        Err(_) => true,
    });
    if entries.iter().any(|entry| matches!(entry.what, What::File(_))) {
        return Ok(entries);
    }
    let none = Error::new(format!("there is no process in `{root}`"));
    Err(
        match entries.into_iter().find_map(|entry| match entry.what {
            What::Odd(odd) => Some(format!("`{}` {}: {}", entry.name, odd.message, odd.help)),
            What::File(_) => None,
        }) {
            Some(help) => none.help(help),
            None if root == "." => none.help("`ekiden init` writes one to start from"),
            None => none.help(format!("`ekiden init {root}` writes one to start from")),
        },
    )
}

/// A folder whose files are not read, because it is one for what is generated.
#[derive(Debug)]
struct LeftOut {
    path: PathBuf,
    /// Whether it is the output folder of this process; else it holds the record of a build.
    is_output: bool,
}

impl LeftOut {
    /// What there is to say about it: that process files lie in it, which would be lost in silence.
    fn odd(self) -> Option<Entry> {
        let files = sources(&self.path);
        if files.is_empty() {
            return None;
        }
        let (why, or) = if self.is_output {
            ("as the output folder", "name another `output` in the manifest")
        } else {
            ("because `ekiden build` wrote into it", "remove what was generated there")
        };
        let message = format!("is not read {why}, but holds {}", told(&files));
        let help = format!("move these files out of it, or {or}");
        let what = What::Odd(Odd { message, help, manifest: false });
        Some(Entry { name: display(&self.path), path: self.path, what })
    }
}

/// What a file or folder below the root is to the process, if anything.
fn judge(path: &Path, folder: bool, root: &Path) -> Option<What> {
    let name = path.file_name()?.to_str()?;
    let odd = |message: &str, help: String, manifest| {
        Some(What::Odd(Odd { message: message.to_owned(), help, manifest }))
    };
    let notation = Notation::of(name);
    if folder {
        notation?;
        let help = "give the folder another name".to_owned();
        return odd("is a folder, but named as a file of a process", help, false);
    }
    if let Some(notation) = notation {
        return Some(What::File(notation));
    }
    let beside = |name: &str| format!("rename it to `{name}`");
    if let Some(stem) = name.strip_suffix(".ekiden.yml") {
        let help = beside(&format!("{stem}.ekiden.yaml"));
        return odd("is not read", help, false);
    }
    if name == "ekiden.yml" && path.parent() == Some(root) {
        return odd("is not read", beside(MANIFEST), true);
    }
    if name == MANIFEST && path.parent() != Some(root) {
        let help = "a process has one manifest, in its topmost folder".to_owned();
        return odd("is not read", help, true);
    }
    None
}

/// A step of the walk that failed: a finding, an error when it is the root, or nothing when a link
/// leads in a circle or nowhere.
fn unreadable(error: &ignore::Error, root: &Utf8Path) -> Result<Option<Entry>, Error> {
    let (path, error) = unwrapped(error, None);
    let Some(error) = error else { return Ok(None) };
    let path = path.unwrap_or(root.as_std_path());
    // The walk wraps what the system said in words of its own.
    let plain = io::Error::from(error.kind());
    let said = if error.kind() == io::ErrorKind::Other { error } else { &plain };
    let mut message = format!("cannot be read: {}", reason(said));
    if error.kind() == io::ErrorKind::NotFound {
        if path.to_str().and_then(Notation::of).is_none() {
            return Ok(None);
        }
        message = "is a link that leads nowhere".to_owned();
    }
    if path == root.as_std_path() {
        return Err(Error::new(format!("`{root}` {message}")));
    }
    let help = "make it readable, or move it out of the process".to_owned();
    let what = What::Odd(Odd { message, help, manifest: false });
    Ok(Some(Entry { name: display(path), path: path.to_owned(), what }))
}

/// The path and the system's error inside an error of the walk.
fn unwrapped<'a>(
    mut error: &'a ignore::Error,
    mut path: Option<&'a Path>,
) -> (Option<&'a Path>, Option<&'a io::Error>) {
    loop {
        match error {
            ignore::Error::WithPath { path: at, err } => {
                path = Some(at);
                error = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                error = err;
            }
            ignore::Error::Io(error) => return (path, Some(error)),
            _ => return (path, None),
        }
    }
}

/// A path as people see it: with forward slashes, and without a leading `./`.
pub(super) fn display(path: &Path) -> String {
    let name = path.to_string_lossy();
    let name = if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() };
    name.strip_prefix("./").map_or(name.clone(), str::to_owned)
}

/// A name for a process after its folder or file, in the letters of a name: `The Model` gives
/// `the_model`, and what has no such letters gives `process`.
pub(super) fn process_name(path: &Utf8Path) -> String {
    let full = path.canonicalize_utf8().unwrap_or_else(|_| Utf8PathBuf::from(path));
    let name = full.file_name().unwrap_or_default();
    let stem = name.strip_suffix(".yaml").unwrap_or(name);
    let stem = stem.strip_suffix(".ekiden").unwrap_or(stem);
    let mut out = String::new();
    for c in stem.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_lowercase() || (c.is_ascii_digit() && !out.is_empty()) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    let out = out.trim_end_matches('_');
    if out.is_empty() { "process".to_owned() } else { out.to_owned() }
}
