//! A process as it was at a revision of git. Only plumbing is asked, and nothing is checked out:
//! what lies in the folder, and what hooks or settings would do, has no say.

use std::io::{Seek, Write};
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;

use super::{Error, Loading, MANIFEST, Manifest, Notation, Project, find, folder_of, parsed, read};
use crate::emit::plan::RECORD;

/// Loads the process that was at `path` at a revision: a commit, a branch, a tag, `HEAD~1`.
pub fn load_revision(path: &Utf8Path, revision: &str) -> Result<Project, Error> {
    let folder = folder_in(path)?;
    let commit = Git { folder: &folder }.commit(revision)?;
    load_at(path, revision, &commit)?
}

/// Loads the process that was at `path` at a tag; `None` when there was none.
pub fn load_tag(path: &Utf8Path, tag: &Tag) -> Result<Option<Project>, Error> {
    Ok(load_at(path, &tag.name, &tag.commit)?.ok())
}

/// A tag of git.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name, such as `v2026.1`.
    pub name: String,
    /// The commit it stands at.
    pub commit: String,
    /// The day it was made, as `2026-01-31`; for one without a date of its own, that of the commit.
    pub date: String,
}

/// The tags that lead up to what is checked out in the repository around `path`, the oldest first.
/// Of tags at one commit the lower version comes first. `pattern` is read by git, as in `v*`.
pub fn tags(path: &Utf8Path, pattern: Option<&str>) -> Result<Vec<Tag>, Error> {
    let folder = folder_in(path)?;
    let git = Git { folder: &folder };
    git.text(&["rev-parse", "--git-dir"])?;
    // In a repository without commits there is nothing that a tag could lead up to.
    let Some(head) = git.verify("HEAD^{commit}")? else { return Ok(Vec::new()) };
    let order = git.text(&["rev-list", "--topo-order", "--simplify-by-decoration", &head])?;
    let order: FxHashMap<&str, usize> =
        order.lines().enumerate().map(|(at, commit)| (commit, at)).collect();
    let listed = git.text(&[
        "for-each-ref",
        "--sort=version:refname",
        "--format=%(refname)%09%(objectname)%09%(*objectname)%09%(creatordate:short)",
        &format!("refs/tags/{}", pattern.unwrap_or_default()),
    ])?;
    let tag = |line: &str| {
        let mut words = line.split('\t');
        let (name, object, inner) = (words.next()?, words.next()?, words.next()?);
        let commit = if inner.is_empty() { object } else { inner };
        let at = *order.get(commit)?;
        let [name, commit, date] =
            [name.strip_prefix("refs/tags/")?, commit, words.next()?].map(str::to_owned);
        Some((at, Tag { name, commit, date }))
    };
    let mut tags: Vec<(usize, Tag)> = listed.lines().filter_map(tag).collect();
    // The order of versions stays among those of one commit.
    tags.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(tags.into_iter().map(|(_, tag)| tag).collect())
}

/// What is known of a revision of the repository around `path`: the tag that it is named by, if it is
/// one, and the day of its commit, as `2026-01-31`.
pub fn known_of(path: &Utf8Path, revision: &str) -> Result<(Option<String>, String), Error> {
    let folder = folder_in(path)?;
    let git = Git { folder: &folder };
    let commit = git.commit(revision)?;
    let tag = git.verify(&format!("refs/tags/{revision}^{{commit}}"))?;
    let told = git.text(&["rev-list", "--max-count=1", "--format=%cs", &commit])?;
    let date = told.lines().last().unwrap_or_default().to_owned();
    Ok((tag.map(|_| revision.to_owned()), date))
}

/// Whether git knows this revision, in the repository of the process at `path`.
pub fn has_revision(path: &Utf8Path, revision: &str) -> bool {
    folder_in(path).is_ok_and(|folder| Git { folder: &folder }.commit(revision).is_ok())
}

/// The folder to ask git in.
fn folder_in(path: &Utf8Path) -> Result<Utf8PathBuf, Error> {
    Ok(if place_of(path)? { path.to_owned() } else { folder_of(path) })
}

/// Whether a path is a folder; an error when it cannot have revisions.
fn place_of(path: &Utf8Path) -> Result<bool, Error> {
    if path == "-" {
        return Err(Error::new("standard input has no revisions").help("give a folder or a file"));
    }
    Ok(match find::kind(path)? {
        find::Kind::Folder => true,
        find::Kind::File(_) => false,
    })
}

