//! `ekiden convert`

use std::mem::discriminant;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, ValueEnum};

use super::options::Format;
use super::screen::{Screen, Stream};
use super::{Exit, Failure, files};
use crate::diag::Level;
use crate::diag::render::counted;
use crate::project::{self, Notation};
use crate::source::{FileId, SourceFile, SourceMap};
use crate::syntax::{ast, print};

const AFTER: &str = "\
Examples:
  ekiden convert stages.ekiden                  print it as YAML
  ekiden convert stages.ekiden.yaml             print it in Ekiden's own notation
  ekiden convert --write --to yaml sales        turn every file of a folder into YAML
  ekiden convert --to yaml - < stages.ekiden    from standard input to standard output

Nothing is lost: what was written is read back and compared, and comments are
kept wherever the other notation can hold them.";

/// Turn one notation into the other: `*.ekiden` into `*.ekiden.yaml`, and back
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Convert {
    /// Files, or with `--write` also folders; `-` for standard input
    #[arg(required = true)]
    paths: Vec<Utf8PathBuf>,

    /// The notation to convert to; files that are in it already are left alone. Without it each
    /// file is turned into the other one
    #[arg(long, value_enum)]
    to: Option<To>,

    /// Write the new files beside the old ones, which are removed
    #[arg(long)]
    write: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum To {
    /// `*.ekiden`
    Dsl,
    /// `*.ekiden.yaml`
    Yaml,
}

/// A file and what it is to become.
struct Task {
    path: Utf8PathBuf,
    /// The folder of the process, as far as it is known.
    folder: Utf8PathBuf,
    from: Notation,
    to: Notation,
}

impl Convert {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        let tasks = self.tasks()?;
        if !self.write && tasks.len() > 1 {
            let refused = Failure::new("several files cannot be printed as one");
            return Err(refused.help("`--write` writes each beside the old one"));
        }
        let mut new = Vec::new();
        for task in &tasks {
            match convert(task, screen)? {
                Some(text) if self.write => new.push((renamed(task), text.into_bytes())),
                Some(text) => screen.data(&text),
                None => return Ok(Exit::Findings),
            }
        }
        if self.write {
            if let Some((path, _)) = new.iter().find(|(path, _)| path.exists()) {
                return Err(Failure::new(format!("`{path}` exists already; nothing was written")));
            }
            files::create(&new)?;
            for task in &tasks {
                files::remove(&task.path)?;
            }
            screen.talk(&format!("{} converted", counted(new.len(), "file")));
        }
        Ok(Exit::Clean)
    }

    fn tasks(&self) -> Result<Vec<Task>, Failure> {
        let wanted = self.to.map(|to| match to {
            To::Dsl => Notation::Dsl,
            To::Yaml => Notation::Yaml,
        });
        let mut tasks = Vec::new();
        for path in &self.paths {
            let found = if path == "-" {
                let Some(to) = wanted else {
                    let refused = Failure::new("standard input does not tell its notation");
                    return Err(refused.help("say what it is to become: `--to dsl` or `--to yaml`"));
                };
                if self.write {
                    return Err(Failure::new("standard input has no place to write to"));
                }
                vec![(path.clone(), to.other())]
            } else {
                project::list(path)?
            };
            let folder = if path.is_dir() { path.clone() } else { project::folder_of(path) };
            for (path, from) in found {
                let to = wanted.unwrap_or(from.other());
                if to != from {
                    tasks.push(Task { path, folder: folder.clone(), from, to });
                }
            }
        }
        Ok(tasks)
    }
}

/// The text of a file in the other notation. `None` when it has errors, which have been printed.
fn convert(task: &Task, screen: &mut Screen) -> Result<Option<String>, Failure> {
    let text = project::read_text(&task.path)?.text;
    let mut sources = SourceMap::new();
    let id = sources.add(SourceFile::new(task.path.as_str(), text.as_str()));
    let (tree, findings) = project::parse(task.from, id, &text);
    if findings.iter().any(|found| found.level == Level::Error) {
        screen.findings(&findings, &sources, Format::Full, Stream::Talk);
        return Ok(None);
    }
    let converted = match task.to {
        Notation::Dsl => print::dsl(&tree),
        Notation::Yaml => {
            let language = declared_language(&tree).or_else(|| language_in(&task.folder));
            print::yaml(&tree, language.as_deref().unwrap_or("en"))
        }
    };
    let (again, faults) = project::parse(task.to, FileId(0), &converted);
    if !faults.is_empty() || !same(&again.items, &tree.items) {
        let refused = Failure::new(format!("`{}` cannot be converted without a loss", task.path));
        return Err(refused.help("this is a fault of ekiden's: please report it with the file"));
    }
    Ok(Some(converted))
}

/// The name of a file in the other notation.
fn renamed(task: &Task) -> Utf8PathBuf {
    let path = task.path.as_str();
    match task.to {
        Notation::Yaml => Utf8PathBuf::from(format!("{path}.yaml")),
        Notation::Dsl => Utf8Path::new(path.strip_suffix(".yaml").unwrap_or(path)).to_owned(),
    }
}

/// The declarations kind by kind. YAML groups them so, which means nothing.
fn by_kind(items: &[ast::Item]) -> Vec<Vec<&ast::Item>> {
    let mut kinds: Vec<Vec<&ast::Item>> = Vec::new();
    for item in items {
        let kind = discriminant(item);
        match kinds.iter_mut().find(|kin| kin.first().is_some_and(|of| discriminant(*of) == kind)) {
            Some(kin) => kin.push(item),
            None => kinds.push(vec![item]),
        }
    }
    kinds
}

/// Whether two files declare the same, whatever the order of kinds.
fn same(a: &[ast::Item], b: &[ast::Item]) -> bool {
    let (a, b) = (by_kind(a), by_kind(b));
    a.len() == b.len() && a.iter().all(|kind| b.contains(kind))
}

/// The first language that a `process` declares.
fn declared_language(tree: &ast::File) -> Option<String> {
    tree.items.iter().find_map(|item| match item {
        ast::Item::Process(process) => process.languages.first().map(|name| name.text.clone()),
        _ => None,
    })
}

/// The first language of the process in a folder. YAML writes it beside a text that has
/// translations, and it may be declared in another file.
fn language_in(folder: &Utf8Path) -> Option<String> {
    project::list(folder).ok()?.into_iter().find_map(|(path, notation)| {
        let text = project::read_text(&path).ok()?.text;
        if !text.contains("languages") {
            return None;
        }
        declared_language(&project::parse(notation, FileId(0), &text).0)
    })
}
