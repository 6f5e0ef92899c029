//! What a build sends otherwise than HubSpot has answered it.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::import::report::{Report, code};
use crate::import::{Pipeline, Stage};
use crate::model::Outcome;

/// Tells of probabilities that are not in tenths, and of stages that stand elsewhere.
pub(super) fn tell(pipeline: &Pipeline, report: &mut Report) {
    if pipeline.object.as_deref() == Some("deals") {
        pipeline.stages.iter().for_each(|stage| probability(stage, report));
    }
    order(&pipeline.stages, report);
}

/// The documentation of HubSpot has steps of a tenth. What an account holds may be between them.
fn probability(stage: &Stage, report: &mut Report) {
    let Some(has) = stage.probability else { return };
    let sent = match stage.outcome {
        Some(Outcome::Won) => Decimal::ONE_HUNDRED,
        Some(Outcome::Lost | Outcome::Void) => Decimal::ZERO,
        None => {
            let tenths = has / Decimal::TEN;
            let whole = tenths.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
            whole.clamp(Decimal::ONE, Decimal::from(9)) * Decimal::TEN
        }
    };
    if sent == has {
        return;
    }
    let why = match stage.outcome {
        None => "HubSpot documents 10% to 90% for an open stage, in steps of 10%",
        Some(_) => "a stage that has ended is won and has 100% there, or 0%",
    };
    let text = format!(
        "{} has {}% in HubSpot, a build sends {sent}%: {why}",
        code(&stage.title),
        has.normalize()
    );
    report.odd(&stage.place, text);
}

/// A build writes the open stages first, then what is won, lost and void.
fn order(stages: &[Stage], report: &mut Report) {
    let rank = |at: &usize| match stages.get(*at).and_then(|stage| stage.outcome) {
        None => 0,
        Some(Outcome::Won) => 1,
        Some(Outcome::Lost) => 2,
        Some(Outcome::Void) => 3,
    };
    let mut sent: Vec<usize> = (0..stages.len()).collect();
    sent.sort_by_key(rank);
    let moved = sent.iter().enumerate().find(|(at, sent)| at != *sent);
    let Some((first, stage)) = moved.and_then(|(at, sent)| Some((at, stages.get(*sent)?))) else {
        return;
    };
    let behind = sent.iter().skip(first).filter_map(|at| stages.get(*at));
    let behind: Vec<String> = behind.map(|stage| code(&stage.title)).collect();
    let before = match first.checked_sub(1).and_then(|at| stages.get(at)) {
        Some(stage) => format!("behind {} come", code(&stage.title)),
        None => "they are".to_owned(),
    };
    let text = format!(
        "a build sends the open stages first, then those that are won, lost and void: {before} {}",
        behind.join(", ")
    );
    report.odd(&stage.place, text);
}
