//! Continuous integration: the action of GitHub, played through without GitHub; templates and hooks, by the tools that read
//! them.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::diff::{OLD, new};
use super::migrate::git;
use super::sandbox::{Run, Sandbox, finish};
use crate::book;

/// Stands for GitHub's program: it answers from a file, and notes what it is asked to do.
const GH: &str = r#"#!/usr/bin/env bash
here=$(dirname "$0")
if [ -e "$here/refuses" ]; then echo 'HTTP 403: Resource not accessible by integration' >&2; exit 1; fi
case "$*" in
  *--paginate*) cat "$here/known" ;;
  *)
    printf '%s\n' "$*" >>"$here/asked"
    for part; do case $part in body=@*) cat "${part#body=@}" >>"$here/asked" ;; esac; done
    ;;
esac
"#;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A repository with a base and a change, and a clone as a job has one.
struct Job {
    sandbox: Sandbox,
}

/// What a job has done.
struct Done {
    run: Run,
    /// What GitHub was asked to do.
    asked: String,
    summary: String,
}

impl Job {
    /// `base` is on `main`, where something else comes in later; `change` leaves it before that.
    fn new(base: &[(&str, &str)], change: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("bin/gh", GH).write("bin/known", "").write("bin/asked", "");
        let program = sandbox.path("bin/gh");
        std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let job = Self { sandbox };
        job.sandbox.write("origin/README", "A repository.\n");
        job.git(&["init", "-q", "-b", "main"]);
        job.commit(base);
        job.git(&["tag", "base"]);
        job.git(&["checkout", "-q", "-b", "change"]);
        job.commit(change);
        job.git(&["checkout", "-q", "main"]);
        let has_process = base.iter().any(|(path, _)| path.starts_with("sales/"));
        let place = if has_process { "sales" } else { "elsewhere" };
        let later = format!("{place}/later.ekiden");
        job.commit(&[(&later, "term later \"Later\" { means \"It came later.\" }\n")]);
        job.git(&["checkout", "-q", "--detach"]);
        job.git(&["merge", "-q", "--no-ff", "-m", "merge", "change"]);
        job.git(&["update-ref", "refs/pull/1/merge", "HEAD"]);
        job
    }

    fn git(&self, arguments: &[&str]) {
        git(&self.sandbox, "origin", arguments);
    }

    /// Writes files, an empty one not at all, and commits what there is then.
    fn commit(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            if text.is_empty() {
                std::fs::remove_file(self.sandbox.path("origin").join(path)).unwrap();
            } else {
                self.sandbox.write(&format!("origin/{path}"), text);
            }
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "commit"]);
    }

    fn commit_of(&self, revision: &str) -> String {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.sandbox.path("origin")).args(["rev-parse", revision]);
        finish(&mut command).exits(0).out.trim().to_owned()
    }

    /// The job on a shallow clone without a branch, as GitHub's own action makes it.
    fn on_merge(&self) -> Done {
        self.clone("refs/pull/1/merge", &["--depth=1"]);
        self.run(&[])
    }

    fn clone(&self, what: &str, how: &[&str]) {
        let clone = self.sandbox.path("clone");
        let _ = std::fs::remove_dir_all(&clone);
        std::fs::create_dir(&clone).unwrap();
        let origin = format!("file://{}", self.sandbox.path("origin").display());
        git(&self.sandbox, "clone", &["init", "-q"]);
        git(&self.sandbox, "clone", &["remote", "add", "origin", &origin]);
        let fetch = [&["fetch", "-q", "--no-tags"], how, &["origin", what]].concat();
        git(&self.sandbox, "clone", &fetch);
        git(&self.sandbox, "clone", &["checkout", "-q", "--detach", "FETCH_HEAD"]);
    }

    fn run(&self, settings: &[(&str, &str)]) -> Done {
        let path = |name: &str| self.sandbox.path(name);
        for name in ["asked", "output", "summary"] {
            self.sandbox.write(&format!("bin/{name}"), "");
        }
        let mut command = Command::new(root().join("ci/github"));
        command.current_dir(path("clone")).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        let programs = format!("{}:{}", path("bin").display(), std::env::var("PATH").unwrap());
        command
            .env("PATH", programs)
            .env("GITHUB_OUTPUT", path("bin/output"))
            .env("GITHUB_STEP_SUMMARY", path("bin/summary"))
            .env("EKIDEN", env!("CARGO_BIN_EXE_ekiden"))
            .env("EKIDEN_TODAY", "2026-06-01")
            .env("PROCESS", "sales")
            .env("BUILD", "false")
            .env("COMMENT", "true")
            .env("SARIF", "")
            .env("REPOSITORY", "owner/name")
            .env("PULL", "1")
            // What the event says may be long past.
            .env("BASE", self.commit_of("base"))
            .envs(settings.iter().copied());
        let run = finish(&mut command);
        Done {
            run,
            asked: self.sandbox.read("bin/asked"),
            summary: self.sandbox.read("bin/summary"),
        }
    }
}

