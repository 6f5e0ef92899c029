//! What the process asks of records that cannot have it: needs that nobody has met by then.
//!
//! Three rules speak of them, and none repeats another. Each field has one cause and one finding:
//!
//! 1. `handoff-mismatch`, when its first need arises at a handoff: the receiver asks for it at the
//!    door, or in its first stage what the sender saw and never filled in; or the parcel holds it.
//! 2. `filled-by-nobody`, when no stage collects it at all, unless a receiver asks for it at the door.
//! 3. `unfilled-field` otherwise: it is collected, but elsewhere or too late.
//!
//! A field counts as known behind the first place that asks for it, so that what follows from one
//! gap is not told again.

mod search;
mod tell;

use rustc_hash::FxHashMap;

use crate::graph::LifeLine;
use crate::model::{
    CriterionId, FieldId, Id, RecordId, RouteId, StageId, TransitionId, TransitionKind,
};
use crate::source::Span;

use super::Context;
use search::Search;
pub(crate) use tell::with_labels;

/// Something that asks for a field which no record can have by then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    pub(crate) field: FieldId,
    /// Where the record is; for a route, where it comes into.
    pub(crate) stage: StageId,
    /// What asks.
    pub(crate) by: Asker,
    /// Where it asks.
    pub(crate) span: Span,
}

/// What asks for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// An exit criterion, which is never met.
    Exit(CriterionId),
    /// An exit criterion, which is not met by records that came on one of several ways.
    Detour(CriterionId),
    /// The `if` of a criterion, which therefore never applies.
    Applies(CriterionId),
    /// The condition or the clock of a move, which never opens.
    Move(TransitionId),
    /// A criterion of the stage that a move leads to.
    Enter(CriterionId, TransitionId),
    /// The receiver's terms.
    Accept(TransitionId),
    /// The parcel of a handoff.
    Parcel(TransitionId),
    /// A case of a route, which is never taken.
    Route(RouteId),
}

/// Which rule speaks of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// `handoff-mismatch`
    Handoff,
    /// `filled-by-nobody`
    Nobody,
    /// `unfilled-field`
    Unfilled,
}

/// A field of which there is something to say.
#[derive(Debug)]
pub(crate) struct Gap {
    pub(crate) field: FieldId,
    pub(crate) verdict: Verdict,
    /// Who asks for it, the one that speaks first. Empty only when nobody fills it in and what
    /// reads it does not hold a record up.
    pub(crate) needs: Vec<Need>,
}

/// Every gap of a process, in the order of the fields.
pub(crate) fn gaps(context: &Context<'_>) -> Vec<Gap> {
    let process = context.process;
    let nothing_collected = process.stages.values().all(|stage| stage.collect.is_empty());
    // What could not be read may collect anything and lead anywhere.
    let entries = context.stages.entries();
    if process.draft || context.any_broken() || nothing_collected || entries.is_empty() {
        return Vec::new();
    }
    let modelled = Modelled::new(context);
    let mut needs: FxHashMap<FieldId, Vec<Need>> = FxHashMap::default();
    for need in Search::new(context, &modelled).run() {
        needs.entry(need.field).or_default().push(need);
    }
    let mut gaps = Vec::new();
    for (field, of) in process.fields.iter().filter(|(_, of)| !of.required) {
        let line = context.fields().of(field);
        // That a stage cannot be reached is told as such.
        let is_reached = |at: &(StageId, Span)| context.may_hold_records(at.0);
        if process.records[of.record].broken || !line.collected.iter().all(is_reached) {
            continue;
        }
        let mut needs = needs.remove(&field).unwrap_or_default();
        let Some(verdict) = verdict(context, &modelled, field, line, &needs) else { continue };
        if verdict == Verdict::Handoff {
            // The sort is stable: what asks first still speaks first.
            needs.sort_by_key(|need| !is_at_handoff(context, need));
        }
        gaps.push(Gap { field, verdict, needs });
    }
    gaps
}

