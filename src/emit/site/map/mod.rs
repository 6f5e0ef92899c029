//! The map of a process as SVG: teams are lanes, records advance from lane to lane.
//!
//! `graph` says what is shown, `route` and `layout` where it stands, `draw` writes it. Nothing is measured in a
//! browser, and nothing overlaps: the layout leaves room for every line and every word.

mod draw;
mod graph;
mod layout;
mod route;
#[cfg(test)]
mod tests;
pub(in crate::emit) mod text;

use crate::diff::render::markdown::Marks;
use crate::emit::view::{Facts, View};
use crate::model::Process;

pub(super) use draw::colour;
use graph::Graph;
use layout::{Grid, Layout, Sizes};

/// The most stages of which all are shown where a picture is wanted at a glance.
const MAX_STAGES: usize = 120;

/// What a map is drawn with.
pub(super) struct Pen<'p> {
    /// The address of a kind and name.
    pub(super) href: &'p dyn Fn(&str, &str) -> String,
    /// The handbook's word for a key.
    pub(super) word: &'p dyn Fn(&str) -> String,
    /// A text in the brackets of the language, as it follows another.
    pub(super) aside: &'p dyn Fn(String) -> String,
}

/// Whether all stages can be taken in at a glance.
pub(super) fn is_small(process: &Process) -> bool {
    process.stages.len() <= MAX_STAGES
}

/// The map of all stages; empty when there are none.
pub(super) fn stages(process: &Process, facts: &Facts, view: &View<'_>, pen: &Pen<'_>) -> String {
    drawn(&graph::of_stages(process, facts, view, pen.href, pen.word), "stages", pen)
}

/// The map of all stages with what has changed marked.
pub(super) fn changed(
    process: &Process,
    facts: &Facts,
    view: &View<'_>,
    marks: &Marks,
    pen: &Pen<'_>,
) -> String {
    let mut graph = graph::of_stages(process, facts, view, pen.href, pen.word);
    graph::mark(&mut graph, process, marks);
    drawn(&graph, "changes", pen)
}

/// The map of the teams and the handoffs forward between them.
pub(super) fn teams(process: &Process, facts: &Facts, view: &View<'_>, pen: &Pen<'_>) -> String {
    drawn(&graph::of_teams(process, facts, view, pen.href), "teams", pen)
}

fn drawn(graph: &Graph, name: &str, pen: &Pen<'_>) -> String {
    if graph.boxes.is_empty() {
        return String::new();
    }
    let (layout, down) = laid_out(graph);
    draw::svg(graph, &layout, down, name, pen)
}

/// The layout that takes less width, and whether records advance downwards in it.
fn laid_out(graph: &Graph) -> (Layout, bool) {
    let grid = Grid::of(graph);
    let routes = route::routes(graph, &grid);
    let height = draw::box_height(graph);
    let named = graph.lanes.iter().any(|lane| !lane.title.is_empty());
    let head = |size: i32| if named { size } else { 0 };
    let across = Sizes { main: draw::BOX, cross: height, head: head(draw::LABEL + 20), pad: 18 };
    let down = Sizes { main: height, cross: draw::BOX, head: head(44), pad: 18 };
    let across = Layout::of(graph, &grid, &routes, across);
    let down = Layout::of(graph, &grid, &routes, down);
    match across.main <= down.cross.max(MAX_WIDTH) {
        true => (across, false),
        false => (down, true),
    }
}

/// What a page has room for; a map that is wider is drawn downwards.
const MAX_WIDTH: i32 = 1_000;
