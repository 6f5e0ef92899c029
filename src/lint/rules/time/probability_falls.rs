//! `probability-falls`: a step forward that makes winning less likely.

use crate::diag::{Diagnostic, Level};
use crate::graph::{Edge, Onward};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Origin, StageId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "probability-falls",
    family: Family::Time,
    summary: "a probability that falls where records advance",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/probability-falls.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if process.stages.values().filter(|stage| stage.probability.is_some()).count() < 2 {
        return;
    }
    let onward =
        Onward::new(&context.stages, |from, edge, to| within_pipeline(context, from, edge, to));
    let probability = |stage: StageId| process.stages[stage].probability;
    let before = onward.greatest_before(|stage| probability(stage).map(|percent| percent.value));
    for (id, earlier, origin) in before {
        let (Some(now), Some(then)) = (probability(id), probability(origin)) else { continue };
        // What is certain has been won already: behind it another race begins.
        if now.value >= earlier || earlier >= rust_decimal::Decimal::ONE_HUNDRED {
            continue;
        }
        let (stage, first) = (&process.stages[id].name, &process.stages[origin].name);
        let record = story::a_record(process, id);
        findings.push(
            RULE.finding(
                now.span,
                format!("the probability falls from {earlier}% in `{first}` to {}% in `{stage}`", now.value),
            )
            .reason("less likely to be won, though a step further")
            .label(then.span, "more likely here, a step before")
            .story(format!(
                "{record} counts with {earlier}% of its value in `{first}`, meets all that is asked there, advances, and counts with {}% in `{stage}`",
                now.value
            ))
            .help("let the probability rise with every step, or hold the two stages for one"),
        );
    }
}

/// Whether a move is a step forward among the open stages of one record type.
pub(super) fn within_pipeline(
    context: &Context<'_>,
    from: StageId,
    edge: Edge,
    to: StageId,
) -> bool {
    let process = context.process;
    let Edge::Move(id) = edge else { return false };
    let transition = &process.transitions[id];
    let (first, second) = (&process.stages[from], &process.stages[to]);
    transition.kind == TransitionKind::Advance
        && transition.origin == Origin::Declared
        && first.record == second.record
        && first.is_open()
        && second.is_open()
}