/// Loads the process that was at `path` at a commit, which is shown as `revision`. The inner error
/// tells that there was none.
fn load_at(path: &Utf8Path, revision: &str, commit: &str) -> Result<Result<Project, Error>, Error> {
    let is_folder = place_of(path)?;
    let folder = folder_in(path)?;
    let git = Git { folder: &folder };
    let prefix = git.text(&["rev-parse", "--show-prefix"])?;
    let prefix = prefix.trim_end_matches(['\n', '\r']).trim_end_matches('/');
    let place = match (prefix, path.file_name().filter(|_| !is_folder)) {
        ("", None) => None,
        ("", Some(file)) => Some(file.to_owned()),
        (prefix, None) => Some(prefix.to_owned()),
        (prefix, Some(file)) => Some(format!("{prefix}/{file}")),
    };
    let object = match &place {
        None => format!("{commit}^{{tree}}"),
        Some(place) => format!("{commit}:{place}"),
    };
    let missing = || Error::new(format!("there is no `{path}` at `{revision}`"));
    let Some(object) = git.verify(&object)? else { return Ok(Err(missing())) };
    let shown = |name: &str| format!("{revision}:{name}");
    if !is_folder {
        let texts = git.blobs(&[object])?;
        let name = shown(path.file_name().unwrap_or(path.as_str()));
        let notation = Notation::of(path.as_str()).unwrap_or(Notation::Dsl);
        let mut loading = Loading::default();
        for text in texts {
            loading.add(0, name.clone(), parsed(0, notation, text));
        }
        return Ok(Ok(finish(loading, path, Manifest::default())));
    }
    let entries = git.tree(&object)?;
    let mut loading = Loading::default();
    let mut manifest = Manifest::default();
    let blob = |wanted: &str| entries.iter().find(|entry| entry.name == wanted && entry.is_file());
    if let Some(entry) = blob(MANIFEST) {
        for text in git.blobs(std::slice::from_ref(&entry.object))? {
            manifest = loading.manifest_text(shown(MANIFEST), text);
        }
    }
    let files = chosen(&entries, &manifest);
    if files.is_empty() {
        return Ok(Err(Error::new(format!("there is no process in `{path}` at `{revision}`"))));
    }
    let objects: Vec<String> = files.iter().map(|(entry, _)| entry.object.clone()).collect();
    let first = loading.sources.iter().count();
    for (at, ((entry, notation), text)) in files.iter().zip(git.blobs(&objects)?).enumerate() {
        loading.add(first + at, shown(&entry.name), parsed(first + at, *notation, text));
    }
    Ok(Ok(finish(loading, path, manifest)))
}

fn finish(loading: Loading, path: &Utf8Path, manifest: Manifest) -> Project {
    let root = if path.is_dir() { path.to_owned() } else { folder_of(path) };
    loading.finish(find::process_name(path), root.clone(), root, manifest)
}

/// An entry of a tree.
struct Entry {
    /// As git writes it: `100644` is a file, `120000` a link.
    mode: String,
    object: String,
    /// Relative to the folder of the process, with forward slashes.
    name: String,
}

impl Entry {
    fn is_file(&self) -> bool {
        self.mode.starts_with("100")
    }
}

/// The files of the process, in the order of their paths: the same as in a folder on disk.
fn chosen<'e>(entries: &'e [Entry], manifest: &Manifest) -> Vec<(&'e Entry, Notation)> {
    // Every folder that a build has written, and the output folder.
    let mut left_out: Vec<Utf8PathBuf> = entries
        .iter()
        .map(|entry| Utf8Path::new(&entry.name))
        .filter(|path| path.file_name() == Some(RECORD))
        .filter_map(|path| path.parent().map(Utf8Path::to_owned))
        .filter(|folder| !folder.as_str().is_empty())
        .collect();
    left_out.push(Utf8PathBuf::from(manifest.output()));
    let mut files: Vec<(&Entry, Notation)> = entries
        .iter()
        .filter(|entry| entry.is_file())
        .filter(|entry| !entry.name.split('/').any(|part| part.starts_with('.')))
        .filter(|entry| {
            !left_out.iter().any(|folder| Utf8Path::new(&entry.name).starts_with(folder))
        })
        .filter_map(|entry| Notation::of(&entry.name).map(|notation| (entry, notation)))
        .collect();
    files.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    files
}

/// The git of a folder.
struct Git<'a> {
    folder: &'a Utf8Path,
}

