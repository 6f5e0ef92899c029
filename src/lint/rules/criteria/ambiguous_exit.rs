//! `ambiguous-exit`: one record, two ways out that lead elsewhere, and nobody has said which.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::conditions::{Fact, facts, terms};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::logic::prove::{Answer, Formula, Proof, Witness};
use crate::model::{Expr, Origin, Transition, TransitionId};

pub(crate) static RULE: Rule = Rule {
    name: "ambiguous-exit",
    family: Family::Criteria,
    summary: "two ways out whose conditions overlap, so that one record may go here or there",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/ambiguous-exit.md"),
    check: Check::Process(check),
};

/// A stage with more ways out than this is compared as far as here.
const MOST_WAYS: usize = 48;

/// Two ways without conditions, or with equal ones, are a person's choice, and a way with a
/// condition beside one without is an exception to the rule. Two conditions on the same facts are
/// meant to sort records: there, an overlap is a fault.
fn check<'a>(context: &Context<'a>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    // Two moves from many stages at once overlap in each of them: once is enough.
    let mut told = FxHashSet::default();
    for (stage, of) in process.stages.iter() {
        if !context.may_hold_records(stage) {
            continue;
        }
        let ways: Vec<(TransitionId, &'a Transition, &'a Expr)> = of
            .outgoing
            .iter()
            .filter_map(|id| {
                let way = &process.transitions[*id];
                let when = way.when.as_ref()?;
                sorts(way).then_some((*id, way, when))
            })
            .take(MOST_WAYS)
            .collect();
        for (at, (first, one, of_one)) in ways.iter().enumerate() {
            for (second, other, of_other) in ways.iter().skip(at + 1) {
                let elsewhere = one.to != other.to;
                let place = (of_one.span.key(), of_other.span.key());
                if !elsewhere || !sort_by_the_same(one, of_one, other, of_other) {
                    continue;
                }
                let both = context.prover.overlap(Formula::Open(*first), Formula::Open(*second));
                if let Answer::Yes(witness) = both
                    && !is_exception(context, (one, of_one), (other, of_other))
                    && told.insert(place)
                {
                    findings.push(finding(context, (one, of_one), (other, of_other), &witness));
                }
            }
        }
    }
}

/// A move that a condition alone decides on. A clock or a counter gives way to other moves in time,
/// and a refused record goes where the receiver sends it.
fn sorts(way: &Transition) -> bool {
    way.after.is_none() && way.at_most.is_none() && !matches!(way.origin, Origin::Refusal(_))
}

/// Whether both conditions, without what they have in common, decide on the same facts. Moves of one
/// kind are branches: there it is enough that the facts of one are among those of the other. Between
/// `advance` and `lose`, more facts on one side are a reason of their own.
fn sort_by_the_same(one: &Transition, of_one: &Expr, other: &Transition, of_other: &Expr) -> bool {
    let (first, second) = (terms(of_one), terms(of_other));
    let (left, right) = (read_besides(&first, &second), read_besides(&second, &first));
    let by_choice = |facts: &BTreeSet<Fact<'_>>| {
        facts.is_empty() || facts.iter().any(|fact| matches!(fact, Fact::Confirmation(_)))
    };
    if by_choice(&left) || by_choice(&right) {
        return false;
    }
    left == right || (one.kind == other.kind && (left.is_subset(&right) || right.is_subset(&left)))
}

/// Whether one is a stage's own exception to a rule for many stages (`from any open of`): it is for
/// some of the records that the rule is for.
fn is_exception<'a>(
    context: &Context<'a>,
    (one, of_one): (&Transition, &'a Expr),
    (other, of_other): (&Transition, &'a Expr),
) -> bool {
    let (own, rule) = match (one.origin, other.origin) {
        (Origin::Declared, Origin::AnyOpen) => (of_one, of_other),
        (Origin::AnyOpen, Origin::Declared) => (of_other, of_one),
        _ => return false,
    };
    !matches!(context.prover.implies(own.into(), rule.into()), Proof::Refuted(_))
}

/// What the terms read that are not common to both.
fn read_besides<'e>(own: &[&'e Expr], common: &[&Expr]) -> BTreeSet<Fact<'e>> {
    own.iter().filter(|term| !common.contains(term)).flat_map(|term| facts(term)).collect()
}

fn finding(
    context: &Context<'_>,
    (one, of_one): (&Transition, &Expr),
    (other, of_other): (&Transition, &Expr),
    witness: &Witness,
) -> Diagnostic {
    let process = context.process;
    let from = &process.stages[one.from].name;
    let (here, there) = (&process.stages[one.to].name, &process.stages[other.to].name);
    RULE.finding(
        of_other.span,
        format!("a record in `{from}` may go to `{here}` and to `{there}`, and nothing decides between them"),
    )
    .reason(format!("this lets a record go to `{there}`"))
    .label(of_one.span, format!("which this lets go to `{here}`"))
    .story(format!(
        "{}: it may go to `{here}` and to `{there}`",
        story::found(process, one.from, witness)
    ))
    .help("let the conditions exclude each other; where a person is to choose, give both moves the same condition, or none")
}