#[test]
fn a_pull_request_is_told_what_changes() {
    let job = Job::new(&[("sales/p.ekiden", OLD)], &[("sales/p.ekiden", &new())]);
    let done = job.on_merge();
    let (run, asked) = (done.run.exits(0), done.asked);
    let (request, body) = asked.split_once('\n').unwrap();
    assert!(request.starts_with("api --silent --method POST repos/owner/name/issues/1/comments "));
    let body = body.strip_prefix("<!-- ekiden-diff sales -->\n").unwrap();
    assert!(body.contains("late at once") && body.contains("**Seller**"), "{body}");
    assert!(!body.contains("Later"), "what came in by others is told:\n{body}");
    assert_eq!(body, done.summary);
    assert!(run.out.is_empty() || run.out.starts_with("::"), "{}", run.out);

    // The branch itself, with its history.
    job.clone("refs/heads/change", &[]);
    git(&job.sandbox, "clone", &["fetch", "-q", "origin", "refs/heads/main"]);
    let main = job.commit_of("main");
    let done = job.run(&[("BASE", &main)]);
    done.run.exits(0);
    assert_eq!(done.summary, body);

    // With the next push there is a comment already.
    job.sandbox.write("bin/known", "7\n");
    let done = job.on_merge();
    done.run.exits(0);
    assert!(done.asked.contains("--method PATCH repos/owner/name/issues/comments/7 "));

    // No comment is wanted, or none may be written.
    job.sandbox.write("bin/refuses", "");
    let done = job.on_merge();
    assert!(done.run.exits(0).out.contains("::warning title=Ekiden::the brief could not be"));
    assert!(done.summary.contains("late at once"));
    let done = job.run(&[("COMMENT", "false")]);
    assert!(!done.run.exits(0).out.contains("::warning title=Ekiden"));
    // A push to a branch has no pull request.
    let done = job.run(&[("BASE", "")]);
    done.run.exits(0);
    assert_eq!((done.asked.as_str(), done.summary.as_str()), ("", ""));
}

#[test]
fn nothing_is_said_of_nothing() {
    // A file that is called otherwise is no change.
    let job = Job::new(
        &[("sales/p.ekiden", OLD)],
        &[("sales/p.ekiden", ""), ("sales/process.ekiden", OLD)],
    );
    let done = job.on_merge();
    done.run.exits(0);
    assert_eq!((done.asked.as_str(), done.summary.as_str()), ("", ""));
    job.sandbox.write("bin/known", "7\n8\n");
    let done = job.on_merge();
    done.run.exits(0);
    assert_eq!(done.asked, "api --silent --method DELETE repos/owner/name/issues/comments/7\n");
}

#[test]
fn what_breaks_fails_the_job_after_it_is_told() {
    let gone = OLD.replace("need text \"Need\"", "phone text").replace("need is", "phone is");
    let job = Job::new(&[("sales/p.ekiden", OLD)], &[("sales/p.ekiden", &gone)]);
    let done = job.on_merge();
    done.run.exits(1);
    assert!(
        done.asked.contains("field-removed") || done.asked.contains("is gone"),
        "{}",
        done.asked
    );

    // What is wrong is annotated, and cannot be compared.
    let wrong = OLD.replace("owner ae entry", "owner nobody entry");
    let job = Job::new(&[("sales/p.ekiden", OLD)], &[("sales/p.ekiden", &wrong)]);
    let sarif = job.sandbox.path("found.sarif").display().to_string();
    job.clone("refs/pull/1/merge", &["--depth=1"]);
    let done = job.run(&[("SARIF", &sarif)]);
    let run = done.run.exits(1);
    assert!(run.out.contains("::error ") && run.out.contains("nobody"), "{}", run.out);
    assert!(done.asked.contains("cannot be compared"), "{}", done.asked);
    assert!(job.sandbox.read("found.sarif").contains("unknown-name"));
}

