//! `grade-gap`: points for which there is no grade.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::prove::{Answer, Formula};
use crate::logic::{Evaluator, RecordState};
use crate::model::{Score, ScoreId};

pub(crate) static RULE: Rule = Rule {
    name: "grade-gap",
    family: Family::Scores,
    summary: "points that no grade covers",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/grade-gap.md"),
    check: Check::Process(check),
};

/// A single grade is a flag, which a record has or has not; two are a scale, and a scale has a lower end.
/// A new record has no points; when that is below the lowest threshold, it has no grade. Otherwise a
/// proof may find a record with fewer points than none.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for (id, score) in process.scores.iter().filter(|(_, score)| !score.broken) {
        if process.draft || score.grades.len() < 2 {
            continue;
        }
        let Some(lowest) = score
            .grades
            .iter()
            .filter_map(|grade| Some((grade.at_least?, grade)))
            .min_by(|(a, _), (b, _)| a.cmp(b))
            .map(|(_, grade)| grade)
        else {
            continue;
        };
        if score.grades.iter().any(|grade| grade.at_least.is_none()) {
            continue;
        }
        let Some(story) = without_grade(context, id, score) else { continue };
        findings.push(
            RULE.finding(
                lowest.span,
                format!("`{}` has no grade for fewer points than this", score.name),
            )
            .reason("the lowest grade there is")
            .story(story)
            .help("add a last grade that takes all others: `cold otherwise`"),
        );
    }
}

/// The story of a record that has no grade.
fn without_grade(context: &Context<'_>, id: ScoreId, score: &Score) -> Option<String> {
    let process = context.process;
    let record = story::a_record_named(&process.records[score.record].name);
    // Where every record has some value, a record of which nothing is known is none.
    if !process.always_known(score.record) {
        let state = RecordState::new(context.today.at(12, 0, 0, 0));
        let evaluator = Evaluator::new(process, &state);
        let points = evaluator.score(id)?;
        if evaluator.grade(id).is_none() {
            return Some(format!(
                "{record} of which nothing is known has {} points, and no grade",
                points.normalize()
            ));
        }
    }
    let none = Formula::Any((0..score.grades.len()).map(|n| Formula::Grade(id, n)).collect());
    let Answer::Yes(witness) = context.prover.possible(&none.negated()) else { return None };
    let points = Evaluator::new(process, &witness.state).score(id)?;
    let known = witness.tell(process);
    let points = points.normalize();
    Some(if known.is_empty() {
        format!("{record} can have {points} points, and no grade")
    } else {
        format!("{record} whose {known} has {points} points, and no grade")
    })
}
