//! Queries that count the records in flight, in a database that was made from the earlier process.

use crate::diff::Query;
use crate::diff::flight::{Ask, Condition};
use crate::emit::Context;
use crate::model::{Id, Process};

use super::choices;
use super::dialect::{ALL, Dialect};
use super::expr::{Subject, Unsaid, World};
use super::lookups::Lookups;
use super::moves::Crossings;
use super::numbers;
use super::work::WorkTime;
use super::work_list;
use super::writer::texts;
use super::zone::Zone;

/// The databases for which records can be counted.
pub(in crate::emit) fn dialects() -> Vec<&'static str> {
    ALL.iter().map(|dialect| dialect.name()).collect()
}

/// The queries for a database of the old process, with its dialect. Without a name it is the first
/// that the manifest of the new process has tables made for; there is none when it makes no tables.
pub(in crate::emit) fn count(
    old: &Context<'_>,
    new: &Context<'_>,
    asks: &[Result<&Ask, String>],
    named: Option<&str>,
) -> Option<(&'static str, Vec<Result<Query, String>>)> {
    let dialect = match named {
        Some(name) => ALL.iter().copied().find(|dialect| dialect.name() == name),
        // Who names targets and leaves this one out has no such database.
        None if !new.others.is_empty() && !new.others.iter().any(|(name, _)| *name == "sql") => {
            None
        }
        None => choices::read(new, &mut Vec::new()).dialects.first().copied(),
    }?;
    // The database was made by the settings of its time.
    let prefix = choices::read(old, &mut Vec::new()).prefix;
    let process = old.process;
    let (_, tables) = super::named(dialect, &prefix, process, &Crossings::of(process));
    let zone = Zone::of(dialect, &prefix, process);
    let work = WorkTime::new(dialect, &prefix, process);
    let scores = numbers::score_views(dialect, &prefix, process);
    let world = World { process, dialect, tables: &tables, zone: &zone, work: &work, scores };
    let one = |ask: &Result<&Ask, String>| match query(&world, &prefix, ask.clone()?) {
        Ok(Some(query)) => Ok(Query::exact(query)),
        Ok(None) => Err("records of this type stand in no stage".to_owned()),
        Err(why) => Err(why.reason().to_owned()),
    };
    Some((dialect.name(), asks.iter().map(one).collect()))
}

fn query(world: &World<'_>, prefix: &str, ask: &Ask) -> Result<Option<String>, Unsaid> {
    let World { process, dialect, tables, .. } = world;
    let lookups = Lookups::new(*dialect);
    let now = work_list::now(world, prefix);
    let table = tables.get(ask.record.index());
    let position = table.and_then(|table| table.position.as_ref());
    let subject = Subject::in_table(world, &lookups, ask.record, "r", &now);
    let (Some(table), Some(position), Some(subject)) = (table, position, subject) else {
        return Ok(None);
    };
    let mut parts = Vec::new();
    if !ask.stages.is_empty() {
        parts.push(standing(*dialect, process, ask, &format!("r.{}", position.stage)));
        // What went on as another record is not there any more.
        parts.extend(position.left_at.iter().map(|left| format!("r.{left} IS NULL")));
    }
    for condition in &ask.met {
        parts.push(said(&subject, condition)?);
    }
    if !ask.unmet.is_empty() {
        let all: Result<Vec<String>, Unsaid> =
            ask.unmet.iter().map(|condition| said(&subject, condition)).collect();
        parts.push(format!("NOT ({})", all?.join(" AND ")));
    }
    let mut lines =
        vec!["SELECT COUNT(*) AS records".to_owned(), format!("FROM {} AS r", table.name)];
    lines.extend(lookups.joins());
    for (at, part) in parts.iter().enumerate() {
        lines.push(format!("{} {part}", if at == 0 { "WHERE" } else { "  AND" }));
    }
    Ok(Some(format!("{};", lines.join("\n"))))
}

fn standing(dialect: &dyn Dialect, process: &Process, ask: &Ask, column: &str) -> String {
    let names = ask.stages.iter().map(|id| process.stages[*id].name.as_str());
    format!("{column} IN ({})", texts(dialect, names))
}

fn said(subject: &Subject<'_>, condition: &Condition) -> Result<String, Unsaid> {
    let holds = subject.condition(&condition.holds)?;
    Ok(match &condition.applies {
        None => format!("({holds})"),
        Some(applies) => format!("(NOT ({}) OR ({holds}))", subject.condition(applies)?),
    })
}
