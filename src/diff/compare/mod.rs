//! Compares two processes part by part.

mod goals;
mod hints;
mod moves;
mod people;
mod records;
mod routes;
mod scores;
mod stages;
mod whole;
mod words;

use std::cmp::Ordering;

use crate::model::{
    Duration, Expr, FieldId, Goal, GoalId, Label, Measure, Origin, Owner, Process, RecordId,
    RetiredKind, StageId, Text, Value,
};
use crate::source::Span;

pub(super) use moves::pair as pair_moves;

use super::Comparison;
use super::change::{Aspect, Change, Fact, Kind, Part, Sides, Who};
use super::pair::Both;
use super::reason::Reason;
use super::values::{order, order_of_durations};

/// Everything that has changed, kind of part by kind of part, in the order of the new sources.
pub(super) fn changes<'a>(both: &Comparison<'a>) -> Vec<Change<'a>> {
    let mut ledger = Ledger { both, changes: Vec::new() };
    stages::stages(&mut ledger);
    moves::moves(&mut ledger);
    records::records(&mut ledger);
    people::people(&mut ledger);
    goals::goals(&mut ledger);
    scores::scores(&mut ledger);
    routes::routes(&mut ledger);
    words::words(&mut ledger);
    whole::whole(&mut ledger);
    hints::hints(&mut ledger);
    ledger.changes
}

/// The changes found so far.
struct Ledger<'a, 'b> {
    both: &'b Comparison<'a>,
    changes: Vec<Change<'a>>,
}

impl<'a, 'b> Ledger<'a, 'b> {
    /// Writes about a part.
    fn about(&mut self, part: Sides<Part>) -> About<'_, 'a, 'b> {
        let (old, new) = (self.both.old, self.both.new);
        let place = Sides {
            old: part.old.map(|part| part.span(old)),
            new: part.new.map(|part| part.span(new)),
        };
        About { ledger: self, part, place }
    }

    /// What came, went, was merged or renamed among the parts of a kind. `whos` are those hurt by what
    /// came, what went, and what is called otherwise.
    fn existence<I: Copy + Eq + std::hash::Hash>(
        &mut self,
        pairs: &Both<I>,
        part: impl Fn(I) -> Part,
        retired: Option<RetiredKind>,
        [came, went, renamed]: [Who; 3],
    ) {
        let (old, new) = (self.both.old, self.both.new);
        for id in pairs.removed() {
            let intent = retired.and_then(|kind| self.both.retired(kind, part(id)));
            let kind = if intent.is_some() { Kind::Retired } else { Kind::Removed };
            let successors = intent.map(|(_, retired)| successors(new, retired));
            let place = intent.map(|(_, retired)| retired.span);
            let mut about = self.about(Sides::old(part(id)));
            about.place.new = place;
            let into = successors.filter(|into| !into.is_empty()).map(Fact::Plain);
            about.add(went, kind, Aspect::Whole, None, into);
        }
        for (was, now) in pairs.merged() {
            let into = Fact::Name(part(now).key(new));
            let mut about = self.about(Sides::old(part(was)));
            about.place.new = Some(part(now).span(new));
            about.add(went, Kind::Merged, Aspect::Whole, None, Some(into));
        }
        for (was, now) in pairs.kept() {
            let names = (part(was).name(old), part(now).name(new));
            if names.0 != names.1 {
                let (was_called, is_called) = (Fact::Name(names.0), Fact::Name(names.1));
                let sides = Sides::both(part(was), part(now));
                let (old, new) = (Some(was_called), Some(is_called));
                self.about(sides).add(renamed, Kind::Renamed, Aspect::Whole, old, new);
            }
        }
        for id in pairs.added() {
            self.about(Sides::new(part(id))).add(came, Kind::Added, Aspect::Whole, None, None);
        }
    }
}

/// Where what is retired goes, as the language writes it.
fn successors(process: &Process, retired: &crate::model::Retired) -> String {
    let one = |(node, when): &(crate::model::NodeRef, Option<Expr>)| {
        let name = process.node_name(*node).0;
        match when {
            Some(when) => format!("{name} when {}", process.expr_source(when)),
            None => name.to_owned(),
        }
    };
    retired.into.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Writes changes about one part.
struct About<'l, 'a, 'b> {
    ledger: &'l mut Ledger<'a, 'b>,
    part: Sides<Part>,
    place: Sides<Span>,
}

