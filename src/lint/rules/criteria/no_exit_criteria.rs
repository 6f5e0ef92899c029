//! `no-exit-criteria`: a record advances, and nothing has to be shown for it.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Origin, StageId, Transition, TransitionId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "no-exit-criteria",
    family: Family::Criteria,
    summary: "an open stage that records advance from without having to show anything",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/no-exit-criteria.md"),
    check: Check::Process(check),
};

/// Fewer stages than this, where most stages ask for nothing, are a sketch that need not.
const WORTH_A_WORD: usize = 5;

/// Where most stages ask for something, one that does not was likely forgotten, and each is told.
/// Where most do not, that is one decision, and told once.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if process.draft {
        return;
    }
    let unguarded: Vec<(StageId, TransitionId)> =
        process.stages.ids().filter_map(|id| Some((id, unguarded(context, id)?))).collect();
    let lead_on = process.stages.values().filter(|stage| {
        let advances = |id: &TransitionId| process.transitions[*id].kind == TransitionKind::Advance;
        stage.is_open() && stage.outgoing.iter().any(advances)
    });
    let guarded = lead_on.count().saturating_sub(unguarded.len());
    if guarded > unguarded.len() {
        findings.extend(unguarded.iter().map(|(stage, way)| of_stage(context, *stage, *way)));
    } else if unguarded.len() >= WORTH_A_WORD && !context.any_unfinished() {
        findings.push(of_process(context, &unguarded));
    }
}

/// The first way forwards out of an open stage on which nothing is asked of a record.
fn unguarded(context: &Context<'_>, id: StageId) -> Option<TransitionId> {
    let process = context.process;
    let stage = &process.stages[id];
    let silent = !stage.is_open()
        || !stage.exit.is_empty()
        || context.is_unfinished(id)
        || !context.may_hold_records(id);
    if silent {
        return None;
    }
    stage.outgoing.iter().copied().find(|way| {
        let transition = &process.transitions[*way];
        transition.kind == TransitionKind::Advance
            && transition.origin == Origin::Declared
            && asks_nothing(transition)
            && process.stages[transition.to].enter.is_empty()
            && !context.is_unfinished(transition.to)
    })
}

fn asks_nothing(transition: &Transition) -> bool {
    let accepts = transition.handoff.as_ref().is_some_and(|terms| terms.accept.is_some());
    transition.when.is_none() && transition.after.is_none() && !accepts
}

fn of_stage(context: &Context<'_>, id: StageId, way: TransitionId) -> Diagnostic {
    let process = context.process;
    let stage = &process.stages[id];
    let transition = &process.transitions[way];
    let target = &process.stages[transition.to].name;
    RULE.finding(
        stage.span,
        format!("nothing has to be shown before a record advances from `{}` to `{target}`", stage.name),
    )
    .reason("no exit criteria")
    .label(transition.span, format!("no condition, and `{target}` asks for nothing either"))
    .story(format!(
        "{} and advances to `{target}` at once, though nobody has filled in anything",
        story::arrival(context, id)
    ))
    .help("say what the buyer has done when the stage is over: `exit when { need \"The need is known\" need is present }`")
}

fn of_process(context: &Context<'_>, unguarded: &[(StageId, TransitionId)]) -> Diagnostic {
    let process = context.process;
    let stages = || unguarded.iter().map(|(id, _)| &process.stages[*id]);
    let names = story::names(stages().map(|stage| stage.name.as_str()));
    let span = stages().next().map_or(process.span, |stage| stage.span);
    RULE.finding(
        span,
        format!("most stages ask for nothing: a record may leave {names} at any time"),
    )
    .reason("no exit criteria, here and in the others")
    .help("begin with the stage before the forecast counts: `exit when { need \"The need is known\" need is present }`")
}
