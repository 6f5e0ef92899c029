//! Lists without their brackets, and lists where one thing stands.

use crate::diag::{Diagnostic, Edit, Safety, codes};

use super::super::builder::Builder;
use super::super::explain::{Stop, shown};
use super::super::tokens::{Kind, Token};

/// `owner a, b`: a stage has one owner.
pub(super) fn owners(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found()?;
    let (owner, first) = (stop.tokens.get(stop.index.checked_sub(2)?)?, stop.before()?);
    let is_join = matches!(found.of(builder.text), "," | "and" | "or" | "&" | "+" | "/");
    if owner.of(builder.text) != "owner" || !is_join || first.kind != Kind::Word {
        return None;
    }
    let second = stop.after().filter(|second| second.kind == Kind::Word)?;
    let span = builder.place(first.at.start, second.at.end);
    let (first, second) = (first.of(builder.text), second.of(builder.text));
    let is_stage = stop.rule() == super::super::parser::Rule::one_stage;
    let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, "`owner` names one team or role");
    Some(finding.help(if is_stage {
        format!(
            "name the one who answers for the record, and let the other help: \
             `owner {first}` and `support [{second}]`"
        )
    } else {
        format!("for a goal of several teams write `shared by [{first}, {second}]`")
    }))
}

/// `collect a, b`: the items of a list stand in brackets.
pub(super) fn brackets(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let found = stop.found().filter(|found| found.of(builder.text) == ",")?;
    let word = |at: usize| stop.tokens.get(at);
    let first = stop.index.checked_sub(1)?;
    let property = stop.tokens.get(..first)?.last()?.of(builder.text);
    let is_list = matches!(
        property,
        "collect"
            | "support"
            | "channels"
            | "content"
            | "languages"
            | "carries"
            | "see"
            | "also"
            | "by"
            | "to"
            | "from"
            | "except"
            | "was"
    );
    if !is_list || stop.expected.has("]") {
        return None;
    }
    let mut last = first;
    let is_item = |token: &Token| matches!(token.kind, Kind::Word | Kind::Text);
    while word(last + 1).is_some_and(|token| token.of(builder.text) == ",")
        && word(last + 2).is_some_and(is_item)
    {
        last += 2;
    }
    let (start, end) = (word(first)?.at.start, word(last)?.at.end);
    let items = builder.text.get(start..end)?;
    // Names with a dot, or items on other lines, are left to the reader.
    let plain = last > first && is_item(word(first)?) && !items.contains(['\n', '#']);
    let span = builder.place(found.at.start, found.at.end);
    let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, "unexpected `,`");
    if !plain {
        return None;
    }
    let insert =
        |at: usize, sign: &str| Edit { span: builder.place(at, at), replacement: sign.to_owned() };
    Some(finding.help(format!("a list stands in brackets: `{property} [{}]`", shown(items))).fix(
        "put the list in brackets",
        Safety::Safe,
        vec![insert(start, "["), insert(end, "]")],
    ))
}

/// `reason in price`, `reason in (price, timing)`, `reason = [price, timing]`
pub(super) fn members(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let (before, found) = (stop.before()?, stop.found()?);
    let (last, word) = (before.of(builder.text), found.of(builder.text));
    let span = builder.place(found.at.start, found.at.end);
    let edit = |token: &Token, text: &str| Edit {
        span: builder.place(token.at.start, token.at.end),
        replacement: text.to_owned(),
    };
    if last == "in" && stop.expected.has("[") {
        let fact = format!("expected a list in brackets, found `{}`", shown(word));
        let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, fact);
        if word == "(" {
            let rest = stop.tokens.get(stop.index..)?;
            let close = rest.iter().find(|token| token.of(builder.text) == ")")?;
            let inside = builder.text.get(found.at.end..close.at.start)?;
            if inside.contains('(') {
                return None;
            }
            return Some(finding.help(format!("write `in [{}]`", shown(inside.trim()))).fix(
                "use square brackets",
                Safety::Safe,
                vec![edit(found, "["), edit(close, "]")],
            ));
        }
        if found.kind == Kind::Word || found.kind == Kind::Number {
            return Some(
                finding.help(format!("write `= {word}`, or `in [{word}, …]` for one of several")),
            );
        }
        return None;
    }
    if word == "[" && matches!(last, "=" | "==" | "!=") && stop.expected.is_operand() {
        let right = if last == "!=" { "not in" } else { "in" };
        return Some(
            Diagnostic::new(codes::SYNTAX_ERROR, span, format!("`{last}` compares with one value"))
                .help(format!("write `{right} […]` to ask for one of several"))
                .fix(
                    format!("replace `{last}` by `{right}`"),
                    Safety::Safe,
                    vec![edit(before, right)],
                ),
        );
    }
    None
}
