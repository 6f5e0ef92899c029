//! A repository with a history: `ekiden changelog` over its tags, and every step of fifty commits.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use camino::Utf8Path;
use ekiden::cli::pipeline;
use ekiden::diff::{Kind, Sources, diff};
use ekiden::lint::Levels;
use ekiden::project::load_revision;

use super::diff::{OLD, new};
use super::migrate::git;
use super::sandbox::Sandbox;

/// Commits of `p.ekiden`, a day apart from 2026-01-01 on, each with its tags.
fn repository(commits: &[(String, &[&str])]) -> Sandbox {
    let sandbox = Sandbox::new();
    git(&sandbox, ".", &["init", "-q", "-b", "main"]);
    let mut stream = String::new();
    for (at, (text, tags)) in commits.iter().enumerate() {
        let date = 1_767_268_800 + 86_400 * at;
        write!(
            stream,
            "commit refs/heads/main\ncommitter t <t@x.example> {date} +0000\ndata 1\nx\n\
             M 100644 inline p.ekiden\ndata {}\n{text}\n",
            text.len()
        )
        .unwrap();
        for tag in *tags {
            write!(stream, "reset refs/tags/{tag}\nfrom refs/heads/main\n\n").unwrap();
        }
    }
    let mut import = Command::new("git");
    import.arg("-C").arg(sandbox.path(".")).args(["fast-import", "--quiet"]);
    let mut import = import.stdin(Stdio::piped()).spawn().unwrap();
    import.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
    git(&sandbox, ".", &["reset", "-q", "--hard"]);
    sandbox
}

