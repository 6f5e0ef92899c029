//! A process on disk: finds its files, reads them and its manifest, and parses them.
//!
//! What is wrong with a file is a finding at that file; what leaves nothing to work on, such as a
//! path that does not exist, is an [`Error`]. With `cli` and the writer of generated files this is
//! all of the crate that touches the outer world.

#![expect(clippy::disallowed_methods, reason = "reading the files of a process is its task")]

pub mod baseline;
mod find;
pub mod manifest;
mod output;
mod parse;
mod read;
mod revision;
mod snapshot;
mod templates;

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, codes};
use crate::emit::template::user::UserTemplates;
use crate::lint::baseline::Baseline;
use crate::source::{FileId, SourceFile, SourceMap, Span};
use crate::syntax::ast;

pub use baseline::BASELINE;
pub use find::MANIFEST;
pub use manifest::Manifest;
pub(crate) use output::real;
pub use output::{Overlap, overlap};
pub use parse::{Notation, parse};
pub use read::{LARGEST, Text};
pub use revision::{Tag, has_revision, known_of, load_revision, load_tag, tags};
pub use snapshot::{is_snapshot, load_snapshot, snapshot};

/// A process, read and parsed.
#[derive(Clone, Debug)]
pub struct Project {
    /// What the process is called when it does not say so itself: after its folder or file.
    pub name: String,
    /// The folder of the process: the one that was given, or the one that holds the file.
    pub root: Utf8PathBuf,
    /// The folder that paths in the manifest are relative to: that of the manifest, else `root`.
    pub base: Utf8PathBuf,
    /// Every file that was read, the manifest first.
    pub sources: SourceMap,
    /// The syntax trees, in the order of their paths.
    pub files: Vec<ast::File>,
    /// The manifest; empty when there is none.
    pub manifest: Manifest,
    /// What was found while reading and parsing.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether some file could not be read at all, so that what it declares is not known.
    pub incomplete: bool,
    /// The templates of the project, once they were read.
    pub templates: UserTemplates,
}

/// What to load.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// A folder, a file, or `-` for standard input.
    pub path: &'a Utf8Path,
    /// A manifest to read instead of the one in the folder. A single file has none otherwise.
    pub manifest: Option<&'a Utf8Path>,
    /// The name of standard input: shown in findings, and its ending tells the notation.
    pub stdin_name: &'a str,
}

/// Why there is nothing to work on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What is wrong, on one line.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Error {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Loads the process in a folder, a file or a snapshot.
pub fn load(path: &Utf8Path) -> Result<Project, Error> {
    if is_snapshot(path) && path.exists() {
        return load_snapshot(path);
    }
    load_request(Request { path, manifest: None, stdin_name: "<stdin>" })
}

/// Loads a process as asked.
pub fn load_request(request: Request<'_>) -> Result<Project, Error> {
    if request.path == "-" {
        return load_stdin(request);
    }
    let found = find::kind(request.path)?;
    let root = match found {
        find::Kind::Folder => request.path.to_owned(),
        find::Kind::File(_) => folder_of(request.path),
    };
    let base = request.manifest.map_or(root.clone(), folder_of);
    let mut loading = Loading::default();
    let manifest = match (request.manifest, &found) {
        (Some(path), _) => loading.manifest(path, true)?,
        (None, find::Kind::Folder) => loading.manifest(&root.join(MANIFEST), false)?,
        (None, find::Kind::File(_)) => Manifest::default(),
    };
    loading.diagnostics.extend(misplaced(&root, &base, &manifest));
    let entries = match found {
        find::Kind::Folder => find::files(&root, &base.join(manifest.output()))?,
        find::Kind::File(notation) => vec![find::Entry::file(request.path, notation)],
    };
    loading.read(entries);
    Ok(loading.finish(find::process_name(request.path), root, base, manifest))
}

/// A finding when the manifest names an output folder in which the process itself lies.
fn misplaced(root: &Utf8Path, base: &Utf8Path, manifest: &Manifest) -> Option<Diagnostic> {
    let output = manifest.output.as_ref()?;
    let found = output::position(root, &base.join(&output.value))?;
    let message = format!("`{}` {}", output.value, found.reason());
    let finding = Diagnostic::new(codes::INVALID_MANIFEST, output.span, message);
    Some(finding.help("give what is generated a folder of its own: `output: build`"))
}

