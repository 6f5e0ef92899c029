//! The templates of a project: what lies in `templates/`, and in the folders of its own targets.

use std::fs;
use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use ignore::WalkBuilder;

use super::{Project, find, output, read, reason};
use crate::diag::{Diagnostic, Level, closest, codes};
use crate::emit::template::user::{
    ENDING, FOLDER, OwnContents, OwnFile, OwnTarget, TemplateSet, UserTemplate,
};
use crate::emit::{SettingValue, TARGETS, own};
use crate::source::{FileId, SourceFile, Span};

/// The largest template, in bytes.
const LARGEST_TEMPLATE: u64 = 1 << 20;

/// The largest file that is copied, in bytes.
const LARGEST_COPY: u64 = 16 << 20;

/// The most files of one folder of templates.
const MOST: usize = 2000;

/// A folder of a target of the project's own, as the manifest names it.
struct Wanted {
    name: String,
    folder: String,
    span: Span,
}

impl Project {
    /// Reads the templates, which then are among the sources: what is wrong with them is found like
    /// any other fault. `sets` are the templates of the program that can be replaced.
    pub fn read_templates(&mut self, sets: &[TemplateSet]) {
        let wanted = self.wanted();
        let folders: Vec<Utf8PathBuf> =
            wanted.iter().map(|own| output::real(&self.base.join(&own.folder))).collect();
        for own in wanted {
            if let Some(target) = self.own_target(own) {
                self.templates.own.push(target);
            }
        }
        let top = self.base.join(FOLDER);
        for (name, path) in self.entries(&top) {
            // Somebody may keep other things in such a folder, and a target of one's own may live in it.
            let real = output::real(&path);
            if folders.iter().any(|folder| folder.starts_with(&real) || real.starts_with(folder)) {
                continue;
            }
            match sets.iter().find(|set| set.target == name) {
                _ if !path.is_dir() => {
                    if name.ends_with(ENDING) {
                        let help =
                            format!("put it into the folder of its target, as in `{FOLDER}/docs`");
                        self.unused(&path, "is in the folder of no target", help);
                    }
                }
                Some(_) => {
                    let found = self.overrides(&path);
                    self.templates.overrides.push((name, found));
                }
                None => self.unknown(&name, &path, sets),
            }
        }
    }

