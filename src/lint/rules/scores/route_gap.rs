//! `route-gap`: records that a route sends nowhere.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::prove::{Answer, Formula, Witness};
use crate::model::{FieldId, Route};

use super::dead_route::MOST_CASES;
use super::route_overlap::a_record;

pub(crate) static RULE: Rule = Rule {
    name: "route-gap",
    family: Family::Scores,
    summary: "a route without a case for some record about which everything is known",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/route-gap.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for route in process.routes.values() {
        let Some(witness) = known_gap(context, route) else { continue };
        let name = &process.stages[route.stage].name;
        findings.push(
            RULE.finding(route.span, format!("some records that enter `{name}` go to nobody"))
                .reason("no case takes them, and there is no `otherwise`")
                .story(format!(
                    "{} whose {} enters `{name}`, and no case takes it",
                    a_record(process, route),
                    witness.tell(process)
                ))
                .help("add a case for it, or an `otherwise`"),
        );
    }
}

/// A record about which everything is known that the cases ask for, and which none of them takes.
pub(super) fn known_gap(context: &Context<'_>, route: &Route) -> Option<Box<Witness>> {
    let mut question = vec![nowhere(route)?];
    let mut fields: Vec<FieldId> = route.cases.iter().flat_map(|case| case.when.fields()).collect();
    fields.sort_unstable();
    fields.dedup();
    question.extend(fields.into_iter().map(Formula::Present));
    match context.prover.possible(&Formula::All(question)) {
        Answer::Yes(witness) => Some(witness),
        Answer::No | Answer::Unknown => None,
    }
}

/// The records that no case takes; `None` when there is an `otherwise`, or nothing to judge by.
pub(super) fn nowhere(route: &Route) -> Option<Formula<'_>> {
    let judged = !route.broken
        && route.otherwise.is_none()
        && !route.cases.is_empty()
        && route.cases.len() <= MOST_CASES;
    let cases = || route.cases.iter().map(|case| Formula::Holds(&case.when)).collect();
    judged.then(|| Formula::Any(cases()).negated())
}
