//! Stages and their criteria.

use crate::diff::change::{Aspect, Fact, Kind, Part, Sides, Who};
use crate::model::{CriterionId, Limit, Process, RetiredKind, Stage, StageId};

use super::{Ledger, who_of};

pub(super) fn stages(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    let whos = [Who::People, Who::Records, Who::Config];
    ledger.existence(&both.pairs.stages, Part::Stage, Some(RetiredKind::Stage), whos);
    for (was, now) in both.pairs.stages.kept() {
        stage(ledger, was, now);
    }
    criteria(ledger);
}

fn stage(ledger: &mut Ledger<'_, '_>, was: StageId, now: StageId) {
    let both = ledger.both;
    let (old, new) = (&both.old.stages[was], &both.new.stages[now]);
    let mut about = ledger.about(Sides::both(Part::Stage(was), Part::Stage(now)));
    about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
    if both.pairs.records.new_of(old.record) != Some(new.record) {
        let name = |process: &Process, id| Some(Fact::Name(Part::Record(id).key(process)));
        let (was, now) = (name(both.old, old.record), name(both.new, new.record));
        about.add(Who::Records, Kind::Changed, Aspect::Of("record"), was, now);
    }
    about.flag(Who::Records, "entry", old.entry.is_some(), new.entry.is_some());
    if let (Some(was), Some(now)) = (&old.entry, &new.entry) {
        about.labels(Who::Reports, "entry", was, now);
    }
    about.owner(Who::People, "owner", old.owner, new.owner);
    about.owners(Who::People, "support", old.support.iter().copied(), new.support.iter().copied());
    about.text(Who::Nobody, "purpose", old.purpose.as_ref(), new.purpose.as_ref());
    about.text(Who::People, "next", old.next.as_ref(), new.next.as_ref());
    about.labels(Who::Nobody, "channels", &old.channels, &new.channels);
    about.labels(Who::Nobody, "content", &old.content, &new.content);
    let fields = |stage: &Stage| stage.collect.iter().map(|field| field.value).collect::<Vec<_>>();
    about.fields(Who::People, "collect", fields(old), fields(new));
    let (before, after) = (old.limit.as_ref(), new.limit.as_ref());
    let limit = |limit: Option<&Limit>| limit.map(|limit| limit.duration);
    about.duration([Who::Records, Who::People], "limit", limit(before), limit(after));
    let called = after.and_then(|limit| limit.escalate_to);
    about.concerning("limit", called);
    let target = |limit: Option<&Limit>| limit.and_then(|limit| limit.target);
    about.duration([Who::People; 2], "target", target(before), target(after));
    let escalate = |limit: Option<&Limit>| limit.and_then(|limit| limit.escalate_to);
    about.owner(Who::People, "escalate", escalate(before), escalate(after));
    let word = |word: &'static str| Fact::Name(word.to_owned());
    let outcome = |stage: &Stage| stage.outcome.map(|outcome| outcome.word());
    about.fact(Who::Reports, "outcome", outcome(old), outcome(new), word);
    about.flag(Who::Nobody, "final", old.is_final, new.is_final);
    let percent = |stage: &Stage| stage.probability.map(|percent| percent.value);
    about.number(Who::Reports, "probability", percent(old), percent(new), "%");
    let forecast = |stage: &Stage| stage.forecast.map(|forecast| forecast.word());
    about.fact(Who::Reports, "forecast", forecast(old), forecast(new), word);
    about.stages(
        Who::Records,
        "starts",
        old.starts.iter().map(|(_, stage)| *stage),
        new.starts.iter().map(|(_, stage)| *stage),
    );
    about.flag(Who::Nobody, "status", old.draft, new.draft);
}

/// Criteria of stages that are on both sides: those of a stage that came or went are part of it.
fn criteria(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    let pairs = &both.pairs.criteria;
    let stage = |process: &Process, id: CriterionId| process.criteria[id].stage;
    for id in pairs.removed().filter(|id| both.pairs.stages.new_of(stage(both.old, *id)).is_some())
    {
        let criterion = &both.old.criteria[id];
        let was = Fact::Criterion(&criterion.condition, criterion.applies.as_ref());
        let mut about = ledger.about(Sides::old(Part::Criterion(id)));
        about.add(Who::People, Kind::Removed, Aspect::Whole, Some(was), None);
    }
    for (was, now) in pairs.kept() {
        kept(ledger, was, now);
    }
    for (was, now) in pairs.merged() {
        let into = Fact::Name(both.new.criteria[now].name.clone());
        let mut about = ledger.about(Sides::old(Part::Criterion(was)));
        about.add(Who::People, Kind::Merged, Aspect::Whole, None, Some(into));
    }
    for id in pairs.added().filter(|id| both.pairs.stages.old_of(stage(both.new, *id)).is_some()) {
        let criterion = &both.new.criteria[id];
        let now = Fact::Criterion(&criterion.condition, criterion.applies.as_ref());
        let record = both.new.stages[criterion.stage].record;
        // A criterion that nobody can fail asks for nothing.
        let asks = [(Some(&criterion.condition), criterion.applies.as_ref())];
        let verdict = both.common.compare_all(&[], &asks, record);
        let reason = verdict.and_then(|verdict| verdict.reason);
        let mut about = ledger.about(Sides::new(Part::Criterion(id)));
        about.explained(Who::Records, Kind::Added, Aspect::Whole, (None, Some(now)), reason);
    }
}

fn kept(ledger: &mut Ledger<'_, '_>, was: CriterionId, now: CriterionId) {
    let both = ledger.both;
    let (old, new) = (&both.old.criteria[was], &both.new.criteria[now]);
    let record = both.new.stages[new.stage].record;
    let verdict = both.common.compare_all(
        &[(Some(&old.condition), old.applies.as_ref())],
        &[(Some(&new.condition), new.applies.as_ref())],
        record,
    );
    let mut about = ledger.about(Sides::both(Part::Criterion(was), Part::Criterion(now)));
    if old.name != new.name {
        let (was, now) = (Fact::Name(old.name.clone()), Fact::Name(new.name.clone()));
        about.add(Who::Nobody, Kind::Renamed, Aspect::Whole, Some(was), Some(now));
    }
    if let Some(verdict) = verdict {
        let facts = (
            Some(Fact::Criterion(&old.condition, old.applies.as_ref())),
            Some(Fact::Criterion(&new.condition, new.applies.as_ref())),
        );
        let who = match verdict.kind {
            Kind::Loosened => Who::People,
            kind => who_of(kind, Who::Records),
        };
        about.explained(who, verdict.kind, Aspect::Of("condition"), facts, verdict.reason);
    }
    about.text(Who::People, "title", Some(&old.title), Some(&new.title));
    let word = |word: &str| Fact::Name(word.to_owned());
    about.fact(Who::People, "evidence", old.evidence.as_deref(), new.evidence.as_deref(), word);
}
