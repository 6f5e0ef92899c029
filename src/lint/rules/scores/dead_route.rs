//! `dead-route`: a case of a route that no record reaches.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::prove::{Answer, Formula};
use crate::model::Route;

pub(crate) static RULE: Rule = Rule {
    name: "dead-route",
    family: Family::Scores,
    summary: "a case of a route that earlier cases leave nothing to",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/dead-route.md"),
    check: Check::Process(check),
};

/// More cases are not a table that people read.
pub(super) const MOST_CASES: usize = 48;

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for route in context.process.routes.values().filter(|route| !route.broken) {
        for (index, case) in route.cases.iter().take(MOST_CASES).enumerate() {
            if let Answer::No = context.prover.possible(&Formula::Holds(&case.when)) {
                findings.push(
                    RULE.finding(case.span, "no record ever takes this case")
                        .reason("no record satisfies the condition")
                        .help("mend the condition, or drop the case"),
                );
                continue;
            }
            let mut left = vec![Formula::Holds(&case.when)];
            left.extend(before(route, index).map(Formula::negated));
            if index > 0 && matches!(context.prover.possible(&Formula::All(left)), Answer::No) {
                findings.push(taken(context, route, index));
            }
        }
    }
}

fn before(route: &Route, index: usize) -> impl Iterator<Item = Formula<'_>> {
    route.cases.iter().take(index).map(|case| Formula::Holds(&case.when))
}

fn taken(context: &Context<'_>, route: &Route, index: usize) -> Diagnostic {
    let Some(case) = route.cases.get(index) else { return RULE.finding(route.span, "") };
    let alone = route.cases.iter().take(index).find(|other| {
        let both = [Formula::Holds(&case.when), Formula::Holds(&other.when).negated()];
        matches!(context.prover.possible(&Formula::All(both.into())), Answer::No)
    });
    let mut finding = RULE
        .finding(case.span, "no record ever takes this case")
        .reason("the first case that holds decides, and earlier ones take every such record");
    if let Some(other) = alone {
        finding = finding.label(other.span, "this one alone takes them all");
    }
    finding.help("put the narrower case first, or drop this one")
}
