//! What diagrams write as text: paragraphs, lengths of time, outcomes.

use crate::model::Outcome;

/// What a text says first, unless that is a list with a head.
pub(super) fn first_paragraph(text: &str) -> Option<String> {
    let first = text.split("\n\n").next()?.split_whitespace().collect::<Vec<_>>().join(" ");
    let head = first.split_once(':').is_some_and(|(head, _)| head.chars().count() < 16);
    (!first.is_empty() && !head).then_some(first)
}

/// A length of time of ISO 8601 with one unit, in the notation of the language.
pub(super) fn duration(text: &str) -> Option<String> {
    let rest = text.trim().strip_prefix('P')?;
    let (rest, units) = match rest.strip_prefix('T') {
        Some(rest) => (rest, [('H', "h"), ('M', "m"), ('S', "")]),
        None => (rest, [('D', "d"), ('W', "w"), ('M', "mo")]),
    };
    if let Some(years) = rest.strip_suffix('Y').filter(|_| !text.contains('T')) {
        return whole(years).map(|years| format!("{years}y"));
    }
    let (_, word) =
        units.iter().find(|(letter, word)| rest.ends_with(*letter) && !word.is_empty())?;
    let number = rest.get(..rest.len().checked_sub(1)?)?;
    whole(number).map(|number| format!("{number}{word}"))
}

/// Units as a build writes them, in the languages that it has, and in the notation of the language.
const UNITS: &[(&str, &str)] = &[
    (" business minutes", " business minutes"),
    (" business minute", " business minute"),
    (" business hours", " business hours"),
    (" business hour", " business hour"),
    (" business days", " business days"),
    (" business day", " business day"),
    (" minutes", "m"),
    (" minute", "m"),
    (" hours", "h"),
    (" hour", "h"),
    (" days", "d"),
    (" day", "d"),
    (" weeks", "w"),
    (" week", "w"),
    (" quarters", "q"),
    (" quarter", "q"),
    (" months", "mo"),
    (" month", "mo"),
    (" years", "y"),
    (" year", "y"),
    ("営業時間", " business hours"),
    ("営業日", " business days"),
    ("時間", "h"),
    ("分", "m"),
    ("週間", "w"),
    ("四半期", "q"),
    ("か月", "mo"),
    ("日", "d"),
    ("年", "y"),
    ("영업일", " business days"),
    ("시간", "h"),
    ("분", "m"),
    ("일", "d"),
    ("주", "w"),
    ("개 분기", "q"),
    ("개월", "mo"),
    ("년", "y"),
];

/// A length of time in words: `2 business days`, `2営業日`, `2영업일`.
pub(super) fn words(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    // Two languages put working time in front.
    let (text, business) = match text.strip_prefix("営業時間").or(text.strip_prefix("영업시간"))
    {
        Some(rest) => (rest.trim(), true),
        None => (text.as_str(), false),
    };
    let (number, unit) =
        UNITS.iter().find_map(|(word, unit)| Some((text.strip_suffix(word)?, *unit)))?;
    let number = whole(&number.trim().replace(',', ""))?;
    match (business, unit) {
        (false, unit) => Some(format!("{number}{unit}")),
        (true, "m") => Some(format!("{number} business minutes")),
        (true, "h") => Some(format!("{number} business hours")),
        (true, _) => None,
    }
}

/// What a build has written of how the work ended: a paragraph of its own.
pub(super) fn outcome(text: &str) -> Option<Outcome> {
    text.split("\n\n").find_map(|part| {
        let (head, word) = part.trim().split_once(": ")?;
        Some(match (head, word.trim()) {
            ("Outcome", "won") | ("결과", "성공") | ("結果", "成約") => Outcome::Won,
            ("Outcome", "lost") | ("결과", "실패") | ("結果", "失注") => Outcome::Lost,
            ("Outcome", "void") | ("결과", "무효") | ("結果", "無効") => Outcome::Void,
            _ => return None,
        })
    })
}

fn whole(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| (1..=10_000).contains(number))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn lengths_of_time_are_read_in_three_languages() {
        for (text, is) in [
            ("1 business day", "1 business day"),
            ("2 weeks", "2w"),
            ("1 year", "1y"),
            ("1,000 hours", "1000h"),
            ("3営業日", "3 business days"),
            ("4営業時間", "4 business hours"),
            ("営業時間30分", "30 business minutes"),
            ("2か月", "2mo"),
            ("2개 분기", "2q"),
            ("3영업일", "3 business days"),
            ("영업시간 4시간", "4 business hours"),
            ("6개월", "6mo"),
            ("5일", "5d"),
        ] {
            assert_eq!(words(text).as_deref(), Some(is), "{text}");
        }
        for none in ["", "soon", "days", "営業日", "2 moons", "営業時間3日", "0 days"] {
            assert_eq!(words(none), None, "{none}");
        }
    }
}
