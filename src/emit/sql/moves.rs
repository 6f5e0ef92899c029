//! What the guards of each record's table must know: where its records come from, and where they
//! may go.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Id, Process, RecordId, StageId};

use super::dialect::Dialect;
use super::names::{Ident, Scope};
use super::records::{Position, RecordTable};
use super::reference;
use super::strangers::{self, LISTED, Strangers};

/// The pairs of record types between which a record can move: as what it leaves, as what it
/// arrives.
pub(super) struct Crossings {
    pairs: BTreeSet<(RecordId, RecordId)>,
    /// The same pairs the other way round: as what it arrives, as what it left.
    arrivals: BTreeSet<(RecordId, RecordId)>,
    /// Record types into whose stages some move may be made only so often.
    limited: BTreeSet<RecordId>,
}

impl Crossings {
    pub(super) fn of(process: &Process) -> Self {
        let (mut pairs, mut limited) = (BTreeSet::new(), BTreeSet::new());
        for transition in process.transitions.values() {
            let from = process.stages[transition.from].record;
            let to = process.stages[transition.to].record;
            if from != to {
                pairs.insert((from, to));
            }
            if transition.at_most.is_some() {
                limited.insert(to);
            }
        }
        let arrivals = pairs.iter().map(|(from, to)| (*to, *from)).collect();
        Self { pairs, arrivals, limited }
    }

    /// The record types from which one can arrive as this one.
    fn into(&self, record: RecordId) -> impl Iterator<Item = RecordId> {
        let first = (record, RecordId::from_index(0));
        let of_record = self.arrivals.range(first..).take_while(move |(to, _)| *to == record);
        of_record.map(|(_, from)| *from)
    }

    /// Whether records of this type can go on as another.
    pub(super) fn leave(&self, record: RecordId) -> bool {
        let first = (record, RecordId::from_index(0));
        self.pairs.range(first..).next().is_some_and(|(from, _)| *from == record)
    }
}

/// The guards of all tables.
pub(super) struct Moves<'a> {
    pub(super) stage: Ident,
    pub(super) transition: Ident,
    /// The view that joins the transitions between the same two stages.
    pub(super) way: Ident,
    pub(super) history: Ident,
    /// Names of what keeps the history from being changed.
    pub(super) keep: Vec<Ident>,
    pub(super) records: Vec<RecordMoves<'a>>,
}

/// The guards of one table.
pub(super) struct RecordMoves<'a> {
    /// The name of the record type.
    pub(super) title: &'a str,
    pub(super) table: &'a Ident,
    pub(super) id: &'a Ident,
    pub(super) position: &'a Position,
    /// The records it continues, nearest first.
    pub(super) earlier: Vec<Neighbour<'a>>,
    /// The records that continue it and can come back as it.
    pub(super) later: Vec<Neighbour<'a>>,
    /// Whether some move into its stages is counted.
    pub(super) limited: bool,
    /// Its stages, and where each leads.
    pub(super) stages: Vec<Ways<'a>>,
    /// What is said about names that are not its stages.
    pub(super) strangers: Strangers,
    /// The names of stages where a record can begin that continues no other.
    pub(super) beginnings: Vec<&'a str>,
    /// The records it continues by a declared move: their place in `earlier`, and the stages from which.
    pub(super) continues: Vec<(usize, Vec<&'a str>)>,
    /// Names for triggers and functions, by what they do.
    pub(super) names: GuardNames,
}

/// A record type at the other end of a link.
#[derive(Clone, Copy)]
pub(super) struct Neighbour<'a> {
    pub(super) record: RecordId,
    pub(super) title: &'a str,
    pub(super) table: &'a Ident,
    pub(super) id: &'a Ident,
    /// The column of the later record that holds the id of the earlier one.
    pub(super) link: &'a Ident,
    /// What it continues itself.
    pub(super) links: &'a [(RecordId, Ident)],
    /// Where it is; `None` when no move leads from there to here.
    pub(super) from: Option<Place<'a>>,
}

/// The columns that tell where a record is that may have left.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) stage: &'a Ident,
    pub(super) entered_at: &'a Ident,
    pub(super) left_at: &'a Ident,
}

/// Where a stage leads.
pub(super) struct Ways<'a> {
    pub(super) stage: &'a str,
    /// Stages of the same record type.
    pub(super) same: Vec<&'a str>,
    /// Stages of others: record type and stage.
    pub(super) other: Vec<(&'a str, &'a str)>,
}

/// Names of triggers and of the functions behind them.
pub(super) struct GuardNames {
    pub(super) before_insert: Ident,
    pub(super) before_update: Ident,
    pub(super) after_insert: Ident,
    pub(super) after_update: Ident,
    /// The function behind both that run after.
    pub(super) moved: Ident,
    pub(super) keep_id: Ident,
    pub(super) known_insert: Ident,
    pub(super) known_update: Ident,
}

