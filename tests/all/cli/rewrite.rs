//! `fmt` and `convert`: files are changed in place, whole or not at all.

use std::fs;

use super::sandbox::Sandbox;

const UNTIDY: &str = "# kept\nteam   marketing    \"Marketing\"   {   }\n";

/// What `fmt` makes of [`UNTIDY`], as the program itself says.
fn tidy(sandbox: &Sandbox) -> String {
    let run = sandbox.run_with_input(&["fmt", "-"], UNTIDY).exits(0);
    assert_eq!(run.err, "");
    assert_ne!(run.out, UNTIDY);
    assert!(run.out.starts_with("# kept\nteam marketing \"Marketing\""), "{}", run.out);
    run.out
}

#[test]
fn fmt_changes_files_in_place_and_says_how_many() {
    let sandbox = Sandbox::new();
    let tidy = tidy(&sandbox);
    sandbox
        .write("a.ekiden", UNTIDY)
        .write("deep/b.ekiden", &tidy)
        .write("c.ekiden.yaml", "teams:   {}\n");
    let check = sandbox.run(&["fmt", "--check"]).exits(1);
    assert_eq!(check.out, "a.ekiden\n");
    assert!(check.err.contains("1 file would change, 1 unchanged"), "{}", check.err);
    let diff = sandbox.run(&["fmt", "--diff", "a.ekiden"]).exits(1);
    assert!(diff.out.contains("-team   marketing"), "{}", diff.out);
    assert!(diff.out.contains("+team marketing"), "{}", diff.out);
    assert_eq!(sandbox.read("a.ekiden"), UNTIDY, "nothing written so far");

    let run = sandbox.run(&["fmt"]).exits(0);
    assert!(run.err.contains("1 file changed, 1 unchanged"), "{}", run.err);
    assert_eq!(sandbox.read("a.ekiden"), tidy);
    assert_eq!(sandbox.read("c.ekiden.yaml"), "teams:   {}\n");
    sandbox.run(&["fmt", "--check", "a.ekiden", "deep"]).exits(0);
}

#[test]
fn fmt_takes_off_marks_and_keeps_line_ends() {
    let sandbox = Sandbox::new();
    let tidy = tidy(&sandbox);
    let crlf = |text: &str| text.replace('\n', "\r\n");
    sandbox.write("a.ekiden", crlf(&tidy));
    assert_eq!(sandbox.run(&["fmt", "--check"]).exits(0).out, "");
    for (text, expected) in [
        (format!("\u{feff}{}", crlf(&tidy)), crlf(&tidy)),
        (crlf(UNTIDY), crlf(&tidy)),
        // Three lines of five: the others were pasted.
        (format!("# a\r\n# b\r\n# c\r\n{tidy}"), crlf(&format!("# a\n# b\n# c\n{tidy}"))),
        (format!("# a\r\n{tidy}"), format!("# a\n{tidy}")),
    ] {
        sandbox.write("a.ekiden", &text);
        sandbox.run(&["fmt", "--check", "a.ekiden"]).exits(1);
        sandbox.run(&["fmt", "a.ekiden"]).exits(0);
        assert_eq!(sandbox.read("a.ekiden"), expected, "{text:?}");
        sandbox.run(&["fmt", "--check", "a.ekiden"]).exits(0);
    }
    assert_eq!(sandbox.run_with_input(&["fmt", "-"], crlf(UNTIDY)).exits(0).out, crlf(&tidy));
}

#[test]
fn fmt_calls_standard_input_by_one_name() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with_input(&["fmt", "-"], "team x \"X\" { nonsense!! }\n").exits(1);
    assert!(run.err.contains("╭─[<stdin>:1:"), "{}", run.err);
    assert_eq!(sandbox.run_with_input(&["fmt", "--check", "-"], UNTIDY).exits(1).out, "<stdin>\n");
    let run = sandbox.run_with_input(&["fmt", "--diff", "-"], UNTIDY).exits(1);
    assert!(run.out.starts_with("--- <stdin>\n+++ <stdin> (formatted)\n"), "{}", run.out);
    let run = sandbox.run_with_input(&["fmt", "-"], b"\xff").exits(2);
    assert!(run.err.contains("`<stdin>` is not UTF-8 text"), "{}", run.err);
}

