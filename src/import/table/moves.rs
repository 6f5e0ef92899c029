//! What comes next, where a table names stages there and not what to do.

use rustc_hash::FxHashSet;

use crate::diag::closest;
use crate::import::report::{Report, code};
use crate::import::{Move, Pipeline};
use crate::model::Outcome;

/// Takes what comes next for moves, if most of what stands there names stages of the pipeline. A cell
/// that names none is what to do; what else names none is told.
pub(super) fn read(pipeline: &mut Pipeline, report: &mut Report) {
    let titles: Vec<String> =
        pipeline.stages.iter().map(|stage| stage.title.to_lowercase()).collect();
    let find = |name: &str| titles.iter().position(|title| *title == name.trim().to_lowercase());
    let mut moves = Vec::new();
    let (mut stages, mut others, mut advice) = (0, Vec::new(), FxHashSet::default());
    for (from, stage) in pipeline.stages.iter().enumerate() {
        let Some(next) = &stage.next else { continue };
        let mut named: Vec<usize> = Vec::new();
        // A title may hold any of these signs, so the whole is looked up first.
        let parts: Vec<&str> = match find(next) {
            Some(_) => vec![next],
            None => next.split(['\n', ',', ';', '/', '；', '、', '→']).collect(),
        };
        for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
            match find(part) {
                Some(to) => named.push(to),
                None => others.push((from, part.to_owned())),
            }
        }
        if named.is_empty() {
            advice.insert(from);
        }
        stages += named.len();
        // A stage that is named twice is one move.
        let mut seen = FxHashSet::default();
        named.retain(|to| *to != from && seen.insert(*to));
        moves.extend(named.into_iter().map(|to| step(from, to, None)));
    }
    if stages <= others.len() {
        if stages > 0 {
            let text = "what comes next names stages in some rows and none in most: it is read as what to do";
            report.guessed("the column of what comes next", text);
        }
        return;
    }
    for (from, name) in others {
        let Some(stage) = pipeline.stages.get(from) else { continue };
        let near = closest(&name.to_lowercase(), titles.iter().map(String::as_str));
        let near = near.and_then(find).and_then(|at| pipeline.stages.get(at));
        let near = near.map_or(String::new(), |near| format!("; {} is near", code(&near.title)));
        let text = format!("{}, which comes next, names no stage{near}", code(&name));
        match advice.contains(&from) {
            true => report.guessed(&stage.place, format!("{text}: it is read as what to do")),
            false => report.dropped(&stage.place, text),
        }
    }
    if moves.is_empty() {
        return;
    }
    for (at, stage) in pipeline.stages.iter_mut().enumerate() {
        if !advice.contains(&at)
            && let Some(next) = stage.next.take()
        {
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
