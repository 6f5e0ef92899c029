//! The silo report: what holds at the boundaries between teams, as numbers, and what is missing.
//!
//! A **boundary** is an ordered pair of teams of which the one advances records to the other. It has
//! five parts of twenty points each: a clock, a parcel, terms, a shared goal, and feedback back. The
//! first three are shares of its handoffs; see `docs/reference/silo-report.md`.

use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::{SharedGoals, StageGraph, TeamGraph, single_points, tells_why};
use crate::model::{
    CriterionId, Expr, FeedbackId, FieldId, GoalId, Id, Measure, Origin, Process, RoleId, StageId,
    TeamId, TransitionId, TransitionKind,
};

/// What each part of a boundary is worth.
pub const PART: u32 = 20;
/// What records that come back with a reason are worth, where nobody gives feedback.
pub const RETURNS: u32 = 10;

/// What a process says about its silos.
#[derive(Clone, Debug)]
pub struct Silos {
    /// The mean of all boundaries, 0 to 100; none where no team hands over to another.
    pub number: Option<u32>,
    /// The boundaries, the weakest first.
    pub boundaries: Vec<Boundary>,
    /// The moves between teams that are no `advance`, by the teams they lead from and to.
    pub other_moves: Vec<OtherMoves>,
    /// The fields that one team fills in and no other ever reads, by team.
    pub own_fields: Vec<(TeamId, Vec<FieldId>)>,
    /// The people whom every record on its way to a win must pass and for whom nobody stands in.
    pub people: Vec<(RoleId, Vec<StageId>)>,
    /// The teams through which alone the shared goals connect some others.
    pub bridges: Vec<TeamId>,
}

/// A boundary between two teams.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// Who hands over.
    pub from: TeamId,
    /// Who takes.
    pub to: TeamId,
    /// Every `advance` between them.
    pub handoffs: Vec<HandoffTerms>,
    /// The goals they share.
    pub goals: Vec<GoalId>,
    /// What the taker tells the giver.
    pub feedback: Vec<FeedbackId>,
    /// Whether records come back from the taker to the giver with a reason.
    pub returns: bool,
    /// Its points.
    pub score: Score,
}

impl Boundary {
    /// Whether nothing at all flows against the stream.
    pub fn is_one_way(&self) -> bool {
        self.feedback.is_empty() && !self.returns
    }
}

/// A handoff, and what is agreed on it.
#[derive(Clone, Copy, Debug)]
pub struct HandoffTerms {
    /// The move.
    pub transition: TransitionId,
    /// A clock starts: the handoff has one, the receiving stage has a limit, or nobody has to act.
    pub clock: bool,
    /// Something is carried.
    pub parcel: bool,
    /// The receiver accepts on terms, or asks for something on entry.
    pub terms: bool,
}

/// Moves from one team to another that are no `advance`.
#[derive(Clone, Debug)]
pub struct OtherMoves {
    /// Who sends them.
    pub from: TeamId,
    /// Who gets them.
    pub to: TeamId,
    /// The moves.
    pub moves: Vec<TransitionId>,
}

/// The points of a boundary, each part 0 to [`PART`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Score {
    /// How many of the handoffs start a clock.
    pub clock: u32,
    /// How many of the handoffs carry something.
    pub parcel: u32,
    /// How many of the handoffs have terms.
    pub terms: u32,
    /// Whether a goal is shared.
    pub goal: u32,
    /// Whether knowledge flows back.
    pub feedback: u32,
}

impl Score {
    /// All parts together, 0 to 100.
    pub fn total(self) -> u32 {
        self.clock + self.parcel + self.terms + self.goal + self.feedback
    }
}

/// The points for so many of so many handoffs.
pub fn share(have: usize, of: usize) -> u32 {
    let (have, of) = (have as u64, of.max(1) as u64);
    // Rounded half up.
    u32::try_from((2 * u64::from(PART) * have + of) / (2 * of)).unwrap_or(PART)
}

