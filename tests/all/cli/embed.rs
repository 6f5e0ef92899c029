//! `ekiden embed`

use super::sandbox::Sandbox;

const PROCESS: &str = "\
process p \"Wood\" { currency EUR  languages [en, ko] }
team sales \"Sales\" { role ae \"Seller\" }
record lead \"Lead\" { email text \"E-mail\" }
term icp \"Ideal customer\" { means \"Who we build for.\" }
stage new \"New\" ko \"신규\" { record lead  owner ae  entry  limit 5d escalate to sales  collect [email]
  purpose \"Find out who it is.\"
  exit when { known \"We know them\" email is present }
  advance to won
}
stage won \"Won\" { record lead  owner sales  outcome won  final }
goal wins \"Wins\" { shared by [sales]  measure conversion from new to won within 30d  target at least 20% every quarter }
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("sales/p.ekiden", PROCESS);
    sandbox
}

#[test]
fn regions_are_filled_and_the_rest_stays() {
    let sandbox = sandbox();
    let before = "Ours.  \n\n## The term\n<!-- ekiden:term icp -->\nold\n<!-- /ekiden -->\ntail <b>x</b>\n\n\n# All\n\n<!-- ekiden:stages -->\n<!-- /ekiden -->";
    sandbox.write("notes/our page.md", before).write("notes/other.md", "no marks\n");
    let run = sandbox.run(&["embed", "notes", "-p", "sales", "--check"]).exits(1);
    assert_eq!(run.out, "notes/our page.md\n");
    assert_eq!(run.err, "2 regions in 1 file: 1 file would change\n");
    assert_eq!(sandbox.read("notes/our page.md"), before);
    let run = sandbox.run(&["embed", "notes", "-p", "sales"]).exits(0);
    assert_eq!(run.err, "2 regions in 1 file: 1 file changed\n");
    let docs = "../sales/build/docs/en";
    let after = format!(
        "Ours.  \n\n## The term\n<!-- ekiden:term icp -->\n\nWho we build for.\n\n<!-- /ekiden -->\ntail <b>x</b>\n\n\n# All\n\n<!-- ekiden:stages -->\n\n\
| Stage | Owner | Time limit | Remark |
| --- | --- | --- | --- |
| [New]({docs}/stages/new.md) | [Seller]({docs}/roles/ae.md) | 5 days | entry |
| [Won]({docs}/stages/won.md) | [Sales]({docs}/teams/sales.md) | | won |
\n<!-- /ekiden -->"
    );
    assert_eq!(sandbox.read("notes/our page.md"), after);
    sandbox.run(&["embed", "notes", "-p", "sales", "--check"]).exits(0);
    let run = sandbox.run(&["embed", "notes", "-p", "sales", "--diff"]).exits(0);
    assert_eq!(run.out, "");
}

