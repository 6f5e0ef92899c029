//! `field-removed`: its values would be lost.

use crate::diag::{Diagnostic, Level};
use crate::diff::rules::alike;
use crate::diff::{Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "field-removed",
    family: Family::Change,
    summary: "a field is gone, and nothing says what became of it",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/field-removed.md"),
    check: Check::Change(Who::Data, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    // A property that is gone is no part that is gone.
    if change.part.new.is_some() {
        return None;
    }
    let (Kind::Removed, Some(part @ Part::Field(id))) = (change.kind, change.part.old) else {
        return None;
    };
    let (key, name) = (part.key(both.old), &both.old.fields[id].name);
    let message = format!("field `{key}` is gone, and its values would be lost");
    let help = match alike::part(both, part) {
        Some(other) => format!(
            "is it called `{}` now? Then write `was [{name}]` there; if not, `retired field {key}` gives its values up",
            other.name
        ),
        None => format!(
            "write `was [{name}]` behind the field it became, or `retired field {key}` to give its values up"
        ),
    };
    Some(RULE.finding(both.place(change), message).reason("it was here").help(help))
}
