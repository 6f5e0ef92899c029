//! Signs, spaces and quotes that other languages, keyboards and word processors write.

use crate::diag::{Diagnostic, Edit, Safety, codes};

use super::super::builder::{Builder, name_like};
use super::super::explain::{Stop, shown};
use super::super::expr::misspelt;
use super::super::tokens::{Kind, Token};

/// Signs of other languages, by themselves or with the sign before them.
pub(super) fn sign(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let word = found.of(builder.text);
    if found.kind != Kind::Sign {
        return None;
    }
    let span = builder.place(found.at.start, found.at.end);
    if let Some(right) = operator(word) {
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
        "->" | "=>" | "→" if stop.expected.has("to") => {
            Some(finding(format!("expected `to`, found `{word}`")).help("write `to`").fix(
                "write `to`",
                Safety::Safe,
                vec![Edit { span, replacement: "to".to_owned() }],
            ))
        }
        "=" | ":" | ":=" | "->" if !stop.expected.is_after_operand() => Some(
            finding(format!("no `{word}` stands here"))
                .reason("a property and its value are separated by a space")
                .help("remove it")
                .fix(format!("remove `{word}`"), Safety::Safe, remove()),
        ),
        "," if stop.expected.is_after_operand() && !stop.expected.has("]") => Some(
            finding("unexpected `,`".to_owned())
                .help("two conditions are joined by `and` or `or`; the members of a list stand in brackets"),
        ),
        "," if !stop.expected.is_operand() && !stop.expected.has("]") => Some(
            finding("unexpected `,`".to_owned())
                .help("a list stands in brackets: `[a, b]`; outside of them nothing is separated by commas"),
        ),
        quote if is_quote(quote) && (stop.expected.is_text() || !stop.expected.is_after_operand()) => {
            Some(quotes(builder, stop, found))
        }
        _ => None,
    }
}

/// A quote that opens a text elsewhere.
pub(super) fn is_quote(sign: &str) -> bool {
    matches!(sign, "“" | "”" | "„" | "«" | "「" | "『" | "‘" | "’" | "'" | "`")
}

/// The operator that is meant by a sign of other languages.
fn operator(word: &str) -> Option<&'static str> {
    Some(match word {
        "=>" | "≥" => ">=",
        "=<" | "≤" => "<=",
        "≠" | "!==" => "!=",
        "===" => "=",
        "&&" | "&" => "and",
        "||" | "|" => "or",
        "!" => "not",
        "×" => "*",
        "÷" => "/",
        "−" | "–" => "-",
        _ => return None,
    })
}

/// Whether what stands before the sign is only the half of what it compares: the grammar reads the `=`
/// of `=>`, and stops behind it.
pub(super) fn goes_on(builder: &Builder<'_>, stop: &Stop<'_>) -> bool {
    stop.expected.is_operand()
        && stop
            .found()
            .is_some_and(|found| matches!(found.of(builder.text), "=>" | "=<" | "===" | "!=="))
}

/// Quotes that are not `"`.
fn quotes(builder: &Builder<'_>, stop: &Stop<'_>, open: &Token) -> Diagnostic {
    let mark = open.of(builder.text);
    let end = stop.tokens.last().map_or(open.at.end, |last| last.at.end);
    let rest = builder.text.get(open.at.end..end).unwrap_or("");
    let rest = rest.lines().next().unwrap_or("");
    let span = builder.place(open.at.start, open.at.end);
    let fact = format!("`{mark}` is not the quote that texts stand in");
    let Some(Closing { at, last, safety, inner }) = closing(mark, rest) else {
        return Diagnostic::new(codes::SYNTAX_ERROR, span, fact).help("write `\"`");
    };
    let start = open.at.end + at;
    let whole = builder.place(open.at.start, start + last);
    let edit = |from: usize, to: usize, replacement: &str| Edit {
        span: builder.place(from, to),
        replacement: replacement.to_owned(),
    };
    let mut edits = vec![edit(open.at.start, open.at.end, "\"")];
    let escaped = inner.into_iter().map(|at| open.at.end + at);
    edits.extend(escaped.map(|at| edit(at, at + 1, "\\\"")));
    edits.push(edit(start, start + last, "\""));
    Diagnostic::new(codes::SYNTAX_ERROR, whole, fact)
        .help("write `\"` before and after the text")
        .fix("use straight quotes", safety, edits)
}

/// Where a text in other quotes ends.
struct Closing {
    /// Where the closing quote begins, in bytes behind the opening one.
    at: usize,
    /// How many bytes it has.
    last: usize,
    safety: Safety,
    /// The straight quotes inside of the text, which must be escaped.
    inner: Vec<usize>,
}

