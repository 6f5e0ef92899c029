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
