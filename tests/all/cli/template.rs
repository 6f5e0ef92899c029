//! `ekiden template`, templates that stand in for those of the program, and targets of one's own.

use std::fs;
use std::path::Path;

use super::sandbox::Sandbox;

/// Titles that mean something in HTML, Markdown, CSV, JSON and SQL.
const PROCESS: &str = r#"
process wood "Wood & <Sons>" { currency EUR  languages [en, ko] }
team sales "Sales" { role ae "Seller | \"A\"" }
record lead "Lead" { email text "E-mail" }
stage new "<script>x</script> | \"q\", it's" ko "신규" { record lead  owner ae  entry  limit 5d escalate to sales  collect [email]
  purpose "Find **out** who it is."
  exit when { known "We know them" email is present }
  advance to won
}
stage won "=Won" { record lead  owner sales  outcome won  final }
play call "Call" { for stage new  by [ae]  steps "1. Ring" }
goal wins "Wins" { shared by [sales]  measure conversion from new to won within 30d  target at least 20% every quarter }
"#;

const OWN: &str = "targets:\n  pages: {templates: templates/pages}\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("p/p.ekiden", PROCESS);
    sandbox
}

/// The findings of a build, one line each, errors first shown alone.
#[track_caller]
fn errors(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let run = sandbox.run(&[arguments, &["p", "--format", "concise"]].concat()).exits(1);
    let errors = run.out.lines().filter(|line| line.contains(": error["));
    errors.map(str::to_owned).collect()
}

