//! Questions about records in flight, as filters.

use crate::diff::flight::{Ask, Condition};
use crate::model::{Process, RecordId};

use super::filter::{Columns, Filter, Filters, any, every};

/// What lets through every record that is asked for.
#[derive(Debug)]
pub(in crate::emit) struct Asked {
    /// The filter, without the stages.
    pub(in crate::emit) filter: Filter,
    /// Why it may let through others.
    pub(in crate::emit) wider: Vec<String>,
}

/// The conditions of a question as a filter.
pub(in crate::emit) fn asked(process: &Process, columns: &Columns, ask: &Ask) -> Asked {
    let mut filters = Filters::new(process, columns);
    let mut parts: Vec<Filter> = Vec::new();
    for Condition { holds, applies } in &ask.met {
        let holds = filters.filter(holds, true);
        parts.push(match applies {
            None => holds,
            Some(applies) => any(vec![filters.filter(applies, false), holds]),
        });
    }
    if !ask.unmet.is_empty() {
        let each = ask.unmet.iter().map(|Condition { holds, applies }| {
            let fails = filters.filter(holds, false);
            match applies {
                None => fails,
                Some(applies) => every(vec![filters.filter(applies, true), fails]),
            }
        });
        parts.push(any(each.collect()));
    }
    Asked { filter: every(parts), wider: filters.wider() }
}

/// The record types as which the records may have gone on, and whether to have a record of that type
/// means to have gone on: it does not when they can come back, or start one and stay.
pub(in crate::emit) fn gone_on(process: &Process, ask: &Ask) -> Vec<(RecordId, bool)> {
    let record_of = |stage| process.stages[stage].record;
    let mut found: Vec<(RecordId, bool)> = Vec::new();
    for transition in process.transitions.values() {
        let to = record_of(transition.to);
        let leaves = ask.stages.contains(&transition.from) && to != ask.record;
        if !leaves || found.iter().any(|(known, _)| *known == to) {
            continue;
        }
        let comes_back = process
            .transitions
            .values()
            .any(|back| record_of(back.from) == to && record_of(back.to) == ask.record);
        let is_started =
            process.stages.values().any(|stage| stage.starts.iter().any(|(of, _)| *of == to));
        found.push((to, !comes_back && !is_started));
    }
    found
}
