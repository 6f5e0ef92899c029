//! `unreachable-grade`: a grade that no record can have.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::bounds::{self, ScoreBounds};
use crate::logic::prove::{Answer, Formula};
use crate::model::{Grade, Score, ScoreId};

pub(crate) static RULE: Rule = Rule {
    name: "unreachable-grade",
    family: Family::Scores,
    summary: "a grade that no record can have",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/unreachable-grade.md"),
    check: Check::Process(check),
};

/// First by the bounds of the points, which give the reason in numbers; then by proof, because
/// conditions may exclude each other. A grade behind one that asks for no more is no process at all:
/// the front end says so.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for (id, score) in process.scores.iter().filter(|(_, score)| !score.broken) {
        let Some(bounds) = bounds::of_score(score) else { continue };
        for (index, grade) in score.grades.iter().enumerate() {
            if is_hidden(score, index, grade) {
                continue;
            }
            match grade.at_least {
                Some(least) if least > bounds.most => {
                    findings.push(too_high(score, grade, least, &bounds));
                }
                _ if lowest_before(score, index).is_some_and(|least| least <= bounds.least) => {
                    findings.push(too_low(score, index, grade, &bounds));
                }
                _ => findings.extend(excluded(context, id, index, grade)),
            }
        }
    }
}

/// Whether a grade before it asks for no more.
fn is_hidden(score: &Score, index: usize, grade: &Grade) -> bool {
    score.grades.iter().take(index).any(|other| match (other.at_least, grade.at_least) {
        (None, _) => true,
        (Some(bar), Some(least)) => least >= bar,
        (Some(_), None) => false,
    })
}

/// The lowest threshold of the grades that are tried before this one.
fn lowest_before(score: &Score, index: usize) -> Option<Decimal> {
    score.grades.iter().take(index).filter_map(|grade| grade.at_least).min()
}

fn too_high(score: &Score, grade: &Grade, least: Decimal, bounds: &ScoreBounds) -> Diagnostic {
    let parts: Vec<String> = bounds
        .categories
        .iter()
        .map(|of| {
            let why = match (of.cap.filter(|cap| *cap < of.given), of.weight) {
                (Some(_), Some(_)) => " by its cap and weight",
                (Some(_), None) => " by its cap",
                (None, Some(_)) => " by its weight",
                (None, None) => "",
            };
            format!("{} {}{why}", of.category.word(), of.most.normalize())
        })
        .collect();
    let held = match score.total_cap {
        Some(cap) if cap <= bounds.most => ", held to the total cap",
        _ => "",
    };
    RULE.finding(grade.span, format!("no record ever gets the grade `{}`", grade.name))
        .reason(format!(
            "it asks for {}, but `{}` comes to {} at most: {}{held}",
            least.normalize(),
            score.name,
            bounds.most.normalize(),
            parts.join(" and ")
        ))
        .help("lower the threshold, raise the cap, or give points for more")
}

fn too_low(score: &Score, index: usize, grade: &Grade, bounds: &ScoreBounds) -> Diagnostic {
    let taker = score
        .grades
        .iter()
        .take(index)
        .find(|other| other.at_least.is_some_and(|least| least <= bounds.least));
    let mut finding = RULE
        .finding(grade.span, format!("no record ever gets the grade `{}`", grade.name))
        .reason(format!("no record has less than {} points", bounds.least.normalize()))
        .help("raise the threshold of the grade before it");
    if let Some(taker) = taker {
        finding = finding.label(taker.span, "every record that comes this far has this grade");
    }
    finding
}

/// The points would do, but no record comes to them: the conditions that give them are never met
/// together, or a grade before this one takes every record that has as many.
fn excluded(context: &Context<'_>, id: ScoreId, index: usize, grade: &Grade) -> Option<Diagnostic> {
    let process = context.process;
    let Answer::No = context.prover.possible(&Formula::Grade(id, index)) else { return None };
    let finding =
        RULE.finding(grade.span, format!("no record ever gets the grade `{}`", grade.name));
    let grades = &process.scores[id].grades;
    let before = grades.iter().take(index).filter(|other| other.at_least.is_some());
    let taker = before.min_by(|a, b| a.at_least.cmp(&b.at_least));
    let (Some(least), Some(taker)) = (grade.at_least, taker) else {
        let Some(taker) = taker else { return Some(finding) };
        let bar = taker.at_least.unwrap_or_default();
        return Some(
            finding
                .reason(format!("no record has less than {} points", bar.normalize()))
                .label(taker.span, "every record that comes this far has this grade")
                .help("raise the threshold of the grade before it, or leave this one out"),
        );
    };
    let better = Formula::Any((0..index).map(|other| Formula::Grade(id, other)).collect());
    Some(match context.prover.possible(&better) {
        // Some come to more points, and none to so many.
        Answer::Yes(_) => finding
            .reason(format!(
                "no sum of points lies from {} to below {}",
                least.normalize(),
                taker.at_least.unwrap_or_default().normalize()
            ))
            .label(taker.span, "whoever has as many has this grade")
            .help("move one of the thresholds to sums that records can have"),
        _ => finding
            .reason("the conditions that would give the points exclude each other")
            .help("lower the threshold, or let more points be had together"),
    })
}
