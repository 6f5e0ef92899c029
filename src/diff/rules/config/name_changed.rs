//! `name-changed`: CRMs can relabel a value, not rename it.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "name-changed",
    family: Family::Change,
    summary: "something that CRMs know by its name is called otherwise",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/name-changed.md"),
    check: Check::Change(Who::Config, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    let old = change.part.old.filter(|_| change.kind == Kind::Renamed)?;
    if !matches!(old, Part::Record(_) | Part::Field(_) | Part::Option(..) | Part::Stage(_)) {
        return None;
    }
    let now = change.new.as_ref()?.source(both.new);
    let message =
        format!("{} is called `{now}` now, which a CRM cannot do in place", old.said(both.old));
    let help = "make the new value, move the records over, and retire the old one; or keep the name and change the title";
    Some(RULE.finding(both.place(change), message).help(help))
}
