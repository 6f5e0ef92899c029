//! The stories of records, told by titles: the reports tell them by the names of the source.

use crate::diff::reason::Story;
use crate::emit::sentence::Sentences;
use crate::logic::prove::{Known, KnownValue};

/// How a language tells what is known of records, and what became of them.
pub(super) trait Stories: Sync {
    /// What is known of a record, without a verb that would depend on the words before it.
    fn known(&self, name: &str, value: Said) -> String;
    /// Everything that is known, in one.
    fn joined(&self, known: &[String]) -> String;
    /// The story; `known` is empty when it is that of all records.
    fn story(&self, story: &Story, known: &str, ends: (&str, &str)) -> String;
    /// Nobody, as the end of a way.
    fn nobody(&self) -> &'static str;
}

/// What is known of a field, a confirmation or an event, in the words of the language.
pub(super) enum Said {
    Missing,
    Present,
    Confirmed(bool),
    Never,
    Is(String),
    /// When an event happened.
    At(String),
    /// Nothing but that it has just come into its stage.
    JustCame,
    /// How long it has been in its stage.
    InStage(String),
    Today(String),
}

/// The stories as sentences. `owner` gives what people call a team or role.
pub(super) fn told(
    stories: &[Story],
    language: &dyn Stories,
    sentences: &Sentences<'_>,
    owner: impl Fn(&str) -> String,
) -> String {
    let one = |story: &Story| {
        let (known, from, to) = match story {
            Story::Shut(known) | Story::Opened(known) => (known.as_slice(), None, None),
            Story::Routed { known, from, to } => (known.as_slice(), from.as_ref(), to.as_ref()),
            _ => (&[][..], None, None),
        };
        let known: Vec<String> =
            known.iter().map(|known| said(known, language, sentences)).collect();
        let end = |end: Option<&String>| {
            end.map_or_else(|| language.nobody().to_owned(), |name| owner(name))
        };
        language.story(story, &language.joined(&known), (&end(from), &end(to)))
    };
    stories.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn said(known: &Known, language: &dyn Stories, sentences: &Sentences<'_>) -> String {
    let Known { name, value } = known;
    let value = match value {
        KnownValue::Missing => Said::Missing,
        KnownValue::Present => Said::Present,
        KnownValue::Confirmed(is) => Said::Confirmed(*is),
        KnownValue::Is(value) => Said::Is(sentences.value(value)),
        KnownValue::Options(titles) => {
            let titles: Vec<&str> = titles.iter().map(|title| sentences.text(title)).collect();
            Said::Is(titles.join(", "))
        }
        KnownValue::Times(times) if times.is_empty() => Said::Never,
        KnownValue::Times(times) => {
            let times = times.iter().map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
            Said::At(times.collect::<Vec<_>>().join(", "))
        }
        KnownValue::Stay(None) => Said::JustCame,
        KnownValue::Stay(Some(length)) => Said::InStage(sentences.duration(*length)),
        KnownValue::Today(day) => Said::Today(day.to_string()),
    };
    let name = name.as_ref().map_or("", |name| sentences.text(name));
    language.known(name, value).replace('`', "'")
}

pub(super) struct English;

impl Stories for English {
    fn known(&self, name: &str, value: Said) -> String {
        match value {
            Said::Missing => format!("“{name}” is empty"),
            Said::Present => format!("“{name}” is filled in"),
            Said::Confirmed(true) => format!("“{name}” is confirmed"),
            Said::Confirmed(false) => format!("“{name}” is not confirmed"),
            Said::Never => format!("“{name}” has not happened"),
            Said::Is(value) => format!("“{name}” is {value}"),
            Said::At(times) => format!("“{name}” happened at {times}"),
            Said::JustCame => "it has just come into the stage".to_owned(),
            Said::InStage(length) => format!("it has been in the stage for {length}"),
            Said::Today(day) => format!("today is {day}"),
        }
    }

    fn joined(&self, known: &[String]) -> String {
        match known {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }

    fn nobody(&self) -> &'static str {
        "nobody"
    }

    fn story(&self, story: &Story, known: &str, (from, to): (&str, &str)) -> String {
        let plain = match story {
            Story::Shut(_) if known.is_empty() => {
                "Before, a record could always pass; now none does."
            }
            Story::Shut(_) => {
                return format!("Where {known}, a record passed before, and does not now.");
            }
            Story::Opened(_) if known.is_empty() => "Before, no record passed; now every one does.",
            Story::Opened(_) => {
                return format!("Where {known}, a record did not pass before, and does now.");
            }
            Story::Routed { .. } if known.is_empty() => {
                return format!("Before, a record went to {from}; now it goes to {to}.");
            }
            Story::Routed { .. } => {
                return format!("Where {known}, a record went to {from}, and now goes to {to}.");
            }
            Story::NotCompared => "What this lets through cannot be compared with before.",
            Story::ShutUnknown => {
                "Whether it keeps out records that passed cannot be told by proof."
            }
            Story::OpenedUnknown => {
                "Whether it lets through records that did not pass cannot be told by proof."
            }
            Story::Unknown => {
                "Whom this lets through, and whom it does not, cannot be told by proof."
            }
            Story::RoutedAlike => "Everybody gets the same records as before.",
            Story::RoutesTooMany => "It has too many cases to be compared one by one.",
            Story::RoutesNotCompared => "Who gets what cannot be compared with before.",
            Story::RoutesUnknown => "Who gets which records now cannot be told by proof.",
        };
        plain.to_owned()
    }
}

pub(super) struct Japanese;

impl Stories for Japanese {
    fn known(&self, name: &str, value: Said) -> String {
        match value {
            Said::Missing => format!("「{name}」が未入力"),
            Said::Present => format!("「{name}」が入力済み"),
            Said::Confirmed(true) => format!("「{name}」が確認済み"),
            Said::Confirmed(false) => format!("「{name}」が未確認"),
            Said::Never => format!("「{name}」がまだない"),
            Said::Is(value) | Said::At(value) => format!("「{name}」が{value}"),
            Said::JustCame => "このステージに入ったばかり".to_owned(),
            Said::InStage(length) => format!("このステージに入って{length}"),
            Said::Today(day) => format!("今日が{day}"),
        }
    }

    fn joined(&self, known: &[String]) -> String {
        known.join("、")
    }

    fn nobody(&self) -> &'static str {
        "なし"
    }

    fn story(&self, story: &Story, known: &str, (from, to): (&str, &str)) -> String {
        let plain = match story {
            Story::Shut(_) if known.is_empty() => {
                "以前はすべてのレコードが通過できましたが、今は1件も通過できません。"
            }
            Story::Shut(_) => {
                return format!(
                    "次のようなレコードは、以前は通過できましたが、今は通過できません: {known}。"
                );
            }
            Story::Opened(_) if known.is_empty() => {
                "以前はどのレコードも通過できませんでしたが、今はすべて通過できます。"
            }
            Story::Opened(_) => {
                return format!(
                    "次のようなレコードは、以前は通過できませんでしたが、今は通過できます: {known}。"
                );
            }
            Story::Routed { .. } if known.is_empty() => {
                return format!("すべてのレコードの行き先が変わります（{from} → {to}）。");
            }
            Story::Routed { .. } => {
                return format!(
                    "次のようなレコードの行き先が変わります（{from} → {to}）: {known}。"
                );
            }
            Story::NotCompared => "何を通すかは、以前と比較できません。",
            Story::ShutUnknown => {
                "通過できていたレコードを止めるかどうかは、証明ではわかりません。"
            }
            Story::OpenedUnknown => {
                "通過できなかったレコードを通すかどうかは、証明ではわかりません。"
            }
            Story::Unknown => "何を通し、何を止めるかは、証明ではわかりません。",
            Story::RoutedAlike => "以前と同じ担当が同じレコードを受け取ります。",
            Story::RoutesTooMany => "場合分けが多すぎるため、一つずつ比較できません。",
            Story::RoutesNotCompared => "誰が何を受け取るかは、以前と比較できません。",
            Story::RoutesUnknown => {
                "誰がどのレコードを受け取るようになるかは、証明ではわかりません。"
            }
        };
        plain.to_owned()
    }
}

