//! Literal values: numbers, money, dates, times, durations, texts.

use jiff::civil;
use rust_decimal::Decimal;

use crate::diag::{Diagnostic, codes};
use crate::source::Spanned;
use crate::syntax::ast::{Clock, Currency, Duration, Every, Literal, Money, Period, Unit};

use super::builder::Builder;
use super::parser::{Pair, Rule, part};

/// The currencies with three digits behind the point (ISO 4217, list one).
const OF_THREE_DIGITS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// What `1.000 EUR` is where points set thousands apart: `1_000`. `None` for other amounts.
fn grouped(written: &str, currency: Currency) -> Option<String> {
    let (whole, rest) = written.split_once('.')?;
    let is_grouped = (1..=3).contains(&whole.len()) && rest.len() == 3 && !whole.starts_with('0');
    let digits = whole.bytes().chain(rest.bytes()).all(|byte| byte.is_ascii_digit());
    let known = OF_THREE_DIGITS.contains(&currency.code());
    (is_grouped && digits && !known).then(|| format!("{whole}_{rest}"))
}

impl Builder<'_> {
    /// A number, possibly with a sign, `_` between its digits and `%` behind it.
    pub(super) fn number(&mut self, pair: &Pair<'_>) -> Option<Spanned<Decimal>> {
        let span = self.span(pair);
        let digits: String =
            pair.as_str().chars().filter(|c| !matches!(c, '_' | '+' | '%')).collect();
        match Decimal::from_str_exact(&digits) {
            Ok(value) => Some(Spanned::new(value.normalize(), span)),
            Err(_) => {
                self.invalid(
                    span,
                    "the number has too many digits",
                    Some("numbers have at most 28 digits"),
                );
                None
            }
        }
    }

    /// A whole number from zero: a head count, a number of times.
    pub(super) fn count(&mut self, pair: &Pair<'_>) -> Option<Spanned<u32>> {
        let number = self.number(pair)?;
        let whole =
            number.value.fract().is_zero().then(|| u32::try_from(number.value).ok()).flatten();
        if whole.is_none() {
            let fact = format!("`{}` cannot be counted to", pair.as_str());
            self.invalid(number.span, fact, Some("give a whole number"));
        }
        whole.map(|value| Spanned::new(value, number.span))
    }

    /// `5_000_000 JPY`. A minus sign before it is given by the caller.
    pub(super) fn money(&mut self, pair: Pair<'_>) -> Option<Spanned<Money>> {
        let span = self.span(&pair);
        let (mut amount, mut written) = (None, "");
        let mut currency = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::number => {
                    written = part.as_str();
                    amount = self.number(&part);
                }
                _ => currency = Currency::new(part.as_str()),
            }
        }
        let (amount, currency) = (amount?.value, currency?);
        if let Some(whole) = grouped(written, currency) {
            self.diagnostics.push(
                Diagnostic::new(
                    codes::INVALID_LITERAL,
                    span,
                    format!("no amount in `{currency}` has three digits behind its point"),
                )
                .reason("a point is no mark between thousands")
                .help(format!(
                    "write `{whole} {currency}`; write `{amount} {currency}` if that little is meant",
                )),
            );
        }
        Some(Spanned::new(Money { amount, currency }, span))
    }

    /// `2026-04-01`
    pub(super) fn date(&mut self, pair: &Pair<'_>) -> Option<Spanned<civil::Date>> {
        let span = self.span(pair);
        match parse_date(pair.as_str()) {
            Ok(date) => Some(Spanned::new(date, span)),
            Err(fact) => {
                self.invalid(span, fact, None);
                None
            }
        }
    }

    /// `2026-04-01T09:00`
    pub(super) fn datetime(&mut self, pair: &Pair<'_>) -> Option<Spanned<civil::DateTime>> {
        let span = self.span(pair);
        let (date, time) = pair.as_str().split_once('T')?;
        let parsed = parse_date(date).and_then(|date| {
            let (time, seconds) = match time.match_indices(':').nth(1) {
                Some((at, _)) => (time.get(..at), time.get(at + 1..)),
                None => (Some(time), None),
            };
            let clock = parse_time(time.unwrap_or(""))?
                .ok_or_else(|| "`24:00` is the start of the next day".to_owned())?;
            let seconds: i8 = seconds.unwrap_or("0").parse().unwrap_or(60);
            if seconds > 59 {
                return Err(format!("a minute has no second {seconds}"));
            }
            civil::Time::new(clock.hour(), clock.minute(), seconds, 0)
                .map(|time| date.to_datetime(time))
                .map_err(|error| error.to_string())
        });
        match parsed {
            Ok(datetime) => Some(Spanned::new(datetime, span)),
            Err(fact) => {
                self.invalid(span, fact, None);
                None
            }
        }
    }

    /// `09:00`; `24:00` is `None`, the end of the day.
    pub(super) fn time(&mut self, pair: &Pair<'_>) -> Option<Spanned<Option<civil::Time>>> {
        let span = self.span(pair);
        match parse_time(pair.as_str()) {
            Ok(time) => Some(Spanned::new(time, span)),
            Err(fact) => {
                self.invalid(span, fact, Some("times run from `00:00` to `24:00`"));
                None
            }
        }
    }

    /// `30d`, `2 business days`
    pub(super) fn duration(&mut self, pair: Pair<'_>) -> Option<Spanned<Duration>> {
        let span = self.span(&pair);
        let form = match pair.as_rule() {
            Rule::duration => pair.into_inner().next()?,
            _ => pair,
        };
        let (amount, unit) = if form.as_rule() == Rule::business_duration {
            let mut amount = None;
            let mut unit = None;
            for part in form.into_inner() {
                match part.as_rule() {
                    Rule::number => amount = self.number(&part),
                    Rule::business_unit => unit = business_unit(part.as_str()),
                    _ => {}
                }
            }
            (amount?.value, unit?)
        } else {
            let written = form.as_str();
            let digits: String = written
                .chars()
                .take_while(|c| !c.is_ascii_alphabetic())
                .filter(|c| *c != '_')
                .collect();
            let unit = plain_unit(written.trim_start_matches(|c: char| !c.is_ascii_alphabetic()))?;
            let Ok(amount) = Decimal::from_str_exact(&digits) else {
                self.invalid(span, "the number has too many digits", None);
                return None;
            };
            if !amount.fract().is_zero() {
                let fact = format!("`{written}` is not a whole number of {}", plural(unit));
                let advice = match in_smaller(amount, unit) {
                    Some(smaller) => format!("write `{smaller}`"),
                    None => match smaller(unit) {
                        Some(smaller) => format!("write it in {}", plural(smaller)),
                        None => "give a whole number".to_owned(),
                    },
                };
                self.invalid(span, fact, Some(&advice));
                return None;
            }
            (amount, unit)
        };
        Some(Spanned::new(Duration { amount: amount.normalize(), unit }, span))
    }

    /// The duration inside a clause such as `within 14d`.
    pub(super) fn duration_of(&mut self, clause: Pair<'_>) -> Option<Spanned<Duration>> {
        part(clause, Rule::duration).and_then(|duration| self.duration(duration))
    }

    /// `30d`, `120d before renews_on`
    pub(super) fn clock(&mut self, pair: Pair<'_>) -> Option<Clock> {
        let span = self.span(&pair);
        let mut duration = None;
        let mut before = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::duration => duration = self.duration(part),
                Rule::path => before = Some(self.path(part)),
                _ => {}
            }
        }
        Some(Clock { duration: duration?, before, span })
    }

    /// `every quarter`, `every 2w`, or the part behind `every`.
    pub(super) fn every(&mut self, pair: Pair<'_>) -> Option<Spanned<Every>> {
        let rhythm = match pair.as_rule() {
            Rule::every => pair.into_inner().find(|part| part.as_rule() != Rule::kw_every)?,
            _ => pair,
        };
        if rhythm.as_rule() == Rule::period {
            let span = self.span(&rhythm);
            let period = match rhythm.as_str() {
                "day" => Period::Day,
                "week" => Period::Week,
                "month" => Period::Month,
                "quarter" => Period::Quarter,
                _ => Period::Year,
            };
            return Some(Spanned::new(Every::Period(period), span));
        }
        self.duration(rhythm).map(|duration| duration.map(Every::Duration))
    }

    /// A literal of any kind but text.
    pub(super) fn literal(&mut self, pair: Pair<'_>) -> Option<Spanned<Literal>> {
        Some(match pair.as_rule() {
            Rule::datetime => self.datetime(&pair)?.map(Literal::DateTime),
            Rule::date => self.date(&pair)?.map(Literal::Date),
            Rule::duration => self.duration(pair)?.map(Literal::Duration),
            Rule::percent => self.number(&pair)?.map(Literal::Percent),
            Rule::money => self.money(pair)?.map(Literal::Money),
            _ => self.number(&pair)?.map(Literal::Number),
        })
    }

    /// The value behind `at least` or `at most` of a field.
    pub(super) fn bound(&mut self, pair: Pair<'_>) -> Option<Spanned<Literal>> {
        let span = self.span(&pair);
        let negative = pair.as_str().starts_with('-');
        let inner = pair.into_inner().next()?;
        let is_money = inner.as_rule() == Rule::money;
        let mut literal = self.literal(inner)?;
        if is_money
            && negative
            && let Literal::Money(money) = &mut literal.value
        {
            money.amount = -money.amount;
        }
        Some(Spanned::new(literal.value, span))
    }

    /// Reports times that end before they begin.
    pub(super) fn check_hours(
        &mut self,
        from: Spanned<Option<civil::Time>>,
        to: Spanned<Option<civil::Time>>,
    ) -> Option<civil::Time> {
        match (from.value, to.value) {
            (Some(start), Some(end)) if end <= start => {
                self.fault(
                    Diagnostic::new(
                        crate::diag::codes::INVALID_LITERAL,
                        from.span.to(to.span),
                        "the working hours end before they begin",
                    )
                    .help("give the earlier time first; split hours past midnight at `24:00`"),
                );
                None
            }
            (None, _) => {
                self.invalid(from.span, "no working day begins at `24:00`", None);
                None
            }
            (start, _) => start,
        }
    }
}

