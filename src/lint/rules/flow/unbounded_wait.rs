//! `unbounded-wait`: nobody notices that a record waits.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};

pub(crate) static RULE: Rule = Rule {
    name: "unbounded-wait",
    family: Family::Flow,
    summary: "an open stage without a limit and without a clock on any way out",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/unbounded-wait.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for (id, stage) in process.stages.iter() {
        let waits = stage.is_open() && !stage.is_final && stage.limit.is_none();
        // Without any way out it is a dead end, which is worse.
        if !waits || stage.outgoing.is_empty() || context.is_unfinished(id) {
            continue;
        }
        // A move from any open stage belongs to the stage it leads to, which may not be whole.
        let clock = stage.outgoing.iter().any(|transition| {
            context.guards.strikes(*transition)
                || process.stages[process.transitions[*transition].to].broken
        });
        if clock || !context.may_hold_records(id) {
            continue;
        }
        findings.push(
            RULE.finding(stage.span, format!("a record can wait in `{}` for ever", stage.name))
                .reason("no `limit`, and no move that opens with time")
                .story(format!(
                    "{}, and waits there for ever if nobody moves it: nothing runs out",
                    story::arrival(context, id)
                ))
                .help("say how long it may take, `limit 5 business days`, or move it on, `recycle to … after 30d`"),
        );
    }
}
