//! Slips that have a message of their own: habits from other languages, forgotten units, quotes of
//! word processors.

use crate::diag::{Diagnostic, Edit, Safety, closest, codes};

use super::builder::{Builder, name_like};
use super::explain::{Stop, shown};
use super::expr::misspelt;
use super::tokens::{Kind, Token};

/// The finding for the slip at the place where reading stopped, if it is a known one.
pub(super) fn finding(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    full_width(builder, stop)
        .or_else(|| hyphen(builder, stop))
        .or_else(|| between(builder, stop))
        .or_else(|| unit(builder, stop))
        .or_else(|| percent(builder, stop))
        .or_else(|| date(builder, stop))
        .or_else(|| destination(builder, stop))
        .or_else(|| currency(builder, stop))
        .or_else(|| money(builder, stop))
        .or_else(|| money_sign(builder, stop))
        .or_else(|| presence(builder, stop))
        .or_else(|| confirm(builder, stop))
        .or_else(|| confirmed(builder, stop))
        .or_else(|| reason(builder, stop))
        .or_else(|| late_title(builder, stop))
        .or_else(|| bare_text(builder, stop))
        .or_else(|| sign(builder, stop))
}

/// Signs of other languages, by themselves or with the sign before them.
fn sign(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let word = found.of(builder.text);
    if found.kind != Kind::Sign {
        return None;
    }
    let span = builder.place(found.at.start, found.at.end);
    let misspelling = match word {
        "=>" | "≥" => Some(">="),
        "=<" | "≤" => Some("<="),
        "≠" | "!==" => Some("!="),
        "===" => Some("="),
        "&&" | "&" => Some("and"),
        "||" | "|" => Some("or"),
        "!" => Some("not"),
        "×" => Some("*"),
        "÷" => Some("/"),
        "−" | "–" => Some("-"),
        _ => None,
    };
    if let Some(right) = misspelling {
        return Some(misspelt(span, word, right));
    }
    let remove = || vec![Edit { span, replacement: String::new() }];
    let finding = |fact: String| Diagnostic::new(codes::SYNTAX_ERROR, span, fact);
    match word {
        ";" => Some(
            finding("`;` is not needed".to_owned())
                .reason("properties end where the next one begins")
                .help("remove it")
                .fix("remove `;`", Safety::Safe, remove()),
        ),
        "//" | "--" => Some(
            finding(format!("`{word}` does not begin a comment"))
                .help("comments begin with `#`")
                .fix(
                    format!("replace `{word}` by `#`"),
                    Safety::Safe,
                    vec![Edit { span, replacement: "#".to_owned() }],
                ),
        ),
        "=" | ":" | ":=" | "->" if !stop.expected.is_after_operand() => Some(
            finding(format!("no `{word}` stands here"))
                .reason("a property and its value are separated by a space")
                .help("remove it")
                .fix(format!("remove `{word}`"), Safety::Safe, remove()),
        ),
        "," if !stop.expected.is_operand() && !stop.expected.has("]") => Some(
            finding("unexpected `,`".to_owned())
                .help("a list stands in brackets: `[a, b]`; outside of them nothing is separated by commas"),
        ),
        "“" | "”" | "„" | "«" | "「" | "『" | "‘" | "’" | "'" | "`" if stop.expected.is_text() || !stop.expected.is_after_operand() => {
            Some(quotes(builder, stop, found))
        }
        _ => None,
    }
}

/// Quotes that are not `"`.
fn quotes(builder: &Builder<'_>, stop: &Stop<'_>, open: &Token) -> Diagnostic {
    let mark = open.of(builder.text);
    let end = stop.tokens.last().map_or(open.at.end, |last| last.at.end);
    let rest = builder.text.get(open.at.end..end).unwrap_or("");
    let rest = rest.lines().next().unwrap_or("");
    let closing: &[char] = match mark {
        "“" | "”" | "„" => &['”', '“', '"'],
        "«" => &['»'],
        "「" => &['」'],
        "『" => &['』'],
        "`" => &['`'],
        _ => &['’', '‘', '\''],
    };
    let span = builder.place(open.at.start, open.at.end);
    let fact = format!("`{mark}` is not the quote that texts stand in");
    // An apostrophe is no closing quote: the last one of the line is.
    let Some((at, last)) = rest.rmatch_indices(closing).next() else {
        return Diagnostic::new(codes::SYNTAX_ERROR, span, fact).help("write `\"`");
    };
    let start = open.at.end + at;
    let whole = builder.place(open.at.start, start + last.len());
    let edit = |from: usize, to: usize| Edit {
        span: builder.place(from, to),
        replacement: "\"".to_owned(),
    };
    Diagnostic::new(codes::SYNTAX_ERROR, whole, fact)
        .help("write `\"` before and after the text")
        .fix(
            "use straight quotes",
            Safety::Safe,
            vec![edit(open.at.start, open.at.end), edit(start, start + last.len())],
        )
}

