//! Where everything on a map stands: the grid of boxes, the gutters between them, and the tracks in
//! the gutters.
//!
//! Lengths are whole pixels along two axes: `main`, in which a record advances, and `cross`, in which
//! the lanes lie side by side. Which of the two is drawn from left to right is decided when drawing.
//! Arrows run in gutters only, each in a track of its own unless they lead to the same box with the
//! same meaning; so no line crosses a box, and no two lines that differ lie on each other.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::graph::Graph;
use super::route::{Leg, Net, Route};

/// How far tracks lie apart, and the outermost from a box.
const TRACK: i32 = 9;
const MARGIN: i32 = 13;

/// What a box takes, and the room before the first column for the names of the lanes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) main: i32,
    pub(super) cross: i32,
    pub(super) head: i32,
    /// Between a lane's edge and its boxes.
    pub(super) pad: i32,
}

/// A box's place in the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) column: usize,
    pub(super) row: usize,
}

/// The grid of a graph: which box stands where.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) cells: Vec<Cell>,
    pub(super) taken: FxHashMap<(usize, usize), usize>,
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// The first row of each lane, and the one behind the last lane.
    pub(super) lanes: Vec<usize>,
}

impl Grid {
    /// Boxes of one lane and column stand in rows beside each other, in their order.
    pub(super) fn of(graph: &Graph) -> Self {
        let mut filled: FxHashMap<(usize, usize), usize> = FxHashMap::default();
        let mut deepest = vec![1usize; graph.lanes.len()];
        let mut rows_in_lane = Vec::with_capacity(graph.boxes.len());
        for node in &graph.boxes {
            let row = filled.entry((node.lane, node.column)).or_insert(0);
            rows_in_lane.push(*row);
            *row += 1;
            if let Some(deep) = deepest.get_mut(node.lane) {
                *deep = (*deep).max(*row);
            }
        }
        let mut lanes = vec![0usize];
        let mut rows = 0usize;
        for deep in deepest {
            rows += deep;
            lanes.push(rows);
        }
        let cell = |(node, row): (&super::graph::Node, usize)| Cell {
            column: node.column,
            row: lanes.get(node.lane).copied().unwrap_or(0) + row,
        };
        let cells: Vec<Cell> = graph.boxes.iter().zip(rows_in_lane).map(cell).collect();
        let columns = cells.iter().map(|cell| cell.column + 1).max().unwrap_or(1);
        let taken =
            cells.iter().enumerate().map(|(at, cell)| ((cell.column, cell.row), at)).collect();
        Self { cells, taken, columns, rows: rows.max(1), lanes }
    }

    pub(super) fn cell(&self, index: usize) -> Cell {
        self.cells.get(index).copied().unwrap_or(Cell { column: 0, row: 0 })
    }
}

/// The tracks of one kind of gutter: those across `main` lie before each column, those along it
/// before each row.
#[derive(Debug)]
struct Gutters {
    /// What a gutter takes at least.
    least: i32,
    /// By gutter and net: where its lines begin and end, then its track.
    nets: BTreeMap<(usize, Net), (i32, i32, usize)>,
    /// How many tracks a gutter has.
    counts: FxHashMap<usize, usize>,
}

impl Gutters {
    fn new(least: i32) -> Self {
        Self { least, nets: BTreeMap::new(), counts: FxHashMap::default() }
    }

    fn add(&mut self, gutter: usize, net: Net, from: i32, to: i32) {
        let (low, high) = (from.min(to), from.max(to));
        let known = self.nets.entry((gutter, net)).or_insert((low, high, 0));
        *known = (known.0.min(low), known.1.max(high), 0);
    }

    /// Gives each net the first track that is free where it runs.
    fn assign(&mut self) {
        let mut by_gutter: BTreeMap<usize, Vec<(i32, i32, Net)>> = BTreeMap::new();
        for ((gutter, net), (low, high, _)) in &self.nets {
            by_gutter.entry(*gutter).or_default().push((*low, *high, *net));
        }
        for (gutter, mut nets) in by_gutter {
            nets.sort_unstable();
            // The end of what lies last in each track, by end, so that the search is short.
            let mut ends: Vec<i32> = Vec::new();
            for (low, high, net) in nets {
                let free = ends.iter().position(|end| *end < low);
                let track = free.unwrap_or(ends.len());
                match ends.get_mut(track) {
                    Some(end) => *end = high,
                    None => ends.push(high),
                }
                if let Some(place) = self.nets.get_mut(&(gutter, net)) {
                    place.2 = track;
                }
            }
            self.counts.insert(gutter, ends.len());
        }
    }