fn load_stdin(request: Request<'_>) -> Result<Project, Error> {
    let mut loading = Loading::default();
    let manifest = match request.manifest {
        Some(path) => loading.manifest(path, true)?,
        None => Manifest::default(),
    };
    let notation = Notation::of(request.stdin_name).unwrap_or(Notation::Dsl);
    let text = read::stdin();
    let first = loading.sources.iter().count();
    loading.add(first, request.stdin_name.to_owned(), parsed(first, notation, text));
    let name = match request.stdin_name {
        "<stdin>" => "process".to_owned(),
        name => find::process_name(Utf8Path::new(name)),
    };
    let root = Utf8PathBuf::from(".");
    let base = request.manifest.map_or(root.clone(), folder_of);
    Ok(loading.finish(name, root, base, manifest))
}

/// The folder that a file lies in.
pub fn folder_of(path: &Utf8Path) -> Utf8PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_str().is_empty() => parent.to_owned(),
        _ => Utf8PathBuf::from("."),
    }
}

/// A file that was read and parsed, or the reason why not.
type Outcome = Result<(String, ast::File, Vec<Diagnostic>), read::Fault>;

fn parsed(id: usize, notation: Notation, text: Result<Text, read::Fault>) -> Outcome {
    let text = text?.text;
    let (file, diagnostics) = parse(notation, file_id(id), &text);
    Ok((text, file, diagnostics))
}

fn file_id(index: usize) -> FileId {
    FileId(u32::try_from(index).unwrap_or(u32::MAX))
}

/// A project that is being put together.
#[derive(Default)]
struct Loading {
    sources: SourceMap,
    files: Vec<ast::File>,
    diagnostics: Vec<Diagnostic>,
    incomplete: bool,
}

impl Loading {
    /// Reads the manifest. One that was asked for by name must be there.
    fn manifest(&mut self, path: &Utf8Path, asked: bool) -> Result<Manifest, Error> {
        if !path.exists() {
            return if asked { Err(find::missing(path)) } else { Ok(Manifest::default()) };
        }
        let name = find::display(path.as_std_path());
        Ok(self.manifest_text(name, read::file(path.as_std_path())))
    }

    fn manifest_text(&mut self, name: String, text: Result<Text, read::Fault>) -> Manifest {
        match text {
            Ok(Text { text, .. }) => {
                let id = self.sources.add(SourceFile::new(name, text));
                let text = self.sources.get(id).map_or("", |file| file.text());
                let (manifest, findings) = Manifest::parse(id, text);
                self.diagnostics.extend(findings);
                manifest
            }
            Err(fault) => {
                self.fault(name, fault);
                Manifest::default()
            }
        }
    }

    /// Reads and parses files, in parallel when there are several.
    fn read(&mut self, entries: Vec<find::Entry>) {
        let first = self.sources.iter().count();
        let one = |(index, entry): (usize, &find::Entry)| -> Option<Outcome> {
            match &entry.what {
                find::What::File(notation) => {
                    let text = read::file(&entry.path);
                    Some(parsed(first + index, *notation, text))
                }
                find::What::Odd(_) => None,
            }
        };
        let outcomes: Vec<Option<Outcome>> = if entries.len() > 1 {
            entries.par_iter().enumerate().map(one).collect()
        } else {
            entries.iter().enumerate().map(one).collect()
        };
        for (index, (entry, outcome)) in entries.into_iter().zip(outcomes).enumerate() {
            match (entry.what, outcome) {
                (find::What::Odd(odd), _) => self.odd(entry.name, odd),
                (_, Some(outcome)) => self.add(first + index, entry.name, outcome),
                (_, None) => {}
            }
        }
    }

    fn add(&mut self, index: usize, name: String, outcome: Outcome) {
        match outcome {
            Ok((text, file, diagnostics)) => {
                let id = self.sources.add(SourceFile::new(name, text));
                debug_assert_eq!(id, file_id(index), "spans were made with this id");
                self.files.push(file);
                self.diagnostics.extend(diagnostics);
            }
            Err(fault) => self.fault(name, fault),
        }
    }

    fn fault(&mut self, name: String, fault: read::Fault) {
        let message = format!("`{name}` {}", fault.message);
        let id = self.sources.add(SourceFile::new(name, fault.text));
        let (start, end) = fault.at;
        let mut finding =
            Diagnostic::new(codes::UNREADABLE_FILE, Span::new(id, start, end), message);
        finding = finding.reason(fault.reason);
        finding.help = fault.help;
        self.diagnostics.push(finding);
        self.incomplete = true;
    }

