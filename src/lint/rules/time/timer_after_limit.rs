//! `timer-after-limit`: a clock that strikes too late to matter.

use crate::diag::{Diagnostic, Edit, Level, Safety};
use crate::graph::Edge;
use crate::lint::clock::{Opening, opening};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::duration::{certainly_longer, order};
use crate::model::{Limit, Stage, StageId, TransitionId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "timer-after-limit",
    family: Family::Time,
    summary: "a clock that strikes when the stage's limit, or another clock, has long run out",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/timer-after-limit.md"),
    check: Check::Process(check),
};

/// A move out of a stage that opens with time.
type Clocked = (TransitionId, Opening);

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for (id, stage) in process.stages.iter() {
        if context.is_unfinished(id) {
            continue;
        }
        let clocked: Vec<Clocked> = stage
            .outgoing
            .iter()
            .filter_map(|transition| Some((*transition, opening(process, *transition)?)))
            .collect();
        if clocked.is_empty() || !context.may_hold_records(id) {
            continue;
        }
        behind_another(context, id, &clocked, findings);
        if let Some(limit) = &stage.limit {
            findings.extend(
                advances_too_late(context, id, limit, &clocked)
                    .or_else(|| strikes_too_late(context, id, limit, &clocked)),
            );
        }
    }
}

/// Another clock takes every record away before. To the same stage it is the same move twice,
/// which `shadowed-transition` speaks of.
fn behind_another(
    context: &Context<'_>,
    id: StageId,
    clocked: &[Clocked],
    findings: &mut Vec<Diagnostic>,
) {
    let process = context.process;
    let calendar = &process.calendar;
    let all = clocked.iter().filter(|(_, clock)| clock.takes_all);
    let first = all.min_by(|(_, a), (_, b)| {
        order(a.wait, b.wait, calendar).unwrap_or(std::cmp::Ordering::Equal)
    });
    let Some((first, early)) = first else { return };
    let target = process.transitions[*first].to;
    for (transition, late) in clocked {
        let to = process.transitions[*transition].to;
        let later = certainly_longer(late.wait, early.wait, calendar) == Some(true);
        if to == target || !later {
            continue;
        }
        let (stage, gone) = (&process.stages[id].name, &process.stages[target].name);
        findings.push(
            RULE.finding(
                late.span,
                format!("after {} no record is left in `{stage}` for this clock", late.wait),
            )
            .reason(format!("never strikes: it opens the way to `{}`", process.stages[to].name))
            .label(early.span, format!("takes every record to `{gone}` before"))
            .story(format!(
                "{}; after {} it {}, whatever it looks like, and is not there after {}",
                story::arrival(context, id),
                early.wait,
                story::step(process, id, Edge::Move(*first), target),
                late.wait
            ))
            .help("let the later clock strike first, or say which records the earlier one is for, `when …`"),
        );
    }
}

/// Every advance opens only when the limit has passed: nobody can keep it and go on.
fn advances_too_late(
    context: &Context<'_>,
    id: StageId,
    limit: &Limit,
    clocked: &[Clocked],
) -> Option<Diagnostic> {
    let process = context.process;
    let stage = &process.stages[id];
    let is_advance = |id: TransitionId| process.transitions[id].kind == TransitionKind::Advance;
    let advances = stage.outgoing.iter().filter(|id| is_advance(**id)).count();
    let late: Vec<&Clocked> = clocked
        .iter()
        .filter(|(id, clock)| {
            let calendar = &process.calendar;
            is_advance(*id) && certainly_longer(clock.wait, limit.duration, calendar) == Some(true)
        })
        .collect();
    // A stage that could not be read may be the one that records advance to.
    if late.len() < advances || context.any_broken() {
        return None;
    }
    let (transition, clock) = late.first()?;
    let to = &process.stages[process.transitions[*transition].to].name;
    let name = &stage.name;
    let finding = RULE
        .finding(clock.span, format!("no record can advance from `{name}` within its limit"))
        .reason(format!("the way to `{to}` opens after {}", clock.wait))
        .label(limit.span, format!("to be left within {}", limit.duration))
        .story(format!(
            "{}; its limit passes after {}, and only after {} can it advance to `{to}`",
            story::arrival(context, id),
            limit.duration,
            clock.wait
        ));
    Some(finding.help("let it advance earlier, or allow the stay: raise the limit above the wait"))
}

/// The limit passes, nobody hears of it, and the clock that clears the stage strikes later.
fn strikes_too_late(
    context: &Context<'_>,
    id: StageId,
    limit: &Limit,
    clocked: &[Clocked],
) -> Option<Diagnostic> {
    let process = context.process;
    let stage = &process.stages[id];
    if limit.escalate_to.is_some() || handled(context, stage, limit, clocked) {
        return None;
    }
    let calendar = &process.calendar;
    let (transition, clock) = clocked
        .iter()
        .filter(|(id, _)| process.transitions[*id].kind != TransitionKind::Advance)
        .min_by(|(_, a), (_, b)| {
            order(a.wait, b.wait, calendar).unwrap_or(std::cmp::Ordering::Equal)
        })?;
    let to = process.transitions[*transition].to;
    let name = &stage.name;
    let finding = RULE
        .finding(
            clock.span,
            format!("`{name}` is to be left within {}, but its clock strikes after {}", limit.duration, clock.wait),
        )
        .reason("too late for the limit")
        .label(limit.span, "nobody hears of it when this has passed")
        .story(format!(
            "{}; after {} its limit passes and nothing happens, after {} it {}",
            story::arrival(context, id),
            limit.duration,
            clock.wait,
            story::step(process, id, Edge::Move(*transition), to)
        ))
        .help(format!(
            "let the clock strike with the limit, `after {0}`, or say who hears of it: `limit {0} escalate to …`",
            limit.duration
        ));
    if !clock.is_after {
        return Some(finding);
    }
    let edit = Edit { span: clock.span, replacement: limit.duration.to_string() };
    Some(finding.fix("let the clock strike with the limit", Safety::Unsafe, vec![edit]))
}

/// Whether something happens by itself before the limit has passed, or may do so.
fn handled(context: &Context<'_>, stage: &Stage, limit: &Limit, clocked: &[Clocked]) -> bool {
    stage.outgoing.iter().any(|id| {
        let late = clocked.iter().any(|(clocked, clock)| {
            let calendar = &context.process.calendar;
            clocked == id && certainly_longer(clock.wait, limit.duration, calendar) == Some(true)
        });
        context.guards.strikes(*id) && !late
    })
}
