//! Proposes that something new was something that is gone: a fix that writes `was [old]` into its
//! declaration.

mod place;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::{Fix, Safety};
use crate::model::{Origin, TransitionId};

use super::rules::alike;
use super::{Aspect, Change, Comparison, Kind, Part, Sources};

/// Gives each finding about something that is gone the fix it may have. What is like several new
/// things, or is not the only one that is like a new thing, has none.
pub(super) fn propose(both: &Comparison<'_>, sources: &Sources, changes: &mut [Change<'_>]) {
    let guesses: Vec<Option<Part>> = changes.iter().map(|change| guess(both, change)).collect();
    let mut wanted: FxHashMap<Part, usize> = FxHashMap::default();
    for part in guesses.iter().flatten() {
        *wanted.entry(*part).or_default() += 1;
    }
    let asked = changes.iter().zip(&guesses).map(|(change, guess)| {
        let part = guess.filter(|part| wanted.get(part) == Some(&1))?;
        let gone = change.part.old?;
        // Rules speak of some kinds of parts only; of those, what is silenced stays so.
        let is_told = matches!(gone, Part::Team(_) | Part::Role(_) | Part::Criterion(_));
        (is_told || !change.breaks.is_empty()).then_some((part, gone.name(both.old)))
    });
    let asked: Vec<Option<(Part, String)>> = asked.collect();
    let places = asked.iter().flatten().map(|(part, old)| (part.span(both.new), old.as_str()));
    let mut edits = place::edits(sources, &places.collect::<Vec<_>>()).into_iter();
    for (change, asked) in changes.iter_mut().zip(asked) {
        let Some((part, old)) = asked else { continue };
        let Some(edit) = edits.next().flatten() else { continue };
        let fix = Fix {
            title: format!("write `was [{old}]` in {}", part.said(both.new)),
            safety: Safety::Unsafe,
            edits: vec![edit],
        };
        match change.breaks.first_mut() {
            Some(found) => found.fix = Some(fix),
            None => change.rename = Some(fix),
        }
        change.maybe = Some(part);
    }
    tell_once(both, changes);
}

/// What may only be called otherwise is told where it is asked whether it is: not again as something
/// new, and not by the moves to it.
fn tell_once(both: &Comparison<'_>, changes: &mut [Change<'_>]) {
    let maybe: FxHashMap<Part, Part> =
        changes.iter().filter_map(|change| Some((change.part.old?, change.maybe?))).collect();
    if maybe.is_empty() {
        return;
    }
    let new: FxHashSet<Part> = maybe.values().copied().collect();
    // What a move would be if the stage it goes to were the new one.
    let would_be = |id: TransitionId| {
        let gone = &both.old.transitions[id];
        let Some(Part::Stage(to)) = maybe.get(&Part::Stage(gone.to)) else { return None };
        let from = match gone.origin {
            Origin::AnyOpen => None,
            _ => Some(both.pairs.stages.new_of(gone.from)?),
        };
        Some((from, gone.kind, *to))
    };
    let is = |id: TransitionId| {
        let come = &both.new.transitions[id];
        ((come.origin != Origin::AnyOpen).then_some(come.from), come.kind, come.to)
    };
    let whole = |change: &Change<'_>, kind| {
        change.kind == kind && change.aspect == Aspect::Whole && change.breaks.is_empty()
    };
    let gone: FxHashSet<_> = changes
        .iter()
        .filter(|change| whole(change, Kind::Removed))
        .filter_map(|change| match change.part.old? {
            Part::Move(id) => would_be(id),
            _ => None,
        })
        .collect();
    let come: FxHashSet<_> = changes
        .iter()
        .filter(|change| whole(change, Kind::Added))
        .filter_map(|change| match change.part.new? {
            Part::Move(id) => Some(is(id)),
            _ => None,
        })
        .collect();
    for change in changes {
        change.with_another = match (change.part.old, change.part.new) {
            (None, Some(Part::Move(id))) => whole(change, Kind::Added) && gone.contains(&is(id)),
            (None, Some(part)) => whole(change, Kind::Added) && new.contains(&part),
            (Some(Part::Move(id)), None) => {
                whole(change, Kind::Removed) && would_be(id).is_some_and(|one| come.contains(&one))
            }
            _ => false,
        };
    }
}

fn guess(both: &Comparison<'_>, change: &Change<'_>) -> Option<Part> {
    let is_gone =
        change.kind == Kind::Removed && change.aspect == Aspect::Whole && change.part.new.is_none();
    let guess = alike::part(both, change.part.old.filter(|_| is_gone)?)?;
    guess.is_only.then_some(guess.part)
}
