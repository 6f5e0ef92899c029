//! Blocks of a state diagram: states that hold others. A record stands in one of those inside, so a
//! block that says where it begins is no stage.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::import::report::{Report, code};
use crate::import::{MOST_MOVES, Move, Stage};

/// A block, by the places of its stages.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    /// The state that it is the inside of.
    pub(super) of: Option<usize>,
    /// The block in which it was opened.
    pub(super) within: Option<usize>,
    /// Where it begins in the text.
    pub(super) line: usize,
    /// Where records come in.
    pub(super) start: Option<usize>,
    /// Where they leave.
    pub(super) ends: Vec<usize>,
    /// Everything that is named in it, and in no block before.
    pub(super) inside: Vec<usize>,
}

/// Takes blocks that say where they begin out of the stages: what goes to one goes to its beginning,
/// and what leaves it leaves from its ends, or else from everywhere inside.
pub(super) fn flatten(
    blocks: &[Block],
    stages: &mut Vec<Stage>,
    moves: &mut Vec<Move>,
    report: &mut Report,
) {
    let blocks = apart(joined(blocks));
    let mut gone: FxHashMap<usize, &Block> = FxHashMap::default();
    for block in &blocks {
        let Some(of) = block.of else { continue };
        // A block that begins in itself, by whatever way, begins nowhere.
        if block.start.is_some_and(|start| begin(&gone, start) != of) {
            gone.insert(of, block);
        }
    }
    tell(&blocks, &gone, stages, report);
    if gone.is_empty() {
        return;
    }
    // What is won or lost by its name is not left with the block around it.
    let is_open =
        |at: &usize| stages.get(*at).is_none_or(|stage| super::outcome_of(stage).is_none());
    let outs: FxHashMap<usize, Vec<usize>> = gone
        .keys()
        .map(|of| {
            let all = outs(&gone, *of);
            let open: Vec<usize> = all.iter().copied().filter(is_open).collect();
            (*of, if open.is_empty() { all } else { open })
        })
        .collect();
    for (of, ends) in &outs {
        let (entry, last) = stages.get(*of).map_or((false, false), |it| (it.entry, it.last));
        if let Some(start) = stages.get_mut(begin(&gone, *of)) {
            start.entry |= entry;
        }
        for end in ends {
            if let Some(end) = stages.get_mut(*end) {
                end.last |= last;
            }
        }
    }
    // What is left moves up.
    let mut places = Vec::with_capacity(stages.len());
    let mut count = 0usize;
    for at in 0..stages.len() {
        places.push(count);
        count += usize::from(!gone.contains_key(&at));
    }
    let place = |at: usize| places.get(at).copied().unwrap_or(at);
    let mut seen = FxHashSet::default();
    let mut flat = Vec::with_capacity(moves.len());
    'all: for one in moves.drain(..) {
        let to = place(begin(&gone, one.to));
        let itself = [one.from];
        for from in outs.get(&one.from).map_or(itself.as_slice(), Vec::as_slice) {
            let flattened = gone.contains_key(&one.from) || gone.contains_key(&one.to);
            let one = Move { from: place(*from), to, ..one.clone() };
            // Who leaves a block for where it begins, and stands there, moves nowhere.
            if flattened && one.from == one.to {
                continue;
            }
            if seen.insert((one.from, one.to, one.title.clone())) {
                flat.push(one);
            }
            // Few lines make many moves: who reads them refuses what is one too many.
            if flat.len() > MOST_MOVES {
                break 'all;
            }
        }
    }
    *moves = flat;
    let mut at = 0;
    stages.retain(|_| {
        at += 1;
        !gone.contains_key(&(at - 1))
    });
}

/// The blocks, of those of one state one.
fn joined(blocks: &[Block]) -> Vec<Block> {
    let mut joined: Vec<Block> = Vec::new();
    let mut known: FxHashMap<usize, usize> = FxHashMap::default();
    for block in blocks {
        let next = joined.len();
        let at = block.of.map_or(next, |of| *known.entry(of).or_insert(next));
        match joined.get_mut(at) {
            Some(known) => {
                known.start = known.start.or(block.start);
                known.ends.extend(&block.ends);
                known.inside.extend(&block.inside);
            }
            None => joined.push(block.clone()),
        }
    }
    joined
}

/// The blocks, each in the one in which it was opened, and in no other: a move may name one before.
fn apart(mut blocks: Vec<Block>) -> Vec<Block> {
    let within: FxHashMap<usize, Option<usize>> =
        blocks.iter().filter_map(|block| Some((block.of?, block.within))).collect();
    for block in &mut blocks {
        let of = block.of;
        block.inside.retain(|at| within.get(at).is_none_or(|within| *within == of));
    }
    blocks
}

/// Says of each block what became of it.
fn tell(blocks: &[Block], gone: &FxHashMap<usize, &Block>, stages: &[Stage], report: &mut Report) {
    let title = |at: usize| stages.get(at).map_or(String::new(), |stage| code(&stage.title));
    for block in blocks {
        let Some(of) = block.of else { continue };
        let line = format!("line {}", block.line);
        let Some(start) = block.start.filter(|_| gone.contains_key(&of)) else {
            let text = format!(
                "{} is a stage beside those inside it, which it contains in the diagram",
                title(of)
            );
            report.guessed(line, text);
            continue;
        };
        let out = if block.ends.is_empty() || ways_out(gone, of, false).is_empty() {
            "any stage inside it".to_owned()
        } else {
            block.ends.iter().map(|end| title(*end)).collect::<Vec<_>>().join(", ")
        };
        let text = format!(
            "{} is no stage, for it contains others: what goes to it goes to {}, what leaves it leaves {out}",
            title(of),
            title(start),
        );
        report.guessed(&line, text);
        if let Some(said) = stages.get(of).and_then(|stage| stage.purpose.as_deref()) {
            report.dropped(line, format!("what {} says further: {}", title(of), code(said)));
        }
    }
}

/// Where a record is that goes to a stage, or to a block in a block.
fn begin(gone: &FxHashMap<usize, &Block>, at: usize) -> usize {
    let mut at = at;
    // Every block is left at most once.
    for _ in 0..gone.len() {
        match gone.get(&at).and_then(|block| block.start) {
            Some(start) => at = start,
            None => break,
        }
    }
    at
}

/// Where a record may be that leaves a block: in its ends. A block that ends only in itself says nothing
/// of where, and is left from anywhere inside.
fn outs(gone: &FxHashMap<usize, &Block>, of: usize) -> Vec<usize> {
    let ends = ways_out(gone, of, false);
    if ends.is_empty() { ways_out(gone, of, true) } else { ends }
}

fn ways_out(gone: &FxHashMap<usize, &Block>, of: usize, anywhere: bool) -> Vec<usize> {
    let mut found = Vec::new();
    let mut seen = FxHashSet::default();
    // Of a block that may be left from anywhere also those within are.
    let mut left = vec![(of, anywhere)];
    while let Some((at, anywhere)) = left.pop() {
        if !seen.insert((at, anywhere)) {
            continue;
        }
        match gone.get(&at) {
            Some(block) if anywhere || block.ends.is_empty() => {
                left.extend(block.start.iter().chain(&block.inside).map(|at| (*at, true)));
            }
            Some(block) => left.extend(block.ends.iter().map(|at| (*at, false))),
            None => found.push(at),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