/// What is wrong with a template of `docs` with this text, called `name`.
#[track_caller]
fn fault(name: &str, text: &str) -> String {
    let sandbox = sandbox();
    sandbox.write(&format!("p/templates/docs/{name}.hbs"), text);
    let found = errors(&sandbox, &["build", "-t", "docs"]);
    assert!(!sandbox.path("p/build").exists(), "nothing is written");
    let [one] = found.as_slice() else { panic!("{found:#?}") };
    let start = format!("p/templates/docs/{name}.hbs:");
    one.strip_prefix(&start).unwrap().replace(": error[broken-template]", "")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

#[test]
fn what_is_written_out_changes_no_byte() {
    let sandbox = Sandbox::new();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/the_model");
    copy(&example, &sandbox.path("p"));
    let build = ["build", "p", "-t", "docs,site", "--out", "out"];
    sandbox.run(&build).exits(0);
    sandbox.run(&["template", "eject", "docs", "-p", "p"]).exits(0);
    sandbox.run(&["template", "eject", "site", "-p", "p"]).exits(0);
    let check = [&build[..], &["--check"]].concat();
    let run = sandbox.run(&check).exits(0);
    assert!(run.err.ends_with("out is up to date\n"), "{}", run.err);
    // And the templates are those that are used: a change shows, and is told by `--check`.
    let path = "p/templates/docs/calendar.hbs";
    let text = sandbox.read(path);
    assert!(text.starts_with("{{!-- Ekiden template, view 1 · docs/calendar --}}\n"), "{text}");
    sandbox.write(path, format!("{text}\nOurs.\n"));
    let run = sandbox.run(&check).exits(1);
    assert!(run.out.contains("+Ours."), "{}", run.out);
    let run = sandbox.run(&["template", "check", "p"]).exits(0);
    assert!(run.err.ends_with("69 templates checked, which write 440 files\n"), "{}", run.err);
}

#[test]
fn a_file_that_is_there_stays() {
    let sandbox = sandbox();
    sandbox.write("p/templates/docs/stage.hbs", "mine");
    let run = sandbox.run(&["template", "eject", "docs", "stage", "team.hbs", "-p", "p"]).exits(0);
    assert_eq!(
        run.err,
        "wrote p/templates/docs/team.hbs\nleft p/templates/docs/stage.hbs as it is\n"
    );
    assert_eq!(sandbox.read("p/templates/docs/stage.hbs"), "mine");
    let run = sandbox.run(&["template", "list", "docs", "-p", "p"]).exits(0);
    assert!(run.out.contains("docs/stage          p/templates/docs/stage.hbs\n"), "{}", run.out);
    assert!(run.out.starts_with("docs/readme\n"), "{}", run.out);
    let run = sandbox.run(&["template", "eject", "docs", "stgae", "-p", "p"]).exits(2);
    assert_eq!(
        run.err,
        "error: target `docs` has no template `stgae`\n  help: did you mean `stage`?\n"
    );
    let run = sandbox.run(&["template", "eject", "sql", "-p", "p"]).exits(2);
    assert!(run.err.starts_with("error: target `sql` has no templates\n"), "{}", run.err);
    let run = sandbox.run(&["template", "eject", "stie", "-p", "p"]).exits(2);
    assert!(run.err.contains("did you mean `site`?"), "{}", run.err);
    sandbox.run(&["template", "eject", "docs", "-p", "nowhere"]).exits(2);
    sandbox.run(&["template", "eject", "docs", "-p", "p/p.ekiden"]).exits(2);
}

#[test]
fn every_fault_is_told_at_its_place() {
    assert_eq!(fault("stage", "a\n é {{it.titel}}"), "2:6 there is no `it.titel` here");
    assert_eq!(fault("stage", "{{#if it.typo}}a{{/if}}"), "1:7 there is no `it.typo` here");
    let text = "{{#each it.typo}}a{{else}}b{{/each}}";
    assert_eq!(fault("stage", text), "1:9 there is no `it.typo` here");
    assert_eq!(
        fault("criteria", "{{#each this}}\n{{nope}}{{/each}}"),
        "2:3 there is no `nope` here"
    );
    assert_eq!(fault("stage", "{{#if it}}a{{/each}}"), "1:12 `{{#if}}` is closed by `{{/each}}`");
    assert_eq!(fault("stage", "x {{#if it}}\na"), "1:3 `{{#if}}` is never closed");
    assert_eq!(fault("stage", "{{> critera it}}"), "1:5 there is no template `critera` to include");
    assert_eq!(fault("stage", "{{t \"x\" (lnk it)}}"), "1:10 there is no helper `lnk`");
    assert_eq!(fault("stage", "{{heading it.nope}}"), "1:11 there is no `it.nope` here");
    assert_eq!(fault("stage", "{{#if (eq it.nope 1)}}{{/if}}").split_once(' ').unwrap().0, "1:8");
    assert_eq!(fault("stage", "{{commas (it.title)}}"), "1:10 these parentheses call nothing");
    assert_eq!(fault("stage", "{{lookup it \"title\"}}"), "1:3 there is no helper `lookup`");
    assert_eq!(
        fault("stage", "{{{it.title}}}"),
        "1:1 `it.title` would be written as it is, without escaping"
    );
    assert_eq!(
        fault("stage", "{{& it.title}}"),
        "1:1 `it.title` would be written as it is, without escaping"
    );
    assert_eq!(fault("stage", "{{#>map}}{{/map}}"), "1:1 what is included has no block here");
    assert_eq!(fault("stage", "{{#*inline \"x\"}}{{/inline}}"), "1:1 templates have no decorators");
    assert_eq!(fault("stage", "{{{{raw}}}}{{{{/raw}}}}"), "1:1 templates have no raw blocks");
    assert_eq!(
        fault("stage", "{{> map map=it.title}}"),
        "1:1 what is included takes no values by name"
    );
    assert_eq!(fault("stage", "{{> stage}}"), "1:1 it includes itself");
    let deep = format!("\n{}{}", "{{#if it}}".repeat(65), "{{/if}}".repeat(65));
    assert_eq!(fault("stage", &deep), "2:641 its blocks are nested more than 64 deep");
    let deep = format!("{{{{t {}1{}}}}}", "(t ".repeat(9999), ")".repeat(9999));
    assert_eq!(fault("stage", &deep), "1:1 its expressions are nested more than 64 deep");
    let old = "{{!-- Ekiden template, view 0 · docs/stage --}}\nx";
    assert_eq!(fault("stage", old), "1:29 this template is made for view 0, and this is view 1");
    assert_eq!(fault("stgae", "x"), "1:1 target `docs` has no template `stgae`");
    assert_eq!(fault("_criteria", "x"), "1:1 target `docs` has a template `criteria` itself");
}

#[test]
fn a_fault_is_shown_with_its_line_and_what_is_meant() {
    let sandbox = sandbox();
    sandbox.write("p/templates/docs/team.hbs", "# {{heading it.titel}}\n");
    let run = sandbox.run(&["build", "p", "-t", "docs"]).exits(1);
    assert!(run.out.contains("p/templates/docs/team.hbs:1:13"), "{}", run.out);
    assert!(run.out.contains("# {{heading it.titel}}"), "{}", run.out);
    assert!(run.out.contains("help: did you mean `title`?"), "{}", run.out);
    // `check` does not render; `template check` does.
    sandbox.run(&["check", "p"]).exits(0);
    sandbox.run(&["template", "check", "p"]).exits(1);
    sandbox.write("p/templates/docs/team.hbs", "{{nope 1}}");
    sandbox.run(&["check", "p"]).exits(1);
}

#[test]
fn a_block_that_the_process_does_not_reach_is_checked_by_one_that_has_everything() {
    let sandbox = sandbox();
    // It has no routes, nothing has changed, and no system is named.
    for (template, text, place) in [
        ("docs/stage", "# S\n{{#if it.route}}\n{{it.route.titel}}\n{{/if}}\n", "3:3"),
        ("docs/stage", "# S\n{{#if held}}{{#each held.rows}}{{titel}}{{/each}}{{/if}}\n", "2:34"),
        ("site/team", "<h1>T</h1>\n{{#if it.changed}}{{it.changed.nope}}{{/if}}\n", "2:21"),
        ("pages/[route].txt", "{{#each it.cases}}{{wen}}{{/each}}\n", "1:21"),
    ] {
        let path = format!("p/templates/{template}.hbs");
        sandbox.write(&path, text);
        if template.starts_with("pages") {
            sandbox.write(
                "p/ekiden.yaml",
                "targets:\n  docs:\n  site:\n  pages:\n    templates: templates/pages\n",
            );
        }
        sandbox.run(&["build", "p"]).exits(0);
        let run = sandbox.run(&["template", "check", "p", "--format", "concise"]).exits(1);
        let wanted = format!("{path}:{place}: error[broken-template] there is no `");
        assert_eq!(run.out.matches("error[").count(), 1, "{}", run.out);
        assert!(run.out.contains(&wanted), "{}", run.out);
        fs::remove_file(sandbox.path(&path)).unwrap();
    }
    // The program's own templates are sound for it.
    sandbox.write("p/ekiden.yaml", "targets:\n  docs:\n  site:\n");
    for target in ["docs", "site"] {
        sandbox.run(&["template", "eject", target, "-p", "p"]).exits(0);
    }
    sandbox.run(&["template", "check", "p"]).exits(0);
}

#[test]
fn files_that_cannot_be_templates_are_told() {
    let sandbox = sandbox();
    sandbox.write("p/templates/docs/team.hbs", b"caf\xe9");
    let found = errors(&sandbox, &["check"]);
    assert_eq!(
        found,
        [
            "p/templates/docs/team.hbs:1:4: error[broken-template] `p/templates/docs/team.hbs` is not UTF-8 text"
        ]
    );
    sandbox.write("p/templates/docs/team.hbs", "x".repeat((1 << 20) + 1));
    assert!(errors(&sandbox, &["check"])[0].ends_with("is larger than 1 MB"));
    fs::remove_file(sandbox.path("p/templates/docs/team.hbs")).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc/hosts", sandbox.path("p/templates/docs/team.hbs"))
            .unwrap();
        assert!(errors(&sandbox, &["check"])[0].ends_with("is a link, which is not followed here"));
        fs::remove_file(sandbox.path("p/templates/docs/team.hbs")).unwrap();
    }
    sandbox.write("p/templates/dcos/team.hbs", "x").write("p/templates/docs/notes.md", "x");
    sandbox.write("p/templates/docs/_part.hbs", "x").write("p/templates/mail/a.html", "not ours");
    let run = sandbox.run(&["check", "p", "--format", "concise"]).exits(0);
    let found: Vec<&str> =
        run.out.lines().filter(|line| line.contains("unused-template")).collect();
    assert_eq!(
        found,
        [
            "p/templates/dcos/team.hbs:1:1: warning[unused-template] `p/templates/dcos/team.hbs` is not used: there is no target `dcos`",
            "p/templates/docs/_part.hbs:1:1: warning[unused-template] no template includes `part`",
            "p/templates/docs/notes.md:1:1: warning[unused-template] `p/templates/docs/notes.md` is no template",
        ]
    );
    let run =
        sandbox.run(&["check", "p", "--format", "concise", "--allow", "unused-template"]).exits(0);
    assert!(!run.out.contains("unused-template"), "{}", run.out);
}

