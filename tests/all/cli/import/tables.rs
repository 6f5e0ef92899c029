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
    // A cell that names none says what to do.
    let sandbox = imported("stages.csv", table.replace(",Quoted\n", ",Call them\n"));
    let text = stages(&sandbox).join("\n");
    assert!(text.contains("next \"Call them\"") && text.contains("recycle to enquiry"), "{text}");
}

#[test]
fn heads_are_read_in_three_languages() {
    let japanese = "# 営業プロセス\n\n| ステージ | 担当 | 確度 | 完了条件 | 期限 |\n|---|:-:|---|---|---|\n\
        | 初回訪問 | 営業部 | 20％ | 課題を確認した | 10営業日 |\n| 受注 | 営業部 | 100% | | |\n| 失注 | | | | |\n";
    let sandbox = imported("stages.md", japanese);
    let expected = [
        "# 商談",
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

/// What the file is called by its author is what the process is called.
#[test]
fn the_heading_of_a_file_names_the_process() {
    let text = "# Grant applications\n\nWho asks us for money.\n\n## Stages\n\n\
                | Stage | Outcome |\n| --- | --- |\n| Asked | |\n| Paid | won |\n";
    let sandbox = imported("grants.md", text);
    let process = sandbox.read("p/process.ekiden");
    assert!(process.contains("process grant_applications \"Grant applications\" {"), "{process}");
    let report = sandbox.read("p/IMPORT.md");
    assert!(report.contains("| line 1 | the process is called `Grant applications` |"), "{report}");
    // A block of code holds an example, unless it is all there is.
    let example = "# Funnel\n\n```\n# no heading\n| Stage |\n|---|\n| fake |\n```\n\n";
    let sandbox = imported("a.md", format!("{example}| Stage |\n|---|\n| Asked |\n"));
    assert!(stages(&sandbox).contains(&"stage asked \"Asked\" {".to_owned()));
    let sandbox = imported("a.md", example);
    assert!(stages(&sandbox).contains(&"stage fake \"fake\" {".to_owned()));
    // Also where a column has pipelines, and where the first heading stands below.
    let text = "## Funnels\n\n| Pipeline | Stage |\n|---|---|\n| North | Asked |\n| South | Asked |\n\n# Notes\n";
    let sandbox = imported("funnels.md", text);
    let process = sandbox.read("p/process.ekiden");
    assert!(process.contains("process funnels \"Funnels\" {"), "{process}");
    assert!(process.contains("record north \"North\""), "{process}");
}

#[test]
fn what_came_to_nothing_is_told_by_its_title() {
    let text = "Stage\nAsked\nDuplicate check\nPaid (won)\nCancelled by customer\nCanceled\nDisqualified\nUnqualified\nDuplicate\n";
    let sandbox = imported("stages.csv", text);
    let lines = stages(&sandbox);
    let of = |title: &str| {
        let start =
            lines.iter().position(|line| line.ends_with(&format!("\"{title}\" {{"))).unwrap();
        let own = lines[start + 1..].iter().take_while(|line| !line.starts_with("stage "));
        own.filter_map(|line| line.strip_prefix("outcome ")).collect::<String>()
    };
    let all = ["Asked", "Duplicate check", "Paid (won)", "Cancelled by customer", "Canceled"];
    assert_eq!(all.map(of), ["", "", "won", "void", "void"]);
    assert_eq!(["Disqualified", "Unqualified", "Duplicate"].map(of), ["lost", "lost", "void"]);
}

#[test]
fn a_process_in_japanese_has_records_in_japanese() {
    let text = "ステージ,担当\n問い合わせ,営業\n見積,営業\n受注,営業\n失注,営業\nキャンセル,営業\n";
    let sandbox = imported("stages.csv", text);
    let process = sandbox.read("p/process.ekiden");
    assert!(process.contains("record deal \"商談\""), "{process}");
    assert!(process.contains("languages [ja]"), "{process}");
    let lines = stages(&sandbox);
    for line in ["# 商談", "outcome won", "outcome lost", "outcome void"] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:#?}");
    }
    // Somebody who says the language knows it.
    sandbox.write("plain.csv", "Stage\nAsked\nWon\n");
    sandbox.run(&["import", "plain.csv", "-o", "q", "--language", "ko"]).exits(0);
    assert!(sandbox.read("q/process.ekiden").contains("record deal \"거래\""));
}

#[test]
fn looks_of_markdown_and_units_in_heads_are_no_part_of_the_text() {
    let text = "| Stage | **Win (%)** | SLA (days) | SLA (hours) | Next stage | Exit criteria |\n|---|---|---|---|---|---|\n\
      | `Renewal due` | 20 | 5 | 9 | Offer sent, Lost | [Usage](https://x.test/a_b) is `known` |\n\
      | **Offer sent** | 50 % | 10 business days | 9 | Renewed (won) | 2 ** 3 [x] |\n\
      | __Renewed (won)__ | | | | | |\n| Lost | | | | | |\n";
    let sandbox = imported("stages.md", text);
    let lines = stages(&sandbox);
    for line in [
        "stage renewal_due \"Renewal due\" {",
        "probability 20%",
        "limit 5d",
        "usage_is_known \"Usage is known\" confirm \"Usage is known\"",
        "advance to offer_sent",
        "lose to lost",
        "probability 50%",
        "limit 10 business days",
        "advance to renewed_won",
        "stage renewed_won \"Renewed (won)\" {",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:#?}");
    }
    // What is not in pairs is text.
    assert!(lines.iter().any(|line| line.contains("\"2 ** 3 [x]\"")), "{lines:#?}");
    // Hours are no days.
    let report = sandbox.read("p/IMPORT.md");
    assert!(report.contains("the column `SLA (hours)` is not read"), "{report}");
}

/// A name that is misspelt takes no other move away, and is told where it stands; lines are counted as
/// an editor does, whatever they end in.
#[test]
fn what_comes_next_and_names_no_stage_is_told() {
    let text = "Stage,Next stage\r\n\r\nA,\"B, Lost\"\r\nB,Propsal\r\nProposal,\"Won, Closed\"\r\nWon,\r\nLost,A\r\n";
    let sandbox = imported("stages.csv", text);
    let lines = stages(&sandbox);
    for line in
        ["advance to b", "lose to lost", "next \"Propsal\"", "advance to won", "recycle to a"]
    {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:#?}");
    }
    let report = sandbox.read("p/IMPORT.md");
    for told in [
        "| line 4 | `Propsal`, which comes next, names no stage; `Proposal` is near: it is read as what to do |",
        "| line 5 | `Closed`, which comes next, names no stage |",
    ] {
        assert!(report.contains(told), "{told}\n{report}");
    }
    // Advice that mentions a stage by chance is advice.
    let text = "Stage,Next step\nA,Call\nB,Won\nC,Send the offer\nWon,\n";
    let sandbox = imported("stages.csv", text);
    assert!(stages(&sandbox).contains(&"next \"Call\"".to_owned()), "{:#?}", stages(&sandbox));
    let report = sandbox.read("p/IMPORT.md");
    assert!(report.contains("names stages in some rows and none in most"), "{report}");
}

/// Names of Salesforce's own packages have underscores, and a text may begin like a list.
#[test]
fn what_only_looks_like_markdown_is_text() {
    let text = "| Stage | Purpose |\n|---|---|\n\
      | Quote | Fill SBQQ__Quote__c and SBQQ__Line__c first |\n\
      | Order | __Now__ see [list](a(b)c) and *this*, 1 * 2 * 3 |\n\
      | Bill | 1. Send it<br># Then wait<br><NEEDS RESOLUTION> |\n\
      | Won | - |\n";
    let lines = stages(&imported("stages.md", text)).join("\n");
    let has = |part: &str| assert!(lines.contains(part), "{part}: {lines}");
    has("\"Fill SBQQ__Quote__c and SBQQ__Line__c first\"");
    has("\"Now see list and this, 1 * 2 * 3\"");
    has("1. Send it");
    has("# Then wait");
    has("<NEEDS RESOLUTION>");
    // Brackets without end, as many as a cell may have.
    let many = format!(
        "| Stage | Purpose |\n|---|---|\n| Quote | {} |\n| Won | x |\n",
        "[".repeat(19_000)
    );
    assert!(stages(&imported("stages.md", &many)).join("\n").contains("[[["));
}

#[test]
fn utf_16_is_read_as_excel_writes_it() {
    let text = "ステージ\t担当\n初回訪問\t営業\n受注😀\t営業\n";
    let plain = stages(&imported("stages.csv", text));
    assert!(plain.iter().any(|line| line.contains("受注😀")), "{plain:#?}");
    let units = || text.encode_utf16();
    let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
    assert_eq!(stages(&imported("stages.csv", [b"\xff\xfe", &little[..]].concat())), plain);
    assert_eq!(stages(&imported("stages.csv", [b"\xfe\xff", &big[..]].concat())), plain);
}

#[test]
fn a_unit_that_does_not_fit_its_column_drops_the_column() {
    let table = "| Stage | SLA (%) | Probability (days) | Owner (days) | Max (days) | Win (%) |\n|---|---|---|---|---|---|\n\
        | A | 5 | 20 | Rep | 7 | 30 |\n| Won | | | | | |\n";
    let sandbox = imported("t.md", table);
    let report = sandbox.read("p/IMPORT.md");
    for head in ["SLA (%)", "Probability (days)", "Owner (days)"] {
        let line = format!("| line 1 | the column `{head}` is not read |");
        assert!(report.contains(&line), "{line}\n{report}");
    }
    let lines = stages(&sandbox);
    assert!(lines.contains(&"limit 7d".to_owned()), "{lines:#?}");
    assert!(lines.contains(&"probability 30%".to_owned()), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.starts_with("owner")), "{lines:#?}");
}

