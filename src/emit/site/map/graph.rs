//! What a map shows: boxes in lanes and columns, and the arrows between them.

use rustc_hash::FxHashMap;

use super::Pen;
use crate::diff::render::markdown::{Mark, Marks};
use crate::emit::view::{Facts, OwnerView, StageView, View};
use crate::model::{Id, Outcome, Process, StageId, TransitionKind};

/// A map that has not been laid out.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) lanes: Vec<Lane>,
    pub(super) boxes: Vec<Node>,
    pub(super) arrows: Vec<Arrow>,
}

/// A team's lane.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) title: String,
    /// The team's page; none for what nobody owns.
    pub(super) href: Option<String>,
    pub(super) colour: usize,
}

/// A stage, or a team.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) lane: usize,
    pub(super) column: usize,
    pub(super) title: String,
    pub(super) href: String,
    pub(super) colour: usize,
    pub(super) shape: Shape,
    /// The word for its outcome.
    pub(super) tag: Option<String>,
    /// New records come in here.
    pub(super) entry: bool,
    /// Where records are lost to from here, when those arrows are too many to draw.
    pub(super) lost: Vec<String>,
    /// Its place on the way of a record that is won.
    pub(super) way: Option<usize>,
    /// What has become of it since an earlier version.
    pub(super) mark: Option<Mark>,
}

/// How a box looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Open,
    Won,
    Lost,
    Void,
}

/// From one box to another.
#[derive(Debug)]
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: TransitionKind,
    /// Its place on the way of a record that is won.
    pub(super) way: Option<usize>,
    /// What has become of it since an earlier version.
    pub(super) mark: Option<Mark>,
}

/// The most arrows to lost outcomes that are drawn; more are a mark at each stage.
const MAX_LOSE: usize = 8;

/// The stages in the lanes of their teams. `href` gives the address of a kind and name, `word` the
/// handbook's word for a key.
pub(super) fn of_stages(
    process: &Process,
    facts: &Facts,
    view: &View<'_>,
    href: &dyn Fn(&str, &str) -> String,
    word: &dyn Fn(&str) -> String,
) -> Graph {
    let mut graph = Graph::default();
    let columns = columns(process, facts);
    let mut lane_of: FxHashMap<Option<&str>, usize> = FxHashMap::default();
    let team_of = |stage: &StageView<'_>| {
        let owner = stage.owner.as_ref();
        owner.map(|owner: &OwnerView<'_>| owner.team.as_ref().unwrap_or(&owner.who).name.clone())
    };
    let owned: Vec<Option<String>> = view.stages.iter().map(team_of).collect();
    for (index, team) in view.teams.iter().enumerate() {
        if owned.iter().any(|owner| owner.as_deref() == Some(team.name)) {
            lane_of.insert(Some(team.name), graph.lanes.len());
            let href = Some(href("team", team.name));
            graph.lanes.push(Lane { title: team.title.to_owned(), href, colour: index });
        }
    }
    if owned.iter().any(Option::is_none) {
        lane_of.insert(None, graph.lanes.len());
        let (title, colour) = (word("nobody"), usize::MAX);
        graph.lanes.push(Lane { title, href: None, colour });
    }
    let way = way(process, facts);
    for ((id, stage), owner) in process.stages.iter().zip(&owned) {
        let Some(seen) = view.stages.get(id.index()) else { continue };
        let lane = lane_of.get(&owner.as_deref()).copied().unwrap_or(0);
        graph.boxes.push(Node {
            lane,
            column: columns.get(id.index()).copied().unwrap_or(0),
            title: seen.title.to_owned(),
            href: href("stage", seen.name),
            colour: graph.lanes.get(lane).map_or(usize::MAX, |lane| lane.colour),
            shape: match stage.outcome {
                None => Shape::Open,
                Some(Outcome::Won) => Shape::Won,
                Some(Outcome::Lost) => Shape::Lost,
                Some(Outcome::Void) => Shape::Void,
            },
            tag: stage.outcome.map(|outcome| word(&format!("outcome_{}", outcome.word()))),
            entry: stage.entry.is_some(),
            lost: Vec::new(),
            way: way.iter().position(|step| *step == id),
            mark: None,
        });
    }
    graph.arrows = stage_arrows(process, facts, &way);
    mark_losses(&mut graph);
    graph
}

