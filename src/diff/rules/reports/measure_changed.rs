//! `measure-changed`: numbers before and after do not compare.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Kind, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "measure-changed",
    family: Family::Change,
    summary: "a goal measures something else under the same name",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/measure-changed.md"),
    check: Check::Change(Who::Reports, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    if change.aspect != Aspect::Of("measure") || change.kind == Kind::Reworded {
        return None;
    }
    let said = change.said(both.old, both.new);
    let message =
        format!("{said} measures something else: its numbers before and after do not compare");
    let help = "give the new measure a goal of its own, and retire the old one";
    Some(RULE.finding(both.place(change), message).help(help))
}
