//! Dates written another way.

use jiff::civil;

use crate::diag::{Diagnostic, Edit, Safety, codes};

use super::super::builder::Builder;
use super::super::explain::{Stop, shown};
use super::super::tokens::{Kind, Token};

/// `2026/04/01`, `2026-4-1`, `01.02.2026`, `2026年4月1日`
pub(super) fn date(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    // A text without quotes is no date: `version 2026.1.2`.
    if stop.expected.is_only_text() {
        return None;
    }
    if let Some(finding) = spelt_out(builder, stop) {
        return Some(finding);
    }
    let token = [stop.found(), stop.before()]
        .into_iter()
        .flatten()
        .find(|token| token.kind == Kind::Number && !readings(token.of(builder.text)).is_empty())?;
    foreign_date(builder, token.at.start, token.at.end)
}

/// `effective 5 January 2026`, `until 20260105`: after a word that only a date follows.
fn spelt_out(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let of = |token: &Token| token.of(builder.text).to_owned();
    let start = (0..=1).find_map(|back| {
        let start = stop.index.checked_sub(back)?;
        let before = of(stop.tokens.get(start.checked_sub(1)?)?);
        matches!(before.as_str(), "effective" | "since" | "until").then_some(start)
    })?;
    let rest = stop.tokens.get(start..)?;
    let parts: Vec<String> = rest.iter().take(4).map(of).filter(|part| part != ",").collect();
    let day = |text: &str| text.trim_end_matches(char::is_alphabetic).parse::<i8>().ok();
    let date = match parts.as_slice() {
        [digits, ..] if digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            civil::Date::strptime("%Y%m%d", digits).ok()
        }
        [a, b, year, ..] => {
            let year: i16 = year.parse().ok().filter(|year| (1900..=2200).contains(year))?;
            let (month, day) = match (month(a), month(b)) {
                (Some(month), _) => (month, day(b)?),
                (_, Some(month)) => (month, day(a)?),
                _ => return None,
            };
            civil::Date::new(year, month, day).ok()
        }
        _ => None,
    }?;
    let count = match parts.first()?.len() {
        8 if month(parts.first()?).is_none() => 1,
        _ => 3 + usize::from(rest.iter().take(3).any(|token| of(token) == ",")),
    };
    let (first, last) = (rest.first()?, rest.get(count - 1)?);
    let span = builder.place(first.at.start, last.at.end);
    let written = shown(builder.text.get(first.at.start..last.at.end)?);
    Some(
        Diagnostic::new(
            codes::INVALID_LITERAL,
            span,
            format!("the date `{written}` is written `{date}` here"),
        )
        .help("dates are year, month and day: `2026-04-01`")
        .fix(
            format!("write `{date}`"),
            Safety::Safe,
            vec![Edit { span, replacement: date.to_string() }],
        ),
    )
}

/// The number of a month by its English name or the first letters of it.
fn month(word: &str) -> Option<i8> {
    let word = word.to_ascii_lowercase();
    let names = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at = names.iter().position(|name| word.len() >= 3 && name.starts_with(&word))?;
    i8::try_from(at + 1).ok()
}

/// The finding for bytes `start..end` of the text if they are a date written another way.
pub(in crate::syntax::dsl) fn foreign_date(
    builder: &Builder<'_>,
    start: usize,
    end: usize,
) -> Option<Diagnostic> {
    let written = builder.text.get(start..end)?;
    let readings = readings(written);
    let span = builder.place(start, end);
    let written = shown(written);
    let finding = |fact| Diagnostic::new(codes::INVALID_LITERAL, span, fact);
    match readings.as_slice() {
        [] => None,
        [right] => {
            let right = right.to_string();
            Some(
                finding(format!("the date `{written}` is written `{right}` here"))
                    .help("dates are year, month and day: `2026-04-01`")
                    .fix(
                        format!("write `{right}`"),
                        Safety::Safe,
                        vec![Edit { span, replacement: right }],
                    ),
            )
        }
        [day_first, month_first, ..] => Some(
            finding(format!("the date `{written}` can be read in two ways"))
                .reason("dates are year, month and day: `2026-04-01`")
                .help(format!(
                    "write `{day_first}` if the day comes first, `{month_first}` if the month does"
                )),
        ),
    }
}

/// The dates that `word` may stand for: with the day first, then with the month first. Empty when
/// it is no date, or is written as dates are.
fn readings(word: &str) -> Vec<civil::Date> {
    let asian = word.contains(['年', '년']);
    let separators: &[char] = match asian {
        true => &['年', '月', '日', '년', '월', '일'],
        false => &['/', '.', '-'],
    };
    let parts: Vec<&str> =
        word.split(separators).filter(|part| !asian || !part.is_empty()).collect();
    let [a, b, c] = parts.as_slice() else { return Vec::new() };
    let Some([first, second, third]) = numbers([a, b, c]) else { return Vec::new() };
    let date = |year: i16, month: i16, day: i16| {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        civil::Date::new(year, month, day).ok().filter(|_| (1900..2200).contains(&year))
    };
    if a.len() == 4 {
        let date = date(first, second, third);
        return date.filter(|date| date.to_string() != word).into_iter().collect();
    }
    if c.len() != 4 {
        return Vec::new();
    }
    let mut dates: Vec<civil::Date> =
        [date(third, second, first), date(third, first, second)].into_iter().flatten().collect();
    dates.dedup();
    dates
}

/// The numbers of a date's three parts, of which one has four digits and the others one or two.
fn numbers(parts: [&str; 3]) -> Option<[i16; 3]> {
    let mut numbers = [0; 3];
    for (number, part) in numbers.iter_mut().zip(parts) {
        let fits = matches!(part.len(), 1 | 2 | 4) && part.bytes().all(|b| b.is_ascii_digit());
        *number = if fits { part.parse().ok()? } else { return None };
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::readings;

    #[test]
    fn a_date_has_one_reading_or_two() {
        let read = |word: &str| -> Vec<String> {
            readings(word).iter().map(ToString::to_string).collect()
        };
        assert_eq!(read("2026-1-5"), ["2026-01-05"]);
        assert_eq!(read("2026/04/01"), ["2026-04-01"]);
        assert_eq!(read("2026年4月1日"), ["2026-04-01"]);
        assert_eq!(read("01.02.2026"), ["2026-02-01", "2026-01-02"]);
        assert_eq!(read("31.12.2026"), ["2026-12-31"]);
        assert_eq!(read("12/31/2026"), ["2026-12-31"]);
        assert_eq!(read("3/3/2026"), ["2026-03-03"]);
        for none in ["2026-04-01", "2026-02-30", "1.2.3", "1.000.000", "2026.1", "9999.1.1"] {
            assert_eq!(read(none), Vec::<String>::new(), "{none}");
        }
    }
}
