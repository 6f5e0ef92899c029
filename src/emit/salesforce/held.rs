//! Where Salesforce keeps what the process speaks of.

use rustc_hash::FxHashMap;

use super::mapping::{self, Kind, Mapping, Object, Source};
use super::stages::{StageValue, StageValues};
use super::{choices, objects, stages};
use crate::emit::Context;
use crate::emit::crm::{Held, Origin, one_line};
use crate::model::{Id, RecordId, StageId};

/// For each record type, where it is kept. `context` has the settings of this target; what is wrong
/// with them is for the target itself to tell.
pub(in crate::emit) fn held(context: &Context<'_>) -> Vec<Held> {
    let mut unsaid = Vec::new();
    let choices = choices::read(context, &mut unsaid);
    let mapping = mapping::map(context.process, &choices, &mut unsaid);
    let mut all = Vec::new();
    for object in &mapping.objects {
        let values = stages::values(&mapping, object, &mut unsaid);
        for record in &object.records {
            let (stages, others) = stored(&mapping, &values, *record);
            let apart = values.by_record.len() > 1 && !stages.is_empty();
            let apart = apart.then(|| {
                objects::record_type_names(context.process, &choices, *record, &mut unsaid).api
            });
            let holding = |source| Some(object.holding(context.process, source)?.name.clone());
            let own = context.process.records[*record].fields.iter();
            let fields = own.filter_map(|id| Some((*id, holding(Source::Field(*id))?))).collect();
            let confirmed = context.process.confirmations.iter();
            let confirmed = confirmed.filter(|(_, confirmation)| confirmation.record == *record);
            let confirmations =
                confirmed.filter_map(|(id, _)| Some((id, holding(Source::Confirmation(id))?)));
            let confirmations = confirmations.collect();
            all.push(Held {
                record: *record,
                object: object.name.clone(),
                apart,
                stage: object.stage_field(),
                stages,
                others,
                fields,
                confirmations,
                origin: origin(&mapping, object, *record),
            });
        }
    }
    all.sort_by_key(|held| held.record.index());
    all
}

/// What the stage field holds for each stage of a record type, and what else it may hold.
fn stored(
    mapping: &Mapping<'_>,
    values: &StageValues,
    record: RecordId,
) -> (Vec<(StageId, String)>, Vec<String>) {
    let listed = values.by_record.iter().find(|(of, _)| *of == record);
    let listed = listed.map_or(&[][..], |(_, indices)| indices.as_slice());
    let listed: Vec<&StageValue> = listed.iter().filter_map(|at| values.values.get(*at)).collect();
    // A value that two record types share bears the stage of the first: it is known by its label.
    let by_label: FxHashMap<String, &StageValue> =
        listed.iter().map(|value| (value.label.to_lowercase(), *value)).collect();
    let by_stage: FxHashMap<StageId, &StageValue> =
        listed.iter().filter_map(|value| Some((value.stage?, *value))).collect();
    let value = |stage: StageId| {
        let title = || one_line(&mapping.process.stages[stage].title.value).to_lowercase();
        by_stage.get(&stage).or_else(|| by_label.get(&title())).map(|value| value.name.clone())
    };
    let stages = mapping.stages_of(record).iter();
    let stages = stages.filter_map(|stage| Some((*stage, value(*stage)?))).collect();
    let others = listed.iter().filter(|value| value.stage.is_none());
    (stages, others.map(|value| value.name.clone()).collect())
}

fn origin(mapping: &Mapping<'_>, object: &Object, record: RecordId) -> Option<Origin> {
    let from = mapping.process.records[record].from?;
    let earlier = mapping.object_of(from)?;
    if earlier.name == object.name {
        return Some(Origin::Same);
    }
    if earlier.kind == Kind::Lead && object.kind == Kind::Opportunity {
        // Salesforce links these two itself.
        let field = "ConvertedOpportunityId";
        return Some(Origin::Converted { object: earlier.name.clone(), field });
    }
    let lookup = object.fields.iter().find(|field| field.source == Source::Continues(from))?;
    Some(Origin::Lookup(lookup.name.clone()))
}
