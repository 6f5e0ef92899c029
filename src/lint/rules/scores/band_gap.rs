//! `band-gap`: bands of a score that leave values out.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Level};
use crate::lint::bands::{Axis, Band, hole};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Points, Process, Score, Value};

use super::band_overlap::bands;

pub(crate) static RULE: Rule = Rule {
    name: "band-gap",
    family: Family::Scores,
    summary: "bands of a score that leave a value between or below them without points",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/band-gap.md"),
    check: Check::Process(check),
};

/// Two or more ranges of one value in one category, at least one of them with two ends, none within
/// another: bands. A hole is a slip where it is a single value wide, or where all other bands
/// join: wide holes may be meant. Below the lowest band only the least value that the field declares
/// is asked for.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for score in process.scores.values().filter(|score| !score.broken) {
        for mut bands in bands(score) {
            let closed = bands.iter().filter(|(band, _)| band.is_closed()).count();
            if bands.len() < 2 || closed == 0 || tiers(&bands) {
                continue;
            }
            bands.sort_by_key(|(band, _)| band.low.map(|(low, has)| (low, !has)));
            let pairs: Vec<_> =
                bands.windows(2).filter_map(|pair| pair.first().zip(pair.get(1))).collect();
            let holes: Vec<_> = pairs
                .iter()
                .filter_map(|(a, b)| Some((hole(&a.0, &b.0, process)?, a.1, b.1)))
                .collect();
            let joined = pairs.len() - holes.len();
            for ((first, last), below, above) in &holes {
                if first == last || (holes.len() == 1 && joined > 0) {
                    findings.push(between(process, score, &bands, *first, (below, above)));
                }
            }
            if holes.is_empty()
                && let Some((band, rule)) = bands.first()
            {
                findings.extend(below(process, score, band, rule));
            }
        }
    }
}

fn tiers(bands: &[(Band, &Points)]) -> bool {
    bands.iter().enumerate().any(|(index, (band, _))| {
        bands.iter().take(index).any(|(other, _)| band.contains(other) || other.contains(band))
    })
}

fn between(
    process: &Process,
    score: &Score,
    bands: &[(Band, &Points)],
    value: Decimal,
    (below, above): (&Points, &Points),
) -> Diagnostic {
    let Some((band, _)) = bands.first() else { return RULE.finding(score.span, String::new()) };
    let field = band.axis.name(process);
    let value = band.axis.shown(process, value);
    let record = story::a_record_named(&process.records[score.record].name);
    RULE.finding(above.span, format!("no band of `{field}` takes {value}"))
        .reason("begins behind it")
        .label(below.span, "ends before it")
        .story(format!(
            "{record} with `{field}` = {value} gets no points for it, less than its neighbours"
        ))
        .help("let each band begin where the one before ends, such as `< 10` and `>= 10`")
}

/// The least value that the field declares, when no band takes it.
fn below(process: &Process, score: &Score, band: &Band, rule: &Points) -> Option<Diagnostic> {
    // How much time has passed has no least value.
    let Axis::Field(field) = band.axis else { return None };
    let least = match &process.fields[field].at_least {
        Some(Value::Number(least) | Value::Percent(least)) => *least,
        Some(Value::Money(money)) => money.amount,
        _ => return None,
    };
    let (low, has_low) = band.low?;
    let covered = least > low || (least == low && has_low);
    // A band that begins far above the least leaves out what is not worth points.
    if covered || low - least > Decimal::ONE {
        return None;
    }
    let name = &process.fields[field].name;
    let value = band.axis.shown(process, least);
    let record = story::a_record_named(&process.records[score.record].name);
    Some(
        RULE.finding(rule.span, format!("no band of `{name}` takes {value}"))
            .reason("the lowest band begins above it")
            .label(process.fields[field].span, format!("may be {value}"))
            .story(format!("{record} with `{name}` = {value} gets no points for it"))
            .help(format!(
                "begin the lowest band at {value}, or raise the least value of the field"
            )),
    )
}
