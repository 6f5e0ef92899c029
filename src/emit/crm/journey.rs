//! The order in which a CRM shows stages.
//!
//! Source order is that of files and teams; a pipeline is read from left to right. So stages stand
//! in the order in which a record advances through them, then those it is only sent back to, then
//! the outcomes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::model::{Id, Outcome, Process, StageId, Transition, TransitionKind};

/// For each record type its stages, in the order of the journey.
pub(in crate::emit) fn journeys(process: &Process) -> Vec<Vec<StageId>> {
    let mut order = vec![Vec::new(); process.records.len()];
    let mut add = |stage: StageId| {
        if let Some(list) = order.get_mut(process.stages[stage].record.index()) {
            list.push(stage);
        }
    };
    let ways = Ways::of(process);
    ways.in_order().into_iter().for_each(&mut add);
    let beside = |stage: &StageId| {
        process.stages[*stage].is_open() && ways.state.get(stage.index()) == Some(&State::Unseen)
    };
    process.stages.ids().filter(beside).for_each(&mut add);
    for outcome in [Outcome::Won, Outcome::Lost, Outcome::Void] {
        let ends = |stage: &StageId| process.stages[*stage].outcome == Some(outcome);
        process.stages.ids().filter(ends).for_each(&mut add);
    }
    order
}

/// For each record type its stages, in the order of the source.
pub(in crate::emit) fn as_written(process: &Process) -> Vec<Vec<StageId>> {
    let mut order = vec![Vec::new(); process.records.len()];
    for (id, stage) in process.stages.iter() {
        if let Some(list) = order.get_mut(stage.record.index()) {
            list.push(id);
        }
    }
    order
}

/// The stage in which records begin, of the stages of one record type in the order of the journey:
/// the first `entry`, else the first.
pub(in crate::emit) fn first_stage(process: &Process, journey: &[StageId]) -> Option<StageId> {
    let entry = journey.iter().find(|stage| process.stages[**stage].entry.is_some());
    entry.or(journey.first()).copied()
}

/// The next open stages of the same record type.
fn next(process: &Process, from: StageId) -> impl Iterator<Item = StageId> {
    let moves = process.stages[from].outgoing.iter().map(|id| &process.transitions[*id]);
    moves.filter(|t| t.kind == TransitionKind::Advance).map(|t| t.to).filter(move |to| {
        let to_stage = &process.stages[*to];
        *to != from && to_stage.is_open() && to_stage.record == process.stages[from].record
    })
}

/// Where records enter, or change their type, in each record type; its first open stage when there
/// is no such place.
fn starts(process: &Process) -> Vec<StageId> {
    let mut started = vec![false; process.records.len()];
    let mut starts = Vec::new();
    let open = || process.stages.iter().filter(|(_, stage)| stage.is_open());
    for (id, stage) in open() {
        let mut incoming = stage.incoming.iter().map(|id| &process.transitions[*id]);
        let handed_over = |t: &Transition| {
            t.kind == TransitionKind::Advance && process.stages[t.from].record != stage.record
        };
        if stage.entry.is_some() || incoming.any(handed_over) {
            starts.push(id);
            started.get_mut(stage.record.index()).into_iter().for_each(|flag| *flag = true);
        }
    }
    for (id, stage) in open() {
        if let Some(flag) = started.get_mut(stage.record.index())
            && !std::mem::replace(flag, true)
        {
            starts.push(id);
        }
    }
    starts
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    Open,
    Done,
}

/// The ways on which a record advances, without the moves that lead back to where it was.
struct Ways {
    state: Vec<State>,
    /// The next stages of each stage.
    next: Vec<Vec<StageId>>,
    /// How many stages follow each one at most.
    ahead: Vec<usize>,
    /// The stages that records reach.
    reached: Vec<StageId>,
}

impl Ways {
    /// Follows the ways in depth, from every start.
    fn of(process: &Process) -> Self {
        let count = process.stages.len();
        let mut ways = Self {
            state: vec![State::Unseen; count],
            next: vec![Vec::new(); count],
            ahead: vec![0; count],
            reached: Vec::new(),
        };
        for start in starts(process) {
            if ways.state(start) == State::Unseen {
                ways.follow(process, start);
            }
        }
        ways.reached.sort_unstable();
        ways
    }

    fn follow(&mut self, process: &Process, start: StageId) {
        let ahead_of = |stage| next(process, stage).collect::<Vec<_>>().into_iter();
        self.set(start, State::Open);
        let mut path = vec![(start, ahead_of(start))];
        while let Some((from, rest)) = path.last_mut() {
            let from = *from;
            match rest.next() {
                Some(to) => match self.state(to) {
                    State::Unseen => {
                        self.keep(from, to);
                        self.set(to, State::Open);
                        path.push((to, ahead_of(to)));
                    }
                    State::Done => self.keep(from, to),
                    // The record has come from there: a way back.
                    State::Open => {}
                },
                None => {
                    let next = self.next.get(from.index()).into_iter().flatten();
                    let most = next.filter_map(|to| self.ahead.get(to.index())).max();
                    let ahead = most.map_or(0, |most| most + 1);
                    self.ahead.get_mut(from.index()).into_iter().for_each(|slot| *slot = ahead);
                    self.set(from, State::Done);
                    self.reached.push(from);
                    path.pop();
                }
            }
        }
    }

    /// The reached stages, each after those that lead to it. Between equals the one with more ahead
    /// comes first, then the one that stands first in the source.
    fn in_order(&self) -> Vec<StageId> {
        let mut before = vec![0_usize; self.next.len()];
        for to in self.next.iter().flatten() {
            before.get_mut(to.index()).into_iter().for_each(|count| *count += 1);
        }
        let ranked = |id: StageId| (self.ahead.get(id.index()).copied(), Reverse(id));
        let first = self.reached.iter().copied();
        let mut ready: BinaryHeap<_> =
            first.filter(|id| before.get(id.index()) == Some(&0)).map(ranked).collect();
        let mut order = Vec::new();
        while let Some((_, Reverse(stage))) = ready.pop() {
            order.push(stage);
            for to in self.next.get(stage.index()).into_iter().flatten() {
                if let Some(count) = before.get_mut(to.index()) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(ranked(*to));
                    }
                }
            }
        }
        order
    }

    fn state(&self, stage: StageId) -> State {
        self.state.get(stage.index()).copied().unwrap_or(State::Done)
    }

    fn set(&mut self, stage: StageId, state: State) {
        self.state.get_mut(stage.index()).into_iter().for_each(|slot| *slot = state);
    }

    fn keep(&mut self, from: StageId, to: StageId) {
        self.next.get_mut(from.index()).into_iter().for_each(|next| next.push(to));
    }
}
