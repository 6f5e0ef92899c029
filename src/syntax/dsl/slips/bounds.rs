//! Bounds and conditions of moves in other words: `target >= 50%`, `min 0`, `advance to won if …`.

use crate::diag::{Diagnostic, Edit, Safety, codes};

use super::super::builder::{Builder, name_like};
use super::super::explain::{Stop, shown};
use super::super::parser::Rule;
use super::super::tokens::{Kind, Token};

fn replaced(
    builder: &Builder<'_>,
    token: &Token,
    fact: String,
    right: &str,
    safety: Safety,
) -> Diagnostic {
    let span = builder.place(token.at.start, token.at.end);
    let edit = Edit { span, replacement: right.to_owned() };
    Diagnostic::new(codes::SYNTAX_ERROR, span, fact).help(format!("write `{right}`")).fix(
        format!("write `{right}`"),
        safety,
        vec![edit],
    )
}

/// `target >= 50%`, `grade hot minimum 60`, `amount money min 0 EUR`
pub(super) fn bound(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    // `min 0`: in a record the word was read as the name of the next field.
    let word = match found.kind {
        Kind::Number if stop.rule() == Rule::one_record => stop.before()?,
        _ => found,
    };
    if word.at == found.at && (!stop.expected.has("at") || stop.expected.is_after_operand()) {
        return None;
    }
    let written = word.of(builder.text);
    let right = match written {
        ">=" | "≥" | "=>" | "min" | "minimum" => "at least",
        "<=" | "≤" | "=<" | "max" | "maximum" => "at most",
        // That the bound itself is left out cannot be said.
        ">" | "over" | "above" => "at least",
        "<" | "under" | "below" => "at most",
        "between" => {
            let span = builder.place(word.at.start, word.at.end);
            return Some(
                Diagnostic::new(codes::SYNTAX_ERROR, span, "two bounds are given one by one")
                    .help("write `at least … at most …`"),
            );
        }
        _ => return None,
    };
    let is_exact = !matches!(written, ">" | "<" | "over" | "above" | "under" | "below");
    let safety = if is_exact { Safety::Safe } else { Safety::Unsafe };
    let fact = format!("a bound is written `{right}`, not `{written}`");
    Some(replaced(builder, word, fact, right, safety))
}

/// `advance to won if amount > 5 EUR`
pub(super) fn condition(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| found.kind == Kind::Word)?;
    let word = found.of(builder.text);
    if !stop.expected.has("when") || !stop.expected.has("handoff") {
        return None;
    }
    let fact = format!("expected `when`, found `{word}`");
    match word {
        "if" | "where" | "provided" | "because" => {
            Some(replaced(builder, found, fact, "when", Safety::Safe))
        }
        "unless" => {
            let span = builder.place(found.at.start, found.at.end);
            Some(Diagnostic::new(codes::SYNTAX_ERROR, span, fact).help("write `when not (…)`"))
        }
        _ => None,
    }
}

/// `advance to "Won"`, `owner "rep"`: names stand without quotes.
pub(super) fn quoted_name(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| found.kind == Kind::Text)?;
    let before = stop.before()?.of(builder.text);
    let takes_name =
        matches!(before, "to" | "owner" | "record" | "evidence" | "into" | "from" | "of");
    if !takes_name || stop.expected.is_text() || stop.rule() == Rule::one_head {
        return None;
    }
    let written = found.of(builder.text);
    let inside = written.trim_matches('"');
    let name = name_like(&inside.trim().replace(' ', "_"))?;
    let fact = format!("expected a name, found {}", shown(written));
    let fact = fact.replace(written, &format!("`{written}`"));
    let finding = replaced(builder, found, fact, &name, Safety::Unsafe);
    Some(finding.help(format!("write the name, without quotes, such as `{before} {name}`")))
}

/// `one of (a, b)`, `one of a, b`, `one of ["A", "B"]`
pub(super) fn options(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let of = |back: usize| Some(stop.tokens.get(stop.index.checked_sub(back)?)?.of(builder.text));
    let is_many = |back: usize| matches!(of(back), Some("one" | "many"));
    let span = builder.place(found.at.start, found.at.end);
    let word = shown(found.of(builder.text));
    if of(1) == Some("of") && is_many(2) && stop.expected.has("[") {
        let fact = format!("expected a list in brackets, found `{word}`");
        let head = format!("{} of", of(2)?);
        return Some(
            Diagnostic::new(codes::SYNTAX_ERROR, span, fact)
                .help(format!("write `{head} [price \"Price\", timing \"Timing\"]`")),
        );
    }
    let is_first = of(1) == Some("[") && of(2) == Some("of") && is_many(3);
    if is_first && found.kind == Kind::Text {
        let title = found.of(builder.text);
        let name = name_like(&title.trim_matches('"').trim().replace(' ', "_"));
        let name = name.unwrap_or_else(|| "name".to_owned());
        let fact = format!("the option {word} has no name");
        return Some(
            Diagnostic::new(codes::SYNTAX_ERROR, span, fact)
                .help(format!("the name comes before the title: `{name} {word}`")),
        );
    }
    None
}
