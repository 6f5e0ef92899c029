//! `self-advance`: a step forward that stays on the spot.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Guard, Rule, story};
use crate::model::TransitionKind;

use super::dead_end;

pub(crate) static RULE: Rule = Rule {
    name: "self-advance",
    family: Family::Flow,
    summary: "an `advance` that leads back into its own stage, unasked and uncounted",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/self-advance.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for (id, transition) in process.transitions.iter() {
        let on_the_spot = transition.from == transition.to
            && transition.kind == TransitionKind::Advance
            && context.guards.of(id) == Guard::Free;
        // Where it is the only move, the stage is a dead end, which is worse.
        if !on_the_spot
            || !context.may_hold_records(transition.from)
            || dead_end::is_dead_end(context, transition.from)
        {
            continue;
        }
        let name = &process.stages[transition.from].name;
        findings.push(
            RULE.finding(transition.span, format!("`{name}` advances to itself"))
                .reason("nothing asks why, waits, or counts")
                .story(format!(
                    "{}, advances to `{name}`, and is where it was; its time in the stage begins anew",
                    story::arrival(context, transition.from)
                ))
                .help("name the stage that comes next, or remove the move"),
        );
    }
}
