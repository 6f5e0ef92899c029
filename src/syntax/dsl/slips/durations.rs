//! Durations and periods written another way: `2 days`, `3bd`, `24H`, `PT24H`, `2営業日`, `per month`.

use super::amounts::in_whole_units;
use crate::diag::{Diagnostic, Edit, Safety, closest, codes};

use super::super::builder::Builder;
use super::super::explain::{Stop, shown};
use super::super::tokens::{Kind, Token};

/// A unit as people write it: how the language does, and what it is called in working time.
#[derive(Clone, Copy)]
struct UnitWord {
    /// Empty where only working time is meant.
    short: &'static str,
    business: Option<&'static str>,
}

fn unit_of(word: &str) -> Option<UnitWord> {
    let (short, business) = match word.to_lowercase().as_str() {
        "m" if word == "M" => return None,
        "m" | "min" | "mins" | "minute" | "minutes" | "分" | "分間" | "分钟" | "분" => {
            ("m", Some("minutes"))
        }
        "h" | "hr" | "hrs" | "hour" | "hours" | "時間" | "小时" | "小時" | "시간" => {
            ("h", Some("hours"))
        }
        "d" | "day" | "days" | "日" | "日間" | "天" | "일" | "tage" | "jours" => {
            ("d", Some("days"))
        }
        "w" | "wk" | "wks" | "week" | "weeks" | "週" | "週間" | "周" | "주" => ("w", None),
        "mo" | "mon" | "mth" | "mths" | "month" | "months" | "月" | "ヶ月" | "か月" | "カ月"
        | "个月" | "個月" | "개월" | "달" => ("mo", None),
        "q" | "qtr" | "quarter" | "quarters" | "四半期" | "분기" => ("q", None),
        "y" | "yr" | "yrs" | "year" | "years" | "年" | "年間" | "년" => ("y", None),
        "bd" | "bds" | "wd" | "bday" | "bdays" | "workday" | "workdays" | "work_day"
        | "work_days" | "working_day" | "working_days" | "weekday" | "weekdays" | "businessday"
        | "businessdays" | "business_day" | "business_days" | "営業日" | "영업일" | "工作日"
        | "平日" => ("", Some("days")),
        "bh" | "wh" | "workhour" | "workhours" | "work_hours" | "working_hours"
        | "businesshour" | "businesshours" | "business_hour" | "business_hours" | "営業時間"
        | "영업시간" => ("", Some("hours")),
        _ => return None,
    };
    Some(UnitWord { short, business })
}

