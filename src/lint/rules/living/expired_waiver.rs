//! `expired-waiver`: the time that was asked for has run out.

use crate::diag::{Diagnostic, Edit, Level, Safety};
use crate::lint::{Check, Context, Family, Rule, waivers};

pub(crate) static RULE: Rule = Rule {
    name: "expired-waiver",
    family: Family::Living,
    summary: "a waiver whose last day has passed",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/expired-waiver.md"),
    check: Check::Waivers(check),
};

fn check(context: &Context<'_>, _used: &[bool], findings: &mut Vec<Diagnostic>) {
    let run_out =
        context.process.waivers.iter().filter(|waiver| waivers::has_run_out(waiver, context.today));
    for waiver in run_out {
        let Some(until) = waiver.until else { continue };
        let rule = &waiver.rule.value;
        findings.push(
            RULE.finding(waiver.span, format!("the waiver of `{rule}` ran out on {until}"))
                .reason("silences nothing any more")
                .help("mend what it excused and remove it, or agree on a new date")
                // Safe it is not: the agreement it stands for may only have to be renewed.
                .fix(
                    "remove the waiver",
                    Safety::Unsafe,
                    vec![Edit { span: waiver.span, replacement: String::new() }],
                ),
        );
    }
}
