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