/// Excel writes the separator into a line of its own, people a title above the head.
#[test]
fn what_stands_above_the_head_is_no_head() {
    let plain = stages(&imported("a.csv", "Stage;Owner\nAsked;Desk\nWon;Desk\n"));
    for first in ["sep=;\n", "\u{feff}sep=;\r\n", "\"sep=;\"\n", "SEP=;\n\n"] {
        let text = format!("{first}Stage;Owner\nAsked;Desk\nWon;Desk\n");
        assert_eq!(stages(&imported("a.csv", text)), plain, "{first:?}");
    }
    let tabs = "sep=\t\nStage\tOwner\nAsked\tDesk\nWon\tDesk\n";
    assert_eq!(stages(&imported("a.csv", tabs)), plain);
    // A comma of the title separates nothing.
    let titled = "Funnel, as of 2026;\n;\nrevised;by desk\nStage;Owner\nAsked;Desk\nWon;Desk\n";
    let sandbox = imported("a.csv", titled);
    assert_eq!(stages(&sandbox), plain);
    let head = sandbox.read("p/process.ekiden");
    assert!(head.contains("\"Funnel, as of 2026\""), "{head}");
    let report = sandbox.read("p/IMPORT.md");
    for line in [
        "| line 1 | the process is called `Funnel, as of 2026`, which stands above the head |",
        "| line 3 | above the head: `revised \\| by desk` |",
    ] {
        assert!(report.contains(line), "{line}\n{report}");
    }
    // Without a head anywhere the first line is told.
    let told = refused("a.csv", "Title\nName;Owner\nAsked;Desk\n");
    assert!(told.contains("has no column of stages in its head, line 1"), "{told}");
}

