//! What something that is gone may be called now. A suspicion is proposed, never assumed.

use crate::diag::closest;
use crate::diff::Comparison;
use crate::diff::pair::option_pairs;
use crate::model::{FieldId, StageId, Text};

/// A new stage of the same record type with the same title, or else one of a similar name.
pub(super) fn stage<'p>(both: &'p Comparison<'_>, gone: StageId) -> Option<&'p str> {
    let was = &both.old.stages[gone];
    let record = both.pairs.records.new_of(was.record)?;
    let new: Vec<_> = both
        .pairs
        .stages
        .added()
        .map(|id| &both.new.stages[id])
        .filter(|stage| stage.record == record)
        .collect();
    of(&was.name, &was.title, new.iter().map(|stage| (stage.name.as_str(), &stage.title)))
}

/// A new field of the same record and type with the same title, or else one of a similar name.
pub(super) fn field<'p>(both: &'p Comparison<'_>, gone: FieldId) -> Option<&'p str> {
    let was = &both.old.fields[gone];
    let record = both.pairs.records.new_of(was.record)?;
    let kind = std::mem::discriminant(&was.ty);
    let new: Vec<_> = both
        .pairs
        .fields
        .added()
        .map(|id| &both.new.fields[id])
        .filter(|field| field.record == record && std::mem::discriminant(&field.ty) == kind)
        .collect();
    of(&was.name, &was.title, new.iter().map(|field| (field.name.as_str(), &field.title)))
}

/// A new option of the same field with the same title, or else one of a similar name.
pub(super) fn option<'p>(both: &'p Comparison<'_>, field: FieldId, gone: usize) -> Option<&'p str> {
    let was = &both.old.fields[field].ty;
    let now = &both.new.fields[both.pairs.fields.new_of(field)?].ty;
    let option = was.options().get(gone)?;
    let pairs = option_pairs(was, now);
    let new: Vec<_> = pairs.added().filter_map(|at| now.options().get(at)).collect();
    of(&option.name, &option.title, new.iter().map(|new| (new.name.as_str(), &new.title)))
}

fn of<'p>(
    name: &str,
    title: &Text,
    new: impl Iterator<Item = (&'p str, &'p Text)> + Clone,
) -> Option<&'p str> {
    let titled =
        |(_, other): &(&str, &Text)| !title.derived && !other.derived && other.value == title.value;
    let same = new.clone().find(titled).map(|(name, _)| name);
    same.or_else(|| closest(name, new.map(|(name, _)| name)))
}
