//! `route-gap`: records that a route sends nowhere.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::prove::{Answer, Formula, Witness};
use crate::model::{ExprKind, FieldId, Route};

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
    let present = fields(route).into_iter().map(Formula::Present).collect();
    match ask(context, route, Formula::All(present)) {
        Answer::Yes(witness) => Some(witness),
        Answer::No | Answer::Unknown => None,
    }
}

/// Whether some record that comes into the stage, and for which `known` holds, is taken by no case.
/// `Unknown` when there is an `otherwise`, or nothing to judge by.
pub(super) fn ask<'a>(context: &Context<'a>, route: &'a Route, known: Formula<'a>) -> Answer {
    let judged = !route.broken
        && route.otherwise.is_none()
        && !route.cases.is_empty()
        && route.cases.len() <= MOST_CASES
        && !context.any_broken()
        && !context.is_unfinished(route.stage);
    if !judged {
        return Answer::Unknown;
    }
    let cases = route.cases.iter().map(|case| Formula::Holds(&case.when)).collect();
    let nowhere = Formula::Any(cases).negated();
    let mut answer = Answer::No;
    for way in ways_in(context, route) {
        let question = Formula::All(vec![nowhere.clone(), known.clone(), way]);
        match context.prover.possible(&question) {
            Answer::Yes(witness) => return Answer::Yes(witness),
            Answer::Unknown => answer = Answer::Unknown,
            Answer::No => {}
        }
    }
    answer
}

/// The fields that the cases ask for, each once.
pub(super) fn fields(route: &Route) -> Vec<FieldId> {
    let mut fields: Vec<FieldId> = route.cases.iter().flat_map(|case| case.when.fields()).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// The records that come into the stage, one formula for each way in: what the move asks for still
/// holds when it has been made. Where records begin, nothing is known of them; nor where a case looks
/// at the time in the stage, which begins anew.
fn ways_in<'a>(context: &Context<'a>, route: &Route) -> Vec<Formula<'a>> {
    /// Of stages with more ways in, nothing is assumed.
    const MOST_WAYS: usize = 16;
    let process = context.process;
    let stage = &process.stages[route.stage];
    let mut anew = false;
    for case in &route.cases {
        case.when.walk(&mut |expr| anew |= expr.kind == ExprKind::TimeInStage);
    }
    let begins = stage.entry.is_some() || context.stages.entries().is_empty();
    let started = || {
        let mut all = process.stages.values().flat_map(|stage| &stage.starts);
        all.any(|(_, at)| *at == route.stage)
    };
    let incoming = &stage.incoming;
    if anew || begins || incoming.is_empty() || incoming.len() > MOST_WAYS || started() {
        return vec![Formula::True];
    }
    let live =
        incoming.iter().filter(|id| context.may_hold_records(process.transitions[**id].from));
    live.map(|id| Formula::Open(*id)).collect()
}