#[test]
fn a_section_for_each_tag() {
    let second = new().replace("{ currency EUR }", "{ version \"2.0\" currency EUR }");
    let third = second.replace("limit 2d", "limit 3d");
    let sandbox = repository(&[
        (OLD.to_owned(), &["v1"]),
        (format!("# only a comment\n{OLD}"), &["v1.1"]),
        ("stage a { record nothing }".to_owned(), &["v1.2"]),
        (second, &["v2", "other"]),
    ]);
    let all = sandbox.run(&["changelog"]).exits(0).out;
    let heads: Vec<&str> = all.lines().filter(|line| line.starts_with(['#', '_', 'T'])).collect();
    let (broken, others): (Vec<&str>, Vec<&str>) =
        heads.iter().partition(|line| line.starts_with("The process cannot"));
    assert_eq!(
        others,
        [
            "# Changelog",
            "_v2 changes nothing in the process._",
            "## other (version 2.0, 2026-01-04)",
            "## v1.2 (2026-01-03)",
            "_v1.1 changes nothing in the process._",
            "## v1 (2026-01-01)",
            "The first version of the process.",
        ]
    );
    let start = "The process cannot be understood here: v1.2:p.ekiden:1: ";
    assert!(broken.len() == 1 && broken[0].starts_with(start), "{broken:?}");
    assert!(all.contains("5d → 2d") && all.contains("`lead.phone` is new\n"), "{all}");
    sandbox.write("p.ekiden", third);
    let run = sandbox.run(&["changelog", "--tags", "v*"]).exits(0).out;
    assert!(run.starts_with("# Changelog\n\n## Unreleased (version 2.0)\n\n* "), "{run}");
    assert!(run.contains("2d → 3d") && !run.contains("other"), "{run}");
    let run = sandbox.run(&["changelog", "--from", "v1.1", "--to", "v2", "--format", "json"]);
    let json = super::formats::fits(&sandbox, "changelog", &run.exits(0).out);
    let told: Vec<(&str, &str)> = json["sections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|section| (section["tag"].as_str().unwrap(), section["state"].as_str().unwrap()))
        .collect();
    // `other` and `v2` stand at one commit: the name that comes later as a version is the later.
    assert_eq!(told, [("v2", "unchanged"), ("other", "changed"), ("v1.2", "broken")]);
    assert_eq!(json["sections"][1]["date"], "2026-01-04");
    for (arguments, said) in [
        (&["--from", "v3"][..], "there is no tag `v3`"),
        (&["--from", "v2", "--to", "v1"], "does not come before"),
        (&["--from", "v1.2"], "the process of `v1.2` cannot be understood"),
        (&["--tags", "w*"], "no tag fits `w*`"),
    ] {
        let run = sandbox.run(&[&["changelog"], arguments].concat()).exits(2);
        assert!(run.err.contains(said), "{}", run.err);
    }
    let outside = Sandbox::new();
    outside.write("p.ekiden", OLD);
    let run = outside.run(&["changelog"]).exits(2);
    assert!(run.err.contains("is in no git repository"), "{}", run.err);
}

#[test]
fn a_build_tells_what_has_changed_since_a_version() {
    let sandbox = repository(&[(OLD.to_owned(), &["v1"]), (new(), &[])]);
    let changed = |sandbox: &Sandbox| sandbox.read("build/docs/en/CHANGED.md");
    sandbox.run(&["build", "--since", "v1"]).exits(0);
    let by_tag = changed(&sandbox);
    assert!(by_tag.contains("from v1 (2026-01-01): first"), "{by_tag}");
    assert!(by_tag.contains("5d → 2d") || by_tag.contains("5 days → 2 days"), "{by_tag}");
    // The same again is the same, and without it the page goes.
    let again = sandbox.run(&["build", "--since", "v1", "--check"]).exits(0).err;
    assert!(again.contains("is up to date"), "{again}");
    sandbox.run(&["build"]).exits(0);
    assert!(!sandbox.path("build/docs/en/CHANGED.md").exists());
    // The manifest names one as well; a revision that is no tag is told by its day.
    sandbox.write("ekiden.yaml", "since: HEAD~1\ntargets: [docs, site]\n");
    sandbox.run(&["build"]).exits(0);
    assert!(changed(&sandbox).contains("from 2026-01-01: first"), "{}", changed(&sandbox));
    assert!(sandbox.path("build/site/en/changed.html").exists());
    // A path is found from the manifest; of a folder or snapshot no day is known.
    sandbox.write("before/old.ekiden", OLD);
    sandbox.write("now/p.ekiden", new());
    sandbox.write("now/ekiden.yaml", "since: ../before\n");
    sandbox.run(&["build", "now", "--out", "out"]).exits(0);
    let by_folder = sandbox.read("out/docs/en/CHANGED.md");
    assert!(by_folder.contains("from the version before: first"), "{by_folder}");
    assert!(!by_folder.contains("before/"), "{by_folder}");
}

#[test]
fn a_version_that_cannot_be_had_stops_the_build() {
    let sandbox = repository(&[
        (OLD.to_owned(), &["v1"]),
        ("stage a { record nothing }".to_owned(), &["v1.2"]),
        (new(), &[]),
    ]);
    let run = sandbox.run(&["build", "--since", "v9"]).exits(2);
    assert!(run.err.contains("there is no folder, file or revision `v9`"), "{}", run.err);
    let run = sandbox.run(&["build", "--since", "v1.2"]).exits(2);
    assert!(run.err.contains("the process of `v1.2` cannot be understood"), "{}", run.err);
    let run = sandbox.run(&["build", "--since", "v1", "--target", "sql"]).exits(2);
    assert!(run.err.contains("no target that is built tells what has changed"), "{}", run.err);
    // What the manifest names is wrong at its place, where a target needs it.
    sandbox.write("ekiden.yaml", "since: v9\n");
    let run = sandbox.run(&["build", "--format", "concise"]).exits(1);
    let said = "ekiden.yaml:1:8: error[invalid-manifest] there is no folder, file or revision `v9`";
    assert!(run.out.contains(said), "{}", run.out);
    assert!(!sandbox.path("build").exists());
    sandbox.run(&["build", "--target", "sql"]).exits(0);
    sandbox.write("ekiden.yaml", "since: \"\"\n");
    let run = sandbox.run(&["check", "--format", "concise"]).exits(1);
    assert!(run.out.contains("this version is empty"), "{}", run.out);
}

/// What the process is like at some commit.
struct Now {
    need: usize,
    owner: &'static str,
    limit: usize,
    amount: usize,
    extra: Vec<usize>,
    retired: Vec<usize>,
    comments: usize,
}

impl Now {
    fn text(&self) -> String {
        let mut out = "# a comment\n\n".repeat(self.comments);
        out.push_str(
            "process small \"Small\" { currency EUR }\n\
             team sales \"Sales\" { mission \"Sell.\" role ae \"Seller\" role sdr \"Caller\" }\n",
        );
        let Now { need, owner, limit, amount, .. } = self;
        let was = need.checked_sub(1).map_or(String::new(), |old| format!(" was [need{old}]"));
        writeln!(
            out,
            "record lead \"Lead\" {{\n  need{need} text \"Need\"{was}\n  amount money \"Amount\" at least 0 EUR\n}}"
        )
        .unwrap();
        let moves: String = self.extra.iter().map(|n| format!(" advance to extra{n}")).collect();
        writeln!(
            out,
            "stage new \"New\" {{ record lead owner {owner} entry from [web] limit {limit}d \
             advance to won when amount > {amount} EUR{moves} }}"
        )
        .unwrap();
        for n in &self.extra {
            writeln!(out, "stage extra{n} \"Extra {n}\" {{ record lead owner ae advance to won }}")
                .unwrap();
        }
        out.push_str("stage won \"Won\" { record lead owner ae outcome won final }\n");
        for n in &self.retired {
            writeln!(out, "retired stage extra{n} into won since 2026-01-01").unwrap();
        }
        out
    }
}

#[test]
fn fifty_commits() {
    let mut now = Now {
        need: 0,
        owner: "ae",
        limit: 5,
        amount: 100,
        extra: Vec::new(),
        retired: Vec::new(),
        comments: 0,
    };
    // What each commit does to the one before it: the part and the kind, or nothing.
    let mut expected: Vec<Option<(String, Kind)>> = Vec::new();
    let mut commits: Vec<(String, &[&str])> = vec![(now.text(), &["v0"])];
    for at in 1..50usize {
        expected.push(match at % 7 {
            0 => {
                now.comments = at % 5 + 1;
                None
            }
            1 => {
                now.need += 1;
                Some((format!("need{}", now.need), Kind::Renamed))
            }
            2 => {
                now.owner = if now.owner == "ae" { "sdr" } else { "ae" };
                Some(("new".to_owned(), Kind::Changed))
            }
            3 => {
                // 6, 5, 6, …: one day more, one day less.
                now.limit = 11 - now.limit;
                let longer = now.limit == 6;
                let kind = if longer { Kind::Lengthened } else { Kind::Shortened };
                Some(("new".to_owned(), kind))
            }
            4 => {
                now.amount += 10;
                Some(("new".to_owned(), Kind::Tightened))
            }
            5 => {
                now.extra.push(at);
                Some((format!("extra{at}"), Kind::Added))
            }
            _ => {
                let gone = now.extra.pop().unwrap();
                now.retired.push(gone);
                Some((format!("extra{gone}"), Kind::Retired))
            }
        });
        let tags: &[&str] = match at {
            6 => &["v1"],
            7 => &["v1.1"],
            21 => &["v2"],
            49 => &["v3"],
            _ => &[],
        };
        commits.push((now.text(), tags));
    }
    let sandbox = repository(&commits);
    let folder = sandbox.path(".");
    let folder = Utf8Path::from_path(&folder).unwrap();
    let read = |at: usize| {
        let project = load_revision(folder, &format!("main~{}", 49 - at)).unwrap();
        let checked = pipeline::understand(project);
        assert!(!checked.has_errors(), "{at}: {:#?}", checked.diagnostics);
        checked
    };
    let mut old = read(0);
    for (at, expected) in (1..50).zip(expected) {
        let new = read(at);
        let sources = Sources::new(&old.project.sources, &new.project.sources);
        let (before, after) = (old.process.as_ref().unwrap(), new.process.as_ref().unwrap());
        let today = jiff::civil::date(2026, 6, 1);
        let difference = diff(before, after, &sources, &Levels::default(), today);
        let found: Vec<(String, Kind)> = difference
            .changes
            .iter()
            .map(|change| match change.part.new {
                Some(part) => (part.key(after), change.kind),
                None => (change.part.old.unwrap().key(before), change.kind),
            })
            .collect();
        match expected {
            None => assert_eq!(found, [], "{at}"),
            Some((name, kind)) => {
                let is_it = |(key, found): &(String, Kind)| key.contains(&name) && *found == kind;
                assert!(found.iter().any(is_it), "{at}: {name} {kind:?} in {found:?}");
                // A stage comes and goes with the move into it.
                assert!(found.len() <= 2, "{at}: {found:?}");
            }
        }
        old = new;
    }
    let run = sandbox.run(&["changelog"]).exits(0).out;
    let heads: Vec<&str> =
        run.lines().filter(|line| line.starts_with("## ") || line.starts_with('_')).collect();
    // A day a commit from the first of January on: the 22nd is on January 22, the 50th on February 19.
    assert_eq!(
        heads,
        [
            "## v3 (2026-02-19)",
            "## v2 (2026-01-22)",
            "_v1.1 changes nothing in the process._",
            "## v1 (2026-01-07)",
            "## v0 (2026-01-01)",
        ]
    );
}
