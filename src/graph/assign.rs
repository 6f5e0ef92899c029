//! Definite assignment: which fields a record has when it comes into a stage.
//!
//! A field is filled in where the owner of a stage collects it, and known to be there where a move
//! is only open to records that have it. Along a move the record keeps its fields; where it goes
//! back to the type it came from, it keeps those that this type sees. Nobody empties a field.
//!
//! What some record may have is counted from where the field can be filled in before any move has asked
//! for it: a stage that only records with the field get to cannot be where they get it from, though a
//! way leads from it back to the stage that asks.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::model::{
    FieldId, Id, Origin, Process, RecordId, StageId, Transition, TransitionId, TransitionKind,
};

use super::{Edge, StageGraph, presence};

/// What is known of the fields of the records in every stage that can be reached.
///
/// A field has a position in the line of record types it belongs to: those of a type come behind
/// those of the type it continues, so that a record keeps its bits when it moves on as another type.
#[derive(Debug)]
pub struct Assign {
    /// By field.
    positions: Vec<u32>,
    /// By record type: how many fields it sees.
    widths: Vec<u32>,
    /// By stage: its record type.
    types: Vec<RecordId>,
    /// By stage: where its words begin. One more than there are stages.
    starts: Vec<usize>,
    definite: Vec<u64>,
    possible: Vec<u64>,
    offered: Vec<u64>,
    /// What may be filled in while a record is in the stage.
    filled: Vec<u64>,
    /// By record type: whether its fields may come with a record from outside.
    outside: Vec<bool>,
}

impl Assign {
    /// Follows the fields of all records from where they come into the process. `unfinished` tells
    /// the stages that may collect more than is known.
    pub fn new(
        process: &Process,
        stages: &StageGraph,
        unfinished: impl Fn(StageId) -> bool,
    ) -> Self {
        let mut assign = Self::empty(process);
        for (id, stage) in process.stages.iter() {
            let anything = unfinished(id);
            for field in &stage.collect {
                assign.set(id, field.value);
            }
            if anything {
                let all = assign.all(id);
                let range = assign.range(id);
                if let Some(filled) = assign.filled.get_mut(range) {
                    filled.copy_from_slice(&all);
                }
            }
        }
        Flow::new(process, stages, assign).run()
    }

    /// Whether every record has the field when it comes into the stage.
    pub fn definite(&self, stage: StageId, field: FieldId) -> bool {
        self.has(&self.definite, stage, field)
    }

    /// Whether some record may have the field when it comes into the stage, if all that is asked of it on
    /// the way, but for this field, can be there.
    pub fn possible(&self, stage: StageId, field: FieldId) -> bool {
        self.has(&self.possible, stage, field)
    }

    /// Whether some record may have the field while it is in the stage.
    pub fn possible_in(&self, stage: StageId, field: FieldId) -> bool {
        self.possible(stage, field) || self.filled_in(stage, field)
    }

    /// Whether on every way on which records advance to the stage, from a stage in which the way
    /// begins, somebody can fill in the field before. True for a stage that no such way leads to.
    pub fn offered(&self, stage: StageId, field: FieldId) -> bool {
        self.has(&self.offered, stage, field)
    }

    /// Whether the field may be filled in while a record is in the stage.
    pub fn filled_in(&self, stage: StageId, field: FieldId) -> bool {
        self.has(&self.filled, stage, field)
    }

    /// Whether a record may bring the field when it comes into the process: a stage in which records
    /// begin, and which collects nothing, does not say what comes with them.
    pub fn comes_from_outside(&self, process: &Process, field: FieldId) -> bool {
        self.outside.get(process.fields[field].record.index()).copied().unwrap_or(true)
    }

    fn empty(process: &Process) -> Self {
        let mut widths: Vec<u32> = Vec::with_capacity(process.records.len());
        let mut positions = vec![0; process.fields.len()];
        for record in process.records.values() {
            // Those continued come before those that continue them.
            let before = record.from.and_then(|from| widths.get(from.index()));
            let mut width = before.copied().unwrap_or(0);
            for field in &record.fields {
                if let Some(position) = positions.get_mut(field.index()) {
                    *position = width;
                    width += 1;
                }
            }
            widths.push(width);
        }
        let mut starts = Vec::with_capacity(process.stages.len() + 1);
        let mut words = 0;
        for stage in process.stages.values() {
            starts.push(words);
            words += words_of(widths.get(stage.record.index()).copied().unwrap_or(0));
        }
        starts.push(words);
        Self {
            positions,
            widths,
            types: process.stages.values().map(|stage| stage.record).collect(),
            starts,
            definite: vec![0; words],
            possible: vec![0; words],
            offered: vec![0; words],
            filled: vec![0; words],
            outside: vec![false; process.records.len()],
        }
    }

