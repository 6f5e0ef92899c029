//! `owner-changed`: somebody has work that they did not have.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "owner-changed",
    family: Family::Change,
    summary: "a stage or role belongs to somebody else",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/owner-changed.md"),
    check: Check::Change(Who::People, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    let Aspect::Of("owner" | "team") = change.aspect else { return None };
    let part = change.part.new.filter(|part| matches!(part, Part::Stage(_) | Part::Role(_)))?;
    let said = |fact: &Option<crate::diff::Fact<'_>>, process| {
        fact.as_ref().map_or("nobody".to_owned(), |fact| format!("`{}`", fact.source(process)))
    };
    let (was, now) = (said(&change.old, both.old), said(&change.new, both.new));
    let message = format!("{} belongs to {now} now, and belonged to {was}", part.said(both.new));
    let help = "let both agree to it, and hand over what is under way";
    Some(RULE.finding(both.place(change), message).help(help))
}
