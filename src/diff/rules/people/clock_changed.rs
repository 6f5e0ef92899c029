//! `clock-changed`: people have less time than they are used to.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "clock-changed",
    family: Family::Change,
    summary: "a target, escalation, timer or handoff has another clock",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/clock-changed.md"),
    check: Check::Change(Who::People, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    let part = change.part.new.filter(|part| matches!(part, Part::Stage(_) | Part::Move(_)))?;
    let (Aspect::Of(word @ ("target" | "within" | "after")), true) =
        (change.aspect, change.part.old.is_some())
    else {
        return None;
    };
    let what = match word {
        "target" => "the time to aim at",
        "within" => "the time to take over",
        _ => "the timer",
    };
    let message = format!("{what} is different: {}", part.said(both.new));
    Some(RULE.finding(both.place(change), message).help("tell those who work by it"))
}
