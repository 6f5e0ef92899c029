//! `one-way-loss`: what is lost never comes back.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Outcome, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "one-way-loss",
    family: Family::Flow,
    summary: "a lost outcome that nothing is recycled from",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/one-way-loss.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for (id, stage) in process.stages.iter() {
        let lost = stage.outcome == Some(Outcome::Lost) && !stage.is_final;
        if !lost || context.is_unfinished(id) || !context.may_hold_records(id) {
            continue;
        }
        let leaves = |transition| process.transitions[transition].to != id;
        if stage.outgoing.iter().copied().any(leaves) {
            continue;
        }
        // Where this process already sends records back to is the likeliest place.
        let pool = process
            .transitions
            .values()
            .find(|t| t.kind == TransitionKind::Recycle && process.stages[t.to].is_open())
            .map(|t| t.to)
            .or_else(|| context.stages.entries().first().copied())
            .map_or("…", |pool| process.stages[pool].name.as_str());
        findings.push(
            RULE.finding(stage.span, format!("what is lost in `{}` never comes back", stage.name))
                .reason("no move leaves this stage")
                .story(format!("{}, and nobody ever asks again", story::arrival(context, id)))
                .help(format!(
                    "try again later: `recycle to {pool} after 90d`; or mark the stage `final`"
                )),
        );
    }
}
