//! Every form of expression in every language. The expected sentences are written by hand.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod rest;

use super::*;
use crate::model::Process;
use crate::source::FileId;
use crate::{sema, syntax};

const HEAD: &str = r#"
process p "P" { currency JPY languages [en, ko, ja] }
team sales "Sales" ko "영업팀" ja "営業部" {
  role ae "Account executive" ko "영업 담당" ja "営業担当"
}
record deal "Deal" ko "영업 기회" ja "商談" {
  amount     money    "Amount" ko "금액" ja "金額"
  fee        money    "Fee" ko "수수료" ja "手数料"
  seats      integer  "Seats" ko "사용자 수" ja "ユーザー数"
  discount   percent  "Discount" ko "할인율" ja "値引き率"
  need       text     "The need, in their words" ko "고객이 말한 니즈" ja "顧客の言うニーズ"
  reason     one of [price "Price" ko "가격" ja "価格", rival "Competitor" ko "경쟁사" ja "競合", none "No decision" ko "결정 보류" ja "決定見送り"] "Reason" ko "사유" ja "理由"
  topics     many of [cost "Cost" ko "비용" ja "コスト", law "Law" ko "법규" ja "法規"] "Topics" ko "주제" ja "テーマ"
  agreed     boolean  "Agreed" ko "합의 여부" ja "合意"
  close_on   date     "Close date" ko "마감일" ja "受注予定日"
  renews_on  date     "Renewal date" ko "갱신일" ja "更新日"
  touched_at datetime "Last contact" ko "마지막 접촉" ja "最終接触"
}
score interest "Interest" ko "관심도" ja "関心度" of deal {
  fit +20 when seats >= 100
  grade hot "Hot" ko "높음" ja "高" at least 60, cold "Cold" ko "낮음" ja "低" otherwise
}
"#;

/// A process in which stage `s` has one exit criterion for each expression.
fn process(expressions: &[&str], more: &str) -> Process {
    let criteria: Vec<String> = expressions
        .iter()
        .enumerate()
        .map(|(index, expression)| format!("    c{index} \"C\" {expression}"))
        .collect();
    let text = format!(
        "{HEAD}\nstage s \"Start\" ko \"시작\" ja \"開始\" {{ record deal owner ae entry\n  exit when {{\n{}\n  }}\n  {more}\n}}\nstage t \"2. Offer\" ko \"2. 제안\" ja \"提案\" {{ record deal owner ae outcome won }}\n",
        criteria.join("\n")
    );
    let parsed = syntax::dsl::parse(FileId(0), &text);
    assert_eq!(parsed.diagnostics, vec![], "{text}");
    let analysis = sema::analyze(&[parsed.file], "p");
    assert_eq!(analysis.diagnostics, vec![], "{text}");
    analysis.process
}

fn check(cases: &[(&str, &str, &str, &str)]) {
    let expressions: Vec<&str> = cases.iter().map(|case| case.0).collect();
    let process = process(&expressions, "");
    for (criterion, (expression, en, ko, ja)) in process.criteria.values().zip(cases) {
        for (language, expected) in [("en", en), ("ko", ko), ("ja", ja)] {
            let said = Sentences::new(&process, language).sentence(&criterion.condition);
            assert_eq!(said, **expected, "{expression} in {language}");
        }
    }
}

