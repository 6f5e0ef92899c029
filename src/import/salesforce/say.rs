//! Conditions in the notation of the language.

use rust_decimal::Decimal;

use crate::model::CompareOp;
use crate::syntax::print::quoted;

use super::super::translated::titled;
use super::condition::Cond;
use super::fields::{Fields, Kind};
use super::values::Value;

/// What says a condition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speaker<'a> {
    pub(super) fields: &'a Fields,
    /// The currency of amounts.
    pub(super) currency: Option<&'a str>,
}

impl Speaker<'_> {
    /// A criterion: what must hold, and for which records.
    pub(super) fn criterion(self, cond: &Cond) -> (String, Option<String>) {
        // `not a or b` is `b if a`.
        if let Cond::Or(parts) = cond {
            let (only, rest): (Vec<&Cond>, Vec<&Cond>) =
                parts.iter().partition(|part| matches!(part, Cond::Not(_)));
            if !only.is_empty() && !rest.is_empty() {
                let only: Vec<Cond> = only
                    .into_iter()
                    .filter_map(|part| match part {
                        Cond::Not(x) => Some((**x).clone()),
                        _ => None,
                    })
                    .collect();
                let only = self.list(&only, "and");
                let rest: Vec<Cond> = rest.into_iter().cloned().collect();
                return (self.list(&rest, "or"), Some(only));
            }
        }
        (self.cond(cond), None)
    }

    fn list(self, parts: &[Cond], word: &str) -> String {
        let shown = |part: &Cond| match part {
            Cond::And(_) | Cond::Or(_) if parts.len() > 1 => format!("({})", self.cond(part)),
            part => self.cond(part),
        };
        parts.iter().map(shown).collect::<Vec<_>>().join(&format!(" {word} "))
    }

    pub(super) fn cond(self, cond: &Cond) -> String {
        match cond {
            Cond::Bool(value) => value.to_string(),
            Cond::And(parts) => self.list(parts, "and"),
            Cond::Or(parts) => self.list(parts, "or"),
            Cond::Not(x) => match x.as_ref() {
                Cond::Flag(_) => format!("not {}", self.cond(x)),
                Cond::Has(api, values) if self.is_any(api, values) => {
                    format!("{} is missing", self.field(api))
                }
                x => format!("not ({})", self.cond(x)),
            },
            Cond::Present(api, true) => format!("{} is present", self.field(api)),
            Cond::Present(api, false) => format!("{} is missing", self.field(api)),
            Cond::Flag(api) => match self.fields.get(api).and_then(|field| field.confirms.as_ref())
            {
                Some(text) => {
                    let helps = self.fields.get(api).map(|field| field.helps.as_slice());
                    format!("confirm {}", titled(text, helps.unwrap_or_default()))
                }
                None => self.field(api),
            },
            Cond::Has(api, values) if self.is_any(api, values) => {
                format!("{} is present", self.field(api))
            }
            Cond::Has(api, values) => {
                let many = self.fields.get(api).is_some_and(|field| field.kind == Kind::ManyOf);
                let names: Vec<String> =
                    values.iter().map(|value| self.option(api, value)).collect();
                match names.as_slice() {
                    [only] if !many => format!("{} = {only}", self.field(api)),
                    names => format!("{} in [{}]", self.field(api), names.join(", ")),
                }
            }
            Cond::Within(api, after, seconds) => {
                let direction = if *after { "next" } else { "last" };
                let days = self.fields.get(api).is_some_and(|field| field.kind == Kind::Date);
                format!("{} within {direction} {}", self.field(api), length(*seconds, days))
            }
            Cond::Compare(a, op, b) => self.compare(a, *op, b),
        }
    }

    fn compare(self, a: &Value, op: CompareOp, b: &Value) -> String {
        let sign = match op {
            CompareOp::Eq => "=",
            CompareOp::Ne => "!=",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        };
        if let (Value::Elapsed { field, since, seconds, days }, Value::Number(number)) = (a, b) {
            let word = if *since { "since" } else { "until" };
            let (unit, number) = unit(*seconds, *number, *days);
            return format!("{unit} {word} {} {sign} {}", self.field(field), plain(number));
        }
        format!("{} {sign} {}", self.value(a), self.value(b))
    }

    /// A value in the notation of the language.
    pub(super) fn value(self, value: &Value) -> String {
        match value {
            Value::Field(api) => self.field(api),
            Value::Number(number) => plain(*number),
            Value::Money(amount) => match self.currency {
                Some(currency) => format!("{} {currency}", grouped(*amount)),
                None => plain(*amount),
            },
            Value::Percent(percent) => format!("{}%", plain(*percent)),
            Value::Text(text) => quoted(text),
            Value::Date(date) => date.clone(),
            Value::Today => "today".to_owned(),
            Value::Now => "now".to_owned(),
            Value::Moved(from, seconds) => {
                let sign = if seconds.is_sign_negative() { '-' } else { '+' };
                let days = match from.as_ref() {
                    Value::Today => true,
                    Value::Field(api) => self.fields.get(api).is_some_and(|f| f.kind == Kind::Date),
                    _ => false,
                };
                format!("{} {sign} {}", self.value(from), length(seconds.abs(), days))
            }
            Value::Elapsed { field, since, seconds, days } => {
                let word = if *since { "since" } else { "until" };
                let (unit, _) = unit(*seconds, Decimal::ONE, *days);
                format!("{unit} {word} {}", self.field(field))
            }
            Value::Arithmetic(a, sign, b) => {
                let part = |x: &Value| match x {
                    Value::Arithmetic(..) => format!("({})", self.value(x)),
                    x => self.value(x),
                };
                format!("{} {sign} {}", part(a), part(b))
            }
        }
    }

    /// Whether the values are all that a list of options can have.
    fn is_any(self, api: &str, values: &[String]) -> bool {
        self.fields.get(api).is_some_and(|field| {
            field.kind == Kind::ManyOf
                && field.options.iter().all(|option| values.contains(&option.value))
        })
    }

    fn field(self, api: &str) -> String {
        self.fields.get(api).map(|field| field.name.clone()).unwrap_or_default()
    }

    fn option(self, api: &str, value: &str) -> String {
        let options = self.fields.get(api).map_or(&[][..], |field| &field.options);
        let found = options.iter().find(|option| option.value == value);
        found.map(|option| option.name.clone()).unwrap_or_default()
    }
}

fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// Large numbers with their thousands parted.
fn grouped(number: Decimal) -> String {
    let text = plain(number);
    let (sign, rest) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, broken) = rest.split_once('.').map_or((rest, None), |(a, b)| (a, Some(b)));
    if whole.len() < 5 {
        return text;
    }
    let mut out = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    broken.map_or(out.clone(), |broken| format!("{out}.{broken}"))
}

const UNITS: &[(&str, &str, u32)] =
    &[("weeks", "w", 604_800), ("days", "d", 86_400), ("hours", "h", 3_600), ("minutes", "m", 60)];

/// How many of which unit: the unit that is counted in, if it is one; else the largest that gives a
/// whole number.
fn unit(seconds: Decimal, number: Decimal, days: bool) -> (&'static str, Decimal) {
    let known = UNITS.iter().find(|(.., length)| Decimal::from(*length) == seconds);
    if let Some((name, ..)) = known {
        return (name, number);
    }
    let total = number.saturating_mul(seconds);
    let usable = |length: u32| !days || length >= 86_400;
    let whole = UNITS
        .iter()
        .skip(1)
        .find(|(.., length)| usable(*length) && (total % Decimal::from(*length)).is_zero());
    let (name, _, length) =
        whole.copied().unwrap_or(if days { ("days", "d", 86_400) } else { ("minutes", "m", 60) });
    (name, total.checked_div(Decimal::from(length)).unwrap_or_default())
}

/// A length of time in the notation of the language.
fn length(seconds: Decimal, days: bool) -> String {
    let fits = |unit: u32| (seconds % Decimal::from(unit)).is_zero() && (!days || unit >= 86_400);
    let whole = UNITS.iter().skip(1).find(|(.., unit)| fits(*unit));
    let (_, short, unit) = whole.copied().unwrap_or(("minutes", "m", 60));
    format!("{}{short}", plain(seconds.checked_div(Decimal::from(unit)).unwrap_or_default()))
}
