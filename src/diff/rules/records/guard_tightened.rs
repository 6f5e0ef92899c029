//! `guard-tightened`: records that could go on cannot any more.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};
use crate::model::Side;

pub(crate) static RULE: Rule = Rule {
    name: "guard-tightened",
    family: Family::Change,
    summary: "a condition keeps back records that it let through",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/guard-tightened.md"),
    check: Check::Change(Who::Records, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    let is_new = change.kind == Kind::Added && change.aspect == Aspect::Whole;
    // An advance asks for the criteria on both sides, a move of another kind does not.
    let other_kind = change.aspect == Aspect::Of("kind") && !is_told_by_condition(both, change);
    let tighter = is_new || other_kind || matches!(change.kind, Kind::Tightened | Kind::Shifted);
    // The guard is judged as a whole: what another condition asked for already keeps nobody back.
    let verdict = match change.part.new.filter(|_| tighter)? {
        Part::Criterion(id) => {
            let criterion = &both.new.criteria[id];
            let out = criterion.side == Side::Exit;
            both.tightened(criterion.stage, out)?.1
        }
        Part::Move(id) if is_new && both.is_later(id) => return Some(later(both, change)),
        // One that came keeps nobody back, but where it stands in the place of another.
        Part::Move(id) => both
            .guard(id)
            .filter(|verdict| matches!(verdict.kind, Kind::Tightened | Kind::Shifted))?,
        _ => return None,
    };
    let message =
        format!("{} keeps back records that could go on before", change.said(both.old, both.new));
    let finding = RULE.finding(both.place(change), message);
    let finding = finding.help("tell those who work there, and look for records that wait now");
    // A criterion is a gate of its own; the story of the whole guard would tell more than it asks.
    let is_criterion = matches!(change.part.new, Some(Part::Criterion(_)));
    let own = change.reason.as_ref().filter(|_| is_criterion);
    Some(match own.or(verdict.reason.as_ref()) {
        Some(story) => finding.story(story.trim_end_matches('.')),
        None => finding,
    })
}

/// A move that came in the place of one from any open stage, and is open later or less often.
fn later(both: &Comparison<'_>, change: &Change<'_>) -> Diagnostic {
    let message = format!(
        "{} keeps back records that could go on before, by one from any open stage: it opens later, or less often",
        change.said(both.old, both.new)
    );
    RULE.finding(both.place(change), message)
        .help("tell those who work there, and look for records that wait now")
}

/// Whether the condition of the move tells by itself that it keeps records back.
fn is_told_by_condition(both: &Comparison<'_>, change: &Change<'_>) -> bool {
    let (Some(Part::Move(was)), Some(Part::Move(now))) = (change.part.old, change.part.new) else {
        return false;
    };
    let (old, new) = (&both.old.transitions[was], &both.new.transitions[now]);
    let record = both.new.stages[new.from].record;
    both.common
        .compare(old.when.as_ref(), new.when.as_ref(), record)
        .is_some_and(|verdict| matches!(verdict.kind, Kind::Tightened | Kind::Shifted))
}
