//! What is drawn between the boxes: moves of one kind between the same two are one arrow.

use rustc_hash::FxHashMap;

use crate::emit::sentence::Sentences;
use crate::emit::view::{Facts, reading_order};
use crate::model::{Clock, GoalId, Origin, Process, StageId, TeamId, Transition, TransitionKind};

/// How many labels of merged moves an arrow shows.
const MAX_LABELS: usize = 3;

/// What an arrow stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A move of this kind.
    Move(TransitionKind),
    /// Entering the stage creates another record.
    Starts,
}

/// Arrows from one box to another.
#[derive(Clone, Debug)]
pub(super) struct Arrow<N> {
    pub(super) from: N,
    pub(super) to: N,
    pub(super) kind: Kind,
    /// Short labels, joined.
    pub(super) label: String,
}

/// Teams, what they hand over and what they share.
pub(super) struct Teams {
    pub(super) handoffs: Vec<Arrow<TeamId>>,
    /// Two teams and the titles of the goals that only they share.
    pub(super) pairs: Vec<(TeamId, TeamId, String)>,
    /// Goals that three teams or more share.
    pub(super) circles: Vec<(GoalId, Vec<TeamId>)>,
}

/// The arrows between stages, in the order in which the stages are read.
pub(super) fn between_stages(process: &Process, sentences: &Sentences<'_>) -> Vec<Arrow<StageId>> {
    let mut arrows = Merged::default();
    for id in reading_order(process) {
        let stage = &process.stages[id];
        for transition in &stage.outgoing {
            let transition = &process.transitions[*transition];
            let label = label(transition, sentences);
            arrows.add(id, transition.to, Kind::Move(transition.kind), label);
        }
        for (_, target) in &stage.starts {
            arrows.add(id, *target, Kind::Starts, None);
        }
    }
    arrows.finish()
}

/// The arrows between teams and the goals they share.
pub(super) fn between_teams(
    process: &Process,
    facts: &Facts,
    sentences: &Sentences<'_>,
    goals: bool,
) -> Teams {
    let mut handoffs = Merged::default();
    for handoff in &facts.handoffs {
        let transition = &process.transitions[handoff.transition];
        let label = within(transition, sentences);
        for from in &handoff.from {
            handoffs.add(*from, handoff.to, Kind::Move(transition.kind), label.clone());
        }
    }
    let mut pairs = Merged::default();
    let mut circles = Vec::new();
    for (id, goal) in process.goals.iter().filter(|_| goals) {
        let teams = facts.goal_teams.get(&id).map_or(&[][..], Vec::as_slice);
        match teams {
            [] | [_] => {}
            [one, other] => {
                let (one, other) = (*one.min(other), *one.max(other));
                let title = super::short(sentences.text(&goal.title));
                pairs.add(one, other, Kind::Starts, Some(title));
            }
            many => circles.push((id, many.to_vec())),
        }
    }
    let pairs = pairs.finish().into_iter().map(|arrow| (arrow.from, arrow.to, arrow.label));
    Teams { handoffs: handoffs.finish(), pairs: pairs.collect(), circles }
}

/// What a move is called and when it opens, else how fast the receiver acts.
fn label(transition: &Transition, sentences: &Sentences<'_>) -> Option<String> {
    let title = transition.title.as_ref().map(|title| super::short(sentences.text(title)));
    let opens = transition.after.as_ref().map(|clock| match clock {
        Clock { duration, before: None, .. } => sentences.later(*duration),
        clock => super::short(&sentences.clock(clock)),
    });
    match (title, opens) {
        (Some(title), Some(opens)) => Some(format!("{title} · {opens}")),
        (None, None) => within(transition, sentences),
        (title, opens) => title.or(opens),
    }
}

/// How fast the receiver of a handoff acts. A refused record has no clock of its own.
fn within(transition: &Transition, sentences: &Sentences<'_>) -> Option<String> {
    if matches!(transition.origin, Origin::Refusal(_)) {
        return None;
    }
    let within = transition.handoff.as_ref()?.within?;
    Some(sentences.within(within))
}

/// Arrows by their ends and kind, in the order of their first move.
struct Merged<N> {
    arrows: Vec<(Arrow<N>, Vec<String>, usize)>,
    known: FxHashMap<(N, N, Kind), usize>,
}

impl<N> Default for Merged<N> {
    fn default() -> Self {
        Self { arrows: Vec::new(), known: FxHashMap::default() }
    }
}

impl<N: Copy + Eq + std::hash::Hash> Merged<N> {
    fn add(&mut self, from: N, to: N, kind: Kind, label: Option<String>) {
        let index = *self.known.entry((from, to, kind)).or_insert_with(|| {
            let arrow = Arrow { from, to, kind, label: String::new() };
            self.arrows.push((arrow, Vec::new(), 0));
            self.arrows.len() - 1
        });
        let (Some((_, labels, more)), Some(label)) = (self.arrows.get_mut(index), label) else {
            return;
        };
        if labels.contains(&label) || label.is_empty() {
            return;
        }
        match labels.len() < MAX_LABELS {
            true => labels.push(label),
            false => *more += 1,
        }
    }

    fn finish(self) -> Vec<Arrow<N>> {
        let arrows = self.arrows.into_iter();
        arrows
            .map(|(mut arrow, labels, more)| {
                arrow.label = labels.join(" / ");
                if more > 0 {
                    arrow.label.push_str(&format!(" +{more}"));
                }
                arrow
            })
            .collect()
    }
}

/// The stages of each team that owns any, and those without an owner.
pub(super) fn by_team(process: &Process) -> (Vec<(TeamId, Vec<StageId>)>, Vec<StageId>) {
    use crate::model::Id;
    let mut of_team: Vec<(TeamId, Vec<StageId>)> =
        process.teams.ids().map(|team| (team, Vec::new())).collect();
    let mut alone = Vec::new();
    for id in reading_order(process) {
        match process.stage_team(id).and_then(|team| of_team.get_mut(team.index())) {
            Some((_, stages)) => stages.push(id),
            None => alone.push(id),
        }
    }
    of_team.retain(|(_, stages)| !stages.is_empty());
    (of_team, alone)
}