#[test]
fn regions_of_pages_follow_the_templates_too() {
    let sandbox = sandbox();
    sandbox.write("p/templates/docs/team.hbs", "# {{heading it.title}}\n\nOurs: {{it.name}}\n");
    sandbox.write("page.md", "<!-- ekiden:team sales -->\n<!-- /ekiden -->\n");
    sandbox.run(&["embed", "page.md", "-p", "p"]).exits(0);
    assert!(sandbox.read("page.md").contains("Ours: sales\n"), "{}", sandbox.read("page.md"));
    sandbox.write("p/templates/docs/team.hbs", "# {{heading it.nope}}\n");
    let run = sandbox.run(&["embed", "page.md", "-p", "p", "--format", "concise"]).exits(1);
    let place =
        "p/templates/docs/team.hbs:1:13: error[broken-template] there is no `it.nope` here\n";
    assert!(run.out.contains(place), "{}", run.out);
}

#[test]
fn a_text_of_the_process_is_escaped_wherever_it_goes() {
    let sandbox = sandbox();
    sandbox.write("p/templates/site/stage.hbs", "<p title=\"{{it.stage.title}}\">{{it.stage.title}} {{commas it.stage.title}} {{lines it.stage.title}} {{only true it.stage.title}} {{paren it.stage.title}} {{t \"and_more\" it.stage.title}}</p>\n");
    sandbox.write(
        "p/templates/docs/stage.hbs",
        "# S\n\n{{it.title}}\n\n{{commas it.title}}\n\n{{lines it.title}}\n\n{{> mine it}}\n",
    );
    sandbox.write("p/templates/docs/_mine.hbs", "{{commas title}}\n");
    sandbox.run(&["build", "p", "-t", "docs,site"]).exits(0);
    let page = sandbox.read("p/build/site/en/stages/new.html");
    assert!(!page.contains("<script>x"), "{page}");
    assert_eq!(page.matches("&lt;script&gt;x&lt;/script&gt; | &quot;q&quot;").count(), 9, "{page}");
    let page = sandbox.read("p/build/docs/en/stages/new.md");
    assert_eq!(page.matches("\\<script>x\\</script> \\|").count(), 4, "{page}");
}

