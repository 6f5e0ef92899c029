//! Plans against real folders.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panic"
)]

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Action, Built, Error, Plan, RECORD, Standing, describe};
use crate::emit::Artifact;

/// A folder that goes when the test does.
struct Folder {
    _guard: tempfile::TempDir,
    path: Utf8PathBuf,
}

impl Folder {
    fn new() -> Self {
        let guard = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(guard.path()).unwrap().join("out");
        Self { _guard: guard, path }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.path.join(path)).ok()
    }

    /// Every file but the record and every empty folder, sorted.
    fn list(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut waiting = vec![self.path.clone()];
        while let Some(folder) = waiting.pop() {
            let mut entries = folder.read_dir_utf8().unwrap().peekable();
            if entries.peek().is_none() {
                found.push(format!("{}/", folder.strip_prefix(&self.path).unwrap()));
            }
            for entry in entries.map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    waiting.push(entry.path().to_owned());
                } else if entry.file_name() != RECORD {
                    found.push(entry.path().strip_prefix(&self.path).unwrap().to_string());
                }
            }
        }
        found.sort();
        found
    }

    fn plan(&self, built: &[Built]) -> Plan {
        Plan::new(&self.path, built, false).unwrap()
    }

    fn build(&self, built: &[Built]) -> Result<(), Error> {
        self.plan(built).apply(false)
    }
}

fn built(target: &'static str, files: &[(&str, &str)]) -> Built {
    let artifacts = files.iter().map(|(path, text)| Artifact::text(*path, *text)).collect();
    Built { target: target.to_owned(), artifacts }
}

fn kinds(plan: &Plan) -> Vec<(String, Action, Standing)> {
    plan.changes().iter().map(|c| (c.path.to_string(), c.action, c.standing)).collect()
}

#[test]
fn a_build_adds_changes_and_removes() {
    let folder = Folder::new();
    folder.build(&[built("docs", &[("a.md", "1\n"), ("deep/b.md", "2\n")])]).unwrap();
    assert_eq!(folder.list(), ["docs/a.md", "docs/deep/b.md"]);

    let next = [built("docs", &[("a.md", "one\n"), ("c.md", "3\n")])];
    let plan = folder.plan(&next);
    let ours = Standing::Ours;
    assert_eq!(
        kinds(&plan),
        [
            ("docs/a.md".to_owned(), Action::Change, ours),
            ("docs/c.md".to_owned(), Action::Add, ours),
            ("docs/deep/b.md".to_owned(), Action::Remove, ours),
        ]
    );
    plan.apply(false).unwrap();
    assert_eq!(folder.list(), ["docs/a.md", "docs/c.md"], "the emptied folder is gone too");
    assert_eq!(folder.read("docs/a.md").unwrap(), "one\n");
    assert!(folder.plan(&next).changes().is_empty());
}

#[test]
fn the_same_build_again_touches_nothing() {
    let folder = Folder::new();
    let all = [built("docs", &[("a.md", "1\n")])];
    folder.build(&all).unwrap();
    let time = |path: &str| fs::metadata(folder.path.join(path)).unwrap().modified().unwrap();
    let before = (time("docs/a.md"), time(RECORD), time(""));
    folder.build(&all).unwrap();
    assert_eq!((time("docs/a.md"), time(RECORD), time("")), before);
}

#[test]
fn a_foreign_file_stops_everything_and_an_identical_one_is_adopted() {
    let folder = Folder::new();
    folder.write("docs/a.md", "mine\n");
    folder.write("docs/b.md", "2\n");
    folder.write("docs/notes.txt", "mine\n");
    let all = [built("docs", &[("a.md", "1\n"), ("b.md", "2\n"), ("c.md", "3\n")])];
    let Err(Error::Blocked { foreign, edited }) = folder.build(&all) else { panic!() };
    assert_eq!(foreign, [folder.path.join("docs/a.md")]);
    assert!(edited.is_empty());
    assert_eq!(folder.list(), ["docs/a.md", "docs/b.md", "docs/notes.txt"], "nothing written");
    assert_eq!(folder.read("docs/a.md").unwrap(), "mine\n");
    assert!(folder.plan(&all).apply(true).is_err(), "not ours to overwrite");

    fs::remove_file(folder.path.join("docs/a.md")).unwrap();
    folder.build(&all).unwrap();
    folder.build(&[built("docs", &[])]).unwrap();
    assert_eq!(folder.list(), ["docs/notes.txt"], "the adopted file was ours and went");
}

#[test]
fn an_edited_file_is_spared_unless_asked() {
    let folder = Folder::new();
    folder.build(&[built("docs", &[("a.md", "1\n"), ("b.md", "2\n")])]).unwrap();
    folder.write("docs/a.md", "edited\n");
    folder.write("docs/b.md", "edited\n");
    let next = [built("docs", &[("a.md", "one\n")])];
    let Err(Error::Blocked { foreign, edited }) = folder.build(&next) else { panic!() };
    assert!(foreign.is_empty());
    assert_eq!(edited, [folder.path.join("docs/a.md"), folder.path.join("docs/b.md")]);
    assert_eq!(folder.read("docs/a.md").unwrap(), "edited\n");
    folder.plan(&next).apply(true).unwrap();
    assert_eq!(folder.read("docs/a.md").unwrap(), "one\n");
    assert_eq!(folder.list(), ["docs/a.md"]);
}

