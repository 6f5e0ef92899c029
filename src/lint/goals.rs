//! What goals say of the teams that share them: who answers for a number, and whose numbers pull
//! apart. Several rules ask, so that each cause is told by one of them only.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Goal, GoalId, Id, Measure, Process, StageId, TeamId, TransitionKind};

use super::Context;

/// Of many goals over one stage, so many are compared.
const MOST_COMPARED: usize = 32;

/// The stages in which a measure begins and ends. Coverage stands where what it covers is summed.
pub(crate) fn ends(process: &Process, measure: &Measure) -> Option<(StageId, StageId)> {
    Some(match measure {
        Measure::Conversion { from, to, .. } | Measure::Cycle { from, to, .. } => (*from, *to),
        Measure::Coverage { goal, .. } => match process.goals[*goal].measure {
            Some(Measure::Sum { entering, .. }) => (entering, entering),
            _ => return None,
        },
        Measure::Entries { into: stage, .. }
        | Measure::Balance { of: stage }
        | Measure::Dwell { stage, .. }
        | Measure::Sum { entering: stage, .. }
        | Measure::Share { of: stage, .. } => (*stage, *stage),
    })
}

/// Whether nothing may be said of goals that are missing: one could not be read, or may yet be
/// written.
pub(crate) fn are_unfinished(context: &Context<'_>) -> bool {
    let process = context.process;
    process.draft || context.any_broken() || process.goals.values().any(|goal| goal.broken)
}

/// For a goal of one team over the work of two: that team, and the other. Its measure leads from an open
/// stage of one to an open stage of the other. A milestone such as won belongs to everybody: a goal
/// that ends or begins there crosses nothing.
pub(crate) fn lonely(context: &Context<'_>, id: GoalId) -> Option<(TeamId, TeamId)> {
    let process = context.process;
    let goal = &process.goals[id];
    let &[alone] = context.goals.teams(id) else { return None };
    let (Measure::Conversion { from, to, .. } | Measure::Cycle { from, to, .. }) =
        goal.measure.as_ref()?
    else {
        return None;
    };
    let open = |stage: StageId| {
        let of = &process.stages[stage];
        of.is_open() && !context.is_unfinished(stage)
    };
    if goal.broken || !open(*from) || !open(*to) {
        return None;
    }
    match (process.stage_team(*from)?, process.stage_team(*to)?) {
        (one, other) if one == alone && other != alone => Some((alone, other)),
        (other, one) if one == alone && other != alone => Some((alone, other)),
        _ => None,
    }
}

/// Two goals that pull apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conflict {
    /// How many records enter a stage: the more, the better.
    pub(crate) volume: GoalId,
    /// How many of those that entered it get on: the fewer are sent that do not, the better.
    pub(crate) rate: GoalId,
    /// The stage.
    pub(crate) stage: StageId,
    /// Who is measured by the volume.
    pub(crate) sender: TeamId,
    /// Who is measured by the rate.
    pub(crate) receiver: TeamId,
}

