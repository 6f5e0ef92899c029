//! What came back into the loop, what became of it, and what lies where nobody fetches it.

use crate::emit::sql::dialect::Period;
use crate::emit::sql::schema::View;

use super::{Numbers, at_rank};

/// Moves back into the loop, by month.
pub(super) fn recycling(numbers: &Numbers<'_>) -> View {
    let dialect = numbers.dialect();
    let later = |when: &str| {
        format!(
            "MIN(CASE WHEN {when} THEN j.entered_at END) OVER (PARTITION BY j.root_id, j.root_record ORDER BY j.step DESC)"
        )
    };
    let has = |column: &str| format!("CASE WHEN m.{column} IS NULL THEN 0 ELSE 1 END");
    let days = dialect.number(&at_rank(
        50,
        "r.nth",
        "r.number",
        "CASE WHEN r.is_back = 1 THEN r.seconds END",
    ));
    let query = format!(
        "WITH _moves AS (
        SELECT j.move AS move, j.kind AS kind, j.from_stage AS from_stage, j.to_stage AS to_stage, j.entered_at AS entered_at,
        {back} AS back_at,
        {won} AS won_at
        FROM {journey} AS j
        LEFT JOIN {stage} AS g ON g.name = j.to_stage
        ),
        _recycled AS (
        SELECT {month} AS month, m.move AS move, m.from_stage AS from_stage, m.to_stage AS to_stage,
        {is_back} AS is_back, {is_won} AS is_won,
        {seconds} AS seconds
        FROM _moves AS m
        WHERE m.kind = 'recycle'
        ),
        _ranked AS (
        SELECT q.month AS month, q.from_stage AS from_stage, q.to_stage AS to_stage, q.is_back AS is_back,
        q.is_won AS is_won, q.seconds AS seconds,
        ROW_NUMBER() OVER (PARTITION BY q.month, q.from_stage, q.to_stage, q.is_back ORDER BY q.seconds, q.move) AS nth,
        COUNT(*) OVER (PARTITION BY q.month, q.from_stage, q.to_stage, q.is_back) AS number
        FROM _recycled AS q
        )
        SELECT r.month AS month, r.from_stage AS from_stage, r.to_stage AS to_stage, COUNT(*) AS recycled,
        SUM(r.is_back) AS advanced_again, SUM(r.is_won) AS won_later,
        {percent_back} AS percent_advanced_again,
        {percent_won} AS percent_won_later,
        {days} AS median_days_until_back
        FROM _ranked AS r
        GROUP BY r.month, r.from_stage, r.to_stage",
        back = later("j.kind = 'advance'"),
        won = later("g.outcome = 'won'"),
        journey = numbers.relation("journey"),
        stage = numbers.relation("stage"),
        month = numbers.period("m.entered_at", Period::Month),
        is_back = has("back_at"),
        is_won = has("won_at"),
        seconds = dialect.seconds_between("m.entered_at", "m.back_at"),
        percent_back = numbers.percent("SUM(r.is_back)", "COUNT(*)"),
        percent_won = numbers.percent("SUM(r.is_won)", "COUNT(*)"),
        days = dialect.round(&format!("{days} / 86400"), 1),
    );
    numbers.view(
        "recycling",
        "What was sent back into the loop in a month, and what became of it: a lead that was paid for once can be won on the second round",
        vec![
            ("month", "the first day of the month in which they were sent back"),
            ("from_stage", "from where"),
            ("to_stage", "to where"),
            ("recycled", "how often"),
            ("advanced_again", "how often an advance followed, at any time since"),
            ("won_later", "how often the journey was won, at any time since"),
            ("percent_advanced_again", "advanced_again, of all sent back"),
            ("percent_won_later", "won_later, of all sent back"),
            ("median_days_until_back", "half of those that advanced again did so within so many days"),
        ],
        &query,
    )
}

/// What lies in stages out of which records should be fetched.
///
/// A record and what it is worth are brought together by grouping, not by a join: a database cannot estimate how
/// many visits go on, takes them for a few, and then compares each of them with every record.
pub(super) fn not_recycled(numbers: &Numbers<'_>) -> View {
    let dialect = numbers.dialect();
    let query = format!(
        "WITH _ways AS (
        SELECT t.from_stage AS stage, COUNT(*) AS ways_on
        FROM {transition} AS t
        GROUP BY t.from_stage
        ),
        _worth AS (
        SELECT v.record AS record, v.record_id AS record_id,
        COALESCE(v.amount, FIRST_VALUE(v.amount) OVER (PARTITION BY v.root_id, v.root_record \
        ORDER BY CASE WHEN v.amount IS NULL THEN 1 ELSE 0 END, v.depth DESC, v.record_id DESC)) AS amount
        FROM {value} AS v
        ),
        _both AS (
        SELECT s.record AS record, s.record_id AS record_id, s.stage AS stage, s.entered_at AS entered_at,
        s.is_over_limit AS is_over_limit, CASE WHEN g.outcome IS NULL THEN 'pool' ELSE g.outcome END AS reason,
        g.ordinal AS ordinal, {no_amount} AS amount
        FROM {stay} AS s
        JOIN {stage} AS g ON g.name = s.stage
        WHERE s.left_at IS NULL AND (g.outcome = 'lost' OR g.outcome = 'void' OR (g.outcome IS NULL AND s.entered_kind = 'recycle'))
        UNION ALL
        SELECT w.record AS record, w.record_id AS record_id, NULL AS stage, NULL AS entered_at,
        NULL AS is_over_limit, NULL AS reason, NULL AS ordinal, w.amount AS amount
        FROM _worth AS w
        ),
        _lying AS (
        SELECT b.record AS record, b.record_id AS record_id, MAX(b.stage) AS stage, MAX(b.entered_at) AS entered_at,
        MAX(b.is_over_limit) AS is_over_limit, MAX(b.reason) AS reason, MAX(b.ordinal) AS ordinal, MAX(b.amount) AS amount
        FROM _both AS b
        GROUP BY b.record, b.record_id
        )
        SELECT y.ordinal AS ordinal, y.stage AS stage, y.reason AS reason, COALESCE(w.ways_on, 0) AS ways_on, COUNT(*) AS records,
        SUM(y.is_over_limit) AS over_limit, MIN(y.entered_at) AS oldest_entered_at,
        COUNT(y.amount) AS with_amount,
        {amount} AS amount
        FROM _lying AS y
        LEFT JOIN _ways AS w ON w.stage = y.stage
        WHERE y.stage IS NOT NULL
        GROUP BY y.ordinal, y.stage, y.reason, COALESCE(w.ways_on, 0)",
        transition = numbers.relation("transition"),
        stay = numbers.relation("stay"),
        stage = numbers.relation("stage"),
        value = numbers.relation("record_value"),
        amount = dialect.round("SUM(y.amount)", 2),
        no_amount = numbers.no_number(),
    );
    numbers.view(
        "not_recycled",
        "What lies in lost and void stages, and where it was recycled to, with no way taken onwards: what not recycling costs",
        vec![
            ("ordinal", "the place of the stage in the process"),
            ("stage", "the stage"),
            ("reason", "lost, void, or pool: recycled, and not moved since"),
            ("ways_on", "how many declared moves lead out of it; zero where the process gives them up for good"),
            ("records", "how many lie there now"),
            ("over_limit", "how many have lain longer than they may; none without a limit"),
            ("oldest_entered_at", "since when the oldest lies there, in UTC"),
            ("with_amount", "of how many it is known what they were worth"),
            ("amount", "what these were worth: their own amount, else the last one known on their journey"),
        ],
        &query,
    )
}
