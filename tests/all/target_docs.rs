//! The handbook, read by the programs that read Markdown.

use std::path::{Path, PathBuf};
use std::process::Command;

use ekiden::diag::Level;
use ekiden::emit::{Context, Output, Setting, SettingValue, Settings, TARGETS};
use ekiden::model::Process;
use ekiden::source::{FileId, SourceFile, SourceMap, Span, Spanned};
use ekiden::{project, sema, syntax};

/// The process of a folder under `examples/`.
pub(crate) fn example(name: &str) -> Process {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let root = camino::Utf8PathBuf::from_path_buf(root).unwrap();
    let project = project::load(&root).unwrap();
    let analysis = sema::analyze(&project.files, &project.name);
    let findings = project.diagnostics.iter().chain(&analysis.diagnostics);
    let errors: Vec<_> = findings.filter(|finding| finding.level == Level::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    analysis.process
}

/// The process that a text declares.
pub(crate) fn process(text: &str) -> Process {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("process.ekiden", text));
    let parsed = syntax::dsl::parse(file, text);
    let analysis = sema::analyze(&[parsed.file], "process");
    let findings = parsed.diagnostics.iter().chain(&analysis.diagnostics);
    let errors: Vec<_> = findings.filter(|finding| finding.level == Level::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    analysis.process
}

/// What a target makes of a process in all its languages.
pub(crate) fn emit(target: &str, process: &Process) -> Output {
    let target = TARGETS.iter().find(|known| known.name == target).unwrap();
    let settings = Settings::default();
    let context = Context {
        process,
        languages: &process.languages,
        settings: &settings,
        others: &[],
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    };
    (target.emit)(&context)
}

/// Writes files into an empty folder of this name and gives its path.
pub(crate) fn write(folder: &str, output: &Output) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    if root.exists() {
        std::fs::remove_dir_all(&root).unwrap();
    }
    for artifact in &output.artifacts {
        let path = root.join(&artifact.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(!path.exists(), "{} is written twice", artifact.path);
        std::fs::write(path, &artifact.contents).unwrap();
    }
    root
}

/// Runs a check of `tests/tools` on a folder; its complaints fail the test.
pub(crate) fn check(tool: &str, folder: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = root.join("tests/tools").join(tool);
    let mut command = match tool.ends_with("js") {
        true => {
            let mut node = Command::new("node");
            node.arg(&script);
            node
        }
        false => Command::new(&script),
    };
    let Ok(output) = command.arg(folder).output() else {
        panic!("`{tool}` cannot be run: run tests/setup to install the test tools");
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let failures: Vec<&str> = said.lines().filter(|line| line.starts_with("FAIL")).collect();
    assert!(
        output.status.success(),
        "`{tool} {}` fails (if tools are missing: run tests/setup):\n{}\n{}",
        folder.display(),
        failures.join("\n"),
        String::from_utf8_lossy(&output.stderr),
    );
}

fn check_handbook(name: &str, process: &Process) -> PathBuf {
    let output = emit("docs", process);
    assert!(output.diagnostics.is_empty(), "{:?}", output.diagnostics);
    let folder = write(&format!("docs-{name}"), &output);
    for tool in ["node/markdown-lint.mjs", "node/markdown-links.mjs", "node/mermaid-parse.mjs"] {
        check(tool, &folder);
    }
    folder
}

#[test]
fn the_handbooks_of_the_examples_are_clean() {
    for name in ["the_model", "salesforce_default", "hubspot_default"] {
        check_handbook(name, &example(name));
    }
}

/// Everything a title can do to Markdown, HTML, a table, a link or a diagram.
pub(crate) const HOSTILE: &str = r###"
process p "<script>alert('p')</script> | *P* & [x](y)" {
  currency JPY
  languages [en, ko, ja]
  about """
    # Not the title

    #### Nor this

    <script>alert(1)</script> and <b>bold</b>, see https://example.com.
    * one
    * two


    [here](javascript:alert(1)) and [there](docs/other.md)

    ```
    code <b>
    ```
    """
}
team end "`end` | team." { mission "- a list?" role con "1. Role [a](b)" }
team other "Other #1" { role aux "Aux\nnew line" }
record lead "Lead | <i>" {
  email text "E-mail | `code` <b>" help "Use <b>me@example.com</b> | https://example.com/a|b"
  kind  one of [a "A, b", b "B | c", c "<c>"] "Kind (of) [it]"
  yes   boolean "*Yes*"
}
stage class "# Class" {
  record lead owner con entry from ["Web | <site>", "a, b"]
  purpose "1. First\n2. Second" next "**Only bold**"
  channels ["https://example.com/x_y", "www.example.com"] content ["<img src=x onerror=alert(1)>"]
  collect [email, kind, yes]
  limit 1d escalate to aux
  enter when { e "Ends with a stop." email is present }
  exit when { x "<script> | **x**" kind in [a, b] evidence buyer
              y "Y" confirm "It is `true` | <b>" by aux  if email = "a|b <i>" }
  advance to graph "Go | <b> \"quoted\"" handoff within 2 business hours carries [email, kind] accept when email is present else recycle to class
  recycle to class "Back #2" after 3d
}
stage graph "Graph: 100% %%{init}%% \"q\"" { record lead owner aux outcome won }
stage nul "Nul" { record lead owner end outcome lost final from any open of lead when yes }
goal g "Goal | 1." { shared by [end, other] measure share of graph when kind = a target at least 10% why "Because <b>" }
goal h "Goal | 1." { shared by [end] measure balance of class }
feedback f "Feed | back" { from [aux] to [end] every 1w about "> quoted <i>" }
score s "Score | <b>" of lead { fit +5 "Points | <b>" when email is present  grade hot "Hot | <b>" at least 3, cold otherwise }
route class "Route | <b>" { when kind = a to con when kind = b to pool "Pool | <b>" otherwise aux }
term t "Term | <b>" { means "Means <b>this</b>." see [class, lead, s] also ["Also | <b>"] }
term u "Term | <b>" { means "Another." see [class] }
play q "Play | <b>" { for stage class by con about "About <b>." steps """
  Steps
  =====
  1) one
      - deep
  2) two <script>
  """ }
"###;

#[test]
fn hostile_titles_stay_text() {
    let process = process(HOSTILE);
    let folder = check_handbook("hostile", &process);
    let diagram = write("diagram-hostile", &emit("diagram", &process));
    check("node/mermaid-parse.mjs", &diagram);
    check("dot-check", &diagram);
    // What a browser would take for a tag: `<` that nothing disarms, outside of code. Our own anchors,
    // line breaks and folds are the only ones.
    for artifact in &emit("docs", &process).artifacts {
        let text = String::from_utf8(artifact.contents.clone()).unwrap();
        if artifact.path.extension() != Some("md") {
            continue;
        }
        let text = text.replace("<br>", "").replace("</a>", "").replace("<a id=\"", "");
        let text = ["<details>", "</details>", "<summary>", "</summary>"]
            .iter()
            .fold(text, |text, ours| text.replace(ours, ""));
        let mut before = ' ';
        let mut fenced = false;
        for line in text.lines() {
            fenced ^= line.trim_start().starts_with("```");
            for (at, c) in line.char_indices() {
                let after = line[at + c.len_utf8()..].chars().next().unwrap_or(' ');
                let tag =
                    c == '<' && (after.is_ascii_alphabetic() || matches!(after, '/' | '!' | '?'));
                let link = line[at..].starts_with("<https://");
                assert!(!tag || link || before == '\\' || fenced, "{}: {line}", artifact.path);
                before = c;
            }
        }
    }
    // Windows has no file called `con.md`.
    assert!(folder.join("en/roles/con-page.md").exists());
}

#[test]
fn a_process_of_almost_nothing_has_no_empty_sections() {
    let process = process("record r \"R\" {} stage s \"S\" { record r }");
    let output = emit("docs", &process);
    let folder = check_handbook("tiny", &process);
    let paths: Vec<&str> = output.artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    assert_eq!(
        paths,
        ["en/README.md", "en/stages/s.md", "en/records.md", "en/calendar.md", "README.md"]
    );
    let stage = std::fs::read_to_string(folder.join("en/stages/s.md")).unwrap();
    assert_eq!(stage, "# S\n\n[Process](../README.md)\n\n- **Record**: [R](../records.md#r)\n");
    for artifact in &output.artifacts {
        let text = String::from_utf8(artifact.contents.clone()).unwrap();
        let mut lines = text.lines().filter(|line| !line.is_empty()).peekable();
        while let Some(line) = lines.next() {
            let next = lines.peek();
            let empty = line.starts_with("##") && next.is_none_or(|next| next.starts_with('#'));
            assert!(!empty, "{}: nothing under `{line}`", artifact.path);
        }
    }
}

#[test]
fn a_stage_page_says_what_its_owner_must_know() {
    let folder = write("docs-page", &emit("docs", &example("the_model")));
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let page = read("en/stages/won.md");
    for line in [
        "# Won",
        "- **Owner**: [Account executive](../roles/ae.md) ([Field Sales](../teams/field_sales.md))",
        "- **Outcome**: won",
        "- **Probability**: 100%",
        "## Where it goes next",
    ] {
        assert!(page.lines().any(|found| found == line), "{line}\n{page}");
    }
    assert!(read("ko/stages/won.md").contains("- **담당**: [영업 담당(AE)](../roles/ae.md)"));
    assert!(read("ja/stages/won.md").contains("- **担当**：[営業担当（AE）](../roles/ae.md)"));
}

/// Each role has one stage, and each stage another limit.
const DESK: &str = r#"
process p "P" { languages [en, ko, ja] }
team t "T" { mission "Rent *boats*." role a "A" role b "B" }
record r "R" { done boolean }
stage first "First [1]" ko "처음" { record r owner a entry limit 2d collect [done] advance to then }
stage then "Then" { record r owner b limit 3d outcome won final }
"#;

#[test]
fn a_quiz_asks_first_and_tells_in_a_fold() {
    let process = process(DESK);
    let folder = check_handbook("quiz", &process);
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let page = |title: &str, limit: &str, [one, two]: [&str; 2], answer: &str| {
        format!(
            "{title}\n\n1. {one}\n2. {two}\n\n<details>\n<summary>{answer}</summary>\n\n**{limit}**<br>"
        )
    };
    let question = |language: &str, title: &str, days: [&str; 2], answer: &str| {
        let text = read(&format!("{language}/quiz/a.md"));
        let [right, wrong] = days;
        let either = [[right, wrong], [wrong, right]]
            .iter()
            .any(|order| text.contains(&page(title, right, *order, answer)));
        assert!(either, "{text}");
        assert_eq!(text.matches("<details>").count(), text.matches("\n## ").count(), "{text}");
    };
    question(
        "en",
        "How long may a record stay in “First \\[1\\]” at most?",
        ["2 days", "3 days"],
        "Answer",
    );
    question("ko", "“처음” 단계에는 최대 얼마나 머물 수 있습니까?", ["2일", "3일"], "정답");
    // A heading has no full stop at its end.
    question("ja", "「First \\[1\\]」にとどまれるのは最長でどれだけですか", ["2日", "3日"], "答え");
    let card = "\
# You are: A

[P](../README.md) · [한국어](../../ko/cards/a.md) · [日本語](../../ja/cards/a.md)

- **Team**: [T](../teams/t.md)
- **Playbook**: [A](../roles/a.md)

Rent boats.

## Your stages

- [First \\[1\\]](../stages/first.md) · 2 days

## What you fill in

- [First \\[1\\]](../stages/first.md): [Done](../records.md#r-done)
";
    assert_eq!(read("en/cards/a.md"), card);
    let role = read("en/roles/a.md");
    let plan = "\
## Your first 30 days

What to read, and when. The whole comes first, then your own part and its edges.

### Days 1 to 10: the whole

- [P](../README.md)
- [T](../teams/t.md)

### Days 11 to 20: your stages

- [First \\[1\\]](../stages/first.md)

### Days 21 to 30: what you know now

- [Quiz](../quiz/a.md)
";
    assert!(role.ends_with(plan), "{role}");
    assert!(
        role.contains("\n- [Quiz](../quiz/a.md)\n- [Card to print](../cards/a.md)\n"),
        "{role}"
    );
}

#[test]
fn the_first_page_has_the_number_of_the_silo_report() {
    let folder = write("docs-numbers", &emit("docs", &example("the_model")));
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let silos = read("en/silos.md");
    let (_, rest) = silos.split_once("All boundaries together: **").unwrap();
    let (number, _) = rest.split_once(" of 100**").unwrap();
    let first = read("en/README.md");
    assert!(first.contains(&format!(" | [{number} / 100](silos.md) |\n")), "{number}\n{first}");
    // Words of the glossary lead there from every text, though not from their own meaning.
    let role = read("ko/roles/sdr.md");
    assert!(role.contains("[리드](../glossary.md#lead)에는"), "{role}");
    assert!(!read("ko/glossary.md").contains("## [") && role.contains("## 첫 30일"), "{role}");
}

#[test]
fn the_quiz_is_that_of_the_site() {
    let process = example("the_model");
    let (docs, site) = (emit("docs", &process), emit("site", &process));
    let cards = |output: &Output| -> Vec<(String, String)> {
        let files = output.artifacts.iter().filter(|file| file.path.extension() == Some("csv"));
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        files.map(|file| (file.path.to_string(), text(&file.contents))).collect()
    };
    let (docs, site) = (cards(&docs), cards(&site));
    assert_eq!(docs.len(), process.roles.len() * 3);
    for ((path, docs), (there, site)) in docs.iter().zip(&site) {
        assert_eq!(path, there);
        // Sections of pages have addresses on the site only.
        let site = site.replace("#exit", "").replace("#moves", "").replace(".html", ".md");
        assert_eq!(docs, &site, "{path}");
        assert!(docs.lines().count() > 3, "{docs}");
    }
}

const OFFICE: &str = r#"
process p "P" {
  timezone "Asia/Seoul" languages [en, ko, ja]
  calendar mon-thu 09:00-12:00, mon-thu 13:00-18:00, fri 09:00-12:30
           except [2027-01-01, 2026-12-25]
}
team t "T" { role a "A" role b "B" }
record r "R" { done boolean }
stage first "First" { record r owner a entry limit 2 business days advance to then "Then" }
stage then "Then" { record r owner b limit 3d outcome won final }
"#;

#[test]
fn the_calendar_says_what_business_time_is() {
    let folder = write("docs-calendar", &emit("docs", &process(OFFICE)));
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let page = read("en/calendar.md");
    for line in [
        "- **Time zone**: Asia/Seoul",
        "- **One business day is**: 8 hours (the working time of the longest day)",
        "| Monday to Thursday | 09:00–12:00, 13:00–18:00 |",
        "| Friday | 09:00–12:30 |",
        "| Saturday to Sunday | nobody works |",
        "### 2026",
        "| 2026-12-25 | Friday |",
        "### 2027",
        "| 2027-01-01 | Friday |",
    ] {
        assert!(page.lines().any(|found| found == line), "{line}\n{page}");
    }
    assert!(read("ko/calendar.md").contains("| 월요일~목요일 | 09:00–12:00, 13:00–18:00 |"));
    assert!(read("ja/calendar.md").contains("| 月曜日～木曜日 | 09:00–12:00、13:00–18:00 |"));
    // Whoever reads of business time finds the way there; whoever does not is not bothered.
    for (path, told) in [
        ("stages/first.md", true),
        ("stages/then.md", false),
        ("roles/a.md", true),
        ("roles/b.md", false),
    ] {
        assert_eq!(read(&format!("en/{path}")).contains("(../calendar.md)"), told, "{path}");
    }
    assert!(read("en/README.md").contains("(calendar.md)"));
}

#[test]
fn hours_that_nobody_declared_are_called_so() {
    let folder = write("docs-hours", &emit("docs", &process("record r \"R\" {}")));
    let page = std::fs::read_to_string(folder.join("en/calendar.md")).unwrap();
    assert!(page.contains("> The process does not say its hours"), "{page}");
    assert!(page.contains("- **One business day is**: 9 hours\n"), "{page}");
    assert!(page.contains("- **Time zone**: UTC\n"), "{page}");
}

/// What the settings of the manifest ask of a target.
fn in_languages(target: &str, tags: &[&str]) -> Output {
    let span = Span::new(FileId(0), 0, 0);
    let process = process("process p \"P\" { languages [en, ko] } record r \"R\" {}");
    let tags = tags.iter().map(|tag| Spanned::new(SettingValue::Text((*tag).to_owned()), span));
    let setting =
        Setting { key: span, value: Spanned::new(SettingValue::List(tags.collect()), span) };
    let mut settings = Settings::default();
    settings.values.insert("languages".to_owned(), setting);
    let context = Context {
        process: &process,
        languages: &process.languages,
        settings: &settings,
        others: &[],
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: None,
    };
    (TARGETS.iter().find(|known| known.name == target).unwrap().emit)(&context)
}

#[test]
fn a_language_the_process_does_not_speak_is_an_error_and_no_folder() {
    for target in ["docs", "diagram", "site"] {
        let output = in_languages(target, &["ko", "fr"]);
        let findings: Vec<_> = output
            .diagnostics
            .iter()
            .map(|finding| (finding.level, finding.message.as_str()))
            .collect();
        assert_eq!(findings, [(Level::Error, "the process has no texts in `fr`")]);
        assert!(!output.artifacts.iter().any(|file| file.path.as_str().starts_with("fr/")));
        // A dialect of what it speaks is spoken.
        assert_eq!(in_languages(target, &["ko-KR"]).diagnostics, []);
    }
}

#[test]
fn a_second_language_moves_no_page() {
    let paths = |output: Output| -> Vec<String> {
        output.artifacts.iter().map(|file| file.path.to_string()).collect()
    };
    let both = paths(in_languages("docs", &["en", "ko"]));
    let one = paths(in_languages("docs", &["en"]));
    assert!(one.contains(&"README.md".to_owned()) && one.contains(&"en/README.md".to_owned()));
    assert!(one.iter().all(|path| both.contains(path)), "{one:?} {both:?}");
}

#[test]
fn what_reaches_a_role_comes_with_its_own_clock() {
    let text = r#"
process p "P" {}
team t "T" { role a "A" role b "B" }
team u "U" { role c "C" }
record r "R" { done boolean }
stage one "One" { record r owner a entry advance to goal "Go" handoff within 1d }
stage two "Two" { record r owner b advance to goal "Go" handoff within 3d }
stage goal "Goal" { record r owner c entry from ["Web"] limit 9d target 5d outcome won final }
"#;
    let folder = write("docs-inbox", &emit("docs", &process(text)));
    let page = std::fs::read_to_string(folder.join("en/roles/c.md")).unwrap();
    let rows = "\
| [Goal](../stages/goal.md) | new records (Web) | | | 5 days | 9 days |
| [Goal](../stages/goal.md) | [One](../stages/one.md) | [A](../roles/a.md) | 1 day | 5 days | 9 days |
| [Goal](../stages/goal.md) | [Two](../stages/two.md) | [B](../roles/b.md) | 3 days | 5 days | 9 days |
";
    assert!(page.contains(rows), "{page}");
}

#[test]
fn a_condition_stands_before_what_it_is_for() {
    let text = r#"
process p "P" { languages [en, ko, ja] }
record r "R" { path one of [agent "Agent" ko "대리점" ja "代理店"] "Path" ko "경로" ja "経路"
               beds integer "Beds" ko "병상" ja "病床" }
stage s "S" { record r entry exit when { c "C" beds is present if path = agent } }
score f "F" of r { fit +5 "Big" when beds >= 500 }
"#;
    let folder = write("docs-applies", &emit("docs", &process(text)));
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    assert!(read("en/stages/s.md").contains("Beds is filled in, only if Path is Agent\n"));
    let ko = read("ko/stages/s.md");
    assert!(ko.contains("경로가 대리점인 경우: 병상이 입력되어 있습니다\n"), "{ko}");
    let ja = read("ja/stages/s.md");
    assert!(ja.contains("経路が代理店である場合：病床が入力されている\n"), "{ja}");
    assert!(read("en/scores.md").contains("| Big: Beds is at least 500 |"));
}

#[test]
fn the_same_process_gives_the_same_bytes() {
    let process = example("the_model");
    for target in ["docs", "diagram", "site"] {
        assert_eq!(emit(target, &process).artifacts, emit(target, &process).artifacts);
    }
}

/// A chain of stages, each with criteria, a way back and a way out.
pub(crate) fn large(stages: usize) -> Process {
    process(&large_text(stages))
}

/// The source of such a process.
pub(crate) fn large_text(stages: usize) -> String {
    use std::fmt::Write;
    let mut text = String::from("process p \"P\" { currency JPY languages [en] }\n");
    for team in 0..20 {
        writeln!(text, "team t{team} \"Team {team}\" {{ role r{team} \"Role {team}\" }}").unwrap();
    }
    text.push_str("record lead \"Lead\" { amount money need text }\n");
    text.push_str("stage lost \"Lost\" { record lead owner t0 outcome lost final from any open of lead when need is missing }\n");
    for stage in 0..stages {
        writeln!(
            text,
            "stage s{stage} \"Stage {stage}\" {{ record lead owner r{} {} limit 5d collect [amount, need]
               exit when {{ a \"A\" amount > 0 JPY  b \"B\" need is present  c \"C\" amount > 5 JPY or need is present }}
               advance to s{} recycle to s{} after 3d }}",
            stage % 20,
            if stage == 0 { "entry" } else { "" },
            (stage + 1) % stages,
            stage / 2,
        )
        .unwrap();
    }
    text
}

#[test]
fn a_large_process_shows_its_teams_and_links_to_the_whole_map() {
    let process = large(2_000);
    let output = emit("docs", &process);
    let page = |path: &str| {
        let found = output.artifacts.iter().find(|artifact| artifact.path == path).unwrap();
        String::from_utf8(found.contents.clone()).unwrap()
    };
    assert!(page("en/README.md").contains("All stages are in [stages.mmd](stages.mmd)."));
    assert!(page("en/README.md").contains("t_t0[\"Team 0\"]"));
    assert!(page("en/stages.mmd").contains("s_s1999[\"Stage 1999\"]"));
    // One row for the 2 000 ways into `lost`.
    assert!(page("en/stages/lost.md").len() < 2_000, "{}", page("en/stages/lost.md").len());
}

#[test]
fn work_grows_with_the_size_of_the_process_only() {
    let bytes = |stages: usize| {
        let artifacts = emit("docs", &large(stages)).artifacts;
        artifacts.iter().map(|artifact| artifact.contents.len()).sum::<usize>()
    };
    let (small, large) = (bytes(500), bytes(1_000));
    assert!(large < small * 5 / 2, "{small} bytes for 500 stages, {large} for 1 000");
}

#[test]
fn people_read_an_event_by_its_term() {
    let told = |term: &str| {
        let process = process(&format!(
            "process p \"P\" {{ languages [en, ja] }}
             record lead \"Lead\" {{ email text \"E-mail\" }}
             stage inquiry \"Inquiry\" {{ record lead  entry
               exit when {{ seen \"They know the price\" event pricing_viewed }}
               advance to won }}
             stage won \"Won\" {{ record lead  outcome won  final }}
             {term}"
        ));
        let output = emit("docs", &process);
        let all = output.artifacts.iter().map(|artifact| artifact.contents.clone());
        all.map(|contents| String::from_utf8(contents).unwrap()).collect::<String>()
    };
    assert!(told("").contains("Pricing viewed"), "{}", told(""));
    let term = "term pricing_viewed \"A look at the prices\" ja \"価格の確認\" { means \"They opened the page.\" }";
    let text = told(term);
    assert!(text.contains("A look at the prices") && text.contains("価格の確認"), "{text}");
    assert!(!text.contains("Pricing viewed"), "{text}");
}
