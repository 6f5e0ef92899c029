//! No input makes the compiler panic, hang or lose something: processes that are there are changed
//! at random, by the character and by the declaration, and every stage looks at what comes of it.
//!
//! `PROPTEST_CASES` sets how many mutants each property sees, other ones every time; unset, they are the
//! same few in every run, so that what is said of their kinds holds. A failure prints the mutant; put it into `faults_found_once` when it is mended.

pub(crate) mod corpus;

pub(crate) mod meaning;
mod oracle;
mod records;
mod text;

use std::cell::Cell;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use corpus::Source;
use oracle::Reached;

/// No process of the corpus takes a tenth of this, however slow the machine.
const HANGS: Duration = Duration::from_secs(600);

fn config(usual: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    Config {
        cases: asked.unwrap_or(usual),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    }
}

/// What one change is made from: which kind of change, and where.
pub(crate) type Change = (u32, u32, u32, u32);

fn changes(most: usize) -> impl Strategy<Value = (u32, Vec<Change>)> {
    (any::<u32>(), prop::collection::vec(any::<Change>(), 1..=most))
}

/// Examines a mutant in time.
fn examine(source: &Source, seed: u32) -> Reached {
    let start = Instant::now();
    let reached = oracle::examine(source, seed);
    let taken = start.elapsed();
    assert!(taken < HANGS, "{taken:?}");
    reached
}

/// Examines as many mutants as are asked for, tells how many came how far, and shows one that fails.
fn run(usual: u32, most: usize, mutate: impl Fn(u32, &[Change]) -> Source) -> [u32; 3] {
    let counts = Cell::new([0; 3]);
    let mut runner = match std::env::var_os("PROPTEST_CASES") {
        Some(_) => TestRunner::new(config(usual)),
        None => TestRunner::new_with_rng(
            config(usual),
            TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        ),
    };
    let result = runner.run(&changes(most), |(seed, changes)| {
        let reached = examine(&mutate(seed, &changes), seed);
        let mut sums = counts.get();
        sums[reached as usize] += 1;
        counts.set(sums);
        Ok(())
    });
    match result {
        Ok(()) => counts.get(),
        Err(TestError::Fail(reason, (seed, changes))) => {
            panic!("{reason}, with seed {seed} in\n{}", mutate(seed, &changes))
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn the_corpus_reaches_the_targets() {
    let whole: Vec<&Source> = corpus::processes().iter().collect();
    for source in &whole {
        assert_eq!(examine(source, 1), Reached::Targets, "{}", source.name);
    }
    assert!(whole.len() >= 8, "{} processes", whole.len());
    assert!(corpus::files().len() >= 60, "{} files", corpus::files().len());
}

#[test]
fn no_change_of_the_text_is_too_much() {
    let counts = run(60, 5, |seed, changes| text::mutate(corpus::files(), seed, changes));
    let [broken, read, compiled] = counts;
    // Both kinds are needed: faults that are explained, and oddities that are taken.
    assert!(broken > 0 && read + compiled > 0, "{counts:?}");
}

#[test]
fn no_change_of_meaning_is_too_much() {
    let counts = run(12, 3, |seed, changes| meaning::mutate(corpus::processes(), seed, changes));
    let [broken, read, compiled] = counts;
    assert!(compiled > broken + read, "{counts:?}");
}
