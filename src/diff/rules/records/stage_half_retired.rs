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
    let name = &both.old.stages[id].name;
    let is_of = both.pairs.records.new_of(both.old.stages[id].record);
    let stranger = into.iter().find_map(|(node, when)| match node {
        NodeRef::Stage(to) if Some(both.new.stages[*to].record) != is_of => {
            // The first line takes all that it is for, a later one what is left.
            let is_all = when.is_none() && into.len() == 1;
            Some((*to, if is_all { "records" } else { "some records" }))
        }
        _ => None,
    });
    if let (Some((to, which)), Some(record)) = (stranger, is_of) {
        let (stage, record) = (&both.new.stages[to], &both.new.records[record].name);
        let other = &both.new.records[stage.record].name;
        let message = format!(
            "{which} in `{name}` would stand nowhere: `{}` is a stage of `{other}`, not of `{record}`",
            stage.name
        );
        let finding = RULE.finding(retired.span, message);
        return Some(finding.help(format!("name a stage of `{record}` where they go on")));
    }
    if into.iter().any(|(_, when)| when.is_none()) {
        return None;
    }
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