/// A merged cell has its text in the first of its rows only.
#[test]
fn rows_without_a_stage_go_on_with_the_one_above() {
    let text = "Pipeline,Stage,Exit criteria,Owner,Days,Next,Purpose\n\
        ,,Nobody asks for this,,,,\n\
        North,Asked,They need it,Desk,5,Call,Hear them\n\
        ,,They can pay,Desk,7,Write,\n\
        ,,They need it,,,,Hear them\n\
        ,Offered,,〃,,,\n\
        ,同上,It was read,,3,,\n\
        Pipeline,Stage,Exit criteria,Owner,Days,Next,Purpose\n\
        ,Won,,,,,\n\
        ,※ as of March,,,,,\n";
    let sandbox = imported("a.csv", text);
    let expected = [
        "# Deal",
        "stage asked \"Asked\" {",
        "record deal",
        "entry",
        "owner desk",
        "purpose \"Hear them\"",
        "next \"Call\\nWrite\"",
        "limit 5d",
        "exit when {",
        "they_need_it \"They need it\" confirm \"They need it\"",
        "they_can_pay \"They can pay\" confirm \"They can pay\"",
        "advance to offered",
        "stage offered \"Offered\" {",
        "record deal",
        "owner desk",
        "limit 3d",
        "exit when {",
        "it_was_read \"It was read\" confirm \"It was read\"",
        "advance to won",
        "stage won \"Won\" {",
        "record deal",
        "outcome won",
    ];
    assert_eq!(stages(&sandbox), expected);
    let report = sandbox.read("p/IMPORT.md");
    for line in [
        "| line 2 | a row without the name of a stage: `Nobody asks for this` |",
        "| line 4 | a row without the name of a stage goes on with `Asked` |",
        "| line 4 | `Asked` has another limit already: `North \\| They can pay \\| Desk \\| 7 \\| Write` |",
        "| line 6 | `〃` is `Desk`, as in the row above |",
        "| line 6 | the pipeline is `North`, as in the row above |",
        "| line 7 | a row without the name of a stage goes on with `Offered` |",
        "| line 8 | the head stands there once more |",
        "| line 10 | a note: `※ as of March` |",
    ] {
        assert!(report.contains(line), "{line}\n{report}");
    }
}

