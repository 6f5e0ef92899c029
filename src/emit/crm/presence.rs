//! In which stages a field can be asked for without refusing a declared move.
//!
//! HubSpot and Pipedrive ask for a field where a record arrives; a process asks for it on the way. So a
//! stage asks for a field when every way into it, by which a record of the pipeline comes, has asked for
//! it, or starts where it is asked for already.

use rustc_hash::FxHashSet;

use crate::model::{
    Expr, ExprKind, FieldId, Process, RecordId, StageId, Transition, TransitionKind,
};

/// Where a field is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::emit) struct AskedWhere {
    /// The open stages, in the order of the process.
    pub(in crate::emit) stages: Vec<StageId>,
    /// The stages that end it, in that order.
    pub(in crate::emit) ends: Vec<StageId>,
    /// When a deal is won.
    pub(in crate::emit) won: bool,
    /// When a deal is lost.
    pub(in crate::emit) lost: bool,
}

/// The fields that a condition wants filled, whatever else it wants; none when it has alternatives.
fn wanted(condition: &Expr, fields: &mut Vec<FieldId>) {
    match &condition.kind {
        ExprKind::Presence(of, true) => {
            if let ExprKind::Field(id) = of.kind {
                fields.push(id);
            }
        }
        ExprKind::And(all) => all.iter().for_each(|part| wanted(part, fields)),
        _ => {}
    }
}

/// Whether a condition wants a list of fields filled, and nothing else.
pub(in crate::emit) fn only_wants(condition: &Expr) -> Option<Vec<FieldId>> {
    let is_presence = |expr: &Expr| match &expr.kind {
        ExprKind::Presence(of, true) => matches!(of.kind, ExprKind::Field(_)),
        _ => false,
    };
    let all = match &condition.kind {
        ExprKind::And(all) => all.iter().all(is_presence),
        _ => is_presence(condition),
    };
    let mut fields = Vec::new();
    wanted(condition, &mut fields);
    all.then_some(fields)
}

/// Whether a record that takes this way has the field.
fn has(process: &Process, way: &Transition, field: FieldId) -> bool {
    let wants = |condition: &Expr| {
        let mut fields = Vec::new();
        wanted(condition, &mut fields);
        fields.contains(&field)
    };
    if way.when.as_ref().is_some_and(wants) {
        return true;
    }
    let criteria = process.stages[way.from].exit.iter().chain(&process.stages[way.to].enter);
    way.kind == TransitionKind::Advance
        && criteria
            .map(|id| &process.criteria[*id])
            .any(|criterion| criterion.applies.is_none() && wants(&criterion.condition))
}

/// Where a field of the records of a type is asked for.
pub(in crate::emit) fn asked_where(
    process: &Process,
    record: RecordId,
    field: FieldId,
) -> AskedWhere {
    let stages: Vec<StageId> = process.stages_of(record).collect();
    let ways = |stage: StageId| {
        let ways = process.stages[stage].incoming.iter().map(|way| &process.transitions[*way]);
        ways.filter(move |way| way.from != stage)
    };
    let begun: FxHashSet<StageId> =
        process.stages.values().flat_map(|stage| &stage.starts).map(|(_, to)| *to).collect();
    // A record that begins in a stage has not been asked for anything; from there it goes on without
    // the field, wherever no way asks for it.
    let begins = |stage: &StageId| {
        process.stages[*stage].entry.is_some()
            || begun.contains(stage)
            || ways(*stage).next().is_none()
            || ways(*stage)
                .any(|way| process.stages[way.from].record != record && !has(process, way, field))
    };
    let mut without: FxHashSet<StageId> = stages.iter().copied().filter(begins).collect();
    let mut open: Vec<StageId> = without.iter().copied().collect();
    while let Some(from) = open.pop() {
        for way in process.stages[from].outgoing.iter().map(|way| &process.transitions[*way]) {
            let same = process.stages[way.to].record == record;
            if same && !has(process, way, field) && without.insert(way.to) {
                open.push(way.to);
            }
        }
    }
    let sure: Vec<StageId> =
        stages.iter().copied().filter(|stage| !without.contains(stage)).collect();
    // Where nothing asks on the way in, nothing is said: that it was asked for before is enough.
    let gated = |stage: &StageId| ways(*stage).any(|way| has(process, way, field));
    let ends = |won: bool| {
        let is_end = |stage: &&StageId| {
            let outcome = process.stages[**stage].outcome;
            outcome.is_some_and(|outcome| (outcome == crate::model::Outcome::Won) == won)
        };
        let mut ends = stages.iter().filter(is_end).peekable();
        ends.peek().is_some() && ends.all(|stage| !without.contains(stage) && gated(stage))
    };
    let (stages, ends_asked) =
        sure.iter().copied().filter(gated).partition(|stage| process.stages[*stage].is_open());
    AskedWhere { stages, ends: ends_asked, won: ends(true), lost: ends(false) }
}
