//! `useless-waiver`: an excuse for a fault that is not there.

use crate::diag::{Diagnostic, Edit, Level, Safety};
use crate::lint::{Check, Context, Family, Rule, explain, waivers};

pub(crate) static RULE: Rule = Rule {
    name: "useless-waiver",
    family: Family::Living,
    summary: "a waiver that silences nothing",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/useless-waiver.md"),
    check: Check::Waivers(check),
};

fn check(context: &Context<'_>, used: &[bool], findings: &mut Vec<Diagnostic>) {
    // What could not be read, or is a draft, may be why the rule has nothing to say.
    if context.any_unfinished() || context.process.goals.values().any(|goal| goal.broken) {
        return;
    }
    for (waiver, used) in context.process.waivers.iter().zip(used) {
        let Some(rule) = explain(&waiver.rule.value) else { continue };
        if *used || waivers::has_run_out(waiver, context.today) {
            continue;
        }
        let help = match rule.check {
            Check::Process(_) | Check::Target | Check::Change(..) => "remove it",
            Check::FrontEnd => {
                "remove it: what keeps the source from being understood cannot be waived"
            }
            Check::Waivers(_) => "remove it: a finding about a waiver cannot be waived",
            Check::Baseline => "remove it: a finding about the baseline cannot be waived",
        };
        findings.push(
            RULE.finding(waiver.span, format!("the waiver of `{}` silences nothing", rule.name))
                .reason(if waiver.scope.is_some() {
                    "there is no such finding in this declaration"
                } else {
                    "there is no such finding in the process"
                })
                .help(help)
                .fix(
                    "remove the waiver",
                    Safety::Safe,
                    vec![Edit { span: waiver.span, replacement: String::new() }],
                ),
        );
    }
}