#[test]
fn comparisons() {
    check(&[
        (
            "amount > 0 JPY",
            "Amount is more than 0 JPY",
            "금액이 0 JPY보다 큽니다",
            "金額が0 JPYより大きい",
        ),
        (
            "amount >= 3_000_000 JPY",
            "Amount is at least 3,000,000 JPY",
            "금액이 3,000,000 JPY 이상입니다",
            "金額が3,000,000 JPY以上である",
        ),
        (
            "seats < 100",
            "Seats is less than 100",
            "사용자 수가 100보다 작습니다",
            "ユーザー数が100より小さい",
        ),
        (
            "discount <= 20%",
            "Discount is at most 20%",
            "할인율이 20% 이하입니다",
            "値引き率が20%以下である",
        ),
        ("reason = price", "Reason is Price", "사유가 가격입니다", "理由が価格である"),
        (
            "reason != price",
            "Reason is something other than Price",
            "사유가 가격 외의 값입니다",
            "理由が価格以外である",
        ),
        (
            "need = \"none\"",
            "“The need, in their words” is “none”",
            "고객이 말한 니즈가 “none”입니다",
            "顧客の言うニーズが「none」である",
        ),
        (
            "100 < seats",
            "Seats is more than 100",
            "사용자 수가 100보다 큽니다",
            "ユーザー数が100より大きい",
        ),
        (
            "amount > fee",
            "Amount is more than Fee",
            "금액이 수수료보다 큽니다",
            "金額が手数料より大きい",
        ),
        (
            "interest > 50",
            "Interest score is more than 50",
            "관심도 점수가 50보다 큽니다",
            "関心度のスコアが50より大きい",
        ),
    ]);
}

#[test]
fn dates() {
    check(&[
        (
            "close_on < today",
            "Close date is before today",
            "마감일이 오늘보다 이전입니다",
            "受注予定日が今日より前である",
        ),
        (
            "close_on <= 2026-04-01",
            "Close date is on or before 2026-04-01",
            "마감일이 2026-04-01 또는 그 이전입니다",
            "受注予定日が2026-04-01以前である",
        ),
        (
            "close_on > renews_on",
            "Close date is after Renewal date",
            "마감일이 갱신일보다 이후입니다",
            "受注予定日が更新日より後である",
        ),
        (
            "close_on >= today",
            "Close date is on or after today",
            "마감일이 오늘 또는 그 이후입니다",
            "受注予定日が今日以降である",
        ),
        (
            "touched_at < now",
            "Last contact is before the current time",
            "마지막 접촉이 현재 시각보다 이전입니다",
            "最終接触が現在の日時より前である",
        ),
        (
            "touched_at > 2026-04-01T09:30",
            "Last contact is after 2026-04-01 09:30",
            "마지막 접촉이 2026-04-01 09:30보다 이후입니다",
            "最終接触が2026-04-01 09:30より後である",
        ),
        (
            "close_on within next 7d",
            "Close date is within the next 7 days",
            "마감일이 앞으로 7일 이내입니다",
            "受注予定日が今後7日以内である",
        ),
        (
            "touched_at within last 2 business days",
            "Last contact is within the last 2 business days",
            "마지막 접촉이 최근 2영업일 이내입니다",
            "最終接触が過去2営業日以内である",
        ),
        (
            "days since touched_at > 14",
            "More than 14 days have passed since Last contact",
            "마지막 접촉 이후 지난 기간이 14일보다 깁니다",
            "最終接触からの経過期間が14日より長い",
        ),
        (
            "business hours since touched_at <= 1",
            "At most 1 business hour has passed since Last contact",
            "마지막 접촉 이후 지난 기간이 영업시간 1시간 이하입니다",
            "最終接触からの経過期間が1営業時間以下である",
        ),
        (
            "days until renews_on < 90",
            "Renewal date is less than 90 days away",
            "갱신일까지 남은 기간이 90일보다 짧습니다",
            "更新日までの残り期間が90日より短い",
        ),
        (
            "weeks since touched_at > weeks until renews_on",
            "The number of weeks since Last contact is more than the number of weeks until Renewal date",
            "마지막 접촉 이후 지난 주 수가 갱신일까지 남은 주 수보다 큽니다",
            "最終接触からの経過週数が更新日までの残り週数より大きい",
        ),
        (
            "time in stage > 10d",
            "The record has been in this stage for more than 10 days",
            "이 단계에 머문 기간이 10일보다 깁니다",
            "このステージの滞在期間が10日より長い",
        ),
        (
            "close_on between 2026-01-01 and 2026-03-31",
            "Close date is from 2026-01-01 to 2026-03-31",
            "마감일이 2026-01-01부터 2026-03-31 사이입니다",
            "受注予定日が2026-01-01から2026-03-31までの間である",
        ),
    ]);
}

