//! How many records enter, here and further on.

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::diag::Diagnostic;
use crate::lint::Context;
use crate::model::{Every, Measure, Period, StageId, Value};

use super::{Claim, finding, number};

/// A stage that can only be entered from another is entered no more often than that one.
pub(super) fn check(
    context: &Context<'_>,
    about: &FxHashMap<StageId, Vec<Claim<'_>>>,
    findings: &mut Vec<Diagnostic>,
) {
    if context.any_unfinished() || about.is_empty() {
        return;
    }
    let process = context.process;
    let started: rustc_hash::FxHashSet<StageId> =
        process.stages.values().flat_map(|stage| stage.starts.iter().map(|(_, at)| *at)).collect();
    let entries = |stage: StageId, at_least: bool| {
        let claims = about.get(&stage).into_iter().flatten();
        claims.filter(move |claim| {
            claim.at_least == at_least && matches!(claim.measure, Measure::Entries { .. })
        })
    };
    for stage in process.stages.ids() {
        for least in entries(stage, true) {
            let mut at = stage;
            // Up the way on which each stage has one before it, and no further than it is long.
            for _ in 0..super::MOST_SEARCHES {
                let of = &process.stages[at];
                let mut before = of.incoming.iter().map(|id| process.transitions[*id].from);
                let Some(only) = before.next() else { break };
                let alone = before.all(|other| other == only);
                if of.entry.is_some() || !alone || only == stage || started.contains(&at) {
                    break;
                }
                at = only;
                for most in entries(at, false) {
                    // Only some of the records are counted there: the others come on top.
                    if !matches!(most.measure, Measure::Entries { when: None, .. }) {
                        continue;
                    }
                    let Some(told) = told(least, most) else { continue };
                    let (here, there) = (&process.stages[stage].name, &process.stages[at].name);
                    let told = format!(
                        "{told}: at least so many to enter `{here}`, at most so many `{there}`, and no other way leads to `{here}`"
                    );
                    findings.push(finding(least, most, told));
                }
            }
        }
    }
}

/// How the numbers contradict each other, brought to one period: "100 records every month are 300
/// every quarter, and 50 are allowed".
pub(super) fn told(least: &Claim<'_>, most: &Claim<'_>) -> Option<String> {
    let (Value::Number(few), Value::Number(many)) = (most.value, least.value) else { return None };
    let (asked, allowed) = (number(least), number(most));
    if least.every == most.every {
        return (many > few)
            .then(|| format!("{asked} records are asked for, and {allowed} are allowed"));
    }
    let (Some(Every::Period(of_least)), Some(Every::Period(of_most))) = (least.every, most.every)
    else {
        return None;
    };
    let (short, long) = (of_least.word(), of_most.word());
    if let Some((full, _)) = periods(of_least, of_most) {
        // So many whole periods lie in the longer one, whatever day it begins.
        let sum = many.checked_mul(Decimal::from(full))?;
        (sum > *few).then(|| {
            format!(
                "{asked} records every {short} are {} every {long} at least, and {allowed} are allowed",
                sum.normalize()
            )
        })
    } else {
        let (_, touched) = periods(of_most, of_least)?;
        let sum = few.checked_mul(Decimal::from(touched))?;
        (*many > sum).then(|| {
            format!(
                "{allowed} records every {long} are {} every {short} at most, and {asked} are asked for",
                sum.normalize()
            )
        })
    }
}

/// How many of the shorter period lie wholly in the longer one at least, and how many it touches at
/// most.
fn periods(short: Period, long: Period) -> Option<(u32, u32)> {
    Some(match (short, long) {
        (Period::Day, Period::Week) => (7, 7),
        (Period::Day, Period::Month) => (28, 31),
        (Period::Day, Period::Quarter) => (90, 92),
        (Period::Day, Period::Year) => (365, 366),
        (Period::Week, Period::Month) => (3, 6),
        (Period::Week, Period::Quarter) => (12, 15),
        (Period::Week, Period::Year) => (51, 54),
        (Period::Month, Period::Quarter) => (3, 3),
        (Period::Month, Period::Year) => (12, 12),
        (Period::Quarter, Period::Year) => (4, 4),
        _ => return None,
    })
}
