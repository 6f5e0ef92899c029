//! The short story of a record, for findings that speak of one.

use crate::graph::{Edge, Reach};
use crate::logic::prove::Witness;
use crate::model::{Expr, Origin, Process, StageId, TransitionId, TransitionKind};

use super::Context;

/// The moves a story tells one by one; of longer ways it tells the last ones.
const MOST_MOVES: usize = 4;
/// A longer condition would drown the story.
const LONGEST_CONDITION: usize = 40;

/// How a record comes to `stage` from where it enters the process: "a lead enters at `inquiry`, advances
/// to `mql`". The story of a stage that no entry leads to begins in it.
pub(crate) fn arrival(context: &Context<'_>, stage: StageId) -> String {
    along(context, context.stages.from_entries(), stage)
}

/// The same along the ways of another search.
pub(crate) fn along(context: &Context<'_>, reach: &Reach, stage: StageId) -> String {
    let process = context.process;
    let Some(arrival) = reach.arrival(stage) else {
        return format!("{} is in `{}`", a_record(process, stage), process.stages[stage].name);
    };
    let way = reach.way(stage, MOST_MOVES);
    let origin = &process.stages[arrival.origin];
    let verb = if origin.entry.is_some() { "enters" } else { "begins" };
    let mut story = format!("{} {verb} at `{}`", a_record(process, arrival.origin), origin.name);
    let told = u32::try_from(way.len()).unwrap_or(u32::MAX);
    if let Some((from, ..)) = way.first().filter(|_| told < arrival.steps) {
        let left_out = arrival.steps - told;
        let moves = if left_out == 1 { "move" } else { "moves" };
        let name = &process.stages[*from].name;
        story.push_str(&format!(", {left_out} {moves} later is in `{name}`"));
    }
    for (from, edge, to) in way {
        story.push_str(", ");
        story.push_str(&step(process, from, edge, to));
    }
    story
}

/// What becomes of a record that begins at `stage`, along the ways of a search that ran backwards
/// from where it ends.
pub(crate) fn onwards(context: &Context<'_>, stage: StageId, back: &Reach) -> String {
    let process = context.process;
    let begin = &process.stages[stage];
    let verb = if begin.entry.is_some() { "enters" } else { "begins" };
    let mut story = format!("{} {verb} at `{}`", a_record(process, stage), begin.name);
    let mut at = stage;
    for _ in 0..MOST_MOVES {
        let Some((next, edge)) = back.arrival(at).and_then(|arrival| arrival.last) else { break };
        story.push_str(", ");
        story.push_str(&step(process, at, edge, next));
        at = next;
    }
    if let Some(arrival) = back.arrival(at).filter(|arrival| arrival.steps > 0) {
        let end = &process.stages[arrival.origin].name;
        story.push_str(&format!(", and {} moves later ends in `{end}`", arrival.steps));
    }
    story
}

/// One move as a verb: "advances to `mql`", "is recycled to `nurturing` (`reason is present`)".
pub(crate) fn step(process: &Process, from: StageId, edge: Edge, to: StageId) -> String {
    let target = &process.stages[to];
    let Edge::Move(id) = edge else {
        return format!("which starts {} at `{}`", a_record(process, to), target.name);
    };
    let transition = &process.transitions[id];
    let refused = matches!(transition.origin, Origin::Refusal(_));
    let verb = match transition.kind {
        _ if refused => "is refused and goes to",
        TransitionKind::Advance => "advances to",
        TransitionKind::Recycle => "is recycled to",
        TransitionKind::Lose => "is lost to",
    };
    let mut step = format!("{verb} `{}`", target.name);
    if target.record != process.stages[from].record {
        step.push_str(&format!(" as {}", a_record(process, to)));
    }
    if let Some(condition) = transition.when.as_ref().filter(|_| !refused)
        && let Some(text) = brief(process, condition)
    {
        step.push_str(&format!(" (`{text}`)"));
    }
    step
}

/// The moves of a way from one stage on, joined: "advances to `b`, is recycled to `a`".
pub(crate) fn steps(process: &Process, way: &[(StageId, Edge, StageId)]) -> String {
    let steps: Vec<String> =
        way.iter().map(|(from, edge, to)| step(process, *from, *edge, *to)).collect();
    steps.join(", ")
}

/// Once round: from `start` along the ways of `around`, which began there, to the stage that the
/// move `closing` leaves, and by it back. A long round is told by its length.
pub(crate) fn round(
    context: &Context<'_>,
    around: &Reach,
    start: StageId,
    closing: (StageId, Edge),
) -> String {
    let (last, edge) = closing;
    let moves = around.arrival(last).map_or(0, |arrival| arrival.steps).saturating_add(1);
    let name = &context.process.stages[start].name;
    if moves as usize > MOST_MOVES {
        return format!("goes round through {moves} stages and is back in `{name}`");
    }
    let mut way = around.way(last, MOST_MOVES);
    way.push((last, edge, start));
    steps(context.process, &way)
}

/// A condition as it would be written, unless it is long.
pub(crate) fn brief(process: &Process, condition: &Expr) -> Option<String> {
    let text = process.expr_source(condition);
    (text.chars().count() <= LONGEST_CONDITION).then_some(text)
}

/// "a lead", "an opportunity": the record type of a stage.
pub(crate) fn a_record(process: &Process, stage: StageId) -> String {
    a_record_named(&process.records[process.stages[stage].record].name)
}

/// A record type's name with its article.
pub(crate) fn a_record_named(name: &str) -> String {
    let name = name.replace('_', " ");
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {name}")
}

/// A record in a stage as it was found, to be followed by what becomes of it: "a lead is in `mql`,
/// `reject_reason` is `unreachable` and `meeting_at` is missing".
pub(crate) fn found(process: &Process, stage: StageId, witness: &Witness) -> String {
    let (record, name) = (a_record(process, stage), &process.stages[stage].name);
    let told = witness.tell(process);
    if told.is_empty() {
        format!("{record} is in `{name}`")
    } else {
        format!("{record} is in `{name}`, {told}")
    }
}

/// The same of one that never leaves.
pub(crate) fn stays(process: &Process, stage: StageId, witness: &Witness) -> String {
    format!("{}: it stays there for ever", found(process, stage, witness))
}

/// Names in backticks: "`a`", "`a` and `b`", "`a`, `b` and 3 others".
pub(crate) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [one, two] => format!("`{one}` and `{two}`"),
        [one, two, three] => format!("`{one}`, `{two}` and `{three}`"),
        [one, two, rest @ ..] => format!("`{one}`, `{two}` and {} others", rest.len()),
    }
}

/// A move's ends: "`mql` to `problem`".
pub(crate) fn ends(process: &Process, transition: TransitionId) -> String {
    let transition = &process.transitions[transition];
    let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
    format!("`{}` to `{}`", from.name, to.name)
}
