//! The rules of reachability against brute force, over random small processes.

use proptest::prelude::*;

use crate::diag::Diagnostic;
use crate::lint::testing::Builder;
use crate::lint::{Check, Context, Rule, explain};
use crate::model::{Outcome, Process, StageId};

/// What a random stage is.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Open,
    Entry,
    Won,
    Lost,
    Final,
}

prop_compose! {
    fn process()(
        kinds in prop::collection::vec(
            prop_oneof![
                4 => Just(Kind::Open),
                2 => Just(Kind::Entry),
                1 => Just(Kind::Won),
                1 => Just(Kind::Lost),
                1 => Just(Kind::Final),
            ],
            1..8,
        ),
        moves in prop::collection::vec((0..8_usize, 0..8_usize), 0..14),
    ) -> Process {
        let mut b = Builder::new();
        let stages: Vec<StageId> = kinds
            .iter()
            .enumerate()
            .map(|(n, kind)| {
                let stage = b.stage(&format!("s{n}"));
                let of = &mut b.process.stages[stage];
                match kind {
                    Kind::Open => {}
                    Kind::Entry => of.entry = Some(vec![]),
                    Kind::Won => of.outcome = Some(Outcome::Won),
                    Kind::Lost => of.outcome = Some(Outcome::Lost),
                    Kind::Final => of.is_final = true,
                }
                stage
            })
            .collect();
        for (from, to) in moves {
            if let (Some(from), Some(to)) = (stages.get(from), stages.get(to)) {
                b.advance(*from, *to);
            }
        }
        b.process
    }
}

/// Everything some move leads to, again and again; those for which `stops` holds are not left.
fn closure(process: &Process, from: &[StageId], stops: impl Fn(StageId) -> bool) -> Vec<StageId> {
    let mut reached = from.to_vec();
    loop {
        let more: Vec<StageId> = process
            .transitions
            .values()
            .filter(|t| reached.contains(&t.from) && !stops(t.from) && !reached.contains(&t.to))
            .map(|t| t.to)
            .collect();
        match more.first() {
            Some(next) => reached.push(*next),
            None => return reached,
        }
    }
}

/// The stages at which a rule finds something.
fn flagged(rule: &str, process: &Process) -> Vec<StageId> {
    let context = Context::new(process, jiff::civil::date(2026, 1, 1));
    let mut findings: Vec<Diagnostic> = Vec::new();
    if let Some(Rule { check: Check::Process(check), .. }) = explain(rule) {
        check(&context, &mut findings);
    }
    let at = |finding: &Diagnostic| {
        let place = finding.primary.span.key();
        process.stages.iter().find(|(_, stage)| stage.span.key() == place).map(|(id, _)| id)
    };
    findings.iter().filter_map(at).collect()
}

proptest! {
    #[test]
    fn verdicts_agree_with_brute_force(process in process()) {
        let entries: Vec<StageId> =
            process.stages.ids().filter(|id| process.stages[*id].entry.is_some()).collect();
        prop_assume!(!entries.is_empty());
        let reached = closure(&process, &entries, |_| false);

        // Every stage that is not reached is flagged, or lies behind a flagged one; no other is. A
        // dead end may be why, and is then told alone.
        let dead = flagged("dead-end", &process);
        let unreachable = flagged("unreachable-stage", &process);
        let behind = closure(&process, &unreachable, |_| false);
        for stage in process.stages.ids() {
            prop_assert!(!reached.contains(&stage) || !unreachable.contains(&stage));
            prop_assert!(
                reached.contains(&stage) || behind.contains(&stage) || !dead.is_empty()
            );
            prop_assert!(dead.is_empty() || unreachable.is_empty());
        }

        let is_end = |id: StageId| {
            let stage = &process.stages[id];
            stage.outcome.is_some() || stage.is_final
        };
        let expected: Vec<StageId> = process
            .stages
            .ids()
            .filter(|id| reached.contains(id) && !is_end(*id))
            .filter(|id| closure(&process, &[*id], |_| false) == [*id])
            .collect();
        prop_assert_eq!(&dead, &expected);

        // Who is stuck is on the way to a dead end or a trap; who falls into one is stuck.
        let before_winning =
            closure(&process, &entries, |id| process.stages[id].outcome == Some(Outcome::Won));
        let stuck = |id: StageId| {
            !closure(&process, &[id], |_| false).iter().any(|stage| is_end(*stage))
        };
        let traps = flagged("trap", &process);
        for stage in before_winning {
            let ahead = closure(&process, &[stage], |_| false);
            let falls = ahead.iter().any(|s| dead.contains(s) || traps.contains(s));
            prop_assert!(!stuck(stage) || falls);
        }
        for stage in traps {
            prop_assert!(stuck(stage) && !dead.contains(&stage));
        }
    }
}