impl<'a> About<'_, 'a, '_> {
    fn both(&self) -> &Comparison<'a> {
        self.ledger.both
    }

    fn add(
        &mut self,
        who: Who,
        kind: Kind,
        aspect: Aspect,
        old: Option<Fact<'a>>,
        new: Option<Fact<'a>>,
    ) {
        self.explained(who, kind, aspect, (old, new), None);
    }

    fn explained(
        &mut self,
        who: Who,
        kind: Kind,
        aspect: Aspect,
        (old, new): (Option<Fact<'a>>, Option<Fact<'a>>),
        reason: Option<Reason>,
    ) {
        let concerns = concerns(self.ledger.both, self.part, aspect);
        self.ledger.changes.push(Change {
            kind,
            part: self.part,
            aspect,
            old,
            new,
            place: self.place,
            who,
            reason,
            concerns,
            breaks: Vec::new(),
            rename: None,
            maybe: None,
            with_another: false,
        });
    }

    /// Something that is there or not, and the same or not.
    fn fact<T: PartialEq>(
        &mut self,
        who: Who,
        word: &'static str,
        old: Option<T>,
        new: Option<T>,
        say: impl Fn(T) -> Fact<'a>,
    ) {
        if old == new {
            return;
        }
        let kind = came_or_went(old.is_some(), new.is_some());
        self.add(who, kind, Aspect::Of(word), old.map(&say), new.map(&say));
    }

    /// A mark that is there or not.
    fn flag(&mut self, who: Who, word: &'static str, old: bool, new: bool) {
        if old != new {
            self.add(who, came_or_went(old, new), Aspect::Of(word), None, None);
        }
    }

    /// A text in every language.
    fn text(&mut self, who: Who, word: &'static str, old: Option<&'a Text>, new: Option<&'a Text>) {
        let aspect = Aspect::Of(word);
        let (was, now) = match (old, new) {
            (None, None) => return,
            (Some(was), Some(now)) => (was, now),
            _ => {
                let kind = came_or_went(old.is_some(), new.is_some());
                return self.add(who, kind, aspect, old.map(Fact::Text), new.map(Fact::Text));
            }
        };
        // A title made from a name changes with the name.
        if was.derived && now.derived {
            return;
        }
        let (before, after) = (self.both().old, self.both().new);
        let first = |process: &'a Process| process.languages.first().map_or("en", String::as_str);
        if was.value != now.value && first(before) == first(after) {
            return self.add(
                who,
                Kind::Changed,
                aspect,
                Some(Fact::Text(was)),
                Some(Fact::Text(now)),
            );
        }
        let (said, says) = (by_language(was, first(before)), by_language(now, first(after)));
        let missing = |all: &[(&'a str, &'a str)], in_: &[(&'a str, &'a str)]| {
            let differs = |one: &&(&'a str, &'a str)| !in_.contains(one);
            all.iter().filter(differs).copied().collect::<Vec<_>>()
        };
        let (gone, come) = (missing(&said, &says), missing(&says, &said));
        if gone.is_empty() && come.is_empty() {
            return;
        }
        let fact = |all: Vec<_>| (!all.is_empty()).then_some(Fact::Translations(all));
        self.add(Who::Nobody, Kind::Changed, aspect, fact(gone), fact(come));
    }

    /// A length of time: less is a matter for others than more.
    fn duration(
        &mut self,
        [shorter, longer]: [Who; 2],
        word: &'static str,
        old: Option<Duration>,
        new: Option<Duration>,
    ) {
        let order = match (old, new) {
            (Some(was), Some(now)) => order_of_durations(was, now, &self.both().new.calendar),
            (None, Some(_)) => return self.fact(shorter, word, old, new, Fact::Duration),
            _ => return self.fact(longer, word, old, new, Fact::Duration),
        };
        let (who, kind) = match order {
            Some(Ordering::Equal) => return,
            Some(Ordering::Less) => (shorter, Kind::Shortened),
            Some(Ordering::Greater) => (longer, Kind::Lengthened),
            None => (shorter, Kind::Changed),
        };
        let say = |duration: Option<Duration>| duration.map(Fact::Duration);
        self.add(who, kind, Aspect::Of(word), say(old), say(new));
    }

    /// A constant of one type, which may be higher or lower than it was.
    fn value(
        &mut self,
        who: Who,
        word: &'static str,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
    ) {
        let kind = match (old, new) {
            (Some(was), Some(now)) => match order(was, now) {
                Some(Ordering::Equal) => return,
                Some(Ordering::Less) => Kind::Lowered,
                Some(Ordering::Greater) => Kind::Raised,
                None => Kind::Changed,
            },
            (None, None) => return,
            _ => came_or_went(old.is_some(), new.is_some()),
        };
        self.add(who, kind, Aspect::Of(word), old.map(Fact::Value), new.map(Fact::Value));
    }

    /// A plain number, which may be higher or lower than it was.
    fn number(
        &mut self,
        who: Who,
        word: &'static str,
        old: Option<rust_decimal::Decimal>,
        new: Option<rust_decimal::Decimal>,
        unit: &str,
    ) {
        let kind = match (old, new) {
            (Some(was), Some(now)) if was == now => return,
            (Some(was), Some(now)) if was > now => Kind::Lowered,
            (Some(_), Some(_)) => Kind::Raised,
            (None, None) => return,
            _ => came_or_went(old.is_some(), new.is_some()),
        };
        let say = |n: Option<rust_decimal::Decimal>| {
            n.map(|n| Fact::Plain(format!("{}{unit}", n.normalize())))
        };
        self.add(who, kind, Aspect::Of(word), say(old), say(new));
    }

    /// A team or role.
    fn owner(&mut self, who: Who, word: &'static str, old: Option<Owner>, new: Option<Owner>) {
        if old.map(|owner| owner_now(self.both(), owner)) == new.map(Some) {
            return;
        }
        let kind = came_or_went(old.is_some(), new.is_some());
        let say = |owner: Option<Owner>| owner.map(Fact::Owner);
        self.add(who, kind, Aspect::Of(word), say(old), say(new));
        // Both who had it and who has it now must know, also of what else the part is no concern of.
        let before = old.and_then(|owner| owner_now(self.both(), owner));
        if let Some(change) = self.ledger.changes.last_mut() {
            change.concerns.extend(before.into_iter().chain(new));
            change.concerns.sort_unstable();
            change.concerns.dedup();
        }
    }

    /// Adds somebody whom the change of a property concerns, if it has changed: who is called in when a
    /// limit has passed reads of no other property of the stage.
    fn concerning(&mut self, word: &'static str, who: Option<Owner>) {
        let part = self.part;
        if let Some(change) = self.ledger.changes.last_mut()
            && change.aspect == Aspect::Of(word)
            && change.part == part
        {
            change.concerns.extend(who);
            change.concerns.sort_unstable();
            change.concerns.dedup();
        }
    }

    /// Teams and roles whose order says nothing.
    fn owners(
        &mut self,
        who: Who,
        word: &'static str,
        old: impl IntoIterator<Item = Owner>,
        new: impl IntoIterator<Item = Owner>,
    ) {
        let both = self.ledger.both;
        let name = |process: &Process, owner| process.owner_name(owner).0.to_owned();
        self.list(
            who,
            word,
            old.into_iter().map(|owner| (owner_now(both, owner), name(both.old, owner))),
            new.into_iter().map(|owner| (Some(owner), name(both.new, owner))),
        );
    }

    /// Fields whose order says nothing.
    fn fields(
        &mut self,
        who: Who,
        word: &'static str,
        old: impl IntoIterator<Item = FieldId>,
        new: impl IntoIterator<Item = FieldId>,
    ) {
        let both = self.ledger.both;
        let now = |id| both.pairs.fields.new_of(id);
        self.list(
            who,
            word,
            old.into_iter().map(|id| (now(id), both.old.fields[id].name.clone())),
            new.into_iter().map(|id| (Some(id), both.new.fields[id].name.clone())),
        );
    }

    /// Stages whose order says nothing.
    fn stages(
        &mut self,
        who: Who,
        word: &'static str,
        old: impl IntoIterator<Item = StageId>,
        new: impl IntoIterator<Item = StageId>,
    ) {
        let both = self.ledger.both;
        let now = |id| both.pairs.stages.new_of(id);
        self.list(
            who,
            word,
            old.into_iter().map(|id| (now(id), both.old.stages[id].name.clone())),
            new.into_iter().map(|id| (Some(id), both.new.stages[id].name.clone())),
        );
    }

    /// Words or texts.
    fn labels(&mut self, who: Who, word: &'static str, old: &[Label], new: &[Label]) {
        let say = |label: &Label| {
            let name = label.name.clone().unwrap_or_else(|| format!("\"{}\"", label.title.value));
            (Some(name.clone()), name)
        };
        self.list(who, word, old.iter().map(say), new.iter().map(say));
    }

    /// What a list has lost and gained. Each item of the old one comes with what it is in the new
    /// process, and the name it had.
    fn list<K: PartialEq + Clone>(
        &mut self,
        who: Who,
        word: &'static str,
        old: impl Iterator<Item = (Option<K>, String)>,
        new: impl Iterator<Item = (Option<K>, String)>,
    ) {
        let (old, new): (Vec<_>, Vec<_>) = (old.collect(), new.collect());
        let lacks = |all: &[(Option<K>, String)], key: &Option<K>| {
            key.is_none() || !all.iter().any(|(other, _)| other == key)
        };
        let names = |all: &[(Option<K>, String)], in_: &[(Option<K>, String)]| {
            let mut names: Vec<String> = all
                .iter()
                .filter(|(key, _)| lacks(in_, key))
                .map(|(_, name)| name.clone())
                .collect();
            names.dedup();
            (!names.is_empty()).then_some(Fact::Names(names))
        };
        let (gone, come) = (names(&old, &new), names(&new, &old));
        if gone.is_some() || come.is_some() {
            self.add(who, Kind::Changed, Aspect::Of(word), gone, come);
        }
    }

    /// A condition; none lets everything through.
    fn condition(
        &mut self,
        who: Who,
        word: &'static str,
        old: Option<&'a Expr>,
        new: Option<&'a Expr>,
        record: RecordId,
    ) {
        let Some(verdict) = self.both().common.compare(old, new, record) else { return };
        let who = who_of(verdict.kind, who);
        let facts = (old.map(Fact::Condition), new.map(Fact::Condition));
        self.explained(who, verdict.kind, Aspect::Of(word), facts, verdict.reason);
    }
}

