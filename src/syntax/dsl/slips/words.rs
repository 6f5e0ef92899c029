//! Words left out, misplaced or misspelt, and texts without quotes.

use crate::diag::{Diagnostic, Edit, Safety, codes};

use super::super::builder::Builder;
use super::super::explain::{Stop, shown};
use super::super::tokens::{Kind, Token};

/// `between 1 or 2`
pub(super) fn between(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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

/// `required: yes`, `final true`: the word alone says it.
pub(super) fn flag(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    // Of `required yes` the second word was read as the name of the next field.
    let (at, flag) = (1..=2).find_map(|back| {
        let at = stop.index.checked_sub(back)?;
        let flag = stop.tokens.get(at)?;
        let is_flag = matches!(flag.of(builder.text), "required" | "unique" | "final" | "entry");
        is_flag.then_some((at, flag))
    })?;
    let rest = stop.tokens.get(at + 1..)?;
    let sign = rest.first().is_some_and(|sign| matches!(sign.of(builder.text), ":" | "="));
    let value = rest.get(usize::from(sign))?;
    let answer = match value.of(builder.text) {
        "yes" | "true" | "y" | "on" | "True" | "Yes" => true,
        "no" | "false" | "n" | "off" | "False" | "No" => false,
        _ => return None,
    };
    let line = builder.text.get(flag.at.end..value.at.end)?;
    if line.contains('\n') {
        return None;
    }
    let word = flag.of(builder.text);
    let written = shown(line.trim());
    let span = builder.place(flag.at.start, value.at.end);
    let finding = |fact: String| Diagnostic::new(codes::SYNTAX_ERROR, span, fact);
    Some(if answer {
        let edit = Edit { span, replacement: word.to_owned() };
        finding(format!("`{word}` stands alone")).help(format!("remove `{written}`")).fix(
            format!("remove `{written}`"),
            Safety::Safe,
            vec![edit],
        )
    } else {
        finding(format!("`{word}` stands alone, and says yes"))
            .help(format!("leave `{word}` out where it is not so"))
    })
}

/// `amount is at least 5 EUR`, `size is more than 3`: comparisons in words.
pub(super) fn in_words(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let word = |at: usize| stop.tokens.get(at).map(|token| token.of(builder.text));
    let from = stop.index.saturating_sub(3);
    let at = (from..=stop.index).find(|at| word(*at) == Some("is"))?;
    let (words, op) = COMPARISONS.iter().find(|(words, _)| {
        words.iter().enumerate().all(|(index, part)| word(at + 1 + index) == Some(part))
    })?;
    let end = at + words.len();
    let is_operand = stop.tokens.get(end + 1).is_some_and(|next| next.kind != Kind::Text);
    if at == 0 || !(stop.index.saturating_sub(1)..=stop.index + 1).contains(&end) || !is_operand {
        return None;
    }
    let (first, last) = (stop.tokens.get(at)?, stop.tokens.get(end)?);
    let span = builder.place(first.at.start, last.at.end);
    let written = builder.text.get(first.at.start..last.at.end)?;
    Some(
        Diagnostic::new(
            codes::SYNTAX_ERROR,
            span,
            format!("`{}` is written `{op}` in conditions", shown(written)),
        )
        .help(format!("write `{op}`"))
        .fix(
            format!("write `{op}`"),
            Safety::Safe,
            vec![Edit { span, replacement: (*op).to_owned() }],
        ),
    )
}

/// What people say for a sign, behind `is`.
const COMPARISONS: &[(&[&str], &str)] = &[
    (&["at", "least"], ">="),
    (&["at", "most"], "<="),
    (&["more", "than"], ">"),
    (&["greater", "than"], ">"),
    (&["larger", "than"], ">"),
    (&["bigger", "than"], ">"),
    (&["less", "than"], "<"),
    (&["fewer", "than"], "<"),
    (&["smaller", "than"], "<"),
    (&["equal", "to"], "="),
    (&["over"], ">"),
    (&["above"], ">"),
    (&["under"], "<"),
    (&["below"], "<"),
];

/// `reason = price or = timing`
pub(super) fn repeated(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|token| token.kind == Kind::Sign)?;
    let sign = found.of(builder.text);
    let join = stop.before()?.of(builder.text);
    if !matches!(sign, "=" | "==" | "!=" | "<" | "<=" | ">" | ">=")
        || !matches!(join, "and" | "or")
        || !stop.expected.is_operand()
    {
        return None;
    }
    let span = builder.place(found.at.start, found.at.end);
    let fact = format!("expected a condition after `{join}`, found `{sign}`");
    let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, fact);
    // What the comparison before it compares, and with what.
    let is_compare = |token: &Token| {
        matches!(token.of(builder.text), "=" | "==" | "!=" | "<" | "<=" | ">" | ">=")
    };
    let before = stop.tokens.get(..stop.index.checked_sub(1)?)?;
    let Some(at) = before.iter().rposition(is_compare) else { return Some(finding) };
    let (Some(field), [op, operand @ ..]) =
        (at.checked_sub(1).and_then(|at| before.get(at)), before.get(at..)?)
    else {
        return Some(finding);
    };
    let field = field.of(builder.text);
    let second = stop.after().map_or("…", |token| token.of(builder.text));
    Some(match (join, op.of(builder.text), sign, operand) {
        ("or", "=", "=", [first]) => {
            finding.help(format!("write `{field} in [{}, {second}]`", first.of(builder.text)))
        }
        _ => finding.help(format!("say again what is compared: `{field} {sign} …`")),
    })
}

/// `advance problem`
pub(super) fn destination(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|token| token.kind == Kind::Word)?;
    let before = stop.before()?.of(builder.text);
    let expected = &stop.expected;
    if !expected.has("to") || !expected.has("from") || found.of(builder.text) == "any" {
        return None;
    }
    let word = found.of(builder.text);
    let span = builder.place(found.at.start, found.at.end);
    let insert = builder.place(found.at.start, found.at.start);
    if matches!(word, "when" | "after" | "at" | "handoff" | "if") {
        let fact = format!("expected `to`, found `{word}`");
        return Some(
            Diagnostic::new(codes::SYNTAX_ERROR, span, fact)
                .help(format!("name the stage it goes to: `{before} to STAGE {word} …`")),
        );
    }
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

/// `email present`
pub(super) fn presence(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let (before, found) = (stop.before()?, stop.found()?);
    let word = found.of(builder.text);
    let is_word = matches!(word, "present" | "missing" | "exists" | "contains" | "includes")
        && before.kind == Kind::Word;
    let is_name = stop.after().is_some_and(|next| next.kind == Kind::Text);
    if !is_word || is_name || !stop.expected.has("is") {
        return None;
    }
    let span = builder.place(found.at.start, found.at.end);
    let insert = builder.place(found.at.start, found.at.start);
    if word == "exists" {
        let edit = Edit { span, replacement: "is present".to_owned() };
        return Some(
            Diagnostic::new(codes::SYNTAX_ERROR, span, "`exists` is written `is present`")
                .help(format!("write `{} is present`", before.of(builder.text)))
                .fix("write `is present`", Safety::Safe, vec![edit]),
        );
    }
    if word == "contains" || word == "includes" {
        return Some(
            Diagnostic::new(codes::SYNTAX_ERROR, span, format!("`{word}` is no comparison"))
                .reason("texts are compared as wholes")
                .help("options are asked for by `=`, or by `in […]` for one of several"),
        );
    }
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
pub(super) fn confirm(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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
pub(super) fn confirmed(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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
pub(super) fn reason(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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
pub(super) fn late_title(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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
pub(super) fn bare_text(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
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
