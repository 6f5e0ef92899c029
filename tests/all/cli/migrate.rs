//! `ekiden migrate`, between folders and revisions of a repository made for it.

use std::process::{Command, Stdio};

use super::sandbox::{Run, Sandbox};

const OLD: &str = "\
process small \"Small\" { currency EUR }
team sales \"Sales\" { mission \"Sell.\" role ae \"Seller\" }
record lead \"Lead\" { need text \"Need\" }
stage new \"New\" { record lead owner ae entry from [web] advance to won }
stage won \"Won\" { record lead owner ae outcome won final }
";

/// The same with another field.
fn new() -> String {
    OLD.replace("need text \"Need\"", "need text \"Need\" phone text \"Phone\"")
}

pub(super) fn git(sandbox: &Sandbox, folder: &str, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.arg("-C").arg(sandbox.path(folder)).args([
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@x.example",
    ]);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    let ran = command.args(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

fn migrate(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut all = vec!["migrate", "--preset", "correctness"];
    all.extend(arguments);
    sandbox.run(&all)
}

/// A repository whose first commit, `v1`, holds the old process in `sales`, and whose folder holds
/// the new one.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("sales/old.ekiden", OLD).write("other/text.md", "nothing");
    // What is not read on disk is not read from a commit.
    sandbox.write("sales/.hidden/x.ekiden", "this is no process");
    sandbox.write("sales/build/x.ekiden", "nor is this");
    git(&sandbox, ".", &["init", "-q"]);
    git(&sandbox, ".", &["add", "-A"]);
    git(&sandbox, ".", &["commit", "-q", "-m", "first"]);
    git(&sandbox, ".", &["tag", "v1"]);
    std::fs::remove_file(sandbox.path("sales/old.ekiden")).unwrap();
    std::fs::remove_file(sandbox.path("sales/build/x.ekiden")).unwrap();
    sandbox.write("sales/new.ekiden", new());
    sandbox
}

#[test]
fn from_a_folder_to_a_folder() {
    let sandbox = Sandbox::new();
    sandbox.write("old/p.ekiden", OLD).write("new/p.ekiden", new());
    let run = migrate(&sandbox, &["new", "--from", "old", "--dialect", "postgres"]).exits(0);
    assert!(run.out.contains("ALTER TABLE lead ADD COLUMN phone text;"), "{}", run.out);
    let run = migrate(&sandbox, &["new", "--from", "new", "--dialect", "postgres"]).exits(0);
    assert_eq!(run.out, "");
    assert!(run.err.contains("nothing to do"), "{}", run.err);
    // Back again a column would be lost.
    let run = migrate(&sandbox, &["old", "--from", "new", "--dialect", "sqlite"]).exits(1);
    assert_eq!(run.out, "");
    for said in [
        "field `lead.phone` is gone",
        "old/p.ekiden:3:8",
        "retired field lead.phone",
        "nothing was written",
    ] {
        assert!(run.err.contains(said), "no `{said}` in {}", run.err);
    }
}

#[test]
fn a_file_for_each_database() {
    let sandbox = Sandbox::new();
    sandbox.write("old/p.ekiden", OLD).write("new/p.ekiden", new());
    let both = ["new", "--from", "old", "--dialect", "postgres,sqlite,mariadb"];
    let run = migrate(&sandbox, &both).exits(2);
    assert!(run.err.contains("several databases need a file each"), "{}", run.err);
    let out = [&both[..], &["--out", "change"]].concat();
    migrate(&sandbox, &out).exits(0);
    assert_eq!(sandbox.list("change"), ["mariadb.sql", "postgres.sql", "sqlite.sql"]);
    let run = migrate(&sandbox, &out).exits(2);
    assert!(run.err.contains("exists"), "{}", run.err);
    let run = migrate(&sandbox, &["new", "--from", "old", "--dialect", "oracle"]).exits(2);
    assert!(
        run.err.contains("they are written for `postgres`, `sqlite`, `mariadb`, `duckdb`"),
        "{}",
        run.err
    );
}

#[test]
fn the_manifest_names_the_database() {
    let sandbox = Sandbox::new();
    let manifest = "targets:\n  sql: {dialects: [clickhouse]}\n";
    sandbox.write("old/p.ekiden", OLD).write("new/p.ekiden", new());
    sandbox.write("old/ekiden.yaml", manifest).write("new/ekiden.yaml", manifest);
    let run = migrate(&sandbox, &["new", "--from", "old"]).exits(0);
    assert!(run.out.contains("present. ClickHouse 25.3 and later."), "{}", run.out);
    let run = migrate(&sandbox, &["old", "--from", "old"]).exits(0);
    assert!(run.err.contains("both processes make the same database"), "{}", run.err);
}

#[test]
fn from_a_revision() {
    let sandbox = repository();
    for revision in ["v1", "HEAD", "HEAD^{commit}"] {
        let run =
            migrate(&sandbox, &["sales", "--from", revision, "--dialect", "postgres"]).exits(0);
        assert!(run.out.contains("ALTER TABLE lead ADD COLUMN phone text;"), "{}", run.out);
    }
    // From within the folder, and a single file.
    let mut command = sandbox.command(&[
        "migrate",
        "--preset",
        "correctness",
        "--from",
        "v1",
        "--dialect",
        "sqlite",
    ]);
    command.current_dir(sandbox.path("sales")).stdin(Stdio::null());
    // Variables of git's do not lead it astray.
    command.env("GIT_DIR", "/nowhere").env("GIT_INDEX_FILE", "/nowhere");
    let run = super::sandbox::finish(&mut command).exits(0);
    assert!(run.out.contains("phone TEXT"), "{}", run.out);
    sandbox.write("sales/old.ekiden", new());
    let file = ["sales/old.ekiden", "--from", "v1", "--dialect", "sqlite"];
    migrate(&sandbox, &file).exits(0);
    // Nothing was checked out or staged.
    git(&sandbox, ".", &["diff", "--cached", "--exit-code"]);
}

#[test]
fn what_cannot_be_had_from_git_is_told() {
    let sandbox = repository();
    let fails = |path: &str, from: &str, said: &str| {
        let from = format!("--from={from}");
        let run = migrate(&sandbox, &[path, &from, "--dialect", "sqlite"]).exits(2);
        assert!(run.err.contains(said), "no `{said}` in {}", run.err);
    };
    fails("sales", "v9", "there is no folder, file or revision `v9`");
    fails("sales", "--help-me", "there is no folder, file or revision `--help-me`");
    sandbox.write("later/p.ekiden", OLD);
    fails("later", "v1", "there is no `later` at `v1`");
    sandbox.write("other/p.ekiden", OLD);
    fails("other", "v1", "there is no process in `other` at `v1`");
    git(&sandbox, ".", &["commit", "-q", "--allow-empty", "-m", "second"]);
    sandbox.write("sales/new.ekiden", "stage {");
    git(&sandbox, ".", &["add", "sales"]);
    git(&sandbox, ".", &["commit", "-q", "-m", "broken"]);
    sandbox.write("sales/new.ekiden", new());
    fails("sales", "HEAD", "the process of `HEAD` cannot be understood");
    fails("sales", "HEAD", "HEAD:new.ekiden:1:");
    // A shallow clone.
    let from = format!("file://{}", sandbox.path(".").display());
    git(&sandbox, ".", &["clone", "-q", "--depth", "1", &from, "clone"]);
    sandbox.write("clone/sales/new.ekiden", new());
    fails("clone/sales", "HEAD~2", "this clone is shallow");

    let outside = Sandbox::new();
    outside.write("p.ekiden", OLD);
    let run = migrate(&outside, &["--from", "HEAD", "--dialect", "sqlite"]).exits(2);
    assert!(run.err.contains("is in no git repository"), "{}", run.err);
    let run = outside.run_with_input(&["migrate", "-", "--from", "HEAD"], OLD).exits(2);
    assert!(run.err.contains("standard input has no revisions"), "{}", run.err);
}
