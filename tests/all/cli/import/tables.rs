//! Tables of stages: CSV, TSV, Markdown.

use super::*;

#[test]
fn a_table_becomes_a_process() {
    let sandbox = imported("stages.csv", CSV);
    let expected = [
        "# Deal",
        "stage first_call \"First call\" {",
        "record deal",
        "entry",
        "owner inside_sales",
        "next \"Ask, then listen\"",
        "limit 5d",
        "probability 10%",
        "exit when {",
        "they_have_a_problem \"They have a problem\" confirm \"They have a problem\"",
        "we_know_who_decides \"We know who decides\" confirm \"We know who decides\"",
        "advance to stage_2",
        "stage stage_2 \"商談\" {",
        "record deal",
        "owner field_sales",
        "limit 2w",
        "probability 40%",
        "advance to stage_3",
        "stage stage_3 \"商談\" {",
        "record deal",
        "owner field_sales",
        "advance to signed",
        "stage signed \"Signed\" {",
        "record deal",
        "owner field_sales",
        "outcome won",
        "probability 100%",
        "stage no_deal \"No deal\" {",
        "record deal",
        "owner field_sales",
        "outcome lost",
        "probability 0%",
        "from any open of deal",
    ];
    assert_eq!(stages(&sandbox), expected);
    let report = sandbox.read("p/IMPORT.md");
    for line in [
        "| line 1 | the column `Region` is not read |",
        "| line 5 | `120%` is no probability that is known |",
        "| line 5 | `soon` is no time that is known |",
        "| line 2 | `5` is read as `5d` |",
        "| line 4 | `0.4` is read as 40% |",
        "| line 2 | `First call` moves on to `商談` |",
        "| line 7 | any open record may move to `No deal` |",
        "| line 5 | `商談` is also the title of the stage in line 4 |",
    ] {
        assert!(report.contains(line), "{line}\n{report}");
    }
}

/// People write under `Next` what to do, or where a record goes.
#[test]
fn stages_under_next_are_moves() {
    let table = "Stage,Owner,Next\nEnquiry,Desk,Quoted\nQuoted,Desk,\"booked; Enquiry\"\n\
                 Booked,Desk,Closed won / Dropped\nClosed won,,\nDropped,,\nClosed lost,,\n";
    let sandbox = imported("stages.csv", table);
    let text = stages(&sandbox).join("\n");
    for line in [
        "advance to quoted",
        "advance to booked",
        "recycle to enquiry",
        "advance to closed_won",
        "advance to dropped",
        "from any open of deal",
    ] {
        assert_eq!(text.matches(line).count(), 1, "{line}\n{text}");
    }
    assert!(!text.contains("next"), "{text}");
    let report = sandbox.read("p/IMPORT.md");
    assert!(
        report.contains("`Quoted` moves on to `booked; Enquiry`: these are stages"),
        "{report}"
    );
    assert!(report.contains("any open record may move to `Closed lost`"), "{report}");
    // A stage that is named twice is one move.
    imported("stages.csv", table.replace("Closed won / Dropped", "Closed won / Dropped / Dropped"));
    // One cell that names none: all say what to do.
    let sandbox = imported("stages.csv", table.replace(",Quoted\n", ",Call them\n"));
    let text = stages(&sandbox).join("\n");
    assert!(
        text.contains("next \"Call them\"") && text.contains("next \"booked; Enquiry\""),
        "{text}"
    );
}

#[test]
fn heads_are_read_in_three_languages() {
    let japanese = "# 営業プロセス\n\n| ステージ | 担当 | 確度 | 完了条件 | 期限 |\n|---|:-:|---|---|---|\n\
        | 初回訪問 | 営業部 | 20％ | 課題を確認した | 10営業日 |\n| 受注 | 営業部 | 100% | | |\n| 失注 | | | | |\n";
    let sandbox = imported("stages.md", japanese);
    let expected = [
        "# Deal",
        "stage stage_1 \"初回訪問\" {",
        "record deal",
        "entry",
        "owner team_1",
        "limit 10 business days",
        "probability 20%",
        "exit when { criterion_1 \"課題を確認した\" confirm \"課題を確認した\" }",
        "advance to stage_2",
        "stage stage_2 \"受注\" {",
        "record deal",
        "owner team_1",
        "outcome won",
        "probability 100%",
        "stage stage_3 \"失注\" {",
        "record deal",
        "outcome lost",
        "from any open of deal",
    ];
    let found = stages(&sandbox).join("\n").replace("{\ncriterion_1", "{ criterion_1");
    let expected = expected.join("\n").replace("課題を確認した\" }", "課題を確認した\"");
    assert_eq!(found.replace("課題を確認した\" }", "課題を確認した\""), expected);
    assert!(sandbox.read("p/IMPORT.md").contains("| line 6 | `受注` is won, by its name |"));

    let korean = "단계;담당;확률;완료 조건;기한;결과\n상담;영업팀;30;예산 확인;3일;\n계약;영업팀;100;;;수주\n";
    let lines = stages(&imported("stages.csv", korean));
    for line in ["stage stage_1 \"상담\" {", "limit 3d", "probability 30%", "outcome won"] {
        assert!(lines.iter().any(|found| found == line), "{line}: {lines:?}");
    }
}
