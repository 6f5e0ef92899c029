//! Transitions and handoffs.

use crate::source::Span;
use crate::syntax::ast::{
    Accept, AcceptElse, HandoffDecl, Name, TransitionDecl, TransitionEnds, TransitionKind,
};
use crate::syntax::dsl::fragment::{self, Fragment};

use super::super::offsets::{offsets, span_within};
use super::super::reader::{Entry, Reader};
use super::super::table::{
    ACCEPT_TABLE, HANDOFF_TABLE, INCOMING_TABLE, KINDS, MOVE, OTHERWISE_TABLE, TRANSITION_TABLE,
};
use super::super::tree::NodeRef;
use super::super::values::as_bool;
use super::clause::{clock, duration};
use super::condition::{condition, conditions};

/// A way out of the stage: `nurturing after 30d`, or a mapping with `to`.
pub(super) fn outgoing<'t>(
    reader: &mut Reader<'t>,
    kind: TransitionKind,
    node: NodeRef<'t>,
) -> Option<TransitionDecl> {
    if node.scalar().is_some() {
        let transition = reader.fragment(node, fragment::transition)?;
        return Some(TransitionDecl { kind: Some(kind), ..transition });
    }
    let mut to = None;
    let mut terms = Vec::new();
    for entry in reader.open(&TRANSITION_TABLE, node, "this transition", node.span())? {
        match entry.key.name {
            "to" => to = reader.name(entry.value),
            _ => terms.push(entry),
        }
    }
    let span = node.target().span();
    // The terms are read even when the end is missing, for what is wrong with them.
    let mut transition = bare(Some(kind), TransitionEnds::To(Name::new("", span)), span);
    for entry in terms {
        term(reader, &mut transition, entry);
    }
    Some(TransitionDecl { ends: TransitionEnds::To(to?), ..transition })
}

/// A way in from every open stage of a record.
pub(super) fn incoming<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<TransitionDecl> {
    if let Some(scalar) = node.scalar() {
        // The key says `from any open of`; who repeats it, or the kind, is understood as well.
        let mut words = scalar.value.split_whitespace();
        let prefix = match (words.next(), words.next()) {
            (Some("any"), Some("open")) => "",
            (Some("advance" | "recycle" | "lose"), Some("from")) => "",
            (Some("of"), Some(_)) => "any open ",
            _ => "any open of ",
        };
        return match prefix {
            "" => reader.fragment(node, fragment::incoming),
            _ => reader.fragment_after(prefix, node, fragment::incoming),
        };
    }
    let span = node.target().span();
    let (mut record, mut except, mut kind) = (None, Vec::new(), None);
    let mut terms = Vec::new();
    for entry in reader.open(&INCOMING_TABLE, node, "`from_any_open`", node.span())? {
        match entry.key.name {
            "of" => record = reader.name(entry.value),
            "except" => except = reader.names(entry.value),
            "kind" => kind = kind_of(reader, entry.value),
            _ => terms.push(entry),
        }
    }
    let mut transition = bare(kind, TransitionEnds::To(Name::new("", span)), span);
    for entry in terms {
        term(reader, &mut transition, entry);
    }
    let ends = TransitionEnds::FromAnyOpen { record: record?, except };
    Some(TransitionDecl { ends, ..transition })
}

/// An item of `transitions`: the key tells the kind, the other keys add to it.
pub(super) fn any<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<TransitionDecl> {
    let faults = reader.faults;
    let entries = reader.open(&MOVE, node, "this transition", node.span())?;
    let is_kind = |entry: &&Entry<'t>| {
        entry.key.name == "from_any_open" || kind_from(entry.key.name).is_some()
    };
    let mut kinds = entries.iter().filter(is_kind);
    let (Some(first), None) = (kinds.next(), kinds.next()) else {
        if reader.faults == faults {
            let expected = "a mapping with one of `advance`, `recycle`, `lose` and `from_any_open`";
            reader.wrong_shape(node.span(), "this transition", expected);
        }
        return None;
    };
    let mut transition = match kind_from(first.key.name) {
        Some(kind) => outgoing(reader, kind, first.value),
        None => incoming(reader, first.value),
    }?;
    transition.span = node.target().span();
    for entry in &entries {
        if !is_kind(&entry) {
            term(reader, &mut transition, *entry);
        }
    }
    Some(transition)
}