impl<'a> Moves<'a> {
    pub(super) fn new(
        dialect: &dyn Dialect,
        prefix: &str,
        process: &'a Process,
        crossings: &Crossings,
        tables: &'a [RecordTable<'a>],
        relations: &mut Scope,
    ) -> Self {
        let name = |table| reference::name(dialect, prefix, table);
        let keep = ["update", "delete", "replace", "truncate"]
            .map(|what| relations.claim(dialect, &format!("{prefix}stage_history_no_{what}")));
        let words = strangers::Ways::of(process);
        let records = tables
            .iter()
            .filter_map(|table| table.position.as_ref().map(|position| (table, position)))
            .map(|(table, position)| {
                let mut claim = |what: &str| {
                    relations.claim(dialect, &format!("{prefix}{}_{what}", table.title))
                };
                let names = GuardNames {
                    before_insert: claim("before_insert"),
                    before_update: claim("before_update"),
                    after_insert: claim("after_insert"),
                    after_update: claim("after_update"),
                    moved: claim("moved"),
                    keep_id: claim("keep_id"),
                    known_insert: claim("known_insert"),
                    known_update: claim("known_update"),
                };
                RecordMoves {
                    title: table.title,
                    table: &table.name,
                    id: &table.id,
                    position,
                    earlier: earlier(table, tables, crossings),
                    later: later(table, tables, crossings),
                    limited: crossings.limited.contains(&table.record),
                    stages: table.stages().iter().map(|id| ways(process, *id)).collect(),
                    strangers: Strangers::of(process, &words, prefix, table, tables),
                    beginnings: Vec::new(),
                    continues: Vec::new(),
                    names,
                }
            })
            .collect();
        let mut moves = Self {
            stage: name("stage"),
            transition: name("transition"),
            way: name("move"),
            history: name("stage_history"),
            keep: keep.into(),
            records,
        };
        moves.find_beginnings(process, tables);
        moves
    }

    fn find_beginnings(&mut self, process: &'a Process, tables: &[RecordTable<'_>]) {
        let mut of_record: Vec<Vec<&'a str>> = vec![Vec::new(); process.records.len()];
        let started: BTreeSet<StageId> =
            process.stages.values().flat_map(|stage| &stage.starts).map(|(_, at)| *at).collect();
        for (id, stage) in process.stages.iter() {
            let begins = stage.entry.is_some() || started.contains(&id);
            if begins && let Some(names) = of_record.get_mut(stage.record.index()) {
                names.push(&stage.name);
            }
        }
        let mut across: BTreeMap<(RecordId, RecordId), Vec<&'a str>> = BTreeMap::new();
        for transition in process.transitions.values() {
            let (from, to) = (&process.stages[transition.from], &process.stages[transition.to]);
            if from.record != to.record {
                let stages = across.entry((to.record, from.record)).or_default();
                if stages.last() != Some(&from.name.as_str()) {
                    stages.push(&from.name);
                }
            }
        }
        let with_stages = tables.iter().filter(|table| table.position.is_some());
        for (moves, table) in self.records.iter_mut().zip(with_stages) {
            if let Some(names) = of_record.get_mut(table.record.index()) {
                moves.beginnings = std::mem::take(names);
            }
            for (at, other) in moves.earlier.iter().enumerate() {
                if let Some(stages) = across.remove(&(table.record, other.record)) {
                    moves.continues.push((at, stages));
                }
            }
        }
    }
}

fn place<'a>(table: &'a RecordTable<'_>) -> Option<Place<'a>> {
    let position = table.position.as_ref()?;
    let left_at = position.left_at.as_ref()?;
    Some(Place { stage: &position.stage, entered_at: &position.entered_at, left_at })
}

fn neighbour<'a>(
    other: &'a RecordTable<'a>,
    link: &'a Ident,
    from: Option<Place<'a>>,
) -> Neighbour<'a> {
    Neighbour {
        record: other.record,
        title: other.title,
        table: &other.name,
        id: &other.id,
        link,
        links: &other.links,
        from,
    }
}

/// The columns to fill in when a record continues this one: those of what this one continues
/// itself, as `(column there, column here)`.
pub(super) fn inherited<'a>(
    other: &Neighbour<'a>,
    farther: &[Neighbour<'a>],
) -> Vec<(&'a Ident, &'a Ident)> {
    // Both lists go the same way back, from the record next to `other` on.
    let theirs = other.links.iter().zip(farther);
    theirs.filter(|((r, _), far)| *r == far.record).map(|((_, l), far)| (l, far.link)).collect()
}

