//! Records that are brought back: a record that has gone on as one of another type stands where it did
//! so, until a move of that one leads back to it.

use crate::model::{Process, RecordId, StageId};

/// Where a record that stands in `stage` may be brought back to, of `stages`, which are those of its own
/// type. `elsewhere` tells of two stages whether a record in the second is another one than a record in
/// the first: what goes back itself has not gone on.
pub(in crate::emit) fn brought_back(
    process: &Process,
    stage: StageId,
    stages: &[StageId],
    elsewhere: impl Fn(StageId, StageId) -> bool,
    by: impl Fn(StageId) -> bool,
) -> Vec<StageId> {
    let record_of = |stage: StageId| process.stages[stage].record;
    let own = record_of(stage);
    // What it goes on as from here. Only that one, or what continues it, leads back from there: a deal
    // that became a customer is not brought back by what only trials may do.
    let ways = process.stages[stage].outgoing.iter().map(|way| process.transitions[*way].to);
    let went_on: Vec<RecordId> = ways
        .filter(|to| elsewhere(stage, *to) && continues(process, record_of(*to), own))
        .map(record_of)
        .collect();
    let leads_back = |to: StageId| {
        let mut from = process.stages[to].incoming.iter().map(|way| process.transitions[*way].from);
        from.any(|from| {
            let continues = |earlier: &RecordId| continues(process, record_of(from), *earlier);
            by(from) && elsewhere(to, from) && went_on.iter().any(continues)
        })
    };
    let stages = stages.iter().copied();
    stages.filter(|to| *to != stage && leads_back(*to)).collect()
}

/// Whether a record type continues another one, be it through others; each continues itself.
pub(in crate::emit) fn continues(process: &Process, record: RecordId, earlier: RecordId) -> bool {
    let chain = std::iter::successors(Some(record), |at| process.records[*at].from);
    chain.take(process.records.len()).any(|at| at == earlier)
}