    /// What the tracks of a gutter take from the first to the last.
    fn span(&self, gutter: usize) -> Option<i32> {
        let tracks = self.counts.get(&gutter)?;
        i32::try_from(tracks.saturating_sub(1)).ok().map(|gaps| TRACK * gaps)
    }

    fn room(&self, gutter: usize) -> i32 {
        self.span(gutter).map_or(self.least, |span| self.least.max(span + 2 * MARGIN))
    }

    /// How far behind the start of its gutter a net's track lies.
    fn offset(&self, gutter: usize, net: Net) -> i32 {
        let track = self.nets.get(&(gutter, net)).map_or(0, |place| place.2);
        let before = (self.room(gutter) - self.span(gutter).unwrap_or(0)) / 2;
        before + TRACK * i32::try_from(track).unwrap_or(0)
    }
}

/// A point by `main` and `cross`.
pub(super) type Point = (i32, i32);

/// A map laid out.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) sizes: Sizes,
    /// Where the boxes begin.
    pub(super) boxes: Vec<Point>,
    /// The corners of each arrow.
    pub(super) arrows: Vec<Vec<Point>>,
    /// Where each lane begins and ends across.
    pub(super) lanes: Vec<(i32, i32)>,
    /// The size of the whole.
    pub(super) main: i32,
    pub(super) cross: i32,
}

impl Layout {
    pub(super) fn of(graph: &Graph, grid: &Grid, routes: &[Route], sizes: Sizes) -> Self {
        let mut across = Gutters::new(34);
        let mut along = Gutters::new(12);
        for route in routes {
            for leg in &route.legs {
                match *leg {
                    Leg::Across { gutter, from, to } => across.add(gutter, route.net, from, to),
                    Leg::Along { gutter, from, to } => along.add(gutter, route.net, from, to),
                    Leg::Row(..) => {}
                }
            }
        }
        across.assign();
        along.assign();
        let columns = starts(grid.columns, sizes.main, sizes.head, |at| across.room(at));
        // A lane ends behind the lines that belong to it.
        let is_edge = |row: usize| grid.lanes.binary_search(&row).is_ok();
        let padding = |row: usize| match row {
            0 => sizes.pad / 2,
            row if is_edge(row) => sizes.pad,
            _ => 0,
        };
        let rows = starts(grid.rows, sizes.cross, 0, |at| along.room(at) + padding(at));
        let column = |at: usize| columns.get(at).copied().unwrap_or(0);
        let row = |at: usize| rows.get(at).copied().unwrap_or(0);
        let placed = |cell: &Cell| (column(cell.column), row(cell.row));
        let boxes: Vec<Point> = grid.cells.iter().map(placed).collect();
        let corners = |route: &Route| {
            let mut points = vec![route.start.point(&boxes, sizes)];
            let (mut main, mut cross) = points.first().copied().unwrap_or((0, 0));
            for leg in &route.legs {
                match *leg {
                    Leg::Across { gutter, .. } => {
                        let start = column(gutter) - across.room(gutter);
                        main = start + across.offset(gutter, route.net);
                    }
                    Leg::Along { gutter, .. } => {
                        let start = row(gutter) - along.room(gutter) - padding(gutter);
                        cross = start + along.offset(gutter, route.net);
                    }
                    Leg::Row(at, tenths) => cross = row(at) + sizes.cross * tenths / 10,
                }
                points.push((main, cross));
            }
            let end = route.end.point(&boxes, sizes);
            // The last corner lies before the end, in the direction in which it is entered.
            points.push(if route.end.is_side() { (end.0, cross) } else { (main, end.1) });
            points.push(end);
            straightened(points)
        };
        let arrows = routes.iter().map(corners).collect();
        let border = |at: usize| if at == 0 { 0 } else { row(at) - sizes.pad / 2 };
        let lanes = grid.lanes.windows(2).filter_map(|pair| {
            let [first, next] = pair else { return None };
            Some((border(*first), border(*next)))
        });
        Self {
            lanes: lanes.take(graph.lanes.len()).collect(),
            boxes,
            arrows,
            main: column(grid.columns),
            cross: border(grid.rows),
            sizes,
        }
    }
}

/// Where each column or row begins behind the gutter before it, and where the last gutter ends.
fn starts(count: usize, size: i32, head: i32, room: impl Fn(usize) -> i32) -> Vec<i32> {
    let mut at = head;
    let mut starts = Vec::with_capacity(count + 1);
    for index in 0..=count {
        at += room(index);
        starts.push(at);
        at += size;
    }
    starts
}

/// The corners without those that lie on a straight line or on each other.
fn straightened(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if kept.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = kept.as_slice() {
            let straight = (a.0 == b.0 && b.0 == point.0) || (a.1 == b.1 && b.1 == point.1);
            if straight {
                kept.pop();
            }
        }
        kept.push(point);
    }
    kept
}
