//! Where HubSpot keeps what the process speaks of.

use super::properties::Source;
use super::{objects, slug};
use crate::emit::Context;
use crate::emit::crm::{Held, Origin};
use crate::model::Id;

/// For each record type that has an object, where it is kept. `context` has the settings of this
/// target; what is wrong with them is for the target itself to tell.
pub(in crate::emit) fn held(context: &Context<'_>) -> Vec<Held> {
    let process = context.process;
    let (objects, _) = objects(context, &slug(&process.name), &mut Vec::new());
    let mut all = Vec::new();
    for object in &objects {
        for record in &object.records {
            let pipeline = object.pipelines.iter().find(|pipeline| pipeline.record == *record);
            let stages = pipeline.map_or(&[][..], |pipeline| pipeline.stages.as_slice());
            let of = |source| object.properties.all.iter().find(move |of| of.source == source);
            let own = process.records[*record].fields.iter();
            let own =
                own.filter_map(|id| Some((*id, object.properties.holding(*id)?.name.clone())));
            let fields = own.collect();
            let confirmed = process.confirmations.iter();
            let confirmed = confirmed.filter(|(_, confirmation)| confirmation.record == *record);
            let confirmations = confirmed
                .filter_map(|(id, _)| Some((id, of(Source::Confirmation(id))?.name.clone())))
                .collect();
            let from = process.records[*record].from;
            // Elsewhere records are associated, and exports of associations differ.
            let origin = from.filter(|from| object.records.contains(from)).map(|_| Origin::Same);
            all.push(Held {
                record: *record,
                object: object.name.clone(),
                apart: None,
                stage: if object.name == "deals" { "dealstage" } else { "hs_pipeline_stage" },
                stages: stages.iter().map(|stage| (stage.stage, stage.id.clone())).collect(),
                others: Vec::new(),
                fields,
                confirmations,
                origin,
            });
        }
    }
    all.sort_by_key(|held| held.record.index());
    all
}
