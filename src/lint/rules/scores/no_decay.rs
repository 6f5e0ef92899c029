//! `no-decay`: what somebody did once counts for ever.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::bounds::fades;
use crate::model::{Category, Expr, ExprKind, Points};

pub(crate) static RULE: Rule = Rule {
    name: "no-decay",
    family: Family::Scores,
    summary: "points for behaviour that never fade",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/no-decay.md"),
    check: Check::Process(check),
};

/// One finding a score. Points that are taken away may stay for ever: who unsubscribed has
/// unsubscribed. A condition that asks for an event of late fades by itself.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for score in context.process.scores.values().filter(|score| !score.broken) {
        let mut lasting = score.points.iter().filter(|rule| lasts(rule));
        let Some(first) = lasting.next() else { continue };
        let more: Vec<&Points> = lasting.collect();
        let also = match more.len() {
            0 => String::new(),
            1 => ", and one more rule".to_owned(),
            others => format!(", and {others} more rules"),
        };
        let mut finding = RULE
            .finding(first.span, format!("points of `{}` for behaviour never fade", score.name))
            .reason(format!("counts for ever{also}"))
            .help("let them fade, such as `halves every 30d`, or end, such as `expires after 90d`");
        for rule in more.iter().take(3) {
            finding = finding.label(rule.span, "nor do these");
        }
        findings.push(finding);
    }
}

fn lasts(rule: &Points) -> bool {
    rule.category == Category::Behavior
        && rule.points.is_sign_positive()
        && is_kept_by_an_event(&rule.when)
        && !fades(rule)
}

/// Whether some event makes the condition true for ever. Of alternatives one is enough: that the
/// other asks for something of late does not let this one end.
fn is_kept_by_an_event(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Or(any) => any.iter().any(is_kept_by_an_event),
        ExprKind::And(all) => all.iter().all(may_last) && all.iter().any(is_kept_by_an_event),
        ExprKind::Event { within, .. } => within.is_none(),
        // Nobody has done what did not happen.
        _ => false,
    }
}

/// Whether the condition does not end by the mere passing of time.
fn may_last(condition: &Expr) -> bool {
    if let ExprKind::Or(any) = &condition.kind {
        return any.iter().any(may_last);
    }
    let mut lasts = true;
    condition.walk(&mut |expr| {
        lasts &= !matches!(
            expr.kind,
            ExprKind::Event { within: Some(_), .. }
                | ExprKind::Elapsed { .. }
                | ExprKind::Within(..)
                | ExprKind::TimeInStage
                | ExprKind::Today
                | ExprKind::Now
        );
    });
    lasts
}
