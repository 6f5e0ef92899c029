//! Values written another way: durations, percentages, dates, amounts of money, bounds.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Edit, Safety, closest, codes};
use crate::syntax::habits::{advice, meant, part_of_one};

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
    let fact = format!("the percentage `{digits}` lacks its `%`");
    let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, fact);
    let part = digits.replace('_', "").parse().ok();
    if let Some(help) = part.and_then(part_of_one) {
        return Some(finding.help(help));
    }
    Some(finding.help(format!("write `{digits}%`")).fix(
        "add `%`",
        Safety::Safe,
        vec![Edit { span, replacement: format!("{digits}%") }],
    ))
}

/// `currency jpy`, `currency euro`, `currency €`
pub(super) fn currency(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let word = found.of(builder.text);
    // Of `EURO` the parser has read three letters already, and expects nothing any more.
    let is_property = stop.before().is_some_and(|before| before.of(builder.text) == "currency")
        && stop.tokens.len() <= stop.index + 1;
    if !stop.expected.is_currency() && !is_property {
        return None;
    }
    let span = builder.place(found.at.start, found.at.end);
    let meant = meant(word);
    if let Some(help) = advice(meant) {
        let fact = format!("no currency has the code `{}`", shown(word));
        let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, fact)
            .reason("currencies are three upper-case letters, by ISO 4217")
            .help(help);
        let [only] = meant else { return Some(finding) };
        let edit = Edit { span, replacement: (*only).to_owned() };
        return Some(finding.fix(format!("write `{only}`"), Safety::Safe, vec![edit]));
    }
    let code = word.to_ascii_uppercase();
    let is_code = word.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if found.kind != Kind::Word || !is_code {
        return None;
    }
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
pub(super) const CURRENCIES: &[&str] = &[
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "INR",
    "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "TRY", "TWD",
    "USD", "VND", "ZAR",
];

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
    let part = written.replace('_', "").parse::<Decimal>().ok().filter(|_| bare);
    if let Some(help) = part.and_then(part_of_one)
        && measures_part(builder.text, found.at.start)
    {
        let help = format!("say `at least` when more is better, else `at most`, and {help}");
        return Some(Diagnostic::new(codes::SYNTAX_ERROR, span, fact).help(help));
    }
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
