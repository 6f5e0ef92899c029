//! What diagrams write as text: paragraphs, lengths of time.

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

/// A length of time in words: `2 business days`.
pub(super) fn words(text: &str) -> Option<String> {
    let mut parts = text.split_whitespace();
    let number = whole(parts.next()?)?;
    let rest: Vec<&str> = parts.collect();
    let unit = match rest.as_slice() {
        ["minute" | "minutes"] => "m",
        ["hour" | "hours"] => "h",
        ["day" | "days"] => "d",
        ["week" | "weeks"] => "w",
        ["month" | "months"] => "mo",
        ["business", "hour" | "hours"] => " business hours",
        ["business", "day" | "days"] => " business days",
        _ => return None,
    };
    Some(format!("{number}{unit}"))
}

fn whole(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| (1..=10_000).contains(number))
}
