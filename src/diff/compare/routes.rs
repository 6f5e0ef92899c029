//! Routes, compared by who gets which records: how the cases are written has no say.

use crate::diff::Comparison;
use crate::diff::change::{Aspect, Kind, Part, Sides, Who};
use crate::diff::reason::{Reason, Story};
use crate::lint::story;
use crate::logic::prove::{Answer, Formula};
use crate::model::{Expr, Route, RouteTarget};

use super::{Ledger, owner_now, who_of};

/// Routes with more cases are not compared case by case.
const MOST_CASES: usize = 24;
/// More stories than this nobody reads.
const MOST_STORIES: usize = 3;

pub(super) fn routes(ledger: &mut Ledger<'_, '_>) {
    let both = ledger.both;
    ledger.existence(&both.pairs.routes, Part::Route, None, [Who::People; 3]);
    for (was, now) in both.pairs.routes.kept() {
        let (old, new) = (&both.old.routes[was], &both.new.routes[now]);
        let mut about = ledger.about(Sides::both(Part::Route(was), Part::Route(now)));
        about.text(Who::Nobody, "title", Some(&old.title), Some(&new.title));
        if let Some((kind, reason)) = cases(both, old, new) {
            let who = who_of(kind, Who::People);
            about.explained(who, kind, Aspect::Of("cases"), (None, None), Some(reason));
        }
        let listed = |names: Vec<String>| names.into_iter().map(|name| (Some(name.clone()), name));
        let olds = targets(old).map(|to| called_now(both, to).to_owned()).collect();
        let news = targets(new).map(|to| to.name.clone()).collect();
        about.list(Who::People, "to", listed(olds), listed(news));
        for to in targets(new) {
            let was = targets(old).find(|was| called_now(both, was) == to.name);
            // A target is named in several cases, with one title.
            let first = targets(new).find(|other| other.name == to.name);
            if let (Some(was), true) = (was, first.is_some_and(|first| std::ptr::eq(first, to))) {
                about.text(Who::Nobody, "title", Some(&was.title), Some(&to.title));
            }
        }
    }
}

fn targets(route: &Route) -> impl Iterator<Item = &RouteTarget> {
    route.cases.iter().map(|case| &case.to).chain(&route.otherwise)
}

/// What the recipient of an old route is called now: a team or role may have been renamed.
fn called_now<'p>(both: &Comparison<'p>, to: &'p RouteTarget) -> &'p str {
    let now = to.owner.and_then(|owner| owner_now(both, owner));
    now.map_or(to.name.as_str(), |owner| both.new.owner_name(owner).0)
}

/// How the assignment has changed, if it has, with stories of records that go elsewhere.
fn cases(both: &Comparison<'_>, old: &Route, new: &Route) -> Option<(Kind, Reason)> {
    let record = both.new.stages[new.stage].record;
    let before = |to: &RouteTarget| called_now(both, to).to_owned();
    let same = old.cases.len() == new.cases.len()
        && old.otherwise.as_ref().map(before) == new.otherwise.as_ref().map(|to| to.name.clone())
        && old.cases.iter().zip(&new.cases).all(|(was, now)| {
            called_now(both, &was.to) == now.to.name
                && both.common.compare(Some(&was.when), Some(&now.when), record).is_none()
        });
    if same {
        return None;
    }
    if old.cases.len().max(new.cases.len()) > MOST_CASES {
        return Some((
            Kind::Changed,
            Reason::new(
                "It has too many cases to be compared one by one.",
                vec![Story::RoutesTooMany],
            ),
        ));
    }
    let mut obstacles = Vec::new();
    let carried: Vec<Expr> = old
        .cases
        .iter()
        .map(|case| {
            let carried = both.common.carry(&case.when);
            obstacles.extend(carried.obstacles);
            carried.expr
        })
        .collect();
    if let Some(obstacle) = obstacles.first() {
        let text = format!("Who gets what cannot be compared: {obstacle}.");
        return Some((Kind::Changed, Reason::new(text, vec![Story::RoutesNotCompared])));
    }
    let was = shares(carried.iter(), old, &before);
    let is = shares(new.cases.iter().map(|case| &case.when), new, &|to| to.name.clone());
    let prover = both.common.prover();
    let a_record = story::a_record_named(&both.new.records[record].name);
    let (mut texts, mut stories, mut unsure) = (Vec::new(), Vec::new(), false);
    for (from, before) in &was {
        for (to, after) in is.iter().filter(|(to, _)| to != from) {
            match prover.overlap(before.clone(), after.clone()) {
                Answer::No => {}
                Answer::Unknown => unsure = true,
                Answer::Yes(_) if stories.len() >= MOST_STORIES => {}
                Answer::Yes(witness) => {
                    let went = went(from.as_deref(), "went to", "went to nobody");
                    let goes = went_now(to.as_deref());
                    stories.push(Story::Routed {
                        known: witness.known(both.common.process()),
                        from: from.clone(),
                        to: to.clone(),
                    });
                    texts.push(match witness.tell(both.common.process()).as_str() {
                        "" => format!("Before, {a_record} {went}; now it {goes}."),
                        told => format!("Where {told}, {a_record} {went}, and now {goes}."),
                    });
                }
            }
        }
    }
    match (stories.is_empty(), unsure) {
        (true, false) => {
            let text = "Everybody gets the same records as before.";
            Some((Kind::Reworded, Reason::new(text, vec![Story::RoutedAlike])))
        }
        (true, true) => {
            let text = "Who gets which records now cannot be told by proof.";
            Some((Kind::Changed, Reason::new(text, vec![Story::RoutesUnknown])))
        }
        (false, _) => Some((Kind::Changed, Reason::new(texts.join(" "), stories))),
    }
}

fn went(to: Option<&str>, verb: &str, nobody: &str) -> String {
    to.map_or(nobody.to_owned(), |to| format!("{verb} `{to}`"))
}

fn went_now(to: Option<&str>) -> String {
    went(to, "goes to", "goes to nobody")
}

/// Who gets which records: each target once, and nobody for those that are left over.
fn shares<'e>(
    conditions: impl Iterator<Item = &'e Expr>,
    route: &Route,
    name: &dyn Fn(&RouteTarget) -> String,
) -> Vec<(Option<String>, Formula<'e>)> {
    let mut shares: Vec<(Option<String>, Vec<Formula<'e>>)> = Vec::new();
    let mut earlier: Vec<Formula<'e>> = Vec::new();
    let mut give = |to: Option<String>, share: Vec<Formula<'e>>| {
        let share = Formula::All(share);
        match shares.iter_mut().find(|(other, _)| *other == to) {
            Some((_, all)) => all.push(share),
            None => shares.push((to, vec![share])),
        }
    };
    for (condition, case) in conditions.zip(&route.cases) {
        let mut share = earlier.clone();
        share.push(Formula::Holds(condition));
        give(Some(name(&case.to)), share);
        earlier.push(Formula::Holds(condition).negated());
    }
    give(route.otherwise.as_ref().map(name), earlier);
    shares.into_iter().map(|(to, all)| (to, Formula::Any(all))).collect()
}
