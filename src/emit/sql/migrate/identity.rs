//! Which part of the new process a part of the old one is: the one that bears its name, or else
//! the one that says it bore it.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::model::{
    Confirmation, ConfirmationId, FieldId, FieldType, Id, Process, RecordId, StageId,
};

/// What became of the parts of the old process; `None` where nothing did.
pub(super) struct Identity {
    records: Vec<Option<RecordId>>,
    fields: Vec<Option<FieldId>>,
    stages: Vec<Option<StageId>>,
    confirmations: Vec<Option<ConfirmationId>>,
}

impl Identity {
    pub(super) fn of(old: &Process, new: &Process) -> Self {
        let named = Names::of(new.records.iter().map(|(id, r)| ((), id, &*r.name, &*r.was)));
        let records: Vec<Option<RecordId>> =
            old.records.values().map(|record| named.find((), &record.name)).collect();
        let named = Names::of(new.fields.iter().map(|(id, f)| (f.record, id, &*f.name, &*f.was)));
        let fields = old
            .fields
            .values()
            .map(|field| {
                let record = records.get(field.record.index()).copied().flatten()?;
                named.find(record, &field.name)
            })
            .collect();
        let named = Names::of(new.stages.iter().map(|(id, s)| ((), id, &*s.name, &*s.was)));
        let stages = old.stages.values().map(|stage| named.find((), &stage.name)).collect();
        let confirmations = confirmations(old, new, &records);
        Self { records, fields, stages, confirmations }
    }

    pub(super) fn record(&self, old: RecordId) -> Option<RecordId> {
        self.records.get(old.index()).copied().flatten()
    }

    pub(super) fn field(&self, old: FieldId) -> Option<FieldId> {
        self.fields.get(old.index()).copied().flatten()
    }

    pub(super) fn stage(&self, old: StageId) -> Option<StageId> {
        self.stages.get(old.index()).copied().flatten()
    }

    pub(super) fn confirmation(&self, old: ConfirmationId) -> Option<ConfirmationId> {
        self.confirmations.get(old.index()).copied().flatten()
    }

    /// The old record type that a new one is.
    pub(super) fn old_record(&self, new: RecordId) -> Option<RecordId> {
        let at = self.records.iter().position(|now| *now == Some(new))?;
        Some(RecordId::from_index(at))
    }

    /// The old field that a new one is.
    pub(super) fn old_field(&self, new: FieldId) -> Option<FieldId> {
        let at = self.fields.iter().position(|now| *now == Some(new))?;
        Some(FieldId::from_index(at))
    }
}

/// The options of an old type, each with the name it has in the new one, if any.
pub(super) fn options<'a>(
    old: &'a FieldType,
    new: &'a FieldType,
) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    let all = new.options().iter().map(|o| ((), o.name.as_str(), o.name.as_str(), &*o.was));
    let named = Names::of(all);
    old.options().iter().map(move |option| (option.name.as_str(), named.find((), &option.name)))
}

/// What things are called now, and what they were called, each in a scope.
struct Names<'a, S, T> {
    now: FxHashMap<(S, &'a str), T>,
    was: FxHashMap<(S, &'a str), T>,
}

impl<'a, S: Copy + Eq + Hash, T: Copy> Names<'a, S, T> {
    fn of(all: impl Iterator<Item = (S, T, &'a str, &'a [String])>) -> Self {
        let mut names = Self { now: FxHashMap::default(), was: FxHashMap::default() };
        for (scope, it, now, was) in all {
            names.now.entry((scope, now)).or_insert(it);
            for was in was {
                names.was.entry((scope, was.as_str())).or_insert(it);
            }
        }
        names
    }

    /// The one of this name, or else the one that bore it.
    fn find(&self, scope: S, name: &str) -> Option<T> {
        self.now.get(&(scope, name)).or_else(|| self.was.get(&(scope, name))).copied()
    }
}

/// A confirmation has no name of its own in the language: it is the only one that asks the same,
/// or else the one whose column is called the same.
fn confirmations(
    old: &Process,
    new: &Process,
    records: &[Option<RecordId>],
) -> Vec<Option<ConfirmationId>> {
    let record = |was: &Confirmation| records.get(was.record.index()).copied().flatten();
    let mut found: Vec<Option<ConfirmationId>> = old
        .confirmations
        .values()
        .map(|was| {
            let mut alike = new.confirmations.iter().filter(|(_, now)| {
                Some(now.record) == record(was) && now.text.value == was.text.value
            });
            let only = alike.next().map(|(id, _)| id);
            only.filter(|_| alike.next().is_none())
        })
        .collect();
    for (at, was) in old.confirmations.values().enumerate() {
        let same = new.confirmations.iter().find(|(id, now)| {
            Some(now.record) == record(was) && now.key == was.key && !found.contains(&Some(*id))
        });
        let same = same.map(|(id, _)| id);
        if let Some(place) = found.get_mut(at).filter(|place| place.is_none()) {
            *place = same;
        }
    }
    found
}
