//! Names, texts and literal values.

use std::fmt;

use jiff::civil;
use rust_decimal::Decimal;

use crate::source::{Span, Spanned};

/// A name as written. Whether it is a well-formed name is checked when it is read.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Name {
    /// A name and its place.
    pub fn new(text: impl Into<String>, span: Span) -> Self {
        Self { text: text.into(), span }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.text)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Names joined by dots: `amount`, `deal.amount`. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The names, outermost first.
    pub parts: Vec<Name>,
    /// From the first to the last.
    pub span: Span,
}

impl Path {
    /// The path as it would be written.
    pub fn dotted(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|name| name.text.as_str()).collect();
        parts.join(".")
    }
}

/// A text for people, with its translations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text in the first language of the process.
    pub value: String,
    /// Translations in source order.
    pub translations: Vec<Translation>,
    /// From the first quote to the end of the last translation.
    pub span: Span,
}

/// A text in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// BCP 47 tag.
    pub language: Name,
    /// The text.
    pub value: String,
}

/// A word or a text, where either will do: channels, content, sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelText {
    /// `webinar`
    Word(Name),
    /// `g2b "G2B portal"`: a word and how it is shown.
    Titled(Name, Text),
    /// `"Comparison guide" ko "비교 가이드"`
    Text(Text),
}

/// An amount in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// How much.
    pub amount: Decimal,
    /// ISO 4217 code, three upper-case letters.
    pub currency: Currency,
}

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency with this code, if `code` is three upper-case ASCII letters. Whether such a
    /// currency exists is checked by `sema`.
    pub fn new(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A length of time. `1mo`, `1q` and `1y` follow the calendar; business time counts only the
/// working hours of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Duration {
    /// How many units. Whole for all but business units, which may be halves (`0.5 business days`).
    pub amount: Decimal,
    /// Of what.
    pub unit: Unit,
}

/// The unit of a [`Duration`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`: 24 hours when added to a datetime.
    Day,
    /// `w`
    Week,
    /// `mo`: a calendar month.
    Month,
    /// `q`: three calendar months.
    Quarter,
    /// `y`: a calendar year.
    Year,
    /// `business minutes`
    BusinessMinute,
    /// `business hours`
    BusinessHour,
    /// `business days`
    BusinessDay,
}

impl Unit {
    /// Whether the unit counts working time only.
    pub fn is_business(self) -> bool {
        matches!(self, Unit::BusinessMinute | Unit::BusinessHour | Unit::BusinessDay)
    }
}

impl fmt::Display for Duration {
    /// As written in source: `30d`, `2 business days`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = self.amount == Decimal::ONE;
        let suffix = match self.unit {
            Unit::Minute => "m",
            Unit::Hour => "h",
            Unit::Day => "d",
            Unit::Week => "w",
            Unit::Month => "mo",
            Unit::Quarter => "q",
            Unit::Year => "y",
            Unit::BusinessMinute if one => " business minute",
            Unit::BusinessMinute => " business minutes",
            Unit::BusinessHour if one => " business hour",
            Unit::BusinessHour => " business hours",
            Unit::BusinessDay if one => " business day",
            Unit::BusinessDay => " business days",
        };
        write!(f, "{}{suffix}", self.amount)
    }
}

/// When something happens: after a time, or a time before a date field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The length of time.
    pub duration: Spanned<Duration>,
    /// `before renews_on`: count backwards from this field instead of forwards from entering the
    /// stage.
    pub before: Option<Path>,
    /// The whole clock.
    pub span: Span,
}

/// How often: `every quarter`, `every 2w`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Every {
    /// A calendar period.
    Period(Period),
    /// A rhythm.
    Duration(Duration),
}

/// A calendar period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// From Monday.
    Week,
    /// From the first.
    Month,
    /// January, April, July, October.
    Quarter,
    /// From 1 January.
    Year,
}

impl Period {
    /// The word in source.
    pub fn word(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        }
    }
}

/// A literal value.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `100`, `1_000.5`
    Number(Decimal),
    /// `60%`, kept as `60`.
    Percent(Decimal),
    /// `5_000_000 JPY`
    Money(Money),
    /// `"…"`
    Text(String),
    /// `true`, `false`
    Boolean(bool),
    /// `2026-04-01`
    Date(civil::Date),
    /// `2026-04-01T09:00`, in the time zone of the process.
    DateTime(civil::DateTime),
    /// `30d`
    Duration(Duration),
}
