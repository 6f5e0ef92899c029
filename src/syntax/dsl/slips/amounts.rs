//! Numbers and amounts as people write them: `1,000 EUR`, `1.000,00`, `€5k`, `10万円`.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Edit, Safety, codes};
use crate::source::Span;
use crate::syntax::habits::{meant, underscored};

use super::super::builder::Builder;
use super::super::explain::{Stop, shown};
use super::super::tokens::{Kind, Token};
use super::values::CURRENCIES;

/// The finding for an amount that is written another way around the place where reading stopped.
pub(super) fn amount(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let amount = find(builder, stop)?;
    let (first, last) = (stop.tokens.get(amount.first)?, stop.tokens.get(amount.end - 1)?);
    let span = builder.place(first.at.start, last.at.end);
    let written = builder.text.get(first.at.start..last.at.end)?;
    let right = amount.right()?;
    let what = match (amount.codes.is_empty(), amount.spaced) {
        (true, true) => "percentage",
        (true, false) => "number",
        (false, _) => "amount",
    };
    let mut finding = Diagnostic::new(
        codes::SYNTAX_ERROR,
        span,
        format!("the {what} `{}` is written `{right}`", shown(written)),
    );
    if let Some(reason) = amount.reason() {
        finding = finding.reason(reason);
    }
    let others = amount.codes.get(1..).unwrap_or(&[]);
    let help = if amount.spelt.is_some() && !others.is_empty() {
        let others: Vec<String> = others.iter().map(|code| format!("`{code}`")).collect();
        format!("write `{right}`, or put the currency that is meant: {}", others.join(", "))
    } else if amount.spelt.is_some() {
        "the number comes first, then the currency in upper case".to_owned()
    } else {
        format!("write `{right}`")
    };
    let finding = finding.help(help);
    // In a list, a comma may stand between two values.
    let in_list = amount.comma && is_in_list(builder.text, span);
    let safety = match amount.doubtful || in_list || !others.is_empty() {
        true => Safety::Unsafe,
        false => Safety::Safe,
    };
    let edit = Edit { span, replacement: right.clone() };
    Some(finding.fix(format!("write `{right}`"), safety, vec![edit]))
}

/// Whether a bracket is open before a place, on its line.
fn is_in_list(text: &str, place: Span) -> bool {
    let before = text.get(..place.start as usize).unwrap_or("");
    let line = before.chars().rev().take(MAX_LINE).take_while(|c| *c != '\n');
    let open = line.fold(0_i32, |open, c| open + i32::from(c == '[') - i32::from(c == ']'));
    open > 0
}

/// How far before a place is looked, in characters: a file may be one line.
const MAX_LINE: usize = 1024;

/// Whether such an amount began before the place where reading stopped, so that what was read
/// took its first digits for the whole.
pub(super) fn goes_on(builder: &Builder<'_>, stop: &Stop<'_>) -> bool {
    find(builder, stop).is_some_and(|amount| amount.first < stop.index)
}

/// An amount, read as it was meant.
struct Amount {
    /// Index of its first token, and one past that of its last.
    first: usize,
    end: usize,
    /// The digits before and behind the point.
    whole: String,
    fraction: String,
    /// By how much they are to be multiplied.
    magnitude: Decimal,
    /// Sign, unit or nothing that stays behind it: `%`, `d`.
    unit: String,
    /// The currencies that may be meant.
    codes: &'static [&'static str],
    /// How the currency was written, if not as it should be.
    spelt: Option<()>,
    /// Whether thousands were set apart.
    grouped: bool,
    /// Whether it may have been a fraction, or two numbers.
    doubtful: bool,
    /// Whether a comma stands for the point.
    comma: bool,
    /// Whether the sign of a percentage is set apart, or spelt out.
    spaced: bool,
}

