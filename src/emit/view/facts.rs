//! What follows from a process without any language: who hands over to whom, who fills and who
//! needs each field, which goals two teams share.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{
    Arena, ConfirmationId, CriterionId, Expr, ExprKind, FeedbackId, FieldId, GoalId, Id, Measure,
    NodeRef, Origin, Owner, PlayId, Process, RecordId, RoleId, RouteId, ScoreId, StageId, TeamId,
    TermId, TransitionId, TransitionKind,
};

/// Everything derived from a process, without repetition: stages in reading order, handoffs and goals
/// in that of their stages, everything else in source order.
#[derive(Debug)]
pub struct Facts {
    /// The stages in the order in which they are best read, see [`reading_order`].
    pub order: Vec<StageId>,
    /// The place of each stage in that order.
    rank: Vec<usize>,
    /// The goals by the stages they measure, in that order; those without a measure last.
    pub goals: Vec<GoalId>,
    goal_rank: Vec<usize>,
    /// The moves between teams, in the order of the stages they leave. One declared `from any open of` is one handoff.
    pub handoffs: Vec<HandoffFact>,
    /// The handoff a transition belongs to, as an index into `handoffs`.
    pub handoff_of: FxHashMap<TransitionId, usize>,
    /// The moves declared as `from any open of`, by the first transition they expand to.
    pub any_open: FxHashMap<TransitionId, AnyOpen>,
    /// For the other transitions of such a move: the first.
    pub leader: FxHashMap<TransitionId, TransitionId>,
    /// A stable name for each transition, see [`Process::transition_keys`].
    pub keys: FxHashMap<TransitionId, String>,
    /// The teams that share a goal.
    pub goal_teams: FxHashMap<GoalId, Vec<TeamId>>,
    /// The goals a team takes part in.
    pub team_goals: Lists<TeamId, GoalId>,
    /// The goals a role is named in, or a team as a whole.
    pub own_goals: Owned<GoalId>,
    /// The goals that measure a stage.
    pub stage_goals: Lists<StageId, GoalId>,
    /// The stages whose owner fills in a field.
    pub fills: Lists<FieldId, StageId>,
    /// What reads a field.
    pub needs: Lists<FieldId, Need>,
    /// The stages an owner answers for: exactly this role, or the team as a whole.
    pub owned: Owned<StageId>,
    /// The stages somebody helps in.
    pub supported: Owned<StageId>,
    /// The stages whose missed limits somebody hears of.
    pub escalations: Owned<StageId>,
    /// What somebody confirms.
    pub confirmations: Owned<ConfirmationId>,
    /// The handoffs somebody gives, as indices into `handoffs`.
    pub given: Owned<usize>,
    /// The handoffs somebody takes, as indices into `handoffs`.
    pub taken: Owned<usize>,
    /// The plays somebody plays.
    pub played: Owned<PlayId>,
    /// The stages whose records a route gives to somebody.
    pub routed: Owned<StageId>,
    /// The feedback somebody gives.
    pub spoken: Owned<FeedbackId>,
    /// The feedback somebody gets.
    pub heard: Owned<FeedbackId>,
    /// The plays of a stage.
    pub stage_plays: Lists<StageId, PlayId>,
    /// The words that point at something.
    pub terms: FxHashMap<NodeRef, Vec<TermId>>,
    /// The route of a stage.
    pub routes: FxHashMap<StageId, RouteId>,
    /// The criterion a confirmation stands in.
    pub confirmed_in: FxHashMap<ConfirmationId, CriterionId>,
    /// The stages that start a record in a stage.
    pub started_by: Lists<StageId, StageId>,
    /// The stages of each record type.
    pub stages_of: Lists<RecordId, StageId>,
}

/// A handoff: a move between teams.
#[derive(Clone, Debug)]
pub struct HandoffFact {
    /// The move; the first one, when it was expanded from `from any open of`.
    pub transition: TransitionId,
    /// The teams that give.
    pub from: Vec<TeamId>,
    /// The team that takes.
    pub to: TeamId,
}

/// A move declared as `from any open of`.
#[derive(Clone, Debug)]
pub struct AnyOpen {
    /// The record type.
    pub record: RecordId,
    /// The stages it leaves.
    pub from: Vec<StageId>,
    /// The open stages of the record type that it does not leave.
    pub except: Vec<StageId>,
}

