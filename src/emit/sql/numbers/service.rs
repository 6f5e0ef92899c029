//! What was promised, and what was kept: limits of stages and clocks of handoffs.

use crate::emit::sql::dialect::Period;
use crate::emit::sql::schema::View;

use super::{Numbers, same};

/// Every promise.
pub(super) fn level(numbers: &Numbers<'_>) -> View {
    let who = ["move", "root_record", "root_id", "record", "record_id"];
    let query = format!(
        "SELECT 'limit' AS promise, {stays}, s.stage AS stage, NULLIF('', '') AS transition,
        g.owner_team AS team, g.owner_role AS role, s.entered_at AS began_at, s.left_at AS ended_at,
        s.limit_seconds AS promised_seconds,
        CASE WHEN s.limit_is_working = 1 THEN s.working_seconds ELSE s.seconds END AS taken_seconds,
        s.limit_is_working AS is_working_time,
        CASE WHEN s.left_at IS NULL THEN 1 ELSE 0 END AS is_open,
        s.is_over_limit AS is_breached
        FROM {stay} AS s
        JOIN {stage} AS g ON g.name = s.stage
        WHERE s.limit_seconds IS NOT NULL
        UNION ALL
        SELECT 'handoff' AS promise, {handoffs}, h.to_stage AS stage, h.transition AS transition,
        h.to_team AS team, h.to_role AS role, h.handed_at AS began_at, h.answered_at AS ended_at,
        h.promised_seconds AS promised_seconds,
        CASE WHEN h.is_working_time = 1 THEN h.working_seconds ELSE h.seconds END AS taken_seconds,
        h.is_working_time AS is_working_time,
        CASE WHEN h.answer = 'open' THEN 1 ELSE 0 END AS is_open,
        h.is_late AS is_breached
        FROM {handoff} AS h
        WHERE h.promised_seconds IS NOT NULL",
        stays = same("s", &who),
        stay = numbers.relation("stay"),
        stage = numbers.relation("stage"),
        handoffs = same("h", &who),
        handoff = numbers.relation("handoff"),
    );
    numbers.view(
        "service_level",
        "Every promise of the process, and whether it was kept: the limit of a stage, and the time in which a team answers a handoff. What is open and due counts as broken",
        vec![
            ("promise", "limit or handoff"),
            ("move", "the move by which the time began, as stage_history numbers it"),
            ("root_record", "the record type the journey began as"),
            ("root_id", "the id of the record the journey began as"),
            ("record", "the record type"),
            ("record_id", "its id"),
            ("stage", "the stage in which the time runs"),
            ("transition", "the handoff; none for a limit"),
            ("team", "who promised"),
            ("role", "the role that promised; none where the team as a whole did"),
            ("began_at", "since when the time runs, in UTC"),
            ("ended_at", "when it ended, in UTC; none while it runs"),
            ("promised_seconds", "in what time"),
            ("taken_seconds", "how long it took, or has taken until now, in the same kind of time"),
            ("is_working_time", "1 where both are working time, else 0"),
            ("is_open", "1 while the time runs, else 0"),
            ("is_breached", "1 where it took longer than promised, else 0"),
        ],
        &query,
    )
}

/// Promises by month.
pub(super) fn summary(numbers: &Numbers<'_>) -> View {
    let query = format!(
        "WITH _promises AS (
        SELECT {month} AS month, s.promise AS promise, s.team AS team, s.stage AS stage,
        s.is_open AS is_open, s.is_breached AS is_breached
        FROM {level} AS s
        )
        SELECT p.month AS month, p.promise AS promise, p.team AS team, p.stage AS stage, COUNT(*) AS promised,
        SUM(p.is_breached) AS breached, SUM(p.is_open) AS still_open,
        {percent} AS percent_kept
        FROM _promises AS p
        GROUP BY p.month, p.promise, p.team, p.stage",
        month = numbers.period("s.began_at", Period::Month),
        level = numbers.relation("service_level"),
        percent = numbers.percent("(COUNT(*) - SUM(p.is_breached))", "COUNT(*)"),
    );
    numbers.view(
        "service_level_summary",
        "Promises by the month in which their time began",
        vec![
            ("month", "the first day of the month in which the time began"),
            ("promise", "limit or handoff"),
            ("team", "who promised"),
            ("stage", "the stage in which the time runs"),
            ("promised", "how many"),
            ("breached", "how many were broken, those included that are open and due"),
            ("still_open", "how many still run"),
            ("percent_kept", "not broken so far, of all"),
        ],
        &query,
    )
}