    fn range(&self, stage: StageId) -> std::ops::Range<usize> {
        let start = self.starts.get(stage.index()).copied().unwrap_or(0);
        start..self.starts.get(stage.index() + 1).copied().unwrap_or(start)
    }

    fn width(&self, stage: StageId) -> u32 {
        let record = self.types.get(stage.index()).map_or(0, |record| record.index());
        self.widths.get(record).copied().unwrap_or(0)
    }

    /// Every field that the stage sees.
    fn all(&self, stage: StageId) -> Vec<u64> {
        let mut words = vec![u64::MAX; self.range(stage).len()];
        keep(&mut words, self.width(stage));
        words
    }

    fn set(&mut self, stage: StageId, field: FieldId) {
        let range = self.range(stage);
        let position = self.positions.get(field.index()).copied();
        if let (Some(position), Some(words)) = (position, self.filled.get_mut(range)) {
            put(words, position);
        }
    }

    fn has(&self, sets: &[u64], stage: StageId, field: FieldId) -> bool {
        let Some(position) = self.positions.get(field.index()) else { return false };
        if *position >= self.width(stage) {
            return false;
        }
        let words = sets.get(self.range(stage)).unwrap_or_default();
        let word = words.get((*position / 64) as usize).copied().unwrap_or(0);
        word >> (*position % 64) & 1 == 1
    }
}

/// What is searched for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// What every record has, and what could be filled in on every way.
    Every,
    /// What some record has: it builds on what every record has.
    Some,
}

/// The search for what is assigned: stages are looked at again until nothing changes. Each set only
/// ever grows, or only ever shrinks, so that this ends after few rounds.
struct Flow<'a> {
    pass: Pass,
    process: &'a Process,
    stages: &'a StageGraph,
    assign: Assign,
    /// By stage: the fields that records have that leave by `advance`, and that come in by it.
    exit: Vec<Vec<FieldId>>,
    enter: Vec<Vec<FieldId>>,
    /// By move: the fields that its own conditions ask for.
    moves: Vec<Vec<FieldId>>,
    /// By record type: the fields that are never missing.
    required: Vec<Vec<u64>>,
    /// How many fields two record types have in common.
    common: FxHashMap<(RecordId, RecordId), u32>,
}

impl<'a> Flow<'a> {
    fn new(process: &'a Process, stages: &'a StageGraph, assign: Assign) -> Self {
        let by_criteria = |list: &[crate::model::CriterionId]| -> Vec<FieldId> {
            list.iter().flat_map(|id| presence::guaranteed_by(process, *id)).collect()
        };
        let exit = process.stages.values().map(|stage| by_criteria(&stage.exit)).collect();
        let enter = process.stages.values().map(|stage| by_criteria(&stage.enter)).collect();
        let moves = process.transitions.values().map(asked_by).collect();
        let mut required: Vec<Vec<u64>> = Vec::with_capacity(process.records.len());
        for (id, record) in process.records.iter() {
            let width = assign.widths.get(id.index()).copied().unwrap_or(0);
            let before = record.from.and_then(|from| required.get(from.index()));
            let mut words = before.cloned().unwrap_or_default();
            words.resize(words_of(width), 0);
            for field in record.fields.iter().filter(|field| process.fields[**field].required) {
                put(&mut words, assign.positions.get(field.index()).copied().unwrap_or(0));
            }
            required.push(words);
        }
        let common = FxHashMap::default();
        let pass = Pass::Every;
        Self { pass, process, stages, assign, exit, enter, moves, required, common }
    }

    fn run(mut self) -> Assign {
        let reached = self.stages.from_entries().stages();
        for stage in reached {
            let all = self.assign.all(*stage);
            let required = self.required_in(*stage).to_vec();
            let range = self.assign.range(*stage);
            write(&mut self.assign.definite, range.clone(), &all);
            write(&mut self.assign.offered, range.clone(), &all);
            write(&mut self.assign.possible, range, &required);
        }
        for pass in [Pass::Every, Pass::Some] {
            self.pass = pass;
            self.follow();
        }
        self.assign
    }