#[test]
fn line_breaks_changed_by_version_control_are_no_edit() {
    let folder = Folder::new();
    folder.build(&[built("docs", &[("a.md", "1\n2\n")])]).unwrap();
    folder.write("docs/a.md", "1\r\n2\r\n");
    assert!(folder.plan(&[built("docs", &[("a.md", "1\n2\n")])]).changes().is_empty());
    folder.build(&[built("docs", &[("a.md", "3\n")])]).unwrap();
    assert_eq!(folder.read("docs/a.md").unwrap(), "3\n");
}

#[test]
fn part_of_the_targets_leaves_the_others_alone() {
    let folder = Folder::new();
    let sql = || built("sql", &[("s.sql", "x\n")]);
    folder.build(&[built("docs", &[("a.md", "1\n")]), sql()]).unwrap();
    let part = [built("docs", &[("b.md", "2\n")])];
    Plan::new(&folder.path, &part, true).unwrap().apply(false).unwrap();
    assert_eq!(folder.list(), ["docs/b.md", "sql/s.sql"]);
    folder.build(&[built("docs", &[("b.md", "2\n")]), sql()]).unwrap();
    folder.build(&[sql()]).unwrap();
    assert_eq!(folder.list(), ["sql/s.sql"], "a target that is no longer built goes");
}

#[test]
fn a_file_may_become_a_folder_and_a_folder_a_file() {
    let folder = Folder::new();
    folder.build(&[built("docs", &[("a", "1\n"), ("b/x/y", "2\n")])]).unwrap();
    folder.build(&[built("docs", &[("a/z", "3\n"), ("b", "4\n")])]).unwrap();
    assert_eq!(folder.list(), ["docs/a/z", "docs/b"]);
    fs::remove_file(folder.path.join("docs/b")).unwrap();
    folder.write("docs/b/mine.txt", "mine\n");
    let again = folder.build(&[built("docs", &[("a/z", "3\n"), ("b", "4\n")])]);
    let Err(Error::Blocked { foreign, .. }) = again else { panic!() };
    assert_eq!(foreign, [folder.path.join("docs/b")]);
}

#[test]
fn a_failure_half_way_undoes_what_was_done() {
    let folder = Folder::new();
    folder.build(&[built("docs", &[("a.md", "1\n"), ("gone/b.md", "2\n")])]).unwrap();
    let record = folder.read(RECORD);
    let plan =
        folder.plan(&[built("docs", &[("a.md", "one\n"), ("n.md", "3\n"), ("z/z.md", "4\n")])]);
    // Somebody puts a file where the last folder has to go, after the plan was made.
    folder.write("docs/z", "in the way\n");
    assert!(matches!(plan.apply(false), Err(Error::Io { .. })));
    assert_eq!(folder.list(), ["docs/a.md", "docs/gone/b.md", "docs/z"]);
    assert_eq!(folder.read("docs/a.md").unwrap(), "1\n");
    assert_eq!(folder.read("docs/gone/b.md").unwrap(), "2\n");
    assert_eq!(folder.read(RECORD), record);
}

#[test]
fn a_failure_in_a_new_folder_leaves_no_folder() {
    let folder = Folder::new();
    let deep = folder.path.join("x/y");
    let plan = Plan::new(&deep, &[built("docs", &[("a.md", "1\n")])], false).unwrap();
    let record = super::record::Record::default();
    // The same name as a file and as a folder, which `Plan::new` refuses, fails in `apply`.
    let mut changes = plan.changes().to_vec();
    let mut below = changes[0].clone();
    below.path = "docs/a.md/b".into();
    changes.push(below);
    assert!(super::apply::apply(&deep, &changes, &record).is_err());
    assert!(!folder.path.exists());
}

#[test]
fn what_is_not_a_folder_or_a_sound_record_is_told() {
    let folder = Folder::new();
    folder.write("file", "x");
    let file = folder.path.join("file");
    let all = [built("docs", &[("a.md", "1\n")])];
    assert!(matches!(Plan::new(&file, &all, false), Err(Error::NotAFolder(_))));
    let below = file.join("out");
    assert!(matches!(Plan::new(&below, &all, false), Err(Error::NotAFolder(path)) if path == file));
    folder.write(RECORD, "{");
    assert!(matches!(Plan::new(&folder.path, &all, false), Err(Error::Record { .. })));
}

#[test]
fn a_path_that_leads_out_is_refused() {
    let folder = Folder::new();
    for path in ["../x", "/tmp/x", "a/../../x"] {
        let all = [built("docs", &[(path, "1\n")])];
        assert!(matches!(Plan::new(&folder.path, &all, false), Err(Error::Path { .. })), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_never_followed() {
    let folder = Folder::new();
    let outside = folder.path.parent().unwrap().join("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(&folder.path).unwrap();
    std::os::unix::fs::symlink(&outside, folder.path.join("docs")).unwrap();
    let all = [built("docs", &[("a.md", "1\n")])];
    let Err(Error::Blocked { foreign, .. }) = folder.build(&all) else { panic!() };
    assert_eq!(foreign, [folder.path.join("docs")]);
    assert_eq!(outside.read_dir_utf8().unwrap().count(), 0);
}

#[test]
fn differences_are_shown_line_by_line_up_to_a_bound() {
    let folder = Folder::new();
    folder.build(&[built("docs", &[("a.md", "1\n2\n3\n")])]).unwrap();
    let plan = folder.plan(&[built("docs", &[("a.md", "1\n2\nthree\n"), ("b.md", "x\n")])]);
    let shown: Vec<String> =
        plan.changes().iter().map(|change| describe("out".into(), change, 3)).collect();
    assert_eq!(
        shown,
        [
            "out/docs/a.md: differs\n  @@ -2,2 +2,2 @@\n   2\n  -3\n  … 1 more line\n",
            "out/docs/b.md: missing\n"
        ]
    );
}
