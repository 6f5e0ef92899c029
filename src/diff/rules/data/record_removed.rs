//! `record-removed`: its rows would be lost.

use crate::diag::{Diagnostic, Level};
use crate::diff::rules::alike;
use crate::diff::{Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "record-removed",
    family: Family::Change,
    summary: "a record type is gone, and nothing says what became of it",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/record-removed.md"),
    check: Check::Change(Who::Data, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    // A property that is gone is no part that is gone.
    if change.part.new.is_some() {
        return None;
    }
    let (Kind::Removed, Some(Part::Record(id))) = (change.kind, change.part.old) else {
        return None;
    };
    let name = &both.old.records[id].name;
    let message = format!("record `{name}` is gone, and its rows would be lost");
    let help = match alike::part(both, Part::Record(id)) {
        Some(other) => format!(
            "is it called `{}` now? Then write `was [{name}]` there; if not, `retired record {name}` gives its rows up",
            other.name
        ),
        None => format!(
            "write `was [{name}]` in the record it became, or `retired record {name}` to give its rows up"
        ),
    };
    Some(RULE.finding(both.place(change), message).reason("it was here").help(help))
}
