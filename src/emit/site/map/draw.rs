//! Writes a map that has been laid out as SVG.
//!
//! Colours, lines and letters are those of the style sheet: the drawing holds classes only.

use std::fmt::Write;

use super::Pen;
use super::graph::{Graph, Node, Shape, told};
use super::layout::{Layout, Point};
use super::text::wrap;
use crate::diff::render::markdown::Mark;
use crate::emit::site::html::escape;
use crate::model::TransitionKind;

/// The width of a box, and of the name of a lane that stands before it.
pub(super) const BOX: i32 = 132;
pub(super) const LABEL: i32 = 100;

/// The size of letters in boxes, and the height of a line.
const LETTER: i32 = 13;
const LINE: i32 = 17;
/// The size of letters in tags.
const SMALL: i32 = 11;

/// The widest map that is drawn smaller where there is less room.
const MAX_SHRUNK: i32 = 1_450;

/// How many lines a title may have.
const MAX_LINES: usize = 3;

/// The radius of corners of lines.
const BEND: i32 = 6;

/// What the words in a box may take.
const ROOM: i32 = BOX - 18;

fn lines(node: &Node) -> Vec<String> {
    wrap(&node.title, LETTER, ROOM, MAX_LINES)
}

/// The height of every box: that of the one with the most lines.
pub(super) fn box_height(graph: &Graph) -> i32 {
    let lines = |node: &Node| lines(node).len() + usize::from(node.tag.is_some());
    let most = graph.boxes.iter().map(lines).max().unwrap_or(1).max(2);
    16 + LINE * i32::try_from(most).unwrap_or(4)
}

/// The drawing; `down` when records advance downwards.
pub(super) fn svg(graph: &Graph, layout: &Layout, down: bool, name: &str, pen: &Pen<'_>) -> String {
    let turn = |(main, cross): Point| if down { (cross, main) } else { (main, cross) };
    let (wide, high) = turn((layout.main, layout.cross));
    let mut out = String::new();
    let label = escape(&(pen.word)("stage_map"));
    // A map that is hardly too wide for a page is drawn a little smaller.
    let fits = if wide <= MAX_SHRUNK { " fits" } else { "" };
    let _ = write!(
        out,
        "<svg class=\"map{fits}\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" role=\"group\" aria-label=\"{label}\">"
    );
    markers(&mut out, name);
    for (lane, (from, to)) in graph.lanes.iter().zip(&layout.lanes) {
        let (x, y) = turn((0, *from));
        let (w, h) = turn((layout.main, to - from));
        let _ = write!(
            out,
            "<g class=\"lane {}\"><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>",
            colour(lane.colour)
        );
        if !lane.title.is_empty() {
            let room = if down { (w - 16).max(40) } else { LABEL };
            let lines = wrap(&lane.title, LETTER, room, if down { 2 } else { MAX_LINES });
            let (x, top) = if down { (x + w / 2, 18) } else { (x + 12, y + h / 2) };
            let top = if down { top } else { top - block(lines.len()) / 2 + LETTER };
            let text = text_lines(&lines, x, top);
            let (anchor, title) = (if down { "middle" } else { "start" }, escape(&lane.title));
            let text = format!("<text text-anchor=\"{anchor}\">{text}</text>");
            match &lane.href {
                Some(href) => {
                    let href = escape(href);
                    let _ = write!(out, "<a href=\"{href}\" aria-label=\"{title}\">{text}</a>");
                }
                None => out.push_str(&text),
            }
        }
        out.push_str("</g>");
    }
    // What is rarer lies above: few ways forward would be seen beneath the many ways back.
    for kind in [TransitionKind::Lose, TransitionKind::Recycle, TransitionKind::Advance] {
        for (arrow, corners) in graph.arrows.iter().zip(&layout.arrows) {
            if arrow.kind != kind {
                continue;
            }
            let corners: Vec<Point> = corners.iter().rev().map(|point| turn(*point)).collect();
            let way = arrow.way.map_or_else(String::new, |step| format!(" data-way=\"{step}\""));
            let _ = write!(
                out,
                "<path class=\"{}{}\" d=\"{}\" marker-start=\"url(#{name}-{})\"{way}><title>{}</title></path>",
                kind.word(),
                marked(arrow.mark),
                path(&corners),
                kind.word(),
                escape(&told(graph, arrow, pen)),
            );
        }
    }
    for (node, place) in graph.boxes.iter().zip(&layout.boxes) {
        let (w, h) = turn((layout.sizes.main, layout.sizes.cross));
        draw_box(&mut out, node, turn(*place), (w, h), pen);
    }
    out.push_str("</svg>");
    out
}

/// The heads of arrows. Lines are drawn from their end, so that the dashes of those that share a
/// track fall on each other.
fn markers(out: &mut String, name: &str) {
    out.push_str("<defs>");
    for kind in [TransitionKind::Advance, TransitionKind::Recycle, TransitionKind::Lose] {
        let kind = kind.word();
        let _ = write!(
            out,
            "<marker id=\"{name}-{kind}\" class=\"{kind}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto-start-reverse\"><path d=\"M0 0 8 4 0 8z\"/></marker>"
        );
    }
    out.push_str("</defs>");
}

