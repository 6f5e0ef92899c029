//! Who does what in each stage: the RACI table.

use serde::Serialize;

use crate::emit::view::{Facts, Ref, View};
use crate::model::{Id, StageId};

/// Who does what in a stage.
#[derive(Serialize)]
pub(in crate::emit) struct Duties<'v, 'a> {
    stage: Ref<'a>,
    responsible: Option<&'v Ref<'a>>,
    accountable: Option<&'v Ref<'a>>,
    consulted: &'v [Ref<'a>],
    informed: Vec<&'v Ref<'a>>,
}

/// The stages in the order in which a record meets them. Responsible is the owner, accountable who
/// hears when it is late, consulted who helps, informed who takes the record over.
pub(in crate::emit) fn duties<'v, 'a>(facts: &Facts, view: &'v View<'a>) -> Vec<Duties<'v, 'a>> {
    let duty = |id: &StageId| {
        let stage = view.stages.get(id.index())?;
        let responsible = stage.owner.as_ref().map(|owner| &owner.who);
        let limit = stage.limit.as_ref();
        let mut informed: Vec<&Ref<'a>> = Vec::new();
        for receiver in stage.moves.iter().filter_map(|it| it.receiver.as_ref()) {
            if !informed.contains(&receiver) {
                informed.push(receiver);
            }
        }
        Some(Duties {
            stage: Ref { kind: "stage", name: stage.name.to_owned(), title: stage.title },
            responsible,
            accountable: limit.and_then(|limit| limit.escalate_to.as_ref()).or(responsible),
            consulted: &stage.support,
            informed,
        })
    };
    facts.order.iter().filter_map(duty).collect()
}