    fn follow(&mut self) {
        let reached = self.stages.from_entries().stages();
        for entry in self.stages.entries() {
            self.begin(*entry, None);
        }
        let mut waiting: VecDeque<StageId> = reached.iter().copied().collect();
        let mut is_waiting = vec![false; self.process.stages.len()];
        for stage in reached {
            mark(&mut is_waiting, *stage, true);
        }
        while let Some(stage) = waiting.pop_front() {
            mark(&mut is_waiting, stage, false);
            for (next, edge) in self.stages.successors(stage) {
                let changed = match edge {
                    Edge::Move(id) => self.move_on(stage, id, next),
                    Edge::Starts => self.begin(next, Some(stage)),
                };
                if changed && !mark(&mut is_waiting, next, true) {
                    waiting.push_back(next);
                }
            }
        }
    }

    /// A record comes into the process, or is created by one that has entered `by`, of which it
    /// keeps what both types see.
    fn begin(&mut self, stage: StageId, by: Option<StageId>) -> bool {
        let mut known = self.required_in(stage).to_vec();
        let mut possible = known.clone();
        if let Some(by) = by {
            let width = self.common_width(by, stage);
            join(&mut known, &self.carried(&self.assign.definite, by, width, false));
            join(&mut possible, &self.had(by, width));
        }
        if self.process.stages[stage].collect.is_empty() {
            possible = self.assign.all(stage);
            let process = self.process;
            for record in process.lineage(process.stages[stage].record) {
                if let Some(outside) = self.assign.outside.get_mut(record.index()) {
                    *outside = true;
                }
            }
        }
        // Where others come in from earlier stages, a record from outside is past these, and may
        // bring what they would have found out.
        let offered = (!joins_others(self.process, stage)).then_some(possible.as_slice());
        self.arrive(stage, &known, &possible, offered)
    }

    /// A record moves on.
    fn move_on(&mut self, from: StageId, id: TransitionId, to: StageId) -> bool {
        let transition = &self.process.transitions[id];
        let width = self.common_width(from, to);
        let mut gained = self.required_in(to).to_vec();
        let asked = self.moves.get(id.index());
        let (exit, enter) = match transition.kind {
            TransitionKind::Advance => (self.exit.get(from.index()), self.enter.get(to.index())),
            _ => (None, None),
        };
        for field in [asked, exit, enter].into_iter().flatten().flatten() {
            let position = self.assign.positions.get(field.index()).copied().unwrap_or(u32::MAX);
            if position < self.assign.width(to) {
                put(&mut gained, position);
            }
        }
        if self.pass == Pass::Some {
            let mut possible = self.had(from, width);
            possible.resize(gained.len(), 0);
            join(&mut possible, self.required_in(to));
            return self.arrive(to, &[], &possible, None);
        }
        let words = gained.len();
        let with = |mut carried: Vec<u64>| {
            carried.resize(words, 0);
            join(&mut carried, &gained);
            carried
        };
        let definite = with(self.carried(&self.assign.definite, from, width, false));
        // Ways back and out, and those from every open stage, are no ways on which somebody
        // should have thought of the field.
        let forward =
            transition.kind == TransitionKind::Advance && transition.origin == Origin::Declared;
        let offered = forward.then(|| with(self.carried(&self.assign.offered, from, width, true)));
        self.arrive(to, &definite, &[], offered.as_deref())
    }

    /// The fields of a set that a record keeps which leaves the stage, those that are filled in
    /// there among them if so asked.
    fn carried(&self, sets: &[u64], from: StageId, width: u32, filled: bool) -> Vec<u64> {
        let range = self.assign.range(from);
        let mut words = sets.get(range.clone()).unwrap_or_default().to_vec();
        if filled {
            join(&mut words, self.assign.filled.get(range).unwrap_or_default());
        }
        words.truncate(words_of(width));
        keep(&mut words, width);
        words
    }

