//! `one-action-grade`: one event alone makes a record the best there is.

use jiff::civil::DateTime;
use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::prove::{Answer, Formula};
use crate::logic::{Evaluator, RecordState};
use crate::model::{ExprKind, Points, Process, Score, ScoreId};

pub(crate) static RULE: Rule = Rule {
    name: "one-action-grade",
    family: Family::Scores,
    summary: "a top grade that a single event reaches alone",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/one-action-grade.md"),
    check: Check::Process(check),
};

/// Asks the evaluator: a record about which nothing is known has one such event, and is graded. Where no
/// record is as empty as that, a proof finds one to which only the event gives points. A score of a single
/// rule is a switch, and a score of two grades may be one; both are left alone.
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
            let Some(grade) = score.grades.get(top) else { continue };
            let Some((known, points)) = lifted(context, id, top, event, now) else { continue };
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
                    "{record} {known} has one `{event}`, {} points, and is `{}`",
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

/// What is known of a record that one event gives the grade, and the points it then has.
fn lifted(
    context: &Context<'_>,
    id: ScoreId,
    top: usize,
    event: &str,
    now: DateTime,
) -> Option<(String, Decimal)> {
    let process = context.process;
    let score = &process.scores[id];
    if !process.always_known(score.record) {
        let points = lifts(process, id, top, event, RecordState::new(now))?;
        return Some(("of which nothing is known".to_owned(), points));
    }
    // No other rule counts, or if that cannot be, none that gives points.
    let of_others = |gives_only: bool| {
        let others = score.points.iter().filter(|rule| single_event(rule) != Some(event));
        let others = others.filter(|rule| !gives_only || rule.points.is_sign_positive());
        Formula::All(others.map(|rule| Formula::Holds(&rule.when).negated()).collect())
    };
    [false, true].into_iter().find_map(|gives_only| {
        let Answer::Yes(witness) = context.prover.possible(&of_others(gives_only)) else {
            return None;
        };
        let mut state = witness.state.clone();
        state.events.retain(|(name, _)| name != event);
        let points = lifts(process, id, top, event, state)?;
        let known = witness.tell_fields(process);
        let such = match known.is_empty() {
            true => "to which nothing else gives points".to_owned(),
            false => format!("whose {known}"),
        };
        Some((such, points))
    })
}

/// The points of a record that has the grade by one event, and has it not without.
fn lifts(
    process: &Process,
    id: ScoreId,
    top: usize,
    event: &str,
    mut state: RecordState,
) -> Option<Decimal> {
    let without = Evaluator::new(process, &state).grade(id);
    state.events.push((event.to_owned(), state.now));
    let evaluator = Evaluator::new(process, &state);
    let lifts = without != Some(top) && evaluator.grade(id) == Some(top);
    evaluator.score(id).filter(|_| lifts)
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
