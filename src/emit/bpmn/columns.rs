//! In which column each stage stands.

use rustc_hash::FxHashSet;

use crate::emit::view::Facts;
use crate::model::{Id as _, Process, RecordId, StageId, TransitionKind};

/// The column of each stage in its pool: the longest way forward to it; the first is that of the
/// beginning. What no way forward leads to stands before where it leads, ends stand last.
pub(super) fn columns(process: &Process, facts: &Facts, crossed: &[bool]) -> Vec<usize> {
    let mut columns: Vec<Option<usize>> = vec![None; process.stages.len()];
    let own = |a: StageId, b: StageId| process.stages[a].record == process.stages[b].record;
    let next = |stage: StageId| {
        let ways = process.stages[stage].outgoing.iter().map(|id| &process.transitions[*id]);
        ways.filter(move |way| {
            own(way.from, way.to)
                && way.kind == TransitionKind::Advance
                && facts.rank(way.from) < facts.rank(way.to)
        })
        .map(|way| way.to)
        .collect::<Vec<_>>()
    };
    let set = |columns: &mut Vec<Option<usize>>, stage: StageId, column: usize| {
        if let Some(place) = columns.get_mut(stage.index()) {
            *place = Some(place.map_or(column, |old| old.max(column)));
        }
    };
    let get =
        |columns: &[Option<usize>], stage: StageId| columns.get(stage.index()).copied().flatten();
    let led_to: FxHashSet<StageId> = facts.order.iter().flat_map(|stage| next(*stage)).collect();
    let mut begun: FxHashSet<RecordId> = FxHashSet::default();
    for stage in &facts.order {
        let begins = !led_to.contains(stage) && !next(*stage).is_empty();
        let entry = process.stages[*stage].entry.is_some();
        let first = !begun.contains(&process.stages[*stage].record);
        let comes = crossed.get(stage.index()) == Some(&true);
        let known = get(&columns, *stage);
        let Some(column) = known.or((entry || first || (begins && comes)).then_some(1)) else {
            continue;
        };
        begun.insert(process.stages[*stage].record);
        set(&mut columns, *stage, column);
        for to in next(*stage) {
            set(&mut columns, to, column + 1);
        }
    }
    for stage in facts.order.iter().rev() {
        if get(&columns, *stage).is_none() {
            let behind = next(*stage).into_iter().filter_map(|to| get(&columns, to)).min();
            if let Some(column) = behind {
                set(&mut columns, *stage, column.saturating_sub(1).max(1));
            }
        }
    }
    for stage in &facts.order {
        if get(&columns, *stage).is_none() {
            let incoming = process.stages[*stage].incoming.iter();
            let from = incoming.map(|id| process.transitions[*id].from);
            let before =
                from.filter(|from| own(*from, *stage)).filter_map(|from| get(&columns, from)).max();
            set(&mut columns, *stage, before.map_or(1, |column| column + 1));
        }
    }
    columns.into_iter().map(|column| column.unwrap_or(1)).collect()
}

/// For each stage, whether records come into it from another type.
pub(super) fn crossed(process: &Process) -> Vec<bool> {
    let mut crossed = vec![false; process.stages.len()];
    let mut mark = |stage: StageId| {
        if let Some(slot) = crossed.get_mut(stage.index()) {
            *slot = true;
        }
    };
    for way in process.transitions.values() {
        if process.stages[way.from].record != process.stages[way.to].record {
            mark(way.to);
        }
    }
    process.stages.values().flat_map(|stage| &stage.starts).for_each(|(_, to)| mark(*to));
    crossed
}