    /// The targets of the project's own. What the manifest says wrong about one is told.
    fn wanted(&mut self) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        for (name, (span, settings)) in self.manifest.targets.iter().flatten() {
            let Some(setting) = settings.values.get("templates") else { continue };
            // A target of the program says itself that it has no such setting.
            if TARGETS.iter().any(|target| target.name == name) {
                continue;
            }
            if let Some(message) = own::name_fault(name) {
                let finding = Diagnostic::new(codes::INVALID_MANIFEST, *span, message);
                let help =
                    "a name has small letters, digits, `_` and `-`, and begins with a letter";
                self.diagnostics.push(finding.help(help));
                continue;
            }
            match &setting.value.value {
                SettingValue::Text(folder) if !folder.trim().is_empty() => wanted.push(Wanted {
                    name: name.clone(),
                    folder: folder.clone(),
                    span: setting.value.span,
                }),
                _ => {
                    let message = "`templates` must be a folder";
                    let finding =
                        Diagnostic::new(codes::INVALID_MANIFEST, setting.value.span, message);
                    self.diagnostics
                        .push(finding.help(format!("as in `templates: {FOLDER}/{name}`")));
                }
            }
        }
        wanted
    }

    fn own_target(&mut self, wanted: Wanted) -> Option<OwnTarget> {
        let Wanted { name, folder, span } = wanted;
        let path = self.base.join(&folder);
        let fault = |message: String, help: &str| {
            Diagnostic::new(codes::INVALID_MANIFEST, span, message).help(help)
        };
        let (base, real) = (output::real(&self.base), output::real(&path));
        let built = output::real(&self.base.join(self.manifest.output()));
        let inside = "give the templates a folder of their own beside the manifest";
        let finding = if Utf8Path::new(&folder).is_absolute() || !real.starts_with(&base) {
            Some(fault(format!("`{folder}` is not in the folder of the manifest"), inside))
        } else if real == base || output::real(&self.root).starts_with(&real) {
            Some(fault(format!("`{folder}` holds the process itself"), inside))
        } else if real.starts_with(&built) {
            Some(fault(format!("`{folder}` is in the folder that is built into"), inside))
        } else if !path.exists() {
            let help = "make it, with one template in it, such as `[stage].md.hbs`";
            Some(fault(format!("there is no folder `{folder}`"), help))
        } else if !path.is_dir() {
            Some(fault(format!("`{folder}` is not a folder"), inside))
        } else {
            None
        };
        if let Some(finding) = finding {
            self.diagnostics.push(finding);
            return None;
        }
        let mut files = Vec::new();
        for (inside, place, is_file) in self.walk(&path) {
            if !is_file {
                continue;
            }
            let file_name = inside.file_name().unwrap_or_default();
            let contents = if file_name.ends_with(ENDING) {
                self.template(&place, file_name).map(OwnContents::Template)
            } else {
                self.copy(&place)
            };
            files.extend(contents.map(|contents| OwnFile { path: inside, contents }));
        }
        if files.is_empty() {
            let help = "put a template into it, such as `[stage].md.hbs`";
            self.diagnostics.push(fault(format!("there is nothing in `{folder}`"), help));
            return None;
        }
        Some(OwnTarget { name, span, files })
    }

    /// The templates of a folder that stand in for those of the program.
    fn overrides(&mut self, folder: &Utf8Path) -> Vec<UserTemplate> {
        let mut found = Vec::new();
        for (name, path) in self.entries(folder) {
            if path.is_dir() || !name.ends_with(ENDING) {
                let help = format!("a template is a file whose name ends with `{ENDING}`");
                self.unused(&path, "is no template", help);
            } else {
                found.extend(self.template(&path, &name));
            }
        }
        found
    }

    /// A folder that is called as no target with templates is. One without any is left alone.
    fn unknown(&mut self, name: &str, path: &Utf8Path, sets: &[TemplateSet]) {
        let holds = self.walk(path);
        let Some((_, first, _)) =
            holds.iter().find(|(inside, ..)| inside.as_str().ends_with(ENDING))
        else {
            return;
        };
        let targets = || sets.iter().map(|set| set.target);
        let known = TARGETS.iter().any(|target| target.name == name);
        let all =
            || targets().map(|target| format!("`{target}`")).collect::<Vec<_>>().join(" and ");
        let help = match closest(name, targets()) {
            _ if known => format!("the targets with templates are {}", all()),
            Some(near) => format!("did you mean `{FOLDER}/{near}`?"),
            None => format!(
                "the targets with templates are {}; to make `{name}` one of your own, write \
                 `{name}: {{templates: {FOLDER}/{name}}}` under `targets` in the manifest",
                all(),
            ),
        };
        let first = first.clone();
        let said = match known {
            true => format!("is not used: target `{name}` has no templates"),
            false => format!("is not used: there is no target `{name}`"),
        };
        self.unused(&first, &said, help);
    }

    fn unused(&mut self, path: &Utf8Path, message: &str, help: String) {
        let file = self.empty_source(path);
        let name = find::display(path.as_std_path());
        let message = format!("`{name}` {message}");
        let finding = Diagnostic::new(codes::UNUSED_TEMPLATE, Span::start_of(file), message);
        self.diagnostics.push(finding.level(Level::Warning).help(help));
    }

    fn broken(&mut self, path: &Utf8Path, message: &str, help: &str) {
        let file = self.empty_source(path);
        let name = find::display(path.as_std_path());
        let message = format!("`{name}` {message}");
        let finding = Diagnostic::new(codes::BROKEN_TEMPLATE, Span::start_of(file), message);
        self.diagnostics.push(finding.help(help));
    }

    fn empty_source(&mut self, path: &Utf8Path) -> FileId {
        self.sources.add(SourceFile::new(find::display(path.as_std_path()), ""))
    }

    /// Reads a template.
    fn template(&mut self, path: &Utf8Path, file_name: &str) -> Option<UserTemplate> {
        if fs::metadata(path).is_ok_and(|found| found.len() > LARGEST_TEMPLATE) {
            let message = format!("is larger than {} MB", LARGEST_TEMPLATE >> 20);
            self.broken(path, &message, "split it into templates that include each other");
            return None;
        }
        let name = find::display(path.as_std_path());
        match read::file(path.as_std_path()) {
            Ok(read) => {
                let file = self.sources.add(SourceFile::new(name, read.text.as_str()));
                Some(UserTemplate::new(file_name, &read.text, file))
            }
            Err(fault) => {
                let message = format!("`{name}` {}", fault.message);
                let file = self.sources.add(SourceFile::new(name, fault.text));
                let (start, end) = fault.at;
                let span = Span::new(file, start, end);
                let mut finding = Diagnostic::new(codes::BROKEN_TEMPLATE, span, message);
                finding = finding.reason(fault.reason);
                finding.help = fault.help;
                self.diagnostics.push(finding);
                None
            }
        }
    }

    /// Reads a file that is copied.
    fn copy(&mut self, path: &Utf8Path) -> Option<OwnContents> {
        match fs::metadata(path) {
            Ok(found) if found.len() > LARGEST_COPY => {
                let message = format!("is larger than {} MB", LARGEST_COPY >> 20);
                self.broken(path, &message, "link to it where it is, instead of copying it");
                return None;
            }
            _ => {}
        }
        match fs::read(path) {
            Ok(bytes) => Some(OwnContents::Copy(bytes.into())),
            Err(error) => {
                let message = format!("cannot be read: {}", reason(&error));
                self.broken(path, &message, "make it readable, or remove it");
                None
            }
        }
    }

    /// What lies in a folder, without what is hidden, sorted by name. Links are told and left out.
    fn entries(&mut self, folder: &Utf8Path) -> Vec<(String, Utf8PathBuf)> {
        let mut entries = self.walk_to(folder, Some(1));
        entries.retain(|(inside, ..)| !inside.as_str().is_empty());
        entries.into_iter().map(|(inside, path, _)| (inside.into_string(), path)).collect()
    }

    /// Everything in a folder at any depth: the path in it, the place, and whether it is a file.
    fn walk(&mut self, folder: &Utf8Path) -> Vec<(Utf8PathBuf, Utf8PathBuf, bool)> {
        self.walk_to(folder, None)
    }

    fn walk_to(
        &mut self,
        folder: &Utf8Path,
        depth: Option<usize>,
    ) -> Vec<(Utf8PathBuf, Utf8PathBuf, bool)> {
        let mut found = Vec::new();
        if !folder.is_dir() {
            return found;
        }
        let by_name = |a: &Path, b: &Path| a.cmp(b);
        let walk = WalkBuilder::new(folder)
            .standard_filters(false)
            .hidden(true)
            .follow_links(false)
            .max_depth(depth)
            .sort_by_file_path(by_name)
            .build();
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let said = error.to_string();
                    self.broken(folder, &format!("cannot be read: {said}"), "make it readable");
                    continue;
                }
            };
            let Some(path) = Utf8Path::from_path(entry.path()) else {
                let help = "rename what is in it with letters that every system knows";
                self.broken(folder, "holds a file whose name is not UTF-8", help);
                continue;
            };
            let Ok(inside) = path.strip_prefix(folder) else { continue };
            let kind = entry.file_type();
            if kind.is_some_and(|kind| kind.is_symlink()) {
                let help = "put a copy in its place: links could lead anywhere";
                self.broken(path, "is a link, which is not followed here", help);
                continue;
            }
            if found.len() >= MOST {
                let message = format!("holds more than {MOST} files");
                self.broken(folder, &message, "keep only templates and what goes with them there");
                break;
            }
            // Slashes, whatever the system writes.
            let inside =
                inside.components().map(|step| step.as_str()).collect::<Vec<_>>().join("/");
            found.push((inside.into(), path.to_owned(), kind.is_some_and(|kind| kind.is_file())));
        }
        found
    }
}
