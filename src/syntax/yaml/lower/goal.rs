//! Goals, feedback, terms, plays, and what is retired.

use crate::diag::{Diagnostic, codes};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    FeedbackDecl, GoalDecl, Measure, Name, Path, PlayDecl, RetiredDecl, RetiredKind, Statistic,
    Successor, TargetDecl, TermDecl,
};
use crate::syntax::dsl::fragment;

use super::super::reader::{Entry, Reader};
use super::super::table::{
    FEEDBACK, GOAL, MEASURE_TABLE, PLAY, RETIRED, STATISTICS, SUCCESSOR, SUCCESSOR_TABLE, Shape,
    TARGET_TABLE, TERM, Table,
};
use super::super::tree::NodeRef;
use super::Common;
use super::clause::{duration, every};
use super::condition::condition;

pub(super) fn goal<'t>(
    reader: &mut Reader<'t>,
    name: Name,
    span: Span,
    node: NodeRef<'t>,
) -> GoalDecl {
    let mut common = Common::default();
    let (mut shared_by, mut measure, mut target, mut why) = (Vec::new(), None, None, None);
    // A goal is one team's, or shared by several.
    let mut owners: Option<(&str, Span)> = None;
    let subject = format!("goal `{name}`");
    for entry in reader.open(&GOAL, node, &subject, name.span).unwrap_or_default() {
        let node = entry.value;
        match entry.key.name {
            "shared_by" | "owner" => {
                if let Some((word, first)) = owners {
                    let message = format!("`{}` cannot stand beside `{word}`", entry.key.name);
                    let finding =
                        Diagnostic::new(codes::DUPLICATE_PROPERTY, entry.at.span(), message)
                            .reason("this one is ignored")
                            .label(first, "given here")
                            .help("keep one of them");
                    reader.report(finding);
                    continue;
                }
                owners = Some((entry.key.name, entry.at.span()));
                shared_by.extend(reader.names(node));
            }
            "measure" => measure = self::measure(reader, node),
            "target" => target = self::target(reader, node),
            "why" => why = reader.text(node),
            _ => common.read(reader, entry),
        }
    }
    let Common { title, was, waivers, .. } = common;
    let broken = reader.broken();
    GoalDecl { name, title, shared_by, measure, target, why, was, waivers, broken, span }
}

/// `conversion from mql to problem`, or `{conversion: {from: mql, to: problem}}`.
fn measure<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<Spanned<Measure>> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::measure);
    }
    let span = node.target().span();
    let first = *reader.open(&MEASURE_TABLE, node, "`measure`", span)?.first()?;
    let Shape::Table(table) = first.key.shape else { return None };
    let terms = MeasureTerms::read(reader, table, first.value)?;
    terms.build(first.key.name).map(|measure| Spanned::new(measure, span))
}

/// The terms of all measures together: the tables say which of them each may have.
#[derive(Default)]
struct MeasureTerms {
    from: Option<Name>,
    to: Option<Name>,
    of: Option<Path>,
    by: Option<Path>,
    stage: Option<Name>,
    when: Option<crate::syntax::ast::Expr>,
    within: Option<Spanned<crate::syntax::ast::Duration>>,
    statistic: Option<Statistic>,
}

impl MeasureTerms {
    fn read<'t>(reader: &mut Reader<'t>, table: &'static Table, node: NodeRef<'t>) -> Option<Self> {
        let mut terms = Self::default();
        let subject = format!("`{}`", table.id);
        for entry in reader.open(table, node, &subject, node.span())? {
            let node = entry.value;
            match entry.key.name {
                "from" => terms.from = reader.name(node),
                "to" => terms.to = reader.name(node),
                "by" => terms.by = reader.path(node),
                "of" if table.id == "sum" => terms.of = reader.path(node),
                "of" | "in" | "into" | "entering" => terms.stage = reader.name(node),
                "within" => terms.within = duration(reader, node),
                "when" => terms.when = condition(reader, node),
                _ => {
                    let statistic = reader.word(node, "statistic", STATISTICS, statistic_from);
                    terms.statistic = statistic.map(|statistic| statistic.value);
                }
            }
        }
        Some(terms)
    }

    /// `None` when an essential term is missing, which was reported.
    fn build(self, kind: &str) -> Option<Measure> {
        let Self { from, to, of, by, stage, when, within, statistic } = self;
        Some(match kind {
            "conversion" => Measure::Conversion { from: from?, to: to?, within },
            "entries" => Measure::Entries { into: stage?, when },
            "balance" => Measure::Balance { of: stage? },
            "cycle" => Measure::Cycle { statistic, from: from?, to: to? },
            "dwell" => Measure::Dwell { statistic, stage: stage? },
            "sum" => Measure::Sum { field: of?, entering: stage?, when },
            "coverage" => Measure::Coverage { goal: stage?, by: by? },
            _ => Measure::Share { of: stage?, when: when? },
        })
    }
}

fn statistic_from(word: &str) -> Option<Statistic> {
    match word {
        "median" => Some(Statistic::Median),
        "average" => Some(Statistic::Average),
        "p90" => Some(Statistic::P90),
        _ => None,
    }
}

