//! `dead-end`: who gets there stays there.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{StageId, TransitionId};

pub(crate) static RULE: Rule = Rule {
    name: "dead-end",
    family: Family::Flow,
    summary: "an open stage that no move leaves",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/dead-end.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for (id, stage) in process.stages.iter() {
        if !is_dead_end(context, id) {
            continue;
        }
        let reason = if stage.outgoing.is_empty() {
            "no move leaves this stage"
        } else {
            "the only move leads back here"
        };
        findings.push(
            RULE.finding(stage.span, format!("records that reach `{}` never leave it", stage.name))
                .reason(reason)
                .story(format!(
                    "{}, and stays there: no move leaves `{}`",
                    story::arrival(context, id),
                    stage.name
                ))
                .help("add an `advance`, `recycle` or `lose` move, or mark the stage `final`"),
        );
    }
}

/// Whether this rule speaks of the stage: rules about what follows from it then stay silent.
pub(crate) fn is_dead_end(context: &Context<'_>, id: StageId) -> bool {
    let process = context.process;
    let stage = &process.stages[id];
    // A stage with an outcome has arrived somewhere; `one-way-loss` speaks of what is lost.
    if !stage.is_open() || stage.is_final || context.is_unfinished(id) {
        return false;
    }
    // A way out is a way out, however narrow: its condition, its clock and its counter are the
    // business of other rules.
    let leaves = |transition: &TransitionId| process.transitions[*transition].to != id;
    !stage.outgoing.iter().any(leaves) && context.may_hold_records(id)
}