#[test]
fn membership_presence_and_what_else_there_is() {
    check(&[
        (
            "reason in [price, rival]",
            "Reason is Price or Competitor",
            "사유가 가격, 경쟁사 중 하나입니다",
            "理由が価格、競合のいずれかである",
        ),
        (
            "reason in [price, rival, none]",
            "Reason is Price, Competitor or No decision",
            "사유가 가격, 경쟁사, 결정 보류 중 하나입니다",
            "理由が価格、競合、決定見送りのいずれかである",
        ),
        (
            "reason not in [price, rival]",
            "Reason is none of Price and Competitor",
            "사유가 가격, 경쟁사 중 하나가 아닙니다",
            "理由が価格、競合のいずれでもない",
        ),
        (
            "topics in [cost, law]",
            "Topics includes Cost or Law",
            "주제에 비용, 법규 중 하나가 포함되어 있습니다",
            "テーマにコスト、法規のいずれかが含まれている",
        ),
        (
            "topics in [cost]",
            "Topics includes Cost",
            "주제에 비용이 포함되어 있습니다",
            "テーマにコストが含まれている",
        ),
        (
            "seats between 10 and 99",
            "Seats is from 10 to 99",
            "사용자 수가 10 이상 99 이하입니다",
            "ユーザー数が10以上99以下である",
        ),
        (
            "need is present",
            "“The need, in their words” is filled in",
            "고객이 말한 니즈가 입력되어 있습니다",
            "顧客の言うニーズが入力されている",
        ),
        (
            "need is missing",
            "“The need, in their words” is empty",
            "고객이 말한 니즈가 비어 있습니다",
            "顧客の言うニーズが空欄である",
        ),
        (
            "need is not present",
            "“The need, in their words” is empty",
            "고객이 말한 니즈가 비어 있습니다",
            "顧客の言うニーズが空欄である",
        ),
        (
            "interest is hot",
            "Interest is graded Hot",
            "관심도 등급이 높음입니다",
            "関心度の等級が「高」である",
        ),
        ("agreed", "Agreed is yes", "합의 여부가 “예”입니다", "合意が「はい」である"),
        ("agreed = false", "Agreed is no", "합의 여부가 “아니요”입니다", "合意が「いいえ」である"),
        (
            "event demo_seen",
            "The event “Demo seen” has happened",
            "“Demo seen” 이벤트가 발생했습니다",
            "イベント「Demo seen」が発生している",
        ),
        (
            "event demo_seen at least 2 times within last 30d",
            "The event “Demo seen” has happened at least 2 times in the last 30 days",
            "“Demo seen” 이벤트가 최근 30일 동안 2회 이상 발생했습니다",
            "イベント「Demo seen」が過去30日の間に2回以上発生している",
        ),
        (
            "confirm \"They defend us\" ko \"우리를 지지한다\" ja \"当社を支持している\" by ae",
            "Account executive has confirmed “They defend us”",
            "영업 담당이 “우리를 지지한다” 내용을 확인했습니다",
            "営業担当が「当社を支持している」を確認している",
        ),
        (
            "confirm \"It fits\" ko \"맞는다\" ja \"合っている\"",
            "The owner has confirmed “It fits”",
            "담당자가 “맞는다” 내용을 확인했습니다",
            "担当者が「合っている」を確認している",
        ),
        ("true", "Always", "항상 성립합니다", "常に成り立つ"),
    ]);
}

