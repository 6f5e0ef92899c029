//! A change in a sentence, and what it was and is.

use crate::diag::render::one_line;
use crate::diff::{Aspect, Change, Difference, Fact, Kind, Part};

/// Texts longer than this are shown from where they differ.
const LONG: usize = 90;
/// Characters shown before the place where two texts part.
const BEFORE: usize = 30;

/// The change in one sentence, without what it was and is.
pub(super) fn headline(difference: &Difference<'_>, change: &Change<'_>) -> String {
    let said = change.said(difference.old, difference.new);
    let fact = |fact: &Option<Fact<'_>>, process| fact.as_ref().map(|fact| fact.source(process));
    let Aspect::Of(word) = change.aspect else {
        let now = fact(&change.new, difference.new).unwrap_or_default();
        return match change.kind {
            Kind::Added => format!("{said} is new"),
            Kind::Retired => {
                let since = since(difference, change);
                let since = since.map_or(String::new(), |day| format!(" since {day}"));
                match now.as_str() {
                    "" => format!("{said} is retired{since}"),
                    _ => format!("{said} is retired{since}, and goes on as `{now}`"),
                }
            }
            Kind::Merged if now.is_empty() => format!("{said} is part of another move now"),
            Kind::Merged => format!("{said} is part of `{now}` now"),
            Kind::Renamed => {
                let was = change.part.old.map(|part| part.said(difference.old));
                format!("{} is called `{now}` now", was.unwrap_or(said))
            }
            _ => match change.maybe {
                Some(part) => {
                    let now = part.name(difference.new);
                    format!("{said} is gone, or is it called `{now}` now?")
                }
                None => format!("{said} is gone"),
            },
        };
    };
    let is_list = |fact: &Option<Fact<'_>>| matches!(fact, Some(Fact::Names(_)));
    let is_plural = is_plural(label(word));
    let is = match change.kind {
        Kind::Changed if is_list(&change.old) || is_list(&change.new) => "change",
        Kind::Tightened => "is tighter",
        Kind::Loosened => "is looser",
        Kind::Shifted => "lets other records through",
        Kind::Shortened => "is shorter",
        Kind::Lengthened => "is longer",
        Kind::Raised => "is higher",
        Kind::Lowered => "is lower",
        Kind::Reworded => "is written differently, and means the same",
        Kind::Unmatched => "matches nothing",
        Kind::Added => "is new",
        Kind::Removed | Kind::Retired | Kind::Merged => "is gone",
        Kind::Changed | Kind::Renamed => "is different",
    };
    let is = if is_plural { plural(is) } else { is };
    // A criterion is its condition.
    match (change.part.new, word) {
        (Some(Part::Criterion(_)), "condition") => format!("{said} {is}"),
        (Some(Part::Move(_)), "at most") => format!("number of times of {said} {is}"),
        _ => format!("{} of {said} {is}", label(word)),
    }
}

/// The day since which something is retired, if it has one.
fn since(difference: &Difference<'_>, change: &Change<'_>) -> Option<jiff::civil::Date> {
    let span = change.place.new?;
    let mut all = difference.new.retired.iter();
    all.find(|retired| retired.span.key() == span.key())?.since
}

/// A property as a sentence names it, where the word of the language would not do.
fn label(word: &str) -> &str {
    match word {
        "accept" => "acceptance",
        "after" => "timer",
        "also" => "synonyms",
        "at most" | "at least" => "bound",
        "by" => "people",
        "carries" => "parcel",
        "cases" => "assignment",
        "collect" => "fields to fill in",
        "effective" => "effective date",
        "else" => "way back",
        "escalate" => "escalation",
        "except" => "holidays",
        "expires" => "expiry",
        "for" => "stages",
        "from" => "origin",
        "halves" => "half-life",
        "means" => "meaning",
        "next" => "next step",
        "see" => "references",
        "shared by" => "sharing teams",
        "support" => "supporters",
        "to" => "recipients",
        "when" => "condition",
        "within" => "handoff time",
        other => other,
    }
}

