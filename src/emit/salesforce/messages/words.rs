//! The few words of messages that the process does not have.

use crate::emit::sentence::primary_subtag;

use super::Onward;

/// In one language.
pub(super) struct Words {
    /// What stands in quotes.
    pub(super) quoted: fn(&str) -> String,
    pub(super) comma: &'static str,
    /// A record type, and stages of it.
    pub(super) group: fn(&str, &str) -> String,
    /// From a stage to others; to none when they are blank.
    pub(super) moves: fn(&str, &str) -> String,
    converted: fn(&str) -> String,
    new: fn(&str) -> String,
    retyped: fn(&str) -> String,
    earlier: fn(&str) -> String,
    /// Of which record type, in which stages.
    pub(super) start: fn(&str, &str) -> String,
    /// In which stage, with an earlier record of which type, which is where.
    pub(super) origin: fn(&str, &str, &str) -> String,
    pub(super) bounds: fn(&str) -> String,
    pub(super) fill: fn(&str) -> String,
    /// Of a condition that begins or ends as one of a sentence.
    pub(super) only_if: fn(&str) -> String,
    /// Of a point in time.
    pub(super) only_from: fn(&str) -> String,
}

impl Words {
    /// What to do for a record to go on, behind what can be done with it.
    pub(super) fn onward(&self, how: Onward, to: &str) -> String {
        let told = match how {
            Onward::Converted => self.converted,
            Onward::New => self.new,
            Onward::Retyped => self.retyped,
            Onward::Earlier => self.earlier,
        };
        told(to)
    }
}

pub(super) fn words(language: &str) -> &'static Words {
    match primary_subtag(language) {
        "ko" => &KOREAN,
        "ja" => &JAPANESE,
        _ => &ENGLISH,
    }
}

static ENGLISH: Words = Words {
    quoted: |title| format!("\u{201c}{title}\u{201d}"),
    comma: ", ",
    group: |record, stages| format!("{record} in {stages}"),
    moves: |from, to| match to {
        "" => format!("A record in \u{201c}{from}\u{201d} cannot move to another stage"),
        to => format!("From \u{201c}{from}\u{201d} a record can move to: {to}"),
    },
    converted: |to| format!(". To go on, convert the lead: {to}"),
    new: |to| format!(". To go on, create a new record: {to}"),
    retyped: |to| format!(". To go on, change record type and stage together: {to}"),
    earlier: |to| format!(". To go back, move the earlier record: {to}"),
    start: |record, stages| {
        format!("Choose a stage in which records of \u{201c}{record}\u{201d} begin: {stages}")
    },
    origin: |stage, record, from| {
        format!(
            "To begin in \u{201c}{stage}\u{201d}, link a record of \u{201c}{record}\u{201d} that is in: {from}"
        )
    },
    bounds: |holds| format!("Change the value so that this holds: {holds}"),
    fill: |field| format!("Fill in \u{201c}{field}\u{201d}"),
    only_if: |condition| format!("only {condition}"),
    only_from: |clock| format!("only from {clock} on"),
};

static JAPANESE: Words = Words {
    quoted: |title| format!("「{title}」"),
    comma: "、",
    group: |record, stages| format!("{record}の{stages}"),
    moves: |from, to| match to {
        "" => format!("「{from}」から他のステージには移せません"),
        to => format!("「{from}」から移せるステージ: {to}"),
    },
    converted: |to| format!("。先へ進めるには、リードの取引を開始してください: {to}"),
    new: |to| format!("。先へ進めるには、新しいレコードを作成してください: {to}"),
    retyped: |to| {
        format!("。先へ進めるには、レコードタイプとステージを同時に変更してください: {to}")
    },
    earlier: |to| format!("。戻すには、元のレコードのステージを変更してください: {to}"),
    start: |record, stages| {
        format!("「{record}」のレコードを始められるステージを選んでください: {stages}")
    },
    origin: |stage, record, from| {
        format!(
            "「{stage}」で始めるには、次のステージにある「{record}」のレコードを紐づけてください: {from}"
        )
    },
    bounds: |holds| format!("次の条件を満たす値にしてください: {holds}"),
    fill: |field| format!("「{field}」を入力してください"),
    only_if: |condition| format!("{condition}のみ"),
    only_from: |clock| format!("{clock}以降のみ"),
};

static KOREAN: Words = Words {
    quoted: |title| format!("“{title}”"),
    comma: ", ",
    group: |record, stages| format!("{record}의 {stages}"),
    moves: |from, to| match to {
        "" => format!("“{from}”에서는 다른 단계로 옮길 수 없습니다"),
        to => format!("“{from}”에서 옮길 수 있는 단계: {to}"),
    },
    converted: |to| format!(". 계속하려면 리드를 전환하세요: {to}"),
    new: |to| format!(". 계속하려면 새 레코드를 만드세요: {to}"),
    retyped: |to| format!(". 계속하려면 레코드 유형과 단계를 함께 바꾸세요: {to}"),
    earlier: |to| format!(". 되돌리려면 이전 레코드의 단계를 바꾸세요: {to}"),
    start: |record, stages| format!("“{record}” 레코드를 시작할 수 있는 단계를 고르세요: {stages}"),
    origin: |stage, record, from| {
        format!("“{stage}”에서 시작하려면 다음 단계에 있는 “{record}” 레코드를 연결하세요: {from}")
    },
    bounds: |holds| format!("다음 조건에 맞는 값을 입력하세요: {holds}"),
    fill: |field| format!("“{field}” 항목을 입력하세요"),
    only_if: |condition| format!("{condition}에만"),
    only_from: |clock| format!("{clock}부터만"),
};
