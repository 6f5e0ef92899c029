//! What flows through a stage, and what gathers in it.

use crate::emit::sql::dialect::Period;
use crate::emit::sql::schema::View;

use super::Numbers;

/// Entries, exits and balance of every stage in every week.
pub(super) fn flow(numbers: &Numbers<'_>) -> View {
    let dialect = numbers.dialect();
    let query = format!(
        "WITH _moves AS (
        SELECT s.stage AS stage, {entered} AS week, 1 AS entries, 0 AS exits
        FROM {stay} AS s
        UNION ALL
        SELECT s.stage AS stage, {left} AS week, 0 AS entries, 1 AS exits
        FROM {stay} AS s
        WHERE s.left_at IS NOT NULL
        ),
        _counted AS (
        SELECT m.stage AS stage, m.week AS week, SUM(m.entries) AS entered, SUM(m.exits) AS exited
        FROM _moves AS m
        GROUP BY m.stage, m.week
        ),
        _span AS (
        SELECT MIN(m.week) AS first_week
        FROM _moves AS m
        ),
        _today AS (
        SELECT {today} AS today
        FROM {clock} AS c
        ),
        _weeks AS (
        SELECT k.day AS week, CASE WHEN {next_week} <= t.today THEN 1 ELSE 0 END AS is_complete
        FROM {calendar} AS k
        CROSS JOIN _span AS p
        CROSS JOIN _today AS t
        WHERE k.day >= p.first_week AND k.day <= t.today AND k.day = {monday}
        ),
        _table AS (
        SELECT g.name AS stage, w.week AS week, w.is_complete AS is_complete,
        COALESCE(n.entered, 0) AS entered, COALESCE(n.exited, 0) AS exited
        FROM {stage} AS g
        CROSS JOIN _weeks AS w
        LEFT JOIN _counted AS n ON n.stage = g.name AND n.week = w.week
        )
        SELECT f.stage AS stage, f.week AS week, f.entered AS entered, f.exited AS exited,
        f.entered - f.exited AS net,
        SUM(f.entered - f.exited) OVER (PARTITION BY f.stage ORDER BY f.week) AS balance,
        f.is_complete AS is_complete
        FROM _table AS f",
        entered = numbers.period("s.entered_at", Period::Week),
        left = numbers.period("s.left_at", Period::Week),
        stay = numbers.relation("stay"),
        clock = numbers.relation("clock"),
        today = numbers.date("c.now"),
        next_week = dialect.add_days("k.day", "7"),
        calendar = numbers.relation("calendar"),
        monday = dialect.period_start("k.day", Period::Week),
        stage = numbers.relation("stage"),
    );
    numbers.view(
        "flow",
        "What flowed through every stage in every week, and what was left in it: a balance that grows week after week is a bottleneck",
        vec![
            ("stage", "the stage"),
            ("week", "its Monday, in the time zone of the process"),
            ("entered", "visits that began in the week"),
            ("exited", "visits that ended in the week, wherever the record went"),
            ("net", "entered less exited: what was added to the pile"),
            ("balance", "records in the stage at the end of the week, or now"),
            ("is_complete", "1 when the week is over, else 0"),
        ],
        &query,
    )
}
