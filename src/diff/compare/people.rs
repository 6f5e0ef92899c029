//! Teams, roles, feedback.

use crate::diff::change::{Aspect, Fact, Kind, Part, Sides, Who};
use crate::model::RetiredKind;

use super::Ledger;

pub(super) fn people(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    let pairs = &both.pairs;
    let whos = [Who::People; 3];
    ledger.existence(&pairs.teams, Part::Team, Some(RetiredKind::Team), whos);
    for (was, now) in pairs.teams.kept() {
        let (old, new) = (&both.old.teams[was], &both.new.teams[now]);
        let mut about = ledger.about(Sides::both(Part::Team(was), Part::Team(now)));
        about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
        about.text(Who::People, "mission", old.mission.as_ref(), new.mission.as_ref());
    }
    ledger.existence(&pairs.roles, Part::Role, Some(RetiredKind::Role), whos);
    for (was, now) in pairs.roles.kept() {
        let (old, new) = (&both.old.roles[was], &both.new.roles[now]);
        let mut about = ledger.about(Sides::both(Part::Role(was), Part::Role(now)));
        about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
        if pairs.teams.new_of(old.team) != Some(new.team) {
            let was = Fact::Name(both.old.teams[old.team].name.clone());
            let now = Fact::Name(both.new.teams[new.team].name.clone());
            about.add(Who::People, Kind::Changed, Aspect::Of("team"), Some(was), Some(now));
        }
        let count = |n: u32| Fact::Plain(n.to_string());
        about.fact(Who::People, "headcount", old.headcount, new.headcount, count);
    }
    ledger.existence(&pairs.feedback, Part::Feedback, None, whos);
    for (was, now) in pairs.feedback.kept() {
        let (old, new) = (&both.old.feedback[was], &both.new.feedback[now]);
        let mut about = ledger.about(Sides::both(Part::Feedback(was), Part::Feedback(now)));
        about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
        about.owners(Who::People, "from", old.from.iter().copied(), new.from.iter().copied());
        about.owners(Who::People, "to", old.to.iter().copied(), new.to.iter().copied());
        about.fact(Who::People, "every", old.every, new.every, Fact::Every);
        about.text(Who::Nobody, "about", old.about.as_ref(), new.about.as_ref());
    }
}
