//! What to say to those who give a record a stage that is not one of its type. A constraint refuses
//! it, too, but tells neither what is wrong nor what to do.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Id, NodeRef, Process, RecordId, RetiredKind, StageId};

use super::records::RecordTable;

/// How many foreign stages each record type has words for. What goes beyond is told as unknown, so
/// that many record types with many stages do not become the product of both.
const MOST: usize = 200;

/// How many names a message lists.
pub(super) const LISTED: usize = 12;

/// What is said about names that are not stages of a record type.
pub(super) struct Strangers {
    /// Names that mean something, each once.
    pub(super) known: Vec<Stranger>,
    /// What to do about any other name.
    pub(super) help: String,
}

/// A name that means something else.
pub(super) struct Stranger {
    pub(super) name: String,
    /// What it is.
    pub(super) fact: String,
    /// What to do.
    pub(super) help: String,
}

/// What is wrong with any other name.
pub(super) const UNKNOWN: &str = "the process has no such stage";

/// The moves between record types, by what leaves and where it arrives, and what else a message
/// needs of the whole process.
pub(super) struct Ways {
    across: BTreeMap<(RecordId, StageId), Vec<StageId>>,
    /// The stages that start a record, by their type and where it begins.
    starts: BTreeMap<(RecordId, StageId), Vec<StageId>>,
    started: BTreeSet<StageId>,
    names: BTreeSet<String>,
}

impl Ways {
    pub(super) fn of(process: &Process) -> Self {
        let mut across: BTreeMap<_, Vec<StageId>> = BTreeMap::new();
        for transition in process.transitions.values() {
            let from = process.stages[transition.from].record;
            if from == process.stages[transition.to].record {
                continue;
            }
            let sources = across.entry((from, transition.to)).or_default();
            if !sources.contains(&transition.from) && sources.len() <= LISTED {
                sources.push(transition.from);
            }
        }
        let mut starts: BTreeMap<_, Vec<StageId>> = BTreeMap::new();
        let mut started = BTreeSet::new();
        for (id, stage) in process.stages.iter() {
            for (_, at) in &stage.starts {
                started.insert(*at);
                let sources = starts.entry((stage.record, *at)).or_default();
                if sources.len() <= LISTED {
                    sources.push(id);
                }
            }
        }
        let names = process.stages.values().map(|stage| stage.name.clone()).collect();
        Self { across, starts, started, names }
    }
}

impl Strangers {
    pub(super) fn of(
        process: &Process,
        ways: &Ways,
        prefix: &str,
        table: &RecordTable<'_>,
        tables: &[RecordTable<'_>],
    ) -> Self {
        let mut known: Vec<Stranger> = former(process, ways, table);
        let foreign = process.stages.iter().filter(|(_, stage)| stage.record != table.record);
        for (id, stage) in foreign.take(MOST) {
            let title = &process.records[stage.record].name;
            known.push(Stranger {
                name: stage.name.clone(),
                fact: format!(
                    "\"{}\" is a stage of {title}, and a record never changes its type",
                    stage.name
                ),
                help: Foreign { process, ways, table, tables, id }.help(),
            });
        }
        let own = table.stages();
        let listed: Vec<String> =
            own.iter().take(LISTED).map(|id| quoted(&process.stages[*id].name)).collect();
        let title = table.title;
        let help = if own.len() > LISTED {
            format!(
                "the stages of {title} are: {}, …; SELECT name FROM {prefix}stage WHERE record = '{title}' lists them all",
                listed.join(", ")
            )
        } else {
            format!("the stages of {title} are: {}", listed.join(", "))
        };
        Self { known, help }
    }
}

/// Names that stages of this type had.
fn former(process: &Process, ways: &Ways, table: &RecordTable<'_>) -> Vec<Stranger> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    let mut old = |name: &str, fact: String, help: String| {
        if !ways.names.contains(name) && seen.insert(name.to_owned()) {
            all.push(Stranger { name: name.to_owned(), fact, help });
        }
    };
    for id in table.stages() {
        let stage = &process.stages[*id];
        for name in &stage.was {
            let fact = format!("the stage \"{name}\" has another name now");
            old(name, fact, format!("write \"{}\"", stage.name));
        }
    }
    for retired in process.retired.iter().filter(|retired| retired.kind == RetiredKind::Stage) {
        let into: Vec<String> = retired
            .into
            .iter()
            .filter_map(|(node, _)| match node {
                NodeRef::Stage(id) => Some(&process.stages[*id]),
                _ => None,
            })
            .filter(|stage| stage.record == table.record)
            .map(|stage| quoted(&stage.name))
            .collect();
        if !into.is_empty() {
            let name = retired.name.as_str();
            let fact = format!("the stage \"{name}\" is retired");
            old(name, fact, format!("its records went to {}", into.join(" or ")));
        }
    }
    all
}

/// A stage of another record type.
struct Foreign<'a> {
    process: &'a Process,
    ways: &'a Ways,
    table: &'a RecordTable<'a>,
    tables: &'a [RecordTable<'a>],
    id: StageId,
}

impl Foreign<'_> {
    /// How a record comes there, if the process has a way.
    fn help(&self) -> String {
        let stage = &self.process.stages[self.id];
        let title = self.table.title;
        let none = || format!("the process has no move from {title} to there");
        let Some(other) = self.tables.get(stage.record.index()) else { return none() };
        let Some(position) = &other.position else { return none() };
        let their = &self.process.records[stage.record].name;
        let name = &stage.name;
        let mine = (self.table.record, self.id);
        let link = other.links.iter().find(|(record, _)| *record == self.table.record);
        if let Some(from) = self.ways.across.get(&mine) {
            let from = self.listed(from);
            if let Some((_, link)) = link {
                return format!(
                    "from {from} it goes on as a row of its own: INSERT INTO {} ({link}, {}, …) VALUES (<id of the {title}>, '{name}', …)",
                    other.name, position.stage
                );
            }
            let back = self.table.links.iter().find(|(record, _)| *record == stage.record);
            if let (Some((_, link)), Some(left)) = (back, &position.left_at) {
                return format!(
                    "from {from} it brings its {their} back: UPDATE {} SET {} = '{name}', {left} = NULL WHERE {} = <{link} of the {title}>",
                    other.name, position.stage, other.id
                );
            }
        }
        if let Some(from) = self.ways.starts.get(&mine) {
            let from = self.listed(from);
            let columns = link.map_or_else(String::new, |(_, link)| format!("{link}, "));
            let values = link.map_or_else(String::new, |_| format!("<id of the {title}>, "));
            return format!(
                "from {from} it starts a {their} beside it: INSERT INTO {} ({columns}{}, …) VALUES ({values}'{name}', …)",
                other.name, position.stage
            );
        }
        if stage.entry.is_some() || self.ways.started.contains(&self.id) {
            return format!(
                "a new {their} may begin there: INSERT INTO {} ({}, …) VALUES ('{name}', …)",
                other.name, position.stage
            );
        }
        none()
    }

    fn listed(&self, stages: &[StageId]) -> String {
        let names: Vec<String> =
            stages.iter().take(LISTED).map(|id| quoted(&self.process.stages[*id].name)).collect();
        let more = if stages.len() > LISTED { " and others" } else { "" };
        format!("{}{more}", names.join(", "))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