fn verdict(
    context: &Context<'_>,
    modelled: &Modelled,
    field: FieldId,
    line: &LifeLine,
    needs: &[Need],
) -> Option<Verdict> {
    if line.collected.is_empty() {
        let at_the_door = |need: &Need| match need.by {
            Asker::Enter(_, id) | Asker::Accept(id) => context.process.is_handoff(id),
            _ => false,
        };
        let says_all = modelled.says_all(context.process.fields[field].record);
        let outside = context.assign().comes_from_outside(context.process, field);
        return match needs.iter().any(at_the_door) {
            true => Some(Verdict::Handoff),
            false if !says_all || outside => None,
            false if line.read.is_empty() && line.carried.is_empty() => None,
            false => Some(Verdict::Nobody),
        };
    }
    let first = needs.first()?;
    Some(if is_at_handoff(context, first) { Verdict::Handoff } else { Verdict::Unfilled })
}

/// Which record types have stages that say what they collect, by record type.
struct Modelled {
    /// Some stage of this type does.
    here: Vec<bool>,
    /// Some stage does that sees the fields of this type.
    seen: Vec<bool>,
    /// Some stage that sees its fields may collect more than it says.
    unfinished: Vec<bool>,
}

impl Modelled {
    fn new(context: &Context<'_>) -> Self {
        let process = context.process;
        let none = vec![false; process.records.len()];
        let mut modelled = Self { here: none.clone(), seen: none.clone(), unfinished: none };
        for (id, stage) in process.stages.iter() {
            let of = stage.record.index();
            if let Some(here) = modelled.here.get_mut(of) {
                *here |= !stage.collect.is_empty();
            }
            if let Some(unfinished) = modelled.unfinished.get_mut(of) {
                *unfinished |= context.is_unfinished(id);
            }
        }
        modelled.seen.clone_from(&modelled.here);
        // Those that continue a type come behind it.
        for (id, record) in process.records.iter().rev() {
            let Some(from) = record.from else { continue };
            for flags in [&mut modelled.seen, &mut modelled.unfinished] {
                let flag = flags.get(id.index()).copied().unwrap_or(false);
                if let Some(before) = flags.get_mut(from.index()) {
                    *before |= flag;
                }
            }
        }
        modelled
    }

    /// Whether somebody who sees the fields of a type says what is filled in, and all do so to the end.
    fn says_all(&self, record: RecordId) -> bool {
        let at = |flags: &[bool]| flags.get(record.index()).copied().unwrap_or(false);
        at(&self.seen) && !at(&self.unfinished)
    }
}

/// Whether the receiver of a handoff asks for what the sender should have brought.
fn is_at_handoff(context: &Context<'_>, need: &Need) -> bool {
    let process = context.process;
    match need.by {
        Asker::Enter(_, id) | Asker::Accept(id) => process.is_handoff(id),
        Asker::Parcel(_) => true,
        Asker::Exit(_) => handed_over(context, need.stage, need.field).is_some(),
        _ => false,
    }
}

/// The first handoff into a stage, when records advance to it by handoffs only, from stages that
/// see the field.
pub(crate) fn handed_over(
    context: &Context<'_>,
    stage: StageId,
    field: FieldId,
) -> Option<TransitionId> {
    let process = context.process;
    let record = process.fields[field].record;
    let into = &process.stages[stage];
    let advances = || {
        let is_advance = |id: &TransitionId| {
            let of = &process.transitions[*id];
            of.kind == TransitionKind::Advance && context.may_hold_records(of.from)
        };
        into.incoming.iter().copied().filter(is_advance)
    };
    let sees = |id: TransitionId| {
        let sender = process.stages[process.transitions[id].from].record;
        process.is_handoff(id) && process.lineage(sender).any(|of| of == record)
    };
    let begins = into.entry.is_some() || !advances().all(sees);
    if begins { None } else { advances().next() }
}
