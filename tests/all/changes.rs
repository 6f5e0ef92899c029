//! What has changed since an earlier version, as the handbooks tell it.

use ekiden::diff::{Difference, Sources, diff};
use ekiden::emit::{Context, Output, Settings, Since, TARGETS};
use ekiden::lint::Levels;
use ekiden::model::Process;
use ekiden::source::SourceMap;

use crate::target_docs::{HOSTILE, check, emit, large_text, process, write};
use crate::target_site::{check_output, page};

/// A landlord of workshops, before the change.
const OLD: &str = r#"
process lets "Workshops to let" ko "작업장 임대" ja "工房の賃貸" {
  version "7" currency EUR languages [en, ko, ja]
}
team letting "Letting" ko "임대팀" ja "賃貸チーム" {
  role agent  "Agent"  ko "담당자" ja "担当者" headcount 2
  role viewer "Viewer" ko "안내원" ja "案内係"
}
team care "Care" ko "관리팀" ja "管理チーム" {
  role warden "Warden" ko "관리인" ja "管理人"
}
record tenant "Tenant" ko "임차인" ja "借り手" {
  trade   one of [wood "Wood" ko "목공" ja "木工", metal "Metal" ko "금속" ja "金属"] "Trade" ko "업종" ja "業種"
  deposit money "Deposit" ko "보증금" ja "敷金"
  power   number "Power in kW" ko "전력(kW)" ja "電力（kW）"
}
stage asked "Asked" ko "문의" ja "問い合わせ" {
  record tenant owner agent support [viewer] entry
  collect [trade, power]
  limit 3d escalate to warden
  exit when { fits "The trade fits the house" ko "업종이 건물에 맞다" ja "業種が建物に合う" trade is present }
  advance to viewed "Show it" ko "안내" ja "案内する" handoff within 2d carries [trade]
  lose to gone "No" ko "거절" ja "断り"
}
stage viewed "Viewed" ko "방문함" ja "内覧済み" {
  record tenant owner viewer
  collect [deposit]
  exit when { paid "The deposit is agreed" ko "보증금에 합의했다" ja "敷金に合意した" deposit >= 500 EUR }
  advance to let
  lose to gone "Too small" ko "좁음" ja "狭い"
}
stage old_list "Waiting list" ko "대기 명단" ja "待機リスト" {
  record tenant owner agent
  advance to viewed
  lose to gone
}
stage let "Let" ko "임대됨" ja "契約済み" { record tenant owner warden outcome won }
stage gone "Gone" ko "떠남" ja "離脱" { record tenant owner agent outcome lost }
goal full "Full houses" ko "빈 곳 없는 건물" ja "満室" {
  shared by [letting]
  measure conversion from asked to let within 60d
  target at least 20% every quarter
}
term deposit_word "Deposit note" ko "보증금 확인서" ja "敷金確認書" { means "What says that it is paid." ko "납부 확인 문서." ja "支払いを示す書面。" }
"#;

/// After it: one stage is gone, one is new, one has another owner, a clock is shorter, a criterion asks
/// for more, two teams share a goal.
fn new() -> String {
    let start = OLD.find("stage old_list").unwrap();
    let end = OLD.find("stage let ").unwrap();
    let mut text = OLD.to_owned();
    text.replace_range(
        start..end,
        "stage checked \"Checked\" ko \"점검함\" ja \"点検済み\" { record tenant owner warden advance to let lose to gone }\n\
         retired stage old_list into viewed\n",
    );
    for (was, now) in [
        ("version \"7\"", "version \"8\""),
        ("limit 3d escalate", "limit 1d escalate"),
        ("owner agent support [viewer] entry", "owner viewer support [agent] entry"),
        ("deposit >= 500 EUR", "deposit >= 800 EUR"),
        (
            "  advance to let\n",
            "  advance to checked \"Sign\" ko \"서명\" ja \"署名\" handoff within 1d carries [deposit, power]\n",
        ),
        ("shared by [letting]", "shared by [letting, care]"),
        ("carries [trade]", "carries [trade, power]"),
        ("means \"What says that it is paid.\"", "means \"The paper that says so.\""),
    ] {
        assert!(text.contains(was), "{was}");
        text = text.replacen(was, now, 1);
    }
    text
}