/// Looks at all boundaries of a process, in near-linear time.
pub fn silos(process: &Process) -> Silos {
    let teams = TeamGraph::new(process);
    let goals = SharedGoals::new(process);
    let graph = StageGraph::new(process);
    let mut boundaries = boundaries(process, &teams, &goals);
    // Teams are declared in one place, so their order is the author's.
    boundaries.sort_by_key(|boundary| (boundary.score.total(), boundary.from, boundary.to));
    let count = u32::try_from(boundaries.len()).unwrap_or(u32::MAX);
    let sum: u32 = boundaries.iter().map(|boundary| boundary.score.total()).sum();
    let number = (count > 0).then(|| (2 * sum + count) / (2 * count.max(1)));
    // In the order of the first stage of each.
    let mut people: IndexMap<RoleId, Vec<StageId>> = IndexMap::new();
    for (stage, role) in single_points(process, &graph) {
        people.entry(role).or_default().push(stage);
    }
    Silos {
        number,
        boundaries,
        other_moves: other_moves(process, &teams),
        own_fields: own_fields(process, &goals),
        people: people.into_iter().collect(),
        bridges: goals.bridges(),
    }
}

fn boundaries(process: &Process, teams: &TeamGraph, goals: &SharedGoals) -> Vec<Boundary> {
    let mut feedback: FxHashMap<(TeamId, TeamId), Vec<FeedbackId>> = FxHashMap::default();
    for (id, of) in process.feedback.iter() {
        for from in &of.from {
            for to in &of.to {
                let pair = (process.team_of(*from), process.team_of(*to));
                let list = feedback.entry(pair).or_default();
                if list.last() != Some(&id) {
                    list.push(id);
                }
            }
        }
    }
    let mut returns: FxHashSet<(TeamId, TeamId)> = FxHashSet::default();
    let mut place: FxHashMap<(TeamId, TeamId), usize> = FxHashMap::default();
    let mut found: Vec<Boundary> = Vec::new();
    for (id, from, to) in teams.handoffs() {
        let transition = &process.transitions[*id];
        if tells_why(process, transition) {
            returns.insert((*from, *to));
        }
        if transition.handoff.as_ref().is_some_and(|terms| terms.accept.is_some()) {
            returns.insert((*to, *from));
        }
        if transition.kind != TransitionKind::Advance {
            continue;
        }
        let index = *place.entry((*from, *to)).or_insert_with(|| {
            found.push(Boundary {
                from: *from,
                to: *to,
                handoffs: Vec::new(),
                goals: goals.common(*from, *to),
                feedback: feedback.remove(&(*to, *from)).unwrap_or_default(),
                returns: false,
                score: Score { clock: 0, parcel: 0, terms: 0, goal: 0, feedback: 0 },
            });
            found.len() - 1
        });
        if let Some(boundary) = found.get_mut(index) {
            boundary.handoffs.push(terms(process, *id));
        }
    }
    for boundary in &mut found {
        boundary.returns = returns.contains(&(boundary.to, boundary.from));
        boundary.score = score(boundary);
    }
    found
}

fn terms(process: &Process, id: TransitionId) -> HandoffTerms {
    let transition = &process.transitions[id];
    let receiver = &process.stages[transition.to];
    let agreed = transition.handoff.as_ref();
    HandoffTerms {
        transition: id,
        clock: receiver.is_at_rest()
            || receiver.limit.is_some()
            || agreed.is_some_and(|agreed| agreed.within.is_some()),
        parcel: agreed.is_some_and(|agreed| !agreed.carries.is_empty()),
        terms: !receiver.enter.is_empty() || agreed.is_some_and(|agreed| agreed.accept.is_some()),
    }
}

fn score(boundary: &Boundary) -> Score {
    let of = boundary.handoffs.len();
    let count = |holds: fn(&HandoffTerms) -> bool| {
        share(boundary.handoffs.iter().filter(|handoff| holds(handoff)).count(), of)
    };
    Score {
        clock: count(|handoff| handoff.clock),
        parcel: count(|handoff| handoff.parcel),
        terms: count(|handoff| handoff.terms),
        goal: if boundary.goals.is_empty() { 0 } else { PART },
        feedback: match (boundary.feedback.is_empty(), boundary.returns) {
            (false, _) => PART,
            (true, true) => RETURNS,
            (true, false) => 0,
        },
    }
}

