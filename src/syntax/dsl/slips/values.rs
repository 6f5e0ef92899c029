//! Values written another way: durations, percentages, dates, amounts of money, bounds.

use crate::diag::{Diagnostic, Edit, Safety, closest, codes};

use super::super::builder::Builder;
use super::super::explain::{Stop, shown};
use super::super::parser::Rule;
use super::super::tokens::{Kind, Token};

/// Words for units, and how the language writes them.
fn unit_of(word: &str) -> Option<(&'static str, Option<&'static str>)> {
    Some(match word.to_ascii_lowercase().as_str() {
        "min" | "mins" | "minute" | "minutes" => ("m", Some("minutes")),
        "hr" | "hrs" | "hour" | "hours" => ("h", Some("hours")),
        "day" | "days" => ("d", Some("days")),
        "wk" | "wks" | "week" | "weeks" => ("w", None),
        "mon" | "mth" | "month" | "months" => ("mo", None),
        "qtr" | "quarter" | "quarters" => ("q", None),
        "yr" | "yrs" | "year" | "years" => ("y", None),
        _ => return None,
    })
}

/// Durations without a unit, or with one that is spelt out.
pub(super) fn unit(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let expected = &stop.expected;
    // `2 days`: reading stopped at the word behind a number.
    if let (Some(number), Some(found)) = (stop.before(), stop.found())
        && number.kind == Kind::Number
        && expected.has("business")
        && let Some((short, business)) = unit_of(found.of(builder.text))
    {
        return Some(spelt_out(builder, number, Some(found), short, business));
    }
    // `2days`: it stopped at the number.
    if let Some(found) = stop.found()
        && found.kind == Kind::Number
    {
        let word = found.of(builder.text);
        let letters =
            word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_'));
        if let Some((short, business)) = unit_of(letters) {
            return Some(spelt_out(builder, found, None, short, business));
        }
    }
    // `limit 2`
    let number = stop.before().filter(|token| token.kind == Kind::Number)?;
    let alone = expected.has("business") && !expected.is_after_operand() && !expected.has("every");
    if !alone {
        return None;
    }
    let digits = number.of(builder.text);
    let days = if digits == "1" { "day" } else { "days" };
    if let Some(found) = stop.found().filter(|found| found.kind == Kind::Word)
        && closest(found.of(builder.text), ["business"]).is_some()
    {
        let word = found.of(builder.text);
        let span = builder.place(found.at.start, found.at.end);
        return Some(
            Diagnostic::new(codes::SYNTAX_ERROR, span, format!("unexpected `{word}`"))
                .help("did you mean `business`?")
                .fix(
                    format!("replace `{word}` by `business`"),
                    Safety::Safe,
                    vec![Edit { span, replacement: "business".to_owned() }],
                ),
        );
    }
    let span = builder.place(number.at.start, number.at.end);
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, span, format!("the duration `{digits}` has no unit"))
            .help(format!("write `{digits}h`, `{digits}d` or `{digits} business {days}`")),
    )
}

/// The finding for `2 days`, whose parts may be one token or two.
fn spelt_out(
    builder: &Builder<'_>,
    number: &Token,
    word: Option<&Token>,
    short: &str,
    business: Option<&str>,
) -> Diagnostic {
    let end = word.map_or(number.at.end, |word| word.at.end);
    let span = builder.place(number.at.start, end);
    let written = builder.text.get(number.at.start..end).unwrap_or("");
    let digits: String =
        written.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '_')).collect();
    let finding = Diagnostic::new(
        codes::SYNTAX_ERROR,
        span,
        format!("`{}` is not a duration", shown(written)),
    );
    match business {
        Some(unit) => finding.help(format!(
            "write `{digits}{short}`, or `{digits} business {unit}` for working time"
        )),
        None => finding.help(format!("write `{digits}{short}`")).fix(
            format!("write `{digits}{short}`"),
            Safety::Safe,
            vec![Edit { span, replacement: format!("{digits}{short}") }],
        ),
    }
}

/// `probability 40`
pub(super) fn percent(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let number = stop.before().filter(|token| token.kind == Kind::Number)?;
    let expected = &stop.expected;
    if !expected.has("%") || expected.has("business") || expected.is_after_operand() {
        return None;
    }
    let digits = number.of(builder.text);
    let span = builder.place(number.at.start, number.at.end);
    Some(
        Diagnostic::new(
            codes::SYNTAX_ERROR,
            span,
            format!("the percentage `{digits}` lacks its `%`"),
        )
        .help(format!("write `{digits}%`"))
        .fix(
            "add `%`",
            Safety::Safe,
            vec![Edit { span, replacement: format!("{digits}%") }],
        ),
    )
}

/// `2026/04/01`, `2026-4-1`
pub(super) fn date(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    // A text without quotes is no date: `version 2026.1.2`.
    if stop.expected.is_only_text() {
        return None;
    }
    let token = [stop.found(), stop.before()]
        .into_iter()
        .flatten()
        .find(|token| token.kind == Kind::Number && date_like(token.of(builder.text)).is_some())?;
    foreign_date(builder, token.at.start, token.at.end)
}

/// The finding for bytes `start..end` of the text if they are a date written another way.
pub(in crate::syntax::dsl) fn foreign_date(
    builder: &Builder<'_>,
    start: usize,
    end: usize,
) -> Option<Diagnostic> {
    let written = builder.text.get(start..end)?;
    let right = date_like(written)?;
    let span = builder.place(start, end);
    Some(
        Diagnostic::new(
            codes::INVALID_LITERAL,
            span,
            format!("the date `{written}` is written `{right}` here"),
        )
        .help("dates are year, month and day: `2026-04-01`")
        .fix(
            format!("write `{right}`"),
            Safety::Safe,
            vec![Edit { span, replacement: right }],
        ),
    )
}

