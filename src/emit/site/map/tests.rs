//! The promises of the layout, on maps of every kind.

#![expect(clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;

use super::graph::{Arrow, Graph, Lane, Node, Shape};
use super::laid_out;
use super::layout::{Layout, Point};
use crate::model::TransitionKind;

fn graph(lanes: usize, places: &[(usize, usize)], arrows: &[(usize, usize, u8)]) -> Graph {
    Graph {
        lanes: (0..lanes)
            .map(|lane| Lane { title: format!("Team {lane}"), href: None, colour: lane })
            .collect(),
        boxes: places
            .iter()
            .map(|(lane, column)| Node {
                lane: *lane,
                column: *column,
                title: "とても長い題名を持つ段階の名前です。改行されるはずです".to_owned(),
                href: String::new(),
                colour: *lane,
                shape: Shape::Open,
                tag: None,
                entry: false,
                lost: Vec::new(),
                way: None,
                mark: None,
            })
            .collect(),
        arrows: arrows
            .iter()
            .map(|(from, to, kind)| Arrow {
                from: *from,
                to: *to,
                kind: match kind {
                    0 => TransitionKind::Advance,
                    1 => TransitionKind::Recycle,
                    _ => TransitionKind::Lose,
                },
                way: None,
                mark: None,
            })
            .collect(),
    }
}

/// The straight pieces of all arrows.
fn pieces(layout: &Layout) -> Vec<(usize, Point, Point)> {
    let of = |(index, corners): (usize, &Vec<Point>)| {
        corners.windows(2).map(|pair| (index, pair[0], pair[1])).collect::<Vec<_>>()
    };
    layout.arrows.iter().enumerate().flat_map(of).collect()
}

fn check(graph: &Graph) {
    let (layout, _) = laid_out(graph);
    let (w, h) = (layout.sizes.main, layout.sizes.cross);
    for (index, (x, y)) in layout.boxes.iter().enumerate() {
        assert!(*x >= 0 && *y >= 0 && x + w <= layout.main && y + h <= layout.cross);
        let (from, to) = layout.lanes[graph.boxes[index].lane];
        assert!(from < *y && y + h < to, "box {index} is outside of its lane");
        for (other_x, other_y) in layout.boxes.iter().take(index) {
            let apart = (x - other_x).abs() >= w + 12 || (y - other_y).abs() >= h + 12;
            assert!(apart, "box {index} lies on another");
        }
    }
    let lines = pieces(&layout);
    for (arrow, a, b) in &lines {
        assert!(a.0 == b.0 || a.1 == b.1, "arrow {arrow} is slanted: {a:?} {b:?}");
        for (x, y) in &layout.boxes {
            let inside = a.0.max(b.0) > *x
                && a.0.min(b.0) < x + w
                && a.1.max(b.1) > *y
                && a.1.min(b.1) < y + h;
            assert!(!inside, "arrow {arrow} runs through a box: {a:?} {b:?}");
        }
    }
    // Lines lie on each other only where they mean the same: they come from one box or lead to one.
    for (index, (arrow, a, b)) in lines.iter().enumerate() {
        for (other, c, d) in lines.iter().take(index) {
            let (one, two) = (&graph.arrows[*arrow], &graph.arrows[*other]);
            if one.to == two.to || one.from == two.from {
                continue;
            }
            let along = |i: fn(&Point) -> i32, j: fn(&Point) -> i32| {
                i(a) == i(b)
                    && i(c) == i(d)
                    && i(a) == i(c)
                    && j(a).max(j(b)) > j(c).min(j(d))
                    && j(c).max(j(d)) > j(a).min(j(b))
            };
            let on = along(|p| p.0, |p| p.1) || along(|p| p.1, |p| p.0);
            assert!(!on, "arrows {arrow} and {other} lie on each other: {a:?} {b:?} {c:?} {d:?}");
        }
    }
}

#[test]
fn a_loop_a_circle_and_a_jump_have_room() {
    let places = [(0, 0), (0, 1), (1, 1), (1, 2), (0, 3)];
    let arrows = [(0, 1, 0), (1, 3, 0), (0, 4, 0), (3, 0, 1), (2, 2, 1), (4, 2, 2), (3, 1, 0)];
    check(&graph(2, &places, &arrows));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    /// No box lies on another or outside of its lane, no line crosses a box, and no two lines that differ
    /// lie on each other.
    #[test]
    fn nothing_overlaps(
        places in proptest::collection::vec((0usize..4, 0usize..9), 1..40),
        ends in proptest::collection::vec((0usize..40, 0usize..40, 0u8..3), 0..70),
    ) {
        let arrows: Vec<_> = ends
            .into_iter()
            .map(|(from, to, kind)| (from % places.len(), to % places.len(), kind))
            .collect();
        check(&graph(4, &places, &arrows));
    }
}