#[test]
fn a_target_of_ones_own_escapes_by_the_kind_of_file() {
    let sandbox = sandbox();
    let folder = "p/templates/pages";
    let write = |name: &str, text: &str| {
        sandbox.write(&format!("{folder}/{name}"), text);
    };
    write(
        "[language]/stages/[stage].html.hbs",
        "<h1 title=\"{{it.title}}\">{{it.title}}</h1>\n{{md it.purpose}}\n{{> all}}\n",
    );
    write(
        "_all.hbs",
        "{{#each stages}}<a href=\"{{url \"stage\" name}}\">{{title}}</a>\n{{/each}}",
    );
    write(
        "plays.csv.hbs",
        "name,title\n{{#each plays}}\n{{title}},{{join stages \"; \"}}\n{{/each}}\n{{#each stages}}\n{{name}},{{title}}\n{{/each}}\n",
    );
    write("slack/[role].txt.hbs", "*{{it.title}}* {{#each it.stages}}{{stage.title}}{{/each}}\n");
    write(
        "all.json.hbs",
        "{\"titles\": [{{#each stages}}{{title}}{{#unless @last}},{{/unless}}{{/each}}], \"n\": {{json process.stage_count}}}\n",
    );
    write("seed.sql.hbs", "{{#each stages}}\ninsert into s values ({{title}});\n{{/each}}\n");
    write("table.md.hbs", "| a |\n| --- |\n{{#each stages}}\n| {{title}} |\n{{/each}}\n");
    write("img/logo.svg", "<svg/>");
    let manifest =
        "targets:\n  docs:\n  pages:\n    templates: templates/pages\n    escape: {txt: slack}\n";
    sandbox.write("p/ekiden.yaml", manifest);
    let run = sandbox.run(&["build", "p", "--target", "pages"]).exits(0);
    assert!(run.err.ends_with("pages: 10 files in p/build/pages, 10 changed\n"), "{}", run.err);
    let read = |name: &str| sandbox.read(&format!("p/build/pages/{name}"));
    let title = "&lt;script&gt;x&lt;/script&gt; | &quot;q&quot;, it&#39;s";
    assert_eq!(
        read("en/stages/new.html"),
        format!(
            "<h1 title=\"{title}\">{title}</h1>\n<p>Find <strong>out</strong> who it is.</p>\n\
             <a href=\"new.html\">{title}</a>\n<a href=\"won.html\">=Won</a>\n"
        )
    );
    assert!(read("ko/stages/new.html").starts_with("<h1 title=\"신규\">신규</h1>\n"));
    assert_eq!(
        read("plays.csv"),
        "name,title\n\"Call\",\"<script>x</script> | \"\"q\"\", it's\"\n\
         \"new\",\"<script>x</script> | \"\"q\"\", it's\"\n\"won\",\"'=Won\"\n"
    );
    assert_eq!(
        read("slack/ae.txt"),
        "*Seller | \"A\"* &lt;script&gt;x&lt;/script&gt; | \"q\", it's\n"
    );
    let json: serde_json::Value = serde_json::from_str(&read("all.json")).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"titles": ["<script>x</script> | \"q\", it's", "=Won"], "n": 2})
    );
    assert_eq!(
        read("seed.sql"),
        "insert into s values ('<script>x</script> | \"q\", it''s');\ninsert into s values ('=Won');\n"
    );
    assert!(read("table.md").contains("| \\<script>x\\</script> \\| \"q\", it's |\n"));
    assert_eq!(read("img/logo.svg"), "<svg/>");
    // It is one of the targets of the manifest, goes through the same plan, and is listed.
    let run = sandbox.run(&["build", "p"]).exits(0);
    assert!(run.err.contains("pages: 10 files in p/build/pages, unchanged\n"), "{}", run.err);
    sandbox.write("p/build/pages/table.md", "edited");
    sandbox.run(&["build", "p"]).exits(2);
    let run = sandbox.run(&["template", "list", "pages", "-p", "p"]).exits(0);
    assert!(run.out.contains("pages/img/logo.svg"), "{}", run.out);
    let run = sandbox.run(&["build", "p", "--target", "pagse"]).exits(2);
    assert!(run.err.contains("there is no target `pagse`"), "{}", run.err);
}

