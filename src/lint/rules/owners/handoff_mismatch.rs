//! `handoff-mismatch`: the receiver needs more than the sender can have.

use crate::diag::{Diagnostic, Level};
use crate::lint::{
    Asker, Check, Context, Family, Gap, Need, Rule, Verdict, handed_over, story, with_labels,
};
use crate::model::TransitionId;

pub(crate) static RULE: Rule = Rule {
    name: "handoff-mismatch",
    family: Family::Owners,
    summary: "a handoff whose receiver needs, or whose parcel holds, what nobody has filled in by then",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/handoff-mismatch.md"),
    check: Check::Process(check),
};

/// A handoff is checked like the call of a function: what the receiver asks for must be something
/// that the sender can have. That the sender may have it and does not is what `accept` is for.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    for gap in context.gaps().iter().filter(|gap| gap.verdict == Verdict::Handoff) {
        findings.extend(gap.needs.first().and_then(|need| finding(context, gap, need)));
    }
}

fn finding(context: &Context<'_>, gap: &Gap, need: &Need) -> Option<Diagnostic> {
    let process = context.process;
    let (move_, receivers) = match need.by {
        Asker::Enter(_, id) | Asker::Accept(id) => (id, false),
        Asker::Exit(_) => (handed_over(context, need.stage, need.field)?, true),
        Asker::Parcel(id) => return Some(in_the_parcel(context, gap, need, id)),
        _ => return None,
    };
    let transition = &process.transitions[move_];
    let (sender, receiver) = (&process.stages[transition.from], &process.stages[transition.to]);
    let field = &process.fields[need.field];
    let sees = process.lineage(sender.record).any(|record| record == field.record);
    let carries = transition.handoff.as_ref().map_or(&[][..], |handoff| &handoff.carries);
    let reason = match carries {
        [] => format!("nobody fills in `{}` before this", field.name),
        some => format!(
            "this hands over {} only",
            story::names(some.iter().map(|field| process.fields[field.value].name.as_str()))
        ),
    };
    let (name, to) = (&field.name, &receiver.name);
    let help = match (sees, receivers) {
        (false, _) => format!(
            "{} has no `{name}` yet: let `{to}` collect it, and ask for it in its `exit when`",
            story::a_record(process, transition.from)
        ),
        (true, true) => format!("collect `{name}` in `{}` or in `{to}`", sender.name),
        (true, false) => {
            format!("collect `{name}` in `{}`, or ask for it in a later stage", sender.name)
        }
    };
    let finding = RULE
        .finding(
            transition.span,
            format!(
                "`{to}` needs `{name}`, which nobody fills in before the handoff from `{}`",
                sender.name
            ),
        )
        .reason(reason)
        .label(need.span, "needed here")
        .story(need.story(context))
        .help(help);
    Some(with_labels(context, gap, finding, 1))
}

fn in_the_parcel(context: &Context<'_>, gap: &Gap, need: &Need, id: TransitionId) -> Diagnostic {
    let process = context.process;
    let (field, sender) = (&process.fields[need.field].name, &process.stages[need.stage].name);
    let finding = RULE
        .finding(
            need.span,
            format!(
                "the handoff from {} carries `{field}`, which nobody fills in before it",
                story::ends(process, id)
            ),
        )
        .reason("no record has it by then")
        .story(need.story(context))
        .help(format!("collect `{field}` in `{sender}` or before, or take it out of the parcel"));
    with_labels(context, gap, finding, 1)
}