/// `｛`, `：`, the wide space: what an East Asian keyboard types for a sign.
fn full_width(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|token| token.kind == Kind::Sign)?;
    let word = found.of(builder.text);
    let letter = word.chars().next()?;
    let (right, fact) = match letter {
        '\u{ff01}'..='\u{ff5e}' => {
            let right = char::from_u32(u32::from(letter) - 0xfee0)?;
            // Neither sign stands between a property and its value.
            let right = if matches!(right, ':' | ';') { ' ' } else { right };
            (right, format!("`{word}` is a full-width sign"))
        }
        '\u{3001}' => (',', format!("`{word}` is a full-width sign")),
        letter if space_name(letter).is_some() || letter.is_whitespace() => {
            let name = space_name(letter).unwrap_or("a space that is no plain one");
            (' ', format!("{name} (U+{:04X}) stands here", u32::from(letter)))
        }
        _ => return None,
    };
    let span = builder.place(found.at.start, found.at.end);
    let name = if right == ' ' { "a plain space".to_owned() } else { format!("`{right}`") };
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, span, fact).help(format!("replace it by {name}")).fix(
            format!("replace it by {name}"),
            Safety::Safe,
            vec![Edit { span, replacement: right.to_string() }],
        ),
    )
}

/// What a space that is no plain one is called.
fn space_name(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\u{a0}' | '\u{202f}' => "a no-break space",
        '\u{3000}' => "a full-width space",
        '\u{200b}' => "a zero-width space",
        '\u{200c}' | '\u{200d}' | '\u{2060}' => "an invisible character",
        '\u{feff}' => "a byte order mark",
        '\u{2000}'..='\u{200a}' => "a typographic space",
        _ => return None,
    })
}

/// `between 1 or 2`
fn between(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|token| matches!(token.of(builder.text), "or" | "to" | ","))?;
    let back = stop.tokens.get(stop.index.saturating_sub(3)..stop.index)?;
    if !stop.expected.has("and") || !back.iter().any(|token| token.of(builder.text) == "between") {
        return None;
    }
    let span = builder.place(found.at.start, found.at.end);
    let word = found.of(builder.text);
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, span, format!("expected `and`, found `{word}`"))
            .help("write `between a and b`")
            .fix("write `and`", Safety::Safe, vec![Edit { span, replacement: "and".to_owned() }]),
    )
}

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
fn unit(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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
fn percent(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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
fn date(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let token = [stop.found(), stop.before()]
        .into_iter()
        .flatten()
        .find(|token| token.kind == Kind::Number && date_like(token.of(builder.text)).is_some())?;
    foreign_date(builder, token.at.start, token.at.end)
}

/// The finding for bytes `start..end` of the text if they are a date written another way.
pub(super) fn foreign_date(builder: &Builder<'_>, start: usize, end: usize) -> Option<Diagnostic> {
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

/// `advance problem`
fn destination(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|token| token.kind == Kind::Word)?;
    let before = stop.before()?.of(builder.text);
    let expected = &stop.expected;
    if !expected.has("to") || !expected.has("from") || found.of(builder.text) == "any" {
        return None;
    }
    let word = found.of(builder.text);
    let span = builder.place(found.at.start, found.at.end);
    let insert = builder.place(found.at.start, found.at.start);
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, span, format!("expected `to`, found `{word}`"))
            .help(format!("write `{before} to {word}`"))
            .fix(
                "insert `to`",
                Safety::Safe,
                vec![Edit { span: insert, replacement: "to ".to_owned() }],
            ),
    )
}

/// `currency jpy`
fn currency(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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
fn money(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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
fn money_sign(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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

/// `email present`
fn presence(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let (before, found) = (stop.before()?, stop.found()?);
    let word = found.of(builder.text);
    let is_word = matches!(word, "present" | "missing") && before.kind == Kind::Word;
    let is_name = stop.after().is_some_and(|next| next.kind == Kind::Text);
    if !is_word || is_name || !stop.expected.has("is") {
        return None;
    }
    let span = builder.place(found.at.start, found.at.end);
    let insert = builder.place(found.at.start, found.at.start);
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, span, format!("expected `is`, found `{word}`"))
            .help(format!("write `{} is {word}`", before.of(builder.text)))
            .fix(
                "insert `is`",
                Safety::Safe,
                vec![Edit { span: insert, replacement: "is ".to_owned() }],
            ),
    )
}

/// `confirm budget`
fn confirm(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let before = stop.before().filter(|token| token.of(builder.text) == "confirm")?;
    let found = stop.found().filter(|token| token.kind == Kind::Word)?;
    if !stop.expected.has("\"") || !stop.expected.is_after_operand() {
        return None;
    }
    let word = found.of(builder.text);
    let is_name = stop.after().is_some_and(|next| next.kind == Kind::Text);
    if is_name || is_operator(word) {
        return None;
    }
    let at = if before.at.end < found.at.start { found } else { before };
    let span = builder.place(at.at.start, at.at.end);
    Some(
        Diagnostic::new(
            codes::SYNTAX_ERROR,
            span,
            format!("expected a text in quotes after `confirm`, found `{word}`"),
        )
        .help("say in quotes what a person confirms: `confirm \"…\"`"),
    )
}

/// `confirmed "We met"`: the word was read as the name of a field.
fn confirmed(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let before = stop.before().filter(|token| token.kind == Kind::Word)?;
    let found = stop.found()?;
    let word = before.of(builder.text);
    let is_near = matches!(word, "confirms" | "confirmed" | "confirmation");
    let is_call = found.of(builder.text) == "(" && (is_near || word == "confirm");
    if !(is_call || is_near && found.kind == Kind::Text) {
        return None;
    }
    let span = builder.place(before.at.start, before.at.end);
    let finding =
        Diagnostic::new(codes::SYNTAX_ERROR, span, format!("`{word}` does not ask a person")).help(
            "say in quotes what a person confirms: `confirm \"…\"`, or `confirm \"…\" by ROLE`",
        );
    if is_call {
        return Some(finding);
    }
    let edit = Edit { span, replacement: "confirm".to_owned() };
    Some(finding.fix(format!("replace `{word}` by `confirm`"), Safety::Safe, vec![edit]))
}

fn is_operator(word: &str) -> bool {
    matches!(word, "and" | "or" | "is" | "in" | "not" | "between" | "within")
}

/// `waive dead-end`
fn reason(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let first = stop.tokens.first().filter(|token| token.of(builder.text) == "waive")?;
    let rule = stop.tokens.get(1)?;
    let last = stop.before()?;
    let dashed = builder.text.get(rule.at.start..last.at.end)?;
    let is_rule = dashed.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let lacks_text = stop.found().is_none_or(|found| found.kind != Kind::Text);
    if !is_rule || !lacks_text || last.kind != Kind::Word {
        return None;
    }
    let span = builder.place(first.at.start, last.at.end);
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, span, format!("`waive {dashed}` gives no reason"))
            .help(format!("write `waive {dashed} \"why\"`")),
    )
}