#[test]
fn the_thing_that_a_file_is_about_is_named() {
    let sandbox = sandbox();
    sandbox.write("p/ekiden.yaml", "targets:\n  pages: {templates: templates/pages}\n");
    sandbox.write("p/templates/pages/[stage].md.hbs", "{{stage.title}}");
    let run = sandbox.run(&["build", "p"]).exits(1);
    let said = format!("{}{}", run.out, run.err);
    let help = "help: what the file is about is called `it`: write `it.title`";
    assert!(said.contains("[stage].md.hbs:1:3]") && said.contains(help), "{said}");
}

#[test]
fn what_a_target_of_ones_own_cannot_be_is_told() {
    let faults = |manifest: &str, files: &[(&str, &str)]| {
        let sandbox = sandbox();
        sandbox.write("p/ekiden.yaml", manifest).write("outside/a.md.hbs", "x");
        for (name, text) in files {
            sandbox.write(&format!("p/{name}"), text);
        }
        let found = errors(&sandbox, &["build"]);
        assert!(!sandbox.path("p/build").exists(), "nothing is written");
        found.join("\n").replace(": error", "").replace("p/templates/pages/", "")
    };
    let target = |settings: &str| format!("targets:\n  pages: {{{settings}}}\n");
    let manifest = |settings: &str| faults(&target(settings), &[]);
    assert_eq!(
        manifest("templates: ../outside"),
        "p/ekiden.yaml:2:22[invalid-manifest] `../outside` is not in the folder of the manifest"
    );
    assert!(manifest("templates: /etc").ends_with("`/etc` is not in the folder of the manifest"));
    assert!(manifest("templates: .").ends_with("`.` holds the process itself"));
    assert!(
        manifest("templates: build/x").ends_with("`build/x` is in the folder that is built into")
    );
    assert!(manifest("templates: nowhere").ends_with("there is no folder `nowhere`"));
    assert!(manifest("templates: p.ekiden").ends_with("`p.ekiden` is not a folder"));
    assert!(manifest("templates: [a]").ends_with("`templates` must be a folder"));
    let page = [("templates/pages/[stage].md.hbs", "x")];
    assert_eq!(
        faults(&target("templates: templates/pages, escpae: plain"), &page),
        "p/ekiden.yaml:2:39[invalid-manifest] target `pages` has no setting `escpae`"
    );
    assert!(
        faults(&target("templates: templates/pages, escape: htlm"), &page)
            .ends_with("there is no escaping `htlm`")
    );
    let named = |name: &str| {
        faults(&format!("targets:\n  {name}: {{templates: templates/pages}}\n"), &page)
    };
    assert_eq!(
        named("Pages"),
        "p/ekiden.yaml:2:3[invalid-manifest] `Pages` is not a name for a target"
    );
    assert_eq!(
        named("../x"),
        "p/ekiden.yaml:2:3[invalid-manifest] `../x` is not a name for a target"
    );
    assert!(named("docs").starts_with(
        "p/ekiden.yaml:2:10[invalid-manifest] target `docs` has no setting `templates`"
    ));
    let file = |name: &str, text: &str| faults(OWN, &[(&format!("templates/pages/{name}"), text)]);
    assert_eq!(
        file("[stgae].md.hbs", "x"),
        "[stgae].md.hbs:1:1[broken-template] `[stgae]` in the path stands for nothing"
    );
    assert!(file("[stage]-[role].md.hbs", "x").ends_with("the path asks for things of two kinds"));
    assert!(file("a.tex.hbs", "x").ends_with("how to escape values in a `.tex` file is not known"));
    assert_eq!(
        file("a.md.hbs", "{{{process.title}}}"),
        "a.md.hbs:1:1[broken-template] `process.title` would be written as it is, without escaping"
    );
    assert_eq!(
        file("a.md.hbs", "\n{{it.title}}"),
        "a.md.hbs:2:3[broken-template] there is no `it.title` here"
    );
    assert_eq!(
        file("a.csv.hbs", "a,b\n{{md process.title}},\n"),
        "a.csv.hbs:2:3[broken-template] `md` is for files of HTML and Markdown; `plain` is for all"
    );
    assert_eq!(
        file("a.json.hbs", "{\"a\": \"{{process.title}}\"}"),
        "a.json.hbs:1:1[broken-template] it writes `a.json`, which is not JSON at line 1, column 9"
    );
    assert!(
        file("a.md.hbs", "{{url \"role\" \"ae\"}}")
            .ends_with("this target writes no file for each role: none is called `[role]`")
    );
    // Foreign files in the way stop it, as they stop every build.
    let sandbox = sandbox();
    sandbox.write("p/ekiden.yaml", OWN).write("p/templates/pages/a.md.hbs", "x");
    sandbox.write("p/build/pages/a.md", "theirs");
    sandbox.run(&["build", "p"]).exits(2);
    assert_eq!(sandbox.read("p/build/pages/a.md"), "theirs");
}