pub(super) struct Korean;

impl Stories for Korean {
    fn known(&self, name: &str, value: Said) -> String {
        match value {
            Said::Missing => format!("‘{name}’ 비어 있음"),
            Said::Present => format!("‘{name}’ 입력됨"),
            Said::Confirmed(true) => format!("‘{name}’ 확인됨"),
            Said::Confirmed(false) => format!("‘{name}’ 확인되지 않음"),
            Said::Never => format!("‘{name}’ 아직 없음"),
            Said::Is(value) | Said::At(value) => format!("‘{name}’ {value}"),
            Said::JustCame => "이 단계에 막 들어옴".to_owned(),
            Said::InStage(length) => format!("이 단계에 {length} 머무름"),
            Said::Today(day) => format!("오늘 날짜 {day}"),
        }
    }

    fn joined(&self, known: &[String]) -> String {
        known.join(", ")
    }

    fn nobody(&self) -> &'static str {
        "없음"
    }

    fn story(&self, story: &Story, known: &str, (from, to): (&str, &str)) -> String {
        let plain = match story {
            Story::Shut(_) if known.is_empty() => {
                "전에는 모든 레코드가 통과할 수 있었지만 이제는 하나도 통과하지 못합니다."
            }
            Story::Shut(_) => {
                return format!(
                    "다음과 같은 레코드는 전에는 통과했지만 이제는 통과하지 못합니다: {known}."
                );
            }
            Story::Opened(_) if known.is_empty() => {
                "전에는 어떤 레코드도 통과하지 못했지만 이제는 모두 통과합니다."
            }
            Story::Opened(_) => {
                return format!(
                    "다음과 같은 레코드는 전에는 통과하지 못했지만 이제는 통과합니다: {known}."
                );
            }
            Story::Routed { .. } if known.is_empty() => {
                return format!("모든 레코드를 받는 쪽이 바뀝니다 ({from} → {to}).");
            }
            Story::Routed { .. } => {
                return format!(
                    "다음과 같은 레코드를 받는 쪽이 바뀝니다 ({from} → {to}): {known}."
                );
            }
            Story::NotCompared => "무엇을 통과시키는지 전과 비교할 수 없습니다.",
            Story::ShutUnknown => "통과하던 레코드를 막는지는 증명으로 알 수 없습니다.",
            Story::OpenedUnknown => {
                "통과하지 못하던 레코드를 통과시키는지는 증명으로 알 수 없습니다."
            }
            Story::Unknown => "무엇을 통과시키고 무엇을 막는지는 증명으로 알 수 없습니다.",
            Story::RoutedAlike => "모두 전과 같은 레코드를 받습니다.",
            Story::RoutesTooMany => "경우가 너무 많아 하나씩 비교할 수 없습니다.",
            Story::RoutesNotCompared => "누가 무엇을 받는지 전과 비교할 수 없습니다.",
            Story::RoutesUnknown => "누가 어떤 레코드를 받게 되는지는 증명으로 알 수 없습니다.",
        };
        plain.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_tells_by_titles() {
        let known = |value| English.known("Budget", value);
        let cases = [
            (known(Said::Missing), "“Budget” is empty"),
            (known(Said::Present), "“Budget” is filled in"),
            (known(Said::Confirmed(false)), "“Budget” is not confirmed"),
            (known(Said::Never), "“Budget” has not happened"),
            (known(Said::Is("5 EUR".to_owned())), "“Budget” is 5 EUR"),
            (known(Said::InStage("3 days".to_owned())), "it has been in the stage for 3 days"),
        ];
        for (told, expected) in &cases {
            assert_eq!(told, expected);
        }
        let all: Vec<String> = cases.iter().take(3).map(|(told, _)| told.clone()).collect();
        let all = English.joined(&all);
        assert_eq!(all, "“Budget” is empty, “Budget” is filled in and “Budget” is not confirmed");
        let story = |story: Story, known: &str| English.story(&story, known, ("Ann", "nobody"));
        let routed = || Story::Routed { known: Vec::new(), from: None, to: None };
        assert_eq!(
            story(Story::Opened(Vec::new()), "x is 1"),
            "Where x is 1, a record did not pass before, and does now."
        );
        assert_eq!(
            story(Story::Shut(Vec::new()), ""),
            "Before, a record could always pass; now none does."
        );
        assert_eq!(
            story(routed(), "x is 1"),
            "Where x is 1, a record went to Ann, and now goes to nobody."
        );
        assert_eq!(story(routed(), ""), "Before, a record went to Ann; now it goes to nobody.");
    }
}