#[test]
fn arithmetic_keeps_its_parentheses() {
    check(&[
        (
            "amount * 12 + fee > 0 JPY",
            "Amount × 12 + Fee is more than 0 JPY",
            "금액 × 12 + 수수료가 0 JPY보다 큽니다",
            "金額 × 12 + 手数料が0 JPYより大きい",
        ),
        (
            "(amount + fee) * 2 > 0 JPY",
            "(Amount + Fee) × 2 is more than 0 JPY",
            "(금액 + 수수료) × 2가 0 JPY보다 큽니다",
            "(金額 + 手数料) × 2が0 JPYより大きい",
        ),
        (
            "amount - (fee - 1 JPY) > 0 JPY",
            "Amount − (Fee − 1 JPY) is more than 0 JPY",
            "금액 − (수수료 − 1 JPY)가 0 JPY보다 큽니다",
            "金額 − (手数料 − 1 JPY)が0 JPYより大きい",
        ),
        (
            "seats / (seats / 2) = 2",
            "Seats ÷ (Seats ÷ 2) is 2",
            "사용자 수 ÷ (사용자 수 ÷ 2)가 2입니다",
            "ユーザー数 ÷ (ユーザー数 ÷ 2)が2である",
        ),
        (
            "-seats < -0.5",
            "-Seats is less than -0.5",
            "-사용자 수가 -0.5보다 작습니다",
            "-ユーザー数が-0.5より小さい",
        ),
    ]);
}

#[test]
fn negation_is_said_at_the_statement() {
    check(&[
        (
            "not amount > 0 JPY",
            "Amount is at most 0 JPY or not filled in",
            "금액이 0 JPY보다 크지 않습니다",
            "金額が0 JPYより大きくない",
        ),
        (
            "not reason = price",
            "Reason is not Price",
            "사유가 가격이 아닙니다",
            "理由が価格ではない",
        ),
        (
            "not reason != price",
            "Reason is Price or empty",
            "사유가 가격이거나 비어 있습니다",
            "理由が価格であるか、空欄である",
        ),
        (
            "not interest is hot",
            "Interest is not graded Hot",
            "관심도 등급이 높음이 아닙니다",
            "関心度の等級が「高」ではない",
        ),
        (
            "not close_on within next 7d",
            "Close date is not within the next 7 days",
            "마감일이 앞으로 7일 이내가 아닙니다",
            "受注予定日が今後7日以内ではない",
        ),
        (
            "not event demo_seen",
            "The event “Demo seen” has not happened",
            "“Demo seen” 이벤트가 발생하지 않았습니다",
            "イベント「Demo seen」が発生していない",
        ),
        (
            "not agreed",
            "Agreed is not yes",
            "합의 여부가 “예”가 아닙니다",
            "合意が「はい」ではない",
        ),
        (
            "not confirm \"It fits\" ko \"맞는다\" ja \"合っている\" by ae",
            "Account executive has not confirmed “It fits”",
            "영업 담당이 “맞는다” 내용을 확인하지 않았습니다",
            "営業担当が「合っている」を確認していない",
        ),
        (
            "not time in stage > 10d",
            "The record has not been in this stage for more than 10 days",
            "이 단계에 머문 기간이 10일보다 길지 않습니다",
            "このステージの滞在期間が10日より長くない",
        ),
        (
            "not seats between 10 and 99",
            "Seats is not from 10 to 99",
            "사용자 수가 10 이상 99 이하가 아닙니다",
            "ユーザー数が10以上99以下ではない",
        ),
        (
            "not topics in [cost, law]",
            "Topics does not include Cost or Law",
            "주제에 비용, 법규 중 어느 것도 포함되어 있지 않습니다",
            "テーマにコスト、法規のいずれも含まれていない",
        ),
        ("not not agreed", "Agreed is yes", "합의 여부가 “예”입니다", "合意が「はい」である"),
        (
            "not days since touched_at > 14",
            "Not more than 14 days have passed since Last contact",
            "마지막 접촉 이후 지난 기간이 14일보다 길지 않습니다",
            "最終接触からの経過期間が14日より長くない",
        ),
    ]);
}

