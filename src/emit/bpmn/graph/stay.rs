//! How a record stays in a stage: its limit, and what leads back to the task until it may move.

use crate::emit::feel::iso;
use crate::model::{Duration, Owner, Stage, StageId, TransitionKind};

use super::{Builder, Frame, Kind};

impl Builder<'_> {
    /// Whether a record may be held back.
    pub(super) fn is_guarded(&self, stage: &Stage) -> bool {
        let process = self.process;
        stage.outgoing.len() > 1
            || stage.outgoing.iter().any(|way| {
                let way = &process.transitions[*way];
                let advance = way.kind == TransitionKind::Advance;
                way.when.is_some()
                    || way.after.is_some()
                    || way.at_most.is_some()
                    || (advance && !stage.exit.is_empty())
                    || (advance && !process.stages[way.to].enter.is_empty())
            })
    }

    /// The way of a record that may not move yet.
    pub(super) fn stays(&mut self, id: StageId, cell: usize, from: usize, to: usize) {
        let stay = self.flow(format!("Stay_{}", self.process.stages[id].name), from, to);
        let name = self.tell.words.not_yet.to_owned();
        self.flow_mut(stay, |flow| {
            flow.default = true;
            flow.name = name;
        });
        self.cell_mut(cell, |cell| cell.stay = Some(stay));
    }

    /// What stands in the frame around a task: it is left when the record may move.
    pub(super) fn frame(&mut self, id: StageId, cell: usize, node: usize, body: usize) {
        let stage = &self.process.stages[id].name;
        let words = self.tell.words;
        let start = self.node(cell, Kind::Start, format!("Enter_{stage}"), words.enters);
        let join = self.node(cell, Kind::Join, format!("Again_{stage}"), "");
        let ready = self.node(cell, Kind::Choice, format!("Ready_{stage}"), words.ready);
        let end = self.node(cell, Kind::End, format!("Leave_{stage}"), words.leaves);
        for inner in [start, join, body, ready, end] {
            if let Some(inner) = self.graph.nodes.get_mut(inner) {
                inner.frame = Some(node);
            }
        }
        self.flow(format!("Entered_{stage}"), start, join);
        self.flow(format!("Work_{stage}"), join, body);
        self.flow(format!("Worked_{stage}"), body, ready);
        self.stays(id, cell, ready, join);
        let leaves = self.flow(format!("Left_{stage}"), ready, end);
        let name = words.yes.to_owned();
        self.flow_mut(leaves, |flow| flow.name = name);
        let frame = Frame { node, start, join, ready, end, leaves };
        self.cell_mut(cell, |cell| cell.frame = Some(frame));
    }

    /// A frame is left when one of the moves is open.
    pub(super) fn leaves(&mut self, frame: Frame, mut guards: Vec<String>) {
        let condition = match guards.as_slice() {
            [_] => guards.pop(),
            _ => Some(
                guards.iter().map(|guard| format!("({guard})")).collect::<Vec<_>>().join(" or "),
            ),
        };
        self.flow_mut(frame.leaves, |flow| flow.condition = condition);
    }

    pub(super) fn limit(
        &mut self,
        id: StageId,
        cell: usize,
        duration: Duration,
        to: Option<Owner>,
    ) {
        let stage = &self.process.stages[id].name;
        let name = self.sentences.duration(duration);
        let limit = self.node(cell, Kind::Limit, format!("Limit_{stage}"), name);
        let time = iso(duration, false).ok();
        if time.is_none() {
            self.graph.timeless.push(id);
        }
        if let Some(node) = self.graph.nodes.get_mut(limit) {
            node.time = time;
        }
        let name = self.tell.escalation(to);
        let told = self.node(cell, Kind::End, format!("Told_{stage}"), name);
        self.flow(format!("Flow_told_{stage}"), limit, told);
        self.cell_mut(cell, |cell| {
            cell.limit = Some(limit);
            cell.told = Some(told);
        });
    }
}