/// `text` may stand in a link, so it leads to no meaning; `linked` does.
#[test]
fn words_of_the_glossary_lead_to_their_meaning_where_it_is_asked_for() {
    let sandbox = Sandbox::new();
    let term = "term seller { means \"Who sells.\" }\n";
    sandbox.write(
        "p/p.ekiden",
        format!("{PROCESS}{term}").replace("\"1. Ring\"", "\"The seller rings\""),
    );
    let built = |target: &str, page: &str, helper: &str| {
        let template = format!("{{{{#each it}}}}{{{{{helper} steps}}}}{{{{/each}}}}");
        let name = format!("p/templates/{target}/plays.hbs");
        sandbox.write(&name, template);
        sandbox.run(&["build", "p", "-t", target]).exits(0);
        sandbox.read(&format!("p/build/{target}/en/{page}"))
    };
    for helper in ["text", "summary"] {
        assert!(built("docs", "plays.md", helper).contains("The seller rings"), "{helper}");
    }
    for helper in ["linked", "linked_summary"] {
        assert!(built("docs", "plays.md", helper).contains("The [seller]("), "{helper}");
    }
    for helper in ["text", "summary"] {
        assert!(built("site", "plays.html", helper).contains("The seller rings"), "{helper}");
    }
    for helper in ["linked", "linked_summary"] {
        assert!(!built("site", "plays.html", helper).contains("The seller rings"), "{helper}");
    }
}
