//! A process in one file: its sources and its manifest as they were, word for word.
//!
//! It holds texts and no model: the language stays readable for later versions of the tool, while
//! what the tool makes of it inside changes with every one of them. Places keep their lines, too.

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use super::{
    Error, Loading, MANIFEST, Manifest, Notation, Project, Text, find, folder_of, parsed, read_text,
};

/// What stands under `format`.
const FORMAT: &str = "ekiden-snapshot";
/// Counts changes that this version could not read.
const FORMAT_VERSION: u64 = 1;

/// What tells a snapshot from other files. It is read first: the rest may be of a later format.
#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    format_version: Option<u64>,
    tool_version: Option<String>,
}

#[derive(Deserialize, Serialize)]
struct Snapshot {
    format: String,
    format_version: u64,
    tool_version: String,
    /// What the process is called when it does not say so itself.
    name: String,
    manifest: Option<String>,
    files: Vec<File>,
}

#[derive(Deserialize, Serialize)]
struct File {
    /// Relative to the folder of the process, with forward slashes.
    path: String,
    text: String,
}

/// Whether a path is named as a snapshot is, and no folder.
pub fn is_snapshot(path: &Utf8Path) -> bool {
    path.extension() == Some("json") && !path.is_dir()
}

/// The snapshot of a process that was loaded from `path`, with `manifest` in place of its own.
/// The same process gives the same bytes, wherever its folder lies.
pub fn snapshot(
    project: &Project,
    path: &Utf8Path,
    manifest: Option<&Utf8Path>,
) -> Result<String, Error> {
    if project.incomplete {
        return Err(Error::new("a file of the process could not be read")
            .help("`ekiden check` tells which, and why"));
    }
    let named = |path: &Utf8Path| find::display(path.as_std_path());
    let manifest = manifest.map_or_else(|| named(&project.root.join(MANIFEST)), named);
    let root = match named(&project.root) {
        root if root == "." || root.is_empty() => String::new(),
        root => format!("{}/", root.trim_end_matches('/')),
    };
    let mut files = Vec::with_capacity(project.files.len());
    for tree in &project.files {
        let Some(source) = project.sources.get(tree.id) else { continue };
        let name = source.name();
        let inside = name.strip_prefix(&root).unwrap_or(name).trim_start_matches("./");
        // Standard input may have any name, or none.
        let path = if path == "-" {
            let name = Utf8Path::new(name).file_name().unwrap_or_default();
            if Notation::of(name).is_some() { name } else { "process.ekiden" }
        } else {
            inside
        };
        if !is_path(path) {
            return Err(Error::new(format!("a snapshot cannot hold `{}`", plain(path)))
                .help("give the file a name without control characters"));
        }
        files.push(File { path: path.to_owned(), text: source.text().to_owned() });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let manifest = project.sources.iter().find(|(id, source)| {
        source.name() == manifest && !project.files.iter().any(|tree| tree.id == *id)
    });
    let snapshot = Snapshot {
        format: FORMAT.to_owned(),
        format_version: FORMAT_VERSION,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        name: project.name.clone(),
        manifest: manifest.map(|(_, source)| source.text().to_owned()),
        files,
    };
    serde_json::to_string_pretty(&snapshot)
        .map(|text| text + "\n")
        .map_err(|error| Error::new(format!("the snapshot cannot be written: {error}")))
}

/// Loads the process that a snapshot holds.
pub fn load_snapshot(path: &Utf8Path) -> Result<Project, Error> {
    let Text { text, .. } = read_text(path)?;
    let snapshot = read(path, &text)?;
    let mut loading = Loading::default();
    let mut manifest = Manifest::default();
    let shown = |name: &str| format!("{}:{name}", find::display(path.as_std_path()));
    let whole = |text: String| Ok(Text { text, mark: false });
    if let Some(text) = snapshot.manifest {
        manifest = loading.manifest_text(shown(MANIFEST), whole(text));
    }
    let first = loading.sources.iter().count();
    for (at, file) in snapshot.files.into_iter().enumerate() {
        let notation = Notation::of(&file.path).unwrap_or(Notation::Dsl);
        loading.add(first + at, shown(&file.path), parsed(first + at, notation, whole(file.text)));
    }
    let root: Utf8PathBuf = folder_of(path);
    Ok(loading.finish(snapshot.name, root.clone(), root, manifest))
}

/// Reads a snapshot, its files in the order of their paths.
fn read(path: &Utf8Path, text: &str) -> Result<Snapshot, Error> {
    let again = "write it anew with `ekiden snapshot`";
    let head: Head = serde_json::from_str(text).map_err(|error| {
        Error::new(format!("`{path}` is no snapshot: {error}"))
            .help("`ekiden snapshot -o FILE.json` writes one")
    })?;
    if head.format.as_deref() != Some(FORMAT) {
        return Err(Error::new(format!("`{path}` is no snapshot: its `format` is not `{FORMAT}`"))
            .help("`ekiden snapshot -o FILE.json` writes one"));
    }
    match head.format_version {
        Some(FORMAT_VERSION) => {}
        Some(version) if version > FORMAT_VERSION => {
            let by = head.tool_version.unwrap_or_else(|| "a later version".to_owned());
            return Err(Error::new(format!(
                "`{path}` is a snapshot of format {version}; this ekiden reads up to \
                 {FORMAT_VERSION}"
            ))
            .help(format!(
                "it was written by ekiden {}: use that one or a later one",
                plain(&by)
            )));
        }
        _ => {
            let broken = format!(
                "`{path}` is a broken snapshot: its `format_version` is missing \
                 or unknown"
            );
            return Err(Error::new(broken).help(again));
        }
    }
    let broken =
        |why: String| Error::new(format!("`{path}` is a broken snapshot: {why}")).help(again);
    let mut snapshot: Snapshot =
        serde_json::from_str(text).map_err(|error| broken(error.to_string()))?;
    let is_name = !snapshot.name.is_empty()
        && snapshot.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_name {
        return Err(broken(format!("`{}` is no name of a process", plain(&snapshot.name))));
    }
    if snapshot.files.is_empty() {
        return Err(broken("it holds no files".to_owned()));
    }
    snapshot.files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut before: Option<&str> = None;
    for File { path, .. } in &snapshot.files {
        if !is_path(path) {
            return Err(broken(format!("`{}` is no path of a process file", plain(path))));
        }
        if before == Some(path) {
            return Err(broken(format!("`{path}` is there twice")));
        }
        before = Some(path);
    }
    Ok(snapshot)
}

/// Whether this names a file of a process below a folder.
fn is_path(path: &str) -> bool {
    !path.chars().any(char::is_control)
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && Notation::of(path).is_some()
}

/// A text of somebody's within a message on one line.
fn plain(text: &str) -> String {
    text.chars().take(100).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
