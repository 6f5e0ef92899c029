//! `one-action-grade`: one event alone makes a record the best there is.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::prove::{Answer, Formula};
use crate::logic::{Evaluator, RecordState};
use crate::model::{Expr, ExprKind, Points, Process, Score, ScoreId};

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
    for (id, score) in context.process.scores.iter() {
        let Some(top) = top_grade(score) else { continue };
        if score.broken || score.points.len() < 2 {
            continue;
        }
        let mut told: Vec<&str> = Vec::new();
        for rule in &score.points {
            // What one rule gives for any of several events is told once.
            let lifting: Vec<Lifting<'_>> = single_events(rule)
                .into_iter()
                .filter(|event| !told.contains(event))
                .filter_map(|event| {
                    let (known, points) = lifted(context, id, top, event)?;
                    Some(Lifting { event, known, points })
                })
                .collect();
            told.extend(single_events(rule));
            findings.extend(finding(context.process, score, top, rule, &lifting));
        }
    }
}

/// An event that gives the grade alone.
struct Lifting<'s> {
    event: &'s str,
    /// What is known of a record that it lifts.
    known: String,
    /// The points that it then has.
    points: Decimal,
}

/// The finding about the first rule that gives points for these events, if there are any.
fn finding(
    process: &Process,
    score: &Score,
    top: usize,
    rule: &Points,
    lifting: &[Lifting<'_>],
) -> Option<Diagnostic> {
    let (first, grade) = (lifting.first()?, score.grades.get(top)?);
    let ones: Vec<String> = lifting.iter().map(|of| format!("one `{}`", of.event)).collect();
    let record = story::a_record_named(&process.records[score.record].name);
    let mut finding = RULE
        .finding(
            rule.span,
            format!("{} alone makes a record `{}`", ones.join(" or "), grade.name),
        )
        .reason(format!("gives {} points at once", first.points.normalize()))
        .label(grade.span, "asks for no more")
        .story(format!(
            "{record} {} has one `{}`, {} points, and is `{}`",
            first.known,
            first.event,
            first.points.normalize(),
            grade.name
        ))
        .help(format!(
            "give fewer points, or raise the threshold; where the event shall decide alone, say so where it counts: `{} is {} or event {}`",
            score.name, grade.name, first.event
        ));
    for other in &score.points {
        let same = single_events(other).contains(&first.event);
        if same && other.span.key() != rule.span.key() {
            finding = finding.label(other.span, "counts for the same event");
        }
    }
    Some(finding)
}

/// What is known of a record that one event gives the grade, and the points it then has.
fn lifted(
    context: &Context<'_>,
    id: ScoreId,
    top: usize,
    event: &str,
) -> Option<(String, Decimal)> {
    let process = context.process;
    let score = &process.scores[id];
    let now = context.today.at(12, 0, 0, 0);
    if !process.always_known(score.record) {
        let points = lifts(process, id, top, event, RecordState::new(now))?;
        return Some(("of which nothing is known".to_owned(), points));
    }
    // No other rule counts, or if that cannot be, none that gives points.
    let of_others = |gives_only: bool| {
        let others = score.points.iter().filter(|rule| !single_events(rule).contains(&event));
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

/// The events any one of which is enough for the points of a rule: all that it asks for, or
/// alternatives of it.
fn single_events(rule: &Points) -> Vec<&str> {
    let mut events = Vec::new();
    if rule.points.is_sign_positive() {
        alternatives(&rule.when, &mut events);
    }
    events
}

fn alternatives<'e>(condition: &'e Expr, events: &mut Vec<&'e str>) {
    match &condition.kind {
        ExprKind::Event { name, at_least: 1, .. } if !events.contains(&name.as_str()) => {
            events.push(name);
        }
        ExprKind::Or(any) => any.iter().for_each(|one| alternatives(one, events)),
        _ => {}
    }
}