    /// The fields that some record has which leaves the stage. Where every record has a field already,
    /// nobody gets it.
    fn had(&self, from: StageId, width: u32) -> Vec<u64> {
        let mut words = self.carried(&self.assign.possible, from, width, false);
        let range = self.assign.range(from);
        let filled = self.assign.filled.get(range.clone()).unwrap_or_default();
        let definite = self.assign.definite.get(range).unwrap_or_default();
        for ((word, filled), definite) in words.iter_mut().zip(filled).zip(definite) {
            *word |= filled & !definite;
        }
        keep(&mut words, width);
        words
    }

    fn arrive(
        &mut self,
        stage: StageId,
        definite: &[u64],
        possible: &[u64],
        offered: Option<&[u64]>,
    ) -> bool {
        let range = self.assign.range(stage);
        let assign = &mut self.assign;
        let mut changed = false;
        let mut update = |sets: &mut Vec<u64>, new: &[u64], meet: bool| {
            let old = sets.get_mut(range.clone()).unwrap_or_default();
            for (index, word) in old.iter_mut().enumerate() {
                let other = new.get(index).copied().unwrap_or(0);
                let result = if meet { *word & other } else { *word | other };
                changed |= result != *word;
                *word = result;
            }
        };
        match self.pass {
            Pass::Every => {
                update(&mut assign.definite, definite, true);
                if let Some(offered) = offered {
                    update(&mut assign.offered, offered, true);
                }
            }
            Pass::Some => update(&mut assign.possible, possible, false),
        }
        changed
    }

    fn required_in(&self, stage: StageId) -> &[u64] {
        let record = self.process.stages[stage].record;
        self.required.get(record.index()).map_or(&[], Vec::as_slice)
    }

    /// How many fields the records of two stages share: those of the nearest type in both lines.
    fn common_width(&mut self, from: StageId, to: StageId) -> u32 {
        let (a, b) = (self.process.stages[from].record, self.process.stages[to].record);
        if a == b {
            return self.assign.width(from);
        }
        let process = self.process;
        let widths = &self.assign.widths;
        *self.common.entry((a, b)).or_insert_with(|| {
            let of_a: rustc_hash::FxHashSet<RecordId> = process.lineage(a).collect();
            let shared = process.lineage(b).find(|record| of_a.contains(record));
            shared.and_then(|record| widths.get(record.index()).copied()).unwrap_or(0)
        })
    }
}

/// Whether records advance to the stage from others.
pub(crate) fn joins_others(process: &Process, stage: StageId) -> bool {
    process.stages[stage].incoming.iter().any(|id| {
        let transition = &process.transitions[*id];
        transition.kind == TransitionKind::Advance && transition.origin == Origin::Declared
    })
}

/// The fields that a record has to which the move itself is open, and which is taken.
fn asked_by(transition: &Transition) -> Vec<FieldId> {
    let mut fields = transition.when.as_ref().map(presence::guaranteed).unwrap_or_default();
    fields.extend(transition.after.as_ref().and_then(|clock| clock.before));
    let accept = transition.handoff.as_ref().and_then(|handoff| handoff.accept.as_ref());
    fields.extend(accept.map(|accept| presence::guaranteed(&accept.when)).unwrap_or_default());
    fields
}

fn words_of(width: u32) -> usize {
    width.div_ceil(64) as usize
}

fn put(words: &mut [u64], position: u32) {
    if let Some(word) = words.get_mut((position / 64) as usize) {
        *word |= 1 << (position % 64);
    }
}

/// Forgets every position from `width` on.
fn keep(words: &mut [u64], width: u32) {
    for (index, word) in words.iter_mut().enumerate() {
        let first = u32::try_from(index * 64).unwrap_or(u32::MAX);
        let left = width.saturating_sub(first);
        if left < 64 {
            *word &= (1 << left) - 1;
        }
    }
}

fn join(words: &mut [u64], others: &[u64]) {
    for (word, other) in words.iter_mut().zip(others) {
        *word |= other;
    }
}

fn write(sets: &mut [u64], range: std::ops::Range<usize>, words: &[u64]) {
    if let Some(slot) = sets.get_mut(range) {
        for (slot, word) in slot.iter_mut().zip(words) {
            *slot = *word;
        }
    }
}

/// Sets a flag and gives what it was.
fn mark(flags: &mut [bool], stage: StageId, value: bool) -> bool {
    flags.get_mut(stage.index()).is_some_and(|flag| std::mem::replace(flag, value))
}
