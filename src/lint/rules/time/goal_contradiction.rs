//! `goal-contradiction`: targets that cannot hold together.

mod shares;
mod volumes;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::duration::certainly_longer;
use crate::model::{Duration, Every, Expr, Goal, Measure, StageId, Statistic, Value};
use crate::source::Span;

pub(crate) static RULE: Rule = Rule {
    name: "goal-contradiction",
    family: Family::Time,
    summary: "targets that cannot hold together",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/goal-contradiction.md"),
    check: Check::Process(check),
};

/// Of more goals about one stage, the first are compared with each other.
const MOST_ABOUT_ONE: usize = 40;
/// Searches through the stages that a process is worth.
const MOST_SEARCHES: usize = 50;

/// What a goal claims.
#[derive(Clone, Copy)]
struct Claim<'a> {
    goal: &'a Goal,
    measure: &'a Measure,
    at_least: bool,
    value: &'a Value,
    every: Option<Every>,
    span: Span,
}

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let mut about: FxHashMap<StageId, Vec<Claim<'_>>> = FxHashMap::default();
    let mut stages = Vec::new();
    for goal in process.goals.values().filter(|goal| !goal.broken) {
        let (Some(measure), Some(target)) = (&goal.measure, &goal.target) else { continue };
        let stage = match measure {
            Measure::Conversion { from, .. } | Measure::Cycle { from, .. } => *from,
            Measure::Entries { into: stage, .. }
            | Measure::Balance { of: stage }
            | Measure::Dwell { stage, .. }
            | Measure::Sum { entering: stage, .. }
            | Measure::Share { of: stage, .. }
            | Measure::Coverage { entering: stage, .. } => *stage,
        };
        let claims = about.entry(stage).or_default();
        if claims.is_empty() {
            stages.push(stage);
        }
        if claims.len() < MOST_ABOUT_ONE {
            claims.push(Claim {
                goal,
                measure,
                at_least: target.at_least,
                value: &target.value,
                every: target.every,
                span: target.span,
            });
        }
    }
    let mut searches = MOST_SEARCHES;
    for stage in stages {
        let Some(claims) = about.get(&stage) else { continue };
        for (index, first) in claims.iter().enumerate() {
            for second in claims.iter().skip(index + 1) {
                let (least, most) = match (first.at_least, second.at_least) {
                    (true, false) => (first, second),
                    (false, true) => (second, first),
                    _ => continue,
                };
                findings.extend(opposed(context, least, most, &mut searches));
            }
        }
        shares::check(context, claims, &mut searches, findings);
    }
    volumes::check(context, &about, findings);
}

/// One goal asks for at least what the other forbids.
fn opposed(
    context: &Context<'_>,
    least: &Claim<'_>,
    most: &Claim<'_>,
    searches: &mut usize,
) -> Option<Diagnostic> {
    let calendar = &context.process.calendar;
    let name = |stage: StageId| context.process.stages[stage].name.as_str();
    let same_period = least.every == most.every;
    match (least.measure, most.measure) {
        (
            Measure::Conversion { from, to, within },
            Measure::Conversion { to: passed, within: allowed, .. },
        ) if same_period && greater(least, most)? && as_long(context, *within, *allowed) => {
            if to != passed && !only_by(context, *from, *passed, *to, searches) {
                return None;
            }
            let by = if to == passed {
                String::new()
            } else {
                format!(", and each of them passes `{}`, which", name(*passed))
            };
            let told = format!(
                "of 100 records that enter `{}`, {} at least are to reach `{}`{}{by} {} at most may reach",
                name(*from),
                number(least),
                name(*to),
                if to == passed { "," } else { "" },
                number(most),
            );
            Some(finding(least, most, told))
        }
        (Measure::Entries { into, when }, Measure::Entries { when: allowed, .. })
            if covers(context, when.as_ref(), allowed.as_ref()) =>
        {
            let told = volumes::told(least, most)?;
            Some(finding(least, most, format!("{told} to enter `{}`", name(*into))))
        }
        (
            Measure::Sum { field, entering, when },
            Measure::Sum { field: other, when: allowed, .. },
        ) if field == other && when == allowed && same_period && greater(least, most)? => {
            let told = format!(
                "`{}` of the records that enter `{}` is to add up to {} or more, and to {} or less",
                context.process.fields[*field].name,
                name(*entering),
                context.process.value_source(least.value),
                context.process.value_source(most.value)
            );
            Some(finding(least, most, told))
        }
        (Measure::Coverage { goal, by, .. }, Measure::Coverage { goal: other, by: value, .. })
            if goal == other && by == value && greater(least, most)? =>
        {
            let told = format!(
                "open records are to be worth {} times the target of `{}` or more, and {} times or less",
                number(least),
                context.process.goals[*goal].name,
                number(most)
            );
            Some(finding(least, most, told))
        }
        (Measure::Balance { of }, Measure::Balance { .. }) if greater(least, most)? => {
            let (few, many) = (number(most), number(least));
            let told =
                format!("`{}` is to hold {many} records or more, and {few} or fewer", name(*of));
            Some(finding(least, most, told))
        }
        (
            Measure::Cycle { statistic, from, to },
            Measure::Cycle { statistic: other, to: end, .. },
        ) if to == end && same_period && not_above(*statistic, *other) => {
            let (long, short) = (time(least)?, time(most)?);
            let what = format!("from `{}` to `{}`", name(*from), name(*to));
            (certainly_longer(long, short, calendar) == Some(true))
                .then(|| finding(least, most, slow(&what, (*statistic, long), (*other, short))))
        }
        (Measure::Dwell { statistic, stage }, Measure::Dwell { statistic: other, .. })
            if same_period && not_above(*statistic, *other) =>
        {
            let (long, short) = (time(least)?, time(most)?);
            let what = format!("in `{}`", name(*stage));
            (certainly_longer(long, short, calendar) == Some(true))
                .then(|| finding(least, most, slow(&what, (*statistic, long), (*other, short))))
        }
        (Measure::Share { of, when }, Measure::Share { when: allowed, .. })
            if same_period
                && greater(least, most)?
                && covers(context, Some(when), Some(allowed)) =>
        {
            let source = |when| {
                story::brief(context.process, when)
                    .map_or_else(|| "that are meant".to_owned(), |text| format!("with `{text}`"))
            };
            let told = if when == allowed {
                format!(
                    "of 100 records that enter `{}`, {} at least and {} at most are to be those {}",
                    name(*of),
                    number(least),
                    number(most),
                    source(when)
                )
            } else {
                format!(
                    "of 100 records that enter `{}`, {} at least are to be those {}; each of them is one {}, of which {} at most are allowed",
                    name(*of),
                    number(least),
                    source(when),
                    source(allowed),
                    number(most)
                )
            };
            Some(finding(least, most, told))
        }
        _ => None,
    }
}

