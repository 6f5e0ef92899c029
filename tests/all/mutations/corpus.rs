//! What mutants are made from: every process and every file that is in the repository.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ekiden::source::FileId;
use ekiden::syntax::{Parsed, dsl, print, yaml};

/// A process: its files, each in one of the notations.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) files: Vec<File>,
}

#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) yaml: bool,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn parse(&self, id: FileId) -> Parsed {
        if self.yaml { yaml::parse(id, &self.text) } else { dsl::parse(id, &self.text) }
    }
}

impl Source {
    pub(crate) fn one(name: &str, yaml: bool, text: impl Into<String>) -> Self {
        Source { name: name.to_owned(), files: vec![File { yaml, text: text.into() }] }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "======== {}", self.name)?;
        for file in &self.files {
            let name = if file.yaml { "YAML" } else { "DSL" };
            let shown: String = file.text.chars().take(60_000).collect();
            writeln!(f, "-------- {name}, {} bytes, {shown:?}", file.text.len())?;
            writeln!(f, "--------\n{shown}\n--------")?;
        }
        Ok(())
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn below(folder: &Path, wanted: &dyn Fn(&str) -> bool, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, wanted, found);
        } else if wanted(path.to_str().unwrap()) {
            found.push(path);
        }
    }
    found.sort();
}

fn is_source(path: &str) -> bool {
    path.ends_with(".ekiden") || path.ends_with(".ekiden.yaml")
}

fn read(path: &Path) -> File {
    let text = fs::read_to_string(path).unwrap();
    File { yaml: path.extension().is_some_and(|extension| extension == "yaml"), text }
}

/// Processes without errors.
pub(crate) fn processes() -> &'static [Source] {
    static ALL: OnceLock<Vec<Source>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Vec::new();
        for example in ["hubspot_default", "salesforce_default", "the_model", "the_model_yaml"] {
            let mut files = Vec::new();
            below(&root().join("examples").join(example), &is_source, &mut files);
            let files = files.iter().map(|path| read(path)).collect();
            all.push(Source { name: example.to_owned(), files });
        }
        for file in ["tests/crm/whole.ekiden", "tests/all/target_sql/story.ekiden"] {
            let mut file_read = read(&root().join(file));
            // It also names rules that there will be one day.
            file_read.text = file_read.text.replace("waive     no-feedback", "waive     silo");
            let tree = file_read.parse(FileId(0)).file;
            all.push(Source::one(&format!("{file}.yaml"), true, print::yaml(&tree, "en")));
            // More often than the large ones, which take their time.
            for _ in 0..4 {
                all.push(Source::one(file, false, file_read.text.clone()));
            }
        }
        let mut started = String::new();
        for part in ["process", "stages"] {
            let path = root().join("src/cli/init").join(part).with_extension("ekiden");
            started.push_str(&fs::read_to_string(path).unwrap());
        }
        for _ in 0..4 {
            all.push(Source::one("init", false, started.clone()));
        }
        all
    })
}

/// Files, good and bad, each a process of its own, smaller ones more often.
pub(crate) fn files() -> &'static [Source] {
    static ALL: OnceLock<Vec<Source>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut paths = Vec::new();
        below(&root().join("examples"), &is_source, &mut paths);
        below(&root().join("tests/ui"), &is_source, &mut paths);
        for path in ["convert/everything.ekiden", "target_sql/story.ekiden", "../crm/whole.ekiden"]
        {
            paths.push(root().join("tests/all").join(path));
        }
        let mut all = Vec::new();
        for path in paths {
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            all.push(Source { name, files: vec![read(&path)] });
        }
        let mut pages = Vec::new();
        below(&root().join("docs"), &|path| path.ends_with(".md"), &mut pages);
        for page in pages {
            let text = fs::read_to_string(&page).unwrap();
            let name = page.strip_prefix(root()).unwrap().display().to_string();
            for block in text.split("\n```").skip(1).step_by(2) {
                let (kind, text) = block.split_once('\n').unwrap_or((block, ""));
                match kind.split(',').next() {
                    Some("ekiden") => all.push(Source::one(&name, false, text)),
                    Some("yaml") => all.push(Source::one(&name, true, text)),
                    _ => {}
                }
            }
        }
        let everything = fs::read_to_string(root().join("tests/all/convert/everything.ekiden"));
        let everything = everything.unwrap();
        let tree = dsl::parse(FileId(0), &everything).file;
        for _ in 0..8 {
            all.push(Source::one("everything", false, everything.clone()));
            all.push(Source::one("everything in YAML", true, print::yaml(&tree, "en")));
        }
        all
    })
}
