//! Queries that count the records in flight, wherever the earlier process put its records.

use jiff::civil::Date;

use crate::diff::flight::Ask;
use crate::diff::{Count, Flight, Query};

use super::crm::context_of;
use super::{Context, hubspot, salesforce, sql};

/// The systems in which records can be counted.
pub fn counting() -> Vec<String> {
    let databases = sql::dialects().into_iter().map(|dialect| format!("sql:{dialect}"));
    databases.chain([SALESFORCE.to_owned(), HUBSPOT.to_owned()]).collect()
}

const SALESFORCE: &str = "salesforce";
const HUBSPOT: &str = "hubspot";

/// For each question the queries for systems that were made from the old process. Without a name
/// they are those that the manifest of the new process has something made for: the first database,
/// if it makes tables, and the CRMs that it names. Both contexts have the settings of target `sql`.
pub fn count(
    old: &Context<'_>,
    new: &Context<'_>,
    flights: &[Flight],
    named: Option<&str>,
    today: Date,
) -> Vec<Vec<Count>> {
    let asks: Vec<Result<&Ask, String>> =
        flights.iter().map(|flight| flight.ask.as_ref().map_err(Clone::clone)).collect();
    let wanted = |crm: &str| match named {
        Some(named) => named == crm,
        None => new.others.iter().any(|(name, _)| *name == crm),
    };
    let database = match named {
        Some(named) => named.strip_prefix("sql:").map(Some),
        None => Some(None),
    };
    let mut systems: Vec<(String, Vec<Result<Query, String>>)> = Vec::new();
    if let Some(database) = database
        && let Some((dialect, queries)) = sql::count(old, new, &asks, database)
    {
        systems.push((format!("sql:{dialect}"), queries));
    }
    if wanted(SALESFORCE) {
        let context = context_of(old, SALESFORCE);
        systems.push((SALESFORCE.to_owned(), salesforce::count(&context, &asks)));
    }
    if wanted(HUBSPOT) {
        let context = context_of(old, HUBSPOT);
        systems.push((HUBSPOT.to_owned(), hubspot::count(&context, &asks, today)));
    }
    let mut counts: Vec<Vec<Count>> = flights.iter().map(|_| Vec::new()).collect();
    for (system, queries) in systems {
        for (counts, query) in counts.iter_mut().zip(queries) {
            counts.push(Count { system: system.clone(), query });
        }
    }
    counts
}
