//! `limit-without-escalation`: a limit that passes in silence.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::StageId;

pub(crate) static RULE: Rule = Rule {
    name: "limit-without-escalation",
    family: Family::Time,
    summary: "a limit that nobody hears of, where most others are escalated",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/limit-without-escalation.md"),
    check: Check::Process(check),
};

/// A process that escalates seldom or never has another way to look after its limits. Where most
/// limits are heard of, the others look forgotten.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let (mut heard, mut silent) = (Vec::new(), Vec::new());
    for (id, stage) in process.stages.iter() {
        let Some(limit) = &stage.limit else { continue };
        if limit.escalate_to.is_some() {
            heard.push(limit.span);
        } else if !context.is_unfinished(id) && !clears_itself(context, id) {
            silent.push((stage, limit));
        }
    }
    let habit = heard.len() > 1 && heard.len() > silent.len();
    let Some(example) = heard.first().filter(|_| habit) else { return };
    for (stage, limit) in silent {
        findings.push(
            RULE.finding(
                limit.span,
                format!("nobody hears of it when a record stays in `{}` for too long", stage.name),
            )
            .reason(format!("passes after {} in silence", limit.duration))
            .label(*example, "elsewhere somebody hears of it")
            .help(format!(
                "say who hears of it, `limit {} escalate to …`, or move the record on, `recycle to … after …`",
                limit.duration
            )),
        );
    }
}

/// Whether some way out opens by the mere passing of time; `timer-after-limit` says when that is
/// too late.
fn clears_itself(context: &Context<'_>, stage: StageId) -> bool {
    let mut outgoing = context.process.stages[stage].outgoing.iter();
    outgoing.any(|transition| context.guards.strikes(*transition))
}
