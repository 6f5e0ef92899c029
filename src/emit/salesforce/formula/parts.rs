//! Formulas put together of parts: what joins them, constants, dates and lengths of time.

use indexmap::IndexSet;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Said, Unsaid};
use crate::model::{Duration, Unit};

/// The longest formula that Salesforce takes: in characters, and in bytes as it is kept.
const CHARACTERS: usize = 3900;
const BYTES: usize = 4000;

/// Whether Salesforce takes a formula of this length. How large it is compiled only Salesforce knows.
pub(in crate::emit::salesforce) fn fits(formula: &str) -> bool {
    formula.len() <= BYTES && formula.encode_utf16().count() <= CHARACTERS
}

/// Why it does not, as the end of a sentence.
pub(in crate::emit::salesforce) fn too_long() -> String {
    format!("its formula has more than {CHARACTERS} characters or {BYTES} bytes")
}

/// All of them hold. Of constants only what matters is left.
pub(in crate::emit::salesforce) fn all(parts: Vec<String>) -> String {
    joined("AND", parts, true)
}

/// One of them holds.
pub(in crate::emit::salesforce) fn any(parts: Vec<String>) -> String {
    joined("OR", parts, false)
}

fn joined(function: &str, parts: Vec<String>, neutral: bool) -> String {
    let (nothing, decided) = (constant(neutral), constant(!neutral));
    if parts.contains(&decided) {
        return decided;
    }
    let kept: IndexSet<String> = parts.into_iter().filter(|part| *part != nothing).collect();
    match kept.len() {
        0 => nothing,
        1 => kept.into_iter().collect(),
        _ => format!("{function}({})", kept.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

/// How long a list of values may be before it is told as a table: that is shorter, yet harder to read.
const LIST: usize = 1000;

/// That the picklist, or what it was before, is one of these values.
pub(in crate::emit::salesforce) fn picked<'v>(
    field: &str,
    values: impl IntoIterator<Item = &'v str>,
) -> String {
    let values: IndexSet<String> = values.into_iter().map(text).collect();
    let list = any(values.iter().map(|value| format!("ISPICKVAL({field}, {value})")).collect());
    if values.len() < 2 || list.len() <= LIST {
        return list;
    }
    let table: String = values.iter().map(|value| format!("{value}, 1, ")).collect();
    format!("CASE({field}, {table}0) = 1")
}

/// It does not hold. What is denied twice is said plainly.
pub(in crate::emit::salesforce) fn not(condition: &str) -> String {
    if condition == "TRUE" || condition == "FALSE" {
        return constant(condition == "FALSE");
    }
    match condition.strip_prefix("NOT(").and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) if is_closed(inner) => inner.to_owned(),
        _ => format!("NOT({condition})"),
    }
}

/// Whether every parenthesis that opens in the formula closes in it, and none that does not.
fn is_closed(formula: &str) -> bool {
    let (mut depth, mut quoted) = (0usize, false);
    let mut chars = formula.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted => {
                chars.next();
            }
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0
}

/// `TRUE` or `FALSE`.
pub(in crate::emit::salesforce) fn constant(value: bool) -> String {
    if value { "TRUE" } else { "FALSE" }.to_owned()
}

