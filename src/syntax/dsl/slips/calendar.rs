//! Working hours written another way: `mon-fri 9-18`, `Monday to Friday 9am-6pm`.

use crate::diag::{Diagnostic, Edit, Safety, codes};

use super::super::builder::Builder;
use super::super::explain::{Stop, shown};
use super::super::parser::Rule;

/// The finding for hours that cannot be read, with what they probably mean.
pub(super) fn hours(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let first = stop.tokens.first()?;
    let is_property = first.of(builder.text) == "calendar" && stop.index > 0;
    let is_value = matches!(stop.rule(), Rule::only_calendar | Rule::only_hours);
    if !is_property && !is_value {
        return None;
    }
    // What follows the hours, `except […]`, has findings of its own.
    let is_behind = |word: &str| matches!(word, "except" | "[");
    let before = stop.tokens.get(..stop.index)?;
    if before.iter().any(|token| token.of(builder.text) == "except") {
        return None;
    }
    let start = if is_property { first.at.end } else { first.at.start };
    let line = builder.text.get(start..)?.lines().next()?;
    let end = line
        .split_whitespace()
        .find(|word| is_behind(word) || OTHERS.contains(word))
        .and_then(|word| line.find(word))
        .unwrap_or(line.len());
    let line = line.get(..end)?;
    let written = line.trim();
    if written.is_empty() || written.contains(['[', '{']) {
        return None;
    }
    let at = start + (line.len() - line.trim_start().len());
    let span = builder.place(at, at + written.len());
    let fact = format!("`{}` are no working hours", shown(written));
    let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, fact);
    let meant: Option<Vec<String>> =
        written.trim_matches('"').split([',', ';']).map(part).collect();
    let Some(meant) = meant else {
        return Some(finding.help(
            "write the days, then the times: `mon-fri 09:00-18:00`; several parts behind commas, \
             single days in brackets: `[mon, wed] 09:00-12:00`",
        ));
    };
    let right = meant.join(", ");
    Some(finding.help(format!("write `{right}`")).fix(
        format!("write `{right}`"),
        Safety::Safe,
        vec![Edit { span, replacement: right }],
    ))
}

/// Properties that may follow on the line.
const OTHERS: &[&str] =
    &["version", "effective", "currency", "timezone", "languages", "about", "status", "waive"];

/// The days and the times of one part. `None` when they are not plain.
fn part(written: &str) -> Option<String> {
    let lower = written.to_lowercase().replace(['–', '—', '~', '〜'], "-").replace(" to ", "-");
    let at = lower.find(|c: char| c.is_ascii_digit())?;
    let (days, times) = lower.split_at_checked(at)?;
    let days: Vec<&str> = days.trim().trim_end_matches(':').split('-').map(str::trim).collect();
    let days: Vec<&str> = days.into_iter().map(day).collect::<Option<_>>()?;
    let days = match days.as_slice() {
        [one] => (*one).to_owned(),
        [first, last] => format!("{first}-{last}"),
        _ => return None,
    };
    let (from, to) = times.split_once('-')?;
    // Of `1-5pm` nobody knows which half of the day it begins in.
    let says_half = |time: &str| time.contains(['a', 'p']);
    if says_half(to) && !says_half(from) {
        return None;
    }
    let (from, to) = (time(from)?, time(to)?);
    (from < to).then(|| format!("{days} {from}-{to}"))
}

/// `monday`, `mon`, `mo.`
fn day(word: &str) -> Option<&'static str> {
    let word = word.trim_end_matches('.');
    let stem = word.trim_end_matches('s');
    let names = [
        ("mon", "monday"),
        ("tue", "tuesday"),
        ("wed", "wednesday"),
        ("thu", "thursday"),
        ("fri", "friday"),
        ("sat", "saturday"),
        ("sun", "sunday"),
    ];
    let found = names.into_iter().find(|(short, long)| {
        word == *short
            || word.len() == 2 && short.starts_with(word)
            || stem.len() >= 3 && long.starts_with(stem)
    });
    found.map(|(short, _)| short)
}

/// `9`, `9am`, `0900`, `9.00`, `9:00`, as `09:00`.
fn time(written: &str) -> Option<String> {
    let written = written.trim();
    let (digits, half) = match (written.strip_suffix("am"), written.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (written.trim_end_matches(['h', '時']), None),
    };
    let digits = digits.trim();
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "00"),
    };
    let is_number =
        |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) {
        return None;
    }
    let (mut hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + half;
    }
    (hour < 24 && minute < 60 || hour == 24 && minute == 0)
        .then(|| format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn hours_are_understood_when_they_are_plain() {
        for written in [
            "mon-fri 9-18",
            "Mon-Fri 9:00-18:00",
            "Monday to Friday 9am-6pm",
            "mon-fri 0900-1800",
            "mon–fri 9.00–18.00",
            "Mon-Fri: 9 to 18",
            "mo-fr 9-18",
        ] {
            assert_eq!(part(written).as_deref(), Some("mon-fri 09:00-18:00"), "{written}");
        }
        assert_eq!(part("sat 10am-12pm").as_deref(), Some("sat 10:00-12:00"));
        for none in
            ["mon-fri", "9-18", "mon-fri 18-9", "mon-fri 9-6pm x", "mo-xx 9-18", "mon 25-26"]
        {
            assert_eq!(part(none), None, "{none}");
        }
    }
}