/// Other words for the same hurt nobody.
fn who_of(kind: Kind, who: Who) -> Who {
    if kind == Kind::Reworded { Who::Nobody } else { who }
}

fn came_or_went(was: bool, is: bool) -> Kind {
    match (was, is) {
        (false, true) => Kind::Added,
        (true, false) => Kind::Removed,
        _ => Kind::Changed,
    }
}

/// Every language of a text, in order.
fn by_language<'t>(text: &'t Text, first: &'t str) -> Vec<(&'t str, &'t str)> {
    let others =
        text.translations.iter().map(|(language, text)| (language.as_str(), text.as_str()));
    let mut all: Vec<(&str, &str)> =
        std::iter::once((first, text.value.as_str())).chain(others).collect();
    all.sort_unstable();
    all
}

/// What a team or role of the old process is in the new one.
fn owner_now(both: &Comparison<'_>, owner: Owner) -> Option<Owner> {
    match owner {
        Owner::Team(id) => both.pairs.teams.new_of(id).map(Owner::Team),
        Owner::Role(id) => both.pairs.roles.new_of(id).map(Owner::Role),
    }
}

/// Who works with a part, on either side, by the new process.
fn concerns(both: &Comparison<'_>, part: Sides<Part>, aspect: Aspect) -> Vec<Owner> {
    let mut all = Vec::new();
    if let Some(part) = part.new {
        all.extend(owners_of(both.new, part));
        // What covers it follows its target.
        if let (Part::Goal(id), Aspect::Of("target")) = (part, aspect) {
            all.extend(covering(both.new, id).flat_map(|id| owners_of(both.new, Part::Goal(id))));
        }
    }
    if let Some(part) = part.old {
        all.extend(
            owners_of(both.old, part).into_iter().filter_map(|owner| owner_now(both, owner)),
        );
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// The goals that measure how far another is covered.
fn covering(process: &Process, covered: GoalId) -> impl Iterator<Item = GoalId> {
    let covers = move |goal: &Goal| matches!(goal.measure, Some(Measure::Coverage { goal, .. }) if goal == covered);
    process.goals.iter().filter(move |(_, goal)| covers(goal)).map(|(id, _)| id)
}

fn owners_of(process: &Process, part: Part) -> Vec<Owner> {
    let stage = |id: StageId| {
        let stage = &process.stages[id];
        stage.owner.into_iter().chain(stage.support.iter().copied()).collect::<Vec<_>>()
    };
    match part {
        Part::Team(id) => vec![Owner::Team(id)],
        Part::Role(id) => vec![Owner::Role(id)],
        Part::Stage(id) => stage(id),
        Part::Criterion(id) => stage(process.criteria[id].stage),
        Part::Move(id) => {
            let transition = &process.transitions[id];
            let mut all = stage(transition.to);
            if transition.origin != Origin::AnyOpen {
                all.extend(stage(transition.from));
            }
            all
        }
        Part::Field(id) | Part::Option(id, _) => {
            let fills = process
                .stages
                .values()
                .filter(|stage| stage.collect.iter().any(|field| field.value == id));
            fills.filter_map(|stage| stage.owner).collect()
        }
        Part::Goal(id) => process.goals[id].shared_by.iter().map(|owner| owner.value).collect(),
        Part::Feedback(id) => {
            let feedback = &process.feedback[id];
            feedback.from.iter().chain(&feedback.to).copied().collect()
        }
        Part::Route(id) => {
            let route = &process.routes[id];
            let targets = route.cases.iter().map(|case| &case.to).chain(&route.otherwise);
            targets.filter_map(|to| to.owner).chain(stage(route.stage)).collect()
        }
        Part::Play(id) => process.plays[id].by.clone(),
        Part::Confirmation(id) => process.confirmations[id].by.into_iter().collect(),
        Part::Process
        | Part::Record(_)
        | Part::Score(_)
        | Part::Grade(..)
        | Part::Points(..)
        | Part::Term(_)
        | Part::Waiver(_)
        | Part::Retired(_) => Vec::new(),
    }
}
