//! Where everything stands: a grid of cells, gutters between the columns, and a channel above each
//! row. Flows run in gutters and channels, each in a track of its own unless they lead to the same
//! place; so no flow crosses a node, and no two that differ lie on each other.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::graph::{Cell, Graph};
use super::place::{Placed, Rect, place};
use crate::emit::site::measure::width;

const TRACK: i32 = 10;
const MARGIN: i32 = 16;
/// The bands with the names of pools and lanes.
const BAND: i32 = 30;
const EDGE: i32 = 40;

/// The corners of a flow, and its label.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) points: Vec<(i32, i32)>,
    pub(super) label: Option<Rect>,
}

/// Everything with its place.
pub(super) struct Layout {
    /// By node: its shape and its label.
    pub(super) nodes: Vec<(Rect, Option<Rect>)>,
    pub(super) flows: Vec<Line>,
    pub(super) messages: Vec<Line>,
    pub(super) pools: Vec<Rect>,
    pub(super) lanes: Vec<Vec<Rect>>,
}

/// Where a line leads: lines that lead to the same place share their tracks.
type Net = usize;

/// The tracks of a gutter or a channel.
#[derive(Default)]
struct Tracks {
    spans: BTreeMap<Net, (i32, i32)>,
    track: FxHashMap<Net, i32>,
    count: i32,
}

impl Tracks {
    fn add(&mut self, net: Net, from: i32, to: i32) {
        let (low, high) = (from.min(to), from.max(to));
        let known = self.spans.entry(net).or_insert((low, high));
        *known = (known.0.min(low), known.1.max(high));
    }

    /// Gives each net the first track that is free where it runs.
    fn assign(&mut self, gap: i32) {
        let mut spans: Vec<(i32, i32, Net)> =
            self.spans.iter().map(|(net, (low, high))| (*low, *high, *net)).collect();
        spans.sort_unstable();
        let mut ends: Vec<i32> = Vec::new();
        for (low, high, net) in spans {
            let free = ends.iter().position(|end| *end + gap < low);
            let at = free.unwrap_or(ends.len());
            match ends.get_mut(at) {
                Some(end) => *end = high,
                None => ends.push(high),
            }
            self.track.insert(net, i32::try_from(at).unwrap_or(0));
        }
        self.count = i32::try_from(ends.len()).unwrap_or(i32::MAX);
    }

    fn room(&self, least: i32) -> i32 {
        if self.count == 0 { least } else { least.max(2 * MARGIN + (self.count - 1) * TRACK) }
    }

    fn offset(&self, net: Net) -> i32 {
        MARGIN + TRACK * self.track.get(&net).copied().unwrap_or(0)
    }
}

/// A line that runs from cell to cell.
struct Route {
    message: bool,
    index: usize,
    net: Net,
    from: usize,
    to: usize,
    /// Its first points, by the corner of the cell and the middle of its row.
    lead: Vec<(i32, i32)>,
    label: Option<Rect>,
    straight: bool,
    /// Where it arrives, likewise.
    end: (i32, i32),
}

/// The row of each cell, the rows of each lane, and which lane each row is in.
struct Rows {
    of: Vec<usize>,
    lanes: Vec<Vec<(usize, usize)>>,
    place: Vec<(usize, usize)>,
}

