//! `dominated-rule`: a rule for points that another one makes idle, or that counts the same twice.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Level};
use crate::lint::conditions::facts;
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::bounds::{cap_of, fades};
use crate::logic::prove::{Answer, Proof};
use crate::model::{Expr, Points, Score};

pub(crate) static RULE: Rule = Rule {
    name: "dominated-rule",
    family: Family::Scores,
    summary: "a rule whose points others have always filled up, or that repeats another",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/dominated-rule.md"),
    check: Check::Process(check),
};

/// Rules are compared in pairs; a score with more is not looked at.
const MOST_RULES: usize = 64;

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for score in context.process.scores.values().filter(|score| !score.broken) {
        if score.points.len() > MOST_RULES {
            continue;
        }
        for (index, rule) in score.points.iter().enumerate() {
            let mut before = score.points.iter().take(index);
            if let Some(twin) = before.find(|other| repeats(context, other, rule)) {
                let reason = match twin.when == rule.when {
                    true => "has the condition of another rule",
                    false => "holds for the same records as another rule",
                };
                findings.push(
                    RULE.finding(rule.span, "these points are given twice for the same")
                        .reason(reason)
                        .label(twin.span, "the first is here")
                        .help("keep one of them, with the points of both if that is meant"),
                );
            } else if let Some((fillers, cap)) = filled_by_others(context, score, index, rule) {
                let mut finding = RULE
                    .finding(rule.span, "these points can never count")
                    .reason(format!(
                        "whenever they are given, {} is at its cap of {} already",
                        rule.category.word(),
                        cap.normalize()
                    ))
                    .help("raise the cap, or drop the rule");
                for filler in fillers.iter().take(3) {
                    finding = finding.label(filler.span, "holds for the same records");
                }
                findings.push(finding);
            }
        }
    }
}

/// The same condition in the same category, however it is written: `size > 9` is `size >= 10` of a whole
/// number. Points that fade and points that stay may well stand side by side.
fn repeats(context: &Context<'_>, first: &Points, second: &Points) -> bool {
    first.category == second.category
        && first.halves_every == second.halves_every
        && first.expires_after == second.expires_after
        && (first.when == second.when || hold_alike(context, &first.when, &second.when))
}

/// Whether both are proved to hold for the same records, of which there are some: of what holds for
/// none `idle-points` speaks. Only what reads the same facts is asked about.
fn hold_alike(context: &Context<'_>, first: &Expr, second: &Expr) -> bool {
    let prover = &context.prover;
    facts(first) == facts(second)
        && prover.follows(first.into(), second.into())
        && prover.follows(second.into(), first.into())
        && matches!(prover.possible(&first.into()), Answer::Yes(_))
}

/// The rules that fill the category's cap whenever this one holds. Points that fade may have faded, and
/// points that are taken away make room, so both end the search.
fn filled_by_others<'s>(
    context: &Context<'_>,
    score: &'s Score,
    index: usize,
    rule: &Points,
) -> Option<(Vec<&'s Points>, Decimal)> {
    let cap = cap_of(score, rule.category)?;
    let of_category = || score.points.iter().filter(|other| other.category == rule.category);
    if rule.points.is_sign_negative() || of_category().any(|other| other.points < Decimal::ZERO) {
        return None;
    }
    let mut fillers = Vec::new();
    let mut sum = Decimal::ZERO;
    for (other_index, other) in score.points.iter().enumerate() {
        if other_index == index || other.category != rule.category || fades(other) {
            continue;
        }
        let implied = context.prover.implies((&rule.when).into(), (&other.when).into());
        if matches!(implied, Proof::Proved) {
            sum = sum.checked_add(other.points)?;
            fillers.push(other);
        }
    }
    // Two rules that imply each other fill the cap for each other: only the later one is idle.
    let idle = sum >= cap && !fillers.is_empty();
    let mutual = |other: &Points| {
        other.span.key() > rule.span.key()
            && matches!(
                context.prover.implies((&other.when).into(), (&rule.when).into()),
                Proof::Proved
            )
    };
    (idle && !fillers.iter().any(|other| mutual(other))).then_some((fillers, cap))
}