fn compare<'a>(old: &'a Process, new: &'a Process) -> Difference<'a> {
    let sources = Sources::new(&SourceMap::new(), &SourceMap::new());
    diff(old, new, &sources, &Levels::default(), jiff::civil::date(2026, 3, 2))
}

/// What a target makes of a process that has changed.
fn emit_since(target: &str, old: &Process, new: &Process, tag: Option<&str>) -> Output {
    let difference = compare(old, new);
    let target = TARGETS.iter().find(|known| known.name == target).unwrap();
    let settings = Settings::default();
    let since = Since { difference: &difference, tag, date: tag.map(|_| "2026-01-31") };
    let output = (target.emit)(&Context {
        process: new,
        languages: &new.languages,
        settings: &settings,
        // Systems that hold people to the process: stages tell of them.
        others: &[("sql", &settings), ("hubspot", &settings)],
        templates: &ekiden::emit::NO_TEMPLATES,
        named: true,
        since: Some(since),
    });
    assert!(output.diagnostics.is_empty(), "{:?}", output.diagnostics);
    output
}

fn both(target: &str) -> Output {
    emit_since(target, &process(OLD), &process(&new()), Some("v7"))
}

#[test]
fn the_markdown_handbook_tells_what_has_changed() {
    let output = both("docs");
    for language in ["en", "ko", "ja"] {
        insta::assert_snapshot!(
            format!("changed_{language}"),
            page(&output, &format!("{language}/CHANGED.md"))
        );
    }
    let folder = write("docs-changed", &output);
    for tool in ["node/markdown-lint.mjs", "node/markdown-links.mjs", "node/mermaid-parse.mjs"] {
        check(tool, &folder);
    }
    let mark = "> [Changed since version 7](../CHANGED.md";
    assert!(page(&output, "en/stages/asked.md").contains(&format!("{mark})\n")));
    assert!(page(&output, "en/roles/viewer.md").contains(&format!("{mark}#for-role-viewer)\n")));
    assert!(page(&output, "en/teams/care.md").contains(&format!("{mark}#for-team-care)\n")));
    assert!(page(&output, "en/stages/checked.md").contains("> [New since version 7]("));
    assert!(page(&output, "ko/stages/asked.md").contains("> [버전 7 이후 변경]("));
    // What stands with others of its kind is marked there.
    let mark = "> [Changed since version 7](CHANGED.md)\n";
    for (file, heading) in [
        ("goals", "## Full houses <a id=\"full\"></a>\n\n"),
        ("glossary", "## Deposit note <a id=\"deposit_word\"></a>\n\n"),
    ] {
        assert!(page(&output, &format!("en/{file}.md")).contains(&format!("{heading}{mark}")));
    }
    // What is enforced where, of the systems that are named.
    let held = "| The trade fits the house | enforced | enforced | enforced | handbook only |\n";
    assert!(page(&output, "en/stages/asked.md").contains(held));
    assert!(page(&output, "ko/stages/asked.md").contains("\n## 어디에서 지켜지는가\n"));
    // What it is called is no change of a stage.
    assert!(!page(&output, "en/stages/gone.md").contains("since version"));
    let about = "[What has changed](CHANGED.md): what is different from version 7, and for whom";
    assert!(page(&output, "en/README.md").contains(about));
}

