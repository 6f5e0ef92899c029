//! What comes next, where a table names stages there and not what to do.

use rustc_hash::FxHashSet;

use crate::import::report::{Report, code};
use crate::import::{Move, Pipeline};
use crate::model::Outcome;

/// Takes what comes next for moves, if every row that says so names stages of the pipeline.
pub(super) fn read(pipeline: &mut Pipeline, report: &mut Report) {
    let titles: Vec<String> =
        pipeline.stages.iter().map(|stage| stage.title.to_lowercase()).collect();
    let find = |name: &str| titles.iter().position(|title| *title == name.trim().to_lowercase());
    let mut moves = Vec::new();
    for (from, stage) in pipeline.stages.iter().enumerate() {
        let Some(next) = &stage.next else { continue };
        let named: Option<Vec<usize>> = match find(next) {
            Some(to) => Some(vec![to]),
            // A title may hold any of these signs, so the whole is looked up first.
            None => next
                .split(['\n', ',', ';', '/', '；', '、', '→'])
                .filter(|name| !name.trim().is_empty())
                .map(find)
                .collect(),
        };
        let Some(mut named) = named else { return };
        // A stage that is named twice is one move.
        let mut seen = FxHashSet::default();
        named.retain(|to| *to != from && seen.insert(*to));
        moves.extend(named.into_iter().map(|to| step(from, to, None)));
    }
    if moves.is_empty() {
        return;
    }
    for stage in &mut pipeline.stages {
        if let Some(next) = stage.next.take() {
            let text =
                format!("{} moves on to {}: these are stages", code(&stage.title), code(&next));
            report.guessed(&stage.place, text);
        }
    }
    let ended = |at: usize| pipeline.stages.get(at).and_then(|stage| stage.outcome);
    let all = 0..pipeline.stages.len();
    for to in all.clone().filter(|at| matches!(ended(*at), Some(Outcome::Lost | Outcome::Void))) {
        if moves.iter().any(|step| step.to == to) {
            continue;
        }
        // Who draws the way forward leaves out that any record may be lost.
        let open = all.clone().filter(|from| ended(*from).is_none());
        moves.extend(open.map(|from| step(from, to, Some("lose"))));
        if let Some(stage) = pipeline.stages.get(to) {
            let text = format!("any open record may move to {}", code(&stage.title));
            report.guessed(&stage.place, text);
        }
    }
    pipeline.moves = Some(moves);
    pipeline.gather = true;
}

fn step(from: usize, to: usize, word: Option<&'static str>) -> Move {
    Move { from, to, title: None, word, when: None, after: None }
}
