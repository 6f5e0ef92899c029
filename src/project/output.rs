//! The output folder and the process: neither may lie on top of the other.
//!
//! What `ekiden build` has written is not read as part of a process. So a folder that holds
//! sources must never become an output folder: they would be gone from every later run.

use std::collections::BTreeSet;
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use ignore::WalkBuilder;

use super::{MANIFEST, Notation, find};
use crate::emit::plan;

/// Names told of one folder; the rest is counted.
const TOLD: usize = 3;

/// Why a folder cannot be the output folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// It is the folder of the process.
    Itself,
    /// The folder of the process lies in it.
    Above,
    /// It holds these process files or manifests, which `ekiden build` did not write. Paths are
    /// relative to it, sorted.
    Sources(Vec<String>),
}

impl Overlap {
    /// The end of a sentence that starts with the folder.
    pub fn reason(&self) -> String {
        match self {
            Overlap::Itself => "is the folder of the process itself".to_owned(),
            Overlap::Above => "is above the folder of the process".to_owned(),
            Overlap::Sources(files) => {
                format!("holds {} that `ekiden build` did not write", told(files))
            }
        }
    }
}

/// What speaks against building into `output`. `root` is the folder of the process, if it has one.
pub fn overlap(root: Option<&Utf8Path>, output: &Utf8Path) -> Option<Overlap> {
    if let Some(root) = root
        && let Some(found) = position(root, output)
    {
        return Some(found);
    }
    let files = sources(output.as_std_path());
    (!files.is_empty()).then_some(Overlap::Sources(files))
}

/// Whether `output` is the folder of the process or above it.
pub(super) fn position(root: &Utf8Path, output: &Utf8Path) -> Option<Overlap> {
    let (root, output) = (real(root), real(output));
    if root == output {
        Some(Overlap::Itself)
    } else {
        root.starts_with(&output).then_some(Overlap::Above)
    }
}

/// The path without links and steps back, as far as it is there.
pub(crate) fn real(path: &Utf8Path) -> Utf8PathBuf {
    let path = if path.as_str().is_empty() { Utf8Path::new(".") } else { path };
    for above in path.ancestors() {
        let place = if above.as_str().is_empty() { Utf8Path::new(".") } else { above };
        if let Ok(found) = place.canonicalize_utf8() {
            let mut found = found;
            for step in path.strip_prefix(above).unwrap_or(path).components() {
                match step.as_str() {
                    "." => {}
                    ".." => {
                        found.pop();
                    }
                    name => found.push(name),
                }
            }
            return found;
        }
    }
    path.to_owned()
}

/// The process files and manifests in a folder that are not recorded as generated there.
pub(super) fn sources(folder: &Path) -> Vec<String> {
    let Some(base) = Utf8Path::from_path(folder) else { return Vec::new() };
    let generated: BTreeSet<Utf8PathBuf> = plan::generated(base);
    let walk = WalkBuilder::new(folder).standard_filters(false).hidden(true).build();
    let mut found = Vec::new();
    for entry in walk.flatten() {
        let path = entry.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_source = Notation::of(name).is_some() || name == MANIFEST;
        if !is_source || entry.file_type().is_some_and(|kind| kind.is_dir()) {
            continue;
        }
        let Ok(inside) = path.strip_prefix(folder) else { continue };
        let inside = find::display(inside);
        if !generated.contains(Utf8Path::new(&inside)) {
            found.push(inside);
        }
    }
    found.sort_unstable();
    found
}

/// `a.ekiden`, `b.ekiden` and 4 more
pub(super) fn told(files: &[String]) -> String {
    let names: Vec<String> = files.iter().take(TOLD).map(|file| format!("`{file}`")).collect();
    match files.len().saturating_sub(TOLD) {
        0 => match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, first)) => format!("{} and {last}", first.join(", ")),
            None => String::new(),
        },
        more => format!("{} and {more} more", names.join(", ")),
    }
}
