//! Where what a rule asks is written: at a stage, or at moves.

use super::super::super::report::{Report, code};
use super::super::formula::Node;
use super::super::line::Line;
use super::{Answers, At, Cell, Hint, Rule};

/// Where to write what is asked of these moves: as criteria of a stage where they are all that its
/// criteria guard, else as conditions of the moves.
pub(super) fn places(line: &Line, rule: &Rule, answers: &Answers, cells: &[Cell]) -> Vec<At> {
    let mut left: Vec<Cell> = cells.iter().copied().filter(|cell| line.advances(*cell)).collect();
    let mut out = Vec::new();
    let stages = 0..line.states.len();
    let rows = |left: &mut Vec<Cell>, out: &mut Vec<At>| {
        for from in stages.clone() {
            let guarded: Vec<Cell> = line
                .moves
                .iter()
                .map(|(from, to)| (Some(*from), *to))
                .filter(|cell| cell.0 == Some(from) && line.advances(*cell))
                .collect();
            take(&guarded, cells, left, out, At::Exit(from));
        }
    };
    let columns = |left: &mut Vec<Cell>, out: &mut Vec<At>| {
        for to in stages.clone() {
            let mut guarded: Vec<Cell> = line
                .moves
                .iter()
                .map(|(from, to)| (Some(*from), *to))
                .filter(|cell| cell.1 == to && line.advances(*cell))
                .collect();
            if line.comes_from_elsewhere(to) {
                guarded.push((None, to));
            }
            take(&guarded, cells, left, out, At::Entry(to));
        }
    };
    // A rule that also looks at records that stay is about the stage they are in.
    let stays = answers.stay.iter().any(|node| !matches!(node, Node::Bool(_)));
    let new = cells.iter().any(|(from, _)| from.is_none());
    match &rule.hint {
        Some(Hint::Move | Hint::Moves | Hint::MovesAndBack | Hint::Back) => {}
        Some(Hint::Exit(_)) => {
            rows(&mut left, &mut out);
            columns(&mut left, &mut out);
        }
        None if !stays && !new => {
            rows(&mut left, &mut out);
            columns(&mut left, &mut out);
        }
        _ => {
            columns(&mut left, &mut out);
            rows(&mut left, &mut out);
        }
    }
    let others = cells.iter().filter(|cell| !line.advances(**cell)).chain(&left);
    // What only new records are asked for has no move to stand at.
    out.extend(others.filter_map(|(from, to)| from.map(|from| At::Move(from, *to))));
    out
}

/// Takes what a place guards, if the rule asks for all of it and some is still left.
fn take(guarded: &[Cell], cells: &[Cell], left: &mut Vec<Cell>, out: &mut Vec<At>, at: At) {
    let all = guarded.iter().all(|cell| cells.contains(cell));
    if all && guarded.iter().any(|cell| left.contains(cell)) {
        left.retain(|cell| !guarded.contains(cell));
        out.push(at);
    }
}

pub(super) fn tell(line: &Line, rule: &Rule, at: At, understood: bool, report: &mut Report) {
    let title = |at: usize| code(line.title(at));
    let what = match at {
        At::Exit(from) => format!("an exit criterion of {}", title(from)),
        At::Entry(to) => format!("an entry criterion of {}", title(to)),
        At::Move(from, to) => {
            format!("a condition of the move from {} to {}", title(from), title(to))
        }
    };
    let text = format!("the rule {} is {what}", code(&rule.name));
    if understood {
        report.understood(rule.place.to_string(), text);
    } else {
        let text = format!("{text}, which somebody confirms: its formula is not understood");
        report.guessed(rule.place.to_string(), text);
    }
}
