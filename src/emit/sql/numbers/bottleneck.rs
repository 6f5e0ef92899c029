//! Where records are held back: three plain questions to every open stage, answered in the same
//! unit, so that the answers can be ranked.

use crate::emit::sql::dialect::Period;
use crate::emit::sql::schema::View;

use super::{Numbers, at_rank};

/// How many exits a share must rest on before it is compared.
const LEAST: u32 = 5;

/// Stages in the order of what they hold back.
pub(super) fn bottleneck(numbers: &Numbers<'_>) -> View {
    let dialect = numbers.dialect();
    let number = |value: &str| dialect.number(value);
    let a_week = |held: &str| dialect.round(&format!("{} / 4", number(held)), 2);
    let left_on = numbers.date("s.left_at");
    let median = at_rank(50, "r.nth", "r.visits", "r.taken");
    let advance =
        |when: &str| format!("SUM(CASE WHEN {when} AND e.left_kind = 'advance' THEN 1 ELSE 0 END)");
    let all = |when: &str| format!("SUM(CASE WHEN {when} THEN 1 ELSE 0 END)");
    let expected = format!("{} * x.lately / NULLIF(x.earlier, 0)", number("x.earlier_on"));
    let query = format!(
        "WITH _today AS (
        SELECT {this_week} AS this_week
        FROM {clock} AS c
        ),
        _window AS (
        SELECT t.this_week AS until_day, {since} AS since_day
        FROM _today AS t
        ),
        _stages AS (
        SELECT g.name AS stage, g.ordinal AS ordinal, g.owner_team AS owner_team
        FROM {stage} AS g
        WHERE g.outcome IS NULL AND NOT g.is_final
        ),
        _piles AS (
        SELECT f.stage AS stage, SUM(f.entered) AS entered, SUM(f.exited) AS exited, SUM(f.net) AS held
        FROM {flow} AS f
        CROSS JOIN _window AS w
        WHERE f.week >= w.since_day AND f.week < w.until_day
        GROUP BY f.stage
        ),
        _visits AS (
        SELECT s.stage AS stage, s.move AS move, s.record AS record, s.record_id AS record_id,
        s.left_at AS left_at, s.left_kind AS left_kind, {left_on} AS left_on,
        CASE WHEN s.target_seconds IS NOT NULL THEN s.target_seconds ELSE s.limit_seconds END AS allowed,
        CASE WHEN s.target_seconds IS NOT NULL AND s.target_is_working = 1 THEN s.working_seconds
        WHEN s.target_seconds IS NULL AND s.limit_is_working = 1 THEN s.working_seconds
        ELSE s.seconds END AS taken
        FROM {stay} AS s
        ),
        _lately AS (
        SELECT v.stage AS stage, v.move AS move, v.record AS record, v.record_id AS record_id,
        v.allowed AS allowed, v.taken AS taken
        FROM _visits AS v
        CROSS JOIN _window AS w
        WHERE v.left_at IS NULL OR v.left_on >= w.since_day
        ),
        _ranked AS (
        SELECT v.stage AS stage, v.allowed AS allowed, v.taken AS taken,
        ROW_NUMBER() OVER (PARTITION BY v.stage ORDER BY v.taken, v.move) AS nth,
        COUNT(*) OVER (PARTITION BY v.stage) AS visits
        FROM _lately AS v
        WHERE v.allowed IS NOT NULL
        ),
        _slow AS (
        SELECT r.stage AS stage, {median} AS middle, MAX(r.allowed) AS allowed,
        SUM(CASE WHEN r.taken > r.allowed THEN 1 ELSE 0 END) AS held
        FROM _ranked AS r
        GROUP BY r.stage
        ),
        _exits AS (
        SELECT v.stage AS stage, v.left_kind AS left_kind,
        CASE WHEN v.left_on < w.since_day THEN 1 ELSE 0 END AS is_earlier
        FROM _visits AS v
        CROSS JOIN _window AS w
        WHERE v.left_at IS NOT NULL AND v.left_on < w.until_day
        ),
        _compared AS (
        SELECT e.stage AS stage, {earlier} AS earlier, {earlier_on} AS earlier_on, {lately} AS lately, {lately_on} AS lately_on
        FROM _exits AS e
        GROUP BY e.stage
        ),
        _leaks AS (
        SELECT x.stage AS stage, {share_earlier} AS share_earlier, {share_lately} AS share_lately,
        {expected} - x.lately_on AS held
        FROM _compared AS x
        WHERE x.earlier >= {LEAST} AND x.lately >= {LEAST}
        ),
        _worth AS (
        SELECT v.stage AS stage, AVG(a.amount) AS amount
        FROM _lately AS v
        JOIN {value} AS a ON a.record = v.record AND a.record_id = v.record_id
        GROUP BY v.stage
        ),
        _found AS (
        SELECT p.stage AS stage, 'piles up' AS reason, {piles_held} AS held_per_week,
        {piles_measured} AS measured, {piles_compared} AS compared_with, 'records' AS unit,
        'In the last four complete weeks more records came into this stage than left it.' AS explanation
        FROM _piles AS p
        WHERE p.held > 0
        UNION ALL
        SELECT p.stage AS stage, 'slow' AS reason, {slow_held} AS held_per_week,
        {slow_measured} AS measured, {slow_compared} AS compared_with, 'hours' AS unit,
        'Half of the records that are here or left in the last four weeks take longer than the process allows.' AS explanation
        FROM _slow AS p
        WHERE p.middle > p.allowed
        UNION ALL
        SELECT p.stage AS stage, 'leaks' AS reason, {leaks_held} AS held_per_week,
        {leaks_measured} AS measured, {leaks_compared} AS compared_with, 'percent' AS unit,
        'In the last four complete weeks a smaller share of those that left went forward than in all the weeks before.' AS explanation
        FROM _leaks AS p
        WHERE p.held > 0
        )
        SELECT ROW_NUMBER() OVER (ORDER BY f.held_per_week DESC, g.ordinal, f.reason) AS place,
        f.stage AS stage, g.owner_team AS owner_team, f.reason AS reason, f.held_per_week AS held_per_week,
        {value_held} AS value_per_week,
        f.measured AS measured, f.compared_with AS compared_with, f.unit AS unit, f.explanation AS explanation
        FROM _found AS f
        JOIN _stages AS g ON g.stage = f.stage
        LEFT JOIN _worth AS v ON v.stage = f.stage",
        this_week = numbers.period("c.now", Period::Week),
        clock = numbers.relation("clock"),
        since = dialect.add_days("t.this_week", "-28"),
        stage = numbers.relation("stage"),
        flow = numbers.relation("flow"),
        stay = numbers.relation("stay"),
        earlier = all("e.is_earlier = 1"),
        earlier_on = advance("e.is_earlier = 1"),
        lately = all("e.is_earlier = 0"),
        lately_on = advance("e.is_earlier = 0"),
        share_earlier = numbers.percent("x.earlier_on", "x.earlier"),
        share_lately = numbers.percent("x.lately_on", "x.lately"),
        value = numbers.relation("record_value"),
        piles_held = a_week("p.held"),
        piles_measured = number("p.entered"),
        piles_compared = number("p.exited"),
        slow_held = a_week("p.held"),
        slow_measured = number(&numbers.hours("p.middle")),
        slow_compared = number(&numbers.hours("p.allowed")),
        leaks_held = a_week("p.held"),
        leaks_measured = number("p.share_lately"),
        leaks_compared = number("p.share_earlier"),
        value_held = dialect.round("f.held_per_week * v.amount", 2),
    );
    numbers.view(
        "bottleneck",
        "The open stages that hold records back, and why, those first that hold back most. A stage may stand here for several reasons",
        vec![
            ("place", "1 is where to begin"),
            ("stage", "the stage"),
            ("owner_team", "whose it is"),
            ("reason", "piles up, slow or leaks"),
            ("held_per_week", "records a week that are held back, over the last four weeks: those by which the pile grew; those that take longer than allowed; or those that would have gone forward at the earlier share"),
            ("value_per_week", "held_per_week times what the records in the stage are worth on average; none where that is not known"),
            ("measured", "what was measured: records that came in; the median stay in hours; the share in percent that went forward"),
            ("compared_with", "what that is compared with: records that left; the target of the stage, else its limit, in hours; the share of all earlier weeks"),
            ("unit", "records, hours or percent: of both"),
            ("explanation", "the reason as a sentence"),
        ],
        &query,
    )
}
