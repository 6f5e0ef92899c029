//! What the diagram shows, before it is laid out: pools, lanes, nodes and the flows between them.

mod stay;

use rustc_hash::FxHashMap;

use crate::emit::feel::Feel;
use crate::emit::sentence::Sentences;
use crate::emit::view::Facts;
use crate::model::{Id as _, Origin, Process, RecordId, Stage, StageId, TeamId, TransitionId};

use super::columns::{columns, crossed};
use super::tell::Tell;

/// A record type.
pub(super) struct Pool {
    pub(super) record: RecordId,
    pub(super) title: String,
    pub(super) docs: Vec<String>,
    pub(super) lanes: Vec<Lane>,
}

/// A team in a pool.
pub(super) struct Lane {
    pub(super) team: Option<TeamId>,
    pub(super) id: String,
    pub(super) title: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    /// Where a record comes from another type.
    MessageStart,
    /// Several ways become one.
    Join,
    Task,
    /// A task with what leads back to it, so that its timer counts from the first time.
    Frame,
    /// One of several ways is chosen.
    Choice,
    /// A limit has passed.
    Limit,
    End,
    /// Where a record goes on as another type.
    MessageEnd,
}

pub(super) struct Node {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) docs: Vec<String>,
    /// Who does it, as name.
    pub(super) owner: Option<String>,
    /// Of a limit: how long, as ISO 8601 where it has that form.
    pub(super) time: Option<String>,
    pub(super) pool: usize,
    pub(super) lane: usize,
    pub(super) cell: usize,
    /// The frame it stands in.
    pub(super) frame: Option<usize>,
}

pub(super) struct Flow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) condition: Option<String>,
    pub(super) default: bool,
    pub(super) docs: Vec<String>,
}

/// A record goes on in another pool.
pub(super) struct Message {
    pub(super) id: String,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// A frame, and what stands in it beside the task.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) node: usize,
    pub(super) start: usize,
    pub(super) join: usize,
    /// Whether the record may move.
    pub(super) ready: usize,
    pub(super) end: usize,
    /// The flow that leads out.
    pub(super) leaves: usize,
}

/// What stands together: a stage with what leads in and out, a beginning, an end.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) pool: usize,
    pub(super) lane: usize,
    pub(super) column: usize,
    pub(super) start: Option<usize>,
    pub(super) message_start: Option<usize>,
    pub(super) join: Option<usize>,
    /// The task, or the end.
    pub(super) body: Option<usize>,
    pub(super) choice: Option<usize>,
    /// The frame around the task.
    pub(super) frame: Option<Frame>,
    /// The end behind a task that nothing leads out of.
    pub(super) last: Option<usize>,
    pub(super) limit: Option<usize>,
    pub(super) told: Option<usize>,
    /// Moves that stay within the cell are not routed.
    pub(super) stay: Option<usize>,
    /// The flows out of the cell, in order.
    pub(super) out: Vec<usize>,
    /// Whether a message leaves the task.
    pub(super) sends: bool,
}

#[derive(Default)]
pub(super) struct Graph {
    pub(super) pools: Vec<Pool>,
    pub(super) nodes: Vec<Node>,
    pub(super) flows: Vec<Flow>,
    pub(super) messages: Vec<Message>,
    pub(super) cells: Vec<Cell>,
    /// What the caller answers, and for which moves.
    pub(super) asked: Vec<(TransitionId, Vec<String>)>,
    /// Limits without a form in ISO 8601.
    pub(super) timeless: Vec<StageId>,
}

/// How the stages are placed: the cell of each.
struct Builder<'a> {
    process: &'a Process,
    feel: &'a Feel<'a>,
    sentences: Sentences<'a>,
    tell: Tell<'a>,
    keys: Vec<String>,
    graph: Graph,
    /// The cell of each stage, and where moves into it arrive.
    cells: Vec<usize>,
    columns: Vec<usize>,
    /// Whether records come from another type.
    crossed: Vec<bool>,
    /// The stages in which the records of each pool begin without that.
    beginnings: Vec<Vec<StageId>>,
    outs: FxHashMap<(usize, StageId), usize>,
}