fn bare(kind: Option<TransitionKind>, ends: TransitionEnds, span: Span) -> TransitionDecl {
    TransitionDecl {
        kind,
        ends,
        title: None,
        when: Vec::new(),
        after: None,
        at_most: None,
        handoff: None,
        span,
    }
}

fn term<'t>(reader: &mut Reader<'t>, transition: &mut TransitionDecl, entry: Entry<'t>) {
    let node = entry.value;
    match entry.key.name {
        "title" => transition.title = reader.text(node),
        "when" => transition.when.extend(conditions(reader, node)),
        "after" => transition.after = clock(reader, node),
        "at_most" => transition.at_most = reader.whole(node),
        _ => transition.handoff = handoff(reader, node),
    }
}

fn kind_from(word: &str) -> Option<TransitionKind> {
    match word {
        "advance" => Some(TransitionKind::Advance),
        "recycle" => Some(TransitionKind::Recycle),
        "lose" => Some(TransitionKind::Lose),
        _ => None,
    }
}

fn kind_of<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<TransitionKind> {
    reader.word(node, "kind of transition", KINDS, kind_from).map(|kind| kind.value)
}

fn handoff<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<HandoffDecl> {
    let span = node.target().span();
    let none = HandoffDecl { within: None, carries: Vec::new(), accept: None, span };
    match node.scalar().map(as_bool) {
        Some(Some(true)) => return Some(none),
        Some(Some(false)) => return None,
        Some(None) => return reader.fragment(node, fragment::handoff),
        None => {}
    }
    let mut handoff = none;
    for entry in reader.open(&HANDOFF_TABLE, node, "`handoff`", span)? {
        match entry.key.name {
            "within" => handoff.within = duration(reader, entry.value),
            "carries" => handoff.carries = reader.paths(entry.value),
            _ => handoff.accept = accept(reader, entry.value),
        }
    }
    Some(handoff)
}

/// `when need is present else recycle to nurturing`, a condition alone, or a mapping.
fn accept<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Accept> {
    if let Some(scalar) = node.scalar() {
        let said = scalar.value.split_whitespace().next() == Some("when");
        let prefix = if said { "accept " } else { "accept when " };
        return reader.fragment_after(prefix, node, fragment::handoff)?.accept;
    }
    let (mut when, mut otherwise) = (None, None);
    for entry in reader.open(&ACCEPT_TABLE, node, "`accept`", node.span())? {
        match entry.key.name {
            "when" => when = condition(reader, entry.value),
            _ => otherwise = refusal(reader, entry.value),
        }
    }
    Some(Accept { when: when?, otherwise })
}

/// `nurturing`, `recycle to nurturing`, or `{to: nurturing, kind: recycle}`.
fn refusal<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<AcceptElse> {
    if let Some(scalar) = node.scalar() {
        let text = scalar.value.as_ref();
        let mut words = text.split_whitespace();
        let kind = words.next().and_then(kind_from);
        if kind.is_none() || words.next() != Some("to") {
            return Some(AcceptElse { kind: None, to: reader.name(node)? });
        }
        // What follows `to` is the name; it is read where it stands.
        let start = text.find(" to").map_or(0, |at| at + " to".len());
        let rest = text.get(start..).unwrap_or("");
        let start = start + rest.len() - rest.trim_start().len();
        let end = text.trim_end().len().max(start);
        let span = span_within(node.target(), &offsets(node, scalar), start, end);
        let word = text.get(start..end).unwrap_or("");
        let shift = fragment::Offsets::Shift(span.start);
        let fragment = Fragment { file: span.file, text: word, offsets: shift };
        let before = reader.findings.len();
        let to = fragment::name(&fragment, &mut reader.findings);
        reader.faults += reader.findings.len() - before;
        return Some(AcceptElse { kind, to: to? });
    }
    let (mut to, mut kind) = (None, None);
    for entry in reader.open(&OTHERWISE_TABLE, node, "`else`", node.span())? {
        match entry.key.name {
            "to" => to = reader.name(entry.value),
            _ => kind = kind_of(reader, entry.value),
        }
    }
    Some(AcceptElse { kind, to: to? })
}
