//! What something that is gone may be called now. A suspicion is proposed, never assumed.

use std::mem::Discriminant;

use rustc_hash::FxHashMap;

use crate::diag::Letters;
use crate::diff::pair::{Pairs, option_pairs};
use crate::diff::{Comparison, Part};
use crate::model::{FieldId, FieldType, Process, RecordId, Side, StageId, TeamId, Text};

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
    let old = both.old;
    let place = place(both, gone)?;
    let news = both.news.get_or_init(|| News::of(both.new, both.old, &both.pairs));
    let new = news.places.get(&place)?;
    let (name, title) = match gone {
        Part::Option(field, at) => {
            let option = old.fields[field].ty.options().get(at)?;
            (option.name.as_str(), &option.title)
        }
        Part::Stage(id) => (old.stages[id].name.as_str(), &old.stages[id].title),
        Part::Record(id) => (old.records[id].name.as_str(), &old.records[id].title),
        Part::Goal(id) => (old.goals[id].name.as_str(), &old.goals[id].title),
        Part::Team(id) => (old.teams[id].name.as_str(), &old.teams[id].title),
        Part::Role(id) => (old.roles[id].name.as_str(), &old.roles[id].title),
        Part::Criterion(id) => (old.criteria[id].name.as_str(), &old.criteria[id].title),
        Part::Field(id) => (old.fields[id].name.as_str(), &old.fields[id].title),
        _ => return None,
    };
    let (found, is_only) = new.like(name, title)?;
    Some(Guess { part: found, name: name_of(both.new, found)?, is_only })
}

/// What is in one place can be each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    Stages(RecordId),
    Records,
    Goals,
    Teams,
    Roles(TeamId),
    Criteria(StageId, Side),
    /// A field of another type is another field.
    Fields(RecordId, Discriminant<FieldType>),
    /// Of a field of the old process: several may have become one.
    Options(FieldId),
}

/// Where in the new process it would be.
fn place(both: &Comparison<'_>, gone: Part) -> Option<Place> {
    let (old, pairs) = (both.old, &both.pairs);
    Some(match gone {
        Part::Stage(id) => Place::Stages(pairs.records.new_of(old.stages[id].record)?),
        Part::Record(_) => Place::Records,
        Part::Goal(_) => Place::Goals,
        Part::Team(_) => Place::Teams,
        Part::Role(id) => Place::Roles(pairs.teams.new_of(old.roles[id].team)?),
        Part::Criterion(id) => {
            let was = &old.criteria[id];
            Place::Criteria(pairs.stages.new_of(was.stage)?, was.side)
        }
        Part::Field(id) => {
            let was = &old.fields[id];
            let record = pairs.records.new_of(was.record)?;
            Place::Fields(record, std::mem::discriminant(&was.ty))
        }
        Part::Option(field, _) => Place::Options(field),
        _ => return None,
    })
}

/// Everything that is new and may be what is gone, by its place. It is put in order once: much may
/// be gone, and much may be new.
#[derive(Debug, Default)]
pub(in crate::diff) struct News {
    places: FxHashMap<Place, Alike>,
}

/// What is new in one place.
#[derive(Debug, Default)]
struct Alike {
    /// Of each title, the first part that bears it, and whether no other does.
    titles: FxHashMap<String, (Part, bool)>,
    names: Vec<(Part, Letters)>,
}

impl News {
    fn of(new: &Process, old: &Process, pairs: &Pairs) -> Self {
        let mut news = Self::default();
        for id in pairs.stages.added() {
            let is = &new.stages[id];
            news.add(Place::Stages(is.record), Part::Stage(id), &is.name, &is.title);
        }
        for id in pairs.records.added() {
            let is = &new.records[id];
            news.add(Place::Records, Part::Record(id), &is.name, &is.title);
        }
        for id in pairs.goals.added() {
            let is = &new.goals[id];
            news.add(Place::Goals, Part::Goal(id), &is.name, &is.title);
        }
        for id in pairs.teams.added() {
            let is = &new.teams[id];
            news.add(Place::Teams, Part::Team(id), &is.name, &is.title);
        }
        for id in pairs.roles.added() {
            let is = &new.roles[id];
            news.add(Place::Roles(is.team), Part::Role(id), &is.name, &is.title);
        }
        for id in pairs.criteria.added() {
            let is = &new.criteria[id];
            let place = Place::Criteria(is.stage, is.side);
            news.add(place, Part::Criterion(id), &is.name, &is.title);
        }
        for id in pairs.fields.added() {
            let is = &new.fields[id];
            let place = Place::Fields(is.record, std::mem::discriminant(&is.ty));
            news.add(place, Part::Field(id), &is.name, &is.title);
        }
        for was in pairs.fields.olds() {
            let Some(id) = pairs.fields.new_of(was) else { continue };
            let is = &new.fields[id].ty;
            for at in option_pairs(&old.fields[was].ty, is).added() {
                if let Some(option) = is.options().get(at) {
                    let part = Part::Option(id, at);
                    news.add(Place::Options(was), part, &option.name, &option.title);
                }
            }
        }
        news
    }

    fn add(&mut self, place: Place, part: Part, name: &str, title: &Text) {
        let alike = self.places.entry(place).or_default();
        if !title.derived {
            let titled = alike.titles.entry(title.value.clone());
            titled.and_modify(|(_, is_only)| *is_only = false).or_insert((part, true));
        }
        alike.names.push((part, Letters::of(name)));
    }
}

impl Alike {
    /// The part of this title, or else of a similar name, and whether it is the only one.
    fn like(&self, name: &str, title: &Text) -> Option<(Part, bool)> {
        let titled = self.titles.get(&title.value).filter(|_| !title.derived);
        if let Some(found) = titled {
            return Some(*found);
        }
        let name = Letters::of(name);
        let mut best: Option<(usize, Part)> = None;
        let mut near = 0usize;
        for (part, other) in &self.names {
            let Some(distance) = name.distance(other) else { continue };
            near += 1;
            if best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, *part));
            }
        }
        best.map(|(_, part)| (part, near == 1))
    }
}

fn name_of(process: &Process, part: Part) -> Option<&str> {
    Some(match part {
        Part::Stage(id) => &process.stages[id].name,
        Part::Record(id) => &process.records[id].name,
        Part::Goal(id) => &process.goals[id].name,
        Part::Team(id) => &process.teams[id].name,
        Part::Role(id) => &process.roles[id].name,
        Part::Criterion(id) => &process.criteria[id].name,
        Part::Field(id) => &process.fields[id].name,
        Part::Option(field, at) => &process.fields[field].ty.options().get(at)?.name,
        _ => return None,
    })
}
