//! The order of the stages. A diagram has none: its elements stand as somebody drew them, one after
//! the other. So stages are put in the order in which a record moves forward, which is also the one in
//! which a build writes them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::import::{Move, Pipeline};
use crate::model::Outcome;

/// A stage: its pipeline and its place there.
type At = (usize, usize);

/// How often the order is sought: what leads forward hangs on it, and it on what leads forward.
const MOST_TIMES: usize = 20;

/// Puts the stages in order, and says of each move whether it leads forward.
pub(super) fn order(pipelines: &mut [Pipeline]) {
    for time in 0..MOST_TIMES {
        for pipeline in pipelines.iter_mut() {
            directions(pipeline, time == 0);
        }
        let sorted = sorted(pipelines);
        if sorted.is_sorted() {
            break;
        }
        place(pipelines, &sorted);
    }
}

/// The stages along the moves forward.
fn sorted(pipelines: &[Pipeline]) -> Vec<At> {
    let mut next: FxHashMap<At, Vec<At>> = FxHashMap::default();
    let ids: Vec<At> = pipelines
        .iter()
        .enumerate()
        .flat_map(|(pool, pipeline)| (0..pipeline.stages.len()).map(move |at| (pool, at)))
        .collect();
    for (pool, pipeline) in pipelines.iter().enumerate() {
        for step in pipeline.moves.iter().flatten().filter(|step| step.word == Some(FORWARD)) {
            next.entry((pool, step.from)).or_default().push((pool, step.to));
        }
        for (at, stage) in pipeline.stages.iter().enumerate() {
            let onward = stage.onward.iter().filter(|way| !way.back);
            let onward = onward.map(|way| (way.pipeline, way.stage));
            next.entry((pool, at)).or_default().extend(onward);
        }
    }
    // Who begins is sorted as a build does it: by the teams, in the order in which they come up.
    let mut teams: Vec<&str> = Vec::new();
    let mut begins: Vec<(Option<usize>, At)> = Vec::new();
    for id in &ids {
        let Some(stage) = pipelines.get(id.0).and_then(|pool| pool.stages.get(id.1)) else {
            continue;
        };
        let team = stage.owner.as_deref().map(|owner| {
            teams.iter().position(|team| *team == owner).unwrap_or_else(|| {
                teams.push(owner);
                teams.len() - 1
            })
        });
        if stage.entry {
            begins.push((team, *id));
        }
    }
    begins.sort_by_key(|(team, _)| *team);
    let begins: Vec<At> = begins.into_iter().map(|(_, id)| id).collect();
    let mut walk = Walk { next: &next, seen: FxHashSet::default() };
    let mut sorted = walk.forward(&begins);
    sorted.extend(walk.forward(&ids));
    sorted.sort_by_key(|(pool, _)| *pool);
    sorted
}

const FORWARD: &str = "advance";
const BACK: &str = "recycle";

/// Says of each move between two stages that are open, or to one that is won, whether it leads forward.
fn directions(pipeline: &mut Pipeline, is_first: bool) {
    // What a build has written stands in order. Of what is drawn, a move leads back when it leads to
    // where the record has been on its way.
    let built = !is_first || pipeline.stages.iter().any(|stage| stage.named);
    let moves = pipeline.moves.take().unwrap_or_default();
    let back: Vec<bool> = match built {
        true => moves.iter().map(|step| step.to <= step.from).collect(),
        false => back(pipeline, &moves),
    };
    let say = |(mut step, back): (Move, bool)| {
        let ended = pipeline.stages.get(step.to).and_then(|stage| stage.outcome);
        step.word = match ended {
            Some(Outcome::Lost | Outcome::Void) => None,
            None if back => Some(BACK),
            _ => Some(FORWARD),
        };
        step
    };
    pipeline.moves = Some(moves.into_iter().zip(back).map(say).collect());
}

