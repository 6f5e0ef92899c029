//! The ways of the arrows through the gutters of a grid.

use rustc_hash::FxHashMap;

use super::graph::{Arrow, Graph};
use super::layout::{Cell, Grid, Point, Sizes};
use crate::model::TransitionKind;

/// Arrows of one kind into one box share their tracks.
pub(super) type Net = (usize, u8);

/// A straight piece of a way. Places along a gutter are in tenths of a column or row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leg {
    /// To the track in the gutter before this column, and along it.
    Across { gutter: usize, from: i32, to: i32 },
    /// To the track in the gutter before this row, and along it.
    Along { gutter: usize, from: i32, to: i32 },
    /// To this row, in tenths of its height.
    Row(usize, i32),
}

/// Where an arrow touches a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Port {
    /// On the side that faces the next column, in tenths of its length.
    Out(usize, i32),
    /// On the side that faces the column before, in tenths of its length.
    In(usize, i32),
    /// On the side that faces the next row, in tenths of its length.
    Side(usize, i32),
}

impl Port {
    pub(super) fn is_side(self) -> bool {
        matches!(self, Port::Side(..))
    }

    pub(super) fn point(self, boxes: &[Point], sizes: Sizes) -> Point {
        let (Port::Out(index, _) | Port::In(index, _) | Port::Side(index, _)) = self;
        let (main, cross) = boxes.get(index).copied().unwrap_or((0, 0));
        match self {
            Port::Out(_, tenths) => (main + sizes.main, cross + sizes.cross * tenths / 10),
            Port::In(_, tenths) => (main, cross + sizes.cross * tenths / 10),
            Port::Side(_, tenths) => (main + sizes.main * tenths / 10, cross + sizes.cross),
        }
    }
}

/// An arrow's way.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) net: Net,
    pub(super) start: Port,
    pub(super) legs: Vec<Leg>,
    pub(super) end: Port,
}

/// The ways of all arrows, in their order.
pub(super) fn routes(graph: &Graph, grid: &Grid) -> Vec<Route> {
    let mut router = Router { grid, passed: FxHashMap::default() };
    graph.arrows.iter().map(|arrow| router.route(arrow)).collect()
}

struct Router<'g> {
    grid: &'g Grid,
    /// Empty cells through which an arrow runs in the middle of their row.
    passed: FxHashMap<(usize, usize), Net>,
}

/// Straight lines run in the middle of a row, others leave a box behind it and enter one before it:
/// so none of them meet beside a box.
const STRAIGHT: i32 = 5;
const LEAVES: i32 = 7;
const ENTERS: i32 = 3;

/// The gutter before a column or row among the places along a gutter that crosses it.
fn gutter(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX / 20).saturating_mul(10)
}

impl Router<'_> {
    fn route(&mut self, arrow: &Arrow) -> Route {
        let (from, to) = (self.grid.cell(arrow.from), self.grid.cell(arrow.to));
        let kind = match arrow.kind {
            TransitionKind::Advance if to.column > from.column => 0,
            TransitionKind::Advance => 3,
            TransitionKind::Recycle => 1,
            TransitionKind::Lose => 2,
        };
        let net = (arrow.to, kind);
        if kind == 0 {
            return self.forward(arrow, from, to, net);
        }
        // Ways out of a stage and into it do not begin and end at the same place.
        let (leaves, enters) = if kind == 2 { (5, 4) } else { (LEAVES, ENTERS) };
        let (start, end) = (Port::Side(arrow.from, leaves), Port::Side(arrow.to, enters));
        Route { net, start, legs: around(from, to, leaves, enters), end }
    }

    /// A way forward: straight where nothing stands between, else beside the rows.
    fn forward(&mut self, arrow: &Arrow, from: Cell, to: Cell, net: Net) -> Route {
        let across = |at: usize, a: i32, b: i32| Leg::Across { gutter: at, from: a, to: b };
        let between = from.column + 1..to.column;
        if from.row == to.row && self.pass(to.row, between.clone(), net) {
            let (start, end) = (Port::Out(arrow.from, STRAIGHT), Port::In(arrow.to, STRAIGHT));
            return Route { net, start, legs: Vec::new(), end };
        }
        let (start, end) = (gutter(from.row) + LEAVES, gutter(to.row) + ENTERS);
        let enter = Leg::Row(to.row, ENTERS);
        // The gutter beside the row it leads to, on the side it comes from.
        let beside = if from.row < to.row { to.row } else { to.row + 1 };
        let legs = if self.pass(to.row, between.clone(), net) {
            vec![across(from.column + 1, start, end), enter]
        } else if self.pass(from.row, between, net) {
            vec![across(to.column, start, end), enter]
        } else {
            let (first, last) = (gutter(from.column + 1), gutter(to.column));
            vec![
                across(from.column + 1, start, gutter(beside)),
                Leg::Along { gutter: beside, from: first, to: last },
                across(to.column, gutter(beside), end),
                enter,
            ]
        };
        let (start, end) = (Port::Out(arrow.from, LEAVES), Port::In(arrow.to, ENTERS));
        Route { net, start, legs, end }
    }

    /// Whether the cells of a row are empty and no other arrow runs there; then this one does.
    fn pass(&mut self, row: usize, columns: std::ops::Range<usize>, net: Net) -> bool {
        let free = |column: usize| {
            let at = (column, row);
            !self.grid.taken.contains_key(&at) && self.passed.get(&at).is_none_or(|n| *n == net)
        };
        let all = columns.clone().all(free);
        if all {
            self.passed.extend(columns.map(|column| ((column, row), net)));
        }
        all
    }
}

/// A way from the side of one box to the side of another.
fn around(from: Cell, to: Cell, leaves: i32, enters: i32) -> Vec<Leg> {
    let (start, end) = (gutter(from.column) + leaves, gutter(to.column) + enters);
    if from.row == to.row {
        return vec![Leg::Along { gutter: from.row + 1, from: start, to: end }];
    }
    // It comes from behind, unless it leads forward.
    let turn = if from.column < to.column { to.column } else { to.column + 1 };
    vec![
        Leg::Along { gutter: from.row + 1, from: start, to: gutter(turn) },
        Leg::Across { gutter: turn, from: gutter(from.row + 1), to: gutter(to.row + 1) },
        Leg::Along { gutter: to.row + 1, from: gutter(turn), to: end },
    ]
}
