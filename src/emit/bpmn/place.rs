//! What each cell takes, and where its parts stand in it: by the middle of its height.

use super::graph::{Cell, Frame, Graph, Kind};
use crate::emit::site::measure::wrap;

/// The sides of a gateway, of an event, and the width of a task.
pub(super) const GATE: i32 = 40;
pub(super) const EVENT: i32 = 36;
const TASK: i32 = 140;
/// Between a frame and what stands in it.
const PAD: i32 = 14;
/// The room for the label of a flow.
const STRIP: i32 = 150;
const SMALL: i32 = 11;
const LINE: i32 = 14;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

impl Rect {
    pub(super) fn new(x: i32, y: i32, width: i32, height: i32) -> Self {
        Self { x, y, width, height }
    }

    pub(super) fn moved(self, x: i32, y: i32) -> Self {
        Self { x: self.x + x, y: self.y + y, ..self }
    }

    fn bottom(self) -> i32 {
        self.y + self.height
    }
}

/// A text that is at most so wide, its upper left corner given.
fn label(text: &str, x: i32, y: i32, width: i32) -> Rect {
    let lines = wrap(text, SMALL, width - 4, usize::MAX).len().max(1);
    Rect::new(x, y, width, LINE * i32::try_from(lines).unwrap_or(i32::MAX / LINE))
}

/// A part of a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) node: usize,
    pub(super) shape: Rect,
    pub(super) label: Option<Rect>,
}

/// A flow that stays in the cell.
#[derive(Clone, Debug)]
pub(super) struct Inner {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) points: Vec<(i32, i32)>,
    pub(super) label: Option<Rect>,
}

/// Where a flow leaves a cell: its first points, and its label.
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub(super) flow: usize,
    pub(super) points: Vec<(i32, i32)>,
    pub(super) y: i32,
    pub(super) label: Option<Rect>,
}

/// A cell with its parts placed.
#[derive(Clone, Debug, Default)]
pub(super) struct Placed {
    pub(super) parts: Vec<Part>,
    pub(super) inner: Vec<Inner>,
    pub(super) ports: Vec<Port>,
    /// Where messages leave.
    pub(super) sends: Option<Vec<(i32, i32)>>,
    pub(super) width: i32,
    pub(super) above: i32,
    pub(super) below: i32,
}

impl Placed {
    fn part(&mut self, node: usize, shape: Rect, label: Option<Rect>) {
        for rect in [Some(shape), label].into_iter().flatten() {
            self.reach(rect);
        }
        self.parts.push(Part { node, shape, label });
    }

    fn reach(&mut self, rect: Rect) {
        self.above = self.above.max(-rect.y);
        self.below = self.below.max(rect.bottom());
    }

    fn inner(&mut self, from: usize, to: usize, points: Vec<(i32, i32)>, label: Option<Rect>) {
        if let Some(label) = label {
            self.reach(label);
        }
        self.inner.push(Inner { from, to, points, label });
    }
}

fn name(graph: &Graph, node: usize) -> &str {
    graph.nodes.get(node).map_or("", |node| node.name.as_str())
}

/// The label below an event, by the middle of the event.
fn below(graph: &Graph, node: usize, middle: i32, y: i32, width: i32) -> Option<Rect> {
    let text = name(graph, node);
    (!text.is_empty()).then(|| label(text, middle - width / 2, y + 4, width))
}

/// Places the parts of a cell; `straight` is the flow that leads straight on.
pub(super) fn place(graph: &Graph, cell: &Cell, straight: Option<usize>) -> Placed {
    let mut placed = Placed::default();
    if let Some(start) = cell.start {
        beginning(&mut placed, graph, cell, start, straight);
    } else if let Some(body) = cell.body {
        let kind = graph.nodes.get(body).map_or(Kind::End, |node| node.kind);
        stage(&mut placed, graph, cell, body, kind, straight);
    }
    placed.above += 8;
    placed.below += 10;
    placed
}

fn beginning(
    placed: &mut Placed,
    graph: &Graph,
    cell: &Cell,
    start: usize,
    straight: Option<usize>,
) {
    let half = EVENT / 2;
    let shape = Rect::new(50 - half, -half, EVENT, EVENT);
    placed.part(start, shape, below(graph, start, 50, half, 100));
    placed.width = 104;
    let mut right = 50 + half;
    if let Some(choice) = cell.choice {
        let x = 116;
        let shape = Rect::new(x, -GATE / 2, GATE, GATE);
        placed.part(choice, shape, below(graph, choice, x + GATE / 2, GATE / 2, 56));
        placed.inner(start, choice, vec![(right, 0), (x, 0)], None);
        right = x + GATE;
    }
    ports(placed, graph, cell, right, right + 12, straight);
}

