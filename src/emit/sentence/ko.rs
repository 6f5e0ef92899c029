//! Korean, in the polite written style (`-ㅂ니다`).
//!
//! A Korean statement changes its ending with what follows it, so every predicate is kept with its
//! four endings. Particles that follow a title are chosen by its last sound, see `hangul`.

use crate::model::{Duration, Every, Period, Statistic, Unit};

use super::grammar::{Grammar, MeasureWords, Relation, Span, Statement, joined, reads_as_one};
use super::hangul::{direction, subject as as_subject};
use super::number::grouped;

/// Korean.
pub(super) struct Korean;

/// The endings of a predicate: final, `…고`, `…거나`, and in front of `경우`.
type Endings = [&'static str; 4];

const IS: Endings = ["입니다", "이고", "이거나", "인"];
const IS_NOT: Endings = ["아닙니다", "아니고", "아니거나", "아닌"];
const LARGE: Endings = ["큽니다", "크고", "크거나", "큰"];
const NOT_LARGE: Endings = ["크지 않습니다", "크지 않고", "크지 않거나", "크지 않은"];
const SMALL: Endings = ["작습니다", "작고", "작거나", "작은"];
const NOT_SMALL: Endings = ["작지 않습니다", "작지 않고", "작지 않거나", "작지 않은"];
const LONG: Endings = ["깁니다", "길고", "길거나", "긴"];
const NOT_LONG: Endings = ["길지 않습니다", "길지 않고", "길지 않거나", "길지 않은"];
const SHORT: Endings = ["짧습니다", "짧고", "짧거나", "짧은"];
const NOT_SHORT: Endings = ["짧지 않습니다", "짧지 않고", "짧지 않거나", "짧지 않은"];
const FILLED: Endings = ["입력되어 있습니다", "입력되어 있고", "입력되어 있거나", "입력되어 있는"];
const EMPTY: Endings = ["비어 있습니다", "비어 있고", "비어 있거나", "비어 있는"];
const INCLUDED: Endings =
    ["포함되어 있습니다", "포함되어 있고", "포함되어 있거나", "포함되어 있는"];
const NOT_INCLUDED: Endings =
    ["포함되어 있지 않습니다", "포함되어 있지 않고", "포함되어 있지 않거나", "포함되어 있지 않은"];
const HAPPENED: Endings = ["발생했습니다", "발생했고", "발생했거나", "발생한"];
const NOT_HAPPENED: Endings =
    ["발생하지 않았습니다", "발생하지 않았고", "발생하지 않았거나", "발생하지 않은"];
const CONFIRMED: Endings = ["확인했습니다", "확인했고", "확인했거나", "확인한"];
const NOT_CONFIRMED: Endings =
    ["확인하지 않았습니다", "확인하지 않았고", "확인하지 않았거나", "확인하지 않은"];
const HOLDS: Endings = ["성립합니다", "성립하고", "성립하거나", "성립하는"];
const HOLDS_NOT: Endings =
    ["성립하지 않습니다", "성립하지 않고", "성립하지 않거나", "성립하지 않는"];

/// Titles of more words are put in quotes.
const MAX_PLAIN_WORDS: usize = 3;

impl Grammar for Korean {
    fn noun(&self, title: &str) -> String {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        match reads_as_one(&title, MAX_PLAIN_WORDS) {
            true => title,
            false => self.quote(&title),
        }
    }

    fn quote(&self, text: &str) -> String {
        format!("“{text}”")
    }

    fn stage(&self, title: &str) -> String {
        format!("‘{}’", title.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn score(&self, title: &str) -> String {
        match title.ends_with("점수") {
            true => title.to_owned(),
            false => format!("{title} 점수"),
        }
    }

    fn today(&self) -> &'static str {
        "오늘"
    }

    fn now(&self) -> &'static str {
        "현재 시각"
    }

    fn time_in_stage(&self) -> &'static str {
        "이 단계에 머문 기간"
    }

    fn count_of(&self, unit: Unit, since: bool, field: &str) -> String {
        let unit = match unit {
            Unit::Minute => "분",
            Unit::Hour => "시간",
            Unit::Week => "주",
            Unit::BusinessMinute => "영업시간(분)",
            Unit::BusinessHour => "영업시간",
            Unit::BusinessDay => "영업일",
            Unit::Day | Unit::Month | Unit::Quarter | Unit::Year => "일",
        };
        match since {
            true => format!("{field} 이후 지난 {unit} 수"),
            false => format!("{field}까지 남은 {unit} 수"),
        }
    }

    fn truth_value(&self, value: bool) -> &'static str {
        if value { "예" } else { "아니요" }
    }

    fn compare(
        &self,
        subject: &str,
        is: Relation,
        object: &str,
        dated: bool,
        negated: bool,
    ) -> Statement {
        let subject = as_subject(subject);
        let (object, plain, opposite) = match (is, dated) {
            (Relation::Equal, _) => return equal(&subject, object, negated),
            // The opposite of "has another value" is "has this one or none".
            (Relation::Other, _) if negated => {
                return ending(&format!("{subject} {object}이거나 "), EMPTY);
            }
            (Relation::Other, _) => return ending(&format!("{subject} {object} 외의 값"), IS),
            (Relation::Less, false) => (format!("{object}보다 "), SMALL, NOT_SMALL),
            (Relation::More, false) => (format!("{object}보다 "), LARGE, NOT_LARGE),
            (Relation::AtMost, false) => {
                return equal(&subject, &format!("{object} 이하"), negated);
            }
            (Relation::AtLeast, false) => {
                return equal(&subject, &format!("{object} 이상"), negated);
            }
            (Relation::Less, true) => {
                return equal(&subject, &format!("{object}보다 이전"), negated);
            }
            (Relation::More, true) => {
                return equal(&subject, &format!("{object}보다 이후"), negated);
            }
            (Relation::AtMost, true) => {
                return equal(&subject, &format!("{object} 또는 그 이전"), negated);
            }
            (Relation::AtLeast, true) => {
                return equal(&subject, &format!("{object} 또는 그 이후"), negated);
            }
        };
        ending(&format!("{subject} {object}"), if negated { opposite } else { plain })
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
            Span::Since => format!("{field} 이후 지난 기간이"),
            Span::Until => format!("{field}까지 남은 기간이"),
            Span::InStage => "이 단계에 머문 기간이".to_owned(),
        };
        let duration = self.duration(than);
        let endings = match (is, negated) {
            (Relation::Equal, _) => return equal(&subject, &duration, negated),
            (Relation::Other, _) => {
                return equal(&subject, &format!("{duration} 외의 값"), negated);
            }
            (Relation::AtMost, _) => return equal(&subject, &format!("{duration} 이하"), negated),
            (Relation::AtLeast, _) => return equal(&subject, &format!("{duration} 이상"), negated),
            (Relation::Less, false) => SHORT,
            (Relation::Less, true) => NOT_SHORT,
            (Relation::More, false) => LONG,
            (Relation::More, true) => NOT_LONG,
        };
        ending(&format!("{subject} {duration}보다 "), endings)
    }

    fn one_of(&self, subject: &str, items: &[String], many: bool, negated: bool) -> Statement {
        let one = items.len() <= 1;
        let statement = match (many, one) {
            (true, _) => {
                let items = match items {
                    // "One of them is not in it" would be true of one that is.
                    [_, _, ..] if negated => {
                        format!("{} 중 어느 것도", joined(items, ", ", ", "))
                    }
                    _ if one => as_subject(&self.choice(items)),
                    _ => as_subject(&listed(items)),
                };
                let endings = if negated { NOT_INCLUDED } else { INCLUDED };
                ending(&format!("{subject}에 {items} "), endings)
            }
            (false, true) => equal(&as_subject(subject), &self.choice(items), negated),
            (false, false) => equal(&as_subject(subject), &listed(items), negated),
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
            true => format!("{low}부터 {high} 사이"),
            false => format!("{low} 이상 {high} 이하"),
        };
        equal(&as_subject(subject), &range, negated)
    }

    fn presence(&self, subject: &str, present: bool) -> Statement {
        ending(&format!("{} ", as_subject(subject)), if present { FILLED } else { EMPTY })
    }

    fn graded(&self, score: &str, grade: &str, negated: bool) -> Statement {
        equal(&format!("{score} 등급이"), grade, negated)
    }

    fn window(&self, subject: &str, next: bool, duration: &str, negated: bool) -> Statement {
        let side = if next { "앞으로" } else { "최근" };
        equal(&as_subject(subject), &format!("{side} {duration} 이내"), negated)
    }

    fn event(&self, name: &str, at_least: u32, within: Option<&str>, negated: bool) -> Statement {
        let within = within.map_or_else(String::new, |within| format!("최근 {within} 동안 "));
        let often = match at_least {
            0 | 1 => String::new(),
            times => format!("{times}회 이상 "),
        };
        let endings = if negated { NOT_HAPPENED } else { HAPPENED };
        ending(&format!("{name} 이벤트가 {within}{often}"), endings)
    }

    fn confirmed(&self, by: Option<&str>, text: &str, negated: bool) -> Statement {
        let by = as_subject(by.unwrap_or("담당자"));
        let endings = if negated { NOT_CONFIRMED } else { CONFIRMED };
        ending(&format!("{by} {text} 내용을 "), endings)
    }

    fn truth(&self, subject: &str, value: bool, negated: bool) -> Statement {
        equal(&as_subject(subject), &self.quote(self.truth_value(value)), negated)
    }

    fn constant(&self, value: bool) -> Statement {
        match value {
            true => ending("항상 ", HOLDS),
            false => ending("절대 ", HOLDS_NOT),
        }
    }

    fn join(&self, all: bool, statements: &[&Statement], before_if: bool) -> String {
        let mut texts: Vec<&str> = Vec::with_capacity(statements.len());
        if let Some((last, others)) = statements.split_last() {
            texts.extend(others.iter().map(|s| match all {
                true => s.before_and.as_str(),
                false => s.before_or.as_str(),
            }));
            texts.push(if before_if { &last.before_if } else { &last.alone });
        }
        joined(&texts, ", ", ", ")
    }

    fn numbered(&self, all: bool, items: &[String], before_if: bool) -> String {
        let items = items.join("; ");
        match (all, before_if) {
            (true, false) => format!("다음이 모두 성립합니다: {items}"),
            (false, false) => format!("다음 중 하나 이상이 성립합니다: {items}"),
            (true, true) => format!("다음을 모두 만족하는({items})"),
            (false, true) => format!("다음 중 하나 이상을 만족하는({items})"),
        }
    }

    fn if_clause(&self, condition: &str) -> String {
        format!("{condition} 경우")
    }

    fn list(&self, items: &[String]) -> String {
        joined(items, ", ", ", ")
    }

    fn choice(&self, items: &[String]) -> String {
        joined(items, ", ", " 또는 ")
    }

    fn duration(&self, duration: Duration) -> String {
        let amount = grouped(duration.amount);
        match duration.unit {
            Unit::Minute => format!("{amount}분"),
            Unit::Hour => format!("{amount}시간"),
            Unit::Day => format!("{amount}일"),
            Unit::Week => format!("{amount}주"),
            Unit::Month => format!("{amount}개월"),
            // `1분기` would be read as the first quarter of the year.
            Unit::Quarter => format!("{amount}개 분기"),
            Unit::Year => format!("{amount}년"),
            Unit::BusinessMinute => format!("영업시간 {amount}분"),
            Unit::BusinessHour => format!("영업시간 {amount}시간"),
            Unit::BusinessDay => format!("{amount}영업일"),
        }
    }

    fn within(&self, duration: &str) -> String {
        format!("{duration} 이내")
    }

    fn every(&self, every: Every) -> String {
        let one = |d: &Duration| d.amount == rust_decimal::Decimal::ONE;
        match every {
            Every::Period(Period::Day) => "매일".to_owned(),
            Every::Period(Period::Week) => "매주".to_owned(),
            Every::Period(Period::Month) => "매월".to_owned(),
            Every::Period(Period::Quarter) => "매 분기".to_owned(),
            Every::Period(Period::Year) => "매년".to_owned(),
            Every::Duration(duration) => match duration.unit {
                Unit::Hour if one(&duration) => "매시간".to_owned(),
                Unit::Day if one(&duration) => "매일".to_owned(),
                Unit::BusinessDay if one(&duration) => "매 영업일".to_owned(),
                Unit::Week if one(&duration) => "매주".to_owned(),
                Unit::Month if one(&duration) => "매월".to_owned(),
                Unit::Quarter if one(&duration) => "매 분기".to_owned(),
                Unit::Year if one(&duration) => "매년".to_owned(),
                _ => format!("{}마다", self.duration(duration)),
            },
        }
    }

    fn later(&self, duration: &str) -> String {
        format!("{duration} 후")
    }

    fn after(&self, duration: &str) -> String {
        format!("이 단계에 들어온 지 {duration} 후")
    }

    fn before(&self, duration: &str, field: &str) -> String {
        format!("{field} {duration} 전")
    }

    fn measure(&self, measure: &MeasureWords) -> String {
        let only = |only: &Option<String>| {
            only.as_ref().map_or_else(String::new, |only| format!(" (조건: {only})"))
        };
        match measure {
            MeasureWords::Conversion { from, to, within } => {
                let within = within.as_ref().map_or_else(String::new, |w| format!(" ({w})"));
                format!("{from}에서 {} 전환되는 비율{within}", direction(to))
            }
            MeasureWords::Entries { into, only: condition } => {
                format!("{into}에 들어오는 레코드 수{}", only(condition))
            }
            MeasureWords::Balance { of } => format!("{of}에 머무는 레코드 수"),
            MeasureWords::Cycle { statistic, from, to } => {
                format!("{from}에서 {to}까지 걸리는 기간 ({})", statistic_word(*statistic))
            }
            MeasureWords::Dwell { statistic, stage } => {
                format!("{stage}에 머무는 기간 ({})", statistic_word(*statistic))
            }
            MeasureWords::Sum { field, entering, only: condition } => {
                format!("{entering}에 들어오는 레코드의 {field} 합계{}", only(condition))
            }
            MeasureWords::Share { of, only } => {
                format!("{of}에 들어오는 레코드 중 다음 조건을 만족하는 비율: {only}")
            }
            MeasureWords::Coverage { goal, by } => {
                format!("{goal} 목표 대비 진행 중인 레코드의 {by} 합계 배수")
            }
        }
    }

    fn target(&self, at_least: bool, value: &str, every: Option<&str>) -> String {
        let bound = if at_least { "이상" } else { "이하" };
        match every {
            Some(every) => format!("{value} {bound} ({every})"),
            None => format!("{value} {bound}"),
        }
    }
}

/// `subject`, already with its particle, is the object, or is not.
fn equal(subject: &str, object: &str, negated: bool) -> Statement {
    match negated {
        false => ending(&format!("{subject} {object}"), IS),
        true => ending(&format!("{subject} {} ", as_subject(object)), IS_NOT),
    }
}

fn ending(head: &str, [alone, and, or, before_if]: Endings) -> Statement {
    Statement {
        alone: format!("{head}{alone}"),
        before_and: format!("{head}{and}"),
        before_or: format!("{head}{or}"),
        before_if: format!("{head}{before_if}"),
        has_list: false,
    }
}

/// `가, 나, 다 중 하나`
fn listed(items: &[String]) -> String {
    format!("{} 중 하나", joined(items, ", ", ", "))
}

fn statistic_word(statistic: Statistic) -> &'static str {
    match statistic {
        Statistic::Median => "중앙값",
        Statistic::Average => "평균",
        Statistic::P90 => "레코드 열 건 중 아홉 건 기준",
    }
}
