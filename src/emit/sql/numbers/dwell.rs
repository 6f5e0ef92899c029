//! How long records stay in a stage.

use crate::emit::sql::dialect::Period;
use crate::emit::sql::schema::View;

use super::{Numbers, at_rank};

/// The usual and the long stay of every stage and month.
pub(super) fn dwell(numbers: &Numbers<'_>) -> View {
    let time = |percent, rank: &str, value: &str| {
        numbers.hours(&at_rank(percent, rank, "r.visits", value))
    };
    let query = format!(
        "WITH _ended AS (
        SELECT s.stage AS stage, {month} AS month, s.move AS move, s.seconds AS seconds,
        s.working_seconds AS working_seconds, s.limit_seconds AS limit_seconds,
        s.limit_is_working AS limit_is_working, s.is_over_limit AS is_over_limit
        FROM {stay} AS s
        WHERE s.left_at IS NOT NULL
        ),
        _ranked AS (
        SELECT e.stage AS stage, e.month AS month, e.seconds AS seconds, e.working_seconds AS working_seconds,
        e.limit_seconds AS limit_seconds, e.limit_is_working AS limit_is_working, e.is_over_limit AS is_over_limit,
        ROW_NUMBER() OVER (PARTITION BY e.month, e.stage ORDER BY e.seconds, e.move) AS by_time,
        ROW_NUMBER() OVER (PARTITION BY e.month, e.stage ORDER BY e.working_seconds, e.move) AS by_work,
        COUNT(*) OVER (PARTITION BY e.month, e.stage) AS visits
        FROM _ended AS e
        )
        SELECT r.stage AS stage, r.month AS month, COUNT(*) AS visits,
        {median} AS median_hours,
        {p90} AS p90_hours,
        {median_work} AS median_working_hours,
        {p90_work} AS p90_working_hours,
        {limit} AS limit_hours,
        MAX(r.limit_is_working) AS limit_is_working,
        SUM(r.is_over_limit) AS over_limit,
        {over} AS percent_over_limit
        FROM _ranked AS r
        GROUP BY r.stage, r.month",
        month = numbers.period("s.left_at", Period::Month),
        stay = numbers.relation("stay"),
        median = time(50, "r.by_time", "r.seconds"),
        p90 = time(90, "r.by_time", "r.seconds"),
        median_work = time(50, "r.by_work", "r.working_seconds"),
        p90_work = time(90, "r.by_work", "r.working_seconds"),
        limit = numbers.hours("MAX(r.limit_seconds)"),
        over = numbers.percent("SUM(r.is_over_limit)", "COUNT(r.is_over_limit)"),
    );
    numbers.view(
        "dwell",
        "How long records stayed in every stage, by the month in which they left it; what is still there is not told here but in stay",
        vec![
            ("stage", "the stage"),
            ("month", "the first day of the month in which the visits ended"),
            ("visits", "visits that ended in the month"),
            ("median_hours", "half of them took at most so long, by the clock on the wall"),
            ("p90_hours", "nine of ten took at most so long"),
            ("median_working_hours", "half of them took at most so much working time"),
            ("p90_working_hours", "nine of ten took at most so much working time"),
            ("limit_hours", "how long a record may stay; of working time where limit_is_working is 1"),
            ("limit_is_working", "1 where the limit counts working time only, else 0"),
            ("over_limit", "visits that took longer than they may; none without a limit"),
            ("percent_over_limit", "over_limit, of all visits"),
        ],
        &query,
    )
}
