//! Where Pipedrive keeps what the process speaks of.

use super::build;
use super::fields::Source;
use crate::emit::Context;
use crate::emit::crm::{Held, Origin};
use crate::model::{Id, RecordId};

/// For each record type that has an object, where it is kept. Fields are called as people see them:
/// Pipedrive makes up the keys of new ones itself. `context` has the settings of this target; what
/// is wrong with them is for the target itself to tell.
pub(in crate::emit) fn held(context: &Context<'_>) -> Vec<Held> {
    let process = context.process;
    let built = build(context, &mut Vec::new());
    let object_of = |record: RecordId| built.choices.objects.get(&record).copied();
    let mut all = Vec::new();
    for record in process.records.ids() {
        let Some(object) = object_of(record) else { continue };
        // Leads and deals share their fields, and two record types may share one, which is then known
        // by the field of the first.
        let there = || {
            let own = built.fields.all.iter();
            own.filter(move |field| field.object.fields() == object.fields())
        };
        let fields = process.records[record].fields.iter().filter_map(|id| {
            let own = there().find(|field| field.source == Source::Field(*id));
            let shared = || there().find(|field| field.key == process.fields[*id].name);
            Some((*id, own.or_else(shared)?.called()?.to_owned()))
        });
        let confirmed = process.confirmations.iter();
        let confirmed = confirmed.filter(|(_, confirmation)| confirmation.record == record);
        let confirmations = confirmed.filter_map(|(id, _)| {
            let own = there().find(|field| field.source == Source::Confirmation(id));
            Some((id, own?.called()?.to_owned()))
        });
        let pipeline = built.pipelines.iter().find(|pipeline| pipeline.record == record);
        let stages = pipeline.map_or(&[][..], |pipeline| pipeline.stages.as_slice());
        let from = process.records[record].from.and_then(object_of);
        all.push(Held {
            record,
            object: object.word().to_owned(),
            apart: None,
            stage: "stage_id",
            stages: stages.iter().map(|stage| (stage.stage, stage.name.clone())).collect(),
            others: Vec::new(),
            fields: fields.collect(),
            confirmations: confirmations.collect(),
            origin: from.filter(|from| *from == object).map(|_| Origin::Same),
        });
    }
    all.sort_by_key(|held| held.record.index());
    all
}