fn stage(
    placed: &mut Placed,
    graph: &Graph,
    cell: &Cell,
    body: usize,
    kind: Kind,
    straight: Option<usize>,
) {
    let pad = if cell.message_start.is_some() { 35 } else { 0 };
    let left = pad + if pad > 0 { 84 } else { 64 };
    let task = kind == Kind::Task;
    let join = cell.join.map(|join| (join, Rect::new(pad, -GATE / 2, GATE, GATE)));
    let entered = cell.frame.map_or(body, |frame| frame.node);
    if let Some((join, shape)) = join {
        placed.part(join, shape, None);
        placed.inner(join, entered, vec![(pad + GATE, 0), (left, 0)], None);
    }
    if let Some(start) = cell.message_start {
        let middle = pad + GATE / 2;
        let shape = Rect::new(middle - EVENT / 2, 44, EVENT, EVENT);
        placed.part(start, shape, below(graph, start, middle, 44 + EVENT, 90));
        match join {
            Some((join, _)) => {
                placed.inner(start, join, vec![(middle, 44), (middle, GATE / 2)], None);
            }
            None => placed.inner(start, entered, vec![(middle, 44), (middle, 0), (left, 0)], None),
        }
    }
    if !task {
        let half = EVENT / 2;
        let shape = Rect::new(left, -half, EVENT, EVENT);
        placed.part(body, shape, below(graph, body, left + half, half, 120));
        placed.width = left + half + 64;
        if kind == Kind::MessageEnd {
            placed.sends = Some(vec![(left + half, -half), (left + half, -half - 10)]);
            placed.above = placed.above.max(half + 12);
        }
        return;
    }
    let lines = wrap(name(graph, body), 12, TASK - 20, usize::MAX).len();
    // The sign of the task stands in its upper left corner, above the words.
    let height = 80.max(48 + 15 * i32::try_from(lines).unwrap_or(1_000));
    // Even, so that its middle is a whole number.
    let half = (height + 1) / 2;
    let stay = cell.stay.and_then(|stay| graph.flows.get(stay)).map_or("", |f| f.name.as_str());
    let (half, right) = match cell.frame {
        Some(frame) => framed(placed, graph, frame, body, (left, half), stay),
        None => {
            placed.part(body, Rect::new(left, -half, TASK, half * 2), None);
            (half, left + TASK)
        }
    };
    // In a frame the beginning stands in the corner.
    let inset = if cell.frame.is_some() { PAD + GATE + 24 } else { 0 };
    limit(placed, graph, cell, left + inset, half);
    let after = right + 24;
    placed.width = right + 10;
    if let Some(last) = cell.last {
        let shape = Rect::new(after, -EVENT / 2, EVENT, EVENT);
        placed.part(last, shape, below(graph, last, after + EVENT / 2, EVENT / 2, 80));
        placed.inner(entered, last, vec![(right, 0), (after, 0)], None);
        placed.width = after + EVENT / 2 + 50;
    }
    let mut leaves = right;
    if let Some(choice) = cell.choice {
        let middle = after + GATE / 2;
        let shape = Rect::new(after, -GATE / 2, GATE, GATE);
        placed.part(choice, shape, below(graph, choice, middle, GATE / 2, 56));
        placed.inner(entered, choice, vec![(right, 0), (after, 0)], None);
        leaves = after + GATE;
    }
    if let Some(choice) = cell.choice.filter(|_| cell.frame.is_none()) {
        let middle = after + GATE / 2;
        let top = -half - 16;
        let (to, back) = match join {
            Some((join, _)) => (join, (pad + GATE / 2, -GATE / 2)),
            None => (body, (left + TASK / 2, -half)),
        };
        let mut words = label(stay, left + 10, 0, TASK - 20);
        words.y = top - 3 - words.height;
        let points = vec![(middle, -GATE / 2), (middle, top), (back.0, top), back];
        placed.inner(choice, to, points, Some(words));
    }
    if !cell.out.is_empty() {
        ports(placed, graph, cell, leaves, after + GATE + 10, straight);
    }
    if cell.sends {
        let x = right - 12;
        let lowest = placed.ports.iter().map(|port| port.y).max().unwrap_or(0);
        let y = (lowest + 24).max(half + 20);
        placed.sends = Some(vec![(x, half), (x, y)]);
        placed.below = placed.below.max(y + 4);
    }
}

