//! A process in one file: its sources, its manifest and its templates as they were, word for word.
//!
//! It holds texts and no model: the language stays readable for later versions of the tool, while
//! what the tool makes of it inside changes with every one of them. Places keep their lines, too.

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::emit::template::user::{
    ENDING, FOLDER, OwnContents, OwnFile, OwnTarget, UserTemplate, UserTemplates,
};
use crate::emit::{TARGETS, own};
use crate::source::SourceFile;

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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    templates: Vec<Template>,
}

/// A file of a folder of templates.
#[derive(Deserialize, Serialize)]
struct Template {
    /// The target that it is for.
    target: String,
    /// Relative to the folder of that target's templates, with forward slashes.
    path: String,
    /// A text as it is; of anything else, each byte as two digits of base sixteen.
    #[serde(flatten)]
    contents: Contents,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Contents {
    Text(String),
    Bytes(String),
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
        templates: templates(&project.templates)?,
    };
    serde_json::to_string_pretty(&snapshot)
        .map(|text| text + "\n")
        .map_err(|error| Error::new(format!("the snapshot cannot be written: {error}")))
}

/// All templates, by target and path.
fn templates(templates: &UserTemplates) -> Result<Vec<Template>, Error> {
    let mut all = Vec::new();
    let mut add = |target: &str, path: &str, contents| match is_inside(path) {
        true => {
            all.push(Template { target: target.to_owned(), path: path.to_owned(), contents });
            Ok(())
        }
        false => Err(Error::new(format!("a snapshot cannot hold `{}`", plain(path)))
            .help("give the file a name without control characters")),
    };
    let text = |template: &UserTemplate| Contents::Text(template.text.to_string());
    for (target, found) in &templates.overrides {
        for template in found {
            add(target, &template.file_name(), text(template))?;
        }
    }
    for own in &templates.own {
        for file in &own.files {
            let contents = match &file.contents {
                OwnContents::Template(template) => text(template),
                OwnContents::Copy(bytes) => match std::str::from_utf8(bytes) {
                    Ok(copied) => Contents::Text(copied.to_owned()),
                    Err(_) => Contents::Bytes(hex(bytes)),
                },
            };
            add(&own.name, file.path.as_str(), contents)?;
        }
    }
    all.sort_by(|a, b| (&a.target, &a.path).cmp(&(&b.target, &b.path)));
    Ok(all)
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
        out.extend([digit(byte >> 4), digit(byte & 15)]);
    }
    out
}

/// The bytes that pairs of digits stand for.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(high << 4 | low),
        _ => None,
    };
    digits?.chunks(2).map(pair).collect()
}

/// Puts the templates of a snapshot where those of a folder would be. `shown` is how their files are
/// called in messages.
fn put_templates(project: &mut Project, templates: Vec<Template>, shown: impl Fn(&str) -> String) {
    for Template { target, path, contents } in templates {
        let name = shown(&format!("{target}/{path}"));
        let file_name = Utf8Path::new(&path).file_name().unwrap_or_default().to_owned();
        let is_override = TARGETS.iter().any(|known| known.name == target);
        let contents = match contents {
            Contents::Text(text) if is_override || file_name.ends_with(ENDING) => {
                let file = project.sources.add(SourceFile::new(name, text.as_str()));
                OwnContents::Template(UserTemplate::new(&file_name, &text, file))
            }
            Contents::Text(text) => OwnContents::Copy(text.into_bytes().into()),
            Contents::Bytes(bytes) => {
                OwnContents::Copy(from_hex(&bytes).unwrap_or_default().into())
            }
        };
        let all = &mut project.templates;
        if is_override {
            let OwnContents::Template(template) = contents else { continue };
            match all.overrides.iter_mut().find(|(known, _)| *known == target) {
                Some((_, found)) => found.push(template),
                None => all.overrides.push((target, vec![template])),
            }
            continue;
        }
        // The manifest in the snapshot names the target; the settings stand there.
        let Some((span, _)) = project
            .manifest
            .targets
            .iter()
            .flatten()
            .find_map(|(known, of)| (*known == target).then_some(of))
        else {
            continue;
        };
        let file = OwnFile { path: path.into(), contents };
        match all.own.iter_mut().find(|own| own.name == target) {
            Some(own) => own.files.push(file),
            None => all.own.push(OwnTarget { name: target, span: *span, files: vec![file] }),
        }
    }
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
    let mut project = loading.finish(snapshot.name, root.clone(), root, manifest);
    put_templates(&mut project, snapshot.templates, |name| shown(&format!("{FOLDER}/{name}")));
    Ok(project)
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
    snapshot.templates.sort_by(|a, b| (&a.target, &a.path).cmp(&(&b.target, &b.path)));
    let mut before: Option<(&str, &str)> = None;
    for Template { target, path, contents } in &snapshot.templates {
        let is_name =
            TARGETS.iter().any(|known| known.name == target) || own::name_fault(target).is_none();
        if !is_inside(path) || !is_name {
            return Err(broken(format!("`{}` is no path of a template", plain(path))));
        }
        if matches!(contents, Contents::Bytes(bytes) if from_hex(bytes).is_none()) {
            return Err(broken(format!("the bytes of `{path}` are not pairs of digits")));
        }
        if before == Some((target, path)) {
            return Err(broken(format!("the template `{path}` is there twice")));
        }
        before = Some((target, path));
    }
    Ok(snapshot)
}

/// Whether this names a file of a process below a folder.
fn is_path(path: &str) -> bool {
    is_inside(path) && Notation::of(path).is_some()
}

/// Whether this names something below a folder.
fn is_inside(path: &str) -> bool {
    !path.chars().any(char::is_control)
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// A text of somebody's within a message on one line.
fn plain(text: &str) -> String {
    text.chars().take(100).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