/// What reads a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// A criterion, a move or a handoff of the stage.
    Stage(StageId),
    /// A rule of the score.
    Score(ScoreId),
    /// The route of the stage.
    Route(StageId),
    /// The measure of the goal.
    Goal(GoalId),
    /// The condition of the play.
    Play(PlayId),
}

/// A list for each id, empty where nothing was added.
#[derive(Debug)]
pub struct Lists<K, V> {
    lists: Vec<Vec<V>>,
    kind: std::marker::PhantomData<K>,
}

impl<K: Id, V: Copy + PartialEq> Lists<K, V> {
    fn new<T>(arena: &Arena<K, T>) -> Self {
        Self { lists: vec![Vec::new(); arena.len()], kind: std::marker::PhantomData }
    }

    /// Adds unless it is what was added last: enough where equal items come one after another.
    fn add(&mut self, key: K, value: V) {
        if let Some(list) = self.lists.get_mut(key.index())
            && list.last() != Some(&value)
        {
            list.push(value);
        }
    }

    /// The list of a key.
    pub fn get(&self, key: K) -> &[V] {
        self.lists.get(key.index()).map_or(&[], Vec::as_slice)
    }
}

/// A list for each team and each role.
#[derive(Debug)]
pub struct Owned<V> {
    teams: Lists<TeamId, V>,
    roles: Lists<RoleId, V>,
}

impl<V: Copy + PartialEq> Owned<V> {
    fn new(process: &Process) -> Self {
        Self { teams: Lists::new(&process.teams), roles: Lists::new(&process.roles) }
    }

    fn add(&mut self, owner: Owner, value: V) {
        match owner {
            Owner::Team(team) => self.teams.add(team, value),
            Owner::Role(role) => self.roles.add(role, value),
        }
    }

    /// What belongs to exactly this owner; what its roles have is not part of a team's list.
    pub fn get(&self, owner: Owner) -> &[V] {
        match owner {
            Owner::Team(team) => self.teams.get(team),
            Owner::Role(role) => self.roles.get(role),
        }
    }
}

impl Facts {
    /// Derives everything, in time linear in the size of the process.
    pub fn of(process: &Process) -> Self {
        let order = reading_order(process);
        let rank = ranks(process.stages.len(), &order);
        let goals = goals_in_order(process, &rank);
        let goal_rank = ranks(process.goals.len(), &goals);
        let mut facts = Self {
            order,
            rank,
            goals,
            goal_rank,
            handoffs: Vec::new(),
            handoff_of: FxHashMap::default(),
            any_open: FxHashMap::default(),
            leader: FxHashMap::default(),
            keys: process.transition_keys().into_iter().collect(),
            goal_teams: FxHashMap::default(),
            team_goals: Lists::new(&process.teams),
            own_goals: Owned::new(process),
            stage_goals: Lists::new(&process.stages),
            fills: Lists::new(&process.fields),
            needs: Lists::new(&process.fields),
            owned: Owned::new(process),
            supported: Owned::new(process),
            escalations: Owned::new(process),
            confirmations: Owned::new(process),
            given: Owned::new(process),
            taken: Owned::new(process),
            played: Owned::new(process),
            routed: Owned::new(process),
            spoken: Owned::new(process),
            heard: Owned::new(process),
            stage_plays: Lists::new(&process.stages),
            terms: FxHashMap::default(),
            routes: process.routes.iter().map(|(id, route)| (route.stage, id)).collect(),
            confirmed_in: FxHashMap::default(),
            started_by: Lists::new(&process.stages),
            stages_of: Lists::new(&process.records),
        };
        facts.stages(process);
        facts.any_open(process);
        facts.handoffs(process);
        facts.goals(process);
        facts.words(process);
        facts.needs(process);
        facts
    }

    /// The transition that stands for this one: itself, unless it is one of many that were
    /// expanded from the same `from any open of`.
    pub fn leader_of(&self, transition: TransitionId) -> TransitionId {
        self.leader.get(&transition).copied().unwrap_or(transition)
    }

    /// The goals that both teams take part in.
    pub fn shared_goals(&self, one: TeamId, other: TeamId) -> Vec<GoalId> {
        let (mine, theirs) = (self.team_goals.get(one), self.team_goals.get(other));
        let (few, many) = if mine.len() <= theirs.len() { (mine, theirs) } else { (theirs, mine) };
        // Both lists are in the order of the goals, that is, sorted by it.
        let rank = |goal: &GoalId| self.goal_rank(*goal);
        let in_many = |goal: &GoalId| many.binary_search_by_key(&rank(goal), rank).is_ok();
        few.iter().copied().filter(in_many).collect()
    }