fn draw_box(out: &mut String, node: &Node, (x, y): Point, (w, h): Point, pen: &Pen<'_>) {
    let shape = match node.shape {
        Shape::Open => "open",
        Shape::Won => "won",
        Shape::Lost => "lost",
        Shape::Void => "void",
    };
    let mut label = vec![node.title.clone()];
    label.extend(node.tag.clone());
    label.extend(node.entry.then(|| (pen.word)("entry")));
    label.extend(node.mark.map(|mark| (pen.word)(word_of(mark))));
    label.extend(node.lost.iter().map(|to| format!("{} → {to}", (pen.word)("kind_lose"))));
    let label = escape(&label.join(", "));
    let way = node.way.map_or_else(String::new, |step| format!(" data-way=\"{step}\""));
    let _ = write!(
        out,
        "<a class=\"box {shape} {}{}\" href=\"{}\" aria-label=\"{label}\"{way}><title>{label}</title>",
        colour(node.colour),
        marked(node.mark),
        escape(&node.href),
    );
    match node.shape {
        Shape::Lost => {
            // Its corners are cut off.
            let (r, b) = (x + w, y + h);
            let _ = write!(
                out,
                "<path class=\"shape\" d=\"M{} {y}H{}L{r} {}V{}L{} {b}H{}L{x} {}V{}z\"/>",
                x + 10,
                r - 10,
                y + 10,
                b - 10,
                r - 10,
                x + 10,
                b - 10,
                y + 10
            );
        }
        shape => {
            let round = if shape == Shape::Won { h / 2 } else { 8 };
            let _ = write!(
                out,
                "<rect class=\"shape\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"{round}\"/>"
            );
        }
    }
    let title = lines(node);
    let all = title.len() + usize::from(node.tag.is_some());
    let top = y + (h - block(all)) / 2 + LETTER;
    let centre = x + w / 2;
    let _ = write!(out, "<text text-anchor=\"middle\">{}</text>", text_lines(&title, centre, top));
    if let Some(tag) = &node.tag {
        let sign = match node.shape {
            Shape::Won => "✓ ",
            Shape::Lost => "✕ ",
            _ => "",
        };
        let tag = wrap(&format!("{sign}{tag}"), SMALL, ROOM, 1).concat();
        let below = top + LINE * i32::try_from(title.len()).unwrap_or(0);
        let _ = write!(
            out,
            "<text class=\"tag\" text-anchor=\"middle\" x=\"{centre}\" y=\"{below}\">{}</text>",
            escape(&tag)
        );
    }
    if node.entry {
        let _ = write!(
            out,
            "<g class=\"entry\"><circle cx=\"{x}\" cy=\"{y}\" r=\"9\"/><path d=\"M{} {}l7 4-7 4z\"/></g>",
            x - 3,
            y - 4
        );
    }
    if !node.lost.is_empty() {
        let (x, y) = (x + w, y);
        let _ = write!(
            out,
            "<g class=\"loses\"><circle cx=\"{x}\" cy=\"{y}\" r=\"8\"/><path d=\"M{} {}l6 6m0-6l-6 6\"/></g>",
            x - 3,
            y - 3
        );
    }
    if let Some(mark) = node.mark {
        // A plus, or a triangle: a colour alone would not tell them apart.
        let (x, y) = (x + w, y + h);
        let sign = match mark {
            Mark::Added => format!("M{} {y}h8m-4-4v8", x - 4),
            Mark::Changed | Mark::Removed => format!("M{x} {}l4 7h-8z", y - 4),
        };
        let class = marked(Some(mark));
        let _ = write!(
            out,
            "<g class=\"mark{class}\"><circle cx=\"{x}\" cy=\"{y}\" r=\"9\"/><path d=\"{sign}\"/></g>"
        );
    }
    out.push_str("</a>");
}

/// The class of what has changed, behind other classes.
fn marked(mark: Option<Mark>) -> String {
    mark.map_or_else(String::new, |mark| format!(" is-{}", mark.word()))
}

/// The word for what has changed.
fn word_of(mark: Mark) -> &'static str {
    match mark {
        Mark::Added => "is_new",
        Mark::Changed | Mark::Removed => "is_changed",
    }
}

fn block(lines: usize) -> i32 {
    LINE * i32::try_from(lines).unwrap_or(0)
}

fn text_lines(lines: &[String], x: i32, top: i32) -> String {
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        let y = top + block(index);
        let _ = write!(out, "<tspan x=\"{x}\" y=\"{y}\">{}</tspan>", escape(line));
        // Read aloud and copied, the lines are words apart.
        if index + 1 < lines.len() {
            out.push(' ');
        }
    }
    out
}

/// The class of a team's colour; colours begin anew when there are more teams than colours.
pub(in crate::emit::site) fn colour(team: usize) -> String {
    if team == usize::MAX { "t-none".to_owned() } else { format!("t{}", team % 10) }
}

/// A line with round corners.
fn path(corners: &[Point]) -> String {
    let mut out = String::new();
    let Some((first, rest)) = corners.split_first() else { return out };
    let _ = write!(out, "M{} {}", first.0, first.1);
    let mut before = *first;
    for (index, corner) in rest.iter().enumerate() {
        match rest.get(index + 1) {
            None => {
                let _ = write!(out, "L{} {}", corner.0, corner.1);
            }
            Some(next) => {
                let bend =
                    BEND.min(distance(before, *corner) / 2).min(distance(*corner, *next) / 2);
                let (a, b) = (towards(*corner, before, bend), towards(*corner, *next, bend));
                let _ = write!(out, "L{} {}Q{} {} {} {}", a.0, a.1, corner.0, corner.1, b.0, b.1);
            }
        }
        before = *corner;
    }
    out
}

fn distance(a: Point, b: Point) -> i32 {
    (a.0 - b.0).abs().max((a.1 - b.1).abs())
}

/// The point that lies `by` pixels from `from` towards `to`, along an axis.
fn towards(from: Point, to: Point, by: i32) -> Point {
    (from.0 + (to.0 - from.0).signum() * by, from.1 + (to.1 - from.1).signum() * by)
}