impl Amount {
    /// As the language writes it.
    fn right(&self) -> Option<String> {
        let fraction = self.fraction.trim_end_matches('0');
        let number: Decimal = match fraction {
            "" => self.whole.parse().ok()?,
            fraction => format!("{}.{fraction}", self.whole).parse().ok()?,
        };
        let number = number.checked_mul(self.magnitude)?.normalize();
        let number = match (self.unit.as_str(), number.is_integer()) {
            ("" | "%", _) | (_, true) => number,
            (unit, false) => return in_whole_units(number, unit),
        };
        let mut text = underscored(number);
        text.push_str(&self.unit);
        if let Some(code) = self.codes.first() {
            text.push(' ');
            text.push_str(code);
        }
        Some(text)
    }

    fn reason(&self) -> Option<&'static str> {
        if self.magnitude != Decimal::ONE {
            return Some("a number is written out, `_` between its thousands");
        }
        match (self.grouped, self.comma) {
            (true, true) => Some("thousands are set apart by `_`, and fractions by a point"),
            (true, false) => Some("thousands are set apart by `_`"),
            (false, true) => Some("fractions are set apart by a point"),
            (false, false) => None,
        }
    }
}

/// A duration with a fraction, in the next smaller unit: no duration has one.
pub(super) fn in_whole_units(number: Decimal, unit: &str) -> Option<String> {
    match unit {
        "h" => whole(number, 60, "m"),
        "d" => whole(number, 24, "h"),
        "w" => whole(number, 7, "d"),
        _ => None,
    }
}

fn whole(number: Decimal, times: i64, unit: &str) -> Option<String> {
    let number = number.checked_mul(Decimal::from(times))?.normalize();
    number.is_integer().then(|| format!("{}{unit}", underscored(number)))
}

