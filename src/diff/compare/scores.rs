//! Scores: points, caps, weights, grades.

use crate::diff::Comparison;
use crate::diff::change::{Aspect, Fact, Kind, Part, Sides, Who};
use crate::diff::pair::Both;
use crate::model::{Points, RetiredKind, Score, ScoreId};

use super::{Ledger, who_of};

pub(super) fn scores(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    let whos = [Who::People, Who::People, Who::Config];
    ledger.existence(&both.pairs.scores, Part::Score, Some(RetiredKind::Score), whos);
    for (was, now) in both.pairs.scores.kept() {
        score(ledger, was, now);
        grades(ledger, was, now);
        points(ledger, was, now);
    }
}

fn score(ledger: &mut Ledger<'_, '_>, was: ScoreId, now: ScoreId) {
    let both = ledger.both;
    let (old, new) = (&both.old.scores[was], &both.new.scores[now]);
    let mut about = ledger.about(Sides::both(Part::Score(was), Part::Score(now)));
    about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
    if both.pairs.records.new_of(old.record) != Some(new.record) {
        let was = Fact::Name(both.old.records[old.record].name.clone());
        let now = Fact::Name(both.new.records[new.record].name.clone());
        about.add(Who::People, Kind::Changed, Aspect::Of("of"), Some(was), Some(now));
    }
    use crate::model::Category::{Behavior, Fit};
    for (category, cap, weight) in
        [(Fit, "cap fit", "weight fit"), (Behavior, "cap behavior", "weight behavior")]
    {
        let of = |list: &[(crate::model::Category, rust_decimal::Decimal)]| {
            list.iter().find(|(other, _)| *other == category).map(|(_, number)| *number)
        };
        about.number(Who::People, cap, of(&old.caps), of(&new.caps), "");
        about.number(Who::People, weight, of(&old.weights), of(&new.weights), "%");
    }
    about.number(Who::People, "cap total", old.total_cap, new.total_cap, "");
    about.text(Who::Nobody, "about", old.about.as_ref(), new.about.as_ref());
}

/// The grades of a score, by name.
fn grades(ledger: &mut Ledger<'_, '_>, was: ScoreId, now: ScoreId) {
    let both = ledger.both;
    let (old, new) = (&both.old.scores[was], &both.new.scores[now]);
    let same = old.grades.iter().enumerate().filter_map(|(at, grade)| {
        let now = new.grades.iter().position(|other| other.name == grade.name)?;
        Some((at, now))
    });
    let pairs = Both::of(indexes(&old.grades), indexes(&new.grades), same);
    for at in pairs.removed() {
        let mut about = ledger.about(Sides::old(Part::Grade(was, at)));
        about.add(Who::People, Kind::Removed, Aspect::Whole, None, None);
    }
    for (before, after) in pairs.kept() {
        let (Some(old), Some(new)) = (old.grades.get(before), new.grades.get(after)) else {
            continue;
        };
        let sides = Sides::both(Part::Grade(was, before), Part::Grade(now, after));
        let mut about = ledger.about(sides);
        about.number(Who::People, "at least", old.at_least, new.at_least, "");
        about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
    }
    for at in pairs.added() {
        let mut about = ledger.about(Sides::new(Part::Grade(now, at)));
        about.add(Who::People, Kind::Added, Aspect::Whole, None, None);
    }
}

fn points(ledger: &mut Ledger<'_, '_>, was: ScoreId, now: ScoreId) {
    let both = ledger.both;
    let (old, new) = (&both.old.scores[was], &both.new.scores[now]);
    let pairs = paired(both, old, new);
    let worth = |points: &Points| Fact::Plain(format!("{:+}", points.points.normalize()));
    for at in pairs.removed() {
        let worth = old.points.get(at).map(worth);
        let mut about = ledger.about(Sides::old(Part::Points(was, at)));
        about.add(Who::People, Kind::Removed, Aspect::Whole, worth, None);
    }
    for (before, after) in pairs.kept() {
        let (Some(old), Some(points)) = (old.points.get(before), new.points.get(after)) else {
            continue;
        };
        let sides = Sides::both(Part::Points(was, before), Part::Points(now, after));
        let mut about = ledger.about(sides);
        about.number(Who::People, "points", Some(old.points), Some(points.points), "");
        let verdict = both.common.compare(Some(&old.when), Some(&points.when), new.record);
        if let Some(verdict) = verdict {
            let facts = (Some(Fact::Condition(&old.when)), Some(Fact::Condition(&points.when)));
            let who = who_of(verdict.kind, Who::People);
            about.explained(who, verdict.kind, Aspect::Of("when"), facts, verdict.reason);
        }
        about.duration([Who::People; 2], "halves", old.halves_every, points.halves_every);
        about.duration([Who::People; 2], "expires", old.expires_after, points.expires_after);
        about.text(Who::Nobody, "title", old.title.as_ref(), points.title.as_ref());
    }
    for at in pairs.added() {
        let worth = new.points.get(at).map(worth);
        let mut about = ledger.about(Sides::new(Part::Points(now, at)));
        about.add(Who::People, Kind::Added, Aspect::Whole, None, worth);
    }
}

/// Whether two rules are the same in one respect.
type Fits<'f> = &'f dyn Fn(&Points, &Points) -> bool;

/// Points have no names: they are those for the same condition, or else those of the same title.
fn paired(both: &Comparison<'_>, old: &Score, new: &Score) -> Both<usize> {
    let alike = |was: &Points, now: &Points| {
        was.category == now.category
            && both.common.compare(Some(&was.when), Some(&now.when), new.record).is_none()
    };
    let same = |was: &Points, now: &Points| {
        was.points == now.points
            && was.halves_every == now.halves_every
            && was.expires_after == now.expires_after
            && alike(was, now)
    };
    let titled = |was: &Points, now: &Points| {
        was.category == now.category && was.title.is_some() && was.title == now.title
    };
    let passes: [Fits<'_>; 3] = [&same, &alike, &titled];
    let mut free = indexes(&new.points);
    let mut left = indexes(&old.points);
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for fits in passes {
        left.retain(|at| {
            let Some(was) = old.points.get(*at) else { return false };
            let found =
                free.iter().position(|now| new.points.get(*now).is_some_and(|now| fits(was, now)));
            let Some(found) = found else { return true };
            pairs.push((*at, free.remove(found)));
            false
        });
    }
    Both::of(indexes(&old.points), indexes(&new.points), pairs)
}

fn indexes<T>(list: &[T]) -> Vec<usize> {
    (0..list.len()).collect()
}
