//! `unfilled-field`: read before anyone fills it in.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Asker, Check, Context, Family, Gap, Need, Rule, Verdict, story, with_labels};
use crate::model::{Origin, TransitionId};

pub(crate) static RULE: Rule = Rule {
    name: "unfilled-field",
    family: Family::Data,
    summary: "a field that is asked for before anyone on the way there fills it in",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/unfilled-field.md"),
    check: Check::Process(check),
};

/// Only what cannot come out otherwise is told: a condition that never holds because of the field,
/// on all ways or, for what every record must have, on one on which records advance. A condition
/// that asks whether the field is missing, or is content with another, is left alone.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for gap in context.gaps().iter().filter(|gap| gap.verdict == Verdict::Unfilled) {
        findings.extend(gap.needs.first().map(|need| finding(context, gap, need)));
    }
}

fn finding(context: &Context<'_>, gap: &Gap, need: &Need) -> Diagnostic {
    let process = context.process;
    let (field, stage) = (&process.fields[need.field].name, &process.stages[need.stage].name);
    let asks = |what: String| format!("{what} asks for `{field}` before anyone fills it in");
    let sees = process
        .lineage(process.stages[need.stage].record)
        .any(|record| record == process.fields[need.field].record);
    let (message, reason) = match need.by {
        Asker::Exit(_) => (asks(format!("`{stage}`")), "no record has it by then".to_owned()),
        Asker::Detour(_) => (
            format!("a record can come to `{stage}` on a way on which nobody fills in `{field}`"),
            format!("without it, no record advances from `{stage}`"),
        ),
        Asker::Applies(id) => (
            asks(format!("the `if` of `{}`", process.criteria[id].name)),
            "no record has it by then, so the criterion never applies".to_owned(),
        ),
        Asker::Move(id) => (
            asks(the_move(context, id)),
            "no record has it by then, so the move never opens".to_owned(),
        ),
        Asker::Enter(_, id) | Asker::Accept(id) | Asker::Parcel(id) => {
            let target = &process.stages[process.transitions[id].to].name;
            (asks(format!("`{target}`")), format!("asked of records that are still in `{stage}`"))
        }
        Asker::Route(_) => (
            asks(format!("the route of `{stage}`")),
            format!("asked when a record comes into `{stage}`, and never true then"),
        ),
    };
    let reason = match need.through(process) {
        Some(score) => format!("{reason}; `{}` gives points for it", score.name),
        None => reason,
    };
    let help = match need.by {
        Asker::Route(_) => {
            format!(
                "collect `{field}` in the stages before `{stage}`, or decide by what is known there"
            )
        }
        Asker::Move(id) if process.transitions[id].origin == Origin::AnyOpen => {
            format!("collect `{field}` in every stage that it is asked in")
        }
        _ if !sees => format!(
            "{} has no `{field}` yet: ask for it where one has",
            story::a_record(process, need.stage)
        ),
        _ => format!("collect `{field}` in `{stage}` or before, or ask for it later"),
    };
    let finding =
        RULE.finding(need.span, message).reason(reason).story(need.story(context)).help(help);
    with_labels(context, gap, finding, 1)
}

fn the_move(context: &Context<'_>, id: TransitionId) -> String {
    let process = context.process;
    match process.transitions[id].origin {
        Origin::AnyOpen => {
            let target = &process.stages[process.transitions[id].to].name;
            format!("the move to `{target}` from any open stage")
        }
        _ => format!("the move from {}", story::ends(process, id)),
    }
}