#[test]
fn groups_leave_no_doubt() {
    check(&[
        (
            "agreed and seats > 5",
            "Agreed is yes and Seats is more than 5",
            "합의 여부가 “예”이고, 사용자 수가 5보다 큽니다",
            "合意が「はい」であり、かつユーザー数が5より大きい",
        ),
        (
            "seats > 5 and need is present and agreed",
            "Seats is more than 5, “The need, in their words” is filled in and Agreed is yes",
            "사용자 수가 5보다 크고, 고객이 말한 니즈가 입력되어 있고, 합의 여부가 “예”입니다",
            "ユーザー数が5より大きく、かつ顧客の言うニーズが入力されており、かつ合意が「はい」である",
        ),
        (
            "agreed or need is missing",
            "Either Agreed is yes or “The need, in their words” is empty",
            "합의 여부가 “예”이거나, 고객이 말한 니즈가 비어 있습니다",
            "合意が「はい」である、または顧客の言うニーズが空欄である",
        ),
        (
            "agreed and (seats > 5 or need is present)",
            "All of these hold: (1) Agreed is yes; (2) either Seats is more than 5 or “The need, in their words” is filled in",
            "다음이 모두 성립합니다: (1) 합의 여부가 “예”입니다; (2) 사용자 수가 5보다 크거나, 고객이 말한 니즈가 입력되어 있습니다",
            "次のすべてが成り立つ：(1) 合意が「はい」である、(2) ユーザー数が5より大きい、または顧客の言うニーズが入力されている",
        ),
        // A comma parts two statements of which one holds a list.
        (
            "agreed or reason in [price, rival]",
            "Either Agreed is yes, or Reason is Price or Competitor",
            "합의 여부가 “예”이거나, 사유가 가격, 경쟁사 중 하나입니다",
            "合意が「はい」である、または理由が価格、競合のいずれかである",
        ),
        (
            "not seats >= 30 and agreed",
            "Seats is less than 30 or not filled in, and Agreed is yes",
            "사용자 수가 30 이상이 아니고, 합의 여부가 “예”입니다",
            "ユーザー数が30以上ではなく、かつ合意が「はい」である",
        ),
        // In a longer row it would be hard to take apart.
        (
            "agreed and need is present and reason in [price, rival]",
            "All of these hold: (1) Agreed is yes; (2) “The need, in their words” is filled in; (3) Reason is Price or Competitor",
            "다음이 모두 성립합니다: (1) 합의 여부가 “예”입니다; (2) 고객이 말한 니즈가 입력되어 있습니다; (3) 사유가 가격, 경쟁사 중 하나입니다",
            "次のすべてが成り立つ：(1) 合意が「はい」である、(2) 顧客の言うニーズが入力されている、(3) 理由が価格、競合のいずれかである",
        ),
        // The opposite of "both" is "one of the opposites".
        (
            "not (agreed and need is present)",
            "Either Agreed is not yes or “The need, in their words” is empty",
            "합의 여부가 “예”가 아니거나, 고객이 말한 니즈가 비어 있습니다",
            "合意が「はい」ではない、または顧客の言うニーズが空欄である",
        ),
        (
            "not (agreed or need is missing)",
            "Agreed is not yes and “The need, in their words” is filled in",
            "합의 여부가 “예”가 아니고, 고객이 말한 니즈가 입력되어 있습니다",
            "合意が「はい」ではなく、かつ顧客の言うニーズが入力されている",
        ),
        (
            "agreed or (need is present and (seats > 5 or reason in [price, rival]))",
            "One of these holds: (1) Agreed is yes; (2) all of these hold: (2.1) “The need, in their words” is filled in; (2.2) either Seats is more than 5, or Reason is Price or Competitor",
            "다음 중 하나 이상이 성립합니다: (1) 합의 여부가 “예”입니다; (2) 다음이 모두 성립합니다: (2.1) 고객이 말한 니즈가 입력되어 있습니다; (2.2) 사용자 수가 5보다 크거나, 사유가 가격, 경쟁사 중 하나입니다",
            "次のいずれかが成り立つ：(1) 合意が「はい」である、(2) 次のすべてが成り立つ：(2.1) 顧客の言うニーズが入力されている、(2.2) ユーザー数が5より大きい、または理由が価格、競合のいずれかである",
        ),
    ]);
}