/// `crowns integer at least 0 "Crowns"`, `record deal from lead "Deal"`
fn late_title(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let title = stop.found().filter(|token| token.kind == Kind::Text)?;
    let before = stop.tokens.get(..stop.index)?;
    // A second text, or one inside of a block, is no title.
    let is_title = before
        .iter()
        .all(|token| token.kind != Kind::Text && !matches!(token.of(builder.text), "{" | "}"));
    if !is_title || stop.expected.is_text() {
        return None;
    }
    let ([first, second, ..], written) = (before, shown(title.of(builder.text))) else {
        return None;
    };
    let (first, second) = (first.of(builder.text), second.of(builder.text));
    let help = if stop.expected.has("required") {
        format!("it stands right after the type: `{first} TYPE {written}`")
    } else if stop.expected.has("{") && before.len() > 2 {
        format!("it stands right after the name: `{first} {second} {written}`")
    } else {
        return None;
    };
    let span = builder.place(title.at.start, title.at.end);
    Some(Diagnostic::new(codes::SYNTAX_ERROR, span, "the title stands too late").help(help))
}

/// `version 2026.1`, `purpose Learn`
fn bare_text(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|token| matches!(token.kind, Kind::Word | Kind::Number))?;
    if !stop.expected.is_only_text() {
        return None;
    }
    // Everything up to the end of the line was meant, unless something quoted follows.
    let line_end = |token: &Token| {
        builder.text.get(found.at.start..token.at.end).is_some_and(|text| !text.contains('\n'))
    };
    let rest = stop.tokens.get(stop.index..)?;
    let words: Vec<&Token> = rest.iter().take_while(|token| line_end(token)).collect();
    let plain = words.iter().all(|token| !matches!(token.kind, Kind::Text | Kind::Unclosed))
        && words.iter().all(|token| !matches!(token.of(builder.text), "{" | "}" | "“" | "”" | "'"));
    let word = found.of(builder.text);
    let span = builder.place(found.at.start, found.at.end);
    let finding = Diagnostic::new(
        codes::SYNTAX_ERROR,
        span,
        format!("expected a text in quotes, found `{}`", shown(word)),
    )
    .help("put the text in quotes");
    let last = words.last().filter(|_| plain)?;
    let edit = |at: usize| Edit { span: builder.place(at, at), replacement: "\"".to_owned() };
    let edits = vec![edit(found.at.start), edit(last.at.end)];
    Some(finding.fix("put the text in quotes", Safety::Safe, edits))
}

/// `my-stage` where a hyphen is not even read as part of a name.
fn hyphen(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let (before, found, after) = (stop.before()?, stop.found()?, stop.after()?);
    let glued = found.of(builder.text) == "-"
        && before.kind == Kind::Word
        && after.kind == Kind::Word
        && before.at.end == found.at.start
        && found.at.end == after.at.start;
    if !glued {
        return None;
    }
    let span = builder.place(before.at.start, after.at.end);
    let written = builder.text.get(before.at.start..after.at.end)?;
    let name = name_like(written)?;
    Some(
        Diagnostic::new(codes::INVALID_NAME, span, format!("`{written}` is not a name"))
            .reason("a name has lower-case letters `a` to `z`, digits and `_`")
            .help(format!("write `{name}`"))
            .fix(
                format!("rename to `{name}`"),
                Safety::Safe,
                vec![Edit { span, replacement: name }],
            ),
    )
}