/// `at least 60% every quarter`, or `{at_least: 60%, every: quarter}`.
fn target<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<TargetDecl> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::target);
    }
    let span = node.target().span();
    let faults = reader.faults;
    let (mut bounds, mut rhythm) = (Vec::new(), None);
    for entry in reader.open(&TARGET_TABLE, node, "`target`", span)? {
        match entry.key.name {
            "every" => rhythm = every(reader, entry.value),
            "at_least" => {
                let read = reader.fragment_after("at least ", entry.value, fragment::target);
                bounds.push(read);
            }
            _ => bounds.push(reader.fragment_after("at most ", entry.value, fragment::target)),
        }
    }
    let mut bounds = bounds.into_iter();
    let (Some(bound), None) = (bounds.next(), bounds.next()) else {
        if reader.faults == faults {
            reader.wrong_shape(span, "`target`", "a mapping with one of `at_least` and `at_most`");
        }
        return None;
    };
    let bound = bound?;
    Some(TargetDecl { every: rhythm.or(bound.every), span, ..bound })
}

pub(super) fn feedback<'t>(
    reader: &mut Reader<'t>,
    name: Name,
    span: Span,
    node: NodeRef<'t>,
) -> FeedbackDecl {
    let mut common = Common::default();
    let (mut from, mut to, mut rhythm) = (Vec::new(), Vec::new(), None);
    let subject = format!("feedback `{name}`");
    for entry in reader.open(&FEEDBACK, node, &subject, name.span).unwrap_or_default() {
        match entry.key.name {
            "from" => from = reader.names(entry.value),
            "to" => to = reader.names(entry.value),
            "every" => rhythm = every(reader, entry.value),
            _ => common.read(reader, entry),
        }
    }
    let Common { title, about, was, waivers } = common;
    let broken = reader.broken();
    FeedbackDecl { name, title, from, to, every: rhythm, about, was, waivers, broken, span }
}

pub(super) fn term<'t>(
    reader: &mut Reader<'t>,
    name: Name,
    span: Span,
    node: NodeRef<'t>,
) -> TermDecl {
    let mut common = Common::default();
    let (mut means, mut see, mut also) = (None, Vec::new(), Vec::new());
    let subject = format!("term `{name}`");
    for entry in reader.open(&TERM, node, &subject, name.span).unwrap_or_default() {
        match entry.key.name {
            "means" => means = reader.text(entry.value),
            "see" => see = reader.names(entry.value),
            "also" => also = reader.labels(entry.value),
            _ => common.read(reader, entry),
        }
    }
    let Common { title, was, waivers, .. } = common;
    TermDecl { name, title, means, see, also, was, waivers, broken: reader.broken(), span }
}

pub(super) fn play<'t>(
    reader: &mut Reader<'t>,
    name: Name,
    span: Span,
    node: NodeRef<'t>,
) -> PlayDecl {
    let mut common = Common::default();
    let (mut stages, mut by, mut when, mut steps) = (Vec::new(), Vec::new(), None, None);
    let subject = format!("play `{name}`");
    for entry in reader.open(&PLAY, node, &subject, name.span).unwrap_or_default() {
        match entry.key.name {
            "for" => stages = reader.names(entry.value),
            "by" => by = reader.names(entry.value),
            "when" => when = condition(reader, entry.value),
            "steps" => steps = reader.text(entry.value),
            _ => common.read(reader, entry),
        }
    }
    let Common { title, about, was, waivers } = common;
    let broken = reader.broken();
    PlayDecl { name, title, stages, by, when, steps, about, was, waivers, broken, span }
}

/// `{stage: demo_booked, into: evaluation, since: 2026-10-01}`
pub(super) fn retired<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Option<RetiredDecl> {
    reader.begin();
    let faults = reader.faults;
    let entries = reader.open(&RETIRED, node, "this retired thing", node.span())?;
    let (mut names, mut into, mut since) = (Vec::new(), Vec::new(), None);
    for Entry { key, at, value } in entries {
        match (RetiredKind::ALL.into_iter().find(|kind| kind.word() == key.name), key.name) {
            (Some(kind), _) => {
                let name = reader.path(value);
                names.push((Spanned::new(kind, at.span()), name));
            }
            (None, "into") => {
                for item in reader.list(value, &Shape::Clause(&SUCCESSOR)) {
                    into.extend(successors(reader, item));
                }
            }
            (None, _) => since = reader.date(value),
        }
    }
    let mut names = names.into_iter();
    let (Some((kind, name)), None) = (names.next(), names.next()) else {
        if reader.faults == faults {
            let expected = "a mapping with one key for its kind, such as `stage: demo_booked`";
            reader.wrong_shape(node.span(), "this retired thing", expected);
        }
        return None;
    };
    Some(RetiredDecl { kind, name: name?, into, since, span: node.target().span() })
}

fn successors<'t>(reader: &mut Reader<'t>, node: NodeRef<'t>) -> Vec<Successor> {
    if node.scalar().is_some() {
        return reader.fragment(node, fragment::successors).unwrap_or_default();
    }
    let (mut to, mut when) = (None, None);
    for entry in
        reader.open(&SUCCESSOR_TABLE, node, "this successor", node.span()).unwrap_or_default()
    {
        match entry.key.name {
            "to" => to = reader.path(entry.value),
            _ => when = condition(reader, entry.value),
        }
    }
    to.into_iter().map(|to| Successor { to, when: when.take() }).collect()
}