/// The date that `word` writes with slashes, dots or single digits, year first.
fn date_like(word: &str) -> Option<String> {
    let parts: Vec<&str> = word.split(['/', '.', '-']).collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let digits = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if year.len() != 4 || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return None;
    }
    let right = format!("{year}-{month:0>2}-{day:0>2}");
    (right != word).then_some(right)
}

/// `currency jpy`
pub(super) fn currency(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|token| token.kind == Kind::Word)?;
    let word = found.of(builder.text);
    let code = word.to_ascii_uppercase();
    let is_code = word.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if !stop.expected.is_currency() || !is_code {
        return None;
    }
    let span = builder.place(found.at.start, found.at.end);
    Some(
        Diagnostic::new(
            codes::SYNTAX_ERROR,
            span,
            format!("the currency `{word}` is written `{code}`"),
        )
        .help("currencies are three upper-case letters, by ISO 4217")
        .fix(
            format!("write `{code}`"),
            Safety::Safe,
            vec![Edit { span, replacement: code }],
        ),
    )
}

/// Currencies that are recognised in lower case and on the wrong side of their amount.
const CURRENCIES: &[&str] = &[
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "INR",
    "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "TRY", "TWD",
    "USD", "VND", "ZAR",
];

/// `EUR 5`, `5 eur`
pub(super) fn money(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let (before, found) = (stop.before()?, stop.found()?);
    let (number, code) = match (before.kind, found.kind) {
        (Kind::Word, Kind::Number) => (found, before),
        (Kind::Number, Kind::Word) => (before, found),
        _ => return None,
    };
    let right = code.of(builder.text).to_ascii_uppercase();
    let is_name = stop.after().is_some_and(|next| next.kind == Kind::Text) && code.at == found.at;
    if !CURRENCIES.contains(&right.as_str()) || is_name {
        return None;
    }
    let span = builder.place(before.at.start, found.at.end);
    let written = builder.text.get(before.at.start..found.at.end)?;
    let right = format!("{} {right}", number.of(builder.text));
    Some(
        Diagnostic::new(
            codes::SYNTAX_ERROR,
            span,
            format!("the amount `{}` is written `{right}`", shown(written)),
        )
        .help("the number comes first, then the currency in upper case")
        .fix(
            format!("write `{right}`"),
            Safety::Safe,
            vec![Edit { span, replacement: right }],
        ),
    )
}

/// `£5`: several currencies share some of these signs, so no code is put in its place.
pub(super) fn money_sign(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|token| token.kind == Kind::Sign)?;
    let sign = found.of(builder.text);
    let example = match sign {
        "£" => "5_000 GBP",
        "€" => "5_000 EUR",
        "$" => "5_000 USD",
        "¥" | "￥" => "5_000 JPY",
        "₩" | "￦" => "5_000 KRW",
        "₹" => "5_000 INR",
        _ => return None,
    };
    let span = builder.place(found.at.start, found.at.end);
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, span, format!("`{sign}` is no currency"))
            .reason("currencies are three upper-case letters, by ISO 4217")
            .help(format!("write the number first, then the currency: `{example}`")),
    )
}

/// `at most 200 hives`: the unit was read as the next field, which has no type.
pub(super) fn bound_unit(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let word = stop.before().filter(|token| token.kind == Kind::Word)?;
    if !stop.expected.has("boolean") {
        return None;
    }
    let line = builder.text.get(..word.at.start)?.rsplit('\n').next()?;
    let mut back = line.split_whitespace().rev();
    let (digits, bound, at) = (back.next()?, back.next()?, back.next()?);
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_'));
    if !is_number || !matches!(bound, "least" | "most") || at != "at" {
        return None;
    }
    let span = builder.place(word.at.start, word.at.end);
    let unit = word.of(builder.text);
    let finding = Diagnostic::new(
        codes::SYNTAX_ERROR,
        span,
        format!("unexpected `{}` after the number", shown(unit)),
    );
    Some(match unit {
        "percent" | "per" | "pct" => finding.help(format!("write `at {bound} {digits}%`")),
        _ => finding
            .reason("a bound is a number alone")
            .help(format!("write `at {bound} {digits}`, and say in the title what is counted")),
    })
}

/// `target 30%`: whether that is the least or the most is not said.
pub(super) fn target(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|token| token.kind == Kind::Number)?;
    let is_target = stop.expected.failed(&[Rule::target, Rule::target_terms]);
    if !is_target || !stop.expected.has("at") {
        return None;
    }
    let span = builder.place(found.at.start, found.at.end);
    let written = shown(found.of(builder.text));
    let fact = format!("expected `at least` or `at most`, found `{written}`");
    let bare = written.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_'));
    let sign = if bare && measures_part(builder.text, found.at.start) { "%" } else { "" };
    let value = format!("{written}{sign}");
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, span, fact)
            .help(format!("write `at least {value}` when more is better, else `at most {value}`")),
    )
}

/// Whether the goal around the place measures a part of a whole, which is a percentage.
fn measures_part(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text.get(..at), text.get(at..)) else { return false };
    let head = before.rfind("goal ").and_then(|start| before.get(start..)).unwrap_or(before);
    let tail = after.split('}').next().unwrap_or(after);
    let measure = |part: &str| {
        let words = part.split("measure").nth(1)?;
        words.split_whitespace().next().map(str::to_owned)
    };
    let word = measure(head).or_else(|| measure(tail));
    word.is_some_and(|word| matches!(word.as_str(), "conversion" | "share"))
}
