//! `idle-criterion`: a condition that stops nobody.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::conditions::{Fact, constant, facts, terms};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::prove::Formula;
use crate::logic::{Evaluator, RecordState};
use crate::model::{
    Criterion, CriterionId, Expr, ExprKind, FieldId, Origin, Side, StageId, Transition,
};
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

/// Fewer stages than this are not worth a thread.
const STAGES: usize = 64;

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let stages: Vec<StageId> = process.stages.ids().collect();
    let found: Vec<Vec<Diagnostic>> =
        stages.par_iter().with_min_len(STAGES).map(|id| of_stage(context, *id)).collect();
    findings.extend(found.into_iter().flatten());
    // The conditions of moves from many stages at once are one condition.
    let mut seen = FxHashSet::default();
    let from_any = |of: &&Transition| of.origin == Origin::AnyOpen;
    for transition in process.transitions.values().filter(from_any) {
        if seen.insert(transition.span.key()) {
            of_move(context, transition, false, findings);
        }
    }
}

/// The criteria of a stage and the conditions of its own moves.
fn of_stage(context: &Context<'_>, id: StageId) -> Vec<Diagnostic> {
    let process = context.process;
    let stage = &process.stages[id];
    let mut findings = Vec::new();
    let stops = all_stop_somebody(context, id);
    for list in [&stage.exit, &stage.enter] {
        let mut asks: Vec<CriterionId> = Vec::with_capacity(list.len());
        for id in list {
            let criterion = &process.criteria[*id];
            if let Some(finding) = (!stops).then(|| alone(context, *id, criterion)).flatten() {
                findings.push(finding);
            } else {
                asks.push(*id);
                findings.extend(of_parts(context, criterion));
            }
        }
        beside_others(context, &asks, &mut findings);
    }
    for id in &stage.outgoing {
        let transition = &process.transitions[*id];
        if is_declared(transition) {
            of_move(context, transition, stops, &mut findings);
        }
    }
    findings
}

/// Whether one record may be stopped by every criterion of a stage and by every condition of its moves:
/// then none of them always holds, and one question has told so.
fn all_stop_somebody(context: &Context<'_>, id: StageId) -> bool {
    let process = context.process;
    let stage = &process.stages[id];
    let criteria = stage.exit.iter().chain(&stage.enter).map(|id| Formula::Passes(*id));
    let moves = stage.outgoing.iter().map(|id| &process.transitions[*id]);
    let guards = moves.filter(|of| is_declared(of)).filter_map(|of| of.when.as_ref());
    let all: Vec<Formula<'_>> =
        criteria.chain(guards.map(Formula::from)).map(Formula::negated).collect();
    (2..=MOST_TERMS).contains(&all.len()) && context.prover.may_hold(&Formula::All(all))
}

/// Whether the move is one of its stage alone.
fn is_declared(transition: &Transition) -> bool {
    transition.origin == Origin::Declared
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

/// The conditions of a move. `stops` tells that its own is known to stop somebody.
fn of_move<'a>(
    context: &Context<'a>,
    transition: &'a Transition,
    stops: bool,
    findings: &mut Vec<Diagnostic>,
) {
    let target = &context.process.stages[transition.to].name;
    if let Some(when) = &transition.when {
        let what = format!("the condition of the move to `{target}`");
        findings.extend(of_guard(context, when, stops, &what));
    }
    let accept = transition.handoff.as_ref().and_then(|terms| terms.accept.as_ref());
    if let Some(accept) = accept {
        let what = format!("what `{target}` asks for to accept");
        findings.extend(of_guard(context, &accept.when, false, &what));
    }
}

fn of_guard<'a>(
    context: &Context<'a>,
    when: &'a Expr,
    stops: bool,
    what: &str,
) -> Option<Diagnostic> {
    if !stops && holds_always(context, when.into()) {
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
    if all.len() > MOST_TERMS {
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
            // What cannot hold implies everything, and is told by another rule.
            if !can_hold(context, condition.into()) {
                return None;
            }
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
        if fails_by_itself(context, criterion, |fact| {
            read.iter().any(|(other, read)| other != id && read.contains(fact))
        }) {
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

/// Whether the criterion stops a record that lacks what no other criterion reads, whatever else is known
/// of it: then the others do not imply it, unless they exclude each other.
fn fails_by_itself(
    context: &Context<'_>,
    criterion: &Criterion,
    others_read: impl Fn(&Fact<'_>) -> bool,
) -> bool {
    let process = context.process;
    let optional = |fact: &Fact<'_>| match fact {
        Fact::Field(id) => !process.fields[*id].required,
        _ => false,
    };
    // A record of which nothing is known lacks all of it.
    let nothing = RecordState::new(context.today.at(12, 0, 0, 0));
    let evaluator = Evaluator::new(process, &nothing);
    criterion.applies.is_none()
        && terms(&criterion.condition).into_iter().any(|term| {
            let read = facts(term);
            let is_own = |fact: &Fact<'_>| {
                (matches!(fact, Fact::Time) || optional(fact)) && !others_read(fact)
            };
            read.iter().any(optional) && read.iter().all(is_own) && !evaluator.holds(term)
        })
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