fn parse_date(text: &str) -> Result<civil::Date, String> {
    let mut numbers = text.split('-').map(|part| part.parse::<i16>().unwrap_or(0));
    let (year, month, day) =
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let small = |n: i16| i8::try_from(n).unwrap_or(0);
    civil::Date::new(year, small(month), small(day)).map_err(|_| {
        if (1..=12).contains(&month) {
            format!("there is no day {day} in month {month} of {year}")
        } else {
            format!("there is no month {month}")
        }
    })
}

fn parse_time(text: &str) -> Result<Option<civil::Time>, String> {
    let no_time = || format!("there is no time `{text}`");
    let (hour, minute) = text.split_once(':').ok_or_else(no_time)?;
    match (hour.parse::<i8>(), minute.parse::<i8>()) {
        (Ok(24), Ok(0)) => Ok(None),
        (Ok(hour), Ok(minute)) => {
            civil::Time::new(hour, minute, 0, 0).map(Some).map_err(|_| no_time())
        }
        _ => Err(no_time()),
    }
}

fn plain_unit(word: &str) -> Option<Unit> {
    Some(match word {
        "m" => Unit::Minute,
        "h" => Unit::Hour,
        "d" => Unit::Day,
        "w" => Unit::Week,
        "mo" => Unit::Month,
        "q" => Unit::Quarter,
        "y" => Unit::Year,
        _ => return None,
    })
}