#[test]
fn fmt_does_not_touch_a_broken_file_and_goes_on() {
    let sandbox = Sandbox::new();
    let broken = "team   x \"X\" { nonsense!! }\n";
    sandbox.write("a.ekiden", broken).write("b.ekiden", UNTIDY);
    let run = sandbox.run(&["fmt"]).exits(1);
    assert_eq!(run.out, "");
    assert!(run.err.contains("╭─[a.ekiden:1:"), "{}", run.err);
    assert!(run.err.contains("1 with errors not touched"), "{}", run.err);
    assert_eq!(sandbox.read("a.ekiden"), broken);
    assert_eq!(sandbox.read("b.ekiden"), tidy(&sandbox));
    let run = sandbox.run_with_input(&["fmt", "-"], broken).exits(1);
    assert_eq!(run.out, "");
}

#[test]
fn fmt_refuses_yaml_by_name() {
    let sandbox = Sandbox::new();
    sandbox.write("a.ekiden.yaml", "teams: {}\n");
    let run = sandbox.run(&["fmt", "a.ekiden.yaml"]).exits(2);
    assert!(run.err.contains("is YAML"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn fmt_keeps_permissions_and_links() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let tidy = tidy(&sandbox);
    sandbox.write("real.txt", UNTIDY);
    let (real, link) = (sandbox.path("real.txt"), sandbox.path("a.ekiden"));
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("real.txt", &link).unwrap();
    sandbox.run(&["fmt", "a.ekiden"]).exits(0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(sandbox.read("real.txt"), tidy);
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(sandbox.list("."), [".input", "a.ekiden", "real.txt"]);
}

#[test]
fn convert_there_and_back_keeps_the_meaning() {
    let sandbox = Sandbox::with_process();
    let yaml = sandbox.run(&["convert", "stages.ekiden"]).exits(0).out;
    assert!(yaml.contains("stages:\n"), "{yaml}");
    assert!(sandbox.path("stages.ekiden").exists());
    let model = |sandbox: &Sandbox| sandbox.run(&["check", "--format", "concise"]).exits(0).out;
    let before = model(&sandbox);

    sandbox.run(&["convert", "--write", "--to", "yaml", "."]).exits(0);
    let names = ["ekiden.yaml", "process.ekiden.yaml", "stages.ekiden.yaml"];
    assert_eq!(sandbox.list("."), names);
    assert_eq!(sandbox.read("stages.ekiden.yaml"), yaml);
    assert_eq!(model(&sandbox), before);
    let run = sandbox.run(&["convert", "--write", "--to", "yaml", "."]).exits(0);
    assert!(run.err.contains("0 files converted"), "{}", run.err);

    sandbox.run(&["convert", "--write", "--to", "dsl", "."]).exits(0);
    assert_eq!(sandbox.list("."), ["ekiden.yaml", "process.ekiden", "stages.ekiden"]);
    assert_eq!(model(&sandbox), before);
}

#[test]
fn convert_knows_the_first_language_of_the_process() {
    let sandbox = Sandbox::new();
    sandbox.write("process.ekiden", "process p \"P\" { languages [ko, en] }\n");
    sandbox.write("deep/teams.ekiden", "team a \"팀\" en \"Team\" {}\n");
    let run = sandbox.run(&["convert", "--write", "--to", "yaml", "."]).exits(0);
    assert!(run.err.contains("2 files converted"), "{}", run.err);
    let yaml = sandbox.read("deep/teams.ekiden.yaml");
    assert!(yaml.contains("ko: 팀") && yaml.contains("en: Team"), "{yaml}");
}

#[test]
fn convert_overwrites_nothing_and_refuses_what_it_cannot_read() {
    let sandbox = Sandbox::new();
    sandbox.write("a.ekiden", "team x \"X\" {}\n").write("a.ekiden.yaml", "# mine\n");
    let run = sandbox.run(&["convert", "--write", "a.ekiden"]).exits(2);
    assert!(run.err.contains("`a.ekiden.yaml` exists already"), "{}", run.err);
    assert_eq!(sandbox.read("a.ekiden.yaml"), "# mine\n");
    let run = sandbox.run(&["convert", "."]).exits(2);
    assert!(run.err.contains("--write"), "{}", run.err);
    sandbox.write("b.ekiden", "team x { nonsense!! }\n");
    let run = sandbox.run(&["convert", "b.ekiden"]).exits(1);
    assert_eq!(run.out, "");
    assert!(run.err.contains("b.ekiden:1:"), "{}", run.err);
    let run = sandbox.run_with_input(&["convert", "-"], "team x \"X\" {}\n").exits(2);
    assert!(run.err.contains("--to dsl"), "{}", run.err);
    let run =
        sandbox.run_with_input(&["convert", "--to", "yaml", "-"], "team x \"X\" {}\n").exits(0);
    assert!(run.out.contains("teams:"), "{}", run.out);
}
