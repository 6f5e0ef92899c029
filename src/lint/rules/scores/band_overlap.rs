//! `band-overlap`: bands of a score that share values.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::lint::bands::{Axis, Band};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Category, Points, Process, Score};

pub(crate) static RULE: Rule = Rule {
    name: "band-overlap",
    family: Family::Scores,
    summary: "bands of a score that share an end or more, so that some records count twice",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/band-overlap.md"),
    check: Check::Process(check),
};

/// Bands are ranges of one value in one category. One that lies within another is a tier (`>= 100`,
/// `>= 500`), which is sound: the finding is for bands of which each has values of its own, and of
/// which one at least has two ends.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for score in context.process.scores.values().filter(|score| !score.broken) {
        for bands in bands(score) {
            for (index, (band, rule)) in bands.iter().enumerate() {
                let clash = bands.iter().take(index).find_map(|(other, first)| {
                    let tier = band.contains(other) || other.contains(band);
                    let ends = band.is_closed() || other.is_closed() || touches(band, other);
                    // Told first: most pairs end here, and what is common is dear.
                    if tier || !ends {
                        return None;
                    }
                    Some((first, band.common(other, context.process)?))
                });
                if let Some((first, common)) = clash {
                    findings.extend(finding(context.process, score, rule, first, &common));
                }
            }
        }
    }
}

/// The ranges of each value, category by category, in source order.
pub(super) fn bands(score: &Score) -> Vec<Vec<(Band, &Points)>> {
    let mut place: FxHashMap<(Category, Axis), usize> = FxHashMap::default();
    let mut bands: Vec<Vec<(Band, &Points)>> = Vec::new();
    for rule in &score.points {
        let Some(band) = Band::of(&rule.when) else { continue };
        let at = *place.entry((rule.category, band.axis)).or_insert(bands.len());
        if at == bands.len() {
            bands.push(Vec::new());
        }
        if let Some(bands) = bands.get_mut(at) {
            bands.push((band, rule));
        }
    }
    bands
}

/// Whether one ends exactly where the other begins.
fn touches(a: &Band, b: &Band) -> bool {
    let meet = |high: Option<(rust_decimal::Decimal, bool)>, low: Option<_>| matches!((high, low), (Some((high, true)), Some((low, true))) if high == low);
    meet(a.high, b.low) || meet(b.high, a.low)
}

fn finding(
    process: &Process,
    score: &Score,
    rule: &Points,
    first: &Points,
    common: &Band,
) -> Option<Diagnostic> {
    let value = common.some_value(process)?;
    let field = common.axis.name(process);
    let shown = common.axis.shown(process, value);
    let both = (rule.points + first.points).normalize();
    let record = story::a_record_named(&process.records[score.record].name);
    Some(
        RULE.finding(rule.span, format!("two bands of `{field}` both take {shown}"))
            .reason("begins or ends inside of the other")
            .label(first.span, "the other band")
            .story(format!("{record} with `{field}` = {shown} gets the points of both, {both}"))
            .help("let one band begin where the other ends, such as `< 10` and `>= 10`"),
    )
}
