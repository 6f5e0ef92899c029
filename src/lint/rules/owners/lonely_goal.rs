//! `lonely-goal`: two teams make a number, one answers for it.

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, goals};
use crate::model::{GoalId, TeamId};

pub(crate) static RULE: Rule = Rule {
    name: "lonely-goal",
    family: Family::Owners,
    summary: "a goal of one team that measures the work of two",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/lonely-goal.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    if process.draft {
        return;
    }
    // Of two goals that pull apart, `conflicting-goals` tells.
    let told: FxHashSet<GoalId> = goals::conflicts(context).iter().map(|c| c.rate).collect();
    for (id, goal) in process.goals.iter() {
        let Some((alone, other)) = goals::lonely(context, id) else { continue };
        if told.contains(&id) {
            continue;
        }
        let Some((from, to)) =
            goal.measure.as_ref().and_then(|measure| goals::ends(process, measure))
        else {
            continue;
        };
        let name = |team: TeamId| process.teams[team].name.as_str();
        let stage_of_other = if process.stage_team(from) == Some(other) { from } else { to };
        findings.push(
            RULE.finding(
                goal.span,
                format!(
                    "`{}` alone answers for `{}`, though `{}` makes a part of it",
                    name(alone),
                    goal.name,
                    name(other)
                ),
            )
            .reason(format!(
                "measures the way from `{}` to `{}`",
                process.stages[from].name, process.stages[to].name
            ))
            .label(process.stages[stage_of_other].span, format!("`{}` works here", name(other)))
            .help(format!(
                "let both reach it or neither: `shared by [{}, {}]`",
                name(alone),
                name(other)
            )),
        );
    }
}