/// The way of a refused record is part of the terms of its handoff and not told again.
fn other_moves(process: &Process, teams: &TeamGraph) -> Vec<OtherMoves> {
    let mut place: FxHashMap<(TeamId, TeamId), usize> = FxHashMap::default();
    let mut found: Vec<OtherMoves> = Vec::new();
    for (id, from, to) in teams.handoffs() {
        let transition = &process.transitions[*id];
        let refusal = matches!(transition.origin, Origin::Refusal(_));
        if transition.kind == TransitionKind::Advance || refusal {
            continue;
        }
        let index = *place.entry((*from, *to)).or_insert_with(|| {
            found.push(OtherMoves { from: *from, to: *to, moves: Vec::new() });
            found.len() - 1
        });
        if let Some(way) = found.get_mut(index) {
            way.moves.push(*id);
        }
    }
    found.sort_by_key(|moves| (moves.from, moves.to));
    found
}

/// Who fills in or reads a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nobody,
    One(TeamId),
    Several,
}

/// The fields that somebody fills in and that one team alone sees.
fn own_fields(process: &Process, goals: &SharedGoals) -> Vec<(TeamId, Vec<FieldId>)> {
    let mut seen = vec![Seen::Nobody; process.fields.len()];
    let mut filled = vec![false; process.fields.len()];
    let mut see = |field: FieldId, team: Option<TeamId>| {
        if let Some(slot) = seen.get_mut(field.index()) {
            *slot = match (*slot, team) {
                (Seen::Nobody, Some(team)) => Seen::One(team),
                (Seen::One(known), Some(team)) if known == team => *slot,
                _ => Seen::Several,
            };
        }
    };
    for (id, stage) in process.stages.iter() {
        let team = process.stage_team(id);
        for field in &stage.collect {
            see(field.value, team);
            if let Some(slot) = filled.get_mut(field.value.index()) {
                *slot = true;
            }
        }
        let criteria = |id: &CriterionId| {
            let criterion = &process.criteria[*id];
            std::iter::once(&criterion.condition).chain(&criterion.applies)
        };
        let conditions = stage.exit.iter().chain(&stage.enter).flat_map(criteria);
        conditions.flat_map(Expr::fields).for_each(|field| see(field, team));
    }
    for transition in process.transitions.values() {
        let (from, to) = (process.stage_team(transition.from), process.stage_team(transition.to));
        transition.when.iter().flat_map(Expr::fields).for_each(|field| see(field, from));
        if let Some(field) = transition.after.as_ref().and_then(|clock| clock.before) {
            see(field, from);
        }
        let Some(agreed) = &transition.handoff else { continue };
        for field in &agreed.carries {
            see(field.value, from);
            see(field.value, to);
        }
        let accepted = agreed.accept.iter().flat_map(|accept| accept.when.fields());
        accepted.for_each(|field| see(field, to));
    }
    for route in process.routes.values() {
        let team = process.stage_team(route.stage);
        route.cases.iter().flat_map(|case| case.when.fields()).for_each(|field| see(field, team));
    }
    // What a score rates, its grade tells to everybody.
    let rated = process.scores.values().flat_map(|score| &score.points);
    rated.flat_map(|points| points.when.fields()).for_each(|field| see(field, None));
    for (id, goal) in process.goals.iter() {
        let (field, when) = match &goal.measure {
            Some(Measure::Sum { field, when, .. }) => (Some(*field), when.as_ref()),
            Some(Measure::Coverage { by, .. }) => (Some(*by), None),
            Some(Measure::Entries { when, .. }) => (None, when.as_ref()),
            Some(Measure::Share { when, .. }) => (None, Some(when)),
            _ => (None, None),
        };
        let fields: Vec<FieldId> =
            field.into_iter().chain(when.into_iter().flat_map(Expr::fields)).collect();
        for team in goals.teams(id) {
            fields.iter().for_each(|field| see(*field, Some(*team)));
        }
    }
    let mut by_team: Vec<(TeamId, Vec<FieldId>)> =
        process.teams.ids().map(|team| (team, Vec::new())).collect();
    for (field, (seen, filled)) in process.fields.ids().zip(seen.into_iter().zip(filled)) {
        if let Seen::One(team) = seen
            && filled
            && let Some((_, fields)) = by_team.get_mut(team.index())
        {
            fields.push(field);
        }
    }
    by_team.retain(|(_, fields)| !fields.is_empty());
    by_team
}