/// Durations without a unit, or written another way.
pub(super) fn unit(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let expected = &stop.expected;
    if let Some(finding) = two_units(builder, stop) {
        return Some(finding);
    }
    // `2 days`: reading stopped at the word behind a number; of `businessday` the parser has read
    // `business`, and expects nothing any more.
    if let (Some(number), Some(found)) = (stop.before(), stop.found())
        && number.kind == Kind::Number
        && (expected.has("business") || found.of(builder.text).starts_with("business"))
        && on_one_line(builder, number, found)
    {
        let word = found.of(builder.text);
        if let Some(unit) = unit_of(word) {
            return Some(spelt_out(
                builder,
                number,
                Some(found),
                digits_of(number.of(builder.text)),
                unit,
            ));
        }
        let next = stop.after().and_then(|next| Some((next, unit_of(next.of(builder.text))?)));
        if let Some((last, unit)) = next {
            let digits = digits_of(number.of(builder.text));
            match word {
                "working" | "work" | "office" => {
                    let unit = UnitWord { short: "", ..unit };
                    return Some(spelt_out(builder, number, Some(last), digits, unit));
                }
                "calendar" => {
                    let unit = UnitWord { business: None, ..unit };
                    return Some(spelt_out(builder, number, Some(last), digits, unit));
                }
                _ => {}
            }
        }
    }
    // `2 business hrs`
    if let (Some(number), Some(found)) = (stop.back(2), stop.found())
        && number.kind == Kind::Number
        && stop.before().is_some_and(|before| before.of(builder.text) == "business")
        && let Some(unit) = unit_of(found.of(builder.text)).filter(|unit| unit.business.is_some())
    {
        let unit = UnitWord { short: "", ..unit };
        let digits = digits_of(number.of(builder.text));
        return Some(spelt_out(builder, number, Some(found), digits, unit));
    }
    if expected.is_duration()
        && let Some(finding) = stop.found().and_then(|found| foreign(builder, stop, found))
    {
        return Some(finding);
    }
    // `2days`: it stopped at the number.
    if let Some(found) = stop.found()
        && found.kind == Kind::Number
    {
        let word = found.of(builder.text);
        let digits = digits_of(word);
        let letters = word.get(digits.len()..).unwrap_or("");
        let plain = matches!(letters, "m" | "h" | "d" | "w" | "mo" | "q" | "y");
        if let Some(unit) = unit_of(letters).filter(|_| !plain) {
            return Some(spelt_out(builder, found, None, digits, unit));
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

/// What stands where a duration is expected and begins with no number: `-2w`, `PT24H`, `five days`,
/// `a week`; and `2M`, which may be two things.
fn foreign(builder: &Builder<'_>, stop: &Stop<'_>, found: &Token) -> Option<Diagnostic> {
    let word = found.of(builder.text);
    let span = builder.place(found.at.start, found.at.end);
    let fact = |text: &str| format!("`{}` is not a duration", shown(text));
    if let Some(digits) = word.strip_suffix('M').filter(|digits| !digits.is_empty())
        && found.kind == Kind::Number
        && digits_of(word).len() == digits.len()
    {
        return Some(
            Diagnostic::new(codes::SYNTAX_ERROR, span, fact(word))
                .help(format!("write `{digits}mo` for months, `{digits}m` for minutes")),
        );
    }
    let next = stop.after().filter(|next| on_one_line(builder, found, next));
    if matches!(word, "-" | "−" | "–" | "+") {
        let next = next.filter(|next| next.kind == Kind::Number)?;
        let whole = builder.place(found.at.start, next.at.end);
        let duration = shown(next.of(builder.text));
        let finding = Diagnostic::new(codes::SYNTAX_ERROR, whole, "a duration has no sign");
        return Some(if word == "+" {
            finding.help(format!("write `{duration}`"))
        } else {
            finding.help(format!(
                "write `{duration}`; what is counted back from a date is `after {duration} before FIELD`"
            ))
        });
    }
    if found.kind != Kind::Word {
        return None;
    }
    if let Some((digits, unit)) = iso(word) {
        return Some(spelt_out(builder, found, None, &digits, unit_of(unit)?));
    }
    if let Some(unit) = unit_of(word).filter(|_| word.len() > 2 || !word.is_ascii()) {
        return Some(spelt_out(builder, found, None, "1", unit));
    }
    let count = COUNTS.iter().position(|count| word.eq_ignore_ascii_case(count));
    let count = count.map(|at| at + 1).or(matches!(word, "a" | "an").then_some(1))?;
    let next = next?;
    spelt_out(builder, found, Some(next), &count.to_string(), unit_of(next.of(builder.text))?)
        .into()
}

const COUNTS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// The number and the unit of `PT24H`, `P2D`.
fn iso(word: &str) -> Option<(String, &'static str)> {
    let rest = word.strip_prefix('P')?;
    let (time, rest) = match rest.strip_prefix('T') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let digits = digits_of(rest);
    let unit = match (time, rest.get(digits.len()..)?) {
        (true, "H") => "h",
        (true, "M") => "m",
        (false, "D") => "d",
        (false, "W") => "w",
        (false, "M") => "mo",
        (false, "Y") => "y",
        _ => return None,
    };
    (!digits.is_empty()).then(|| (digits.to_owned(), unit))
}

/// `1d 4h`: a duration has one unit.
fn two_units(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let (before, found) = (stop.before()?, stop.found()?);
    let of = |token: &Token| -> Option<(u64, &'static str)> {
        let word = token.of(builder.text);
        let digits = digits_of(word);
        let minutes = UNITS.iter().find(|(_, unit)| word.get(digits.len()..) == Some(*unit))?;
        Some((digits.parse::<u64>().ok()?.checked_mul(minutes.0)?, minutes.1))
    };
    if before.kind != Kind::Number || found.kind != Kind::Number {
        return None;
    }
    let total = of(before)?.0.checked_add(of(found)?.0)?;
    if !on_one_line(builder, before, found) {
        return None;
    }
    let (minutes, unit) = UNITS.iter().find(|(minutes, _)| total.is_multiple_of(*minutes))?;
    let right = format!("{}{unit}", total / minutes);
    let span = builder.place(before.at.start, found.at.end);
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, span, "a duration has one number and one unit")
            .help(format!("write `{right}`"))
            .fix(format!("write `{right}`"), Safety::Safe, vec![Edit { span, replacement: right }]),
    )
}

/// Minutes of units that add up exactly, the longest first. No weeks: `1w 7d` is told in days.
const UNITS: &[(u64, &str)] = &[(24 * 60, "d"), (60, "h"), (1, "m")];

fn digits_of(word: &str) -> &str {
    let end = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_'));
    word.get(..end.unwrap_or(word.len())).unwrap_or("")
}

fn on_one_line(builder: &Builder<'_>, a: &Token, b: &Token) -> bool {
    builder.text.get(a.at.end..b.at.start).is_some_and(|gap| !gap.contains('\n'))
}

/// The finding for `2 days`, whose parts may be one token or more.
fn spelt_out(
    builder: &Builder<'_>,
    first: &Token,
    last: Option<&Token>,
    digits: &str,
    unit: UnitWord,
) -> Diagnostic {
    let end = last.map_or(first.at.end, |last| last.at.end);
    let span = builder.place(first.at.start, end);
    let written = builder.text.get(first.at.start..end).unwrap_or("");
    let finding = Diagnostic::new(
        codes::SYNTAX_ERROR,
        span,
        format!("`{}` is not a duration", shown(written)),
    );
    let UnitWord { short, business } = unit;
    if digits.contains('.') {
        let right = digits.parse().ok().and_then(|number| in_whole_units(number, short));
        return match right {
            Some(right) => {
                finding.reason("no duration has a fraction").help(format!("write `{right}`"))
            }
            None => finding.help("no duration has a fraction: write it in a smaller unit, `36h`"),
        };
    }
    let business = business.map(|unit| match digits {
        "1" => format!("1 business {}", unit.trim_end_matches('s')),
        _ => format!("{digits} business {unit}"),
    });
    let right = match business {
        Some(business) if short.is_empty() => business,
        // `24H` says that it means the clock.
        Some(business) if !is_upper(written) => {
            return finding
                .help(format!("write `{digits}{short}`, or `{business}` for working time"));
        }
        _ => format!("{digits}{short}"),
    };
    finding.help(format!("write `{right}`")).fix(
        format!("write `{right}`"),
        Safety::Safe,
        vec![Edit { span, replacement: right }],
    )
}

/// Whether a unit is written by a capital, as in `24H` and `PT24H`.
fn is_upper(written: &str) -> bool {
    written.ends_with(|c: char| c.is_ascii_uppercase())
}

/// `per month`, `monthly`, `/ month` where `every month` is meant.
pub(super) fn period(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let word = found.of(builder.text);
    // Of `every quarterly` the parser has read `quarter`, and expects nothing any more.
    let is_period = stop.expected.has("quarter")
        || stop.before().is_some_and(|before| before.of(builder.text) == "every");
    if !stop.expected.has("every") && !is_period {
        return None;
    }
    let adverb = match word {
        "daily" => Some("day"),
        "weekly" => Some("week"),
        "monthly" => Some("month"),
        "quarterly" => Some("quarter"),
        "yearly" | "annually" | "annual" => Some("year"),
        _ => None,
    };
    let (period, last) = match adverb {
        Some(period) => (period, found),
        None if matches!(word, "per" | "each" | "a" | "an" | "in" | "/") && !is_period => {
            let next = stop.after().filter(|next| on_one_line(builder, found, next))?;
            let known = ["day", "week", "month", "quarter", "year"];
            let next_word = next.of(builder.text).trim_end_matches('s');
            (known.into_iter().find(|known| *known == next_word)?, next)
        }
        None => return None,
    };
    let right = if is_period { period.to_owned() } else { format!("every {period}") };
    let span = builder.place(found.at.start, last.at.end);
    let fact = match is_period {
        true => format!("unknown period `{word}`"),
        false => format!("expected `every`, found `{word}`"),
    };
    Some(Diagnostic::new(codes::SYNTAX_ERROR, span, fact).help(format!("write `{right}`")).fix(
        format!("write `{right}`"),
        Safety::Safe,
        vec![Edit { span, replacement: right }],
    ))
}
