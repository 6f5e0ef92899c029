//! `seller-only-evidence`: a deal advances on what the seller did, not on what the buyer did.

use rust_decimal::Decimal;

use crate::diag::{Diagnostic, Level};
use crate::graph::{Edge, Reach};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::{
    Criterion, CriterionId, Expr, ExprKind, Forecast, Outcome, Process, Stage, StageId, Transition,
    TransitionKind,
};

pub(crate) static RULE: Rule = Rule {
    name: "seller-only-evidence",
    family: Family::Criteria,
    summary: "a stage in the middle of the sale whose exit criteria all rest on the seller's word",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/seller-only-evidence.md"),
    check: Check::Process(check),
};

const SELLER: &str = "seller";
const BUYER: &str = "buyer";

/// Before the buyer has answered, what the seller does is all there is: research, first attempts. So a
/// stage is only meant when the buyer has spoken before it, or when it counts in the forecast. What
/// comes after the win is delivery, and the seller's work by right.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let of_seller = |stage: &Stage| rests_on_the_seller(process, stage);
    if !process.stages.values().any(of_seller) {
        return;
    }
    let before_win = forwards(context, context.stages.entries().iter().copied());
    let spoken = process.stages.iter().filter(|(_, stage)| {
        stage.exit.iter().chain(&stage.enter).any(|id| evidence(process, *id) == Some(BUYER))
    });
    let after_the_buyer = forwards(context, spoken.map(|(id, _)| id));
    for (id, stage) in process.stages.iter() {
        let middle = stage.is_open() && stage.entry.is_none() && before_win.contains(id);
        if !middle || context.is_unfinished(id) || !of_seller(stage) {
            continue;
        }
        let steps = after_the_buyer.arrival(id).map_or(0, |arrival| arrival.steps);
        let counted = counts(stage);
        if steps == 0 && !counted {
            continue;
        }
        if let Some(way) = stage.outgoing.iter().map(|way| &process.transitions[*way]).find(|way| {
            way.kind == TransitionKind::Advance
                && !context.is_unfinished(way.to)
                && adds_nothing(process, way)
        }) {
            findings.push(finding(process, stage, way, counted));
        }
    }
}

/// Where records get to by advancing, as far as the win.
fn forwards(context: &Context<'_>, from: impl Iterator<Item = StageId>) -> Reach {
    let process = context.process;
    context.stages.reach(from, |stage, edge, _| {
        let advances = matches!(edge, Edge::Move(id)
            if process.transitions[id].kind == TransitionKind::Advance);
        advances && process.stages[stage].outcome != Some(Outcome::Won)
    })
}

fn evidence(process: &Process, criterion: CriterionId) -> Option<&str> {
    process.criteria[criterion].evidence.as_deref()
}

/// Whether the stage has exit criteria and all of them rest on the seller's word. An approval by
/// somebody else than the owner is no word of the seller.
fn rests_on_the_seller(process: &Process, stage: &Stage) -> bool {
    !stage.exit.is_empty()
        && stage.exit.iter().all(|id| {
            evidence(process, *id) == Some(SELLER)
                && !is_approval(process, stage, &process.criteria[*id])
        })
}

fn is_approval(process: &Process, stage: &Stage, criterion: &Criterion) -> bool {
    let mut approval = false;
    criterion.condition.walk(&mut |expr| {
        if let ExprKind::Confirmed(id) = expr.kind {
            let by = process.confirmations[id].by;
            approval |= by.is_some() && by != stage.owner;
        }
    });
    approval
}

/// Whether the forecast counts what is in the stage.
fn counts(stage: &Stage) -> bool {
    stage.probability.is_some_and(|probability| probability.value > Decimal::ZERO)
        || stage.forecast.is_some_and(|forecast| forecast != Forecast::Omitted)
}

/// Whether the move itself asks for nothing that the buyer could have done: its condition is about
/// what must not be there (`lost_reason is missing`), and the target asks for nothing.
fn adds_nothing(process: &Process, way: &Transition) -> bool {
    let accepts = way.handoff.as_ref().is_some_and(|terms| terms.accept.is_some());
    !accepts
        && way.when.as_ref().is_none_or(asks_for_absence)
        && process.stages[way.to].enter.iter().all(|id| evidence(process, *id) == Some(SELLER))
}

fn asks_for_absence(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::And(all) => all.iter().all(asks_for_absence),
        ExprKind::Presence(_, present) => !present,
        ExprKind::Not(_) => true,
        _ => false,
    }
}

fn finding(process: &Process, stage: &Stage, way: &Transition, counted: bool) -> Diagnostic {
    let target = &process.stages[way.to].name;
    let message =
        format!("a record advances from `{}` to `{target}` on the seller's word alone", stage.name);
    let reason = if counted {
        "the forecast counts it, and no exit criterion rests on the buyer's word"
    } else {
        "no exit criterion rests on the buyer's word"
    };
    let mut finding = RULE.finding(stage.span, message).reason(reason);
    for id in stage.exit.iter().take(3) {
        finding = finding.label(process.criteria[*id].span, "done by the seller");
    }
    finding.help("add what the buyer does when the step has worked: `feedback \"They named what is missing\" open_points is present evidence buyer`")
}