pub(super) fn layout(graph: &Graph) -> Layout {
    let columns = graph.cells.iter().map(|cell| cell.column + 1).max().unwrap_or(1);
    let rows = rows(graph);
    let straight = straights(graph, &rows);
    let placed: Vec<Placed> = graph
        .cells
        .iter()
        .enumerate()
        .map(|(at, cell)| place(graph, cell, straight.get(at).copied().flatten()))
        .collect();
    let routes = routes(graph, &placed, &straight);

    let cell = |at: usize| graph.cells.get(at);
    let row_of = |at: usize| rows.of.get(at).copied().unwrap_or(0);
    let column_of = |at: usize| cell(at).map_or(0, |cell| cell.column);
    // Channels first: which of them a line runs in does not depend on lengths.
    let mut channels: Vec<Tracks> = rows.place.iter().map(|_| Tracks::default()).collect();
    for route in routes.iter().filter(|route| !route.straight) {
        let (from, to) = (column_of(route.from) + 1, column_of(route.to));
        if from != to
            && let Some(channel) = channels.get_mut(row_of(route.to))
        {
            let ordinal = |at: usize| i32::try_from(at).unwrap_or(0);
            channel.add(route.net, ordinal(from), ordinal(to));
        }
    }
    channels.iter_mut().for_each(|channel| channel.assign(0));
    let (tops, middles, pools_y, lanes_y) = heights(graph, &rows, &placed, &channels);

    let mut gutters: Vec<Tracks> = (0..=columns).map(|_| Tracks::default()).collect();
    let middle = |at: usize| middles.get(row_of(at)).copied().unwrap_or(0);
    let channel_y = |route: &Route| {
        let row = row_of(route.to);
        let offset = channels.get(row).map_or(0, |channel| channel.offset(route.net));
        tops.get(row).copied().unwrap_or(0) + offset
    };
    for route in routes.iter().filter(|route| !route.straight) {
        let (from, to) = (column_of(route.from) + 1, column_of(route.to));
        let start = middle(route.from) + route.lead.last().map_or(0, |point| point.1);
        let end = middle(route.to) + route.end.1;
        let mut add = |gutter: usize, a: i32, b: i32| {
            if let Some(gutter) = gutters.get_mut(gutter) {
                gutter.add(route.net, a, b);
            }
        };
        if from == to {
            add(from, start, end);
        } else {
            add(from, start, channel_y(route));
            add(to, channel_y(route), end);
        }
    }
    gutters.iter_mut().for_each(|gutter| gutter.assign(6));
    let mut widths = vec![0; columns];
    for (cell, placed) in graph.cells.iter().zip(&placed) {
        if let Some(width) = widths.get_mut(cell.column) {
            *width = placed.width.max(*width);
        }
    }
    let mut x = EDGE + 2 * BAND;
    let mut gutter_x = Vec::new();
    let mut column_x = Vec::new();
    for (at, gutter) in gutters.iter().enumerate() {
        gutter_x.push(x);
        x += gutter.room(30);
        column_x.push(x);
        x += widths.get(at).copied().unwrap_or(0);
    }
    let right = x;
    let corner = |at: usize| (column_x.get(column_of(at)).copied().unwrap_or(0), middle(at));

    let mut layout = Layout {
        nodes: vec![(Rect::default(), None); graph.nodes.len()],
        flows: vec![Line::default(); graph.flows.len()],
        messages: vec![Line::default(); graph.messages.len()],
        pools: Vec::new(),
        lanes: Vec::new(),
    };
    let known: FxHashMap<(usize, usize), Vec<usize>> = {
        let mut known: FxHashMap<(usize, usize), Vec<usize>> = FxHashMap::default();
        for (at, flow) in graph.flows.iter().enumerate() {
            known.entry((flow.from, flow.to)).or_default().push(at);
        }
        known
    };
    for (at, placed) in placed.iter().enumerate() {
        let (x, y) = corner(at);
        for part in &placed.parts {
            if let Some(slot) = layout.nodes.get_mut(part.node) {
                *slot = (part.shape.moved(x, y), part.label.map(|label| label.moved(x, y)));
            }
        }
        let stay = graph.cells.get(at).and_then(|cell| cell.stay);
        for inner in &placed.inner {
            let flows = known.get(&(inner.from, inner.to)).cloned().unwrap_or_default();
            // A move to where it is runs between the same nodes as staying does.
            let flow = stay.filter(|stay| flows.contains(stay)).or(flows.first().copied());
            if let Some(line) = flow.and_then(|flow| layout.flows.get_mut(flow)) {
                line.points = inner.points.iter().map(|p| (p.0 + x, p.1 + y)).collect();
                line.label = inner.label.map(|label| label.moved(x, y));
            }
        }
    }
    for route in &routes {
        let (x, y) = corner(route.from);
        let mut points: Vec<(i32, i32)> = route.lead.iter().map(|p| (p.0 + x, p.1 + y)).collect();
        let end = corner(route.to);
        let end = (end.0 + route.end.0, end.1 + route.end.1);
        if !route.straight {
            let track = |gutter: usize| {
                let start = gutter_x.get(gutter).copied().unwrap_or(0);
                start + gutters.get(gutter).map_or(0, |tracks| tracks.offset(route.net))
            };
            let (from, to) = (column_of(route.from) + 1, column_of(route.to));
            let start = points.last().map_or(0, |point| point.1);
            points.push((track(from), start));
            if from != to {
                points.push((track(from), channel_y(route)));
                points.push((track(to), channel_y(route)));
            }
            points.push((track(to), end.1));
        }
        points.push(end);
        let line =
            Line { points: simplified(&points), label: route.label.map(|label| label.moved(x, y)) };
        let slot = if route.message {
            layout.messages.get_mut(route.index)
        } else {
            layout.flows.get_mut(route.index)
        };
        if let Some(slot) = slot {
            *slot = line;
        }
    }
    let wide = right - EDGE;
    layout.pools = pools_y.iter().map(|(y, end)| Rect::new(EDGE, *y, wide, end - y)).collect();
    layout.lanes = lanes_y
        .iter()
        .map(|lanes| {
            let lane = |(y, end): &(i32, i32)| Rect::new(EDGE + BAND, *y, wide - BAND, end - y);
            lanes.iter().map(lane).collect()
        })
        .collect();
    layout
}