    /// The place of a stage in the reading order.
    pub fn rank(&self, stage: StageId) -> usize {
        self.rank.get(stage.index()).copied().unwrap_or(usize::MAX)
    }

    /// The place of a goal in the order of `goals`.
    pub fn goal_rank(&self, goal: GoalId) -> usize {
        self.goal_rank.get(goal.index()).copied().unwrap_or(usize::MAX)
    }

    /// Whether a goal belongs to more than one team.
    pub fn is_shared(&self, goal: GoalId) -> bool {
        self.goal_teams.get(&goal).is_some_and(|teams| teams.len() > 1)
    }

    /// The teams that share no goal with another one.
    pub fn teams_alone(&self, process: &Process) -> Vec<TeamId> {
        let alone = |team: &TeamId| !self.team_goals.get(*team).iter().any(|g| self.is_shared(*g));
        process.teams.ids().filter(alone).collect()
    }

    fn any_open(&mut self, process: &Process) {
        let mut first = FxHashMap::default();
        for (id, transition) in process.transitions.iter() {
            if transition.origin != Origin::AnyOpen {
                continue;
            }
            let place = (transition.to, transition.span.key());
            let leader = *first.entry(place).or_insert(id);
            if leader != id {
                self.leader.insert(id, leader);
            }
            let record = process.stages[transition.from].record;
            let group = self.any_open.entry(leader).or_insert_with(|| AnyOpen {
                record,
                from: Vec::new(),
                except: Vec::new(),
            });
            group.from.push(transition.from);
        }
        for (leader, group) in &mut self.any_open {
            let to = process.transitions[*leader].to;
            let from: FxHashSet<StageId> = group.from.iter().copied().collect();
            let left_out = |stage: &StageId| {
                *stage != to && !from.contains(stage) && process.stages[*stage].is_open()
            };
            let stages = self.stages_of.get(group.record).iter().copied();
            group.except = stages.filter(left_out).collect();
        }
    }

    fn stages(&mut self, process: &Process) {
        for id in std::mem::take(&mut self.order) {
            let stage = &process.stages[id];
            self.order.push(id);
            self.stages_of.add(stage.record, id);
            stage.starts.iter().for_each(|(_, at)| self.started_by.add(*at, id));
            if let Some(owner) = stage.owner {
                self.owned.add(owner, id);
            }
            for owner in &stage.support {
                self.supported.add(*owner, id);
            }
            if let Some(owner) = stage.limit.as_ref().and_then(|limit| limit.escalate_to) {
                self.escalations.add(owner, id);
            }
            for field in &stage.collect {
                self.fills.add(field.value, id);
            }
        }
        for (id, play) in process.plays.iter() {
            play.by.iter().for_each(|owner| self.played.add(*owner, id));
            play.stages.iter().for_each(|stage| self.stage_plays.add(*stage, id));
        }
        for (id, feedback) in process.feedback.iter() {
            feedback.from.iter().for_each(|owner| self.spoken.add(*owner, id));
            feedback.to.iter().for_each(|owner| self.heard.add(*owner, id));
        }
        for route in process.routes.values() {
            let targets = route.cases.iter().map(|case| &case.to).chain(&route.otherwise);
            for owner in targets.filter_map(|target| target.owner) {
                self.routed.add(owner, route.stage);
            }
        }
    }

    fn handoffs(&mut self, process: &Process) {
        let mut told: FxHashSet<(Owner, usize)> = FxHashSet::default();
        let order = std::mem::take(&mut self.order);
        let moves = order.iter().flat_map(|stage| process.stages[*stage].outgoing.iter().copied());
        for id in moves {
            let transition = &process.transitions[id];
            // Where a refused record goes is part of the terms of its handoff.
            if matches!(transition.origin, Origin::Refusal(_)) || !process.is_handoff(id) {
                continue;
            }
            let (from, to) =
                (process.stages[transition.from].owner, process.stages[transition.to].owner);
            let (Some(from), Some(to)) = (from, to) else { continue };
            let leader = self.leader_of(id);
            let index = match self.handoff_of.get(&leader) {
                Some(index) => *index,
                None => {
                    let to = process.team_of(to);
                    self.handoffs.push(HandoffFact { transition: leader, from: Vec::new(), to });
                    self.handoffs.len() - 1
                }
            };
            self.handoff_of.insert(leader, index);
            self.handoff_of.insert(id, index);
            let team = process.team_of(from);
            if let Some(handoff) = self.handoffs.get_mut(index)
                && !handoff.from.contains(&team)
            {
                handoff.from.push(team);
            }
            if told.insert((from, index)) {
                self.given.add(from, index);
            }
            if told.insert((to, index)) {
                self.taken.add(to, index);
            }
        }
        self.order = order;
    }