/// A text in quotes.
pub(in crate::emit::salesforce) fn text(said: &str) -> String {
    let mut out = String::from("\"");
    for c in said.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A number.
pub(in crate::emit::salesforce) fn decimal(number: Decimal) -> String {
    number.normalize().to_string()
}

/// Whole seconds from one point in time to another; Salesforce subtracts them to days.
pub(super) fn seconds_between(from: &str, to: &str) -> String {
    format!("ROUND(({to} - {from}) * 86400, 0)")
}

/// Whether a point in time lies back for longer than a length of time.
pub(in crate::emit::salesforce) fn older_than(field: &str, length: Duration) -> Said {
    Ok(format!("{} > {}", seconds_between(field, "NOW()"), seconds(length)?))
}

/// A length of exact time in seconds.
pub(super) fn seconds(length: Duration) -> Said {
    let factor = match length.unit {
        Unit::Minute => 60,
        Unit::Hour => 60 * 60,
        Unit::Day => 24 * 60 * 60,
        Unit::Week => 7 * 24 * 60 * 60,
        Unit::Month | Unit::Quarter | Unit::Year => return Err(Unsaid::Months),
        Unit::BusinessMinute | Unit::BusinessHour | Unit::BusinessDay => {
            return Err(Unsaid::WorkingTime);
        }
    };
    match length.amount.checked_mul(Decimal::from(factor)) {
        Some(amount) => Ok(decimal(amount)),
        None => Err(Unsaid::Length),
    }
}

/// A date moved by a constant; `None` when no date can be moved by it.
pub(super) fn moved_date(date: &str, by: Duration) -> Result<Option<String>, Unsaid> {
    let whole = |factor: i64| match by.amount.is_integer().then(|| by.amount.to_i64()).flatten() {
        Some(amount) => amount.checked_mul(factor).ok_or(Unsaid::Length),
        None => Err(Unsaid::Length),
    };
    Ok(match by.unit {
        Unit::Day => Some(plus(date, whole(1)?)),
        Unit::Week => Some(plus(date, whole(7)?)),
        Unit::Month => Some(plus_months(date, whole(1)?)),
        Unit::Quarter => Some(plus_months(date, whole(3)?)),
        Unit::Year => Some(plus_months(date, whole(12)?)),
        Unit::BusinessDay => return Err(Unsaid::WorkingTime),
        Unit::Minute | Unit::Hour | Unit::BusinessMinute | Unit::BusinessHour => None,
    })
}

fn plus(date: &str, days: i64) -> String {
    match days {
        0 => date.to_owned(),
        days if days < 0 => format!("({date} - {})", days.unsigned_abs()),
        days => format!("({date} + {days})"),
    }
}

/// `ADDMONTHS` takes the last day of a month to the last day of another, so that February 28 and a
/// month give March 31. Counted from the first of the month it does not; of both, the earlier is
/// right: it keeps the day, or is the last there is.
fn plus_months(date: &str, months: i64) -> String {
    let ends = format!("ADDMONTHS({date}, {months})");
    let counted = format!("(ADDMONTHS({date} - DAY({date}) + 1, {months}) + DAY({date}) - 1)");
    format!("IF({ends} < {counted}, {ends}, {counted})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_denied_twice_is_said_plainly() {
        assert_eq!(not("A"), "NOT(A)");
        assert_eq!(not("NOT(A)"), "A");
        assert_eq!(not(&not(&not("A = \"a\\\")\""))), "NOT(A = \"a\\\")\")");
        // Here the first parenthesis does not close at the end.
        assert_eq!(not("NOT(A) = (B)"), "NOT(NOT(A) = (B))");
        assert_eq!(not("NOT(A = \")\")"), "A = \")\"");
    }

    #[test]
    fn constants_are_folded() {
        let parts = |all: &[&str]| all.iter().map(|part| (*part).to_owned()).collect();
        assert_eq!(all(parts(&["TRUE", "A", "A"])), "A");
        assert_eq!(all(parts(&["A", "FALSE"])), "FALSE");
        assert_eq!(all(Vec::new()), "TRUE");
        assert_eq!(any(parts(&["A", "FALSE", "B"])), "OR(A, B)");
        assert_eq!(any(Vec::new()), "FALSE");
    }

    #[test]
    fn a_long_list_of_values_is_a_table() {
        assert_eq!(picked("S", []), "FALSE");
        assert_eq!(picked("S", ["a", "b"]), "OR(ISPICKVAL(S, \"a\"), ISPICKVAL(S, \"b\"))");
        let (a, b) = ("a".repeat(600), "b".repeat(600));
        assert_eq!(picked("S", [a.as_str()]), format!("ISPICKVAL(S, \"{a}\")"));
        assert_eq!(
            picked("S", [a.as_str(), b.as_str()]),
            format!("CASE(S, \"{a}\", 1, \"{b}\", 1, 0) = 1")
        );
    }

    #[test]
    fn texts_are_quoted() {
        assert_eq!(text("a\"b\\c\nd"), "\"a\\\"b\\\\c\\nd\"");
    }
}
