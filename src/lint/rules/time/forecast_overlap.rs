//! `forecast-overlap`: a stage counted twice, or in the wrong place.

use crate::diag::{Diagnostic, Edit, Level, Safety};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Forecast, Outcome, Stage, StageId};
use crate::source::Spanned;

use super::probability_outcome::behind_a_win;

pub(crate) static RULE: Rule = Rule {
    name: "forecast-overlap",
    family: Family::Time,
    summary: "a stage in two forecast categories, or in one that contradicts its outcome",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/forecast-overlap.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let behind = behind_a_win(context);
    for (id, stage) in process.stages.iter() {
        let Some(first) = stage.forecasts.first() else { continue };
        if let Some(second) = stage.forecasts.iter().find(|forecast| forecast.value != first.value)
        {
            findings.push(twice(context, id, *first, *second));
            continue;
        }
        let category = first.value.word();
        let name = &stage.name;
        let record = story::a_record(process, id);
        let finding = match (stage.outcome, first.value) {
            (
                Some(outcome),
                Forecast::Pipeline | Forecast::BestCase | Forecast::MostLikely | Forecast::Commit,
            ) => {
                let right = if outcome == Outcome::Won { "closed" } else { "omitted" };
                let word = outcome.word();
                let edit = Edit { span: first.span, replacement: right.to_owned() };
                RULE.finding(first.span, format!("`{name}` is {word}, and forecast as `{category}`"))
                    .reason("a category of what is still open")
                    .story(format!("{record} that is {word} still counts as `{category}`: nothing more will come of it"))
                    .help(format!("write `forecast {right}`"))
                    .fix(format!("write `{right}`"), Safety::Safe, vec![edit])
            }
            (None, Forecast::Closed) if !behind.contains(id) && !decided(stage) => RULE
                .finding(first.span, format!("`{name}` is still open, and forecast as `closed`"))
                .reason("counts as revenue that is already there")
                .story(format!(
                    "{}, and counts as closed, though nothing has been won",
                    story::arrival(context, id)
                ))
                .help(
                    "write `forecast commit` for what is promised, or give the stage its `outcome`",
                ),
            _ => continue,
        };
        findings.push(finding);
    }
}

/// Whether the stage itself says that it is as good as won.
fn decided(stage: &Stage) -> bool {
    stage.probability.is_some_and(|percent| percent.value >= rust_decimal::Decimal::ONE_HUNDRED)
}

fn twice(
    context: &Context<'_>,
    id: StageId,
    first: Spanned<Forecast>,
    second: Spanned<Forecast>,
) -> Diagnostic {
    let (one, other) = (first.value.word(), second.value.word());
    RULE.finding(
        second.span,
        format!("`{}` is forecast twice, as `{one}` and as `{other}`", context.process.stages[id].name),
    )
    .reason("a second category")
    .label(first.span, "the first category")
    .story(format!(
        "{}, and its value is counted in `{one}` and again in `{other}`",
        story::arrival(context, id)
    ))
    .help("keep one; what divides the records of this stage is a condition, and so a stage of its own")
}
