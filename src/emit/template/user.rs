//! Templates that are files of a project: those that stand in for the program's own, and those of
//! targets that the project has made up itself.

use std::sync::Arc;

use camino::Utf8PathBuf;
use rustc_hash::FxHashMap;

use super::scan;
use crate::diag::{Diagnostic, Level, closest, codes};
use crate::source::{FileId, Span};

/// The folder of templates in the folder of the manifest.
pub const FOLDER: &str = "templates";

/// How the name of a file with a template ends.
pub const ENDING: &str = ".hbs";

/// What a template that was written out begins with, before the version of the view.
const HEADER: &str = "{{!-- Ekiden template, view ";

/// The templates of one of the program's targets.
#[derive(Clone, Copy, Debug)]
pub struct TemplateSet {
    /// The target.
    pub target: &'static str,
    /// The templates: name and text.
    pub sources: &'static [(&'static str, &'static str)],
    /// The names of the helpers they can call.
    pub helpers: fn() -> Vec<&'static str>,
}

impl TemplateSet {
    /// The text of a template.
    pub fn text(&self, name: &str) -> Option<&'static str> {
        self.sources.iter().find(|(own, _)| *own == name).map(|(_, text)| *text)
    }

    /// The names of the templates.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.sources.iter().map(|(name, _)| *name)
    }
}

/// A template as it is written out: with the version of the view that it was made for.
pub fn with_header(target: &str, name: &str, text: &str) -> String {
    format!("{HEADER}{} · {target}/{name} --}}}}\n{text}", crate::emit::view::VIEW_VERSION)
}

/// A file with a template.
#[derive(Clone, Debug)]
pub struct UserTemplate {
    /// What it is called: its file name without `_` and `.hbs`.
    pub name: String,
    /// Whether its file begins with `_`: it is only there to be included.
    pub partial: bool,
    /// Its text.
    pub text: Arc<str>,
    /// The file.
    pub file: FileId,
}

impl UserTemplate {
    /// The template in a file of this name, which ends in [`ENDING`].
    pub fn new(file_name: &str, text: &str, file: FileId) -> Self {
        let stem = file_name.strip_suffix(ENDING).unwrap_or(file_name);
        let name = stem.strip_prefix('_').unwrap_or(stem).to_owned();
        Self { name, partial: stem.starts_with('_'), text: text.into(), file }
    }

    /// The name of its file.
    pub fn file_name(&self) -> String {
        let mark = if self.partial { "_" } else { "" };
        format!("{mark}{}{ENDING}", self.name)
    }
}

/// What a file of a project's own target is.
#[derive(Clone, Debug)]
pub enum OwnContents {
    /// A template: one file, or one for each thing of a kind.
    Template(UserTemplate),
    /// It is copied.
    Copy(Arc<[u8]>),
}

/// A file of a project's own target.
#[derive(Clone, Debug)]
pub struct OwnFile {
    /// Relative to the folder of the target, with forward slashes.
    pub path: Utf8PathBuf,
    /// What it is.
    pub contents: OwnContents,
}

/// A target of a project's own: a folder of templates.
#[derive(Clone, Debug)]
pub struct OwnTarget {
    /// Its name.
    pub name: String,
    /// The place of its folder in the manifest.
    pub span: Span,
    /// Its files by path.
    pub files: Vec<OwnFile>,
}

/// The templates of a project.
#[derive(Clone, Debug, Default)]
pub struct UserTemplates {
    /// What stands in for the program's own, by target.
    pub overrides: Vec<(String, Vec<UserTemplate>)>,
    /// Its own targets, in the order of the manifest.
    pub own: Vec<OwnTarget>,
}

impl UserTemplates {
    /// Those of a project that has none.
    pub const NONE: Self = Self { overrides: Vec::new(), own: Vec::new() };

    /// What stands in for the templates of a target.
    pub fn of(&self, target: &str) -> &[UserTemplate] {
        let found = self.overrides.iter().find(|(name, _)| name == target);
        found.map_or(&[], |(_, templates)| templates)
    }

