//! Values as they are written in source.

use std::fmt::Write;

use rust_decimal::Decimal;

use crate::syntax::ast::{Clock, Duration, Every, LabelText, Literal, Path, Text};

/// A text in quotes, with escapes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Writing to a String cannot fail.
            c if c.is_control() => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A value.
pub fn literal(value: &Literal) -> String {
    match value {
        Literal::Number(number) => grouped(*number),
        Literal::Percent(percent) => format!("{percent}%"),
        Literal::Money(money) => format!("{} {}", grouped(money.amount), money.currency),
        Literal::Text(text) => quoted(text),
        Literal::Boolean(value) => value.to_string(),
        Literal::Date(date) => date.to_string(),
        Literal::DateTime(at) => at.to_string(),
        Literal::Duration(value) => duration(value),
    }
}

/// A number with `_` between its thousands, if it has five digits or more before the point: what was
/// written as `5_000_000` stays readable.
pub(super) fn grouped(number: Decimal) -> String {
    let text = number.to_string();
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.as_str(), None),
    };
    let digits = whole.trim_start_matches('-');
    if digits.len() < 5 {
        return text;
    }
    let mut out = String::with_capacity(text.len() + digits.len() / 3);
    if whole.starts_with('-') {
        out.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push('_');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A length of time: `30d`, `2 business days`.
pub fn duration(value: &Duration) -> String {
    value.to_string()
}

/// `30d`, `120d before renews_on`.
pub fn clock(clock: &Clock) -> String {
    match &clock.before {
        None => duration(&clock.duration.value),
        Some(path) => format!("{} before {}", duration(&clock.duration.value), path.dotted()),
    }
}

/// What stands behind `every`: `quarter`, `2w`.
pub fn every(every: &Every) -> String {
    match every {
        Every::Period(period) => period.word().to_owned(),
        Every::Duration(value) => duration(value),
    }
}

/// A text with its translations. A text of several lines is written as one, unless it cannot be.
pub(super) fn text(text: &Text, indent: usize) -> String {
    let mut out = long_or_quoted(&text.value, indent);
    for translation in &text.translations {
        out.push(' ');
        out.push_str(&translation.language.text);
        out.push(' ');
        out.push_str(&long_or_quoted(&translation.value, indent));
    }
    out
}

/// `"""…"""` keeps every character but common indentation and the first and last line break, so
/// it is used only where these take nothing away.
fn long_or_quoted(text: &str, indent: usize) -> String {
    let fits = text.contains('\n')
        && !text.contains("\"\"\"")
        && !text.contains('\r')
        && !text.ends_with(['\n', '"'])
        && !text.starts_with('\n')
        && text.chars().all(|c| c == '\n' || !c.is_control())
        && text.lines().all(|line| line.trim_end() == line)
        && text.lines().any(|line| !line.is_empty() && !line.starts_with(' '));
    if !fits {
        return quoted(text);
    }
    let margin = " ".repeat(indent + 2);
    let mut out = "\"\"\"\n".to_owned();
    for line in text.lines() {
        if !line.is_empty() {
            out.push_str(&margin);
            out.push_str(line);
        }
        out.push('\n');
    }
    out.push_str(&margin);
    out.push_str("\"\"\"");
    out
}

pub(super) fn labels(labels: &[LabelText], indent: usize) -> String {
    let parts: Vec<String> = labels
        .iter()
        .map(|label| match label {
            LabelText::Word(name) => name.text.clone(),
            LabelText::Titled(name, title) => format!("{name} {}", text(title, indent)),
            LabelText::Text(value) => text(value, indent),
        })
        .collect();
    format!("[{}]", parts.join(", "))
}

pub(super) fn paths(paths: &[Path]) -> String {
    let parts: Vec<String> = paths.iter().map(Path::dotted).collect();
    format!("[{}]", parts.join(", "))
}
