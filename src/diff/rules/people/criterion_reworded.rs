//! `criterion-reworded`: people read something else, and the program asks the same.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};

pub(crate) static RULE: Rule = Rule {
    name: "criterion-reworded",
    family: Family::Change,
    summary: "the text of a criterion has changed, and its condition has not",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/criterion-reworded.md"),
    check: Check::Change(Who::People, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    let (Some(Part::Criterion(now)), Some(Part::Criterion(was))) =
        (change.part.new, change.part.old)
    else {
        return None;
    };
    if change.aspect != Aspect::Of("title") || change.who != Who::People {
        return None;
    }
    let (old, new) = (&both.old.criteria[was], &both.new.criteria[now]);
    let record = both.new.stages[new.stage].record;
    let asks = both.common.compare_all(
        &[(Some(&old.condition), old.applies.as_ref())],
        &[(Some(&new.condition), new.applies.as_ref())],
        record,
    );
    if asks.is_some_and(|verdict| verdict.kind != Kind::Reworded) {
        return None;
    }
    let message = format!("`{}` says something else, and asks for the same", new.name);
    let help = "if more is meant, ask for it in the condition too";
    Some(RULE.finding(both.place(change), message).help(help))
}
