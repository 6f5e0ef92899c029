//! `idle-criterion`: a condition that stops nobody.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::conditions::{Fact, constant, facts, terms};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::prove::Formula;
use crate::model::{Criterion, CriterionId, Expr, ExprKind, FieldId, Side};
use crate::source::Span;

pub(crate) static RULE: Rule = Rule {
    name: "idle-criterion",
    family: Family::Criteria,
    summary: "a condition that always holds, or that the others beside it already ask for",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/idle-criterion.md"),
    check: Check::Process(check),
};

/// Longer lists and conditions are not compared term by term.
const MOST_TERMS: usize = 16;

fn check<'a>(context: &Context<'a>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let mut idle = FxHashSet::default();
    for (id, criterion) in process.criteria.iter() {
        if let Some(finding) = alone(context, id, criterion) {
            idle.insert(id);
            findings.push(finding);
        } else {
            findings.extend(of_parts(context, criterion));
        }
    }
    for stage in process.stages.values() {
        for list in [&stage.exit, &stage.enter] {
            let asks: Vec<CriterionId> =
                list.iter().copied().filter(|id| !idle.contains(id)).collect();
            beside_others(context, &asks, findings);
        }
    }
    // The conditions of moves from many stages at once are one condition.
    let mut seen = FxHashSet::default();
    for transition in process.transitions.values() {
        let accept = transition.handoff.as_ref().and_then(|terms| terms.accept.as_ref());
        let target = &process.stages[transition.to].name;
        if let Some(when) = &transition.when
            && seen.insert(when.span.key())
        {
            findings.extend(of_move(
                context,
                when,
                &format!("the condition of the move to `{target}`"),
            ));
        }
        if let Some(accept) = accept
            && seen.insert(accept.when.span.key())
        {
            let what = format!("what `{target}` asks for to accept");
            findings.extend(of_move(context, &accept.when, &what));
        }
    }
}

/// A criterion that lets every record pass, whatever stands beside it.
fn alone<'a>(
    context: &Context<'a>,
    id: CriterionId,
    criterion: &'a Criterion,
) -> Option<Diagnostic> {
    let process = context.process;
    let name = side(criterion);
    // A criterion that is literally `true` was left for later: another rule's finding.
    if constant(process, &criterion.condition).is_some() {
        return None;
    }
    if holds_always(context, Formula::Passes(id)) {
        let by_itself =
            criterion.applies.is_none() || holds_always(context, (&criterion.condition).into());
        let finding =
            RULE.finding(criterion.condition.span, format!("{name} lets every record pass"));
        return Some(match &criterion.applies {
            Some(applies) if !by_itself => {
                // Never asked of anybody: the `if` is at fault, and that is told there.
                if !can_hold(context, applies.into()) {
                    return None;
                }
                finding
                    .reason("this holds for every record it is asked of")
                    .label(applies.span, "which this has already made sure of")
                    .help("ask for what the `if` does not yet say, or leave the criterion out")
            }
            _ => because_declared(context, &criterion.condition, finding)
                .help("ask for something that can be missing, or leave the criterion out"),
        });
    }
    None
}

/// A criterion that stops somebody, and says more than it takes.
fn of_parts<'a>(context: &Context<'a>, criterion: &'a Criterion) -> Option<Diagnostic> {
    let name = side(criterion);
    if let Some(applies) = &criterion.applies
        && holds_always(context, applies.into())
    {
        return Some(
            RULE.finding(applies.span, format!("the `if` of {name} holds for every record"))
                .reason("the criterion is asked of everybody anyway")
                .help("leave the `if` out, or correct it"),
        );
    }
    of_terms(context, &criterion.condition, &name)
}

/// The condition of a move.
fn of_move<'a>(context: &Context<'a>, when: &'a Expr, what: &str) -> Option<Diagnostic> {
    if holds_always(context, when.into()) {
        let finding = RULE.finding(when.span, format!("{what} holds for every record"));
        return Some(
            because_declared(context, when, finding).help("leave the condition out, or correct it"),
        );
    }
    of_terms(context, when, what)
}

