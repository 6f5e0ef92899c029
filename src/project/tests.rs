//! Folders and files as they are found.

#![expect(clippy::unwrap_used, reason = "a test may fail by panic")]

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Project, Request, load, load_request};
use crate::diag::Level;

struct Folder {
    _guard: tempfile::TempDir,
    path: Utf8PathBuf,
}

impl Folder {
    fn new() -> Self {
        let guard = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(guard.path()).unwrap().join("My Process!");
        fs::create_dir(&path).unwrap();
        Self { _guard: guard, path }
    }

    fn with(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn load(&self) -> Project {
        load(&self.path).unwrap()
    }

    fn refusal(&self, path: &str) -> (String, String) {
        let error = load(&self.path.join(path)).unwrap_err();
        let short = |text: &str| {
            text.replace(&format!("{}/", self.path), "").replace(self.path.as_str(), "HERE")
        };
        (short(&error.message), short(&error.help.unwrap_or_default()))
    }

    /// The names of the files of a project, from the folder on.
    fn names(&self, project: &Project) -> Vec<String> {
        let name = |name: &str| name.strip_prefix(&format!("{}/", self.path)).unwrap().to_owned();
        project.sources.iter().map(|(_, file)| name(file.name())).collect()
    }
}

fn messages(project: &Project) -> Vec<String> {
    let message = |message: &str| message.split("/My Process!/").last().unwrap().to_owned();
    project.diagnostics.iter().map(|found| message(&found.message)).collect()
}

#[test]
fn every_file_of_both_notations_is_found_and_sorted() {
    let folder = Folder::new()
        .with("b.ekiden", "")
        .with("a/z.ekiden.yaml", "")
        .with("a.ekiden", "")
        .with("ekiden.yaml", "")
        .with("notes.md", "")
        .with(".hidden.ekiden", "")
        .with(".git/x.ekiden", "")
        .with(".gitignore", "b.ekiden\n")
        .with("build/docs/x.md", "")
        .with("old output/.ekiden-build.json", "{}")
        .with("old output/docs/x.md", "");
    let project = folder.load();
    assert_eq!(folder.names(&project), ["ekiden.yaml", "a.ekiden", "a/z.ekiden.yaml", "b.ekiden"]);
    assert_eq!(project.files.len(), 3);
    let ids: Vec<u32> = project.files.iter().map(|file| file.id.0).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(project.name, "my_process");
    assert!(messages(&project).is_empty());
}

#[test]
fn sources_where_generated_files_belong_are_not_lost_in_silence() {
    let record = r#"{"version":1,"files":{"json/copy.ekiden":"0"}}"#;
    let folder = Folder::new()
        .with("a.ekiden", "")
        .with("build/d.ekiden", "")
        .with("build/deep/c.ekiden.yaml", "")
        .with("build/b.ekiden", "")
        .with("build/a.ekiden", "")
        .with("old/.ekiden-build.json", record)
        .with("old/json/copy.ekiden", "")
        .with("wrong/.ekiden-build.json", record)
        .with("wrong/stages.ekiden", "");
    let project = folder.load();
    assert_eq!(
        messages(&project),
        [
            "build` is not read as the output folder, but holds `a.ekiden`, `b.ekiden`, `d.ekiden` and 1 more",
            "wrong` is not read because `ekiden build` wrote into it, but holds `stages.ekiden`",
        ]
    );
    assert!(project.incomplete);
    assert_eq!(folder.names(&project), ["a.ekiden", "build", "wrong"]);
    let folder = Folder::new().with("ekiden.yaml", "output: only").with("only/a.ekiden", "");
    let (message, help) = folder.refusal("");
    assert!(message.starts_with("there is no process in"), "{message}");
    assert!(help.contains("is not read as the output folder, but holds `a.ekiden`"), "{help}");
}

#[test]
fn an_output_folder_that_holds_the_process_is_a_finding_at_its_place() {
    for (output, said) in [
        (".", "`.` is the folder of the process itself"),
        ("x/..", "`x/..` is the folder of the process itself"),
        ("..", "`..` is above the folder of the process"),
        ("/", "`/` is above the folder of the process"),
    ] {
        let folder = Folder::new()
            .with("a.ekiden", "")
            .with("ekiden.yaml", format!("targets: []\noutput: {output}\n"));
        let project = folder.load();
        let found = project.diagnostics.first().unwrap();
        assert_eq!((found.message.as_str(), found.level), (said, Level::Error));
        let (_, place) = project.sources.locate(found.primary.span);
        assert_eq!((place.line, place.column), (2, 9), "{output}");
    }
    for output in ["../My Process! build", "../dist", "a/b", "/nowhere"] {
        let folder =
            Folder::new().with("a.ekiden", "").with("ekiden.yaml", format!("output: '{output}'\n"));
        assert!(folder.load().diagnostics.is_empty(), "{output}");
    }
}

#[test]
fn a_single_file_is_a_process_without_a_manifest_unless_one_is_given() {
    let folder = Folder::new().with("1st Try.ekiden", "").with("ekiden.yaml", "");
    let file = folder.path.join("1st Try.ekiden");
    let project = load(&file).unwrap();
    assert_eq!(folder.names(&project), ["1st Try.ekiden"]);
    assert_eq!((project.name.as_str(), &project.root), ("st_try", &folder.path));
    let manifest = folder.path.join("ekiden.yaml");
    let request = Request { path: &file, manifest: Some(&manifest), stdin_name: "" };
    let project = load_request(request).unwrap();
    assert_eq!(folder.names(&project), ["ekiden.yaml", "1st Try.ekiden"]);
}

#[test]
fn what_cannot_be_read_is_a_finding_at_its_place() {
    let folder = Folder::new()
        .with("a.ekiden", b"team x\nteam caf\xe9\n")
        .with("b.ekiden/inner.ekiden", "")
        .with("c.ekiden", b"\xef\xbb\xbfteam x {}\r\n");
    let project = folder.load();
    assert_eq!(
        messages(&project),
        ["a.ekiden` is not UTF-8 text", "b.ekiden` is a folder, but named as a file of a process"]
    );
    assert!(project.incomplete);
    let found = project.diagnostics.first().unwrap();
    let (_, place) = project.sources.locate(found.primary.span);
    assert_eq!((place.line, place.column), (2, 9));
    let last = project.sources.iter().last().unwrap().1;
    assert_eq!(last.text(), "team x {}\r\n", "the mark is gone, CRLF is kept");
}

#[test]
fn a_file_beyond_the_limit_is_refused_unread() {
    let folder = Folder::new().with("a.ekiden", "");
    let file = fs::OpenOptions::new().write(true).open(folder.path.join("a.ekiden")).unwrap();
    file.set_len(super::LARGEST + 1).unwrap();
    assert_eq!(messages(&folder.load()), ["a.ekiden` is larger than 64 MB"]);
    file.set_len(1 << 40).unwrap();
    assert_eq!(messages(&folder.load()), ["a.ekiden` is larger than 64 MB"]);
}

#[test]
fn near_misses_are_told() {
    let folder = Folder::new()
        .with("a.ekiden", "")
        .with("b.ekiden.yml", "")
        .with("ekiden.yml", "")
        .with("deep/ekiden.yaml", "");
    let project = folder.load();
    assert_eq!(
        messages(&project),
        ["b.ekiden.yml` is not read", "deep/ekiden.yaml` is not read", "ekiden.yml` is not read"]
    );
    assert!(project.diagnostics.iter().all(|found| found.level == Level::Error));
    assert!(project.incomplete);
}

#[test]
fn a_path_that_is_no_process_is_refused_with_advice() {
    let folder = Folder::new()
        .with("stages.ekiden", "")
        .with("ekiden.yaml", "")
        .with("plain.yaml", "")
        .with("notes.md", "")
        .with("empty/x.txt", "")
        .with("near/x.ekiden.yml", "");
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        folder.refusal("stage.ekiden"),
        pair("`stage.ekiden` does not exist", "did you mean `stages.ekiden`?")
    );
    assert_eq!(folder.refusal("nothing at all"), pair("`nothing at all` does not exist", ""));
    assert_eq!(
        folder.refusal("plain.yaml"),
        pair("`plain.yaml` is not named as a process is", "rename it to `plain.ekiden.yaml`")
    );
    assert_eq!(
        folder.refusal("notes.md"),
        pair(
            "`notes.md` is not named as a process is",
            "a process is a folder, or a file named `*.ekiden` or `*.ekiden.yaml`"
        )
    );
    assert_eq!(
        folder.refusal("ekiden.yaml"),
        pair("`ekiden.yaml` is a manifest, not a process", "give the folder it lies in: `HERE`")
    );
    assert_eq!(
        folder.refusal("empty"),
        pair("there is no process in `empty`", "`ekiden init empty` writes one to start from")
    );
    assert_eq!(
        folder.refusal("near"),
        pair(
            "there is no process in `near`",
            "`near/x.ekiden.yml` is not read: rename it to `x.ekiden.yaml`"
        )
    );
    assert!(folder.refusal("stages.ekiden/x").0.contains("not a directory"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_not_in_circles() {
    let folder = Folder::new().with("a.ekiden", "");
    let link = |from: &str, to: &str| {
        std::os::unix::fs::symlink(folder.path.join(from), folder.path.join(to)).unwrap();
    };
    link(".", "circle");
    link("nowhere", "dangling.ekiden");
    link("a.ekiden", "twin.ekiden");
    let outside = folder.path.parent().unwrap().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("z.ekiden"), "").unwrap();
    link("../outside", "linked");
    let project = folder.load();
    assert_eq!(folder.names(&project), ["a.ekiden", "dangling.ekiden", "linked/z.ekiden"]);
    assert_eq!(messages(&project), ["dangling.ekiden` is a link that leads nowhere"]);
}
