//! `name-changed`: CRMs can relabel a value, not rename it.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};
use crate::model::StageId;

pub(crate) static RULE: Rule = Rule {
    name: "name-changed",
    family: Family::Change,
    summary: "something that CRMs know by its name is called otherwise",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/name-changed.md"),
    check: Check::Change(Who::Config, check),
};

/// The targets that know things by names which nobody can change there.
const CRMS: [&str; 3] = ["salesforce", "hubspot", "pipedrive"];

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    if !both.may_make(&CRMS) {
        return None;
    }
    if let (Some(Part::Stage(was)), Some(Part::Stage(id))) = (change.part.old, change.part.new)
        && change.aspect == Aspect::Of("title")
    {
        return of_title(both, change, was, id);
    }
    let old = change.part.old.filter(|_| change.kind == Kind::Renamed)?;
    if !matches!(old, Part::Record(_) | Part::Field(_) | Part::Option(..) | Part::Stage(_)) {
        return None;
    }
    // What only Salesforce holds, and knows by its title, has another title, or no other name there.
    if let Some(Part::Stage(id)) = change.part.new
        && both.is_known_by_title(id)
        && !both.may_make(&["hubspot", "pipedrive"])
    {
        return None;
    }
    let now = change.new.as_ref()?.source(both.new);
    let message =
        format!("{} is called `{now}` now, which a CRM cannot do in place", old.said(both.old));
    let help = "make the new value, move the records over, and retire the old one; or keep the name, and change the title where only that is read";
    Some(RULE.finding(both.place(change), message).help(help))
}

/// Salesforce knows a stage of opportunities and a status of leads by what people read.
fn of_title(
    both: &Comparison<'_>,
    change: &Change<'_>,
    was: StageId,
    id: StageId,
) -> Option<Diagnostic> {
    let (old, new) = (&both.old.stages[was].title, &both.new.stages[id].title);
    // One in another language is a translation there, too.
    if old.value == new.value || !both.is_known_by_title(id) {
        return None;
    }
    let message = format!(
        "stage `{}` is read as `{}` now, which Salesforce takes for another value",
        both.new.stages[id].name, new.value
    );
    let help =
        "rename the value in Setup before the new configuration is deployed, or keep the title";
    Some(RULE.finding(both.place(change), message).help(help))
}