#[test]
fn a_base_without_a_sound_process_is_no_fault_of_the_change() {
    for base in [("README", "A repository, still.\n"), ("sales/p.ekiden", "stage {")] {
        let job = Job::new(&[base], &[("sales/p.ekiden", OLD)]);
        let done = job.on_merge();
        let run = done.run.exits(0);
        assert!(run.out.contains("::warning title=Ekiden::this change cannot be compared"));
        assert!(done.asked.contains("This change cannot be compared with"), "{}", done.asked);
    }
}

#[test]
fn outputs_that_are_not_up_to_date_fail_the_job() {
    let job = Job::new(&[("sales/p.ekiden", OLD)], &[("sales/p.ekiden", &new())]);
    job.clone("refs/pull/1/merge", &["--depth=1"]);
    let done = job.run(&[("BUILD", "true")]);
    done.run.exits(1);
    assert!(done.summary.contains("late at once"));
}

/// A program of the test tools that is written in Python.
fn python(module: &str) -> Command {
    let mut command = Command::new(root().join("target/test-tools/venv/bin/python"));
    command.args(["-m", module]).stdin(Stdio::null());
    command
}

/// The blocks of the book of a kind, each as a file.
fn blocks(sandbox: &Sandbox, kind: &str) -> Vec<PathBuf> {
    let blocks = book::blocks().into_iter().filter(|block| block.kind == kind).enumerate();
    let write = |(at, block): (usize, book::Block)| {
        let name = format!("block-{at}.yaml");
        sandbox.write(&name, &block.text);
        sandbox.path(&name)
    };
    let files: Vec<PathBuf> = blocks.map(write).collect();
    assert!(!files.is_empty(), "the book has no `{kind}`");
    files
}

#[test]
fn templates_follow_the_schemas_of_their_readers() {
    let sandbox = Sandbox::new();
    for (schema, own, kind) in [
        ("vendor.github-actions", Some("action.yml"), None),
        ("vendor.gitlab-ci", Some("ci/gitlab.yml"), Some("yaml,gitlab-ci")),
        (
            "vendor.github-workflows",
            Some(".github/workflows/process.yml"),
            Some("yaml,github-workflow"),
        ),
    ] {
        let mut files: Vec<PathBuf> = own.iter().map(|own| root().join(own)).collect();
        files.extend(kind.iter().flat_map(|kind| blocks(&sandbox, kind)));
        let mut command = python("check_jsonschema");
        finish(command.args(["--builtin-schema", schema]).args(&files)).exits(0);
    }
    // actionlint knows what no schema tells: expressions, contexts, scopes of permissions.
    let lint = |files: &[PathBuf]| {
        let mut command = Command::new("node");
        command.arg(root().join("tests/tools/node/actionlint.mjs")).stdin(Stdio::null());
        finish(command.args(files))
    };
    let workflows = blocks(&sandbox, "yaml,github-workflow");
    lint(&workflows).exits(0);
    lint(&[root().join(".github/workflows/process.yml")]).exits(0);
    let text = std::fs::read_to_string(&workflows[0]).unwrap();
    sandbox.write("wrong.yml", text.replace("contents: read", "contents: reed"));
    let run = lint(&[sandbox.path("wrong.yml")]).exits(1);
    assert!(run.out.contains("\"reed\" is invalid for permission"), "{}", run.out);
    // Every input is a variable of the script, and every variable is given.
    let action = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let script = std::fs::read_to_string(root().join("ci/github")).unwrap();
    for name in ["EKIDEN", "PROCESS", "BUILD", "COMMENT", "SARIF", "BASE", "PULL", "REPOSITORY"] {
        assert!(action.contains(&format!("        {name}: ${{{{")), "{name}");
        assert!(script.contains(&format!("${name}")), "{name}");
    }
}