/// The teams and the handoffs forward between them, in one lane without a name.
pub(super) fn of_teams(
    process: &Process,
    facts: &Facts,
    view: &View<'_>,
    href: &dyn Fn(&str, &str) -> String,
) -> Graph {
    let mut arrows: Vec<(usize, usize)> = Vec::new();
    for handoff in &facts.handoffs {
        if process.transitions[handoff.transition].kind == TransitionKind::Advance {
            let to = handoff.to.index();
            arrows.extend(handoff.from.iter().map(|from| (from.index(), to)));
        }
    }
    arrows.sort_unstable();
    arrows.dedup();
    let mut columns = vec![0usize; view.teams.len()];
    for (from, to) in arrows.iter().filter(|(from, to)| from < to) {
        let next = columns.get(*from).map_or(0, |column| column + 1);
        if let Some(column) = columns.get_mut(*to) {
            *column = next.max(*column);
        }
    }
    let teams = view.teams.iter().zip(columns).enumerate();
    Graph {
        lanes: vec![Lane { title: String::new(), href: None, colour: usize::MAX }],
        boxes: teams
            .map(|(index, (team, column))| Node {
                lane: 0,
                column,
                title: team.title.to_owned(),
                href: href("team", team.name),
                colour: index,
                shape: Shape::Open,
                tag: None,
                entry: false,
                lost: Vec::new(),
                way: None,
                mark: None,
            })
            .collect(),
        arrows: arrows
            .into_iter()
            .map(|(from, to)| Arrow {
                from,
                to,
                kind: TransitionKind::Advance,
                way: None,
                mark: None,
            })
            .collect(),
    }
}

/// The column of each stage: the longest way forward to it, as far as that is read from left to
/// right. What no way forward leads to stands beside its neighbours.
fn columns(process: &Process, facts: &Facts) -> Vec<usize> {
    let mut columns: Vec<Option<usize>> = vec![None; process.stages.len()];
    let forward = |stage: StageId| {
        let moves = process.stages[stage].outgoing.iter().map(|id| &process.transitions[*id]);
        moves.filter(move |m| {
            m.kind == TransitionKind::Advance && facts.rank(m.from) < facts.rank(m.to)
        })
    };
    for stage in &facts.order {
        let own = columns.get(stage.index()).copied().flatten();
        let is_entry = process.stages[*stage].entry.is_some();
        let Some(column) = own.or(is_entry.then_some(0)) else { continue };
        set(&mut columns, *stage, column);
        for next in forward(*stage) {
            set(&mut columns, next.to, column + 1);
        }
    }
    // What leads forward into the rest stands before it, whatever is left stands behind those it
    // comes from.
    for stage in facts.order.iter().rev() {
        if columns.get(stage.index()).copied().flatten().is_none() {
            let next = forward(*stage).filter_map(|m| columns.get(m.to.index()).copied().flatten());
            if let Some(column) = next.min() {
                set(&mut columns, *stage, column.saturating_sub(1));
            }
        }
    }
    for stage in &facts.order {
        if columns.get(stage.index()).copied().flatten().is_none() {
            let incoming = process.stages[*stage].incoming.iter();
            let from = incoming.map(|id| process.transitions[*id].from);
            let before = from.filter_map(|from| columns.get(from.index()).copied().flatten()).max();
            set(&mut columns, *stage, before.map_or(0, |column| column + 1));
        }
    }
    columns.into_iter().map(|column| column.unwrap_or(0)).collect()
}

/// Moves a stage to the column, unless it stands further on already.
fn set(columns: &mut [Option<usize>], stage: StageId, column: usize) {
    if let Some(place) = columns.get_mut(stage.index()) {
        *place = Some(place.map_or(column, |old| old.max(column)));
    }
}

