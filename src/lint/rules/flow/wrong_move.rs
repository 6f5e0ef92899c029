//! `wrong-move`: a move whose kind and target contradict each other.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::{Outcome, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "wrong-move",
    family: Family::Flow,
    summary: "a move that is called one thing and does another, such as `lose` to a win",
    level: Level::Error,
    page: include_str!("../../../../docs/rules/wrong-move.md"),
    check: Check::Process(check),
};

/// The kind decides which criteria guard a move and how it is counted, so it must fit the end. Only
/// `void`, which is neither, fits every kind: a converted lead advances to it, a duplicate is lost.
/// What `from any open of` adds is one declaration: its copies become one finding.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for transition in process.transitions.values() {
        let target = &process.stages[transition.to];
        let name = &target.name;
        let (right, reason) = match (transition.kind, target.outcome) {
            // An outcome may be what could not be read, or what a draft still lacks.
            (TransitionKind::Lose, None) if context.is_unfinished(transition.to) => continue,
            (TransitionKind::Lose, None) => (
                format!(
                    "write `recycle` or `advance`, or say in `{name}` that records are lost there: `outcome lost`"
                ),
                "nothing is lost there",
            ),
            (TransitionKind::Lose, Some(Outcome::Won)) => (
                "write `advance`: then the exit criteria guard it".to_owned(),
                "this wins, and passes by the exit criteria",
            ),
            (TransitionKind::Advance, Some(Outcome::Lost)) => (
                "write `lose`: then it is open without the exit criteria".to_owned(),
                "this loses, and only when every exit criterion is met",
            ),
            (TransitionKind::Recycle, Some(Outcome::Won)) => (
                "write `advance`: then the exit criteria guard it".to_owned(),
                "this wins, and passes by the exit criteria",
            ),
            (TransitionKind::Recycle, Some(Outcome::Lost)) => {
                ("write `lose`, or recycle into an open stage".to_owned(), "this leaves the loop")
            }
            _ => continue,
        };
        let (found, place) = match target.outcome {
            Some(outcome) => (
                format!("has the outcome `{}`", outcome.word()),
                "the outcome is said in this stage",
            ),
            None => ("has no outcome".to_owned(), "the stage it goes to"),
        };
        findings.push(
            RULE.finding(
                transition.span,
                format!("`{}` to `{name}`, but `{name}` {found}", transition.kind.word()),
            )
            .reason(reason)
            .label(target.span, place)
            .help(right),
        );
    }
}