#[test]
fn the_site_tells_what_has_changed() {
    let output = both("site");
    let folder = check_output("changed", &output);
    check("node/site-html.mjs", &folder);
    check("node/site-browser.mjs", &folder);
    check("node/site-print.mjs", &folder);
    let changed = page(&output, "en/changed.html");
    for part in [
        "<p class=\"meta\">Version 7 → 8</p>",
        "What is different from version 7 (v7, 2026-01-31):",
        "<section class=\"entry t0\" id=\"for-role-viewer\">",
        "You take over the stage “<a href=\"stages/asked.html\">Asked</a>” from Agent",
        // Who helps, by title, and what is handed over.
        "helpers: Agent added, Viewer left out",
        "what is handed over: Power in kW added",
        "The stage “<strong>Waiting list</strong>” is retired: what was in it goes on as Viewed",
        "<li class=\"added\">New</li>",
        "<li class=\"changed\">Changed</li>",
        "<h3>Words only</h3>",
    ] {
        assert!(changed.contains(part), "{part}\n{changed}");
    }
    assert_eq!(changed.matches("class=\"mark is-added\"").count(), 1);
    // The navigation, the first page and the pages of what has changed lead there.
    let asked = page(&output, "ja/stages/asked.html");
    for part in [
        "<a href=\"../changed.html\">変更点</a>",
        "<summary>バージョン 7から変更</summary>",
        "<p><a href=\"../changed.html\">すべての変更</a></p>",
    ] {
        assert!(asked.contains(part), "{part}\n{asked}");
    }
    assert!(page(&output, "en/index.html").contains("Version 8 · <a href=\"changed.html\">"));
    assert!(page(&output, "en/roles/viewer.html").contains("\"../changed.html#for-role-viewer\""));
    assert!(!page(&output, "en/stages/gone.html").contains("<summary>"));
    assert!(page(&output, "en/search.js").contains("\"changed.html\""));
    // So do goals, words of the glossary and fields where they stand with others.
    for (file, id, mark) in [
        ("en/goals", "full", "<summary>Changed since version 7</summary>"),
        ("ko/glossary", "deposit_word", "<summary>버전 7 이후 변경</summary>"),
    ] {
        let text = page(&output, &format!("{file}.html"));
        let (_, part) = text.split_once(&format!("id=\"{id}\"")).unwrap();
        let part = part.split("</section>").next().unwrap().split("</tr>").next().unwrap();
        assert!(part.contains(mark), "{part}");
    }
    assert!(changed.contains("<a href=\"glossary.html#deposit_word\">Deposit note</a>"));
    // A record that passed and does not now, in each language.
    for (language, story) in [
        ("en", "Where “Deposit” is"),
        ("ko", "다음과 같은 레코드는 전에는 통과했지만 이제는 통과하지 못합니다: ‘보증금’ "),
        ("ja", "次のようなレコードは、以前は通過できましたが、今は通過できません: 「敷金」が"),
    ] {
        let changed = page(&output, &format!("{language}/changed.html"));
        assert!(changed.contains(story), "{changed}");
    }
    // On the one page that is printed it is a part like the others, without marks.
    let print = page(&output, "en/print.html");
    assert!(print.contains("id=\"page-changed\"") && !print.contains("class=\"changed\"><summary"));
    // No name of a file, no place and no day of the build.
    for file in &output.artifacts {
        let text = std::str::from_utf8(&file.contents).unwrap();
        assert!(!text.contains("2026-03"), "{}", file.path);
    }
}

#[test]
fn a_field_that_has_changed_is_marked_in_its_row() {
    let (old, floor) = ("  power   number", "  floor   integer \"Floor\" ko \"층\" ja \"階\"\n");
    let new = OLD.replacen(old, &format!("{floor}{old}"), 1);
    let new = new.replacen("metal \"Metal\" ko", "stone \"Stone\", metal \"Metal\" ko", 1);
    let (old, new) = (process(OLD), process(&new));
    let docs = emit_since("docs", &old, &new, Some("v7"));
    let records = page(&docs, "en/records.md");
    for row in [
        "</a>Floor<br>[New since v7](CHANGED.md) |",
        "</a>Trade<br>[Changed since v7](CHANGED.md) |",
    ] {
        assert!(records.contains(row), "{records}");
    }
    assert!(records.contains("</a>Deposit |"), "{records}");
    let site = emit_since("site", &old, &new, Some("v7"));
    check("node/site-html.mjs", &check_output("changed-fields", &site));
    let records = page(&site, "ja/records.html");
    let (_, row) = records.split_once("id=\"tenant-floor\"").unwrap();
    let row = row.split("</tr>").next().unwrap();
    assert!(row.contains("<summary>v7より後に追加</summary>"), "{row}");
    assert_eq!(page(&site, "en/records.html").matches("<summary>").count(), 2);
    let changed = page(&site, "en/changed.html");
    assert!(changed.contains("<a href=\"records.html#tenant-floor\">Floor</a>"), "{changed}");
}