/// What callers, the workflow that they call and the action that it runs say of each other.
#[test]
fn the_workflow_and_its_callers_know_the_same_inputs() {
    let sandbox = Sandbox::new();
    let yaml = |path: &Path| -> serde_json::Value {
        let read = "import json, sys; from ruamel.yaml import YAML; \
                    json.dump(YAML(typ='safe').load(open(sys.argv[1])), sys.stdout)";
        let mut command = Command::new(root().join("target/test-tools/venv/bin/python"));
        let run = finish(command.args(["-c", read]).arg(path)).exits(0);
        serde_json::from_str(&run.out).unwrap()
    };
    let keys = |value: &serde_json::Value| -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    let action = yaml(&root().join("action.yml"));
    let workflow = yaml(&root().join(".github/workflows/process.yml"));
    let inputs = &workflow["on"]["workflow_call"]["inputs"];
    let steps = workflow["jobs"]["process"]["steps"].as_array().unwrap();
    let run = steps.iter().find(|step| step["uses"] == "./.ekiden-source").unwrap();
    for input in keys(&run["with"]) {
        assert!(!action["inputs"][&input].is_null(), "the action has no `{input}`");
    }
    let mut calls = 0;
    for block in blocks(&sandbox, "yaml,github-workflow") {
        for (_, job) in yaml(&block)["jobs"].as_object().unwrap() {
            if !job["uses"].is_string() {
                continue;
            }
            calls += 1;
            assert!(job["uses"].as_str().unwrap().contains("/.github/workflows/process.yml@"));
            for input in keys(&job["with"]) {
                assert!(!inputs[&input].is_null(), "the workflow has no `{input}`");
            }
            for input in keys(inputs).iter().filter(|input| inputs[*input]["required"] == true) {
                assert!(!job["with"][input].is_null(), "`{input}` is not given");
            }
        }
    }
    assert_eq!(calls, 1);
}

#[test]
fn hooks_run_before_a_commit() {
    let sandbox = Sandbox::new();
    let hooks = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    sandbox.write("hooks/.pre-commit-hooks.yaml", hooks);
    git(&sandbox, "hooks", &["init", "-q", "-b", "main"]);
    git(&sandbox, "hooks", &["add", "-A"]);
    git(&sandbox, "hooks", &["commit", "-q", "-m", "hooks"]);
    let config = std::fs::read_to_string(&blocks(&sandbox, "yaml,pre-commit")[0]).unwrap();
    let place = sandbox.path("hooks").display().to_string();
    let config = config.replace("https://github.com/YOUR/MIRROR", &place);
    sandbox.write("work/.pre-commit-config.yaml", config);
    sandbox.write("work/sales/p.ekiden", OLD);
    sandbox.write("work/notes.md", "<!-- ekiden:stages -->\n<!-- /ekiden -->\n");
    git(&sandbox, "work", &["init", "-q", "-b", "main"]);
    git(&sandbox, "work", &["add", "-A"]);
    let program = Path::new(env!("CARGO_BIN_EXE_ekiden")).parent().unwrap();
    let programs = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let run = || {
        let mut command = python("pre_commit");
        command.args(["run", "--all-files", "--color", "never"]).current_dir(sandbox.path("work"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        finish(command.env("PATH", &programs).env("PRE_COMMIT_HOME", sandbox.path("home")))
    };
    // The formatter and the regions mend, and so fail once.
    let first = run().exits(1);
    let modified = first.out.matches("files were modified by this hook").count();
    assert_eq!(modified, 2, "{}", first.out);
    assert!(sandbox.read("work/notes.md").contains("(sales/build/docs/en/stages/"));
    assert_ne!(sandbox.read("work/sales/p.ekiden"), OLD);
    git(&sandbox, "work", &["add", "-A"]);
    let second = run().exits(0);
    assert_eq!(second.out.matches("Passed").count(), 3, "{}", second.out);
    sandbox.write("work/sales/p.ekiden", OLD.replace("owner ae entry", "owner nobody entry"));
    git(&sandbox, "work", &["add", "-A"]);
    let third = run().exits(1);
    assert!(third.out.contains("unknown-name"), "{}", third.out);
}
