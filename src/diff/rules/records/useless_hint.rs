//! `useless-hint`: the intent that it declares is not matched.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Kind, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "useless-hint",
    family: Family::Change,
    summary: "a new `was` or `retired` names something that never was",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/useless-hint.md"),
    check: Check::Change(Who::Records, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    if change.kind != Kind::Unmatched {
        return None;
    }
    let name = change.new.as_ref()?.source(both.new);
    let message = match change.aspect {
        Aspect::Of("retired") => {
            format!("`retired {name}` retires what the earlier process does not have")
        }
        _ => format!(
            "{} was never called `{name}`: the earlier process has nothing of that name",
            change.said(both.old, both.new)
        ),
    };
    let help = "mend the name, or take the hint out; hints of earlier changes may stay";
    Some(RULE.finding(both.place(change), message).help(help))
}
