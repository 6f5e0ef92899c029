//! Needs that nobody has met, in words.

use crate::diag::Diagnostic;
use crate::graph::{Edge, Reach, joins_others, presence};
use crate::lint::{Context, story};
use crate::model::{
    CriterionId, ExprKind, FieldId, Origin, Points, Process, Score, StageId, TransitionId,
    TransitionKind,
};

use super::{Asker, Gap, Need};

/// So many further places are pointed at.
const MOST_LABELS: usize = 3;

impl Need {
    /// The score through which the field is asked for, where the condition does not name the field.
    pub(crate) fn through<'p>(&self, process: &'p Process) -> Option<&'p Score> {
        let condition = match self.by {
            Asker::Exit(id) | Asker::Detour(id) | Asker::Enter(id, _) => {
                Some(&process.criteria[id].condition)
            }
            Asker::Applies(id) => process.criteria[id].applies.as_ref(),
            Asker::Move(id) => process.transitions[id].when.as_ref(),
            Asker::Accept(id) => {
                let terms = process.transitions[id].handoff.as_ref()?;
                terms.accept.as_ref().map(|accept| &accept.when)
            }
            Asker::Parcel(_) | Asker::Route(_) => None,
        }?;
        if condition.fields().contains(&self.field) {
            return None;
        }
        let mut found = None;
        condition.walk(&mut |part| {
            if let ExprKind::Score(id) | ExprKind::IsGrade(id, _) = part.kind {
                let score = &process.scores[id];
                let counts = |rule: &Points| rule.when.fields().contains(&self.field);
                if found.is_none() && score.points.iter().any(counts) {
                    found = Some(score);
                }
            }
        });
        found
    }

    /// What becomes of a record for want of the field.
    pub(crate) fn story(&self, context: &Context<'_>) -> String {
        let process = context.process;
        let field = &process.fields[self.field].name;
        let arrival = story::arrival(context, self.stage);
        let target = |id: TransitionId| &process.stages[process.transitions[id].to].name;
        match self.by {
            Asker::Exit(id) => {
                let only = only_if(context, id);
                format!("{arrival}, and cannot advance{only}: nobody has filled in `{field}`")
            }
            Asker::Detour(_) => {
                let way = without(context, self.field);
                let arrival = match way.contains(self.stage) {
                    true => story::along(context, &way, self.stage),
                    false => arrival,
                };
                format!("{arrival}, and cannot advance: nobody on its way fills in `{field}`")
            }
            Asker::Applies(id) => format!(
                "{arrival} without `{field}`, so `{}` is not asked of it",
                process.criteria[id].name
            ),
            Asker::Move(id) | Asker::Enter(_, id) => {
                let only = match self.by {
                    Asker::Enter(criterion, _) => only_if(context, criterion),
                    _ => String::new(),
                };
                let verb = match process.transitions[id].kind {
                    TransitionKind::Advance => "advance to",
                    TransitionKind::Recycle => "be recycled to",
                    TransitionKind::Lose => "be lost to",
                };
                let target = target(id);
                format!(
                    "{arrival}, and cannot {verb} `{target}`{only}: nobody has filled in `{field}`"
                )
            }
            Asker::Accept(id) => format!(
                "{arrival}, is handed over to `{}` without `{field}`, and is refused",
                target(id)
            ),
            Asker::Parcel(id) => {
                format!("{arrival}, and is handed over to `{}` without `{field}`", target(id))
            }
            Asker::Route(_) => {
                format!("{arrival} without `{field}`, so no case that asks for it takes it")
            }
        }
    }
}

/// For which records a criterion is, if not for all: " if `size > 5`".
fn only_if(context: &Context<'_>, criterion: CriterionId) -> String {
    let applies = context.process.criteria[criterion].applies.as_ref();
    match applies.map(|applies| story::brief(context.process, applies)) {
        None => String::new(),
        Some(None) => " when the criterion applies".to_owned(),
        Some(Some(text)) => format!(" if `{text}`"),
    }
}

/// Adds the other places that ask for the field in vain, and where it is filled in instead.
pub(crate) fn with_labels(
    context: &Context<'_>,
    gap: &Gap,
    mut finding: Diagnostic,
    told: usize,
) -> Diagnostic {
    let process = context.process;
    let collected = &context.fields().of(gap.field).collected;
    if let Some((stage, span)) = collected.first() {
        let stage = &process.stages[*stage].name;
        finding = finding.label(*span, format!("`{stage}` fills it in"));
    }
    let mut spans = vec![finding.primary.span];
    spans.extend(finding.labels.iter().map(|label| label.span));
    for need in gap.needs.iter().skip(told) {
        if spans.len() > MOST_LABELS + 1 {
            break;
        }
        if !spans.contains(&need.span) {
            spans.push(need.span);
            finding = finding.label(need.span, "asked for in vain here, too");
        }
    }
    finding
}

/// The ways on which records advance, and on which nobody fills in the field.
fn without(context: &Context<'_>, field: FieldId) -> Reach {
    let process = context.process;
    let fills = |stage| context.assign().filled_in(stage, field);
    let begins = context.stages.entries().iter().copied();
    let begins = begins.filter(|entry| {
        !process.stages[*entry].collect.is_empty() && !joins_others(process, *entry)
    });
    context.stages.reach(begins, |from, edge, to| {
        !fills(from) && advances_without(context, edge, from, to, field)
    })
}

/// Whether a record can go this way forwards, though it lacks the field.
fn advances_without(
    context: &Context<'_>,
    edge: Edge,
    from: StageId,
    to: StageId,
    field: FieldId,
) -> bool {
    let process = context.process;
    let Edge::Move(id) = edge else { return true };
    let transition = &process.transitions[id];
    let lacks = |other: FieldId| other == field;
    let criteria = process.stages[from].exit.iter().chain(&process.stages[to].enter);
    transition.kind == TransitionKind::Advance
        && transition.origin == Origin::Declared
        && !transition.when.iter().any(|when| presence::truth(when, &lacks) == Some(false))
        && !criteria.into_iter().any(|id| presence::passes(process, *id, &lacks) == Some(false))
}
