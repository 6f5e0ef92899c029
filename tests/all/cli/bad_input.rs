//! Input that nobody meant to give: a clear word, no panic, nothing lost.

use std::fs;

use super::sandbox::{Run, Sandbox};

fn concise(sandbox: &Sandbox, path: &str) -> Run {
    sandbox.run(&["check", path, "--format", "concise"])
}

#[test]
fn text_that_is_not_utf_8() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", b"team x \"X\" {}\nteam caf\xe9 \"Caf\xe9\" {}\n");
    let run = concise(&sandbox, "p.ekiden").exits(1);
    assert_eq!(run.out, "p.ekiden:2:9: error[unreadable-file] `p.ekiden` is not UTF-8 text\n");
    let run = sandbox.run(&["check", "p.ekiden"]).exits(1);
    assert!(run.out.contains("byte 0xE9 at offset 22"), "{}", run.out);
    assert!(run.out.contains("help: save it as UTF-8"), "{}", run.out);
    let utf_16: Vec<u8> = "\u{feff}team".encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write("p.ekiden", utf_16);
    let run = sandbox.run(&["check", "p.ekiden"]).exits(1);
    assert!(run.out.contains("it looks like UTF-16"), "{}", run.out);
}

#[test]
fn byte_order_marks_and_crlf_change_nothing() {
    let sandbox = Sandbox::with_process();
    for name in ["process.ekiden", "stages.ekiden", "ekiden.yaml"] {
        let text = format!("\u{feff}{}", sandbox.read(name).replace('\n', "\r\n"));
        sandbox.write(name, text);
    }
    assert_eq!(sandbox.run(&["check"]).exits(0).err, "no findings in 3 files\n");
    // A place after the mark and after CRLF is counted as people count.
    sandbox.write("p.ekiden", "\u{feff}team x \"X\" {}\r\nnonsense here\r\n");
    let run = concise(&sandbox, "p.ekiden").exits(1);
    assert!(run.out.starts_with("p.ekiden:2:1: error["), "{}", run.out);
    assert!(!run.out.contains('\r'));
    assert!(!sandbox.run(&["check", "p.ekiden"]).out.contains('\r'));
}

#[test]
fn nothing_at_all() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["check"]).exits(2);
    assert!(run.err.contains("there is no process in `.`"), "{}", run.err);
    assert!(run.err.contains("`ekiden init` writes one to start from"), "{}", run.err);
    sandbox.write("empty.ekiden", "").write("blank.ekiden", " \n\t\n").write("y.ekiden.yaml", "");
    for path in ["empty.ekiden", "blank.ekiden", "y.ekiden.yaml", "."] {
        let run = sandbox.run(&["check", path]);
        assert!(run.code == 0 || run.code == 1, "{path}: {}", run.err);
        assert!(run.err.contains("file"), "{path}: {}", run.err);
        sandbox.run(&["build", path, "--out", "o"]);
    }
}

#[test]
fn a_folder_named_as_a_file_and_a_path_through_a_file() {
    let sandbox = Sandbox::new();
    sandbox.write("p/a.ekiden", "").write("p/b.ekiden/c.txt", "");
    let run = concise(&sandbox, "p").exits(1);
    assert!(
        run.out.contains("error[unreadable-file] `p/b.ekiden` is a folder, but named as a file"),
        "{}",
        run.out
    );
    let run = sandbox.run(&["check", "p/a.ekiden/x.ekiden"]).exits(2);
    assert!(run.err.contains("not a directory"), "{}", run.err);
    let run = sandbox.run(&["fmt", "p/missing.ekiden"]).exits(2);
    assert!(run.err.contains("does not exist"), "{}", run.err);
}

#[test]
fn a_file_that_is_not_read_is_an_error_without_an_empty_excerpt() {
    let sandbox = Sandbox::with_process();
    sandbox.write("q.ekiden.yml", "teams: {}\n");
    let run = sandbox.run(&["check"]).exits(1);
    let said = "error[unreadable-file]: `q.ekiden.yml` is not read\n  help: rename it to `q.ekiden.yaml`\n\n";
    assert_eq!(run.out, said);
    sandbox.run(&["build"]).exits(1);
    fs::remove_file(sandbox.path("q.ekiden.yml")).unwrap();
    sandbox.run(&["check"]).exits(0);
}

