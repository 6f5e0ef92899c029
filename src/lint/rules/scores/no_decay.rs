//! `no-decay`: what somebody did once counts for ever.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::logic::bounds::fades;
use crate::model::{Category, ExprKind, Points};

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
    let mut events = false;
    let mut recent = false;
    rule.when.walk(&mut |expr| match &expr.kind {
        ExprKind::Event { within, .. } => {
            events = true;
            recent |= within.is_some();
        }
        // Any other condition on time ends by itself as well.
        ExprKind::Elapsed { .. } | ExprKind::Within(..) | ExprKind::Today | ExprKind::Now => {
            recent = true;
        }
        _ => {}
    });
    rule.category == Category::Behavior
        && rule.points.is_sign_positive()
        && events
        && !recent
        && !fades(rule)
}