    fn goals(&mut self, process: &Process) {
        for id in self.goals.clone() {
            let goal = &process.goals[id];
            let mut seen = FxHashSet::default();
            let mut teams = Vec::new();
            for owner in &goal.shared_by {
                let team = process.team_of(owner.value);
                if seen.insert(team) {
                    teams.push(team);
                    self.team_goals.add(team, id);
                }
                self.own_goals.add(owner.value, id);
            }
            self.goal_teams.insert(id, teams);
            for stage in goal.measure.iter().flat_map(|measure| measured_stages(process, measure)) {
                self.stage_goals.add(stage, id);
            }
        }
    }

    fn words(&mut self, process: &Process) {
        for (id, term) in process.terms.iter() {
            let mut seen = FxHashSet::default();
            for node in &term.see {
                if seen.insert(*node) {
                    self.terms.entry(*node).or_default().push(id);
                }
            }
        }
    }

    fn needs(&mut self, process: &Process) {
        let mut seen: FxHashSet<(FieldId, Need)> = FxHashSet::default();
        let mut need = |facts: &mut Self, field: FieldId, by: Need| {
            if seen.insert((field, by)) {
                facts.needs.add(field, by);
            }
        };
        let order = self.order.clone();
        let stages = || order.iter().map(|stage| &process.stages[*stage]);
        let criteria = stages().flat_map(|stage| stage.enter.iter().chain(&stage.exit).copied());
        for id in criteria {
            let criterion = &process.criteria[id];
            for expr in std::iter::once(&criterion.condition).chain(&criterion.applies) {
                for field in expr.fields() {
                    need(self, field, Need::Stage(criterion.stage));
                }
                self.confirms(process, expr, criterion.stage, id);
            }
        }
        for id in stages().flat_map(|stage| stage.outgoing.iter().copied()) {
            let transition = &process.transitions[id];
            // One that many stages share is read where it is declared: in the stage it enters.
            let stage = match transition.origin {
                Origin::AnyOpen if self.leader_of(id) != id => continue,
                Origin::AnyOpen => transition.to,
                _ => transition.from,
            };
            for field in transition.when.iter().flat_map(Expr::fields) {
                need(self, field, Need::Stage(stage));
            }
            if let Some(field) = transition.after.as_ref().and_then(|clock| clock.before) {
                need(self, field, Need::Stage(stage));
            }
            let Some(handoff) = &transition.handoff else { continue };
            for field in &handoff.carries {
                need(self, field.value, Need::Stage(transition.to));
            }
            for field in handoff.accept.iter().flat_map(|accept| accept.when.fields()) {
                need(self, field, Need::Stage(transition.to));
            }
        }
        for (id, score) in process.scores.iter() {
            for field in score.points.iter().flat_map(|points| points.when.fields()) {
                need(self, field, Need::Score(id));
            }
        }
        for route in process.routes.values() {
            for field in route.cases.iter().flat_map(|case| case.when.fields()) {
                need(self, field, Need::Route(route.stage));
            }
        }
        for id in self.goals.clone() {
            let goal = &process.goals[id];
            let (field, when) = match &goal.measure {
                Some(Measure::Sum { field, when, .. }) => (Some(*field), when.as_ref()),
                Some(Measure::Entries { when, .. }) => (None, when.as_ref()),
                Some(Measure::Share { when, .. }) => (None, Some(when)),
                Some(Measure::Coverage { by, .. }) => (Some(*by), None),
                _ => (None, None),
            };
            for field in field.into_iter().chain(when.into_iter().flat_map(Expr::fields)) {
                need(self, field, Need::Goal(id));
            }
        }
        for (id, play) in process.plays.iter() {
            for field in play.when.iter().flat_map(Expr::fields) {
                need(self, field, Need::Play(id));
            }
        }
    }

