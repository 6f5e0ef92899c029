//! `ekiden embed`

use camino::{Utf8Path, Utf8PathBuf};
use clap::Args;
use ignore::WalkBuilder;
use similar::TextDiff;

use super::options::{Findings, Source};
use super::pipeline::{Checked, handbook, languages};
use super::screen::{Screen, Stream};
use super::{Exit, Failure, files};
use crate::diag::Diagnostic;
use crate::diag::render::counted;
use crate::embed::{Shelf, fill};
use crate::emit::Context;
use crate::emit::docs::Handbook;
use crate::project;
use crate::source::{SourceFile, SourceMap};

const AFTER: &str = "\
Examples:
  ekiden embed                               every `*.md` file in and below this folder
  ekiden embed docs/sales.md -p sales        one file, from the process in `sales`
  ekiden embed --check                       say which files would change, change none

A region begins with `<!-- ekiden:stage mql -->` and ends with `<!-- /ekiden -->`, each
on a line of its own. Everything outside of regions stays as it is. Files are written
together or not at all, and none when there are errors.";

/// Fill marked regions of your own Markdown files with parts of the handbook
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Embed {
    /// Markdown files, and folders to look for `*.md` in
    #[arg(default_value = ".")]
    paths: Vec<Utf8PathBuf>,

    /// The process: a folder, a `*.ekiden` or `*.ekiden.yaml` file, or `-` for standard input
    #[arg(long, short, value_name = "PATH", default_value = ".")]
    process: Utf8PathBuf,

    /// The manifest to use instead of `ekiden.yaml` in the folder; a single file has none otherwise
    #[arg(long, value_name = "FILE")]
    manifest: Option<Utf8PathBuf>,

    /// Where links lead: the folder or address that holds the handbook of the target `docs`; by
    /// default where `ekiden build` writes it
    #[arg(long, value_name = "WHERE")]
    handbook: Option<String>,

    /// Change nothing; print the names of files that would change and exit with 1 if there are any
    #[arg(long)]
    check: bool,

    /// Change nothing; print what would change and exit with 1 if anything would
    #[arg(long)]
    diff: bool,

    #[command(flatten)]
    findings: Findings,
}

/// A Markdown file.
struct Page {
    path: Utf8PathBuf,
    text: String,
    /// Whether it begins with a byte-order mark.
    mark: bool,
}

/// A file that changes.
struct Change {
    page: Page,
    new: String,
}

impl Embed {
    pub(super) fn run(self, screen: &mut Screen) -> Result<Exit, Failure> {
        if let Some(address) = &self.handbook {
            usable(address)?;
        }
        let pages = self.pages()?;
        let source = Source::at(self.process.clone(), self.manifest.clone());
        let checked = self.findings.check(&source)?;
        screen.silenced(checked.silenced());
        // Faults of templates are told at their place, among the sources of the process.
        let mut sources = checked.project.sources.clone();
        let filled =
            handbook(&checked, |context| self.fill(context, &checked, pages, &mut sources));
        let Some((changes, regions, faults)) = filled else {
            let (found, sources) = (&checked.diagnostics, &checked.project.sources);
            screen.findings(found, sources, self.findings.format, Stream::Data);
            screen.talk("nothing was written");
            return Ok(Exit::Findings);
        };
        if !faults.is_empty() {
            screen.findings(&faults, &sources, self.findings.format, Stream::Data);
            screen.talk("nothing was written");
            return Ok(Exit::Findings);
        }
        let looking = self.check || self.diff;
        for Change { page, new } in &changes {
            if self.diff {
                let diff = TextDiff::from_lines(&page.text, new);
                let (old, new) = (page.path.to_string(), format!("{} (filled)", page.path));
                screen.data(&diff.unified_diff().header(&old, &new).to_string());
            } else if self.check {
                screen.data(&format!("{}\n", page.path));
            }
        }
        if !looking {
            let written = changes.iter().map(|change| {
                let mark = if change.page.mark { "\u{feff}" } else { "" };
                (change.page.path.as_path(), format!("{mark}{}", change.new).into_bytes())
            });
            files::replace_all(&written.collect::<Vec<_>>())?;
        }
        let verb = if looking { "would change" } else { "changed" };
        let said = format!(
            "{} in {}: {} {verb}",
            counted(regions.0, "region"),
            counted(regions.1, "file"),
            counted(changes.len(), "file"),
        );
        screen.talk(&said);
        Ok(Exit::findings(looking && !changes.is_empty()))
    }

