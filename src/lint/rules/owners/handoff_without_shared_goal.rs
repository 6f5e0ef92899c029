//! `handoff-without-shared-goal`: two teams, one record, no common interest.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, goals};
use crate::model::{TeamId, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "handoff-without-shared-goal",
    family: Family::Owners,
    summary: "two teams that hand records over but share no goal",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/handoff-without-shared-goal.md"),
    check: Check::Process(check),
};

/// One finding for each pair of teams, at the first move that hands a record over.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    // A goal that could not be read may be just the one.
    if process.draft || process.broken || process.goals.values().any(|goal| goal.broken) {
        return;
    }
    // What another rule tells of a pair, by the name of a goal or a team, is not told again.
    let mut told: FxHashSet<(TeamId, TeamId)> = FxHashSet::default();
    let lonely = process.goals.ids().filter_map(|goal| goals::lonely(context, goal));
    let conflicts = goals::conflicts(context).into_iter();
    for (one, other) in lonely.chain(conflicts.map(|c| (c.sender, c.receiver))) {
        told.insert((one.min(other), one.max(other)));
    }
    for (id, from, to) in context.teams.handoffs() {
        let transition = &process.transitions[*id];
        let unfinished =
            context.is_unfinished(transition.from) || context.is_unfinished(transition.to);
        if transition.kind != TransitionKind::Advance || unfinished {
            continue;
        }
        let unmeasured = [*from, *to].iter().any(|team| goals::is_unmeasured(context, *team));
        if unmeasured
            || context.goals.direct(*from, *to)
            || !told.insert((*from.min(to), *from.max(to)))
        {
            continue;
        }
        let (sender, receiver) = (&process.teams[*from], &process.teams[*to]);
        let (stage, next) =
            (&process.stages[transition.from].name, &process.stages[transition.to].name);
        findings.push(
            RULE.finding(
                transition.span,
                format!("`{}` hands records to `{}`, but no goal is shared by both", sender.name, receiver.name),
            )
            .reason("each may look good here while the other fails")
            .help(format!(
                "measure both by one number: a goal `shared by [{}, {}]` with `conversion from {stage} to {next}`",
                sender.name, receiver.name
            )),
        );
    }
}
