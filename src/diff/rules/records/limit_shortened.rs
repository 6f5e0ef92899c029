//! `limit-shortened`: records that were in time are late.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "limit-shortened",
    family: Family::Change,
    summary: "records may stay less long in a stage",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/limit-shortened.md"),
    check: Check::Change(Who::Records, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    let (Some(Part::Stage(id)), Aspect::Of("limit")) = (change.part.new, change.aspect) else {
        return None;
    };
    if !matches!(change.kind, Kind::Shortened | Kind::Added | Kind::Changed) {
        return None;
    }
    let stage = &both.new.stages[id];
    let limit = stage.limit.as_ref()?;
    let message = format!(
        "records that have been in `{}` for more than {} are late at once",
        stage.name, limit.duration
    );
    let help = "look for them before the change, or let the shorter limit begin with new records";
    Some(RULE.finding(limit.span, message).help(help))
}