/// Without points that lie on the way between their neighbours.
fn simplified(points: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut out: Vec<(i32, i32)> = Vec::with_capacity(points.len());
    for point in points {
        if out.last() == Some(point) {
            continue;
        }
        if let [.., a, b] = out.as_slice() {
            let level = a.1 == b.1 && b.1 == point.1;
            let upright = a.0 == b.0 && b.0 == point.0;
            if level || upright {
                out.pop();
            }
        }
        out.push(*point);
    }
    out
}

/// Gives each cell a row of its lane: that of a cell which leads to it where that is free.
fn rows(graph: &Graph) -> Rows {
    let mut before: FxHashMap<usize, usize> = FxHashMap::default();
    let cell_of = |node: usize| graph.nodes.get(node).map_or(0, |node| node.cell);
    for flow in &graph.flows {
        let (from, to) = (cell_of(flow.from), cell_of(flow.to));
        let (Some(a), Some(b)) = (graph.cells.get(from), graph.cells.get(to)) else { continue };
        if a.column < b.column && (a.pool, a.lane) == (b.pool, b.lane) {
            before.entry(to).or_insert(from);
        }
    }
    let mut order: Vec<usize> = (0..graph.cells.len()).collect();
    order.sort_by_key(|at| graph.cells.get(*at).map_or(0, |cell| cell.column));
    let mut taken: FxHashSet<(usize, usize, usize, usize)> = FxHashSet::default();
    let mut local = vec![0usize; graph.cells.len()];
    let mut deepest: FxHashMap<(usize, usize), usize> = FxHashMap::default();
    for at in order {
        let Some(cell) = graph.cells.get(at) else { continue };
        let wish = before.get(&at).and_then(|from| local.get(*from).copied()).unwrap_or(0);
        let is_free = |row: &usize| !taken.contains(&(cell.pool, cell.lane, cell.column, *row));
        let row = Some(wish).filter(is_free).or_else(|| (0..).find(is_free)).unwrap_or(0);
        taken.insert((cell.pool, cell.lane, cell.column, row));
        if let Some(slot) = local.get_mut(at) {
            *slot = row;
        }
        let deep = deepest.entry((cell.pool, cell.lane)).or_insert(0);
        *deep = (*deep).max(row + 1);
    }
    let mut lanes = Vec::new();
    let mut place = Vec::new();
    for (pool, of) in graph.pools.iter().enumerate() {
        let mut own = Vec::new();
        for lane in 0..of.lanes.len() {
            let deep = deepest.get(&(pool, lane)).copied().unwrap_or(1);
            own.push((place.len(), place.len() + deep));
            place.extend(std::iter::repeat_n((pool, lane), deep));
        }
        lanes.push(own);
    }
    let global = |(cell, row): (&Cell, &usize)| {
        let first = lanes.get(cell.pool).and_then(|own| own.get(cell.lane));
        first.map_or(0, |(first, _)| *first) + row
    };
    let of = graph.cells.iter().zip(&local).map(global).collect();
    Rows { of, lanes, place }
}