#[test]
fn without_an_earlier_version_nothing_is_said() {
    let new = process(&new());
    for target in ["docs", "site"] {
        let output = emit(target, &new);
        for file in &output.artifacts {
            let text = std::str::from_utf8(&file.contents).unwrap();
            assert!(!file.path.as_str().to_lowercase().contains("changed"), "{}", file.path);
            let style = file.path.as_str().starts_with("assets/");
            assert!(style || !text.to_lowercase().contains("changed.html"), "{}", file.path);
            assert!(!text.contains("CHANGED.md"), "{}", file.path);
        }
    }
}

#[test]
fn nothing_has_changed_or_only_words_have() {
    let old = process(OLD);
    let same = emit_since("site", &old, &old, None);
    let folder = check_output("unchanged", &same);
    check("node/site-html.mjs", &folder);
    let changed = page(&same, "en/changed.html");
    assert!(
        changed.contains("<p class=\"lead\">Nothing has changed since the version before.</p>")
    );
    assert!(!changed.contains("<h2>") && !changed.contains("<svg"));
    assert!(!page(&same, "en/stages/asked.html").contains("<summary>"));
    assert!(page(&same, "ko/changed.html").contains("이전 버전 이후 달라진 점이 없습니다."));

    let reworded = process(&OLD.replacen("\"Asked\"", "\"Somebody asked\"", 1));
    let words = emit_since("docs", &old, &reworded, None);
    check("node/markdown-lint.mjs", &write("docs-words", &words));
    let changed = page(&words, "en/CHANGED.md");
    assert!(changed.contains("Only words are different from the version before"), "{changed}");
    assert!(changed.contains("“Asked” → “Somebody asked”") && !changed.contains("### ["));
    assert!(!page(&words, "en/stages/asked.md").contains("CHANGED"));
}

#[test]
fn hostile_texts_stay_texts() {
    let new = HOSTILE
        .replace("limit 1d", "limit 2d")
        .replace("kind in [a, b]", "kind = a")
        .replace("role aux \"Aux\\nnew line\"", "role aux \"Aux\\nnew line\" headcount 3")
        .replace("entry from [\"Web | <site>\"", "entry from [\"Other <b>\"")
        .replace("owner con entry", "owner aux entry");
    let (old, new) = (process(HOSTILE), process(&new));
    let tag = "<b>*v*</b>|`x`";
    let site = emit_since("site", &old, &new, Some(tag));
    check("node/site-html.mjs", &check_output("changed-hostile", &site));
    let changed = page(&site, "en/changed.html");
    assert!(changed.contains("&lt;b&gt;*v*&lt;/b&gt;|`x`"), "{changed}");
    assert!(changed.contains("“<a href=\"stages/class.html\"># Class</a>”"), "{changed}");
    let docs = write("docs-changed-hostile", &emit_since("docs", &old, &new, Some(tag)));
    for tool in ["node/markdown-lint.mjs", "node/markdown-links.mjs", "node/mermaid-parse.mjs"] {
        check(tool, &docs);
    }
}

#[test]
fn a_large_process_that_changed_everywhere_is_told_in_bounds() {
    let text = large_text(1_000);
    let (old, new) = (process(&text), process(&text.replace("limit 5d", "limit 4d")));
    let output = emit_since("site", &old, &new, None);
    let changed = page(&output, "en/changed.html");
    assert!(changed.contains("and ") && changed.len() < 200_000, "{} bytes", changed.len());
    assert!(!changed.contains("<svg"));
    assert!(page(&output, "en/stages/s7.html").contains("<summary>Changed since"));
}
