//! `no-fallback`: records of which too little is known to be routed.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::prove::{Answer, Formula};

use super::route_gap::{ask, fields};
use super::route_overlap::a_record;

pub(crate) static RULE: Rule = Rule {
    name: "no-fallback",
    family: Family::Scores,
    summary: "a route without `otherwise` that takes no record with a missing value",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/no-fallback.md"),
    check: Check::Process(check),
};

/// Silent where `route-gap` speaks: its `otherwise` mends both. A field that every way into the stage
/// makes sure of is not missing.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for route in process.routes.values() {
        let everything = Formula::All(fields(route).into_iter().map(Formula::Present).collect());
        if !matches!(ask(context, route, everything), Answer::No) {
            continue;
        }
        let certain = fields(route)
            .into_iter()
            .filter(|field| context.assign().definite(route.stage, *field))
            .map(Formula::Present)
            .collect();
        let Answer::Yes(witness) = ask(context, route, Formula::All(certain)) else { continue };
        let name = &process.stages[route.stage].name;
        let known = witness.tell(process);
        let record = a_record(process, route);
        let story = if known.is_empty() {
            format!("{record} enters `{name}`, and no case takes it")
        } else {
            format!("{record} whose {known} enters `{name}`, and no case takes it")
        };
        findings.push(
            RULE.finding(
                route.span,
                format!("a record that enters `{name}` with a value missing goes to nobody"),
            )
            .reason("every case asks for a value, and there is no `otherwise`")
            .story(story)
            .help("say who looks at it: `otherwise triage`"),
        );
    }
}
