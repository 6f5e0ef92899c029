//! Hints that are new and match nothing: an earlier name that nothing had, something retired that
//! never was. What was written before is history, and true whatever it is compared with.

use rustc_hash::FxHashSet;

use crate::diff::change::{Aspect, Fact, Kind, Part, Sides, Who};
use crate::diff::pair::Both;
use crate::model::{Process, RetiredKind};

use super::Ledger;

pub(super) fn hints(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    let pairs = &both.pairs;
    let (old, new) = (both.old, both.new);
    earlier_names(ledger, &pairs.teams, Part::Team);
    earlier_names(ledger, &pairs.roles, Part::Role);
    earlier_names(ledger, &pairs.records, Part::Record);
    earlier_names(ledger, &pairs.fields, Part::Field);
    earlier_names(ledger, &pairs.stages, Part::Stage);
    earlier_names(ledger, &pairs.criteria, Part::Criterion);
    earlier_names(ledger, &pairs.goals, Part::Goal);
    earlier_names(ledger, &pairs.feedback, Part::Feedback);
    earlier_names(ledger, &pairs.scores, Part::Score);
    earlier_names(ledger, &pairs.terms, Part::Term);
    earlier_names(ledger, &pairs.plays, Part::Play);
    for (at, retired) in new.retired.iter().enumerate() {
        let known = |other: &crate::model::Retired| {
            other.kind == retired.kind && other.name == retired.name
        };
        if !old.retired.iter().any(known) && !had(old, retired.kind, &retired.name, ledger) {
            let word = retired.kind.word();
            let fact = Fact::Name(format!("{word} {}", retired.name));
            let mut about = ledger.about(Sides::new(Part::Retired(at)));
            about.add(Who::Records, Kind::Unmatched, Aspect::Of("retired"), None, Some(fact));
        }
    }
}

fn earlier_names<I: Copy + Eq + std::hash::Hash>(
    ledger: &mut Ledger<'_, '_>,
    pairs: &Both<I>,
    part: impl Fn(I) -> Part,
) {
    let (old, new) = (ledger.both.old, ledger.both.new);
    let all: Vec<(Option<I>, I)> = pairs
        .kept()
        .map(|(was, now)| (Some(was), now))
        .chain(pairs.added().map(|id| (None, id)))
        .collect();
    // A name that anything of the kind bore before is history, also when that is gone.
    let history: FxHashSet<&String> = pairs.olds().flat_map(|id| part(id).was(old)).collect();
    for (before, now) in all {
        let names = part(now).was(new);
        if names.is_empty() {
            continue;
        }
        // What became part of it, under whatever name, was matched.
        let matched = before.is_some_and(|id| names.contains(&part(id).name(old)))
            || pairs.merged().any(|(_, into)| into == now);
        let unmatched = names.iter().find(|name| !history.contains(name));
        if let (Some(name), false) = (unmatched, matched) {
            let sides = Sides { old: before.map(&part), new: Some(part(now)) };
            let fact = Fact::Name(name.clone());
            let mut about = ledger.about(sides);
            about.add(Who::Records, Kind::Unmatched, Aspect::Of("was"), None, Some(fact));
        }
    }
}

/// Whether the old process had something of this kind and name.
fn had(old: &Process, kind: RetiredKind, name: &str, ledger: &Ledger<'_, '_>) -> bool {
    let is = |part: Part| part.name(old) == name;
    match kind {
        RetiredKind::Stage => old.stages.ids().any(|id| is(Part::Stage(id))),
        RetiredKind::Record => old.records.ids().any(|id| is(Part::Record(id))),
        RetiredKind::Field => {
            old.fields.ids().any(|id| ledger.both.field_names(id).contains(&name.to_owned()))
        }
        RetiredKind::Team => old.teams.ids().any(|id| is(Part::Team(id))),
        RetiredKind::Role => old.roles.ids().any(|id| is(Part::Role(id))),
        RetiredKind::Goal => old.goals.ids().any(|id| is(Part::Goal(id))),
        RetiredKind::Term => old.terms.ids().any(|id| is(Part::Term(id))),
        RetiredKind::Play => old.plays.ids().any(|id| is(Part::Play(id))),
        RetiredKind::Score => old.scores.ids().any(|id| is(Part::Score(id))),
    }
}
