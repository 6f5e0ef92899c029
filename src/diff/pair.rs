//! Which part of the new process a part of the old one is: the one that bears its name, or else
//! the one that says it bore it, or else the one whose name it says it bore itself, as when a
//! change is taken back.
//!
//! Order, notation and place have no say. A guess is never made: what only looks alike is two things.

use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{
    Confirmation, ConfirmationId, CriterionId, FeedbackId, FieldId, FieldType, GoalId, PlayId,
    Process, RecordId, RoleId, RouteId, ScoreId, StageId, TeamId, TermId,
};

/// The old and the new of one kind of part.
#[derive(Clone, Debug)]
pub(crate) struct Both<I> {
    olds: Vec<I>,
    news: Vec<I>,
    new_of: FxHashMap<I, I>,
    old_of: FxHashMap<I, I>,
}

impl<I: Copy + Eq + Hash> Both<I> {
    /// What an old part has become. Several may have become one.
    pub(crate) fn new_of(&self, old: I) -> Option<I> {
        self.new_of.get(&old).copied()
    }

    /// What a new part was: of several, the one that kept its name, else the first.
    pub(crate) fn old_of(&self, new: I) -> Option<I> {
        self.old_of.get(&new).copied()
    }

    /// What is on both sides, old and new, in the order of the new.
    pub(crate) fn kept(&self) -> impl Iterator<Item = (I, I)> {
        self.news.iter().filter_map(|new| self.old_of(*new).map(|old| (old, *new)))
    }

    /// All of the old ones.
    pub(crate) fn olds(&self) -> impl Iterator<Item = I> {
        self.olds.iter().copied()
    }

    /// What is new.
    pub(crate) fn added(&self) -> impl Iterator<Item = I> {
        self.news.iter().copied().filter(|new| self.old_of(*new).is_none())
    }

    /// What is gone.
    pub(crate) fn removed(&self) -> impl Iterator<Item = I> {
        self.olds.iter().copied().filter(|old| self.new_of(*old).is_none())
    }

    /// What has become part of something that was there besides.
    pub(crate) fn merged(&self) -> impl Iterator<Item = (I, I)> {
        self.olds.iter().filter_map(|old| {
            let new = self.new_of(*old)?;
            (self.old_of(new) != Some(*old)).then_some((*old, new))
        })
    }

    /// Pairs what was found out by other means than names.
    pub(crate) fn of(olds: Vec<I>, news: Vec<I>, pairs: impl IntoIterator<Item = (I, I)>) -> Self {
        let mut both =
            Self { olds, news, new_of: FxHashMap::default(), old_of: FxHashMap::default() };
        for (old, new) in pairs {
            both.new_of.entry(old).or_insert(new);
            both.old_of.entry(new).or_insert(old);
        }
        both
    }

    /// Pairs by name. Scopes are those of the new process; what is in none is in nothing that is left.
    fn named<'a, S: Copy + Eq + Hash>(
        olds: impl Iterator<Item = Named<'a, Option<S>, I>>,
        news: impl Iterator<Item = Named<'a, S, I>>,
    ) -> Self {
        let (olds, news): (Vec<_>, Vec<_>) = (olds.collect(), news.collect());
        let mut now: FxHashMap<(S, &str), I> = FxHashMap::default();
        let mut was: FxHashMap<(S, &str), I> = FxHashMap::default();
        for new in &news {
            now.entry((new.scope, new.name)).or_insert(new.id);
            for name in new.was {
                was.entry((new.scope, name.as_str())).or_insert(new.id);
            }
        }
        let mut both = Self::of(
            olds.iter().map(|old| old.id).collect(),
            news.iter().map(|new| new.id).collect(),
            [],
        );
        // Those that kept their name come first: what is merged into them does not displace them.
        for old in &olds {
            if let Some(new) = old.scope.and_then(|scope| now.get(&(scope, old.name))) {
                both.new_of.insert(old.id, *new);
                both.old_of.entry(*new).or_insert(old.id);
            }
        }
        for old in &olds {
            if both.new_of.contains_key(&old.id) {
                continue;
            }
            if let Some(new) = old.scope.and_then(|scope| was.get(&(scope, old.name))) {
                both.new_of.insert(old.id, *new);
                both.old_of.entry(*new).or_insert(old.id);
            }
        }
        for old in &olds {
            if both.new_of.contains_key(&old.id) {
                continue;
            }
            let Some(scope) = old.scope else { continue };
            let back = old.was.iter().filter_map(|name| now.get(&(scope, name.as_str())));
            let mut free = back.filter(|new| !both.old_of.contains_key(*new));
            if let Some(new) = free.next().copied() {
                both.new_of.insert(old.id, new);
                both.old_of.insert(new, old.id);
            }
        }
        both
    }
}

/// A thing, its name and its earlier names.
struct Named<'a, S, I> {
    scope: S,
    id: I,
    name: &'a str,
    was: &'a [String],
}

fn named<'a, S, I>(scope: S, id: I, name: &'a str, was: &'a [String]) -> Named<'a, S, I> {
    Named { scope, id, name, was }
}

