//! `handoff-within-team`: terms between two teams, where both stages are of one.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::Origin;

pub(crate) static RULE: Rule = Rule {
    name: "handoff-within-team",
    family: Family::Owners,
    summary: "terms of a handoff between two stages of the same team",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/handoff-within-team.md"),
    check: Check::Process(check),
};

/// Of `from any open of` the terms are those of many moves, and some may well go to another team.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if process.broken {
        // Whose a stage is may be what was not understood.
        return;
    }
    for transition in process.transitions.values() {
        let Some(terms) = &transition.handoff else { continue };
        let team = process.stage_team(transition.from);
        let Some(team) = team.filter(|team| process.stage_team(transition.to) == Some(*team))
        else {
            continue;
        };
        if transition.origin != Origin::Declared {
            continue;
        }
        let (sender, receiver) = (&process.stages[transition.from], &process.stages[transition.to]);
        let team = &process.teams[team].name;
        findings.push(
            RULE.finding(
                terms.span,
                format!(
                    "`{}` and `{}` are both of team `{team}`: no team takes over",
                    sender.name, receiver.name
                ),
            )
            .reason(
                "the page of handoffs and the counts of handoffs leave it out, and what it carries",
            )
            .help(format!(
                "say it with a `limit` of `{0}` and with `enter when` of `{0}`, or give one of the \
                 stages to another team",
                receiver.name
            )),
        );
    }
}
