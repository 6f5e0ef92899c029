//! The columns of a table, known by their heads.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Stage,
    Pipeline,
    Owner,
    Probability,
    Criteria,
    Limit,
    Next,
    Outcome,
    Purpose,
    Forecast,
}

/// The heads of each column, in lower case.
const HEADS: &[(Column, &[&str])] = &[
    (
        Column::Stage,
        &[
            "stage",
            "stage name",
            "sales stage",
            "deal stage",
            "ステージ",
            "ステージ名",
            "段階",
            "商談ステージ",
            "商談フェーズ",
            "フェーズ",
            "단계",
            "영업 단계",
            "스테이지",
            "단계명",
        ],
    ),
    (
        Column::Pipeline,
        &[
            "pipeline",
            "process",
            "sales process",
            "パイプライン",
            "プロセス",
            "파이프라인",
            "프로세스",
        ],
    ),
    (
        Column::Owner,
        &[
            "owner",
            "team",
            "responsible",
            "who",
            "担当",
            "担当者",
            "担当チーム",
            "担当部署",
            "担当部門",
            "部署",
            "責任者",
            "所有者",
            "담당",
            "담당자",
            "담당 팀",
            "책임자",
        ],
    ),
    (
        Column::Probability,
        &[
            "probability",
            "probability %",
            "probability (%)",
            "win probability",
            "win %",
            "確度",
            "確率",
            "受注確度",
            "受注確率",
            "確度(%)",
            "확률",
            "확도",
            "수주 확률",
            "확률(%)",
        ],
    ),
    (
        Column::Criteria,
        &[
            "exit criteria",
            "exit criterion",
            "criteria",
            "exit",
            "definition of done",
            "完了条件",
            "移行条件",
            "終了条件",
            "完了基準",
            "완료 조건",
            "완료조건",
            "종료 조건",
            "이동 조건",
        ],
    ),
    (
        Column::Limit,
        &[
            "limit",
            "days",
            "max days",
            "time limit",
            "sla",
            "deadline",
            "期限",
            "日数",
            "滞留日数",
            "標準日数",
            "目標日数",
            "上限日数",
            "기한",
            "일수",
            "제한",
            "최대 일수",
        ],
    ),
    (
        Column::Next,
        &[
            "next",
            "next stage",
            "next stages",
            "next step",
            "next steps",
            "next action",
            "actions",
            "what to do",
            "次のアクション",
            "アクション",
            "次の行動",
            "次のステップ",
            "次のステージ",
            "次の段階",
            "次のフェーズ",
            "次フェーズ",
            "次ステージ",
            "다음",
            "다음 행동",
            "다음 단계",
            "할 일",
        ],
    ),
    (
        Column::Outcome,
        &["outcome", "result", "won/lost", "closed", "結果", "勝敗", "結果区分", "결과", "성패"],
    ),
    (
        Column::Purpose,
        &[
            "purpose",
            "goal",
            "description",
            "about",
            "目的",
            "説明",
            "概要",
            "活動内容",
            "목적",
            "설명",
        ],
    ),
    (
        Column::Forecast,
        &["forecast", "forecast category", "売上予測分類", "予測", "예측", "예측 범주"],
    ),
];

/// What the cells of a column hold, by its head.
pub(super) fn column(head: &str) -> Option<Column> {
    let head =
        head.trim_matches(|c: char| c.is_whitespace() || "*_`\u{feff}".contains(c)).to_lowercase();
    let head = head.replace('（', "(").replace('）', ")").replace('％', "%").replace('_', " ");
    let known = |head: &str| {
        HEADS.iter().find(|(_, heads)| heads.contains(&head)).map(|(column, _)| *column)
    };
    // What a column is for may stand below its name, or in brackets behind it.
    let first = head.lines().next().unwrap_or("").trim();
    known(&head).or_else(|| known(first)).or_else(|| {
        let line = head.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let (name, inside) = line.strip_suffix(')')?.rsplit_once('(')?;
        let (name, inside) = (name.trim(), inside.trim());
        let found = known(name).or_else(|| known(&format!("{name} {inside}")))?;
        match units(found) {
            // `SLA (days)`: what a bare number means anyway. `SLA (%)` is something else, as is `Owner (days)`.
            [] => (!is_unit(inside)).then_some(found),
            own => own.contains(&inside).then_some(found),
        }
    })
}

/// Units of a head that say of the cells of a column what they say without it.
fn units(column: Column) -> &'static [&'static str] {
    match column {
        Column::Probability => &["%", "percent"],
        Column::Limit => &["days", "day", "d", "in days", "日", "日数", "일"],
        _ => &[],
    }
}

/// Whether a word in brackets is a unit, of whatever.
fn is_unit(word: &str) -> bool {
    let time =
        ["hours", "hour", "h", "weeks", "months", "時間", "週", "か月", "시간", "주", "개월"];
    time.contains(&word)
        || [Column::Probability, Column::Limit].iter().any(|of| units(*of).contains(&word))
}