    /// Notes who confirms what: whom the expression names, else the owner of the stage.
    fn confirms(&mut self, process: &Process, expr: &Expr, stage: StageId, id: CriterionId) {
        expr.walk(&mut |expr| {
            let ExprKind::Confirmed(confirmation) = expr.kind else { return };
            self.confirmed_in.entry(confirmation).or_insert(id);
            let by = process.confirmations[confirmation].by.or(process.stages[stage].owner);
            if let Some(by) = by {
                self.confirmations.add(by, confirmation);
            }
        });
    }
}

/// The stages in the order in which they are best read: by record type, those continued first;
/// within one, along the moves forward from where records come in, then the rest as in source. The
/// source's own order follows the names of files, which say nothing about where the race begins.
pub fn reading_order(process: &Process) -> Vec<StageId> {
    let mut seen = vec![false; process.stages.len()];
    let mut visit = |stage: StageId| {
        seen.get_mut(stage.index()).is_some_and(|seen| !std::mem::replace(seen, true))
    };
    let mut entries: Vec<StageId> =
        process.stages.ids().filter(|stage| process.stages[*stage].entry.is_some()).collect();
    // Teams are declared in one place, so their order is the author's.
    entries.sort_by_key(|stage| process.stage_team(*stage));
    // Depth first, backwards: what is left last stands first. A stage is followed by those that
    // can only be reached through it.
    let mut order = forward(process, entries.into_iter(), &mut visit);
    order.extend(forward(process, process.stages.ids(), &mut visit));
    order.sort_by_key(|stage| process.stages[*stage].record);
    order
}

/// The stages reached by moves forward, each before those it leads to, unless there is a circle.
fn forward(
    process: &Process,
    roots: impl DoubleEndedIterator<Item = StageId>,
    visit: &mut dyn FnMut(StageId) -> bool,
) -> Vec<StageId> {
    let advances = |stage: StageId| {
        let moves = process.stages[stage].outgoing.iter().map(|id| &process.transitions[*id]);
        moves.filter(|m| m.kind == TransitionKind::Advance).map(|m| m.to).collect::<Vec<_>>()
    };
    let mut left = Vec::new();
    for root in roots.rev() {
        if !visit(root) {
            continue;
        }
        let mut path = vec![(root, advances(root))];
        while let Some((stage, next)) = path.last_mut() {
            let stage = *stage;
            match next.pop() {
                Some(target) if visit(target) => path.push((target, advances(target))),
                Some(_) => {}
                None => {
                    left.push(stage);
                    path.pop();
                }
            }
        }
    }
    left.reverse();
    left
}

/// The goals by the stages they measure: by the first, then by the last; as in source where these
/// are the same.
fn goals_in_order(process: &Process, rank: &[usize]) -> Vec<GoalId> {
    let mut goals: Vec<GoalId> = process.goals.ids().collect();
    goals.sort_by_cached_key(|goal| {
        let measure = process.goals[*goal].measure.iter();
        let stages = measure.flat_map(|measure| measured_stages(process, measure));
        let ranks: Vec<usize> =
            stages.filter_map(|stage| rank.get(stage.index()).copied()).collect();
        let place = |rank: Option<&usize>| rank.copied().unwrap_or(usize::MAX);
        (place(ranks.first()), place(ranks.last()))
    });
    goals
}

/// For each id its place in the order.
fn ranks<K: Id>(count: usize, order: &[K]) -> Vec<usize> {
    let mut ranks = vec![usize::MAX; count];
    for (rank, id) in order.iter().enumerate() {
        if let Some(slot) = ranks.get_mut(id.index()) {
            *slot = rank;
        }
    }
    ranks
}

/// The stages a measure speaks of, each once: for coverage, those whose records count.
pub(super) fn measured_stages(process: &Process, measure: &Measure) -> Vec<StageId> {
    match measure {
        Measure::Coverage { entering, .. } => process.covering_stages(*entering).collect(),
        Measure::Conversion { from, to, .. } | Measure::Cycle { from, to, .. } if from == to => {
            vec![*from]
        }
        Measure::Conversion { from, to, .. } | Measure::Cycle { from, to, .. } => vec![*from, *to],
        Measure::Entries { into: stage, .. }
        | Measure::Balance { of: stage }
        | Measure::Dwell { stage, .. }
        | Measure::Sum { entering: stage, .. }
        | Measure::Share { of: stage, .. } => vec![*stage],
    }
}
