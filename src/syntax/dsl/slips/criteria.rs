//! Criteria without their block, their name or their title.

use crate::diag::{Diagnostic, Edit, Safety, codes};

use super::super::builder::Builder;
use super::super::explain::{Stop, shown};
use super::super::parser::Rule;
use super::super::tokens::Kind;
use super::signs;

/// `exit when [done]`, `exit when done`, `exit { … }`
pub(super) fn block(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let (before, found) = (stop.before()?, stop.found()?);
    let (last, next) = (before.of(builder.text), found.of(builder.text));
    let is_head = |word: &str| matches!(word, "exit" | "enter");
    let span = builder.place(found.at.start, found.at.end);
    if is_head(last) && stop.expected.has("when") {
        let insert = builder.place(found.at.start, found.at.start);
        let finding = Diagnostic::new(
            codes::SYNTAX_ERROR,
            span,
            format!("expected `when`, found `{}`", shown(next)),
        )
        .help(format!("write `{last} when {{ name \"Title\" condition }}`"));
        let edit = Edit { span: insert, replacement: "when ".to_owned() };
        return Some(if next == "{" {
            finding.fix("insert `when`", Safety::Safe, vec![edit])
        } else {
            finding
        });
    }
    let head = stop.tokens.get(stop.index.checked_sub(2)?)?.of(builder.text);
    if last != "when" || !is_head(head) || !stop.expected.has("{") {
        return None;
    }
    // `exit when: …` is told by the sign.
    if found.kind == Kind::Sign && !matches!(next, "[" | "(") {
        return None;
    }
    Some(
        Diagnostic::new(
            codes::SYNTAX_ERROR,
            span,
            format!("expected `{{`, found `{}`", shown(next)),
        )
        .help(format!(
            "criteria stand in a block, each with a name and a title: \
             `{head} when {{ name \"Title\" condition }}`"
        )),
    )
}

/// `exit when { budget is present }`: the first word of the condition was read as a name.
pub(super) fn title(builder: &Builder<'_>, stop: &Stop<'_>) -> Option<Diagnostic> {
    let before = stop.before().filter(|token| token.kind == Kind::Word)?;
    if !stop.expected.is_only_text() || !stop.expected.failed(&[Rule::criterion]) {
        return None;
    }
    // Its title stands in quotes of another kind.
    if stop.found().is_some_and(|found| signs::is_quote(found.of(builder.text))) {
        return None;
    }
    let word = before.of(builder.text);
    let line = builder.text.get(before.at.start..)?.lines().next()?;
    let condition = line.split(['{', '}', '#']).next()?.trim();
    let span = builder.place(before.at.start, before.at.start + condition.len());
    let fact = format!("the criterion `{}` has no title", shown(word));
    let finding = Diagnostic::new(codes::SYNTAX_ERROR, span, fact)
        .reason("a criterion has a name, a title that people read, and a condition");
    let starts_condition = stop.found().is_none_or(|found| {
        matches!(found.of(builder.text), "is" | "in" | "between" | "within" | "and" | "or" | "}")
            || found.kind == Kind::Sign
    });
    Some(if starts_condition {
        finding.help(format!("write `name \"Title\" {}`", shown(condition)))
    } else {
        let rest = condition.strip_prefix(word).unwrap_or("condition").trim();
        finding.help(format!("write `{word} \"Title\" {}`", shown(rest)))
    })
}