/// The shortest way of a record from where it comes in to the first win; empty when there is none.
fn way(process: &Process, facts: &Facts) -> Vec<StageId> {
    let mut before: FxHashMap<StageId, StageId> = FxHashMap::default();
    let is_entry = |id: &StageId| process.stages[*id].entry.is_some();
    let mut queue: std::collections::VecDeque<StageId> =
        facts.order.iter().copied().filter(is_entry).take(1).collect();
    before.extend(queue.iter().map(|entry| (*entry, *entry)));
    while let Some(stage) = queue.pop_front() {
        if process.stages[stage].outcome == Some(Outcome::Won) {
            let mut way = vec![stage];
            let mut at = stage;
            while let Some(previous) = before.get(&at).filter(|previous| **previous != at) {
                at = *previous;
                way.push(at);
            }
            way.reverse();
            return way;
        }
        for id in &process.stages[stage].outgoing {
            let next = &process.transitions[*id];
            if next.kind == TransitionKind::Advance && !before.contains_key(&next.to) {
                before.insert(next.to, stage);
                queue.push_back(next.to);
            }
        }
    }
    Vec::new()
}

/// The moves, each pair of stages and kind once. What a stage creates is a move forward.
fn stage_arrows(process: &Process, facts: &Facts, way: &[StageId]) -> Vec<Arrow> {
    let mut seen = rustc_hash::FxHashSet::default();
    let mut arrows = Vec::new();
    for from in &facts.order {
        let stage = &process.stages[*from];
        let moves = stage.outgoing.iter().map(|id| &process.transitions[*id]);
        let moves = moves.map(|m| (m.to, m.kind));
        let starts = stage.starts.iter().map(|(_, to)| (*to, TransitionKind::Advance));
        for (to, kind) in moves.chain(starts) {
            if seen.insert((*from, to, kind)) {
                let step = way.windows(2).position(|pair| pair == [*from, to]);
                let step = step.filter(|_| kind == TransitionKind::Advance);
                arrows.push(Arrow {
                    from: from.index(),
                    to: to.index(),
                    kind,
                    way: step,
                    mark: None,
                });
            }
        }
    }
    arrows
}

/// Where too many arrows lead to lost outcomes, a mark at each stage stands for them.
fn mark_losses(graph: &mut Graph) {
    let is_loss = |arrow: &Arrow| arrow.kind == TransitionKind::Lose;
    if graph.arrows.iter().filter(|arrow| is_loss(arrow)).count() <= MAX_LOSE {
        return;
    }
    let (losses, rest): (Vec<Arrow>, Vec<Arrow>) =
        std::mem::take(&mut graph.arrows).into_iter().partition(is_loss);
    graph.arrows = rest;
    for loss in losses {
        let title = graph.boxes.get(loss.to).map(|node| node.title.clone());
        if let (Some(node), Some(title)) = (graph.boxes.get_mut(loss.from), title) {
            node.lost.push(title);
        }
    }
}

/// Marks what has changed. A move that the process makes out of one that was written stands for it.
pub(super) fn mark(graph: &mut Graph, process: &Process, marks: &Marks) {
    for (stage, mark) in &marks.stages {
        if let Some(node) = graph.boxes.get_mut(stage.index()) {
            node.mark = Some(*mark);
        }
    }
    for (id, mark) in &marks.moves {
        let of = &process.transitions[*id];
        let ends = (of.from.index(), of.to.index(), of.kind);
        let is_it = |arrow: &&mut Arrow| (arrow.from, arrow.to, arrow.kind) == ends;
        if let Some(arrow) = graph.arrows.iter_mut().find(is_it) {
            arrow.mark = arrow.mark.max(Some(*mark));
        }
    }
}

/// What an arrow says when it is pointed at.
pub(super) fn told(graph: &Graph, arrow: &Arrow, pen: &Pen<'_>) -> String {
    let title = |index: usize| graph.boxes.get(index).map_or("", |node| node.title.as_str());
    let kind = (pen.aside)((pen.word)(&format!("kind_{}", arrow.kind.word())));
    format!("{} → {}{kind}", title(arrow.from), title(arrow.to))
}