/// Every volume goal of a team that hands over, with the first rate goal it works against: neither is
/// shared with the other side, and no other number about what becomes of the records is, either.
pub(crate) fn conflicts(context: &Context<'_>) -> Vec<Conflict> {
    let process = context.process;
    if are_unfinished(context) {
        return Vec::new();
    }
    let mut rates: FxHashMap<StageId, Vec<GoalId>> = FxHashMap::default();
    for (id, goal) in process.goals.iter() {
        if let Some(Measure::Conversion { from: stage, .. } | Measure::Share { of: stage, .. }) =
            goal.measure
            && goal.target.as_ref().is_none_or(|target| target.at_least)
        {
            let list = rates.entry(stage).or_default();
            if list.len() < MOST_COMPARED {
                list.push(id);
            }
        }
    }
    if rates.is_empty() {
        return Vec::new();
    }
    // Which team hands over to which, and into which stages it does.
    let mut sends: FxHashSet<(TeamId, TeamId)> = FxHashSet::default();
    let mut feeds: FxHashSet<(TeamId, StageId)> = FxHashSet::default();
    for (id, from, to) in context.teams.handoffs() {
        let transition = &process.transitions[*id];
        if transition.kind == TransitionKind::Advance {
            sends.insert((*from, *to));
            feeds.insert((*from, transition.to));
        }
    }
    let mut allied: FxHashMap<(TeamId, TeamId), bool> = FxHashMap::default();
    let mut found = Vec::new();
    for (volume, goal) in process.goals.iter() {
        let Some(stage) = counts_entries(goal) else { continue };
        let Some(candidates) = rates.get(&stage) else { continue };
        let mine = context.goals.teams(volume);
        let feeding = |team: &TeamId| {
            process.stage_team(stage) == Some(*team) || feeds.contains(&(*team, stage))
        };
        let conflict = candidates.iter().find_map(|rate| {
            let theirs = context.goals.teams(*rate);
            let common = theirs.iter().any(|team| mine.binary_search(team).is_ok());
            if common || theirs.is_empty() {
                return None;
            }
            let pairs = mine.iter().filter(|team| feeding(team)).flat_map(|sender| {
                theirs.iter().map(move |receiver| (*sender, *receiver)).take(MOST_COMPARED)
            });
            let (sender, receiver) = pairs
                .take(MOST_COMPARED)
                .filter(|pair| sends.contains(pair))
                .find(|(one, other)| {
                    !*allied
                        .entry((*one, *other))
                        .or_insert_with(|| share_results(context, *one, *other))
                })?;
            Some(Conflict { volume, rate: *rate, stage, sender, receiver })
        });
        found.extend(conflict);
    }
    found
}

/// The stage into which the goal wants many entries, all of them alike.
fn counts_entries(goal: &Goal) -> Option<StageId> {
    match goal.measure.as_ref()? {
        Measure::Entries { into, when: None } => {
            goal.target.as_ref().is_none_or(|target| target.at_least).then_some(*into)
        }
        _ => None,
    }
}

/// Whether both teams share a number about what becomes of records, not only how many there are.
fn share_results(context: &Context<'_>, one: TeamId, other: TeamId) -> bool {
    let theirs = context.goals.of(other);
    context.goals.of(one).iter().any(|goal| {
        theirs.binary_search(goal).is_ok()
            && !is_volume(context.process, &context.process.goals[*goal])
    })
}

/// Whether a goal asks for many records and for nothing else: entries, or a balance. Entries into a win
/// are what all the work is for, and a condition of the goal's own chooses its records.
pub(crate) fn is_volume(process: &Process, goal: &Goal) -> bool {
    let (stage, grows) = match &goal.measure {
        // Where no target says otherwise, more entries are better; a balance may be either.
        Some(Measure::Entries { into, when: None }) => {
            (*into, goal.target.as_ref().is_none_or(|target| target.at_least))
        }
        Some(Measure::Balance { of }) => {
            (*of, goal.target.as_ref().is_some_and(|target| target.at_least))
        }
        _ => return false,
    };
    grows && process.stages[stage].is_open()
}

/// Whether a team answers for no number at all, in a process that has some.
pub(crate) fn is_unmeasured(context: &Context<'_>, team: TeamId) -> bool {
    let process = context.process;
    let finished = |goal: &Goal| !goal.shared_by.is_empty();
    process.goals.values().any(finished)
        && context.goals.of(team).is_empty()
        && context.teams.works(team)
}

/// A bit for each team.
pub(crate) fn marks(process: &Process, teams: impl IntoIterator<Item = TeamId>) -> Vec<bool> {
    let mut marks = vec![false; process.teams.len()];
    for team in teams {
        if let Some(mark) = marks.get_mut(team.index()) {
            *mark = true;
        }
    }
    marks
}
