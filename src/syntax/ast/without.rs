//! A file without one of its parts.

use super::{FieldType, File, Item, Name, TransitionEnds};
use crate::source::Span;

impl File {
    /// The file without the declaration, role, field, option or criterion at `place`: the place of
    /// its name or of the whole of it. `None` when none stands there.
    pub fn without(&self, place: Span) -> Option<File> {
        let mut file = self.clone();
        let mut cut = Cut { place, found: false };
        file.items.retain(|item| cut.keeps(name(item), item.span()));
        for item in &mut file.items {
            match item {
                Item::Team(team) => {
                    team.roles.retain(|role| cut.keeps_named(&role.name, role.span))
                }
                Item::Record(record) => {
                    record.fields.retain(|field| cut.keeps_named(&field.name, field.span));
                    for field in &mut record.fields {
                        let options = match &mut field.ty.value {
                            FieldType::OneOf(options) | FieldType::ManyOf(options) => options,
                            _ => continue,
                        };
                        options.retain(|option| cut.keeps_named(&option.name, option.name.span));
                    }
                }
                Item::Stage(stage) => {
                    for criteria in [&mut stage.exit, &mut stage.enter] {
                        criteria.retain(|one| cut.keeps_named(&one.name, one.span));
                    }
                }
                _ => {}
            }
        }
        cut.found.then_some(file)
    }
}

impl File {
    /// Leaves out what goes with a stage of this name and has no meaning of its own: the moves to
    /// it, its route, what is started in it, where it is excepted. Gives how many moves and routes
    /// went.
    pub fn drop_with_stage(&mut self, stage: &str) -> [usize; 2] {
        let mut gone = 0usize;
        for item in &mut self.items {
            let Item::Stage(decl) = item else { continue };
            let before = decl.transitions.len();
            decl.transitions
                .retain(|one| !matches!(&one.ends, TransitionEnds::To(name) if name.text == stage));
            gone += before - decl.transitions.len();
            decl.starts.retain(|one| one.at.text != stage);
            for one in &mut decl.transitions {
                if let TransitionEnds::FromAnyOpen { except, .. } = &mut one.ends {
                    except.retain(|name| name.text != stage);
                }
            }
        }
        let before = self.items.len();
        self.items.retain(|item| !matches!(item, Item::Route(route) if route.stage.text == stage));
        [gone, before - self.items.len()]
    }

    /// The stages of a record type.
    pub fn stages_of(&self, record: &str) -> Vec<String> {
        let stage = |item: &Item| match item {
            Item::Stage(decl) if decl.record.as_ref().is_some_and(|of| of.text == record) => {
                Some(decl.name.text.clone())
            }
            _ => None,
        };
        self.items.iter().filter_map(stage).collect()
    }

    /// Leaves out the stages of a record type, and its scores: they have no meaning without it.
    pub fn drop_with_record(&mut self, record: &str) {
        self.items.retain(|item| match item {
            Item::Stage(decl) => decl.record.as_ref().is_none_or(|of| of.text != record),
            Item::Score(decl) => decl.of.text != record,
            _ => true,
        });
    }

    /// Takes each name at one of these places out of the list or the property that it stands in, where
    /// what is left has a meaning. Tells whether any went.
    pub fn drop_named(&mut self, places: &[Span]) -> bool {
        let mut dropped = false;
        let mut keep = |at: Span| {
            let is_in = |place: &Span| {
                place.file == at.file
                    && at.range().start <= place.range().start
                    && place.range().end <= at.range().end
            };
            let kept = !places.iter().any(is_in);
            dropped |= !kept;
            kept
        };
        for item in &mut self.items {
            match item {
                Item::Record(decl) => decl.from = decl.from.take().filter(|of| keep(of.span)),
                Item::Goal(decl) => decl.shared_by.retain(|name| keep(name.span)),
                Item::Feedback(decl) => {
                    decl.from.retain(|name| keep(name.span));
                    decl.to.retain(|name| keep(name.span));
                }
                Item::Term(decl) => decl.see.retain(|name| keep(name.span)),
                Item::Play(decl) => {
                    decl.stages.retain(|name| keep(name.span));
                    decl.by.retain(|name| keep(name.span));
                }
                Item::Stage(decl) => {
                    decl.owners.retain(|name| keep(name.span));
                    decl.support.retain(|name| keep(name.span));
                    decl.collect.retain(|path| keep(path.span));
                    if let Some(limit) = &mut decl.limit {
                        limit.escalate_to = limit.escalate_to.take().filter(|to| keep(to.span));
                    }
                    for handoff in decl.transitions.iter_mut().filter_map(|t| t.handoff.as_mut()) {
                        handoff.carries.retain(|path| keep(path.span));
                    }
                }
                _ => {}
            }
        }
        dropped
    }

    /// Leaves out each declaration, move and criterion within which one of these places lies, but
    /// for declarations that others build on: a stage, a record, a team, the process. Tells whether
    /// anything went.
    pub fn drop_around(&mut self, places: &[Span]) -> bool {
        let holds = |whole: Span| {
            places.iter().any(|place| {
                place.file == whole.file
                    && whole.range().start <= place.range().start
                    && place.range().end <= whole.range().end
            })
        };
        let mut dropped = false;
        let mut keep = |whole: Span| {
            let kept = !holds(whole);
            dropped |= !kept;
            kept
        };
        self.items.retain(|item| match item {
            Item::Process(_) | Item::Team(_) | Item::Record(_) | Item::Stage(_) => true,
            other => keep(other.span()),
        });
        for item in &mut self.items {
            if let Item::Stage(decl) = item {
                decl.transitions.retain(|one| keep(one.span));
                decl.exit.retain(|one| keep(one.span));
                decl.enter.retain(|one| keep(one.span));
            }
        }
        dropped
    }
}

/// Where the name of a declaration stands.
fn name(item: &Item) -> Option<Span> {
    Some(match item {
        Item::Team(d) => d.name.span,
        Item::Record(d) => d.name.span,
        Item::Stage(d) => d.name.span,
        Item::Goal(d) => d.name.span,
        Item::Feedback(d) => d.name.span,
        Item::Score(d) => d.name.span,
        Item::Term(d) => d.name.span,
        Item::Play(d) => d.name.span,
        Item::Process(_) | Item::Route(_) | Item::Retired(_) => return None,
    })
}

/// What is left out, and whether it has been.
struct Cut {
    place: Span,
    found: bool,
}

impl Cut {
    fn keeps(&mut self, name: Option<Span>, whole: Span) -> bool {
        // Spans are alike to `==`, so that trees can be compared without their places.
        let at = |span: Span| span.key() == self.place.key();
        let here = name.is_some_and(at) || at(whole);
        self.found |= here;
        !here
    }

    fn keeps_named(&mut self, name: &Name, whole: Span) -> bool {
        self.keeps(Some(name.span), whole)
    }
}