/// One term of an `and` that the others imply, or of an `or` that implies another. That a field is
/// present is often said for the reader before it is compared, and is let be.
fn of_terms<'a>(context: &Context<'a>, condition: &'a Expr, what: &str) -> Option<Diagnostic> {
    let (all, is_and) = match &condition.kind {
        ExprKind::And(_) => (terms(condition), true),
        ExprKind::Or(any) => (any.iter().collect(), false),
        _ => return None,
    };
    if all.len() > MOST_TERMS || !can_hold(context, condition.into()) {
        return None;
    }
    for (at, term) in all.iter().copied().enumerate().rev() {
        if is_about_presence(term) {
            continue;
        }
        let others: Vec<&'a Expr> = all
            .iter()
            .copied()
            .enumerate()
            .filter(|(other, expr)| *other != at && meets(term, expr))
            .map(|(_, expr)| expr)
            .collect();
        let implies = |from: &'a Expr, to: &'a Expr| context.prover.follows(from.into(), to.into());
        let one = others
            .iter()
            .copied()
            .find(|other| if is_and { implies(other, term) } else { implies(term, other) });
        if let Some(one) = one {
            let (reason, other) = if is_and {
                ("this adds nothing", "whatever passes here passes there too")
            } else {
                ("this adds nothing", "this lets all of those pass, and more")
            };
            return Some(
                RULE.finding(term.span, format!("a part of {what} decides nothing"))
                    .reason(reason)
                    .label(one.span, other)
                    .help("leave it out, or correct the value: was another field or another limit meant?"),
            );
        }
    }
    None
}

/// A criterion that the others of its list already ask for. Of two that ask for the same, the later.
fn beside_others<'a>(context: &Context<'a>, list: &[CriterionId], findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if list.len() > MOST_TERMS {
        return;
    }
    // What each reads: a criterion is not implied by others that read nothing of it. That one does not
    // apply may be implied too, so the `if` counts as well.
    let read: Vec<(CriterionId, BTreeSet<Fact<'a>>)> = list
        .iter()
        .map(|id| {
            let criterion = &process.criteria[*id];
            let mut read = facts(&criterion.condition);
            read.extend(criterion.applies.iter().flat_map(facts));
            (*id, read)
        })
        .collect();
    let mut kept: Vec<CriterionId> = list.to_vec();
    for (id, own) in read.iter().rev() {
        let criterion = &process.criteria[*id];
        let others: Vec<CriterionId> = read
            .iter()
            .filter(|(other, read)| other != id && kept.contains(other) && !read.is_disjoint(own))
            .map(|(other, _)| *other)
            .collect();
        if others.is_empty() {
            continue;
        }
        let implied_by = |others: &[CriterionId]| {
            let all = Formula::All(others.iter().map(|id| Formula::Passes(*id)).collect());
            context.prover.follows(all, Formula::Passes(*id))
        };
        if !implied_by(&others) {
            continue;
        }
        // Criteria that exclude each other imply everything.
        let all = Formula::All(list.iter().map(|id| Formula::Passes(*id)).collect());
        if !can_hold(context, all) {
            return;
        }
        kept.retain(|other| other != id);
        let name = side(criterion);
        let one = others.iter().find(|other| implied_by(&[**other]));
        let finding = match one {
            Some(one) => {
                let other = &process.criteria[*one];
                RULE.finding(
                    criterion.condition.span,
                    format!("{name} adds nothing to `{}`", other.name),
                )
                .reason("this is already asked for")
                .label(other.condition.span, "whoever passes here passes there too")
            }
            None => RULE
                .finding(
                    criterion.condition.span,
                    format!("{name} adds nothing to the others beside it"),
                )
                .reason("the others together already ask for this"),
        };
        findings.push(finding.help("leave it out, or ask for what the other does not"));
    }
}

/// Adds why a condition always holds, when the declaration of its one field says so.
fn because_declared(context: &Context<'_>, condition: &Expr, finding: Diagnostic) -> Diagnostic {
    let process = context.process;
    let fields: Vec<FieldId> = condition.fields();
    let places: Vec<(Span, String)> = fields
        .iter()
        .map(|id| &process.fields[*id])
        .filter(|field| field.required || field.at_least.is_some() || field.at_most.is_some())
        .map(|field| {
            let what = if field.required { "never missing" } else { "bounded" };
            (field.span, format!("`{}` is declared here, and {what}", field.name))
        })
        .take(2)
        .collect();
    let finding = finding.reason("this holds for every record");
    places.into_iter().fold(finding, |finding, (span, label)| finding.label(span, label))
}

fn side(criterion: &Criterion) -> String {
    match criterion.side {
        Side::Exit => format!("the exit criterion `{}`", criterion.name),
        Side::Enter => format!("the entry criterion `{}`", criterion.name),
    }
}

fn holds_always<'a>(context: &Context<'a>, formula: Formula<'a>) -> bool {
    context.prover.is_certain(formula)
}

fn can_hold<'a>(context: &Context<'a>, formula: Formula<'a>) -> bool {
    !context.prover.is_impossible(&formula)
}

fn is_about_presence(term: &Expr) -> bool {
    match &term.kind {
        ExprKind::Presence(..) => true,
        ExprKind::Not(inner) => is_about_presence(inner),
        _ => false,
    }
}

/// Whether two conditions read something in common: others cannot imply each other.
fn meets(a: &Expr, b: &Expr) -> bool {
    !facts(a).is_disjoint(&facts(b))
}
