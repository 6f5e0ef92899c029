//! `idle-points`: points that can never count.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::bounds::cap_of;
use crate::logic::prove::{Answer, Formula};
use crate::model::{Points, Score};

pub(crate) static RULE: Rule = Rule {
    name: "idle-points",
    family: Family::Scores,
    summary: "points that can never count: above a cap, none at all, or for no record",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/idle-points.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for score in context.process.scores.values().filter(|score| !score.broken) {
        for rule in &score.points {
            findings.extend(idle(context, score, rule));
        }
    }
}

fn idle(context: &Context<'_>, score: &Score, rule: &Points) -> Option<Diagnostic> {
    if rule.points.is_zero() && !is_of_a_table(score, rule) {
        return Some(
            RULE.finding(rule.span, "this rule gives no points")
                .reason(format!("`{}` is the same without it", score.name))
                .help("give it points, or drop it"),
        );
    }
    if let Some((cap, whose)) = cap_below(score, rule) {
        return Some(
            RULE.finding(
                rule.span,
                format!(
                    "{} of these {} points can never count",
                    (rule.points - cap).normalize(),
                    rule.points.normalize()
                ),
            )
            .reason(format!("{whose} is held at {}", cap.normalize()))
            .help("give no more than the cap lets through, or raise the cap"),
        );
    }
    let Answer::No = context.prover.possible(&Formula::Holds(&rule.when)) else { return None };
    Some(
        RULE.finding(rule.span, "no record ever gets these points")
            .reason("no record satisfies the condition")
            .help("mend the condition, or drop the rule"),
    )
}

/// Whether another rule asks for the same: a table may well have a line for what is worth nothing.
fn is_of_a_table(score: &Score, rule: &Points) -> bool {
    let fields = rule.when.fields();
    score.points.iter().any(|other| {
        !other.points.is_zero() && other.when.fields().iter().any(|field| fields.contains(field))
    })
}

/// The cap that a rule's points exceed on their own. A category that can also lose points may need
/// more than the cap to make up for them, and points that halve stay at the cap for longer, so there
/// nothing is lost.
fn cap_below(score: &Score, rule: &Points) -> Option<(rust_decimal::Decimal, String)> {
    if rule.halves_every.is_some() {
        return None;
    }
    let loses = |among: &dyn Fn(&Points) -> bool| {
        score.points.iter().any(|other| among(other) && other.points.is_sign_negative())
    };
    if let Some(cap) = cap_of(score, rule.category).filter(|cap| *cap < rule.points)
        && !loses(&|other| other.category == rule.category)
    {
        return Some((cap, rule.category.word().to_owned()));
    }
    let cap = score.total_cap.filter(|cap| *cap < rule.points && score.weights.is_empty())?;
    (!loses(&|_| true)).then(|| (cap, "the total".to_owned()))
}
