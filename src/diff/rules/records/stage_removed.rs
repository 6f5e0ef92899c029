//! `stage-removed`: its records would stand nowhere.

use crate::diag::{Diagnostic, Level};
use crate::diff::rules::alike;
use crate::diff::{Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "stage-removed",
    family: Family::Change,
    summary: "a stage is gone, and nothing says where its records go",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/stage-removed.md"),
    check: Check::Change(Who::Records, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    // A property that is gone is no part that is gone.
    if change.part.new.is_some() {
        return None;
    }
    let (Kind::Removed, Some(Part::Stage(id))) = (change.kind, change.part.old) else {
        return None;
    };
    let name = &both.old.stages[id].name;
    let help = match alike::part(both, Part::Stage(id)) {
        Some(other) => format!(
            "is it called `{}` now? Then write `was [{name}]` there; if not, `retired stage {name} into …`",
            other.name
        ),
        None => format!(
            "write `was [{name}]` in the stage it became, or `retired stage {name} into` the one where its records go on"
        ),
    };
    let message = format!("records in `{name}` would stand nowhere: the stage is gone");
    Some(RULE.finding(both.place(change), message).reason("it was here").help(help))
}
