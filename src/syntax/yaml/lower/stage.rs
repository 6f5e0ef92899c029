//! Stages and their criteria.

use crate::source::Span;
use crate::syntax::ast::{
    Criterion, Entry as EntryPoint, Forecast, Limit, Name, Outcome, StageDecl, Starts, Status,
    TransitionKind,
};
use crate::syntax::dsl::fragment;

use super::super::reader::Reader;
use super::super::table::{
    CRITERION, ENTRY_TABLE, FORECASTS, INCOMING, LIMIT_TABLE, MOVE, OUTCOMES, STAGE, STARTS,
    STARTS_TABLE, STATUSES, Shape, TRANSITION,
};
use super::super::tree::NodeRef;
use super::super::values::as_bool;
use super::clause::{duration, is_duration};
use super::condition::condition;
use super::{Common, transition};

pub(super) fn stage<'t>(
    reader: &mut Reader<'t>,
    name: Name,
    span: Span,
    node: NodeRef<'t>,
) -> StageDecl {
    let mut stage = empty(name, span);
    let mut common = Common::default();
    let subject = format!("stage `{}`", stage.name);
    for entry in reader.open(&STAGE, node, &subject, stage.name.span).unwrap_or_default() {
        let node = entry.value;
        match entry.key.name {
            "record" => stage.record = reader.name(node),
            "entry" => stage.entry = entry_point(reader, node),
            "owner" => stage.owners = reader.names(node),
            "support" => stage.support = reader.names(node),
            "purpose" => stage.purpose = reader.text(node),
            "next" => stage.next = reader.text(node),
            "channels" => stage.channels = reader.labels(node),
            "content" => stage.content = reader.labels(node),
            "collect" => stage.collect = reader.paths(node),
            "limit" => stage.limit = limit(reader, node),
            "exit" => stage.exit = criteria(reader, node),
            "enter" => stage.enter = criteria(reader, node),
            "advance" => moves(reader, &mut stage, TransitionKind::Advance, node),
            "recycle" => moves(reader, &mut stage, TransitionKind::Recycle, node),
            "lose" => moves(reader, &mut stage, TransitionKind::Lose, node),
            "from_any_open" => {
                for item in reader.list(node, &Shape::Clause(&INCOMING)) {
                    stage.transitions.extend(transition::incoming(reader, item));
                }
            }
            "transitions" => {
                for item in reader.list(node, &Shape::Table(&MOVE)) {
                    stage.transitions.extend(transition::any(reader, item));
                }
            }
            "outcome" => stage.outcome = reader.word(node, "outcome", OUTCOMES, Outcome::from_word),
            "final" => stage.is_final = reader.flag(node),
            "probability" => stage.probability = reader.percent(node),
            "forecast" => {
                for item in reader.list(node, &Shape::Word(FORECASTS)) {
                    let word =
                        reader.word(item, "forecast category", FORECASTS, Forecast::from_word);
                    stage.forecast.extend(word);
                }
            }
            "starts" => {
                for item in reader.list(node, &Shape::Clause(&STARTS)) {
                    stage.starts.extend(starts(reader, item));
                }
            }
            "status" => stage.status = reader.word(node, "status", STATUSES, Status::from_word),
            _ => common.read(reader, entry),
        }
    }
    let Common { title, was, waivers, .. } = common;
    StageDecl { title, was, waivers, broken: reader.broken(), ..stage }
}

fn empty(name: Name, span: Span) -> StageDecl {
    StageDecl {
        name,
        title: None,
        record: None,
        entry: None,
        owners: Vec::new(),
        support: Vec::new(),
        purpose: None,
        next: None,
        channels: Vec::new(),
        content: Vec::new(),
        collect: Vec::new(),
        limit: None,
        exit: Vec::new(),
        enter: Vec::new(),
        transitions: Vec::new(),
        outcome: None,
        is_final: None,
        probability: None,
        forecast: Vec::new(),
        starts: Vec::new(),
        status: None,
        was: Vec::new(),
        waivers: Vec::new(),
        broken: false,
        span,
    }
}

fn moves<'t>(
    reader: &mut Reader<'t>,
    stage: &mut StageDecl,
    kind: TransitionKind,
    node: NodeRef<'t>,
) {
    for item in reader.list(node, &Shape::Clause(&TRANSITION)) {
        stage.transitions.extend(transition::outgoing(reader, kind, item));
    }
}

/// `true`, a list of sources, or `{from: [web]}`.
fn entry_point<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<EntryPoint> {
    let span = node.target().span();
    match node.scalar().map(as_bool) {
        Some(Some(true)) => return Some(EntryPoint { sources: Vec::new(), span }),
        Some(Some(false)) => return None,
        Some(None) if reader.is_answer(node) => return None,
        Some(None) => return Some(EntryPoint { sources: reader.labels(node), span }),
        None => {}
    }
    if node.items().is_some() {
        return Some(EntryPoint { sources: reader.labels(node), span });
    }
    let mut sources = Vec::new();
    for entry in reader.open(&ENTRY_TABLE, node, "`entry`", span)? {
        sources = reader.labels(entry.value);
    }
    Some(EntryPoint { sources, span })
}

fn limit<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Limit> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::limit);
    }
    let span = node.target().span();
    if is_duration(node) {
        let duration = duration(reader, node)?;
        return Some(Limit { duration, target: None, escalate_to: None, span });
    }
    let (mut longest, mut target, mut escalate_to) = (None, None, None);
    for entry in reader.open(&LIMIT_TABLE, node, "`limit`", node.span())? {
        match entry.key.name {
            "duration" => longest = duration(reader, entry.value),
            "target" => target = duration(reader, entry.value),
            _ => escalate_to = reader.name(entry.value),
        }
    }
    Some(Limit { duration: longest?, target, escalate_to, span })
}

fn criteria<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Vec<Criterion> {
    let mut criteria = Vec::new();
    reader.named(node, &Shape::Table(&CRITERION), |reader, name, key, body| {
        let span = key.span().to(body.span());
        criteria.extend(criterion(reader, name, span, body));
    });
    criteria
}

fn criterion<'t>(
    reader: &mut Reader<'t>,
    name: Name,
    span: Span,
    node: NodeRef<'t>,
) -> Option<Criterion> {
    let subject = format!("criterion `{name}`");
    let (mut title, mut when, mut applies, mut evidence) = (None, None, None, None);
    let mut was = Vec::new();
    for entry in reader.open(&CRITERION, node, &subject, name.span)? {
        let node = entry.value;
        match entry.key.name {
            "title" => title = reader.text(node),
            "when" => when = condition(reader, node),
            "if" => applies = condition(reader, node),
            "evidence" => evidence = reader.name(node),
            _ => was = reader.names(node),
        }
    }
    Some(Criterion { name, title: title?, condition: when?, applies, evidence, was, span })
}

fn starts<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Starts> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::starts);
    }
    let (mut record, mut at) = (None, None);
    for entry in reader.open(&STARTS_TABLE, node, "`starts`", node.span())? {
        match entry.key.name {
            "record" => record = reader.name(entry.value),
            _ => at = reader.name(entry.value),
        }
    }
    Some(Starts { record: record?, at: at? })
}