impl Git<'_> {
    /// A command that reads no variable of git's, starts no other program and takes no lock.
    fn command(&self) -> Command {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        command
            .env("LC_ALL", "C")
            .arg("--no-optional-locks")
            .args(["-c", "core.fsmonitor=false", "-C"])
            .arg(self.folder)
            .stdin(Stdio::null());
        command
    }

    /// What a command prints.
    fn bytes(&self, command: &mut Command) -> Result<Vec<u8>, Error> {
        let ran = command.output().map_err(|error| {
            let said = super::reason(&error);
            Error::new(format!("cannot run git: {said}")).help("install git, or give a folder")
        })?;
        if ran.status.success() {
            return Ok(ran.stdout);
        }
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        if said.contains("not a git repository") {
            return Err(Error::new(format!("`{}` is in no git repository", self.folder))
                .help("give the folder of the earlier process instead of a revision"));
        }
        let said = said.lines().next().unwrap_or("it did not say why").trim();
        let said = said.strip_prefix("fatal: ").unwrap_or(said);
        Err(Error::new(format!("git failed: {said}")))
    }

    fn text(&self, arguments: &[&str]) -> Result<String, Error> {
        let bytes = self.bytes(self.command().args(arguments))?;
        String::from_utf8(bytes).map_err(|_| {
            Error::new(format!("a path in the repository of `{}` is not UTF-8", self.folder))
        })
    }

    /// The object that something names; `None` when there is none.
    fn verify(&self, what: &str) -> Result<Option<String>, Error> {
        let mut command = self.command();
        command.args(["rev-parse", "--verify", "--quiet", "--end-of-options", what]);
        let ran = command.output().map_err(|error| {
            let said = super::reason(&error);
            Error::new(format!("cannot run git: {said}")).help("install git, or give a folder")
        })?;
        let found = String::from_utf8_lossy(&ran.stdout).trim().to_owned();
        Ok((ran.status.success() && !found.is_empty()).then_some(found))
    }

    /// The commit of a revision.
    fn commit(&self, revision: &str) -> Result<String, Error> {
        // Outside of a repository every question fails: this one tells why.
        self.text(&["rev-parse", "--git-dir"]).map_err(|error| Error {
            message: format!("there is no folder or file `{revision}`, and {}", error.message),
            ..error
        })?;
        if let Some(commit) = self.verify(&format!("{revision}^{{commit}}"))? {
            return Ok(commit);
        }
        let error = Error::new(format!("there is no folder, file or revision `{revision}`"));
        let shallow = self.text(&["rev-parse", "--is-shallow-repository"])?;
        Err(if shallow.trim() == "true" {
            error.help(
                "this clone is shallow: `git fetch --unshallow` brings the rest of its history",
            )
        } else {
            error.help("`git log --oneline` and `git tag` list revisions")
        })
    }

    /// Every entry below a tree.
    fn tree(&self, object: &str) -> Result<Vec<Entry>, Error> {
        let listed = self.text(&["ls-tree", "-r", "-z", "--full-tree", object])?;
        let entry = |line: &str| {
            let (about, name) = line.split_once('\t')?;
            let mut words = about.split(' ');
            let (mode, _, object) = (words.next()?, words.next()?, words.next()?);
            let [mode, object, name] = [mode, object, name].map(str::to_owned);
            Some(Entry { mode, object, name })
        };
        Ok(listed.split('\0').filter_map(entry).collect())
    }

    /// What is in these objects, in their order.
    fn blobs(&self, objects: &[String]) -> Result<Vec<Result<read::Text, read::Fault>>, Error> {
        let cannot = |error: std::io::Error| {
            Error::new(format!("cannot ask git: {}", super::reason(&error)))
        };
        // From a file rather than a pipe: nobody has to write while the answer is read.
        let mut asked = tempfile::tempfile().map_err(cannot)?;
        for object in objects {
            writeln!(asked, "{object}").map_err(cannot)?;
        }
        asked.rewind().map_err(cannot)?;
        let mut command = self.command();
        command.args(["cat-file", "--batch"]).stdin(asked);
        let answer = self.bytes(&mut command)?;
        let mut rest = answer.as_slice();
        let mut texts = Vec::with_capacity(objects.len());
        for object in objects {
            let odd = || Error::new(format!("git does not give object {object}"));
            let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(odd)?;
            let (head, body) = rest.split_at(end);
            let head = String::from_utf8_lossy(head);
            let mut words = head.split(' ').skip(1);
            let is_blob = words.next() == Some("blob");
            let size: Option<usize> = words.next().and_then(|size| size.parse().ok());
            let (Some(size), true) = (size, is_blob) else { return Err(odd()) };
            // A line break stands before the object and behind it.
            let bytes = body.get(1..=size).ok_or_else(odd)?;
            texts.push(read::decode(bytes.to_vec()));
            rest = body.get(size + 2..).unwrap_or_default();
        }
        Ok(texts)
    }
}