#[test]
fn a_second_table_of_stages_is_told() {
    let text = "# Funnel\n\n| Stage |\n|---|\n| Asked |\n\n| Team |\n|---|\n| Desk |\n\n\
        ```\n| Stage |\n|---|\n| fake |\n```\n\n## Old\n\n| Stage |\n|---|\n| Once |\n";
    let sandbox = imported("a.md", text);
    assert_eq!(stages(&sandbox), ["# Deal", "stage asked \"Asked\" {", "record deal", "entry"]);
    let report = sandbox.read("p/IMPORT.md");
    let told = "| line 19 | another table of stages: the first one of the file is read, each other one needs a file |";
    assert_eq!(report.matches("another table").count(), 1, "{report}");
    assert!(report.contains(told), "{report}");
}

/// A sheet as Excel saves it: a title, heads that say what they are for, merged cells, wide digits, a sum.
#[test]
fn a_sheet_of_a_company_in_japan_is_read() {
    let text = "\u{feff}法人営業プロセス表,,,,,,,\n,,,,,,作成：営業企画,2026/4/1\n\
        No.,フェーズ,担当部署,活動内容,\"完了条件\n（次へ進む条件）\",受注確度（％）,標準日数,次のフェーズ\n\
        1,初回商談,営業部,課題を聞く,課題を把握した,１０％,10営業日,提案\n\
        ,,,予算を聞く,予算感を確認した,,,\n\
        2,提案,〃,提案書を作る,\"・提案書を提出した\n・決裁者に会った\",40,２週間,受注\n\
        3,受注,営業部,契約を結ぶ,,100%,,\n\
        4,失注,営業部,,,0%,,\n\
        ,合計,,,,,,\n※確度は社内基準による,,,,,,,\n";
    let sandbox = imported("a.csv", text);
    let expected = [
        "# 商談",
        "stage stage_1 \"初回商談\" {",
        "record deal",
        "entry",
        "owner team_1",
        "purpose \"課題を聞く\\n予算を聞く\"",
        "limit 10 business days",
        "probability 10%",
        "exit when {",
        "criterion_1 \"課題を把握した\" confirm \"課題を把握した\"",
        "criterion_2 \"予算感を確認した\" confirm \"予算感を確認した\"",
        "advance to stage_2",
        "stage stage_2 \"提案\" {",
        "record deal",
        "owner team_1",
        "purpose \"提案書を作る\"",
        "limit 2w",
        "probability 40%",
        "exit when {",
        "criterion_1 \"提案書を提出した\" confirm \"提案書を提出した\"",
        "criterion_2 \"決裁者に会った\" confirm \"決裁者に会った\"",
        "advance to stage_3",
        "stage stage_3 \"受注\" {",
        "record deal",
        "owner team_1",
        "purpose \"契約を結ぶ\"",
        "outcome won",
        "probability 100%",
        "stage stage_4 \"失注\" {",
        "record deal",
        "owner team_1",
        "outcome lost",
        "probability 0%",
        "from any open of deal",
    ];
    assert_eq!(stages(&sandbox), expected);
    let head = sandbox.read("p/process.ekiden");
    assert!(head.contains("\"法人営業プロセス表\""), "{head}");
    let report = sandbox.read("p/IMPORT.md");
    for told in [
        "above the head: `作成：営業企画 \\| 2026/4/1`",
        "the column `No.` is not read",
        "a note: `合計`",
        "a note: `※確度は社内基準による`",
        "`〃` is `営業部`, as in the row above",
        "a row without the name of a stage goes on with `初回商談`",
    ] {
        assert!(report.contains(told), "{told}\n{report}");
    }
}