/// The quote that closes what `mark` opens, in the rest of the line. Some signs both open and close,
/// and an apostrophe does neither: what stands beside them tells.
fn closing(mark: &str, rest: &str) -> Option<Closing> {
    let (sure, signs): (&str, &[char]) = match mark {
        "„" => ("”“", &['”', '“', '"']),
        "“" | "”" => ("”", &['”', '“', '"']),
        "«" => ("»", &['»']),
        "「" => ("」", &['」']),
        "『" => ("』", &['』']),
        "`" => ("`", &['`']),
        _ => ("", &['’', '‘', '\'']),
    };
    let found = |at: usize, last: usize, safety: Safety| {
        let inner = rest.get(..at).unwrap_or("").match_indices('"').map(|(at, _)| at).collect();
        Some(Closing { at, last, safety, inner })
    };
    let shape = |at: usize, sign: &str| {
        let (before, after) = (rest.get(..at)?, rest.get(at + sign.len()..)?);
        let is_loose = before.chars().next_back().is_some_and(char::is_whitespace);
        let is_joined = after.chars().next().is_some_and(char::is_alphanumeric);
        Some((is_loose && is_joined, is_joined))
    };
    // The sign that only closes, where no other text begins before it.
    for (at, sign) in rest.match_indices(signs) {
        let (opens, _) = shape(at, sign)?;
        match (sure.contains(sign), opens) {
            (true, false) => return found(at, sign.len(), Safety::Safe),
            (_, true) if sign != "\"" => break,
            _ => {}
        }
    }
    let mut is_quoted = false;
    let mut apostrophes: Vec<(usize, usize)> = Vec::new();
    for (at, sign) in rest.match_indices(signs) {
        let (opens, is_joined) = shape(at, sign)?;
        if sign == "\"" && (is_quoted || opens) {
            is_quoted = !is_quoted;
        } else if !opens && !is_joined && !sure.is_empty() {
            return found(at, sign.len(), Safety::Safe);
        } else if opens {
            // The next text begins.
            break;
        } else if !is_joined {
            apostrophes.push((at, sign.len()));
        }
    }
    // The last one closes; where there are several, as in `the teams’ work’`, who knows.
    let safety = if apostrophes.len() > 1 { Safety::Unsafe } else { Safety::Safe };
    let (at, last) = apostrophes.pop()?;
    found(at, last, safety)
}

/// `｛`, `：`, the wide space: what an East Asian keyboard types for a sign.
pub(super) fn full_width(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let word = found.of(builder.text);
    let letter = word.chars().next()?;
    if matches!(found.kind, Kind::Word | Kind::Number) {
        return full_width_word(builder, found);
    }
    if found.kind != Kind::Sign {
        return None;
    }
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

/// `２０２６`, `５d`: digits and letters in full width.
fn full_width_word(builder: &Builder<'_>, found: &Token) -> Option<Diagnostic> {
    let word = found.of(builder.text);
    let is_wide =
        |letter: char| matches!(letter, '\u{ff10}'..='\u{ff5a}') && letter.is_alphanumeric();
    if !word.chars().any(is_wide) {
        return None;
    }
    let plain: String = word
        .chars()
        .map(|letter| match is_wide(letter) {
            true => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            false => letter,
        })
        .collect();
    let span = builder.place(found.at.start, found.at.end);
    Some(
        Diagnostic::new(codes::SYNTAX_ERROR, span, format!("`{}` is in full width", shown(word)))
            .help(format!("write `{}`", shown(&plain)))
            .fix(
                format!("write `{}`", shown(&plain)),
                Safety::Safe,
                vec![Edit { span, replacement: plain }],
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

/// `my-stage` where a hyphen is not even read as part of a name.
pub(super) fn hyphen(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let (before, found, after) = (stop.before()?, stop.found()?, stop.after()?);
    let glued = found.of(builder.text) == "-"
        && before.kind == Kind::Word
        && after.kind == Kind::Word
        && before.at.end == found.at.start
        && found.at.end == after.at.start;
    if !glued {
        return None;
    }
    no_name(builder, before.at.start, after.at.end)
}

/// `Deal-Size` in a condition, where `deal-size` is a difference.
pub(in super::super) fn hyphened(
    builder: &Builder<'_>,
    start: usize,
    end: usize,
) -> Option<Diagnostic> {
    let written = builder.text.get(start..end)?;
    let is_one = written.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let has_capital = written.chars().any(|c| c.is_ascii_uppercase());
    if !is_one || !has_capital || !written.contains('-') {
        return None;
    }
    no_name(builder, start, end)
}

/// The finding for words with hyphens between.
fn no_name(builder: &Builder<'_>, start: usize, end: usize) -> Option<Diagnostic> {
    let span = builder.place(start, end);
    let written = builder.text.get(start..end)?;
    let name = name_like(written)?;
    Some(
        Diagnostic::new(codes::INVALID_NAME, span, format!("`{written}` is not a name"))
            .reason("a name has lower-case letters `a` to `z`, digits and `_`")
            .help(format!("write `{name}`"))
            .fix(
                format!("rename to `{name}`"),
                // Where it stands in a condition it is a difference.
                Safety::Unsafe,
                vec![Edit { span, replacement: name }],
            ),
    )
}
