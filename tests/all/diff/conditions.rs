//! What is said about two conditions, against brute force: every record of a grid.

use std::collections::BTreeMap;

use ekiden::diff::{Aspect, Kind, Part};
use ekiden::logic::prove::{Formula, Prover};
use ekiden::model::{Expr, Process};

use super::changes;
use crate::prove::{FACTS, NOW, Random, brute_force, condition, process_with, size_of_grid};

/// Two conditions about the same facts, often related.
fn pair(random: &mut Random) -> (String, String, Vec<&'static str>) {
    let mut facts: Vec<&'static str> = Vec::new();
    while facts.is_empty() {
        for _ in 0..=random.below(2) {
            let fact = FACTS[random.below(FACTS.len())];
            // Confirmations have no identity that a text without names could keep.
            if !facts.contains(&fact) && fact != "confirmed" {
                facts.push(fact);
            }
        }
    }
    let one = condition(random, &facts, 2);
    let more = condition(random, &facts, 1);
    let other = match random.below(6) {
        0 => condition(random, &facts, 2),
        1 | 2 => format!("({one}) and ({more})"),
        3 | 4 => format!("({one}) or ({more})"),
        _ => format!("not (not ({one}))"),
    };
    (one, other, facts)
}

fn whens(old: &Process, new: &Process, count: usize) -> Vec<Option<Kind>> {
    let mut kinds = vec![None; count];
    for change in &changes(old, new).changes {
        let (Some(Part::Move(id)), Aspect::Of("when")) = (change.part.new, change.aspect) else {
            panic!("only conditions have changed: {change:?}");
        };
        let title = &new.transitions[id].title.as_ref().unwrap().value;
        kinds[title.parse::<usize>().unwrap()] = Some(change.kind);
        if matches!(change.kind, Kind::Tightened | Kind::Loosened | Kind::Shifted) {
            assert!(change.reason.as_ref().is_some_and(|told| told.ends_with('.')), "{change:?}");
        }
    }
    kinds
}

#[test]
fn every_verdict_is_that_of_brute_force() {
    let cases: usize =
        std::env::var("EKIDEN_PROOFS").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    let mut random = Random(7);
    let pairs: Vec<_> = (0..cases).map(|_| pair(&mut random)).collect();
    let ones: Vec<String> = pairs.iter().map(|pair| pair.0.clone()).collect();
    let others: Vec<String> = pairs.iter().map(|pair| pair.1.clone()).collect();
    let (old, before): (Process, Vec<Expr>) = process_with(&ones);
    let (new, after) = process_with(&others);
    let forward = whens(&old, &new, cases);
    let backward = whens(&new, &old, cases);
    let prover = Prover::new(&new, NOW);
    let mut counts: BTreeMap<Option<Kind>, usize> = BTreeMap::new();
    for (at, (one, other, facts)) in pairs.iter().enumerate() {
        let verdict = forward[at];
        *counts.entry(verdict).or_default() += 1;
        assert_eq!(verdict.map(Kind::reversed), backward[at], "{one} → {other}");
        if size_of_grid(&new, facts) >= 10_000 {
            continue;
        }
        let without = |a: &Expr, b: &Expr| {
            let formula = Formula::All(vec![Formula::Holds(a), Formula::Holds(b).negated()]);
            brute_force(&prover, &formula, facts)
        };
        let (shut, opened) = (without(&before[at], &after[at]), without(&after[at], &before[at]));
        match verdict {
            Some(Kind::Tightened) => assert_eq!(opened, None, "{one} → {other}"),
            Some(Kind::Loosened) => assert_eq!(shut, None, "{one} → {other}"),
            Some(Kind::Reworded) | None => {
                assert_eq!((shut, opened), (None, None), "{one} → {other}");
            }
            // The witnesses were confirmed, or nothing was claimed.
            Some(Kind::Shifted | Kind::Changed) => {}
            Some(kind) => panic!("{one} → {other} is not {kind:?}"),
        }
    }
    for kind in [Kind::Tightened, Kind::Loosened, Kind::Shifted, Kind::Reworded] {
        assert!(counts.get(&Some(kind)).is_some_and(|n| n * 50 > cases), "{counts:?}");
    }
    let undecided = counts.get(&Some(Kind::Changed)).copied().unwrap_or(0);
    assert!(undecided * 5 < cases, "{counts:?}");
}
