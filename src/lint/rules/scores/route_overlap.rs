//! `route-overlap`: two cases of a route of which neither is the exception of the other.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::prove::{Answer, Proof};
use crate::model::{Process, Route, RouteCase};

use super::dead_route::MOST_CASES;

pub(crate) static RULE: Rule = Rule {
    name: "route-overlap",
    family: Family::Scores,
    summary: "two cases of a route that take the same records, so that their order decides",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/route-overlap.md"),
    check: Check::Process(check),
};

/// Only cases over the same fields: where the fields differ, the order is a priority that somebody
/// has chosen. A narrower case before a wider one is an exception, which is sound.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for route in context.process.routes.values().filter(|route| !route.broken) {
        let cases: Vec<(&RouteCase, Vec<_>)> = route
            .cases
            .iter()
            .take(MOST_CASES)
            .map(|case| {
                let mut fields = case.when.fields();
                fields.sort_unstable();
                (case, fields)
            })
            .collect();
        for (index, (case, fields)) in cases.iter().enumerate() {
            let clash = cases.iter().take(index).find_map(|(other, own)| {
                let comparable =
                    own == fields && !fields.is_empty() && other.to.name != case.to.name;
                comparable.then(|| overlap(context, route, other, case)).flatten()
            });
            findings.extend(clash);
        }
    }
}

fn overlap(
    context: &Context<'_>,
    route: &Route,
    first: &RouteCase,
    second: &RouteCase,
) -> Option<Diagnostic> {
    let prover = &context.prover;
    let Answer::Yes(witness) = prover.overlap((&first.when).into(), (&second.when).into()) else {
        return None;
    };
    let exception = |a: &RouteCase, b: &RouteCase| {
        !matches!(prover.implies((&a.when).into(), (&b.when).into()), Proof::Refuted(_))
    };
    if exception(first, second) || exception(second, first) {
        return None;
    }
    let process = context.process;
    Some(
        RULE.finding(second.span, "this case takes records that an earlier one takes as well")
            .reason(format!("they go to `{}` only because it stands first", first.to.name))
            .label(first.span, "the earlier case")
            .story(format!(
                "{} whose {} could go to `{}` or to `{}`",
                a_record(process, route),
                witness.tell(process),
                first.to.name,
                second.to.name
            ))
            .help("draw the line between them: no record should satisfy both"),
    )
}

/// The record that a route is about.
pub(super) fn a_record(process: &Process, route: &Route) -> String {
    story::a_record(process, route.stage)
}
