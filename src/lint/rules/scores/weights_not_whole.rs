//! `weights-not-whole`: one category is weighted, and the other counts in full.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::bounds::{CATEGORIES, weight_of};

pub(crate) static RULE: Rule = Rule {
    name: "weights-not-whole",
    family: Family::Scores,
    summary: "a score in which one category has a weight and the other has none",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/weights-not-whole.md"),
    check: Check::Process(check),
};

/// Two weights that do not come to 100 % are no score at all: the front end says so. A single
/// category with a weight only makes its points smaller, which caps and thresholds can allow for.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for score in context.process.scores.values().filter(|score| !score.broken) {
        let used = |category| score.points.iter().find(|rule| rule.category == category);
        let [first, second] = CATEGORIES;
        let (weighted, full, weight) = match (weight_of(score, first), weight_of(score, second)) {
            (Some(weight), None) => (first, second, weight),
            (None, Some(weight)) => (second, first, weight),
            _ => continue,
        };
        let (Some(_), Some(rule)) = (used(weighted), used(full)) else { continue };
        let weight = weight.normalize();
        findings.push(
            RULE.finding(
                score.span,
                format!(
                    "`{}` counts {} at {weight}% and {} in full",
                    score.name,
                    weighted.word(),
                    full.word()
                ),
            )
            .reason(format!("the weights come to {}%", weight + rust_decimal::Decimal::ONE_HUNDRED))
            .label(rule.span, format!("{} has no weight", full.word()))
            .help(format!(
                "give the rest to the other: `weight {} {}%`",
                full.word(),
                (rust_decimal::Decimal::ONE_HUNDRED - weight).normalize()
            )),
        );
    }
}
