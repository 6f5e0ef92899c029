//! `forecast-changed`: the same pipeline is worth another amount.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "forecast-changed",
    family: Family::Change,
    summary: "a stage counts otherwise in the forecast",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/forecast-changed.md"),
    check: Check::Change(Who::Reports, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    let (Some(Part::Stage(id)), Aspect::Of(word @ ("probability" | "forecast" | "outcome"))) =
        (change.part.new, change.aspect)
    else {
        return None;
    };
    change.part.old?;
    let name = &both.new.stages[id].name;
    let message =
        format!("{word} of `{name}` is different: the forecast moves though no deal does");
    let help = "tell those who read the forecast on which day it changes";
    Some(RULE.finding(both.place(change), message).help(help))
}