    fn odd(&mut self, name: String, odd: find::Odd) {
        let message = format!("`{name}` {}", odd.message);
        let id = self.sources.add(SourceFile::new(name, ""));
        let code = if odd.manifest { codes::INVALID_MANIFEST } else { codes::UNREADABLE_FILE };
        let finding = Diagnostic::new(code, Span::start_of(id), message);
        self.diagnostics.push(finding.help(odd.help));
        // A manifest declares no part of the process.
        self.incomplete |= !odd.manifest;
    }

    fn finish(
        self,
        name: String,
        root: Utf8PathBuf,
        base: Utf8PathBuf,
        manifest: Manifest,
    ) -> Project {
        let Loading { sources, files, diagnostics, incomplete } = self;
        let templates = UserTemplates::default();
        Project { name, root, base, sources, files, manifest, diagnostics, incomplete, templates }
    }
}

impl Project {
    /// Reads a baseline, which then is one of the sources: what is wrong with it is found like any
    /// other fault. `named` is the place that names the file; one that nothing names may be missing.
    pub fn read_baseline(
        &mut self,
        path: &Utf8Path,
        named: Option<Span>,
    ) -> Result<Option<Baseline>, Error> {
        if !path.exists() && named.is_some() {
            let message = format!("there is no baseline `{path}`");
            let span = named.unwrap_or(Span::start_of(FileId(0)));
            let finding = Diagnostic::new(codes::INVALID_BASELINE, span, message);
            self.diagnostics.push(finding.help("`ekiden check --write-baseline` writes it"));
            return Ok(None);
        }
        if !path.exists() {
            return Ok(None);
        }
        let name = find::display(path.as_std_path());
        let text = read::file(path.as_std_path());
        let text = text.map_err(|fault| Error {
            message: format!("the baseline `{name}` {}", fault.message),
            help: fault.help,
        })?;
        let id = self.sources.add(SourceFile::new(name, text.text.as_str()));
        let (entries, findings) = baseline::parse(id, &text.text);
        self.diagnostics.extend(findings);
        Ok(Some(Baseline::new(entries, &self.files)))
    }

    /// The same project with other texts in some of its files.
    pub fn with_texts(&self, texts: &FxHashMap<FileId, String>) -> Project {
        let mut project = self.clone();
        let mut sources = SourceMap::new();
        for (id, file) in self.sources.iter() {
            let file = match texts.get(&id) {
                Some(text) => SourceFile::new(file.name(), text.as_str()),
                None => file.clone(),
            };
            sources.add(file);
        }
        project.diagnostics.retain(|found| !texts.contains_key(&found.primary.span.file));
        for file in &mut project.files {
            let (Some(text), Some(source)) = (texts.get(&file.id), sources.get(file.id)) else {
                continue;
            };
            let notation = Notation::of(source.name()).unwrap_or(Notation::Dsl);
            let (tree, findings) = parse(notation, file.id, text);
            *file = tree;
            project.diagnostics.extend(findings);
        }
        project.sources = sources;
        project
    }
}

/// Reads one text for a verb that works on single files. `-` is standard input.
pub fn read_text(path: &Utf8Path) -> Result<Text, Error> {
    let text = if path == "-" { read::stdin() } else { read::file(path.as_std_path()) };
    let name = if path == "-" { "<stdin>" } else { path.as_str() };
    text.map_err(|fault| Error { message: format!("`{name}` {}", fault.message), help: fault.help })
}

/// Reads one text of another system, which may be UTF-16. `-` is standard input.
pub fn read_foreign(path: &Utf8Path) -> Result<Text, Error> {
    let (file, name) = match path.as_str() {
        "-" => (None, "<stdin>"),
        file => (Some(path.as_std_path()), file),
    };
    read::foreign(file)
        .map_err(|fault| Error { message: format!("`{name}` {}", fault.message), help: fault.help })
}

/// The files of the process in a folder, or the one file that was given, each with its notation.
/// The output folder is passed over when it has its default name or holds a record of a build.
pub fn list(path: &Utf8Path) -> Result<Vec<(Utf8PathBuf, Notation)>, Error> {
    match find::kind(path)? {
        find::Kind::File(notation) => Ok(vec![(path.to_owned(), notation)]),
        find::Kind::Folder => {
            let entries = find::files(path, &path.join(manifest::DEFAULT_OUTPUT))?;
            let files = entries.into_iter().filter_map(|entry| match entry.what {
                find::What::File(notation) => Some((Utf8PathBuf::from(entry.name), notation)),
                find::What::Odd(_) => None,
            });
            Ok(files.collect())
        }
    }
}

/// What the system said, as the end of a message: `permission denied`.
pub fn reason(error: &io::Error) -> String {
    let said = error.to_string();
    let said = said.split(" (os error").next().unwrap_or(&said);
    let mut letters = said.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
