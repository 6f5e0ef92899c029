//! The parts of a process beside those of a CRM.

use rustc_hash::{FxHashMap, FxHashSet};

use super::part::{Fact, Form, Key, Kind, Part, Place, SEPARATOR, Weight, one_line};
use crate::source::Span;

/// One difference.
#[derive(Clone, Debug)]
pub(crate) struct Drift {
    /// How bad it is.
    pub(crate) weight: Weight,
    /// What it is about.
    pub(crate) kind: Kind,
    /// The part, as people call it: `Opportunity stage "Demo"`.
    pub(crate) said: String,
    /// What is different.
    pub(crate) what: What,
    /// Where the export says it, or the part to which what is missing belongs.
    pub(crate) export: Option<Place>,
    /// Where the process declares it.
    pub(crate) source: Option<Span>,
    /// What is missing beside it, and bears the same label: perhaps it was renamed.
    pub(crate) like: Option<String>,
}

/// What is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The process has it, the CRM does not.
    Missing,
    /// The CRM has it, the process does not.
    Extra,
    /// The CRM has it, without effect: why.
    Off(&'static str),
    /// A property has another value.
    Differs { word: &'static str, form: Form, crm: Option<String>, process: String },
    /// What belongs to it stands in another order.
    Order { of: Kind, crm: Vec<String>, process: Vec<String> },
}

/// What a comparison has found.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// The differences, the worst first.
    pub(crate) drifts: Vec<Drift>,
    /// How many parts of the process were compared.
    pub(crate) parts: usize,
    /// Parts of the CRM of which the process says nothing, by what they are.
    pub(crate) beside: Vec<(Kind, usize)>,
    /// Stages that only other sales processes offer.
    pub(crate) others: Vec<String>,
    /// The kinds of which the export holds none, with how many the process has.
    pub(crate) none: Vec<(Kind, usize)>,
}

type Parts<'p> = FxHashMap<&'p Key, &'p Part>;

/// Compares what a process would build with what a CRM holds.
pub(crate) fn compare(process: &[Part], crm: &[Part]) -> Compared {
    let index = |parts| -> Parts<'_> {
        let parts: &[Part] = parts;
        parts.iter().map(|part| (&part.key, part)).collect()
    };
    let (ours, theirs) = (index(process), index(crm));
    let mut walk =
        Walk { theirs: &theirs, ours: &ours, gone: FxHashSet::default(), found: Vec::new() };
    for (at, part) in process.iter().enumerate() {
        walk.part(at, part);
    }
    let mut compared = Compared { parts: process.len(), ..Compared::default() };
    walk.extra(process, crm, &mut compared);
    walk.order(process, crm);
    let Walk { mut found, gone, .. } = walk;
    // What is about a part that is not there alike on both sides is told there.
    found.retain(|found| {
        let told = found.part.about.as_ref().is_some_and(|about| gone.contains(about));
        !(told && found.is_whole())
    });
    find_likes(&mut found);
    found.sort_by_key(|found| (found.drift.weight, rank(found.drift.kind), found.at));
    compared.drifts = found.into_iter().map(|found| found.drift).collect();
    compared.none = none(process, crm);
    compared
}

/// Finds, for what the CRM has beside, what is missing and bears the same label.
fn find_likes(found: &mut [Found<'_>]) {
    let label = |part: &Part| (part.owner.clone(), one_line(&part.title).to_lowercase());
    let missing: FxHashMap<_, String> = found
        .iter()
        .filter(|found| found.drift.what == What::Missing && found.part.kind().is_closed())
        .map(|found| (label(found.part), found.part.name.clone()))
        .collect();
    for found in found.iter_mut().filter(|found| found.drift.what == What::Extra) {
        found.drift.like = missing.get(&label(found.part)).cloned();
    }
}

/// Rules and stages come first: they decide where records go.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Rule | Kind::PipelineRules | Kind::Approval => 0,
        Kind::Pipeline | Kind::StageSet | Kind::Stage => 1,
        Kind::SalesProcess | Kind::Offered => 2,
        Kind::Object | Kind::Field | Kind::PropertyRule | Kind::Option => 3,
        Kind::RecordType | Kind::ChoiceList | Kind::Choice => 4,
        Kind::Path | Kind::Step | Kind::List => 5,
        Kind::PermissionSet | Kind::Permission | Kind::CustomPermission | Kind::Group => 6,
        Kind::Editors | Kind::ActivityType => 6,
        Kind::Translation => 7,
    }
}