/// A task in its frame, with what leads back to it; half the height of the frame, and its right side.
fn framed(
    placed: &mut Placed,
    graph: &Graph,
    frame: Frame,
    body: usize,
    (left, half): (i32, i32),
    stay: &str,
) -> (i32, i32) {
    let join = left + PAD;
    let task = join + GATE + 24;
    let ready = task + TASK + 24;
    let end = ready + GATE + 44;
    let right = end + EVENT + PAD;
    let radius = EVENT / 2;
    let top = -half - 16;
    let mut words = label(stay, task + 10, 0, TASK - 20);
    words.y = top - 3 - words.height;
    // The beginning stands below, for want of room.
    let below_join = 44;
    let entered =
        below(graph, frame.start, join + GATE / 2, below_join + EVENT, GATE + 2 * PAD - 4);
    let depth = entered.map_or(below_join + EVENT, Rect::bottom);
    // Its middle is that of the task: there flows enter and leave.
    let tall = depth.max(-words.y).max(half) + 8;
    placed.part(frame.node, Rect::new(left, -tall, right - left, tall * 2), None);
    placed.part(
        frame.start,
        Rect::new(join + GATE / 2 - radius, below_join, EVENT, EVENT),
        entered,
    );
    placed.part(frame.join, Rect::new(join, -GATE / 2, GATE, GATE), None);
    placed.part(body, Rect::new(task, -half, TASK, half * 2), None);
    let (first, last) = (join + GATE / 2, ready + GATE / 2);
    let asks = below(graph, frame.ready, last, GATE / 2, GATE + 36);
    placed.part(frame.ready, Rect::new(ready, -GATE / 2, GATE, GATE), asks);
    let leaves = below(graph, frame.end, end + radius, radius, EVENT + 2 * PAD - 4);
    placed.part(frame.end, Rect::new(end, -radius, EVENT, EVENT), leaves);
    placed.inner(frame.start, frame.join, vec![(first, below_join), (first, GATE / 2)], None);
    placed.inner(frame.join, body, vec![(join + GATE, 0), (task, 0)], None);
    placed.inner(body, frame.ready, vec![(task + TASK, 0), (ready, 0)], None);
    let around = vec![(last, -GATE / 2), (last, top), (first, top), (first, -GATE / 2)];
    placed.inner(frame.ready, frame.join, around, Some(words));
    let text = graph.flows.get(frame.leaves).map_or("", |flow| flow.name.as_str());
    let mut yes = label(text, ready + GATE + 2, 0, 40);
    yes.y = -3 - yes.height;
    placed.inner(frame.ready, frame.end, vec![(ready + GATE, 0), (end, 0)], Some(yes));
    (tall, right)
}

fn limit(placed: &mut Placed, graph: &Graph, cell: &Cell, left: i32, half: i32) {
    let (Some(limit), Some(told)) = (cell.limit, cell.told) else { return };
    let radius = EVENT / 2;
    let middle = left + 36;
    let words = label(name(graph, limit), middle + radius + 4, half + 4, 60);
    placed.part(limit, Rect::new(middle - radius, half - radius, EVENT, EVENT), Some(words));
    let top = half + 40.max(words.height + 8 - EVENT);
    let shape = Rect::new(middle - radius, top, EVENT, EVENT);
    placed.part(told, shape, below(graph, told, middle, top + EVENT, 100));
    placed.inner(limit, told, vec![(middle, half + radius), (middle, top)], None);
}

/// The flows that leave, below each other, each with room for its label; one leads straight on.
fn ports(
    placed: &mut Placed,
    graph: &Graph,
    cell: &Cell,
    right: i32,
    bus: i32,
    straight: Option<usize>,
) {
    let strip = bus + 6;
    let text = |flow: usize| graph.flows.get(flow).map_or("", |flow| flow.name.as_str());
    let labelled = cell.out.iter().any(|flow| !text(*flow).is_empty());
    placed.width = placed.width.max(if labelled { strip + STRIP } else { strip });
    let mut y = 0;
    for flow in &cell.out {
        let words = text(*flow);
        let mut label = (!words.is_empty()).then(|| label(words, strip, 0, STRIP));
        let height = label.map_or(0, |label| label.height);
        if straight == Some(*flow) {
            if let Some(label) = &mut label {
                label.y = -height - 3;
                placed.reach(*label);
            }
            placed.ports.push(Port { flow: *flow, points: vec![(right, 0)], y: 0, label });
            continue;
        }
        y += 26.max(height + 8);
        // Messages arrive at this height.
        if (y - 62).abs() < 6 {
            y = 68;
        }
        if let Some(label) = &mut label {
            label.y = y - height - 3;
        }
        let points = vec![(right, 0), (bus, 0), (bus, y)];
        placed.below = placed.below.max(y + 4);
        placed.ports.push(Port { flow: *flow, points, y, label });
    }
}
