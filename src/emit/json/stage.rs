//! Stages, criteria, transitions, confirmations.

use serde_json::{Value as Json, json};

use crate::model::{
    Acceptance, Confirmation, Criterion, CriterionId, Handoff, Origin, Process, Stage, Transition,
    TransitionId,
};

use super::expr::{expr, maybe_expr};
use super::value::{
    decimal, duration, field_ref, labels, maybe_duration, maybe_owner, maybe_text, owners, text,
};

/// The names of the transitions, by their index.
pub(super) struct Keys(Vec<String>);

impl Keys {
    pub(super) fn of(process: &Process) -> Self {
        Self(process.transition_keys().into_iter().map(|(_, key)| key).collect())
    }

    fn get(&self, id: TransitionId) -> &str {
        use crate::model::Id as _;
        self.0.get(id.index()).map_or("", String::as_str)
    }
}

/// A stage.
pub(super) fn stage(process: &Process, keys: &Keys, stage: &Stage) -> Json {
    let criteria = |ids: &[CriterionId]| {
        ids.iter().map(|id| criterion(process, &process.criteria[*id])).collect::<Json>()
    };
    let names = |ids: &[TransitionId]| ids.iter().map(|id| keys.get(*id)).collect::<Json>();
    let limit = stage.limit.as_ref().map(|limit| {
        json!({
            "duration": duration(limit.duration),
            "target": maybe_duration(limit.target),
            "escalate_to": maybe_owner(process, limit.escalate_to),
        })
    });
    let starts = stage.starts.iter().map(|(record, stage)| {
        json!({ "record": process.records[*record].name, "stage": process.stages[*stage].name })
    });
    let collect = stage.collect.iter().map(|field| field_ref(process, field.value));
    json!({
        "name": stage.name,
        "title": text(process, &stage.title),
        "record": process.records[stage.record].name,
        "entry": stage.entry.as_ref().map(|sources| labels(process, sources)),
        "owner": maybe_owner(process, stage.owner),
        "owners": owners(process, stage.owners.iter().map(|owner| owner.value)),
        "support": owners(process, stage.support.iter().copied()),
        "purpose": maybe_text(process, stage.purpose.as_ref()),
        "next": maybe_text(process, stage.next.as_ref()),
        "channels": labels(process, &stage.channels),
        "content": labels(process, &stage.content),
        "collect": collect.collect::<Json>(),
        "limit": limit,
        "exit": criteria(&stage.exit),
        "enter": criteria(&stage.enter),
        "outcome": stage.outcome.map(|outcome| outcome.word()),
        "final": stage.is_final,
        "probability": stage.probability.map(|percent| decimal(percent.value)),
        "forecast": stage.forecast.map(|forecast| forecast.word()),
        "forecasts": stage.forecasts.iter().map(|forecast| forecast.value.word()).collect::<Json>(),
        "starts": starts.collect::<Json>(),
        "outgoing": names(&stage.outgoing),
        "incoming": names(&stage.incoming),
        "draft": stage.draft,
        "was": stage.was,
    })
}

fn criterion(process: &Process, criterion: &Criterion) -> Json {
    json!({
        "name": criterion.name,
        "title": text(process, &criterion.title),
        "condition": expr(process, &criterion.condition),
        "applies": maybe_expr(process, criterion.applies.as_ref()),
        "evidence": criterion.evidence,
        "was": criterion.was,
    })
}

/// A transition.
pub(super) fn transition(
    process: &Process,
    keys: &Keys,
    id: TransitionId,
    transition: &Transition,
) -> Json {
    let after = transition.after.as_ref().map(|clock| {
        json!({
            "duration": duration(clock.duration),
            "before": clock.before.map(|field| field_ref(process, field)),
        })
    });
    let (origin, of) = match transition.origin {
        Origin::Declared => ("declared", None),
        Origin::AnyOpen => ("any_open", None),
        Origin::Refusal(of) => ("refusal", Some(keys.get(of))),
    };
    json!({
        "key": keys.get(id),
        "kind": transition.kind.word(),
        "from": process.stages[transition.from].name,
        "to": process.stages[transition.to].name,
        "title": maybe_text(process, transition.title.as_ref()),
        "when": maybe_expr(process, transition.when.as_ref()),
        "after": after,
        "at_most": transition.at_most,
        "changes_team": process.is_handoff(id),
        "handoff": transition.handoff.as_ref().map(|terms| handoff(process, keys, terms)),
        "origin": { "kind": origin, "of": of },
    })
}

fn handoff(process: &Process, keys: &Keys, handoff: &Handoff) -> Json {
    let carries = handoff.carries.iter().map(|field| field_ref(process, field.value));
    let accept = |accept: &Acceptance| {
        json!({
            "when": expr(process, &accept.when),
            "otherwise": accept.otherwise.map(|id| keys.get(id)),
        })
    };
    json!({
        "within": maybe_duration(handoff.within),
        "carries": carries.collect::<Json>(),
        "accept": handoff.accept.as_ref().map(accept),
    })
}

/// What a person confirms.
pub(super) fn confirmation(process: &Process, confirmation: &Confirmation) -> Json {
    json!({
        "record": process.records[confirmation.record].name,
        "key": confirmation.key,
        "text": text(process, &confirmation.text),
        "by": maybe_owner(process, confirmation.by),
    })
}
