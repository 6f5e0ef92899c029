//! `final-with-exit`: a stage that is meant to be the end, and is not.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::Origin;

pub(crate) static RULE: Rule = Rule {
    name: "final-with-exit",
    family: Family::Flow,
    summary: "a `final` stage that declares a move out of it",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/final-with-exit.md"),
    check: Check::Process(check),
};

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for stage in process.stages.values().filter(|stage| stage.is_final) {
        // What `from any open of` adds was not said here.
        let declared = stage.outgoing.iter().copied().find(|id| {
            let transition = &process.transitions[*id];
            transition.origin == Origin::Declared
        });
        if let Some(id) = declared {
            let transition = &process.transitions[id];
            let target = &process.stages[transition.to].name;
            findings.push(
                RULE.finding(
                    transition.span,
                    format!("`{}` is final, but declares a move to `{target}`", stage.name),
                )
                .reason(format!("from {}", story::ends(process, id)))
                .label(stage.span, "said to be `final` here")
                .help("remove `final`, or the move"),
            );
        }
    }
}