/// Every part of two processes, paired.
#[derive(Clone, Debug)]
pub(crate) struct Pairs {
    pub(crate) teams: Both<TeamId>,
    pub(crate) roles: Both<RoleId>,
    pub(crate) records: Both<RecordId>,
    pub(crate) fields: Both<FieldId>,
    pub(crate) stages: Both<StageId>,
    pub(crate) criteria: Both<CriterionId>,
    pub(crate) confirmations: Both<ConfirmationId>,
    pub(crate) goals: Both<GoalId>,
    pub(crate) feedback: Both<FeedbackId>,
    pub(crate) scores: Both<ScoreId>,
    pub(crate) routes: Both<RouteId>,
    pub(crate) terms: Both<TermId>,
    pub(crate) plays: Both<PlayId>,
}

/// Pairs one kind of part that has names of its own.
macro_rules! by_name {
    ($old:ident, $new:ident, $arena:ident) => {
        Both::named(
            $old.$arena.iter().map(|(id, part)| named(Some(()), id, &part.name, &part.was)),
            $new.$arena.iter().map(|(id, part)| named((), id, &part.name, &part.was)),
        )
    };
}

impl Pairs {
    pub(crate) fn of(old: &Process, new: &Process) -> Self {
        let records: Both<RecordId> = by_name!(old, new, records);
        let stages: Both<StageId> = by_name!(old, new, stages);
        let fields = Both::named(
            old.fields.iter().map(|(id, field)| {
                named(records.new_of(field.record), id, &field.name, &field.was)
            }),
            new.fields.iter().map(|(id, field)| named(field.record, id, &field.name, &field.was)),
        );
        let criteria = Both::named(
            old.criteria.iter().map(|(id, criterion)| {
                let scope = stages.new_of(criterion.stage).map(|stage| (stage, criterion.side));
                named(scope, id, &criterion.name, &criterion.was)
            }),
            new.criteria.iter().map(|(id, criterion)| {
                named((criterion.stage, criterion.side), id, &criterion.name, &criterion.was)
            }),
        );
        let routes = Both::named(
            old.routes.iter().map(|(id, route)| named(stages.new_of(route.stage), id, "", &[])),
            new.routes.iter().map(|(id, route)| named(route.stage, id, "", &[])),
        );
        Self {
            teams: by_name!(old, new, teams),
            roles: by_name!(old, new, roles),
            fields,
            criteria,
            confirmations: confirmations(old, new, &records),
            records,
            goals: by_name!(old, new, goals),
            feedback: by_name!(old, new, feedback),
            scores: by_name!(old, new, scores),
            routes,
            terms: by_name!(old, new, terms),
            plays: by_name!(old, new, plays),
            stages,
        }
    }
}

/// The options of two types, by their index.
pub(crate) fn option_pairs(old: &FieldType, new: &FieldType) -> Both<usize> {
    let olds = old.options().iter().enumerate();
    let news = new.options().iter().enumerate();
    Both::named(
        olds.map(|(at, option)| named(Some(()), at, &option.name, &option.was)),
        news.map(|(at, option)| named((), at, &option.name, &option.was)),
    )
}

/// The options of an old type, each with the name it has in the new one, if any.
pub(crate) fn options<'a>(
    old: &'a FieldType,
    new: &'a FieldType,
) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    let pairs = option_pairs(old, new);
    old.options().iter().enumerate().map(move |(at, option)| {
        let now = pairs.new_of(at).and_then(|now| new.options().get(now));
        (option.name.as_str(), now.map(|now| now.name.as_str()))
    })
}

/// A confirmation has no name of its own in the language: it is the only one that asks the same,
/// or else the one whose column is called the same.
fn confirmations(old: &Process, new: &Process, records: &Both<RecordId>) -> Both<ConfirmationId> {
    let record = |was: &Confirmation| records.new_of(was.record);
    let mut alike: FxHashMap<(RecordId, &str), Vec<ConfirmationId>> = FxHashMap::default();
    let mut keys: FxHashMap<(RecordId, &str), ConfirmationId> = FxHashMap::default();
    for (id, now) in new.confirmations.iter() {
        alike.entry((now.record, now.text.value.as_str())).or_default().push(id);
        keys.entry((now.record, now.key.as_str())).or_insert(id);
    }
    let mut found: Vec<(ConfirmationId, ConfirmationId)> = Vec::new();
    let mut taken: FxHashSet<ConfirmationId> = FxHashSet::default();
    let mut left = Vec::new();
    for (id, was) in old.confirmations.iter() {
        let same = record(was).and_then(|record| alike.get(&(record, was.text.value.as_str())));
        match same.map(Vec::as_slice) {
            Some([only]) => {
                found.push((id, *only));
                taken.insert(*only);
            }
            _ => left.push((id, was)),
        }
    }
    for (id, was) in left {
        let same = record(was).and_then(|record| keys.get(&(record, was.key.as_str())));
        if let Some(now) = same.filter(|now| taken.insert(**now)) {
            found.push((id, *now));
        }
    }
    Both::of(old.confirmations.ids().collect(), new.confirmations.ids().collect(), found)
}
