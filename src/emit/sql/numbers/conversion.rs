//! How many go on: from each stage by each declared move, and along whole journeys.

use crate::emit::sql::dialect::Period;
use crate::emit::sql::schema::View;

use super::Numbers;

/// For every pair of stages that a declared move joins, and every month of entry: who went that way.
pub(super) fn conversion(numbers: &Numbers<'_>) -> View {
    let query = format!(
        "WITH _visits AS (
        SELECT s.stage AS stage, {month} AS cohort_month, s.to_stage AS to_stage,
        CASE WHEN s.left_at IS NULL THEN 1 ELSE 0 END AS is_open
        FROM {stay} AS s
        ),
        _cohorts AS (
        SELECT v.stage AS stage, v.cohort_month AS cohort_month, COUNT(*) AS entered, SUM(v.is_open) AS still_open
        FROM _visits AS v
        GROUP BY v.stage, v.cohort_month
        ),
        _gone AS (
        SELECT v.stage AS stage, v.cohort_month AS cohort_month, v.to_stage AS to_stage, COUNT(*) AS reached
        FROM _visits AS v
        WHERE v.to_stage IS NOT NULL
        GROUP BY v.stage, v.cohort_month, v.to_stage
        ),
        _ways AS (
        SELECT t.from_stage AS stage, t.to_stage AS to_stage,
        CASE WHEN MIN(t.kind) = MAX(t.kind) THEN MIN(t.kind) END AS kind
        FROM {transition} AS t
        GROUP BY t.from_stage, t.to_stage
        )
        SELECT w.stage AS stage, w.to_stage AS to_stage, w.kind AS kind, n.cohort_month AS cohort_month,
        n.entered AS entered, COALESCE(g.reached, 0) AS reached, n.still_open AS still_open,
        {of_all} AS percent,
        {of_gone} AS percent_of_exits
        FROM _ways AS w
        JOIN _cohorts AS n ON n.stage = w.stage
        LEFT JOIN _gone AS g ON g.stage = w.stage AND g.to_stage = w.to_stage AND g.cohort_month = n.cohort_month",
        month = numbers.period("s.entered_at", Period::Month),
        stay = numbers.relation("stay"),
        transition = numbers.relation("transition"),
        of_all = numbers.percent("COALESCE(g.reached, 0)", "n.entered"),
        of_gone = numbers.percent("COALESCE(g.reached, 0)", "(n.entered - n.still_open)"),
    );
    numbers.view(
        "conversion",
        "Of the visits that began in a month, how many went each declared way; a visit counts in the month in which it began, whenever it ended",
        vec![
            ("stage", "the stage"),
            ("to_stage", "where a declared move leads"),
            ("kind", "advance, recycle or lose; none where moves of two kinds lead there"),
            ("cohort_month", "the first day of the month in which the visits began"),
            ("entered", "visits that began in the month"),
            ("reached", "those that went to to_stage next"),
            ("still_open", "those that have not ended: the percentage can still change"),
            ("percent", "reached, of all that entered"),
            ("percent_of_exits", "reached, of those that have ended"),
        ],
        &query,
    )
}

/// For every month in which journeys began, and every stage: who ever came so far.
pub(super) fn funnel(numbers: &Numbers<'_>) -> View {
    let query = format!(
        "WITH _journeys AS (
        SELECT j.root_record AS root_record, j.root_id AS root_id, {month} AS cohort_month
        FROM {journey} AS j
        WHERE j.step = 1
        ),
        _sizes AS (
        SELECT b.root_record AS root_record, b.cohort_month AS cohort_month, COUNT(*) AS journeys
        FROM _journeys AS b
        GROUP BY b.root_record, b.cohort_month
        ),
        _been AS (
        SELECT s.root_record AS root_record, s.root_id AS root_id, s.stage AS stage,
        MAX(CASE WHEN s.left_at IS NULL THEN 1 ELSE 0 END) AS is_there
        FROM {stay} AS s
        GROUP BY s.root_id, s.root_record, s.stage
        ),
        _reached AS (
        SELECT b.root_record AS root_record, b.cohort_month AS cohort_month, e.stage AS stage,
        COUNT(*) AS reached, SUM(e.is_there) AS there_now
        FROM _journeys AS b
        JOIN _been AS e ON e.root_id = b.root_id AND e.root_record = b.root_record
        GROUP BY b.root_record, b.cohort_month, e.stage
        )
        SELECT z.root_record AS root_record, z.cohort_month AS cohort_month, g.ordinal AS ordinal, g.name AS stage,
        g.outcome AS outcome, z.journeys AS journeys, COALESCE(r.reached, 0) AS reached,
        COALESCE(r.there_now, 0) AS there_now,
        {percent} AS percent
        FROM _sizes AS z
        CROSS JOIN {stage} AS g
        LEFT JOIN _reached AS r ON r.root_record = z.root_record AND r.cohort_month = z.cohort_month AND r.stage = g.name",
        month = numbers.period("j.entered_at", Period::Month),
        journey = numbers.relation("journey"),
        stay = numbers.relation("stay"),
        stage = numbers.relation("stage"),
        percent = numbers.percent("COALESCE(r.reached, 0)", "z.journeys"),
    );
    numbers.view(
        "funnel",
        "Of the journeys that began in a month, how many ever came to each stage; a journey that came back counts once",
        vec![
            ("root_record", "the record type the journeys began as"),
            ("cohort_month", "the first day of the month in which they began"),
            ("ordinal", "the place of the stage in the process"),
            ("stage", "the stage"),
            ("outcome", "won, lost or void; none while the stage is open"),
            ("journeys", "journeys that began in the month"),
            ("reached", "those that have been in the stage"),
            ("there_now", "those that are in it now"),
            ("percent", "reached, of all that began"),
        ],
        &query,
    )
}