pub(super) fn graph(process: &Process, feel: &Feel<'_>, language: &str) -> Graph {
    let sentences = Sentences::new(process, language);
    let facts = Facts::of(process);
    let crossed = crossed(process);
    let mut builder = Builder {
        process,
        feel,
        sentences,
        tell: Tell::new(process, language),
        keys: process.transition_keys().into_iter().map(|(_, key)| key).collect(),
        graph: Graph::default(),
        cells: vec![0; process.stages.len()],
        columns: columns(process, &facts, &crossed),
        crossed,
        beginnings: Vec::new(),
        outs: FxHashMap::default(),
    };
    builder.pools();
    builder.find_beginnings(&facts.order);
    for pool in 0..builder.graph.pools.len() {
        builder.begin(pool);
    }
    for stage in &facts.order {
        builder.stage(*stage);
    }
    for pool in 0..builder.graph.pools.len() {
        builder.lead_in(pool);
    }
    for stage in &facts.order {
        builder.ways(*stage);
    }
    builder.graph
}

/// Whether the work has ended and nothing leads out.
fn ends(stage: &Stage) -> bool {
    stage.outcome.is_some() && stage.outgoing.is_empty()
}

impl Builder<'_> {
    fn pools(&mut self) {
        let process = self.process;
        for (record, of) in process.records.iter() {
            let mut teams: Vec<Option<TeamId>> =
                process.stages_of(record).map(|stage| process.stage_team(stage)).collect();
            if teams.is_empty() {
                continue;
            }
            // Who owns nothing comes last.
            teams.sort_by_key(|team| team.map_or(usize::MAX, |team| team.index()));
            teams.dedup();
            let lane = |team: Option<TeamId>| {
                let (name, title) = match team {
                    Some(team) => {
                        let team = &process.teams[team];
                        (team.name.as_str(), self.sentences.text(&team.title).to_owned())
                    }
                    None => ("", self.tell.words.nobody.to_owned()),
                };
                Lane { team, id: format!("Lane_{}_of_{name}", of.name), title }
            };
            let docs = of.about.iter().map(|about| self.sentences.text(about).to_owned());
            self.graph.pools.push(Pool {
                record,
                title: self.sentences.text(&of.title).to_owned(),
                docs: docs.collect(),
                lanes: teams.into_iter().map(lane).collect(),
            });
        }
    }

    fn pool_of(&self, record: RecordId) -> usize {
        self.graph.pools.iter().position(|pool| pool.record == record).unwrap_or(0)
    }

    fn name_of(&self, pool: usize) -> String {
        self.graph
            .pools
            .get(pool)
            .map_or_else(String::new, |pool| self.process.records[pool.record].name.clone())
    }

    fn lane_of(&self, pool: usize, stage: StageId) -> usize {
        let team = self.process.stage_team(stage);
        let lanes = self.graph.pools.get(pool).map_or(&[][..], |pool| pool.lanes.as_slice());
        lanes.iter().position(|lane| lane.team == team).unwrap_or(0)
    }

    fn cell(&mut self, pool: usize, lane: usize, column: usize) -> usize {
        self.graph.cells.push(Cell { pool, lane, column, ..Cell::default() });
        self.graph.cells.len() - 1
    }

    fn cell_mut(&mut self, at: usize, change: impl FnOnce(&mut Cell)) {
        if let Some(cell) = self.graph.cells.get_mut(at) {
            change(cell);
        }
    }

    fn node(&mut self, cell: usize, kind: Kind, id: String, name: impl Into<String>) -> usize {
        let (pool, lane) = self.graph.cells.get(cell).map_or((0, 0), |cell| (cell.pool, cell.lane));
        self.graph.nodes.push(Node {
            id,
            kind,
            name: name.into(),
            docs: Vec::new(),
            owner: None,
            time: None,
            pool,
            lane,
            cell,
            frame: None,
        });
        self.graph.nodes.len() - 1
    }

    fn flow(&mut self, id: String, from: usize, to: usize) -> usize {
        self.graph.flows.push(Flow {
            id,
            name: String::new(),
            from,
            to,
            condition: None,
            default: false,
            docs: Vec::new(),
        });
        self.graph.flows.len() - 1
    }

    fn flow_mut(&mut self, at: usize, change: impl FnOnce(&mut Flow)) {
        if let Some(flow) = self.graph.flows.get_mut(at) {
            change(flow);
        }
    }

    /// Where the records of each pool begin without coming from another.
    fn find_beginnings(&mut self, order: &[StageId]) {
        let process = self.process;
        let mut own: Vec<Vec<StageId>> = vec![Vec::new(); self.graph.pools.len()];
        for stage in order {
            let pool = self.pool_of(process.stages[*stage].record);
            if let Some(own) = own.get_mut(pool) {
                own.push(*stage);
            }
        }
        for stages in &mut own {
            let comes = |id: &StageId| self.crossed.get(id.index()) == Some(&true);
            let is_entry = |id: &StageId| process.stages[*id].entry.is_some();
            if stages.iter().any(|id| comes(id) || is_entry(id)) {
                stages.retain(is_entry);
            } else {
                stages.truncate(1);
            }
        }
        self.beginnings = own;
    }

    fn comes(&self, id: StageId) -> bool {
        self.crossed.get(id.index()) == Some(&true)
    }

    /// The beginning of a pool. Where several stages are entries, the first way is chosen.
    fn begin(&mut self, pool: usize) {
        let stages = self.beginnings.get(pool).cloned().unwrap_or_default();
        let Some(first) = stages.first().copied() else { return };
        let lane = self.lane_of(pool, first);
        let cell = self.cell(pool, lane, 0);
        let record = self.name_of(pool);
        let sources: Vec<String> = match (stages.as_slice(), &self.process.stages[first].entry) {
            ([_], Some(labels)) => {
                labels.iter().map(|label| self.sentences.text(&label.title).to_owned()).collect()
            }
            _ => Vec::new(),
        };
        let name = match sources.is_empty() {
            true => self.tell.words.begin.to_owned(),
            false => self.sentences.choice(&sources),
        };
        let start = self.node(cell, Kind::Start, format!("Start_{record}"), name);
        self.cell_mut(cell, |cell| cell.start = Some(start));
        if stages.len() > 1 {
            let name = self.tell.words.which;
            let choice = self.node(cell, Kind::Choice, format!("Begin_{record}"), name);
            self.cell_mut(cell, |cell| cell.choice = Some(choice));
            self.flow(format!("Flow_begin_of_{record}"), start, choice);
        }
    }

    /// The nodes of a stage, without its moves.
    fn stage(&mut self, id: StageId) {
        let process = self.process;
        let stage = &process.stages[id];
        let pool = self.pool_of(stage.record);
        let lane = self.lane_of(pool, id);
        let column = self.columns.get(id.index()).copied().unwrap_or(1);
        let cell = self.cell(pool, lane, column);
        if let Some(slot) = self.cells.get_mut(id.index()) {
            *slot = cell;
        }
        let title = self.sentences.text(&stage.title).to_owned();
        let docs = self.tell.stage(id);
        let kind = match ends(stage) {
            true if stage.starts.is_empty() => Kind::End,
            true => Kind::MessageEnd,
            false => Kind::Task,
        };
        let guarded = self.is_guarded(stage);
        // A timer on the task alone would begin anew each time that the record may not move yet.
        let framed = guarded && stage.limit.is_some();
        let frame =
            framed.then(|| self.node(cell, Kind::Frame, format!("Frame_{}", stage.name), ""));
        let body = self.node(cell, kind, format!("Stage_{}", stage.name), title);
        let owner = stage.owner.map(|owner| process.owner_name(owner).0.to_owned());
        if let Some(node) = self.graph.nodes.get_mut(body) {
            node.docs = docs;
            node.owner = owner;
        }
        self.cell_mut(cell, |cell| cell.body = Some(body));
        let mut incoming = usize::from(guarded && !framed);
        incoming += stage
            .incoming
            .iter()
            .filter(|way| process.stages[process.transitions[**way].from].record == stage.record)
            .count();
        incoming += usize::from(self.comes(id));
        let begins = self.beginnings.get(pool).is_some_and(|stages| stages.contains(&id));
        incoming += usize::from(begins);
        if let Some(frame) = frame {
            self.frame(id, cell, frame, body);
        }
        if incoming > 1 {
            let join = self.node(cell, Kind::Join, format!("Join_{}", stage.name), "");
            self.cell_mut(cell, |cell| cell.join = Some(join));
            self.flow(format!("Flow_into_{}", stage.name), join, frame.unwrap_or(body));
        }
        if self.comes(id) {
            let name = self.tell.words.arrives;
            let start = self.node(cell, Kind::MessageStart, format!("Arrive_{}", stage.name), name);
            self.cell_mut(cell, |cell| cell.message_start = Some(start));
            let to = self.entrance(id);
            self.flow(format!("Flow_arrive_{}", stage.name), start, to);
        }
        if ends(stage) {
            return;
        }
        if let Some(limit) = &stage.limit {
            self.limit(id, cell, limit.duration, limit.escalate_to.or(stage.owner));
        }
        // Out of a frame comes only what may move.
        if guarded && !(framed && stage.outgoing.len() == 1) {
            let name = self.tell.words.next;
            let choice = self.node(cell, Kind::Choice, format!("Choice_{}", stage.name), name);
            self.flow(format!("Flow_out_{}", stage.name), frame.unwrap_or(body), choice);
            self.cell_mut(cell, |cell| cell.choice = Some(choice));
            if !framed {
                self.stays(id, cell, choice, self.entrance(id));
            }
        } else if framed {
            // The one way out leads on from the frame.
        } else if stage.outgoing.is_empty() {
            let name = self.tell.words.end;
            let end = self.node(cell, Kind::End, format!("End_{}", stage.name), name);
            self.cell_mut(cell, |cell| cell.last = Some(end));
            self.flow(format!("Flow_out_{}", stage.name), body, end);
        }
    }

    /// Where moves into a stage arrive.
    fn entrance(&self, id: StageId) -> usize {
        let cell = self.cells.get(id.index()).and_then(|at| self.graph.cells.get(*at));
        cell.and_then(|cell| cell.join.or(cell.frame.map(|frame| frame.node)).or(cell.body))
            .unwrap_or(0)
    }

    /// The flows from the beginning of a pool to its first stages.
    fn lead_in(&mut self, pool: usize) {
        let stages = self.beginnings.get(pool).cloned().unwrap_or_default();
        let found = self.graph.cells.iter().position(|c| c.pool == pool && c.start.is_some());
        let Some(at) = found else { return };
        let Some((start, choice)) =
            self.graph.cells.get(at).and_then(|cell| Some((cell.start?, cell.choice)))
        else {
            return;
        };
        let last = stages.len().saturating_sub(1);
        for (index, stage) in stages.iter().enumerate() {
            let of = &self.process.stages[*stage];
            let to = self.entrance(*stage);
            let flow = self.flow(format!("Begin_in_{}", of.name), choice.unwrap_or(start), to);
            if choice.is_some() {
                let name = self.sentences.text(&of.title).to_owned();
                let condition = format!("begin_in = \"{}\"", of.name);
                self.flow_mut(flow, |flow| {
                    flow.name = name;
                    flow.default = index == last;
                    flow.condition = (index != last).then_some(condition);
                });
            }
            self.cell_mut(at, |cell| cell.out.push(flow));
        }
    }

    /// The moves out of a stage.
    fn ways(&mut self, id: StageId) {
        let process = self.process;
        let stage = &process.stages[id];
        let at = self.cells.get(id.index()).copied().unwrap_or(0);
        let Some((body, choice, frame, column)) = self
            .graph
            .cells
            .get(at)
            .and_then(|cell| Some((cell.body?, cell.choice, cell.frame, cell.column)))
        else {
            return;
        };
        let outer = frame.map_or(body, |frame| frame.node);
        let mut guards = Vec::new();
        for way in &stage.outgoing {
            let transition = &process.transitions[*way];
            let to = process.stages[transition.to].record;
            let target = match to == stage.record {
                true => self.entrance(transition.to),
                false => self.way_out(at, column, transition.to),
            };
            let key = self.keys.get(way.index()).cloned().unwrap_or_default();
            let flow = self.flow(format!("Flow_{key}"), choice.unwrap_or(outer), target);
            let name = match (&transition.title, transition.origin) {
                (Some(title), _) => self.sentences.text(title).to_owned(),
                (None, Origin::Refusal(_)) => self.tell.words.refused.to_owned(),
                (None, _) => self.sentences.text(&process.stages[transition.to].title).to_owned(),
            };
            let docs = self.tell.way(*way);
            let mut condition = None;
            if choice.is_some() || frame.is_some() {
                let (guard, asked) = self.feel.guard(*way, &key, stage.outgoing.len() > 1);
                guards.extend(guard.clone());
                condition = guard.filter(|_| choice.is_some());
                if !asked.is_empty() {
                    self.graph.asked.push((*way, asked));
                }
            }
            let titled = choice.is_some() || transition.title.is_some();
            self.flow_mut(flow, |flow| {
                flow.docs = docs;
                flow.condition = condition;
                flow.name = if titled { name } else { String::new() };
            });
            self.cell_mut(at, |cell| cell.out.push(flow));
        }
        if let Some(frame) = frame {
            self.leaves(frame, guards);
        }
        for (_, to) in &stage.starts {
            self.message(outer, *to);
            if !ends(stage) {
                self.cell_mut(at, |cell| cell.sends = true);
            }
        }
    }

    /// The end of a record that goes on as another: one for each stage it goes on in.
    fn way_out(&mut self, from: usize, column: usize, to: StageId) -> usize {
        let (pool, lane) = self.graph.cells.get(from).map_or((0, 0), |c| (c.pool, c.lane));
        if let Some(known) = self.outs.get(&(pool, to)) {
            return *known;
        }
        let cell = self.cell(pool, lane, column + 1);
        let target = &self.process.stages[to];
        let name = format!("→ {}", self.sentences.text(&target.title));
        let id = format!("Onward_{}_from_{}", target.name, self.name_of(pool));
        let end = self.node(cell, Kind::MessageEnd, id, name);
        self.cell_mut(cell, |cell| cell.body = Some(end));
        self.message(end, to);
        let record = self.graph.pools.get(pool).map(|pool| pool.record);
        let ways = self.process.stages[to].incoming.iter().filter(|way| {
            let from = self.process.transitions[**way].from;
            Some(self.process.stages[from].record) == record
        });
        let mut entrance = end;
        if ways.count() > 1 {
            let name = format!("{}_from_{}", self.process.stages[to].name, self.name_of(pool));
            entrance = self.node(cell, Kind::Join, format!("Join_{name}"), "");
            self.cell_mut(cell, |cell| cell.join = Some(entrance));
            self.flow(format!("Flow_onward_{name}"), entrance, end);
        }
        self.outs.insert((pool, to), entrance);
        entrance
    }

    fn message(&mut self, from: usize, to: StageId) {
        let cell = self.cells.get(to.index()).and_then(|at| self.graph.cells.get(*at));
        let (Some(start), Some(source)) =
            (cell.and_then(|cell| cell.message_start), self.graph.nodes.get(from))
        else {
            return;
        };
        let id = source.id.replacen("Frame_", "Stage_", 1);
        let id = format!("Message_{id}_to_{}", self.process.stages[to].name);
        self.graph.messages.push(Message { id, from, to: start });
    }
}
