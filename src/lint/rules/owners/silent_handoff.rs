//! `silent-handoff`: a record changes hands, and no clock starts.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::TransitionKind;

pub(crate) static RULE: Rule = Rule {
    name: "silent-handoff",
    family: Family::Owners,
    summary: "a handoff to another team without any clock",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/silent-handoff.md"),
    check: Check::Process(check),
};

/// Only records that advance are handed over: what is recycled or lost goes into a pool, where
/// nobody waits for it.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for (id, from, to) in context.teams.handoffs() {
        let transition = &process.transitions[*id];
        let (sender, receiver) = (&process.stages[transition.from], &process.stages[transition.to]);
        let clocked = transition.handoff.as_ref().is_some_and(|terms| terms.within.is_some());
        // A limit of the stage that receives it begins to run when it arrives, too.
        if transition.kind != TransitionKind::Advance || clocked || receiver.limit.is_some() {
            continue;
        }
        if context.is_unfinished(transition.from) || context.is_unfinished(transition.to) {
            continue;
        }
        // At the end of the line nobody has to act.
        if receiver.is_final || receiver.outgoing.is_empty() {
            continue;
        }
        let (from, to) = (&process.teams[*from].name, &process.teams[*to].name);
        findings.push(
            RULE.finding(
                transition.span,
                format!(
                    "no clock starts when `{from}` hands over from `{}` to `{}`",
                    sender.name, receiver.name
                ),
            )
            .reason(format!("`{to}` may let it lie"))
            .help("say how soon the receiver acts: `handoff within 4 business hours`"),
        );
    }
}
