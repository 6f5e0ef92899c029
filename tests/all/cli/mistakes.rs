//! Command lines that were meant otherwise.

use super::sandbox::{Run, Sandbox, finish};

fn refused(run: Run) -> String {
    let run = run.exits(2);
    assert_eq!(run.out, "");
    run.err
}

#[test]
fn commands_of_other_tools_are_known() {
    let sandbox = Sandbox::with_process();
    for (word, help) in [
        ("lint", "write `ekiden check`"),
        ("validate", "write `ekiden check`"),
        ("compile", "write `ekiden build`"),
        ("hubspot", "write `ekiden build --target hubspot`"),
        ("brief", "write `ekiden diff`"),
        ("format", "write `ekiden fmt`"),
        ("fix", "write `ekiden check --fix`"),
        ("chekc", "did you mean `ekiden check`?"),
        ("zzz", "`ekiden --help` lists the commands"),
        ("process.ekiden", "a path stands behind a command: `ekiden check process.ekiden`"),
    ] {
        let err = refused(sandbox.run(&[word, "."]));
        assert_eq!(err, format!("error: there is no command `{word}`\n  help: {help}\n"));
    }
}

/// What is suggested must be there.
#[test]
fn suggested_commands_exist() {
    let sandbox = Sandbox::new();
    for word in [
        "lint", "fix", "make", "brief", "tidy", "new", "map", "impact", "uses", "pull", "upgrade",
        "history", "freeze", "rule", "yaml",
    ] {
        let err = refused(sandbox.run(&[word]));
        let verb = err.split("`ekiden ").nth(1).unwrap().split('`').next().unwrap();
        let verb: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        sandbox.run(&verb).exits(0);
    }
}

#[test]
fn a_second_path_is_one_too_many() {
    let sandbox = Sandbox::with_process();
    let err = refused(sandbox.run(&["check", ".", "other"]));
    assert!(
        err.starts_with("error: `ekiden check` takes one path, and `other` is another one\n"),
        "{err}"
    );
    assert!(err.contains("give the folder"), "{err}");
    let err = refused(sandbox.run(&["diff", "a", "b", "c"]));
    assert!(err.contains("`ekiden diff` takes OLD NEW, and `c` is one too many"), "{err}");
    // An option that is unknown is told by its own name, as before.
    let err = refused(sandbox.run(&["check", "--fast"]));
    assert!(err.contains("unexpected argument '--fast'"), "{err}");
}

#[test]
fn a_wrong_day_is_told_by_where_it_stands() {
    let sandbox = Sandbox::with_process();
    let run = finish(sandbox.command(&["check"]).env("EKIDEN_TODAY", "soon"));
    let err = refused(run);
    assert!(err.contains("the environment variable `EKIDEN_TODAY` is `soon`"), "{err}");
    assert!(err.contains("write a day as `2026-06-01`, or unset the variable"), "{err}");
    let err = refused(sandbox.run(&["check", "--today", "2026-13-01"]));
    assert!(err.contains("`--today` is `2026-13-01`, which is no date"), "{err}");
}

#[test]
fn keys_of_the_manifest_that_stand_in_the_wrong_place() {
    let sandbox = Sandbox::with_process();
    for (manifest, help) in [
        ("hubspot: {objects: {deal: deals}}", "`targets: {hubspot: {…}}`"),
        ("objects: {deal: deals}", "`targets.hubspot.objects`"),
        ("targets: {sql: {objects: {deal: deals}}}", "`targets.hubspot.objects`"),
        ("silo: error", "`lints: {silo: warning}`"),
        ("languages: [jp]", "write `ja` for Japanese"),
        ("targets： [docs]", "write `: `, a plain colon"),
    ] {
        sandbox.write("ekiden.yaml", manifest);
        let run = sandbox.run(&["check", ".", "--format", "json"]).exits(1);
        let findings: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let helps: Vec<&str> = findings["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["rule"] == "invalid-manifest")
            .filter_map(|finding| finding["help"].as_str())
            .collect();
        assert!(helps.iter().any(|told| told.contains(help)), "{manifest}: {helps:?}\n{}", run.out);
    }
}