/// A difference, with the part it is about and where that stands in the order of the process.
struct Found<'p> {
    drift: Drift,
    part: &'p Part,
    at: usize,
}

impl Found<'_> {
    fn is_whole(&self) -> bool {
        matches!(self.drift.what, What::Missing | What::Extra | What::Off(_))
    }
}

struct Walk<'w, 'p> {
    ours: &'w Parts<'p>,
    theirs: &'w Parts<'p>,
    /// The parts that are not there alike on both sides: what belongs to them is not compared.
    gone: FxHashSet<&'p Key>,
    found: Vec<Found<'p>>,
}

impl<'p> Walk<'_, 'p> {
    fn part(&mut self, at: usize, part: &'p Part) {
        if part.owner.as_ref().is_some_and(|owner| self.gone.contains(owner)) {
            self.gone.insert(&part.key);
            return;
        }
        let Some(other) = self.theirs.get(&part.key).copied() else {
            self.gone.insert(&part.key);
            let owner = part.owner.as_ref().and_then(|owner| self.theirs.get(owner));
            let place = owner.map(|owner| owner.place.clone());
            self.add(at, part, part.kind().weight(), What::Missing, place);
            return;
        };
        let place = Some(other.place.clone());
        if let (Some(why), None) = (other.off, part.off) {
            self.gone.insert(&part.key);
            self.add(at, part, part.kind().weight(), What::Off(why), place);
            return;
        }
        for fact in part.facts.iter().filter(|_| !other.bare) {
            self.fact(at, part, other, fact);
        }
        if other.opaque {
            self.gone.insert(&part.key);
        }
    }

    fn fact(&mut self, at: usize, part: &'p Part, other: &Part, fact: &Fact) {
        let property = fact.property;
        let theirs = other.fact(property.word);
        let value = theirs.map(|fact| fact.value.as_str()).or(property.absent);
        let same = value
            .is_some_and(|value| property.form.normal(value) == property.form.normal(&fact.value));
        if same {
            return;
        }
        // The options of a field of another type are no options of this one.
        if property.word == "type" {
            self.gone.insert(&part.key);
        }
        let line = theirs.and_then(|fact| fact.line).or(other.place.line);
        let place = Place { line, ..other.place.clone() };
        let what = What::Differs {
            word: property.word,
            form: property.form,
            crm: value.map(str::to_owned),
            process: fact.value.clone(),
        };
        self.add(at, part, property.weight, what, Some(place));
    }

    fn add(&mut self, at: usize, part: &'p Part, weight: Weight, what: What, place: Option<Place>) {
        let drift = Drift {
            weight,
            kind: part.kind(),
            said: part.said.clone(),
            what,
            export: place,
            source: part.origin,
            like: None,
        };
        self.found.push(Found { drift, part, at });
    }

    /// What the CRM has beside.
    fn extra(&mut self, process: &[Part], crm: &'p [Part], compared: &mut Compared) {
        let at: FxHashMap<&Key, usize> =
            process.iter().enumerate().map(|(at, part)| (&part.key, at)).collect();
        // The stages that sales processes offer of which the process says nothing.
        let elsewhere: FxHashSet<&Key> = crm
            .iter()
            .filter(|part| part.kind() == Kind::Offered)
            .filter(|part| part.owner.as_ref().is_some_and(|owner| !self.ours.contains_key(owner)))
            .filter_map(|part| part.about.as_ref())
            .collect();
        let offered: FxHashSet<&Key> = crm
            .iter()
            .filter(|part| part.kind() == Kind::Offered)
            .filter(|part| part.owner.as_ref().is_some_and(|owner| self.ours.contains_key(owner)))
            .filter_map(|part| part.about.as_ref())
            .collect();
        let mut beside: std::collections::BTreeMap<Kind, usize> = std::collections::BTreeMap::new();
        for part in crm.iter().filter(|part| !self.ours.contains_key(&part.key)) {
            let owner = part.owner.as_ref();
            let ours = owner.and_then(|owner| self.ours.get(owner));
            // What belongs to something that is not there alike is not told by itself.
            if owner.is_some_and(|owner| ours.is_none() || self.gone.contains(owner)) {
                continue;
            }
            if !part.kind().is_closed() {
                // Only objects that the process fills are read.
                if !matches!(part.kind(), Kind::ChoiceList | Kind::Object) {
                    *beside.entry(part.kind()).or_default() += 1;
                }
                continue;
            }
            // It is turned off already.
            if part.off.is_some() {
                continue;
            }
            if elsewhere.contains(&part.key) && !offered.contains(&part.key) {
                compared.others.push(part.title.clone());
                continue;
            }
            self.gone.insert(&part.key);
            let behind = owner.and_then(|owner| at.get(owner)).copied().unwrap_or(process.len());
            let place = Some(part.place.clone());
            self.add(behind, part, part.kind().weight(), What::Extra, place);
        }
        compared.beside = beside.into_iter().collect();
    }

    /// What people see in another order.
    fn order(&mut self, process: &'p [Part], crm: &[Part]) {
        let lists = |parts: &'_ [Part], others: &Parts<'_>| {
            let mut lists: indexmap::IndexMap<Key, Vec<(Key, String)>> = indexmap::IndexMap::new();
            for part in parts.iter().filter(|part| part.kind().is_ordered() && part.off.is_none()) {
                let there = others.get(&part.key).is_some_and(|other| other.off.is_none());
                if let Some(owner) = part.owner.as_ref().filter(|_| there) {
                    let list = lists.entry(owner.clone()).or_default();
                    list.push((part.key.clone(), part.title.clone()));
                }
            }
            lists
        };
        let (ours, theirs) = (lists(process, self.theirs), lists(crm, self.ours));
        for (at, part) in process.iter().enumerate() {
            let (Some(ours), Some(theirs)) = (ours.get(&part.key), theirs.get(&part.key)) else {
                continue;
            };
            let Some(other) = self.theirs.get(&part.key) else { continue };
            // A list that the CRM sorts by name has no order of its own, which is told by itself.
            let sorted = other.fact("sorted by name").is_some_and(|fact| fact.value == "true");
            let same = ours.iter().map(|(key, _)| key).eq(theirs.iter().map(|(key, _)| key));
            if sorted || same || self.gone.contains(&part.key) {
                continue;
            }
            let of = ours.first().map_or(Kind::Option, |(key, _)| key.0);
            let titles =
                |list: &[(Key, String)]| list.iter().map(|(_, title)| title.clone()).collect();
            let what = What::Order { of, crm: titles(theirs), process: titles(ours) };
            let place = Some(other.place.clone());
            self.add(at, part, Weight::Values, what, place);
        }
    }
}

/// The kinds of which the CRM has none at all: perhaps they were not asked for.
fn none(process: &[Part], crm: &[Part]) -> Vec<(Kind, usize)> {
    let mut counts: std::collections::BTreeMap<Kind, usize> = std::collections::BTreeMap::new();
    let is_whole = |part: &&Part| part.owner.as_ref().is_none_or(|owner| owner.0 == Kind::Object);
    for part in process.iter().filter(is_whole) {
        *counts.entry(part.kind()).or_default() += 1;
    }
    let there: FxHashSet<Kind> = crm.iter().map(Part::kind).collect();
    counts.into_iter().filter(|(kind, _)| !there.contains(kind)).collect()
}

/// The part of two lists in which they differ.
pub(crate) fn window(one: &[String], other: &[String]) -> (String, String) {
    let same = |(a, b): &(&String, &String)| a == b;
    let front = one.iter().zip(other).take_while(same).count();
    let back = one.iter().rev().zip(other.iter().rev()).take_while(same).count();
    let part = |list: &[String]| {
        let end = list.len().saturating_sub(back).max(front);
        list.get(front..end).unwrap_or(list).join(SEPARATOR)
    };
    (part(one), part(other))
}
