//! `stage-half-retired`: some of its records would stand nowhere.

use crate::diag::{Diagnostic, Level};
use crate::diff::{Change, Comparison, Kind, Part, Who};
use crate::lint::story;
use crate::lint::{Check, Family, Rule};
use crate::logic::prove::{Answer, Formula};
use crate::model::{NodeRef, RetiredKind};

pub(crate) static RULE: Rule = Rule {
    name: "stage-half-retired",
    family: Family::Change,
    summary: "a retired stage whose successors do not take every record",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/stage-half-retired.md"),
    check: Check::Change(Who::Records, check),
};

fn check(both: &Comparison<'_>, change: &Change<'_>) -> Option<Diagnostic> {
    let (Kind::Retired, Some(Part::Stage(id))) = (change.kind, change.part.old) else {
        return None;
    };
    let (_, retired) = both.retired(RetiredKind::Stage, Part::Stage(id))?;
    let takes = |node: &NodeRef| matches!(node, NodeRef::Stage(_));
    let into: Vec<_> = retired.into.iter().filter(|(node, _)| takes(node)).collect();
    if into.iter().any(|(_, when)| when.is_none()) {
        return None;
    }
    let name = &both.old.stages[id].name;
    let finding = |message: String, help: &str| {
        RULE.finding(retired.span, message).help(help.replace("NAME", name))
    };
    if into.is_empty() {
        let message =
            format!("records in `{name}` would stand nowhere: it is retired without a successor");
        return Some(finding(
            message,
            "name the stage where they go on: `retired stage NAME into …`",
        ));
    }
    let conditions =
        into.iter().filter_map(|(_, when)| when.as_ref()).map(Formula::Holds).collect();
    // Where it cannot be told, nothing is said.
    let Answer::Yes(witness) = both.common.prover().gap(conditions) else { return None };
    let record = both.pairs.records.new_of(both.old.stages[id].record)?;
    let a_record = story::a_record_named(&both.new.records[record].name);
    let message = format!("some records in `{name}` would stand nowhere: no successor takes them");
    let story = format!(
        "{a_record} is in `{name}`, {}: it goes nowhere",
        witness.tell(both.common.process())
    );
    let finding = finding(message, "end with a stage without condition: `into a when …, b`");
    Some(finding.story(story))
}
