//! `blind-handoff`: the receiver gets a record, and nothing that is known about it.

use rustc_hash::FxHashMap;

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule, story};
use crate::model::{Origin, Process, StageId, TeamId, Transition, TransitionKind};

pub(crate) static RULE: Rule = Rule {
    name: "blind-handoff",
    family: Family::Owners,
    summary: "a handoff that carries nothing and that nobody accepts",
    level: Level::Warning,
    page: include_str!("../../../../docs/rules/blind-handoff.md"),
    check: Check::Process(check),
};

/// Only records that advance are meant, as in `silent-handoff`.
fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    let mut asked: FxHashMap<StageId, bool> = FxHashMap::default();
    for (id, from, to) in context.teams.handoffs() {
        let transition = &process.transitions[*id];
        // One line in the receiving stage is a move from many stages: no handoff of any of them.
        if transition.kind != TransitionKind::Advance || transition.origin == Origin::AnyOpen {
            continue;
        }
        if context.is_unfinished(transition.from) || context.is_unfinished(transition.to) {
            continue;
        }
        if promises_something(process, transition)
            || at_one_table(process, transition, *from, *to)
            || something_was_asked(context, transition.from, &mut asked)
        {
            continue;
        }
        // At the end of the line nobody works on it.
        let receiver = &process.stages[transition.to];
        if receiver.is_final || receiver.outgoing.is_empty() {
            continue;
        }
        let sender = &process.stages[transition.from];
        let may_be_missing: Vec<&str> = sender
            .collect
            .iter()
            .map(|field| &process.fields[field.value])
            .filter(|field| !field.required)
            .map(|field| field.name.as_str())
            .collect();
        // All that it collects is never missing.
        if may_be_missing.is_empty() && !sender.collect.is_empty() {
            continue;
        }
        let without = match may_be_missing.is_empty() {
            true => "and brings nothing along".to_owned(),
            false => format!("without {}", story::names(may_be_missing.iter().copied())),
        };
        let (giver, taker) = (&process.teams[*from].name, &process.teams[*to].name);
        let fields = fields_of(context, transition.from);
        let example = if fields.is_empty() { "…".to_owned() } else { fields.join(", ") };
        findings.push(
            RULE.finding(
                transition.span,
                format!("`{taker}` takes over in `{}` and is told nothing", receiver.name),
            )
            .reason(format!("`{giver}` carries nothing over, and `{taker}` accepts on no terms"))
            .label(sender.span, "nothing has to be known to leave this stage")
            .story(format!(
                "{}, advances to `{}` {without}, and `{taker}` asks everything again",
                story::arrival(context, transition.from),
                receiver.name
            ))
            .help(format!(
                "hand over what was learnt, `handoff … carries [{example}]`, and let the receiver say what it takes, `accept when …`"
            )),
        );
    }
}

/// Whether anything at all is sure to be known when the record arrives: something is carried or
/// accepted, the receiver asks for it on entry, or the move itself does.
fn promises_something(process: &Process, transition: &Transition) -> bool {
    let terms = transition.handoff.as_ref();
    terms.is_some_and(|terms| !terms.carries.is_empty() || terms.accept.is_some())
        || !process.stages[transition.to].enter.is_empty()
        || transition.when.is_some()
}

/// Whether the stage, or one that every record passes before it, has criteria: then something is known
/// from there. `asked` remembers the answers, so that each stage is looked at once.
fn something_was_asked(
    context: &Context<'_>,
    stage: StageId,
    asked: &mut FxHashMap<StageId, bool>,
) -> bool {
    let mut passed = Vec::new();
    let mut at = Some(stage);
    let answer = loop {
        let Some(stage) = at else { break false };
        if let Some(answer) = asked.get(&stage) {
            break *answer;
        }
        passed.push(stage);
        let of = &context.process.stages[stage];
        if !of.exit.is_empty() || !of.enter.is_empty() {
            break true;
        }
        at = context.stages.gate(stage);
    };
    asked.extend(passed.into_iter().map(|stage| (stage, answer)));
    answer
}

/// Whether one team helps in the stage of the other: then people know what no field says.
fn at_one_table(process: &Process, transition: &Transition, from: TeamId, to: TeamId) -> bool {
    let helps = |stage: StageId, team: TeamId| {
        process.stages[stage].support.iter().any(|owner| process.team_of(*owner) == team)
    };
    helps(transition.from, to) || helps(transition.to, from)
}

/// What the sender fills in, or else what the record has, for the advice.
fn fields_of<'p>(context: &Context<'p>, stage: StageId) -> Vec<&'p str> {
    let process = context.process;
    let of = &process.stages[stage];
    let collected = of.collect.iter().map(|field| field.value);
    let own = process.records[of.record].fields.iter().copied();
    // What is filled in later cannot be handed over.
    let known = own.filter(|field| context.assign().possible_in(stage, *field));
    let name = |field| process.fields[field].name.as_str();
    match of.collect.is_empty() {
        false => collected.take(3).map(name).collect(),
        true => known.take(3).map(name).collect(),
    }
}
