//! Japanese, in the plain written style of business documents (`である`), which stands unchanged
//! in front of `場合`.

use crate::model::{Duration, Every, Period, Statistic, Unit};

use super::grammar::{Grammar, MeasureWords, Relation, Span, Statement, joined, reads_as_one};
use super::number::grouped;

/// Japanese.
pub(super) struct Japanese;

impl Grammar for Japanese {
    fn noun(&self, title: &str) -> String {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        // A title in another language, or one that is half a sentence.
        match reads_as_one(&title, 1) && !title.contains(['！', '？', '：', '「', '」']) {
            true => title,
            false => self.quote(&title),
        }
    }

    fn aside(&self, text: &str) -> String {
        format!("（{text}）")
    }

    fn quote(&self, text: &str) -> String {
        format!("「{text}」")
    }

    fn stage(&self, title: &str) -> String {
        self.quote(&title.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn score(&self, title: &str) -> String {
        match title.ends_with("スコア") || title.ends_with("点数") {
            true => title.to_owned(),
            false => format!("{title}のスコア"),
        }
    }

    fn today(&self) -> &'static str {
        "今日"
    }

    fn now(&self) -> &'static str {
        "現在の日時"
    }

    fn time_in_stage(&self) -> &'static str {
        "このステージの滞在期間"
    }

    fn count_of(&self, unit: Unit, since: bool, field: &str) -> String {
        let unit = match unit {
            Unit::Minute => "分数",
            Unit::Hour => "時間数",
            Unit::Week => "週数",
            Unit::BusinessMinute => "営業時間（分）",
            Unit::BusinessHour => "営業時間数",
            Unit::BusinessDay => "営業日数",
            Unit::Day | Unit::Month | Unit::Quarter | Unit::Year => "日数",
        };
        match since {
            true => format!("{field}からの経過{unit}"),
            false => format!("{field}までの残り{unit}"),
        }
    }

    fn truth_value(&self, value: bool) -> &'static str {
        if value { "はい" } else { "いいえ" }
    }

    fn compare(
        &self,
        subject: &str,
        is: Relation,
        object: &str,
        dated: bool,
        negated: bool,
    ) -> Statement {
        let object = match (is, dated) {
            (Relation::Equal, _) => object.to_owned(),
            (Relation::Other, _) if negated => {
                return plain(format!("{subject}が{object}であるか、空欄である"));
            }
            (Relation::Other, _) => format!("{object}以外"),
            (Relation::Less, false) => {
                let small = if negated { "小さくない" } else { "小さい" };
                return plain(format!("{subject}が{object}より{small}"));
            }
            (Relation::More, false) => {
                let large = if negated { "大きくない" } else { "大きい" };
                return plain(format!("{subject}が{object}より{large}"));
            }
            (Relation::Less, true) => format!("{object}より前"),
            (Relation::More, true) => format!("{object}より後"),
            (Relation::AtMost, false) => format!("{object}以下"),
            (Relation::AtLeast, false) => format!("{object}以上"),
            (Relation::AtMost, true) => format!("{object}以前"),
            (Relation::AtLeast, true) => format!("{object}以降"),
        };
        is_statement(subject, &object, negated)
    }

    fn elapsed(
        &self,
        span: Span,
        field: &str,
        is: Relation,
        than: Duration,
        negated: bool,
    ) -> Statement {
        let subject = match span {
            Span::Since => format!("{field}からの経過期間"),
            Span::Until => format!("{field}までの残り期間"),
            Span::InStage => self.time_in_stage().to_owned(),
        };
        let duration = self.duration(than);
        let adjective = match (is, negated) {
            (Relation::Equal, _) => return is_statement(&subject, &duration, negated),
            (Relation::Other, _) => {
                return is_statement(&subject, &format!("{duration}以外"), negated);
            }
            (Relation::AtMost, _) => {
                return is_statement(&subject, &format!("{duration}以下"), negated);
            }
            (Relation::AtLeast, _) => {
                return is_statement(&subject, &format!("{duration}以上"), negated);
            }
            (Relation::Less, false) => "短い",
            (Relation::Less, true) => "短くない",
            (Relation::More, false) => "長い",
            (Relation::More, true) => "長くない",
        };
        plain(format!("{subject}が{duration}より{adjective}"))
    }

    fn one_of(&self, subject: &str, items: &[String], many: bool, negated: bool) -> Statement {
        let items_text = match items.len() {
            0 | 1 => self.list(items),
            _ => format!("{}のいずれか", self.list(items)),
        };
        let statement = match (many, negated) {
            (false, _) if negated && items.len() > 1 => {
                plain(format!("{subject}が{}のいずれでもない", self.list(items)))
            }
            (false, _) => is_statement(subject, &items_text, negated),
            (true, false) => plain(format!("{subject}に{items_text}が含まれている")),
            (true, true) => {
                let none = match items.len() {
                    0 | 1 => format!("{items_text}が"),
                    _ => format!("{}のいずれも", self.list(items)),
                };
                plain(format!("{subject}に{none}含まれていない"))
            }
        };
        statement.listing(items.len())
    }

    fn between(
        &self,
        subject: &str,
        low: &str,
        high: &str,
        dated: bool,
        negated: bool,
    ) -> Statement {
        let range = match dated {
            true => format!("{low}から{high}までの間"),
            false => format!("{low}以上{high}以下"),
        };
        is_statement(subject, &range, negated)
    }

    fn presence(&self, subject: &str, present: bool) -> Statement {
        let state = if present { "入力されている" } else { "空欄である" };
        plain(format!("{subject}が{state}"))
    }

    fn graded(&self, score: &str, grade: &str, negated: bool) -> Statement {
        is_statement(&format!("{score}の等級"), &self.quote(grade), negated)
    }

    fn window(&self, subject: &str, next: bool, duration: &str, negated: bool) -> Statement {
        let side = if next { "今後" } else { "過去" };
        is_statement(subject, &format!("{side}{duration}以内"), negated)
    }

    fn event(&self, name: &str, at_least: u32, within: Option<&str>, negated: bool) -> Statement {
        let within = within.map_or_else(String::new, |within| format!("過去{within}の間に"));
        let often = match at_least {
            0 | 1 => String::new(),
            times => format!("{times}回以上"),
        };
        let happened = if negated { "発生していない" } else { "発生している" };
        plain(format!("イベント{name}が{within}{often}{happened}"))
    }

    fn confirmed(&self, by: Option<&str>, text: &str, negated: bool) -> Statement {
        let by = by.unwrap_or("担当者");
        let confirmed = if negated { "確認していない" } else { "確認している" };
        plain(format!("{by}が{text}を{confirmed}"))
    }

    fn truth(&self, subject: &str, value: bool, negated: bool) -> Statement {
        is_statement(subject, &self.quote(self.truth_value(value)), negated)
    }

    fn constant(&self, value: bool) -> Statement {
        plain(if value { "常に成り立つ" } else { "成り立つことはない" }.to_owned())
    }

    fn join(&self, all: bool, statements: &[&Statement], _before_if: bool) -> String {
        let mut texts: Vec<&str> = Vec::with_capacity(statements.len());
        if let Some((last, others)) = statements.split_last() {
            texts.extend(others.iter().map(|s| if all { &*s.before_and } else { &*s.before_or }));
            texts.push(&last.alone);
        }
        let between = if all { "、かつ" } else { "、または" };
        joined(&texts, between, between)
    }

    fn numbered(&self, all: bool, items: &[String], before_if: bool) -> String {
        let items = items.join("、");
        match (all, before_if) {
            (true, false) => format!("次のすべてが成り立つ：{items}"),
            (false, false) => format!("次のいずれかが成り立つ：{items}"),
            (true, true) => format!("次のすべてが成り立つ（{items}）"),
            (false, true) => format!("次のいずれかが成り立つ（{items}）"),
        }
    }

    fn if_clause(&self, condition: &str) -> String {
        format!("{condition}場合")
    }

    fn list(&self, items: &[String]) -> String {
        joined(items, "、", "、")
    }

    fn choice(&self, items: &[String]) -> String {
        joined(items, "、", "または")
    }

    fn duration(&self, duration: Duration) -> String {
        let amount = grouped(duration.amount);
        let unit = match duration.unit {
            Unit::Minute => "分",
            Unit::Hour => "時間",
            Unit::Day => "日",
            Unit::Week => "週間",
            Unit::Month => "か月",
            Unit::Quarter => "四半期",
            Unit::Year => "年",
            Unit::BusinessMinute => return format!("営業時間{amount}分"),
            Unit::BusinessHour => "営業時間",
            Unit::BusinessDay => "営業日",
        };
        format!("{amount}{unit}")
    }

    fn within(&self, duration: &str) -> String {
        format!("{duration}以内")
    }

    fn every(&self, every: Every) -> String {
        let one = |d: &Duration| d.amount == rust_decimal::Decimal::ONE;
        match every {
            Every::Period(Period::Day) => "毎日".to_owned(),
            Every::Period(Period::Week) => "毎週".to_owned(),
            Every::Period(Period::Month) => "毎月".to_owned(),
            Every::Period(Period::Quarter) => "四半期ごと".to_owned(),
            Every::Period(Period::Year) => "毎年".to_owned(),
            Every::Duration(duration) => match duration.unit {
                Unit::Hour if one(&duration) => "毎時".to_owned(),
                Unit::Day if one(&duration) => "毎日".to_owned(),
                Unit::BusinessDay if one(&duration) => "毎営業日".to_owned(),
                Unit::Week if one(&duration) => "毎週".to_owned(),
                Unit::Month if one(&duration) => "毎月".to_owned(),
                Unit::Quarter if one(&duration) => "四半期ごと".to_owned(),
                Unit::Year if one(&duration) => "毎年".to_owned(),
                _ => format!("{}ごと", self.duration(duration)),
            },
        }
    }

    fn later(&self, duration: &str) -> String {
        format!("{duration}後")
    }

    fn after(&self, duration: &str) -> String {
        format!("このステージに入ってから{duration}後")
    }

    fn before(&self, duration: &str, field: &str) -> String {
        format!("{field}の{duration}前")
    }

    fn measure(&self, measure: &MeasureWords) -> String {
        let only = |only: &Option<String>| {
            only.as_ref().map_or_else(String::new, |only| format!("（条件：{only}）"))
        };
        match measure {
            MeasureWords::Conversion { from, to, within } => {
                let within = within.as_ref().map_or_else(String::new, |w| format!("（{w}）"));
                format!("{from}から{to}への転換率{within}")
            }
            MeasureWords::Entries { into, only: condition } => {
                format!("{into}に入る件数{}", only(condition))
            }
            MeasureWords::Balance { of } => format!("{of}にある件数"),
            MeasureWords::Cycle { statistic, from, to } => {
                format!("{from}から{to}までの期間（{}）", statistic_word(*statistic))
            }
            MeasureWords::Dwell { statistic, stage } => {
                format!("{stage}の滞在期間（{}）", statistic_word(*statistic))
            }
            MeasureWords::Sum { field, entering, only: condition } => {
                format!("{entering}に入るレコードの{field}の合計{}", only(condition))
            }
            MeasureWords::Share { of, only } => {
                format!("{of}に入る件数のうち、次の条件を満たす割合：{only}")
            }
            MeasureWords::Coverage { goal, by } => {
                format!("{goal}の目標に対する、進行中のレコードの{by}の合計の倍率")
            }
        }
    }

    fn target(&self, at_least: bool, value: &str, every: Option<&str>) -> String {
        let bound = if at_least { "以上" } else { "以下" };
        match every {
            Some(every) => format!("{value}{bound}（{every}）"),
            None => format!("{value}{bound}"),
        }
    }
}

/// Endings, and how they go on in front of `かつ`.
const GOES_ON: &[(&str, &str)] = &[
    ("である", "であり"),
    ("ている", "ており"),
    ("ていない", "ておらず"),
    ("ない", "なく"),
    ("きい", "きく"),
    ("さい", "さく"),
    ("長い", "長く"),
    ("短い", "短く"),
    ("成り立つ", "成り立ち"),
];

/// A statement in plain style, which only changes in front of `かつ`.
fn plain(text: String) -> Statement {
    let goes_on = GOES_ON
        .iter()
        .find_map(|(ending, instead)| Some(format!("{}{instead}", text.strip_suffix(ending)?)));
    let mut statement = Statement::same(text);
    if let Some(goes_on) = goes_on {
        statement.before_and = goes_on;
    }
    statement
}

fn is_statement(subject: &str, object: &str, negated: bool) -> Statement {
    let is = if negated { "ではない" } else { "である" };
    plain(format!("{subject}が{object}{is}"))
}

fn statistic_word(statistic: Statistic) -> &'static str {
    match statistic {
        Statistic::Median => "中央値",
        Statistic::Average => "平均",
        Statistic::P90 => "10件中9件が収まる期間",
    }
}
