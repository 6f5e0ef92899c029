//! `target-changed`: people are measured by another number.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "target-changed",
    family: Family::Change,
    summary: "a goal aims at something else",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/target-changed.md"),
    check: Check::Change(Who::People, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    let (Some(Part::Goal(id)), Aspect::Of("target")) = (change.part.new, change.aspect) else {
        return None;
    };
    let message = format!("`{}` has another target", both.new.goals[id].name);
    let help = "let the teams that share it agree, and say from which period on it counts";
    Some(RULE.finding(both.place(change), message).help(help))
}
