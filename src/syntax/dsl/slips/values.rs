//! Values written another way: durations, percentages, dates, amounts of money, bounds.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Edit, Safety, codes};
use crate::syntax::habits::{advice, meant, part_of_one};

use super::super::builder::Builder;
use super::super::explain::{Stop, shown};
use super::super::parser::Rule;
use super::super::tokens::Kind;

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
    if part.and_then(part_of_one).is_some() && stop.rule() == Rule::only_target {
        // In YAML the measure is not seen from here.
        let percent =
            part.map(|part| (part * Decimal::ONE_HUNDRED).normalize()).unwrap_or_default();
        let help = format!(
            "write `at least {percent}%` for a percentage, `at least {written}` for a number"
        );
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