    /// What changes; how many regions there are, in how many files; what is wrong with marks.
    fn fill(
        &self,
        context: &Context<'_>,
        checked: &Checked,
        pages: Vec<Page>,
        sources: &mut SourceMap,
    ) -> (Vec<Change>, (usize, usize), Vec<Diagnostic>) {
        let process = context.process;
        let handbook = Handbook::new(context);
        let languages = languages(&checked.project.manifest, process);
        let volumes: Vec<_> = languages.iter().map(|language| handbook.volume(language)).collect();
        let (mut changes, mut regions, mut faults) = (Vec::new(), (0, 0), Vec::new());
        for page in pages {
            let id = sources.add(SourceFile::new(page.path.as_str(), page.text.as_str()));
            let top = self.top(&page.path, checked);
            let shelf =
                |(language, volume)| Shelf { language, volume, base: format!("{top}{language}/") };
            let shelves: Vec<Shelf<'_>> =
                languages.iter().map(String::as_str).zip(&volumes).map(shelf).collect();
            match fill(id, &page.text, &shelves) {
                Ok(filled) => {
                    regions.0 += filled.regions;
                    regions.1 += usize::from(filled.regions > 0);
                    if filled.text != page.text {
                        changes.push(Change { page, new: filled.text });
                    }
                }
                Err(found) => faults.extend(found),
            }
        }
        (changes, regions, faults)
    }

    /// How the folder that holds the handbook is reached from a file; ends with a slash.
    fn top(&self, page: &Utf8Path, checked: &Checked) -> String {
        let project = &checked.project;
        let folder = match &self.handbook {
            Some(address) if address.contains("://") => {
                return format!("{}/", address.trim_end_matches('/'));
            }
            Some(folder) => Utf8PathBuf::from(folder),
            None => project.base.join(project.manifest.output()).join("docs"),
        };
        let page = project::real(page);
        let here = page.parent().unwrap_or(Utf8Path::new(""));
        relative(here, &project::real(&folder))
    }

    /// The files to look at. Of a folder, those that may have a mark.
    fn pages(&self) -> Result<Vec<Page>, Failure> {
        let mut pages = Vec::new();
        let mut add = |path: Utf8PathBuf| -> Result<(), Failure> {
            let read = project::read_text(&path)?;
            pages.push(Page { path, text: read.text, mark: read.mark });
            Ok(())
        };
        let mut seen = std::collections::BTreeSet::new();
        for path in &self.paths {
            if !path.is_dir() {
                if seen.insert(project::real(path)) {
                    add(path.clone())?;
                }
                continue;
            }
            for file in markdown_files(path)? {
                if seen.insert(project::real(&file)) && may_have_marks(&file) {
                    add(file)?;
                }
            }
        }
        Ok(pages)
    }
}

/// Refuses what would end a link early.
fn usable(address: &str) -> Result<(), Failure> {
    let bad = |sign: char| sign.is_whitespace() || sign.is_control() || "()<>".contains(sign);
    if address.contains("://") && address.contains(bad) {
        let failure = Failure::new(format!("`{address}` cannot stand in a link"));
        return Err(failure.help("encode spaces as `%20`, and parentheses as `%28` and `%29`"));
    }
    Ok(())
}

/// Whether a mark may be in a file. One that is no text cannot have any.
fn may_have_marks(path: &Utf8Path) -> bool {
    std::fs::read(path).is_ok_and(|bytes| {
        let has = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
        has(b"ekiden:") || has(b"/ekiden")
    })
}

/// The Markdown files of a folder and those below, sorted; without hidden ones and what git ignores.
fn markdown_files(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in WalkBuilder::new(folder).require_git(false).build() {
        let entry =
            entry.map_err(|error| Failure::new(format!("cannot read `{folder}`: {error}")))?;
        let Some(path) = Utf8Path::from_path(entry.path()) else { continue };
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if is_file && path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md")) {
            found.push(path.strip_prefix(".").unwrap_or(path).to_owned());
        }
    }
    found.sort();
    Ok(found)
}

/// The way from one folder to another as it stands in a link; empty, or with a slash at the end.
fn relative(from: &Utf8Path, to: &Utf8Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.iter().skip(common).map(|_| "..".to_owned());
    let down = to.iter().skip(common).map(|step| encoded(step.as_str()));
    up.chain(down).map(|step| format!("{step}/")).collect()
}

/// A step of a path as it stands in a link.
fn encoded(step: &str) -> String {
    let mut out = String::with_capacity(step.len());
    for sign in step.chars() {
        match sign {
            // Of others some would end the link, some mean something in addresses.
            _ if !sign.is_ascii() || sign.is_ascii_alphanumeric() => out.push(sign),
            '-' | '_' | '.' | '~' | '+' | ',' | '=' | '@' => out.push(sign),
            _ => out.push_str(&format!("%{:02X}", u32::from(sign))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_between_folders() {
        let way = |from: &str, to: &str| relative(Utf8Path::new(from), Utf8Path::new(to));
        assert_eq!(way("/a", "/a/build/docs"), "build/docs/");
        assert_eq!(way("/a/docs/x", "/a/build"), "../../build/");
        assert_eq!(way("/a/b", "/a/b"), "");
        assert_eq!(way("/a", "/a/b c (d)/%"), "b%20c%20%28d%29/%25/");
    }
}
