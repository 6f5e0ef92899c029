//! `ekiden diff`, between folders and revisions of a repository made for it.

use super::migrate::git;
use super::sandbox::Sandbox;

pub(super) const OLD: &str = "\
process small \"Small\" { currency EUR }
team sales \"Sales\" { mission \"Sell.\" role ae \"Seller\" }
record lead \"Lead\" { need text \"Need\" }
stage new \"New\" { record lead owner ae entry from [web] limit 5d advance to won when need is present }
stage won \"Won\" { record lead owner ae outcome won final }
";

pub(super) fn new() -> String {
    OLD.replace("limit 5d", "limit 2d")
        .replace("need text \"Need\"", "need text \"Need\" phone text \"Phone\"")
}

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("sales/p.ekiden", OLD);
    git(&sandbox, ".", &["init", "-q", "-b", "main"]);
    git(&sandbox, ".", &["add", "-A"]);
    git(&sandbox, ".", &["commit", "-q", "-m", "first"]);
    git(&sandbox, ".", &["tag", "v1"]);
    sandbox.write("sales/p.ekiden", new());
    sandbox
}

#[test]
fn between_folders_files_and_revisions() {
    let sandbox = repository();
    sandbox.write("before/p.ekiden", OLD);
    let told = sandbox.run(&["diff", "before", "sales"]).exits(0);
    assert!(told.out.contains("warning[limit-shortened]"), "{}", told.out);
    assert!(told.out.contains("field `lead.phone` is new"), "{}", told.out);
    assert_eq!(told.err, "2 changes: 1 warning\n");
    let same = |arguments: &[&str]| {
        let run = sandbox.run(arguments).exits(0);
        assert_eq!(run.out, told.out, "{arguments:?}");
    };
    same(&["diff", "before/p.ekiden", "sales"]);
    same(&["diff", "main", "sales"]);
    same(&["diff", "--against", "main", "sales"]);
    git(&sandbox, ".", &["commit", "-q", "-a", "-m", "second"]);
    same(&["diff", "v1", "sales"]);
    same(&["diff", "--against", "HEAD~1", "sales"]);
    let run = sandbox.run(&["diff", "HEAD", "sales"]).exits(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", "no changes\n"));
}

#[test]
fn what_breaks_decides_the_exit_status() {
    let sandbox = repository();
    let run = sandbox.run(&["diff", "--deny", "limit-shortened", "main", "sales"]).exits(1);
    assert!(run.out.contains("error[limit-shortened]"), "{}", run.out);
    let run = sandbox.run(&["diff", "--allow", "limit-shortened", "main", "sales"]).exits(0);
    assert!(!run.out.contains("limit-shortened"), "{}", run.out);
    sandbox.write("sales/ekiden.yaml", "lints: {limit-shortened: error}\n");
    sandbox.run(&["diff", "main", "sales"]).exits(1);
    let waived = new().replace("limit 2d", "limit 2d waive limit-shortened \"agreed\"");
    sandbox.write("sales/p.ekiden", waived);
    sandbox.run(&["diff", "main", "sales"]).exits(0);
    // Such a waiver is for `diff`: `check` does not call it useless.
    let run = sandbox.run(&["check", "sales", "--format", "concise"]);
    assert!(!run.out.contains("useless-waiver"), "{}", run.out);
}

#[test]
fn formats() {
    let sandbox = repository();
    let run =
        |format: &str| sandbox.run(&["diff", "--format", format, "main", "sales"]).exits(0).out;
    let concise = run("concise");
    assert!(concise.starts_with("sales/p.ekiden:4:"), "{concise}");
    assert!(concise.contains(": change field `lead.phone` is new\n"), "{concise}");
    let json: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
    assert_eq!(json["summary"]["changes"], 2);
    let change = &json["changes"][0];
    assert_eq!(change["breaks"][0]["rule"], "limit-shortened");
    assert_eq!((&change["old"], &change["new"]), (&"5d".into(), &"2d".into()));
    assert_eq!(change["place"]["old"]["path"], "main:p.ekiden");
    assert_eq!(change["concerns"], serde_json::json!(["ae"]));
    // One limit is shorter; the manifest names no targets, so that the first usual database counts.
    let flight = &json["in_flight"][0];
    assert_eq!(flight["records"], "records that have been in `new` for more than 2d");
    assert_eq!(flight["system"], "sql:postgres");
    assert!(flight["query"].as_str().unwrap().starts_with("SELECT COUNT(*)"), "{flight}");
    let asked = sandbox.run(&["diff", "--count", "sql:sqlite", "main", "sales"]).exits(0).out;
    assert!(asked.contains("Records to count before the change (sql:sqlite)"), "{asked}");
    let unknown = sandbox.run(&["diff", "--count", "sql:dbase", "main", "sales"]).exits(2);
    assert!(unknown.err.contains("cannot be counted for `sql:dbase`"), "{}", unknown.err);
    let sarif: serde_json::Value = serde_json::from_str(&run("sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 1);
    assert!(run("github").starts_with("::warning "), "{}", run("github"));
    assert!(run("junit").contains("limit-shortened"));
    let brief = run("markdown");
    assert!(brief.starts_with("<!-- ekiden-diff -->\n## Small\n"), "{brief}");
    assert!(brief.contains("**Seller**"), "{brief}");
    assert!(brief.contains("<summary>Records in flight (sql:postgres)</summary>"), "{brief}");
    sandbox.write("sales/p.ekiden", OLD);
    assert_eq!(run("markdown"), "");
}

#[test]
fn what_cannot_be_compared_fails() {
    let sandbox = repository();
    let run = sandbox.run(&["diff", "nowhere", "sales"]).exits(2);
    assert!(run.err.contains("there is no folder, file or revision `nowhere`"), "{}", run.err);
    let run = sandbox.run(&["diff", "main", "sales", "--against", "v1"]).exits(2);
    assert!(run.err.contains("one is too many"), "{}", run.err);
    sandbox.run(&["diff"]).exits(2);
    // What lies on disk is no revision.
    sandbox.write("other/before.ekiden", OLD);
    let run = sandbox.run(&["diff", "--against", "other/before.ekiden", "sales"]).exits(2);
    let told = "`other/before.ekiden` is a file, and no revision that git knows";
    assert!(run.err.contains(told), "{}", run.err);
    let help = "without `--against`: `ekiden diff other/before.ekiden sales`";
    assert!(run.err.contains(help), "{}", run.err);
    sandbox.run(&["diff", "other/before.ekiden", "sales"]).exits(0);
    let run = sandbox.run(&["diff", "--against", "other", "sales"]).exits(2);
    assert!(run.err.contains("`other` is a folder, and no revision that git knows"), "{}", run.err);
    sandbox.write("sales/p.ekiden", "stage a { record nothing }");
    let run = sandbox.run(&["diff", "main", "sales"]).exits(2);
    assert!(run.err.contains("the process of `sales` cannot be understood"), "{}", run.err);
}

#[test]
fn what_looks_renamed_is_renamed_on_demand() {
    let sandbox = repository();
    let text =
        OLD.replace("need text \"Need\"", "pain text \"Need\"").replace("need is", "pain is");
    sandbox.write("sales/p.ekiden", &text);
    let run = sandbox.run(&["diff", "main", "sales"]).exits(1);
    assert!(
        run.out.contains("fix (unsafe): write `was [need]` in field `lead.pain`"),
        "{}",
        run.out
    );
    let run = sandbox.run(&["diff", "main", "sales", "--format", "sarif"]).exits(1);
    assert!(run.out.contains(" was [need]"), "{}", run.out);
    let run = sandbox.run(&["diff", "main", "sales", "--format", "json"]).exits(1);
    let json = super::formats::fits(&sandbox, "diff", &run.out);
    let breaks = json["changes"].as_array().unwrap().iter().flat_map(|c| c["breaks"].as_array());
    let fix =
        breaks.flatten().find(|found| found["rule"] == "field-removed").unwrap()["fix"].clone();
    let edit = &fix["edits"][0];
    // `record lead "Lead" { pain text "Need"` ends before column 38 of line 3.
    let place = (&edit["path"], &edit["line"], &edit["column"], &edit["end_column"]);
    let expected = serde_json::json!(["sales/p.ekiden", 3, 38, 38]);
    assert_eq!(serde_json::json!(place), expected);
    assert_eq!((&fix["safety"], &edit["replacement"]), (&"unsafe".into(), &" was [need]".into()));
    let run = sandbox.run(&["diff", "main", "sales", "--fix"]).exits(1);
    assert!(run.err.ends_with("0 fixed; `--unsafe` has a fix for 1\n"), "{}", run.err);
    assert_eq!(sandbox.read("sales/p.ekiden"), text);
    let run = sandbox.run(&["diff", "main", "sales", "--fix", "--unsafe"]).exits(0);
    assert!(run.err.ends_with("1 fixed\n"), "{}", run.err);
    assert!(run.out.contains("field `lead.need` is called `pain` now"), "{}", run.out);
    let mended = text.replace("text \"Need\"", "text \"Need\" was [need]");
    assert_eq!(sandbox.read("sales/p.ekiden"), mended);
    sandbox.run(&["snapshot", "sales", "-o", "now.json"]).exits(0);
    for new in ["now.json", "HEAD"] {
        let run = sandbox.run(&["diff", "v1", new, "--fix", "--unsafe"]).exits(2);
        assert!(run.err.contains(&format!("`--fix` cannot change `{new}`")), "{}", run.err);
    }
}

/// The day from which people work by it: in the summary, in the comment, above what changes for
/// each, in the languages of the process. Told while it is news.
#[test]
fn the_day_from_which_it_holds() {
    let sandbox = repository();
    let head = |day: &str| {
        format!("{{ version \"2\" effective {day} currency EUR languages [en, ko, ja] }}")
    };
    let dated = |day: &str| new().replace("{ currency EUR }", &head(day));
    sandbox.write("sales/p.ekiden", dated("2026-12-01"));
    let on = |today: &str, format: &str, old: &str| {
        let run = sandbox.run(&["diff", old, "sales", "--format", format, "--today", today]);
        let run = run.exits(0);
        (run.out, run.err)
    };
    let (full, summary) = on("2026-11-27", "full", "main");
    assert!(summary.ends_with("; in force from Tuesday, 1 December 2026\n"), "{summary}");
    assert!(full.contains("effective date of the process is new: 2026-12-01"), "{full}");
    let (brief, _) = on("2026-11-27", "markdown", "main");
    for said in [
        "to prepare for.** In force from Tuesday, 1 December 2026.\n",
        "### What changes for you from Tuesday, 1 December 2026\n",
        "2026년 12월 1일(화)부터 내 업무에서 달라지는 점 (ko)",
        "2026年12月1日(火)からあなたの仕事で変わること (ja)",
        "## 2 (in force from 2026-12-01)\n",
    ] {
        assert!(brief.contains(said), "{said}\n{brief}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&on("2026-11-27", "json", "main").0).unwrap();
    assert_eq!(
        (&json["old"]["effective"], &json["new"]["effective"]),
        (&serde_json::Value::Null, &"2026-12-01".into())
    );
    super::formats::fits(&sandbox, "diff", &json.to_string());
    // The next change before that day is told with it, one after it is not.
    sandbox.write("before/p.ekiden", dated("2026-12-01").replace("limit 2d", "limit 3d"));
    let (_, before) = on("2026-11-30", "full", "before");
    assert!(before.contains("1 December"), "{before}");
    let (_, after) = on("2026-12-01", "full", "before");
    assert!(!after.contains("December"), "{after}");
    // That it is put off is for everybody.
    sandbox.write("before/p.ekiden", dated("2026-12-01"));
    sandbox.write("sales/p.ekiden", dated("2026-12-08"));
    let (off, _) = on("2026-11-27", "full", "before");
    assert!(off.starts_with("People\n"), "{off}");
    assert!(off.contains("2026-12-01 → 2026-12-08"), "{off}");
    let log = sandbox.run(&["changelog", "sales"]).exits(0).out;
    assert!(log.contains("## Unreleased (version 2, in force from 2026-12-08)\n"), "{log}");
    // What is retired has its day, too.
    let gone = OLD.replace(
        "stage won",
        "stage demo \"Demo\" { record lead owner ae advance to won }\nstage won",
    );
    sandbox.write("before/p.ekiden", gone);
    sandbox.write("sales/p.ekiden", format!("{OLD}retired stage demo into won since 2026-12-01\n"));
    let (retired, _) = on("2026-11-27", "markdown", "before");
    assert!(
        retired.contains("`demo` is retired since 2026-12-01, and goes on as `won`"),
        "{retired}"
    );
    assert!(retired.contains("Records in `demo`, which is retired since 2026-12-01"), "{retired}");
}

/// Whoever names a CRM in the manifest has its queries in the comment.
#[test]
fn crms_that_the_manifest_names_are_counted() {
    let sandbox = repository();
    sandbox.write("sales/ekiden.yaml", "targets: [docs, sql, salesforce, hubspot]\n");
    let run = sandbox.run(&["diff", "main", "sales", "--format", "json"]).exits(0);
    let json = super::formats::fits(&sandbox, "diff", &run.out);
    let counts = json["in_flight"][0]["counts"].as_array().unwrap();
    let systems: Vec<&str> = counts.iter().map(|count| count["system"].as_str().unwrap()).collect();
    assert_eq!(systems, ["sql:postgres", "salesforce", "hubspot"]);
    // How long a lead is in its status cannot be asked: all are counted, and it says so.
    let soql = "SELECT COUNT() FROM Lead\nWHERE RecordType.DeveloperName = 'Small_Lead'\n  AND Status IN ('New')";
    assert_eq!(counts[1]["query"], soql);
    let why = "SOQL cannot ask how long a record of `Lead` is in its stage";
    assert_eq!(counts[1]["may_count_others"], serde_json::json!([why]));
    assert_eq!(counts[2]["request"], "POST /crm/v3/objects/leads/search");
    let brief = sandbox.run(&["diff", "main", "sales", "--format", "markdown"]).exits(0).out;
    for said in [
        "<summary>Records in flight (sql:postgres, salesforce, hubspot)</summary>",
        "`salesforce`: _May count others too: SOQL cannot ask",
        "`hubspot`: `POST /crm/v3/objects/leads/search`",
        "```json\n{\n",
    ] {
        assert!(brief.contains(said), "{said}\n{brief}");
    }
    let asked = sandbox.run(&["diff", "--count", "salesforce", "main", "sales"]).exits(0).out;
    assert!(asked.contains("Records to count before the change (salesforce)"), "{asked}");
    assert!(asked.contains("      may count others too: SOQL cannot ask"), "{asked}");
}

/// A comment stays within its size, and everybody finds a word in it.
#[test]
fn a_large_change() {
    let sandbox = Sandbox::new();
    let process = |limit: &str, title: &str| {
        let mut out = "process big \"Big\" { currency EUR languages [en, ko] }\n".to_owned();
        for team in 0..10 {
            out.push_str(&format!(
                "team t{team} \"Team {team}\" {{ mission \"Work.\" role r{team} \"Role {team}\" }}\n"
            ));
        }
        out.push_str("record lead \"Lead\" { need text \"Need\" size integer \"Size\" }\n");
        for n in 0..300 {
            let (next, owner) = (n + 1, n % 10);
            let entry = if n == 0 { "entry from [web]" } else { "" };
            out.push_str(&format!(
                "stage s{n} \"{title} {n}\" {{ record lead owner r{owner} {entry} limit {limit} advance to s{next} when size > {limit_n} }}\n",
                limit_n = n + limit.len()
            ));
        }
        out.push_str("stage s300 \"End\" { record lead owner r0 outcome won final }\n");
        out
    };
    sandbox.write("old/p.ekiden", process("5d", "Stage"));
    sandbox.write("new/p.ekiden", process("20h", "Step"));
    sandbox.write("new/ekiden.yaml", "targets: [sql, salesforce, hubspot]\n");
    let brief = sandbox.run(&["diff", "old", "new", "--format", "markdown"]).out;
    assert!(brief.len() < 65_000, "{}", brief.len());
    for team in 0..10 {
        assert!(brief.contains(&format!("**Role {team}**")), "{team}\n{brief}");
    }
    for said in [
        "### Prepare for this",
        "### Who should agree",
        "Records in flight",
        "Changelog entry",
        "(ko)",
    ] {
        assert!(brief.contains(said), "{said}\n{brief}");
    }
}

/// What is the same in several stages is told once to each who works there, by the titles of fields.
#[test]
fn what_several_stages_share_is_told_once() {
    let sandbox = Sandbox::new();
    let stage = |name: &str, title: &str, days: u32| {
        format!(
            "stage {name} \"{title}\" ko \"{title}!\" {{ record lead owner ae entry from [web]
             exit when {{ met \"We met\" ko \"만남\" touched within last {days}d }}
             advance to won \"Go on\" ko \"계속\" when touched within last {days}d }}\n"
        )
    };
    let process = |days: u32| {
        format!(
            "process p \"P\" {{ languages [en, ko] }}
             team sales \"Sales\" {{ mission \"Sell.\" role ae \"Seller\" }}
             record lead \"Lead\" {{ touched datetime \"Last talk\" ko \"마지막 대화\" }}
             {}{}stage won \"Won\" {{ record lead owner ae outcome won final }}\n",
            stage("near", "Near", days),
            stage("far", "Far", days)
        )
    };
    sandbox.write("old/p.ekiden", process(14)).write("new/p.ekiden", process(7));
    let run = sandbox.run(&["diff", "old", "new", "--format", "markdown", "--today", "2026-11-27"]);
    let brief = run.exits(0).out;
    let seller = brief.split("**Seller**").nth(1).unwrap().split("###").next().unwrap();
    let lines: Vec<&str> = seller.lines().filter(|line| line.starts_with("* ")).collect();
    assert_eq!(
        lines,
        [
            "* “Near”, “Far”: the exit criterion “We met” asks for more than before: Last talk is \
             within the last 14 days → Last talk is within the last 7 days  ",
            "* “Near”, “Far”: the move “Go on”: condition asks for more than before: Last talk is \
             within the last 14 days → Last talk is within the last 7 days  ",
        ],
        "{brief}"
    );
    assert!(seller.contains("Where “Last talk” is "), "{seller}");
    assert!(brief.contains("‘Near!’, ‘Far!’의 완료 기준 ‘만남’"), "{brief}");
    assert!(brief.contains("`touched within last 14d` → `touched within last 7d`"), "{brief}");
}