/// For each move whether it leads to a stage on the way to the one it leaves.
fn back(pipeline: &Pipeline, moves: &[Move]) -> Vec<bool> {
    let count = pipeline.stages.len();
    let mut outs: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, step) in moves.iter().enumerate() {
        if let Some(outs) = outs.get_mut(step.from) {
            outs.push(at);
        }
    }
    let mut back = vec![false; moves.len()];
    // Whether a stage was reached, and whether it is on the way.
    let (mut seen, mut on) = (vec![false; count], vec![false; count]);
    let entry = |at: &usize| pipeline.stages.get(*at).is_some_and(|stage| stage.entry);
    let roots: Vec<usize> = (0..count).filter(entry).chain(0..count).collect();
    for root in roots {
        if seen.get(root) != Some(&false) {
            continue;
        }
        let mut path = vec![(root, 0)];
        set(&mut seen, root, true);
        set(&mut on, root, true);
        while let Some((stage, taken)) = path.last_mut() {
            let way = outs.get(*stage).and_then(|outs| outs.get(*taken)).copied();
            let Some((way, step)) = way.and_then(|way| Some((way, moves.get(way)?))) else {
                set(&mut on, *stage, false);
                path.pop();
                continue;
            };
            *taken += 1;
            if on.get(step.to) == Some(&true) {
                set(&mut back, way, true);
            } else if seen.get(step.to) == Some(&false) {
                set(&mut seen, step.to, true);
                set(&mut on, step.to, true);
                path.push((step.to, 0));
            }
        }
    }
    back
}

fn set(all: &mut [bool], at: usize, value: bool) {
    if let Some(slot) = all.get_mut(at) {
        *slot = value;
    }
}

struct Walk<'n> {
    next: &'n FxHashMap<At, Vec<At>>,
    seen: FxHashSet<At>,
}

impl Walk<'_> {
    /// The stages that are reached, each before those it leads to: depth first, backwards.
    fn forward(&mut self, roots: &[At]) -> Vec<At> {
        let mut left = Vec::new();
        for root in roots.iter().rev() {
            if !self.seen.insert(*root) {
                continue;
            }
            let mut path = vec![(*root, self.of(*root))];
            while let Some((stage, next)) = path.last_mut() {
                match next.pop() {
                    Some(to) if self.seen.insert(to) => {
                        let next = self.of(to);
                        path.push((to, next));
                    }
                    Some(_) => {}
                    None => {
                        left.push(*stage);
                        path.pop();
                    }
                }
            }
        }
        left.reverse();
        left
    }

    fn of(&self, at: At) -> Vec<At> {
        self.next.get(&at).cloned().unwrap_or_default()
    }
}

/// Moves the stages to their places.
fn place(pipelines: &mut [Pipeline], sorted: &[At]) {
    let mut new: FxHashMap<At, usize> = FxHashMap::default();
    let mut counts = vec![0; pipelines.len()];
    for id in sorted {
        if let Some(count) = counts.get_mut(id.0) {
            new.insert(*id, *count);
            *count += 1;
        }
    }
    let to = |pool: usize, at: usize| new.get(&(pool, at)).copied().unwrap_or(at);
    for (pool, pipeline) in pipelines.iter_mut().enumerate() {
        for step in pipeline.moves.iter_mut().flatten() {
            (step.from, step.to) = (to(pool, step.from), to(pool, step.to));
        }
        let stages = std::mem::take(&mut pipeline.stages);
        let mut placed: Vec<_> =
            stages.into_iter().enumerate().map(|(at, stage)| (to(pool, at), stage)).collect();
        placed.sort_by_key(|(at, _)| *at);
        pipeline.stages = placed.into_iter().map(|(_, stage)| stage).collect();
        for stage in &mut pipeline.stages {
            for way in &mut stage.onward {
                way.stage = to(way.pipeline, way.stage);
            }
            for (pool, at) in &mut stage.starts {
                *at = to(*pool, *at);
            }
        }
    }
}