/// The amount that covers the place where reading stopped, if something is wrong with it.
fn find(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Amount> {
    let first = stop.index.saturating_sub(MAX_TOKENS);
    (first..=stop.index).find_map(|first| {
        read(builder, stop, first)
            .filter(|amount| amount.end >= stop.index && amount.end <= stop.index + MAX_TOKENS)
    })
}

/// No amount that is recognised has more tokens.
const MAX_TOKENS: usize = 16;

fn read(builder: &Builder<'_>, stop: &Stop<'_>, first: usize) -> Option<Amount> {
    let text = builder.text;
    let token = |at: usize| stop.tokens.get(at);
    // What stands on another line is something else.
    let near = |a: &Token, b: &Token| {
        text.get(a.at.end..b.at.start).is_some_and(|gap| !gap.contains('\n'))
    };
    let glued = |a: &Token, b: &Token| a.at.end == b.at.start;
    let mut at = first;
    let mut amount = Amount {
        first,
        end: first,
        whole: String::new(),
        fraction: String::new(),
        magnitude: Decimal::ONE,
        unit: String::new(),
        codes: &[],
        spelt: None,
        grouped: false,
        doubtful: false,
        comma: false,
        spaced: false,
    };
    let start = token(at)?;
    if start.kind != Kind::Number {
        let word = start.of(text);
        amount.codes = match start.kind {
            Kind::Sign => meant(word),
            Kind::Word => code_of(word),
            _ => &[],
        };
        if amount.codes.is_empty() || !near(start, token(at + 1)?) {
            return None;
        }
        amount.spelt = Some(());
        at += 1;
    } else if let Some(before) = first.checked_sub(1).and_then(token)
        && before.kind != Kind::Word
        && glued(before, start)
        && matches!(before.of(text), "," | "'" | "’" | ".")
    {
        // The middle of a number.
        return None;
    }
    let mut digits = String::new();
    let mut rest = "";
    loop {
        let number = token(at).filter(|token| token.kind == Kind::Number)?;
        let word = number.of(text);
        let cut = word.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_'));
        let cut = cut.unwrap_or(word.len());
        // `1_won` is no amount, but a name that begins with a digit.
        let own = word.get(..cut).filter(|own| !own.ends_with(['_', '.']))?;
        digits.push_str(own);
        rest = word.get(cut..).unwrap_or(rest);
        at += 1;
        if !rest.is_empty() {
            break;
        }
        let (Some(sign), Some(next)) = (token(at), token(at + 1)) else { break };
        if matches!(sign.of(text), "," | "'" | "’")
            && glued(number, sign)
            && glued(sign, next)
            && next.kind == Kind::Number
        {
            digits.push_str(sign.of(text));
            at += 1;
        } else if sign.kind == Kind::Number && near(number, sign) && is_thousands(sign.of(text)) {
            digits.push(' ');
        } else {
            break;
        }
    }
    // `1 000` at the very end of a text.
    if rest.is_empty()
        && let (Some(number), Some(last)) = (token(at.checked_sub(1)?), token(at))
        && last.kind == Kind::Number
        && near(number, last)
        && is_thousands(last.of(text))
    {
        let (group, letters) = last.of(text).split_at_checked(3)?;
        digits.push(' ');
        digits.push_str(group);
        rest = letters;
        at += 1;
    }
    amount.digits(&digits)?;
    // What is glued to the digits, then the words behind them.
    let is_duration = stop.expected.is_duration();
    let mut last = token(at.checked_sub(1)?)?;
    let mut has_currency = false;
    if !rest.is_empty() {
        let (magnitude, behind) = magnitudes(rest);
        if matches!(behind, "%" | "m" | "h" | "d" | "w" | "mo" | "q" | "y")
            && magnitude == Decimal::ONE
        {
            amount.unit = behind.to_owned();
        } else {
            if is_duration {
                return None;
            }
            amount.magnitude = magnitude;
            if !behind.is_empty() {
                amount.currency(behind)?;
                has_currency = true;
            }
        }
    }
    while let Some(next) = token(at).filter(|next| near(last, next)) {
        let word = next.of(text);
        let is_name = token(at + 1).is_some_and(|after| after.kind == Kind::Text);
        if is_name || !amount.unit.is_empty() || has_currency {
            break;
        }
        let (magnitude, behind) = magnitudes(word);
        let is_word = matches!(next.kind, Kind::Word | Kind::Sign);
        if matches!(word, "%" | "％" | "percent" | "pct") && amount.codes.is_empty() {
            "%".clone_into(&mut amount.unit);
            amount.spaced = true;
            at += 1;
            break;
        }
        if is_word && magnitude != Decimal::ONE && !is_duration {
            amount.magnitude = amount.magnitude.checked_mul(magnitude)?;
            if !behind.is_empty() {
                amount.currency(behind)?;
                has_currency = true;
            }
        } else if !is_word || !amount.codes.is_empty() || amount.currency(word).is_none() {
            break;
        } else {
            has_currency = true;
        }
        last = next;
        at += 1;
    }
    amount.end = at;
    let wrong = amount.grouped
        || amount.spaced
        || amount.comma
        || amount.spelt.is_some()
        || amount.magnitude != Decimal::ONE;
    // Of several currencies that may be meant, the one of the process.
    if let Some(own) = currency_of(text)
        && let Some(code) = amount.codes.iter().position(|code| *code == own)
    {
        amount.codes = amount.codes.get(code..=code)?;
    }
    wrong.then_some(amount)
}

impl Amount {
    /// Reads the digits with what stands between them. `None` when they are no number.
    fn digits(&mut self, digits: &str) -> Option<()> {
        let digits: String = digits.chars().filter(|c| *c != '_').collect();
        let is_separator = |c: char| !c.is_ascii_digit();
        let mut kinds: Vec<char> = Vec::new();
        for sign in digits.chars().filter(|c| is_separator(*c)) {
            if kinds.last() != Some(&sign) {
                kinds.push(sign);
            }
        }
        let (groups, point) = match kinds.as_slice() {
            [] => (None, None),
            [only] => {
                let parts: Vec<&str> = digits.split(*only).collect();
                match (parts.as_slice(), only) {
                    ([_, last], ',') if last.len() != 3 => (None, Some(',')),
                    ([_, _], '.') => (None, Some('.')),
                    (parts, _) => {
                        self.doubtful = parts.len() == 2 && *only == ',' || *only == ' ';
                        (Some(*only), None)
                    }
                }
            }
            [groups, point] if digits.matches(*point).count() == 1 => (Some(*groups), Some(*point)),
            _ => return None,
        };
        let (whole, fraction) = match point {
            Some(point) => digits.rsplit_once(point)?,
            None => (digits.as_str(), ""),
        };
        if let Some(sign) = groups {
            let mut parts = whole.split(sign);
            let first = parts.next()?;
            let rest: Vec<&str> = parts.collect();
            let (last, middle) = rest.split_last()?;
            // In India, all groups but the last have two digits.
            let fits = (1..=3).contains(&first.len())
                && last.len() == 3
                && middle.iter().all(|group| matches!(group.len(), 2 | 3));
            if !fits {
                return None;
            }
            self.grouped = true;
        }
        self.comma = point == Some(',');
        self.whole = whole.chars().filter(char::is_ascii_digit).collect();
        fraction.clone_into(&mut self.fraction);
        Some(())
    }

    /// Takes `word` for the currency. `None` when it is none.
    fn currency(&mut self, word: &str) -> Option<()> {
        let (codes, right) = match code_of(word) {
            [] => (meant(word), false),
            codes => (codes, codes.first() == Some(&word)),
        };
        if codes.is_empty() {
            return None;
        }
        self.codes = codes;
        if !right {
            self.spelt = Some(());
        }
        Some(())
    }
}

/// The code that `word` is in any case, as a list.
fn code_of(word: &str) -> &'static [&'static str] {
    let at = CURRENCIES.iter().position(|code| word.eq_ignore_ascii_case(code));
    at.and_then(|at| CURRENCIES.get(at..=at)).unwrap_or(&[])
}