fn earlier<'a>(
    table: &'a RecordTable<'a>,
    tables: &'a [RecordTable<'a>],
    crossings: &Crossings,
) -> Vec<Neighbour<'a>> {
    let link = |(record, link): &'a (RecordId, Ident)| {
        let other = tables.get(record.index())?;
        let crosses = crossings.pairs.contains(&(*record, table.record));
        let from = place(other).filter(|_| crosses);
        Some(neighbour(other, link, from))
    };
    table.links.iter().filter_map(link).collect()
}

fn later<'a>(
    table: &'a RecordTable<'a>,
    tables: &'a [RecordTable<'a>],
    crossings: &Crossings,
) -> Vec<Neighbour<'a>> {
    let back = |from: RecordId| {
        let other = tables.get(from.index())?;
        let (_, link) = other.links.iter().find(|(record, _)| *record == table.record)?;
        let from = Some(place(other)?);
        Some(neighbour(other, link, from))
    };
    crossings.into(table.record).filter_map(back).collect()
}

fn ways(process: &Process, id: StageId) -> Ways<'_> {
    let stage = &process.stages[id];
    let mut ways = Ways { stage: &stage.name, same: Vec::new(), other: Vec::new() };
    let mut seen = BTreeSet::new();
    for transition in &stage.outgoing {
        let to = process.transitions[*transition].to;
        if !seen.insert(to) {
            continue;
        }
        let target = &process.stages[to];
        if target.record == stage.record {
            ways.same.push(&target.name);
        } else {
            ways.other.push((&process.records[target.record].name, &target.name));
        }
    }
    ways
}

/// That this record was given, and none nearer.
pub(super) fn nearest(other: &Neighbour<'_>, nearer: &[Neighbour<'_>]) -> String {
    let mut condition = format!("NEW.{} IS NOT NULL", other.link);
    for near in nearer {
        condition.push_str(&format!(" AND NEW.{} IS NULL", near.link));
    }
    condition
}

impl RecordMoves<'_> {
    /// For each record that it may continue: whether the one that was given has gone on already, and
    /// what to say then.
    pub(super) fn gone_on(&self) -> Vec<(String, String)> {
        let of = |(at, other): (usize, &Neighbour<'_>)| {
            let from = other.from?;
            let Neighbour { table, id, link, title, .. } = other;
            let nearest = nearest(other, self.earlier.get(..at).unwrap_or_default());
            let condition = format!(
                "{nearest} AND EXISTS (SELECT 1 FROM {table} AS p WHERE p.{id} = NEW.{link} AND p.{} IS NOT NULL)",
                from.left_at
            );
            let fact = format!(
                "the {title} in {} has gone on as another record already; it can do so again only after it has come back",
                link.raw()
            );
            Some((condition, fact))
        };
        self.earlier.iter().enumerate().filter_map(of).collect()
    }

    /// Where a record of this type may begin, as a sentence.
    pub(super) fn told_beginnings(&self) -> String {
        let quoted = |names: &[&str]| {
            let more = if names.len() > LISTED { ", …" } else { "" };
            let names: Vec<String> =
                names.iter().take(LISTED).map(|name| format!("\"{name}\"")).collect();
            format!("{}{more}", names.join(", "))
        };
        let ways: Vec<String> = self
            .continues
            .iter()
            .filter_map(|(at, stages)| {
                let Neighbour { link, title, .. } = self.earlier.get(*at)?;
                Some(format!("{link} the id of a {title} that is now in {}", quoted(stages)))
            })
            .collect();
        let ways = ways.join(", or ");
        let begins = "a record that continues no other by a declared move begins in";
        match (self.beginnings.is_empty(), ways.is_empty()) {
            (true, true) => {
                "the process has no move by which a record of this type begins".to_owned()
            }
            (true, false) => {
                format!(
                    "records of this type begin by continuing another, by a declared move: give in {ways}"
                )
            }
            (false, true) => format!("{begins}: {}", quoted(&self.beginnings)),
            (false, false) => {
                format!(
                    "{begins}: {}; to continue another, give in {ways}",
                    quoted(&self.beginnings)
                )
            }
        }
    }
}

impl Ways<'_> {
    /// Where a record may go from here, as the end of a sentence.
    pub(super) fn told(&self) -> String {
        let names = |all: &[&str]| {
            all.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
        };
        let mut parts = Vec::new();
        if !self.same.is_empty() {
            parts.push(names(&self.same));
        }
        parts.extend(self.other.iter().map(|(record, stage)| format!("\"{stage}\" ({record})")));
        if parts.is_empty() { "nowhere".to_owned() } else { parts.join(", ") }
    }
}
