//! `move-removed`: records that waited for it have one way less.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Aspect, Change, Comparison, Fact, Kind, Part, Who};
use crate::lint::{Check, Family, Rule};
use crate::model::TransitionId;

pub(crate) static RULE: Rule = Rule {
    name: "move-removed",
    family: Family::Change,
    summary: "a move is gone between stages that are there",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/move-removed.md"),
    check: Check::Change(Who::Records, check),
};

const HELP: &str = "tell those who work there, and look for records that have no other way left";

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    if let (Aspect::Of("exceptions"), Some(Fact::Names(spared)), Some(part)) =
        (change.aspect, &change.new, change.part.new)
    {
        let names: Vec<String> = spared.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("{} leaves out {} now", part.said(both.new), names.join(", "));
        return Some(RULE.finding(both.place(change), message).help(HELP));
    }
    if let (Aspect::Of("else"), Who::Records, Some(Part::Move(was)), Some(Part::Move(now))) =
        (change.aspect, change.who, change.part.old, change.part.new)
    {
        return refused(both, change, was, now);
    }
    // A property that is gone is no part that is gone.
    if change.part.new.is_some() {
        return None;
    }
    let (Kind::Removed, Some(part @ Part::Move(id))) = (change.kind, change.part.old) else {
        return None;
    };
    // A move to a stage that is gone is gone with it.
    both.pairs.stages.new_of(both.old.transitions[id].to)?;
    let message = format!("{} is not possible any more", part.said(both.old));
    Some(RULE.finding(both.place(change), message).reason("it was here").help(HELP))
}

/// The way of refused records, where no other leads there.
fn refused(
    both: &Comparison<'_>,
    change: &Change<'_>,
    was: TransitionId,
    now: TransitionId,
) -> Option<Diagnostic> {
    let accept = both.old.transitions[was].handoff.as_ref()?.accept.as_ref()?;
    let to = both.old.transitions[accept.otherwise?].to;
    // One to a stage that is gone is gone with it.
    both.pairs.stages.new_of(to)?;
    let from = &both.new.stages[both.new.transitions[now].from].name;
    let message = format!(
        "records that are refused go from `{from}` to `{}` no more, and nothing else leads there",
        both.old.stages[to].name
    );
    Some(RULE.finding(both.place(change), message).help(HELP))
}