    /// The templates of a target: the program's own, but for those that the project replaces.
    pub fn sources<'a>(&'a self, target: &str, built_in: &[(&'a str, &'a str)]) -> Sources<'a> {
        let mut sources = Sources::built_in(built_in);
        for template in self.of(target) {
            sources.put(template);
        }
        sources
    }

    /// What is wrong with the templates that stand in for those of the program, as far as that can
    /// be told without a process.
    pub fn faults(&self, sets: &[TemplateSet]) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for (target, templates) in &self.overrides {
            let Some(set) = sets.iter().find(|set| set.target == target) else { continue };
            for template in templates {
                misnamed(set, template, &mut findings);
            }
            let sources = self.sources(target, set.sources);
            let names: Vec<&str> = sources.pairs().iter().map(|(name, _)| *name).collect();
            let helpers = (set.helpers)();
            for template in templates {
                let built_in = set.text(&template.name).unwrap_or("");
                let rules = scan::Rules {
                    templates: &names,
                    helpers: &helpers,
                    raw: &scan::raw_paths(built_in),
                };
                findings.extend(scan::faults(template, &rules));
            }
            let pairs = sources.pairs();
            for template in templates.iter().filter(|template| template.partial) {
                if !pairs.iter().any(|(_, text)| scan::includes(text, &template.name)) {
                    findings.push(unused(template));
                }
            }
        }
        findings
    }
}

/// The finding that nothing includes a template.
pub(in crate::emit) fn unused(template: &UserTemplate) -> Diagnostic {
    let message = format!("no template includes `{}`", template.name);
    let finding = Diagnostic::new(codes::UNUSED_TEMPLATE, Span::start_of(template.file), message);
    let finding = finding.level(Level::Warning);
    finding.help(format!("write `{{{{> {}}}}}` in one, or remove the file", template.name))
}

/// The finding that a template is called as none of the target is.
fn misnamed(set: &TemplateSet, template: &UserTemplate, findings: &mut Vec<Diagnostic>) {
    let UserTemplate { name, partial, file, .. } = template;
    let target = set.target;
    let known = set.text(name).is_some();
    let (message, help) = match (partial, known) {
        (true, false) | (false, true) => return,
        (true, true) => (
            format!("target `{target}` has a template `{name}` itself"),
            format!("name the file `{name}{ENDING}` to replace it, or give yours another name"),
        ),
        (false, false) => (
            format!("target `{target}` has no template `{name}`"),
            match closest(name, set.names()) {
                Some(near) => format!("did you mean `{near}{ENDING}`?"),
                None => "`ekiden template list` names them; one of your own, to be included by \
                         others, begins with `_`"
                    .to_owned(),
            },
        ),
    };
    let finding = Diagnostic::new(codes::BROKEN_TEMPLATE, Span::start_of(*file), message);
    findings.push(finding.help(help));
}

/// The version of the view that a template says it was made for, and where it says so.
pub(super) fn version(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix(HEADER)?;
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    rest.get(..end).map(|version| (version, HEADER.len()))
}

/// Templates that may include each other, each from the program or from a file.
#[derive(Clone, Debug)]
pub struct Sources<'a> {
    list: Vec<(&'a str, &'a str, Option<FileId>)>,
}

impl<'a> Sources<'a> {
    /// Templates of the program.
    pub fn built_in(sources: &[(&'a str, &'a str)]) -> Self {
        Self { list: sources.iter().map(|(name, text)| (*name, *text, None)).collect() }
    }

    /// Adds a template of a file, in place of one of the same name.
    pub(in crate::emit) fn put(&mut self, template: &'a UserTemplate) {
        let entry = (template.name.as_str(), &*template.text, Some(template.file));
        match self.list.iter_mut().find(|(name, ..)| *name == template.name) {
            Some(slot) => *slot = entry,
            None => self.list.push(entry),
        }
    }

    /// Adds a template of a file by another name.
    pub(in crate::emit) fn put_as(&mut self, name: &'a str, template: &'a UserTemplate) {
        self.list.push((name, &*template.text, Some(template.file)));
    }

    /// Name and text of each.
    pub(super) fn pairs(&self) -> Vec<(&'a str, &'a str)> {
        self.list.iter().map(|(name, text, _)| (*name, *text)).collect()
    }

    /// The file and text of those that are files, by name.
    pub(super) fn files(&self) -> FxHashMap<String, (FileId, String)> {
        let with_file = |(name, text, file): &(&str, &str, Option<FileId>)| {
            file.map(|file| ((*name).to_owned(), (file, (*text).to_owned())))
        };
        self.list.iter().filter_map(with_file).collect()
    }
}
