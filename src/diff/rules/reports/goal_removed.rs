//! `goal-removed`: a number that somebody reads is gone.

use crate::diag::{Diagnostic, Level};
use crate::diff::rules::alike;
use crate::diff::{Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "goal-removed",
    family: Family::Change,
    summary: "a goal is gone without a word",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/goal-removed.md"),
    check: Check::Change(Who::Reports, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    // A property that is gone is no part that is gone.
    if change.part.new.is_some() {
        return None;
    }
    let (Kind::Removed, Some(Part::Goal(id))) = (change.kind, change.part.old) else {
        return None;
    };
    let name = &both.old.goals[id].name;
    let message = format!("goal `{name}` is gone, and what shows it shows nothing");
    let help = match alike::part(both, Part::Goal(id)) {
        Some(other) => format!(
            "is it called `{}` now? Then write `was [{name}]` there; if not, say that it is meant: `retired goal {name}`",
            other.name
        ),
        None => format!(
            "say that it is meant: `retired goal {name}`, or `was [{name}]` in the goal it became"
        ),
    };
    Some(RULE.finding(both.place(change), message).reason("it was here").help(help))
}