/// Two claims, told at the one written later.
fn finding(one: &Claim<'_>, other: &Claim<'_>, told: String) -> Diagnostic {
    let (first, second) =
        if one.goal.span.key() <= other.goal.span.key() { (one, other) } else { (other, one) };
    let (a, b) = (&first.goal.name, &second.goal.name);
    RULE.finding(second.span, format!("`{a}` and `{b}` cannot both be reached"))
        .reason("leaves no room for the other target")
        .label(first.span, "the other target")
        .story(told)
        .help("decide which of the two holds, and correct the other")
}

/// Whether the first claim's value is above the second's; `None` where they cannot be compared.
fn greater(least: &Claim<'_>, most: &Claim<'_>) -> Option<bool> {
    match (least.value, most.value) {
        (Value::Number(a), Value::Number(b)) | (Value::Percent(a), Value::Percent(b)) => {
            Some(a > b)
        }
        (Value::Money(a), Value::Money(b)) if a.currency == b.currency => Some(a.amount > b.amount),
        _ => None,
    }
}

fn time(claim: &Claim<'_>) -> Option<Duration> {
    if let Value::Duration(time) = claim.value { Some(*time) } else { None }
}

/// A number or percentage as it is told.
fn number(claim: &Claim<'_>) -> Decimal {
    match claim.value {
        Value::Number(number) | Value::Percent(number) => number.normalize(),
        _ => Decimal::ZERO,
    }
}

/// Whether the first statistic is never above the second.
fn not_above(one: Statistic, other: Statistic) -> bool {
    one == other || (one == Statistic::Median && other == Statistic::P90)
}

fn slow(what: &str, long: (Statistic, Duration), short: (Statistic, Duration)) -> String {
    let of = |(statistic, time): (Statistic, Duration), bound: &str| match statistic {
        Statistic::Median => format!("half of all records are to take {time} or {bound} {what}"),
        Statistic::P90 => format!("nine of ten are to take {time} or {bound} {what}"),
        Statistic::Average => format!("records are to take {time} or {bound} {what} on average"),
    };
    format!("{}, and {}", of(long, "more"), of(short, "less"))
}

/// Whether all that happens within the first time happens within the second.
fn as_long(context: &Context<'_>, within: Option<Duration>, allowed: Option<Duration>) -> bool {
    match (within, allowed) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(within), Some(allowed)) => {
            certainly_longer(within, allowed, &context.process.calendar) == Some(false)
        }
    }
}

/// Whether every record of the first kind is one of the second.
fn covers<'a>(context: &Context<'a>, when: Option<&'a Expr>, allowed: Option<&'a Expr>) -> bool {
    match (when, allowed) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(when), Some(allowed)) => {
            when == allowed
                || matches!(
                    context.prover.implies(when.into(), allowed.into()),
                    crate::logic::prove::Proof::Proved
                )
        }
    }
}

/// Whether every way from one stage to another passes a third.
fn only_by(
    context: &Context<'_>,
    from: StageId,
    passed: StageId,
    to: StageId,
    searches: &mut usize,
) -> bool {
    if context.any_unfinished() || *searches == 0 {
        return false;
    }
    *searches -= 1;
    let around = context.stages.reach([from], |_, _, next| next != passed);
    !around.contains(to) && context.stages.reach([passed], |_, _, _| true).contains(to)
}