/// Whether a property is called by a word for several things.
fn is_plural(label: &str) -> bool {
    matches!(
        label,
        "channels"
            | "exceptions"
            | "fields to fill in"
            | "holidays"
            | "languages"
            | "people"
            | "recipients"
            | "references"
            | "sharing teams"
            | "stages"
            | "steps"
            | "supporters"
            | "synonyms"
    )
}

/// What became of several things, by what became of one.
fn plural(is: &'static str) -> &'static str {
    match is {
        "is tighter" => "are tighter",
        "is looser" => "are looser",
        "lets other records through" => "let other records through",
        "is shorter" => "are shorter",
        "is longer" => "are longer",
        "is higher" => "are higher",
        "is lower" => "are lower",
        "is written differently, and means the same" => {
            "are written differently, and mean the same"
        }
        "matches nothing" => "match nothing",
        "is new" => "are new",
        "is gone" => "are gone",
        "is different" => "are different",
        other => other,
    }
}

/// What it was and is, where the headline does not say it.
pub(super) struct Facts {
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    /// What a list has lost and gained, rather than what it was and is.
    pub(super) of_list: bool,
    /// Whether both are conditions, in the words of the source.
    pub(super) is_source: bool,
}

pub(super) fn facts(difference: &Difference<'_>, change: &Change<'_>) -> Facts {
    let in_headline = change.aspect == Aspect::Whole
        && matches!(change.kind, Kind::Renamed | Kind::Retired | Kind::Merged);
    // A question stands by itself.
    if in_headline || change.maybe.is_some() {
        return Facts { old: None, new: None, of_list: false, is_source: false };
    }
    let (old, new) = match (&change.old, &change.new) {
        (Some(Fact::Text(was)), Some(Fact::Text(now))) => {
            let (was, now) = parted(&one_line(&was.value), &one_line(&now.value));
            (Some(was), Some(now))
        }
        (was, now) => {
            let was = was.as_ref().map(|fact| shortened(fact, difference.old));
            (was, now.as_ref().map(|fact| shortened(fact, difference.new)))
        }
    };
    let is_list = |fact: &Option<Fact<'_>>| matches!(fact, Some(Fact::Names(_)));
    let is_source = |fact: &Option<Fact<'_>>| {
        matches!(fact, None | Some(Fact::Condition(_) | Fact::Criterion(..)))
    };
    Facts {
        old,
        new,
        of_list: is_list(&change.old) || is_list(&change.new),
        is_source: is_source(&change.old) && is_source(&change.new),
    }
}

/// A fact on one line; of a long text its beginning.
fn shortened(fact: &Fact<'_>, process: &crate::model::Process) -> String {
    let line = one_line(&fact.source(process));
    match fact {
        Fact::Text(_) | Fact::Translations(_) => cut(&line, LONG),
        _ => line,
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Two texts, each in quotes; long ones from shortly before where they part.
fn parted(was: &str, now: &str) -> (String, String) {
    let long = |text: &str| text.chars().count() > LONG;
    if !long(was) && !long(now) {
        return (format!("\"{was}\""), format!("\"{now}\""));
    }
    let same = was.chars().zip(now.chars()).take_while(|(a, b)| a == b).count();
    // Not in the middle of a word, where there is another.
    let from = same.saturating_sub(BEFORE);
    let lead = was.chars().take(same).skip(from).position(char::is_whitespace);
    let from = if from > 0 { from + lead.map_or(0, |space| space + 1) } else { 0 };
    let part = |text: &str| {
        let begin = if from > 0 { "…" } else { "" };
        let rest: String = text.chars().skip(from).collect();
        format!("\"{begin}{}\"", cut(&rest, LONG))
    };
    (part(was), part(now))
}

#[cfg(test)]
mod tests {
    use super::parted;

    #[test]
    fn long_texts_are_shown_where_they_part() {
        let same = "a ".repeat(100);
        let (was, now) = parted(&format!("{same}one"), &format!("{same}two"));
        assert!(was.starts_with("\"…") && was.ends_with("one\""), "{was}");
        assert!(now.ends_with("two\""), "{now}");
        assert_eq!(parted("one", "two"), ("\"one\"".to_owned(), "\"two\"".to_owned()));
    }
}
