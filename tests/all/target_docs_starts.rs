//! What comes in that nobody sends, and what asks for a field, in handbook and site.

use crate::target_docs::{emit, process, write};
use crate::target_site::page;

/// A stage that another one starts records in: nobody moves one there.
const VISITS: &str = r#"
process p "P" { languages [en, ja, ko] }
team sales "Sales" { role rep "Rep" }
team field "Field" { role tech "Technician" }
record deal "Deal" { pilot boolean "Wants a pilot"  site text "Site" }
record visit "Visit" from deal { done_on date "Done on" }
stage open "Open" { record deal owner rep entry collect [pilot, site] advance to contract }
stage contract "Contract" { record deal owner rep outcome won final  starts visit at planned }
stage planned "Visit planned" { record visit owner tech limit 30d advance to done }
stage done "Visited" { record visit owner tech outcome won final }
play trial "Trial" { for stage open by rep when pilot steps "1. Offer a pilot." }
"#;

#[test]
fn a_record_that_a_stage_starts_comes_in() {
    let folder = write("docs-starts", &emit("docs", &process(VISITS)));
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    for (language, title, stage_row, role_row) in [
        ("en", "## What comes in", "| a new record |", " (a new record)"),
        ("ja", "## 届くもの", "| 新しいレコード |", "（新しいレコード）"),
        ("ko", "## 들어오는 것", "| 새 레코드 |", "(새 레코드)"),
    ] {
        let page = read(&format!("{language}/stages/planned.md"));
        assert!(page.contains(title), "{page}");
        let row =
            format!("| [Contract](../stages/contract.md) | [Rep](../roles/rep.md) {stage_row}");
        assert!(page.contains(&row), "{row}: {page}");
        // Only where something comes in does a page say so.
        let role = read(&format!("{language}/roles/tech.md"));
        let start = "| [Visit planned](../stages/planned.md) | [Contract](../stages/contract.md)";
        let row = role.lines().find(|line| line.starts_with(start)).expect("a row");
        assert!(row.contains(role_row), "{row}");
        assert!(row.contains("30"), "the limit: {row}");
    }
}

#[test]
fn a_field_that_a_play_asks_for_is_needed_by_it() {
    let folder = write("docs-needs", &emit("docs", &process(VISITS)));
    let page = std::fs::read_to_string(folder.join("en/records.md")).unwrap();
    let row = |title: &str| page.lines().find(|line| line.contains(title)).unwrap().to_owned();
    assert!(row("Wants a pilot").contains("[Trial](plays.md#"), "{page}");
    assert!(!row("| text |").contains("Trial"), "{page}");
}

#[test]
fn the_site_says_so_too() {
    let output = emit("site", &process(VISITS));
    let flat = |name: &str| page(&output, name).split_whitespace().collect::<Vec<_>>().join(" ");
    let planned = flat("en/stages/planned.html");
    assert!(planned.contains("What comes in"), "{planned}");
    assert!(planned.contains("<span class=\"move start\">a new record</span>"), "{planned}");
    let tech = flat("en/roles/tech.html");
    let (_, inbox) = tech.split_once("What reaches you").expect("an inbox");
    assert!(inbox.contains("Contract") && inbox.contains("(a new record)"), "{inbox}");
}

/// A row of what comes into a stage says what the move is called and when it opens, as that of the sender
/// does.
#[test]
fn what_comes_in_has_its_title_and_condition() {
    let source = r#"
process p "P" { }
team sales "Sales" { role rep "Rep" }
team field "Field" { role tech "Technician" }
record deal "Deal" { pilot boolean "Wants a pilot" }
stage open "Open" { record deal owner rep entry collect [pilot]
  advance to trial "Try it first" when pilot handoff within 2d
  advance to done "Buy at once" after 30d }
stage trial "Trial" { record deal owner tech advance to done }
stage done "Bought" { record deal owner rep outcome won final }
"#;
    let process = process(source);
    let folder = write("docs-comes-in", &emit("docs", &process));
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let row = |page: &str| {
        let text = read(page);
        let lines = text.lines().skip_while(|line| *line != "## What comes in");
        let rows = lines.filter(|line| line.starts_with("| [Open]"));
        rows.map(str::to_owned).next().unwrap_or(text.clone())
    };
    let trial = row("en/stages/trial.md");
    assert!(trial.contains("| Try it first (forward)<br>Wants a pilot is yes |"), "{trial}");
    let done = row("en/stages/done.md");
    assert!(done.contains("| Buy at once (forward)<br>After 30 days in this stage |"), "{done}");
    let site = emit("site", &process);
    let html = page(&site, "en/stages/trial.html");
    let cell = html.split("id=\"in\"").nth(1).unwrap_or(html);
    assert!(cell.contains("Try it first"), "{html}");
}

/// On the page of a team nobody is addressed: the heading says of whom it speaks.
#[test]
fn the_heading_above_stages_that_create_records_names_them() {
    let folder = write("docs-starting", &emit("docs", &process(VISITS)));
    for (language, heading) in [
        ("en", "### Stages that also create records"),
        ("ja", "### レコードを同時に作成するステージ"),
        ("ko", "### 레코드를 함께 만드는 단계"),
    ] {
        let path = folder.join(format!("{language}/roles/rep.md"));
        let page = std::fs::read_to_string(path).unwrap();
        assert!(page.contains(heading), "{page}");
    }
}

/// Nobody has seen a record that has been in its stage for decades.
#[test]
fn a_quiz_does_not_ask_about_decades() {
    let quiz = |after: &str| {
        let process = process(&format!(
            "process p \"P\" {{ }} team t \"T\" {{ role r \"R\" }} record d {{ a text }}
             stage s \"S\" {{ record d owner r entry advance to w when a is present
               recycle to n after {after} }}
             stage n \"N\" {{ record d owner r limit 1y advance to w }}
             stage w \"W\" {{ record d owner r outcome won final }}"
        ));
        let folder = write(&format!("docs-quiz-{after}"), &emit("docs", &process));
        std::fs::read_to_string(folder.join("en/quiz/r.md")).unwrap_or_default()
    };
    // Which way is asked for is a matter of chance: two years may be asked for, thirty may not.
    let days = |text: &str| -> Vec<u32> {
        let stays = text.lines().filter_map(|line| line.strip_prefix("| In the stage for | "));
        stays.filter_map(|line| line.split(' ').next()?.replace(',', "").parse().ok()).collect()
    };
    assert!(days(&quiz("2y")).iter().any(|days| *days >= 730), "{}", quiz("2y"));
    assert!(days(&quiz("30y")).iter().all(|days| *days < 3_660), "{}", quiz("30y"));
}
