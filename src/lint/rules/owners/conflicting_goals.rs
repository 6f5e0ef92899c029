//! `conflicting-goals`: one team wins by what the other loses by.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, goals, story};

pub(crate) static RULE: Rule = Rule {
    name: "conflicting-goals",
    family: Family::Owners,
    summary: "two goals that can only be reached at each other's cost",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/conflicting-goals.md"),
    check: Check::Process(check),
};

/// One finding for each pair of teams.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let mut told = FxHashSet::default();
    for conflict in goals::conflicts(context) {
        if !told.insert((conflict.sender, conflict.receiver)) {
            continue;
        }
        let (volume, rate) = (&process.goals[conflict.volume], &process.goals[conflict.rate]);
        let (sender, receiver) =
            (&process.teams[conflict.sender].name, &process.teams[conflict.receiver].name);
        let stage = &process.stages[conflict.stage].name;
        findings.push(
            RULE.finding(
                volume.span,
                format!("`{}` and `{}` can only be reached at each other's cost", volume.name, rate.name),
            )
            .reason(format!("`{sender}` wants many records in `{stage}`"))
            .label(rate.span, format!("`{receiver}` wants only those in it that get on"))
            .story(format!(
                "{} that is not ready enters `{stage}`: it counts for `{sender}` in `{}`, and against `{receiver}` in `{}`",
                story::a_record(process, conflict.stage),
                volume.name,
                rate.name
            ))
            .help(format!(
                "let both answer for what becomes of the records: `{}` `shared by [{sender}, {receiver}]`",
                rate.name
            )),
        );
    }
}
