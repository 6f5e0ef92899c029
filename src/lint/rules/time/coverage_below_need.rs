//! `coverage-below-need`: a pipeline that is too small even when it is as full as it should be.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::{Goal, Measure, StageId, Target, Value};

pub(crate) static RULE: Rule = Rule {
    name: "coverage-below-need",
    family: Family::Time,
    summary: "a coverage target below one over the win rate",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/coverage-below-need.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for goal in process.goals.values().filter(|goal| !goal.broken) {
        let (Some(Measure::Coverage { goal: covered, entering, .. }), Some(target)) =
            (&goal.measure, &goal.target)
        else {
            continue;
        };
        let Value::Number(times) = target.value else { continue };
        // What could not be read, or is still to be written, may be another way in.
        if !target.at_least || context.any_unfinished() {
            continue;
        }
        let Some(first) = first_stage(context, *entering) else { continue };
        let Some((rate, percent, of_rate)) = win_rate(context, first, *entering) else { continue };
        let Some(brings) = times.checked_mul(percent) else { continue };
        let Some(need) = Decimal::ONE_HUNDRED.checked_div(percent) else { continue };
        if brings >= Decimal::ONE_HUNDRED {
            continue;
        }
        let (name, covered) = (&goal.name, &process.goals[*covered].name);
        let (start, times) = (&process.stages[first].name, times.normalize());
        // Rounded up: what is written is what is enough.
        let need = need
            .round_dp_with_strategy(1, rust_decimal::RoundingStrategy::AwayFromZero)
            .normalize();
        findings.push(
            RULE.finding(
                target.span,
                format!("`{name}` asks for {times} times `{covered}`, and at the win rate of `{}` {need} times are needed", rate.name),
            )
            .reason("too little, even when it is reached")
            .label(of_rate.span, format!("{}% of what enters `{start}` is to be won", percent.normalize()))
            .story(format!(
                "of open deals worth {times} times the target, {}% are won: that is {}% of `{covered}`",
                percent.normalize(),
                brings.round_dp(1).normalize()
            ))
            .help(format!("ask for a coverage of {need} at least, or for a higher win rate")),
        );
    }
}

/// The stage by which every record enters those that the coverage counts.
fn first_stage(context: &Context<'_>, entering: StageId) -> Option<StageId> {
    let process = context.process;
    let counted: Vec<StageId> = process.covering_stages(entering).collect();
    let mut starts = process.stages.values().flat_map(|stage| stage.starts.iter());
    if starts.any(|(_, at)| counted.contains(at)) {
        return None;
    }
    let mut doors = counted.iter().filter(|id| {
        let stage = &process.stages[**id];
        let outside = |from| counted.binary_search(&from).is_err();
        stage.entry.is_some()
            || stage.incoming.iter().any(|id| outside(process.transitions[*id].from))
    });
    let first = doors.next()?;
    doors.next().is_none().then_some(*first)
}

/// The goal that asks for the most of what enters `from` to be won.
fn win_rate<'a>(
    context: &Context<'a>,
    from: StageId,
    won: StageId,
) -> Option<(&'a Goal, Decimal, &'a Target)> {
    let goals = context.process.goals.values().filter(|goal| !goal.broken);
    goals
        .filter_map(|goal| {
            let (Some(Measure::Conversion { from: start, to, .. }), Some(target)) =
                (&goal.measure, &goal.target)
            else {
                return None;
            };
            let Value::Percent(percent) = target.value else { return None };
            let fits = *start == from && *to == won && target.at_least && !percent.is_zero();
            fits.then_some((goal, percent, target))
        })
        .max_by_key(|(_, percent, _)| *percent)
}
