//! Moves that the process does not declare, and records that are not where their history says.

use crate::emit::sql::schema::View;

use super::{Numbers, same};

/// What is against the process.
pub(super) fn violations(numbers: &Numbers<'_>) -> View {
    let no_move = "CASE WHEN 1 = 0 THEN s.move END AS move";
    let moved = same("j", &["record", "record_id", "move", "from_stage"]);
    let place =
        |stage: &str, moved_at: &str| format!("{stage} AS to_stage, {moved_at} AS moved_at");
    let declared = format!(
        "SELECT 'undeclared move' AS violation, {moved}, {},
        'No declared move leads from the one stage to the other.' AS explanation
        FROM {journey} AS j
        LEFT JOIN _ways AS w ON w.from_stage = j.from_stage AND w.to_stage = j.to_stage
        WHERE j.from_stage IS NOT NULL AND w.from_stage IS NULL",
        place("j.to_stage", "j.entered_at"),
        journey = numbers.relation("journey"),
    );
    let begun = format!(
        "SELECT 'undeclared beginning' AS violation, {moved}, {},
        'No record comes into the process in this stage.' AS explanation
        FROM {journey} AS j
        LEFT JOIN _entrances AS g ON g.stage = j.to_stage
        WHERE j.from_stage IS NULL AND g.stage IS NULL",
        place("j.to_stage", "j.entered_at"),
        journey = numbers.relation("journey"),
    );
    // Where each record is by its history, and where it says itself that it is. The two are brought together by
    // grouping, as in `not_recycled`.
    let mut told = vec![format!(
        "SELECT h.record AS record, h.record_id AS record_id, h.move AS move, h.stage AS told,
        NULL AS stage, NULL AS entered_at, NULL AS is_gone
        FROM {stay} AS h
        WHERE h.left_at IS NULL",
        stay = numbers.relation("stay"),
    )];
    for table in numbers.moving() {
        let Some(position) = &table.position else { continue };
        let gone = match &position.left_at {
            Some(left_at) => format!("CASE WHEN r.{left_at} IS NULL THEN 0 ELSE 1 END"),
            None => "0".to_owned(),
        };
        told.push(format!(
            "SELECT {} AS record, r.{} AS record_id, NULL AS move, NULL AS told,
            r.{} AS stage, r.{} AS entered_at, {gone} AS is_gone
            FROM {} AS r",
            numbers.text(table.title),
            table.id,
            position.stage,
            position.entered_at,
            table.name,
        ));
    }
    let misplaced = format!(
        "SELECT CASE WHEN s.is_gone = 1 THEN 'gone without a move'
        WHEN s.told IS NULL THEN 'here without a move'
        ELSE 'elsewhere' END AS violation,
        s.record AS record, s.record_id AS record_id, {no_move}, s.told AS from_stage, {},
        CASE WHEN s.is_gone = 1 THEN 'It is marked as gone on, and its history does not say where to.'
        WHEN s.told IS NULL THEN 'It is in a stage, and its history does not say how it came there.'
        ELSE 'It is in another stage than its history says.' END AS explanation
        FROM _met AS s
        WHERE (s.is_gone = 1 AND s.told IS NOT NULL)
        OR (s.is_gone = 0 AND (s.told IS NULL OR s.told <> s.stage))",
        place("s.stage", "s.entered_at"),
    );
    let all = [declared, begun, misplaced];
    let query = format!(
        "WITH _ways AS (
        SELECT DISTINCT t.from_stage AS from_stage, t.to_stage AS to_stage
        FROM {transition} AS t
        ),
        _entrances AS (
        SELECT g.name AS stage
        FROM {stage} AS g
        WHERE g.is_entry OR g.is_start
        ),
        _told AS (
        {told}
        ),
        _met AS (
        SELECT t.record AS record, t.record_id AS record_id, MAX(t.move) AS move, MAX(t.told) AS told,
        MAX(t.stage) AS stage, MAX(t.entered_at) AS entered_at, MAX(t.is_gone) AS is_gone
        FROM _told AS t
        GROUP BY t.record, t.record_id
        )
        {all}",
        told = told.join("\nUNION ALL\n"),
        transition = numbers.relation("transition"),
        stage = numbers.relation("stage"),
        all = all.join("\nUNION ALL\n"),
    );
    numbers.view(
        "path_violation",
        "Moves that the process does not declare, and records that are not where their history says; with a clock of another day, the latter tell little",
        vec![
            ("violation", "undeclared move, undeclared beginning, gone without a move, here without a move, elsewhere"),
            ("record", "the record type"),
            ("record_id", "its id"),
            ("move", "the move, as stage_history numbers it; none where it is a record that does not fit"),
            ("from_stage", "the stage it left, or in which its history has it"),
            ("to_stage", "the stage it entered, or in which it is"),
            ("moved_at", "since when, in UTC"),
            ("explanation", "what is wrong"),
        ],
        &query,
    )
}