/// Three digits, and letters at most.
fn is_thousands(word: &str) -> bool {
    word.len() >= 3
        && word.chars().take(3).all(|c| c.is_ascii_digit())
        && word.chars().skip(3).all(char::is_alphabetic)
}

/// What the words for thousands and more at the start of `word` come to, and what is left of it.
fn magnitudes(word: &str) -> (Decimal, &str) {
    let mut product = Decimal::ONE;
    let mut rest = word;
    while let Some((times, behind)) = MAGNITUDES.iter().find_map(|(name, times)| {
        let behind = rest.strip_prefix(name)?;
        // Latin letters go on to another word: `kg` are no thousands.
        let goes_on = name.is_ascii()
            && behind.chars().next().is_some_and(char::is_alphanumeric)
            && code_of(behind).is_empty();
        (!goes_on).then_some((*times, behind))
    }) {
        match product.checked_mul(Decimal::from(times)) {
            Some(more) => product = more,
            None => break,
        }
        rest = behind;
    }
    (product, rest)
}

/// Longer ones first.
const MAGNITUDES: &[(&str, i64)] = &[
    ("thousand", 1_000),
    ("millions", 1_000_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
    ("lakh", 100_000),
    ("crore", 10_000_000),
    ("Tsd", 1_000),
    ("tsd", 1_000),
    ("Mio", 1_000_000),
    ("mio", 1_000_000),
    ("mln", 1_000_000),
    ("Mrd", 1_000_000_000),
    ("MM", 1_000_000),
    ("mn", 1_000_000),
    ("bn", 1_000_000_000),
    ("k", 1_000),
    ("K", 1_000),
    ("M", 1_000_000),
    ("B", 1_000_000_000),
    ("百", 100),
    ("千", 1_000),
    ("万", 10_000),
    ("萬", 10_000),
    ("億", 100_000_000),
    ("亿", 100_000_000),
    ("백", 100),
    ("천", 1_000),
    ("만", 10_000),
    ("억", 100_000_000),
];

/// The currency that the process declares, when that stands in the same file.
fn currency_of(text: &str) -> Option<&str> {
    let at = text.find("currency ")?;
    let word = text.get(at + "currency ".len()..)?.split_whitespace().next()?;
    (word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(word)
}
