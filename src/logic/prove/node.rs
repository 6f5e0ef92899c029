//! Questions in the form that is searched: facts about a record, and conditions without negations.

use rustc_hash::FxHashMap;

use crate::model::{Clock, ConfirmationId, Duration, Expr, FieldId, ScoreId};

use super::domain::Domain;
use super::linear::Row;

/// More facts than this that must hold together are looked through for those about one thing.
const MANY: usize = 16;

/// A fact about the record: the index of its variable.
pub(super) type Slot = usize;

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key<'a> {
    Field(FieldId),
    Confirmed(ConfirmationId),
    Score(ScoreId),
    /// The events of one name. They have no domain; see [`Atom::Had`].
    Events(&'a str),
    /// Days since 1970.
    Today,
    /// Seconds since 1970.
    Now,
    /// Seconds in the stage.
    Stay,
    /// Where a date or point in time is moved to by a length that is not always the same; for the
    /// stay, how long that length is, counted from the entry.
    Moved(Slot, Duration),
    /// Working time from a date or point in time to now, in days or seconds; for the stay, in it.
    Worked(Slot),
    /// The value of an expression nothing is known of.
    Some(&'a Expr),
    /// The truth of a condition nothing is known of.
    Claim(&'a Expr),
    /// Whether the record has a grade of which nothing is known.
    Grade(ScoreId, usize),
    /// Whether a clock of which nothing is known has struck.
    Clock(&'a Clock),
}

/// A fact and what it may be before anything is asked.
#[derive(Clone, Debug)]
pub(super) struct Variable<'a> {
    pub(super) key: Key<'a>,
    pub(super) domain: Domain<'a>,
    /// Only whole numbers.
    pub(super) whole: bool,
}

/// One thing that must be so.
#[derive(Clone, Debug)]
pub(super) enum Atom<'a> {
    /// The fact is one of these.
    Is(Slot, Domain<'a>),
    /// The numbers stand so to each other.
    Linear(Row),
    /// Two texts, both present, are equal or not.
    Same(Slot, Slot, bool),
    /// The record has had so many events, or has not.
    Had(Had),
}

/// So many events of a name within a time up to now, or fewer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Had {
    pub(super) slot: Slot,
    pub(super) at_least: u32,
    pub(super) within: Option<Duration>,
    pub(super) yes: bool,
}

/// A condition without negations.
#[derive(Clone, Debug)]
pub(super) enum Node<'a> {
    True,
    False,
    Atom(Atom<'a>),
    All(Vec<Node<'a>>),
    Any(Vec<Node<'a>>),
}

impl<'a> Node<'a> {
    pub(super) fn truth(is: bool) -> Self {
        if is { Node::True } else { Node::False }
    }

    pub(super) fn all(nodes: impl IntoIterator<Item = Node<'a>>) -> Self {
        let mut kept = Vec::new();
        for node in nodes {
            match node {
                Node::True => {}
                Node::False => return Node::False,
                Node::All(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        if kept.len() > MANY {
            kept = together(kept);
        }
        match kept.len() {
            0 => Node::True,
            1 => kept.pop().unwrap_or(Node::True),
            _ => Node::All(kept),
        }
    }

    pub(super) fn any(nodes: impl IntoIterator<Item = Node<'a>>) -> Self {
        let mut kept = Vec::new();
        for node in nodes {
            match node {
                Node::False => {}
                Node::True => return Node::True,
                Node::Any(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Node::False,
            1 => kept.pop().unwrap_or(Node::False),
            _ => Node::Any(kept),
        }
    }

    /// All of them, or, turned round, one.
    pub(super) fn join(all: bool, nodes: impl IntoIterator<Item = Node<'a>>) -> Self {
        if all { Node::all(nodes) } else { Node::any(nodes) }
    }
}

/// Of all that is said of one fact, one thing: what it may be then. Said one after the other, thousands
/// of values that a number must not have are thousands of sets of thousands.
fn together<'a>(nodes: Vec<Node<'a>>) -> Vec<Node<'a>> {
    let mut kept = Vec::with_capacity(nodes.len());
    let mut places: FxHashMap<Slot, usize> = FxHashMap::default();
    let mut said: Vec<(usize, Slot, Vec<Domain<'a>>)> = Vec::new();
    for node in nodes {
        match node {
            Node::Atom(Atom::Is(slot, domain)) => {
                let index = *places.entry(slot).or_insert(said.len());
                match said.get_mut(index) {
                    Some((_, _, all)) => all.push(domain),
                    None => {
                        said.push((kept.len(), slot, vec![domain]));
                        // Its place, for what all of it comes to.
                        kept.push(Node::True);
                    }
                }
            }
            other => kept.push(other),
        }
    }
    for (at, slot, mut all) in said {
        while all.len() > 1 {
            let pairs = all.chunks(2).filter_map(|pair| match pair {
                [one, two] => Some(one.intersect(two)),
                rest => rest.first().cloned(),
            });
            all = pairs.collect();
        }
        if let (Some(place), Some(domain)) = (kept.get_mut(at), all.pop()) {
            *place = Node::Atom(Atom::Is(slot, domain));
        }
    }
    kept
}
