//! `one-action-grade`: one event alone makes a record the best there is.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::{Evaluator, RecordState};
use crate::model::{ExprKind, Points, Score};

pub(crate) static RULE: Rule = Rule {
    name: "one-action-grade",
    family: Family::Scores,
    summary: "a top grade that a single event reaches alone",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/one-action-grade.md"),
    check: Check::Process(check),
};

/// Asks the evaluator: a record about which nothing is known has one such event, and is graded. A
/// score of a single rule is a switch, and a score of two grades may be one; both are left alone.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for (id, score) in process.scores.iter() {
        let Some(top) = top_grade(score) else { continue };
        if score.broken || score.points.len() < 2 {
            continue;
        }
        let now = context.today.at(12, 0, 0, 0);
        let mut told: Vec<&str> = Vec::new();
        for event in score.points.iter().filter_map(single_event) {
            if told.contains(&event) {
                continue;
            }
            told.push(event);
            let mut state = RecordState::new(now);
            let nothing = Evaluator::new(process, &state).grade(id);
            state.events.push((event.to_owned(), now));
            let evaluator = Evaluator::new(process, &state);
            if nothing == Some(top) || evaluator.grade(id) != Some(top) {
                continue;
            }
            let Some(points) = evaluator.score(id) else { continue };
            let Some(grade) = score.grades.get(top) else { continue };
            let mut rules = score.points.iter().filter(|rule| single_event(rule) == Some(event));
            let Some(first) = rules.next() else { continue };
            let record = story::a_record_named(&process.records[score.record].name);
            let mut finding = RULE
                .finding(
                    first.span,
                    format!("one `{event}` alone makes a record `{}`", grade.name),
                )
                .reason(format!("gives {} points at once", points.normalize()))
                .label(grade.span, "asks for no more")
                .story(format!(
                    "{record} of which nothing is known has one `{event}`, {} points, and is `{}`",
                    points.normalize(),
                    grade.name
                ))
                .help(format!(
                    "give fewer points, or raise the threshold; where the event shall decide alone, say so where it counts: `{} is {} or event {event}`",
                    score.name, grade.name
                ));
            for rule in rules {
                finding = finding.label(rule.span, "counts for the same event");
            }
            findings.push(finding);
        }
    }
}

/// The grade with the highest threshold, when it is one of three or more: between two grades there
/// is no top, only a yes and a no.
fn top_grade(score: &Score) -> Option<usize> {
    let graded = score.grades.iter().enumerate();
    let (top, _) = graded
        .filter_map(|(index, grade)| Some((index, grade.at_least?)))
        .max_by(|(_, a), (_, b)| a.cmp(b))?;
    (score.grades.len() > 2).then_some(top)
}

/// The event, when a rule gives points for a single one and asks for nothing else.
fn single_event(rule: &Points) -> Option<&str> {
    match &rule.when.kind {
        ExprKind::Event { name, at_least: 1, .. } if rule.points.is_sign_positive() => Some(name),
        _ => None,
    }
}
