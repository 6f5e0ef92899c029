//! What something that is gone may be called now. A suspicion is proposed, never assumed.

use crate::diag::closest;
use crate::diff::pair::option_pairs;
use crate::diff::{Comparison, Part};
use crate::model::{FieldId, Text};

/// Something new that may be what is gone.
pub(in crate::diff) struct Guess<'p> {
    pub(in crate::diff) part: Part,
    pub(in crate::diff) name: &'p str,
    /// Whether nothing else is as much like it.
    pub(in crate::diff) is_only: bool,
}

/// A new part in the same place with the same title, or else one of a similar name. Guessed at
/// is what has stored values, records, reports or people.
pub(in crate::diff) fn part<'p>(both: &'p Comparison<'_>, gone: Part) -> Option<Guess<'p>> {
    let (old, new, pairs) = (both.old, both.new, &both.pairs);
    match gone {
        Part::Stage(id) => {
            let was = &old.stages[id];
            let record = pairs.records.new_of(was.record)?;
            let added = pairs.stages.added().map(|id| (Part::Stage(id), &new.stages[id]));
            let added = added.filter(|(_, stage)| stage.record == record);
            of(&was.name, &was.title, added.map(|(part, is)| (part, is.name.as_str(), &is.title)))
        }
        Part::Record(id) => {
            let was = &old.records[id];
            let added = pairs.records.added().map(|id| (Part::Record(id), &new.records[id]));
            of(&was.name, &was.title, added.map(|(part, is)| (part, is.name.as_str(), &is.title)))
        }
        Part::Goal(id) => {
            let was = &old.goals[id];
            let added = pairs.goals.added().map(|id| (Part::Goal(id), &new.goals[id]));
            of(&was.name, &was.title, added.map(|(part, is)| (part, is.name.as_str(), &is.title)))
        }
        Part::Team(id) => {
            let was = &old.teams[id];
            let added = pairs.teams.added().map(|id| (Part::Team(id), &new.teams[id]));
            of(&was.name, &was.title, added.map(|(part, is)| (part, is.name.as_str(), &is.title)))
        }
        Part::Role(id) => {
            let was = &old.roles[id];
            let team = pairs.teams.new_of(was.team)?;
            let added = pairs.roles.added().map(|id| (Part::Role(id), &new.roles[id]));
            let added = added.filter(|(_, role)| role.team == team);
            of(&was.name, &was.title, added.map(|(part, is)| (part, is.name.as_str(), &is.title)))
        }
        Part::Criterion(id) => {
            let was = &old.criteria[id];
            let stage = pairs.stages.new_of(was.stage)?;
            let added = pairs.criteria.added().map(|id| (Part::Criterion(id), &new.criteria[id]));
            let added = added.filter(|(_, is)| is.stage == stage && is.side == was.side);
            of(&was.name, &was.title, added.map(|(part, is)| (part, is.name.as_str(), &is.title)))
        }
        Part::Field(id) => field(both, id),
        Part::Option(field, at) => option(both, field, at),
        _ => None,
    }
}

/// A field of another type is another field.
fn field<'p>(both: &'p Comparison<'_>, gone: FieldId) -> Option<Guess<'p>> {
    let was = &both.old.fields[gone];
    let record = both.pairs.records.new_of(was.record)?;
    let kind = std::mem::discriminant(&was.ty);
    let added = both.pairs.fields.added().map(|id| (Part::Field(id), &both.new.fields[id]));
    let added = added
        .filter(|(_, field)| field.record == record && std::mem::discriminant(&field.ty) == kind);
    of(&was.name, &was.title, added.map(|(part, is)| (part, is.name.as_str(), &is.title)))
}

fn option<'p>(both: &'p Comparison<'_>, field: FieldId, gone: usize) -> Option<Guess<'p>> {
    let was = &both.old.fields[field].ty;
    let id = both.pairs.fields.new_of(field)?;
    let now = &both.new.fields[id].ty;
    let option = was.options().get(gone)?;
    let pairs = option_pairs(was, now);
    let added = pairs.added().filter_map(|at| Some((Part::Option(id, at), now.options().get(at)?)));
    of(&option.name, &option.title, added.map(|(part, is)| (part, is.name.as_str(), &is.title)))
}

fn of<'p>(
    name: &str,
    title: &Text,
    new: impl Iterator<Item = (Part, &'p str, &'p Text)>,
) -> Option<Guess<'p>> {
    let new: Vec<_> = new.collect();
    let guess =
        |(part, name, _): &(Part, &'p str, &Text), is_only| Guess { part: *part, name, is_only };
    let mut titled = new
        .iter()
        .filter(|(_, _, other)| !title.derived && !other.derived && other.value == title.value);
    if let Some(first) = titled.next() {
        return Some(guess(first, titled.next().is_none()));
    }
    let named = closest(name, new.iter().map(|(_, name, _)| *name))?;
    let near = new.iter().filter(|(_, other, _)| closest(name, [*other]).is_some()).count();
    let found = new.iter().find(|(_, name, _)| *name == named)?;
    Some(guess(found, near == 1))
}
