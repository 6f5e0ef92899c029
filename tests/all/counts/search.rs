//! What a search in HubSpot lets through, by its published meaning: one group must hold, of a group
//! all filters; texts without regard to capitals; days and points in time are milliseconds.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Held, Row};

/// Whether the search counts the record. `blank`: whether a denied test of a blank property holds.
pub(super) fn lets_through(body: &str, row: &Row, blank: bool) -> bool {
    let body: Value = serde_json::from_str(body).unwrap();
    let groups = body["filterGroups"].as_array().unwrap();
    let filters = |group: &Value| group["filters"].as_array().unwrap().clone();
    assert!(!groups.is_empty() && groups.len() <= 5, "{body:#}");
    assert!(groups.iter().all(|group| (1..=6).contains(&filters(group).len())), "{body:#}");
    assert!(groups.iter().map(|group| filters(group).len()).sum::<usize>() <= 18, "{body:#}");
    groups.iter().any(|group| filters(group).iter().all(|filter| holds(filter, row, blank)))
}

fn milliseconds(at: DateTime) -> Decimal {
    at.to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond().into()
}

fn holds(filter: &Value, row: &Row, blank: bool) -> bool {
    let value = row.get(filter["propertyName"].as_str().unwrap());
    let operator = filter["operator"].as_str().unwrap();
    match operator {
        "HAS_PROPERTY" => return value.is_some(),
        "NOT_HAS_PROPERTY" => return value.is_none(),
        _ => {}
    }
    let Some(value) = value else { return matches!(operator, "NEQ" | "NOT_IN") && blank };
    let list = filter["values"].as_array().into_iter().flatten().chain(filter.get("value"));
    let than: Vec<String> = list.map(|than| than.as_str().unwrap().to_lowercase()).collect();
    let has = |held: &str| than.contains(&held.to_lowercase());
    match (operator, value) {
        ("IN" | "EQ", Held::Text(held)) => has(held),
        ("NOT_IN" | "NEQ", Held::Text(held)) => !has(held),
        ("IN", Held::Options(held)) => held.iter().any(|held| has(held)),
        ("EQ", Held::Ticked(held)) => has(&held.to_string()),
        (operator, held) => {
            let held = match held {
                Held::Number(held) => *held,
                Held::Day(day) => milliseconds(day.to_datetime(Time::midnight())),
                Held::Moment(at) => milliseconds(*at),
                held => panic!("{operator} of {held:?}"),
            };
            let than: Decimal = than[0].parse().unwrap();
            match operator {
                "EQ" => held == than,
                "NEQ" => held != than,
                "LT" => held < than,
                "LTE" => held <= than,
                "GT" => held > than,
                "GTE" => held >= than,
                _ => panic!("{operator}"),
            }
        }
    }
}
