//! `no-way-back`: records flow down the stream, and nothing that was learnt flows back.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::graph::tells_why;
use crate::lint::{Check, Context, Family, Rule};
use crate::model::{TeamId, TransitionId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "no-way-back",
    family: Family::Owners,
    summary: "teams that hand records on and never hear what became of them",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/no-way-back.md"),
    check: Check::Process(check),
};

/// One finding for the whole process, at the first handoff from which nothing comes back.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    // Feedback that could not be read may be just the one.
    let unread = process.feedback.values().any(|feedback| feedback.broken);
    if process.draft || context.any_broken() || unread {
        return;
    }
    let speaks = ways_back(context);
    let mut told = FxHashSet::default();
    let mut silent: Vec<(TransitionId, TeamId, TeamId)> = Vec::new();
    for (id, from, to) in context.teams.handoffs() {
        let transition = &process.transitions[*id];
        let works = process.stages[transition.to].is_open();
        let unfinished =
            context.is_unfinished(transition.from) || context.is_unfinished(transition.to);
        let meant = transition.kind == TransitionKind::Advance && works && !unfinished;
        // Teams that have no goal in common have that to settle first, and are told so.
        if meant
            && context.goals.direct(*from, *to)
            && !speaks.contains(&(*to, *from))
            && told.insert((*from, *to))
        {
            silent.push((*id, *from, *to));
        }
    }
    let Some(((first, from, to), others)) = silent.split_first() else { return };
    let name = |team: &TeamId| process.teams[*team].name.as_str();
    let mut finding = RULE
        .finding(
            process.transitions[*first].span,
            format!("`{}` never hears from `{}` what became of its records", name(from), name(to)),
        )
        .reason("records go this way, and nothing that is learnt comes back")
        .help(format!(
            "let it flow against the stream: `feedback … {{ from {} to [{}] every 1w }}`",
            name(to),
            name(from)
        ));
    for (id, from, to) in others.iter().take(3) {
        let words = format!("nor does `{}` hear from `{}`", name(from), name(to));
        finding = finding.label(process.transitions[*id].span, words);
    }
    findings.push(finding);
}

/// Who tells whom something: by feedback, by the terms on which it takes a record, or by a record that
/// comes back with its reason.
fn ways_back(context: &Context<'_>) -> FxHashSet<(TeamId, TeamId)> {
    let process = context.process;
    let mut speaks = FxHashSet::default();
    for feedback in process.feedback.values() {
        for from in &feedback.from {
            for to in &feedback.to {
                speaks.insert((process.team_of(*from), process.team_of(*to)));
            }
        }
    }
    for (id, from, to) in context.teams.handoffs() {
        let transition = &process.transitions[*id];
        if tells_why(process, transition) {
            speaks.insert((*from, *to));
        }
        // Who may refuse says what is missing.
        if transition.handoff.as_ref().is_some_and(|terms| terms.accept.is_some()) {
            speaks.insert((*to, *from));
        }
    }
    speaks
}
