//! `forecast-order`: a step forward into a weaker forecast category.

use crate::diag::{Diagnostic, Level};
use crate::graph::Onward;
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Forecast, StageId};

use super::probability_falls::within_pipeline;

pub(crate) static RULE: Rule = Rule {
    name: "forecast-order",
    family: Family::Time,
    summary: "a forecast category that goes back where records advance",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/forecast-order.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if process.stages.values().filter(|stage| stage.forecast.is_some()).count() < 2 {
        return;
    }
    // A stage in two categories is told by `forecast-overlap`; which of them was meant is unknown.
    let forecast = |stage: StageId| match process.stages[stage].forecasts.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let rank = |stage: StageId| {
        let forecast = forecast(stage)?.value;
        Forecast::ALL.iter().position(|category| *category == forecast)
    };
    let onward =
        Onward::new(&context.stages, |from, edge, to| within_pipeline(context, from, edge, to));
    for (id, earlier, origin) in onward.greatest_before(rank) {
        let (Some(now), Some(then)) = (forecast(id), forecast(origin)) else { continue };
        // What is closed has been won already: behind it another race begins.
        if rank(id).is_none_or(|rank| rank >= earlier) || then.value == Forecast::Closed {
            continue;
        }
        let (stage, first) = (&process.stages[id].name, &process.stages[origin].name);
        let (was, is) = (then.value.word(), now.value.word());
        let record = story::a_record(process, id);
        findings.push(
            RULE.finding(
                now.span,
                format!("`{first}` is forecast as `{was}`, and `{stage}` behind it as `{is}`"),
            )
            .reason("a weaker promise, though a step further")
            .label(then.span, "the stronger one, a step before")
            .story(format!(
                "{record} counts as `{was}` in `{first}`, advances, and counts as `{is}` in `{stage}`: its way forward takes it out of the forecast"
            ))
            .help("from first to last: `omitted`, `pipeline`, `best_case`, `most_likely`, `commit`"),
        );
    }
}