#[test]
fn regions_tell_of_the_systems_that_the_manifest_names() {
    let sandbox = sandbox();
    sandbox.write(
        "p.md",
        "# P\n\n<!-- ekiden:record lead -->\n<!-- /ekiden -->\n\n<!-- ekiden:stage new -->\n<!-- /ekiden -->\n",
    );
    sandbox.run(&["embed", "p.md", "-p", "sales"]).exits(0);
    assert!(!sandbox.read("p.md").contains("PostgreSQL"));
    sandbox.write("sales/ekiden.yaml", "targets:\n  docs:\n  sql: {dialects: [postgres]}\n");
    sandbox.run(&["embed", "p.md", "-p", "sales"]).exits(0);
    let page = sandbox.read("p.md");
    for part in [
        "| PostgreSQL `lead.email` |\n",
        "## What is enforced where\n",
        "| What is asked | PostgreSQL |\n",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    sandbox.run(&["embed", "p.md", "-p", "sales", "--check"]).exits(0);
    // A new field of Pipedrive goes by what people see: its key is made up there.
    sandbox
        .write("sales/ekiden.yaml", "targets:\n  docs:\n  pipedrive: {objects: {lead: deals}}\n");
    sandbox.run(&["embed", "p.md", "-p", "sales"]).exits(0);
    let page = sandbox.read("p.md");
    for part in ["| Pipedrive `deals.E-mail` |\n", "| What is asked | Pipedrive |\n"] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let manifest =
        "targets:\n  docs:\n  pipedrive: {objects: {lead: deals}, fields: {lead.email: label}}\n";
    sandbox.write("sales/ekiden.yaml", manifest);
    sandbox.run(&["embed", "p.md", "-p", "sales"]).exits(0);
    assert!(sandbox.read("p.md").contains("| Pipedrive `deals.label` |\n"));
}

#[test]
fn a_card_and_a_quiz_stand_in_any_page() {
    let sandbox = sandbox();
    let marks = "# Start\n\n<!-- ekiden:card ae -->\n<!-- /ekiden -->\n\n## Test\n\n<!-- ekiden:quiz ae -->\n<!-- /ekiden -->\n";
    sandbox.write("p.md", marks);
    sandbox.run(&["embed", "p.md", "-p", "sales"]).exits(0);
    let page = sandbox.read("p.md");
    let docs = "sales/build/docs/en";
    for part in [
        format!("- **Team**: [Sales]({docs}/teams/sales.md)\n"),
        format!("- [New]({docs}/stages/new.md) · 5 days\n"),
        "### 1. A record is in “New”.".to_owned(),
        "<summary>Answer</summary>\n".to_owned(),
        format!("- [Flash cards (CSV)]({docs}/quiz/ae.csv)\n"),
    ] {
        assert!(page.contains(&part), "{part}\n{page}");
    }
    sandbox.write("p.md", "# P\n\n<!-- ekiden:quiz ea -->\n<!-- /ekiden -->\n");
    let run = sandbox.run(&["embed", "p.md", "-p", "sales", "--format", "concise"]).exits(1);
    assert!(run.out.contains("there is no quiz `ea`"), "{}", run.out);
}

#[test]
fn links_lead_to_pages_that_are_built() {
    let sandbox = sandbox();
    sandbox.run(&["build", "sales", "--target", "docs"]).exits(0);
    let kinds = [
        "map",
        "stages",
        "handoffs",
        "silos",
        "goals",
        "plays",
        "records",
        "scores",
        "routes",
        "glossary",
        "calendar",
        "stage new",
        "stage won",
        "team sales",
        "role ae",
        "card ae",
        "quiz ae",
        "goal wins",
        "record lead",
        "term icp",
    ];
    let page: String = kinds
        .iter()
        .flat_map(|kind| ["en", "ko"].map(|language| format!("{kind} in {language}")))
        .map(|words| format!("# {words}\n\n<!-- ekiden:{words} -->\n<!-- /ekiden -->\n\n"))
        .collect();
    sandbox.write("a/b/page.md", page);
    sandbox.run(&["embed", "a", "-p", "sales"]).exits(0);
    let filled = sandbox.read("a/b/page.md");
    let mut links = 0;
    for link in filled.split("](").skip(1) {
        let target = link.split([')', '#']).next().unwrap();
        assert!(sandbox.path("a/b").join(target).is_file(), "{target}");
        links += 1;
    }
    assert!(links > 60, "{links} links");
    // The only headings of the first level are those around the regions.
    let tops: Vec<&str> = filled.lines().filter(|line| line.starts_with("# ")).collect();
    assert_eq!(tops.len(), kinds.len() * 2, "{tops:?}");
    assert!(filled.contains("[신규]("), "{filled}");
    let address = "https://wiki.example.com/x%20y/";
    sandbox.run(&["embed", "a", "-p", "sales", "--handbook", address]).exits(0);
    assert!(
        sandbox.read("a/b/page.md").contains("](https://wiki.example.com/x%20y/en/stages/new.md)")
    );
}

#[test]
fn line_ends_and_byte_order_marks_stay() {
    let sandbox = sandbox();
    sandbox.write("p.md", "\u{feff}a\r\n\r\n<!-- ekiden:term icp -->\r\n<!-- /ekiden -->\r\n");
    sandbox.run(&["embed", "p.md", "-p", "sales"]).exits(0);
    let expected = "\u{feff}a\r\n\r\n<!-- ekiden:term icp -->\r\n\r\nWho we build for.\r\n\r\n<!-- /ekiden -->\r\n";
    assert_eq!(sandbox.read("p.md"), expected);
}

#[test]
fn what_is_wrong_is_told_at_its_place_and_nothing_is_written() {
    let good = "<!-- ekiden:term icp -->\n<!-- /ekiden -->\n";
    let cases = [
        ("ekiden:stage nwe", "3:19", "unknown-name", "there is no stage `nwe`"),
        ("ekiden:stagse", "3:13", "unknown-name", "there is nothing called `stagse` to show"),
        ("ekiden:", "3:1", "syntax-error", "the mark does not say what to show"),
        ("ekiden:stage", "3:1", "syntax-error", "the mark does not say which stage to show"),
        ("ekiden:stage new old", "3:23", "syntax-error", "`old` is one word too many"),
        ("ekiden:map new", "3:17", "syntax-error", "`new` is one word too many"),
        ("ekiden:map in ja", "3:20", "unknown-name", "the process is not written in `ja`"),
    ];
    for (mark, place, code, message) in cases {
        let sandbox = sandbox();
        sandbox.write("good.md", good);
        sandbox.write("p.md", format!("a\n\n<!-- {mark} -->\n<!-- /ekiden -->\n"));
        let arguments = ["embed", "-p", "sales", "--format", "concise"];
        let run = sandbox.run(&arguments).exits(1);
        assert_eq!(run.out, format!("p.md:{place}: error[{code}] {message}\n"));
        assert!(run.err.ends_with("nothing was written\n"), "{}", run.err);
        assert_eq!(sandbox.read("good.md"), good);
    }
    let sandbox = sandbox();
    sandbox.write("p.md", "<!-- ekiden:map -->\n");
    let run = sandbox.run(&["embed", "p.md", "-p", "sales"]).exits(1);
    assert!(run.out.contains("this region has no end"), "{}", run.out);
    // A process with errors fills nothing; a file that is not there is a failure.
    sandbox.write("sales/p.ekiden", PROCESS.replace("advance to won", "advance to wno"));
    sandbox.write("good.md", good);
    sandbox.run(&["embed", "good.md", "-p", "sales"]).exits(1);
    assert_eq!(sandbox.read("good.md"), good);
    sandbox.run(&["embed", "none.md", "-p", "sales"]).exits(2);
    sandbox.run(&["embed", "good.md", "-p", "sales", "--handbook", "http://x/a b"]).exits(2);
}

#[test]
fn texts_of_the_process_cannot_end_a_region() {
    let sandbox = Sandbox::new();
    let end = "<!-- /ekiden -->";
    let purpose = format!("\"\"\"\n{end}\n\n```\n{end}\n```\n\n- {end}\n\"\"\"");
    let text = PROCESS
        .replace("\"New\"", &format!("\"{end} ``` <!-- ekiden:map -->\""))
        .replace("\"Find out who it is.\"", &purpose)
        .replace("\"Who we build for.\"", &purpose);
    sandbox.write("sales/p.ekiden", text);
    let page: String = ["map", "stages", "stage new", "glossary", "goals", "term icp", "role ae"]
        .map(|words| format!("<!-- ekiden:{words} -->\n{end}\n\n"))
        .concat();
    sandbox.write("p.md", &page);
    let run = sandbox.run(&["embed", "-p", "sales"]).exits(0);
    assert_eq!(run.err, "7 regions in 1 file: 1 file changed\n");
    let filled = sandbox.read("p.md");
    assert!(filled.len() > page.len() + 1000, "{filled}");
    let run = sandbox.run(&["embed", "-p", "sales", "--check"]).exits(0);
    assert_eq!(run.err, "7 regions in 1 file: 0 files would change\n", "{filled}");
}