#[test]
fn a_file_of_50_mb_is_read_and_one_beyond_64_is_refused() {
    let sandbox = Sandbox::new();
    let line = format!("# {}\n", "comment ".repeat(1_000));
    let text = format!("{}nonsense\n", line.repeat(50_000_000 / line.len()));
    sandbox.write("big.ekiden", &text);
    let run = concise(&sandbox, "big.ekiden").exits(1);
    let place = format!("big.ekiden:{}:1: error[", text.lines().count());
    assert!(run.out.starts_with(&place), "{}", run.out);

    let file = fs::File::create(sandbox.path("huge.ekiden")).unwrap();
    file.set_len(65 << 20).unwrap();
    let run = sandbox.run(&["check", "huge.ekiden"]).exits(1);
    assert!(run.out.contains("`huge.ekiden` is larger than 64 MB"), "{}", run.out);
    assert!(run.out.contains("help: split it"), "{}", run.out);
}

#[test]
fn a_line_of_megabytes_is_reported_briefly() {
    let sandbox = Sandbox::new();
    sandbox.write("line.ekiden", format!("team x \"{}\" nonsense", "é".repeat(2_500_000)));
    let run = sandbox.run(&["check", "line.ekiden"]).exits(1);
    assert!(run.out.len() < 20_000, "{}", run.out.len());
}

#[test]
fn many_faults_are_not_all_shown_in_full() {
    let sandbox = Sandbox::new();
    let stage = |n| format!("stage s{n} \"S\" {{ record nobody_{n} }}\n");
    sandbox.write("p.ekiden", (0..300).map(stage).collect::<String>());
    let run = sandbox.run(&["check", "p.ekiden"]).exits(1);
    assert_eq!(run.out.matches("╭─[").count(), 100);
    assert!(run.err.contains("the first 100 of "), "{}", run.err);
    let concise = concise(&sandbox, "p.ekiden").exits(1);
    assert!(concise.out.lines().count() >= 300, "{}", concise.out);
}

#[test]
fn a_file_that_cannot_be_read_does_not_bring_follow_on_errors() {
    let sandbox = Sandbox::with_process();
    let process = sandbox.read("process.ekiden");
    sandbox.write("process.ekiden", [process.as_bytes(), b"\xff"].concat());
    // The stages name teams and records that are declared in the file that is lost.
    let run = sandbox.run(&["check", "--format", "concise"]).exits(1);
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);
    let run = sandbox.run(&["build"]).exits(1);
    assert!(run.err.contains("nothing was written"), "{}", run.err);
    assert!(!sandbox.path("build").exists());
}

/// A stray brace ends a stage in its middle: the way out of it stands behind.
#[test]
fn rules_do_not_judge_what_was_read_by_half() {
    let sandbox = Sandbox::with_process();
    let stages = sandbox.read("stages.ekiden");
    let way = stages.find("  advance to ").unwrap();
    sandbox.write("stages.ekiden", format!("{}}}\n{}", &stages[..way], &stages[way..]));
    let run = concise(&sandbox, ".").exits(1);
    let codes: Vec<&str> =
        run.out.lines().filter_map(|line| line.split(['[', ']']).nth(1)).collect();
    assert!(!codes.is_empty() && codes.iter().all(|code| *code == "syntax-error"), "{}", run.out);
    assert!(run.err.ends_with("the rules are checked when the text can be read\n"), "{}", run.err);
    // A list that is never closed, in YAML, takes the rest with it.
    let process = "process: {name: p, title: P}\nteams: {t: {title: T}}\n\
                   records: {deal: {title: Deal, fields: {need: {type: text, title: Need}}}}\n\
                   stages:\n  a: {title: A, record: deal, owner: t, entry: [web], limit: 5d, \
                   advance: won}\n  won: {title: Won, record: deal, outcome: won, final: true}\n";
    sandbox.write("p.ekiden.yaml", process);
    assert!(!concise(&sandbox, "p.ekiden.yaml").exits(0).out.contains("error"));
    sandbox.write("p.ekiden.yaml", process.replace("[web]", "[web"));
    let run = concise(&sandbox, "p.ekiden.yaml").exits(1);
    assert!(run.out.lines().all(|line| line.contains("[syntax-error]")), "{}", run.out);
    // Names are judged: what could have been declared in the part that was not read is known.
    sandbox.write("p.ekiden", "team x \"X\" {} }\nterm y \"Y\" { means \"Z.\" see [nowhere] }\n");
    let out = concise(&sandbox, "p.ekiden").exits(1).out;
    assert!(out.contains("[syntax-error]") && out.contains("`nowhere`"), "{out}");
}

#[test]
fn bytes_without_meaning_do_not_break_the_report() {
    let sandbox = Sandbox::new();
    sandbox.write("p.ekiden", "\u{0}\u{1b}[2J\u{7}\u{202e}team");
    let run = sandbox.run(&["check", "p.ekiden"]).exits(1);
    assert!(!run.out.contains(['\u{0}', '\u{1b}', '\u{7}', '\u{202e}']), "{:?}", run.out);
}