/// For each cell, the flow that leads straight on: to the next cell in its row.
fn straights(graph: &Graph, rows: &Rows) -> Vec<Option<usize>> {
    let mut by_row: Vec<Vec<(usize, usize)>> = vec![Vec::new(); rows.place.len()];
    for (at, (cell, row)) in graph.cells.iter().zip(&rows.of).enumerate() {
        if let Some(row) = by_row.get_mut(*row) {
            row.push((cell.column, at));
        }
    }
    let mut next: FxHashMap<usize, usize> = FxHashMap::default();
    for row in &mut by_row {
        row.sort_unstable();
        next.extend(row.windows(2).filter_map(|pair| match pair {
            [(_, a), (_, b)] => Some((*a, *b)),
            _ => None,
        }));
    }
    let to = |flow: &usize| graph.flows.get(*flow).and_then(|flow| graph.nodes.get(flow.to));
    graph
        .cells
        .iter()
        .enumerate()
        .map(|(at, cell)| {
            let next = next.get(&at)?;
            cell.out.iter().copied().find(|flow| to(flow).is_some_and(|node| node.cell == *next))
        })
        .collect()
}

fn routes(graph: &Graph, placed: &[Placed], straight: &[Option<usize>]) -> Vec<Route> {
    // Where each node is entered: in the middle of its left side.
    let mut left: Vec<(i32, i32)> = vec![(0, 0); graph.nodes.len()];
    for part in placed.iter().flat_map(|placed| &placed.parts) {
        if let Some(slot) = left.get_mut(part.node) {
            *slot = (part.shape.x, part.shape.y + part.shape.height / 2);
        }
    }
    let mut routes = Vec::new();
    let target = |node: usize| {
        let cell = graph.nodes.get(node).map_or(0, |node| node.cell);
        (cell, left.get(node).copied().unwrap_or((0, 0)))
    };
    for (from, placed) in placed.iter().enumerate() {
        for port in &placed.ports {
            let Some(flow) = graph.flows.get(port.flow) else { continue };
            let (to, end) = target(flow.to);
            routes.push(Route {
                message: false,
                index: port.flow,
                net: flow.to,
                from,
                to,
                lead: port.points.clone(),
                label: port.label,
                straight: straight.get(from).copied().flatten() == Some(port.flow),
                end,
            });
        }
    }
    for (index, message) in graph.messages.iter().enumerate() {
        let from = graph.nodes.get(message.from).map_or(0, |node| node.cell);
        let (to, end) = target(message.to);
        let lead = placed.get(from).and_then(|placed| placed.sends.clone()).unwrap_or_default();
        routes.push(Route {
            message: true,
            index,
            net: message.to,
            from,
            to,
            lead,
            label: None,
            straight: false,
            end,
        });
    }
    routes
}

type Spans = Vec<(i32, i32)>;

/// Where each row begins, where its middle is; and where pools and lanes begin and end.
fn heights(
    graph: &Graph,
    rows: &Rows,
    placed: &[Placed],
    channels: &[Tracks],
) -> (Vec<i32>, Vec<i32>, Spans, Vec<Spans>) {
    let mut above = vec![0; rows.place.len()];
    let mut below = vec![0; rows.place.len()];
    for (row, placed) in rows.of.iter().zip(placed) {
        if let (Some(a), Some(b)) = (above.get_mut(*row), below.get_mut(*row)) {
            *a = placed.above.max(*a);
            *b = placed.below.max(*b);
        }
    }
    let (mut tops, mut middles) = (Vec::new(), Vec::new());
    let (mut pools, mut all_lanes) = (Vec::new(), Vec::new());
    let mut y = EDGE;
    for (of, lanes) in graph.pools.iter().zip(&rows.lanes) {
        let begin = y;
        let mut spans = Vec::new();
        let last = lanes.len().saturating_sub(1);
        for (at, (lane, (first, end))) in of.lanes.iter().zip(lanes).enumerate() {
            let start = y;
            for row in *first..*end {
                tops.push(y);
                y += channels.get(row).map_or(0, |channel| channel.room(14));
                y += above.get(row).copied().unwrap_or(0);
                middles.push(y);
                y += below.get(row).copied().unwrap_or(0);
            }
            // The names of lanes and pools stand upright.
            y = y.max(start + width(&lane.title, 12) + 20);
            if at == last {
                y = y.max(begin + width(&of.title, 12) + 20);
            }
            spans.push((start, y));
        }
        pools.push((begin, y));
        all_lanes.push(spans);
        y += 36;
    }
    (tops, middles, pools, all_lanes)
}
