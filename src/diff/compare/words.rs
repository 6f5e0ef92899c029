//! Terms and plays.

use crate::diff::Comparison;
use crate::diff::change::{Part, Sides, Who};
use crate::model::{NodeRef, Process, RecordId, RetiredKind};

use super::Ledger;

pub(super) fn words(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    let pairs = &both.pairs;
    let whos = [Who::People, Who::People, Who::Nobody];
    ledger.existence(&pairs.terms, Part::Term, Some(RetiredKind::Term), [Who::Nobody; 3]);
    for (was, now) in pairs.terms.kept() {
        let (old, new) = (&both.old.terms[was], &both.new.terms[now]);
        let mut about = ledger.about(Sides::both(Part::Term(was), Part::Term(now)));
        about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
        about.text(Who::People, "means", old.means.as_ref(), new.means.as_ref());
        let see = |process: &Process, node: NodeRef| process.node_name(node).0.to_owned();
        about.list(
            Who::Nobody,
            "see",
            old.see.iter().map(|node| (node_now(both, *node), see(both.old, *node))),
            new.see.iter().map(|node| (Some(*node), see(both.new, *node))),
        );
        about.labels(Who::Nobody, "also", &old.also, &new.also);
    }
    ledger.existence(&pairs.plays, Part::Play, Some(RetiredKind::Play), whos);
    for (was, now) in pairs.plays.kept() {
        let (old, new) = (&both.old.plays[was], &both.new.plays[now]);
        let mut about = ledger.about(Sides::both(Part::Play(was), Part::Play(now)));
        about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
        about.stages(Who::People, "for", old.stages.iter().copied(), new.stages.iter().copied());
        about.owners(Who::People, "by", old.by.iter().copied(), new.by.iter().copied());
        let record = new.stages.first().map(|stage| both.new.stages[*stage].record);
        if let Some(record) = record.or_else(|| both.new.records.ids().next()) {
            let record: RecordId = record;
            about.condition(Who::People, "when", old.when.as_ref(), new.when.as_ref(), record);
        }
        about.text(Who::People, "steps", old.steps.as_ref(), new.steps.as_ref());
        about.text(Who::Nobody, "about", old.about.as_ref(), new.about.as_ref());
    }
}

fn node_now(both: &Comparison<'_>, node: NodeRef) -> Option<NodeRef> {
    let pairs = &both.pairs;
    match node {
        NodeRef::Team(id) => pairs.teams.new_of(id).map(NodeRef::Team),
        NodeRef::Role(id) => pairs.roles.new_of(id).map(NodeRef::Role),
        NodeRef::Record(id) => pairs.records.new_of(id).map(NodeRef::Record),
        NodeRef::Field(id) => pairs.fields.new_of(id).map(NodeRef::Field),
        NodeRef::Stage(id) => pairs.stages.new_of(id).map(NodeRef::Stage),
        NodeRef::Goal(id) => pairs.goals.new_of(id).map(NodeRef::Goal),
        NodeRef::Feedback(id) => pairs.feedback.new_of(id).map(NodeRef::Feedback),
        NodeRef::Score(id) => pairs.scores.new_of(id).map(NodeRef::Score),
        NodeRef::Term(id) => pairs.terms.new_of(id).map(NodeRef::Term),
        NodeRef::Play(id) => pairs.plays.new_of(id).map(NodeRef::Play),
    }
}
