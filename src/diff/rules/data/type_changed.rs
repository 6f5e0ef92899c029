//! `type-changed`: values have to be converted.

use crate::diag::{Diagnostic, Level};
use crate::diff::values::keeps;
use crate::diff::{Aspect, Change, Comparison, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "type-changed",
    family: Family::Change,
    summary: "a field is of another type",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/type-changed.md"),
    check: Check::Change(Who::Data, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    if change.aspect != Aspect::Of("type") {
        return None;
    }
    if let (Some(Part::Field(was)), Some(Part::Field(now))) = (change.part.old, change.part.new)
        && keeps(&both.old.fields[was].ty, &both.new.fields[now].ty)
    {
        return None;
    }
    let (was, now) = (change.old.as_ref()?, change.new.as_ref()?);
    let message = format!(
        "{} was `{}` and is `{}`: stored values may not fit",
        change.said(both.old, both.new),
        was.source(both.old),
        now.source(both.new)
    );
    let help = "give the new field another name, fill it from the old one, and retire that";
    Some(RULE.finding(both.place(change), message).help(help))
}