fn business_unit(word: &str) -> Option<Unit> {
    Some(match word {
        "minute" | "minutes" => Unit::BusinessMinute,
        "hour" | "hours" => Unit::BusinessHour,
        "day" | "days" => Unit::BusinessDay,
        _ => return None,
    })
}

fn plural(unit: Unit) -> &'static str {
    match unit {
        Unit::Minute | Unit::BusinessMinute => "minutes",
        Unit::Hour | Unit::BusinessHour => "hours",
        Unit::Day | Unit::BusinessDay => "days",
        Unit::Week => "weeks",
        Unit::Month => "months",
        Unit::Quarter => "quarters",
        Unit::Year => "years",
    }
}

/// `1.5` hours as `90m`, where the units have a fixed ratio and the number comes out whole.
fn in_smaller(amount: Decimal, unit: Unit) -> Option<String> {
    let (times, word) = match unit {
        Unit::Hour => (60, "m"),
        Unit::Day => (24, "h"),
        Unit::Week => (7, "d"),
        Unit::Quarter => (3, "mo"),
        Unit::Year => (12, "mo"),
        _ => return None,
    };
    let number = amount.checked_mul(Decimal::from(times))?.normalize();
    number.is_integer().then(|| format!("{number}{word}"))
}

fn smaller(unit: Unit) -> Option<Unit> {
    match unit {
        Unit::Hour => Some(Unit::Minute),
        Unit::Day => Some(Unit::Hour),
        Unit::Week | Unit::Month => Some(Unit::Day),
        Unit::Quarter | Unit::Year => Some(Unit::Month),
        _ => None,
    }
}
